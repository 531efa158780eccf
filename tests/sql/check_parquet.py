#!/usr/bin/env python3
"""Results in the format Parquet: compares tests/sql/parquet/expected with what ClickHouse (chDB) writes, or writes it. For each
of statements.sql it holds a line ">>> N" and then what Apache Arrow reads in the file: the schema, statistics of each column,
the rows; or "error CODE".

usage: check_parquet.py [--write]        needs: pip install chdb pyarrow pandas
"""
import datetime
import io
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent / "parquet"


def statements():
    return HERE.joinpath("statements.sql").read_text(encoding="utf-8").strip("\n").split("\n\n")


def expected():
    parts = re.split(r"^>>> (\d+)\n", HERE.joinpath("expected").read_text(encoding="utf-8"), flags=re.M)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2])}


def plain(value):
    """The value with times as texts: how they print depends on the packages that are there."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def describe(data):
    """What Arrow reads in the file, as text. −0 is 0 in the statistics."""
    import pyarrow.parquet  # pylint: disable=import-outside-toplevel

    file = pyarrow.parquet.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
    lines = []
    for k in range(len(file.schema)):
        leaf = file.schema.column(k)
        lines.append(f"{leaf.path}: {leaf.physical_type}({leaf.length}) {leaf.logical_type} {leaf.converted_type} "
                     f"{leaf.max_definition_level} {leaf.max_repetition_level}")
        for group in range(file.num_row_groups):
            column = file.metadata.row_group(group).column(k)
            statistics = column.statistics
            known = statistics is not None and statistics.has_min_max
            bounds = [statistics.min_raw, statistics.max_raw] if known else [None, None]
            bounds = [bound + 0 if isinstance(bound, float) else bound for bound in bounds]
            # ClickHouse leaves the NULLs of columns without any out of the statistics
            nulls = statistics.null_count if statistics is not None and statistics.has_null_count and leaf.max_definition_level else None
            lines.append(f"  {column.num_values} values, {column.compression}, {bounds}, {nulls if nulls else 0} NULLs")
    lines += [str(plain(row)) for row in file.read().to_pylist()]
    return "\n".join(lines) + "\n"


def main():
    import chdb  # pylint: disable=import-outside-toplevel

    def answer(statement):
        try:
            return describe(chdb.query(statement, "Parquet").bytes())
        except RuntimeError as problem:
            return "error " + re.search(r"Code: (\d+)", str(problem)).group(1) + "\n"

    path = HERE / "expected"
    text = "".join(f">>> {number}\n{answer(statement)}" for number, statement in enumerate(statements(), 1))
    if "--write" in sys.argv:
        path.write_text(text, encoding="utf-8")
    same = path.read_text(encoding="utf-8") == text
    print("the same" if same else "differs")
    sys.exit(not same)


if __name__ == "__main__":
    main()
