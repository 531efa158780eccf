"""hop, tumble and session in GROUP BY over a stored table: equal to the same in plain SQL, with rows in segments and in memory,
on one thread and on several, from the partial-result cache, with temporary files; in views; memory and ends of queries."""
import threading

import pytest

from weir import QueryError, wait_until

ROWS = "SELECT toDateTime('2026-01-01 00:00:00', 'UTC') + intHash32(number + {seed}) % 20000, number % 13, toString(intHash32(number) % 50), number, number / 8 FROM numbers({count})"
VALUES = "count() AS n, sum(value) AS s, max(value) AS m, uniqExact(name) AS u, quantileExact(0.9)(value) AS q, argMax(name, value) AS a, avg(part) AS v"


def ends(step, size):
    """A row for each window of hop that a row lies in, in plain SQL."""
    first = f"intDiv(toUnixTimestamp(ts), {step}) + 1"
    return f"arrayJoin(arrayFilter(e -> e - {size} <= toUnixTimestamp(ts), arrayMap(i -> ({first} + i) * {step}, range({size // step + 2}))))"


def plain(step, size, where="1"):
    return f"SELECT toDateTime(e, 'UTC') AS w, k, {VALUES} FROM (SELECT *, {ends(step, size)} AS e FROM windows.t WHERE {where}) GROUP BY e, k ORDER BY w, k"


def hop(step, size, where="1"):
    return (f"SELECT hop_end AS w, k, {VALUES} FROM windows.t WHERE {where} "
            f"GROUP BY hop(ts, INTERVAL {step} SECOND, INTERVAL {size} SECOND), k ORDER BY w, k")


@pytest.fixture(scope="module")
def filled(shared):
    shared.query("CREATE DATABASE windows")
    shared.query("CREATE TABLE windows.t (ts DateTime('UTC'), k UInt8, name LowCardinality(String), value UInt64, part Float64) "
                 "ENGINE = MergeTree PARTITION BY toDate(ts) ORDER BY (k, ts)")
    shared.query("CREATE MATERIALIZED VIEW windows.v AS SELECT hop_start, k, count() AS n, max(value) AS m FROM windows.t "
                 "GROUP BY hop(ts, INTERVAL 5 MINUTE, INTERVAL 20 MINUTE), k")
    shared.query("INSERT INTO windows.t " + ROWS.format(seed=0, count=40000))
    shared.query("OPTIMIZE TABLE windows.t FINAL")
    shared.query("INSERT INTO windows.t " + ROWS.format(seed=99, count=9000))  # in memory, and as old as the others
    yield shared
    shared.query("DROP DATABASE windows SYNC")


@pytest.mark.parametrize("step, size", [(60, 300), (7, 20), (300, 300), (600, 3600)])
def test_hop_equals_plain_sql(filled, step, size):
    wanted = filled.query(plain(step, size))
    assert wanted.count("\n") > 100
    for settings in ({}, {"max_threads": 1}, {"use_partial_cache": 0}, {"max_threads": 2}):
        assert filled.query(hop(step, size), **settings) == wanted, settings


def test_rows_are_filtered_before(filled):
    where = "ts >= '2026-01-01 02:00:00' AND k IN (3, 5)"
    assert filled.query(hop(60, 300, where)) == filled.query(plain(60, 300, where))


def test_temporary_files(filled):
    small = {"max_bytes_before_external_group_by": 20000, "max_bytes_before_external_sort": 20000}
    assert filled.query(hop(7, 20), **small) == filled.query(plain(7, 20))


def test_a_view_of_windows(filled):
    read = "SELECT hop_start, k, n, m FROM windows.v ORDER BY hop_start, k"
    once = ("SELECT hop_start, k, count() AS n, max(value) AS m FROM windows.t GROUP BY hop(ts, INTERVAL 5 MINUTE, INTERVAL 20 MINUTE), k "
            "ORDER BY hop_start, k")
    assert filled.query(read) == filled.query(once) != ""


