"""The statements of queries.py over the same tables: Weir over HTTP, ClickHouse (chdb) and DuckDB in their own processes.

Each runs once to warm up and then RUNS times; the median counts. Weir's time includes HTTP, over one kept connection; it is
measured without the partial-result cache, which the columns of that name show beside. All have two threads. Weir's answers are compared with ClickHouse's where they are exact.
"""
import http.client
import json
import math
import os
import random
import statistics
import subprocess
import tempfile
import time

from common import BUILD, ENGINE, SCHEMA, Server, child, note, table
from ingest import check, events_file
from queries import QUERIES, USAGE

RUNS = 5
SLOW_MS = 3000  # a statement so slow runs only twice
HOSTS = 100
CPU_SCHEMA = "ts DateTime, hostname String, region String, team String, " + ", ".join(f"usage_{u} Float64" for u in USAGE)
# name, schema, engine
TABLES = [
    ("events", SCHEMA, ENGINE),
    ("cpu", CPU_SCHEMA, "ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY (hostname, ts)"),
    ("users", "user_id UInt32, country String, plan String", "ENGINE = MergeTree ORDER BY user_id"),
    ("services", "service String, team String", "ENGINE = MergeTree ORDER BY service"),
    ("deploys", "service String, ts DateTime64(3), version String", "ENGINE = MergeTree ORDER BY (service, ts)"),
]
DUCKDB_TYPES = {
    "DateTime64(3)": "TIMESTAMP_MS",
    "DateTime": "TIMESTAMP",
    "String": "VARCHAR",
    "UInt16": "USMALLINT",
    "UInt32": "UINTEGER",
    "Float64": "DOUBLE",
}
BEGIN = 1767225600  # 2026-01-01 00:00:00 UTC, as the generators have it


def moment(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(BEGIN + seconds))


