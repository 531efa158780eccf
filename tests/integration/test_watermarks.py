"""Watermarks: through which event time a table is complete, as far as its sources know."""
import json
import time

import pytest

from weir import QueryError, wait_until

TABLE = "CREATE TABLE readings (ts DateTime64(3, 'UTC'), n UInt32{watermark}) ENGINE = MergeTree ORDER BY ts"
WATERMARK = ", WATERMARK FOR ts AS ts - INTERVAL 5 SECOND"


def rows(server, sql):
    return [json.loads(line) for line in server.query(sql, default_format="JSONEachRow").splitlines()]


def source(server, broker, topic, table="readings", name="feed"):
    server.query(
        f"CREATE SOURCE {name} INTO {table} FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow "
        "SETTINGS commit_interval_ms = 200"
    )


def reading(seconds, n=0):
    return json.dumps({"ts": f"2026-01-01 00:{seconds // 60:02}:{seconds % 60:02}.000", "n": n})


def complete(server, table="readings"):
    """Seconds since the beginning of 2026; None: not known."""
    text = server.query(f"SELECT toUnixTimestamp64Milli(complete_through('{table}'))").strip()
    return None if text == "\\N" else int(text) / 1000 - 1767225600


def clock():
    return time.time() - 1767225600


def numbers(server):
    return [
        (row["partition"], int(row["rows_stored"]), int(row["rows_late"]), int(row["rows_ahead"]))
        for row in rows(server, "SELECT partition, rows_stored, rows_late, rows_ahead FROM system.sources ORDER BY partition")
    ]


def wait_rows(server, count):
    wait_until(lambda: int(server.query("SELECT count() FROM readings")) == count, f"{count} rows came")


def test_the_definition(shared):
    shared.query("CREATE DATABASE marked")
    try:
        shared.query(TABLE.format(watermark=WATERMARK).replace("readings", "marked.t"))
        text = shared.query("SHOW CREATE TABLE marked.t FORMAT TSVRaw")
        assert "WATERMARK FOR ts AS ts - toIntervalSecond(5)" in text
        shared.query("DROP TABLE marked.t SYNC")
        shared.query(text)
        assert shared.query("SHOW CREATE TABLE marked.t FORMAT TSVRaw") == text
        with pytest.raises(QueryError, match="WATERMARK depends on it"):
            shared.query("ALTER TABLE marked.t DROP COLUMN ts")
        shared.query("CREATE TABLE marked.u (a DateTime, b DateTime, WATERMARK FOR b AS b - INTERVAL 2 HOUR) ENGINE = MergeTree ORDER BY a")
        shared.query("ALTER TABLE marked.u RENAME COLUMN b TO c")
        assert "WATERMARK FOR c AS c - toIntervalHour(2)" in shared.query("SHOW CREATE TABLE marked.u FORMAT TSVRaw")
        row = rows(shared, "SELECT * FROM system.watermarks WHERE database = 'marked' AND table = 'u'")[0]
        assert (row["time_column"], row["watermark"], row["rows_late"]) == ("c", "c - toIntervalHour(2)", 0)
        for wrong, what in [
            ("WATERMARK FOR x AS x", "no such column"),
            ("WATERMARK FOR n AS n", "this column is UInt32"),
            ("WATERMARK FOR ts AS n", "write ts, or ts - INTERVAL"),
            ("WATERMARK FOR ts AS ts - INTERVAL 1 MONTH", "microseconds to weeks"),
            ("WATERMARK FOR ts AS ts - INTERVAL -1 SECOND", "microseconds to weeks"),
            ("WATERMARK FOR ts AS ts + INTERVAL 1 SECOND", "write ts, or ts - INTERVAL"),
            ("WATERMARK FOR ts AS ts - INTERVAL 18446744073709551615 WEEK", "a year at most"),
            ("WATERMARK FOR ts AS ts, WATERMARK FOR ts AS ts", "one WATERMARK"),
        ]:
            with pytest.raises(QueryError, match=what):
                shared.query(f"CREATE TABLE marked.w (ts DateTime, n UInt32, {wrong}) ENGINE = MergeTree ORDER BY ts")
    finally:
        shared.query("DROP DATABASE marked SYNC")


