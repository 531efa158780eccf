#!/usr/bin/env python3
"""Writes tests/format/golden/arrow: what ClickHouse (chDB) answers to statements in the format ArrowStream, a line for each:
settings, statement, and the bytes in base64 or "error CODE"; and golden/arrow_in: what it makes of what pyarrow writes,
a line for each: format, type of the column c, the bytes, and the values as TabSeparated with | for line feeds or "error CODE";
without a type: the type that it finds itself. test_arrow.py compares Weir with them.

usage: arrow_golden.py        needs: pip install chdb pyarrow
"""
import base64
import datetime
import decimal
import io
import pathlib
import re
import tempfile

PATH = pathlib.Path(__file__).parent / "golden" / "arrow"
PATH_IN = pathlib.Path(__file__).parent / "golden" / "arrow_in"
VALUES = [
    "toUInt8(number * 120)", "toInt8(number * -60)", "toUInt16(number * 30000)", "toInt16(-number)", "toUInt32(number * 2000000000)",
    "toInt32(-number)", "number * 9000000000000000000", "-toInt64(number)", "toInt128(-number)", "toUInt128(number)", "toInt256(-number)",
    "toUInt256(number)", "number / 7", "toFloat32(number / 7)", "[inf, -inf, nan][number + 1]", "number = 1", "toString(number)",
    "repeat('\u00e4', number * 100)", "toFixedString(toString(number), 5)", "toDate('2024-02-28') + number", "toDate32('1925-01-01') + number",
    "toDateTime(number, 'UTC')", "toDateTime(number, 'Asia/Tokyo')", "toDateTime64('2024-01-02 03:04:05', 0, 'UTC')",
    "toDateTime64('2024-01-02 03:04:05.6', 1, 'UTC')", "toDateTime64('1925-01-02 03:04:05.678', 3, 'Asia/Tokyo')",
    "toDateTime64('2024-01-02 03:04:05.6789', 4, 'UTC')", "toDateTime64('2024-01-02 03:04:05.678901', 6, 'Europe/Berlin')",
    "toDateTime64('2024-01-02 03:04:05.6789012', 7, 'UTC')", "toDateTime64('2024-01-02 03:04:05.678901234', 9, 'UTC')",
    "toDecimal32(number, 2)", "-toDecimal64(number, 6)", "toDecimal128(number, 20)", "CAST(number AS Decimal(5, 1))",
    "toUUID('00112233-4455-6677-8899-aabbccddeef' || toString(number))", "toIPv4('1.2.3.' || toString(number))",
    "toIPv6('2001:db8::' || toString(number))", "CAST(number + 1 AS Enum8('a' = 1, 'b' = 2, 'c' = 3))",
    "CAST(number + 1 AS Enum16('a' = 1, 'b' = 2, 'c' = 300, 'd' = 3))", "toIntervalSecond(number)", "toIntervalNanosecond(number)",
    "toIntervalDay(number)", "toIntervalMonth(number)",
]  # fmt: skip
NESTED = [
    "NULL", "[NULL]", "[]", "range(number)", "range(number)::Array(Nullable(UInt16))", "arrayMap(x -> if(x = 1, NULL, toString(x)), range(number))",
    "arrayMap(x -> range(x), range(number * 2))", "(number, 'x')", "(number, NULL)", "CAST((number, toString(number)) AS Tuple(a UInt8, `b c` String))",
    "tuple()", "map('k', number, 'l', 2)", "map(number, ['a', NULL])", "CAST(map() AS Map(String, UInt8))", "map('a', map(1, (2, 'b')))",
    "[(number, ['a']), (2, [])]", "toString(number)::LowCardinality(String)", "if(number = 1, NULL, 'x')::LowCardinality(Nullable(String))",
    "['a', 'b', 'a']::Array(LowCardinality(String))", "map('k'::LowCardinality(String), toFixedString('v', 2)::LowCardinality(FixedString(2)))",
    "CAST(number AS SimpleAggregateFunction(sum, UInt64))", """if(number = 1, '{"a":1,"b":{"c":[1,"x"]}}', '{}')::JSON""",
    """getSubcolumn(['{"a":1}', '{"a":"x"}', '{"b":[1]}'][number + 1]::JSON, 'a')""",
]  # fmt: skip
DICTIONARY = [
    "toString(number)::LowCardinality(String)", "if(number = 1, NULL, 'x')::LowCardinality(Nullable(String))", "['a', 'b', 'a']::Array(LowCardinality(String))",
    "toDate(number)::LowCardinality(Date)", "toUInt16(number)::LowCardinality(UInt16)", "map('k'::LowCardinality(String), number)",
]  # fmt: skip
PLAIN = "'x' AS a, toFixedString('y', 2) AS b, toDate(7) AS c, toUUID('00112233-4455-6677-8899-aabbccddeeff') AS d, ['x'] AS e"


