"""Binary formats over HTTP: a table of many types out and in again, bodies in pieces, errors, content types."""
import struct

import pytest
import requests

from weir import DEADLINE

TABLE = """(n UInt32, b Bool, i Int64, w Int256, f Float64, s String, fs FixedString(3), d Date, d32 Date32, t DateTime('UTC'), t64 DateTime64(6, 'UTC'),
    dec Decimal(18, 4), u UUID, v4 IPv4, v6 IPv6, e Enum8('a' = 1, 'b' = -1), ni Nullable(Int32), ns Nullable(String), lc LowCardinality(String),
    lcn LowCardinality(Nullable(String)), a Array(UInt16), aa Array(Array(Nullable(String))), m Map(LowCardinality(String), Float32), tu Tuple(x UInt8, y Array(String)),
    al Array(LowCardinality(String)), l Nested(key String, value UInt8), dv UInt32 DEFAULT n + 1)"""
ROWS = """SELECT number, number % 2, -number, number * number, number / 7, repeat('s', number % 300), 'abc', toDate('2024-01-01') + number % 30, toDate32('1930-01-01') + number % 30,
    toDateTime('2024-01-01 00:00:00', 'UTC') + number, toDateTime64('2024-01-01 00:00:00.123456', 6, 'UTC'), number / 8, toUUID('00112233-4455-6677-8899-aabbccddeeff'),
    toIPv4('1.2.3.4'), toIPv6('2001:db8::1'), if(number % 2 = 0, 'a', 'b'), if(number % 3 = 0, NULL, number), if(number % 4 = 0, NULL, toString(number)), concat('lc', toString(number % 400)),
    if(number % 5 = 0, NULL, concat('x', toString(number % 7))), range(number % 6), if(number % 2 = 0, [['a', NULL], []], []), map('k', number / 2), (number % 256, ['q', 'r']),
    arrayMap(x -> concat('e', toString(x)), range(number % 4)), range(number % 3)::Array(String), range(number % 3), number * 2 FROM numbers(9000)"""
FORMATS = ["RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Native"]


def answer(server, sql, **parameters):
    """The reply's bytes."""
    reply = server.post(sql, **parameters)
    assert reply.status_code == 200, reply.text
    return reply.content


@pytest.fixture(name="server", scope="module")
def server_with_rows(shared):
    server = shared
    server.query(f"CREATE TABLE source {TABLE} ENGINE = MergeTree ORDER BY n")
    server.query(f"INSERT INTO source {ROWS}")
    return server


@pytest.mark.parametrize("name", FORMATS)
def test_out_and_in(server, name):
    reply = server.post(f"SELECT * FROM source ORDER BY n FORMAT {name}")
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/octet-stream" and reply.headers["X-ClickHouse-Format"] == name
    table = f"copy_{name}"
    server.query(f"CREATE TABLE {table} {TABLE} ENGINE = MergeTree ORDER BY n")
    server.query(f"INSERT INTO {table} FORMAT {name}", data=reply.content)
    lines = answer(server, "SELECT * FROM source ORDER BY n FORMAT TabSeparated")
    assert answer(server, f"SELECT * FROM {table} ORDER BY n FORMAT TabSeparated") == lines
    server.query(f"TRUNCATE TABLE {table}")
    pieces = [reply.content[at : at + 9973] for at in range(0, len(reply.content), 9973)]
    statement = f"INSERT INTO {table} FORMAT {name}\n".encode()  # statement and rows in one body, which comes in pieces
    sent = requests.post(server.url_of("/"), data=iter([statement[:20], statement[20:], *pieces]), timeout=DEADLINE)
    assert sent.status_code == 200, sent.text
    assert answer(server, f"SELECT * FROM {table} ORDER BY n FORMAT TabSeparated") == lines
    server.query(f"DROP TABLE {table}")


def test_columns_and_defaults(server):
    """Columns that are not given have their defaults; data that look like blanks are data."""
    server.query("CREATE TABLE few (a UInt8, b UInt8 DEFAULT a + 1, c Nullable(UInt8)) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO few (a) FORMAT RowBinary", data=b"\x0a\x20\x0d")
    server.query("INSERT INTO few FORMAT RowBinaryWithNames", data=b"\x02\x01c\x01a\x00\x07\x01\x01\x02")
    server.post(b"INSERT INTO few (a) FORMAT RowBinary\n\n\t")
    assert server.rows("SELECT a, b, c FROM few ORDER BY a, c") == [
        [1, 2, 7], [2, 3, None], [9, 10, None], [10, 11, None], [10, 11, None], [13, 14, None], [32, 33, None]]  # fmt: skip


