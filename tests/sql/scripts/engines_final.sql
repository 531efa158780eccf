CREATE TABLE r (k UInt32, v UInt32, x String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO r VALUES (1, 1, 'a'), (2, 5, 'b'), (3, 1, 'c')

INSERT INTO r VALUES (1, 2, 'a2'), (2, 4, 'b2'), (4, 1, 'd')

INSERT INTO r VALUES (1, 2, 'a3'), (3, 1, 'c2')

SELECT * FROM r FINAL ORDER BY k

INSERT INTO r VALUES (3, 0, 'old'), (4, 1, 'd2')

SELECT * FROM r FINAL ORDER BY k

CREATE TABLE n (k UInt32, x LowCardinality(String), y Array(String)) ENGINE = ReplacingMergeTree PARTITION BY k % 2 ORDER BY k

INSERT INTO n VALUES (1, 'a', ['p']), (2, 'b', [])

INSERT INTO n VALUES (1, 'a2', ['q', 'r']), (3, 'c', [])

SELECT * FROM n FINAL ORDER BY k

CREATE TABLE d (k UInt32, v UInt32, gone UInt8) ENGINE = ReplacingMergeTree(v, gone) ORDER BY k

INSERT INTO d VALUES (1, 1, 0), (2, 1, 0)

INSERT INTO d VALUES (1, 2, 1), (3, 1, 1)

SELECT * FROM d FINAL ORDER BY k

CREATE TABLE e (x String, y UInt8) ENGINE = ReplacingMergeTree ORDER BY tuple()

INSERT INTO e VALUES ('a', 1)

INSERT INTO e VALUES ('b', 2)

SELECT * FROM e FINAL

CREATE TABLE f (k UInt32, v Float64, x String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO f VALUES (1, nan, 'a'), (2, 1, 'a')

INSERT INTO f VALUES (1, 5, 'b'), (2, -1, 'b')

INSERT INTO f VALUES (1, nan, 'c'), (2, 1, 'c')

SELECT * FROM f FINAL ORDER BY k

CREATE TABLE s (k UInt32, a UInt8, b Nullable(Int32), f Float64, t String, dt DateTime, dc Decimal(9, 2), bo Bool, en Enum8('x' = 1), m Map(UInt8, UInt8), ar Array(UInt8), tp Tuple(UInt8, UInt8), fs FixedString(3), w Int128) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO s VALUES (1, 200, NULL, 1.5, 'a', 100, 1.5, 1, 'x', {1:2}, [1], (1, 2), 'abc', 5)

INSERT INTO s VALUES (1, 100, 7, 1.5, 'b', 200, 1.5, 1, 'x', {1:3,2:4}, [2], (3, 4), 'abd', 6)

SELECT * EXCEPT dt, toUnixTimestamp(dt) FROM s FINAL

CREATE TABLE z (k UInt32, a Int32, b Nullable(Int32), t String) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z VALUES (1, 0, NULL, 'a'), (2, 0, 0, 'b'), (3, 5, 1, 'c'), (4, 1, NULL, 'd')

INSERT INTO z VALUES (3, -5, -1, 'c'), (4, -1, NULL, 'd'), (5, 0, NULL, 'x')

SELECT * FROM z FINAL ORDER BY k

CREATE TABLE z0 (k UInt32, a Int32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z0 VALUES (1, 5)

INSERT INTO z0 VALUES (1, -5)

-- weir: whether a row goes does not depend on the columns that are read
SELECT count() FROM z0 FINAL

INSERT INTO z0 VALUES (1, 7)

SELECT * FROM z0 FINAL

CREATE TABLE z1 (k UInt32, t String) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO z1 VALUES (1, 'a'), (2, 'c')

INSERT INTO z1 VALUES (1, 'z')

SELECT * FROM z1 FINAL ORDER BY k

CREATE TABLE z2 (k UInt32, p UInt8, x UInt32, y UInt32) ENGINE = SummingMergeTree(x) PARTITION BY p ORDER BY k

INSERT INTO z2 VALUES (1, 1, 1, 1)

INSERT INTO z2 VALUES (1, 1, 2, 2), (1, 2, 5, 5)

SELECT * FROM z2 FINAL ORDER BY k, p

CREATE TABLE maps (k UInt32, aMap Nested(k UInt32, v UInt64), bMap Nested(kID UInt32, bKey String, v UInt64, w Float64), cMap Nested(k UInt32, v String), d Int32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO maps VALUES (1, [1, 2], [10, 20], [1, 2], ['a', 'b'], [10, 20], [1, 1], [1], ['x'], 0), (2, [], [], [], [], [], [], [], [], 0), (3, [1], [1], [], [], [], [], [], [], 0)

INSERT INTO maps VALUES (1, [2, 3], [5, 7], [2, 1], ['b', 'c'], [5, 7], [1, 1], [1], ['y'], 0), (3, [1], [18446744073709551615], [], [], [], [], [], [], 0)

SELECT * FROM maps FINAL ORDER BY k

CREATE TABLE narrow (k UInt32, aMap Nested(k UInt8, v UInt8)) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO narrow VALUES (1, [1, 1, 2], [200, 1, 0]), (2, [7], [8])

INSERT INTO narrow VALUES (1, [1], [100])

SELECT * FROM narrow FINAL ORDER BY k

CREATE TABLE st (k UInt32, x AggregateFunction(uniq, UInt32), y SimpleAggregateFunction(max, UInt8), z UInt32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO st SELECT 1, uniqState(toUInt32(5)), 3, 0

INSERT INTO st SELECT 1, uniqState(toUInt32(6)), 2, 0

SELECT k, finalizeAggregation(x), y, z FROM st FINAL

CREATE TABLE ag (k UInt32, x AggregateFunction(sum, UInt32), q AggregateFunction(quantiles(0.5, 0.9), Float64), y SimpleAggregateFunction(anyLast, String), n SimpleAggregateFunction(sum, Nullable(UInt64)), l SimpleAggregateFunction(groupArrayArray, Array(UInt8)), m SimpleAggregateFunction(min, LowCardinality(String)), o SimpleAggregateFunction(any, Nullable(String))) ENGINE = AggregatingMergeTree ORDER BY k

INSERT INTO ag SELECT number % 2, sumState(toUInt32(number)), quantilesState(0.5, 0.9)(toFloat64(number)), 'a', NULL, [1], 'm', NULL FROM numbers(10) GROUP BY number % 2

INSERT INTO ag SELECT number % 3, sumState(toUInt32(number)), quantilesState(0.5, 0.9)(toFloat64(number)), 'b', 5, [2], 'b', 'o' FROM numbers(12) GROUP BY number % 3

SELECT k, finalizeAggregation(x), finalizeAggregation(q), y, n, l, m, o FROM ag FINAL ORDER BY k

CREATE TABLE c (k UInt32, v UInt32, sg Int8) ENGINE = CollapsingMergeTree(sg) ORDER BY k

INSERT INTO c VALUES (1, 1, 1), (2, 1, 1), (3, 1, -1), (4, 1, 1), (5, 1, -1), (6, 1, 1), (7, 1, -1)

INSERT INTO c VALUES (2, 2, 1), (4, 2, -1), (5, 2, 1), (6, 2, -1), (7, 2, 1)

INSERT INTO c VALUES (4, 3, 1), (7, 3, -1)

SELECT * FROM c FINAL ORDER BY ALL

CREATE TABLE vc (k UInt32, v UInt32, x UInt32, sg Int8) ENGINE = VersionedCollapsingMergeTree(sg, v) ORDER BY k

INSERT INTO vc VALUES (1, 1, 1, 1), (1, 2, 2, 1), (2, 1, 1, 1), (3, 1, 1, -1), (3, 2, 1, 1)

INSERT INTO vc VALUES (1, 1, 1, -1), (2, 1, 2, 1), (3, 3, 1, 1)

INSERT INTO vc VALUES (2, 1, 3, -1), (3, 3, 1, -1)

SELECT * FROM vc FINAL ORDER BY ALL

CREATE TABLE fn (k String, x UInt8) ENGINE = ReplacingMergeTree ORDER BY lower(k)

INSERT INTO fn VALUES ('A', 1), ('b', 1)

INSERT INTO fn VALUES ('a', 2), ('B', 2)

SELECT * FROM fn FINAL ORDER BY x, k

ALTER TABLE r ADD COLUMN z UInt8 DEFAULT 7

INSERT INTO r VALUES (1, 9, 'new', 1), (9, 1, 'nine', 2)

SELECT * FROM r FINAL ORDER BY k

DELETE FROM r WHERE k = 2

INSERT INTO r VALUES (2, 1, 'again', 3)

SELECT * FROM r FINAL ORDER BY k

CREATE TABLE u (k UInt32, x String) ENGINE = ReplacingMergeTree ORDER BY k

INSERT INTO u VALUES (1, 'a'), (2, 'a')

INSERT INTO u VALUES (1, 'b')

INSERT INTO u VALUES (1, 'c'), (3, 'c')

ALTER TABLE u UPDATE x = 'old' WHERE x = 'a' SETTINGS mutations_sync = 2

ALTER TABLE u UPDATE x = 'older' WHERE x = 'b' SETTINGS mutations_sync = 2

SELECT * FROM u FINAL ORDER BY k

INSERT INTO u VALUES (1, 'd')

ALTER TABLE u UPDATE x = 'C' WHERE x = 'c' SETTINGS mutations_sync = 2

SELECT * FROM u FINAL ORDER BY k

SELECT * FROM r FINAL WHERE v = 2 ORDER BY k

CREATE TABLE pw (k UInt32, v UInt32, x String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO pw VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 5, 'c')

INSERT INTO pw VALUES (1, 3, 'a3'), (2, 2, 'b2'), (3, 1, 'c1')

SELECT * FROM pw FINAL PREWHERE v <= 2 ORDER BY k

SELECT * FROM pw FINAL PREWHERE v <= 2 WHERE x != 'a' ORDER BY k

SELECT k FROM pw FINAL PREWHERE x LIKE '%1' OR x = 'b' ORDER BY k

SELECT count() FROM pw FINAL PREWHERE v = 1

SELECT * FROM pw FINAL PREWHERE k IN (SELECT k FROM pw FINAL WHERE v = 3)

SELECT * FROM r FINAL WHERE k IN (1, 3) ORDER BY k

SELECT * FROM r FINAL WHERE k >= 3 AND v > 0 ORDER BY k

SELECT count() FROM r FINAL

SELECT count(), sum(v), max(x), min(k) FROM r FINAL WHERE k > 1

SELECT k % 2 AS o, groupArray(x) FROM (SELECT * FROM r FINAL ORDER BY k) GROUP BY o ORDER BY o

SELECT x FROM r FINAL ORDER BY v DESC, x LIMIT 2

SELECT a.k, a.x, b.v FROM r AS a FINAL INNER JOIN r AS b FINAL ON a.k = b.k ORDER BY a.k

SELECT a.k, a.x, b.x FROM r AS a FINAL INNER JOIN n AS b FINAL USING k ORDER BY k

SELECT a.k, count() FROM r AS a FINAL INNER JOIN u AS b ON a.k = b.k GROUP BY a.k ORDER BY a.k

SELECT k FROM u FINAL WHERE k IN (SELECT k FROM r FINAL WHERE v > 1) ORDER BY k

SELECT count() FROM r SETTINGS final = 1

SELECT count() FROM (SELECT * FROM r) SETTINGS final = 1

SELECT count() FROM numbers(3) SETTINGS final = 1

CREATE TABLE p (k UInt32, g UInt8, v UInt32) ENGINE = ReplacingMergeTree(v) PARTITION BY g ORDER BY k

INSERT INTO p VALUES (1, 1, 1), (2, 1, 5)

INSERT INTO p VALUES (1, 2, 2), (2, 2, 4)

INSERT INTO p VALUES (1, 1, 3), (3, 2, 4)

SELECT * FROM p FINAL ORDER BY k

SELECT * FROM p FINAL ORDER BY k, g SETTINGS do_not_merge_across_partitions_select_final = 1

SELECT * FROM p FINAL WHERE g = 1 ORDER BY k

CREATE TABLE plain (k UInt32, v UInt32) ENGINE = MergeTree ORDER BY k

SELECT * FROM plain FINAL

SELECT * FROM plain SETTINGS final = 1

SELECT * FROM (SELECT 1) FINAL

SELECT * FROM numbers(3) FINAL

SELECT * FROM system.one FINAL

WITH w AS (SELECT * FROM r) SELECT * FROM w FINAL

SELECT * FROM r FINAL FINAL

CREATE TABLE al (k UInt32, a UInt32, b UInt32, c UInt64 ALIAS a * 10 + b, d UInt64 ALIAS c + 1) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO al VALUES (1, 1, 2), (2, 3, 4)

INSERT INTO al VALUES (1, 5, 6)

SELECT k, a, b, c, d FROM al FINAL ORDER BY k

SELECT d FROM al FINAL WHERE c > 40 ORDER BY d

ALTER TABLE al ADD COLUMN e UInt32 DEFAULT a + 100

INSERT INTO al (k, a, b, e) VALUES (1, 0, 0, 7)

SELECT *, c FROM al FINAL ORDER BY k

SELECT k, e FROM al FINAL PREWHERE a > 1 ORDER BY k

CREATE TABLE long (k UInt64, v UInt32, s String) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO long SELECT number, 1, toString(number) FROM numbers(50000)

INSERT INTO long SELECT number * 3, 2, concat('x', toString(number)) FROM numbers(20000)

INSERT INTO long SELECT number * 7, 1, concat('y', toString(number)) FROM numbers(9000)

SELECT count(), sum(k), sum(v), sum(cityHash64(k, v, s)) FROM long FINAL

SELECT count(), sum(cityHash64(k, v, s)) FROM long FINAL WHERE k BETWEEN 10000 AND 30000 AND v = 1

SELECT k, v, s FROM long FINAL ORDER BY k LIMIT 3 OFFSET 41999

SELECT v, count() FROM long FINAL GROUP BY v ORDER BY v

DELETE FROM long WHERE k % 5 = 0 AND v = 2

SELECT count(), sum(cityHash64(k, v, s)) FROM long FINAL

ALTER TABLE long UPDATE s = 'u' WHERE k % 11 = 0 SETTINGS mutations_sync = 2

SELECT count(), sum(cityHash64(k, v, s)) FROM long FINAL

OPTIMIZE TABLE long FINAL

SELECT count(), sum(cityHash64(k, v, s)) FROM long

CREATE TABLE one (k UInt8, x String, v UInt32) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO one SELECT 1, toString(number), 1 FROM numbers(30000)

INSERT INTO one SELECT 1, 'b', 2 FROM numbers(30000)

SELECT v FROM one FINAL

SELECT v FROM one FINAL WHERE v > 100

CREATE TABLE many (k UInt8, v Int64, sg Int8) ENGINE = CollapsingMergeTree(sg) ORDER BY k

INSERT INTO many VALUES (1, 1, 1)

INSERT INTO many VALUES (1, 1, -1)

INSERT INTO many VALUES (1, 2, 1)

INSERT INTO many VALUES (1, 2, -1)

INSERT INTO many VALUES (1, 3, 1), (2, 9, -1)

SELECT * FROM many FINAL ORDER BY k

SELECT sum(v * sg), sum(sg) FROM many

CREATE TABLE isdel (k UInt32, v UInt32, gone UInt8) ENGINE = ReplacingMergeTree(v, gone) ORDER BY k

INSERT INTO isdel VALUES (1, 1, 0), (2, 1, 0), (3, 3, 1)

INSERT INTO isdel VALUES (1, 2, 1), (3, 2, 0), (4, 1, 0)

SELECT * FROM isdel FINAL ORDER BY k

SELECT * FROM isdel FINAL PREWHERE gone = 0 ORDER BY k

CREATE VIEW vw AS SELECT * FROM r FINAL

SELECT count() FROM vw
