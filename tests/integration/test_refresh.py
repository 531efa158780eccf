"""Views with REFRESH: the whole result of any SELECT in the place of the old rows, by a schedule. The server's clock is moved."""
import pathlib
import subprocess
import sys
import threading

import pytest

from weir import WEIR, QueryError, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "format"))
import ledger_reader  # noqa: E402

CLOCK = ("--test-clock", "1")
HOUR = 3600
YEAR = 366 * 86400


def clock(server):
    return server.value("SELECT toUnixTimestamp64Micro(now64(6)) / 1e6")


def jump(server, seconds):
    server.query(f"SYSTEM SET CLOCK '{int(seconds)}'")


def begin(server):
    """Ten minutes behind an hour: none begins in the middle of a test."""
    jump(server, (600 - clock(server)) % HOUR)


def next_hour(server, after=5):
    """A few seconds behind the next hour."""
    jump(server, HOUR - clock(server) % HOUR + after)


def state(server, view, columns="status"):
    return server.rows(f"SELECT {columns} FROM system.view_refreshes WHERE view = '{view}'")[0]


def fails(server, sql, code, text=""):
    with pytest.raises(QueryError) as caught:
        server.query(sql)
    assert caught.value.code == code and text in caught.value.message, caught.value


def test_any_select_replaces(make_server):
    """Joins, windows, UNION, FINAL; the rows that are there are those of the last refresh, moments of the hour bring new ones."""
    server = make_server(*CLOCK)
    begin(server)
    server.query("CREATE TABLE a (k UInt32, v Int64) ENGINE = ReplacingMergeTree ORDER BY k")
    server.query("CREATE TABLE b (k UInt32, name String) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO a SELECT number, number FROM numbers(100)")
    server.query("INSERT INTO a SELECT number, number * 2 FROM numbers(50)")
    server.query("INSERT INTO b SELECT number, concat('n', toString(number)) FROM numbers(0, 100, 3)")
    select = """SELECT name, v, sum(v) OVER (ORDER BY k) AS running FROM (SELECT * FROM a FINAL) AS a JOIN b USING k
                UNION ALL SELECT 'all', toInt64(count()), toInt64(0) FROM a FINAL"""
    server.query(f"CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR (name String, v Int64, running Int64) ENGINE = MergeTree ORDER BY name AS {select}")
    server.query("SYSTEM WAIT VIEW v")

    def right():
        return sorted(server.query(select).splitlines())

    def rows():
        return sorted(server.query("SELECT * FROM v").splitlines())

    assert rows() == right() and len(rows()) == 35
    before = rows()
    server.query("INSERT INTO a SELECT number, number * 3 FROM numbers(20)")
    assert rows() == before
    status, next_time, now, exception = state(server, "v", "status, toUnixTimestamp(next_refresh_time), toUnixTimestamp(now()), exception")
    assert status == "Scheduled" and next_time % HOUR == 0 and now < next_time <= now + HOUR and exception == ""
    next_hour(server)
    wait_until(lambda: rows() != before, "the hour's refresh")
    assert rows() == right()
    server.query("INSERT INTO a SELECT number, 7 FROM numbers(100)")
    server.query("SYSTEM REFRESH VIEW v")
    server.query("SYSTEM WAIT VIEW v")
    assert rows() == right()
    # INSERTs into the view's table stay until then, wherever they are
    server.query("INSERT INTO v VALUES ('mine', 1, 2)")
    assert "mine\t1\t2" in rows()
    server.query("SYSTEM REFRESH VIEW v")
    server.query("SYSTEM WAIT VIEW v")
    assert rows() == right()
    # an empty result takes the place of all rows, too
    server.query("TRUNCATE TABLE b")
    server.query("TRUNCATE TABLE a")
    server.query("SYSTEM REFRESH VIEW v")
    server.query("SYSTEM WAIT VIEW v")
    assert rows() == ["all\t0\t0"]
    server.query("CREATE MATERIALIZED VIEW few REFRESH EVERY 1 DAY ENGINE = ReplacingMergeTree ORDER BY k AS SELECT k, v FROM a")
    server.query("INSERT INTO a VALUES (1, 1), (1, 2)")
    server.query("SYSTEM REFRESH VIEW few")
    server.query("SYSTEM WAIT VIEW few")
    assert server.query("SELECT * FROM few") == "1\t2\n"
    server.query("TRUNCATE TABLE a")
    server.query("SYSTEM REFRESH VIEW few")
    server.query("SYSTEM WAIT VIEW few")
    for _ in range(2):
        assert server.query("SELECT * FROM few") == "" and rows() == ["all\t0\t0"]
        server.restart()
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_readers_see_old_or_new(make_server):
    """While refreshes go on every reader finds all rows of one of them."""
    server = make_server()
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 YEAR ENGINE = MergeTree ORDER BY x PARTITION BY x % 3 AS "
                 "SELECT number AS x, (SELECT max(v) FROM n) AS round FROM numbers(20000)")
    server.query("SYSTEM WAIT VIEW v")
    done = threading.Event()
    seen = []

    def read():
        while not done.is_set():
            seen.append(tuple(server.rows("SELECT count(), min(round), max(round) FROM v")[0]))

    reader = threading.Thread(target=read)
    reader.start()
    for k in range(2, 8):
        server.query(f"INSERT INTO n VALUES ({k})")
        server.query("SYSTEM REFRESH VIEW v")
        server.query("SYSTEM WAIT VIEW v")
    done.set()
    reader.join()
    assert seen and all(count == 20000 and low == high for count, low, high in seen), seen
    assert server.rows("SELECT count(), max(round) FROM v") == [[20000, 7]]


