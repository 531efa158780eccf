"""Live queries: snapshots and changes over SSE and WebSocket, their rights, limits and ends."""
import json
import socket
import struct

import pytest
import websocket
from live import Stream, apply, rows
from tls import Authority, SecureServer
from weir import DEADLINE, QueryError, wait_until

COUNT = "SELECT k, count() AS n, sum(v) AS s FROM {table} GROUP BY k"


@pytest.fixture
def table(shared, request):
    name = request.node.name.split("[")[0]
    shared.query(f"CREATE TABLE {name} (k String, v Int64) ENGINE = MergeTree ORDER BY k")
    shared.query(f"INSERT INTO {name} VALUES ('a', 1), ('b', 2)")
    yield name
    shared.query(f"DROP TABLE IF EXISTS {name}")


def live(server, table):
    """system.live_queries' row of the query that reads the table."""
    columns = "id, viewers, runs, failures, version, rows, mode, last_error"
    found = server.rows(f"SELECT {columns} FROM system.live_queries WHERE position(query, '{table}') > 0 AND viewers > 0")
    assert len(found) <= 1
    return dict(zip(columns.split(", "), found[0])) if found else None


def test_snapshot_then_changes(shared, table):
    stream = Stream(shared, query=COUNT.format(table=table) + " ORDER BY s DESC EMIT CHANGES")
    assert stream.status == 200 and stream.headers["Content-Type"].startswith("text/event-stream")
    first = stream.take()
    assert {name: first[name] for name in ("id", "type", "key", "rows", "order", "mode")} == {
        "id": "", "type": "snapshot", "key": [0], "rows": [["b", 1, 2], ["a", 1, 1]], "mode": "incremental",
        "order": [{"column": 2, "descending": True, "nulls_first": False}]}
    assert [column["type"] for column in first["columns"]] == ["String", "UInt64", "Int64"]
    shared.query(f"INSERT INTO {table} VALUES ('a', 10), ('c', 5)")
    change = stream.take()
    assert (change["type"], sorted(change["upsert"]), change["delete"]) == ("change", [["a", 2, 11], ["c", 1, 5]], [])
    assert change["seq"] > first["seq"] and change["data_time"] > first["data_time"]
    shared.query(f"ALTER TABLE {table} DELETE WHERE k = 'b'")
    change = stream.take()
    assert (change["upsert"], change["delete"]) == ([], [["b"]])
    shared.query(f"TRUNCATE TABLE {table}")
    assert sorted(stream.take()["delete"]) == [["a"], ["c"]]
    # what does not change the answer is not sent: what comes next is of the row behind it
    shared.query(f"INSERT INTO {table} VALUES ('z', 0)")
    stream.until_rows([["z", 1, 0]])
    runs = live(shared, table)["runs"]
    shared.query(f"OPTIMIZE TABLE {table} FINAL")
    shared.query(f"INSERT INTO {table} SELECT 'y', 1 WHERE 0")
    shared.query(f"INSERT INTO {table} VALUES ('z', 1)")
    assert stream.take()["upsert"] == [["z", 2, 1]]
    assert live(shared, table)["runs"] > runs
    stream.close()


def test_errors_before_the_stream(shared, table):
    for query, status, code in [("SELECT * FROM nothing EMIT CHANGES", 404, 60), ("SELECT 1 EMIT EVERYTHING", 400, 62),
                                (f"SELECT w FROM {table} EMIT CHANGES", 404, 47), (f"SELECT w FROM {table} EMIT ROWS", 404, 47),
                                ("SELECT 1 EMIT ROWS", 501, 48)]:
        stream = Stream(shared, query=query)
        assert (stream.status, int(stream.headers["X-ClickHouse-Exception-Code"])) == (status, code), stream.body()


