SELECT count(DISTINCT origin, dest), count(DISTINCT origin), uniq(origin, dest), uniqExact(origin, dest) FROM events

SELECT avg(ts) FROM events

SELECT avg(day) FROM events

SELECT toTypeName(avg(delay)), toTypeName(sum(delay)), toTypeName(sum(price)), toTypeName(sum(cost)), toTypeName(avg(cost)), toTypeName(min(kind)), toTypeName(any(note)), toTypeName(max(tail)), toTypeName(sum(late)), toTypeName(count()) FROM events

SELECT note <=> NULL, tail <=> 77, NULL <=> NULL, 1 <=> NULL FROM events ORDER BY id LIMIT 4

SELECT note IS NOT DISTINCT FROM NULL, tail IS DISTINCT FROM 77 FROM events ORDER BY id LIMIT 4

SELECT id FROM events ORDER BY uid LIMIT 10

SELECT min(uid), max(uid), argMin(id, uid), argMax(id, uid) FROM events

SELECT count() FROM events WHERE uid < toUUID('81e74ef5-e8e2-5d94-0ed9-04759531985d')

SELECT toUUID('00000000-0000-0001-0000-000000000000') < toUUID('00000000-0000-0000-0000-000000000001')

SELECT dateDiff('day', toDate('2024-01-01'), toDate('2024-03-01')), dateDiff('week', toDate('2024-01-01'), toDate('2024-03-01')), dateDiff('hour', toDateTime('2024-03-31 00:00:00','Europe/Berlin'), toDateTime('2024-03-31 05:00:00','Europe/Berlin'))

SELECT toStartOfInterval(toDateTime('2024-03-31 05:12:00','Europe/Berlin'), INTERVAL 4 HOUR), toStartOfInterval(toDateTime('2024-03-31 05:12:00','Europe/Berlin'), INTERVAL 1 WEEK), toStartOfInterval(toDateTime('2024-03-31 05:12:00','Europe/Berlin'), INTERVAL 2 MONTH), toStartOfInterval(toDateTime('2024-03-31 05:12:00','Europe/Berlin'), INTERVAL 7 DAY)

SELECT toStartOfDay(toDateTime('2024-10-27 23:30:00','Europe/Berlin')) + INTERVAL 1 DAY, toDateTime('2024-10-27 01:30:00','Europe/Berlin') + INTERVAL 2 HOUR, toDateTime('2024-03-30 02:30:00','Europe/Berlin') + INTERVAL 1 DAY, toDate('2024-01-31') + INTERVAL 1 MONTH, toDate('2024-02-29') - INTERVAL 1 YEAR

SELECT addDays(toDate('2024-02-28'), 2), addMonths(toDateTime('2024-01-31 12:00:00','UTC'), 1), subtractYears(toDate('2024-02-29'), 1), addWeeks(toDate('2024-01-01'), -1), addHours(toDate('2024-01-01'), 5), addMinutes(toDateTime64('2024-01-01 00:00:00',3,'UTC'), 90), addQuarters(toDate('2024-01-01'), 1), addSeconds(toDate('2024-01-01'),1)

SELECT substring('hello', 2, 3), substring('hello', -3), left('hello', 2), right('hello', 2), position('hello', 'l'), positionCaseInsensitive('HELLO','l'), locate('hello','l'), replaceAll('a.b.c','.','-'), replaceOne('a.b.c','.','-'), replaceRegexpAll('a1b22','[0-9]+','#'), replaceRegexpOne('a1b22','[0-9]+','<\\0>'), extract('a1b22','[0-9]+'), match('abc','b.')

SELECT first_value(origin), last_value(origin), anyLast(origin), any(note), count(note), count(tail), sum(tail), avg(tail), min(note), max(note) FROM (SELECT * FROM events ORDER BY id)

SELECT sum(x), avg(x), min(x), max(x), count(x), any(x), uniq(x), quantile(x) FROM (SELECT CAST(NULL, 'Nullable(Int32)') AS x FROM events)

SELECT sum(x), avg(x), min(x), max(x), count(x), any(x), uniq(x), quantile(x), stddevPop(x), argMax(x, x) FROM (SELECT delay AS x FROM events WHERE 0)

SELECT origin, count() AS c, round(avg(delay), 1), sum(distance) / c FROM events WHERE delay BETWEEN 0 AND 1000 AND origin NOT IN ('LAX') GROUP BY origin HAVING c >= 2 ORDER BY c DESC, origin LIMIT 3

SELECT CASE origin WHEN 'LAX' THEN 'L' WHEN 'JFK' THEN 'J' ELSE NULL END AS k, toTypeName(k), count() FROM events GROUP BY k ORDER BY k NULLS FIRST

