SELECT number, count() OVER (), rank() OVER (ORDER BY number%2), dense_rank() OVER (ORDER BY number % 2), percent_rank() OVER (ORDER BY number%2), cume_dist() OVER (ORDER BY number%2), ntile(3) OVER (ORDER BY number) FROM numbers(5) ORDER BY number

SELECT lag(number) OVER (ORDER BY number), lag(number,2) OVER (ORDER BY number), lag(number,1,-1) OVER (ORDER BY number), lead(toNullable(number)) OVER (ORDER BY number), lagInFrame(number, 1, 7) OVER (ORDER BY number) FROM numbers(3)

SELECT leadInFrame(number) OVER (ORDER BY number), leadInFrame(number) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), first_value(number) OVER (ORDER BY number), nth_value(number, 2) OVER (ORDER BY number) FROM numbers(3)

SELECT lag(number, 1, 'x') OVER (ORDER BY number) FROM numbers(3)

SELECT lag(number, 1, 300) OVER (ORDER BY number), lag(toUInt8(number), 1, 300) OVER (ORDER BY number), lag(toUInt8(number), 1, NULL) OVER (ORDER BY number) FROM numbers(3)

SELECT lag(number) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT lag() OVER () FROM numbers(2)

SELECT lag(number, -1) OVER () FROM numbers(2)

SELECT lag(number, number) OVER (ORDER BY number) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED FOLLOWING AND 1 FOLLOWING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY toDateTime(number,'UTC') RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY toString(number) RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number, number RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW exclude CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS -1 PRECEDING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS 1+1 PRECEDING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS 2 PRECEDING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS 2 FOLLOWING) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER w, row_number() OVER (w ORDER BY number DESC) FROM numbers(4) WINDOW w AS (PARTITION BY number%2) ORDER BY number

SELECT sum(number) OVER (w ORDER BY number) FROM numbers(4) WINDOW w AS (ORDER BY number)

SELECT sum(number) OVER w2 FROM numbers(4) WINDOW w AS (PARTITION BY number%2), w2 AS (w ORDER BY number) ORDER BY number

SELECT sum(number) OVER nope FROM numbers(4)

SELECT number%2 AS k, sum(count()) OVER (), sum(sum(number)) OVER (ORDER BY k), rank() OVER (ORDER BY count() DESC, k) FROM numbers(5) GROUP BY k ORDER BY k

SELECT number, row_number() OVER (ORDER BY number DESC) AS r FROM numbers(5) QUALIFY r <= 2 ORDER BY number

SELECT number FROM numbers(5) WHERE row_number() OVER () = 1

SELECT number FROM numbers(5) GROUP BY number HAVING row_number() OVER () = 1

SELECT number FROM numbers(5) ORDER BY row_number() OVER (ORDER BY number DESC)

SELECT number, sum(row_number() OVER ()) OVER () FROM numbers(2)

SELECT number, sum(row_number() OVER ()) FROM numbers(2) GROUP BY number

SELECT row_number(1) OVER () FROM numbers(2)

SELECT row_number() FROM numbers(2)

SELECT plus(number,1) OVER () FROM numbers(2)

SELECT ntile(0) OVER (ORDER BY number) FROM numbers(2)

SELECT ntile(number) OVER (ORDER BY number) FROM numbers(2)

SELECT ntile(2) OVER () FROM numbers(2)

SELECT ntile(2) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(2)

SELECT rank() OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT toTypeName(first_value(x) OVER ()), first_value(x) OVER (ORDER BY n), last_value(x) OVER (ORDER BY n), nth_value(x,1) OVER (ORDER BY n), first_value(x) IGNORE NULLS OVER (ORDER BY n), last_value(x) IGNORE NULLS OVER (ORDER BY n) FROM (SELECT number n, nullIf(number,0) x FROM numbers(3))

SELECT nth_value(number, 0) OVER () FROM numbers(2)

SELECT nth_value(number, 1), first_value(number), last_value(number) FROM numbers(3)

SELECT count() OVER (PARTITION BY 1), count(*) OVER (), uniq(number) OVER (ORDER BY number), quantile(number) OVER (ORDER BY number) FROM numbers(3)

SELECT count() FILTER (WHERE number > 1) OVER (), sum(DISTINCT number) OVER () FROM numbers(3)

SELECT number FROM numbers(5) QUALIFY number > 2

SELECT sum(number) OVER (ORDER BY number DESC RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(n) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (SELECT number n, nullIf(number,2) x FROM numbers(5)) ORDER BY n

SELECT sum(n) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING) FROM (SELECT number n, nullIf(number,2) x FROM numbers(5)) ORDER BY n

