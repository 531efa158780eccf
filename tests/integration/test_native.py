"""The native protocol with clickhouse-driver: queries, inserts, types, compression, errors, sessions, settings, cancel."""
import datetime
import decimal
import ipaddress
import socket
import threading
import uuid

import pytest
from clickhouse_driver import Client, errors

from native import END_OF_STREAM, PROFILE_INFO, Raw, ServerException, TABLES_STATUS, block, number, query, text
from weir import Server, free_port, wait_until

PACKING = [False, "lz4", "zstd"]


@pytest.fixture(name="server", scope="module")
def native_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("native"), native=True)
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.fixture(name="connect")
def connect_to(server):
    clients = []

    def connect(**words):
        clients.append(Client("127.0.0.1", port=server.native_port, **words))
        return clients[-1]

    yield connect
    for client in clients:
        client.disconnect()


@pytest.fixture(name="client", params=PACKING, ids=["plain", "lz4", "zstd"])
def client_of_each_packing(connect, request):
    return connect(compression=request.param)


def fresh(client, columns, name="t", key="tuple()"):
    client.execute(f"DROP TABLE IF EXISTS {name}")
    client.execute(f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY {key}")


def test_hello(server, connect):
    client = connect()
    assert client.execute("SELECT 1") == [(1,)]
    info = client.connection.server_info
    assert info.used_revision == 54460 and info.display_name == "weir" and info.timezone
    assert f"{info.version_major}.{info.version_minor}." == client.execute("SELECT version()")[0][0][:5]
    assert client.connection.ping()
    with Raw(server) as raw:
        raw.send(number(TABLES_STATUS) + number(2) + text("system") + text("no_such") + text("no") + text("no"))
        assert raw.number() == 9 and raw.number() == 0
        assert raw.ping()


def test_select(client):
    assert client.execute("SELECT number, toString(number) FROM numbers(5)") == [(n, str(n)) for n in range(5)]
    rows, columns = client.execute("SELECT 1 AS a, 'x' AS b WHERE 0", with_column_types=True)
    assert rows == [] and columns == [("a", "UInt8"), ("b", "String")]
    rows = client.execute("SELECT number, repeat('x', number % 100) FROM numbers(300000)")
    assert len(rows) == 300000 and sorted(rows)[-1] == (299999, "x" * 99)
    assert client.last_query.progress.rows == 300000 and client.last_query.profile_info.rows == 300000
    assert sum(n for n, in client.execute_iter("SELECT number FROM numbers(100000)")) == 4999950000
    columns = client.execute("SELECT number, -toInt32(number) FROM numbers(3)", columnar=True)
    assert columns == [(0, 1, 2), (0, -1, -2)]


def test_rows_before_limit(client):
    for sql, expected in [("SELECT number FROM numbers(1000) ORDER BY number % 7 LIMIT 3", (True, 1000)), ("SELECT 1", (False, 0)),
                          ("SELECT number % 10 AS k FROM numbers(1000) GROUP BY k LIMIT 3", (True, 10))]:
        client.execute(sql)
        info = client.last_query.profile_info
        assert (bool(info.applied_limit), info.rows_before_limit) == expected, sql


def test_long_values(client):
    fresh(client, "n UInt32, s String", key="n")
    client.execute("INSERT INTO t VALUES", [(n, chr(97 + n) * 3_000_000) for n in range(4)])
    rows = client.execute("SELECT n, s FROM t ORDER BY n")
    assert rows == [(n, chr(97 + n) * 3_000_000) for n in range(4)]


def test_totals(client):
    rows = client.execute("SELECT number % 2 AS k, count() FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k")
    assert rows == [(0, 5), (1, 5), (0, 10)]


def test_insert(client):
    fresh(client, "n UInt32, s String, d UInt32 DEFAULT n + 1, m UInt32 MATERIALIZED n * 2", key="n")
    assert client.execute("INSERT INTO t (n, s) VALUES", [(1, "a"), (2, "b")]) == 2
    assert client.execute("INSERT INTO t VALUES", [{"n": 3, "s": "c", "d": 7}]) == 1
    assert client.execute("INSERT INTO t (s, n) VALUES", [["x", "y"], [4, 5]], columnar=True) == 2
    assert client.execute("INSERT INTO t VALUES", []) == 0
    client.execute("INSERT INTO t (n, s) VALUES (6, 'inline'), (7, 'in''line')")
    client.execute("INSERT INTO t (n, s) SELECT number, 'select' FROM numbers(10, 2)")
    assert client.last_query.progress.written_rows == 2
    assert client.execute("INSERT INTO t (n, s) FORMAT TSV", [(20, "format is the client's")]) == 1
    assert client.execute("SELECT *, m FROM t ORDER BY n") == [
        (1, "a", 2, 2), (2, "b", 3, 4), (3, "c", 7, 6), (4, "x", 5, 8), (5, "y", 6, 10), (6, "inline", 7, 12),
        (7, "in'line", 8, 14), (10, "select", 11, 20), (11, "select", 12, 22), (20, "format is the client's", 21, 40)]


def test_many_blocks(client):
    fresh(client, "n UInt64, s String", key="n")
    rows = [(n, f"row {n}") for n in range(50000)]
    client.execute("INSERT INTO t VALUES", rows, settings={"insert_block_size": 777})
    assert client.execute("SELECT count(), sum(n), uniqExact(s) FROM t") == [(50000, sum(range(50000)), 50000)]


def test_failed_insert_stores_nothing(client):
    fresh(client, "n UInt8, e Enum8('a' = 1)")
    with pytest.raises(errors.ServerException) as caught:
        client.execute("INSERT INTO no_such VALUES", [(1,)])
    assert caught.value.code == 60
    with pytest.raises(errors.ServerException) as caught:
        client.execute("INSERT INTO t (n, nope) VALUES", [(1, 2)])
    assert caught.value.code == 16
    assert client.execute("SELECT count() FROM t") == [(0,)]


def test_errors(client):
    client.execute("SELECT 1")
    connection = client.connection.socket.getsockname()
    for sql, code in (("SELECT nope", 47), ("SELEC 1", 62), ("SELECT * FROM no_such", 60), ("SELECT throwIf(number = 5000) FROM numbers(10000)", 395)):
        with pytest.raises(errors.ServerException) as caught:
            client.execute(sql)
        assert caught.value.code == code and caught.value.message.startswith("DB::Exception: ")
    assert client.execute("SELECT 1") == [(1,)]
    assert connection


def test_exceptions_leave_the_connection(server):
    """clickhouse-driver hangs up after every exception; other clients go on."""
    with Raw(server) as raw:
        for sql in ("SELECT nope", "SELEC", "SELECT throwIf(number = 70000) FROM numbers(100000)", "INSERT INTO no_such VALUES"):
            with pytest.raises(Exception, match="DB::Exception"):
                raw.ask(sql)
            assert raw.ask("SELECT 7") == [[7]]
        assert raw.ping()


def test_wrong_password(server, connect):
    with pytest.raises(errors.ServerException) as caught:
        connect(password="wrong").execute("SELECT 1")
    assert caught.value.code == 516 and "wrong" not in caught.value.message
    with pytest.raises(errors.ServerException) as caught:
        connect(user="nobody").execute("SELECT 1")
    assert caught.value.code == 516
    with pytest.raises(errors.ServerException) as caught:
        connect(database="no_such").execute("SELECT 1")
    assert caught.value.code == 81


def test_session(client, connect):
    client.execute("CREATE DATABASE IF NOT EXISTS other")
    client.execute("DROP TABLE IF EXISTS other.here")
    client.execute("CREATE TABLE other.here (n UInt8) ENGINE = MergeTree ORDER BY n")
    client.execute("USE other")
    assert client.execute("SELECT currentDatabase()") == [("other",)]
    assert client.execute("SELECT count() FROM here") == [(0,)]
    client.execute("SET max_result_rows = 3")
    with pytest.raises(errors.ServerException) as caught:
        client.execute("SELECT number FROM numbers(10)")
    assert caught.value.code == 396
    client.execute("CREATE TEMPORARY TABLE mine (n UInt8)")  # a new connection: clickhouse-driver hung up
    client.execute("INSERT INTO mine VALUES", [(1,), (2,)])
    assert client.execute("SELECT sum(n) FROM mine") == [(3,)]
    with pytest.raises(errors.ServerException):
        connect().execute("SELECT * FROM mine")
    assert connect(database="other").execute("SELECT currentDatabase()") == [("other",)]


def test_set_lives_with_the_connection(server):
    with Raw(server) as raw:
        raw.ask("SET max_result_rows = 3")
        for _ in range(2):
            with pytest.raises(Exception, match="396"):
                raw.ask("SELECT number FROM numbers(10)")
        assert raw.ask("SELECT 1 AS a") == [[1]]
    with Raw(server) as raw:
        assert len(raw.ask("SELECT number FROM numbers(10)")[0]) == 10


def test_settings(client, server):
    with pytest.raises(errors.ServerException) as caught:
        client.execute("SELECT number FROM numbers(10)", settings={"max_result_rows": 3})
    assert caught.value.code == 396
    assert client.execute("SELECT 1", settings={"max_threads": 1, "no_such_setting_at_all": 5}) == [(1,)]
    strict = Client("127.0.0.1", port=server.native_port, settings_is_important=True)
    with pytest.raises(errors.ServerException) as caught:
        strict.execute("SELECT 1", settings={"no_such_setting_at_all": 5})
    assert caught.value.code == 115
    strict.disconnect()
    with pytest.raises(errors.ServerException) as caught:
        client.execute("CREATE TABLE r (n UInt8) ENGINE = MergeTree ORDER BY n", settings={"readonly": 1})
    assert caught.value.code == 164


def test_parameters(connect):
    client = connect(settings={"server_side_params": True})
    values = {"n": 5, "s": "it's\n\\ a \"text\"\t", "d": datetime.date(2024, 2, 3)}
    sql = "SELECT {n:UInt32} + 1, {s:String}, {d:Date}"
    assert client.execute(sql, values) == [(6, values["s"], values["d"])]
    assert connect().execute("SELECT %(a)s, %(b)s", {"a": 1, "b": "x'y"}) == [(1, "x'y")]
    with pytest.raises(errors.ServerException) as caught:
        client.execute("SELECT {missing:UInt8}", {"n": 1})
    assert caught.value.code == 456


def test_external_tables(client):
    tables = [{"name": "ext", "structure": [("x", "Int32"), ("y", "Array(String)"), ("z", "LowCardinality(Nullable(String))")],
               "data": [{"x": 100, "y": ["a"], "z": None}, {"x": 500, "y": ["b", "c"], "z": "q"}]},
              {"name": "second", "structure": [("x", "Int32")], "data": [{"x": 500}]}]
    sql = "SELECT x, y, z FROM ext WHERE x IN (SELECT x FROM second)"
    assert client.execute(sql, external_tables=tables) == [(500, ["b", "c"], "q")]
    with pytest.raises(errors.ServerException) as caught:
        client.execute(sql)  # they live as long as their query
    assert caught.value.code == 60
    fresh(client, "x Int32")
    client.execute("INSERT INTO t SELECT x FROM ext", external_tables=tables)
    assert client.execute("SELECT sum(x) FROM t") == [(600,)]


TYPES = [
    ("UInt8", [0, 255]), ("Int8", [-128, 127]), ("UInt16", [0, 65535]), ("Int16", [-32768, 7]), ("UInt32", [0, 2**32 - 1]),
    ("Int32", [-2**31, 5]), ("UInt64", [0, 2**64 - 1]), ("Int64", [-2**63, 1]), ("UInt128", [0, 2**128 - 1]),
    ("Int128", [-2**127, 3]), ("UInt256", [0, 2**256 - 1]), ("Int256", [-2**255, 9]), ("Float32", [0.5, -1.25]),
    ("Float64", [0.1, -1e300]), ("Bool", [True, False]), ("String", ["", "ä\n\0x" * 50]), ("FixedString(3)", ["abc", "x"]),
    ("Date", [datetime.date(1970, 1, 1), datetime.date(2149, 6, 6)]), ("Date32", [datetime.date(1900, 1, 1), datetime.date(2299, 12, 31)]),
    ("DateTime('UTC')", [datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)]),
    ("DateTime64(6, 'UTC')", [datetime.datetime(2024, 1, 2, 3, 4, 5, 123456, tzinfo=datetime.timezone.utc)]),
    ("Decimal(9, 2)", [decimal.Decimal("1.25"), decimal.Decimal("-9999999.99")]), ("Decimal(18, 6)", [decimal.Decimal("-0.000001")]),
    ("Decimal(38, 10)", [decimal.Decimal("1234567890123456789.0123456789")]),
    ("UUID", [uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")]), ("IPv4", [ipaddress.IPv4Address("1.2.3.4")]),
    ("IPv6", [ipaddress.IPv6Address("2001:db8::1")]), ("Enum8('a' = 1, 'b' = -2)", ["a", "b"]), ("Enum16('x' = 1000, 'y' = -1000)", ["y", "x"]),
    ("Nullable(Int32)", [None, 4, None]), ("Nullable(String)", ["", None]), ("Nullable(Decimal(9, 2))", [None, decimal.Decimal("0.01")]),
    ("LowCardinality(String)", ["a", "", "a", "b"]), ("LowCardinality(Nullable(String))", [None, "x", "", None]),
    ("LowCardinality(FixedString(2))", ["ab", "cd"]), ("LowCardinality(UInt32)", [5, 0, 5]),
    ("Array(UInt8)", [[], [1, 2, 3]]), ("Array(Array(Nullable(String)))", [[[None, "a"], []], []]),
    ("Array(LowCardinality(String))", [["a", "b", "a"], []]), ("Array(Tuple(UInt8, String))", [[(1, "a")], []]),
    ("Tuple(UInt8, String)", [(1, "x"), (2, "")]), ("Tuple(a UInt8, b Array(String))", [(1, ["p", "q"])]),
    ("Map(String, UInt64)", [{}, {"a": 1, "b": 2}]), ("Map(LowCardinality(String), Array(Int8))", [{"k": [1, -1]}, {}]),
]


@pytest.mark.parametrize("kind,values", TYPES, ids=[kind for kind, _ in TYPES])
def test_types(server, connect, kind, values):
    """In through the one protocol, out through both, equal; and from what HTTP stored."""
    for packing in PACKING:
        client = connect(compression=packing)
        fresh(client, f"n UInt32, v {kind}", key="n")
        client.execute("INSERT INTO t VALUES", list(enumerate(values)))
        rows = client.execute("SELECT n, v FROM t ORDER BY n")
        got = [tuple(v.values()) if isinstance(v, dict) and kind.startswith("Tuple") else v for _, v in rows]
        padded = [v + "\0" * (3 - len(v)) if kind == "FixedString(3)" else v for v in values]
        assert [n for n, _ in rows] == list(range(len(values)))
        assert [str(v).rstrip("\0") for v in got] == [str(v).rstrip("\0") for v in padded]
    whole = server.query("SELECT * FROM t ORDER BY n FORMAT TSV")
    fresh(client, f"n UInt32, v {kind}", name="back", key="n")
    server.query("INSERT INTO back FORMAT TSV\n" + whole)
    assert str(client.execute("SELECT v FROM back ORDER BY n")) == str(client.execute("SELECT v FROM t ORDER BY n"))


def test_types_that_are_refused(client):
    """As by HTTP's format Native; the connection goes on."""
    fresh(client, "v AggregateFunction(uniqExact, String)")
    with pytest.raises(errors.ServerException, match="AggregateFunction") as caught:
        client.execute("SELECT v FROM t")
    assert caught.value.code == 48
    with pytest.raises(errors.ServerException, match="AggregateFunction"):
        client.execute("INSERT INTO t VALUES", [("x",)])


def test_states(server):
    """States of aggregate functions in blocks, each byte of which comes alone: only the function knows where one ends."""
    kind = "AggregateFunction(groupArray, String)"
    server.query("DROP TABLE IF EXISTS states")
    server.query(f"CREATE TABLE states (n UInt32, v {kind}) ENGINE = MergeTree ORDER BY n")
    values = [[], [b"a", b"bc"], [b"x" * 300] * 3]
    states = b"".join(number(len(value)) + b"".join(text(part) for part in value) for value in values)
    numbers = ("n", "UInt32", bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]))
    with Raw(server) as raw:
        raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in query("INSERT INTO states VALUES") + block() + block([("v", kind, states), numbers], 3) + block():
            raw.send(bytes([byte]))
        assert [what for what, _ in raw.packets()][-1] == END_OF_STREAM
        assert raw.ask("SELECT v, n FROM states ORDER BY n") == [values, [1, 2, 3]]
        assert raw.ask("SELECT arrayStringConcat(finalizeAggregation(v), '-') FROM states WHERE n = 2") == [[b"a-bc"]]
    with Raw(server) as raw:  # a state above what may come in pieces
        large = number(1) + text(b"x" * (1 << 21))
        raw.send(query("INSERT INTO states VALUES") + block() + block([("v", kind, large), ("n", "UInt32", bytes(4))], 1) + block())
        with pytest.raises(ServerException, match="too many bytes for this protocol"):
            raw.packets()