@pytest.mark.parametrize("query, key, wanted", [
    ("SELECT count() FROM {t}", [], [[3]]),
    ("SELECT sum(v) FROM {t} GROUP BY k", [], [[2], [6]]),
    ("SELECT v, k FROM {t}", [], [[1, "a"], [2, "b"], [5, "a"]]),
    ("SELECT upper(k), count() FROM {t} GROUP BY k", [], [["A", 2], ["B", 1]]),
    ("SELECT upper(k) AS u, count() FROM {t} GROUP BY u", [0], [["A", 2], ["B", 1]]),
    ("SELECT count(), k AS x, k AS y FROM {t} GROUP BY k ORDER BY y LIMIT 1", [1], [[2, "a", "a"]]),
    ("SELECT k, v % 2 AS odd, max(v) FROM {t} GROUP BY odd, k", [1, 0], [["a", 1, 5], ["b", 0, 2]]),
    ("SELECT k, count() FROM {t} GROUP BY k ORDER BY sum(v)", [], [["a", 2], ["b", 1]]),
    ("SELECT k, n, rank() OVER (ORDER BY n) FROM (SELECT k, count() AS n FROM {t} GROUP BY k)", [0], [["b", 1, 1], ["a", 2, 2]]),
    ("SELECT k, count() FROM {t} GROUP BY k WITH ROLLUP", [], [["a", 2], ["b", 1], ["", 3]]),
    ("SELECT l.k, count() FROM {t} AS l JOIN {t} AS r ON l.k = r.k GROUP BY l.k", [0], [["a", 4], ["b", 1]]),
    ("SELECT k, count() FROM {t} WHERE v IN (SELECT max(v) FROM {t}) GROUP BY k", [0], [["a", 1]]),
    ("SELECT k, (SELECT count() FROM {t}) AS all FROM {t} GROUP BY k", [0], [["a", 3], ["b", 3]]),
    ("SELECT if(k = 'a', NULL, k) AS x, count() FROM {t} GROUP BY x", [0], [[None, 2], ["b", 1]]),
    ("SELECT * FROM (SELECT k FROM {t} GROUP BY k UNION ALL SELECT 'c')", [], [["a"], ["b"], ["c"]]),
])
def test_any_query(shared, table, query, key, wanted):
    stream = Stream(shared, query=query.format(t=table), live=1, min_interval_ms=10)
    assert stream.status == 200, stream.body()
    first = stream.take()
    assert first["key"] == key
    shared.query(f"INSERT INTO {table} VALUES ('a', 5)")
    def text(rows):
        return sorted(map(json.dumps, rows))
    while text(stream.state[""]["rows"].values()) != text(wanted):
        assert stream.take() is not None
    assert text(shared.rows(query.format(t=table))) == text(wanted)
    stream.close()


@pytest.mark.parametrize("query, key", [
    ("SELECT tumble_start AS b, k, count() FROM {t} GROUP BY tumble(ts, INTERVAL 1 MINUTE), k ORDER BY b DESC LIMIT 7", [0, 1]),
    ("SELECT k, sum(v), hop_end FROM {t} GROUP BY hop(ts, INTERVAL 1 MINUTE, INTERVAL 3 MINUTE), k", [2, 0]),
    ("SELECT session_start, session_end, count() AS n FROM {t} GROUP BY session(ts, INTERVAL 1 MINUTE)", [0]),
    ("SELECT tumble(ts, INTERVAL 1 MINUTE).2 + 1 AS e, count() FROM {t} GROUP BY tumble(ts, INTERVAL 1 MINUTE)", []),
    ("SELECT pair.1 AS half, count() FROM (SELECT (k, ts) AS pair FROM {t}) GROUP BY pair", []),
])
def test_windows_are_told_apart_by_their_ends(shared, query, key):
    """A window's begin, or its end, is a key of the answer: what comes later changes rows, joins sessions, and brings no snapshot."""
    shared.query("CREATE OR REPLACE TABLE ended (ts DateTime, k String, v UInt64) ENGINE = MergeTree ORDER BY ts")
    shared.query("INSERT INTO ended SELECT 1700000000 + number * 30, toString(number % 3), number FROM numbers(40) WHERE number NOT IN (17, 18, 19, 30, 31)")
    query = query.format(t="ended")
    stream = Stream(shared, query=query, live=1, min_interval_ms=10)
    assert stream.take()["key"] == key
    for seconds in (18 * 30, 31 * 30, 5, 40 * 30, 90 * 30):
        shared.query(f"INSERT INTO ended VALUES ({1700000000 + seconds}, '1', {seconds})")
        wanted = sorted(shared.rows(query))
        event = {}
        while stream.rows() != wanted:
            event = stream.take()
            assert event["type"] == ("change" if key else "snapshot")
        assert event or wanted == stream.rows()
    stream.close()
    shared.query("DROP TABLE ended")


