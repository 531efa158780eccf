SELECT BIT_AND(x), BIT_OR(x), BIT_XOR(x), COVAR_POP(x, y), COVAR_SAMP(x, y), STD(x), STDDEV(x), STDDEV_POP(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT BIT_AND(x), BIT_OR(x), BIT_XOR(x), COVAR_POP(x, y), COVAR_SAMP(x, y), STD(x), STDDEV(x), STDDEV_POP(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT STDDEV_SAMP(x), VAR_POP(x), VAR_SAMP(x), anyLastRespectNulls(x), anyRespectNulls(x), anyValueRespectNulls(x), any_value(x), any_value_respect_nulls(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT STDDEV_SAMP(x), VAR_POP(x), VAR_SAMP(x), anyLastRespectNulls(x), anyRespectNulls(x), anyValueRespectNulls(x), any_value(x), any_value_respect_nulls(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT approx_top_count(3)((x > 3) + (x > 8)), approx_top_k(3)((x > 3) + (x > 8)), approx_top_sum(3)(x, y), array_agg(x), firstValueRespectNulls(x), first_value_respect_nulls(x), groupBitAnd(x), groupBitOr(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT approx_top_count(3)((x > 3) + (x > 8)), approx_top_k(3)((x > 3) + (x > 8)), approx_top_sum(3)(x, y), array_agg(x), firstValueRespectNulls(x), first_value_respect_nulls(x), groupBitAnd(x), groupBitOr(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT groupBitXor(x), group_concat(x), largestTriangleThreeBuckets(3)(x, y), lastValueRespectNulls(x), last_value_respect_nulls(x), max_by(x, y), median(x), medianBFloat16(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT groupBitXor(x), group_concat(x), largestTriangleThreeBuckets(3)(x, y), lastValueRespectNulls(x), last_value_respect_nulls(x), max_by(x, y), median(x), medianBFloat16(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT medianBFloat16Weighted(x, y), medianDD(0.01)(x), medianDeterministic(x, y), medianExact(x), medianExactHigh(x), medianExactLow(x), medianExactWeighted(x, y), medianExactWeightedInterpolated(x, y) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT medianBFloat16Weighted(x, y), medianDD(0.01)(x), medianDeterministic(x, y), medianExact(x), medianExactHigh(x), medianExactLow(x), medianExactWeighted(x, y), medianExactWeightedInterpolated(x, y) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT medianInterpolatedWeighted(x, y), medianTDigest(x), medianTDigestWeighted(x, y), medianTiming(x), medianTimingWeighted(x, y), min_by(x, y), quantileExactHigh(0.7)(x), quantileExactLow(0.7)(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT medianInterpolatedWeighted(x, y), medianTDigest(x), medianTDigestWeighted(x, y), medianTiming(x), medianTimingWeighted(x, y), min_by(x, y), quantileExactHigh(0.7)(x), quantileExactLow(0.7)(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT quantilesBFloat16(0.3, 0.7)(x), quantilesBFloat16Weighted(0.3, 0.7)(x, y), quantilesDD(0.01, 0.3, 0.7)(x), quantilesDeterministic(0.3, 0.7)(x, y), quantilesExactExclusive(0.3, 0.7)(x), quantilesExactHigh(0.3, 0.7)(x), quantilesExactInclusive(0.3, 0.7)(x), quantilesExactLow(0.3, 0.7)(x) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT quantilesBFloat16(0.3, 0.7)(x), quantilesBFloat16Weighted(0.3, 0.7)(x, y), quantilesDD(0.01, 0.3, 0.7)(x), quantilesDeterministic(0.3, 0.7)(x, y), quantilesExactExclusive(0.3, 0.7)(x), quantilesExactHigh(0.3, 0.7)(x), quantilesExactInclusive(0.3, 0.7)(x), quantilesExactLow(0.3, 0.7)(x) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT quantilesExactWeighted(0.3, 0.7)(x, y), quantilesExactWeightedInterpolated(0.3, 0.7)(x, y), quantilesInterpolatedWeighted(0.3, 0.7)(x, y), quantilesTDigest(0.3, 0.7)(x), quantilesTDigestWeighted(0.3, 0.7)(x, y), quantilesTimingWeighted(0.3, 0.7)(x, y), stddevPopStable(x), string_agg(s) FROM (SELECT number AS x, toUInt32(number * 7 % 10 + 1) AS y, toString(number) AS s FROM numbers(10))

SELECT quantilesExactWeighted(0.3, 0.7)(x, y), quantilesExactWeightedInterpolated(0.3, 0.7)(x, y), quantilesInterpolatedWeighted(0.3, 0.7)(x, y), quantilesTDigest(0.3, 0.7)(x), quantilesTDigestWeighted(0.3, 0.7)(x, y), quantilesTimingWeighted(0.3, 0.7)(x, y), stddevPopStable(x), string_agg(s) FROM (SELECT if(number % 3 = 0, NULL, number) AS x, toUInt32(number * 7 % 10 + 1) AS y, if(number > 2, NULL, toString(number)) AS s FROM numbers(10))

SELECT BIT_AND(1, 2, 3, 4)

SELECT BIT_OR(1, 2, 3, 4)

SELECT BIT_XOR(1, 2, 3, 4)

SELECT COVAR_POP(1, 2, 3, 4)

SELECT COVAR_SAMP(1, 2, 3, 4)

SELECT STD(1, 2, 3, 4)

SELECT STDDEV(1, 2, 3, 4)

SELECT STDDEV_POP(1, 2, 3, 4)

SELECT STDDEV_SAMP(1, 2, 3, 4)

SELECT VAR_POP(1, 2, 3, 4)

SELECT VAR_SAMP(1, 2, 3, 4)

SELECT anyLastRespectNulls(1, 2, 3, 4)

SELECT anyRespectNulls(1, 2, 3, 4)

SELECT anyValueRespectNulls(1, 2, 3, 4)

SELECT any_value(1, 2, 3, 4)

SELECT any_value_respect_nulls(1, 2, 3, 4)

SELECT approx_top_count(3)(1, 2, 3, 4)

SELECT approx_top_k(3)(1, 2, 3, 4)

SELECT approx_top_sum(3)(1, 2, 3, 4)

SELECT array_agg(1, 2, 3, 4)

SELECT firstValueRespectNulls(1, 2, 3, 4)

SELECT first_value_respect_nulls(1, 2, 3, 4)

SELECT groupBitAnd(1, 2, 3, 4)

SELECT groupBitOr(1, 2, 3, 4)

SELECT groupBitXor(1, 2, 3, 4)

SELECT group_concat(1, 2, 3, 4)

SELECT largestTriangleThreeBuckets(3)(1, 2, 3, 4)

SELECT lastValueRespectNulls(1, 2, 3, 4)

SELECT last_value_respect_nulls(1, 2, 3, 4)

SELECT max_by(1, 2, 3, 4)

SELECT median(1, 2, 3, 4)

SELECT medianBFloat16(1, 2, 3, 4)

SELECT medianBFloat16Weighted(1, 2, 3, 4)

SELECT medianDD(0.01)(1, 2, 3, 4)

SELECT medianDeterministic(1, 2, 3, 4)

SELECT medianExact(1, 2, 3, 4)

SELECT medianExactHigh(1, 2, 3, 4)

SELECT medianExactLow(1, 2, 3, 4)

SELECT medianExactWeighted(1, 2, 3, 4)

SELECT medianExactWeightedInterpolated(1, 2, 3, 4)

SELECT medianInterpolatedWeighted(1, 2, 3, 4)

SELECT medianTDigest(1, 2, 3, 4)

SELECT medianTDigestWeighted(1, 2, 3, 4)

SELECT medianTiming(1, 2, 3, 4)

SELECT medianTimingWeighted(1, 2, 3, 4)

SELECT min_by(1, 2, 3, 4)

SELECT quantileExactHigh(0.7)(1, 2, 3, 4)

SELECT quantileExactLow(0.7)(1, 2, 3, 4)

SELECT quantilesBFloat16(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesBFloat16Weighted(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesDD(0.01, 0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesDeterministic(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactExclusive(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactHigh(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactInclusive(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactLow(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactWeighted(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesExactWeightedInterpolated(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesInterpolatedWeighted(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesTDigest(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesTDigestWeighted(0.3, 0.7)(1, 2, 3, 4)

SELECT quantilesTimingWeighted(0.3, 0.7)(1, 2, 3, 4)

SELECT stddevPopStable(1, 2, 3, 4)

SELECT string_agg(1, 2, 3, 4)

SELECT MAP_FROM_ARRAYS(['a','b'],[1,2]), WEEK(toDate('2024-03-05')), alphaTokens('ab1cd,e'), array(1,2), arrayElementOrNull([1,2],3), arrayEnumerateDense([5,7,5]), arrayEnumerateUniq([5,7,5]), arrayExcept([1,2,3],[2])

SELECT MAP_FROM_ARRAYS(NULL,[1]), WEEK(NULL), alphaTokens(NULL), array(NULL), arrayElementOrNull([1,2],NULL), arrayEnumerateDense([NULL,1,NULL]), arrayEnumerateUniq([NULL,1,NULL]), arrayExcept([1,NULL],[toNullable(2),NULL])

SELECT arrayFill(x -> x > 1,[2,1,3,0]), arrayFirst(x -> x > 1,[1,2,3]), arrayFirstIndex(x -> x > 1,[1,2,3]), arrayFirstOrNull(x -> x > 1,[1,2,3]), arrayLast(x -> x > 1,[1,2,3]), arrayLastIndex(x -> x > 1,[1,2,3]), arrayLastOrNull(x -> x > 1,[1,2,3]), arrayPopFront([1,2])

SELECT arrayFill(x -> x > 1,[2,NULL,3]), arrayFirst(x -> isNull(x),[1,NULL]), arrayFirstIndex(x -> isNull(x),[1,NULL]), arrayFirstOrNull(x -> x > 5,[1,NULL]), arrayLast(x -> isNull(x),[1,NULL]), arrayLastIndex(x -> isNull(x),[1,NULL]), arrayLastOrNull(x -> x > 5,[1,NULL]), arrayPopFront([NULL,1])

SELECT arrayPushFront([1,2],3), arrayReverseFill(x -> x > 1,[2,1,3,0]), arrayReverseSplit(x -> x > 2,[1,3,2,4,1]), arraySplit(x -> x > 2,[1,3,2,4,1]), arraySort(arrayUnion([1,2],[2,3])), arrayWithConstant(3,'a'), array_to_string(['a','b'],'-'), emptyArrayDate()

SELECT arrayPushFront([1],NULL), arrayReverseFill(x -> x > 1,[2,NULL,3]), arrayReverseSplit(x -> isNull(x),[1,NULL,2]), arraySplit(x -> isNull(x),[1,NULL,2]), length(arrayUnion([1,NULL],[NULL])), arrayWithConstant(2,NULL), array_to_string(['a',NULL],'-'), arrayPushBack(emptyArrayDate(),NULL)

SELECT emptyArrayDateTime(), emptyArrayFloat32(), emptyArrayFloat64(), emptyArrayInt16(), emptyArrayInt32(), emptyArrayInt64(), emptyArrayUInt16(), emptyArrayUInt32()

SELECT arrayPushBack(emptyArrayDateTime(),NULL), arrayPushBack(emptyArrayFloat32(),NULL), arrayPushBack(emptyArrayFloat64(),NULL), arrayPushBack(emptyArrayInt16(),NULL), arrayPushBack(emptyArrayInt32(),NULL), arrayPushBack(emptyArrayInt64(),NULL), arrayPushBack(emptyArrayUInt16(),NULL), arrayPushBack(emptyArrayUInt32(),NULL)

SELECT emptyArrayUInt64(), extractAllGroups('a1b2','(\\w)(\\d)'), extractAllGroupsHorizontal('a1b2','(\\w)(\\d)'), extractAllGroupsVertical('a1b2','(\\w)(\\d)'), extractGroups('a1b2','(\\w)(\\d)'), flatten([[1],[2,3]]), hasSubstr([1,2,3],[2,3]), mapContains(map('a',1),'a')

SELECT arrayPushBack(emptyArrayUInt64(),NULL), extractAllGroups(NULL,'(a)'), extractAllGroupsHorizontal(NULL,'(a)'), extractAllGroupsVertical(NULL,'(a)'), extractGroups(NULL,'(a)'), flatten([[NULL,1]]), hasSubstr([1,NULL],[NULL]), mapContains(map('a',1),NULL)

SELECT mapContainsKey(map('a',1),'a'), mapReverseSort(map('a',1,'b',2)), ngrams('abcd',2), splitByAlpha('ab1cd,e'), splitByNonAlpha('ab1 cd,e'), splitByWhitespace('ab1 cd,e')

SELECT mapContainsKey(map('a',1),NULL), mapReverseSort(map('a',NULL,'b',2)), ngrams(NULL,2), splitByAlpha(NULL), splitByNonAlpha(NULL), splitByWhitespace(NULL)

SELECT tokens('ab1 cd,e')

SELECT tokens(NULL)

SELECT MAP_FROM_ARRAYS(1,2)

SELECT WEEK('x',1,2,3)

SELECT alphaTokens(1)

SELECT arrayElementOrNull(1,2)

SELECT arrayEnumerateDense(1)

SELECT arrayEnumerateUniq(1)

SELECT arrayExcept(1,2)

SELECT arrayFill(x -> x, 1)

SELECT arrayFirst(x -> x, 1)

SELECT arrayFirstIndex(x -> x, 1)

SELECT arrayFirstOrNull(x -> x, 1)

SELECT arrayLast(x -> x, 1)

SELECT arrayLastIndex(x -> x, 1)

SELECT arrayLastOrNull(x -> x, 1)

SELECT arrayPopFront(1)

SELECT arrayPushFront(1,2)

SELECT arrayReverseFill(x -> x, 1)

SELECT arrayReverseSplit(x -> x, 1)

SELECT arraySplit(x -> x, 1)

SELECT arrayUnion(1,2)

SELECT arrayWithConstant('a',1)

SELECT array_to_string(1,2)

SELECT emptyArrayDate(1)

SELECT emptyArrayDateTime(1)

SELECT emptyArrayFloat32(1)

SELECT emptyArrayFloat64(1)

SELECT emptyArrayInt16(1)

SELECT emptyArrayInt32(1)

SELECT emptyArrayInt64(1)

SELECT emptyArrayUInt16(1)

SELECT emptyArrayUInt32(1)

SELECT emptyArrayUInt64(1)

SELECT extractAllGroups(1,'(a)')

SELECT extractAllGroupsHorizontal(1,'(a)')

SELECT extractAllGroupsVertical(1,'(a)')

SELECT extractGroups(1,'(a)')

SELECT flatten(1)

SELECT hasSubstr(1,2)

SELECT mapContains(1,2)

SELECT mapContainsKey(1,2)

SELECT mapReverseSort(1)

SELECT ngrams(1,2)

SELECT runningDifference(1)

SELECT runningDifferenceStartingWithFirstValue(1)

SELECT splitByAlpha(1)

SELECT splitByNonAlpha(1)

SELECT splitByWhitespace(1)

SELECT tokens(1)

SELECT runningDifference(NULL)

SELECT runningDifference(number) FROM numbers(3)

SELECT runningDifferenceStartingWithFirstValue(NULL)

SELECT runningDifferenceStartingWithFirstValue(number) FROM numbers(3)

SELECT array(), array('a', NULL), array([1], [NULL])

SELECT array(1, no_such_column)

SELECT x, denseRank() OVER (ORDER BY x DESC), percentRank() OVER (ORDER BY x), leadInFrame(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (SELECT intDiv(number, 2) AS x FROM numbers(5)) ORDER BY ALL

SELECT x, denseRank() OVER (ORDER BY x), percentRank() OVER (ORDER BY x), leadInFrame(x, 1, 7) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (SELECT if(number = 1, NULL, number) AS x FROM numbers(4)) ORDER BY ALL

SELECT denseRank(1, 2, 3) OVER ()

SELECT percentRank(1, 2) OVER ()

SELECT leadInFrame() OVER ()
