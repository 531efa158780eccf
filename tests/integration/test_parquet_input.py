"""Parquet as input: what Apache Arrow, DuckDB and Weir itself write, in all encodings; broken files; what ClickHouse does with odd ones."""
import datetime
import decimal
import io
import random
import re

import duckdb
import pyarrow
import pyarrow.ipc
import pyarrow.parquet
import pytest

ROWS = 3000
UTC = datetime.timezone.utc
COLUMNS = {
    "k": "UInt32", "b": "Nullable(Bool)", "i8": "Nullable(Int8)", "i16": "Nullable(Int16)", "i32": "Nullable(Int32)", "i64": "Nullable(Int64)",
    "u8": "Nullable(UInt8)", "u16": "Nullable(UInt16)", "u32": "Nullable(UInt32)", "u64": "Nullable(UInt64)", "f32": "Nullable(Float32)",
    "f64": "Nullable(Float64)", "s": "Nullable(String)", "bin": "Nullable(String)", "fx": "Nullable(FixedString(5))", "d9": "Nullable(Decimal(9, 2))",
    "d18": "Nullable(Decimal(18, 3))", "d38": "Nullable(Decimal(38, 5))", "d": "Nullable(Date32)", "ts": "Nullable(DateTime64(6, 'UTC'))",
    "tms": "Nullable(DateTime64(3, 'UTC'))", "tns": "Nullable(DateTime64(9, 'UTC'))", "t32": "Nullable(DateTime64(3, 'UTC'))", "t64": "Nullable(DateTime64(6, 'UTC'))",
    "l": "Array(Nullable(Int32))", "ll": "Array(Array(Nullable(String)))", "st": "Tuple(x Nullable(Int64), y Nullable(String), z Array(Nullable(Int16)))",
    "m": "Map(String, Nullable(Int64))", "ls": "Array(Tuple(a Nullable(Int32), b Nullable(String)))", "dict": "Nullable(String)",
}  # fmt: skip
LISTS = ("l", "ll", "m", "ls")


def optional(value):
    return [None if i % 7 == 3 else value(i) for i in range(ROWS)]


def moment(i):
    return datetime.datetime(1955, 1, 1) + datetime.timedelta(days=10 * i, seconds=i * 37, microseconds=i)


def make_table():
    d = decimal.Decimal
    pa = pyarrow
    return pa.table({
        "k": pa.array(range(ROWS), pa.uint32()),
        "b": pa.array(optional(lambda i: i % 3 == 0)),
        "i8": pa.array(optional(lambda i: i % 256 - 128), pa.int8()), "i16": pa.array(optional(lambda i: i - 1500), pa.int16()),
        "i32": pa.array(optional(lambda i: i * -700001), pa.int32()), "i64": pa.array(optional(lambda i: i * -3000000000000039), pa.int64()),
        "u8": pa.array(optional(lambda i: i % 256), pa.uint8()), "u16": pa.array(optional(lambda i: 65535 - i), pa.uint16()),
        "u32": pa.array(optional(lambda i: 2**32 - 1 - i), pa.uint32()), "u64": pa.array(optional(lambda i: 2**64 - 1 - i), pa.uint64()),
        "f32": pa.array(optional(lambda i: i / 8), pa.float32()), "f64": pa.array(optional(lambda i: i / 7), pa.float64()),
        "s": pa.array(optional(lambda i: f"row {i // 3} é"), pa.string()), "bin": pa.array(optional(lambda i: bytes([i % 256, 0, 255])), pa.binary()),
        "fx": pa.array(optional(lambda i: b"%05d" % i), pa.binary(5)),
        "d9": pa.array(optional(lambda i: d(i - 1500) / 100), pa.decimal128(9, 2)), "d18": pa.array(optional(lambda i: d(i - 1500) / 1000), pa.decimal128(18, 3)),
        "d38": pa.array(optional(lambda i: d((i - 1500) * 10**30 + i).scaleb(-5, decimal.Context(prec=40))), pa.decimal128(38, 5)),
        "d": pa.array(optional(lambda i: datetime.date(1930, 1, 1) + datetime.timedelta(days=17 * i)), pa.date32()),
        "ts": pa.array(optional(moment), pa.timestamp("us")), "tms": pa.array(optional(lambda i: moment(i).replace(microsecond=i % 1000 * 1000)), pa.timestamp("ms", "UTC")),
        "tns": pa.array(optional(moment), pa.timestamp("ns")), "t32": pa.array(optional(lambda i: i * 1000), pa.time32("ms")), "t64": pa.array(optional(lambda i: i * 1001), pa.time64("us")),
        "l": pa.array(optional(lambda i: [None if (i + k) % 5 == 0 else i + k for k in range(i % 4)]), pa.list_(pa.int32())),
        "ll": pa.array(optional(lambda i: [[f"{i + k}"] * (k % 3) for k in range(i % 4)]), pa.list_(pa.list_(pa.string()))),
        "st": pa.array([{"x": i if i % 3 else None, "y": f"s{i}", "z": [i] * (i % 3)} for i in range(ROWS)], pa.struct([("x", pa.int64()), ("y", pa.string()), ("z", pa.list_(pa.int16()))])),
        "m": pa.array(optional(lambda i: [(f"k{k}", i + k if k else None) for k in range(i % 4)]), pa.map_(pa.string(), pa.int64())),
        "ls": pa.array(optional(lambda i: [{"a": i + k, "b": None if k == 1 else f"v{k}"} for k in range(i % 3)]), pa.list_(pa.struct([("a", pa.int32()), ("b", pa.string())]))),
        "dict": pa.array(optional(lambda i: f"w{i % 10}")).dictionary_encode(),
    })  # fmt: skip


