"""Materialized views equal their SELECT over the table, whatever came in between."""
import pathlib
import random
import re
import subprocess
import sys
import threading

import pytest

from weir import WEIR, QueryError, wait_until

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "format"))
import ledger_reader  # noqa: E402

TABLE = """CREATE TABLE s (id UInt64, ts DateTime, k LowCardinality(String), v Int32)
           ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (k, ts)"""
MINUTES = """SELECT toStartOfMinute(ts) AS m, k, count() AS n, sum(v) AS total, min(v) AS low, max(id) AS last,
             uniqExact(v) AS u, quantileExact(0.5)(v) AS middle, sum(v) / count() AS mean FROM s GROUP BY m, k"""
WHOLE = "SELECT count() AS n, sum(v) AS total, max(ts) AS t FROM s"
RARE = "SELECT k, v % 7 AS r, countIf(v > 500) AS many FROM s WHERE id % 2 = 0 GROUP BY k, r HAVING count() > 3"
SUMS = "SELECT k, count() AS n, toInt64(sum(v)) AS total FROM s GROUP BY k"
THIRDS = "SELECT id, k, v AS w FROM s WHERE v % 3 = 0"

# name → what makes it, how it is read, what it must be
VIEWS = {
    "minutes": (f"CREATE MATERIALIZED VIEW minutes PARTITION BY toYYYYMM(m) AS {MINUTES}", "SELECT * FROM minutes", MINUTES),
    "whole": (f"CREATE MATERIALIZED VIEW whole AS {WHOLE}", "SELECT * FROM whole", WHOLE),
    "rare": (f"CREATE MATERIALIZED VIEW rare AS {RARE}", "SELECT * FROM rare", RARE),
    "sums": (
        f"CREATE MATERIALIZED VIEW sums ENGINE = SummingMergeTree ORDER BY k POPULATE AS {SUMS}",
        "SELECT k, n, total FROM sums FINAL",
        SUMS,
    ),
    "thirds": (f"CREATE MATERIALIZED VIEW thirds ORDER BY id AS {THIRDS}", "SELECT * FROM thirds", THIRDS),
}
CHAIN = (
    "CREATE MATERIALIZED VIEW chain ENGINE = SummingMergeTree ORDER BY k POPULATE AS SELECT k, count() AS n FROM thirds GROUP BY k",
    "SELECT k, n FROM chain FINAL",
    "SELECT k, count() AS n FROM s WHERE v % 3 = 0 GROUP BY k",
)


def lines(server, sql):
    return sorted(server.query(sql).splitlines())


def check(server, views):
    for name in views:
        _, read, right = CHAIN if name == "chain" else VIEWS[name]
        assert lines(server, read) == lines(server, right), name


def values(chance, first, count):
    return ",".join(
        f"({first + i}, {chance.randrange(1_700_000_000, 1_700_004_000)}, 'k{chance.randrange(5)}', {chance.randrange(1000)})"
        for i in range(count)
    )


def small(server, chance, count=None):
    server.query(f"INSERT INTO s VALUES {values(chance, chance.randrange(1 << 40), count or chance.randrange(1, 40))}")


def large(server, chance):
    """Past the insert log: straight into a pack."""
    first = chance.randrange(1 << 40)
    server.query(
        f"INSERT INTO s SELECT {first} + number, toDateTime(1700000000 + number % 4000), concat('k', toString(number % 5), repeat('x', 30)), "
        "toInt32(number % 1000) FROM numbers(700000)"
    )


FAULTS = ["pack_sync=kill", "pack_write=kill:2", "ledger_append=kill", "ledger_sync=kill", "insert_log_sync=kill", "pack_write=enospc", "ledger_sync=kill:2"]


