SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k

SELECT number % 3 AS k, toString(number % 2) AS s, sum(number), avg(number), min(s), uniq(number) FROM numbers(10) GROUP BY k, s WITH TOTALS ORDER BY k, s

SELECT number % 3 AS k, count() AS c, k + 1 FROM numbers(10) GROUP BY k WITH TOTALS HAVING c > 3 ORDER BY k

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS HAVING sum(number) > 12 ORDER BY k LIMIT 1

SELECT origin, count(), sum(delay), max(dest), quantileExact(delay) FROM events GROUP BY origin WITH TOTALS ORDER BY origin

SELECT note, tail, count() FROM events GROUP BY note, tail WITH TOTALS HAVING count() > 1 ORDER BY ALL

SELECT kind, late, quantileExactWeighted(0.5)(delay, 1), uniqExact(origin), argMax(dest, id) FROM events GROUP BY kind, late WITH TOTALS ORDER BY kind, late

SELECT count() AS c FROM numbers(3) WITH TOTALS

SELECT count(), sum(number) FROM numbers(3) WITH TOTALS HAVING count() > 0

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k DESC LIMIT 1 OFFSET 1

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY ALL WITH TOTALS ORDER BY k

SELECT DISTINCT count() AS c FROM numbers(9) GROUP BY number % 3 WITH TOTALS

SELECT toDate(number) AS d, toDateTime(number, 'UTC') AS t, NULL AS n, number::Nullable(Int8) AS m, count() FROM numbers(2) GROUP BY d, t, n, m WITH TOTALS ORDER BY d

SELECT k, c + 1 FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS) WHERE c > 3

SELECT * FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS) ORDER BY k LIMIT 2

SELECT sum(c) FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS)

SELECT k, c FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS) GROUP BY k, c ORDER BY k

SELECT DISTINCT k FROM (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS) ORDER BY k

SELECT k FROM (SELECT number % 3 AS k FROM numbers(10) GROUP BY k) WHERE k IN (SELECT number FROM numbers(2) GROUP BY number WITH TOTALS) ORDER BY k

WITH t AS (SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS) SELECT k, c FROM t ORDER BY k

SELECT number % 2 AS k, toString(number % 3) AS j, count() AS c FROM numbers(10) GROUP BY k, j WITH ROLLUP ORDER BY ALL

SELECT number % 2 AS k, toString(number % 3) AS j, count() AS c FROM numbers(10) GROUP BY ROLLUP(k, j) ORDER BY ALL

SELECT number % 2 AS k, toString(number % 3) AS j, count() AS c FROM numbers(10) GROUP BY k, j WITH CUBE ORDER BY ALL

SELECT number % 2 AS a, number % 3 AS b, count() FROM numbers(10) GROUP BY CUBE(1, 2) ORDER BY ALL

SELECT number % 2 AS k, number % 3 AS j, count() AS c FROM numbers(10) GROUP BY GROUPING SETS ((k, j), (k), ()) ORDER BY ALL

SELECT number % 2 AS k, number % 3 AS j, count() AS c FROM numbers(10) GROUP BY GROUPING SETS (k, j, (k, j)) HAVING c > 2 ORDER BY ALL

SELECT number % 2 AS k, number % 3 AS j, count() AS c, grouping(k), grouping(j), grouping(k, j), grouping(j, k) FROM numbers(10) GROUP BY ROLLUP(k, j) ORDER BY ALL

SELECT number % 2 AS k, number % 3 AS j, sum(number), grouping(k, j) + 1 AS g FROM numbers(10) GROUP BY CUBE(k, j) ORDER BY g, k, j

SELECT number % 2 AS k, number % 3 AS j, count(), grouping(k, j) FROM numbers(10) GROUP BY GROUPING SETS ((k, j), (k), (j), ()) ORDER BY ALL

SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY ROLLUP(k) ORDER BY grouping(k) DESC, k

SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY ROLLUP(k) HAVING grouping(k) = 0 ORDER BY k

SELECT GROUPING(number) AS g FROM numbers(3) GROUP BY number

SELECT count() FROM numbers(2) GROUP BY number HAVING grouping(number) = 0

SELECT sum(number) FROM numbers(3) GROUP BY GROUPING SETS ((), (number), ()) ORDER BY ALL

SELECT number, count() FROM numbers(2) GROUP BY ROLLUP(number, number) ORDER BY ALL

SELECT number % 2 AS k, number, count() FROM numbers(4) GROUP BY GROUPING SETS ((k, number), (1)) ORDER BY ALL

SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY ROLLUP((k, number)) ORDER BY ALL

SELECT origin, late, count(), sum(delay), max(dest) FROM events GROUP BY origin, late WITH ROLLUP ORDER BY ALL

SELECT origin, note, count(), uniq(dest) FROM events GROUP BY CUBE(origin, note) ORDER BY ALL

SELECT kind, tail, count() FROM events GROUP BY GROUPING SETS ((kind), (tail)) ORDER BY ALL

SELECT toDate(ts) AS d, origin, count() FROM events GROUP BY ROLLUP(d, origin) HAVING count() > 5 ORDER BY ALL

SELECT number % 3 AS k, count() FROM numbers(0) GROUP BY k WITH ROLLUP

SELECT number % 3 AS k, count() FROM numbers(0) GROUP BY CUBE(k)

SELECT number % 3 AS k, count() FROM numbers(0) GROUP BY GROUPING SETS ((k), ())

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH ROLLUP WITH TOTALS ORDER BY ALL

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY CUBE(k) WITH TOTALS ORDER BY ALL

SELECT number % 3 AS k, sum(number) AS c FROM numbers(10) GROUP BY GROUPING SETS ((k)) WITH TOTALS ORDER BY ALL

SELECT sumIf(number, number > 2), uniqExactIf(number, number < 3), k FROM (SELECT number, number % 2 AS k FROM numbers(8)) GROUP BY ROLLUP(k) ORDER BY k, 1

SELECT k, max(c) FROM (SELECT number % 2 AS k, number % 3 AS j, count() AS c FROM numbers(10) GROUP BY ROLLUP(k, j)) GROUP BY k ORDER BY k

SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY ROLLUP(k) ORDER BY count() DESC, k LIMIT 2

SELECT grouping(number) FROM numbers(3)

SELECT grouping(number + 1) FROM numbers(3) GROUP BY ROLLUP(number)

SELECT count() FROM numbers(2) WHERE grouping(number) = 0 GROUP BY number

SELECT sum(grouping(number)) FROM numbers(2) GROUP BY number

SELECT grouping() FROM numbers(2) GROUP BY number

SELECT number FROM numbers(2) GROUP BY GROUPING SETS (number + 1)

SELECT number FROM numbers(2) GROUP BY ROLLUP(number % 2)

SELECT count() FROM numbers(2) GROUP BY GROUPING SETS ()

SELECT number, count() FROM numbers(2) GROUP BY ROLLUP()

SELECT number, count() FROM numbers(2) GROUP BY number WITH NONSENSE

SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS UNION ALL SELECT 1, 2::UInt64 ORDER BY ALL

SELECT k, c FROM (SELECT number % 3 AS k, count() AS c FROM numbers(6) GROUP BY k WITH TOTALS UNION ALL SELECT 5 AS k, 2 WHERE 0) ORDER BY k

SELECT k, c FROM (SELECT 'x' AS k, 2 AS c WHERE 0 UNION ALL SELECT toString(number % 3) AS k, count() AS c FROM numbers(6) GROUP BY k WITH TOTALS) ORDER BY k
