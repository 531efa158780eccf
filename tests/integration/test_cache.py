"""The partial-result cache and shared executions on a server: live inserts, merges, TRUNCATE, DROP; what waits and what is killed."""
import threading

import pytest

from weir import QueryError, wait_until

QUERIES = [
    "SELECT k, count(), sum(v), max(id), uniqExact(v) FROM t GROUP BY k ORDER BY k",
    "SELECT count(), sum(v) FROM t WHERE id >= 20000",
    "SELECT name, min(v), uniqExact(v), countIf(k = 2) FROM t WHERE v > 3 GROUP BY name ORDER BY name",
    "SELECT count(), sum(id) FROM t WHERE k IN (1, 3) AND name != 'n2'",
]
ROWS = "SELECT number + {0} AS id, toDateTime(1700000000) + intDiv(id, 100) AS ts, id % 5 AS k, id * 7 % 11 AS v, concat('n', toString(id % 4)) AS name FROM numbers({1})"
TABLE = "(id UInt64, ts DateTime, k UInt8, v Int64, name LowCardinality(String)) ENGINE = MergeTree ORDER BY (k, id)"


def metric(server, name):
    return float(server.query(f"SELECT sum(value) FROM system.metrics WHERE metric = '{name}'"))


def agree(server):
    """Each query twice with the cache and once without it."""
    for sql in QUERIES:
        without = server.query(sql, use_partial_cache=0)
        assert server.query(sql) == without, sql
        assert server.query(sql) == without, sql


def log_of(server, query_id, columns):
    """The query log's line of a query that has ended."""
    sql = f"SELECT {columns} FROM system.query_log WHERE query_id = '{query_id}' AND type != 'QueryStart'"
    return wait_until(lambda: server.query(sql), "the log has the query").strip().split("\t")


def test_answers_while_segments_come_and_go(make_server):
    server = make_server()
    server.query(f"CREATE TABLE t {TABLE}")
    for part in range(8):
        server.query("INSERT INTO t " + ROWS.format(part * 10000, 10000))
        agree(server)
    tries = iter(range(1000000))

    def hits():
        query_id = f"kept{next(tries)}"
        server.query(QUERIES[0], query_id=query_id)
        read, found, missed = map(int, log_of(server, query_id, "read_rows, partial_cache_hits, partial_cache_misses"))
        return found > 0 and missed == 0 and read < 80000

    wait_until(hits, "rows come from the cache")
    server.query(QUERIES[0], query_id="off", use_partial_cache=0)
    assert log_of(server, "off", "read_rows, partial_cache_hits, partial_cache_misses") == ["80000", "0", "0"]
    server.query("OPTIMIZE TABLE t FINAL")
    agree(server)
    wait_until(lambda: metric(server, "weir_partial_cache_invalidated_total") > 0, "merged segments' entries are gone")
    server.query("TRUNCATE TABLE t")
    agree(server)
    assert server.query("SELECT count() FROM t") == "0\n"
    server.query("INSERT INTO t (id, ts, k, v, name) " + ROWS.format(5, 30000))
    agree(server)
    server.query("DROP TABLE t")
    wait_until(lambda: metric(server, "weir_partial_cache_entries") == 0, "the table's entries are gone")
    server.query(f"CREATE TABLE t {TABLE}")
    server.query("INSERT INTO t " + ROWS.format(70000, 20000))
    agree(server)
    server.restart()
    agree(server)


def test_windows_that_move_over_growing_rows(make_server):
    """The edge of a window, heads that grow, segments that replace them: what is kept for one answer serves the next ones."""
    server = make_server()
    server.query(f"CREATE TABLE t {TABLE}")
    rows = 0
    for step in range(18):
        count = (700, 3000, 9000)[step % 3]
        server.query("INSERT INTO t " + ROWS.format(rows, count))
        rows += count
        if step == 10:
            server.query("OPTIMIZE TABLE t FINAL")
        for back in (100, 5000, 20000, 60000):
            begin = max(rows - back, 0)
            for where in (f"id >= {begin}", f"ts >= toDateTime(1700000000) + intDiv({begin}, 100) AND name = 'n1'", f"id >= {begin} AND k = 2"):
                sql = f"SELECT k, count(), sum(v), max(id), quantileExact(0.5)(id), quantileExact(0.9)(id) FROM t WHERE {where} GROUP BY k ORDER BY k"
                assert server.query(sql) == server.query(sql, use_partial_cache=0), sql
    assert metric(server, "weir_partial_cache_hits_total") > 0


