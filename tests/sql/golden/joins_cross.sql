SELECT count() FROM numbers(50) AS a, numbers(50) AS b WHERE (a.number = b.number AND a.number > 40) OR (b.number = a.number AND b.number < 5) OR (a.number = b.number AND a.number = 20)

SELECT count() FROM numbers(50) AS a, numbers(50) AS b WHERE (a.number = b.number AND a.number > 40) OR (a.number = b.number)

SELECT number FROM numbers(10) WHERE (number > 3 AND number % 2 = 0) OR (number > 3 AND number = 7) OR (number > 3 AND NULL) ORDER BY number

SELECT count(), sum(a.number), sum(b.number), sum(c.number) FROM numbers(300) AS a, numbers(200) AS b, numbers(1000) AS c, numbers(100) AS d WHERE a.number = c.number AND b.number = c.number % 200 AND d.number = b.number AND c.number > 20

SELECT a.number, b.number, c.number, d.number FROM numbers(10) AS a CROSS JOIN numbers(20) AS b CROSS JOIN numbers(30) AS c, numbers(40) AS d WHERE a.number = d.number AND c.number = b.number + 1 AND d.number + 20 = c.number ORDER BY ALL

SELECT count() FROM numbers(10) AS a, numbers(20) AS b, numbers(30) AS c WHERE a.number = c.number AND b.number < 3
