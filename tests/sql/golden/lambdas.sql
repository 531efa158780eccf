SELECT arrayMap(x -> x + 1, [1,2,3])

SELECT arrayMap((x, y) -> x + y, [1,2], [3,4])

SELECT arrayMap((x, y) -> x + y, [1,2], [3])

SELECT arrayMap((x, y) -> x + y, [1,2])

SELECT arrayMap(x -> x, [1], [2])

SELECT arrayMap((x, y) -> (y, x), [(1,'a'),(2,'b')])

SELECT arrayMap(x -> x.1, [(1,'a'),(2,'b')])

SELECT arrayMap(x -> x + number, range(3)) FROM numbers(3)

SELECT arrayMap(x -> number, range(number)) FROM numbers(3)

SELECT arrayMap(x -> x + number, range(number)) FROM numbers(4)

SELECT arrayMap(x -> arrayMap(y -> x * y, [1,2]), [10,20])

SELECT arrayMap(x -> arrayMap(y -> x * y + number, range(2)), range(number)) FROM numbers(3)

SELECT arrayMap(x -> arraySum(y -> x * y, [1,2]), [10,20])

SELECT arrayMap(x -> 'c', [1,2])

SELECT arrayMap(x -> NULL, [1,2])

SELECT arrayMap(x -> if(x = 2, NULL, x), [1,2])

SELECT arrayMap(x -> x + 1, [1,NULL])

SELECT arrayMap(x -> toString(x), [])

SELECT arrayMap(x -> 1, [])

SELECT arrayMap(x -> x, emptyArrayInt8())

SELECT arrayMap([1])

SELECT arrayMap(x -> x)

SELECT arrayMap(x -> x, 1)

SELECT arrayMap(x -> y, [1])

SELECT arrayMap(1, [1])

SELECT arrayMap(x -> intDiv(1, x), [0])

SELECT arrayMap(x -> if(x = 0, 0, intDiv(10, x)), [0, 2])

SELECT arrayMap(x -> intDiv(x, number), range(number)) FROM numbers(3)

SELECT arrayMap(x -> intDiv(1, number), range(number)) FROM numbers(3)

SELECT arrayFilter(x -> x > 1, [1,2,3]), arrayFilter(x -> 0, [1]), arrayFilter((x, y) -> y > 1, [1,2], [1,5]), arrayFilter(x -> NULL, [1])

SELECT arrayFilter(x -> x > number, range(5)) FROM numbers(3)

SELECT arrayFilter(x -> x IS NOT NULL, [1,NULL])

SELECT arrayFilter(x -> x, [1.5])

SELECT arrayFilter(x -> 'a', [1])

SELECT arrayFilter(x -> x % 2 = 0, range(10))

SELECT arrayFilter([1],[1])

SELECT arrayCount(x -> x > 1, [1,2,3]), arrayCount((x,y) -> x = y, [1,2],[1,3])

SELECT arrayExists(x -> x = 2, [1,2]), arrayExists(x -> x = 5, [1,2]), arrayAll(x -> x > 0, [1,2]), arrayAll(x -> x > 1, [1,2])

SELECT arrayExists(x -> x = NULL, [1])

SELECT arraySum(x -> x * 2, [1,2]), arrayAvg(x -> x * 2, [1,2]), arrayMin(x -> -x, [1,2]), arrayMax(x -> -x, [1,2]), arrayProduct(x -> x + 1, [1,2])

SELECT arraySum((x, y) -> x * y, [1,2], [3,4])

SELECT toTypeName(arraySum(x -> -x, [1])), toTypeName(arrayMin(x -> toString(x), [1]))

SELECT arrayFirst(x -> x > 1, [1,2,3]), arrayLast(x -> x < 3, [1,2,3]), arrayFirst(x -> x > 5, [1]), arrayFirst(x -> 1, ['a'])

SELECT arrayFirstOrNull(x -> x > 5, [1]), arrayLastOrNull(x -> x > 0, [1,2])

SELECT arrayFirstIndex(x -> x > 1, [1,2,3]), arrayLastIndex(x -> x < 3, [1,2,3]), arrayFirstIndex(x -> 0, [1])

SELECT arrayFirst((x, y) -> y = 2, ['a','b'], [1,2])

SELECT arraySort(x -> -x, [1,3,2]), arraySort((x, y) -> y, ['a','b','c'], [3,1,2]), arrayReverseSort(x -> -x, [1,3,2]), arrayReverseSort((x, y) -> y, ['a','b','c'], [3,1,2])

SELECT arraySort(x -> x.2, [(1,'b'),(2,'a')])

SELECT arraySort([1],[2])

