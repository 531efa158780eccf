SELECT sum(x), toTypeName(sum(x)) from (select toNullable(toUInt256(number)) as x from numbers(10) where number > 100)

SELECT x, count() from (select toInt256(number % 3) - 1 as x from numbers(10)) group by x order by x desc

SELECT x, n from (select toInt256(number % 3) - 1 as x, number n from numbers(10)) order by x desc, n limit 5

SELECT x from (select toUInt256(number % 3) * toUInt256('115792089237316195423570985008687907853269984665640564039457') as x from numbers(10)) order by x limit 4

SELECT distinct x from (select toUInt256(number % 3) as x from numbers(10)) order by x

SELECT x, row_number() over (partition by x order by n), sum(x) over (order by n), lag(x) over (order by n), min(x) over (order by n rows between 1 preceding and current row), rank() over (order by x) from (select toInt256(number % 3) as x, number n from numbers(10)) order by n

SELECT a.x, b.y from (select toInt256(number) as x from numbers(5)) a join (select toInt256(number*2) as x, number y from numbers(5)) b on a.x = b.x order by 1

SELECT a.x, b.y from (select toInt256(number) as x from numbers(5)) a join (select toUInt8(number*2) as x, number y from numbers(5)) b on a.x = b.x order by 1

SELECT a.x, b.y from (select toInt256(number) as x from numbers(5)) a left join (select toInt256(number*2) as x, number y from numbers(5)) b using x order by 1

SELECT toInt256(number) in (1, 3), toInt256(number) in (select toInt256(2)), toInt256(number) in (select 2), number in (toInt256(1)), (toInt256(number), 1) in ((1,1)) from numbers(4)

SELECT toInt256('115792089237316195423570985008687907853') in ('115792089237316195423570985008687907853', 5)

SELECT toInt256(5) = '5', toInt256(5) < '17', toInt256(5) between 1 and '9'

SELECT toInt256(5) = 5.0, toInt256(5) < 5.5, toUInt256(5) > -0.5, toInt256(5) = toDecimal128('5.00', 2), toInt256(5) < toDecimal32('5.5',1), toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935') = toInt256(-1), toUInt256(5) = true

SELECT toInt256(1) and 0, not toInt256(0), toInt256(5) or 0, if(toInt256(5), 1, 2), xor(toInt256(1), 1)

SELECT count() from numbers(5) where toInt256(number)

SELECT CAST((toInt256(5), [toUInt256(7)]) AS Tuple(Int256, Array(UInt256))), map(toInt256(1), toUInt256(2)), tuple(toInt256(1)), toJSONString(map('a', toInt256(1))), toJSONString((toInt256(1), 2))

SELECT toLowCardinality(toInt256(5)), toTypeName(toLowCardinality(toInt256(5)))

SELECT toNullable(toInt256(5)), nullIf(toInt256(5), 5), coalesce(toNullable(toInt256(5)), 7), ifNull(NULL, toInt256(8)), assumeNotNull(toNullable(toInt256(5)))

SELECT transform(toInt256(1), [1, 2], ['a', 'b'], 'c')

SELECT JSONExtract('{"a":[1,2]}', 'a', 'Array(UInt256)'), JSONExtract('{"a":-1}', 'a', 'UInt256'), JSONExtract('{"a":1.5}', 'a', 'UInt256'), JSONExtract('{"a":"x"}', 'a', 'Nullable(UInt256)')

SELECT neighbor(toInt256(number), 1) from numbers(3)

SELECT runningDifference(toInt256(number)) from numbers(3)

SELECT fromUnixTimestamp(toInt256(5)), addDays(toDate('2020-01-01'), toInt256(3)), date_add(day, toInt256(3), toDate('2020-01-01'))

SELECT widthBucket(toInt256(3), 0, 10, 5), intExp2(toInt256(3)), e() * 0, factorial(toInt256(4))

SELECT generateUUIDv4() != toUUID('00000000-0000-0000-0000-000000000000'), bitmapCardinality(bitmapBuild([1]))

SELECT geoDistance(toInt256(1),2,3,4) > 0, L2Norm([toInt256(3), toInt256(4)]), arrayNormalizedGini([1],[1]).1

SELECT L2Norm([toInt256(3), toInt256(4)])

SELECT dotProduct([toInt256(3)], [toInt256(4)])

SELECT tuplePlus((toInt256(1),2),(3,4)), tupleMultiplyByNumber((toInt256(1),2), 3), dotProduct((toInt256(1),2),(3,4))

SELECT toInt128(1) and 1

SELECT 1 from numbers(2) where toInt128(number)

SELECT if(toInt128(1), 1, 2)

SELECT multiIf(toInt256(1), 1, 2)

