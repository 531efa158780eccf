#!/usr/bin/env python3
"""Asks chdb (ClickHouse) for the result of every query of queries.txt, and writes it below the query.

Form: a line "> SELECT …", then the rows with tabs between values, then an empty line. Table events is the one that
events_source.h makes; the view below says the same in SQL. Usage: queries.py; needs the chdb package.
"""
import pathlib
import re

from chdb import session

EVENTS = """
CREATE VIEW events AS SELECT number AS id, toDateTime(1700000000 + intDiv(number, 3), 'UTC') AS ts,
    CAST(['ams', 'ber', 'cdg', 'dub', 'fra', 'jfk', 'lhr'][1 + number * number % 7] AS LowCardinality(String)) AS code,
    concat('user', toString(number * 7919 % 5003)) AS user,
    if(number % 11 = 0, NULL, toInt32(number % 1000) - 500) AS delay,
    toFloat64(number % 97) / 4 AS score, toUInt8(number % 5) AS k,
    toUInt32(intDiv(number, 1000)) AS part
FROM numbers(100000)
"""


def main():
    path = pathlib.Path(__file__).parent / "queries.txt"
    chdb = session.Session()
    chdb.query("CREATE DATABASE t")
    chdb.query("USE t")
    chdb.query(EVENTS)
    blocks = []
    for line in path.read_text().split("\n"):
        if not line.startswith("> "):
            continue
        try:
            rows = str(chdb.query(line[2:] + " SETTINGS session_timezone = 'UTC'", "TSVRaw")).rstrip("\n")
        except Exception as error:
            code = re.search(r"Code: (\d+)", str(error))
            rows = "ERROR %s" % (code.group(1) if code else "?")
        blocks.append(line + "\n" + rows + "\n")
    path.write_text("\n".join(blocks))


if __name__ == "__main__":
    main()
