"""Materialized views that are replaced and altered while rows come: each row once, by one SELECT; also with deaths in the middle."""
import random
import threading

import pytest

from live import Stream
from weir import QueryError, wait_until

TABLE = "CREATE TABLE s (id UInt64, ts DateTime, k LowCardinality(String), v Int32) ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (k, ts)"
FIRST = "SELECT k, count() AS n, sum(v) AS total FROM s GROUP BY k"
SECOND = "SELECT k, v % 2 AS odd, count() AS n, max(id) AS last, uniqExact(v) AS u FROM s WHERE v > 10 GROUP BY k, odd"


def lines(server, sql):
    return sorted(server.query(sql).splitlines())


def values(chance, count):
    return ",".join(
        f"({chance.randrange(1 << 40)}, {chance.randrange(1_700_000_000, 1_700_004_000)}, 'k{chance.randrange(5)}', {chance.randrange(1000)})" for _ in range(count)
    )


def insert(server, chance, count=20):
    server.query(f"INSERT INTO s VALUES {values(chance, count)}")


def refused(server, statement, code, message=None):
    with pytest.raises(QueryError, match=message) as error:
        server.query(statement)
    assert error.value.code == code, error.value.message


def tidy(server, views=1):
    """No view, and no table of a view, is left of what was being made."""
    assert server.value("SELECT count() FROM system.tables WHERE name LIKE '.tmp%'") == 0
    assert server.value("SELECT count() FROM system.tables WHERE name LIKE '.inner_id.%'") == views


class Load:
    """INSERTs and flushes, until the end of the block."""

    def __init__(self, server, *more):
        self.stop, self.errors = threading.Event(), []
        chances = [random.Random(1), random.Random(2)]
        works = [lambda c=c: insert(server, c) for c in chances] + [lambda: server.query("OPTIMIZE TABLE s"), *more]
        self.threads = [threading.Thread(target=self.run, args=(work,)) for work in works]

    def run(self, work):
        try:
            while not self.stop.is_set():
                work()
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)

    def __enter__(self):
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert not self.errors, self.errors


def test_replace_states(make_server):
    """A view that keeps states takes another's place while rows come and change: readers find one of the two, whole."""
    server = make_server()
    server.query(TABLE)
    insert(server, random.Random(0), 500)
    server.query(f"CREATE MATERIALIZED VIEW w AS {FIRST}")
    least = []

    def read():
        least.append(server.value("SELECT sum(n) FROM w WHERE k != ''"))

    with Load(server, read):
        for select in (SECOND, FIRST, FIRST):
            server.query(f"CREATE OR REPLACE MATERIALIZED VIEW w PARTITION BY k AS {select}")
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    assert min(least) > 0
    server.query("DELETE FROM s WHERE v < 100")
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    tidy(server)
    server.kill()
    server.start()
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    tidy(server)


