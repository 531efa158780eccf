"""The two sides: a Weir server on a free port of loopback, and ClickHouse (oracle.py)."""
import http.client
import json
import os
import re
import selectors
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HANG_SECONDS = 300  # nothing but a hang takes so long: both sides have a limit of their own


class Gone(Exception):
    """The side died or hangs."""


def code_of(answer):
    found = re.match(r"Code: (\d+)", answer)
    return int(found.group(1)) if found else None


class Weir:
    def __init__(self, binary):
        self.directory = tempfile.TemporaryDirectory(prefix="weir-random-")
        log = os.path.join(self.directory.name, "log")
        with open(log, "w", encoding="utf-8") as stderr:
            self.process = subprocess.Popen(
                [binary, "server", "--data-dir", os.path.join(self.directory.name, "data"), "--http-port", "0",
                 "--native-port", "0"],
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, "TZ": "UTC"},
                text=True,
            )
        self.log = log
        line = self.process.stdout.readline()
        if "http=" not in line:
            raise Gone(f"the server did not start: {self.last_log()}")
        self.address = "http://" + dict(word.split("=", 1) for word in line.split()[1:])["http"]

    def query(self, sql, data=None, **settings):
        values = {"default_format": "TabSeparatedWithNamesAndTypes", "max_execution_time": 30, "max_result_bytes": 10000000, **settings}
        body = sql.encode()
        if data is not None:
            values["query"], body = sql, data
        request = urllib.request.Request(self.address + "/?" + urllib.parse.urlencode(values), data=body)
        try:
            with urllib.request.urlopen(request, timeout=HANG_SECONDS) as reply:
                return reply.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.read().decode(errors="replace")
        except http.client.IncompleteRead:  # the answer grew over max_result_bytes; whether the server lives, the next one tells
            return "Code: 396. the answer was cut off"
        except (OSError, http.client.HTTPException) as error:
            raise Gone(f"{error}; the server's status is {self.process.poll()}: {self.last_log()}") from error

    def last_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-6000:]

    def stop(self):
        """The exit status."""
        self.process.terminate()
        try:
            status = self.process.wait(HANG_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        if status != 0:
            print(self.last_log())
        self.directory.cleanup()
        return status


class ClickHouse:
    """restarted: called with a new session after the old one died, to make the tables again."""

    def __init__(self, prepare):
        self.prepare = prepare
        self.deaths = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "oracle.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TZ": "UTC"},
            text=True,
        )
        self.prepare(self)

    def send(self, sql):
        try:
            self.process.stdin.write(json.dumps(sql) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # receive() sees it

    def receive(self):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if selector.select(HANG_SECONDS) else ""
        if line == "":
            self.stop()
            self.deaths += 1
            self.start()
            raise Gone("ClickHouse")
        return json.loads(line)

    def query(self, sql):
        self.send(sql)
        return self.receive()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin = None
