SELECT toDecimal128(1,0)

SELECT toFloat64(toInt256('249429711969075776299822570813224988150')) = 249429711969075757418619060760375984128.0

SELECT toFloat64(toInt256('56271221040315673345342132474')), toFloat64(toInt256('56271221040315673345342132474'))= 56271221040315668948555137024.0

SELECT toFloat64(toUInt256('5115546013777030871424213077775491823764425978041288690784'))=5115546013777030523057708942577688838897025474810974568448.0

SELECT toInt256(1e30), toInt256(-1.5), toInt256(nan), toInt256(inf), toInt256(1e80), toInt256(-1e80), toUInt256(-1.5), toUInt256(1e77), toInt256(1e77), toUInt256(-1e30)

SELECT toInt256(12345678901234567890.0), toInt256(0.99), toInt256(-0.99), toInt128(1e40), toInt128(nan), toInt128(-1e40), toUInt128(-1e10), toUInt256(toFloat32(-3))

SELECT toTypeName(toInt256(1)+1), toTypeName(toUInt256(1)+1), toTypeName(toUInt256(1)+toInt8(1)), toTypeName(toUInt256(1)-1), toTypeName(toUInt256(1)*toInt256(1)), toTypeName(toInt256(1)/2), toTypeName(intDiv(toInt256(1),2)), toTypeName(intDiv(toUInt8(1),toInt256(2))), toTypeName(toUInt8(1)%toInt256(2)), toTypeName(toInt256(1)%toInt8(2)), toTypeName(-toUInt256(1)), toTypeName(-toInt256(1)), toTypeName(abs(toInt256(-1))), toTypeName(bitAnd(toInt256(1),1)), toTypeName(bitNot(toUInt256(1))), toTypeName(bitCount(toUInt256(1)))

SELECT toTypeName(toInt256(1)+1.5), toTypeName(toInt256(1)*toFloat32(1.5)), toInt256(1)+1.5

SELECT toTypeName(toInt128(1)+1.5)

SELECT toTypeName(toInt256(1)%1.5), toTypeName(toInt256(1)%2.5)

SELECT toTypeName(toInt256(1)+toDecimal32(1,2))

SELECT toTypeName(toInt256(1)*toDecimal32(1,2)), toTypeName(toDecimal128(1,2)+toInt256(1))

SELECT toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968')-1, toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968')/2

