SELECT groupArray(number), groupArray(2)(number), groupArrayLast(2)(number), groupArrayLast(3)(number + 1), groupArray('a') FROM numbers(4)

SELECT groupArray(if(number = 1, NULL, number)), toTypeName(groupArray(number::Nullable(Int8))), groupArray(toString(number)), groupArray(toDate(number)), groupArray(number / 2) FROM numbers(4)

SELECT groupArray([number]), groupArray((number, 'a')), groupArray([toString(number), NULL]), groupArray(map('k', number)), toTypeName(groupArray((number, 'a'))) FROM numbers(3)

SELECT groupArray(number), groupArrayLast(3)(number), groupUniqArray(number), groupArrayOrNull(number), groupArray([number]), toTypeName(groupArrayOrDefault(number::Nullable(Int8))) FROM numbers(0)

SELECT number % 3 AS k, groupArray(number), groupArray(2)(toString(number)), groupArrayLast(2)(number), groupArray([number, k]) FROM numbers(10) GROUP BY k ORDER BY k

SELECT origin, groupArray(id), groupArray(note), groupArray(2)(dest) FROM (SELECT * FROM events ORDER BY id) GROUP BY origin ORDER BY origin

SELECT groupArray(NULL), groupUniqArray(NULL), groupArray(2)(NULL)

SELECT groupArray(0)(1)

SELECT groupArray(-1)(1)

SELECT groupArray('a')(1)

SELECT groupArray(1, 2)(1)

SELECT groupArray()

SELECT groupArray(1, 2)

SELECT groupArrayLast(number) FROM numbers(5)

SELECT groupArrayLast(0)(1)

SELECT groupArrayIf(number, number > 1), groupArrayDistinct(number % 2), groupArrayOrDefault(number), groupArrayIf(2)(number, number > 1), groupArrayOrNull(number), array_agg(number) FROM numbers(5)

SELECT groupUniqArray(1), groupUniqArray('x'), length(groupUniqArray(number % 3)), length(groupUniqArray(2)(number)), groupUniqArray([1, 2]), groupUniqArray((1, 'a')), length(groupUniqArray([number % 4])) FROM numbers(10)

SELECT length(groupUniqArray(origin)), length(groupUniqArray(note)), toTypeName(groupUniqArray(origin)), toTypeName(groupUniqArray(note)), length(groupUniqArray(uid)) FROM events

SELECT origin, length(groupUniqArray(dest)) AS n, n = uniqExact(dest) FROM events GROUP BY origin ORDER BY origin

SELECT groupUniqArray(0)(1)

SELECT groupUniqArray(1, 2)(1)

SELECT groupArraySample(3, 1)(number), groupArraySample(10, 5)(number), groupArraySample(2, 7)(toString(number)) FROM numbers(30)

SELECT groupArraySample(10)(number), groupArraySample(5)(if(number = 1, NULL, number)), groupArraySample(3, 1)([number]) FROM numbers(5)

SELECT groupArraySample(2)(number) FROM numbers(0)

SELECT groupArraySample(1)

SELECT groupArraySample(0)(1)

SELECT groupArraySample(1, 2, 3)(1)

SELECT groupArraySorted(3)(-number), groupArraySorted(3)(toString(number)), groupArraySorted(100)(number % 7), groupArraySorted(5)(if(number = 1, NULL, number)), groupArraySorted(2)(toDate(number)) FROM numbers(20)

SELECT groupArraySorted(3)(number), toTypeName(groupArraySorted(3)(number::Nullable(Int8))) FROM numbers(0)

SELECT number % 2 AS k, groupArraySorted(4)(1000 - number) FROM numbers(1000) GROUP BY k ORDER BY k

SELECT groupArraySorted(number) FROM numbers(5)

SELECT groupArraySorted(0)(1)

SELECT groupArrayMovingSum(number), groupArrayMovingSum(2)(number), groupArrayMovingAvg(2)(number), groupArrayMovingAvg(number) FROM numbers(5)

