"""ALTER TABLE … MOVE PARTITION TO TABLE, ATTACH and REPLACE PARTITION … FROM: rows keep their addresses, nothing is lost,
and the ledger accounts for what left and what came."""
import json
import subprocess
import sys
import threading

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402
import pack_reader  # noqa: E402

TABLE = "CREATE TABLE {} (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n"
CONTENT = "SELECT count(), sum(n), sum(cityHash64(n, s)) FROM {}"


def whole(server):
    """Stops the server; what it leaves is whole, to both readers."""
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    ledger_reader.read_ledger(server.data / "ledger")
    subprocess.run([sys.executable, pack_reader.__file__, server.data], check=True, capture_output=True)
    server.start()


def code(server, sql, **parameters):
    with pytest.raises(QueryError) as error:
        server.query(sql, **parameters)
    return error.value.code


def account(server, table):
    rows = server.query(f"SELECT reason, removed, added FROM system.offset_ledger WHERE table = '{table}' AND reason != '' ORDER BY commit, reason FORMAT TSV")
    return [tuple(line.split("\t")) for line in rows.splitlines()]


def make(server):
    for name in ("t", "u"):
        server.query(TABLE.format(name))
    server.query("INSERT INTO t SELECT number, toString(number) FROM numbers(100)")


def test_forms(make_server):
    """As ClickHouse answers, statement by statement."""
    server = make_server()
    make(server)
    counts = "SELECT (SELECT count() FROM t), (SELECT count() FROM u)"
    for statement, expected in (
        ("ALTER TABLE t MOVE PARTITION 3 TO TABLE u", "90\t10"),
        ("ALTER TABLE t MOVE PARTITION 3 TO TABLE u", "90\t10"),
        ("ALTER TABLE t MOVE PARTITION 77 TO TABLE u", "90\t10"),
        ("ALTER TABLE t MOVE PARTITION ID '4' TO TABLE default.u", "80\t20"),
        ("ALTER TABLE t MOVE PARTITION 5 TO TABLE t", "80\t20"),
        ("ALTER TABLE u REPLACE PARTITION 5 FROM t", "80\t30"),
        ("ALTER TABLE u REPLACE PARTITION 5 FROM t", "80\t30"),
        ("ALTER TABLE u ATTACH PARTITION 5 FROM t", "80\t40"),
        ("ALTER TABLE u ATTACH PARTITION ALL FROM default.t", "80\t120"),
        ("ALTER TABLE u REPLACE PARTITION 3 FROM t", "80\t110"),
        ("ALTER TABLE u REPLACE PARTITION 3 FROM u", "80\t110"),
        ("ALTER TABLE u ATTACH PARTITION tuple(5) FROM u", "80\t140"),
        ("ALTER TABLE t REPLACE PARTITION 7 FROM u, REPLACE PARTITION 6 FROM u", "80\t140"),
        ("ALTER TABLE t (MOVE PARTITION 7 TO TABLE u), (DROP PARTITION 6)", "60\t150"),
        ("ALTER TABLE t MOVE PARTITION 8 TO TABLE u, ADD COLUMN z UInt8", "50\t160"),
    ):
        server.query(statement)
        assert server.query(counts) == expected + "\n", statement
    server.query("ALTER TABLE t DROP COLUMN z")
    whole(server)


