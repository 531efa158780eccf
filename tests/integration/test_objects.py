"""Views: what a restart keeps, what a dropped database takes with it, what other statements say of them. EXPLAIN."""
import re
import subprocess

import pytest
import requests

from weir import DEADLINE, WEIR, QueryError, wait_until


def error_of(server, sql, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, **parameters)
    return caught.value


def test_the_first_with_holds_in_the_whole_union(make_server):
    """Stored views, too, whose texts name their tables with their databases."""
    server = make_server()
    server.query("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO t VALUES (1), (2)")
    server.query("CREATE VIEW v AS WITH 10 AS more, t AS (SELECT a + more AS a FROM default.t) SELECT a FROM t UNION ALL SELECT a + more FROM t")
    server.query("CREATE VIEW w AS WITH 5 AS least SELECT * FROM (SELECT a FROM t WHERE a < least)")
    server.query("CREATE DATABASE other")
    for _ in range(2):
        for database in ("default", "other"):
            rows = server.rows("SELECT a FROM default.v ORDER BY a", database=database)
            assert rows == [[11], [12], [21], [22]]
            assert server.rows("SELECT a FROM default.w ORDER BY a", database=database) == [[1], [2]]
        server.restart()


def test_views_survive_a_restart(make_server):
    server = make_server()
    server.query("CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    server.query("CREATE VIEW v (x, y) AS SELECT a + 1, b FROM t WHERE a IN (SELECT a FROM t) COMMENT 'two'")
    server.query("CREATE VIEW pv AS SELECT b FROM t WHERE a = {p:UInt8}")
    server.query("CREATE DATABASE other")
    server.query("CREATE VIEW other.v AS SELECT 1 AS one")
    server.query("CREATE VIEW other.w AS SELECT * FROM default.v, other.v AS o")
    server.query("CREATE VIEW gone AS SELECT 1")
    server.query("DROP VIEW gone")
    created = server.query("SHOW CREATE VIEW v FORMAT TSVRaw")
    for kill in (False, True):
        if kill:
            server.kill()
            server.start()
        else:
            server.restart()
        assert server.rows("SELECT * FROM v ORDER BY x") == [[2, "x"], [3, "y"]]
        assert server.rows("SELECT * FROM pv(p = 2)") == [["y"]]
        assert server.rows("SELECT x, y, one FROM other.w ORDER BY x") == [[2, "x", 1], [3, "y", 1]]
        assert server.query("SHOW CREATE VIEW v FORMAT TSVRaw") == created
        assert server.rows("SELECT name, comment FROM system.tables WHERE engine = 'View' AND database IN ('default', 'other') ORDER BY database, name") == [["pv", ""], ["v", "two"], ["v", ""], ["w", ""]]
        assert error_of(server, "SELECT * FROM gone").code == 60
    server.query("DROP DATABASE other")
    assert error_of(server, "SELECT * FROM other.w").code == 81
    server.query("CREATE DATABASE other")
    assert server.rows("SHOW TABLES FROM other") == []
    server.query("CREATE OR REPLACE VIEW v AS SELECT 7 AS seven")
    server.restart()
    assert server.rows("SELECT * FROM v") == [[7]]
    server.stop()
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_text_of_a_view(shared):
    shared.query("CREATE TABLE base (a UInt8, b String) ENGINE = MergeTree ORDER BY a")
    shared.query("CREATE VIEW shown (x) AS WITH z AS (SELECT 1) SELECT a FROM base WHERE a IN (SELECT * FROM z) ORDER BY a")
    text = shared.query("SHOW CREATE VIEW shown FORMAT TSVRaw")
    assert text.startswith("CREATE VIEW default.shown\n(\n    `x` UInt8\n)\nAS WITH") and "default.base" in text
    assert "default.z" not in text
    shared.query("DROP VIEW shown")
    shared.query(text)  # it can be given again
    assert shared.query("SHOW CREATE VIEW shown FORMAT TSVRaw") == text
    error = error_of(shared, "CREATE VIEW bad AS SELECT toDate('x') + nosuch FROM base")
    assert error.code == 47 and "(line 1, col 41)" in error.message


def test_a_view_that_comes_to_read_itself(shared):
    shared.query("CREATE TABLE first (a UInt8) ENGINE = MergeTree ORDER BY a")
    shared.query("CREATE VIEW second AS SELECT * FROM first")
    shared.query("CREATE VIEW third AS SELECT * FROM second")
    assert error_of(shared, "CREATE OR REPLACE VIEW second AS SELECT * FROM third").code == 269
    shared.query("RENAME TABLE first TO fourth")
    shared.query("RENAME TABLE third TO first")
    error = error_of(shared, "SELECT * FROM first")
    assert error.code == 269 and "in the view default.first" in error.message
    for sql in ("GET", "SELECT"):
        reply = shared.session.get(shared.url_of("/", query="CREATE VIEW z AS SELECT 1" if sql == "GET" else "SELECT 1"))
        assert reply.status_code == (500 if sql == "GET" else 200)


def explained(server, sql):
    return "\n".join(row[0] for row in server.rows(sql))


def fraction(name, text):
    return tuple(map(int, re.search(rf"{name}: (\d+)/(\d+)", text).groups()))


def test_explain_plan(shared):
    shared.query("CREATE TABLE plans (a UInt32, b String, d Date) ENGINE = MergeTree PARTITION BY d ORDER BY a")
    text = explained(shared, "EXPLAIN actions = 1, header = 1 SELECT a + 1 AS x, count() AS c FROM plans WHERE b = 'x' AND a > 3 GROUP BY x ORDER BY c DESC LIMIT 10")
    for part in ("Limit (10)", "Sort (1 keys, first 10)", "Keys: c DESC", "Aggregate (1 keys, 1 aggregates)", "Keys: a + 1", "Aggregate: count()", "Scan default.plans", "Filter: (b = 'x') AND (a > 3)", "x UInt64, c UInt64"):
        assert part in text, part
    assert "Keys" not in explained(shared, "EXPLAIN SELECT a, count() FROM plans GROUP BY a")
    text = explained(shared, "EXPLAIN SELECT * FROM plans AS p LEFT JOIN plans AS q ON p.a = q.a AND p.b > q.b")
    assert "Join (left, 1 keys, further conditions)" in text and text.count("Scan default.plans") == 2
    text = explained(shared, "EXPLAIN SELECT a FROM plans WHERE a IN (SELECT number FROM numbers(3)) AND a < (SELECT max(a) FROM plans)")
    assert text.index("Subquery 1, run before: a set for IN") < text.index("Subquery 2, run before: a value") < text.index("a IN (a subquery)")
    for sql, part in (("SELECT 1 UNION ALL SELECT 2", "Union (2 inputs)"), ("SELECT 1 INTERSECT SELECT 2", "Intersect (all)"), ("SELECT DISTINCT a FROM plans", "Distinct"), ("SELECT a FROM plans LIMIT 1 BY a", "LimitBy (1 of each of 1 keys)"), ("SELECT arrayJoin([1, 2])", "ArrayJoin (1 arrays)"), ("SELECT a FROM plans ORDER BY a WITH FILL", "Fill (1 keys)"), ("SELECT b, count() FROM plans GROUP BY ROLLUP(b)", "GroupingSets (2 sets of 1 keys, 1 aggregates)"), ("SELECT row_number() OVER () FROM plans", "Window (1 functions)"), ("SELECT a FROM plans OFFSET 3", "Offset (3)"), ("SELECT * FROM numbers(3)", "Scan numbers (1 columns, generated)")):
        assert part in explained(shared, f"EXPLAIN {sql}"), sql


def test_explain_pipeline(shared):
    text = explained(shared, "EXPLAIN PIPELINE SELECT number % 3 AS k, count() FROM numbers(10) WHERE number > 1 GROUP BY k ORDER BY k LIMIT 2")
    assert re.findall(r"^Pipeline \d", text, re.M) == ["Pipeline 1", "Pipeline 2", "Pipeline 3"]
    assert text.index("Scan numbers (generated, 1 worker), filtered") < text.index("Aggregate: merged groups") < text.index("Sort: merged runs") < text.index("→ Limit")
    text = explained(shared, "EXPLAIN PIPELINE header = 1 SELECT a.number FROM numbers(3) AS a INNER JOIN numbers(5) AS b ON a.number = b.number")
    assert text.index("into the join's table") < text.index("Join: looked up in the table") and "Header: number UInt64" in text


def test_explain_indexes(shared):
    shared.query("CREATE TABLE pruned (a UInt32, b String, d Date) ENGINE = MergeTree PARTITION BY d ORDER BY a")
    for day in (1, 2, 3):
        shared.query(f"INSERT INTO pruned SELECT number, toString(number % 7), '2024-01-0{day}' FROM numbers(100000)")
    shared.query("OPTIMIZE TABLE pruned FINAL")
    text = explained(shared, "EXPLAIN indexes = 1 SELECT count(b) FROM pruned WHERE a < 100 AND d = '2024-01-02' AND b NOT LIKE '%x' AND a < (SELECT max(a) FROM pruned)")
    subquery, query = text.rsplit("Scan default.pruned", 1)
    assert fraction("Segments", subquery) == (3, 3)
    assert fraction("Segments", query) == (1, 3)
    left, all_of_them = fraction("Granules", query)
    assert 0 < left < all_of_them
    assert "a < 100: zone maps leave out" in query and "notLike(b, '%x'): no zone map answers it" in query and "not known before its subquery is run" in query
    (row,) = shared.rows("EXPLAIN ESTIMATE SELECT b FROM pruned WHERE a < 100 AND d = '2024-01-02'")
    assert row[:3] == ["default", "pruned", 1] and 100 <= row[3] < 100000
    (row,) = shared.rows("EXPLAIN ESTIMATE SELECT x.b FROM pruned AS x INNER JOIN pruned AS y ON x.a = y.a")
    assert row[3] == 600000
    shared.query("INSERT INTO pruned VALUES (5, 'x', '2024-01-04')")
    assert shared.value("SELECT sum(a) FROM pruned WHERE d = '2024-01-04'") == 5


def test_dictionaries(make_server):
    server = make_server("--dictionaries-memory-max", "20000000")
    server.query("CREATE TABLE names (k UInt64, name String) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO names VALUES (1, 'one'), (2, 'two')")
    server.query("CREATE DICTIONARY d (k UInt64, name String DEFAULT '?') PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 'names')) LAYOUT(HASHED()) LIFETIME(MIN 1 MAX 1) COMMENT 'said'")
    server.query("CREATE VIEW v AS SELECT number, dictGet('d', 'name', number) AS name FROM numbers(3)")
    created = server.query("SHOW CREATE DICTIONARY d FORMAT TSVRaw")
    assert created.startswith("CREATE DICTIONARY default.d\n(\n    `k` UInt64,\n    `name` String DEFAULT '?'\n)\nPRIMARY KEY k\nSOURCE(CLICKHOUSE(TABLE 'names'))\nLIFETIME(MIN 1 MAX 1)\nLAYOUT(HASHED())\nCOMMENT 'said'")
    for stop in (server.stop, server.kill):
        stop()
        server.start()
        assert server.rows("SELECT status, comment FROM system.dictionaries") == [["NOT_LOADED", "said"]]
        assert server.rows("SELECT name FROM v ORDER BY number") == [["?"], ["one"], ["two"]]
        assert server.query("SHOW CREATE DICTIONARY d FORMAT TSVRaw") == created
    # again when its lifetime is over; a source that fails leaves what was there
    server.query("INSERT INTO names VALUES (0, 'zero')")
    wait_until(lambda: server.value("SELECT dictGet('d', 'name', 0)") == "zero", "the dictionary is loaded again")
    server.query("DROP TABLE names")
    wait_until(lambda: server.value("SELECT last_exception FROM system.dictionaries") != "", "loading fails")
    assert server.rows("SELECT status, error_count > 0 FROM system.dictionaries") == [["LOADED", 1]]
    assert server.value("SELECT dictGet('d', 'name', 0)") == "zero"
    assert error_of(server, "SYSTEM RELOAD DICTIONARY d").code == 60
    # those that need themselves
    server.query("CREATE DICTIONARY own (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(QUERY 'SELECT number, dictGet(''default.own'', ''v'', number) FROM numbers(3)')) LAYOUT(HASHED()) LIFETIME(0)")
    assert error_of(server, "SELECT dictGet('own', 'v', 1)").code == 269
    server.query("CREATE DICTIONARY a (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(QUERY 'SELECT k, v FROM default.b')) LAYOUT(HASHED()) LIFETIME(0)")
    server.query("CREATE DICTIONARY b (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 'a')) LAYOUT(HASHED()) LIFETIME(0)")
    assert error_of(server, "SELECT * FROM a").code == 269
    # limits, refusals
    server.query("CREATE DICTIONARY big (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(QUERY 'SELECT number, toString(number) FROM numbers(2000000)')) LAYOUT(HASHED()) LIFETIME(0)")
    error = error_of(server, "SELECT dictGet('big', 'v', 1)")
    assert error.code == 241 and "all dictionaries" in error.message
    for sql, code in (
        ("CREATE TABLE t (a UInt64, b String DEFAULT dictGet('d', 'name', a)) ENGINE = MergeTree ORDER BY a", 48),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(MYSQL(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)", 48),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't' HOST 'elsewhere')) LAYOUT(HASHED()) LIFETIME(0)", 48),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(CACHE(SIZE_IN_CELLS 10)) LIFETIME(0)", 48),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(IP_TRIE()) LIFETIME(0)", 48),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k LAYOUT(HASHED()) LIFETIME(0)", 489),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LIFETIME(0)", 489),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED())", 489),
        ("CREATE DICTIONARY x (k UInt64, v String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(RANGE_HASHED()) LIFETIME(0)", 489),
        ("CREATE DICTIONARY x (k UInt64, v UInt8 DEFAULT 'q') PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)", 6),
        ("CREATE DICTIONARY x (k UInt64, v String HIERARCHICAL) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)", 489),
        ("CREATE DICTIONARY x (k UInt64, v Nosuch) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)", 50),
    ):  # fmt: skip
        assert error_of(server, sql).code == code, sql
    server.query("DROP DICTIONARY d")
    assert error_of(server, "SELECT * FROM v").code == 36
    server.restart()
    assert server.rows("SHOW DICTIONARIES") == [["a"], ["b"], ["big"], ["own"]]


