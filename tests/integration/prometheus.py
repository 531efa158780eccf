"""Debian's Prometheus and Alertmanager, and a receiver of webhooks, for tests of alerts."""
import contextlib
import hashlib
import hmac
import http.server
import json
import subprocess
import threading

import requests

from weir import ROOT, free_port, wait_until


def binary(name):
    found = subprocess.run([ROOT / "scripts/prometheus-env"], check=True, capture_output=True, text=True)
    return f"{found.stdout.strip()}/{name}"


class Process:
    """A program that listens; stopped by its process."""

    def __init__(self, command, log, ready_url):
        self.log = log
        with open(log, "ab") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file)
        wait_until(lambda: self.answers(ready_url), f"{command[0]} is ready")

    def answers(self, url):
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(url, timeout=10).status_code == 200
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


class Alertmanager(Process):
    def __init__(self, directory, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        config = directory / "alertmanager.yml"
        config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        super().__init__([binary("prometheus-alertmanager"), f"--config.file={config}", f"--storage.path={directory}/alertmanager",
                          f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="],
                         directory / "alertmanager.log", f"{self.url}/-/ready")

    def alerts(self):
        return requests.get(f"{self.url}/api/v2/alerts", timeout=60).json()


class Prometheus(Process):
    def __init__(self, directory, target):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = directory / "prometheus.yml"
        config.write_text("global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
                          f"scrape_configs: [{{job_name: weir, static_configs: [{{targets: ['{target}']}}]}}]\n")
        super().__init__([binary("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={directory}/prometheus",
                          f"--web.listen-address=127.0.0.1:{port}"], directory / "prometheus.log", f"{self.url}/-/ready")

    def query(self, text):
        return requests.get(f"{self.url}/api/v1/query", params={"query": text}, timeout=60).json()["data"]["result"]


class Webhooks:
    """Keeps what comes; answers by `answers`, a list of callables that get the handler, then with 200."""

    def __init__(self, secret="", port=0):
        self.secret = secret
        self.payloads = []
        self.answers = []
        self.attempts = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.attempts += 1
                receiver.verify(self.headers, body)
                if receiver.answers:
                    receiver.answers.pop(0)(self)
                    return
                receiver.payloads.append(json.loads(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Receiver(http.server.ThreadingHTTPServer):
            allow_reuse_address = True

        self.server = Receiver(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.errors = []
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def verify(self, headers, body):
        def signature(message):
            return "sha256=" + hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()

        if self.secret and headers["X-Weir-Signature"] != signature(body):
            self.errors.append("the signature is wrong")
        stamped = headers["X-Weir-Timestamp"].encode() + b"." + body
        if self.secret and headers["X-Weir-Timestamp-Signature"] != signature(stamped):
            self.errors.append("the signature of time and body is wrong")

    def alerts(self, status=None, **labels):
        """All that came, in their order."""
        return [alert for payload in list(self.payloads) for alert in payload["alerts"]
                if status in (None, alert["status"]) and labels.items() <= alert["labels"].items()]

    def wait(self, status, **labels):
        return wait_until(lambda: self.alerts(status, **labels), f"{labels} is {status}")[0]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        assert self.errors == []
