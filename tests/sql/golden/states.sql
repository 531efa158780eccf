SELECT hex(countState()), toTypeName(countState()) FROM numbers(300)

SELECT hex(countState(number)), toTypeName(countState(number)) FROM numbers(300)

SELECT hex(countState(toNullable(number))), toTypeName(countState(toNullable(number))) FROM numbers(300)

SELECT hex(sumState(number)), toTypeName(sumState(number)) FROM numbers(300)

SELECT hex(sumState(toNullable(number))), toTypeName(sumState(toNullable(number))) FROM numbers(300)

SELECT hex(sumState(toNullable(number))), toTypeName(sumState(toNullable(number))) FROM numbers(0)

SELECT hex(sumState(toDecimal32(number,2))), toTypeName(sumState(toDecimal32(number,2))) FROM numbers(3)

SELECT hex(sumState(toFloat32(number))) FROM numbers(3)

SELECT hex(sumState(toInt128(number))) FROM numbers(3)

SELECT hex(avgState(number)), toTypeName(avgState(number)) FROM numbers(300)

SELECT hex(avgState(toFloat32(number))) FROM numbers(300)

SELECT hex(avgState(toDecimal32(number,2))) FROM numbers(300)

SELECT hex(avgState(toDate(number))) FROM numbers(300)

SELECT hex(minState(number)), toTypeName(minState(number)) FROM numbers(3)

SELECT hex(maxState(toString(number))) FROM numbers(3)

SELECT hex(maxState(toString(number))) FROM numbers(0)

SELECT hex(maxState(number)) FROM numbers(0)

SELECT hex(anyState(toFixedString('abc',3))) FROM numbers(3)

SELECT hex(anyState([1])) FROM numbers(0)

SELECT hex(argMinState(number, toString(number))), toTypeName(argMinState(number, toString(number))) FROM numbers(3)

SELECT hex(uniqState(number)) FROM numbers(5)

SELECT hex(uniqState(toNullable(number))), toTypeName(uniqState(toNullable(number))) FROM numbers(5)

SELECT hex(quantileExactState(number)) FROM numbers(3)

SELECT hex(quantileTDigestState(number)) FROM numbers(3)

SELECT hex(groupArrayState(number)) FROM numbers(3)

SELECT hex(groupArrayState(toString(number))) FROM numbers(3)

SELECT hex(groupArrayState(2)(number)), toTypeName(groupArrayState(2)(number)) FROM numbers(3)

SELECT hex(groupUniqArrayState(number)) FROM numbers(3)

SELECT hex(varPopState(number)) FROM numbers(3)

SELECT hex(stddevPopStableState(number)) FROM numbers(3)

SELECT hex(corrState(number, number)) FROM numbers(3)

SELECT hex(sumIfState(number, number > 1)), toTypeName(sumIfState(number, number > 1)) FROM numbers(3)

SELECT hex(sumStateIf(number, number > 1)), toTypeName(sumStateIf(number, number > 1)) FROM numbers(3)

SELECT hex(sumOrNullState(number)), toTypeName(sumOrNullState(number)) FROM numbers(3)

SELECT hex(sumOrDefaultState(number)), toTypeName(sumOrDefaultState(number)) FROM numbers(3)

SELECT hex(sumStateOrNull(number)) FROM numbers(3)

SELECT toTypeName(sumStateOrNull(number)) FROM numbers(3)

SELECT hex(sumArrayState([number])), toTypeName(sumArrayState([number])) FROM numbers(3)

SELECT toTypeName(sumStateArray([number])) FROM numbers(3)

SELECT hex(sumForEachState([number, 5])), toTypeName(sumForEachState([number])) FROM numbers(3)

SELECT toTypeName(sumStateForEach([number])) FROM numbers(3)

SELECT hex(sumResampleState(0,3,1)(number, number)), toTypeName(sumResampleState(0,3,1)(number, number)) FROM numbers(3)

