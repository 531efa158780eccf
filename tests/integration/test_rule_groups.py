"""Rules of files: their order within a group, their moments; what a changed file and a restart may not lose."""
import json
import urllib.parse

import pytest

from prometheus import Webhooks
from test_alerts import CLOCK, TABLE, clock, evaluated, history, jump
from weir import free_port, wait_until


@pytest.fixture
def hooks():
    webhooks = Webhooks()
    yield webhooks
    webhooks.stop()


def groups(path, *rules, interval="1s", name="g"):
    path.write_text(json.dumps({"groups": [{"name": name, "interval": interval, "rules": list(rules)}]}))  # which is YAML, too


def confirmed(server, count):
    """What a receiver took is sent again after a crash until it is recorded that it did."""
    wait_until(lambda: server.value("SELECT count() FROM system.alert_deliveries WHERE outcome = 'delivered'") >= count, f"{count} deliveries are recorded")


def test_what_is_recorded_is_seen_by_the_next(make_server, tmp_path):
    """At each T an alert sees what the rule before it recorded at T, also while moments are caught up."""
    rules = tmp_path / "rules.yml"
    groups(rules, {"record": "rows:count", "expr": "SELECT count() AS value FROM m WHERE ts > now() - INTERVAL 5 SECOND"},
           {"alert": "NotRecorded", "expr": "SELECT count() AS value FROM system.recorded_values WHERE name = 'rows:count' AND at = now() HAVING value = 0"},
           {"alert": "Recorded", "expr": "SELECT count() AS value FROM system.recorded_values WHERE name = 'rows:count' AND at = now() HAVING value = 1"})
    server = make_server("--rule-files", str(rules), *CLOCK)
    server.query(TABLE)
    wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'Recorded'") == "firing", "it sees the values")
    jump(server, 100)
    for rule in ("Recorded", "NotRecorded"):
        evaluated(server, rule, int(clock(server)) - 1)
    assert history(server, "NotRecorded") == [] and [row[2] for row in history(server, "Recorded")] == ["firing"]


def test_groups_are_spread(make_server, tmp_path):
    """Groups of files over their interval, the same way after each start; rules of SQL at its multiples."""
    rules = tmp_path / "rules.yml"
    rules.write_text(json.dumps({"groups": [{"name": f"g{k}", "interval": "1h", "rules": [{"alert": f"A{k}", "expr": "SELECT 1 AS value"}, {"alert": f"B{k}", "expr": "SELECT 1 AS value"}]}
                                            for k in range(20)]}))
    server = make_server("--rule-files", str(rules), *CLOCK)
    server.query("CREATE ALERT whole AS SELECT 1 AS value EVERY 1 HOUR")

    def phases(seconds):
        jump(server, seconds)
        wait_until(lambda: server.value("SELECT count() FROM system.alerts WHERE health = 'ok' AND name != 'WeirSourceLag'") == 41, "all are evaluated")
        return {name: (group, phase) for name, group, phase in server.rows(
            "SELECT name, rule_group, toUnixTimestamp(data_time) % 3600 FROM system.alerts WHERE name != 'WeirSourceLag'")}

    first = phases(3600)
    assert first.pop("whole") == ("default.whole", 0)
    assert len({phase for _, phase in first.values()}) > 15
    assert all(first[f"A{k}"] == first[f"B{k}"] for k in range(20))
    server.restart()
    second = phases(7200)  # its clock is the real one again
    assert second.pop("whole") == ("default.whole", 0) and second == first