def cases():
    none = ""
    for value in VALUES:
        yield none, f"SELECT {value} AS c FROM numbers(3)"
        yield none, f"SELECT if(number = 1, NULL, {value}) AS c FROM numbers(3)"
        yield none, f"SELECT [{value}] AS c FROM numbers(3)"
    for value in NESTED:
        yield none, f"SELECT {value} AS c FROM numbers(3)"
    for setting in ("", ",output_format_arrow_use_signed_indexes_for_dictionary=0", ",output_format_arrow_use_64_bit_indexes_for_dictionary=1"):
        for value in DICTIONARY:
            settings = "output_format_arrow_low_cardinality_as_dictionary=1,allow_suspicious_low_cardinality_types=1" + setting
            yield settings, f"SELECT {value} AS c FROM numbers(3)"
    for name in ("string_as_string", "fixed_string_as_fixed_byte_array"):
        yield f"output_format_arrow_{name}=0", f"SELECT {PLAIN}"
    for name in ("date_as_uint16", "uuid_as_fixed_byte_array"):
        yield f"output_format_arrow_{name}=1", f"SELECT {PLAIN}"
    for method in ("lz4_frame", "zstd", "none", "gzip"):
        yield f"output_format_arrow_compression_method='{method}'", "SELECT number AS a, toString(number) AS b, number % 2 = 0 AS c FROM numbers(1000)"
    yield "output_format_arrow_string_as_string=0,output_format_arrow_fixed_string_as_fixed_byte_array=0", f"SELECT {PLAIN}"
    yield none, "SELECT 1 AS a, 'x' AS b WHERE 0"
    yield none, "SELECT number % 2 AS a, count() AS c FROM numbers(3) GROUP BY a WITH TOTALS ORDER BY a"


def moments():
    return [datetime.datetime(2024, 1, 2, 3, 4, 5), None]


