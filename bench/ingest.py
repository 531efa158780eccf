"""Ingest of the same events: Weir over HTTP and from Kafka, ClickHouse (chdb) and DuckDB from a file, in one run."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from common import BUILD, COLUMNS, ENGINE, ROOT, SCHEMA, Server, child, note, table

sys.path.insert(0, str(ROOT / "tests/integration"))
BATCH_ROWS = 100_000
PARTITIONS = 4
MOCK_PARTITIONS = 8


def events_file(rows):
    path = pathlib.Path(tempfile.gettempdir()) / f"weir-bench-events-{rows}.ndjson"
    if not path.exists():
        note(f"making {path} ...")
        with open(f"{path}.part", "wb") as file:
            subprocess.run([BUILD / "events", str(rows)], stdout=file, check=True)
        os.rename(f"{path}.part", path)
    return path


def batches(path):
    """The file's rows in pieces of BATCH_ROWS."""
    with open(path, "rb") as file:
        lines = []
        for line in file:
            lines.append(line)
            if len(lines) == BATCH_ROWS:
                yield b"".join(lines)
                lines = []
        if lines:
            yield b"".join(lines)


def check(count, rows, who):
    if int(count) != rows:
        raise RuntimeError(f"{who} has {count} rows, not {rows}")


def weir_http(path, rows, bulk):
    server = Server()
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    sql = "INSERT INTO events FORMAT JSONEachRow"
    cpu, seconds = server.cpu_seconds(), 0.0
    if bulk:
        begin = time.monotonic()
        with open(path, "rb") as file:
            subprocess.run(
                ["curl", "-sS", "--fail-with-body", "-X", "POST", "-T", "-", server.url + "?query=" + sql.replace(" ", "%20")],
                stdin=file, check=True,
            )
        seconds = time.monotonic() - begin
    else:
        for body in batches(path):
            begin = time.monotonic()
            server.query(sql, body)
            seconds += time.monotonic() - begin
    check(server.query("SELECT count() FROM events"), rows, "weir")
    result = [seconds, server.cpu_seconds() - cpu, server.rss_peak_mb(), server.disk_mb()]
    server.stop()
    return result


class Mock:
    """bench/mock.c: a cluster inside librdkafka; it produces the stream's lines once go() is called, never far ahead of the reader."""

    def __init__(self, stream, count_url):
        reader, self.control = os.pipe()
        self.process = subprocess.Popen(
            ["bash", "-c", f"exec 3<&{reader}; exec \"$0\" \"$@\"", BUILD / "mock", "events", str(MOCK_PARTITIONS), count_url],
            stdin=stream, stdout=subprocess.PIPE, text=True, pass_fds=[reader],
        )
        stream.close()
        os.close(reader)
        self.address = self.process.stdout.readline().strip()

    def go(self):
        os.write(self.control, b"!")

    def stop(self):
        os.close(self.control)
        self.process.wait()


class LoadedBroker:
    """A real broker whose topic holds all events before the reader starts; the producer is idle then."""

    def __init__(self, path):
        import kafka

        self.broker = kafka.Broker()
        self.broker.start()
        self.address = self.broker.address
        self.broker.create_topic("events", PARTITIONS)
        note("loading the topic ...")
        with open(path, "rb") as file:
            subprocess.run([BUILD / "produce", self.address, "events", str(PARTITIONS)], stdin=file, check=True, stdout=sys.stderr)

    def go(self):
        pass

    def stop(self):
        self.broker.stop()


def weir_kafka(path, rows, mock):
    """From CREATE SOURCE until every row is in a durable segment."""
    server = Server()
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    count = "SELECT count() FROM events"
    cluster = Mock(open(path, "rb"), server.url + "?query=" + count.replace(" ", "%20")) if mock else LoadedBroker(path)
    try:
        cpu, begin = server.cpu_seconds(), time.monotonic()
        server.query(
            f"CREATE SOURCE feed INTO events FROM KAFKA (brokers = '{cluster.address}', topic = 'events') FORMAT JSONEachRow"
        )
        cluster.go()
        visible = None
        while True:
            if visible is None and int(server.query(count)) >= rows:
                visible = time.monotonic() - begin
            if int(server.query("SELECT sum(stored) FROM system.offset_ledger") or 0) >= rows:
                break
            time.sleep(0.02)
        seconds = time.monotonic() - begin
        check(server.query(count), rows, "weir")
        result = [seconds, server.cpu_seconds() - cpu, server.rss_peak_mb(), server.disk_mb()]
        note(f"visible after {visible:.2f} s, durable after {seconds:.2f} s")
        return result
    finally:
        server.stop()
        cluster.stop()