def test_replace_kinds(make_server):
    """Each kind of view in the place of each other."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1), (2, 1700000000, 'b', 2)")
    kinds = {
        f"MATERIALIZED VIEW w AS {FIRST}": (1, "3"),
        "MATERIALIZED VIEW w ENGINE = SummingMergeTree ORDER BY k POPULATE AS SELECT k, count() AS n FROM s GROUP BY k": (1, "3"),
        "MATERIALIZED VIEW w TO t AS SELECT k, count() AS n FROM s GROUP BY k": (0, "1"),
        "VIEW w AS SELECT k, 7 AS n FROM s WHERE k = 'a'": (0, "14"),
        "MATERIALIZED VIEW w REFRESH EVERY 1 YEAR ENGINE = MergeTree ORDER BY k AS SELECT 'x' AS k, toUInt64(5) AS n": (1, "5"),
    }
    for before, (inner, _) in kinds.items():
        for after, (inner_then, answer) in kinds.items():
            server.query("DROP VIEW IF EXISTS w SYNC")
            server.query("TRUNCATE TABLE t")
            server.query("TRUNCATE TABLE s")
            server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1), (2, 1700000000, 'b', 2)")
            server.query(f"CREATE {before}")
            tidy(server, inner)
            server.query("TRUNCATE TABLE t")
            server.query(f"CREATE OR REPLACE {after}")
            tidy(server, inner_then)
            server.query("INSERT INTO s VALUES (3, 1700000000, 'a', 3)")
            if "REFRESH" in after:
                server.query("SYSTEM WAIT VIEW w")
            assert server.query("SELECT sum(n) FROM w").strip() == answer, (before, after)
            assert server.value("SELECT count() FROM system.tables WHERE name = 'w'") == 1
    server.query("CREATE TABLE taken (k String) ENGINE = MergeTree ORDER BY k")
    refused(server, f"CREATE OR REPLACE MATERIALIZED VIEW taken AS {FIRST}", 57, "does not replace")
    refused(server, "CREATE OR REPLACE VIEW taken AS SELECT 1", 57)
    server.query("DROP VIEW w SYNC")
    server.query("CREATE MATERIALIZED VIEW w ENGINE = SummingMergeTree ORDER BY k AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW reads TO taken AS SELECT k FROM w")
    refused(server, "CREATE OR REPLACE VIEW w AS SELECT 1 AS k", 630, "reads it")
    server.query("DROP VIEW reads")
    refused(server, "CREATE OR REPLACE VIEW w AS SELECT nothing FROM s", 47)
    assert server.value("SELECT engine FROM system.tables WHERE name = 'w'") == "MaterializedView"
    server.query("DROP VIEW w SYNC")
    server.query("TRUNCATE TABLE s")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1), (2, 1700000000, 'b', 2), (3, 1700000000, 'a', 3)")
    server.query(f"CREATE OR REPLACE MATERIALIZED VIEW fresh AS {FIRST}")
    server.query("OPTIMIZE TABLE s")
    refused(server, "CREATE OR REPLACE MATERIALIZED VIEW fresh AS SELECT k, throwIf(v = 3) AS x, count() FROM s GROUP BY k, x", 395)
    assert lines(server, "SELECT * FROM fresh") == lines(server, FIRST)
    tidy(server, 1)


def test_replace_chain(make_server):
    """Views that stand on the one that is replaced go on with the new one's rows."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE MATERIALIZED VIEW rows ORDER BY id AS SELECT id, k FROM s")
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW upper TO t AS SELECT k, count() AS n FROM rows GROUP BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1)")
    refused(server, f"CREATE OR REPLACE MATERIALIZED VIEW rows AS {FIRST}", 630, "keeps states")
    refused(server, "CREATE OR REPLACE MATERIALIZED VIEW rows ORDER BY k AS SELECT k, toUInt64(1) AS id FROM t", 269)
    refused(server, "CREATE OR REPLACE MATERIALIZED VIEW rows ORDER BY k AS SELECT k, id FROM rows", 269)
    server.query("CREATE OR REPLACE MATERIALIZED VIEW rows ORDER BY id AS SELECT id, upper(k) AS k FROM s")
    server.query("INSERT INTO s VALUES (2, 1700000000, 'b', 1)")
    assert lines(server, "SELECT id, k FROM rows") == ["1\tA", "2\tB"]
    assert lines(server, "SELECT k, n FROM t FINAL")[-1] == "B\t1"


