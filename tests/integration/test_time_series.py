"""PromQL's functions over a grid of times: in materialized views, alert rules, under limits of memory, over the wire."""
import pytest

from weir import QueryError, wait_until

TABLE = "CREATE TABLE c (host LowCardinality(String), ts DateTime64(3, 'UTC'), v Float64) ENGINE = MergeTree ORDER BY (host, ts)"
GRID = "toDateTime('2024-01-31 12:00:00', 'UTC'), toDateTime('2024-01-31 13:00:00', 'UTC'), 30, '5m'"
FUNCTIONS = ["Rate", "Increase", "Delta", "InstantRate", "Last", "Resets", "Avg", "Max", "Deriv"]
FILL = """INSERT INTO c SELECT ['a', 'b', 'c'][1 + number % 3], toDateTime64('2024-01-31 11:50:00', 3, 'UTC') + intDiv(number, 3) * 15 + {part} * 5,
          (number * 7 + {part}) % 911 FROM numbers(900)"""


def test_views(make_server):
    server = make_server()
    server.query(TABLE)
    states = ", ".join(f"timeSeries{name}ToGridState({GRID})(ts, v) AS s{name}" for name in FUNCTIONS)
    server.query(f"CREATE MATERIALIZED VIEW hourly ENGINE = AggregatingMergeTree ORDER BY (host, hour) AS SELECT host, toStartOfHour(ts) AS hour, {states} FROM c GROUP BY host, hour")
    server.query("CREATE MATERIALIZED VIEW samples AS SELECT host, timeSeriesGroupArray(ts, v) AS s, timeSeriesLastTwoSamples(ts, v) AS l FROM c GROUP BY host")
    for part in range(3):
        server.query(FILL.format(part=part))
        server.query(FILL.format(part=part))  # the same samples again change nothing
    for optimize in (False, True):
        if optimize:
            server.query("OPTIMIZE TABLE hourly FINAL")
        for name in FUNCTIONS:
            merged = server.query(f"SELECT host, timeSeries{name}ToGridMerge({GRID})(s{name}) FROM hourly GROUP BY host ORDER BY host")
            assert merged == server.query(f"SELECT host, timeSeries{name}ToGrid({GRID})(ts, v) FROM c GROUP BY host ORDER BY host")
            assert len(set(merged.split(","))) > 5 and merged.count("\n") == 3
    assert server.query("SELECT * FROM samples ORDER BY host") == server.query(
        "SELECT host, timeSeriesGroupArray(ts, v) AS s, timeSeriesLastTwoSamples(ts, v) AS l FROM c GROUP BY host ORDER BY host"
    )
    server.kill()
    server.start()
    assert server.value(f"SELECT sum(length(arrayFilter(x -> isNotNull(x), r))) FROM (SELECT timeSeriesRateToGridMerge({GRID})(sRate) AS r FROM hourly GROUP BY host)") == 3 * 121
    with pytest.raises(QueryError) as refused:  # other times: another grid
        server.query("SELECT timeSeriesRateToGridMerge(toDateTime('2024-01-31 12:00:00', 'UTC'), toDateTime('2024-01-31 13:00:00', 'UTC'), 30, '6m')(sRate) FROM hourly")
    assert refused.value.code == 43
    with pytest.raises(QueryError) as refused:  # of another time in each zone
        server.query("SELECT timeSeriesRateToGridState('2024-01-31 12:00:00', '2024-01-31 13:00:00', 30, '5m')(ts, v) FROM c")
    assert refused.value.code == 48
    with pytest.raises(QueryError) as refused:  # ClickHouse would take the bytes for others
        server.query("SELECT sRate FROM hourly FORMAT Native")
    assert refused.value.code == 48


def test_texts_are_of_the_sessions_zone(shared):
    query = "SELECT timeSeriesCountToGrid('2024-01-31 12:00:00', '2024-01-31 12:00:00', 1, 60)(toDateTime('2024-01-31 11:00:00', 'UTC'), 1.)"
    assert shared.query(query, session_timezone="UTC") == "[NULL]\n"
    assert shared.query(query, session_timezone="Europe/Berlin") == "[1]\n"


