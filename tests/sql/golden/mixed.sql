SELECT toStartOfInterval(toDateTime(ts), INTERVAL 3600 second) AS time, origin, count() AS value FROM events WHERE ts >= toDateTime(1769800000) AND ts <= toDateTime(1770000000) GROUP BY time, origin ORDER BY time, origin LIMIT 10

SELECT (intDiv(toUInt32(ts), 3600) * 3600) * 1000 AS t, avg(delay) FROM events GROUP BY t ORDER BY t LIMIT 5

SELECT toStartOfHour(ts) AS hour, countIf(delay > 15) / count() * 100 AS pct FROM events GROUP BY hour HAVING pct > 0 ORDER BY hour

SELECT count() AS `count`, origin AS `o r` FROM events GROUP BY `o r` ORDER BY `count` DESC, `o r`

SELECT multiIf(delay < 0, 'early', delay < 15, 'on time', 'late') AS status, count() AS n, round(avg(delay), 2) AS d FROM events GROUP BY status ORDER BY n DESC, status

SELECT * FROM (SELECT origin, max(delay) AS m FROM events GROUP BY origin) WHERE m > 100 ORDER BY m DESC, origin

SELECT origin, delay FROM events WHERE (origin, delay) IN (SELECT origin, max(delay) FROM events GROUP BY origin) ORDER BY origin, delay

SELECT a.o, a.c FROM (SELECT origin AS o, count() AS c FROM events GROUP BY o) AS a ORDER BY a.c DESC, a.o LIMIT 3

SELECT sum(if(late, 1, 0)) AS l, sum(late), count() - l AS rest FROM events

SELECT origin, sum(delay) AS total, total / sum(distance) AS ratio FROM events GROUP BY origin ORDER BY total DESC, origin

SELECT toDate(ts) AS d, min(ts), max(ts), count() FROM events GROUP BY d ORDER BY d

SELECT concat(origin, '→', dest) AS route, count() FROM events GROUP BY route ORDER BY route LIMIT 7

SELECT origin FROM events WHERE NOT (delay > 0 OR late) ORDER BY id

SELECT if(tail IS NULL, 'x', toString(tail)) AS t, count() FROM events GROUP BY t ORDER BY t

SELECT id FROM events WHERE toString(id) LIKE '1%' ORDER BY id

SELECT id, id = 1 OR id = 2, id = 1 AND NULL FROM events ORDER BY id LIMIT 3

SELECT count() FROM events WHERE tail > 0 AND note != ''

SELECT length(note), upper(note), note || '!' FROM events ORDER BY id LIMIT 6

SELECT min(id) AS m, max(id) AS m2, m + m2 FROM events WHERE id BETWEEN 5 AND 9

SELECT number, number * number AS sq, sqrt(sq) FROM numbers(4) WHERE sq != 1

SELECT sum(number) FROM numbers(1000) WHERE number % 3 = 0 OR number % 5 = 0

SELECT number % 10 AS d, sum(number) AS s FROM numbers(1000) GROUP BY d ORDER BY s DESC LIMIT 3

SELECT number AS n FROM numbers(20) WHERE n IN (SELECT number * 3 FROM numbers(5)) ORDER BY n DESC

SELECT (SELECT max(id) FROM events) - id AS rest FROM events ORDER BY rest LIMIT 3

SELECT id FROM events WHERE id > (SELECT avg(id) FROM events) ORDER BY id LIMIT 2

WITH (SELECT max(delay) FROM events) AS top SELECT id, delay / top FROM events WHERE delay > 0 ORDER BY delay DESC, id LIMIT 3

WITH 3 AS n, n * 2 AS m SELECT n, m, m + n

SELECT CAST(delay AS String), CAST(price AS Int32), delay::Float64 FROM events WHERE price < 100 AND price > -100 ORDER BY id LIMIT 3

SELECT toUInt8(1) + toUInt8(1) AS a, toTypeName(a), toTypeName(a / 2), toTypeName(a * 1.5), toTypeName(-a), toTypeName(a % 2), toTypeName(intDiv(a, 2))

