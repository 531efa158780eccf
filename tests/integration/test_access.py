"""Users, roles, grants, quotas, settings of users: who may do what, over HTTP."""
import base64
import concurrent.futures
import hashlib
import socket

import pytest
import requests
from weir import QueryError, Server


def as_user(server, user, password="", **more):
    """A function that runs statements as this user."""

    def query(sql, data=None, **parameters):
        headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password}
        reply = server.post(sql, data, headers=headers, **{**more, **parameters})
        if reply.status_code != 200:
            raise QueryError(reply)
        return reply.text

    return query


def code_of(function, *arguments, **named):
    """The error's code, or 0."""
    try:
        function(*arguments, **named)
    except QueryError as error:
        return error.code
    return 0


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    server.query("CREATE DATABASE db")
    server.query("CREATE TABLE db.t (a UInt8, b String) ENGINE = MergeTree ORDER BY a")
    server.query("CREATE TABLE db.secret (key UInt8, hidden String) ENGINE = MergeTree ORDER BY key")
    server.query("INSERT INTO db.t VALUES (1, 'x'), (2, 'y')")
    server.query("INSERT INTO db.secret VALUES (7, 'nobody sees this')")
    yield server
    server.kill()


@pytest.fixture
def ann(server):
    server.query("CREATE USER ann IDENTIFIED BY 'pass word'")
    return as_user(server, "ann", "pass word")


def login(server, **named):
    return requests.get(server.url, params={"query": "SELECT currentUser()", **named.pop("params", {})}, **named)


def test_forms_of_authentication(server, ann):
    basic = "Basic " + base64.b64encode(b"ann:pass word").decode()
    for reply in [
        login(server, auth=("ann", "pass word")),
        login(server, params={"user": "ann", "password": "pass word"}),
        login(server, headers={"X-ClickHouse-User": "ann", "X-ClickHouse-Key": "pass word"}),
        login(server, headers={"Authorization": basic, "X-ClickHouse-SSL-Certificate-Auth": "off"}),
    ]:
        assert (reply.status_code, reply.text) == (200, "ann\n")
    assert login(server).text == "default\n"
    assert login(server, auth=("default", "")).text == "default\n"
    for headers, params in [
        ({"Authorization": basic, "X-ClickHouse-User": "ann"}, {}),
        ({"Authorization": basic}, {"user": "ann"}),
        ({"X-ClickHouse-User": "ann"}, {"password": "pass word"}),
        ({"Authorization": "Bearer abc"}, {}),
        ({"Authorization": "Basic !!!"}, {}),
        ({"Authorization": "Basic " + base64.b64encode(b"ann").decode()}, {}),
        ({"Authorization": "Basic " + "A" * 20000}, {}),
        ({"Authorization": ""}, {}),
        ({"X-ClickHouse-User": "ann", "X-ClickHouse-SSL-Certificate-Auth": "on"}, {}),
        ({"X-ClickHouse-User": "ann", "X-ClickHouse-Key": "pass wor"}, {}),
        ({"X-ClickHouse-User": "ann"}, {}),
        ({"X-ClickHouse-User": "nobody", "X-ClickHouse-Key": "pass word"}, {}),
        ({"X-ClickHouse-User": "a" * 2000, "X-ClickHouse-Key": "x"}, {}),
        ({"X-ClickHouse-User": "ann", "X-ClickHouse-Key": "x" * 5000}, {}),
        ({}, {"user": "default", "password": "x"}),
    ]:
        reply = login(server, headers=headers, params=params)
        assert reply.status_code == 403, (headers, params, reply.text)
        assert reply.headers["X-ClickHouse-Exception-Code"] == "516"
        assert "pass wor" not in reply.text


def test_password_required(server):
    server.query("ALTER USER default IDENTIFIED BY 'x'")
    reply = login(server)
    assert reply.status_code == 401
    assert reply.headers["X-ClickHouse-Exception-Code"] == "194"
    assert reply.headers["WWW-Authenticate"] == 'Basic realm="ClickHouse server HTTP API"'
    assert login(server, auth=("default", "")).status_code == 403
    assert login(server, auth=("default", "x")).text == "default\n"
    assert requests.get(server.url + "ping").text == "Ok.\n"


def test_unknown_users_look_as_wrong_passwords(server, ann):
    wrong = login(server, auth=("ann", "no"))
    unknown = login(server, auth=("bob", "no"))
    assert wrong.text == unknown.text.replace("bob", "ann")
    # each is one Argon2id hash: neither is answered without
    before = server.value("SELECT value FROM system.metrics WHERE metric = 'weir_logins_computed_total'")
    login(server, auth=("ann", "no2"))
    login(server, auth=("bob", "no2"))
    after = server.value("SELECT value FROM system.metrics WHERE metric = 'weir_logins_computed_total'")
    assert after == before + 2


def test_a_right_password_is_hashed_once(server, ann):
    def computed():
        return server.value("SELECT value FROM system.metrics WHERE metric = 'weir_logins_computed_total'")

    ann("SELECT 1")
    before = computed()
    for _ in range(20):
        ann("SELECT 1")
    assert computed() == before
    server.query("ALTER USER ann IDENTIFIED BY 'other'")
    assert code_of(ann, "SELECT 1") == 516
    assert as_user(server, "ann", "other")("SELECT 1") == "1\n"
    server.query("DROP USER ann")
    assert code_of(as_user(server, "ann", "other"), "SELECT 1") == 516


