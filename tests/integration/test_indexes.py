"""Indexes over SQL: granules are left out, answers stay those of a scan, EXPLAIN and the query log say so."""
import re
import subprocess
import sys

import pytest

from weir import ROOT, WEIR

sys.path.insert(0, str(ROOT / "tests/format"))
import pack_reader  # noqa: E402

ROWS = 60000
SELECT = (
    "SELECT number AS n, concat('https://web-', toString(number % 7), '.example/api/', ['orders', 'users', 'carts'][1 + number % 3], '/', toString(cityHash64(number) % 9000), "
    "'?user=', toString(number * 7), '&session=', lower(hex(cityHash64(number, 1)))) AS url, lower(hex(cityHash64(number, 2))) AS id, "
    "cityHash64(number, 3) AS wide, if(number % 5 = 0, NULL, toString(cityHash64(number, 4))) AS maybe FROM numbers({rows})"
)


@pytest.fixture
def filled(make_server):
    server = make_server()
    server.query("CREATE TABLE t (n UInt64, url String, id String, wide UInt64, maybe Nullable(String)) ENGINE = MergeTree ORDER BY n")
    server.query(f"INSERT INTO t {SELECT.format(rows=ROWS)}")
    server.query("OPTIMIZE TABLE t FINAL")
    return server


def explain(server, condition):
    return server.query(f"EXPLAIN indexes = 1 SELECT count() FROM t WHERE {condition} FORMAT TSVRaw")


def granules_left(text, name):
    found = re.search(rf"Skip\n\s+Name: {re.escape(name)}\n.*\n\s+Granules: (\d+)/(\d+)\n", text)
    return (int(found[1]), int(found[2])) if found else None


def value(server, column, n=12346):
    return server.query(f"SELECT {column} FROM t WHERE n = {n} FORMAT TSVRaw").rstrip("\n")


def conditions(server):
    url, id_, wide, maybe = (value(server, column) for column in ("url", "id", "wide", "maybe"))
    user, session = re.search(r"user=(\d+)", url)[1], re.search(r"session=(\w+)", url)[1]
    return [
        (f"id = '{id_}'", "values of id"),
        (f"wide = {wide}", "values of wide"),
        (f"wide IN ({wide}, 1, 2)", "values of wide"),
        (f"maybe = '{maybe}'", "values of maybe"),
        (f"url = '{url}'", "words of url"),
        (f"url LIKE '%user={user}&%'", "words of url"),
        (f"url LIKE '%session={session}'", "words of url"),
        (f"url LIKE '%session={session}%'", "words of url"),
        (f"url LIKE '%&session={session[:9]}%'", "words of url"),
        (f"position(url, '={session}') > 0", "words of url"),
        (f"hasToken(url, '{session}')", "words of url"),
        (f"endsWith(url, '&session={session}')", "words of url"),
        (f"id = '{id_}' OR url LIKE '%session={session}%'", "words of url"),
        (f"n > 5 AND (wide = {wide} AND url LIKE '%users%')", "values of wide"),
    ]


def test_granules_are_left_out(filled):
    server = filled
    for condition, name in conditions(server):
        left = granules_left(explain(server, condition), name)
        assert left is not None and left[1] == 8 and 1 <= left[0] < 6, (condition, explain(server, condition))
        answer = server.query(f"SELECT count(), sum(n) FROM t WHERE {condition}")
        # columns through an expression have no index
        scanned = re.sub(r"\b(url|id|maybe)\b(?=[ ,])", r"concat(\1, '')", re.sub(r"\bwide\b", "(wide + 0)", condition))
        assert answer == server.query(f"SELECT count(), sum(n) FROM t WHERE {scanned}"), condition
        assert int(answer.split()[0]) >= 1, condition
        assert answer == server.query(f"SELECT count(), sum(n) FROM t WHERE {condition}", use_partial_cache=1), condition
    for nothing in ("id = 'none'", "wide = 9000000000000000000", "url LIKE '%session=0000000000000000%'", "maybe = ''"):
        assert server.query(f"SELECT count() FROM t WHERE {nothing}") == "0\n"
    # what indexes cannot tell
    for condition in ("id != 'x'", "url LIKE '%sers%'", "NOT id = 'x'", "id = 'x' OR n % 2 = 0", "url ILIKE '%session=x%'"):
        assert "Skip" not in explain(server, condition), condition
    assert server.value("SELECT count() FROM t WHERE url LIKE '%sers%'") == ROWS // 3
    log = "SELECT ProfileEvents['GranulesSkippedByIndexes'] FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'SELECT count() FROM t WHERE wide = 9%' ORDER BY event_time_microseconds LIMIT 1"
    assert server.value(log) >= 5


def test_verified_and_read_by_others(filled):
    server = filled
    assert "true" in server.query("VERIFY TABLE t FORMAT JSONEachRow") or server.query("VERIFY TABLE t")
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(len(columns[0][2]) for _, name, _, columns in pack_reader.read_data(server.data) if name == "t") == ROWS


def test_damage_is_named(filled):
    """A flipped byte in any index: an error that names the pack, or the right answer."""
    server = filled
    pack = f"{server.value('SELECT max(pack) FROM system.segments'):08}.pack"
    wanted = [(condition, server.query(f"SELECT count(), sum(n) FROM t WHERE {condition}")) for condition, _ in conditions(server)[:5]]
    path = server.data / "packs" / pack
    assert server.stop() == 0
    bytes_ = path.read_bytes()
    refused = 0
    for at in range(len(bytes_) // 50, len(bytes_), len(bytes_) // 12):
        path.write_bytes(bytes_[:at] + bytes([bytes_[at] ^ 1]) + bytes_[at + 1 :])
        done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
        assert done.returncode == 1 and pack in done.stdout + done.stderr, at
        server.start()
        for condition, answer in wanted:
            reply = server.post(f"SELECT count(), sum(n) FROM t WHERE {condition}")
            if reply.status_code == 200:
                assert reply.text == answer, (at, condition)
            else:
                assert pack in reply.text, (at, condition)
                refused += 1
        assert server.stop() == 0
    assert refused > 0
    path.write_bytes(bytes_)
    assert subprocess.run([WEIR, "check", server.data]).returncode == 0
