"""What is kept, and how few of its bytes a search reads: Weir, ClickHouse (chdb) and DuckDB in one run.

bytes    the same rows, loaded by one INSERT (Weir also from a Kafka mock: then every row has its address) and merged until
         nothing is due; Weir and ClickHouse once with their defaults, ClickHouse once more as a person would tune it
lookups  one user, session, url; a substring of urls; counts that bitmaps could answer. Median of RUNS after a warm-up, two
         threads, without Weir's partial-result cache and ClickHouse's query condition cache
"""
import http.client
import json
import os
import pathlib
import statistics
import tempfile
import time

from common import ENGINE, ROOT, SCHEMA, Server, child, note, table
from ingest import Mock, check, events_file
from query import CPU_SCHEMA, DUCKDB_TYPES, files

RUNS = 7
FLIGHTS_SCHEMA = "ts DateTime, origin String, destination String, delay Int32, distance UInt32"
FLIGHTS_TYPES = {"Int32": "INTEGER"}
PAGES_SCHEMA = "ts DateTime64(3), url String, session String"
# made from the events by each database itself: a url and a session per row that occur once
PAGES_SELECT = (
    "SELECT ts, concat('https://', host, path, '?user=', toString(user_id), '&session=', trace_id) AS url, "
    "concat('s-', substring(trace_id, 1, 12)) AS session FROM events"
)
# name, schema, engine, as a person would tune it for ClickHouse
TABLES = [
    (
        "events", SCHEMA, ENGINE,
        "ts DateTime64(3) CODEC(Delta, ZSTD), service LowCardinality(String), host LowCardinality(String), region LowCardinality(String), "
        "level LowCardinality(String), method LowCardinality(String), path LowCardinality(String), status UInt16 CODEC(T64, ZSTD), "
        "duration_ms Float64 CODEC(Gorilla, ZSTD), bytes UInt32 CODEC(T64, ZSTD), user_id UInt32 CODEC(T64, ZSTD), trace_id String CODEC(ZSTD(3))",
    ),
    (
        "cpu", CPU_SCHEMA, "ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY (hostname, ts)",
        "ts DateTime CODEC(DoubleDelta, ZSTD), hostname LowCardinality(String), region LowCardinality(String), team LowCardinality(String), "
        + ", ".join(f"{column.split()[0]} Float64 CODEC(Gorilla, ZSTD)" for column in CPU_SCHEMA.split(", ") if column.endswith("Float64")),
    ),
    (
        "flights", FLIGHTS_SCHEMA, "ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (origin, ts)",
        "ts DateTime CODEC(Delta, ZSTD), origin LowCardinality(String), destination LowCardinality(String), delay Int32 CODEC(T64, ZSTD), "
        "distance UInt32 CODEC(ZSTD)",
    ),
]


def form(name):
    return "CSV" if name == "cpu" else "JSONEachRow"


def flights_file(path):
    """The flights as plain NDJSON, for those that do not read zstd."""
    path = pathlib.Path(path)
    plain = pathlib.Path(tempfile.gettempdir()) / f"weir-bench-{path.stem}"
    if not plain.exists():
        import duckdb

        columns = "{ts: 'VARCHAR', origin: 'VARCHAR', destination: 'VARCHAR', delay: 'INTEGER', distance: 'INTEGER'}"
        duckdb.connect().execute(
            f"COPY (SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {columns})) TO '{plain}.part' (FORMAT json)")
        os.rename(f"{plain}.part", plain)
    return str(plain)


