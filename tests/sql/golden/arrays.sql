SELECT has([1,2],2), has([1,2],3), has([NULL,1],NULL), has([1],NULL), has(['a'],'a'), has([], 1), has([1,2],-1), has([1.5],1.5), has([[1],[2]],[2])

SELECT toTypeName(has([1],toNullable(1)))

SELECT toTypeName(has([NULL,1],1))

SELECT has(1, 1)

SELECT has([1],'a')

SELECT has(NULL, 1)

SELECT hasAll([1,2,3],[1,3]), hasAll([1],[]), hasAll([],[1]), hasAll([1,NULL],[NULL]), hasAll([1],[1.0])

SELECT hasAny([1,2,3],[5,3]), hasAny([1],[]), hasAny([1,NULL],[NULL])

SELECT hasAny([1],['a'])

SELECT hasAll([1], 1)

SELECT hasSubstr([1,2,3],[2,3]), hasSubstr([1,2,3],[1,3]), hasSubstr([1],[])

SELECT indexOf([1,2,3,2],2), indexOf([1],5), indexOf([1,NULL],NULL), indexOf(['a','b'],'b')

SELECT toTypeName(indexOf([1],1)), toTypeName(countEqual([1],1))

SELECT countEqual([1,2,1],1), countEqual([1,NULL,NULL],NULL), countEqual([],1)

SELECT indexOf([1],'a')

SELECT arrayConcat([1,2],[3],[]), arrayConcat([1],[-1]), arrayConcat([1],[NULL]), arrayConcat([]), arrayConcat([1])

SELECT arrayConcat([1],['a'])

SELECT arrayConcat([1], 2)

SELECT arrayConcat()

SELECT arraySlice([1,2,3,4],2), arraySlice([1,2,3,4],2,2), arraySlice([1,2,3,4],-2), arraySlice([1,2,3,4],-3,2), arraySlice([1,2,3,4],1,-1), arraySlice([1,2,3],10), arraySlice([1,2,3],1,0), arraySlice([1,2,3],-10), arraySlice([1,2,3],-10,8), arraySlice([1,2,3], 2, 100)

SELECT arraySlice([1,2,3],0)

SELECT arraySlice([1,2,3],NULL), arraySlice([1,2,3],2,NULL), arraySlice([1,2,3],NULL,2)

SELECT arraySlice([1,2,3],-1,-1), arraySlice([1,2,3,4,5],2,-2), arraySlice([1,2,3,4,5],-4,-2)

SELECT arraySlice([1],'a')

SELECT arraySlice(1, 1)

SELECT arraySlice([1,2,3,4],number+1) FROM numbers(5)

SELECT arraySlice([1,2,3,4],toInt8(number)-2, 2) FROM numbers(5)

SELECT arrayPushBack([1,2],3), arrayPushBack([1],300), arrayPushBack([],1), arrayPushBack([1],NULL), arrayPushBack(['a'],'b'), arrayPushFront([1,2],0), arrayPushFront([1],-1), arrayPushFront([1],NULL)

SELECT arrayPushBack([1],'a')

SELECT arrayPushBack(1,1)

SELECT arrayPopBack([1,2,3]), arrayPopFront([1,2,3]), arrayPopBack([]), arrayPopFront([1])

SELECT arrayPopBack(1)

SELECT arrayReverse([1,2,3]), arrayReverse([]), arrayReverse(['a',NULL]), reverse([1,2]), reverse([[1],[2]])

SELECT arrayReverse('a')

SELECT arrayDistinct(1)

SELECT arrayUniq([1,2,1]), arrayUniq([1,1],[1,2]), arrayUniq([]), arrayUniq([NULL,NULL,1]), arrayUniq(['a','a'])

SELECT arrayUniq([1,2],[1])

SELECT arrayUniq(1)

SELECT arrayEnumerate([5,6,7]), arrayEnumerate([]), arrayEnumerate(['a'])

SELECT arrayEnumerate(1)

SELECT arrayEnumerateUniq([10,20,10,30,10]), arrayEnumerateUniq([1,1,1],[1,1,2]), arrayEnumerateDense([10,20,10,30]), arrayEnumerateUniq([NULL,1,NULL])

SELECT arrayEnumerateUniq([1],[1,2])