SELECT CASE WHEN delay > 100 THEN 1 WHEN delay < 0 THEN -1 END AS k, toTypeName(k), count() FROM events GROUP BY k ORDER BY k

SELECT multiIf(delay > 100, 'a', delay > 0, NULL, 'c') AS k, count() FROM events GROUP BY k ORDER BY k DESC NULLS LAST

SELECT toTypeName(upper(origin)), toTypeName(concat(origin, 'x')), toTypeName(length(origin)), toTypeName(if(late, origin, 'x')), toTypeName(coalesce(note, origin)), toTypeName(substring(origin, 1, 1)), toTypeName(origin || dest), toTypeName(toString(origin)), toTypeName(ifNull(note, 'x')), toTypeName(assumeNotNull(note)), toTypeName(origin BETWEEN 'A' AND 'M'), toTypeName(NOT late), toTypeName(late AND 1), toTypeName(late = true), toTypeName(NOT (origin = 'LAX')) FROM events LIMIT 1

SELECT toStartOfInterval(ts, INTERVAL 15 MINUTE) AS t, count() FROM events GROUP BY t ORDER BY t LIMIT 4

SELECT toStartOfInterval(ts64, INTERVAL 500 MILLISECOND) AS t, toTypeName(t), count() FROM events GROUP BY t ORDER BY t LIMIT 4

SELECT toDate(ts, 'America/New_York') AS d, toHour(ts, 'Asia/Kolkata') AS h, count() FROM events GROUP BY d, h ORDER BY d, h LIMIT 5

SELECT d, c FROM (SELECT day AS d, count() AS c FROM events GROUP BY d) WHERE c > 3 ORDER BY c DESC, d LIMIT 2 OFFSET 1

SELECT DISTINCT origin FROM events ORDER BY origin LIMIT 3

SELECT ts > '2026-01-31 00:00:00', day = '2026-01-30', ts >= toDate('2026-01-31'), ts64 > ts, ip = '10.0.109.0', kind = 'plane', uid = '81e74ef5-e8e2-5d94-0ed9-04759531985d', day IN ('2026-01-30'), ts IN ('2026-01-30 22:15:00'), kind IN ('bus') FROM events ORDER BY id LIMIT 1

SELECT kind, toInt8(kind), toString(kind), count() FROM events GROUP BY kind ORDER BY kind

SELECT cost * 2, toTypeName(cost * 2), cost / 3, cost + 1.5, toTypeName(cost + 1.5), cost > 1, sum(cost), toTypeName(cost * cost), round(cost, 1), toTypeName(round(cost,1)), toFloat64(cost), toInt32(cost) FROM events GROUP BY cost ORDER BY cost LIMIT 3

SELECT greatest(1, 2, 3), least('a','b'), greatest(day, toDate('2026-02-01')), greatest(1, NULL), least(1.5, 2) FROM events LIMIT 1

SELECT round(2.5), round(-2.5), round(123.456, 2), round(123456, -2), roundBankers(2.5), floor(-1.5), ceil(1.2), trunc(-1.7), floor(123.456, 1), toTypeName(round(toInt32(5))), sign(-3), pow(2, 10), exp(1), ln(10), log(2), sqrt(2), abs(-5), mod(-7, 3), -7 % 3, positiveModulo(-7,3), intDiv(-7, 2), intDivOrZero(1,0), moduloOrZero(1,0), 1/0, 0/0, gcd(12, 18), lcm(4,6), pi(), e(), hypot(3,4), sin(0), atan2(1,1), bitAnd(5,3), bitOr(5,3), bitXor(5,3), bitShiftLeft(1,3), bitShiftRight(8,2), bitTest(5,0), max2(1,2), min2(1,2)

SELECT sum(number) FROM numbers(10) WHERE number > (SELECT avg(number) FROM numbers(10))

SELECT number AS n FROM numbers(5) WHERE n IN (SELECT number * 2 FROM numbers(3)) ORDER BY n DESC

WITH 10 AS x, t AS (SELECT number AS n FROM numbers(5)) SELECT sum(n) * x FROM t

SELECT 1 UNION ALL SELECT 2 ORDER BY 1

SELECT a, count() FROM (SELECT 1 AS a UNION ALL SELECT 1 UNION ALL SELECT 2) GROUP BY a ORDER BY a

SELECT origin AS o, o || '!' AS p, length(p) FROM events ORDER BY p, id LIMIT 2

SELECT sum(delay) AS delay FROM events

SELECT max(ts) - min(ts), toTypeName(max(ts) - min(ts)), dateDiff('minute', min(ts), max(ts)) FROM events

