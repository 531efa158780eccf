"""DELETE and UPDATE: beside a source that runs, across restarts and backups, as the second readers see them; what is shown of them."""
import subprocess
import sys
import threading

import pytest

from test_kafka import check_ledger, create, counts, messages, rows
from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import pack_reader  # noqa: E402


def check(server):
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def read_back(server, table, column):
    """Values of a column in all live segments, by the second reader."""
    found = []
    for _, name, names, columns in pack_reader.read_data(server.data):
        if name == table:
            found += [kind.text(value) for number, kind, values in columns if names[number] == column for value in values]
    return sorted(found)


def test_beside_a_source(make_server, broker):
    """Rows that only heads hold are deleted too; what comes meanwhile stays, and nothing is read again."""
    server, topic = make_server(), "mutations"
    broker.create_topic(topic, 2)
    broker.produce(topic, messages(0, 3000))
    create(server, broker, topic, start="earliest", commit_interval_ms=3600000)
    wait_until(lambda: server.value("SELECT count() FROM flights") == 3000, "all rows are visible")
    server.query("DELETE FROM flights WHERE n % 2 = 0")
    assert server.value("SELECT count() FROM flights") == 1500
    assert server.value("SELECT countIf(n % 2 = 0) FROM flights") == 0

    producer = threading.Thread(target=lambda: [broker.produce(topic, messages(3000 + 300 * k, 300)) for k in range(20)])
    producer.start()
    for digit in range(4):
        server.query(f"DELETE FROM flights WHERE n % 10 = {digit}")
        server.query("ALTER TABLE flights UPDATE delay = 1000 WHERE n % 10 = 7")
    producer.join()

    def all_stored():
        server.query("DELETE FROM flights WHERE 0")  # what heads hold is committed
        return counts(server)["stored"] == 9000

    wait_until(all_stored, "all rows came")
    for digit in range(4):
        server.query(f"DELETE FROM flights WHERE n % 10 = {digit}")
    server.query("ALTER TABLE flights UPDATE delay = 1000 WHERE n % 10 = 7")
    left = [n for n in range(9000) if n % 10 > 3 and (n >= 3000 or n % 2 == 1)]
    assert server.rows("SELECT n, delay FROM flights ORDER BY n") == [[n, 1000 if n % 10 == 7 else n % 61 - 20] for n in left]
    assert counts(server)["stored"] == 9000
    check_ledger(server)
    assert rows(server, "VERIFY TABLE flights")[0]["is_whole"] == 1
    server.query("OPTIMIZE TABLE flights FINAL")
    assert server.value("SELECT sum(deleted_rows) FROM system.segments") == 0
    assert server.stop() == 0
    check(server)
    assert read_back(server, "flights", "n") == left
    server.start()
    assert server.value("SELECT count() FROM flights") == len(left)
    assert server.value("SELECT uniqExact(_partition, _offset) FROM flights") == len(left)


def test_second_readers_and_backups(make_server):
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s LowCardinality(String), a Array(String)) ENGINE = MergeTree PARTITION BY n % 2 ORDER BY n")
    server.query("INSERT INTO t SELECT number, toString(number % 50), [toString(number)] FROM numbers(20000)")
    server.query("DELETE FROM t WHERE n % 3 = 0 OR n BETWEEN 5000 AND 12000")
    server.query("ALTER TABLE t UPDATE s = 'changed' WHERE n % 100 = 1")
    left = [n for n in range(20000) if n % 3 != 0 and not 5000 <= n <= 12000]
    names = [["changed" if n % 100 == 1 else str(n % 50), n] for n in left]
    assert server.rows("SELECT s, n FROM t ORDER BY n") == names
    server.query("BACKUP TABLE t TO 'one'")
    server.query("DELETE FROM t WHERE n > 100")
    server.query("RESTORE TABLE t AS again FROM 'one'")
    assert server.rows("SELECT s, n FROM again ORDER BY n") == names
    server.query("DELETE FROM again WHERE n < 100")
    assert server.value("SELECT count() FROM again") == len([n for n in left if n >= 100])
    assert rows(server, "VERIFY TABLE again")[0]["is_whole"] == 1
    server.query("ALTER TABLE t DETACH PARTITION 0")
    server.query("ALTER TABLE t ATTACH PARTITION 0")
    assert server.value("SELECT count() FROM t") == len([n for n in left if n <= 100])
    assert server.stop() == 0
    check(server)
    assert read_back(server, "again", "n") == [n for n in left if n >= 100]
    assert read_back(server, "t", "n") == [n for n in left if n <= 100]
    server.start()
    assert server.value("SELECT count() FROM again") == len([n for n in left if n >= 100])