@pytest.mark.parametrize("failpoint", ["view_refresh", "view_refresh_commit", "view_refresh_committed", "pack_sync", "ledger_append", "ledger_sync"])
def test_kill(make_server, failpoint):
    """After a death at any step the old rows are there or the new ones; the next start makes up for what was not done, once."""
    server = make_server(*CLOCK)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("CREATE TABLE log (v UInt64, rows UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 YEAR ENGINE = MergeTree ORDER BY x AS SELECT number AS x, (SELECT max(v) FROM n) AS round FROM numbers(1000)")
    server.query("CREATE MATERIALIZED VIEW more REFRESH EVERY 1 YEAR APPEND TO log AS SELECT max(v) AS v, count() AS rows FROM n")
    server.query("SYSTEM WAIT VIEW v")
    server.query("SYSTEM WAIT VIEW more")
    server.query("INSERT INTO n VALUES (2)")
    server.query("OPTIMIZE TABLE n")
    server.query("SYSTEM STOP VIEWS")
    assert server.stop() == 0
    server.start("--test-clock", "1", environment={"WEIR_FAILPOINTS": f"{failpoint}=kill"})
    try:
        jump(server, YEAR)
        server.query("SYSTEM WAIT VIEW v")
        server.query("SYSTEM WAIT VIEW more")
    except Exception:  # it is gone, in the middle of an answer
        pass
    assert server.wait() != 0
    server.start(*CLOCK)
    count, low, high = server.rows("SELECT count(), min(round), max(round) FROM v")[0]
    assert (count, low) == (1000, high) and high in (1, 2)
    jump(server, YEAR + 300)
    wait_until(lambda: server.value("SELECT max(round) FROM v") == 2 and server.value("SELECT max(v) FROM log") == 2, "both were refreshed")
    server.query("SYSTEM WAIT VIEW v")
    server.query("SYSTEM WAIT VIEW more")
    assert server.rows("SELECT count(), min(round), max(round) FROM v") == [[1000, 2, 2]]
    assert server.rows("SELECT v, rows FROM log ORDER BY v") == [[1, 1], [2, 2]]  # APPEND: once, too
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    refreshed = ledger_reader.read_files(server.data / "ledger")[0].refreshed
    assert len(refreshed) == 2 and all(slot % (HOUR * 1000000) == 0 < slot <= began <= ended for slot, began, ended in refreshed.values())


