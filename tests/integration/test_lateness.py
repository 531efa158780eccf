"""ALLOWED LATENESS: rows that come later than that are stored, and correct nothing; what was decided once stays."""
import json
import random
import time

import pytest

from weir import QueryError, wait_until

TABLE = """CREATE TABLE readings (id UInt32, ts DateTime64(3, 'UTC'), k LowCardinality(String), n UInt32,
WATERMARK FOR ts AS ts - INTERVAL 2 SECOND) ENGINE = MergeTree ORDER BY (k, ts)"""
SELECT = "SELECT toStartOfMinute(ts) AS m, k, count() AS rows, sum(n) AS total, max(id) AS last FROM readings GROUP BY m, k"
LATENESS = {"minute": 60, "hour": 3600}


def source(server, broker, topic):
    server.query(
        f"CREATE SOURCE feed INTO readings FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow "
        "SETTINGS commit_interval_ms = 200"
    )


def rows(server, sql):
    return [json.loads(line) for line in server.query(sql, default_format="JSONEachRow").splitlines()]


def lines(server, sql):
    return sorted(server.query(sql).splitlines())


def reading(number, ago, k="a"):
    """A message of an event time so many seconds ago."""
    return json.dumps({"id": number, "ts": round((time.time() - ago) * 1000) / 1000, "k": k, "n": number % 7})


def count(server):
    return int(server.query("SELECT count() FROM readings"))


def complete(server):
    """All is read and silent: the table is complete through the clock, less its delay."""
    return server.query("SELECT complete_through('readings') > now64(6) - INTERVAL 5 SECOND") == "1\n"


def lateness(server):
    return dict(line.split("\t") for line in server.query("SELECT id, _lateness FROM readings ORDER BY id").splitlines())


def durable(server, topic):
    sql = f"SELECT sum(stored) FROM system.offset_ledger WHERE stream LIKE '%{topic}%'"
    return int(server.query(sql) or 0)


def test_what_comes_too_late_corrects_nothing(make_server, broker):
    topic = "lateness-views"
    broker.create_topic(topic, 1)
    server = make_server()
    server.query(TABLE)
    server.query(f"CREATE MATERIALIZED VIEW minute AS {SELECT} ALLOWED LATENESS INTERVAL 1 MINUTE TTL m + INTERVAL 10 YEAR")
    text = server.query("SHOW CREATE TABLE minute FORMAT TSVRaw")
    assert "ALLOWED LATENESS INTERVAL 1 MINUTE" in text and "TTL m + " in text
    assert rows(server, "DESCRIBE readings")[-1]["name"] == "_lateness"
    assert len(server.query("SELECT * FROM readings LIMIT 0 FORMAT TSVWithNames").split("\t")) == 4
    # in order: none is late; before the source, to which a silent partition is complete through the clock
    broker.produce(topic, [reading(n, 7200 - n * 600) for n in range(3)], partition=0)
    source(server, broker, topic)
    wait_until(lambda: count(server) == 3 and complete(server), "all is read and silent")
    assert set(lateness(server).values()) == {"0"}
    # late all three; the first by less than a minute, the second by less than an hour
    broker.produce(topic, [reading(3, 20), reading(4, 600), reading(5, 7200 - 600), reading(6, 86400, "b")], partition=0)
    wait_until(lambda: count(server) == 7, "they are stored")
    late = {int(key): int(value) / 1e6 for key, value in lateness(server).items()}
    assert 0 < late[3] < 60 < 500 < late[4] < 3600 < late[5] < late[6]
    per_minute = lines(server, "SELECT * FROM minute")
    assert sorted(int(line.split("\t")[4]) for line in per_minute) == [0, 1, 2, 3]
    assert per_minute == lines(server, f"{SELECT} ALLOWED LATENESS 60 SECOND")
    assert sum(int(line.split("\t")[2]) for line in lines(server, f"{SELECT} ALLOWED LATENESS INTERVAL 1 HOUR")) == 5
    assert sum(int(line.split("\t")[2]) for line in lines(server, SELECT)) == 7
    # windows: the row of two hours ago corrects the window for who takes all, and nothing for who does not
    window = "SELECT window_state(), count() FROM readings{} GROUP BY tumble(ts, INTERVAL 1 MINUTE){} ORDER BY tumble_start"
    states = server.query(window.format(" WHERE id IN (1, 5)", "")).splitlines()
    bounded = server.query(window.format(" WHERE id IN (1, 5)", " ALLOWED LATENESS INTERVAL 1 HOUR")).splitlines()
    assert "corrected" in "".join(states) and bounded == ["complete\t1"]
    assert server.query(window.format(" WHERE id = 4", " ALLOWED LATENESS INTERVAL 1 HOUR")) == "corrected\t1\n"
    assert server.query(window.format(" WHERE id = 4", " ALLOWED LATENESS INTERVAL 1 MINUTE")) == ""
    # a view that is made now is filled with what was decided then; a mutation makes its rows anew by it too
    server.query(f"CREATE MATERIALIZED VIEW again AS {SELECT} ALLOWED LATENESS 1 MINUTE")
    assert lines(server, "SELECT * FROM again") == per_minute
    wait_until(lambda: durable(server, topic) == 7, "all is durable")
    server.query("ALTER TABLE readings UPDATE n = n + 100 WHERE id IN (1, 5) SETTINGS mutations_sync = 2")
    per_minute = lines(server, f"{SELECT} ALLOWED LATENESS 1 MINUTE")
    assert "101" in "".join(per_minute) and lines(server, "SELECT * FROM minute") == lines(server, "SELECT * FROM again") == per_minute
    server.query("ALTER TABLE readings DELETE WHERE id = 2 SETTINGS mutations_sync = 2")
    server.query("OPTIMIZE TABLE readings FINAL")
    server.kill()
    server.start()
    assert {int(key): int(value) / 1e6 for key, value in lateness(server).items()} == {key: late[key] for key in late if key != 2}
    per_minute = lines(server, f"{SELECT} ALLOWED LATENESS 1 MINUTE")
    assert len(per_minute) == 3 and lines(server, "SELECT * FROM minute") == lines(server, "SELECT * FROM again") == per_minute
    # what is put in by hand came when it was put in
    server.query("INSERT INTO readings VALUES (9, '2020-01-01 00:00:00', 'z', 1)")
    assert "z" in server.query("SELECT * FROM minute")
    with pytest.raises(QueryError) as raised:
        server.query("ALTER TABLE readings DROP COLUMN _lateness")
    assert raised.value.code == 524


