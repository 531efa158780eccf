"""How near plain scans come to memory: statements that do little but read columns, on one thread, by the server's
processor time (the median of RUNS), beside what reading memory and memcpy reach in the same run (bench/memory.c).

Decoded: the bytes that the columns' values take in memory, codes where a column is dictionary-coded; encoded: in the
segments, with their checksums.
"""
import glob
import http.client
import statistics
import subprocess

from common import BUILD, ENGINE, SCHEMA, Server, note, table
from ingest import events_file

RUNS = 9
CODE = 4  # bytes of a dictionary code
# name, statement, columns with the bytes of a decoded value
STATEMENTS = [
    ("sum, packed UInt32", "SELECT sum(bytes) FROM events", {"bytes": 4}),
    ("greatest, packed UInt32", "SELECT max(bytes + 1) FROM events", {"bytes": 4}),
    ("sum, Float64", "SELECT sum(duration_ms) FROM events", {"duration_ms": 8}),
    ("count where, UInt16", "SELECT count() FROM events WHERE status >= 500", {"status": 2}),
    ("count where, packed UInt32", "SELECT count() FROM events WHERE bytes > 5000", {"bytes": 4}),
    ("count between, packed UInt32, few rows", "SELECT count() FROM events WHERE bytes BETWEEN 5000 AND 5010", {"bytes": 4}),
    ("count in, packed UInt32", "SELECT count() FROM events WHERE bytes IN (5000, 5001, 70, 9000, 12000)", {"bytes": 4}),
    ("sum where, packed UInt32s", "SELECT sum(bytes) FROM events WHERE user_id < 100", {"bytes": 4, "user_id": 4}),
    ("count where, Float64", "SELECT count() FROM events WHERE duration_ms > 100", {"duration_ms": 8}),
    ("count where, codes", "SELECT count() FROM events WHERE level = 'error'", {"level": CODE}),
    ("LIKE, codes", "SELECT count() FROM events WHERE path LIKE '%order%'", {"path": CODE}),
    ("LIKE, texts", "SELECT count() FROM events WHERE trace_id LIKE '%beef%'", {"trace_id": 32}),
    ("sum where codes", "SELECT sum(bytes) FROM events WHERE level = 'error'", {"bytes": 4, "level": CODE}),
    ("count per minute", "SELECT toStartOfMinute(ts) AS m, count() FROM events GROUP BY m", {"ts": 8}),
    ("count per level", "SELECT level, count() FROM events GROUP BY level", {"level": CODE}),
]


def cpu_seconds(pid):
    nanoseconds = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path, encoding="ascii") as file:
                nanoseconds += int(file.read().split()[0])
        except OSError:  # the thread has ended
            pass
    return nanoseconds / 1e9


def measure(connection, pid, sql):
    times = []
    for _ in range(RUNS + 1):
        begin = cpu_seconds(pid)
        connection.request("POST", "/?use_partial_cache=0&max_threads=1", body=sql.encode())
        reply = connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise RuntimeError(text.decode())
        times.append(cpu_seconds(pid) - begin)
    return statistics.median(times[1:])


def codecs():
    note("codecs ...")
    lines = subprocess.run([BUILD / "codecs"], check=True, capture_output=True, text=True).stdout.splitlines()
    return (
        "\n## Codecs\n\nBlocks of 8,192 values, two million of each kind, one core, by processor time, the best of five. "
        "memcpy copies as many bytes as the values take in memory; strings are decoded into views, which may point into the block. "
        "Filter: which whole numbers lie in a range, told from their packed form.\n\n"
        + table(
            ["values", "codec", "bytes a value", "encoded", "encode, ns a value", "decode, ns a value", "decoded GB/s", "of memcpy", "filter, ns a value"],
            [line.split("\t") for line in lines],
        )
    )


def run(options):
    note("scan ...")
    subprocess.run(["cmake", "--build", BUILD, "-t", "memory", "codecs"], check=True, stdout=subprocess.DEVNULL)
    server = Server("--threads", "1")
    lines = []
    try:
        server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
        with open(events_file(options.rows), "rb") as file:
            server.query("INSERT INTO events FORMAT JSONEachRow", file)
        server.query("OPTIMIZE TABLE events FINAL")
        encoded = dict(
            line.split("\t")
            for line in server.query("SELECT name, data_compressed_bytes FROM system.columns WHERE database = 'default' AND table = 'events'").splitlines()
        )
        connection = http.client.HTTPConnection(server.address)
        read, copy = map(float, subprocess.run([BUILD / "memory"], check=True, capture_output=True, text=True).stdout.split())
        for name, sql, columns in STATEMENTS:
            seconds = measure(connection, server.process.pid, sql)
            decoded = options.rows * sum(columns.values()) / seconds / 1e9
            packed = sum(int(encoded[column]) for column in columns) / seconds / 1e9
            lines.append([name, f"{seconds * 1e3:.2f}", f"{seconds * 1e9 / options.rows:.2f}", f"{decoded:.2f}", f"{packed:.2f}", f"{decoded / read:.2f}", f"{decoded / copy:.2f}"])
    finally:
        server.stop()
    return (
        f"## Scans of {options.rows:,} rows beside memory\n\n"
        f"One core, by processor time, median of {RUNS}. Reading memory: {read:.1f} GB/s; memcpy: {copy:.1f} GB/s. "
        "Decoded bytes over the scan's time, and as a share of both.\n\n"
        + table(["scan", "ms", "ns a row", "decoded GB/s", "encoded GB/s", "of reading", "of memcpy"], lines)
        + codecs()
    )
