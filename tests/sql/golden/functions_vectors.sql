SELECT tupleHammingDistance((1,2),(1,3)), tupleHammingDistance((1,2,3),(3,2,1)), tuplePlus((1,2),(2,3)), toTypeName(tuplePlus((1,2),(2,3))), tupleMinus((1,2),(2,3)), tupleMultiply((1,2),(2,3)), tupleDivide((1,2),(2,3)), tupleNegate((1,2)), toTypeName(tupleNegate((1,2)))

SELECT tupleMultiplyByNumber((1,2),-2.1), tupleDivideByNumber((1,2),0.5), tupleModulo((5,7),(3,4)), tupleModuloByNumber((5,7),3), tupleIntDiv((15,10,5),(5,5,5)), tupleIntDivByNumber((15,10),4), tupleIntDivOrZero((5,10),(0,3)), tupleIntDivOrZeroByNumber((5,10),0), tuplePositiveModuloByNumber((-5,7),3)

SELECT dotProduct((1,2),(3,4)), dotProduct([1,2],[3,4]), arrayDotProduct([1.5],[2]), dotProduct([toFloat32(1)],[toFloat32(2)]), dotProduct([toFloat32(1)],[2]), dotProduct([toInt8(-1)],[2]), scalarProduct((1,2),(3,4)), dotProduct((1,2.5),(3,4)), dotProduct([],[]), arrayDotProduct([1,2,3],[-4,5,-6]), dotProduct([18446744073709551615],[2])

SELECT L1Norm((1,-2)), toTypeName(L1Norm((1,-2))), L2Norm((3,4)), L2SquaredNorm((3,4)), LinfNorm((3,-4)), LpNorm((3,4),3), L1Norm([1,-2]), L2Norm([3,4]), LinfNorm([3,-4]), LpNorm([3,4],3.), L2SquaredNorm([3,4]), L1Norm([toFloat32(1)]), LinfNorm([1])

SELECT L1Distance((1,2),(3,5)), L2Distance((1,2),(3,5)), L2SquaredDistance((1,2),(3,5)), LinfDistance((1,2),(3,5)), LpDistance((1,2),(3,5),3), cosineDistance((1,2),(3,5)), L1Distance([1,2],[3,5]), L2Distance([1,2],[3,5]), L2SquaredDistance([1,2],[3,5]), LinfDistance([1,2],[3,5]), LpDistance([1,2],[3,5],3.), cosineDistance([1,2],[3,5]), L2Distance([toFloat32(1)],[toFloat32(2)])

SELECT L1Normalize((1,2)), L2Normalize((3,4)), LinfNormalize((3,4)), LpNormalize((3,4),5), toTypeName(L1Normalize((1,2))), L1Normalize([1,2]), L2Normalize([3,4])

SELECT normL1((1,2)), normL2((3,4)), normL2Squared((3,4)), normLinf((3,4)), normLp((3,4),2), distanceL1((1,2),(3,5)), distanceL2((1,2),(4,6)), distanceL2Squared((1,2),(4,6)), distanceLinf((1,2),(4,6)), distanceLp((1,2),(4,6),1), distanceCosine((1,2),(2,4)), normalizeL1((1,3)), normalizeL2((3,4)), normalizeLinf((1,4)), normalizeLp((3,4),2), vectorSum((1,2),(3,4)), vectorDifference((1,2),(3,5))

SELECT normL1(NULL), normL2(NULL), normL2Squared(NULL), normLinf(NULL), normLp(NULL,2), distanceL1(NULL,(3,5)), distanceL2(NULL,(4,6)), distanceL2Squared(NULL,(4,6)), distanceLinf((1,2),NULL), distanceLp(NULL,(4,6),1), distanceCosine((1,2),NULL), normalizeL1(NULL), normalizeL2(NULL), normalizeLinf(NULL), normalizeLp(NULL,2), vectorSum(NULL,(3,4)), vectorDifference((1,2),NULL), scalarProduct(NULL,(1,2))

SELECT tuplePlus((1,NULL),(1,2)), L1Norm((1,NULL)), dotProduct((1,NULL),(1,2)), tupleHammingDistance((1,NULL),(1,2)), tuplePlus(NULL,(1,2)), tupleMinus(NULL,(1,2)), tupleMultiply(NULL,(1,2)), tupleDivide((1,2),NULL), tupleModulo(NULL,(1,2)), tupleIntDiv(NULL,(1,2)), tupleIntDivOrZero(NULL,(1,2)), tupleNegate(NULL)

SELECT tupleMultiplyByNumber(NULL,1), tupleDivideByNumber(NULL,1), tupleModuloByNumber(NULL,1), tuplePositiveModuloByNumber(NULL,1), tupleIntDivByNumber(NULL,1), tupleIntDivOrZeroByNumber(NULL,1), tupleHammingDistance(NULL,(1,2)), cosineDistance(NULL,(1,2)), arrayDotProduct([1],[2]), dotProduct(NULL,[1])

SELECT L1Norm(NULL), L2Norm(NULL), L2SquaredNorm(NULL), LinfNorm(NULL), LpNorm(NULL, 2), L1Distance(NULL,(1,2)), L2Distance(NULL,[1,2]), L2SquaredDistance(NULL,(1,2)), LinfDistance((1,2),NULL), LpDistance(NULL,(1,2),2), L1Normalize(NULL), L2Normalize(NULL), LinfNormalize(NULL), LpNormalize(NULL, 2)

