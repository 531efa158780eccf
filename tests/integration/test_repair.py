"""REPAIR TABLE: what was damaged is read again from Kafka, exactly; what Kafka has no more is told."""
import hashlib
import json
import subprocess
import sys

import pytest

from test_quarantine import failed, flip, quarantined
from test_verify import verify
from weir import ROOT, WEIR, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402

ALL = "SELECT count(), uniqExact(_partition, _offset), sum(cityHash64(ts, n, service, twice, note)) FROM t"
STREAM = "stream != 'insert-log'"


def message(n, width=30):
    return json.dumps({"ts": 1767225600 + n, "n": n, "service": f"service-{n % 17}", "note": f"note {n * 2654435761 % 2**32:x}" + "x" * (n % width)})


def covered(server):
    return server.value(f"SELECT sum(last_offset - first_offset + 1) FROM system.offset_ledger WHERE {STREAM}")


def feed(server, broker, topic, commits, rows, select="", partition_by=""):
    """Table t of as many commits, each of `rows` messages in each of two partitions; nothing merges them."""
    broker.create_topic(topic, 2)
    server.query(
        "CREATE TABLE t (ts DateTime, n UInt32, service LowCardinality(String), note String, twice UInt64 DEFAULT n * 2)"
        f" ENGINE = MergeTree {partition_by} ORDER BY (service, ts)"
    )
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 3600000 {select}")
    for commit in range(commits):
        for partition in range(2):
            broker.produce(topic, [message((commit * 2 + partition) * rows + k) for k in range(rows)], partition=partition)
        wait_until(lambda: server.value("SELECT sum(position) FROM system.sources") == 2 * rows * (commit + 1), "all is read")
        server.restart()  # it seals what was read
        wait_until(lambda: covered(server) == 2 * rows * (commit + 1), "all is committed")
    return server


def pack(server, which=0):
    number = server.value(f"SELECT DISTINCT pack FROM system.segments WHERE table = 't' ORDER BY pack LIMIT {which}, 1")
    return server.data / "packs" / f"{number:08}.pack"


def damage(server, path, at):
    """at: a place in the file, from its end if negative; None: the file goes."""
    assert server.stop() == 0
    if at is None:
        path.unlink()
    else:
        flip(path, at if at >= 0 else path.stat().st_size + at)
    server.start()
    assert failed(server, ALL).code == 246
    assert len(quarantined(server)) == 1


