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
        ("BACKUP TABLE t TO 'x' ASYNC", 48),
        ("BACKUP TABLE t AS u TO 'x'", 48),
        ("BACKUP TABLE t PARTITION 1 TO 'x'", 48),
        ("BACKUP DATABASE default EXCEPT TABLES t TO 'x'", 48),
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
