CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a

INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'x')

CREATE VIEW v AS SELECT a, b, a * 2 AS twice FROM t WHERE a > 1

SELECT * FROM v ORDER BY a

SELECT twice, toTypeName(twice) FROM v ORDER BY twice DESC

SELECT b, sum(twice) AS s FROM v GROUP BY b ORDER BY b

SELECT v.a, z.b FROM v INNER JOIN v AS z ON v.a = z.a ORDER BY v.a

SELECT count() FROM t WHERE a IN (SELECT a FROM v)

WITH v AS (SELECT 7 AS a) SELECT a FROM v

SELECT * FROM (SELECT a FROM v ORDER BY a DESC LIMIT 1)

CREATE VIEW v AS SELECT 1

CREATE VIEW t AS SELECT 1

CREATE TABLE v (a UInt8) ENGINE = MergeTree ORDER BY a

CREATE VIEW IF NOT EXISTS v AS SELECT 1 AS other

CREATE VIEW IF NOT EXISTS t AS SELECT 1 AS other

SELECT * FROM v ORDER BY a

CREATE VIEW above (x, y) AS SELECT a, b FROM v

SELECT * FROM above ORDER BY x

SELECT sum(x) FROM above WHERE y = 'y'

CREATE VIEW typed (a UInt64, twice Nullable(Int32)) AS SELECT * FROM v

SELECT a, twice, toTypeName(a), toTypeName(twice) FROM typed ORDER BY a

CREATE VIEW bad AS SELECT nosuch FROM t

CREATE VIEW bad AS SELECT a FROM nosuch

CREATE VIEW bad (x) AS SELECT a, b FROM t

CREATE VIEW bad AS SELECT 1, 1

CREATE VIEW bad (x UInt8, x UInt8) AS SELECT 1 AS x

CREATE VIEW nodatabase.bad AS SELECT 1

CREATE VIEW bad

CREATE OR REPLACE VIEW v AS SELECT * FROM v

CREATE OR REPLACE VIEW v AS SELECT * FROM above

SELECT count() FROM v

CREATE OR REPLACE VIEW v AS SELECT a, b, a * 3 AS twice FROM t WHERE a < 3

SELECT * FROM v ORDER BY a

SELECT * FROM above ORDER BY x

DESCRIBE TABLE v

DESCRIBE typed

EXISTS v

EXISTS VIEW v

EXISTS VIEW t

EXISTS TABLE v

SHOW TABLES

SELECT name, engine, total_rows, has_own_data FROM system.tables WHERE database = currentDatabase() ORDER BY name

SELECT table, name, type, position FROM system.columns WHERE database = currentDatabase() AND table IN ('v', 'typed') ORDER BY table, position

INSERT INTO v VALUES (1, 'x', 2)

INSERT INTO t SELECT a + 10, b FROM v

SELECT * FROM t ORDER BY a

TRUNCATE TABLE v

OPTIMIZE TABLE v

SHOW CREATE VIEW t

DROP VIEW t

CREATE TABLE copy AS v

CREATE TABLE copy ENGINE = MergeTree ORDER BY a AS SELECT * FROM v

SELECT * FROM copy ORDER BY a

CREATE VIEW pv AS SELECT a, b, {label:String} AS label FROM t WHERE a = {p:UInt8}

SELECT * FROM pv(p = 1, label = 'it\'s a\\b')

SELECT * FROM pv(p = 1 + 1, label = 'z')

SELECT x.a FROM pv(p = 2, label = '') AS x

SELECT * FROM pv(p = 1)

SELECT * FROM v(p = 1)

SELECT * FROM nosuch(p = 1)

CREATE VIEW lists AS SELECT has({l:Array(UInt8)}, a) AS found, a FROM t

SELECT * FROM lists(l = [1, 11]) ORDER BY a

CREATE VIEW ctes AS WITH z AS (SELECT max(a) AS m FROM t), 5 AS five SELECT a, five FROM t WHERE a IN (SELECT m FROM z)

SELECT * FROM ctes

CREATE VIEW unions AS SELECT 1 AS x UNION ALL SELECT 300 UNION ALL SELECT a FROM t WHERE a = 3

SELECT x, toTypeName(x) FROM unions ORDER BY x

CREATE VIEW windows AS SELECT a, row_number() OVER (PARTITION BY b ORDER BY a) AS n FROM t

SELECT * FROM windows ORDER BY a

CREATE VIEW scalars AS SELECT (SELECT max(a) FROM t) AS m, 1 IN (SELECT a FROM t) AS one

SELECT * FROM scalars

CREATE VIEW said AS SELECT 1 AS x COMMENT 'one column'

SELECT comment FROM system.tables WHERE name = 'said' AND database = currentDatabase()

RENAME TABLE said TO told

SELECT * FROM told

SELECT * FROM said

RENAME TABLE told TO v

DROP VIEW told

DROP TABLE scalars

DROP VIEW nosuch

DROP VIEW IF EXISTS nosuch

DROP VIEW v

SELECT * FROM above

CREATE VIEW v AS SELECT toUInt8(9) AS a, 'new' AS b

SELECT * FROM above

CREATE VIEW v2 AS SELECT a FROM v

DROP VIEW v

CREATE VIEW v AS SELECT 'text' AS a, 1 AS b

SELECT * FROM v2

CREATE OR REPLACE VIEW v AS SELECT 1 AS other

SELECT * FROM v2
