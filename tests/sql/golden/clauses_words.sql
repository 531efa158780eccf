SELECT nulls.number FROM numbers(2) nulls ORDER BY 1 NULLS FIRST

SELECT 1 nulls

SELECT number nulls FROM numbers(2) ORDER BY nulls DESC NULLS LAST

SELECT 1 FROM nulls

WITH 1 nulls SELECT nulls

SELECT 2 asc, 3 desc, 4 collate, 5 fill, 6 ties, 7 end

SELECT CASE WHEN number = 1 THEN 2 ELSE 3 END end FROM numbers(2) nulls ORDER BY end DESC

SELECT number ties FROM numbers(3) ORDER BY ties DESC NULLS LAST LIMIT 1 WITH TIES

SELECT number asc FROM numbers(2) ORDER BY asc desc

SELECT fill.number FROM numbers(2) fill JOIN numbers(2) ties ON fill.number = ties.number ORDER BY fill.number WITH FILL

SELECT (1, 2) IN (SELECT (1, 2)) AS a, (1, 3) IN (SELECT (1, 2)) AS b, (1, 3) NOT IN (SELECT (1, 2)) AS c

SELECT number, (number, 'a') IN (SELECT (number, 'a') FROM numbers(3)) AS a FROM numbers(5) ORDER BY number

SELECT ((1, 2), 3) IN (SELECT ((1, 2), 3)) AS a

SELECT (number, 1) IN (SELECT (1::Nullable(UInt8), 1)) AS a FROM numbers(2) ORDER BY number

SELECT t IN (SELECT (1, 2)) AS a, t IN (SELECT 1, 2) AS b FROM (SELECT (1, 2) AS t)

SELECT id FROM events WHERE (id, kind) IN (SELECT (id, kind) FROM events WHERE id < 3) ORDER BY id

SELECT tuple(1) IN (SELECT tuple(1)) AS a

SELECT (1, 2, 3) IN (SELECT (1, 2))

SELECT (1, 2) IN (SELECT tuple((1, 2)))

SELECT (1, 2) IN (SELECT [1, 2])

SELECT 1 IN (SELECT 1, 2)

SELECT interval FROM (SELECT 2 AS interval UNION ALL SELECT 1) ORDER BY interval DESC NULLS LAST

SELECT interval FROM (SELECT 2 AS interval UNION ALL SELECT 1) ORDER BY interval ASC

SELECT CASE interval WHEN 2 THEN interval ELSE interval END FROM (SELECT 2 AS interval)