SELECT not toInt128(1)

SELECT toInt256(1e30)

SELECT toUInt128OrNull('340282366920938463463374607431768211456'), toInt128OrNull('170141183460469231731687303715884105728'), toUInt64OrNull('18446744073709551616'), toInt64OrNull('9223372036854775808'), toUInt8OrNull('256')

SELECT toInt128('')

SELECT toInt32('')

SELECT range(toInt128(3))

SELECT substring('abc', toInt128(2))

SELECT toTypeName(toUInt256(1) % toFloat32(1.5)), toTypeName(toFloat32(1.5) % toUInt256(1)), toTypeName(1.5/toInt256(1)), positiveModulo(toInt256(-7), 2.5), toTypeName(positiveModulo(toInt256(-7), 2.5))

SELECT bin(toDecimal128(1,0)), hex(toDecimal128(1,0)), hex(toDecimal64(1,0))

SELECT toFloat64('')

SELECT toDecimal32('',2)

SELECT toDate('')

SELECT 1 where 'a'

SELECT 1 where toDate('2020-01-01')

SELECT 1 where [1]

SELECT uniqCombined(x), uniqCombined64(x) from (select toInt256(number) x from numbers(100))

SELECT reinterpretAsInt256(materialize('abc')), hex(reinterpretAsString(toUInt256(258))), reinterpret(toInt256(-1), 'UInt256') = toUInt256(toInt256(-1))

SELECT {p:Int256}

SELECT toInt256(number) * toInt256(number) from numbers(3) order by 1 desc

SELECT greatest(toInt256(number), 1), least(toUInt256(number), toUInt8(1)), coalesce(NULL, toInt256(number)), if(number = 1, toInt256(number), toInt8(-5)) from numbers(3)

SELECT [toInt256(1), 2, -3], [toUInt256(1), NULL], (toInt256(1), 'a'), map('k', toUInt256(2)), arrayMax([toInt256(-1), toInt8(3)])

SELECT toTypeName([toInt256(1), toUInt128(2)]), toTypeName([toUInt256(1), toUInt8(2)]), toTypeName([toUInt128(1), toInt64(-1)]), toTypeName([toNullable(toInt256(1))])

SELECT toInt256(1) union all select toUInt8(2) order by 1

SELECT sumIf(x, x > 2), sumOrNull(x), avgIf(x, x > 5), maxIf(x, 0), sumState(x) is not null, sumMerge(s) from (select toInt256(number) x, sumState(toInt256(number)) s from numbers(5) group by number)

SELECT minMerge(s), maxMerge(m), argMaxMerge(g), uniqMerge(u), anyMerge(a) from (select minState(x) s, maxState(x) m, argMaxState(x, -x) g, uniqState(x) u, anyState(x) a from (select toInt256(number) - 3 x from numbers(7)))

SELECT x % 2 as k, groupArray(x), min(x), max(x), argMin(x, n), uniqExact(x), count(distinct x) from (select toInt256(number) * toInt256('100000000000000000000000000000000000000000') x, number n from numbers(6)) group by k order by k

SELECT x from (select arrayJoin([toInt256(3), toInt256(-170141183460469231731687303715884105729), toInt256('170141183460469231731687303715884105729'), toInt256(-1), toInt256(0)]) x) order by x

