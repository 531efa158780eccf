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
