"""VERIFY TABLE over SQL, weir anchor and weir check --anchor: what was changed behind the server's back is named."""
import json
import shutil
import subprocess
import sys

import pytest

from weir import DEADLINE, ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import anchor_reader  # noqa: E402
import ledger_reader  # noqa: E402


def weir(*words):
    return subprocess.run([WEIR, *map(str, words)], capture_output=True, text=True)


def filled(make_server, commits=3):
    server = make_server()
    server.query("CREATE TABLE t (ts DateTime, n UInt32, s String) ENGINE = MergeTree ORDER BY n")
    server.query("CREATE TABLE other (n UInt32) ENGINE = MergeTree ORDER BY n")
    for k in range(commits):
        server.query(f"INSERT INTO t SELECT toDateTime('2026-01-0{k + 1} 00:00:00') + number, number, toString(number) FROM numbers(20000)")
        server.restart()  # what a stop leaves is in segments
    server.query("INSERT INTO other SELECT number FROM numbers(20000)")
    return server.restart()


def verify(server, what="t"):
    return json.loads(server.query(f"VERIFY TABLE {what} FORMAT JSONEachRow", output_format_json_quote_64bit_integers=0))


def pack_of(server, table):
    number = server.value(f"SELECT min(pack) FROM system.segments WHERE table = '{table}'")
    return server.data / "packs" / f"{number:08}.pack"


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 16]))


def test_verify(make_server):
    server = filled(make_server)
    row = verify(server)
    assert (row["database"], row["table"], row["is_whole"], row["problem"]) == ("default", "t", 1, "")
    assert (row["segments"], row["rows"], row["from_the_beginning"], row["first_commit"]) == (3, 60000, 1, 1)
    assert len(row["chain"]) == 64
    assert verify(server, "t FROM '2026-01-02' TO '2026-01-02 12:00:00'")["rows"] == 20000
    assert verify(server, "t TO '2025-12-31'")["rows"] == 0
    server.query("OPTIMIZE TABLE t FINAL")
    after = verify(server, "default.t")
    assert (after["segments"], after["rows"], after["merges"]) == (1, 60000, 1)

    flip(pack_of(server, "t"), 1000)
    row = verify(server)
    assert row["is_whole"] == 0 and pack_of(server, "t").name in row["problem"]
    assert verify(server, "other")["is_whole"] == 1
    flip(pack_of(server, "t"), 1000)
    assert verify(server)["is_whole"] == 1
    flip(server.data / "ledger/000001.log", 500)
    assert "000001.log" in verify(server, "other")["problem"]
    flip(server.data / "ledger/000001.log", 500)


def test_verify_refuses(make_server):
    server = make_server()
    server.query("CREATE VIEW v AS SELECT 1")
    for sql, code in (
        ("VERIFY TABLE nowhere", 60), ("VERIFY TABLE v", 48), ("VERIFY t", 62), ("VERIFY TABLE", 62), ("VERIFY TABLE system.one FROM 1", 62),
    ):  # fmt: skip
        with pytest.raises(QueryError) as error:
            server.query(sql)
        assert error.value.code == code, (sql, error.value)
    server.query("CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n")
    with pytest.raises(QueryError, match="is no time"):
        server.query("VERIFY TABLE t FROM 'yesterday'")
    assert verify(server)["segments"] == 0


def test_anchor(make_server, tmp_path):
    server = filled(make_server)
    beside = weir("anchor", server.data)  # the server runs
    assert beside.returncode == 0, beside
    assert (server.data / "anchor.key").stat().st_mode & 0o777 == 0o600
    assert server.stop() == 0
    first = weir("anchor", server.data)
    assert first.returncode == 0, first
    anchors = [anchor_reader.read_anchor(text.stdout.encode()) for text in (beside, first)]
    assert anchors[0]["commit"] <= anchors[1]["commit"] and anchors[0]["key"] == anchors[1]["key"]
    kept = tmp_path / "kept"
    kept.write_text(first.stdout)
    cut = tmp_path / "cut"
    shutil.copytree(server.data, cut)

    server.start()
    server.query("INSERT INTO t SELECT now(), number, '' FROM numbers(10)")
    assert server.stop() == 0
    for text in (beside, first):
        kept.write_text(text.stdout)
        done = weir("check", server.data, "--anchor", kept, "--public-key", anchors[0]["key"])
        assert done.returncode == 0 and "the data extend it" in done.stdout, done
    assert ledger_reader.read_ledger(server.data / "ledger")  # the second reader sees the same chain

    later = weir("anchor", server.data)
    kept.write_text(later.stdout)
    done = weir("check", cut, "--anchor", kept)  # an old copy: whole, but cut off
    assert done.returncode == 1 and "is cut off" in done.stdout, done
    assert weir("check", cut).returncode == 0

    other = make_server(name="other")
    assert other.stop() == 0
    done = weir("check", other.data, "--anchor", kept)
    assert done.returncode == 1 and "another store" in done.stdout, done

    done = weir("check", server.data, "--anchor", kept, "--public-key", "00" * 32)
    assert done.returncode == 2 and "signed with the key" in done.stderr, done
    kept.write_text(later.stdout.replace("commit ", "commit 1"))
    done = weir("check", server.data, "--anchor", kept)
    assert done.returncode == 2 and "signature" in done.stderr, done
    with pytest.raises(anchor_reader.Bad):
        anchor_reader.read_anchor(kept.read_bytes())