def test_many_in_one_connection(shared, table):
    wishes = [{"id": "n", "query": f"SELECT count() FROM {table} WHERE k = {{k:String}}", "parameters": {"k": "a"}},
              {"id": "all \"quoted\"", "query": COUNT.format(table=table) + " EMIT CHANGES", "min_interval_ms": 20},
              {"id": "quoted", "query": f"SELECT toUInt64(count()) FROM {table}", "settings": {"output_format_json_quote_64bit_integers": 1}},
              {"id": "wrong", "query": "SELECT nothing"},
              {"id": "gone", "query": f"SELECT count() FROM nowhere.{table}"}]
    for post in (False, True):
        stream = Stream(shared, wishes, post=post)
        while len(stream.state) < 5:
            assert stream.take() is not None
        assert stream.rows("n")[0][0] > 0 and stream.rows("quoted")[0][0].isdigit()
        assert stream.state["wrong"]["error"]["final"] and stream.state["gone"]["error"]["code"] in (60, 81)
        before = stream.rows("n")[0][0]
        shared.query(f"INSERT INTO {table} VALUES ('a', 1)")
        stream.until_rows([[before + 1]], "n")
        stream.close()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"subscriptions":[]}', b'{"subscriptions":[1]}', b'{"subscriptions":[{"id":"a"}]}',
                                  b'{"subscriptions":[{"query":"SELECT 1","id":7}]}', b'{"subscriptions":[{"query":"SELECT 1","ids":"a"}]}',
                                  b'{"subscriptions":[{"query":"SELECT 1","parameters":[]}]}',
                                  b'{"subscriptions":[{"query":"SELECT 1","settings":{"a":{}}}]}',
                                  b'{"subscriptions":[{"query":"SELECT 1"},{"query":"SELECT 2"}]}', b"[" * 100000, b"\xff\xfe"])
def test_bad_subscriptions(shared, body):
    reply = shared.session.post(shared.url_of("/live"), data=body, timeout=DEADLINE)
    assert reply.status_code == 400 and "Code: 36" in reply.text, reply.text


def test_one_computation(shared, table):
    query = COUNT.format(table=table)
    streams = [Stream(shared, [{"id": str(i), "query": query}]) for i in range(20)]
    for i, stream in enumerate(streams):
        stream.until_rows([["a", 1, 1], ["b", 1, 2]], str(i))
    one = live(shared, table)
    assert one["viewers"] == 20 and one["runs"] <= 2 and one["mode"] == "incremental"
    assert shared.query(f"SELECT count() FROM system.processes WHERE query_kind = 'Live' AND query_id = '{one['id']}'") == "1\n"
    runs = one["runs"]
    shared.query(f"INSERT INTO {table} VALUES ('a', 1)")
    for i, stream in enumerate(streams):
        stream.until_rows([["a", 2, 2], ["b", 1, 2]], str(i))
    assert live(shared, table)["runs"] == runs + 1
    for stream in streams:
        stream.close()
    wait_until(lambda: live(shared, table) is None, "the viewers are gone")
    shared.query(f"INSERT INTO {table} VALUES ('a', 1)")  # for nobody
    assert shared.value(f"SELECT max(runs) FROM system.live_queries WHERE position(query, '{table}') > 0") == runs + 1


