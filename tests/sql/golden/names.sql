SELECT id + 1, id AS x, x + 1, x * x AS y, y FROM events ORDER BY id LIMIT 2

SELECT e.id, e.delay + 1, events.id FROM events AS e ORDER BY id LIMIT 1

SELECT e.id, e.delay + 1 FROM events AS e ORDER BY e.id LIMIT 2

SELECT events.id FROM events ORDER BY events.id LIMIT 2

SELECT delay * 2 AS delay FROM events WHERE delay > 100 ORDER BY id

SELECT count(*), COUNT(1), Count(), SUM(delay), max(delay) + 1 FROM events

SELECT id % 3 AS k, count() AS c, c * 2 AS d FROM events GROUP BY k ORDER BY k

SELECT a FROM (SELECT id AS a, delay FROM events) ORDER BY a LIMIT 2

SELECT t.a, t.b FROM (SELECT 1 AS a, 'x' AS b) AS t

SELECT a, b FROM (SELECT 1, 'x') AS t(a, b)

WITH 10 AS ten SELECT ten + id AS v FROM events ORDER BY id LIMIT 2

WITH id * 2 AS twice SELECT twice, twice + 1 FROM events WHERE twice > 10 ORDER BY twice LIMIT 2

SELECT (id AS z) + 1, z FROM events ORDER BY z LIMIT 1

SELECT (1 AS a) + a, a

SELECT CAST(1 AS UInt8), 1::Int64, '5'::UInt8, CAST('7', 'Int16')

SELECT if(1, 2, 3), multiIf(0, 1, 2), CASE WHEN 1 = 1 THEN 'a' ELSE 'b' END, CASE 2 WHEN 1 THEN 'x' WHEN 2 THEN 'y' ELSE 'z' END

SELECT upper('a'), UPPER('b'), Lower('C'), length('abc'), LENGTH('abcd')

SELECT EXTRACT(YEAR FROM toDate('2026-01-30')), EXTRACT(MONTH FROM toDate('2026-01-30')), EXTRACT(DAY FROM toDate('2026-01-30'))

SELECT SUBSTRING('abcdef' FROM 2 FOR 3), SUBSTRING('abcdef', 3), TRIM(BOTH ' ' FROM '  x '), TRIM('  y  '), POSITION('c' IN 'abc')

SELECT dateDiff('day', toDate('2026-01-01'), toDate('2026-01-30')), dateDiff(hour, toDateTime('2026-01-01 00:00:00', 'UTC'), toDateTime('2026-01-02 03:00:00', 'UTC')), date_add(DAY, 1, toDate('2026-01-30')), date_sub(toDate('2026-01-30'), INTERVAL 1 MONTH)

SELECT id IN (1, 2), id NOT IN (3), id IN (1) FROM events ORDER BY id LIMIT 3
