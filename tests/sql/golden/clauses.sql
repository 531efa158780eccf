WITH 5 AS five, five + 1 AS six SELECT five, six, id FROM events WHERE id < six ORDER BY id

WITH toYear(day) AS y SELECT y, count() FROM events GROUP BY y ORDER BY y

WITH id % 3 AS k, sum(delay) AS s SELECT k, s FROM events GROUP BY k ORDER BY k

WITH 'x' AS a, upper(a) AS b SELECT a, b, (WITH 'y' AS a SELECT a)

WITH x + 1 AS y SELECT y FROM (SELECT 1 AS x)

WITH [1, 2, 3] AS list SELECT arraySum(list), x FROM numbers(1) ARRAY JOIN list AS x

WITH 1 AS one SELECT one FROM (WITH 2 AS one SELECT one)

WITH unknown_name + 1 AS y SELECT y

WITH (SELECT max(id) FROM events) AS most SELECT most, count() FROM events WHERE id = most

WITH (SELECT avg(delay) FROM events) AS mean SELECT count() FROM events WHERE delay > mean

WITH (SELECT min(id), max(id) FROM events) AS bounds SELECT bounds, bounds.2 - bounds.1, toTypeName(bounds)

WITH (SELECT 1 WHERE 0) AS nothing SELECT nothing, toTypeName(nothing)

WITH (SELECT groupArray(id) FROM (SELECT id FROM events ORDER BY id LIMIT 3)) AS ids SELECT id FROM events WHERE has(ids, id) ORDER BY id

WITH (SELECT number FROM numbers(2)) AS two SELECT two

WITH (SELECT 3) AS a, (SELECT a + 1) AS b SELECT a, b

WITH (SELECT count() FROM events) AS n SELECT n, origin, count() / n FROM events GROUP BY origin ORDER BY origin

WITH (SELECT note FROM events WHERE note IS NULL LIMIT 1) AS hole SELECT hole, toTypeName(hole)

SELECT * REPLACE (number * 2 AS number) FROM numbers(3)

SELECT * REPLACE (toString(id) AS id, upper(dest) AS dest) FROM (SELECT id, dest FROM events ORDER BY id LIMIT 2)

SELECT * REPLACE (1 AS nobody) FROM numbers(2)

SELECT * REPLACE STRICT (1 AS nobody) FROM numbers(2)

SELECT * EXCEPT (dest) REPLACE (id + 1 AS id) FROM (SELECT id, dest FROM events ORDER BY id LIMIT 2)

SELECT COLUMNS('^d') FROM events ORDER BY id LIMIT 2

SELECT COLUMNS('^d') APPLY (x -> toString(x)) FROM events ORDER BY id LIMIT 2

SELECT COLUMNS('nothing like this') FROM events

SELECT COLUMNS('(') FROM events

SELECT COLUMNS(id, dest) FROM events ORDER BY id LIMIT 2

SELECT COLUMNS(id, dest) EXCEPT (dest) FROM events ORDER BY id LIMIT 2

SELECT COLUMNS(nobody) FROM events

SELECT COLUMNS(dest, id) APPLY toString FROM events ORDER BY id LIMIT 2

SELECT count() FROM events SAMPLE 0.5

SELECT count() FROM events SAMPLE 1 / 2

SELECT count() FROM events SAMPLE 0.1 OFFSET 0.5

SELECT count() FROM events AS e SAMPLE 10000

SELECT count() FROM events SAMPLE 1

SELECT id FROM events SAMPLE 0.5 WHERE id > 3 ORDER BY id

SELECT count() FROM (SELECT * FROM events SAMPLE 0.5)

SELECT id FROM events PREWHERE id < 4 ORDER BY id

SELECT id FROM events PREWHERE origin = 'LAX' WHERE delay > 0 ORDER BY id

SELECT count() FROM events PREWHERE note IS NULL

SELECT count() FROM events PREWHERE tail > 5

SELECT count() FROM events PREWHERE 0

SELECT count() FROM events PREWHERE 1 WHERE id > 60

SELECT e.id FROM events AS e PREWHERE e.id IN (1, 2) ORDER BY e.id

SELECT id FROM events PREWHERE id IN (SELECT number FROM numbers(4)) ORDER BY id

SELECT id FROM events PREWHERE dest

