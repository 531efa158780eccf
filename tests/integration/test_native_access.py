"""Users over the native protocol: logins, their rights, roles, quotas and settings, with clickhouse-driver and byte by byte."""
import socket

import pytest
from clickhouse_driver import Client, errors

from native import PING, TABLES_STATUS, Raw, ServerException, block, hello, number, query, text
from weir import QueryError, Server, wait_until


@pytest.fixture(name="server", scope="module")
def native_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("native"), native=True)
    for sql in ("CREATE DATABASE db", "CREATE TABLE db.t (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO db.t VALUES (1), (2)",
                "CREATE TABLE db.secret (n UInt8) ENGINE = MergeTree ORDER BY n",
                "CREATE USER ann IDENTIFIED BY 'pass word'", "GRANT SELECT ON db.t TO ann"):
        server.query(sql)
    yield server
    wait_until(lambda: "weir_native_connections 0\n" in server.get("/metrics").text, "all connections are gone")
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.fixture(name="connect")
def connect_to(server):
    clients = []

    def connect(user="ann", password="pass word", **words):
        clients.append(Client("127.0.0.1", port=server.native_port, user=user, password=password, **words))
        return clients[-1]

    yield connect
    for client in clients:
        client.disconnect()


def code_of(client, sql):
    """The exception's code, or 0."""
    try:
        client.execute(sql)
    except errors.ServerException as error:
        return error.code
    return 0


def raw_code(raw, sql):
    try:
        raw.ask(sql)
    except ServerException as error:
        return error.code
    return 0


def test_password(server, connect):
    assert connect().execute("SELECT currentUser(), count() FROM db.t") == [("ann", 2)]
    with pytest.raises(QueryError) as over_http:
        server.query("SELECT 1", user="ann", password="wrong")
    for user, password in (("ann", "wrong"), ("ann", ""), ("nobody", "pass word"), ("default", "pass word"), ("ann" * 400, "x"),
                           ("ann", "x" * 5000)):
        with pytest.raises(errors.ServerException) as caught:
            connect(user, password).execute("SELECT 1")
        assert caught.value.code == over_http.value.code == 516
        assert "password is incorrect, or there is no user with such name" in caught.value.message
    assert connect().execute("SELECT 7") == [(7,)]
    assert "pass word" not in server.log_text()


def test_user_is_shown(server, connect):
    client = connect()
    assert client.execute("SELECT user, interface FROM system.processes") == [("ann", 1)]
    assert code_of(client, "SELECT * FROM db.secret") == 497
    assert code_of(client, "CREATE TABLE db.other (n UInt8) ENGINE = MergeTree ORDER BY n") == 497
    assert server.query("SELECT count() > 0 FROM system.query_log WHERE user = 'ann' AND interface = 1") == "1\n"


def test_while_the_password_is_verified(server):
    """A client that says all at once, one that says it in pieces, and those that leave."""
    server.query("CREATE USER hasty IDENTIFIED BY 'hasty'")
    for turn in range(3):  # each with a hash of its own
        server.query(f"ALTER USER hasty IDENTIFIED BY 'hasty{turn}'")
        stream = hello("hasty", f"hasty{turn}") + text("") + query("SELECT currentUser()") + block() + number(PING)
        with Raw(server, greet=False) as raw:
            if turn < 2:
                raw.send(stream)
            else:
                raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in stream:
                    raw.send(bytes([byte]))
            raw.read_hello()
            blocks = [what for kind, what in raw.packets() if kind == 1 and what[1] > 0]
            assert blocks[0][0][0][2] == [b"hasty"]
            assert raw.packet()[0] == 4
    left = [Raw(server, greet=False) for _ in range(40)]
    for k, raw in enumerate(left):
        raw.send(hello("hasty", f"wrong{k}") + b"\0" * 100000 * (k % 2))
    for raw in left[:20]:
        raw.close()
    for raw in left[20:]:
        with pytest.raises(ServerException) as caught:
            raw.read_hello()
        assert caught.value.code in (516, 745)  # 16 of one address may wait
        raw.close()
    server.query("DROP USER hasty")


def test_many_logins_at_once(server):
    """Of one password: one hash."""
    server.query("CREATE USER crowd IDENTIFIED BY 'together'")
    before = server.metric("weir_logins_computed_total")
    crowd = [Raw(server, greet=False) for _ in range(50)]
    for raw in crowd:
        raw.send(hello("crowd", "together") + text(""))
    for raw in crowd:
        raw.read_hello()
        assert raw.ask("SELECT currentUser()") == [[b"crowd"]]
        raw.close()
    assert server.metric("weir_logins_computed_total") <= before + 2  # the second: between the hash and its memory
    server.query("DROP USER crowd")