SELECT NULL + 1, NULL = NULL, NULL AND 0, NULL OR 1, NOT NULL, NULL IN (1), 1 IN (NULL, 1), 2 NOT IN (1, NULL), isNull(NULL), NULL IS NULL, toTypeName(NULL), toTypeName(NULL + 1), toTypeName(NULL AND 0)

SELECT xor(1,0), 1 AND 0, 1 OR 0, NOT 1, and(1,1,0), toTypeName(1 AND 1), 5 AND 1, NOT 5, toTypeName(true AND false), toTypeName(NOT true), if(NULL, 1, 2), if(1, NULL, 2)

SELECT empty(''), notEmpty('a'), toTypeName(empty('')), isNotNull(1), nullIf(1,1), toNullable(1), ifNull(NULL,5), zeroIfNull(NULL), transform(1,[1,2],['a','b'],'c'), caseWithExpression(1,1,'a','b')

SELECT uniqExact(origin), uniq(dest), uniqExactIf(dest, late) FROM events

SELECT toStartOfHour(ts) AS t, countIf(late) AS l, count() AS c, l / c AS r FROM events GROUP BY t ORDER BY r DESC, t LIMIT 3

SELECT * EXCEPT (id, ts) FROM events ORDER BY id LIMIT 1

SELECT COLUMNS('^d') FROM events ORDER BY id LIMIT 1

SELECT id FROM events WHERE note IS NULL ORDER BY id LIMIT 3

SELECT id FROM events WHERE note = NULL

SELECT count() FROM events WHERE NOT (tail = 77)

SELECT count(*), count(1), count(NULL), sum(1), min(1), COUNT(DISTINCT note) FROM events

SELECT nope FROM events

SELECT nope(1)

SELECT sum(sum(id)) FROM events

SELECT id, sum(delay) FROM events

SELECT id FROM events WHERE sum(delay) > 1

SELECT toDate('x')

SELECT toDateTime('2024-13-01 00:00:00')

SELECT toInt32('x')

SELECT toInt32('12x')

SELECT toUUID('x')

SELECT toIPv4('x')

SELECT CAST('z','Enum8(\'a\'=1)')

SELECT toDecimal32('x', 2)

SELECT 1 +

SELECT intDiv(1, 0)

SELECT 1 % 0

SELECT 'a' + 1

SELECT plus(1)

SELECT -NULL, -'a'

SELECT sum(price) AS p, p * 2 FROM events WHERE p > 1

SELECT origin, count() c FROM events GROUP BY 1 ORDER BY 2 DESC, 1

SELECT lower(origin) l FROM events WHERE l = 'lax' GROUP BY l

SELECT toUInt32(delay) FROM events ORDER BY id LIMIT 3

SELECT (toUnixTimestamp(ts) / 60) AS m, toTypeName(m) FROM events ORDER BY id LIMIT 2

SELECT intDiv(toUnixTimestamp(ts), 3600) * 3600 AS m, toTypeName(m), toDateTime(m, 'UTC') FROM events ORDER BY id LIMIT 2

SELECT toInt64(ts), toUInt32(ts), toInt64(ts64), toFloat64(ts64), toUnixTimestamp64Milli(ts64), toInt64(day), toDecimal64(ts64, 3) FROM events ORDER BY id LIMIT 2

SELECT ts BETWEEN '2026-01-31' AND '2026-02-01', day BETWEEN '2026-01-31' AND toDate('2026-02-01') FROM events ORDER BY id LIMIT 3

SELECT date_diff('hour', ts, ts64), TIMESTAMPDIFF(DAY, ts, ts64), DATE_ADD(DAY, 1, day), date_sub(MONTH, 1, ts), timestamp_add(ts, INTERVAL 1 DAY) FROM events ORDER BY id LIMIT 1

SELECT if(delay > 0, delay, price), toTypeName(if(delay > 0, delay, price)), toTypeName(if(late, 1, -1)), toTypeName(if(late, 1, 1.5)), toTypeName(if(late, day, ts)), toTypeName(if(late, 1, NULL)), toTypeName(multiIf(late, 1, late, 300, -1)) FROM events ORDER BY id LIMIT 1

SELECT tail + 1, toTypeName(tail + 1), tail * NULL, toTypeName(tail > 5), tail > 5, tail IN (77), tail NOT IN (77), if(tail > 5, 'a', 'b') FROM events ORDER BY id LIMIT 12

SELECT concat('a', NULL), 'a' || note, toTypeName('a' || note), length(note), upper(note), note LIKE '%o%', substring(note, 1, 2), replaceAll(note, 'o', '0') FROM events ORDER BY id LIMIT 5