def inputs(pa):  # pylint: disable=too-many-statements
    """(array, types of columns that it is read into)"""
    whole = ["Int32", "UInt64", "Int128", "UInt256", "String", "Float32", "Decimal(9, 2)", "DateTime('UTC')", "DateTime64(3, 'UTC')", "Date", "Date32", "Bool",
             "LowCardinality(String)", "Nullable(UInt16)", "IPv4", "UUID", "Array(UInt8)", "FixedString(3)"]  # fmt: skip
    times = ["DateTime('UTC')", "DateTime64(6, 'UTC')", "DateTime64(0, 'UTC')", "Date", "Date32", "String", "UInt32", "Int64", "Nullable(DateTime('UTC'))", "UUID"]
    for bits in (8, 16, 32, 64):
        yield pa.array([1, None, 100], getattr(pa, f"int{bits}")()), whole
        yield pa.array([1, None, 100], getattr(pa, f"uint{bits}")()), whole
    yield pa.array([1, 2, 1], pa.int64()), ["String", "LowCardinality(String)", "Enum8('a' = 1, 'b' = 2)", "Enum16('a' = 1, 'b' = 2)", "Enum8('a' = 1)"]
    yield pa.array([1.5, None, 2.5]).cast(pa.float16()), ["Float32", "Float64", "String", "UInt8"]
    yield pa.array([1.5, None, -2.75], pa.float32()), ["Float64", "Int8", "String"]
    yield pa.array([1.5, None, -2.75]), ["Float32", "Int8", "String", "Decimal(9, 2)", "DateTime64(3, 'UTC')", "Bool", "UUID"]
    yield pa.array([1.5, 1e100, -0.1]), ["String"]
    yield pa.array([True, False]), ["String"]
    yield pa.array([True, None, False]), ["UInt8", "Bool", "Int64", "Float64", "Nullable(Bool)", "String"]
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()):
        yield pa.array(["x", None, "longer than a view has place for"], kind), ["String", "Nullable(String)", "LowCardinality(String)", "LowCardinality(Nullable(String))", "FixedString(40)", "FixedString(3)"]
        yield pa.array(["12", None], kind), ["Nullable(UInt8)", "Nullable(Decimal(9, 2))", "Nullable(Float32)", "Nullable(FixedString(3))"]
    yield pa.array(["2024-01-02 03:04:05"]), ["DateTime('UTC')", "DateTime64(3, 'UTC')"]
    yield pa.array(["2024-01-02"]), ["Date", "Date32"]
    yield pa.array(["[1,2]"]), ["Array(UInt8)", "Array(String)"]
    yield pa.array(["(1,'a')"]), ["Tuple(UInt8, String)"]
    yield pa.array(['{"a":1}']), ["JSON"]
    yield pa.array(["x", "y"]), ["Enum8('x' = 1, 'y' = 2)", "Enum8('x' = 1)", "UInt8"]
    yield pa.array(["1.2.3.4"]), ["IPv4"]
    yield pa.array(["2001:db8::1"]), ["IPv6"]
    yield pa.array(["00112233-4455-6677-8899-aabbccddeeff"]), ["UUID"]
    yield pa.array([b"abcd", None], pa.binary(4)), ["String", "FixedString(4)", "FixedString(5)", "FixedString(3)", "Nullable(String)"]
    yield pa.array([bytes(range(16))], pa.binary(16)), ["UUID", "IPv6", "Int128", "UInt128", "FixedString(16)"]
    yield pa.array([bytes(range(32))], pa.binary(32)), ["Int256", "UInt256", "FixedString(32)"]
    yield pa.array([bytes(range(16))], pa.binary()), ["IPv6", "Int128"]
    yield pa.array([bytes(range(16))], pa.uuid()), ["UUID", "String"]
    yield pa.array(['{"a":1}'], pa.json_()), ["JSON", "String"]
    yield pa.array([datetime.date(2024, 1, 2), None]), ["Date", "Date32", "DateTime('UTC')", "DateTime64(3, 'UTC')", "String", "Int32", "UInt16", "Nullable(Date)"]
    yield pa.array([datetime.date(1900, 1, 1)]), ["Date32", "Date"]
    yield pa.array([datetime.date(2024, 1, 2)], pa.date64()), ["Date", "Date32", "DateTime('UTC')", "DateTime64(3, 'UTC')"]
    for unit in ("s", "ms", "us", "ns"):
        yield pa.array(moments(), pa.timestamp(unit)), times
        yield pa.array(moments(), pa.timestamp(unit, tz="Asia/Tokyo")), times
        yield pa.array(moments()[:1], pa.timestamp(unit)), ["String"]
        yield pa.array([datetime.timedelta(seconds=3)], pa.duration(unit)), ["Int64", "String"]
    yield pa.array([datetime.datetime(1925, 1, 2, 3, 4, 5, 678901)], pa.timestamp("us")), ["DateTime64(3, 'UTC')", "DateTime64(6, 'UTC')", "Date32"]
    for make, precision in ((pa.decimal32, 5), (pa.decimal64, 15), (pa.decimal128, 38), (pa.decimal256, 38)):
        yield pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-7.75")], make(precision, 2)), ["Decimal(9, 3)", "Decimal(38, 20)", "Decimal(9, 1)", "Float64", "Float32", "Int32", "String"]
    yield pa.array([decimal.Decimal("1.25"), decimal.Decimal("-7.75")]), ["String"]
    yield pa.array([datetime.date(2024, 1, 2)]), ["String"]
    rows = [[1, None], None, [], [2, 3]]
    for kind in (pa.list_(pa.int32()), pa.large_list(pa.int64())):
        yield pa.array(rows, kind), ["Array(Int32)", "Array(UInt8)", "Array(Nullable(UInt8))", "Array(Nullable(String))", "Array(Float64)", "Array(LowCardinality(Nullable(String)))", "UInt8"]
    yield pa.array([[1, 2], None], pa.list_(pa.int32(), 2)), ["Array(UInt8)", "Array(Nullable(Int64))"]
    yield pa.array([[["a"], None], [], [[None, "b"]]]), ["Array(Array(String))", "Array(Array(Nullable(String)))"]
    for kind in (pa.list_view(pa.int32()), pa.large_list_view(pa.int32()), pa.month_day_nano_interval()):
        yield pa.array([None], kind), ["Array(UInt8)"]
    struct = pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}])
    yield struct, ["Tuple(a UInt8, b String)", "Tuple(b String, a UInt8)", "Tuple(UInt8, String)", "Tuple(x UInt8, y String)", "Tuple(a UInt8)", "Tuple(a Nullable(UInt8), b String, d String)", "UInt8"]
    yield pa.array([[{"a": 1, "b": ["x", "y"]}, {"a": 2, "b": []}]]), ["Array(Tuple(a UInt8, b Array(String)))", "Array(Tuple(Int64, Array(String)))"]
    yield pa.array([[("a", 1), ("b", None)], None, []], pa.map_(pa.string(), pa.int32())), ["Map(String, UInt8)", "Map(LowCardinality(String), Nullable(Int64))", "Map(String, Nullable(String))", "Array(Tuple(String, Nullable(UInt8)))"]
    yield pa.array([None, None]), ["UInt8", "Nullable(String)", "Array(UInt8)"]
    for index in (pa.int8(), pa.uint16(), pa.int32(), pa.int64(), pa.uint64()):
        yield pa.array(["x", "y", None, "x"]).dictionary_encode().cast(pa.dictionary(index, pa.string())), ["LowCardinality(String)", "String", "LowCardinality(Nullable(String))", "Nullable(String)", "FixedString(2)"]
    yield pa.array(["x", "y"]).dictionary_encode(), ["Enum8('x' = 1, 'y' = 2)"]
    yield pa.array([5, 6, 5]).dictionary_encode(), ["UInt8", "String"]
    yield pa.array([["x", "y", None], []]).cast(pa.list_(pa.dictionary(pa.int8(), pa.string()))), ["Array(String)", "Array(LowCardinality(String))", "Array(Nullable(String))"]
    yield pa.array([b"", None, b"\x00\xff"], pa.large_binary()), ["String"]
    yield pa.array([], pa.int64()), ["UInt8"]
    yield pa.array(list(range(3)), pa.int64()).slice(1), ["UInt8"]


