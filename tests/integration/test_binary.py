"""Binary formats over HTTP: a table of many types out and in again, bodies in pieces, errors, content types."""
import struct

import pytest
import requests

from weir import DEADLINE, ROOT, QueryError

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
        for value, kind in [("'{}'::JSON", "JSON"), ("getSubcolumn('{\"a\":1}'::JSON, 'a')", "Dynamic"), ("[sumState(1)]", "AggregateFunction inside another type")]:
            reply = server.post(f"SELECT {value} AS j FORMAT {name}")
            assert name == "Native" and not kind.startswith("AggregateFunction") or (
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


class StateCase:
    """A line of tests/format/golden/states.txt."""

    def __init__(self, number, line):
        call, self.type, rows, state, self.value = line.rstrip("\n").split("\t", 4)
        self.call, self.state = call.replace("\\\\", "\\"), bytes.fromhex(state)
        self.name = f"c{number}"
        self.select = f"(SELECT {self.call.format('State')} FROM numbers({rows})) AS {self.name}"
        # of sets, whose elements come in the order of a hash table
        self.is_set = self.call.startswith(("uniq", "groupUniqArray", "sumMap"))


def length(count):
    out = b""
    while count >= 0x80:
        out, count = out + bytes([0x80 | count & 0x7F]), count >> 7
    return out + bytes([count])


@pytest.fixture(name="states", scope="module")
def cases_of_states():
    with open(ROOT / "tests/format/golden/states.txt", encoding="utf-8") as lines:
        return [StateCase(number, line) for number, line in enumerate(lines)]


def test_states_out(server, states):
    """States have ClickHouse's bytes, but for the order of sets."""
    wrong = []
    for begin in range(0, len(states), 200):
        part = states[begin : begin + 200]
        types = answer(server, f"SELECT {', '.join(f'toTypeName({case.select})' for case in part)}").decode().rstrip("\n").replace("\\'", "'").split("\t")
        assert types == [case.type for case in part]
        rest = answer(server, f"SELECT {', '.join(case.select for case in part)} FORMAT RowBinary")
        for case in part:
            got, rest = rest[: len(case.state)], rest[len(case.state) :]
            if case.call.startswith("sumKahan"):  # what the compensation is, when it is nothing: 0 or -0
                got = got.replace(bytes(7) + b"\x80", bytes(8))
            same = sorted(got) == sorted(case.state) if case.is_set else got == case.state
            wrong += [] if same else [(case.select, got.hex(), case.state.hex())]
        assert rest == b""
    assert wrong == []


def sorted_text(case, text):
    inner = text[1:-1].split(",")
    return sorted(inner) if case.call.startswith("groupUniqArray") else text


@pytest.mark.parametrize("name", ["RowBinary", "Native", "Native twice"])
def test_states_in(server, states, name):
    """Bytes of ClickHouse are states here, and go out again as states that are the same."""
    for begin in range(0, len(states), 200):
        part = states[begin : begin + 200]
        table = f"states_{name.replace(' ', '_')}_{begin}"
        server.query(f"CREATE TABLE {table} ({', '.join(f'{case.name} {case.type}' for case in part)}) ENGINE = MergeTree ORDER BY tuple()")
        if name == "RowBinary":
            data = b"".join(case.state for case in part)
        else:
            columns = [(case.name.encode(), case.type.encode(), case.state) for case in part]
            data = length(len(part)) + length(1) + b"".join(length(len(n)) + n + length(len(t)) + t + state for n, t, state in columns)
        server.query(f"INSERT INTO {table} FORMAT {name.split()[0]}", data=data)
        if name.endswith("twice"):
            data = answer(server, f"SELECT * FROM {table} FORMAT Native")
            server.query(f"TRUNCATE TABLE {table}")
            server.query(f"INSERT INTO {table} FORMAT Native", data=data)
        got = answer(server, f"SELECT {', '.join(f'finalizeAggregation({case.name})' for case in part)} FROM {table}").decode().rstrip("\n").split("\t")
        for case, text in zip(part, got, strict=True):
            assert sorted_text(case, text) == sorted_text(case, case.value), (case.call, case.select)
        server.query(f"DROP TABLE {table}")


def test_states_of_no_rows_and_in_pieces(server):
    """A column's default, the empty text, goes out as the state of no rows; states that come in pieces, many in a row."""
    server.query("CREATE TABLE pieces (k UInt32, u AggregateFunction(uniq, UInt64), q AggregateFunction(quantile, Float64)) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO pieces (k) VALUES (1000000)")
    server.query("INSERT INTO pieces SELECT number % 300 AS k, uniqState(number), quantileState(number / 2) FROM numbers(60000) GROUP BY k")
    server.query("INSERT INTO pieces SELECT 300, uniqState(number), quantileState(number / 2) FROM numbers(60000)")
    finals = "SELECT k, finalizeAggregation(u), finalizeAggregation(q) FROM {} ORDER BY k"
    wanted = answer(server, finals.format("pieces"))
    for name in ("RowBinary", "RowBinaryWithNamesAndTypes", "Native"):
        data = answer(server, f"SELECT * FROM pieces ORDER BY k FORMAT {name}")
        server.query("CREATE TABLE copied AS pieces")
        sent = requests.post(server.url_of("/", query=f"INSERT INTO copied FORMAT {name}"), data=(data[at : at + 4099] for at in range(0, len(data), 4099)), timeout=DEADLINE)
        assert sent.status_code == 200, sent.text
        assert answer(server, finals.format("copied")) == wanted
        server.query("DROP TABLE copied")


def test_states_that_are_none(server):
    server.query("CREATE TABLE hostile (u AggregateFunction(uniq, UInt64), e AggregateFunction(uniqExact, String)) ENGINE = MergeTree ORDER BY tuple()")
    with pytest.raises(QueryError, match="another form than ClickHouse's") as raised:
        server.query("SELECT uniqExactState('a') FORMAT RowBinary")
    assert raised.value.code == 48 and "uniqExact" in raised.value.message
    with pytest.raises(QueryError) as raised:
        server.query("INSERT INTO hostile (e) FORMAT Native", data=b"")
    assert raised.value.code == 48
    with pytest.raises(QueryError, match="inside another type"):
        server.query("SELECT [sumState(1)] FORMAT Native")
    for data, code in [(b"\xff" * 40, 33), (b"\x00\xff\xff\xff\x0f", 33), (b"\x00\x03" + b"\x00" * 11, 33), (b"\xff" * 11, 117)]:
        with pytest.raises(QueryError) as raised:
            server.query("INSERT INTO hostile (u) FORMAT RowBinary", data=data)
        assert raised.value.code in (code, 33, 27, 117), raised.value.message
    # a state that was stored as another format's text and is none
    server.query(r"INSERT INTO hostile (u) FORMAT TabSeparated", data=b"garbage\n")
    for name in ("RowBinary", "Native"):
        with pytest.raises(QueryError):
            server.query(f"SELECT u FROM hostile FORMAT {name}", wait_end_of_query=1)
    assert server.query("SELECT 1") == "1\n"
