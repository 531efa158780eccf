"""FINAL: any number of threads gives what one thread gives, and what is there after a merge of everything; over random
tables of all engines that combine rows. Many small segments: memory and file descriptors stay bounded."""
import random
import re
import resource

import pytest

from weir import WEIR, QueryError, Server

ENGINES = {
    "replacing": ("ReplacingMergeTree", "v UInt32, s String, x Int64", "toUInt32(cityHash64(number, {seed}) % 5), concat('s', toString(number % 1000)), toInt64(number)", "v, s, x"),
    "versioned": ("ReplacingMergeTree(v)", "v UInt32, s LowCardinality(String), x Nullable(Int64)", "toUInt32(cityHash64(number, {seed}) % 5 + {seed} % 7), concat('s', toString(number % 50)), if(number % 3 = 0, NULL, toInt64(number))", "v, s, ifNull(x, -1)"),
    "deleted": ("ReplacingMergeTree(v, gone)", "v UInt32, gone UInt8, x Int64", "toUInt32({seed} % 100), toUInt8(cityHash64(number, {seed}) % 4 = 0), toInt64(number)", "v, gone, x"),
    "summing": ("SummingMergeTree", "x Int64, y Int32, s String", "toInt64(number % 5) - 2, toInt32(cityHash64(number, {seed}) % 3) - 1, 'same'", "x, y, s"),
    "aggregating": ("AggregatingMergeTree", "x SimpleAggregateFunction(max, Int64), y SimpleAggregateFunction(sum, UInt64), u AggregateFunction(uniqExact, UInt32)", "toInt64(number), number, arrayReduce('uniqExactState', [toUInt32(number % 100)])", "x, y, finalizeAggregation(u)"),
    "collapsing": ("CollapsingMergeTree(sign)", "sign Int8, x Int64", "toInt8({sign}), toInt64(number)", "sign, x"),
    "pairs": ("VersionedCollapsingMergeTree(sign, v)", "sign Int8, v UInt8, x Int64", "toInt8({sign}), toUInt8(number % 3), toInt64(number % 10)", "sign, v, x"),
}
KEYS = {  # columns, ORDER BY, values of k
    "number": ("k UInt64", "k", "{k}"),
    "text": ("t String, k UInt32", "(t, k)", "concat('t', toString({k} % 5)), toUInt32({k})"),
    "coded": ("t LowCardinality(String), k UInt32", "(t, k)", "concat('t', toString({k} % 5)), toUInt32({k})"),
    "expression": ("k UInt64", "(k % 10, k)", "{k}"),
    "float": ("f Float64, k Int32", "(f, k)", "if({k} % 50 = 0, nan, intDiv({k}, 3) / 7), toInt32({k}) - 1000"),
}


def script(seed):
    """A table and what happens to it: (name of its engine, statements, questions)."""
    some = random.Random(seed)
    name = list(ENGINES)[seed % len(ENGINES)]
    engine, columns, values, shown = ENGINES[name]
    key_columns, order, key = KEYS[some.choice(list(KEYS))]
    partition = some.choice(["", "", "PARTITION BY k % 3 "])
    statements = [f"CREATE TABLE f{seed} ({key_columns}, {columns}) ENGINE = {engine} {partition}ORDER BY {order}"]
    for step in range(some.randint(3, 5)):
        rows, number = some.choice([20_000, 50_000, 80_000]), some.randrange(1_000_000)
        k = some.choice(["number + {0}", "cityHash64(number, {0}) % 100000", "number * 3 + {1}", "intDiv(number, 3) + {1}"]).format(number % 200_000, step * 30_000)
        if "Collapsing" in engine:  # rows that came, then rows that take some of them away: whatever is merged first, the answer is one
            k = f"number * 3 + {step // 2}"
        one = f"INSERT INTO f{seed} SELECT {key.format(k=f'({k})')}, {values.format(seed=number, sign=1 - step % 2 * 2)} FROM numbers({{}})"
        statements.append(one.format(rows) + (f" WHERE number % {some.randint(1, 4)} = 0" if "Collapsing" in engine and step % 2 == 1 else ""))
        if some.random() < 0.3:
            statements.append(f"OPTIMIZE TABLE f{seed}")
        if some.random() < 0.2:
            statements.append(f"DELETE FROM f{seed} WHERE k % 11 = 3")
        if name == "versioned" and some.random() < 0.4:
            statements.append(f"ALTER TABLE f{seed} UPDATE x = x + 1 WHERE k % 13 = 1")
    if "Collapsing" in engine:
        one = f"INSERT INTO f{seed} SELECT {key.format(k='(number * 7 + 45000)')}, {values.format(seed=1, sign=1)} FROM numbers({{}}) WHERE number % 3 = 0"
    statements.append(one.format(some.choice([10, 1000, 9000])))  # in a head
    columns = ", ".join(word.split()[0] for word in key_columns.split(", "))
    numbers = f"count(), sum(cityHash64({columns}, {shown}))"
    questions = [
        f"SELECT {numbers} FROM f{seed} FINAL",
        "SELECT count() FROM f{0} FINAL".format(seed),
        f"SELECT {numbers} FROM f{seed} FINAL WHERE k BETWEEN 20000 AND 45000",
        f"SELECT {numbers} FROM f{seed} FINAL PREWHERE k % 5 = 1",
        f"SELECT k, {shown} FROM f{seed} FINAL ORDER BY ALL LIMIT 5",
    ]
    return statements, questions


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("final"), "--threads", "4")
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.mark.parametrize("seed", range(14))
def test_threads(many, seed):
    statements, questions = script(seed)
    for statement in statements:
        many.query(statement)
    for question in questions:
        one = many.query(question, max_threads=1)
        for threads in (2, 4):
            assert many.query(question, max_threads=threads) == one, (seed, question, threads)
        if "PARTITION BY" in statements[0]:  # by what the key says: no key is in two partitions
            assert many.query(question, max_threads=4, do_not_merge_across_partitions_select_final=1) == one, (seed, question)
    answers = [many.query(question, max_threads=1) for question in questions]
    many.query(f"OPTIMIZE TABLE f{seed} FINAL")
    for threads in (1, 4):
        for question, answer in zip(questions, answers):
            assert many.query(question, max_threads=threads) == answer, (seed, question, threads)
            assert many.query(question, max_threads=threads, do_not_merge_across_partitions_select_final=1) == answer, (seed, question, threads)
    many.query(f"DROP TABLE f{seed}")


