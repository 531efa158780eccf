SELECT parseDateTime('2021-01-04+23:00:00', '%Y-%m-%d+%H:%i:%s', 'UTC'), parseDateTime('2021-01-04', '%Y-%m-%d', 'Asia/Tokyo'), parseDateTime('04/Jan/2021 1:02 PM', '%d/%b/%Y %l:%i %p', 'UTC'), parseDateTime('2024 060', '%Y %j', 'UTC'), parseDateTime('2024-05', '%Y-%m', 'UTC'), parseDateTime('10:20', '%H:%i', 'UTC'), parseDateTime('Monday 2024-05-06', '%W %Y-%m-%d', 'UTC'), parseDateTime('Mon 2024-05-06', '%a %Y-%m-%d', 'UTC')

SELECT parseDateTime('2024-05-06 +0130', '%Y-%m-%d %z', 'UTC'), parseDateTime('05/06/24', '%D', 'UTC'), parseDateTime('2024-05-06', '%F', 'UTC'), parseDateTime('2024-05-06 10:11:12', '%F %T', 'UTC'), parseDateTime('2024-05-06 10:11', '%F %R', 'UTC'), parseDateTime('2024-05-06 10:11:12.123456', '%F %T.%f', 'UTC'), parseDateTime('2024 19 1', '%G %V %u', 'UTC'), parseDateTime('99', '%y', 'UTC'), parseDateTime('20 24', '%C %y', 'UTC'), parseDateTime('6', '%e', 'UTC'), parseDateTime('2024%', '%Y%%', 'UTC'), parseDateTime('January 2024', '%M %Y', 'UTC')

SELECT parseDateTime(NULL, '%Y', 'UTC'), parseDateTime(materialize('2020'), '%Y', 'UTC'), parseDateTime(toLowCardinality('2020-03'), '%Y-%m', 'UTC'), parseDateTime(toNullable('2020-03'), '%Y-%m', 'UTC'), TO_UNIXTIME('2020-01-02 03:04:05', '%F %T', 'UTC'), str_to_date('2020-01-02', '%Y-%m-%d', 'UTC'), str_to_date('x', '%Y-%m-%d', 'UTC')

SELECT parseDateTime('x', '%Y')

SELECT parseDateTime('12', '%Y')

SELECT parseDateTime('2024-05-06x', '%Y-%m-%d')

SELECT parseDateTime('2024-02-30', '%Y-%m-%d')

SELECT parseDateTime('2', '%Q')

SELECT parseDateTime(1, '%Q')

SELECT parseDateTimeOrNull('x', '%Y', 'UTC'), parseDateTimeOrNull('2024', '%Y', 'UTC'), parseDateTimeOrNull(NULL, '%Y', 'UTC'), parseDateTimeOrZero('x', '%Y', 'UTC'), parseDateTimeOrZero('2024-13', '%Y-%m', 'UTC'), parseDateTimeOrZero(NULL, '%Y', 'UTC'), parseDateTimeOrNull(materialize('10:61'), '%H:%i', 'UTC')

SELECT parseDateTimeOrNull(1, '%Y')

SELECT parseDateTimeOrZero(1, '%Y')

SELECT parseDateTime64('2024-05-06 10:11:12.123456', '%F %T.%f', 'UTC'), parseDateTime64('2024-05-06 10:11:12', '%F %T', 'UTC'), parseDateTime64('2024-05-06 10:11:12.123', '%Y-%m-%d %H:%i:%s.%f', 'UTC'), parseDateTime64OrNull('x', '%F %T', 'UTC'), parseDateTime64OrZero('x', '%F %T', 'UTC'), parseDateTime64(NULL, '%F', 'UTC'), parseDateTime64OrNull(NULL, '%F', 'UTC'), parseDateTime64OrZero(NULL, '%F', 'UTC'), parseDateTime64OrNull('2024-05-06', '%F', 'UTC'), parseDateTime64OrZero(materialize('2024-05-06'), '%F', 'UTC'), parseDateTime64(materialize('2024-05-06'), '%F', 'UTC')

SELECT parseDateTime64('x', '%F')

SELECT parseDateTime64OrNull(1, '%F')

SELECT parseDateTime64OrZero(1, '%F')

SELECT parseDateTimeInJodaSyntax('2023-02-24 14:53:31', 'yyyy-MM-dd HH:mm:ss', 'Europe/Minsk'), parseDateTimeInJodaSyntax('24 Feb 2023', 'dd MMM yyyy', 'UTC'), parseDateTimeInJodaSyntax('3 PM', 'h a', 'UTC'), parseDateTimeInJodaSyntax('2024-126', 'yyyy-DDD', 'UTC'), parseDateTimeInJodaSyntax('2024 05 \'T\'', 'yyyy MM \'\'\'T\'\'\'', 'UTC'), parseDateTimeInJodaSyntax('Monday', 'EEEE', 'UTC'), parseDateTimeInJodaSyntax('2024-05-06 10:00:00 +0900', 'yyyy-MM-dd HH:mm:ss Z', 'UTC'), parseDateTimeInJodaSyntax('24', 'yy', 'UTC'), parseDateTimeInJodaSyntax('2024 24', 'yyyy k', 'UTC')

