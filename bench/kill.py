"""How fast queries end: statements that each keep one operator or function busy (tests/integration/busy.py), killed (KILL QUERY …
SYNC) or left by their client, at random moments of their run.

The first line is a statement that looks at its flag all the time: what it takes is HTTP's and the machine's; the others are to be
compared with it. `--only WORDS` takes the statements whose name holds WORDS, `--tries N` measures each N times in both ways.
"""
import http.client
import pathlib
import random
import socket
import sys
import threading
import time
import urllib.parse

from common import ROOT, Server, note, table

sys.path.insert(0, str(pathlib.Path(ROOT) / "tests/integration"))
import busy  # noqa: E402

BIG = "100000000000000"
TRIVIAL = ("numbers, nothing to do", "SELECT count() FROM numbers({big}) WHERE NOT ignore(number)")
RUN_SECONDS = 1.5  # killed within so much of a statement's time
BAR_MS = 50


def start(server, sql, query_id):
    """A connection whose query runs."""
    host, port = server.address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    path = "/?" + urllib.parse.urlencode({"query_id": query_id, "use_partial_cache": 0})
    body = sql.encode()
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def drain(connection):
    try:
        while connection.recv(1 << 16):
            pass
    except OSError:
        pass


def ask(control, sql):
    control.request("POST", "/", body=sql.encode())
    return control.getresponse().read().decode()


def runs(control, query_id):
    return ask(control, f"SELECT 1 FROM system.processes WHERE query_id = '{query_id}' AND query_kind != ''") != ""


def begin(server, control, sql, reads):
    """A statement that has been understood, or has ended already."""
    query_id = f"kill{time.monotonic_ns()}"
    connection = start(server, sql, query_id)
    if reads:
        threading.Thread(target=drain, args=(connection,), daemon=True).start()
    for _ in range(5):
        if runs(control, query_id):
            break
    return query_id, connection


def length(server, control, sql):
    """Seconds that the statement takes, RUN_SECONDS at most."""
    since = time.perf_counter()
    query_id, connection = begin(server, control, sql, True)
    while runs(control, query_id) and time.perf_counter() - since < RUN_SECONDS:
        time.sleep(0.005)
    taken = time.perf_counter() - since
    ask(control, f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
    connection.close()
    return taken


def ends(server, control, sql, moment, leaves):
    """Milliseconds from the kill, or from the client's end, to the query's; None: it was over before."""
    query_id, connection = begin(server, control, sql, not leaves)
    time.sleep(moment)
    if not runs(control, query_id):
        connection.close()
        return None
    since = time.perf_counter()
    if leaves:
        connection.close()
        while runs(control, query_id):
            pass
    else:
        ask(control, f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
    taken = (time.perf_counter() - since) * 1000
    connection.close()
    return taken


def cells(times):
    """Median, 99th percentile, longest."""
    if not times:
        return ["-", "-", "-"]
    times = sorted(times)
    return [f"{value:.1f}" for value in (times[len(times) // 2], times[(len(times) * 99 - 1) // 100], times[-1])]


def run(options):
    rows = min(options.rows, 3_000_000)
    server = Server("--threads", "2")
    chance = random.Random(1)
    lines, slow = [], []
    everything = {False: [], True: []}
    try:
        for sql in busy.prepare(rows):
            server.query(sql)
        control = http.client.HTTPConnection(server.address)
        for name, sql in [TRIVIAL] + [statement for statement in busy.STATEMENTS if options.only in statement[0]]:
            sql = sql.replace("{big}", BIG)
            longest = length(server, control, sql)
            line = [name]
            for leaves in (False, True):
                times = [ends(server, control, sql, chance.uniform(0, longest * 0.9), leaves) for _ in range(options.tries)]
                times = [value for value in times if value is not None]
                everything[leaves] += times
                line += cells(times)
                slow += [name] if times and max(times) > BAR_MS else []
            lines.append(line)
            note(f"kill: {', '.join(line)}")
        lines.append(["**all**", *cells(everything[False]), *cells(everything[True])])
    finally:
        server.stop()
    header = ["busy with", "KILL SYNC, median", "p99", "longest", "client hangs up, median", "p99", "longest"]
    return (
        f"## Killed queries, over {rows:,} rows\n\nMilliseconds until the query is gone, over HTTP; each {options.tries} times, at random moments of the "
        f"first {RUN_SECONDS} s. Bar: {BAR_MS}. A client that hangs up is noticed at once, within the first 20 ms of its query at their end.\n\n"
        + table(header, lines)
        + f"\nAbove the bar at least once: {', '.join(sorted(set(slow))) or 'none'}.\n"
    )
