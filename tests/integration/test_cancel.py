"""Statements that would run for hours end with QUERY_WAS_CANCELLED when they are killed, whatever they are busy with; also
while their client does not read, and when it leaves. (tests/sql/golden_test.c cancels every golden statement at several of
its looks; bench/kill.py measures how long it takes.)"""
import socket
import threading
import urllib.parse

import busy
import pytest
import requests
from weir import DEADLINE, QueryError, wait_until

ROWS = 20000
ENDLESS = [(name, sql) for name, sql in busy.STATEMENTS if "{big}" in sql]


@pytest.fixture(scope="module", name="prepared")
def prepared_fixture(shared):
    shared.query("CREATE DATABASE busy")
    for sql in busy.prepare(ROWS):
        shared.query(sql, database="busy")
    yield shared
    shared.query("DROP DATABASE busy")


def running(server, query_id):
    return server.query(f"SELECT count() FROM system.processes WHERE query_id = '{query_id}'") == "1\n"


class Statement(threading.Thread):
    """Runs a statement, keeps the error that it ended with."""

    def __init__(self, server, sql, query_id):
        super().__init__(daemon=True)
        self.server, self.sql, self.query_id = server, sql, query_id
        self.error = None

    def run(self):
        reply = requests.post(
            self.server.url, params={"query_id": self.query_id, "database": "busy"}, data=self.sql.encode(), timeout=DEADLINE)
        self.error = None if reply.status_code == 200 else QueryError(reply)


@pytest.mark.parametrize("name,sql", ENDLESS, ids=[name for name, _ in ENDLESS])
def test_killed(prepared, name, sql):
    query_id = "killed " + name
    statement = Statement(prepared, sql.replace("{big}", "100000000000000"), query_id)
    statement.start()
    wait_until(lambda: running(prepared, query_id), "the statement runs")
    answer = prepared.query(f"KILL QUERY WHERE query_id = '{query_id}' SYNC")
    assert answer.startswith("finished\t")
    statement.join()
    assert statement.error is not None and statement.error.code == 394, statement.error


@pytest.mark.parametrize("name,sql", ENDLESS, ids=[name for name, _ in ENDLESS])
def test_out_of_time(prepared, name, sql):
    """max_execution_time ends them by the same looks."""
    with pytest.raises(QueryError) as late:
        prepared.query(sql.replace("{big}", "100000000000000"), database="busy", max_execution_time="0.1")
    assert late.value.code == 159, late.value


def test_a_dictionary_out_of_time(prepared):
    with pytest.raises(QueryError) as late:
        prepared.query("SELECT dictGet('busy.endless', 'v', toUInt64(1))", max_execution_time="0.1")
    assert late.value.code == 159, late.value
    assert prepared.query("SELECT status, error_count FROM system.dictionaries WHERE name = 'endless'") == "NOT_LOADED\t0\n"


def test_a_dictionary_that_does_not_end_loading(prepared):
    """Who waits for its turn behind the load is killed too."""
    loads = [Statement(prepared, "SELECT dictGet('busy.endless', 'v', toUInt64(1))", f"loads {k}") for k in range(2)]
    for load in loads:
        load.start()
        wait_until(lambda query_id=load.query_id: running(prepared, query_id), "a query needs the dictionary")
    for load in reversed(loads):
        prepared.query(f"KILL QUERY WHERE query_id = '{load.query_id}' SYNC")
        load.join()
        assert load.error is not None and load.error.code == 394, load.error
    assert prepared.query("SELECT status, error_count FROM system.dictionaries WHERE name = 'endless'") == "NOT_LOADED\t0\n"


def begin(server, sql, query_id):
    """A client that sends a statement and reads nothing."""
    connection = socket.create_connection((server.host, server.port))
    body = sql.encode()
    path = "/?" + urllib.parse.urlencode({"query_id": query_id, "database": "busy"})
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


REPLY = "SELECT number, toString(sipHash64(number)) FROM numbers(100000000000000)"


def stalled(server, query_id):
    """The reply waits for its client: nothing more is read."""
    rows = [-1]

    def look():
        now = server.query(f"SELECT read_rows FROM system.processes WHERE query_id = '{query_id}'")
        same = now == rows[0] and now not in ("", "0\n")
        rows[0] = now
        return same

    wait_until(look, "the reply waits")


def test_killed_while_its_client_does_not_read(prepared):
    with begin(prepared, REPLY, "unread"):
        stalled(prepared, "unread")
        assert prepared.query("KILL QUERY WHERE query_id = 'unread' SYNC").startswith("finished\t")


def test_left_while_its_client_does_not_read(prepared):
    with begin(prepared, REPLY, "left"):
        stalled(prepared, "left")
    wait_until(lambda: not running(prepared, "left"), "the query notices that its client left")


def test_left_before_anything_was_sent(prepared):
    with begin(prepared, "SELECT sum(sipHash64(number)) FROM numbers(100000000000000)", "silent"):
        wait_until(lambda: running(prepared, "silent"), "the statement runs")
    wait_until(lambda: not running(prepared, "silent"), "the query notices that its client left")