def file_of(table, **options):
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, **options)
    return out.getvalue()


def code_of(reply):
    return reply.headers.get("X-ClickHouse-Exception-Code", "")


@pytest.fixture(scope="module")
def table():
    return make_table()


def wanted_of(table, name):
    """The values as they come back from Weir through Arrow."""
    values = table.column(name).to_pylist()
    if name in LISTS:
        return [[] if value is None else value for value in values]
    if name in ("ts", "tns"):
        return [None if value is None else value.replace(tzinfo=UTC) if name == "ts" else value.tz_localize("UTC") for value in values]
    if name in ("t32", "t64"):
        return [None if value is None else datetime.datetime.combine(datetime.date(1970, 1, 1), value, UTC) for value in values]
    return values


DELTAS = {name: "DELTA_BINARY_PACKED" for name in ("i8", "i16", "i32", "i64", "u32", "u64", "ts", "l.list.element")}
ENCODINGS = DELTAS | {"s": "DELTA_BYTE_ARRAY", "bin": "DELTA_LENGTH_BYTE_ARRAY", "fx": "DELTA_BYTE_ARRAY", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT",
                      "b": "RLE", "d": "BYTE_STREAM_SPLIT", "d38": "BYTE_STREAM_SPLIT"}  # fmt: skip
WAYS = [{}, {"use_dictionary": False}, {"use_deprecated_int96_timestamps": True}, {"use_compliant_nested_type": False}, {"store_decimal_as_integer": True},
        {"row_group_size": 100}, {"write_page_checksum": True, "data_page_size": 500}, {"dictionary_pagesize_limit": 200}]  # fmt: skip
