"""Whole tables out and in: SELECT * of all rows as Native, ArrowStream, RowBinary, JSONEachRow, TabSeparated and Parquet,
INSERT of them as the first three; Weir over HTTP and ClickHouse (chdb) in its own process, in one run.

A figure is rows a second of processor time: the server's for Weir, sockets included; for ClickHouse those of a process that
writes to /dev/null or reads a file, less what the same process takes that does nothing. Each is the best of TRIES.
"""
import http.client
import os
import pathlib
import tempfile

from common import ENGINE, SCHEMA, Server, child, note, table
from ingest import events_file
from scan import cpu_seconds

OUT = ["Native", "ArrowStream", "RowBinary", "JSONEachRow", "TabSeparated", "Parquet"]
IN = ["Native", "ArrowStream", "RowBinary"]
TRIES = 3
PIECE_BYTES = 1 << 20
PEER_TABLE = f"({SCHEMA}) {ENGINE}"


def weir_read(server, name, file=None):
    """The server's processor time of one SELECT; its bytes go to the file, if there is one."""
    begin = cpu_seconds(server.process.pid)
    connection = http.client.HTTPConnection(server.address)
    connection.request("POST", "/?max_threads=1", body=f"SELECT * FROM events FORMAT {name}".encode())
    reply = connection.getresponse()
    if reply.status != 200:
        raise RuntimeError(reply.read().decode())
    while piece := reply.read(PIECE_BYTES):
        if file:
            file.write(piece)
    connection.close()
    return cpu_seconds(server.process.pid) - begin


def weir_write(server, path, name, rows):
    server.query("DROP TABLE IF EXISTS copy")
    server.query(f"CREATE TABLE copy ({SCHEMA}) {ENGINE}")
    begin = cpu_seconds(server.process.pid)
    with open(path, "rb") as file:
        server.query(f"INSERT INTO copy FORMAT {name}", file)
    seconds = cpu_seconds(server.process.pid) - begin
    count = int(server.query("SELECT count() FROM copy"))
    if count != rows:
        raise RuntimeError(f"{name}: {count} rows are there, not {rows}")
    return seconds


class Peer:
    """chdb over a directory: a process for each statement."""

    def __init__(self, rows):
        self.directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")
        self.run(
            "CREATE DATABASE bench",
            f"CREATE TABLE bench.events {PEER_TABLE}",
            f"INSERT INTO bench.events SELECT * FROM file('{events_file(rows)}', 'JSONEachRow')",
        )
        self.idle = min(self.run("SELECT count() FROM bench.events") for _ in range(TRIES))

    def run(self, *statements):
        def work():
            from chdb.session import Session  # pylint: disable=import-outside-toplevel

            session = Session(self.directory.name)
            for statement in statements:
                session.query(statement)
            session.close()
            return ""

        return child(work)[1]

    def read(self, name):
        return self.run(f"SELECT * FROM bench.events INTO OUTFILE '/dev/null' TRUNCATE FORMAT {name} SETTINGS max_threads = 1") - self.idle

    def write(self, path, name):
        self.run("DROP TABLE IF EXISTS bench.copy", f"CREATE TABLE bench.copy {PEER_TABLE}")
        return self.run(f"INSERT INTO bench.copy FROM INFILE '{path}' FORMAT {name}") - self.idle


def line(what, rows, ours, theirs):
    return (what, f"{rows / ours / 1e6:.2f}", f"{rows / theirs / 1e6:.2f}", f"{theirs / ours:.2f} ×")


def run(options):
    note("formats: loading ...")
    lines = []
    server = Server()
    server.query(f"CREATE TABLE events ({SCHEMA}) {ENGINE}")
    with open(events_file(options.rows), "rb") as file:
        server.query("INSERT INTO events FORMAT JSONEachRow", file)
    peer = Peer(options.rows)
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-formats-")
    for name in OUT:
        note(f"formats: {name} ...")
        ours = min(weir_read(server, name) for _ in range(TRIES))
        lines.append(line(f"SELECT, {name}", options.rows, ours, min(peer.read(name) for _ in range(TRIES))))
    for name in IN:
        note(f"formats: INSERT, {name} ...")
        path = pathlib.Path(directory.name) / name
        with open(path, "wb") as file:
            weir_read(server, name, file)
        ours = min(weir_write(server, path, name, options.rows) for _ in range(TRIES))
        lines.append(line(f"INSERT, {name}", options.rows, ours, min(peer.write(path, name) for _ in range(TRIES))))
        os.remove(path)
    server.stop()
    title = f"## Formats: {options.rows:,} rows of {len(SCHEMA.split(', '))} columns, million rows a second of processor time\n\n"
    return title + table(["", "Weir", "ClickHouse", "ratio"], lines)
