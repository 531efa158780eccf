"""Alert rules: evaluated on data time, restored after a crash, never wrong because rows are late. The server's clock is moved."""
import json
import time

import pytest

from weir import QueryError, wait_until

CLOCK = ("--test-clock", "1")
TABLE = "CREATE TABLE m (ts DateTime64(3, 'UTC'), host String, n UInt32) ENGINE = MergeTree ORDER BY ts"
RULE = """CREATE ALERT busy AS SELECT host, count() AS value FROM m WHERE ts > now() - INTERVAL 5 SECOND GROUP BY host HAVING value >= 3
EVERY 1 SECOND FOR 10 SECOND KEEP FIRING FOR 20 SECOND LABELS (severity = 'page') ANNOTATIONS (summary = '{{ $labels.host }}: {{ $value }}')"""


def history(server, rule, base=0):
    return [
        (round(at - base, 3), before, after, reason)
        for at, before, after, reason in server.rows(
            f"SELECT toUnixTimestamp64Micro(at) / 1e6, from_state, to_state, reason FROM system.alert_history WHERE rule = '{rule}' ORDER BY sequence"
        )
    ]


def clock(server):
    return server.value("SELECT toUnixTimestamp64Micro(now64(6)) / 1e6")


def jump(server, seconds):
    server.query(f"SYSTEM SET CLOCK '{int(seconds)}'")


def jump_to(server, second):
    """At, or a moment after, that second of the server's clock."""
    jump(server, second - int(clock(server)))


def evaluated(server, rule, second):
    """Waits until the rule was evaluated at that second, or after it."""
    wait_until(
        lambda: (server.value(f"SELECT max(toUnixTimestamp64Micro(data_time)) FROM system.alerts WHERE name = '{rule}'") or 0) >= second * 1e6,
        f"{rule} is evaluated at {second}",
    )


def insert(server, host, seconds):
    rows = "\n".join(json.dumps({"ts": f"{second}.000", "host": host, "n": 1}) for second in seconds)
    server.query("INSERT INTO m FORMAT JSONEachRow", rows.encode())


LIFE = [(8, "inactive", "pending", "row"), (18, "pending", "firing", "for"), (42, "firing", "firing", "keeping"), (62, "firing", "inactive", "no row")]


@pytest.mark.parametrize("crash", [False, True])
def test_a_life(make_server, crash):
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query(RULE)
    base = int(clock(server)) + 100
    insert(server, "a", range(base + 5, base + 40))
    for second in (10, 30, 50, 70):
        jump_to(server, base + second)
        evaluated(server, "busy", base + second)
        if crash:
            server.kill()
            server.start()  # its clock is the real one again: earlier than what the rule has seen
            assert history(server, "busy", base) == [one for one in LIFE if one[0] <= second + 1]
    assert history(server, "busy", base) == LIFE
    labels, annotations, value = server.rows("SELECT labels, annotations, value FROM system.alert_history ORDER BY sequence")[1]
    assert json.loads(labels) == {"alertname": "busy", "host": "a", "severity": "page"}
    assert json.loads(annotations) == {"summary": "a: 4"} and value == 4
    if not crash:
        back = server.rows(f"BACKTEST ALERT busy FROM '{time.strftime('%F %T', time.gmtime(base))}' TO '{time.strftime('%F %T', time.gmtime(base + 70))}'", session_timezone="UTC")
        assert [tuple(row[1:4]) for row in back] == [one[1:] for one in LIFE]


