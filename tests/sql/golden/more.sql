SELECT id FROM events ORDER BY id LIMIT 0

SELECT id FROM events ORDER BY id DESC LIMIT 100 OFFSET 38

SELECT count() FROM events GROUP BY tuple()

SELECT count() FROM events WHERE 0 GROUP BY tuple()

SELECT count() FROM events WHERE 0 GROUP BY origin

SELECT id, id FROM events ORDER BY id LIMIT 1

SELECT t.a FROM (SELECT 1 AS a) AS t WHERE t.a = 1

SELECT e.origin, count() FROM events AS e WHERE e.delay > 0 GROUP BY e.origin ORDER BY e.origin

SELECT origin, count() FROM events AS e GROUP BY e.origin ORDER BY origin

SELECT toStartOfHour(ts), count() FROM events GROUP BY toStartOfHour(ts) ORDER BY toStartOfHour(ts) LIMIT 2

SELECT upper(o) FROM (SELECT lower(origin) AS o FROM events GROUP BY o) ORDER BY 1

SELECT if(count() > 3, 'many', 'few') AS c, origin FROM events GROUP BY origin ORDER BY origin

SELECT sum(delay) / count(), origin FROM events GROUP BY origin ORDER BY sum(delay) / count() DESC, origin

SELECT origin, late FROM events GROUP BY origin, late HAVING count() > 3 AND late ORDER BY origin

SELECT origin AS dest, dest AS origin FROM events ORDER BY id LIMIT 1

SELECT delay AS d, d + 1 AS e FROM events WHERE e > 100 ORDER BY e, id

SELECT max(delay) AS delay, min(delay) FROM events

SELECT origin, max(delay) AS m FROM events WHERE origin IN (SELECT origin FROM events WHERE late) GROUP BY origin ORDER BY m DESC, origin LIMIT 2

SELECT count(*) AS c FROM (SELECT * FROM events WHERE id <= 10)

SELECT * EXCEPT (ts, ts64, uid, ip, day, price, note, tail, cost) FROM events ORDER BY id LIMIT 2

SELECT CASE WHEN delay > 100 THEN 'a' WHEN delay > 10 THEN 'b' END AS c, count() FROM events GROUP BY c ORDER BY c

SELECT id FROM events WHERE delay IN (-15, -1) AND origin NOT IN ('ATL') ORDER BY id

SELECT id FROM events WHERE note IN ('hello', 'World') ORDER BY id

SELECT id FROM events WHERE note NOT IN ('hello', 'World') ORDER BY id

SELECT id FROM events WHERE NOT (note IN ('hello')) ORDER BY id

SELECT id FROM events WHERE tail IN (SELECT tail FROM events WHERE tail IS NOT NULL) ORDER BY id LIMIT 4

SELECT id FROM events WHERE ts IN ('2026-01-30 22:15:00', '2026-01-30 23:52:01') ORDER BY id

SELECT id FROM events WHERE price IN (0.5, -2.25) ORDER BY id LIMIT 5

SELECT id FROM events WHERE cost IN (12.34) ORDER BY id LIMIT 5

SELECT 1 AS a, 2 AS b WHERE a < b

SELECT 'x' AS s, s || s AS ss, length(ss)

SELECT number AS x, x % 2 ? 'odd' : 'even' AS p FROM numbers(3)

SELECT sum(x) FROM (SELECT number AS x FROM numbers(5) UNION ALL SELECT 100)

SELECT x, count() FROM (SELECT 1 AS x UNION ALL SELECT 1 UNION ALL SELECT 2) GROUP BY x ORDER BY x

WITH t AS (SELECT id, delay FROM events WHERE delay > 100) SELECT count(), sum(delay) FROM t

WITH t AS (SELECT origin, count() AS c FROM events GROUP BY origin), u AS (SELECT max(c) AS m FROM t) SELECT origin FROM t WHERE c = (SELECT m FROM u) ORDER BY origin

SELECT min(delay), max(delay), count() FROM events WHERE id IN (SELECT id FROM events ORDER BY delay DESC LIMIT 3)

SELECT intDiv(id, 10) AS bucket, min(id), max(id) FROM events GROUP BY bucket ORDER BY bucket

SELECT day, origin, count() FROM events GROUP BY day, origin ORDER BY day, count() DESC, origin LIMIT 8

SELECT day, origin, c FROM (SELECT day, origin, count() AS c FROM events GROUP BY day, origin) ORDER BY day, c DESC, origin LIMIT 1 BY day

SELECT 1 + NULL, NULL || 'a', upper(NULL), toDate(NULL), NULL IN (1, 2), if(NULL, 1, 2), NULL BETWEEN 1 AND 2

SELECT toTypeName(1 + NULL), toTypeName(upper(NULL)), toTypeName(if(NULL, 1, 2)), toTypeName(coalesce(NULL, 1)), toTypeName(NULL = 1)

SELECT toTypeName(CASE WHEN 1 THEN 1 ELSE NULL END), toTypeName(CASE WHEN 1 THEN 'a' END), toTypeName(nullIf(1, 2))

SELECT toTypeName(origin || 'x'), toTypeName(upper(origin)), toTypeName(length(origin)), toTypeName(origin = 'ATL'), toTypeName(if(late, origin, 'x')) FROM events LIMIT 1

SELECT toTypeName(note || 'x'), toTypeName(length(note)), toTypeName(note = 'a'), toTypeName(tail + 1), toTypeName(tail / 2), toTypeName(-tail), toTypeName(tail IN (1)) FROM events LIMIT 1

SELECT toTypeName(min(tail)), toTypeName(sum(tail)), toTypeName(avg(tail)), toTypeName(count(tail)), toTypeName(any(note)), toTypeName(argMax(note, id)), toTypeName(uniq(note)), toTypeName(sumIf(tail, late)) FROM events