def test_sessions(make_server):
    server = make_server("--temporary-tables-memory-max", "2000000")

    def query(sql, session, **parameters):
        return server.rows(sql, session_id=session, **parameters)

    def run(sql, session, **parameters):
        return server.query(sql, session_id=session, **parameters)

    run("CREATE TEMPORARY TABLE t (a UInt64)", "one")
    run("INSERT INTO t VALUES (1), (2)", "one")
    assert query("SELECT sum(a) FROM t", "one") == [[3]]
    assert error_of(server, "SELECT * FROM t", session_id="two").code == 60
    assert error_of(server, "SELECT * FROM t").code == 60
    assert error_of(server, "CREATE TEMPORARY TABLE t (a UInt8)").code == 372
    run("CREATE TEMPORARY TABLE t (a String)", "two")
    run("INSERT INTO t VALUES ('x')", "two")
    assert query("SELECT a FROM t", "two") == [["x"]] and query("SELECT sum(a) FROM t", "one") == [[3]]
    # of data in the body, all rows or none
    assert server.post("INSERT INTO t FORMAT TSV", b"5\n6\n", session_id="one").status_code == 200
    assert server.post("INSERT INTO t FORMAT TSV", b"7\nbad\n", session_id="one").status_code != 200
    assert error_of(server, "INSERT INTO t SELECT throwIf(number = 20000, 'no') + number FROM numbers(30000)", session_id="one").code == 395
    assert query("SELECT groupArray(a) FROM t", "one") == [[[1, 2, 5, 6]]]
    error = error_of(server, "INSERT INTO t SELECT number FROM numbers(1000000)", session_id="one")
    assert error.code == 241 and "all temporary tables" in error.message
    assert query("SELECT count() FROM t", "one") == [[4]]
    # arrays and maps outlive the statement that brought them
    run("CREATE TEMPORARY TABLE w (a Array(UInt8), m Map(String, UInt8), t Tuple(x UInt8, y String))", "one")
    run("INSERT INTO w SELECT [3], map('z', 2), (4, 'q')", "one")
    run("INSERT INTO w VALUES ([1, 2], {'x': 1}, (1, 'y'))", "one")
    assert error_of(server, "INSERT INTO w VALUES ([1], {'x': 1}, (1, 'y')), ([], {}, (0, ))", session_id="one").code == 26
    for _ in range(3):
        assert query("SELECT m['z'], t.y FROM w ORDER BY a", "one") == [[0, "y"], [2, "q"]]
    # SET and USE
    server.query("CREATE DATABASE other")
    run("SET max_result_rows = 3", "one")
    run("USE other", "one")
    assert query("SELECT currentDatabase()", "one") == [["other"]] and query("SELECT currentDatabase()", "two") == [["default"]]
    assert query("SELECT currentDatabase()", "one", database="default") == [["default"]]
    assert error_of(server, "SELECT number FROM numbers(5)", session_id="one").code == 396
    assert len(query("SELECT number FROM numbers(5)", "one", max_result_rows=10)) == 5
    assert len(query("SELECT number FROM numbers(5)", "two")) == 5
    assert error_of(server, "USE nowhere", session_id="one").code == 81
    # how long they live
    assert error_of(server, "SELECT 1", session_id="three", session_check=1).code == 372
    assert query("SELECT count() FROM t", "one", session_check=1) == [[4]]
    assert error_of(server, "SELECT 1", session_id="one", session_timeout=4000).code == 374
    assert error_of(server, "SELECT 1", session_id="one", session_timeout="x").code == 374
    run("SELECT 1", "one", session_timeout=0)
    assert error_of(server, "SELECT 1", session_id="one", session_check=1).code == 372
    assert error_of(server, "SELECT * FROM t", session_id="one").code == 60
    # one request at a time
    with requests.post(server.url, params={"session_id": "two"}, data="SELECT number FROM numbers(1000000000)", stream=True, timeout=DEADLINE) as reply:
        assert reply.status_code == 200  # it runs, and cannot end while nobody reads
        assert error_of(server, "SELECT 1", session_id="two").code == 373
        assert query("SELECT 1", "one") == [[1]]
    wait_until(lambda: server.post("SELECT 1", session_id="two", session_check=1).status_code == 200, "the session is free")
    assert query("SELECT count() FROM t", "two") == [[1]]
    server.restart()
    assert error_of(server, "SELECT * FROM t", session_id="two").code == 60