def test_whatever_happens_the_answer_is_that_of_when_rows_came(make_server, broker):
    """Random delays, kills, merges, a view that is made in between; what is right is computed from system.late_rows."""
    topic = "lateness-random"
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    broker.create_topic(topic, 2)
    server = make_server()
    server.query(TABLE)
    server.query(f"CREATE MATERIALIZED VIEW minute AS {SELECT} ALLOWED LATENESS 1 MINUTE")
    source(server, broker, topic)
    number = 0
    known = {}  # what was said of each durable row
    for turn in range(4):
        wait_until(lambda: complete(server), "all is read and silent")
        for _ in range(3):
            messages = []
            for _ in range(chance.randrange(1, 30)):
                ago = chance.choice([0, chance.randrange(120), chance.randrange(7200)])
                messages.append(reading(number, ago, f"k{chance.randrange(3)}"))
                number += 1
            broker.produce(topic, messages, partition=chance.randrange(2))
        wait_until(lambda: count(server) == number, "they are stored")
        runs = rows(server, "SELECT partition, first_offset, last_offset, toUnixTimestamp64Micro(complete_through) AS through FROM system.late_rows")
        stored = "SELECT id, _partition AS p, _offset AS o, toUnixTimestamp64Micro(ts) AS us, _lateness AS late FROM readings"
        for row in rows(server, stored):
            if str(row["id"]) in known:
                continue
            late = [run for run in runs if run["partition"] == row["p"] and int(run["first_offset"]) <= int(row["o"]) <= int(run["last_offset"])]
            # runs of one batch overlap, and were complete through the same time
            assert len({run["through"] for run in late}) <= 1
            right = max(0, int(late[0]["through"]) - int(row["us"])) if late else 0
            assert int(row["late"]) == right, row
        if turn == 1:
            server.query(f"CREATE MATERIALIZED VIEW hour AS {SELECT} ALLOWED LATENESS 1 HOUR")
        wait_until(lambda: durable(server, topic) == number, "all is durable")
        before = lateness(server)
        assert {key: before[key] for key in known} == known
        known = before
        if chance.random() < 0.5:
            server.query("OPTIMIZE TABLE readings FINAL")
        if chance.random() < 0.7:
            server.kill()
            server.start()
            wait_until(lambda: count(server) == number, "the rows are there")
        assert lateness(server) == known
        for view, seconds in LATENESS.items():
            if view == "minute" or turn >= 1:
                bounded = lines(server, f"{SELECT} ALLOWED LATENESS {seconds} SECOND")
                assert lines(server, f"SELECT * FROM {view}") == bounded, (view, turn)
                assert bounded == lines(server, SELECT.replace(" GROUP", f" WHERE _lateness <= {seconds * 1000000} GROUP"))
    assert any(int(value) > 60e6 for value in known.values())


