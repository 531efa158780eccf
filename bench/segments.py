"""Start with many segments: time from exec until /ping answers and until the first statements do, and memory."""
import shutil
import tempfile
import time
import urllib.request

from common import Server, table

PARTITIONS = 1000  # of one INSERT
SEGMENTS = 100_000
STATEMENTS = {
    "count()": "SELECT count() FROM t",
    "a minute by its time": "SELECT sum(n) FROM t WHERE ts = '2016-01-01 00:01:00'",
    "a partition": "SELECT sum(n) FROM t WHERE p = 500",
    "all rows": "SELECT sum(n) FROM t",
    "all rows again": "SELECT sum(n + 1) FROM t",
    "one key": "SELECT count() FROM t WHERE n = 7919",
    "the last five by key": "SELECT n FROM t ORDER BY n DESC LIMIT 5",
    "join": "SELECT count() FROM t AS a JOIN t AS b ON a.n = b.n WHERE a.p < 100",
}


def fill(directory):
    """One segment of ten rows for each partition; no two are ever merged."""
    server = Server(directory=directory)
    server.query("CREATE TABLE t (p UInt32, ts DateTime, n UInt64, s String) ENGINE = MergeTree PARTITION BY p ORDER BY n")
    for k in range(SEGMENTS // PARTITIONS):
        server.query(
            f"INSERT INTO t SELECT {k * PARTITIONS} + number % {PARTITIONS}, toDateTime('2016-01-01 00:00:00') + intDiv(number, 1000) * 60 + {k} * 86400, "
            f"number * 7919, toString(cityHash64(number)) FROM numbers({10 * PARTITIONS})"
        )
        if k % 4 == 3:
            server.query("OPTIMIZE TABLE t")  # what an INSERT leaves mixed is split
    count = int(server.query("SELECT count() FROM system.segments"))
    server.stop()
    return count


def run(_options):
    directory = tempfile.mkdtemp(prefix="weir-bench-")
    count = fill(directory)
    rows = []
    for number in range(3):
        server = Server("--block-cache-bytes", str(64 << 20), directory=directory)
        urllib.request.urlopen(server.url + "ping").read()
        row = [number + 1, f"{(time.monotonic() - server.begin) * 1000:.0f}", f"{server.rss_peak_mb():.0f}"]
        for sql in STATEMENTS.values():
            begin = time.monotonic()
            server.query(sql)
            row.append(f"{(time.monotonic() - begin) * 1000:.0f}")
        rows.append([*row, f"{server.rss_peak_mb():.0f}"])
        server.stop()
    shutil.rmtree(directory)
    return f"## Start with {count:,} segments\n\nBar: < 1 s.\n\n" + table(
        ["start", "/ping after, ms", "RSS then, MB", *(f"{name}, ms" for name in STATEMENTS), "RSS at the end, MB"], rows
    )
