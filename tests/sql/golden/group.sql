SELECT count(), sum(delay), min(delay), max(delay), avg(distance) FROM events

SELECT count(), sum(delay), min(delay), avg(delay), any(delay) FROM events WHERE 0

SELECT origin, count() FROM events GROUP BY origin ORDER BY origin

SELECT origin, late, count(), sum(delay) FROM events GROUP BY origin, late ORDER BY origin, late

SELECT origin AS o, sum(delay) AS s FROM events GROUP BY o HAVING s > 100 ORDER BY s DESC, o

SELECT id % 4 AS k, sum(delay) FROM events GROUP BY id % 4 ORDER BY k

SELECT id % 4 + 1, count() FROM events GROUP BY id % 4 ORDER BY 1

SELECT note, count() FROM events GROUP BY note ORDER BY note

SELECT tail, count(), count(note) FROM events GROUP BY tail ORDER BY tail

SELECT kind, count(tail), sum(tail), min(tail), max(tail) FROM events GROUP BY kind ORDER BY kind

SELECT toStartOfHour(ts) AS h, count() FROM events GROUP BY h ORDER BY h LIMIT 5

SELECT day, count(), countIf(delay > 0), sumIf(delay, late), avgIf(delay, delay > 10) FROM events GROUP BY day ORDER BY day

SELECT count(DISTINCT origin), uniq(dest), uniqExact(dest), countDistinct(delay) FROM events

SELECT quantile(0.5)(delay), quantile(0.9)(distance), median(distance), quantileExact(0.5)(delay) FROM events

SELECT argMin(id, ts), argMax(dest, id), argMin(origin, id) FROM events

SELECT min(ts), max(ts), min(day), max(ts64), min(dest), max(origin), min(kind), max(ip) FROM events

SELECT sum(cost), avg(cost), min(cost), max(cost) FROM events

SELECT sum(price) FROM events WHERE price < 1000

SELECT max(delay) - min(delay) AS spread, spread / 2 FROM events

SELECT origin FROM events GROUP BY origin HAVING count() > 8 ORDER BY origin

SELECT origin FROM events GROUP BY origin ORDER BY count() DESC, origin

SELECT sum(delay) / count() = avg(delay) FROM events

SELECT count() FROM events GROUP BY 'constant'

SELECT 'constant' AS k, count() FROM events GROUP BY k

SELECT origin, dest, count() AS c FROM events GROUP BY 1, 2 ORDER BY c DESC, 1, 2 LIMIT 4

SELECT sum(DISTINCT distance) FROM events

SELECT sum(delay) FILTER (WHERE delay > 0) FROM events

SELECT id FROM events HAVING id > 38 ORDER BY id

SELECT max(c) FROM (SELECT origin, count() AS c FROM events GROUP BY origin)

SELECT number % 2 AS odd, count() FROM numbers(0) GROUP BY odd

SELECT sumOrNull(number), sum(number), countOrNull(number) FROM numbers(0)

SELECT toYYYYMM(ts) AS m, origin, count() FROM events GROUP BY m, origin ORDER BY m, origin

SELECT late, round(avg(price), 12) FROM events WHERE price < 100 GROUP BY late ORDER BY late

SELECT id % 2 = 0 AS even, any(origin) IN ('ATL', 'JFK', 'LAX', 'SFO', 'ORD') FROM events GROUP BY even ORDER BY even

SELECT min(note), max(note), any(tail) IS NULL FROM events

SELECT min(price), max(price) FROM events WHERE price = price

SELECT varPop(distance) > 0, stddevPop(delay) > 0 FROM events
