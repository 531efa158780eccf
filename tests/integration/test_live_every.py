"""EMIT EVERY: answers at moments of data time, or when so many rows came: what an answer holds does not depend on when its rows were read."""
import pytest
from live import Stream
from weir import QueryError

BASE = 1_800_000_000  # a whole hour
HOUR = 3600


def clock(server, second):
    """At, or a moment after, that second: it goes on by itself."""
    now = float(server.query("SELECT toUnixTimestamp64Micro(now64(6)) / 1e6"))
    server.query(f"SYSTEM SET CLOCK '{BASE + second - int(now)}'")


@pytest.fixture
def server(make_server):
    made = make_server("--test-clock", "1")
    clock(made, 300)
    made.query("CREATE TABLE t (ts DateTime, v UInt64, WATERMARK FOR ts AS ts - INTERVAL 0 SECOND) ENGINE = MergeTree ORDER BY ts")
    return made


def insert(server, *seconds):
    server.query("INSERT INTO t VALUES " + ", ".join(f"({BASE + one}, 1)" for one in seconds))


def test_moments_of_data_time(server):
    insert(server, -5, -1, 0, 2)
    every = Stream(server, query="SELECT count() AS n, max(toUnixTimestamp(ts)) AS last, toUnixTimestamp(now()) AS t FROM t EMIT EVERY 1 HOUR", min_interval_ms=10)
    changes = Stream(server, query="SELECT count() FROM t EMIT CHANGES", min_interval_ms=10)
    assert every.take()["rows"] == [[2, BASE - 1, BASE]]  # of the rows before the moment
    assert changes.take()["rows"] == [[4]]
    insert(server, 4, 10, 11)
    changes.until_rows([[7]])
    clock(server, 2000)
    insert(server, 5)
    changes.until_rows([[8]])  # meanwhile the other one says nothing
    clock(server, HOUR)
    assert every.take()["rows"] == [[8, BASE + 11, BASE + HOUR]]
    insert(server, HOUR - 1, HOUR, 3 * HOUR, 4 * HOUR)
    clock(server, 4 * HOUR + 100)  # moments that nobody looked at are passed over
    assert every.take()["rows"] == [[11, BASE + 3 * HOUR, BASE + 4 * HOUR]]
    every.close()
    changes.close()


def test_viewers_get_the_same_moment(server):
    query = "SELECT v, count() AS n FROM t GROUP BY v EMIT EVERY INTERVAL 1 HOUR"
    insert(server, -100, -90, 1)
    first = Stream(server, query=query, min_interval_ms=10)
    begin = first.take()
    assert begin["type"] == "snapshot" and begin["rows"] == [[1, 2]]
    insert(server, 2, 3)
    second = Stream(server, query=query, min_interval_ms=10)
    assert second.take()["rows"] == begin["rows"]
    clock(server, HOUR + 5)
    for stream in (first, second):
        stream.until_rows([[1, 5]])
        stream.close()


def test_numbers_of_rows(server):
    query = "SELECT sum(v) FROM t EMIT EVERY 10 ROWS"
    stream = Stream(server, query=query, min_interval_ms=10)
    probe = Stream(server, query="SELECT count() FROM t EMIT CHANGES", min_interval_ms=10)
    assert stream.take()["rows"] == [[0]]
    for count in range(1, 10):
        insert(server, count)
        probe.until_rows([[count]])
    insert(server, 10, 11, 12)
    assert stream.take()["rows"] == [[12]]  # the nine in between were told to nobody
    insert(server, *range(13, 40))
    stream.until_rows([[39]])
    stream.close()
    probe.close()


def test_a_source_that_has_not_spoken(server):
    """The data time is not known: nothing is said that might have to be taken back."""
    insert(server, -1)
    server.query("CREATE SOURCE s INTO t FROM KAFKA (brokers = '127.0.0.1:9', topic = 'nowhere_every') FORMAT JSONEachRow")
    stream = Stream(server, query="SELECT count() FROM t EMIT EVERY 1 SECOND", min_interval_ms=10)
    assert stream.is_silent(0.5)
    server.query("DROP SOURCE s")
    assert stream.take()["rows"] == [[1]]
    stream.close()


def test_explain_and_errors(server):
    text = server.query("EXPLAIN SELECT v, count() FROM t GROUP BY v EMIT EVERY 5 SECOND")
    assert text.startswith("Live (EMIT EVERY)\n  Key: v\n") and "the next moment" in text
    assert "next multiple" in server.query("EXPLAIN SELECT count() FROM t EMIT EVERY 7 ROWS")
    with pytest.raises(QueryError, match="more than 0"):
        server.query("SELECT count() FROM t EMIT EVERY 0 SECOND")
