SELECT mapFilter((k, v) -> v > 1, map('a', 1, 'b', 2))

SELECT mapApply((k, v) -> (k, v + 1), map('a', 1))

SELECT mapFromArrays(['a','b'], [1,2])

SELECT mapFromArrays(['a'], [1,2])

SELECT mapFromArrays([1], 2)

SELECT toTypeName(mapFromArrays(['a','b'], [1,2]))

SELECT mapSort(map('b', 1, 'a', 2))

SELECT mapExists((k, v) -> v = 1, map('a', 1)), mapAll((k, v) -> v = 1, map('a', 1))

SELECT mapFilter((k, v) -> v > number, map('a', 1, 'b', 2)) FROM numbers(3)

SELECT mapFilter((k, v) -> 1, [1])

SELECT mapFilter((k, v) -> 0, map('a', 1))

SELECT mapApply((k, v) -> k, map('a', 1))

SELECT mapApply((k, v) -> (v, k), map('a', number)) FROM numbers(2)

SELECT toTypeName(mapApply((k, v) -> (k, v + 1), map('a', 1)))

SELECT toTypeName(tuple(1 AS a))

SELECT toTypeName(CAST((1,2),'Tuple(a UInt8, b UInt8)'))

SELECT toTypeName([CAST((1,2),'Tuple(a UInt8, b UInt8)')])

SELECT toTypeName(map('a', CAST((1,2),'Tuple(a UInt8, b UInt8)')))

SELECT toTypeName(CAST((1,(2,3)),'Tuple(a UInt8, b Tuple(c UInt8, d UInt8))'))

SELECT tupleNames(CAST((1,2),'Tuple(a UInt8, b UInt8)'))

SELECT tupleConcat((1,2),(3,))

SELECT tupleConcat((1,), ('a', NULL)), tupleConcat((1,2))

SELECT tupleConcat(1, (2,))

SELECT tupleConcat((number, 1), ('x',)) FROM numbers(2)

SELECT tupleNames((1, 2)), tupleNames(CAST((1, number), 'Tuple(a UInt8, `b c` UInt8)')) FROM numbers(2)

SELECT tupleNames([1])

SELECT mapSort(map('b', number, 'a', 1)), mapReverseSort(map('b', number, 'c', 1)) FROM numbers(2)

SELECT mapSort([1])

SELECT mapFromArrays(range(number), range(number)) FROM numbers(3)

SELECT mapFromArrays([NULL], [1])

SELECT mapFromArrays(emptyArrayString(), emptyArrayUInt8())

SELECT mapExists((k, v) -> k = 'a' AND v > number, map('a', 1)) FROM numbers(2)

SELECT mapAll((k, v) -> v IS NOT NULL, map('a', NULL, 'b', 1))

SELECT mapApply((k, v) -> (upper(k), v), map('a', NULL))

SELECT mapApply(x -> x)

SELECT map('a', 1)['a'], map('a', 1)['b'], map('a', NULL)['a'], map(number, 'x')[1] FROM numbers(2)

SELECT map('a', 1, 'a', 2)['a']

SELECT map('a', [1, 2])['a'][2]

SELECT mapKeys(map()), mapValues(map())

SELECT length(mapKeys(map('a', 1, 'b', 2))), mapContains(map('a', 1), NULL)

SELECT CAST(map('a', 1), 'Map(String, Float64)'), CAST([('k', 1)], 'Map(String, String)')

SELECT CAST('x', 'Map(String, UInt8)')

SELECT map('a', number) = map('a', 1), map('a', 1) = map('b', 1) FROM numbers(2)

SELECT map('k', number % 2) AS m, count() FROM numbers(5) GROUP BY m ORDER BY m

SELECT DISTINCT map('k', number % 2) AS m FROM numbers(5) ORDER BY m DESC

SELECT id, map(origin, delay)['JFK'] FROM events ORDER BY id LIMIT 4

SELECT mapFilter((k, v) -> v > delay, map('x', 10, 'y', 100)) FROM events ORDER BY id LIMIT 4

SELECT toTypeName(map(origin, note)), toTypeName((origin, note)), toTypeName([note]) FROM events LIMIT 1
