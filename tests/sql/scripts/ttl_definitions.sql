CREATE TABLE a (k Int32, d DateTime('UTC'), x Int32, y Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 1 DAY DELETE WHERE x > 5, d + INTERVAL 2 DAY GROUP BY k SET x = max(x), y = sum(y)

SELECT replaceOne(replaceRegexpAll(create_table_query, '\\s+', ''), 'SETTINGSindex_granularity=8192', '') AS text FROM system.tables WHERE database = currentDatabase() AND name = 'a'

CREATE TABLE b (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 1 DAY, d + INTERVAL 2 DAY

CREATE TABLE b (k Int32, d DateTime('UTC'), x Int32, y Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 1 DAY, d + INTERVAL 2 DAY DELETE WHERE x = 1, d + INTERVAL 3 DAY WHERE y IN (1, 2) OR NOT x

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 2 DAY GROUP BY d SET x = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY (k, d) TTL d + INTERVAL 2 DAY GROUP BY k, d, x SET x = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree PRIMARY KEY k ORDER BY (k, d) TTL d + INTERVAL 2 DAY GROUP BY k, d SET x = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY tuple() TTL d + INTERVAL 2 DAY GROUP BY k SET x = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY nope SET x = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = 5

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = k

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET z = max(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = max(x), x = min(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = max(nope)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = max(x, 1, 2)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = sum(max(x))

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = nofunc(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k WHERE x > 1 SET x = sum(x)

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP BY k SET x = sum(x) WHERE x > 1

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY GROUP

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY DELETE WHERE

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY DELETE WHERE nope > 5

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY DELETE WHERE sum(x) > 5

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY TO SHELF 'x'

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL d + INTERVAL 2 DAY RECOMPRESS

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY k TTL sum(d)

CREATE TABLE c (k Int32, d Nullable(DateTime('UTC')), x Int32) ENGINE = MergeTree ORDER BY k TTL d

CREATE TABLE c (k Int32 TTL d + INTERVAL 1 DAY, d DateTime('UTC'), x Int32) ENGINE = MergeTree ORDER BY (k, d)

CREATE TABLE c (k Int32, d DateTime('UTC') TTL d + INTERVAL 1 DAY, x Int32) ENGINE = MergeTree PARTITION BY d ORDER BY k

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32 TTL k) ENGINE = MergeTree ORDER BY k

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32 TTL now()) ENGINE = MergeTree ORDER BY k

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32 TTL d DELETE) ENGINE = MergeTree ORDER BY k

CREATE TABLE c (k Int32, d DateTime('UTC'), x Int32 DEFAULT 7 COMMENT 'c' TTL d + INTERVAL 5 MINUTE, y String TTL d) ENGINE = MergeTree ORDER BY k

ALTER TABLE c MODIFY COLUMN y REMOVE TTL

ALTER TABLE c MODIFY COLUMN y REMOVE TTL

ALTER TABLE c MODIFY COLUMN y TTL d + INTERVAL 1 MONTH

ALTER TABLE c MODIFY COLUMN x Int32 DEFAULT 8 TTL d

ALTER TABLE c ADD COLUMN z Int8 TTL nope

ALTER TABLE c ADD COLUMN z Int8 TTL d + INTERVAL 1 YEAR

ALTER TABLE c RENAME COLUMN d TO e

SELECT replaceOne(replaceRegexpAll(create_table_query, '\\s+', ''), 'SETTINGSindex_granularity=8192', '') AS text FROM system.tables WHERE database = currentDatabase() AND name = 'c'

ALTER TABLE c MATERIALIZE TTL

ALTER TABLE c MODIFY TTL d

ALTER TABLE c MODIFY TTL e WHERE x = 1, e + INTERVAL 1 DAY GROUP BY k

ALTER TABLE c RENAME COLUMN x TO w

SELECT replaceOne(replaceRegexpAll(create_table_query, '\\s+', ''), 'SETTINGSindex_granularity=8192', '') AS text FROM system.tables WHERE database = currentDatabase() AND name = 'c'

ALTER TABLE c REMOVE TTL

ALTER TABLE c REMOVE TTL

CREATE TABLE p (k Int32, d DateTime('UTC')) ENGINE = MergeTree ORDER BY k

ALTER TABLE p MATERIALIZE TTL

ALTER TABLE p MATERIALIZE TTL IN PARTITION ID 'all'

CREATE TABLE q AS b

SELECT replaceOne(replaceRegexpAll(create_table_query, '\\s+', ''), 'SETTINGSindex_granularity=8192', '') AS text FROM system.tables WHERE database = currentDatabase() AND name = 'q'
