#!/usr/bin/env python3
"""Random queries against ClickHouse (chDB): the same statement on both, answers, types and errors compared.

usage: random_queries.py [--seconds N] [--seed N] [--weir BINARY]        needs: pip install chdb

Prints each statement whose answers differ, with both answers, then a line of counts; exits with 1 when there was one.
Statements that Weir refuses by name (NOT_IMPLEMENTED) are counted, no more. A seed gives the same statements always.
"""
import argparse
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import chdb.session

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMA = [
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
    ("fine", "DateTime64(3, 'UTC')"),
    ("flag", "Bool"),
    ("kind", "Enum8('a' = 1, 'b' = 2, 'c' = -3)"),
]
ROWS = 2000
KINDS = {
    "number": ["id", "small", "big", "maybe"],
    "float": ["ratio"],
    "decimal": ["price"],
    "string": ["word", "code", "text"],
    "date": ["day"],
    "time": ["at", "fine"],
    "bool": ["flag"],
    "enum": ["kind"],
}


def rows():
    """The table's rows, as TabSeparated."""
    draw = random.Random(42)
    words = ["", "a", "Ab", "abc", "foo bar", "x" * 40, "12", "-3.5", "2026-01-02", "a,b;c", "%_\\\\", "\\t"]
    for number in range(ROWS):
        yield "\t".join(
            [
                str(number),
                str(draw.randint(-128, 127)),
                str(draw.choice([0, 1, -1, draw.randint(-(2**63), 2**63 - 1), draw.randint(-1000, 1000)])),
                str(draw.choice([0.0, -0.5, 1e300, draw.gauss(0, 1000), float(draw.randint(-9, 9))])),
                f"{draw.randint(-999999, 999999) / 100:.2f}",
                draw.choice(words),
                draw.choice(["red", "green", "blue", ""]),
                draw.choice(["\\N", str(draw.randint(-50, 50))]),
                draw.choice(["\\N", draw.choice(words)]),
                f"{draw.randint(1990, 2060)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
                f"{draw.randint(1990, 2060)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} {draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}",
                f"{draw.randint(1990, 2060)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02} {draw.randint(0, 23):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}.{draw.randint(0, 999):03}",
                draw.choice(["true", "false"]),
                draw.choice("abc"),
            ]
        )