def test_statements(make_server):
    server = make_server()
    server.query("CREATE DATABASE d")
    server.query(TABLE)
    server.query(RULE)
    text = server.query("SHOW CREATE ALERT busy FORMAT TSVRaw")
    assert "EVERY 1 SECOND\nFOR 10 SECOND\nKEEP FIRING FOR 20 SECOND\nLABELS (severity = 'page')" in text and "FROM default.m" in text
    with pytest.raises(QueryError, match="TABLE_ALREADY_EXISTS"):
        server.query(RULE)
    server.query(RULE.replace("CREATE ALERT", "CREATE ALERT IF NOT EXISTS"))
    server.query("ALTER ALERT busy PAUSE")
    assert server.value("SELECT state FROM system.alerts WHERE name = 'busy'") == "paused"
    assert server.query("SHOW CREATE ALERT busy FORMAT TSVRaw").endswith("\nPAUSED\n")
    server.restart()
    assert server.value("SELECT state FROM system.alerts WHERE name = 'busy'") == "paused"
    server.query("ALTER ALERT busy RESUME")
    server.query(text.replace("CREATE ALERT", "CREATE OR REPLACE ALERT").replace("FOR 10 SECOND", "FOR 1 MINUTE", 1))
    assert server.value("SELECT `for` FROM system.alerts WHERE name = 'busy'") == 60
    assert "busy" in server.query("SHOW ALERTS")
    for wrong, what in [
        ("SELECT 1 AS a, 2 AS b", "2 columns of numbers"),
        ("SELECT 'x' AS a", "0 columns of numbers"),
        ("SELECT 'x' AS `a-b`, 1 AS value", "becomes a label"),
        ("SELECT count() AS value FROM nothing", "UNKNOWN_TABLE"),
        ("SELECT 1 AS value EVERY 10 MILLISECOND", "100 milliseconds"),
        ("SELECT 1 AS value EVERY 1 SECOND EVERY 1 SECOND", "given before"),
        ("SELECT 1 AS value LABELS (a = 'b', a = 'c')", "twice"),
        ("SELECT 1 AS value LABELS (alertname = 'b')", "alertname"),
        ("SELECT 1 AS value ANNOTATIONS (a = '{{ if }}')", "BAD_ARGUMENTS"),
        ("SELECT {x:UInt8} AS value", "no parameters"),
    ]:
        with pytest.raises(QueryError, match=what):
            server.query(f"CREATE ALERT wrong AS {wrong}", param_x="1")
    with pytest.raises(QueryError, match="use DROP ALERT"):
        server.query("DROP TABLE busy")
    with pytest.raises(QueryError, match="test_clock"):
        server.query("SYSTEM SET CLOCK '5'")
    server.query("CREATE ALERT d.other AS SELECT 1 AS value EVERY 1 SECOND")
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'other'") == "firing", "it fires")
    server.query("DROP DATABASE d SYNC")
    wait_until(lambda: [row[3] for row in history(server, "other")] == ["row", "rule removed"], "it is resolved with its rule")
    server.query("DROP ALERT busy")
    server.query("DROP ALERT IF EXISTS busy")
    with pytest.raises(QueryError, match="no rule default.busy"):
        server.query("DROP ALERT busy")
    assert server.rows("SELECT name FROM system.alerts") == [["WeirSourceLag"]]


def test_files(make_server, tmp_path):
    rules = tmp_path / "rules.yml"
    rules.write_text("groups:\n  - name: g\n    interval: 1s\n    rules:\n      - alert: Always\n        expr: SELECT 1 AS value\n      - record: a:b\n        expr: SELECT 'x' AS host, 5 AS value\n")
    server = make_server("--rule-files", str(tmp_path / "*.yml"))
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'Always'") == "firing", "the file's rule fires")
    wait_until(lambda: server.value("SELECT count() FROM system.recorded_values") > 1, "values are recorded")
    assert server.rows("SELECT DISTINCT name, JSONExtractString(labels, 'host'), value FROM system.recorded_values") == [["a:b", "x", 5]]
    assert server.value("SELECT count() = uniqExact(at) FROM system.recorded_values") == 1
    rules.write_text("groups:\n  - name: g\n    rules:\n      - alert: Always\n        expr: SELECT 1 AS value\n        colour: red\n")
    with pytest.raises(QueryError, match='line 6: unknown key "colour"'):
        server.query("SYSTEM RELOAD RULES")
    assert server.value("SELECT state FROM system.alerts WHERE name = 'Always'") == "firing"
    rules.write_text("groups: []\n")
    wait_until(lambda: server.rows("SELECT name FROM system.alerts") == [["WeirSourceLag"]], "the changed file is read by itself")
    wait_until(lambda: [row[3] for row in history(server, "Always")] == ["row", "rule removed"], "the alert is resolved")
    broken = make_server("--rule-files", str(tmp_path / "absent.yml"), name="broken", start=False)
    with pytest.raises(RuntimeError, match="absent.yml.*does not exist"):
        broken.start()


def test_a_file_that_is_being_written(make_server, tmp_path):
    """Who writes a file empties it first: nothing that fires is resolved for that, and its FOR does not begin anew."""
    rules = tmp_path / "rules.yml"
    text = "groups:\n  - name: g\n    interval: 1s\n    rules:\n      - alert: Always\n        expr: SELECT {} AS value\n        for: 1s\n"
    rules.write_text(text.format(1))
    server = make_server("--rule-files", str(rules))
    firing = "SELECT count() FROM system.alert_history WHERE rule = 'Always' AND to_state = 'firing'"
    wait_until(lambda: server.value(firing) == 1, "it fires")
    for _ in range(50):
        rules.write_text("")
        time.sleep(0.05)
        rules.write_text(text.format(1))
    rules.write_text(text.format(2))
    wait_until(lambda: "SELECT 2" in server.value("SELECT query FROM system.alerts WHERE name = 'Always'"), "the file was read again")
    assert [row[3] for row in history(server, "Always")] == ["row", "for"]
    rules.write_text("")
    wait_until(lambda: [row[3] for row in history(server, "Always")] == ["row", "for", "rule removed"], "it is empty for good")