SELECT toTypeName(1 + 1.5), toTypeName(toInt64(1) + toUInt64(1)), toTypeName(toFloat32(1) * 2), toTypeName(if(1, 1, -1)), toTypeName(if(1, 'a', NULL)), toTypeName(multiIf(1, 1, 0, 2.5, 3))

SELECT toTypeName(sum(delay)), toTypeName(sum(distance)), toTypeName(avg(delay)), toTypeName(count()), toTypeName(max(note)), toTypeName(sum(price)), toTypeName(sum(cost)), toTypeName(uniq(id)), toTypeName(any(origin)), toTypeName(quantile(delay)) FROM events

SELECT toTypeName(ts + 1), toTypeName(ts - ts), toTypeName(day + 1), toTypeName(day - day), toTypeName(ts + INTERVAL 1 MONTH), toTypeName(day + INTERVAL 1 HOUR), toTypeName(ts64 + INTERVAL 1 SECOND) FROM events LIMIT 1

SELECT ts - ts, day - toDate('2026-01-01'), ts + 60, day + 30 FROM events ORDER BY id LIMIT 2

SELECT 1 AS x, x + 1 AS y, y * 2 AS z, z - x

SELECT avg(x), sum(x), min(x) FROM (SELECT NULL::Nullable(Int32) AS x UNION ALL SELECT 5)

SELECT count(x), count() FROM (SELECT NULL::Nullable(Int32) AS x UNION ALL SELECT 5)

SELECT uniq(origin), uniqExact(origin, dest) FROM events

SELECT sumIf(delay, origin = 'JFK'), avgIf(delay, origin = 'nowhere'), maxIf(delay, late), countIf(tail > 0) FROM events

SELECT any(id) > 0, anyLast(id) > 0 FROM events

SELECT least(1, 2.5), greatest('a', 'b'), coalesce(NULL, NULL, 3), nullIf(1, 1), ifNull(NULL, 'd')

SELECT id FROM events ORDER BY origin DESC NULLS LAST, delay ASC, id LIMIT 4 OFFSET 2

SELECT DISTINCT kind FROM events ORDER BY toString(kind)

SELECT count() FROM (SELECT DISTINCT origin, dest FROM events)

SELECT toStartOfDay(ts) AS d, count() FROM events WHERE d >= toDateTime('2026-01-31 00:00:00', 'UTC') GROUP BY d ORDER BY d

SELECT toHour(ts) IN (1, 2, 3) AS night, count() FROM events GROUP BY night ORDER BY night

SELECT id, ts64 FROM events WHERE ts64 > '2026-02-01 20:00:00.500' ORDER BY id LIMIT 3

SELECT id FROM events WHERE ip = '10.0.109.0' OR ip = toIPv4('10.1.114.1') ORDER BY id

SELECT id FROM events WHERE uid = 'f28c105d-1fb1-7c23-90c1-92cfd3ac94af'

SELECT kind = 'bus', kind IN ('bus', 'train'), kind < 'plane' FROM events ORDER BY id LIMIT 3

SELECT id FROM events WHERE late = true AND kind != 'bus' ORDER BY id LIMIT 4

SELECT cost > 10, cost = 12.34, cost * 1.5, cost / 2, toFloat64(cost) FROM events ORDER BY id LIMIT 4

SELECT -toInt8(-128), abs(toInt8(-128)), toUInt8(255) + 1, toInt64(9223372036854775807) + 1

SELECT 1 / 0, -1 / 0, 0 / 0, 5 % 3, -5 % 3, 5.5 % 2

SELECT intDiv(1, 0)

SELECT 1 % 0

SELECT toInt32('abc')

SELECT '2026-01-30'::Date + 1, '12'::UInt8 + 1, 'a'::String

SELECT round(123.456, -1), round(-2.5), floor(1.999, 2), ceil(-0.5)

SELECT bitShiftRight(16, 2), bitNot(toUInt8(1)), xor(1, 0)

