#!/usr/bin/env python3
"""Tables of random shapes: whatever the sort key, partitions, indexes, codecs, inserts, merges, changes and engine, the answers are those
of a scan.

usage: shapes.py [--seconds N | --shapes N] [--statements N] [--seed N] [--weir BINARY]

Each shape has the same rows as a table without key and index, of which every column is read through materialize(): no condition leaves
out anything there. Random SELECTs must give the same on both. With ENGINE = ReplacingMergeTree and FINAL the other side has
the last row of each key. Prints each statement whose answers differ, the shape's statements before it, then a line of counts; exits with
1 when there was one.
"""
import argparse
import os
import random
import re
import sys
import time

import compare
import tables
from expressions import QUOTE, Expressions
from sides import ROOT, Gone, Weir, code_of

ROWS = 30000
LIMITS = {159, 241, 396}
# name, type, expression over number; they follow the number, so that zones are narrow
NEAR = [
    ("ts", "DateTime('UTC')", "toDateTime('2024-01-01 00:00:00', 'UTC') + number * 397"),
    ("ts3", "DateTime64(3, 'Europe/Berlin')", "toDateTime64('2024-03-30 22:00:00', 3, 'UTC') + toIntervalMillisecond(number * 12345)"),
    ("zoned", "DateTime('America/New_York')", "toDateTime('2024-10-20 00:00:00', 'UTC') + number * 60"),
    ("old", "DateTime64(6, 'UTC')", "toDateTime64('1965-01-01 00:00:00', 6, 'UTC') + toIntervalHour(number)"),
    ("days", "Date", "toDate('2024-01-01') + intDiv(number, 300)"),
    ("days32", "Date32", "toDate32('1960-01-01') + intDiv(number, 3)"),
    ("host", "LowCardinality(String)", "concat('host-', toString(intDiv(number, 900)))"),
    ("path", "String", "concat('/a/', toString(intDiv(number, 77)), '/', toString(number % 13))"),
    ("message", "String", "concat('user ', toString(number % 500), ' did ', ['open', 'Close', 'read'][number % 3 + 1], ' file-', toString(cityHash64(intDiv(number, 3)) % 5000))"),
    ("u16", "UInt16", "number % 1000"),
    ("i64", "Int64", "toInt64(number) * 1000003 - 9000000000"),
    ("opt", "Nullable(UInt32)", "if(number % 7 = 3 OR number BETWEEN 9000 AND 18000, NULL, number * 3)"),
    ("f", "Float64", "if(number % 1000 = 5, nan, (toInt64(number) - 15000) / 8)"),
    ("f32", "Nullable(Float32)", "if(number % 11 = 0, NULL, if(number % 97 = 1, -inf, number / 4))"),
    ("cents", "Decimal(18, 2)", "toDecimal64((toInt64(number) - 10000) / 4, 2)"),
    ("wide2", "Int256", "toInt256(concat(toString(number), '000000000000000000000'))"),
    ("grade", "Enum16('low' = -5, 'mid' = 0, 'high' = 300)", "['low', 'mid', 'high'][intDiv(number, 10000) + 1]"),
    ("mark", "FixedString(3)", "leftPad(toString(intDiv(number, 50) % 1000), 3, '0')"),
    ("tags", "Array(String)", "[concat('t', toString(intDiv(number, 1000))), ['x', 'y'][number % 2 + 1]]"),
    ("nums", "Array(UInt32)", "range(toUInt32(number), toUInt32(number + number % 4))"),
    ("attrs", "Map(String, String)", "map('host', toString(intDiv(number, 2000)), concat('k', toString(number % 5)), 'v')"),
    ("address", "IPv6", "toIPv6(concat('2001:db8::', hex(intDiv(number, 16))))"),
    ("flag2", "Bool", "number BETWEEN 5000 AND 20000"),
]
COLUMNS = tables.T + [(name, kind) for name, kind, _ in NEAR] + [("seq", "UInt64")]
NAMES = [name for name, _ in COLUMNS]
KEYS = ["id", "id", "ts, id", "host, ts", "code, id", "days, u16", "small, ts3", "kind, grade, id", "cents, id", "f, id", "tuple()", "path", "wide2", "address", "toStartOfDay(ts), host, id", "old, id",
        "days32, id", "word, id", "mark, id", "i64", "toDate(ts3), id", "uid, id", "flag2, ts", "message, id", "cityHash64(id), id"]  # fmt: skip