def test_files(make_server, tmp_path):
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("1,one\n2,two\n")
    (folder / "sub/b.tsv").write_text("k\tname\n3\tthree\n")
    (folder / "rows.json").write_text('{"k":1,"name":"x"}\n{"name":"y"}\n')
    (folder / "many.csv").write_text("".join(f"{n},{n % 7}\n" for n in range(300000)))
    (folder / "bad.csv").write_text("1,one\nx,two\n")
    (tmp_path / "secret.csv").write_text("7,secret\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "out").symlink_to(tmp_path)
    server = make_server("--user-files-path", str(folder))
    structure = "'k UInt32, name String'"
    assert server.rows(f"SELECT * FROM file('a.csv', 'CSV', {structure}) ORDER BY k") == [[1, "one"], [2, "two"]]
    assert server.rows(f"SELECT * FROM file('sub/b.tsv', 'TabSeparatedWithNames', {structure})") == [[3, "three"]]
    assert server.rows(f"SELECT * FROM file('rows.json', 'JSONEachRow', {structure}) ORDER BY name") == [[1, "x"], [0, "y"]]
    assert server.rows(f"SELECT name FROM file('a.csv', 'auto', {structure}) WHERE k = 2") == [["two"]]
    assert server.rows("SELECT count(), sum(n), uniqExact(m) FROM file('many.csv', 'CSV', 'n UInt64, m UInt8')") == [[300000, 44999850000, 7]]
    assert len(server.rows("SELECT n FROM file('many.csv', 'CSV', 'n UInt64, m UInt8') LIMIT 5")) == 5
    for path, code in (
        ("../secret.csv", 291), ("sub/../../secret.csv", 291), (str(tmp_path / "secret.csv"), 291), ("link.csv", 291), ("out/secret.csv", 291), ("sub", 291), ("./a.csv", 291),
        ("", 291), ("a.csv/x", 76), ("nothing.csv", 107), ("*.csv", 48),
    ):  # fmt: skip
        error = error_of(server, f"SELECT * FROM file('{path}', 'CSV', {structure})")
        assert error.code in (code, 291, 76) and "7,secret" not in error.message, path
    error = error_of(server, f"SELECT * FROM file('bad.csv', 'CSV', {structure})")
    assert error.code == 27 and "bad.csv" in error.message
    assert server.rows("SELECT * FROM file('a.csv')") == [[1, "one"], [2, "two"]]
    (folder / "typed.csv").write_text("day,amount,note,list\n2024-02-29,1.5,,\"[1,2]\"\n2024-03-01,2,x,\"[]\"\n")
    names = lambda of: [row[:2] for row in server.rows(f"DESCRIBE TABLE file({of})")]
    assert names("'typed.csv'") == [["day", "Nullable(Date)"], ["amount", "Nullable(Float64)"], ["note", "Nullable(String)"], ["list", "Array(Nullable(Int64))"]]
    assert names("'rows.json', JSONEachRow") == [["k", "Nullable(Int64)"], ["name", "Nullable(String)"]]
    assert names("'sub/b.tsv', 'TSVWithNames'") == [["k", "Nullable(Int64)"], ["name", "Nullable(String)"]]
    assert names("'many.csv', 'CSV', 'auto'") == [["c1", "Nullable(Int64)"], ["c2", "Nullable(Int64)"]]
    assert server.rows("SELECT count(), sum(c1) FROM file('many.csv')") == [[300000, 44999850000]]
    server.query("CREATE TABLE typed ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('typed.csv')")
    server.query("INSERT INTO typed SELECT * FROM file('typed.csv')")
    assert server.rows("SELECT day, amount, note, list, count() FROM typed GROUP BY ALL ORDER BY day") == [["2024-02-29", 1.5, None, [1, 2], 2], ["2024-03-01", 2, "x", [], 2]]
    (folder / "empty.csv").write_text("")
    assert error_of(server, "SELECT * FROM file('empty.csv')").code == 636 and error_of(server, "SELECT * FROM file('sub/none')").code == 36
    assert error_of(server, "DESCRIBE TABLE file('../secret.csv')").code == 291
    assert error_of(server, f"SELECT * FROM file('a.csv', 'NoFormat', {structure})").code == 73
    server.query("CREATE DICTIONARY d (k UInt64, name String DEFAULT '?') PRIMARY KEY k SOURCE(FILE(path 'a.csv' format 'CSV')) LAYOUT(FLAT()) LIFETIME(0)")
    assert server.rows("SELECT dictGet('d', 'name', number) FROM numbers(4)") == [["?"], ["one"], ["two"], ["?"]]
    server.restart()
    assert server.value("SELECT dictGet('d', 'name', 1)") == "one"
    other = make_server(name="other")
    assert error_of(other, f"SELECT * FROM file('a.csv', 'CSV', {structure})").code == 291


def test_replace_and_exchange_are_whole(make_server):
    server = make_server()
    server.query("CREATE TABLE a (n UInt64) ENGINE = MergeTree ORDER BY n AS SELECT number AS n FROM numbers(1000)")
    server.query("CREATE TABLE b (s String) ENGINE = MergeTree ORDER BY s AS SELECT 'b' AS s")
    # killed while the new rows come: the old table stays, and nothing else
    import threading

    def replace():
        try:
            server.query("CREATE OR REPLACE TABLE a ENGINE = MergeTree ORDER BY x AS SELECT sum(number) AS x FROM system.numbers")
        except Exception:
            pass

    thread = threading.Thread(target=replace)
    thread.start()
    wait_until(lambda: server.query("SELECT count() FROM system.tables WHERE name LIKE '\\_tmp\\_replace\\_%'") == "1\n", "the new table is there")
    server.kill()
    thread.join()
    server.start()
    assert server.query("SELECT name FROM system.tables WHERE database = 'default' ORDER BY name") == "a\nb\n"
    assert server.query("SELECT sum(n) FROM a") == "499500\n"
    server.query("EXCHANGE TABLES a AND b")
    server.query("CREATE OR REPLACE TABLE c ENGINE = MergeTree ORDER BY x AS SELECT 7 AS x")
    server.query("CREATE VIEW v AS SELECT 1 AS one")
    server.query("EXCHANGE TABLES c AND v")
    server.kill()
    server.start()
    assert server.query("SELECT sum(n) FROM b") == "499500\n" and server.query("SELECT * FROM a") == "b\n"
    assert server.query("SELECT * FROM v") == "7\n" and server.query("SELECT * FROM c") == "1\n"
    assert "CREATE TABLE default.b" in server.query("SHOW CREATE TABLE b")
    server.query("INSERT INTO b VALUES (1)")
    server.query("INSERT INTO v VALUES (8)")
    server.query("CREATE OR REPLACE TABLE b (n UInt64, m UInt8) ENGINE = MergeTree ORDER BY n")
    assert server.query("SELECT count() FROM b") == "0\n"
    server.query("CREATE OR REPLACE TABLE c (z UInt8) ENGINE = MergeTree ORDER BY z")
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    server.start()
    assert server.query("SELECT count() FROM c") == "0\n" and server.query("SELECT sum(x) FROM v") == "15\n"
    assert server.query("DESCRIBE TABLE b").count("UInt") == 2


def test_databases_by_name(shared):
    """Names with quotes in them stay names."""
    shared.query("CREATE DATABASE `it's`")
    assert shared.query("EXISTS DATABASE `it's`") == "1\n" and shared.query("EXISTS DATABASE `x' OR '1' = '1`") == "0\n"
    assert shared.query("SHOW CREATE DATABASE `it's` FORMAT TSVRaw") == "CREATE DATABASE `it's`\n"
    reply = shared.post("SHOW CREATE DATABASE nowhere")
    assert reply.headers["X-ClickHouse-Exception-Code"] == "81"
    shared.query("DROP DATABASE `it's`")
