SELECT toDate(65535), toDate(65536), toDate(4294967295), toDate(4294967296), toDate(-1), toDate(-65537)

SELECT toDate(-1.5), toDate(70000.7), toDate(1e20), toDate(-1e20), toDate(nan), toDate(inf)

SELECT toDate(toUInt16(40000)), toDate(toInt16(-5)), toDate(toInt64(1700000000)), toDate(toUInt64(18446744073709551615)), toDate(toInt8(-3)), toDate(toFloat32(3.7))

SELECT toDateTime(-1), toDateTime(4294967295), toDateTime(4294967296), toDateTime(1e12), toDateTime(-1e12), toDateTime(18446744073709551615)

SELECT toDateTime(nan), toDateTime(inf), toDateTime(-inf)

SELECT toDateTime(toInt8(-1)), toDateTime(toInt16(-1)), toDateTime(toInt32(-1)), toDateTime(toInt64(-1)), toDateTime(toFloat32(-1)), toDateTime(toInt128(-1)), toDateTime(toUInt128(99999999999999))

SELECT toDate32(-1), toDate32(-25567), toDate32(-25568), toDate32(-100000), toDate32(120529), toDate32(120530), toDate32(200000), toDate32(1700000000)

SELECT toDate32(1e10), toDate32(-1e10), toDate32(nan), toDate32(toInt64(9999999999)), toDate32(toUInt64(18446744073709551615)), toDate32(toInt8(-3)), toDate32(toUInt16(65535))

SELECT toDateTime64(-1, 3), toDateTime64(1e18, 3), toDateTime64(-1e18, 3), toDateTime64(10413791999, 3), toDateTime64(10413792000, 3), toDateTime64(-2208988800, 3), toDateTime64(-2208988801, 3)

SELECT toDateTime64(nan, 3)

SELECT toDateTime64(toUInt64(18446744073709551615), 0), toDateTime64(toInt64(-9223372036854775808), 0), toDateTime64(toInt64(9223372036854775807), 9)

SELECT toDateTime64(9223372036, 9), toDateTime64(9223372037, 9)

SELECT toDateTime64('2299-12-31 23:59:59', 9), toDateTime64('2262-04-11 23:47:16', 9), toDateTime64('2262-04-11 23:47:17', 9)

SELECT toDate32('1899-12-31'), toDate32('1900-01-01'), toDate32('2299-12-31'), toDate32('2300-01-01'), toDate32('9999-12-31'), toDate32('0001-01-01')

SELECT toDateTime('1969-12-31 23:59:59'), toDateTime('2106-02-07 06:28:15'), toDateTime('2106-02-07 06:28:16'), toDateTime('1900-01-01 00:00:00'), toDateTime('9999-12-31 23:59:59')

SELECT toDateTime64('1899-12-31 23:59:59', 3), toDateTime64('1900-01-01 00:00:00', 3), toDateTime64('2299-12-31 23:59:59.999', 3), toDateTime64('2300-01-01 00:00:00', 3), toDateTime64('9999-12-31 23:59:59', 3)

SELECT toDateTime('2024-02-30 10:00:00')

SELECT addYears(toDate('2024-01-01'), 200), addYears(toDate('2024-01-01'), -200), addDays(toDate('2149-06-06'), 1), addDays(toDate('1970-01-01'), -1), addMonths(toDate('2149-06-06'), 1), addWeeks(toDate('2149-06-06'), 1), addQuarters(toDate('2149-06-06'), 10)

SELECT addYears(toDateTime('2024-01-01 00:00:00'), 200), addYears(toDateTime('2024-01-01 00:00:00'), -200), addDays(toDateTime('2106-02-07 00:00:00'), 1), addSeconds(toDateTime('2106-02-07 06:28:15'), 1), addSeconds(toDateTime('1970-01-01 00:00:00'), -1), addHours(toDateTime('2106-02-07 06:28:15'), 1), addMonths(toDateTime('2106-02-07 06:28:15'), 1), addWeeks(toDateTime('2106-02-07 06:28:15'), 1)

SELECT addYears(toDate32('2024-01-01'), 300), addYears(toDate32('2024-01-01'), -300), addDays(toDate32('2299-12-31'), 1), addDays(toDate32('1900-01-01'), -1), addMonths(toDate32('2299-12-31'), 1), addMonths(toDate32('1900-01-01'), -1)

SELECT addYears(toDateTime64('2024-01-01 00:00:00', 3), 300), addYears(toDateTime64('2024-01-01 00:00:00', 3), -300), addDays(toDateTime64('2299-12-31 00:00:00', 3), 1), addSeconds(toDateTime64('2299-12-31 23:59:59', 3), 1), addSeconds(toDateTime64('1900-01-01 00:00:00', 3), -1)

