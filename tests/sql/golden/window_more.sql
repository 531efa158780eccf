SELECT id, origin, delay, row_number() OVER (PARTITION BY origin ORDER BY delay, id) AS r, rank() OVER (PARTITION BY origin ORDER BY delay) AS k, dense_rank() OVER (PARTITION BY origin ORDER BY delay) AS d FROM events ORDER BY id

SELECT id, origin, percent_rank() OVER (PARTITION BY origin ORDER BY delay), cume_dist() OVER (PARTITION BY origin ORDER BY delay), ntile(3) OVER (PARTITION BY origin ORDER BY id) FROM events ORDER BY id

SELECT id, sum(delay) OVER (PARTITION BY origin ORDER BY id), count() OVER (PARTITION BY origin ORDER BY id), max(delay) OVER (PARTITION BY origin) FROM events ORDER BY id

SELECT id, min(dest) OVER (PARTITION BY origin ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), max(dest) OVER (PARTITION BY origin ORDER BY id), any(dest) OVER (ORDER BY id ROWS 1 PRECEDING), anyLast(dest) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING) FROM events ORDER BY id

SELECT id, note, count(note) OVER (ORDER BY id ROWS 3 PRECEDING), min(note) OVER (ORDER BY id ROWS 3 PRECEDING), any(note) OVER (PARTITION BY note), lag(note) OVER (ORDER BY id), lead(note, 2) OVER (ORDER BY id), first_value(note) OVER (ORDER BY id ROWS 2 PRECEDING), last_value(note) OVER (ORDER BY id ROWS 2 PRECEDING), nth_value(note, 2) OVER (ORDER BY id ROWS 2 PRECEDING) FROM events ORDER BY id

SELECT id, tail, sum(tail) OVER (ORDER BY id ROWS 1 PRECEDING), avg(delay) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), count() OVER (PARTITION BY tail), row_number() OVER (PARTITION BY tail ORDER BY id DESC) FROM events ORDER BY id

SELECT id, row_number() OVER (ORDER BY tail NULLS FIRST, id), row_number() OVER (ORDER BY tail DESC NULLS FIRST, id), row_number() OVER (ORDER BY tail DESC, id), rank() OVER (ORDER BY note) FROM events ORDER BY id

SELECT id, sum(cost) OVER (PARTITION BY kind ORDER BY id), toTypeName(sum(cost) OVER (PARTITION BY kind ORDER BY id)) FROM events ORDER BY id

SELECT id, lag(cost) OVER (ORDER BY id), lag(late) OVER (ORDER BY id), lag(uid) OVER (ORDER BY id), lag(ip) OVER (ORDER BY id), lag(ts) OVER (ORDER BY id), lag(ts64) OVER (ORDER BY id), lag(day) OVER (ORDER BY id), lag(origin) OVER (ORDER BY id), lag(dest, 3, 'none') OVER (ORDER BY id) FROM events ORDER BY id LIMIT 6

SELECT toTypeName(lag(cost) OVER w), toTypeName(lag(origin) OVER w), toTypeName(lag(kind) OVER w), toTypeName(lead(note) OVER w), toTypeName(first_value(origin) OVER w), toTypeName(avg(delay) OVER w), toTypeName(ntile(2) OVER w), toTypeName(cume_dist() OVER w) FROM events WINDOW w AS (ORDER BY id) LIMIT 1

SELECT id, ts, count() OVER (ORDER BY ts RANGE BETWEEN 7200 PRECEDING AND CURRENT ROW), sum(delay) OVER (ORDER BY ts RANGE BETWEEN CURRENT ROW AND 3600 FOLLOWING), count() OVER (ORDER BY ts DESC RANGE BETWEEN 10000 PRECEDING AND 1000 FOLLOWING) FROM events ORDER BY id

SELECT id, day, count() OVER (ORDER BY day RANGE BETWEEN 1 PRECEDING AND CURRENT ROW), count() OVER (ORDER BY day), count() OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), count() OVER (ORDER BY day GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) FROM events ORDER BY id