def test_result_end_as_old_clients_need_it(server):
    """Debian's client of 2018 computes what it is not told to be computed, and ends with a signal."""
    with Raw(server) as raw:
        raw.send(query("SELECT 1") + block())
        assert [told[5] for kind, told in raw.packets() if kind == PROFILE_INFO] == [b"\x01"]


def test_wrong_types_in_blocks(server):
    server.query("DROP TABLE IF EXISTS strict")
    server.query("CREATE TABLE strict (n UInt32) ENGINE = MergeTree ORDER BY n")
    client = Client("127.0.0.1", port=server.native_port)
    with pytest.raises(errors.TypeMismatchError):
        client.execute("INSERT INTO strict VALUES", [("x",)], types_check=True)
    client.disconnect()


def test_cancel(server, connect):
    client = connect()
    generator = client.execute_iter("SELECT number, sleepEachRow(0.0001) FROM numbers(100000000)", settings={"max_block_size": 1000})
    next(generator)
    client.cancel()
    assert server.query("SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%processes%'") == "0\n"
    assert client.execute("SELECT 1") == [(1,)]


def test_hanging_up_cancels(server, connect):
    client = connect()
    progress = client.execute_with_progress("SELECT count() FROM numbers(100000000000) WHERE NOT ignore(rand())", query_id="left")
    next(iter(progress))
    client.connection.socket.close()
    wait_until(lambda: server.query("SELECT count() FROM system.processes WHERE query_id = 'left'") == "0\n", "the query has ended")


