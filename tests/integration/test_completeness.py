"""How complete an answer is: the header, the statistics of JSON, buckets that are cut or marked."""
import json

import pytest

from weir import QueryError, free_port, wait_until

TABLE = """CREATE TABLE {name} (ts DateTime64(3, 'UTC'), other DateTime('UTC'), n UInt32, WATERMARK FOR ts AS ts - INTERVAL 5 SECOND)
ENGINE = MergeTree ORDER BY ts"""
# two whole minutes long ago, and rows that lie ahead of the clock: their minute cannot be complete
ROWS = """INSERT INTO {name} SELECT toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number * 30, '2026-01-01 00:00:00', number FROM numbers(4)
UNION ALL SELECT now64(3, 'UTC') + INTERVAL 1 HOUR, '2026-01-01 00:00:00', 100"""


def said(reply):
    return json.loads(reply.headers["X-Weir-Completeness"])


@pytest.fixture(scope="module")
def filled(shared):
    shared.query("CREATE DATABASE completeness")
    shared.query(TABLE.format(name="completeness.t"))
    shared.query(ROWS.format(name="completeness.t"))
    yield shared
    shared.query("DROP DATABASE completeness SYNC")


def buckets(server, sql, **parameters):
    return [line.split("\t") for line in server.query(sql, **parameters).splitlines()]


GROUPED = "SELECT toStartOfMinute(ts) AS t, sum(n) AS s FROM completeness.t GROUP BY t ORDER BY t"


def test_buckets_are_kept_cut_or_marked(filled):
    whole = [["2026-01-01 00:00:00", "1"], ["2026-01-01 00:01:00", "5"]]
    kept = buckets(filled, GROUPED)
    assert kept[:2] == whole and len(kept) == 3 and kept[2][1] == "100"
    assert buckets(filled, GROUPED, incomplete_buckets="cut") == whole
    assert buckets(filled, GROUPED + " SETTINGS incomplete_buckets = 'cut'") == whole
    marked = filled.query(GROUPED + " FORMAT TSVWithNamesAndTypes", incomplete_buckets="mark").splitlines()
    assert marked[0] == "t\ts\tcomplete" and marked[1].endswith("\tBool")
    assert [line.split("\t")[1:] for line in marked[2:]] == [["1", "true"], ["5", "true"], ["100", "false"]]


@pytest.mark.parametrize(
    "key, count",
    [
        ("ts", 4),
        ("toStartOfInterval(ts, INTERVAL 1 HOUR)", 1),
        ("toStartOfHour(toStartOfMinute(ts))", 1),
        ("toDateTime(ts)", 4),
        ("n % 2", 2),  # no bucket of time: nothing is cut
        ("toStartOfMinute(other)", 1),  # another time than the event's
    ],
)
def test_which_keys_are_buckets(filled, key, count):
    assert len(buckets(filled, f"SELECT {key} AS k, count() FROM completeness.t GROUP BY k", incomplete_buckets="cut")) == count


def test_buckets_elsewhere_in_a_query(filled):
    cut = {"incomplete_buckets": "cut"}
    assert filled.query("SELECT count() FROM (SELECT toStartOfMinute(ts) AS t FROM completeness.t GROUP BY t)", **cut) == "2\n"
    assert filled.query("WITH a AS (SELECT toStartOfMinute(ts) AS t FROM completeness.t GROUP BY t) SELECT count() FROM a", **cut) == "2\n"
    joined = "SELECT toStartOfMinute(t.ts) AS m FROM completeness.t AS t JOIN (SELECT 1 AS one) AS o ON o.one = 1 GROUP BY m"
    assert len(buckets(filled, joined, **cut)) == 2
    assert filled.query("SELECT count() FROM completeness.t", **cut) == "5\n"  # no buckets
    assert len(buckets(filled, GROUPED.replace("ORDER BY t", "WITH ROLLUP HAVING s > 0 ORDER BY t"), **cut)) == 3
    # marks would change what the SELECTs around it, or an INSERT, see
    marked = {"incomplete_buckets": "mark"}
    assert filled.query("SELECT * FROM (SELECT toStartOfMinute(ts) AS t FROM completeness.t GROUP BY t) LIMIT 1", **marked).count("\t") == 0
    filled.query("CREATE TABLE completeness.copied (t DateTime, s UInt64) ENGINE = MergeTree ORDER BY t")
    filled.query("INSERT INTO completeness.copied " + GROUPED, **marked)
    assert filled.query("SELECT count() FROM completeness.copied") == "3\n"
    filled.query("INSERT INTO completeness.copied " + GROUPED, **cut)
    assert filled.query("SELECT count() FROM completeness.copied") == "5\n"
    with pytest.raises(QueryError, match="incomplete_buckets"):
        filled.query("SELECT 1", incomplete_buckets="some")


