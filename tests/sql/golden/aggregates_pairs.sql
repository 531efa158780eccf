SELECT toTypeName(maxIntersectionsPosition(a,b)), maxIntersectionsPosition(a,b) FROM values('a UInt8, b UInt8',(1,3),(2,4),(3,3),(3,5))

SELECT toTypeName(maxIntersectionsPosition(a,b)), maxIntersectionsPosition(a,b),maxIntersections(a,b) FROM values('a Int16, b Int16',(1,3),(-2,4),(0,2))

SELECT toTypeName(maxIntersectionsPosition(a,b)), maxIntersectionsPosition(a,b),maxIntersections(a,b) FROM values('a Float64, b Float64',(1,3),(-2,4),(nan,2),(2,nan))

SELECT toTypeName(maxIntersectionsPosition(a,b)) FROM values('a Float32, b Float32',(1,3))

SELECT toTypeName(maxIntersectionsPosition(a,b)) FROM values('a Date, b Date','2020-01-01','2020-01-03')

SELECT toTypeName(maxIntersections(a,b)), maxIntersections(a,b), maxIntersectionsPosition(a,b) FROM values('a Nullable(UInt8), b UInt8',(1,3),(NULL,4),(2,3))

SELECT maxIntersections(1)

SELECT maxIntersections(toUInt8(1),toUInt16(1))

SELECT maxIntersections(toInt128(1),toInt128(2))

SELECT maxIntersections(toDecimal32(1,2),toDecimal32(2,2))

SELECT intervalLengthSum(a,b) FROM values('a UInt8, b UInt8',(1,3),(2,4),(3,3),(9,5),(20,25))

SELECT intervalLengthSum(a,b), toTypeName(intervalLengthSum(a,b)) FROM values('a Float64, b Float32',(1,3),(2.5,4),(3,3),(9,5),(nan,3),(3,nan))

SELECT intervalLengthSum(a,b), toTypeName(intervalLengthSum(a,b)) FROM values('a DateTime, b DateTime',('2020-01-01 00:00:00','2020-01-01 00:10:00'))

SELECT intervalLengthSum(a,b), toTypeName(intervalLengthSum(a,b)) FROM values('a Date, b Date',('2020-01-01','2020-01-10'),('2020-01-05','2020-01-12'))

SELECT intervalLengthSum(toDateTime64('2020-01-01 00:00:00',3),toDateTime64('2020-01-01 00:00:01',3))

SELECT intervalLengthSum(toInt8(-5),toInt8(5)), toTypeName(intervalLengthSum(toInt8(-5),toInt8(5)))

SELECT intervalLengthSum(toUInt8(5),toInt8(7))

SELECT intervalLengthSum(a,b) FROM values('a UInt8, b UInt8',(1,3)) WHERE 0

SELECT intervalLengthSum(a,b), toTypeName(intervalLengthSum(a,b)) FROM values('a Nullable(UInt8), b UInt8',(1,3),(NULL,4))

SELECT intervalLengthSum('a',2)

SELECT intervalLengthSum(1)

SELECT intervalLengthSum(toInt128(1),toInt128(2))

SELECT sparkbar(5)(x,y) FROM (SELECT number x, -toInt32(number) y FROM numbers(7))

SELECT sparkbar(5)(x,y) FROM (SELECT number x, number=3?0:5 y FROM numbers(7))

SELECT sparkbar(5)(x,y) FROM (SELECT number*10 x, number y FROM numbers(3))

SELECT sparkbar(10)(x,y) FROM (SELECT number*100 x, 1.5*number y FROM numbers(5))

SELECT sparkbar(3)(x,y) FROM (SELECT 5 x, number y FROM numbers(3))

SELECT sparkbar(5,1,3)(x,y) FROM (SELECT number x, number y FROM numbers(7))

SELECT sparkbar(20,0,100)(x,y) FROM (SELECT number*7 x, number%5 y FROM numbers(15))

SELECT sparkbar(8,0,100)(x,y) FROM (SELECT number*7 x, number%5 y FROM numbers(15))

SELECT sparkbar(8,toDate('2020-01-01'),toDate('2020-02-01'))(x,y) FROM (SELECT toDate('2020-01-01')+number*7 x, number%5 y FROM numbers(5))

SELECT sparkbar(5)(toDateTime(number),1) FROM numbers(5)

SELECT sparkbar(5)(x,'a') FROM (SELECT number x FROM numbers(3))

SELECT sparkbar(5)(x,toDecimal32(1,2)) FROM (SELECT number x FROM numbers(3))

SELECT sparkbar(1025)(1,1)

SELECT sparkbar()(1,1)

SELECT sparkbar(5)(toInt32(number),1) FROM numbers(5)

SELECT sparkbar(5,1)(number,1) FROM numbers(5)

SELECT sparkbar(5,3,1)(number,1) FROM numbers(5)

SELECT sparkbar(5)(toDate32(number),1) FROM numbers(5)

SELECT sparkbar(5)(number,NULL) FROM numbers(5)

SELECT sparkBar(5)(number,if(number=2,NULL,number)) FROM numbers(5)

SELECT toTypeName(sparkBar(5)(number,if(number=2,NULL,number))) FROM numbers(5)

SELECT gini(x) FROM (SELECT -1 x FROM numbers(4))

SELECT gini(x) FROM (SELECT 0 x FROM numbers(4))

SELECT gini(x) FROM (SELECT number x FROM numbers(0))

SELECT gini('a')

