SELECT CAST(toUInt8(200), 'Int8') AS x, toTypeName(x)

SELECT CAST(toUInt8(200), 'Int64') AS x, toTypeName(x)

SELECT CAST(toUInt8(200), 'Decimal(9,2)') AS x, toTypeName(x)

SELECT CAST(toUInt8(200), 'Date32') AS x, toTypeName(x)

SELECT toString(toUInt8(200)) AS x, toTypeName(x)

SELECT toDateTimeOrZero(toUInt8(200)) AS x, toTypeName(x)

SELECT toIPv4OrNull(toUInt8(200)) AS x, toTypeName(x)

SELECT toDayOfWeek(toUInt8(200)) AS x, toTypeName(x)

SELECT toMillisecond(toUInt8(200)) AS x, toTypeName(x)

SELECT lower(toUInt8(200)) AS x, toTypeName(x)

SELECT abs(toUInt8(200)) AS x, toTypeName(x)

SELECT exp(toUInt8(200)) AS x, toTypeName(x)

SELECT log2(toUInt8(200)) AS x, toTypeName(x)

SELECT not(toUInt8(200)) AS x, toTypeName(x)

SELECT isNotNull(toUInt8(200)) AS x, toTypeName(x)

SELECT bitNot(toUInt8(200)) AS x, toTypeName(x)

SELECT toLowCardinality(toUInt8(200)) AS x, toTypeName(x)

SELECT intHash64(toUInt8(200)) AS x, toTypeName(x)

SELECT domain(toUInt8(200)) AS x, toTypeName(x)

SELECT CAST(toInt8(-100), 'UInt64') AS x, toTypeName(x)

SELECT CAST(toInt8(-100), 'Date32') AS x, toTypeName(x)

SELECT CAST(toInt8(-100), 'Nullable(String)') AS x, toTypeName(x)

SELECT toString(toInt8(-100)) AS x, toTypeName(x)

SELECT toUInt16(toInt8(-100)) AS x, toTypeName(x)

SELECT toFloat64(toInt8(-100)) AS x, toTypeName(x)

SELECT toInt32OrNull(toInt8(-100)) AS x, toTypeName(x)

SELECT toDateTimeOrZero(toInt8(-100)) AS x, toTypeName(x)

SELECT toIPv6OrNull(toInt8(-100)) AS x, toTypeName(x)

SELECT parseDateTimeBestEffortOrNull(toInt8(-100)) AS x, toTypeName(x)

SELECT toYear(toInt8(-100)) AS x, toTypeName(x)

SELECT toStartOfWeek(toInt8(-100)) AS x, toTypeName(x)

SELECT toStartOfFifteenMinutes(toInt8(-100)) AS x, toTypeName(x)

SELECT toDayOfMonth(toInt8(-100)) AS x, toTypeName(x)

SELECT abs(toInt8(-100)) AS x, toTypeName(x)

SELECT not(toInt8(-100)) AS x, toTypeName(x)

SELECT isInfinite(toInt8(-100)) AS x, toTypeName(x)

SELECT bitNot(toInt8(-100)) AS x, toTypeName(x)

SELECT identity(toInt8(-100)) AS x, toTypeName(x)

SELECT materialize(toInt8(-100)) AS x, toTypeName(x)

SELECT toLowCardinality(toInt8(-100)) AS x, toTypeName(x)

SELECT formatReadableSize(toInt8(-100)) AS x, toTypeName(x)

SELECT timeZoneOf(toInt8(-100)) AS x, toTypeName(x)

SELECT intHash64(toInt8(-100)) AS x, toTypeName(x)

SELECT toInt64(toUInt16(60000)) AS x, toTypeName(x)

SELECT toInt32OrNull(toUInt16(60000)) AS x, toTypeName(x)

SELECT toFloat64OrZero(toUInt16(60000)) AS x, toTypeName(x)

SELECT toUUIDOrNull(toUInt16(60000)) AS x, toTypeName(x)

SELECT toIPv6OrNull(toUInt16(60000)) AS x, toTypeName(x)

SELECT toISOWeek(toUInt16(60000)) AS x, toTypeName(x)

SELECT upper(toUInt16(60000)) AS x, toTypeName(x)

SELECT sin(toUInt16(60000)) AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'UInt8') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'Int8') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'Int16') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'Int64') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'Float32') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'Decimal(9,2)') AS x, toTypeName(x)

