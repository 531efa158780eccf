CREATE TABLE t (a UInt32, s String, ls LowCardinality(String), n Nullable(UInt64), arr Array(String), INDEX i1 a TYPE minmax GRANULARITY 4, INDEX i2 s TYPE bloom_filter, INDEX i3 lower(s) TYPE tokenbf_v1(1024, 3, 0) GRANULARITY 2, INDEX `i 4` s TYPE ngrambf_v1(4, 1024, 3, 0), INDEX i5 ls TYPE set(100), INDEX i6 n TYPE bloom_filter(0.1), INDEX i7 s TYPE set(0) GRANULARITY 3) ENGINE = MergeTree ORDER BY a

SELECT name, type, type_full, expr, creation, granularity FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 't' AND creation = 'Explicit' ORDER BY name

INSERT INTO t SELECT number, concat('Word', toString(number % 1000), '-x', toString(number)), concat('v', toString(intDiv(number, 5000))), if(number % 7 = 0, NULL, number * 3), [] FROM numbers(20000)

OPTIMIZE TABLE t FINAL

SELECT count(), sum(a) FROM t WHERE s = 'Word77-x10077'

SELECT count(), sum(a) FROM t WHERE s IN ('Word77-x10077', 'Word77-x77', 'none')

SELECT count(), sum(a) FROM t WHERE lower(s) = 'word77-x10077'

SELECT count(), sum(a) FROM t WHERE hasToken(lower(s), 'word123')

SELECT count(), sum(a) FROM t WHERE lower(s) LIKE '%word12-%'

SELECT count(), sum(a) FROM t WHERE s LIKE '%d77-x1007%'

SELECT count(), sum(a) FROM t WHERE s LIKE 'Word5__-x5%7'

SELECT count(), sum(a) FROM t WHERE position(s, 'x1999') > 0

SELECT count(), sum(a) FROM t WHERE startsWith(s, 'Word999-') AND endsWith(s, '999')

SELECT count(), sum(a) FROM t WHERE ls = 'v2'

SELECT count(), sum(a) FROM t WHERE ls = 'v2' OR n = 300

SELECT count(), sum(a) FROM t WHERE n IN (300, 303, 21, 59997)

SELECT count(), sum(a) FROM t WHERE n IS NULL

SELECT count(), sum(a) FROM t WHERE n = 5

SELECT count(), sum(a) FROM t WHERE NOT (s = 'Word77-x10077')

SELECT count(), sum(a) FROM t WHERE s = 'Word77-x10077' AND (n = 30231 OR ls = 'nothing')

ALTER TABLE t ADD INDEX i8 a TYPE set(10) FIRST

ALTER TABLE t ADD INDEX i9 n TYPE minmax AFTER i2

ALTER TABLE t ADD INDEX i9 n TYPE minmax

ALTER TABLE t ADD INDEX IF NOT EXISTS i9 n TYPE minmax

ALTER TABLE t ADD INDEX j n TYPE minmax AFTER nosuch

ALTER TABLE t MATERIALIZE INDEX i8 SETTINGS mutations_sync = 2

ALTER TABLE t ADD INDEX k1 a TYPE bloom_filter, DROP INDEX i1, MATERIALIZE INDEX k1 SETTINGS mutations_sync = 2

ALTER TABLE t MATERIALIZE INDEX IF EXISTS nosuch

ALTER TABLE t DROP INDEX nosuch

ALTER TABLE t DROP INDEX IF EXISTS nosuch

ALTER TABLE t DROP INDEX i5

ALTER TABLE t DROP COLUMN s

ALTER TABLE t RENAME COLUMN s TO s2

SELECT name, type, expr FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 't' AND creation = 'Explicit' ORDER BY name

SELECT count(), sum(a) FROM t WHERE s2 = 'Word77-x10077'

SELECT count(), sum(a) FROM t WHERE a = 12345

ALTER TABLE t ADD INDEX k2 s2 TYPE bloom_filter, MATERIALIZE INDEX k2 SETTINGS mutations_sync = 2

SELECT count(), sum(a) FROM t WHERE s2 = 'Word77-x10077'

CREATE TABLE u AS t

SELECT name, type_full, expr, granularity FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'u' AND creation = 'Explicit' ORDER BY name

INSERT INTO t SELECT number, 'late', 'v', number, [] FROM numbers(100000, 3)

SELECT count(), sum(a) FROM t WHERE a IN (100001, 5)

CREATE TABLE x (a UInt32, INDEX x a TYPE nosuch) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE set) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE set(-1)) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE minmax GRANULARITY 0) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x nosuch TYPE minmax) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE tokenbf_v1(100, 3, 0)) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE bloom_filter(2)) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE bloom_filter(0)) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE bloom_filter(0.1, 2)) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE minmax, INDEX x a TYPE minmax) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (s String, INDEX x s TYPE tokenbf_v1(100, 3)) ENGINE = MergeTree ORDER BY s

CREATE TABLE x (s String, INDEX x s TYPE tokenbf_v1(0, 3, 0)) ENGINE = MergeTree ORDER BY s

CREATE TABLE x (s String, INDEX x s TYPE tokenbf_v1(100, 0, 0)) ENGINE = MergeTree ORDER BY s

CREATE TABLE x (s String, INDEX x s TYPE tokenbf_v1('a', 1, 0)) ENGINE = MergeTree ORDER BY s

CREATE TABLE x (s String, INDEX x s TYPE ngrambf_v1(0, 100, 3, 0)) ENGINE = MergeTree ORDER BY s

CREATE TABLE x (a UInt32, INDEX x a TYPE hypothesis) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a) ENGINE = MergeTree ORDER BY a

CREATE TABLE x (a UInt32, INDEX x a TYPE minmax GRANULARITY 'a') ENGINE = MergeTree ORDER BY a

CREATE TABLE x (`index` UInt32, index2 String, INDEX `index` `index` TYPE minmax(1)) ENGINE = MergeTree ORDER BY `index`

SELECT name, type_full FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'x'