def main():
    import chdb  # pylint: disable=import-outside-toplevel
    import pyarrow  # pylint: disable=import-outside-toplevel
    from pyarrow import ipc  # pylint: disable=import-outside-toplevel

    def ask(statement, name):
        try:
            return chdb.query(statement, name).bytes()
        except Exception as problem:  # pylint: disable=broad-except
            return b"error " + re.search(r".*Code: (\d+)", str(problem), re.S).group(1).encode()

    with open(PATH, "w", encoding="utf-8") as file:
        for settings, statement in cases():
            answer = ask(f"{statement} SETTINGS {settings or 'max_threads=1'}", "ArrowStream")
            answer = answer.decode() if answer.startswith(b"error ") else base64.b64encode(answer).decode()
            file.write(f"{settings}\t{statement}\t{answer}\n")
    with open(PATH_IN, "w", encoding="utf-8") as file, tempfile.NamedTemporaryFile() as data:
        for number, (array, types) in enumerate(inputs(pyarrow)):
            name = ("ArrowStream", "Arrow")[number % 2]
            table = pyarrow.table([array], names=["c"])
            out = io.BytesIO()
            options = ipc.IpcWriteOptions(compression=(None, "lz4", "zstd")[number % 3])
            with (ipc.new_stream if name == "ArrowStream" else ipc.new_file)(out, table.schema, options=options) as writer:
                writer.write_table(table)
            pathlib.Path(data.name).write_bytes(out.getvalue())
            written = base64.b64encode(out.getvalue()).decode()
            found = ask(f"DESCRIBE file('{data.name}', '{name}')", "TSVRaw").decode()
            found = found if found.startswith("error ") else found.split("\t")[1]
            file.write(f"{name}\t\t{written}\t{found}\n")
            for kind in types:
                if kind in ("String", "LowCardinality(String)") and array.null_count > 0 and str(array.type)[:3] not in ("str", "lar", "bin", "fix", "dic"):
                    continue  # ClickHouse writes the text of the default, "0", for NULL
                structure = f"c {kind}".replace("'", "\\'")
                values = ask(f"SELECT * FROM file('{data.name}', '{name}', '{structure}')", "TSV").decode(errors="backslashreplace")
                file.write(f"{name}\t{kind}\t{written}\t{values.strip(chr(10)).replace(chr(10), '|')}\n")


if __name__ == "__main__":
    main()