def test_late_rows_and_merges_under_a_moving_window(make_server):
    """Rows that come late lie beside, in and before the window; services' granules are cut by its edge; merges replace what was kept."""
    server = make_server()
    server.query("CREATE TABLE late (ts DateTime, service String, v Int64, name LowCardinality(String)) ENGINE = MergeTree ORDER BY (service, ts)")
    rows = (
        "SELECT toDateTime(1700000000) + {0} + intDiv(number, {2}) AS ts, concat('service-with-a-long-name-', toString(number % 7)) AS service, "
        "number * 7 % 11 AS v, concat('n', toString(number % 4)) AS name FROM numbers({1})"
    )
    server.query("INSERT INTO late " + rows.format(0, 120000, 100))
    for step in range(12):
        server.query("INSERT INTO late " + rows.format(1200 + step * 40, 4000, 100))
        server.query("INSERT INTO late " + rows.format(step * 97 % 1000, 500, 2))
        if step % 5 == 4:
            server.query("OPTIMIZE TABLE late" + (" FINAL" if step == 9 else ""))
        for back in (30, 300, 900):
            begin = f"toDateTime({1700000000 + 1240 + step * 40 - back})"
            for where in (f"ts >= {begin}", f"ts >= {begin} AND service = 'service-with-a-long-name-3'", f"ts >= {begin} AND ts < {begin} + 200 AND v > 2", f"ts < {begin}"):
                for sql in (
                    f"SELECT toStartOfMinute(ts) AS m, name, count(), sum(v), quantileExact(0.9)(v) FROM late WHERE {where} GROUP BY m, name ORDER BY m, name",
                    f"SELECT service, count(), max(ts), uniqExact(v) FROM late WHERE {where} GROUP BY service ORDER BY service",
                ):
                    without = server.query(sql, use_partial_cache=0)
                    assert server.query(sql) == without, sql
                    assert server.query(sql) == without, sql
    assert metric(server, "weir_partial_cache_hits_total") > 0


def test_what_is_kept_goes_with_expired_rows(make_server):
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, v Int64) ENGINE = MergeTree ORDER BY ts TTL ts + INTERVAL 2 SECOND")
    server.query("INSERT INTO t SELECT now(), number % 10 FROM numbers(100000)")
    sql = "SELECT v, count() FROM t GROUP BY v ORDER BY v"
    for _ in range(2):
        server.query(sql)
    wait_until(lambda: server.query("SELECT count() FROM t", use_partial_cache=0) == "0\n", "all rows expired")
    assert server.query(sql) == ""
    wait_until(lambda: metric(server, "weir_partial_cache_entries") == 0, "their entries are gone")
    server.query("DROP TABLE t")


def test_a_table_is_dropped_while_its_groups_are_merged(make_server):
    """Readers of what is kept, while tables of one name come and go: each answer is that of one of them."""
    server = make_server()
    sql = "SELECT k, count(), min(n), max(n) FROM (SELECT k, n FROM t) GROUP BY k ORDER BY k"
    stop, wrong = threading.Event(), []

    def read():
        while not stop.is_set():
            try:
                lines = [line.split("\t") for line in server.query(sql).splitlines()]
            except QueryError as error:
                if error.code != 60:
                    wrong.append(error)
                continue
            if lines and (len(lines) != 5 or {line[1] for line in lines} != {"8000"} or len({n for line in lines for n in line[2:]}) != 1):
                wrong.append(lines)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for n in range(12):
            server.query("CREATE TABLE t (k UInt8, n Int64) ENGINE = MergeTree ORDER BY k")
            server.query(f"INSERT INTO t SELECT number % 5, {n} FROM numbers(40000)")
            server.query(sql)
            server.query("TRUNCATE TABLE t" if n % 3 == 0 else "OPTIMIZE TABLE t FINAL")
            server.query("DROP TABLE t")
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not wrong
    wait_until(lambda: metric(server, "weir_partial_cache_entries") == 0, "the entries of all of them are gone")