def test_rules_and_live_queries_leave_out_what_is_too_late(make_server, broker):
    topic = "lateness-rules"
    broker.create_topic(topic, 1)
    server = make_server()
    server.query(TABLE.replace("n UInt32,", "n UInt32, _lateness UInt64 MATERIALIZED 0,"))
    source(server, broker, topic)
    wait_until(lambda: complete(server), "an empty topic is complete through now")
    broker.produce(topic, [reading(n, 1800) for n in range(5)], partition=0)
    wait_until(lambda: count(server) == 5, "they are stored")
    assert all(int(value) > 1e9 for value in lateness(server).values())
    rule = "SELECT k, count() AS value FROM readings WHERE ts > now() - INTERVAL 1 HOUR GROUP BY k HAVING value > 3"
    backtest = "BACKTEST ALERT AS {} EVERY 1 MINUTE FROM '{}' FORMAT TSV"
    begin = server.query("SELECT toString(now() - INTERVAL 40 MINUTE)").strip()
    assert "firing" in server.query(backtest.format(rule, begin))
    assert server.query(backtest.format(f"{rule} ALLOWED LATENESS 10 MINUTE", begin)) == ""
    server.query(f"CREATE ALERT bounded AS {rule} ALLOWED LATENESS 10 MINUTE EVERY 100 MILLISECOND")
    server.query(f"CREATE ALERT loose AS {rule} EVERY 100 MILLISECOND")
    wait_until(lambda: "loose" in server.query("SELECT DISTINCT rule FROM system.alert_history"), "one of the rules fires")
    wait_until(lambda: int(server.query("SELECT evaluations FROM system.alerts WHERE name = 'bounded'")) > 2, "the other was asked, too")
    assert "bounded" not in server.query("SELECT DISTINCT rule FROM system.alert_history")