PARTITIONS = [None, None, None, "code", "kind", "toYYYYMM(ts)", "toStartOfMonth(ts3)", "toYear(old)", "days", "toMonday(days)", "intDiv(id, 3000)", "flag2", "host", "grade", "small % 4", "toYear(days32)", "ts3 < '2024-04-01 00:00:00'"]
INDEXES = ["word TYPE bloom_filter", "word TYPE set(0)", "path TYPE bloom_filter(0.01)", "message TYPE tokenbf_v1(4096, 3, 0)", "message TYPE ngrambf_v1(4, 8192, 3, 0)", "lower(message) TYPE tokenbf_v1(4096, 3, 0)",
           "host TYPE bitmap", "code TYPE bitmap", "u16 TYPE set(100)", "i64 TYPE minmax", "opt TYPE bloom_filter", "maybe TYPE set(0)", "tags TYPE bloom_filter", "nums TYPE bloom_filter", "text TYPE bloom_filter",
           "mapKeys(attrs) TYPE bloom_filter", "mapValues(attrs) TYPE bloom_filter", "names TYPE bloom_filter", "uid TYPE bloom_filter", "address TYPE set(0)", "ts TYPE minmax"]  # fmt: skip
WIDE = ["message", "uid", "path", "wide2", "wide", "address", "nums", "tags", "attrs", "mark", "text", "tuple(host, u16)", "old", "ip", "point"]
CODECS = {"UInt16": ["T64", "Delta, LZ4", "ZSTD(1)"], "Int64": ["Delta, ZSTD(1)", "DoubleDelta", "T64"], "Float64": ["Gorilla", "FPC(12)", "ZSTD(3)"], "String": ["ZSTD(5)", "NONE", "LZ4HC(3)"], "DateTime('UTC')": ["DoubleDelta", "Delta, ZSTD", "T64"]}


