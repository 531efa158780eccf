SELECT count(), sum(k), sum(c), max(c), sum(s) FROM (SELECT number * 7 % 150000 AS k, count() AS c, sum(number) AS s FROM numbers(400000) GROUP BY k)

SELECT k, c FROM (SELECT toInt32(number * 11 % 120000) - 60000 AS k, count() AS c FROM numbers(300000) GROUP BY k) WHERE abs(k) < 3 OR k < -59998 OR k > 59997 ORDER BY k

SELECT count(), min(k), max(k), sum(k) FROM (SELECT toInt64(number * 13 % 110000) - 50000 AS k, any(number % 1) FROM numbers(300000) GROUP BY k)

SELECT count(), min(k), max(k) FROM (SELECT 18446744073709551615 - number * 17 % 100000 AS k, count() FROM numbers(300000) GROUP BY k)

SELECT count(), sum(isNull(k)), sum(k), sum(c) FROM (SELECT if(number % 1000 = 3, NULL, toUInt32(number * 7 % 100000)) AS k, count() AS c FROM numbers(300000) GROUP BY k)

SELECT count(), sum(a), sum(b), sum(c) FROM (SELECT toUInt16(number * 3 % 60000) AS a, toUInt8(number % 2) AS b, count() AS c FROM numbers(300000) GROUP BY a, b)

SELECT count(), sum(c), sum(cityHash64(k)) FROM (SELECT if(number < 200000, number * 7 % 90000, cityHash64(number % 50000)) AS k, count() AS c FROM numbers(350000) GROUP BY k)

SELECT count(), sum(c), sum(cityHash64(k)) FROM (SELECT if(number < 100000, cityHash64(number % 50000), number * 7 % 90000) AS k, count() AS c FROM numbers(350000) GROUP BY k)

SELECT count(), sum(c), sum(k) FROM (SELECT number * 100 AS k, count() AS c FROM numbers(150000) GROUP BY k)

SELECT count(), sum(c), sum(k) FROM (SELECT bitAnd(number, 65535) * 64 AS k, count() AS c FROM numbers(300000) GROUP BY k)

SELECT k, length(g), arraySum(g) FROM (SELECT number * 7 % 100000 AS k, groupArray(number) AS g FROM numbers(200000) GROUP BY k) ORDER BY k LIMIT 5 OFFSET 70000

SELECT number * 7 % 100000 AS k, sum(number) AS s FROM numbers(300000) GROUP BY k HAVING count() > 2 AND s % 1000 = 1 ORDER BY k LIMIT 5

SELECT toDate('2000-01-01') + number % 30000 AS d, uniq(number) AS u FROM numbers(200000) GROUP BY d ORDER BY u DESC, d LIMIT 5

SELECT count(), sum(c) FROM (SELECT toFloat32(number % 80000) AS k, count() AS c FROM numbers(300000) GROUP BY k)

SELECT number * 7 % 60000 AS k, count() AS c FROM numbers(200000) GROUP BY k WITH TOTALS ORDER BY k LIMIT 2
