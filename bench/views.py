"""What materialized views cost at ingest: the same events into a table with none, 5 and 20 of them; and reading one beside its SELECT."""
import time

from common import ENGINE, SCHEMA, Server, note, table
from ingest import Mock, batches, check, events_file

COUNTS = (0, 5, 20)
MINUTE = "toStartOfMinute(ts) AS m"
# keys and aggregates as dashboards have them
VIEWS = [
    (f"{MINUTE}, service", "count() AS n, avg(duration_ms) AS mean"),
    (f"{MINUTE}, service, status", "count() AS n"),
    (f"{MINUTE}, region", "count() AS n, sum(bytes) AS volume"),
    (f"{MINUTE}", "count() AS n, quantile(0.95)(duration_ms) AS p95"),
    ("toStartOfHour(ts) AS h, path", "count() AS n, max(duration_ms) AS slowest"),
    (f"{MINUTE}, level", "count() AS n"),
    (f"{MINUTE}, method", "count() AS n, avg(bytes) AS mean"),
    ("toStartOfHour(ts) AS h, host", "count() AS n, sum(bytes) AS volume"),
    (f"{MINUTE}, status", "count() AS n"),
    ("toStartOfHour(ts) AS h, service", "uniq(user_id) AS users"),
    ("toStartOfFiveMinutes(ts) AS m, service, region", "count() AS n, countIf(status >= 500) AS errors"),
    ("toStartOfFiveMinutes(ts) AS m, path", "count() AS n, sum(duration_ms) AS total"),
    ("toDate(ts) AS d", "count() AS n, uniq(host) AS hosts"),
    ("toDate(ts) AS d, service", "min(ts) AS first, max(ts) AS last"),
    ("service, region, level", "count() AS n"),
    ("toStartOfHour(ts) AS h, region, status", "count() AS n, avg(duration_ms) AS mean"),
    ("toStartOfHour(ts) AS h", "sum(bytes) / count() AS each, stddevPop(duration_ms) AS spread"),
    ("service", "argMax(path, duration_ms) AS slowest"),
    (f"{MINUTE}, service, method", "countIf(level = 'ERROR') AS errors"),
    ("toStartOfFifteenMinutes(ts) AS m, service", "count() AS n, avg(duration_ms) AS mean, max(bytes) AS largest"),
]


def select(k):
    keys, values = VIEWS[k]
    names = ", ".join(key.split(" AS ")[-1] for key in keys.split(", "))
    return f"SELECT {keys}, {values} FROM events GROUP BY {names}"


def begin(views):
    server = Server()
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    for k in range(views):
        server.query(f"CREATE MATERIALIZED VIEW v{k} AS {select(k)}")
    return server


def http(path, rows, views):
    server = begin(views)
    cpu = server.cpu_seconds()
    for body in batches(path):
        server.query("INSERT INTO events FORMAT JSONEachRow", body)
    server.query("OPTIMIZE TABLE events")
    used = server.cpu_seconds() - cpu
    check(server.query("SELECT count() FROM events"), rows, "weir")
    return server, used


def kafka(path, rows, views):
    server = begin(views)
    count = "SELECT count() FROM events"
    cluster = Mock(open(path, "rb"), server.url + "?query=" + count.replace(" ", "%20"))
    try:
        cpu = server.cpu_seconds()
        server.query(f"CREATE SOURCE feed INTO events FROM KAFKA (brokers = '{cluster.address}', topic = 'events') FORMAT JSONEachRow")
        cluster.go()
        while int(server.query("SELECT sum(stored) FROM system.offset_ledger") or 0) < rows:
            time.sleep(0.1)
        return server, server.cpu_seconds() - cpu
    finally:
        cluster.stop()


def milliseconds(server, sql, tries=5):
    taken = []
    for _ in range(tries):
        start = time.perf_counter()
        server.query(sql + " FORMAT Null")
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)[tries // 2]


def run(options):
    path = events_file(options.rows)
    million = options.rows / 1e6
    lines, reads = [], []
    for name, way in (("Kafka", kafka), ("HTTP, 100,000 rows an INSERT", http)):
        first = None
        for views in COUNTS:
            note(f"views: {name}, {views} views ...")
            server, used = way(path, options.rows, views)
            first = first or used
            lines.append([name, views, f"{used / million:.2f}", f"{used / first:.2f}"])
            if views == COUNTS[-1]:
                for k in (1, 4):
                    own, whole = milliseconds(server, f"SELECT * FROM v{k}"), milliseconds(server, select(k))
                    reads.append([f"{name}: {VIEWS[k][0]}", f"{own:.1f}", f"{whole:.1f}"])
            server.stop()
    return (
        f"## Materialized views\n\n{options.rows:,} events of ~290 bytes; the server's processor time until all is committed.\n\n"
        + table(["way", "views", "CPU s a million rows", "times without"], lines)
        + "\n"
        + table(["reading (ms)", "the view", "its SELECT over the table"], reads)
    )
