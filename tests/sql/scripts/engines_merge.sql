CREATE TABLE r (k UInt32, v UInt32, x String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO r VALUES (1, 1, 'a'), (2, 5, 'b'), (3, 1, 'c')

INSERT INTO r VALUES (1, 2, 'a2'), (2, 4, 'b2'), (4, 1, 'd')

INSERT INTO r VALUES (1, 2, 'a3'), (3, 1, 'c2')

OPTIMIZE TABLE r FINAL

SELECT * FROM r ORDER BY k

INSERT INTO r VALUES (3, 0, 'old'), (4, 1, 'd2')

OPTIMIZE TABLE r FINAL

SELECT * FROM r ORDER BY k

CREATE TABLE n (k UInt32, x LowCardinality(String), y Array(String)) ENGINE = ReplacingMergeTree PARTITION BY k % 2 ORDER BY k

INSERT INTO n VALUES (1, 'a', ['p']), (2, 'b', [])

INSERT INTO n VALUES (1, 'a2', ['q', 'r']), (3, 'c', [])

OPTIMIZE TABLE n FINAL

SELECT * FROM n ORDER BY k

CREATE TABLE d (k UInt32, v UInt32, gone UInt8) ENGINE = ReplacingMergeTree(v, gone) ORDER BY k

INSERT INTO d VALUES (1, 1, 0), (2, 1, 0)

INSERT INTO d VALUES (1, 2, 1), (3, 1, 1)

OPTIMIZE TABLE d FINAL

SELECT * FROM d ORDER BY k

CREATE TABLE e (x String, y UInt8) ENGINE = ReplacingMergeTree ORDER BY tuple()

INSERT INTO e VALUES ('a', 1)

INSERT INTO e VALUES ('b', 2)

OPTIMIZE TABLE e FINAL

SELECT * FROM e

CREATE TABLE f (k UInt32, v Float64, x String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO f VALUES (1, nan, 'a'), (2, 1, 'a')

INSERT INTO f VALUES (1, 5, 'b'), (2, -1, 'b')

INSERT INTO f VALUES (1, nan, 'c'), (2, 1, 'c')

OPTIMIZE TABLE f FINAL

SELECT * FROM f ORDER BY k

CREATE TABLE s (k UInt32, a UInt8, b Nullable(Int32), f Float64, t String, dt DateTime, dc Decimal(9, 2), bo Bool, en Enum8('x' = 1), m Map(UInt8, UInt8), ar Array(UInt8), tp Tuple(UInt8, UInt8), fs FixedString(3), w Int128) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO s VALUES (1, 200, NULL, 1.5, 'a', 100, 1.5, 1, 'x', {1:2}, [1], (1, 2), 'abc', 5)

INSERT INTO s VALUES (1, 100, 7, 1.5, 'b', 200, 1.5, 1, 'x', {1:3,2:4}, [2], (3, 4), 'abd', 6)

OPTIMIZE TABLE s FINAL

SELECT * EXCEPT dt, toUnixTimestamp(dt) FROM s

CREATE TABLE z (k UInt32, a Int32, b Nullable(Int32), t String) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z VALUES (1, 0, NULL, 'a'), (2, 0, 0, 'b'), (3, 5, 1, 'c'), (4, 1, NULL, 'd')

INSERT INTO z VALUES (3, -5, -1, 'c'), (4, -1, NULL, 'd'), (5, 0, NULL, 'x')

OPTIMIZE TABLE z FINAL

SELECT * FROM z ORDER BY k

CREATE TABLE z0 (k UInt32, a Int32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z0 VALUES (1, 5)

INSERT INTO z0 VALUES (1, -5)

OPTIMIZE TABLE z0 FINAL

SELECT count() FROM z0

INSERT INTO z0 VALUES (1, 7)

OPTIMIZE TABLE z0 FINAL

SELECT * FROM z0

CREATE TABLE z1 (k UInt32, t String) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z1 VALUES (1, 'a'), (2, 'c')

INSERT INTO z1 VALUES (1, 'z')

OPTIMIZE TABLE z1 FINAL

SELECT * FROM z1 ORDER BY k

CREATE TABLE z2 (k UInt32, p UInt8, x UInt32, y UInt32) ENGINE = SummingMergeTree(x) PARTITION BY p ORDER BY k

INSERT INTO z2 VALUES (1, 1, 1, 1)

INSERT INTO z2 VALUES (1, 1, 2, 2), (1, 2, 5, 5)

OPTIMIZE TABLE z2 FINAL

SELECT * FROM z2 ORDER BY k, p

CREATE TABLE maps (k UInt32, aMap Nested(k UInt32, v UInt64), bMap Nested(kID UInt32, bKey String, v UInt64, w Float64), cMap Nested(k UInt32, v String), d Int32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO maps VALUES (1, [1, 2], [10, 20], [1, 2], ['a', 'b'], [10, 20], [1, 1], [1], ['x'], 0), (2, [], [], [], [], [], [], [], [], 0), (3, [1], [1], [], [], [], [], [], [], 0)

INSERT INTO maps VALUES (1, [2, 3], [5, 7], [2, 1], ['b', 'c'], [5, 7], [1, 1], [1], ['y'], 0), (3, [1], [18446744073709551615], [], [], [], [], [], [], 0)

OPTIMIZE TABLE maps FINAL

SELECT * FROM maps ORDER BY k

CREATE TABLE narrow (k UInt32, aMap Nested(k UInt8, v UInt8)) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO narrow VALUES (1, [1, 1, 2], [200, 1, 0]), (2, [7], [8])

INSERT INTO narrow VALUES (1, [1], [100])

OPTIMIZE TABLE narrow FINAL

SELECT * FROM narrow ORDER BY k

CREATE TABLE st (k UInt32, x AggregateFunction(uniq, UInt32), y SimpleAggregateFunction(max, UInt8), z UInt32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO st SELECT 1, uniqState(toUInt32(5)), 3, 0

INSERT INTO st SELECT 1, uniqState(toUInt32(6)), 2, 0

OPTIMIZE TABLE st FINAL

SELECT k, finalizeAggregation(x), y, z FROM st

CREATE TABLE ag (k UInt32, x AggregateFunction(sum, UInt32), q AggregateFunction(quantiles(0.5, 0.9), Float64), y SimpleAggregateFunction(anyLast, String), n SimpleAggregateFunction(sum, Nullable(UInt64)), l SimpleAggregateFunction(groupArrayArray, Array(UInt8)), m SimpleAggregateFunction(min, LowCardinality(String)), o SimpleAggregateFunction(any, Nullable(String))) ENGINE = AggregatingMergeTree ORDER BY k

INSERT INTO ag SELECT number % 2, sumState(toUInt32(number)), quantilesState(0.5, 0.9)(toFloat64(number)), 'a', NULL, [1], 'm', NULL FROM numbers(10) GROUP BY number % 2

INSERT INTO ag SELECT number % 3, sumState(toUInt32(number)), quantilesState(0.5, 0.9)(toFloat64(number)), 'b', 5, [2], 'b', 'o' FROM numbers(12) GROUP BY number % 3

OPTIMIZE TABLE ag FINAL

SELECT k, finalizeAggregation(x), finalizeAggregation(q), y, n, l, m, o FROM ag ORDER BY k

CREATE TABLE c (k UInt32, v UInt32, sg Int8) ENGINE = CollapsingMergeTree(sg) ORDER BY k

INSERT INTO c VALUES (1, 1, 1), (2, 1, 1), (3, 1, -1), (4, 1, 1), (5, 1, -1), (6, 1, 1), (7, 1, -1)

INSERT INTO c VALUES (2, 2, 1), (4, 2, -1), (5, 2, 1), (6, 2, -1), (7, 2, 1)

INSERT INTO c VALUES (4, 3, 1), (7, 3, -1)

OPTIMIZE TABLE c FINAL

SELECT * FROM c ORDER BY ALL

CREATE TABLE vc (k UInt32, v UInt32, x UInt32, sg Int8) ENGINE = VersionedCollapsingMergeTree(sg, v) ORDER BY k

INSERT INTO vc VALUES (1, 1, 1, 1), (1, 2, 2, 1), (2, 1, 1, 1), (3, 1, 1, -1), (3, 2, 1, 1)

INSERT INTO vc VALUES (1, 1, 1, -1), (2, 1, 2, 1), (3, 3, 1, 1)

INSERT INTO vc VALUES (2, 1, 3, -1), (3, 3, 1, -1)

OPTIMIZE TABLE vc FINAL

SELECT * FROM vc ORDER BY ALL

CREATE TABLE fn (k String, x UInt8) ENGINE = ReplacingMergeTree ORDER BY lower(k)

INSERT INTO fn VALUES ('A', 1), ('b', 1)

INSERT INTO fn VALUES ('a', 2), ('B', 2)

OPTIMIZE TABLE fn FINAL

SELECT * FROM fn ORDER BY x, k

ALTER TABLE r ADD COLUMN z UInt8 DEFAULT 7

INSERT INTO r VALUES (1, 9, 'new', 1), (9, 1, 'nine', 2)

OPTIMIZE TABLE r FINAL

SELECT * FROM r ORDER BY k

DELETE FROM r WHERE k = 2

INSERT INTO r VALUES (2, 1, 'again', 3)

OPTIMIZE TABLE r FINAL

SELECT * FROM r ORDER BY k

CREATE TABLE u (k UInt32, x String) ENGINE = ReplacingMergeTree ORDER BY k

INSERT INTO u VALUES (1, 'a'), (2, 'a')

INSERT INTO u VALUES (1, 'b')

INSERT INTO u VALUES (1, 'c'), (3, 'c')

ALTER TABLE u UPDATE x = 'old' WHERE x = 'a' SETTINGS mutations_sync = 2

ALTER TABLE u UPDATE x = 'older' WHERE x = 'b' SETTINGS mutations_sync = 2

OPTIMIZE TABLE u FINAL

SELECT * FROM u ORDER BY k

INSERT INTO u VALUES (1, 'd')

ALTER TABLE u UPDATE x = 'C' WHERE x = 'c' SETTINGS mutations_sync = 2

OPTIMIZE TABLE u FINAL

SELECT * FROM u ORDER BY k
