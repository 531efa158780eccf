"""Sources on a real Kafka broker: every message is accounted for, whatever happens in between."""
import json
import os
import random
import shutil
import subprocess
import threading
import time

import pytest

from weir import ROOT, QueryError, wait_until


# random kills: in all, with rows in the head, inside a commit
KILLS = tuple(int(number) for number in os.environ.get("WEIR_KILLS", "200,150,50").split(","))
# another file of flights, as examples/ has one: its path, rows, sums of delay and distance
FLIGHTS = os.environ.get("WEIR_FLIGHTS", "examples/flights-300k.ndjson.zst,300000,2270588,218607082").split(",")


def rows(server, sql):
    """Rows as dictionaries."""
    return [json.loads(line) for line in server.query(sql, default_format="JSONEachRow").splitlines()]


def flight(number):
    return {"n": number, "origin": f"A{number % 7}", "delay": number % 61 - 20, "distance": number % 2000}


def messages(first, count):
    return [json.dumps(flight(number)) for number in range(first, first + count)]


def sums(first, count):
    flights = [flight(number) for number in range(first, first + count)]
    return [count, sum(row["delay"] for row in flights), sum(row["distance"] for row in flights), count]


TABLE = "CREATE TABLE flights (n UInt64, origin LowCardinality(String), delay Int32, distance UInt32) ENGINE = MergeTree ORDER BY (origin, n)"


def create(server, broker, topic, select="", name="feed", **settings):
    settings = {"commit_interval_ms": 200, **settings}
    text = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    if not rows(server, "EXISTS TABLE flights")[0]["result"]:
        server.query(TABLE)
    return server.query(
        f"CREATE SOURCE {name} INTO flights FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow SETTINGS {text} {select}"
    )


def found(server):
    row = rows(server, "SELECT count() AS a, sum(delay) AS b, sum(distance) AS c, uniqExact(n) AS d FROM flights")[0]
    return [int(row[key]) for key in "abcd"]


def ledger(server):
    return rows(server, "SELECT * FROM system.offset_ledger WHERE stream != 'insert-log' ORDER BY stream, incarnation, partition, first_offset")


def counts(server):
    names = ["stored", "filtered", "dead", "duplicate", "absent", "expired"]
    return {name: sum(int(row[name]) for row in ledger(server)) for name in names}


def check_ledger(server):
    """The equation of every range, and no gap or overlap between the ranges of a partition."""
    ends = {}
    for row in ledger(server):
        scanned = int(row["last_offset"]) - int(row["first_offset"]) + 1
        assert scanned == sum(int(row[name]) for name in ("stored", "filtered", "dead", "duplicate", "absent", "expired")), row
        key = (row["stream"], row["incarnation"], row["partition"])
        assert ends.get(key, int(row["first_offset"])) == int(row["first_offset"]), row
        ends[key] = int(row["last_offset"]) + 1
    return ends


def wait_counts(server, **expected):
    wait_until(lambda: all(counts(server)[name] == value for name, value in expected.items()), f"the ledger says {expected}, it says {counts(server)}")


def wait_state(server, state):
    wait_until(lambda: rows(server, "SELECT DISTINCT state FROM system.sources")[0]["state"] == state, f"the source is {state}: {rows(server, 'SELECT * FROM system.sources')}")


def last_error(server):
    return rows(server, "SELECT last_error FROM system.sources")[0]["last_error"]