SELECT arraySort([3,1,2]), arraySort(['b','a']), arraySort([NULL,2,1]), arraySort([nan,1.,inf]), arraySort([]), arraySort([[2],[1,5]]), arraySort([(2,'a'),(1,'z')])

SELECT arrayReverseSort([3,1,2]), arrayReverseSort([NULL,2,1]), arrayReverseSort([nan,1.,inf]), arrayReverseSort(['b','a','c'])

SELECT arraySort(1)

SELECT range(5), range(0), range(2,5), range(1,10,3), range(5,2), range(-3,2), range(5,0,-2), range(toUInt64(2))

SELECT toTypeName(range(5)), toTypeName(range(-1,3)), toTypeName(range(300)), toTypeName(range(1,300)), toTypeName(range(toUInt64(3))), toTypeName(range(toInt8(3)))

SELECT range(-1)

SELECT range(1,5,0)

SELECT range('a')

SELECT range(1.5)

SELECT range(NULL)

SELECT range(number) FROM numbers(4)

SELECT range(number, 5) FROM numbers(4)

SELECT range(toNullable(3))

SELECT range(100000000000)

SELECT arrayStringConcat(['a','b'],','), arrayStringConcat(['a','b']), arrayStringConcat([1,2],'-'), arrayStringConcat([],','), arrayStringConcat(['a',NULL,'b'],','), arrayStringConcat([toDate('2020-01-01')], ',')

SELECT arrayStringConcat([NULL],',')

SELECT arrayStringConcat('a')

SELECT arrayStringConcat(['a'], 1)

SELECT arrayStringConcat([[1]], ',')

SELECT arrayStringConcat(['a','b'], materialize(';'))

SELECT splitByChar(',', 'a,b,,c'), splitByChar(',', ''), splitByChar(',', ','), splitByChar('x', 'abc')

SELECT splitByChar(',', 'a,b,c', 1), splitByChar(',', 'a,b,c', 2), splitByChar(',', 'a,b,c', 0), splitByChar(',', 'a,b,c', -1)

SELECT splitByChar('ab', 'a')

SELECT splitByChar('', 'a')

SELECT splitByChar(1, 'a')

SELECT splitByChar(',', NULL)

SELECT splitByChar(',', 5)

SELECT splitByString(', ', 'a, b, c'), splitByString('', 'abc'), splitByString('xx', ''), splitByString('', ''), splitByString('ab', 'abab')

SELECT splitByString(',', 'a,b,c', 2)

SELECT splitByRegexp('\\d+', 'a12b3c'), splitByRegexp('', 'abc'), splitByRegexp('x', ''), splitByRegexp('[,;]', 'a,b;c')

SELECT splitByRegexp('(', 'a')

SELECT splitByRegexp('\\d+', 'a12b3c', 2)

SELECT splitByWhitespace('  a  b c '), splitByWhitespace(''), splitByWhitespace('a'), splitByWhitespace('a\tb\nc')

SELECT splitByNonAlpha('  a,b!c.d '), splitByNonAlpha('$1..2')

SELECT alphaTokens('abca1abc'), alphaTokens(''), alphaTokens('123'), alphaTokens('a1b', 1)

SELECT extractAll('a1b22c333', '\\d+'), extractAll('abc', '(b)(c)'), extractAll('', 'a'), extractAll('aaa', 'a*')

SELECT extractAll('a', '(')

SELECT extractAllGroupsVertical('k1=v1,k2=v2', '(\\w+)=(\\w+)')

SELECT extractAllGroupsHorizontal('k1=v1,k2=v2', '(\\w+)=(\\w+)')

SELECT extractGroups('hello abc=111', '(\\w+)=(\\w+)')

SELECT arrayFlatten([[1,2],[3]]), arrayFlatten([[[1]],[[2],[3]]]), arrayFlatten([1,2]), arrayFlatten([[]]), flatten([[1]])

SELECT arrayFlatten(1)

SELECT arrayZip([1,2],['a','b']), arrayZip([1]), arrayZip([],[])

SELECT arrayZip([1],[1,2])

SELECT arrayZip(1)

SELECT toTypeName(arrayZip([1,2],['a','b']))

