SELECT count(DISTINCT number) FROM numbers(100000)

SELECT count(DISTINCT number % 1000), uniqExact(number % 7), uniqExact(intDiv(number, 3)) FROM numbers(50000)

SELECT uniqExact(if(number = 77, 18446744073709551615, number)) FROM numbers(20000)

SELECT uniqExact(number * 1000003), uniqExact(cityHash64(number)), uniqExact(cityHash64(number % 5000)) FROM numbers(30000)

SELECT uniqExact(toInt32(number) - 5000), uniqExact(toInt8(number % 256)), uniqExact(toInt64(number) * -1) FROM numbers(20000)

SELECT uniqExact(toDate('2026-01-01') + number % 400), uniqExact(toDateTime('2026-01-01 00:00:00') + number), uniqExact(toDateTime64('2026-01-01 00:00:00', 3) + number) FROM numbers(10000)

SELECT uniqExact(20000 - number) FROM numbers(20001)

SELECT uniqExact(multiIf(number % 10000 = 0, number * 4000000000, number % 2 = 0, number, toUInt64(40000 - number))) FROM numbers(40000)

SELECT number % 5 AS k, count(DISTINCT intDiv(number, 10)), count(DISTINCT number % 3) FROM numbers(30000) GROUP BY k ORDER BY k

SELECT uniqExact(toNullable(number)), uniqExact(nullIf(number % 10, 3)), uniqExact(CAST(NULL AS Nullable(UInt8))) FROM numbers(1000)

SELECT uniqExact(toLowCardinality(toUInt32(number % 50))), uniqExact(number = 3), uniqExact(toUInt16(number)) FROM numbers(100)

SELECT uniqExact(toDecimal32(number / 10, 2)), uniqExact(toIPv4('10.0.0.1')), uniqExact(CAST(number % 2 + 1 AS Enum8('a' = 1, 'b' = 2))) FROM numbers(100)

SELECT uniqExact(number), toTypeName(uniqExact(number)) FROM numbers(0)

SELECT uniqExact(7), uniqExactIf(number, number % 2 = 0), uniqExact(number, number % 3) FROM numbers(1000)

SELECT sum(u) FROM (SELECT number % 30000 AS k, uniqExact(intDiv(number, 30000)) AS u FROM numbers(100000) GROUP BY k)

SELECT count(), sum(n), max(n) FROM (SELECT number % 70000 AS k, toString(number % 3) AS s, count() AS n FROM numbers(200000) GROUP BY k, s)

SELECT count(), sum(n), min(k), max(k) FROM (SELECT toString(number % 60000) AS k, count() AS n FROM numbers(150000) GROUP BY k)

SELECT count(), sum(n), sum(k) FROM (SELECT nullIf(number % 60000, 5) AS k, count() AS n FROM numbers(150000) GROUP BY k)

SELECT k, n FROM (SELECT number * 1000003 % 100000 AS k, count() AS n, max(number) AS m FROM numbers(150000) GROUP BY k) ORDER BY m DESC LIMIT 3