def test_brute_force_leaves_room_for_others(server, ann):
    """Many wrong logins at once: each is answered, one hash at a time, and others go on meanwhile."""
    ann("SELECT 1")
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        tries = [pool.submit(login, server, auth=("ann", f"guess {k}")) for k in range(60)]
        others = [pool.submit(ann, "SELECT count() FROM numbers(1000)") for _ in range(20)]
        assert {other.result() for other in others} == {"1000\n"}
        statuses = {reply.result().status_code for reply in tries}
    assert statuses <= {403, 503}
    assert server.query("SELECT 1") == "1\n"


def test_equal_logins_share_a_hash(server, ann):
    before = server.value("SELECT value FROM system.metrics WHERE metric = 'weir_logins_computed_total'")
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        replies = list(pool.map(lambda _: ann("SELECT 1"), range(60)))
    assert replies == ["1\n"] * 60
    after = server.value("SELECT value FROM system.metrics WHERE metric = 'weir_logins_computed_total'")
    assert after - before <= 20


def test_select_columns(server, ann):
    with pytest.raises(QueryError) as error:
        ann("SELECT a FROM db.t")
    assert error.value.status == 403 and error.value.code == 497
    assert (
        "ann: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(a) ON db.t"
        in error.value.message
    )
    server.query("GRANT SELECT(a) ON db.t TO ann")
    assert ann("SELECT a FROM db.t ORDER BY a") == "1\n2\n"
    assert ann("SELECT count() FROM db.t") == "2\n"
    for sql in [
        "SELECT * FROM db.t",
        "SELECT b FROM db.t",
        "SELECT a FROM db.t WHERE b = 'x'",
        "SELECT a FROM db.t ORDER BY b",
        "SELECT count() FROM db.t GROUP BY b",
        "SELECT a FROM db.t PREWHERE length(b) > 0",
        "SELECT (SELECT max(b) FROM db.t)",
        "SELECT 1 WHERE 'x' IN (SELECT b FROM db.t)",
        "SELECT 1 FROM numbers(1) AS n JOIN db.t AS t ON n.number = length(t.b)",
        "WITH w AS (SELECT b FROM db.t) SELECT * FROM w",
        "SELECT a FROM db.t UNION ALL SELECT length(b) FROM db.t",
        "SELECT hidden FROM db.secret",
        "SELECT count() FROM db.secret",
        "SELECT nothing_like_that FROM db.secret",
        "SELECT hiden FROM db.secret",
        "EXPLAIN SELECT b FROM db.t",
        "DESCRIBE TABLE db.secret",
        "DESCRIBE (SELECT * FROM db.secret)",
        "SHOW CREATE TABLE db.secret",
        "SHOW COLUMNS FROM db.secret",
        "CREATE TABLE db.copy ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM db.secret",
        "CREATE TABLE db.copy AS db.secret",
        "CREATE VIEW db.v AS SELECT * FROM db.secret",
        "INSERT INTO db.t SELECT key, hidden FROM db.secret",
    ]:
        with pytest.raises(QueryError) as error:
            ann(sql)
        assert error.value.code == 497, (sql, error.value.message)
        assert "hidden" not in error.value.message or "hidden" in sql
    server.query("REVOKE SELECT(a) ON db.t FROM ann")
    assert code_of(ann, "SELECT a FROM db.t") == 497


def test_caches_and_shared_executions_know_users(server, ann):
    """What one may see is not shown to another, though text, plan and result are kept."""
    server.query("CREATE USER bob IDENTIFIED BY 'b'")
    bob = as_user(server, "bob", "b")
    server.query("GRANT SELECT ON db.* TO ann")
    sql = "SELECT b, count() FROM db.t GROUP BY b ORDER BY b"
    for _ in range(3):
        assert ann(sql) == "x\t1\ny\t1\n"
        assert code_of(bob, sql) == 497
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        mine = [pool.submit(ann, sql) for _ in range(20)]
        theirs = [pool.submit(code_of, bob, sql) for _ in range(20)]
        assert {m.result() for m in mine} == {"x\t1\ny\t1\n"}
        assert {t.result() for t in theirs} == {497}
    server.query("REVOKE ALL ON db.* FROM ann")
    assert code_of(ann, sql) == 497


def test_views_run_with_the_rights_of_who_asks(server, ann):
    server.query("CREATE VIEW db.v AS SELECT hidden FROM db.secret")
    assert code_of(ann, "SELECT * FROM db.v") == 497
    server.query("GRANT SELECT ON db.v TO ann")
    assert code_of(ann, "SELECT * FROM db.v") == 497
    server.query("GRANT SELECT(hidden) ON db.secret TO ann")
    assert ann("SELECT * FROM db.v") == "nobody sees this\n"
    server.query("REVOKE SELECT ON db.v FROM ann")
    assert code_of(ann, "SELECT * FROM db.v") == 497


