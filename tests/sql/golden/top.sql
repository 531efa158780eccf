SELECT topK(1)(number % 3), topK(1)(toString(number % 3)), topKWeighted(2)(number % 3, number), toTypeName(topK(2)('a')), toTypeName(topK(2)(number::Nullable(Int8))) FROM numbers(10)

SELECT topK(3)(x), topK(x), topK(2, 5)(x), topK(10, 3, 'counts')(x) FROM (SELECT multiIf(number < 10, 'a', number < 16, 'b', number < 19, 'c', 'd') AS x FROM numbers(20))

SELECT topKWeighted(10, 3, 'counts')(number % 3, number), approx_top_sum(2)(number % 3, number), approx_top_k(1)(number % 3) FROM numbers(10)

SELECT topK(2)(toDate(intDiv(number, 7))), topK(1)(if(number % 3 = 0, NULL, 5)), topK(1)(toDecimal32(1.5, 1)), topK(1)(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), topK(1)(1.5), topKIf(1)(number % 3, number % 3 < 1) FROM numbers(11)

SELECT topK(2)(number), topKWeighted(2)(number, 1), topK(2)(number::Nullable(Int8)), approx_top_k(2)(number) FROM numbers(0)

SELECT number % 2 AS k, topK(1)(if(number < 8, 7, number)), topKWeighted(1)(number, number) FROM numbers(12) GROUP BY k ORDER BY k

SELECT topK(1)(origin), topK(1)(note), topKWeighted(2)(origin, distance) FROM events

SELECT topK(0)(1)

SELECT topK('a')(1)

SELECT topK(3, 3, 'x')(1)

SELECT topK(1, 2, 'counts', 3)(1)

SELECT topKWeighted(2)(number, 'a') FROM numbers(3)

SELECT topK()

SELECT topKWeighted(1)

SELECT sumCount(number), toTypeName(sumCount(number)), sumCount(true), sumCount(1.5), sumCount(toDecimal32(1.5, 2)), toTypeName(sumCount(toDecimal32(1.5, 2))), sumCount(-1) FROM numbers(4)

SELECT sumCount(tail), toTypeName(sumCount(tail)), sumCountIf(number, number > 1) FROM (SELECT number, if(number = 1, NULL, number) AS tail FROM numbers(4))

SELECT number % 2 AS k, sumCount(number), sumCount(number / 2) FROM numbers(7) GROUP BY k ORDER BY k

SELECT sumCount(number) FROM numbers(0)

SELECT sumCount('a')

SELECT sumCount(toDate(1))

SELECT simpleLinearRegression(number, number * 2 + 1), simpleLinearRegression(1, 2), simpleLinearRegression(number, -number / 4) FROM numbers(5)

SELECT number % 2 AS k, simpleLinearRegression(number, number * 3) FROM numbers(10) GROUP BY k ORDER BY k

SELECT simpleLinearRegression(number, number) FROM numbers(0)

SELECT simpleLinearRegression('a', 1)

SELECT argAndMin(number, -number), argAndMax(number, number % 3), argAndMin('x', number), toTypeName(argAndMin(number, 1)), argAndMax(toString(number), toDate(number)) FROM numbers(5)

SELECT argAndMin(number, number), argAndMax('a', number) FROM numbers(0)

SELECT number % 2 AS k, argAndMin(number, number), argAndMax(toString(number), number) FROM numbers(7) GROUP BY k ORDER BY k

SELECT argAndMin(1)
