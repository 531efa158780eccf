"""Views: what a restart keeps, what a dropped database takes with it, what other statements say of them."""
import subprocess

import pytest

from weir import WEIR, QueryError


def error_of(server, sql, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, **parameters)
    return caught.value


def test_views_survive_a_restart(make_server):
    server = make_server()
    server.query("CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    server.query("CREATE VIEW v (x, y) AS SELECT a + 1, b FROM t WHERE a IN (SELECT a FROM t) COMMENT 'two'")
    server.query("CREATE VIEW pv AS SELECT b FROM t WHERE a = {p:UInt8}")
    server.query("CREATE DATABASE other")
    server.query("CREATE VIEW other.v AS SELECT 1 AS one")
    server.query("CREATE VIEW other.w AS SELECT * FROM default.v, other.v AS o")
    server.query("CREATE VIEW gone AS SELECT 1")
    server.query("DROP VIEW gone")
    created = server.query("SHOW CREATE VIEW v FORMAT TSVRaw")
    for kill in (False, True):
        if kill:
            server.kill()
            server.start()
        else:
            server.restart()
        assert server.rows("SELECT * FROM v ORDER BY x") == [[2, "x"], [3, "y"]]
        assert server.rows("SELECT * FROM pv(p = 2)") == [["y"]]
        assert server.rows("SELECT x, y, one FROM other.w ORDER BY x") == [[2, "x", 1], [3, "y", 1]]
        assert server.query("SHOW CREATE VIEW v FORMAT TSVRaw") == created
        assert server.rows("SELECT name, comment FROM system.tables WHERE engine = 'View' ORDER BY database, name") == [["pv", ""], ["v", "two"], ["v", ""], ["w", ""]]
        assert error_of(server, "SELECT * FROM gone").code == 60
    server.query("DROP DATABASE other")
    assert error_of(server, "SELECT * FROM other.w").code == 81
    server.query("CREATE DATABASE other")
    assert server.rows("SHOW TABLES FROM other") == []
    server.query("CREATE OR REPLACE VIEW v AS SELECT 7 AS seven")
    server.restart()
    assert server.rows("SELECT * FROM v") == [[7]]
    server.stop()
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_text_of_a_view(shared):
    shared.query("CREATE TABLE base (a UInt8, b String) ENGINE = MergeTree ORDER BY a")
    shared.query("CREATE VIEW shown (x) AS WITH z AS (SELECT 1) SELECT a FROM base WHERE a IN (SELECT * FROM z) ORDER BY a")
    text = shared.query("SHOW CREATE VIEW shown FORMAT TSVRaw")
    assert text.startswith("CREATE VIEW default.shown\n(\n    `x` UInt8\n)\nAS WITH") and "default.base" in text
    assert "default.z" not in text
    shared.query("DROP VIEW shown")
    shared.query(text)  # it can be given again
    assert shared.query("SHOW CREATE VIEW shown FORMAT TSVRaw") == text
    error = error_of(shared, "CREATE VIEW bad AS SELECT toDate('x') + nosuch FROM base")
    assert error.code == 47 and "(line 1, col 41)" in error.message


def test_a_view_that_comes_to_read_itself(shared):
    shared.query("CREATE TABLE first (a UInt8) ENGINE = MergeTree ORDER BY a")
    shared.query("CREATE VIEW second AS SELECT * FROM first")
    shared.query("CREATE VIEW third AS SELECT * FROM second")
    assert error_of(shared, "CREATE OR REPLACE VIEW second AS SELECT * FROM third").code == 269
    shared.query("RENAME TABLE first TO fourth")
    shared.query("RENAME TABLE third TO first")
    error = error_of(shared, "SELECT * FROM first")
    assert error.code == 269 and "in the view default.first" in error.message
    for sql in ("GET", "SELECT"):
        reply = shared.session.get(shared.url_of("/", query="CREATE VIEW z AS SELECT 1" if sql == "GET" else "SELECT 1"))
        assert reply.status_code == (500 if sql == "GET" else 200)