SELECT id, delay, count() OVER (ORDER BY delay RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING), count() OVER (ORDER BY delay GROUPS 1 PRECEDING), count() OVER (ORDER BY delay GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), count() OVER (ORDER BY delay GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING), count() OVER (ORDER BY delay DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) FROM events ORDER BY id

SELECT id, price, count() OVER (ORDER BY price RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING), min(price) OVER (ORDER BY price RANGE BETWEEN 100 PRECEDING AND UNBOUNDED FOLLOWING) FROM events ORDER BY id

SELECT id, tail, count() OVER (ORDER BY tail RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING), count() OVER (ORDER BY tail NULLS FIRST RANGE BETWEEN 100 PRECEDING AND CURRENT ROW), count() OVER (ORDER BY tail DESC RANGE BETWEEN 100 PRECEDING AND UNBOUNDED FOLLOWING) FROM events ORDER BY id

SELECT id, count() OVER (ORDER BY kind RANGE 1 PRECEDING), count() OVER (ORDER BY late RANGE BETWEEN 0 PRECEDING AND 1 FOLLOWING) FROM events ORDER BY id

SELECT id, uniqExact(origin) OVER (ORDER BY id ROWS 4 PRECEDING), uniq(dest) OVER (PARTITION BY kind ORDER BY id), uniqExact(kind) OVER () FROM events ORDER BY id

SELECT id, quantileExact(0.5)(delay) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING), quantileExact(0.9)(delay) OVER (PARTITION BY origin), medianExact(distance) OVER (ORDER BY id) FROM events ORDER BY id

SELECT id, argMin(dest, delay * 1000 - id) OVER (ORDER BY id ROWS 5 PRECEDING), argMax(id, delay * 1000 + id) OVER (PARTITION BY origin ORDER BY id), argMax(delay, id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM events ORDER BY id

SELECT id, sumIf(delay, late) OVER (ORDER BY id ROWS 3 PRECEDING), countIf(delay > 0) OVER (PARTITION BY origin ORDER BY id), avgIf(delay, kind = 'bus') OVER (ORDER BY id ROWS 2 PRECEDING), sumOrNull(delay) OVER (ORDER BY id ROWS BETWEEN 3 FOLLOWING AND 3 FOLLOWING), countDistinct(origin) OVER (ORDER BY id ROWS 3 PRECEDING), sum(DISTINCT delay) OVER (ORDER BY id) FROM events ORDER BY id

SELECT id, groupBitOr(distance) OVER (ORDER BY id ROWS 2 PRECEDING), groupBitAnd(distance) OVER (ORDER BY id ROWS 2 PRECEDING), groupBitXor(distance) OVER (ORDER BY id) FROM events ORDER BY id

SELECT id, round(stddevPop(delay) OVER (ORDER BY id ROWS 3 PRECEDING), 3), round(corr(delay, distance) OVER (PARTITION BY kind), 6), varSamp(delay) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND CURRENT ROW) FROM events ORDER BY id

SELECT id, sum(delay) OVER w1, sum(delay) OVER w2, sum(delay) OVER (w1 ROWS 1 PRECEDING), row_number() OVER (w3 ORDER BY id) FROM events WINDOW w1 AS (PARTITION BY origin ORDER BY id), w2 AS (PARTITION BY origin), w3 AS (w2) ORDER BY id

SELECT origin, count() AS c, sum(c) OVER (), round(c / sum(c) OVER (), 4) AS share, rank() OVER (ORDER BY c DESC), sum(count()) OVER (ORDER BY origin) FROM events GROUP BY origin ORDER BY origin

SELECT origin, kind, sum(delay), sum(sum(delay)) OVER (PARTITION BY origin), max(sum(delay)) OVER (PARTITION BY kind), lag(sum(delay)) OVER (PARTITION BY origin ORDER BY kind) FROM events GROUP BY origin, kind ORDER BY origin, kind

SELECT toStartOfHour(ts) AS t, count() AS c, avg(c) OVER (ORDER BY t ROWS 2 PRECEDING), c - lag(c) OVER (ORDER BY t) AS d, sum(c) OVER (ORDER BY t RANGE BETWEEN 7200 PRECEDING AND CURRENT ROW) FROM events GROUP BY t ORDER BY t