@pytest.mark.parametrize(
    "name, data, code, text",
    [
        ("RowBinary", b"\x01\x00\x00\x00\x05ab", 33, "row 1: column s"),
        ("RowBinary", b"\x01\x00\x00\x00\x02ab\x01", 33, "row 2: column n"),
        ("RowBinary", b"\x01\x00\x00\x00\xff\xff\xff\xff\x7f", 131, "column s"),
        ("Native", b"\x01\x02\x01n\x06UInt32\x01\x00", 33, "row 1: column n: the data end"),
        ("Native", b"\x01\x01\x01n\x06UInt16\x01\x00", 48, "its type in the data is UInt16, in the table UInt32"),
        ("RowBinaryWithNames", b"\x01\x01x", 626, "Cannot skip unknown field"),
        ("RowBinaryWithNamesAndTypes", b"\x01\x01n\x06UInt16", 117, "Type of 'n' must be UInt32, not UInt16"),
    ],
)
def test_wrong_bytes(server, name, data, code, text):
    server.query("CREATE TABLE IF NOT EXISTS wrong (n UInt32, s String) ENGINE = MergeTree ORDER BY n")
    reply = server.post(f"INSERT INTO wrong FORMAT {name}", data=data)
    assert (reply.headers["X-ClickHouse-Exception-Code"], text in reply.text) == (str(code), True), reply.text
    assert reply.status_code >= 400
    assert server.value("SELECT count() FROM wrong") == 0


def test_refused_types(server):
    for name in FORMATS:
        for value, kind in [("'{}'::JSON", "JSON"), ("getSubcolumn('{\"a\":1}'::JSON, 'a')", "Dynamic"), ("sumState(1)", "AggregateFunction")]:
            reply = server.post(f"SELECT {value} AS j FORMAT {name}")
            assert name == "Native" and kind != "AggregateFunction" or (
                reply.headers["X-ClickHouse-Exception-Code"] == "48" and f"column j: values of type {kind}" in reply.text)
    assert answer(server, """SELECT '{"a":1}'::JSON AS j FORMAT RowBinary""", output_format_binary_write_json_as_string=1) == b'\x07{"a":1}'
    server.query("CREATE TABLE json (j JSON) ENGINE = MergeTree ORDER BY tuple()")
    assert server.post(b'\x07{"a":1}\x02{}', query="INSERT INTO json FORMAT RowBinary", input_format_binary_read_json_as_string=1).status_code == 200
    assert server.query("SELECT * FROM json ORDER BY toString(j)") == '{"a":1}\n{}\n'
    assert answer(server, "SELECT toUInt32(1) AS a WHERE 0 FORMAT RowBinaryWithNames") == b"\x01\x01a"
    assert answer(server, "SELECT toUInt32(1) AS a WHERE 0 FORMAT RowBinary") == b""
    assert answer(server, "SELECT count() AS c FROM source GROUP BY b WITH TOTALS ORDER BY c FORMAT RowBinary") == struct.pack("<QQ", 4500, 4500)


def test_native_revisions(shared):
    """What the client says that it reads: the bare format, the block's own information, a byte behind the type."""
    sql, info = "SELECT toUInt8(1) AS check, toDateTime(0, 'UTC') AS t FORMAT Native", b"\x01\x00\x02\xff\xff\xff\xff\x00"
    check = b"\x02\x01\x05check\x05UInt8"
    assert answer(shared, sql) == check + b"\x01\x01t\x08DateTime" + bytes(4)
    assert answer(shared, sql, client_protocol_version=54405) == info + check + b"\x01\x01t\x0fDateTime('UTC')" + bytes(4)
    assert answer(shared, sql, client_protocol_version=54460) == info + check + b"\x00\x01\x01t\x0fDateTime('UTC')\x00" + bytes(4)
    assert answer(shared, sql.replace(" FORMAT", " WHERE 0 FORMAT")) == b"\x02\x00\x05check\x05UInt8\x01t\x08DateTime"
    many = answer(shared, "SELECT toString(number % 300)::LowCardinality(String) AS s FROM numbers(600) FORMAT Native")
    assert many[:3] == b"\x01\xd8\x04" and many[-2:] == struct.pack("<H", 300)
    assert many[36:44] == struct.pack("<Q", 0x601) and many[44:52] == struct.pack("<Q", 301)
