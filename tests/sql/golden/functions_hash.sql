SELECT cityHash64('abc'), cityHash64(''), cityHash64(1), cityHash64(toInt8(-1)), cityHash64('a', 'b'), cityHash64('a', 1, toDate('2020-01-01')), cityHash64(toFloat64(1.5)), cityHash64(toFixedString('ab', 4)), cityHash64(repeat('x', 100)), cityHash64(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), cityHash64(toDecimal64(1.5, 3)), cityHash64(toIPv4('1.2.3.4')), cityHash64(toIPv6('::1'))

SELECT sipHash64('abc'), sipHash64(''), sipHash64(1), sipHash64(toInt8(-1)), sipHash64('a', 'b'), sipHash64('a', 1, toDate('2020-01-01')), sipHash64(toFloat64(1.5)), sipHash64(repeat('x', 100))

SELECT hex(sipHash128('abc')), hex(sipHash128('')), hex(sipHash128(1)), hex(sipHash128('a', 'b')), hex(sipHash128(repeat('x', 100))), toTypeName(sipHash128(1)), hex(sipHash128Reference('abc')), hex(sipHash128Reference('a', 1)), hex(sipHash128Reference(''))

SELECT xxHash32('abc'), xxHash32(''), xxHash32(1), xxHash32('a', 'b'), xxHash32('a', 'b', 3), xxHash64('abc'), xxHash64(''), xxHash64(1), xxHash64('a', 'b'), xxHash64('a', 'b', 3), xxHash64(repeat('x', 300)), toTypeName(xxHash32(1)), toTypeName(xxHash64(1)), xxHash32(toDateTime('2020-01-01 00:00:00', 'UTC'))

SELECT xxh3('abc'), xxh3(''), xxh3(1), xxh3('a', 'b'), xxh3('a', 'b', 3), xxh3(repeat('x', 300)), hex(xxh3_128('abc')), hex(xxh3_128('a', 'b', 3)), hex(xxh3_128(7)), xxh3_128(7), toTypeName(xxh3_128(7))

SELECT murmurHash2_32('abc'), murmurHash2_32(''), murmurHash2_32(1), murmurHash2_32('a', 'b', 3), murmurHash2_64('abc'), murmurHash2_64(''), murmurHash2_64(1), murmurHash2_64('a', 'b', 3), toTypeName(murmurHash2_32(1)), toTypeName(murmurHash2_64(1)), murmurHash2_64('0123456789abc'), murmurHash2_32('0123456789abc')

SELECT gccMurmurHash('abc'), gccMurmurHash(''), gccMurmurHash(1), gccMurmurHash('a', 'b', 3), kafkaMurmurHash('abc'), kafkaMurmurHash(''), kafkaMurmurHash(1), kafkaMurmurHash('a'), kafkaMurmurHash('b'), kafkaMurmurHash('a', 'b'), toTypeName(kafkaMurmurHash(1)), toTypeName(gccMurmurHash(1))

SELECT murmurHash3_32('abc'), murmurHash3_32(''), murmurHash3_32(1), murmurHash3_32('a', 'b', 3), murmurHash3_64('abc'), murmurHash3_64(''), murmurHash3_64(1), murmurHash3_64('a', 'b', 3), hex(murmurHash3_128('abc')), hex(murmurHash3_128('0123456789abcdef0123456789')), hex(murmurHash3_128('a', 'b', 3)), hex(murmurHash3_128(1)), toTypeName(murmurHash3_128(1))

SELECT halfMD5('abc'), halfMD5(''), halfMD5(1), halfMD5('a', 'b', 3), toTypeName(halfMD5(1))

SELECT cityHash64(NULL), sipHash64(NULL), xxHash32(toNullable(1)), xxHash64(NULL, 1), xxh3(NULL), murmurHash2_32(NULL), murmurHash2_64(NULL), gccMurmurHash(NULL), kafkaMurmurHash(NULL), murmurHash3_32(NULL), murmurHash3_64(NULL), halfMD5(NULL)