def test_what_is_shown(make_server):
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t SELECT number, toString(number) FROM numbers(1000)")
    server.query("DELETE FROM t WHERE n < 100")
    server.query("ALTER TABLE t UPDATE s = concat(s, '!') WHERE n = 500")
    with pytest.raises(QueryError) as failed:
        server.query("ALTER TABLE t UPDATE s = throwIf(n > 500)::String WHERE n > 400")
    assert failed.value.code == 395
    assert server.rows("SELECT database, table, command, is_done, is_killed, rows, segments, latest_fail_error_code_name FROM system.mutations ORDER BY create_time, mutation_id") == [
        ["default", "t", "(DELETE WHERE n < 100)", 1, 0, 100, 1, ""],
        ["default", "t", "(UPDATE s = concat(s, '!') WHERE n = 500)", 1, 0, 1, 1, ""],
        ["default", "t", "(UPDATE s = CAST(throwIf(n > 500), 'String') WHERE n > 400)", 0, 0, 0, 0, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"],
    ]
    assert server.value("SELECT groupArray(s) FROM t WHERE n = 500") == ["500!"]
    assert server.rows("SELECT rows, deleted_rows FROM system.segments WHERE table = 't' ORDER BY rows") == [[1, 0], [1000, 101]]
    assert server.rows("SELECT has_lightweight_delete FROM system.parts WHERE table = 't' ORDER BY rows") == [[0], [1]]
    assert server.value("SELECT total_rows FROM system.tables WHERE name = 't'") == 900
    server.query("ALTER TABLE t HOLD 'case 4711'")
    for statement in ("DELETE FROM t WHERE 1", "ALTER TABLE t UPDATE s = '' WHERE 1"):
        with pytest.raises(QueryError) as refused:
            server.query(statement)
        assert refused.value.code == 1105 and "case 4711" in refused.value.message
    assert server.value("SELECT count() FROM t") == 900
    server.query("ALTER TABLE t RELEASE HOLD 'case 4711'")
    server.query("DELETE FROM t WHERE {low:UInt64} <= n", param_low=200)
    assert server.value("SELECT count() FROM t") == 100


def test_kill_mutation(make_server):
    """It ends the statement that waits for the mutation; nothing is changed. Those that ended are finished."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t SELECT number FROM numbers(1000)")
    assert server.query("KILL MUTATION WHERE 1") == ""
    assert server.query("KILL MUTATION WHERE 0 FORMAT TabSeparatedWithNames") == "kill_status\tdatabase\ttable\tmutation_id\tcommand\n"
    server.query("DELETE FROM t WHERE n = 1")
    done = "default\tt\tmutation_1\t(DELETE WHERE n = 1)\n"
    for mode, status in [("", "finished"), ("SYNC", "finished"), ("ASYNC", "finished"), ("TEST", "finished")]:
        assert server.query(f"KILL MUTATION WHERE database = 'default' AND table = 't' {mode}") == f"{status}\t{done}"
    endless = "n IN (SELECT max(sipHash64(number)) FROM numbers(1000000000000))"
    for k, mode, status in [(2, "ASYNC", "waiting"), (3, "SYNC", "finished")]:
        failures = []

        def delete():
            try:
                server.query(f"ALTER TABLE t DELETE WHERE {endless}")
            except QueryError as error:
                failures.append(error.code)

        thread = threading.Thread(target=delete)
        thread.start()
        wait_until(lambda: server.value(f"SELECT count() FROM system.mutations WHERE mutation_id = 'mutation_{k}' AND query_id != ''") == 1, "it runs")
        assert server.query(f"KILL MUTATION WHERE mutation_id = 'mutation_{k}' TEST").startswith("unknown_status\tdefault\tt\t")
        assert server.query(f"KILL MUTATION WHERE NOT is_done AND mutation_id = 'mutation_{k}' {mode}").startswith(f"{status}\tdefault\tt\tmutation_{k}\t")
        thread.join()
        assert failures == [394]
        assert server.query(f"SELECT is_done, is_killed, latest_fail_error_code_name FROM system.mutations WHERE mutation_id = 'mutation_{k}'") == "0\t1\tQUERY_WAS_CANCELLED\n"
    assert server.query("SELECT count() FROM t") == "999\n"
    for statement, code in [("KILL MUTATION", 62), ("KILL MUTATION WHERE", 62), ("KILL MUTATION WHERE nothing = 1", 47), ("KILL MUTATION ON CLUSTER c WHERE 1", 48), ("KILL PART_MOVE_TO_SHARD WHERE 1", 48)]:
        with pytest.raises(QueryError) as error:
            server.query(statement)
        assert error.value.code == code, statement
