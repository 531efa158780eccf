"""BACKUP: consistent at one commit while rows come in, read by the second reader and weir check; what is refused."""
import json
import subprocess
import sys
import threading

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import backup_reader  # noqa: E402


def check(folder):
    return subprocess.run([WEIR, "check", folder], capture_output=True, text=True)


def whole(folder):
    done = check(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "backup: of the state at commit" in done.stdout and "all is well" in done.stdout
    return done.stdout


def column(segments, table, name):
    """A column of numbers."""
    values = []
    for _, own, names, columns in segments:
        if own == table:
            values += [int.from_bytes(value, "little") for number, _, rows in columns if names[number] == name for value in rows]
    return values


def test_under_inserts(make_server):
    """Two writers go on while backups are made: each holds a prefix of either, up to its commit."""
    server = make_server()
    for table in "ab":
        server.query(f"CREATE TABLE {table} (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    stop, written = threading.Event(), {"a": 0, "b": 0}

    def write(table):
        while not stop.is_set():
            first = written[table]
            server.query(f"INSERT INTO {table} SELECT {first} + number, toString(number) FROM numbers(500)")
            written[table] = first + 500

    writers = [threading.Thread(target=write, args=(table,)) for table in "ab"]
    for writer in writers:
        writer.start()
    try:
        for k in range(4):
            wait_until(lambda: min(written.values()) >= 2000 * (k + 1), "rows come in")
            before = dict(written)
            base = f" SETTINGS base_backup = 'b{k - 1}'" if k > 0 else ""
            server.query(f"BACKUP DATABASE default TO 'b{k}'{base}")
            server.query("OPTIMIZE TABLE a FINAL")
            folder = server.data / "backups" / f"b{k}"
            whole(folder)
            manifest, segments = backup_reader.read_backup(folder)
            assert manifest["name"] == f"b{k}"
            for table in "ab":
                rows = sorted(column(segments, table, "n"))
                assert rows == list(range(len(rows))) and len(rows) >= before[table]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert server.query("SELECT count(), countIf(status = 'BACKUP_CREATED'), max(error) FROM system.backups") == "4\t4\t\n"
    assert server.query("SELECT base_backup_name FROM system.backups WHERE name = 'b2'") == "b1\n"


def test_places(make_server, tmp_path):
    place = tmp_path / "elsewhere"
    server = make_server("--backups-path", str(place))
    server.query("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    server.query("CREATE VIEW v AS SELECT n FROM t")
    server.query("INSERT INTO t SELECT number FROM numbers(10)")
    row = json.loads(server.query("BACKUP TABLE t, VIEW v TO Disk('backups', 'one') FORMAT JSONEachRow"))
    assert row["status"] == "BACKUP_CREATED"
    assert server.query(f"BACKUP TABLE t TO File('{place}/two')").endswith("\tBACKUP_CREATED\n")
    server.query("BACKUP ALL TO File('three') SETTINGS base_backup = Disk('backups', 'two')")
    assert sorted(path.name for path in place.iterdir()) == ["one", "three", "two"]
    for path in place.iterdir():
        whole(path)
    row = json.loads(server.query("SELECT * FROM system.backups WHERE name = 'Disk(\\'backups\\', \\'one\\')' FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0))
    assert (row["status"], row["error"], row["num_files"], row["num_entries"]) == ("BACKUP_CREATED", "", 2, 2)
    assert row["total_size"] == sum(path.stat().st_size for path in [*(place / "one/packs").iterdir(), *(place / "one/ledger").iterdir()])
    for statement, code in [
        ("BACKUP TABLE t TO 'one'", 598),
        ("BACKUP TABLE t TO File('/etc/one')", 36),
        ("BACKUP TABLE t TO '../one'", 36),
        ("BACKUP TABLE t TO 'a/b'", 36),
        ("BACKUP TABLE t TO ''", 36),
        ("BACKUP TABLE t TO '.hidden'", 36),
        ("BACKUP TABLE t TO Disk('default', 'x')", 36),
        ("BACKUP TABLE nothing TO 'x'", 60),
        ("BACKUP DATABASE nothing TO 'x'", 81),
        ("BACKUP TABLE t TO 'x' SETTINGS base_backup = 'nothing'", 599),
        ("BACKUP TABLE t TO 'x.tar.gz'", 48),
        ("BACKUP TABLE t TO S3('x')", 48),
        ("BACKUP TABLE t AS u TO 'x'", 48),
        ("BACKUP DATABASE default EXCEPT TABLES t PARTITION 1 TO 'x'", 62),
        ("BACKUP DATABASE default EXCEPT DATABASES d TO 'x'", 62),
        ("BACKUP ALL EXCEPT TABLES t TO 'x'", 48),
        ("BACKUP TABLE t EXCEPT TABLES u TO 'x'", 62),
        ("BACKUP DATABASE default EXCEPT t TO 'x'", 62),
        ("BACKUP TABLE t TO 'x' SETTINGS compression_method = 'lzma'", 48),
        ("BACKUP t TO 'x'", 62),
    ]:
        with pytest.raises(QueryError) as error:
            server.query(statement)
        assert error.value.code == code, statement
    assert sorted(path.name for path in place.iterdir()) == ["one", "three", "two"]


@pytest.mark.parametrize("fault", ["backup_link=kill:2", "backup_ledger_sync=kill", "backup_finish_rename=kill", "backup_finish=short"])
def test_unfinished(make_server, fault):
    """A server that dies in the middle leaves no backup, and the next one takes its place."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    for k in range(3):
        server.query(f"INSERT INTO t SELECT number + {k * 10} FROM numbers(10)")
        server.restart()
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": fault})
    with pytest.raises(Exception):
        server.query("BACKUP TABLE t TO 'one'")
    if "kill" in fault:
        server.wait()
    else:
        server.stop()
    folder = server.data / "backups/one"
    assert check(folder).returncode == 1 and "never finished" in check(folder).stdout
    server.start()
    assert server.query("SELECT sum(n) FROM t") == "435\n"
    server.query("BACKUP TABLE t TO 'one'")
    whole(folder)
    assert sorted(column(backup_reader.read_backup(folder)[1], "t", "n")) == list(range(30))


def test_except(make_server):
    """EXCEPT TABLES and DATABASES, in BACKUP and in RESTORE."""
    server = make_server()
    server.query("CREATE DATABASE d")
    for table in ("default.a", "default.b", "d.a", "d.b", "d.c"):
        server.query(f"CREATE TABLE {table} (n UInt64) ENGINE = MergeTree ORDER BY n")
        server.query(f"INSERT INTO {table} VALUES (1)")
    server.query("CREATE VIEW d.v AS SELECT 1")

    def made(what, name):
        server.query(f"BACKUP {what} TO '{name}'")
        assert check(server.data / "backups" / name).returncode == 0
        server.query("DROP DATABASE IF EXISTS copy")
        server.query("CREATE DATABASE copy")
        return server.query(f"SELECT num_entries FROM system.backups WHERE name = '{name}'")

    assert made("DATABASE d EXCEPT TABLES a, d.c", "one") == "2\n"  # b and the view
    server.query("RESTORE DATABASE d AS one FROM 'one'")
    assert server.query("SELECT name FROM system.tables WHERE database = 'one' ORDER BY name") == "b\nv\n"
    assert made("DATABASE d EXCEPT TABLE a, TABLE default.a, DATABASE default EXCEPT TABLE a", "two") == "5\n"
    assert made("ALL EXCEPT DATABASES d, one, copy", "three") == "2\n"
    assert made("ALL EXCEPT TABLES d.a, d.none, default.b EXCEPT DATABASE one, DATABASE d", "four") == "5\n"
    assert made("ALL EXCEPT DATABASE one", "all") == "6\n"
    server.query("RESTORE DATABASE d AS copy EXCEPT TABLES b, v FROM 'all'")
    assert server.query("SELECT name FROM system.tables WHERE database = 'copy' ORDER BY name") == "a\nc\n"
    server.query("DROP DATABASE d")
    server.query("RESTORE ALL EXCEPT DATABASE default EXCEPT TABLES d.a FROM 'all'")
    assert server.query("SELECT name FROM system.tables WHERE database = 'd' ORDER BY name") == "b\nc\nv\n"


def status(server, operation):
    row = server.query(f"SELECT status, error, num_entries, query_id = id AS own FROM system.backups WHERE id = '{operation}' FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0)
    return json.loads(row)


def test_async(make_server):
    """It answers at once; system.backups says what becomes of it."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t SELECT number, toString(cityHash64(number)) FROM numbers(100000)")
    one, first = server.query("BACKUP TABLE t TO 'one' ASYNC").split()
    assert first == "CREATING_BACKUP"
    wait_until(lambda: status(server, one)["status"] == "BACKUP_CREATED", "it is made")
    assert status(server, one) == {"status": "BACKUP_CREATED", "error": "", "num_entries": 1, "own": 1}
    assert check(server.data / "backups/one").returncode == 0
    two, second = server.query("RESTORE TABLE t AS u FROM 'one' ASYNC").split()
    assert second == "RESTORING" and two != one
    wait_until(lambda: status(server, two)["status"] == "RESTORED", "it is restored")
    assert server.query("SELECT count(), sum(cityHash64(n, s)) FROM u") == server.query("SELECT count(), sum(cityHash64(n, s)) FROM t")
    # what is wrong with the place is said at once, the rest later
    with pytest.raises(QueryError) as error:
        server.query("BACKUP TABLE t TO '../x' ASYNC")
    assert error.value.code == 36
    for statement, end, text in [
        ("BACKUP TABLE none TO 'x' ASYNC", "BACKUP_FAILED", "none"),
        ("BACKUP TABLE t TO 'one' ASYNC", "BACKUP_FAILED", "already exists"),
        ("RESTORE TABLE t FROM 'one' ASYNC", "RESTORE_FAILED", "already exists"),
        ("RESTORE TABLE t AS w FROM 'none' ASYNC", "RESTORE_FAILED", "none"),
    ]:
        operation = server.query(statement).split()[0]
        wait_until(lambda: status(server, operation)["status"] == end, statement)
        assert text in status(server, operation)["error"], status(server, operation)
    assert server.query("BACKUP TABLE t TO 'sync' SYNC").split()[1] == "BACKUP_CREATED"
    # a database of the session, and many at a time
    operations = [server.query(f"BACKUP TABLE t, TABLE u TO 'many{k}' ASYNC" if k else "BACKUP TABLE t TO 'many0' ASYNC", database="default").split()[0] for k in range(6)]
    for operation in operations:
        wait_until(lambda: status(server, operation)["status"] == "BACKUP_CREATED", "it is made")
    assert server.query("SELECT count() FROM system.processes WHERE query LIKE 'BACKUP%'") == "0\n"
    assert server.stop() == 0


def test_async_ends(make_server):
    """KILL QUERY by the operation's id; the server's stop cancels what runs. Nothing half-made is left."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t SELECT number, toString(cityHash64(number)) FROM numbers(1000000)")
    server.query("BACKUP TABLE t TO 'one'")
    ends = set()
    for k in range(5):
        operation = server.query(f"RESTORE TABLE t AS u{k} FROM 'one' ASYNC").split()[0]
        server.query(f"KILL QUERY WHERE query_id = '{operation}' SYNC")
        wait_until(lambda: status(server, operation)["status"] != "RESTORING", "it ends")
        ends.add(status(server, operation)["status"])
        there = server.query(f"SELECT count() FROM system.tables WHERE name = 'u{k}'") == "1\n"
        assert there == (status(server, operation)["status"] == "RESTORED")
    assert ends <= {"RESTORE_CANCELLED", "RESTORED"}
    server.query("RESTORE TABLE t AS last FROM 'one' ASYNC")
    assert server.stop() == 0
    server.start()
    assert server.query("SELECT count() FROM system.tables WHERE name LIKE '_tmp%'") == "0\n"
