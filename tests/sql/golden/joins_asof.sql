SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, 2 AS t, number AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, 2 AS t, number AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t <= b.t

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, number AS t, number % 2 AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t AND b.n = 1

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, number AS t, number % 2 AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t AND a.t != 2

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF JOIN (SELECT 1 AS k, number AS t, number % 2 AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t AND a.t != 2

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, number AS t, number % 2 AS n FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t AND a.t != b.n

SELECT * FROM (SELECT 1 AS k, toDate('2026-01-02') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toDateTime('2026-01-01 00:00:00', 'UTC') + number * 3600 * 10 AS t FROM numbers(5)) AS b USING (k, t)

SELECT * FROM (SELECT 1 AS k, toDate('2026-01-02') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toDateTime('2026-01-01 00:00:00', 'UTC') + number * 3600 * 10 AS t FROM numbers(5)) AS b ON a.k = b.k AND a.t > b.t

SELECT * FROM (SELECT 1 AS k, toInt32(5) AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(10)) AS b ON a.k = b.k AND a.t > b.t

SELECT * FROM (SELECT 1 AS k, toDecimal64(5, 3) AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toDecimal64(number, 3) AS t FROM numbers(10)) AS b ON a.k = b.k AND a.t > b.t

SELECT * FROM (SELECT 1 AS k, toDateTime64('2026-01-01 00:00:01.5', 3, 'UTC') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toDateTime('2026-01-01 00:00:00', 'UTC') + number AS t FROM numbers(10)) AS b ON a.k = b.k AND a.t > b.t

SELECT * FROM (SELECT 1 AS k, 1 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(10)) AS b ON a.k = b.k OR a.t > b.t

SELECT * FROM (SELECT 1 AS k, 1 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(10)) AS b ON a.k = b.k AND a.t + b.t > 1

SELECT * FROM (SELECT 1 AS k, 1 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(10)) AS b ON a.k = b.k AND a.t > 0

SELECT * FROM (SELECT 1 AS k, toUUID('00000000-0000-0000-0000-000000000001') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUUID('00000000-0000-0000-0000-000000000001') AS t) AS b ON a.k = b.k AND a.t >= b.t

SELECT a.k, a.t, b.t FROM (SELECT 1 AS k, 5 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(3)) AS b USING (k, t) SETTINGS join_use_nulls = 1

SELECT k, t, b.t, toTypeName(b.t) FROM (SELECT 2 AS k, 5 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(3)) AS b USING (k, t) SETTINGS join_use_nulls = 1

SELECT k, t, b.t FROM (SELECT 2 AS k, NULL::Nullable(UInt8) AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(3)) AS b USING (k, t)

SELECT k, t, b.t FROM (SELECT 1 AS k, NULL::Nullable(UInt8) AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toUInt8(number) AS t FROM numbers(3)) AS b ON a.k = b.k AND a.t > b.t

SELECT k, t, b.t FROM (SELECT 1 AS k, 9 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toNullable(number) AS t FROM numbers(3)) AS b ON a.k = b.k AND a.t > b.t

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF JOIN tb ON ta.id = tb.id AND ta.v >= tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN tb ON ta.id = tb.id AND ta.v <= tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN tb USING (id, v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF JOIN tb USING (id, v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta LEFT ASOF JOIN tb USING (id, v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT ta.*, tb.* FROM ta ASOF LEFT JOIN tb USING (id, v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF JOIN tb ON ta.id = tb.id AND ta.v >= tb.v AND ta.v < tb.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF JOIN tb ON ta.id = tb.id ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN tb ON ta.id = tb.id AND tb.v <= ta.v + 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN tb ON ta.id = tb.id AND tb.v <= ta.v + 1 AND tb.w = '0' ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN (SELECT 1::UInt32 AS id, 1::Nullable(UInt8) AS v) AS b ON ta.id = b.id AND b.v <= ta.v + 1 ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN (SELECT 1::UInt32 AS id, '1' AS v) AS b ON ta.id = b.id AND b.v <= toString(ta.v) ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF LEFT JOIN (SELECT 1::UInt32 AS id, 1 AS v) AS b ON ta.id = b.id AND b.v != ta.v ORDER BY ALL

WITH ta AS (SELECT toUInt32(number) AS id, number * 10 AS v FROM numbers(4)), tb AS (SELECT toUInt32(number + 2) AS id, number * 100 AS v, toString(number) AS w FROM numbers(4)) SELECT * FROM ta ASOF JOIN tb ON ta.id = tb.id AND ta.v > tb.v ORDER BY ALL

SELECT a.id, b.id, b.ts FROM events AS a ASOF JOIN events AS b ON a.origin = b.origin AND a.ts > b.ts ORDER BY a.id

SELECT a.id, b.id, b.ts FROM events AS a ASOF LEFT JOIN events AS b ON a.origin = b.origin AND a.ts < b.ts ORDER BY a.id

SELECT a.id, b.id FROM events AS a ASOF LEFT JOIN events AS b ON a.origin = b.dest AND a.ts64 >= b.ts64 ORDER BY a.id

SELECT a.id, b.id FROM events AS a ASOF LEFT JOIN events AS b ON a.origin = b.dest AND a.ts64 <= b.ts64 ORDER BY a.id

SELECT a.id, b.id FROM events AS a ASOF JOIN events AS b ON a.origin = b.dest AND a.kind = b.kind AND a.day >= b.day ORDER BY a.id

SELECT a.id, b.delay FROM events AS a ASOF JOIN events AS b ON a.origin = b.dest AND b.id < a.id AND b.delay > 0 ORDER BY a.id

SELECT a.id, b.id FROM events AS a ASOF LEFT JOIN events AS b ON a.note = b.note AND a.id > b.id ORDER BY a.id

SELECT a.id, b.tail FROM events AS a ASOF LEFT JOIN events AS b ON a.origin = b.origin AND a.tail > b.tail ORDER BY a.id

SELECT a.id, b.cost FROM events AS a ASOF LEFT JOIN events AS b ON a.late = b.late AND a.cost < b.cost ORDER BY a.id

SELECT a.id, b.price FROM events AS a ASOF LEFT JOIN events AS b ON a.late = b.late AND a.price > b.price WHERE a.id < 20 ORDER BY a.id

SELECT a.id, count(b.id), sum(b.delay) FROM events AS a ASOF LEFT JOIN events AS b ON a.kind = b.kind AND a.ts > b.ts GROUP BY a.id ORDER BY a.id LIMIT 10

SELECT count() FROM events AS a ASOF JOIN (SELECT * FROM events WHERE id > 1000) AS b ON a.kind = b.kind AND a.ts > b.ts

SELECT count() FROM events AS a ASOF LEFT JOIN (SELECT * FROM events WHERE id > 1000) AS b ON a.kind = b.kind AND a.ts > b.ts

SELECT count() FROM (SELECT * FROM events WHERE id > 1000) AS a ASOF LEFT JOIN events AS b ON a.kind = b.kind AND a.ts > b.ts

SELECT n.number, e.id, e.ts FROM (SELECT number, toDateTime('2026-01-31 00:00:00', 'UTC') + number * 7200 AS ts, 'LAX' AS origin FROM numbers(8)) AS n ASOF LEFT JOIN events AS e ON n.origin = e.origin AND n.ts >= e.ts ORDER BY n.number

SELECT n.number, e.id, ts FROM (SELECT number, toDateTime('2026-01-31 00:00:00', 'UTC') + number * 7200 AS ts, 'LAX' AS origin FROM numbers(8)) AS n ASOF LEFT JOIN events AS e USING (origin, ts) ORDER BY n.number

SELECT * FROM (SELECT 1 AS k, number AS t FROM numbers(6)) AS a ASOF LEFT JOIN (SELECT 1 AS k, intDiv(number, 2) * 2 AS t, number AS n FROM numbers(8)) AS b ON a.k = b.k AND a.t > b.t ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, number AS t FROM numbers(6)) AS a ASOF LEFT JOIN (SELECT 1 AS k, intDiv(number, 2) * 2 AS t, number AS n FROM numbers(8)) AS b ON a.k = b.k AND a.t < b.t ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, number AS t FROM numbers(6)) AS a ASOF LEFT JOIN (SELECT 1 AS k, intDiv(number, 2) * 2 AS t, number AS n FROM numbers(8)) AS b ON a.k = b.k AND a.t >= b.t ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, number AS t FROM numbers(6)) AS a ASOF LEFT JOIN (SELECT 1 AS k, intDiv(number, 2) * 2 AS t, number AS n FROM numbers(8)) AS b ON a.k = b.k AND a.t <= b.t ORDER BY a.t

SELECT * FROM (SELECT number % 3 AS k, number AS t FROM numbers(9)) AS a ASOF LEFT JOIN (SELECT (17 - number) % 3 AS k, 17 - number AS t, number AS n FROM numbers(18)) AS b ON a.k = b.k AND b.t > a.t + 3 ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, -number AS t FROM numbers(4)) AS a ASOF LEFT JOIN (SELECT 1 AS k, number - 5 AS t FROM numbers(8)) AS b ON a.k = b.k AND a.t > b.t ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, 1.5 - number AS t FROM numbers(4)) AS a ASOF LEFT JOIN (SELECT 1 AS k, number / 3 - 1 AS t FROM numbers(8)) AS b ON a.k = b.k AND a.t > b.t ORDER BY a.t

