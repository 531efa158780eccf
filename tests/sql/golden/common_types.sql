SELECT if(materialize(number)=0,toUInt8(7),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toUInt8(7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt8(7)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toUInt8(7)), toUInt8(7) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toUInt8(7), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt8(-7),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toInt8(-7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt8(-7)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toInt8(-7)), toInt8(-7) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toInt8(-7), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT materialize(toUInt64(9)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toUInt64(9)), toUInt64(9) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toUInt64(9), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt64(-9),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toInt64(-9)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt64(-9)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toInt64(-9)), toInt64(-9) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toInt64(-9), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT materialize(toUInt256(13)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toUInt256(13)), toUInt256(13) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toUInt256(13), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt128(-12),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toInt128(-12)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt128(-12)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toInt128(-12)), toInt128(-12) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toInt128(-12), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat32(2.5),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toFloat32(2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat32(2.5)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toFloat32(2.5)), toFloat32(2.5) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toFloat32(2.5), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat64(-2.5),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toFloat64(-2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat64(-2.5)) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toFloat64(-2.5)), toFloat64(-2.5) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toFloat64(-2.5), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,true,CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), true] as b, toTypeName(b) from numbers(2)

SELECT materialize(true) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(true), true >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(true, CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toNullable(toUInt8(5)),CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum8('a'=1,'b'=2)), toNullable(toUInt8(5))] as b, toTypeName(b) from numbers(2)

SELECT materialize(toNullable(toUInt8(5))) = CAST('a' AS Enum8('a'=1,'b'=2)), CAST('a' AS Enum8('a'=1,'b'=2)) < materialize(toNullable(toUInt8(5))), toNullable(toUInt8(5)) >= materialize(CAST('a' AS Enum8('a'=1,'b'=2)))

SELECT greatest(toNullable(toUInt8(5)), CAST('a' AS Enum8('a'=1,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt8(7),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toUInt8(7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt8(7)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toUInt8(7)), toUInt8(7) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toUInt8(7), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt8(-7),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toInt8(-7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt8(-7)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toInt8(-7)), toInt8(-7) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toInt8(-7), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT materialize(toUInt64(9)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toUInt64(9)), toUInt64(9) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toUInt64(9), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt64(-9),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toInt64(-9)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt64(-9)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toInt64(-9)), toInt64(-9) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toInt64(-9), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT materialize(toUInt256(13)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toUInt256(13)), toUInt256(13) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toUInt256(13), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt128(-12),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toInt128(-12)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt128(-12)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toInt128(-12)), toInt128(-12) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toInt128(-12), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat32(2.5),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toFloat32(2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat32(2.5)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toFloat32(2.5)), toFloat32(2.5) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toFloat32(2.5), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat64(-2.5),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toFloat64(-2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat64(-2.5)) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toFloat64(-2.5)), toFloat64(-2.5) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toFloat64(-2.5), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,true,CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), true] as b, toTypeName(b) from numbers(2)

SELECT materialize(true) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(true), true >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(true, CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toNullable(toUInt8(5)),CAST('a' AS Enum16('a'=-300,'b'=2))) as a, toTypeName(a), [CAST('a' AS Enum16('a'=-300,'b'=2)), toNullable(toUInt8(5))] as b, toTypeName(b) from numbers(2)

SELECT materialize(toNullable(toUInt8(5))) = CAST('a' AS Enum16('a'=-300,'b'=2)), CAST('a' AS Enum16('a'=-300,'b'=2)) < materialize(toNullable(toUInt8(5))), toNullable(toUInt8(5)) >= materialize(CAST('a' AS Enum16('a'=-300,'b'=2)))

SELECT greatest(toNullable(toUInt8(5)), CAST('a' AS Enum16('a'=-300,'b'=2))) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt8(7),toIPv4('1.2.3.4')) as a, toTypeName(a), [toIPv4('1.2.3.4'), toUInt8(7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt8(7)) = toIPv4('1.2.3.4'), toIPv4('1.2.3.4') < materialize(toUInt8(7)), toUInt8(7) >= materialize(toIPv4('1.2.3.4'))

SELECT greatest(toUInt8(7), toIPv4('1.2.3.4')) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt64(9),toIPv4('1.2.3.4')) as a, toTypeName(a), [toIPv4('1.2.3.4'), toUInt64(9)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt64(9)) = toIPv4('1.2.3.4'), toIPv4('1.2.3.4') < materialize(toUInt64(9)), toUInt64(9) >= materialize(toIPv4('1.2.3.4'))

SELECT greatest(toUInt64(9), toIPv4('1.2.3.4')) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt256(13),toIPv4('1.2.3.4')) as a, toTypeName(a), [toIPv4('1.2.3.4'), toUInt256(13)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt256(13)) = toIPv4('1.2.3.4'), toIPv4('1.2.3.4') < materialize(toUInt256(13)), toUInt256(13) >= materialize(toIPv4('1.2.3.4'))

