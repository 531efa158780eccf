"""Results in every format, byte by byte as ClickHouse writes them (tests/sql/formats)."""
import sys

import pytest

from weir import ROOT

sys.path.insert(0, str(ROOT / "tests/sql"))
import check_formats  # noqa: E402

# Weir's own: RawBLOB refuses arrays, a JSON column stands in one line, progress never stands in a list.
OTHERWISE = {("JSON", 16), ("PrettyJSONEachRow", 16), ("JSONEachRowWithProgress", 26), ("JSONStringsEachRowWithProgress", 26)}
# In tables for eyes columns stand in line after a tab and around emoji, and bytes that are no UTF-8 have no width.
OTHERWISE |= {(name, number) for name in check_formats.formats() if name.startswith("Pretty") and "JSON" not in name for number in (5, 6, 7, 35)} | {("Vertical", 16)}
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


@pytest.mark.parametrize("name", ["ParquetMetadata", "MsgPack", "CustomSeparatedIgnoreSpaces", "TemplateIgnoreSpaces", "Protobuf", "avro"])
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
    "JSONCompactStringsEachRowWithNames", "JSONCompactStringsEachRowWithNamesAndTypes", "JSONColumns", "JSONCompactColumns", "JSONColumnsWithMetadata",
    "CustomSeparated", "CustomSeparatedWithNames", "CustomSeparatedWithNamesAndTypes",
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


@pytest.mark.parametrize("rule", ["Escaped", "Quoted", "CSV", "JSON", "Raw"])
def test_custom_separators(shared, rule):
    """With separators of several bytes, in pieces that cut them; a first row of names is found."""
    settings = {f"format_custom_{name}_delimiter": text for name, text in [
        ("field", " || "), ("row_before", "<row>"), ("row_after", "</row>"), ("row_between", ",\n"), ("result_before", "<<"), ("result_after", ">>\n")]}
    settings |= {"format_custom_escaping_rule": rule, "output_format_csv_serialize_tuple_into_separate_columns": 0}
    shared.query(f"CREATE OR REPLACE TABLE apart ENGINE = MergeTree ORDER BY n AS {TRAVELLERS}")
    wanted = shared.query("SELECT * FROM apart ORDER BY n FORMAT TSVWithNamesAndTypes")
    for name in ("CustomSeparated", "CustomSeparatedWithNamesAndTypes"):
        text = shared.post("SELECT * FROM apart ORDER BY n", default_format=name, **settings).content
        assert text.startswith(b"<<<row>") and text.endswith(b"</row>>>\n") and text.count(b"</row>,\n<row>") == 99 + 2 * ("Types" in name)
        shared.query("TRUNCATE TABLE apart")
        pieces = (text[at:at + 1021] for at in range(0, len(text), 1021))
        reply = shared.post(pieces, query="INSERT INTO apart FORMAT CustomSeparated", **settings)
        assert reply.status_code == 200, reply.text
        assert shared.query("SELECT * FROM apart ORDER BY n FORMAT TSVWithNamesAndTypes") == wanted
    cut = shared.post(text[:-1], query="INSERT INTO apart FORMAT CustomSeparated", **settings)
    assert cut.headers["X-ClickHouse-Exception-Code"] == "33"