def test_a_rule_that_is_no_more_leaves_nothing_firing(make_server, tmp_path, hooks):
    """While the server was down a rule's labels changed, and another rule went: what they left firing is resolved."""
    rules = tmp_path / "rules.yml"
    changed = {"alert": "Changed", "expr": "SELECT 'a' AS host, 1 AS value", "labels": {"severity": "page"}}
    groups(rules, changed, {"alert": "Gone", "expr": "SELECT 1 AS value"})
    server = make_server("--rule-files", str(rules), "--alert-webhook", hooks.url)
    hooks.wait("firing", alertname="Gone")
    hooks.wait("firing", alertname="Changed")
    confirmed(server, 2)
    server.kill()
    groups(rules, {**changed, "labels": {"severity": "info"}})
    server.start()
    hooks.wait("firing", alertname="Changed", severity="info")
    assert hooks.wait("resolved", alertname="Changed")["labels"] == {"alertname": "Changed", "host": "a", "severity": "page"}
    hooks.wait("resolved", alertname="Gone")
    assert [row[3] for row in history(server, "Gone")] == ["row", "rule removed"]
    confirmed(server, 5)
    server.restart()  # it has been told, and is not told again
    server.query("CREATE ALERT last AS SELECT 1 AS value EVERY 1 SECOND")
    hooks.wait("firing", alertname="last")
    assert len(hooks.alerts("resolved")) == 2 and len(hooks.alerts("firing")) == 4


def test_killed_while_a_rule_is_dropped(make_server, hooks):
    """Its resolve is recorded, and nobody has heard of it."""
    server = make_server("--alert-webhook", hooks.url)
    server.query("CREATE ALERT any AS SELECT 1 AS value EVERY 1 SECOND")
    hooks.wait("firing", alertname="any")
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": "alert_recorded=kill"})
    try:
        server.query("DROP ALERT any")
    except Exception:  # it may be gone before it has answered
        pass
    server.wait()
    server.start()
    hooks.wait("resolved", alertname="any")


def test_a_resolve_that_nobody_took_for_long(make_server, tmp_path):
    """The receiver is away for more than 15 minutes, and the server starts anew meanwhile."""
    port = free_port()
    config = {"alerting": {"receivers": [{"name": "team", "webhook": f"http://127.0.0.1:{port}/hook"}]}}
    (tmp_path / "weir.yml").write_text(json.dumps(config))
    server = make_server("--config", str(tmp_path / "weir.yml"), *CLOCK)
    server.query(TABLE)
    server.query("CREATE ALERT quiet AS SELECT count() AS value FROM m HAVING value = 0 EVERY 10 SECOND")
    jump(server, 10)
    wait_until(lambda: server.value("SELECT count() FROM system.alert_deliveries WHERE outcome = 'retry'") > 0, "an attempt has failed")
    server.query(f"INSERT INTO m VALUES ({int(clock(server)) - 60}, 'a', 1)")
    jump(server, 10)
    wait_until(lambda: [row[2] for row in history(server, "quiet")] == ["firing", "inactive"], "it is resolved")
    jump(server, 1200)
    evaluated(server, "quiet", clock(server) - 10)
    server.stop()
    webhooks = Webhooks(port=port)
    try:
        # who was not there then does not hear of it
        config["alerting"]["receivers"].append({"name": "new", "webhook": f"{webhooks.url}/new"})
        (tmp_path / "weir.yml").write_text(json.dumps(config))
        server.start()
        webhooks.wait("resolved", alertname="quiet")
        server.query("CREATE ALERT last AS SELECT 1 AS value EVERY 1 SECOND")
        wait_until(lambda: len(webhooks.alerts("firing", alertname="last")) == 2, "both hear of the next one")
        assert len(webhooks.alerts(alertname="quiet")) == 1
    finally:
        webhooks.stop()


def test_links_lead_to_the_select(make_server, hooks):
    server = make_server("--alert-webhook", hooks.url)
    server.query("CREATE ALERT short AS SELECT 'ü #%' AS a, 1 AS value EVERY 1 SECOND")
    link = hooks.wait("firing", alertname="short")["generatorURL"]
    page, text = link.split("#")
    assert page == f"http://{server.address}/play"
    assert server.rows(urllib.parse.unquote(text)) == [["ü #%", 1]]
    server.query("CREATE ALERT long AS SELECT '" + 3000 * "x" + "' AS a, 1 AS value EVERY 1 SECOND")
    assert hooks.wait("firing", alertname="long")["generatorURL"] == page
