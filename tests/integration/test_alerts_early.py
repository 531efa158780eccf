"""Rules whose conditions can only grow true while rows come fire before their time has passed, and never resolve before it."""
import calendar
import json
import random
import re
import time

import pytest

from test_alerts import CLOCK, TABLE, clock, evaluated, history, jump, jump_to
from weir import wait_until

COUNT = "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 1 MINUTE GROUP BY host HAVING value >= 3"
FEW_OF_B = COUNT.replace(">= 3", "< 3").replace("WHERE", "WHERE host = 'b' AND")

GROWS = [
    "SELECT host, count() AS value FROM m GROUP BY host",
    "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 5 SECOND AND n != 7 GROUP BY host HAVING 3 < value",
    "SELECT host, sum(n) / 60 AS value FROM m GROUP BY tumble(ts, INTERVAL 1 MINUTE), host HAVING value > 3 AND (max(n) > 3 OR host = 'a')",
    "SELECT host, toString(hop_end) AS w, uniqExact(n) AS value FROM m GROUP BY hop(ts, INTERVAL 5 SECOND, INTERVAL 1 MINUTE), host HAVING value > 2",
    "SELECT host, max(f) AS value FROM m GROUP BY host HAVING value > -3",
    "SELECT host, min(f) AS value FROM m GROUP BY host HAVING value < 3 AND NOT min(f) > 5",
    "SELECT max(n) AS value FROM m HAVING value > 3",
    "SELECT countIf(f < 0) AS value FROM m HAVING value > 3",
    "SELECT host, sumIf(n, f < 0) AS value FROM (SELECT host, n, f FROM m WHERE n > 2) GROUP BY host HAVING value > 3",
    "SELECT host, avg(f) AS value FROM m GROUP BY host HAVING count() > 3",
    "SELECT host, n AS value FROM m WHERE n > f",
]
WAITS = [
    ("SELECT host, count() AS value FROM m GROUP BY host HAVING value < 3", "HAVING"),
    ("SELECT host, count() AS value FROM m GROUP BY host HAVING value = 3", "HAVING"),
    ("SELECT host, count() AS value FROM m GROUP BY host HAVING NOT value > 3", "HAVING"),
    ("SELECT host, avg(n) AS value FROM m GROUP BY host HAVING value > 3", "HAVING"),
    ("SELECT host, sum(f) AS value FROM m GROUP BY host HAVING value > 3", "HAVING"),
    ("SELECT host, uniq(n) AS value FROM m GROUP BY host HAVING value > 3", "HAVING"),
    ("SELECT host, min(f) AS value FROM m GROUP BY host HAVING value > 3", "HAVING"),
    ("SELECT max(f) AS value FROM m HAVING value > -3", "HAVING"),  # of no rows it is 0
    ("SELECT host, maxIf(f, n > 3) AS value FROM m GROUP BY host HAVING value > -3", "HAVING"),
    ("SELECT min(f) AS value FROM m HAVING value < 3", "HAVING"),
    ("SELECT host, count() / -1 AS value FROM m GROUP BY host HAVING value > -3", "HAVING"),
    ("SELECT host, max(n) AS value, toString(max(f)) AS l FROM m GROUP BY host", "label"),
    ("SELECT host, nullIf(count(), 4) AS value FROM m GROUP BY host", "NULL"),
    ("SELECT host, count() AS value FROM m GROUP BY host ORDER BY value LIMIT 3", "rows|LIMIT"),
    ("SELECT host, count() AS value FROM m GROUP BY session(ts, INTERVAL 5 SECOND), host HAVING value > 3", "sessions"),
    ("SELECT host, count() AS value FROM m GROUP BY host, tumble(ts, INTERVAL 1 MINUTE) HAVING window_state() = 'complete'", "more than rows|HAVING"),
    ("SELECT host, count() AS value FROM m WHERE ts < complete_through('m') GROUP BY host", "more than rows"),
    ("SELECT host, count() AS value FROM m WHERE n > rand() % 5 GROUP BY host", "more than rows"),
    ("SELECT host, count() AS value FROM m WHERE n IN (SELECT n FROM m WHERE f > 3) GROUP BY host", "subquery"),
    ("SELECT host, count() AS value FROM m GROUP BY host HAVING value > (SELECT count() / 2 FROM m)", "subquery"),
    ("SELECT host, count() AS value FROM (SELECT host FROM m LIMIT 3) GROUP BY host", "rows"),
    ("SELECT host, count() AS value FROM m AS a JOIN m AS b USING host GROUP BY host", "rows"),
    ("SELECT host, n AS value FROM m ORDER BY n LIMIT 1 BY host", "rows"),
    ("SELECT host, n AS value FROM m WHERE f > 3 UNION ALL SELECT host, n FROM m", "rows"),
    ("SELECT DISTINCT host, 1 AS value FROM m", "rows"),
    ("SELECT host, sum(n) OVER () AS value FROM m", "rows"),
    ("SELECT host, count() AS value FROM newest GROUP BY host", "combines"),
    ("SELECT 1 AS value", "rows"),
    (COUNT + " FOR 5 SECOND", "FOR"),
    (COUNT + " DELAY 5 SECOND", "DELAY"),
    ("SELECT host, count() AS value FROM m GROUP BY toStartOfMinute(ts), host SETTINGS incomplete_buckets = 'cut'", "buckets"),
]


