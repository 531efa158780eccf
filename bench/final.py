"""SELECT … FINAL of a ReplacingMergeTree: segments whose keys overlap, those whose keys do not; before and after a merge."""
import json
import tempfile
import time

from common import Server, child, table

ROWS, INSERTS = 1_000_000, 5
TABLES = {"overlapping": "cityHash64(number * 5 + {k}) % 5000000", "one after the other": "number + {k} * 1000000"}
STATEMENTS = ["SELECT count() FROM {t} FINAL", "SELECT sum(x) FROM {t} FINAL", "SELECT sum(x), uniq(name), max(kind) FROM {t} FINAL"]
RUNS = 3


def fill(query, name, key):
    query(f"CREATE TABLE {name} (id UInt64, v UInt32, name String, kind LowCardinality(String), x Float64) ENGINE = ReplacingMergeTree(v) ORDER BY id")
    for k in range(INSERTS):
        query(f"INSERT INTO {name} SELECT {key.format(k=k)}, {k}, concat('name ', toString(cityHash64(number) % 100000)), concat('k', toString(number % 50)), number / 7 FROM numbers({ROWS})")


def measure(query, stop_merges):
    """Milliseconds by (table, statement, threads), and the answers."""
    found, answers = [], []
    for number, key in enumerate(TABLES.values()):
        name = f"t{number}"
        fill(query, name, key)
        if stop_merges:
            query(f"SYSTEM STOP MERGES {name}")
        for merged in (False, True):
            if merged:
                if stop_merges:
                    query(f"SYSTEM START MERGES {name}")
                query(f"OPTIMIZE TABLE {name} FINAL")
            for statement in STATEMENTS:
                for threads in (1, 2):
                    times = []
                    for _ in range(RUNS):
                        begin = time.perf_counter()
                        answer = query(statement.format(t=name) + f" SETTINGS max_threads = {threads}")
                        times.append((time.perf_counter() - begin) * 1000)
                    found.append(min(times))
                answers.append(answer.split()[0].split(".")[0][:12])
    return found, answers


def clickhouse():
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session  # pylint: disable=import-outside-toplevel

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query("USE bench")
        return json.dumps(measure(lambda sql: str(session.query(sql, "TSV")), True))

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def run(_options):
    server = Server("--threads", "2")
    try:
        weir, answers = measure(server.query, False)
    finally:
        server.stop()
    other, expected = clickhouse()
    if answers != expected:
        raise RuntimeError(f"{answers}, ClickHouse: {expected}")
    rows, at = [], 0
    for name in TABLES:
        for merged in ("as inserted", "merged"):
            for statement in STATEMENTS:
                rows.append([name, merged, f"`{statement.format(t='t')}`", *(f"{v:.0f}" for v in (*weir[at:at + 2], *other[at:at + 2])),
                             f"{ROWS * INSERTS / weir[at + 1] / 1000:.1f}", f"{weir[at + 1] / other[at + 1]:.2f}"])
                at += 2
    return f"## FINAL of {ROWS * INSERTS:,} rows\n\n" + table(
        ["keys of the INSERTs", "segments", "statement", "Weir, 1 thread, ms", "2 threads, ms", "ClickHouse, 1 thread, ms", "2 threads, ms", "Weir, 2 threads, M rows/s", "ratio, 2 threads"], rows)
