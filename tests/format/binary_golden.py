#!/usr/bin/env python3
"""Writes tests/format/golden/binary.txt: rows of every type as ClickHouse (chDB) writes them in the binary formats; and
native_json.txt: values of type JSON in Native, where ClickHouse has the same types for them.

usage: binary_golden.py        needs: pip install chdb

A case is a line "> names and types", a line "| row" per row as TabSeparated has it, and a line "= FORMAT bytes in
hexadecimal" per format.
"""
import os

import chdb

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "binary.txt")
FORMATS = ["RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Native"]
LONG = "x" * 200

# type: values as TabSeparated has them, the first is the default
TYPES = {
    "Bool": ["false", "true"],
    "Int8": ["0", "-128", "127"],
    "Int16": ["0", "-32768", "32767"],
    "Int32": ["0", "-2147483648", "2147483647"],
    "Int64": ["0", "-9223372036854775808", "9223372036854775807"],
    "Int128": ["0", "-170141183460469231731687303715884105728", "170141183460469231731687303715884105727"],
    "Int256": ["0", "-57896044618658097711785492504343953926634992332820282019728792003956564819968", "1234567890123456789012345678901234567890"],
    "UInt8": ["0", "255"],
    "UInt16": ["0", "65535"],
    "UInt32": ["0", "4294967295"],
    "UInt64": ["0", "18446744073709551615"],
    "UInt128": ["0", "340282366920938463463374607431768211455"],
    "UInt256": ["0", "115792089237316195423570985008687907853269984665640564039457584007913129639935"],
    "Float32": ["0", "-1.5", "3.4028235e38", "inf", "1e-45"],
    "Float64": ["0", "0.1", "-1.7976931348623157e308", "-inf", "5e-324"],
    "String": ["", "a", "\u00e4\\t\\n\\0", LONG],
    "FixedString(3)": ["\\0\\0\\0", "abc", "a\\0\\0"],
    "Date": ["1970-01-01", "2024-02-29", "2149-06-06"],
    "Date32": ["1970-01-01", "1925-01-01", "2283-11-11"],
    "DateTime('UTC')": ["1970-01-01 00:00:00", "2024-02-29 23:59:59", "2106-02-07 06:28:15"],
    "DateTime('Asia/Tokyo')": ["1970-01-01 09:00:00", "2024-02-29 23:59:59"],
    "DateTime64(3, 'UTC')": ["1970-01-01 00:00:00.000", "2024-02-29 23:59:59.123", "1925-01-01 00:00:00.001"],
    "DateTime64(9, 'Europe/Berlin')": ["1970-01-01 01:00:00.000000000", "2024-07-01 12:00:00.123456789"],
    "Decimal(5, 2)": ["0", "-123.45", "999.99"],
    "Decimal(18, 6)": ["0", "123456789012.000001"],
    "Decimal(38, 10)": ["0", "-1234567890123456789012345678.0123456789"],
    "UUID": ["00000000-0000-0000-0000-000000000000", "00112233-4455-6677-8899-aabbccddeeff"],
    "IPv4": ["0.0.0.0", "1.2.3.4", "255.255.255.255"],
    "IPv6": ["::", "2001:db8::1", "::ffff:1.2.3.4"],
    "Enum8('zero' = 0, 'b' = -2, 'c' = 127)": ["zero", "b", "c"],
    "Enum16('zero' = 0, 'b' = 1000, 'c' = -32768)": ["zero", "b", "c"],
}
JSON_CASES = [
    ("a JSON", ["{}"]), ("a JSON", ['{"a":1}', "{}", '{"a":"x"}']), ("a JSON", ['{"a":[]}', '{"a":[null]}', '{"a":[1,2.5]}']),
    ("a JSON", ['{"a":[1,"x"]}', '{"a":[[1],["x"]]}']), ("a JSON", ['{"a":{"b":{"c":true}},"d":18446744073709551615}', '{"d":-1}']),
    ("a JSON", ['{"o":[{"a":1},{"b":2.5,"a":"x"}]}', '{"o":[{}]}']), ("a JSON", ['{"m":[1,{"z":2},{"y":[true]}]}']),
    ("a JSON", ['{"x":-5,"y":1.25,"z":"\u00e4"}', '{"y":null,"z":[true,false]}', "{}"]),
    ("a JSON(p UInt8, q.r LowCardinality(String))", ['{"p":7,"q":{"r":"l","s":1}}', '{"t":"u"}']),
    ("a JSON(max_dynamic_paths=1)", ['{"a":1,"b":"x","c":[1,null]}', '{"b":2.5,"d":true}']),
]  # fmt: skip
QUOTED = ("String", "FixedString", "Date", "UUID", "IP", "Enum")
CASES = [
    ("a UInt8, b String, c Nullable(String), d Array(UInt8), e Date", ["1\txy\t\\N\t[7,8]\t2020-01-02", "2\t\tz\t[]\t1970-01-01"]),
    ("a Array(Array(UInt8)), b Array(Array(Nullable(String)))", ["[[1,2],[]]\t[]", "[]\t[['x',NULL],[],[NULL]]", "[[3]]\t[[]]"]),
    ("a Tuple(UInt8, String), b Tuple(x Nullable(Int16), y Array(String))", ["(1,'q')\t(NULL,['a','b'])", "(0,'')\t(-7,[])"]),
    ("a Map(String, UInt64), b Map(UInt8, Array(String)), c Map(String, Map(String, Nullable(Int8)))", ["{'a':1,'b':2}\t{}\t{'k':{'x':NULL,'y':-1}}", "{}\t{1:['x'],2:[]}\t{}"]),
    ("a Array(Tuple(x UInt8, y String)), b UInt8", ["[(1,'a'),(2,'b')]\t3", "[]\t4"]),
    ("a Array(Tuple(UInt8, Map(String, Nullable(Float64))))", ["[(1,{'a':1.5,'b':NULL}),(2,{})]", "[]"]),
    ("a LowCardinality(String), b LowCardinality(Nullable(String))", ["b\t\\N", "a\ty", "b\t", "\tx", "c\ty"]),
    ("a Array(LowCardinality(String)), b Map(LowCardinality(String), UInt8)", ["['p']\t{}", "['q','p','']\t{'k':1,'j':2}", "[]\t{'k':3}"]),
    ("a Array(LowCardinality(Nullable(String))), b Tuple(LowCardinality(String), Array(LowCardinality(FixedString(2))))", ["['p',NULL,'']\t('a',['xy'])", "[]\t('',[])"]),
    ("a LowCardinality(FixedString(2))", ["ab", "cd", "ab"]),
    ("a SimpleAggregateFunction(sum, UInt64), b SimpleAggregateFunction(anyLast, Nullable(String))", ["1\tx", "2\t\\N"]),
    ("a Array(String)", ["['" + LONG + "','']"]),
]  # fmt: skip


