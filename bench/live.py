"""Live queries: many viewers of many panels, in processes of their own beside the server; viewers to whom nothing happens."""
import ctypes
import json
import os
import pathlib
import resource
import selectors
import signal
import socket
import threading
import time
import urllib.parse

from common import Server, child, note, table

VIEWERS, PANELS, RECEIVERS, KEYS = 500, 20, 2, 40
IDLE = 9000
TICK_KEYS, TICK_WINDOWS = 1000, (60, 300, 3600)


def panel(number):
    return f"SELECT k, count() AS n, max(t) AS t FROM e WHERE k % {PANELS} = {number} GROUP BY k"


def connect(server, subscriptions):
    host, port = server.address.rsplit(":", 1)
    path = "/live?" + urllib.parse.urlencode({"subscriptions": json.dumps({"subscriptions": subscriptions})})
    connection = socket.create_connection((host, int(port)))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    connection.setblocking(False)
    return connection


class Viewer:
    """The state of one connection, and how late each event came."""

    def __init__(self, server):
        self.connection = connect(server, [{"id": str(p), "query": panel(p)} for p in range(PANELS)])
        self.rest, self.state, self.bytes, self.events = b"", {}, 0, 0

    def read(self, late):
        try:
            piece = self.connection.recv(1 << 20)
        except BlockingIOError:
            return
        now = time.time_ns() // 1000
        if not piece:
            raise RuntimeError("a stream ended")
        self.bytes += len(piece)
        lines = (self.rest + piece).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            if not line.startswith(b'data: {"id"'):
                continue
            event = json.loads(line[6:])
            if event["type"] == "error":
                raise RuntimeError(event["message"])
            rows = self.state.setdefault(event["id"], {}) if event["type"] == "change" else {}
            self.state[event["id"]] = rows
            changed = event["rows"] if event["type"] == "snapshot" else event["upsert"]
            for row in changed:
                rows[row[0]] = row[1:]
            self.events += 1
            if event["type"] == "change" and changed:
                late.append(now - max(row[2] for row in changed))

    def is_done(self, rounds):
        return len(self.state) == PANELS and all(
            len(rows) == KEYS // PANELS and all(row[0] == rounds for row in rows.values()) for rows in self.state.values())


def receive(server, count, rounds, ready):
    """Viewers until all have the last state; their figures as JSON."""
    late, selector = [], selectors.DefaultSelector()
    viewers = [Viewer(server) for _ in range(count)]
    for viewer in viewers:
        selector.register(viewer.connection, selectors.EVENT_READ, viewer)
    open_ones, told, end = set(viewers), False, time.monotonic() + 600
    while open_ones:
        if time.monotonic() > end:
            raise RuntimeError(f"{len(open_ones)} viewers do not have the last state")
        for key, _ in selector.select(1):
            key.data.read(late)
            if key.data.is_done(rounds):
                open_ones.discard(key.data)
        if not told and all(len(viewer.state) == PANELS for viewer in viewers):
            os.write(ready, b"x")
            told = True
    states = {json.dumps(viewer.state, sort_keys=True) for viewer in viewers}
    late.sort()
    return json.dumps({"late": late[:: max(1, len(late) // 20000)], "events": sum(v.events for v in viewers),
                       "bytes": sum(v.bytes for v in viewers), "states": sorted(states)})


def panels(server, seconds):
    rounds = max(5, seconds)
    server.query("CREATE TABLE e (k UInt32, t Int64) ENGINE = MergeTree ORDER BY k")
    reader, writer = os.pipe()
    pids, outputs = [], []
    for _ in range(RECEIVERS):
        result_reader, result_writer = os.pipe()  # of its own: long lines of two would mix
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with the benchmark
            text, cpu, _ = child(lambda: receive(server, VIEWERS // RECEIVERS, rounds, writer))
            with os.fdopen(result_writer, "w") as out:
                out.write(json.dumps({"cpu": cpu, **json.loads(text)}) + "\n")
            os._exit(0)
        pids.append(pid)
        outputs.append(result_reader)
        os.close(result_writer)
    for _ in range(RECEIVERS):
        if not os.read(reader, 1):
            raise RuntimeError("a receiver ended")
    note(f"live: {VIEWERS} viewers have their first {PANELS} snapshots")
    runs, cpu, began = int(server.query("SELECT sum(runs) FROM system.live_queries")), server.cpu_seconds(), time.monotonic()
    for _ in range(rounds):
        server.query("INSERT INTO e VALUES " + ", ".join(f"({k}, {time.time_ns() // 1000})" for k in range(KEYS)))
        time.sleep(1)
    results = []
    for output in outputs:
        with os.fdopen(output) as text:
            results.append(json.load(text))
    took, cpu = time.monotonic() - began, server.cpu_seconds() - cpu
    runs = int(server.query("SELECT sum(runs) FROM system.live_queries")) - runs
    for pid in pids:
        os.waitpid(pid, 0)
    states = {state for result in results for state in result["states"]}
    if len(results) != RECEIVERS or len(states) != 1:
        raise RuntimeError(f"viewers ended with {len(states)} states")
    if runs > rounds * PANELS:
        raise RuntimeError(f"{runs} runs of {PANELS} queries for {rounds} changes")
    late = sorted(value for result in results for value in result["late"])
    events = sum(result["events"] for result in results) - VIEWERS * PANELS
    return [f"{VIEWERS} × {PANELS}", rounds, runs, f"{events:,}", f"{late[len(late) // 2] / 1000:.1f}", f"{late[len(late) * 99 // 100] / 1000:.1f}",
            f"{cpu / max(1, events) * 1e6:.1f}", f"{cpu / took * 100:.0f} %", f"{sum(result['cpu'] for result in results) / took * 100:.0f} %"]


def idle(server):
    """KiB of resident memory of each viewer, and the share of a core that all take, while nothing changes."""
    server.query("CREATE TABLE quiet (k UInt32) ENGINE = MergeTree ORDER BY k")
    before = server.status_mb("VmRSS")
    viewers = []
    for number in range(IDLE):
        viewers.append(connect(server, [{"id": "a", "query": "SELECT count() FROM quiet"}]))
        if number % 50 == 0:
            viewers[-1].setblocking(True)
            viewers[-1].recv(4096)
    while int(server.query("SELECT sum(viewers) FROM system.live_queries WHERE position(query, 'quiet') > 0")) < IDLE:
        time.sleep(0.2)
    time.sleep(2)
    after, cpu, began = server.status_mb("VmRSS"), server.cpu_seconds(), time.monotonic()
    time.sleep(16)  # a heartbeat of each
    share = (server.cpu_seconds() - cpu) / (time.monotonic() - began)
    for connection in viewers:
        connection.close()
    return (after - before) * 1024 / IDLE, share


def thread_cpu(server):
    """Seconds of processor time of the threads that run live queries, and of those that help them."""
    nanoseconds = 0
    for task in pathlib.Path(f"/proc/{server.process.pid}/task").iterdir():
        if (task / "comm").read_text(encoding="ascii").startswith(("live/", "query/")):
            nanoseconds += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return nanoseconds / 1e9


def seconds_pass(server, count):
    """A row of each key comes in each second; the processor time."""
    before = thread_cpu(server)
    for _ in range(count):
        server.query(f"INSERT INTO w SELECT now(), number, number % 977 FROM numbers({TICK_KEYS})")
        time.sleep(1)
    return thread_cpu(server) - before


def ticks(seconds):
    """A live query over a window that moves each second, of keys that all change: ms of processor time a run, anew and with panes."""
    rows = []
    for window in TICK_WINDOWS:
        server = Server()
        try:
            server.query("CREATE TABLE w (ts DateTime, k UInt32, v Int64) ENGINE = MergeTree ORDER BY (k, ts)")
            server.query(f"INSERT INTO w SELECT now() - intDiv(number, {TICK_KEYS}), number % {TICK_KEYS}, number % 977 FROM numbers({window * TICK_KEYS})")
            row, idle_cpu = [window, f"{window * TICK_KEYS:,}"], seconds_pass(server, seconds)
            for setting in (0, 1):
                sql = f"SELECT k, count() AS n, avg(v) AS a FROM w WHERE ts > now() - INTERVAL {window} SECOND GROUP BY k"
                viewer = connect(server, [{"id": "w", "query": sql, "settings": {"use_pane_tree": setting}, "min_interval_ms": 1000}])
                viewer.setblocking(True)
                reader = threading.Thread(target=lambda: all(iter(lambda: viewer.recv(1 << 20), b"")))
                reader.start()
                runs = "SELECT sum(runs) FROM system.live_queries WHERE viewers > 0"
                while int(server.query(runs)) < 4:  # what is kept is there
                    seconds_pass(server, 1)
                before = int(server.query(runs))
                cpu = seconds_pass(server, seconds) - idle_cpu
                ran = int(server.query(runs)) - before
                mode = server.query("SELECT mode FROM system.live_queries WHERE viewers > 0").strip()
                row += [mode, f"{cpu / max(1, ran) * 1000:.2f}"]
                viewer.shutdown(socket.SHUT_RDWR)
                reader.join()
                viewer.close()
                while server.query("SELECT count() FROM system.live_queries WHERE viewers > 0").strip() != "0":
                    time.sleep(0.05)
            note("live: ticks: " + ", ".join(map(str, row)))
            rows.append(row)
        finally:
            server.stop()
    return rows


def run(options):
    moving = ticks(max(5, min(30, options.seconds)))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = Server("--connections-max", "20000", "--live-viewers-max", "20000")
    try:
        row = panels(server, options.seconds)
        note("live: " + ", ".join(map(str, row)))
        kilobytes, share = idle(server)
    finally:
        server.stop()
    return (
        "## Live queries\n\nViewers over SSE, each with all panels in one connection, in two processes beside the server; an INSERT a second changes every "
        "panel. Latency: from before the INSERT to the event's arrival. Every viewer ended with the same state.\n\n"
        + table(["viewers × panels", "changes", "runs", "events", "p50, ms", "p99, ms", "server's CPU, us an event", "server", "receivers"], [row])
        + f"\n{IDLE:,} viewers to whom nothing happens: {kilobytes:.1f} KiB of resident memory each, {share * 100:.1f} % of a core for all.\n\n"
        f"A window that moves each second over {TICK_KEYS:,} keys, all of which change; milliseconds of processor time a run (binding, rows, JSON, comparing), "
        "with `use_pane_tree` 0 and 1.\n\n" + table(["window, s", "rows in it", "without", "ms", "with", "ms"], moving)
    )
