"""INSERTs with async_insert: stored together, answered each for itself, there after a kill once they were acknowledged."""
import concurrent.futures
import json
import socket
import threading

import pytest
import requests

from native import END_OF_STREAM, SERVER_DATA, Raw, block, query
from weir import QueryError, Server, wait_until

# A batch is due when its time is over alone: many INSERTs come into one, whatever the machine is like.
SLOW = {"async_insert": 1, "async_insert_use_adaptive_busy_timeout": 0, "async_insert_busy_timeout_ms": 600000}


@pytest.fixture
def server(make_server):
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s String DEFAULT concat('d', toString(n))) ENGINE = MergeTree ORDER BY n")
    return server


def waiting(server):
    return server.value("SELECT sum(length(`entries.query_id`)) FROM system.asynchronous_inserts")


def at_once(server, statements, **settings):
    """Sends them from as many threads, flushes the queue when all that are well wait; the replies in their order."""
    with concurrent.futures.ThreadPoolExecutor(len(statements)) as pool:
        replies = [pool.submit(server.post, sql, data, query_id=f"q{k}", **{**SLOW, **settings})
                   for k, (sql, data) in enumerate(statements)]
        wait_until(lambda: waiting(server) + sum(reply.done() for reply in replies) == len(replies), "all INSERTs wait")
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
        return [reply.result() for reply in replies]


def test_many_become_one(server):
    """Different columns and formats; one of them is bad, and says where."""
    before = server.metric("weir_insert_log_sync_seconds_count")
    batches = server.metric("weir_async_insert_batches_total")
    statements = [(f"INSERT INTO t VALUES ({k}, 'v{k}')", None) for k in range(20)]
    statements += [("INSERT INTO t (n) FORMAT JSONEachRow", json.dumps({"n": 100 + k})) for k in range(20)]
    statements += [("INSERT INTO t FORMAT CSV", "7,good\nnot a number,bad\n")]
    replies = at_once(server, statements)
    assert [reply.status_code for reply in replies] == [200] * 40 + [400]
    assert "row 2" in replies[40].text.lower() or "line 2" in replies[40].text.lower(), replies[40].text
    assert all(json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "1" for reply in replies[:40])
    expected = [[k, f"v{k}"] for k in range(20)] + [[100 + k, f"d{100 + k}"] for k in range(20)]
    assert server.rows("SELECT n, s FROM t ORDER BY n") == expected
    assert server.metric("weir_async_insert_batches_total") == batches + 1
    assert server.metric("weir_insert_log_sync_seconds_count") == before + 1
    assert server.rows("SELECT status, count(), sum(rows), uniqExact(flush_query_id), min(table) FROM system.asynchronous_insert_log"
                       " GROUP BY status ORDER BY status") == [["Ok", 40, 40, 1, "t"], ["ParsingError", 1, 0, 1, "t"]]
    assert server.value("SELECT count() FROM system.query_log WHERE query_kind = 'Insert' AND type = 'QueryFinish' AND written_rows = 1") == 40
    assert server.restart() and server.value("SELECT count() FROM t") == 40


def test_waiting_is_seen(server):
    server.query("INSERT INTO t VALUES (1, 'a')", query_id="first", **{**SLOW, "wait_for_async_insert": 0})
    server.query("INSERT INTO t FORMAT CSV", "2,b\n", query_id="second", **{**SLOW, "wait_for_async_insert": 0})
    assert server.value("SELECT count() FROM t") == 0
    assert server.rows("SELECT database, table, format, `entries.query_id`, `entries.bytes`, query FROM system.asynchronous_inserts") == [
        ["default", "t", "", ["first", "second"], [8, 4], "INSERT INTO t VALUES "]]
    server.query("SYSTEM FLUSH ASYNC INSERT QUEUE t")
    assert server.value("SELECT count() FROM t") == 2 and waiting(server) == 0
    with pytest.raises(QueryError) as error:
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE nowhere")
    assert error.value.code == 60


@pytest.mark.parametrize("bound", [{"async_insert_max_query_number": 3}, {"async_insert_max_data_size": 20}])
def test_a_full_batch_does_not_wait(server, bound):
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda k: server.query(f"INSERT INTO t VALUES ({k}, 'x')", **SLOW, **bound), range(3)))
    assert server.value("SELECT count() FROM t") == 3


def test_time_ends_a_batch(server):
    server.query("INSERT INTO t VALUES (1, 'x')", **{**SLOW, "async_insert_busy_timeout_ms": 20})
    assert server.value("SELECT count() FROM t") == 1


@pytest.mark.parametrize("timeout", [0.05, 0])
def test_the_answer_takes_too_long(server, timeout):
    """Its client is told; the rows wait on, and are stored."""
    with pytest.raises(QueryError) as error:
        server.query("INSERT INTO t VALUES (1, 'x')", query_id="slow", wait_for_async_insert_timeout=timeout, **SLOW)
    assert error.value.code == 159 and f"Wait for async insert timeout ({round(timeout * 1000)} ms) exceeded" in str(error.value)
    assert waiting(server) == 1 and server.value("SELECT count() FROM t") == 0
    server.query("SYSTEM FLUSH ASYNC INSERT QUEUE t")
    assert server.value("SELECT count() FROM t") == 1
    assert server.rows("SELECT query_id, status FROM system.asynchronous_insert_log") == [["slow", "Ok"]]
    assert server.value("SELECT exception_code FROM system.query_log WHERE query_id = 'slow' AND type = 'ExceptionWhileProcessing'") == 159