SELECT arrayResize([1,2],4), arrayResize([1,2],1), arrayResize([1,2],-4), arrayResize([1,2],-1), arrayResize([1],3,300), arrayResize(['a'],2,'z'), arrayResize([1,NULL],3), arrayResize([1],2,NULL), arrayResize([1],0)

SELECT arrayResize([1], 'a')

SELECT arrayResize([1], 100000000000)

SELECT arrayCompact(1)

SELECT arraySort(arrayIntersect([1,2,3],[2,3,4])), arrayIntersect([1],[2]), arrayIntersect([1,1],[1]), arraySort(arrayIntersect([1,NULL],[NULL,1])), arrayIntersect([1,2]), arrayIntersect([],[1])

SELECT arrayIntersect([1],['a'])

SELECT arrayIntersect(1)

SELECT arraySort(arrayUnion([1,2],[2,3])), arraySort(arrayExcept([1,2,3],[2]))

SELECT arrayDifference([1,4,2]), arrayDifference([]), arrayDifference([1.5,2]), toTypeName(arrayDifference([1,2])), toTypeName(arrayDifference([toUInt64(1)])), toTypeName(arrayDifference([toInt8(1)])), toTypeName(arrayDifference([1.5]))

SELECT arrayDifference(['a'])

SELECT arrayDifference([1,NULL,4])

SELECT arrayCumSum([1,2,3]), toTypeName(arrayCumSum([1,2])), toTypeName(arrayCumSum([-1])), toTypeName(arrayCumSum([1.5])), arrayCumSum([]), arrayCumSumNonNegative([1,-5,3]), toTypeName(arrayCumSumNonNegative([1,-5]))

SELECT arrayCumSum(['a'])

SELECT arrayCumSum([toDecimal32(1.5,1), toDecimal32(2,1)]), toTypeName(arrayCumSum([toDecimal32(1.5,1)]))

SELECT arraySum([1,2]), arrayAvg([1,2]), arrayMin([3,1]), arrayMax([3,1]), arrayProduct([2,3]), toTypeName(arraySum([1,2])), toTypeName(arraySum([-1])), toTypeName(arraySum([1.5])), toTypeName(arrayAvg([1])), toTypeName(arrayMin([toInt16(1)])), toTypeName(arrayProduct([1]))

SELECT arraySum([]), toTypeName(arraySum([]))

SELECT arraySum([1,NULL]), toTypeName(arraySum([1,NULL]))

SELECT arraySum(['a'])

SELECT arrayMin([]), arrayMax([]), arrayAvg([])

SELECT arrayMin(['b','a']), arrayMax(['b','a']), arrayMax([toDate('2020-01-01')])

SELECT arrayMin([1,NULL]), arrayMax([NULL, 3]), arrayAvg([1,NULL,3])

SELECT arrayMin([[1],[2]])

SELECT arrayCount([1,0,1]), arrayExists([0,1]), arrayAll([1,0]), arrayAll([]), arrayExists([]), arrayCount([])

SELECT arrayExists([1.5])

SELECT arrayWithConstant(3, 'x'), arrayWithConstant(0, 1)

SELECT emptyArrayUInt8(), emptyArrayString()

SELECT arrayProduct([1,NULL])

SELECT tokens('a b,c'), ngrams('abcd', 2)

SELECT countSubstrings('aaa', 'a')

SELECT arrayDistinct([1,2,1,3,2]), arrayDistinct([1,NULL,NULL,2]), arrayDistinct(['b','a','b']), arrayDistinct([]), arrayDistinct([[1],[1],[2]])

SELECT toTypeName(arrayIntersect([1],[-1]))

SELECT toTypeName(arrayIntersect([1],[NULL]))

SELECT toTypeName(arrayIntersect([1],[]))

SELECT toTypeName(arrayIntersect([1, 300],[1]))

SELECT toTypeName(arrayIntersect([1],[1.5]))

SELECT arrayIntersect([1],[NULL])

SELECT arrayIntersect([1],[])

SELECT toTypeName(arrayIntersect([toUInt32(1)],[toInt8(1)]))

SELECT arrayDifference([])