def test_resume(shared, table):
    wishes = [{"id": "x", "query": COUNT.format(table=table)}, {"id": "y", "query": f"SELECT count() FROM {table}"}]
    stream = Stream(shared, wishes)
    stream.until_rows([["a", 1, 1], ["b", 1, 2]], "x")
    stream.until_rows([[2]], "y")
    token, state = stream.token, stream.state
    stream.close()
    shared.query(f"INSERT INTO {table} VALUES ('c', 1)")
    shared.query(f"ALTER TABLE {table} DELETE WHERE k = 'a'")
    again = Stream(shared, wishes, after=token)
    again.state = state
    event = again.until(lambda event: event["id"] == "x")
    assert (event["type"], event["upsert"], event["delete"]) == ("change", [["c", 1, 1]], [["a"]])
    again.until_rows([["b", 1, 2], ["c", 1, 1]], "x")
    again.until_rows([[2]], "y")
    token = again.token
    again.close()
    # nothing new: nothing is sent before something changes
    third = Stream(shared, wishes, after=token)
    third.state = again.state
    shared.query(f"INSERT INTO {table} VALUES ('c', 1)")
    assert third.until(lambda event: event["id"] == "x")["upsert"] == [["c", 2, 2]]
    third.close()
    for bad in ("", "x", "0.1-1", token[:3], "f" * 5000, token.split(".")[0] + ".ffffffffffffffff-1,1-ffffffffffffffff"):
        stream = Stream(shared, wishes, after=bad)
        stream.until_rows([["b", 1, 2], ["c", 2, 2]], "x")
        stream.close()


def test_a_slow_viewer_gets_the_last_state(shared, table):
    query = f"SELECT k, max(v) AS m, repeat('x', 20000) AS filler FROM {table} GROUP BY k"
    slow = Stream(shared, [{"id": "s", "query": query, "min_interval_ms": 10}], rcvbuf=4096)
    fast = Stream(shared, [{"id": "s", "query": query, "min_interval_ms": 10}])
    keys = [f"k{i}" for i in range(20)]
    for number in range(1, 61):
        shared.query(f"INSERT INTO {table} VALUES " + ", ".join(f"('{key}', {number})" for key in keys))
        fast.until(lambda event: all(fast.state["s"]["rows"].get(json.dumps([key]), [0, 0])[1] == number for key in keys))
    assert shared.metric("weir_live_memory_bytes") < 20e6
    sent = 0
    while not all(slow.state.get("s", {"rows": {}})["rows"].get(json.dumps([key]), [0, 0])[1] == 60 for key in keys):
        assert slow.take() is not None
        sent += 1
    assert rows(slow.state["s"]) == rows(fast.state["s"]) and sent < 40, sent
    slow.close()
    fast.close()


def test_dropped_and_made_again(shared, table):
    stream = Stream(shared, query=COUNT.format(table=table) + " EMIT CHANGES")
    assert stream.take()["type"] == "snapshot"
    shared.query(f"DROP TABLE {table}")
    error = stream.take()
    assert (error["type"], error["code"], error["final"]) == ("error", 60, False)
    shared.query(f"CREATE TABLE {table} (k String, v Int64) ENGINE = MergeTree ORDER BY k")
    event = stream.take()
    assert (event["type"], event["rows"]) == ("snapshot", [])
    shared.query(f"ALTER TABLE {table} RENAME COLUMN v TO w")
    assert stream.take()["code"] == 47
    shared.query(f"ALTER TABLE {table} RENAME COLUMN w TO v")
    assert stream.take()["type"] == "snapshot"
    stream.close()


def test_views_and_joined_tables(shared, table):
    shared.query(f"CREATE MATERIALIZED VIEW {table}_mv ENGINE = SummingMergeTree ORDER BY k AS SELECT k, v FROM {table}")
    shared.query(f"CREATE VIEW {table}_v AS SELECT k, count() AS n FROM {table} GROUP BY k")
    streams = [Stream(shared, query=f"SELECT k, sum(v) FROM {table}_mv GROUP BY k EMIT CHANGES"),
               Stream(shared, query=f"SELECT k, n FROM {table}_v EMIT CHANGES")]
    for stream in streams:
        stream.take()
    shared.query(f"INSERT INTO {table} VALUES ('c', 7)")
    streams[0].until_rows([["c", 7]])
    streams[1].until_rows([["a", 1], ["b", 1], ["c", 1]])
    for stream in streams:
        stream.close()
    shared.query(f"DROP VIEW {table}_mv")
    shared.query(f"DROP VIEW {table}_v")


