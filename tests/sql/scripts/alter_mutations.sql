CREATE TABLE t (k Int32, v Nullable(Int32), s LowCardinality(String), a Array(Int32), e Enum8('x' = 1, 'y' = 2), m Map(String, Int32)) ENGINE = MergeTree ORDER BY (k, lower(s)) PARTITION BY k % 2

INSERT INTO t SELECT number, if(number % 3 = 0, NULL, number), toString(number), [number], 'x', map('n', number) FROM numbers(10)

ALTER TABLE t UPDATE v = 1 WHERE k = 5 SETTINGS mutations_sync = 2

SELECT * FROM t ORDER BY k

ALTER TABLE t UPDATE v = 1 IN PARTITION 1 WHERE 1 SETTINGS mutations_sync = 2

SELECT k, v FROM t ORDER BY k

ALTER TABLE t UPDATE v = v + 1, a = [assumeNotNull(v), k] WHERE k < 4 AND v > 0 SETTINGS mutations_sync = 2

SELECT * FROM t ORDER BY k

ALTER TABLE t UPDATE s = 'x' WHERE 1

ALTER TABLE t UPDATE k = 5 WHERE 1

ALTER TABLE t UPDATE nope = 5 WHERE 1

ALTER TABLE t UPDATE v = nope WHERE 1

ALTER TABLE t UPDATE v = 1 WHERE nope

ALTER TABLE t UPDATE a = 'abc' WHERE 1

ALTER TABLE t UPDATE a = [1], a = [2] WHERE 1

ALTER TABLE t UPDATE v = 1 WHERE s

ALTER TABLE t UPDATE v = 1 WHERE k

ALTER TABLE t UPDATE v = 1 WHERE arrayJoin([1]) = 1

ALTER TABLE t UPDATE v = 1

ALTER TABLE t UPDATE v WHERE 1

ALTER TABLE t UPDATE WHERE 1

ALTER TABLE t DELETE

ALTER TABLE t DELETE WHERE

ALTER TABLE t DELETE WHERE nope

ALTER TABLE t DELETE WHERE count() = 1

ALTER TABLE t UPDATE e = 'y' WHERE k % 4 = 0 SETTINGS mutations_sync = 2

ALTER TABLE t UPDATE m = map('z', v) WHERE e = 'y' AND v IS NOT NULL SETTINGS mutations_sync = 2

SELECT k, e, m FROM t ORDER BY k

ALTER TABLE t UPDATE e = 'nope' WHERE 1

ALTER TABLE t UPDATE v = NULL WHERE k = 7 SETTINGS mutations_sync = 2

ALTER TABLE t UPDATE v = (SELECT max(k) FROM t) WHERE k IN (SELECT k FROM t WHERE k > 6) SETTINGS mutations_sync = 2

SELECT k, v FROM t ORDER BY k

ALTER TABLE t DELETE WHERE v = 9 SETTINGS mutations_sync = 2

ALTER TABLE t DELETE WHERE k = 3, UPDATE v = NULL WHERE k = 1 SETTINGS mutations_sync = 2

ALTER TABLE t DELETE IN PARTITION 0 WHERE k = 4 SETTINGS mutations_sync = 2

SELECT * FROM t ORDER BY k

ALTER TABLE t (DELETE WHERE k = 5), (UPDATE a = [] WHERE k = 6) SETTINGS mutations_sync = 2

SELECT k, a FROM t ORDER BY k

SELECT count(), sum(v), min(k), max(k) FROM t

INSERT INTO t SELECT number, number, toString(number % 7), [], 'x', map() FROM numbers(20000)

ALTER TABLE t UPDATE v = v * 2, a = range(k % 3) WHERE k % 5 = 0 SETTINGS mutations_sync = 2

SELECT count(), sum(v), sum(length(a)), uniqExact(s), max(v) FROM t

SELECT max(v) FROM t

SELECT s, count(), sum(v) FROM t GROUP BY s ORDER BY s

OPTIMIZE TABLE t FINAL

SELECT count(), sum(v), sum(length(a)), uniqExact(s), max(v) FROM t

ALTER TABLE t UPDATE v = 0 WHERE 0 SETTINGS mutations_sync = 2

ALTER TABLE t DELETE WHERE k > 10 SETTINGS mutations_sync = 2

SELECT k, v, s, a FROM t ORDER BY ALL

ALTER TABLE t UPDATE v = toString(k) WHERE k = 10 SETTINGS mutations_sync = 2

ALTER TABLE t RENAME COLUMN v TO w, UPDATE w = 7 WHERE k = 10 SETTINGS mutations_sync = 2

ALTER TABLE t UPDATE v = 77 WHERE k = 10 SETTINGS mutations_sync = 2

SELECT * FROM t WHERE k = 10

CREATE VIEW w AS SELECT * FROM t

ALTER TABLE w DELETE WHERE 1

ALTER TABLE w UPDATE v = 1 WHERE 1

ALTER TABLE nope DELETE WHERE 1

CREATE TABLE n (k Int32, `n.a` Array(Int32), `n.b` Array(String), d Date) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 100 YEAR

INSERT INTO n VALUES (1, [1, 2], ['a', 'b'], '2026-01-01'), (2, [], [], '2026-01-02')

ALTER TABLE n UPDATE n.a = arrayMap(x -> x * 10, n.a), d = d + 1 WHERE k = 1 SETTINGS mutations_sync = 2

SELECT * FROM n ORDER BY k

ALTER TABLE n UPDATE `n.a` = arrayMap(x -> x * 10, n.a), d = d + 1 WHERE k = 1 SETTINGS mutations_sync = 2

SELECT * FROM n ORDER BY k

-- weir: ClickHouse keeps a mutation that never ends
ALTER TABLE n UPDATE `n.a` = [1] WHERE k = 1

-- weir: see above
SELECT * FROM n ORDER BY k

-- weir: see above
ALTER TABLE n DELETE WHERE has(n.b, 'a')

-- weir: see above
SELECT * FROM n ORDER BY k