@pytest.mark.parametrize("seed", [1, 2])
def test_random(make_server, seed):
    """A mix of inserts, flushes, merges, new views, stops and deaths at failpoints."""
    chance = random.Random(seed)
    print("seed", seed)
    server = make_server()
    server.query(TABLE)
    views, steps = [], 0
    waiting = [*VIEWS]
    chance.shuffle(waiting)

    def step():
        what = chance.random()
        if what < 0.55:
            small(server, chance)
        elif what < 0.6:
            large(server, chance)
        elif what < 0.75:
            server.query("OPTIMIZE TABLE s")
        elif what < 0.85:
            server.query(f"OPTIMIZE TABLE {chance.choice(['s', *views])} FINAL")
        elif waiting:
            name = waiting.pop()
            server.query(VIEWS[name][0])
            views.append(name)
            if name == "thirds":
                server.query(CHAIN[0])
                views.append("chain")
        else:
            check(server, views)

    while steps < 30:
        fault = chance.choice(FAULTS)
        assert server.stop() == 0
        server.start(environment={"WEIR_FAILPOINTS": fault})
        for _ in range(chance.randrange(3, 12)):
            steps += 1
            known = [*views], [*waiting]
            try:
                step()
            except QueryError as error:  # a full disk; what was being made is not there
                assert "space" in str(error), error
                views, waiting = known
                break
            except OSError:  # it died; what was being made is there, or is not
                break
        chance.choice([server.stop, server.kill])()  # if it did not die
        server.start()
        there = {row[0] for row in server.rows("SELECT name FROM system.tables WHERE engine = 'MaterializedView'")}
        views[:] = [name for name in [*VIEWS, "chain"] if name in there]
        waiting[:] = [name for name in VIEWS if name not in there]
        inner = server.value("SELECT count() FROM system.tables WHERE name LIKE '.inner_id.%'")
        assert inner == len(views)
        check(server, views)
    for name in waiting:
        server.query(VIEWS[name][0])
    small(server, chance)
    check(server, VIEWS)
    assert server.restart()
    check(server, VIEWS)
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ledger_reader.read_ledger(server.data / "ledger")


STATES = ["minutes", "whole", "rare"]
NULLS = (
    "CREATE MATERIALIZED VIEW missing AS SELECT nullIf(k, 'k1') AS key, v % 2 AS odd, groupUniqArray(id) AS ids FROM s WHERE v != 500 GROUP BY key, odd",
    "SELECT key, odd, arraySort(ids) FROM missing",
    "SELECT nullIf(k, 'k1') AS key, v % 2 AS odd, arraySort(groupUniqArray(id)) FROM s WHERE v != 500 GROUP BY key, odd",
)

PANES = "SELECT hop(ts, INTERVAL 1 MINUTE, INTERVAL 5 MINUTE) AS win, k, count() AS n FROM s GROUP BY win, k"


def test_changed_rows(make_server):
    """DELETE and UPDATE make the keys of their rows anew, in one commit: also with deaths in the middle of it."""
    chance = random.Random(11)
    server = make_server()
    server.query(TABLE)
    for name in STATES:
        server.query(VIEWS[name][0])
    server.query(NULLS[0])
    server.query(f"CREATE MATERIALIZED VIEW panes AS {PANES}")

    def right():
        check(server, STATES)
        assert lines(server, "SELECT * FROM panes") == lines(server, PANES)
        assert lines(server, NULLS[1]) == lines(server, NULLS[2])

    def change():
        low = 1_700_000_000 + chance.randrange(4000)
        where = chance.choice(
            [f"v % {chance.randrange(2, 30)} = 0", f"ts BETWEEN {low} AND {low + 200}", f"k = 'k{chance.randrange(5)}' AND v < 300", f"id % 9 = {chance.randrange(9)}"]
        )
        what = chance.choice(["DELETE FROM s WHERE", "ALTER TABLE s DELETE WHERE", "ALTER TABLE s UPDATE v = v + 1 WHERE", "ALTER TABLE s UPDATE v = 500 WHERE"])
        server.query(f"{what} {where}")

    for fault in ["", "ledger_append=kill:2", "ledger_sync=kill:2", "pack_sync=kill:2", "pack_sync=enospc:3"]:
        server.stop()
        server.start(environment={"WEIR_FAILPOINTS": fault} if fault else {})
        for _ in range(6):
            try:
                small(server, chance, 60)
                change()
                if chance.random() < 0.3:
                    server.query(f"OPTIMIZE TABLE {chance.choice(['s', *STATES])} FINAL")
                right()
            except QueryError as error:
                assert "space" in str(error), error
            except OSError:
                break
        chance.choice([server.stop, server.kill])()
        server.start()
        right()
    server.query("DELETE FROM s WHERE 1")
    small(server, chance, 10)
    right()
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ledger_reader.read_ledger(server.data / "ledger")


