"""The tables of the random statements, the same on both sides: t (2,000 rows), u (40 rows, to be joined), v (a column of
edge values for each type, 12 rows) and the golden statements' events.

Floats of t and u are multiples of 1/4, so that their sums do not depend on the order in which they are added.
"""
import os
import random
import tempfile

from sides import ROOT

EVENTS = os.path.join(ROOT, "tests/sql/golden/events.tsv")
WORDS = ["", "a", "Ab", "abc", "foo bar", "x" * 40, "12", "-3.5", "2026-01-02", "a,b;c", "%_\\\\", "\\t", "Zürich", "日本"]

T = [
    ("id", "UInt32"),
    ("small", "Int8"),
    ("big", "Int64"),
    ("ratio", "Float64"),
    ("price", "Decimal(9, 2)"),
    ("word", "String"),
    ("code", "LowCardinality(String)"),
    ("maybe", "Nullable(Int32)"),
    ("text", "Nullable(String)"),
    ("day", "Date"),
    ("at", "DateTime('UTC')"),
    ("fine", "DateTime64(3, 'Europe/Berlin')"),
    ("flag", "Bool"),
    ("kind", "Enum8('a' = 1, 'b' = 2, 'c' = -3)"),
    ("list", "Array(Int32)"),
    ("names", "Array(String)"),
    ("pairs", "Map(String, Int64)"),
    ("point", "Tuple(x Int32, y String)"),
    ("holes", "Array(Nullable(Int16))"),
    ("wide", "Int128"),
    ("late", "Date32"),
    ("uid", "UUID"),
    ("ip", "IPv4"),
]
U = [
    ("id", "UInt32"),
    ("small", "Nullable(Int8)"),
    ("code", "LowCardinality(String)"),
    ("word", "String"),
    ("at", "DateTime('UTC')"),
    ("amount", "Float64"),
    ("list", "Array(UInt8)"),
]
# name, type, values as TabSeparated
V = [
    ("u8", "UInt8", ["0", "1", "255", "128", "7"]),
    ("u16", "UInt16", ["0", "1", "65535", "32768", "100"]),
    ("u32", "UInt32", ["0", "1", "4294967295", "2147483648", "1700000000"]),
    ("u64", "UInt64", ["0", "1", "18446744073709551615", "9223372036854775808", "9007199254740993"]),
    ("i8", "Int8", ["0", "1", "-1", "-128", "127"]),
    ("i16", "Int16", ["0", "-1", "-32768", "32767", "12"]),
    ("i32", "Int32", ["0", "-1", "-2147483648", "2147483647", "3"]),
    ("i64", "Int64", ["0", "-1", "-9223372036854775808", "9223372036854775807", "86400"]),
    ("i128", "Int128", ["0", "-1", "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728"]),
    ("u128", "UInt128", ["0", "1", "340282366920938463463374607431768211455", "18446744073709551616"]),
    ("f32", "Float32", ["0", "-0", "1.5", "inf", "nan", "-3.25", "16777216", "1e-30"]),
    ("f64", "Float64", ["0", "-0", "0.5", "-inf", "nan", "1e300", "-2.5", "9007199254740993", "1e-300"]),
    ("d32", "Decimal(9, 2)", ["0", "1.50", "-9999999.99", "9999999.99", "-0.01"]),
    ("d64", "Decimal(18, 6)", ["0", "-1.5", "999999999999.999999", "-0.000001"]),
    ("d128", "Decimal(38, 10)", ["0", "3.1415926535", "-9999999999999999999999999999.9999999999"]),
    ("s", "String", ["", "a", "abc", "Hello, World!", "12", "-3.5", "2026-01-02 03:04:05", "Zürich 日本", "a\\0b", "%a_\\\\", '{"a":1,"b":[1,"x"]}', "http://user@www.example.com:80/a/b?x=1&y=%20#top"]),
    ("fs", "FixedString(4)", ["abcd", "a\\0\\0\\0", "\\0\\0\\0\\0", "1234", "AbC "]),
    ("lc", "LowCardinality(String)", ["red", "green", "", "Blue", "2026-03-04"]),
    ("date", "Date", ["1970-01-01", "2149-06-06", "2000-02-29", "2026-12-31", "2024-01-01"]),
    ("date32", "Date32", ["1900-01-01", "2299-12-31", "1969-12-31", "2000-02-29", "1970-01-01"]),
    ("dt", "DateTime('UTC')", ["1970-01-01 00:00:00", "2106-02-07 06:28:15", "2000-02-29 23:59:59", "2026-03-29 01:30:00"]),
    ("dtz", "DateTime('America/New_York')", ["1970-01-02 00:00:00", "2026-03-08 01:59:59", "2026-11-01 01:30:00", "2038-01-19 03:14:07"]),
    ("dt64", "DateTime64(3, 'UTC')", ["1970-01-01 00:00:00.000", "1900-01-01 00:00:00.000", "2299-12-31 23:59:59.999", "1969-12-31 23:59:59.999", "2026-03-04 05:06:07.089"]),
    ("dt646", "DateTime64(6, 'Asia/Kolkata')", ["2026-01-01 00:00:00.000001", "1969-07-20 20:17:40.5", "2200-05-06 07:08:09.999999"]),
    ("e8", "Enum8('a' = 1, 'b' = 2, 'zero' = 0, 'minus' = -128)", ["a", "b", "zero", "minus"]),
    ("b", "Bool", ["true", "false"]),
    ("uid", "UUID", ["00000000-0000-0000-0000-000000000000", "61f0c404-5cb3-11e7-907b-a6006ad3dba0", "ffffffff-ffff-ffff-ffff-ffffffffffff"]),
    ("ip4", "IPv4", ["0.0.0.0", "255.255.255.255", "10.1.2.3"]),
    ("ip6", "IPv6", ["::", "2001:db8::1", "::ffff:10.0.0.1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    ("nu8", "Nullable(UInt8)", ["\\N", "0", "255", "3"]),
    ("ni64", "Nullable(Int64)", ["\\N", "-9223372036854775808", "5", "0"]),
    ("nf64", "Nullable(Float64)", ["\\N", "nan", "1.25", "-0"]),
    ("nd", "Nullable(Decimal(18, 4))", ["\\N", "1.2345", "-99999999999999.9999"]),
    ("ns", "Nullable(String)", ["\\N", "", "abc", "a b c", "10"]),
    ("nlc", "LowCardinality(Nullable(String))", ["\\N", "x", "", "red"]),
    ("ndate", "Nullable(Date)", ["\\N", "2026-01-31", "1970-01-01"]),
    ("ndt", "Nullable(DateTime('UTC'))", ["\\N", "2026-01-31 12:13:14", "1970-01-01 00:00:01"]),
    ("ai", "Array(Int64)", ["[]", "[1,2,3]", "[-1,0,9223372036854775807]", "[5,5,5,1]"]),
    ("au8", "Array(UInt8)", ["[]", "[0]", "[1,255,1]", "[3,2,1]"]),
    ("af", "Array(Float64)", ["[]", "[0.5,-1.5]", "[nan,inf,0]", "[1,2,3,4]"]),
    ("ast", "Array(String)", ["[]", "['']", "['a','b','a']", "['x y','abc']"]),
    ("an", "Array(Nullable(Int32))", ["[]", "[NULL]", "[1,NULL,3]", "[NULL,NULL,0]"]),
    ("aa", "Array(Array(Int8))", ["[]", "[[]]", "[[1,2],[],[3]]"]),
    ("ad", "Array(Date)", ["[]", "['2026-01-01','1970-01-01']"]),
    ("m", "Map(String, UInt64)", ["{}", "{'a':1,'b':2}", "{'':0}"]),
    ("mi", "Map(Int32, String)", ["{}", "{1:'x',-5:''}"]),
    ("tp", "Tuple(Int32, String)", ["(0,'')", "(-5,'abc')", "(7,'z')"]),
    ("tn", "Tuple(a UInt8, b Nullable(Float64))", ["(1,NULL)", "(255,0.5)"]),
]
V_ROWS = 12


def t_rows():
    draw = random.Random(42)

    def day(first=1990, last=2060):
        return f"{draw.randint(first, last)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"

    def clock():
        return f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"

    def numbers(low, high, *more):
        return "[" + ",".join(str(draw.choice([draw.randint(low, high), *more])) for _ in range(draw.randint(0, 4))) + "]"

    for number in range(2000):
        yield "\t".join(
            [
                str(number),
                str(draw.randint(-128, 127)),
                str(draw.choice([0, 1, -1, draw.randint(-(2**63), 2**63 - 1), draw.randint(-1000, 1000)])),
                str(draw.choice([0.0, -0.5, 1048576.0, draw.randint(-4000, 4000) / 4, float(draw.randint(-9, 9))])),
                f"{draw.randint(-999999, 999999) / 100:.2f}",
                draw.choice(WORDS),
                draw.choice(["red", "green", "blue", ""]),
                draw.choice(["\\N", str(draw.randint(-50, 50))]),
                draw.choice(["\\N", draw.choice(WORDS)]),
                day(),
                f"{day()} {clock()}",
                f"{day()} {clock()}.{draw.randint(0, 999):03}",
                draw.choice(["true", "false"]),
                draw.choice("abc"),
                numbers(-20, 20),
                "[" + ",".join(f"'{draw.choice(['a', 'b', 'red', '', 'x y'])}'" for _ in range(draw.randint(0, 3))) + "]",
                "{" + ",".join(f"'{key}':{draw.randint(-9, 9)}" for key in draw.sample("klmn", draw.randint(0, 3))) + "}",
                f"({draw.randint(-3, 3)},'{draw.choice(['p', 'q', ''])}')",
                numbers(-5, 5, "NULL"),
                str(draw.choice([0, -1, draw.randint(-(2**100), 2**100), draw.randint(-99, 99)])),
                day(1901, 2290),
                f"{draw.randint(0, 15):08x}-0000-4000-8000-{draw.getrandbits(48):012x}",
                f"10.0.{draw.randint(0, 3)}.{draw.randint(0, 255)}",
            ]
        )


def u_rows():
    draw = random.Random(43)
    for number in range(40):
        yield "\t".join(
            [
                str(draw.choice([number, number * 7, draw.randint(0, 2000)])),
                draw.choice(["\\N", str(draw.randint(-128, 127)), str(draw.randint(-5, 5))]),
                draw.choice(["red", "green", "violet", ""]),
                draw.choice(WORDS),
                f"{draw.randint(1990, 2060)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} 12:00:00",
                str(draw.randint(-40, 40) / 4),
                "[" + ",".join(str(draw.randint(0, 5)) for _ in range(draw.randint(0, 3))) + "]",
            ]
        )


def v_rows():
    for number in range(V_ROWS):
        yield "\t".join([str(number)] + [values[number % len(values)] for _, _, values in V])


def structure(columns):
    return ", ".join(f"`{name}` {kind}" for name, kind, *_ in columns)


def all_tables():
    """Name, structure, sort key, format, list of data: several inserts make several segments."""
    rows = list(t_rows())
    yield "t", structure(T), "id", "TabSeparated", ["\n".join(rows[at : at + 700]) + "\n" for at in range(0, 2000, 700)]
    yield "u", structure(U), "id", "TabSeparated", ["\n".join(u_rows()) + "\n"]
    yield "v", structure([("n", "UInt8"), *V]), "n", "TabSeparated", ["\n".join(v_rows()) + "\n"]
    with open(EVENTS, encoding="utf-8") as file:
        text = file.read()
    names, kinds = text.split("\n")[:2]
    columns = zip(names.split("\t"), (kind.replace("\\'", "'") for kind in kinds.split("\t")))
    yield "events", structure(columns), "id", "TabSeparatedWithNamesAndTypes", [text]


def make_in_weir(weir):
    weir.query("CREATE DATABASE golden")
    for name, columns, key, data_format, parts in all_tables():
        answers = [weir.query(f"CREATE TABLE golden.{name} ({columns}) ENGINE = MergeTree ORDER BY {key}")]
        answers += [weir.query(f"INSERT INTO golden.{name} FORMAT {data_format}", part.encode()) for part in parts]
        if any(answers):
            raise ValueError(f"{name}: {answers}")


def make_in_clickhouse(house):
    house.query("CREATE DATABASE golden")
    house.query("USE golden")
    for name, columns, key, data_format, parts in all_tables():
        answers = [house.query(f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY {key}")]
        for part in parts:
            with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
                file.write(part)
                file.flush()
                answers.append(house.query(f"INSERT INTO {name} SELECT * FROM file('{file.name}', {data_format}, $$ {columns} $$)"))
        answers.append(house.query(f"OPTIMIZE TABLE {name} FINAL"))
        if any(code for code in map(str.strip, answers)):
            raise ValueError(f"{name}: {answers}")