SELECT parseDateTimeInJodaSyntax(NULL, 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrNull('x', 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrNull('2020', 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrNull(NULL, 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrZero('x', 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrZero('2020', 'yyyy', 'UTC'), parseDateTimeInJodaSyntaxOrZero(NULL, 'yyyy', 'UTC'), parseDateTimeInJodaSyntax(materialize('2020'), 'yyyy', 'UTC')

SELECT parseDateTimeInJodaSyntax('x', 'yyyy')

SELECT parseDateTimeInJodaSyntaxOrNull(1, 'yyyy')

SELECT parseDateTimeInJodaSyntaxOrZero(1, 'yyyy')

SELECT parseDateTime64InJodaSyntax('2024-05-06 10:00:00.123', 'yyyy-MM-dd HH:mm:ss.SSS', 'UTC'), parseDateTime64InJodaSyntaxOrNull('x', 'yyyy-MM-dd HH:mm:ss.SSS', 'UTC'), parseDateTime64InJodaSyntaxOrZero('x', 'yyyy-MM-dd HH:mm:ss.SSS', 'UTC'), parseDateTime64InJodaSyntax(NULL, 'yyyy', 'UTC'), parseDateTime64InJodaSyntaxOrNull(NULL, 'yyyy', 'UTC'), parseDateTime64InJodaSyntaxOrZero(NULL, 'yyyy', 'UTC'), parseDateTime64InJodaSyntaxOrNull('2024-05-06 10:00:00.123456', 'yyyy-MM-dd HH:mm:ss.SSSSSS', 'UTC'), parseDateTime64InJodaSyntaxOrZero('2024', 'yyyy', 'UTC')

SELECT parseDateTime64InJodaSyntax('x', 'yyyy')

SELECT parseDateTime64InJodaSyntaxOrNull(1, 'yyyy')

SELECT parseDateTime64InJodaSyntaxOrZero(1, 'yyyy')

SELECT formatDateTimeInJodaSyntax(toDateTime('2010-01-04 12:34:56', 'UTC'), 'yyyy-MM-dd HH:mm:ss'), formatDateTimeInJodaSyntax(toDateTime('2010-01-04 12:34:56', 'UTC'), 'G C y yy yyy e E EEE EEEE D DDD M MM MMM MMMM d a aaa h hh K k H m s'), formatDateTimeInJodaSyntax(toDateTime('2010-01-04 12:34:56', 'UTC'), 'Y x w'), formatDateTimeInJodaSyntax(toDateTime('2010-01-04 12:34:56', 'UTC'), 'zzzz'), formatDateTimeInJodaSyntax(toDateTime('2010-01-04 12:34:56', 'UTC'), '\'at\' yyyy \'\''), formatDateTimeInJodaSyntax(toDateTime64('2010-01-04 12:34:56.789', 3, 'UTC'), 'S SS SSS SSSS'), formatDateTimeInJodaSyntax(toDate('2010-01-04'), 'yyyy HH')

SELECT formatDateTimeInJodaSyntax(NULL, 'yyyy'), formatDateTimeInJodaSyntax(ts, 'yyyyMMdd'), formatDateTimeInJodaSyntax(ts, 'HH:mm', 'Asia/Tokyo'), formatDateTimeInJodaSyntax(ts64, 'ss.SSS'), formatDateTimeInJodaSyntax(day, 'EEE, d MMM') FROM events ORDER BY id LIMIT 3

SELECT formatDateTimeInJodaSyntax(today(), 'z')

SELECT formatDateTimeInJodaSyntax('a', 'yyyy')

SELECT fromUnixTimestampInJodaSyntax(1660000000, 'yyyy-MM-dd HH:mm:ss', 'UTC'), fromUnixTimestampInJodaSyntax(NULL, 'yyyy', 'UTC'), fromUnixTimestampInJodaSyntax(materialize(1660000000), 'HH', 'Asia/Tokyo')

SELECT fromUnixTimestampInJodaSyntax('a', 'yyyy')

SELECT parseDateTimeBestEffortUS('10/23/2020 12:12:57', 'UTC'), parseDateTimeBestEffortUSOrNull('10/23/2020', 'UTC'), parseDateTimeBestEffortUSOrNull('x', 'UTC'), parseDateTimeBestEffortUSOrZero('x', 'UTC'), parseDateTimeBestEffortUSOrZero('10/23/2020', 'UTC'), parseDateTimeBestEffortUSOrNull(NULL, 'UTC'), parseDateTimeBestEffortUSOrZero(NULL, 'UTC'), parseDateTimeBestEffortUS(NULL, 'UTC'), parseDateTime64BestEffortUS('10/23/2020 12:12:57.123', 3, 'UTC'), parseDateTime64BestEffortUSOrNull('x', 3, 'UTC'), parseDateTime64BestEffortUSOrZero('x', 3, 'UTC'), parseDateTime64BestEffortUSOrNull('10/23/2020', 6, 'UTC')

SELECT parseDateTime64BestEffortUS(NULL, 3, 'UTC'), parseDateTime64BestEffortUSOrNull(NULL, 3, 'UTC'), parseDateTime64BestEffortUSOrZero(NULL, 3, 'UTC'), parseDateTime64BestEffortUSOrZero('10/23/2020', 0, 'UTC'), parseDateTime32BestEffort('2020-10-23 12:12:57', 'UTC'), parseDateTime32BestEffortOrNull('x', 'UTC'), parseDateTime32BestEffortOrZero('x', 'UTC'), parseDateTime32BestEffort(NULL, 'UTC'), parseDateTime32BestEffortOrNull(NULL, 'UTC'), parseDateTime32BestEffortOrZero(NULL, 'UTC')

SELECT parseDateTimeBestEffortUS('x')

SELECT parseDateTimeBestEffortUSOrNull(1)

SELECT parseDateTimeBestEffortUSOrZero(1)

SELECT parseDateTime64BestEffortUS('x')

SELECT parseDateTime64BestEffortUSOrNull(1)

SELECT parseDateTime64BestEffortUSOrZero(1)

SELECT parseDateTime32BestEffort('x')

SELECT parseDateTime32BestEffortOrNull(1)

SELECT parseDateTime32BestEffortOrZero(1)