SELECT sipHash128(NULL), sipHash128Reference(NULL), xxh3_128(NULL), murmurHash3_128(NULL), toTypeName(halfMD5(toNullable(1))), toTypeName(cityHash64(toLowCardinality('a')))

SELECT cityHash64(origin, price), sipHash64(note), xxHash64(origin), xxh3(tail), murmurHash3_64(origin, note) FROM events ORDER BY id LIMIT 5

SELECT intHash32(0), intHash32(1), intHash32(-1), intHash32(12345678901), intHash64(0), intHash64(1), intHash64(-1), toTypeName(intHash32(1)), intHash32(toDate('2020-01-01')), intHash64(toDateTime('2020-01-01 00:00:00', 'UTC'))

SELECT intHash32(NULL), intHash64(NULL), intHash32(materialize(toUInt8(3))), intHash64(materialize(toInt16(-3)))

SELECT intHash32('a')

SELECT intHash64(1.5)

SELECT hex(MD5('abc')), hex(MD5('')), hex(SHA1('abc')), hex(SHA224('abc')), hex(SHA256('abc')), hex(SHA384('abc')), hex(SHA512('abc')), hex(SHA512_256('abc')), hex(RIPEMD160('abc')), toTypeName(SHA384('a'))

SELECT MD5(NULL), SHA1(NULL), SHA224(NULL), SHA256(NULL), SHA384(NULL), SHA512(NULL), SHA512_256(NULL), RIPEMD160(NULL)

SELECT hex(MD5(origin)), hex(SHA1(toLowCardinality(origin))), hex(SHA224(materialize(toFixedString('ab', 3)))), hex(SHA256(toNullable(origin))), hex(SHA384(materialize('')))  FROM events ORDER BY id LIMIT 3

SELECT MD5()

SELECT SHA1(1, 2)

SELECT javaHash('abc'), javaHash(''), javaHash('пример'), javaHash(toInt8(-5)), javaHash(toInt64(-12345678901)), javaHash(toInt32(77)), hiveHash('abc'), hiveHash('пример'), toTypeName(javaHash('a')), javaHashUTF16LE('t\0e\0s\0t\0')

SELECT javaHash(NULL), hiveHash(NULL), javaHashUTF16LE(NULL), javaHash(materialize('abc')), hiveHash(materialize('abc'))

SELECT javaHash(toUInt64(1))

SELECT javaHashUTF16LE('abc')

SELECT CRC32('abc'), CRC32(''), CRC32IEEE('abc'), CRC64('abc'), CRC64(''), toTypeName(CRC32('')), toTypeName(CRC64('')), crc32(materialize('abc')), CRC32IEEE(''), CRC64(materialize(toFixedString('a', 3)))

SELECT CRC32(NULL), CRC32IEEE(NULL), CRC64(NULL), CRC32(toNullable('abc')), CRC64(toLowCardinality('abc'))

SELECT CRC32(1)

SELECT CRC32IEEE(1)

SELECT CRC64()

SELECT jumpConsistentHash(256, 10), jumpConsistentHash(0, 3), jumpConsistentHash(18446744073709551615, 1000), toTypeName(jumpConsistentHash(1, 2)), jumpConsistentHash(materialize(12345), 7)

SELECT jumpConsistentHash(NULL, 10)

SELECT jumpConsistentHash(1, 0)

SELECT jumpConsistentHash(1, -1)

SELECT jumpConsistentHash('a', 1)

SELECT URLHash('http://a.b/c/'), URLHash('http://a.b/c'), URLHash('http://a.b/c?x=1#'), URLHash('http://a.b/c/d/e', 0), URLHash('http://a.b/c/d/e', 1), URLHash('http://a.b/c/d/e', 2), URLHash('http://a.b/c/d?x/e', 3), URLHash(''), URLHash('/'), toTypeName(URLHash('a'))

SELECT URLHash(NULL), URLHash(materialize('http://a.b/c/')), URLHash('a', NULL)

SELECT URLHash(1)

SELECT URLHash('a', 'b')