SELECT greatest(toUInt256(13), toIPv4('1.2.3.4')) as g, toTypeName(g)

SELECT if(materialize(number)=0,true,toIPv4('1.2.3.4')) as a, toTypeName(a), [toIPv4('1.2.3.4'), true] as b, toTypeName(b) from numbers(2)

SELECT materialize(true) = toIPv4('1.2.3.4'), toIPv4('1.2.3.4') < materialize(true), true >= materialize(toIPv4('1.2.3.4'))

SELECT greatest(true, toIPv4('1.2.3.4')) as g, toTypeName(g)

SELECT if(materialize(number)=0,toNullable(toUInt8(5)),toIPv4('1.2.3.4')) as a, toTypeName(a), [toIPv4('1.2.3.4'), toNullable(toUInt8(5))] as b, toTypeName(b) from numbers(2)

SELECT materialize(toNullable(toUInt8(5))) = toIPv4('1.2.3.4'), toIPv4('1.2.3.4') < materialize(toNullable(toUInt8(5))), toNullable(toUInt8(5)) >= materialize(toIPv4('1.2.3.4'))

SELECT greatest(toNullable(toUInt8(5)), toIPv4('1.2.3.4')) as g, toTypeName(g)

SELECT if(materialize(1)=1,toUInt8(7),toIntervalDay(2)) as a0, toTypeName(a0), if(materialize(1)=1,toInt8(-7),toIntervalDay(2)) as a1, toTypeName(a1), if(materialize(1)=1,toUInt64(9),toIntervalDay(2)) as a2, toTypeName(a2), if(materialize(1)=1,toInt64(-9),toIntervalDay(2)) as a3, toTypeName(a3)

