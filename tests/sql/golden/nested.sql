SELECT (1,NULL) < (2,1)

SELECT (1,toNullable(5)) < (2,1)

SELECT (1,CAST(NULL AS Nullable(UInt8))) < (2,1)

SELECT (1,CAST(NULL AS Nullable(UInt8))) < (1,1)

SELECT (1,CAST(NULL AS Nullable(UInt8))) = (2,1)

SELECT (1,CAST(NULL AS Nullable(UInt8))) != (2,1)

SELECT (1,CAST(NULL AS Nullable(UInt8))) <= (2,1)

SELECT materialize((1,NULL)) < (2,1)

SELECT (1,NULL) = (2,1)

SELECT (1,NULL) != (2,1)

SELECT tuple(NULL) = tuple(NULL)

SELECT (1,2) <=> (1,2)

SELECT (1,NULL) <=> (1,NULL)

SELECT [1,NULL] <=> [1,NULL]

SELECT (1,2) <= (1,2)

SELECT (1,2) >= (1,3)

SELECT (2,1) > (1,5)

SELECT tuple() = tuple()

SELECT (1,(2,3)) < (1,(2,4))

SELECT number, [number, number+1], (number, toString(number)) FROM numbers(3)

SELECT [number % 2] AS k, count() FROM numbers(5) GROUP BY k ORDER BY k

SELECT (number % 2, 'x') AS k, count() FROM numbers(5) GROUP BY k ORDER BY k DESC

SELECT DISTINCT [number % 3] FROM numbers(7) ORDER BY 1

SELECT [number % 3, number] AS a FROM numbers(5) ORDER BY a

SELECT [number % 3, number] AS a FROM numbers(5) ORDER BY a DESC LIMIT 2

SELECT map('a', number) AS m FROM numbers(3) ORDER BY number DESC

SELECT [if(number = 1, NULL, number)] AS a FROM numbers(4) ORDER BY a

SELECT [if(number = 1, NULL, number)] AS a FROM numbers(4) ORDER BY a DESC

SELECT m['b'], m['zz'] FROM (SELECT map('a', 1, 'b', 2) AS m)

SELECT t.1, t.2 FROM (SELECT (number, [number]) AS t FROM numbers(2))

SELECT a[1], a[-1], a[2], a[number + 1] FROM (SELECT [number, number * 2] AS a, number FROM numbers(3))

SELECT a[-3] FROM (SELECT [number] AS a FROM numbers(2))

SELECT [[1,2],[3]][2][1]

SELECT [(1,'a'),(2,'b')][2].2

SELECT [1, 2][toUInt8(2)]

SELECT [1, 2][toNullable(2)]

SELECT materialize([1, 2])[toNullable(2)]

SELECT (1, 'a', NULL, [1], (2,))

SELECT [toDate('2020-01-01'), NULL]

SELECT ['a\'b', 'c\\d', 'e\tf', '']

SELECT [toDateTime('2020-01-01 00:00:00', 'UTC')]

SELECT [toDecimal32(1.5, 2)]

SELECT [1.5, inf, nan, -0.]