SELECT toTypeName(sumMergeState(s)), hex(sumMergeState(s)), sumMerge(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT toTypeName(sumMerge(s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumMergeIf(s, 1), sumMergeOrNull(s), sumMergeArray([s]) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumMergeDistinct(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumIfMerge(s) FROM (SELECT sumIfState(number, number>1) s FROM numbers(3))

SELECT avgMerge(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumMerge(s) FROM (SELECT sumState(toNullable(number)) s FROM numbers(3))

SELECT sumMerge(number) FROM numbers(3)

SELECT sumMerge(s, s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT quantileMerge(0.9)(s) FROM (SELECT quantileState(number) s FROM numbers(3))

SELECT quantileMerge(s) FROM (SELECT quantileState(0.9)(number) s FROM numbers(3))

SELECT quantilesMerge(0.1,0.9)(s) FROM (SELECT quantileState(0.9)(number) s FROM numbers(3))

SELECT sumStateState(number) FROM numbers(3)

SELECT sumMergeMerge(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumState(number) FROM numbers(3)

SELECT toTypeName(sumSimpleState(number)), sumSimpleState(number) FROM numbers(3)

SELECT avgSimpleState(number) FROM numbers(3)

SELECT toTypeName(countState(*)), hex(countState(*)) FROM numbers(3)

SELECT toTypeName(sumMapSimpleState(map(number,number))) FROM numbers(3)

SELECT toTypeName(COUNTState()), toTypeName(SUMState(1)), toTypeName(medianState(1)), toTypeName(first_valueState(1))

SELECT hex(sumMergeState(s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT finalizeAggregation(s), toTypeName(finalizeAggregation(s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT finalizeAggregation(1)

SELECT finalizeAggregation()

SELECT finalizeAggregation(NULL)

SELECT initializeAggregation('sum', number), initializeAggregation('sumState', number), toTypeName(initializeAggregation('sumState', number)), initializeAggregation('quantile(0.9)', number) FROM numbers(3)

SELECT initializeAggregation('count')

SELECT initializeAggregation(1, 2)

SELECT initializeAggregation('nosuch', 2)

SELECT s = s FROM (SELECT sumState(number) s FROM numbers(3))

SELECT s < s FROM (SELECT sumState(number) s FROM numbers(3))

SELECT DISTINCT hex(s) FROM (SELECT sumState(1) s FROM numbers(3) GROUP BY number)

SELECT hex(s) FROM (SELECT sumState(number) s FROM numbers(3) GROUP BY number) ORDER BY s

SELECT CAST(s AS String) = '', length(CAST(s, 'String')) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT finalizeAggregation(CAST(unhex('0300000000000000') AS AggregateFunction(sum, UInt64)))

SELECT finalizeAggregation(CAST(unhex('03') AS AggregateFunction(sum, UInt64)))

SELECT finalizeAggregation(CAST(unhex('030000000000000000') AS AggregateFunction(sum, UInt64)))

SELECT CAST(1 AS AggregateFunction(sum, UInt64))

SELECT CAST(s AS AggregateFunction(sum, UInt32)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT CAST(s AS AggregateFunction(sum, Nullable(UInt64))) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(sum, UInt64, UInt64)))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(nosuch, UInt64)))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(count)))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(COUNT)))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction()))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(0, count)))

SELECT toTypeName(CAST(unhex('00') AS Nullable(AggregateFunction(count))))

SELECT toTypeName(CAST([] AS Array(AggregateFunction(count))))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(uniqUpTo(3), UInt8)))

SELECT toTypeName(CAST(unhex('00') AS AggregateFunction(groupConcat(','), UInt8)))

SELECT toTypeName(groupConcatState(',')(number)), toTypeName(groupConcatState(', ', 5)(number)) from numbers(2)

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(sum, UInt64)))

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(sum, UInt8)))

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(avg, UInt8)))

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(sum, Nullable(UInt64))))

SELECT toTypeName(x + 1), toTypeName(x), toTypeName(max(x)), toTypeName(any(x)), toTypeName(sum(x)), toTypeName([x]), toTypeName(materialize(x)), toTypeName(if(1,x,x)), toTypeName(groupArray(x)) FROM (SELECT CAST(1 AS SimpleAggregateFunction(sum, UInt64)) x) GROUP BY x

SELECT toTypeName(sumState(x)), toTypeName(identity(x)), toTypeName(-x) FROM (SELECT CAST(1 AS SimpleAggregateFunction(sum, UInt64)) x) GROUP BY x

SELECT toTypeName(quantileState(0.50)(1)), toTypeName(quantilesState(0.5, 1)(1)), toTypeName(topKState(3, 2, 'counts')(1))

SELECT toTypeName(windowFunnelState(10,'strict_order')(toDateTime(number), number=1)) FROM numbers(2)

SELECT sumState(NULL), toTypeName(sumState(NULL)), hex(sumState(NULL))

