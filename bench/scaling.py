"""Time against rows and threads: a statement of each kind over a tenth of --rows, --rows and ten times as many, with one
thread and with two, and the processor time that it takes, without the partial-result cache. Up to 10 M rows come from the generator; more are the same rows at
later times, a copy after the other.
"""
import http.client
import statistics
import time

from common import ENGINE, SCHEMA, Server, note, table
from ingest import events_file

FILE_ROWS_MAX = 10_000_000
ROWS_A_SECOND = 2000  # of event time: bench/events.c
RUNS = 3
STATEMENTS = [
    ("count per minute", "SELECT toStartOfMinute(ts) AS m, count() FROM events GROUP BY m ORDER BY m"),
    ("per service", "SELECT service, count(), avg(duration_ms) FROM events GROUP BY service ORDER BY service"),
    ("users by requests", "SELECT user_id, count() AS c FROM events GROUP BY user_id ORDER BY c DESC, user_id LIMIT 10"),
    ("top paths", "SELECT path, count() AS c FROM events GROUP BY path ORDER BY c DESC, path LIMIT 10"),
    ("users, approximate", "SELECT uniq(user_id) FROM events"),
    ("p95 per service", "SELECT service, quantile(0.95)(duration_ms) FROM events GROUP BY service ORDER BY service"),
    ("LIKE in paths", "SELECT count() FROM events WHERE path LIKE '%42%'"),
    ("slowest requests", "SELECT ts, service, duration_ms FROM events ORDER BY duration_ms DESC, ts, service LIMIT 20"),
    ("one user", "SELECT count(), sum(bytes) FROM events WHERE user_id = 4242"),
    ("rolling five minutes",
     "SELECT m, sum(c) OVER (ORDER BY m ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) FROM "
     "(SELECT toStartOfMinute(ts) AS m, count() AS c FROM events GROUP BY m) ORDER BY m"),
]


def load(server, rows):
    base = min(rows, FILE_ROWS_MAX)
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    with open(events_file(base), "rb") as file:
        server.query("INSERT INTO events FORMAT JSONEachRow", file)
    names = ", ".join(column.split()[0] for column in SCHEMA.split(", ") if not column.startswith("ts "))
    for copy in range(1, rows // base):
        seconds = copy * (base // ROWS_A_SECOND)
        server.query(
            f"INSERT INTO events SELECT ts + INTERVAL {seconds} SECOND, {names} FROM events WHERE ts < toDateTime({1767225600 + base // ROWS_A_SECOND})")


def measure(server, connection, sql, threads):
    """Medians: ms, and ms of processor time of the server."""
    clock = (~server.process.pid << 3) | 2  # of the process, all threads: CPUCLOCK_SCHED
    times, cpus = [], []
    for _ in range(RUNS + 1):
        begin, cpu = time.perf_counter(), time.clock_gettime(clock)
        connection.request("POST", f"/?use_partial_cache=0&max_threads={threads}", body=sql.encode())
        reply = connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise RuntimeError(text.decode())
        times.append((time.perf_counter() - begin) * 1000)
        cpus.append((time.clock_gettime(clock) - cpu) * 1000)
    return statistics.median(times[1:]), statistics.median(cpus[1:])


def run(options):
    sizes = [options.rows // 10, options.rows, options.rows * 10]
    cells = {name: [] for name, _ in STATEMENTS}
    for rows in sizes:
        note(f"scaling: {rows:,} rows ...")
        server = Server("--threads", "2")
        try:
            load(server, rows)
            server.query("OPTIMIZE TABLE events FINAL")
            connection = http.client.HTTPConnection(server.address)
            for name, sql in STATEMENTS:
                (one, _), (two, cpu) = (measure(server, connection, sql, threads) for threads in (1, 2))
                cells[name] += [one, two, cpu]
        finally:
            server.stop()
    header = ["query", *(f"{rows:,} rows, {what}" for rows in sizes for what in ("1 thread", "2 threads", "CPU")), "CPU ns a row at the largest", "speed-up"]
    lines = [
        [name, *(f"{value:.2f}" for value in values), f"{values[-1] * 1e6 / sizes[-1]:.2f}", f"{values[-3] / values[-2]:.2f}"]
        for name, values in cells.items()
    ]
    return (
        "## Scaling\n\n"
        f"Median of {RUNS} after a warm-up, ms, over HTTP, without the partial-result cache. CPU: processor time of the server, ms a query, two threads. "
        "Speed-up: of two threads, at the largest.\n\n" + table(header, lines)
    )
