"""How long from an event's produce call to the alert's webhook, and to the change in a live query; a real broker on the same machine."""
import ctypes
import http.server
import json
import os
import random
import signal
import socket
import sys
import time
import urllib.parse

from common import ROOT, Server, note, table

sys.path.insert(0, str(ROOT / "tests/integration"))

WARM = 5  # events that are not counted: connections are made


def in_child(function):
    """function(out) in a process of its own, which writes lines to out; what reads them, and its process id."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with the benchmark
        with os.fdopen(writer, "w", buffering=1) as out:
            function(out)
        os._exit(0)
    os.close(writer)
    return os.fdopen(reader), pid


def webhook(listener, out):
    """A line per firing alert: its number, and when it came."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            now = time.monotonic_ns()
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            for alert in json.loads(body)["alerts"]:
                if alert["status"] == "firing":
                    out.write(f"{alert['labels']['k']} {now}\n")

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(listener.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()


def viewer(address, query, out):
    """A line per change: the highest number in it, and when it came; first "ready"."""
    host, port = address.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)))
    path = "/live?" + urllib.parse.urlencode({"subscriptions": json.dumps({"subscriptions": [{"id": "a", "query": query}]})})
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    rest = b""
    while True:
        piece = connection.recv(1 << 16)
        now = time.monotonic_ns()
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b'data: {"id"'):
                event = json.loads(line[6:])
                if event["type"] == "error":
                    out.write(event["message"] + "\n")
                elif event["type"] == "snapshot":
                    out.write("ready\n")
                elif event["type"] == "change":
                    out.write(f"{max(row[-1] for row in event['upsert'])} {now}\n")


def produce(broker, topic, count):
    """When each was given to the producer."""
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 0, "log_level": 0})
    times, chance = [], random.Random(1)
    for number in range(count):
        times.append(time.monotonic_ns())
        producer.produce(topic, json.dumps({"ts": time.time_ns() // 1_000_000 / 1000, "n": number}))
        producer.poll(0)
        until = time.monotonic() + chance.uniform(0.15, 0.35)
        while time.monotonic() < until:
            producer.poll(0.02)
    producer.flush()
    return times


def figures(what, times, arrived, load):
    late = sorted((arrived[number] - times[number]) / 1e6 for number in range(WARM, len(times)))
    row = [what, len(late), *(f"{late[len(late) * part // 100]:.0f}" for part in (50, 90, 99)), f"{late[-1]:.0f}", f"{load:.1f}"]
    note("alerts: " + ", ".join(map(str, row)))
    return row


def alert_latency(broker, count, what, having):
    topic = "bench-alerts-" + ("turn" if having else "early")
    broker.create_topic(topic, 2)
    listener = socket.create_server(("127.0.0.1", 0))
    lines, pid = in_child(lambda out: webhook(listener, out))
    server = Server("--alert-webhook", f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
    try:
        server.query("CREATE TABLE e (ts DateTime64(3), n UInt32) ENGINE = MergeTree ORDER BY ts")
        server.query(f"CREATE SOURCE feed INTO e FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow")
        server.query("CREATE ALERT each AS SELECT toString(n) AS k, count() AS value FROM e WHERE ts > now() - INTERVAL 5 SECOND GROUP BY k" + having + " EVERY 100 MILLISECOND")
        times, arrived = produce(broker, topic, count), {}
        load = os.getloadavg()[0]
        while len(arrived) < count:
            number, at = lines.readline().split()
            arrived.setdefault(int(number), int(at))
        return figures(what, times, arrived, load)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        server.stop()


def live_latency(broker, count):
    topic = "bench-live"
    broker.create_topic(topic, 2)
    server = Server()
    pid = 0
    try:
        server.query("CREATE TABLE e (ts DateTime64(3), n UInt32) ENGINE = MergeTree ORDER BY ts")
        server.query(f"CREATE SOURCE feed INTO e FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow")
        lines, pid = in_child(lambda out: viewer(server.address, "SELECT n % 10 AS k, count() AS c, max(n) AS last FROM e GROUP BY k", out))
        first = lines.readline()
        if first != "ready\n":
            raise RuntimeError(f"no snapshot came: {first}")
        times, arrived = produce(broker, topic, count), {}
        load = os.getloadavg()[0]
        while len(arrived) < count:
            number, at = map(int, lines.readline().split())
            for one in range(number, -1, -1):
                if one in arrived:
                    break
                arrived[one] = at
        return figures("live query, to its change over SSE", times, arrived, load)
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        server.stop()


def run(options):
    import kafka

    broker = kafka.Broker()
    broker.start()
    count = max(20, options.seconds * 4) + WARM
    try:
        rows = [alert_latency(broker, count, "alert that more rows cannot undo (fires early)", ""),
                alert_latency(broker, count, "alert that more rows could undo (HAVING value < 1000)", " HAVING value < 1000"),
                live_latency(broker, count)]
    finally:
        broker.remove()
    return (
        "## From an event to who waits for it\n\nMilliseconds from the call that produces an event to Kafka until the webhook has the alert that it makes, and until a viewer "
        "has the change. Rules: EVERY 100 MILLISECOND, no FOR. Four events a second at random moments; broker, server, producer, receiver and viewer are processes of one machine. Bar: p99 < 500 ms and < 250 ms.\n\n"
        + table(["what", "events", "p50, ms", "p90", "p99", "longest", "load average"], rows)
    )
