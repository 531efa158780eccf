SELECT CAST('x' AS Nullable(Int32)), CAST('5' AS Nullable(Int32)), CAST('' AS Nullable(Float64)), CAST('1e3' AS Nullable(Float64)), toTypeName(CAST('x' AS Nullable(Int32)))

SELECT '5x'::Nullable(Int32), '300'::Nullable(UInt8), '-1'::Nullable(UInt8), '1.5'::Nullable(UInt8), 'nan'::Nullable(Int32)

SELECT CAST('x' AS Nullable(Decimal(9, 2))), CAST('1.255' AS Nullable(Decimal(9, 2))), CAST('x' AS Nullable(UUID)), CAST('x' AS Nullable(IPv4)), CAST('x' AS Nullable(IPv6))

SELECT CAST('x' AS Nullable(Date)), CAST('2024-01-02 xx' AS Nullable(Date)), CAST('2024-01-02 03:04:05' AS Nullable(Date)), CAST('x' AS Nullable(Date32)), CAST('x' AS Nullable(DateTime)), CAST('x' AS Nullable(DateTime64(3)))

SELECT CAST('xyz' AS Nullable(FixedString(1))), CAST('' AS Nullable(String)), CAST('x' AS Nullable(Int256)), CAST('x' AS Nullable(UInt128))

SELECT CAST('x' AS Nullable(Enum8('a' = 1)))

SELECT CAST('x' AS Nullable(Bool))

SELECT CAST(toFixedString('x', 2) AS Nullable(Int32))

SELECT CAST(toNullable('x') AS Int32)

SELECT CAST('x' AS Int32)

SELECT CAST(['1', 'x'] AS Array(Nullable(Int32))), CAST(('x', 1) AS Tuple(Nullable(Int32), UInt8)), CAST(map('a', 'x') AS Map(String, Nullable(Int8)))

SELECT CAST(['1', 'x'] AS Array(Int32))

SELECT CAST('[1,x]' AS Array(Nullable(Int32)))

SELECT toInt32(toNullable('x')), toInt32(toNullable('7')), toUInt8(toNullable('300')), toFloat64(toNullable('1x')), toInt256(toNullable('x')), toTypeName(toInt32(toNullable('x')))

SELECT toDate(toNullable('x')), toDate32(toNullable('x')), toDateTime(toNullable('x')), toDateTime(toNullable('x'), 'UTC'), toDate(toNullable('x'), 'UTC')

SELECT toUUID(toNullable('x')), toIPv4(toNullable('x')), toIPv6(toNullable('x')), toDecimal32(toNullable('x'), 2), toDecimal64(toNullable('1e400'), 2)

SELECT toFixedString(toNullable('xyz'), 1)

SELECT toBool(toNullable('x'))

SELECT toInt32(toNullable(toFixedString('x', 2))), toInt32(toLowCardinality(toNullable('x'))), toTypeName(toInt32(toLowCardinality(toNullable('x'))))

SELECT id, note, toInt32(note), note::Nullable(Float64), toDate(note) FROM events ORDER BY id

SELECT n, ns, toInt8(ns), CAST(ns AS Nullable(UInt64)), toDecimal32(ns, 2), toString(ns) FROM v ORDER BY n

SELECT sum(toInt32(ns)), count(toInt32(ns)), countIf(isNull(toInt32(ns))) FROM v

SELECT n FROM v WHERE toInt8(ns) > 5 ORDER BY n

SELECT toUnixTimestamp(toNullable('x')), toIntervalDay(toNullable('x'))

SELECT toUnixTimestamp(toNullable('2024-01-02 03:04:05'), 'UTC')

SELECT toDateTime64(toNullable('x'), 3)

SELECT toUnixTimestamp('2024-01-02 03:04:05'), toUnixTimestamp('2024-01-02'), toUnixTimestamp(materialize('2024-01-02 03:04:05'), 'Asia/Tokyo'), toTypeName(toUnixTimestamp('2024-01-02'))

SELECT toUnixTimestamp('x')

SELECT toIntervalDay('5'), toIntervalHour('-3'), toIntervalDay(toFixedString('5', 1)), toDate('2024-01-01') + toIntervalDay(toString(number)) FROM numbers(2)

SELECT toIntervalDay('5.5')

SELECT parseDateTime(toNullable('x'), '%Y')

SELECT toNullable('x') = 1

SELECT CAST(nan AS Nullable(Int32))
