"""Tables of many columns: what takes time by their number, in Weir and ClickHouse, one statement after another."""
import json
import time

import chdb.session

from common import Server, note, table

ROWS = 4_000
RUNS = [(who, columns) for columns in (100, 1000) for who in ("Weir", "ClickHouse")] + [("Weir", 4000)]  # which takes ClickHouse minutes
TRIES = 5


def statements(columns):
    names = [f"c{k}" for k in range(columns)]
    last = names[-1]
    wide = "SELECT " + ", ".join(f"number + {k} AS c{k}" for k in range(columns)) + f" FROM numbers({ROWS})"
    row = json.dumps({name: k for k, name in enumerate(names)})
    return [
        ("CREATE TABLE", 1, "CREATE TABLE wide (" + ", ".join(f"{name} UInt64" for name in names) + ") ENGINE = MergeTree ORDER BY c0"),
        (f"INSERT SELECT of {ROWS:,} rows", 1, "INSERT INTO wide " + wide),
        ("INSERT of one row, JSONEachRow", TRIES, "INSERT INTO wide FORMAT JSONEachRow " + row),
        ("count()", TRIES, "SELECT count() FROM wide"),
        ("one column", TRIES, f"SELECT sum({last}) FROM wide"),
        ("a condition", TRIES, f"SELECT sum({last}) FROM wide WHERE c1 % 7 = 3"),
        ("all columns, 10 rows", TRIES, "SELECT * FROM wide LIMIT 10 FORMAT Null"),
        ("all columns, all rows", TRIES, "SELECT * FROM wide FORMAT Null"),
        ("sums of all columns", TRIES, "SELECT " + ", ".join(f"sum({name})" for name in names) + " FROM wide FORMAT Null"),
        ("DESCRIBE", TRIES, "DESCRIBE TABLE wide FORMAT Null"),
        ("DROP TABLE", 1, "DROP TABLE wide SYNC"),
    ]


def times(ask, columns):
    """Median milliseconds of each statement."""
    out = []
    for _, tries, sql in statements(columns):
        taken = []
        for _ in range(tries):
            begin = time.perf_counter()
            ask(sql)
            taken.append((time.perf_counter() - begin) * 1000)
        out.append(sorted(taken)[len(taken) // 2])
    return out


def run(options):
    del options
    server = Server("--threads", "2")
    session = chdb.session.Session()
    session.query("SET max_threads = 2")
    found = {}
    try:
        asks = {"Weir": lambda sql: server.query("", sql.encode()), "ClickHouse": lambda sql: session.query(sql, "TSV")}
        for who, columns in RUNS:
            note(f"wide: {who}, {columns} columns ...")
            found[who, columns] = times(asks[who], columns)
    finally:
        server.stop()
    lines = []
    for k, (name, _, _) in enumerate(statements(2)):
        lines.append([name] + [f"{found[run][k]:.1f}" for run in RUNS])
    header = ["milliseconds", *(f"{who}, {columns:,}" for who, columns in RUNS)]
    return f"## Tables of many columns\n\nUInt64, {ROWS:,} rows; Weir over HTTP.\n\n" + table(header, lines)
