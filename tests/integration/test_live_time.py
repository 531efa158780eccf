"""What the time is in live queries: windows close without rows, and do not run empty because a source stands still."""
import json
import time

from live import Stream
from weir import wait_until

TABLE = "CREATE TABLE {} (ts DateTime64(3, 'UTC'), n UInt32, WATERMARK FOR ts AS ts - INTERVAL 1 SECOND) ENGINE = MergeTree ORDER BY ts"
RECENT = "SELECT count() FROM t WHERE ts > now64(3) - INTERVAL 4 SECOND"


def test_a_window_closes_though_no_row_comes(shared):
    shared.query(TABLE.format("closing"))
    try:
        sql = "SELECT window_state() AS s, count() AS c FROM closing GROUP BY tumble(ts, INTERVAL 1 SECOND)"
        assert "or for what is complete" in shared.query(f"EXPLAIN {sql} EMIT CHANGES")
        shared.query("INSERT INTO closing SELECT now64(3, 'UTC') + INTERVAL 1 SECOND, 1")
        stream = Stream(shared, query=f"{sql} EMIT CHANGES")
        stream.until_rows([["open", 1]])
        stream.until_rows([["complete", 1]])
        stream.close()
    finally:
        shared.query("DROP TABLE closing SYNC")


def test_rows_of_the_future_are_of_no_moment_yet(shared):
    shared.query(TABLE.format("ahead"))
    try:
        shared.query("INSERT INTO ahead SELECT toDateTime64('2099-01-01 00:00:00', 3, 'UTC'), 1 UNION ALL SELECT now64(3, 'UTC') - INTERVAL 1 SECOND, 2")
        timed = Stream(shared, query="SELECT sum(n) FROM ahead WHERE ts > now() - INTERVAL 1 HOUR EMIT CHANGES")
        all_rows = Stream(shared, query="SELECT sum(n) FROM ahead EMIT CHANGES")
        timed.until_rows([[2]])
        all_rows.until_rows([[3]])
        # it comes into the window when its time has come
        shared.query("INSERT INTO ahead SELECT now64(3, 'UTC') + INTERVAL 1 SECOND, 10")
        all_rows.until_rows([[13]])
        timed.until_rows([[12]])
        timed.close()
        all_rows.close()
    finally:
        shared.query("DROP TABLE ahead SYNC")


def test_a_window_stands_still_with_its_source(make_server, broker):
    topic = "live-time-stall"
    broker.create_topic(topic, 1)
    server = make_server()
    server.query(TABLE.format("t"))
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow")
    wait_until(lambda: server.query("SELECT state FROM system.sources LIMIT 1") == "running\n", "it runs")
    stream = Stream(server, query=f"{RECENT} EMIT CHANGES")
    stream.until(lambda event: event["type"] == "snapshot" and event["data_time"] is not None)
    broker.produce(topic, [json.dumps({"ts": round(time.time(), 3), "n": 1}) for _ in range(5)], partition=0)
    stream.until_rows([[5]])
    server.query("ALTER SOURCE feed PAUSE")
    wait_until(lambda: server.query(RECENT) == "0\n", "the clock has left them")
    # who asks the clock sees nothing; the live query has run since, and its window stands
    runs = int(server.query("SELECT runs FROM system.live_queries"))
    wait_until(lambda: int(server.query("SELECT runs FROM system.live_queries")) > runs + 3, "it was run again")
    assert stream.is_silent(0) and stream.rows() == [[5]]
    server.query("ALTER SOURCE feed RESUME")
    stream.until_rows([[0]])
    stream.close()
