"""Rules that are answered from panes: each evaluation has the values of the same rule that reads its window. The server's clock is moved."""
import json
import random

import pytest

from test_alerts import CLOCK, clock, evaluated, history, jump_to
from weir import wait_until

TABLE = "CREATE TABLE m (ts {}, host String, n Int32) ENGINE = MergeTree PARTITION BY host ORDER BY (host, ts)"
MINUTE = 60
RULES = {
    "counted": "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE GROUP BY host",
    "mean": "SELECT host, uniqExact(n) * 1000 + max(n) AS value FROM m WHERE ts >= now() - INTERVAL 90 SECOND AND n % 3 != 0 GROUP BY host HAVING count() > 1",
    "late": "SELECT upper(host) AS h, toString(n % 4) AS b, sum(n) AS value FROM m WHERE ts > now() - INTERVAL 3 MINUTE GROUP BY h, b",
    "whole": "SELECT quantileExact(0.9)(n) + count() AS value FROM m WHERE ts > now() - INTERVAL 10 MINUTE AND ts <= now() - INTERVAL 1 MINUTE",
}
DELAYS = {"late": " DELAY 7 SECOND"}


def define(server, name, query, scan, delay):
    """The rule, and one that is the same but for its panes."""
    server.query(f"CREATE RECORDING RULE {name}_p AS {query} EVERY 1 MINUTE{delay}")
    server.query(f"CREATE RECORDING RULE {name}_s AS {query} SETTINGS use_pane_tree = 0 EVERY 1 MINUTE{delay}")


def recorded(server, name):
    rows = server.rows(f"SELECT toUnixTimestamp(at), labels, value FROM system.recorded_values WHERE name = '{name}'")
    return sorted((at, labels.replace(name, ""), value) for at, labels, value in rows)


def compare(server):
    """Nothing is due, and nobody writes."""
    for name in RULES:
        by_panes, by_scan = recorded(server, name + "_p"), recorded(server, name + "_s")
        assert by_panes == by_scan, name
    return len(by_scan)


def modes(server):
    return dict(server.rows("SELECT name, scans_because FROM system.alerts WHERE name LIKE '%\\_p'"))


def step(server, second):
    """Moments up to that one are evaluated; the table is still meanwhile, and for most of a minute to come."""
    jump_to(server, second + 1)
    elsewhere = f"SELECT count() FROM system.alerts WHERE name != 'WeirSourceLag' AND abs(toUnixTimestamp(assumeNotNull(data_time)) - {second}) >= {MINUTE}"
    wait_until(lambda: server.value(elsewhere) == 0, "rules stand at the moment")


def change(server, chance, now):
    what = chance.choice(["rows", "rows", "rows", "late", "ahead", "far", "many", "delete", "update", "light", "drop", "merge", "alter", "truncate"])
    def insert(rows, since, until):
        server.query(
            f"INSERT INTO m (ts, host, n) SELECT fromUnixTimestamp64Milli({now * 1000} + toInt64({since * 1000}) + (cityHash64(number, {chance.random()}) % "
            f"{max(1, (until - since) * 1000)})::Int64), concat('h', toString(number % {chance.randint(1, 5)})), number % {chance.randint(1, 90)} FROM numbers({rows})")
    if what == "rows":
        insert(chance.choice([1, 5, 300]), 0, MINUTE)
    elif what == "late":
        insert(chance.choice([1, 5, 300]), -700, 0)
    elif what == "ahead":
        insert(chance.choice([1, 40]), MINUTE, 500)
    elif what == "far":
        insert(3, 10**8, 10**8 + 9)
        insert(3, -(10**9), -(10**9) + 9)
    elif what == "many":
        insert(60000, -400, 200)
    elif what == "delete":
        server.query(f"ALTER TABLE m DELETE WHERE n % 7 = {chance.randint(0, 6)} SETTINGS mutations_sync = 2")
    elif what == "update":
        server.query(f"ALTER TABLE m UPDATE n = n + 1 WHERE n % 5 = {chance.randint(0, 4)} SETTINGS mutations_sync = 2")
    elif what == "light":
        server.query(f"DELETE FROM m WHERE n = {chance.randint(0, 30)}")
    elif what == "drop":
        server.query(f"ALTER TABLE m DROP PARTITION 'h{chance.randint(0, 4)}'")
    elif what == "merge":
        server.query("OPTIMIZE TABLE m FINAL")
    elif what == "alter":
        server.query("ALTER TABLE m ADD COLUMN IF NOT EXISTS w UInt8 DEFAULT 1" if chance.random() < 0.5 else "ALTER TABLE m DROP COLUMN IF EXISTS w")
    else:
        server.query("TRUNCATE TABLE m")
    return what