def item(kind, value):
    """The value inside an array or a map."""
    return f"'{value}'" if kind.startswith(QUOTED) else value


def cases():
    for kind, values in TYPES.items():
        items = [item(kind, value) for value in values]
        yield f"a {kind}, b Nullable({kind})", [f"{value}\t{other}" for value, other in zip(values, ["\\N", *values])]
        yield f"a Array({kind}), b Array(Nullable({kind}))", [f"[{','.join(items)}]\t[{items[-1]},NULL]", "[]\t[]"]
        yield f"a Tuple(x {kind}, y UInt8), b Map(String, {kind})", [f"({items[-1]},1)\t{{'k':{items[-1]}}}", f"({items[0]},2)\t{{}}"]
    yield from CASES


def main():
    with open(PATH, "w", encoding="utf-8") as file:
        for columns, rows in cases():
            file.write(f"> {columns}\n" + "".join(f"| {row}\n" for row in rows))
            text = "".join(f"{row}\n" for row in rows).replace("\\", "\\\\").replace("'", "\\'")
            structure = columns.replace("\\", "\\\\").replace("'", "\\'")
            for name in FORMATS:
                settings = "allow_suspicious_low_cardinality_types = 1, flatten_nested = 0, schema_inference_make_columns_nullable = 0"
                written = chdb.query(f"SELECT * FROM format(TSV, '{structure}', '{text}') SETTINGS {settings}", name).bytes()
                file.write(f"= {name} {written.hex()}\n")
            file.write("\n")
    with open(PATH.replace("binary", "native_json"), "w", encoding="utf-8") as file:
        for columns, rows in JSON_CASES:
            values = ", ".join("'" + row.replace("\\", "\\\\") + "'" for row in rows)
            written = chdb.query(f"SELECT arrayJoin([{values}])::{columns[2:]} AS a", "Native").bytes()
            file.write(f"> {columns}\n" + "".join(f"| {row}\n" for row in rows) + f"= Native {written.hex()}\n\n")


if __name__ == "__main__":
    main()
