select * from (select [1,2] as a, 1 as b) x join (select [1,2] as a, 2 as c) y using a

select * from (select (1,'a') as a, 1 as b) x join (select (1,'a') as a, 2 as c) y on x.a = y.a

select * from (select map('a',1) as a, 1 as b) x join (select map('a',1) as a, 2 as c) y on x.a = y.a

select * from (select [1,NULL] as a, 1 as b) x join (select [1,NULL] as a, 2 as c) y on x.a = y.a

select * from (select (1,NULL) as a, 1 as b) x join (select (1,NULL) as a, 2 as c) y on x.a = y.a

select * from (select (1,NULL::Nullable(UInt8)) as a, 1 as b) x join (select (1,NULL::Nullable(UInt8)) as a, 2 as c) y on x.a = y.a

select * from (select (1,NULL::Nullable(UInt8)) as a, 1 as b) x join (select (1,NULL::Nullable(UInt8)) as a, 2 as c) y using a

select * from (select [0.0] as a, 1 as b) x join (select [-0.0] as a, 2 as c) y on x.a = y.a

select * from (select [nan] as a, 1 as b) x join (select [nan] as a, 2 as c) y on x.a = y.a

select a, toTypeName(a), b, c from (select [1] as a, 1 as b) x join (select [1::Int64] as a, 2 as c) y using a

select a, toTypeName(a), b, c from (select [1] as a, 1 as b) x full join (select [2::Int64] as a, 2 as c) y using a order by a

select a, b, c from (select ['x'] as a, 1 as b) x full join (select [2::Int64] as a, 2 as c) y using a order by a

select x.number, y.number from numbers(5) x left join numbers(3,5) y on [x.number, 1] = [y.number, 1] order by 1

select x.number, y.number from numbers(5) x left join numbers(3,5) y on (x.number, 1) = (y.number, 1) order by 1

select x.number, y.number from numbers(5) x any left join numbers(3,5) y on [x.number % 2] = [y.number % 2] order by 1

select count() from (select [number % 100, 7] as k from numbers(10000)) x join (select [number % 50, 7] as k from numbers(1000)) y on x.k = y.k

select x.n from (select tuple(number, [toString(number)]) as k, number as n from numbers(10)) x semi join (select tuple(number, [toString(number)]) as k from numbers(5,10)) y on x.k = y.k order by n

select x.n from (select tuple(number, [toString(number)]) as k, number as n from numbers(10)) x anti join (select tuple(number, [toString(number)]) as k from numbers(5,10)) y on x.k = y.k order by n

select * from (select [] as a, 1 as b) x join (select [] as a, 2 as c) y on x.a = y.a

select * from (select [1] as a, 1 as b) x join (select 1 as a, 2 as c) y on x.a = y.a

select * from (select [1] as a, 1 as b) x right join (select [2] as a, 2 as c) y on x.a = y.a

select * from (select [1] as a, 1 as b) x right join (select [2] as a, 2 as c) y on x.a = y.a settings join_use_nulls = 1

select * from (select [1] as a, 1 as b) x asof join (select [1] as a, 2 as c) y on x.a = y.a and x.b < y.c

select * from (select [1] as a, 1 as b) x join (select [1] as a, 2 as c) y on x.a <=> y.a

select [1,2] in ([1,2])

select [1,2] in [1,2]

select [1,2] in [[1,2]]

select [1,2] in [[1,2],[3]]

select [1] in ([1]), [2] in ([1])

select map('a',1) in map('a',1)

select map('a',1) in (map('a',1), map('b',2))

select (1,[2]) in ((1,[2]))

select (1,[2]) in (1,[2])

select [(1,'a')] in [(1,'a')]

select [(1,'a')] in [[(1,'a')]]

select [0.0] in ([-0.0]), [nan] in ([nan], [1.0])

select [1,NULL] in ([1,NULL],[2])

select [1,2] in (1,2)

select [number] in ([1],[3]) from numbers(4)

select [number] in (select [number] from numbers(2,5)) from numbers(4)

select ([number], 1) in (([1],1),([3],2)) from numbers(4)

select [number] not in ([1],[3]) from numbers(4)

select [number] in ([1],[300]), [number] in ([-1],[1.0]) from numbers(2)

select [[number]] in ([[1]],[[300]]) from numbers(2)

select ['a'] in (['a'], 'b')

select [0.0] in ([-0.0],[1.0]), [nan] in ([nan],[1.0]), tuple(0.0) in (tuple(-0.0), tuple(1.0))

select [] in ([]), [1] in ([]), [1] in []

select count() from (select arrayJoin([[0.0],[-0.0]]) as a group by a)

select count() from (select distinct arrayJoin([[0.0],[-0.0]]) as a)

select uniqExact(a), length(groupUniqArray(a)) from (select arrayJoin([[0.0],[-0.0]]) as a)

select length(arrayDistinct([[0.0],[-0.0]]))

select count() from (select arrayJoin([tuple(0.0),tuple(-0.0)]) as a group by a)

select count() from (select arrayJoin([0.0,-0.0]) as a group by a)

select a, count() from (select arrayJoin([[0.0],[-0.0]]) as a) group by a order by toString(a) limit 1 by a

select countDistinct(a) from (select arrayJoin([[0.0],[-0.0]]) as a)

select sum(x) over (partition by a) from (select arrayJoin([[0.0],[-0.0]]) as a, 1 as x)

select toTypeName((1,NULL) in ((1,NULL))), toTypeName((1,NULL::Nullable(UInt8)) in ((1,2))), toTypeName((NULL::Nullable(UInt8)) in (1))

select (1,NULL::Nullable(UInt8)) in ((1,2),(2,3)), (1, toNullable(2)) in ((1,2),(2,3)), (1, toNullable(2)) not in ((1,2),(2,3))

select (1, x) in ((1,2),(2,3)), (1, x) not in ((1,2),(2,3)), x in (2), x not in (2), toTypeName((1, x) in ((1,2),(2,3))) from values('x Nullable(UInt8)', (1), (NULL), (2))

select (1, x) in (select 1, 2), (1, x) not in (select 1,2) from values('x Nullable(UInt8)', (1), (NULL), (2))
