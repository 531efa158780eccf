SELECT * FROM (SELECT 1::UInt8 AS id) AS a LEFT JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b ON a.id = b.id

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id) FROM (SELECT 1::UInt8 AS id) AS a LEFT JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id), n FROM (SELECT 1::UInt8 AS id) AS a RIGHT JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id), n FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL

SELECT * FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL

SELECT a.*,b.* FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL

SELECT * FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL SETTINGS join_use_nulls = 1

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id), n FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL SETTINGS join_use_nulls = 1

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id), n FROM (SELECT 1::UInt8 AS id) AS a LEFT JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL SETTINGS join_use_nulls = 1

SELECT id, a.id, b.id, toTypeName(id), toTypeName(a.id), toTypeName(b.id), n FROM (SELECT 1::UInt8 AS id) AS a RIGHT JOIN (SELECT 2::Int32 AS id, 'x' AS n) AS b USING id ORDER BY ALL SETTINGS join_use_nulls = 1

SELECT * FROM (SELECT 1::UInt8 AS id) AS a FULL JOIN (SELECT 2::Int32 AS id, 'x'::LowCardinality(String) AS n, NULL AS z, toLowCardinality(toNullable('a')) AS q) AS b ON a.id=b.id ORDER BY ALL SETTINGS join_use_nulls = 1

SELECT * FROM (SELECT 1::UInt8 AS id) AS a JOIN (SELECT '1' AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT 1::UInt8 AS id) AS a JOIN (SELECT '1' AS id) AS b USING id

SELECT * FROM (SELECT 1::UInt8 AS id) AS a JOIN (SELECT 1.0::Float64 AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT 1::UInt64 AS id) AS a JOIN (SELECT 1::Int64 AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT -1::Int64 AS id) AS a JOIN (SELECT 18446744073709551615::UInt64 AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT toDate('2020-01-01') AS id) AS a JOIN (SELECT toDateTime('2020-01-01 00:00:00','UTC') AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT toDateTime('2020-01-01 00:00:00','Asia/Tokyo') AS id) AS a JOIN (SELECT toDateTime64('2019-12-31 15:00:00',3,'UTC') AS id) AS b ON a.id=b.id

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 2 AS y) AS b ON a.x < b.y

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON a.x < b.y

SELECT * FROM (SELECT 1 AS x) AS a RIGHT JOIN (SELECT 2 AS y) AS b ON a.x < b.y

SELECT * FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 2 AS y) AS b ON a.x < b.y

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 2 AS y) AS b ON 1

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON 0

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON NULL

SELECT * FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 2 AS y) AS b ON 1=2 ORDER BY ALL

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON b.y = 1

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON a.x = b.y AND a.x = 1

SELECT * FROM (SELECT 1 AS x) AS a LEFT JOIN (SELECT 2 AS y) AS b ON a.x = b.y OR a.x = b.y-1

SELECT * FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 2 AS y) AS b ON a.x = b.y OR a.x = b.y-1

SELECT * FROM (SELECT 1 AS x) AS a FULL JOIN (SELECT 1 AS x, 2 AS y) AS b ON a.x = b.x AND a.x > b.y ORDER BY ALL

SELECT * FROM (SELECT 1 AS x) AS a RIGHT JOIN (SELECT 1 AS x, 2 AS y) AS b ON a.x = b.x AND a.x > b.y ORDER BY ALL

SELECT * FROM (SELECT NULL::Nullable(UInt8) AS x) AS a JOIN (SELECT NULL::Nullable(UInt8) AS x) AS b ON a.x = b.x

SELECT * FROM (SELECT NULL::Nullable(UInt8) AS x) AS a JOIN (SELECT NULL::Nullable(UInt8) AS x) AS b ON a.x <=> b.x

SELECT * FROM (SELECT NULL::Nullable(UInt8) AS x) AS a JOIN (SELECT NULL::Nullable(UInt8) AS x) AS b ON a.x IS NOT DISTINCT FROM b.x

SELECT * FROM (SELECT NULL AS x) AS a JOIN (SELECT NULL AS x) AS b ON a.x = b.x

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS y) AS b ON x = y

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS x) AS b ON x = x

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS x) AS b ON a.x = c.x