def test_rows_of_one_text(shared):
    shared.query("CREATE TABLE one_text (s String, n UInt8 DEFAULT 7) ENGINE = MergeTree ORDER BY s")
    shared.query("INSERT INTO one_text (s) FORMAT LineAsString", b"a line\n\xff another\n")
    shared.query("INSERT INTO one_text (s) FORMAT RawBLOB", b"x" * 3000000)
    shared.query("INSERT INTO one_text (s) FORMAT JSONAsString", b'[{"a": 1}, {"b": [2, "}"]}]')
    assert shared.query("SELECT count(), sum(n), max(length(s)) FROM one_text") == "5\t35\t3000000\n"
    assert shared.query("SELECT s FROM one_text WHERE s LIKE '{%' ORDER BY s") == '{"a": 1}\n{"b": [2, "}"]}\n'
    for statement, code in (("(s, n) FORMAT LineAsString", "80"), ("(n) FORMAT RawBLOB", "36"), ("(s) FORMAT JSONAsObject", "36"),
                            ("(s) FORMAT Parquet", "117"), ("(s) FORMAT MsgPack", "48"), ("(s) FORMAT Nonsense", "73")):  # fmt: skip
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
    (ROW, "CustomSeparated", "1\tx\t2\n3\t\\tz\t\\N", {}, '[1, "x", 2]\n[3, "\\tz", null]\n'),
    (ROW, "CustomSeparated", "b\tn\ta\nx\t2\t1\n", {}, '[1, "x", 2]\n'),
    (ROW, "CustomSeparated", "1|x|2\n", {"format_custom_field_delimiter": "|", "format_custom_escaping_rule": "CSV"}, '[1, "x", 2]\n'),
    (ROW, "CustomSeparated", '{1,"x",null};{3,"\\u00e4",4}', {"format_custom_field_delimiter": ",", "format_custom_escaping_rule": "JSON",
      "format_custom_row_before_delimiter": "{", "format_custom_row_after_delimiter": "}", "format_custom_row_between_delimiter": ";"}, '[1, "x", null]\n[3, "ä", 4]\n'),
    (ROW, "CustomSeparatedIgnoreSpaces", "  1 |\t x y | 2\t\n 3|\\N | \\N\n\t ", {"format_custom_field_delimiter": "|", "format_custom_escaping_rule": "CSV"}, '[1, "x y", 2]\n[3, "\\\\N", null]\n'),
    (ROW, "CustomSeparatedIgnoreSpaces", " << (1 , 'x y' ,NULL )\t, ( 3,' z' , 4)\t >>\t\n", {"format_custom_field_delimiter": ",", "format_custom_escaping_rule": "Quoted",
      "format_custom_row_before_delimiter": "(", "format_custom_row_after_delimiter": ")", "format_custom_row_between_delimiter": ",",
      "format_custom_result_before_delimiter": "<<", "format_custom_result_after_delimiter": ">>"}, '[1, "x y", null]\n[3, " z", 4]\n'),
    (ROW, "CustomSeparatedIgnoreSpacesWithNames", ' "n" , "a"  , "b";  null , 1, "x"  ;  2 ,3 , " y " ; ', {"format_custom_field_delimiter": ",", "format_custom_escaping_rule": "JSON",
      "format_custom_row_after_delimiter": ";"}, '[1, "x", null]\n[3, " y ", 2]\n'),
    (ROW, "CustomSeparatedIgnoreSpacesWithNamesAndTypes", " 'b', 'a'; 'String' , 'UInt8' ; 'x', 1 ;", {"format_custom_field_delimiter": ",", "format_custom_escaping_rule": "Quoted",
      "format_custom_row_after_delimiter": ";"}, '[1, "x", null]\n'),
    (ROW, "CustomSeparatedIgnoreSpaces", " 1  2 ", {"format_custom_field_delimiter": " "}, "27"),
    ("a UInt8, n Nullable(String)", "CustomSeparated", "1,\n", {"format_custom_field_delimiter": ",", "format_custom_escaping_rule": "CSV"}, '[1, ""]\n'),
    (ROW, "Template", "1,x,2\n", {"format_template_row_format": "${a:CSV},${b:CSV},${n:CSV}"}, "48"),
    (ROW, "CustomSeparated", "1\tx\n", {}, "27"),
    (ROW, "CustomSeparated", "1\tx\t2\t3\n", {}, "27"),
    (ROW, "CustomSeparated", "1\tx\t2\n", {"format_custom_escaping_rule": "XML"}, "48"),
    (ROW, "CustomSeparated", "1\tx\t2\n", {"format_custom_escaping_rule": "None"}, "36"),
    (ROW, "JSONColumns", '{"b": ["x", "y"], "c": [[1], {}], "a": [1, "2"]}{"n":[5]}', {}, '[1, "x", null]\n[2, "y", null]\n[0, "", 5]\n'),
    (ROW, "JSONColumns", '{"b": ["x", "y"], "a": [1]}', {}, "117"),
    (ROW, "JSONColumns", '{"b": ["x"], "b": ["y"]}', {}, "117"),
    (ROW, "JSONColumns", '{"c": ["x"]}', {"input_format_skip_unknown_fields": 0}, "117"),
    (ROW, "JSONColumns", '{"b": ["x"', {}, "33"),
    (ROW, "JSONCompactColumns", '[[1, 2], ["x", "y"], [null, 3]]', {}, '[1, "x", null]\n[2, "y", 3]\n'),
    (ROW, "JSONCompactColumns", "[[1], [2], [3], [4]]", {}, "117"),
    (ROW, "JSONColumnsWithMetadata", '{"meta":[{"name":"a","type":"UInt16"}],"data":{"a":[1]}}', {}, "117"),
    ("s FixedString(300)", "JSONEachRow", '{"s":"\\u0041' + "x" * 299 + '"}', {}, '["A' + "x" * 299 + '"]\n'),
    ("a Array(String)", "JSONEachRow", '{"a":"[\'\\u0041' + "x" * 299 + '\']"}', {}, '[["A' + "x" * 299 + '"]]\n'),
]