SELECT arrayCumSum([1,2,3]), toTypeName(arrayCumSum([1,2])), toTypeName(arrayCumSum([-1])), toTypeName(arrayCumSum([1.5])), arrayCumSumNonNegative([1,-5,3]), toTypeName(arrayCumSumNonNegative([1,-5]))

SELECT arrayCount([1,0,1]), arrayExists([0,1]), arrayAll([1,0])

SELECT arrayAvg(emptyArrayUInt8()), arraySum(emptyArrayInt8()), arrayMin(emptyArrayInt8()), arrayMax(emptyArrayString()), arrayProduct(emptyArrayInt8())

SELECT arraySum(emptyArrayFloat64()), arrayCumSum(emptyArrayInt8()), arrayDifference(emptyArrayInt8())

SELECT arraySum([number, number * 2]) FROM numbers(3)

SELECT arraySum(range(number)), arrayAvg(range(number + 1)), arrayMax(range(number)) FROM numbers(4)

SELECT arraySort(range(number)) FROM numbers(3)

SELECT arrayReverseSort([number % 3, number % 2, number]) FROM numbers(4)

SELECT has([1,2,3], number) FROM numbers(5)

SELECT has([number, 2], 2) FROM numbers(3)

SELECT indexOf([number, 2], 2), countEqual([number, 2], 2) FROM numbers(3)

SELECT hasAny([number], [1, 2]), hasAll([number, 1], [1]) FROM numbers(3)

SELECT arrayDistinct([number % 2, 1, number]) FROM numbers(4)

SELECT arrayUniq([number % 2, 1, number]) FROM numbers(4)

SELECT arrayConcat([number], range(number)) FROM numbers(3)

SELECT arrayPushBack(range(number), 7), arrayPushFront(range(number), number) FROM numbers(3)

SELECT arraySlice(range(number), 2, 2) FROM numbers(5)

SELECT arrayResize(range(number), 3, 9) FROM numbers(5)

SELECT arrayPopBack(range(number)), arrayPopFront(range(number)), arrayReverse(range(number)) FROM numbers(3)

SELECT splitByChar('-', concat(toString(number), '-', toString(number + 1))) FROM numbers(3)

SELECT extractAll(toString(number * 111), '1') FROM numbers(3)

SELECT arrayZip(range(number), range(number)) FROM numbers(3)

SELECT arrayFlatten([range(number), [100]]) FROM numbers(3)

SELECT arrayEnumerate(range(number)) FROM numbers(3)

SELECT arrayCompact([number % 2, 1, 1]) FROM numbers(3)

SELECT arraySort(arrayIntersect([number, 1, 2], [1, 2, 3])) FROM numbers(4)

SELECT mapKeys(map('a', number)), mapValues(map('a', number)), mapContains(map('a', 1), 'a'), mapContains(map('a', 1), 'b') FROM numbers(2)

SELECT mapKeys([1])

SELECT has(map('a', 1), 'a')

SELECT concat([1], 'a')

SELECT has(splitByChar(',', origin), 'JFK'), length(splitByChar('A', origin)) FROM events ORDER BY id LIMIT 5

SELECT splitByChar('a', note), length(splitByString('a', note)) FROM events ORDER BY id LIMIT 5

SELECT arrayStringConcat([origin, dest], '/') FROM events ORDER BY id LIMIT 3

SELECT arraySort([delay, 5, -3]) FROM events ORDER BY id LIMIT 3

SELECT range(toUInt8(id % 4)) FROM events ORDER BY id LIMIT 5

SELECT arrayCompact([1,1,2,2,1]), arrayCompact([]), arrayCompact([NULL,NULL,1]), arrayCompact([nan,nan,1.5]), arrayCompact(['a','a'])

SELECT arraySum([toDecimal32(1.5,1)]), toTypeName(arraySum([toDecimal32(1.5,1)])), toTypeName(arrayAvg([toDecimal32(1.5,1)])), toTypeName(arraySum([toFloat32(1)]))

SELECT arrayDifference([1,4,2]), arrayDifference([1.5,2.25]), toTypeName(arrayDifference([1,2])), toTypeName(arrayDifference([toUInt64(1)])), toTypeName(arrayDifference([toInt8(1)])), toTypeName(arrayDifference([1.5]))

SELECT splitByChar(',', CAST(NULL AS Nullable(String)))
