"""weir client: statements from arguments and pipes, and the shell on a terminal."""
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from weir import DEADLINE, WEIR


def client(server, *arguments, data=b"", environment=None):
    """(exit code, standard output, standard error)"""
    done = subprocess.run(
        [WEIR, "client", "--port", str(server.port), *arguments], input=data, capture_output=True, timeout=DEADLINE, env={**os.environ, **(environment or {})}
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_queries(shared):
    assert client(shared, "-q", "SELECT 1 AS a, 'x' AS b") == (0, "1\tx\n", "")
    assert client(shared, "-q", "SELECT 1; SELECT 2;") == (0, "1\n2\n", "")
    assert client(shared, data=b"SELECT 3") == (0, "3\n", "")
    assert client(shared, data=b"-- nothing\n;;") == (0, "", "")
    assert client(shared, "--format", "CSVWithNames", "-q", "SELECT 1 AS a") == (0, '"a"\n1\n', "")
    assert client(shared, "-q", "SELECT 1 AS a FORMAT JSONEachRow") == (0, '{"a":1}\n', "")
    assert client(shared, "--param_x=5", "-q", "SELECT {x:UInt8} + 1") == (0, "6\n", "")
    assert client(shared, "-d", "system", "-q", "SELECT count() > 0 FROM tables") == (0, "1\n", "")
    code, out, err = client(shared, "--time", "-q", "SELECT 1")
    assert (code, out) == (0, "1\n") and re.fullmatch(r"\d+\.\d{3}\n", err)
    rows = client(shared, "-q", "SELECT number FROM numbers(1000000)")[1].splitlines()
    assert len(rows) == 1000000 and rows[-1] == "999999"


def test_errors(shared):
    code, out, err = client(shared, data=b"SELECT 4;\nSELECT nope;\nSELECT 5;\n")
    assert (code, out) == (47, "4\n") and "nope" in err
    code, _, err = client(shared, "-q", "SELEC 1")
    assert code == 62 and "did you mean SELECT?" in err
    code, out, err = client(shared, "--no-such")
    assert code == 2 and out == "" and "--no-such" in err
    assert client(shared, "--port", "x")[0] == 2
    code, _, err = client(shared, "--max_threads=many", "-q", "SELECT 1")
    assert code != 0 and "max_threads" in err
    done = subprocess.run([WEIR, "client", "--port", "1", "-q", "SELECT 1"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode != 0 and "127.0.0.1:1" in done.stderr
    code, out, _ = client(shared, "--help")
    assert code == 0 and "--port" in out


def test_inserts(shared):
    shared.query("CREATE TABLE client_t (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
    assert client(shared, "-q", "INSERT INTO client_t FORMAT CSV", data=b'1,x\n2,"y;\nz"\n') == (0, "", "")
    assert client(shared, data=b"INSERT INTO client_t VALUES (3, 'a;b'), (4, '');\nSELECT count() FROM client_t;") == (0, "4\n", "")
    assert client(shared, data=b'INSERT INTO client_t FORMAT JSONEachRow {"a": 5, "s": ";"}\n{"a": 6, "s": "SELECT"}\n') == (0, "", "")
    many = b"".join(b"%d\tline %d\n" % (n, n) for n in range(1000, 301000))
    assert client(shared, "-q", "INSERT INTO client_t FORMAT TabSeparated", data=many) == (0, "", "")
    assert client(shared, "-q", "SELECT count(), sum(a), countIf(s = 'y;\\nz') FROM client_t") == (0, f"{300006}\t{sum(range(1000, 301000)) + 21}\t1\n", "")
    code, _, err = client(shared, "-q", "INSERT INTO client_t FORMAT CSV", data=b"7,x\nseven,x\n")
    assert code != 0 and "row 2" in err and "column a" in err and "seven" in err
    assert shared.value("SELECT count() FROM client_t WHERE a = 7") == 0


class Terminal:
    """The shell on a pseudo-terminal."""

    def __init__(self, server, home):
        self.seen = ""
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.environ.update(HOME=str(home), TERM="xterm", COLUMNS="120", LINES="50")
            os.execv(WEIR, ["weir", "client", "--port", str(server.port)])

    def read_until(self, text):
        """What came since the last call, up to and with the text."""
        until = time.monotonic() + DEADLINE
        while text not in self.seen:
            assert time.monotonic() < until, f"waited in vain for {text!r}: {self.seen[-2000:]!r}"
            if select.select([self.end], [], [], 1)[0]:
                try:
                    self.seen += os.read(self.end, 65536).decode(errors="replace")
                except OSError:
                    assert text in self.seen, self.seen[-2000:]
        at = self.seen.index(text) + len(text)
        piece, self.seen = self.seen[:at], self.seen[at:]
        return piece

    def send(self, text):
        os.write(self.end, text.encode())

    def leave(self):
        self.send("\x04")
        self.read_until("Bye.")
        assert os.waitpid(self.pid, 0)[1] == 0
        os.close(self.end)


@pytest.fixture
def terminal(shared, tmp_path):
    terminals = []

    def make():
        terminals.append(Terminal(shared, tmp_path))
        terminals[-1].read_until("weir :) ")
        return terminals[-1]

    yield make
    for one in terminals:
        try:
            os.kill(one.pid, signal.SIGKILL)
            os.waitpid(one.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_shell(terminal, shared, tmp_path):
    shell = terminal()
    shell.send("SELECT number AS n, 'a' || toString(number) AS s\n")
    shell.read_until(":-] ")
    shell.send("FROM numbers(2);\n")
    table = shell.read_until("2 rows in set.")
    assert "│ 0 │ a0 │" in table and "│ 1 │ a1 │" in table and "┌─n─┬─s──┐" in table
    shell.read_until("weir :) ")
    shell.send("SELEC 1;\n")
    assert "did you mean SELECT?" in shell.read_until("(SYNTAX_ERROR)")
    shell.read_until("weir :) ")
    # Ctrl-C cancels the query, and the shell lives
    shell.send("SELECT count() FROM numbers(1000000000000) WHERE number % 7 = 3;\n")
    shell.read_until(" = 3;")
    deadline = time.monotonic() + DEADLINE
    while not shared.value("SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'"):
        assert time.monotonic() < deadline
    shell.send("\x03")
    shell.read_until("weir :) ")
    # Ctrl-C drops a line; Up brings the last statement
    shell.send("SELECT 'dropped")
    shell.read_until("dropped")
    shell.send("\x03")
    shell.read_until("weir :) ")
    shell.send("SELECT 40 + 2 AS answer;\n")
    assert "42" in shell.read_until("1 row in set.")
    shell.read_until("weir :) ")
    shell.send("\x1b[A\n")
    assert "42" in shell.read_until("1 row in set.")
    shell.read_until("weir :) ")
    shell.leave()
    again = terminal()
    again.send("\x10\n")  # Ctrl-P: history outlives the shell
    assert "42" in again.read_until("1 row in set.")
    again.read_until("weir :) ")
    again.send("exit\n")
    again.read_until("Bye.")
    assert (tmp_path / ".weir_history").stat().st_size > 0
