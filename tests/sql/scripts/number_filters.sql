CREATE TABLE t (k UInt32, u8 UInt8, i8 Int8, u16 UInt16, i16 Int16, u32 UInt32, i32 Int32, u64 UInt64, i64 Int64, n Nullable(Int32), nn Nullable(UInt16), d Date, d32 Date32, dt DateTime('UTC'), dt64 DateTime64(3, 'UTC'), e Enum8('a' = -5, 'b' = 7, 'c' = 100), e16 Enum16('x' = -500, 'y' = 7, 'z' = 1000), m32 Decimal(9, 2), m64 Decimal(18, 4), b Bool, ip IPv4, few Int64, mostly Int32, runs UInt32, fixed UInt32, outlier UInt64) ENGINE = MergeTree ORDER BY k

INSERT INTO t SELECT number, intHash32(number), intHash32(number + 1) - 2000000000, intHash32(number + 2) % 1000 + 200, intHash32(number + 3) % 500 - 250, intHash32(number + 4) % 100000, toInt32(intHash32(number + 5) % 3000000) - 1500000, intHash64(number + 6), if(number % 1000 = 0, -9000000000000000000, toInt64(intHash64(number + 7) % 1000000000000) - 500000000000), if(number % 7 = 0, NULL, toInt32(intHash32(number + 8) % 20000) - 5000), NULL, toDate('2020-01-01') + intHash32(number + 9) % 3000, toDate32('1960-01-01') + intHash32(number + 10) % 30000, toDateTime('2026-01-01 00:00:00', 'UTC') + intHash32(number + 11) % 1000000, toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + intHash32(number + 12) % 86400000 / 1000, if(number % 3 = 0, 'a', if(number % 3 = 1, 'b', 'c')), if(intHash32(number) % 3 = 0, 'x', if(intHash32(number) % 3 = 1, 'y', 'z')), toDecimal32(toInt32(intHash32(number + 13) % 200000) - 100000, 2) / 100, toDecimal64(intHash32(number + 14), 4) / 10000, number % 3 = 0, toIPv4(toUInt32(3232235520 + intHash32(number + 15) % 70000)), [-9000000000, 5, 200, 204, 9000000000, 404, 77, -1][intHash32(number + 16) % 8 + 1], if(intHash32(number + 17) % 20 = 0, toInt32(intHash32(number + 18) % 2000000) - 1000000, 42), intDiv(number, 300) * 1000003 % 65521, 7, if(number % 900 = 0, intHash64(number), intHash32(number + 19) % 50) FROM numbers(20000)

OPTIMIZE TABLE t FINAL

SELECT count(), sum(k), max(k) FROM t WHERE u8 = 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 != 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 < 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 > 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 >= 0

SELECT count(), sum(k), max(k) FROM t WHERE u8 != 255

SELECT count(), sum(k), max(k) FROM t WHERE u8 < 255

SELECT count(), sum(k), max(k) FROM t WHERE u8 < 17

SELECT count(), sum(k), max(k) FROM t WHERE u8 <= 17

SELECT count(), sum(k), max(k) FROM t WHERE u8 <= 300

SELECT count(), sum(k), max(k) FROM t WHERE u8 > 300

SELECT count(), sum(k), max(k) FROM t WHERE u8 > -1

SELECT count(), sum(k), max(k) FROM t WHERE u8 >= -1

SELECT count(), sum(k), max(k) FROM t WHERE i8 = -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 != -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 < -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 <= -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 > -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 >= -128

SELECT count(), sum(k), max(k) FROM t WHERE i8 != 127

SELECT count(), sum(k), max(k) FROM t WHERE i8 < 127

SELECT count(), sum(k), max(k) FROM t WHERE i8 < 0

SELECT count(), sum(k), max(k) FROM t WHERE i8 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE i8 <= -5

SELECT count(), sum(k), max(k) FROM t WHERE i8 > -5

SELECT count(), sum(k), max(k) FROM t WHERE i8 > 200

SELECT count(), sum(k), max(k) FROM t WHERE i8 >= 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 = 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 != 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 < 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 <= 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 > 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 >= 200

SELECT count(), sum(k), max(k) FROM t WHERE u16 != 1199