def test_failures_are_kept_and_shown(make_server):
    """A SELECT that fails leaves the old rows, is tried again as often as it was said, and then at the next moment."""
    server = make_server(*CLOCK)
    begin(server)
    server.query("CREATE TABLE n (v Int64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR SETTINGS refresh_retries = 1, refresh_retry_initial_backoff_ms = 50 "
                 "ENGINE = MergeTree ORDER BY x AS SELECT throwIf(v > 5, 'too large') + v AS x FROM n")
    server.query("SYSTEM WAIT VIEW v")
    server.query("INSERT INTO n VALUES (6)")
    next_hour(server)
    wait_until(lambda: "too large" in state(server, "v", "exception")[0], "the failure")
    wait_until(lambda: server.metric("weir_view_refresh_failures_total") == 2, "the retry")
    fails(server, "SYSTEM WAIT VIEW v", 730, "too large")
    status, retry, next_time, now = state(server, "v", "status, retry, toUnixTimestamp(next_refresh_time), toUnixTimestamp(now())")
    assert status == "Scheduled" and retry == 0 and next_time > now and next_time % HOUR == 0
    assert server.query("SELECT x FROM v") == "1\n"
    server.query("ALTER TABLE n DELETE WHERE v > 5 SETTINGS mutations_sync = 2")
    server.query("INSERT INTO n VALUES (2)")
    next_hour(server)
    wait_until(lambda: server.query("SELECT x FROM v ORDER BY x") == "1\n2\n", "the next moment")
    assert state(server, "v", "exception") == [""]
    server.query("DROP TABLE n")  # the view does not stop its sources from leaving
    fails(server, "SYSTEM REFRESH VIEW missing", 60)
    server.query("SYSTEM REFRESH VIEW v")
    fails(server, "SYSTEM WAIT VIEW v", 730, "n")
    assert server.query("SELECT x FROM v ORDER BY x") == "1\n2\n"
    assert server.stop() == 0


