SELECT DATE()

SELECT DATE(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT DATE(NULL)

SELECT _CAST()

SELECT _CAST(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT _CAST('a', toDate('2026-01-02'))

SELECT toMicrosecond()

SELECT fromUnixTimestamp64Second()

SELECT fromUnixTimestamp64Micro()

SELECT fromUnixTimestamp64Nano()

SELECT toUnixTimestamp64Second()

SELECT toUnixTimestamp64Micro()

SELECT toUnixTimestamp64Nano()

SELECT parseDateTimeBestEffortUS()

SELECT parseDateTimeBestEffortUSOrNull()

SELECT parseDateTimeBestEffortUSOrZero()

SELECT parseDateTime32BestEffort()

SELECT parseDateTime32BestEffortOrNull()

SELECT parseDateTime32BestEffortOrZero()

SELECT addDate()

SELECT subDate()

SELECT rand(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT rand64(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT randCanonical(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT generateUUIDv4(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT rand32(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT isIPv4String()

SELECT isIPv6String()

SELECT INET_NTOA()

SELECT INET_NTOA(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT domainWithoutWWW()

SELECT topLevelDomain()

SELECT path()

SELECT queryString()

SELECT sipHash128(NULL)

SELECT sipHash128Reference(NULL)

SELECT xxHash32(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT xxh3_128(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT murmurHash2_32(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT murmurHash2_64(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT gccMurmurHash(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT kafkaMurmurHash(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT murmurHash3_32(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT murmurHash3_128(NULL)

SELECT SHA512()

SELECT SHA512_256()

SELECT RIPEMD160()

SELECT hiveHash(NULL)

SELECT firstLine()

SELECT basename()

SELECT toStringCutToZero()

SELECT initcapUTF8()

SELECT toValidUTF8()

SELECT stringBytesUniq()

SELECT stringBytesEntropy()

SELECT SUBSTRING_INDEX()

SELECT SUBSTRING_INDEX(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT isASCII()

SELECT makeDate32()

SELECT YYYYMMDDToDate()

SELECT YYYYMMDDToDate32()

SELECT YYYYMMDDhhmmssToDateTime()

SELECT YYYYMMDDhhmmssToDateTime64()

SELECT toModifiedJulianDayOrNull()

SELECT fromModifiedJulianDayOrNull()

SELECT fromDaysSinceYearZero32()

SELECT UUIDv7ToDateTime()

SELECT monthName()

SELECT FROM_DAYS()

SELECT FROM_DAYS(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT acosh()

SELECT asinh()

SELECT atanh()

SELECT sigmoid()

SELECT intExp2()

SELECT intExp10()

SELECT roundDuration()

SELECT roundAge()

SELECT bitRotateLeft()

SELECT bitRotateRight()

SELECT bitHammingDistance()

SELECT countDigits()

SELECT isDecimalOverflow()

SELECT width_bucket()

SELECT IPv4StringToNumOrNull()

SELECT IPv4StringToNumOrDefault()

SELECT IPv4NumToStringClassC()

SELECT IPv6StringToNumOrNull()

SELECT IPv6StringToNumOrDefault()

SELECT IPv4ToIPv6()

SELECT MACNumToString()

SELECT MACStringToNum()

SELECT MACStringToOUI()

SELECT UUIDNumToString()

SELECT UUIDToNum()

SELECT INET_ATON()

SELECT INET_ATON(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT INET6_ATON()

SELECT INET6_ATON(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT INET6_NTOA()

SELECT INET6_NTOA(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT pointInEllipses()

SELECT randNormal()

SELECT randLogNormal()

SELECT generateUUIDv7(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT parseDateTimeOrNull()

SELECT parseDateTimeOrZero()

SELECT parseDateTime64()

SELECT parseDateTime64OrNull()

SELECT parseDateTime64OrZero()

SELECT parseDateTimeInJodaSyntaxOrNull()

SELECT parseDateTimeInJodaSyntaxOrZero()

SELECT parseDateTime64InJodaSyntax()

SELECT parseDateTime64InJodaSyntaxOrNull()

SELECT parseDateTime64InJodaSyntaxOrZero()

SELECT fromUnixTimestampInJodaSyntax()

SELECT TO_UNIXTIME()

SELECT TO_UNIXTIME(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT str_to_date()

SELECT str_to_date(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT ignore()

SELECT isConstant()

SELECT isNullable()

SELECT defaultValueOfArgumentType()

SELECT byteSize()

SELECT isZeroOrNull()

SELECT runningDifference(1.5)

SELECT runningDifferenceStartingWithFirstValue(1.5)

SELECT runningAccumulate('a', toDate('2026-01-02'))

SELECT runningAccumulate(1, 'a')

SELECT runningAccumulate(1.5)

SELECT neighbor('a', toDate('2026-01-02'))

SELECT neighbor(toDate('2026-01-02'), 'a', 1)

SELECT parseReadableSizeOrNull()

SELECT parseReadableSizeOrZero()

SELECT session_user()

SELECT currentQueryID(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT current_query_id(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT hostname(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT concatAssumeInjective()

SELECT concatAssumeInjective(toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'), toDate('2026-01-02'))

SELECT caseWithoutExpr()

SELECT positive_modulo()
