"""One partition errs while the others work: rows of the others are read at once, and nothing is guessed about those that cannot be."""
import json
import threading
import time

import pytest

from mock_kafka import MockCluster
from test_alerts import CLOCK, evaluated, history
from weir import wait_until

TOPIC = "partition-errs"
PARTITIONS = 3
TABLE = "CREATE TABLE m (ts DateTime64(3, 'UTC'), host String, p UInt8, sent Float64, WATERMARK FOR ts AS ts - INTERVAL 1 SECOND) ENGINE = MergeTree ORDER BY ts"
FEW = "SELECT count() AS value FROM m WHERE p = 1 AND ts > now() - INTERVAL 20 SECOND HAVING value < 5"
SOME = "SELECT host, count() AS value FROM m WHERE p = 1 AND ts > now() - INTERVAL 20 SECOND GROUP BY host HAVING value >= 5"


class Stream:
    """A row of each second of the writer's clock for partitions 0 and 1; partition 2 is idle. Rows of a partition that errs wait."""

    def __init__(self, cluster, start):
        self.producers = [cluster.producer() for _ in range(2)]
        self.began, self.skipped, self.next = time.monotonic() - start, 0, [start - 60, start - 60]
        self.held, self.lock, self.ended = set(), threading.Lock(), False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def clock(self):
        return time.monotonic() - self.began + self.skipped

    def run(self):
        while not self.ended:
            with self.lock:
                for partition in (0, 1):
                    while partition not in self.held and self.next[partition] <= self.clock():
                        row = {"ts": self.next[partition], "host": "a", "p": partition, "sent": time.time()}
                        self.producers[partition].produce(TOPIC, json.dumps(row), partition=partition, timestamp=int(self.clock() * 1000))
                        self.next[partition] += 1
                    self.producers[partition].poll(0)
            time.sleep(0.02)

    def stop(self):
        self.ended = True
        self.thread.join()


@pytest.mark.parametrize("how", ["errs", "down"])
def test_one_partition_errs(make_server, how):
    cluster = MockCluster(3, TOPIC, PARTITIONS)
    server = make_server(*CLOCK, "--alert-max-wait-s", "30")
    server.query(TABLE)
    server.query("CREATE TABLE other (ts DateTime) ENGINE = MergeTree ORDER BY ts")
    stream = Stream(cluster, int(time.time()))
    try:
        server.query(f"CREATE SOURCE feed INTO m FROM KAFKA (brokers = '{cluster.address}', topic = '{TOPIC}') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200")
        wait_until(lambda: server.value("SELECT count() FROM m") >= 120, "rows came")
        for name, sql in (("few", FEW), ("some", SOME), ("control", "SELECT count() AS value FROM other")):
            server.query(f"CREATE ALERT {name} AS {sql} EVERY 1 SECOND")
        server.query(f"CREATE ALERT tired AS {SOME} EVERY 1 SECOND MAX WAIT 1 SECOND")

        def complete():
            return server.value("SELECT toUnixTimestamp64Milli(complete_through('m')) / 1e3") or 0

        def data_time():
            return server.value("SELECT max(toUnixTimestamp64Micro(data_time)) / 1e6 FROM system.alerts WHERE name IN ('few', 'some')")

        def newest(partition):
            return server.value(f"SELECT toUnixTimestamp(max(ts)) FROM m WHERE p = {partition}")

        def follows():
            for rule in ("few", "some"):
                evaluated(server, rule, int(stream.clock()))
            wait_until(lambda: complete() > stream.clock() - 5, "complete again")
            assert history(server, "few") == [] and [row[2] for row in history(server, "some")] == ["firing"]

        def lag():
            return [row[2] for row in history(server, "WeirSourceLag")]

        def time_passes(seconds):
            with stream.lock:
                stream.skipped += seconds
                server.query(f"SYSTEM SET CLOCK '{seconds}'")

        follows()
        assert lag() == []
        with stream.lock:  # all that was written is read, then it errs
            stream.held.add(1)
        wait_until(lambda: newest(1) == stream.next[1] - 1, "all of it is read")
        cluster.errs(1) if how == "errs" else cluster.is_down(1, True)
        wait_until(lambda: max(data_time(), complete()) < stream.clock() - 4, "what was on its way has come")
        stood = stream.clock() - 2
        for seconds in (30, 60):
            time_passes(seconds)
            wait_until(lambda: newest(0) >= stream.clock() - 2, "the other partition is read")
            assert server.query(FEW) != ""  # who asks at the wall clock is wrong
            evaluated(server, "control", int(stream.clock()))
            assert data_time() <= stood and complete() <= stood
            assert history(server, "few") == [] and [row[2] for row in history(server, "some")] == ["firing"]
        wait_until(lambda: server.value("SELECT state FROM system.alerts WHERE name = 'tired'") == "stale", "nothing was proved for long")
        wait_until(lambda: lag() == ["firing"], "the lag is told")
        assert server.value("SELECT state FROM system.sources WHERE partition = 0") == "running"
        cluster.works(1) if how == "errs" else cluster.is_down(1, False)
        with stream.lock:
            stream.held.clear()
        follows()
        wait_until(lambda: lag() == ["firing", "inactive"], "the lag is over")
        assert server.value("SELECT uniqExact(_partition, _offset) = count() AND uniqExact(p, ts) = count() FROM m") == 1
    finally:
        stream.stop()
        server.stop()
        cluster.stop()
