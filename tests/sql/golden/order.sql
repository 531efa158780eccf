SELECT id, delay FROM events ORDER BY delay DESC, id LIMIT 6

SELECT id, delay FROM events ORDER BY 2, 1 DESC LIMIT 6

SELECT id, tail FROM events ORDER BY tail, id LIMIT 25

SELECT id, tail FROM events ORDER BY tail DESC, id LIMIT 25

SELECT id, tail FROM events ORDER BY tail NULLS FIRST, id LIMIT 14

SELECT id, tail FROM events ORDER BY tail DESC NULLS FIRST, id LIMIT 14

SELECT id, note FROM events ORDER BY note NULLS LAST, id

SELECT id, price FROM events ORDER BY price, id

SELECT id, price FROM events ORDER BY price DESC, id LIMIT 8

SELECT id FROM events ORDER BY origin, dest DESC, id LIMIT 10

SELECT id, dest FROM events ORDER BY dest, id

SELECT id FROM events ORDER BY -id LIMIT 3

SELECT id AS i FROM events ORDER BY i % 5, i LIMIT 7

SELECT id FROM events ORDER BY (origin, id) LIMIT 4

SELECT kind, id FROM events ORDER BY kind, id LIMIT 5

SELECT late, id FROM events ORDER BY late DESC, id LIMIT 5

SELECT day, id FROM events ORDER BY day DESC, id DESC LIMIT 5

SELECT cost, id FROM events ORDER BY cost, id LIMIT 5

SELECT ts64, id FROM events ORDER BY ts64 DESC LIMIT 3

SELECT origin, id FROM events ORDER BY origin, id LIMIT 2 BY origin

SELECT origin, id FROM events ORDER BY id LIMIT 1 OFFSET 1 BY origin

SELECT origin, id FROM events ORDER BY origin, id LIMIT 1 BY origin LIMIT 3

SELECT number % 3 AS k FROM numbers(10) ORDER BY k LIMIT 2 WITH TIES

SELECT id % 2 AS k, count() FROM events GROUP BY ALL ORDER BY ALL

SELECT 5 AS x ORDER BY x, 1

SELECT uid, ip FROM events ORDER BY ip LIMIT 3

SELECT ip FROM events ORDER BY ip DESC LIMIT 3
