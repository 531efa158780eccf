"""What a SELECT asks of a subquery or a view is what is read of the tables below it."""
import json

import pytest

from weir import Server

ROWS = 100000

# a query over layers, and the one that asks the table the same
ALIKE = [
    ("SELECT sum(id) FROM (SELECT * FROM t)", "SELECT sum(id) FROM t"),
    ("SELECT sum(id) FROM star", "SELECT sum(id) FROM t"),
    ("SELECT count() FROM (SELECT * FROM t) WHERE id = 77", "SELECT count() FROM t WHERE id = 77"),
    ("SELECT word FROM star WHERE id = 77 AND word != ''", "SELECT word FROM t WHERE id = 77 AND word != ''"),
    ("SELECT id FROM (SELECT * FROM (SELECT *, upper(word) AS big FROM t ORDER BY id)) WHERE id BETWEEN 10 AND 20", "SELECT id FROM t WHERE id BETWEEN 10 AND 20 ORDER BY id"),
    ("WITH x AS (SELECT * FROM t) SELECT max(price) FROM x WHERE id < 100", "SELECT max(price) FROM t WHERE id < 100"),
    ("SELECT n FROM (SELECT id, word, count() AS n, max(wide) AS m FROM t GROUP BY id, word) WHERE id = 77", "SELECT count() AS n FROM t WHERE id = 77 GROUP BY id, word"),
    ("SELECT h, count() FROM (SELECT toStartOfHour(ts) AS h, * FROM t) WHERE h = '1970-01-01 05:00:00' GROUP BY h", "SELECT toStartOfHour(ts) AS h, count() FROM t WHERE h = '1970-01-01 05:00:00' GROUP BY h"),
    ("SELECT id FROM (SELECT * FROM t LIMIT 1 BY id) WHERE id = 77", "SELECT id FROM t WHERE id = 77 LIMIT 1 BY id"),
    ("SELECT r FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY price) AS r FROM t) WHERE id = 77", "SELECT row_number() OVER (PARTITION BY id ORDER BY price) AS r FROM t WHERE id = 77"),
    ("SELECT DISTINCT id FROM (SELECT DISTINCT id FROM (SELECT * FROM t)) WHERE id = 77", "SELECT DISTINCT id FROM t WHERE id = 77"),
    ("SELECT l.id FROM (SELECT l.id AS id, l.price AS price, r.word AS word FROM t AS l JOIN t AS r ON l.id = r.id) AS l WHERE l.id = 77", "SELECT l.id FROM t AS l JOIN t AS r ON l.id = r.id WHERE l.id = 77"),
    ("SELECT l.id, r.price FROM (SELECT * FROM t) AS l LEFT JOIN (SELECT * FROM t) AS r ON l.id = r.id WHERE l.id = 77", "SELECT l.id, r.price FROM t AS l LEFT JOIN t AS r ON l.id = r.id WHERE l.id = 77"),
    ("SELECT e FROM (SELECT *, arrayJoin([1, 2]) AS e FROM t) WHERE id = 77", "SELECT arrayJoin([1, 2]) AS e FROM t WHERE id = 77"),
    ("SELECT id, word FROM star ORDER BY id DESC LIMIT 5", "SELECT id, word FROM t ORDER BY id DESC LIMIT 5"),
    ("SELECT id, word FROM (SELECT id AS id, upper(word) AS word, wide FROM t WHERE id < 5000) ORDER BY id LIMIT 5", "SELECT id, word FROM t WHERE id < 5000 ORDER BY id LIMIT 5"),
    ("SELECT min(id), max(ts) FROM star", "SELECT min(id), max(ts) FROM t"),
    ("SELECT sum(id) FROM (SELECT *, rand() AS r FROM t)", "SELECT sum(id) FROM t"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("subqueries"))
    server.query("CREATE TABLE t (id UInt64, word String, price Decimal(9, 2), wide String, ts DateTime('UTC')) ENGINE = MergeTree ORDER BY (id, ts)")
    server.query(f"INSERT INTO t SELECT number, toString(number), number / 4, repeat('x', 100), toDateTime(number) FROM numbers({ROWS})")
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("CREATE VIEW star AS SELECT * FROM t")
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


def read(server, sql):
    """The answer, and how many rows and bytes were read for it."""
    reply = server.post(sql, use_partial_cache=0, wait_end_of_query=1)
    assert reply.status_code == 200, reply.text
    summary = json.loads(reply.headers["X-ClickHouse-Summary"])
    return reply.text, int(summary["read_rows"]), int(summary["read_bytes"])


@pytest.mark.parametrize(("layered", "plain"), ALIKE, ids=range(len(ALIKE)))
def test_reads_what_is_asked_for(server, layered, plain):
    assert read(server, layered) == read(server, plain)


def test_what_can_fail_sees_no_other_rows(server):
    """A condition that fails for rows which something else leaves out stays above that."""
    server.query("CREATE OR REPLACE TABLE words (id UInt64, word String, n Int64) ENGINE = MergeTree ORDER BY id")
    server.query("INSERT INTO words VALUES (1, '10', 1), (2, 'bad', 0), (3, '30', 3)")
    for sql, answer in [
        ("SELECT groupArray(id) FROM (SELECT * FROM words WHERE word != 'bad') WHERE toUInt64(word) > 5", [1, 3]),
        ("SELECT groupArray(id) FROM (SELECT *, toUInt64(word) AS number FROM words WHERE word != 'bad') WHERE number > 5", [1, 3]),
        ("SELECT groupArray(id) FROM (SELECT * FROM words WHERE n != 0) WHERE intDiv(100, n) > 3 AND id > 0", [1, 3]),
        ("SELECT groupArray(id) FROM (SELECT * FROM words) WHERE n != 0 AND intDiv(100, n) > 3", [1, 3]),
        ("SELECT groupArray(id) FROM (SELECT words.id AS id, words.word AS word FROM words JOIN (SELECT arrayJoin([1, 3]) AS id) AS few ON words.id = few.id) WHERE toUInt64(word) > 5", [1, 3]),
        ("SELECT groupArray(id) FROM (SELECT id, word, arrayJoin(if(word = 'bad', [], [1])) AS e FROM words) WHERE toUInt64(word) > 5", [1, 3]),
        ("SELECT count() FROM (SELECT toUInt64(word), id FROM words)", 3),
    ]:  # fmt: skip
        assert server.value(sql) == answer, sql
    server.query("DROP TABLE words")


def test_what_differs_from_row_to_row(server):
    """Numbers of rows are those of all rows."""
    sql = f"SELECT n FROM (SELECT id, rowNumberInAllBlocks() AS n FROM t) WHERE id = {ROWS - 1}"
    assert server.query(sql, max_threads=1, output_format_json_quote_64bit_integers=0) == f"{ROWS - 1}\n"
    assert server.value("SELECT count() FROM (SELECT id, rand() % 2 AS r FROM t) WHERE r < 2 AND id < 10") == 10


def test_explained(server):
    text = server.query("EXPLAIN SELECT sum(id) FROM (SELECT id, price AS p, wide FROM t ORDER BY wide) WHERE p > 3", default_format="TSVRaw")
    assert "Scan default.t (3 columns)" in text and "Filter: price > " in text.split("Scan")[1], text


def test_many_conditions(server):
    """More conditions than a scan looks at one by one, from several layers."""
    def tests(count, base):
        return " AND ".join(f"id != {base + k}" for k in range(count))

    server.query(f"CREATE OR REPLACE VIEW narrow AS SELECT * FROM t WHERE {tests(64, 10)} AND id < 1000")
    for outer in (tests(1, 100), tests(70, 100), f"({tests(60, 100)}) AND ({tests(3, 200)}) AND word != '300' AND id != 301"):
        direct = f"SELECT count(), sum(id) FROM t WHERE {tests(64, 10)} AND id < 1000 AND {outer}"
        assert server.rows(f"SELECT count(), sum(id) FROM narrow WHERE {outer}") == server.rows(direct.replace("FROM t", "FROM (SELECT *, 1 AS one FROM t LIMIT 1000000)"))
    layers = "SELECT * FROM t"
    for k in range(80):
        layers = f"SELECT * FROM ({layers}) WHERE id != {k}"
    assert server.value(f"SELECT min(id) FROM ({layers})", max_subquery_depth=200) == 80


def test_correlated_elsewhere(make_server):
    """In mutations, materialized views, views, and live with the tables that they read."""
    server = make_server()
    server.query("CREATE TABLE t (k UInt8, v UInt32) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE TABLE u (k UInt8, w UInt32) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO u SELECT number, number FROM numbers(5)")
    server.query("INSERT INTO t SELECT number % 10, number FROM numbers(100)")
    server.query("CREATE VIEW plain AS SELECT k, v, (SELECT max(w) FROM u WHERE u.k = t.k) AS w FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k)")
    assert server.rows("SELECT count(), sum(w), min(v) FROM plain WHERE k > 2") == [[20, 70, 3]]
    server.query("CREATE MATERIALIZED VIEW kept AS SELECT k, count() AS c FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k) GROUP BY k")
    server.query("INSERT INTO t SELECT number % 10, number FROM numbers(100)")
    assert server.rows("SELECT k, c FROM kept ORDER BY k") == [[k, 20] for k in range(5)]
    server.query("ALTER TABLE t UPDATE v = (SELECT max(w) + 1000 FROM u WHERE u.k = t.k) WHERE k < 3 SETTINGS mutations_sync = 1")
    assert server.rows("SELECT k, min(v) FROM t WHERE k < 4 GROUP BY k ORDER BY k") == [[0, 1000], [1, 1001], [2, 1002], [3, 3]]
    server.query("DELETE FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k AND u.w > 1)")
    assert server.rows("SELECT DISTINCT k FROM t ORDER BY k") == [[k] for k in (0, 1, 5, 6, 7, 8, 9)]
    assert server.rows("SELECT k, c FROM kept ORDER BY k") == [[0, 20], [1, 20]]


def test_join_by_what_all_branches_demand(make_server):
    """Or else a cross join reads all pairs of rows."""
    server = make_server()
    server.query("CREATE TABLE t (k UInt32, v UInt32) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO t SELECT number, number % 7 FROM numbers(300000)")
    answer = server.rows("SELECT count() FROM t AS a, t AS b WHERE (a.k = b.k AND a.v = 1) OR (a.k = b.k AND b.v = 3) OR (b.k = a.k AND a.k < 7)")
    assert answer == [[2 * 42857 + 5]]
    assert "1 keys" in server.query("EXPLAIN SELECT count() FROM t AS a, t AS b WHERE (a.k = b.k AND a.v = 1) OR (a.k = b.k AND b.v = 3)")