@pytest.mark.parametrize("seed", [1, 102])
def test_values_are_those_of_a_scan(make_server, seed):
    """Late rows, rows of times to come, changed and deleted rows, a crash, moments that are caught up, a clock that is set back by days."""
    chance = random.Random(seed)
    server = make_server(*CLOCK)
    kind = chance.choice(["DateTime('UTC')", "DateTime64(3, 'UTC')"])
    print(kind)
    server.query(TABLE.format(kind))
    for name, query in RULES.items():
        define(server, name, query, name + "_s", DELAYS.get(name, ""))
    now = int(clock(server)) // MINUTE * MINUTE + 10 * MINUTE
    step(server, now)
    for turn in range(14):
        print(turn, [change(server, chance, now) for _ in range(chance.randint(1, 4))])
        now += MINUTE * chance.choice([1, 1, 1, 2, 9])
        if turn == 6:
            server.kill()
            server.start()  # its clock is the real one again; a rule whose moment was not recorded goes on from there
            unknown = "SELECT count() FROM system.alerts WHERE data_time IS NULL AND name != 'WeirSourceLag'"
            wait_until(lambda: server.value(unknown) == 0, "rules know where they go on")
            assert compare(server) > 0
        if turn == 10:
            now -= 3 * 86400
        step(server, now)
        compare(server)
    assert compare(server) > 20
    server.query("INSERT INTO m (ts, host, n) SELECT fromUnixTimestamp(%d), 'h1', number FROM numbers(10)" % (now + 5))
    step(server, now + MINUTE)
    step(server, now + 2 * MINUTE)
    assert compare(server) > 20 and modes(server) == {name + "_p": "" for name in RULES}
    ticks, builds = server.metric("weir_pane_ticks_total"), server.metric("weir_pane_builds_total")
    assert ticks > builds  # some moments were caught up by panes that were there


def test_rows_that_come_do_not_make_the_panes_anew(make_server):
    server = make_server(*CLOCK)
    server.query(TABLE.format("DateTime64(3)"))
    for name, query in RULES.items():
        define(server, name, query, name + "_s", DELAYS.get(name, ""))
    now = int(clock(server)) // MINUTE * MINUTE + 10 * MINUTE
    step(server, now)
    builds, ticks = server.metric("weir_pane_builds_total"), server.metric("weir_pane_ticks_total")
    assert builds == len(RULES)
    for turn in range(5):
        server.query(f"INSERT INTO m (ts, host, n) SELECT fromUnixTimestamp64Milli({now * 1000} + number * 11), 'h', number FROM numbers(5000)")
        now += 3 * MINUTE
        step(server, now)
    assert compare(server) > 10
    assert server.metric("weir_pane_builds_total") == builds and server.metric("weir_pane_ticks_total") >= ticks + 15 * len(RULES)


def test_which_rules(make_server):
    whys = {
        "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE GROUP BY host EVERY 1 SECOND": "",
        "SELECT host, count() AS value FROM m GROUP BY host EVERY 1 SECOND": "does not ask for the time",
        "SELECT host, any(n) AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE GROUP BY host EVERY 1 SECOND": "order of rows",
        "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 1 HOUR GROUP BY host EVERY 5 MINUTE": "less than once a minute",
        "SELECT a.host, count() AS value FROM m AS a JOIN m AS b ON a.host = b.host WHERE a.ts > now() - INTERVAL 1 HOUR GROUP BY a.host EVERY 1 SECOND": "more than WHERE",
    }
    server = make_server(*CLOCK)
    server.query(TABLE.format("DateTime64(3)"))
    for number, rule in enumerate(whys):
        server.query(f"CREATE ALERT r{number} AS {rule}")
    told = "SELECT name, by_panes, scans_because FROM system.alerts WHERE name != 'WeirSourceLag'"
    jump_to(server, int(clock(server)) + 400)
    wait_until(lambda: all("not asked" not in why for _, _, why in server.rows(told)), "rules are evaluated")
    for name, by_panes, why in server.rows(told):
        wanted = list(whys.values())[int(name[1:])]
        assert bool(by_panes) == (wanted == "") and (why == "" if wanted == "" else wanted in why), name
    assert server.value("SELECT by_panes FROM system.alerts WHERE name = 'WeirSourceLag'") == 0


def held(server):
    line = next(line for line in server.session.get(server.url_of("/metrics")).text.splitlines() if line.startswith('weir_memory_bytes{budget="rule_panes"}'))
    return float(line.split()[-1])