def test_time_moves_the_window(shared):
    shared.query("CREATE TABLE ticks (ts DateTime64(3)) ENGINE = MergeTree ORDER BY ts")
    stream = Stream(shared, query="SELECT count() FROM ticks WHERE ts > now64(3) - INTERVAL 300 MILLISECOND EMIT CHANGES", min_interval_ms=20)
    stream.until_rows([[0]])
    shared.query("INSERT INTO ticks SELECT now64(3)")
    stream.until_rows([[1]])
    stream.until_rows([[0]])  # nothing but the time has changed
    stream.close()
    polled = Stream(shared, query="SELECT max(number) FROM numbers(3) EMIT CHANGES")
    polled.until_rows([[2]])
    polled.close()
    shared.query("DROP TABLE ticks")


def test_rights_are_asked_again(make_server):
    server = make_server()
    server.query("CREATE TABLE t (k String) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE USER eve IDENTIFIED BY 'x'")
    refused = Stream(server, query="SELECT count() FROM t EMIT CHANGES", user="eve", password="x")
    assert refused.status == 403 and "ACCESS_DENIED" in refused.body()
    assert Stream(server, [{"query": "SELECT 1"}], user="eve", password="y").status == 403
    server.query("GRANT SELECT ON default.t TO eve")
    stream = Stream(server, query="SELECT count() FROM t EMIT CHANGES", user="eve", password="x")
    other = Stream(server, query="SELECT count() FROM t EMIT CHANGES")
    stream.until_rows([[0]])
    other.until_rows([[0]])
    assert len(server.rows("SELECT id FROM system.live_queries")) == 2  # each user their own
    assert server.query("SELECT count() FROM system.live_queries", user="eve", password="x") == "1\n"
    server.query("REVOKE SELECT ON default.t FROM eve")
    error = stream.take()
    assert (error["type"], error["code"], error["final"]) == ("error", 497, True)
    assert stream.take() is None
    server.query("INSERT INTO t VALUES ('a')")
    other.until_rows([[1]])
    server.query("GRANT SELECT ON default.t TO eve")
    stream = Stream(server, query="SELECT count() FROM t EMIT CHANGES", user="eve", password="x")
    stream.until_rows([[1]])
    server.query("DROP USER eve")
    assert stream.take()["final"]
    with pytest.raises(QueryError, match="NOT_IMPLEMENTED"):
        server.query("SELECT 1 EMIT ROWS")


def test_kill(shared, table):
    stream = Stream(shared, query=COUNT.format(table=table) + " EMIT CHANGES")
    stream.take()
    found = live(shared, table)["id"]
    assert shared.query(f"KILL QUERY WHERE query_id = '{found}'").startswith("waiting\t" + found)
    error = stream.take()
    assert (error["code"], error["final"]) == (394, True)
    assert stream.take() is None
    stream = Stream(shared, query=COUNT.format(table=table) + " EMIT CHANGES")
    assert stream.take()["type"] == "snapshot"
    stream.close()


def test_limits(make_server):
    server = make_server("--live-viewers-max", "3", "--live-subscriptions-max", "7", "--live-subscriptions-per-viewer-max", "4",
                         "--live-queries-max", "4", "--live-memory-max", "200000")
    server.query("CREATE TABLE t (k UInt64) ENGINE = MergeTree ORDER BY k")
    def wishes(count, first=0):
        return [{"id": str(i), "query": f"SELECT {first + i}, count() FROM t"} for i in range(count)]
    many = Stream(server, wishes(5))
    assert many.status == 503 and "live_subscriptions_per_viewer_max" in many.body()
    first = Stream(server, wishes(4))
    while len(first.state) < 4:
        first.take()
    more = Stream(server, wishes(4))
    assert more.status == 503 and "live_subscriptions_max" in more.body()
    second = Stream(server, wishes(2, first=3))  # one that is there, one too many
    while len(second.state) < 2:
        second.take()
    errors = [one["error"]["message"] for one in second.state.values() if "error" in one]
    assert len(errors) == 1 and "live_queries_max" in errors[0]
    third = Stream(server, wishes(1))
    assert third.take()["type"] == "snapshot"
    fourth = Stream(server, wishes(1))
    assert fourth.status == 503 and "live_viewers_max" in fourth.body()
    second.close()
    first.close()
    wait_until(lambda: server.metric("weir_live_viewers") == 1, "the viewers are gone")
    fat = Stream(server, query="SELECT number, repeat('x', 1000) FROM numbers(1000) EMIT CHANGES")
    wait_until(lambda: fat.take()["code"] == 241, "memory is out")
    fat.close()
    assert server.stop() == 0


