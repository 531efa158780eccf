SELECT mapAdd(map('a',1,'b',2), map('a',3)) as x, toTypeName(x)

SELECT mapAdd(([1,2],[10,20]),([2,3],[1,1])) as x, toTypeName(x)

SELECT mapSubtract(map('a',1,'b',2), map('a',3)) as x, toTypeName(x)

SELECT mapSubtract(map('a',toUInt8(1)), map('a',toUInt8(3),'c',toUInt8(5))) as x, toTypeName(x)

SELECT mapAdd(map('a',toUInt8(1)), map('b',toUInt64(3))) as x, toTypeName(x)

SELECT mapAdd(map('a',toUInt8(1)), map('b',toInt64(3))) as x, toTypeName(x)

SELECT mapAdd(map('a',1.5), map('b',1)) as x, toTypeName(x)

SELECT mapAdd(map('a',1))

SELECT mapAdd(map('a','x'),map('a','y'))

SELECT mapAdd(map('b',1,'a',2),map('c',1)), mapAdd(map('b',1,'b',2),map('c',1))

SELECT mapAdd(NULL,map('c',1))

SELECT mapAdd(map('a',NULL),map('a',1))

SELECT mapAdd(map(toDate('2020-01-01'),1),map(toDate('2020-01-01'),2)) as x, toTypeName(x)

SELECT mapAdd(map(toUInt8(1),1),map(toUInt16(1),2)) as x, toTypeName(x)

SELECT mapPopulateSeries(map(1,10,5,20)) as x, toTypeName(x)

SELECT mapPopulateSeries(map(1,10,5,20),6)

SELECT mapPopulateSeries(map(1,10,5,20),3)

SELECT mapPopulateSeries(map('a',1))

SELECT mapPopulateSeries(map(1,NULL,3,2))

SELECT arrayPartialSort(2, [5,9,1,3]) as x, toTypeName(x)

SELECT arrayPartialSort(2, [5,NULL,1,3]) as x

SELECT arrayPartialSort(2, NULL) as x

SELECT arrayPartialSort('a', [1])

SELECT arrayPartialSort(0, [3,2,1]), arrayPartialSort(10, [3,2,1])

SELECT arrayShingles([1,2,3,4],3) as x, toTypeName(x)

SELECT arrayZipUnaligned([1,2],['a']) as x, toTypeName(x)

SELECT arrayTopK(2,[3,1,5,2]) as x, toTypeName(x)

SELECT arrayBottomK(2,[3,1,5,2]) as x, toTypeName(x)

SELECT arrayTranspose([[1,2],[3,4]]) as x, toTypeName(x)

SELECT emptyArrayToSingle(emptyArrayString()) as x, toTypeName(x)

SELECT bitmaskToArray(11), toTypeName(bitmaskToArray(11)), bitmaskToArray(-1::Int8), bitmaskToList(11), bitPositionsToArray(11), toTypeName(bitPositionsToArray(11)), bitPositionsToArray(-1::Int8), bitmaskToArray(NULL), toTypeName(bitmaskToArray(1::Int32)), bitPositionsToArray(-5::Int64), bitmaskToArray(-6::Int16), bitmaskToList(0), bitmaskToList(-6::Int16)

SELECT bitmaskToList('a')

SELECT bitmaskToArray(1.5), 1

SELECT bitPositionsToArray('a')

SELECT bitPositionsToArray(1.5), bitPositionsToArray(NULL)

SELECT arrayShingles([1,2,3,4],0)

SELECT arrayShingles([1,2],3)

SELECT arrayShingles(['a','b'],1), arrayShingles([1,NULL],2), arrayShingles(1,1)

SELECT arrayShingles([1,2,3],NULL), arrayShingles(NULL,1)

SELECT arrayShingles([1,2,3],'a')

SELECT arrayZipUnaligned([1,2,3]), arrayZipUnaligned([1,2,3],['a'],[1.5,2.5]), arrayZipUnaligned([[1]],[2,3])

SELECT arrayZipUnaligned(1,[1])

SELECT arrayZipUnaligned(NULL,[1])

SELECT arrayTopK(0,[3,1]), arrayTopK(5,[3,1,NULL]), arrayBottomK(5,[3,1,NULL]), arrayTopK(2,['a','c','b']), arrayTopK(2,emptyArrayUInt8())

SELECT arrayTopK(-1,[3,1])

SELECT arrayTopK([3,1],1)

SELECT arrayTopK(1,NULL), arrayTopK(NULL,[1])

SELECT arrayTranspose([[1,2],[3]]), 1

SELECT arrayTranspose([[1,2,3]]), arrayTranspose([]), arrayTranspose([[]]), arrayTranspose([['a'],[NULL]])

SELECT arrayTranspose([1,2])

SELECT arrayTranspose(NULL)

SELECT emptyArrayToSingle([1,2]), emptyArrayToSingle([]), emptyArrayToSingle(NULL), emptyArrayToSingle(1)

