"""Engines that combine rows: restarts, backups, detached partitions; the ledger's proof of what merges dropped and made,
read by weir check, VERIFY and the second reader."""
import random
import subprocess
import sys

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402

LAST = "SELECT k, x FROM {} FINAL ORDER BY k"
SUMS = "SELECT k, v FROM {} FINAL ORDER BY k"


def create(server):
    server.query("CREATE TABLE last (k UInt32, x String) ENGINE = ReplacingMergeTree PARTITION BY k % 2 ORDER BY k")
    server.query("CREATE TABLE sums (k UInt32, v UInt64) ENGINE = SummingMergeTree ORDER BY k")


def fill(server, first, end):
    """The last x of a key is that of the last commit that has it; sums of v count the commits."""
    for n in range(first, end):
        server.query(f"INSERT INTO last SELECT number + {n % 3}, 'x{n}' FROM numbers({50 + n})")
        server.query(f"INSERT INTO sums SELECT (number + {n % 3}) % 7, 1 FROM numbers(10)")
        if n % 5 == 4:
            server.query("OPTIMIZE TABLE last PARTITION 1 FINAL")
            server.query("OPTIMIZE TABLE sums FINAL")


def wanted(commits):
    last, sums = {}, {}
    for n in range(commits):
        last.update({k: f"x{n}" for k in range(n % 3, n % 3 + 50 + n)})
        for k in range(n % 3, n % 3 + 10):
            sums[k % 7] = sums.get(k % 7, 0) + 1
    return tuple("".join(f"{k}\t{v}\n" for k, v in sorted(rows.items())) for rows in (last, sums))


def found(server, last="last", sums="sums"):
    return server.query(LAST.format(last)), server.query(SUMS.format(sums))


def proven(server, *tables):
    """Nothing is broken, whoever looks."""
    for table in tables:
        server.query(f"VERIFY TABLE {table}")
    server.stop()
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0 and "all is well" in done.stdout, done.stdout + done.stderr
    assert ledger_reader.read_ledger(server.data / "ledger")
    server.start()


def test_small_and_large_inserts(make_server):
    """Large INSERTs go past the log in which small ones wait: rows are the later ones all the same."""
    server = make_server()
    server.query("CREATE TABLE last (k UInt32, x String) ENGINE = ReplacingMergeTree ORDER BY k")
    small = "INSERT INTO last SELECT number * 1000, 'small' FROM numbers(100)"
    large = "INSERT INTO last SELECT number, concat('large', toString(number), repeat('.', 100)) FROM numbers(200000)"
    smalls = "SELECT countIf(x = 'small') FROM last FINAL"
    server.query(small)
    server.query(large)
    assert server.value(smalls) == 0
    server.query(small)
    assert server.value(smalls) == 100
    server.query(large)
    server.query("OPTIMIZE TABLE last FINAL")
    assert server.value(smalls) == 0
    proven(server, "last")
    assert server.value(smalls) == 0


def test_update_of_one_of_a_keys_rows(make_server):
    """Rows of one INSERT are told apart by their order alone, which UPDATE keeps, also of those that it does not change."""
    server = make_server()
    server.query("CREATE TABLE last (k UInt32, x String, n UInt32) ENGINE = ReplacingMergeTree ORDER BY k")
    server.query("CREATE TABLE state (k UInt32, n UInt32, sign Int8) ENGINE = CollapsingMergeTree(sign) ORDER BY k")
    server.query("INSERT INTO last SELECT number % 10, 'x', number FROM numbers(100)")
    server.query("INSERT INTO state SELECT number % 10, number, if(number < 10, -1, 1) FROM numbers(20)")
    wanted = [[k, "x", 90 + k] for k in range(10)]
    for changed in (0, 5, 93, 97):
        server.query(f"ALTER TABLE last UPDATE x = concat(x, '{changed}') WHERE n = {changed}")
        if changed >= 90:
            wanted[changed - 90][1] += str(changed)
        assert server.rows("SELECT k, x, n FROM last FINAL ORDER BY k") == wanted
    server.query("ALTER TABLE state UPDATE n = 100 WHERE n = 3")
    for _ in range(2):
        assert server.rows("SELECT k, n FROM state FINAL ORDER BY k") == [[k, 10 + k] for k in range(10)]
        server.query("OPTIMIZE TABLE state FINAL")
        server.query("OPTIMIZE TABLE last FINAL")
        assert server.rows("SELECT k, x, n FROM last ORDER BY k") == wanted
    proven(server, "last", "state")
    with pytest.raises(QueryError, match="not the same each time") as error:  # it is asked twice
        server.query("ALTER TABLE last UPDATE x = 'y' WHERE rand() % 2 = 0")
    assert error.value.code == 48
    assert server.rows("SELECT k, x, n FROM last ORDER BY k") == wanted
    server.query("ALTER TABLE last UPDATE x = toString(rand()) WHERE k = 1")  # of each row once
    server.query("CREATE TABLE plain (k UInt32, x UInt32) ENGINE = MergeTree ORDER BY k")
    server.query("INSERT INTO plain SELECT number, 0 FROM numbers(1000)")
    server.query("ALTER TABLE plain UPDATE x = 1 WHERE rand() % 2 = 0")
    assert server.value("SELECT count() FROM plain") == 1000 and 0 < server.value("SELECT sum(x) FROM plain") < 1000


