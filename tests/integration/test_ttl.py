"""Rows whose TTL is over leave, are combined or lose values without their segments: in the background, once, accounted
for in the ledger, and not at all where something holds them."""
import subprocess
import sys

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402
import pack_reader  # noqa: E402


def check(server):
    """Stopped: weir check and the second readers; how many rows left by TTL without their segments."""
    server.stop()
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for _ in pack_reader.read_data(server.data):
        pass
    return ledger_reader.ledger_state(server.data / "ledger").expired


def expired(server):
    return server.metric("weir_expired_rows_total") or 0


def still(server, seconds=3):
    """What has expired stays as it is, over some looks of the thread."""
    before = expired(server), server.value("SELECT count() FROM system.parts WHERE active")
    server.query(f"SELECT sleepEachRow(1) FROM numbers({seconds}) FORMAT Null")
    assert (expired(server), server.value("SELECT count() FROM system.parts WHERE active")) == before


def test_rows(make_server):
    server = make_server()
    server.query("CREATE TABLE t (d DateTime, n UInt32) ENGINE = MergeTree ORDER BY n TTL d + INTERVAL 1 DAY SETTINGS merge_with_ttl_timeout = 1")
    server.query("INSERT INTO t SELECT if(number % 4 = 0, now() - 200000, now()), number FROM numbers(1000)")
    server.query("OPTIMIZE TABLE t")
    wait_until(lambda: server.value("SELECT count() FROM t") == 750, "rows leave")
    assert server.value("SELECT countIf(n % 4 = 0) FROM t") == 0
    assert expired(server) == 250
    still(server)
    server.query("INSERT INTO t SELECT now() - 200000 + number * 86400, 2000 + number FROM numbers(10)")
    server.query("OPTIMIZE TABLE t")
    wait_until(lambda: server.value("SELECT count() FROM t") == 758, "later ones too")
    assert check(server) == 252
    server.start()
    assert server.value("SELECT count() FROM t") == 758
    server.query("OPTIMIZE TABLE t FINAL")
    assert check(server) == 252
    server.start()
    assert server.value("SELECT sum(rows) FROM system.parts WHERE active AND table = 't'") == 758


def test_as_many_again(make_server):
    """Rows leave a segment though as many of it left before; so few that no merge takes the segment for them."""
    server = make_server()
    server.query("CREATE TABLE t (d DateTime, n UInt32) ENGINE = MergeTree ORDER BY n TTL d + INTERVAL 1 DAY SETTINGS merge_with_ttl_timeout = 1")
    server.query("INSERT INTO t SELECT now() - 86400 + multiIf(number < 10, 0, number < 20, 8, 100000), number FROM numbers(300)")
    server.query("OPTIMIZE TABLE t")
    wait_until(lambda: server.value("SELECT count() FROM t") <= 290, "ten rows leave")
    wait_until(lambda: server.value("SELECT count() FROM t") == 280, "ten others leave")
    still(server)
    assert check(server) == 20


def test_one_partition_of_many(make_server):
    """MATERIALIZE TTL IN PARTITION finds the partition's rows also where a flush left rows of many in one segment."""
    server = make_server()
    server.query("CREATE TABLE t (p UInt32, d DateTime, n UInt32) ENGINE = MergeTree PARTITION BY p ORDER BY n TTL d + INTERVAL 1 DAY")
    server.query("INSERT INTO t SELECT number % 200, if(number < 600, toDateTime('2020-01-01 00:00:00'), now()), number FROM numbers(1000)")
    server.query("ALTER TABLE t MATERIALIZE TTL IN PARTITION 150")
    assert server.rows("SELECT count(), countIf(p = 150) FROM t") == [[997, 2]]


def test_whole_segments_only(make_server):
    server = make_server()
    server.query("CREATE TABLE t (d DateTime, n UInt32) ENGINE = MergeTree ORDER BY n TTL d + INTERVAL 1 DAY SETTINGS merge_with_ttl_timeout = 0, ttl_only_drop_parts = 1")
    server.query("INSERT INTO t SELECT if(number % 4 = 0, now() - 200000, now()), number FROM numbers(1000)")
    server.query("OPTIMIZE TABLE t FINAL")
    still(server)
    assert server.value("SELECT count() FROM t") == 1000


def test_groups(make_server):
    """Rows are combined once; late ones with what stands for the others; nothing happens again after a restart."""
    server = make_server()
    server.query("CREATE TABLE t (k UInt32, d DateTime, c UInt64 DEFAULT 1, x UInt64) ENGINE = MergeTree PARTITION BY k % 2 ORDER BY (k, d) "
                 "TTL d + INTERVAL 1 DAY GROUP BY k SET c = sum(c), x = max(x), d = min(d) SETTINGS merge_with_ttl_timeout = 1")
    server.query("INSERT INTO t (k, d, x) SELECT number % 10, if(number < 500, toDateTime('2020-01-01 00:00:00'), now()), number FROM numbers(1000)")
    server.query("OPTIMIZE TABLE t")
    old = "SELECT count(), sum(c), max(x), max(c) FROM t WHERE d < now() - 86400"
    wait_until(lambda: server.rows(old) == [[10, 500, 499, 50]], "rows are combined")
    assert server.rows("SELECT _stream, _partition, sum(_offset) FROM t WHERE d < now() - 86400 GROUP BY ALL") == [[0, 2, 500]]
    still(server)
    server.query("INSERT INTO t (k, d, x) SELECT number % 5, toDateTime('2021-01-01 00:00:00'), 1000 FROM numbers(20)")
    server.query("OPTIMIZE TABLE t")
    wait_until(lambda: server.rows(old) == [[10, 520, 1000, 54]], "late ones too")
    assert server.value("SELECT sum(_offset) FROM t WHERE _partition = 2") == 520
    done = expired(server)
    assert check(server) == 490 + 20
    server.start()
    assert server.rows(old) == [[10, 520, 1000, 54]]
    still(server)
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("ALTER TABLE t MATERIALIZE TTL")
    assert server.rows(old) == [[10, 520, 1000, 54]] and expired(server) == 0 and done > 0
    assert check(server) == 510


