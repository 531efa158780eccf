SELECT hex(countState()), toTypeName(countState()) FROM numbers(5)

SELECT hex(countState(number)), toTypeName(countState(number)) FROM numbers(5)

SELECT hex(countState(toNullable(number))), toTypeName(countState(toNullable(number))) FROM numbers(5)

SELECT hex(sumState(number)), toTypeName(sumState(number)) FROM numbers(5)

SELECT hex(sumState(toNullable(number))), toTypeName(sumState(toNullable(number))) FROM numbers(5)

SELECT hex(sumState(toDecimal32(number, 2))), toTypeName(sumState(toDecimal32(number, 2))) FROM numbers(5)

SELECT hex(sumState(toFloat32(number) / 2)), toTypeName(sumState(toFloat32(number) / 2)) FROM numbers(5)

SELECT hex(sumState(toInt128(number))), toTypeName(sumState(toInt128(number))) FROM numbers(5)

SELECT hex(avgState(number)), toTypeName(avgState(number)) FROM numbers(5)

SELECT hex(avgState(toFloat32(number))), toTypeName(avgState(toFloat32(number))) FROM numbers(5)

SELECT hex(avgState(toDecimal32(number, 2))), toTypeName(avgState(toDecimal32(number, 2))) FROM numbers(5)

SELECT hex(minState(number)), toTypeName(minState(number)) FROM numbers(5)

SELECT hex(maxState(toString(number))), toTypeName(maxState(toString(number))) FROM numbers(5)

SELECT hex(anyState(toFixedString('abc', 3))), toTypeName(anyState(toFixedString('abc', 3))) FROM numbers(5)

SELECT hex(anyLastState(number)), toTypeName(anyLastState(number)) FROM numbers(5)

SELECT hex(argMinState(number, toString(number))), toTypeName(argMinState(number, toString(number))) FROM numbers(5)

SELECT hex(argMaxState(toString(number), number)), toTypeName(argMaxState(toString(number), number)) FROM numbers(5)

SELECT hex(minState(toNullable(number))), toTypeName(minState(toNullable(number))) FROM numbers(5)

SELECT hex(maxState(toDate(number))), toTypeName(maxState(toDate(number))) FROM numbers(5)

SELECT hex(uniqState(number)), toTypeName(uniqState(number)) FROM numbers(5)

SELECT hex(uniqState(toNullable(number))), toTypeName(uniqState(toNullable(number))) FROM numbers(5)

SELECT hex(uniqExactState(7)), toTypeName(uniqExactState(7)) FROM numbers(5)

SELECT hex(uniqExactState(toUInt8(3))), toTypeName(uniqExactState(toUInt8(3))) FROM numbers(5)

SELECT hex(quantileExactState(number)), toTypeName(quantileExactState(number)) FROM numbers(5)

SELECT hex(quantilesExactState(0.1, 0.9)(number)), toTypeName(quantilesExactState(0.1, 0.9)(number)) FROM numbers(5)

SELECT hex(quantileTDigestState(number)), toTypeName(quantileTDigestState(number)) FROM numbers(5)

SELECT hex(groupArrayState(number)), toTypeName(groupArrayState(number)) FROM numbers(5)

SELECT hex(groupArrayState(toString(number))), toTypeName(groupArrayState(toString(number))) FROM numbers(5)

SELECT hex(groupArrayState(2)(number)), toTypeName(groupArrayState(2)(number)) FROM numbers(5)

SELECT hex(groupUniqArrayState(5)), toTypeName(groupUniqArrayState(5)) FROM numbers(5)

SELECT hex(varPopState(number)), toTypeName(varPopState(number)) FROM numbers(5)

SELECT hex(stddevSampState(number)), toTypeName(stddevSampState(number)) FROM numbers(5)

SELECT hex(skewPopState(number)), toTypeName(skewPopState(number)) FROM numbers(5)

SELECT hex(kurtSampState(number)), toTypeName(kurtSampState(number)) FROM numbers(5)

SELECT hex(stddevPopStableState(number)), toTypeName(stddevPopStableState(number)) FROM numbers(5)

SELECT hex(corrState(number, number)), toTypeName(corrState(number, number)) FROM numbers(5)

SELECT hex(covarPopState(number, 2 * number)), toTypeName(covarPopState(number, 2 * number)) FROM numbers(5)

SELECT hex(simpleLinearRegressionState(number, number)), toTypeName(simpleLinearRegressionState(number, number)) FROM numbers(5)

SELECT hex(groupBitAndState(number)), toTypeName(groupBitAndState(number)) FROM numbers(5)

SELECT hex(groupBitOrState(number)), toTypeName(groupBitOrState(number)) FROM numbers(5)

SELECT hex(groupBitXorState(number)), toTypeName(groupBitXorState(number)) FROM numbers(5)

