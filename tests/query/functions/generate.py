#!/usr/bin/env python3
"""Asks chdb (ClickHouse) for the value and type of every expression of the .txt files beside this script.

Each line is: expression, tab, value, tab, type; an error is "ERROR" and ClickHouse's code. New lines may hold the
expression alone. Usage: generate.py [FILE...]; needs the chdb package.
"""
import pathlib
import re
import sys

import chdb


def answer(expression):
    query = "SELECT x, toTypeName(x) FROM (SELECT %s AS x) SETTINGS session_timezone = 'UTC'" % expression
    try:
        return str(chdb.query(query, "TSVRaw")).rstrip("\n")
    except Exception as error:  # the package's own error types differ from version to version
        code = re.search(r"Code: (\d+)", str(error))
        return "ERROR\t%s" % (code.group(1) if code else "?")


def main():
    here = pathlib.Path(__file__).parent
    for path in [pathlib.Path(name) for name in sys.argv[1:]] or sorted(here.glob("*.txt")):
        lines = []
        for line in path.read_text().split("\n"):
            expression = line.split("\t")[0]
            if expression and not expression.startswith("#"):
                line = expression + "\t" + answer(expression)
            lines.append(line)
        path.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
