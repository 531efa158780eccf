CREATE TABLE s (k UInt32, v UInt32, w String) ENGINE = SummingMergeTree ORDER BY k

INSERT INTO s VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 5, 'c'), (3, 0, 'd')

SELECT * FROM s ORDER BY ALL

INSERT INTO s SETTINGS optimize_on_insert = 0 VALUES (1, 1, 'a'), (1, 2, 'b')

SELECT count() FROM s

CREATE TABLE r (k UInt32, v UInt32, d UInt8) ENGINE = ReplacingMergeTree(v, d) PARTITION BY v % 2 ORDER BY k

INSERT INTO r VALUES (1, 1, 0), (1, 3, 0), (1, 2, 0), (2, 5, 1), (2, 4, 0), (2, 3, 0)

SELECT * FROM r ORDER BY ALL

CREATE TABLE c (k UInt32, v UInt32, s Int8) ENGINE = CollapsingMergeTree(s) ORDER BY k

INSERT INTO c VALUES (1, 1, 1), (1, 1, -1), (2, 5, 1), (2, 5, -1), (2, 6, 1), (3, 1, -1), (3, 2, 1), (4, 1, 1), (4, 2, 1)

SELECT * FROM c ORDER BY ALL

CREATE TABLE v (k UInt32, v UInt32, s Int8) ENGINE = VersionedCollapsingMergeTree(s, v) ORDER BY k

INSERT INTO v VALUES (1, 1, 1), (1, 1, -1), (1, 2, 1), (2, 5, 1), (2, 6, -1)

SELECT * FROM v ORDER BY ALL

CREATE TABLE a (k UInt32, n AggregateFunction(sum, UInt64), m SimpleAggregateFunction(max, UInt32)) ENGINE = AggregatingMergeTree ORDER BY k

INSERT INTO a SELECT number % 2, sumState(number), toUInt32(max(number)) FROM numbers(10) GROUP BY number

SELECT k, finalizeAggregation(n), m FROM a ORDER BY ALL

INSERT INTO a SELECT number % 2, sumState(number), toUInt32(max(number)) FROM numbers(10) GROUP BY number SETTINGS optimize_on_insert = 0

SELECT count() FROM a

CREATE TABLE m (k UInt32) ENGINE = MergeTree ORDER BY k

INSERT INTO m VALUES (1), (1)

SELECT count() FROM m
