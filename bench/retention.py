"""Long retention: ten years of monthly partitions, four times as large as the memory that the server may use.

The rows are made by the same INSERT SELECT in Weir and in ClickHouse (chdb). Cold: the first run of a statement in a new
process, after the system was told to forget the files' pages; warm: the median of the next RUNS. Weir's memory is its block cache
and its queries' budget, an eighth of its data each; ClickHouse gets as many bytes for a query and for its caches.
"""
import os
import pathlib
import statistics
import tempfile
import time

from common import Server, child, note, table

RUNS = 5
YEARS = range(2016, 2026)
SCHEMA = "ts DateTime, device UInt32, value Float64, status UInt16, id String"
CLAUSES = "ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (device, ts)"
STATEMENTS = [
    ("one day", "SELECT count(), round(avg(value), 6), max(status) FROM readings WHERE ts >= '2019-05-07 00:00:00' AND ts < '2019-05-08 00:00:00'"),
    ("one day, per hour", "SELECT toStartOfHour(ts) AS h, count(), max(value) FROM readings WHERE toDate(ts) = '2023-11-11' GROUP BY h ORDER BY h"),
    ("one key", "SELECT count(), round(sum(value), 4), min(ts), max(ts) FROM readings WHERE device = 4711"),
    ("one key, one month", "SELECT ts, value FROM readings WHERE device = 815 AND ts >= '2018-02-01 00:00:00' AND ts < '2018-03-01 00:00:00' ORDER BY ts LIMIT 10"),
    ("one id", "SELECT ts, device, value FROM readings WHERE id = '{id}'"),
    ("full scan", "SELECT status, count(), round(avg(value), 4) FROM readings GROUP BY status ORDER BY status"),
    ("full scan, texts", "SELECT count(), max(id) FROM readings WHERE id > '8'"),
]


def insert(year, rows):
    """A year's rows, spread over all of it; what they hold follows from their numbers."""
    first = (year - YEARS[0]) * rows
    seconds = 366 * 86400 if year % 4 == 0 else 365 * 86400
    return (
        f"INSERT INTO readings SELECT toDateTime('{year}-01-01 00:00:00') + intDiv((number - {first}) * {seconds}, {rows}) AS ts, "
        f"toUInt32(cityHash64(number, 1) % 10000) AS device, (cityHash64(number, 2) % 100000) / 100 AS value, "
        f"toUInt16(200 + cityHash64(number, 3) % 7 * 50) AS status, lower(hex(cityHash64(number, 4))) AS id FROM numbers({first}, {rows})"
    )


def forget(directory):
    """The pages of a directory's files leave the system's cache, as far as the system does what it is asked."""
    os.sync()
    for path in pathlib.Path(directory).rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def timed(query, sql):
    times, answer = [], ""
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        answer = query(sql)
        times.append((time.perf_counter() - begin) * 1000)
    return times[0], statistics.median(times[1:]), answer


def weir(rows):
    with tempfile.TemporaryDirectory(prefix="weir-bench-") as directory:
        server = Server("--threads", "2", "--timezone", "UTC", directory=directory)
        server.query(f"CREATE TABLE readings ({SCHEMA}) {CLAUSES}")
        begin = time.monotonic()
        for year in YEARS:
            server.query(insert(year, rows))
        server.query("OPTIMIZE TABLE readings FINAL")
        seconds = time.monotonic() - begin
        size = int(server.query("SELECT sum(bytes) FROM system.segments WHERE table = 'readings'"))
        name = server.query(f"SELECT lower(hex(cityHash64({rows * len(YEARS) // 3}, 4)))").strip()
        server.stop()
        results, peak = [], 0.0
        for _, sql in STATEMENTS:
            forget(directory)
            server = Server("--threads", "2", "--timezone", "UTC", "--block-cache-bytes", str(size // 8), "--queries-memory-max", str(size // 8),
                            "--query-memory-max", str(size // 8), "--partial-cache-bytes", "0", directory=directory)
            results.append(timed(server.query, sql.replace("{id}", name)))
            peak = max(peak, server.rss_peak_mb())
            server.stop()
        return size, seconds, peak, results, name


def clickhouse(rows, memory, name):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def session():
        from chdb.session import Session

        return Session(directory.name)

    def load():
        chdb = session()
        chdb.query("CREATE DATABASE IF NOT EXISTS bench")
        chdb.query(f"CREATE TABLE bench.readings ({SCHEMA.replace('DateTime,', chr(39).join(['DateTime(', 'UTC', '),']))}) {CLAUSES}")
        begin = time.monotonic()
        for year in YEARS:
            chdb.query(insert(year, rows).replace("INTO readings", "INTO bench.readings").replace("00:00')", "00:00', 'UTC')") + " SETTINGS max_insert_threads = 2, max_threads = 2")
        chdb.query("OPTIMIZE TABLE bench.readings FINAL")
        size = str(chdb.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'bench'")).strip()
        return f"{size} {time.monotonic() - begin}"

    def statement(sql):
        chdb = session()
        chdb.query("USE bench")
        settings = f" SETTINGS max_threads = 2, max_memory_usage = {memory}, use_query_condition_cache = 0, use_uncompressed_cache = 0"
        cold, warm, answer = timed(lambda text: str(chdb.query(text + settings, "TSV")), sql)
        return f"{cold} {warm} {answer}"

    text, _, _ = child(load)
    size, seconds = text.split()
    results, peak = [], 0.0
    for _, sql in STATEMENTS:
        forget(directory.name)
        text, _, rss = child(lambda sql=sql: statement(sql.replace("{id}", name)))
        cold, warm, answer = text.split(" ", 2)
        results.append((float(cold), float(warm), answer))
        peak = max(peak, rss)
    directory.cleanup()
    return int(size), float(seconds), peak, results


def run(options):
    rows = options.rows // len(YEARS)
    note("retention: Weir ...")
    size, seconds, peak, own, name = weir(rows)
    note("retention: ClickHouse ...")
    size_house, seconds_house, peak_house, house = clickhouse(rows, size // 8, name)
    text = (
        f"## Ten years of partitions\n\n{rows * len(YEARS):,} rows in {12 * len(YEARS)} partitions; a query may use {size / 8e6:.0f} MB, and the block cache as many: "
        "together a quarter of Weir's data.\n\n"
    )
    text += table(
        ["", "MB", "loaded and merged, s", "peak RSS of the statements, MB"],
        [["Weir", f"{size / 1e6:.0f}", f"{seconds:.0f}", f"{peak:.0f}"], ["ClickHouse", f"{size_house / 1e6:.0f}", f"{seconds_house:.0f}", f"{peak_house:.0f}"]],
    )
    rows_out, wrong = [], []
    for (what, _), mine, other in zip(STATEMENTS, own, house):
        rows_out.append([what, f"{mine[0]:.1f}", f"{other[0]:.1f}", f"{mine[0] / other[0]:.2f}", f"{mine[1]:.1f}", f"{other[1]:.1f}", f"{mine[1] / other[1]:.2f}"])
        if mine[2].strip() != other[2].strip():
            wrong.append(f"- {what}: {mine[2].strip()[:200]}, ClickHouse {other[2].strip()[:200]}")
    text += "\n" + table(["", "Weir cold, ms", "ClickHouse cold, ms", "ratio", "Weir warm, ms", "ClickHouse warm, ms", "ratio"], rows_out)
    return text + ("\nOther answers than ClickHouse's:\n\n" + "\n".join(wrong) + "\n" if wrong else "\nAll answers are ClickHouse's.\n")
