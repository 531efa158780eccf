CREATE TABLE t (k Int32, v Nullable(Int32), s LowCardinality(String), a Array(Int32)) ENGINE = MergeTree ORDER BY k PARTITION BY k % 2

INSERT INTO t SELECT number, if(number % 3 = 0, NULL, number), toString(number % 100), range(number % 5) FROM numbers(30000)

DELETE FROM t WHERE v > 7 AND v < 1000

SELECT count(), sum(k), min(k), max(k), uniqExact(s), sum(length(a)) FROM t

SELECT count() FROM t WHERE v = 10

DELETE FROM t WHERE v

DELETE FROM t WHERE s

DELETE FROM t WHERE k

DELETE FROM t WHERE 'a'

DELETE FROM t WHERE toFloat64(k)

DELETE FROM t WHERE nope = 1

DELETE FROM t WHERE nope(k)

DELETE FROM nope WHERE 1

DELETE FROM nope.t WHERE 1

DELETE FROM t WHERE arrayJoin([1]) = 1

DELETE FROM t WHERE NULL

DELETE FROM t WHERE 0

DELETE FROM t WHERE NULL = k

SELECT count() FROM t

SELECT max(k) FROM t

DELETE FROM t WHERE k >= 20000

SELECT max(k), max(v), count() FROM t

SELECT max(k) FROM t

SELECT min(k) FROM t WHERE k > 10

SELECT count() FROM t WHERE k > 15000

DELETE FROM t WHERE s = '7'

SELECT count() FROM t WHERE s = '7'

SELECT s, count() FROM t WHERE s IN ('6', '7', '8') GROUP BY s ORDER BY s

DELETE FROM t WHERE k IN (SELECT k FROM t WHERE k % 10 = 1)

SELECT count() FROM t WHERE k % 10 = 1

DELETE FROM t WHERE k = (SELECT min(k) FROM t)

SELECT k FROM t ORDER BY k LIMIT 5

SELECT k FROM t ORDER BY k DESC LIMIT 5

SELECT k, v, s, a FROM t ORDER BY k LIMIT 3 OFFSET 2000

DELETE FROM t WHERE has(a, 3)

SELECT count(), sum(length(a)) FROM t

DELETE FROM t WHERE v IS NULL

SELECT count(), countIf(v IS NULL) FROM t

DELETE FROM t IN PARTITION 1 WHERE k < 5000

SELECT k % 2, count(), min(k) FROM t GROUP BY 1 ORDER BY 1

DELETE FROM t IN PARTITION 7 WHERE 1

SELECT count() FROM t

INSERT INTO t VALUES (8, 8, 'again', [1, 2])

SELECT * FROM t WHERE k < 20 ORDER BY ALL

DELETE FROM t WHERE (k, s) = (8, 'again')

SELECT * FROM t WHERE k < 20 ORDER BY ALL

OPTIMIZE TABLE t FINAL

SELECT count(), sum(k), min(k), max(k), uniqExact(s), sum(length(a)) FROM t

SELECT s, count() FROM t GROUP BY s ORDER BY s LIMIT 4

DELETE FROM t WHERE k BETWEEN 100 AND 12000 AND s LIKE '%5'

SELECT count(), sum(k) FROM t

SELECT count(), sum(t.k) FROM t JOIN (SELECT k FROM t WHERE k < 9000) AS u ON t.k = u.k

SELECT k, row_number() OVER (ORDER BY k) FROM t ORDER BY k LIMIT 2

SELECT DISTINCT s FROM t ORDER BY s LIMIT 3

DELETE FROM t WHERE k = 2 SETTINGS lightweight_deletes_sync = 2

DELETE FROM t IN PARTITION 0 WHERE 1

SELECT count(), min(k % 2) FROM t

DELETE FROM t WHERE 1

SELECT count(), max(k), sum(v) FROM t

SELECT * FROM t

DELETE FROM t WHERE 1

INSERT INTO t VALUES (1, 1, 'x', [])

SELECT * FROM t

CREATE VIEW view_of_t AS SELECT * FROM t

DELETE FROM view_of_t WHERE 1

DELETE FROM t WHERE 1 LIMIT 1

DELETE FROM t WHERE

DELETE FROM t IN PARTITION WHERE 1

-- weir: ClickHouse reads it as SELECT `DELETE` FROM t
DELETE FROM t

-- weir: ClickHouse reads it as SELECT `DELETE` AS t
DELETE t WHERE 1

-- weir: ClickHouse has no such column then
DELETE FROM t WHERE count() > 1

-- weir: the column says so, of a table whose place columns it hides
CREATE TABLE hides (_segment_row UInt64) ENGINE = MergeTree ORDER BY tuple()

-- weir: see above
DELETE FROM hides WHERE 1