SELECT isNull(s), s IS NULL, length(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT if(1, s, s), hex(coalesce(s)), toTypeName(nullIf(s,s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumIf(1, s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT max(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT any(s), hex(any(s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT groupArray(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT uniqExact(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT count(s), toTypeName(countState(s)) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT number, hex(sumState(number) OVER (ORDER BY number)) FROM numbers(3)

SELECT arrayReduce('sumMerge', [s,s]), arrayReduce('sumState', [1,2]) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT hex(arrayReduce('sumState', [1,2])), toTypeName(arrayReduce('sumState', [1,2]))

SELECT sumMergeIf(s, number > 1) FROM (SELECT number, sumState(number) s FROM numbers(3) group by number)

SELECT sumMergeOrNull(s), sumMergeOrDefault(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumMergeOrNull(s) FROM (SELECT sumOrNullState(number) s FROM numbers(3))

SELECT sumOrNullMerge(s) FROM (SELECT sumOrNullState(number) s FROM numbers(3))

SELECT sumMergeArray([s]) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumMergeForEach([s]) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT sumForEachMerge(s) FROM (SELECT sumForEachState([number]) s FROM numbers(3))

SELECT sumIfMergeState(s, 1) FROM (SELECT sumIfState(number, number>1) s FROM numbers(3))

SELECT toTypeName(sumIfMergeState(s)) FROM (SELECT sumIfState(number, number>1) s FROM numbers(3))

SELECT sumMerge(s) FROM (SELECT sumIfState(number, 1) s FROM numbers(3))

SELECT sumMerge(s) FROM (SELECT sumSimpleState(number) s FROM numbers(3))

SELECT toTypeName(sumSimpleStateIf(number, 1)) FROM numbers(3)

SELECT medianMerge(s), quantileMerge(s) FROM (SELECT medianState(number) s FROM numbers(3))

SELECT quantileExactMerge(s) FROM (SELECT quantileState(number) s FROM numbers(3))

SELECT uniqMerge(s) FROM (SELECT uniqState(number, 1) s FROM numbers(3))

SELECT groupArrayMerge(s) FROM (SELECT groupArrayState(2)(number) s FROM numbers(3))

SELECT groupArrayMerge(2)(s) FROM (SELECT groupArrayState(number) s FROM numbers(3))

SELECT uniqCombinedMerge(s) FROM (SELECT uniqCombinedState(15)(number) s FROM numbers(3))

SELECT uniqUpToMerge(3)(s) FROM (SELECT uniqUpToState(5)(number) s FROM numbers(3))

SELECT topKMerge(3)(s) FROM (SELECT topKState(5)(number) s FROM numbers(3))

SELECT toTypeName(minMapState([1],[2])), toTypeName(maxMapState([1],[2])), toTypeName(sumMapIfState([1],[2],1))

SELECT toTypeName(quantileState(1.0)(1)), toTypeName(quantileState(0)(1)), toTypeName(quantileState(1e-3)(1))

SELECT quantileDDMerge(0.01, 0.9)(s) FROM (SELECT quantileDDState(0.01, 0.5)(number) s FROM numbers(3))

SELECT histogramMerge(3)(s) FROM (SELECT histogramState(5)(number) s FROM numbers(3))

SELECT exponentialMovingAverageMerge(3)(s) FROM (SELECT exponentialMovingAverageState(5)(number, number) s FROM numbers(3))

SELECT windowFunnelMerge(3)(s) FROM (SELECT windowFunnelState(5)(number, number=1) s FROM numbers(3))

SELECT sumResampleMerge(0,3,1)(s) FROM (SELECT sumResampleState(0,3,1)(number, number) s FROM numbers(3))

SELECT initializeAggregation('quantile(0.9)', 1)

SELECT toTypeName(uniqState(1, 'a')), toTypeName(sumState(1::Decimal(9,2))), toTypeName(argMaxIfState(1, 2, 1))

SELECT isNull(s), ignore(s), hex(materialize(s)), toTypeName(identity(s)), isNotNull(s), hex(if(1,s,s)), hex(ifNull(s,s)), hex(multiIf(1,s,s)), hex([s][1]), hex((s,1).1), hex(map(1,s)[1]) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT toString(s) = unhex('0300000000000000') FROM (SELECT sumState(number) s FROM numbers(3))

SELECT concat(s, 'a') FROM (SELECT sumState(number) s FROM numbers(3))

SELECT empty(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT base64Encode(s) FROM (SELECT sumState(number) s FROM numbers(3))

SELECT s - s FROM (SELECT sumState(number) s FROM numbers(3))

SELECT s + 1 FROM (SELECT sumState(number) s FROM numbers(3))

SELECT hex(s) FROM (SELECT sumState(number) s FROM numbers(3)) WHERE s = ''

SELECT hex(s) FROM (SELECT sumState(number) s FROM numbers(3)) ORDER BY hex(s)

SELECT finalizeAggregation(s) FROM (SELECT arrayJoin([s,s]) s FROM (SELECT sumState(number) s FROM numbers(3)))

SELECT hex(s) FROM (SELECT sumState(number) s FROM numbers(3) UNION ALL SELECT sumState(number) s FROM numbers(2)) ORDER BY 1

SELECT count() FROM (SELECT sumState(number) s FROM numbers(3)) WHERE s

SELECT sumMerge(s) OVER (ORDER BY k) FROM (SELECT number k, sumState(number) s FROM numbers(3) GROUP BY number)

SELECT quantileDDMerge(0.01, 0.9)(s) FROM (SELECT quantileDDState(0.01, 0.5)(number) s FROM numbers(3))

SELECT arrayReduce('max', [1, 2, 3]), arrayReduce('quantile(0.9)', [1, 2, 3]), toTypeName(arrayReduce('sum', [1, 2, 3]))

SELECT arrayReduce('sum', [1, 2, NULL]), arrayReduce('count', [1, NULL]), arrayReduce('sum', CAST([] AS Array(UInt8)))

SELECT arrayReduce('sumIf', [1, 2, 3], [1, 0, 1]), arrayReduce('argMax', ['a', 'b'], [2, 1])

SELECT number, arrayReduce('sum', range(number)) FROM numbers(4)

SELECT arrayReduce('sum', 1)

SELECT arrayReduce('sum')

SELECT arrayReduce('nosuch', [1])

SELECT arrayReduce('argMax', [1, 2], [1])

SELECT arrayReduce(materialize('sum'), [1])

SELECT number % 3 AS k, sumMerge(s), countMerge(c), round(avgMerge(a), 2) FROM (SELECT number, number % 5 AS g, sumState(number) AS s, countState() AS c, avgState(number) AS a FROM numbers(20) GROUP BY number, g) GROUP BY k ORDER BY k

SELECT sumMerge(s) FROM (SELECT sumState(number) AS s FROM numbers(10) GROUP BY number % 3) WHERE 0

SELECT uniqMerge(s), uniqExactMerge(e) FROM (SELECT uniqState(number % 100) AS s, uniqExactState(number % 100) AS e FROM numbers(10000) GROUP BY number % 7)

SELECT sumMerge(s) FROM (SELECT sumMergeState(s) AS s FROM (SELECT sumState(number) AS s FROM numbers(10) GROUP BY number % 3))

SELECT length(groupArray(s)), arrayReduce('sumMerge', groupArray(s)) FROM (SELECT sumState(number) AS s FROM numbers(10) GROUP BY number % 3)

SELECT number, finalizeAggregation(s) FROM (SELECT number, sumState(number) OVER (ORDER BY number) AS s FROM numbers(4)) ORDER BY number

SELECT finalizeAggregation(CAST(unhex('05') AS AggregateFunction(groupArray, UInt64)))

SELECT finalizeAggregation(CAST(unhex('020100') AS AggregateFunction(groupArray, String)))

SELECT finalizeAggregation(CAST(unhex('0201000161') AS AggregateFunction(groupArray, String)))

SELECT finalizeAggregation(CAST(unhex('02016100') AS AggregateFunction(groupArray, String)))

SELECT finalizeAggregation(CAST(unhex('01000000000000000002') AS AggregateFunction(max, UInt64)))

SELECT toTypeName(CAST(NULL AS SimpleAggregateFunction(max, Nullable(UInt8)))), CAST('x' AS SimpleAggregateFunction(any, String)) || 'y'

SELECT x, toTypeName(x) FROM (SELECT CAST(number AS SimpleAggregateFunction(max, UInt64)) AS x FROM numbers(3)) ORDER BY x DESC

SELECT sum(x), max(x), toTypeName(x) AS t FROM (SELECT CAST(number AS SimpleAggregateFunction(sum, UInt64)) AS x FROM numbers(3)) GROUP BY t

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(nosuch, UInt64)))

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction(sum)))

SELECT toTypeName(CAST(1 AS SimpleAggregateFunction))

SELECT uniqState(DISTINCT 1), sumState(number) FILTER (WHERE number > 1) FROM numbers(3) LIMIT 0
