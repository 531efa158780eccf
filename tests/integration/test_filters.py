"""additional_table_filters, additional_result_filter and extremes, as clients set them: in the URL, in a session, in a
user's profile, over the native protocol; with indexes, caches, shared executions and rights.
tests/sql/scripts/additional_filters.sql has what they mean."""
import json
import threading

import pytest
from native import EXTREMES, SERVER_DATA, TOTALS, Raw, block, query
from weir import QueryError, Server, wait_until

NEAR = "{'default.t': 'id < 10000'}"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("filters"), native=True)
    server.query("CREATE TABLE t (id UInt64, k UInt8, s String) ENGINE = MergeTree ORDER BY id")
    server.query("INSERT INTO t SELECT number, number % 5, concat('s', toString(number % 3)) FROM numbers(200000)")
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


def error(server, sql, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, **parameters)
    return caught.value


def as_user(user):
    return {"X-ClickHouse-User": user, "X-ClickHouse-Key": ""}


def test_ways_to_set_them(server):
    count = "SELECT count() FROM t"
    assert server.query(count, additional_table_filters=NEAR) == "10000\n"
    assert server.query(count, additional_table_filters="{ 't' : 'k = 1' , 'u' : '' }") == "40000\n"
    assert server.query(f"SET additional_table_filters = {NEAR}", session_id="f") == ""
    assert server.query(count, session_id="f") == "10000\n"
    assert server.query(count + " SETTINGS additional_table_filters = {'t': 'id < 7'}", session_id="f") == "7\n"
    assert server.query(count, session_id="f", additional_table_filters="{}") == "200000\n"
    assert server.query("SELECT k FROM t WHERE id < 9 ORDER BY id", additional_result_filter="k > 2") == "3\n4\n3\n"
    with Raw(server) as raw:
        assert raw.ask(count, settings=[("additional_table_filters", NEAR, 0)]) == [[10000]]
        assert raw.ask(count + " SETTINGS additional_table_filters = {'t' : ' k = 1 AND s = \\'s0\\' '}") == [[13333]]
        assert raw.ask(count) == [[200000]]
    for text in ("{t: 'id'}", "['t']", "{'t': 'id < 1'", "{'t'}", "{'t': 1}", "text"):
        assert (error(server, count, additional_table_filters=text).code, "additional_table_filters" in error(server, count, additional_table_filters=text).message) == (62, True), text
    wrong = error(server, count, additional_table_filters="{'t': 'id > 1 AND nothing = 2'}")
    assert wrong.code == 47 and "default.t" in wrong.message and "(line 1, col 12)" in wrong.message


def test_long_maps(server):
    """As long as a statement may be; each is read once per table."""
    many = "{" + ", ".join(f"'table{k}': 'id = {k}'" for k in range(5000)) + ", 't': 'id < 3'}"
    assert server.query(f"SELECT count() FROM t SETTINGS additional_table_filters = {many}") == "3\n"
    deep = "(" * 3000 + "1" + ")" * 3000
    assert error(server, "SELECT count() FROM t", additional_table_filters=f"{{'t': '{deep}'}}").code in (167, 306)


def test_scans_skip_by_them(server):
    """As by WHERE: zones and the key leave out granules."""
    for sql, settings in (("SELECT sum(k) FROM t WHERE id < 10000", {}), ("SELECT sum(k) FROM t", {"additional_table_filters": NEAR})):
        reply = server.post(sql, use_partial_cache=0, **settings)
        assert reply.text == "20000\n"
        assert int(json.loads(reply.headers["X-ClickHouse-Summary"])["read_rows"]) < 30000, reply.headers
    plan = server.query("EXPLAIN SELECT sum(k) FROM t SETTINGS additional_table_filters = {'t': 'id < 10000'}")
    assert "id" in plan and "10000" in plan, plan
    assert server.query("SELECT sum(k) FROM t SETTINGS force_primary_key = 1", additional_table_filters=NEAR) == "20000\n"
    assert error(server, "SELECT sum(k) FROM t SETTINGS force_primary_key = 1", additional_table_filters="{'t': 's = \\'s1\\''}").code == 277


def test_caches_know_them(server):
    """Answers of one filter are never those of another; each finds its own again."""
    sql = "SELECT s, count(), sum(id) FROM t WHERE k < 4 GROUP BY s ORDER BY s"
    filters = ["{}", "{'t': 'k = 1'}", "{'t': 'k = 2'}", "{'t': 'k IN (1, 2)'}", "{'t': 'id >= 8192'}", "{'t': 'k != 9'}"]
    without = [server.query(sql, additional_table_filters=each, use_partial_cache=0, use_shared_execution=0) for each in filters]
    assert len(set(without)) == 5
    for _ in range(3):
        assert [server.query(sql, additional_table_filters=each) for each in filters] == without
    before = server.metric("weir_partial_cache_hits_total")
    assert server.query(sql, additional_table_filters=filters[1]) == without[1]
    assert server.metric("weir_partial_cache_hits_total") > before


