SELECT metroHash64(''), metroHash64('a'), metroHash64('abc'), metroHash64('abcdef'), metroHash64('0123456789'), metroHash64('0123456789abcdef01234'), metroHash64(repeat('0123456789',4)), metroHash64(repeat('0123456789',8)), metroHash64(repeat('0123456789',20))

SELECT wyHash64(''), wyHash64('a'), wyHash64('abc'), wyHash64('abcdef'), wyHash64('0123456789'), wyHash64('0123456789abcdef01234'), wyHash64(repeat('0123456789',4)), wyHash64(repeat('0123456789',8)), wyHash64(repeat('0123456789',20))

SELECT farmHash64(1), farmHash64(toUInt8(1), 'a'), farmHash64(toInt256(5)), farmHash64(1.5), farmHash64([1,2]), farmHash64((1,'a')), farmHash64(), farmHash64(toNullable(1)), farmHash64(NULL), farmHash64(toDate('2020-01-01')), farmHash64('a','b','c')

SELECT farmFingerprint64(1), farmFingerprint64(toUInt8(1), 'a'), farmFingerprint64(1.5), farmFingerprint64([1,2]), farmFingerprint64((1,'a')), farmFingerprint64(), farmFingerprint64(toNullable(1)), farmFingerprint64('a','b','c')

SELECT metroHash64(1), metroHash64(toUInt8(1), 'a'), metroHash64(toInt256(5)), metroHash64(1.5), metroHash64([1,2]), metroHash64((1,'a')), metroHash64(), metroHash64(toNullable(1)), metroHash64('a','b','c')

SELECT wyHash64(1), wyHash64(toUInt8(1), 'a'), wyHash64(toInt256(5)), wyHash64(1.5), wyHash64([1,2]), wyHash64((1,'a')), wyHash64(), wyHash64(toNullable(1)), wyHash64('a','b','c')

SELECT toTypeName(farmHash64('a')), toTypeName(wyHash64(NULL)), toTypeName(metroHash64(toNullable('a')))

SELECT farmHash64(map('a',1)), metroHash64(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), wyHash64(toIPv6('::1')), farmFingerprint64(toDecimal32(1.5,2))

SELECT farmHash64('', 'a', repeat('0123456789',4), repeat('0123456789',8), repeat('0123456789',20), repeat('0123456789',30), repeat('0123456789',51))

SELECT sum(farmHash64(repeat('ab', number))), sum(farmHash64(number)) FROM numbers(255)

SELECT sum(metroHash64(repeat('ab', number))), sum(wyHash64(repeat('ab', number))), sum(farmFingerprint64(repeat('ab', number))) FROM numbers(300)

SELECT farmHash64(NULL, 1), metroHash64(NULL, 1), wyHash64(NULL), farmFingerprint64(NULL)

SELECT farmHash64(toLowCardinality(toString(number % 2))), metroHash64(toFixedString('abc', 5)), wyHash64(toDateTime64('2020-01-01 00:00:00', 3, 'UTC')) FROM numbers(3)

SELECT farmHash64(x -> x)

SELECT metroHash64(x -> x)

SELECT wyHash64(x -> x)

SELECT farmFingerprint64(x -> x)