# Name, statement (of all three), what bar it belongs to. The needles are values of a row that exists.
LOOKUPS = [
    ("one session", "SELECT count(), min(ts) FROM pages WHERE session = '{session}'", "lookup"),
    ("one url", "SELECT count(), min(ts) FROM pages WHERE url = '{url}'", "lookup"),
    ("one trace", "SELECT count(), min(ts) FROM events WHERE trace_id = '{trace}'", "lookup"),
    ("one user", "SELECT count(), sum(bytes) FROM events WHERE user_id = {user}", "lookup"),
    ("no such session", "SELECT count() FROM pages WHERE session = 's-0123456789ab-none'", "lookup"),
    ("no such user", "SELECT count() FROM events WHERE user_id = 4000000000", "lookup"),
    ("part of a url", "SELECT count() FROM pages WHERE url LIKE '%user={user}&%'", "search"),
    ("part of a url, rare", "SELECT count() FROM pages WHERE url LIKE '%session={trace}%'", "search"),
    ("part of a path", "SELECT count() FROM events WHERE path LIKE '%invoices/00000%'", "search"),
    ("count of a service", "SELECT count() FROM events WHERE service = 'backend-service-07'", "bitmap"),
    ("count of errors", "SELECT count() FROM events WHERE level = 'error'", "bitmap"),
    ("count of two columns", "SELECT count() FROM events WHERE level = 'error' AND method IN ('POST', 'PUT')", "bitmap"),
    ("count of one or the other", "SELECT count() FROM events WHERE region = 'eu-west-1' OR status = 500", "bitmap"),
    ("count of what is not", "SELECT count() FROM events WHERE NOT level = 'info' AND NOT region = 'us-east-1'", "bitmap"),
]


