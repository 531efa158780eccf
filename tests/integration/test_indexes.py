"""Indexes over SQL: granules are left out, answers stay those of a scan, EXPLAIN and the query log say so."""
import re
import subprocess
import sys
from random import Random

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
    found = re.search(rf"Skip\n\s+Name: {re.escape(name)}\n.*\n\s+Parts: \d+/\d+\n\s+Granules: (\d+)/(\d+)\n", text)
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


def test_numbers_are_compared_as_they_are_packed(filled):
    """Told by the query log; what is not packed any more, or not any number, answers the same."""
    server = filled
    middle = server.value("SELECT toUInt64(median(wide)) FROM t")
    log = "SELECT ProfileEvents['GranulesFilteredEncoded'] FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'SELECT %s, count(), sum(n) FROM t%%' LIMIT 1"
    for number, condition in enumerate((f"wide > {middle}", f"wide != {middle}", f"n >= 7 AND wide BETWEEN 5 AND {middle}")):
        answer = server.query(f"SELECT {number}, count(), sum(n) FROM t WHERE {condition}")
        assert server.value(log % number) == 8, condition
        assert answer == server.query(f"SELECT {number}, count(), sum(n) FROM t WHERE {condition.replace('wide', '(wide + 0)')}")


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


def test_explicit_indexes(make_server):
    """Each type leaves out granules, as soon as rows are in segments; MATERIALIZE writes older segments again."""
    server = make_server()
    server.query(
        "CREATE TABLE t (n UInt64, url String, id String, wide UInt64, maybe Nullable(String), INDEX b wide TYPE bloom_filter(0.01), INDEX tok lower(url) TYPE tokenbf_v1(30000, 3, 0), "
        "INDEX gram url TYPE ngrambf_v1(5, 60000, 2, 0) GRANULARITY 2, INDEX s spread TYPE set(100), INDEX m n TYPE minmax GRANULARITY 8, spread UInt32) ENGINE = MergeTree ORDER BY tuple()"
    )
    server.query(f"INSERT INTO t SELECT *, cityHash64(intDiv(n, 3000)) % 1000000 FROM ({SELECT.format(rows=ROWS)})")
    server.restart()
    assert "INDEX tok lower(url) TYPE tokenbf_v1(30000, 3, 0) GRANULARITY 1,\n    INDEX gram url TYPE ngrambf_v1(5, 60000, 2, 0) GRANULARITY 2" in server.query("SHOW CREATE TABLE t FORMAT TSVRaw")
    url = value(server, "url")
    session = re.search(r"session=(\w+)", url)[1]
    for condition, name, most in [
        (f"wide = {value(server, 'wide')}", "b", 3),
        (f"lower(url) LIKE '%session={session}%'", "tok", 4),
        (f"hasToken(lower(url), '{session}')", "tok", 4),
        (f"url LIKE '%{session[4:]}%'", "gram", 4),
        (f"position(url, '{session[2:]}') > 0", "gram", 4),
        (f"spread = {value(server, 'spread')}", "s", 2),
        (f"spread IN ({value(server, 'spread')}, {value(server, 'spread', 200)})", "s", 4),
        ("n = 12346", "m", 1),
        (f"url ILIKE '%&SESSION={session.upper()}'", "tok", 4),
        (f"lower(url) ILIKE '%&SESSION={session.upper()}'", "tok", 4),
        (f"url LIKE '%&session={session}'", "tok", 4),
        (f"match(url, '&session={session}$')", "tok", 4),
        (f"url REGEXP '(?i)&SESSION={session.upper()}$'", "tok", 4),
        (f"match(url, '^https://[a-z]+.*(&|=).+{session[1:-1]}.?$')", "gram", 4),
        (f"multiSearchAny(url, ['{session[2:]}', 'nosuchtextatall'])", "gram", 4),
        (f"multiSearchAnyCaseInsensitive(url, ['={session.upper()}', '=nosuchword'])", "tok", 4),
        (f"hasTokenCaseInsensitive(url, '{session.upper()}')", "tok", 4),
        (f"positionCaseInsensitive(url, '={session.upper()}') > 0", "tok", 4),
        (f"startsWith(lower(url), '{url.lower()[:-2]}')", "tok", 4),
        (f"endsWith(url, '{session}')", "gram", 4),
    ]:
        text = explain(server, condition)
        left = granules_left(text, name)
        assert left is not None and 1 <= left[0] <= most and left[0] < left[1] and (left[1] == 8 or name == "s"), (condition, text)
        assert server.value(f"SELECT count() > 0 FROM t WHERE {condition}") == 1, condition
    rows = server.query("SELECT name, data_compressed_bytes > 0, creation FROM system.data_skipping_indices WHERE table = 't' ORDER BY name").splitlines()
    assert rows == ["b\t1\tExplicit", "gram\t1\tExplicit", "m\t0\tExplicit", "s\t1\tExplicit", "tok\t1\tExplicit"]
    # what patterns do not say
    for condition in (f"url ILIKE '%{session[:4]}%'", f"match(url, 'x|session={session}')", f"match(url, '({session})?')", "match(url, '[a-z]{4,}$')", "url NOT LIKE '%session%'"):
        assert "tok" not in explain(server, condition), condition
    # values of a subquery go through indexes, too
    server.query("SELECT count() FROM t WHERE wide IN (SELECT wide FROM t WHERE n = 12346)")
    log = "SELECT ProfileEvents['GranulesSkippedByIndexes'] FROM system.query_log WHERE type = 'QueryFinish' AND query LIKE 'SELECT count() FROM t WHERE wide IN (SEL%' LIMIT 1"
    assert server.value(log) >= 5
    # one that is added later is in new segments alone, until it is materialized
    server.query("ALTER TABLE t ADD INDEX late id TYPE set(10000) FIRST")
    condition = f"id = '{value(server, 'id')}'"
    assert "Skip" not in explain(server, condition)
    server.query("ALTER TABLE t MATERIALIZE INDEX late")
    assert granules_left(explain(server, condition), "late") == (1, 8)
    server.query("ALTER TABLE t MATERIALIZE INDEX late")
    assert server.query("SELECT count() FROM system.segments WHERE table = 't'") == "1\n"
    server.query("ALTER TABLE t DROP INDEX late")
    assert "late" not in server.query("SHOW CREATE TABLE t")
    server.restart()
    assert server.value(f"SELECT count() FROM t WHERE {condition}") == 1
    assert server.query("VERIFY TABLE t")
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(pack_reader.read_data(server.data)) >= 1


