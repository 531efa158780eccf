"""`weir client` as a process: statements from arguments and pipes, exit codes, and the shell on a pseudo-terminal."""
import fcntl
import contextlib
import gzip
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from weir import DEADLINE, WEIR, wait_until


def environment(server=None, home="/nonexistent", **more):
    plain = {key: value for key, value in os.environ.items() if not key.startswith("WEIR_")}
    where = {} if server is None else {"WEIR_HOST": server.host, "WEIR_PORT": str(server.port)}
    return {**plain, "TERM": "xterm", "HOME": str(home), "LC_ALL": "C.UTF-8", **where, **more}


def client(server, *arguments, data=b"", **more):
    data = data.encode() if isinstance(data, str) else data
    return subprocess.run(
        [WEIR, "client", *arguments], input=data, capture_output=True, timeout=DEADLINE, env=environment(server, **more)
    )


def output(server, *arguments, data=b""):
    done = client(server, *arguments, data=data)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def failure(server, *arguments, data=b""):
    """(exit code, standard output, standard error) of what must fail."""
    done = client(server, *arguments, data=data)
    assert done.returncode != 0
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def peak_bytes(process):
    """The most memory that a running process had so far."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) * 1024


def create(server, name, columns="a UInt64, s String"):
    server.query(f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
    return name


def test_statements_of_arguments(shared):
    assert output(shared, "-q", "SELECT 1, 'a\tb'") == "1\ta\\tb\n"
    assert output(shared, "--query", "SELECT 1; SELECT ';' ; -- end\n") == "1\n;\n"
    assert output(shared, "--query=SELECT 1", "-qSELECT 2") == "1\n2\n"
    assert output(shared, "-nm", "-q", " ; ;\n SELECT 3;;") == "3\n"
    assert output(shared, "-q", "") == output(shared, "-q", "-- nothing") == ""


def test_statements_of_a_pipe(shared):
    assert output(shared, data="SELECT 1") == "1\n"
    assert output(shared, data="SELECT\n  1;\n\nSELECT 'x;\ny' ; SELECT 3 -- last") == "1\nx;\\ny\n3\n"
    assert output(shared, data="") == output(shared, data=" \n;\n") == ""
    many = "".join(f"SELECT {k} /* {'x' * 50} */;\n" for k in range(2000))  # more than is read at once
    assert output(shared, data=many) == "".join(f"{k}\n" for k in range(2000))
    long = "x" * 3_000_000  # more than is looked at each time
    assert output(shared, "--max_query_size=10000000", data=f"SELECT length('{long}'); SELECT 2") == "3000000\n2\n"


def test_a_pipe_is_answered_while_it_is_open(shared):
    process = subprocess.Popen(
        [WEIR, "client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(shared)
    )
    for k in range(3):
        process.stdin.write(f"SELECT {k};\n".encode())
        process.stdin.flush()
        assert select.select([process.stdout], [], [], DEADLINE)[0]
        assert os.read(process.stdout.fileno(), 100) == f"{k}\n".encode()
    process.stdin.close()
    assert process.wait(DEADLINE) == 0
    process.stdout.close()


def test_a_file_of_statements(shared, tmp_path):
    (tmp_path / "script.sql").write_text("SELECT 1;\nSELECT 2\n")
    assert output(shared, "--queries-file", tmp_path / "script.sql") == "1\n2\n"
    code, _, error = failure(shared, "--queries-file", tmp_path / "none.sql")
    assert code == 76 and "none.sql" in error and "No such file" in error


def test_formats(shared):
    assert output(shared, "-f", "JSONEachRow", "-q", "SELECT 1 AS a") == '{"a":1}\n'
    assert output(shared, "--format=CSV", "-q", "SELECT 1 AS a, 'x'; SELECT 2 FORMAT TabSeparated") == '1,"x"\n2\n'
    assert output(shared, "-E", "-q", "SELECT 1 AS a") == "Row 1:\n──────\na: 1\n"
    assert output(shared, "-f", "PrettyCompact", "-q", "SELECT 10 AS a, 'xyz' AS b") == (
        "   ┌──a─┬─b───┐\n1. │ 10 │ xyz │\n   └────┴─────┘\n"
    )
    code, out, error = failure(shared, "-f", "Nothing", "-q", "SELECT 1")
    assert (code, out) == (73, "") and "Nothing" in error


def test_settings_and_parameters(shared):
    assert output(shared, "--param_n=41", "-q", "SELECT {n:UInt32} + 1") == "42\n"
    assert output(shared, "--param_s", "a b", "-q", "SELECT {s:String}") == "a b\n"
    assert output(shared, "--session_timezone=Asia/Tokyo", "-q", "SELECT toString(toDateTime(0))") == "1970-01-01 09:00:00\n"
    assert output(shared, "-d", "system", "-q", "SELECT name = 'one' FROM tables WHERE name = 'one'") == "1\n"
    assert failure(shared, "--no_such_setting=1", "-q", "SELECT 1")[0] == 115
    done = client(shared, "-t", "-q", "SELECT 1; SELECT 2")
    assert (done.returncode, done.stdout) == (0, b"1\n2\n") and re.fullmatch(rb"(\d+\.\d{3}\n){2}", done.stderr)


def test_where_the_server_is(shared):
    done = client(None, "--host", shared.host, "--port", str(shared.port), "-q", "SELECT 1")
    assert (done.returncode, done.stdout) == (0, b"1\n")
    done = client(None, f"-h{shared.host}", f"-p{shared.port}", "-u", "default", "-q", "SELECT 1")
    assert (done.returncode, done.stdout) == (0, b"1\n")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--nothing"], "unknown option"),
        (["--nothing", "-q", "SELECT 1"], "unknown option"),
        (["-z"], "unknown option"),
        (["SELECT 1"], "behind -q"),
        (["-q"], "value is missing"),
        (["--port", "99999", "-q", "SELECT 1"], "not a port"),
        (["--port=x", "-q", "SELECT 1"], "not a port"),
    ],
)
def test_wrong_arguments(shared, arguments, words):
    code, out, error = failure(shared, *arguments)
    assert (code, out) == (2, "") and words in error and "--help" in error


def test_help_and_version():
    done = client(None, "--help")
    assert done.returncode == 0 and b"--query" in done.stdout and b"exit code" in done.stdout and not done.stderr
    done = client(None, "--version")
    assert done.returncode == 0 and re.fullmatch(rb"weir client \d+\.\d+\.\d+\n", done.stdout)


def test_errors(shared):
    code, out, error = failure(shared, "-q", "SELEC 1")
    assert (code, out) == (62, "") and error.startswith("Code: 62. DB::Exception: ") and "SYNTAX_ERROR" in error
    code, out, error = failure(shared, "-q", "SELECT 1; SELECT nothing; SELECT 3")  # the first one ends them
    assert (code, out) == (47, "1\n") and error.endswith("(query: SELECT nothing)\n")
    code, out, error = failure(shared, data="SELECT 1;\n\nSELEC 2;\nSELECT 3")
    assert (code, out) == (62, "1\n") and "(line 1, col 1)" in error
    assert failure(shared, "-q", "SELECT 'a")[0] == 62
    assert failure(shared, "-q", "SELECT throwIf(1)")[0] == 395 % 256


def test_nobody_answers(make_server):
    server = make_server()
    assert server.stop() == 0
    code, out, error = failure(server, "-q", "SELECT 1")
    assert (code, out) == (279 % 256, "") and server.address in error


def test_an_error_while_rows_come(shared):
    """The rows before it are out already; the exit code and the message are the server's."""
    done = subprocess.Popen(
        [WEIR, "client", "-q", "SELECT number, throwIf(number = 3000000) FROM numbers(100000000)"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(shared),
    )
    while done.stdout.read(1 << 20):
        pass
    assert b"Code: 395. DB::Exception: " in done.stderr.read()
    assert done.wait(DEADLINE) == 395 % 256
    done.stdout.close()
    done.stderr.close()


def test_a_large_result_needs_little_memory(shared):
    """Some 190 MB pass through; the client's peak stays far below."""
    process = subprocess.Popen(
        [WEIR, "client", "-q", "SELECT number, 'abcdefghij' FROM numbers(10000000)"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(shared),
    )
    lines = peak = 0
    while piece := os.read(process.stdout.fileno(), 1 << 20):
        lines += piece.count(b"\n")
        if peak == 0 and lines > 9_900_000:  # more is to come than a pipe holds: it lives
            peak = peak_bytes(process)
    process.stdout.close()
    assert (process.wait(DEADLINE), lines) == (0, 10_000_000)
    assert 0 < peak < 100e6


def test_a_reader_that_leaves(shared):
    process = subprocess.Popen(
        [WEIR, "client", "-q", "SELECT number, 'a_reader_that_leaves' FROM numbers(100000000000)"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(shared), restore_signals=True,
    )
    assert os.read(process.stdout.fileno(), 2) == b"0\t"
    process.stdout.close()
    assert process.wait(DEADLINE) == -signal.SIGPIPE
    gone = "SELECT count() FROM system.processes WHERE query LIKE '%a\\_reader%' AND query NOT LIKE '%processes%'"
    wait_until(lambda: shared.value(gone) == 0, "the query ended with its client")


def test_output_that_cannot_be_written(shared):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [WEIR, "client", "-q", "SELECT number FROM numbers(1000000)"],
            stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, timeout=DEADLINE, env=environment(shared),
        )
    assert done.returncode == 75 and b"could not be written" in done.stderr


@pytest.mark.parametrize("format_name, data", [("CSV", '1,"x;y"\n2,z\n'), ("TabSeparated", "1\tx;y\n2\tz\n"),
                                               ("JSONEachRow", '{"a":1,"s":"x;y"}\n{"a":2,"s":"z"}\n'),
                                               ("VALUES", "(1, 'x;y'), (2, 'z')")])
def test_insert_takes_the_standard_input(shared, format_name, data):
    table = create(shared, f"stdin_{format_name}")
    clause = "VALUES" if format_name == "VALUES" else f"FORMAT {format_name}"
    assert output(shared, "-q", f"INSERT INTO {table} {clause}", data=data) == ""
    assert output(shared, "-q", f"INSERT INTO {table} {clause}; SELECT count() FROM {table}", data=data) == "4\n"
    assert shared.rows(f"SELECT a, s FROM {table} ORDER BY a") == [[1, "x;y"], [1, "x;y"], [2, "z"], [2, "z"]]


def test_insert_with_its_data_in_the_text(shared):
    table = create(shared, "inline")
    assert output(shared, "-q", f"INSERT INTO {table} VALUES (1, 'a;b'); SELECT s FROM {table}") == "a;b\n"
    assert output(shared, "-q", f"INSERT INTO {table} SELECT 2, 'x'; SELECT count() FROM {table}") == "2\n"
    assert output(shared, "-q", f"INSERT INTO {table} FORMAT CSV\n3,x;y\n") == ""
    assert output(shared, data=f"SELECT 1; INSERT INTO {table} FORMAT CSV\n4,\"a;\n'b\"\n5,c") == "1\n"
    assert output(shared, data=f"INSERT INTO {table} (s, a) VALUES ('y', 6);\nSELECT count() FROM {table};") == "6\n"
    assert shared.rows(f"SELECT a, s FROM {table} WHERE a IN (3, 4, 5) ORDER BY a") == [
        [3, "x;y"], [4, "a;\n'b"], [5, "c"]
    ]


def test_insert_with_a_bad_row(shared):
    table = create(shared, "bad")
    code, out, error = failure(shared, "-q", f"INSERT INTO {table} FORMAT CSV", data="1,a\nx,b\n")
    assert (code, out) == (27, "") and "row 2" in error and "column a" in error
    assert shared.value(f"SELECT count() FROM {table}") == 0


def test_insert_of_data_that_cannot_be_read(shared, tmp_path):
    table = create(shared, "unreadable")
    folder = os.open(tmp_path, os.O_RDONLY)
    done = subprocess.run(
        [WEIR, "client", "-q", f"INSERT INTO {table} FORMAT CSV"],
        stdin=folder, capture_output=True, timeout=DEADLINE, env=environment(shared),
    )
    os.close(folder)
    assert done.returncode == 74 and b"directory" in done.stderr
    assert shared.value(f"SELECT count() FROM {table}") == 0


@pytest.mark.parametrize("where", ["argument", "pipe"])
def test_a_large_insert_needs_little_memory(shared, where):
    table = create(shared, f"large_{where}")
    text = f"INSERT INTO {table} FORMAT CSV"
    process = subprocess.Popen(
        [WEIR, "client"] + (["-q", text] if where == "argument" else []), stdin=subprocess.PIPE, env=environment(shared)
    )
    if where == "pipe":
        process.stdin.write(text.encode() + b"\n")
    for k in range(0, 1_000_000, 10_000):  # 110 MB
        process.stdin.write("".join(f"{n},{'x' * 100}\n" for n in range(k, k + 10_000)).encode())
    peak = peak_bytes(process)
    process.stdin.close()
    assert process.wait(DEADLINE) == 0 and peak < 100e6
    assert shared.rows(f"SELECT count(), sum(a), sum(length(s)) FROM {table}") == [[1_000_000, 499_999_500_000, 100_000_000]]


# ---- the shell

class Shell:
    """`weir client` on a pseudo-terminal of its own."""

    def __init__(self, server, home, *arguments, **more):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
                os.execve(WEIR, [str(WEIR), "client", *arguments], environment(server, home, **more))
            finally:
                os._exit(127)
        self.text = ""
        self.seen = 0
        self.status = None

    def read(self):
        """False at the end."""
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:
            piece = b""
        self.text += piece.decode(errors="replace")
        return bool(piece)

    def read_some(self):
        """Takes what is there."""
        while select.select([self.terminal], [], [], 0)[0] and self.read():
            pass

    def expect(self, pattern):
        """Waits for what matches behind the last match; what stands between them."""
        end = time.monotonic() + DEADLINE
        while True:
            plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", self.text)
            match = re.compile(pattern, re.DOTALL).search(plain, self.seen)
            if match:
                between = plain[self.seen : match.end()]
                self.seen = match.end()
                return between
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {pattern!r}; on the terminal: {plain[-2000:]}"
            if select.select([self.terminal], [], [], min(left, 1))[0]:
                assert self.read(), f"the shell ended before {pattern!r}: {plain[-2000:]}"

    def prompt(self):
        return self.expect(r"weir :\) ")

    def send(self, text):
        os.write(self.terminal, text.encode())

    def run(self, text):
        """What a statement answers, up to the next prompt."""
        self.send(text + "\n")
        return self.prompt()

    def wait(self, keys=""):
        """The exit code. The keys are pressed until it ends: one that comes while the terminal's mode changes is lost."""
        end = time.monotonic() + DEADLINE
        pressed = 0
        while self.status is None:
            if keys and time.monotonic() - pressed > 1:
                pressed = time.monotonic()
                with contextlib.suppress(OSError):
                    self.send(keys)
            if select.select([self.terminal], [], [], 0.05)[0]:
                self.read()  # so that it can write its last words
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, "the shell does not end"
        while self.read():
            pass
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)


@pytest.fixture
def shell(shared, tmp_path):
    """shell(*arguments): a client at its first prompt; its home is tmp_path."""
    shells = []

    def make(*arguments, server=shared):
        made = Shell(server, tmp_path, *arguments)
        shells.append(made)
        made.prompt()
        return made

    yield make
    for made in shells:
        made.close()


def test_shell_draws_tables(shell):
    text = shell().run("SELECT number AS n, toString(number * 1000) AS text FROM numbers(2);")
    assert "   ┌─n─┬─text─┐\n1. │ 0 │ 0    │\n2. │ 1 │ 1000 │\n   └───┴──────┘\n" in text
    assert re.search(r"\n2 rows in set\. Elapsed: \d+\.\d{3} sec\.", text)


def test_shell_takes_a_format(shell):
    made = shell("-f", "JSONEachRow")
    assert '{"a":1}\n' in made.run("SELECT 1 AS a;")
    assert "a: 2\n" in made.run("SELECT 2 AS a FORMAT Vertical;")


def test_shell_statements_of_several_lines(shell):
    made = shell()
    made.send("SELECT 40 -- not ; here\n")
    made.expect(r":-\] ")
    made.send("  + 2 AS answer, 'a;\n")
    made.expect(r":-\] ")
    assert '{"answer":42,"text":"a;\\nb"}\n' in made.run("b' AS text FORMAT JSONEachRow;")
    text = made.run("SELECT 11 AS a; SELECT 22 AS b;")
    assert "│ 11 │" in text and "│ 22 │" in text
    made.send("SELECT 1; SELECT\n")
    made.expect(r"│ 1 │.*:-\] ")
    assert "│ 33 │" in made.run("33 AS c;")


def test_shell_survives_errors(shell):
    made = shell()
    assert "Code: 62. DB::Exception" in made.run("SELEC 1;")
    assert "FUNCTION_THROW_IF" in made.run("SELECT throwIf(1);")
    assert "weir client -q" in made.run("INSERT INTO t FORMAT CSV;")
    assert "│ 5 │" in made.run("SELECT 5 AS a;")


def test_shell_ctrl_c_drops_what_was_typed(shell):
    made = shell()
    made.send("SELECT 1,\n")
    made.expect(r":-\] ")
    made.send("no_such_thing")
    made.expect("no_such_thing")
    made.send("\x03")
    made.expect(r"\^C")
    made.prompt()
    made.send("\x03")  # and on an empty line
    made.expect(r"\^C")
    made.prompt()
    assert "│ 7 │" in made.run("SELECT 7 AS a;")


def test_shell_ctrl_c_cancels_the_query(shared, shell):
    made = shell()
    running = "SELECT count() FROM system.processes WHERE query LIKE '%the\\_long\\_one%' AND query NOT LIKE '%processes%'"
    made.send("SELECT count() AS the_long_one FROM numbers(1000000000000000) WHERE sin(number) > 2; SELECT 'never';\n")
    wait_until(lambda: shared.value(running) == 1, "the query runs")
    made.send("\x03")
    text = made.prompt()
    assert "QUERY_WAS_CANCELLED" in text
    wait_until(lambda: shared.value(running) == 0, "the query was cancelled")
    text = made.run("SELECT 8 AS a;")
    assert "│ 8 │" in text and "│ never" not in made.text


@pytest.mark.parametrize("keys", ["\x04", "exit\n", "quit;\n", "\\q\n"])
def test_shell_ends(shell, keys):
    made = shell()
    assert made.wait(keys) == 0
    assert "Bye." in made.text


def test_shell_remembers(shell, tmp_path):
    made = shell()
    made.run("SELECT 1001 AS a;")
    made.send("SELECT -- why\n")
    made.expect(r":-\] ")
    made.run("  1002 AS b;")
    made.send("\x1b[A")  # up
    made.expect("SELECT 1002 AS b;")
    made.send("\x03")
    made.prompt()
    history = tmp_path / ".weir_history"
    assert history.stat().st_mode & 0o077 == 0
    os.kill(made.pid, signal.SIGKILL)  # nothing waits for an orderly end
    assert made.wait() == -signal.SIGKILL
    again = shell()
    assert "│ 1001 │" in again.run("\x1b[A\x1b[A")


def test_shell_outlives_its_server(make_server, shell):
    server = make_server()
    made = shell(server=server)
    assert "│ 1 │" in made.run("SELECT 1 AS a;")
    assert server.stop() == 0
    assert "no answer from" in made.run("SELECT 2 AS a;")
    assert "no answer from" in made.run("SELECT 3 AS a;")
    assert made.wait("\x04") == 0


def test_shell_takes_a_ctrl_d_of_any_moment(shell):
    """One that the kernel took while the terminal was in no mode for keys comes as a NUL: it must not quote the next."""
    made = shell()
    made.send("\0")
    assert made.wait("\x04") == 0
    made = shell()
    made.send("SELECT sleep(0.5);\n\x04")  # while the statement runs
    assert made.wait() == 0 and "Bye." in made.text


def test_shell_completes(shared, shell):
    shared.query("CREATE TABLE IF NOT EXISTS completed_table (a_long_column UInt8, another String) ENGINE = MergeTree ORDER BY a_long_column")
    made = shell()
    made.send("sel\t")
    made.expect("select ")
    made.send("a_lo\t")  # columns of tables that the statement does not name are no candidates
    made.send("\x03")
    made.prompt()
    made.send("SELECT quantileExactW\t")
    made.expect(r"quantileExactWeighted")
    made.send("\t")
    made.expect(r"quantileExactWeighted\(\s+quantileExactWeightedInterpolated\(")
    made.send("\x03")
    made.prompt()
    made.send("INSERT INTO completed_t\t(")
    made.expect(r"completed_table \(")
    made.send("a_l\t")
    made.expect(r"a_long_column ")
    made.send("\x03")
    made.prompt()
    made.send("SELECT * FROM system.quaran\t")
    made.expect(r"system\.quarantined_segments ")
    made.send("\x03")
    made.prompt()
    made.send("SELECT 1 FORMAT JSONCompactE\t;\n")
    made.expect(r"JSONCompactEachRow ;")
    assert "[1]\n" in made.prompt()
    made.run("CREATE TABLE IF NOT EXISTS completed_later (a UInt8) ENGINE = MergeTree ORDER BY a;")
    made.send("SELECT * FROM completed_l\t")
    made.expect(r"completed_later ")


def test_shell_colours(shell):
    made = shell()
    made.send("SELECT 'text', 12, count(), x -- note")
    made.expect("-- note")
    wait_until(lambda: made.read_some() or "\x1b[90m-- note\x1b[0m" in made.text, "the line is coloured")
    for piece in ("\x1b[1;34mSELECT\x1b[0m", "\x1b[32m'text'\x1b[0m", "\x1b[35m12\x1b[0m", "\x1b[36mcount\x1b[0m", ", x "):
        assert piece in made.text
    made.send("\n /* open")
    wait_until(lambda: made.read_some() or "\x1b[90m/* open\x1b[0m" in made.text, "a second line")
    made.send("\n select */ 'é'")
    wait_until(lambda: made.read_some() or "\x1b[90m select */\x1b[0m \x1b[32m'é'\x1b[0m" in made.text, "within a comment of the line before")


def test_shell_on_a_terminal_that_changes(shell):
    made = shell()
    for columns in (40, 120, 60):
        fcntl.ioctl(made.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        made.send(f"SELECT 'a text that is longer than a row of some of them' AS t, {columns} AS n FORMAT TSV;\n")
        assert f"some of them\t{columns}\n" in made.prompt()
    made.send("\x1a")  # Ctrl-Z: nobody waits who could wake it, so the kernel lets it go on
    os.kill(made.pid, signal.SIGCONT)

    def answers():
        made.send("SELECT 5 AS a;\n")  # what comes while the terminal's mode changes is lost
        for _ in range(40):
            made.read_some()
            if "│ 5 │" in made.text:
                return True
            time.sleep(0.05)
        return False

    wait_until(answers, "the shell goes on")
    os.kill(made.pid, signal.SIGTERM)
    assert made.wait() == -signal.SIGTERM
    assert termios.tcgetattr(made.terminal)[3] & termios.ICANON  # as it was


def test_shell_without_colours(shared, tmp_path):
    made = Shell(shared, tmp_path, NO_COLOR="1")
    made.prompt()
    assert "│ 5 │" in made.run("SELECT 5 AS a;") and "\x1b[1;34m" not in made.text
    made.close()


def test_shell_shortcuts(shared, shell, tmp_path):
    shared.query("CREATE TABLE IF NOT EXISTS for_shortcuts (a UInt8, note String) ENGINE = MergeTree ORDER BY a")
    made = shell()
    assert "\\timing" in made.run("\\?")
    assert "for_shortcuts" in made.run("\\d")
    assert re.search(r"│ note\s+│ String", made.run("\\d for_shortcuts"))
    assert "system" in made.run("\\l")
    assert "system.processes" in made.run("\\p")
    assert "Code: 81" in made.run("\\c nothing_of_that_name")
    assert "Elapsed" in made.run("\\c system")
    assert "│ one" in made.run("SELECT name FROM tables WHERE name = 'one';")
    made.run("USE default;")
    assert "a: 1\n" in made.run("SELECT 1 AS a\\G")
    assert "a: 2\n" in made.run("\\x") + made.run("SELECT 2 AS a;")
    made.run("\\x")
    assert '{"a":3}\n' in made.run("\\f JSONEachRow") + made.run("SELECT 3 AS a;")
    assert "│ 4 │" in made.run("\\f") + made.run("SELECT 4 AS a;")
    made.run("\\timing")
    assert "Elapsed" not in made.run("SELECT 5 AS a;")
    (tmp_path / "two.sql").write_text("SELECT 61;\nSELECT 62\n")
    text = made.run(f"\\i {tmp_path}/two.sql")
    assert "61" in text and "62" in text
    assert "no shortcut" in made.run("\\nothing")
    assert made.wait("\\q\n") == 0


def test_progress(shared, shell, tmp_path):
    made = shell()
    made.send("SELECT count() FROM numbers(1000000000000000) WHERE sin(number) > 2;\n")
    made.expect(r"rows, .*rows/s\., .*/s\.\)  memory ")
    made.send("\x03")
    assert "QUERY_WAS_CANCELLED" in made.prompt()
    # to a pipe when asked for; what is shown leaves nothing behind in the result
    done = client(shared, "--progress", "-q", "SELECT sum(sleepEachRow(0.3)) FROM numbers(4) SETTINGS max_block_size = 1")
    assert done.returncode == 0 and done.stdout == b"0\n" and b"rows/s." in done.stderr and done.stderr.endswith(b"\r\x1b[K")
    done = client(shared, "-q", "SELECT sum(sleepEachRow(0.3)) FROM numbers(4) SETTINGS max_block_size = 1")
    assert done.stderr == b""


def test_password_is_asked_for(shared, tmp_path):
    shared.query("CREATE USER shy IDENTIFIED BY 'pass wörd'")
    shell = Shell(shared, tmp_path, "-u", "shy", "--password")  # without a value
    shell.expect("Password for user shy: ")
    shell.send("pass wörd typö\x7f\x7f\x7f\x7f\x7f\n")
    shell.prompt()
    assert "shy" in shell.run("SELECT currentUser();")
    assert shell.wait("\\q\n") == 0 and "wörd" not in shell.text
    shell = Shell(shared, tmp_path, "-u", "shy", "-q", "SELECT currentUser(), 1 + 1")  # the server wants one
    shell.expect("Password for user shy: ")
    shell.send("wrong\x15pass wörd\n")
    shell.expect("shy\t2|shy │ 2|shy.*2")
    assert shell.wait("") == 0
    shell = Shell(shared, tmp_path, "-u", "shy", "-q", "SELECT 1")
    shell.expect("Password for user shy: ")
    shell.send("wrong\n")
    shell.expect("Code: 516")
    assert shell.wait("") == 516 % 256
    shell = Shell(shared, tmp_path, "-u", "shy", "--password", "-q", "SELECT 1")
    shell.expect("Password for user shy: ")
    shell.send("\x03")
    assert shell.wait("") == 194
    shell = Shell(shared, tmp_path, "-q", "SELECT 40 + 2")  # nobody asks who needs none
    shell.expect("42")
    assert shell.wait("") == 0 and "Password" not in shell.text
    assert output(shared, "-u", "shy", "--password", "pass wörd", "-q", "SELECT 1") == "1\n"
    assert output(shared, "-u", "shy", "--password=pass wörd", "-q", "SELECT 1") == "1\n"
    shared.query("DROP USER shy")


FILES = [("rows.csv", ""), ("rows.csv.gz", ""), ("rows.tsv.zst", ""), ("rows.jsonl.lz4", ""), ("rows.native.br", ""), ("rows.csv.xz", ""), ("rows.tsv.bz2", ""), ("rows.jsonl.snappy", ""), ("rows", "COMPRESSION 'gzip' FORMAT CSV"), ("rows.gz", "COMPRESSION 'none' FORMAT JSONEachRow")]


@pytest.mark.parametrize("name, clauses", FILES)
def test_files_out_and_in(shared, tmp_path, name, clauses):
    path = tmp_path / name
    table = create(shared, "files_" + re.sub(r"\W", "_", name))
    source = "SELECT toUInt64(number) AS a, concat('row;''', toString(number)) AS s FROM numbers(100000)"
    assert output(shared, "-q", f"{source} INTO OUTFILE '{path}' {clauses}") == ""
    assert 1000 < path.stat().st_size
    if name.endswith(".csv.gz"):
        assert gzip.decompress(path.read_bytes()).startswith(b'0,"row;\'0"\n')
    assert output(shared, "-q", f"INSERT INTO {table} FROM INFILE '{path}' {clauses}; SELECT count() FROM {table}") == "100000\n"
    assert shared.rows(f"SELECT sum(a), max(s) FROM {table}") == [[4999950000, "row;'99999"]]
    code, _, error = failure(shared, "-q", f"SELECT 1 AS a, '' AS s INTO OUTFILE '{path}' {clauses}")
    assert code == 76 and "exists" in error and "APPEND" in error
    added = f"SELECT toUInt64(1) AS a, 'x' AS s INTO OUTFILE '{path}' APPEND {clauses}"
    if name.endswith(".br"):
        assert "cannot be added to" in failure(shared, "-q", added)[2]
    else:
        assert output(shared, "-q", added) == ""
        assert output(shared, "-q", f"TRUNCATE TABLE {table}; INSERT INTO {table} FROM INFILE '{path}' {clauses}; SELECT count() FROM {table}") == "100001\n"
    assert output(shared, "-q", f"SELECT toUInt64(7) AS a, 'x' AS s INTO OUTFILE '{path}' TRUNCATE AND STDOUT COMPRESSION 'none' FORMAT CSV") == '7,"x"\n'
    assert path.read_bytes() == b'7,"x"\n'


def test_files_that_are_wrong(shared, tmp_path):
    table = create(shared, "wrong_files")
    path = tmp_path / "bad.csv.gz"
    path.write_bytes(gzip.compress(b"1,a\n2,b\n")[:-9])
    assert "bad.csv.gz" in failure(shared, "-q", f"INSERT INTO {table} FROM INFILE '{path}'")[2]
    assert shared.value(f"SELECT count() FROM {table}") == 0
    assert failure(shared, "-q", f"INSERT INTO {table} FROM INFILE '{tmp_path}/nothing.csv'")[0] == 76
    assert "FORMAT" in failure(shared, "-q", f"INSERT INTO {table} FROM INFILE '{tmp_path}/rows'")[2]
    assert "deflate" in failure(shared, "-q", f"INSERT INTO {table} FROM INFILE '{path}' COMPRESSION 'rar' FORMAT CSV")[2]
    assert failure(shared, "-q", f"SELECT throwIf(1) INTO OUTFILE '{tmp_path}/out.csv'")[0] == 395 % 256
    assert not (tmp_path / "out.csv").exists()
    assert failure(shared, "-q", f"SELECT 1 INTO OUTFILE '{tmp_path}/no/such/folder.csv'")[0] == 76


def test_outfile_of_parquet(shared, tmp_path):
    """The file's ending says the format."""
    path = tmp_path / "rows.parquet"
    assert output(shared, "-q", f"SELECT number AS n FROM numbers(3) ORDER BY n INTO OUTFILE '{path}'") == ""
    data = path.read_bytes()
    assert data.startswith(b"PAR1") and data.endswith(b"PAR1")


def test_queries_file_and_use(shared, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("SELECT $x$a;b$x$;\n-- ;\nUSE system; SELECT name FROM tables WHERE name = 'one'\\G SELECT {n:UInt8} + 1")
    assert output(shared, "--queries-file", str(script), "--param_n", "41") == "a;b\nRow 1:\n──────\nname: one\n42\n"
    code, out, error = failure(shared, "-q", "USE nothing_of_that_name; SELECT 1")
    assert code == 81 and out == "" and "does not exist" in error