def test_insert_and_ddl(server, ann):
    statements = [
        ("INSERT INTO db.t VALUES (3, 'z')", "INSERT ON db.t"),
        ("CREATE TABLE db.new (x UInt8) ENGINE = MergeTree ORDER BY x", "CREATE TABLE ON db.*"),
        ("ALTER TABLE db.t ADD COLUMN c UInt8", "ALTER ADD COLUMN ON db.t"),
        ("ALTER TABLE db.t COMMENT COLUMN c 'x'", "ALTER COMMENT COLUMN(c) ON db.t"),
        ("ALTER TABLE db.t RENAME COLUMN c TO d", "ALTER RENAME COLUMN ON db.t"),
        ("ALTER TABLE db.t MODIFY COLUMN d UInt16", "ALTER MODIFY COLUMN ON db.t"),
        ("ALTER TABLE db.t UPDATE d = 1 WHERE a = 1", "ALTER UPDATE(d) ON db.t"),
        ("ALTER TABLE db.t DELETE WHERE a = 3", "ALTER DELETE ON db.t"),
        ("DELETE FROM db.t WHERE a = 4", "DELETE ON db.t"),
        ("ALTER TABLE db.t DROP COLUMN d", "DROP COLUMN ON db.t"),
        ("OPTIMIZE TABLE db.t FINAL", "OPTIMIZE ON db.t"),
        ("TRUNCATE TABLE db.new", "TRUNCATE ON db.new"),
        ("RENAME TABLE db.new TO db.old", "SELECT, DROP TABLE, CREATE TABLE, INSERT ON db.*"),
        ("DROP TABLE db.old", "DROP TABLE ON db.*"),
        ("CREATE VIEW db.w AS SELECT 1", "CREATE VIEW ON db.w"),
        ("DROP VIEW db.w", "DROP VIEW ON db.w"),
        ("CREATE DATABASE other", "CREATE DATABASE ON other.*"),
        ("DROP DATABASE other", "DROP DATABASE ON other.*"),
        ("VERIFY TABLE db.t", "CHECK ON db.t"),
        ("CREATE USER eve", "CREATE USER ON *.*"),
        ("ALTER USER eve HOST LOCAL", "ALTER USER ON *.*"),
        ("CREATE ROLE role1", "CREATE ROLE ON *.*"),
        ("GRANT role1 TO eve", "ROLE ADMIN ON *.*"),
        ("DROP ROLE role1", "DROP ROLE ON *.*"),
        ("DROP USER eve", "DROP USER ON *.*"),
        ("SHOW USERS", "SHOW USERS ON *.*"),
    ]
    for sql, grant in statements:
        with pytest.raises(QueryError) as error:
            ann(sql)
        assert error.value.code == 497, (sql, error.value.message)
        server.query(f"GRANT {grant} TO ann")
        ann(sql)
        server.query(f"REVOKE {grant} FROM ann")
    assert server.query("SHOW GRANTS FOR ann") == ""


def test_conditions_of_mutations_read_with_the_users_rights(server, ann):
    server.query("GRANT ALTER DELETE, ALTER UPDATE ON db.t TO ann")
    for sql in [
        "DELETE FROM db.t WHERE b IN (SELECT hidden FROM db.secret)",
        "ALTER TABLE db.t DELETE WHERE b = (SELECT max(hidden) FROM db.secret)",
        "ALTER TABLE db.t UPDATE b = (SELECT max(hidden) FROM db.secret) WHERE a = 1",
    ]:
        assert code_of(ann, sql) == 497, sql
    ann("DELETE FROM db.t WHERE a = 2")


def test_partial_insert(server, ann):
    server.query("GRANT INSERT(a) ON db.t TO ann")
    ann("INSERT INTO db.t (a) VALUES (9)")
    assert code_of(ann, "INSERT INTO db.t VALUES (9, 'z')") == 497
    assert code_of(ann, "INSERT INTO db.t (a, b) FORMAT JSONEachRow", b'{"a": 1}') == 497


def test_what_is_not_granted_is_not_shown(server, ann):
    server.query("CREATE DATABASE empty")
    assert ann("SHOW DATABASES") == "INFORMATION_SCHEMA\ninformation_schema\nsystem\n"
    assert ann("SHOW TABLES FROM db") == ""
    server.query("GRANT SELECT(a) ON db.t TO ann")
    assert ann("SHOW DATABASES") == "INFORMATION_SCHEMA\ndb\ninformation_schema\nsystem\n"
    assert ann("SHOW TABLES FROM db") == "t\n"
    assert ann("SELECT name FROM system.tables WHERE database = 'db'") == "t\n"
    assert ann("SELECT count() FROM system.tables WHERE database = 'db'") == "1\n"
    assert ann("SELECT table, name FROM system.columns WHERE database = 'db'") == "t\ta\n"
    assert ann("SELECT DISTINCT table FROM system.parts WHERE database = 'db'") in ("", "t\n")
    assert ann("EXISTS TABLE db.secret") == "0\n"
    assert code_of(ann, "SELECT * FROM system.users") == 497
    assert code_of(ann, "SELECT * FROM system.metrics") == 497
    server.query("GRANT SELECT ON system.metrics TO ann")
    ann("SELECT * FROM system.metrics")
    server.query("SELECT 'only the administrator'")
    assert ann("SELECT DISTINCT user FROM system.query_log") == "ann\n"
    assert ann("SELECT DISTINCT user FROM system.processes") == "ann\n"
    assert "hidden" not in ann("SELECT * FROM system.columns FORMAT TSV")


def test_grant_option(server, ann):
    server.query("CREATE USER bob IDENTIFIED BY 'b'")
    server.query("GRANT SELECT ON db.t TO ann")
    assert code_of(ann, "GRANT SELECT ON db.t TO bob") == 497
    server.query("GRANT SELECT ON db.t TO ann WITH GRANT OPTION")
    ann("GRANT SELECT(a) ON db.t TO bob")
    assert code_of(ann, "GRANT SELECT ON db.* TO bob") == 497
    assert code_of(ann, "GRANT INSERT ON db.t TO bob") == 497
    assert server.query("SHOW GRANTS FOR bob") == "GRANT SELECT(a) ON db.t TO bob\n"
    ann("REVOKE SELECT ON db.t FROM bob")
    assert server.query("SHOW GRANTS FOR bob") == ""