def test_settings_of_indexes(make_server):
    server = make_server()
    server.query("CREATE TABLE t (m UInt8 MATERIALIZED 1, n UInt64, s String, INDEX i s TYPE bloom_filter, INDEX g s TYPE ngrambf_v1(4, 8000, 2, 0)) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO t (n, s) SELECT number, concat('text ', toString(cityHash64(number))) FROM numbers(50000)")
    server.query("OPTIMIZE TABLE t FINAL")
    wanted = f"s = '{value(server, 's', 20000)}'"
    explained = f"EXPLAIN indexes = 1 SELECT count() FROM t WHERE {wanted} SETTINGS "
    assert granules_left(explain(server, wanted), "i") is not None
    # parts, as ClickHouse shows them
    server.query("INSERT INTO t (n, s) SELECT number + 100000, 'text none' FROM numbers(20000)")
    server.restart()
    assert re.search(r"Name: i\n\s+Description: bloom_filter GRANULARITY 1\n\s+Parts: 1/\d\n", explain(server, wanted))
    assert "Skip" not in server.query(explained + "use_skip_indexes = 0 FORMAT TSVRaw")
    left = server.query(explained + "ignore_data_skipping_indices = 'i' FORMAT TSVRaw")
    assert granules_left(left, "i") is None and granules_left(left, "g") is not None
    assert "Skip" not in server.query(explained + "ignore_data_skipping_indices = 'i, `g`' FORMAT TSVRaw")
    for settings in ("", "use_skip_indexes = 0", "ignore_data_skipping_indices = 'i,g'", "force_data_skipping_indices = 'i,g'"):
        assert server.query(f"SELECT count() FROM t WHERE {wanted}" + (f" SETTINGS {settings}" if settings else "")) == "1\n"


