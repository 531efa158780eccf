SELECT varPop(delay), varSamp(delay), stddevPop(delay), stddevSamp(delay) FROM events

SELECT toTypeName(varPop(toFloat32(delay))), toTypeName(varPop(delay)), toTypeName(varPop(cost)), toTypeName(stddevSampStable(toFloat32(delay))) FROM events

SELECT varPop(tail), stddevSamp(tail), toTypeName(varPop(tail)) FROM events

SELECT varPop(delay), varSamp(delay), stddevPop(delay), varPopStable(delay), varSampStable(delay) FROM events WHERE 0

SELECT varPop(tail), varSampStable(tail) FROM events WHERE 0

SELECT varPop(number), varSamp(number), varPopStable(number), varSampStable(number), stddevSampStable(number) FROM numbers(1)

SELECT varPop(toFloat32(number)), stddevSamp(toFloat32(number)) FROM numbers(5)

SELECT round(varPopStable(delay), 8), round(stddevSampStable(distance), 8), round(stddevPopStable(delay), 8), round(varSampStable(delay), 8) FROM events

SELECT origin, round(varPop(delay), 3), round(varPopStable(delay), 3) FROM events GROUP BY origin ORDER BY origin

SELECT varPop(cost) >= 0, varPop(late) FROM events

SELECT varPop('a')

SELECT varPop()

SELECT varPop(1, 2)

SELECT varPop(1)(1)

SELECT varPop(toDate(1))

SELECT VAR_POP(number), var_samp(number), STDDEV(number), std(number), STDDEV_POP(number), stddev_samp(number) FROM numbers(5)

SELECT skewPop(delay), skewSamp(delay), kurtPop(delay), kurtSamp(delay) FROM events

SELECT skewPop(number * number), skewSamp(number * number), kurtPop(number * number), kurtSamp(number * number) FROM numbers(10)

SELECT skewPop(1), kurtPop(1), skewSamp(1), kurtSamp(1), toTypeName(skewPop(toFloat32(1))), toTypeName(kurtSamp(tail)) FROM events

SELECT skewPop(tail), kurtSamp(tail) FROM events WHERE 0

SELECT skewPop('a')

SELECT kurtPop(1, 2)

SELECT covarPop(delay, distance), covarSamp(delay, distance), corr(delay, distance) FROM events

SELECT round(covarPopStable(delay, distance), 6), round(covarSampStable(delay, distance), 6), round(corrStable(delay, distance), 10) FROM events

SELECT covarPop(delay, tail), covarSamp(tail, delay), toTypeName(corr(tail, delay)) FROM events

SELECT covarPop(number, number), covarSamp(number, number), corr(number, number), covarPopStable(number, number), covarSampStable(number, number), corrStable(number, number) FROM numbers(0)

SELECT covarPop(number, number), covarSamp(number, number), corr(number, number), covarPopStable(number, number), covarSampStable(number, number), corrStable(number, number) FROM numbers(1)

SELECT toTypeName(corr(toFloat32(number), toFloat32(number))), toTypeName(corr(toFloat32(number), number)), toTypeName(COVAR_POP(number, number)) FROM numbers(2)

SELECT corr(number, number * number), CORR(number, -number) FROM numbers(5)

SELECT covarPop(cost, 1) FROM events

SELECT corr(1)

SELECT corrStable(1)

SELECT sumWithOverflow(toUInt8(200)), toTypeName(sumWithOverflow(toUInt8(1))), toTypeName(sumWithOverflow(cost)), toTypeName(sumWithOverflow(toFloat32(1))) FROM events

SELECT sumWithOverflow(cost), sumWithOverflow(price), sumWithOverflow(tail), sumWithOverflow(toInt8(delay)), sumWithOverflow(toFloat32(number)) FROM (SELECT *, id AS number FROM events) WHERE 0

SELECT sumWithOverflow(cost), sumWithOverflow(tail), sumWithOverflow(delay) FROM events

SELECT sumWithOverflow(toDate(1))

SELECT sumKahan(0.1), toTypeName(sumKahan(1)), sumKahan(toDecimal32(1.5, 2)), toTypeName(sumKahan(toDecimal32(1, 2))) FROM numbers(10)

SELECT sumKahan(tail), sumKahan(toFloat32(delay)) FROM events

SELECT sumKahan(tail), sumKahan(delay) FROM events WHERE 0

SELECT sumKahan('a')

SELECT avgWeighted(delay, distance), avgWeighted(tail % 100, 2), toTypeName(avgWeighted(toFloat32(1), 1)) FROM events

