"""The bytes on disk: what the second readers of tests/format find is what SQL says, and weir check agrees."""
import datetime
import decimal
import hashlib
import json
import shutil
import subprocess
import sys

import pytest

from weir import ROOT, WEIR, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import pack_reader  # noqa: E402

COLUMNS = [
    ("n", "UInt32"), ("b", "Bool"), ("i8", "Int8"), ("i16", "Int16"), ("i32", "Int32"), ("i64", "Int64"), ("u8", "UInt8"), ("u16", "UInt16"), ("u64", "UInt64"),
    ("f32", "Float32"), ("f64", "Float64"), ("price", "Float64"), ("s", "String"), ("hex", "String"), ("fs", "FixedString(3)"), ("d", "Date"), ("d32", "Date32"),
    ("t", "DateTime"), ("t64", "DateTime64(3)"), ("dec9", "Decimal(9, 2)"), ("dec18", "Decimal(18, 6)"), ("u", "UUID"), ("ip4", "IPv4"), ("ip6", "IPv6"),
    ("e8", "Enum8('one' = 1, 'minus' = -2)"), ("e16", "Enum16('a' = 1000, 'b' = -1000)"), ("ni", "Nullable(Int64)"), ("ns", "Nullable(String)"), ("nf", "Nullable(Float64)"),
    ("ls", "LowCardinality(String)"), ("lns", "LowCardinality(Nullable(String))"), ("nothing", "Nullable(UInt16)"), ("same", "UInt64"), ("sparse", "UInt64"),
]  # fmt: skip


def row(n):
    edge = n % 50 == 0
    return {
        "n": n, "b": n % 3 == 0, "i8": n % 256 - 128, "i16": n % 65536 - 32768 if edge else n % 7, "i32": -(2**31) if edge else n, "i64": -(2**63) if edge else n * n,
        "u8": n % 256, "u16": n * 7 % 65536, "u64": 2**64 - 1 - n, "f32": n / 4, "f64": n * 1.1e-7, "price": n * 25 / 100, "s": f"row {n} \t\n\x00'\"\u00e4" * (n % 5), "hex": f"{n:032x}",
        "fs": f"{n % 1000:03}", "d": str(datetime.date(1970, 1, 1) + datetime.timedelta(days=n % 65536)), "d32": str(datetime.date(1925, 1, 1) + datetime.timedelta(days=n % 90000)),
        "t": n * 86399 % 2**32, "t64": f"2024-02-29 12:34:{n % 60:02}.{n % 1000:03}", "dec9": f"{n % 9999999}.{n % 100:02}", "dec18": f"-{n}.{n % 1000000:06}",
        "u": f"{n:08x}-0000-4000-8000-{n:012x}", "ip4": f"10.{n // 65536 % 256}.{n // 256 % 256}.{n % 256}", "ip6": f"2001:db8::{n % 65536:x}",
        "e8": "one" if n % 2 else "minus", "e16": "a" if n % 3 else "b", "ni": None if n % 4 == 0 else n - 100, "ns": None if n % 5 == 0 else f"v{n % 11}", "nf": None if n % 2 else n / 8,
        "ls": f"tag{n % 13}", "lns": None if n % 6 == 0 else f"lc{n % 9}", "nothing": None, "same": 7, "sparse": 10**15 if n % 1000 == 17 else n % 3,
    }  # fmt: skip


def shown(kind, text):
    """A value of a JSONCompactStrings-like reply as the reader gives it."""
    if text is None:
        return None
    if kind.bytes and kind.base != "IPv6":
        return text.encode()
    if kind.base in ("Float32", "Float64"):
        return float(text)
    if kind.base == "Bool":
        return text in (True, "true", 1)
    if kind.base == "Decimal":
        return decimal.Decimal(text)
    if kind.base in ("IPv4", "IPv6", "UUID", "Date", "Date32") or kind.base.startswith("Enum"):
        return text
    return int(text)


def compare(server, table, expected_rows):
    """Rows in segments, by the second reader, against SQL's answer taken before."""
    found = {}
    for database, name, names, columns in pack_reader.read_data(server.data):
        if (database, name) == ("default", table):
            values = {names[number]: [kind.text(value) for value in column] for number, kind, column in columns}
            kinds = {names[number]: kind for number, kind, _ in columns}
            for k, n in enumerate(values["n"]):
                assert n not in found, f"row {n} is there twice"
                found[n] = {column: values[column][k] for column in values}
    assert len(found) == len(expected_rows)
    for expected in expected_rows:
        have = found[int(expected["n"])]
        for column, value in expected.items():
            kind = kinds[column]
            if kind.base in ("DateTime", "DateTime64"):
                value = None if value is None else int(value)
            assert have[column] == shown(kind, value), (expected["n"], column)


def check(server):
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def insert(server, table, numbers):
    server.query(f"INSERT INTO {table} FORMAT JSONEachRow", data="\n".join(json.dumps(row(n)) for n in numbers).encode())


def expected_rows(server, table):
    names = [f"toUnixTimestamp({name}) AS {name}" if kind == "DateTime" else f"toUnixTimestamp64Milli({name}) AS {name}" if kind.startswith("DateTime64") else name for name, kind in COLUMNS]
    text = server.query(f"SELECT {', '.join(names)} FROM {table} ORDER BY n", default_format="JSONEachRow", output_format_json_quote_64bit_integers=1, output_format_json_quote_decimals=1)
    return [json.loads(line) for line in text.splitlines()]


