SELECT number, toString(number) AS s, -number AS m FROM numbers(11) SETTINGS extremes = 1

SELECT number % 3 AS k, count() AS c, sum(number) AS s FROM numbers(100) GROUP BY k WITH TOTALS ORDER BY k SETTINGS extremes = 1

SELECT number FROM numbers(3) WHERE number > 5 SETTINGS extremes = 1

SELECT number FROM numbers(100000) ORDER BY number DESC LIMIT 3 SETTINGS extremes = 1

SELECT number FROM numbers(100) LIMIT 3, 2 SETTINGS extremes = 1

SELECT x, y FROM (SELECT number AS x, 100 - number AS y FROM numbers(50)) LIMIT 2 BY x % 2 SETTINGS extremes = 1

SELECT number FROM numbers(3) UNION ALL SELECT 10 + number FROM numbers(2) ORDER BY number SETTINGS extremes = 1

SELECT DISTINCT number % 2 AS x FROM numbers(30) ORDER BY x SETTINGS extremes = 1

SELECT if(number = 1, nan, toFloat64(number)) AS f, if(number = 0, NULL, number) AS n, NULL AS z, 5 AS c FROM numbers(4) SETTINGS extremes = 1

SELECT nan AS f, CAST(NULL AS Nullable(Int8)) AS n FROM numbers(2) SETTINGS extremes = 1

SELECT [number, 1] AS a, [2 - number] AS b, (number, 3 - number) AS t, map('k', 3 - number) AS m, range(number) AS r FROM numbers(3) SETTINGS extremes = 1

SELECT ((number, [2 - number]), 'x') AS t, tuple() AS e, [[number]] AS a, [tuple(number)] AS u, [] AS n FROM numbers(3) SETTINGS extremes = 1

SELECT toLowCardinality(toString(2 - number)) AS l, toDate(number) AS d, toDateTime64(number, 3, 'UTC') AS t, toDecimal32(number, 2) AS c, toIPv4(number::UInt32) AS i FROM numbers(3) SETTINGS extremes = 1

SELECT CAST(number + 1 AS Enum8('z' = 1, 'a' = 2, 'b' = 3)) AS e, toInt128(number) - 1 AS w, toFixedString(toString(number), 2) AS f, number = 1 AS q, (7, 'x') AS k FROM numbers(3) SETTINGS extremes = 1

SELECT number FROM numbers(5) SETTINGS extremes = 1, limit = 2

SET extremes = 1

SELECT toString(number * 7 % 11) AS s FROM numbers(11)

SET extremes = 0

SELECT number FROM numbers(2)
