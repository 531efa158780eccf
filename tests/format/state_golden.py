#!/usr/bin/env python3
"""Writes tests/format/golden/states.txt: states of aggregate functions as ClickHouse (chDB) has them in RowBinary.

usage: state_golden.py        needs: pip install chdb

A line is a case: the expression, the type of the state, how many rows came, the bytes in hexadecimal, the value that
the state has as TabSeparated. {} in the expression is the suffix of the function.
"""
import os

import chdb

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "states.txt")

# over the rows 0, 1, … of numbers()
INTS = {"u8": "toUInt8(number % 200)", "i16": "toInt16(number) - 3", "u32": "toUInt32(number)", "i64": "toInt64(number) - 3", "u64": "number", "bool": "number % 3 = 1",
        "enum": "CAST(number % 3, 'Enum8(''a'' = 0, ''b'' = 1, ''c'' = 2)')"}
FLOATS = {"f32": "toFloat32(number)", "f64": "number / 4"}
DATES = {"date": "toDate('2020-01-01') + number", "time": "toDateTime(1577836800 + number, 'UTC')"}
TEXT = {"text": "concat('s', toString(number))", "low": "toLowCardinality(toString(number))"}
WIDE = {"i128": "toInt128(number) - 3"}
WIDER = {"u256": "toUInt256(number)"}
DECIMALS = {"d32": "toDecimal32(number, 2)", "d64": "toDecimal64(number, 2)", "d128": "toDecimal128(number, 2)"}
TICKS = {"ticks": "toDateTime64(1577836800 + number, 3, 'UTC')"}
DATE32 = {"date32": "toDate32('1960-01-01') + number"}
FIXED = {"fixed": "toFixedString(toString(number % 10), 3)"}
UUID = {"uuid": "toUUID(concat('00112233-4455-6677-8899-aabbccddee', leftPad(toString(number % 100), 2, '0')))"}
IPV4 = {"v4": "toIPv4(concat('1.2.3.', toString(number % 200)))"}
IPV6 = {"v6": "toIPv6(concat('2001:db8::', toString(number % 200)))"}
NULLS = {"null": "if(number % 2 = 0, NULL, number)"}
NULL_TEXT = {"nulltext": "if(number % 2 = 0, NULL, toString(number))"}
NUMBERS = INTS | FLOATS
NO_ENUM = {k: v for k, v in NUMBERS.items() if k not in ("enum", "bool")}
SCALARS = NUMBERS | DATES | TEXT | WIDE | WIDER | DECIMALS | TICKS | DATE32 | FIXED | UUID | IPV4 | IPV6 | NULLS | NULL_TEXT
LISTED = NUMBERS | DATES | TEXT | WIDE | WIDER | IPV4
RANKED = NO_ENUM | DATES

ONE = [
    (["min", "max", "any", "anyLast", "anyHeavy"], SCALARS),
    (["sum", "sumWithOverflow"], NO_ENUM | WIDE | WIDER | DECIMALS | NULLS),
    (["avg"], NO_ENUM | DECIMALS | NULLS),
    (["groupBitAnd", "groupBitOr", "groupBitXor"], {k: v for k, v in INTS.items() if k not in ("enum", "bool")} | NULLS),
    (["groupBitmap"], {"u8": INTS["u8"], "u32": INTS["u32"], "u64": INTS["u64"]}),
    (["sumKahan", "varPop", "varSamp", "stddevPop", "varPopStable", "stddevSampStable", "skewPop", "kurtSamp"], {"i64": INTS["i64"], "u8": INTS["u8"]} | NULLS),
    (["uniq"], NUMBERS | DATES | TEXT | WIDE | WIDER | DATE32 | FIXED | IPV4 | IPV6 | NULLS | NULL_TEXT),
    (["uniqExact"], NUMBERS | DATES | DATE32 | WIDE | UUID | IPV4 | NULLS),
    (["groupArray", "groupUniqArray", "groupArray(3)"], LISTED),
    (["quantile", "quantile(0.9)"], RANKED | TICKS | NULLS),
    (["quantiles(0.1, 0.9)"], RANKED | TICKS),
    (["quantileExact", "quantileExactLow", "quantileExactHigh(0.9)", "quantileTDigest"], RANKED | NULLS),
    (["quantilesExact(0.1, 0.9)", "quantilesTDigest(0.1, 0.9)"], RANKED),
    (["quantileExactInclusive", "quantileExactExclusive"], NO_ENUM | NULLS),
    (["topK(3)"], {"u8": "toUInt8(number % 2)", "text": "toString(number % 2)", "date": "toDate('2020-01-01') + number % 2"}),
]
MORE = [
    "count{}()", "count{}(number)", "count{}(if(number % 2 = 0, NULL, number))", "countIf{}(number % 3 = 0)", "sumIf{}(number, number % 3 = 0)",
    "avgIf{}(number, number % 3 = 0)", "quantileIf{}(0.5)(number, number % 3 = 0)", "uniqIf{}(number, number % 3 = 0)",
    "argMin{}(toString(number), number)", "argMax{}(number, toString(number))", "argMin{}(if(number % 2 = 0, NULL, number), number)", "argMax{}(number, number / 2)",
    "covarPop{}(number, number * 2)", "covarSamp{}(number / 2, number)", "corr{}(number, number * number)", "simpleLinearRegression{}(number, number * 2)",
    "sumMap{}([number % 3], [number])", "sumMap{}([toString(number % 3)], [toUInt8(number % 100)])", "sumMap{}([number % 3], [number / 2], [number])", "sumMap{}(map(toString(number % 3), number))",
    "sumArray{}([number, number + 1])", "sumForEach{}([number, number + 1])", "sumOrNull{}(number)", "uniqOrDefault{}(number)", "minArray{}([toString(number)])",
    "anyOrNull{}(toString(number))", "sumArrayIf{}([number], number % 3 = 0)", "topKWeighted{}(2)(number % 2, 3)", "groupArrayIf{}(number, number % 3 = 0)",
]  # fmt: skip


def ask(sql):
    return chdb.query(sql, "TabSeparated").bytes().decode().rstrip("\n")


def main():
    calls = []
    for names, arguments in ONE:
        for name in names:
            head, _, parameters = name.partition("(")
            calls += [f"{head}{{}}{'(' + parameters if parameters else ''}({argument})" for argument in arguments.values()]
    with open(PATH, "w", encoding="utf-8") as out:
        for call in calls + MORE:
            for rows in (0, 5, 40):
                state = call.format("State")
                text = ask(f"SELECT toTypeName(s), hex(s), finalizeAggregation(s) FROM (SELECT {state} AS s FROM numbers({rows}))")
                out.write("\t".join([call.replace("\\", "\\\\"), text.split("\t", 1)[0].replace("\\'", "'"), str(rows), text.split("\t", 1)[1]]) + "\n")


main()
