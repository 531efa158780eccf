CREATE TABLE t (a UInt32, d Date, s String, n UInt32, INDEX i1 s TYPE bloom_filter, INDEX i2 lower(s) TYPE tokenbf_v1(1024, 3, 0), INDEX i3 n TYPE minmax, INDEX i4 s TYPE ngrambf_v1(3, 1024, 3, 0)) ENGINE = MergeTree ORDER BY a PARTITION BY toYYYYMM(d)

INSERT INTO t SELECT number, toDate('2024-01-01') + number % 60, concat('User', toString(number), ' Path/', toString(number % 7)), number FROM numbers(10000)

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS use_skip_indexes = 0

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS ignore_data_skipping_indices = 'i1'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS ignore_data_skipping_indices = 'i1, `i4`'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS ignore_data_skipping_indices = 'nope'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'i1'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = '`i1`, i4'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'i2'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'i1,i2'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'nope'

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = '((('

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS ignore_data_skipping_indices = '((('

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'i1', use_skip_indexes = 0

SELECT count() FROM t WHERE s = 'User77 Path/0' SETTINGS force_data_skipping_indices = 'i1', ignore_data_skipping_indices = 'i1'

SELECT count() FROM t WHERE s LIKE '%User7%' SETTINGS force_data_skipping_indices = 'i4'

SELECT count() FROM t WHERE lower(s) LIKE '%path/3' SETTINGS force_data_skipping_indices = 'i2'

SELECT count() FROM t WHERE n = 5 SETTINGS force_data_skipping_indices = 'i3'

SELECT count() FROM t WHERE n IN (SELECT 5) SETTINGS force_data_skipping_indices = 'i3'

SELECT count() FROM t WHERE n != 5 SETTINGS force_data_skipping_indices = 'i3'

SELECT count() FROM t WHERE a = 5 SETTINGS force_data_skipping_indices = 'i3'

SELECT count() FROM t SETTINGS force_data_skipping_indices = 'i3'

SELECT count() FROM t SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a = 5 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a > 5 AND n > 7 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a != 5 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a IN (1, 2) SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a IN (SELECT 5) SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE NOT (a > 5) SETTINGS force_primary_key = 1

-- weir: zones are compared with columns and functions that never fall, and + may wrap
SELECT count() FROM t WHERE a + 1 = 5 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE a % 2 = 1 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE n = 5 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE n = 5 OR a = 5 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE n = 5 AND a = 5 SETTINGS force_primary_key = 1

SELECT a FROM t LIMIT 1 SETTINGS force_primary_key = 1

SELECT min(a) FROM t SETTINGS force_primary_key = 1

SELECT sum(n) FROM t SETTINGS force_primary_key = 1

SELECT count() FROM numbers(5) SETTINGS force_primary_key = 1

SELECT 1 SETTINGS force_primary_key = 1

SELECT count() FROM system.one SETTINGS force_primary_key = 1, force_index_by_date = 1

-- weir: x.a = 1 says nothing of the zones of y
SELECT count() FROM t AS x JOIN t AS y ON x.a = y.a WHERE x.a = 1 SETTINGS force_primary_key = 1

SELECT count() FROM t SETTINGS force_index_by_date = 1

SELECT count() FROM t WHERE d = '2024-01-05' SETTINGS force_index_by_date = 1

SELECT count() FROM t WHERE toYYYYMM(d) = 202401 SETTINGS force_index_by_date = 1

SELECT count() FROM t WHERE a = 5 SETTINGS force_index_by_date = 1

SELECT count() FROM t WHERE d > '2020-01-01' AND a = 5 SETTINGS force_index_by_date = 1, force_primary_key = 1

SELECT sum(n) FROM t SETTINGS force_index_by_date = 1

CREATE TABLE p (a UInt32, b UInt32) ENGINE = MergeTree ORDER BY tuple()

INSERT INTO p VALUES (1, 2)

SELECT sum(b) FROM p WHERE a = 1 SETTINGS force_index_by_date = 1

SELECT sum(b) FROM p WHERE a = 1 SETTINGS force_primary_key = 1

SELECT count() FROM t WHERE s ILIKE '%USER77 %' OR match(s, '^User12[0-9] Path') OR multiSearchAny(s, ['r999 ', 'h/zz'])