def test_changed_under_load(make_server):
    """Rows come, leave and change while views are made: a reader sees a change of table and views at one moment."""
    server = make_server()
    server.query(TABLE)
    small(server, random.Random(0), 1000)
    server.query(VIEWS["whole"][0])
    stop, errors = threading.Event(), []

    def run(work):
        try:
            while not stop.is_set():
                work()
        except Exception as error:  # pylint: disable=broad-except
            errors.append(error)

    chance, other = random.Random(3), random.Random(4)
    threads = [
        threading.Thread(target=run, args=(lambda: small(server, chance),)),
        threading.Thread(target=run, args=(lambda: server.query(f"DELETE FROM s WHERE id % 11 = {other.randrange(11)}"),)),
        threading.Thread(target=run, args=(lambda: server.query(f"ALTER TABLE s UPDATE v = v + 7 WHERE k = 'k{other.randrange(5)}'"),)),
        threading.Thread(target=run, args=(lambda: server.query("OPTIMIZE TABLE whole FINAL"),)),
    ]
    for thread in threads:
        thread.start()
    for name in ("minutes", "rare"):
        server.query(VIEWS[name][0])
    for _ in range(60):
        (whole,), (rare,) = server.rows("SELECT n FROM whole"), server.rows("SELECT sum(n) FROM minutes")
        assert int(whole[0]) >= 0 and int(rare[0]) >= 0
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors, errors
    check(server, STATES)
    server.query("OPTIMIZE TABLE s")
    check(server, STATES)


def test_changed_without_views(make_server):
    """What a view cannot be made anew from is refused; the setting changes the table's rows alone."""
    server = make_server()
    server.query(TABLE)
    server.query(VIEWS["whole"][0])
    server.query("CREATE MATERIALIZED VIEW by_k AS SELECT k, count() AS n, sum(v) AS t FROM s GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW late EMPTY AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1), (2, 1700000001, 'b', 2), (3, 1600000000, 'a', 3), (4, 1600000000, 'c', 4)")
    server.query("OPTIMIZE TABLE s")
    server.query("ALTER TABLE s DROP PARTITION 202009")
    with pytest.raises(QueryError, match=r"materialized view default.(whole: it counts 4|by_k: it counts 2) rows of the key .*, the table has [12] of them") as error:
        server.query("DELETE FROM s WHERE id = 1")
    assert error.value.code == 630
    server.query("DROP VIEW whole")
    with pytest.raises(QueryError, match=r"default.by_k: it counts 2 rows of the key \('a'\), the table has 1 of them.*mutations_change_views = 0"):
        server.query("DELETE FROM s WHERE id = 1")
    assert lines(server, "SELECT k, n, t FROM by_k") == ["a\t2\t4", "b\t1\t2", "c\t1\t4"]
    server.query("DELETE FROM s WHERE id = 2")  # of this key all rows are there
    assert lines(server, "SELECT k, n, t FROM by_k") == ["a\t2\t4", "c\t1\t4"]
    assert lines(server, "SELECT * FROM late") == ["a\t2", "c\t1"]
    server.query("DELETE FROM s WHERE id = 1 SETTINGS mutations_change_views = 0")
    assert lines(server, "SELECT k, n, t FROM by_k") == ["a\t2\t4", "c\t1\t4"]
    assert server.query("SELECT count() FROM s") == "0\n"
    # what a view has forgotten stays away
    server.query("INSERT INTO s VALUES (5, 1700000000, 'd', 5), (6, 1700000000, 'd', 6), (7, 1700000000, 'e', 7)")
    server.query("OPTIMIZE TABLE s")
    server.query("TRUNCATE TABLE by_k")
    server.query("INSERT INTO s VALUES (8, 1700000000, 'e', 8)")
    server.query("DELETE FROM s WHERE id = 5")
    assert lines(server, "SELECT k, n, t FROM by_k") == ["e\t1\t8"]
    with pytest.raises(QueryError, match="counts 1 rows of the key \\('e'\\), the table has 2: the view was made with EMPTY, or lost some"):
        server.query("DELETE FROM s WHERE id = 7")