def segments(server, table):
    return server.value(f"SELECT count() FROM system.segments WHERE table = '{table}'")


@pytest.mark.parametrize("order", ["(ls, n)", "n", "(intDiv(n, 100), i32)", "tuple()"])
def test_all_types(make_server, order):
    """Small inserts through the insert log, sealed by a stop; a large one; and what merges made of them."""
    server = make_server()
    table = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
    server.query(f"CREATE TABLE t ({table}) ENGINE = MergeTree PARTITION BY intDiv(n, 1000000) ORDER BY {order}")
    insert(server, "t", range(0, 300))
    insert(server, "t", range(300, 310))
    server.restart()
    insert(server, "t", range(1000, 1000 + 9000))
    before = expected_rows(server, "t")
    assert len(before) == 9310
    assert server.stop() == 0
    compare(server, "t", before)
    check(server)
    server.start()
    for k in range(12):
        insert(server, "t", range(20000 + k * 10, 20000 + k * 10 + 10))
        server.restart()
    wait_until(lambda: server.value("SELECT count() FROM system.segments WHERE table = 't' AND level > 0") > 0, "merges")
    before = expected_rows(server, "t")
    assert server.stop() == 0
    compare(server, "t", before)
    check(server)


# ---- golden files: a data directory that an earlier build wrote, killed with rows in its insert log

GOLDEN = {  # by the version of their packs: rows, hash of the content. Packs of 2 and 3 were merged
    1: ([*range(0, 150), *range(2000, 2100), *range(3000, 3010)], "5ce3c21492ee80bc1a10e553113643d266de40d022401f719c058632d56652d2"),
    2: ([*range(0, 900), *range(2000, 2300), *range(3000, 3010)], "b9c0f1a7909b2178636b47856509dedc2fbe88108b5f4a4cf46a7d5c67f9eac0"),
    3: ([*range(0, 900), *range(2000, 2300), *range(3000, 3010)], "b9c0f1a7909b2178636b47856509dedc2fbe88108b5f4a4cf46a7d5c67f9eac0"),
}
GOLDEN_HASH = GOLDEN[1][1]
GOLDEN_PACKS = [(version, path.name) for version in GOLDEN for path in sorted((ROOT / f"tests/golden/data-{version}/packs").iterdir())]


def golden(make_server, version=1, start=True):
    server = make_server(start=False)
    shutil.copytree(ROOT / f"tests/golden/data-{version}", server.data, dirs_exist_ok=True)
    return server.start() if start else server


def content(server):
    return hashlib.sha256(server.query("SELECT * FROM t ORDER BY n FORMAT TabSeparatedWithNamesAndTypes", session_timezone="UTC").encode()).hexdigest()


@pytest.mark.parametrize("version", GOLDEN)
def test_golden(make_server, version):
    server = golden(make_server, version)
    rows = expected_rows(server, "t")
    numbers, hash_ = GOLDEN[version]
    assert [int(found["n"]) for found in rows] == numbers
    assert content(server) == hash_
    server.restart()
    assert content(server) == hash_
    assert server.stop() == 0
    compare(server, "t", rows)
    check(server)


@pytest.mark.parametrize("version, pack", GOLDEN_PACKS)
def test_flipped_bytes_of_a_pack(make_server, version, pack):
    """A damaged pack gives an error that names it, or the right answer; never another one."""
    server = golden(make_server, version, start=False)
    path = server.data / "packs" / pack
    bytes_ = path.read_bytes()
    server.start()
    assert server.stop() == 0  # recovery is done
    for at in range(3, len(bytes_), len(bytes_) // 40):
        path.write_bytes(bytes_[:at] + bytes([bytes_[at] ^ 1 << at % 8]) + bytes_[at + 1 :])
        done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
        assert done.returncode == 1 and pack in done.stdout + done.stderr, (at, done)
        server.start()
        reply = server.post("SELECT * FROM t ORDER BY n FORMAT TabSeparatedWithNamesAndTypes", session_timezone="UTC")
        if reply.status_code == 200 and "DB::Exception" not in reply.text:
            assert hashlib.sha256(reply.text.encode()).hexdigest() == GOLDEN[version][1], at
        else:
            assert pack in reply.text, (at, reply.text[-300:])
        assert server.stop() == 0
    path.write_bytes(bytes_)
    check(server)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_damaged_files(make_server, damage):
    server = golden(make_server)
    assert server.stop() == 0
    first, second = sorted((server.data / "packs").iterdir())[:2]
    if damage == "missing":
        first.unlink()
    elif damage == "empty":
        first.write_bytes(b"")
    elif damage == "cut":
        first.write_bytes(first.read_bytes()[:-100])
    else:
        shutil.copy(second, first)
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 1 and first.name in done.stdout + done.stderr, done
    try:
        server.start()
    except RuntimeError as error:
        assert first.name in str(error)
    else:
        reply = server.post("SELECT sum(n), count(s) FROM t")
        assert reply.status_code != 200 and first.name in reply.text
        assert server.query("SELECT 1") == "1\n"