def needles(path):
    """Values of a row in the middle of the file."""
    with open(path, "rb") as file:
        file.seek(os.path.getsize(path) // 2)
        file.readline()
        row = json.loads(file.readline())
    return {
        "{session}": "s-" + row["trace_id"][:12],
        "{url}": f"https://{row['host']}{row['path']}?user={row['user_id']}&session={row['trace_id']}",
        "{trace}": row["trace_id"],
        "{user}": str(row["user_id"]),
    }


def median(run):
    answer = run()
    times = []
    while len(times) < RUNS:
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    return [statistics.median(times), answer]


def searches(run, filled):
    return [median(lambda sql=sql: run(sql)) for sql in filled]


# Each returns {table: [rows, seconds and CPU seconds of the load, CPU seconds of merging, bytes, bytes before merging]}, {column: bytes} of the
# events, and what the searches took.

def weir(paths, counts, filled):
    sizes = {}
    server = Server("--threads", "2")
    try:
        for name, schema, engine, _ in TABLES:
            server.query(f"CREATE TABLE {name} ({schema}) {engine}")
            cpu, begin = server.cpu_seconds(), time.monotonic()
            with open(paths[name], "rb") as file:
                server.query(f"INSERT INTO {name} FORMAT {form(name)}", file)
            sizes[name] = weir_merged(server, name, counts[name], time.monotonic() - begin, server.cpu_seconds() - cpu)
        columns = json.loads(server.query("SELECT groupArray((name, data_compressed_bytes)) AS c FROM system.columns WHERE database = 'default' AND table = 'events' FORMAT JSONEachRow"))["c"]
        server.query(f"CREATE TABLE pages ({PAGES_SCHEMA}) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY ts")
        begin, cpu = time.monotonic(), server.cpu_seconds()
        server.query(f"INSERT INTO pages {PAGES_SELECT}")
        sizes["pages"] = weir_merged(server, "pages", counts["events"], time.monotonic() - begin, server.cpu_seconds() - cpu)
        connection = http.client.HTTPConnection(server.address)
        times = searches(lambda sql: weir_search(connection, sql), filled)
        return sizes, {name: int(size) for name, size in columns}, times
    finally:
        server.stop()


def weir_search(connection, sql):
    connection.request("POST", "/?use_partial_cache=0", body=sql.encode())
    reply = connection.getresponse()
    text = reply.read().decode()
    if reply.status != 200:
        raise RuntimeError(text)
    return text


def weir_merged(server, name, count, seconds, load_cpu):
    check(server.query(f"SELECT count() FROM {name}"), count, "Weir")
    size = f"SELECT sum(bytes) FROM system.segments WHERE table = '{name}'"
    server.query(f"OPTIMIZE TABLE {name} PARTITION ID 'none'")  # merges nothing, but small INSERTs leave the log for segments
    size_loaded, cpu = int(server.query(size)), server.cpu_seconds()
    server.query(f"OPTIMIZE TABLE {name} FINAL")
    return [count, seconds, load_cpu, server.cpu_seconds() - cpu, int(server.query(size)), size_loaded]


def weir_kafka(path, count):
    """The events from a mock cluster, which is what gives rows addresses; the time is the mock's as much as Weir's."""
    server = Server("--threads", "2")
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    cluster = Mock(open(path, "rb"), server.url + "?query=SELECT%20count()%20FROM%20events")
    try:
        cpu, begin = server.cpu_seconds(), time.monotonic()
        server.query(f"CREATE SOURCE feed INTO events FROM KAFKA (brokers = '{cluster.address}', topic = 'events') FORMAT JSONEachRow")
        cluster.go()
        while int(server.query("SELECT sum(stored) FROM system.offset_ledger") or 0) < count:
            time.sleep(0.02)
        return weir_merged(server, "events", count, time.monotonic() - begin, server.cpu_seconds() - cpu)
    finally:
        server.stop()
        cluster.stop()


def clickhouse(paths, counts, filled, tuned):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session

        def cpu():
            times = os.times()
            return times.user + times.system

        def bytes_of(name):
            return int(str(session.query(
                f"SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'bench' AND table = '{name}'")).strip())

        def timed(name, sql, count):
            before, begin = cpu(), time.monotonic()
            session.query(sql)
            loaded, seconds = cpu(), time.monotonic() - begin
            size_loaded = bytes_of(name)
            session.query(f"OPTIMIZE TABLE {name} FINAL")
            merged = cpu()
            check(str(session.query(f"SELECT count() FROM {name}")).strip(), count, "ClickHouse")
            return [count, seconds, loaded - before, merged - loaded, bytes_of(name), size_loaded]

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query("USE bench")
        sizes = {}
        for name, schema, engine, schema_tuned in TABLES:
            session.query(f"CREATE TABLE {name} ({schema_tuned if tuned else schema}) {engine}")
            sizes[name] = timed(
                name,
                f"INSERT INTO {name} SELECT * FROM file('{paths[name]}', {form(name)}, '{schema}') SETTINGS max_insert_threads = 2, max_threads = 2",
                counts[name],
            )
        columns = json.loads(str(session.query(
            "SELECT groupArray((name, data_compressed_bytes)) AS c FROM system.columns WHERE database = 'bench' AND table = 'events'", "JSONEachRow")))["c"]
        times = []
        if not tuned:
            session.query(f"CREATE TABLE pages ({PAGES_SCHEMA}) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY ts")
            sizes["pages"] = timed("pages", f"INSERT INTO pages {PAGES_SELECT} SETTINGS max_insert_threads = 2, max_threads = 2", counts["events"])
            times = searches(lambda sql: str(session.query(sql + " SETTINGS max_threads = 2, use_query_condition_cache = 0", "TSV")), filled)
        return json.dumps([sizes, {name: int(size) for name, size in columns}, times])

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def duckdb(paths, counts, filled):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-duckdb-")
    types = DUCKDB_TYPES | FLIGHTS_TYPES

    def structure(schema):
        return "{" + ", ".join(f"{word.split()[0]}: '{types[word.split()[1]]}'" for word in schema.split(", ")) + "}"

    def work():
        import duckdb as database

        def timed(name, sql, count):
            """A file for each table: DuckDB does not tell the bytes of one table."""
            path = os.path.join(directory.name, f"{name}.duckdb")
            connection.execute(f"ATTACH '{path}' AS {name}_file")
            before, begin = os.times(), time.monotonic()
            connection.execute(f"CREATE TABLE {name}_file.{name} AS {sql}")
            connection.execute(f"CHECKPOINT {name}_file")
            seconds, after = time.monotonic() - begin, os.times()
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {name}_file.{name}")
            check(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0], count, "DuckDB")
            return [count, seconds, after.user + after.system - before.user - before.system, 0, os.path.getsize(path), os.path.getsize(path)]

        connection = database.connect()
        connection.execute("SET threads = 2")
        connection.execute("CREATE MACRO toString(x) AS x::VARCHAR")
        sizes = {}
        for name, schema, _, _ in TABLES:
            reader = "read_csv" if name == "cpu" else "read_json"
            options = "header = false" if name == "cpu" else "format = 'newline_delimited'"
            sizes[name] = timed(name, f"SELECT * FROM {reader}('{paths[name]}', {options}, columns = {structure(schema)})", counts[name])
        sizes["pages"] = timed("pages", PAGES_SELECT, counts["events"])
        times = searches(lambda sql: str(connection.execute(sql).fetchone()), filled)
        return json.dumps([sizes, {}, times])

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def lines_of(path):
    with open(path, "rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def run(options):
    made = files(options.rows)
    paths = {"events": made["events"], "cpu": made["cpu"], "flights": flights_file(options.flights or ROOT / "examples/flights-300k.ndjson.zst")}
    counts = {"events": options.rows, "cpu": lines_of(paths["cpu"]), "flights": lines_of(paths["flights"])}
    words = needles(events_file(options.rows))
    filled = []
    for _, sql, _ in LOOKUPS:
        for word, value in words.items():
            sql = sql.replace(word, value)
        filled.append(sql)
    works = [
        ("ClickHouse", lambda: clickhouse(paths, counts, filled, False)),
        ("ClickHouse, tuned", lambda: clickhouse(paths, counts, filled, True)),
        ("DuckDB", lambda: duckdb(paths, counts, filled)),
        ("Weir", lambda: weir(paths, counts, filled)),
        ("Weir, from Kafka", lambda: [{"events": weir_kafka(paths["events"], counts["events"])}, {}, []]),
    ]
    results = {}
    for name, work in works:
        note(f"storage: {name} ...")
        results[name] = work()

    house = results["ClickHouse"]
    text = (
        f"## Storage\n\n{counts['events']:,} events, {counts['cpu']:,} rows of TSBS's cpu, {counts['flights']:,} flights; pages: a url and a session "
        "per event, made by each database from its events. As loaded: after one INSERT (DuckDB: checkpointed); merged: after OPTIMIZE FINAL.\n\n"
        "Bars, of bytes: events <= 0.5 x ClickHouse and <= 0.67 x tuned, addresses included; flights <= 0.7 x ClickHouse; cpu <= 0.9 x DuckDB. "
        "Ingest >= 2 x ClickHouse's rows/s, CPU of merging per row below ClickHouse's.\n\n"
    )
    rows = []
    for name in ["events", "pages", "cpu", "flights"]:
        for who in results:
            size = results[who][0].get(name)
            if size is not None:
                count, seconds, load_cpu, merge_cpu, stored, loaded = size
                rows.append([
                    name, who, f"{loaded / 1e6:.1f}", f"{loaded / house[0][name][5]:.2f}", f"{stored / 1e6:.1f}", f"{stored / count:.2f}", f"{stored / house[0][name][4]:.2f}", f"{stored / results['DuckDB'][0][name][4]:.2f}",
                    f"{count / seconds / 1e6:.2f}", f"{load_cpu / count * 1e6:.2f}", f"{merge_cpu / count * 1e6:.2f}",
                ])
    text += table(["table", "", "MB as loaded", "x ClickHouse", "MB merged", "bytes a row", "x ClickHouse", "x DuckDB", "M rows/s loaded", "CPU us a row, load", "CPU us a row, merging"], rows)
    text += "\n### Columns of the events, bytes a row\n\n"
    text += table(
        ["", *results["Weir"][1]],
        [[who, *(f"{size / counts['events']:.2f}" for size in results[who][1].values())] for who in ("ClickHouse", "ClickHouse, tuned", "Weir")],
    )
    text += "\n### Searches, ms\n\nBars: lookups <= 0.2 x ClickHouse and no slower than DuckDB; search <= 0.2 x; counts by bitmap <= 0.1 x.\n\n"
    rows, wrong = [], []
    for (name, _, kind), own, other, duck in zip(LOOKUPS, results["Weir"][2], house[2], results["DuckDB"][2]):
        rows.append([kind, name, f"{own[0]:.2f}", f"{other[0]:.2f}", f"{duck[0]:.2f}", f"{own[0] / other[0]:.2f}", f"{own[0] / duck[0]:.2f}"])
        if own[1].strip() != other[1].strip():
            wrong.append(f"- {name}: {own[1].strip()}, ClickHouse {other[1].strip()}")
    text += table(["", "search", "Weir", "ClickHouse", "DuckDB", "x ClickHouse", "x DuckDB"], rows)
    return text + ("\nOther answers than ClickHouse's:\n\n" + "\n".join(wrong) + "\n" if wrong else "\nAll answers are ClickHouse's.\n")
