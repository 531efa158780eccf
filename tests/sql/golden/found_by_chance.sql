SELECT number, sumIf(number, number % 2 = 0) OVER (ORDER BY number RANGE BETWEEN 5 PRECEDING AND 2 PRECEDING) FROM numbers(6)

SELECT number, maxOrNull(number) OVER (PARTITION BY number % 2 ORDER BY number ROWS BETWEEN 3 FOLLOWING AND 4 FOLLOWING) FROM numbers(12) ORDER BY number

SELECT min(x), max(x), argMin(x, x), argMax(1, x) FROM values('x Array(Nullable(Int8))', ([1]), ([NULL]), ([5, NULL]), ([]))

SELECT max(x), min(x) FROM values('x Array(Float64)', ([1.5]), ([nan]), ([0.5]))

SELECT greatest([1, NULL], [NULL, 2]), least([1, NULL], [NULL, 2]), arrayMin([[1], [NULL]]), arrayMax([[1], [NULL]])

SELECT arrayMin([1, NULL]), arrayMax([NULL, -3, 2]), arrayMin([NULL]), toTypeName(arrayMax([1, NULL])), toTypeName(arrayMin([NULL])), arrayMin(x -> -x, [1, NULL])

SELECT arrayMin(CAST([NULL, NULL], 'Array(Nullable(Int8))')), arrayMin(CAST([], 'Array(Nullable(Int8))')), arrayMax(emptyArrayUInt8()), arrayMax([nan, 1.5, nan])

SELECT arraySum([1, NULL])

SELECT position(arrayElement(CAST([], 'Array(String)'), -1), ''), position(arrayElement(materialize(CAST([], 'Array(String)')), 1), '')

SELECT id, age('week', ts, ts64), age('week', toTimeZone(ts64, 'Asia/Kolkata'), ts), age('hour', toTimeZone(ts64, 'America/New_York'), ts), age('millisecond', ts64, ts) FROM events ORDER BY id LIMIT 6

SELECT age('week', toDate('2026-03-04'), toDateTime('1999-12-31 01:02:03', 'Europe/Berlin')), age('quarter', toDate('2026-03-04'), toDate32('1950-01-31')), age('year', toDate32('1950-01-31'), toDate('2026-01-30'))

SELECT dateDiff('hour', toDateTime('2020-01-02 00:00:00', 'America/New_York'), toDateTime('2020-01-02 01:15:00', 'Europe/Berlin')), dateDiff('hour', toDateTime('1970-01-02 00:14:00', 'Asia/Kolkata'), toDateTime('2020-01-02 01:15:00', 'UTC')), dateDiff('hour', toDateTime64('1960-01-01 00:00:00', 0, 'UTC'), toDateTime('1970-01-02 00:00:00', 'UTC'))

SELECT map(toFixedString('a', 3), 1), [toFixedString('a''', 3)], tuple(toFixedString('a\\', 3)), [CAST('it''s', $$Enum8('it\'s' = 1)$$)], [toIntervalDay(1)], tuple(toIntervalDay(2))

SELECT toTypeName(roundBankers(true)), round(true), floor(false), ceil(true), trunc(true)

SELECT toYearNumSinceEpoch(toDate32('1969-01-01')), toMonthNumSinceEpoch(toDate32('1960-01-01')), toYearNumSinceEpoch(toDateTime64('1960-01-01 00:00:00', 0, 'UTC'))

SELECT toFloat64OrDefault('x', toFloat32(1))

SELECT toDateOrDefault('x', toDate32(1))

SELECT toUUIDOrDefault('x', 'a')

SELECT toDateTimeOrDefault('x', 'UTC', toDateTime('2020-01-01 00:00:00', 'Asia/Tokyo')), toDateTime64OrDefault('x', 3, 'UTC', toDateTime64('2020-01-01 00:00:00', 3)), toDecimal64OrDefault('x', 3, toDecimal64(7, 3))

SELECT toTypeName(isNotNull(toLowCardinality('q'))), toTypeName(isNull(toLowCardinality(toNullable('q')))), isNull(origin), toTypeName(isNull(origin)) FROM events LIMIT 1