SELECT intDiv(toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968'), -1)

SELECT intDiv(toInt256(-7), 2), toInt256(-7)%3, positiveModulo(toInt256(-7),3), intDiv(toUInt256(7), -2), toUInt256(7)%toInt8(-2), intDiv(toInt256(1),0)

SELECT intDivOrZero(toInt256(1),0), moduloOrZero(toInt256(1),0)

SELECT toInt256(1)%0

SELECT gcd(toInt256(12),8), lcm(toInt256(4),6)

SELECT bitTest(toInt256(5),2), bitShiftLeft(toInt256(1),200), bitShiftRight(toInt256(-5),1), bitShiftLeft(toInt256(1),256), bitShiftRight(toUInt256(5),300)

SELECT bitShiftLeft(1,toInt256(3))

SELECT bitRotateLeft(toUInt256(1),3)

SELECT byteSwap(toUInt256(1))

SELECT toTypeName(if(1,toInt256(1),toUInt64(3))), toTypeName([toUInt128(1),toInt8(3)])

SELECT toInt256(1) = 1.0, toInt256(1) < toUInt256(2), toInt256(-1) < toUInt256(2), toInt256(-1) = toUInt8(255), toInt256(10)>toDecimal32(9.5,1), toInt256('10')>'9'

SELECT hex(toInt256(5)), bin(toUInt256(5)), hex(toInt256(-1))

SELECT toFloat64(toInt256(5)), round(toInt256(15),-1), floor(toInt256(15)), sqrt(toInt256(16)), toString(toInt256(5)), sign(toInt256(-5))

SELECT avg(x), toTypeName(avg(x)), sum(x), toTypeName(sum(x)), min(x), max(x), any(x), uniq(x), uniqExact(x), uniqCombined(x), uniqHLL12(x) from (select toInt256(number) x from numbers(10))

SELECT stddevPop(x) from (select toInt256(number) x from numbers(3))

SELECT toInt256OrZero('abc'), toInt256OrNull('5'), toInt256OrDefault('x', toInt256(7)), reinterpretAsInt256('abc'), reinterpretAsUInt256(5), toUInt256OrZero('-1')

SELECT 115792089237316195423570985008687907853269984665640564039457584007913129639935, toTypeName(115792089237316195423570985008687907853269984665640564039457584007913129639935), toTypeName(18446744073709551616)

SELECT CAST('170141183460469231731687303715884105728' AS Int256), '5'::Int256, CAST(5 AS Nullable(UInt256)), accurateCastOrNull(-1, 'UInt256'), accurateCastOrNull(toInt256(300),'UInt8'), accurateCast(toInt256(5), 'Float64')

SELECT toInt8(toInt256(300)), toUInt64(toInt256(-1)), toInt128(toInt256('170141183460469231731687303715884105728')), toDecimal64(toInt256(5),2), toDate(toInt256(5)), toDateTime(toInt256(5)), toBool(toInt256(5))

SELECT JSONExtract('{"a":123456789012345678901234567890}', 'a', 'Int256'), JSONExtract('{"a":"123456789012345678901234567890"}', 'a', 'UInt256'), toJSONString(toInt256(5)), JSONExtract('{"a":5}', 'a', 'UInt256')

SELECT toInt256(5) in (5, 6), toInt256(5) in (toInt256(5)), 5 in (toInt256(5)), has([toInt256(1)], 1), toInt256(1) between 0 and 2

SELECT gcd(toInt128(12),8), lcm(toInt128(4),6), toTypeName(gcd(toUInt256(1),toInt8(3)))

SELECT gcd(toInt256('-120000000000000000000000000000000000000000000000000'), toUInt64(1000000)), lcm(toInt256('120000000000000000000000000000000000000000000000000'), 7)

SELECT gcd(toInt256(1), 1.5)

SELECT bitTest(toInt256(5),2)

SELECT bitTest(5,toInt256(2))

SELECT bitTest(toInt128(5),2)

SELECT bitShiftLeft(toInt256(1),200), bitShiftRight(toInt256(-5),1), bitShiftLeft(toInt256(1),256)

SELECT bitShiftRight(toUInt256(5),300)

SELECT bitShiftLeft(1,toInt128(3))

SELECT bitRotateLeft(1,toInt128(3))

SELECT byteSwap(toInt128(1)), byteSwap(toInt256(1))

SELECT toInt128(nan)

SELECT toInt64(nan)

SELECT toInt64(inf)

SELECT toUInt8(inf)

SELECT toInt256(1e80)

SELECT toInt256(1e77), toUInt256(-1e30), toUInt256(-1.5)

SELECT toDate(nan)

SELECT toUInt256OrNull(1)

SELECT intDiv(toInt128('-170141183460469231731687303715884105728'), -1)

SELECT toInt128('-170141183460469231731687303715884105728') % -1, toInt256(-1) % toUInt8(3), toInt256(-7) % toUInt256(3), toUInt256(7) % toInt256(-4), intDiv(toUInt256(7), -2), intDiv(-7, toUInt256(2)), intDiv(toInt256(-7), toUInt8(2)), intDiv(toInt8(-7), toUInt256(2))

SELECT intDiv(toUInt128(7), -2), intDiv(toInt128(-7), toUInt64(2)), intDiv(toUInt128(7), toInt8(-2)), toUInt128(7) % toInt8(-2), toTypeName(toUInt128(7) % toInt8(-2))

SELECT toInt256(7)*1.5

SELECT countDigits(toInt256('-123456789012345678901234567890123456789012345678901234567890'))

SELECT formatReadableSize(toInt256(1000000)), toString(toInt256(-5)), sqrt(toInt256(16)), exp(toInt256(1)), pow(toInt256(2), 3), log(toInt256(1)), bar(toInt256(3),0,10,5)

SELECT greatest(toInt256(1), 5), toTypeName(greatest(toInt256(1), 5)), least(toUInt256(3), toUInt8(2)), toTypeName(least(toUInt256(3), toUInt8(2)))

SELECT if(number=1, toInt256(1), 5) from numbers(3)

SELECT multiIf(number=1, toInt256(1), number=2, toUInt64(7), NULL) as x, toTypeName(x) from numbers(3)

SELECT cityHash64(toInt256(5)), sipHash64(toInt256(5)), hex(sipHash128(toInt256(5))), xxHash64(toInt256(5)), murmurHash3_64(toInt256(5)), cityHash64(toInt256(5), toUInt256(7)), xxHash32(toInt256(5)), murmurHash2_32(toInt256(1)), halfMD5(toInt256(5)), intHash64(toInt256(5)), hex(MD5(toString(toInt256(5))))

SELECT intHash32(toInt256(5))

SELECT range(toInt256(3))

SELECT arraySum([toInt256(1), toInt256(5)]), arrayMin([toInt256(1), toInt256(5)]), arrayMax([toUInt256(1), toUInt256(5)]), arrayAvg([toInt256(1), toInt256(5)]), arraySort([toInt256(5), toInt256(-1)]), arrayReverse([toInt256(5)]), has([toInt256(5)], toInt256(5)), indexOf([toInt256(5)], 5), arrayCumSum([toInt256(1), toInt256(5)]), arrayDifference([toInt256(1), toInt256(5)]), arrayProduct([toInt256(2)]), arrayDistinct([toInt256(1), 1]), arrayUniq([toInt256(1), 2]), toTypeName(arraySum([toInt256(1)])), toTypeName(arrayDifference([toUInt256(1)])), toTypeName(arrayCumSum([toUInt256(1)]))

SELECT arraySum([toInt256(1), toInt256(5)]), toTypeName(arraySum([toInt256(1)]))

SELECT arrayMin([toInt256(1), toInt256(5)]), arrayMax([toUInt256(1), toUInt256(5)])

SELECT arrayAvg([toInt256(1), toInt256(5)])

SELECT arraySort([toInt256(5), toInt256(-1)]), arrayReverse([toInt256(5)]), has([toInt256(5)], toInt256(5)), indexOf([toInt256(5)], 5)

SELECT arrayCumSum([toInt256(1), toInt256(5)])

SELECT arrayDifference([toInt256(1), toInt256(5)])

SELECT arrayProduct([toInt256(2)])

SELECT arrayDistinct([toInt256(1), 1]), arrayUniq([toInt256(1), 2]), arrayIntersect([toInt256(1)],[1,toInt256(1)]), arrayConcat([toInt256(1)],[2]), arrayPushBack([toInt256(1)], 2), arrayResize([toInt256(1)], 3), arrayCompact([toInt256(1),1]), arrayEnumerate([toInt256(1)]), arrayEnumerateUniq([toInt256(1),1]), arrayZip([toInt256(1)],['a']), arraySlice([toInt256(1)],1,1), arrayElement([toInt256(5)],1), countEqual([toInt256(1)],1)

SELECT arrayMap(x -> x * x, [toInt256('100000000000000000000000000')]), arrayFilter(x -> x > 1, [toInt256(1), toInt256(2)]), arraySum(x -> x, [toInt256(2)])

SELECT toIntervalDay(toInt256(3)), toDate('2020-01-01') + toInt256(3)

SELECT toDateTime('2020-01-01 00:00:00','UTC') + toInt256(3)

SELECT substring('abcdef', toInt256(2)), repeat('a', toInt256(3)), leftPad('a', toInt256(3)), char(toInt256(65))

SELECT reinterpretAsString(toInt256(65)), reinterpret(toInt256(65), 'FixedString(32)'), reinterpretAsUInt8(toInt256(65)), reinterpretAsInt256(toFloat64(1)), reinterpret('a','Int256'), toTypeName(reinterpretAsFixedString(toInt256(1)))

SELECT toDecimal32(toInt256(5), 2), toDecimal128(toInt256('100000000000000000000000000000000000000000000'), 2)

SELECT toInt256(CAST('a' as Enum8('a'=-1))), toUInt256(toInt8(-1)), toInt256(toUInt128('340282366920938463463374607431768211455'))

SELECT toInt256('12 '), 1

SELECT toInt256('1.5')

SELECT toInt256('')

SELECT toInt256OrNull('1.5'), toInt256OrZero(''), toUInt256OrNull('115792089237316195423570985008687907853269984665640564039457584007913129639936'), toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639936'), toInt256OrNull('57896044618658097711785492504343953926634992332820282019728792003956564819968')

SELECT hex(toInt256(5)), bin(toUInt256(5)), hex(toInt256(-1)), bin(toInt256(-2)), hex(toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935'))

SELECT sum(x), avg(x), min(x), max(x), any(x), anyLast(x), uniq(x), uniqExact(x), uniqCombined(x), uniqCombined64(x), uniqHLL12(x), uniqTheta(x) from (select toInt256(number) * toInt256('1000000000000000000000000000000000') - 5 as x from numbers(100))

SELECT sumMap([x],[x]) from (select toInt256(number) as x from numbers(4))

SELECT anyHeavy(x) from (select toInt256(number % 2) as x from numbers(5))

SELECT groupBitmap(x) from (select toInt256(number) as x from numbers(10))

SELECT simpleLinearRegression(x, x), entropy(x), max(x) from (select toInt256(number) as x from numbers(10))

SELECT avgWeighted(x, 1) from (select toInt256(number) as x from numbers(10))

SELECT sumCount(x), toTypeName(sumCount(x)) from (select toInt256(number) as x from numbers(10))