SELECT x from (select arrayJoin([toUInt256(3), toUInt256('340282366920938463463374607431768211456'), toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935'), toUInt256(0)]) x) order by x desc limit 2 by x % 7

SELECT x, count() from (select toInt256(number % 3) x from numbers(9)) group by rollup(x) order by x, count()

SELECT x from (select toInt256(number) x from numbers(3)) intersect select toInt256(2)

SELECT x from (select toInt256(number) x from numbers(3)) except select toInt256(2)

SELECT x, lagInFrame(x, 1, toInt256(-1)) over (order by x) l, dense_rank() over (order by x desc) r, sum(x) over (order by x rows between 1 preceding and 1 following) s from (select toInt256(number) x from numbers(4)) order by x

SELECT a.x from (select toInt256(number) x, number y from numbers(4)) a asof join (select toInt256(1) x, number y from numbers(3)) b on a.x = b.x and a.y >= b.y

SELECT a.x, b.x from (select toUInt256(number) x from numbers(3)) a full join (select toUInt256(number + 2) x from numbers(2)) b on a.x = b.x order by a.x, b.x

SELECT toString(x), toString(toNullable(x)), concat(toString(x), 'a'), formatReadableQuantity(toFloat64(x)) from (select toInt256(12345) x)

SELECT toInt256(1) = toInt256(1), toInt256(1) != 2, toInt256(1) <=> NULL, isNull(toInt256(1)), toInt256(1) is distinct from toInt256(2)

SELECT toInt256(2) in (select toInt8(2)), toUInt256(300) in (select toUInt8(44)), toInt256(-1) in (select toUInt256(5))

SELECT toInt256(number) as k, count() over (partition by k % 2) from numbers(4) order by k

SELECT quantile(0.5)(toInt8(number)), toInt256(sum(number)) from numbers(5)

SELECT toInt256('170141183460469231731687303715884105728') * 2 - 1, toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935') + 1, toInt256('57896044618658097711785492504343953926634992332820282019728792003956564819967') + 1

SELECT intDiv(toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935'), toUInt256('340282366920938463463374607431768211455')), toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935') % toUInt256('340282366920938463463374607431768211297'), intDiv(toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819967'), toInt256('18446744073709551629'))

SELECT toInt256OrZero('x'), toInt256OrZero(NULL), toUInt256OrNull(NULL), toInt256(NULL), toUInt256OrDefault('9'), toInt256OrDefault('a'), toUInt256OrDefault('a', toUInt256(3))

SELECT toInt256OrNull(1)

SELECT toUInt256OrZero(1)

SELECT toInt256('x')

SELECT bitAnd(toInt256(12), 1.5)

SELECT toInt256([1])

SELECT reinterpretAsInt256([1])

SELECT reinterpretAsUInt256(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), reinterpretAsUInt256(toDate('2020-01-01')), reinterpretAsUInt256(NULL), reinterpretAsInt256(NULL)

SELECT reinterpretAsUInt256(1, 2)

SELECT JSONExtract('{"a": 115792089237316195423570985008687907853269984665640564039457584007913129639935}', 'a', 'UInt256'), JSONExtract('[-5]', 1, 'Int256')

SELECT cityHash64(toInt256(5)), sipHash64(toInt256(5)), hex(sipHash128(toInt256(5))), xxHash64(toInt256(5)), murmurHash3_64(toInt256(5)), cityHash64(toInt256(5), toUInt256(7)), xxHash32(toInt256(5)), murmurHash2_32(toInt256(1)), halfMD5(toInt256(5)), murmurHash2_64(toInt256(5)), murmurHash3_32(toInt256(-5)), xxh3(toInt256(5)), sipHash64(1, toInt256(2))

SELECT gcd(toInt128(12),8), lcm(toInt128(4),6), toTypeName(gcd(toUInt256(1),toInt8(3))), lcm(toInt256(-4), 6)

SELECT floor(toUInt256(127), -1), trunc(toInt256(-17),-1), roundBankers(toInt256(25),-1), round(toInt256(5), -80), round(toInt256(-25), -1), ceil(toInt256(-25), -1), round(toInt256(7)), round(toInt256('12345678901234567890123456789012345678901'), -3)

SELECT toInt256(1e20), toInt256(1.5e19), toInt256(-1e25), toInt128(1e30), toUInt128(3e38), toInt256(1e50), toInt256(1e60), toUInt256(1.157e77), toInt256(-1.9), toInt256(toFloat32(2.5))

SELECT -toInt256(5), abs(toInt256(-5)), sign(toInt256(-5)), bitCount(toInt256(-1)), bitNot(toInt256(1)), bitAnd(toInt256(12), 10), bitOr(toUInt256(12), toInt8(-1)), bitXor(toInt256(12), toUInt256(10)), exp2(toInt256(3))

SELECT byteSize(toInt256(5)), defaultValueOfArgumentType(toInt256(5)), defaultValueOfTypeName('UInt256'), ignore(toInt256(5)), identity(toInt256(5)), materialize(toInt256(5)), toTypeName(identity(toInt256(5)))

SELECT toInt256(true), toInt256(toDate('1970-01-05')), toInt256(toDateTime('1970-01-01 00:00:05','UTC')), toInt256(toDecimal64('5.7',2)), toInt256(toDateTime64('1970-01-01 00:00:05.5',3,'UTC')), toUInt256(toDecimal128('12345678901234567890.5', 1))

SELECT uniq(x), uniqHLL12(x), uniqExact(x) from (select toInt256(number) as x from numbers(100000))

SELECT uniq(x), uniqHLL12(x) from (select toUInt128(number) as x from numbers(100000))

SELECT toUInt256OrZero('340282366920938463463374607431768211456'), toUInt256OrZero(''), toUInt256OrZero(materialize('7'))

SELECT toUInt256OrDefault('1', toUInt256(2)), toUInt256OrDefault(materialize('q'), materialize(toUInt256(number))) FROM numbers(2)

SELECT toUInt256OrDefault()

SELECT toInt256OrDefault('9', toInt256(5))
