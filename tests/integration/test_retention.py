"""Holds, and partitions that leave or are set aside, over HTTP: what stays over restarts, what weir check says of it."""
import subprocess

import pytest

from weir import WEIR, QueryError, wait_until


def held(server, sql):
    with pytest.raises(QueryError) as error:
        server.query(sql)
    assert "TABLE_IS_HELD" in str(error.value) and "RELEASE HOLD 'case 4711'" in str(error.value), error.value


def check(server):
    return subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)


def test_holds(make_server):
    server = make_server()
    server.query("CREATE DATABASE d")
    server.query("CREATE TABLE d.t (d Date, n UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY n")
    server.query("INSERT INTO d.t SELECT toDate('2026-01-01') + number, number FROM numbers(100)")
    server.query("ALTER TABLE d.t DETACH PARTITION 202602")
    server.query("ALTER TABLE d.t HOLD 'case 4711', HOLD 'audit'")
    with pytest.raises(QueryError, match="held already"):
        server.query("ALTER TABLE d.t HOLD 'audit'")
    server.query("ALTER TABLE d.t RELEASE HOLD 'audit'")
    for _ in range(2):
        assert server.rows("SELECT database, table, reason FROM system.holds") == [["d", "t", "case 4711"]]
        assert server.value("SELECT placed_at > now() - 3600 FROM system.holds") == 1
        for action in ("DROP PARTITION 202601", "DETACH PARTITION ALL", "DROP DETACHED PARTITION ALL SETTINGS allow_drop_detached = 1"):
            held(server, f"ALTER TABLE d.t {action}")
        for sql in ("TRUNCATE TABLE d.t", "DROP TABLE d.t", "DROP DATABASE d", "CREATE OR REPLACE TABLE d.t (n UInt8) ENGINE = MergeTree ORDER BY n"):
            held(server, sql)
        server.query("RENAME TABLE d.t TO d.u")
        held(server, "TRUNCATE TABLE d.u")
        server.query("RENAME TABLE d.u TO d.t")
        assert server.value("SELECT count() FROM d.t") == 72
        server.stop()
        report = check(server)
        assert report.returncode == 0 and "holds: 1\nd.t: 'case 4711'\n" in report.stdout, report.stdout
        assert "detached segments: 1 of these" in report.stdout
        server.start()
    server.query("ALTER TABLE d.t ATTACH PARTITION ALL")
    server.query("ALTER TABLE d.t RELEASE HOLD 'case 4711'")
    assert server.value("SELECT count() FROM system.holds") == 0
    server.query("ALTER TABLE d.t DROP PARTITION 202602")
    assert server.value("SELECT count() FROM d.t") == 72
    server.query("DROP DATABASE d")


def test_parts(make_server):
    server = make_server()
    server.query("CREATE TABLE t (d Date, n UInt32) ENGINE = MergeTree PARTITION BY d ORDER BY n")
    server.query("INSERT INTO t SELECT toDate('2026-01-01') + number % 3, number FROM numbers(30)")
    server.query("OPTIMIZE TABLE t FINAL")
    name = server.value("SELECT name FROM system.parts WHERE table = 't' AND partition = '2026-01-02'")
    server.query(f"ALTER TABLE t DETACH PART '{name}'")
    assert server.rows("SELECT partition_id, name, rows FROM system.detached_parts") == [["2026-01-02", name, 10]]
    with pytest.raises(QueryError, match="BAD_DATA_PART_NAME"):
        server.query(f"ALTER TABLE t DROP PART '{name}'")
    server.restart()
    assert server.value("SELECT count() FROM t") == 20
    server.query(f"ALTER TABLE t ATTACH PART '{name}'")
    assert server.value("SELECT sum(n) FROM t") == 29 * 30 // 2
    server.query(f"ALTER TABLE t DROP PART '{name}'")
    assert server.value("SELECT count() FROM t") == 20
    assert server.value("SELECT count() FROM t WHERE d = '2026-01-02'") == 0


def test_bytes(make_server):
    server = make_server("--retention-bytes=200000")
    server.query("CREATE TABLE a (d Date, h UInt64) ENGINE = MergeTree PARTITION BY d ORDER BY d")
    server.query("CREATE TABLE b (d Date, h UInt64) ENGINE = MergeTree PARTITION BY d ORDER BY d SETTINGS retention_bytes = 40000")
    with pytest.raises(QueryError, match="retention_bytes"):
        server.query("CREATE TABLE c (d Date) ENGINE = MergeTree ORDER BY d SETTINGS retention_bytes = 'much'")
    for day in range(1, 10):
        server.query(f"INSERT INTO b SELECT toDate('2026-01-0{day}'), cityHash64(number) FROM numbers(2000)")
    server.query("OPTIMIZE TABLE b")
    wait_until(lambda: server.value("SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'b'") <= 40000, "the table keeps to its bytes")
    assert server.value("SELECT max(d) FROM b") == "2026-01-09" and server.value("SELECT min(d) FROM b") > "2026-01-01"
    server.query("ALTER TABLE b HOLD 'x'")
    for day in range(1, 10):
        server.query(f"INSERT INTO a SELECT toDate('2026-01-0{day}'), cityHash64(number) FROM numbers(5000)")
    server.query("OPTIMIZE TABLE a")
    wait_until(lambda: server.value("SELECT sum(bytes_on_disk) FROM system.parts WHERE table = 'a'") <= 200000, "the server keeps to its bytes")
    assert server.value("SELECT max(d) FROM a") == "2026-01-09" and server.value("SELECT count() % 5000 FROM a") == 0
    assert server.value("SELECT min(d) FROM b") > "2026-01-01"
