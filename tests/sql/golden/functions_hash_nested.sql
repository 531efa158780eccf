SELECT cityHash64([1,2]), cityHash64((1,'a')), cityHash64(1,'a'), cityHash64(map('a',1)), cityHash64([[1],[2,3]]), cityHash64([(1,'a')]), cityHash64(emptyArrayUInt8()), cityHash64(tuple(1))

SELECT sipHash64([1,2]), sipHash64((1,'a')), sipHash64(map('a',1)), xxHash64([1,2]), xxHash32([1,2]), murmurHash3_32([1,2]), murmurHash2_64([1,2]), halfMD5([1,2])

SELECT hex(sipHash128([1,2])), hex(sipHash128((1,'a'))), hex(murmurHash3_128([1,2])), xxh3_128([1]), hex(sipHash128Reference([1]))

SELECT cityHash64([1,NULL])

SELECT cityHash64([NULL,NULL])

SELECT cityHash64((1,NULL))

SELECT cityHash64(tuple(NULL))

SELECT cityHash64([1,2],'x',[[1]]), cityHash64([intHash64(2)]), cityHash64(toUInt64(1),[toUInt64(1)])

SELECT cityHash64([toNullable(1)]), cityHash64([1])

SELECT cityHash64(()), cityHash64(tuple())

SELECT cityHash64(['a','b']), cityHash64(['a',NULL])

SELECT cityHash64(map('a',NULL))

SELECT sipHash64Keyed((0,1),'abc'), sipHash64Keyed((toUInt64(5),toUInt64(1)),'abc',1), sipHash64Keyed((0,0),'abc')=sipHash64('abc')

SELECT sipHash64Keyed((0,1)), sipHash64Keyed()

SELECT sipHash64Keyed(1,'a')

SELECT sipHash64Keyed((NULL,1),'a')

SELECT sipHash64Keyed((0,1),NULL)

SELECT sipHash64Keyed(('a',1),'a')

SELECT sipHash64Keyed(tuple(1),'a')

SELECT hex(sipHash128Keyed((0,1),'abc')), hex(sipHash128Keyed((5,1),'abc',2)), hex(sipHash128ReferenceKeyed((5,1),'abc',2)), toTypeName(sipHash128Keyed((0,1),'abc'))

SELECT sipHash64Keyed((toUInt64(5),toUInt64(1)),'abc',1), sipHash64Keyed((toUInt64(5),toUInt64(1)),'abc'), sipHash64Keyed((toUInt64(0),toUInt64(0)),'abc')=sipHash64('abc')

SELECT hex(sipHash128Keyed((toUInt64(5),toUInt64(1)),'abc',1)), hex(sipHash128ReferenceKeyed((toUInt64(5),toUInt64(1)),'abc',2)), toTypeName(sipHash128Keyed((toUInt64(5),toUInt64(1)),'abc'))

SELECT sipHash64Keyed((toUInt64(5),toUInt64(1)))

SELECT sipHash64Keyed((toUInt64(number),toUInt64(1)),'abc') from numbers(2)

SELECT hex(sipHash128Keyed((toUInt64(5),toUInt64(1))))

SELECT sipHash64Keyed()

SELECT sipHash64Keyed((toNullable(toUInt64(5)),toUInt64(1)),'a')

SELECT sipHash64Keyed((toUInt64(5),toUInt64(1)),[1,2]), sipHash64Keyed((toUInt64(5),toUInt64(1)),('a',1)), sipHash64Keyed((toUInt64(5),toUInt64(1)),'a', 1)

SELECT cityHash64(tuple(NULL)), sipHash64(tuple(NULL)), xxHash32(tuple(NULL)), hex(sipHash128(tuple(NULL)))

SELECT cityHash64(toLowCardinality('a')), cityHash64([toLowCardinality('a')]), cityHash64(materialize([1,2])), sipHash64(materialize((1,'a')))

SELECT cityHash64([toDate('2020-01-01')]), cityHash64([toDecimal32(1,2)]), cityHash64([toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')]), cityHash64([toIPv4('1.2.3.4')])

SELECT cityHash64(CAST('a' AS Enum8('a'=5))), cityHash64([CAST('a' AS Enum8('a'=5))]), cityHash64(true)

SELECT xxHash32([[1, 2], []], 'x'), murmurHash2_32(map(1, [2])), kafkaMurmurHash(['a']), gccMurmurHash([1]), halfMD5((1, [2])), murmurHash3_64([1])

SELECT sipHash64Keyed(NULL, 'a')

SELECT hex(sipHash128Keyed((toUInt64(5), toUInt64(1)), 'abc')), hex(sipHash128Keyed((toUInt64(5), toUInt64(1)), 'abc', [1, 2]))

SELECT sipHash128Keyed(1, 'a')

SELECT hex(sipHash128Keyed((toUInt64(5), toUInt64(1)), NULL))

SELECT hex(sipHash128ReferenceKeyed((toUInt64(506097522914230528), toUInt64(1084818905618843912)), 'foo', '\x01', 3))

SELECT hex(sipHash128ReferenceKeyed((toUInt64(5), toUInt64(1)), NULL))

SELECT sipHash128ReferenceKeyed(1, 'a')

SELECT sipHash128ReferenceKeyed((toUInt64(5), toUInt8(1)), 'a')

SELECT hex(sipHash128(range(number), number)), hex(sipHash128Reference(range(number))), xxh3_128(range(number)) FROM numbers(4)

SELECT cityHash64((), 1), cityHash64(), hex(sipHash128())
