"""Arrays, tuples, maps and Nested as columns of tables: the ways in, restarts, kills, merges, the bytes on disk."""
import itertools
import json
import subprocess
import sys

import pytest

from weir import ROOT, WEIR, QueryError, wait_until

sys.path.insert(0, str(ROOT / "tests/format"))
import pack_reader  # noqa: E402

TABLE = """CREATE TABLE {} (n UInt32, a Array(UInt16), aa Array(Array(Nullable(String))), m Map(LowCardinality(String), Float64),
    t Tuple(id Int64, inner Tuple(s String, d Array(Date)), `odd name` Nullable(UInt8)), u Tuple(UUID, FixedString(3)),
    am Array(Map(String, Array(Int8))), j JSON(a.b UInt32, s Nullable(String)), l Nested(key String, value Array(UInt8))) ENGINE = MergeTree ORDER BY n"""


def row(n):
    """As JSONEachRow has it."""
    return {
        "n": n,
        "a": [n * k % 65536 for k in range(n % 5)] if n % 100 else [n % 65536] * 3000,
        "aa": [[None if (n + k) % 3 == 0 else f"s{n % 7}'\\\t\u00e4" for k in range(j)] for j in range(n % 4)],
        "m": {f"key{k}": n / 4 for k in range(n % 3)},
        "t": {"id": -n, "inner": {"s": f"row {n}", "d": ["2024-02-29"] * (n % 2)}, "odd name": None if n % 2 else n % 256},
        "u": [f"{n:08x}-0000-4000-8000-000000000001", f"{n % 1000:03}"],
        "am": [{"x": [n % 100, -1], "": []}] * (n % 3),
        "j": {"a": {"b": n, "c": f"c{n % 5}"}, "s": None if n % 2 else "x/'\t", "x": [n, n / 8 + 0.0625, {"y": [None, True]}]} | ({"z": {"deep": {"er": -n}}} if n % 3 else {}),
        "l.key": [f"k{k}" for k in range(n % 4)],
        "l.value": [[k] * k for k in range(n % 4)],
    }


def insert(server, table, numbers):
    server.query(f"INSERT INTO {table} FORMAT JSONEachRow", data="\n".join(json.dumps(row(n)) for n in numbers).encode())


def rows(server, table="t", **settings):
    text = server.query(f"SELECT * FROM {table} ORDER BY n FORMAT JSONEachRow", **settings)
    return [json.loads(line) for line in text.splitlines()]