def test_made_under_load(make_server):
    """Views are made while small and large INSERTs run and their rows are flushed: no row is missing, none comes twice."""
    server = make_server()
    server.query(TABLE)
    small(server, random.Random(0), 1000)
    large(server, random.Random(3))
    stop, errors = threading.Event(), []

    def run(work):
        try:
            while not stop.is_set():
                work()
        except Exception as error:  # pylint: disable=broad-except
            errors.append(error)

    chances = [random.Random(7), random.Random(8)]
    threads = [threading.Thread(target=run, args=(lambda c=c: small(server, c),)) for c in chances]
    threads += [
        threading.Thread(target=run, args=(lambda: large(server, chances[0]),)),
        threading.Thread(target=run, args=(lambda: server.query("OPTIMIZE TABLE s"),)),
    ]
    for thread in threads:
        thread.start()
    for name, (create, _, _) in VIEWS.items():
        server.query(create)
        if name == "thirds":
            server.query(CHAIN[0])
    seen = 0
    for _ in range(200):  # rows never leave a view, in whatever place they are
        now = server.value("SELECT n FROM whole")
        assert now >= seen
        seen = now
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors, errors
    check(server, [*VIEWS, "chain"])
    server.query("OPTIMIZE TABLE s")
    check(server, [*VIEWS, "chain"])
    server.kill()
    server.start()
    check(server, [*VIEWS, "chain"])


def test_kafka(make_server, broker):
    """Rows of a source reach its views with the head, with commits, and after a kill."""
    topic, server = "views_feed", make_server()
    broker.create_topic(topic, 2)
    server.query(TABLE)
    server.query(VIEWS["minutes"][0])
    server.query(VIEWS["whole"][0])
    server.query(
        f"CREATE SOURCE feed INTO s FROM KAFKA (brokers = '{broker.address}', topic = '{topic}') FORMAT JSONEachRow "
        "SETTINGS start = 'earliest', commit_interval_ms = 300"
    )
    chance, sent = random.Random(5), 0

    def produce(count):
        nonlocal sent
        broker.produce(
            topic,
            [
                f'{{"id": {sent + i}, "ts": {1_700_000_000 + chance.randrange(4000)}, "k": "k{i % 3}", "v": {i % 100}}}'.encode()
                for i in range(count)
            ],
        )
        sent += count

    for death in (False, True, False):
        produce(5000)
        wait_until(lambda: server.value("SELECT n FROM whole") == sent, "the view sees what was produced")
        server.query(VIEWS["thirds"][0] if death else "SELECT 1")
        if death:
            produce(3000)
            server.kill()
            server.start()
            wait_until(lambda: server.value("SELECT count() FROM s") == sent, "all is read again")
        check(server, ["minutes", "whole"])
    check(server, ["minutes", "whole", "thirds"])
    server.restart()
    wait_until(lambda: server.value("SELECT count() FROM s") == sent, "all is there")
    check(server, ["minutes", "whole", "thirds"])


def test_failing(make_server):
    """A SELECT that fails over new rows stops its view, in the commit; rows and other views go on."""
    server = make_server()
    server.query(TABLE)
    server.query(VIEWS["whole"][0])
    server.query("CREATE MATERIALIZED VIEW bad AS SELECT throwIf(v = 666) AS x, count() AS n FROM s GROUP BY x")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1)")
    assert server.query("SELECT n FROM bad") == "1\n"
    server.query("INSERT INTO s VALUES (2, 1700000000, 'a', 666)")
    with pytest.raises(QueryError, match="materialized view default.bad.*throwIf") as error:
        server.query("SELECT n FROM bad")
    assert error.value.code == 395  # it may still be that the rows leave before they are committed
    server.query("OPTIMIZE TABLE s")
    for _ in range(2):
        with pytest.raises(QueryError, match="default.bad misses rows: it stopped .*throwIf.*CREATE OR REPLACE") as error:
            server.query("SELECT n FROM bad")
        assert error.value.code == 1106
        assert "throwIf" in server.value("SELECT stopped FROM system.tables WHERE name = 'bad'")
        check(server, ["whole"])
        server.restart()
    server.query("RENAME TABLE bad TO worse")
    server.restart()
    with pytest.raises(QueryError, match="default.worse misses rows"):
        server.query("SELECT n FROM worse")
    server.query("DROP VIEW worse")
    assert server.query("SELECT count() FROM system.tables WHERE name LIKE '.inner_id.%'") == "1\n"
    server.query("INSERT INTO s VALUES (3, 1700000000, 'a', 5)")
    check(server, ["whole"])


