"""Results in every format, byte by byte as ClickHouse writes them (tests/sql/formats)."""
import sys

import pytest

from weir import ROOT

sys.path.insert(0, str(ROOT / "tests/sql"))
import check_formats  # noqa: E402

# Weir's own: RawBLOB refuses arrays, a JSON column stands in one line, progress never stands in a list.
OTHERWISE = {("JSON", 16), ("PrettyJSONEachRow", 16), ("JSONEachRowWithProgress", 26), ("JSONStringsEachRowWithProgress", 26)}
OTHERWISE |= {("RawBLOB", number) for number in (13, 14, 15, *range(17, 26), 27)}


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


ROW = "a UInt8, b String, n Nullable(UInt8)"
# Settings that say how data are read: columns, format, data, settings, the rows as JSONCompactEachRow, or an error's code.
READ = [
    (ROW, "CSV", "1;x;NN\n", {"format_csv_delimiter": ";", "format_csv_null_representation": "NN"}, '[1, "x", null]\n'),
    (ROW, "CSV", "1,'x',2\n", {}, '[1, "\'x\'", 2]\n'),
    (ROW, "CSV", "1,'x',2\n", {"format_csv_allow_single_quotes": 1}, '[1, "x", 2]\n'),
    (ROW, "CSV", '1,"x",2\n', {"format_csv_allow_double_quotes": 0}, '[1, "\\"x\\"", 2]\n'),
    (ROW, "CSV", "1,\t x ,2\n", {}, '[1, "x", 2]\n'),
    (ROW, "CSV", "1, x ,2\n", {"input_format_csv_trim_whitespaces": 0}, '[1, " x ", 2]\n'),
    (ROW, "CSV", "junk\nmore\n1,x,2\n", {"input_format_csv_skip_first_lines": 2}, '[1, "x", 2]\n'),
    (ROW, "CSV", "1\n2,x\n3,x,3,4\n", {"input_format_csv_allow_variable_number_of_columns": 1}, '[1, "", null]\n[2, "x", null]\n[3, "x", 3]\n'),
    (ROW, "CSV", "1,x,2,\n", {}, '[1, "x", 2]\n'),
    ("b String", "CSV", "\nx\n", {}, '[""]\n["x"]\n'),
    (ROW, "TSV", "1\tx\tNN\n", {"format_tsv_null_representation": "NN"}, '[1, "x", null]\n'),
    (ROW, "TSV", "\tx\t\n", {"input_format_tsv_empty_as_default": 1}, '[0, "x", null]\n'),
    (ROW, "TSV", "junk\n1\tx\t2\n", {"input_format_tsv_skip_first_lines": 1}, '[1, "x", 2]\n'),
    (ROW, "TSV", "1\tx\t2\r\n3\ty\t4\r\n", {"input_format_tsv_crlf_end_of_line": 1}, '[1, "x", 2]\n[3, "y", 4]\n'),
    (ROW, "TSV", "1\n2\tx\n3\tx\t3\t4\n", {"input_format_tsv_allow_variable_number_of_columns": 1}, '[1, "", null]\n[2, "x", null]\n[3, "x", 3]\n'),
    ("t Bool", "CSV", "YES\nno\ntrue\n", {"bool_true_representation": "YES", "bool_false_representation": "no"}, "[true]\n[false]\n[true]\n"),
    (ROW, "CSV", "1,x,2\nbad,y,3\n2,z,4\n", {"input_format_allow_errors_num": 1}, '[1, "x", 2]\n[2, "z", 4]\n'),
    (ROW, "CSV", "1,x,2\nbad,y,3\n2,z,4\n", {"input_format_allow_errors_ratio": 0.5}, '[1, "x", 2]\n[2, "z", 4]\n'),
    (ROW, "CSV", "1,x,2\nbad,y,3\nbad,z,4\n", {"input_format_allow_errors_num": 1}, "27"),
    (ROW, "JSONEachRow", '{"a":1}\n{"a":"q"}\n{"a":3}\n', {"input_format_allow_errors_num": 1}, '[1, "", null]\n[3, "", null]\n'),
    ("a UInt8", "JSONEachRow", '{"a":1,"c":2}', {"input_format_skip_unknown_fields": 0}, "117"),
    ("a UInt8 DEFAULT 7", "JSONEachRow", "{}", {"input_format_defaults_for_omitted_fields": 0}, "[0]\n"),
    ("a UInt8 DEFAULT 7, b String DEFAULT 'q'", "CSV", ",\n", {}, '[7, "q"]\n'),
    ("d DateTime('UTC')", "TSV", "2024-01-02T03:04:05+02:00\n", {}, '["2024-01-02 01:04:05"]\n'),
    ("d DateTime('UTC')", "TSV", "2024-01-02T03:04:05+02:00\n", {"date_time_input_format": "basic"}, "41"),
    ("d DateTime64(3, 'UTC')", "JSONEachRow", '{"d":"Jan 2, 2024 03:04:05.5 PM"}', {}, '["2024-01-02 15:04:05.500"]\n'),
    ("d DateTime('UTC')", "TSV", "01/02/2024 03:04:05\n", {"date_time_input_format": "best_effort_us"}, '["2024-01-02 03:04:05"]\n'),
    ("d Array(DateTime('UTC'))", "JSONEachRow", '{"d":["2024-01-02T03:04:05Z", "2024-01-02T03:04:05-01:00"]}', {}, '[["2024-01-02 03:04:05","2024-01-02 04:04:05"]]\n'),
    (ROW, "CSVWithNames", "b,a,n\n1,x,2\n", {"input_format_with_names_use_header": 0}, '[1, "x", 2]\n'),
    (ROW, "CSVWithNamesAndTypes", '"b","a","n"\n"Int8","Int8","Int8"\n"x",1,2\n', {"input_format_with_types_use_header": 0}, '[1, "x", 2]\n'),
    (ROW, "Values", "(1+1, upper('x'), NULL), (toUInt8('5'), concat('a', 'b,)('), if(1, NULL, 2))", {}, '[2, "X", null]\n[5, "ab,)(", null]\n'),
    (ROW, "Values", "('7', 'x', 1), (1, 'it''s' || '!', (1,2).2)", {}, '[7, "x", 1]\n[1, "it\'s!", 2]\n'),
    ("a Array(UInt8), t Tuple(UInt8, String)", "Values", "([1+1, 2], (1, lower('A')))", {}, '[[2,2], [1,"a"]]\n'),
    (ROW, "Values", "(1+1, 'x', NULL)", {"input_format_values_interpret_expressions": 0}, "27"),
    (ROW, "Values", "(1+, 'x', NULL)", {}, "27"),
    (ROW, "Values", "(nope(1), 'x', NULL)", {}, "46"),
    (ROW, "Values", "((SELECT 1), 'x', NULL)", {}, "48"),
    (ROW, "Values", "(sleep(1), 'x', NULL)", {"input_format_values_interpret_expressions": 0}, "27"),
    ("a UInt8 DEFAULT 7, b String DEFAULT 'q', n Nullable(UInt8)", "RowBinaryWithDefaults", "\x01\x00\x01x\x00\x00\x02\x00\x05\x01\x00\x01", {}, '[7, "x", 2]\n[5, "q", null]\n'),
    ("a UInt8", "RowBinaryWithDefaults", "\x00", {}, "33"),
    ("s FixedString(300)", "JSONEachRow", '{"s":"\\u0041' + "x" * 299 + '"}', {}, '["A' + "x" * 299 + '"]\n'),
    ("a Array(String)", "JSONEachRow", '{"a":"[\'\\u0041' + "x" * 299 + '\']"}', {}, '[["A' + "x" * 299 + '"]]\n'),
]


@pytest.mark.parametrize("columns, name, data, settings, wanted", READ)
def test_reading(shared, columns, name, data, settings, wanted):
    shared.query("CREATE OR REPLACE TABLE read_so (" + columns + ", place UInt64 MATERIALIZED 0) ENGINE = MergeTree ORDER BY tuple()")
    reply = shared.post(data, query=f"INSERT INTO read_so FORMAT {name}", **settings)
    code = reply.headers.get("X-ClickHouse-Exception-Code")
    assert (code or shared.query("SELECT * FROM read_so FORMAT JSONCompactEachRow")) == wanted, reply.text


@pytest.mark.parametrize("name, value, code", [
    ("output_format_float_precision", 3, "48"), ("output_format_float_precision", 0, None), ("input_format_json_read_bools_as_numbers", "true", None),
    ("output_format_parquet_batch_size", 7, None), ("format_csv_delimiter", ",,", "36"), ("date_time_output_format", "odd", "36"),
    ("output_format_json_quote_64bit_integer", 1, "115"),
])  # fmt: skip
def test_settings_by_name(shared, name, value, code):
    assert shared.post("SELECT 1", **{name: value}).headers.get("X-ClickHouse-Exception-Code") == code
