SELECT DISTINCT ON (number%3) number FROM numbers(10)

SELECT DISTINCT ON (number%3, number%2) number, number%3 AS k FROM numbers(10) ORDER BY number DESC

SELECT DISTINCT ON (number%3) number FROM numbers(10) ORDER BY number DESC

SELECT DISTINCT ON (k) number%3 AS k, number FROM numbers(10) ORDER BY number DESC LIMIT 2

SELECT DISTINCT ON (number%3) number FROM numbers(10) ORDER BY number LIMIT 1 BY number

SELECT DISTINCT ON (1) number FROM numbers(10)

SELECT DISTINCT ON (number%3) number FROM numbers(10) LIMIT 1 BY number

SELECT DISTINCT ON (number) number%2 FROM numbers(4)

SELECT DISTINCT ON () number FROM numbers(4)

SELECT number FROM numbers(5) ORDER BY number LIMIT 'a'

SELECT number FROM numbers(5) ORDER BY number LIMIT NULL

SELECT number FROM numbers(5) ORDER BY number FETCH FIRST 2 ROWS ONLY

SELECT number FROM numbers(5) ORDER BY number OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY

SELECT number FROM numbers(5) ORDER BY number OFFSET 2 ROWS

SELECT TOP 2 number FROM numbers(5) ORDER BY number

SELECT number FROM numbers(5) ORDER BY number LIMIT 1, 2

SELECT * EXCEPT('^o') FROM events ORDER BY id LIMIT 1

SELECT * EXCEPT (id, ts) FROM events WHERE id = 1

SELECT * EXCEPT id FROM events WHERE id = 1

SELECT * EXCEPT STRICT (id, nope) FROM events WHERE id = 1

SELECT * REPLACE (id + 1 AS id) FROM events ORDER BY ts LIMIT 1

SELECT * REPLACE (id + 1 AS nope) FROM events WHERE id = 1

SELECT * REPLACE STRICT (id + 1 AS nope) FROM events WHERE id = 1

SELECT * EXCEPT(ts, day, origin, dest, note, ts64, uid, ip, kind, late, price) APPLY(sum) FROM events

SELECT * EXCEPT(ts, day, origin, dest, note, ts64, uid, ip, kind, late) APPLY(x -> x + 1) FROM events WHERE id = 1

SELECT COLUMNS('^de') APPLY(length) FROM events WHERE id < 3 ORDER BY id

SELECT COLUMNS('^de|^di') EXCEPT (dest) APPLY(toString) APPLY(length) FROM events WHERE id = 1

SELECT COLUMNS(id, delay) REPLACE (delay * 2 AS delay) FROM events WHERE id = 1

SELECT COLUMNS('zzz') FROM events

SELECT events.* EXCEPT(id) FROM events WHERE id = 1

SELECT * APPLY(quantiles(0.5)) FROM (SELECT number FROM numbers(3))

SELECT * APPLY(max), count() FROM (SELECT number, number*2 AS b FROM numbers(3))

SELECT * FROM numbers(3) LIMIT 1 WITH TIES

SELECT number FROM numbers(5) SAMPLE 0.5

SELECT id FROM events SAMPLE 0.5

SELECT id FROM events SAMPLE 0.5 OFFSET 0.1

SELECT DISTINCT ON (origin) origin, id, delay FROM events ORDER BY delay DESC, id

SELECT DISTINCT ON (origin, kind) origin, kind, min(id) FROM events GROUP BY origin, kind, day ORDER BY origin, kind, min(id)

SELECT DISTINCT ON (upper(dest)) dest FROM events ORDER BY dest, id LIMIT 3

SELECT DISTINCT ON (2) id, origin FROM events ORDER BY id

SELECT DISTINCT ON (o) origin AS o, count() OVER (PARTITION BY o) AS c FROM events ORDER BY o

SELECT DISTINCT ON (nope) id FROM events

SELECT DISTINCT ON (count()) id FROM events

SELECT COUNT(*) FROM (SELECT DISTINCT ON (number % 10) number FROM numbers(100))

SELECT * EXCEPT('^(ts|day|o|de|pr|no|ta|co|la|ui|ip|ki)') FROM events WHERE id = 3

SELECT COLUMNS('^d') EXCEPT('t$') FROM events WHERE id = 3

SELECT * EXCEPT('(') FROM events

SELECT COLUMNS(id, delay) APPLY(x -> x * 2) APPLY(toString) FROM events WHERE id = 3

SELECT COLUMNS(id, delay, distance) APPLY(x -> if(x > 100, x, 0)) FROM events WHERE id IN (3, 5) ORDER BY id

SELECT COLUMNS(id, delay) APPLY(sum) APPLY(x -> x + 1) FROM events

SELECT COLUMNS(id, delay) REPLACE(delay + 1 AS delay) APPLY(toTypeName) FROM events WHERE id = 1

SELECT id FROM events SAMPLE 1 / 10 OFFSET 1 / 2

SELECT id FROM events ORDER BY id OFFSET 3 ROWS FETCH NEXT 1 ROW ONLY

SELECT origin FROM events ORDER BY origin FETCH FIRST 2 ROWS WITH TIES