def shown(value):
    """A value as the second reader gives it, as JSON has it."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    return value


def paths(value, declared, prefix=""):
    found = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            found |= paths(inner, declared, f"{prefix}{name}.")
        elif prefix + name not in declared:
            found[prefix + name] = inner
    return found


def compare(server, table, expected):
    found = {}
    for _, name, names, columns in pack_reader.read_data(server.data):
        if name == table:
            for k, n in enumerate(columns[[names[number] for number, _, _ in columns].index("n")][2]):
                found[int.from_bytes(n, "little")] = {names[number]: shown(kind.text(values[k])) for number, kind, values in columns}
    assert len(found) == len(expected)
    for want in expected:
        have = found[want["n"]]
        for name in ("n", "a", "aa", "l.key", "l.value"):
            assert have[name] == want[name], (want["n"], name)
        assert dict(have["m"]) == want["m"]
        assert have["t"] == [want["t"]["id"], [want["t"]["inner"]["s"], want["t"]["inner"]["d"]], want["t"]["odd name"]]
        assert have["u"] == want["u"]
        assert [dict(pairs) for pairs in have["am"]] == want["am"]
        number, text, others = have["j"]
        assert (number, text) == (want["j"]["a"]["b"], want["j"]["s"])
        assert {path: json.loads(value) for path, value in others} == paths(want["j"], {"a.b", "s"})


def check(server):
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ways_through(make_server):
    """Small inserts, a kill with rows in the insert log, a stop, a large insert, merges; the second reader agrees."""
    server = make_server()
    server.query(TABLE.format("t"))
    numbers = [*range(0, 250)]
    insert(server, "t", numbers[:200])
    assert rows(server) == [row(n) for n in numbers[:200]]  # from the head
    server.kill()
    server.start()
    assert rows(server) == [row(n) for n in numbers[:200]]  # from the insert log
    insert(server, "t", numbers[200:])
    server.restart()
    assert rows(server) == [row(n) for n in numbers]  # from a segment
    large = [*range(1000, 1000 + 20000)]
    insert(server, "t", large)
    numbers += large
    assert rows(server, max_result_rows=0) == [row(n) for n in numbers]
    for k in range(12):
        insert(server, "t", [50000 + k])
        numbers.append(50000 + k)
        server.restart()
    wait_until(lambda: server.value("SELECT count() FROM system.segments WHERE table = 't' AND level > 0") > 0, "merges")
    expected = rows(server)
    assert expected == [row(n) for n in numbers]
    assert server.stop() == 0
    compare(server, "t", expected)
    check(server)


def test_insert_select_and_formats(make_server):
    server = make_server()
    server.query(TABLE.format("t"))
    insert(server, "t", range(0, 120))
    expected = rows(server)
    server.query(TABLE.format("u"))
    server.query("INSERT INTO u SELECT * FROM t")
    assert rows(server, "u") == expected
    for form in ("TSV", "TSVWithNames", "Values", "CSV", "JSONEachRow"):
        server.query("TRUNCATE TABLE u")
        data = server.query(f"SELECT * FROM t ORDER BY n FORMAT {form}")
        server.query(f"INSERT INTO u FORMAT {form}" if form != "Values" else "INSERT INTO u VALUES", data=data.encode())
        assert rows(server, "u") == expected, form
    server.query("CREATE TABLE copy AS t")
    assert server.query("SELECT name, type FROM system.columns WHERE table = 'copy' FORMAT TSV") == server.query("SELECT name, type FROM system.columns WHERE table = 't' FORMAT TSV")
    server.query("CREATE TABLE made ENGINE = MergeTree ORDER BY n AS SELECT n, a, m, t FROM t")
    assert server.query("SELECT n, a, m, t FROM made ORDER BY n FORMAT TSV") == server.query("SELECT n, a, m, t FROM t ORDER BY n FORMAT TSV")
    server.restart()
    assert rows(server, "u") == expected


def refused(server, statement, code, says, data=None):
    with pytest.raises(QueryError) as found:
        server.query(statement, data=data)
    assert found.value.code == code and says in found.value.message, found.value


def test_refusals(make_server):
    server = make_server()
    server.query("CREATE TABLE t (n UInt8, l Nested(a UInt8, b String)) ENGINE = MergeTree ORDER BY n")
    assert server.query("DESCRIBE TABLE t FORMAT TSV").splitlines()[1:] == ["l.a\tArray(UInt8)\t\t\t\t\t", "l.b\tArray(String)\t\t\t\t\t"]
    refused(server, "INSERT INTO t VALUES (1, [1], ['a', 'b'])", 190, "'l.a' and 'l.b' of Nested data structure 'l'")
    refused(server, "INSERT INTO t SELECT 1, [1], []", 190, "different array sizes")
    refused(server, "INSERT INTO t FORMAT JSONEachRow", 190, "different array sizes", data=b'{"n": 1, "l.a": [1]}')
    server.query("INSERT INTO t (n) VALUES (7)")
    assert server.query("SELECT * FROM t FORMAT TSV") == "7\t[]\t[]\n"
    for key in ("a", "m", "t", "(n, a)"):
        refused(server, f"CREATE TABLE x (n UInt8, a Array(Nullable(UInt8)), m Map(UInt8, Nullable(UInt8)), t Tuple(Nullable(UInt8))) ENGINE = MergeTree ORDER BY {key}", 44, "Nullable")
    refused(server, "CREATE TABLE x (n UInt8, a Array(UInt8)) ENGINE = MergeTree PARTITION BY a ORDER BY n", 48, "PARTITION BY")
    refused(server, "CREATE TABLE x (n UInt8, a Array(Nothing)) ENGINE = MergeTree ORDER BY n", 370, "Nothing")
    refused(server, "CREATE TABLE x (n UInt8, a Array(IntervalDay)) ENGINE = MergeTree ORDER BY n", 48, "IntervalDay")
    refused(server, "CREATE TABLE x (n UInt8, a Nullable(Array(UInt8))) ENGINE = MergeTree ORDER BY n", 43, "Nullable")
    refused(server, "CREATE TABLE x (n UInt8, a Array(Nested(b UInt8))) ENGINE = MergeTree ORDER BY n", 48, "Nested")
    large = json.dumps({"n": 1, "l.a": [1] * 600000, "l.b": ["x"] * 600000}).encode()
    refused(server, "INSERT INTO t FORMAT JSONEachRow", 128, "524287 elements", data=large)
    refused(server, "INSERT INTO t SELECT 1, range(600000), arrayMap(x -> '', range(600000))", 128, "524287 elements")


def test_damage(make_server):
    """Every 41st byte of a pack of nested columns, flipped, is found."""
    server = make_server()
    server.query(TABLE.format("t"))
    insert(server, "t", range(1, 60))
    assert server.stop() == 0
    path = next((server.data / "packs").iterdir())
    bytes_ = path.read_bytes()
    for at in range(0, len(bytes_), max(41, len(bytes_) // 40)):
        path.write_bytes(bytes_[:at] + bytes([bytes_[at] ^ 1 << at % 8]) + bytes_[at + 1 :])
        done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
        assert done.returncode == 1 and path.name in done.stdout + done.stderr, (at, done)
    path.write_bytes(bytes_)
    check(server)


PARTS = {
    # what is asked: the same of whole columns, and the part that is read
    "sum(a.size0)": ("arraySum(groupArray(length(arraySort(a))))", "a.size0"),
    "countIf(empty(a))": ("countIf(a = [])", "a.size0"),
    "sum(length(aa))": ("sum(length(arraySort(x -> 1, aa)))", "aa.size0"),
    "arraySort(groupUniqArrayArray(m.keys))": ("arraySort(arrayDistinct(arrayFlatten(groupArray(arrayMap(x -> x.1, CAST(m, 'Array(Tuple(String, Float64))'))))))", "m.keys"),
    "sum(arraySum(m.values))": ("sum(arraySum(arrayMap(x -> x.2, CAST(m, 'Array(Tuple(String, Float64))'))))", "m.values"),
    "countIf(mapContains(m, 'key1'))": ("countIf(length(m) > 1)", "m.keys"),
    "sum(t.id)": ("-sum(n)", "t.id"),
    "sum(tupleElement(t, 1))": ("-sum(n)", "t.id"),
    "sum(length(t.inner.d))": ("sum(n % 2)", "t.inner.d.size0"),
    "count(t.`odd name`)": ("countIf(n % 2 = 0)", "t.odd name.null"),
    "sum(arrayCount(x -> empty(x), aa))": ("countIf(n % 4 > 0)", "aa.size0"),
    "sum(j.a.b)": ("sum(n)", "j.a.b"),
    "countIf(isNull(j.s))": ("countIf(n % 2 = 1)", "j.s.null"),
    "countIf(j.z.deep.er IS NOT NULL)": ("countIf(n % 3 > 0)", "j.*"),
}


def test_parts_are_read_alone(shared):
    shared.query(TABLE.format("parts"))
    insert(shared, "parts", range(30000))
    wait_until(lambda: shared.query("SELECT sum(rows) FROM system.segments WHERE table = 'parts'") == "30000\n", "the rows are in segments")

    numbers = itertools.count()

    def bytes_of(expression, where=""):
        sql = f"SELECT {expression} FROM parts{where}"
        value = shared.query(sql, query_id=(name := f"parts {next(numbers)}"), use_partial_cache=0)
        (logged,) = shared.rows("SELECT read_bytes FROM system.query_log WHERE query_id = {id:String}", param_id=name)
        return value, int(logged[0])

    for part, (whole, name) in PARTS.items():
        assert bytes_of(part)[0] == bytes_of(whole)[0], part
        assert f"Parts: {name}\n" in "".join(line + "\n" for line in shared.query(f"EXPLAIN actions = 1 SELECT {part} FROM parts").splitlines()), part
    for column, part in (("a", "a.size0"), ("m", "m.keys"), ("m", "m.values"), ("t", "t.id"), ("j", "j.a.b"), ("aa", "length(aa)")):
        assert bytes_of(f"max(toString({part}))")[1] < bytes_of(f"max(toString({column}))")[1] / 1.2, part
    # a condition's part first, then the column whole where rows are left
    value, few = bytes_of("sum(length(toString(aa)))", " WHERE length(aa) = 7")
    assert few < bytes_of("sum(length(toString(aa)))")[1] / 4 and value == "0\n"
    assert bytes_of("sum(length(toString(aa)))", " WHERE length(aa) = 2")[0] == bytes_of("sum(length(toString(aa)))", " WHERE n % 4 = 2")[0]


def test_sort_keys(make_server):
    server = make_server()
    server.query("CREATE TABLE sorted (k Array(String), t Tuple(UInt8, Array(Int32)), m Map(String, UInt8), n UInt32) ENGINE = MergeTree ORDER BY (k, t, m)")
    fill = "INSERT INTO sorted SELECT arrayMap(i -> toString(i * {0} % 5), range(number % 4)), (number % 3, [number % 7 - 3]), map('a', number % 2), number + {0} FROM numbers(9000)"
    for k in (1, 3):
        server.query(fill.format(k))
    all_rows = "SELECT k, t, m, n FROM sorted"
    wait_until(lambda: server.query("SELECT sum(rows) FROM system.segments WHERE table = 'sorted'") == "18000\n", "the rows are in segments")
    server.query("OPTIMIZE TABLE sorted FINAL")
    stored, ordered = server.query(all_rows), server.query(all_rows + " ORDER BY k, t, m")
    assert [line.rsplit("\t", 1)[0] for line in stored.splitlines()] == [line.rsplit("\t", 1)[0] for line in ordered.splitlines()]
    assert server.stop() == 0
    check(server)
    assert "sorted" in [name for _, name, _, _ in pack_reader.read_data(server.data)]  # it looks at their order
    server.start()
    assert server.query(all_rows) == stored


def test_kept_as_one_column(make_server):
    """flatten_nested = 0, as clients set it that insert a Nested as one value: an array of named tuples."""
    server = make_server()
    server.query("CREATE TABLE t (k UInt8, n Nested(a UInt8, b Nullable(String)) DEFAULT [(7, NULL)]) ENGINE = MergeTree ORDER BY k", flatten_nested=0)
    server.query("INSERT INTO t (k, n) VALUES (1, [(1, 'x'), (2, NULL)])")
    server.query("INSERT INTO t (k) VALUES (2)")
    server.restart()
    assert server.query("SELECT name, type FROM system.columns WHERE table = 't'").splitlines() == [
        "k\tUInt8", "n\tArray(Tuple(a UInt8, b Nullable(String)))"]
    assert server.query("SELECT n.a, n.b, n[-1].a FROM t ORDER BY k").splitlines() == ["[1,2]\t['x',NULL]\t2", "[7]\t[NULL]\t7"]
    # the setting is of the statement that makes the table
    server.query("CREATE TABLE f (k UInt8, n Nested(a UInt8)) ENGINE = MergeTree ORDER BY k")
    assert server.value("SELECT groupArray(name) FROM system.columns WHERE table = 'f'") == ["k", "n.a"]