def test_nobody_climbs(server, ann):
    """ALTER USER and the like are no way to somebody else's rights."""
    server.query("GRANT CREATE USER, ALTER USER, DROP USER, CREATE ROLE ON *.* TO ann")
    assert code_of(ann, "ALTER USER default IDENTIFIED BY 'mine'") == 497
    assert code_of(ann, "CREATE OR REPLACE USER default IDENTIFIED BY 'mine'") == 497
    assert code_of(ann, "DROP USER default") == 497
    assert code_of(ann, "GRANT ALL ON *.* TO ann") == 497
    ann("CREATE USER kid IDENTIFIED BY 'k'")
    ann("ALTER USER kid HOST LOCAL")
    server.query("GRANT ALL ON db.* TO kid")
    assert code_of(ann, "ALTER USER kid IDENTIFIED BY 'mine'") == 497
    server.query("CREATE ROLE admin")
    server.query("GRANT ALL ON *.* TO admin")
    assert code_of(ann, "GRANT admin TO ann") == 497
    ann("ALTER USER ann IDENTIFIED BY 'new'")  # one's own password
    assert as_user(server, "ann", "new")("SELECT 1") == "1\n"


def test_roles(server, ann):
    server.query("CREATE ROLE reader, writer, everything")
    server.query("GRANT SELECT ON db.t TO reader")
    server.query("GRANT INSERT ON db.t TO writer")
    server.query("GRANT reader, writer TO everything")
    server.query("GRANT everything TO ann")
    assert ann("SELECT count() FROM db.t") == "2\n"
    ann("INSERT INTO db.t VALUES (3, 'z')")
    assert ann("SELECT role_name FROM system.enabled_roles ORDER BY 1") == "everything\nreader\nwriter\n"
    assert code_of(ann, "SELECT 1", role="nosuch") == 511
    assert code_of(ann, "SELECT 1", role="reader") == 512
    server.query("GRANT reader TO ann")
    assert ann("SELECT count() FROM db.t", role="reader") == "3\n"
    assert code_of(ann, "INSERT INTO db.t VALUES (4, 'z')", role="reader") == 497
    roles = "SELECT currentRoles(), enabledRoles(), defaultRoles()"
    assert ann(roles) == "['everything','reader']\t['everything','reader','writer']\t['everything','reader']\n"
    assert ann(roles, role="reader") == "['reader']\t['reader']\t['everything','reader']\n"
    assert server.query(roles) == "[]\t[]\t[]\n"
    ann("SET ROLE reader", session_id="s")
    assert ann("SHOW CURRENT ROLES", session_id="s") == "reader\n"
    assert ann(roles, session_id="s") == "['reader']\t['reader']\t['everything','reader']\n"
    assert code_of(ann, "INSERT INTO db.t VALUES (4, 'z')", session_id="s") == 497
    ann("SET ROLE DEFAULT", session_id="s")
    ann("INSERT INTO db.t VALUES (4, 'z')", session_id="s")
    assert code_of(server.query, "GRANT everything TO reader") == 509
    server.query("ALTER USER ann DEFAULT ROLE NONE")
    assert code_of(ann, "SELECT count() FROM db.t") == 497
    server.query("ALTER USER ann DEFAULT ROLE reader")
    assert ann("SELECT count() FROM db.t") == "4\n"
    server.query("CREATE ROLE passing")
    server.query("GRANT passing TO ann")
    ann("SET ROLE reader, passing", session_id="dropped")
    ann("SET ROLE passing", session_id="none left")
    server.query("DROP ROLE passing")  # is gone from sessions, which go on without it
    assert ann(roles, session_id="dropped") == "['reader']\t['reader']\t['reader']\n"
    assert ann("SELECT currentRoles()", session_id="none left") == "[]\n"
    assert code_of(ann, "SELECT count() FROM db.t", session_id="none left") == 497
    assert code_of(server.query, "ALTER USER ann DEFAULT ROLE writer") == 512
    server.query("ALTER ROLE reader RENAME TO readers")
    assert "GRANT readers TO ann" in server.query("SHOW GRANTS FOR ann")
    assert ann("SELECT count() FROM db.t") == "4\n"
    server.query("DROP ROLE readers")
    assert server.query("SHOW GRANTS FOR ann") == "GRANT everything TO ann\n"