@pytest.mark.parametrize("how", ["CREATE OR REPLACE MATERIALIZED VIEW w TO t AS", "ALTER TABLE w MODIFY QUERY"])
def test_each_row_by_one_select(make_server, how):
    """The SELECT of a view with TO changes while rows come: each row is in the table once, by the one or the other."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (id UInt64, by UInt8) ENGINE = MergeTree ORDER BY id")
    server.query("CREATE MATERIALIZED VIEW w TO t AS SELECT id, 0 AS by FROM s")
    with Load(server):
        for k in range(1, 6):
            insert(server, random.Random(k + 100), 50)
            server.query(f"{how} SELECT id, {k} AS by FROM s")
            insert(server, random.Random(k + 200), 50)
    assert server.value("SELECT count() FROM t") == server.value("SELECT count() FROM s")
    assert server.value("SELECT uniqExact(id) FROM t") == server.value("SELECT uniqExact(id) FROM s")
    assert server.value("SELECT uniqExact(by) FROM t") == 6
    server.query("OPTIMIZE TABLE s")
    server.restart()
    assert server.value("SELECT count() FROM t") == server.value("SELECT count() FROM s")
    assert "5 AS by" in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")
    tidy(server, 0)


def test_modify_query(make_server):
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE TABLE other (k String) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW w TO t AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW own ENGINE = SummingMergeTree ORDER BY k AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1)")
    server.query("ALTER TABLE w MODIFY QUERY SELECT k, 10 * count() AS n FROM s GROUP BY k")
    server.query("ALTER TABLE own MODIFY QUERY SELECT k, 10 * count() AS n FROM s GROUP BY k")
    server.query("INSERT INTO s VALUES (2, 1700000000, 'a', 1)")
    assert lines(server, "SELECT * FROM t FINAL") == lines(server, "SELECT * FROM own FINAL") == ["a\t11"]
    server.query("ALTER TABLE w MODIFY QUERY SELECT k, 100 * count() AS n FROM other GROUP BY k")
    server.query("INSERT INTO other VALUES ('z')")
    server.query("INSERT INTO s VALUES (3, 1700000000, 'a', 1)")
    server.restart()
    assert lines(server, "SELECT * FROM t FINAL") == ["a\t11", "z\t100"]
    assert lines(server, "SELECT * FROM own FINAL") == ["a\t21"]
    for statement, code in {
        "ALTER TABLE own MODIFY QUERY SELECT k, count() AS n, 1 AS x FROM s GROUP BY k": 16,
        "ALTER TABLE w MODIFY QUERY SELECT k, count() AS x FROM s GROUP BY k": 8,
        "ALTER TABLE w MODIFY QUERY SELECT k, count() AS n FROM nothing GROUP BY k": 60,
        "ALTER TABLE w MODIFY QUERY SELECT k, n FROM t": 269,
        "ALTER TABLE w MODIFY QUERY SELECT k, 1 AS n": 397,
        "ALTER TABLE w MODIFY QUERY SELECT 'k' AS k": 397,
        "ALTER TABLE w MODIFY QUERY INSERT INTO s VALUES (1)": 62,
        "ALTER TABLE w MODIFY QUERY SELECT k FROM s, MODIFY COMMENT 'x'": 62,
        "ALTER TABLE s MODIFY QUERY SELECT 1": 48,
        "ALTER TABLE w ADD COLUMN z UInt8": 48,
        "ALTER TABLE w MODIFY TTL now()": 36,
    }.items():
        refused(server, statement, code)
    assert lines(server, "SELECT * FROM t FINAL") == ["a\t11", "z\t100"]
    server.query("ALTER TABLE w MODIFY COMMENT 'what it is'")
    assert server.value("SELECT comment FROM system.tables WHERE name = 'w'") == "what it is"
    assert "COMMENT 'what it is'" in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")


def test_modify_query_of_states(make_server):
    """A view that keeps states is made anew, unless its table has no longer all of its rows."""
    server = make_server()
    server.query(TABLE)
    insert(server, random.Random(0), 300)
    server.query(f"CREATE MATERIALIZED VIEW w PARTITION BY k COMMENT 'kept' AS {FIRST}")
    with Load(server):
        for select in (SECOND, FIRST, SECOND):
            server.query(f"ALTER TABLE w MODIFY QUERY {select}")
    assert lines(server, "SELECT * FROM w") == lines(server, SECOND)
    server.query("ALTER TABLE s UPDATE v = v + 5 WHERE v % 3 = 0")
    assert lines(server, "SELECT * FROM w") == lines(server, SECOND)
    assert server.value("SELECT comment FROM system.tables WHERE name = 'w'") == "kept"
    refused(server, "ALTER TABLE w MODIFY QUERY SELECT k, v FROM s", 48, "has none")
    server.query("INSERT INTO s VALUES (1, 1500000000, 'k1', 999)")
    server.query("OPTIMIZE TABLE s")
    before = lines(server, "SELECT * FROM w")
    server.query("ALTER TABLE s DROP PARTITION 201707")
    refused(server, f"ALTER TABLE w MODIFY QUERY {FIRST}", 630, r"counts \d+ rows of the key \('k1',1\), of which the table has \d+")
    assert lines(server, "SELECT * FROM w") == before
    tidy(server)
    server.query(f"CREATE OR REPLACE MATERIALIZED VIEW w AS {FIRST}")
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    server.query(f"ALTER TABLE w MODIFY QUERY {SECOND}")
    assert lines(server, "SELECT * FROM w") == lines(server, SECOND)


def test_stopped(make_server):
    """A view that stopped is made anew by CREATE OR REPLACE; another SELECT would not bring what it misses."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE MATERIALIZED VIEW w AS SELECT k, throwIf(v = 666) AS x, count() AS n FROM s GROUP BY k, x")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 666)")
    server.query("OPTIMIZE TABLE s")
    refused(server, "SELECT * FROM w", 1106)
    refused(server, f"ALTER TABLE w MODIFY QUERY {FIRST}", 1106, "CREATE OR REPLACE")
    server.query(f"CREATE OR REPLACE MATERIALIZED VIEW w AS {FIRST}")
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    server.restart()
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST)
    assert server.value("SELECT stopped FROM system.tables WHERE name = 'w'") == ""