class Shapes(Expressions):
    """Conditions and statements over COLUMNS."""

    def near(self, column):
        """A constant that a condition on the column may have: near its values, and not always of its type."""
        number = self.pick(0, 1, 8191, 8192, 16384, ROWS - 1, ROWS, self.draw.randrange(ROWS), self.draw.randrange(ROWS))
        for name, kind, expression in NEAR:
            if name == column:
                number = min(number, ROWS - 1) if kind.startswith("Enum") else number
                value = self.one_of(lambda: f"(SELECT {expression} FROM numbers({number}, 1))")
                if kind.startswith("Date") and self.chance(0.7):
                    return self.time()
                return value
        return {
            "id": lambda: self.pick(str(number), f"toDecimal64('{number}.5', 1)", f"{number}.5", str(-number), f"toInt8({number % 128})"),
            "small": lambda: self.pick("0", "-128", "127", "1.5", "300", "toDecimal32('3.5', 1)"),
            "big": lambda: self.pick("0", "9223372036854775807", "18446744073709551615", "-1", "1e18"),
            "price": lambda: self.pick("0", "1.5", "toDecimal64('3.141', 3)", "-9999.99", "17"),
            "maybe": lambda: self.pick("0", "7", "NULL", "-50", "toDecimal32('7.5', 1)"),
            "ratio": lambda: self.pick("0", "-0.5", "1048576", "inf", "nan"),
            "late": self.time,
            "day": self.time,
            "at": self.time,
            "fine": self.time,
            "wide": lambda: self.pick("0", "-1", "toInt128('99999999999999999999')"),
            "uid": lambda: "'00000003-0000-4000-8000-000000000000'",
            "ip": lambda: "'10.0.1.128'",
            "kind": lambda: self.pick("'a'", "'b'", "'c'"),
            "flag": lambda: self.pick("true", "0"),
        }.get(column, lambda: self.constant("string"))()

    def time(self):
        day = f"{self.pick(1900, 1960, 1969, 1970, 2023, 2024, 2024, 2024, 2024, 2025, 2106, 2200)}-{self.draw.randint(1, 12):02}-{self.draw.randint(1, 28):02}"
        clock = self.pick("00:00:00", "00:00:00", "23:59:59", f"{self.draw.randint(0, 23):02}:{self.draw.randint(0, 59):02}:00")
        near = self.pick(f"2024-01-{self.draw.randint(1, 31):02}", f"2024-03-{self.draw.randint(28, 31):02}", f"2024-11-0{self.draw.randint(1, 5)}", day)
        return self.pick(f"toDate('{near}')", f"'{near}'", f"toDate32('{day}')", f"toDateTime('{near} {clock}', 'UTC')", f"toDateTime64('{day} {clock}.5', 3, 'UTC')", f"toDateTime64('{near} {clock}', 6, 'Asia/Kolkata')")

    def compared(self):
        return self.pick(*"id small big price maybe late day at fine wide ts ts ts3 zoned old days days32 u16 i64 opt f f32 cents wide2 grade host path mark address flag2 uid kind word ip ratio".split())

    def of_time(self):
        column = self.pick("ts", "ts3", "zoned", "old", "days", "days32", "at", "fine", "late")
        rounded = self.pick("toDate({})", "toStartOfDay({})", "toStartOfMonth({})", "toMonday({})", "toStartOfYear({})", "toYear({})", "toYYYYMM({})", "toYYYYMMDD({})", "toDate32({})", "toDateTime({})", "{} + INTERVAL 1 DAY",
                            "{} - INTERVAL 3 MONTH", "toUnixTimestamp({})", "toDate({} + INTERVAL 2 HOUR)", "toStartOfHour({})", "toStartOfInterval({}, INTERVAL 15 MINUTE)", "dateTrunc('week', {})", "toDateTime64({}, 3)", "toHour({})",
                            "formatDateTime({}, '%Y-%m')", "toStartOfQuarter({})", "toStartOfDay({} - INTERVAL 30 MINUTE)", "toTimeZone({}, 'Asia/Tokyo')", "toString({})")  # fmt: skip
        call = rounded.format(column)
        constant = rounded.format(self.pick(column, "ts")) if self.chance(0.15) else f"(SELECT any({call}) FROM base WHERE id = {self.draw.randrange(ROWS)})" if self.chance(0.6) else self.time()
        return f"{call} {self.pick('=', '<', '<=', '>', '>=', '!=')} {constant}"

    def text(self):
        column = self.pick("message", "path", "host", "word", "text", "code")
        piece = self.pick("file-17", "user 42", "user 42 did", "Close", "close", "/a/1", "host-1", "host-12", "a", "abc", "foo bar", "did read file-4999", "Zürich", "zzz")
        return self.pick(f"{column} = '{piece}'", f"{column} LIKE '%{piece}%'", f"{column} LIKE '{piece}%'", f"{column} ILIKE '%{piece}%'", f"hasToken({column}, '{piece.split()[0].split('-')[0].strip('/').split('/')[0]}')", f"startsWith({column}, '{piece}')", f"endsWith({column}, '{piece}')",
                         f"position({column}, '{piece}') > 0", f"match({column}, '{piece}')", f"{column} NOT LIKE '{piece}%'", f"{column} >= '{piece}'", f"{column} < '{piece}'", f"lower({column}) = lower('{piece}')", f"multiSearchAny({column}, ['{piece}', 'qqq'])",
                         f"{column} IN ('{piece}', 'red', 'host-3')", f"{column} NOT IN ('{piece}', 'red')", f"{column} LIKE '%_{piece}'")  # fmt: skip

    def containing(self):
        number = self.draw.randrange(ROWS)
        return self.pick(f"has(tags, 't{number // 1000}')", f"has(nums, {number})", f"hasAny(tags, ['t3', 'q'])", f"hasAll(tags, ['x', 't{number // 1000}'])", f"attrs['host'] = '{number // 2000}'", "mapContains(attrs, 'k3')", "has(mapKeys(attrs), 'k9')",
                         f"indexOf(nums, {number}) > 0", f"tags[1] = 't{number // 1000}'", f"nums[1] > {number}", "attrs['none'] = ''", "has(names, 'red')", "notEmpty(nums)", "length(tags) = 2", "has(mapValues(attrs), '3')")  # fmt: skip

    def simple(self):
        column = self.compared()
        return self.one_of(
            *[lambda: f"{column} {self.pick('=', '!=', '<', '<=', '>', '>=')} {self.near(column)}"] * 5,
            lambda: f"{self.near(column)} {self.pick('=', '<', '>=')} {column}",
            *[self.of_time] * 4,
            *[self.text] * 3,
            *[self.containing] * 2,
            lambda: f"{column} {self.pick('IN', 'NOT IN')} (SELECT {column} FROM base WHERE id {self.pick('<', '>', '=')} {self.draw.randrange(ROWS)} AND id % {self.pick(1, 3, 1000)} = 0)",
            lambda: f"{column} BETWEEN {self.near(column)} AND {self.near(column)}",
            lambda: f"{self.pick('opt', 'f32', 'maybe', 'text')} IS {self.pick('', 'NOT ')}NULL",
            lambda: f"(host, u16) IN (('host-3', 7), ('host-{self.draw.randrange(34)}', {self.draw.randrange(1000)}))",
            lambda: f"{self.pick('id % 7', 'intDiv(id, 1000)', '-id', 'id + 5', 'u16 * 2', 'abs(i64)', 'toUInt8(id)', 'negate(opt)')} {self.pick('=', '<', '>=')} {self.pick('3', '100', '-20000', '15', '0')}",
            lambda: self.pick("flag2", "NOT flag2", "isNaN(f)", "u16", "grade = 'mid'", "opt % 2", "1", "0", "NULL", "isFinite(f32)"),
            lambda: super(Shapes, self).condition(1),
        )

    def condition(self, depth):
        if depth > 0 and self.chance(0.55):
            words = self.pick("AND", "AND", "OR")
            return f"({self.condition(depth - 1)} {words} {self.condition(depth - 1)})"
        return f"(NOT {self.condition(depth - 1)})" if depth > 0 and self.chance(0.12) else self.simple()

    def filters(self, final):
        """Behind the table, and behind a subquery, which takes no PREWHERE. With FINAL that comes before rows are replaced."""
        where = f"{self.condition(2)}" if self.chance(0.93) else ""
        if not final and self.chance(0.12):
            first = self.simple()
            return f" PREWHERE {first}" + (f" WHERE {where}" if where else ""), f" WHERE ({first})" + (f" AND ({where})" if where else "")
        where = f" WHERE {where}" if where else ""
        return where, where

    def statement(self, key):
        """With {} for the table and its conditions."""
        table = "FROM {}{}"
        column, other = self.compared(), self.compared()
        order = self.pick(key, key, "id", "ts", column) if key != "tuple()" else "id"
        way = self.pick("", " DESC")
        order = ", ".join(part + way for part in order.split(", ")) if "(" not in order else order + way
        ties = f", seq{way}"
        return self.one_of(
            *[lambda: f"SELECT count(), sum(id), sum(cityHash64({self.pick('word', 'message', 'nums', 'text', 'fine', 'tags')})), max(seq) {table}"] * 4,
            lambda: f"SELECT count() {table}",
            lambda: f"SELECT min({column}), max({column}), min({other}), count({column}) {table}",
            lambda: f"SELECT {column} AS k, count(), sum(id), max({other}) {table} GROUP BY k ORDER BY k LIMIT 50",
            *[lambda: f"SELECT count(), sum(c), sum(cityHash64(k, l)), sum(cityHash64(m)) FROM (SELECT {self.pick(*WIDE)} AS k, {self.pick(column, '1', *WIDE)} AS l, count() AS c, max({other}) AS m {table} GROUP BY k, l)"] * 2,
            lambda: f"SELECT uniqExact({self.pick(*WIDE)}), uniqExact({column}), countDistinct({self.pick(*WIDE)}, {other}) {table}",
            lambda: f"SELECT count(), max(r), sum(cityHash64(a, r)) FROM (SELECT {column} AS a, row_number() OVER (ORDER BY {order}{ties}) AS r {table})",
            lambda: f"SELECT {column} AS k, count() {table} GROUP BY k ORDER BY count() DESC, k LIMIT 5 WITH TIES",
            lambda: f"SELECT host, days, count(), uniqExact(path) {table} GROUP BY host, days ORDER BY host, days",
            lambda: f"SELECT toStartOfHour(ts) AS h, count(), avg(u16) {table} GROUP BY h ORDER BY h{way} LIMIT 30",
            *[lambda: f"SELECT seq, {column}, {other}, {self.pick('message', 'tags', 'attrs', 'text', 'code')} {table} ORDER BY {order}{ties} LIMIT {self.pick(1, 10, 100)}{self.pick('', ' OFFSET 20')}"] * 3,
            lambda: f"SELECT DISTINCT {column} AS k {table} ORDER BY k LIMIT 100",
            lambda: f"SELECT seq, {column} {table} ORDER BY {order}{ties} LIMIT 2 BY {self.pick('host', 'code', 'days')} LIMIT 50",
            lambda: f"SELECT any(x), count() FROM (SELECT {column} AS x {table} ORDER BY {order}{ties} LIMIT 5)",
            *[lambda: self.join(table)] * 3,
            lambda: f"SELECT seq, row_number() OVER (PARTITION BY host ORDER BY {order}{ties}) AS r, lag({column}) OVER (ORDER BY seq) {table} ORDER BY seq LIMIT 100",
            lambda: f"SELECT max(host), quantileExact(u16), argMin({column}, seq), argMax({other}, seq) {table}",
        )


    def join(self, table):
        key = self.pick("id", "host, u16", "ts", "maybe", "wide2", "uid", "days, code", "opt", "word", "path", "address, small", "cents")
        few = f"(SELECT DISTINCT {key} FROM base WHERE id {self.pick('<', '>', '!=')} {self.draw.randrange(ROWS)} AND id % {self.pick(977, 10007, 31)} = 3) AS few"
        kind = self.pick("JOIN", "JOIN", "SEMI LEFT JOIN", "ANTI LEFT JOIN")
        return f"SELECT count(), sum(id), sum(cityHash64(message)) {table}".replace("{}", f"{{}} {kind} {few} USING ({key})", 1)