@pytest.mark.parametrize("columns, name, data, settings, wanted", READ)
def test_reading(shared, columns, name, data, settings, wanted):
    shared.query("CREATE OR REPLACE TABLE read_so (" + columns + ", place UInt64 MATERIALIZED 0) ENGINE = MergeTree ORDER BY tuple()")
    reply = shared.post(data, query=f"INSERT INTO read_so FORMAT {name}", **settings)
    code = reply.headers.get("X-ClickHouse-Exception-Code")
    assert (code or shared.query("SELECT * FROM read_so FORMAT JSONCompactEachRow")) == wanted, reply.text


VALUES = "SELECT 'q\\'<&\"\\n' AS a, NULL AS n, [1, NULL] AS l, (1, 'x') AS t, toDateTime('2020-01-02 03:04:05', 'UTC') AS d, true AS b, map('k', 1.5) AS m"
RULES = ("Escaped", "Quoted", "CSV", "JSON", "XML", "Raw")
THREE = "SELECT number AS a FROM numbers(3)"
# Queries, templates of rows and of the result; what ClickHouse writes, or its error.
TEMPLATES = [
    (VALUES, "\n".join("|".join("${%s:%s}" % (name, rule) for rule in RULES) for name in "anltdbm"), "",
     b"""q\\'<&"\\n|'q\\'<&"\\n'|"q'<&""\n"|"q'<&\\"\\n"|q'&lt;&amp;"\n|q'<&"\n\n\\N|NULL|\\N|null|\\N|\\N
[1,NULL]|[1,NULL]|"[1,NULL]"|[1,null]|<array><elem>1</elem><elem>\\N</elem></array>|[1,NULL]
(1,'x')|(1,'x')|1,"x"|[1,"x"]|<tuple><elem>1</elem><elem>x</elem></tuple>|(1,'x')
2020-01-02 03:04:05|'2020-01-02 03:04:05'|"2020-01-02 03:04:05"|"2020-01-02 03:04:05"|2020-01-02 03:04:05|2020-01-02 03:04:05
true|true|true|true|true|true
{'k':1.5}|{'k':1.5}|"{'k':1.5}"|{"k":1.5}|<map><elem><key>k</key><value>1.5</value></elem></map>|{'k':1.5}"""),
    ("SELECT 1 AS a, 2 AS `0`, 3 AS `x``y`", "$$ ${0:CSV} ${\"a\":CSV} ${1:CSV} ${`x``y`:CSV} ${`x\\`y`:CSV}$$$$", "", b"$ 1 1 2 3 3$$"),
    (THREE, "${a:CSV}", "[${data}] ${rows:CSV} ${rows:Quoted} ${rows_read:JSON}$$", b"[0;\n1;\n2] 3 3 3$"),
    (THREE + " WHERE 0", "${a:CSV}", "<${data}>${rows:XML}", b"<>0"),
    ("SELECT number % 3 AS a, count() AS c FROM numbers(9) GROUP BY a WITH TOTALS ORDER BY a LIMIT 2 SETTINGS extremes = 1", "(${a:CSV} ${c:JSON})",
     "${data} T${totals} ${min} to ${max} of ${rows_before_limit:Raw}", b"(0 3);\n(1 3) T(0 9) (0 3) to (1 3) of 3"),
    ("SELECT 1 AS a", "${a:CSV}${b:CSV}", "", 10), ("SELECT 1 AS a", "${a:csv}", "", 36), ("SELECT 1 AS a", "${a:CSV}", "${data} ${nope}", 62),
] + [("SELECT 1 AS a", row, "", 474) for row in ("", "text", "${a}", "${a:None}", "${a:CSV", "${a", "${", "$", "$x", "${a:CSV}$", "${}", "${:CSV}", "${ a:CSV}", "${7:CSV}",
    "${`a:CSV}")
] + [(THREE, "${a:CSV}", whole, 474) for whole in ("x", "${rows:CSV}", "${data}${data}", "${data:CSV}", "${data} ${rows}", "${data} ${totals}", "${data} ${min}", "${data} ${max}",
    "${data} ${rows_before_limit:CSV}", "${data} ${totals:CSV}", "${data} ${9}")]  # fmt: skip