SELECT toDate('2024-01-01') + 100000, toDate('2024-01-01') - 100000, toDateTime('2024-01-01 00:00:00') + 4000000000, toDateTime('2024-01-01 00:00:00') - 4000000000, toDate32('2024-01-01') + 1000000, toDate32('2024-01-01') - 1000000

SELECT toDate('2024-01-01') + INTERVAL 200 YEAR, toDate('2149-06-06') + INTERVAL 1 DAY, toDateTime('2106-02-07 06:28:15') + INTERVAL 1 SECOND

SELECT toDate(toDateTime('2106-02-07 00:00:00')), toDate(toDate32('2200-01-01')), toDate(toDate32('1950-01-01')), toDate(toDateTime64('2200-01-01 00:00:00', 3)), toDate(toDateTime64('1950-01-01 00:00:00', 3))

SELECT toDateTime(toDate('2149-06-06')), toDateTime(toDate32('2200-01-01')), toDateTime(toDate32('1950-01-01')), toDateTime(toDateTime64('2200-01-01 00:00:00', 3)), toDateTime(toDateTime64('1950-01-01 00:00:00', 3))

SELECT toDateTime64(toDate32('2299-12-31'), 9), toDateTime64(toDate32('1900-01-01'), 9), toDateTime64(toDate32('1900-01-01'), 3)

SELECT toDateTime64(toDate32('2299-12-31'), 8)

SELECT makeDate(2200, 1, 1), makeDate(1960, 1, 1), makeDate32(2400, 1, 1), makeDate32(1800, 1, 1), makeDateTime(2200,1,1,0,0,0), makeDateTime(1960,1,1,0,0,0), makeDateTime64(2400,1,1,0,0,0)

SELECT toStartOfMonth(toDate32('1950-02-03')), toStartOfMonth(toDate32('2200-02-03')), toStartOfYear(toDateTime64('2200-02-03 00:00:00',3)), toStartOfHour(toDateTime64('2200-02-03 01:02:03',3)), toMonday(toDate32('1950-02-03')), toStartOfDay(toDate32('2200-02-03')), toStartOfDay(toDateTime64('1950-02-03 01:00:00',3))

SELECT toDateTime('2200-01-01'::Date32), '2200-01-01'::DateTime

SELECT CAST(70000 AS Date), CAST(-1 AS Date), CAST(5000000000 AS DateTime), CAST(-1 AS DateTime), CAST(1e10 AS Date), CAST(200000 AS Date32)

SELECT toDateOrNull('2200-01-01'), toDateOrZero('1950-01-01'), toDateTimeOrNull('2200-01-01 00:00:00'), toDateTimeOrZero('1950-01-01 00:00:00'), toDate32OrNull('2400-01-01'), toDateTime64OrNull('2400-01-01 00:00:00', 3)

SELECT addMonths(toDate('1970-01-15'), -1), addMonths(toDate('1970-01-15'), -13), addDays(toDateTime('1970-01-01 00:00:00'), -1), addDays(toDateTime('1970-01-01 00:00:00'), -100000), addMonths(toDateTime('1970-01-15 10:00:00'), -1), addWeeks(toDateTime('1970-01-05 00:00:00'), -1)

SELECT addYears(toDateTime64('2024-01-01 00:00:00', 3), 20000), addYears(toDateTime64('2024-01-01 00:00:00', 3), -20000), addDays(toDateTime64('2024-01-01 00:00:00', 3), 100000000)

SELECT toInt64(addSeconds(toDateTime64('2024-01-01 00:00:00', 0), 1000000000000))

SELECT addHours(toDate('2149-06-06'), 1), addHours(toDate('2106-02-07'), 10), addHours(toDate('1970-01-01'), -1), addSeconds(toDate('2149-06-06'), 1)

SELECT toDateTime('2106-02-07 06:28:15') + 1, toDateTime('1970-01-01 00:00:00') - 1, toDate('1970-01-01') - 1, toDate('2149-06-06') + 1, toDate('2149-06-06') + 65536

SELECT toDate(65535.9), toDate(65536.9), toDate32(2932896), toDate32(2932897), toDate32(2932896.5), toDate32(-719528), toDate32(-719529), toDate32(253402300799), toDate32(253402300800), toDate32(toFloat32(1e30)), toDate32(toInt128(-5)), toDate32(toUInt256(300000))

SELECT toDate(toInt128(70000)), toDate(toUInt256(4294967297)), toDate(toInt256(-4)), toDateTime(toInt256(-4)), toDateTime(toUInt128(1e20))

SELECT toDateTime64(1.5, 3), toDateTime64(-1e12, 0), toDateTime64(253402300799.5, 3), toDateTime64(253402300800, 3), toDateTime64(-62167219200, 3), toDateTime64(-62167219201, 3), toDateTime64(-62167219201.5, 3)

SELECT toDateTime64(1e10, 9), toDateTime64(-1e10, 9), toDateTime64(toInt64(-9223372037), 9), toDateTime64(toInt64(-10000000000), 9)