SELECT * FROM (SELECT 'a' AS s, toNullable(number) AS t FROM numbers(4)) AS a ASOF LEFT JOIN (SELECT toLowCardinality('a') AS s, if(number % 2 = 0, NULL, number) AS t FROM numbers(8)) AS b ON a.s = b.s AND a.t >= b.t ORDER BY a.t

SELECT a.t, b.t, c.t FROM (SELECT 1 AS k, number AS t FROM numbers(4)) AS a ASOF LEFT JOIN (SELECT 1 AS k, number * 2 AS t FROM numbers(4)) AS b ON a.k = b.k AND a.t >= b.t ASOF LEFT JOIN (SELECT 1 AS k, number * 3 AS t FROM numbers(4)) AS c ON a.k = c.k AND a.t <= c.t ORDER BY a.t

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, number AS t FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t SETTINGS join_use_nulls = 1

SELECT * FROM (SELECT 1 AS k, 2 AS t) AS a ASOF LEFT JOIN (SELECT 2 AS k, number AS t FROM numbers(3)) AS b ON a.k = b.k AND a.t >= b.t SETTINGS join_use_nulls = 1

SELECT * FROM (SELECT 1 AS k, toIPv4('1.2.3.4') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, toIPv4('1.2.3.3') AS t) AS b ON a.k = b.k AND a.t >= b.t

SELECT * FROM (SELECT 1 AS k, CAST('a', 'Enum8(\'a\' = 1)') AS t) AS a ASOF LEFT JOIN (SELECT 1 AS k, CAST('a', 'Enum8(\'a\' = 1)') AS t) AS b ON a.k = b.k AND a.t >= b.t
