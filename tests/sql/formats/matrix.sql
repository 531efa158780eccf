SELECT 1 AS a, 'x' AS b

SELECT number AS n, toUInt8(number) AS u8, toUInt16(number * 300) AS u16, toUInt32(number * 70000) AS u32,
    toUInt64(number * 18446744073709551615) AS u64, toInt8(number) - 100 AS i8, toInt16(-300 * number) AS i16,
    toInt32(-70000 * number) AS i32, -9223372036854775807 + toInt64(number) AS i64, toInt128('-170141183460469231731687303715884105728') AS i128,
    toUInt128('340282366920938463463374607431768211455') AS u128, toInt256('-5') * number AS i256, toUInt256(number) AS u256
FROM numbers(3) ORDER BY n

SELECT arrayJoin([0., -0., 1.5, nan, inf, -inf, 1e300, 1e-7, 123456789012345678]) AS f64, toFloat32(f64) AS f32, f64 > 1 AS b8, f64 > 1 = true AS b

SELECT true AS t, CAST(0 AS Bool) AS f, toDecimal32('1.50', 2) AS d32, toDecimal64('-12345.678', 5) AS d64, toDecimal128('0.000000001', 20) AS d128,
    CAST('-99999999999.5' AS Decimal(38, 10)) AS d256, toDate('2024-02-29') AS d, toDate32('1925-01-01') AS dd,
    toDateTime('2024-02-29 23:59:59', 'UTC') AS dt, toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin') AS dt3,
    toDateTime64('1969-12-31 23:59:59.123456', 6, 'UTC') AS dt6, toDateTime64('2024-02-29 23:59:59.123456789', 9, 'UTC') AS dt9

SELECT toUUID('00112233-4455-6677-8899-aabbccddeeff') AS u, toIPv4('1.2.3.4') AS ip4, toIPv6('::ffff:1.2.3.4') AS ip4in6, toIPv6('2001:db8::1') AS ip6,
    CAST('a' AS Enum8('a' = 1, 'b\'\t' = -2)) AS e8, CAST('b\'\t' AS Enum16('a' = 1, 'b\'\t' = -2000)) AS e16, toFixedString('ab', 4) AS fs,
    toLowCardinality('low"') AS lc, CAST(NULL AS LowCardinality(Nullable(String))) AS lcn

SELECT arrayJoin(['', 'plain', 'tab\tline\nreturn\r', 'quotes \' " `', 'back\\slash', 'zero\0bell\b\f', 'a<b>&c', 'semi;comma,=', 'ünï 😀 \u2028', ' space ', '/path/', '\\N', 'NULL', '{"a":1}']) AS s

SELECT 'a\xff\xfeb\xe2\x82c\xf0\x90\x80' AS s, ['\xff'] AS a, '\xc3' AS e

SELECT if(number = 1, NULL, toUInt8(number)) AS nu, if(number = 1, NULL, 'x') AS ns, if(number = 1, NULL, toDate('2024-01-01')) AS nd,
    if(number = 1, NULL, 0.5) AS nf, NULL AS nothing, [if(number = 1, NULL, 'x'), 'y'] AS an, (NULL, number) AS tn, map('k', if(number = 1, NULL, 1)) AS mn
FROM numbers(3) ORDER BY number

SELECT [1, 2] AS a, [] AS e, [[1], [], [2, 3]] AS aa, ['x\'', 'y"\t'] AS s, [toDate('2024-01-01')] AS d, [toDateTime('2024-02-29 23:59:59', 'UTC')] AS dt,
    [1.5, nan] AS f, [toUUID('00112233-4455-6677-8899-aabbccddeeff')] AS u, [toIPv4('1.2.3.4')] AS ip, [CAST('a' AS Enum8('a' = 1))] AS en, [true] AS b,
    [toDecimal32('1.5', 3)] AS dec, [toFixedString('q', 2)] AS fs, [toUInt64(5)] AS u64

SELECT (1, 'x') AS t, tuple(1) AS t1, CAST((1, 'x', [1, 2]), 'Tuple(a UInt8, `b c` String, d Array(Int32))') AS nt, ((1, 2), ('a', [3])) AS tt,
    [(1, 'x'), (2, 'y')] AS at, CAST([(1, 'x')], 'Array(Tuple(p UInt8, q String))') AS an, ([] , (NULL, 'z')) AS te

