"""What drivers and dashboards ask of the system tables when they connect, as it stands in their sources."""
import gzip
import json
import urllib.parse

import pytest
import requests

from weir import DEADLINE, QueryError


@pytest.fixture(scope="module")
def filled(shared):
    shared.query("CREATE DATABASE shop")
    shared.query(
        "CREATE TABLE shop.sales (day Date, item LowCardinality(String) COMMENT 'what', n Nullable(UInt32) DEFAULT 7, "
        "price Decimal(9, 2), at DateTime64(3, 'UTC'), tags Map(String, String)) "
        "ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY (item, day)")
    shared.query("CREATE VIEW shop.tea AS SELECT * FROM shop.sales WHERE item = 'tea'")
    shared.query("INSERT INTO shop.sales VALUES ('2026-01-02', 'tea', 3, 1.5, '2026-01-02 03:04:05.678', {'k':'v'})")
    return shared


def test_hello(filled):
    types = filled.query("SELECT displayName(), version(), revision(), timezone() FORMAT TabSeparatedWithNamesAndTypes").split("\n")
    assert types[0] == "displayName()\tversion()\trevision()\ttimezone()" and types[1] == "String\tString\tUInt32\tString"
    revision = filled.value("SELECT revision()")
    assert revision >= 54454
    major, minor = filled.query("SELECT version()").split(".")[:2]
    assert (int(major), int(minor)) >= (22, 7)
    assert filled.query("SELECT version(), timezone()").count("\t") == 1
    assert filled.query("SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1").startswith("default\t")
    metabase = "WITH s AS (SELECT version() AS ver, splitByChar('.', ver) AS verSplit) SELECT s.ver, toInt32(verSplit[1]), toInt32(verSplit[2]) FROM s"
    assert filled.rows(metabase)[0][1:] == [int(major), int(minor)]
    assert filled.query("SELECT value='1' FROM system.settings WHERE name='cloud_mode'") == ""
    native = filled.post("SELECT 1 AS check\n FORMAT Native", client_protocol_version=54405).content
    assert native[8:] == b"\x01\x01\x05check\x05UInt8\x01"


def test_tables_and_columns(filled):
    assert filled.query("SHOW TABLES FROM `shop`") == "sales\ntea\n"
    assert filled.query("EXISTS TABLE `shop`.`sales`") == filled.query("EXISTS DATABASE shop") == "1\n"
    described = filled.post("DESCRIBE TABLE `shop`.`sales` FORMAT TabSeparatedWithNamesAndTypes").text.split("\n")
    assert described[0] == "name\ttype\tdefault_type\tdefault_expression\tcomment\tcodec_expression\tttl_expression"
    assert described[1] == "\t".join(["String"] * 7)
    assert filled.query("DESC (SELECT 1 AS a) FORMAT TSKV").startswith("name=a\ttype=UInt8\t")
    assert filled.rows("SELECT engine, engine_full, comment FROM system.tables WHERE database = 'shop' AND name = 'sales'")[0][0] == "MergeTree"
    trino = "SELECT engine, sorting_key, partition_key, primary_key, sampling_key FROM system.tables WHERE database = 'shop' AND name = 'sales'"
    assert filled.rows(trino) == [["MergeTree", "item, day", "toYYYYMM(day)", "item, day", ""]]
    vector = ("SELECT name, type, default_kind FROM system.columns WHERE database = {db:String} AND table = {tbl:String} "
              "AND default_kind IN ('','DEFAULT') ORDER BY position FORMAT JSONEachRow")
    lines = [json.loads(line) for line in filled.query(vector, param_db="shop", param_tbl="sales").splitlines()]
    assert lines[2] == {"name": "n", "type": "Nullable(UInt32)", "default_kind": "DEFAULT"}
    assert filled.rows("SELECT name, type, table FROM system.columns WHERE database IN ('shop') AND table = 'sales'")[0] == ["day", "Date", "sales"]
    assert filled.query("SELECT DISTINCT arrayJoin(mapKeys(\"tags\")) as keys FROM \"shop\".\"sales\" LIMIT 1000") == "k\n"
    assert filled.query("SELECT DISTINCT \"tags\"['k'] FROM \"shop\".\"sales\" WHERE mapContains(\"tags\", 'k') LIMIT 1000") == "v\n"
    assert filled.query("SELECT as_select != '' FROM system.tables WHERE name = 'tea'") == "1\n"


