"""ClickHouse in a process of its own: statements come as lines of JSON on stdin, answers leave as lines of JSON.

A process of its own, since a statement may end or hang ClickHouse itself: sides.py then starts another one.
"""
import json
import os
import re
import sys

import chdb.session

SETTINGS = {
    "use_query_condition_cache": 0,  # after conditions of correlated subqueries it leaves out rows of other queries
    "max_threads": 1,  # the same answer always
    "max_execution_time": 20,
    "max_memory_usage": 2 << 30,
    "max_result_bytes": 10000000,
    "use_variant_as_common_type": 0,  # Weir has no Variant
    "allow_suspicious_low_cardinality_types": 1,
    "enable_time_series_aggregate_functions": 1,
    "optimize_arithmetic_operations_in_aggregate_functions": 0,  # min(x + 1) of no rows would be 1
    "optimize_functions_to_subcolumns": 0,  # count(x) OVER then fails
    "compile_expressions": 0,  # compiled ones are wrong now and then
}


def answer(session, statement):
    try:
        result = session.query(statement, "TabSeparatedWithNamesAndTypes")
        text = result.bytes().decode(errors="replace") if result.size() > 0 else ""
        if text.startswith("\n"):  # chDB writes the totals of no rows first
            totals, text = text[1:].split("\n", 1)
            text += "\n" + totals + "\n"
        return text
    except UnicodeDecodeError:
        session.query("SELECT 1", "TabSeparated")
        return "Code: 0. an error whose text is not UTF-8"
    except Exception as error:  # pylint: disable=broad-except
        session.query("SELECT 1", "TabSeparated")  # takes what the failed statement had written already
        return re.sub(r"^.*?(?=Code: \d+)", "", str(error), count=1, flags=re.S)


def main():
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # ClickHouse must not write among the replies
    session = chdb.session.Session()
    for name, value in SETTINGS.items():
        session.query(f"SET {name} = {value}")
    for line in sys.stdin:
        replies.write(json.dumps(answer(session, json.loads(line))) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
