SELECT toInt128(5), toUInt128('340282366920938463463374607431768211455'), toInt128('-170141183460469231731687303715884105728'), toInt128OrNull('x'), toInt128OrZero('x'), toUInt128OrNull('12'), toUInt128OrZero('zz'), toTypeName(toInt128(1)), toInt128(NULL), toUInt128OrNull(NULL), toInt128OrZero(NULL), toUInt128(materialize(7)), toInt128(1.9)

SELECT toInt128('x')

SELECT toUInt128('x')

SELECT toInt128OrNull(1)

SELECT toUInt128OrZero(1)

SELECT toInt128OrDefault('x', toInt128(7)), toUInt128OrDefault('x', toUInt128(7)), toInt128OrDefault('x')

SELECT CAST('12345678901234567890123' AS Int128), CAST(5 AS UInt128), '99999999999999999999999'::Int128, CAST(toInt128(300) AS UInt8), CAST(toInt128(-1) AS UInt128), CAST(toUInt128(5) AS Float64), CAST(toInt128(5) AS String), CAST(toInt128(5) AS Nullable(Int64)), toInt64(toInt128(77)), toFloat64(toInt128('100000000000000000000')), toDecimal128(toInt128(5), 3), toString(toUInt128('340282366920938463463374607431768211455'))

SELECT toInt128(1) + toInt128(2), toInt128(1) - 5, toUInt128(7) * toUInt8(3), toInt128(-7) * toInt128('10000000000000000000000'), toInt128(1) + toUInt64(1), toUInt128(1) + toInt8(1), toUInt128(1) - toUInt8(3), negate(toInt128(5)), abs(toInt128(-5)), sign(toInt128(-5)), -toInt128('170141183460469231731687303715884105727')

SELECT toTypeName(toInt128(1) + toInt128(2)), toTypeName(toInt128(1) - 5), toTypeName(toUInt128(7) * toUInt8(3)), toTypeName(toInt128(1) + toUInt64(1)), toTypeName(toUInt128(1) + toInt8(1)), toTypeName(toUInt128(1) - toUInt8(3)), toTypeName(negate(toUInt128(5))), toTypeName(abs(toInt128(-5))), toTypeName(toInt128(1) / 2), toTypeName(intDiv(toInt128(7), 2)), toTypeName(toInt128(7) % 2), toTypeName(toInt8(7) % toInt128(2)), toTypeName(bitAnd(toInt128(1), 1)), toTypeName(intDiv(7, toInt128(2)))

SELECT toInt128(7) / 2, intDiv(toInt128('100000000000000000000'), 3), intDiv(toUInt128(7), toUInt128(2)), toInt128(-7) % 3, toUInt128(7) % toUInt128(4), intDivOrZero(toInt128(1), 0), moduloOrZero(toInt128(1), 0), positiveModulo(toInt128(-7), toInt128(3))

SELECT intDiv(toInt128(1), 0)

SELECT toInt128(1) % 0

SELECT bitAnd(toInt128(12), toInt128(10)), bitOr(toUInt128(12), 1), bitXor(toInt128(12), 10), bitNot(toInt128(1)), bitNot(toUInt128(0)), bitShiftLeft(toUInt128(1), 100), bitShiftRight(toUInt128('340282366920938463463374607431768211455'), 120), bitCount(toInt128(-1))

SELECT toInt128(1) < toInt128(2), toInt128(-1) < toUInt128(1), toInt128(5) = 5, toUInt128('340282366920938463463374607431768211455') > toInt128(-1), toInt128(5) = 5.0, toInt128('100000000000000000000') > toUInt64(18446744073709551615), toInt128(5) IN (1, 5), greatest(toInt128(1), toInt128(2)), least(toInt128(1), 2), if(1, toInt128(1), toInt64(2)), toTypeName(if(1, toInt128(1), toUInt64(2))), coalesce(NULL, toInt128(3)), nullIf(toInt128(3), 3)

SELECT sum(toInt128(id)), sum(toUInt128(id)), avg(toInt128(id)), min(toInt128(delay)), max(toUInt128(id)), toTypeName(sum(toInt128(id))), toTypeName(avg(toUInt128(id))), count(toInt128(id)), uniqExact(toInt128(id % 3)), any(toInt128(5)), sum(toInt128('100000000000000000000')) FROM events

SELECT toInt128(id % 3) AS k, count(), sum(toInt128(delay)) FROM events GROUP BY k ORDER BY k DESC

SELECT DISTINCT toUInt128(id % 4) AS k FROM events ORDER BY k

SELECT toInt128(id) * toInt128('1000000000000000000000') AS k FROM events ORDER BY k DESC LIMIT 3

SELECT toDecimal128('12345678901234567890.123456789', 9), toDecimal128(1, 38), toDecimal128('-0.00000000000000000000000000000000000001', 38), toTypeName(toDecimal128(1, 20)), CAST('99999999999999999999999999999999999999' AS Decimal(38, 0)), toDecimal128OrNull('x', 3), toDecimal128OrZero('x', 3), toDecimal128OrNull('1.5', 3), toDecimal128(NULL, 3)

SELECT toDecimal128('1', 39)

SELECT toDecimal128(1.25, 5) + toDecimal32(1.5, 2), toDecimal128('10000000000000000000', 5) * toDecimal64(3, 2), toDecimal128(7, 4) / toDecimal32(2, 1), toDecimal128(7, 4) - 10, toDecimal128(-7.5, 4) < 0, toDecimal128(1, 3) = 1, -toDecimal128(5, 3), abs(toDecimal128(-5, 3)), round(toDecimal128('12345.6789', 4), 2), toTypeName(toDecimal128(1, 5) * toDecimal64(3, 2)), toTypeName(toDecimal32(1, 2) + toDecimal128(1, 5))

SELECT toDecimal64(1, 3) * toDecimal128(2, 37)

SELECT sum(toDecimal128(cost, 10)), avg(toDecimal128(cost, 10)), min(toDecimal128(cost, 3)), max(toDecimal128(cost, 3)), toTypeName(sum(toDecimal128(cost, 10))) FROM events

SELECT toDecimal128(cost, 5) AS k, count() FROM events GROUP BY k ORDER BY k LIMIT 3

SELECT toFloat64(toDecimal128('1.5', 10)), toInt32(toDecimal128('99.9', 10)), toString(toDecimal128('99.90', 10)), CAST(toDecimal128('5.55', 10) AS Decimal(9, 2)), CAST(toDecimal64('5.55', 4) AS Decimal(38, 20))

SELECT toDecimal32(1000000000, 0), toDecimal32(1, 9), CAST(1000 AS Decimal(3, 0)), toDecimal64(999999999999999999, 0)

SELECT toDecimal32(3000000000, 0)
