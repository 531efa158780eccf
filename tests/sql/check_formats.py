#!/usr/bin/env python3
"""Formats of results, byte by byte: compares tests/sql/formats/*.expected with what ClickHouse (chDB) writes, or writes
them. An .expected file holds, for each statement of matrix.sql, a line ">>> N" and then the result in the format that
the file is named after, or "error CODE". What differs from run to run (times, rows read) stands there as '_'.

usage: check_formats.py [--write] [FORMAT ...]        needs: pip install chdb
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent / "formats"


def statements():
    return HERE.joinpath("matrix.sql").read_text(encoding="utf-8").strip("\n").split("\n\n")


def formats():
    return sorted(path.stem for path in HERE.glob("*.expected"))


def expected(name):
    parts = re.split(rb"^>>> (\d+)\n", HERE.joinpath(f"{name}.expected").read_bytes(), flags=re.M)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2])}


def comparable(reply):
    """Without what no two runs, or only one of the two servers, say."""
    reply = re.sub(rb'("(?:elapsed|rows_read|bytes_read)": )[^,\n]+', rb"\1_", reply)
    reply = re.sub(rb"<(elapsed|rows_read|bytes_read)>[^<]*", rb"<\1>_", reply)
    reply = re.sub(rb'\t?"rows_before_limit_at_least": \d+,\n\n', b"", reply)
    return re.sub(rb'\{"progress":.*\n|\{"rows_before_limit_at_least".*\n|\t<rows_before_limit_at_least>.*\n', b"", reply)


def main():
    import chdb  # pylint: disable=import-outside-toplevel

    def answer(statement, name):
        try:
            return comparable(chdb.query(statement, name).bytes())
        except Exception as problem:  # pylint: disable=broad-except
            return b"error " + re.search(r"Code: (\d+)", str(problem)).group(1).encode()

    differ = 0
    for name in [word for word in sys.argv[1:] if not word.startswith("--")] or formats():
        text = b"".join(b">>> %d\n%s\n" % (number, answer(statement, name)) for number, statement in enumerate(statements(), 1))
        path = HERE / f"{name}.expected"
        if "--write" in sys.argv:
            path.write_bytes(text)
        elif path.read_bytes() != text:
            differ += 1
            print(f"{name} differs")
    print(f"{differ} formats differ")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()