SELECT hex(anyHeavyState(number)), toTypeName(anyHeavyState(number)) FROM numbers(5)

SELECT hex(boundingRatioState(number, number)), toTypeName(boundingRatioState(number, number)) FROM numbers(5)

SELECT hex(retentionState(number = 1, number = 2)), toTypeName(retentionState(number = 1, number = 2)) FROM numbers(5)

SELECT hex(sumCountState(number)), toTypeName(sumCountState(number)) FROM numbers(5)

SELECT hex(sumWithOverflowState(toUInt8(number))), toTypeName(sumWithOverflowState(toUInt8(number))) FROM numbers(5)

SELECT hex(exponentialMovingAverageState(3)(number, number)), toTypeName(exponentialMovingAverageState(3)(number, number)) FROM numbers(5)

SELECT hex(sumIfState(number, number > 1)), toTypeName(sumIfState(number, number > 1)) FROM numbers(5)

SELECT hex(sumStateIf(number, number > 1)), toTypeName(sumStateIf(number, number > 1)) FROM numbers(5)

SELECT hex(avgIfState(toNullable(number), number > 1)), toTypeName(avgIfState(toNullable(number), number > 1)) FROM numbers(5)

SELECT hex(sumOrNullState(number)), toTypeName(sumOrNullState(number)) FROM numbers(5)

SELECT hex(sumOrDefaultState(number)), toTypeName(sumOrDefaultState(number)) FROM numbers(5)

SELECT hex(sumStateOrNull(number)), toTypeName(sumStateOrNull(number)) FROM numbers(5)

SELECT hex(sumArrayState([number, 1])), toTypeName(sumArrayState([number, 1])) FROM numbers(5)

SELECT hex(sumStateArray([number])), toTypeName(sumStateArray([number])) FROM numbers(5)

SELECT hex(sumForEachState([number, 5])), toTypeName(sumForEachState([number, 5])) FROM numbers(5)

SELECT hex(sumResampleState(0, 3, 1)(number, number)), toTypeName(sumResampleState(0, 3, 1)(number, number)) FROM numbers(5)

SELECT hex(countIfState(number > 1)), toTypeName(countIfState(number > 1)) FROM numbers(5)

SELECT hex(maxOrNullIfState(number, number > 1)), toTypeName(maxOrNullIfState(number, number > 1)) FROM numbers(5)

SELECT hex(sumState(number)) FROM numbers(0)

SELECT hex(countState()) FROM numbers(0)

SELECT hex(minState(number)) FROM numbers(0)

SELECT hex(maxState(toString(number))) FROM numbers(0)

SELECT hex(avgState(number)) FROM numbers(0)

SELECT hex(uniqState(number)) FROM numbers(0)

SELECT hex(uniqExactState(number)) FROM numbers(0)

SELECT hex(quantileExactState(number)) FROM numbers(0)

SELECT hex(groupArrayState(number)) FROM numbers(0)

SELECT hex(argMinState(number, number)) FROM numbers(0)

SELECT hex(sumState(toNullable(number))) FROM numbers(0)

SELECT hex(sumOrNullState(number)) FROM numbers(0)

SELECT hex(varPopState(number)) FROM numbers(0)

SELECT hex(sumForEachState([number])) FROM numbers(0)

SELECT countMerge(s) AS merged, toTypeName(countMerge(s)) FROM (SELECT number % 2 AS k, countState() AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT countState() AS s FROM numbers(10))

SELECT countMerge(s) AS merged, toTypeName(countMerge(s)) FROM (SELECT number % 2 AS k, countState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT countState(number) AS s FROM numbers(10))

SELECT sumMerge(s) AS merged, toTypeName(sumMerge(s)) FROM (SELECT number % 2 AS k, sumState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumState(number) AS s FROM numbers(10))

