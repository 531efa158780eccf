SELECT hex(groupBitmapState(number)), toTypeName(groupBitmapState(number)) FROM numbers(3)

SELECT hex(groupBitmapState(toUInt32(number * 3))) FROM numbers(40)

SELECT hex(groupBitmapState(number * 3)) FROM numbers(40)

SELECT hex(groupBitmapState(toUInt32(number))) FROM numbers(100)

SELECT groupBitmap(toInt8(-number)) FROM numbers(3)

SELECT groupBitmap(-1.5) FROM numbers(3)

SELECT groupBitmap('a') FROM numbers(3)

SELECT groupBitmap(toDate(1)) FROM numbers(3)

SELECT groupBitmap(toNullable(number)), toTypeName(groupBitmap(number)), groupBitmap(NULL) FROM numbers(3)

SELECT groupBitmap(number) FROM numbers(0)

SELECT groupBitmapMerge(s) FROM (SELECT groupBitmapState(number) s FROM numbers(100) GROUP BY number % 3)

SELECT bitmapBuild([])

SELECT bitmapBuild([1.5])

SELECT bitmapBuild(1)

SELECT bitmapBuild([NULL, 5])

SELECT bitmapCardinality(bitmapBuild([5,3,1])), toTypeName(bitmapCardinality(bitmapBuild([5,3,1])))

SELECT bitmapContains(bitmapBuild([5,3,1]), 3), bitmapContains(bitmapBuild([5,3,1]), toUInt32(4)), toTypeName(bitmapContains(bitmapBuild([5]), 3))

SELECT bitmapContains(bitmapBuild([5,3,1]), 300)

SELECT bitmapContains(bitmapBuild([5,3,1]), 'a')

SELECT bitmapAnd(bitmapBuild([1,2,3]), bitmapBuild([3,4])), toTypeName(bitmapAnd(bitmapBuild([1,2,3]), bitmapBuild([3,4])))

SELECT bitmapToArray(bitmapAnd(bitmapBuild([1,2,3]), bitmapBuild([3,4]))), bitmapToArray(bitmapOr(bitmapBuild([1,2,3]), bitmapBuild([3,4]))), bitmapToArray(bitmapXor(bitmapBuild([1,2,3]), bitmapBuild([3,4]))), bitmapToArray(bitmapAndnot(bitmapBuild([1,2,3]), bitmapBuild([3,4])))

SELECT bitmapAndCardinality(bitmapBuild([1,2,3]), bitmapBuild([3,4])), bitmapOrCardinality(bitmapBuild([1,2,3]), bitmapBuild([3,4])), bitmapXorCardinality(bitmapBuild([1,2,3]), bitmapBuild([3,4])), bitmapAndnotCardinality(bitmapBuild([1,2,3]), bitmapBuild([3,4]))

SELECT bitmapAnd(bitmapBuild([1,2,3]), bitmapBuild([toUInt32(3),4]))

SELECT bitmapAnd(bitmapBuild([1,2,3]), 1)

SELECT bitmapHasAny(bitmapBuild([1,2,3]), bitmapBuild([3,4])), bitmapHasAll(bitmapBuild([1,2,3]), bitmapBuild([3,4])), bitmapHasAll(bitmapBuild([1,2,3]), bitmapBuild([3]))

SELECT bitmapMin(bitmapBuild([5,3,9])), bitmapMax(bitmapBuild([5,3,9])), toTypeName(bitmapMin(bitmapBuild([5,3,9])))

SELECT bitmapMin(bitmapAnd(bitmapBuild([1]), bitmapBuild([2]))), bitmapMax(bitmapAnd(bitmapBuild([1]), bitmapBuild([2])))

SELECT bitmapToArray(bitmapSubsetInRange(bitmapBuild([1,2,3,10,20,30]), toUInt32(2), toUInt32(20)))

SELECT bitmapToArray(bitmapSubsetInRange(bitmapBuild([1,2,3,10,20,30]), 2, 20)), toTypeName(bitmapSubsetInRange(bitmapBuild([1,2,3,10,20,30]), 2, 20))

SELECT bitmapToArray(bitmapSubsetLimit(bitmapBuild([1,2,3,10,20,30]), 2, 3)), bitmapToArray(subBitmap(bitmapBuild([1,2,3,10,20,30]), 1, 3))