SELECT if(materialize(number)=0,toUInt8(7),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toUInt8(7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt8(7)) = toIntervalDay(2), toIntervalDay(2) < materialize(toUInt8(7)), toUInt8(7) >= materialize(toIntervalDay(2))

SELECT greatest(toUInt8(7), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt8(-7),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toInt8(-7)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt8(-7)) = toIntervalDay(2), toIntervalDay(2) < materialize(toInt8(-7)), toInt8(-7) >= materialize(toIntervalDay(2))

SELECT greatest(toInt8(-7), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt64(9),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toUInt64(9)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt64(9)) = toIntervalDay(2), toIntervalDay(2) < materialize(toUInt64(9)), toUInt64(9) >= materialize(toIntervalDay(2))

SELECT greatest(toUInt64(9), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt64(-9),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toInt64(-9)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt64(-9)) = toIntervalDay(2), toIntervalDay(2) < materialize(toInt64(-9)), toInt64(-9) >= materialize(toIntervalDay(2))

SELECT greatest(toInt64(-9), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toUInt256(13),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toUInt256(13)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toUInt256(13)) = toIntervalDay(2), toIntervalDay(2) < materialize(toUInt256(13)), toUInt256(13) >= materialize(toIntervalDay(2))

SELECT greatest(toUInt256(13), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toInt128(-12),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toInt128(-12)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toInt128(-12)) = toIntervalDay(2), toIntervalDay(2) < materialize(toInt128(-12)), toInt128(-12) >= materialize(toIntervalDay(2))

SELECT greatest(toInt128(-12), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat32(2.5),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toFloat32(2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat32(2.5)) = toIntervalDay(2), toIntervalDay(2) < materialize(toFloat32(2.5)), toFloat32(2.5) >= materialize(toIntervalDay(2))

SELECT greatest(toFloat32(2.5), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toFloat64(-2.5),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toFloat64(-2.5)] as b, toTypeName(b) from numbers(2)

SELECT materialize(toFloat64(-2.5)) = toIntervalDay(2), toIntervalDay(2) < materialize(toFloat64(-2.5)), toFloat64(-2.5) >= materialize(toIntervalDay(2))

SELECT greatest(toFloat64(-2.5), toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,true,toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), true] as b, toTypeName(b) from numbers(2)

SELECT materialize(true) = toIntervalDay(2), toIntervalDay(2) < materialize(true), true >= materialize(toIntervalDay(2))

SELECT greatest(true, toIntervalDay(2)) as g, toTypeName(g)

SELECT if(materialize(number)=0,toNullable(toUInt8(5)),toIntervalDay(2)) as a, toTypeName(a), [toIntervalDay(2), toNullable(toUInt8(5))] as b, toTypeName(b) from numbers(2)

SELECT materialize(toNullable(toUInt8(5))) = toIntervalDay(2), toIntervalDay(2) < materialize(toNullable(toUInt8(5))), toNullable(toUInt8(5)) >= materialize(toIntervalDay(2))

SELECT greatest(toNullable(toUInt8(5)), toIntervalDay(2)) as g, toTypeName(g)

SELECT [toUInt8(7), true] as a, toTypeName(a), [true, toUInt8(7)] as b, toTypeName(b), if(materialize(0)=1, true, toUInt8(7)) as c, toTypeName(c)

SELECT intDiv(toUInt8(7), toFloat32(1.5)) as a, toTypeName(a), intDiv(toUInt8(7), 1.5) as b, toTypeName(b), intDiv(toUInt8(7), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toUInt8(7), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toUInt8(7)) as b, toTypeName(b)

SELECT greatest(toUInt8(7), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toUInt8(7)) as a, toTypeName(a)

SELECT materialize(toUInt8(7)) = materialize('a')

SELECT materialize(toUInt8(7)) < 'a'

SELECT materialize(toUInt8(7)) = materialize(toDate('2020-01-01'))

SELECT [toInt8(-7), true] as a, toTypeName(a), [true, toInt8(-7)] as b, toTypeName(b), if(materialize(0)=1, true, toInt8(-7)) as c, toTypeName(c)

SELECT intDiv(toInt8(-7), toFloat32(1.5)) as a, toTypeName(a), intDiv(toInt8(-7), 1.5) as b, toTypeName(b), intDiv(toInt8(-7), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toInt8(-7), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toInt8(-7)) as b, toTypeName(b)

SELECT greatest(toInt8(-7), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toInt8(-7)) as a, toTypeName(a)

SELECT materialize(toInt8(-7)) = materialize('a')

SELECT materialize(toInt8(-7)) < 'a'

SELECT materialize(toInt8(-7)) = materialize(toDate('2020-01-01'))

SELECT [toUInt64(9), true] as a, toTypeName(a), [true, toUInt64(9)] as b, toTypeName(b), if(materialize(0)=1, true, toUInt64(9)) as c, toTypeName(c)

SELECT intDiv(toUInt64(9), toFloat32(1.5)) as a, toTypeName(a), intDiv(toUInt64(9), 1.5) as b, toTypeName(b), intDiv(toUInt64(9), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toUInt64(9), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toUInt64(9)) as b, toTypeName(b)

SELECT greatest(toUInt64(9), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toUInt64(9)) as a, toTypeName(a)

SELECT materialize(toUInt64(9)) = materialize('a')

SELECT materialize(toUInt64(9)) < 'a'

SELECT materialize(toUInt64(9)) = materialize(toDate('2020-01-01'))

SELECT [toInt64(-9), true] as a, toTypeName(a), [true, toInt64(-9)] as b, toTypeName(b), if(materialize(0)=1, true, toInt64(-9)) as c, toTypeName(c)

SELECT intDiv(toInt64(-9), toFloat32(1.5)) as a, toTypeName(a), intDiv(toInt64(-9), 1.5) as b, toTypeName(b), intDiv(toInt64(-9), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toInt64(-9), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toInt64(-9)) as b, toTypeName(b)

SELECT greatest(toInt64(-9), toInt64(-2)) as a, toTypeName(a)

SELECT materialize(toInt64(-9)) = materialize('a')

SELECT materialize(toInt64(-9)) < 'a'

SELECT materialize(toInt64(-9)) = materialize(toDate('2020-01-01'))

SELECT [toUInt256(13), true] as a, toTypeName(a), [true, toUInt256(13)] as b, toTypeName(b), if(materialize(0)=1, true, toUInt256(13)) as c, toTypeName(c)

SELECT intDiv(toUInt256(13), toFloat32(1.5)) as a, toTypeName(a), intDiv(toUInt256(13), 1.5) as b, toTypeName(b), intDiv(toUInt256(13), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toUInt256(13), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toUInt256(13)) as b, toTypeName(b)

SELECT greatest(toUInt256(13), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toUInt256(13)) as a, toTypeName(a)

SELECT materialize(toUInt256(13)) = materialize('a')

SELECT materialize(toUInt256(13)) < 'a'

SELECT materialize(toUInt256(13)) = materialize(toDate('2020-01-01'))

SELECT [toInt128(-12), true] as a, toTypeName(a), [true, toInt128(-12)] as b, toTypeName(b), if(materialize(0)=1, true, toInt128(-12)) as c, toTypeName(c)

SELECT intDiv(toInt128(-12), toFloat32(1.5)) as a, toTypeName(a), intDiv(toInt128(-12), 1.5) as b, toTypeName(b), intDiv(toInt128(-12), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toInt128(-12), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toInt128(-12)) as b, toTypeName(b)

SELECT greatest(toInt128(-12), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toInt128(-12)) as a, toTypeName(a)

SELECT materialize(toInt128(-12)) = materialize('a')

SELECT materialize(toInt128(-12)) < 'a'

SELECT materialize(toInt128(-12)) = materialize(toDate('2020-01-01'))

SELECT [toFloat32(2.5), true] as a, toTypeName(a), [true, toFloat32(2.5)] as b, toTypeName(b), if(materialize(0)=1, true, toFloat32(2.5)) as c, toTypeName(c)

SELECT intDiv(toFloat32(2.5), toFloat32(1.5)) as a, toTypeName(a), intDiv(toFloat32(2.5), 1.5) as b, toTypeName(b), intDiv(toFloat32(2.5), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toFloat32(2.5), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toFloat32(2.5)) as b, toTypeName(b)

SELECT greatest(toFloat32(2.5), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toFloat32(2.5)) as a, toTypeName(a)

SELECT materialize(toFloat32(2.5)) = materialize('a')

SELECT materialize(toFloat32(2.5)) < 'a'

SELECT materialize(toFloat32(2.5)) = materialize(toDate('2020-01-01'))

SELECT [toFloat64(-2.5), true] as a, toTypeName(a), [true, toFloat64(-2.5)] as b, toTypeName(b), if(materialize(0)=1, true, toFloat64(-2.5)) as c, toTypeName(c)

SELECT intDiv(toFloat64(-2.5), toFloat32(1.5)) as a, toTypeName(a), intDiv(toFloat64(-2.5), 1.5) as b, toTypeName(b), intDiv(toFloat64(-2.5), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toFloat64(-2.5), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toFloat64(-2.5)) as b, toTypeName(b)

SELECT greatest(toFloat64(-2.5), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toFloat64(-2.5)) as a, toTypeName(a)

SELECT materialize(toFloat64(-2.5)) = materialize('a')

SELECT materialize(toFloat64(-2.5)) < 'a'

SELECT materialize(toFloat64(-2.5)) = materialize(toDate('2020-01-01'))

SELECT [true, true] as a, toTypeName(a), [true, true] as b, toTypeName(b), if(materialize(0)=1, true, true) as c, toTypeName(c)

SELECT intDiv(true, toFloat32(1.5)) as a, toTypeName(a), intDiv(true, 1.5) as b, toTypeName(b), intDiv(true, toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(true, toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), true) as b, toTypeName(b)

SELECT greatest(true, toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), true) as a, toTypeName(a)

