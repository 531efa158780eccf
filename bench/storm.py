"""A dashboard of 200 panels, refreshed by 50 clients every ten seconds while 50,000 events/s stream in.

First the panels one after another: ClickHouse (chdb) over the same rows at rest, Weir while events stream in, the window
moving with them, without the partial-result cache and with it. Then the storm, both ways: latencies, CPU per query beyond
what ingest alone takes, and whether ingest keeps its rate.
"""
import http.client
import json
import math
import mmap
import os
import statistics
import subprocess
import tempfile
import threading
import time

from common import BUILD, ENGINE, SCHEMA, Server, child, note, table
from ingest import events_file

RATE = 50_000
BATCH = 5_000
CLIENTS = 50
INTERVAL_MS = 10_000
WINDOWS = (900, 1800, 3600)
SERVICES = [f"backend-service-{k:02}" for k in range(20)]
KINDS = [
    "SELECT toStartOfMinute(ts) AS m, count() FROM events WHERE {where} GROUP BY m ORDER BY m",
    "SELECT toStartOfMinute(ts) AS m, countIf(status >= 500) / count() FROM events WHERE {where} GROUP BY m ORDER BY m",
    "SELECT toStartOfInterval(ts, INTERVAL 30 SECOND) AS m, avg(duration_ms), max(duration_ms) FROM events WHERE {where} GROUP BY m ORDER BY m",
    "SELECT toStartOfMinute(ts) AS m, level, count() FROM events WHERE {where} GROUP BY m, level ORDER BY m, level",
    "SELECT region, count(), sum(bytes) FROM events WHERE {where} GROUP BY region ORDER BY region",
    "SELECT path, count() AS c FROM events WHERE {where} GROUP BY path ORDER BY c DESC, path LIMIT 10",
    "SELECT status, count() FROM events WHERE {where} GROUP BY status ORDER BY status",
    "SELECT quantile(0.5)(duration_ms), quantile(0.95)(duration_ms), quantile(0.99)(duration_ms) FROM events WHERE {where}",
    "SELECT toStartOfMinute(ts) AS m, quantile(0.95)(duration_ms) FROM events WHERE {where} GROUP BY m ORDER BY m",
    "SELECT host, count() AS c FROM events WHERE {where} AND status >= 500 GROUP BY host ORDER BY c DESC, host LIMIT 10",
]


def panels():
    """200 statements: ten kinds, of all services or of one, over three windows; @1800@ is 1,800 s before the newest event."""
    scopes = [""] + [f" AND service = '{service}'" for service in SERVICES[:19]]
    return [
        kind.format(where=f"ts >= @{WINDOWS[(number + k) % 3]}@{scope}") for number, scope in enumerate(scopes) for k, kind in enumerate(KINDS)
    ]


def filled(sql, newest):
    parts = sql.split("@")
    return parts[0] + f"toDateTime({newest - int(parts[1])})" + parts[2]


