SELECT arrayJoin([1,2]) AS a, a + 1

SELECT arrayJoin([1,2]), arrayJoin([1,2])

SELECT arrayJoin([1,2]) + arrayJoin([1,2])

SELECT arrayJoin([1,2]) AS a, arrayJoin([3,4]) AS b

SELECT arrayJoin(emptyArrayInt8())

SELECT arrayJoin(1)

SELECT arrayJoin()

SELECT arrayJoin(arrayJoin([[1,2],[3]]))

SELECT number, arrayJoin(range(number)) FROM numbers(4)

SELECT number, arrayJoin(range(number)) AS a FROM numbers(4) WHERE a > 0

SELECT number FROM numbers(4) WHERE arrayJoin([number, 1]) = 1

SELECT arrayJoin([1,2]) AS a, count() FROM numbers(3) GROUP BY a ORDER BY a

SELECT sum(arrayJoin([1,2])) FROM numbers(3)

SELECT count(), arrayJoin([1,2]) FROM numbers(3)

SELECT arrayJoin([count(), 7]) FROM numbers(3)

SELECT number % 2 AS k, arrayJoin([k, 5]) AS a, count() FROM numbers(3) GROUP BY k ORDER BY k, a

SELECT arrayJoin([3,1,2]) AS a ORDER BY a

SELECT arrayJoin([3,1,2]) AS a LIMIT 2

SELECT DISTINCT arrayJoin([1,1,2]) AS a ORDER BY a

SELECT arrayJoin([(1,'a'),(2,'b')]) AS t, t.1

SELECT arrayMap(x -> arrayJoin([1,2]), [1])

SELECT arrayMap(x -> arrayJoin([x]), [1])

SELECT sum(x) FROM (SELECT arrayJoin([1,2,3]) AS x)

SELECT arrayJoin([1,2]) AS a FROM numbers(2) HAVING a > 1

SELECT if(arrayJoin([1,2]) = 1, 'x', 'y')

SELECT number, a FROM numbers(3) ARRAY JOIN range(number) AS a

SELECT number, a FROM numbers(3) LEFT ARRAY JOIN range(number) AS a

SELECT a, b FROM (SELECT [1,2] AS a, [3,4] AS b) ARRAY JOIN a, b

SELECT a, b FROM (SELECT [1,2] AS a, [3] AS b) ARRAY JOIN a, b

SELECT a, b FROM (SELECT [1,2] AS a, [3] AS b) LEFT ARRAY JOIN a, b

SELECT * FROM (SELECT 5 AS n, [1,2] AS a) ARRAY JOIN a

SELECT * FROM (SELECT 5 AS n, [1,2] AS a) ARRAY JOIN a AS x

SELECT x, i FROM (SELECT ['p','q'] AS a) ARRAY JOIN a AS x, arrayEnumerate(a) AS i

SELECT a FROM (SELECT 1 AS a) ARRAY JOIN a

SELECT count(), sum(x) FROM numbers(4) ARRAY JOIN range(number) AS x

SELECT x, count() FROM numbers(4) ARRAY JOIN range(number) AS x GROUP BY x ORDER BY x

SELECT number, x FROM numbers(4) ARRAY JOIN range(number) AS x WHERE x > 0 AND number > 2

SELECT x FROM numbers(2) ARRAY JOIN [1,2] AS x

SELECT x, y FROM numbers(1) ARRAY JOIN [1,2] AS x ARRAY JOIN [x, 10] AS y

SELECT m.1, m.2 FROM (SELECT map('a', 1) AS m0) ARRAY JOIN m0 AS m

SELECT t.a AS q FROM (SELECT [1,2] AS a) AS t ARRAY JOIN t.a

SELECT t.a, x FROM (SELECT [1,2] AS a) AS t ARRAY JOIN t.a AS x

SELECT x + 1 AS y FROM (SELECT [1,2] AS a) ARRAY JOIN a AS x WHERE y > 2

SELECT arrayJoin(a) FROM (SELECT [1,2] AS a) ARRAY JOIN [7,8] AS z

SELECT x FROM (SELECT [[1],[2,3]] AS a) ARRAY JOIN a AS x