SELECT groupArrayMovingAvg(2)(toDecimal32(number, 2)), groupArrayMovingSum(2)(-number), groupArrayMovingSum(number / 2), groupArrayMovingAvg(2)(-number), groupArrayMovingSum(3)(toInt8(100)), groupArrayMovingSum(2)(if(number = 1, NULL, number)) FROM numbers(4)

SELECT toTypeName(groupArrayMovingSum(1::Float32)), toTypeName(groupArrayMovingAvg(1::Decimal32(2))), toTypeName(groupArrayMovingSum(1)), toTypeName(groupArrayMovingAvg(1)), groupArrayMovingSum(number) FROM numbers(0)

SELECT number % 2 AS k, groupArrayMovingSum(2)(number), groupArrayMovingAvg(3)(number / 4) FROM numbers(10) GROUP BY k ORDER BY k

SELECT groupArrayMovingSum('a')(1)

SELECT groupArrayMovingSum(0)(1)

SELECT groupArrayMovingSum('a')

SELECT groupArrayMovingAvg(toDate(1))

SELECT groupArrayInsertAt(number, number * 2), groupArrayInsertAt('-')(toString(number), number * 2), groupArrayInsertAt('-', 5)(toString(number), number), groupArrayInsertAt(5, 2)(number, number + 1) FROM numbers(4)

SELECT groupArrayInsertAt(7)(number, number % 2), groupArrayInsertAt(if(number = 1, NULL, number), number), toTypeName(groupArrayInsertAt(number::Nullable(UInt8), 1)) FROM numbers(4)

SELECT groupArrayInsertAt(number, number), groupArrayInsertAt(1, 3)(number, number) FROM numbers(0)

SELECT groupArrayInsertAt(1)(number, 1, 2) FROM numbers(3)

SELECT groupArrayInsertAt('a')(number, 1) FROM numbers(3)

SELECT groupArrayInsertAt(1)(number, -1) FROM numbers(3)

SELECT quantiles(0.1, 0.9)(number), quantilesExact(0.9, 0.1)(number), quantilesTDigest(0.5, 0.9)(number), quantilesTiming(0.5, 1)(number), quantilesExactWeighted(0.5, 0.1)(number, number) FROM numbers(10)

SELECT quantilesExactExclusive(0.2, 0.9)(number), quantilesDeterministic(0.1, 0.9)(number, number), quantilesBFloat16(0.5)(number), quantilesInterpolatedWeighted(0.5)(number, 1), quantilesExactLow(0.5)(number), quantilesExactHigh(0.5)(number) FROM numbers(10)

SELECT quantiles(0.5)(number), quantilesExact(0.5, 0.6)(number), quantilesTiming(0.5)(number), quantilesExactWeighted(0.5)(number, 1), quantilesExact(0.5)(number::Nullable(Int8)) FROM numbers(0)

SELECT toTypeName(quantilesTiming(0.5)(1)), toTypeName(quantiles(0.5)(1::Nullable(Int8))), toTypeName(quantilesExact(0.5)(toDate(1))), quantilesExact(0.5)(toDate(1)), quantiles(0.5)(toDateTime(1, 'UTC')), quantilesExactIf(0.1, 0.9)(number, number > 2) FROM numbers(10)

SELECT origin, quantiles(0, 0.5, 1)(delay), quantilesExact(0.25, 0.75)(distance) FROM events GROUP BY origin ORDER BY origin

SELECT quantiles(number) FROM numbers(100)

SELECT quantiles(0.5, 2)(1)

SELECT quantilesDD(0.01)(1)

SELECT any([number]), anyLast((number, 1)), argMin([number], number), argMax((number, 'a'), number), anyHeavy([1]), uniqExact([number % 2]), uniqExact((number % 2, 'a'), number), count(DISTINCT [number]) FROM numbers(3)

SELECT any([number]), anyLast((number, 'x')), argMin(map('a', number), number) FROM numbers(0)

SELECT anyOrNull([number]), anyIf([number], number > 0), groupArrayDistinct([number % 2]), uniqExactIf([number], number > 0), anyDistinct((number, number)) FROM numbers(3)