def test_modify_ttl(make_server):
    server = make_server()
    server.query(TABLE)
    server.query("CREATE MATERIALIZED VIEW w AS SELECT toStartOfDay(ts) AS d, count() AS n FROM s GROUP BY d")
    server.query("INSERT INTO s VALUES (1, now(), 'a', 1), (2, now() - INTERVAL 30 DAY, 'a', 1)")
    server.query("OPTIMIZE TABLE s")
    assert server.value("SELECT count() FROM w") == 2
    server.query("ALTER TABLE w MODIFY TTL d + INTERVAL 7 DAY")
    assert server.value("SELECT count() FROM w") == 1
    assert server.value("SELECT count() FROM s") == 2
    assert "TTL d + toIntervalDay(7)" in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")
    server.restart()
    assert "TTL d + toIntervalDay(7)" in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")
    server.query("INSERT INTO s VALUES (3, now(), 'a', 1)")
    assert server.value("SELECT sum(n) FROM w") == 2
    refused(server, "ALTER TABLE w MODIFY TTL nothing + INTERVAL 1 DAY", 47)
    server.query("ALTER TABLE w REMOVE TTL")
    assert "TTL" not in server.query("SHOW CREATE VIEW w FORMAT TSVRaw")


CHANGES = {
    "states": (f"CREATE MATERIALIZED VIEW w AS {FIRST}", f"CREATE OR REPLACE MATERIALIZED VIEW w AS {SECOND}"),
    "to": ("CREATE MATERIALIZED VIEW w TO t AS SELECT id, 0 AS by FROM s", "CREATE OR REPLACE MATERIALIZED VIEW w TO t AS SELECT id, 1 AS by FROM s"),
    "query": ("CREATE MATERIALIZED VIEW w TO t AS SELECT id, 0 AS by FROM s", "ALTER TABLE w MODIFY QUERY SELECT id, 1 AS by FROM s"),
    "plain for states": (f"CREATE MATERIALIZED VIEW w AS {FIRST}", f"CREATE OR REPLACE VIEW w AS {SECOND}"),
    "query of states": (f"CREATE MATERIALIZED VIEW w AS {FIRST}", f"ALTER TABLE w MODIFY QUERY {SECOND}"),
}
DEATHS = {
    "states": ["view_filled", "view_replaced", "ledger_append:2", "ledger_sync:3", "pack_sync:2"],
    "to": ["view_filled", "view_replaced", "ledger_append:3"],
    "query": ["view_modify", "view_modified"],
    "plain for states": ["view_filled", "view_replaced", "ledger_append:1", "ledger_append:2", "ledger_append:3"],
    "query of states": ["view_filled", "view_replaced"],
}


