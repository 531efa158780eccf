SELECT CAST(nan AS UInt8)

SELECT CAST(inf AS Int64)

SELECT toInt32(nan)

SELECT toInt32OrDefault(nan)

SELECT toUInt8(materialize(inf))

SELECT CAST(materialize(nan) AS Nullable(Int8))

SELECT toInt128(nan)

SELECT toInt256(inf)

SELECT toDate(nan)

SELECT toDateTime(nan)

SELECT toBool(nan)

SELECT CAST(nan AS Decimal(9,2))

SELECT CAST(1e300 AS Int128), CAST(1e30 AS Int256), CAST(1e300 AS UInt256)

SELECT accurateCast(nan, 'Int8')

SELECT accurateCastOrNull(nan, 'Int8')

SELECT accurateCastOrDefault(inf, 'Int8', toInt8(4))

SELECT arrayMap(x -> toInt8(x), [nan])

SELECT max(CAST('a' AS Enum8('a'=2,'b'=3))) FROM numbers(0)

SELECT min(CAST('a' AS Enum8('a'=2,'b'=3))), any(CAST('a' AS Enum8('a'=2,'b'=3))), anyLast(CAST('a' AS Enum8('a'=2,'b'=3))), argMin(CAST('a' AS Enum8('a'=2,'b'=3)), number) FROM numbers(0)

SELECT CAST(max(CAST('a' AS Enum8('a'=2,'b'=3))) AS Int8) FROM numbers(0)

SELECT uniqHLL12(toFloat64(number)) FROM numbers(100)

SELECT uniqHLL12(toFloat64(number)/3) FROM numbers(100000)

SELECT uniqHLL12(toFloat32(number)/3) FROM numbers(1000)

SELECT toUInt8OrDefault(materialize(300)), toUInt8OrDefault('abc'), toUInt8OrDefault('12'), toUInt8OrDefault(CAST(NULL AS Nullable(String)))

SELECT toUInt8OrDefault('x', 3)

SELECT toUInt8OrDefault('x', toUInt8(3))

SELECT toUInt8OrDefault([1])

SELECT toDateOrDefault(1), toTypeName(toDateOrDefault('2020'))

SELECT toDateOrDefault('2020-01-01')

SELECT toDateOrDefault('x', toDate('2021-01-01'))

SELECT toUUIDOrDefault('x'), toIPv4OrDefault('1'), toIPv6OrDefault('1')

SELECT toFloat64OrDefault(toDecimal32(1.5,1))

SELECT toDecimal32OrDefault('x', 2)

SELECT toDecimal32OrDefault('1.25', 1, toDecimal32(7,1))

SELECT toDateTimeOrDefault('x'), toTypeName(toDateTimeOrDefault('x'))

SELECT toDateTimeOrDefault('x', 'UTC', toDateTime('2020-01-01','UTC'))

SELECT toDateTime64OrDefault('x', 3), toTypeName(toDateTime64OrDefault('x',3))

SELECT toUInt8OrDefault(true), toUInt8OrDefault(nan), toUInt8OrDefault(CAST('a' AS Enum8('a'=2)))

SELECT toUInt8OrDefault(toIntervalDay(3))

SELECT toUInt8OrDefault(map(1,2))

SELECT toUInt8OrDefault(tuple(1))

SELECT toUInt8OrDefault(toFixedString('12',3)), toUInt8OrDefault(toNullable(3)), toTypeName(toUInt8OrDefault(toNullable(3)))

SELECT unbin(NULL), unhex(NULL), unhex(toNullable('41')), toTypeName(unhex(toNullable('41'))), toTypeName(unbin(toNullable('0100')))

SELECT tupleMultiplyByNumber((1,2), NULL)

SELECT tupleMultiplyByNumber((1,toNullable(2)), 2), toTypeName(tupleMultiplyByNumber((1,toNullable(2)), 2))

SELECT firstNonDefault(NULL, 1), toTypeName(firstNonDefault(NULL, 1)), toTypeName(firstNonDefault(toNullable(0), 1))

SELECT firstNonDefault(toNullable(0), 5), firstNonDefault(0, toNullable(5)), firstNonDefault(toNullable(0), toNullable(0))

SELECT firstNonDefault(NULL, NULL)

SELECT firstNonDefault('', 'a'), firstNonDefault(toNullable(''), 'a'), toTypeName(firstNonDefault(toNullable(''), 'a'))

SELECT IPv4ToIPv6(toIPv4('1.2.3.4')), toTypeName(IPv4ToIPv6(toIPv4('1.2.3.4'))), toTypeName(IPv4ToIPv6(toNullable(toIPv4('1.2.3.4'))))