def test_statements(server):
    assert code_of(server.query, "DROP USER nobody") == 192
    assert code_of(server.query, "DROP ROLE nobody") == 511
    assert code_of(server.query, "DROP QUOTA nobody") == 199
    assert code_of(server.query, "DROP SETTINGS PROFILE nobody") == 180
    for kind in ["USER", "ROLE", "QUOTA", "SETTINGS PROFILE"]:
        server.query(f"DROP {kind} IF EXISTS x")
        server.query(f"CREATE {kind} x")
        assert code_of(server.query, f"CREATE {kind} x") == 493
        server.query(f"CREATE {kind} IF NOT EXISTS x")
        server.query(f"CREATE {kind} OR REPLACE x")
        server.query(f"CREATE OR REPLACE {kind} x")
        assert f"CREATE {kind} x" in server.query(f"SHOW CREATE {kind} x")
        server.query(f"DROP {kind} x")
    for sql, code in [
        ("CREATE USER u IDENTIFIED WITH ldap BY 'x'", 48),
        ("CREATE USER u IDENTIFIED WITH bcrypt_hash BY 'x'", 48),
        ("CREATE USER u IDENTIFIED WITH sha256_hash BY 'x'", 36),
        ("CREATE USER u IDENTIFIED WITH argon2id_hash BY 'x'", 36),
        ("CREATE USER u IDENTIFIED WITH no_password BY 'x'", 36),
        ("CREATE USER u IDENTIFIED", 62),
        ("CREATE USER u HOST IP 'nonsense'", 36),
        ("CREATE USER u HOST NAME 'example.com'", 48),
        ("CREATE USER u VALID UNTIL '2030-01-01'", 48),
        ("CREATE USER u SETTINGS nosuch_setting = 1", 115),
        ("CREATE USER u SETTINGS max_threads = 'x'", None),
        ("CREATE USER u SETTINGS PROFILE nosuch", 180),
        ("CREATE USER u DEFAULT ROLE nosuch", 511),
        ("CREATE USER " + "n" * 64, 36),
        ("CREATE USER ``", 62),
        ("GRANT SELECT ON db.t TO nosuch", 511),
        ("GRANT nosuch TO default", 511),
        ("GRANT KILL QUERY ON db.t TO default", 509),
        ("GRANT DROP TABLE(a) ON db.t TO default", 509),
        ("GRANT NOSUCH THING ON db.t TO default", 62),
        ("GRANT SELECT ON d*.* TO default", 48),
        ("GRANT SELECT TO default", 511),
        ("DROP USER default", 36),
    ]:
        got = code_of(server.query, sql)
        assert got == code if code is not None else got != 0, (sql, got)
    assert server.query("SHOW USERS") == "default\n"


def test_foreign_hashes(server):
    salted = hashlib.sha256(b"pw" + b"salt").hexdigest()
    double = hashlib.sha1(hashlib.sha1(b"pw").digest()).hexdigest()
    server.query(f"CREATE USER a IDENTIFIED WITH sha256_hash BY '{salted}' SALT 'salt'")
    server.query(f"CREATE USER b IDENTIFIED WITH double_sha1_hash BY '{double}'")
    server.query("CREATE USER c IDENTIFIED WITH plaintext_password BY 'pw'")
    server.query("CREATE USER d IDENTIFIED WITH double_sha1_password BY 'pw'")
    for user in "abcd":
        assert as_user(server, user, "pw")("SELECT currentUser()") == f"{user}\n"
        assert code_of(as_user(server, user, "no"), "SELECT 1") == 516


def test_hosts(server):
    server.query("CREATE USER far IDENTIFIED BY 'x' HOST IP '10.0.0.0/8'")
    server.query("CREATE USER near IDENTIFIED BY 'x' HOST LOCAL, IP '10.0.0.0/8'")
    server.query("CREATE USER nowhere IDENTIFIED BY 'x' HOST NONE")
    assert code_of(as_user(server, "far", "x"), "SELECT 1") == 516
    assert code_of(as_user(server, "nowhere", "x"), "SELECT 1") == 516
    assert as_user(server, "near", "x")("SELECT 1") == "1\n"
    server.query("ALTER USER far ADD HOST LOCAL")
    assert as_user(server, "far", "x")("SELECT 1") == "1\n"


def test_settings_of_users(server):
    server.query("CREATE SETTINGS PROFILE slow SETTINGS max_threads = 1 MIN 1 MAX 2, max_result_rows = 5 READONLY")
    server.query("CREATE USER lim IDENTIFIED BY 'x' SETTINGS PROFILE slow, max_memory_usage = 100000000 MAX 200000000")
    lim = as_user(server, "lim", "x")
    assert lim("SELECT count() FROM numbers(10)") == "10\n"
    assert code_of(lim, "SELECT number FROM numbers(10)") == 396
    assert code_of(lim, "SELECT 1", max_threads=3) == 452
    assert code_of(lim, "SELECT 1", max_threads=0) == 452
    assert lim("SELECT 1", max_threads=2) == "1\n"
    assert code_of(lim, "SELECT 1", max_result_rows=100) == 452
    assert code_of(lim, "SELECT 1 SETTINGS max_result_rows = 100") == 452
    assert code_of(lim, "SET max_result_rows = 100", session_id="x") == 452
    assert lim("SELECT 1", max_result_rows=5) == "1\n"
    assert code_of(lim, "SELECT 1", max_memory_usage=0) == 452
    server.query("ALTER SETTINGS PROFILE slow SETTINGS max_threads = 1")
    assert lim("SELECT 1", max_threads=3) == "1\n"
    server.query("CREATE USER ro IDENTIFIED BY 'x' SETTINGS readonly = 1")
    server.query("GRANT ALL ON *.* TO ro")
    ro = as_user(server, "ro", "x")
    assert ro("SELECT count() FROM db.t") == "2\n"
    for sql in ["INSERT INTO db.t VALUES (1, '')", "DROP TABLE db.t", "CREATE USER z", "GRANT SELECT ON *.* TO ro"]:
        assert code_of(ro, sql) == 164, sql
    assert code_of(ro, "SELECT 1", max_threads=3) == 164
    assert code_of(ro, "SELECT 1", readonly=0) == 164
    server.query("ALTER USER ro SETTINGS readonly = 2")
    assert ro("SELECT 1", max_threads=3) == "1\n"
    assert code_of(ro, "SELECT 1", readonly=0) == 164


