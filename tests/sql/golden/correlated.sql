SELECT number, EXISTS (SELECT 1 FROM numbers(3) AS n WHERE n.number = o.number) AS found FROM numbers(5) AS o ORDER BY number

SELECT number FROM numbers(5) AS o WHERE NOT EXISTS (SELECT * FROM numbers(3) AS n WHERE o.number = n.number) ORDER BY number

-- weir: ClickHouse refuses it
SELECT number FROM numbers(5) AS o WHERE EXISTS (SELECT n.number FROM numbers(3) AS n WHERE n.number = o.number ORDER BY n.number LIMIT 1) ORDER BY number

SELECT number FROM numbers(9) AS o WHERE EXISTS (SELECT 1 FROM numbers(20) AS n WHERE n.number % 7 = o.number AND n.number > o.number + 10) ORDER BY number

SELECT number FROM numbers(9) AS o WHERE EXISTS (SELECT 1 FROM numbers(20) AS n WHERE n.number > o.number + 14) ORDER BY number

SELECT number FROM numbers(6) AS o WHERE EXISTS (SELECT 1 FROM numbers(2) AS n WHERE n.number = o.number) OR number = 5 ORDER BY number

SELECT number FROM numbers(9) AS o WHERE EXISTS (SELECT 1 FROM numbers(5) AS n WHERE n.number = o.number) AND NOT EXISTS (SELECT 1 FROM numbers(3) AS n WHERE n.number = o.number) ORDER BY number

SELECT number FROM numbers(5) AS o WHERE EXISTS (SELECT 1 FROM numbers(9) AS n WHERE n.number = o.number AND EXISTS (SELECT 1 FROM numbers(2) AS m WHERE m.number = n.number)) ORDER BY number

SELECT number, (SELECT count() FROM numbers(30) AS n WHERE n.number % 4 = o.number) AS c FROM numbers(6) AS o ORDER BY number

SELECT number, (SELECT max(n.number) + avg(n.number) FROM numbers(30) AS n WHERE n.number % 4 = o.number AND n.number > 5) AS c, toTypeName(c) FROM numbers(6) AS o ORDER BY number

SELECT number FROM numbers(30) AS o WHERE number > (SELECT avg(n.number) FROM numbers(30) AS n WHERE n.number % 3 = o.number % 3) ORDER BY number

SELECT number, (SELECT toString(n.number) FROM numbers(3) AS n WHERE n.number = o.number) AS c FROM numbers(5) AS o ORDER BY number

SELECT number, (SELECT groupArray(n.number) FROM numbers(3) AS n WHERE n.number = o.number) AS c FROM numbers(5) AS o ORDER BY number

SELECT number, (SELECT sum(n.number) FROM numbers(20) AS n WHERE n.number % 5 = o.number GROUP BY n.number % 5 HAVING count() > 3) AS c FROM numbers(7) AS o ORDER BY number

-- weir: ClickHouse refuses it
SELECT sum((SELECT max(n.number) FROM numbers(30) AS n WHERE n.number % 4 = o.number % 4)) AS s, count() FROM numbers(10) AS o

-- weir: ClickHouse refuses it
SELECT (SELECT max(n.number) FROM numbers(30) AS n WHERE n.number % 4 = o.number % 4) AS m, count() FROM numbers(10) AS o GROUP BY m ORDER BY m

-- weir: ClickHouse refuses it
SELECT number, row_number() OVER (ORDER BY (SELECT max(n.number) FROM numbers(30) AS n WHERE n.number % 4 = o.number % 4), number) AS r FROM numbers(8) AS o ORDER BY number

SELECT x, EXISTS (SELECT 1 FROM (SELECT arrayJoin([1, NULL]) AS y) AS n WHERE n.y = o.x) AS c FROM (SELECT arrayJoin([1, 2, NULL]) AS x) AS o ORDER BY x

SELECT o.number, p.number FROM numbers(4) AS o JOIN numbers(4) AS p ON o.number = p.number WHERE EXISTS (SELECT 1 FROM numbers(2) AS n WHERE n.number + 1 = o.number AND n.number < p.number) ORDER BY o.number

SELECT number, x FROM numbers(3) AS o ARRAY JOIN [number, 10] AS x WHERE EXISTS (SELECT 1 FROM numbers(12) AS n WHERE n.number = x AND n.number > 1) ORDER BY number, x

WITH big AS (SELECT number AS k, number * 2 AS v FROM numbers(10)) SELECT k FROM big AS b WHERE v > (SELECT avg(v) FROM big AS c WHERE c.k % 2 = b.k % 2) ORDER BY k

SELECT number FROM numbers(40) AS o WHERE number = (SELECT max(n.number) FROM numbers(40) AS n WHERE (n.number % 3 = o.number % 3 AND n.number < 20) OR (n.number % 3 = o.number % 3 AND n.number < 30)) ORDER BY number