def test_rows_of_another_engine(make_server):
    """Segments that come from a table which combines nothing are combined, also where there is one of them, merged before."""
    server = make_server()
    for name, engine in (("src", "MergeTree"), ("last", "ReplacingMergeTree"), ("other", "ReplacingMergeTree")):
        server.query(f"CREATE TABLE {name} (k UInt32, n UInt32) ENGINE = {engine} ORDER BY k")
    for n in range(3):
        server.query(f"INSERT INTO src SELECT number % 10, number + {n} FROM numbers(100)")
        server.query("OPTIMIZE TABLE src FINAL")
    for table in ("last", "other"):
        server.query(f"ALTER TABLE {table} ATTACH PARTITION ALL FROM src")
    wanted = server.rows("SELECT k, n FROM last FINAL ORDER BY k")
    assert len(wanted) == 10
    server.query("ALTER TABLE other UPDATE n = 1000 WHERE n = 17")
    for table in ("last", "other"):
        server.query(f"OPTIMIZE TABLE {table} FINAL")
        assert server.rows(f"SELECT k, n FROM {table} ORDER BY k") == wanted
    proven(server, "src", "last", "other")


@pytest.mark.parametrize("engine", ["CollapsingMergeTree(sign)", "VersionedCollapsingMergeTree(sign, ver)"])
def test_states_against_a_model(make_server, engine):
    """A key's last state is what FINAL gives, whatever merges, UPDATE, DELETE, kills and restarts came in between."""
    seed = random.randrange(1 << 32)
    print("seed", seed)
    draw = random.Random(seed)
    server = make_server()
    by = draw.choice(["", "PARTITION BY k % 3"])
    server.query(f"CREATE TABLE t (k UInt32, ver UInt32, sign Int8, id UInt64, x String) ENGINE = {engine} {by} ORDER BY k")
    keys, states, last = draw.choice([3, 20, 300]), {}, 0  # states: version and id of a key's row with sign 1

    def insert():
        nonlocal last
        rows = []
        for _ in range(draw.choice([1, 5, 200])):
            k = draw.randrange(keys)
            last += 1
            version = last * 10
            if k in states:
                rows.append(f"({k}, {states[k][0]}, -1, {states[k][1]}, 'old')")
                version = states[k][0] + 1
            if k in states and draw.random() < 0.1:
                del states[k]
            else:
                rows.append(f"({k}, {version}, 1, {last}, 'new')")
                states[k] = version, last
        server.query("INSERT INTO t VALUES " + ", ".join(rows))

    def update():
        which = draw.choice(["", "AND sign = -1", "AND sign = 1"])
        server.query(f"ALTER TABLE t UPDATE x = concat(x, 'u') WHERE id % {draw.choice([2, 3, 7])} = 0 {which}")

    def delete():
        k = draw.randrange(keys)
        server.query(f"DELETE FROM t WHERE k = {k}")
        states.pop(k, None)

    def optimize():
        server.query("OPTIMIZE TABLE t" + draw.choice([" FINAL", ""]))

    def again():
        draw.choice([server.kill, server.stop])()
        server.start()

    for step in range(60):
        draw.choices([insert, update, delete, optimize, again], [10, 3, 1, 2, 1])[0]()
        if step % 5 == 4:
            assert server.rows("SELECT k, id FROM t FINAL ORDER BY k") == [[k, states[k][1]] for k in sorted(states)]
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.rows("SELECT k, id FROM t FINAL ORDER BY k") == [[k, states[k][1]] for k in sorted(states)]
    proven(server, "t")


def test_restarts(make_server):
    server = make_server()
    create(server)
    for n in range(0, 18, 6):
        fill(server, n, n + 6)
        server.restart()
        assert found(server) == wanted(n + 6)
        proven(server, "last", "sums")
    server.query("OPTIMIZE TABLE last FINAL")
    server.query("OPTIMIZE TABLE sums FINAL")
    assert (server.query("SELECT k, x FROM last ORDER BY k"), server.query("SELECT k, v FROM sums ORDER BY k")) == wanted(18)
    proven(server, "last", "sums")