def test_quotas(server, ann):
    server.query("GRANT SELECT ON db.t TO ann")
    server.query("CREATE QUOTA few FOR INTERVAL 1 YEAR MAX queries = 3, errors = 100 TO ann")
    for _ in range(3):
        ann("SELECT count() FROM db.t")
    assert code_of(ann, "SELECT count() FROM db.t") == 201
    assert server.query("SELECT 1") == "1\n"
    assert server.query("SELECT name, durations, apply_to_list FROM system.quotas") == "few\t['31556952']\t['ann']\n"
    assert server.query("SELECT max_queries, max_errors FROM system.quota_limits") == "3\t100\n"
    server.query("ALTER QUOTA few FOR INTERVAL 1 YEAR MAX queries = 100, query_selects = 6")
    ann("SELECT count() FROM db.t")
    usage = ann("SELECT queries >= 5, max_queries FROM system.quota_usage")
    assert usage == "1\t100\n"
    server.query("CREATE OR REPLACE QUOTA few FOR INTERVAL 1 YEAR MAX read_rows = 1000 TO ann")
    server.query("CREATE QUOTA rows FOR INTERVAL 1 YEAR MAX result_rows = 10, FOR INTERVAL 1 SECOND TRACKING ONLY TO ALL EXCEPT default")
    ann("SELECT number FROM numbers(20)")
    assert code_of(ann, "SELECT 1") == 201
    server.query("DROP QUOTA rows")
    ann("SELECT count() FROM numbers(100000) WHERE number % 3 = 0")
    assert code_of(ann, "SELECT 1") == 201
    server.query("DROP QUOTA few")
    ann("SELECT 1")


def test_kill(server, ann):
    server.query("CREATE USER bob IDENTIFIED BY 'b'")
    bob = as_user(server, "bob", "b")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(code_of, ann, "SELECT count() FROM numbers(100000000000)", query_id="mine")
        while server.value("SELECT count() FROM system.processes WHERE query_id = 'mine'") == 0:
            pass
        assert bob("SELECT count() FROM system.processes WHERE query_id = 'mine'") == "0\n"
        assert bob("KILL QUERY WHERE query_id = 'mine'") == ""
        server.query("GRANT SELECT ON system.processes TO bob")
        assert code_of(bob, "KILL QUERY WHERE query_id = 'mine'") == 497
        assert not running.done()
        assert "mine" in ann("KILL QUERY WHERE query_id = 'mine'")
        assert running.result() == 394


def test_sessions_are_a_users_own(server, ann):
    server.query("CREATE TEMPORARY TABLE mine (x UInt8)", session_id="s")
    server.query("INSERT INTO mine VALUES (1)", session_id="s")
    assert code_of(ann, "SELECT * FROM mine", session_id="s") == 60
    assert code_of(ann, "CREATE TEMPORARY TABLE own (x UInt8)", session_id="s") == 497
    server.query("GRANT CREATE TEMPORARY TABLE ON *.* TO ann")
    ann("CREATE TEMPORARY TABLE own (x UInt8)", session_id="s")
    ann("INSERT INTO own VALUES (5)", session_id="s")
    assert ann("SELECT x FROM own", session_id="s") == "5\n"


def test_dictionaries_and_table_functions(server, ann):
    server.query(
        "CREATE DICTIONARY db.d (key UInt64, hidden String) PRIMARY KEY key "
        "SOURCE(CLICKHOUSE(DB 'db' TABLE 'secret')) LAYOUT(HASHED()) LIFETIME(0)"
    )
    assert code_of(ann, "SELECT dictGet('db.d', 'hidden', 7)") == 497
    assert code_of(ann, "SELECT dictHas('db.d', toUInt64(number)) FROM numbers(2)") == 497
    assert code_of(ann, "SELECT * FROM db.d") == 497
    server.query("GRANT dictGet ON db.d TO ann")
    assert ann("SELECT dictGet('db.d', 'hidden', 7)") == "nobody sees this\n"
    assert code_of(ann, "SELECT * FROM kafka(brokers = 'x:1', topic = 'y', format = 'JSONEachRow')") == 497
    assert code_of(ann, "SELECT * FROM file('x.csv')") == 497
    server.query("GRANT CREATE DICTIONARY ON db.* TO ann")
    sql = (
        "CREATE DICTIONARY db.mine (key UInt64, hidden String) PRIMARY KEY key "
        "SOURCE(CLICKHOUSE(DB 'db' TABLE 'secret')) LAYOUT(HASHED()) LIFETIME(0)"
    )
    assert code_of(ann, sql) == 497