def test_the_server_stops(make_server):
    server = make_server()
    server.query("CREATE TABLE t (k UInt64) ENGINE = MergeTree ORDER BY k")
    streams = [Stream(server, query=f"SELECT count() + {i} FROM t EMIT CHANGES") for i in range(5)]
    sockets = [websocket.create_connection(f"ws://{server.address}/live", timeout=DEADLINE) for _ in range(3)]
    for one in sockets:
        one.send(json.dumps({"type": "subscribe", "id": "a", "query": "SELECT count() FROM t"}))
        assert json.loads(one.recv())["type"] == "snapshot"
    for stream in streams:
        stream.take()
    assert server.stop() == 0, server.log_text()[-3000:]
    for stream in streams:
        assert stream.take() is None
    for one in sockets:
        code, payload = one.recv_data()
        assert (code, struct.unpack("!H", payload[:2])[0]) == (websocket.ABNF.OPCODE_CLOSE, 1001)


def test_websocket(shared, table):
    connection = websocket.create_connection(f"ws://{shared.address}/live", timeout=DEADLINE, origin=f"http://{shared.address}")
    state = {}
    def take():
        event = json.loads(connection.recv())
        apply(state, event)
        return event
    def say(**message):
        connection.send(json.dumps(message))
    say(type="ping")
    assert take() == {"type": "pong"}
    say(type="subscribe", id="p", query=COUNT.format(table=table), min_interval_ms=20)
    assert take()["rows"] == [["a", 1, 1], ["b", 1, 2]]
    say(type="subscribe", id="p", query="SELECT 1")
    assert take()["message"].startswith("the connection has a subscription")
    say(type="subscribe", id="q", query=f"SELECT count() FROM {table} WHERE k = {{k:String}}", parameters={"k": "b"})
    assert take()["rows"] == [[1]]
    shared.query(f"INSERT INTO {table} VALUES ('b', 1)")
    while rows(state["q"]) != [[2]] or rows(state["p"]) != [["a", 1, 1], ["b", 2, 3]]:
        take()
    say(type="unsubscribe", id="q")
    say(type="unsubscribe", id="q")
    assert take()["id"] == "q"
    shared.query(f"INSERT INTO {table} VALUES ('b', 1)")
    assert take()["upsert"] == [["b", 3, 4]]
    for bad in ("", "[", "1", '"x"', "[1]", "{}", '{"type":1}', '{"type":"subscribe"}', '{"type":"subscribe","id":"z","query":""}', "[" * 100000):
        connection.send(bad)
        assert take()["type"] == "error", bad
    say(type="subscribe", id="w", query="SELECT nothing")
    assert take()["final"]
    connection.ping("hello")
    frame = connection.recv_frame()
    assert (frame.opcode, frame.data) == (websocket.ABNF.OPCODE_PONG, b"hello")
    message = json.dumps({"type": "ping"})
    connection.send_frame(websocket.ABNF.create_frame(message[:5], websocket.ABNF.OPCODE_TEXT, fin=0))
    connection.send_frame(websocket.ABNF.create_frame(message[5:], websocket.ABNF.OPCODE_CONT, fin=1))
    assert take() == {"type": "pong"}
    connection.close()
    wait_until(lambda: live(shared, table) is None, "the viewer is gone")