def clickhouse(path, rows, bulk):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query(f"CREATE TABLE bench.events ({SCHEMA}) {ENGINE}")
        seconds = 0.0
        if bulk:
            begin = time.monotonic()
            session.query(f"INSERT INTO bench.events SELECT * FROM file('{path}', JSONEachRow, '{SCHEMA}') SETTINGS max_insert_threads = 2, max_threads = 2")
            seconds = time.monotonic() - begin
        else:
            for body in batches(path):
                piece = pathlib.Path(directory.name) / "piece.ndjson"
                piece.write_bytes(body)
                begin = time.monotonic()
                session.query(f"INSERT INTO bench.events SELECT * FROM file('{piece}', JSONEachRow, '{SCHEMA}')")
                seconds += time.monotonic() - begin
        check(str(session.query("SELECT count() FROM bench.events")).strip(), rows, "ClickHouse")
        size = str(session.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'bench'")).strip()
        return f"{seconds} {size}"

    text, cpu, rss = child(work)
    directory.cleanup()
    return [float(text.split()[0]), cpu, rss, float(text.split()[1]) / 1e6]


def duckdb_insert(path, rows, bulk):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-duckdb-")
    names = {"DateTime64(3)": "TIMESTAMP_MS", "String": "VARCHAR", "UInt16": "USMALLINT", "UInt32": "UINTEGER", "Float64": "DOUBLE"}
    schema = ", ".join(f"{name} {names[kind]}" for name, kind in COLUMNS)
    structure = "{" + ", ".join(f"{name}: '{names[kind]}'" for name, kind in COLUMNS) + "}"

    def work():
        import duckdb

        database = os.path.join(directory.name, "events.duckdb")
        connection = duckdb.connect(database)
        connection.execute("SET threads = 2")
        connection.execute(f"CREATE TABLE events ({schema})")
        seconds = 0.0
        if bulk:
            begin = time.monotonic()
            connection.execute(f"INSERT INTO events SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {structure})")
            connection.execute("CHECKPOINT")
            seconds = time.monotonic() - begin
        else:
            for body in batches(path):
                piece = os.path.join(directory.name, "piece.ndjson")
                pathlib.Path(piece).write_bytes(body)
                begin = time.monotonic()
                connection.execute(f"INSERT INTO events SELECT * FROM read_json('{piece}', format = 'newline_delimited', columns = {structure})")
                seconds += time.monotonic() - begin
        check(connection.execute("SELECT count(*) FROM events").fetchone()[0], rows, "DuckDB")
        return f"{seconds} {os.path.getsize(database)}"

    text, cpu, rss = child(work)
    directory.cleanup()
    return [float(text.split()[0]), cpu, rss, float(text.split()[1]) / 1e6]


def run(options):
    rows = options.rows
    path = events_file(rows)
    size = path.stat().st_size
    cases = [
        ("ClickHouse, one INSERT", lambda: clickhouse(path, rows, True)),
        ("Weir, one HTTP INSERT", lambda: weir_http(path, rows, True)),
        ("DuckDB, one INSERT", lambda: duckdb_insert(path, rows, True)),
        ("Weir, Kafka mock", lambda: weir_kafka(path, rows, True)),
        ("Weir, Kafka broker", lambda: weir_kafka(path, rows, False)),
        (f"ClickHouse, batches of {BATCH_ROWS:,}", lambda: clickhouse(path, rows, False)),
        (f"Weir, HTTP batches of {BATCH_ROWS:,}", lambda: weir_http(path, rows, False)),
        (f"DuckDB, batches of {BATCH_ROWS:,}", lambda: duckdb_insert(path, rows, False)),
    ]
    lines, base = [], None
    for name, work in cases:
        if options.only and options.only not in name:
            continue
        note(f"{name} ...")
        try:
            seconds, cpu, rss, disk = work()
        except Exception as error:  # a peer that is missing must not lose the others' figures
            note(f"{name}: {error}")
            lines.append([name, f"failed: {str(error)[:100]}"] + [""] * 6)
            continue
        base = base or seconds
        lines.append([name, f"{rows / seconds / 1e6:.2f}", f"{base / seconds:.2f}", f"{size / seconds / 1e6:.0f}", f"{cpu:.1f}", f"{cpu / rows * 1e6:.2f}", f"{rss:.0f}", f"{disk:.0f}"])
        note(" | ".join(lines[-1]))
    return (
        f"## Ingest of {rows:,} events, {size / rows:.0f} bytes of JSON each, 12 columns\n\n"
        "Bar: >= 2.0 times ClickHouse's one INSERT, RSS < 500 MB. Durable when counted.\n\n"
        + table(["", "M rows/s", "times the first line", "MB/s", "CPU s", "CPU us/row", "peak RSS MB", "disk MB"], lines)
    )