SELECT bitmapToArray(bitmapTransform(bitmapBuild([1,2,3,10,20,30]), [2,3], [5,10]))

SELECT bitmapToArray(bitmapTransform(bitmapBuild([1,2,3,10,20,30]), CAST([2,3] AS Array(UInt32)), CAST([5,10] AS Array(UInt32))))

SELECT bitmapTransform(bitmapBuild([1]), [1,2], [3])

SELECT bitmapCardinality(1)

SELECT bitmapCardinality(sumState(1))

SELECT bitmapCardinality(NULL)

SELECT groupBitmapAnd(z), groupBitmapOr(z), groupBitmapXor(z) FROM (SELECT arrayJoin([bitmapBuild([1,2,3]), bitmapBuild([2,3,4])]) z)

SELECT toTypeName(groupBitmapAndState(z)), bitmapToArray(groupBitmapAndState(z)), bitmapToArray(groupBitmapOrState(z)), bitmapToArray(groupBitmapXorState(z)) FROM (SELECT arrayJoin([bitmapBuild([1,2,3]), bitmapBuild([2,3,4])]) z)

SELECT groupBitmapAnd(number) FROM numbers(3)

SELECT groupBitmapAnd(z) FROM (SELECT bitmapBuild([1]) z) WHERE 0

SELECT groupBitmapAndMerge(s) FROM (SELECT groupBitmapAndState(z) s FROM (SELECT arrayJoin([bitmapBuild([1,2,3]), bitmapBuild([2,3,4])]) z))

SELECT groupBitmapMerge(s) FROM (SELECT groupBitmapAndState(z) s FROM (SELECT arrayJoin([bitmapBuild([1,2,3]), bitmapBuild([2,3,4])]) z))

SELECT bitmapCardinality(groupBitmapState(number)), bitmapContains(groupBitmapState(number), 5), bitmapMax(groupBitmapState(number)) FROM numbers(1000)

SELECT bitmapToArray(bitmapSubsetInRange(groupBitmapState(number), toUInt64(10), toUInt64(15))) FROM numbers(1000)

SELECT groupBitmapIf(number, number > 1), groupBitmapArray([number, 7]), groupBitmapOrNull(number) FROM numbers(3)

SELECT bitmapContains(bitmapBuild([1]), NULL)

SELECT bitmapToArray(bitmapSubsetLimit(bitmapBuild([toUInt64(1), 5, 5000000000]), toUInt64(2), toUInt64(2)))

SELECT groupBitmapAndState(z) AS s, toTypeName(groupBitmapAndState(z)) FROM (SELECT groupBitmapState(toUInt8(number)) z FROM numbers(2))

SELECT bitmapHasAny(bitmapBuild([1]), [1])

SELECT hex(groupBitmapState(number)) FROM numbers(0)

SELECT groupBitmap(toUInt128(1))

SELECT bitmapBuild([toUInt128(1)])

SELECT bitmapMin(bitmapBuild(CAST([] AS Array(UInt8))))

SELECT toTypeName(bitmapBuild([1,2,3])), toTypeName(bitmapBuild([toUInt32(1)])), toTypeName(bitmapBuild([256])), toTypeName(bitmapBuild([-1]))

SELECT hex(bitmapBuild([1, 2, 3])), hex(bitmapBuild([toUInt32(7)])), hex(bitmapBuild(range(40)))

SELECT bitmapToArray(bitmapBuild([1, 3, 5])), toTypeName(bitmapToArray(bitmapBuild([5, 3, 1])))

SELECT arraySort(bitmapToArray(bitmapBuild([-1, 5]))), bitmapCardinality(bitmapBuild([-1, 5, -1]))

SELECT arraySort(bitmapToArray(bitmapOr(bitmapBuild([toUInt64(1), 5000000000]), bitmapBuild([toUInt64(7)]))))

SELECT bitmapToArray(bitmapBuild(NULL)), bitmapAnd(NULL, bitmapBuild([1]))

SELECT bitmapToArray(NULL), bitmapContains(NULL, 1), bitmapHasAny(NULL, NULL)

