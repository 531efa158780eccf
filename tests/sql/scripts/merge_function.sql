CREATE TABLE a1 (x UInt8, y String, z Date) ENGINE = MergeTree ORDER BY x

CREATE TABLE a2 (x Int16, y LowCardinality(String), w Nullable(Float64), m UInt8 MATERIALIZED 5) ENGINE = MergeTree ORDER BY y

CREATE TABLE b1 (_table String, x UInt8) ENGINE = ReplacingMergeTree ORDER BY x

CREATE VIEW av AS SELECT 7 AS x, 'v' AS y

INSERT INTO a1 VALUES (1, 'p', '2020-01-01'), (2, 'q', '2020-01-02'), (3, 'r', '2020-01-03')

INSERT INTO a2 (x, y, w) VALUES (-5, 's', 1.5), (300, 't', NULL)

INSERT INTO b1 VALUES ('own', 1), ('own', 2)

INSERT INTO b1 VALUES ('other', 2)

SELECT x, y, z, w, toTypeName(x), toTypeName(y), toTypeName(w) FROM merge('script', '^a') ORDER BY x

SELECT x, y, _database, _table FROM merge(currentDatabase(), '^a[12]$') ORDER BY x

SELECT x, m FROM merge('^a2$') ORDER BY x

SELECT count() FROM merge(script, '^a')

SELECT count(), sum(x) FROM merge('^a') WHERE x > 1 AND y != 'q'

SELECT _table, count() FROM merge('^a') WHERE _table != 'av' GROUP BY _table ORDER BY _table

SELECT t.x, u._table FROM merge('^a1') AS t JOIN merge('^a') AS u ON t.x = u.x ORDER BY t.x

SELECT * FROM merge('^av$')

SELECT x, _table FROM merge('^b1$') FINAL ORDER BY x

SELECT x FROM merge('^a') WHERE x IN (SELECT x FROM a1) ORDER BY x

SELECT x, e FROM merge('^a1') ARRAY JOIN [1, 2] AS e WHERE e + x = 3 ORDER BY x

SELECT x, arrayJoin([1, 2]) AS e FROM merge('^a1') WHERE e = x ORDER BY x

SELECT toUInt8(x) AS r, count() FROM merge('^a1') GROUP BY r WITH TOTALS ORDER BY r

SELECT number FROM merge('system', '^numbers$') LIMIT 3

CREATE VIEW all_a AS SELECT x, y FROM merge('^a[12]')

SELECT * FROM all_a ORDER BY x

SELECT x FROM merge('nodatabase', '^a')

SELECT x FROM merge('^nothing')

SELECT x FROM merge('(')

SELECT x FROM merge('^a', 'b', 'c')

SELECT x FROM merge()

SELECT x FROM merge(script, 1)

SELECT nothing FROM merge('^a')

SELECT x, y FROM remote('127.0.0.1', script.a1) ORDER BY x

SELECT x FROM remote('localhost', script, a1) WHERE x = 2

SELECT x FROM remote('127.0.0.1', 'script.a1') ORDER BY x LIMIT 1

SELECT * FROM remote('127.0.0.1', numbers(2))

SELECT * FROM remote('127.0.0.1', view(SELECT 1 AS a))

SELECT * FROM remote('127.0.0.1', merge('script', '^a1')) ORDER BY x

SELECT * FROM remote('127.0.0.1')

SELECT * FROM remote('127.0.0.1', script)

SELECT * FROM remote()

SELECT * FROM remote('127.0.0.1', script.nothing)

SELECT * FROM remote('127.0.0.1', nodatabase.nothing)

SELECT * FROM cluster('nothing', script.a1)

SELECT * FROM clusterAllReplicas('nothing', script.a1)

SELECT toTypeName(tcpPort())

SELECT tcpPort() = tcpPort()

SELECT tcpPort(1)