SELECT count(), sum(k), max(k) FROM t WHERE u16 < 1199

SELECT count(), sum(k), max(k) FROM t WHERE u16 < 700

SELECT count(), sum(k), max(k) FROM t WHERE u16 <= 700

SELECT count(), sum(k), max(k) FROM t WHERE u16 <= 65535

SELECT count(), sum(k), max(k) FROM t WHERE u16 > 65535

SELECT count(), sum(k), max(k) FROM t WHERE i16 = -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 != -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 < -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 <= -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 > -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 >= -250

SELECT count(), sum(k), max(k) FROM t WHERE i16 != 249

SELECT count(), sum(k), max(k) FROM t WHERE i16 < 249

SELECT count(), sum(k), max(k) FROM t WHERE i16 < 0

SELECT count(), sum(k), max(k) FROM t WHERE i16 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE i16 <= -32768

SELECT count(), sum(k), max(k) FROM t WHERE i16 > -32768

SELECT count(), sum(k), max(k) FROM t WHERE u32 = 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 != 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 <= 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 > 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 >= 50000

SELECT count(), sum(k), max(k) FROM t WHERE u32 != 0

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 0

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 99999

SELECT count(), sum(k), max(k) FROM t WHERE u32 <= 99999

SELECT count(), sum(k), max(k) FROM t WHERE u32 <= 4294967295

SELECT count(), sum(k), max(k) FROM t WHERE u32 > 4294967295

SELECT count(), sum(k), max(k) FROM t WHERE i32 = 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 != 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 < 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 > 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 >= 0

SELECT count(), sum(k), max(k) FROM t WHERE i32 != -1500000

SELECT count(), sum(k), max(k) FROM t WHERE i32 < -1500000

SELECT count(), sum(k), max(k) FROM t WHERE i32 < 1499999

SELECT count(), sum(k), max(k) FROM t WHERE i32 <= 1499999

SELECT count(), sum(k), max(k) FROM t WHERE i32 <= 123456.5

SELECT count(), sum(k), max(k) FROM t WHERE i32 > 123456.5

SELECT count(), sum(k), max(k) FROM t WHERE u64 = 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 != 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 < 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 <= 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 > 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 >= 9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE u64 != 0

SELECT count(), sum(k), max(k) FROM t WHERE u64 < 0

SELECT count(), sum(k), max(k) FROM t WHERE u64 < 18446744073709551615

SELECT count(), sum(k), max(k) FROM t WHERE u64 <= 18446744073709551615

SELECT count(), sum(k), max(k) FROM t WHERE i64 = 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 != 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 < 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 > 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 >= 0

SELECT count(), sum(k), max(k) FROM t WHERE i64 != -9000000000000000000

SELECT count(), sum(k), max(k) FROM t WHERE i64 < -9000000000000000000

SELECT count(), sum(k), max(k) FROM t WHERE i64 < 250000000000

SELECT count(), sum(k), max(k) FROM t WHERE i64 <= 250000000000

SELECT count(), sum(k), max(k) FROM t WHERE i64 <= -9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE i64 > -9223372036854775808

SELECT count(), sum(k), max(k) FROM t WHERE i64 > 9223372036854775807

SELECT count(), sum(k), max(k) FROM t WHERE i64 >= 9223372036854775807

SELECT count(), sum(k), max(k) FROM t WHERE n = 0

SELECT count(), sum(k), max(k) FROM t WHERE n != 0

SELECT count(), sum(k), max(k) FROM t WHERE n < 0

SELECT count(), sum(k), max(k) FROM t WHERE n <= 0

SELECT count(), sum(k), max(k) FROM t WHERE n > 0

SELECT count(), sum(k), max(k) FROM t WHERE n >= 0

SELECT count(), sum(k), max(k) FROM t WHERE n != 10000

SELECT count(), sum(k), max(k) FROM t WHERE n < 10000

SELECT count(), sum(k), max(k) FROM t WHERE n < NULL

SELECT count(), sum(k), max(k) FROM t WHERE n <= NULL

SELECT count(), sum(k), max(k) FROM t WHERE n <= -5000