SELECT IPv4ToIPv6(NULL), toTypeName(IPv4ToIPv6(NULL))

SELECT CAST(nullIf(1,1) AS String)

SELECT CAST(nullIf(materialize(1),1) AS String)

SELECT CAST(nullIf('a','b') AS String)

SELECT CAST(nullIf(number,5) AS String) FROM numbers(3)

SELECT toUInt8OrDefault(number) FROM numbers(254,4)

SELECT toInt8OrDefault(materialize(1e30)), toInt64OrDefault(1.5), toUInt64OrDefault(-1), toFloat32OrDefault(1e300), toUInt8OrDefault(1.5)

SELECT toUInt32OrDefault(toIPv4('1.2.3.4'))

SELECT toDateOrDefault(toDateTime('2020-01-02 03:04:05','UTC')), toDateTimeOrDefault(toDate('2020-01-02')), toDateOrDefault(70000), toDateOrDefault(-5), toDate32OrDefault('2020-01-01'), toDate32OrDefault('x')

SELECT toDateTimeOrDefault(5000000000), toDateTimeOrDefault(-1), toDateTime64OrDefault(1.5, 3), toDateTime64OrDefault(toDateTime64('2020-01-02 03:04:05.678', 3), 1)

SELECT toDecimal32OrDefault(1.25, 1), toDecimal32OrDefault(1e30, 1), toDecimal64OrDefault(toDecimal32(1.25,2), 1), toDecimal32OrDefault('1e30',1), toDecimal128OrDefault('5', 3, toDecimal128(1,3))

SELECT toUInt8OrDefault(toNullable('x'), toUInt8(7)), toUInt8OrDefault(NULL), toUInt8OrDefault(NULL, 5)

SELECT toTypeName(toUInt8OrDefault(NULL))

SELECT toUInt8OrDefault('x', NULL)

SELECT toUInt8OrDefault('x', 300)

SELECT toUInt8OrDefault('x', 'y')

SELECT toUInt8OrDefault('x', -1)

SELECT toUInt8OrDefault('x', 1.5)

SELECT toUInt8OrDefault('x', number) FROM numbers(2)

SELECT toUInt8OrDefault('x', toUInt8(number)) FROM numbers(2)

