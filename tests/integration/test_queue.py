"""Statements above queries_max wait for their turn: in order, without a thread, killable, for a bounded time and in bounded number."""
import socket
import threading

import pytest
import requests

from weir import DEADLINE, QueryError, wait_until

ENDLESS = "SELECT sum(sipHash64(number, {0})) FROM numbers(100000000000000)"


class Client(threading.Thread):
    def __init__(self, server, sql, data=None, **parameters):
        super().__init__()
        self.server, self.sql, self.data, self.parameters, self.result = server, sql, data, parameters, None
        self.start()

    def run(self):
        try:
            self.result = requests.post(
                self.server.url_of("/", query=self.sql, **self.parameters), data=self.data, timeout=DEADLINE
            )
        except requests.RequestException as error:
            self.result = error

    def code(self):
        self.join()
        return int(self.result.headers.get("X-ClickHouse-Exception-Code", 0))

    def text(self):
        self.join()
        return self.result.text


def processes(server, what, where="1"):
    return server.query(f"SELECT {what} FROM system.processes WHERE query_kind != '' AND {where} ORDER BY query_id").split()


def exposed(server, name):
    text = requests.get(server.url_of("/metrics"), timeout=DEADLINE).text
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " ")))


def waits(server, *ids):
    wait_until(lambda: set(ids) <= set(processes(server, "query_id", "is_waiting")), f"{ids} wait")


@pytest.fixture
def full(make_server):
    """One statement may run, and one does, without end."""
    server = make_server("--queries-max", "1")
    server.blocker = Client(server, ENDLESS.format(1), query_id="blocker")
    wait_until(lambda: processes(server, "query_id", "query_id = 'blocker' AND NOT is_waiting"), "it runs")
    return server


def unblock(server):
    server.query("KILL QUERY WHERE query_id = 'blocker'")
    assert server.blocker.code() == 394


def test_they_run_in_the_order_in_which_they_came(full):
    clients = []
    for k in range(8):
        clients.append(Client(full, f"SELECT {k}, queryID()", query_id=f"q{k}"))
        waits(full, f"q{k}")
    assert exposed(full, "weir_queries_queued") == 8
    assert exposed(full, "weir_queries_running") == 1
    assert processes(full, "query_id", "is_waiting") == [f"q{k}" for k in range(8)]
    unblock(full)
    assert [client.text() for client in clients] == [f"{k}\tq{k}\n" for k in range(8)]
    ended = full.query("SELECT query_id FROM system.query_log WHERE query_id LIKE 'q%' AND queue_wait_us > 0").split()
    assert ended == [f"q{k}" for k in range(8)]
    assert exposed(full, "weir_queries_queued") == 0
    assert exposed(full, "weir_query_queue_seconds_count") == 8
    wait_until(lambda: exposed(full, "weir_queries_running") == 0, "all have ended")


def test_every_kind_of_statement_waits(full):
    statements = ["SHOW DATABASES", "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", "EXPLAIN SELECT 1", "DESCRIBE numbers(1)"]
    clients = []
    for k, sql in enumerate(statements):
        clients.append(Client(full, sql, query_id=f"k{k}"))
        waits(full, f"k{k}")
    clients.append(Client(full, "INSERT INTO t SELECT 3", query_id="last"))
    waits(full, "last")
    unblock(full)
    assert [client.code() for client in clients] == [0] * 5
    assert full.query("SELECT a FROM t") == "3\n"


def test_now_is_when_it_runs(full):
    client = Client(full, "SELECT now64(6)", query_id="late")
    waits(full, "late")
    before = full.query("SELECT now64(6) FROM system.processes LIMIT 1")  # does not wait
    unblock(full)
    assert client.text() >= before