SELECT CAST(toInt16(-5), 'LowCardinality(String)') AS x, toTypeName(x)

SELECT toUInt16(toInt16(-5)) AS x, toTypeName(x)

SELECT toInt32OrDefault(toInt16(-5)) AS x, toTypeName(x)

SELECT toStartOfFiveMinutes(toInt16(-5)) AS x, toTypeName(x)

SELECT round(toInt16(-5)) AS x, toTypeName(x)

SELECT log2(toInt16(-5)) AS x, toTypeName(x)

SELECT assumeNotNull(toInt16(-5)) AS x, toTypeName(x)

SELECT toNullable(toInt16(-5)) AS x, toTypeName(x)

SELECT cityHash64(toInt16(-5)) AS x, toTypeName(x)

SELECT trim(toInt16(-5)) AS x, toTypeName(x)

SELECT toDecimal32OrNull(toInt16(-5)) AS x, toTypeName(x)

SELECT roundBankers(toInt16(-5)) AS x, toTypeName(x)

SELECT CAST(toUInt32(4000000000), 'Decimal(9,2)') AS x, toTypeName(x)

SELECT CAST(toUInt32(4000000000), 'Bool') AS x, toTypeName(x)

SELECT CAST(toUInt32(4000000000), 'DateTime64(6,''Asia/Tokyo'')') AS x, toTypeName(x)

SELECT CAST(toUInt32(4000000000), 'Nullable(String)') AS x, toTypeName(x)

