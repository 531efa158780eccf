"""A damaged segment: who needs it gets an error that says what is lost, or asks to go on without; the rest is as before."""
import json
import re
import shutil
import subprocess
import sys

import pytest

from test_verify import flip, verify
from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402

SKIP = {"skip_damaged_segments": 1}


def filled(make_server):
    """Table t: a segment of 20,000 rows for each of three days; and another table."""
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, n UInt32, s String) ENGINE = MergeTree ORDER BY n TTL ts + INTERVAL 20 YEAR")
    server.query("CREATE TABLE other (n UInt32) ENGINE = MergeTree ORDER BY n")
    for k in range(3):
        server.query(f"INSERT INTO t SELECT toDateTime('2026-01-0{k + 1} 00:00:00') + number, number + {k * 20000}, toString(cityHash64(number)) FROM numbers(20000)")
        server.restart()
    server.query("INSERT INTO other SELECT number FROM numbers(20000)")
    return server.restart()


def pack_of(server, day):
    number = server.value(f"SELECT DISTINCT pack FROM system.segments WHERE table = 't' ORDER BY pack LIMIT {day - 1}, 1")
    return server.data / "packs" / f"{number:08}.pack"


def damage(server, path, how):
    """Behind the server's back, while it is stopped."""
    assert server.stop() == 0
    whole = server.directory / f"{path.name}.whole"
    shutil.copy(path, whole)
    size = path.stat().st_size
    if how == "block":
        flip(path, 40000)
    elif how == "footer":
        flip(path, size - 200)
    elif how == "trailer":
        flip(path, size - 2)
    elif how == "cut":
        with open(path, "r+b") as file:
            file.truncate(size // 2)
    else:
        path.unlink()
    server.start()
    return whole


def failed(server, sql, **settings):
    with pytest.raises(QueryError) as error:
        server.query(sql, **settings)
    return error.value


def quarantined(server):
    return [json.loads(line) for line in server.query("SELECT * FROM system.quarantined_segments FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0).splitlines()]


@pytest.mark.parametrize("how", ["block", "footer", "trailer", "cut", "gone"])
def test_queries(make_server, how):
    server = filled(make_server)
    path = pack_of(server, 2)
    whole = damage(server, path, how)
    error = failed(server, "SELECT sum(cityHash64(s)) FROM t")
    for text in ("default.t", "20000 rows are missing", f"pack {int(path.stem)}", "skip_damaged_segments", "quarantine"):
        assert text in error.message, error.message
    assert error.code == 246
    row = quarantined(server)[0]
    assert (row["database"], row["table"], row["rows"], row["pack"]) == ("default", "t", 20000, int(path.stem)) and row["cause"]
    # queries that do not need it, other tables
    assert server.query("SELECT count(), sum(n) FROM other") == "20000\t199990000\n"
    assert server.query("SELECT count() FROM t WHERE ts < '2026-01-01 12:00:00' AND s != ''") == "20000\n"
    assert failed(server, "SELECT count() FROM t").code == 246
    # without it
    reply = server.post("SELECT count(), min(n), max(n), sum(length(s)) > 0 FROM t", **SKIP)
    assert reply.text == "40000\t0\t59999\t1\n"
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["damaged_segments_skipped"] == "1"
    assert server.query("SELECT uniqExact(n) FROM t SETTINGS skip_damaged_segments = 1") == "40000\n"
    assert server.query("SELECT ProfileEvents['DamagedSegmentsSkipped'] FROM system.query_log WHERE query LIKE '%uniqExact(n)%' AND type = 'QueryFinish' AND query NOT LIKE '%query_log%'") == "1\n"
    # ingest goes on; merges leave it where it is
    server.query("INSERT INTO t SELECT '2026-01-02 00:00:00', 1000000 + number, 'x' FROM numbers(10)")
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.query("SELECT count(), uniqExact(n) FROM t", **SKIP) == "40010\t40010\n"
    assert server.value("SELECT count() FROM system.segments WHERE table = 't'") == 2
    assert failed(server, "BACKUP TABLE t TO 'one'").code == 647
    # it stays so
    server.restart()
    assert failed(server, "SELECT max(s) FROM t").code == 246
    assert quarantined(server) == [row]
    row = verify(server)
    assert (row["is_whole"], row["damaged"], row["rows"], row["segments"]) == (0, 1, 40010, 1) and row["problem"]
    assert ledger_reader.ledger_state(server.data / "ledger").quarantine.keys() == {(int(path.stem), 16)}
    # the pack is put back
    shutil.copy(whole, path)
    row = verify(server)
    assert (row["is_whole"], row["damaged"], row["rows"], row["problem"]) == (1, 0, 60010, "")
    assert quarantined(server) == []
    assert server.query("SELECT count(), uniqExact(n), sum(length(s)) > 0 FROM t") == "60010\t60010\t1\n"
    assert not ledger_reader.ledger_state(server.data / "ledger").quarantine
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.value("SELECT count() FROM system.segments WHERE table = 't'") == 1
    assert server.stop() == 0
    assert subprocess.run([WEIR, "check", server.data], capture_output=True).returncode == 0


def test_found_by_a_merge(make_server):
    """The merge fails, and the next one goes on without the damaged input."""
    server = filled(make_server)
    path = pack_of(server, 2)
    damage(server, path, "block")
    assert failed(server, "OPTIMIZE TABLE t FINAL").code == 246
    assert [row["pack"] for row in quarantined(server)] == [int(path.stem)]
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.value("SELECT count() FROM system.segments WHERE table = 't'") == 2
    assert server.query("SELECT count() FROM t", **SKIP) == "40000\n"


def test_found_by_verify(make_server):
    """All that is damaged is found at once, and named; detached, it cannot come back."""
    server = filled(make_server)
    for day in (1, 3):
        damage(server, pack_of(server, day), "block")
    row = verify(server)
    assert (row["is_whole"], row["damaged"], row["segments"], row["rows"]) == (0, 2, 1, 20000)
    assert len(quarantined(server)) == 2
    server.query("ALTER TABLE t DETACH PARTITION ID 'all'")
    assert quarantined(server) == []
    assert failed(server, "ALTER TABLE t ATTACH PARTITION ID 'all'").code == 246
    assert server.query("SELECT count() FROM t") == "0\n"


def test_truncate(make_server):
    """What is taken away is no more in quarantine."""
    server = filled(make_server)
    damage(server, pack_of(server, 1), "block")
    assert verify(server)["damaged"] == 1
    server.query("TRUNCATE TABLE t")
    assert quarantined(server) == []
    server.restart()
    assert server.query("SELECT count() FROM t") == "0\n"


def test_messages_are_named(make_server, broker):
    """Of a commit: which messages it took; of a merge's output: between which they lie."""
    server = make_server()
    broker.create_topic("damaged", 2)
    server.query("CREATE TABLE m (n UInt32) ENGINE = MergeTree ORDER BY n")
    server.query(f"CREATE SOURCE feed INTO m FROM KAFKA (brokers = '{broker.address}', topic = 'damaged') FORMAT JSONEachRow SETTINGS commit_interval_ms = 100")
    for k in range(2):
        for partition in range(2):
            broker.produce("damaged", [json.dumps({"n": n}) for n in range(100)], partition=partition)
        wait_until(lambda: server.value("SELECT sum(last_offset - first_offset + 1) FROM system.offset_ledger WHERE stream != 'insert-log'") == 200 * (k + 1), "it is committed")
        server.query("ALTER SOURCE feed PAUSE")
        if k == 0:
            server.query("ALTER SOURCE feed RESUME")
    number = server.value("SELECT max(pack) FROM system.segments WHERE table = 'm'")
    whole = damage(server, server.data / "packs" / f"{number:08}.pack", "gone")
    message = failed(server, "SELECT sum(n) FROM m").message
    assert re.search(r"messages: offsets \d+ to \d+ of partition [01] of [^ ]*/damaged", message), message
    shutil.copy(whole, server.data / "packs" / f"{number:08}.pack")
    verify(server, "m")
    server.query("OPTIMIZE TABLE m FINAL")
    number = server.value("SELECT max(pack) FROM system.segments WHERE table = 'm'")
    path = server.data / "packs" / f"{number:08}.pack"
    assert server.stop() == 0
    flip(path, 17)
    server.start()
    assert "offsets between 0 and 199 of partitions 0 to 1" in failed(server, "SELECT sum(n), max(_offset) FROM m").message
