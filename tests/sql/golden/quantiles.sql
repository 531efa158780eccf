SELECT quantile(0.3)(number), quantileExact(0.3)(number), quantileExactLow(0.5)(number), quantileExactHigh(0.5)(number), quantileExactInclusive(0.3)(number), quantileExactExclusive(0.3)(number) FROM numbers(10)

SELECT quantileExactLow(0.5)(toDate(number)), quantileExactHigh(0.5)(toDate(number)), quantile(0.5)(toDate(number)), quantile(0.5)(toDateTime(number)) FROM numbers(4)

SELECT toTypeName(quantile(1::Float32)), toTypeName(quantile(1::Decimal32(2))), toTypeName(quantileExact(true)), toTypeName(quantileExactInclusive(toDate(1))), toTypeName(quantileTDigest(1)), toTypeName(quantileTDigest(toDate(1))), toTypeName(quantileTiming(toDate(1)))

SELECT toTypeName(quantileDeterministic(1, 1)), toTypeName(quantileExactWeighted(1::Float32, 1)), toTypeName(quantileExactWeightedInterpolated(1, 1)), toTypeName(quantileInterpolatedWeighted(1, 1)), toTypeName(quantileBFloat16(1)), toTypeName(quantileDD(0.01)(1)), toTypeName(quantileDD(0.01)(toDate(1)))

SELECT quantileExactExclusive(1)(number) FROM numbers(0)

SELECT quantile(0.1, 0.2)(1)

SELECT quantile(1.5)(1)

SELECT quantile(-0.5)(1)

SELECT quantile('a')(1)

SELECT quantile('a')

SELECT quantileExactInclusive(toDecimal32(1, 2))

SELECT quantileTDigest(0.3)(number), quantileTDigest(0.999)(number), quantileTDigestWeighted(0.3)(number, number), quantileTDigest(number), medianTDigest(number) FROM numbers(1000)

SELECT quantileTDigest(0.1)(number), quantileTDigest(0.5)(number), quantileTDigest(0.99)(number % 977), quantileTDigestWeighted(0.9)(number, number % 7) FROM numbers(8000)

SELECT quantileTDigest(0.5)(x), quantileTDigest(0)(x), quantileTDigest(1)(x) FROM (SELECT if(number = 4, 5, 1) AS x FROM numbers(5))

SELECT quantileTDigest(0.5)(toDate(number * 3)), quantileTDigest(0.5)(toDateTime(number * 3)), quantileTDigest(0.4)(-number) FROM numbers(5)

SELECT quantileTDigest(number), quantileTDigestWeighted(number, 1), quantileTDigest(number::Nullable(Int8)) FROM numbers(0)

SELECT quantileTDigest(tail), quantileTDigest(0.9)(delay), quantileTDigest(distance) FROM events

SELECT quantileTDigestWeighted(1, 0), quantileTDigestWeighted(nan, 1)

SELECT quantileTDigest('a')

SELECT quantileTDigestWeighted(1)

SELECT quantileTDigestWeighted(1, 1.5)

SELECT quantileTiming(0.9)(number), quantileTiming(number), quantileTimingWeighted(0.5)(number, number), medianTiming(number) FROM numbers(100)

SELECT quantileTiming(0.5)(number * 100), quantileTiming(0)(number), quantileTiming(1)(number) FROM numbers(1000)

SELECT quantileTiming(0.7)(number % 20000), quantileTiming(0.01)(number % 20000), quantileTiming(0.33)(number) FROM numbers(20000)

SELECT quantileTimingWeighted(0.5)(number * 30, 1000), quantileTimingWeighted(0.2)(number * 31, 3), quantileTimingWeighted(0.5)(number, 0) FROM numbers(100)

SELECT quantileTiming(0.5)(number * 10 - 45.5), quantileTiming(0.5)(-5), quantileTiming(100000), quantileTiming(nan) FROM numbers(10)

SELECT quantileTiming(number), quantileTimingWeighted(number, 1), quantileTiming(number::Nullable(Int8)) FROM numbers(0)

SELECT quantileTiming(tail), quantileTiming(0.9)(distance), quantileTiming(toDate(3)) FROM events

SELECT quantileTiming(toDecimal32(1, 2))

SELECT quantileTimingWeighted(1, -1)

SELECT quantileExactWeighted(0.9)(number, number), quantileExactWeighted(number, 1), quantileExactWeighted(0.5)(number, 0), medianExactWeighted(number, 2) FROM numbers(100)

SELECT quantileExactWeighted(0.5)(toDate(number), 1), quantileExactWeighted(0.5)(toDecimal32(number / 4, 2), number), quantileExactWeighted(0.2)(-number, 1), quantileExactWeighted(0.5)(number / 3, number) FROM numbers(10)

SELECT quantileExactWeighted(0.5)(x, 1), quantileExact(x) FROM (SELECT if(number = 1, nan, number::Float64) AS x FROM numbers(4))

SELECT quantileExactWeighted(tail, 1), quantileExactWeighted(delay, distance), quantileExactWeighted(delay, tail::Nullable(UInt64)) FROM events WHERE tail IS NULL OR tail >= 0

SELECT quantileExactWeighted(number, 1), quantileExactWeighted(number::Nullable(Int8), 1), quantileExactWeighted(number::Float32, 1) FROM numbers(0)

SELECT quantileExactWeighted(0.5)(1, -1)