def test_cutting_prunes_as_a_condition_does(filled):
    explained = "EXPLAIN indexes = 1 " + GROUPED
    assert "toStartOfMinute(ts) < " in filled.query(explained, incomplete_buckets="cut")
    assert "toStartOfMinute(ts) < " not in filled.query(explained)


def test_tables_without_sources_say_nothing(filled):
    reply = filled.post(GROUPED + " FORMAT JSON")
    assert "X-Weir-Completeness" not in reply.headers
    assert set(reply.json()["statistics"]) == {"elapsed", "rows_read", "bytes_read"}


def test_a_source_says(make_server, broker):
    broker.create_topic("completeness-said", 1)
    server = make_server()
    server.query(TABLE.format(name="readings"))
    server.query(
        f"CREATE SOURCE `fe\"ed` INTO readings FROM KAFKA (brokers = '{broker.address}', topic = 'completeness-said') "
        "FORMAT JSONEachRow SETTINGS commit_interval_ms = 200"
    )
    broker.produce("completeness-said", ['{"ts": "2026-01-01 00:00:10.000", "n": 1}'])

    def complete():
        value = said(server.post("SELECT count() FROM readings"))["complete_through"]
        return value is not None and value > "2026-02"

    wait_until(complete, "all is read and silent: the clock says")
    # of an event time that was complete
    broker.produce("completeness-said", ['{"ts": "2026-01-01 00:00:11.000", "n": 2}'])
    wait_until(lambda: said(server.post("SELECT count() FROM readings"))["late_rows"] == 1, "a late row is counted")
    reply = server.post("SELECT * FROM readings AS a JOIN readings AS b USING (n) FORMAT JSON")
    head = said(reply)
    assert set(head) == {"complete_through", "lag_rows", "lag_seconds", "late_rows"}
    assert head["lag_rows"] == 0 and head["lag_seconds"] == 0
    body = reply.json()["statistics"]["completeness"]
    assert {key: body[key] for key in head} == head
    [one] = body["sources"]
    assert one["source"] == 'default.fe"ed' and one["table"] == "default.readings" and one["late_rows"] == 1
    assert one["complete_through"] >= head["complete_through"]
    assert "X-Weir-Completeness" not in server.post("SELECT 1").headers
    assert "X-Weir-Completeness" in reply.headers["Access-Control-Expose-Headers"]


def test_what_is_not_known_is_not_complete(make_server):
    server = make_server()
    server.query(TABLE.format(name="readings"))
    server.query(ROWS.format(name="readings"))
    server.query(f"CREATE SOURCE feed INTO readings FROM KAFKA (brokers = '127.0.0.1:{free_port()}', topic = 'none') FORMAT JSONEachRow")
    grouped = "SELECT toStartOfMinute(ts) AS t, count() FROM readings GROUP BY t"
    assert said(server.post(grouped))["complete_through"] is None
    assert server.query(grouped, incomplete_buckets="cut") == ""
    assert {line.split("\t")[2] for line in server.query(grouped, incomplete_buckets="mark").splitlines()} == {"false"}