SELECT emptyArrayToSingle([1,2]), emptyArrayToSingle(emptyArrayUInt8()), emptyArrayToSingle(emptyArrayDate()), emptyArrayToSingle(arrayResize([NULL::Nullable(UInt8)],0))

SELECT emptyArrayToSingle(NULL)

SELECT emptyArrayToSingle(1)

SELECT arrayShuffle(1)

SELECT arrayShuffle(NULL)

SELECT mapPopulateSeries(map(1,10,5,20),NULL), mapPopulateSeries(map(3,1)), mapPopulateSeries(map()), mapPopulateSeries(map(1,10),0)

SELECT mapPopulateSeries(map(1::Int8,1::Float64,-2::Int8,5)), mapPopulateSeries(map(1,'a',3,'b')), mapPopulateSeries([1,3],[1.5,2]), mapPopulateSeries([1,1],[2,3]), mapPopulateSeries(map(1,1,1,2))

SELECT mapPopulateSeries(map(1,10,5,20),6), mapPopulateSeries(map(1,10,5,20),materialize(7)), mapPopulateSeries(map(1,1),-1), mapPopulateSeries(map(250,1),300)

SELECT mapPopulateSeries(map(0::UInt64,1,18446744073709551615::UInt64,2))

SELECT mapPopulateSeries(1)

SELECT mapPopulateSeries(map(1,2),'a')

SELECT mapPopulateSeries(NULL)

SELECT mapAdd(map(1,2),([1],[2]))

SELECT mapAdd(([1,2],[1]),([1],[2]))

SELECT mapAdd(map(NULL,1),map('a',2))

SELECT mapAdd(map('a',1.5),map('a',2.5)), toTypeName(mapAdd(map('a',1.5),map('b',2.5))), mapAdd(map('a',-1),map('b',-2)), toTypeName(mapAdd(map('a',-1),map('b',-2)))

SELECT mapAdd(map('a',1::Float32),map('a',2::Float64)), mapAdd(map('a',toInt128(1)),map('a',toInt128(2)))

SELECT mapAdd(1,2)

SELECT mapAdd(map(), map('a',1))

SELECT mapAdd(([1,2],[10,20]),([2,3],[1,1])), mapAdd((['a'],[toInt8(1)]),(['a'],[toInt8(2)])), toTypeName(mapAdd((['a'],[toInt8(1)]),(['a'],[toInt8(2)])))

SELECT mapSubtract(map('a',1.5),map('a',2.5,'b',1)), mapSubtract(map('a',toInt8(1)),map('b',toInt8(5))), mapSubtract(map(1,2),map(1,3),map(1,4)), mapAdd(map('a',1,'b',2),map('a',1),map('c',1))

SELECT mapSubtract(NULL,map(1,2))

SELECT mapSubtract(map(1,2))

SELECT mapSubtract(([1],[2]),([1],[5::UInt8]))

SELECT mapAdd(map('a',0),map('b',0)), mapAdd(map(toDate('2020-01-02'),1,toDate('2020-01-01'),1),map(toDate('2020-01-03'),1)), mapAdd(map(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),1),map(generateUUIDv4(),1)) != map()

SELECT mapAdd(materialize(map('a',1)),map('a',number)) FROM numbers(3)

SELECT sleep(0), toTypeName(sleep(0)), sleepEachRow(0.001)

SELECT sleep(4)

SELECT sleep('a')

SELECT sleep(NULL)

SELECT sleep(-1)

SELECT displayName()!='', toTypeName(displayName())

SELECT shardNum(), shardCount(), toTypeName(shardNum())

SELECT sleepEachRow(0), toTypeName(sleepEachRow(0)) from numbers(2)

SELECT sleep(0.001), sleep(materialize(1))

SELECT sleepEachRow(3) FROM numbers(3)

SELECT IPv4CIDRToRange(toIPv4('192.168.5.2'),materialize(16)), IPv4CIDRToRange(toIPv4('192.168.5.2'),0), IPv4CIDRToRange(1,8), IPv4CIDRToRange(toIPv4('1.2.3.4'),32)

SELECT IPv4CIDRToRange(toIPv4('1.2.3.4'),'a')

SELECT IPv4CIDRToRange(toIPv4('1.2.3.4'))

SELECT IPv4CIDRToRange(toIPv4('1.2.3.4'),-1), IPv4CIDRToRange(toIPv4('1.2.3.4'),toUInt8(255))

SELECT IPv6CIDRToRange(toIPv6('2001:db8::1'),0), IPv6CIDRToRange(toIPv6('2001:db8::1'),128), IPv6CIDRToRange(toIPv6('2001:db8::1'),127), IPv6CIDRToRange(toIPv6('2001:db8::1'),200), IPv6CIDRToRange('x',1)

SELECT IPv6CIDRToRange('2001:db8::1',32), IPv6CIDRToRange(NULL,1), toTypeName(IPv6CIDRToRange(toNullable(toIPv6('::1')),1))

SELECT toTypeName(tupleToNameValuePairs(tuple())), 1

SELECT tupleToNameValuePairs((1,'a'))

SELECT tupleToNameValuePairs(1)

