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