WAYS += [{"compression": codec, "data_page_version": version, "data_page_size": 2000, "row_group_size": 1100}
         for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli") for version in ("1.0", "2.0")]  # fmt: skip
WAYS += [{"use_dictionary": False, "column_encoding": ENCODINGS, "data_page_version": version, "data_page_size": size} for version in ("1.0", "2.0") for size in (300, 1 << 20)]


@pytest.fixture(scope="module")
def target(shared):
    shared.query(f"CREATE TABLE parquet_in ({', '.join(f'{name} {type}' for name, type in COLUMNS.items())}) ENGINE = MergeTree ORDER BY k")
    return "parquet_in"


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_all_types(shared, target, table, way):
    shared.query(f"TRUNCATE TABLE {target}")
    shared.query(f"INSERT INTO {target} FORMAT Parquet", file_of(table, **way))
    reply = shared.post(f"SELECT * REPLACE (hex(bin) AS bin) FROM {target} ORDER BY k FORMAT ArrowStream")
    rows = pyarrow.ipc.open_stream(reply.content).read_all()
    assert rows.num_rows == ROWS
    for name in COLUMNS:
        wanted = wanted_of(table, name)
        if name == "bin":
            wanted = [None if value is None else value.hex().upper() for value in wanted]
        assert rows.column(name).to_pylist() == wanted, name


def test_structure(shared, table):
    """As ClickHouse infers it."""
    data = file_of(table.slice(0, 50))
    got = dict(row[:2] for row in shared.rows(f"DESCRIBE format(Parquet, unhex('{data.hex()}'))"))
    got = {name: re.sub(r"\n +", " ", kind).replace("( ", "(") for name, kind in got.items()}
    assert got == COLUMNS | {"k": "Nullable(UInt32)"}
    assert shared.rows(f"SELECT sum(k), count(s), sum(length(l)) FROM format(Parquet, unhex('{data.hex()}'))") == [
        [sum(range(50)), 43, sum(i % 4 for i in range(50) if i % 7 != 3)]]
    data = file_of(pyarrow.table({"n": pyarrow.nulls(3)}))
    assert shared.rows(f"DESCRIBE format(Parquet, unhex('{data.hex()}'))")[0][:2] == ["n", "Nullable(Int32)"]
    assert shared.rows(f"SELECT n FROM format(Parquet, unhex('{data.hex()}'))") == [[None]] * 3
    data = file_of(pyarrow.table({"j": pyarrow.array(['{"a": 1}'], pyarrow.json_())}))
    assert shared.rows(f"DESCRIBE format(Parquet, unhex('{data.hex()}'))")[0][:2] == ["j", "JSON"]
    assert shared.query(f"SELECT j FROM format(Parquet, unhex('{data.hex()}')) FORMAT TSVRaw") == '{"a":1}\n'
    reply = shared.post("DESCRIBE format(Parquet, 'PAR1 nothing PAR1')")
    assert code_of(reply) == "117"


def test_files(make_server, tmp_path, table):
    """file(), with many row groups, and its structure; more rows than are kept together."""
    folder = tmp_path / "files"
    folder.mkdir()
    server = make_server("--user-files-path", str(folder))
    many = pyarrow.table({"n": pyarrow.array(range(300000)), "s": pyarrow.array([str(i % 1000) for i in range(300000)])})
    (folder / "many.parquet").write_bytes(file_of(many, row_group_size=20000))
    (folder / "all.parquet").write_bytes(file_of(table))
    assert server.rows("SELECT count(), sum(n), uniqExact(s) FROM file('many.parquet')") == [[300000, 44999850000, 1000]]
    assert server.rows("SELECT n, s FROM file('many.parquet') WHERE n IN (0, 19999, 20000, 299999) ORDER BY n") == [[0, "0"], [19999, "999"], [20000, "0"], [299999, "999"]]
    assert len(server.rows("SELECT n FROM file('many.parquet', 'Parquet', 'n UInt64') LIMIT 5")) == 5
    assert [row[0] for row in server.rows("DESCRIBE file('all.parquet')")] == list(COLUMNS)
    server.query("CREATE TABLE copied ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('all.parquet')")
    assert server.rows("SELECT count(), countIf(b), sum(length(ll)) FROM copied") == [
        [ROWS, sum(i % 3 == 0 and i % 7 != 3 for i in range(ROWS)), sum(i % 4 for i in range(ROWS) if i % 7 != 3)]]


def test_duckdb_writes_it(shared, tmp_path):
    shared.query("CREATE TABLE of_duckdb (n UInt64, s String, d Decimal(18, 3), h Nullable(Int64), a Array(Int64), t Tuple(x Int32, y String), m Map(String, Int32), "
                 "at DateTime64(6, 'UTC'), u UUID, w Int128) ENGINE = MergeTree ORDER BY n")  # fmt: skip
    for number, (codec, version) in enumerate([("uncompressed", "V1"), ("snappy", "V2"), ("zstd", "V2"), ("gzip", "V1"), ("lz4_raw", "V2"), ("brotli", "V1")]):
        path = tmp_path / f"{number}.parquet"
        duckdb.sql(f"""COPY (SELECT range::UBIGINT AS n, 's' || range % 100 AS s, (range / 8)::DECIMAL(18, 3) AS d, CASE WHEN range % 3 = 0 THEN NULL ELSE range END AS h,
            range(range % 4) AS a, {{'x': range::INTEGER, 'y': 'v' || range}} AS t, MAP {{'k' || range % 3: range::INTEGER}} AS m,
            TIMESTAMP '2024-01-01' + INTERVAL (range) SECOND AS at, uuid() AS u FROM range(50000)) TO '{path}' (FORMAT parquet, CODEC '{codec}', PARQUET_VERSION {version}, ROW_GROUP_SIZE 10000)""")
        shared.query("TRUNCATE TABLE of_duckdb")
        shared.query("INSERT INTO of_duckdb FORMAT Parquet", path.read_bytes())
        assert shared.rows("SELECT count(), toUInt64(sum(n)), uniqExact(s), toString(sum(d)), count(h), sum(length(a)), sum(arraySum(a)), sum(t.x), countIf(t.y = concat('v', toString(n))), "
                           "sum(m[concat('k', toString(n % 3))]), toString(max(at)), uniqExact(u), toString(max(w)) FROM of_duckdb") == [
            [50000, 1249975000, 100, "156246875", 33333, 75000, 50000, 1249975000, 50000, 1249975000, "2024-01-01 13:53:19.000000", 50000, "0"]], codec  # fmt: skip


OWN = {
    "number::Int8": "Int8", "number::UInt16": "UInt16", "number::UInt64": "UInt64", "number / 3": "Float64", "toFloat32(number / 4)": "Float32", "number % 2 = 0": "Bool",
    "concat('text ', toString(number))": "String", "toFixedString(leftPad(toString(number), 4, '0'), 4)": "FixedString(4)", "toDecimal32(number, 2)": "Decimal(9, 2)",
    "toDecimal128(number, 5)": "Decimal(38, 5)", "toDate('2020-01-01') + number": "Date", "toDate32('1950-01-01') + number": "Date32",
    "toDateTime('2020-01-01 00:00:00', 'UTC') + number": "DateTime('UTC')", "toDateTime64('2020-01-01 00:00:00.125', 3, 'UTC') + number": "DateTime64(3, 'UTC')",
    "CAST(number % 2 + 1 AS Enum8('one' = 1, 'two' = 2))": "Enum8('one' = 1, 'two' = 2)", "toUUID(concat('00000000-0000-0000-0000-0000000000', leftPad(toString(number), 2, '0')))": "UUID",
    "toIPv4(number + 1)": "IPv4", "toIPv6(concat('2001:db8::', toString(number)))": "IPv6", "toInt128(number) * -1000000000000000000": "Int128", "toUInt256(number)": "UInt256",
    "if(number % 3 = 0, NULL, number)": "Nullable(UInt64)", "toLowCardinality(toString(number % 5))": "LowCardinality(String)", "range(number % 4)": "Array(UInt64)",
    "arrayMap(x -> range(x), range(number % 4))": "Array(Array(UInt64))", "(number, toString(number))": "Tuple(UInt64, String)", "map('a', number, 'b', number + 1)": "Map(String, UInt64)",
    "[(number, [toString(number)])]": "Array(Tuple(UInt64, Array(String)))",
}  # fmt: skip


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_own_output(shared, codec):
    """What Weir writes it reads, with the same values."""
    columns = ", ".join(f"{expression} AS c{k}" for k, expression in enumerate(OWN))
    types = ", ".join(f"c{k} {kind}" for k, kind in enumerate(OWN.values()))
    data = shared.post(f"SELECT number AS k, {columns} FROM numbers(100) ORDER BY k FORMAT Parquet", output_format_parquet_compression_method=codec, output_format_parquet_row_group_size=30).content
    shared.query(f"CREATE TABLE own_{codec} (k UInt64, {types}) ENGINE = MergeTree ORDER BY k")
    shared.query(f"INSERT INTO own_{codec} FORMAT Parquet", data)
    wanted = shared.query(f"SELECT {', '.join(f'CAST({expression} AS {kind})' for expression, kind in OWN.items())} FROM numbers(100) ORDER BY number")
    assert shared.query(f"SELECT * EXCEPT k FROM own_{codec} ORDER BY k") == wanted


def test_columns(shared):
    """By name; what is missing, what is NULL, what does not fit: as in ClickHouse."""
    shared.query("CREATE TABLE chosen (a UInt8, B String DEFAULT 'none', c Array(Nullable(UInt8)), d Tuple(x Nullable(UInt8), y Nullable(String))) ENGINE = MergeTree ORDER BY a")

    def insert(values, types=None, **settings):
        columns = {name: pyarrow.array(v, (types or {}).get(name)) for name, v in values.items()}
        return shared.post("INSERT INTO chosen FORMAT Parquet", file_of(pyarrow.table(columns)), **settings)

    def rows():
        got = shared.rows("SELECT * FROM chosen ORDER BY a")
        shared.query("TRUNCATE TABLE chosen")
        return got

    assert insert({"z": [1], "a": [5], "b": ["x"]}).status_code == 200
    assert rows() == [[5, "none", [], {"x": None, "y": None}]]
    assert insert({"A": [5], "b": ["x"]}, input_format_parquet_case_insensitive_column_matching=1).status_code == 200
    assert rows() == [[5, "x", [], {"x": None, "y": None}]]
    assert code_of(insert({"a": [5]}, input_format_parquet_allow_missing_columns=0)) == "8"
    assert insert({"a": [1, None], "B": ["x", None]}).status_code == 200
    assert rows() == [[0, "none", [], {"x": None, "y": None}], [1, "x", [], {"x": None, "y": None}]]
    assert code_of(insert({"a": pyarrow.array([None], pyarrow.int8())}, input_format_null_as_default=0)) == "349"
    assert code_of(insert({"a": ["x"]})) == "6" and code_of(insert({"B": [[1]]})) == "53"
    nested = pyarrow.struct([("y", pyarrow.string()), ("x", pyarrow.int8())])
    assert insert({"a": [1, 2], "c": [None, [1, None]], "d": pyarrow.array([None, {"x": 1, "y": "q"}], nested)}).status_code == 200
    assert rows() == [[1, "none", [], {"x": None, "y": None}], [2, "none", [1, None], {"x": 1, "y": "q"}]]
    empty = pyarrow.table({"a": pyarrow.array([], pyarrow.int8())})
    assert shared.post("INSERT INTO chosen FORMAT Parquet", file_of(empty)).status_code == 200 and rows() == []
    assert shared.query("SELECT is_output, is_input FROM system.formats WHERE name = 'Parquet'") == "1\t1\n"


def test_broken_files(shared, target, table):
    """Cut off anywhere, or with bytes that are others: an error, or values; the server goes on."""
    shared.query(f"CREATE TABLE broken AS {target} ENGINE = MergeTree ORDER BY k")
    generator = random.Random(20261123)
    small = table.slice(0, 200)
    for way in ({"compression": "none"}, {"compression": "zstd", "data_page_version": "2.0"}, {"use_dictionary": False, "column_encoding": ENCODINGS, "compression": "none"}):
        data = file_of(small, write_statistics=False, store_schema=False, **way)
        for length in [0] + sorted(generator.sample(range(1, len(data)), 25)):
            reply = shared.post("INSERT INTO broken FORMAT Parquet", data[:length])
            assert length == 0 or code_of(reply) == "117", (length, reply.text)
        for _ in range(150):
            damaged = bytearray(data)
            for _ in range(generator.randrange(1, 4)):
                damaged[generator.randrange(4, len(data) - 8)] = generator.randrange(256)
            reply = shared.post("INSERT INTO broken FORMAT Parquet", bytes(damaged), max_memory_usage=300000000)
            assert reply.status_code == 200 or code_of(reply) not in ("", "0", "49", "1001"), reply.text
    checked = file_of(small.select(["k"]), write_page_checksum=True, compression="none", use_dictionary=False)
    damaged = bytearray(checked)
    damaged[100] ^= 1
    reply = shared.post("INSERT INTO broken FORMAT Parquet", bytes(damaged))
    assert code_of(reply) == "40" and "checksum" in reply.text
    assert shared.post("INSERT INTO broken FORMAT Parquet", bytes(damaged), input_format_parquet_verify_checksums=0).status_code == 200
    assert shared.query("SELECT 1") == "1\n"


def test_large(shared):
    """Many rows in one group; the body counts as memory."""
    shared.query("CREATE TABLE large (n UInt64, s String, a Array(UInt32)) ENGINE = MergeTree ORDER BY n")
    rows = pyarrow.table({"n": pyarrow.array(range(1000000), pyarrow.uint64()), "s": pyarrow.array([f"s{i}" for i in range(1000000)]),
                          "a": pyarrow.array([[i] * (i % 3) for i in range(1000000)], pyarrow.list_(pyarrow.uint32()))})  # fmt: skip
    shared.query("INSERT INTO large FORMAT Parquet", file_of(rows, row_group_size=1000000))
    assert shared.rows("SELECT count(), sum(n), uniqExact(s), sum(length(a)) FROM large") == [[1000000, 499999500000, 1000000, 999999]]
    shared.query("TRUNCATE TABLE large")
    shared.query("INSERT INTO large FORMAT Parquet", file_of(rows, row_group_size=1000))
    assert shared.rows("SELECT count(), sum(n), uniqExact(s), sum(length(a)) FROM large") == [[1000000, 499999500000, 1000000, 999999]]
    wide = pyarrow.table({f"c{k}": pyarrow.array([f"{k} of {i}" * 3 for i in range(60000)]).take(pyarrow.array(list(range(60000)) * 10)) for k in range(8)})
    columns = ", ".join(f"c{k} String" for k in range(8))
    shared.query(f"CREATE TABLE wide ({columns}) ENGINE = MergeTree ORDER BY tuple()")
    shared.query("INSERT INTO wide FORMAT Parquet", file_of(wide, row_group_size=600000))
    assert shared.rows("SELECT count(), uniqExact(c7), sum(length(c0)) FROM wide") == [[600000, 60000, sum(len(f"0 of {i}" * 3) for i in range(60000)) * 10]]
