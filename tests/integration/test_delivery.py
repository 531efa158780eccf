"""Notifications of alerts: a real Alertmanager, a real Prometheus, webhooks that fail, servers that are killed."""
import contextlib
import json
import subprocess
import threading

import pytest

from prometheus import Alertmanager, Prometheus, Webhooks, binary
from weir import wait_until

RULES = """
groups:
  - name: levels
    interval: 100ms
    rules:
      - alert: LevelHigh
        expr: SELECT host, argMax(level, n) AS value FROM levels GROUP BY host HAVING value > 10
        labels: {severity: page, team: ops}
        annotations:
          summary: "{{ $labels.host }} at {{ printf \\"%.2f\\" $value }} ({{ $value | humanize }})"
          broken: "{{ first 5 }}"
"""


@pytest.fixture
def ends():
    with contextlib.ExitStack() as stack:
        yield stack


class Levels:
    """A server with a table of levels, a rule file over it, and receivers."""

    def __init__(self, make_server, tmp_path, **alerting):
        (tmp_path / "rules.yml").write_text(RULES)
        config = {"rule_files": str(tmp_path / "rules.yml"), "alerting": alerting}
        (tmp_path / "weir.yml").write_text(json.dumps(config))  # which is YAML, too
        self.server = make_server("--config", str(tmp_path / "weir.yml"), start=False)
        self.number = 0

    def start(self, **environment):
        self.server.start(environment=environment)
        self.server.query("CREATE TABLE IF NOT EXISTS levels (n UInt64, host String, level Float64) ENGINE = MergeTree ORDER BY n")
        return self.server

    def set(self, host, level):
        self.number += 1
        self.server.query(f"INSERT INTO levels VALUES ({self.number}, '{host}', {level})")


def test_all_receivers(make_server, tmp_path, ends):
    alertmanager = Alertmanager(tmp_path)
    ends.callback(alertmanager.stop)
    webhooks = Webhooks("s3cret")
    ends.callback(webhooks.stop)
    lines = tmp_path / "alerts.json"
    levels = Levels(make_server, tmp_path, external_labels={"region": "eu"}, external_url="http://weir.example", receivers=[
        {"name": "am", "alertmanager": alertmanager.url},
        {"name": "team", "webhook": webhooks.url, "secret": "s3cret"},
        {"name": "file", "file": str(lines)}])
    server = levels.start()
    levels.set("a", 12.345)

    alert = webhooks.wait("firing", host="a")
    assert alert["labels"] == {"alertname": "LevelHigh", "host": "a", "severity": "page", "team": "ops"}
    assert alert["annotations"]["summary"] == "a at 12.35 (12.35)"
    assert alert["annotations"]["broken"].startswith("<error expanding template: ")
    assert alert["endsAt"] == "0001-01-01T00:00:00Z"
    assert webhooks.payloads[0]["receiver"] == "team" and webhooks.payloads[0]["externalURL"] == "http://weir.example"

    shown = wait_until(alertmanager.alerts, "Alertmanager shows the alert")[0]
    assert shown["labels"] == {**alert["labels"], "region": "eu"}
    assert shown["annotations"] == alert["annotations"] and shown["startsAt"] == alert["startsAt"]
    assert shown["status"]["state"] == "active" and shown["generatorURL"].startswith("http://weir.example")

    state = server.get("/api/v1/alerts").json()["data"]["alerts"]
    assert [(row["labels"]["host"], row["state"], row["value"]) for row in state] == [("a", "firing", "1.2345e+01")]

    levels.set("a", 1)
    resolved = webhooks.wait("resolved", host="a")
    assert resolved["startsAt"] == alert["startsAt"] and resolved["endsAt"] > resolved["startsAt"]
    assert resolved["fingerprint"] == alert["fingerprint"]
    wait_until(lambda: alertmanager.alerts() == [], "Alertmanager has resolved it")
    wait_until(lambda: lines.read_text().count("\n") == 2, "the file has two lines")
    written = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [line["status"] for line in written] == ["firing", "resolved"]

    delivered = wait_until(lambda: server.value("SELECT count() = 6 FROM system.alert_deliveries WHERE outcome = 'delivered' AND NOT resend"),
                           "six deliveries are recorded")
    assert delivered == 1
    assert server.rows("SELECT receiver, status, http_status, alertname, attempt FROM system.alert_deliveries WHERE receiver != 'am' "
                       "ORDER BY receiver, at") == [
        ["file", "firing", 0, "LevelHigh", 1], ["file", "resolved", 0, "LevelHigh", 1],
        ["team", "firing", 200, "LevelHigh", 1], ["team", "resolved", 200, "LevelHigh", 1]]