def test_indexes_agree_with_scans(make_server):
    """Random patterns: what indexes leave out has no row that matches."""
    server = make_server()
    server.query(
        "CREATE TABLE t (n UInt64, s String, INDEX w s TYPE tokenbf_v1(500, 3, 0), INDEX lw lower(s) TYPE tokenbf_v1(500, 3, 0), INDEX g s TYPE ngrambf_v1(3, 2000, 2, 0), "
        "INDEX lg lower(s) TYPE ngrambf_v1(2, 2000, 2, 0), INDEX v s TYPE bloom_filter, INDEX lv lower(s) TYPE bloom_filter) ENGINE = MergeTree ORDER BY n"
    )
    words = ["Alpha", "beta", "KELVIN", "sKin", "42", "4711", "x", "\u212Aelvin", "\u00c9t\u00e9", "a.b", "a_b", "100%", "long-Word-Here", "ss"]
    for part in range(12):  # granules of few words each
        chosen = [words[(part * 5 + k * (part + 1)) % len(words)] for k in range(3)]
        rows = ", ".join(f"'{word}'" for word in chosen)
        server.query(f"INSERT INTO t SELECT number + {part} * 8192, concat([{rows}][1 + number % 3], ' ', [{rows}][1 + intDiv(number, 3) % 3], '/', toString(number % 20)) FROM numbers(8192)")
    server.query("OPTIMIZE TABLE t FINAL")
    random = Random(4)
    skipped = 0
    for _ in range(400):
        word = random.choice(words)
        begin, end = sorted((random.randint(0, len(word)), random.randint(0, len(word))))
        text = random.choice([word, word[begin:end] or word, word + " ", "/" + str(random.randint(0, 30)), word.swapcase()])
        like = random.choice(["%{}%", "{}%", "%{}", "{}", "%{}_%", "%{}%" + random.choice(words) + "%"]).format(text.replace("%", "\\%").replace("_", "\\_"))
        regex = random.choice(["{}", "^{}", "{}$", "{}.*[0-9]", "(x|y)?{}", "{}*", "{}+/", "{}?", "{}{{0,2}} ", "(?i){}", "\\b{}", "{}|zz", "[^ ]{}"]).format(re.escape(text).replace("\\ ", " "))
        quoted = {name: "'" + raw.replace("\\", "\\\\").replace("'", "\\'") + "'" for name, raw in (("t", text), ("l", like), ("r", regex))}
        column = random.choice(["s", "s", "lower(s)"])
        condition = random.choice(
            ["{c} LIKE {l}", "{c} ILIKE {l}", "{c} ILIKE {l}", "match({c}, {r})", "match({c}, {r})", "hasToken({c}, 'beta')", "hasTokenCaseInsensitive({c}, 'KELVIN')", "position({c}, {t}) > 0",
             "positionCaseInsensitive({c}, {t}) > 0", "positionCaseInsensitiveUTF8({c}, {t}) > 0", "startsWith({c}, {t})", "endsWith({c}, {t})", "multiSearchAny({c}, [{t}, 'Alpha'])",
             "multiSearchAnyCaseInsensitive({c}, [{t}])", "multiSearchAnyCaseInsensitiveUTF8({c}, [{t}, '4711'])", "{c} = {t}", "{c} IN ({t}, 'x x/3')"]
        ).format(c=column, **quoted)  # fmt: skip
        select = f"SELECT count(), sum(n) FROM t WHERE {condition} SETTINGS use_partial_cache = 0, use_skip_indexes = "
        assert server.query(select + "1") == server.query(select + "0"), condition
        skipped += "Skip" in explain(server, condition)
    assert skipped > 150


