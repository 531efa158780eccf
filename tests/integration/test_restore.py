"""RESTORE: what a backup held comes back, and goes on exactly once; what is refused; a server that dies meanwhile."""
import subprocess
import sys
import threading

import pytest

from test_kafka import TABLE, check_ledger, create, found, messages, rows, sums, wait_state
from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import pack_reader  # noqa: E402


def whole(server):
    """After a stop: weir check and the second readers."""
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    pack_reader.read_data(server.data)


def test_exactly_once(make_server, broker, tmp_path):
    """A backup under ingest; messages go on; the table is dropped, restored and resumed: each is there once. In another server, too."""
    place = tmp_path / "backups"
    server = make_server("--backups-path", str(place))
    broker.create_topic("restored", 3)
    create(server, broker, "restored")
    stop, produced = threading.Event(), [0]

    def produce():
        while not stop.is_set():
            broker.produce("restored", messages(produced[0], 500))
            produced[0] += 500

    producer = threading.Thread(target=produce)
    producer.start()
    try:
        wait_until(lambda: found(server)[0] > 2000, "messages come in")
        server.query("BACKUP DATABASE default TO 'one'")
        wait_until(lambda: found(server)[0] > 5000, "more come in")
        server.query("DROP SOURCE feed")
        server.query("DROP TABLE flights")
        server.query("RESTORE TABLE flights FROM 'one'")
    finally:
        stop.set()
        producer.join()
    total = produced[0]
    before = found(server)
    assert 2000 < before[0] < total and before[0] == before[3]
    row = rows(server, "SELECT name, state, last_error FROM system.sources")[0]
    assert (row["name"], row["state"]) == ("feed", "paused") and "restored from the backup one" in row["last_error"]
    row = rows(server, "SELECT table, backup, rows FROM system.restored_tables")[0]
    assert (row["table"], row["backup"], int(row["rows"])) == ("flights", "one", before[0])
    server.restart()
    assert found(server) == before
    wait_state(server, "paused")
    server.query("ALTER SOURCE feed RESUME")
    wait_until(lambda: found(server)[0] >= total, f"all {total} messages are there")
    assert found(server) == sums(0, total)
    check_ledger(server)
    # beside the first, and in a server that never saw the topic
    server.query("RESTORE TABLE flights AS again FROM 'one'")
    assert [row["name"] for row in rows(server, "SELECT DISTINCT name FROM system.sources ORDER BY name")] == ["feed", "feed_2"]
    server.query("ALTER SOURCE feed_2 RESUME")
    wait_until(lambda: server.query("SELECT uniqExact(n) = count() AND count() = {} FROM again".format(total)) == "1\n", "the second has all")
    other = make_server("--backups-path", str(place), name="other")
    broker.create_topic("another", 1)
    other.query(TABLE.replace("flights", "another"))
    other.query(f"CREATE SOURCE another INTO another FROM KAFKA (brokers = '{broker.address}', topic = 'another') FORMAT JSONEachRow")
    other.query("RESTORE DATABASE default FROM 'one'")
    other.query("ALTER SOURCE feed RESUME")
    wait_until(lambda: found(other)[0] >= total, "the other server has all")
    assert found(other) == sums(0, total)
    for one in (server, other):
        one.query("VERIFY TABLE flights")
        whole(one)


def filled(make_server, *flags):
    server = make_server(*flags)
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 2 ORDER BY n")
    server.query("INSERT INTO t SELECT number, 'old' FROM numbers(10)")
    server.restart()
    server.query("ALTER TABLE t RENAME COLUMN s TO text")
    server.query("INSERT INTO t SELECT number + 10, 'new' FROM numbers(10)")
    server.query("CREATE VIEW v AS SELECT sum(n) AS sum FROM t")
    server.query("BACKUP ALL TO 'one'")
    return server


CONTENT = "SELECT count(), sum(n), countIf(text = 'old'), countIf(text = 'new') FROM {}"