SELECT bitmapOr(bitmapBuild([1]), NULL), bitmapXor(NULL, bitmapBuild([1])), bitmapAndnot(bitmapBuild([1]), NULL), bitmapTransform(NULL, [1], [2])

SELECT bitmapAndCardinality(bitmapBuild([1]), NULL), bitmapOrCardinality(NULL, NULL), bitmapXorCardinality(NULL, bitmapBuild([1])), bitmapAndnotCardinality(bitmapBuild([1]), NULL)

SELECT bitmapHasAll(bitmapBuild([1]), NULL), bitmapMin(NULL), bitmapMax(NULL), bitmapSubsetInRange(NULL, 1, 2), bitmapSubsetLimit(NULL, 1, 2), subBitmap(NULL, 1, 2)

SELECT bitmapAnd(1, 2)

SELECT bitmapOr(bitmapBuild([1]), 'a')

SELECT bitmapXor(bitmapBuild([1]))

SELECT bitmapAndnot([1], [2])

SELECT bitmapAndCardinality(1, 2)

SELECT bitmapOrCardinality(bitmapBuild([1]), 2)

SELECT bitmapXorCardinality(bitmapBuild([1]), bitmapBuild([256]))

SELECT bitmapAndnotCardinality(bitmapBuild([1]))

SELECT bitmapHasAll(bitmapBuild([1]), 1)

SELECT bitmapMin([1])

SELECT bitmapMax('a')

SELECT bitmapToArray(1)

SELECT bitmapSubsetInRange(bitmapBuild([1]), 'a', 2)

SELECT bitmapSubsetLimit([1], 1, 2)

SELECT subBitmap(bitmapBuild([1]), 1)

SELECT bitmapTransform(bitmapBuild([1]), 1, 2)

SELECT bitmapCardinality(bitmapBuild(range(100000))), bitmapMax(bitmapBuild(range(100000))), bitmapContains(bitmapBuild(range(100000)), 77777)

SELECT bitmapCardinality(bitmapXor(bitmapBuild(range(1000)), bitmapBuild(range(500, 1500)))), bitmapAndCardinality(bitmapBuild(range(1000)), bitmapBuild(range(500, 1500)))

SELECT bitmapToArray(bitmapSubsetInRange(bitmapBuild(range(1000)), 100, 105)), bitmapToArray(bitmapSubsetLimit(bitmapBuild(range(1000)), 990, 100)), bitmapToArray(subBitmap(bitmapBuild(range(1000)), 500, 3))

SELECT number, bitmapToArray(bitmapAnd(bitmapBuild(range(number + 2)), bitmapBuild([toUInt64(1), 3, 5]))) FROM numbers(5)

SELECT k, groupBitmap(number), bitmapToArray(groupBitmapState(number)) FROM (SELECT number, number % 3 AS k FROM numbers(12)) GROUP BY k ORDER BY k

SELECT groupBitmapMerge(s), bitmapCardinality(groupBitmapMergeState(s)) FROM (SELECT groupBitmapState(number * 7) AS s FROM numbers(1000) GROUP BY number % 5)

SELECT groupBitmapAnd(s), groupBitmapOr(s), groupBitmapXor(s) FROM (SELECT groupBitmapState(number DIV (k + 1)) AS s FROM numbers(100), (SELECT number AS k FROM numbers(3)) AS ks GROUP BY k)

SELECT groupBitmapAnd(NULL), groupBitmapOr(NULL), groupBitmapXor(NULL)

SELECT groupBitmapOr(1)

SELECT groupBitmapXor('a')

SELECT groupBitmap()

SELECT groupBitmap(toUInt8(number)), groupBitmap(toUInt16(number)), groupBitmap(toUInt32(number)), groupBitmap(toInt64(number) - 50) FROM numbers(100)

SELECT finalizeAggregation(bitmapBuild([1, 2, 3])), finalizeAggregation(groupBitmapState(number)) FROM numbers(3)

SELECT bitmapCardinality(CAST(unhex('000201') AS AggregateFunction(groupBitmap, UInt8)))

SELECT bitmapCardinality(CAST(unhex('00020102') AS AggregateFunction(groupBitmap, UInt8)))

SELECT groupBitmapState(number) = groupBitmapState(number) FROM numbers(3)