SELECT quantileExactWeighted(0.5)(1, 0.5)

SELECT quantileExactWeighted('a', 1)

SELECT quantileInterpolatedWeighted(0.3)(number, number + 1), quantileInterpolatedWeighted(0.3)(number / 3, number + 1), quantileInterpolatedWeighted(0)(number / 3, 1), quantileInterpolatedWeighted(1)(number / 3, 1) FROM numbers(10)

SELECT quantileInterpolatedWeighted(0.4)(toDate(number * 3), 1), quantileInterpolatedWeighted(0.4)(toDecimal32(number / 3, 2), number), medianInterpolatedWeighted(number, 1), quantileInterpolatedWeighted(number, 0) FROM numbers(4)

SELECT quantileInterpolatedWeighted(number, 1), quantileInterpolatedWeighted(tail, 1) FROM (SELECT number, number::Nullable(Int64) AS tail FROM numbers(0))

SELECT quantileInterpolatedWeighted(1)

SELECT quantileExactWeightedInterpolated(0.3)(number, number + 1), quantileExactWeightedInterpolated(0.3)(number, 1), quantileExactWeightedInterpolated(0.31)(number / 3, number), quantileExactWeightedInterpolated(1)(number, 2) FROM numbers(10)

SELECT quantileExactWeightedInterpolated(0.5)(toDate(number), 1), quantileExactWeightedInterpolated(0.4)(toDecimal32(number / 3, 2), 1), medianExactWeightedInterpolated(number, 1) FROM numbers(4)

SELECT quantileExactWeightedInterpolated(number, 1), quantileExactWeightedInterpolated(number::Nullable(Int8), 1) FROM numbers(0)

SELECT quantileExactWeightedInterpolated('a', 1)

SELECT quantileBFloat16(0.3)(number), quantileBFloat16(0.9)(number - 5000.5), quantileBFloat16Weighted(0.3)(number, number), medianBFloat16(number) FROM numbers(10000)

SELECT quantileBFloat16(0.5)(toDate(number * 300)), quantileBFloat16(tail), quantileBFloat16Weighted(tail, 0) FROM (SELECT number, if(number = 2, NULL, number) AS tail FROM numbers(5))

SELECT quantileBFloat16(number), quantileBFloat16Weighted(number, 1) FROM numbers(0)

SELECT quantileBFloat16('a')

SELECT quantileBFloat16Weighted(1, 'a')

SELECT round(quantileDD(0.01, 0.3)(number), 8), round(quantileDD(0.01, 0.999)(number), 8), round(quantileDD(0.1, 0.2)(number - 50), 8), round(quantileDD(0.05, 0.1)(number - 5000), 8), quantileDD(0.9)(1) FROM numbers(10000)

SELECT quantileDD(0.01)(toDate(number * 300)), quantileDD(0.01)(0 * number), quantileDD(0.01)(number % 2 = 1), round(quantileDD(0.5, 0.1)(-number), 8) FROM numbers(5)

SELECT quantileDD(0.01)(number), quantileDD(0.01)(number::Nullable(Int8)) FROM numbers(0)

SELECT quantileDD(1)

SELECT quantileDD(2, 0.9)(1)

SELECT quantileDD(1.5, 0.9)(1)

SELECT quantileDD(0.01, 0.5, 0.6)(1)

SELECT quantileDD(0.01, 1.5)(1)

SELECT quantileDeterministic(0.3)(number, number), quantileDeterministic(0.9)(number, number), medianDeterministic(number, number) FROM numbers(100000)

SELECT quantileDeterministic(0.25)(number, 1), quantileDeterministic(0.5)(toDate(number * 3), 1), quantileDeterministic(0.5)(tail, number) FROM (SELECT number, if(number = 2, NULL, number) AS tail FROM numbers(4))

SELECT quantileDeterministic(number, 1), quantileDeterministic(number::Nullable(Int8), 1) FROM numbers(0)

SELECT quantileDeterministic(1, 1.5)

SELECT quantileDeterministic(1)

SELECT origin, quantileTDigest(delay), quantileTiming(0.9)(distance), quantileExactWeighted(delay, distance), round(quantileDD(0.01, 0.9)(distance), 6), quantileBFloat16(delay) FROM events GROUP BY origin ORDER BY origin

SELECT quantileTDigestIf(0.9)(number, number > 5), quantileTimingOrNull(number), quantileExactWeightedIf(0.5)(number, 1, number < 3), quantileDDOrDefault(0.01, 0.5)(number), quantileTDigestDistinct(number % 3) FROM numbers(9)

SELECT quantileTDigestIf(0.9)(number, number > 50), quantileTimingOrNullIf(number, 0), quantileTimingOrDefaultIf(number, 0), quantileExactIf(number, 0) FROM numbers(9)

SELECT quantileExactExclusive(0)(1)

SELECT quantilesExact(0.1, 0.9)(toFloat32(number)), quantilesExactLow(0.1)(number / 2), quantilesExactHigh(0.1)(number / 2), quantilesExactExclusive(0.1)(number / 2), quantilesExactWeighted(0.5)(number / 2, number), quantilesInterpolatedWeighted(0.5)(number / 2, number), quantilesExactWeightedInterpolated(0.5)(number / 2, number) FROM numbers(0)

SELECT quantileExact(number / 2), quantilesExact(0.5)(number), quantileExactWeighted(number / 2, 1) FROM numbers(0)