def test_bitmaps(make_server):
    """Conditions over dictionaries: rows and counts from bitmaps, asked for or by the rule, are those of a scan."""
    server = make_server()
    server.query(
        "CREATE TABLE t (n UInt64, level LowCardinality(String), region String, maybe LowCardinality(Nullable(String)), INDEX bits level TYPE bitmap GRANULARITY 4, "
        "INDEX of_maybe maybe TYPE bitmap) ENGINE = MergeTree ORDER BY n"
    )
    rows = (
        "SELECT number, ['debug', 'info', 'info', 'info', 'warn', 'error'][1 + cityHash64(number) % 6], concat('region-', toString(intDiv(number, 9000))), "
        "if(number % 3 = 0, NULL, concat('m', toString(number % 4))) FROM numbers(100000)"
    )
    server.query(f"INSERT INTO t {rows}")
    server.query("CREATE TABLE plain (n UInt64, level String, region String, maybe Nullable(String)) ENGINE = MergeTree ORDER BY n")
    server.query(f"INSERT INTO plain {rows}")
    conditions = [
        "level = 'error'", "level != 'info'", "NOT level = 'info'", "level IN ('warn', 'error', 'none')", "level = 'none'", "level = 'error' AND region = 'region-7'",
        "level = 'error' OR region = 'region-7'", "NOT (level = 'info' OR region = 'region-2') AND n % 2 = 0", "level NOT IN ('info', 'warn')", "maybe = 'm1'", "maybe != 'm1'",
        "NOT maybe = 'm1'", "maybe = 'm1' OR level = 'warn'", "NOT (maybe = 'm1' AND level = 'info')", "level IN ('info', NULL)", "level = toFixedString('warn', 6)",
        "n < 50000 AND level = 'debug' AND maybe IN ('m2', 'm3')", "level >= 'info'", "level = 'error' AND level = 'warn'", "lower(level) = 'warn'",
    ]  # fmt: skip
    for step in ("inserted", "merged", "deleted"):
        if step == "merged":
            server.query("OPTIMIZE TABLE t FINAL")
        if step == "deleted":
            for table in ("t", "plain"):
                server.query(f"DELETE FROM {table} WHERE n % 10 = 3 OR region = 'region-4'")
        for condition in conditions:
            for what in ("count()", "count(), sum(n), min(level), max(region), count(maybe)"):
                assert server.query(f"SELECT {what} FROM t WHERE {condition}") == server.query(f"SELECT {what} FROM plain WHERE {condition}"), (condition, step)
    server.restart()
    names = server.query("SELECT name, type, creation FROM system.data_skipping_indices WHERE table = 't' AND data_compressed_bytes > 0 ORDER BY name").splitlines()
    assert names == ["bitmap of region\tbitmap\tImplicit", "bits\tbitmap\tExplicit", "of_maybe\tbitmap\tExplicit"]
    assert granules_left(explain(server, "region = 'region-7'"), "bitmap of region") is not None  # zones know only the ends
    server.query("INSERT INTO t SELECT 200000 + number, if(number % 2 = 0, 'aaa', 'zzz'), 'r', 'm' FROM numbers(40000)")
    server.query("OPTIMIZE TABLE t FINAL")
    total = server.value("SELECT count() FROM t")
    left = granules_left(explain(server, "level = 'info'"), "bits")
    assert left is not None and left[0] <= 13 and left[1] > 13, left
    assert server.query("VERIFY TABLE t")
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(len(columns[0][2]) for _, name, _, columns in pack_reader.read_data(server.data) if name == "t") == total