def test_anchor_page(make_server, tmp_path):
    """The server's own anchor is of its last commit; who reads its files has to wait for a moment of silence."""
    server = filled(lambda: make_server("--settle-s", "1"), 1)
    reply = server.session.get(server.url_of("/anchor"), timeout=DEADLINE)
    assert reply.status_code == 200 and reply.headers["Content-Type"].startswith("text/plain"), reply.text
    page = anchor_reader.read_anchor(reply.content)
    assert (server.data / "anchor.key").stat().st_mode & 0o777 == 0o600
    server.query("INSERT INTO t SELECT now(), number, '' FROM numbers(10)")
    server.query("OPTIMIZE TABLE t FINAL")
    later = server.session.get(server.url_of("/anchor"), timeout=DEADLINE)
    anchor = anchor_reader.read_anchor(later.content)
    assert anchor["commit"] > page["commit"] and anchor["key"] == page["key"]
    wait_until(lambda: anchor_reader.read_anchor(weir("anchor", server.data).stdout.encode())["commit"] >= anchor["commit"], "silence")
    assert server.session.post(server.url_of("/anchor"), timeout=DEADLINE).status_code == 404
    assert server.stop() == 0
    for text in (reply, later):
        kept = tmp_path / "kept"
        kept.write_bytes(text.content)
        done = weir("check", server.data, "--anchor", kept, "--public-key", anchor["key"])
        assert done.returncode == 0 and "the data extend it" in done.stdout, done
    server.start()
    (server.data / "anchor.key").write_text("no key\n")
    reply = server.session.get(server.url_of("/anchor"), timeout=DEADLINE)
    assert reply.status_code == 500 and "anchor.key" in reply.text


def test_anchor_key(make_server, tmp_path):
    server = make_server()
    assert server.stop() == 0
    key = tmp_path / "secret"
    one, two = (weir("anchor", server.data, "--key", key) for _ in range(2))
    assert one.returncode == 0 and one.stdout == two.stdout  # Ed25519 signs the same in the same way
    assert not (server.data / "anchor.key").exists()
    key.write_text("no key\n")
    assert weir("anchor", server.data, "--key", key).returncode == 1
    assert weir("anchor", tmp_path / "nowhere").returncode == 2
    assert weir("anchor").returncode == 2
    assert weir("anchor", "--help").returncode == 0
    assert weir("check", server.data, "--anchor").returncode == 2
    assert weir("check", server.data, "--anchor", tmp_path / "nowhere").returncode == 2


def test_optimize_partition(make_server):
    """One partition is merged, the others stay as they are."""
    server = make_server()
    for table, key, text in (("n", "a", "-1"), ("d", "toDate('2026-01-01') + a", "'2026-01-02'"), ("s", "concat('p ', toString(a))", "'p 1'"), ("w", "", "ID 'all'")):
        server.query(f"CREATE TABLE {table} (a Int32, b UInt32) ENGINE = MergeTree {'PARTITION BY ' + key if key else ''} ORDER BY b")
        for k in range(3):
            server.query(f"INSERT INTO {table} SELECT number % 3 {'- 2' if table == 'n' else ''}, number FROM numbers(1000)")
            server.restart()
        parts = f"SELECT partition_id, count() FROM system.parts WHERE table = '{table}' GROUP BY partition_id ORDER BY partition_id"
        before = dict(server.rows(parts))
        assert len(before) == (3 if key else 1) and set(before.values()) == {3}
        server.query(f"OPTIMIZE TABLE {table} PARTITION 'no such'")
        assert dict(server.rows(parts)) == before
        server.query(f"OPTIMIZE TABLE {table} PARTITION {text} FINAL")
        after = dict(server.rows(parts))
        merged = text.removeprefix("ID ").strip("'")
        assert after.pop(merged) == 1 and all(count == 3 for count in after.values()), (table, after)
        assert server.value(f"SELECT count() FROM {table}") == 3000
    for sql, code in (("OPTIMIZE TABLE n PARTITION a", 48), ("OPTIMIZE TABLE n PARTITION", 62), ("OPTIMIZE TABLE n PARTITION ID 1", 62), ("OPTIMIZE TABLE n FINAL DEDUPLICATE", 48)):
        with pytest.raises(QueryError) as error:
            server.query(sql)
        assert error.value.code == code, (sql, error.value)
