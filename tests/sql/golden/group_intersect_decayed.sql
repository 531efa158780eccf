SELECT arraySort(groupArrayIntersect(a)) FROM (SELECT arrayJoin([[1,2,3],[2,3,4],[3,2]]) AS a)

SELECT groupArrayIntersect(a) FROM (SELECT arrayJoin([['a','b'],['b','c'],['b']]) AS a)

SELECT groupArrayIntersect(a) FROM (SELECT arrayJoin([[1,NULL],[NULL,2],[NULL]]) AS a)

SELECT toTypeName(groupArrayIntersect(a)) FROM (SELECT arrayJoin([[1,NULL],[NULL,2],[NULL]]) AS a)

SELECT groupArrayIntersect(a) FROM (SELECT arrayJoin([[1,1,2],[1,1]]) AS a)

SELECT groupArrayIntersect([1]) FROM numbers(0)

SELECT groupArrayIntersect(emptyArrayUInt8()) FROM numbers(2)

SELECT groupArrayIntersect(1) FROM numbers(2)

SELECT groupArrayIntersect([1],[2]) FROM numbers(2)

SELECT groupArrayIntersect(2)([1]) FROM numbers(2)

SELECT groupArrayIntersect(NULL) FROM numbers(2)

SELECT groupArrayIntersect(a) FROM (SELECT arrayJoin([[[1,2],[3]],[[3]]]) AS a)

SELECT groupArrayIntersect(a) FROM (SELECT arrayJoin([[(1,'a')],[(1,'a'),(2,'b')]]) AS a)

SELECT number % 2 AS k, arraySort(groupArrayIntersect(range(number))) FROM numbers(1, 9) GROUP BY k ORDER BY k

SELECT groupArrayIntersectIf([number, 7], number > 1) FROM numbers(4)

SELECT groupArrayIntersectMerge(s) FROM (SELECT groupArrayIntersectState([number % 3, 9]) AS s FROM numbers(4) GROUP BY number)

SELECT round(exponentialTimeDecayedSum(10)(number, number) OVER (ORDER BY number), 10) AS r, toTypeName(r) FROM numbers(5)

SELECT round(exponentialTimeDecayedAvg(10)(number, number) OVER (ORDER BY number), 10) AS r, toTypeName(r) FROM numbers(5)

SELECT round(exponentialTimeDecayedCount(10)(number) OVER (ORDER BY number), 10) AS r, toTypeName(r) FROM numbers(5)

SELECT round(exponentialTimeDecayedMax(10)(number % 3, number) OVER (ORDER BY number), 10) AS r, toTypeName(r) FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, toDateTime(number)) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedAvg(10)(number, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedCount(10)(number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedMax(10)(number % 3, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedAvg(10)(number, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedCount(10)(number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedMax(10)(number % 3, number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(number, number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(0)(number, number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)('a', number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, 'a') OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT exponentialTimeDecayedSum(10)(number, number) FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(toNullable(number), number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(NULL, number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, toDateTime64(number / 2, 3)) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(1.5)(-1, number) OVER (PARTITION BY number % 2 ORDER BY number), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedSum(10)(number, number) OVER (), 10) AS r FROM numbers(6)

SELECT round(exponentialTimeDecayedMax(10)(-1 - number, number) OVER (ORDER BY number), 10) AS r FROM numbers(6)

SELECT arraySort(groupArrayIntersect([1.5, nan])), arraySort(groupArrayIntersect(['b', 'a', 'a', ''])) FROM numbers(2)

SELECT exponentialTimeDecayedAvg(10)(number) OVER () FROM numbers(3)

SELECT exponentialTimeDecayedAvg(10)(NULL, number) OVER () FROM numbers(3)

SELECT exponentialTimeDecayedCount(10)(NULL) OVER () FROM numbers(3)

SELECT exponentialTimeDecayedMax(10)(number, NULL) OVER () FROM numbers(3)

SELECT exponentialTimeDecayedMaxIf(10)(number, number, number > 1) FROM numbers(3)
