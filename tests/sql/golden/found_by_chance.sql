SELECT number, sumIf(number, number % 2 = 0) OVER (ORDER BY number RANGE BETWEEN 5 PRECEDING AND 2 PRECEDING) FROM numbers(6)

SELECT number, maxOrNull(number) OVER (PARTITION BY number % 2 ORDER BY number ROWS BETWEEN 3 FOLLOWING AND 4 FOLLOWING) FROM numbers(12) ORDER BY number