def test_a_failing_rule_keeps_its_state(make_server):
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query("CREATE ALERT seen AS SELECT host, max(n) AS value FROM m GROUP BY host EVERY 1 SECOND")
    insert(server, "a", [int(clock(server)) - 10])
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'seen'") == "firing", "it fires")
    server.query("ALTER TABLE m RENAME COLUMN n TO k")
    jump(server, 60)
    wait_until(lambda: server.value("SELECT health FROM system.alerts WHERE name = 'seen'") == "err", "the query fails")
    assert "n" in server.value("SELECT last_error FROM system.alerts WHERE name = 'seen'")
    assert server.value("SELECT state FROM system.alerts WHERE name = 'seen'") == "firing"
    server.query("ALTER TABLE m RENAME COLUMN k TO n")
    wait_until(lambda: server.value("SELECT health FROM system.alerts WHERE name = 'seen'") == "ok", "it goes on")
    assert [row[2] for row in history(server, "seen")] == ["firing"]


def test_no_row_is_seen_before_its_time(make_server):
    server = make_server()
    server.query(TABLE)
    now = int(clock(server))
    insert(server, "late", [now - 600])
    insert(server, "early", [now + 3600, 4070908800])
    server.query("CREATE ALERT any AS SELECT host, count() AS value FROM m GROUP BY host EVERY 1 SECOND")
    evaluated(server, "any", now)
    assert server.rows("SELECT labels['host'] FROM system.alert_instances WHERE name = 'any'") == [["late"]]


@pytest.mark.parametrize("point", ["alert_ask", "alert_step", "alert_recorded"])
def test_killed_at_a_failpoint(make_server, point):
    server = make_server()
    server.query(TABLE)
    server.query("CREATE ALERT any AS SELECT host, count() AS value FROM m GROUP BY host EVERY 1 SECOND PAUSED")
    insert(server, "a", [int(clock(server)) - 60])
    server.query("ALTER ALERT any RESUME")
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'any'") == "firing", "it fires")
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": f"{point}=kill:2" if point == "alert_ask" else f"{point}=kill"}, ready=False)
    if point != "alert_ask":  # a transition has to come
        server.kill()
        server.start(environment={"WEIR_FAILPOINTS": f"{point}=kill"})
        try:
            server.query("TRUNCATE TABLE m")
        except Exception:  # it may be gone before it has answered
            pass
    server.wait()
    server.start()
    if point == "alert_ask":
        assert server.value("SELECT state FROM system.alerts WHERE name = 'any'") in ("inactive", "firing")
        server.query("TRUNCATE TABLE m")
    wait_until(lambda: [row[2] for row in history(server, "any")] == ["firing", "inactive"], "it is resolved, once")


def test_a_stall_is_no_silence(make_server, broker):
    """Rows stop because a source stands still: a naive poller fires, the rule waits, and is right when they are there."""
    topic = "alerts-stall"
    broker.create_topic(topic, 2)
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query(f"CREATE SOURCE feed INTO m FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200")
    count = "SELECT count() AS value FROM m WHERE ts > now() - INTERVAL 20 SECOND"
    base = int(clock(server))

    def produce(seconds):
        broker.produce(topic, [json.dumps({"ts": second, "host": "a", "n": 1}) for second in seconds])

    produce(range(base - 60, base))
    wait_until(lambda: server.value("SELECT count() FROM m") == 60, "rows came")
    server.query(f"CREATE ALERT silence AS {count} HAVING value < 5 EVERY 1 SECOND")
    evaluated(server, "silence", base)
    assert history(server, "silence") == []

    server.query("ALTER SOURCE feed PAUSE")
    stood = int(clock(server))
    produce(range(base, stood + 120))
    jump(server, 90)
    assert server.value(count) < 5  # the naive poller fires
    wait_until(lambda: server.value(count) < 5, "the naive poller fires")
    reached = server.value("SELECT toUnixTimestamp64Micro(data_time) FROM system.alerts WHERE name = 'silence'") / 1e6
    assert reached <= stood + 5 and history(server, "silence") == []

    server.query("ALTER SOURCE feed RESUME")
    evaluated(server, "silence", stood + 90)
    assert history(server, "silence") == []
    # now the rows do end, and the rule says so by itself
    jump(server, 120)
    wait_until(lambda: [row[2] for row in history(server, "silence")] == ["firing"], "real silence fires")
    at = history(server, "silence")[0][0]
    assert stood + 120 + 15 <= at <= stood + 120 + 25

    # a source that stands still for longer makes the rule stale, and says so itself
    server.query("ALTER SOURCE feed PAUSE")
    time.sleep(3.5)  # what was proved is believed for three seconds
    jump(server, 400)
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'silence'") == "stale", "the rule is stale")
    wait_until(lambda: [row[2] for row in history(server, "WeirSourceLag")] == ["firing"], "WeirSourceLag fires")
    assert server.rows("SELECT labels['source'], labels['table'] FROM system.alert_instances WHERE name = 'WeirSourceLag'") == [["default.feed", "default.m"]]
    assert [row[2] for row in history(server, "silence")] == ["firing"]
    server.query("ALTER SOURCE feed RESUME")
    wait_until(lambda: [row[2] for row in history(server, "WeirSourceLag")] == ["firing", "inactive"], "it resolves when the source has caught up")
