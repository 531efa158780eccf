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
    source(server, broker, topic)
    broker.produce(topic, [reading(n, 7200 - n * 600) for n in range(3)], partition=0)  # in order: none is late
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