def test_inserts_with_data_go_on(make_server):
    server = make_server("--queries-max", "1")
    server.query("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    server.blocker = Client(server, ENDLESS.format(2), query_id="blocker")
    wait_until(lambda: processes(server, "query_id", "query_id = 'blocker' AND NOT is_waiting"), "it runs")
    reader = Client(server, "SELECT count(), sum(a) FROM t", query_id="reader")
    waits(server, "reader")
    for k in range(5):
        server.query("INSERT INTO t FORMAT TSV", f"{k}\n")
    unblock(server)
    assert reader.text() == "5\t10\n"  # it sees what came while it waited


def test_kill_of_what_waits(full):
    victims = [Client(full, f"SELECT {k}", query_id=f"victim{k}") for k in range(3)]
    other = Client(full, "SELECT 'other'", query_id="other")
    waits(full, "victim0", "victim1", "victim2", "other")
    killed = full.query("KILL QUERY WHERE query_id LIKE 'victim%' SYNC").splitlines()
    assert sorted(line.split("\t")[1] for line in killed) == ["victim0", "victim1", "victim2"]
    assert [client.code() for client in victims] == [394] * 3
    assert processes(full, "query_id", "is_waiting") == ["other"]
    unblock(full)
    assert other.text() == "other\n"


def test_a_client_that_leaves_gives_up_its_place(full):
    left = [socket.create_connection((full.host, full.port), timeout=DEADLINE) for _ in range(3)]
    for k, connection in enumerate(left):
        connection.sendall(f"POST /?query_id=left{k} HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nSELECT {k}".encode())
        waits(full, f"left{k}")
    stays = Client(full, "SELECT 'stays'", query_id="stays")
    waits(full, "stays")
    for connection in left:
        connection.close()
    wait_until(lambda: processes(full, "query_id", "is_waiting") == ["stays"], "they have left")
    unblock(full)
    assert stays.text() == "stays\n"


def test_the_wait_has_an_end(full):
    client = Client(full, "SELECT 1", queue_max_wait_ms=50)
    assert client.code() == 202 and client.result.status_code == 503
    assert "queue_max_wait_ms" in client.text() and "TOO_MANY_SIMULTANEOUS_QUERIES" in client.text()
    none = Client(full, "SELECT 1 SETTINGS queue_max_wait_ms = 0")
    assert none.code() == 202 and "queue_max_wait_ms is 0" in none.text()
    assert exposed(full, "weir_queries_refused_total") == 2
    assert exposed(full, "weir_queries_queued") == 0
    unblock(full)
    assert full.query("SELECT 1 SETTINGS queue_max_wait_ms = 0") == "1\n"


def test_the_queue_is_bounded(make_server):
    server = make_server("--queries-max", "1", "--queries-waiting-max", "2")
    server.blocker = Client(server, ENDLESS.format(3), query_id="blocker")
    wait_until(lambda: processes(server, "query_id", "query_id = 'blocker' AND NOT is_waiting"), "it runs")
    waiting = [Client(server, f"SELECT {k}", query_id=f"w{k}") for k in range(2)]
    waits(server, "w0", "w1")
    with pytest.raises(QueryError) as refused:
        server.query("SELECT 1")
    assert refused.value.code == 202 and refused.value.status == 503 and "queries_waiting_max is 2" in refused.value.message
    unblock(server)
    assert sorted(client.text() for client in waiting) == ["0\n", "1\n"]


def test_the_queue_is_bounded_in_bytes(full):
    comment = "/*" + "x" * (200 << 10) + "*/"
    held, codes = [], []
    for k in range(400):  # 80 MB of text
        connection = socket.create_connection((full.host, full.port), timeout=DEADLINE)
        body = f"SELECT {k} {comment}".encode()
        connection.sendall(f"POST /?query_id=held{k} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        held.append(connection)
    wait_until(lambda: exposed(full, "weir_queries_queued") + exposed(full, "weir_queries_refused_total") == 400, "all have come")
    assert exposed(full, "weir_queries_queued") >= 50
    assert exposed(full, "weir_queries_refused_total") >= 50
    for connection in held:
        connection.close()
    wait_until(lambda: exposed(full, "weir_queries_queued") == 0, "they have left")
    unblock(full)
    assert full.query("SELECT 1") == "1\n"


def test_a_storm_of_clients(make_server):
    """Far more clients than places: every one is answered, and none with an error."""
    server = make_server("--queries-max", "2")
    server.query("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO t SELECT number FROM numbers(10000)")
    failures = []

    def work(number):
        session = requests.Session()
        for k in range(10):
            modulus = 2 + (number * 10 + k) % 7
            reply = session.post(server.url, data=f"SELECT count() FROM t WHERE a % {modulus} = 0", timeout=DEADLINE)
            if reply.text != f"{-(-10000 // modulus)}\n":
                failures.append(reply.text)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert exposed(server, "weir_queries_queued") == 0
    assert exposed(server, "weir_queries_refused_total") == 0


def test_stopping_while_statements_wait(full):
    clients = [Client(full, f"SELECT {k}", query_id=f"s{k}") for k in range(4)]
    waits(full, "s0", "s1", "s2", "s3")
    assert full.stop() == 0, full.log_text()[-3000:]
    for client in (full.blocker, *clients):
        client.join()
        assert isinstance(client.result, requests.RequestException) or client.code() == 394, client.text()