SELECT toDateTime64(toDecimal64(9999999999.5, 2), 9)

SELECT toDateTime64(toDecimal64(999999999999.5, 2), 3)

SELECT toDateTime64(toDateTime64('2299-12-31 23:59:59', 3), 9)

SELECT toDateTime64('9999-12-31 23:59:59', 9)

SELECT toYear(toDate32('0001-05-06')), toMonth(toDate32('0001-05-06')), toDayOfWeek(toDate32('9999-12-31')), toStartOfMonth(toDate32('9999-12-31')), toDayOfYear(toDate32('0100-12-31')), toYear(toDateTime64('9999-12-31 23:59:59', 3)), toISOWeek(toDate32('9999-12-31')), toUnixTimestamp64Milli(toDateTime64('9999-12-31 23:59:59.999', 3))

SELECT makeDate32(9999, 12, 31), makeDate32(10000, 1, 1), makeDate32(0, 1, 1), makeDateTime64(9999, 12, 31, 23, 59, 59), makeDateTime64(1800,1,1,0,0,0), makeDate32(1899, 12, 31), makeDateTime64(2400,1,1,0,0,0)

SELECT toDate(toDateTime64('1969-12-31 23:59:59', 3)), toDate(toDateTime64('2149-06-06 23:59:59', 3)), toDate(toDateTime64('2149-06-07 00:00:00', 3)), toDate32(toDateTime64('9999-12-31 23:59:59', 3))

SELECT toDate(toDate32('9999-12-31')), toDateTime(toDateTime64('9999-12-31 23:59:59', 3)), toDateTime(toDate32('0000-01-01'))

SELECT now() > toDateTime64('9999-12-31 23:59:59', 3), toDate32('9999-12-31') > toDate('2024-01-01'), toDateTime('2024-01-01 00:00:00') < toDate32('9999-12-31'), toDate('2024-01-01') = toDate32('2024-01-01'), toDateTime64('2200-01-01 00:00:00', 3) > toDateTime('2024-01-01 00:00:00')

SELECT formatDateTime(toDate32('9999-12-31'), '%Y-%m-%d'), formatDateTime(toDate32('0001-02-03'), '%Y-%m-%d'), toString(toDate32('0001-02-03')), formatDateTime(toDateTime64('9999-12-31 23:59:59', 3), '%F %T')

SELECT parseDateTimeBestEffort('2200-01-01 00:00:00'), parseDateTimeBestEffort('1950-01-01 00:00:00'), parseDateTime64BestEffort('2400-01-01 00:00:00', 3), parseDateTime('2200-01-01', '%Y-%m-%d')

SELECT CAST('2300-05-06' AS Date32), CAST('9999-12-31 10:00:00' AS DateTime64(3)), '2300-05-06'::Date32, DATE '2300-01-01', TIMESTAMP '2300-01-01 00:00:00'

SELECT toStartOfMonth(toDate32('1950-02-03')), toStartOfMonth(toDate32('2200-02-03')), toStartOfYear(toDateTime64('2200-02-03 00:00:00',3)), toStartOfHour(toDateTime64('2200-02-03 01:02:03',3)), toMonday(toDate32('1950-02-03')), toStartOfDay(toDate32('2200-02-03')), toStartOfDay(toDateTime64('1950-02-03 01:00:00',3)), toLastDayOfMonth(toDate32('2200-02-03')), toStartOfInterval(toDate32('2200-02-03'), INTERVAL 1 MONTH), toStartOfQuarter(toDate32('2149-07-03')), toStartOfInterval(toDate32('2200-02-03'), INTERVAL 1 HOUR)

SELECT toDate('1969-12-31'), toDate('2149-06-06'), toDate('2149-06-07'), toDate('1900-01-01'), toDate('9999-12-31')

SELECT addDays(toDate('2024-01-01'), 10000000000), addDays(toDate('2024-01-01'), 100000), subtractDays(toDate('2024-01-01'), 100000), subtractYears(toDate('2024-01-01'), 100)

SELECT toYear(toDate32('0001-05-06')), toDayOfWeek(toDate32('9999-12-31')), toDate32(toNullable(-719529)), toDate32(materialize(2932897))

SELECT d FROM (SELECT toDate(65530 + number) AS d FROM numbers(6)) WHERE d + 3 < toDate('1980-01-01') ORDER BY d

SELECT toDate(t) AS d, count() FROM (SELECT toDateTime64('1969-12-31 12:00:00', 3) + number * 86400 AS t FROM numbers(3)) GROUP BY d ORDER BY d

SELECT toDate(NULL), toDate32(NULL), addYears(CAST(NULL AS Nullable(Date)), 300), addYears(toNullable(toDate('2024-01-01')), 200)

SELECT min(d), max(d) FROM (SELECT toDate32(number * 1000000 - 719528) AS d FROM numbers(3))