@pytest.mark.parametrize("sql, row, whole, wanted", TEMPLATES)
def test_templates(shared, sql, row, whole, wanted):
    settings = {"format_template_row_format": row, "format_template_resultset_format": whole, "format_template_rows_between_delimiter": ";\n"}
    reply = shared.post(sql, default_format="Template", **settings)
    assert (int(reply.headers["X-ClickHouse-Exception-Code"]) if isinstance(wanted, int) else reply.content) == wanted, reply.text


def test_long_templates(shared):
    """Many chunks; a text that is too long, and files, are refused."""
    settings = {"format_template_row_format": "${n:CSV}", "format_template_resultset_format": "${data} ${rows:CSV} ${time:JSON}"}
    text = shared.query("SELECT number AS n FROM numbers(200000)", default_format="Template", **settings)
    lines = text.split("\n")
    assert lines[:-1] == [str(n) for n in range(199999)] and lines[-1].startswith("199999 200000 ") and 0 < float(lines[-1].split()[2])
    assert shared.post("SELECT 1 AS n", default_format="Template", format_template_row_format="${n:CSV}" * 128).headers["X-ClickHouse-Exception-Code"] == "36"
    for name in ("format_template_row", "format_template_resultset"):
        assert shared.post("SELECT 1", **{name: "row.txt"}).headers["X-ClickHouse-Exception-Code"] == "48"


def test_settings_of_a_text_in_a_query(shared):
    """format(): settings at the end of the statement, and of the request, say how the text is read."""
    text = "'a;b\n1;x\n'"
    assert shared.query(f"SELECT * FROM format(CSVWithNames, {text}) SETTINGS format_csv_delimiter = ';'") == "1\tx\n"
    assert shared.query(f"DESCRIBE format(CSV, {text})", format_csv_delimiter=";").startswith("a\tNullable(Int64)\t")
    assert shared.query(f"SELECT * FROM format(CSV, 'n UInt8, s String', {text}) SETTINGS format_csv_delimiter = ';', input_format_csv_skip_first_lines = 1") == "1\tx\n"
    assert shared.query("SELECT * FROM format(CustomSeparated, 'n UInt8, s String', '1|x/2|y/') SETTINGS format_custom_field_delimiter = '|', format_custom_row_after_delimiter = '/'") == "1\tx\n2\ty\n"
    assert shared.post(f"SELECT * FROM format(CSV, 'n UInt8, s String', {text})").headers["X-ClickHouse-Exception-Code"] == "27"


