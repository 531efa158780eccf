"""How fast queries end: statements that keep one operator busy, killed (KILL QUERY … SYNC) or left by their client, at
moments spread over their run.
"""
import http.client
import socket
import threading
import time
import urllib.parse

from common import Server, note, table

TRIES = 10
STATEMENTS = [
    ("scan, filter", "SELECT count() FROM t AS a WHERE s LIKE '%9%8%7%' AND x % 7 = 3 OR s LIKE '%77%66%'"),
    ("GROUP BY, many groups", "SELECT x, s, count() FROM t GROUP BY x, s ORDER BY count() LIMIT 1"),
    ("GROUP BY, sets", "SELECT uniqExact(s), uniqExact(x), groupArray(s) FROM t FORMAT Null"),
    ("ORDER BY", "SELECT * FROM t ORDER BY s, x DESC FORMAT Null"),
    ("DISTINCT", "SELECT count() FROM (SELECT DISTINCT s, x FROM t)"),
    ("JOIN", "SELECT count(), sum(a.x) FROM t AS a JOIN t AS b ON a.s = b.s"),
    ("CROSS JOIN", "SELECT count() FROM t AS a, t AS b WHERE a.x + b.x = -1"),
    ("window", "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY k ORDER BY s) AS r FROM t)"),
    ("window, sums", "SELECT max(r) FROM (SELECT sum(x) OVER (PARTITION BY k ORDER BY x ROWS BETWEEN 1000 PRECEDING AND CURRENT ROW) AS r FROM t)"),
    ("ARRAY JOIN", "SELECT count() FROM (SELECT arrayJoin(range(1000)) AS e FROM t WHERE x >= 0) WHERE e = 12345"),
    ("arrays and lambdas", "SELECT sum(length(arraySort(z -> -z, arrayMap(y -> y * x, range(300))))) FROM t"),
    ("regular expressions", "SELECT count() FROM t WHERE match(s, '(a|b|c)*[0-9]+(7|8)+x')"),
    ("INTERSECT", "SELECT count() FROM (SELECT s FROM t INTERSECT SELECT s FROM t WHERE x > 5)"),
    ("numbers", "SELECT sum(sipHash64(number)) FROM numbers(100000000000)"),
    ("a long reply", "SELECT s, x, k FROM t, numbers(1000)"),
]


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


def ends(server, control, sql, delay, leaves):
    """Milliseconds from the kill, or from the client's end, to the query's; None: it was over before."""
    query_id = f"kill{time.monotonic_ns()}"
    connection = start(server, sql, query_id)
    if not leaves:
        threading.Thread(target=drain, args=(connection,), daemon=True).start()
    time.sleep(delay)
    if not ask(control, f"SELECT 1 FROM system.processes WHERE query_id = '{query_id}'"):
        return None
    begin = time.perf_counter()
    if leaves:
        connection.close()
        while ask(control, f"SELECT 1 FROM system.processes WHERE query_id = '{query_id}'"):
            pass
    else:
        ask(control, f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
        connection.close()
    return (time.perf_counter() - begin) * 1000


def run(options):
    rows = min(options.rows, 5_000_000)
    server = Server("--threads", "2")
    lines = []
    try:
        server.query("CREATE TABLE t (x Int64, k UInt8, s String) ENGINE = MergeTree ORDER BY x")
        server.query(f"INSERT INTO t SELECT number, number % 3, concat('a', toString(sipHash64(number)), 'x') FROM numbers({rows})")
        control = http.client.HTTPConnection(server.address)
        for name, sql in STATEMENTS:
            note(f"kill: {name} ...")
            cells = []
            for leaves in (False, True):
                times = [ends(server, control, sql, 0.01 + 0.06 * number, leaves) for number in range(TRIES)]
                times = sorted(value for value in times if value is not None)
                cells += [f"{times[len(times) // 2]:.1f}", f"{times[-1]:.1f}", len(times)] if times else ["-", "-", 0]
            lines.append([name, *cells])
    finally:
        server.stop()
    return (
        f"## Killed queries, over {rows:,} rows\n\nMilliseconds until the query is gone, over HTTP. Bar: 50. A client that hangs up is noticed by looking every 20 ms.\n\n"
        + table(["busy with", "KILL SYNC, median", "longest", "tries", "client hangs up, median", "longest", "tries"], lines)
    )