def test_columns(make_server):
    server = make_server()
    server.query("CREATE TABLE t (k UInt32, d DateTime, secret String TTL d + INTERVAL 1 HOUR, b UInt8 DEFAULT 9 TTL d + INTERVAL 1 YEAR) ENGINE = MergeTree "
                 "ORDER BY k SETTINGS merge_with_ttl_timeout = 1")
    server.query("INSERT INTO t SELECT number, now() - number * 3600, 'secret', 1 FROM numbers(100)")
    server.query("OPTIMIZE TABLE t")
    wait_until(lambda: server.rows("SELECT count(), countIf(secret = 'secret') FROM t") == [[100, 1]], "values leave")
    assert server.value("SELECT sum(b) FROM t") == 100
    assert expired(server) == 99
    still(server)
    server.query("OPTIMIZE TABLE t FINAL")
    assert check(server) == 0
    server.start()
    assert server.rows("SELECT k, secret FROM t ORDER BY k LIMIT 2") == [[0, "secret"], [1, ""]]


def test_columns_of_one_of_a_keys_rows(make_server):
    """Rows of one INSERT are told apart by their order alone, which a TTL of columns keeps, also of rows that keep their values."""
    server = make_server()
    server.query("CREATE TABLE t (k UInt32, d DateTime, x String TTL d + INTERVAL 1 DAY, n UInt32) ENGINE = ReplacingMergeTree ORDER BY k "
                 "SETTINGS merge_with_ttl_timeout = 1000000")
    server.query("INSERT INTO t SETTINGS optimize_on_insert = 0 SELECT number % 10, if(number < 50, now() - INTERVAL 1 YEAR, now()), 'x', number FROM numbers(100)")
    server.query("ALTER TABLE t MATERIALIZE TTL")
    assert expired(server) >= 50
    wanted = [[k, "x", 90 + k] for k in range(10)]
    assert server.rows("SELECT k, x, n FROM t FINAL ORDER BY k") == wanted
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.rows("SELECT k, x, n FROM t ORDER BY k") == wanted
    assert check(server) == 0


def test_hold(make_server):
    server = make_server()
    server.query("CREATE TABLE t (d DateTime, n UInt32) ENGINE = MergeTree ORDER BY n TTL d DELETE WHERE n < 100 SETTINGS merge_with_ttl_timeout = 0")
    server.query("ALTER TABLE t HOLD 'case 4711'")
    server.query("INSERT INTO t SELECT '2020-01-01 00:00:00', number FROM numbers(1000)")
    server.query("OPTIMIZE TABLE t FINAL")
    with pytest.raises(QueryError) as error:
        server.query("ALTER TABLE t MATERIALIZE TTL")
    assert error.value.code == 1105
    still(server)
    assert server.value("SELECT count() FROM t") == 1000
    server.query("ALTER TABLE t RELEASE HOLD 'case 4711'")
    wait_until(lambda: server.value("SELECT count() FROM t") == 900, "rows leave")
    assert check(server) == 100


@pytest.mark.parametrize("fault", ["pack_write=kill", "pack_sync=kill", "ledger_append=kill", "ledger_sync=kill", "pack_write=enospc", "ledger_append=enospc", "ledger_sync=eio"])
def test_faults(make_server, fault):
    """What fails in the middle leaves every row as it was, or done; the next look ends it."""
    server = make_server()
    for table, ttl in [("a", "d DELETE WHERE n % 2 = 0"), ("b", "d GROUP BY n SET x = sum(x)")]:
        server.query(f"CREATE TABLE {table} (d DateTime, n UInt32, x UInt64) ENGINE = MergeTree ORDER BY n TTL {ttl}")
        server.query(f"INSERT INTO {table} SELECT '2020-01-01 00:00:00', number % 100, 1 FROM numbers(1000)")
        server.query(f"OPTIMIZE TABLE {table}")
    before = {"a": [[1000, 1000]], "b": [[1000, 1000]]}
    after = {"a": [[500, 500]], "b": [[100, 1000]]}
    for table in "ab":
        server.stop()
        try:
            server.start(environment={"WEIR_FAILPOINTS": fault})
            server.query(f"ALTER TABLE {table} MATERIALIZE TTL")
        except Exception:  # the server is gone, perhaps before it was ready, or says so
            pass
        if "kill" in fault:
            if server.process is not None:
                server.wait()
        else:
            assert server.rows(f"SELECT count(), sum(x) FROM {table}") in (before[table], after[table])
            server.stop()
        server.start()
        assert server.rows(f"SELECT count(), sum(x) FROM {table}") in (before[table], after[table])
        server.query(f"ALTER TABLE {table} MATERIALIZE TTL")
        assert server.rows(f"SELECT count(), sum(x) FROM {table}") == after[table]
    assert check(server) == 500 + 900