SELECT count(), row_number() OVER (ORDER BY count()), sum(count()) OVER () FROM events

SELECT upper(origin) AS o, count() OVER (PARTITION BY upper(origin)) FROM events GROUP BY upper(origin) ORDER BY o

SELECT origin, id, delay FROM events QUALIFY row_number() OVER (PARTITION BY origin ORDER BY delay DESC, id) = 1 ORDER BY origin

SELECT origin, id, r FROM (SELECT origin, id, row_number() OVER (PARTITION BY origin ORDER BY id) AS r FROM events) WHERE r <= 2 ORDER BY origin, id

SELECT id, delay, avg(delay) OVER (PARTITION BY origin) AS a FROM events WHERE kind != 'bus' QUALIFY delay > a ORDER BY id

SELECT origin, count() AS c FROM events GROUP BY origin HAVING c > 1 QUALIFY c = max(c) OVER () ORDER BY origin

SELECT origin, sum(delay) AS s FROM events GROUP BY origin QUALIFY rank() OVER (ORDER BY s DESC) <= 2 AND count() > 1 ORDER BY s

SELECT id FROM events QUALIFY dense_rank() OVER w = 2 ORDER BY id LIMIT 3

SELECT id FROM events WINDOW w AS (ORDER BY origin) QUALIFY dense_rank() OVER w = 2 ORDER BY id LIMIT 3

SELECT id, count() OVER () FROM events QUALIFY id IN (SELECT max(id) FROM events GROUP BY origin) ORDER BY id

SELECT DISTINCT origin, count() OVER (PARTITION BY origin) AS c FROM events ORDER BY origin

SELECT DISTINCT origin, count() OVER (PARTITION BY origin) FROM events ORDER BY count() OVER (PARTITION BY origin), origin

SELECT id, origin FROM events ORDER BY row_number() OVER (PARTITION BY origin ORDER BY id), origin LIMIT 7

SELECT origin, id FROM events ORDER BY count() OVER (PARTITION BY origin) DESC, id LIMIT 1 BY origin

SELECT origin, row_number() OVER (PARTITION BY origin ORDER BY id) AS r FROM events ORDER BY r DESC, origin LIMIT 3 WITH TIES

WITH w AS (SELECT id, lag(id) OVER (ORDER BY id) AS p FROM events) SELECT sum(id - p) FROM w

WITH (SELECT max(id) FROM events) AS m SELECT id, m - row_number() OVER (ORDER BY id) AS d FROM events ORDER BY id LIMIT 2

SELECT number, sum(number) OVER (ORDER BY number) FROM numbers(3) UNION ALL SELECT number, count() OVER () FROM numbers(2) ORDER BY 1, 2

SELECT sum(s), min(s), max(s) FROM (SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 100 PRECEDING AND 50 FOLLOWING) AS s FROM numbers(100000))

SELECT sum(s), min(s), max(s), sum(r), max(d), sum(l) FROM (SELECT sum(number) OVER (PARTITION BY intDiv(number, 7) ORDER BY number) AS s, row_number() OVER (PARTITION BY intDiv(number, 7) ORDER BY number) AS r, dense_rank() OVER (ORDER BY intDiv(number, 10)) AS d, lag(number, 3) OVER (PARTITION BY number % 3 ORDER BY number) AS l FROM numbers(100000))

SELECT sum(m), sum(n), sum(c), sum(u) FROM (SELECT max(number % 1000) OVER (ORDER BY number ROWS 500 PRECEDING) AS m, min((number * 7919) % 10007) OVER (ORDER BY number RANGE BETWEEN 300 PRECEDING AND 20 FOLLOWING) AS n, count() OVER (PARTITION BY number % 10 ORDER BY intDiv(number, 50) GROUPS 3 PRECEDING) AS c, uniqExact(number % 5) OVER (PARTITION BY number % 10 ORDER BY number ROWS 3 PRECEDING) AS u FROM numbers(30000))