SELECT avgWeighted(number, 0), avgWeighted(1.5, toFloat64(number)), avgWeighted(number * 3, number) FROM numbers(4)

SELECT avgWeighted(toDecimal32(number, 2), toDecimal32(number, 2)) FROM numbers(4)

SELECT avgWeighted(delay, 1), avgWeighted(tail, 1) FROM events WHERE 0

SELECT avgWeighted(toDecimal32(1, 2), 1)

SELECT avgWeighted('a', 1)

SELECT deltaSum(x), toTypeName(deltaSum(x)) FROM (SELECT multiIf(number = 0, 1, number = 1, 3, number = 2, 0, 5) AS x FROM numbers(4))

SELECT deltaSum(id), deltaSum(toFloat32(id) / 2), toTypeName(deltaSum(toFloat32(id))), toTypeName(deltaSum(tail)) FROM (SELECT id, tail FROM events ORDER BY id)

SELECT deltaSum(tail), deltaSum(id) FROM events WHERE 0

SELECT deltaSum(toInt8(number)), deltaSum(-number), deltaSum(number::Int128), deltaSum(true) FROM numbers(6)

SELECT deltaSum(toDate(1))

SELECT deltaSum('a')

SELECT deltaSumTimestamp(number, number), deltaSumTimestamp(toFloat64(number) / 2, toDate(number)), toTypeName(deltaSumTimestamp(toInt32(number), now())) FROM numbers(5)

SELECT deltaSumTimestamp(id, id), deltaSumTimestamp(toInt64(id) * 3, ts64) FROM events WHERE 0

SELECT origin, deltaSumTimestamp(id, id) FROM events GROUP BY origin ORDER BY origin

SELECT deltaSumTimestamp(tail, id) FROM events WHERE 0

SELECT deltaSumTimestamp(1, 'a')

SELECT deltaSumTimestamp(toDate(1), 1)

SELECT boundingRatio(number, number * 2 + 1), boundingRatio(-number, number), toTypeName(boundingRatio(toFloat32(number), 1)) FROM numbers(5)

SELECT boundingRatio(id, distance), boundingRatio(id, tail) FROM events

SELECT boundingRatio(1, 2), boundingRatio(toDate(1), 1)

SELECT boundingRatio(tail, 1), boundingRatio(id, 1) FROM events WHERE 0

SELECT boundingRatio('a', 1)

SELECT round(exponentialMovingAverage(5)(number, number), 12), round(exponentialMovingAverage(2)(number, number * 3), 12), exponentialMovingAverage(0.5)(1, 4) FROM numbers(10)

SELECT round(exponentialMovingAverage(100)(delay, id), 8), round(exponentialMovingAverage(10)(tail, id), 8) FROM events

SELECT exponentialMovingAverage(1)(number, number), toTypeName(exponentialMovingAverage(1)(tail, 1)) FROM (SELECT number, NULL::Nullable(Int8) AS tail FROM numbers(0))

SELECT exponentialMovingAverage(1)('a', 1)

SELECT exponentialMovingAverage(1, 1)

SELECT exponentialMovingAverage(1, 2)(1, 1)

SELECT round(entropy(number % 3), 12), round(entropy(number), 12), round(entropy(number % 2, number % 3), 12), toTypeName(entropy('a')) FROM numbers(10)

SELECT round(entropy(origin), 10), round(entropy(note), 10), round(entropy(origin, late), 10), entropy(1) FROM events

SELECT entropy(origin), entropy(tail) FROM events WHERE 0

SELECT entropy()

SELECT anyHeavy(number % 2), anyHeavy(toString(number)), anyHeavy(NULL), anyHeavyIf(number, number < 2) FROM numbers(5)

SELECT anyHeavy(origin), toTypeName(anyHeavy(origin)), toTypeName(anyHeavy(tail)) FROM (SELECT 'a' AS origin, 1::Nullable(Int64) AS tail FROM numbers(6))

SELECT anyHeavy(x), anyHeavyOrNull(x) FROM (SELECT if(number = 3, 'x', 'y') AS x FROM numbers(9))

SELECT anyHeavy(origin), anyHeavy(tail) FROM events WHERE 0

SELECT anyHeavy()

SELECT singleValueOrNull(number), toTypeName(singleValueOrNull(number)) FROM numbers(1)

SELECT singleValueOrNull(number), singleValueOrNull(number * 0), singleValueOrNull(toString(number * 0)), singleValueOrNull(toString(number)) FROM numbers(2)

SELECT singleValueOrNull(number), singleValueOrNullIf(number, 0), singleValueOrNullOrNull(number), singleValueOrNullOrDefault(number) FROM numbers(0)