class Feed(threading.Thread):
    """Sends the file's rows behind `begin` at RATE in batches, until it is stopped; counts what was acknowledged."""

    def __init__(self, server, path, begin):
        super().__init__(daemon=True)
        self.address, self.path, self.begin = server.address, path, begin
        self.stopping, self.sent, self.late = threading.Event(), 0, 0.0

    def run(self):
        with open(self.path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as rows:
            connection = http.client.HTTPConnection(self.address)
            at, start = self.begin, time.monotonic()
            while not self.stopping.is_set():
                end = at
                for _ in range(BATCH):
                    end = rows.find(b"\n", end) + 1
                    if end == 0:
                        return
                due = start + self.sent / RATE
                self.late = max(self.late, time.monotonic() - due)
                self.stopping.wait(max(due - time.monotonic(), 0))
                connection.request("POST", "/?query=INSERT+INTO+events+FORMAT+JSONEachRow", body=rows[at:end])
                reply = connection.getresponse()
                if reply.read() or reply.status != 200:
                    return
                at, self.sent = end, self.sent + BATCH
                self.begin = at

    def stop(self):
        self.stopping.set()
        self.join()


def position(path, rows):
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        at = 0
        for _ in range(rows):
            at = text.find(b"\n", at) + 1
        return at


def medians(runs):
    """Of each panel, over the runs after the first."""
    return [statistics.median(column) for column in zip(*runs[1:])]


def weir_alone(server, cache, ingest_cpu):
    """Median ms of each panel, one after another, three refreshes after the first; then CPU ms beyond ingest's share."""
    clock = (~server.process.pid << 3) | 2  # of the process, all threads: CPUCLOCK_SCHED
    connection = http.client.HTTPConnection(server.address)

    def ask(sql):
        connection.request("POST", f"/?use_partial_cache={cache}", body=sql.encode())
        reply = connection.getresponse()
        text = reply.read().decode()
        if reply.status != 200:
            raise RuntimeError(text)
        return text

    times, cpus = [], []
    for _ in range(4):
        newest = int(ask("SELECT toUnixTimestamp(max(ts)) FROM events"))
        times.append([])
        cpus.append([])
        for sql in panels():
            begin, cpu = time.perf_counter(), time.clock_gettime(clock)
            ask(filled(sql, newest))
            spent, used = time.perf_counter() - begin, time.clock_gettime(clock) - cpu
            times[-1].append(spent * 1000)
            cpus[-1].append(max(used - ingest_cpu * spent, 1e-5) * 1000)
    return medians(times), medians(cpus)


def clickhouse_alone(path, rows):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query("USE bench")
        session.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        session.query(f"INSERT INTO events SELECT * FROM file('{path}', JSONEachRow, '{SCHEMA}') LIMIT {rows}")
        session.query("OPTIMIZE TABLE events FINAL")
        newest = int(str(session.query("SELECT toUnixTimestamp(max(ts)) FROM events")))
        times, cpus = [], []
        for _ in range(4):
            times.append([])
            cpus.append([])
            for sql in panels():
                begin, cpu = time.perf_counter(), time.process_time()
                session.query(filled(sql, newest) + " SETTINGS max_threads = 2", "TSV")
                times[-1].append((time.perf_counter() - begin) * 1000)
                cpus[-1].append((time.process_time() - cpu) * 1000)
        return json.dumps([medians(times), medians(cpus)])

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def geometric(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def storm(server, feed, seconds, settings, ingest_cpu):
    """A row of the table: the storm beside the feed."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write("\n".join(panels()) + "\n")
        file.flush()
        host, port = server.address.rsplit(":", 1)
        sent, cpu, begin = feed.sent, server.cpu_seconds(), time.monotonic()
        done = subprocess.run(
            [BUILD / "storm", host, port, file.name, str(CLIENTS), str(seconds), str(INTERVAL_MS), settings],
            stdout=subprocess.PIPE, text=True, check=False,
        )
        spent = time.monotonic() - begin
    count, errors, p50, p90, p99, longest, refresh, refresh_max = done.stdout.split()
    refreshes = [f"{float(value) / 1000:.1f}" if float(value) > 0 else "–" for value in (refresh, refresh_max)]  # "–": the time's end cut all short
    cpu_ms = (server.cpu_seconds() - cpu - ingest_cpu * spent) * 1000 / max(int(count), 1)
    return [f"{int(count) / spent:.0f}", errors, p50, p90, p99, longest, *refreshes, f"{cpu_ms:.2f}", f"{(feed.sent - sent) / spent:,.0f}"]


def run(options):
    rows, seconds = options.rows, options.seconds
    path = events_file(rows + RATE * (seconds * 5 + 60))
    note("storm: ClickHouse, panels one after another ...")
    house, house_cpu = clickhouse_alone(path, rows)
    server = Server()
    try:
        server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        begin = position(path, rows)
        with open(path, "rb") as file:
            server.query("INSERT INTO events FORMAT JSONEachRow", file.read(begin))
        feed = Feed(server, path, begin)
        feed.start()
        cpu, sent = server.cpu_seconds(), feed.sent
        time.sleep(seconds)
        ingest_cpu, ingest_rate = (server.cpu_seconds() - cpu) / seconds, (feed.sent - sent) / seconds
        alone = []
        for cache in (0, 1):
            note(f"storm: Weir, panels one after another, cache {'on' if cache else 'off'} ...")
            own, own_cpu = weir_alone(server, cache, ingest_cpu)
            ratios = [a / b for a, b in zip(own, house)]
            cpu_ratios = [a / b for a, b in zip(own_cpu, house_cpu)]
            alone.append([["off", "on"][cache], f"{statistics.median(own):.2f}", f"{max(own):.2f}", f"{sum(own):.0f}", f"{geometric(ratios):.3f}", f"{max(ratios):.2f}",
                          f"{sum(own_cpu):.0f}", f"{geometric(cpu_ratios):.3f}", f"{max(cpu_ratios):.2f}"])
        lines = []
        for name, settings in (("off", "use_partial_cache=0&use_shared_execution=0"), ("on", "use_partial_cache=1")):
            note(f"storm: {CLIENTS} clients, cache {name} ...")
            lines.append([name, *storm(server, feed, seconds, settings, ingest_cpu)])
        feed.stop()
        peak = server.rss_peak_mb()
    finally:
        server.stop()
    return "\n".join([
        f"## Dashboards: {len(panels())} panels over {rows:,} events and what streams in at {RATE:,} events/s\n",
        f"Panels one after another, medians, ms; ClickHouse at rest: median {statistics.median(house):.2f}, sum {sum(house):.0f}, CPU {sum(house_cpu):.0f}. Bar: geometric mean <= 0.1 with "
        "the partial-result cache. CPU ms are those of the process, Weir's without what ingest takes alone: they bear a busy machine, times do not.\n",
        table(["cache", "median ms", "slowest panel", "sum", "Weir / ClickHouse, geometric mean", "largest", "CPU sum", "CPU ratio, geometric mean", "largest"], alone),
        f"\n{CLIENTS} clients, each refreshing all panels every {INTERVAL_MS / 1000:.0f} s for {seconds} s (when a refresh takes longer, the next follows at once). CPU per query is "
        f"what the server used beyond ingest alone, which took {ingest_cpu:.2f} cores at {ingest_rate:,.0f} events/s. Peak memory {peak:.0f} MB.\n",
        table(["cache", "queries/s", "errors", "p50 ms", "p90", "p99", "max", "refresh p50 s", "max", "CPU ms/query", "events/s"], lines),
    ])