def test_ends_of_windows_are_columns_of_a_view(shared):
    """A window's begin and end sort, expire, leave out granules; its states, and those of keys that may be NULL, are put together by merges."""
    shared.query("CREATE DATABASE ends")
    try:
        shared.query("CREATE TABLE ends.t (ts DateTime('UTC'), k LowCardinality(Nullable(String)), g Nullable(Int32), v Int64) ENGINE = MergeTree ORDER BY ts")
        by_hop = "SELECT hop_start AS b, k, g, count() AS n, sum(v) AS s FROM ends.t GROUP BY hop(ts, INTERVAL 5 MINUTE, INTERVAL 15 MINUTE), k, g"
        by_tumble = "SELECT tumbleEnd(ts, INTERVAL 1 HOUR) AS e, tumble(ts, INTERVAL 1 HOUR) AS w, w.1 AS b, max(v) AS m FROM ends.t GROUP BY w HAVING e != 0"
        shared.query(f"CREATE MATERIALIZED VIEW ends.h PARTITION BY toYYYYMMDD(b) ORDER BY (b, hop_end) TTL b + INTERVAL 50 YEAR AS {by_hop}")
        shared.query(f"CREATE MATERIALIZED VIEW ends.w AS {by_tumble} TTL e + INTERVAL 50 YEAR")
        def check():
            for view, select in (("h", by_hop), ("w", by_tumble)):
                assert sorted(shared.query(f"SELECT * FROM ends.{view}").splitlines()) == sorted(shared.query(select).splitlines()) != []
        for seed in range(3):
            shared.query("INSERT INTO ends.t SELECT toDateTime('2026-01-01 00:00:00', 'UTC') + intHash32(number) % 100000, [NULL, '', 'a'][number % 3 + 1], "
                         f"[NULL, 0, 5][number % 7 % 3 + 1], number + {seed} FROM numbers(2000)")
            check()
            shared.query("OPTIMIZE TABLE ends.t")
        check()
        for view in ("h", "w"):
            shared.query(f"OPTIMIZE TABLE ends.{view} FINAL")
            inner = ".inner_id." + shared.value(f"SELECT toString(uuid) FROM system.tables WHERE database = 'ends' AND name = '{view}'")
            assert shared.value(f"SELECT count() FROM ends.`{inner}`") == shared.value(f"SELECT count() FROM ends.{view}")  # one row for each key
        check()
        explained = shared.query("EXPLAIN indexes = 1 SELECT * FROM ends.h WHERE b >= '2026-01-02 00:00:00' FORMAT TSVRaw")
        assert "Filter: b >= '2026-01-02 00:00:00'" in explained and "Segments: 1/3" in explained
        shared.query("DELETE FROM ends.t WHERE v % 3 = 1 OR g = 5")
        check()
        shared.query("ALTER TABLE ends.h MODIFY TTL b + INTERVAL 60 YEAR")
        assert "TTL b + toIntervalYear(60)" in shared.query("SHOW CREATE TABLE ends.h FORMAT TSVRaw")
        check()
    finally:
        shared.query("DROP DATABASE ends SYNC")


def test_sessions_equal_plain_sql(filled):
    fresh = "if(ts - lagInFrame(ts, 1, toDateTime(0, 'UTC')) OVER (PARTITION BY k ORDER BY ts, value ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) > 12, 1, 0)"
    numbered = f"SELECT *, sum(fresh) OVER (PARTITION BY k ORDER BY ts, value) AS id FROM (SELECT *, {fresh} AS fresh FROM windows.t)"
    wanted = filled.query(f"SELECT min(ts) AS w, max(ts) + 12 AS e, k, {VALUES} FROM ({numbered}) GROUP BY id, k ORDER BY w, k")
    asked = (f"SELECT session_start AS w, session_end AS e, k, {VALUES} FROM windows.t GROUP BY session(ts, INTERVAL 12 SECOND), k ORDER BY w, k")
    assert wanted.count("\n") > 500
    for settings in ({}, {"max_threads": 1}, {"use_partial_cache": 0}):
        assert filled.query(asked, **settings) == wanted, settings


def test_the_cache_serves_panes(filled):
    sql = ("SELECT hop_end, k, count() FROM windows.t WHERE ts >= toDateTime('2026-01-01 01:00:00', 'UTC') "
           "GROUP BY hop(ts, INTERVAL 10 MINUTE, INTERVAL 30 MINUTE), k ORDER BY ALL")
    first = filled.query(sql)
    assert filled.query(sql, query_id="windows_cached") == first

    def logged():
        return filled.query("SELECT partial_cache_hits FROM system.query_log WHERE query_id = 'windows_cached' AND type = 'QueryFinish'")
    wait_until(lambda: logged() != "", "the query is in the log")
    assert int(logged()) > 0


def test_memory_is_the_querys(filled):
    wide = "SELECT count() FROM (SELECT hop_end, value, groupArray(value) FROM windows.t GROUP BY hop(ts, INTERVAL 1 SECOND, INTERVAL 1 HOUR), value)"
    with pytest.raises(QueryError) as raised:
        filled.query(wide, max_memory_usage=3000000)
    assert raised.value.code == 241


def test_it_ends_when_it_is_killed(filled):
    wide = "SELECT count() FROM (SELECT hop_end, value, max(name) FROM windows.t GROUP BY hop(ts, INTERVAL 1 SECOND, INTERVAL 1 DAY), value)"
    codes = []

    def run():
        try:
            filled.query(wide, query_id="windows_killed")
        except QueryError as error:
            codes.append(error.code)
    thread = threading.Thread(target=run)
    thread.start()
    wait_until(lambda: filled.query("SELECT count() FROM system.processes WHERE query_id = 'windows_killed'") == "1\n", "it runs")
    filled.query("KILL QUERY WHERE query_id = 'windows_killed' SYNC")
    thread.join()
    assert codes == [394]


def test_explain_tells_of_panes(filled):
    text = filled.query("EXPLAIN " + hop(60, 300))
    assert "TimeWindows (hops of panes, 2 keys, 7 aggregates)" in text
    assert "TimeWindows (one worker, in order)" in filled.query("EXPLAIN PIPELINE " + hop(60, 300))