@pytest.mark.parametrize("change", CHANGES)
def test_deaths(make_server, change):
    """A death at any moment of the change leaves the view as it was, or as it becomes; no row is missing or comes twice."""
    create, alter = CHANGES[change]
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (id UInt64, by UInt8) ENGINE = MergeTree ORDER BY id")
    chance = random.Random(5)
    for death in DEATHS[change]:
        server.query("DROP VIEW IF EXISTS w")
        server.query("TRUNCATE TABLE t")
        server.query("TRUNCATE TABLE s")
        server.query(create)
        insert(server, chance, 100)
        assert server.stop() == 0
        name, _, number = death.partition(":")
        server.start(environment={"WEIR_FAILPOINTS": f"{name}=kill{':' + number if number else ''}"})
        insert(server, chance, 100)
        died = False
        try:
            server.query(alter)
        except OSError:
            died = True
        assert died or ":" in death
        server.kill()
        server.start()
        insert(server, chance, 100)
        definition = server.query("SHOW CREATE VIEW w FORMAT TSVRaw")
        if "states" in change:
            select = SECOND if "odd" in definition else FIRST
            assert lines(server, "SELECT * FROM w") == lines(server, select), death
            tidy(server, 1 if "MATERIALIZED" in definition else 0)
        else:
            assert server.value("SELECT count() FROM t") == server.value("SELECT uniqExact(id) FROM t") == server.value("SELECT count() FROM s")
            tidy(server, 0)
            assert server.value("SELECT by FROM t ORDER BY by DESC LIMIT 1") == ("1 AS by" in definition), death
    assert server.stop() == 0