def test_long_texts_of_the_key_leave_out_granules(make_server):
    """Zones cut texts at 15 bytes; the sort key's first values of the granules tell longer ones apart."""
    server = make_server()
    names = "concat('a-service-with-a-long-name-', toString(cityHash64(number) % 23))"
    for kind in ("String", "LowCardinality(String)"):
        server.query(f"CREATE TABLE names (name {kind}, id UInt64) ENGINE = MergeTree ORDER BY (name, id)")
        server.query(f"INSERT INTO names SELECT {names}, number FROM numbers(200000)")
        server.query("OPTIMIZE TABLE names FINAL")
        for where in [f"name = 'a-service-with-a-long-name-{k}'" for k in (0, 1, 10, 19, 2, 22, 23, 3, 9, 99)] + [
            "name IN ('a-service-with-a-long-name-7', 'a-service-with-a-long-name-15', 'x')",
            "name > 'a-service-with-a-long-name-21'",
            "name <= 'a-service-with-a-long-name-10'",
            "name < 'a-service-with-a-long-name-0'",
            "name >= 'a-service-with-a-long-name-9' AND id >= 150000",
            "name = 'a-service-with-a-long-name-5' AND id < 1000",
        ]:
            sql = f"SELECT count(), sum(id), min(name), max(name) FROM names WHERE {where}"
            whole = server.query(f"SELECT count(), sum(id), min(name), max(name) FROM (SELECT name, id FROM names ORDER BY cityHash64(id) LIMIT 200000) WHERE {where}")
            assert server.query(sql, use_partial_cache=0) == whole, sql
            assert server.query(sql) == whole, sql
            assert server.query(sql) == whole, sql
        server.query("SELECT sum(id) FROM names WHERE name = 'a-service-with-a-long-name-7'", query_id="of " + kind, use_partial_cache=0)
        assert int(log_of(server, "of " + kind, "read_rows")[0]) <= 3 * 8192
        server.query("DROP TABLE names")


def test_answers_beside_live_inserts(make_server):
    """Every INSERT is one commit whose v sum to a fixed number: so must every answer, whatever came from the cache."""
    server = make_server()
    server.query("CREATE TABLE t (id UInt64, v Int64, k UInt8) ENGINE = MergeTree ORDER BY id")
    stop, failures = threading.Event(), []

    def insert():
        try:
            for part in range(60):
                if stop.is_set():
                    return
                server.post(f"INSERT INTO t SELECT number + {part} * 9000, number % 3 - 1 + 1, number % 4 FROM numbers(9000)")
                if part % 20 == 19:
                    server.post("OPTIMIZE TABLE t FINAL")
        finally:
            stop.set()

    thread = threading.Thread(target=insert)
    thread.start()
    last = 0
    try:
        while not stop.is_set() or last == 0:
            count, total = map(int, server.query("SELECT sum(c), sum(s) FROM (SELECT k, count() AS c, sum(v) AS s FROM t GROUP BY k)").split())
            if count % 9000 != 0 or total != count or count < last:
                failures.append((count, total, last))
            last = count
    finally:
        stop.set()
        thread.join()
    assert not failures
    assert server.query("SELECT count(), sum(v), max(id) FROM t") == server.query("SELECT count(), sum(v), max(id) FROM t", use_partial_cache=0)


def endless(number):
    """A query of a stored table that ends at once when the table is empty, and never when it has 300,000 rows."""
    return f"SELECT count() FROM big AS a, big AS b WHERE a.id + b.id = -{number}"


@pytest.fixture
def big(make_server):
    server = make_server()
    server.query("CREATE TABLE big (id Int64) ENGINE = MergeTree ORDER BY id")
    server.query("INSERT INTO big SELECT number FROM numbers(300000)")
    return server


class Client(threading.Thread):
    def __init__(self, server, sql, **parameters):
        super().__init__()
        self.server, self.sql, self.parameters, self.result = server, sql, parameters, None
        self.start()

    def run(self):
        try:
            self.result = self.server.query(self.sql, **self.parameters)
        except QueryError as error:
            self.result = error.code


def running(server, query_id):
    """It is being executed: it has read something."""
    wait_until(lambda: server.query(f"SELECT 1 FROM system.processes WHERE query_id = '{query_id}' AND read_rows > 0"), "the query runs")


def test_identical_queries_share_an_execution(big):
    first = Client(big, endless(1), query_id="first")
    running(big, "first")
    others = [Client(big, endless(1), query_id="other0")]
    wait_until(lambda: metric(big, "weir_queries_waiting") == 1, "the one that will run for the others waits")
    others += [Client(big, endless(1), query_id=f"other{k}") for k in range(1, 5)]
    wait_until(lambda: metric(big, "weir_queries_waiting") == 5, "they wait")
    victim = others.pop()
    big.query(f"KILL QUERY WHERE query_id = '{victim.parameters['query_id']}'")
    victim.join()
    assert victim.result == 394
    big.query("TRUNCATE TABLE big")
    big.query("KILL QUERY WHERE query_id = 'first'")
    for client in (first, *others):
        client.join()
    assert first.result == 394
    assert [client.result for client in others] == ["0\n"] * 4
    assert metric(big, "weir_queries_shared_total") == 3
    assert metric(big, "weir_queries_waiting") == 0


