SELECT number FROM numbers(10) LIMIT -3

SELECT number FROM numbers(10) LIMIT -3 OFFSET 2

SELECT number FROM numbers(10) LIMIT 3 OFFSET -2

SELECT number FROM numbers(10) ORDER BY number OFFSET -2

SELECT number FROM numbers(10) LIMIT -3 OFFSET -2

SELECT number FROM numbers(10) ORDER BY number DESC LIMIT -3

SELECT number FROM numbers(10) LIMIT -20

SELECT number FROM numbers(10) LIMIT -0

SELECT number FROM numbers(10) LIMIT -3, 2

SELECT number FROM numbers(10) LIMIT -3 OFFSET 9

SELECT number FROM numbers(10) LIMIT 3 OFFSET -20

SELECT number FROM numbers(0) LIMIT -3

SELECT number FROM numbers(20000) LIMIT -2

SELECT count(), sum(number) FROM (SELECT number FROM numbers(20000) OFFSET -10000)

SELECT count(), min(number) FROM (SELECT number FROM numbers(20000) LIMIT -9000 OFFSET -100)

SELECT id, origin FROM events ORDER BY origin, id LIMIT -5

SELECT id FROM events WHERE delay > 0 ORDER BY id LIMIT -4 OFFSET -1

SELECT origin, count() AS c FROM events GROUP BY origin ORDER BY c DESC, origin LIMIT -2

SELECT DISTINCT origin FROM events ORDER BY origin LIMIT -2

SELECT id FROM events ORDER BY id LIMIT -9223372036854775808 OFFSET 8

SELECT number, row_number() OVER (ORDER BY number) AS n FROM numbers(6) ORDER BY number LIMIT -2

SELECT number FROM numbers(3) UNION ALL SELECT number FROM numbers(5) LIMIT -1

SELECT number FROM numbers(10) LIMIT -1.5

SELECT number FROM numbers(10) LIMIT -'x'

SELECT number FROM numbers(10) ORDER BY number WITH FILL STEP 2 LIMIT -2