SELECT arrayFill(x -> x > 1, [5,1,0,3,1]), arrayReverseFill(x -> x > 1, [5,1,0,3,1]), arrayFill(x -> x IS NOT NULL, [1,NULL,2])

SELECT arraySplit(x -> x = 2, [1,2,3,2]), arrayReverseSplit(x -> x = 2, [1,2,3,2]), arraySplit((x, y) -> y, ['a','b','c'], [1,0,1])

SELECT arrayCumSum(x -> x * 2, [1,2]), arrayDifference(x -> x * x, [1,2,4]), arrayCumSumNonNegative(x -> x - 2, [1,5])

SELECT arrayMap(x -> (x, x * 2), [1,2])

SELECT arrayMap(x -> [x], [1,2])

SELECT arrayMap(x -> map('k', x), [1,2])

SELECT arrayMap(x -> x IN (1, 2), [1,3])

SELECT arrayMap(x -> x IN (SELECT number FROM numbers(2)), [1,3])

SELECT arrayMap(x -> (SELECT 5) + x, [1,3])

SELECT arrayMap(x -> sum(number) + x, [1,2]) FROM numbers(3)

SELECT sum(arraySum(x -> x + number, [1,2])) FROM numbers(3)

SELECT number % 2 AS k, arrayMap(x -> x + k, [1]) FROM numbers(3) GROUP BY k ORDER BY k

SELECT arrayMap(x -> x + number, [1]) AS a, count() FROM numbers(3) GROUP BY a ORDER BY a

WITH x -> x * 10 AS f SELECT arrayMap(f, [1,2])

SELECT number FROM numbers(5) WHERE arrayExists(x -> x = number, [1,3])

SELECT number FROM numbers(5) ORDER BY arraySum(x -> x % 3, [number])

SELECT arrayMap(x -> x || 'z', splitByChar(',', 'a,b'))

SELECT arrayMap(x -> lower(x), [toLowCardinality('A')])

SELECT arrayStringConcat(arrayMap(x -> toString(x), range(number)), '-') FROM numbers(3)

SELECT arrayMap(number -> number + 1, [number]) FROM numbers(2)

SELECT arrayMap(x -> x + a, [1]) FROM (SELECT number AS a FROM numbers(2))

SELECT number + 1 AS x, arrayMap(x -> x * 2, [5]) FROM numbers(2)

SELECT number AS y, arrayMap(x -> y + x, [5]) FROM numbers(2)

SELECT arrayMap(x -> materialize(x), [1,2])

SELECT arrayMap((x, i) -> x * i, [5,6], arrayEnumerate([5,6]))

SELECT arrayZip(arrayMap(x -> x + 1, [1]), ['a'])

SELECT arrayMap(x -> CASE WHEN x > 1 THEN 'big' ELSE 'small' END, [1,2])

SELECT arrayFilter(x -> x LIKE 'a%', ['ab','ba'])

SELECT toTypeName(arrayMap(x -> x / 2, [1]))

SELECT arrayMap((x) -> x, [1])

SELECT arrayMap(x -> x AND 1, [1, 0, NULL])

SELECT length(x -> x)

SELECT x -> x

SELECT id, arrayMap(x -> x + delay, [1, 2]) FROM events ORDER BY id LIMIT 4

SELECT id, arrayFilter(x -> x > delay, [0, 10, 20]) FROM events ORDER BY id LIMIT 6

SELECT arrayMap(x -> concat(x, origin), [dest, 'x']) FROM events ORDER BY id LIMIT 3

SELECT arrayMap(x -> if(x = 0, NULL, intDiv(100, x)), [delay, 5]) FROM events ORDER BY id LIMIT 4

SELECT origin, arraySum(x -> x * 2, [count(), 1]) AS s FROM events GROUP BY origin ORDER BY origin

SELECT arrayExists(x -> x = origin, ['JFK', 'LAX']) AS k, count() FROM events GROUP BY k ORDER BY k

SELECT id FROM events WHERE arrayExists(x -> x = id, [1, 3, 5]) ORDER BY id

SELECT arraySort(x -> abs(x - delay), [0, 15, 30]) FROM events ORDER BY id LIMIT 4

SELECT arrayMap(x -> length(x), splitByChar('A', origin)) FROM events ORDER BY id LIMIT 4

SELECT arrayMap(x -> x.1 + x.2, [(id, delay)]) FROM events ORDER BY id LIMIT 3

SELECT arrayMap((a, b) -> (b, a), [1, 2], ['x', 'y'])[2].1

SELECT arrayMap(x -> note, [1]) FROM events ORDER BY id LIMIT 4

SELECT id, arrayMap(x -> x, [1]) FROM events WHERE id < 0

SELECT arrayMap(x -> x + 1, dest) FROM events
