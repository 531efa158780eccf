CREATE TABLE a (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 1 DAY

INSERT INTO a VALUES (1, '2020-01-01 00:00:00', 5), (2, '2090-01-01 00:00:00', 6), (3, '1969-12-31 00:00:00', 7)

INSERT INTO a SELECT number, toDateTime('2020-01-01 00:00:00', 'UTC') + (number % 3 = 0) * 2000000000, number FROM numbers(1000)

OPTIMIZE TABLE a FINAL

SELECT count(), sum(k), min(d) > now() FROM a

CREATE TABLE b (k Int32, d Date, x Int32) ENGINE = MergeTree PARTITION BY k % 2 ORDER BY k TTL d DELETE WHERE x % 2 = 1, d + INTERVAL 10 YEAR DELETE WHERE x > 100

INSERT INTO b SELECT number, toDate('2020-01-01') + (number % 5) * 10000, number FROM numbers(400)

OPTIMIZE TABLE b FINAL

SELECT count(), sum(x), countIf(d < today()), countIf(x > 100) FROM b

INSERT INTO b VALUES (7, '2020-01-01', 7), (8, '2020-01-01', 8)

OPTIMIZE TABLE b FINAL

SELECT count(), sum(x) FROM b

CREATE TABLE c (k Int32, h DateTime('UTC'), x Int64, y Nullable(Float64), s String, m Int64) ENGINE = MergeTree PARTITION BY toYYYYMM(h) ORDER BY (k, toStartOfHour(h), h) TTL h + INTERVAL 1 MONTH GROUP BY k, toStartOfHour(h) SET x = sum(x), y = max(y), h = min(h), m = max(m)

INSERT INTO c SELECT number % 3, toDateTime('2020-05-01 00:00:00', 'UTC') + number * 61, number, if(number % 4 = 0, NULL, number), 's', number FROM numbers(500)

INSERT INTO c SELECT number % 3, toDateTime('2090-05-01 00:00:00', 'UTC') + number * 61, number, number, 's', number FROM numbers(50)

OPTIMIZE TABLE c FINAL

SELECT * FROM c ORDER BY k, h LIMIT 30

SELECT count(), sum(x), sum(y), sum(m), countIf(s = 's') FROM c

OPTIMIZE TABLE c FINAL

SELECT count(), sum(x), sum(y), countIf(s = 's') FROM c

INSERT INTO c SELECT 1, toDateTime('2020-05-01 00:30:00', 'UTC'), 1000000, 1, 't', 7

OPTIMIZE TABLE c FINAL

SELECT count(), sum(x), max(x), uniqExact(k, toStartOfHour(h)) FROM c WHERE h < now()

CREATE TABLE cols (k Int32, d DateTime('UTC'), x Int32 DEFAULT k * 2 TTL d + INTERVAL 1 DAY, y Nullable(Int32) TTL d + INTERVAL 2 DAY, z String TTL d + INTERVAL 3 DAY, m Int32 MATERIALIZED k + 100 TTL d + INTERVAL 1 DAY, a Array(Int32) TTL d, f Float64 DEFAULT 1.5 TTL d, n Nullable(String) DEFAULT 'x' TTL d, l LowCardinality(String) TTL d, dd Decimal(9, 2) TTL d, u UUID TTL d, t Tuple(a Int8, b String) TTL d, mm Map(String, Int8) TTL d) ENGINE = MergeTree ORDER BY k

INSERT INTO cols VALUES (1, '2020-01-01 00:00:00', 5, 6, 'a', [1, 2], 2, 'n', 'l', 3.5, '61f0c404-5cb3-11e7-907b-a6006ad3dba0', (1, 'q'), {'a': 1}), (2, '2090-01-01 00:00:00', 5, 6, 'a', [1, 2], 2, NULL, 'l', 3.5, '61f0c404-5cb3-11e7-907b-a6006ad3dba0', (1, 'q'), {'a': 1}), (3, '2020-01-01 00:00:00', 5, NULL, '', [], nan, NULL, '', 0, '00000000-0000-0000-0000-000000000000', (0, ''), {})

OPTIMIZE TABLE cols FINAL

SELECT *, m FROM cols ORDER BY k

OPTIMIZE TABLE cols FINAL

SELECT *, m FROM cols ORDER BY k

CREATE TABLE g (k Int32, d DateTime64(3, 'UTC'), x Int32) ENGINE = MergeTree ORDER BY k

INSERT INTO g SELECT number, toDateTime64('2020-01-01 00:00:00.123', 3, 'UTC') + number * 10000000, number FROM numbers(300)

ALTER TABLE g MODIFY TTL toDateTime(d) + INTERVAL 1 DAY DELETE WHERE x < 10

OPTIMIZE TABLE g FINAL

SELECT count(), min(x) FROM g

ALTER TABLE g MODIFY TTL toDateTime(d)

OPTIMIZE TABLE g FINAL

SELECT count() < 290, min(d) > now() - INTERVAL 1 DAY FROM g

ALTER TABLE g MATERIALIZE TTL

SELECT count() < 290 FROM g

CREATE TABLE i (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree PARTITION BY k ORDER BY x TTL d DELETE WHERE x > 2

INSERT INTO i SELECT number % 2, '2020-01-01 00:00:00', number FROM numbers(10)

ALTER TABLE i MATERIALIZE TTL IN PARTITION 1 SETTINGS mutations_sync = 2

OPTIMIZE TABLE i FINAL

SELECT k, groupArray(x) FROM (SELECT * FROM i ORDER BY x) GROUP BY k ORDER BY k
