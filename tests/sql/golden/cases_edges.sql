SELECT formatDateTimeInJodaSyntax(toDateTime64('2299-12-31 00:00:00',0,'UTC'),'yyyy')

SELECT fromUnixTimestampInJodaSyntax(9223372036854775807, 'yyyy-MM-dd', 'UTC')

SELECT fromUnixTimestampInJodaSyntax(-9223372036854775808, 'yyyy-MM-dd', 'UTC')

SELECT fromUnixTimestampInJodaSyntax(70368744177664, 'yyyy-MM-dd', 'UTC')

SELECT fromUnixTimestampInJodaSyntax(-1, 'yyyy-MM-dd', 'UTC')

SELECT sparkbar(4)(number, if(number = 1, inf, 1.)) FROM numbers(4)

SELECT sparkbar(4)(number, if(number = 1, nan, 1.)) FROM numbers(4)

SELECT sparkbar(4)(number, inf) FROM numbers(4)

SELECT fromUnixTimestampInJodaSyntax(toInt64(-1), 'yyyy-MM-dd', 'UTC'), fromUnixTimestampInJodaSyntax(toInt32(-1), 'yyyy-MM-dd', 'UTC'), fromUnixTimestampInJodaSyntax(toUInt64(18446744073709551615), 'yyyy-MM-dd HH', 'UTC')

SELECT fromUnixTimestampInJodaSyntax(toNullable(toInt64(0)), 'yyyy', 'UTC'), fromUnixTimestampInJodaSyntax(NULL, 'yyyy')

SELECT fromUnixTimestampInJodaSyntax('x', 'yyyy')