class Generator:
    """Statements; expressions are made by kind, so that most of them are well typed."""

    def __init__(self, seed):
        self.draw = random.Random(seed)

    def pick(self, *choices):
        return self.draw.choice(choices)

    def constant(self, kind):
        draw = self.draw
        if kind == "number":
            return str(self.pick(0, 1, 2, 3, 7, 10, 100, -1, -5, 255, 256, 65536, draw.randint(-(2**31), 2**31)))
        if kind == "float":
            return self.pick("0.5", "1.5", "-2.25", "1e3", "100.0")
        if kind == "decimal":
            return self.pick("toDecimal32(1.5, 2)", "toDecimal64(-3, 4)")
        if kind == "string":
            return self.pick("''", "'a'", "'abc'", "'foo bar'", "'red'", "'12'", "'%a%'")
        if kind == "date":
            return self.pick("toDate('2026-03-04')", "toDate('1999-12-31')")
        if kind == "time":
            return self.pick("toDateTime('2026-03-04 05:06:07', 'UTC')", "toDateTime64('2001-02-03 04:05:06.789', 3, 'UTC')")
        if kind == "bool":
            return self.pick("true", "false")
        return self.pick("'a'", "'b'")

    def any_kind(self):
        return self.pick("number", "number", "float", "string", "string", "decimal", "date", "time", "bool")

    def expression(self, kind, depth):
        draw = self.draw
        if depth <= 0 or draw.random() < 0.15:
            return draw.choice(KINDS[kind]) if draw.random() < 0.75 else self.constant(kind)

        def sub(other, less=1):
            return self.expression(other, depth - less)

        if kind == "number":
            return self.pick(
                lambda: f"({sub('number')} {self.pick('+', '-', '*')} {sub('number')})",
                lambda: f"intDiv({sub('number')}, {self.pick('3', '7', '10')})",
                lambda: f"({sub('number')} % {self.pick('2', '3', '10', '-7')})",
                lambda: f"{self.pick('length', 'lengthUTF8', 'empty', 'notEmpty', 'ascii')}({sub('string')})",
                lambda: f"position({sub('string')}, {self.constant('string')})",
                lambda: f"{self.pick('toYear', 'toMonth', 'toDayOfMonth', 'toDayOfWeek', 'toDayOfYear', 'toQuarter', 'toISOWeek', 'toWeek', 'toYYYYMM')}({sub(self.pick('date', 'time'))})",
                lambda: f"{self.pick('toHour', 'toMinute', 'toSecond', 'toUnixTimestamp')}({sub('time')})",
                lambda: f"dateDiff('{self.pick('day', 'month', 'year', 'hour', 'minute', 'week')}', {sub('time')}, {sub('time')})",
                lambda: f"if({self.condition(depth - 1)}, {sub('number')}, {sub('number')})",
                lambda: f"{self.pick('abs', 'sign', 'negate', 'bitNot')}({sub('number')})",
                lambda: f"{self.pick('bitAnd', 'bitOr', 'bitXor')}({sub('number')}, {sub('number')})",
                lambda: f"{self.pick('toInt32', 'toUInt8', 'toInt64', 'toUInt16')}({sub(self.pick('number', 'bool'))})",
                lambda: f"{self.pick('greatest', 'least')}({sub('number')}, {sub('number')})",
                lambda: f"coalesce({sub('number')}, {sub('number')})",
                lambda: f"ifNull({sub('number')}, {self.constant('number')})",
                lambda: f"nullIf({sub('number')}, {self.constant('number')})",
                lambda: f"CASE WHEN {self.condition(depth - 1)} THEN {sub('number')} WHEN {self.condition(depth - 1)} THEN {sub('number')} ELSE {sub('number')} END",
                lambda: f"cityHash64({sub(self.any_kind())})",
                lambda: f"toInt64OrZero({sub('string')})",
            )()
        if kind == "float":
            return self.pick(
                lambda: f"({sub('number')} / {sub('number')})",
                lambda: f"({sub('float')} {self.pick('+', '-', '*')} {sub(self.pick('number', 'float'))})",
                lambda: f"{self.pick('floor', 'ceil', 'trunc')}({sub('float')})",
                lambda: f"round({sub('float')}, {self.pick('0', '1', '2')})",
                lambda: f"sqrt(abs({sub('float')}))",
                lambda: f"toFloat64({sub(self.pick('number', 'decimal'))})",
                lambda: f"if({self.condition(depth - 1)}, {sub('float')}, {sub('float')})",
                lambda: f"toFloat64OrNull({sub('string')})",
            )()
        if kind == "decimal":
            return self.pick(
                lambda: f"({sub('decimal')} {self.pick('+', '-')} {sub('decimal')})",
                lambda: f"toDecimal64({self.pick('id', 'small')}, 2)",
                lambda: "price",
            )()
        if kind == "string":
            return self.pick(
                lambda: f"{self.pick('lower', 'upper', 'reverse', 'trim', 'lowerUTF8', 'upperUTF8', 'hex', 'base64Encode')}({sub('string')})",
                lambda: f"concat({sub('string')}, {sub('string')})",
                lambda: f"({sub('string')} || {sub('string')})",
                lambda: f"substring({sub('string')}, {self.pick('1', '2', '-2', '3')}, {self.pick('1', '2', '10')})",
                lambda: f"toString({sub(self.any_kind())})",
                lambda: f"replaceAll({sub('string')}, {self.pick(chr(39) + 'a' + chr(39), chr(39) + 'o' + chr(39))}, {self.constant('string')})",
                lambda: f"if({self.condition(depth - 1)}, {sub('string')}, {sub('string')})",
                lambda: f"leftPad({sub('string')}, {self.pick('5', '12')}, '*')",
                lambda: f"formatDateTime({sub('time')}, '%Y-%m-%d %H:%i:%S')",
                lambda: f"ifNull({sub('string')}, {self.constant('string')})",
                lambda: f"extract({sub('string')}, '[a-z]+')",
                lambda: "toString(kind)",
            )()
        if kind == "date":
            return self.pick(
                lambda: f"toDate({sub('time')})",
                lambda: f"{self.pick('toStartOfMonth', 'toStartOfYear', 'toStartOfQuarter', 'toMonday', 'toLastDayOfMonth')}({sub('date')})",
                lambda: f"({sub('date')} {self.pick('+', '-')} INTERVAL {self.pick('1', '3', '12')} {self.pick('DAY', 'MONTH', 'WEEK')})",
            )()
        if kind == "time":
            return self.pick(
                lambda: f"{self.pick('toStartOfHour', 'toStartOfMinute', 'toStartOfFiveMinutes', 'toStartOfDay')}({sub('time')})",
                lambda: f"({sub('time')} {self.pick('+', '-')} INTERVAL {self.pick('1', '40', '90')} {self.pick('SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH')})",
                lambda: f"toStartOfInterval({sub('time')}, INTERVAL {self.pick('7', '15', '30')} {self.pick('SECOND', 'MINUTE', 'DAY')})",
                lambda: f"date_trunc('{self.pick('hour', 'day', 'month', 'year')}', {self.pick('at', 'fine')})",
            )()
        if kind == "bool":
            return self.condition(depth - 1)
        return "kind"

    def condition(self, depth):
        draw = self.draw

        def sub(kind):
            return self.expression(kind, depth - 1)

        if depth > 0 and draw.random() < 0.3:
            return f"({self.condition(depth - 1)} {self.pick('AND', 'OR')} {self.condition(depth - 1)})"
        return self.pick(
            lambda: f"({sub('number')} {self.pick('=', '!=', '<', '>', '<=', '>=')} {sub('number')})",
            lambda: f"({sub('string')} {self.pick('=', '!=', '<', '>')} {sub('string')})",
            lambda: f"({self.pick('word', 'code', 'text')} {self.pick('LIKE', 'NOT LIKE', 'ILIKE')} {self.pick(chr(39) + '%a%' + chr(39), chr(39) + 'a_c' + chr(39), chr(39) + 'foo%' + chr(39))})",
            lambda: f"({sub('number')} BETWEEN {self.constant('number')} AND {self.constant('number')})",
            lambda: f"({self.pick('id', 'small', 'big', 'maybe')} {self.pick('IN', 'NOT IN')} ({self.constant('number')}, {self.constant('number')}, 5))",
            lambda: f"({self.pick('word', 'code')} IN ('a', 'red', 'foo bar', 'abc'))",
            lambda: f"({self.pick('maybe', 'text')} IS {self.pick('', 'NOT ')}NULL)",
            lambda: f"({sub('date')} {self.pick('<', '>=')} {sub('date')})",
            lambda: f"({sub('time')} {self.pick('<', '>=')} {sub('time')})",
            lambda: f"(kind {self.pick('=', '!=')} 'b')",
            lambda: f"({sub('float')} {self.pick('<', '>')} {sub(self.pick('float', 'number'))})",
            lambda: f"(NOT {self.condition(depth - 1)})" if depth > 0 else "flag",
            lambda: f"match({self.pick('word', 'code')}, '^[a-f]+')",
        )()

    def aggregate(self, depth):
        def sub(kind):
            return self.expression(kind, depth)

        return self.pick(
            lambda: "count()",
            lambda: f"count({sub(self.any_kind())})",
            lambda: f"sum({sub('number')})",
            lambda: f"sum({sub('decimal')})",
            lambda: f"{self.pick('min', 'max')}({sub(self.any_kind())})",
            lambda: f"avg({sub('number')})",
            lambda: f"countIf({self.condition(depth)})",
            lambda: f"sumIf({sub('number')}, {self.condition(depth)})",
            lambda: f"{self.pick('uniqExact', 'uniq')}({sub(self.any_kind())})",
            lambda: f"count(DISTINCT {sub(self.any_kind())})",
            lambda: f"{self.pick('argMin', 'argMax')}({sub(self.any_kind())}, id)",
            lambda: f"quantileExact(0.5)({sub('number')})",
            lambda: f"groupBitXor({self.pick('id', 'toUInt8(small)')})",
            lambda: f"maxIf({sub('number')}, {self.condition(depth)})",
            lambda: f"{self.pick('minOrNull', 'sumOrNull', 'avgOrDefault')}({sub('number')})",
        )()

    def statement(self):
        draw = self.draw
        where = f" WHERE {self.condition(2)}" if draw.random() < 0.5 else ""
        form = draw.random()
        if form < 0.4:
            items = [self.expression(self.any_kind(), 3) for _ in range(draw.randint(1, 3))]
            columns = ", ".join(f"{item} AS c{k}" for k, item in enumerate(items))
            return f"SELECT id, {columns} FROM t{where} ORDER BY id LIMIT {self.pick('5', '50', '2000')}"
        if form < 0.7:
            keys = [self.expression(self.pick("number", "string", "date", "bool", "enum"), 1) for _ in range(draw.randint(1, 2))]
            items = [self.aggregate(1) for _ in range(draw.randint(1, 3))]
            names = [f"k{k}" for k in range(len(keys))]
            columns = ", ".join([f"{key} AS {name}" for key, name in zip(keys, names)] + [f"{item} AS a{k}" for k, item in enumerate(items)])
            having = f" HAVING count() > {self.pick('1', '5')}" if draw.random() < 0.3 else ""
            return f"SELECT {columns} FROM t{where} GROUP BY {', '.join(names)}{having} ORDER BY {', '.join(names)} LIMIT 100"
        if form < 0.85:
            items = [self.aggregate(2) for _ in range(draw.randint(1, 4))]
            return f"SELECT {', '.join(f'{item} AS a{k}' for k, item in enumerate(items))} FROM t{where}"
        if form < 0.93:
            key = self.expression(self.any_kind(), 2)
            return f"SELECT DISTINCT {key} AS c FROM t{where} ORDER BY c LIMIT 200"
        inner = self.expression("number", 2)
        return f"SELECT count(), sum(x), min(x), max(x) FROM (SELECT {inner} AS x FROM t{where}) WHERE x > {self.constant('number')}"


