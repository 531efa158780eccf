"""GROUP BY values of more than eight bytes by several workers, with so many groups that they are merged in parts."""
import pytest

KEYS = {
    "UUID": "toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(number % 40000), 12, '0')))",
    "Nullable(UUID)": "if(number % 40000 = 7, NULL, toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(number % 40000), 12, '0'))))",
    "Int128": "toInt128(number % 40000) * 3",
    "FixedString(20)": "leftPad(toString(number % 40000), 20, '0')",
    "IPv6": "toIPv6(concat('2001:db8::', hex(intDiv(number % 40000, 256)), ':', hex(number % 256)))",
    "Array(UInt16)": "[toUInt16(number % 40000), 1]",
}


@pytest.mark.parametrize("type_name", KEYS)
def test_groups_are_merged_in_parts(make_server, type_name):
    server = make_server()
    server.query(f"CREATE TABLE t (k {type_name}, n UInt32) ENGINE = MergeTree ORDER BY n")
    for first in (0, 80000):
        server.query(f"INSERT INTO t SELECT {KEYS[type_name]} AS k, number FROM numbers({first}, 80000)")
    keys = int(server.query("SELECT length(groupUniqArray(toString(k))) + countIf(k IS NULL) / 4 FROM t"))
    for _ in range(3):
        answer = server.query(
            "SELECT count(), uniqExact(toString(k)), sum(c), sum(least) FROM (SELECT k, count() AS c, min(n) AS least FROM t GROUP BY k) SETTINGS max_threads = 2, use_partial_cache = 0"
        )
        wanted = server.query("SELECT sum(n) FROM (SELECT min(n) AS n FROM t GROUP BY toString(k) AS text) SETTINGS max_threads = 1, use_partial_cache = 0").strip()
        groups, distinct, rows, least = answer.split()
        assert (int(groups), int(rows), least) == (keys, 160000, wanted)
        assert int(distinct) == keys - ("Nullable" in type_name)