SELECT e.id, n.number FROM events AS e INNER JOIN numbers(4) AS n ON e.id = n.number PREWHERE e.delay >= 0 ORDER BY e.id

SELECT a.number, b.number FROM numbers(2) AS a CROSS JOIN numbers(3) AS b ORDER BY 1, 2

SELECT count() FROM numbers(4) AS a CROSS JOIN numbers(5) AS b CROSS JOIN numbers(2) AS c

SELECT count() FROM numbers(4) AS a CROSS JOIN numbers(0) AS b

SELECT a.number FROM numbers(3) AS a CROSS JOIN (SELECT 1 AS x WHERE 0) AS b

SELECT sum(a.number * b.number) FROM numbers(4) AS a CROSS JOIN numbers(5) AS b WHERE a.number < b.number

SELECT a.number, b.number FROM numbers(2) AS a CROSS JOIN numbers(3) AS b ON a.number = b.number

SELECT id, e FROM (SELECT 1 AS id, [1, 2] AS a UNION ALL SELECT 2, []) LEFT ARRAY JOIN a AS e ORDER BY id, e

SELECT id, e, toTypeName(e) FROM (SELECT 1 AS id, CAST([], 'Array(Nullable(String))') AS a) LEFT ARRAY JOIN a AS e

SELECT e, f FROM (SELECT [1, 2] AS a, ['x', 'y'] AS b) LEFT ARRAY JOIN a AS e, b AS f

SELECT e, f FROM (SELECT [1, 2] AS a, ['x'] AS b) LEFT ARRAY JOIN a AS e, b AS f

SELECT k FROM (SELECT map('a', 1) AS m) LEFT ARRAY JOIN m AS k

SELECT origin, count() FROM events GROUP BY ALL ORDER BY origin

SELECT origin, late, sum(delay) FROM events GROUP BY ALL ORDER BY ALL

SELECT id % 2 AS k, max(id) + k FROM events GROUP BY ALL ORDER BY k

SELECT count() FROM events GROUP BY ALL

SELECT id % 2, 5, count() FROM events GROUP BY ALL HAVING count() > 1 ORDER BY 1

SELECT origin, late, count() FROM events GROUP BY CUBE(origin, late) ORDER BY ALL

SELECT late, sum(delay), grouping(late) FROM events GROUP BY CUBE(late) ORDER BY 3, 1

SELECT origin, late, count() FROM events WHERE 0 GROUP BY CUBE(origin, late)

SELECT id % 2 AS a, id % 3 AS b, count() FROM events GROUP BY a, b WITH CUBE ORDER BY ALL

SELECT origin, late, count() FROM events GROUP BY GROUPING SETS ((origin), (late), ()) ORDER BY ALL

SELECT origin, count() FROM events GROUP BY GROUPING SETS ((origin, nobody))