def test_nobody_else_comes(server):
    """Adaptive: one client alone does not wait for others, however long the time is."""
    for k in range(5):
        server.query(f"INSERT INTO t VALUES ({k}, 'x')", async_insert=1, async_insert_busy_timeout_ms=600000)
    assert server.value("SELECT count() FROM t") == 5


def test_tokens(server):
    """A token that was stored before, by the synchronous path too, and one that comes twice in a batch."""
    server.query("INSERT INTO t VALUES (1, 'a')", insert_deduplication_token="known")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def insert(k, token):
            return pool.submit(server.post, f"INSERT INTO t VALUES ({k}, 'x')", insert_deduplication_token=token, **SLOW)
        replies = [insert(2, "known"), insert(3, "new"), insert(3, "new"), insert(4, "other")]
        wait_until(lambda: waiting(server) + sum(reply.done() for reply in replies) == 4, "all INSERTs wait")
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
        assert [reply.result().status_code for reply in replies] == [200] * 4
        written = [json.loads(reply.result().headers["X-ClickHouse-Summary"])["written_rows"] for reply in replies]
    assert written[0] == "0" and sorted(written[1:3]) == ["0", "1"] and written[3] == "1"
    assert server.rows("SELECT n FROM t ORDER BY n") == [[1], [3], [4]]
    server.kill()
    server.start()
    server.query("INSERT INTO t VALUES (3, 'x')", insert_deduplication_token="new", async_insert=1)
    assert server.value("SELECT count() FROM t") == 3


def test_the_same_rows(server):
    for rows in ["(1, 'a'), (2, 'b')", "(1, 'a'), (2, 'b')", "(1, 'a')"]:
        server.query(f"INSERT INTO t VALUES {rows}", async_insert=1, async_insert_deduplicate=1)
    assert server.value("SELECT count() FROM t") == 3
    server.query("INSERT INTO t VALUES (1, 'a')", async_insert=1)
    assert server.value("SELECT count() FROM t") == 4


def test_order_of_a_key(server):
    """What was acknowledged first came first, also past the queue."""
    server.query("CREATE TABLE r (k UInt8, v UInt64) ENGINE = ReplacingMergeTree ORDER BY k")
    for v in range(4):
        server.query(f"INSERT INTO r VALUES (1, {v})", **{**SLOW, "wait_for_async_insert": 0})
    assert server.value("SELECT count() FROM r") == 0
    server.query("INSERT INTO r VALUES (2, 7)")
    assert server.rows("SELECT k, v FROM r FINAL ORDER BY k") == [[1, 3], [2, 7]]


def test_rights(server):
    server.query("CREATE USER reader IDENTIFIED WITH no_password")
    server.query("GRANT SELECT ON default.t TO reader")
    with pytest.raises(QueryError) as error:
        server.query("INSERT INTO t VALUES (1, 'a')", user="reader", async_insert=1)
    assert error.value.code == 497
    with pytest.raises(QueryError) as error:
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE", user="reader")
    assert error.value.code == 497


@pytest.mark.parametrize("statement", ["DROP TABLE t", "TRUNCATE TABLE t"])
def test_the_table_goes(server, statement):
    """Whoever waits is answered; nothing of it comes back."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        replies = [pool.submit(server.post, f"INSERT INTO t VALUES ({k}, 'x')", **SLOW) for k in range(3)]
        wait_until(lambda: waiting(server) == 3, "all INSERTs wait")
        server.query(statement)
        assert [reply.result().status_code for reply in replies] == [200] * 3
    server.query("CREATE TABLE IF NOT EXISTS t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    assert server.value("SELECT count() FROM t") == 0
    assert server.restart() and server.value("SELECT count() FROM t") == 0


def test_alter_between(server):
    replies = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        replies.append(pool.submit(server.post, "INSERT INTO t VALUES (1, 'x')", **SLOW))
        wait_until(lambda: waiting(server) == 1, "it waits")
        server.query("ALTER TABLE t ADD COLUMN more UInt8 DEFAULT 5")
        replies.append(pool.submit(server.post, "INSERT INTO t VALUES (2, 'y', 6)", **SLOW))
        wait_until(lambda: replies[0].done(), "rows of another definition do not wait for these")
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
        wait_until(lambda: waiting(server) == 0, "the second one")
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
        assert [reply.result().status_code for reply in replies] == [200, 200]
    assert server.rows("SELECT n, s, more FROM t ORDER BY n") == [[1, "x", 5], [2, "y", 6]]


def test_stop_answers(server):
    """The end of the server stores what waits, and says so."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        replies = [pool.submit(server.post, f"INSERT INTO t VALUES ({k}, 'x')", **SLOW) for k in range(3)]
        wait_until(lambda: waiting(server) == 3, "all INSERTs wait")
        server.query("INSERT INTO t VALUES (9, 'x')", **{**SLOW, "wait_for_async_insert": 0})
        assert server.stop() == 0
        assert [reply.result().status_code for reply in replies] == [200] * 3
    server.start()
    assert server.rows("SELECT n FROM t ORDER BY n") == [[0], [1], [2], [9]]


