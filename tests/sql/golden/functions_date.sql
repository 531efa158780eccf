SELECT makeDate(2026, 2, 28), makeDate(2026, 60), makeDate(2026, 2, 31), makeDate(1969, 1, 1), makeDate(2026.9, 2.9, 1.5), makeDate(2026, 13, 1), makeDate(2026, 1, 32), makeDate(2026, 366), makeDate(2024, 366), makeDate(2026, 0), makeDate(2150, 1, 1), makeDate(2149, 6, 6), MAKEDATE(2026, 5, 6)

SELECT makeDate(NULL, 1, 1), makeDate(2020, toNullable(5), 6), makeDate(2000 + id, 1 + id, id) FROM events ORDER BY id LIMIT 5

SELECT makeDate('a', 1, 1)

SELECT makeDate(1)

SELECT makeDate32(1920, 1, 1), makeDate32(2026, 2, 31), makeDate32(2020, 60), makeDate32(NULL, 1, 1), makeDate32(materialize(1999), 12, 31), toTypeName(makeDate32(2020, 1, 1))

SELECT makeDate32('a', 1)

SELECT makeDateTime(2026, 2, 28, 12, 13, 14, 'UTC'), makeDateTime(2026, 2, 28, 25, 13, 14, 'UTC'), makeDateTime(2026, 2, 28, 12, 60, 14, 'UTC'), makeDateTime(2026, 2, 30, -1, 0, 14, 'UTC'), makeDateTime(1960, 1, 1, 0, 0, 0, 'UTC'), makeDateTime(2200, 1, 1, 0, 0, 0, 'UTC'), makeDateTime(2026, 7, 1, 2, 3, 4, 'Europe/Berlin'), toUnixTimestamp(makeDateTime(2026, 7, 1, 2, 3, 4, 'Europe/Berlin'))

