SELECT histogram(3)(number), histogram(10)(number % 4), histogram(1)(number), histogram(5)(-number / 3), toTypeName(histogram(3)(number)) FROM numbers(10)

SELECT histogram(4)(number * number % 101), histogram(20)(number % 37), histogram(2)(number) FROM numbers(500)

SELECT histogram(2)(if(number = 1, NULL, number)), toTypeName(histogram(2)(number::Nullable(Int8))), histogramIf(2)(number, number > 0) FROM numbers(3)

SELECT histogram(2)(number) FROM numbers(0)

SELECT number % 2 AS k, histogram(3)(number) FROM numbers(12) GROUP BY k ORDER BY k

SELECT histogram(5)(delay), histogram(3)(distance) FROM events

SELECT histogram(3)('a')

SELECT histogram(0)(1)

SELECT histogram(300)(1)

SELECT histogram(1)

SELECT histogram(2)(toDate(number)) FROM numbers(3)

SELECT lttb(1)(number, number), lttb(2)(number, number), lttb(100)(number, number), lttb(0)(number, 1) FROM numbers(4)

SELECT lttb(4)(number, number % 5), largestTriangleThreeBuckets(6)(number, number * number % 13), lttb(4)(-number, number * number % 7), toTypeName(lttb(4)(number, number % 5)) FROM numbers(30)

SELECT lttb(3)(toDate(number), number), lttb(3)(toDateTime64(number, 3), number), lttb(3)(number, toDate(number)), toTypeName(lttb(3)(toDateTime(number), number::Decimal32(2))) FROM numbers(6)

SELECT number % 2 AS k, lttb(3)(number, number * 7 % 11) FROM numbers(20) GROUP BY k ORDER BY k

SELECT lttb(3)(number, number), lttb(3)(number::Nullable(Int8), 1) FROM numbers(0)

SELECT lttb(3)(if(number = 2, NULL, number), number % 3) FROM numbers(9)

SELECT lttb('a')(1, 1)

SELECT lttb(2)(1)

SELECT lttb(1, 2)(1, 1)