def test_a_client_that_goes(server):
    """Its rows are stored nevertheless; so are those of an INSERT that is killed, whose client is told."""
    wish = (f"POST /?async_insert=1&async_insert_use_adaptive_busy_timeout=0&async_insert_busy_timeout_ms=600000&query_id=gone HTTP/1.1\r\n"
            f"Host: x\r\nContent-Length: 29\r\n\r\nINSERT INTO t VALUES (1, 'x')"[:-1]).encode()
    with socket.create_connection((server.host, server.port)) as client:
        client.sendall(wish + b")")
        wait_until(lambda: waiting(server) == 1, "it waits")
    wait_until(lambda: server.value("SELECT count() FROM system.processes WHERE query_id = 'gone'") == 0, "it is gone")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        reply = pool.submit(server.post, "INSERT INTO t VALUES (2, 'x')", query_id="killed", **SLOW)
        wait_until(lambda: waiting(server) == 2, "it waits")
        server.query("KILL QUERY WHERE query_id = 'killed'")
        assert "QUERY_WAS_CANCELLED" in reply.result().text
    server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
    assert server.value("SELECT count() FROM t") == 2


@pytest.mark.parametrize("fault", ["insert_log_write=eio:1+", "insert_log_sync=eio:1+", "insert_log_write=enospc:1+"])
def test_a_failed_write(make_server, fault):
    """Everybody hears of it; a part of a batch never comes back."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    assert server.stop() == 0
    server.start(environment={"WEIR_FAILPOINTS": fault})
    replies = at_once(server, [(f"INSERT INTO t VALUES ({k})", None) for k in range(4)])
    assert all(reply.status_code == 500 for reply in replies)
    assert server.rows("SELECT status, count() FROM system.asynchronous_insert_log GROUP BY status") == [["FlushError", 4]]
    server.kill()
    server.start()
    there = server.value("SELECT count() FROM t")
    assert there == 0 or (there == 4 and "sync" in fault)  # they were written, and are whole: nobody said that they are not there


def writer(server, number, acknowledged, **settings):
    """Until the server is gone."""
    session = requests.Session()
    k = 0
    try:
        while True:
            n = number * 1000000 + k
            reply = session.post(server.url, params={"async_insert": "1", **settings}, data=f"INSERT INTO t (n) VALUES ({n})", timeout=60)
            if reply.status_code != 200:
                return
            acknowledged.add(n)
            k += 1
    except requests.exceptions.RequestException:
        return


@pytest.mark.parametrize("fault", ["insert_log_write=kill:40", "insert_log_sync=kill:40", "pack_write=kill:2", "ledger_sync=kill:4"])
def test_a_kill(server, fault):
    """What was acknowledged is there, once; at most the INSERTs under way are there besides."""
    assert server.stop() == 0
    server.start(environment={"WEIR_FAILPOINTS": fault})
    known = [set() for _ in range(8)]
    threads = [threading.Thread(target=writer, args=(server, k, known[k])) for k in range(8)]
    for thread in threads:
        thread.start()
    if fault.startswith(("pack", "ledger")):
        while server.process.poll() is None:
            try:
                server.query("OPTIMIZE TABLE t")
            except Exception:  # noqa: BLE001 (it died meanwhile)
                break
    for thread in threads:
        thread.join()
    server.wait()
    server.start()
    there = [n for n, in server.rows("SELECT n FROM t")]
    acknowledged = set().union(*known)
    assert len(there) == len(set(there)) and acknowledged <= set(there)
    assert len(set(there) - acknowledged) <= 8


def test_native(tmp_path):
    server = Server(tmp_path, native=True)
    server.query("CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n")
    settings = [(name, str(value), 0) for name, value in SLOW.items()]
    with Raw(server) as first, Raw(server) as second:
        for connection, value in [(first, 1), (second, 2)]:
            connection.send(query("INSERT INTO t VALUES", query_id=f"native{value}", settings=settings) + block())
            while connection.packet()[0] != SERVER_DATA:
                pass
            connection.send(block([("n", "UInt8", bytes([value]))], 1) + block())
        wait_until(lambda: waiting(server) == 2, "both wait")
        assert server.rows("SELECT format FROM system.asynchronous_inserts") == [["Native"]]
        server.query("SYSTEM FLUSH ASYNC INSERT QUEUE")
        for connection in first, second:
            assert connection.packets()[-1][0] == END_OF_STREAM
            assert connection.ping()
    assert server.rows("SELECT n FROM t ORDER BY n") == [[1], [2]]
    assert server.stop() == 0