SELECT makeDateTime(NULL, 1, 1, 1, 1, 1), makeDateTime(materialize(2020), 1, 1, id, 0, 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT makeDateTime(2020, 1, 1, 1, 1)

SELECT makeDateTime(2020, 1, 1, 1, 1, 'x')

SELECT makeDateTime(2020, 1, 1, 1, 1, 1, 'nowhere')

SELECT makeDateTime64(2026, 2, 28, 12, 13, 14, 5, 3, 'UTC'), makeDateTime64(2026, 2, 28, 12, 13, 14, 123, 6, 'UTC'), makeDateTime64(1960, 1, 1, 0, 0, 0, 5, 3, 'UTC'), makeDateTime64(2300, 1, 1, 0, 0, 0, 5, 3, 'UTC'), makeDateTime64(2020, 13, 1, 0, 0, 0, 1234, 3, 'UTC'), makeDateTime64(2020, 1, 1, 0, 0, 0, 1234, 3, 'UTC')

SELECT makeDateTime64(NULL, 2, 28, 12, 13, 14), toTypeName(makeDateTime64(2020, 1, 1, 0, 0, 0)), makeDateTime64(materialize(2020), 1, 1, 0, 0, 0, 0, 0, 'UTC')

SELECT makeDateTime64(2020, 1, 1, 0, 0, 0, 1, 12)

SELECT YYYYMMDDToDate(20230911), YYYYMMDDToDate(20231311), YYYYMMDDToDate(20230231), YYYYMMDDToDate(19690101), YYYYMMDDToDate(20230911.7), YYYYMMDDToDate(NULL), YYYYMMDDToDate(materialize(20200102)), YYYYMMDDToDate32(18990101), YYYYMMDDToDate32(20230911), YYYYMMDDToDate32(NULL), YYYYMMDDToDate32(materialize(20200102))

SELECT YYYYMMDDToDate('a')

SELECT YYYYMMDDToDate32('a')

SELECT YYYYMMDDhhmmssToDateTime(20230911131415, 'UTC'), YYYYMMDDhhmmssToDateTime(20230231256161, 'UTC'), YYYYMMDDhhmmssToDateTime(20230911131415, 'Asia/Kolkata'), YYYYMMDDhhmmssToDateTime(NULL), YYYYMMDDhhmmssToDateTime64(20230911131415, 6, 'UTC'), YYYYMMDDhhmmssToDateTime64(NULL), toTypeName(YYYYMMDDhhmmssToDateTime64(20230911131415)), YYYYMMDDhhmmssToDateTime(materialize(20230911131415), 'UTC'), YYYYMMDDhhmmssToDateTime64(materialize(20230911131415), 0, 'UTC')

SELECT YYYYMMDDhhmmssToDateTime('a')

SELECT YYYYMMDDhhmmssToDateTime64('a')

SELECT toModifiedJulianDay('2020-11-01'), toModifiedJulianDay('0000-01-01'), toModifiedJulianDay(NULL), toModifiedJulianDay(materialize('1858-11-17')), toModifiedJulianDayOrNull('x'), toModifiedJulianDayOrNull('2020-02-30'), toModifiedJulianDayOrNull('2020-02-29'), toModifiedJulianDayOrNull(materialize('2020-1-1')), toModifiedJulianDayOrNull(NULL)

SELECT toModifiedJulianDay('x')

SELECT toModifiedJulianDay('2020-02-30')

SELECT toModifiedJulianDay(1)

SELECT toModifiedJulianDayOrNull(1)

SELECT fromModifiedJulianDay(58849), fromModifiedJulianDay(NULL), fromModifiedJulianDay(materialize(0)), fromModifiedJulianDayOrNull(58849), fromModifiedJulianDayOrNull(2147483647), fromModifiedJulianDayOrNull(-678941), fromModifiedJulianDayOrNull(-678942), fromModifiedJulianDayOrNull(NULL), fromModifiedJulianDay(toInt8(-1))

SELECT fromModifiedJulianDay(-678942)

SELECT fromModifiedJulianDay('a')

SELECT fromModifiedJulianDayOrNull('a')

SELECT toDaysSinceYearZero(toDate('2023-09-08')), toDaysSinceYearZero(toDate32('1900-01-01')), toDaysSinceYearZero(toDateTime('2023-09-08 23:00:00', 'UTC')), toDaysSinceYearZero(NULL), TO_DAYS(day), fromDaysSinceYearZero(739136), fromDaysSinceYearZero(1), fromDaysSinceYearZero32(739136), fromDaysSinceYearZero32(NULL), FROM_DAYS(739137), fromDaysSinceYearZero(materialize(739136)), fromDaysSinceYearZero32(materialize(700000)) FROM events ORDER BY id LIMIT 2

SELECT toDaysSinceYearZero(1)

SELECT fromDaysSinceYearZero(-1)

SELECT fromDaysSinceYearZero('a')

SELECT fromDaysSinceYearZero32(-1)

SELECT snowflakeIDToDateTime(7204436857747984384, 0, 'UTC'), snowflakeIDToDateTime64(7204436857747984384, 0, 'UTC'), snowflakeIDToDateTime(7204436857747984384, 1288834974657, 'Asia/Tokyo'), dateTimeToSnowflakeID(toDateTime('2021-08-15 18:57:56', 'Asia/Shanghai')), dateTime64ToSnowflakeID(toDateTime64('2021-08-15 18:57:56.493', 3, 'Asia/Shanghai')), dateTime64ToSnowflakeID(toDateTime64('2021-08-15 18:57:56.493456', 6, 'UTC')), dateTimeToSnowflakeID(toDateTime('2021-08-15 18:57:56', 'UTC'), 1288834974657)

SELECT snowflakeIDToDateTime(NULL), snowflakeIDToDateTime64(NULL), dateTimeToSnowflakeID(NULL), dateTime64ToSnowflakeID(NULL), dateTimeToSnowflakeID(ts), dateTime64ToSnowflakeID(ts64), snowflakeIDToDateTime64(dateTime64ToSnowflakeID(ts64), 0, 'UTC'), snowflakeIDToDateTime(dateTimeToSnowflakeID(ts), 0, 'UTC') FROM events ORDER BY id LIMIT 2

SELECT snowflakeIDToDateTime('a')

SELECT snowflakeIDToDateTime64('a')

SELECT dateTimeToSnowflakeID('a')

SELECT dateTime64ToSnowflakeID('a')

SELECT UUIDv7ToDateTime(toUUID('018f05c9-4ab8-7b86-b64e-c9f03fbd45d1'), 'UTC'), UUIDv7ToDateTime(toUUID('018f05c9-4ab8-7b86-b64e-c9f03fbd45d1'), 'America/New_York'), UUIDv7ToDateTime(toUUID('018f05c9-4ab8-4b86-b64e-c9f03fbd45d1'), 'UTC'), UUIDv7ToDateTime(NULL), UUIDv7ToDateTime(materialize(toUUID('018f05c9-4ab8-7b86-b64e-c9f03fbd45d1')), 'UTC') FROM events ORDER BY id LIMIT 2

SELECT UUIDv7ToDateTime('a')

SELECT changeYear(toDate('2024-02-29'), 2023), changeMonth(toDate('2024-01-31'), 2), changeDay(toDate('2024-01-31'), 32), changeDay(toDate('2024-02-01'), 31), changeMonth(toDate('2024-02-01'), 13), changeMinute(toDateTime('2024-01-31 01:02:03', 'UTC'), 5), changeSecond(toDateTime64('2024-01-31 01:02:03.5', 1, 'UTC'), 5), changeHour(toDateTime('2024-01-31 01:02:03', 'UTC'), 25), changeYear(toDateTime('2024-01-31 01:02:03', 'UTC'), 1960), changeYear(toDate32('2024-01-31'), 1910), changeYear(toDate('2024-02-01'), 2500), changeDay(toDateTime('2024-01-31 01:02:03', 'Europe/Berlin'), 5)

SELECT changeYear(NULL, 1), changeMonth(NULL, 1), changeDay(NULL, 1), changeHour(NULL, 1), changeMinute(NULL, 1), changeSecond(NULL, 1), changeYear(ts, 2000), changeMonth(day, 7), changeDay(ts64, 9), changeHour(ts, 23), changeMinute(ts64, materialize(1)), changeSecond(ts, 59) FROM events ORDER BY id LIMIT 2

SELECT changeYear('a', 1)

SELECT changeMonth('a', 1)

SELECT changeDay('a', 1)

SELECT changeHour('a', 1)

SELECT changeMinute('a', 1)

SELECT changeSecond('a', 1)

SELECT changeYear(toDate('2020-01-01'), 'x')

SELECT toTypeName(changeHour(toDate('2024-01-31'), 5)), toTypeName(changeMinute(toDate('2024-01-31'), 5)), toTypeName(changeSecond(toDate32('2024-01-31'), 5)), toTypeName(changeYear(toDate32('2024-01-31'), 5))

SELECT monthName(toDate('2026-02-06')), monthName(ts), monthName(ts64), monthName(toNullable(day)), dateName('weekday', day), dateName('year', day), dateName('quarter', day), dateName('week', day), dateName('dayofyear', ts), dateName('hour', ts), dateName('minute', ts64), dateName('second', ts64), dateName('day', day), dateName('month', toDateTime('2026-02-28 23:04:05', 'UTC'), 'Asia/Kolkata') FROM events ORDER BY id LIMIT 3

SELECT monthName(1)

SELECT dateName('x', today())

SELECT dateName('hour', toDate('2026-02-06'))

SELECT dateName(materialize('hour'), today())

SELECT age('day', toDate('2024-01-31'), toDate('2024-03-01')), age('month', toDate('2024-01-31'), toDate('2024-03-01')), age('year', toDateTime('2020-02-29 10:00:00', 'UTC'), toDateTime('2024-02-29 09:00:00', 'UTC')), age('week', toDate('2024-01-31'), toDate('2024-03-01')), age('hour', toDateTime('2020-02-29 10:59:59', 'UTC'), toDateTime('2020-02-29 09:00:00', 'UTC')), age('quarter', toDate('2024-01-31'), toDate('2024-07-30')), age('month', toDate('2024-03-01'), toDate('2024-01-31')), age('day', toDateTime('2024-03-01 05:00:00', 'UTC'), toDateTime('2024-03-03 04:00:00', 'UTC')), age('minute', toDateTime('2024-03-01 05:00:59', 'UTC'), toDateTime('2024-03-01 05:02:00', 'UTC'))

SELECT age('second', toDateTime64('2024-03-01 05:00:59.9', 1, 'UTC'), toDateTime('2024-03-01 05:02:00', 'UTC')), age('nanosecond', toDateTime64('2024-03-01 05:00:59.9', 1, 'UTC'), toDateTime('2024-03-01 05:02:00', 'UTC')), age('millisecond', toDateTime64('2020-02-29 10:59:59.123', 3, 'UTC'), toDateTime('2020-02-29 09:00:00', 'UTC')), age('month', toDateTime64('2020-02-29 10:59:59.123', 3, 'UTC'), toDateTime64('2020-03-29 10:59:59.122', 3, 'UTC')), age('year', toDate('2020-03-01'), toDate('2019-03-01')), age('year', toDate('2020-02-29'), toDate('2021-02-28')), age('day', toDate('2020-03-01'), toDate('2019-03-01'))

SELECT age('day', NULL, today()), age('hour', ts, ts64), age('week', day, toDate('2026-03-03')), age('day', ts, materialize(toDate('2026-02-20'))), age('month', ts, toDateTime('2026-04-01 00:00:00', 'UTC'), 'Asia/Tokyo') FROM events ORDER BY id LIMIT 4

SELECT age('nope', today(), today())

SELECT age('day', 'a', today())

SELECT age('day', today())

SELECT toMicrosecond(toDateTime64('2026-05-06 07:08:09.123456789', 9, 'UTC')), toMicrosecond(ts), toMicrosecond(ts64), toNanosecond(toDateTime64('2026-05-06 07:08:09.123456789', 9, 'UTC')), toNanosecond(ts64), toNanosecond(NULL), toMicrosecond(NULL), MICROSECOND(ts64), NANOSECOND(ts64), MILLISECOND(ts64), toMillisecond(NULL), toMillisecond(ts) FROM events ORDER BY id LIMIT 2

SELECT toMicrosecond(today())

SELECT toNanosecond(today())

SELECT toNanosecond('a')

SELECT toMillisecond('a')

SELECT toYearWeek(toDate('2026-01-01')), toYearWeek(toDate('2026-01-01'), 3), yearweek(day), toYearWeek(ts, 0), toYearWeek(ts64, 1, 'Asia/Tokyo'), toYearWeek(NULL), toYearWeek(toDate('2024-12-31'), 2), toYearWeek(toDate('2024-12-31'), 5), toYearWeek(toDate('2024-12-30'), 7) FROM events ORDER BY id LIMIT 2

SELECT toYearWeek(1)

SELECT toDaysInMonth(toDate('2026-02-06')), toDaysInMonth(ts), toDaysInMonth(ts64), toDaysInMonth(NULL), toDaysInMonth(toDate32('1900-02-01')) FROM events ORDER BY id LIMIT 1

SELECT toDaysInMonth(1)

SELECT toRelativeYearNum(ts), toRelativeQuarterNum(ts), toRelativeMonthNum(ts), toRelativeWeekNum(ts), toRelativeDayNum(ts), toRelativeHourNum(ts), toRelativeMinuteNum(ts), toRelativeSecondNum(ts) FROM events ORDER BY id LIMIT 3

SELECT toRelativeYearNum(day), toRelativeQuarterNum(day), toRelativeMonthNum(day), toRelativeWeekNum(day), toRelativeDayNum(day), toRelativeHourNum(day), toRelativeMinuteNum(day), toRelativeSecondNum(day), toRelativeYearNum(NULL), toRelativeQuarterNum(NULL), toRelativeMonthNum(NULL), toRelativeWeekNum(NULL), toRelativeDayNum(NULL), toRelativeHourNum(NULL), toRelativeMinuteNum(NULL), toRelativeSecondNum(NULL) FROM events ORDER BY id LIMIT 3

SELECT toRelativeHourNum(toDateTime('2026-05-06 07:08:09', 'Asia/Kolkata')), toRelativeWeekNum(toDateTime('2026-05-06 07:08:09', 'Asia/Kolkata')), toRelativeDayNum(toDateTime('2026-05-06 02:08:09', 'Asia/Kolkata')), toRelativeMinuteNum(toDateTime('2026-05-06 07:08:09', 'Asia/Kolkata')), toRelativeHourNum(ts64), toRelativeSecondNum(ts64), toRelativeMonthNum(ts64), toRelativeQuarterNum(ts64), toRelativeMinuteNum(ts64) FROM events ORDER BY id LIMIT 1

SELECT toRelativeYearNum(1)

SELECT toRelativeQuarterNum(1)

SELECT toRelativeMonthNum(1)

SELECT toRelativeWeekNum(1)

SELECT toRelativeDayNum(1)

SELECT toRelativeHourNum(1)

SELECT toRelativeMinuteNum(1)

SELECT toRelativeSecondNum(1)

SELECT toYearNumSinceEpoch(day), toMonthNumSinceEpoch(day), toYearNumSinceEpoch(ts), toMonthNumSinceEpoch(ts64), toYearNumSinceEpoch(NULL), toMonthNumSinceEpoch(NULL) FROM events ORDER BY id LIMIT 1

SELECT toYearNumSinceEpoch(1)

SELECT toMonthNumSinceEpoch(1)

SELECT timezoneOffset(toDateTime('2021-04-21 10:20:30', 'America/New_York')), timezoneOffset(toDateTime64('2021-01-21 10:20:30', 3, 'America/New_York')), timezoneOffset(ts), timeZoneOffset(ts64), timezoneOffset(NULL), timeZoneOffset(NULL) FROM events ORDER BY id LIMIT 1

SELECT timezoneOffset('a')

SELECT timeZoneOffset('a')

SELECT toLastDayOfWeek(day), toLastDayOfWeek(day, 1), toLastDayOfWeek(ts, 3), toLastDayOfWeek(ts64), toLastDayOfWeek(NULL), toLastDayOfMonth(day), toLastDayOfMonth(NULL), LAST_DAY(ts) FROM events ORDER BY id LIMIT 3

SELECT toLastDayOfWeek(1)

SELECT toLastDayOfMonth(1)

SELECT addDate(toDate('2024-01-31'), INTERVAL 1 DAY), subDate(toDate('2024-01-31'), INTERVAL 1 MONTH), addDate(ts, INTERVAL 2 HOUR), subDate(ts64, INTERVAL 3 SECOND), ADDDATE(day, INTERVAL 1 YEAR), addDate(NULL, INTERVAL 1 DAY), subDate(NULL, INTERVAL 1 DAY) FROM events ORDER BY id LIMIT 1

SELECT addDate(today(), 1)

SELECT subDate(today(), 1)

SELECT fromUnixTimestamp64Second(1, 'UTC'), fromUnixTimestamp64Second(-1, 'Asia/Tokyo'), fromUnixTimestamp64Second(NULL), toUnixTimestamp64Second(toDateTime64('2021-04-21 10:20:30.5', 3, 'UTC')), toUnixTimestamp64Second(ts64), toUnixTimestamp64Second(NULL), toTypeName(fromUnixTimestamp64Second(1)), fromUnixTimestamp64Second(materialize(100), 'UTC'), toUnixTimestamp64Second(toDateTime64('1960-04-21 10:20:30.5', 3, 'UTC')) FROM events ORDER BY id LIMIT 1

SELECT fromUnixTimestamp64Second('a')

SELECT toUnixTimestamp64Second('a')

SELECT fromUnixTimestamp64Milli(1, 'UTC'), fromUnixTimestamp64Micro(1, 'UTC'), fromUnixTimestamp64Nano(1, 'UTC'), fromUnixTimestamp64Milli(NULL), fromUnixTimestamp64Micro(NULL), fromUnixTimestamp64Nano(NULL), toUnixTimestamp64Milli(ts64), toUnixTimestamp64Micro(ts64), toUnixTimestamp64Nano(ts64), toUnixTimestamp64Milli(NULL), toUnixTimestamp64Micro(NULL), toUnixTimestamp64Nano(NULL) FROM events ORDER BY id LIMIT 2

SELECT fromUnixTimestamp64Milli('a')

SELECT fromUnixTimestamp64Micro('a')

SELECT fromUnixTimestamp64Nano('a')

SELECT toUnixTimestamp64Milli(today())

SELECT toUnixTimestamp64Micro(today())

SELECT toUnixTimestamp64Nano(today())