class Weir:
    def __init__(self, binary):
        self.directory = tempfile.TemporaryDirectory(prefix="weir-random-")
        self.process = subprocess.Popen(
            [binary, "server", "--data-dir", self.directory.name, "--http-port", "0"],
            stdout=subprocess.PIPE,
            stderr=open(os.path.join(self.directory.name, "log"), "w", encoding="utf-8"),
            text=True,
        )
        line = self.process.stdout.readline()
        self.url = "http://" + dict(word.split("=", 1) for word in line.split()[1:])["http"] + "/?default_format=TabSeparatedWithNamesAndTypes"

    def query(self, sql, data=b""):
        request = urllib.request.Request(self.url + "&query=" + urllib.parse.quote(sql), data=data)
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                return reply.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.read().decode(errors="replace")

    def stop(self):
        self.process.terminate()
        status = self.process.wait()
        self.directory.cleanup()
        return status


def code_of(text):
    found = re.match(r"Code: (\d+)", text)
    return int(found.group(1)) if found else None


def same(one, other):
    lines, others = one.split("\n"), other.split("\n")
    if len(lines) != len(others) or lines[1:2] != others[1:2]:
        return False
    for line, other_line in zip(lines[2:], others[2:]):
        if line == other_line:
            continue
        words, other_words = line.split("\t"), other_line.split("\t")
        if len(words) != len(other_words):
            return False
        for word, other_word in zip(words, other_words):
            if word == other_word:
                continue
            try:
                if not math.isclose(float(word), float(other_word), rel_tol=1e-9):
                    return False
            except ValueError:
                return False
    return True