SELECT gini(x), toTypeName(gini(x)) FROM values('x Nullable(Float32)',1,NULL,3,nan)

SELECT gini(toDecimal32(1.5,2))

SELECT rankCorr(1,'a')

SELECT rankCorr(x,y), toTypeName(rankCorr(x,y)) FROM values('x Nullable(Float32), y UInt8',(1,3),(NULL,3),(3,1),(5,0))

SELECT rankCorr(1)

SELECT rankCorr(1,1)

SELECT rankCorr(x,y) FROM (SELECT sin(number) x, cos(number*3)+number/30 y FROM numbers(40))

SELECT rankCorr(x,y), toTypeName(rankCorr(x,y)) FROM (SELECT number%4 AS x, (number*7)%5 AS y FROM numbers(10))

SELECT rankCorr(x,y) FROM (SELECT number AS x, number AS y FROM numbers(0))

SELECT sparkbar(9)(x,y), toTypeName(sparkbar(9)(x,y)) FROM (SELECT number AS x, number%5 AS y FROM numbers(20))

SELECT sparkbar(5, 2, 12)(x,y) FROM (SELECT number AS x, number%5 AS y FROM numbers(20))

SELECT sparkbar(5)(x,y) FROM (SELECT toDate('2020-01-01')+number AS x, number%7 AS y FROM numbers(20))

SELECT sparkbar(1)(1,1)

SELECT sparkbar(5)(1.5,1)

SELECT sparkbar(5)(x,y) FROM (SELECT number x, 1 y FROM numbers(0))

SELECT maxIntersections(a,b), maxIntersectionsPosition(a,b), toTypeName(maxIntersections(a,b)), toTypeName(maxIntersectionsPosition(a,b)) FROM (SELECT number AS a, number+3 AS b FROM numbers(10))

SELECT maxIntersections(a,b), maxIntersectionsPosition(a,b) FROM values('a UInt8, b UInt8',(1,3),(2,4),(5,6),(3,3),(9,1))

SELECT maxIntersections(a,b), maxIntersectionsPosition(a,b),toTypeName(maxIntersectionsPosition(a,b)) FROM values('a Float64, b Float32',(1,3),(2,4))

SELECT maxIntersections(a,b), maxIntersectionsPosition(a,b),toTypeName(maxIntersectionsPosition(a,b)) FROM values('a DateTime, b DateTime',(1,3),(2,4))

SELECT maxIntersections(a,b), maxIntersectionsPosition(a,b) FROM values('a UInt8, b UInt8',(1,3),(2,4)) WHERE 0

SELECT maxIntersections('a',1)

SELECT mannWhitneyUTest(v,g), mannWhitneyUTest('greater')(v,g), mannWhitneyUTest('less',0)(v,g), toTypeName(mannWhitneyUTest(v,g)) FROM (SELECT number*number%17 v, number%2 g FROM numbers(30))

SELECT sparkbar(6)(x,y) FROM (SELECT number%30 x, toUInt8(number*37%200) y FROM numbers(200))

SELECT sparkbar(16)(x,y) FROM (SELECT number%30 x, sin(number)*10 y FROM numbers(200))

SELECT gini(x) FROM (SELECT 3 x)

SELECT maxIntersectionsState(1,2) = maxIntersectionsState(1,2)

SELECT sparkbarMerge(6)(s) FROM (SELECT sparkbarState(6)(number, number) s FROM numbers(30) GROUP BY number%3)

SELECT maxIntersectionsIf(number, number+3, number>5), maxIntersectionsOrNull(number,number+2), gini(distinct number%4), rankCorrArray([1,2,3],[3,1,2]), intervalLengthSumOrDefault(number,number+1) FROM numbers(20)

SELECT regr_count(y,x), regr_slope(y,x), regr_intercept(y,x), regr_r2(y,x), regr_avgx(y,x), regr_avgy(y,x), regr_sxx(y,x), regr_syy(y,x), regr_sxy(y,x) FROM (SELECT number AS x, number*2+1 AS y FROM numbers(5))

SELECT toTypeName(regr_count(y,x)), toTypeName(regr_slope(y,x)), toTypeName(regr_r2(y,x)), toTypeName(regr_avgx(y,x)), toTypeName(regr_sxx(y,x)) FROM (SELECT number AS x, number*2+1 AS y FROM numbers(5))

SELECT regr_count(y,x), regr_slope(y,x), regr_intercept(y,x), regr_r2(y,x), regr_avgx(y,x), regr_avgy(y,x), regr_sxx(y,x), regr_syy(y,x), regr_sxy(y,x) FROM (SELECT number AS x, number*2+1 AS y FROM numbers(0))

SELECT regr_count(y,x), regr_slope(y,x), regr_intercept(y,x), regr_r2(y,x), regr_avgx(y,x), regr_avgy(y,x), regr_sxx(y,x), regr_syy(y,x), regr_sxy(y,x) FROM (SELECT number AS x, number*2+1 AS y FROM numbers(1))

SELECT regr_slope(y,x), regr_r2(y,x),regr_r2(x,y) FROM (SELECT 3 AS x, number*2+1 AS y FROM numbers(4))

SELECT regr_slope(y,x), regr_count(y,x), toTypeName(regr_count(y,x)), toTypeName(regr_slope(y,x)) FROM (SELECT if(number=1,NULL,number) AS x, number*number AS y FROM numbers(5))

SELECT regr_slope('a',1)

SELECT regr_slope(1)

SELECT regr_slope(toDecimal32(1,2),1)
