SELECT id FROM events WHERE id IN (1, 5, 7, 99) ORDER BY id

SELECT id FROM events WHERE id NOT IN (SELECT number FROM numbers(38)) ORDER BY id

SELECT id FROM events WHERE origin IN ('ATL', 'nowhere') ORDER BY id

SELECT count() FROM events WHERE (origin, dest) IN (('ATL', 'JFK'), ('SFO', 'LAX'), ('ORD', 'ATL'))

SELECT count() FROM events WHERE (origin, late) IN (SELECT origin, late FROM events WHERE id < 4)

SELECT count() FROM events WHERE tail IN (77, 0)

SELECT count() FROM events WHERE tail NOT IN (77, 0)

SELECT 1 IN (1, 2), 3 IN (1, 2), 'a' IN ('a'), 1 NOT IN (1), NULL IN (1), 1 IN (NULL, 1), 2 IN (1, NULL)

SELECT -1 IN (255), toUInt8(255) IN (-1), 1 IN (1.0), 1.5 IN (1, 1.5)

SELECT day IN ('2026-01-31', '2026-02-01'), kind IN ('train') FROM events ORDER BY id LIMIT 4

SELECT id FROM events WHERE delay = (SELECT max(delay) FROM events) ORDER BY id

SELECT (SELECT 1) + 1, (SELECT count() FROM events)

SELECT (SELECT number FROM numbers(0)) IS NULL

SELECT exists(SELECT 1) AS a, exists(SELECT number FROM numbers(0)) AS b

SELECT id FROM events WHERE EXISTS (SELECT 1 FROM events WHERE delay > 1000000) ORDER BY id LIMIT 1

WITH top AS (SELECT origin, sum(delay) AS s FROM events GROUP BY origin) SELECT origin FROM top WHERE s > 0 ORDER BY s DESC, origin

WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT y FROM b

WITH a AS (SELECT number AS n FROM numbers(3)) SELECT n FROM a WHERE n IN (SELECT n FROM a WHERE n > 0) ORDER BY n

WITH a AS (SELECT number AS n FROM numbers(3)) SELECT count() FROM events WHERE id IN a

WITH 5 AS x SELECT (SELECT x + 1)

SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a

SELECT a FROM (SELECT 1 AS a UNION ALL SELECT -1 UNION ALL SELECT 300) ORDER BY a

SELECT a FROM (SELECT 1 AS a UNION DISTINCT SELECT 1 UNION DISTINCT SELECT 2) ORDER BY a

SELECT toTypeName(a), a FROM (SELECT 1 AS a UNION ALL SELECT NULL) ORDER BY a

SELECT a, b FROM (SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y') ORDER BY a

SELECT x FROM (SELECT y AS x FROM (SELECT z AS y FROM (SELECT 7 AS z)))

SELECT sum(n) FROM (SELECT number AS n FROM numbers(100) WHERE n % 2 = 0)

SELECT count() FROM (SELECT origin FROM events LIMIT 7)

SELECT id, o FROM (SELECT id, origin AS o FROM events ORDER BY id LIMIT 5) ORDER BY id DESC LIMIT 2

SELECT number IN (number + 1) FROM numbers(2)

SELECT (1, 2) IN ((1, 2), (3, 4)), (1, 5) IN ((1, 2))

SELECT (id, origin) = (1, 'LAX') FROM events ORDER BY id LIMIT 2