def test_several_topics_and_partitions(make_server, broker):
    server = make_server()
    broker.create_topic("many_a", 4)
    broker.create_topic("many_b", 2)
    broker.create_topic("many_c", 1)
    broker.produce("many_a", messages(0, 30000))
    create(server, broker, "many_a, many_b, many_c")
    broker.produce("many_b", messages(30000, 10000))
    broker.produce("many_c", messages(40000, 5000))
    wait_counts(server, stored=45000)
    assert found(server) == sums(0, 45000)
    assert sum(check_ledger(server).values()) == 45000
    found_rows = rows(server, "SELECT topic, partition, position, committed FROM system.sources ORDER BY topic, partition")
    assert [(row["topic"], row["partition"]) for row in found_rows] == [("many_a", p) for p in range(4)] + [("many_b", p) for p in range(2)] + [("many_c", 0)]
    wait_until(lambda: sum(int(row["committed"]) for row in rows(server, "SELECT committed FROM system.sources")) == 45000, "all is committed")
    assert rows(server, "SELECT count() AS c FROM flights WHERE _offset >= 0 AND _partition >= 0")[0]["c"] in (45000, "45000")


def test_flights_at_full_speed(make_server, broker):
    """Real flights into three topics of four partitions, while the source reads them: exactly 3,000,000 and their sums."""
    path, count, delay, distance = FLIGHTS[0], *(int(number) for number in FLIGHTS[1:])
    lines = subprocess.run(["zstd", "-dcq", ROOT / path], check=True, stdout=subprocess.PIPE).stdout.splitlines()
    assert len(lines) == count
    copies = -(-3000000 // count)
    server = make_server()
    topics = ["flights_a", "flights_b", "flights_c"]
    for topic in topics:
        broker.create_topic(topic, 4)
    server.query(
        "CREATE TABLE flights (ts DateTime, origin LowCardinality(String), destination LowCardinality(String), delay Int32, distance UInt32) "
        "ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (origin, ts)"
    )
    server.query(
        f"CREATE SOURCE feed INTO flights FROM KAFKA (brokers = '{broker.address}', topic = '{', '.join(topics)}') FORMAT JSONEachRow"
    )
    part = -(-len(lines) // 3)
    producers = [
        threading.Thread(target=lambda topic=topic, values=lines[k * part : (k + 1) * part]: [broker.produce(topic, values) for _ in range(copies)])
        for k, topic in enumerate(topics)
    ]
    for producer in producers:
        producer.start()
    for producer in producers:
        producer.join()
    wait_counts(server, stored=copies * count)
    row = rows(server, "SELECT count() AS a, sum(delay) AS b, sum(distance) AS c FROM flights")[0]
    assert [int(row[key]) for key in "abc"] == [copies * count, copies * delay, copies * distance]
    ends = check_ledger(server)
    assert len(ends) == 12 and sum(ends.values()) == copies * count == sum(sum(broker.ends(topic)) for topic in topics)
    assert counts(server)["absent"] == counts(server)["dead"] == 0


def test_compacted_topic(make_server, broker):
    """What compaction removed is absent, what it left is stored."""
    server = make_server()
    broker.create_topic("compacted", 1, cleanup_policy="compact", min_cleanable_dirty_ratio=0.001, segment_bytes=50000, segment_ms=100, max_compaction_lag_ms=1)
    values = messages(0, 4000)
    for first in range(0, len(values), 500):
        broker.produce("compacted", values[first : first + 500], keys=[f"key-{n % 50}" for n in range(500)])
    wait_until(lambda: broker.count("compacted") < len(values), "the broker compacts")
    create(server, broker, "compacted")
    end = broker.ends("compacted")[0]
    wait_until(lambda: sum(counts(server).values()) == end, "all is scanned")
    found_counts = counts(server)
    assert found_counts["absent"] > 0 and found_counts["stored"] + found_counts["absent"] == end == len(values)
    assert found(server)[0] == found_counts["stored"]
    check_ledger(server)


def test_restarts_and_kills(make_server, broker):
    server = make_server()
    broker.create_topic("restarts", 3)
    create(server, broker, "restarts")
    total = 0
    for number in range(6):
        broker.produce("restarts", messages(total, 4000))
        total += 4000
        if number % 2 == 0:
            assert server.stop() == 0
        else:
            server.kill()
        server.start()
        check_ledger(server)
    wait_counts(server, stored=total)
    assert found(server) == sums(0, total)
    assert sum(check_ledger(server).values()) == total


def test_anchor(make_server, broker):
    """A data directory that is older than what Kafka's group remembers is told, and what it lost is read again."""
    server = make_server()
    broker.create_topic("anchor", 1)
    create(server, broker, "anchor", name="anchored")
    broker.produce("anchor", messages(0, 100))
    wait_counts(server, stored=100)
    assert server.stop() == 0
    shutil.copytree(server.data, server.directory / "old")
    server.start()
    broker.produce("anchor", messages(100, 100))
    wait_counts(server, stored=200)
    assert server.stop() == 0
    assert "Kafka remembers" not in server.log_text()
    shutil.rmtree(server.data)
    (server.directory / "old").rename(server.data)
    server.start()
    wait_until(lambda: "commits were lost" in last_error(server), "the anchor is compared")
    wait_counts(server, stored=200)
    assert found(server) == sums(0, 200)
    check_ledger(server)


def test_broker_restart(make_server, broker):
    server = make_server()
    broker.create_topic("broker_restart", 2)
    create(server, broker, "broker_restart")
    broker.produce("broker_restart", messages(0, 1000))
    wait_counts(server, stored=1000)
    broker.stop()
    try:
        wait_state(server, "waiting")
        assert found(server) == sums(0, 1000)
    finally:
        broker.start()
    broker.produce("broker_restart", messages(1000, 1000))
    wait_counts(server, stored=2000)
    assert found(server) == sums(0, 2000)
    check_ledger(server)


def test_partition_added(make_server, broker):
    server = make_server()
    broker.create_topic("added", 1)
    create(server, broker, "added")
    broker.produce("added", messages(0, 500))
    wait_counts(server, stored=500)
    broker.add_partitions("added", 3)
    broker.produce("added", messages(500, 900))
    wait_counts(server, stored=1400)
    assert found(server) == sums(0, 1400)
    assert len(check_ledger(server)) == 3


@pytest.mark.parametrize("longer", [False, True])
def test_topic_recreated(make_server, broker, longer):
    server = make_server()
    topic = f"recreated_{longer}"
    broker.create_topic(topic, 1)
    create(server, broker, topic)
    broker.produce(topic, messages(0, 300))
    wait_counts(server, stored=300)
    server.query("ALTER SOURCE feed PAUSE")
    broker.delete_topic(topic)
    broker.create_topic(topic, 1)
    broker.produce(topic, messages(300, 600 if longer else 100))
    server.query("ALTER SOURCE feed RESUME")
    wait_state(server, "stopped")
    assert "ACCEPT NEW TOPIC" in last_error(server)
    assert found(server)[0] == 300
    server.query("ALTER SOURCE feed ACCEPT NEW TOPIC")
    total = 900 if longer else 400
    wait_counts(server, stored=total)
    assert found(server) == sums(0, total)
    assert sorted({row["incarnation"] for row in ledger(server)}) == [0, 1]
    check_ledger(server)


def test_expired_offsets(make_server, broker):
    server = make_server()
    broker.create_topic("expired", 1)
    create(server, broker, "expired")
    broker.produce("expired", messages(0, 100))
    wait_counts(server, stored=100)
    server.query("ALTER SOURCE feed PAUSE")
    broker.produce("expired", messages(100, 100))
    broker.delete_records("expired", 0, 150)
    server.query("ALTER SOURCE feed RESUME")
    wait_counts(server, stored=150, expired=50)
    check_ledger(server)


def test_transactions(make_server, broker):
    server = make_server()
    broker.create_topic("transactions", 1)
    create(server, broker, "transactions")
    broker.produce("transactions", messages(0, 50), transactional="t1")
    broker.produce("transactions", messages(1000, 30), transactional="t2", abort=True)
    broker.produce("transactions", messages(50, 50), transactional="t3")
    # 100 messages, 30 aborted ones, 3 control records
    wait_counts(server, stored=100, absent=33)
    assert found(server) == sums(0, 100)
    check_ledger(server)


def test_dead_letters(make_server, broker):
    server = make_server()
    broker.create_topic("dead", 1)
    bad = ['{"n": 1, "delay": "late"}', "not json", '{"n": -5}', '{"n": 1', ""]
    values = messages(0, 40) + bad + messages(40, 10)
    keys = [f"key-{number}" for number in range(len(values))]
    create(server, broker, "dead")
    broker.produce("dead", values, keys=keys)
    wait_counts(server, stored=50, dead=5)
    found_rows = rows(server, "SELECT offset, message, key, reason, topic, source FROM system.dead_letters ORDER BY offset")
    assert [(int(row["offset"]), row["message"], row["key"]) for row in found_rows] == [(40 + k, value, f"key-{40 + k}") for k, value in enumerate(bad)]
    assert all(row["reason"] and row["topic"] == "dead" and row["source"] == "feed" for row in found_rows)
    assert found(server) == sums(0, 50)
    server.kill()
    server.start()
    assert len(rows(server, "SELECT offset FROM system.dead_letters")) == 5
    check_ledger(server)


def test_wrong_format_pauses(make_server, broker):
    server = make_server()
    broker.create_topic("wrong", 1)
    broker.produce("wrong", ["<xml/>"] * 200)
    create(server, broker, "wrong")
    wait_state(server, "paused")
    assert "first error" in last_error(server) and "RESUME" in last_error(server)
    wait_counts(server, dead=20)
    assert server.stop() == 0
    server.start()
    wait_state(server, "paused")


def test_missing_topic_waits(make_server, broker):
    server = make_server()
    note = create(server, broker, "comes_later")
    assert "comes_later" in note
    wait_state(server, "waiting")
    broker.create_topic("comes_later", 1)
    broker.produce("comes_later", messages(0, 10))
    wait_counts(server, stored=10)


def test_unreachable_broker_waits(make_server):
    server = make_server()

    class Nobody:
        address = "127.0.0.1:1"

    create(server, Nobody, "none")
    wait_state(server, "waiting")
    wait_until(lambda: "127.0.0.1:1" in last_error(server), "the error names the broker")


def test_select_filters(make_server, broker):
    server = make_server()
    broker.create_topic("filtered", 2)
    server.query(TABLE)
    create(server, broker, "filtered", "AS SELECT n, upper(origin) AS origin, delay * 2 AS delay, distance FROM message WHERE n % 3 = 0 AND _partition >= 0")
    broker.produce("filtered", messages(0, 3000))
    wait_counts(server, stored=1000, filtered=2000)
    row = rows(server, "SELECT count() AS c, sum(delay) AS d FROM flights")[0]
    assert [int(row["c"]), int(row["d"])] == [1000, sum(2 * flight(n)["delay"] for n in range(0, 3000, 3))]
    check_ledger(server)


def test_select_fails_for_some(make_server, broker):
    """Messages that cannot be read, and rows whose expressions fail, are dead letters; their neighbours are stored."""
    server = make_server()
    broker.create_topic("some_fail", 1)
    values, dead, filtered = [], [], 0
    for n in range(6000):
        row = {"n": n, "text": str(n % 100), "distance": n}
        if n > 20 and n % 501 == 0:
            row["text"] = "none"
        values.append(json.dumps(row) if n % 997 != 996 else "{")
        if row["text"] == "none" or n % 997 == 996:
            dead.append(n)
        elif n % 4 == 3:
            filtered += 1
    two = json.dumps({"n": 1, "text": "1"}) + json.dumps({"n": 2, "text": "none"})  # one message, two rows: both or none
    values.append(two)
    dead.append(6000)
    server.query(TABLE)
    create(server, broker, "some_fail", "AS SELECT n, _key AS origin, toInt32(text) AS delay, distance + _partition AS distance FROM message WHERE n % 4 != 3")
    broker.produce("some_fail", values, keys=[f"k{n % 3}" for n in range(len(values))])
    wait_counts(server, stored=6001 - len(dead) - filtered, dead=len(dead), filtered=filtered)
    assert [int(row["offset"]) for row in rows(server, "SELECT offset FROM system.dead_letters ORDER BY offset")] == dead
    bad = set(dead)
    kept = [n for n in range(6000) if n not in bad and n % 4 != 3]
    row = rows(server, "SELECT count() AS a, sum(delay) AS b, sum(distance) AS c, countIf(origin = concat('k', toString(n % 3))) AS d, sum(_offset) AS e FROM flights")[0]
    assert [int(row[key]) for key in "abcde"] == [len(kept), sum(n % 100 for n in kept), sum(kept), len(kept), sum(kept)]
    check_ledger(server)


@pytest.mark.parametrize("select", ["", "AS SELECT n, origin, delay FROM message WHERE n >= 0"])
def test_default_expressions(make_server, broker, select):
    """What messages do not give is computed, as for INSERT."""
    server = make_server()
    topic = "defaults" + ("_select" if select else "")
    broker.create_topic(topic, 1)
    server.query(
        "CREATE TABLE flights (n UInt64, origin LowCardinality(String) DEFAULT concat('o', toString(n % 3)), delay Int32 DEFAULT n * 2, "
        "late Bool DEFAULT delay > 500, note Nullable(String)) ENGINE = MergeTree ORDER BY n"
    )
    broker.produce(topic, ['{"n": %d}' % n if n % 2 else '{"n": %d, "origin": "X", "delay": 1, "note": "y"}' % n for n in range(1000)] + ["{"])
    create(server, broker, topic, select)
    wait_counts(server, stored=1000, dead=1)
    sql = "SELECT count() AS a, sum(delay) AS b, countIf(late) AS c, countIf(origin = 'X') AS d, countIf(late != (delay > 500)) AS e FROM flights"
    row = rows(server, sql)[0]
    if not select:
        assert [int(row[key]) for key in "abcde"] == [1000, sum(2 * n if n % 2 else 1 for n in range(1000)), sum(2 * n > 500 for n in range(1, 1000, 2)), 500, 0]
    else:  # a field that a message does not have is its type's default to AS SELECT
        assert [int(row[key]) for key in "abcde"] == [1000, 500, 0, 500, 0]
    server.query("CREATE TABLE copy AS flights")
    server.query("INSERT INTO copy (n) SELECT n FROM flights")
    row = rows(server, "SELECT count() AS a, sum(delay) AS b, countIf(late) AS c, countIf(origin = concat('o', toString(n % 3))) AS d FROM copy")[0]
    assert [int(row[key]) for key in "abcd"] == [1000, sum(2 * n for n in range(1000)), sum(2 * n > 500 for n in range(1000)), 1000]
    check_ledger(server)


def test_statements(make_server, broker):
    server = make_server()
    broker.create_topic("statements", 1)
    broker.produce("statements", messages(0, 20))
    create(server, broker, "statements")
    wait_counts(server, stored=20)
    for sql, code in [
        ("DROP TABLE flights", 0),
        (f"CREATE SOURCE feed INTO flights FROM KAFKA (brokers = '{broker.address}', topic = 'statements') FORMAT JSONEachRow", 0),
        (f"CREATE SOURCE other INTO flights FROM KAFKA (brokers = '{broker.address}', topic = 'statements') FORMAT JSONEachRow", 0),
        (f"CREATE SOURCE bad INTO nowhere FROM KAFKA (brokers = '{broker.address}', topic = 'x') FORMAT JSONEachRow", 60),
        (f"CREATE SOURCE bad INTO flights FROM KAFKA (brokers = '{broker.address}', topic = 'x', 'kafka.no.such' = '1') FORMAT JSONEachRow", 36),
        (f"CREATE SOURCE bad INTO flights FROM KAFKA (brokers = '{broker.address}') FORMAT JSONEachRow", 36),
        (f"CREATE SOURCE bad INTO flights FROM KAFKA (brokers = '{broker.address}', topic = 'x') FORMAT Avro", 48),
        ("ALTER SOURCE nobody PAUSE", 1102),
    ]:
        with pytest.raises(QueryError) as error:
            server.query(sql)
        assert code in (0, error.value.code), (sql, error.value)
    assert [row["name"] for row in rows(server, "SHOW SOURCES")] == ["feed"]
    assert "CREATE SOURCE feed" in server.query("SHOW CREATE SOURCE feed FORMAT TSVRaw")
    server.query("TRUNCATE TABLE flights")
    assert found(server)[0] == 0
    broker.produce("statements", messages(20, 5))
    wait_counts(server, stored=25)
    assert found(server)[0] == 5
    server.query("DROP SOURCE feed")
    create(server, broker, "statements", name="again")
    broker.produce("statements", messages(25, 5))
    wait_counts(server, stored=30)
    assert found(server)[0] == 10
    server.query("DROP SOURCE again")
    server.query("DROP TABLE flights")


def test_look(make_server, broker):
    server = make_server()
    broker.create_topic("look", 2)
    values = messages(0, 30)
    broker.produce("look", values)
    sql = f"SELECT * FROM kafka(brokers = '{broker.address}', topic = 'look')"
    found_rows = rows(server, f"{sql} ORDER BY _partition, _offset")
    assert sorted(row["message"] for row in found_rows) == sorted(values)
    assert len(rows(server, f"{sql} LIMIT 4")) == 4
    with pytest.raises(QueryError):
        server.query("SELECT * FROM kafka(brokers = '127.0.0.1:1', topic = 'look')")


def last_commit(server):
    return int(rows(server, "SELECT max(commit) AS c FROM system.offset_ledger")[0]["c"])


def unnamed_packs(server):
    """Packs that a commit wrote whose end the ledger never saw; a start moves them there."""
    return len(list((server.data / "orphans").glob("*")))


class RunningProducer(threading.Thread):
    """Produces flights 0, 1, 2, … until it is stopped; `sent` are acknowledged then."""

    def __init__(self, broker, topic, pause):
        super().__init__()
        self.broker, self.topic, self.pause = broker, topic, pause
        self.ending = threading.Event()
        self.sent = 0
        self.failure = None

    def run(self):
        try:
            while not self.ending.is_set():
                self.broker.produce(self.topic, messages(self.sent, 300))
                self.sent += 300
                self.ending.wait(self.pause)
        except Exception as failure:
            self.failure = failure

    def stop(self):
        self.ending.set()
        self.join()
        assert self.failure is None, self.failure


def test_random_kills_under_a_running_producer(make_server, broker):
    """Killed at random moments while messages come in, until enough of the kills met rows that were not durable yet, and
    commits in progress: at the end every message is there once."""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    server = make_server()
    broker.create_topic("kills", 4)
    create(server, broker, "kills", commit_interval_ms=10)
    producer = RunningProducer(broker, "kills", 0.01)
    producer.start()
    kills, with_head, in_commit, quotas = 0, 0, 0, KILLS
    try:
        while (kills < quotas[0] or with_head < quotas[1] or in_commit < quotas[2]) and kills < 20 * quotas[0]:
            committed = last_commit(server)
            wait_until(lambda: last_commit(server) > committed, "the source commits")
            time.sleep(chance.random() * 0.03)
            head = rows(server, "SELECT sum(head_rows) AS h FROM system.tables WHERE name = 'flights'")[0]["h"]
            server.kill()
            kills += 1
            with_head += int(head or 0) > 0
            orphans = unnamed_packs(server)
            server.start()
            in_commit += unnamed_packs(server) > orphans
    finally:
        producer.stop()
    print(f"seed {seed}: {kills} kills, {with_head} with rows in the head, {in_commit} inside a commit, {producer.sent} messages")
    assert (kills >= quotas[0] and with_head >= quotas[1] and in_commit >= quotas[2])
    wait_counts(server, stored=producer.sent)
    assert found(server) == sums(0, producer.sent)
    assert sum(check_ledger(server).values()) == producer.sent