SELECT lag(number) OVER (ORDER BY number), lag(number,2) OVER (ORDER BY number), lag(number,1,9) OVER (ORDER BY number), lead(toNullable(number)) OVER (ORDER BY number), lagInFrame(number, 1, 7) OVER (ORDER BY number), lagInFrame(number, 0) OVER (ORDER BY number) FROM numbers(3)

SELECT lag(number, -1) OVER (ORDER BY number) FROM numbers(4)

SELECT ntile(2) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),  denseRank() OVER (ORDER BY number), percentRank() OVER (ORDER BY number) FROM numbers(2)

SELECT Lag(number) OVER (ORDER BY number), ROW_NUMBER() OVER (ORDER BY number), Rank() OVER (ORDER BY number), First_Value(number) OVER (ORDER BY number), NTILE(2) OVER (ORDER BY number), DENSE_RANK() OVER (ORDER BY number), Nth_value(number, 1) OVER (), cume_DIST() OVER (ORDER BY number) FROM numbers(2)

SELECT lead(toString(number)) OVER (ORDER BY number), lead(number, 1, null) OVER (ORDER BY number) FROM numbers(3)

SELECT percent_rank() OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT cume_dist() OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT dense_rank() OVER (), rank() OVER (), row_number() OVER (), percent_rank() OVER (), cume_dist() OVER () FROM numbers(3)

SELECT lagInFrame(number, 1) OVER (ORDER BY number ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), leadInFrame(number, 1, 100) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), leadInFrame(number, 1, 100) OVER (ORDER BY number) FROM numbers(4)

SELECT first_value(number) OVER (ORDER BY number ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING), min(number) OVER (ORDER BY number ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING), avg(number)  OVER (ORDER BY number ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING), any(toNullable(number)) OVER (ORDER BY number ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) FROM numbers(4)

SELECT nth_value(number, 2) OVER (ORDER BY number ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), nth_value(number, 2, 7) OVER () FROM numbers(4)

SELECT nth_value(number, 2) OVER (ORDER BY number ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM numbers(4)

SELECT row_number() RESPECT NULLS OVER (ORDER BY number) FROM numbers(2)

SELECT sum(number) IGNORE NULLS OVER (ORDER BY number) FROM numbers(2)

SELECT lag(number) IGNORE NULLS OVER (ORDER BY number) FROM numbers(2)

SELECT first_value(x) RESPECT NULLS OVER (ORDER BY n), any_respect_nulls(x) OVER (ORDER BY n), anyLast(x) OVER (ORDER BY n), last_value(x) RESPECT NULLS OVER (ORDER BY n) FROM (SELECT number n, nullIf(number,0) x FROM numbers(3))

SELECT sum(n) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), x FROM (SELECT number n, nullIf(number,2) x FROM numbers(5)) ORDER BY n

SELECT sum(n) OVER (ORDER BY x DESC RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), x FROM (SELECT number n, nullIf(number,2) x FROM numbers(5)) ORDER BY n

SELECT sum(n) OVER (ORDER BY x ASC NULLS FIRST RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), x FROM (SELECT number n, nullIf(number,2) x FROM numbers(5)) ORDER BY n

SELECT sum(number) OVER (ORDER BY toInt8(number) RANGE BETWEEN 200 PRECEDING AND CURRENT ROW) FROM numbers(4)