SELECT count() FROM system.one

SELECT toHour(toDateTime('2024-01-01 12:00:00'), 'Asia/Tokyo')

SELECT toDateTime('2024-06-01 12:00:00', 'Nowhere/Nope')

SELECT MAX(id), MIN(id), SUM(id), AVG(id), COUNT(*), STDDEV_POP(id), VAR_SAMP(id), STDDEV_SAMP(id), ANY_VALUE(1), VAR_POP(id), COVAR_POP(id, delay), CORR(id, id), std(id), stddev(id) FROM events

SELECT toDateTime('2024-03-31 02:30:00','Europe/Berlin'), toDateTime('2024-03-10 02:30:00','America/New_York'), toDateTime('2018-11-04 00:30:00','America/Sao_Paulo'), toDateTime('2024-10-06 02:15:00','Australia/Lord_Howe'), toDateTime('2024-03-31 00:30:00','Asia/Beirut'), toDateTime('2011-12-30 12:00:00','Pacific/Apia'), toDateTime('2024-10-27 02:30:00','Europe/Berlin'), toDateTime('2024-11-03 01:30:00','America/New_York'), toDateTime('2018-02-17 23:30:00','America/Sao_Paulo')

SELECT toStartOfDay(toDateTime('2018-11-04 05:30:00','America/Sao_Paulo')), toStartOfDay(toDateTime('2024-03-31 05:30:00','Asia/Beirut')), toDateTime(toDate('2018-11-04'),'America/Sao_Paulo'), toDateTime('2024-03-30 02:30:00','Europe/Berlin') + INTERVAL 1 DAY, addMonths(toDateTime('2024-02-29 02:30:00','Europe/Berlin'), 1) + INTERVAL 2 DAY, toDateTime('2018-11-03 00:15:00','America/Sao_Paulo') + INTERVAL 1 DAY, toDateTime('2018-11-03 00:15:00','America/Sao_Paulo') + INTERVAL 1 WEEK, subtractDays(toDateTime('2024-10-28 02:30:00','Europe/Berlin'), 1)

SELECT dateDiff('hour', toDateTime('2024-03-31 00:00:00','Europe/Berlin'), toDateTime('2024-03-31 05:00:00','Europe/Berlin')),dateDiff('hour', toDateTime('2024-03-31 00:30:00','Asia/Kolkata'), toDateTime('2024-03-31 05:29:00','Asia/Kolkata')),dateDiff('hour', toDateTime('2024-10-27 00:00:00','Europe/Berlin'), toDateTime('2024-10-27 05:00:00','Europe/Berlin')), dateDiff('hour', toDateTime('1969-12-31 23:59:59','UTC'), toDateTime64('1970-01-01 00:00:01',0,'UTC'))

SELECT toDate(ts,'America/New_York'), ts FROM events ORDER BY id LIMIT 5

SELECT toDate(ts,'America/New_York') AS d, toHour(ts, 'Asia/Kolkata') AS h, count() FROM events GROUP BY d, h ORDER BY d, h LIMIT 5

SELECT id FROM events ORDER BY uid

SELECT min(uid), max(uid), argMin(id, uid), argMax(id, uid) FROM events

SELECT count() FROM events WHERE uid < toUUID('81e74ef5-e8e2-5d94-0ed9-04759531985d')

SELECT count() FROM events WHERE uid >= '81e74ef5-e8e2-5d94-0ed9-04759531985d'

SELECT cityHash64(uid), xxHash64(uid), sipHash64(uid), hex(uid), uniq(uid) FROM events GROUP BY uid ORDER BY uid LIMIT 2

SELECT note <=> NULL, tail <=> 77, NULL <=> NULL, 1 <=> NULL, note IS NOT DISTINCT FROM NULL, tail IS DISTINCT FROM 77, NULL IS DISTINCT FROM 1, tail IS DISTINCT FROM NULL FROM events ORDER BY id LIMIT 4

SELECT count(DISTINCT origin, dest), count(DISTINCT origin), COUNT(DISTINCT origin, note), uniqExact(origin, dest), countDistinct(origin, dest), countDistinctIf(origin, late) FROM events

SELECT avg(ts), avg(day), avg(ts64), avgIf(ts, id > 100), avg(toDate32(day)), avgOrNull(ts), toTypeName(avg(ts64)) FROM events

SELECT coalesce(1,'a'), coalesce(NULL,'a', 5), ifNull(5,'x'), coalesce(note, origin, 'x'), coalesce(tail, id, 300), coalesce(NULL, NULL), coalesce(tail, NULL) FROM events ORDER BY id LIMIT 3