def test_what_is_refused(shared):
    shared.query("CREATE DATABASE lateness")
    try:
        shared.query(TABLE.replace("readings", "lateness.t"))
        shared.query(TABLE.replace("readings", "lateness.s").replace("MergeTree", "SummingMergeTree"))
        shared.query("CREATE TABLE lateness.u (a UInt32, ts DateTime, _lateness String) ENGINE = MergeTree ORDER BY a")
        shared.query("CREATE TABLE lateness.n (a UInt32) ENGINE = MergeTree ORDER BY a")
        shared.query("CREATE MATERIALIZED VIEW lateness.v ENGINE = MergeTree ORDER BY ts AS SELECT ts FROM lateness.t")
        view = "CREATE MATERIALIZED VIEW lateness.w AS SELECT count() FROM lateness.{} ALLOWED LATENESS 1 HOUR"
        for sql, code, what in [
            ("SELECT count() FROM lateness.t ALLOWED LATENESS 1 HOUR", 36, "ADD COLUMN _lateness"),
            ("SELECT count() FROM numbers(3) ALLOWED LATENESS 1 HOUR", 36, "stored table"),
            ("SELECT count() FROM (SELECT * FROM lateness.t) ALLOWED LATENESS 1 HOUR", 36, "stored table"),
            ("SELECT 1 ALLOWED LATENESS 1 HOUR", 62, "no FROM"),
            ("SELECT count() FROM lateness.t ALLOWED LATENESS 1 MONTH", 62, "WEEK"),
            ("SELECT count() FROM lateness.t ALLOWED LATENESS x", 62, "a number"),
            (view.format("s"), 48, "its engine makes one row of several"),
            (view.format("u"), 36, "must be UInt64 MATERIALIZED 0"),
            (view.format("n"), 36, "no column of time"),
            (view.format("v"), 48, "lateness.v"),
            # what is wrong otherwise leaves the table as it is
            ("CREATE MATERIALIZED VIEW lateness.w AS SELECT nothing, count() FROM lateness.t GROUP BY nothing ALLOWED LATENESS 1 HOUR", 47, "nothing"),
            ("CREATE MATERIALIZED VIEW lateness.w TTL k + 1 AS SELECT k, count() FROM lateness.t GROUP BY k ALLOWED LATENESS 1 HOUR", 43, "TTL"),
            ("CREATE MATERIALIZED VIEW lateness.w TO lateness.n AS SELECT k FROM lateness.t ALLOWED LATENESS 1 HOUR", 8, "'k'"),
            ("CREATE MATERIALIZED VIEW lateness.w TO lateness.nowhere AS SELECT k FROM lateness.t ALLOWED LATENESS 1 HOUR", 60, "nowhere"),
            ("CREATE MATERIALIZED VIEW lateness.w TO lateness.t AS SELECT k FROM lateness.t ALLOWED LATENESS 1 HOUR", 269, "feed"),
            ("ALTER TABLE lateness.v MODIFY QUERY SELECT ts, nothing FROM lateness.t ALLOWED LATENESS 1 HOUR", 47, "nothing"),
            ("CREATE MATERIALIZED VIEW lateness.w AS SELECT window_state() AS s, nothing() FROM lateness.t GROUP BY tumble(ts, INTERVAL 1 MINUTE)", 46, "nothing"),
        ]:
            with pytest.raises(QueryError) as raised:
                shared.query(sql)
            assert raised.value.code == code and what in raised.value.message, sql
        assert "_lateness" not in shared.query("SHOW CREATE TABLE lateness.t")
        shared.query("ALTER TABLE lateness.t ADD COLUMN _lateness UInt64 MATERIALIZED 0")
        shown = shared.query("EXPLAIN SYNTAX SELECT count() FROM lateness.t HAVING 1 allowed lateness 120 seconds ORDER BY 1 FORMAT TSVRaw")
        assert "\nALLOWED LATENESS INTERVAL 2 MINUTE\nORDER BY" in shown
        shared.query("CREATE VIEW lateness.x AS SELECT count() FROM lateness.t ALLOWED LATENESS 36 HOUR")
        assert "ALLOWED LATENESS INTERVAL 36 HOUR" in shared.query("SHOW CREATE TABLE lateness.x FORMAT TSVRaw")
        assert shared.query("SELECT * FROM lateness.x") == "0\n"
    finally:
        shared.query("DROP DATABASE lateness SYNC")


STATE = "tumble_start, k, window_state() AS state, count() AS rows FROM readings GROUP BY tumble(ts, INTERVAL 1 MINUTE), k"