SELECT toDate('2024-02-29') % 7, toDateTime('2024-02-29 01:02:03','UTC') % 3600, toTypeName(toDateTime('2024-02-29 01:02:03','UTC') % 3600), toDate('2024-02-29') % 0.75, positiveModulo(toDateTime('2024-02-29 01:02:03','UTC'), 7)

SELECT day % 7, ts % (id + 1) FROM events ORDER BY id

SELECT 7 % toDate('2024-02-29')

SELECT toDate32('2024-02-29') % 7

SELECT intDiv(toDate('2024-02-29'), 7)

SELECT toDate('2024-02-29') + 1.7, toDate('2024-02-29') - 1.7, toDate32('2024-02-29') + 1.7, toDateTime('2024-02-29 01:02:03','UTC') + 1.7, toDateTime('2024-02-29 01:02:03','UTC') - 1.7, toDateTime64('2024-02-29 01:02:03',3,'UTC') - 1.7, 1.7 + toDate('2024-02-29')

SELECT toDateTime('2024-02-29 01:02:03','UTC') + toDecimal32(1.7,1)

SELECT toIntervalDay(-1.7), toIntervalSecond(toFloat32(2.5)), toTypeName(INTERVAL 1e2 SECOND), toDate('2024-01-01') + toIntervalDay(id / 2) FROM events ORDER BY id LIMIT 3

SELECT toIntervalDay(nan)

SELECT toIntervalDay(toDecimal32(1.7,1))

SELECT toIntervalDay(toInt128(5)), toIntervalDay(CAST(NULL, 'Nullable(Float64)'))

SELECT count() FROM numbers(0 - 1)

SELECT count() FROM numbers(1, -1)

SELECT count() FROM numbers('5')

SELECT [number] NOT IN ([0.5], [3]), (number, [number]) IN ((1, [1.5]), (2, [2])) FROM numbers(4)

SELECT map(1, 2) IN (map(1, 2.5), map(1, 3)), map(1, 2) IN (map(1, 2.5), map(1, 2))

SELECT * FROM (SELECT 1 AS k) AS a RIGHT LEFT JOIN (SELECT 1 AS k) AS b ON a.k = b.k

SELECT * FROM (SELECT 1 AS k) AS a INNER LEFT JOIN (SELECT 1 AS k) AS b ON a.k = b.k

SELECT * FROM (SELECT 1 AS k) AS a CROSS INNER JOIN (SELECT 1 AS k) AS b

SELECT toTypeName(if(number = 1, toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 6, 'UTC'))), toTypeName(if(number = 1, toDateTime64(0, 6, 'America/New_York'), toDateTime64(0, 3, 'UTC'))), toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 6)]), toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 3, 'UTC')]) FROM numbers(1)

SELECT toTypeName(if(number = 1, toDateTime(0, 'America/New_York'), toDateTime64(0, 3))), toTypeName(if(number = 1, toDateTime64(0, 3), toDateTime(0, 'America/New_York'))), toTypeName([toDate(0), toDateTime64(0, 3, 'America/New_York')]) FROM numbers(1)

-- several weeks from the first Monday after the epoch; seconds where hours are not whole
SELECT toStartOfInterval(toDate('1970-01-01'), INTERVAL 5 WEEK), toStartOfInterval(toDate('1970-01-05'), INTERVAL 5 WEEK), toStartOfInterval(toDate('1970-02-09'), INTERVAL 5 WEEK), toStartOfInterval(toDate('1970-02-08'), INTERVAL 5 WEEK)

SELECT toStartOfInterval(toDateTime('2024-03-31 12:34:56', 'Asia/Tokyo'), INTERVAL 3 WEEK), toStartOfInterval(toDate('2024-03-31'), INTERVAL 2 WEEK), toStartOfInterval(toDate('2024-03-31'), INTERVAL 1 WEEK), toStartOfInterval(toDateTime64('1969-12-28 00:00:00', 3, 'UTC'), INTERVAL 2 WEEK)

SELECT toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 7 SECOND), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Europe/Berlin'), INTERVAL 7 SECOND), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Singapore'), INTERVAL 7 SECOND), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'America/Caracas'), INTERVAL 61 SECOND)

