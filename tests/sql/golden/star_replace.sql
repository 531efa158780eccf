SELECT * REPLACE (1 AS number) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (number + 1 AS number) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (number % 2 AS number) FROM numbers(5) WHERE number > 0 ORDER BY number

SELECT number + 10, * REPLACE (number % 2 AS number) FROM numbers(5)

SELECT * REPLACE (number % 2 AS number), count() FROM numbers(5) GROUP BY number ORDER BY ALL

SELECT * REPLACE (number % 2 AS number) FROM numbers(5) GROUP BY number ORDER BY number

SELECT * REPLACE (toString(number) AS number) FROM numbers(5) HAVING number = 1

SELECT * REPLACE (toString(number) AS number) FROM numbers(5) WHERE number = '1'

SELECT * REPLACE (sum(number) AS number) FROM numbers(5)

SELECT * REPLACE (number + 1 AS number) FROM numbers(3) ORDER BY number DESC LIMIT 1 BY number

SELECT t.* REPLACE (number + 1 AS number) FROM numbers(3) AS t WHERE t.number = 1

SELECT COLUMNS('numb') REPLACE (number + 1 AS number) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (b AS a) FROM (SELECT 1 AS a, 2 AS b) WHERE a = 2

SELECT * REPLACE (b AS a, a AS b) FROM (SELECT 1 AS a, 2 AS b)

SELECT * REPLACE (b AS a, a + 1 AS b) FROM (SELECT 1 AS a, 2 AS b) WHERE b = 2

SELECT * REPLACE (x AS a), 5 AS x FROM (SELECT 1 AS a, 2 AS b)

SELECT * REPLACE (number+1 AS number), * FROM numbers(2)

SELECT * REPLACE (number+1 AS number) APPLY (toString) FROM numbers(3) WHERE number = 1

SELECT * APPLY (toString) REPLACE (number+1 AS number)  FROM numbers(3) WHERE number = 1

SELECT COLUMNS(number) REPLACE (number+1 AS number)  FROM numbers(3) WHERE number = 1

SELECT * REPLACE (number+1 AS other) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (number+1 AS other) FROM numbers(3) WHERE other = 1

SELECT * REPLACE (count() AS number) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (count() AS number) FROM numbers(3) HAVING number = 3

SELECT * REPLACE (number*10 AS number), (SELECT 5) AS x FROM numbers(3) WHERE number IN (SELECT number FROM numbers(11))

SELECT * REPLACE (number*10 AS number) FROM numbers(3) WHERE number IN (0, 10)

SELECT t.* REPLACE (t.id + 1 AS id), u.id FROM (SELECT 1 AS id) AS t JOIN (SELECT 1 AS id) AS u ON t.id = u.id WHERE id = 2

SELECT * REPLACE (10 AS id) FROM (SELECT 1 AS id, 2 AS a) AS t JOIN (SELECT 1 AS id, 3 AS b) AS u ON t.id = u.id

SELECT * REPLACE (10 AS id) FROM (SELECT 1 AS id, 2 AS a) AS t JOIN (SELECT 1 AS id, 3 AS b) AS u USING id WHERE id = 10

SELECT * REPLACE (sum(number) OVER () AS number) FROM numbers(3) WHERE number = 1

SELECT * REPLACE (number + 1 AS number) FROM numbers(5) QUALIFY row_number() OVER (ORDER BY number) = 1

SELECT * REPLACE (-number AS number) FROM numbers(3) ORDER BY number

SELECT * REPLACE (upper(s) AS s) FROM (SELECT 'a' AS s) WHERE s = 'A'

SELECT * REPLACE (upper(s) AS s) FROM (SELECT 'a' AS s) WHERE s = 'a'
