CREATE TABLE r (k UInt32, v UInt32, x UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY k

INSERT INTO r VALUES (1, 1, 0), (2, 1, 0), (3, 1, 1)

INSERT INTO r VALUES (1, 2, 1), (2, 5, 1)

CREATE TABLE o (k UInt32, w String) ENGINE = MergeTree ORDER BY k

INSERT INTO o VALUES (1, 'a'), (2, 'b'), (3, 'c'), (3, 'd'), (9, 'e')

SELECT k, v, w FROM r FINAL JOIN o USING k ORDER BY ALL

SELECT k, v, w FROM r FINAL JOIN o USING k PREWHERE x = 0 ORDER BY ALL

SELECT k, v, w FROM r AS r FINAL JOIN o AS o ON r.k = o.k PREWHERE r.x = 1 ORDER BY ALL

SELECT r.k, r.v, w FROM o AS o JOIN r AS r FINAL ON r.k = o.k PREWHERE o.w != 'c' ORDER BY ALL

SELECT r.k, r.v, w FROM o AS o JOIN r AS r FINAL ON r.k = o.k PREWHERE r.x = 0 ORDER BY ALL

SELECT r.k, r.v, w FROM o AS o JOIN r AS r FINAL ON r.k = o.k PREWHERE r.x = 0 WHERE w != 'a' ORDER BY ALL

SELECT o.k, r.v, w FROM o AS o LEFT JOIN r AS r FINAL ON r.k = o.k PREWHERE r.x + 1 = 1 ORDER BY ALL

SELECT r.k, r.v, o.v FROM r AS r FINAL LEFT JOIN r AS o FINAL ON r.k = o.k PREWHERE r.x = 0 ORDER BY ALL

SELECT r.k, r.v, o.v FROM r AS r FINAL JOIN r AS o ON r.k = o.k PREWHERE o.v = 1 ORDER BY ALL

SELECT count(), sum(r.v) FROM r AS r FINAL JOIN o AS o ON r.k = o.k JOIN o AS p ON p.k = r.k PREWHERE r.x IN (SELECT 0)

CREATE VIEW sight AS SELECT k, v, x FROM r

CREATE VIEW sum_of AS SELECT sum(v) AS s FROM r

SELECT * FROM sight FINAL ORDER BY k, v

SELECT * FROM sight ORDER BY k, v SETTINGS final = 1

SELECT * FROM sum_of FINAL

SELECT * FROM sum_of SETTINGS final = 1

SELECT z.k, w FROM sight AS z FINAL JOIN o AS o ON z.k = o.k ORDER BY ALL