@pytest.mark.parametrize("name, value, code", [
    ("output_format_float_precision", 3, "48"), ("output_format_float_precision", 0, None), ("input_format_json_read_bools_as_numbers", "true", None),
    ("output_format_parquet_batch_size", 7, None), ("format_csv_delimiter", ",,", "36"), ("date_time_output_format", "odd", "36"),
    ("output_format_json_quote_64bit_integer", 1, "115"),
])  # fmt: skip
def test_settings_by_name(shared, name, value, code):
    assert shared.post("SELECT 1", **{name: value}).headers.get("X-ClickHouse-Exception-Code") == code


# What ClickHouse writes, by chDB.
PROMETHEUS = [
    ("SELECT 'requests' AS name, 'counter' AS type, 'Total\nnumber \\\\ \"' AS help, map('method','post','code','2\"0\n0\\\\') AS labels, 1027 AS value, 1395066363000 AS timestamp "
     "UNION ALL SELECT 'x', '', '', map(), nan, 0 UNION ALL SELECT 'y', 'gauge', '', map('a', 'b'), inf, 0",
     '# HELP requests Total number \\ "\n# TYPE requests counter\nrequests{code="2\\"0\\n0\\\\",method="post"} 1027 1395066363000\n\nx NaN\n\n# TYPE y gauge\ny{a="b"} +Inf\n\n'),
    ("SELECT * FROM values('name String, value Float64, type String, help String', ('b', 1, '', 'H1'), ('b', 2, 'gauge', 'H2'), ('b', 3, 'counter', ''), ('c', -inf, '', ''))",
     "# HELP b H1\n# TYPE b gauge\nb 1\nb 2\nb 3\n\nc -Inf\n\n"),
    ("SELECT 'h' AS name, 'histogram' AS type, t.1 AS labels, t.2 AS value FROM (SELECT arrayJoin([(map('le','0.1','x','2'),1), (map('le','0.1','x','1'),9), (map('le','10','x','1'),8), "
     "(map('le','9','x','1'),8), (map('sum','','x','1'),8), (map('count','','x','2'),8), (map('x','3'),8)]) AS t)",
     '# TYPE h histogram\nh_bucket{le="0.1",x="2"} 1\nh_bucket{le="0.1",x="1"} 9\nh_bucket{le="9",x="1"} 8\nh_bucket{le="10",x="1"} 8\nh{x="3"} 8\nh_sum{x="1"} 8\nh_count{x="2"} 8\nh_bucket{le="+Inf"} 8\n\n'),
    ("SELECT 'h' AS name, 'histogram' AS type, t.1 AS labels, t.2 AS value FROM (SELECT arrayJoin([(map('le','0.1'),1), (map('le','+Inf'),9)]) AS t)",
     '# TYPE h histogram\nh_bucket{le="0.1"} 1\nh_bucket{le="+Inf"} 9\nh_count 9\n\n'),
    ("SELECT 's' AS name, 'summary' AS type, t.1 AS labels, t.2 AS value FROM (SELECT arrayJoin([(map('count','','x','1'),7), (map('sum','','x','1'),8), (map('quantile','0.9','x','1'),6), "
     "(map('quantile','0.5','x','2'),6), (map('quantile','0.10'),6)]) AS t)",
     '# TYPE s summary\ns{quantile="0.10"} 6\ns{quantile="0.5",x="2"} 6\ns{quantile="0.9",x="1"} 6\ns_sum{x="1"} 8\ns_count{x="1"} 7\n\n'),
    ("SELECT 'n' AS name, true AS value, 1.5 AS timestamp, [1] AS other", "n true 1.5\n\n"),
    ("SELECT 'n' AS name, toDecimal64(1.50, 3) AS value, CAST(NULL, 'Nullable(Int64)') AS timestamp", "n 1.5\n\n"),
    ("SELECT 'n' AS name, count() AS value GROUP BY name WITH TOTALS", "n 1\n\n"),
    ("SELECT 'n' AS name, 1 AS value WHERE 0", ""),
]