def test_kill(server, connect):
    client, failure = connect(), []

    def ask():
        try:
            client.execute("SELECT count() FROM numbers(100000000000) WHERE NOT ignore(rand())", query_id="victim")
        except errors.ServerException as error:
            failure.append(error.code)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: server.query("SELECT count() FROM system.processes WHERE query_id = 'victim'") == "1\n", "it runs")
    row = server.query("SELECT interface, client_name, client_version_major, client_revision, user FROM system.processes WHERE query_id = 'victim'")
    assert row == "1\tClickHouse python-driver\t20\t54468\tdefault\n"
    server.query("KILL QUERY WHERE query_id = 'victim' SYNC")
    thread.join()
    assert failure == [394]
    row = server.query("SELECT interface, client_name, exception_code FROM system.query_log WHERE query_id = 'victim'")
    assert row == "1\tClickHouse python-driver\t394\n"


def test_progress(connect):
    sql = "SELECT number FROM numbers(100000) WHERE NOT ignore(sleepEachRow(0.00002))"
    progress = connect().execute_with_progress(sql)
    steps = [done for done, _ in progress]
    assert len(steps) > 1 and steps == sorted(steps) and steps[-1] == 100000
    assert len(progress.get_result()) == 100000


def test_metrics(server, connect):
    def value(name):
        line = next(line for line in server.get("/metrics").text.splitlines() if line.startswith(name + " "))
        return float(line.split()[1])

    client = connect()
    client.execute("SELECT 1")
    queries, connections = value("weir_native_queries_total"), value("weir_native_connections")
    client.execute("SELECT 1")
    assert value("weir_native_queries_total") == queries + 1 and connections >= 1
    client.disconnect()
    wait_until(lambda: value("weir_native_connections") < connections, "the connection is gone")


