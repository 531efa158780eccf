SELECT addNanoseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addNanoseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addNanoseconds(NULL, 1)

SELECT addNanoseconds(ts, id), addNanoseconds(ts64, 1), addNanoseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addNanoseconds(today())

SELECT addNanoseconds(today(), 'x')

SELECT subtractNanoseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractNanoseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractNanoseconds(NULL, 1)

SELECT subtractNanoseconds(ts, id), subtractNanoseconds(ts64, 1), subtractNanoseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractNanoseconds(today())

SELECT subtractNanoseconds(today(), 'x')

SELECT toIntervalNanosecond(5), toTypeName(toIntervalNanosecond(5)), toIntervalNanosecond(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalNanosecond(1)

SELECT ts + toIntervalNanosecond(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalNanosecond()

SELECT addMicroseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addMicroseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addMicroseconds(NULL, 1)

SELECT addMicroseconds(ts, id), addMicroseconds(ts64, 1), addMicroseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addMicroseconds(today())

SELECT addMicroseconds(today(), 'x')

SELECT subtractMicroseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractMicroseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractMicroseconds(NULL, 1)

SELECT subtractMicroseconds(ts, id), subtractMicroseconds(ts64, 1), subtractMicroseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractMicroseconds(today())

SELECT subtractMicroseconds(today(), 'x')

SELECT toIntervalMicrosecond(5), toTypeName(toIntervalMicrosecond(5)), toIntervalMicrosecond(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalMicrosecond(1)

SELECT ts + toIntervalMicrosecond(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalMicrosecond()

SELECT addMilliseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addMilliseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addMilliseconds(NULL, 1)

SELECT addMilliseconds(ts, id), addMilliseconds(ts64, 1), addMilliseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addMilliseconds(today())

SELECT addMilliseconds(today(), 'x')

SELECT subtractMilliseconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractMilliseconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractMilliseconds(NULL, 1)

SELECT subtractMilliseconds(ts, id), subtractMilliseconds(ts64, 1), subtractMilliseconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractMilliseconds(today())

SELECT subtractMilliseconds(today(), 'x')

SELECT toIntervalMillisecond(5), toTypeName(toIntervalMillisecond(5)), toIntervalMillisecond(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalMillisecond(1)

SELECT ts + toIntervalMillisecond(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalMillisecond()

SELECT addSeconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addSeconds(toDate('2024-01-31'), 3), addSeconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addSeconds(NULL, 1)

SELECT addSeconds(ts, id), addSeconds(ts64, 1), addSeconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addSeconds(today())

SELECT addSeconds(today(), 'x')

SELECT subtractSeconds(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractSeconds(toDate('2024-01-31'), 3), subtractSeconds(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractSeconds(NULL, 1)

SELECT subtractSeconds(ts, id), subtractSeconds(ts64, 1), subtractSeconds(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractSeconds(today())

SELECT subtractSeconds(today(), 'x')

SELECT toIntervalSecond(5), toTypeName(toIntervalSecond(5)), toIntervalSecond(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalSecond(1)

SELECT ts + toIntervalSecond(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalSecond()

SELECT addMinutes(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addMinutes(toDate('2024-01-31'), 3), addMinutes(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addMinutes(NULL, 1)

SELECT addMinutes(ts, id), addMinutes(ts64, 1), addMinutes(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addMinutes(today())

SELECT addMinutes(today(), 'x')

SELECT subtractMinutes(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractMinutes(toDate('2024-01-31'), 3), subtractMinutes(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractMinutes(NULL, 1)

SELECT subtractMinutes(ts, id), subtractMinutes(ts64, 1), subtractMinutes(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractMinutes(today())

SELECT subtractMinutes(today(), 'x')

SELECT toIntervalMinute(5), toTypeName(toIntervalMinute(5)), toIntervalMinute(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalMinute(1)

SELECT ts + toIntervalMinute(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalMinute()

SELECT addHours(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addHours(toDate('2024-01-31'), 3), addHours(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addHours(NULL, 1)

SELECT addHours(ts, id), addHours(ts64, 1), addHours(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addHours(today())

SELECT addHours(today(), 'x')

SELECT subtractHours(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractHours(toDate('2024-01-31'), 3), subtractHours(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractHours(NULL, 1)

SELECT subtractHours(ts, id), subtractHours(ts64, 1), subtractHours(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractHours(today())

SELECT subtractHours(today(), 'x')

SELECT toIntervalHour(5), toTypeName(toIntervalHour(5)), toIntervalHour(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalHour(1)

SELECT ts + toIntervalHour(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalHour()

SELECT addDays(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addDays(toDate('2024-01-31'), 3), addDays(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addDays(NULL, 1)

SELECT addDays(ts, id), addDays(ts64, 1), addDays(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addDays(today())

SELECT addDays(today(), 'x')

SELECT subtractDays(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractDays(toDate('2024-01-31'), 3), subtractDays(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractDays(NULL, 1)

SELECT subtractDays(ts, id), subtractDays(ts64, 1), subtractDays(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractDays(today())

SELECT subtractDays(today(), 'x')

SELECT toIntervalDay(5), toTypeName(toIntervalDay(5)), toIntervalDay(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalDay(1)

SELECT ts + toIntervalDay(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalDay()

SELECT addWeeks(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addWeeks(toDate('2024-01-31'), 3), addWeeks(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addWeeks(NULL, 1)

SELECT addWeeks(ts, id), addWeeks(ts64, 1), addWeeks(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addWeeks(today())

SELECT addWeeks(today(), 'x')

SELECT subtractWeeks(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractWeeks(toDate('2024-01-31'), 3), subtractWeeks(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractWeeks(NULL, 1)

SELECT subtractWeeks(ts, id), subtractWeeks(ts64, 1), subtractWeeks(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractWeeks(today())

SELECT subtractWeeks(today(), 'x')

SELECT toIntervalWeek(5), toTypeName(toIntervalWeek(5)), toIntervalWeek(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalWeek(1)

SELECT ts + toIntervalWeek(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalWeek()

SELECT addMonths(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addMonths(toDate('2024-01-31'), 3), addMonths(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addMonths(NULL, 1)

SELECT addMonths(ts, id), addMonths(ts64, 1), addMonths(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addMonths(today())

SELECT addMonths(today(), 'x')

SELECT subtractMonths(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractMonths(toDate('2024-01-31'), 3), subtractMonths(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractMonths(NULL, 1)

SELECT subtractMonths(ts, id), subtractMonths(ts64, 1), subtractMonths(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractMonths(today())

SELECT subtractMonths(today(), 'x')

SELECT toIntervalMonth(5), toTypeName(toIntervalMonth(5)), toIntervalMonth(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalMonth(1)

SELECT ts + toIntervalMonth(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalMonth()

SELECT addQuarters(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addQuarters(toDate('2024-01-31'), 3), addQuarters(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addQuarters(NULL, 1)

SELECT addQuarters(ts, id), addQuarters(ts64, 1), addQuarters(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addQuarters(today())

SELECT addQuarters(today(), 'x')

SELECT subtractQuarters(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractQuarters(toDate('2024-01-31'), 3), subtractQuarters(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractQuarters(NULL, 1)

SELECT subtractQuarters(ts, id), subtractQuarters(ts64, 1), subtractQuarters(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractQuarters(today())

SELECT subtractQuarters(today(), 'x')

SELECT toIntervalQuarter(5), toTypeName(toIntervalQuarter(5)), toIntervalQuarter(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalQuarter(1)

SELECT ts + toIntervalQuarter(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalQuarter()

SELECT addYears(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), addYears(toDate('2024-01-31'), 3), addYears(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), addYears(NULL, 1)

SELECT addYears(ts, id), addYears(ts64, 1), addYears(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT addYears(today())

SELECT addYears(today(), 'x')

SELECT subtractYears(toDateTime('2024-01-31 01:02:03', 'UTC'), 1), subtractYears(toDate('2024-01-31'), 3), subtractYears(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC'), -2), subtractYears(NULL, 1)

SELECT subtractYears(ts, id), subtractYears(ts64, 1), subtractYears(ts, NULL) FROM events ORDER BY id LIMIT 3

SELECT subtractYears(today())

SELECT subtractYears(today(), 'x')

SELECT toIntervalYear(5), toTypeName(toIntervalYear(5)), toIntervalYear(NULL), toDateTime('2024-01-31 01:02:03', 'UTC') + toIntervalYear(1)

SELECT ts + toIntervalYear(id) FROM events ORDER BY id LIMIT 3

SELECT toIntervalYear()

SELECT toStartOfISOYear(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), toStartOfISOYear(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), toStartOfISOYear(NULL)

SELECT toStartOfISOYear(ts), toStartOfISOYear(ts64) FROM events ORDER BY id LIMIT 3

SELECT toStartOfISOYear('a')

SELECT toStartOfISOYear()

SELECT toMonday(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), toMonday(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), toMonday(NULL)

SELECT toMonday(ts), toMonday(ts64) FROM events ORDER BY id LIMIT 3

SELECT toMonday('a')

SELECT toMonday()

SELECT timeSlot(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), timeSlot(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), timeSlot(NULL)

SELECT timeSlot(ts), timeSlot(ts64) FROM events ORDER BY id LIMIT 3

SELECT timeSlot('a')

SELECT timeSlot()

SELECT YEAR(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), YEAR(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), YEAR(NULL)

SELECT YEAR(ts), YEAR(ts64) FROM events ORDER BY id LIMIT 3

SELECT YEAR('a')

SELECT YEAR()

SELECT QUARTER(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), QUARTER(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), QUARTER(NULL)

SELECT QUARTER(ts), QUARTER(ts64) FROM events ORDER BY id LIMIT 3

SELECT QUARTER('a')

SELECT QUARTER()

SELECT MONTH(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), MONTH(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), MONTH(NULL)

SELECT MONTH(ts), MONTH(ts64) FROM events ORDER BY id LIMIT 3

SELECT MONTH('a')

SELECT MONTH()

SELECT DAYOFYEAR(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), DAYOFYEAR(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), DAYOFYEAR(NULL)

SELECT DAYOFYEAR(ts), DAYOFYEAR(ts64) FROM events ORDER BY id LIMIT 3

SELECT DAYOFYEAR('a')

SELECT DAYOFYEAR()

SELECT DAYOFMONTH(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), DAYOFMONTH(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), DAYOFMONTH(NULL)

SELECT DAYOFMONTH(ts), DAYOFMONTH(ts64) FROM events ORDER BY id LIMIT 3

SELECT DAYOFMONTH('a')

SELECT DAYOFMONTH()

SELECT DAY(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), DAY(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), DAY(NULL)

SELECT DAY(ts), DAY(ts64) FROM events ORDER BY id LIMIT 3

SELECT DAY('a')

SELECT DAY()

SELECT DAYOFWEEK(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), DAYOFWEEK(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), DAYOFWEEK(NULL)

SELECT DAYOFWEEK(ts), DAYOFWEEK(ts64) FROM events ORDER BY id LIMIT 3

SELECT DAYOFWEEK()

SELECT HOUR(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), HOUR(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), HOUR(NULL)

SELECT HOUR(ts), HOUR(ts64) FROM events ORDER BY id LIMIT 3

SELECT HOUR('a')

SELECT HOUR()

SELECT MINUTE(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), MINUTE(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), MINUTE(NULL)

SELECT MINUTE(ts), MINUTE(ts64) FROM events ORDER BY id LIMIT 3

SELECT MINUTE('a')

SELECT MINUTE()

SELECT SECOND(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), SECOND(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), SECOND(NULL)

SELECT SECOND(ts), SECOND(ts64) FROM events ORDER BY id LIMIT 3

SELECT SECOND('a')

SELECT SECOND()

SELECT LAST_DAY(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), LAST_DAY(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), LAST_DAY(NULL)

SELECT LAST_DAY(ts), LAST_DAY(ts64) FROM events ORDER BY id LIMIT 3

SELECT LAST_DAY('a')

SELECT LAST_DAY()

SELECT toStartOfFiveMinute(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), toStartOfFiveMinute(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), toStartOfFiveMinute(NULL)

SELECT toStartOfFiveMinute(ts), toStartOfFiveMinute(ts64) FROM events ORDER BY id LIMIT 3

SELECT toStartOfFiveMinute('a')

SELECT toStartOfFiveMinute()

SELECT MILLISECOND(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), MILLISECOND(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), MILLISECOND(NULL)

SELECT MILLISECOND(ts), MILLISECOND(ts64) FROM events ORDER BY id LIMIT 3

SELECT MILLISECOND('a')

SELECT MILLISECOND()

SELECT MICROSECOND(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), MICROSECOND(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), MICROSECOND(NULL)

SELECT MICROSECOND(ts), MICROSECOND(ts64) FROM events ORDER BY id LIMIT 3

SELECT MICROSECOND('a')

SELECT MICROSECOND()

SELECT NANOSECOND(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), NANOSECOND(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), NANOSECOND(NULL)

SELECT NANOSECOND(ts), NANOSECOND(ts64) FROM events ORDER BY id LIMIT 3

SELECT NANOSECOND('a')

SELECT NANOSECOND()

SELECT yearweek(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), yearweek(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), yearweek(NULL)

SELECT yearweek(ts), yearweek(ts64) FROM events ORDER BY id LIMIT 3

SELECT yearweek()

SELECT TO_DAYS(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), TO_DAYS(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), TO_DAYS(NULL)

SELECT TO_DAYS(ts), TO_DAYS(ts64) FROM events ORDER BY id LIMIT 3

SELECT TO_DAYS('a')

SELECT TO_DAYS()

SELECT timeZoneOffset(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), timeZoneOffset(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), timeZoneOffset(NULL)

SELECT timeZoneOffset(ts), timeZoneOffset(ts64) FROM events ORDER BY id LIMIT 3

SELECT timeZoneOffset('a')

SELECT timeZoneOffset()

SELECT toSecond(toDateTime('2024-03-31 12:34:56', 'Europe/Berlin')), toSecond(toDateTime64('2024-02-29 01:02:03.5', 3, 'UTC')), toSecond(NULL)

SELECT toSecond(ts), toSecond(ts64) FROM events ORDER BY id LIMIT 3

SELECT toSecond('a')

SELECT toSecond()

SELECT toDate32(toDate('2024-03-31')), toDate32(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toDate32()

SELECT toYearWeek(toDate('2024-03-31')), toYearWeek(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toYearWeek()

SELECT toDaysInMonth(toDate('2024-03-31')), toDaysInMonth(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toDaysInMonth()

SELECT toYearNumSinceEpoch(toDate('2024-03-31')), toYearNumSinceEpoch(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toYearNumSinceEpoch()

SELECT toMonthNumSinceEpoch(toDate('2024-03-31')), toMonthNumSinceEpoch(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toMonthNumSinceEpoch()

SELECT toDaysSinceYearZero(toDate('2024-03-31')), toDaysSinceYearZero(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toDaysSinceYearZero()

SELECT timezoneOffset(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT timezoneOffset()

SELECT toLastDayOfWeek(toDate('2024-03-31')), toLastDayOfWeek(toDateTime('2024-03-31 23:34:56', 'Asia/Tokyo'))

SELECT toLastDayOfWeek()

SELECT dateDiff('day', toDate('2024-01-01'), toDate('2024-03-01')), dateDiff('month', toDate('2024-01-31'), toDate('2024-03-01')), dateDiff('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), dateDiff('day', NULL, today())

SELECT dateDiff('minute', ts, ts64), dateDiff('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT dateDiff('x', today(), today())

SELECT dateDiff('day', today())

SELECT date_diff('day', toDate('2024-01-01'), toDate('2024-03-01')), date_diff('month', toDate('2024-01-31'), toDate('2024-03-01')), date_diff('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), date_diff('day', NULL, today())

SELECT date_diff('minute', ts, ts64), date_diff('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT date_diff('x', today(), today())

SELECT date_diff('day', today())

SELECT timestampDiff('day', toDate('2024-01-01'), toDate('2024-03-01')), timestampDiff('month', toDate('2024-01-31'), toDate('2024-03-01')), timestampDiff('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), timestampDiff('day', NULL, today())

SELECT timestampDiff('minute', ts, ts64), timestampDiff('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT timestampDiff('x', today(), today())

SELECT timestampDiff('day', today())

SELECT timestamp_diff('day', toDate('2024-01-01'), toDate('2024-03-01')), timestamp_diff('month', toDate('2024-01-31'), toDate('2024-03-01')), timestamp_diff('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), timestamp_diff('day', NULL, today())

SELECT timestamp_diff('minute', ts, ts64), timestamp_diff('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT timestamp_diff('x', today(), today())

SELECT timestamp_diff('day', today())

SELECT DATE_DIFF('day', toDate('2024-01-01'), toDate('2024-03-01')), DATE_DIFF('month', toDate('2024-01-31'), toDate('2024-03-01')), DATE_DIFF('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), DATE_DIFF('day', NULL, today())

SELECT DATE_DIFF('minute', ts, ts64), DATE_DIFF('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT DATE_DIFF('x', today(), today())

SELECT DATE_DIFF('day', today())

SELECT TIMESTAMP_DIFF('day', toDate('2024-01-01'), toDate('2024-03-01')), TIMESTAMP_DIFF('month', toDate('2024-01-31'), toDate('2024-03-01')), TIMESTAMP_DIFF('hour', toDateTime('2024-01-31 01:59:00', 'UTC'), toDateTime('2024-01-31 03:00:00', 'UTC')), TIMESTAMP_DIFF('day', NULL, today())

SELECT TIMESTAMP_DIFF('minute', ts, ts64), TIMESTAMP_DIFF('week', day, toDate('2026-03-01')) FROM events ORDER BY id LIMIT 3

SELECT TIMESTAMP_DIFF('x', today(), today())

SELECT TIMESTAMP_DIFF('day', today())

SELECT dateTrunc('month', toDate('2024-03-31')), dateTrunc('hour', toDateTime('2024-03-31 12:34:56', 'UTC')), dateTrunc('week', toDateTime('2024-03-31 12:34:56', 'UTC')), dateTrunc('day', NULL)

SELECT dateTrunc('day', ts), dateTrunc('quarter', ts64) FROM events ORDER BY id LIMIT 3

SELECT dateTrunc('x', today())

SELECT dateTrunc('day')

SELECT time_bucket(toDateTime('2024-03-31 12:34:56', 'UTC'), INTERVAL 5 MINUTE), time_bucket(NULL, INTERVAL 1 DAY)

SELECT time_bucket(ts, INTERVAL 1 HOUR), time_bucket(ts, INTERVAL 1 DAY) FROM events ORDER BY id LIMIT 3

SELECT time_bucket(ts)

SELECT time_bucket('a', INTERVAL 1 DAY)

SELECT toTypeName(now()), toTypeName(now('UTC')), now() > toDateTime('2020-01-01 00:00:00')

SELECT now() > ts - 1000000000 FROM events ORDER BY id LIMIT 3

SELECT now(1, 2)

SELECT toTypeName(current_timestamp()), toTypeName(current_timestamp('UTC')), current_timestamp() > toDateTime('2020-01-01 00:00:00')

SELECT current_timestamp() > ts - 1000000000 FROM events ORDER BY id LIMIT 3

SELECT current_timestamp(1, 2)

SELECT toTypeName(now64()), toTypeName(now64(6)), toTypeName(now64(0, 'UTC'))

SELECT now64() > toDateTime64('2020-01-01 00:00:00', 3) FROM events ORDER BY id LIMIT 3

SELECT now64(10)

SELECT toTypeName(today()), today() > toDate('2020-01-01')

SELECT today() > toDate('2020-01-01') FROM events ORDER BY id LIMIT 3

SELECT today(1)

SELECT toTypeName(yesterday()), yesterday() > toDate('2020-01-01')

SELECT yesterday() > toDate('2020-01-01') FROM events ORDER BY id LIMIT 3

SELECT yesterday(1)

SELECT toTypeName(curdate()), curdate() > toDate('2020-01-01')

SELECT curdate() > toDate('2020-01-01') FROM events ORDER BY id LIMIT 3

SELECT curdate(1)

SELECT toTypeName(current_date()), current_date() > toDate('2020-01-01')

SELECT current_date() > toDate('2020-01-01') FROM events ORDER BY id LIMIT 3

SELECT current_date(1)

SELECT toTimezone(toDateTime('2024-01-01 00:00:00', 'UTC'), 'Asia/Tokyo'), toTimezone(toDateTime64('2024-01-01 00:00:00', 3, 'UTC'), 'America/New_York'), toTimezone(NULL, 'UTC')

SELECT toTimezone(ts, 'Asia/Tokyo') FROM events ORDER BY id LIMIT 3

SELECT toTimezone(today(), 'UTC')

SELECT toTimezone(now(), 'nowhere')

SELECT toTimeZone(toDateTime('2024-01-01 00:00:00', 'UTC'), 'Asia/Tokyo'), toTimeZone(toDateTime64('2024-01-01 00:00:00', 3, 'UTC'), 'America/New_York'), toTimeZone(NULL, 'UTC')

SELECT toTimeZone(ts, 'Asia/Tokyo') FROM events ORDER BY id LIMIT 3

SELECT toTimeZone(today(), 'UTC')

SELECT toTimeZone(now(), 'nowhere')

SELECT timezoneOf(toDateTime('2024-01-01 00:00:00', 'Asia/Tokyo')), timezoneOf(toDateTime64('2024-01-01 00:00:00', 3, 'UTC'))

SELECT timezoneOf(ts) FROM events ORDER BY id LIMIT 3

SELECT timezoneOf(1)

SELECT timezoneOf()

SELECT timeZoneOf(toDateTime('2024-01-01 00:00:00', 'Asia/Tokyo')), timeZoneOf(toDateTime64('2024-01-01 00:00:00', 3, 'UTC'))

SELECT timeZoneOf(ts) FROM events ORDER BY id LIMIT 3

SELECT timeZoneOf(1)

SELECT timeZoneOf()

SELECT toTypeName(timezone()), length(timezone()) > 0

SELECT length(timezone()) > 0 FROM events ORDER BY id LIMIT 3

SELECT timezone(1)

SELECT toTypeName(timeZone()), length(timeZone()) > 0

SELECT length(timeZone()) > 0 FROM events ORDER BY id LIMIT 3

SELECT timeZone(1)

SELECT toTypeName(serverTimezone()), length(serverTimezone()) > 0

SELECT length(serverTimezone()) > 0 FROM events ORDER BY id LIMIT 3

SELECT serverTimezone(1)

SELECT toTypeName(serverTimeZone()), length(serverTimeZone()) > 0

SELECT length(serverTimeZone()) > 0 FROM events ORDER BY id LIMIT 3

SELECT serverTimeZone(1)

SELECT fromUnixTimestamp(1660000000, '%Y-%m-%d %H', 'UTC'), fromUnixTimestamp(NULL), toTypeName(fromUnixTimestamp(1))

SELECT toUnixTimestamp(fromUnixTimestamp(id)) = id FROM events ORDER BY id LIMIT 3

SELECT fromUnixTimestamp('a')

SELECT fromUnixTimestamp()

SELECT FROM_UNIXTIME(1660000000, '%Y-%m-%d %H', 'UTC'), FROM_UNIXTIME(NULL), toTypeName(FROM_UNIXTIME(1))

SELECT toUnixTimestamp(FROM_UNIXTIME(id)) = id FROM events ORDER BY id LIMIT 3

SELECT FROM_UNIXTIME('a')

SELECT FROM_UNIXTIME()

SELECT formatDateTime(toDateTime('2010-01-04 12:34:56', 'UTC'), '%Y-%m-%d %H:%i:%S'), formatDateTime(toDateTime('2010-01-04 12:34:56', 'UTC'), '%a %b %c %C %d %D %e %F %G %g %h %I %j'), formatDateTime(toDateTime('2010-01-04 12:34:56', 'UTC'), '%k %l %M %n %p %Q %r %R %S %t %T %u %V %w %W %y %Y %z %%'), formatDateTime(toDateTime64('2010-01-04 12:34:56.123', 3, 'UTC'), '%f'), formatDateTime(NULL, '%Y'), formatDateTime(toDate('2020-05-06'), '%F %T')

SELECT formatDateTime(ts, '%H'), formatDateTime(ts64, '%f', 'Asia/Tokyo') FROM events ORDER BY id LIMIT 3

SELECT formatDateTime('a', '%Y')

SELECT formatDateTime(now(), '%!')

SELECT DATE_FORMAT(toDateTime('2010-01-04 12:34:56', 'UTC'), '%Y-%m-%d %H:%i:%S'), DATE_FORMAT(toDateTime('2010-01-04 12:34:56', 'UTC'), '%a %b %c %C %d %D %e %F %G %g %h %I %j'), DATE_FORMAT(toDateTime('2010-01-04 12:34:56', 'UTC'), '%k %l %M %n %p %Q %r %R %S %t %T %u %V %w %W %y %Y %z %%'), DATE_FORMAT(toDateTime64('2010-01-04 12:34:56.123', 3, 'UTC'), '%f'), DATE_FORMAT(NULL, '%Y'), DATE_FORMAT(toDate('2020-05-06'), '%F %T')

SELECT DATE_FORMAT(ts, '%H'), DATE_FORMAT(ts64, '%f', 'Asia/Tokyo') FROM events ORDER BY id LIMIT 3

SELECT DATE_FORMAT('a', '%Y')

SELECT DATE_FORMAT(now(), '%!')

SELECT parseDateTimeBestEffort('2020-01-02 03:04:05', 'UTC'), parseDateTimeBestEffort('23/10/2020 12:12:57', 'UTC'), parseDateTimeBestEffort('Sat, 18 Aug 2018 07:22:16 GMT', 'UTC'), parseDateTimeBestEffort('1534000000', 'UTC'), parseDateTimeBestEffort('2020-01-02T03:04:05+03:00', 'UTC'), parseDateTimeBestEffort('10 Apr 2021 9:05 PM', 'UTC'), parseDateTimeBestEffort(NULL, 'UTC')

SELECT parseDateTimeBestEffort(materialize('20200102'), 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTimeBestEffort('x', 'UTC')

SELECT parseDateTimeBestEffort(1)

SELECT parseDateTimeBestEffort()

SELECT parseDateTimeBestEffortOrNull('2020-01-02 03:04:05', 'UTC'), parseDateTimeBestEffortOrNull('23/10/2020 12:12:57', 'UTC'), parseDateTimeBestEffortOrNull('Sat, 18 Aug 2018 07:22:16 GMT', 'UTC'), parseDateTimeBestEffortOrNull('1534000000', 'UTC'), parseDateTimeBestEffortOrNull('2020-01-02T03:04:05+03:00', 'UTC'), parseDateTimeBestEffortOrNull('10 Apr 2021 9:05 PM', 'UTC'), parseDateTimeBestEffortOrNull(NULL, 'UTC')

SELECT parseDateTimeBestEffortOrNull(materialize('20200102'), 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTimeBestEffortOrNull('x', 'UTC')

SELECT parseDateTimeBestEffortOrNull(1)

SELECT parseDateTimeBestEffortOrNull()

SELECT parseDateTimeBestEffortOrZero('2020-01-02 03:04:05', 'UTC'), parseDateTimeBestEffortOrZero('23/10/2020 12:12:57', 'UTC'), parseDateTimeBestEffortOrZero('Sat, 18 Aug 2018 07:22:16 GMT', 'UTC'), parseDateTimeBestEffortOrZero('1534000000', 'UTC'), parseDateTimeBestEffortOrZero('2020-01-02T03:04:05+03:00', 'UTC'), parseDateTimeBestEffortOrZero('10 Apr 2021 9:05 PM', 'UTC'), parseDateTimeBestEffortOrZero(NULL, 'UTC')

SELECT parseDateTimeBestEffortOrZero(materialize('20200102'), 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTimeBestEffortOrZero('x', 'UTC')

SELECT parseDateTimeBestEffortOrZero(1)

SELECT parseDateTimeBestEffortOrZero()

SELECT parseDateTime64BestEffort('2020-01-02 03:04:05.123456', 6, 'UTC'), parseDateTime64BestEffort('2020-01-02 03:04:05.1', 3, 'UTC'), parseDateTime64BestEffort('1641024000.123', 3, 'UTC'), parseDateTime64BestEffort(NULL, 3, 'UTC')

SELECT parseDateTime64BestEffort(materialize('20200102'), 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTime64BestEffort('x', 3, 'UTC')

SELECT parseDateTime64BestEffort(1)

SELECT parseDateTime64BestEffort()

SELECT parseDateTime64BestEffortOrNull('2020-01-02 03:04:05.123456', 6, 'UTC'), parseDateTime64BestEffortOrNull('2020-01-02 03:04:05.1', 3, 'UTC'), parseDateTime64BestEffortOrNull('1641024000.123', 3, 'UTC'), parseDateTime64BestEffortOrNull(NULL, 3, 'UTC')

SELECT parseDateTime64BestEffortOrNull(materialize('20200102'), 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTime64BestEffortOrNull('x', 3, 'UTC')

SELECT parseDateTime64BestEffortOrNull(1)

SELECT parseDateTime64BestEffortOrNull()

SELECT parseDateTime64BestEffortOrZero('2020-01-02 03:04:05.123456', 6, 'UTC'), parseDateTime64BestEffortOrZero('2020-01-02 03:04:05.1', 3, 'UTC'), parseDateTime64BestEffortOrZero('1641024000.123', 3, 'UTC'), parseDateTime64BestEffortOrZero(NULL, 3, 'UTC')

SELECT parseDateTime64BestEffortOrZero(materialize('20200102'), 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT parseDateTime64BestEffortOrZero('x', 3, 'UTC')

SELECT parseDateTime64BestEffortOrZero(1)

SELECT parseDateTime64BestEffortOrZero()