@pytest.mark.parametrize(
    "index, what",
    [
        ("INDEX x concat(s, 'a') TYPE bloom_filter", "only of columns, and of lower(), mapKeys() and mapValues() of one"),
        ("INDEX x lower(s) TYPE minmax", "a minmax index of a function of a column"),
        ("INDEX x f TYPE bloom_filter", "Float64"),
        ("INDEX x arr TYPE set(10)", "Array(String)"),
        ("INDEX x arr TYPE bitmap", "Array(String)"),
        ("INDEX x f TYPE bitmap", "Float64"),
        ("INDEX x s TYPE bitmap GRANULARITY 9", "GRANULARITY above 8"),
        ("INDEX x s TYPE ngrambf_v1(100, 100, 3, 0)", "n-grams of more than 64 bytes"),
        ("INDEX x s TYPE bloom_filter GRANULARITY 10000", "GRANULARITY above 4096"),
        ("INDEX x s TYPE sparse_grams(1, 2, 3, 4, 5)", "sparse_grams"),
        ("INDEX x s TYPE text(tokenizer = splitByString)", "the tokenizer splitByString"),
        ("INDEX x s TYPE text(tokenizer = 'array', preprocessor = lower(s))", "arguments of a text index"),
        ("INDEX x mapKeys(m) TYPE text(tokenizer = 'splitByNonAlpha')", "Map(String, Float64)"),
        ("INDEX x mapValues(m) TYPE bloom_filter", "Map(String, Float64)"),
        ("INDEX x mapKeys(m) TYPE set(10)", "Map(String, Float64)"),
    ],
)
def test_refused(make_server, index, what):
    reply = make_server().post(f"CREATE TABLE r (s String, f Float64, arr Array(String), m Map(String, Float64), {index}) ENGINE = MergeTree ORDER BY s")
    assert reply.status_code != 200 and what in reply.text and "NOT_IMPLEMENTED" in reply.text, reply.text


@pytest.mark.parametrize("kind", ["bloom_filter(0.01) GRANULARITY 1", "text(tokenizer = 'array')"])
def test_maps_and_text(make_server, kind):
    """Indexes of all keys and all values of maps, as the OpenTelemetry exporter's tables have them; text indexes."""
    server = make_server()
    server.query(
        f"CREATE TABLE t (n UInt64, m Map(LowCardinality(String), String), body String, INDEX k mapKeys(m) TYPE {kind}, INDEX v mapValues(m) TYPE {kind}, "
        "INDEX w lower(body) TYPE text(tokenizer = 'splitByNonAlpha'), INDEX g body TYPE text(tokenizer = ngrams(10)) GRANULARITY 100000000) ENGINE = MergeTree ORDER BY n")
    server.query(
        "INSERT INTO t SELECT number, if(number % 1000 = 7, map(), map('all', 'x', concat('key', toString(intDiv(number, 9000))), toString(cityHash64(number)))), "
        f"concat('Word', toString(cityHash64(number, 1)), ' all') FROM numbers({ROWS})")
    server.restart()
    wanted = server.value("SELECT m['key2'] FROM t WHERE n = 20000")
    word = server.value("SELECT splitByChar(' ', body)[1] FROM t WHERE n = 20000")
    for condition, name, rows, most in [
        ("has(mapKeys(m), 'key3')", "k", 8991, 3),
        ("mapContains(m, 'key3')", "k", 8991, 3),
        ("has(m, 'key3')", "k", 8991, 3),
        (f"has(mapValues(m), '{wanted}')", "v", 1, 2),
        (f"m['key2'] = '{wanted}'", "k", 1, 3),
        (f"'{wanted}' = m['key2'] AND n > 5", "k", 1, 3),
        (f"m['key3'] = '{wanted}'", None, 0, 8),
        ("m['nowhere'] = ''", None, ROWS, 8),
        ("m['all'] = ''", None, 60, 8),
        ("NOT has(mapKeys(m), 'all')", None, 60, 8),
        (f"hasToken(lower(body), '{word.lower()}')", "w", 1, 2),
        (f"body LIKE '%{word[3:]}%'", "g", 1, 2),
    ]:
        assert server.value(f"SELECT count() FROM t WHERE {condition}") == rows == server.value(f"SELECT count() FROM t WHERE {condition}", use_skip_indexes=0), condition
        if name:
            left = granules_left(explain(server, condition), name)
            assert left is not None and left[0] <= most < left[1], (condition, left)
    assert f"INDEX k mapKeys(m) TYPE {kind}" in server.query("SHOW CREATE TABLE t FORMAT TSVRaw")
    server.query("ALTER TABLE t DROP INDEX k")
    server.query("OPTIMIZE TABLE t FINAL")
    assert server.value("SELECT count() FROM t WHERE has(mapKeys(m), 'key3')") == 8991
    assert server.stop() == 0
    assert sum(len(columns[0][2]) for _, name, _, columns in pack_reader.read_data(server.data) if name == "t") == ROWS


