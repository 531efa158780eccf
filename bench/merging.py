"""Merges under full ingest: how many segments are left, what they cost, and how much slower they make queries.

A source commits every second while a mock cluster gives it events as fast as they are read, for --seconds (600 in the
recorded runs); then the same statements run over the table as it is, and once more after OPTIMIZE FINAL.
"""
import subprocess
import time

from common import BUILD, ENGINE, SCHEMA, Server, note, table
from ingest import Mock, check

EVENTS_PER_SECOND = 1_000_000  # of their own time: all lie in one day, which is one partition
RUNS = 5
STATEMENTS = [
    ("per second, last minute", "SELECT toStartOfSecond(ts) AS s, count() FROM events WHERE ts > (SELECT max(ts) FROM events) - INTERVAL 1 MINUTE GROUP BY s ORDER BY s"),
    ("errors per service", "SELECT service, count() FROM events WHERE level = 'error' GROUP BY service ORDER BY service"),
    ("top paths", "SELECT path, count() AS c FROM events GROUP BY path ORDER BY c DESC, path LIMIT 10"),
    ("p95 per service", "SELECT service, quantile(0.95)(duration_ms) FROM events GROUP BY service ORDER BY service"),
    ("one user", "SELECT count(), sum(bytes) FROM events WHERE user_id = 4711"),
    ("newest of a service", "SELECT * FROM events WHERE service = 'backend-service-03' ORDER BY ts DESC LIMIT 100"),
]


def metric(text, name):
    return float(next(line.split()[1] for line in text.splitlines() if line.split("\t")[0] == name))


def latencies(server):
    found = []
    for _, sql in STATEMENTS:
        times = []
        for _ in range(RUNS + 1):
            begin = time.perf_counter()
            server.query(sql + " SETTINGS use_partial_cache = 0")
            times.append((time.perf_counter() - begin) * 1000)
        found.append(sorted(times[1:])[RUNS // 2])
    return found


def run(options):
    server = Server("--threads", "2")
    generator = cluster = None
    try:
        server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        generator = subprocess.Popen([BUILD / "events", str(10**12), "1", str(EVENTS_PER_SECOND)], stdout=subprocess.PIPE)
        cluster = Mock(generator.stdout, server.url + "?query=SELECT%20count()%20FROM%20events")
        server.query(
            f"CREATE SOURCE feed INTO events FROM KAFKA (brokers = '{cluster.address}', topic = 'events') FORMAT JSONEachRow SETTINGS commit_interval_ms = 1000"
        )
        cluster.go()
        note(f"ingest for {options.seconds} s ...")
        cpu, begin, most, live = server.cpu_seconds(), time.monotonic(), 0, 0
        while time.monotonic() - begin < options.seconds:
            live = int(server.query("SELECT max(c) FROM (SELECT count() AS c FROM system.segments WHERE table = 'events' GROUP BY partition)"))
            most = max(most, live)
            time.sleep(1)
        generator.kill()
        generator.wait()
        seconds = time.monotonic() - begin
        rows = int(server.query("SELECT count() FROM events"))
        cpu = server.cpu_seconds() - cpu
        metrics = server.query("SELECT metric, toString(value) FROM system.metrics FORMAT TSVRaw")
        cluster.stop()  # what was produced is read to its end
        while True:
            rows_all = int(server.query("SELECT count() FROM events"))
            if int(server.query("SELECT sum(stored) FROM system.offset_ledger")) >= rows_all:
                break
            time.sleep(0.1)
        note("statements, as it is ...")
        before = latencies(server)
        check(server.query("SELECT count() FROM events"), rows_all, "weir")
        note("OPTIMIZE FINAL ...")
        server.query("OPTIMIZE TABLE events FINAL")
        note("statements, merged ...")
        after = latencies(server)
        size = int(server.query("SELECT sum(bytes) FROM system.segments WHERE table = 'events'"))
    finally:
        if generator is not None and generator.poll() is None:
            generator.kill()
            generator.wait()
        server.stop()
        if cluster is not None and cluster.process.poll() is None:
            cluster.stop()
    written, merged = (metric(metrics, f"weir_{name}_bytes_total") for name in ("pack_written", "merge_written"))
    text = (
        f"## Merges under full ingest\n\n{rows:,} events in {seconds:.0f} s from a mock cluster that shares the two cores, a commit every second, one partition.\n\n"
        "Bars: at most 30 live segments per partition; latencies within 1.2 x of the merged table.\n\n"
    )
    text += table(
        ["M rows/s", "CPU us a row, merges included", "segments, at the most", "segments, at the end", "bytes written / bytes of new segments", "merge backlog, MB", "bytes a row, merged"],
        [[f"{rows / seconds / 1e6:.2f}", f"{cpu / rows * 1e6:.2f}", most, live, f"{written / (written - merged):.2f}",
          f"{metric(metrics, 'weir_merge_backlog_bytes') / 1e6:.0f}", f"{size / rows_all:.2f}"]],
    )
    text += "\n"
    text += table(
        ["", "as it is, ms", "merged, ms", "ratio"],
        [[name, f"{one:.1f}", f"{two:.1f}", f"{one / two:.2f}"] for (name, _), one, two in zip(STATEMENTS, before, after)],
    )
    return text