def answer(result):
    """A result as text; chDB's bytes() of an empty result are not its own."""
    try:
        return str(result)
    except UnicodeDecodeError:
        return result.bytes().decode(errors="replace")


def first_difference(one, other):
    """The first lines that are not equal; names and types stand in the first two."""
    for mine, theirs in zip(one.split("\n"), other.split("\n")):
        if not same(f"\n\n{mine}", f"\n\n{theirs}"):
            return mine, theirs
    return f"{one.count(chr(10))} lines", f"{other.count(chr(10))} lines"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weir", default=os.path.join(ROOT, "build/release/weir"))
    options = parser.parse_args()
    definition = ", ".join(f"{name} {kind}" for name, kind in SCHEMA)
    data = ("\n".join(rows()) + "\n").encode()
    house = chdb.session.Session()
    own = Weir(options.weir)
    counts = {"same": 0, "both refuse": 0, "refused by name": 0, "other code": 0, "differ": 0}
    try:
        for side in (lambda sql: str(house.query(sql)), own.query):
            side("CREATE DATABASE IF NOT EXISTS default")
            side(f"CREATE TABLE t ({definition}) ENGINE = MergeTree ORDER BY id")
        own.query("INSERT INTO t FORMAT TabSeparated", data)
        house.query("USE default")
        house.query("SET use_variant_as_common_type = 0")  # Weir has no Variant
        with tempfile.NamedTemporaryFile(suffix=".tsv") as file:
            file.write(data)
            file.flush()
            house.query(f"INSERT INTO t SELECT * FROM file('{file.name}', TSV, $$ {definition} $$)")
        generator = Generator(options.seed)
        end = time.monotonic() + options.seconds
        while time.monotonic() < end:
            sql = generator.statement()
            mine = own.query(sql)
            try:
                theirs = answer(house.query(sql, "TabSeparatedWithNamesAndTypes"))
            except Exception as error:  # pylint: disable=broad-except
                theirs = str(error)
                house.query("SELECT 1")  # takes what the failed query left behind
            my_code, their_code = code_of(mine), code_of(theirs)
            if my_code is None and their_code is None:
                outcome = "same" if same(mine, theirs) else "differ"
            elif my_code is not None and their_code is not None:
                outcome = "both refuse" if my_code == their_code else "other code"
            else:
                outcome = "refused by name" if my_code == 48 else "differ"
            counts[outcome] += 1
            if outcome == "differ":
                mine, theirs = first_difference(mine, theirs)
                print(f"--- {sql}\nWeir:       {mine[:300]}\nClickHouse: {theirs[:300]}\n", flush=True)
    finally:
        status = own.stop()
    print(f"seed {options.seed}: " + ", ".join(f"{count} {name}" for name, count in counts.items()), flush=True)
    if status != 0:
        print(f"the server ended with {status}")
    sys.exit(1 if counts["differ"] > 0 or status != 0 else 0)


if __name__ == "__main__":
    main()