def test_executions_are_shared_by_equal_filters_alone(server):
    """Two with one filter share, the third with another one does not."""
    sql = "SELECT count() FROM t AS a, t AS b WHERE a.id + b.id = 18446744073709551614"
    answers = {}

    def ask(name, condition):
        try:
            answers[name] = server.post(sql, query_id=name, additional_table_filters=f"{{'a': '{condition}'}}").status_code
        except OSError:
            pass

    def running(name):
        return server.query(f"SELECT 1 FROM system.processes WHERE query_id = '{name}' AND read_rows > 0")

    threads = [threading.Thread(target=ask, args=(name, condition)) for name, condition in (("first", "id > 1"), ("other", "id > 2"))]
    for thread in threads:
        thread.start()
    for name in ("first", "other"):
        wait_until(lambda name=name: running(name), f"{name} runs")
    assert server.metric("weir_queries_waiting") == 0
    threads.append(threading.Thread(target=ask, args=("again", "id > 2")))
    threads[-1].start()
    wait_until(lambda: server.metric("weir_queries_waiting") == 1, "the third waits for the second")
    server.query("KILL QUERY WHERE query_id IN ('again')")
    server.query("KILL QUERY WHERE query_id IN ('first', 'other')")
    for thread in threads:
        thread.join()
    assert set(answers) == {"first", "other", "again"}


def test_rights(server):
    """A filter reads its columns as the query does; a profile's filter is what a user sees of a table."""
    for sql in ("CREATE USER ann", "GRANT SELECT(id, k) ON default.t TO ann",
                "CREATE USER bob SETTINGS additional_table_filters = '{\\'default.t\\': \\'k = 1\\'}' CONST", "GRANT SELECT ON default.t TO bob"):
        server.query(sql)
    ann, bob = as_user("ann"), as_user("bob")
    assert server.query("SELECT count(k) FROM t", headers=ann, additional_table_filters=NEAR) == "10000\n"
    refused = error(server, "SELECT count(k) FROM t", headers=ann, additional_table_filters="{'t': 's = \\'s1\\''}")
    assert refused.code == 497 and "SELECT(" in refused.message
    hidden = error(server, "SELECT count() FROM hidden", headers=ann, additional_table_filters="{'hidden': 'secret = 1'}")
    assert hidden.code in (60, 497) and "secret" not in hidden.message
    assert server.query("SELECT count(), min(k), max(k) FROM t", headers=bob) == "40000\t1\t1\n"
    for way in ({"additional_table_filters": "{}"}, {}):
        sql = "SELECT count() FROM t" + ("" if way else " SETTINGS additional_table_filters = {}")
        assert error(server, sql, headers=bob, **way).code == 452
    assert "k = 1" in server.query("SHOW CREATE USER bob")


def test_the_log_shows_them(server):
    server.query("SELECT count() FROM t SETTINGS additional_table_filters = {'t' : ' id < 3 '}", query_id="logged")
    sql = "SELECT Settings['additional_table_filters'] FROM system.query_log WHERE query_id = 'logged' AND type = 'QueryFinish'"
    assert wait_until(lambda: server.query(sql), "the log has it") == "{\\'t\\':\\' id < 3 \\'}\n"


def test_extremes_over_the_native_protocol(server):
    sql = "SELECT k, count() AS c FROM t WHERE id < 7 GROUP BY k WITH TOTALS ORDER BY k"
    with Raw(server) as raw:
        for settings, wanted in (([("extremes", "1", 0)], [([0, 1, 2, 3, 4], [2, 2, 1, 1, 1]), ([0], [7]), ([0, 4], [1, 2])]),
                                 ([], [([0, 1, 2, 3, 4], [2, 2, 1, 1, 1]), ([0], [7])])):
            raw.send(query(sql, settings=settings) + block())
            packets = [(kind, what) for kind, what in raw.packets() if kind in (SERVER_DATA, TOTALS, EXTREMES) and what[1] > 0]
            assert [kind for kind, _ in packets] == [SERVER_DATA, TOTALS, EXTREMES][:len(wanted)]
            assert [tuple(values for _, _, values in what[0]) for _, what in packets] == wanted
        raw.send(query("SELECT id FROM t WHERE id > 1000000", settings=[("extremes", "1", 0)]) + block())
        assert not [kind for kind, _ in raw.packets() if kind == EXTREMES]


def test_extremes_of_many_rows(server):
    """Whatever the threads' order is; texts that are replaced all the time do not pile up."""
    tail = server.query("SELECT id, s, repeat(toString(id), 50) AS r FROM t", extremes=1).rsplit("\n\n", 1)[1]
    rows = [line.split("\t") for line in tail.splitlines()]
    assert rows == [["0", "s0", "0" * 50], ["199999", "s2", "99999" * 50]]
    grown = server.query("SELECT leftPad(toString(number), 4000, '0') AS x FROM numbers(20000)", extremes=1, max_memory_usage=120000000)
    assert grown.rsplit("\n\n", 1)[1].split() == ["0" * 4000, "0" * 3995 + "19999"]