def test_what_was_combined_stays_covered(make_server, broker):
    """Offsets of rows that were replaced or added up are stored, as they were; a new start reads none of them again."""
    server = make_server()
    create(server)
    broker.create_topic("sums", 1)
    server.query(f"CREATE SOURCE feed INTO sums FROM KAFKA (brokers = '{broker.address}', topic = 'sums') FORMAT JSONEachRow SETTINGS commit_interval_ms = 100")
    broker.produce("sums", ['{"k": %d, "v": 1}' % (n % 7) for n in range(700)])
    wait_until(lambda: server.query("SELECT sum(v) FROM sums") == "700\n", "rows are there")
    counted = "SELECT sum(last_offset - first_offset + 1) FROM system.offset_ledger WHERE stream != 'insert-log'"
    wait_until(lambda: server.query(counted) == "700\n", "they are committed")
    server.query("OPTIMIZE TABLE sums FINAL")
    assert server.query("SELECT k, v FROM sums ORDER BY k") == "".join(f"{k}\t100\n" for k in range(7))
    assert server.query("SELECT count(), min(_offset), max(_offset) FROM sums") == "7\t0\t6\n"
    server.restart()
    broker.produce("sums", ['{"k": 0, "v": 1}'])
    wait_until(lambda: server.query("SELECT v FROM sums FINAL WHERE k = 0") == "101\n", "the next one is read")
    wait_until(lambda: server.query(counted) == "701\n", "it is committed")
    proven(server, "sums")


def test_backup(make_server):
    """A restored table has the order of insertion that it had, and what comes later is later."""
    server = make_server()
    create(server)
    fill(server, 0, 8)
    server.query("ALTER TABLE last UPDATE x = 'old' WHERE x = 'x1'")
    server.query("BACKUP DATABASE default TO 'one'")
    server.query("RESTORE TABLE last AS last2, TABLE sums AS sums2 FROM 'one'")
    assert found(server, "last2", "sums2") == wanted(8)
    server.query("OPTIMIZE TABLE last2 FINAL")
    server.query("INSERT INTO last2 VALUES (1, 'later')")
    server.query("INSERT INTO sums2 VALUES (1, 100)")
    server.query("OPTIMIZE TABLE sums2 FINAL")
    assert server.query("SELECT x FROM last2 FINAL WHERE k = 1") == "later\n"
    assert server.value("SELECT sum(v) FROM sums2") == 180
    server.restart()
    assert server.query("SELECT x FROM last2 FINAL WHERE k = 1") == "later\n"
    proven(server, "last2", "sums2")


def test_detached(make_server):
    """What was set aside comes back to its place."""
    server = make_server()
    create(server)
    server.query("INSERT INTO last VALUES (1, 'a'), (2, 'a')")
    server.restart()
    server.query("ALTER TABLE last DETACH PARTITION 1")
    server.query("INSERT INTO last VALUES (1, 'b')")
    server.restart()
    server.query("ALTER TABLE last ATTACH PARTITION 1")
    assert server.query("SELECT x FROM last FINAL WHERE k = 1") == "b\n"
    server.query("OPTIMIZE TABLE last FINAL")
    assert server.query("SELECT * FROM last ORDER BY k") == "1\tb\n2\ta\n"
    proven(server, "last")


def test_errors_and_limits(make_server):
    server = make_server()
    create(server)
    server.query("CREATE TABLE d (k UInt32, v UInt32, gone UInt8) ENGINE = ReplacingMergeTree(v, gone) ORDER BY k")
    server.query("INSERT INTO d VALUES (1, 1, 0), (2, 1, 2)")
    with pytest.raises(QueryError) as error:
        server.query("SELECT * FROM d FINAL")
    assert error.value.code == 117
    server.query("OPTIMIZE TABLE d FINAL")
    server.query("INSERT INTO last SELECT number, toString(number) FROM numbers(300000)")
    with pytest.raises(QueryError) as error:
        server.query("SELECT * FROM last AS a FINAL JOIN last AS b ON a.k = b.k PREWHERE a.k = b.k")
    assert error.value.code == 48
    assert server.value("SELECT count() FROM last FINAL") == 300000
    assert server.value("SELECT count() FROM last FINAL WHERE k = 5") == 1


