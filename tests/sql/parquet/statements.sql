SELECT number AS n, toUInt8(number) AS u8, toUInt16(number * 300) AS u16, toUInt32(number * 2000000000) AS u32,
    toUInt64(number * 9223372036854775807) AS u64, toInt8(number) - 100 AS i8, toInt16(-300 * number) AS i16,
    toInt32(-70000 * number) AS i32, -9223372036854775807 + toInt64(number) AS i64, number % 2 = 1 AS b8, CAST(number % 2 = 1 AS Bool) AS b
FROM numbers(3) ORDER BY n

SELECT toInt128('-170141183460469231731687303715884105728') AS i128, toUInt128('340282366920938463463374607431768211455') AS u128,
    toInt256('-5') * number AS i256, toUInt256(number) AS u256 FROM numbers(3) ORDER BY number

SELECT toInt128('-170141183460469231731687303715884105728') * number AS i128, toUInt128('340282366920938463463374607431768211455') - number AS u128
FROM numbers(3) ORDER BY number SETTINGS output_format_parquet_wide_integer_as_decimal = 1

SELECT f AS f64, toFloat32(f) AS f32 FROM (SELECT arrayJoin([1.5, nan, inf, -inf, 1e300, 1e-7, 123456789012345680.]) AS f)

SELECT arrayJoin([2.5, nan, -1.5]) AS f, toFloat32(f) AS g

SELECT nan AS f, toFloat32(nan) AS g, 1 AS h

SELECT toDecimal32('1.50', 2) * (1 - number) AS d32, toDecimal64('-12345.678', 5) * (1 - number) AS d64, CAST(toDecimal128('0.000000001', 20) * (1 - number) AS Decimal(38, 20)) AS d128,
    CAST('-99999999999.5' AS Decimal(38, 10)) AS d38, CAST('7.1' AS Decimal(9, 1)) AS d9, CAST('7.1' AS Decimal(18, 1)) AS d18 FROM numbers(3) ORDER BY number

SELECT toDate('2024-02-29') + number * 10000 AS d, toDate32('1925-01-01') + number AS dd, toDateTime('2024-02-29 23:59:59', 'UTC') + number AS dt,
    toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dtz FROM numbers(3) ORDER BY number

SELECT toDateTime64('2024-02-29 23:59:59.123', 0, 'UTC') AS t0, toDateTime64('2024-02-29 23:59:59.123', 1, 'UTC') AS t1, toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin') AS t3,
    toDateTime64('1969-12-31 23:59:59.1234', 4, 'UTC') AS t4, toDateTime64('1969-12-31 23:59:59.123456', 6, 'UTC') AS t6, toDateTime64('2024-02-29 23:59:59.1234567', 7, 'UTC') AS t7,
    toDateTime64('2024-02-29 23:59:59.12345678', 8, 'UTC') AS t8, toDateTime64('2024-02-29 23:59:59.123456789', 9, 'UTC') AS t9

SELECT toUUID('00112233-4455-6677-8899-aabbccddeeff') AS u, toIPv4('1.2.3.4') AS ip4, toIPv4('255.2.3.4') AS ip4b, toIPv6('::ffff:1.2.3.4') AS ip4in6, toIPv6('2001:db8::1') AS ip6,
    CAST('a' AS Enum8('a' = 1, 'b\'\t' = -2)) AS e8, CAST('b\'\t' AS Enum16('a' = 1, 'b\'\t' = -2000)) AS e16, toFixedString('ab', 4) AS fs,
    toLowCardinality('low"') AS lc, CAST(NULL AS LowCardinality(Nullable(String))) AS lcn

SELECT arrayJoin(['', 'plain', 'tab\tline\nreturn\r', 'zero\0bell\b\f', 'ünï 😀', ' space ', '\\N', 'NULL', repeat('long', 3000)]) AS s

SELECT CAST(if(number % 3 = 1, NULL, number) AS Nullable(UInt64)) AS nu, if(number % 2 = 1, NULL, concat('x', toString(number))) AS ns, if(number = 1, NULL, toDate('2024-01-01') + number) AS nd,
    if(number = 1, NULL, 0.5) AS nf, if(number > 0, NULL, true) AS nb, CAST(NULL AS Nullable(String)) AS alln, CAST(NULL AS Nullable(Int32)) AS alli, CAST(NULL AS Nullable(Bool)) AS allb,
    if(number = 2, NULL, toUUID('00112233-4455-6677-8899-aabbccddeeff')) AS nuu, if(number = 3, NULL, toDecimal64('-1.5', 3)) AS ndec, toNullable(toUInt8(number)) AS none
FROM numbers(7) ORDER BY number

