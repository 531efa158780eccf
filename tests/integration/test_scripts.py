"""tests/sql/scripts: statements that follow one another in a database of their own, against ClickHouse's answers
(tests/sql/check_golden.py writes them, and says the files' form)."""
import pathlib
import re

import pytest

from weir import ROOT, QueryError

FOLDER = ROOT / "tests/sql/scripts"


def statements(path):
    return [text for text in path.read_text(encoding="utf-8").strip("\n").split("\n\n") if text.strip()]


def expected(path):
    pieces = re.split(r"^>>> (\d+)\n", path.with_suffix(".expected").read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(map(int, pieces[1::2]), pieces[2::2]))


def answer(server, statement, database):
    try:
        return server.query(
            statement, database=database, session_id=database, default_format="TabSeparatedWithNamesAndTypes"
        )
    except QueryError as error:
        return f"error {error.code}\n", error.message


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sql")), ids=lambda path: path.stem)
def test_script(shared, path):
    database = "script"
    shared.query(f"DROP DATABASE IF EXISTS {database}")
    shared.query(f"CREATE DATABASE {database}")
    wanted = expected(path)
    wrong = []
    for number, statement in enumerate(statements(path), 1):
        got = answer(shared, statement, database)
        got, message = got if isinstance(got, tuple) else (got, "")
        if got != wanted.get(number):
            wrong.append(f"{path.name} {number}: {statement}\nexpected:\n{wanted.get(number)}got:\n{got}{message}")
    assert not wrong, "\n\n".join(wrong)