def test_secrets_are_not_shown(server):
    secret = "Geheimnis4711"
    for sql in [
        f"CREATE USER s1 IDENTIFIED BY '{secret}'",
        f"CREATE USER s2 IDENTIFIED WITH sha256_password BY '{secret}' HOST LOCAL",
        f"ALTER USER s1 IDENTIFIED WITH plaintext_password BY '{secret}'",
        f"CREATE USER s3 IDENTIFIED BY '{secret}' '{secret}'",
        f"CREATE USER s3 IDENTIFIED WITH sha256_hash BY '{secret}'",
        f"CREATE USER s3 IDENTIFIED WITH '{secret}'",
        f"CREATE USER s3 IDENTIFIED BY '{secret}",
        f"CREATE USER s3 IDENTIFIED BY {secret}'",
        f"CREATE USER s3 SETTINGS x = 1 IDENTIFIED WITH ldap BY '{secret}'",
        f"SELECT * FROM kafka(brokers = '127.0.0.1:1', topic = 't', format = 'JSONEachRow', "
        f"'kafka.sasl.password' = '{secret}', 'kafka.sasl.mechanism' = 'PLAIN', nonsense = 1)",
    ]:
        reply = server.post(sql)
        assert sql.endswith(f"BY {secret}'") or secret not in reply.text, reply.text
    for table in ["query_log", "processes", "users", "grants", "settings_profile_elements"]:
        text = server.query(f"SELECT * FROM system.{table} FORMAT TSV")
        assert f"'{secret}" not in text and f"{secret}\\'" not in text.replace(f"BY {secret}\\'", ""), table
    for sql in ["SHOW CREATE USER s1", "SHOW ACCESS", "SHOW USERS"]:
        assert secret not in server.query(sql)
        assert "argon2id$" not in server.query(sql)
    server.stop()
    assert secret not in server.log_text()
    for path in server.data.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path


def test_keys_of_ciphers_are_not_shown(server):
    key, other = "Geheimnis4711xyz", "anderesGeheimnis"
    for sql in [
        f"SELECT hex(encrypt('aes-128-ecb', '{other}', '{key}'))",
        f"SELECT tryDecrypt ( 'aes-128-cbc', unhex('{other}'), concat('{key}', ''), '{key}'), 'shown 1'",
        f"SELECT lower(AES_ENCRYPT_MYSQL('aes-128-ecb', ['{other}', ('{other}')][1], '{key}'))",
        f"SELECT aes_encrypt_mysql('aes-128-ecb', (SELECT '{other}'), '{key}'), 'shown 2'",
        f"SELECT decrypt('aes-128-gcm', 'x', '{key}', '{other}')",
        f"SELECT \"encrypt\"('aes-128-ecb', 'x', '{key}')",
        f"SELECT hex(hMaC('sha256', 'shown 3', '{key}'))",
        f"SELECT HMAC('sha256', 'shown 4', '{key}' || '{other}', 1)",
        f"SELECT encrypt('aes-128-ecb', 'x', '{key}",
        f"SELECT encrypt('aes-128-ecb', 'x', toUInt8('{key}'))",
        "SELECT 'shown 5' AS encrypt, encrypt FROM system.one",
    ]:
        reply = server.post(sql)
        errors = reply.text if reply.status_code != 200 else ""
        assert key not in errors and other not in errors, reply.text
    text = server.query("SELECT query FROM system.query_log FORMAT TSV")
    assert "encrypt(\\'aes-128-ecb\\', \\'[HIDDEN]\\', \\'[HIDDEN]\\')" in text
    for number in range(1, 6):
        assert f"shown {number}" in text, text
    for table in ["query_log", "processes"]:
        text = server.query(f"SELECT * FROM system.{table} FORMAT TSV")
        assert key not in text and other not in text, text
    server.query(f"CREATE VIEW db.codes AS SELECT encrypt('aes-128-ecb', b, '{key}') AS code FROM db.t")
    assert server.query(f"SELECT DISTINCT decrypt('aes-128-ecb', code, '{key}') FROM db.codes ORDER BY 1") == "x\ny\n"
    assert key not in server.query("SHOW CREATE VIEW db.codes")
    assert key not in server.query("SELECT * FROM system.tables WHERE database = 'db' FORMAT TSV")
    server.stop()
    assert key not in server.log_text()


def test_all_is_there_after_a_restart(server, ann):
    server.query("CREATE ROLE r SETTINGS max_threads = 2")
    server.query("GRANT SELECT ON *.* TO r WITH GRANT OPTION")
    server.query("REVOKE SELECT ON db.secret FROM r")
    server.query("GRANT r TO ann WITH ADMIN OPTION")
    server.query("GRANT SELECT(a), INSERT(a) ON db.t TO ann")
    server.query("CREATE QUOTA q KEYED BY ip_address FOR RANDOMIZED INTERVAL 90 MINUTE MAX execution_time = 2.5 TO r")
    server.query("CREATE SETTINGS PROFILE p SETTINGS max_memory_usage = 1000000000 MIN 1 MAX 2000000000 READONLY TO r, ann")
    server.query("ALTER USER ann HOST IP '127.0.0.1', '::1' DEFAULT DATABASE db")
    server.query("CREATE USER gone IDENTIFIED BY 'x'")
    server.query("DROP USER gone")
    before = server.query("SHOW ACCESS"), server.query("SELECT name, id FROM system.users ORDER BY name")
    assert "FOR RANDOMIZED INTERVAL 90 MINUTE MAX execution_time = 2.5" in before[0]
    server.restart()
    assert (server.query("SHOW ACCESS"), server.query("SELECT name, id FROM system.users ORDER BY name")) == before
    assert ann("SELECT currentDatabase()") == "db\n"
    server.kill()
    server.start()
    assert server.query("SHOW ACCESS") == before[0]
    assert code_of(ann, "SELECT * FROM db.secret") == 497


