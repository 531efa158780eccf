SELECT a, x FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN a AS x

SELECT a FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN a

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN a

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a JOIN (SELECT 1 AS id, 5 AS y) AS u ON t.id = u.id

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a JOIN (SELECT 1 AS id, 5 AS y) AS u ON t.a = u.id

SELECT t.id, x, y FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT number AS id, number * 10 AS y FROM numbers(3)) AS u ON x = u.id ORDER BY ALL

SELECT t.id, x, y FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT number AS id, number * 10 AS y FROM numbers(3)) AS u ON x = u.id WHERE x > 0 ORDER BY ALL

SELECT t.id, x, y FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x RIGHT JOIN (SELECT number AS id, number * 10 AS y FROM numbers(6)) AS u ON x = u.id WHERE t.id < 3 ORDER BY ALL

SELECT t.id, x, y FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x FULL JOIN (SELECT number AS id, number * 10 AS y FROM numbers(6)) AS u ON x = u.id ORDER BY ALL

SELECT t.id, x, y, z FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x JOIN (SELECT number AS id, number * 10 AS y FROM numbers(6)) AS u ON x = u.id JOIN (SELECT number AS id, number * 100 AS z FROM numbers(6)) AS v ON x = v.id ORDER BY ALL

SELECT x, y, e FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x JOIN (SELECT number AS id, [number, 7] AS y FROM numbers(6)) AS u ON x = u.id ARRAY JOIN y AS e ORDER BY ALL

SELECT x, i, y FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x, arrayEnumerate(a) AS i LEFT JOIN (SELECT number AS id, number * 10 AS y FROM numbers(2)) AS u ON i = u.id ORDER BY ALL

SELECT x FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x WHERE x IN (SELECT 1) ORDER BY x

SELECT count(), sum(x) FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x CROSS JOIN numbers(3) AS n

SELECT count(), sum(x) FROM (SELECT number AS id, range(number) AS a FROM numbers(4)) AS t ARRAY JOIN a AS x, numbers(3) AS n

WITH [10, 20] AS arr SELECT id, x FROM numbers(2) AS t ARRAY JOIN arr AS x JOIN (SELECT 1 AS id) AS u ON t.number = u.id

SELECT x, count() FROM (SELECT 1 AS id, [1,2,2] AS a) AS t JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN a AS x GROUP BY x ORDER BY x

SELECT x FROM (SELECT 1 AS id, [1,2,2] AS a) AS t JOIN (SELECT 1 AS id, [5,6,7] AS y) AS u USING id ARRAY JOIN a AS x, y AS z WHERE z > 5 AND t.id = 1

SELECT x, z FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, [5,6,7] AS y) AS u USING id ARRAY JOIN a AS x, y AS z

SELECT x, z FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, [5,6,7] AS y) AS u USING id ARRAY JOIN a AS x ARRAY JOIN y AS z ORDER BY ALL

SELECT x, z FROM (SELECT 1 AS id, [1,2] AS a, [5,6] AS y) AS t ARRAY JOIN a AS x ARRAY JOIN y AS z LEFT JOIN (SELECT 6 AS id, 'six' AS s) AS u ON z = u.id ORDER BY ALL

SELECT t.id, x, s FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x ASOF JOIN (SELECT 1 AS id, 1 AS time, 'six' AS s) AS u ON t.id = u.id AND x >= u.time ORDER BY ALL

SELECT x FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x SEMI LEFT JOIN (SELECT 2 AS x) AS u USING x

SELECT x FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x JOIN (SELECT 2 AS x) AS u USING x

SELECT count() FROM (SELECT 1 AS id, 3 AS a) AS t ARRAY JOIN a AS x JOIN (SELECT 2 AS x) AS u USING x

SELECT x, y FROM (SELECT 1 AS id, [1,2] AS a) AS t JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN [y, x0] AS x, a AS x0

SELECT arrayJoin([1,2]) AS q, x FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ORDER BY ALL

SELECT x, y, z FROM (SELECT [1,2] AS a, 1 AS z) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT 1 AS x, 5 AS y) AS u ON t.z = u.x

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u ON t.id = u.id

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u ON t.id = u.id

SELECT * FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u ON x = u.id

SELECT x FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT ARRAY JOIN a AS x LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u USING id

SELECT x, y FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u USING id ARRAY JOIN a AS x

SELECT x, y FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT JOIN (SELECT 1 AS id, 5 AS y) AS u USING id LEFT ARRAY JOIN a AS x

SELECT 1 FROM (SELECT 1 AS id, [1,2] AS a) AS t LEFT ARRAY JOIN a AS x CROSS JOIN numbers(2) AS n

SELECT x, number FROM (SELECT 1 AS id, [1,2] AS a) AS t ARRAY JOIN a AS x, numbers(2) AS n