def test_changes_between_queries(server):
    server.query("CREATE USER eve IDENTIFIED BY 'one'")
    server.query("GRANT SELECT ON db.t TO eve")
    with Raw(server, user="eve", password="one") as raw:
        assert raw.ask("SELECT count() FROM db.t") == [[2]]
        server.query("REVOKE SELECT ON db.t FROM eve")
        assert raw_code(raw, "SELECT count() FROM db.t") == 497
        server.query("GRANT SELECT ON db.t TO eve")
        assert raw.ask("SELECT count() FROM db.t") == [[2]]
        server.query("ALTER USER eve IDENTIFIED BY 'two'")
        assert raw_code(raw, "SELECT 1") == 516
    with Raw(server, user="eve", password="two") as raw:
        assert raw.ask("SELECT 1") == [[1]]
        server.query("ALTER USER eve HOST IP '10.0.0.0/8'")
        assert raw_code(raw, "SELECT 1") == 516
    with pytest.raises(ServerException) as caught:
        Raw(server, user="eve", password="two")
    assert caught.value.code == 516
    server.query("ALTER USER eve HOST LOCAL")
    with Raw(server, user="eve", password="two") as raw:
        assert raw.ask("SELECT 1") == [[1]]
        server.query("DROP USER eve")
        assert raw_code(raw, "SELECT 1") == 516


def test_roles(server):
    for sql in ("CREATE ROLE reader", "CREATE ROLE other", "GRANT SELECT ON db.secret TO reader", "CREATE USER rob IDENTIFIED BY 'rob'",
                "GRANT reader, other TO rob", "ALTER USER rob DEFAULT ROLE NONE"):
        server.query(sql)
    with Raw(server, user="rob", password="rob") as raw:
        assert raw_code(raw, "SELECT count() FROM db.secret") == 497
        raw.ask("SET ROLE reader")
        assert raw.ask("SELECT count() FROM db.secret") == [[0]]
        assert raw.ask("SELECT role_name FROM system.current_roles") == [[b"reader"]]
        server.query("ALTER ROLE other SETTINGS max_result_rows = 3")  # another model of users
        assert raw.ask("SELECT count() FROM db.secret") == [[0]]
        assert raw_code(raw, "SET ROLE nobodys") == 511
        assert raw.ask("SELECT count() FROM db.secret") == [[0]]
        raw.ask("SET ROLE other")
        assert raw_code(raw, "SELECT count() FROM db.secret") == 497
        assert raw_code(raw, "SELECT number FROM numbers(10)") == 396
        raw.ask("SET ROLE DEFAULT")
        assert raw.ask("SELECT role_name FROM system.current_roles") == []
        raw.ask("SET ROLE reader")
        server.query("REVOKE reader FROM rob")
        assert raw_code(raw, "SELECT count() FROM db.secret") == 497
    for sql in ("DROP USER rob", "DROP ROLE reader, other"):
        server.query(sql)


def test_settings_and_quotas(server, connect):
    for sql in ("CREATE USER quinn IDENTIFIED BY 'q' SETTINGS readonly = 1, max_result_rows = 3", "GRANT SELECT ON *.* TO quinn",
                "CREATE QUOTA few FOR INTERVAL 1 YEAR MAX queries = 4 TO quinn"):
        server.query(sql)
    client = connect("quinn", "q")
    assert code_of(client, "INSERT INTO db.t VALUES (1)") == 164
    assert code_of(client, "SELECT number FROM numbers(10)") == 396
    assert code_of(connect("quinn", "q", settings={"max_result_rows": 100}), "SELECT 1") == 164
    with Raw(server, user="quinn", password="q") as raw:
        codes = [raw_code(raw, "SELECT 1") for _ in range(6)]
    assert codes[-1] == 201 and codes == sorted(codes)
    assert code_of(client, "SELECT 1") == 201
    for sql in ("DROP USER quinn", "DROP QUOTA few"):
        server.query(sql)


def test_databases(server, connect):
    server.query("CREATE USER dan IDENTIFIED BY 'd' DEFAULT DATABASE db")
    assert connect("dan", "d").execute("SELECT currentDatabase()") == [("db",)]
    assert connect("dan", "d", database="system").execute("SELECT currentDatabase()") == [("system",)]
    with pytest.raises(errors.ServerException) as caught:
        connect("dan", "d", database="no_such").execute("SELECT 1")
    assert caught.value.code == 81
    server.query("DROP USER dan")


def test_tables_status(server):
    """Says nothing of tables that the user must not know of."""
    asked = number(TABLES_STATUS) + number(2) + text("db") + text("t") + text("db") + text("secret")
    with Raw(server, user="ann", password="pass word") as raw:
        raw.send(asked)
        assert (raw.number(), raw.number(), raw.text(), raw.text(), raw.number()) == (9, 1, b"db", b"t", 0)
        assert raw.ping()
    with Raw(server) as raw:
        raw.send(asked)
        assert (raw.number(), raw.number()) == (9, 2)


def test_default_with_a_password(tmp_path):
    (tmp_path / "weir.yaml").write_text("users:\n  default:\n    password: secret\n")
    server = Server(tmp_path, "--config", tmp_path / "weir.yaml", native=True)
    for words in ({}, {"password": "wrong"}, {"user": ""}):
        with pytest.raises(ServerException) as caught:
            Raw(server, **words)
        assert caught.value.code == 516
    for user in ("default", ""):
        with Raw(server, user=user, password="secret") as raw:
            assert raw.ask("SELECT currentUser()") == [[b"default"]]
    assert server.stop() == 0


def test_stop_while_passwords_are_verified(tmp_path):
    server = Server(tmp_path, native=True)
    waiting = [Raw(server, greet=False) for _ in range(16)]
    for k, raw in enumerate(waiting):
        raw.send(hello("nobody", f"wrong{k}"))
    assert server.stop() == 0
    for raw in waiting:
        raw.close()
