SELECT count() FROM events WHERE origin = 'ATL' OR origin = 'JFK' OR origin = 'LAX'

SELECT count() FROM events WHERE 'ATL' = origin OR origin = 'nowhere' OR origin = ''

SELECT count() FROM numbers(100) WHERE number = 1 OR number = -1 OR number = 300 OR number = 99

SELECT number FROM numbers(100) WHERE number = 7 OR 3 = number OR number = 7 OR number = 18446744073709551615 ORDER BY number

SELECT count() FROM numbers(100) WHERE number = 1 OR number = 2 OR number + 1 = 5

SELECT count() FROM numbers(100) WHERE number % 10 = 1 OR number % 10 = 2 OR number % 10 = 3

SELECT count() FROM numbers(100) WHERE toInt8(number) = 1 OR toInt8(number) = 255 OR toInt8(number) = -1

SELECT count() FROM numbers(10) WHERE number = 1.5 OR number = 2.0 OR number = 3

SELECT count() FROM numbers(10) WHERE number = 1 OR number = NULL OR number = 3

SELECT count() FROM (SELECT nullIf(number, 3) AS n FROM numbers(10)) WHERE n = 1 OR n = 3 OR n = 5

SELECT count() FROM numbers(10) WHERE NOT (number = 1 OR number = 2 OR number = 3)

SELECT count() FROM numbers(10) WHERE (number = 1 OR number = 2 OR number = 3) AND (number = 3 OR number = 4 OR number = 5)

SELECT (number = 1 OR number = 2 OR number = 3) AS f, toTypeName(f), count() FROM numbers(10) GROUP BY f ORDER BY f

SELECT count() FROM numbers(10) WHERE toString(number) = '1' OR toString(number) = '22' OR toString(number) = '9'

SELECT count() FROM numbers(10) WHERE number IN (1, 2) OR number = 3 OR number = 4