@pytest.mark.parametrize("asked", [True, False])
def test_arrays(make_server, asked):
    """Indexes of all elements of arrays: those of the statement, and those that merges give by themselves."""
    server = make_server()
    indexes = (
        ", INDEX i tags TYPE bloom_filter(0.01) GRANULARITY 1, INDEX j ids TYPE text(tokenizer = 'array'), "
        "INDEX k few TYPE tokenbf_v1(4096, 3, 0) GRANULARITY 1, INDEX l few TYPE ngrambf_v1(4, 4096, 3, 0) GRANULARITY 1"
    )
    server.query(
        "CREATE TABLE t (n UInt64, tags Array(String), ids Array(UInt32), few Array(LowCardinality(Nullable(String)))"
        f"{indexes if asked else ''}) ENGINE = MergeTree ORDER BY n")
    server.query(
        "INSERT INTO t SELECT number, if(number % 1000 = 7, [], ['all', concat('tag', hex(cityHash64(number)))]), [toUInt32(cityHash64(number, 1)), 5], "
        f"[NULL, 'all', concat('service-', toString(intDiv(number, 9000)))] FROM numbers({ROWS})")
    server.query("OPTIMIZE TABLE t FINAL")
    tag, number = server.query("SELECT tags[2], ids[1] FROM t WHERE n = 20000").split()
    for condition, name, rows in [
        (f"has(tags, '{tag}')", "i", 1),
        (f"hasAny(tags, ['{tag}', 'nowhere'])", "i", 1),
        (f"hasAll(tags, ['all', '{tag}'])", "i", 1),
        (f"indexOf(tags, '{tag}') > 0", "i", 1),
        (f"indexOf(tags, '{tag}')", "i", 1),
        (f"tags[2] = '{tag}'", "i", 1),
        (f"has(ids, {number})", "j", 1),
        (f"has(ids, {number}) OR has(tags, '{tag}')", None, 1),
        ("has(few, 'service-3')", "k", 9000),
        ("hasAny(few, ['service-3', 'service-4'])", "k", 18000),
        ("has(ids, 5)", None, ROWS),
        ("has(ids, -1)", None, 0),
        ("has(ids, 5000000000)", None, 0),
        ("has(tags, '')", None, 0),
        ("tags[2] = ''", None, 60),
        ("NOT has(tags, 'all')", None, 60),
        ("hasAll(tags, [])", None, ROWS),
        ("hasAny(tags, [])", None, 0),
        ("has(few, NULL)", None, ROWS),
        (f"indexOf(tags, '{tag}') = 0", None, ROWS - 1),
    ]:
        found = [server.value(f"SELECT count() FROM t WHERE {condition}", use_skip_indexes=use) for use in (1, 0)]
        assert found == [rows, rows], condition
        if name and (asked or name != "k"):  # few different ones are in all granules
            left = granules_left(explain(server, condition), name if asked else {"i": "values of tags", "j": "values of ids"}[name])
            assert left is not None and left[0] <= 3 < left[1], (condition, left)
    assert server.query("VERIFY TABLE t")
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(len(columns[0][2]) for _, name, _, columns in pack_reader.read_data(server.data) if name == "t") == ROWS