def test_alertmanager_away(make_server, tmp_path, ends):
    """Down while an alert begins; up again at the same address."""
    alertmanager = Alertmanager(tmp_path)
    alertmanager.stop()
    webhooks = Webhooks()
    ends.callback(webhooks.stop)
    levels = Levels(make_server, tmp_path, receivers=[{"name": "am", "alertmanager": alertmanager.url},
                                                      {"name": "team", "webhook": webhooks.url}])
    server = levels.start()
    levels.set("a", 20)
    webhooks.wait("firing", host="a")  # does not wait for the other
    wait_until(lambda: server.value("SELECT count() > 0 FROM system.alert_deliveries WHERE receiver = 'am' AND outcome = 'retry'"),
               "an attempt has failed")
    again = Alertmanager(tmp_path, alertmanager.port)
    ends.callback(again.stop)
    assert wait_until(again.alerts, "it has the alert")[0]["labels"]["host"] == "a"
    levels.set("a", 1)
    wait_until(lambda: again.alerts() == [], "it has the resolve")


def test_answers(make_server, tmp_path, ends):
    """500, nonsense, silence: again. 400: not again, and what follows still comes."""
    over = threading.Event()
    webhooks = Webhooks()
    ends.callback(webhooks.stop)
    ends.callback(over.set)

    def status(number):
        def answer(handler):
            handler.send_response(number)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        return answer

    def nonsense(handler):
        handler.wfile.write(b"\x00\xffnot HTTP at all\r\n\r\n")
        handler.close_connection = True

    webhooks.answers = [status(500), nonsense, lambda handler: over.wait(60)]
    levels = Levels(make_server, tmp_path, receivers=[{"name": "team", "webhook": webhooks.url, "timeout": "300ms"}])
    server = levels.start()
    levels.set("a", 20)
    webhooks.wait("firing", host="a")
    assert webhooks.attempts == 4
    webhooks.answers = [status(400)]
    levels.set("b", 20)
    wait_until(lambda: not webhooks.answers, "the refusal was given")
    levels.set("c", 20)
    webhooks.wait("firing", host="c")
    assert webhooks.alerts(host="b") == []
    wait_until(lambda: server.value("SELECT count() FROM system.alert_deliveries") == 6, "all attempts are recorded")
    assert server.rows("SELECT attempt, outcome, http_status FROM system.alert_deliveries ORDER BY at") == [
        [1, "retry", 500], [2, "retry", 0], [3, "retry", 0], [4, "delivered", 200], [1, "refused", 400], [1, "delivered", 200]]


@pytest.mark.parametrize("failpoint", ["deliver_notice", "deliver_send", "deliver_answer", "deliver_confirm"])
def test_killed(make_server, tmp_path, ends, failpoint):
    """Killed between the transition and what follows from its confirmation, at firing and at the resolve: neither is lost."""
    webhooks = Webhooks()
    ends.callback(webhooks.stop)
    levels = Levels(make_server, tmp_path, receivers=[{"name": "team", "webhook": webhooks.url}])
    for level, status in ((20, "firing"), (1, "resolved")):
        server = levels.start(WEIR_FAILPOINTS=f"{failpoint}=kill")
        levels.set("a", level)
        server.wait()
        server = levels.start()
        webhooks.wait(status, host="a")
        server.stop()
    assert [alert["status"] for alert in webhooks.alerts()] in (
        ["firing", "resolved"], ["firing", "firing", "resolved"], ["firing", "resolved", "resolved"],
        ["firing", "firing", "resolved", "resolved"])
    server = levels.start()  # both are confirmed now: nobody hears of them again
    levels.set("b", 20)
    webhooks.wait("firing", host="b")
    assert len(webhooks.alerts("resolved", host="a")) <= 2


def test_prometheus(make_server, tmp_path, ends):
    server = make_server()
    prometheus = Prometheus(tmp_path, server.address)
    ends.callback(prometheus.stop)
    wait_until(lambda: [row["value"][1] for row in prometheus.query('up{job="weir"}')] == ["1"], "Prometheus has scraped the server")
    assert prometheus.query("weir_uptime_seconds") != []
    page = server.get("/metrics").content
    checked = subprocess.run([binary("promtool"), "check", "metrics"], input=page, capture_output=True)
    assert checked.returncode == 0 and checked.stderr == b"", checked.stderr


def test_rule_file_form(tmp_path):
    """promtool reads the form of rule files; it knows no SQL, so a number stands in its place."""
    path = tmp_path / "rules.yml"
    expression = RULES[RULES.index("SELECT"):RULES.index("\n", RULES.index("SELECT"))]
    broken = RULES[RULES.index("          broken:"):]  # fails when it is expanded, as it is to
    path.write_text(RULES.replace(expression, "1").replace(broken, ""))
    checked = subprocess.run([binary("promtool"), "check", "rules", path], capture_output=True, text=True)
    assert checked.returncode == 0 and "SUCCESS: 1 rules found" in checked.stdout, checked.stdout + checked.stderr