SELECT a.y FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS x) AS b ON a.x = b.x

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS x) AS a ON a.x = a.x

SELECT * FROM (SELECT 1 AS x) JOIN (SELECT 1 AS y) ON x = y

SELECT * FROM (SELECT 1 AS x) JOIN (SELECT 1 AS x) USING x

SELECT * FROM (SELECT 1 AS x, 3 AS y) JOIN (SELECT 1 AS x, 2 AS y) USING x

SELECT * FROM (SELECT 1 AS x, 3 AS y) AS a JOIN (SELECT 1 AS x, 2 AS y) USING x

SELECT y FROM (SELECT 1 AS x, 3 AS y) AS a JOIN (SELECT 1 AS x, 2 AS y) USING x

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 1 AS y) AS b USING (x)

SELECT x + 1 AS k FROM (SELECT 1 AS x) AS a JOIN (SELECT 2 AS k) AS b USING (k)

SELECT * FROM (SELECT 1 AS x) AS a JOIN (SELECT 2 AS k) AS b ON x + 1 = k

SELECT x + 1 AS k2 FROM (SELECT 1 AS x) AS a JOIN (SELECT 2 AS k) AS b ON k2 = k

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT id FROM ta LEFT JOIN tb ON ta.id=tb.id LEFT JOIN tc ON tc.id=ta.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT v FROM ta LEFT JOIN tb ON ta.id=tb.id LEFT JOIN tc ON tc.id=ta.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT w, z FROM ta LEFT JOIN tb ON ta.id=tb.id LEFT JOIN tc ON tc.id=ta.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id=tb.id LEFT JOIN tc ON tc.id=ta.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON ta.id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT max(tb.id), sum(ta.v), sum(v), count() FROM ta JOIN tb ON ta.id=tb.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.id AS id, tb.id FROM ta JOIN tb ON ta.id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT tb.id AS id, ta.id FROM ta JOIN tb ON ta.id=tb.id - 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT tb.id AS id, ta.id FROM ta JOIN tb ON id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.id FROM ta JOIN tb ON id=tb.id WHERE id = 2 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT v FROM ta, tb WHERE ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT v FROM ta, tb, tc WHERE ta.id = tb.id AND tb.id = tc.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT id FROM ta JOIN tb USING id JOIN tc USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta FULL JOIN tb USING id FULL JOIN tc USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT id, ta.id, tb.id, tc.id FROM ta FULL JOIN tb USING id FULL JOIN tc USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT id, ta.id, tb.id, tc.id FROM ta LEFT JOIN tb USING id RIGHT JOIN tc USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL JOIN tb USING (id, v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb USING (id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb USING (id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT SEMI JOIN tb USING (id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT ANTI JOIN tb USING (id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT SEMI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL SETTINGS join_use_nulls=1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL SETTINGS join_use_nulls=1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb ON ta.id = tb.id ORDER BY ALL SETTINGS join_use_nulls=1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta SEMI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta SEMI LEFT JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY LEFT JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANY JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT ANY JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY INNER JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ALL INNER JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta SEMI INNER JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta SEMI FULL JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb ON ta.id < tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY LEFT JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY INNER JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY RIGHT JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb ON ta.id = tb.id AND tb.v > 100 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT SEMI JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT ANTI JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta GLOBAL JOIN tb USING id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta INNER JOIN tb ON ta.id = tb.id AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta, tb CROSS JOIN tc WHERE ta.id=tb.id AND tc.id=tb.id AND ta.v > 20 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta, tb JOIN tc ON tc.id = tb.id WHERE ta.id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta, tb JOIN tc ON tc.id = ta.id WHERE ta.id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT count() FROM ta, ta

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT * FROM ta AS x JOIN ta AS y ON x.id = y.id + 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT x.id, y.id, ta.id FROM ta AS x JOIN ta AS y ON x.id = y.id + 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT COLUMNS('v') FROM ta JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT COLUMNS(v, w) FROM ta JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * EXCEPT (v) FROM ta JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * REPLACE (v + 1 AS v) FROM ta JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.* EXCEPT id, tb.* FROM ta JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING ta.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING (id + 1) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING * ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING (id, id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON count() = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON ta.id = tb.id AND ta.id IN (SELECT 2) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON 'a'

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON ta.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id = tb.id AND 1=2 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id = tb.id AND NULL ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL JOIN tb ON 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT JOIN tb ON 0 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT v, id FROM ta RIGHT ANTI JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT v, id FROM ta RIGHT SEMI JOIN tb USING id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT v, id FROM ta RIGHT JOIN tb ON ta.id=tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING v

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING (v, id)

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANY INNER JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANY LEFT JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT k, n % 2 AS parity, m FROM da ANY RIGHT JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da SEMI LEFT JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT k, n % 2 AS parity, m FROM da SEMI RIGHT JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANTI RIGHT JOIN db USING k ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANY INNER JOIN db ON da.k = db.k AND db.m > 4 ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANY INNER JOIN db ON da.k = db.k AND db.m > 4 + da.n ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da ANY LEFT JOIN db ON da.k = db.k AND db.m > 3 + da.n ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da SEMI LEFT JOIN db ON da.k = db.k AND db.m > 3 + da.n ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da JOIN db ON da.n = db.m ORDER BY ALL

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT * FROM da JOIN db USING (k) WHERE n = m ORDER BY ALL

SELECT * FROM (SELECT toEnum8Or AS x FROM (SELECT CAST('b', 'Enum8(\'b\'=3, \'c\' = 5)') AS toEnum8Or)) AS p RIGHT JOIN (SELECT CAST('c', 'Enum8(\'b\'=3, \'c\' = 5)') AS x, 1 AS o) AS q ON p.x = q.x

SELECT * FROM (SELECT 1 AS o) AS q LEFT JOIN (SELECT CAST('c', 'Enum8(\'b\'=3, \'c\' = 5)') AS x, 2 AS o) AS p ON q.o = p.o

SELECT * FROM (SELECT nan AS o) AS q LEFT JOIN (SELECT nan AS o, 2 AS n) AS p ON q.o = p.o

SELECT * FROM (SELECT 0.0 AS o) AS q LEFT JOIN (SELECT -0.0 AS o, 2 AS n) AS p ON q.o = p.o

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON (ta.id, ta.v) = (tb.id, tb.v)

SELECT * FROM (SELECT toLowCardinality('a') AS o) AS q JOIN (SELECT 'a' AS o, 2 AS n) AS p ON q.o = p.o

SELECT * FROM (SELECT toLowCardinality('a') AS o) AS q JOIN (SELECT 'a' AS o, 2 AS n) AS p USING o

SELECT * FROM (SELECT 'a' AS o) AS q JOIN (SELECT toLowCardinality('a') AS o, 2 AS n) AS p USING o

SELECT * FROM (SELECT toLowCardinality('a') AS o) AS q JOIN (SELECT toLowCardinality('a') AS o, 2 AS n) AS p USING o

SELECT * FROM (SELECT toNullable('a') AS o) AS q JOIN (SELECT 'a' AS o, 2 AS n) AS p USING o

SELECT * FROM (SELECT 'a' AS o) AS q JOIN (SELECT toNullable('a') AS o, 2 AS n) AS p USING o

SELECT o, q.o, p.o FROM (SELECT 'a' AS o) AS q FULL JOIN (SELECT toNullable('a') AS o, 2 AS n) AS p USING o

SELECT * FROM (SELECT toFixedString('a',2) AS o) AS q JOIN (SELECT 'a\0' AS o, 2 AS n) AS p ON q.o = p.o

SELECT * FROM (SELECT toFixedString('a',2) AS o) AS q JOIN (SELECT toFixedString('a',3) AS o, 2 AS n) AS p ON q.o = p.o

SELECT * FROM (SELECT toDate('2020-01-01') AS o) AS q JOIN (SELECT '2020-01-01' AS o, 2 AS n) AS p ON q.o = p.o

SELECT * FROM (SELECT toDateTime('2020-01-01 00:00:00', 'UTC') AS o) AS q JOIN (SELECT toDateTime('2020-01-01 09:00:00', 'Asia/Tokyo') AS o, 2 AS n) AS p USING o

SELECT count() FROM events AS a JOIN events AS b ON a.origin = b.origin AND a.id < b.id

SELECT a.id, b.id FROM events AS a JOIN events AS b ON a.origin = b.dest ORDER BY ALL LIMIT 5

SELECT count() FROM events AS a LEFT JOIN events AS b ON a.note = b.note

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT events.id FROM events JOIN ta ON events.id = ta.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT e.id, ta.v, number FROM events AS e JOIN ta ON e.id = ta.id JOIN numbers(3) AS n ON n.number = ta.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY LEFT JOIN tb USING id SETTINGS join_default_strictness='ANY'

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON tb.id = ta.id AND ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON tb.id = ta.id WHERE tb.w = '' ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON tb.id = ta.id WHERE tb.w IS NULL ORDER BY ALL SETTINGS join_use_nulls = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT (SELECT max(v) FROM ta JOIN tb USING id) AS m

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT id FROM ta WHERE id IN (SELECT ta.id FROM ta JOIN tb USING id) ORDER BY id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM (SELECT * FROM ta JOIN tb USING id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM (SELECT * FROM ta JOIN tb ON ta.id = tb.id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT `tb.id` FROM (SELECT * FROM ta JOIN tb ON ta.id = tb.id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT tb.id FROM (SELECT * FROM ta JOIN tb ON ta.id = tb.id) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT count() FROM ta JOIN tb USING id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.id, count(), sum(tb.v) FROM ta LEFT JOIN tb USING id GROUP BY ta.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT id, count(), sum(tb.v) FROM ta LEFT JOIN tb USING id GROUP BY id ORDER BY id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT id, count() FROM ta FULL JOIN tb USING id GROUP BY id HAVING id > 1 ORDER BY id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.id FROM ta JOIN tb USING id GROUP BY tb.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT tb.id FROM ta JOIN tb ON ta.id = tb.id GROUP BY ta.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT toTypeName(ta.id) FROM ta LEFT JOIN tb USING id LIMIT 1 SETTINGS join_use_nulls = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb USING id LEFT JOIN tc ON tc.id = tb.id ORDER BY ALL SETTINGS join_use_nulls = 1

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT DISTINCT k FROM da JOIN db USING k ORDER BY k

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta AS t JOIN tb AS t2 ON t.id = t2.id WHERE t.v = 20

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT t.v x, t2.v y FROM ta AS t JOIN tb AS t2 ON t.id = t2.id WHERE x = 20

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT * FROM ta JOIN ta AS tb ON ta.id = tb.id ORDER BY ALL LIMIT 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON ta.id = tb.id AND ta.nope = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT nope FROM ta JOIN tb ON ta.id = tb.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT tx.* FROM ta JOIN tb ON ta.id = tb.id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT * FROM ta JOIN tx ON ta.id = tx.id

SELECT * FROM (SELECT 1 AS x), (SELECT 2 AS y)

SELECT * FROM (SELECT 1 AS x) CROSS JOIN (SELECT 2 AS y)

SELECT * FROM (SELECT 1 AS x) CROSS JOIN (SELECT 2 AS x)

SELECT * FROM numbers(2) JOIN numbers(3) AS b ON number = b.number

SELECT * FROM numbers(2), numbers(2)

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ANY CROSS JOIN tb

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta INNER OUTER JOIN tb USING id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT OUTER JOIN tb USING id ORDER BY ALL LIMIT 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta OUTER JOIN tb USING id ORDER BY ALL LIMIT 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL OUTER JOIN tb USING (id) ORDER BY ALL LIMIT 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ALL JOIN tb USING (id) ORDER BY ALL LIMIT 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb USING ()

WITH da AS (SELECT toUInt32(number % 2) AS k, toInt64(number) AS n FROM numbers(4)), db AS (SELECT toUInt32(number % 3) AS k, number AS m FROM numbers(9)) SELECT k, sum(n), sum(db.n), count() FROM da JOIN db USING k GROUP BY k ORDER BY k

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.v FROM ta JOIN tb ON ta.id = tb.id ORDER BY tb.v DESC

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT a.v, count(b.v), avg(b.v) FROM ta a LEFT JOIN tb b ON a.id = b.id GROUP BY a.v ORDER BY a.v SETTINGS join_use_nulls = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT a.v, (SELECT max(b.v) FROM tb b) AS m FROM ta a JOIN tb USING id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.id, x.c FROM ta LEFT JOIN (SELECT id, count() AS c FROM tb GROUP BY id) AS x ON ta.id = x.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT id, id + 1 AS id2 FROM ta JOIN tb ON ta.id = tb.id - 1 WHERE id2 > 2 ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON NOT ta.id = tb.id ORDER BY ALL LIMIT 3

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id = tb.id AND ta.v BETWEEN 10 AND 25 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL JOIN tb ON ta.id = tb.id AND ta.v > 20 AND tb.v > 0 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL JOIN tb ON ta.id = tb.id AND 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN tb ON ta.id = tb.id = 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ANTI JOIN tb ON 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT SEMI JOIN tb ON 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT count() FROM ta LEFT JOIN tb ON ta.id > 100 AND tb.id < 0

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id = tb.id AND ta.v = 20 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb ON ta.id = tb.id OR ta.v = tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT JOIN tb ON ta.id = tb.id OR ta.v = tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta FULL JOIN tb ON ta.id = tb.id OR ta.v = tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT * FROM ta AS a, ta AS b WHERE a.id = b.id - 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT t1.id FROM ta AS t1 JOIN tb AS t2 ON t1.id = t2.id JOIN tc AS t3 ON t2.id = t3.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT t1.v, t2.v, z FROM ta AS t1 JOIN tb AS t2 ON t1.id = t2.id JOIN tc AS t3 ON t2.id = t3.id ORDER BY 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta AS t1 LEFT JOIN tb AS t2 ON t1.id = t2.id FULL JOIN tc AS t3 ON t2.id = t3.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta AS t1 LEFT JOIN tb AS t2 ON t1.id = t2.id FULL JOIN tc AS t3 ON t2.id = t3.id ORDER BY ALL SETTINGS join_use_nulls = 1

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)) SELECT number, t.id FROM numbers(3) LEFT JOIN ta AS t ON t.id = number + 2 ORDER BY ALL

SELECT * FROM system.one AS a JOIN system.one AS b ON a.dummy = b.dummy

SELECT dummy, b.dummy FROM system.one JOIN system.one AS b USING dummy

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN (SELECT id AS bid, v AS bv FROM tb) AS b ON id = bid ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta JOIN (SELECT id AS bid, v AS bv FROM tb) AS b ON bid = id AND bv >= v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM (SELECT id FROM ta) AS a FULL JOIN (SELECT id FROM tb) AS b ON a.id = b.id AND a.id != 2 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT a.id AS x FROM ta AS a JOIN tb AS b ON x = b.id ORDER BY x

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT sum(c) FROM (SELECT count() AS c FROM ta JOIN tb ON ta.id = tb.id UNION ALL SELECT count() FROM ta LEFT JOIN tb ON ta.id = tb.id)

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta WHERE (id, v) IN (SELECT id, z FROM tc)

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tc AS (SELECT toUInt32(number + 1) AS id, number * 1000 AS z FROM numbers(4)) SELECT * FROM ta WHERE (id, v) IN (SELECT id, id * 10 FROM tc) ORDER BY id

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT JOIN tb USING (id) WHERE tb.id = 0 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta RIGHT JOIN tb USING (id) WHERE ta.v = 0 ORDER BY ALL

SELECT a.*, b.* FROM (SELECT number AS k, number * 2 AS v FROM numbers(3)) AS a RIGHT JOIN (SELECT number + 1 AS k, number AS v FROM numbers(3)) AS b USING (k) ORDER BY ALL

SELECT a.*, a.k, b.k FROM (SELECT number AS k, number * 2 AS v FROM numbers(3)) AS a RIGHT ANTI JOIN (SELECT number + 1 AS k, number AS v FROM numbers(3)) AS b USING (k) ORDER BY ALL

SELECT a.k, b.k, c.k, v FROM (SELECT number AS k FROM numbers(4)) AS a LEFT JOIN (SELECT number * 2 AS k FROM numbers(3)) AS b ON a.k = b.k FULL JOIN (SELECT number + 2 AS k, number AS v FROM numbers(4)) AS c ON b.k = c.k ORDER BY ALL

SELECT count() FROM events AS a JOIN events AS b ON a.uid = b.uid AND a.kind = b.kind

SELECT count() FROM events AS a JOIN events AS b ON a.ip = b.ip AND a.day = b.day AND a.late = b.late

SELECT a.kind, count(), sum(b.delay) FROM events AS a JOIN events AS b ON a.kind = b.kind GROUP BY a.kind ORDER BY a.kind

SELECT a.id, b.id FROM events AS a JOIN events AS b ON a.ts = b.ts64 ORDER BY a.id LIMIT 3

SELECT a.id, b.id FROM events AS a JOIN events AS b ON a.cost = b.cost AND a.id != b.id ORDER BY a.id, b.id LIMIT 3

SELECT count() FROM events AS a JOIN events AS b ON toStartOfHour(a.ts) = toStartOfHour(b.ts) AND a.origin != b.origin

SELECT a.origin, uniqExact(b.id) FROM events AS a LEFT JOIN events AS b ON a.origin = b.dest GROUP BY a.origin ORDER BY a.origin

SELECT origin, dest FROM events AS a SEMI JOIN (SELECT 'LAX' AS origin) AS b USING (origin) ORDER BY ALL LIMIT 3

SELECT count() FROM events AS a LEFT JOIN events AS b ON a.tail = b.tail WHERE b.id IS NULL SETTINGS join_use_nulls = 1

SELECT id FROM events WHERE (origin, dest) IN (SELECT dest, origin FROM events) ORDER BY id

SELECT id FROM events WHERE (origin, kind) NOT IN (SELECT origin, kind FROM events WHERE id < 20) ORDER BY id LIMIT 5

SELECT id FROM events WHERE (origin, note) IN (SELECT origin, note FROM events WHERE id > 3) ORDER BY id LIMIT 5

SELECT count() FROM events AS a JOIN events AS b ON a.id = b.id WHERE (a.origin, b.dest) IN (SELECT origin, dest FROM events WHERE id < 10)

SELECT a.id FROM events AS a JOIN events AS b ON a.id = b.id AND a.id IN (SELECT max(id) FROM events) ORDER BY a.id

SELECT (SELECT count() FROM events AS a JOIN events AS b USING (id)) AS c, c + 1

SELECT x.origin, y.c FROM (SELECT DISTINCT origin FROM events) AS x JOIN (SELECT dest AS origin, count() AS c FROM events GROUP BY dest) AS y USING (origin) ORDER BY ALL

SELECT a.id, row_number() OVER (PARTITION BY b.origin ORDER BY a.id) AS r FROM events AS a JOIN events AS b ON a.id = b.id ORDER BY r, a.id LIMIT 4

SELECT a.id + b.id AS s FROM events AS a, events AS b WHERE a.id = b.id AND s < 10 ORDER BY s

SELECT DISTINCT a.origin FROM events AS a JOIN events AS b ON a.origin = b.dest ORDER BY a.origin

SELECT a.id FROM events AS a JOIN events AS b ON a.id = b.id ORDER BY b.delay DESC, a.id LIMIT 3

SELECT a.origin, b.id FROM events AS a JOIN events AS b ON a.origin = b.origin ORDER BY a.origin, b.id LIMIT 1 BY a.origin

SELECT a.origin, count() AS c FROM events AS a JOIN events AS b ON a.origin = b.origin GROUP BY a.origin HAVING c > 5 ORDER BY c DESC, a.origin

SELECT id FROM events AS a JOIN events AS b USING (id, origin, ts) WHERE a.delay = b.delay ORDER BY id LIMIT 2