def test_which_rules(make_server):
    server = make_server(*CLOCK)
    server.query(TABLE.replace("n UInt32", "n UInt32, f Int32"))
    server.query("CREATE TABLE newest (ts DateTime, host String) ENGINE = ReplacingMergeTree ORDER BY ts")
    for k, query in enumerate(GROWS):
        server.query(f"CREATE ALERT g{k} AS {query} EVERY 1 HOUR")
    for k, (query, _) in enumerate(WAITS):
        server.query(f"CREATE ALERT w{k} AS {query}")

    def unasked():
        return server.value("SELECT count() FROM system.alerts WHERE waits_because LIKE '%not asked%' AND name != 'WeirSourceLag'")
    wait_until(lambda: unasked() == 0, "all rules were looked at")
    told = {name: (early, why) for name, early, why in server.rows("SELECT name, fires_early, waits_because FROM system.alerts")}
    assert {GROWS[k]: told[f"g{k}"] for k in range(len(GROWS))} == {query: (1, "") for query in GROWS}
    for k, (query, why) in enumerate(WAITS):
        early, because = told[f"w{k}"]
        assert not early and re.search(why, because), (query, because)


def produce(broker, topic, partition, seconds, host="a"):
    broker.produce(topic, [json.dumps({"ts": f"{second}.000", "host": host, "n": 1}) for second in seconds], partition=partition)