SELECT toIPv4OrDefault('x', toIPv4('1.2.3.4')), toIPv6OrDefault('::1'), toIPv6OrDefault('x', toIPv6('::2')), toUUIDOrDefault('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toUUIDOrDefault('x', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT toStringOrDefault(5)

SELECT toUInt8OrDefault(toLowCardinality('5')), toTypeName(toUInt8OrDefault(toLowCardinality('5')))

SELECT toDateOrDefault('2020-01-01 12:00:00'), toDateOrDefault('20200101'), toDateTimeOrDefault('2020-01-01'), toDateTimeOrDefault('2020-01-01T01:02:03'), toInt32OrDefault(' 5'), toInt32OrDefault('5 '), toInt32OrDefault('+5')

SELECT toDateTimeOrDefault('2020-01-01 00:00:00', 'Europe/Berlin'), toTypeName(toDateTimeOrDefault(toDateTime('2020-01-01 00:00:00', 'UTC')))

SELECT toDateTime64OrDefault('2020-01-01 00:00:00.123', 3, 'Europe/Berlin'), toTypeName(toDateTime64OrDefault('2020-01-01 00:00:00.123', 3, 'Europe/Berlin'))

SELECT toDateTime64OrDefault('x', 3, 'UTC', toDateTime64('2020-01-01 00:00:00', 3, 'UTC'))

SELECT toDateOrDefault('x', toDate('2021-01-01'), toDate('2022-01-01'))

SELECT toUInt8OrDefault(), 1

SELECT toUInt8OrDefault('5', toUInt8(1), 2)

SELECT toInt128OrDefault('170141183460469231731687303715884105728'), toInt256OrDefault('x'), toUInt256OrDefault(-1), toUInt128OrDefault(5)

SELECT toFloat64OrDefault('x', 1.5), toFloat64OrDefault('1.5x'), toFloat64OrDefault('nan'), toFloat32OrDefault(toInt64(16777217)), toFloat64OrDefault(NULL)

SELECT toUInt8OrDefault(materialize('x'), toUInt8(number)) FROM numbers(3)

SELECT uniqHLL12(-toFloat64(number)/3), uniqHLL12(-toFloat32(number)/3) FROM numbers(3000)

SELECT uniqHLL12(arrayJoin([1.5, nan, inf, -inf, 0.5])), uniqHLL12(toNullable(1.5))

SELECT min(CAST('a' AS Enum8('a'=2,'b'=3))), any(CAST('a' AS Enum8('a'=2,'b'=3))), anyLast(CAST('a' AS Enum16('a'=-2,'b'=3))), argMin(CAST('a' AS Enum8('a'=2,'b'=3)), number), argMax(CAST('a' AS Enum8('a'=2,'b'=3)), number), anyHeavy(CAST('a' AS Enum8('a'=2,'b'=3))) FROM numbers(0)

SELECT argMin(number, CAST('a' AS Enum8('a'=2,'b'=3))), first_value(CAST('a' AS Enum8('a'=2,'b'=3))), last_value(CAST('a' AS Enum8('a'=2,'b'=3))), any_respect_nulls(CAST('a' AS Enum8('a'=2,'b'=3))) FROM numbers(0)

SELECT maxIf(CAST('a' AS Enum8('a'=2,'b'=3)), number > 5) FROM numbers(3)

SELECT max(CAST('a' AS Enum8('a'=2,'b'=3))) OVER (ORDER BY number ROWS BETWEEN 5 PRECEDING AND 3 PRECEDING) FROM numbers(2)

SELECT quantileExact(CAST('b' AS Enum8('a'=2,'b'=3))) FROM numbers(0)

SELECT argMin(toNullable(CAST('a' AS Enum8('a'=2,'b'=3))), number), argMin(tuple(CAST('a' AS Enum8('a'=2,'b'=3))), number), max(tuple(CAST('a' AS Enum8('a'=2,'b'=3)))) FROM numbers(0)

SELECT toTypeName(max(CAST('a' AS Enum8('a'=2,'b'=3)))), max(CAST('a' AS Enum8('a'=2,'b'=3))) = 'a' FROM numbers(0)

SELECT maxForEach([CAST('a' AS Enum8('a'=2,'b'=3))]) FROM numbers(0)

SELECT maxMerge(s) FROM (SELECT maxState(CAST('a' AS Enum8('a'=2,'b'=3))) AS s FROM numbers(0))

SELECT toUInt8OrDefault('x', toUInt8(3)), toDate32OrDefault('x'), accurateCastOrDefault('x', 'Date32')

SELECT uniqHLL12(toInt64(number)-1500), uniqHLL12(toInt32(toInt64(number)-1500)), uniqHLL12(toInt8(number)) FROM numbers(3000)

SELECT a FROM (SELECT arrayJoin([toNullable(toInt64('-9223372036854775808')), 9223372036854775807, NULL, 5]) AS a) ORDER BY a

SELECT a FROM (SELECT arrayJoin([toNullable(toInt64('-9223372036854775808')), 9223372036854775807, NULL, 5]) AS a) ORDER BY a DESC NULLS FIRST

SELECT a FROM (SELECT arrayJoin([toNullable(toUInt64(0)), 18446744073709551615, NULL, 5]) AS a) ORDER BY a NULLS FIRST, 1

SELECT a, b FROM (SELECT arrayJoin([toNullable(toUInt64(0)), 18446744073709551615, NULL, 5]) AS a, arrayJoin([1, NULL]) AS b) ORDER BY a, b

SELECT accurateCastOrNull(toDateTime('2020-01-02 03:04:05','UTC'), 'Date'), accurateCastOrNull(toDateTime64('2020-01-02 03:04:05.678', 3), 'DateTime')

SELECT accurateCastOrDefault('x', 'Date32'), toDate32OrZero('x'), accurateCastOrDefault('x', 'Date')

SELECT accurateCast(toDecimal32(1.25,2), 'Decimal(9,1)'), accurateCast(1.25, 'Decimal(9,1)')

SELECT length(tupleToNameValuePairs((a := 1, b := 2)))

SELECT tupleToNameValuePairs(tuple(number, number + 1)) FROM numbers(2)

SELECT map(number, 1, number + 1, 2) FROM numbers(2)

SELECT accurateCastOrNull(toDecimal32(1.25,2), 'UInt8')

SELECT accurateCastOrNull(toDecimal32(1.25,2), 'Float32')

SELECT accurateCastOrNull(toDecimal32(1.25,2), 'Decimal(9,1)')

SELECT accurateCastOrNull(toDecimal64(1e10,2), 'Decimal(9,1)')

SELECT accurateCastOrNull(1e30, 'Decimal(9,1)')