def test_names(make_server):
    server = filled(make_server)
    assert server.query("RESTORE TABLE t AS u FROM Disk('backups', 'one')").endswith("\tRESTORED\n")
    server.query("RESTORE DATABASE default AS copy FROM 'one'")
    server.query("DROP TABLE t")
    server.query("DROP VIEW v")
    server.query("RESTORE ALL FROM File('one')")
    for name in ("t", "u", "copy.t"):
        assert server.query(CONTENT.format(name)) == "20\t190\t10\t10\n"
    assert server.query("SELECT sum FROM copy.v") == "190\n"
    assert "CREATE TABLE copy.t" in server.query("SHOW CREATE TABLE copy.t")
    for statement, code in [
        ("RESTORE TABLE t FROM 'one'", 608),
        ("RESTORE TABLE t AS v FROM 'one'", 608),
        ("RESTORE VIEW v FROM 'one'", 608),
        ("RESTORE ALL FROM 'one'", 608),
        ("RESTORE TABLE none FROM 'one'", 605),
        ("RESTORE DATABASE none FROM 'one'", 605),
        ("RESTORE TABLE t AS nowhere.t FROM 'one'", 81),
        ("RESTORE TABLE t AS w, TABLE t AS w FROM 'one'", 36),
        ("RESTORE TABLE t AS w FROM 'none'", 599),
        ("RESTORE TABLE t AS w FROM '../one'", 36),
        ("RESTORE TABLE t AS w FROM 'one' SETTINGS structure_only = 1", 48),
        ("RESTORE DATABASE default AS other EXCEPT TABLES t, u, default.v FROM 'one'", 605),
        ("RESTORE t FROM 'one'", 62),
    ]:
        with pytest.raises(QueryError) as error:
            server.query(statement)
        assert error.value.code == code, statement
    assert server.query("SELECT name FROM system.tables WHERE database IN ('default', 'copy') ORDER BY ALL") == "t\nt\nu\nv\nv\n"
    server.query("INSERT INTO u VALUES (20, 'more')")
    server.query("OPTIMIZE TABLE u FINAL")
    assert server.query("SELECT count(), sum(n) FROM u") == "21\t210\n"
    assert server.query("SELECT status, count() FROM system.backups GROUP BY ALL ORDER BY ALL") == "BACKUP_CREATED\t1\nRESTORED\t3\nRESTORE_FAILED\t10\n"
    whole(server)


def test_all_that_a_table_can_have(make_server, broker):
    """Deleted rows, altered columns, indexes, another TTL, something detached, a hold; here, and where streams have other ids."""
    server = make_server()
    broker.create_topic("altered", 1)
    server.query("CREATE TABLE t (n UInt64, ts DateTime DEFAULT '2026-01-01 00:00:00') ENGINE = MergeTree PARTITION BY intDiv(n, 10000) ORDER BY n")
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = 'altered') FORMAT JSONEachRow SETTINGS commit_interval_ms = 100")
    broker.produce("altered", ['{"n": %d}' % n for n in range(30000)])
    wait_until(lambda: server.value("SELECT count() FROM t") == 30000, "rows are there")
    wait_until(lambda: server.value("SELECT sum(stored) FROM system.offset_ledger WHERE stream != 'insert-log'") == 30000, "they are durable")
    server.query("DROP SOURCE feed")
    server.query("DELETE FROM t WHERE n % 7 = 3")
    server.query("ALTER TABLE t ADD COLUMN a String DEFAULT toString(n)")
    server.query("ALTER TABLE t ADD INDEX by_a a TYPE bloom_filter GRANULARITY 1")
    server.query("INSERT INTO t (n, a) SELECT 30000 + number, 'new' FROM numbers(5000)")
    server.query("ALTER TABLE t MODIFY TTL ts + INTERVAL 50 YEAR")
    server.query("OPTIMIZE TABLE t PARTITION ID '2' FINAL")
    server.query("DELETE FROM t WHERE n BETWEEN 29000 AND 31000")
    server.query("ALTER TABLE t DETACH PARTITION ID '1'")
    server.query("ALTER TABLE t HOLD 'a case'")
    content = "SELECT count(), sum(n), sum(cityHash64(a)), countIf(a = 'new'), uniqExact(_stream) > 0, sum(_offset) FROM {}"
    expected = server.query(content.format("t"))
    server.query("BACKUP TABLE t TO 'one'")
    whole_backup = subprocess.run([WEIR, "check", server.data / "backups/one"], capture_output=True, text=True)
    assert whole_backup.returncode == 0, whole_backup.stdout
    server.query("RESTORE TABLE t AS u FROM 'one'")
    other = make_server("--backups-path", str(server.data / "backups"), name="other")
    broker.create_topic("unrelated", 1)
    other.query("CREATE TABLE x (n UInt64) ENGINE = MergeTree ORDER BY n")
    other.query(f"CREATE SOURCE first INTO x FROM KAFKA (brokers = '{broker.address}', topic = 'unrelated') FORMAT JSONEachRow")
    other.query("RESTORE TABLE t AS u FROM 'one'")
    for one in (server, other):
        assert one.query(content.format("u")) == expected
        assert one.query("SELECT count() FROM u WHERE a = '5'") == "1\n"
        one.restart()
        assert one.query(content.format("u")) == expected
        assert one.rows("VERIFY TABLE u")[0][2] == 1
        one.query("OPTIMIZE TABLE u FINAL")
        assert one.query(content.format("u")) == expected
        one.query("ALTER TABLE u DROP INDEX by_a")
        one.query("ALTER TABLE u DROP COLUMN a")
        assert one.query("SELECT count() FROM u") == expected.split("\t")[0] + "\n"
        whole(one)


@pytest.mark.parametrize("fault", ["restore_write=kill", "restore_sync=kill", "restore_sync_dir=kill", "ledger_append=kill:2", "ledger_sync=kill:3", "ledger_append=kill:5"])
def test_dies(make_server, fault):
    """All of the table, under its name, or nothing."""
    server = filled(make_server)
    server.query("DROP VIEW v")
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": fault})
    with pytest.raises(Exception):
        server.query("RESTORE TABLE t AS u FROM 'one'")
        server.kill()
        raise RuntimeError("it got through")
    if server.process is not None:
        server.wait()
    server.start()
    names = server.query("SELECT name FROM system.tables WHERE database = 'default' ORDER BY name").split()
    assert names in (["t"], ["t", "u"])
    if names == ["t"]:
        server.query("RESTORE TABLE t AS u FROM 'one'")
    assert server.query(CONTENT.format("u")) == "20\t190\t10\t10\n"
    whole(server)


