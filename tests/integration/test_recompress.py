"""TTL … RECOMPRESS CODEC(…): segments that came to their time are written anew with the codec, once; merges keep it."""
import subprocess
import sys

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402
import pack_reader  # noqa: E402

TABLE = "CREATE TABLE {} (n UInt64, ts DateTime, s String{}) ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY n {} "
ROWS = "SELECT number, toDateTime('{}') + number, hex(sipHash64(number)) || toString(number % 100) || repeat('abc', number % 7) FROM numbers({})"
PARTS = "SELECT partition, default_compression_codec, sum(rows) FROM system.parts WHERE table = '{}' GROUP BY ALL ORDER BY ALL"


def whole(server):
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    state = ledger_reader.ledger_state(server.data / "ledger")
    pack_reader.read_data(server.data)
    server.start()
    return state


def size(server, table, partition):
    return server.value(f"SELECT sum(bytes_on_disk) FROM system.parts WHERE table = '{table}' AND partition = '{partition}'", output_format_json_quote_64bit_integers=0)


def test_segments(make_server):
    server = make_server()
    ttl = "TTL ts + INTERVAL 1 MONTH RECOMPRESS CODEC(NONE), ts + INTERVAL 1 YEAR RECOMPRESS CODEC(ZSTD(19)), ts + INTERVAL 50 YEAR"
    for name, more in (("t", "TTL ts + INTERVAL 50 YEAR"), ("plain", "")):
        server.query(TABLE.format(name, "", more))
        for month in ("2020-01-01 00:00:00", "2020-02-01 00:00:00"):
            server.query(f"INSERT INTO {name} " + ROWS.format(month, 20000))
        server.query(f"INSERT INTO {name} SELECT number, now() - 100 * 86400, hex(sipHash64(number)) FROM numbers(20000)")
        server.query(f"INSERT INTO {name} SELECT number, now(), 'new' FROM numbers(100)")
        server.query(f"OPTIMIZE TABLE {name} FINAL")
    content = "SELECT count(), sum(n), sum(cityHash64(n, ts, s)), sum(_offset) FROM t"
    before, bytes_before = server.query(content), [size(server, "t", month) for month in ("202001", "202002")]
    server.query("ALTER TABLE t MODIFY " + ttl)
    found = [line.split("\t") for line in server.query(PARTS.format("t")).splitlines()]
    assert [line[1] for line in found] == ["ZSTD(19)", "ZSTD(19)", "NONE", "Default"], found
    assert server.query(content) == before
    assert size(server, "t", "202001") <= bytes_before[0]
    old = server.value("SELECT partition FROM system.parts WHERE table = 't' AND default_compression_codec = 'NONE'")
    assert size(server, "t", old) > size(server, "plain", old)  # nothing went through LZ4 or ZSTD
    create = server.query("SHOW CREATE TABLE t FORMAT TSVRaw")
    assert "TTL ts + toIntervalMonth(1) RECOMPRESS CODEC(NONE), ts + toIntervalYear(1) RECOMPRESS CODEC(ZSTD(19)), ts + toIntervalYear(50)" in create.replace("\n    ", " ").replace("\n", " "), create
    assert "RECOMPRESS CODEC(ZSTD(19))" in server.query("SELECT engine_full FROM system.tables WHERE name = 't' FORMAT TSVRaw")
    # once: the same segments stay
    names = "SELECT name FROM system.parts WHERE table = 't' ORDER BY name"
    parts = server.query(names)
    server.query("ALTER TABLE t MATERIALIZE TTL")
    assert server.query(names) == parts
    # merges of such segments keep it, others get it anew
    server.query("INSERT INTO t " + ROWS.format("2020-01-05 00:00:00", 100))
    server.query("ALTER TABLE t MATERIALIZE TTL IN PARTITION 202001")
    assert server.query("SELECT count() FROM system.parts WHERE table = 't' AND partition = '202001' AND default_compression_codec = 'ZSTD(19)'") == "2\n"
    server.query("OPTIMIZE TABLE t PARTITION 202001 FINAL")
    assert server.query("SELECT count(), any(default_compression_codec) FROM system.parts WHERE table = 't' AND partition = '202001'") == "1\tZSTD(19)\n"
    state = whole(server)
    assert sorted(state.codecs[name] for name in state.segments if name in state.codecs) == ["NONE", "ZSTD(19)", "ZSTD(19)"]
    assert server.query(PARTS.format("t")).count("ZSTD(19)") == 2
    # copies, backups and partitions of other tables have it too
    server.query("BACKUP TABLE t TO 'b'")
    server.query("RESTORE TABLE t AS r FROM 'b'")
    assert server.query(PARTS.format("r")) == server.query(PARTS.format("t"))
    server.query(TABLE.format("u", "", ttl))
    server.query("ALTER TABLE u ATTACH PARTITION 202001 FROM t")
    assert "ZSTD(19)" in server.query(PARTS.format("u"))
    # without the TTL merges write by rule again
    server.query("ALTER TABLE u REMOVE TTL")
    server.query("INSERT INTO u " + ROWS.format("2020-01-05 00:00:00", 100))
    server.query("OPTIMIZE TABLE u FINAL")
    assert server.query(PARTS.format("u")).split("\t")[1] == "Default"
    whole(server)