class Shape:
    def __init__(self, run, draw, number):
        self.run, self.draw, self.made = run, draw, []
        pick = draw.choice
        self.replacing = draw.random() < 0.3
        self.key = pick(["host, u16", "code, small", "u16", "days, kind", "code, kind", "ts3"] if self.replacing else KEYS)
        # of a ReplacingMergeTree all rows of a key must be in one partition
        first = self.key.split(", ")[0]
        partition = pick([None, first if first in PARTITIONS else None] if self.replacing else PARTITIONS)
        indexes = draw.sample(INDEXES, pick([0, 1, 3, 8]))
        columns = []
        for name, kind in COLUMNS:
            codec = f" CODEC({pick(CODECS[kind])})" if kind in CODECS and draw.random() < 0.3 else ""
            columns.append(f"`{name}` {kind}{codec}")
        columns += [f"INDEX i{k} {index} GRANULARITY {pick([1, 1, 2, 4])}" for k, index in enumerate(indexes)]
        versioned = draw.random() < 0.5
        engine = "ReplacingMergeTree" + ("(seq)" if versioned else "") if self.replacing else "MergeTree"
        text = f"CREATE TABLE shape ({', '.join(columns)}) ENGINE = {engine}" + (f" PARTITION BY {partition}" if partition else "") + f" ORDER BY ({self.key})"
        self.do(text.replace("(tuple())", "tuple()"))
        self.do(f"CREATE TABLE plain ({tables.structure(COLUMNS)}) ENGINE = MergeTree ORDER BY tuple()")
        inserts = pick([1, 2, 3, 7])
        part = pick([f"seq % {inserts}", f"intDiv(seq, {ROWS // inserts + 1})", f"cityHash64(seq, {number}) % {inserts}"])
        changes = [self.change for _ in range(pick([0, 0, 1, 2, 3]))]
        names = ", ".join(NAMES)
        steps = [lambda k=k: self.both(f"INSERT INTO {{}} ({names}) SELECT * FROM base WHERE {part} = {k} ORDER BY seq") for k in range(inserts)]
        for change in changes:
            steps.insert(draw.randint(1, len(steps)), change)
        for step in steps:
            step()
            if draw.random() < 0.25:
                self.do(f"OPTIMIZE TABLE shape{pick(['', ' FINAL'])}")
        self.others = "plain"
        self.table = "shape AS t FINAL" if self.replacing else "shape AS t"
        if self.replacing:
            order = "seq DESC" if versioned else f"{part} DESC, seq DESC"  # the one that came last
            self.do(f"CREATE TABLE last ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM plain ORDER BY {order} LIMIT 1 BY {self.key}")
            self.others = "last"

    def do(self, sql):
        self.made.append(sql)
        answer = self.run.weir.query(sql, allow_suspicious_low_cardinality_types=1, max_execution_time=300)
        if answer.strip():
            raise ValueError(f"{sql}: {answer}")

    def both(self, sql):
        for name in ("shape", "plain"):
            self.do(sql.format(name))

    def alter(self, sql):
        answer = self.run.weir.query(sql.format("shape"))
        self.made.append(sql.format("shape") + f" -- {answer.strip()[:80]}")
        if not answer.strip():
            self.do(sql.format("plain"))

    def change(self):
        if self.replacing:  # what a change does to rows that were replaced depends on when they merge
            return
        if self.draw.random() < 0.4:  # of a column that a key or an index needs it is refused: on no side then
            self.alter("ALTER TABLE {} " + self.draw.choice(["MODIFY COLUMN small Int32", "MODIFY COLUMN u16 UInt32", "MODIFY COLUMN code String", "MODIFY COLUMN days Date32", "MODIFY COLUMN maybe Nullable(Int64)", "MODIFY COLUMN path LowCardinality(String)"]))
            return
        where = self.draw.choice(["id % 10 = 3", "id BETWEEN 8000 AND 9000", "host = 'host-5'", "ts < '2024-01-05 00:00:00'", "opt IS NULL AND id % 2 = 0", "code = 'red' AND small > 0", "id < 20000 AND id > 100"])
        sets = self.draw.choice(["price = price + 1", "text = NULL", "ratio = 0.25, wide = 7", "nums = [1, 2]"])
        if self.draw.random() < 0.5:
            self.both(f"DELETE FROM {{}} WHERE {where}")
        else:
            self.both(f"ALTER TABLE {{}} UPDATE {sets} WHERE {where} SETTINGS mutations_sync = 2")

    def drop(self):
        for name in ("shape", "plain", "last"):
            self.run.weir.query(f"DROP TABLE IF EXISTS {name} SYNC")