def test_statements(make_server):
    """What may be done to views, and to tables that they have to do with."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'before', 1)")
    server.query("CREATE MATERIALIZED VIEW v TO t AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1), (2, 1700000001, 'b', 2), (3, 1700000002, 'a', 3)")
    for _ in range(2):  # from the head, from segments; of the rows that came after the view
        assert lines(server, "SELECT * FROM v FINAL") == lines(server, "SELECT * FROM t FINAL") == ["a\t2", "b\t1"]
        server.query("OPTIMIZE TABLE s")
    server.query("CREATE MATERIALIZED VIEW w ORDER BY k AS SELECT k, count() AS n FROM s GROUP BY k")
    refused = {
        "DROP TABLE t": 630,
        "EXCHANGE TABLES s AND t": 630,
        "CREATE OR REPLACE TABLE s (a UInt8) ENGINE = MergeTree ORDER BY a": 630,
        "ALTER TABLE s DROP COLUMN k": 524,
        "ALTER TABLE s RENAME COLUMN k TO kk": 524,
        "INSERT INTO w VALUES ('a', 1)": 48,
        "CREATE MATERIALIZED VIEW v TO t AS SELECT k FROM s": 57,
        "CREATE MATERIALIZED VIEW x TO t AS SELECT k, 1 AS zz FROM s": 8,
        "CREATE MATERIALIZED VIEW x TO nope AS SELECT k FROM s": 60,
        "CREATE MATERIALIZED VIEW x TO s AS SELECT * FROM s": 269,
        "CREATE MATERIALIZED VIEW x TO s AS SELECT 1::UInt64 AS id, k FROM t": 269,
        "CREATE MATERIALIZED VIEW x TO t AS SELECT toString(number) AS k FROM numbers(3)": 397,
        "CREATE MATERIALIZED VIEW x TO t AS SELECT 'a' AS k": 397,
        "CREATE MATERIALIZED VIEW x TO t AS SELECT k FROM s UNION ALL SELECT k FROM s": 397,
        "CREATE MATERIALIZED VIEW x AS SELECT n, count() FROM w GROUP BY n": 397,
        "CREATE MATERIALIZED VIEW x AS SELECT k, count() FROM s GROUP BY k WITH TOTALS": 48,
        "CREATE MATERIALIZED VIEW x AS SELECT k, count() FROM s GROUP BY k LIMIT 3": 48,
        "CREATE MATERIALIZED VIEW x TO t POPULATE AS SELECT k FROM s": 48,
        "CREATE MATERIALIZED VIEW x SQL SECURITY DEFINER AS SELECT k FROM s": 48,
        "SELECT * FROM w FINAL WHERE nothing = 1": 47,
    }
    for statement, code in refused.items():
        with pytest.raises(QueryError) as error:
            server.query(statement)
        assert error.value.code == code, (statement, error.value.message)
    assert server.query("SELECT count() FROM system.tables WHERE name LIKE '.inner_id.%'") == "1\n"
    assert server.rows("SELECT dependencies_table FROM system.tables WHERE name = 's'") == [[["v", "w"]]]
    assert server.query("EXISTS VIEW w") == "1\n"
    assert "ORDER BY k\nAS SELECT" in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")
    server.query("ALTER TABLE s ADD COLUMN extra String")
    server.query("INSERT INTO s (k, extra) VALUES ('a', 'x')")
    right = ["a\t3", "b\t1", "before\t1"]
    assert lines(server, "SELECT * FROM w") == right
    for condition, found in {"k = 'a'": right[:1], "k != 'a' AND n < 2": right[1:], "n > 1": right[:1], "n > 1 OR k = 'b'": right[:2]}.items():
        assert lines(server, f"SELECT * FROM w WHERE {condition}") == found  # conditions on keys go below its GROUP BY
    assert "Filter: k = \\'a\\'" in server.query("EXPLAIN indexes = 1 SELECT * FROM w WHERE k = 'a' AND n > 1")
    server.query("RENAME TABLE w TO w2")
    assert lines(server, "SELECT * FROM w2") == right
    server.query("TRUNCATE TABLE s")  # the view outlives the rows, those in the head too
    assert lines(server, "SELECT * FROM w2") == right
    server.query("DROP TABLE s")
    server.restart()
    assert lines(server, "SELECT * FROM w2") == right
    server.query(TABLE)
    server.query("INSERT INTO s (k) VALUES ('b')")
    assert lines(server, "SELECT * FROM w2") == ["a\t3", "b\t2", "before\t1"]
    server.query("TRUNCATE TABLE w2")
    assert lines(server, "SELECT * FROM w2") == []
    server.query("DROP VIEW w2")
    server.query("DROP VIEW v")
    server.query("DROP TABLE t")
    assert server.query("SHOW TABLES") == "s\n"


def test_backup(make_server, tmp_path):
    server = make_server("--backups-path", str(tmp_path / "backups"))
    server.query(TABLE)
    for name in ("minutes", "sums"):
        server.query(VIEWS[name][0])
    small(server, random.Random(4), 500)
    server.query("BACKUP DATABASE default TO 'one'")
    for name in ("minutes", "sums"):
        server.query(f"DROP VIEW {name}")
    server.query("DROP TABLE s")
    server.query("RESTORE DATABASE default FROM 'one'")
    check(server, ["minutes", "sums"])
    small(server, random.Random(9), 50)
    check(server, ["minutes", "sums"])
    server.restart()
    check(server, ["minutes", "sums"])
    assert not re.search("level=error", server.log_text())


def test_backup_of_a_view_alone(make_server, tmp_path):
    """A view that is named, or left out, is so with its own table; what cannot be restored is refused before anything is."""
    server = make_server("--backups-path", str(tmp_path / "backups"))
    server.query("CREATE DATABASE a")
    server.query("CREATE TABLE a.s (k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE TABLE a.t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW a.w AS SELECT k, count() AS n FROM a.s GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW a.x TO a.t AS SELECT k, count() AS n FROM a.s GROUP BY k")
    server.query("INSERT INTO a.s VALUES ('a', 1), ('a', 2), ('b', 3)")
    server.query("BACKUP TABLE a.w TO 'view'")
    server.query("BACKUP DATABASE a TO 'all'")
    server.query("BACKUP DATABASE a EXCEPT TABLES a.w TO 'without'")
    names = "SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database = '{}' AND name NOT LIKE '.inner%' ORDER BY name)"
    own = "SELECT count() FROM system.tables WHERE name LIKE '.inner_id.%'"
    for statement in ("RESTORE DATABASE a AS b FROM 'all'", "RESTORE TABLE a.w AS a.w2 FROM 'view'"):
        with pytest.raises(QueryError, match="EXCEPT TABLES leaves it out") as error:
            server.query(statement)
        assert error.value.code == 48
    assert server.value(names.format("b")) == [] and server.value(own) == 1
    server.query("DROP VIEW a.w")
    server.query("RESTORE TABLE a.w FROM 'view'")
    server.query("INSERT INTO a.s VALUES ('b', 4)")
    for _ in range(2):
        assert lines(server, "SELECT * FROM a.w") == ["a\t2", "b\t2"]
        server.restart()
    server.query("DROP DATABASE a SYNC")
    server.query("RESTORE DATABASE a EXCEPT TABLES a.w FROM 'all'")
    assert server.value(names.format("a")) == ["s", "t", "x"] and server.value(own) == 0
    server.query("DROP DATABASE a SYNC")
    server.query("RESTORE DATABASE a FROM 'without'")
    assert server.value(names.format("a")) == ["s", "t", "x"] and server.value(own) == 0
    server.query("RESTORE TABLE a.w FROM 'view'")
    server.query("INSERT INTO a.s VALUES ('a', 5)")
    assert lines(server, "SELECT * FROM a.w") == ["a\t3", "b\t1"] == lines(server, "SELECT k, sum(n) FROM a.x GROUP BY k")


def test_rows_that_come_while_a_view_is_restored(make_server, tmp_path):
    """Rows that are inserted as soon as the table is there come to its views, too."""
    server = make_server("--backups-path", str(tmp_path / "backups"))
    server.query("CREATE DATABASE a")
    server.query("CREATE TABLE a.s (k String, v UInt64) ENGINE = MergeTree ORDER BY k")
    for number in range(8):
        server.query(f"CREATE TABLE a.t{number} AS a.s")
    server.query("CREATE MATERIALIZED VIEW a.kept ORDER BY k AS SELECT k, v FROM a.s WHERE v % 2 = 0")
    server.query("CREATE MATERIALIZED VIEW a.w AS SELECT k, count() AS n FROM a.s GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW a.chain AS SELECT k, sum(v) AS n FROM a.kept GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW a.now_and_then REFRESH EVERY 1 HOUR ENGINE = MergeTree ORDER BY n AS SELECT count() AS n FROM a.s")
    server.query("INSERT INTO a.s VALUES ('a', 1), ('a', 2), ('b', 4)")
    server.query("BACKUP DATABASE a TO 'all'")
    for _ in range(3):
        server.query("DROP DATABASE a SYNC")
        came, ended = [], threading.Event()
        def insert():
            while not ended.is_set():
                try:
                    server.query("INSERT INTO a.s VALUES ('b', 10)")
                    came.append(10)
                    server.query("OPTIMIZE TABLE a.s")  # commits it
                except QueryError as error:
                    assert error.code in (60, 81), error
        thread = threading.Thread(target=insert)
        thread.start()
        server.query("RESTORE DATABASE a FROM 'all'")
        wait_until(lambda: len(came) > 5, "rows came")
        ended.set()
        thread.join()
        assert server.value("SELECT count() FROM a.s") == 3 + len(came)
        assert lines(server, "SELECT * FROM a.w") == lines(server, "SELECT k, count() FROM a.s GROUP BY k")
        assert lines(server, "SELECT * FROM a.chain") == lines(server, "SELECT k, sum(v) FROM a.s WHERE v % 2 = 0 GROUP BY k")
        server.query("SYSTEM REFRESH VIEW a.now_and_then")
        server.query("SYSTEM WAIT VIEW a.now_and_then")
        assert server.value("SELECT n FROM a.now_and_then") == 3 + len(came)


def test_aliases_anywhere(make_server):
    """A name may be given in any clause, within expressions too, and used in any other."""
    server = make_server()
    server.query(TABLE)
    selects = [
        "SELECT tumbleStart(w) AS b, k, count() AS c, uniq(v) AS u FROM s GROUP BY tumble(ts, INTERVAL 1 MINUTE) AS w, k",
        "SELECT h, count() AS c, sum(v) / c AS mean FROM s GROUP BY toStartOfMinute(ts) AS h",
        "SELECT k, (sum(v) AS total) / count() AS mean, total * 2 AS twice FROM s GROUP BY k",
        "SELECT kk, max(more) AS most FROM s WHERE (v + 1 AS more) > 3 GROUP BY upper(k) AS kk HAVING (sum(more) AS all) > 100 AND all < 1000000",
    ]
    for number, select in enumerate(selects):
        server.query(f"CREATE MATERIALIZED VIEW w{number} AS {select}")
    for half in range(2):
        server.query(f"INSERT INTO s SELECT number, toDateTime('2026-11-20 00:00:00') + number * 7, 'k' || toString(number % 5), number % 97 "
                     f"FROM numbers({half * 500}, 500)")  # fmt: skip
    for number, select in enumerate(selects):
        whole = lines(server, select + " ORDER BY ALL")
        assert whole and lines(server, f"SELECT * FROM w{number} ORDER BY ALL") == whole
