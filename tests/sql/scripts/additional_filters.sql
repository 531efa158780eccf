CREATE TABLE t (a UInt32, b String, m Map(String, String), n Nullable(Int32)) ENGINE = MergeTree ORDER BY a

INSERT INTO t SELECT number, ['x', 'y', 'z'][number % 3 + 1], map('k', toString(number % 2)), if(number % 5 = 0, NULL, number) FROM numbers(20000)

CREATE TABLE u (a UInt32, c String) ENGINE = MergeTree ORDER BY a

INSERT INTO u SELECT number, concat('u', toString(number)) FROM numbers(6)

CREATE VIEW v AS SELECT a, b AS bee FROM t WHERE a < 30

SELECT count() FROM t SETTINGS additional_table_filters = {'script.t': 'b = \'x\''}

SELECT count() FROM t SETTINGS additional_table_filters = {'script.t' : ' b = \'x\' AND a > 5 '}

SELECT count() FROM script.t settings additional_table_filters={'script.t' : ' m[\'k\'] = \'1\' AND b ILIKE \'%X%\' '}

SELECT count() FROM t SETTINGS additional_table_filters = {}

SELECT count() FROM t SETTINGS additional_table_filters = ''

SELECT count() FROM t SETTINGS additional_table_filters = '{\'t\':\'a < 3\'}'

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'a < 3'}

SELECT count() FROM t SETTINGS additional_table_filters = {'default.t': 'a < 3', 'other': 'nonsense ('}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'a < 3', 'script.t': 'a < 5'}

SELECT count() FROM t AS q SETTINGS additional_table_filters = {'q': 'a < 4'}

SELECT count() FROM t AS q SETTINGS additional_table_filters = {'script.t': 'a < 4'}

SELECT a, b FROM t WHERE b = 'y' ORDER BY a LIMIT 3 SETTINGS additional_table_filters = {'t': 'a > 100'}

SELECT b, count(), sum(a) FROM t GROUP BY b ORDER BY b SETTINGS additional_table_filters = {'t': 'a BETWEEN 9000 AND 9010'}

SELECT count() FROM (SELECT * FROM t) AS s SETTINGS additional_table_filters = {'t': 'a < 4', 's': 'a < 2'}

WITH s AS (SELECT a FROM t) SELECT count(), (SELECT max(a) FROM t) AS x FROM s SETTINGS additional_table_filters = {'t': 'a < 4', 's': 'a < 2'}

SELECT l.a, l.b, r.c FROM t AS l INNER JOIN u AS r ON l.a = r.a ORDER BY l.a SETTINGS additional_table_filters = {'l': 'a > 1', 'u': 'a < 5'}

SELECT l.a, r.c FROM u AS l LEFT JOIN u AS r ON l.a = r.a ORDER BY l.a SETTINGS additional_table_filters = {'r': 'a % 2 = 0'}

SELECT l.a, r.a FROM u AS l FULL JOIN u AS r ON l.a = r.a ORDER BY l.a, r.a SETTINGS additional_table_filters = {'l': 'a < 4', 'r': 'a > 2'}

SELECT * FROM v ORDER BY a SETTINGS additional_table_filters = {'t': 'a % 7 = 0'}

SELECT * FROM v ORDER BY a SETTINGS additional_table_filters = {'v': 'bee = \'z\' AND a < 12'}

SELECT * FROM v ORDER BY a SETTINGS additional_table_filters = {'script.v': 'a < 10', 'script.t': 'a > 6'}

SELECT count() FROM v SETTINGS additional_table_filters = {'v': 'b = \'z\''}

SELECT a FROM t WHERE a IN (SELECT a FROM u) ORDER BY a SETTINGS additional_table_filters = {'u': 'a > 3'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'a IN (SELECT a FROM u)', 'u': 'a > 3'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'n IS NULL AND a < 20'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'n > 5 AND a < 20'}

SELECT number FROM numbers(10) AS q ORDER BY number SETTINGS additional_table_filters = {'q': 'number > 7'}

SELECT count() FROM numbers(10) SETTINGS additional_table_filters = {'numbers': 'number > 7'}

SELECT name FROM system.tables WHERE database = 'script' ORDER BY name SETTINGS additional_table_filters = {'system.tables': 'name != \'u\''}

SELECT a + 1 AS b FROM t WHERE a < 3 ORDER BY a SETTINGS additional_table_filters = {'t': 'b = \'y\''}

CREATE VIEW with_filter AS SELECT a FROM t WHERE a < 9 SETTINGS additional_table_filters = {'t': 'a > 6'}

SHOW CREATE TABLE with_filter FORMAT TSVRaw

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'nothing = 1'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'a = = 1'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': ''}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'b'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 'a IN (SELECT a FROM t)'}

SELECT count() FROM t SETTINGS additional_table_filters = {'t': 1}

SELECT count() FROM t SETTINGS additional_table_filters = {t: 'a = 1'}

SELECT {'a': 1}

SELECT x FROM (SELECT a + 1 AS x FROM u) ORDER BY x SETTINGS additional_result_filter = 'x > 4'

SELECT a AS x FROM u ORDER BY x LIMIT 4 SETTINGS additional_result_filter = 'x != 2'

SELECT a % 2 AS x FROM u GROUP BY x ORDER BY x SETTINGS additional_result_filter = 'x = 1'

SELECT a FROM u SETTINGS additional_result_filter = 'zero = 1'

SELECT a, c FROM u ORDER BY a SETTINGS additional_result_filter = 'a > 1', additional_table_filters = {'u': 'a < 4'}

INSERT INTO u SELECT a + 100, b FROM t SETTINGS additional_table_filters = {'t': 'a < 2'}

SELECT * FROM u WHERE a >= 100 ORDER BY a

SET additional_table_filters = {'script.u': 'a < 2'}

SELECT * FROM u ORDER BY a

SELECT * FROM u ORDER BY a SETTINGS additional_table_filters = {}

ALTER TABLE u DELETE WHERE a = 5 SETTINGS mutations_sync = 1

ALTER TABLE u UPDATE c = 'changed' WHERE a > 2 SETTINGS mutations_sync = 1

CREATE TABLE w ENGINE = MergeTree ORDER BY a AS SELECT * FROM u

SET additional_table_filters = {}

SELECT * FROM u ORDER BY a

SELECT * FROM w ORDER BY a
