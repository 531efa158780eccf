SELECT number FROM numbers(3) ORDER BY number WITH FILL

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 1 TO 8

SELECT number*2 AS n FROM numbers(3) ORDER BY n DESC WITH FILL

SELECT number*2 AS n FROM numbers(3) ORDER BY n DESC WITH FILL FROM 8 TO -1 STEP -1

SELECT toInt32(number*2) AS n FROM numbers(3) ORDER BY n DESC WITH FILL FROM 8 TO -2 STEP -3

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL STEP 0

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL STEP -1

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 9 TO 2

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 1.5 TO 8 STEP 0.5

SELECT toFloat64(number) AS n FROM numbers(3) ORDER BY n WITH FILL FROM 0 TO 3 STEP 0.5

SELECT toDate('2020-01-01')+number*2 AS d, number FROM numbers(3) ORDER BY d WITH FILL

SELECT toDate('2020-01-01')+number*20 AS d, number FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 1 WEEK

SELECT toDate('2020-01-31')+number*40 AS d, number FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 1 MONTH

SELECT toDateTime('2020-01-01 00:00:00','UTC')+number*3600 AS d, number FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 30 MINUTE

SELECT toDateTime('2020-01-01 00:00:00','UTC')+number*3600 AS d, number FROM numbers(2) ORDER BY d WITH FILL STEP 900

SELECT toDate('2020-01-01')+number AS d FROM numbers(2) ORDER BY d WITH FILL STEP INTERVAL 1 HOUR

SELECT toDate('2020-01-01')+number AS d FROM numbers(2) ORDER BY d WITH FILL FROM toDate('2019-12-30') TO toDate('2020-01-05')

SELECT toDate('2020-01-01')+number AS d FROM numbers(2) ORDER BY d WITH FILL FROM '2019-12-30' TO toDate('2020-01-05')

SELECT toDateTime64('2020-01-01 00:00:00.5',3,'UTC')+number AS d FROM numbers(2) ORDER BY d WITH FILL STEP INTERVAL 250 MILLISECOND

SELECT number%2*3 AS a, number AS b, 'x' AS s FROM numbers(4) ORDER BY a WITH FILL, b WITH FILL

SELECT number%2*3 AS a, number AS b, 'x' AS s FROM numbers(4) ORDER BY a WITH FILL FROM 0 TO 5, b WITH FILL FROM 0 TO 3

SELECT number%2*3 AS a, number AS b, 'x' AS s FROM numbers(4) ORDER BY a, b WITH FILL

SELECT number%2*3 AS a, number*2 AS b, 'x' AS s FROM numbers(4) ORDER BY a WITH FILL, b

SELECT number*2 AS n, 's' AS s, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE

SELECT number*2 AS n, 's' AS s, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (s, v AS v + 1)

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL FROM -2 TO 7 INTERPOLATE (v AS v + 1)

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (v AS n + v)

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (zz AS 1)

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (n AS n)

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE ()

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL LIMIT 2

SELECT number*2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL LIMIT 1 BY v

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL LIMIT 3 OFFSET 1

SELECT toNullable(number*2) AS n FROM numbers(3) ORDER BY n WITH FILL

SELECT if(number=1,NULL,number*2) AS n FROM numbers(4) ORDER BY n WITH FILL

SELECT toString(number) AS n FROM numbers(3) ORDER BY n WITH FILL

SELECT number AS n FROM numbers(0) ORDER BY n WITH FILL FROM 1 TO 4

SELECT number AS n FROM numbers(0) ORDER BY n WITH FILL

SELECT number AS n FROM numbers(0) ORDER BY n WITH FILL TO 4

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 10 TO 12

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL TO 2

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 3

SELECT number*5 AS n, count() c FROM numbers(3) GROUP BY n ORDER BY n WITH FILL STEP 5

SELECT number%3*2 AS n, count() c FROM numbers(10) GROUP BY n ORDER BY n WITH FILL

SELECT DISTINCT number%3*2 AS n FROM numbers(10) ORDER BY n WITH FILL

SELECT number*2 FROM numbers(3) ORDER BY number*2 WITH FILL

SELECT number FROM numbers(3) ORDER BY number*2 WITH FILL

SELECT number*2 AS n FROM numbers(3) ORDER BY n+1 WITH FILL

SELECT toUInt8(number*2) AS n FROM numbers(3) ORDER BY n WITH FILL FROM -2 TO 3

SELECT n FROM (SELECT number*2 AS n FROM numbers(3)) ORDER BY n WITH FILL FROM NULL TO 3

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM number TO 3

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL FROM 'a' TO 3

SELECT number*3 AS n, row_number() over (ORDER BY number) r FROM numbers(3) ORDER BY n WITH FILL

SELECT 1 AS n ORDER BY n WITH FILL TO 3

SELECT toDecimal32(number*2,1) AS n FROM numbers(3) ORDER BY n WITH FILL

SELECT (number=1) AS n FROM numbers(3) ORDER BY n WITH FILL

SELECT nan AS n ORDER BY n WITH FILL TO 3

SELECT number*2 AS n FROM numbers(3) ORDER BY n WITH FILL STEP INTERVAL 1 DAY

SELECT toDate('2020-01-01')+number*2 AS d FROM numbers(3) ORDER BY d DESC WITH FILL STEP INTERVAL -1 DAY

SELECT toDate('2020-01-01')+number*2 AS d FROM numbers(3) ORDER BY d DESC WITH FILL STEP INTERVAL 1 DAY

