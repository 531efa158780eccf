"""Small queries over connections that are kept alive: requests a second, latencies and the server's processor time, with wrk beside
the server; the same over TLS; and what connections that say nothing cost, plain ones and those of TLS."""
import os
import re
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse

from common import ENGINE, SCHEMA, Server, note, table

EVENTS = 100_000
KEY = "another row by its key each time"
STATEMENTS = [
    ("ping", None),
    ("SELECT 1", "SELECT 1"),
    (KEY, "SELECT duration_ms FROM e WHERE service = 'service-{}' AND ts = toDateTime64({}, 3)"),
    ("one service's last row", "SELECT duration_ms FROM e WHERE service = 'service-7' ORDER BY ts DESC LIMIT 1"),
    ("an aggregate over 100,000 rows", "SELECT service, count(), avg(duration_ms) FROM e GROUP BY service ORDER BY service"),
]
# wrk's script: who asks the same as another waits for the other's answer, so each asks for a row of its own
KEYS_SCRIPT = """
local n = 0
request = function()
    n = n + 1
    return wrk.format("GET", "/?" .. string.format(%s, n %% 20, 1767225600 + n %% 100000))
end
"""
CONNECTIONS = [1, 64, 1000]
OVER_TLS = ("ping", "SELECT 1")
SILENT = 5000
UNITS_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


def milliseconds(text):
    value, unit = re.fullmatch(r"([0-9.]+)([a-z]+)", text).groups()
    return float(value) * UNITS_MS[unit]


def load(server, url, connections, seconds, script):
    before = server.cpu_seconds()
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "--timeout", "30s", *script, url], check=True, capture_output=True, text=True
    ).stdout
    cpu = server.cpu_seconds() - before
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(out)
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    rate = float(re.search(r"Requests/sec: +([0-9.]+)", out).group(1))
    half, most = (milliseconds(re.search(rf"{share}% +(\S+)", out).group(1)) for share in (50, 99))
    longest = milliseconds(re.search(r"Latency +\S+ +\S+ +(\S+)", out).group(1))
    return [f"{rate:,.0f}", f"{half:.2f}", f"{most:.2f}", f"{longest:.1f}", f"{cpu / max(requests, 1) * 1e6:.0f}"]


def secure(directory):
    """A port that is free, and the flags of a server that speaks HTTPS there."""
    certificate, key = os.path.join(directory, "server.pem"), os.path.join(directory, "server.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return port, ["--https-port", str(port), "--tls-certificate", certificate, "--tls-key", key]


def silent(server, port, context=None):
    """Resident memory that each connection takes which was used once and is kept."""
    host = server.address.rsplit(":", 1)[0]
    before = server.status_mb("VmRSS")
    sockets = []
    for _ in range(SILENT):
        connection = socket.create_connection((host, port))
        if context is not None:
            connection = context.wrap_socket(connection)
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
    keys = tempfile.TemporaryDirectory(prefix="weir-bench-tls-")
    tls_port, flags = secure(keys.name)
    server = Server("--connections-max", "10000", *flags)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
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
            path = "ping" if sql is None else "?" + urllib.parse.urlencode({"query": sql})
            script = []
            if name == KEY:
                script, path = ["-s", os.path.join(keys.name, "keys.lua")], ""
                with open(script[1], "w", encoding="utf-8") as file:
                    query = urllib.parse.urlencode({"query": sql}, safe="{}").replace("%", "%%").replace("{}", "%d")
                    file.write(KEYS_SCRIPT % f'"{query}"')
            bases = [(name, server.url)] + ([(f"{name}, TLS", f"https://127.0.0.1:{tls_port}/")] if name in OVER_TLS else [])
            for shown, base in bases:
                for connections in CONNECTIONS:
                    rows.append([shown, str(connections), *load(server, base + path, connections, options.seconds, script)])
                    note("connections: " + ", ".join(rows[-1]))
        server.stop()
        server = Server("--connections-max", "10000")  # of its own: what others leave is given back at any time
        kilobytes, idle = silent(server, int(server.address.rsplit(":", 1)[1]))
        server.stop()
        server = Server("--connections-max", "10000", *flags)
        kilobytes_tls, idle_tls = silent(server, tls_port, context)
    finally:
        server.stop()
        keys.cleanup()
    return (
        "## Small queries over kept connections\n\nwrk, one thread, beside the server on the same machine. Bar: 20,000 small queries/s with "
        "1,000 connections on two cores. Over TLS the handshakes are part of it.\n\n"
        + table(["", "connections", "requests/s", "p50, ms", "p99, ms", "longest, ms", "server's CPU, us a request"], rows)
        + f"\n{SILENT:,} connections that were used once: {kilobytes:.1f} KiB of resident memory each, {idle * 100:.1f} % of a core while "
        f"all are silent; over TLS {kilobytes_tls:.1f} KiB and {idle_tls * 100:.1f} %.\n"
    )