@pytest.mark.parametrize("crash", [False, True])
def test_before_its_time(make_server, crash):
    """The table's rows may come 5 minutes late, so T is 5 minutes ago: three rows of now fire now."""
    server = make_server(*CLOCK)
    server.query(TABLE.replace("n UInt32)", "n UInt32, WATERMARK FOR ts AS ts - INTERVAL 5 MINUTE)"))
    server.query(f"CREATE ALERT early AS {COUNT} EVERY 10 SECOND KEEP FIRING FOR 20 SECOND")
    server.query(f"CREATE ALERT few AS {COUNT.replace('>= 3', 'IN (1, 2)')} EVERY 10 SECOND")  # not before: one more row may come
    base = (int(clock(server)) + 400) // 10 * 10
    jump_to(server, base)
    evaluated(server, "early", base - 310)

    def insert(host, seconds):
        server.query("INSERT INTO m FORMAT JSONEachRow", "\n".join(json.dumps({"ts": f"{s}.000", "host": host, "n": 1}) for s in seconds).encode())

    insert("a", [base - 33, base - 32])
    insert("b", [base - 34])
    assert history(server, "early") == []
    insert("a", [base - 31])  # the third: known as of base - 30, which is complete in more than 4 minutes
    fired = [(-30, "inactive", "firing", "early")]
    wait_until(lambda: history(server, "early", base) == fired, "it fires early")
    now = clock(server)
    assert now < base + 100 and server.value("SELECT toUnixTimestamp64Micro(data_time) / 1e6 FROM system.alerts WHERE name = 'early'") < base - 100
    active, started = server.rows("SELECT toUnixTimestamp64Micro(active_at) / 1e6, toUnixTimestamp64Micro(fired_at) / 1e6 FROM system.alert_history WHERE rule = 'early'")[0]
    assert active == base - 30 and started <= now
    if crash:
        server.kill()
        server.start()  # what it has not come to, it comes to later
        assert history(server, "early", base) == fired
        wait_until(lambda: server.rows("SELECT state, labels['host'] FROM system.alert_instances WHERE name = 'early'") == [["firing", "a"]], "a fires again")
    for second in (base + 240, base + 270):  # T is before the rows, then at them: nothing resolves
        jump_to(server, second)
        for rule in ("early", "few"):
            evaluated(server, rule, second - 300)
        assert history(server, "early", base) == fired
    assert history(server, "few", base) == [(-30, "inactive", "firing", "row")]  # b, at the same moment, when it is complete
    jump_to(server, base + 400)
    evaluated(server, "early", base + 90)
    # rows are there until (base - 33) + 60 is not after T - 60: then KEEP FIRING FOR
    life = fired + [(30, "firing", "firing", "keeping"), (50, "firing", "inactive", "no row")]
    assert history(server, "early", base) == life
    back = server.rows(
        f"BACKTEST ALERT early FROM '{time.strftime('%F %T', time.gmtime(base - 120))}' TO '{time.strftime('%F %T', time.gmtime(base + 90))}'",
        session_timezone="UTC",
    )
    again = [tuple(row[:4]) for row in back]
    assert [(row[1], row[2]) for row in again] == [(row[1], row[2]) for row in life]
    assert [row[0] for row in again] == server.value(
        "SELECT groupArray(toString(toDateTime64(at, 6, 'UTC'))) FROM (SELECT at FROM system.alert_history WHERE rule = 'early' ORDER BY sequence)"
    )


def test_a_partition_that_stands_still(make_server, broker):
    """One partition of two does not come: T stands. What the other one's rows prove fires; what they do not, waits."""
    topic = "alerts-early-partition"
    broker.create_topic(topic, 2)
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query(f"CREATE SOURCE feed INTO m FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200")
    base = int(clock(server))
    server.query(f"CREATE ALERT many AS {COUNT} EVERY 1 SECOND")
    server.query(f"CREATE ALERT few AS {FEW_OF_B} EVERY 1 SECOND")
    produce(broker, topic, 0, [base - 100])
    produce(broker, topic, 1, [base - 100])
    wait_until(lambda: server.value("SELECT count() FROM m") == 2, "rows came")
    evaluated(server, "many", base)
    assert history(server, "many") == []
    server.query("ALTER SOURCE feed PAUSE")
    stood = int(clock(server))
    jump(server, 60)
    server.query("INSERT INTO m FORMAT JSONEachRow", "\n".join(json.dumps({"ts": f"{stood + 30 + k}.000", "host": "b", "n": 1}) for k in range(4)).encode())
    wait_until(lambda: history(server, "many") != [], "it fires though its source stands still")
    assert [(row[0] - stood, *row[1:]) for row in history(server, "many")] == [(33, "inactive", "firing", "early")]
    assert history(server, "few") == []
    server.query("ALTER SOURCE feed RESUME")
    for rule in ("many", "few"):
        evaluated(server, rule, stood + 60)
    assert [row[2] for row in history(server, "many")][:1] == ["firing"]
    few = history(server, "few")  # had one and two rows for a second each
    assert [(row[0] - stood, row[2]) for row in few][:2] == [(31, "firing"), (33, "inactive")]