SELECT empty(note), notEmpty(note), isNull(note), note = '' FROM events ORDER BY id LIMIT 5

SELECT substring(dest, 1, 1) AS c, count() FROM events GROUP BY c ORDER BY c

SELECT formatDateTime(ts, '%H:%i'), toString(ts), toString(day) FROM events ORDER BY id LIMIT 2

SELECT toDateTime('2026-03-29 01:30:00', 'Europe/Berlin') + INTERVAL 1 HOUR, toDateTime('2026-03-29 12:00:00', 'Europe/Berlin') - INTERVAL 1 DAY

SELECT toStartOfDay(toDateTime('2026-03-29 12:00:00', 'Europe/Berlin')), toStartOfInterval(toDateTime('2026-03-29 12:34:00', 'Europe/Berlin'), INTERVAL 1 HOUR)

SELECT toTimeZone(ts, 'America/New_York') AS ny, toHour(ny), timezone() IS NOT NULL FROM events ORDER BY id LIMIT 2

SELECT timeZoneOf(ts), toUnixTimestamp(day) FROM events LIMIT 1

SELECT dateDiff('month', toDate('2025-12-31'), toDate('2026-01-01')), dateDiff('week', toDate('2026-01-01'), toDate('2026-01-31'))

SELECT dateTrunc('hour', ts), date_trunc('month', day) FROM events ORDER BY id LIMIT 1

SELECT addWeeks(day, 1), addYears(day, 1), addQuarters(day, -1), subtractDays(day, 40) FROM events ORDER BY id LIMIT 1

SELECT toISOWeek(day), toISOYear(day), toQuarter(day), toWeek(day), toLastDayOfMonth(day) FROM events ORDER BY id LIMIT 1

SELECT fromUnixTimestamp(1769811300), toDateTime64(1769811300.5, 3, 'UTC'), fromUnixTimestamp64Milli(1769811300500, 'UTC')

SELECT toUnixTimestamp64Milli(ts64) FROM events ORDER BY id LIMIT 2

SELECT parseDateTimeBestEffort('30 Jan 2026 12:00:00', 'UTC'), parseDateTimeBestEffortOrNull('nope'), parseDateTimeBestEffortOrZero('x')

SELECT version() != '', currentDatabase(), currentUser() IS NOT NULL, hostName() != ''

SELECT toString(1) || 'x' AS a, a || a, length(a)

SELECT replaceRegexpAll('a1b2', '[0-9]', '#'), replaceRegexpOne('a1b2', '[0-9]', '#'), countSubstrings('aXbXc', 'X')

SELECT lpad('7', 3, '0'), rpad('7', 3, '.'), repeat('ab', 3)

SELECT 'abc' = 'abc', 'abc' < 'abd', 'a' > 'B', lower('ÄÖ'), lowerUTF8('ÄÖ'), upperUTF8('äö')

SELECT sipHash64('a'), cityHash64('a', 1), xxHash64('a'), md5('a') = '', halfMD5('a')

SELECT sum(delay) AS delay FROM events

SELECT max(id) AS id FROM events WHERE id < 10

SELECT delay + 1 AS delay, delay FROM events ORDER BY id LIMIT 2

SELECT count() AS c FROM events HAVING c > 1000

SELECT origin AS a FROM events GROUP BY a HAVING a LIKE 'J%' ORDER BY a

SELECT upper(origin) AS u, count() FROM events GROUP BY u ORDER BY u

SELECT lower(origin) AS l FROM events GROUP BY origin ORDER BY l

SELECT origin FROM events GROUP BY origin, late ORDER BY origin, late

SELECT 1 + count() + sum(id) FROM events

SELECT count() + id FROM events GROUP BY id ORDER BY id LIMIT 2

SELECT number FROM numbers(3) UNION ALL SELECT number + 10 FROM numbers(2) ORDER BY number

SELECT * FROM (SELECT number FROM numbers(3) UNION ALL SELECT 10) ORDER BY number DESC