SELECT singleValueOrNull(if(number = 0, NULL, 1)) FROM numbers(3)

SELECT singleValueOrNull(1, 2)

SELECT any_respect_nulls(x), anyLast_respect_nulls(x), any(x) RESPECT NULLS, first_value(x) IGNORE NULLS, last_value_respect_nulls(x) FROM (SELECT if(number IN (0, 3), NULL, number) AS x FROM numbers(4))

SELECT any_respect_nulls(number), toTypeName(any_respect_nulls(number)), toTypeName(any_respect_nulls(NULL)), anyLast_respect_nulls(toString(number)) FROM numbers(3)

SELECT anyIf(x, 1) RESPECT NULLS, any_respect_nullsIf(x, 1), anyOrNull(x) RESPECT NULLS, last_value(x) RESPECT NULLS FROM (SELECT NULL::Nullable(Int8) AS x)

SELECT any_respect_nulls(number), any_respect_nulls(number::Nullable(Int8)), anyLast(note) RESPECT NULLS FROM (SELECT number, NULL::Nullable(String) AS note FROM numbers(0))

SELECT number % 3 AS k, anyLast_respect_nulls(if(number < 3, number, NULL)), any_respect_nulls(if(number < 3, number, NULL)) FROM numbers(6) GROUP BY k ORDER BY k

SELECT sum(x) RESPECT NULLS FROM (SELECT 1 AS x)

SELECT argMax(x, x) RESPECT NULLS FROM (SELECT 1 AS x)

SELECT lower(x) RESPECT NULLS FROM (SELECT 'a' AS x)

SELECT max(number) IGNORE NULLS, count(number) IGNORE NULLS FROM numbers(3)

SELECT any_respect_nulls(1, 2)

SELECT firstValueRespectNulls(number), lastValueRespectNulls(number), any_value(number), ANY_VALUE(number), min_by(number, -number), MAX_BY(number, -number) FROM numbers(3)

SELECT Any(1)

SELECT uniqCombined(number), uniqCombined64(number), uniqHLL12(number), uniqUpTo(5)(number), uniqUpTo(number), uniqUpTo(100)(number % 7) FROM numbers(10)

SELECT uniqCombined(12)(number::String), uniqCombined64(12)(number), uniqHLL12(number), uniqCombined(20)(number), uniqUpTo(100)(number) FROM numbers(1000)

SELECT uniqCombined(number), uniqCombined64(number), uniqCombined(15)(number), uniqCombined(13)(number), uniqHLL12(number) FROM numbers(100000)

SELECT uniqCombined(origin), uniqCombined(note), uniqHLL12(dest), uniqHLL12(uid), uniqCombined64(price), uniqCombined(delay), uniqHLL12(delay), uniqUpTo(3)(tail) FROM events

SELECT uniqHLL12(number, 1), uniqCombined(number, 'a'), uniqUpTo(5)(number, 2) FROM numbers(4)

SELECT uniqCombined(number), uniqHLL12(number), uniqUpTo(2)(number::Nullable(Int8)), toTypeName(uniqHLL12(number::Nullable(Int8))) FROM numbers(0)

SELECT number % 3 AS k, uniqCombined(number), uniqHLL12(number % 20), uniqUpTo(4)(number) FROM numbers(3000) GROUP BY k ORDER BY k

SELECT uniqCombined(21)(1)

SELECT uniqCombined(12, 1)(1)

SELECT uniqUpTo(200)(1)

SELECT uniqHLL12(12)(1)

SELECT uniqCombined()

SELECT sum(number::Int128), toTypeName(sum(number::Int128)), sum(number::UInt128), avg((number - 5)::Int128), toTypeName(sum(1::UInt128)) FROM numbers(5)

SELECT sum('170141183460469231731687303715884105727'::Int128), max(number::UInt128), sumIf(number::Int128, number > 1) FROM numbers(3)

SELECT sum(NULL), uniq(NULL), argMin(1, NULL), argMin(NULL, 1), avgOrDefault(NULL), sumIf(NULL, 1), sumIf(1, NULL), quantile(0.5)(NULL), countIf(NULL), sumDistinct(NULL)

SELECT sumOrNull(NULL), uniqCombined(NULL), uniqHLL12(NULL), singleValueOrNull(NULL), corr(NULL, 1), entropy(NULL), min(NULL), any(NULL) FROM numbers(3)

SELECT toTypeName(sum(NULL)), toTypeName(uniqExact(NULL, 1)), toTypeName(varPop(NULL))

SELECT number % 2 AS k, sum(NULL), max(NULL), anyHeavy(NULL) FROM numbers(5) GROUP BY k ORDER BY k