SELECT toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 86400 SECOND), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Asia/Kolkata'), INTERVAL 100000 SECOND), toStartOfInterval(toDateTime('2026-03-04 05:16:07', 'Africa/Monrovia'), INTERVAL 7 MINUTE)

-- -0. is no condition that holds
SELECT count() FROM numbers(3) WHERE -0.

SELECT count() FROM numbers(3) WHERE materialize(-0.)

SELECT count() FROM numbers(3) WHERE toFloat32(-0.)

SELECT count() FROM numbers(3) HAVING -0.

SELECT count() FROM numbers(3) WHERE toFloat32(number) - 1

-- a place that may be NULL
SELECT [1,2][toNullable(7)] AS x, toTypeName(x), [1,2][materialize(toNullable(7))] AS y, [1,NULL][toNullable(7)] AS z, ['a'][toNullable(2)], materialize(['a'])[toNullable(2)], [1][CAST(NULL,'Nullable(Int8)')] AS n

SELECT arrayElementOrNull([1,2], toNullable(7)), arrayElementOrNull([1,2], 7), arrayElementOrNull(['a'], toNullable(1))

-- of no rows
SELECT quantilesOrDefault(0.5)(number), quantilesExactOrDefault(0.5, 0.9)(number), groupArrayOrDefault(number), sumMapOrDefault([number], [number]), quantileOrDefault(number), quantilesOrNull(0.5)(number) FROM numbers(0)

SELECT number % 2 AS k, quantilesOrDefaultIf(0.5)(number, number > 8), groupArrayOrNullIf(number, number > 7) FROM numbers(10) GROUP BY k ORDER BY k

SELECT toDecimalString(true, 2), toDecimalString(false, 0), toDecimalString(toUInt8(1), 2)

SELECT toJSONString(map(1, 2)), toJSONString(map([1,2], 3)), toJSONString(map((1,'a'), 3)), toJSONString(map(toDate('2024-01-01'), 3)), toJSONString(map(1.5, 1)), toJSONString(map(true, 1)), toJSONString(map('a"b', 1))

SELECT countDigits(toUInt128('340282366920938463463374607431768211455')), countDigits(toInt128('-170141183460469231731687303715884105728'))

SELECT formatReadableTimeDelta(18446744073709551615), formatReadableTimeDelta(toInt64(-9223372036854775808)), formatReadableTimeDelta(1e18), formatReadableTimeDelta(1e30), formatReadableTimeDelta(4503599627370495)

SELECT formatReadableSize(1e308), formatReadableQuantity(1.7e308), formatReadableDecimalSize(-1e308), formatReadableQuantity(1e33), formatReadableQuantity(-inf)

SELECT toTypeName(bitShiftRight(toUInt128(5), toInt8(1))), bitShiftRight(toUInt64(18446744073709551615), toInt8(1)) AS a, toTypeName(a), bitShiftRight(toUInt8(255), toInt8(1)), bitShiftLeft(toUInt8(255), toInt8(1))

SELECT cityHash64(INTERVAL 1 DAY), cityHash64(INTERVAL 1 DAY, 1), cityHash64(1, INTERVAL 1 DAY), sipHash64(INTERVAL 2 MONTH), cityHash64(materialize(INTERVAL 1 DAY)), farmHash64(INTERVAL 1 DAY), metroHash64(INTERVAL 1 DAY), xxHash64(INTERVAL 1 DAY)

SELECT hex(char(18446744073709551615)), hex(char(-1)), hex(char(256)), hex(char(104.1, 101, 0, 108))

SELECT x, sum(1) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (SELECT toInt256(number) AS x FROM numbers(3)) ORDER BY x

SELECT x, sum(1) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (SELECT toUInt256(number) AS x FROM numbers(3)) ORDER BY x

SELECT x, sum(1) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (SELECT toUInt128(number) AS x FROM numbers(3)) ORDER BY x

SELECT x, sum(1) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), count() OVER (ORDER BY x GROUPS 1 PRECEDING) FROM (SELECT toInt256(number) AS x FROM numbers(3)) ORDER BY x