class Run:
    def __init__(self, options):
        self.options = options
        self.weir = Weir(options.weir)
        self.counts = {"same": 0, "error": 0, "over a limit": 0, "different": 0}
        for name, columns, key, data_format, parts in tables.all_tables():
            if name in ("t", "u"):
                self.weir.query(f"CREATE TABLE {name} ({columns}) ENGINE = MergeTree ORDER BY {key}")
                for part in parts:
                    self.weir.query(f"INSERT INTO {name} FORMAT {data_format}", part.encode())
        old = ", ".join("toUInt32(number) AS id" if name == "id" else f"t.{name}" for name, _ in tables.T)
        near = ", ".join(f"CAST({expression} AS {kind}) AS {name}" for name, kind, expression in NEAR)
        answer = self.weir.query(f"CREATE TABLE base ENGINE = MergeTree ORDER BY tuple() AS SELECT {old}, {near}, number AS seq FROM (SELECT number, toUInt32(cityHash64(number) % 2000) AS place FROM numbers({ROWS})) AS n JOIN t ON t.id = n.place ORDER BY number")
        if answer.strip():
            raise ValueError(answer)
        self.scanned = "(SELECT " + ", ".join(f"materialize({name}) AS {name}" for name in NAMES) + " FROM {}) AS t"

    def one(self, shape, shapes):
        text, (where, scanned_where) = shapes.statement(shape.key), shapes.filters(shape.replacing)
        sql = text.format(shape.table, where)
        try:
            mine = self.weir.query(sql)
            theirs = self.weir.query(text.format(self.scanned.format(shape.others), scanned_where))
        except Gone as problem:
            print(f"--- Weir died or hangs: {sql}\n  {problem}\n  " + ";\n  ".join(shape.made), flush=True)
            raise
        codes = code_of(mine), code_of(theirs)
        if codes == (None, None):  # materialize() is never LowCardinality
            mine, theirs = (re.sub(r"LowCardinality\((\w+|Nullable\(\w+\))\)", r"\1", answer) for answer in (mine, theirs))
        if LIMITS & set(codes):
            self.counts["over a limit"] += 1
        elif codes[0] is not None and codes[1] is not None:
            self.counts["error"] += 1
            if self.options.errors:
                print(sql, mine[:300])
        elif codes == (None, None) and compare.same(mine, theirs, any_order=False):
            self.counts["same"] += 1
        else:
            self.counts["different"] += 1
            print(f"--- {sql}\n  as it is: {mine[:600]!r}\n  scanned:  {theirs[:600]!r}\n  " + ";\n  ".join(shape.made), flush=True)

    def all(self):
        begin, number = time.monotonic(), 0
        while number < self.options.shapes if self.options.shapes else time.monotonic() < begin + self.options.seconds:
            draw = random.Random(f"{self.options.seed} {number}")
            shape, shapes = Shape(self, draw, number), Shapes(draw)
            for _ in range(self.options.statements):
                self.one(shape, shapes)
            shape.drop()
            number += 1
        return number, time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--shapes", type=int, help="this many instead of a time")
    parser.add_argument("--statements", type=int, default=60, help="of each shape")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weir", default=os.path.join(ROOT, "build/release/weir"))
    parser.add_argument("--errors", action="store_true", help="print statements that both sides refuse")
    options = parser.parse_args()
    run = Run(options)
    status = None
    try:
        number, seconds = run.all()
    finally:
        status = run.weir.stop()
    counts = ", ".join(f"{count} {what}" for what, count in run.counts.items())
    print(f"seed {options.seed}: {number} shapes in {seconds:.0f} s: {counts}", flush=True)
    few = run.counts["same"] < 0.5 * sum(run.counts.values())
    if few:
        print("more than half of the statements had no answer")
    sys.exit(1 if run.counts["different"] > 0 or status != 0 or few else 0)


if __name__ == "__main__":
    main()
