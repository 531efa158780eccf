select * from values('a UInt8, b String', (1, 'x'), (2, 'y'))

select * from values((1, 'x'), (2, 'y'))

select toTypeName(c1), c2 from values((1, 'x'), (256, 'y'))

select * from values('a UInt8', 1, 2, 3)

select * from values(1, 2, 3)

select * from values('a UInt8', (1), (2))

select * from values('a UInt8, b String', (1, 'x', 3))

select * from values('a Nullable(UInt8), b Array(UInt8)', (NULL, [1,2]), (3, []))

select * from values('a Date, b DateTime(\'UTC\'), c Decimal(9,2), d Enum8(\'x\'=1)', ('2020-01-01', '2020-01-01 00:00:00', 1.5, 'x'))

select * from values('a UInt8', 300)

select * from values('a UInt8', 'x')

select * from values((1, NULL), (NULL, 'y'))

select * from values((1, 'x'), (2, 3))

select * from values('a String')

select * from values()

select * from null('a UInt8, b String')

select count() from null('a UInt8')

select * from null()

select * from null('a Foo')

select count(), countIf(a > 128) > 10 from (select a from generateRandom('a UInt8', 42) limit 1000)

select toTypeName(a), toTypeName(b) from generateRandom('a Array(UInt8), b Tuple(UInt8, String)', 1) limit 1

select * from zeros(3)

select count() from zeros_mt(5)

select v.a from values('a UInt8', 1) as v

select * from values('a UInt8', 1 + 1, toUInt8(number))

select * from values([1,2],[3])

select * from values(1.5, 2)

select * from values(now() > 0)

SELECT a, b, toTypeName(a) FROM values('a Nullable(Int32), `b c` String, b Array(Tuple(x UInt8, y String))', (1, 'q', [(1, 'a')]), (NULL, '', []))

SELECT sum(a), max(b) FROM values('a UInt32, b DateTime(\'UTC\')', (1, '2020-01-01 00:00:00'), (2, '2021-01-01 00:00:00'))

SELECT * FROM values('x', 'y')

SELECT * FROM values('a UInt8', NULL)

SELECT * FROM values('a Nullable(UInt8)', NULL, 3)

SELECT a FROM values('a UInt8, b UInt8', (1, 2), (3))

SELECT v.a, n.number FROM values('a UInt64', 1, 2, 9) AS v INNER JOIN numbers(3) AS n ON n.number = v.a ORDER BY v.a

SELECT number FROM numbers(5) WHERE number IN (SELECT * FROM values(1, 3)) ORDER BY number

SELECT count() FROM values('a Int16', -300, 300)

SELECT * FROM values('a Int8', -300)

SELECT * FROM values('a Foo', 1)

SELECT zero FROM zeros(2)

SELECT count() FROM zeros_mt(100000)

SELECT sum(a) FROM null('a Int64')

SELECT a, count() FROM null('a Int64') GROUP BY a

SELECT * FROM null('a UInt8, b Array(String)') ORDER BY a

SELECT * FROM null(1)

SELECT count(), max(length(s)) <= 5, max(length(a)) <= 3, countIf(n IS NULL) > 0, uniq(e) FROM (SELECT * FROM generateRandom('s String, a Array(UInt8), n Nullable(Int32), d Date, e Enum8(\'a\' = 1, \'b\' = 2)', 1, 5, 3) LIMIT 500)

SELECT * FROM generateRandom('a UInt8', 'x') LIMIT 1

SELECT toTypeName(a), toTypeName(b), toTypeName(c), toTypeName(d), toTypeName(e) FROM generateRandom('a UUID, b IPv4, c Decimal(9, 2), d DateTime64(3), e FixedString(20)', 7) LIMIT 1

SELECT * FROM numbers(0, 10, 3)

SELECT * FROM numbers(5, 7, 3)

SELECT * FROM numbers(0, 10, 0)

SELECT * FROM numbers(1, 2, 3, 4)

SELECT * FROM numbers_mt(0, 5, 2) ORDER BY number

SELECT count(), sum(number) FROM numbers(7, 100000, 11)

SELECT * FROM view(SELECT 1 AS a, 2 AS b)

SELECT a FROM view(SELECT number AS a FROM numbers(3)) AS v WHERE v.a > 0 ORDER BY a

SELECT count() FROM view(SELECT id FROM events UNION ALL SELECT id FROM events)

SELECT x.a, y.b FROM view(SELECT 1 AS a) AS x INNER JOIN view(SELECT 1 AS a, 'z' AS b) AS y ON x.a = y.a

SELECT * FROM view(1)

SELECT * FROM view()

SELECT * FROM view(SELECT nosuch)