def test_jdbc(filled):
    tables = ("SELECT t.database AS TABLE_SCHEM, t.name AS TABLE_NAME, t.engine FROM system.tables t JOIN system.databases d "
              "ON system.tables.database = system.databases.name WHERE t.database LIKE 'sho%' AND t.name LIKE '%' "
              "AND (t.is_temporary = 0) ORDER BY TABLE_NAME")
    assert [row[1] for row in filled.rows(tables)] == ["sales", "tea"]
    columns = ("SELECT system.columns.type, name, numeric_precision, numeric_precision_radix, numeric_scale, character_octet_length, "
               "position, default_expression, comment, default_kind == '' ? 1 : 0 AS x, x::Nullable(Int32) AS y, "
               "CAST(NULL as Nullable(String)) AS z, position(type, 'Nullable(') AS p FROM system.columns "
               "WHERE database = 'shop' AND table = 'sales' ORDER BY position")
    rows = filled.rows(columns)
    assert [row[2:5] for row in rows] == [[None] * 3, [None] * 3, [32, 2, 0], [9, 10, 2], [None] * 3, [None] * 3]
    keys = ("SELECT database, name, c.1 AS column_name, c.2 AS key_seq FROM system.tables ARRAY JOIN "
            "arrayZip(splitByChar(',', primary_key), arrayEnumerate(splitByChar(',', primary_key))) as c "
            "WHERE primary_key ILIKE '%' AND name = 'sales' ORDER BY key_seq")
    assert [(row[2].strip(), row[3]) for row in filled.rows(keys)] == [("item", 1), ("day", 2)]
    assert filled.query("SELECT arrayJoin(['TABLE', 'VIEW']) AS TABLE_TYPE") == "TABLE\nVIEW\n"
    assert filled.rows("SELECT name, case_insensitive, alias_to FROM system.data_type_families WHERE name IN ('UInt8', 'TEXT') ORDER BY name") == [
        ["TEXT", 1, "String"], ["UInt8", 0, ""]]
    ping = filled.post("SELECT 1 FORMAT TabSeparated", headers={"X-ClickHouse-Format": "RowBinaryWithNamesAndTypes"}, compress=1)
    assert ping.status_code == 200 and ping.content[16:17] == b"\x82"


def test_functions(filled):
    superset = "SELECT name FROM system.functions UNION ALL SELECT name FROM system.table_functions LIMIT 10000"
    names = filled.query(superset).split("\n")
    assert {"count", "toDateTime", "numbers", "revision"} <= set(names)
    grafana = ("SELECT name, is_aggregate, case_insensitive, alias_to, origin, description, syntax, arguments, returned_value, examples, "
               "categories FROM system.functions WHERE name = 'count' LIMIT 10000")
    assert filled.rows(grafana)[0][:5] == ["count", 1, 1, "", "System"]


def test_information_schema(filled):
    for schema in ("information_schema", "INFORMATION_SCHEMA"):
        assert filled.rows(f"SELECT table_schema, table_name, table_type FROM {schema}.tables WHERE table_schema = 'shop' ORDER BY 2") == [
            ["shop", "sales", "BASE TABLE"], ["shop", "tea", "VIEW"]]
    upper = filled.rows(
        "SELECT COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, DATA_TYPE, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, COLUMN_COMMENT "
        "FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'sales' ORDER BY ORDINAL_POSITION")
    assert upper[1] == ["item", 2, 0, "LowCardinality(String)", None, None, None, "what"]
    assert upper[3] == ["price", 4, 0, "Decimal(9, 2)", 9, 2, None, ""] and upper[4][6] == 3 and upper[2][2] == 1
    assert ["shop"] in filled.rows("SELECT schema_name FROM information_schema.schemata")
    assert filled.rows("SELECT column_name FROM information_schema.key_column_usage WHERE table_name = 'sales' ORDER BY 1") == [["day"], ["item"]]
    assert filled.rows("SELECT table_name FROM information_schema.views WHERE table_schema = 'shop'") == [["tea"]]
    assert filled.query("SELECT count() FROM information_schema.referential_constraints") == "0\n"
    assert filled.query("SELECT count() > 0 FROM tables", database="information_schema") == "1\n"
    with pytest.raises(QueryError) as caught:
        filled.query("SELECT * FROM information_schema.nothing")
    assert caught.value.code == 60


