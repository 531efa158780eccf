SELECT nosuch FROM events

SELECT nofunction(1)

SELECT * FROM nosuch

SELECT * FROM nodatabase.t

SELECT id, count() FROM events

SELECT count() FROM events WHERE count() > 1

SELECT sum(count()) FROM events

SELECT a AS b, b AS a

SELECT id AS a, delay AS a FROM events

SELECT id FROM events ORDER BY 5

SELECT id FROM events GROUP BY 0

SELECT id FROM events LIMIT 'a'

SELECT id FROM events LIMIT 1.5

SELECT number FROM numbers(3) LIMIT 1 WITH TIES

SELECT 1 UNION SELECT 2

SELECT 1 UNION ALL SELECT 1, 2

SELECT {missing:UInt8}

SELECT 1 +

SELECT 1 FROM

SELECT (1

SELECT 'open

SELEC 1

SELECT 1 WHERE 'a'

SELECT CAST(1 AS NoType)

SELECT CAST('x' AS UInt8)

SELECT upper()

SELECT upper(1, 2)

SELECT 1 + 'a'

SELECT sum('a')

SELECT (SELECT number FROM numbers(3))

SELECT origin FROM events GROUP BY late

SELECT 1 AS x WHERE y

SELECT t.nosuch FROM (SELECT 1 AS a) AS t

SELECT id FROM events HAVING count() > 1
