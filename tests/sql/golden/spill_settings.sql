SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_bytes_ratio_before_external_group_by = 0.1

SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_bytes_ratio_before_external_group_by = 0, max_bytes_before_external_group_by = 1000

SELECT number FROM numbers(5) ORDER BY number DESC SETTINGS max_bytes_ratio_before_external_sort = 0.25

SELECT number FROM numbers(5) ORDER BY number DESC SETTINGS max_bytes_ratio_before_external_sort = 0, max_bytes_before_external_sort = 1000

SELECT count(), min(k), max(k) FROM (SELECT DISTINCT cityHash64(number) % 3000 AS k FROM numbers(20000))

SELECT count(), sum(number) FROM (SELECT number FROM numbers(9000) LIMIT 2 BY number % 700)

SELECT number FROM numbers(9000) ORDER BY number DESC LIMIT 1, 1 BY number % 70 LIMIT 5

SELECT DISTINCT ON (k) k, n FROM (SELECT number % 300 AS k, number AS n FROM numbers(3000)) ORDER BY n DESC LIMIT 5

SELECT count(), sum(k) FROM (SELECT number % 500 AS k FROM numbers(3000) INTERSECT SELECT number * 2 AS k FROM numbers(3000))

SELECT count(), sum(k) FROM (SELECT number % 500 AS k FROM numbers(3000) EXCEPT SELECT number * 2 AS k FROM numbers(3000))

SELECT count(), uniqExact(s) FROM (SELECT DISTINCT toString(number % 999) AS s, nullIf(number % 7, 3) AS n FROM numbers(20000))

SELECT g, groupArray(x) FROM (SELECT number % 2 AS g, number AS x FROM numbers(2000) ORDER BY x LIMIT 3 BY number % 40 < 3, g) GROUP BY g ORDER BY g

SELECT a.k, count(), sum(b.n), max(length(b.s)) FROM (SELECT number % 3 AS k FROM numbers(6)) AS a LEFT JOIN (SELECT 1 AS k, number AS n, toString(number) AS s FROM numbers(5000)) AS b ON a.k = b.k GROUP BY a.k ORDER BY a.k

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT 1 AS k, number AS n FROM numbers(300)) AS a FULL JOIN (SELECT 1 AS k, number AS n FROM numbers(400)) AS b ON a.k = b.k AND a.n + 5 = b.n

SELECT count(), sum(length(g)), max(length(g)) FROM (SELECT number % 1500 AS k, groupArray(toString(number)) AS g FROM numbers(30000) GROUP BY k)
