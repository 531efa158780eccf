"""Formats Arrow and ArrowStream: schemas and values as ClickHouse has them (tests/format/golden/arrow), read by pyarrow."""
import base64
import datetime
import decimal
import io

import pyarrow
import pytest
import requests
from pyarrow import ipc

from weir import DEADLINE, ROOT

GOLDEN = [line.split("\t") for line in (ROOT / "tests/format/golden/arrow").read_text(encoding="utf-8").splitlines()]


def table_of(content, name):
    return (ipc.open_stream if name == "ArrowStream" else ipc.open_file)(io.BytesIO(content)).read_all()


def settings_of(text):
    return dict(pair.replace("'", "").split("=") for pair in text.split(",") if pair)


def rows_of(table):
    """NaN equals itself."""
    return repr(table.to_pylist())


@pytest.mark.parametrize("name", ["ArrowStream", "Arrow"])
def test_as_clickhouse(shared, name):
    wrong = []
    for settings, statement, answer in GOLDEN:
        reply = shared.post(f"{statement} FORMAT {name}", **settings_of(settings))
        if answer.startswith("error"):
            assert reply.headers["X-ClickHouse-Exception-Code"] == answer.split()[1], statement
            continue
        if reply.status_code != 200:
            wrong.append((statement, reply.text))
            continue
        table, wanted = table_of(reply.content, name), table_of(base64.b64decode(answer), "ArrowStream")
        if not table.schema.equals(wanted.schema) or rows_of(table) != rows_of(wanted):
            wrong.append((settings, statement, str(table.schema), str(wanted.schema), rows_of(table)[:300], rows_of(wanted)[:300]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", ["ArrowStream", "Arrow"])
def test_long_results(shared, name):
    """Many batches, dictionaries that grow from batch to batch, arrays between them."""
    sql = f"""SELECT number AS n, toString(number) AS s, toString(number % 20000)::LowCardinality(String) AS l, range(number % 4) AS a,
        if(number % 3 = 0, NULL, concat('x', toString(intDiv(number, 5000))))::LowCardinality(Nullable(String)) AS ln FROM numbers(60000) ORDER BY n FORMAT {name}"""
    for dictionary in (0, 1):
        reply = shared.post(sql, output_format_arrow_low_cardinality_as_dictionary=dictionary)
        assert reply.headers["Content-Type"] == "application/octet-stream" and reply.headers["X-ClickHouse-Format"] == name
        table = table_of(reply.content, name)
        assert table.num_rows == 60000 and len(table.column("n").chunks) > 5
        assert pyarrow.types.is_dictionary(table.schema.field("l").type) == bool(dictionary)
        assert table.column("n").to_pylist() == list(range(60000))
        assert table.column("s").to_pylist() == [str(n) for n in range(60000)]
        assert table.column("l").to_pylist() == [str(n % 20000) for n in range(60000)]
        assert table.column("ln").to_pylist() == [None if n % 3 == 0 else f"x{n // 5000}" for n in range(60000)]
        assert table.column("a").to_pylist() == [list(range(n % 4)) for n in range(60000)]


def test_refused(shared):
    reply = shared.post("SELECT toDateTime64('2290-01-01', 8, 'UTC') AS a FORMAT ArrowStream")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "407" and "nanoseconds" in reply.text
    reply = shared.post("SELECT formatRow('Arrow', 1)")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "36"
    reply = shared.post("SELECT 1 FORMAT Arrow", output_format_arrow_unsupported_types_as_binary=0)
    assert reply.headers["X-ClickHouse-Exception-Code"] == "48"
    states = table_of(shared.post("SELECT sumState(toUInt64(5)) AS s FORMAT Arrow").content, "Arrow")
    assert states.to_pylist() == [{"s": (5).to_bytes(8, "little")}]


def test_errors_in_the_middle(shared):
    """An answer that ends in an error is no whole stream, and says why."""
    reply = shared.post("SELECT number, throwIf(number = 100000) FROM numbers(200000) FORMAT ArrowStream", max_threads=1, buffer_size=0)
    assert b"FUNCTION_THROW_IF_VALUE_IS_NON_ZERO" in reply.content


TYPES = """n UInt32, b Bool, i Int64, w Int256, f Float64, s String, fs FixedString(3), d Date, d32 Date32, t DateTime('UTC'), t64 DateTime64(6, 'UTC'),
    t1 DateTime64(1, 'UTC'), dec Decimal(18, 4), dec38 Decimal(38, 2), u UUID, v4 IPv4, v6 IPv6, e Enum8('a' = 1, 'b' = -1), ni Nullable(Int32), ns Nullable(String),
    lc LowCardinality(String), lcn LowCardinality(Nullable(String)), a Array(UInt16), aa Array(Array(Nullable(String))), m Map(LowCardinality(String), Float32),
    tu Tuple(x UInt8, y Array(String)), al Array(LowCardinality(String)), l Nested(key String, value UInt8), j JSON, st AggregateFunction(sum, UInt64), dv UInt32 DEFAULT n + 1"""
ROWS = """SELECT number, number % 2, -number, number * number, number / 7, repeat('s', number % 300), 'abc', toDate('2024-01-01') + number % 30, toDate32('1930-01-01') + number % 30,
    toDateTime('2024-01-01 00:00:00', 'UTC') + number, toDateTime64('2024-01-01 00:00:00.123456', 6, 'UTC'), toDateTime64('1930-01-01 00:00:00.1', 1, 'UTC'), number / 8, -number / 4,
    toUUID('00112233-4455-6677-8899-aabbccddeeff'), toIPv4('1.2.3.4'), toIPv6('2001:db8::1'), if(number % 2 = 0, 'a', 'b'), if(number % 3 = 0, NULL, number),
    if(number % 4 = 0, NULL, toString(number)), concat('lc', toString(number % 400)), if(number % 5 = 0, NULL, concat('x', toString(number % 7))), range(number % 6),
    if(number % 2 = 0, [['a', NULL], []], []), map('k', number / 2), (number % 256, ['q', 'r']), arrayMap(x -> concat('e', toString(x)), range(number % 4)),
    range(number % 3)::Array(String), range(number % 3), '{"a":1,"b":["x"]}', initializeAggregation('sumState', number), number * 2 FROM numbers(9000)"""


@pytest.mark.parametrize("name", ["ArrowStream", "Arrow"])
@pytest.mark.parametrize("method", ["lz4_frame", "zstd", "none"])
def test_out_and_in(shared, name, method):
    source, copy = f"source_{name}_{method}", f"copy_{name}_{method}"
    for table in (source, copy):
        shared.query(f"CREATE TABLE {table} ({TYPES}) ENGINE = MergeTree ORDER BY n")
    shared.query(f"INSERT INTO {source} {ROWS}")
    wanted = shared.query(f"SELECT * EXCEPT st, finalizeAggregation(st) FROM {source} ORDER BY n FORMAT TabSeparated")
    for dictionary in (0, 1):
        content = shared.post(f"SELECT * FROM {source} ORDER BY n FORMAT {name}", output_format_arrow_compression_method=method,
                              output_format_arrow_low_cardinality_as_dictionary=dictionary).content
        pieces = [content[at : at + 99973] for at in range(0, len(content), 99973)]
        statement = f"INSERT INTO {copy} FORMAT {name}\n".encode()
        sent = requests.post(shared.url_of("/"), data=iter([statement, *pieces]), timeout=DEADLINE)
        assert sent.status_code == 200, sent.text
        assert shared.query(f"SELECT * EXCEPT st, finalizeAggregation(st) FROM {copy} ORDER BY n FORMAT TabSeparated") == wanted
        shared.query(f"TRUNCATE TABLE {copy}")


INPUTS = [line.split("\t", 3) for line in (ROOT / "tests/format/golden/arrow_in").read_bytes().decode().strip("\n").split("\n")]


def test_read_as_clickhouse(shared):
    wrong = []
    for name, kind, written, answer in INPUTS:
        content = base64.b64decode(written)
        if kind == "":
            continue
        shared.query("DROP TABLE IF EXISTS wanted")
        shared.query(f"CREATE TABLE wanted (c {kind}) ENGINE = MergeTree ORDER BY tuple()", allow_suspicious_low_cardinality_types=1)
        reply = shared.post(content, query=f"INSERT INTO wanted FORMAT {name}")
        if reply.status_code == 200:
            text = shared.post("SELECT * FROM wanted FORMAT TabSeparated").content.decode(errors="backslashreplace").strip("\n").replace("\n", "|")
        else:
            text = "error " + reply.headers["X-ClickHouse-Exception-Code"]
        if text != answer and not (text.startswith("error") and answer.startswith("error")):
            wrong.append((str(table_of(content, name).schema.field("c").type), kind, text, answer, reply.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


def test_structure(shared):
    """What the data say of their columns is found, as in ClickHouse."""
    wrong = []
    for name, kind, written, answer in INPUTS:
        if kind == "":
            reply = shared.post(f"DESCRIBE format({name}, unhex('{base64.b64decode(written).hex()}')) FORMAT TSVRaw")
            found = reply.text.split("\t")[1] if reply.status_code == 200 else "error " + reply.headers["X-ClickHouse-Exception-Code"]
            if found != answer and not (found.startswith("error") and answer.startswith("error")):
                wrong.append((found, answer, reply.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))
    content = written_as(pyarrow.table({"a": [1, None], "b": [["x"], []]}), "ArrowStream")
    assert shared.query(f"SELECT * FROM format(ArrowStream, unhex('{content.hex()}'))") == "1\t['x']\n\\N\t[]\n"


def written_as(table, name, **options):
    out = io.BytesIO()
    with (ipc.new_stream if name == "ArrowStream" else ipc.new_file)(out, table.schema, options=ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=1000)
    return out.getvalue()


def test_columns(shared):
    """Columns by name, in any order; what is missing has its DEFAULT; capitals where the setting allows them."""
    shared.query("CREATE TABLE few (a UInt8, b UInt8 DEFAULT a + 1, c Nullable(String)) ENGINE = MergeTree ORDER BY a")
    table = pyarrow.table({"c": ["x", None], "other": [[1], [2]], "A": [7, 8]})
    content = written_as(table, "ArrowStream")
    shared.post(content, query="INSERT INTO few FORMAT ArrowStream", input_format_arrow_case_insensitive_column_matching=1)
    assert shared.rows("SELECT * FROM few ORDER BY a") == [[7, 8, "x"], [8, 9, None]]
    assert shared.post(content, query="INSERT INTO few FORMAT ArrowStream").status_code == 200
    assert shared.value("SELECT count() FROM few WHERE a = 0 AND b = 1") == 2
    reply = shared.post(content, query="INSERT INTO few FORMAT ArrowStream", input_format_arrow_allow_missing_columns=0)
    assert reply.headers["X-ClickHouse-Exception-Code"] == "8" and "'a'" in reply.text


def test_dictionaries(shared):
    """Replaced, and gone on with, between batches; shared types; dictionaries within dictionaries' values are none."""
    shared.query("CREATE TABLE words (n UInt32, w LowCardinality(String)) ENGINE = MergeTree ORDER BY n")
    for deltas in (False, True):
        schema = pyarrow.schema([("n", pyarrow.int32()), ("w", pyarrow.dictionary(pyarrow.int8(), pyarrow.string()))])
        out = io.BytesIO()
        with ipc.new_stream(out, schema, options=ipc.IpcWriteOptions(emit_dictionary_deltas=deltas, compression="zstd")) as writer:
            for words, indexes in ((["a", "b"], [0, 1]), (["a", "b", "c"], [2, None]), (["a", "b", "c", "d"], [3, 0])):
                array = pyarrow.DictionaryArray.from_arrays(pyarrow.array(indexes, pyarrow.int8()), pyarrow.array(words))
                writer.write_batch(pyarrow.record_batch([pyarrow.array([1, 2], pyarrow.int32()), array], schema=schema))
        shared.query("TRUNCATE TABLE words")
        assert shared.post(out.getvalue(), query="INSERT INTO words FORMAT ArrowStream").status_code == 200
        assert shared.rows("SELECT w, count() FROM words GROUP BY w ORDER BY w") == [["", 1], ["a", 2], ["b", 1], ["c", 1], ["d", 1]]


def test_wrong_bytes(shared):
    """Nothing that is damaged, cut off or foreign gives rows, or an end to the server; errors say what is wrong."""
    shared.query("CREATE TABLE wrong (n UInt32, s String, a Array(UInt8)) ENGINE = MergeTree ORDER BY n")
    table = pyarrow.table({"n": list(range(100)), "s": [str(n) for n in range(100)], "a": [[1, 2]] * 100})
    for name in ("ArrowStream", "Arrow"):
        content = written_as(table, name, compression="lz4")
        for at in range(1, len(content), 97):
            reply = shared.post(content[:at], query=f"INSERT INTO wrong FORMAT {name}")
            assert reply.status_code >= 400 or name == "ArrowStream", (at, reply.text)
            damaged = bytearray(content)
            damaged[at] ^= 1 << at % 8
            shared.post(bytes(damaged), query=f"INSERT INTO wrong FORMAT {name}")
        other = {"ArrowStream": "Arrow", "Arrow": "ArrowStream"}[name]
        reply = shared.post(content, query=f"INSERT INTO wrong FORMAT {other}")
        assert reply.status_code >= 400 and f"its format is {name}, not {other}" in reply.text
    shared.query("TRUNCATE TABLE wrong")
    for table, code, text in (
        ({"n": [1, 300, -1]}, 70, "row 3: column n: a value does not fit the type UInt32"),
        ({"n": [[1]]}, 53, "is not converted into the column's type UInt32"),
        ({"n": pyarrow.array([[1]], pyarrow.list_view(pyarrow.int8()))}, 50, "ListView is not supported"),
        ({"n": ["x"]}, 27, 'cannot read "x" as UInt32'),
    ):
        reply = shared.post(written_as(pyarrow.table(table), "ArrowStream"), query="INSERT INTO wrong FORMAT ArrowStream")
        assert (reply.headers["X-ClickHouse-Exception-Code"], text in reply.text) == (str(code), True), reply.text
    null = written_as(pyarrow.table({"n": [1, None]}), "ArrowStream")
    assert shared.post(null, query="INSERT INTO wrong FORMAT ArrowStream", input_format_null_as_default=0).status_code >= 400
    assert shared.post(b"n\n1\n", query="INSERT INTO wrong FORMAT ArrowStream").status_code >= 400
    assert shared.value("SELECT count() FROM wrong") == 0


def test_connect(shared):
    """clickhouse-connect's own ways of Arrow."""
    import clickhouse_connect  # pylint: disable=import-outside-toplevel

    client = clickhouse_connect.get_client(host=shared.host, port=shared.port)
    client.command("CREATE TABLE of_arrow (n UInt32, s String, t DateTime64(3, 'UTC'), a Array(String)) ENGINE = MergeTree ORDER BY n")
    moment = datetime.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)
    table = pyarrow.table({"n": [1, 2], "s": ["x", "y"], "t": [moment, moment], "a": [["p"], []]})
    client.insert_arrow("of_arrow", table)
    wanted = [{"n": 1, "s": "x", "t": moment, "a": ["p"]}, {"n": 2, "s": "y", "t": moment, "a": []}]
    assert client.query_arrow("SELECT * FROM of_arrow ORDER BY n").to_pylist() == wanted
    assert client.query_arrow("SELECT * FROM of_arrow ORDER BY n", use_strings=False).column("s").to_pylist() == [b"x", b"y"]
    frame = client.query_df_arrow("SELECT n, s FROM of_arrow ORDER BY n", dataframe_library="pandas")
    assert frame["n"].tolist() == [1, 2] and frame["s"].tolist() == ["x", "y"]
    client.insert_df_arrow("of_arrow", frame)
    assert client.command("SELECT count() FROM of_arrow") == 4
    with client.query_arrow_stream("SELECT number FROM numbers(100000)") as batches:
        assert sum(batch.num_rows for batch in batches) == 100000
    client.close()