SELECT sumMerge(s) AS merged, toTypeName(sumMerge(s)) FROM (SELECT number % 2 AS k, sumState(toNullable(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumState(toNullable(number)) AS s FROM numbers(10))

SELECT sumMerge(s) AS merged, toTypeName(sumMerge(s)) FROM (SELECT number % 2 AS k, sumState(toDecimal64(number, 3)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumState(toDecimal64(number, 3)) AS s FROM numbers(10))

SELECT sumMerge(s) AS merged, toTypeName(sumMerge(s)) FROM (SELECT number % 2 AS k, sumState(toInt128(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumState(toInt128(number)) AS s FROM numbers(10))

SELECT sumMerge(s) AS merged, toTypeName(sumMerge(s)) FROM (SELECT number % 2 AS k, sumState(number / 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumState(number / 3) AS s FROM numbers(10))

SELECT avgMerge(s) AS merged, toTypeName(avgMerge(s)) FROM (SELECT number % 2 AS k, avgState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT avgState(number) AS s FROM numbers(10))

SELECT avgMerge(s) AS merged, toTypeName(avgMerge(s)) FROM (SELECT number % 2 AS k, avgState(toDecimal32(number, 2)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT avgState(toDecimal32(number, 2)) AS s FROM numbers(10))

SELECT minMerge(s) AS merged, toTypeName(minMerge(s)) FROM (SELECT number % 2 AS k, minState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT minState(number) AS s FROM numbers(10))

SELECT maxMerge(s) AS merged, toTypeName(maxMerge(s)) FROM (SELECT number % 2 AS k, maxState(toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT maxState(toString(number)) AS s FROM numbers(10))

SELECT minMerge(s) AS merged, toTypeName(minMerge(s)) FROM (SELECT number % 2 AS k, minState([number, 1]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT minState([number, 1]) AS s FROM numbers(10))

SELECT maxMerge(s) AS merged, toTypeName(maxMerge(s)) FROM (SELECT number % 2 AS k, maxState((number, 'x')) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT maxState((number, 'x')) AS s FROM numbers(10))

SELECT anyMerge(s) AS merged, toTypeName(anyMerge(s)) FROM (SELECT number % 2 AS k, anyState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT anyState(number) AS s FROM numbers(10))

SELECT anyLastMerge(s) AS merged, toTypeName(anyLastMerge(s)) FROM (SELECT number % 2 AS k, anyLastState(toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT anyLastState(toString(number)) AS s FROM numbers(10))

SELECT argMinMerge(s) AS merged, toTypeName(argMinMerge(s)) FROM (SELECT number % 2 AS k, argMinState(toString(number), number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argMinState(toString(number), number) AS s FROM numbers(10))

SELECT argMaxMerge(s) AS merged, toTypeName(argMaxMerge(s)) FROM (SELECT number % 2 AS k, argMaxState(number, toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argMaxState(number, toString(number)) AS s FROM numbers(10))

SELECT argMinMerge(s) AS merged, toTypeName(argMinMerge(s)) FROM (SELECT number % 2 AS k, argMinState(number, [number]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argMinState(number, [number]) AS s FROM numbers(10))

SELECT argMaxMerge(s) AS merged, toTypeName(argMaxMerge(s)) FROM (SELECT number % 2 AS k, argMaxState([number], number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argMaxState([number], number) AS s FROM numbers(10))

SELECT argAndMinMerge(s) AS merged, toTypeName(argAndMinMerge(s)) FROM (SELECT number % 2 AS k, argAndMinState(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argAndMinState(number, number) AS s FROM numbers(10))

SELECT anyHeavyMerge(s) AS merged, toTypeName(anyHeavyMerge(s)) FROM (SELECT number % 2 AS k, anyHeavyState(number % 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT anyHeavyState(number % 2) AS s FROM numbers(10))

SELECT singleValueOrNullMerge(s) AS merged, toTypeName(singleValueOrNullMerge(s)) FROM (SELECT number % 2 AS k, singleValueOrNullState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT singleValueOrNullState(number) AS s FROM numbers(10))

SELECT singleValueOrNullMerge(s) AS merged, toTypeName(singleValueOrNullMerge(s)) FROM (SELECT number % 2 AS k, singleValueOrNullState('a') AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT singleValueOrNullState('a') AS s FROM numbers(10))

SELECT any_respect_nullsMerge(s) AS merged, toTypeName(any_respect_nullsMerge(s)) FROM (SELECT number % 2 AS k, any_respect_nullsState(nullIf(number, 0)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT any_respect_nullsState(nullIf(number, 0)) AS s FROM numbers(10))

SELECT anyLast_respect_nullsMerge(s) AS merged, toTypeName(anyLast_respect_nullsMerge(s)) FROM (SELECT number % 2 AS k, anyLast_respect_nullsState(nullIf(number, 0)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT anyLast_respect_nullsState(nullIf(number, 0)) AS s FROM numbers(10))

SELECT groupBitAndMerge(s) AS merged, toTypeName(groupBitAndMerge(s)) FROM (SELECT number % 2 AS k, groupBitAndState(number + 4) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupBitAndState(number + 4) AS s FROM numbers(10))

SELECT groupBitOrMerge(s) AS merged, toTypeName(groupBitOrMerge(s)) FROM (SELECT number % 2 AS k, groupBitOrState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupBitOrState(number) AS s FROM numbers(10))

SELECT groupBitXorMerge(s) AS merged, toTypeName(groupBitXorMerge(s)) FROM (SELECT number % 2 AS k, groupBitXorState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupBitXorState(number) AS s FROM numbers(10))

SELECT sumCountMerge(s) AS merged, toTypeName(sumCountMerge(s)) FROM (SELECT number % 2 AS k, sumCountState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumCountState(number) AS s FROM numbers(10))

SELECT sumWithOverflowMerge(s) AS merged, toTypeName(sumWithOverflowMerge(s)) FROM (SELECT number % 2 AS k, sumWithOverflowState(toUInt8(number * 10)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumWithOverflowState(toUInt8(number * 10)) AS s FROM numbers(10))

SELECT sumKahanMerge(s) AS merged, toTypeName(sumKahanMerge(s)) FROM (SELECT number % 2 AS k, sumKahanState(number / 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumKahanState(number / 3) AS s FROM numbers(10))

SELECT avgWeightedMerge(s) AS merged, toTypeName(avgWeightedMerge(s)) FROM (SELECT number % 2 AS k, avgWeightedState(number, number + 1) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT avgWeightedState(number, number + 1) AS s FROM numbers(10))

SELECT deltaSumMerge(s) AS merged, toTypeName(deltaSumMerge(s)) FROM (SELECT number % 2 AS k, deltaSumState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT deltaSumState(number) AS s FROM numbers(10))

SELECT deltaSumTimestampMerge(s) AS merged, toTypeName(deltaSumTimestampMerge(s)) FROM (SELECT number % 2 AS k, deltaSumTimestampState(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT deltaSumTimestampState(number, number) AS s FROM numbers(10))

SELECT boundingRatioMerge(s) AS merged, toTypeName(boundingRatioMerge(s)) FROM (SELECT number % 2 AS k, boundingRatioState(number, number * 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT boundingRatioState(number, number * 2) AS s FROM numbers(10))

SELECT exponentialMovingAverageMerge(3)(s) AS merged, toTypeName(exponentialMovingAverageMerge(3)(s)) FROM (SELECT number % 2 AS k, exponentialMovingAverageState(3)(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT exponentialMovingAverageState(3)(number, number) AS s FROM numbers(10))

SELECT varPopMerge(s) AS merged, toTypeName(varPopMerge(s)) FROM (SELECT number % 2 AS k, varPopState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT varPopState(number) AS s FROM numbers(10))

SELECT varSampMerge(s) AS merged, toTypeName(varSampMerge(s)) FROM (SELECT number % 2 AS k, varSampState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT varSampState(number) AS s FROM numbers(10))

SELECT stddevPopMerge(s) AS merged, toTypeName(stddevPopMerge(s)) FROM (SELECT number % 2 AS k, stddevPopState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT stddevPopState(number) AS s FROM numbers(10))

SELECT stddevSampMerge(s) AS merged, toTypeName(stddevSampMerge(s)) FROM (SELECT number % 2 AS k, stddevSampState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT stddevSampState(number) AS s FROM numbers(10))

SELECT skewPopMerge(s) AS merged, toTypeName(skewPopMerge(s)) FROM (SELECT number % 2 AS k, skewPopState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT skewPopState(number) AS s FROM numbers(10))

SELECT skewSampMerge(s) AS merged, toTypeName(skewSampMerge(s)) FROM (SELECT number % 2 AS k, skewSampState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT skewSampState(number) AS s FROM numbers(10))

SELECT kurtPopMerge(s) AS merged, toTypeName(kurtPopMerge(s)) FROM (SELECT number % 2 AS k, kurtPopState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT kurtPopState(number) AS s FROM numbers(10))

SELECT kurtSampMerge(s) AS merged, toTypeName(kurtSampMerge(s)) FROM (SELECT number % 2 AS k, kurtSampState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT kurtSampState(number) AS s FROM numbers(10))

SELECT covarPopMerge(s) AS merged, toTypeName(covarPopMerge(s)) FROM (SELECT number % 2 AS k, covarPopState(number, number * 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT covarPopState(number, number * 2) AS s FROM numbers(10))

SELECT covarSampMerge(s) AS merged, toTypeName(covarSampMerge(s)) FROM (SELECT number % 2 AS k, covarSampState(number, number * 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT covarSampState(number, number * 2) AS s FROM numbers(10))

SELECT corrMerge(s) AS merged, toTypeName(corrMerge(s)) FROM (SELECT number % 2 AS k, corrState(number, number * number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT corrState(number, number * number) AS s FROM numbers(10))

SELECT varPopStableMerge(s) AS merged, toTypeName(varPopStableMerge(s)) FROM (SELECT number % 2 AS k, varPopStableState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT varPopStableState(number) AS s FROM numbers(10))

SELECT covarSampStableMerge(s) AS merged, toTypeName(covarSampStableMerge(s)) FROM (SELECT number % 2 AS k, covarSampStableState(number, number * 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT covarSampStableState(number, number * 2) AS s FROM numbers(10))

SELECT corrStableMerge(s) AS merged, toTypeName(corrStableMerge(s)) FROM (SELECT number % 2 AS k, corrStableState(number, number * number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT corrStableState(number, number * number) AS s FROM numbers(10))

SELECT simpleLinearRegressionMerge(s) AS merged, toTypeName(simpleLinearRegressionMerge(s)) FROM (SELECT number % 2 AS k, simpleLinearRegressionState(number, number * 2 + 1) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT simpleLinearRegressionState(number, number * 2 + 1) AS s FROM numbers(10))

SELECT uniqMerge(s) AS merged, toTypeName(uniqMerge(s)) FROM (SELECT number % 2 AS k, uniqState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqState(number) AS s FROM numbers(10))

SELECT uniqMerge(s) AS merged, toTypeName(uniqMerge(s)) FROM (SELECT number % 2 AS k, uniqState(number, toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqState(number, toString(number)) AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState(number) AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState(toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState(toString(number)) AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState(toFloat64(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState(toFloat64(number)) AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState(number, 'a') AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState(number, 'a') AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState([number]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState([number]) AS s FROM numbers(10))

SELECT uniqCombinedMerge(s) AS merged, toTypeName(uniqCombinedMerge(s)) FROM (SELECT number % 2 AS k, uniqCombinedState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqCombinedState(number) AS s FROM numbers(10))

SELECT uniqCombinedMerge(15)(s) AS merged, toTypeName(uniqCombinedMerge(15)(s)) FROM (SELECT number % 2 AS k, uniqCombinedState(15)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqCombinedState(15)(number) AS s FROM numbers(10))

SELECT uniqCombined64Merge(s) AS merged, toTypeName(uniqCombined64Merge(s)) FROM (SELECT number % 2 AS k, uniqCombined64State(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqCombined64State(number) AS s FROM numbers(10))

SELECT uniqHLL12Merge(s) AS merged, toTypeName(uniqHLL12Merge(s)) FROM (SELECT number % 2 AS k, uniqHLL12State(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqHLL12State(number) AS s FROM numbers(10))

SELECT uniqUpToMerge(3)(s) AS merged, toTypeName(uniqUpToMerge(3)(s)) FROM (SELECT number % 2 AS k, uniqUpToState(3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqUpToState(3)(number) AS s FROM numbers(10))

SELECT uniqUpToMerge(30)(s) AS merged, toTypeName(uniqUpToMerge(30)(s)) FROM (SELECT number % 2 AS k, uniqUpToState(30)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqUpToState(30)(number) AS s FROM numbers(10))

SELECT entropyMerge(s) AS merged, toTypeName(entropyMerge(s)) FROM (SELECT number % 2 AS k, entropyState(number % 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT entropyState(number % 3) AS s FROM numbers(10))

SELECT quantileMerge(s) AS merged, toTypeName(quantileMerge(s)) FROM (SELECT number % 2 AS k, quantileState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileState(number) AS s FROM numbers(10))

SELECT quantileMerge(0.9)(s) AS merged, toTypeName(quantileMerge(0.9)(s)) FROM (SELECT number % 2 AS k, quantileState(0.9)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileState(0.9)(number) AS s FROM numbers(10))

SELECT quantilesMerge(0.1, 0.9)(s) AS merged, toTypeName(quantilesMerge(0.1, 0.9)(s)) FROM (SELECT number % 2 AS k, quantilesState(0.1, 0.9)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantilesState(0.1, 0.9)(number) AS s FROM numbers(10))

SELECT quantileExactMerge(s) AS merged, toTypeName(quantileExactMerge(s)) FROM (SELECT number % 2 AS k, quantileExactState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactState(number) AS s FROM numbers(10))

SELECT quantilesExactMerge(0.25, 0.75)(s) AS merged, toTypeName(quantilesExactMerge(0.25, 0.75)(s)) FROM (SELECT number % 2 AS k, quantilesExactState(0.25, 0.75)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantilesExactState(0.25, 0.75)(number) AS s FROM numbers(10))

SELECT quantileExactLowMerge(s) AS merged, toTypeName(quantileExactLowMerge(s)) FROM (SELECT number % 2 AS k, quantileExactLowState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactLowState(number) AS s FROM numbers(10))

SELECT quantileExactHighMerge(s) AS merged, toTypeName(quantileExactHighMerge(s)) FROM (SELECT number % 2 AS k, quantileExactHighState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactHighState(number) AS s FROM numbers(10))

SELECT quantileExactInclusiveMerge(0.3)(s) AS merged, toTypeName(quantileExactInclusiveMerge(0.3)(s)) FROM (SELECT number % 2 AS k, quantileExactInclusiveState(0.3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactInclusiveState(0.3)(number) AS s FROM numbers(10))

SELECT quantileExactExclusiveMerge(0.3)(s) AS merged, toTypeName(quantileExactExclusiveMerge(0.3)(s)) FROM (SELECT number % 2 AS k, quantileExactExclusiveState(0.3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactExclusiveState(0.3)(number) AS s FROM numbers(10))

SELECT quantileExactWeightedMerge(s) AS merged, toTypeName(quantileExactWeightedMerge(s)) FROM (SELECT number % 2 AS k, quantileExactWeightedState(number, 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactWeightedState(number, 2) AS s FROM numbers(10))

SELECT quantileExactWeightedInterpolatedMerge(s) AS merged, toTypeName(quantileExactWeightedInterpolatedMerge(s)) FROM (SELECT number % 2 AS k, quantileExactWeightedInterpolatedState(number, 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileExactWeightedInterpolatedState(number, 2) AS s FROM numbers(10))

SELECT quantileInterpolatedWeightedMerge(s) AS merged, toTypeName(quantileInterpolatedWeightedMerge(s)) FROM (SELECT number % 2 AS k, quantileInterpolatedWeightedState(number, 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileInterpolatedWeightedState(number, 2) AS s FROM numbers(10))

SELECT quantileBFloat16Merge(s) AS merged, toTypeName(quantileBFloat16Merge(s)) FROM (SELECT number % 2 AS k, quantileBFloat16State(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileBFloat16State(number) AS s FROM numbers(10))

SELECT quantileDDMerge(0.01, 0.5)(s) AS merged, toTypeName(quantileDDMerge(0.01, 0.5)(s)) FROM (SELECT number % 2 AS k, quantileDDState(0.01, 0.5)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileDDState(0.01, 0.5)(number) AS s FROM numbers(10))

SELECT quantileTDigestMerge(s) AS merged, toTypeName(quantileTDigestMerge(s)) FROM (SELECT number % 2 AS k, quantileTDigestState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileTDigestState(number) AS s FROM numbers(10))

SELECT quantileTDigestWeightedMerge(s) AS merged, toTypeName(quantileTDigestWeightedMerge(s)) FROM (SELECT number % 2 AS k, quantileTDigestWeightedState(number, 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileTDigestWeightedState(number, 2) AS s FROM numbers(10))

SELECT quantileTimingMerge(s) AS merged, toTypeName(quantileTimingMerge(s)) FROM (SELECT number % 2 AS k, quantileTimingState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileTimingState(number) AS s FROM numbers(10))

SELECT quantileTimingWeightedMerge(s) AS merged, toTypeName(quantileTimingWeightedMerge(s)) FROM (SELECT number % 2 AS k, quantileTimingWeightedState(number, 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileTimingWeightedState(number, 2) AS s FROM numbers(10))

SELECT quantileDeterministicMerge(s) AS merged, toTypeName(quantileDeterministicMerge(s)) FROM (SELECT number % 2 AS k, quantileDeterministicState(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileDeterministicState(number, number) AS s FROM numbers(10))

SELECT medianMerge(s) AS merged, toTypeName(medianMerge(s)) FROM (SELECT number % 2 AS k, medianState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT medianState(number) AS s FROM numbers(10))

SELECT groupArrayMerge(s) AS merged, toTypeName(groupArrayMerge(s)) FROM (SELECT number % 2 AS k, groupArrayState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayState(number) AS s FROM numbers(10))

SELECT groupArrayMerge(3)(s) AS merged, toTypeName(groupArrayMerge(3)(s)) FROM (SELECT number % 2 AS k, groupArrayState(3)(toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayState(3)(toString(number)) AS s FROM numbers(10))

SELECT groupArrayMerge(s) AS merged, toTypeName(groupArrayMerge(s)) FROM (SELECT number % 2 AS k, groupArrayState([number]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayState([number]) AS s FROM numbers(10))

SELECT groupArrayMerge(s) AS merged, toTypeName(groupArrayMerge(s)) FROM (SELECT number % 2 AS k, groupArrayState(tuple(number, toString(number))) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayState(tuple(number, toString(number))) AS s FROM numbers(10))

SELECT arraySort(groupArrayLastMerge(3)(s)) AS merged, toTypeName(groupArrayLastMerge(3)(s)) FROM (SELECT number % 2 AS k, groupArrayLastState(3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT arraySort(finalizeAggregation(s)) AS value, toTypeName(s) FROM (SELECT groupArrayLastState(3)(number) AS s FROM numbers(10))

SELECT groupArraySampleMerge(20)(s) AS merged, toTypeName(groupArraySampleMerge(20)(s)) FROM (SELECT number % 2 AS k, groupArraySampleState(20)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArraySampleState(20)(number) AS s FROM numbers(10))

SELECT groupArraySortedMerge(3)(s) AS merged, toTypeName(groupArraySortedMerge(3)(s)) FROM (SELECT number % 2 AS k, groupArraySortedState(3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArraySortedState(3)(number) AS s FROM numbers(10))

SELECT groupArrayInsertAtMerge(s) AS merged, toTypeName(groupArrayInsertAtMerge(s)) FROM (SELECT number % 2 AS k, groupArrayInsertAtState(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayInsertAtState(number, number) AS s FROM numbers(10))

SELECT groupArrayMovingSumMerge(s) AS merged, toTypeName(groupArrayMovingSumMerge(s)) FROM (SELECT number % 2 AS k, groupArrayMovingSumState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayMovingSumState(number) AS s FROM numbers(10))

SELECT groupArrayMovingAvgMerge(2)(s) AS merged, toTypeName(groupArrayMovingAvgMerge(2)(s)) FROM (SELECT number % 2 AS k, groupArrayMovingAvgState(2)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayMovingAvgState(2)(number) AS s FROM numbers(10))

SELECT arraySort(groupUniqArrayMerge(s)) AS merged, toTypeName(groupUniqArrayMerge(s)) FROM (SELECT number % 2 AS k, groupUniqArrayState(number % 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT arraySort(finalizeAggregation(s)) AS value, toTypeName(s) FROM (SELECT groupUniqArrayState(number % 3) AS s FROM numbers(10))

SELECT arraySort(groupUniqArrayMerge(s)) AS merged, toTypeName(groupUniqArrayMerge(s)) FROM (SELECT number % 2 AS k, groupUniqArrayState(toString(number % 3)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT arraySort(finalizeAggregation(s)) AS value, toTypeName(s) FROM (SELECT groupUniqArrayState(toString(number % 3)) AS s FROM numbers(10))

SELECT groupConcatMerge(s) AS merged, toTypeName(groupConcatMerge(s)) FROM (SELECT number % 2 AS k, groupConcatState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupConcatState(number) AS s FROM numbers(10))

SELECT groupConcatMerge(',')(s) AS merged, toTypeName(groupConcatMerge(',')(s)) FROM (SELECT number % 2 AS k, groupConcatState(',')(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupConcatState(',')(number) AS s FROM numbers(10))

SELECT groupConcatMerge(', ', 3)(s) AS merged, toTypeName(groupConcatMerge(', ', 3)(s)) FROM (SELECT number % 2 AS k, groupConcatState(', ', 3)(toString(number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupConcatState(', ', 3)(toString(number)) AS s FROM numbers(10))

SELECT topKMerge(1)(s) AS merged, toTypeName(topKMerge(1)(s)) FROM (SELECT number % 2 AS k, topKState(1)(least(number, 3)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT topKState(1)(least(number, 3)) AS s FROM numbers(10))

SELECT topKWeightedMerge(1)(s) AS merged, toTypeName(topKWeightedMerge(1)(s)) FROM (SELECT number % 2 AS k, topKWeightedState(1)(least(number, 3), number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT topKWeightedState(1)(least(number, 3), number) AS s FROM numbers(10))

SELECT approx_top_kMerge(1)(s) AS merged, toTypeName(approx_top_kMerge(1)(s)) FROM (SELECT number % 2 AS k, approx_top_kState(1)(least(number, 2)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT approx_top_kState(1)(least(number, 2)) AS s FROM numbers(10))

SELECT approx_top_sumMerge(1)(s) AS merged, toTypeName(approx_top_sumMerge(1)(s)) FROM (SELECT number % 2 AS k, approx_top_sumState(1)(least(number, 2), number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT approx_top_sumState(1)(least(number, 2), number) AS s FROM numbers(10))

SELECT histogramMerge(3)(s) AS merged, toTypeName(histogramMerge(3)(s)) FROM (SELECT number % 2 AS k, histogramState(3)(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT histogramState(3)(number) AS s FROM numbers(10))

SELECT largestTriangleThreeBucketsMerge(4)(s) AS merged, toTypeName(largestTriangleThreeBucketsMerge(4)(s)) FROM (SELECT number % 2 AS k, largestTriangleThreeBucketsState(4)(number, number % 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT largestTriangleThreeBucketsState(4)(number, number % 3) AS s FROM numbers(10))

SELECT windowFunnelMerge(5)(s) AS merged, toTypeName(windowFunnelMerge(5)(s)) FROM (SELECT number % 2 AS k, windowFunnelState(5)(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT windowFunnelState(5)(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10))

SELECT sequenceMatchMerge(s) AS merged, toTypeName(sequenceMatchMerge(s)) FROM (SELECT number % 2 AS k, sequenceMatchState('(?1)(?2)')(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sequenceMatchState('(?1)(?2)')(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10))

SELECT sequenceCountMerge(s) AS merged, toTypeName(sequenceCountMerge(s)) FROM (SELECT number % 2 AS k, sequenceCountState('(?1)(?2)')(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sequenceCountState('(?1)(?2)')(toUInt32(number), number = 1, number = 2) AS s FROM numbers(10))

SELECT retentionMerge(s) AS merged, toTypeName(retentionMerge(s)) FROM (SELECT number % 2 AS k, retentionState(number = 0, number = 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT retentionState(number = 0, number = 2) AS s FROM numbers(10))

SELECT sumIfMerge(s) AS merged, toTypeName(sumIfMerge(s)) FROM (SELECT number % 2 AS k, sumIfState(number, number > 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumIfState(number, number > 2) AS s FROM numbers(10))

SELECT countIfMerge(s) AS merged, toTypeName(countIfMerge(s)) FROM (SELECT number % 2 AS k, countIfState(number > 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT countIfState(number > 2) AS s FROM numbers(10))

SELECT sumOrNullMerge(s) AS merged, toTypeName(sumOrNullMerge(s)) FROM (SELECT number % 2 AS k, sumOrNullState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumOrNullState(number) AS s FROM numbers(10))

SELECT maxOrDefaultMerge(s) AS merged, toTypeName(maxOrDefaultMerge(s)) FROM (SELECT number % 2 AS k, maxOrDefaultState(number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT maxOrDefaultState(number) AS s FROM numbers(10))

SELECT avgOrNullIfMerge(s) AS merged, toTypeName(avgOrNullIfMerge(s)) FROM (SELECT number % 2 AS k, avgOrNullIfState(number, number > 100) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT avgOrNullIfState(number, number > 100) AS s FROM numbers(10))

SELECT sumDistinctMerge(s) AS merged, toTypeName(sumDistinctMerge(s)) FROM (SELECT number % 2 AS k, sumDistinctState(number % 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumDistinctState(number % 3) AS s FROM numbers(10))

SELECT sumArrayMerge(s) AS merged, toTypeName(sumArrayMerge(s)) FROM (SELECT number % 2 AS k, sumArrayState([number, 1]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumArrayState([number, 1]) AS s FROM numbers(10))

SELECT sumForEachMerge(s) AS merged, toTypeName(sumForEachMerge(s)) FROM (SELECT number % 2 AS k, sumForEachState([number, 1]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumForEachState([number, 1]) AS s FROM numbers(10))

SELECT maxForEachMerge(s) AS merged, toTypeName(maxForEachMerge(s)) FROM (SELECT number % 2 AS k, maxForEachState([toString(number)]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT maxForEachState([toString(number)]) AS s FROM numbers(10))

SELECT sumResampleMerge(0, 4, 2)(s) AS merged, toTypeName(sumResampleMerge(0, 4, 2)(s)) FROM (SELECT number % 2 AS k, sumResampleState(0, 4, 2)(number, number) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumResampleState(0, 4, 2)(number, number) AS s FROM numbers(10))

SELECT sumMapMerge(s) AS merged, toTypeName(sumMapMerge(s)) FROM (SELECT number % 2 AS k, sumMapState(map(number % 2, number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumMapState(map(number % 2, number)) AS s FROM numbers(10))

SELECT minMapMerge(s) AS merged, toTypeName(minMapMerge(s)) FROM (SELECT number % 2 AS k, minMapState(map(toString(number % 2), number)) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT minMapState(map(toString(number % 2), number)) AS s FROM numbers(10))

SELECT sumMapMerge(s) AS merged, toTypeName(sumMapMerge(s)) FROM (SELECT number % 2 AS k, sumMapState([number % 2], [number]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT sumMapState([number % 2], [number]) AS s FROM numbers(10))

SELECT maxMapMerge(s) AS merged, toTypeName(maxMapMerge(s)) FROM (SELECT number % 2 AS k, maxMapState([toString(number)], [number]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT maxMapState([toString(number)], [number]) AS s FROM numbers(10))

SELECT groupArrayIfMerge(s) AS merged, toTypeName(groupArrayIfMerge(s)) FROM (SELECT number % 2 AS k, groupArrayIfState(number, number % 2) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT groupArrayIfState(number, number % 2) AS s FROM numbers(10))

SELECT uniqArrayMerge(s) AS merged, toTypeName(uniqArrayMerge(s)) FROM (SELECT number % 2 AS k, uniqArrayState([number, 1]) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqArrayState([number, 1]) AS s FROM numbers(10))

SELECT quantileIfMerge(0.5)(s) AS merged, toTypeName(quantileIfMerge(0.5)(s)) FROM (SELECT number % 2 AS k, quantileIfState(0.5)(number, number > 1) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT quantileIfState(0.5)(number, number > 1) AS s FROM numbers(10))

SELECT argMaxIfMerge(s) AS merged, toTypeName(argMaxIfMerge(s)) FROM (SELECT number % 2 AS k, argMaxIfState(number, number, number < 5) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT argMaxIfState(number, number, number < 5) AS s FROM numbers(10))

SELECT uniqExactMerge(s) AS merged, toTypeName(uniqExactMerge(s)) FROM (SELECT number % 2 AS k, uniqExactState(number % 3) AS s FROM numbers(10) GROUP BY k ORDER BY k)

SELECT finalizeAggregation(s) AS value, toTypeName(s) FROM (SELECT uniqExactState(number % 3) AS s FROM numbers(10))