def test_an_answer_is_shared(big):
    first = Client(big, endless(2), query_id="first")
    running(big, "first")
    others = [Client(big, endless(2), query_id=f"other{k}", default_format="JSONCompact") for k in range(2)]
    others += [Client(big, endless(2), query_id=f"plain{k}") for k in range(3)]
    wait_until(lambda: metric(big, "weir_queries_waiting") == 4, "all but the first of each format wait")
    big.query("TRUNCATE TABLE big")
    for query_id in ("first", "other0", "other1"):
        big.query(f"KILL QUERY WHERE query_id = '{query_id}'")
    for client in (first, *others):
        client.join()
    assert [client.result for client in others[2:]] == ["0\n"] * 3
    assert metric(big, "weir_queries_shared_total") == 2
    assert log_of(big, "plain0", "result_rows") == ["1"]


def test_what_is_not_shared(big):
    """With the setting off, and where chance has a hand in it, nobody waits."""
    alone = [Client(big, endless(3), query_id=f"alone{k}", use_shared_execution=0) for k in range(2)]
    for k in range(2):
        running(big, f"alone{k}")
    chance = [Client(big, "SELECT rand(), count() FROM big AS a, big AS b WHERE a.id + b.id = -4", query_id=f"chance{k}") for k in range(2)]
    for k in range(2):
        running(big, f"chance{k}")
    wait_until(lambda: metric(big, "weir_queries_waiting") == 0, "nobody waits")
    big.query("KILL QUERY WHERE query_id LIKE 'alone%' OR query_id LIKE 'chance%'")
    for client in alone + chance:
        client.join()
        assert client.result == 394
    assert metric(big, "weir_queries_shared_total") == 0


def test_statements_that_come_again(make_server):
    """A kept tree is bound anew each time: other tables, parameters, settings, databases; and by many at once."""
    server = make_server()
    server.query("CREATE DATABASE other")
    server.query("CREATE TABLE s (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
    server.query("CREATE TABLE other.s (a String) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO s SELECT number, toString(number) FROM numbers(100)")
    server.query("INSERT INTO other.s VALUES ('x')")
    row = "SELECT *, toTypeName(a) FROM s WHERE a = {key:String}"
    for key in (1, 2, 1, 3):
        assert server.query(row, param_key=key) == f"{key}\t{key}\tUInt32\n"
        assert server.query(row, param_key="x", database="other") == "x\tString\n"
        with pytest.raises(QueryError) as error:
            server.query(row)
        assert error.value.code == 456
    assert metric(server, "weir_statement_cache_hits_total") >= 8
    everything = "SELECT * FROM s ORDER BY 1 LIMIT 1 FORMAT JSONEachRow SETTINGS max_threads = 1"
    for change, line in (
        ("SELECT 1", '{"a":0,"b":"0"}'),
        ("DROP TABLE s", None),
        ("CREATE TABLE s (b Date) ENGINE = MergeTree ORDER BY b", ""),
        ("INSERT INTO s VALUES ('2026-01-02')", '{"b":"2026-01-02"}'),
        ("CREATE OR REPLACE VIEW s2 AS SELECT * FROM s", '{"b":"2026-01-02"}'),
    ):
        server.query(change)
        for _ in range(3):
            if line is None:
                with pytest.raises(QueryError) as error:
                    server.query(everything)
                assert error.value.code == 60
            else:
                assert server.query(everything).strip() == line
    for _ in range(3):  # an error's place in the text
        with pytest.raises(QueryError, match="line 1, col 11"):
            server.query("SELECT 1, nothing FROM s")
        with pytest.raises(QueryError, match="max_query_size"):
            server.query("SELECT 1, 2, 3 FROM s", max_query_size=10)
    before = [metric(server, "weir_statement_cache_entries") for _ in range(4)][-1]  # the question is kept, too
    for _ in range(3):
        assert server.query("SELECT 12345", use_statement_cache=0) == "12345\n"
        server.query("SHOW TABLES")
    assert metric(server, "weir_statement_cache_entries") == before

    def ask():
        for i in range(50):
            answers.append(server.query(many, param_n=i % 7) == f"{sum(k for k in range(1000) if k % 7 == i % 7)}\n")

    many, answers = "SELECT sum(number) FROM numbers(1000) WHERE number % 7 = {n:UInt8}", []
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 400