def test_a_window_stays_corrected(make_server, broker):
    """What corrects a window is the rows' own: restarts, kills, merges and mutations leave it, and so do views that were made later."""
    topic = "lateness-corrected"
    broker.create_topic(topic, 1)
    server = make_server()
    server.query(TABLE)
    server.query(f"CREATE MATERIALIZED VIEW whole AS SELECT {STATE}")
    assert rows(server, "DESCRIBE readings")[-1]["name"] == "_lateness"  # the view gave it
    server.query(f"CREATE MATERIALIZED VIEW bounded AS SELECT {STATE} HAVING window_state() != 'open' ALLOWED LATENESS 1 HOUR")
    server.query(f"CREATE MATERIALIZED VIEW hops AS SELECT hop_end, window_state() AS s FROM readings GROUP BY hop(ts, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE)")
    begin = int(time.time()) // 60 * 60 - 7200
    def at(number, second, k="a"):
        return json.dumps({"id": number, "ts": begin + second, "k": k, "n": number})
    broker.produce(topic, [at(0, 10), at(1, 70), at(2, 70, "b"), at(3, 3700)], partition=0)  # before the source: none is late
    source(server, broker, topic)
    wait_until(lambda: count(server) == 4 and complete(server), "all is read and silent")
    assert server.query("SELECT DISTINCT state FROM whole") == "complete\n"
    broker.produce(topic, [at(4, 80), at(5, 3710)], partition=0)  # two hours late, and less than one
    wait_until(lambda: count(server) == 6, "late rows came")
    server.query("INSERT INTO readings VALUES (6, fromUnixTimestamp64Milli({}), 'a', 0)".format((begin + 15) * 1000))  # on purpose
    server.query("INSERT INTO readings SELECT 7, now64(3) + INTERVAL 1 HOUR, 'a', 0")
    def seen():
        plain = lines(server, f"SELECT {STATE}")
        assert lines(server, "SELECT * FROM whole") == plain
        assert lines(server, "SELECT * FROM bounded") == [line for line in lines(server, f"SELECT {STATE} ALLOWED LATENESS 1 HOUR") if "open" not in line]
        assert lines(server, "SELECT * FROM hops") == lines(server, "SELECT hop_end, window_state() FROM readings GROUP BY hop(ts, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE)")
        return [[line.split("\t")[k] for k in (1, 2, 3)] for line in plain]
    wanted = [["a", "complete", "2"], ["a", "corrected", "2"], ["b", "complete", "1"], ["a", "corrected", "2"], ["a", "open", "1"]]
    assert seen() == wanted
    assert "corrected" not in server.query("SELECT groupArray(state) FROM bounded WHERE tumble_start < now() - INTERVAL 90 MINUTE")
    assert server.query("SELECT window_state() FROM readings GROUP BY session(ts, INTERVAL 1 MINUTE) ORDER BY session_start") == "corrected\ncorrected\nopen\n"
    # names of the SELECT are not the table's columns
    assert server.query("SELECT window_state(), 7 AS _lateness, k AS n FROM readings AS r WHERE k = 'b' GROUP BY tumble(r.ts, INTERVAL 1 MINUTE), k") == "complete\t7\tb\n"
    wait_until(lambda: durable(server, topic) == 6, "all is durable")
    server.query("OPTIMIZE TABLE readings FINAL")
    server.kill()
    server.start()
    wait_until(lambda: complete(server), "the source is there again")
    assert rows(server, "SELECT * FROM system.late_rows") == [] and seen() == wanted
    server.query(f"CREATE MATERIALIZED VIEW later AS SELECT {STATE}")
    assert lines(server, "SELECT * FROM later") == lines(server, "SELECT * FROM whole")
    server.query("ALTER TABLE readings UPDATE n = 100 WHERE id = 4 SETTINGS mutations_sync = 2")
    server.query("OPTIMIZE TABLE whole FINAL")
    assert seen() == wanted
    server.query("ALTER TABLE readings DELETE WHERE id = 4 SETTINGS mutations_sync = 2")  # then nothing corrected it
    wanted[1] = ["a", "complete", "1"]
    assert seen() == wanted
    server.restart()
    wait_until(lambda: complete(server), "the source is there again")
    assert seen() == wanted


def test_window_state_in_views(shared):
    shared.query("CREATE DATABASE states")
    try:
        shared.query("CREATE TABLE states.t (ts DateTime, d DateTime) ENGINE = MergeTree ORDER BY ts")
        shared.query("CREATE TABLE states.x (ts DateTime, s String) ENGINE = MergeTree ORDER BY ts")
        for sql, code in [
            ("TO states.x AS SELECT tumble_start AS ts, window_state() AS s FROM states.t GROUP BY tumble(ts, INTERVAL 1 MINUTE)", 48),
            ("ENGINE = MergeTree ORDER BY s AS SELECT window_state() AS s FROM states.t GROUP BY tumble(ts, INTERVAL 1 MINUTE)", 48),
            ("AS SELECT window_state() AS s FROM states.t GROUP BY tumble(ts + 1, INTERVAL 1 MINUTE)", 48),
            ("AS SELECT window_state() AS s FROM states.t GROUP BY tumble(d, INTERVAL 1 MINUTE)", 36),
            ("AS SELECT window_state() AS s FROM states.t GROUP BY ts", 36),
        ]:
            with pytest.raises(QueryError) as raised:
                shared.query(f"CREATE MATERIALIZED VIEW states.v {sql}")
            assert raised.value.code == code, sql
        shared.query("CREATE MATERIALIZED VIEW states.v AS SELECT tumble_start, window_state() AS s FROM states.t GROUP BY tumble(ts, INTERVAL 1 MINUTE)")
        with pytest.raises(QueryError) as raised:
            shared.query("ALTER TABLE states.t DROP COLUMN _lateness")
        assert raised.value.code == 524
        shared.query("INSERT INTO states.t VALUES ('2020-01-01 00:00:00', 0), (now() + 3600, 0)")
        assert shared.query("SELECT s FROM states.v ORDER BY tumble_start") == "complete\nopen\n"
    finally:
        shared.query("DROP DATABASE states SYNC")
