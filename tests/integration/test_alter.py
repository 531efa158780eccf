"""ALTER TABLE of a table that a source feeds: what is read before and after, restarts, and targets that are gone."""
import json

import pytest

from weir import QueryError, wait_until

SOURCE = """CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{}', topic = '{}') FORMAT JSONEachRow
SETTINGS start = 'earliest', commit_interval_ms = 200"""


def rows(server, sql):
    return [json.loads(line) for line in server.query(sql, default_format="JSONCompactEachRow").splitlines()]


def wait_rows(server, count, table="t"):
    wait_until(lambda: rows(server, f"SELECT count() FROM {table}") == [[count]], f"{count} rows in {table}")


def produce(broker, topic, begin, end):
    broker.produce(topic, [json.dumps({"n": n, "v": str(n), "late": n * 10, "seed": n % 7}) for n in range(begin, end)])


def test_running_source(make_server, broker):
    server = make_server()
    broker.create_topic("alter", 2)
    server.query("CREATE TABLE t (n UInt32, v String, doubled UInt64 ALIAS n * 2) ENGINE = MergeTree ORDER BY n")
    server.query(SOURCE.format(broker.address, "alter"))
    produce(broker, "alter", 0, 300)
    wait_rows(server, 300)
    server.query("ALTER TABLE t ADD COLUMN late UInt32 DEFAULT 7, MODIFY COLUMN v UInt32, ADD COLUMN m UInt64 MATERIALIZED n + v")
    server.query("ALTER TABLE t ADD COLUMN seed UInt8 EPHEMERAL 1, ADD COLUMN grown UInt32 DEFAULT seed * 100")
    # the source connects anew: what it decodes from then on has the new columns
    wait_until(
        lambda: produce(broker, "alter", 300, 301) is None and rows(server, "SELECT count() > 0 FROM t WHERE n = 300 AND late = 3000 AND grown = 600") == [[1]],
        "a row of the new version",
    )
    server.query("SELECT throwIf(late != 7 OR m != n + v OR grown != 100) FROM t WHERE n < 300")
    produce(broker, "alter", 301, 600)
    wait_until(lambda: rows(server, "SELECT uniqExact(n) FROM t") == [[600]], "all numbers")
    shown = "SELECT n, v, late, m, doubled, grown FROM t WHERE n != 300 ORDER BY n"
    expected = [[n, n, 7, 2 * n, 2 * n, 100] for n in range(300)] + [[n, n, n * 10, 2 * n, 2 * n, n % 7 * 100] for n in range(301, 600)]
    assert rows(server, shown) == expected
    server.query("OPTIMIZE TABLE t FINAL")
    assert rows(server, shown) == expected
    server.query("INSERT INTO t (n, v) VALUES (1000, 5)")
    server.query("ALTER TABLE t RENAME COLUMN late TO later, DROP COLUMN grown")
    server.restart()
    assert rows(server, "SELECT n, v, later, m FROM t WHERE n IN (5, 400, 1000) ORDER BY n") == [[5, 5, 7, 10], [400, 400, 4000, 800], [1000, 5, 7, 1005]]
    assert rows(server, "VERIFY TABLE t")


def test_insert_log_of_an_older_version(make_server):
    """Small INSERTs that are only in the insert log keep what they were when the server dies, whatever was altered."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt32, v String) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t VALUES (1, '10'), (2, '20')")
    server.query("ALTER TABLE t MODIFY COLUMN v UInt8, ADD COLUMN w UInt16 DEFAULT v * 100")
    server.query("INSERT INTO t (n, v) VALUES (3, 30)")
    expected = [[1, 10, 1000], [2, 20, 2000], [3, 30, 3000]]
    assert rows(server, "SELECT * FROM t ORDER BY n") == expected
    server.kill()
    server.start()
    assert rows(server, "SELECT * FROM t ORDER BY n") == expected


def test_tables_of_the_server(shared):
    with pytest.raises(QueryError) as error:
        shared.query("ALTER TABLE system.dead_letters ADD COLUMN x UInt8")
    assert error.value.code == 497


@pytest.mark.parametrize("alter", ["RENAME TABLE s TO t", "ALTER TABLE s ADD COLUMN x UInt8 DEFAULT v + 1"])
def test_rows_of_the_log_before_an_alter(make_server, alter):
    """Rows that were in the insert log when their table was altered, and the server died: they are stored by the expressions of that time."""
    server = make_server()
    server.query("CREATE TABLE s (ts DateTime, v UInt8 DEFAULT 7, k String) ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (lower(k), ts)")
    server.query("INSERT INTO s (ts, k) VALUES (1700000000, 'a')")
    server.query(alter)
    server.kill()
    server.start()
    table = "t" if "RENAME" in alter else "s"
    server.query(f"INSERT INTO {table} (ts, k) VALUES (1700000000, 'b')")
    server.query(f"OPTIMIZE TABLE {table}")
    assert server.rows(f"SELECT k, v, toYYYYMM(ts) FROM {table} ORDER BY k") == [["a", 7, 202311], ["b", 7, 202311]]
