SELECT abs(-5), abs(delay), sign(delay) FROM events ORDER BY id LIMIT 4

SELECT round(2.5), round(3.5), round(1.2345, 2), floor(-1.5), ceil(1.2), trunc(-1.7)

SELECT sqrt(16), pow(2, 10), exp(0), log(1), least(3, 1), greatest(3, 1)

SELECT coalesce(NULL, 1), coalesce(tail, -1), ifNull(note, 'none'), nullIf(delay, 0) FROM events ORDER BY id LIMIT 5

SELECT lower('ABC'), upper('abc'), length('Zürich'), lengthUTF8('Zürich'), reverse('abc'), empty(''), notEmpty('')

SELECT substring('abcdef', 2, 3), substring('abc', -2), left('abc', 2), right('abc', 2)

SELECT startsWith('abc', 'ab'), endsWith('abc', 'bc'), position('abcabc', 'c'), positionCaseInsensitive('ABC', 'b')

SELECT replaceAll('aXbXc', 'X', '-'), replaceOne('aXbXc', 'X', '-'), replace('aXb', 'X', '_')

SELECT trimLeft('  a'), trimRight('a  '), trim(' a '), concat('a', 'b', 'c')

SELECT toString(1), toString(1.5), toString(toDate('2026-01-30')), toString(NULL)

SELECT toUInt8('5'), toInt32('-7'), toFloat64('1.5'), toUInt8OrZero('x'), toInt32OrNull('y'), toUInt64(7.9)

SELECT toUInt8(300), toInt8(200), toUInt8(-1)

SELECT toDate('2026-01-30'), toDateTime('2026-01-30 12:34:56', 'UTC'), toDateTime64('2026-01-30 12:34:56.789', 3, 'UTC')

SELECT toYear(ts), toMonth(ts), toDayOfMonth(ts), toHour(ts), toMinute(ts), toSecond(ts), toDayOfWeek(ts), toDayOfYear(ts) FROM events ORDER BY id LIMIT 3

SELECT toStartOfYear(ts), toStartOfQuarter(ts), toStartOfMonth(ts), toMonday(ts), toStartOfDay(ts), toStartOfHour(ts), toStartOfMinute(ts) FROM events ORDER BY id LIMIT 2

SELECT toStartOfInterval(ts, INTERVAL 15 MINUTE), toStartOfInterval(ts, INTERVAL 1 DAY), toStartOfFiveMinutes(ts), toStartOfFifteenMinutes(ts) FROM events ORDER BY id LIMIT 3

SELECT ts + INTERVAL 1 DAY, ts - INTERVAL 90 SECOND, day + 1, day - INTERVAL 1 MONTH FROM events ORDER BY id LIMIT 2

SELECT toUnixTimestamp(ts), toYYYYMM(ts), toYYYYMMDD(ts), toYYYYMMDDhhmmss(ts) FROM events ORDER BY id LIMIT 2

SELECT addDays(day, 1), addHours(ts, 2), subtractMonths(day, 1), addMinutes(ts, 30) FROM events ORDER BY id LIMIT 2

SELECT formatDateTime(ts, '%Y-%m-%d %H:%M:%S') FROM events ORDER BY id LIMIT 2

SELECT dateDiff('hour', min(ts), max(ts)) FROM events

SELECT ts64, toString(ts64), toDateTime(ts64), toDate(ts64) FROM events ORDER BY id LIMIT 2

SELECT toTypeName(1), toTypeName('a'), toTypeName(NULL), toTypeName(1.5), toTypeName(toDate(0)), toTypeName(origin), toTypeName(note), toTypeName(cost) FROM events LIMIT 1

SELECT if(delay > 0, 'late', 'on time'), multiIf(delay < 0, 'early', delay = 0, 'exact', 'late') FROM events ORDER BY id LIMIT 5

SELECT CASE origin WHEN 'ATL' THEN 1 WHEN 'JFK' THEN 2 ELSE 0 END AS c, count() FROM events GROUP BY c ORDER BY c

SELECT CASE WHEN tail IS NULL THEN 'none' WHEN tail > 0 THEN 'plus' ELSE 'minus' END AS c, count() FROM events GROUP BY c ORDER BY c

SELECT CASE WHEN 0 THEN 1 END

SELECT toFloat32(0.1), toFloat64(0.1), 0.1 + 0.2, 1 / 3

SELECT bitAnd(12, 10), bitOr(12, 10), bitXor(12, 10), bitShiftLeft(1, 4)

SELECT kind, toString(kind), CAST(kind AS Int8), CAST('train' AS Enum8('bus' = -3, 'plane' = 1, 'train' = 2)) FROM events ORDER BY id LIMIT 3

SELECT toDecimal32('1.25', 2) + 1, CAST('3.14159' AS Decimal(9, 3)), toDecimal64(1, 4)

SELECT uid = toUUID(toString(uid)), ip = toIPv4(toString(ip)) FROM events ORDER BY id LIMIT 2

SELECT parseDateTimeBestEffort('2026-01-30T12:34:56Z', 'UTC'), toDateTime(0, 'UTC')

SELECT match('abc', '^a.c$'), extract('key=value', '=(.*)')

SELECT lower(origin), concat(origin, '!'), origin || dest, length(origin) FROM events ORDER BY id LIMIT 4

SELECT greatest(delay, 0), least(delay, 10) FROM events ORDER BY id LIMIT 4

SELECT isNaN(price), isFinite(price), isInfinite(1 / 0) FROM events ORDER BY id LIMIT 2 OFFSET 13

SELECT NULL <=> NULL AS a, 1 <=> NULL AS b, NULL IS NOT DISTINCT FROM 2 AS c, toNullable(3) <=> NULL AS d
