SELECT count(), sum(a.n), sum(b.n), countIf(b.t = '') FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(70000)) AS a INNER JOIN (SELECT number AS n, cityHash64(number + 60000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(70000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n), countIf(b.t = '') FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(70000)) AS a LEFT JOIN (SELECT number AS n, cityHash64(number + 60000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(70000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n), countIf(b.t = '') FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(70000)) AS a RIGHT JOIN (SELECT number AS n, cityHash64(number + 60000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(70000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n), countIf(b.t = '') FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(70000)) AS a FULL JOIN (SELECT number AS n, cityHash64(number + 60000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(70000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a LEFT SEMI JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a LEFT ANTI JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a RIGHT SEMI JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a RIGHT ANTI JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a ANY LEFT JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a ANY RIGHT JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(7000)) AS a ANY INNER JOIN (SELECT number AS n, cityHash64(number + 6000) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a INNER JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a RIGHT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a FULL JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(a.g) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT SEMI JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT ANTI JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a RIGHT ANTI JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g AND a.n + b.n > 2000

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a RIGHT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g AND a.n + b.n > 2000

SELECT count(), sum(a.n), sum(b.n), countIf(isNull(a.n)), countIf(isNull(b.n)) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a FULL JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g AND a.n + b.n > 2000 SETTINGS join_use_nulls = 1

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g AND a.h = b.h

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON concat('t', toString(a.n * 3)) = b.t

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON concat('t', toString(a.n * 30)) = b.t AND a.n * 30 = b.n

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a LEFT JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON CAST(a.n, 'Int128') = CAST(b.n, 'Int128')

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toInt64(a.n) - 100 = toInt64(b.n) - 150

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toFixedString(toString(a.n), 20) = toFixedString(toString(b.n), 20)

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toFixedString(toString(a.n), 5) = toFixedString(toString(b.n), 5)

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toNullable(a.n) = nullIf(b.n, 7)

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON nullIf(a.n, 9) <=> nullIf(b.n, 7)

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.n / 2 = b.n / 4

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toDate(a.n) = toDate(b.n * 2)

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON toUInt8(a.n % 200) = toInt16(b.n)

SELECT count(), sum(a.n * b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(200)) AS a, (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(300)) AS b

SELECT count(), sum(a.n * b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(200)) AS a, (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(3000)) AS b WHERE a.n = b.g AND b.n % 2 = 0 AND a.n > 10

SELECT count(), sum(a.n), sum(b.n), sum(c.number) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(300)) AS a JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(5000)) AS b ON a.g = b.g LEFT JOIN numbers(100) AS c ON c.number = a.n

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(3000)) AS a ASOF JOIN (SELECT number AS n, cityHash64(number + 0) AS h, number % 777 AS g, concat('t', toString(number)) AS t FROM numbers(7000)) AS b ON a.g = b.g AND a.n * 20 >= b.n

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(3000)) AS a ASOF LEFT JOIN (SELECT cityHash64(number) % 60000 AS n, number % 500 AS g FROM numbers(7000)) AS b ON a.g = b.g AND a.n * 20 < b.n

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(3000)) AS a LEFT JOIN (SELECT number AS n, number % 500 AS g FROM numbers(0)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(0)) AS a RIGHT JOIN (SELECT number AS n, number % 500 AS g FROM numbers(2000)) AS b ON a.g = b.g

SELECT count(), sum(a.n), sum(b.n) FROM (SELECT number AS n, cityHash64(number) AS h, number % 1000 AS g FROM numbers(0)) AS a FULL JOIN (SELECT number AS n, number % 500 AS g FROM numbers(0)) AS b ON a.g = b.g
