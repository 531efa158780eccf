CREATE TABLE t (k UInt64, s String, n Nullable(Int32), p UInt64) ENGINE = MergeTree ORDER BY k

INSERT INTO t VALUES (1, 'one', NULL, 0), (2, 'two', 22, 1), (3, 'three', 33, 2), (600000, 'big', 6, 3)

CREATE DICTIONARY d (k UInt64, s String DEFAULT 'none', n Nullable(Int32), p UInt64 HIERARCHICAL) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(MIN 0 MAX 1000)

SELECT dictGet('d', 's', toUInt64(2)), dictGet('d', 's', 9), dictGet('d', 'n', toUInt64(1)), toTypeName(dictGet('d', 'n', toUInt64(1)))

SELECT dictGet('script.d', 's', number) FROM numbers(4)

SELECT dictGet('d', ('s', 'n'), toUInt64(2)) AS x

SELECT toTypeName(dictGet('d', ('s', 'p'), toUInt64(2)).1)

SELECT dictGetOrDefault('d', 's', toUInt64(9), 'zz')

SELECT dictGetOrDefault('d', 's', number, toString(number)) FROM numbers(4)

SELECT dictGetOrDefault('d', ('s', 'p'), toUInt64(9), ('zz', 7)) AS x

SELECT dictGetOrNull('d', 's', number) AS x, toTypeName(x) FROM numbers(3)

SELECT dictGetOrNull('d', ('s', 'n'), number) AS x FROM numbers(3)

SELECT dictGetOrNull('nosuch', 's', 1)

SELECT dictHas('d', number), toTypeName(dictHas('d', number)) FROM numbers(3)

SELECT dictHas('d', NULL)

SELECT dictHas('d', toNullable(2)), toTypeName(dictHas('d', toNullable(2)))

SELECT dictHas('d')

SELECT dictGetString('d', 's', toUInt64(2)), dictGetUInt64('d', 'p', 2), dictGetStringOrDefault('d', 's', 9, 'k')

SELECT dictGetUInt8('d', 'p', 2)

SELECT dictGetUInt64OrDefault('d', 'p', number, toUInt64(7)) FROM numbers(3)

SELECT dictGetHierarchy('d', 3), toTypeName(dictGetHierarchy('d', 3))

SELECT dictGetHierarchy('d', number) FROM numbers(5)

SELECT dictGetHierarchy('d', 600000)

SELECT dictGetHierarchy('nosuch', 1)

SELECT dictIsIn('d', 3, 1), dictIsIn('d', 1, 3), dictIsIn('d', 3, 3)

SELECT dictIsIn('d', number, toUInt64(1)) FROM numbers(5)

SELECT dictIsIn('d', NULL, 1)

SELECT dictIsIn('d', 1)

SELECT dictGet('nosuch', 's', 1)

SELECT dictGet('d', 'nosuch', 1)

SELECT dictGet('d', 's', 'x')

SELECT dictGet('d', 's', '2')

SELECT dictGet('d', 's', -1)

SELECT dictGet('d', 's', 1.5)

SELECT dictGet('d', 's', NULL)

SELECT dictGet('d', 's', toNullable(2)), toTypeName(dictGet('d', 's', toNullable(2)))

SELECT dictGet('d', 's', (1, 2))

SELECT dictGet('d', 's')

SELECT dictGet(s, 's', 1) FROM t

SELECT dictGet('d', s, k) FROM t

SELECT dictGet(1, 's', 1)

SELECT dictGet('d', 's', toUInt64(2), 1)

SELECT dictGetOrDefault('d', 's', 9, 5)

SELECT dictGetOrDefault('d', 'p', 9, 'x')

SELECT dictGetOrDefault('d', 'p', 9, NULL)

SELECT dictGetOrDefault('d', 's', number, toNullable('a')) FROM numbers(2)

SELECT s, count() FROM (SELECT dictGet('d', 's', k) AS s FROM t) GROUP BY s ORDER BY s

SELECT dictGet('d', 's', k) AS s, sum(p) FROM t GROUP BY dictGet('d', 's', k) ORDER BY s

SELECT k FROM t WHERE dictGet('d', 's', p) = 'one'

SELECT * FROM d ORDER BY k

SELECT * FROM dictionary('d') ORDER BY k

SELECT s FROM dictionary('script.d') WHERE k = 2

SELECT count() FROM d

SELECT * FROM dictionary('nosuch')

DESCRIBE d

SELECT t.k, d.s FROM t INNER JOIN d ON t.k = d.k ORDER BY t.k

SELECT t.k, d.s FROM t ANY LEFT JOIN d ON t.p = d.k ORDER BY t.k

SELECT name, status, type, element_count, source, lifetime_min, lifetime_max, last_exception, query_count > 0, database, bytes_allocated > 0 FROM system.dictionaries WHERE database = 'script'

SYSTEM RELOAD DICTIONARY d

SYSTEM RELOAD DICTIONARY nosuch

SYSTEM RELOAD DICTIONARIES

SHOW DICTIONARIES

EXISTS DICTIONARY d

EXISTS DICTIONARY t

EXISTS d

SHOW TABLES

SELECT engine FROM system.tables WHERE name = 'd' AND database = 'script'

SELECT name, type, position FROM system.columns WHERE table = 'd' AND database = 'script' ORDER BY position

DROP TABLE d

INSERT INTO d VALUES (1, 'x', 1, 1)

CREATE VIEW d AS SELECT 1

CREATE TABLE d (a UInt8) ENGINE = MergeTree ORDER BY a

