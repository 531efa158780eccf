"""ALTER TABLE … FREEZE and UNFREEZE: whole copies under shadow/, of a table or a partition, that can be restored."""
import subprocess

import pytest

from weir import WEIR, QueryError


def whole(folder):
    done = subprocess.run([WEIR, "check", folder], capture_output=True, text=True)
    assert done.returncode == 0 and "all is well" in done.stdout, done.stdout + done.stderr
    return done.stdout


def rows(folder):
    line = next(line for line in whole(folder).splitlines() if line.startswith("packs:"))
    return int(line.split("rows: ")[1].split(",")[0])


def names(server):
    folder = server.data / "shadow"
    return sorted(f"{outer.name}/{inner.name}" for outer in folder.iterdir() for inner in outer.iterdir()) if folder.exists() else []


def make(server, table="t"):
    server.query(f"CREATE TABLE {table} (n UInt64, p UInt8) ENGINE = MergeTree ORDER BY n PARTITION BY p")
    server.query(f"INSERT INTO {table} SELECT number, number % 3 FROM numbers(300)")


def test_table(make_server):
    server = make_server()
    make(server)
    server.query("DELETE FROM t WHERE n = 7")
    server.query("ALTER TABLE t FREEZE WITH NAME 'monday'")
    folder = server.data / "shadow/monday/default.t"
    assert rows(folder) >= 299
    packs = {path.stat().st_ino for path in (server.data / "packs").iterdir()}
    assert all(path.stat().st_ino in packs for path in (folder / "packs").iterdir())  # links
    with pytest.raises(QueryError) as error:
        server.query("ALTER TABLE t FREEZE WITH NAME 'monday'")
    assert error.value.code == 84
    server.query("INSERT INTO t VALUES (1000, 0)")
    server.query("OPTIMIZE TABLE t FINAL")
    server.query("TRUNCATE TABLE t")
    server.restart()
    whole(folder)
    server.query("RESTORE TABLE t AS back FROM Disk('shadow', 'monday/default.t')")
    assert server.query("SELECT count(), sum(n) FROM back") == f"299\t{300 * 299 // 2 - 7}\n"
    assert server.query("SELECT name, status FROM system.backups") == "Disk('shadow', 'monday/default.t')\tRESTORED\n".replace("'", "\\'")
    server.query("ALTER TABLE t UNFREEZE WITH NAME 'monday'")
    server.query("ALTER TABLE t UNFREEZE WITH NAME 'monday'")
    assert names(server) == [] and list((server.data / "shadow").iterdir()) == []
    assert server.value("SELECT count() FROM back") == 299


def test_partition(make_server):
    server = make_server()
    make(server)
    make(server, "`other table`")
    server.query("ALTER TABLE t DETACH PARTITION 2")
    server.query("ALTER TABLE t FREEZE PARTITION 1 WITH NAME 'a-b/c'")
    server.query("ALTER TABLE t FREEZE PARTITION ID '0' WITH NAME 'a-b/c'")
    server.query("ALTER TABLE t FREEZE PARTITION 9 WITH NAME 'a-b/c'")
    server.query("ALTER TABLE t FREEZE PARTITION (2) WITH NAME 'a-b/c'")
    server.query("ALTER TABLE `other table` FREEZE WITH NAME 'a-b/c'")
    shadow = server.data / "shadow"
    assert {name: rows(shadow / name) for name in names(server)} == {
        "a%2Db%2Fc/default.t.0": 100, "a%2Db%2Fc/default.t.1": 100, "a%2Db%2Fc/default.t.2": 0, "a%2Db%2Fc/default.t.9": 0,
        "a%2Db%2Fc/default.other%20table": 300}
    server.query("RESTORE TABLE t AS one FROM Disk('shadow', 'a%2Db%2Fc/default.t.1')")
    assert server.query("SELECT count(), uniqExact(p), any(p) FROM one") == "100\t1\t1\n"
    server.query("ALTER TABLE t UNFREEZE PARTITION 1 WITH NAME 'a-b/c'")
    assert len(names(server)) == 4
    server.query("ALTER TABLE t UNFREEZE WITH NAME 'a-b/c'")
    assert names(server) == ["a%2Db%2Fc/default.other%20table"]
    server.query("ALTER TABLE t FREEZE, FREEZE PARTITION 1")
    server.query("ALTER TABLE t FREEZE")
    assert names(server) == ["1/default.t", "2/default.t.1", "3/default.t", "a%2Db%2Fc/default.other%20table"]
    server.query("SYSTEM UNFREEZE WITH NAME '2'")
    server.query("SYSTEM UNFREEZE WITH NAME 'a-b/c'")
    assert names(server) == ["1/default.t", "3/default.t"]
    assert server.value("SELECT count() FROM t") == 200


@pytest.mark.parametrize(("statement", "code"), [
    ("ALTER TABLE t FREEZE PARTITION ALL WITH NAME 'x'", 344),
    ("ALTER TABLE t FREEZE PART 'x'", 62),
    ("ALTER TABLE t FREEZE PARTITION 'x' WITH NAME 'y'", 53),
    ("ALTER TABLE t FREEZE PARTITION (1, 2) WITH NAME 'y'", 248),
    ("ALTER TABLE t FREEZE WITH NAME 5", 62),
    ("ALTER TABLE t UNFREEZE", 62),
    ("ALTER TABLE t UNFREEZE WITH NAME ''", 36),
    ("ALTER TABLE t UNFREEZE PARTITION 1", 62),
    ("SYSTEM UNFREEZE WITH NAME ''", 36),
    ("ALTER TABLE nothing FREEZE", 60),
    ("BACKUP TABLE t TO Disk('shadow', 'x/default.t')", 36),
    ("RESTORE TABLE t AS u FROM Disk('shadow', 'x')", 36),
    ("RESTORE TABLE t AS u FROM Disk('shadow', 'x/..')", 36),
    ("RESTORE TABLE t AS u FROM Disk('shadow', 'x/y/z')", 36),
    ("RESTORE TABLE t AS u FROM Disk('shadow', 'x/default.t')", 599),
])
def test_errors(make_server, statement, code):
    server = make_server()
    make(server)
    with pytest.raises(QueryError) as error:
        server.query(statement)
    assert error.value.code == code, error.value
    assert names(server) == []


@pytest.mark.parametrize("fault", ["backup_link=kill:2", "backup_finish_rename=kill", "backup_remove_mark=kill", "backup_remove=kill:2"])
def test_unfinished(make_server, fault):
    """A server that dies while it freezes or lets go leaves what is no frozen copy; the next one takes its place."""
    server = make_server()
    server.query("CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
    for k in range(3):
        server.query(f"INSERT INTO t SELECT number + {k * 10} FROM numbers(10)")
        server.restart()
    server.stop()
    server.start(environment={"WEIR_FAILPOINTS": fault})
    with pytest.raises(Exception):
        server.query("ALTER TABLE t FREEZE WITH NAME 'a'")
        server.query("ALTER TABLE t UNFREEZE WITH NAME 'a'")
    server.wait()
    server.start()
    assert server.value("SELECT sum(n) FROM t") == 435
    if "mark" not in fault:
        server.query("ALTER TABLE t FREEZE WITH NAME 'a'")
    assert rows(server.data / "shadow/a/default.t") == 30
    server.query("ALTER TABLE t UNFREEZE WITH NAME 'a'")
    assert names(server) == []
