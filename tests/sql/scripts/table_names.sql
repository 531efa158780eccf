CREATE TABLE sample (a UInt8) ENGINE = MergeTree ORDER BY a

INSERT INTO sample VALUES (1), (2), (3)

SELECT count(*) FROM sample

SELECT sample.a FROM sample WHERE a > 1 ORDER BY a

SELECT count() FROM sample AS s, sample AS t

SELECT a FROM sample LIMIT 1

CREATE TABLE filter ENGINE = MergeTree ORDER BY a AS SELECT * FROM sample

SELECT sum(a) FROM filter

CREATE TABLE values (a UInt8) ENGINE = MergeTree ORDER BY a

SELECT count() FROM values

SELECT l.a FROM sample AS l INNER JOIN filter AS r ON l.a = r.a ORDER BY l.a