CREATE DICTIONARY d (k UInt64, v String) PRIMARY KEY k SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)

CREATE DICTIONARY t (k UInt64, v String) PRIMARY KEY k SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)

CREATE DICTIONARY IF NOT EXISTS d (k UInt64, v String) PRIMARY KEY k SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)

CREATE DICTIONARY empty (k UInt64, v String DEFAULT 'q') PRIMARY KEY k SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)

SELECT dictGet('empty', 'v', number), dictHas('empty', number) FROM numbers(2)

SELECT * FROM empty

CREATE DICTIONARY f (k UInt64, s String DEFAULT 'none') PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't' DB 'script')) LAYOUT(FLAT()) LIFETIME(0)

SELECT dictGet('f', 's', 2)

CREATE DICTIONARY f2 (k UInt64, s String DEFAULT 'none') PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't' DB 'script' WHERE 'k < 3')) LAYOUT(FLAT()) LIFETIME(0)

SELECT dictGet('f2', 's', 2), dictGet('f2', 's', 3), dictGet('f2', 's', 9999999)

SELECT * FROM f2 ORDER BY k

CREATE DICTIONARY f3 (k UInt64, s String) PRIMARY KEY k SOURCE(CLICKHOUSE(QUERY 'SELECT k, upper(s) FROM script.t WHERE k < 3')) LAYOUT(HASHED()) LIFETIME(300)

SELECT dictGet('f3', 's', 2)

CREATE DICTIONARY c (s String, p UInt64, k UInt64 DEFAULT 77) PRIMARY KEY s, p SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)

SELECT dictGet('c', 'k', ('two', toUInt64(1))), dictGet('c', 'k', ('two', 9))

SELECT dictGet('c', 'k', (s, p)) FROM t ORDER BY k

SELECT dictGet('c', 'k', 'two')

SELECT dictHas('c', ('two', 1)), dictHas('c', ('two', 2))

SELECT * FROM c ORDER BY k

SELECT dictGet('c', 'k', ('two', 1, 2))

CREATE DICTIONARY c1 (s String, k UInt64) PRIMARY KEY s SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)

SELECT dictGet('c1', 'k', s), dictGet('c1', 'k', tuple(s)) FROM t ORDER BY k

CREATE TABLE r (id UInt64, a Date, b Date, v String) ENGINE = MergeTree ORDER BY id

INSERT INTO r VALUES (1, '2020-01-01', '2020-01-31', 'jan'), (1, '2020-01-15', '2020-02-10', 'over'), (2, '2020-01-01', '2020-12-31', 'year')

CREATE DICTIONARY rd (id UInt64, a Date, b Date, v String DEFAULT '?') PRIMARY KEY id SOURCE(CLICKHOUSE(TABLE 'r')) LAYOUT(RANGE_HASHED()) RANGE(MIN a MAX b) LIFETIME(0)

SELECT dictGet('rd', 'v', 1, toDate('2020-01-10')), dictGet('rd', 'v', 1, toDate('2020-01-20')), dictGet('rd', 'v', 1, toDate('2020-02-05')), dictGet('rd', 'v', 1, toDate('2021-01-20'))

SELECT dictHas('rd', 1, toDate('2020-01-10')), dictHas('rd', 3, toDate('2020-01-10'))

SELECT dictGet('rd', 'v', id, b) FROM r ORDER BY id, a

SELECT dictGet('rd', 'v', 1)

SELECT dictGet('rd', 'v', 1, '2020-01-10')

SELECT dictGetOrDefault('rd', 'v', 1, toDate('2021-01-20'), 'def')

SELECT * FROM rd ORDER BY ALL

CREATE DICTIONARY bad (k UInt64, s String) PRIMARY KEY nosuch SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(FLAT()) LIFETIME(0)

CREATE DICTIONARY lazy (k UInt64, s String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 'later')) LAYOUT(HASHED()) LIFETIME(0)

SELECT dictGet('lazy', 's', 1)

SELECT status, element_count FROM system.dictionaries WHERE name = 'lazy'

CREATE TABLE later (k UInt64, s String) ENGINE = MergeTree ORDER BY tuple()

INSERT INTO later VALUES (1, 'a'), (1, 'b')

SYSTEM RELOAD DICTIONARY lazy

SELECT dictGet('lazy', 's', 1)

INSERT INTO later VALUES (5, 'five')

SELECT dictGet('lazy', 's', 5)

SYSTEM RELOAD DICTIONARY lazy

SELECT dictGet('lazy', 's', 5)

DROP DICTIONARY lazy

DROP DICTIONARY lazy

DROP DICTIONARY IF EXISTS lazy

SELECT dictGet('lazy', 's', 1)

DROP DICTIONARY t

DROP VIEW c

CREATE OR REPLACE DICTIONARY f3 (k UInt64, s String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(300) COMMENT 'hi'

SELECT dictGet('f3', 's', 2)

SELECT comment FROM system.dictionaries WHERE name = 'f3'

RENAME DICTIONARY f3 TO f9

SELECT dictGet('f9', 's', 2)

SELECT dictGet('f3', 's', 2)

CREATE DICTIONARY e1 (k UInt64, s String EXPRESSION upper(s)) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)

SELECT dictGet('e1', 's', 2)

CREATE VIEW named AS SELECT k, dictGet('d', 's', p) AS parent FROM t

SELECT * FROM named ORDER BY k

CREATE DICTIONARY of_view (k UInt64, parent String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 'named')) LAYOUT(HASHED()) LIFETIME(0)

SELECT dictGet('of_view', 'parent', number) FROM numbers(4)