def test_panes_go_with_their_rule(make_server):
    """So they do when it pauses, and when its table is no more."""
    rule = "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE GROUP BY host EVERY 1 SECOND"
    server = make_server(*CLOCK)
    server.query(TABLE.format("DateTime64(3)"))
    assert held(server) == 0
    def make(what="CREATE ALERT"):
        server.query(f"{what} r AS {rule}")
        wait_until(lambda: held(server) > 0 and server.value("SELECT by_panes FROM system.alerts WHERE name = 'r'") == 1, "it is answered from panes")
    make()
    make("CREATE OR REPLACE ALERT")
    server.query("DROP ALERT r")
    wait_until(lambda: held(server) == 0, "its panes are gone with it")
    make()
    server.query("ALTER ALERT r PAUSE")
    wait_until(lambda: held(server) == 0, "it holds none while it is paused")
    server.query("ALTER ALERT r RESUME")
    wait_until(lambda: held(server) > 0, "it has panes again")
    server.query("DROP TABLE m")
    wait_until(lambda: held(server) == 0, "they are gone with its table")
    assert server.value("SELECT health FROM system.alerts WHERE name = 'r'") == "err"
    server.query(TABLE.format("DateTime64(3)"))
    wait_until(lambda: held(server) > 0, "it has panes of the new table")
    server.query("CREATE OR REPLACE ALERT r AS SELECT count() AS value FROM m EVERY 1 SECOND")
    wait_until(lambda: held(server) == 0, "the SELECT is another one")


def test_memory_is_bounded(make_server):
    """Rules whose panes do not fit are answered as before, and say so; small ones have theirs."""
    server = make_server(*CLOCK, "--alert-panes-memory-max", str(16 << 20))
    server.query(TABLE.format("DateTime64(3)").replace("PARTITION BY host ", ""))
    now = int(clock(server)) // MINUTE * MINUTE + 10 * MINUTE
    jump_to(server, now)
    server.query(f"INSERT INTO m SELECT fromUnixTimestamp64Milli({now * 1000} + number % 50000), toString(number), number FROM numbers(90000)")
    big = "SELECT host, uniqExact(n) AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE GROUP BY host ORDER BY host LIMIT 5"
    small = "SELECT count() AS value FROM m WHERE ts > now() - INTERVAL 5 MINUTE"
    for name, query in (("big", big), ("small", small)):
        server.query(f"CREATE RECORDING RULE {name} AS {query} EVERY 1 MINUTE")
    for turn in (1, 2):
        jump_to(server, now + turn * MINUTE + 1)
        for name in ("big", "small"):
            evaluated(server, name, now + turn * MINUTE)
    assert held(server) <= 16 << 20
    told = {name: (by_panes, why, health) for name, by_panes, why, health in server.rows("SELECT name, by_panes, scans_because, health FROM system.alerts")}
    assert told["small"] == (1, "", "ok")
    assert told["big"][0] == 0 and "memory" in told["big"][1] and told["big"][2] == "ok"
    assert {value for at, _, value in recorded(server, "big") if at > now} == {1}
    assert {value for at, _, value in recorded(server, "small") if at > now} == {90000}


def test_early_and_backtest(make_server):
    """What is asked early has panes of its own, and BACKTEST none: the moments that are due are answered from theirs all the time."""
    server = make_server(*CLOCK)
    server.query(TABLE.format("DateTime64(3, 'UTC')").replace("n Int32)", "n Int32, WATERMARK FOR ts AS ts - INTERVAL 20 SECOND)"))
    query = "SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 10 SECOND GROUP BY host HAVING value >= 4"
    server.query(f"CREATE ALERT busy AS {query} EVERY 1 SECOND")
    wait_until(lambda: server.value("SELECT by_panes FROM system.alerts WHERE name = 'busy'") == 1, "it is answered from panes")
    now = int(clock(server)) + 100
    jump_to(server, now)
    evaluated(server, "busy", now - 22)
    for number in range(3):
        server.query("INSERT INTO m FORMAT JSONEachRow", "\n".join(json.dumps({"ts": f"{now - 1}.{k:03}", "host": f"h{number}", "n": k}) for k in range(5)).encode())
        wait_until(lambda: len([row for row in history(server, "busy") if row[2] == "firing"]) == number + 1, "it fires early")
        server.query(f"BACKTEST ALERT busy FROM '2026-01-01 00:00:00' TO '2026-01-01 00:10:00'")
    jump_to(server, now + 60)
    evaluated(server, "busy", now + 35)
    assert [row[2] for row in history(server, "busy")] == ["firing"] * 3 + ["inactive"] * 3
    assert server.metric("weir_pane_builds_total") <= 6
