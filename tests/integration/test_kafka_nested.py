"""Nested and JSON columns fed by a source: what messages give, what they leave out, what does not fit."""
import json

from weir import wait_until


def rows(server, sql):
    return [json.loads(line) for line in server.query(sql, default_format="JSONEachRow").splitlines()]


def wait_counts(server, **expected):
    def now():
        ledger = rows(server, "SELECT * FROM system.offset_ledger WHERE stream != 'insert-log'")
        return {name: sum(int(row[name]) for row in ledger) for name in expected}

    wait_until(lambda: now() == expected, f"the ledger says {expected}, it says {now()}")


TABLE = """CREATE TABLE {} (n UInt32, l Nested(name String, value Int16, tags Array(LowCardinality(String))), payload JSON(user.id UInt32))
ENGINE = MergeTree ORDER BY n"""


def message(n):
    return {
        "n": n,
        "l.name": [f"name{k}" for k in range(n % 4)],
        "l.value": [k - n % 100 for k in range(n % 4)],
        "l.tags": [[f"tag{k % 3}"] * (k % 2) for k in range(n % 4)],
        "payload": {"user": {"id": n, "city": "Ulm" if n % 2 else "Bern"}, "list": list(range(n % 3)), "ok": n % 5 == 0},
    }


SHOWN = "SELECT n, l.name, l.value, l.tags, payload FROM {} ORDER BY n"


def shown(n):
    row = message(n)
    if n % 3 == 0:
        del row["payload"]["list"]  # [] has no type here, as in ClickHouse it stays; compared apart
    return row


def stored(server, table):
    found = rows(server, SHOWN.format(table))
    for row in found:
        if row["payload"].get("list") == []:
            del row["payload"]["list"]
    return found


def test_messages(make_server, broker):
    server = make_server()
    broker.create_topic("nested", 2)
    server.query(TABLE.format("t"))
    broker.produce("nested", [json.dumps(message(n)) for n in range(500)])
    server.query(f"CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = 'nested') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200")
    wait_counts(server, stored=500, dead=0)
    assert stored(server, "t") == [shown(n) for n in range(500)]
    server.query(TABLE.format("u"))
    server.query(
        f"""CREATE SOURCE some INTO u FROM KAFKA (brokers = '{broker.address}', topic = 'nested') FORMAT JSONEachRow SETTINGS commit_interval_ms = 200
        AS SELECT n, arrayMap(x -> x.name, l) AS `l.name`, arrayMap(x -> x.2 + 1, l) AS `l.value` FROM message WHERE payload.ok.:Bool AND length(l) > 1"""
    )
    passed = [n for n in range(500) if n % 5 == 0 and n % 4 > 1]
    wait_counts(server, stored=500 + len(passed), dead=0)
    assert rows(server, "SELECT n, l.name AS a, l.value AS b, l.tags AS c FROM u ORDER BY n") == [
        {"n": n, "a": message(n)["l.name"], "b": [value + 1 for value in message(n)["l.value"]], "c": [[]] * (n % 4)} for n in passed
    ]
    server.query("DROP SOURCE some")
    bad = [
        {**message(500), "l.value": [1] * 7},  # another size than its neighbours
        {**message(501), "payload": [1]},  # no object
        {**message(502), "l.tags": [1, 2]},  # no arrays
        {"n": 503, "l.name": ["alone"]},  # the other parts are empty then, as in an INSERT that names all columns
    ]
    broker.produce("nested", [json.dumps(value) for value in bad] + [json.dumps(message(n)) for n in range(504, 600)])
    wait_counts(server, stored=596 + len(passed), dead=4)
    reasons = [row["reason"] for row in rows(server, "SELECT reason, JSONExtractUInt(message, 'n') AS n FROM system.dead_letters ORDER BY n")]
    assert "Nested data structure" in reasons[0] and "Nested data structure" in reasons[3], reasons
    expected = [shown(n) for n in range(600) if n not in range(500, 504)]
    assert stored(server, "t") == expected
    server.kill()
    server.start()
    assert stored(server, "t") == expected
    assert rows(server, "SELECT sum(payload.user.id) AS a, countIf(payload.user.city.:String = 'Ulm') AS b FROM t SETTINGS output_format_json_quote_64bit_integers = 0") == [
        {"a": sum(row["n"] for row in expected), "b": sum(row["n"] % 2 for row in expected)}
    ]


def test_select_of_some_parts(make_server, broker):
    """Parts of a Nested that the source's SELECT does not name are as long as those that it names."""
    server = make_server()
    broker.create_topic("parts", 1)
    server.query(TABLE.format("t"))
    broker.produce("parts", [json.dumps({"n": n, "l.name": [f"x{k}" for k in range(n % 3)], "doc": json.dumps({"a": {"b": n}})}) for n in range(100)])
    server.query(
        f"""CREATE SOURCE feed INTO t FROM KAFKA (brokers = '{broker.address}', topic = 'parts') FORMAT JSONEachRow
        SETTINGS commit_interval_ms = 200 AS SELECT n, arrayMap(x -> upper(x), l.name) AS `l.name`, CAST(doc, 'JSON(user.id UInt32)') AS payload FROM message
        WHERE message.l.name.size0 < 9"""
    )
    wait_counts(server, stored=100)
    assert rows(server, "SELECT n, l.name AS a, l.value AS b, l.tags AS c, payload.a.b::UInt32 AS d FROM t ORDER BY n") == [
        {"n": n, "a": [f"X{k}" for k in range(n % 3)], "b": [0] * (n % 3), "c": [[]] * (n % 3), "d": n} for n in range(100)
    ]
