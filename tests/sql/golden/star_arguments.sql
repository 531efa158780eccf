SELECT tuple(*) FROM (SELECT 1 AS a, 'x' AS b)

SELECT cityHash64(*) FROM (SELECT 1 AS a, 'x' AS b)

SELECT greatest(COLUMNS('a')) FROM (SELECT 1 AS a1, 2 AS a2)

SELECT toTypeName(tuple(*)) FROM (SELECT 1 AS a, 'x' AS b)

SELECT count(*), uniqExact(*) FROM (SELECT 1 AS a, 'x' AS b)

SELECT sum(cityHash64(* EXCEPT(a))) FROM (SELECT 1 AS a, 'x' AS b)

SELECT tuple(t.*) FROM (SELECT 1 AS a, 'x' AS b) AS t

SELECT cityHash64(*, 1) AS c FROM (SELECT 1 AS a)

SELECT a + sum(*) FROM (SELECT 1 AS a) GROUP BY a

SELECT tuple(*) FROM (SELECT 1 AS a) AS x CROSS JOIN (SELECT 2 AS b) AS y

SELECT tuple(*) FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON x.a = y.a

SELECT tuple(y.*) FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y ON x.a = y.a

SELECT tuple(*) FROM (SELECT 1 AS a) AS x JOIN (SELECT 1 AS a, 2 AS b) AS y USING a

SELECT 1 FROM (SELECT 1 AS a) WHERE tuple(*) = tuple(1)

SELECT [*] FROM (SELECT 1 AS a, 2 AS b)

SELECT (*, 1) FROM (SELECT 1 AS a, 2 AS b)

SELECT sum(* + 1) FROM (SELECT 1 AS a)

SELECT argMax(*) FROM (SELECT 1 AS a, 2 AS b)

SELECT tuple(t.*) FROM numbers(2)

SELECT concat(* APPLY(toString)) FROM (SELECT 1 AS a, 'x' AS b)

SELECT greatest(* APPLY(x -> x * 2)) FROM (SELECT 1 AS a, 5 AS b)

SELECT tuple(COLUMNS(b, a)) FROM (SELECT 1 AS a, 'x' AS b)

SELECT count(DISTINCT *) FROM (SELECT number % 3 AS a, number % 2 AS b FROM numbers(10))

SELECT cityHash64(tuple(*)) AS h, count() FROM (SELECT number % 2 AS a FROM numbers(4)) GROUP BY cityHash64(tuple(*)) ORDER BY cityHash64(tuple(*))

SELECT max(*) OVER () FROM (SELECT 1 AS a)

SELECT arrayMap(x -> x + least(*), [1, 2]) FROM (SELECT 1 AS a, 2 AS b)

SELECT if(*) FROM (SELECT 1 AS a, 2 AS b, 3 AS c)

SELECT COUNT(*) FROM numbers(3)

SELECT count(t.*) FROM numbers(3) AS t

SELECT sum(count(*)) FROM numbers(3)