SELECT tupleToNameValuePairs(NULL)

SELECT tupleToNameValuePairs(tuple(1,toUInt16(2))), tupleToNameValuePairs(materialize((1,2)))

SELECT arraySort(arraySymmetricDifference([1,2],[2,3],[3,4])), arraySymmetricDifference([1],[1]), arraySymmetricDifference([1,1,2],[2]), arraySymmetricDifference([1,NULL],[1]), arraySymmetricDifference([1,2])

SELECT arraySymmetricDifference(1,[1])

SELECT arraySymmetricDifference(NULL,[1])

SELECT arraySort(arrayShuffle([3, 1, 2])), length(arrayShuffle(range(100))), arraySort(arrayShuffle(range(5))) = range(5)

SELECT length(arrayRandomSample([1, 2, 3, 4], 2)), length(arrayUniq(arrayRandomSample(range(50), 20)) = 20 ? [1] : [])

SELECT arrayRandomSample(NULL, 1), arrayRandomSample([1], 1)

SELECT arrayRandomSample(1, 1)

SELECT arrayPartialShuffle(1)

SELECT length(arrayPartialShuffle(range(20), 3)), arraySort(arrayPartialShuffle([3, 2, 1], 2))

SELECT arrayPartialShuffle(NULL)

SELECT arraySlice(arrayPartialSort(3, [9, 8, 7, 6, 5, 4, 3, 2, 1]), 1, 3), arraySlice(arrayPartialReverseSort(3, [1, 2, 3, 4, NULL, 5, 6]), 1, 3)

SELECT arrayPartialReverseSort('a', [1])

SELECT arrayPartialReverseSort(2, NULL)

SELECT arrayPartialSort(2, 1)

SELECT arrayBottomK(-1, [1])

SELECT arrayBottomK(NULL, [1])

SELECT arrayTopK(number, [3, 1, 2]), arrayBottomK(number, range(number)) FROM numbers(4)

SELECT arrayTopK('a', [1])

SELECT arrayShingles(range(number + 2), 2), arrayZipUnaligned(range(number), ['a']), arrayTranspose([range(number), range(number)]) FROM numbers(3)

SELECT arrayTranspose([[1, 2, 3]]), arrayTranspose([[1, 2], [3, 4], [5, NULL]]), arrayTranspose(arrayResize([['a']], 0))

SELECT arrayTranspose([[1, 2], [3]])

SELECT arrayTranspose([1])

SELECT emptyArrayToSingle(range(number)) FROM numbers(3)

SELECT bitmaskToArray(number), bitmaskToList(number), bitPositionsToArray(number) FROM numbers(6)

SELECT bitmaskToArray('a')

SELECT bitmaskToList(NULL), bitmaskToArray(NULL), bitPositionsToArray(NULL)

SELECT bitmaskToList(1.5)

SELECT mapAdd(map('a', number), map('b', 1), map('a', 5)), mapSubtract(map('a', number), map('a', toUInt64(1))) FROM numbers(3)

SELECT mapSubtract(map('a', 'b'), map('a', 'b'))

SELECT mapPopulateSeries(map(number, toUInt8(1), number + 2, toUInt8(2))) FROM numbers(3)

SELECT IPv6CIDRToRange(toIPv6('2001:db8::1'), 0), IPv6CIDRToRange(toIPv6('2001:db8::1'), 128), IPv6CIDRToRange(toIPv6('2001:db8::1'), 127), IPv6CIDRToRange(toIPv6('2001:db8::1'), 61)

SELECT IPv6CIDRToRange(NULL, 1)

SELECT IPv6CIDRToRange('x', 1)

SELECT IPv6CIDRToRange(toIPv6('::1'))

SELECT IPv4CIDRToRange(toIPv4('192.168.5.2'), 16) AS r, toTypeName(r), r.1, IPv4CIDRToRange(NULL, 8)

SELECT tupleToNameValuePairs(CAST((number, number + 1), 'Tuple(a UInt64, b UInt64)')) FROM numbers(2)

SELECT displayName() != ''

SELECT displayName(NULL)

SELECT toTypeName(displayName())

SELECT currentRoles(), toTypeName(currentRoles())

SELECT currentRoles(1)

SELECT length(currentRoles())

SELECT enabledRoles(), toTypeName(enabledRoles())

SELECT enabledRoles(NULL)

SELECT length(enabledRoles())

SELECT defaultRoles(), toTypeName(defaultRoles())

SELECT defaultRoles(1)

SELECT length(defaultRoles())

SELECT shardNum(), toTypeName(shardNum()), shardCount(), toTypeName(shardCount())

SELECT shardNum(1)

SELECT shardNum(NULL)

SELECT shardCount(1)

SELECT shardCount(NULL)

SELECT fullHostName() = hostName()

SELECT fullHostName(1)

SELECT toTypeName(fullHostName())

SELECT sleepEachRow('a')

SELECT sleepEachRow(NULL)

SELECT sum(sleepEachRow(0.0001)), count() FROM numbers(10)
