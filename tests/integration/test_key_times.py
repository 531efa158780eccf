"""Conditions on functions of the time column leave out segments by the ledger's times, and only those that they may."""
import re
from random import Random

import pytest

EXTREMES = {
    "Date": ["1970-01-01", "2149-06-06"],
    "Date32": ["1900-01-01", "1970-01-01", "2299-12-31"],
    "DateTime('UTC')": ["1970-01-01 00:00:00", "2106-02-07 06:28:15"],
    "DateTime('America/New_York')": ["1970-01-01 12:00:00", "2106-02-07 00:00:00"],
    "DateTime64(3, 'UTC')": ["1900-01-01 00:00:00", "1969-12-31 23:59:59.999", "1970-01-01 00:00:00", "2106-02-07 06:28:16", "2150-01-01 00:00:00", "2299-12-31 23:59:59"],
    "DateTime64(9, 'Europe/Berlin')": ["1900-01-01 00:00:00", "1970-01-01 00:00:00", "2200-01-01 00:00:00"],
}
FUNCTIONS = ["toDate({})", "toDateTime({})", "toStartOfMonth({})", "toStartOfWeek({})", "toStartOfYear({})", "{} + INTERVAL 3 DAY", "{} - INTERVAL 5 YEAR"]
OF_TIMES = ["toStartOfHour({})", "toStartOfInterval({}, INTERVAL 6 HOUR)", "toStartOfDay({} + INTERVAL 90 MINUTE)", "toDate(toStartOfFifteenMinutes({}))"]


def filled(server, type_name, partition_by="toYear(ts)", days=1):
    server.query(f"CREATE TABLE t (ts {type_name}, n UInt32) ENGINE = MergeTree PARTITION BY {partition_by} ORDER BY n")
    server.query(f"INSERT INTO t SELECT CAST(toDateTime('2015-01-01 00:00:00', 'UTC') + number * {86413 * days} AS {type_name}), number FROM numbers({4000 // days})")
    rows = ", ".join(f"('{text}', {9000 + i})" for i, text in enumerate(EXTREMES[type_name]))
    server.query(f"INSERT INTO t VALUES {rows}")
    server.query("OPTIMIZE TABLE t FINAL")


@pytest.mark.parametrize("type_name", EXTREMES)
def test_answers_are_those_of_a_scan(make_server, type_name):
    server = make_server("--timezone", "UTC")
    filled(server, type_name)
    random = Random(type_name)
    skipped = 0
    functions = FUNCTIONS + ([] if type_name.startswith("Date3") or type_name == "Date" else OF_TIMES)
    for function in functions:
        for _ in range(6):
            value = server.query(f"SELECT toString({function.format('ts')}) FROM t ORDER BY cityHash64(n, {random.randrange(1000)}) LIMIT 1").strip()
            operator = random.choice(["=", "<", "<=", ">", ">=", "IN"])
            right = f"('{value}', '{value}')" if operator == "IN" else f"'{value}'"
            condition = f"{function.format('ts')} {operator} {right}"
            whole = f"materialize({function.format('ts')}) {operator} {right}"
            assert server.query(f"SELECT count(), sum(n) FROM t WHERE {condition}") == server.query(f"SELECT count(), sum(n) FROM t WHERE {whole}"), condition
            skipped += "Ledger and segments" in server.query(f"EXPLAIN indexes = 1 SELECT count() FROM t WHERE {condition}")
    assert skipped > len(functions)


@pytest.mark.parametrize("type_name", ["Date", "Date32"])
def test_partitions_by_the_day_itself(make_server, type_name):
    """Days that a function cannot say (toDate of 1900) are in partitions of their own: they are not left out by others' order."""
    server = make_server("--timezone", "UTC")
    filled(server, type_name, partition_by="ts", days=50)
    for function in FUNCTIONS:
        for day in EXTREMES[type_name] + ["2017-03-04"]:
            value = server.query(f"SELECT toString({function.format(f'CAST({day!r} AS {type_name})')})").strip()
            for operator in ("=", "<", ">="):
                condition, whole = (f"{text.format(function.format('ts'))} {operator} '{value}'" for text in ("{}", "materialize({})"))
                assert server.query(f"SELECT count(), sum(n) FROM t WHERE {condition}") == server.query(f"SELECT count(), sum(n) FROM t WHERE {whole}"), condition


def test_a_day_opens_its_segment_alone(make_server):
    server = make_server("--timezone", "UTC")
    filled(server, "DateTime64(3, 'UTC')")
    for condition in ("toDate(ts) = '2018-03-04'", "toStartOfHour(ts) IN ('2018-03-04 05:00:00', '2018-03-04 06:00:00')", "toDateTime(ts) BETWEEN '2018-03-04 00:00:00' AND '2018-03-05 00:00:00'"):
        text = server.query(f"EXPLAIN indexes = 1 SELECT count() FROM t WHERE {condition} FORMAT TSVRaw")
        left, all_segments = map(int, re.search(r"Segments: (\d+)/(\d+)", text).groups())
        assert all_segments > 10 and left <= 1, text
        # years outside of what the function can say are not left out, the others are
        out = int(re.search(r"leave out (\d+) segments", text)[1])
        assert out >= all_segments - left - len(EXTREMES["DateTime64(3, 'UTC')"]), text