def test_without_sources_it_is_the_clock(shared):
    shared.query(TABLE.format(watermark=WATERMARK).replace("readings", "unfed"))
    try:
        before = clock()
        assert before - 6 <= complete(shared, "unfed") <= clock() - 4
        assert before - 6 <= complete(shared, "default.unfed") <= clock() - 4
        with pytest.raises(QueryError, match="UNKNOWN_TABLE"):
            complete(shared, "nothing")
        for wrong in ("complete_through()", "complete_through(1)", "complete_through(NULL)", "complete_through(materialize('unfed'))"):
            with pytest.raises(QueryError, match="NUMBER_OF_ARGUMENTS_DOESNT_MATCH|ILLEGAL_TYPE_OF_ARGUMENT|ILLEGAL_COLUMN|BAD_ARGUMENTS"):
                shared.query(f"SELECT {wrong}")
        assert shared.query("SELECT toTypeName(complete_through('unfed'))") == "Nullable(DateTime64(3))\n"
    finally:
        shared.query("DROP TABLE unfed SYNC")


def test_the_slowest_partition_says(make_server, broker):
    broker.create_topic("watermark-slowest", 2)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    # the other partition has more to say than is read: it never seems idle
    broker.produce("watermark-slowest", [reading(60 + n) for n in range(30)], partition=0)
    broker.produce("watermark-slowest", [reading(20)], partition=1)
    source(server, broker, "watermark-slowest")
    wait_rows(server, 31)
    seen = complete(server)
    assert seen is None or seen >= 15  # both were read: 20 - 5, or all are idle already
    wait_until(lambda: (complete(server) or 0) > 1000, "all is read and silent: the clock says")
    before = clock()
    assert before - 7 <= complete(server) <= clock() - 4
    # what comes now with old times is late, and the watermark stays where it was
    stood = complete(server)
    broker.produce("watermark-slowest", [reading(21), reading(22)], partition=1)
    wait_rows(server, 33)
    assert complete(server) >= stood
    wait_until(lambda: numbers(server) == [(0, 30, 0, 0), (1, 3, 2, 0)], "two late rows are counted")
    assert int(rows(server, "SELECT rows_late FROM system.watermarks WHERE table = 'readings'")[0]["rows_late"]) == 2


def states(server, window):
    start = window.split("(")[0] + "_start"
    return server.query(f"SELECT {start}, window_state(), sum(n) FROM readings GROUP BY {window} ORDER BY {start}")


def test_late_rows_are_told_and_correct_windows(make_server, broker):
    broker.create_topic("watermark-late", 1)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    broker.produce("watermark-late", [reading(n, 1) for n in (0, 30, 70, 130)], partition=0)
    source(server, broker, "watermark-late")
    wait_rows(server, 4)
    wait_until(lambda: (complete(server) or 0) > 1000, "all is read and silent: the clock says")
    minutes = "tumble(ts, INTERVAL 1 MINUTE)"
    at = ["2026-01-01 00:00:00", "2026-01-01 00:01:00", "2026-01-01 00:02:00"]
    assert states(server, minutes) == f"{at[0]}\tcomplete\t2\n{at[1]}\tcomplete\t1\n{at[2]}\tcomplete\t1\n"
    assert rows(server, "SELECT * FROM system.late_rows") == []
    broker.produce("watermark-late", [reading(75, 5), reading(80, 5), reading(500, 7)], partition=0)
    wait_until(lambda: numbers(server) == [(0, 7, 3, 0)], "three late rows are counted")
    runs = rows(server, "SELECT * FROM system.late_rows ORDER BY first_offset")
    assert sum(int(run["rows"]) for run in runs) == 3
    assert (runs[0]["table"], runs[0]["source"], runs[0]["topic"], runs[0]["partition"]) == ("readings", "feed", "watermark-late", 0)
    assert int(runs[0]["first_offset"]) == 4 and int(runs[-1]["last_offset"]) == 6
    assert runs[0]["event_time_min"] == "2026-01-01 00:01:15.000000" and runs[-1]["event_time_max"] == "2026-01-01 00:08:20.000000"
    assert runs[0]["complete_through"] > runs[0]["event_time_max"] and runs[0]["lateness_seconds"] > 1000
    # 500 is a run of its own: what lies between is not corrected
    wanted = f"{at[0]}\tcomplete\t2\n{at[1]}\tcorrected\t11\n{at[2]}\tcomplete\t1\n2026-01-01 00:08:00\tcorrected\t7\n"
    assert states(server, minutes) == wanted
    assert server.query("SELECT countIf(window_state() = 'corrected') OVER (), hop_start FROM readings GROUP BY "
                        "hop(ts, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE) ORDER BY hop_start LIMIT 1").startswith("4\t")
    assert "corrected" in states(server, "session(ts, INTERVAL 20 SECOND)")
    server.query("INSERT INTO readings SELECT now64(3, 'UTC') + INTERVAL 1 HOUR, 1")
    assert states(server, minutes).splitlines()[-1].split("\t")[1] == "open"
    marked = server.query(f"SELECT tumble_start, sum(n) FROM readings GROUP BY {minutes} ORDER BY tumble_start", incomplete_buckets="mark")
    assert [line.split("\t")[2] for line in marked.splitlines()] == ["true"] * 4 + ["false"]
    for window in (minutes, "hop(ts, INTERVAL 1 MINUTE, INTERVAL 1 MINUTE)"):
        start = window.split("(")[0] + "_start"
        kept = server.query(f"SELECT {start} FROM readings GROUP BY {window} HAVING sum(n) < 10 ORDER BY {start}", incomplete_buckets="cut")
        assert kept == f"{at[0]}\n{at[2]}\n2026-01-01 00:08:00\n"
    for sql in ("SELECT window_state() FROM readings", f"SELECT window_state() FROM (SELECT * FROM readings) GROUP BY {minutes}"):
        with pytest.raises(QueryError) as raised:
            server.query(sql)
        assert raised.value.code == 36


