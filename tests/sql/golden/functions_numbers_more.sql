SELECT intDiv(toUInt8(200), toInt8(-5)), intDiv(toUInt16(60000), toInt8(-5)), intDiv(toUInt32(4000000000), -5), intDiv(toUInt64(18446744073709551615), -5), intDiv(toInt8(-128), toUInt8(200)), intDiv(toInt64(-5), toUInt64(18446744073709551615)), intDiv(-7, toUInt8(200)), intDiv(toUInt64(10), -3), intDiv(toInt16(-300), toUInt8(200)), intDiv(toInt8(100), toUInt8(200)), intDiv(toUInt8(200), toInt32(3)), intDivOrZero(toUInt8(200), toInt8(3)), intDiv(toUInt32(4294967295), toInt64(-2))

SELECT intDiv(toUInt8(128), toInt8(-1))

SELECT intDiv(toInt8(-128), toInt8(-1))

SELECT intDivOrZero(toInt8(-128), toInt8(-1)), intDivOrZero(toUInt8(128), -1), intDiv(number, -2), intDiv(-number, toUInt8(2)), intDivOrZero(toInt16(-32768), -1) FROM numbers(4)

SELECT modulo(5.5, inf), modulo(5, inf), positiveModulo(5.5, inf), modulo(inf, 2), modulo(5.5, 0.1), modulo(-5.5, 2), positiveModulo(-5.5, 2), 7.5 % 2, modulo(number * 100.5, 7) FROM numbers(3)

SELECT greatest(1::UInt64, -1), toTypeName(greatest(toInt8(-5), toUInt64(1))), least(toInt32(-5), toUInt64(1)), toTypeName(greatest(1::UInt64, -1::Int128)), greatest(number, -1), greatest(-1, 18446744073709551615) FROM numbers(2)

SELECT greatest(toNullable(number), toInt8(-1)) FROM numbers(2)

SELECT least(1::UInt64, -1::Int8, 3::UInt8)

SELECT greatest(nan, -1), greatest(-1, nan), least(nan, 1), least(1, nan), greatest(nan, 1, 2), greatest(1, nan, 2), least(1, nan, 2), least(nan, 2, 1), greatest(1.5, nan), least(1.5, nan), greatest(nan, 1.5), least(nan, 1.5), greatest(0 / number, 1.) FROM numbers(2)

SELECT has([1::UInt64], -3), has([-1], 18446744073709551615), indexOf([1::UInt64], -1), countEqual([1::UInt64, 2], -1), has(range(number), -1), indexOf([number, 18446744073709551615], -1), notHas(range(number), -3) FROM numbers(2)

SELECT roundDown(nan, [1, 3, 5]), roundDown(0 / number, [1., 3.]) FROM numbers(2)

SELECT intDiv(toUInt8(200), toInt32(1000)), intDiv(toUInt8(100), toInt16(300)), intDiv(toUInt8(200), toInt32(256)), intDiv(toUInt16(100), toInt64(65541)), intDiv(toInt8(100), toUInt32(1000)), intDiv(toInt8(-100), toUInt16(300))
