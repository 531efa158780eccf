#!/usr/bin/env python3
"""Random statements on Weir and on ClickHouse (chDB): names, types, values and error codes are compared.

usage: run.py [--seconds N | --statements N] [--seed N] [--kinds queries,layers,calls,mutants] [--weir BINARY]
       the Python of `scripts/python-env random` has what it needs

Kinds take turns: queries of a grammar (statements.py), subqueries of subqueries (layers.py), calls of every function
(calls.py) and, when asked for, golden statements with other tokens (mutants.py). Queries and layers are also run with one thread, without the partial-result cache, and with temporary
files, and must give the same. A seed gives the same statements always.

Prints each statement whose answers differ, with both answers, then a line of counts; exits with 1 when there was one, or
when fewer than two of five statements had an answer that both gave: then the run shows little.
known.txt lists, with reasons, what may differ from ClickHouse. Nothing may differ between runs of Weir.
"""
import argparse
import os
import random
import re
import sys
import time

import compare
import tables
from calls import Calls, write_templates
from layers import Layers
from mutants import Mutants
from sides import HERE, ROOT, ClickHouse, Gone, Weir, code_of
from statements import Statements

# What both refuse need not be refused by the same code: where several things are wrong, ClickHouse's code depends on the
# order of its checks.
CODE_CLASSES = [
    {6, 26, 27, 38, 41, 53, 69, 70, 72, 117, 128, 131, 190, 321, 349, 407, 441, 457, 676, 675},  # values
    {8, 9, 16, 20, 35, 36, 42, 43, 44, 45, 46, 47, 50, 53, 62, 63, 69, 80, 125, 153, 170, 179, 184, 190, 215, 258, 352, 386, 456, 403, 48, 207, 49, 10},  # statements
]
LIMITS = {159, 160, 241, 396, 173, 131, 128, 307, 158}  # too long, too large: of one side only
SAME_SHARE_MIN = 0.4  # measured: 0.5 to 0.6 with the kinds of the test run
VARIANTS = [
    {"max_threads": 1, "use_partial_cache": 0},
    {"max_threads": 2, "max_bytes_before_external_sort": 1, "max_bytes_before_external_group_by": 1, "max_bytes_before_external_join": 1},
]