SELECT map('k', 1, 'l"\'', 2) AS m, map(1, 'x') AS mi, map() AS me, map('k', [1, 2]) AS ma, map('k', map('l', 1)) AS mm, map('k', (1, 'x')) AS mt,
    map(toDate('2024-01-01'), 1.5) AS md, [map('a', 1)] AS am

SELECT 1 AS `a b`, 2 AS `x=y`, 3 AS `q"'`, 4 AS `back\`tick`, 5 AS `<tag>&`, 6 AS `tab	`, 7 AS `9nine`, 8 AS `ünï`, 9 AS `a-b.c_d`, 10 AS `back\\slash`, 11 AS `/s`

SELECT number AS a, 'x' AS b, [number] AS c FROM numbers(10) WHERE number > 100

SELECT number % 3 AS k, sum(number) AS s, max(toString(number)) AS m, groupArray(number) AS g FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k

SELECT toIntervalDay(3) AS i, toIntervalMonth(-1) AS m, [toIntervalSecond(5)] AS a

SELECT '{"a":1,"b":{"c":2.5,"d":"x<"},"e":true}'::JSON AS j, j.a AS n, j.b.c AS f, j.b.d AS s, j.e AS b, j.x AS x

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS bool_true_representation = 'YES', bool_false_representation = 'no'

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS output_format_decimal_trailing_zeros = 1, output_format_json_quote_decimals = 1

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS date_time_output_format = 'iso'

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS date_time_output_format = 'unix_timestamp'

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS format_csv_null_representation = 'NN', format_tsv_null_representation = 'TT'

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS output_format_json_escape_forward_slashes = 0, output_format_json_named_tuples_as_objects = 0, output_format_json_array_of_rows = 1

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS output_format_csv_crlf_end_of_line = 1, output_format_tsv_crlf_end_of_line = 1, output_format_csv_serialize_tuple_into_separate_columns = 0,
    format_csv_delimiter = ';'

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS output_format_values_escape_quote_with_quote = 1, output_format_sql_insert_use_replace = 1, output_format_sql_insert_quote_names = 0,
    output_format_sql_insert_table_name = 'x.y', output_format_write_statistics = 0

SELECT true AS t, [true] AS a, toDecimal32('1.50', 3) AS d, [toDecimal32('1.5', 3)] AS da, toDateTime('2024-02-29 23:59:59', 'Europe/Berlin') AS dt,
    [toDateTime64('2024-02-29 23:59:59.123', 3, 'Europe/Berlin')] AS d3, toDateTime64('1999-12-31 23:59:59.5', 2, 'UTC') AS frac, NULL AS n, 'a/b' AS s,
    CAST((1, 'x'), 'Tuple(a UInt8, b String)') AS nt, [CAST((NULL, 2), 'Tuple(c Nullable(UInt8), d UInt64)')] AS ant, 'it\'s' AS q, nan AS f, 18446744073709551615 AS u
SETTINGS output_format_sql_insert_include_column_names = 0, output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1

SELECT number AS n, 'x' AS s FROM numbers(5) ORDER BY n SETTINGS output_format_sql_insert_max_batch_size = 2, output_format_json_array_of_rows = 1

SELECT 'a\xff\xfeb' AS s, ['\xff'] AS a SETTINGS output_format_json_validate_utf8 = 1

SELECT 18446744073709551615 AS a, toUInt128('340282366920938463463374607431768211455') AS b

SELECT 1000000 AS a

SELECT 1000001 AS a

SELECT 1e300 AS a

SELECT 1e17 AS a

SELECT 123456789012345678 AS a

SELECT toInt256('1000000000000000000000000000000') AS a

SELECT 'x' AS b, concat('a', char(9), 'b', char(10), 'c', char(27), '[31mred', char(27), '[0m', char(1), char(13)) AS a, toFixedString('ab', 4) AS c, 'd' AS d

SELECT unhex('ff41fe') AS bad_text, '日本' AS wide, 'é' AS combined, 1 AS b

SELECT if(number = 15, char(9), 'y') AS a, number AS b FROM numbers(20)