SELECT number FROM numbers(2) ARRAY JOIN [1,2]

SELECT number, x FROM numbers(2) ARRAY JOIN [1,2] AS x, [3,4] AS x

SELECT number, x.1 FROM numbers(2) ARRAY JOIN arrayZip([1,2],[3,4]) AS x

SELECT number, rank() OVER (ORDER BY x) AS r, x FROM numbers(2) ARRAY JOIN [5,6] AS x ORDER BY x, number

SELECT number, x FROM numbers(2) LEFT ARRAY JOIN emptyArrayString() AS x

SELECT number, x FROM numbers(2) ARRAY JOIN emptyArrayString() AS x

SELECT x FROM numbers(1) ARRAY JOIN unknown AS x

SELECT x FROM numbers(1) ARRAY JOIN number AS x

SELECT x AS el, a FROM (SELECT [1,2] AS a) ARRAY JOIN a AS x

SELECT id, arrayJoin([delay, 0]) AS d FROM events ORDER BY id, d LIMIT 6

SELECT arrayJoin(splitByChar('A', origin)) AS p, count() FROM events GROUP BY p ORDER BY p

SELECT arrayJoin([origin, dest]) AS place, count(), sum(delay) FROM events GROUP BY place ORDER BY place

SELECT id, x FROM events ARRAY JOIN [origin, dest] AS x ORDER BY id, x LIMIT 6

SELECT x, count() FROM events ARRAY JOIN [origin, dest] AS x WHERE id > 5 GROUP BY x HAVING count() > 1 ORDER BY x

SELECT id, x, i FROM events ARRAY JOIN ['a', 'b'] AS x, [1, 2] AS i WHERE id < 3 ORDER BY id, i

SELECT id, x FROM events LEFT ARRAY JOIN if(id % 2 = 0, [note], []) AS x ORDER BY id LIMIT 6

SELECT DISTINCT arrayJoin([delay > 10, 2]) AS d FROM events ORDER BY d

SELECT id FROM events WHERE arrayJoin([1, id]) = 1 ORDER BY id LIMIT 5

SELECT arrayJoin(range(3)) AS a, a * 2 AS b WHERE b > 0 ORDER BY a DESC

SELECT count() FROM (SELECT arrayJoin(range(10)) AS a, arrayJoin(range(20)) AS b)

SELECT sum(x) FROM numbers(100) ARRAY JOIN range(number) AS x

SELECT count() FROM (SELECT arrayJoin(range(20000)))

SELECT max(x) FROM (SELECT arrayJoin(range(20000)) AS x) WHERE x < 15000

SELECT a, rank() OVER (ORDER BY a) FROM (SELECT arrayJoin([3, 1, 2]) AS a) ORDER BY a

SELECT arrayJoin([3, 1, 2]) AS a, rank() OVER (ORDER BY a) AS r ORDER BY a

SELECT number, arrayJoin([1, 2]) AS a FROM numbers(4) ORDER BY number, a LIMIT 1 BY number

SELECT arrayJoin([1, 2]) AS a, b FROM (SELECT [3, 4] AS v) ARRAY JOIN v AS b ORDER BY a, b

SELECT arrayJoin(arrayMap(x -> x * 10, range(number))) AS v FROM numbers(4) ORDER BY v

SELECT sum(v) FROM (SELECT arrayJoin(arrayFilter(x -> x % 2 = 0, range(number))) AS v FROM numbers(6))

SELECT arrayJoin([count()]) FROM events WHERE id < 0

SELECT arrayJoin([1, 2]) AS a WHERE count() > 1

SELECT sum(a) AS s, arrayJoin([s, 0]) AS j FROM (SELECT arrayJoin([1, 2]) AS a)

SELECT k, v FROM (SELECT map('a', 1, 'b', 2) AS m) ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v

SELECT WITH_ALIAS.1 FROM (SELECT [(1, 2)] AS t) ARRAY JOIN t AS WITH_ALIAS

WITH [1, 2, 3] AS arr SELECT x FROM numbers(1) ARRAY JOIN arr AS x

SELECT id FROM events ARRAY JOIN dest

SELECT a.id FROM events AS a ARRAY JOIN [1] AS x ORDER BY a.id LIMIT 2