SELECT sum(cityHash64(x)) FROM (SELECT max(toString(number)) OVER (ORDER BY number ROWS 3 PRECEDING) AS x FROM numbers(20000))

SELECT sum(a), sum(b), sum(c) FROM (SELECT sum(number) OVER (PARTITION BY number % 20000) AS a, count() OVER (PARTITION BY intDiv(number, 3) ORDER BY number ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS b, max(number) OVER (PARTITION BY number % 2 ORDER BY number ROWS BETWEEN 5 FOLLOWING AND UNBOUNDED FOLLOWING) AS c FROM numbers(70000))

SELECT count(), sum(r) FROM (SELECT row_number() OVER (PARTITION BY number % 7 ORDER BY number DESC) AS r FROM numbers(200000) QUALIFY r <= 3)

SELECT id, count() OVER (ORDER BY id) FROM events WHERE id > 1000 ORDER BY id

SELECT sum(id) OVER (), lag(id) OVER (ORDER BY id), row_number() OVER (PARTITION BY origin) FROM events WHERE id > 1000

SELECT count() OVER (PARTITION BY NULL), lag(NULL) OVER (ORDER BY number), count(NULL) OVER (ORDER BY number ROWS 1 PRECEDING) FROM numbers(2)

SELECT row_number() OVER (ORDER BY number) AS a, a + 1 AS b, sum(number) OVER (PARTITION BY number % 2 AS k ORDER BY number) AS s, k FROM numbers(4) ORDER BY a

SELECT lag(number) OVER (ORDER BY number) AS p, sum(p) OVER () FROM numbers(3)

SELECT max(row_number() OVER (ORDER BY number)) FROM numbers(3)

SELECT row_number() OVER (ORDER BY number) AS r, count() FROM numbers(3) GROUP BY r

SELECT number AS n FROM numbers(3) HAVING row_number() OVER () = 1

SELECT number FROM numbers(3) GROUP BY ALL QUALIFY count() OVER () = 3 ORDER BY number

SELECT number % 2 AS k, count() OVER (PARTITION BY k) AS c, sum(number) FROM numbers(5) GROUP BY ALL ORDER BY k

SELECT count(*) OVER (), COUNT(1) OVER (ORDER BY number) FROM numbers(2)

SELECT number FROM numbers(3) ORDER BY number LIMIT 1 OFFSET 1

SELECT * , row_number() OVER (ORDER BY number DESC) AS r FROM numbers(3) ORDER BY number

SELECT sum(number) OVER (PARTITION BY number % 2 ORDER BY number ROWS BETWEEN CURRENT ROW AND CURRENT ROW), sum(number) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM numbers(4) ORDER BY 1

SELECT quantile(0.5)(number) OVER (ORDER BY number), quantile(0.25)(number) OVER (ORDER BY number) FROM numbers(3) ORDER BY 1

SELECT number, row_number() OVER (PARTITION BY toString(number % 2), toLowCardinality(toString(number % 3)) ORDER BY number) AS r FROM numbers(12) ORDER BY number

-- weir: ClickHouse takes numbers alone here, not intervals
SELECT id, count() OVER (ORDER BY ts RANGE BETWEEN INTERVAL 2 HOUR PRECEDING AND CURRENT ROW), sum(id) OVER (ORDER BY ts64 RANGE BETWEEN INTERVAL 90 MINUTE PRECEDING AND INTERVAL 90 MINUTE FOLLOWING), count() OVER (ORDER BY day DESC RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) FROM events ORDER BY id LIMIT 5

-- weir: an interval of no fixed length
SELECT count() OVER (ORDER BY day RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) FROM events

-- weir: an interval over a number
SELECT count() OVER (ORDER BY id RANGE BETWEEN INTERVAL 1 SECOND PRECEDING AND CURRENT ROW) FROM events

-- weir: an interval that is not a whole number of the key's ticks
SELECT count() OVER (ORDER BY ts RANGE BETWEEN INTERVAL 1500 MILLISECOND PRECEDING AND CURRENT ROW) FROM events