SELECT count(), sum(k), max(k) FROM t WHERE n > -5000

SELECT count(), sum(k), max(k) FROM t WHERE nn = 0

SELECT count(), sum(k), max(k) FROM t WHERE nn != 0

SELECT count(), sum(k), max(k) FROM t WHERE nn < 0

SELECT count(), sum(k), max(k) FROM t WHERE nn <= 0

SELECT count(), sum(k), max(k) FROM t WHERE nn > 0

SELECT count(), sum(k), max(k) FROM t WHERE nn >= 0

SELECT count(), sum(k), max(k) FROM t WHERE nn != 65535

SELECT count(), sum(k), max(k) FROM t WHERE nn < 65535

SELECT count(), sum(k), max(k) FROM t WHERE d = '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d != '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d < '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d <= '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d > '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d >= '2024-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d != toDate('2020-01-01')

SELECT count(), sum(k), max(k) FROM t WHERE d < toDate('2020-01-01')

SELECT count(), sum(k), max(k) FROM t WHERE d < toDateTime('2023-05-05 12:00:00', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE d <= toDateTime('2023-05-05 12:00:00', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE d32 = '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 != '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 < '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 <= '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 > '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 >= '1970-01-01'

SELECT count(), sum(k), max(k) FROM t WHERE d32 != toDate32('1960-01-02')

SELECT count(), sum(k), max(k) FROM t WHERE d32 < toDate32('1960-01-02')

SELECT count(), sum(k), max(k) FROM t WHERE d32 < toDate('2000-01-01')

SELECT count(), sum(k), max(k) FROM t WHERE d32 <= toDate('2000-01-01')

SELECT count(), sum(k), max(k) FROM t WHERE dt = '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt != '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt < '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt <= '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt > '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt >= '2026-01-05 00:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt != toDateTime('2026-01-02 03:04:05', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE dt < toDateTime('2026-01-02 03:04:05', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE dt < toDate('2026-01-07')

SELECT count(), sum(k), max(k) FROM t WHERE dt <= toDate('2026-01-07')

SELECT count(), sum(k), max(k) FROM t WHERE dt <= 1767571200

SELECT count(), sum(k), max(k) FROM t WHERE dt > 1767571200

SELECT count(), sum(k), max(k) FROM t WHERE dt64 = '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 != '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 < '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 <= '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 > '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 >= '2026-01-01 06:00:00'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 != '2026-01-01 06:00:00.001'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 < '2026-01-01 06:00:00.001'

SELECT count(), sum(k), max(k) FROM t WHERE dt64 < toDateTime('2026-01-01 12:00:00', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE dt64 <= toDateTime('2026-01-01 12:00:00', 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE dt64 <= toDateTime64('2026-01-01 12:00:00.1234567', 7, 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE dt64 > toDateTime64('2026-01-01 12:00:00.1234567', 7, 'UTC')

SELECT count(), sum(k), max(k) FROM t WHERE e = 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e != 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e < 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e <= 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e > 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e >= 'b'

SELECT count(), sum(k), max(k) FROM t WHERE e != 'a'

SELECT count(), sum(k), max(k) FROM t WHERE e < 'a'

SELECT count(), sum(k), max(k) FROM t WHERE e16 = 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 != 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 < 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 <= 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 > 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 >= 'y'

SELECT count(), sum(k), max(k) FROM t WHERE e16 != 'z'

SELECT count(), sum(k), max(k) FROM t WHERE e16 < 'z'

SELECT count(), sum(k), max(k) FROM t WHERE m32 = 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 != 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 < 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 > 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 >= 0

SELECT count(), sum(k), max(k) FROM t WHERE m32 != 500.25

SELECT count(), sum(k), max(k) FROM t WHERE m32 < 500.25

SELECT count(), sum(k), max(k) FROM t WHERE m32 < toDecimal64('-999.5', 4)

SELECT count(), sum(k), max(k) FROM t WHERE m32 <= toDecimal64('-999.5', 4)

SELECT count(), sum(k), max(k) FROM t WHERE m32 <= toDecimal64('0.001', 3)

SELECT count(), sum(k), max(k) FROM t WHERE m32 > toDecimal64('0.001', 3)

SELECT count(), sum(k), max(k) FROM t WHERE m64 = 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 != 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 < 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 <= 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 > 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 >= 200000

SELECT count(), sum(k), max(k) FROM t WHERE m64 != toDecimal64('214748.3647', 4)

SELECT count(), sum(k), max(k) FROM t WHERE m64 < toDecimal64('214748.3647', 4)

SELECT count(), sum(k), max(k) FROM t WHERE m64 < 0

SELECT count(), sum(k), max(k) FROM t WHERE m64 <= 0

SELECT count(), sum(k), max(k) FROM t WHERE b = true

SELECT count(), sum(k), max(k) FROM t WHERE b != true

SELECT count(), sum(k), max(k) FROM t WHERE b < true

SELECT count(), sum(k), max(k) FROM t WHERE b <= true

SELECT count(), sum(k), max(k) FROM t WHERE b > true

SELECT count(), sum(k), max(k) FROM t WHERE b >= true

SELECT count(), sum(k), max(k) FROM t WHERE b != false

SELECT count(), sum(k), max(k) FROM t WHERE b < false

SELECT count(), sum(k), max(k) FROM t WHERE ip = toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip != toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip < toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip <= toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip > toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip >= toIPv4('192.168.200.1')

SELECT count(), sum(k), max(k) FROM t WHERE ip != '192.168.0.0'

SELECT count(), sum(k), max(k) FROM t WHERE ip < '192.168.0.0'

SELECT count(), sum(k), max(k) FROM t WHERE few = 200

SELECT count(), sum(k), max(k) FROM t WHERE few != 200

SELECT count(), sum(k), max(k) FROM t WHERE few < 200

SELECT count(), sum(k), max(k) FROM t WHERE few <= 200

SELECT count(), sum(k), max(k) FROM t WHERE few > 200

SELECT count(), sum(k), max(k) FROM t WHERE few >= 200

SELECT count(), sum(k), max(k) FROM t WHERE few != 5

SELECT count(), sum(k), max(k) FROM t WHERE few < 5

SELECT count(), sum(k), max(k) FROM t WHERE few < -9000000000

SELECT count(), sum(k), max(k) FROM t WHERE few <= -9000000000

SELECT count(), sum(k), max(k) FROM t WHERE few <= 6

SELECT count(), sum(k), max(k) FROM t WHERE few > 6

SELECT count(), sum(k), max(k) FROM t WHERE mostly = 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly != 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly < 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly <= 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly > 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly >= 42

SELECT count(), sum(k), max(k) FROM t WHERE mostly != 0

SELECT count(), sum(k), max(k) FROM t WHERE mostly < 0

SELECT count(), sum(k), max(k) FROM t WHERE mostly < 43

SELECT count(), sum(k), max(k) FROM t WHERE mostly <= 43

SELECT count(), sum(k), max(k) FROM t WHERE mostly <= 500000

SELECT count(), sum(k), max(k) FROM t WHERE mostly > 500000

SELECT count(), sum(k), max(k) FROM t WHERE runs = 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs != 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs < 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs <= 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs > 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs >= 30000

SELECT count(), sum(k), max(k) FROM t WHERE runs != 65521

SELECT count(), sum(k), max(k) FROM t WHERE runs < 65521

SELECT count(), sum(k), max(k) FROM t WHERE runs < 0

SELECT count(), sum(k), max(k) FROM t WHERE runs <= 0

SELECT count(), sum(k), max(k) FROM t WHERE fixed = 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed != 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed < 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed <= 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed > 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed >= 7

SELECT count(), sum(k), max(k) FROM t WHERE fixed != 8

SELECT count(), sum(k), max(k) FROM t WHERE fixed < 8

SELECT count(), sum(k), max(k) FROM t WHERE outlier = 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier != 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier < 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier <= 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier > 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier >= 25

SELECT count(), sum(k), max(k) FROM t WHERE outlier != 50

SELECT count(), sum(k), max(k) FROM t WHERE outlier < 50

SELECT count(), sum(k), max(k) FROM t WHERE outlier < 0

SELECT count(), sum(k), max(k) FROM t WHERE outlier <= 0

SELECT count(), sum(k), max(k) FROM t WHERE outlier <= 9000000000000000000

SELECT count(), sum(k), max(k) FROM t WHERE outlier > 9000000000000000000

SELECT count(), sum(k), max(k) FROM t WHERE u32 BETWEEN 10000 AND 20000

SELECT count(), sum(k), max(k) FROM t WHERE u32 >= 10000 AND u32 < 20000 AND u32 != 15000 AND u16 > 500

SELECT count(), sum(k), max(k) FROM t WHERE u32 > 20000 AND u32 < 10000

SELECT count(), sum(k), max(k) FROM t WHERE n BETWEEN -100 AND 3000 AND n != 5

SELECT count(), sum(k), max(k) FROM t WHERE i64 IN (1, 2, 3)

SELECT count(), sum(k), max(k) FROM t WHERE u8 IN (1, 2, 3, 17, 200, 255)

SELECT count(), sum(k), max(k) FROM t WHERE u8 IN (1, 2, 3, NULL)

SELECT count(), sum(k), max(k) FROM t WHERE u8 NOT IN (1, 2, 3)

SELECT count(), sum(k), max(k) FROM t WHERE u16 IN (200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 202, 303, 404, 505, 606, 707, 808, 909, 1010, 1111, 5)

SELECT count(), sum(k), max(k) FROM t WHERE u16 IN (SELECT number * 7 FROM numbers(1000))

SELECT count(), sum(k), max(k) FROM t WHERE few IN (200, 204, 404)

SELECT count(), sum(k), max(k) FROM t WHERE mostly IN (42, 43)

SELECT count(), sum(k), max(k) FROM t WHERE few = 200 OR few = 77 OR few = 6

SELECT count(), sum(k), max(k) FROM t WHERE e IN ('a', 'c')

SELECT count(), sum(k), max(k) FROM t WHERE d IN ('2024-01-01', '2020-03-05', '1971-01-01')

SELECT count(), sum(k), max(k) FROM t WHERE ip IN ('192.168.1.1', '192.168.2.2')

SELECT count(), sum(k), max(k) FROM t WHERE b

SELECT count(), sum(k), max(k) FROM t WHERE NOT b

SELECT count(), sum(k), max(k) FROM t WHERE n IS NULL OR n < 0

SELECT count(), sum(k), max(k) FROM t WHERE outlier > 50 AND outlier < 9000000000000000000

SELECT count(), sum(k), max(k) FROM t WHERE runs > 1000 AND runs < 60000 AND few != 5 AND mostly = 42

SELECT count(), sum(k), max(k) FROM t WHERE NOT (u32 < 500)

SELECT count(), sum(k), max(k) FROM t WHERE 500 > u32

SELECT count(), sum(k), max(k) FROM t WHERE 7 != fixed

SELECT count(), sum(k), max(k) FROM t WHERE m32 BETWEEN -1 AND 1

SELECT k, u32, u16 FROM t WHERE u32 < 30 AND u16 > 300 ORDER BY k

SELECT u16, count(), sum(u32) FROM t WHERE u16 < 204 AND i32 > 0 GROUP BY u16 ORDER BY u16

SELECT sum(u32), sum(n), max(dt64) FROM t WHERE u32 >= 1 AND n != 100

SELECT sum(few) FROM t PREWHERE mostly != 42 WHERE few > 0

DELETE FROM t WHERE k % 10 = 3

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 50000

SELECT count(), sum(k), max(k) FROM t WHERE n > 5 AND u8 != 0

ALTER TABLE t MODIFY COLUMN u32 UInt64

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 50000

ALTER TABLE t ADD COLUMN late UInt32 DEFAULT u16 + 1

SELECT count(), sum(k), max(k) FROM t WHERE late > 700

OPTIMIZE TABLE t FINAL

SELECT count(), sum(k), max(k) FROM t WHERE u32 < 50000 AND late > 700

INSERT INTO t (k, u32, n) VALUES (20000, 77, 5), (20001, 100000, NULL)

SELECT count(), sum(k), max(k) FROM t WHERE u32 >= 77 AND u32 <= 100000 AND n >= 5
