SELECT arrayFold((acc,x)->acc+x, [1,2,3], toInt64(0)) as x, toTypeName(x)

SELECT arrayFold((acc,x)->acc+x, [1,2,3], 0)

SELECT arrayFold((acc,x,y)->acc+x*y, [1,2,3],[4,5,6], toInt64(3))

SELECT arrayFold((acc,x)->arrayPushFront(acc,x), [1,2,3], emptyArrayInt64())

SELECT arrayFold((acc,x)->acc+x, [1,NULL,3], toInt64(0)) as x

SELECT arrayFold((acc,x)->acc+x, [1,NULL,3], toNullable(toInt64(0))) as x

SELECT arrayFold((acc,x)->acc+x, NULL, toInt64(0)) as x

SELECT arrayFold((acc,x)->(acc.1+x, acc.2*x), [1,2,3], (toInt64(0),toInt64(1)))

SELECT arrayFold((acc,x)->acc||x, ['a','b'], '')

SELECT arrayFold((acc,x,y)->acc+x*y, [1,2,3],[4,5], toInt64(3))

SELECT arrayFold((acc,x)->acc+x, 3, toInt64(0))

SELECT arrayFold(acc->acc, [3], toInt64(0))

SELECT number, arrayFold((acc, x) -> acc + x * number, range(number), toUInt64(100)) FROM numbers(6)

SELECT number, arrayFold((acc, x) -> if(x % 2 = 0, arrayPushFront(acc, x), arrayPushBack(acc, x)), range(number), emptyArrayUInt64()) FROM numbers(6)

SELECT arrayFold((acc, x) -> concat(acc, toString(x), ','), range(number), 'n:') FROM numbers(5)

SELECT arrayMap(y -> arrayFold((acc, x) -> acc + x + y, [1, 2, 3], toInt64(0)), [10, 20])

SELECT arrayFold((acc, x) -> acc + arraySum(y -> y + x, [1, 2]), [1, 2, 3], toUInt64(0))

SELECT arrayFold((acc, x) -> x, emptyArrayString(), 'nothing'), arrayFold((acc, x) -> x, ['a', 'b'], '')

SELECT arrayFold((acc, x) -> acc + x, [1, 2], toLowCardinality('a'))

SELECT arrayFold((acc, x) -> acc + x)

SELECT arrayFold((acc, x) -> acc + x, [1])

SELECT arrayFold(1, [1], 2)

SELECT arrayFold((acc, x) -> intDiv(acc, x), [1, 0], toUInt8(5))

SELECT arrayFold((acc, x) -> acc + x, range(20000), toUInt64(0)), arrayFold((acc, x) -> substring(acc || toString(x), 1, 50), range(3000), '')

SELECT sum(arrayFold((acc, x) -> acc * 31 + x, range(number % 50), toUInt64(7))) FROM numbers(20000)

SELECT number, arrayFold((acc, x) -> acc * 3 + x, range(number * 5 % 7), toUInt64(1)) AS f FROM numbers(20) ORDER BY number

SELECT number, arrayFold((acc, x) -> concat(acc, toString(x), ';'), range(number * 5 % 7), toString(number)) AS f FROM numbers(15) ORDER BY number

SELECT number, arrayFold((acc, x, y) -> acc + x * y + number, range(number % 4), range(number % 4), toUInt64(0)) AS f FROM numbers(12) ORDER BY number

SELECT number, arrayFold((acc, x) -> arrayPushBack(acc, x + length(acc)), range(number % 5), emptyArrayUInt64()) AS f FROM numbers(12) ORDER BY number

SELECT number, arrayFold((acc, x) -> if(x % 2 = 0, NULL, coalesce(acc, 0) + x), range(number % 6), CAST(number AS Nullable(UInt64))) AS f FROM numbers(12) ORDER BY number

SELECT sum(arrayFold((acc, x) -> acc + x * number, range(if(number = 70, 300, number % 3)), toUInt64(number))) FROM numbers(200)

SELECT arrayFold((acc, x) -> intDiv(acc, x), range(number), toUInt64(100)) FROM numbers(3)

SELECT arrayFold((acc, x) -> acc + x, emptyArrayUInt64(), number) AS f FROM numbers(3) ORDER BY f

SELECT arrayFold((acc, x) -> acc + x, range(number), number) AS f FROM numbers(0)