def shake_hands(server, *lines, path="/live"):
    """A raw connection after the request; the status and the socket."""
    connection = socket.create_connection((server.host, server.port), timeout=DEADLINE)
    connection.sendall("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {server.address}", *lines, "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(4096)
        assert piece, answer
        answer += piece
    return int(answer.split(b" ")[1]), connection


KEY = ("Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")


def test_bad_handshakes(shared):
    assert shake_hands(shared, *KEY)[0] == 101
    for k in range(1, 4):
        assert shake_hands(shared, *(line for i, line in enumerate(KEY) if i != k))[0] == 400
    assert shake_hands(shared, *KEY, "Origin: http://evil.example")[0] == 403
    assert shake_hands(shared, *KEY, "Origin: null")[0] == 403
    assert shake_hands(shared, *KEY, "Origin: http://evil.example", path="/live?add_http_cors_header=1")[0] == 101
    assert shake_hands(shared, *KEY, path="/live?user=nobody&password=x")[0] == 403


@pytest.mark.parametrize("frames, code", [
    (b"\x81\x05hello", 1002), (b"\xc1\x80\1\2\3\4", 1002), (b"\x82\x81\0\0\0\0a", 1003), (b"\x81\x82\0\0\0\0\xc3\x28", 1007),
    (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 1009), (b"\x88\x82\0\0\0\0\x03\xe8", 1000), (b"\x88\x80\0\0\0\0", 1000)])
def test_malformed_frames(shared, frames, code):
    status, connection = shake_hands(shared, *KEY)
    assert status == 101
    connection.sendall(frames)
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    assert answer[:2] == b"\x88\x02" and struct.unpack("!H", answer[2:4])[0] == code
    connection.close()


def test_over_tls(tmp_path):
    authority = Authority(tmp_path / "ca")
    server = SecureServer(tmp_path / "server", *authority.give("server"), authority=authority, start=False)
    (tmp_path / "server").mkdir(exist_ok=True)
    server.start()
    try:
        server.query("CREATE TABLE t (k UInt64, s String) ENGINE = MergeTree ORDER BY k")
        stream = Stream(server, query="SELECT k, max(s) FROM t GROUP BY k EMIT CHANGES", context=server.context(), port=server.https_port)
        connection = websocket.create_connection(f"wss://localhost:{server.https_port}/live", timeout=DEADLINE,
                                                 sslopt={"context": server.context()})
        connection.send(json.dumps({"type": "subscribe", "id": "a", "query": "SELECT count() FROM t"}))
        assert json.loads(connection.recv())["rows"] == [[0]]
        stream.until_rows([])
        for number in range(1, 11):
            server.query(f"INSERT INTO t SELECT {number}, repeat('x', 100000)")
            stream.until_rows([[k, "x" * 100000] for k in range(1, number + 1)])
        event = {"rows": []}
        while event.get("rows") != [[10]]:
            event = json.loads(connection.recv())
        stream.close()
        connection.close()
        wait_until(lambda: server.metric("weir_live_viewers") == 0, "the viewers are gone")
        assert server.stop() == 0, server.log_text()[-3000:]
    finally:
        server.kill()


def test_http_1_0_and_head(shared, table):
    stream = Stream(shared, query=COUNT.format(table=table) + " EMIT CHANGES", http="1.0")
    assert not stream.chunked
    stream.until_rows([["a", 1, 1], ["b", 1, 2]])
    stream.close()
    closing = Stream(shared, query=COUNT.format(table=table) + " EMIT CHANGES", headers=("Connection: close",))
    closing.until_rows([["a", 1, 1], ["b", 1, 2]])
    closing.close()
    assert shared.session.head(shared.url_of("/", query=COUNT.format(table=table), live=1), timeout=DEADLINE).status_code == 200
    wait_until(lambda: live(shared, table) is None, "the viewers are gone")


def test_explain(shared, table):
    text = shared.query("EXPLAIN " + COUNT.format(table=table) + " EMIT CHANGES")
    assert "Key: k" in text and "Mode: incremental" in text and "Runs: when its tables change" in text
    text = shared.query(f"EXPLAIN SELECT k, rand() FROM {table} EMIT CHANGES")
    assert "Key: none" in text and "Mode: recomputed" in text and "every second" in text
    text = shared.query(f"EXPLAIN SELECT count() FROM {table} WHERE v > toUnixTimestamp(now()) EMIT CHANGES")
    assert "every min_interval_ms" in text
