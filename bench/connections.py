"""Small queries over connections that are kept alive: requests a second, latencies and the server's processor time, with wrk beside
the server; and what connections that say nothing cost."""
import re
import socket
import subprocess
import time
import urllib.parse

from common import ENGINE, SCHEMA, Server, note, table

EVENTS = 100_000
STATEMENTS = [
    ("ping", None),
    ("SELECT 1", "SELECT 1"),
    ("one row by its key", "SELECT duration_ms FROM e WHERE service = 'service-7' ORDER BY ts DESC LIMIT 1"),
    ("an aggregate over 100,000 rows", "SELECT service, count(), avg(duration_ms) FROM e GROUP BY service ORDER BY service"),
]
CONNECTIONS = [1, 64, 1000]
SILENT = 5000
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


def milliseconds(text):
    value, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    return float(value) * UNITS_MS[unit]


def load(server, url, connections, seconds):
    before = server.cpu_seconds()
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "--timeout", "30s", url], check=True, capture_output=True, text=True
    ).stdout
    cpu = server.cpu_seconds() - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(out)
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec: +([0-9.]+)", out).group(1))
    half, most = (milliseconds(re.search(rf"{share}% +(\S+)", out).group(1)) for share in (50, 99))
    longest = milliseconds(re.search(r"Latency +\S+ +\S+ +(\S+)", out).group(1))
    return [f"{rate:,.0f}", f"{half:.2f}", f"{most:.2f}", f"{longest:.1f}", f"{cpu / requests * 1e6:.0f}"]


def silent(server):
    """Resident memory that each connection takes which was used once and is kept."""
    host, port = server.address.rsplit(":", 1)
    before = server.status_mb("VmRSS")
    sockets = []
    for _ in range(SILENT):
        connection = socket.create_connection((host, int(port)))
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1024)
        sockets.append(connection)
    after, cpu = server.status_mb("VmRSS"), server.cpu_seconds()
    time.sleep(5)
    idle = (server.cpu_seconds() - cpu) / 5
    for connection in sockets:
        connection.close()
    return (after - before) * 1024 / SILENT, idle


def run(options):
    server = Server("--connections-max", "10000")
    try:
        server.query(f"CREATE TABLE e ({SCHEMA}) {ENGINE}")
        server.query(
            "INSERT INTO e SELECT toDateTime64('2026-01-01 00:00:00', 3) + number, 'service-' || toString(number % 20), 'host-' || "
            "toString(number % 50), 'eu', 'info', 'GET', '/', 200, number % 977 / 10, number % 65536, number, toString(number) "
            f"FROM numbers({EVENTS})"
        )
        server.query("OPTIMIZE TABLE e FINAL")
        rows = []
        for name, sql in STATEMENTS:
            url = server.url + ("ping" if sql is None else "?" + urllib.parse.urlencode({"query": sql}))
            for connections in CONNECTIONS:
                rows.append([name, str(connections), *load(server, url, connections, options.seconds)])
                note("connections: " + ", ".join(rows[-1]))
        kilobytes, idle = silent(server)
    finally:
        server.stop()
    return (
        "## Small queries over kept connections\n\nwrk, one thread, beside the server on the same machine. Bar: 20,000 small queries/s with "
        "1,000 connections on two cores.\n\n"
        + table(["", "connections", "requests/s", "p50, ms", "p99, ms", "longest, ms", "server's CPU, us a request"], rows)
        + f"\n{SILENT:,} connections that were used once: {kilobytes:.1f} KiB of resident memory each, {idle * 100:.1f} % of a core while "
        "all are silent.\n"
    )
