"""weir demo: the main job with an embedded Kafka, as a new user starts it."""
import os
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request

from weir import DEADLINE, ROOT, WEIR


def start(folder, *arguments):
    return subprocess.Popen([WEIR, "demo", *arguments], cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_address(demo):
    """Reads what it prints up to the last query to try: (address, queries)."""
    queries = []
    while len(queries) < 3:
        line = demo.stdout.readline()
        assert line, demo.stderr.read()
        if match := re.search(r"curl (http://\S+) -d '(.*)'", line):
            queries.append(match)
    return queries[0][1], [match[2] for match in queries]


def ask(address, sql):
    with urllib.request.urlopen(address, sql.encode(), timeout=DEADLINE) as reply:
        return reply.read().decode()


def test_demo(tmp_path):
    first = start(tmp_path, "--http-port", "18123")
    second = None
    try:
        address, queries = read_address(first)
        until = time.monotonic() + DEADLINE
        while int(ask(address, "SELECT count() FROM flights")) < 5000:
            assert time.monotonic() < until
            time.sleep(0.1)
        for sql in queries:
            while not ask(address, sql):  # the ledger's rows come with the first commit
                assert time.monotonic() < until
                time.sleep(0.1)
        assert int(ask(address, "SELECT count() FROM flights WHERE abs(dateDiff('second', ts, now())) < 86400")) > 0  # shifted to now
        # its rule fires and resolves within the first of the sample's rounds
        while "firing\tinactive" not in ask(address, "SELECT from_state, to_state FROM system.alert_history WHERE rule = 'delays_high'"):
            assert time.monotonic() < until
            time.sleep(0.2)
        page = urllib.request.urlopen(urllib.parse.urljoin(address, "/play"), timeout=DEADLINE).read()
        assert b"<html" in page
        # a second one finds another port
        second = start(tmp_path, "--http-port", urllib.parse.urlparse(address).netloc.split(":")[1], "--seconds", "1")
        other, _ = read_address(second)
        assert other != address
        out, err = second.communicate(timeout=DEADLINE)
        assert second.returncode == 0 and "nothing lost, nothing doubled" in out + err
        first.send_signal(signal.SIGINT)
        out, err = first.communicate(timeout=DEADLINE)
        assert first.returncode == 0 and "nothing lost, nothing doubled" in out + err
    finally:
        for demo in (first, second):
            if demo is not None and demo.poll() is None:
                demo.kill()
                demo.wait()
    assert list(tmp_path.iterdir()) == []  # it cleaned up