def spells(rows):
    """[(labels, begin, end)] of transitions (at, to_state, labels): when each instance fired."""
    begun, out = {}, []
    for at, state, labels in rows:
        if state == "firing":
            begun.setdefault(labels, at)
        else:
            out.append((labels, begun.pop(labels), at))
    return out + [(labels, at, 1e18) for labels, at in begun.items()]


@pytest.mark.parametrize("seed", [1])
def test_early_is_never_wrong(make_server, seed):
    """Rows in any order within the watermark's delay: each early alert is one that BACKTEST, which sees all rows, has at that moment; and
    with all moments over, both have resolved the same."""
    rules = {
        "counted": "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 10 SECOND GROUP BY host HAVING value >= 4",
        "summed": "SELECT host, sum(n) AS value FROM m WHERE ts > now() - INTERVAL 7 SECOND GROUP BY host HAVING value > 12 AND max(n) > 5",
        "tumbled": "SELECT host, toString(tumble_start) AS w, uniqExact(n) AS value FROM m GROUP BY tumble(ts, INTERVAL 10 SECOND), host HAVING value > 3",
        "few": "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 10 SECOND GROUP BY host HAVING value <= 2",
    }
    print("seed", seed)
    chance = random.Random(seed)
    server = make_server(*CLOCK)
    server.query(TABLE.replace("n UInt32)", "n UInt32, WATERMARK FOR ts AS ts - INTERVAL 20 SECOND)"))
    base = (int(clock(server)) + 100) // 10 * 10
    jump_to(server, base - 40)
    for name, query in rules.items():
        server.query(f"CREATE ALERT {name} AS {query} EVERY 1 SECOND")
        evaluated(server, name, base - 65)
    now = base
    for turn in range(10):
        jump_to(server, now)
        rows = [{"ts": f"{now - chance.randrange(1, 12)}.{chance.randrange(1000):03}", "host": chance.choice("abc"), "n": chance.randrange(9)} for _ in range(chance.randrange(14))]
        server.query("INSERT INTO m FORMAT JSONEachRow", "\n".join(map(json.dumps, rows)).encode())
        evaluated(server, chance.choice(list(rules)), now - 20)
        if turn == 5:
            server.kill()
            server.start()
        now = max(now + 3, int(clock(server)) + 1)
    rows = [{"ts": f"{now - 5}.{k:03}", "host": "d", "n": k} for k in range(9)]
    server.query("INSERT INTO m FORMAT JSONEachRow", "\n".join(map(json.dumps, rows)).encode())
    early = "SELECT uniqExact(rule) FROM system.alert_history WHERE reason = 'early' AND JSONExtractString(labels, 'host') = 'd'"
    wait_until(lambda: server.value(early) == 3, "d fires early, of all rules but one")
    jump_to(server, now + 60)
    for name in rules:
        evaluated(server, name, now + 39)
        mine = spells(server.rows(f"SELECT toUnixTimestamp64Micro(at) / 1e6, to_state, labels FROM system.alert_history WHERE rule = '{name}' ORDER BY sequence"))
        back = server.rows(
            f"BACKTEST ALERT {name} FROM '{time.strftime('%F %T', time.gmtime(base - 65))}' TO '{time.strftime('%F %T', time.gmtime(now + 39))}'",
            session_timezone="UTC",
        )
        after = spells([(calendar.timegm(time.strptime(row[0][:19], "%Y-%m-%d %H:%M:%S")), row[2], row[5]) for row in back])
        assert len(after) > 2
        if name == "few":
            assert sorted(mine) == sorted(after)
        for labels, begin, end in mine:  # what fired did so rightly, and resolved when it should
            assert any(labels == other and first <= begin and end == last for other, first, last in after), (name, labels, begin, end)
        assert {labels for labels, _, _ in mine} == {labels for labels, _, _ in after}
    assert server.value("SELECT countIf(reason = 'early') FROM system.alert_history WHERE rule = 'few'") == 0