def test_schedule_survives_restarts(make_server):
    server = make_server(*CLOCK)
    server.query("CREATE TABLE log (t DateTime, v UInt8) ENGINE = MergeTree ORDER BY t")
    server.query("CREATE MATERIALIZED VIEW often REFRESH AFTER 10 MINUTE APPEND TO log AS SELECT now() AS t, 1 AS v")
    hour = (int(clock(server)) // HOUR + 12) % 24 or 23  # half a day away, and not around midnight
    server.query(f"CREATE MATERIALIZED VIEW later REFRESH EVERY 1 DAY OFFSET {hour} HOUR RANDOMIZE FOR 1 HOUR ENGINE = MergeTree ORDER BY t EMPTY AS SELECT now() AS t")
    server.query("SYSTEM WAIT VIEW often")
    (often, later) = (state(server, view, "toUnixTimestamp(next_refresh_time)")[0] for view in ("often", "later"))
    assert abs(often - clock(server) - 600) < 30
    assert abs(later % 86400 - hour * HOUR) <= HOUR / 2
    assert server.rows("SELECT count() FROM later") == [[0]]
    server.restart()
    assert [state(server, view, "toUnixTimestamp(next_refresh_time)")[0] for view in ("often", "later")] == [often, later]
    assert server.value("SELECT count() FROM log") == 1
    for k in range(2, 4):
        jump(server, 605)
        wait_until(lambda: server.value("SELECT count() FROM log") == k, "ten minutes later")
    jump(server, 86400)  # a day at once: what was missed is made up for by one
    wait_until(lambda: server.value("SELECT count() FROM later") == 1 and server.value("SELECT count() FROM log") == 4, "a day later")
    # a clock that is put back does not end refreshes until then
    jump(server, -30 * 86400)
    wait_until(lambda: abs(state(server, "often", "toUnixTimestamp(next_refresh_time)")[0] - clock(server) - 600) < 30, "the schedule follows the clock")
    jump(server, 605)
    wait_until(lambda: server.value("SELECT count() FROM log") == 5, "it goes on")
    assert server.stop() == 0


def test_depends_on(make_server):
    """A view that DEPENDS ON another one has the rows that the other has of the same moment."""
    server = make_server(*CLOCK)
    begin(server)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE MATERIALIZED VIEW second REFRESH EVERY 1 HOUR DEPENDS ON first ENGINE = MergeTree ORDER BY v AS SELECT max(v) AS v FROM n")
    wait_until(lambda: state(server, "second") == ["MissingDependencies"], "it waits")
    server.query("CREATE MATERIALIZED VIEW first REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY v AS SELECT v FROM n WHERE throwIf(v > 1) = 0")
    wait_until(lambda: server.query("SELECT v FROM second") == "1\n", "the first one is there")
    server.query("INSERT INTO n VALUES (2)")
    next_hour(server)
    wait_until(lambda: state(server, "first", "exception") != [""], "the first one fails")
    wait_until(lambda: state(server, "first") == ["Scheduled"] and server.metric("weir_view_refresh_failures_total") >= 3, "it is given up")
    assert state(server, "second") == ["WaitingForDependencies"] and server.query("SELECT v FROM second") == "1\n"
    server.query("TRUNCATE TABLE n")
    server.query("SYSTEM REFRESH VIEW first")
    wait_until(lambda: server.query("SELECT v FROM second") == "0\n", "the second one follows")
    fails(server, "CREATE MATERIALIZED VIEW self REFRESH EVERY 1 HOUR DEPENDS ON self ENGINE = MergeTree ORDER BY v AS SELECT 1 AS v", 36, "itself")
    assert server.stop() == 0


def test_stop_start_cancel_drop(make_server):
    server = make_server(*CLOCK)
    begin(server)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n SELECT number FROM numbers(10)")
    server.query("CREATE MATERIALIZED VIEW slow REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY v EMPTY AS SELECT sleepEachRow(0.2) + v AS v FROM n SETTINGS max_block_size = 1")
    server.query("CREATE MATERIALIZED VIEW quick REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY v AS SELECT v FROM n")
    server.query("SYSTEM WAIT VIEW quick")
    server.query("SYSTEM REFRESH VIEW slow")
    wait_until(lambda: state(server, "slow") == ["Running"], "it runs")
    server.query("SYSTEM CANCEL VIEW slow")
    fails(server, "SYSTEM WAIT VIEW slow", 730, "cancelled")
    assert server.value("SELECT count() FROM slow") == 0 and state(server, "slow") == ["Scheduled"]
    server.query("SYSTEM STOP VIEW quick")
    server.query("INSERT INTO n VALUES (100)")
    next_hour(server)
    wait_until(lambda: state(server, "slow") == ["Running"], "its hour has come")
    assert state(server, "quick") == ["Disabled"] and server.value("SELECT count() FROM quick") == 10
    server.query("SYSTEM START VIEW quick")
    wait_until(lambda: server.value("SELECT count() FROM quick") == 11, "it was made up for")
    # while it runs
    server.query("DROP VIEW slow")
    assert server.rows("SELECT count() FROM system.tables WHERE name LIKE '.inner%'") == [[1]]
    server.query("SYSTEM STOP VIEWS")
    assert state(server, "quick") == ["Disabled"]
    server.query("SYSTEM START VIEWS")
    assert state(server, "quick") == ["Scheduled"]
    fails(server, "SYSTEM STOP VIEW n", 60)
    assert server.stop() == 0


def test_statements(make_server):
    server = make_server(*CLOCK)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("CREATE TABLE t (v UInt64) ENGINE = MergeTree ORDER BY v")
    create = "CREATE MATERIALIZED VIEW v REFRESH EVERY 1 DAY 2 HOUR OFFSET 5 MINUTE RANDOMIZE FOR 1 MINUTE DEPENDS ON other SETTINGS refresh_retries = -1 TO t AS SELECT v FROM n"
    server.query(create)
    shown = server.query("SHOW CREATE VIEW v").replace("\\n", "\n").replace("\\'", "'")
    assert shown.startswith("CREATE MATERIALIZED VIEW default.v\nREFRESH EVERY 1 DAY 2 HOUR OFFSET 5 MINUTE RANDOMIZE FOR 1 MINUTE DEPENDS ON default.other SETTINGS refresh_retries = -1 TO default.t")
    assert "DEFINER = default SQL SECURITY DEFINER\nAS SELECT" in shown
    server.query("DROP VIEW v")
    server.query(shown)
    assert server.query("SHOW CREATE VIEW v").replace("\\n", "\n").replace("\\'", "'") == shown
    server.query("ALTER TABLE v MODIFY REFRESH AFTER 1 HOUR")
    server.query("SYSTEM WAIT VIEW v")
    assert "\\nREFRESH AFTER 1 HOUR TO default.t" in server.query("SHOW CREATE VIEW v")
    fails(server, "ALTER TABLE v MODIFY REFRESH EVERY 1 DAY APPEND", 48, "APPEND")
    fails(server, "ALTER TABLE n MODIFY REFRESH EVERY 1 DAY", 80)
    fails(server, "ALTER TABLE n ADD COLUMN w UInt8, MODIFY REFRESH EVERY 1 DAY", 80)
    fails(server, "ALTER TABLE v ADD COLUMN w UInt8, MODIFY REFRESH EVERY 1 DAY", 48)
    server.query("CREATE MATERIALIZED VIEW kept ENGINE = MergeTree ORDER BY v AS SELECT v FROM n")
    fails(server, "ALTER TABLE kept MODIFY REFRESH EVERY 1 DAY", 80)
    # who stands on what is replaced
    fails(server, "CREATE MATERIALIZED VIEW on_t ENGINE = MergeTree ORDER BY v AS SELECT v FROM t", 397, "anew")
    fails(server, "CREATE MATERIALIZED VIEW on_v ENGINE = MergeTree ORDER BY v AS SELECT v FROM v", 397, "anew")
    fails(server, "CREATE MATERIALIZED VIEW w REFRESH EVERY 1 DAY TO n AS SELECT v FROM t", 397, "APPEND")
    server.query("CREATE MATERIALIZED VIEW w REFRESH EVERY 1 DAY APPEND TO n AS SELECT 1 AS v")
    server.query("SYSTEM WAIT VIEW w")
    assert server.query("SELECT v FROM kept") == "1\n"
    fails(server, "DROP TABLE t", 630)
    server.query("RENAME TABLE v TO v2")
    server.query("SYSTEM REFRESH VIEW v2")
    server.query("SYSTEM WAIT VIEW v2")
    assert server.query("SELECT v FROM v2") == server.query("SELECT v FROM n")
    for clause, code in {
        "EVERY 0 SECOND": 36,
        "EVERY 1 MILLISECOND": 36,
        "EVERY 1 MONTH 1 DAY": 36,
        "EVERY 1 HOUR OFFSET 2 HOUR": 36,
        "EVERY 99999999999999 YEAR": 36,
        "AFTER 1 HOUR OFFSET 1 MINUTE": 62,
        "AFTER 1 HOUR DEPENDS ON a": 48,
        "DEPENDS ON a": 48,
        "EVERY 1 HOUR SETTINGS nothing = 1": 115,
        "EVERY 1 HOUR SETTINGS refresh_retries = 'x'": 36,
        "EVERY 1 HOUR SETTINGS all_replicas = 1": 48,
        "SOMETIMES": 62,
    }.items():
        fails(server, f"CREATE MATERIALIZED VIEW x REFRESH {clause} ENGINE = MergeTree ORDER BY v AS SELECT 1 AS v", code)
    fails(server, "CREATE MATERIALIZED VIEW x REFRESH EVERY 1 DAY ENGINE = MergeTree ORDER BY v POPULATE AS SELECT 1 AS v", 62)
    fails(server, "CREATE MATERIALIZED VIEW x REFRESH EVERY 1 DAY ENGINE = MergeTree ORDER BY v SQL SECURITY NONE AS SELECT 1 AS v", 48)
    assert server.rows("SELECT count() FROM system.tables WHERE name = 'x' OR name LIKE '.inner%'") == [[1]]
    assert server.stop() == 0


def test_rights_of_the_definer(make_server):
    """The SELECT may read what its DEFINER may read at that moment."""
    server = make_server(*CLOCK)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("CREATE TABLE t (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE USER ann SETTINGS max_result_rows = 1000")
    server.query("GRANT CREATE VIEW, SELECT, INSERT, ALTER VIEW ON default.* TO ann")

    def ann(sql):
        return server.query(sql, user="ann")

    with pytest.raises(QueryError) as caught:
        ann("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR TO t AS SELECT v FROM n")
    assert caught.value.code == 497 and "TRUNCATE" in caught.value.message
    server.query("GRANT TRUNCATE ON default.t TO ann")
    with pytest.raises(QueryError) as caught:
        ann("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR TO t DEFINER = default SQL SECURITY DEFINER AS SELECT v FROM n")
    assert caught.value.code == 497
    ann("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR TO t AS SELECT v FROM n")
    ann("SYSTEM WAIT VIEW v")
    assert "DEFINER = ann" in server.query("SHOW CREATE VIEW v")
    assert server.query("SELECT v FROM v") == "1\n"
    server.query("REVOKE SELECT ON default.* FROM ann")
    server.query("SYSTEM REFRESH VIEW v")
    fails(server, "SYSTEM WAIT VIEW v", 730, "SELECT")
    server.query("GRANT SELECT ON default.n TO ann")
    server.query("INSERT INTO n VALUES (2)")
    server.query("SYSTEM REFRESH VIEW v")
    server.query("SYSTEM WAIT VIEW v")
    assert server.query("SELECT v FROM v ORDER BY v") == "1\n2\n"
    server.query("DROP USER ann")
    server.query("SYSTEM REFRESH VIEW v")
    fails(server, "SYSTEM WAIT VIEW v", 730, "ann")
    server.query("CREATE USER bob")
    with pytest.raises(QueryError) as caught:
        server.query("SYSTEM REFRESH VIEW v", user="bob")
    assert caught.value.code == 497
    assert server.stop() == 0


def test_backup(make_server, tmp_path):
    server = make_server(*CLOCK, "--backups-path", str(tmp_path / "backups"))
    begin(server)
    server.query("CREATE TABLE n (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO n VALUES (1)")
    server.query("CREATE MATERIALIZED VIEW v REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY v AS SELECT v FROM n")
    server.query("SYSTEM WAIT VIEW v")
    server.query("BACKUP DATABASE default TO 'one'")
    server.query("DROP VIEW v")
    server.query("DROP TABLE n")
    server.query("RESTORE DATABASE default FROM 'one'")
    assert server.query("SELECT v FROM v") == "1\n"
    wait_until(lambda: state(server, "v", "last_success_time IS NOT NULL, status") == [1, "Scheduled"], "it is refreshed")
    server.query("INSERT INTO n VALUES (2)")
    next_hour(server)
    wait_until(lambda: server.query("SELECT v FROM v ORDER BY v") == "1\n2\n", "its schedule goes on")
    assert server.stop() == 0
