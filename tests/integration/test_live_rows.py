"""Raw tails (EMIT ROWS): every row that comes into a table, once, in its order; what is too much is counted."""
import json
import subprocess
import threading
import time

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
    # a tail goes on for a while without viewers: who comes back misses nothing
    wait_until(lambda: shared.query(f"SELECT sum(viewers) FROM system.live_queries WHERE position(query, '{table}') > 0") == "0\n", "they are gone")
    shared.query(f"INSERT INTO {table} VALUES ('a', 12)")
    shared.query(f"OPTIMIZE TABLE {table} FINAL")
    shared.query(f"INSERT INTO {table} VALUES ('a', 13)")
    last = Stream(shared, query=query + " EMIT ROWS", min_interval_ms=10, after=token)
    rows = []
    while len(rows) < 2:
        event = last.take()
        assert "columns" not in event and event["dropped"] == 0
        rows += event["rows"]
    assert rows == [[12], [13]]
    last.close()


def test_the_last_rows_come_first(shared, request):
    """EMIT ROWS LAST n: those of the latest event times, then what comes: no gap at the seam, no row twice."""
    name = "last_rows"
    shared.query(f"CREATE TABLE {name} (ts DateTime64(3, 'UTC'), k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    try:
        empty = Stream(shared, query=f"SELECT v FROM {name} EMIT ROWS LAST 5", min_interval_ms=10)
        assert empty.take()["rows"] == []
        shared.query(f"INSERT INTO {name} SELECT fromUnixTimestamp64Milli(1700000000000 + (number * 7919) % 1000), toString(number % 7), (number * 7919) % 1000 FROM numbers(1000)")
        shared.query(f"OPTIMIZE TABLE {name} FINAL")
        shared.query(f"INSERT INTO {name} SELECT fromUnixTimestamp64Milli(1700000000000 + number), 'x', number FROM numbers(1000, 5)")  # in a head
        assert came(empty, 1005)[-5:] == [[n] for n in range(1000, 1005)]
        stream = Stream(shared, query=f"SELECT v, k AS ts FROM {name} AS t WHERE v % 2 = 0 SETTINGS max_threads = 2 EMIT ROWS LAST 10", min_interval_ms=10)
        first = stream.take()
        assert [row[0] for row in first["rows"]] == list(range(986, 1005, 2)) and first["columns"] and first["dropped"] == 0
        shared.query(f"INSERT INTO {name} VALUES ('2020-01-01 00:00:00', 'late', 2000)")
        assert came(stream, 11)[10] == [2000, "late"]
        later = Stream(shared, query=f"SELECT v, k AS ts FROM {name} AS t WHERE v % 2 = 0 SETTINGS max_threads = 2 EMIT ROWS LAST 10", min_interval_ms=10)
        assert [row[0] for row in later.take()["rows"]] == [*range(988, 1005, 2), 2000]  # it joins the one that there is
        found = shared.rows(f"SELECT viewers FROM system.live_queries WHERE position(query, '{name} AS t') > 0")
        assert found == [[2]]
        both = Stream(shared, query=f"SELECT v, n FROM {name} ARRAY JOIN range(2) AS n EMIT ROWS LAST 3", min_interval_ms=10)
        assert [row[0] for row in both.take()["rows"]] == [1003, 1004, 1004]
        wide = Stream(shared, query=f"SELECT v, repeat('x', 100000) AS x FROM {name} EMIT ROWS LAST 100", min_interval_ms=10)
        assert [row[0] for row in wide.take()["rows"]][-1] == 1004
        assert "Begins: with the last 3 rows by ts" in shared.query(f"EXPLAIN SELECT v FROM {name} EMIT ROWS LAST 3")
        for one in (empty, stream, later, both, wide):
            one.close()
        for query, code in [(f"SELECT v FROM {name} EMIT ROWS LAST 0", "62"), (f"SELECT v FROM {name} EMIT ROWS LAST x", "62"),
                            (f"SELECT v FROM {name} EMIT ROWS LAST -1", "62"), (f"SELECT v FROM {name} EMIT ROWS LAST 10001", "36"),
                            (f"SELECT v FROM {name} EMIT ROWS LAST 18446744073709551616", "62"),
                            (f"SELECT v FROM (SELECT v FROM {name}) EMIT ROWS LAST 3", "48"), (f"SELECT v FROM {name} ORDER BY v EMIT ROWS LAST 3", "48")]:
            wrong = Stream(shared, query=query)
            assert wrong.headers["X-ClickHouse-Exception-Code"] == code, (query, wrong.body())
        shared.query("CREATE TABLE timeless (v UInt64) ENGINE = MergeTree ORDER BY v")
        timeless = Stream(shared, query="SELECT v FROM timeless EMIT ROWS LAST 3")
        assert (timeless.headers["X-ClickHouse-Exception-Code"], "event time" in timeless.body()) == ("48", True)
    finally:
        shared.query(f"DROP TABLE IF EXISTS {name} SYNC")
        shared.query("DROP TABLE IF EXISTS timeless SYNC")


def test_rows_since_a_time(shared):
    """EMIT ROWS SINCE: those whose event time is that or later, then what comes; how many there were that are not kept is told."""
    shared.query("CREATE OR REPLACE TABLE since (ts DateTime64(3, 'UTC'), k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    shared.query("INSERT INTO since SELECT fromUnixTimestamp64Milli(1700000000000 + number), 'a', number FROM numbers(1000)")
    shared.query("OPTIMIZE TABLE since FINAL")
    shared.query("INSERT INTO since SELECT fromUnixTimestamp64Milli(1700000000000 + number), 'b', number FROM numbers(1000, 5)")  # in a head
    query = "SELECT v, k AS ts FROM since AS x WHERE v % 2 = 0 OR v > 1002 EMIT ROWS SINCE {}"
    stream = Stream(shared, query=query.format("{t:DateTime64(3)} - INTERVAL 10 MILLISECOND"), min_interval_ms=10, param_t="2023-11-14 22:13:21.000", session_timezone="UTC")
    first = stream.take()
    assert [row[0] for row in first["rows"]] == [990, 992, 994, 996, 998, 1000, 1002, 1003, 1004] and (first["dropped"], bool(first["columns"])) == (0, True)
    shared.query("INSERT INTO since VALUES ('2020-01-01 00:00:00', 'late', 5000)")
    assert came(stream, 10)[9] == [5000, "late"]
    shared.query("INSERT INTO since SELECT fromUnixTimestamp64Milli(1700000010000 + number), 'c', number FROM numbers(30000)")
    many = [Stream(shared, query="SELECT v FROM since EMIT ROWS SINCE '2023-11-14 22:13:20'", min_interval_ms=10) for _ in range(2)]
    for one in many:  # the second joins the first
        first = one.take()
        assert (len(first["rows"]), first["rows"][0], first["rows"][-1], first["dropped"]) == (10000, [20000], [29999], 21005)
    shared.query("INSERT INTO since VALUES ('2020-01-01 00:00:00', 'late', 5001)")
    assert [one.take()["rows"] for one in many] == [[[5001]], [[5001]]]
    later = Stream(shared, query="SELECT v FROM since EMIT ROWS SINCE '2023-11-14 22:13:20'", min_interval_ms=10)
    first = later.take()
    assert (len(first["rows"]), first["rows"][-1], first["dropped"]) == (10000, [5001], 21006)
    wide = Stream(shared, query="SELECT v, repeat('x', 10000) AS x FROM since EMIT ROWS SINCE '2023-11-14 22:13:20'", min_interval_ms=10)
    first = wide.take()
    assert first["rows"][-1][0] == 29999 and len(first["rows"]) + first["dropped"] == 31005
    none = Stream(shared, query="SELECT v FROM since EMIT ROWS SINCE now() - INTERVAL 5 MINUTE", min_interval_ms=10)
    first = none.take()
    assert (first["rows"], first["dropped"]) == ([], 0)
    assert "Begins: with the rows whose ts is now() - toIntervalMinute(5) or later" in shared.query("EXPLAIN SELECT v FROM since EMIT ROWS SINCE now() - INTERVAL 5 MINUTE")
    for one in (stream, *many, later, wide, none):
        one.close()
    for behind, code in [("", "62"), ("nothing", "47"), ("'abc'", "41"), ("count()", "184"), ("[1]", "43"), ("(SELECT max(ts) FROM since)", "48"), ("now() LAST 3", "62")]:
        wrong = Stream(shared, query=f"SELECT v FROM since EMIT ROWS SINCE {behind}")
        assert wrong.headers["X-ClickHouse-Exception-Code"] == code, (behind, wrong.body())
    wrong = Stream(shared, query="SELECT v FROM (SELECT v FROM since) EMIT ROWS SINCE now()")
    assert wrong.headers["X-ClickHouse-Exception-Code"] == "48" and "name its table" in wrong.body()
    shared.query("DROP TABLE since SYNC")


@pytest.mark.parametrize("begin", ["LAST 10000", "SINCE '2000-01-01 00:00:00'"])
def test_the_seam(make_server, begin):
    """Tails that begin, end and come back while rows are written, flushed, merged: each row that is there or comes is told once."""
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime64(3, 'UTC'), w UInt8, n UInt64) ENGINE = MergeTree ORDER BY (w, n)")
    ended, statements = threading.Event(), 60
    def write(writer):
        for number in range(statements):
            server.query(f"INSERT INTO t SELECT fromUnixTimestamp64Milli(1700000000000 + {number} * 10 + number), {writer}, {number} * 10 + number FROM numbers(10)")
    def flush():
        while not ended.is_set():
            server.query("OPTIMIZE TABLE t FINAL")
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    flusher = threading.Thread(target=flush)
    for thread in (*threads, flusher):
        thread.start()
    streams = []
    for number in range(8):
        stream = Stream(server, query=f"SELECT w, n, {number} AS s FROM t EMIT ROWS {begin}", min_interval_ms=10)
        stream.take()
        streams.append(stream)
        if number % 2 == 0:  # it goes and comes back
            stream.take()
            before = stream.state[""]["came"]
            stream.close()
            streams[-1] = Stream(server, query=f"SELECT w, n, {number} AS s FROM t EMIT ROWS {begin}", min_interval_ms=10, after=stream.token)
            streams[-1].state[""] = {"came": list(before), "dropped": 0, "begins": 0, "seq": 0}
    for thread in threads:
        thread.join()
    ended.set()
    flusher.join()
    for number, stream in enumerate(streams):
        rows = came(stream, 2 * statements * 10)
        assert sorted((w, n) for w, n, _ in rows) == [(w, n) for w in range(2) for n in range(statements * 10)], number
        assert stream.state[""]["dropped"] == 0
        stream.close()
    assert server.stop() == 0, server.log_text()[-3000:]


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


def test_who_comes_while_the_past_is_read(shared):
    """What was there is told in one event, to those who come while it is read, too."""
    shared.query("CREATE OR REPLACE TABLE slow (ts DateTime64(3, 'UTC'), v UInt64) ENGINE = MergeTree ORDER BY v")
    shared.query("INSERT INTO slow SELECT fromUnixTimestamp64Milli(1700000000000 + number), number FROM numbers(400)")
    for begin in ("SINCE '2023-11-14 22:13:20'", "LAST 400"):
        query = f"SELECT v, sleepEachRow(0.002) AS nap FROM slow WHERE v < 400 EMIT ROWS {begin}"
        many = []
        for _ in range(4):
            many.append(Stream(shared, query=query, min_interval_ms=10))
            time.sleep(0.1)
        for one in many:
            first = one.take()
            assert ([row[0] for row in first["rows"]], first["dropped"]) == (list(range(400)), 0)
            one.close()
    shared.query("DROP TABLE slow SYNC")