def test_workers_and_files_agree(shared):
    query = """SELECT sum(cityHash64(k, r)) FROM (SELECT number % 5000 AS k, timeSeriesIncreaseToGrid(0, 100000, 1000, 5000)(toUInt32(number * 7919 % 100000), number::Float64) AS r
               FROM numbers(200000) GROUP BY k)"""
    one = shared.query(query, max_threads=1)
    assert shared.query(query, max_threads=4) == one
    assert shared.query(query, max_threads=4, max_bytes_before_external_group_by=2000000) == one


@pytest.mark.parametrize(
    "query, code",
    [
        ("SELECT length(timeSeriesRateToGrid(0, 16000000, 1, 10)(number::UInt32, 1.)) FROM numbers(10)", 241),
        ("SELECT length(timeSeriesGroupArray(number::UInt32, 1.)) FROM numbers(10000000)", 241),
        ("SELECT length(timeSeriesRange(number::UInt32, (number + 10000000)::UInt32, 1)) FROM numbers(10)", 241),
        ("SELECT timeSeriesRateToGrid(0, 4294967295, 1, 10)(number::UInt32, 1.) FROM numbers(10)", 36),
    ],
)
def test_memory(shared, query, code):
    with pytest.raises(QueryError) as refused:
        shared.query(query, max_memory_usage=50000000)
    assert refused.value.code == code


def test_samples_that_come_twice_take_no_room(shared):
    query = "SELECT timeSeriesCountToGrid(0, 1000, 1000, 2000)((number * 7919 % 1000)::UInt32, 1.) FROM numbers(20000000)"
    assert shared.query(query, max_memory_usage=4000000, max_threads=1) == "[1,1000]\n"


def test_long_work_ends(shared):
    with pytest.raises(QueryError) as refused:
        shared.query("SELECT timeSeriesDerivToGrid(0, 300000, 1, 300000)(number::UInt32, 1.) FROM numbers(300000) FORMAT Null", max_execution_time=1)
    assert refused.value.code == 159


def test_alert(make_server):
    """A rule on the rate of a counter that begins again now and then."""
    server = make_server("--test-clock", "1")
    server.query(TABLE)
    server.query(
        """CREATE ALERT fast AS SELECT host, assumeNotNull(timeSeriesRateToGrid(now(), now(), 1, 60)(ts, v)[1]) AS value FROM c
           WHERE ts > now() - INTERVAL 1 MINUTE AND ts <= now() GROUP BY host HAVING value > 5 EVERY 1 SECOND"""
    )
    base = int(server.value("SELECT toUnixTimestamp(now())")) + 100
    rows = "".join(f"('slow', {base + second}, {second * 2}), ('fast', {base + second}, {second * 10 % 400})," for second in range(0, 200, 10))
    server.query("INSERT INTO c VALUES " + rows.rstrip(","))

    def firing():
        return server.rows("SELECT labels FROM system.alert_history WHERE rule = 'fast' AND to_state = 'firing'")

    for second in (60, 61, 62, 100, 101):
        server.query(f"SYSTEM SET CLOCK '{base + second - int(server.value('SELECT toUnixTimestamp(now())'))}'")
        wait_until(
            lambda: (server.value("SELECT max(toUnixTimestamp64Micro(data_time)) FROM system.alerts WHERE name = 'fast'") or 0) >= (base + second) * 1e6,
            f"the rule is evaluated at {second}",
        )
    assert [("slow" in labels[0], "fast" in labels[0].replace('"alertname":"fast"', "")) for labels in firing()] == [(False, True)]
    assert server.value("SELECT value FROM system.alert_instances WHERE name = 'fast' AND state = 'firing'") == pytest.approx(10, rel=0.2)
