-- quantiles of one argument gather their values once, whatever their levels; others do not
SELECT quantile(0.5)(number), quantile(0.95)(number), quantile(0.99)(number) FROM numbers(5000)

SELECT number % 3 AS k, quantile(0.1)(number), quantile(0.9)(number), quantiles(0.25, 0.75)(number) FROM numbers(1000) GROUP BY k ORDER BY k

SELECT quantileExact(0.5)(number), quantileExactLow(0.5)(number), quantileExactHigh(0.5)(number), quantileExact(0.9)(number) FROM numbers(100)

SELECT quantile(0.5)(number), quantileExact(0.5)(number), quantile(0.9)(number), quantileExactInclusive(0.9)(number) FROM numbers(11)

SELECT quantile(0.5)(x), quantile(0.5)(y), quantile(0.9)(x), quantile(0.9)(y) FROM (SELECT number AS x, 100 - number AS y FROM numbers(50))

SELECT quantile(0.5)(x), quantile(0.9)(x) FROM (SELECT if(number % 2 = 0, NULL, number) AS x FROM numbers(50))

SELECT quantile(0.5)(x), quantile(0.9)(x) FROM (SELECT NULL::Nullable(Float64) AS x FROM numbers(5))

SELECT quantile(0.5)(number), quantile(0.9)(number) FROM numbers(0)

SELECT quantile(0.5)(x), quantile(0)(x), quantile(1)(x) FROM (SELECT if(number = 3, nan, number / 7) AS x FROM numbers(20))

SELECT quantile(0.25)(x), quantile(0.75)(x) FROM (SELECT arrayJoin([-0.0, 0.0, -1.5, inf, -inf, 2]) AS x)

SELECT quantileIf(0.5)(number, number > 10), quantileIf(0.9)(number, number > 10), quantile(0.5)(number) FROM numbers(40)

SELECT quantile(0.5)(toUInt8(number)), quantile(0.5)(number), quantile(0.9)(toUInt8(number)) FROM numbers(300)

SELECT quantile(0.5)(toDateTime('2024-01-01 00:00:00', 'UTC') + number), quantile(0.9)(toDateTime('2024-01-01 00:00:00', 'UTC') + number) FROM numbers(101)

SELECT quantile(0.5)(toInt16(number) - 50), quantile(0.1)(toInt16(number) - 50), median(toInt16(number) - 50) FROM numbers(101)

SELECT quantile(0.5)(7), quantile(0.9)(7) FROM numbers(10)

SELECT number % 2 AS k, quantile(0.5)(number), quantile(0.9)(number), count() FROM numbers(100) GROUP BY k WITH TOTALS ORDER BY k

SELECT number % 2 AS k, quantile(0.5)(number), quantile(0.9)(number) FROM numbers(100) GROUP BY ROLLUP(k) ORDER BY k

SELECT quantileMerge(0.9)(s), quantileMerge(0.5)(s) FROM (SELECT quantileState(0.5)(number) AS s FROM numbers(99))

SELECT quantile(0.5)(number) AS a, quantile(0.9)(number) AS b FROM numbers(100) HAVING a > 1000

SELECT quantile(0.5)(x), quantile(2)(x) FROM (SELECT 1 AS x)

SELECT quantile(0.5)('x'), quantile(0.9)('x')

SELECT round(quantileMerge(0.5)(s), -4) FROM (SELECT quantileMergeState(0.5)(s) AS s FROM (SELECT number % 3 AS k, quantileState(0.5)(number) AS s FROM numbers(15000) GROUP BY k))

SELECT round(quantile(0.5)(x), -4), round(quantile(0.9)(x), -4) FROM (SELECT number AS x FROM numbers(5000) UNION ALL SELECT number + 5000 FROM numbers(5000) UNION ALL SELECT number + 10000 FROM numbers(5000))
