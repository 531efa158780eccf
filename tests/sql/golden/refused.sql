SELECT x FROM events AS a JOIN events AS b ON a.id = b.id ARRAY JOIN [1] AS x JOIN events AS c ON a.id = c.id

SELECT origin, count() FROM events GROUP BY ALL WITH ROLLUP

SELECT id FROM events ORDER BY id WITH FILL STALENESS 3

SELECT dest FROM events ORDER BY dest COLLATE 'en'

WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a

SELECT id FROM events ORDER BY id LIMIT -3 WITH TIES

SELECT id FROM events LIMIT -1 BY origin

SELECT DISTINCT origin FROM events ORDER BY id

SELECT id FROM events WHERE (SELECT count() FROM numbers(2) WHERE number < id) > 0

SELECT @@version

SELECT 1 FROM (events)

SELECT 1 INTO OUTFILE 'x'

SHOW FILESYSTEM CACHES

SELECT quantileGK(100, 0.5)(price) FROM events

SELECT groupArraySorted(3)([number]) FROM numbers(3)

SELECT groupArraySorted(3)(map('a', number)) FROM numbers(3)

SELECT groupArraySortedIf(2)((number, 'x'), number % 2) FROM numbers(3)

SELECT upper(x.a) FROM (SELECT CAST('{"a":[{"b":1}]}', 'JSON') AS x)

SELECT concat(x.a, x.b, x.c) FROM (SELECT CAST('{}', 'JSON') AS x)
