CREATE TABLE a (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree ORDER BY k

CREATE TABLE b (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(v, d) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(zz) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(s) ORDER BY k

CREATE TABLE x (k UInt32, v Nullable(UInt32), d UInt8, s String) ENGINE = ReplacingMergeTree(v) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(v, v) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(v, d, v) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d Int8, s String) ENGINE = ReplacingMergeTree(v, d) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(v, zz) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(1) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, d UInt8, s String) ENGINE = ReplacingMergeTree(v + 1) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32 ALIAS k) ENGINE = ReplacingMergeTree(v) ORDER BY k

CREATE TABLE f (k UInt32, v Float64) ENGINE = ReplacingMergeTree(v) ORDER BY k

CREATE TABLE w (k UInt32, v DateTime64(3), `a b` Bool) ENGINE = ReplacingMergeTree(v, `a b`) ORDER BY k

CREATE TABLE m (k UInt32, v UInt32 MATERIALIZED k + 1) ENGINE = ReplacingMergeTree(v) ORDER BY k

CREATE TABLE s (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree ORDER BY k

CREATE TABLE s1 (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree(v) ORDER BY k

CREATE TABLE s2 (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree((v, w)) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree(v, w) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree(k) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, w UInt32) ENGINE = SummingMergeTree((v, zz)) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32) ENGINE = SummingMergeTree(v) PARTITION BY v ORDER BY k

CREATE TABLE x (k UInt32, v UInt32) ENGINE = SummingMergeTree(v) ORDER BY k + v

CREATE TABLE x (k UInt32, v UInt32) ENGINE = SummingMergeTree(1) ORDER BY k

CREATE TABLE x (k UInt32, v UInt32) ENGINE = AggregatingMergeTree(v) ORDER BY k

CREATE TABLE g1 (k UInt32, v UInt32) ENGINE = AggregatingMergeTree ORDER BY k

CREATE TABLE x (k UInt32, v UInt32, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k

CREATE TABLE g (k UInt32, v UInt32, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY k SETTINGS allow_dimensions_outside_sorting_key = 1

CREATE TABLE c (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree(sg) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree(v) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree(zz) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree(sg, v) ORDER BY k

CREATE TABLE x (k UInt32, sg Nullable(Int8), v UInt32) ENGINE = CollapsingMergeTree(sg) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = CollapsingMergeTree(1) ORDER BY k

CREATE TABLE v (k UInt32, sg Int8, v UInt32) ENGINE = VersionedCollapsingMergeTree(sg, v) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = VersionedCollapsingMergeTree(sg) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v String) ENGINE = VersionedCollapsingMergeTree(sg, v) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = VersionedCollapsingMergeTree(sg, sg) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = VersionedCollapsingMergeTree(sg, zz) ORDER BY k

CREATE TABLE x (k UInt32, sg Int8, v UInt32) ENGINE = VersionedCollapsingMergeTree(k, v) ORDER BY k

SELECT name, engine, sorting_key, primary_key FROM system.tables WHERE database = currentDatabase() ORDER BY name

ALTER TABLE g RESET SETTING allow_dimensions_outside_sorting_key

ALTER TABLE g ADD COLUMN z UInt8

SELECT name, replaceAll(engine_full, ' SETTINGS index_granularity = 8192', '') FROM system.tables WHERE database = currentDatabase() AND name != 'g' ORDER BY name

ALTER TABLE b DROP COLUMN v

ALTER TABLE b DROP COLUMN d

ALTER TABLE b RENAME COLUMN v TO v2

ALTER TABLE b CLEAR COLUMN v

ALTER TABLE b MODIFY COLUMN v UInt64

ALTER TABLE b MODIFY COLUMN v UInt8

ALTER TABLE b MODIFY COLUMN v Int64

ALTER TABLE b MODIFY COLUMN v String

ALTER TABLE b MODIFY COLUMN d UInt16

ALTER TABLE b UPDATE v = 5 WHERE 1

ALTER TABLE b UPDATE d = 5 WHERE 1

ALTER TABLE b UPDATE s = 'x' WHERE 1

ALTER TABLE b RENAME COLUMN s TO t

ALTER TABLE c DROP COLUMN sg

ALTER TABLE c RENAME COLUMN sg TO sg2

ALTER TABLE c UPDATE sg = 1 WHERE 1

ALTER TABLE s1 DROP COLUMN v

ALTER TABLE s1 RENAME COLUMN v TO vv

ALTER TABLE s1 UPDATE v = 1 WHERE 1

ALTER TABLE s1 DROP COLUMN w

ALTER TABLE v DROP COLUMN v

CREATE TABLE like_b AS b

SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = 'like_b'