def test_column_codecs(make_server):
    """A column's own CODEC stays; deleted rows and the thread that looks by itself."""
    server = make_server()
    server.query(TABLE.format("t", " CODEC(NONE)", "TTL ts + INTERVAL 1 DAY RECOMPRESS CODEC(ZSTD(9)) SETTINGS merge_with_ttl_timeout = 1"))
    server.query("INSERT INTO t SELECT number, '2020-01-01', toString(number) || repeat('same ', 20 + number % 7) FROM numbers(50000)")
    wait_until(lambda: server.query(PARTS.format("t")) == "202001\tZSTD(9)\t50000\n", "it is written anew")
    bytes_of = "SELECT data_compressed_bytes FROM system.columns WHERE table = 't' AND name = 's'"
    assert server.value("SELECT count() FROM t WHERE NOT ignore(s)") and server.value(bytes_of, output_format_json_quote_64bit_integers=0) > 50000 * 100
    server.query("DELETE FROM t WHERE n % 2 = 0")
    server.query("ALTER TABLE t HOLD 'case'")
    server.query("ALTER TABLE t MODIFY TTL ts + INTERVAL 1 DAY RECOMPRESS CODEC(LZ4HC(12))")
    assert server.query("SELECT default_compression_codec, rows FROM system.parts WHERE table = 't'") == "LZ4HC(12)\t25000\n"
    server.query("ALTER TABLE t RELEASE HOLD 'case'")
    # rows that are not due keep their segment as it is
    server.query("INSERT INTO t SELECT number, if(number = 5, now(), toDateTime('2020-02-01 00:00:00')) , '' FROM numbers(10)")
    server.query("ALTER TABLE t MATERIALIZE TTL")
    assert server.query("SELECT sum(rows) FROM system.parts WHERE table = 't' AND default_compression_codec = 'Default'") == "1\n"
    whole(server)


def test_dies(make_server):
    server = make_server()
    server.query(TABLE.format("t", "", ""))
    server.query("INSERT INTO t " + ROWS.format("2020-01-01 00:00:00", 1000))
    before = server.query("SELECT count(), sum(n), sum(cityHash64(n, ts, s)) FROM t")
    for fault in ("pack_write=kill", "pack_sync=kill", "ledger_append=kill:2", "ledger_sync=kill:2", "pack_write=enospc"):
        server.stop()
        server.start(environment={"WEIR_FAILPOINTS": fault})
        try:
            server.query("ALTER TABLE t MODIFY TTL ts + INTERVAL 1 DAY RECOMPRESS CODEC(ZSTD(3))")
        except Exception:  # noqa: BLE001
            pass
        if server.process is not None and server.process.poll() is not None:
            server.wait()
        server.stop()
        server.start()
        assert server.query("SELECT count(), sum(n), sum(cityHash64(n, ts, s)) FROM t") == before
        server.query("ALTER TABLE t REMOVE TTL")
    whole(server)


def test_definitions(shared):
    """As ClickHouse takes and refuses them."""
    table = "CREATE TABLE r (a UInt32, ts DateTime) ENGINE = MergeTree ORDER BY a TTL ts + INTERVAL 1 DAY RECOMPRESS {}"
    for codec in ("ZSTD(17)", "ZSTD", "NONE", "Default", "LZ4HC(10)", "Delta, ZSTD", "Delta(4), ZSTD", "T64, LZ4", "Gorilla, LZ4", "FPC", "DoubleDelta"):
        shared.query(table.format(f"CODEC({codec})"))
        assert f"RECOMPRESS CODEC({codec})" in shared.query("SHOW CREATE TABLE r FORMAT TSVRaw")
        shared.query("INSERT INTO r SELECT number, 1000000 FROM numbers(100)")
        shared.query("OPTIMIZE TABLE r FINAL")
        assert shared.query("SELECT default_compression_codec FROM system.parts WHERE table = 'r'") == codec + "\n"
        shared.query("DROP TABLE r")
    for codec, code in (("CODEC(Delta)", 36), ("CODEC(Nope)", 432), ("CODEC(ZSTD(99))", 433), ("CODEC(ZSTD, LZ4)", 36), ("", 62), ("CODEC()", 62),
                        ("CODEC(ZSTD(1)) WHERE a = 1", 62), ("CODEC(zstd(3))", 432), ("CODEC(Delta('x'), ZSTD)", 433), ("CODEC(ZSTD(3), Delta)", 36), ("CODEC(GCD, LZ4)", 48)):
        with pytest.raises(QueryError) as error:
            shared.query(table.format(codec))
        assert error.value.code == code, codec
