"""ETag and If-None-Match of what a GET of a SELECT answers: 304 while nothing has changed, and never when something has."""
import pytest
from weir import DEADLINE


@pytest.fixture
def table(shared, request):
    name = request.node.name.split("[")[0]
    shared.query(f"CREATE TABLE {name} (k String, v Int64) ENGINE = MergeTree ORDER BY k")
    shared.query(f"INSERT INTO {name} VALUES ('a', 1), ('b', 2)")
    yield name
    shared.query(f"DROP TABLE IF EXISTS {name}")


def ask(server, query, tag=None, method="GET", headers=None, **parameters):
    headers = {**(headers or {}), **({"If-None-Match": tag} if tag else {})}
    return server.session.request(method, server.url_of("/", query=query, **parameters), headers=headers, timeout=DEADLINE)


def tag_of(server, query, **parameters):
    reply = ask(server, query, **parameters)
    assert reply.status_code == 200, reply.text
    return reply.headers.get("ETag")


def test_unchanged_then_changed(shared, table):
    query = f"SELECT k, sum(v) FROM {table} GROUP BY k ORDER BY k"
    first = ask(shared, query)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"') and first.headers["Cache-Control"] == "private, no-cache" and first.text == "a\t1\nb\t2\n"
    for known in (tag, f'"x", {tag}', "*", tag[2:]):
        again = ask(shared, query, known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert ask(shared, query, '"x"').text == first.text
    head = ask(shared, query, method="HEAD")
    assert (head.status_code, head.headers["ETag"]) == (200, tag)
    assert ask(shared, query, tag, method="HEAD").status_code == 304
    # what moves rows without changing them keeps the tag, or makes another one; what changes them always does
    for change in (f"INSERT INTO {table} VALUES ('c', 3)", f"ALTER TABLE {table} UPDATE v = 10 WHERE k = 'a'", f"ALTER TABLE {table} DELETE WHERE k = 'b'",
                   f"ALTER TABLE {table} MODIFY COLUMN v Int32", f"TRUNCATE TABLE {table}"):
        before = tag_of(shared, query)
        shared.query(change)
        after = ask(shared, query, before)
        assert after.status_code == 200 and after.headers["ETag"] != before, change
        assert ask(shared, query, after.headers["ETag"]).status_code == 304
    shared.query(f"ALTER TABLE {table} RENAME COLUMN v TO w")
    gone = ask(shared, query, "*")
    assert (gone.status_code, gone.headers["X-ClickHouse-Exception-Code"]) == (404, "47") and "ETag" not in gone.headers


def test_what_it_is_not_run(shared, table):
    query = f"SELECT count() FROM {table} WHERE v > 0"
    tag = tag_of(shared, query)
    before = shared.metric("weir_rows_read_total")
    for _ in range(5):
        assert ask(shared, query, tag).status_code == 304
    assert shared.metric("weir_rows_read_total") == before


def test_everything_that_it_reads(shared, table):
    shared.query(f"CREATE TABLE {table}_other (k String) ENGINE = MergeTree ORDER BY k")
    shared.query(f"CREATE VIEW {table}_view AS SELECT k FROM {table}")
    shared.query(f"CREATE MATERIALIZED VIEW {table}_mv ENGINE = SummingMergeTree ORDER BY k AS SELECT k, v FROM {table}")
    queries = [f"SELECT count() FROM {table} WHERE k IN (SELECT k FROM {table}_other)", f"SELECT count() FROM {table} AS l JOIN {table}_other AS r USING k",
               f"SELECT count() FROM {table}_view", f"SELECT sum(v) FROM {table}_mv", f"SELECT (SELECT count() FROM {table}_other) + count() FROM {table}"]
    tags = [tag_of(shared, query) for query in queries]
    assert all(tags) and len(set(tags)) == len(tags)
    assert all(ask(shared, query, tag).status_code == 304 for query, tag in zip(queries, tags))
    shared.query(f"INSERT INTO {table} VALUES ('z', 1)")
    fresh = [ask(shared, query, tag) for query, tag in zip(queries, tags)]
    assert [reply.status_code for reply in fresh] == [200] * 5
    tags = [reply.headers["ETag"] for reply in fresh]
    shared.query(f"INSERT INTO {table}_other VALUES ('z')")
    assert [ask(shared, query, tag).status_code for query, tag in zip(queries, tags)] == [200, 200, 304, 304, 200]
    tag = tag_of(shared, queries[2])
    shared.query(f"CREATE OR REPLACE VIEW {table}_view AS SELECT k FROM {table} WHERE k = 'a'")
    assert ask(shared, queries[2], tag).text == "1\n"
    for name in ("mv", "view"):
        shared.query(f"DROP VIEW {table}_{name}")
    shared.query(f"DROP TABLE {table}_other")


def test_settings_formats_and_users_have_their_own(shared, table):
    query = f"SELECT v FROM {table}"
    ways = [{}, {"default_format": "JSON"}, {"output_format_json_quote_64bit_integers": 1, "default_format": "JSON"}, {"max_result_rows": 1000},
            {"headers": {"X-ClickHouse-Format": "CSV"}}, {"limit": 1}]
    tags = [tag_of(shared, query, **way) for way in ways] + [tag_of(shared, query + " WHERE v = {v:Int64}", param_v=number) for number in (1, 2)]
    assert all(tags) and len(set(tags)) == len(tags)
    assert ask(shared, query, tags[0], use_shared_execution=0).status_code == 200
    shared.query(f"CREATE USER {table}_eve IDENTIFIED BY 'x'")
    shared.query(f"GRANT SELECT ON default.{table} TO {table}_eve")
    login = {"user": f"{table}_eve", "password": "x"}
    own = tag_of(shared, query, **login)
    assert own not in tags and ask(shared, query, own, **login).status_code == 304
    shared.query(f"REVOKE SELECT ON default.{table} FROM {table}_eve")
    refused = ask(shared, query, own, **login)
    assert refused.status_code == 403 and "ETag" not in refused.headers
    shared.query(f"DROP USER {table}_eve")


@pytest.mark.parametrize("query", [
    "SELECT count() FROM {t} WHERE v < toUnixTimestamp(now())", "SELECT v, rand() FROM {t}", "SELECT v, queryID() FROM {t}", "SELECT v, uptime() FROM {t}",
    "SELECT count() FROM system.tables", "SELECT sum(number) FROM numbers(10)", "SELECT 1", "SELECT v, complete_through('{t}') FROM {t}",
    "SELECT v FROM {t} WHERE v IN (SELECT number FROM numbers(5))", "SELECT v FROM {t} UNION ALL SELECT toInt64(dummy) FROM system.one", "SELECT today(), v FROM {t}",
    "EXPLAIN SELECT v FROM {t}", "SHOW TABLES"])
def test_what_has_none(shared, table, query):
    reply = ask(shared, query.format(t=table), "*")
    assert reply.status_code == 200 and "ETag" not in reply.headers, reply.text


def test_what_else_has_none(shared, table):
    query = f"SELECT v FROM {table}"
    assert "ETag" not in shared.post(query).headers
    for parameters in ({"timeout_overflow_mode": "break"}, {"skip_damaged_segments": 1}, {"incomplete_buckets": "cut"}):
        assert tag_of(shared, query, **parameters) is None, parameters
    assert tag_of(shared, query, session_id=table) is None
    assert ask(shared, "SELECT w FROM " + table, "*").status_code == 404


def test_a_restart_forgets(make_server):
    server = make_server()
    server.query("CREATE TABLE t (v UInt64) ENGINE = MergeTree ORDER BY v")
    server.query("INSERT INTO t VALUES (1)")
    tag = tag_of(server, "SELECT v FROM t")
    assert ask(server, "SELECT v FROM t", tag).status_code == 304
    assert server.stop() == 0, server.log_text()[-3000:]
    server.start()
    again = ask(server, "SELECT v FROM t", tag)
    assert (again.status_code, again.text) == (200, "1\n") and again.headers["ETag"] != tag
    assert server.stop() == 0, server.log_text()[-3000:]