SELECT tuplePlus(t, (1, 1)), tupleMinus(t, (1, 1)), tupleMultiplyByNumber(t, number), dotProduct(t, t), L1Norm(t), L2Distance(t, (0, 0)), tupleNegate(t), tupleIntDivOrZero((10, 10), t), cosineDistance(t, (1, 1)), LinfNorm(t), L2Normalize(t), tupleModuloByNumber(t, 2) FROM (SELECT number, (number, number * 2) AS t FROM numbers(1, 3))

SELECT dotProduct(a, a), L1Norm(a), L2Norm(a), L2SquaredNorm(a), LinfNorm(a), LpNorm(a, 2), L1Distance(a, a), L2Distance(a, arrayReverse(a)), cosineDistance(a, a), LpDistance(a, arrayReverse(a), 1), LinfDistance(a, arrayReverse(a)), L1Normalize(a), LinfNormalize(a), LpNormalize(a, 1) FROM (SELECT range(1, number + 2) AS a FROM numbers(3))

SELECT dotProduct(a, [1., 2.]), L2Distance([3, 4], a), L1Distance(a, [toFloat32(1), 2]) FROM (SELECT [number, number + 1] AS a FROM numbers(2))

SELECT L2Distance([1,2],[3])

SELECT dotProduct([1,2],[3])

SELECT arrayDotProduct([1,2],[3])

SELECT arrayDotProduct(1,[3])

SELECT dotProduct((1,2),(3,4,5))

SELECT scalarProduct(1,(3,4,5))

SELECT tuplePlus((1,2),(1))

SELECT tuplePlus((1,'a'),(1,2))

SELECT tupleMinus(1,2)

SELECT tupleMultiply(1,2)

SELECT tupleDivide(1,2)

SELECT tupleModulo(1,2)

SELECT tupleIntDiv(1,2)

SELECT tupleIntDiv((1,2),(0,0))

SELECT tupleIntDivOrZero(1,2)

SELECT tupleNegate(1)

SELECT tupleNegate(('a',1))

SELECT tupleMultiplyByNumber(1,2)

SELECT tupleDivideByNumber(1,2)

SELECT tupleModuloByNumber(1,2)

SELECT tuplePositiveModuloByNumber(1,2)

SELECT tupleIntDivByNumber((1,2),0)

SELECT tupleIntDivOrZeroByNumber(1,2)

SELECT tupleHammingDistance((1,2),(1,2,3))

SELECT vectorSum(1,2)

SELECT vectorDifference(1,2)

SELECT L1Norm(1)

SELECT L2Norm('a')

SELECT L2SquaredNorm(1)

SELECT LinfNorm(1)

SELECT LpNorm((1,2),0.5)

SELECT LpNorm([1,2],0.5)

SELECT LpNorm([1,2],materialize(2.))

SELECT LpDistance((1,2),(3,4),0.1)

SELECT L1Distance((1,2),(3))

SELECT L2Distance([1,NULL],[1,2])

SELECT L2SquaredDistance((1,2),(1,2,3))

SELECT LinfDistance([1],[1,2])

SELECT cosineDistance((1,2),(1,2,3))

SELECT cosineDistance([1,2],[1])

SELECT L1Normalize(1)

SELECT L2Normalize(('a',1))

SELECT LinfNormalize(1)

SELECT LpNormalize((1,2),0)

SELECT normL1(1)

SELECT normL2(1)

SELECT normL2Squared(1)

SELECT normLinf(1)

SELECT normLp((1,2))

SELECT distanceL1((1,2))

SELECT distanceL2((1,2))

SELECT distanceL2Squared((1,2))

SELECT distanceLinf((1,2))

SELECT distanceLp((1,2),(1,2))

SELECT distanceCosine((1,2))

SELECT normalizeL1(1)

SELECT normalizeL2(1)

SELECT normalizeLinf(1)

SELECT normalizeLp((1,2))

SELECT addTupleOfIntervals(toDate('2024-01-31'), (INTERVAL 1 DAY, INTERVAL 2 MONTH)), subtractTupleOfIntervals(toDateTime('2024-03-01 00:00:00', 'UTC'), (INTERVAL 1 HOUR, INTERVAL 1 YEAR)), addTupleOfIntervals(toDate('2024-01-31'), (INTERVAL 1 HOUR, INTERVAL 2 MONTH))

SELECT addTupleOfIntervals(NULL, (INTERVAL 1 DAY, INTERVAL 2 MONTH)), subtractTupleOfIntervals(toNullable(toDate('2024-01-31')), tuple(INTERVAL 1 DAY)), addTupleOfIntervals(toDate('2024-01-01') + number, tuple(INTERVAL 1 DAY)), subtractTupleOfIntervals(NULL, tuple(INTERVAL 1 DAY)) FROM numbers(2)

SELECT addTupleOfIntervals(1, tuple(INTERVAL 1 DAY))

SELECT subtractTupleOfIntervals(toDate('2024-01-01'), INTERVAL 1 DAY)

SELECT toTypeName(L2Distance([toFloat32(1)], [2])), toTypeName(L2Distance([toFloat32(1)], [toInt32(2)])), L1Distance([toFloat32(1)], [2]), dotProduct(a, [1., 2.]), L2Distance([3, 4], a) FROM (SELECT [number, number + 1] AS a FROM numbers(2))

SELECT LinfNorm(tuple(5)), LinfNorm(tuple(-5)), LinfDistance(tuple(5), tuple(7)), LinfNormalize(tuple(4))
