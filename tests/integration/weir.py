"""A Weir server under test: started on a free port, asked over HTTP, stopped or killed by its process id."""
import contextlib
import fcntl
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import time
import urllib.parse

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WEIR = pathlib.Path(os.environ.get("WEIR", ROOT / "build/release/weir"))
DEADLINE = 120  # seconds; only a hang reaches it


class QueryError(Exception):
    """What the server answered instead of 200: .status, .code, .name, .message."""

    def __init__(self, reply):
        self.status = reply.status_code
        self.message = reply.text.strip()
        self.code = int(reply.headers.get("X-ClickHouse-Exception-Code", 0))
        super().__init__(f"{self.status}: {self.message}")


def wait_until(condition, what):
    """Polls until condition() is true and returns what it gave."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {DEADLINE} s in vain until {what}"
        time.sleep(0.02)


@contextlib.contextmanager
def alone(name):
    """Tests run in several processes: what is fetched or built once for all is made by one of them at a time."""
    (ROOT / "build").mkdir(exist_ok=True)
    with open(ROOT / "build" / f"{name}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port():
    """One that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server process. `directory` holds its data directory and its log; it survives restarts. native: it speaks the
    native protocol, on the port .native_port."""

    def __init__(self, directory, *flags, environment=None, start=True, native=False):
        self.directory = pathlib.Path(directory)
        self.data = self.directory / "data"
        self.log = self.directory / "log"
        self.flags = list(flags)
        self.native_port = free_port() if native else 0
        self.environment = environment or {}
        self.process = None
        self.url = None
        self.session = requests.Session()
        if start:
            self.start()

    def start(self, *flags, environment=None, ready=True):
        assert self.process is None
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [WEIR, "server", "--data-dir", self.data, "--http-port", "0", "--native-port",
                 str(self.native_port), *self.flags, *flags],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **self.environment, **(environment or {})},
            )
        if ready:
            line = self.read_line()
            if not line.startswith("ready "):
                status = self.process.wait(DEADLINE)
                self.process.stdout.close()
                self.process = None
                raise RuntimeError(f"the server ended with {status} instead of being ready: {self.log_text()[-3000:]}")
            words = dict(word.split("=", 1) for word in line.split()[1:])
            self.address = words["http"]
            self.host, port = self.address.rsplit(":", 1)
            self.port = int(port)
            self.url = f"http://{self.address}/"
        return self

    def read_line(self):
        """A line of standard output; empty at its end."""
        readable, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        assert readable, "the server says nothing"
        return self.process.stdout.readline().decode()

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        """SIGTERM; the exit status."""
        return self.end(signal.SIGTERM)

    def kill(self):
        return self.end(signal.SIGKILL)

    def end(self, number):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self):
        """Waits until the process ended by itself; its exit status."""
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.process = None
            raise AssertionError(f"the server did not end within {DEADLINE} s") from None
        self.process.stdout.close()
        self.process = None
        self.session.close()
        self.session = requests.Session()
        return status

    def restart(self, *flags):
        assert self.stop() == 0, self.log_text()[-3000:]
        return self.start(*flags)

    def log_text(self):
        return self.log.read_text(errors="replace")

    def get(self, path):
        return self.session.get(f"http://{self.address}{path}", timeout=DEADLINE)

    def post(self, sql, data=None, headers=None, timeout=DEADLINE, stream=False, **parameters):
        """The reply itself. With data the query goes into the URL and the data into the body."""
        parameters = {key: str(value) for key, value in parameters.items()}
        body = data
        if data is None:
            body = sql.encode() if isinstance(sql, str) else sql
        else:
            parameters["query"] = sql
        return self.session.post(
            self.url, params=parameters, data=body, headers=headers, timeout=timeout, stream=stream
        )

    def query(self, sql, data=None, **parameters):
        """The reply's text; QueryError for everything but 200."""
        reply = self.post(sql, data, **parameters)
        if reply.status_code != 200:
            raise QueryError(reply)
        return reply.text

    def rows(self, sql, **parameters):
        """The rows as lists, numbers as numbers."""
        text = self.query(sql, default_format="JSONCompact", **parameters)
        return json.loads(text)["data"]

    def value(self, sql, **parameters):
        return self.rows(sql, **parameters)[0][0]

    def url_of(self, path, **parameters):
        return f"http://{self.address}{path}" + ("?" + urllib.parse.urlencode(parameters) if parameters else "")

    def metric(self, name):
        """The value of a metric without labels, or the sum over its labels."""
        total = None
        for line in self.session.get(self.url_of("/metrics"), timeout=DEADLINE).text.splitlines():
            if line.split("{")[0].split(" ")[0] == name:
                total = (total or 0) + float(line.rsplit(" ", 1)[1])
        return total