def test_rename(make_server):
    """A view follows its tables to their new names, while rows come; and views that stand on it follow it."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE DATABASE d")
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE TABLE total (n UInt64) ENGINE = SummingMergeTree ORDER BY tuple()")
    server.query(f"CREATE MATERIALIZED VIEW w AS {FIRST}")
    server.query("CREATE MATERIALIZED VIEW to_t TO t AS SELECT s.k AS k, count() AS n FROM s GROUP BY s.k")
    server.query("CREATE MATERIALIZED VIEW upper TO total AS SELECT sum(n) AS n FROM to_t")
    server.query("CREATE MATERIALIZED VIEW inner_query ORDER BY k AS WITH x AS (SELECT k, v FROM s AS y WHERE y.v > 3) SELECT k, v FROM x")
    insert(server, random.Random(0), 50)
    def right(base, target, totals, view):
        assert lines(server, "SELECT * FROM w") == lines(server, FIRST.replace("FROM s", f"FROM {base}"))
        counts = lines(server, f"SELECT k, count() AS n FROM {base} GROUP BY k")
        assert lines(server, f"SELECT * FROM {target} FINAL") == lines(server, f"SELECT * FROM {view} FINAL") == counts
        assert server.value(f"SELECT sum(n) FROM {totals}") == server.value(f"SELECT count() FROM {base}")
        assert lines(server, "SELECT k, v FROM inner_query") == lines(server, f"SELECT k, v FROM {base} WHERE v > 3")

    right("s", "t", "total", "to_t")
    server.query("RENAME TABLE s TO d.s2")
    insert_into(server, "d.s2", 20)
    right("d.s2", "t", "total", "to_t")
    assert "FROM d.s2 AS s" in server.query("SHOW CREATE VIEW to_t FORMAT TSVRaw")
    server.query(TABLE)  # another one under the old name
    insert(server, random.Random(2), 10)
    right("d.s2", "t", "total", "to_t")
    server.query("RENAME TABLE t TO d.t2, total TO d.total, to_t TO d.from_s")
    insert_into(server, "d.s2", 20)
    right("d.s2", "d.t2", "d.total", "d.from_s")
    server.kill()
    server.start()
    insert_into(server, "d.s2", 20)
    right("d.s2", "d.t2", "d.total", "d.from_s")
    server.query("DELETE FROM d.s2 WHERE v % 2 = 0 SETTINGS mutations_change_views = 1")
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST.replace("FROM s", "FROM d.s2"))
    assert server.rows("SELECT arraySort(dependencies_table) FROM system.tables WHERE name = 's2'") == [[["from_s", "inner_query", "w"]]]
    server.query("CREATE MATERIALIZED VIEW twice ORDER BY k AS SELECT k FROM s WHERE v IN (SELECT v FROM s)")
    refused(server, "RENAME TABLE s TO other", 630, "default.twice names it more than once")
    inner = server.value("SELECT name FROM system.tables WHERE name LIKE '.inner_id.%' LIMIT 1")
    refused(server, f"RENAME TABLE `{inner}` TO other", 630)


def insert_into(server, table, count):
    server.query(f"INSERT INTO {table} VALUES {values(random.Random(count), count)}")


@pytest.mark.parametrize("death", ["view_follow", "view_followed", "ledger_append:2"])
def test_rename_deaths(make_server, death):
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW to_t TO t AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query(f"CREATE MATERIALIZED VIEW w AS {FIRST}")
    insert(server, random.Random(1), 50)
    assert server.stop() == 0
    name, _, number = death.partition(":")
    server.start(environment={"WEIR_FAILPOINTS": f"{name}=kill{':' + number if number else ''}"})
    insert(server, random.Random(2), 50)
    with pytest.raises(OSError):
        server.query("RENAME TABLE s TO s2")
        server.query("RENAME TABLE t TO t2")
    server.kill()
    server.start()
    (base,) = (row[0] for row in server.rows("SELECT name FROM system.tables WHERE name IN ('s', 's2')"))
    (target,) = (row[0] for row in server.rows("SELECT name FROM system.tables WHERE name IN ('t', 't2')"))
    insert_into(server, base, 30)
    assert lines(server, "SELECT * FROM w") == lines(server, FIRST.replace("FROM s", f"FROM {base}"))
    assert lines(server, f"SELECT * FROM {target} FINAL") == lines(server, f"SELECT k, count() FROM {base} GROUP BY k")
    server.query("DROP VIEW w")
    server.query("DROP VIEW to_t")


def test_exchange(make_server):
    """TO means the table that has the name; what a view reads is not exchanged."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE t (k String, n UInt64) ENGINE = SummingMergeTree ORDER BY k")
    server.query("CREATE TABLE t2 AS t")
    server.query("CREATE TABLE narrow (k String) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW w TO t AS SELECT k, count() AS n FROM s GROUP BY k")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1)")
    server.query("OPTIMIZE TABLE s")
    refused(server, "EXCHANGE TABLES t AND narrow", 8, "exchanging the table of the materialized view default.w")
    refused(server, "EXCHANGE TABLES s AND t2", 630)
    server.query("EXCHANGE TABLES t AND t2")
    server.query("INSERT INTO s VALUES (2, 1700000000, 'b', 1)")
    for _ in range(2):
        assert lines(server, "SELECT k, n FROM t") == lines(server, "SELECT k, n FROM w") == ["b\t1"]
        assert lines(server, "SELECT k, n FROM t2") == ["a\t1"]
        server.query("OPTIMIZE TABLE s")
        server.restart()


