"""Results in the format Parquet: as Apache Arrow and DuckDB read them, beside what they read in ClickHouse's (tests/sql/parquet)."""
import io
import sys

import clickhouse_connect
import duckdb
import pyarrow.parquet
import pytest

from weir import ROOT

sys.path.insert(0, str(ROOT / "tests/sql"))
import check_parquet  # noqa: E402

NUMBERS = """SELECT number AS n, toString(number) AS s, range(number % 5) AS a, if(number % 3 = 0, NULL, concat('k', toString(number % 1000))) AS k,
    toLowCardinality(toString(number % 10)) AS lc, number / 7 AS f, CAST(number % 2 = 0 AS Bool) AS b, map(k, number) AS m FROM numbers({rows}) ORDER BY n"""


def file_of(server, sql, **parameters):
    reply = server.post(sql, default_format="Parquet", **parameters)
    assert reply.status_code == 200, reply.text
    return pyarrow.parquet.ParquetFile(io.BytesIO(reply.content), page_checksum_verification=True)


def check_numbers(table, rows):
    assert table.column("n").to_pylist() == list(range(rows))
    assert table.column("s").to_pylist() == [str(n) for n in range(rows)]
    assert table.column("a").to_pylist() == [list(range(n % 5)) for n in range(rows)]
    assert table.column("k").to_pylist() == [None if n % 3 == 0 else f"k{n % 1000}" for n in range(rows)]
    assert table.column("lc").to_pylist() == [str(n % 10) for n in range(rows)]
    assert table.column("f").to_pylist() == [n / 7 for n in range(rows)]
    assert table.column("b").to_pylist() == [n % 2 == 0 for n in range(rows)]


def test_as_clickhouse(shared):
    wanted = check_parquet.expected()
    for number, statement in enumerate(check_parquet.statements(), 1):
        reply = shared.post(statement, default_format="Parquet")
        code = reply.headers.get("X-ClickHouse-Exception-Code")
        assert (f"error {code}\n" if code else check_parquet.describe(reply.content)) == wanted[number], statement


def test_duckdb_reads_it(shared, tmp_path):
    """All statements; the same values as Arrow reads, where both have the type."""
    path = tmp_path / "rows.parquet"
    for statement in check_parquet.statements():
        reply = shared.post(statement, default_format="Parquet")
        if reply.status_code == 200:
            path.write_bytes(reply.content)
            rows = duckdb.sql(f"SELECT * FROM '{path}'").fetchall()
            assert len(rows) == pyarrow.parquet.ParquetFile(path).metadata.num_rows, statement
    path.write_bytes(shared.post(NUMBERS.replace("map(k, number)", "map(s, n)").format(rows=50000), default_format="Parquet", output_format_parquet_row_group_size=20000).content)
    assert duckdb.sql(f"SELECT count(*), sum(n), count(DISTINCT s), sum(len(a)), count(k), count(DISTINCT lc), count(*) FILTER (b), sum(m[s]) FROM '{path}'").fetchall() == [
        (50000, 1249975000, 50000, 100000, 33333, 10, 25000, 1249975000)]
    assert duckdb.sql(f"SELECT n, s, a, k, lc FROM '{path}' WHERE n BETWEEN 29999 AND 30001 OR s = '777' ORDER BY n").fetchall() == [
        (777, "777", [0, 1], None, "7"), (29999, "29999", [0, 1, 2, 3], "k999", "9"), (30000, "30000", [], None, "0"), (30001, "30001", [0], "k1", "1")]


@pytest.mark.parametrize("settings", [
    {}, {"row_group_size": 7000}, {"row_group_size_bytes": 100000}, {"data_page_size": 100}, {"data_page_size": 0}, {"max_dictionary_size": 0}, {"max_dictionary_size": 3000},
    {"max_dictionary_size": 3000, "data_page_size": 1000, "row_group_size": 9999, "compression_method": "none"}, {"write_page_index": 0, "write_checksums": 0, "write_bloom_filter": 0},
])  # fmt: skip
def test_groups_pages_dictionaries(shared, settings):
    file = file_of(shared, NUMBERS.replace(", map(k, number) AS m", "").format(rows=30000), **{f"output_format_parquet_{name}": value for name, value in settings.items()})
    check_numbers(file.read(), 30000)
    groups = [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)]
    if settings == {"row_group_size": 7000}:
        assert groups == [7000, 7000, 7000, 7000, 2000]
    elif "row_group_size_bytes" in settings:
        assert len(groups) > 2  # looked at after each chunk
    elif "row_group_size" not in settings:
        assert groups == [30000]
    column = file.metadata.row_group(0).column(0)
    assert column.has_offset_index == column.has_column_index == ("write_page_index" not in settings)
    dictionaries = [file.metadata.row_group(0).column(k).has_dictionary_page for k in range(7)]
    if settings.get("max_dictionary_size") == 0:
        assert not any(dictionaries)
    elif not settings:
        assert dictionaries == [True, True, True, True, True, True, False]
    # each group's bounds are those of its rows
    begin = 0
    for group, rows in enumerate(groups):
        bounds = file.metadata.row_group(group).column(0).statistics
        assert (bounds.min, bounds.max, bounds.null_count) == (begin, begin + rows - 1, 0)
        nulls = file.metadata.row_group(group).column(3).statistics.null_count
        assert nulls == sum(n % 3 == 0 for n in range(begin, begin + rows))
        begin += rows