def test_optimize_on_insert(make_server):
    """Rows of one INSERT are combined before they are stored, unless somebody says otherwise, or a view wants all."""
    server = make_server()
    for name, columns, engine, values, expected, plain in (
        ("s", "k UInt32, v UInt32", "SummingMergeTree", "(1, 1), (1, 2), (2, 5), (3, 0)", "1\t3\n2\t5\n", 4),
        ("c", "k UInt32, v UInt32, s Int8", "CollapsingMergeTree(s)", "(1, 1, 1), (1, 1, -1), (2, 5, 1), (2, 5, -1), (2, 6, 1)", "2\t6\t1\n", 5),
        ("r", "k UInt32, v UInt32", "ReplacingMergeTree(v) PARTITION BY v % 2", "(1, 1), (1, 2), (1, 3), (1, 4)", "1\t3\n1\t4\n", 4),
        ("v", "k UInt32, v UInt32, s Int8", "VersionedCollapsingMergeTree(s, v)", "(1, 1, 1), (1, 1, -1), (2, 5, 1)", "2\t5\t1\n", 3),
        ("a", "k UInt32, v SimpleAggregateFunction(max, UInt32)", "AggregatingMergeTree", "(1, 1), (1, 7), (2, 2)", "1\t7\n2\t2\n", 3),
        ("m", "k UInt32, v UInt32", "MergeTree", "(1, 1), (1, 1)", "1\t1\n1\t1\n", 2),
    ):
        server.query(f"CREATE TABLE {name} ({columns}) ENGINE = {engine} ORDER BY k")
        server.query(f"INSERT INTO {name} VALUES {values}")
        assert server.query(f"SELECT * FROM {name} ORDER BY ALL") == expected
        server.query(f"TRUNCATE TABLE {name}")
        server.query(f"INSERT INTO {name} SETTINGS async_insert = 1, wait_for_async_insert = 1 VALUES {values}")
        assert server.query(f"SELECT * FROM {name} ORDER BY ALL") == expected
        server.query(f"TRUNCATE TABLE {name}")
        server.query(f"INSERT INTO {name} SETTINGS optimize_on_insert = 0 VALUES {values}")
        assert server.value(f"SELECT count() FROM {name}") == plain
    server.query("TRUNCATE TABLE c")
    for how in ("", "SETTINGS insert_deduplication_token = 'x'", "SETTINGS async_insert = 1"):
        server.query(f"INSERT INTO c {how} VALUES (5, 1, 1), (5, 1, -1)")  # nothing is left to be stored
    server.query("INSERT INTO c SELECT number % 2, 1, if(number % 4 < 2, 1, -1) FROM numbers(3000000)")
    assert server.value("SELECT count() FROM c") == 0
    server.query("TRUNCATE TABLE r")
    server.query("INSERT INTO r SELECT number % 1000, number FROM numbers(3000000) SETTINGS optimize_on_insert = 0")
    assert server.value("SELECT count() FROM r") == 3000000
    server.query("TRUNCATE TABLE r")
    written = server.post("INSERT INTO r SELECT number % 1000, number FROM numbers(3000000)").headers["X-ClickHouse-Summary"]
    assert '"written_rows":"3000000"' in written
    server.query("CREATE TABLE base (k UInt32, v UInt32) ENGINE = ReplacingMergeTree(v) ORDER BY k")
    server.query("CREATE MATERIALIZED VIEW counts ENGINE = SummingMergeTree ORDER BY k AS SELECT k, count() AS n FROM base GROUP BY k")
    server.query("INSERT INTO base VALUES (1, 1), (1, 2), (2, 1)")
    assert server.query("SELECT k, sum(n) FROM counts GROUP BY k ORDER BY k") == "1\t2\n2\t1\n"
    server.restart()
    assert 1000 <= server.value("SELECT count() FROM r") < 3000000
    assert server.value("SELECT count() FROM r FINAL") == 1000
    assert server.query("SELECT min(v), max(v) FROM r FINAL") == "2999000\t2999999\n"
    assert server.query("SELECT k, sum(n) FROM counts GROUP BY k ORDER BY k") == "1\t2\n2\t1\n"


def test_a_segment_of_an_insert_written_again_alone(make_server):
    """Rows of one INSERT lie in several segments; which of them came last does not change when one is rewritten."""
    server = make_server()
    server.query("CREATE TABLE last (k UInt64, n UInt64, name String) ENGINE = ReplacingMergeTree ORDER BY k")
    server.query("INSERT INTO last SELECT number % 800000, number, concat('name ', toString(cityHash64(number) % 100000)) FROM numbers(1000000)")
    segments = "SELECT count(), max(level) FROM system.segments WHERE table = 'last'"
    assert int(server.rows(segments)[0][0]) >= 3 and int(server.rows(segments)[0][1]) == 0
    server.query("ALTER TABLE last DELETE WHERE n < 200000 AND n % 3 = 0")  # rows of the first segment alone
    wait_until(lambda: int(server.rows(segments)[0][1]) > 0, "a segment is written again without its deleted rows")
    for final in (" FINAL", " FINAL", ""):
        assert server.query(f"SELECT count(), sum(n) FROM last{final}") == f"800000\t{800000 * 799999 // 2 + 200000 * 800000}\n"
        server.query("OPTIMIZE TABLE last FINAL")
