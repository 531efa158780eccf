SELECT sumArray([1, 2]), countArray([1, 2, 3]), uniqArray([1, 1, 2]), avgArray([1, 2]), groupArrayArray([1, 2]), maxArray(['a', 'b']), sumArray([number, 1]) FROM numbers(3)

SELECT sumArrayIf([1, number], number > 1), sumIfArray([1, 2], [1, 0]), sumDistinctArray([1, 1, 2]), quantilesArray(0.5)([1, 2, 3]), sumArrayOrNull([1]), avgWeightedArray([1, 2], [3, 4]) FROM numbers(3)

SELECT sumArray([number]), countArray([number]), groupArrayArray([number]), sumArrayOrNull([number]), avgArray([number]) FROM numbers(0)

SELECT number % 2 AS k, sumArray([number, number * 10]), groupArrayArray(if(number > 3, [number], [])) FROM numbers(7) GROUP BY k ORDER BY k

SELECT sumArray([1, NULL, number]), toTypeName(sumArray([1, NULL])), countArray([NULL, 1]), sumArray(emptyArrayUInt8()) FROM numbers(3)

SELECT sumArray(1)

SELECT sumArray([1], 2)

SELECT avgWeightedArray([1, 2], [3])

SELECT sumArrayArray([[1, 2], [3]])

SELECT sumForEach([1, 2, number]), maxForEach(['a', 'b']), countForEach([1, 2, NULL]), sumForEachIf([1, 2], number = 1), groupArrayForEach([number, 2]), avgForEach([1, number]) FROM numbers(3)

SELECT sumForEach([1, NULL]), toTypeName(sumForEach([1, NULL])), avgWeightedForEach([1, 2], [3, 4]), sumOrNullForEach([1]), toTypeName(sumForEachOrNull([1])), sumIfForEach([1, 2], [1, 0]), quantileExactForEach(0.5)([number, 5]) FROM numbers(3)

SELECT number % 2 AS k, sumForEach(if(number > 2, [number, 1, 1], [number])), uniqExactForEach([number % 3, 7]) FROM numbers(8) GROUP BY k ORDER BY k

SELECT sumForEach([number]), countForEach([number]) FROM numbers(0)

SELECT sumArrayForEach([[1, 2], [3]]), sumForEachArray([[1, 2], [3]]) FROM numbers(2)

SELECT sumForEach(1)

SELECT sumForEach()

SELECT avgWeightedForEach([1, 2], [3])

SELECT sumForEachForEach([[1, 2], [3]])

SELECT sumResample(0, 10, 5)(number, number), groupArrayResample(0, 10, 5)(number, number), countResample(0, 10, 3)(number), quantileExactResample(0.5, 0, 10, 4)(number, number) FROM numbers(12)

SELECT avgResample(-5, 5, 3)(number, number::Int32 - 3), toTypeName(sumResample(0, 4, 2)(number::Nullable(Int8), number)), sumResample(0, 4, 2)(number, number::Nullable(Int8)), sumResample(4, 0, 1)(number, number) FROM numbers(12)

SELECT sumResample(0, 4, 2)(if(number = 1, NULL, number), number), countResample(0, 3, 1)(if(number = 1, NULL, number)), sumResampleIf(0, 4, 2)(number, number, number > 1) FROM numbers(5)

SELECT number % 3 AS k, sumResample(0, 12, 4)(number, number), uniqExactResample(0, 12, 6)(number % 2, number) FROM numbers(12) GROUP BY k ORDER BY k

SELECT sumResample(0, 4, 2)(number, number), countResample(0, 2, 1)(number) FROM numbers(0)

SELECT sumResample(0, 4, 2)(1, 'a')

SELECT sumResample(0, 4)(1, 1)

SELECT sumResample(0, 4, 0)(1, 1)

SELECT sumResample(0, 10000000, 1)(1, 1)

SELECT sumMap(map('b', 1, 'a', number)), maxMap(map(number, 'x')), uniqMap(map('a', number)), countMap(map('a', 1)), avgMap(map('a', number)), minMap(map(1, number)) FROM numbers(3)

SELECT toTypeName(sumMap(map('a', 1))), toTypeName(minMap(map('a', 1::Nullable(Int8)))), toTypeName(avgMap(map(1, 1))), sumMapIf(map('a', 1), number > 0), sumMapOrNull(map(1, 1)) FROM numbers(3)

SELECT number % 2 AS k, sumMap(map(number % 3, number, 100, 1)) FROM numbers(9) GROUP BY k ORDER BY k

SELECT sumMap(map('a', 1)), sumMap([1], [number]) FROM numbers(0)

SELECT sumMap([3, 1], [1, number]), minMap(['b', 'a'], [number, 5]), maxMap([1], [toDate(number)]), sumMap([1, 1], [2, 3]), sumMap([1], [1.5::Float32]), sumMap([toDate(1)], [1]) FROM numbers(3)

SELECT toTypeName(sumMap([1, 2], [3, 4])), toTypeName(sumMap([1], [1.5::Float32])), toTypeName(maxMap(['a'], [1])), sumMap(['a', 'b'], [1, 0]), sumMap([1], [2], [3]), sumMapIf([1], [2], number > 0) FROM numbers(4)

SELECT number % 2 AS k, sumMap([number % 3, 5], [number, 1]), maxMap([number % 3], [number]) FROM numbers(10) GROUP BY k ORDER BY k

SELECT sumMap([1, NULL], [2, 3]), toTypeName(sumMap([1, NULL], [2, 3]))

SELECT sumMap([1, 2], [3])

SELECT sumMap([1, 2])

SELECT sumMap(1, 2)

SELECT sumMap(['a'], ['b'])

SELECT origin, sumMap(map(dest, 1)), sumMap([dest], [delay]) FROM events GROUP BY origin ORDER BY origin

SELECT origin, sumForEach([delay, distance]), countResample(0, 600, 200)(delay) FROM events GROUP BY origin ORDER BY origin