@pytest.mark.parametrize("settings", [{}, {"max_dictionary_size": 20000, "data_page_size": 5000}, {"row_group_size": 3000}])
def test_bloom_filters(shared, tmp_path, settings):
    """Every value is found by readers that ask the filters, and few of those that are not there seem to be."""
    path = tmp_path / "rows.parquet"
    columns = {"u": "number * 3", "i": "toInt32(number * 3) - 7000", "s": "toString(number * 3)", "f": "toFixedString(leftPad(toString(number * 3), 5, '0'), 5)",
               "id": "toUUID(concat('00112233-4455-6677-8899-', leftPad(toString(number * 3), 12, '0')))", "l": "toLowCardinality(toString(number * 3))",
               "n": "if(number % 7 = 0, NULL, number * 3)", "d": "toDate('2024-01-01') + number"}  # fmt: skip
    sql = "SELECT " + ", ".join(f"{text} AS {name}" for name, text in columns.items()) + " FROM numbers(9000) ORDER BY number"
    path.write_bytes(shared.post(sql, default_format="Parquet", **{f"output_format_parquet_{name}": value for name, value in settings.items()}).content)
    values = {"u": "{}", "i": "({} - 7000)::INT", "s": "'{}'", "id": "'00112233-4455-6677-8899-{:012d}'::UUID", "l": "'{}'"}
    for name, text in values.items():
        for number in range(0, 27000, 2501):
            present = number % 3 == 0
            found = duckdb.sql(f"SELECT count(*) FROM '{path}' WHERE {name} = {text.format(number)}").fetchall()[0][0]
            assert found == present, (name, number)
    # a group's bounds leave out others by themselves: the filters are asked here
    for name in ("u", "s"):
        excluded = sum(row[0] for number in range(1, 91, 3) for row in duckdb.sql(
            f"SELECT bool_and(bloom_filter_excludes) FROM parquet_bloom_probe('{path}', '{name}', {values[name].format(number)})").fetchall())
        assert excluded > 25
        kept = [row[0] for number in range(0, 1500, 150) for row in duckdb.sql(
            f"SELECT bool_and(bloom_filter_excludes) FROM parquet_bloom_probe('{path}', '{name}', {values[name].format(number)})").fetchall()]
        assert not any(kept)
    offsets = duckdb.sql(f"SELECT path_in_schema, bloom_filter_offset IS NOT NULL FROM parquet_metadata('{path}') WHERE row_group_id = 0").fetchall()
    assert dict(offsets) == {name: name != "d" for name in columns}


def test_large_and_odd_values(shared):
    """Values larger than a page; many columns; bytes that are no text."""
    file = file_of(shared, "SELECT number AS n, repeat('x', number * 110000) AS s, [s, 'y'] AS a FROM numbers(9) ORDER BY n")
    rows = file.read().to_pylist()
    assert [len(row["s"]) for row in rows] == [n * 110000 for n in range(9)] and rows[8]["a"] == ["x" * 880000, "y"]
    wide = ", ".join(f"toString(number + {k}) AS c{k}" for k in range(500))
    table = file_of(shared, f"SELECT {wide} FROM numbers(100)").read()
    assert table.num_columns == 500 and table.column("c499").to_pylist() == [str(n + 499) for n in range(100)]
    table = file_of(shared, "SELECT 'a\\xff' AS s, NULL::Nullable(String) AS n", output_format_parquet_string_as_string=0).read()
    assert table.to_pylist() == [{"s": b"a\xff", "n": None}]
    reply = shared.post("SELECT toDateTime64('2290-01-01 00:00:00', 7, 'UTC') AS late", default_format="Parquet")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "407" and "column 'late'" in reply.text


def test_about_the_format(shared):
    assert shared.post("SELECT 1 FORMAT Parquet").headers["Content-Type"] == "application/octet-stream"
    assert shared.post("SELECT formatRow('Parquet', 1)").headers["X-ClickHouse-Exception-Code"] == "36"
    empty = file_of(shared, "SELECT number AS n, [number] AS a FROM numbers(5) WHERE n > 7")
    assert empty.num_row_groups == 0 and empty.read().column_names == ["n", "a"]
    reply = shared.post("SELECT 1", default_format="Parquet", output_format_parquet_compression_method="lzo")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "36" and "snappy" in reply.text


def test_memory_and_errors(shared):
    """A row group counts in the query's memory; smaller ones need less. What fails in the middle ends no file."""
    unique = "SELECT generateUUIDv4() AS u, toString(u) AS s FROM numbers(1000000)"
    reply = shared.post(unique, default_format="Parquet", max_memory_usage=40000000)
    assert reply.headers["X-ClickHouse-Exception-Code"] == "241"
    assert file_of(shared, unique, max_memory_usage=40000000, output_format_parquet_row_group_size=20000).read().num_rows == 1000000
    reply = shared.post("SELECT throwIf(number = 3000000) FROM numbers(10000000)", default_format="Parquet", output_format_parquet_row_group_size=10000, max_threads=1)
    assert not reply.content.endswith(b"PAR1") and b"throwIf" in reply.content


def test_client_of_clickhouse(shared):
    with clickhouse_connect.get_client(host=shared.host, port=shared.port) as client:
        data = client.raw_query("SELECT number AS n, toString(number) AS s FROM numbers(3) ORDER BY n", fmt="Parquet")
    assert pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist() == [{"n": n, "s": str(n)} for n in range(3)]