SELECT range(number) AS a, arrayMap(x -> range(x), range(number)) AS aa, arrayMap(x -> arrayMap(y -> range(y), range(x)), range(number)) AS aaa, [toString(number), 'y'] AS s,
    arrayMap(x -> if(x % 2 = 1, NULL, x), range(number)) AS an, arrayMap(x -> if(x % 2 = 1, NULL, toString(x)), range(number)) AS asn, [toDate('2024-01-01')] AS d, [1.5, nan] AS f,
    [true, false] AS b, [toDecimal32('1.5', 3)] AS dec, [toFixedString('q', 2)] AS fs, [CAST('a' AS Enum8('a' = 1))] AS en, arrayResize(['x'], number % 2) AS mostly
FROM numbers(6) ORDER BY number

SELECT (toUInt8(number), 'x') AS t, tuple(1) AS t1, CAST((number, 'x', range(number)), 'Tuple(a UInt8, `b c` String, d Array(Int32))') AS nt, ((1, 2), ('a', [3])) AS tt,
    [(1, 'x'), (2, 'y')] AS at, CAST([(1, 'x')], 'Array(Tuple(p UInt8, q String))') AS an, (CAST(if(number = 1, NULL, number) AS Nullable(UInt32)), 'z') AS te
FROM numbers(4) ORDER BY number

SELECT map('k', number, 'l"\'', 2) AS m, map(1, 'x') AS mi, mapFilter((k, v) -> number > 1, map('k', 1)) AS me, map('k', range(number)) AS ma, map('k', map('l', number)) AS mm, map('k', (1, 'x')) AS mt,
    map(toDate('2024-01-01'), 1.5) AS md, [map('a', 1), map('b', number)] AS am, map('k', if(number = 1, NULL, toString(number))) AS mn FROM numbers(4) ORDER BY number

SELECT [map('a', [(1, [CAST(if(number = 1, NULL, number) AS Nullable(UInt8))])])] AS deep, arrayMap(x -> (x, map(toString(x), arrayMap(y -> (y, [toString(y)]), range(x)))), range(number)) AS deeper FROM numbers(5) ORDER BY number

SELECT 1 AS `a b`, 2 AS `x=y`, 3 AS `q"'`, 4 AS `back\`tick`, 5 AS `<tag>&`, 7 AS `9nine`, 8 AS `ünï`, 9 AS `a-b.c_d`, 10 AS `back\\slash`, 11 AS `/s`

SELECT number AS a, 'x' AS b, [number] AS c, map('k', number) AS m, (number, 'x') AS t FROM numbers(10) WHERE number > 100

SELECT number % 3 AS k, sum(number) AS s, max(toString(number)) AS m, groupArray(number) AS g FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k SETTINGS extremes = 1

SELECT '{"a":1,"b":{"c":2.5,"d":"x<"},"e":true}'::JSON AS j

SELECT 'x' AS s, toFixedString('ab', 3) AS f, toDate('2024-01-01') AS d, toDateTime('2024-02-29 23:59:59', 'UTC') AS t, CAST('b' AS Enum8('a' = 1, 'b' = -2)) AS e, CAST('b' AS Enum16('a' = 1, 'b' = -2000)) AS e16, [toDate('2024-01-01')] AS ad
SETTINGS output_format_parquet_string_as_string = 0, output_format_parquet_fixed_string_as_fixed_byte_array = 0, output_format_parquet_date_as_uint16 = 1,
    output_format_parquet_datetime_as_uint32 = 1, output_format_parquet_enum_as_byte_array = 0

SELECT number AS n, toString(number % 7) AS s, range(number % 4) AS a FROM numbers(20) ORDER BY n SETTINGS output_format_parquet_compression_method = 'snappy'

SELECT number AS n, toString(number % 7) AS s, range(number % 4) AS a FROM numbers(20) ORDER BY n SETTINGS output_format_parquet_compression_method = 'lz4'

SELECT number AS n, toString(number % 7) AS s, range(number % 4) AS a FROM numbers(20) ORDER BY n SETTINGS output_format_parquet_compression_method = 'gzip'

SELECT number AS n, toString(number % 7) AS s, range(number % 4) AS a FROM numbers(20) ORDER BY n SETTINGS output_format_parquet_compression_method = 'brotli'

SELECT number AS n, toString(number % 7) AS s, range(number % 4) AS a FROM numbers(20) ORDER BY n SETTINGS output_format_parquet_compression_method = 'none'

SELECT 1 SETTINGS output_format_parquet_compression_method = 'rot13'

SELECT NULL AS a

SELECT [] AS a

SELECT map() AS a

SELECT (NULL, 1) AS a

SELECT tuple() AS a

SELECT [tuple()] AS a

SELECT toIntervalDay(3) AS i

SELECT [toIntervalDay(3)] AS i

SELECT countState() AS a

SELECT '{"a":1}'::JSON AS j, j.a AS a