def test_port(tmp_path, server):
    other = Server(tmp_path, start=False)
    assert other.native_port == 0
    with pytest.raises(RuntimeError, match=f"native_port.*{server.native_port}"):
        other.start("--native-port", str(server.native_port))
    port = free_port()
    other.start("--native-port", str(port))
    assert Client("127.0.0.1", port=port).execute("SELECT 5") == [(5,)]
    assert other.stop() == 0


def test_stop_with_connections(tmp_path):
    server = Server(tmp_path, native=True)
    clients = [Client("127.0.0.1", port=server.native_port) for _ in range(5)]
    for client in clients:
        client.execute("SELECT 1")
    running = clients[0].execute_iter("SELECT number FROM numbers(1000000000000)")
    next(running)
    assert server.stop() == 0, server.log_text()[-3000:]
    for client in clients:
        client.disconnect()


def test_connections_max(tmp_path):
    server = Server(tmp_path, "--connections-max", "3", native=True)
    held = [Raw(server) for _ in range(3)]
    running = held[0]
    with pytest.raises(Exception, match="connections_max is 3"):
        Raw(server)  # none of them has been idle for a second
    assert running.ask("SELECT 1") == [[1]]
    wait_until(lambda: can_connect(server), "one of them made room")
    server.kill()
    for raw in held:
        raw.close()


def can_connect(server):
    try:
        with Raw(server) as raw:
            return raw.ask("SELECT 1") == [[1]]
    except Exception:
        return False


def test_old_revisions(server):
    for revision in (54405, 54412, 54429, 54441, 54453, 54456, 54459, 54460, 54999):
        with Raw(server, revision=min(revision, 54460)) as raw:
            assert raw.greeting["revision"] == 54460
            assert raw.ask("SELECT toUInt64(5), 'x'") == [[5], [b"x"]]
            assert raw.ping()
    with pytest.raises(Exception, match="54405"):
        Raw(server, revision=54000)