SELECT number, sum(number) OVER (ORDER BY number GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM numbers(4) ORDER BY number

SELECT number, count() OVER (ORDER BY intDiv(number, 2) GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) FROM numbers(6) ORDER BY number

SELECT number, sum(number) OVER (ORDER BY number DESC GROUPS 2 PRECEDING) FROM numbers(5) ORDER BY number

SELECT number, max(number) OVER (PARTITION BY number % 2 ORDER BY number GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM numbers(6) ORDER BY number

SELECT number, sum(number) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM numbers(3)

SELECT id, tail FROM events ORDER BY tail NULLS FIRST, id LIMIT 8

SELECT id, tail FROM events ORDER BY tail DESC NULLS FIRST, id LIMIT 8

SELECT note FROM events ORDER BY note NULLS FIRST, id LIMIT 4

SELECT id, tail FROM events ORDER BY tail NULLS LAST, id LIMIT 8

SELECT id, tail FROM events ORDER BY tail DESC NULLS LAST, id LIMIT 8

SELECT x FROM values('x Nullable(Float64)', (1), (nan), (NULL), (-inf)) ORDER BY x DESC NULLS LAST

SELECT x FROM values('x Nullable(Float64)', (1), (nan), (NULL), (-inf)) ORDER BY x NULLS FIRST

SELECT x, row_number() OVER (ORDER BY x NULLS LAST) FROM values('x Nullable(Int8)', (1), (NULL), (0)) ORDER BY 2

SELECT x, row_number() OVER (ORDER BY x NULLS FIRST) FROM values('x Nullable(Int8)', (1), (NULL), (0)) ORDER BY 2

SELECT late, note FROM events ORDER BY late, note NULLS LAST, id LIMIT 5

SELECT number % 3 AS k FROM numbers(9) ORDER BY k LIMIT 2 WITH TIES

SELECT number % 3 AS k FROM numbers(9) ORDER BY k DESC LIMIT 4 WITH TIES

SELECT number % 3 AS k FROM numbers(9) ORDER BY k LIMIT 1, 3 WITH TIES

SELECT number FROM numbers(9) LIMIT 2 WITH TIES

SELECT number FROM numbers(9) ORDER BY number OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY

SELECT number FROM numbers(9) ORDER BY number FETCH FIRST 1 ROW ONLY

SELECT number % 3 AS k FROM numbers(9) ORDER BY k FETCH FIRST 4 ROWS WITH TIES

SELECT number FROM numbers(9) ORDER BY number OFFSET 7 ROWS FETCH NEXT 5 ROWS ONLY

SELECT 1 AS x UNION DISTINCT SELECT 1 UNION DISTINCT SELECT 2 ORDER BY x

SELECT x FROM (SELECT 1 AS x UNION DISTINCT SELECT NULL UNION DISTINCT SELECT NULL) ORDER BY x

SELECT toTypeName(x), x FROM (SELECT 1 AS x UNION DISTINCT SELECT -1) ORDER BY x

SELECT x FROM (SELECT 'a' AS x UNION DISTINCT SELECT 'a' UNION ALL SELECT 'a') ORDER BY x

SELECT 1 UNION DISTINCT SELECT 1, 2

SELECT count() FROM (SELECT origin FROM events UNION DISTINCT SELECT dest FROM events)

SELECT x FROM (SELECT nan AS x UNION DISTINCT SELECT nan) ORDER BY x

SELECT number % 2 AS x FROM numbers(4) INTERSECT DISTINCT SELECT number FROM numbers(2) ORDER BY x

SELECT x FROM (SELECT NULL AS x INTERSECT DISTINCT SELECT NULL)

SELECT 1 INTERSECT DISTINCT SELECT 2

SELECT 1 INTERSECT DISTINCT SELECT 1, 2

SELECT count() FROM (SELECT origin FROM events INTERSECT DISTINCT SELECT dest FROM events)

SELECT x FROM (SELECT number % 3 AS x FROM numbers(9) EXCEPT DISTINCT SELECT 1) ORDER BY x

SELECT x FROM (SELECT NULL AS x EXCEPT DISTINCT SELECT NULL)

SELECT x FROM (SELECT number AS x FROM numbers(3) EXCEPT DISTINCT SELECT number FROM numbers(3))

SELECT 1 EXCEPT DISTINCT SELECT 1, 2

SELECT count() FROM (SELECT dest FROM events EXCEPT DISTINCT SELECT origin FROM events)

SELECT x FROM (SELECT 'a' AS x EXCEPT DISTINCT SELECT 'b' EXCEPT DISTINCT SELECT 'a')

SELECT toTypeName(x) FROM (SELECT 1 AS x EXCEPT DISTINCT SELECT -1)

SELECT EXISTS(SELECT 1) AS a, EXISTS(SELECT 1 WHERE 0) AS b, toTypeName(a) AS c

SELECT count() FROM events WHERE EXISTS(SELECT 1 FROM numbers(3))

SELECT count() FROM events WHERE NOT EXISTS(SELECT 1 FROM numbers(0))

SELECT EXISTS(SELECT NULL) AS a, EXISTS(SELECT 1, 2) AS b

SELECT if(EXISTS(SELECT number FROM numbers(5) WHERE number > 10), 'yes', 'no') AS a

SELECT EXISTS(SELECT nobody FROM events)

SELECT EXISTS(SELECT 1 FROM numbers(2) LIMIT 0) AS a, EXISTS(SELECT count() FROM numbers(0)) AS b

SELECT id FROM events WHERE id < 3 AND EXISTS(SELECT id FROM events WHERE late) ORDER BY id

SELECT count() FILTER (WHERE late), count() FILTER (WHERE NOT late) FROM events

SELECT sum(delay) FILTER (WHERE delay > 0) AS s, toTypeName(s) FROM events

SELECT origin, max(id) FILTER (WHERE note IS NOT NULL) FROM events GROUP BY origin ORDER BY origin

SELECT count() FILTER (WHERE tail > 5), count() FILTER (WHERE NULL) FROM events

SELECT avg(number) FILTER (WHERE number > 100) FROM numbers(10)

SELECT uniqExact(origin) FILTER (WHERE id < 5), groupArray(id) FILTER (WHERE id < 4) FROM (SELECT * FROM events ORDER BY id)

SELECT number, sum(number) FILTER (WHERE number % 2 = 0) OVER (ORDER BY number) FROM numbers(5) ORDER BY number

SELECT count() FILTER (WHERE 'text') FROM events

SELECT upper('x') FILTER (WHERE 1)

SELECT quantileExact(0.5)(number) FILTER (WHERE number < 5) FROM numbers(10)

SELECT count() FROM zeros(5)

SELECT zero, toTypeName(zero) FROM zeros(2)

SELECT sum(zero + 1) FROM zeros(1000)

SELECT * FROM zeros(1) WHERE zero > 0

SELECT zero FROM zeros(3) LIMIT 1

SELECT max(zero), count() FROM zeros(70000) WHERE zero = 0

SELECT count() FROM zeros('a')

SELECT z.zero, n.number FROM zeros(2) AS z CROSS JOIN numbers(2) AS n ORDER BY n.number

SELECT count(), toTypeName(any(a)) FROM (SELECT a FROM generateRandom('a UInt8, b String', 1, 5, 3) LIMIT 10)

SELECT max(length(b)) <= 4 FROM (SELECT b FROM generateRandom('b String', 7, 4, 3) LIMIT 100)

SELECT max(length(c)) <= 2, toTypeName(any(c)) FROM (SELECT c FROM generateRandom('c Array(Int8)', 7, 4, 2) LIMIT 100)

SELECT count() FROM generateRandom('a Nope') LIMIT 1

SELECT toTypeName(a), toTypeName(b) FROM (SELECT * FROM generateRandom('a Nullable(Int32), b Tuple(x UInt8, y Date)', 2) LIMIT 1)

SELECT count() FROM (SELECT 1 FROM generateRandom('a Enum8(\'x\' = 1)', 3) LIMIT 7)

SELECT max(id) FILTER (WHERE 0), count() FILTER (WHERE 1) FROM events

SELECT zero, count() FROM zeros(4) GROUP BY zero

SELECT COLUMNS(id, nobody) FROM events

SELECT COLUMNS('^(id|dest)$') EXCEPT (dest) FROM events ORDER BY id LIMIT 2

SELECT COLUMNS(id, delay) APPLY max FROM events

SELECT COLUMNS('^d') REPLACE (1 AS day) FROM events ORDER BY id LIMIT 1

SELECT id FROM events PREWHERE id = 7 OR id = 8 ORDER BY id DESC

SELECT number FROM numbers(4) ORDER BY number DESC OFFSET 1 ROW FETCH FIRST 2 ROWS ONLY

SELECT sum(zero), any(zero) FROM zeros(3)

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT id, count() OVER (ORDER BY ts RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW) AS c FROM events ORDER BY id LIMIT 4

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT id, sum(id) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 3 HOUR PRECEDING AND INTERVAL 1 HOUR PRECEDING) AS c FROM events ORDER BY id LIMIT 6

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT id, max(id) OVER (PARTITION BY late ORDER BY day RANGE BETWEEN CURRENT ROW AND INTERVAL 1 DAY FOLLOWING) AS c FROM events ORDER BY id LIMIT 6

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT id, count() OVER w AS c FROM events WINDOW w AS (ORDER BY ts DESC RANGE INTERVAL 4 HOUR PRECEDING) ORDER BY id LIMIT 4

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT id, min(id) OVER (ORDER BY ts64 RANGE BETWEEN INTERVAL 2 MINUTE FOLLOWING AND INTERVAL 2 HOUR FOLLOWING) AS c FROM events ORDER BY id LIMIT 4

-- weir: ClickHouse takes no INTERVAL in a frame
SELECT count() OVER (ORDER BY id, ts RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW) FROM events

SELECT tail FROM events GROUP BY tail ORDER BY tail DESC NULLS LAST

SELECT note, count() FROM events GROUP BY note ORDER BY note ASC NULLS LAST LIMIT 3
