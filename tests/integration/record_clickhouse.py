#!/usr/bin/env python3
"""Writes clickhouse_system.tsv: what ClickHouse (chDB) says of the system tables, settings and types that a running Weir
has, for test_system.py to compare.

usage: record_clickhouse.py http://127.0.0.1:8123/        needs: scripts/python-env random

Lines are: column TABLE NAME TYPE; setting NAME TYPE; family NAME CASE_INSENSITIVE ALIAS_TO. An Enum's values are not
recorded: they grow from version to version.
"""
import json
import pathlib
import re
import sys
import urllib.request

import chdb.session


def main():
    session = chdb.session.Session()

    def rows(sql):
        return [json.loads(line) for line in session.query(sql, "JSONCompactEachRow").bytes().decode().splitlines()]

    def weir(sql):
        with urllib.request.urlopen(sys.argv[1], sql.encode()) as reply:
            return reply.read().decode().split()

    lines = []
    for table in sorted(set(weir("SELECT name FROM system.tables WHERE database = 'system'"))):
        if rows(f"EXISTS TABLE system.{table}") == [[1]]:
            for name, kind in [row[:2] for row in rows(f"DESCRIBE TABLE system.{table}")]:
                lines.append(("column", table, name, re.sub(r"(Enum\d*)\(('[^']*' = -?\d+(, )?)*\)", r"\1", kind)))
    settings = set(weir("SELECT name FROM system.settings"))
    lines += [("setting", *row) for row in rows("SELECT name, type FROM system.settings ORDER BY name") if row[0] in settings]
    families = set(weir("SELECT name FROM system.data_type_families"))
    lines += [("family", *map(str, row)) for row in rows("SELECT name, case_insensitive, alias_to FROM system.data_type_families ORDER BY name")
              if row[0] in families]
    text = "".join("\t".join(line).replace("\n", " ") + "\n" for line in lines)
    pathlib.Path(__file__).with_name("clickhouse_system.tsv").write_text(text)


main()