def files(rows):
    """A file per table; made once per number of rows."""
    folder = os.path.join(tempfile.gettempdir(), f"weir-bench-tables-{rows}")
    paths = {name: os.path.join(folder, f"{name}.csv") for name, _, _ in TABLES[1:]}
    if not os.path.exists(folder):
        os.makedirs(folder + ".new", exist_ok=True)
        draw = random.Random(1)
        with open(os.path.join(folder + ".new", "cpu.csv"), "wb") as out:
            subprocess.run([BUILD / "cpu", str(HOSTS), str(max(rows // 4 // HOSTS, 1))], stdout=out, check=True)
        with open(os.path.join(folder + ".new", "users.csv"), "w", encoding="utf-8") as out:
            countries = ["DE", "FR", "US", "IN", "BR", "JP", "IS", "NZ"]
            for user in range(1_000_000):
                country = countries[int(draw.random() ** 3 * len(countries))]
                out.write(f"{user},{country},{'pro' if draw.random() < 0.05 else 'free'}\n")
        with open(os.path.join(folder + ".new", "services.csv"), "w", encoding="utf-8") as out:
            for service in range(20):
                out.write(f"backend-service-{service:02},team-{service % 6}\n")
        with open(os.path.join(folder + ".new", "deploys.csv"), "w", encoding="utf-8") as out:
            for service in range(20):
                for number in range(50):
                    at = number * rows // 2000 // 50
                    out.write(f"backend-service-{service:02},{moment(at)}.000,v{number}\n")
        os.rename(folder + ".new", folder)
    return {"events": events_file(rows), **paths}


def statements(rows):
    end, cpu_end = rows // 2000, rows // 4 // HOSTS * 10
    bounds = {
        "{t0}": moment(max(end - 3600, end // 2)),
        "{t1}": moment(end - 10),
        "{c0}": moment(max(cpu_end - 3600, cpu_end // 2)),
        "{c1}": moment(cpu_end - 10),
    }

    def fill(sql):
        for name, value in bounds.items():
            sql = sql.replace(name, value)
        return sql

    return [(fill(query.sql), fill(query.duckdb or query.sql)) for query in QUERIES]


def measure(run):
    """Median time in ms and the answer; or why there is none."""
    try:
        answer = run()
    except RuntimeError as error:
        return [None, str(error)]
    times = []
    while len(times) < RUNS and (len(times) < 2 or times[0] < SLOW_MS):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    return [statistics.median(times), answer]


class Connection:
    """One HTTP connection to Weir that is kept."""

    def __init__(self, address):
        self.http = http.client.HTTPConnection(address)

    def query(self, sql, cache=0):
        self.http.request("POST", f"/?database=bench&use_partial_cache={cache}", body=sql.encode())
        reply = self.http.getresponse()
        text = reply.read().decode()
        if reply.status != 200:
            raise RuntimeError(text)
        return text


def weir(paths, rows):
    server = Server("--threads", "2")
    try:
        server.query("CREATE DATABASE bench")
        for name, schema, engine in TABLES:
            server.query(f"CREATE TABLE bench.{name} ({schema}) {engine}")
            with open(paths[name], "rb") as file:
                server.query(f"INSERT INTO bench.{name} FORMAT {'JSONEachRow' if name == 'events' else 'CSV'}", file.read())
        check(server.query("SELECT count() FROM bench.events"), rows, "Weir")
        connection = Connection(server.address)
        return [[measure(lambda sql=sql, cache=cache: connection.query(sql, cache)) for cache in (0, 1)] for sql, _ in statements(rows)]
    finally:
        server.stop()


def clickhouse(paths, rows):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-chdb-")

    def work():
        from chdb.session import Session

        session = Session(directory.name)
        session.query("CREATE DATABASE bench")
        session.query("USE bench")
        for name, schema, engine in TABLES:
            session.query(f"CREATE TABLE {name} ({schema}) {engine}")
            form = "JSONEachRow" if name == "events" else "CSV"
            session.query(f"INSERT INTO {name} SELECT * FROM file('{paths[name]}', {form}, '{schema}')")
            session.query(f"OPTIMIZE TABLE {name} FINAL")
        check(str(session.query("SELECT count() FROM events")).strip(), rows, "ClickHouse")
        return json.dumps([measure(lambda sql=sql: str(session.query(sql + " SETTINGS max_threads = 2", "TSV"))) for sql, _ in statements(rows)])

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def duckdb(paths, rows):
    directory = tempfile.TemporaryDirectory(prefix="weir-bench-duckdb-")

    def structure(schema):
        return "{" + ", ".join(f"{word.split()[0]}: '{DUCKDB_TYPES[word.split()[1]]}'" for word in schema.split(", ")) + "}"

    def work():
        import duckdb as database

        connection = database.connect(os.path.join(directory.name, "bench.duckdb"))
        connection.execute("SET threads = 2")
        connection.execute("SET preserve_insertion_order = false")
        for name, schema, _ in TABLES:
            reader = "read_json" if name == "events" else "read_csv"
            form = "format = 'newline_delimited'" if name == "events" else "header = false"
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {reader}('{paths[name]}', {form}, columns = {structure(schema)})")
        check(connection.execute("SELECT count(*) FROM events").fetchone()[0], rows, "DuckDB")

        def run(sql):
            try:
                connection.execute(sql).fetchall()
            except database.Error as error:
                raise RuntimeError(str(error)) from error
            return ""

        return json.dumps([measure(lambda sql=own: run(sql)) for _, own in statements(rows)])

    text, _, _ = child(work)
    directory.cleanup()
    return json.loads(text)


def same(one, other):
    """Do two TSV answers agree, up to the last bits of floats?"""
    lines, others = one.splitlines(), other.splitlines()
    if len(lines) != len(others):
        return False
    for line, other_line in zip(lines, others):
        if line == other_line:
            continue
        words, other_words = line.split("\t"), other_line.split("\t")
        if len(words) != len(other_words):
            return False
        for word, other_word in zip(words, other_words):
            try:
                if word != other_word and not math.isclose(float(word), float(other_word), rel_tol=1e-9):
                    return False
            except ValueError:
                return False
    return True


def ratio(a, b):
    return None if a is None or b is None else a / b


def geometric(values):
    values = [value for value in values if value is not None]
    return f"{math.exp(sum(map(math.log, values)) / len(values)):.2f}" if values else "-"


def run(options):
    paths = files(options.rows)
    results = []
    for name, function in (("ClickHouse", clickhouse), ("DuckDB", duckdb), ("Weir", weir)):
        note(f"query: {name} ...")
        results.append(function(paths, options.rows))
    rows, ratios, cached, refused, wrong = [], [], [], [], []
    for query, house, duck, (own, again) in zip(QUERIES, *results):
        peers = [time for time, _ in (house, duck) if time is not None]
        ratios.append((query.kind, ratio(own[0], house[0]), ratio(own[0], min(peers, default=None))))
        if own[0] is None:
            refused.append(f"- {query.kind}, {query.name}: {own[1].strip()[:160]}")
        elif house[0] is not None and not query.approximate:
            wrong.extend(f"- {query.kind}, {query.name}{which}" for which, answer in (("", own), (", cached", again)) if not same(answer[1], house[1]))
        cached.append((query.kind, ratio(again[0], house[0])))
        cells = ["refused" if time is None else f"{time:.2f}" for time, _ in (own, again, house, duck)]
        rows.append([query.kind, query.name, *cells, *("-" if value is None else f"{value:.2f}" for value in ratios[-1][1:])])
    kinds = list(dict.fromkeys(query.kind for query in QUERIES))
    summary = [
        [
            kind,
            geometric([a for k, a, _ in ratios if k == kind]),
            geometric([b for k, _, b in ratios if k == kind]),
            geometric([a for k, a in cached if k == kind]),
        ]
        for kind in kinds
    ]
    summary.append(["all", geometric([a for _, a, _ in ratios]), geometric([b for _, _, b in ratios]), geometric([a for _, a in cached])])
    slower = sum(1 for _, _, b in ratios if b is not None and b > 1)
    parts = [
        f"## {len(QUERIES)} queries over {options.rows:,} events and {options.rows // 4 // HOSTS * HOSTS:,} cpu rows\n",
        f"Median of {RUNS}, ms; Weir over HTTP. Weir's time over ClickHouse's (bar: geometric mean <= 0.33) and over the faster "
        "peer's (bar: each <= 1.00), without the partial-result cache; then over ClickHouse's with it.\n",
        table(["kind", "Weir / ClickHouse", "Weir / faster peer", "cached / ClickHouse"], summary),
        f"{len(QUERIES) - len(refused)} answered, {slower} of them slower than the faster peer.\n",
        table(["kind", "query", "Weir", "Weir, cached", "ClickHouse", "DuckDB", "Weir / ClickHouse", "Weir / faster"], rows),
    ]
    if refused:
        parts.append("Refused, in no mean:\n\n" + "\n".join(refused) + "\n")
    if wrong:
        parts.append("Answers that differ from ClickHouse's:\n\n" + "\n".join(wrong) + "\n")
    return "\n".join(parts)
