SELECT uniq(number) FROM numbers(65536)

SELECT uniq(number), uniq(intDiv(number, 3)), uniq(number % 70000) FROM numbers(200000)

SELECT k, uniq(number), uniq(toString(number % 20000) || 'x') FROM (SELECT number, number % 5 AS k FROM numbers(400000)) GROUP BY k ORDER BY k

SELECT uniq(number * 0), uniq(number % 2), uniq(number % 8), uniq(number % 9), uniq(number % 33), uniq(number % 4097) FROM numbers(100000)

SELECT number % 1000 AS k, uniq(intDiv(number, 1000) % 9) AS u FROM numbers(50000) GROUP BY k ORDER BY u, k LIMIT 5

SELECT uniqMerge(s) FROM (SELECT uniqState(number) AS s FROM numbers(300000) GROUP BY number % 7)

SELECT uniqMerge(s) FROM (SELECT uniqState(number) AS s FROM numbers(150000) UNION ALL SELECT uniqState(number) FROM numbers(10) UNION ALL SELECT uniqState(number) FROM numbers(100000, 1000000))

SELECT k, uniqIf(number, number > 1000), uniqOrNull(number) FROM (SELECT number, intDiv(number, 100000) AS k FROM numbers(300000)) GROUP BY k ORDER BY k

SELECT uniq(toInt32(number) - 5), uniq(toFloat64(number % 1000) / 7), uniq(toDate(number % 5000)), uniq(CAST(toString(number % 300) AS LowCardinality(String))) FROM numbers(90000)

SELECT uniq(toNullable(number)), uniq(nullIf(number % 10, 3)), uniq(CAST(NULL AS Nullable(UInt8))) FROM numbers(1000)

SELECT uniq() FROM numbers(3)

SELECT uniq(number, number + 1), uniq(number % 3, number % 5, 'a') FROM numbers(70000)

SELECT uniq(number * 7919, number), uniq(number, 'a', toString(number) || 'b'), uniq(toString(number) || 'a', 'b') FROM numbers(150000)

SELECT hex(uniqState(materialize(1), materialize(2))), hex(uniqState(materialize('a'), materialize('b'))), hex(uniqHLL12State(materialize(1), materialize(2)))

SELECT uniqHLL12(number, number + 1), uniqCombined(number, 'a'), uniqCombined64(toString(number) || 'b', number), uniqUpTo(3)(number % 2, number % 3) FROM numbers(40000)

SELECT uniq(toDate(number % 60000), toFloat64(number)), uniq(toNullable(number), toInt8(number % 100)), uniq(toDateTime64(number, 3), toFixedString('ab', 3)) FROM numbers(150000)

SELECT number % 3 AS k, uniq(number, 'a'), uniq(intDiv(number, 3) % 65537) FROM numbers(300000) GROUP BY k ORDER BY k