SELECT [toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')]

SELECT [toIPv4('1.2.3.4')]

SELECT [CAST('a' AS Enum8('a' = 1))]

SELECT [toLowCardinality('a'), 'b']

SELECT [toNullable('a'), toLowCardinality('b')]

SELECT [toInt8(1), toUInt8(2)]

SELECT [toFloat32(1), 2]

SELECT [1, toUInt64(2)]

SELECT [toDate('2020-01-01'), toDate32('2020-01-01')]

SELECT ['a', toFixedString('b', 1)]

SELECT [[1], [-1]]

SELECT [(1, 'a'), (2.5, NULL)]

SELECT [map('a', 1), map('b', 300)]

SELECT [[], [NULL]]

SELECT [NULL, NULL]

SELECT [1, 'a']

SELECT [1, 18446744073709551615]

SELECT [-1, 4294967296]

SELECT (1, 2).1 + 1

SELECT toTypeName([(1, NULL)])

SELECT toTypeName((1, 'a').2)

SELECT CAST([1, 2], 'Array(Nullable(UInt8))')

SELECT CAST([[1, 2]], 'Array(Array(String))')

SELECT CAST(['1', 'x'], 'Array(UInt8)')

SELECT CAST([1, 2], 'Tuple(UInt8, UInt8)')

SELECT CAST((1, 2), 'Array(UInt8)')

SELECT '[1,2]'::Array(Int32)

SELECT toString([1, NULL, 3])

SELECT toString(['a'])

SELECT if(number = 1, [number], []) FROM numbers(3)

SELECT if(number = 1, (number, 'x'), (0, 'y')) FROM numbers(3)

SELECT multiIf(number = 0, [1], number = 1, [2, 3], []) FROM numbers(3)

SELECT greatest([1], [2]), least((1, 2), (1, 1))

SELECT [1] = [toNullable(1)]

SELECT [1, 2] = [1]

SELECT ['a'] < ['b']

SELECT [[1]] = [[1.0]]

SELECT length([1, 2]), length([]), empty([]), empty([1]), notEmpty([]), notEmpty(map('a', 1))

SELECT length(materialize([1, 2, 3]))

SELECT empty(NULL)

SELECT length((1, 2))

SELECT tupleElement([(1, 2), (3, 4)], 2)

SELECT tupleElement([[(1, 2)], []], 2)

SELECT tupleElement((1, 2))

SELECT tupleElement((1, 2), 'a', 7)

SELECT tupleElement((1, 2), materialize(1))

SELECT tupleElement(CAST((1, 2), 'Tuple(a UInt8, b UInt8)'), 'b')

SELECT t.b FROM (SELECT CAST((1, 2), 'Tuple(a UInt8, b UInt8)') AS t)

SELECT t.b, t.a FROM (SELECT CAST((number, 'x'), 'Tuple(a UInt8, b String)') AS t FROM numbers(2))

SELECT map(1, 2, 3)

SELECT map('a', NULL)

SELECT map(NULL, 1)

SELECT map('a', 1, 'b', 2.5)

SELECT map('a', 1)[1]

SELECT map(1, 'a')[1]

SELECT map(1, 'a')[2]

SELECT (SELECT [1, 2])[2]

SELECT (SELECT number, number + 1 FROM numbers(1))

SELECT arrayElementOrNull([1, 2], 3), arrayElementOrNull([1, 2], 1)

SELECT (1, 2) IN ((1, 2)), (1, 3) IN ((1, 2), (3, 4))

SELECT [1, 2] IN ([1, 2], [3])

SELECT [number] IN ([1], [2]) FROM numbers(3)

SELECT t IN ((1, 2)) FROM (SELECT (number, number + 1) AS t FROM numbers(3))

SELECT 1 IN [1, 2], 3 IN [1, 2]

SELECT (number, [number]) IN ((1, [1])) FROM numbers(3)

SELECT [number] IN (SELECT [1]) FROM numbers(3)

SELECT CAST((1,2) AS Tuple(UInt8))

SELECT CAST([1,2] AS Array(String))

SELECT CAST([1,2] AS UInt8)

SELECT CAST(1 AS Array(UInt8))

SELECT CAST('[1,2,3]' AS Array(UInt8))

SELECT CAST('[1, 2 ,3]' AS Array(UInt8))

SELECT CAST('[1,2,' AS Array(UInt8))

SELECT CAST('[1,x]' AS Array(UInt8))

SELECT CAST('x' AS Array(UInt8))

SELECT CAST('[1,NULL]' AS Array(UInt8))

SELECT CAST('[1,NULL]' AS Array(Nullable(UInt8)))

SELECT CAST('[''a'',''b\\''c'']' AS Array(String))

SELECT CAST('[a]' AS Array(String))

SELECT CAST('[''2020-01-01'']' AS Array(Date))

SELECT CAST('[2020-01-01]' AS Array(Date))

SELECT CAST('(1,''a'')' AS Tuple(UInt8, String))

SELECT CAST('(1)' AS Tuple(UInt8, String))

SELECT CAST('{''a'':1}' AS Map(String, UInt8))

SELECT CAST('{' AS Map(String, UInt8))

SELECT CAST('[1] ' AS Array(UInt8))

SELECT CAST('[]' AS Array(UInt8))

SELECT CAST('' AS Array(UInt8))

SELECT CAST('[[1],[]]' AS Array(Array(UInt8)))

SELECT CAST([1,NULL] AS Array(UInt8))

SELECT CAST([] AS Array(UInt8))

SELECT CAST((1,'2') AS Tuple(a String, b UInt8))

SELECT CAST([(1,2)] AS Map(UInt8,UInt8))

SELECT CAST(([1,2],['a','b']) AS Map(UInt8,String))

SELECT CAST(map('a',1) AS Array(Tuple(String,UInt8)))

SELECT CAST(map('a',1) AS Map(String,String))

SELECT toString([1,2])

SELECT toString((1,'a'))

SELECT toString(map('a',[1]))

SELECT toString([toDate('2020-01-01')])

SELECT [1,2].1

SELECT (1,2).3

SELECT (1,2).0

SELECT (1,2)[1]

SELECT [(1,'a')].1

SELECT [(1,'a')].2

SELECT CAST((1,2) AS Tuple(a UInt8, b UInt8)).a

SELECT CAST((1,2) AS Tuple(a UInt8, b UInt8)).c

SELECT tupleElement((1,2), 'a')

SELECT tupleElement((1,2), 3, 'def')

SELECT tupleElement((1,2), -1)

SELECT tupleElement(1, 1)

SELECT [1]['a']

SELECT [1][NULL]

SELECT materialize([1,2])[1]

SELECT materialize([1,2])[materialize(0)]

SELECT materialize([1,2])[0]

SELECT [(1,2)][5]

SELECT [[1]][5]

SELECT [1,2][1.5]

SELECT arrayElement([1,2])

SELECT [toNullable(1)][3]

SELECT arrayElementOrNull([1,2],5)

SELECT toTypeName([1,NULL][1])

SELECT toTypeName(materialize([])[1])

SELECT (1,2) < (1,3)

SELECT (1,NULL) < (1,1)

SELECT [1,NULL] < [1,1]

SELECT (1,2) = (1,2,3)

SELECT [1] = ['a']

SELECT [1] = 1

SELECT [1] = '[1]'

SELECT (1,2) = '(1,2)'

SELECT map('a',1) = map('a',1)

SELECT [1.5] = [1]

SELECT [1] IN ([1],[2])

SELECT (1,2) IN ((1,2),(3,4))

SELECT materialize((1,2)) IN ((1,2))

SELECT [1,2] IN [[1,2]]

SELECT 1 IN [1,2]

SELECT isNull([1])

SELECT ifNull([1],[2])

SELECT if(1,[1],[2.5])

SELECT coalesce(NULL,[1])

SELECT materialize([1])

SELECT toNullable([1])

SELECT greatest([1],[2])

SELECT (SELECT 1, 2)

SELECT (SELECT [1])

SELECT (SELECT [number] FROM numbers(0))

SELECT not [1]

SELECT [1] AND 1

SELECT sum([1])

SELECT count([1])

SELECT hex([1])

SELECT length([1,2])

SELECT empty([])

SELECT length(map('a',1))

SELECT array()

SELECT tuple(1)

SELECT toTypeName(tuple(NULL, [], [[]]))

SELECT tuple('a' as x).x

SELECT [origin, dest] AS a, count() FROM events GROUP BY a ORDER BY a LIMIT 5

SELECT (origin, delay) AS t FROM events ORDER BY t, id LIMIT 6

SELECT (origin, delay) AS t FROM events ORDER BY t DESC, id LIMIT 6

SELECT DISTINCT (origin, delay > 10) AS t FROM events ORDER BY t

SELECT [delay, id] AS a FROM events WHERE a[1] > 10 ORDER BY a

SELECT id, [origin] AS a FROM events ORDER BY id LIMIT 1 BY a

SELECT origin, [count(), max(id)] AS a FROM events GROUP BY origin ORDER BY origin

SELECT map(origin, id) AS m FROM events ORDER BY id LIMIT 3

SELECT (origin, id) IN (('AMS', 1), ('JFK', 2)) FROM events ORDER BY id LIMIT 3

SELECT a.1, a.2 FROM (SELECT (origin, id) AS a FROM events) ORDER BY a.2 LIMIT 2

SELECT count() FROM (SELECT DISTINCT [delay] FROM events)

SELECT [delay] AS a, count() FROM events GROUP BY a ORDER BY a LIMIT 3

SELECT (delay, [origin]) AS a, count() FROM events GROUP BY a ORDER BY a LIMIT 3

SELECT map('d', delay) AS a, count() FROM events GROUP BY a ORDER BY a LIMIT 3

SELECT if(id % 2 = 0, [id], []) AS a FROM events ORDER BY id LIMIT 4

SELECT if(id % 2 = 0, (id, origin), (0, 'none')) AS a FROM events ORDER BY id LIMIT 4

SELECT [origin] FROM events WHERE id < 0

SELECT (origin, 1) FROM events WHERE id < 0

SELECT count(), [count()] FROM events WHERE id < 0

SELECT t.a, t.b FROM (SELECT CAST((origin, id), 'Tuple(a String, b Int64)') AS t FROM events) ORDER BY t.b LIMIT 2

SELECT [id, delay][2] FROM events ORDER BY id LIMIT 4

SELECT ['x', origin][id % 2 + 1] FROM events ORDER BY id LIMIT 4

SELECT ['a', 'b', 'c'][id % 4] FROM events ORDER BY id LIMIT 5

SELECT [[[1]]][5], [[(1, [2])]][3], [map(1, [2])][2]

SELECT nullIf([1], [2])

SELECT arrayMap(x -> arrayMap(y -> range(y), range(x)), range(4))[9]