def test_query_log(filled):
    for number in (1, 22):
        filled.query(f"SELECT {number} + length('{'x' * number}')", log_comment="from a test")
    rows = filled.rows("SELECT query_kind, type, normalized_query_hash, initial_user FROM system.query_log WHERE log_comment = 'from a test'")
    assert len(rows) == 2 and rows[0] == rows[1] and rows[0][:2] == ["Select", "QueryFinish"]


def test_limits_of_dashboards(filled):
    assert filled.query("SELECT number FROM numbers(10)", limit=2, offset=1) == "1\n2\n"
    assert filled.query("SELECT number FROM numbers(500) LIMIT 10 OFFSET 100", limit=5, offset=7) == "107\n108\n109\n"
    assert filled.query("SELECT number FROM numbers(10) UNION ALL SELECT 7", limit=3).count("\n") == 3
    assert filled.query("SELECT number FROM numbers(3)", limit=0) == "0\n1\n2\n"
    play = filled.post("SELECT number FROM numbers(1000000)", default_format="JSONCompact", max_result_rows=1000, max_result_bytes=10000000,
                       result_overflow_mode="break", add_http_cors_header=1, user="default", password="")
    assert 1000 <= play.json()["rows"] < 1000000


# ---- collectors


def test_vector(filled):
    """Its ClickHouse sink, as it sends a batch."""
    filled.query("CREATE TABLE shop.logs (timestamp DateTime64(6, 'UTC'), message String, host String) ENGINE = MergeTree ORDER BY timestamp")
    assert requests.get(filled.url_of("/", query="SELECT 1"), timeout=DEADLINE).text == "1\n"  # its health check
    rows = b"".join(b'{"host":"h","message":"m %d","timestamp":"2020-01-01T00:00:0%d.123456Z"}\n' % (n, n) for n in range(5))
    url = (filled.url + "?input_format_import_nested_json=1&input_format_skip_unknown_fields=0&date_time_input_format=best_effort&"
           "query=" + urllib.parse.quote("INSERT INTO {database:Identifier}.{table:Identifier} FORMAT JSONEachRow") + "&param_database=shop&param_table=logs")
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    reply = requests.post(url, data=gzip.compress(rows), headers=headers, auth=("default", ""), timeout=DEADLINE)
    assert reply.status_code == 200, reply.text
    assert filled.query("SELECT count(), max(timestamp) FROM shop.logs") == "5\t2020-01-01 00:00:04.123456\n"
    bad = requests.post(url, data=gzip.compress(b'{"nothing":1}\n'), headers=headers, timeout=DEADLINE)
    assert bad.text.startswith("Code: 117")  # it gives such a batch up instead of trying again


def test_fluent_bit(filled):
    """Its generic output http: json_lines and json_stream, dates as numbers or ISO 8601."""
    filled.query("CREATE TABLE shop.fluent (date DateTime64(6, 'UTC'), log String) ENGINE = MergeTree ORDER BY date")
    url = filled.url + "?query=INSERT+INTO+shop.fluent+FORMAT+JSONEachRow"
    lines = b'{"date":1577836800.123456,"log":"a"}\n{"date":1577836801.5,"log":"b"}'
    stream = b'{"date":"2020-01-01T00:00:02.000001Z","log":"c"}{"date":"2020-01-01T00:00:03.000001Z","log":"d"}'
    for body, headers in ((lines, {"Content-Type": "application/x-ndjson"}), (gzip.compress(stream), {"Content-Encoding": "gzip"})):
        reply = requests.post(url, data=body, headers={"User-Agent": "Fluent-Bit", **headers}, timeout=DEADLINE)
        assert reply.status_code == 200, reply.text
    assert filled.query("SELECT groupArray(log) FROM (SELECT log FROM shop.fluent ORDER BY date)") == "['a','b','c','d']\n"