@pytest.mark.parametrize("sql, text", PROMETHEUS)
def test_prometheus(shared, sql, text):
    reply = shared.post(sql, default_format="Prometheus")
    assert reply.text == text and reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=UTF-8"


@pytest.mark.parametrize("columns, what", [("'a' AS nam, 1 AS value", "Column 'name' is required"), ("'a' AS name", "Column 'value' is required"), ("1 AS name, 2 AS value", "Illegal type 'UInt8' of column 'name'"),
                                           ("'a' AS name, now() AS value", "Illegal type 'DateTime' of column 'value'"), ("'a' AS name, 1 AS value, map('a', 1) AS labels", "Illegal type 'Map(String, UInt8)' of column 'labels'"),
                                           ("'a' AS name, toNullable(1) AS value", "Illegal type 'Nullable(UInt8)'")])
def test_prometheus_columns(shared, columns, what):
    reply = shared.post(f"SELECT {columns} FORMAT Prometheus")
    assert reply.status_code != 200 and what in reply.text and "BAD_ARGUMENTS" in reply.text


def test_prometheus_memory(shared):
    """Rows of one metric are kept: in the query's memory."""
    assert "MEMORY_LIMIT_EXCEEDED" in shared.post("SELECT 'n' AS name, number AS value FROM numbers(3000000) FORMAT Prometheus", max_memory_usage=20000000).text
    assert len(shared.query("SELECT toString(number) AS name, number AS value FROM numbers(300000) FORMAT Prometheus", max_memory_usage=20000000).splitlines()) == 600000


# (columns, format, settings, data, rows or error), as ClickHouse has it (chDB).
AB = "a UInt32, b String"
HEADERS = [
    (AB, "CSV", {}, 'a,b\n1,x\n2,y', [[1, "x"], [2, "y"]]),
    (AB, "CSV", {}, '"b","a"\r\nx,1\r\ny,2', [[1, "x"], [2, "y"]]),
    (AB, "CSV", {}, "a\n1\n2", [[1, ""], [2, ""]]),
    (AB, "CSV", {}, "1,x\n2,y", [[1, "x"], [2, "y"]]),
    (AB, "CSV", {}, "a,c\n1,x\n2,y", 27),
    (AB, "CSV", {}, "b,c,a\nx,7,1\n", [[1, "x"]]),
    (AB, "CSV", {"input_format_skip_unknown_fields": 0}, "b,c,a\nx,7,1\n", 117),
    (AB, "CSV", {}, "b,a\nString,UInt32\nx,1", [[1, "x"]]),
    (AB, "CSV", {}, "b,a\nString,UInt64\nx,1", 117),
    (AB, "CSV", {}, "a,b", []),
    (AB, "CSV", {}, "a,b\n", []),
    (AB, "CSV", {"input_format_csv_detect_header": 0}, "a,b\n1,x\n", 27),
    ("a String, b String", "CSV", {}, "a,b\nx,y", [["x", "y"]]),
    ("a String, b String", "CSV", {"input_format_csv_detect_header": 0}, "a,b\nx,y", [["a", "b"], ["x", "y"]]),
    ("a String, b String", "CSV", {}, "A,B\nx,y", [["A", "B"], ["x", "y"]]),
    ("a String, b String", "CSV", {}, "x,y\na,b\n", [["x", "y"], ["a", "b"]]),
    ("a String, b String", "CSV", {}, "a,a\nx,y", 117),
    (AB, "TSV", {}, "b\ta\nx\t1\n", [[1, "x"]]),
    (AB, "TSV", {}, "b\ta\nString\tUInt32\nx\t1\n", [[1, "x"]]),
    ("a String, b String", "TSV", {"input_format_tsv_detect_header": 0}, "a\tb\n", [["a", "b"]]),
    (AB, "TSVRaw", {}, "b\ta\nx\t1\n", [[1, "x"]]),
    ("`n.s` Array(String), `n.i` Array(Int32)", "JSONEachRow", {"input_format_import_nested_json": 1}, '{"n": {"s": ["abc","def"], "i": [1, 23]}}', [[["abc", "def"], [1, 23]]]),
    ("`n.s` Array(String), `n.i` Array(Int32)", "JSONEachRow", {}, '{"n": {"s": ["abc","def"], "i": [1, 23]}}', [[[], []]]),
    ("`n.s` Array(String), `n.i` Array(Int32)", "JSONEachRow", {"input_format_import_nested_json": 1}, '{"n": [{"s": "abc", "i": 1}]}', 27),
    ("`a.b` Int32, c Int32", "JSONEachRow", {"input_format_import_nested_json": 1}, '[{"a": {"b": 5, "x": {"y":1}}, "c": 1}, {"c": 2, "a": {}}, {"a": { "b" : 6 } }]', [[5, 1], [0, 2], [6, 0]]),
    ("`a.b` Int32, c Int32", "JSONEachRow", {"input_format_import_nested_json": 1, "input_format_skip_unknown_fields": 0}, '{"a": {"b": 5, "x": 7}, "c": 1}', 117),
    ("`a.b` Int32, c Int32", "JSONEachRow", {"input_format_import_nested_json": 0, "input_format_skip_unknown_fields": 0}, '{"a": {"b": 5}, "c": 1}', 117),
    ("`a.b` Int32, c Int32", "JSONEachRow", {"input_format_import_nested_json": 1}, '{"a": 5, "c": 1}', 27),
    ("`a.b.d` Int32, `a.b` String, c Int32", "JSONEachRow", {"input_format_import_nested_json": 1}, '{"a": {"b": {"d": 6}}, "c": 1}', [[0, '{"d": 6}', 1]]),
    ("`a.b` Int32, c Int32", "JSONObjectEachRow", {"input_format_import_nested_json": 1}, '{"x":{"a": {"b":6}, "c": 1}}', [[6, 1]]),
]