def test_partitions(make_server):
    """BACKUP and RESTORE of partitions: values, ids, several tables, rows of segments of several partitions."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 10 ORDER BY n")
    server.query("CREATE TABLE w (n UInt64) ENGINE = MergeTree ORDER BY n")
    server.query("CREATE VIEW v AS SELECT 1")
    server.query("INSERT INTO t SELECT number, toString(number) FROM numbers(100)")
    server.query("INSERT INTO w SELECT number FROM numbers(7)")
    partitions = "SELECT arraySort(groupUniqArray(n % 10)), count(), sum(n), min(s = toString(n)) FROM {}"
    server.query("BACKUP TABLE t PARTITION 3 TO 'b1'")
    server.query("BACKUP TABLE t PARTITIONS 3, '4', ID '5', tuple(6) TO 'b2'")
    server.query("BACKUP TABLE t PARTITION 77 TO 'b3'")
    server.query("BACKUP TABLE t PARTITION 3, 4, TABLE w, VIEW v TO 'b4'")
    server.query("BACKUP TABLE w PARTITION tuple() TO 'b5' ASYNC")
    server.query("BACKUP TABLE t TO 'all'")
    for statement, expected in (
        ("BACKUP TABLE t PARTITION ALL TO 'x'", 344),
        ("BACKUP TABLE t PARTITION 'x' TO 'x'", 53),
        ("BACKUP TABLE t PARTITION (1, 2) TO 'x'", 248),
        ("BACKUP TABLE w PARTITION 5 TO 'x'", 248),
        ("BACKUP VIEW v PARTITION 5 TO 'x'", 647),
        ("BACKUP DATABASE default PARTITION 5 TO 'x'", 62),
        ("BACKUP TABLE t PARTITION 5, TABLE t TO 'x'", 36),
        ("BACKUP TABLE t PARTITION TO 'x'", 62),
        ("RESTORE TABLE t PARTITION 3 AS y FROM 'all'", 62),
        ("RESTORE TABLE t AS y PARTITION 'x' FROM 'all'", 53),
        ("RESTORE TABLE t AS y PARTITION ALL FROM 'all'", 344),
        ("RESTORE VIEW v AS y PARTITION 1 FROM 'b4'", 608),
    ):
        with pytest.raises(QueryError) as error:
            server.query(statement)
        assert error.value.code == expected, statement
    for statement, table, expected in (
        ("RESTORE TABLE t AS t1 FROM 'b1'", "t1", "[3]\t10"),
        ("RESTORE TABLE t AS t2 FROM 'b2'", "t2", "[3,4,5,6]\t40"),
        ("RESTORE TABLE t AS t3 PARTITION 3 FROM 'b2'", "t3", "[3]\t10"),
        ("RESTORE TABLE t AS t4 PARTITIONS 3, ID '5' FROM 'b2'", "t4", "[3,5]\t20"),
        ("RESTORE TABLE t AS t5 PARTITION 9 FROM 'b2'", "t5", "[]\t0"),
        ("RESTORE TABLE t AS t6 PARTITION 8 FROM 'all'", "t6", "[8]\t10"),
        ("RESTORE TABLE t AS t7 PARTITION 4, TABLE w AS w7 FROM 'b4'", "t7", "[4]\t10"),
        ("RESTORE TABLE t AS t8 FROM 'b3'", "t8", "[]\t0"),
    ):
        server.query(statement)
        assert server.query(partitions.format(table)).startswith(expected + "\t"), statement
    assert server.query("SELECT count() FROM w7") == "7\n"
    # one segment of more partitions than a commit has segments for
    server.query("CREATE TABLE mixed (n UInt64, s String) ENGINE = MergeTree PARTITION BY n % 300 ORDER BY n")
    server.query("INSERT INTO mixed SELECT number, toString(number) FROM numbers(3000)")
    server.query("BACKUP TABLE mixed PARTITION 299 TO 'm1'")
    server.query("BACKUP TABLE mixed TO 'm2'")
    server.query("RESTORE TABLE mixed AS m1 FROM 'm1'")
    server.query("RESTORE TABLE mixed AS m2 PARTITION 298 FROM 'm2'")
    assert server.query("SELECT count(), uniqExact(n % 300), max(n) FROM m1") == "10\t1\t2999\n"
    assert server.query("SELECT count(), uniqExact(n % 300), max(n) FROM m2") == "10\t1\t2998\n"
    whole(server)
    done = subprocess.run([WEIR, "check", server.data / "backups" / "b2"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    server.start()
    assert server.query(partitions.format("t2")).startswith("[3,4,5,6]\t40\t")