def known_differences():
    found = []
    with open(os.path.join(HERE, "known.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                pattern, reason = line.rstrip("\n").split("\t")
                found.append((re.compile(pattern, re.S), reason))
    return found


class Run:
    def __init__(self, options):
        self.options = options
        self.known = known_differences()
        self.counts = {}
        self.bad = 0
        self.house = ClickHouse(tables.make_in_clickhouse)
        self.weir = Weir(options.weir)
        tables.make_in_weir(self.weir)
        self.calls = Calls(options.seed)
        self.mutants = Mutants(random.Random(f"{options.seed} mutants"))
        self.queries = Statements(random.Random(f"{options.seed} queries"))
        self.layers = Layers(random.Random(f"{options.seed} layers"))
        self.makers = {"queries": self.queries.statement, "layers": self.layers.statement, "mutants": self.mutants.statement}

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def tell(self, what, sql, mine, theirs, other="ClickHouse"):
        text = f"{sql}\nWeir: {mine}\n{other}: {theirs}"
        if other == "ClickHouse" and any(pattern.search(text) for pattern, _ in self.known):
            self.count("known to differ")
            return
        self.count(what)
        self.bad += 1
        print(f"--- {what}: {sql}\n  Weir:       {mine[:400]}\n  {other + ':':<11} {theirs[:400]}\n", flush=True)

    def judge(self, sql, mine, theirs):
        my_code, their_code = code_of(mine), code_of(theirs)
        if my_code is None and their_code is None:
            if self.kind == "mutants" and "LIMIT" in sql:  # of rows that are equal in ORDER BY any may be there
                mine, theirs = ("\n".join(text.split("\n")[:2]) for text in (mine, theirs))
            if compare.same(mine, theirs, any_order="ORDER BY" not in sql or self.kind == "mutants"):
                self.count("same")
            else:
                self.tell("answers differ", sql, *compare.first_difference(mine, theirs))
        elif my_code in LIMITS or their_code in LIMITS:
            self.count("over a limit")
        elif my_code is not None and their_code is not None:
            if my_code == their_code or their_code == 0:
                self.count("same error")
            elif any(my_code in codes and their_code in codes for codes in CODE_CLASSES):
                self.count("error of the same class")
            elif self.kind in ("queries", "layers") or self.options.codes:
                self.tell("codes differ", sql, mine, theirs)
            else:
                self.count("error of another class")
        elif my_code == 48:
            self.count("refused by name")
            if self.options.refused:
                print(f"--- refused: {sql}\n  Weir:       {mine[:300]}", flush=True)
        elif my_code is not None:
            self.tell("only Weir fails", sql, mine, theirs.split("\n", 1)[-1])
        else:
            self.tell("only ClickHouse fails", sql, mine.split("\n", 1)[-1], theirs)

    def one(self, number):
        self.kind = kind = self.options.kinds[number % len(self.options.kinds)]
        if kind == "calls":
            sql = self.calls.statement(number // len(self.options.kinds))
        else:
            sql = self.makers[kind]()
        if self.options.show:
            print(sql, flush=True)
        self.house.send(sql)
        try:
            mine = self.weir.query(sql, database="golden")
        except Gone as problem:
            print(f"--- Weir died or hangs: {sql}\n  {problem}", flush=True)
            raise
        try:
            theirs = self.house.receive()
        except Gone:
            self.count("ClickHouse died")
            return
        self.judge(sql, mine, theirs)
        if kind in ("queries", "layers"):
            for settings in VARIANTS:
                again = self.weir.query(sql, database="golden", **settings)
                if code_of(mine) in LIMITS or code_of(again) in LIMITS:
                    continue
                if code_of(mine) != code_of(again) or (code_of(mine) is None and not compare.same(mine, again, "ORDER BY" not in sql)):
                    first = compare.first_difference(mine, again) if code_of(mine) == code_of(again) else (mine, again)
                    self.tell(f"differs from itself with {settings}", sql, *first, other="with them")

    def all(self):
        begin, number = time.monotonic(), 0
        while number < self.options.statements if self.options.statements else time.monotonic() < begin + self.options.seconds:
            self.one(number)
            number += 1
        return number, time.monotonic() - begin


def write_calls(binary):
    weir = Weir(binary)
    answer = weir.query("SELECT name, is_aggregate FROM system.functions WHERE alias_to = '' ORDER BY name")
    weir.stop()
    write_templates({name: flag == "1" for name, flag in (line.split("\t") for line in answer.split("\n")[2:] if line)})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--statements", type=int, help="this many instead of a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="queries,layers,calls", type=lambda text: text.split(","))
    parser.add_argument("--weir", default=os.path.join(ROOT, "build/release/weir"))
    parser.add_argument("--refused", action="store_true", help="print what Weir refuses by name")
    parser.add_argument("--codes", action="store_true", help="print what both refuse with codes of different classes, also of calls")
    parser.add_argument("--show", action="store_true", help="print every statement before it runs")
    parser.add_argument("--write-calls", action="store_true", help="write calls.txt from the golden statements, no more")
    options = parser.parse_args()
    if options.write_calls:
        write_calls(options.weir)
        return
    run = Run(options)
    status = None
    try:
        number, seconds = run.all()
    finally:
        run.house.stop()
        status = run.weir.stop()
    counts = ", ".join(f"{count} {what}" for what, count in sorted(run.counts.items()))
    print(f"seed {options.seed}, {','.join(options.kinds)}: {number} statements in {seconds:.0f} s: {counts}", flush=True)
    if status != 0:
        print(f"the server ended with status {status}")
    few = run.counts.get("same", 0) < SAME_SHARE_MIN * number
    if few:
        print(f"both answer too few of them alike: less than {SAME_SHARE_MIN:.0%}")
    sys.exit(1 if run.bad > 0 or status != 0 or few else 0)


if __name__ == "__main__":
    main()