@pytest.mark.parametrize("columns, kind, settings, data, result", HEADERS)
def test_headers_and_nested(shared, columns, kind, settings, data, result):
    shared.query("DROP TABLE IF EXISTS headers")
    shared.query(f"CREATE TABLE headers ({columns}) ENGINE = MergeTree ORDER BY tuple()")
    # byte by byte, too: what is not whole yet must wait
    for pieces in [data.encode()], (data.encode()[k : k + 1] for k in range(len(data.encode()))):
        reply = shared.post(f"INSERT INTO headers FORMAT {kind}", data=iter(pieces), **settings)
        if isinstance(result, int):
            assert reply.headers.get("X-ClickHouse-Exception-Code") == str(result), reply.text
        else:
            assert reply.status_code == 200, reply.text
            assert shared.rows("SELECT * FROM headers") == result
            shared.query("TRUNCATE TABLE headers")


def test_rows_as_values_of_a_query(shared):
    """formatRow goes by the query's settings of formats, also where results are shared or kept."""
    shared.query("CREATE TABLE formatted (n UInt32, s String) ENGINE = MergeTree ORDER BY n")
    shared.query("INSERT INTO formatted SELECT number % 2, 'x' FROM numbers(10)")
    sql = "SELECT formatRowNoNewline('CSV', n, s) AS r, count() FROM formatted GROUP BY r ORDER BY r"
    for delimiter in (",", ";", ","):
        assert shared.query(sql, format_csv_delimiter=delimiter) == f'0{delimiter}"x"\t5\n1{delimiter}"x"\t5\n'
    assert shared.query("SELECT formatRow('JSONEachRow', true AS b, 1::UInt64 AS u) SETTINGS bool_true_representation = 'yes', "
                        "output_format_json_quote_64bit_integers = 1 FORMAT TSVRaw") == '{"b":true,"u":"1"}\n\n'
    assert shared.query("SELECT formatRow('CSV', j) FROM (SELECT '{\"a\":1}'::JSON AS j) FORMAT TSVRaw") == '"{""a"":1}"\n\n'
    assert shared.query("SELECT sum(length(formatRow('CSV', number, repeat('x', 100)))) FROM numbers(20000)") == "2168890\n"
