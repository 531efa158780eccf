"""Never wrong because late: a live stream through stalls, errors, clocks that jump and rows with odd times. Beside the rules a naive
poller, which asks the same at the wall clock: it is wrong wherever the rules must not be. The server's clock is moved."""
import json
import select
import signal
import socket
import threading
import time

import pytest
from confluent_kafka import Producer

from kafka import Broker, free_port
from test_alerts import CLOCK, evaluated, history
from weir import wait_until

TABLE = """CREATE TABLE m (ts DateTime64(3, 'UTC'), host String, n UInt32, WATERMARK FOR ts AS ts - INTERVAL 1 SECOND) ENGINE = MergeTree ORDER BY ts"""
SILENCE = "SELECT count() AS value FROM m WHERE host = 'a' AND ts > now() - INTERVAL 20 SECOND HAVING value < 5"
BUSY = "SELECT host, count() AS value FROM m WHERE host = 'a' AND ts > now() - INTERVAL 20 SECOND GROUP BY host HAVING value >= 5"
ODD = "SELECT host, count() AS value FROM m WHERE host = 'odd' AND ts > now() - INTERVAL 1 MINUTE GROUP BY host"


class Proxy:
    """Between the server and its broker: can stand still, and can break connections."""

    def __init__(self):
        self.target = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.answers = True  # pass
        self.broken, self.ended = False, False
        self.pairs = []
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended:
            if self.broken:
                self.close_all()
            ends = [pair[0] for pair in self.pairs] + [pair[1] for pair in self.pairs if self.answers]
            for ready in select.select([self.listener, *ends], [], [], 0.01)[0]:
                if ready is self.listener:
                    self.accept()
                else:
                    self.forward(ready)

    def accept(self):
        client, _ = self.listener.accept()
        if self.broken:
            client.close()
        else:
            self.pairs.append((client, socket.create_connection(("127.0.0.1", self.target))))

    def forward(self, end):
        pair = next((pair for pair in self.pairs if end in pair), None)
        if pair is None:
            return
        try:
            data = end.recv(1 << 16)
            (pair[1] if end is pair[0] else pair[0]).sendall(data)
        except OSError:
            data = b""
        if not data:
            self.pairs.remove(pair)
            for one in pair:
                one.close()

    def close_all(self):
        for pair in self.pairs:
            for one in pair:
                one.close()
        self.pairs.clear()

    def stop(self):
        self.ended = True
        self.thread.join()
        self.close_all()
        self.listener.close()


class Stream:
    """A row of host a for each second of the writer's clock, and one of host b now and then, so that rows always come. Partition 1 is idle."""

    def __init__(self, broker, topic, start):
        self.producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 1, "log_level": 0})
        self.topic, self.began, self.skipped, self.next = topic, time.monotonic() - start, 0, start - 60
        self.lock, self.ended = threading.Lock(), False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def clock(self):
        return time.monotonic() - self.began + self.skipped

    def send(self, second, host):
        self.producer.produce(self.topic, json.dumps({"ts": second, "host": host, "n": 1}), partition=0, timestamp=int(self.clock() * 1000))

    def run(self):
        while not self.ended:
            with self.lock:
                while self.next <= self.clock():
                    self.send(self.next, "a")
                    self.next += 1
                self.send(round(self.clock(), 3), "b")
            self.producer.poll(0)
            time.sleep(0.05)

    def stop(self):
        self.ended = True
        self.thread.join()
        assert self.producer.flush(60) == 0


