"""Results in every format, byte by byte as ClickHouse writes them (tests/sql/formats)."""
import sys

import pytest

from weir import ROOT

sys.path.insert(0, str(ROOT / "tests/sql"))
import check_formats  # noqa: E402

# Weir's own: RawBLOB refuses arrays, a JSON column stands in one line.
OTHERWISE = {("RawBLOB", 13), ("RawBLOB", 14), ("RawBLOB", 15), ("JSON", 16), ("PrettyJSONEachRow", 16)}


@pytest.mark.parametrize("name", check_formats.formats())
def test_as_clickhouse(shared, name):
    wanted = check_formats.expected(name)
    for number, statement in enumerate(check_formats.statements(), 1):
        if (name, number) in OTHERWISE:
            continue
        reply = shared.post(statement, default_format=name)
        code = reply.headers.get("X-ClickHouse-Exception-Code")
        text = f"error {code}".encode() if code else check_formats.comparable(reply.content)
        assert text + b"\n" == wanted[number], statement


@pytest.mark.parametrize("name, content_type", [
    ("TSKV", "text/tab-separated-values; charset=UTF-8"), ("TSVRawWithNames", "text/tab-separated-values; charset=UTF-8"),
    ("LineAsString", "text/tab-separated-values; charset=UTF-8"), ("RawBLOB", "text/plain; charset=UTF-8"),
    ("SQLInsert", "text/plain; charset=UTF-8"), ("XML", "application/xml; charset=UTF-8"), ("JSONColumns", "application/json; charset=UTF-8"),
    ("JSONObjectEachRow", "application/json; charset=UTF-8"), ("JSONEachRowWithProgress", "application/json; charset=UTF-8"),
    ("JSONCompactStringsEachRowWithNames", "application/x-ndjson; charset=UTF-8"),
])  # fmt: skip
def test_content_types(shared, name, content_type):
    assert shared.post("SELECT 1", default_format=name).headers["Content-Type"] == content_type


@pytest.mark.parametrize("name", ["Parquet", "ArrowStream", "CustomSeparated", "Template", "Protobuf", "avro"])
def test_refused_by_name(shared, name):
    reply = shared.post(f"SELECT 1 FORMAT {name}")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "48" and name in reply.text


def test_long_results(shared):
    """Over many chunks: commas between them, a new statement after each 65,409 rows, columns that are kept."""
    numbers = "SELECT number AS n FROM numbers(200000) ORDER BY n"
    lists = shared.post(numbers, default_format="JSONColumns").json()
    assert lists == {"n": list(range(200000))}
    rows = shared.post(numbers, default_format="JSONObjectEachRow").json()
    assert len(rows) == 200000 and rows["row_200000"] == {"n": 199999}
    lines = shared.query(numbers, default_format="SQLInsert").splitlines()
    assert [line.count("(") - 1 for line in lines] == [65409, 65409, 65409, 3773]
    reply = shared.post("SELECT repeat('x', 1000) AS s FROM numbers(1000000)", default_format="JSONColumns", max_memory_usage=50000000)
    assert reply.headers["X-ClickHouse-Exception-Code"] == "241"


ROUND_TRIPS = [
    "TSV", "TSVWithNames", "TSVWithNamesAndTypes", "TSKV", "CSV", "Values", "JSON", "JSONCompact", "JSONEachRow", "JSONObjectEachRow",
    "JSONStringsEachRow", "JSONCompactEachRow", "JSONCompactEachRowWithNames", "JSONCompactEachRowWithNamesAndTypes", "JSONCompactStringsEachRow",
    "JSONCompactStringsEachRowWithNames", "JSONCompactStringsEachRowWithNamesAndTypes",
]  # fmt: skip
TRAVELLERS = """SELECT number AS n, toInt64(-number) * 9000000000 AS i, number / 3 AS f, toDecimal64(number, 3) / 7 AS dec, number % 2 = 1 AS b,
    concat('t\\tb\\n\\\\ \\'q\\' "', toString(number), 'ü') AS s, toFixedString('ab', 2) AS fs, if(number % 3 = 0, NULL, toString(number)) AS ns,
    if(number % 3 = 1, NULL, toInt32(number)) AS ni, toDate('2024-02-28') + number AS d, toDateTime('2024-02-28 23:59:58', 'UTC') + number AS dt,
    toDateTime64('2024-02-28 23:59:58.125', 3, 'UTC') AS dt3, toUUID('00112233-4455-6677-8899-aabbccddeeff') AS u, toIPv4('1.2.3.4') AS ip4,
    toIPv6('2001:db8::1') AS ip6, CAST('y' AS Enum8('x' = 1, 'y' = 2)) AS e, range(number % 4) AS a, [[s, 'x'], []] AS aa, (number, s) AS t,
    map(s, number, 'k', 2) AS m, toInt128(number) AS i128 FROM numbers(100) ORDER BY n"""


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_what_is_written_is_read(shared, name):
    table = f"travel_{name}"
    shared.query(f"CREATE OR REPLACE TABLE {table} ENGINE = MergeTree ORDER BY n AS {TRAVELLERS}")
    wanted = shared.query(f"SELECT * FROM {table} ORDER BY n FORMAT TSVWithNamesAndTypes")
    text = shared.post(f"SELECT * FROM {table} ORDER BY n", default_format=name).content
    shared.query(f"TRUNCATE TABLE {table}")
    shared.query(f"INSERT INTO {table} FORMAT {name}", text)
    assert shared.query(f"SELECT * FROM {table} ORDER BY n FORMAT TSVWithNamesAndTypes") == wanted
    shared.query(f"DROP TABLE {table}")


def test_rows_of_one_text(shared):
    shared.query("CREATE TABLE one_text (s String, n UInt8 DEFAULT 7) ENGINE = MergeTree ORDER BY s")
    shared.query("INSERT INTO one_text (s) FORMAT LineAsString", b"a line\n\xff another\n")
    shared.query("INSERT INTO one_text (s) FORMAT RawBLOB", b"x" * 3000000)
    shared.query("INSERT INTO one_text (s) FORMAT JSONAsString", b'[{"a": 1}, {"b": [2, "}"]}]')
    assert shared.query("SELECT count(), sum(n), max(length(s)) FROM one_text") == "5\t35\t3000000\n"
    assert shared.query("SELECT s FROM one_text WHERE s LIKE '{%' ORDER BY s") == '{"a": 1}\n{"b": [2, "}"]}\n'
    for statement, code in (("(s, n) FORMAT LineAsString", "80"), ("(n) FORMAT RawBLOB", "36"), ("(s) FORMAT JSONAsObject", "36"),
                            ("(s) FORMAT Parquet", "48"), ("(s) FORMAT JSONColumns", "48"), ("(s) FORMAT Nonsense", "73")):  # fmt: skip
        reply = shared.post(f"INSERT INTO one_text {statement}", b"x")
        assert reply.headers["X-ClickHouse-Exception-Code"] == code, reply.text
    shared.query("CREATE TABLE one_object (j JSON) ENGINE = MergeTree ORDER BY tuple()")
    shared.query("INSERT INTO one_object FORMAT JSONAsObject", b'{"a": 1}\n{"a": 5, "b": {"c": "x"}}')
    assert shared.query("SELECT j FROM one_object ORDER BY toString(j)") == '{"a":1}\n{"a":5,"b":{"c":"x"}}\n'
