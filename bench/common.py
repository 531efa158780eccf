"""What the benchmarks share: the server under test, figures of a process, tables."""
import http.client
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
WEIR = BUILD / "weir"
BLOCK_BYTES = 64 << 10

COLUMNS = [
    ("ts", "DateTime64(3)"),
    ("service", "String"),
    ("host", "String"),
    ("region", "String"),
    ("level", "String"),
    ("method", "String"),
    ("path", "String"),
    ("status", "UInt16"),
    ("duration_ms", "Float64"),
    ("bytes", "UInt32"),
    ("user_id", "UInt32"),
    ("trace_id", "String"),
]
SCHEMA = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
ENGINE = "ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY (service, ts)"


class Server:
    """A Weir server on a free port with a data directory of its own, or with one that is given and stays."""

    def __init__(self, *flags, directory=None):
        self.own = None if directory else tempfile.TemporaryDirectory(prefix="weir-bench-")
        self.directory = directory or self.own.name
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [WEIR, "server", "--data-dir", self.directory, "--http-port", "0", "--native-port", "0", *flags],
            stdout=subprocess.PIPE,
            stderr=open(os.path.join(self.directory, "log"), "w", encoding="utf-8"),
            text=True,
        )
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            raise RuntimeError(f"the server did not start: {line}")
        self.address = dict(word.split("=", 1) for word in line.split()[1:])["http"]
        self.url = f"http://{self.address}/"

    def query(self, sql, data=None):
        """The answer; data is the body: bytes or a file, which is sent in pieces as large as other clients take."""
        connection = http.client.HTTPConnection(self.address, blocksize=BLOCK_BYTES)
        length = {"Content-Length": str(os.fstat(data.fileno()).st_size)} if hasattr(data, "fileno") else {}
        connection.request("POST", "/?" + urllib.parse.urlencode({"query": sql}), body=data or b"", headers=length)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        if reply.status != 200:
            raise RuntimeError(f"{sql}: {text}")
        return text

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rss_peak_mb(self):
        return self.status_mb("VmHWM")

    def status_mb(self, name):
        """A line of the process's status: VmRSS, what it has in memory now; VmHWM, the most it had."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1000
        return 0.0

    def disk_mb(self):
        return sum(f.stat().st_size for f in pathlib.Path(self.directory).rglob("*") if f.is_file()) / 1e6

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        if self.own:
            self.own.cleanup()


def child(function):
    """Runs function() in a forked child; returns what it returned (text), its CPU seconds and peak RSS in MB."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        status = 1
        try:
            os.write(writer, str(function()).encode())
            status = 0
        except Exception as error:  # the parent reports it
            os.write(writer, f"error: {error}".encode())
        os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        raise RuntimeError(text)
    return text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def machine():
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GiB, Linux {os.uname().release}"


def note(text):
    print(text, file=sys.stderr, flush=True)