class Scene:
    def __init__(self, make_server, broker, proxy):
        broker.create_topic("never-wrong", 2)
        self.server = make_server(*CLOCK)
        self.server.query(TABLE)
        self.server.query("CREATE TABLE other (ts DateTime) ENGINE = MergeTree ORDER BY ts")
        self.stream = Stream(broker, "never-wrong", int(time.time()))
        self.ahead = 0  # of the server's clock before the writer's
        self.server.query(f"CREATE SOURCE feed INTO m FROM KAFKA (brokers = '127.0.0.1:{proxy.port}', topic = 'never-wrong') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200")
        wait_until(lambda: self.server.value("SELECT count() FROM m") >= 60, "rows came")
        for name, sql in (("silence", SILENCE), ("busy", BUSY), ("odd", ODD), ("control", "SELECT count() AS value FROM other")):
            self.server.query(f"CREATE ALERT {name} AS {sql} EVERY 1 SECOND")
        self.server.query(f"CREATE ALERT tired AS {BUSY} EVERY 1 SECOND MAX WAIT 1 SECOND")
        self.follows()

    def wall(self):
        return self.stream.clock() + self.ahead

    def time_passes(self, seconds):
        """For all of them."""
        with self.stream.lock:
            self.stream.skipped += seconds
            self.server.query(f"SYSTEM SET CLOCK '{seconds}'")

    def clock_is_set(self, seconds):
        """The server's alone."""
        self.ahead += seconds
        self.server.query(f"SYSTEM SET CLOCK '{seconds}'")

    def data_time(self):
        return self.server.value("SELECT max(toUnixTimestamp64Micro(data_time)) / 1e6 FROM system.alerts WHERE name IN ('silence', 'busy', 'odd')")

    def complete_through(self):
        return self.server.value("SELECT toUnixTimestamp64Milli(complete_through('m')) / 1e3") or 0

    def naive(self):
        """What a poller at the wall clock would do: it fires, it resolves."""
        return self.server.query(SILENCE) != "", self.server.query(BUSY) == ""

    def holds(self):
        """No false fire, no false resolve, and nothing is complete that has not happened."""
        assert history(self.server, "silence") == [] and history(self.server, "odd") == []
        assert [row[2] for row in history(self.server, "busy")] == ["firing"]
        assert self.complete_through() <= self.stream.clock()

    def stale(self):
        wait_until(lambda: self.server.value("SELECT state FROM system.alerts WHERE name = 'tired'") == "stale", "nothing was proved for long")

    def stands(self, since):
        """While the source stands still: the threads did look, and did not go on."""
        evaluated(self.server, "control", int(self.wall()))
        assert self.data_time() <= since and self.complete_through() <= since
        self.holds()

    def follows(self):
        """The rules have caught up with the writer's clock."""
        for rule in ("silence", "busy", "odd"):
            evaluated(self.server, rule, int(self.stream.clock()))
        self.holds()


@pytest.fixture
def scene(make_server):
    proxy = Proxy()
    broker = Broker(via=(free_port(), proxy.port))
    proxy.target = broker.via
    try:
        broker.start()
        one = Scene(make_server, broker, proxy)
        one.broker, one.proxy = broker, proxy
        yield one
        one.stream.ended = True
    finally:
        proxy.stop()
        broker.remove()


def test_never_wrong_because_late(scene):
    stream = scene.stream
    for seconds in (30, 60, 120):  # the source stands still, rows go on being written
        scene.proxy.answers = False
        stood = stream.clock() + 1
        scene.time_passes(seconds)
        assert scene.naive() == (True, True)
        scene.stands(stood)
        scene.proxy.answers = True
        scene.follows()

    scene.proxy.broken = True  # connections end, and begin to no end
    wait_until(lambda: not scene.proxy.pairs, "connections are broken")
    stood = stream.clock() + 1
    scene.time_passes(45)
    assert scene.naive() == (True, True)
    scene.stands(stood)
    scene.proxy.broken = False
    scene.follows()

    scene.broker.process.send_signal(signal.SIGSTOP)  # who writes has to wait, too, and has much to send afterwards
    stood = stream.clock() + 1
    try:
        scene.time_passes(90)
        assert scene.naive() == (True, True)
        scene.stands(stood)
        scene.stale()
    finally:
        scene.broker.process.send_signal(signal.SIGCONT)
    scene.follows()

    scene.clock_is_set(60)  # rows are written by a clock that is right
    assert scene.naive() == (True, True)
    evaluated(scene.server, "control", int(scene.wall()))
    scene.follows()
    scene.clock_is_set(-60)
    scene.follows()
    scene.clock_is_set(-3000)
    assert scene.naive() == (False, False)
    evaluated(scene.server, "WeirSourceLag", int(scene.wall()))
    scene.holds()
    scene.clock_is_set(3000)
    scene.follows()

    now = int(stream.clock())  # in a live stream
    with stream.lock:
        for second in (*range(now - 620, now - 580), 0, 1, 4070908800, 4070908801):
            stream.send(second, "odd")
    wait_until(lambda: scene.server.value("SELECT count() FROM m WHERE host = 'odd'") == 44, "odd rows came")
    assert scene.server.query(ODD) != ""  # the naive poller takes 2099 for the last minute
    scene.time_passes(10)
    scene.follows()
    assert scene.server.value("SELECT sum(rows_late) FROM system.watermarks WHERE table = 'm'") >= 42

    stream.stop()  # now it is silent
    last = stream.next - 1
    scene.time_passes(60)
    for rule in ("silence", "busy"):
        evaluated(scene.server, rule, last + 40)
    assert [row[2] for row in history(scene.server, "silence", last)] == ["firing"]
    assert [row[2] for row in history(scene.server, "busy", last)] == ["firing", "inactive"]
    # the last 20 seconds have four rows 16 seconds after the last one
    assert history(scene.server, "silence", last)[0][0] == 16 and history(scene.server, "busy", last)[1][0] == 16