SELECT toDate32('2020-01-01')+number*2 AS d FROM numbers(3) ORDER BY d  WITH FILL STEP INTERVAL 1 DAY

SELECT number % 2 AS g, number*2 AS n FROM numbers(5) ORDER BY g, n WITH FILL FROM 0 TO 10 STEP 2

SELECT number*2 AS n, n + 1 AS m FROM numbers(3) ORDER BY n WITH FILL

SELECT number*2 AS n, number v, toString(v) t FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (v, t AS concat(t, 'x'))

SELECT toStartOfHour(ts) AS t, count() AS c FROM events WHERE id < 8 GROUP BY t ORDER BY t WITH FILL STEP INTERVAL 1 HOUR

SELECT toStartOfHour(ts) AS t, count() AS c, sum(delay) AS s FROM events WHERE id < 8 GROUP BY t ORDER BY t WITH FILL FROM toDateTime('2026-01-30 20:00:00', 'UTC') TO toDateTime('2026-01-31 12:00:00', 'UTC') STEP 3600 INTERPOLATE (s)

SELECT origin, day, count() AS c FROM events WHERE id < 20 GROUP BY origin, day ORDER BY origin, day WITH FILL FROM toDate('2026-01-30') TO toDate('2026-02-03')

SELECT day, origin, count() AS c FROM events WHERE id < 20 GROUP BY day, origin ORDER BY day WITH FILL FROM toDate('2026-01-29') TO toDate('2026-02-03'), origin

SELECT id, note, tail, dest, late, cost FROM events WHERE id IN (2, 5) ORDER BY id WITH FILL

SELECT id, note, dest FROM events WHERE id IN (2, 5) ORDER BY id WITH FILL INTERPOLATE (note, dest AS concat(dest, '!'))

SELECT CAST(number * 2 AS Int128) AS n FROM numbers(3) ORDER BY n DESC WITH FILL

SELECT toFloat32(number) AS n FROM numbers(2) ORDER BY n WITH FILL STEP 0.25

SELECT count(), sum(n) FROM (SELECT number * 100 AS n FROM numbers(300) ORDER BY n WITH FILL FROM 0 TO 40000)

SELECT count(), max(v) FROM (SELECT number * 20000 AS n, 0 AS v FROM numbers(2) ORDER BY n WITH FILL TO 50000 INTERPOLATE (v AS v + 1))

SELECT number AS n FROM numbers(2) ORDER BY n WITH FILL TO 1000000000 LIMIT 3

SELECT number % 3 AS a, number AS b FROM numbers(6) ORDER BY a WITH FILL FROM 0 TO 4, b WITH FILL STEP 2

SELECT number % 2 * 2 AS a, number AS b FROM numbers(4) ORDER BY a DESC WITH FILL, b DESC WITH FILL FROM 4 TO 0

SELECT a, b, c FROM (SELECT number % 2 AS a, number AS b, number * 3 AS c FROM numbers(4)) ORDER BY a, b WITH FILL TO 5, c WITH FILL

SELECT number * 2 AS n, number AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (v AS 7)

SELECT number * 2 AS n, toString(number) AS v FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (v AS n)

SELECT number * 3 AS n, number AS v, number AS w FROM numbers(3) ORDER BY n WITH FILL INTERPOLATE (v AS v + 2, w)

SELECT toDate('2020-02-28') + number * 3 AS d FROM numbers(2) ORDER BY d DESC WITH FILL

SELECT toDateTime('2020-03-29 00:30:00', 'Europe/Berlin') + number * 7200 AS d FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 1 HOUR

SELECT toDateTime('2020-03-28 12:00:00', 'Europe/Berlin') + number * 86400 * 2 AS d FROM numbers(2) ORDER BY d WITH FILL STEP INTERVAL 1 DAY

SELECT toDate('2020-01-31') + number * 100 AS d FROM numbers(2) ORDER BY d WITH FILL STEP INTERVAL 1 QUARTER

SELECT toDateTime64('2020-01-01 00:00:00', 2, 'UTC') + number * 2 AS d FROM numbers(2) ORDER BY d WITH FILL

SELECT if(number = 1, NULL, number * 2) AS n FROM numbers(4) ORDER BY n NULLS FIRST WITH FILL FROM 1 TO 9

SELECT if(number = 1, NULL, number * 2) AS n FROM numbers(4) ORDER BY n WITH FILL FROM 1 TO 9

SELECT if(number = 1, NULL, number * 2) AS n FROM numbers(4) ORDER BY n DESC WITH FILL FROM 9 TO 1

SELECT * FROM (SELECT number * 2 AS n FROM numbers(3) ORDER BY n WITH FILL) WHERE n % 2 = 1

SELECT number * 2 AS n, count() OVER () AS c FROM numbers(2) QUALIFY c = 2 ORDER BY n WITH FILL

SELECT number AS n FROM numbers(3) ORDER BY n WITH FILL, n WITH FILL

SELECT number AS n FROM numbers(3) ORDER BY n, n WITH FILL

SELECT number AS n FROM numbers(3) ORDER BY n WITH FILL STEP 1.5

SELECT number AS n FROM numbers(3) ORDER BY n WITH FILL FROM toDate('2020-01-01')

SELECT number AS n FROM numbers(0) ORDER BY n DESC WITH FILL FROM 3 TO 0 STEP -1

SELECT 'x' AS s, number AS n FROM numbers(0) ORDER BY s, n WITH FILL FROM 1 TO 3