def test_users_of_the_configuration(tmp_path):
    digest = hashlib.sha256(b"hashed").hexdigest()
    config = tmp_path / "weir.yaml"
    config.write_text(
        f"""
queries_max: 20
users:
  grafana:
    password: it's plain
    grants: ["GRANT SELECT ON system.*", 'GRANT SHOW DATABASES ON *.*']
    settings: {{readonly: 2, max_threads: 1}}
    networks: [127.0.0.0/8, "::1"]
    default_database: system
  etl:
    password_sha256_hex: {digest}
  far:
    password: x
    networks: 10.0.0.0/8
  root:
    password: x
    access_management: 1
log_level: warning
"""
    )
    server = Server(tmp_path, "--config", config)
    grafana = as_user(server, "grafana", "it's plain")
    assert grafana("SELECT currentDatabase()") == "system\n"
    assert code_of(grafana, "CREATE DATABASE x") == 164
    assert grafana("SELECT count() > 0 FROM metrics") == "1\n"
    etl = as_user(server, "etl", "hashed")
    etl("CREATE DATABASE x")
    assert code_of(etl, "CREATE USER y") == 497
    assert code_of(as_user(server, "far", "x"), "SELECT 1") == 516
    as_user(server, "root", "x")("CREATE USER y")
    for sql in ["ALTER USER grafana IDENTIFIED BY 'x'", "DROP USER etl", "GRANT ALL ON *.* TO grafana"]:
        assert code_of(server.query, sql) == 495, sql
    assert server.query("SELECT name, storage FROM system.users ORDER BY name").startswith("default\tlocal_directory\n")
    assert "plain" not in server.query("SHOW CREATE USER grafana").replace("plaintext_password", "")
    server.stop()
    for bad, what in [
        ("users: [a]", "name"),
        ("users: {a: {nonsense: 1}}", "password_sha256_hex"),
        ("users: {a: {password_sha256_hex: xyz}}", "64 hexadecimal digits"),
        ("users: {a: {grants: ['DROP TABLE x']}}", "user a"),
        ("users: {a: {grants: ['GRANT SELECT ON *.* TO b; GRANT ALL ON *.*']}}", "user a"),
        ("users: {a: {networks: [[1]]}}", "value"),
        ("users: {a: {networks: nonsense}}", "nonsense"),
        ("users: {a: {settings: 5}}", "settings"),
        ("users: {a: 5}", "key"),
        ("users: {'': {}}", "name"),
    ]:
        config.write_text(bad)
        with pytest.raises(RuntimeError) as error:
            Server(tmp_path / "bad", "--config", config) if (tmp_path / "bad").exists() or (
                tmp_path / "bad"
            ).mkdir() is None else None
        assert what in str(error.value), (bad, str(error.value))


def test_without_a_password_only_from_this_machine(tmp_path):
    """Users without a password are refused on other addresses of this machine; the log says so."""
    import socket

    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(("10.255.255.255", 1))
        address = probe.getsockname()[0]
    except OSError:
        address = "127.0.0.1"
    finally:
        probe.close()
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    server = Server(tmp_path, "--http-host", "0.0.0.0")
    try:
        assert "no password" in server.log_text()
        assert requests.get(f"http://127.0.0.1:{server.port}/", params={"query": "SELECT 1"}).text == "1\n"
        reply = requests.get(f"http://{address}:{server.port}/", params={"query": "SELECT 1"})
        assert reply.status_code == 403 and "no password" in reply.text
        requests.post(f"http://127.0.0.1:{server.port}/", data="ALTER USER default IDENTIFIED BY 'x'")
        reply = requests.get(f"http://{address}:{server.port}/", params={"query": "SELECT 1"}, auth=("default", "x"))
        assert reply.text == "1\n"
    finally:
        server.kill()


def peak_bytes(server):
    with open(f"/proc/{server.pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def test_multipart_bodies_are_read_after_the_login(server, ann):
    """Nothing is kept of what somebody sends who is not let in."""
    server.query("GRANT SELECT ON system.one TO ann")

    def post(files, auth=None, **parameters):
        with requests.Session() as session:
            return session.post(server.url, params=parameters, files=files, auth=auth, timeout=120)

    question = {"query": (None, "SELECT currentUser(), sum(n) FROM e"), "e": ("e", "1\n2\n"), "e_structure": (None, "n UInt8")}
    assert post(question).text == "default\t3\n"
    for _ in range(2):  # a password that is new, and one that is known
        assert post(question, ("ann", "pass word")).text == "ann\t3\n"
    assert post(question, user="ann", password="pass word").text == "ann\t3\n"
    before = peak_bytes(server)
    large = {"query": (None, "SELECT count() FROM e"), "e": ("e", "1\n" * 20_000_000), "e_structure": (None, "n UInt8")}
    for auth in (("ann", "wrong"), ("nobody", "x")):
        reply = post(large, auth)
        assert (reply.status_code, reply.headers["X-ClickHouse-Exception-Code"]) == (403, "516")
    assert peak_bytes(server) < before + 30_000_000
    assert post(question, ("ann", "pass word")).text == "ann\t3\n"
    for name in ("user", "password"):
        reply = post({**question, name: (None, "ann")})
        assert reply.status_code == 400 and "multipart" in reply.text
    server.query("ALTER USER default IDENTIFIED BY 'x'")
    reply = post(question)
    assert reply.status_code == 401 and "Basic" in reply.headers["WWW-Authenticate"]
    # those who leave while their password is verified
    head = "POST / HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: ann\r\nX-ClickHouse-Key: wrong{}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n"
    for k in range(10):
        with socket.create_connection((server.host, server.port)) as leaves:
            leaves.sendall(head.format(k).encode())
    assert post(question, ("ann", "pass word")).text == "ann\t3\n"