SELECT materialize(true) = materialize('a')

SELECT materialize(true) < 'a'

SELECT materialize(true) = materialize(toDate('2020-01-01'))

SELECT [toNullable(toUInt8(5)), true] as a, toTypeName(a), [true, toNullable(toUInt8(5))] as b, toTypeName(b), if(materialize(0)=1, true, toNullable(toUInt8(5))) as c, toTypeName(c)

SELECT intDiv(toNullable(toUInt8(5)), toFloat32(1.5)) as a, toTypeName(a), intDiv(toNullable(toUInt8(5)), 1.5) as b, toTypeName(b), intDiv(toNullable(toUInt8(5)), toDecimal64(2, 3)) as c, toTypeName(c)

SELECT greatest(toNullable(toUInt8(5)), toDecimal64(2, 3)) as a, toTypeName(a), least(toDecimal128(2, 3), toNullable(toUInt8(5))) as b, toTypeName(b)

SELECT greatest(toNullable(toUInt8(5)), toInt64(-2)) as a, toTypeName(a)

SELECT least(toUInt64(2), toNullable(toUInt8(5))) as a, toTypeName(a)

SELECT materialize(toNullable(toUInt8(5))) = materialize('a')

SELECT materialize(toNullable(toUInt8(5))) < 'a'

SELECT materialize(toNullable(toUInt8(5))) = materialize(toDate('2020-01-01'))

SELECT if(materialize(1)=1, toFixedString('abc',3), CAST('a' AS Enum8('a'=1,'b'=2))) as a, toTypeName(a)

SELECT [toDateTime('2020-01-01 00:00:00','UTC'), toDate32('2020-01-01')] as a, toTypeName(a)

SELECT if(materialize(1)=1, toDate('2020-01-01'), toDateTime64('2020-01-01 00:00:00.5', 3, 'UTC')) as a, toTypeName(a)

SELECT if(materialize(1)=1, toDate('2020-01-01'), toDateTime('2020-01-01 00:00:00', 'UTC')) as a, toTypeName(a)

SELECT if(materialize(1)=1, toDate('2020-01-01'), toDate32('2020-01-01')) as a, toTypeName(a)

SELECT intDiv(toDecimal32(7,2), toDecimal64(2,4))

SELECT intDiv(toDecimal128(7,4), toDecimal64(2,3)) as a, toTypeName(a)