SELECT length(if(number = 0, toFixedString('ab', 3), 'y')), length(if(1, toFixedString('ab', 3), 'y')), length(multiIf(number = 0, toFixedString('ab', 3), 'y')), length(coalesce(toFixedString('ab', 3), 'y')), length([toFixedString('ab', 3), 'y'][1]), length(ifNull(toNullable(toFixedString('ab', 3)), 'y')) FROM numbers(1)

SELECT length(if(number = 1, materialize(toFixedString('ab', 3)), 'y')), length(if(number = 1, 'y', toFixedString('ab', 3))), length(if(number = 1, toFixedString('y', 1), materialize(toFixedString('ab', 3)))), length(if(number = 1, toNullable(toFixedString('ab', 3)), NULL)) FROM numbers(2)

SELECT toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 3, 'Europe/Berlin'), toDateTime(0, 'America/New_York')]), toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime(0, 'Europe/Berlin'), toDateTime64(0, 3, 'Asia/Tokyo')]), toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 3, 'Europe/Berlin'), toDateTime64(0, 2, 'Asia/Tokyo')]), toTypeName([toDateTime64(0, 3, 'America/New_York'), toDateTime64(0, 3, 'Europe/Berlin'), toDateTime64(0, 3, 'Asia/Tokyo')]), toTypeName(multiIf(number = 1, toDateTime64(0, 3, 'America/New_York'), number = 2, toNullable(toDateTime64(0, 3, 'Europe/Berlin')), toDateTime(0, 'America/New_York'))) FROM numbers(1)

SELECT hex(char(-1, -inf, 1000, inf, nan))

SELECT any_respect_nulls(x), anyLast_respect_nulls(x), any_respect_nulls(y), anyLast_respect_nulls(y) FROM (SELECT if(number < 2, NULL, toInt256(number)) AS x, if(number = 0, NULL, toFixedString('a value of thirty-two bytes.....', 32)) AS y FROM numbers(2) ORDER BY number)

SELECT hex(unbin('day')), hex(unbin('0d')), hex(unbin('xxxxxxxxxxx')), hex(unbin('1x'))

SELECT accurateCastOrNull(18446744073709551615, 'Float64'), accurateCastOrNull(18446744073709549568, 'Float64')

SELECT toString(parseDateTime64OrNull('2000-01-01 00:00:00')), toString(parseDateTime64OrNull('2000-01-01 00:00:00.1')), toString(parseDateTime64('2000-01-01 00:00:00.123456'))

SELECT roundAge(nan), roundDuration(nan), roundAge(inf), roundAge(0.5), roundDuration(-1)

SELECT fromUnixTimestamp64Micro(-9223372036854775808) AS t, toYear(t), toHour(t), toDate32(t), formatDateTime(t, '%F %T')

SELECT fromUnixTimestamp64Milli(9223372036854775807) AS t, toYear(t), toHour(t), toDate32(t), toStartOfHour(t)

SELECT toDateTime64('9999-12-31 23:59:59', 3) + INTERVAL 1 DAY AS t, toMonth(t)

SELECT number, bitShiftLeft(1, number * 50), bitShiftRight(-1::Int8, number), bitShiftLeft(1::UInt128, number * 40), bitShiftRight(1::Int256, number * 100) FROM numbers(5)

SELECT bitShiftLeft(1, 18446744073709551615), bitTest(128, 7)

SELECT bitTest(1, 8)

SELECT bitShiftLeft(1, -1)

SELECT toTypeName(if(1, toDecimal128(1, 6), toDecimal128(1, 4))), coalesce(toDecimal128(1.25, 2)::Nullable(Decimal(38, 2)), toDecimal128(1, 4))

SELECT number, sum(x) OVER () + if(number % 2 = 0, toDecimal128(1.5, 6), toDecimal128(1.5, 6)) FROM (SELECT number, toDecimal64(number, 3) AS x FROM numbers(4)) ORDER BY number

-- weir: ClickHouse lets the value overflow: [-145682711.432894215833054899977569959936,0.1]
SELECT [toDecimal128('99999999999999999999', 0), toDecimal128('0.1', 30)]