def error(server, sql, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, **parameters)
    return caught.value


def test_limits(many):
    """LIMIT ends all threads, an error of one of them is the query's, and so is the end of its memory."""
    many.query("CREATE TABLE limits (k UInt64, v UInt32, gone UInt8, s String) ENGINE = ReplacingMergeTree(v, gone) ORDER BY k")
    for step in range(3):
        many.query(f"INSERT INTO limits SELECT cityHash64(number, {step}) % 300000, {step}, 0, toString(number) FROM numbers(200000)")
    assert many.query("SELECT count() FROM (SELECT k FROM limits FINAL LIMIT 10)", max_threads=4) == "10\n"
    assert many.query("SELECT uniqExact(k) = count() FROM limits FINAL", max_threads=4) == "1\n"
    assert error(many, "SELECT throwIf(k = 1000) FROM limits FINAL FORMAT Null", max_threads=4).code == 395
    assert error(many, "SELECT s FROM limits FINAL ORDER BY s FORMAT Null", max_threads=4, max_memory_usage=2_000_000).code == 241
    many.query("INSERT INTO limits VALUES (5, 9, 7, '')")
    assert "is_deleted = 7" in error(many, "SELECT count() FROM limits FINAL", max_threads=4).message


SEGMENTS = 3000
# What the statements may add to the process, in MB; sanitizers keep what is freed for a while.
GROWTH_MAX = 1000 if re.search(b"__[at]san_init", WEIR.read_bytes()) else 150


def test_many_segments(tmp_path):
    """A table of thousands of small segments, few file descriptors, a small cache: every kind of statement, and the
    process takes no more memory than the cache and the statement's own limit allow."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        server = Server(tmp_path, "--threads", "2", "--block-cache-bytes", str(4 << 20), "--partial-cache-bytes", "0")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    try:
        server.query("CREATE TABLE t (p UInt32, k UInt64, v UInt32, name LowCardinality(String)) ENGINE = ReplacingMergeTree(v) PARTITION BY p ORDER BY k")
        for step in range(SEGMENTS // 1000):
            server.query(f"INSERT INTO t SELECT {step * 1000} + number % 1000, number % 5000, {step}, concat('name ', toString(number % 7)) FROM numbers(10000)")
            server.query("OPTIMIZE TABLE t")  # what an INSERT leaves mixed is split
        assert int(server.query("SELECT count() FROM system.segments WHERE table = 't'")) >= SEGMENTS * 9 // 10
        limits = {"max_memory_usage": 64 << 20}

        def memory():
            status = open(f"/proc/{server.pid}/status", encoding="ascii").read()
            return int(status.split("VmRSS:")[1].split()[0]) >> 10

        assert server.query("SELECT count(), sum(v), uniqExact(name) FROM t", **limits) == "15000\t15000\t7\n"
        begin = memory()
        for threads in (1, 2):
            limits["max_threads"] = threads
            assert server.query("SELECT count(), sum(v), uniqExact(name) FROM t", **limits) == "15000\t15000\t7\n"
            assert server.query("SELECT count(), sum(v), uniqExact(name) FROM t FINAL", **limits) == "5000\t10000\t7\n"
            assert server.query("SELECT count(), sum(v) FROM t FINAL", do_not_merge_across_partitions_select_final=1, **limits) == "15000\t15000\n"
            assert server.query("SELECT sum(k) FROM t WHERE p = 1234", **limits) == "11170\n"
            assert server.query("SELECT count() FROM t WHERE k = 77", **limits) == "3\n"
            assert server.query("SELECT k, v FROM t ORDER BY k DESC, v LIMIT 2", **limits) == "4999\t0\n4999\t1\n"
            assert server.query("SELECT count() FROM t AS a JOIN t AS b ON a.k = b.k WHERE a.p < 10", **limits) == "150\n"
            assert server.query("SELECT name, count() FROM t GROUP BY name ORDER BY name LIMIT 1", **limits).startswith("name 0\t")
        assert memory() - begin < GROWTH_MAX, (begin, memory())
        server.query("DELETE FROM t WHERE k % 2 = 0")
        assert server.query("SELECT count() FROM t", **limits) == "7500\n"
        assert server.query("SELECT count(), sum(v) FROM t FINAL", **limits) == "2500\t5000\n"
        server.query("ALTER TABLE t UPDATE name = 'x' WHERE k = 7")
        assert server.query("SELECT count() FROM t WHERE name = 'x'", **limits) == "3\n"
        assert memory() - begin < GROWTH_MAX, (begin, memory())
        assert server.stop() == 0
    finally:
        server.kill()
