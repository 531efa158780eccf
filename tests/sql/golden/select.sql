SELECT * FROM (SELECT 1 AS a, 2 AS b, 3 AS c)

SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b, 3 AS c)

SELECT * EXCEPT b FROM (SELECT 1 AS a, 2 AS b, 3 AS c)

SELECT * REPLACE (a + 10 AS a) FROM (SELECT 1 AS a, 2 AS b)

SELECT * APPLY (toString) FROM (SELECT 1 AS a, 2 AS b)

SELECT * APPLY (max) FROM (SELECT id, delay FROM events)

SELECT COLUMNS('^d') FROM events ORDER BY id LIMIT 2

SELECT t.*, 1 FROM (SELECT 1 AS a, 2 AS b) AS t

SELECT *, a + 1 AS a2 FROM (SELECT 1 AS a)

SELECT id, origin, dest, delay FROM events WHERE delay > 100 ORDER BY id

SELECT id FROM events WHERE origin = 'JFK' AND delay >= 0 ORDER BY id

SELECT id FROM events PREWHERE distance = 1200 WHERE delay < 10 ORDER BY id

SELECT id FROM events WHERE delay ORDER BY id LIMIT 3

SELECT count() FROM events WHERE NULL

SELECT count() FROM events WHERE note = 'hello'

SELECT count() FROM events WHERE NOT (note = 'hello')

SELECT count() FROM events WHERE note IS NULL OR note = ''

SELECT count() FROM events WHERE ts >= '2026-02-01 00:00:00'

SELECT count() FROM events WHERE ts BETWEEN toDateTime('2026-01-31 00:00:00', 'UTC') AND toDateTime('2026-01-31 23:59:59', 'UTC')

SELECT count() FROM events WHERE day = '2026-01-31'

SELECT id, kind FROM events WHERE kind = 'train' ORDER BY id LIMIT 3

SELECT id FROM events WHERE dest LIKE '%b' OR dest LIKE 'x\_y' ORDER BY id

SELECT DISTINCT origin FROM events ORDER BY origin

SELECT DISTINCT origin, late FROM events ORDER BY origin, late

SELECT DISTINCT id % 3 AS k FROM events ORDER BY k DESC

SELECT DISTINCT id % 2 AS k FROM events ORDER BY k + 1

SELECT 1 WHERE 0

SELECT 1 LIMIT 0

SELECT number FROM numbers(3)

SELECT number FROM numbers(2, 3)

SELECT number FROM system.numbers LIMIT 3

SELECT dummy FROM system.one

SELECT number FROM numbers(10) LIMIT 3 OFFSET 4

SELECT number FROM numbers(10) LIMIT 4, 3

SELECT number FROM numbers(5) OFFSET 3

SELECT number FROM numbers(10) LIMIT 1 + 1

SELECT number FROM numbers(5) ORDER BY number DESC LIMIT 2

SELECT number FROM numbers(10) ORDER BY number OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY

FROM numbers(2) SELECT number

SELECT number, FROM numbers(1)