SELECT sum(number) OVER (ORDER BY toUInt8(250+number) RANGE BETWEEN 3 PRECEDING AND 3 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY toFloat64(number)/2 RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY toDate(number) RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY toDecimal32(number,2) RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY toDateTime64(number,3,'UTC') RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY CAST(number AS Int128) RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (ORDER BY toDate32(number) RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(6)

SELECT sum(number) OVER (PARTITION BY number % 2 ORDER BY number GROUPS 1 PRECEDING) FROM numbers(6)

SELECT sum(number) OVER (GROUPS 1 PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), sum(number) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT sum(number) OVER (ROWS) FROM numbers(3)

SELECT sum(number) OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ROWS BETWEEN UNBOUNDED FOLLOWING AND UNBOUNDED FOLLOWING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY number RANGE BETWEEN 0 PRECEDING AND 0 FOLLOWING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 1 PRECEDING AND 2 PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN 5000000000 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT number, count() OVER w FROM numbers(3) WINDOW w AS (ORDER BY number), w AS (ORDER BY number DESC)

SELECT count() OVER (w ROWS 1 PRECEDING) FROM numbers(3) WINDOW w AS (ORDER BY number ROWS 2 PRECEDING)

SELECT count() OVER (w PARTITION BY number) FROM numbers(3) WINDOW w AS (ORDER BY number)

SELECT 1 FROM numbers(3) WINDOW w AS (nope)

SELECT 1 FROM numbers(2) WINDOW w AS (ORDER BY zzz)

SELECT row_number() OVER (ORDER BY 1) FROM numbers(2)

SELECT row_number() OVER (ORDER BY a) AS r, number AS a FROM numbers(2) ORDER BY r

SELECT number + row_number() OVER (ORDER BY number) AS s, s * 2 FROM numbers(2) ORDER BY s

SELECT DISTINCT row_number() OVER (PARTITION BY number) FROM numbers(3)

SELECT count() OVER () c FROM numbers(10) WHERE number > 3 LIMIT 1

SELECT number % 3 k, count() c, sum(c) OVER (ORDER BY k) FROM numbers(10) GROUP BY k ORDER BY k

SELECT number % 3 k, count() c FROM numbers(10) GROUP BY k QUALIFY row_number() OVER (ORDER BY c DESC, k) = 1

SELECT number FROM numbers(5) QUALIFY count() OVER () > 3 ORDER BY number DESC

SELECT number FROM numbers(5) QUALIFY 'a'

SELECT sum(number) OVER (ORDER BY number) AS s FROM numbers(5) WHERE s > 3

SELECT k, count() FROM (SELECT number%2 k FROM numbers(4)) GROUP BY row_number() OVER ()

SELECT number, count() OVER () FROM numbers(3) GROUP BY number ORDER BY number

SELECT number+1, count() OVER () FROM numbers(3) GROUP BY number%2

SELECT sum(number), count() OVER () FROM numbers(3)

SELECT any(number), row_number() OVER (ORDER BY any(number)) FROM numbers(3)

SELECT lag(number, 5000000000) OVER (ORDER BY number) FROM numbers(2)

SELECT lag(number, 1.0) OVER (ORDER BY number) FROM numbers(2)

SELECT lag(number, 1, 1, 1) OVER (ORDER BY number) FROM numbers(2)

SELECT lagInFrame(number, -1) OVER (ORDER BY number) FROM numbers(2)

SELECT lagInFrame(number, number) OVER (ORDER BY number) FROM numbers(3)

SELECT rank(number, 1) OVER (ORDER BY number), ntile(2, 3) OVER (ORDER BY number) FROM numbers(3)

SELECT ntile() OVER (ORDER BY number) FROM numbers(3)

SELECT ntile(1.5) OVER (ORDER BY number) FROM numbers(3)

SELECT ntile(100) OVER (ORDER BY number) FROM numbers(3)

SELECT Lag(number) OVER (ORDER BY number), ROW_NUMBER() OVER (ORDER BY number), Rank() OVER (ORDER BY number), First_Value(number) OVER (ORDER BY number), NTILE(2) OVER (ORDER BY number), DENSE_RANK() OVER (ORDER BY number), Nth_value(number, 1) OVER () FROM numbers(2)

SELECT DenseRank() OVER (ORDER BY number) FROM numbers(2)

SELECT PercentRank() OVER (ORDER BY number) FROM numbers(2)

SELECT PERCENT_RANK() OVER (ORDER BY number) FROM numbers(2)

SELECT LEAD(number) OVER (ORDER BY number) FROM numbers(2)

SELECT leadinframe(number) OVER (ORDER BY number) FROM numbers(2)

SELECT ntile(2) OVER (ORDER BY number), sum(number) OVER (ORDER BY number) FROM numbers(3)

SELECT ntile(2) OVER w, sum(number) OVER w FROM numbers(3) WINDOW w AS (ORDER BY number)

SELECT percent_rank() OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), cume_dist() OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM numbers(3)

SELECT percent_rank() OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM numbers(3)

SELECT cume_dist() OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM numbers(3)

SELECT cume_dist() OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT percent_rank() OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT ntile(2) OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM numbers(3)

SELECT ntile(2) OVER (ORDER BY number RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT ntile(-1) OVER (ORDER BY number) FROM numbers(3)

SELECT ntile(toUInt8(2)+1) OVER (ORDER BY number) FROM numbers(3)

SELECT ntile('a') OVER (ORDER BY number) FROM numbers(3)

SELECT rank(number) OVER (ORDER BY number) FROM numbers(3)

SELECT dense_rank(1) OVER (ORDER BY number) FROM numbers(3)

SELECT percent_rank(1) OVER (ORDER BY number) FROM numbers(3)

SELECT cume_dist(1) OVER (ORDER BY number) FROM numbers(3)

SELECT row_number(1,2) OVER (ORDER BY number) FROM numbers(3)

SELECT lag(x) IGNORE NULLS OVER (ORDER BY n), lag(x) OVER (ORDER BY n), lead(x) IGNORE NULLS OVER (ORDER BY n), nth_value(x, 1) IGNORE NULLS OVER (ORDER BY n), last_value(x) IGNORE NULLS OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (SELECT number n, if(number%2=0, null, number) x FROM numbers(5)) ORDER BY n

SELECT lag(x) RESPECT NULLS OVER (ORDER BY n) FROM (SELECT number n, if(number%2=0, null, number) x FROM numbers(5)) ORDER BY n

SELECT count(x) RESPECT NULLS OVER (ORDER BY n) FROM (SELECT number n, if(number%2=0, null, number) x FROM numbers(5)) ORDER BY n

SELECT count() OVER (ORDER BY number ROWS BETWEEN 2147483647 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN 2147483648 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN 4294967296 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN NULL PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN number PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER (ORDER BY number ROWS BETWEEN 'a' PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT count() OVER w2 FROM numbers(3) WINDOW w2 AS (w ORDER BY number), w AS (PARTITION BY number)

SELECT count() OVER (w) FROM numbers(3) WINDOW w AS (ROWS 1 PRECEDING)

SELECT count() OVER w FROM numbers(3) WINDOW w AS (ORDER BY number ROWS 1 PRECEDING)

SELECT count() OVER (PARTITION BY number % 2 AS k), k FROM numbers(3)

SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS total, row_number() OVER w AS r FROM numbers(3) WINDOW w AS (PARTITION BY 1 ORDER BY number DESC NULLS LAST) ORDER BY r

SELECT nth_value(number, number) OVER (ORDER BY number) FROM numbers(3)

SELECT nth_value(number, number + 1) OVER (ORDER BY number) FROM numbers(3)

SELECT nth_value(number, 1.5) OVER (ORDER BY number) FROM numbers(3)

SELECT lag(number, 1, toUInt8(3)) OVER (ORDER BY number), lead(number, 1, number * 10) OVER (ORDER BY number) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY number RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING), count() OVER (ORDER BY number RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING), count() OVER (ORDER BY number RANGE BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM numbers(5)

SELECT cume_dist() OVER (PARTITION BY number%2 ORDER BY number), percent_rank() OVER (PARTITION BY number%2 ORDER BY intDiv(number,4)) FROM numbers(8) ORDER BY number

SELECT nonexistent(number) OVER () FROM numbers(2)

SELECT count(nope) OVER () FROM numbers(2)

SELECT sum(number, number) OVER () FROM numbers(2)

SELECT count() OVER (ORDER BY count()) FROM numbers(2)

SELECT sum(number) OVER (ORDER BY toLowCardinality(toUInt16(number)) RANGE 1 PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY CAST(number AS UInt128) RANGE 1 PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') RANGE 1 PRECEDING) FROM numbers(3)

SELECT sum(number) OVER (ORDER BY (number=1) RANGE 1 PRECEDING) FROM numbers(3)

SELECT row_number() OVER (ORDER BY number) + 1, -rank() OVER (ORDER BY number) FROM numbers(2)

SELECT if(row_number() OVER (ORDER BY number) = 1, 'first', 'rest') FROM numbers(2)

SELECT number FROM numbers(3) QUALIFY row_number() OVER w > 1 WINDOW w AS (ORDER BY number)

SELECT number FROM numbers(3) WINDOW w AS (ORDER BY number) QUALIFY row_number() OVER w > 1 ORDER BY number LIMIT 1

SELECT number AS n, count() OVER () AS c FROM numbers(3) QUALIFY c > 1 AND n > 0 ORDER BY n

SELECT number % 2 AS k, sum(number) s FROM numbers(5) GROUP BY k HAVING s > 1 QUALIFY rank() OVER (ORDER BY s) = 1

SELECT number FROM numbers(3) QUALIFY null

SELECT number FROM numbers(3) QUALIFY 1.5

SELECT number FROM numbers(3) QUALIFY sum(number) > 1

SELECT count() OVER () FROM numbers(0)

SELECT max(number) OVER () + count(*) OVER (PARTITION BY number % 2) FROM numbers(4)
