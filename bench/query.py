"""Dashboard queries over the same events: Weir over HTTP, ClickHouse (chdb) and DuckDB in their own process, in one run.

Each query runs once to warm up and then five times; the best time counts. Weir's includes HTTP. All have 2 threads.
"""
import os
import tempfile
import time

from common import COLUMNS, ENGINE, SCHEMA, Server, child, note, table
from ingest import check, events_file

RUNS = 5
# name, ClickHouse's SQL (Weir's too), DuckDB's SQL where it differs
QUERIES = [
    ("count", "SELECT count() FROM events", None),
    ("sum, avg, max", "SELECT sum(bytes), avg(duration_ms), max(status) FROM events", None),
    (
        "per minute",
        "SELECT toStartOfMinute(ts) AS m, count(), avg(duration_ms) FROM events GROUP BY m ORDER BY m",
        "SELECT date_trunc('minute', ts) AS m, count(*), avg(duration_ms) FROM events GROUP BY m ORDER BY m",
    ),
    (
        "per service",
        "SELECT service, count(), avg(duration_ms), max(bytes) FROM events GROUP BY service ORDER BY service",
        None,
    ),
    (
        "per minute and level",
        "SELECT toStartOfMinute(ts) AS m, level, count() FROM events GROUP BY m, level ORDER BY m, level",
        "SELECT date_trunc('minute', ts) AS m, level, count(*) FROM events GROUP BY m, level ORDER BY m, level",
    ),
    (
        "errors of one service per minute",
        "SELECT toStartOfMinute(ts) AS m, countIf(status >= 500), count() FROM events WHERE service = (SELECT min(service) FROM events) GROUP BY m ORDER BY m",
        "SELECT date_trunc('minute', ts) AS m, count(*) FILTER (status >= 500), count(*) FROM events WHERE service = (SELECT min(service) FROM events) GROUP BY m ORDER BY m",
    ),
    (
        "95th percentile per service",
        "SELECT service, quantile(0.95)(duration_ms) FROM events GROUP BY service ORDER BY service",
        "SELECT service, approx_quantile(duration_ms, 0.95) FROM events GROUP BY service ORDER BY service",
    ),
    (
        "last tenth of the time",
        "SELECT toStartOfMinute(ts) AS m, count(), sum(bytes) FROM events WHERE ts > (SELECT max(ts) - INTERVAL 60 SECOND FROM events) GROUP BY m ORDER BY m",
        "SELECT date_trunc('minute', ts) AS m, count(*), sum(bytes) FROM events WHERE ts > (SELECT max(ts) - INTERVAL 60 SECOND FROM events) GROUP BY m ORDER BY m",
    ),
    (
        "top paths",
        "SELECT path, count() AS n FROM events WHERE level != 'info' GROUP BY path ORDER BY n DESC, path LIMIT 10",
        "SELECT path, count(*) AS n FROM events WHERE level != 'info' GROUP BY path ORDER BY n DESC, path LIMIT 10",
    ),
    (
        "top users",
        "SELECT user_id, count() AS n FROM events GROUP BY user_id ORDER BY n DESC, user_id LIMIT 10",
        "SELECT user_id, count(*) AS n FROM events GROUP BY user_id ORDER BY n DESC, user_id LIMIT 10",
    ),
    ("distinct users", "SELECT uniqExact(user_id) FROM events", "SELECT count(DISTINCT user_id) FROM events"),
    ("text search", "SELECT count() FROM events WHERE path LIKE '%order%'", None),
    (
        "latest events",
        "SELECT ts, service, path, status FROM events ORDER BY ts DESC LIMIT 20",
        None,
    ),
    ("needle", "SELECT count() FROM events WHERE trace_id = 'none'", None),
]


def best(run):
    run()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    return min(times)


def weir(path, rows):
    server = Server("--threads", "2")
    try:
        server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        with open(path, "rb") as file:
            server.query("INSERT INTO events FORMAT JSONEachRow", file.read())
        check(server.query("SELECT count() FROM events"), rows, "Weir")
        return [best(lambda sql=sql: server.query(sql)) for _, sql, _ in QUERIES]
    finally:
        server.stop()


def clickhouse(path, rows):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query("USE bench")
        session.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        session.query(f"INSERT INTO events SELECT * FROM file('{path}', JSONEachRow, '{SCHEMA}')")
        session.query("OPTIMIZE TABLE events FINAL")
        check(str(session.query("SELECT count() FROM events")).strip(), rows, "ClickHouse")
        times = [best(lambda sql=sql: session.query(sql + " SETTINGS max_threads = 2", "TSV")) for _, sql, _ in QUERIES]
        return " ".join(map(str, times))

    text, _, _ = child(work)
    directory.cleanup()
    return [float(word) for word in text.split()]


def duckdb(path, rows):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-duckdb-")
    names = {"DateTime64(3)": "TIMESTAMP_MS", "String": "VARCHAR", "UInt16": "USMALLINT", "UInt32": "UINTEGER", "Float64": "DOUBLE"}
    structure = "{" + ", ".join(f"{name}: '{names[kind]}'" for name, kind in COLUMNS) + "}"

    def work():
        import duckdb as database

        connection = database.connect(os.path.join(directory.name, "events.duckdb"))
        connection.execute("SET threads = 2")
        connection.execute(
            f"CREATE TABLE events AS SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {structure})"
        )
        check(connection.execute("SELECT count(*) FROM events").fetchone()[0], rows, "DuckDB")
        times = [best(lambda sql=own or sql: connection.execute(sql).fetchall()) for _, sql, own in QUERIES]
        return " ".join(map(str, times))

    text, _, _ = child(work)
    directory.cleanup()
    return [float(word) for word in text.split()]


def run(options):
    path = events_file(options.rows)
    columns = []
    for name, function in (("ClickHouse", clickhouse), ("DuckDB", duckdb), ("Weir", weir)):
        note(f"query: {name} ...")
        columns.append(function(path, options.rows))
    rows = []
    for (name, _, _), house, duck, own in zip(QUERIES, *columns):
        rows.append([name, f"{own:.1f}", f"{house:.1f}", f"{duck:.1f}", f"{min(house, duck) / own:.1f}"])
    return f"## Queries over {options.rows:,} events\n\nBest of {RUNS}, ms; the last column is the faster peer's time over Weir's.\n\n" + table(
        ["query", "Weir", "ClickHouse", "DuckDB", "ratio"], rows
    )
