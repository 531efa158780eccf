"""Faults where a start or its housekeeping writes, syncs, renames and unlinks: the next start has every row."""
import contextlib
import shutil
import time

import pytest

from test_format import GOLDEN_HASH, content, golden
from weir import QueryError, wait_until

RECOVERY = ["ledger_copy", "ledger_copy_sync", "ledger_copy_rename", "ledger_copy_sync_dir", "store_orphan_rename", "store_sync_dir"]


def faulty(server, faults, **more):
    return server.start(environment={"WEIR_FAILPOINTS": faults}, **more)


def fall(server, fault):
    """Starts with a fault of the housekeeping; after a kill, before or behind `ready`, starts again."""
    if "=kill" not in fault:
        faulty(server, fault)
        return
    with contextlib.suppress(RuntimeError):
        faulty(server, fault)
        wait_until(lambda: server.process.poll() is not None, "the server dies")
        server.wait()
    server.start()


def left_open(make_server):
    """The golden directory, its last commit no clean stop."""
    server = golden(make_server)
    server.query("CREATE DATABASE extra")
    server.kill()
    return server


def right(server):
    assert content(server) == GOLDEN_HASH
    assert server.restart() and content(server) == GOLDEN_HASH


@pytest.mark.parametrize("action", ["kill", "eio", "enospc"])
@pytest.mark.parametrize("point", RECOVERY)
def test_recovery(make_server, point, action):
    """After a kill the ledger is copied, and a pack that nobody names is moved away."""
    server = left_open(make_server)
    shutil.copy(server.data / "packs/00000001.pack", server.data / "packs/00000077.pack")
    with pytest.raises(RuntimeError) as error:
        faulty(server, f"{point}={action}")
    if action != "kill":
        assert "weir server: " in str(error.value)
    server.start()
    right(server)
    assert not (server.data / "packs/00000077.pack").exists()
    assert [path.name.endswith("-00000077.pack") for path in (server.data / "orphans").iterdir()] == [True]


@pytest.mark.parametrize("action", ["kill", "eio"])
def test_old_orphans(make_server, action):
    server = golden(make_server)
    assert server.stop() == 0
    orphan = server.data / "orphans" / f"{int(time.time()) - 2 * 86400}-00000077.pack"
    orphan.write_bytes(b"old")
    fall(server, f"store_orphan_unlink={action}")
    wait_until(lambda: not orphan.exists(), "the orphan goes")
    right(server)


@pytest.mark.parametrize("fault", ["store_reserve_write=kill", "store_reserve_write=eio", "store_reserve_write=enospc", "store_reserve_write=short"])
def test_reserve(make_server, fault):
    server = golden(make_server, start=False)
    fall(server, fault)
    wait_until(lambda: (server.data / "RESERVE").exists() and (server.data / "RESERVE").stat().st_size > 0, "the reserve is made")
    right(server)


@pytest.mark.parametrize("fault", ["kill", "eio", "none"])
def test_full_disk_still_drops(make_server, fault):
    """A ledger without room takes a DROP all the same: the reserve makes room."""
    server = golden(make_server)
    wait_until(lambda: (server.data / "RESERVE").exists(), "the reserve is made")
    assert server.stop() == 0
    faulty(server, "ledger_append=enospc:1" + ("" if fault == "none" else f",store_reserve_unlink={fault}"))
    if fault == "kill":
        with pytest.raises(Exception):
            server.query("TRUNCATE TABLE t")
        server.wait()
    elif fault == "eio":
        with pytest.raises(QueryError) as error:
            server.query("TRUNCATE TABLE t")
        assert error.value.code == 243
        assert content(server) == GOLDEN_HASH
        server.query("TRUNCATE TABLE t")
        assert server.value("SELECT count() FROM t") == 0
        return
    else:
        server.query("TRUNCATE TABLE t")
        assert server.value("SELECT count() FROM t") == 0
        assert "the reserve was given up" in server.log_text()
        return
    server.start()
    right(server)


@pytest.mark.parametrize("faults", ["pack_write=eio:1+,pack_remove=kill", "pack_write=eio:1+,pack_remove=eio", "pack_write=short:1+", "ledger_append=eio:1+"])
def test_given_up_pack(make_server, faults):
    """A pack that could not be written, or that the ledger refused, goes or becomes an orphan; the rows come back."""
    server = golden(make_server)
    server.query("CREATE TABLE small (n UInt64) ENGINE = MergeTree ORDER BY n")
    assert server.stop() == 0
    faulty(server, faults)
    server.query("INSERT INTO small VALUES (1), (2)")
    server.stop()  # the rows stay in the insert log
    server.start()
    assert server.query("SELECT sum(n) FROM small") == "3\n"
    right(server)
    assert server.query("SELECT sum(n) FROM small") == "3\n"
