"""Running queries and those that ended: system.processes, system.query_log, KILL QUERY, progress, summaries."""
import json

import pytest
import requests

from test_cache import Client, endless, running
from weir import DEADLINE, QueryError, wait_until


@pytest.fixture(scope="module")
def server(shared):
    shared.query("CREATE TABLE big (id Int64, name LowCardinality(String)) ENGINE = MergeTree ORDER BY id")
    shared.query("INSERT INTO big SELECT number, toString(number % 3) FROM numbers(300000)")
    return shared


def entry(server, query_id, *columns):
    sql = f"SELECT {', '.join(columns)} FROM system.query_log WHERE query_id = '{query_id}' FORMAT JSONCompact"
    return wait_until(lambda: json.loads(server.query(sql))["data"], "the log has the query")[0]


def test_the_query_log_has_clickhouses_columns(server):
    types = dict(line.split("\t")[:2] for line in server.query("DESCRIBE TABLE system.query_log").splitlines())
    expected = {
        "event_date": "Date", "event_time": "DateTime", "event_time_microseconds": "DateTime64(6)", "query_start_time": "DateTime",
        "query_start_time_microseconds": "DateTime64(6)", "query_duration_ms": "UInt64", "read_rows": "UInt64", "read_bytes": "UInt64",
        "written_rows": "UInt64", "written_bytes": "UInt64", "result_rows": "UInt64", "result_bytes": "UInt64", "memory_usage": "UInt64",
        "current_database": "LowCardinality(String)", "query": "String", "query_kind": "LowCardinality(String)",
        "databases": "Array(LowCardinality(String))", "tables": "Array(LowCardinality(String))", "columns": "Array(LowCardinality(String))",
        "exception_code": "Int32", "exception": "String", "user": "LowCardinality(String)", "query_id": "String", "address": "IPv6",
        "ProfileEvents": "Map(LowCardinality(String), UInt64)", "Settings": "Map(LowCardinality(String), LowCardinality(String))",
    }
    assert {name: types.get(name) for name in expected} == expected


def test_a_query_that_ended_well(server):
    server.query("SELECT name, count() FROM big WHERE id >= 0 GROUP BY name SETTINGS max_execution_time = 100", query_id="well", max_threads=1, use_partial_cache=0)
    kind, read, result, tables, columns, settings, events, code, began = entry(
        server, "well", "query_kind", "read_rows", "result_rows", "tables", "arraySort(columns)", "Settings", "ProfileEvents", "exception_code", "type")
    assert (kind, int(read), int(result), code, began) == ("Select", 300000, 3, 0, "QueryFinish")
    assert tables == ["default.big"] and columns == ["default.big.id", "default.big.name"]
    assert settings == {"max_execution_time": "100", "max_threads": "1", "use_partial_cache": "0"}
    assert int(events["SelectedRows"]) == 300000 and int(events["Query"]) == 1 and "FailedQuery" not in events
    server.query("INSERT INTO big VALUES (1000000, 'x'), (1000001, 'y')", query_id="insert")
    assert entry(server, "insert", "query_kind", "toUInt32(written_rows)", "tables") == ["Insert", 2, []]


def test_queries_that_failed(server):
    for query_id, sql, code, began in (
        ("before", "SELECT nothing FROM big", 47, "ExceptionBeforeStart"),
        ("syntax", "SELECT (", 62, "ExceptionBeforeStart"),
        ("while", "SELECT max(throwIf(id = 7)) FROM big", 395, "ExceptionWhileProcessing"),
    ):
        with pytest.raises(QueryError) as caught:
            server.query(sql, query_id=query_id)
        assert caught.value.code == code
        assert entry(server, query_id, "exception_code", "type", "ProfileEvents['FailedQuery'] = 1", "exception != ''") == [code, began, 1, 1]


def test_kill_query(server):
    victims = [Client(server, endless(k), query_id=f"victim{k}", session_timezone="Europe/Berlin") for k in range(3)]
    for k in range(3):
        running(server, f"victim{k}")
    shown = server.query("SELECT query_kind, Settings['session_timezone'], current_database FROM system.processes WHERE query_id = 'victim0'")
    assert shown == "Select\tEurope/Berlin\tdefault\n"
    line = f"victim0\tdefault\t{endless(0)}\n"
    assert server.query("KILL QUERY WHERE query_id = 'victim0' TEST") == "unknown_status\t" + line
    running(server, "victim0")
    assert server.query("KILL QUERY WHERE query_id = 'victim0' SYNC") == "finished\t" + line
    assert server.query("SELECT count() FROM system.processes WHERE query_id = 'victim0'") == "0\n"
    assert server.query("KILL QUERY WHERE query_id = 'nobody' SYNC") == ""
    assert len(server.query("KILL QUERY WHERE query LIKE '%big AS b%' ASYNC").splitlines()) == 2
    for victim in victims:
        victim.join()
        assert victim.result == 394


def test_progress_and_summary(server):
    sql = "SELECT count() FROM big WHERE id % 2 = 0"
    parameters = {"query": sql, "send_progress_in_http_headers": 1, "use_partial_cache": 0}
    reply = requests.get(server.url, params=parameters, timeout=DEADLINE)
    progress, summary = (json.loads(reply.headers[f"X-ClickHouse-{name}"]) for name in ("Progress", "Summary"))
    assert int(progress["read_rows"]) == int(summary["read_rows"]) >= 300000
    assert int(summary["total_rows_to_read"]) >= 300000 and int(summary["result_rows"]) == 1
    assert int(summary["result_bytes"]) == len(reply.content)
    assert "X-ClickHouse-Progress" not in requests.get(server.url, params={"query": sql}, timeout=DEADLINE).headers


def test_a_table_of_many_columns_is_described(shared):
    columns = 3000
    shared.query("CREATE TABLE wide (" + ", ".join(f"c{k} UInt8 DEFAULT {k % 7}" for k in range(columns)) + ") ENGINE = MergeTree ORDER BY c0")
    described = shared.query("DESCRIBE TABLE wide").splitlines()
    assert len(described) == columns and described[-1].split("\t")[:4] == [f"c{columns - 1}", "UInt8", "DEFAULT", str((columns - 1) % 7)]
    shared.query("DROP TABLE wide")