def test_how_far_ahead_is_a_setting(make_server, broker):
    broker.create_topic("watermark-ahead-set", 1)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    now = int(time.time())
    broker.produce("watermark-ahead-set", [json.dumps({"ts": now + ahead, "n": 1}) for ahead in (0, 1200, 7200)])
    definition = (f"CREATE SOURCE feed INTO readings FROM KAFKA (brokers = '{broker.address}', topic = 'watermark-ahead-set') "
                  "FORMAT JSONEachRow SETTINGS max_event_time_ahead_ms = ")
    with pytest.raises(QueryError) as raised:
        server.query(definition + "'soon'")
    assert raised.value.code == 36
    server.query(definition + "3600000")
    wait_rows(server, 3)
    wait_until(lambda: numbers(server) == [(0, 3, 0, 1)], "only the third lies ahead")
    assert int(server.query("SELECT toUnixTimestamp(event_time_max) FROM system.sources")) == now + 1200


def test_rows_dated_ahead_complete_nothing(make_server, broker):
    broker.create_topic("watermark-ahead", 1)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    broker.produce("watermark-ahead", [reading(100), '{"ts": "2099-01-01 00:00:00.000", "n": 1}', '{"ts": "1970-01-01 00:00:00.000", "n": 2}'])
    source(server, broker, "watermark-ahead")
    wait_rows(server, 3)
    wait_until(lambda: numbers(server) == [(0, 3, 0, 1)], "one row lies ahead")
    assert rows(server, "SELECT event_time_max FROM system.sources")[0]["event_time_max"] == "2026-01-01 00:01:40.000000"
    wait_until(lambda: (complete(server) or 0) > 1000, "the clock says")
    assert complete(server) <= clock() - 4


def test_a_source_that_cannot_read_is_waited_for(make_server, broker):
    broker.create_topic("watermark-paused", 1)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    source(server, broker, "watermark-paused")
    wait_until(lambda: (complete(server) or 0) > 1000, "an empty topic is complete through now")
    server.query("ALTER SOURCE feed PAUSE")
    stood = complete(server)
    broker.produce("watermark-paused", [reading(50)])
    time.sleep(2)
    assert complete(server) == stood  # whatever the clock says
    server.stop()
    server.start()
    assert complete(server) is None  # nobody knows what came meanwhile
    server.query("ALTER SOURCE feed RESUME")
    wait_rows(server, 1)
    wait_until(lambda: (complete(server) or 0) > 1000, "it is read again")


def test_the_highest_time_outlives_a_restart(make_server, broker):
    broker.create_topic("watermark-restart", 1)
    server = make_server()
    server.query(TABLE.format(watermark=WATERMARK))
    broker.produce("watermark-restart", [reading(n) for n in range(200, 260)])
    source(server, broker, "watermark-restart")
    wait_until(lambda: rows(server, "SELECT sum(stored) AS n FROM system.offset_ledger WHERE stream != 'insert-log'")[0]["n"] == 60, "all is durable")
    server.kill()
    server.start()
    wait_until(lambda: rows(server, "SELECT event_time_max FROM system.sources")[0]["event_time_max"] == "2026-01-01 00:04:19.000000", "the ledger knows it")
    assert int(server.query("SELECT count() FROM readings")) == 60