SELECT toTypeName(late), toTypeName(NOT late), toTypeName(late AND 1), toTypeName(late = 1), toTypeName(sum(late)), toTypeName(max(late)) FROM events GROUP BY late LIMIT 1

SELECT toTypeName(day - day), toTypeName(toStartOfMonth(ts)), toTypeName(toStartOfHour(ts)), toTypeName(toStartOfInterval(ts, INTERVAL 1 DAY)), toTypeName(toStartOfInterval(ts, INTERVAL 1 MONTH)), toTypeName(toStartOfHour(ts64)), toTypeName(toYear(day)), toTypeName(dateDiff('day', day, ts)) FROM events LIMIT 1

SELECT sum(day) FROM events

SELECT delay LIKE '1%' FROM events

SELECT toDate('2026-01-30') = '2026-01-30', toDate('2026-01-30') < toDateTime('2026-01-30 00:00:01', 'UTC')

SELECT id FROM events WHERE id = 3.0 OR id = 4.5 ORDER BY id

SELECT id FROM events WHERE delay > 2147483648 OR delay < -3000000000

SELECT 18446744073709551615 + 1, 9223372036854775807 + 1, -9223372036854775808 - 1

SELECT 0.1::Decimal(9, 2) + 0.25::Decimal(9, 2), 1.239::Decimal(9, 2), '1.239'::Decimal(9, 2)

SELECT sum(a.delay) FROM events a

SELECT `events`.`id` FROM `golden`.`events` ORDER BY id LIMIT 1

SELECT golden.events.id FROM golden.events ORDER BY golden.events.id LIMIT 1

SELECT COUNT(*), Sum(delay), AVG(delay), MIN(delay), MAX(delay) FROM events

SELECT id FROM events GROUP BY id ORDER BY max(delay) DESC, id LIMIT 3

SELECT any(origin) AS o FROM events GROUP BY id HAVING o = 'JFK' ORDER BY id LIMIT 2

SELECT median(delay), quantileExact(0.9)(delay), quantileIf(0.5)(delay, late) FROM events

SELECT uniqIf(origin, late), uniqExactIf(dest, delay > 0), argMaxIf(id, delay, late) FROM events

SELECT -1 AS x ORDER BY -x

SELECT toDate('2027-01-30') - toInt64(-9223372036854775808) > toDate('1970-01-01')

SELECT 1 < SELECT (SELECT 1)

SELECT toTypeName(toLowCardinality('a') IN ('a', 'b')), toTypeName(toLowCardinality(toNullable('a')) NOT IN ('a')), toTypeName(NOT (toLowCardinality('a') IN ('a'))), toTypeName('a' IN ('a'))

SELECT date_trunc('month', toDateTime64('1950-01-21 10:07:30.555', 3, 'UTC')) AS m, date_trunc('day', toDateTime64('1950-01-01 10:07:30.555', 3, 'UTC')) AS d, date_trunc('hour', toDateTime64('1950-01-01 10:07:30.555', 3, 'UTC')) AS h, date_trunc('week', toDate32('1950-01-21')) AS w, date_trunc('day', toDate32('1950-01-21')) AS e, date_trunc('year', toDateTime('2020-05-05 00:00:00', 'UTC')) AS y, date_trunc('minute', toDateTime('2020-05-05 00:01:02', 'UTC')) AS n

SELECT date_trunc('hour', toDate('2020-01-01'))

SELECT toStartOfInterval(toDate('2020-01-01'), INTERVAL 15 SECOND)

SELECT toStartOfInterval(toDate('2020-01-05'), INTERVAL 2 DAY)

SELECT toHour(toDate('2020-01-01'))

SELECT toMinute(toDate32('2020-01-01'))

SELECT x, count() FROM (SELECT multiIf(number % 4 = 0, 0., number % 4 = 1, -0., number % 4 = 2, nan, -nan) AS x FROM numbers(8)) GROUP BY x ORDER BY toString(x)

SELECT uniqExact(x), uniq(x), count(DISTINCT toFloat32(x)) FROM (SELECT multiIf(number % 4 = 0, 0., number % 4 = 1, -0., number % 4 = 2, nan, -nan) AS x FROM numbers(8))

SELECT toTypeName(if(toLowCardinality('a') = 'b', -5, 256)), toTypeName(multiIf(toLowCardinality('a') = 'b', 'x', 'y')), toTypeName(CASE toLowCardinality('a') WHEN 'a' THEN 'x' ELSE 'y' END), toTypeName(if(materialize(1), toLowCardinality('a'), toLowCardinality('b')))

SELECT cityHash64(toDateTime64('2001-02-03 04:05:06.789', 3, 'UTC')), ascii('ß'), ascii(unhex('9F41')), ascii('')

SELECT toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 60 MINUTE), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 7 MINUTE), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 3 HOUR), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 1440 MINUTE), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'UTC'), INTERVAL 7 SECOND)

SELECT toTypeName((toLowCardinality('a') = 'b') AND (toLowCardinality('a') = 'c')), toTypeName(1 OR (toLowCardinality('a') = 'b')), toTypeName(NOT (toLowCardinality('a') = 'b')), toTypeName(true OR toNullable(1))

SELECT toDate32('2020-01-01') - INTERVAL 40 HOUR AS a, toTypeName(a), addMinutes(toDate32('2020-01-01'), 1) AS b, toTypeName(b), toDate('2020-01-01') + INTERVAL 1 SECOND AS c, toTypeName(c)

SELECT toTypeName(toNullable(true) OR 1), toTypeName(1 AND toNullable(true)), toTypeName(true AND toNullable(true)), toTypeName(NOT toNullable(true))
