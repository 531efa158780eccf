#!/usr/bin/env python3
"""Golden statements: compares tests/sql/golden/*.expected and tests/sql/scripts/*.expected with what ClickHouse (chDB)
answers, or writes them. Files of golden/ are SELECTs; those of scripts/ are statements that follow one another, each file
in an empty database.

usage: check_golden.py [--write] [FILE.sql ...]        needs: pip install chdb

A .sql file holds statements with an empty line between them; its .expected file holds, for each, a line ">>> N" and
then names, types and rows as TabSeparatedWithNamesAndTypes, or "error CODE". Files refused*.sql hold what Weir refuses
though ClickHouse does not: their .expected files are written by hand and not checked here.
A statement after a line "-- weir: ..." has a result that differs from ClickHouse's on purpose: that part of the
expected file is kept as it is.
"""
import glob
import os
import re
import sys

import chdb.session

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
SCRIPTS = os.path.join(os.path.dirname(HERE), "scripts")


def statements(path):
    with open(path, encoding="utf-8") as file:
        return [text for text in file.read().strip("\n").split("\n\n") if text.strip()]


def answer(session, statement):
    try:
        return str(session.query(statement, "TabSeparatedWithNamesAndTypes"))
    except Exception as problem:  # pylint: disable=broad-except
        session.query("SELECT 1", "TabSeparated")  # takes with it what the failed statement had already written
        code = re.search(r"Code: (\d+)", str(problem))
        return f"error {code.group(1)}\n" if code else f"error {problem}\n"


def expected_parts(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        pieces = re.split(r"^>>> (\d+)\n", file.read(), flags=re.M)
    return {int(number): text for number, text in zip(pieces[1::2], pieces[2::2])}


def main():
    write = "--write" in sys.argv
    files = [name for name in sys.argv[1:] if name.endswith(".sql")] or sorted(
        glob.glob(os.path.join(HERE, "*.sql")) + glob.glob(os.path.join(SCRIPTS, "*.sql")))
    session = chdb.session.Session()
    session.query("SET enable_time_series_aggregate_functions = 1")
    session.query("CREATE DATABASE IF NOT EXISTS golden")
    session.query("USE golden")
    session.query("CREATE TABLE events ENGINE = MergeTree ORDER BY id AS SELECT * FROM "
                  f"file('{os.path.join(HERE, 'events.tsv')}', TSVWithNamesAndTypes)")
    count = differ = 0
    for path in files:
        if os.path.basename(path).startswith("refused"):
            continue
        is_script = os.path.basename(os.path.dirname(os.path.abspath(path))) == "scripts"
        session.query("USE default")
        session.query("DROP DATABASE IF EXISTS script")
        if is_script:
            session.query("CREATE DATABASE script")
        session.query("USE script" if is_script else "USE golden")
        target = path[:-4] + ".expected"
        before = expected_parts(target)
        texts = []
        for number, statement in enumerate(statements(path), 1):
            count += 1
            if statement.startswith("-- weir:"):
                got = before.get(number, "")
            else:
                got = answer(session, statement)
            texts.append(f">>> {number}\n{got}")
            if not write and got != before.get(number):
                differ += 1
                print(f"{os.path.basename(path)} {number}: {statement}\nexpected:\n{before.get(number)}ClickHouse:\n{got}")
        if write:
            with open(target, "w", encoding="utf-8") as file:
                file.write("".join(texts))
    print(f"{count} statements" + ("" if write else f", {differ} differ"))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