def test_refreshed_beside(make_server):
    """A view kept with its table may join one that a REFRESH replaces: each row with what is there when it is committed."""
    server = make_server()
    server.query(TABLE)
    server.query("CREATE TABLE names (k String, name String) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO names VALUES ('a', 'first')")
    server.query("CREATE MATERIALIZED VIEW fresh REFRESH EVERY 1 YEAR ENGINE = MergeTree ORDER BY k AS SELECT * FROM names")
    server.query("SYSTEM WAIT VIEW fresh")
    server.query("CREATE MATERIALIZED VIEW w AS SELECT name, count() AS n FROM s JOIN fresh ON s.k = fresh.k GROUP BY name")
    server.query("INSERT INTO s VALUES (1, 1700000000, 'a', 1)")
    server.query("OPTIMIZE TABLE s")
    server.query("TRUNCATE TABLE names")
    server.query("INSERT INTO names VALUES ('a', 'second')")
    server.query("SYSTEM REFRESH VIEW fresh")
    server.query("SYSTEM WAIT VIEW fresh")
    server.query("INSERT INTO s VALUES (2, 1700000000, 'a', 1)")
    for _ in range(2):
        assert lines(server, "SELECT * FROM w") == ["first\t1", "second\t1"]
        server.query("OPTIMIZE TABLE s")
    refused(server, "CREATE MATERIALIZED VIEW x ORDER BY k AS SELECT k FROM fresh", 397, "read it in a JOIN or IN")


def test_column_gone(make_server):
    """A column that a view needs stays; one that a rule, a live query or a refresh needs goes, and they say so. Rows come in."""
    server = make_server()
    server.query("CREATE TABLE c (k String, v Int64, w Int64) ENGINE = MergeTree ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW kept AS SELECT k, sum(w) AS t FROM c GROUP BY k")
    server.query("CREATE MATERIALIZED VIEW fresh REFRESH EVERY 1 YEAR ENGINE = MergeTree ORDER BY k AS SELECT k, sum(v) AS t FROM c GROUP BY k")
    server.query("INSERT INTO c VALUES ('a', 1, 1)")
    server.query("SYSTEM REFRESH VIEW fresh")
    server.query("SYSTEM WAIT VIEW fresh")
    server.query("CREATE ALERT high AS SELECT k, sum(v) AS value FROM c GROUP BY k HAVING value > 0 EVERY 100 MILLISECOND")
    state = "SELECT state, health, last_error FROM system.alerts WHERE name = 'high'"
    wait_until(lambda: server.rows(state) == [["firing", "ok", ""]], "the rule fires")
    stream = Stream(server, query="SELECT k, sum(v) AS t FROM c GROUP BY k EMIT CHANGES")
    assert stream.take()["rows"] == [["a", 1]]
    refused(server, "ALTER TABLE c DROP COLUMN w", 524, "materialized view default.kept")
    server.query("ALTER TABLE c DROP COLUMN v")
    server.query("INSERT INTO c (k, w) VALUES ('b', 1)")
    event = stream.take()
    assert (event["type"], event["code"], event["final"]) == ("error", 47, False) and "'v'" in event["message"]
    wait_until(lambda: server.rows(state)[0][:2] == ["firing", "err"], "the rule says that it cannot be asked, and does not resolve")
    assert "unknown identifier 'v'" in server.rows(state)[0][2]
    assert "unknown identifier 'v'" in server.value("SELECT last_error FROM system.live_queries")
    server.query("SYSTEM REFRESH VIEW fresh")
    refused(server, "SYSTEM WAIT VIEW fresh", 730, "unknown identifier 'v'")
    assert lines(server, "SELECT * FROM fresh") == ["a\t1"]
    assert lines(server, "SELECT * FROM kept") == ["a\t1", "b\t1"]
    server.query("ALTER TABLE c ADD COLUMN v Int64 DEFAULT 5")
    server.query("INSERT INTO c (k, w) VALUES ('b', 1)")
    assert stream.take()["type"] == "snapshot"
    wait_until(lambda: server.rows(state) == [["firing", "ok", ""]], "it can be asked again")
    stream.close()
