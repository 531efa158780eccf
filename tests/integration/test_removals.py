"""system.offset_ledger accounts for rows that left their tables: when, why, by which commit; also after a start."""
import json
import re
import subprocess
import sys

from weir import ROOT, WEIR

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402


def removals(server, table="t"):
    """(reason, removed, added, commits) of each row, the oldest first."""
    rows = server.query(f"SELECT * FROM system.offset_ledger WHERE table = '{table}' AND reason != '' ORDER BY commit, reason FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0)
    found = []
    for row in map(json.loads, rows.splitlines()):
        assert re.fullmatch("[0-9a-f]{64}", row["hash"]) and re.fullmatch("[0-9a-f]{32}", row["removed_sum"]), row
        assert (row["stream"], row["partition"], row["first_offset"], row["last_offset"], row["stored"]) == ("", -1, 0, -1, 0)
        found.append((row["reason"], row["removed"], row["added"], row["ranges"]))
    return found


def test_all_reasons(make_server):
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, n UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY n")
    for month in range(1, 7):
        server.query(f"INSERT INTO t SELECT toDateTime('2026-0{month}-01 00:00:00') + number, number FROM numbers(1000)")
    assert removals(server) == []
    server.query("DELETE FROM t WHERE n < 10")
    server.query("DELETE FROM t WHERE n < 10")
    server.query("ALTER TABLE t DELETE WHERE toYYYYMM(ts) = 202602")
    server.query("ALTER TABLE t DROP PARTITION 202603")
    server.query("ALTER TABLE t DETACH PARTITION 202604")
    server.query("ALTER TABLE t DROP DETACHED PARTITION 202604 SETTINGS allow_drop_detached = 1")
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("ALTER TABLE t ADD COLUMN more UInt8")
    server.query("ALTER TABLE t UPDATE more = 1 WHERE n < 500")
    expected = [("DELETE", 60, 0, 1), ("DELETE", 990, 0, 1), ("DROP", 990, 0, 1), ("DROP", 990, 0, 1), ("UPDATE", 3 * 490, 3 * 490, 1)]
    assert removals(server) == expected
    server.query("TRUNCATE TABLE t")
    expected += [("TRUNCATE", 3 * 990, 0, 1)]
    assert removals(server) == expected
    server.restart()
    assert removals(server) == expected
    assert server.stop() == 0
    assert subprocess.run([WEIR, "check", server.data], capture_output=True).returncode == 0
    ledger_reader.read_ledger(server.data / "ledger")
    server.start()
    # its history goes with the table
    server.query("DROP TABLE t")
    assert removals(server) == []


def test_ttl(make_server):
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, n UInt32) ENGINE = MergeTree ORDER BY n TTL ts + INTERVAL 1 DAY")
    server.query("INSERT INTO t SELECT now() - INTERVAL 10 DAY, number FROM numbers(100)")
    server.query("OPTIMIZE TABLE t FINAL")
    found = removals(server)
    assert found in ([("TTL", 100, 0, 1)], [("MERGE", 100, 0, 1)]), found


def test_many(make_server):
    """The older half is merged by reason; what they add up to stays."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t SELECT number FROM numbers(1000)")
    for n in range(270):
        server.query(f"DELETE FROM t WHERE n = {n}")
    found = removals(server)
    assert sum(row[1] for row in found) == 270 and sum(row[3] for row in found) == 270
    assert len(found) == 270 - 127 and found[0] == ("DELETE", 128, 0, 128) and {row[3] for row in found[1:]} == {1}
    server.restart()
    assert removals(server) == found
    assert server.stop() == 0
    assert subprocess.run([WEIR, "check", server.data], capture_output=True).returncode == 0