def repair(server, **settings):
    return [json.loads(line) for line in server.query("REPAIR TABLE t FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0, **settings).splitlines()]


def is_well(server, answer):
    """The same rows, also after a start; nothing is in quarantine; all checks pass; ingest goes on where it was."""
    assert quarantined(server) == []
    assert server.query(ALL) == answer
    row = verify(server, "t")
    assert (row["is_whole"], row["damaged"]) == (1, 0), row
    server.restart()
    assert server.query(ALL) == answer
    assert not ledger_reader.ledger_state(server.data / "ledger").quarantine
    assert server.stop() == 0
    assert subprocess.run([WEIR, "check", server.data], capture_output=True).returncode == 0
    server.start()


def by_status(rows):
    found = {}
    for row in rows:
        found[row["status"]] = found.get(row["status"], 0) + row["rows"]
    return found


@pytest.mark.parametrize("at", [20000, -200, -2, None])
def test_same_as_before(make_server, broker, at):
    """A block, a footer, a trailer, a whole pack."""
    server = feed(make_server(), broker, f"same{at}".replace("-", "_"), 2, 10000)
    server.query("DELETE FROM t WHERE n % 1000 = 7") if at == 20000 else None
    answer = server.query(ALL)
    live = server.value(f"SELECT sum(rows) FROM system.segments WHERE table = 't' AND pack = {int(pack(server).stem)}")
    damage(server, pack(server), at)
    rows = repair(server)
    assert {(row["outcome"], row["proven"], row["problem"]) for row in rows} == {("repaired", 1, "")}, rows
    found = by_status(rows)
    assert live - 20 <= sum(found.values()) <= live and "missing" not in found, rows
    assert (found.get("kept", 0) > 0) == (at == 20000 and live > 8300)  # more than a granule
    assert {row["partition"] for row in rows if row["status"] == "repaired"} <= {0, 1}
    assert all(0 <= first <= last < 10000 for row in rows for first, last in row["ranges"])
    is_well(server, answer)
    assert repair(server) == []
    broker.produce(server.value("SELECT topic FROM system.sources LIMIT 1"), [message(10**6)], partition=0)
    wait_until(lambda: server.query("SELECT count() FROM t WHERE n = 1000000") == "1\n", "ingest goes on")


def test_select_and_merged(make_server, broker):
    """AS SELECT filters and computes; the damaged segment is a merge's output; its columns were altered since."""
    server = feed(make_server(), broker, "selected", 3, 6000, "AS SELECT toDateTime(ts) AS ts, n + 1 AS n, upper(service) AS service, note FROM message WHERE n % 3 != 0", "PARTITION BY toYYYYMMDD(ts)")
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("ALTER TABLE t ADD COLUMN more String DEFAULT concat(service, '!')")
    answer = server.query(ALL)
    for at, name in ((-200, "everything is read again"), (30000, "some")):
        damage(server, pack(server), at)
        rows = repair(server)
        assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired", 1)}, (name, json.dumps(rows))
        is_well(server, answer)
    assert server.query("SELECT countIf(more != concat(service, '!')) FROM t") == "0\n"


def test_kafka_has_deleted(make_server, broker):
    """What Kafka has no more is told; only who asks for it goes on without."""
    server = feed(make_server(), broker, "head", 1, 10000)
    broker.delete_records("head", 0, 4000)
    live = server.value(f"SELECT sum(rows) FROM system.segments WHERE table = 't' AND pack = {int(pack(server).stem)}")
    damage(server, pack(server), None)
    rows = repair(server)
    assert {row["outcome"] for row in rows} == {"damaged"} and "repair_lose_rows" in rows[0]["problem"], rows
    gone = [row for row in rows if row["status"] == "missing" and row["ranges"]]
    assert [(row["partition"], row["ranges"], row["reason"]) for row in gone] == [(0, [[0, 3999]], "Kafka has deleted these messages by its retention")]
    assert len(quarantined(server)) == 1
    server.query("ALTER TABLE t HOLD 'audit'")
    assert "audit" in failed(server, "REPAIR TABLE t SETTINGS repair_lose_rows = 1").message
    server.query("ALTER TABLE t RELEASE HOLD 'audit'")
    rows = repair(server, repair_lose_rows=1)
    assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired in part", 0)}, rows
    assert by_status(rows)["repaired"] == live - 4000 and by_status(rows)["missing"] == 4000
    assert server.query("SELECT count(), min(n), countIf(_partition = 0), min(_offset) FROM t") == "16000\t4000\t6000\t0\n"
    is_well(server, server.query(ALL))


def test_not_to_be_had(make_server, broker):
    """Rows of INSERT; a topic that is another one; no source; no Kafka."""
    server = make_server("--insert-log-keep-bytes", "0")
    server.query("CREATE TABLE t (ts DateTime, n UInt32, service String, note String, twice UInt64) ENGINE = MergeTree ORDER BY n")
    server.query("CREATE TABLE other (n UInt32) ENGINE = MergeTree ORDER BY n")
    for table, values in (("t", "number, number, 'a', toString(cityHash64(number)), 1 FROM numbers(30000)"), ("other", "1")):
        server.query(f"INSERT INTO {table} SELECT {values}")
        server.restart()
    damage(server, pack(server), 100000)
    rows = repair(server)
    assert {row["outcome"] for row in rows} == {"damaged"}, rows
    missing = [row for row in rows if row["status"] == "missing"]
    assert [row["reason"] for row in missing] == ["its rows came by INSERT, and the insert log does not have them any more"] and missing[0]["stream"] == "insert-log"
    lost = missing[0]["rows"]
    assert 0 < lost <= 8192
    rows = repair(server, repair_lose_rows=1)
    assert by_status(rows) == {"kept": 30000 - lost, "missing": lost}
    assert server.query("SELECT count() FROM t") == f"{30000 - lost}\n"
    is_well(server, server.query(ALL))


def test_another_topic(make_server, broker):
    server = feed(make_server(), broker, "another_topic", 1, 2000)
    server.query("ALTER SOURCE feed PAUSE")
    damage(server, pack(server), None)
    broker.delete_topic("another_topic")
    broker.create_topic("another_topic", 2)
    for partition in range(2):
        broker.produce("another_topic", [message(n + 5) for n in range(3000)], partition=partition)
    rows = repair(server)
    assert {row["outcome"] for row in rows} == {"damaged"}
    assert {row["reason"] for row in rows if row["ranges"]} == {"the topic is another one: the last message that was stored is not the same any more"}, rows
    server.query("DROP SOURCE feed")
    rows = repair(server)
    assert "no source of the table reads this topic, or it is another topic of that name" in {row["reason"] for row in rows}
    assert len(quarantined(server)) == 1


def test_rows_that_changed(make_server, broker):
    """UPDATE is not in Kafka: such rows come back as they were first, if one says so."""
    server = feed(make_server(), broker, "updated", 1, 4000)
    server.query("ALTER TABLE t UPDATE note = 'new' WHERE n = 17")
    server.query("OPTIMIZE TABLE t FINAL")
    damage(server, pack(server), None)
    rows = repair(server)
    assert {row["outcome"] for row in rows} == {"damaged"} and "cannot be proven" in rows[0]["problem"], rows
    assert len(quarantined(server)) == 1


def test_several_rows_of_a_message(make_server, broker):
    """A message of many rows, of which a part was in granules that are damaged."""
    server = make_server()
    broker.create_topic("many", 1)
    server.query("CREATE TABLE t (ts DateTime, n UInt32, service String, note String, twice UInt64) ENGINE = MergeTree ORDER BY n")
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = 'many') FORMAT JSONEachRow SETTINGS commit_interval_ms = 3600000")
    broker.produce("many", ["\n".join(message(k * 100 + m) for k in range(400)) for m in range(100)])
    wait_until(lambda: server.query("SELECT count() FROM t") == "40000\n", "all is read")
    server.restart()
    server.query("OPTIMIZE TABLE t FINAL")
    answer = server.query(ALL)
    damage(server, pack(server), 5000)
    rows = repair(server)
    assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired", 1)}, rows
    found = by_status(rows)
    assert found["repaired"] in (8192, 40000 % 8192) and found["kept"] + found["repaired"] == 40000, found
    is_well(server, answer)


def largest_pack(server):
    number = server.value("SELECT pack FROM system.segments WHERE table = 't' ORDER BY rows DESC LIMIT 1")
    return server.data / "packs" / f"{number:08}.pack"


@pytest.mark.parametrize("several", [False, True])
def test_late_rows(make_server, broker, several):
    """How late rows came is in no message: it is kept where its column can still be read; the proof says if it is all."""
    topic = f"repair-late-{several}"
    broker.create_topic(topic, 2)
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, n UInt32, note String, _lateness UInt64 MATERIALIZED 0) ENGINE = MergeTree ORDER BY n")
    times = (0, 60, 86400) if several else (0,)
    def lines(n):
        return "\n".join(json.dumps({"ts": 1767225600 + n + more, "n": n * 3 + k, "note": hashlib.sha512(str(n * 3 + k).encode()).hexdigest()}) for k, more in enumerate(times))
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 3600000")
    server.query("CREATE MATERIALIZED VIEW v AS SELECT toStartOfHour(ts) AS h, count() AS c, sum(n) AS s FROM t GROUP BY h")
    server.query("CREATE MATERIALIZED VIEW w AS SELECT tumble_start, window_state() AS state, count() AS c FROM t GROUP BY tumble(ts, INTERVAL 1 HOUR)")
    wait_until(lambda: server.query("SELECT complete_through('t') > now() - 5") == "1\n", "the topic is empty")
    rows = 10000  # all of them late
    broker.produce(topic, [lines(n) for n in range(rows)], partition=0)
    broker.produce(topic, [json.dumps({"ts": 4000000000, "n": n, "note": "ahead"}) for n in range(100)], partition=1)
    wait_until(lambda: server.value("SELECT sum(position) FROM system.sources") == rows + 100, "all is read")
    server.restart()  # it seals what was read
    wait_until(lambda: covered(server) == rows + 100, "all is committed")
    wait_until(lambda: server.query("SELECT complete_through('t') > now() - 5") == "1\n", "the source is there again")
    assert server.value("SELECT countIf(_lateness > 86400e6) FROM t") == rows * len(times)
    every = "SELECT count(), sum(cityHash64(ts, n, note, _lateness, _partition, _offset)) FROM t"
    views = ["SELECT * FROM v ORDER BY h", "SELECT * FROM w ORDER BY tumble_start", "SELECT tumble_start, window_state(), count() FROM t GROUP BY tumble(ts, INTERVAL 1 HOUR) ORDER BY tumble_start"]
    answers = [server.query(sql) for sql in [every, *views]]
    assert "corrected" in answers[2] and answers[2] == answers[3]
    path = largest_pack(server)  # partition 1 may have a commit of its own
    size = path.stat().st_size
    assert server.stop() == 0
    flip(path, size // 2)  # the notes, which are most of it
    server.start()
    assert failed(server, every).code == 246
    found = repair(server)
    assert {(row["outcome"], row["proven"], row["problem"]) for row in found} == {("repaired", 1, "")}, found
    wait_until(lambda: server.query("SELECT complete_through('t') > now() - 5") == "1\n", "the source is there again")
    assert [server.query(sql) for sql in [every, *views]] == answers
    # the whole pack: rows that are not proven to be those that were stored are not taken without being asked
    broken = largest_pack(server)
    assert server.stop() == 0
    broken.unlink()
    server.start()
    assert failed(server, every).code == 246
    assert {row["outcome"] for row in repair(server)} == {"damaged"}


def test_ends_with_kill(make_server, broker):
    """Kafka is gone: the statement waits, and ends when it is told; the segment stays as it is."""
    server = feed(make_server(), broker, "silent", 1, 1000)
    damage(server, pack(server), None)
    broker.stop()
    try:
        assert failed(server, "REPAIR TABLE t").code in (210, 279, 60)
    finally:
        broker.start()
    assert len(quarantined(server)) == 1
    assert repair(server)[0]["outcome"] == "repaired"


def test_statement(shared):
    """Its forms, and what it is not for; nothing to be repaired is no error."""
    shared.query("CREATE TABLE sound (n UInt32) ENGINE = MergeTree ORDER BY n")
    shared.query("INSERT INTO sound SELECT number FROM numbers(10)")
    assert shared.query("REPAIR TABLE sound") == ""
    assert shared.query("REPAIR TABLE default.sound SETTINGS repair_lose_rows = 1, repair_change_rows = 1 FORMAT JSONEachRow") == ""
    names = shared.query("REPAIR TABLE sound FORMAT TabSeparatedWithNames").split()
    assert names == ["database", "table", "pack", "offset", "outcome", "proven", "problem", "status", "stream", "incarnation", "partition", "rows", "ranges", "reason"]
    shared.query("CREATE VIEW sight AS SELECT 1")
    assert failed(shared, "REPAIR TABLE absent").code == 60
    assert failed(shared, "REPAIR TABLE sight").code == 48
    assert failed(shared, "REPAIR TABLE sound ON CLUSTER c").code == 48
    assert failed(shared, "REPAIR sound").code == 62
    assert failed(shared, "REPAIR TABLE sound PARTITION 1").code == 62
    assert failed(shared, "REPAIR TABLE sound SETTINGS repair_everything = 1").code == 115
    shared.query("DROP VIEW sight")
    shared.query("DROP TABLE sound")


def inserted(server, table="t", more=""):
    server.query(f"CREATE TABLE {table} (ts DateTime, n UInt32, service LowCardinality(String), note String, twice UInt64 DEFAULT n * 2) ENGINE = MergeTree PARTITION BY n % 2 ORDER BY (service, ts) {more}")
    for part in range(4):
        server.query(f"INSERT INTO {table} (ts, n, service, note) FORMAT JSONEachRow", "\n".join(message(part * 5000 + n) for n in range(5000)).encode())
    server.restart()


@pytest.mark.parametrize("at", [100, -60, None])
def test_inserts(make_server, at):
    """Rows that came by INSERT come from the insert log, also when nothing but the log knows which they were."""
    server = make_server()
    inserted(server)
    answer = server.query(ALL)
    damage(server, pack(server), at)
    rows = repair(server)
    if at is None:
        assert failed(server, ALL).code == 246  # both partitions' segments were in that pack
        rows += repair(server)
    assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired", 1)}, rows
    assert {row["stream"] for row in rows if row["status"] == "repaired"} == {"insert-log"}, rows
    is_well(server, answer)


def test_inserts_of_the_past(make_server):
    """Merged, of an older definition, moved to another table; and what the log has no more."""
    server = make_server()
    inserted(server)
    server.query("ALTER TABLE t ADD COLUMN more String DEFAULT concat(note, '!')")
    server.query("ALTER TABLE t MODIFY COLUMN twice Int64")
    server.query("INSERT INTO t (ts, n, service, note) FORMAT JSONEachRow", message(20000).encode())
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("CREATE TABLE u AS t")
    everything = ALL.replace("twice, note", "twice, note, more")
    answer = server.query(everything)
    damage(server, pack(server), 100)
    assert {(row["outcome"], row["proven"]) for row in repair(server)} == {("repaired", 1)}
    assert server.query(everything) == answer
    server.query("ALTER TABLE t MOVE PARTITION 1 TO TABLE u")
    moved = server.query(everything.replace("FROM t", "FROM u"))
    path = server.data / "packs" / f"{server.value('SELECT max(pack) FROM system.segments WHERE table = ' + repr('u')):08}.pack"
    assert server.stop() == 0
    flip(path, 100)
    server.start()
    assert failed(server, everything.replace("FROM t", "FROM u")).code == 246
    rows = server.query("REPAIR TABLE u FORMAT JSONEachRow")
    assert all(json.loads(row)["outcome"] == "damaged" for row in rows.splitlines())  # they are of a version that only t has had
    assert "the insert log does not have them any more" in rows
    assert server.query("REPAIR TABLE u SETTINGS repair_lose_rows = 1 FORMAT JSONEachRow").count('"outcome":"repaired in part"') >= 1
    assert int(server.query("SELECT count() FROM u")) < int(moved.split("\t")[0])


def test_inserts_of_another_table(make_server):
    server = make_server()
    inserted(server)
    server.query("CREATE TABLE u AS t")
    server.query("ALTER TABLE t MOVE PARTITION 1 TO TABLE u")
    of_u = ALL.replace("FROM t", "FROM u")
    answer = server.query(of_u)
    path = server.data / "packs" / f"{server.value('SELECT max(pack) FROM system.segments WHERE table = ' + repr('u')):08}.pack"
    assert server.stop() == 0
    flip(path, 100)
    server.start()
    assert failed(server, of_u).code == 246
    rows = [json.loads(row) for row in server.query("REPAIR TABLE u FORMAT JSONEachRow").splitlines()]
    assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired", 1)}, rows
    assert server.query(of_u) == answer


def test_inserts_that_are_gone(make_server):
    server = make_server("--insert-log-keep-bytes", "0")
    inserted(server)
    server.query("INSERT INTO t (n) VALUES (1000000)")
    server.restart()  # its file takes the place of the one before
    damage(server, pack(server), 100)
    missing = [row for row in repair(server) if row["status"] == "missing"]
    assert [row["reason"] for row in missing] == ["its rows came by INSERT, and the insert log does not have them any more"], missing
    rows = repair(server, repair_lose_rows=1)
    assert {row["outcome"] for row in rows} == {"repaired in part"}
    assert int(server.query("SELECT count() FROM t")) < 20001


def test_moved(make_server, broker):
    """Rows that were moved from a table that a source feeds: the source's topic still has them."""
    server = feed(make_server(), broker, "moved", 1, 3000, partition_by="PARTITION BY n % 2")
    server.query("CREATE TABLE u AS t")
    server.query("ALTER TABLE t MOVE PARTITION 1 TO TABLE u")
    of_u = ALL.replace("FROM t", "FROM u")
    answer = server.query(of_u)
    path = server.data / "packs" / f"{server.value('SELECT max(pack) FROM system.segments WHERE table = ' + repr('u')):08}.pack"
    assert server.stop() == 0
    flip(path, 100)
    server.start()
    assert failed(server, of_u).code == 246
    rows = [json.loads(row) for row in server.query("REPAIR TABLE u FORMAT JSONEachRow").splitlines()]
    assert {(row["outcome"], row["proven"]) for row in rows} == {("repaired", 1)}, rows
    assert server.query(of_u) == answer