SELECT toInt16(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toInt32OrNull(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toYYYYMMDD(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toYYYYMMDDhhmmss(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toUnixTimestamp64Milli(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT reverse(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT unhex(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT not(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT trim(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT formatReadableSize(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT intHash64(toUInt32(4000000000)) AS x, toTypeName(x)

SELECT CAST(toInt32(-7), 'UInt32') AS x, toTypeName(x)

SELECT CAST(toInt32(-7), 'Int64') AS x, toTypeName(x)

SELECT CAST(toInt32(-7), 'Bool') AS x, toTypeName(x)

SELECT CAST(toInt32(-7), 'Nullable(Int32)') AS x, toTypeName(x)

SELECT CAST(toInt32(-7), 'Enum8(''a''=1,''b''=2)') AS x, toTypeName(x)

SELECT toUInt64(toInt32(-7)) AS x, toTypeName(x)

SELECT toUUIDOrZero(toInt32(-7)) AS x, toTypeName(x)

SELECT toStartOfSecond(toInt32(-7)) AS x, toTypeName(x)

SELECT toYYYYMMDDhhmmss(toInt32(-7)) AS x, toTypeName(x)

SELECT negate(toInt32(-7)) AS x, toTypeName(x)

SELECT exp(toInt32(-7)) AS x, toTypeName(x)

SELECT log2(toInt32(-7)) AS x, toTypeName(x)

SELECT log10(toInt32(-7)) AS x, toTypeName(x)

SELECT cityHash64(toInt32(-7)) AS x, toTypeName(x)

SELECT sipHash64(toInt32(-7)) AS x, toTypeName(x)

SELECT materialize(toInt32(-7)) AS x, toTypeName(x)

SELECT degrees(toInt32(-7)) AS x, toTypeName(x)

SELECT CAST(toUInt64(18446744073709551615), 'UInt8') AS x, toTypeName(x)

SELECT accurateCastOrNull(toUInt64(18446744073709551615), 'Int64') AS x, toTypeName(x)

SELECT CAST(toUInt64(18446744073709551615), 'IPv4') AS x, toTypeName(x)

SELECT toFloat64OrNull(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toDateTimeOrZero(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toDayOfYear(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toISOYear(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toStartOfQuarter(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toYYYYMMDDhhmmss(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT lower(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT sign(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT exp(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT sin(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toNullable(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toTypeName(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT cityHash64(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT domain(toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT CAST(toInt64(-9000000000000000000), 'Int64') AS x, toTypeName(x)

SELECT CAST(toInt64(-9000000000000000000), 'DateTime(''UTC'')') AS x, toTypeName(x)

SELECT toFloat32(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toFloat64(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toInt32OrNull(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toDateOrZero(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toStartOfWeek(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toStartOfSecond(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toYYYYMMDD(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toRelativeDayNum(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT lengthUTF8(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT notEmpty(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT lower(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT unhex(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT isNull(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT degrees(toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT CAST(toFloat32(1.5), 'UInt16') AS x, toTypeName(x)

SELECT toFloat64OrNull(toFloat32(1.5)) AS x, toTypeName(x)

SELECT toMonth(toFloat32(1.5)) AS x, toTypeName(x)

SELECT toStartOfMinute(toFloat32(1.5)) AS x, toTypeName(x)

SELECT toStartOfTenMinutes(toFloat32(1.5)) AS x, toTypeName(x)

SELECT hex(toFloat32(1.5)) AS x, toTypeName(x)

SELECT sign(toFloat32(1.5)) AS x, toTypeName(x)

SELECT not(toFloat32(1.5)) AS x, toTypeName(x)

SELECT toLowCardinality(toFloat32(1.5)) AS x, toTypeName(x)

SELECT intHash64(toFloat32(1.5)) AS x, toTypeName(x)

SELECT isValidUTF8(toFloat32(1.5)) AS x, toTypeName(x)

SELECT CAST(toFloat64(-2.25), 'UInt16') AS x, toTypeName(x)

SELECT accurateCastOrNull(toFloat64(-2.25), 'UInt32') AS x, toTypeName(x)

SELECT accurateCastOrNull(toFloat64(-2.25), 'DateTime') AS x, toTypeName(x)

SELECT toUInt16(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toInt32OrNull(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toDateOrZero(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toUUIDOrNull(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toDayOfYear(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toStartOfTenMinutes(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT isFinite(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT exp2(toFloat64(-2.25)) AS x, toTypeName(x)

SELECT CAST(toDecimal32('12.345', 3), 'UInt8') AS x, toTypeName(x)

SELECT CAST(toDecimal32('12.345', 3), 'LowCardinality(String)') AS x, toTypeName(x)

SELECT toInt32(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toBool(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toFloat64OrNull(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toDateOrZero(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toDayOfYear(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toSecond(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toWeek(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toStartOfQuarter(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toStartOfSecond(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toYYYYMMDD(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT lower(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT unhex(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT log10(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT isNull(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toTypeName(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT sipHash64(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toDecimal32OrNull(toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT CAST(toDecimal64('-1.5', 6), 'Float64') AS x, toTypeName(x)

SELECT toInt32OrNull(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toFloat64OrZero(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toIPv6OrNull(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toMillisecond(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT lengthUTF8(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT unhex(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT ceil(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT isNotNull(toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT CAST(true, 'Int16') AS x, toTypeName(x)

SELECT CAST(true, 'Decimal(18,4)') AS x, toTypeName(x)

SELECT CAST(true, 'Nullable(Int32)') AS x, toTypeName(x)

SELECT toStartOfFiveMinutes(true) AS x, toTypeName(x)

SELECT toRelativeDayNum(true) AS x, toTypeName(x)

SELECT exp(true) AS x, toTypeName(x)

SELECT log2(true) AS x, toTypeName(x)

SELECT sin(true) AS x, toTypeName(x)

SELECT toNullable(true) AS x, toTypeName(x)

SELECT formatReadableSize(true) AS x, toTypeName(x)

SELECT formatReadableQuantity(true) AS x, toTypeName(x)

SELECT intHash64(true) AS x, toTypeName(x)

SELECT CAST(NULL, 'UInt16') AS x, toTypeName(x)

SELECT CAST(NULL, 'Decimal(9,2)') AS x, toTypeName(x)

SELECT accurateCastOrNull(NULL, 'Date') AS x, toTypeName(x)

SELECT accurateCastOrNull(NULL, 'Date32') AS x, toTypeName(x)

SELECT CAST(NULL, 'Nullable(Int32)') AS x, toTypeName(x)

SELECT CAST(NULL, 'IPv4') AS x, toTypeName(x)

SELECT toDateTimeOrNull(NULL) AS x, toTypeName(x)

SELECT toQuarter(NULL) AS x, toTypeName(x)

SELECT toStartOfHour(NULL) AS x, toTypeName(x)

SELECT toStartOfFifteenMinutes(NULL) AS x, toTypeName(x)

SELECT toDayOfMonth(NULL) AS x, toTypeName(x)

SELECT sign(NULL) AS x, toTypeName(x)

SELECT log10(NULL) AS x, toTypeName(x)

SELECT CAST(CAST(3, 'Nullable(UInt8)'), 'UInt8') AS x, toTypeName(x)

SELECT CAST(CAST(3, 'Nullable(UInt8)'), 'UInt32') AS x, toTypeName(x)

SELECT CAST(CAST(3, 'Nullable(UInt8)'), 'Date32') AS x, toTypeName(x)

SELECT CAST(CAST(3, 'Nullable(UInt8)'), 'DateTime64(6,''Asia/Tokyo'')') AS x, toTypeName(x)

SELECT toDayOfWeek(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toMillisecond(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toISOWeek(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toISOYear(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toStartOfDay(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toStartOfFiveMinutes(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toStartOfFifteenMinutes(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toRelativeDayNum(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT notEmpty(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT abs(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT floor(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toTypeName(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT xxHash64(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT base64Encode(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT ascii(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT tgamma(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT erf(CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT toUInt64(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toDate32(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toDateTimeOrNull(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toDateTimeOrZero(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toUnixTimestamp(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toMonth(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toStartOfMonth(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT cityHash64(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT IPv4NumToString(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT exp2(toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toInt64(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toDateTimeOrNull(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT parseDateTimeBestEffortOrNull(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toStartOfWeek(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT trunc(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT log10(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toNullable(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT formatReadableSize(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT isValidUTF8(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT roundBankers(toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT CAST(toDateTime('2024-10-27 02:30:15','Europe/Berlin'), 'UInt64') AS x, toTypeName(x)

SELECT accurateCastOrNull(toDateTime('2024-10-27 02:30:15','Europe/Berlin'), 'Float64') AS x, toTypeName(x)

SELECT accurateCastOrNull(toDateTime('2024-10-27 02:30:15','Europe/Berlin'), 'DateTime64(6,''Asia/Tokyo'')') AS x, toTypeName(x)

SELECT toInt8(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT parseDateTimeBestEffortOrNull(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toMonth(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toYYYYMM(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT upper(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT round(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT floor(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT trunc(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT exp(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT log2(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT isNotNull(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toNullable(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toTypeName(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT trim(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT identity(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT roundBankers(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT tgamma(toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT CAST(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'), 'Int64') AS x, toTypeName(x)

SELECT CAST(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'), 'DateTime(''UTC'')') AS x, toTypeName(x)

SELECT CAST(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'), 'DateTime64(6,''Asia/Tokyo'')') AS x, toTypeName(x)

SELECT toInt32OrZero(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toFloat64OrNull(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toMonth(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toQuarter(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toISOYear(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toWeek(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toStartOfHour(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toStartOfTenMinutes(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT length(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT empty(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT lower(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT abs(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT sign(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT trunc(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT log(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toNullable(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT initcap(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT domain(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT CAST('abc', 'UInt16') AS x, toTypeName(x)

SELECT accurateCastOrNull('abc', 'UInt32') AS x, toTypeName(x)

SELECT CAST('abc', 'Int32') AS x, toTypeName(x)

SELECT accurateCastOrNull('abc', 'Float32') AS x, toTypeName(x)

SELECT accurateCastOrNull('abc', 'DateTime64(6,''Asia/Tokyo'')') AS x, toTypeName(x)

SELECT accurateCastOrNull('abc', 'String') AS x, toTypeName(x)

SELECT accurateCastOrNull('abc', 'Nullable(Int32)') AS x, toTypeName(x)

SELECT CAST('abc', 'Nullable(String)') AS x, toTypeName(x)

SELECT toStartOfYear('abc') AS x, toTypeName(x)

SELECT toStartOfQuarter('abc') AS x, toTypeName(x)

SELECT negate('abc') AS x, toTypeName(x)

SELECT round('abc') AS x, toTypeName(x)

SELECT isNull('abc') AS x, toTypeName(x)

SELECT toLowCardinality('abc') AS x, toTypeName(x)

SELECT formatReadableSize('abc') AS x, toTypeName(x)

SELECT domain('abc') AS x, toTypeName(x)

SELECT accurateCastOrNull('17', 'UInt8') AS x, toTypeName(x)

SELECT CAST('17', 'UInt16') AS x, toTypeName(x)

SELECT accurateCastOrNull('17', 'Float32') AS x, toTypeName(x)

SELECT accurateCastOrNull('17', 'IPv4') AS x, toTypeName(x)

SELECT toFloat64('17') AS x, toTypeName(x)

SELECT toDate32('17') AS x, toTypeName(x)

SELECT toIPv6OrNull('17') AS x, toTypeName(x)

SELECT toStartOfSecond('17') AS x, toTypeName(x)

SELECT toStartOfFifteenMinutes('17') AS x, toTypeName(x)

SELECT lower('17') AS x, toTypeName(x)

SELECT hex('17') AS x, toTypeName(x)

SELECT materialize('17') AS x, toTypeName(x)

SELECT toDecimal32OrNull('17') AS x, toTypeName(x)

SELECT degrees('17') AS x, toTypeName(x)

SELECT CAST(toFixedString('ab',4), 'Int8') AS x, toTypeName(x)

SELECT CAST(toFixedString('ab',4), 'UInt64') AS x, toTypeName(x)

SELECT CAST(toFixedString('ab',4), 'FixedString(8)') AS x, toTypeName(x)

SELECT accurateCastOrNull(toFixedString('ab',4), 'LowCardinality(Nullable(String))') AS x, toTypeName(x)

SELECT CAST(toFixedString('ab',4), 'UUID') AS x, toTypeName(x)

SELECT toInt8(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toInt32(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toFloat32(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toDateOrNull(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toYear(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toStartOfYear(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toStartOfWeek(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT round(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT log2(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT isNull(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT toLowCardinality(toFixedString('ab',4)) AS x, toTypeName(x)

SELECT CAST(toLowCardinality('abc'), 'Bool') AS x, toTypeName(x)

SELECT accurateCastOrNull(toLowCardinality('abc'), 'Date32') AS x, toTypeName(x)

SELECT accurateCastOrNull(toLowCardinality('abc'), 'DateTime(''UTC'')') AS x, toTypeName(x)

SELECT CAST(toLowCardinality('abc'), 'LowCardinality(String)') AS x, toTypeName(x)

SELECT CAST(toLowCardinality('abc'), 'LowCardinality(Nullable(String))') AS x, toTypeName(x)

SELECT accurateCastOrNull(toLowCardinality('abc'), 'IPv4') AS x, toTypeName(x)

SELECT accurateCastOrNull(toLowCardinality('abc'), 'IPv6') AS x, toTypeName(x)

SELECT toDate(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT toBool(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT toIPv4OrNull(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT toMillisecond(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT toStartOfMinute(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT notEmpty(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT hex(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT IPv4NumToString(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT ascii(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT domain(toLowCardinality('abc')) AS x, toTypeName(x)

SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), 'LowCardinality(String)') AS x, toTypeName(x)

SELECT toFloat64OrZero(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toDateOrNull(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT parseDateTimeBestEffort(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toDayOfYear(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toMinute(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toMillisecond(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toWeek(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT floor(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT bitCount(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT timeZoneOf(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT IPv4NumToString(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT CAST(toIPv4('10.0.0.1'), 'String') AS x, toTypeName(x)

SELECT toUInt32(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT toUInt64(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT toIPv4OrNull(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT parseDateTimeBestEffortOrNull(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT ceil(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT trunc(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT exp(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT not(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT ascii(toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT toUUIDOrZero(toIPv6('::1')) AS x, toTypeName(x)

SELECT parseDateTimeBestEffortOrNull(toIPv6('::1')) AS x, toTypeName(x)

SELECT toDayOfWeek(toIPv6('::1')) AS x, toTypeName(x)

SELECT toMinute(toIPv6('::1')) AS x, toTypeName(x)

SELECT toStartOfFifteenMinutes(toIPv6('::1')) AS x, toTypeName(x)

SELECT trunc(toIPv6('::1')) AS x, toTypeName(x)

SELECT log10(toIPv6('::1')) AS x, toTypeName(x)

SELECT isNaN(toIPv6('::1')) AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'Float64') AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'String') AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'Nullable(Int32)') AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'Nullable(String)') AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'Enum8(''a''=1,''b''=2)') AS x, toTypeName(x)

SELECT CAST(CAST('a','Enum8(\'a\'=1,\'b\'=2)'), 'Enum16(''abc''=1,''17''=300)') AS x, toTypeName(x)

SELECT toStartOfMonth(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT toStartOfQuarter(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT toYYYYMM(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT unhex(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT ceil(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT exp(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT log2(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT bitNot(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT degrees(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT exp2(CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)