def test_errors(make_server):
    server = make_server()
    make(server)
    server.query("CREATE TABLE x1 (n UInt64, s String, c UInt8) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    server.query("CREATE TABLE x2 (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 11 ORDER BY n")
    server.query("CREATE TABLE x3 (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY (n, s)")
    server.query("CREATE TABLE x4 (n UInt64, s LowCardinality(String)) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    server.query("CREATE VIEW v AS SELECT 1 AS n")
    for name, expected in (("x1", 122), ("x2", 36), ("x3", 36), ("x4", 122), ("v", 48), ("none", 60), ("none.t", 81)):
        assert code(server, f"ALTER TABLE t MOVE PARTITION 1 TO TABLE {name}") == expected, name
        assert code(server, f"ALTER TABLE t REPLACE PARTITION 1 FROM {name}") == expected, name
        assert code(server, f"ALTER TABLE t ATTACH PARTITION 1 FROM {name}") == expected, name
    for statement, expected in (
        ("MOVE PARTITION ALL TO TABLE u", 344),
        ("REPLACE PARTITION ALL FROM u", 344),
        ("MOVE PART '5_5_5_0' TO TABLE u", 48),
        ("REPLACE PART '5_5_5_0' FROM u", 48),
        ("ATTACH PART '5_5_5_0' FROM u", 62),
        ("REPLACE PARTITION 'abc' FROM u", 53),
        ("MOVE PARTITION (1, 2) TO TABLE u", 248),
        ("MOVE PARTITION 1 TO TABLE", 62),
        ("MOVE PARTITION 1", 62),
        ("MOVE PARTITION 1 TO DISK 'x'", 48),
    ):
        assert code(server, f"ALTER TABLE t {statement}") == expected, statement
    server.query("ALTER TABLE t HOLD 'case'")
    assert code(server, "ALTER TABLE t MOVE PARTITION 1 TO TABLE u") == 1105
    assert code(server, "ALTER TABLE t REPLACE PARTITION 1 FROM u") == 1105
    server.query("ALTER TABLE u ATTACH PARTITION 1 FROM t")
    server.query("ALTER TABLE u MOVE PARTITION 1 TO TABLE t")
    assert server.query(CONTENT.format("t")).startswith("110\t")
    whole(server)


def test_account(make_server):
    """Rows keep their addresses; both tables' histories and VERIFY agree."""
    server = make_server()
    make(server)
    before = server.query("SELECT _stream, _partition, _offset, n FROM t WHERE n % 10 IN (1, 2) ORDER BY n")
    server.query("ALTER TABLE t MOVE PARTITION 1 TO TABLE u")
    server.query("ALTER TABLE u ATTACH PARTITION 2 FROM t")
    assert server.query("SELECT _stream, _partition, _offset, n FROM u ORDER BY n") == before
    server.query("INSERT INTO u VALUES (2, 'x')")
    server.query("ALTER TABLE u REPLACE PARTITION 2 FROM t")
    assert server.query("SELECT _stream, _partition, _offset, n FROM u ORDER BY n") == before
    assert account(server, "t") == [("MOVE", "10", "0")]
    assert account(server, "u") == [("MOVE", "0", "10"), ("COPY", "0", "10"), ("COPY", "0", "10"), ("REPLACE", "11", "0")]
    sums = server.query("SELECT any(removed_sum) FROM system.offset_ledger WHERE table = 't' AND reason = 'MOVE'")
    assert sums == server.query("SELECT any(added_sum) FROM system.offset_ledger WHERE table = 'u' AND reason = 'MOVE'")
    for table in ("t", "u"):
        assert "all is well" in server.query(f"VERIFY TABLE {table}") or server.rows(f"VERIFY TABLE {table}")
    whole(server)
    assert account(server, "u")[0] == ("MOVE", "0", "10")


def test_rewritten(make_server):
    """Segments with deleted rows, of older definitions, or whose columns have other ids or places there."""
    server = make_server()
    make(server)
    server.query("INSERT INTO t SELECT number + 100, toString(number) FROM numbers(20000)")
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("DELETE FROM t WHERE n % 7 = 0")
    server.query("CREATE TABLE copy (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    expected = server.query("SELECT count(), sum(n), sum(cityHash64(n, s)) FROM t WHERE n % 10 = 1")
    server.query("ALTER TABLE copy ATTACH PARTITION 1 FROM t")
    assert server.query(CONTENT.format("copy")) == expected
    assert server.value("SELECT sum(deleted_rows) FROM system.segments WHERE table = 'copy'") in (0, "0")
    # other ids: a column came and went; other places
    server.query("CREATE TABLE ids (x UInt8, n UInt64) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    server.query("ALTER TABLE ids ADD COLUMN s String")
    server.query("ALTER TABLE ids DROP COLUMN x")
    server.query("CREATE TABLE turned (s String DEFAULT 'x' COMMENT 'ff', n UInt64, a UInt64 ALIAS n + 1) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    for table in ("ids", "turned"):
        server.query(f"ALTER TABLE {table} ATTACH PARTITION 1 FROM copy")
        assert server.query(CONTENT.format(table)) == expected
        server.query(f"OPTIMIZE TABLE {table} FINAL")
        assert server.query(CONTENT.format(table)) == expected
    # rows of an older definition become those of the newest
    for table in ("t", "copy"):
        server.query(f"ALTER TABLE {table} ADD COLUMN m UInt64 DEFAULT n * 2")
        server.query(f"ALTER TABLE {table} MODIFY COLUMN s LowCardinality(String)")
    expected = server.query("SELECT count(), sum(n), sum(m), sum(cityHash64(n, s)) FROM t WHERE n % 10 = 4")
    server.query("ALTER TABLE t MOVE PARTITION 4 TO TABLE copy")
    assert server.query("SELECT count(), sum(n), sum(m), sum(cityHash64(n, s)) FROM copy WHERE n % 10 = 4") == expected
    assert server.value("SELECT count() FROM t WHERE n % 10 = 4") in (0, "0")
    whole(server)
    assert server.query("SELECT count(), sum(n), sum(m), sum(cityHash64(n, s)) FROM copy WHERE n % 10 = 4") == expected


def test_engines_and_ttl(make_server):
    server = make_server()
    table = "CREATE TABLE {} (k UInt32, v UInt32, d Date) ENGINE = {} PARTITION BY d ORDER BY k {}"
    server.query(table.format("plain", "MergeTree", ""))
    server.query(table.format("last", "ReplacingMergeTree(v)", ""))
    server.query(table.format("newest", "ReplacingMergeTree", ""))
    server.query(table.format("short", "MergeTree", "TTL d + INTERVAL 1 DAY"))
    for v in range(4):
        server.query(f"INSERT INTO plain SELECT number, {v}, '2020-01-01' FROM numbers(10)")
    server.query("INSERT INTO last SELECT number, 2, '2020-01-01' FROM numbers(20)")
    server.query("INSERT INTO newest SELECT number, 99, '2020-01-01' FROM numbers(20)")
    for name in ("last", "newest"):
        server.query(f"ALTER TABLE {name} ATTACH PARTITION '2020-01-01' FROM plain")
        merged = server.query(f"SELECT k, v FROM {name} FINAL ORDER BY k")
        server.query(f"OPTIMIZE TABLE {name} FINAL")
        assert server.query(f"SELECT k, v FROM {name} ORDER BY k") == merged
        assert merged.splitlines()[0] == "0\t3" and len(merged.splitlines()) == 20
    # by the TTL of the table that they come to
    server.query("ALTER TABLE short ATTACH PARTITION '2020-01-01' FROM plain")
    server.query("OPTIMIZE TABLE short FINAL")
    assert server.query("SELECT count() FROM short") == "0\n"
    assert ("TTL", "40", "0") in account(server, "short")
    server.query("ALTER TABLE short MODIFY TTL d + INTERVAL 100 YEAR")
    server.query("ALTER TABLE short ATTACH PARTITION '2020-01-01' FROM plain")
    server.query("ALTER TABLE short MOVE PARTITION '2020-01-01' TO TABLE plain")
    assert server.query("SELECT count() FROM plain") == "80\n"
    whole(server)


def test_meanwhile(make_server):
    """Inserts, merges and mutations go on: every row is in exactly one of the two tables."""
    server = make_server()
    make(server)
    failures, end = [], threading.Event()
    inserted = [100]

    def insert():
        while not end.is_set():
            server.query(f"INSERT INTO t SELECT number + {inserted[0]}, toString(number) FROM numbers(50)")
            inserted[0] += 50

    def mutate():
        while not end.is_set():
            server.query("ALTER TABLE t UPDATE s = concat(s, '!') WHERE n % 13 = 5")
            server.query("OPTIMIZE TABLE u FINAL")

    def guarded(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in (insert, mutate)]
    for thread in threads:
        thread.start()
    for step in range(12):
        there, back = ("t", "u") if step % 3 else ("u", "t")
        try:
            server.query(f"ALTER TABLE {there} MOVE PARTITION {step % 10} TO TABLE {back}")
        except QueryError as error:
            assert error.code == 236, error  # rows left meanwhile
    end.set()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = "SELECT count(), uniqExact(n), max(n) FROM (SELECT n FROM t UNION ALL SELECT n FROM u)"
    assert server.query(rows) == f"{inserted[0]}\t{inserted[0]}\t{inserted[0] - 1}\n"
    whole(server)
    assert server.query(rows) == f"{inserted[0]}\t{inserted[0]}\t{inserted[0] - 1}\n"


@pytest.mark.parametrize("fault", ["transfer_write=kill", "transfer_sync=kill", "transfer_sync_dir=kill", "ledger_append=kill", "ledger_sync=kill"])
@pytest.mark.parametrize("statement", ["ALTER TABLE t MOVE PARTITION 3 TO TABLE u", "ALTER TABLE u REPLACE PARTITION 3 FROM t"])
def test_dies(make_server, fault, statement):
    """All of it, or nothing."""
    server = make_server()
    make(server)
    server.query("INSERT INTO u SELECT 3, 'old' FROM numbers(5)")
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": fault})
    with pytest.raises(Exception):
        server.query(statement)
        server.kill()
        raise RuntimeError("it got through")
    if server.process is not None:
        server.wait()
    server.start()
    found = server.query("SELECT (SELECT count() FROM t), (SELECT count() FROM u)")
    done = "90\t15\n" if "MOVE" in statement else "100\t10\n"
    assert found in ("100\t5\n", done)
    if found != done:
        server.query(statement)
    assert server.query("SELECT (SELECT count() FROM t), (SELECT count() FROM u)") == done
    whole(server)


def test_no_room(make_server):
    server = make_server()
    make(server)
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": "transfer_write=enospc:1,transfer_sync=eio:1"})
    for expected in (243, None):
        with pytest.raises(QueryError) as error:
            server.query("ALTER TABLE t MOVE PARTITION 3 TO TABLE u")
        assert expected is None or error.value.code == expected
    server.query("ALTER TABLE t MOVE PARTITION 3 TO TABLE u")
    assert server.query("SELECT (SELECT count() FROM t), (SELECT count() FROM u)") == "90\t10\n"
    whole(server)
    orphans = server.data / "orphans"
    assert json.dumps([p.name for p in orphans.iterdir()] if orphans.exists() else []) == "[]"


def test_source(make_server, broker):
    """A table that a source feeds: what moved stays covered, and is not read again; what comes later stays."""
    server = make_server()
    server.query(TABLE.format("u"))
    server.query(TABLE.format("t"))
    topic = "transfer-source"
    broker.create_topic(topic, 1)
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 3600000")
    broker.produce(topic, [json.dumps({"n": n, "s": f"s{n}"}) for n in range(1000)], partition=0)
    wait_until(lambda: server.value("SELECT sum(position) FROM system.sources") == 1000, "all is read")
    server.query("ALTER TABLE t MOVE PARTITION 3 TO TABLE u")
    server.query("ALTER TABLE u REPLACE PARTITION 4 FROM t")
    addresses = "SELECT count(), uniqExact(_stream, _partition, _offset), sum(_offset = n) FROM {}"
    assert server.query(addresses.format("t")) == "900\t900\t900\n"
    assert server.query(addresses.format("u")) == "200\t200\t200\n"
    broker.produce(topic, [json.dumps({"n": n, "s": f"s{n}"}) for n in range(1000, 1100)], partition=0)
    wait_until(lambda: server.value("SELECT count() FROM t") == 1000, "the rest is read")
    server.restart()
    assert server.query(addresses.format("t")) == "1000\t1000\t1000\n"
    assert server.query(addresses.format("u")) == "200\t200\t200\n"
    ranges = "SELECT min(first_offset), max(last_offset), sum(stored) FROM system.offset_ledger WHERE table = '{}' AND stream LIKE '%transfer-source'"
    assert server.query(ranges.format("t")) == "0\t1099\t1100\n"
    assert server.query(ranges.format("u")).endswith("\t0\n")
    whole(server)
