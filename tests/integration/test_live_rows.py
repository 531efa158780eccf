"""Raw tails (EMIT ROWS): every row that comes into a table, once, in its order; what is too much is counted."""
import json
import subprocess
import threading

import pytest
import websocket
from live import Stream, apply
from weir import DEADLINE, WEIR, wait_until


@pytest.fixture
def table(shared, request):
    name = request.node.name.split("[")[0]
    shared.query(f"CREATE TABLE {name} (k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    shared.query(f"INSERT INTO {name} VALUES ('old', 1), ('old', 2)")
    yield name
    shared.query(f"DROP TABLE IF EXISTS {name}")


def tail(server, query, **parameters):
    """A stream that follows from here on."""
    stream = Stream(server, query=query + " EMIT ROWS", min_interval_ms=10, **parameters)
    assert stream.status == 200, stream.body()
    first = stream.take()
    assert (first["type"], first["rows"], first["dropped"]) == ("rows", [], 0) and first["columns"]
    return stream


def came(stream, count):
    """The first rows that came, when so many have."""
    while len(stream.state[""]["came"]) < count:
        assert stream.take()["type"] == "rows"
    return stream.state[""]["came"]


def test_rows_as_they_come(shared, table):
    stream = tail(shared, f"SELECT v, upper(k) AS u FROM {table} WHERE k != 'no'")
    filtered = tail(shared, f"SELECT v, n FROM {table} ARRAY JOIN range(v) AS n WHERE v < 3")
    assert [column["name"] for column in Stream(shared, query=f"SELECT *, v + 1 FROM {table} EMIT ROWS").take()["columns"]] == ["k", "v", "plus(v, 1)"]
    shared.query(f"INSERT INTO {table} VALUES ('z', 3), ('no', 4), ('a', 5)")
    assert came(stream, 2) == [[3, "Z"], [5, "A"]]  # as they were inserted, not as they are sorted
    # what changes rows, or where they are, brings none
    shared.query(f"OPTIMIZE TABLE {table} FINAL")
    shared.query(f"INSERT INTO {table} VALUES ('b', 6)")
    shared.query(f"OPTIMIZE TABLE {table} FINAL")
    shared.query(f"ALTER TABLE {table} UPDATE v = v + 100 WHERE k = 'a'")
    shared.query(f"ALTER TABLE {table} DELETE WHERE k = 'z'")
    shared.query(f"INSERT INTO {table} VALUES ('c', 2)")
    assert came(stream, 4) == [[3, "Z"], [5, "A"], [6, "B"], [2, "C"]]
    assert came(filtered, 2) == [[2, 0], [2, 1]]
    shared.query(f"TRUNCATE TABLE {table}")
    shared.query(f"INSERT INTO {table} VALUES ('d', 7)")
    assert came(stream, 5)[4:] == [[7, "D"]] and stream.state[""]["begins"] == 1
    stream.close()
    filtered.close()


def test_another_schema_or_table_begins_anew(shared, table):
    stream = tail(shared, f"SELECT * FROM {table}")
    shared.query(f"ALTER TABLE {table} ADD COLUMN w UInt8 DEFAULT 9")
    event = stream.take()
    assert [column["name"] for column in event["columns"]] == ["k", "v", "w"]
    shared.query(f"INSERT INTO {table} (k, v) VALUES ('a', 3)")
    assert came(stream, 1) == [["a", 3, 9]]
    shared.query(f"DROP TABLE {table}")
    error = stream.take()
    assert (error["type"], error["code"], error["final"]) == ("error", 60, False)
    shared.query(f"CREATE TABLE {table} (k String) ENGINE = MergeTree ORDER BY k")
    assert len(stream.take()["columns"]) == 1
    shared.query(f"INSERT INTO {table} VALUES ('x')")
    assert came(stream, 2)[1] == ["x"]
    stream.close()


def test_nothing_twice_nothing_missed(shared, table):
    """Writers, flushes, merges and mutations at once: each row once, those of a writer in its order."""
    writers, statements = 3, 30
    streams = [tail(shared, f"SELECT k, v FROM {table}") for _ in range(2)]
    def write(writer):
        for number in range(statements):
            shared.query(f"INSERT INTO {table} SELECT 'w{writer}', {number} * 10 + number FROM numbers(10)")
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        shared.query(f"OPTIMIZE TABLE {table} FINAL")
        shared.query(f"ALTER TABLE {table} UPDATE v = v + 1000000 WHERE v < 100")
    for stream in streams:
        rows = came(stream, writers * statements * 10)
        for writer in range(writers):
            assert [v for k, v in rows if k == f"w{writer}"] == list(range(statements * 10))
        assert (len(rows), stream.state[""]["dropped"]) == (writers * statements * 10, 0)
        stream.close()


def test_what_is_too_much_is_counted(shared, table):
    stream = tail(shared, f"SELECT v FROM {table}")
    shared.query(f"INSERT INTO {table} SELECT 'many', number FROM numbers(25000)")
    def all_there(count):
        while len(stream.state[""]["came"]) + stream.state[""]["dropped"] < count:
            stream.take()
        assert len(stream.state[""]["came"]) + stream.state[""]["dropped"] == count
    all_there(25000)
    assert stream.state[""]["came"][-1] == [24999]
    assert stream.state[""]["dropped"] == 15000
    shared.query(f"INSERT INTO {table} SELECT repeat('x', 100), number FROM numbers(300000)")  # a pack of its own
    all_there(325000)
    shared.query(f"INSERT INTO {table} SELECT repeat(repeat('y', 5000), 1000), 7")  # longer than all that is kept, but narrowed
    all_there(325001)
    wide = tail(shared, f"SELECT k, v FROM {table}")
    shared.query(f"INSERT INTO {table} SELECT repeat(repeat('z', 5000), 1000), 8")
    shared.query(f"INSERT INTO {table} VALUES ('small', 9)")
    while wide.state[""]["seq"] < 3:
        wide.take()
    assert (wide.state[""]["came"], wide.state[""]["dropped"]) == ([["small", 9]], 1)
    stream.close()
    wide.close()


def test_a_slow_viewer(shared, table):
    query = f"SELECT v, repeat('x', 1000) AS filler FROM {table}"
    slow = Stream(shared, query=query + " EMIT ROWS", min_interval_ms=10, rcvbuf=4096)
    fast = tail(shared, query)
    for number in range(20):
        shared.query(f"INSERT INTO {table} SELECT 'a', {number} * 1000 + number FROM numbers(1000)")
        came(fast, (number + 1) * 1000)
    assert [row[0] for row in fast.state[""]["came"]] == list(range(20000)) and fast.state[""]["dropped"] == 0
    assert shared.metric("weir_live_memory_bytes") < 40e6
    slow.take()
    state = slow.state[""]
    while len(state["came"]) + state["dropped"] < 20000:
        slow.take()
    assert len(state["came"]) + state["dropped"] == 20000 and state["dropped"] > 0
    numbers = [row[0] for row in state["came"]]
    assert numbers == sorted(set(numbers)) and numbers[-1] == 19999
    slow.close()
    fast.close()


def test_resume_and_sharing(shared, table):
    query = f"SELECT v FROM {table}"
    keeper, stream = tail(shared, query), tail(shared, query)
    shared.query(f"INSERT INTO {table} VALUES ('a', 10)")
    assert came(stream, 1) == came(keeper, 1) == [[10]]
    found = shared.rows(f"SELECT viewers, mode, rows FROM system.live_queries WHERE position(query, '{table}') > 0")
    assert found == [[2, "rows", 1]]
    stream.close()
    shared.query(f"INSERT INTO {table} VALUES ('a', 11)")
    came(keeper, 2)
    again = Stream(shared, query=query + " EMIT ROWS", min_interval_ms=10, after=stream.token)
    event = again.take()
    assert event["rows"] == [[11]] and "columns" not in event
    token = again.token
    again.close()
    keeper.close()
    # nobody followed the table meanwhile: it begins anew, and says so by the columns
    wait_until(lambda: shared.query(f"SELECT sum(viewers) FROM system.live_queries WHERE position(query, '{table}') > 0") == "0\n", "they are gone")
    last = Stream(shared, query=query + " EMIT ROWS", min_interval_ms=10, after=token)
    assert last.take()["columns"]
    last.close()


def test_many_in_one_socket(shared, table):
    connection = websocket.create_connection(f"ws://{shared.address}/live", timeout=DEADLINE)
    state = {}
    def take():
        event = json.loads(connection.recv())
        apply(state, event)
        return event
    for name, query in [("log", f"SELECT k FROM {table} WHERE v > {{least:UInt64}} EMIT ROWS"), ("n", f"SELECT count() FROM {table}"),
                        ("bad", f"SELECT count() FROM {table} EMIT ROWS")]:
        connection.send(json.dumps({"type": "subscribe", "id": name, "query": query, "parameters": {"least": "5"}, "min_interval_ms": 10}))
    while len(state) < 3:
        take()
    assert state["bad"]["error"]["final"] and "GROUP BY" in state["bad"]["error"]["message"]
    shared.query(f"INSERT INTO {table} VALUES ('low', 5), ('high', 6)")
    while state["log"]["came"] != [["high"]] or list(state["n"]["rows"].values()) != [[4]]:
        take()
    connection.close()


@pytest.mark.parametrize("query, why", [
    ("SELECT count() FROM {t}", "GROUP BY"), ("SELECT k FROM {t} GROUP BY k", "GROUP BY"), ("SELECT k FROM {t} ORDER BY k", "ORDER BY"),
    ("SELECT k FROM {t} LIMIT 5", "LIMIT"), ("SELECT k FROM {t} LIMIT 1 BY k", "LIMIT"), ("SELECT DISTINCT k FROM {t}", "DISTINCT"),
    ("SELECT row_number() OVER (ORDER BY v) FROM {t}", "window functions"), ("SELECT l.k FROM {t} AS l JOIN {t} AS r ON l.k = r.k", "JOIN"),
    ("SELECT k FROM {t} UNION ALL SELECT k FROM {t}", "UNION"), ("SELECT k FROM {t} WHERE v IN (SELECT v FROM {t})", "subquery"),
    ("SELECT number FROM numbers(3)", "stored table"), ("SELECT name FROM system.tables", "stored table"), ("SELECT 1", "table")])
def test_what_is_no_tail(shared, table, query, why):
    stream = Stream(shared, query=query.format(t=table) + " EMIT ROWS")
    assert (stream.status, stream.headers["X-ClickHouse-Exception-Code"]) == (501, "48")
    assert "EMIT ROWS" in (text := stream.body()) and why in text


def test_explain_and_rights(make_server):
    server = make_server()
    server.query("CREATE TABLE t (k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE VIEW narrow AS SELECT k FROM t WHERE v = 1")
    text = server.query("EXPLAIN SELECT k FROM t EMIT ROWS")
    assert "EMIT ROWS" in text and "Table: default.t" in text
    server.query("CREATE USER eve IDENTIFIED BY 'x'")
    server.query("GRANT SELECT(k) ON default.t TO eve")
    assert Stream(server, query="SELECT v FROM t EMIT ROWS", user="eve", password="x").status == 403
    stream = tail(server, "SELECT k FROM t", user="eve", password="x")
    through = tail(server, "SELECT k FROM narrow")
    server.query("INSERT INTO t VALUES ('a', 1), ('b', 2)")
    assert came(stream, 2) == [["a"], ["b"]] and came(through, 1) == [["a"]]
    server.query("REVOKE SELECT(k) ON default.t FROM eve")
    error = stream.take()
    assert (error["code"], error["final"]) == (497, True)
    found = server.value("SELECT id FROM system.live_queries WHERE viewers > 0")
    server.query(f"KILL QUERY WHERE query_id = '{found}'")
    assert through.take()["final"]
    assert server.stop() == 0, server.log_text()[-3000:]


def test_the_client_prints_them_as_they_come(shared, table):
    command = [WEIR, "client", "-h", shared.host, "-p", str(shared.port), "-q", f"SELECT v FROM {table} EMIT ROWS"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        def event():
            return json.loads(next(line for line in client.stdout if line.startswith("data: "))[6:])
        assert event()["columns"] == [{"name": "v", "type": "UInt64"}]
        shared.query(f"INSERT INTO {table} VALUES ('a', 3)")
        assert event()["rows"] == [[3]]
        client.terminate()


def test_rows_of_a_source(make_server, broker):
    """Messages of several partitions, committed again and again: each row once, those of a partition in its order."""
    broker.create_topic("live-rows", 3)
    server = make_server()
    server.query("CREATE TABLE t (p UInt8, n UInt64) ENGINE = MergeTree ORDER BY (n, p)")
    server.query("CREATE MATERIALIZED VIEW mv ENGINE = MergeTree ORDER BY n AS SELECT n FROM t WHERE p = 1")
    stream, view = tail(server, "SELECT p, n FROM t WHERE n % 2 = 0"), tail(server, "SELECT n FROM mv")
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = 'live-rows') FORMAT JSONEachRow "
                 "SETTINGS start = 'earliest', commit_interval_ms = 50")
    rounds, count = 10, 50
    for number in range(rounds):
        for p in range(3):
            broker.produce("live-rows", [json.dumps({"p": p, "n": n}) for n in range(number * count, (number + 1) * count)], partition=p)
        if number % 4 == 3:
            server.query("OPTIMIZE TABLE t FINAL")
    rows = came(stream, 3 * rounds * count // 2)
    for p in range(3):
        assert [n for of, n in rows if of == p] == list(range(0, rounds * count, 2))
    assert sorted(n for n, in came(view, rounds * count)) == list(range(rounds * count))  # when they are committed
    assert stream.state[""]["dropped"] == view.state[""]["dropped"] == 0
    server.query("DROP SOURCE feed")
    assert server.stop() == 0, server.log_text()[-3000:]
