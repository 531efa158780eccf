-- weir: the same windows as the statement behind it
SELECT hop_start AS b0, hop_end AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY hop(t, INTERVAL 60 SECOND, INTERVAL 300 SECOND), k HAVING n > 3 ORDER BY e0, k LIMIT 40

SELECT toDateTime(e1 - 300, 'UTC') AS b0, toDateTime(e1, 'UTC') AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT arrayJoin(arrayFilter(e -> e - 300 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 60) + 1 + i) * 60, range(7)))) AS e1, k, v, s FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000))) GROUP BY e1, k HAVING n > 3 ORDER BY e0, k LIMIT 40

-- weir: the same windows as the statement behind it
SELECT hop_start AS b0, hop_end AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY hop(t, INTERVAL 7 SECOND, INTERVAL 20 SECOND), k HAVING n > 3 ORDER BY e0, k LIMIT 40

SELECT toDateTime(e1 - 20, 'UTC') AS b0, toDateTime(e1, 'UTC') AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT arrayJoin(arrayFilter(e -> e - 20 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 7) + 1 + i) * 7, range(4)))) AS e1, k, v, s FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000))) GROUP BY e1, k HAVING n > 3 ORDER BY e0, k LIMIT 40

-- weir: the same windows as the statement behind it
SELECT hop_start AS b0, hop_end AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY hop(t, INTERVAL 600 SECOND, INTERVAL 600 SECOND), k HAVING n > 3 ORDER BY e0, k LIMIT 40

SELECT toDateTime(e1 - 600, 'UTC') AS b0, toDateTime(e1, 'UTC') AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT arrayJoin(arrayFilter(e -> e - 600 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 600) + 1 + i) * 600, range(3)))) AS e1, k, v, s FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000))) GROUP BY e1, k HAVING n > 3 ORDER BY e0, k LIMIT 40

-- weir: no other key, the tuple as it is, rows filtered before
SELECT hop(t, INTERVAL 1 MINUTE, INTERVAL 1 HOUR) AS w, count() AS n, min(t) AS l, max(t) AS h FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE k = 2 GROUP BY w ORDER BY w LIMIT 5

SELECT (toDateTime(e1 - 3600, 'UTC'), toDateTime(e1, 'UTC')) AS w, count() AS n, min(t) AS l, max(t) AS h FROM (SELECT arrayJoin(arrayFilter(e -> e - 3600 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 60) + 1 + i) * 60, range(62)))) AS e1, t FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE k = 2) GROUP BY w ORDER BY w LIMIT 5

-- weir: what depends on the order of rows gets them in the order of their times
SELECT hop_end AS e0, k, groupArray(v) AS g, groupArrayIf(s, v % 2 = 0) AS h, first_value(v) AS f, last_value(v) AS l FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE v < 300 GROUP BY hop(t, INTERVAL 5 MINUTE, INTERVAL 15 MINUTE), k ORDER BY e0, k LIMIT 20

SELECT toDateTime(e1, 'UTC') AS e0, k, arrayMap(p -> p.2, arraySort(groupArray((t, v)))) AS g, arrayMap(p -> p.3, arrayFilter(p -> p.2 % 2 = 0, arraySort(groupArray((t, v, s))))) AS h, argMin(v, (t, v)) AS f, argMax(v, (t, v)) AS l FROM (SELECT arrayJoin(arrayFilter(e -> e - 900 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 300) + 1 + i) * 300, range(5)))) AS e1, k, t, v, s FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE v < 300) GROUP BY e1, k ORDER BY e0, k LIMIT 20

-- weir: days of a zone, over a change to summer time
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-03-28 00:00:00', 'Europe/Berlin') + number * 3600 AS t FROM numbers(150)) GROUP BY hop(t, INTERVAL 1 DAY, INTERVAL 3 DAY) ORDER BY b0

SELECT toDateTime(d - 2, 'Europe/Berlin') AS b0, toDateTime(d + 1, 'Europe/Berlin') AS e0, count() AS n FROM (SELECT arrayJoin([toDate(t), toDate(t) + 1, toDate(t) + 2]) AS d FROM (SELECT toDateTime('2024-03-28 00:00:00', 'Europe/Berlin') + number * 3600 AS t FROM numbers(150))) GROUP BY d ORDER BY b0

-- weir: hours of a zone that begin at midnight; windows are as many seconds long whatever the clock does
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-06-03 00:00:00', 'Europe/Berlin') + number * 1200 AS t FROM numbers(100)) GROUP BY hop(t, INTERVAL 6 HOUR, INTERVAL 12 HOUR) ORDER BY b0

SELECT toDateTime(e1 - 43200, 'Europe/Berlin') AS b0, toDateTime(e1, 'Europe/Berlin') AS e0, count() AS n FROM (SELECT arrayJoin([toUnixTimestamp(toStartOfInterval(t, INTERVAL 6 HOUR)) + 21600, toUnixTimestamp(toStartOfInterval(t, INTERVAL 6 HOUR)) + 43200]) AS e1 FROM (SELECT toDateTime('2024-06-03 00:00:00', 'Europe/Berlin') + number * 1200 AS t FROM numbers(100))) GROUP BY e1 ORDER BY b0

-- weir: months, with a time zone as an argument
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 86400 AS t FROM numbers(200)) GROUP BY hop(t, INTERVAL 1 MONTH, INTERVAL 3 MONTH, 'UTC') ORDER BY b0

SELECT addMonths(m, -2) AS b0, addMonths(m, 1) AS e0, count() AS n FROM (SELECT arrayJoin([toStartOfMonth(t), addMonths(toStartOfMonth(t), 1), addMonths(toStartOfMonth(t), 2)]) AS m FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 86400 AS t FROM numbers(200))) GROUP BY m ORDER BY b0

-- weir: times with fractions, keys of several types, one of them NULL, rows without a time
SELECT hop_end AS e0, a, b, count() AS n FROM (SELECT if(number % 10 = 3, NULL, toDateTime64('2024-03-01 00:00:00', 3, 'UTC') + number / 4) AS t, [number % 2] AS a, if(number % 3 = 0, NULL, toString(number % 3)) AS b FROM numbers(100)) GROUP BY a, hop(t, INTERVAL 10 SECOND, INTERVAL 20 SECOND), b ORDER BY e0, a, b

SELECT toNullable(toDateTime(e1, 'UTC')) AS e0, a, b, count() AS n FROM (SELECT arrayJoin(arrayFilter(e -> e - 20 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 10) + 1 + i) * 10, range(4)))) AS e1, a, b FROM (SELECT toDateTime64('2024-03-01 00:00:00', 3, 'UTC') + number / 4 AS t, [number % 2] AS a, if(number % 3 = 0, NULL, toString(number % 3)) AS b FROM numbers(100) WHERE number % 10 != 3)) GROUP BY e1, a, b ORDER BY e0, a, b

-- weir: hopStart and hopEnd of GROUP BY's hop are of its windows; GROUP BY ALL
SELECT hopStart(t, INTERVAL 10 MINUTE, INTERVAL 30 MINUTE) AS b0, hop(t, INTERVAL 10 MINUTE, INTERVAL 30 MINUTE) AS w, count() AS n FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY hop(t, INTERVAL 10 MINUTE, INTERVAL 30 MINUTE) ORDER BY b0 LIMIT 4

SELECT toDateTime(e1 - 1800, 'UTC') AS b0, (toDateTime(e1 - 1800, 'UTC'), toDateTime(e1, 'UTC')) AS w, count() AS n FROM (SELECT arrayJoin(arrayFilter(e -> e - 1800 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 600) + 1 + i) * 600, range(5)))) AS e1 FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000))) GROUP BY e1 ORDER BY b0 LIMIT 4

-- weir: a join below, a window function above
SELECT hop_end AS e0, name, count() AS n, sum(count()) OVER (PARTITION BY name ORDER BY hop_end) AS total FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) AS a JOIN (SELECT number AS id, char(65 + number) AS name FROM numbers(3)) AS b ON a.k = b.id GROUP BY hop(t, INTERVAL 20 MINUTE, INTERVAL 40 MINUTE), name ORDER BY e0, name

SELECT toDateTime(e1, 'UTC') AS e0, name, count() AS n, sum(count()) OVER (PARTITION BY name ORDER BY e1) AS total FROM (SELECT arrayJoin(arrayFilter(e -> e - 2400 <= toUnixTimestamp(t), arrayMap(i -> (intDiv(toUnixTimestamp(t), 1200) + 1 + i) * 1200, range(4)))) AS e1, char(65 + k) AS name FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE k < 3) GROUP BY e1, name ORDER BY e0, name

-- weir: tumble: names, and tumbleStart of the same window
SELECT tumble_start AS b0, tumble_end AS e0, tumbleEnd(t, INTERVAL 10 MINUTE) AS e1, k, count() AS n FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY tumble(t, INTERVAL 10 MINUTE), k ORDER BY b0, k LIMIT 12

SELECT tumbleStart(t, INTERVAL 10 MINUTE) AS b0, tumbleEnd(t, INTERVAL 10 MINUTE) AS e0, e0 AS e1, k, count() AS n FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY b0, e0, k ORDER BY b0, k LIMIT 12

-- weir: steps of hours, windows of days of a zone, over a change to summer time
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-03-30 00:00:00', 'Europe/Berlin') + number * 1800 AS t FROM numbers(100)) GROUP BY hop(t, INTERVAL 6 HOUR, INTERVAL 1 DAY) ORDER BY b0

SELECT addDays(e1, -1) AS b0, e1 AS e0, count() AS n FROM (SELECT toDateTime('2024-03-30 00:00:00', 'Europe/Berlin') + number * 1800 AS t FROM numbers(100)) AS a CROSS JOIN (SELECT arrayJoin(arrayConcat([toDateTime('2024-03-30 00:00:00', 'Europe/Berlin')], arrayFlatten(arrayMap(d -> [toDateTime(concat(d, ' 06:00:00'), 'Europe/Berlin'), toDateTime(concat(d, ' 12:00:00'), 'Europe/Berlin'), toDateTime(concat(d, ' 18:00:00'), 'Europe/Berlin'), toDateTime(toDate(d) + 1, 'Europe/Berlin')], ['2024-03-30', '2024-03-31', '2024-04-01', '2024-04-02'])))) AS e1) AS b WHERE t < e1 AND t >= addDays(e1, -1) GROUP BY e1 ORDER BY b0

-- weir: days and weeks, months and quarters
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 43200 AS t FROM numbers(40)) GROUP BY hop(t, INTERVAL 2 DAY, INTERVAL 1 WEEK) ORDER BY b0

SELECT toDateTime((d - 7) * 86400, 'UTC') AS b0, toDateTime(d * 86400, 'UTC') AS e0, count() AS n FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 43200 AS t FROM numbers(40)) AS a CROSS JOIN (SELECT toUInt32(number * 2 + 19700) AS d FROM numbers(60)) AS b WHERE toUnixTimestamp(t) < d * 86400 AND toUnixTimestamp(t) >= (d - 7) * 86400 GROUP BY d ORDER BY b0

-- weir: months and quarters
SELECT hop_start AS b0, hop_end AS e0, count() AS n FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 86400 AS t FROM numbers(200)) GROUP BY hop(t, INTERVAL 1 QUARTER, INTERVAL 1 YEAR) ORDER BY b0

SELECT addMonths(m, -9) AS b0, addMonths(m, 3) AS e0, count() AS n FROM (SELECT arrayJoin(arrayMap(i -> addQuarters(toStartOfQuarter(t), i), range(4))) AS m FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 86400 AS t FROM numbers(200))) GROUP BY m ORDER BY b0

-- weir: sessions: rows no further apart than the gap
SELECT session_start AS b0, session_end AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) GROUP BY session(t, INTERVAL 60 SECOND), k ORDER BY b0, k LIMIT 60

SELECT min(t) AS b0, max(t) + 60 AS e0, k, count() AS n, sum(v) AS a, max(v) AS b, quantileExact(0.9)(v) AS q, uniqExact(s) AS u, avg(v) AS m, countIf(v % 3 = 0) AS c, arraySort(groupUniqArray(s)) AS g, argMax(s, v) AS x, quantile(0.5)(v % 10) AS r, sumMap(map(s, v)) AS sm FROM (SELECT *, sum(fresh) OVER (PARTITION BY k ORDER BY t, v) AS id FROM (SELECT *, if(t - lagInFrame(t, 1, toDateTime(0, 'UTC')) OVER (PARTITION BY k ORDER BY t, v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) > 60, 1, 0) AS fresh FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)))) GROUP BY id, k ORDER BY b0, k LIMIT 60

-- weir: sessions without keys; what depends on the order of rows
SELECT session_start AS b0, count() AS n, groupArray(v) AS g FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE v < 300 GROUP BY session(t, INTERVAL 2 MINUTE) ORDER BY b0 LIMIT 20

SELECT min(t) AS b0, count() AS n, arrayMap(p -> p.2, arraySort(groupArray((t, v)))) AS g FROM (SELECT *, sum(fresh) OVER (PARTITION BY k ORDER BY t, v) AS id FROM (SELECT *, if(t - lagInFrame(t, 1, toDateTime(0, 'UTC')) OVER (PARTITION BY k ORDER BY t, v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) > 120, 1, 0) AS fresh FROM (SELECT 1 AS k, t, v FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE v < 300))) GROUP BY id ORDER BY b0 LIMIT 20

-- weir: sessions that would be too long end before the pane with which they would
SELECT session_start AS b0, session_end AS e0, count() AS n FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, number AS v FROM numbers(1500)) GROUP BY session(t, INTERVAL 30 SECOND, INTERVAL 5 MINUTE) ORDER BY b0

SELECT toDateTime(x.1, 'UTC') AS b0, toDateTime(least(x.2 + 30, if(i < length(all), all[i + 1].1, 4294967295)), 'UTC') AS e0, x.3 AS n FROM (SELECT arrayFold((acc, f) -> if(empty(acc) OR f.1 - acc[-1].2 > 30 OR f.2 - acc[-1].1 > 300, arrayPushBack(acc, (f.1, f.2, f.3)), arrayPushBack(arrayPopBack(acc), (acc[-1].1, f.2, acc[-1].3 + f.3))), arraySort(groupArray((a, b, c))), CAST([], 'Array(Tuple(UInt32, UInt32, UInt64))')) AS all FROM (SELECT toUnixTimestamp(min(t)) AS a, toUnixTimestamp(max(t)) AS b, count() AS c FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 4000 AS t, number AS v FROM numbers(1500)) GROUP BY intDiv(toUnixTimestamp(t), 30))) ARRAY JOIN all AS x, arrayEnumerate(all) AS i ORDER BY b0

-- weir: many keys, cut by LIMIT; most windows of the key are never made
SELECT count() AS n, sum(c) AS s FROM (SELECT hop_end, number % 500 AS k, count() AS c FROM numbers(5000) GROUP BY hop(toDateTime('2024-03-01 00:00:00','UTC') + intDiv(number, 10), INTERVAL 1 SECOND, INTERVAL 1 MINUTE), k)

SELECT uniqExact(e, k) AS n, count() AS s FROM (SELECT arrayJoin(range(intDiv(number, 10) + 1, intDiv(number, 10) + 61)) AS e, number % 500 AS k FROM numbers(5000))

-- weir: no row, no window
SELECT hop_start AS a, count() AS n FROM (SELECT toDateTime(number, 'UTC') AS t FROM numbers(0)) GROUP BY hop(t, INTERVAL 1 SECOND, INTERVAL 2 SECOND)

SELECT toDateTime(number, 'UTC') AS a, count() AS n FROM numbers(0) GROUP BY a

-- weir: no window of that name in GROUP BY
SELECT hop_start, count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY tumble(t, INTERVAL 1 MINUTE)

-- weir: before rows are grouped there is no window
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) WHERE hop_start > 0 GROUP BY hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE)

-- weir: neither for the key itself
SELECT session(t, INTERVAL 1 MINUTE) AS s, count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) WHERE s.1 > 0 GROUP BY s

-- weir: nor inside an aggregate
SELECT max(hop_end) FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE)

-- weir: two windows
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE), session(t, INTERVAL 1 MINUTE)

-- weir: totals
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE) WITH TOTALS

-- weir: rollup
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY ROLLUP(hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE), v)

-- weir: units that do not go together
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY hop(t, INTERVAL 1 WEEK, INTERVAL 10 DAY)

-- weir: step longer than the window
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY hop(t, INTERVAL 2 MINUTE, INTERVAL 1 MINUTE)

-- weir: a gap that is no constant
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY session(t, toIntervalSecond(v + 1))

-- weir: a gap of months
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY session(t, INTERVAL 1 MONTH)

-- weir: shorter than its gap
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY session(t, INTERVAL 1 MINUTE, INTERVAL 1 SECOND)

-- weir: no time
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY session(v, INTERVAL 1 MINUTE)

-- weir: no window
SELECT window_state()

-- weir: rows of no stored table
SELECT window_state(), count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY tumble(t, INTERVAL 1 MINUTE)

-- weir: before rows are grouped there is no window
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) WHERE window_state() = 'open' GROUP BY hop(t, INTERVAL 1 MINUTE, INTERVAL 2 MINUTE)

-- weir: no gap
SELECT count() FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + number AS t, number AS v FROM numbers(5)) GROUP BY session(t)

SELECT hop(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 15 SECOND, INTERVAL 5 SECOND)

-- weir: of a row alone
SELECT session(toDateTime('2024-01-01 00:00:10', 'UTC'), INTERVAL 15 SECOND) AS a, sessionStart(toDateTime('2024-01-01 00:00:10', 'UTC'), INTERVAL 15 SECOND, INTERVAL 1 HOUR) AS b, sessionEnd(toDateTime64('2024-01-01 00:00:10', 3, 'UTC'), INTERVAL 15 MILLISECOND) AS c, sessionEnd(session(toDateTime('2024-01-01 00:00:10', 'UTC'), INTERVAL 15 SECOND)) AS d

SELECT (toDateTime('2024-01-01 00:00:10', 'UTC'), toDateTime('2024-01-01 00:00:25', 'UTC')) AS a, toDateTime('2024-01-01 00:00:10', 'UTC') AS b, toDateTime64('2024-01-01 00:00:10.015', 3, 'UTC') AS c, toDateTime('2024-01-01 00:00:25', 'UTC') AS d

-- weir: rows in turn
SELECT sessionStart(t, INTERVAL 1 HOUR) AS a, sessionEnd(t, INTERVAL 1 HOUR) AS b FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 900 AS t FROM numbers(4)) ORDER BY t

SELECT t AS a, t + 3600 AS b FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 900 AS t FROM numbers(4)) ORDER BY t

-- weir: of GROUP BY's session
SELECT sessionStart(t, INTERVAL 1 MINUTE) AS b0, sessionEnd(session(t, INTERVAL 1 MINUTE)) AS e0, count() AS n FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE k = 1 GROUP BY session(t, INTERVAL 1 MINUTE) ORDER BY b0 LIMIT 8

SELECT min(t) AS b0, max(t) + 60 AS e0, count() AS n FROM (SELECT *, sum(fresh) OVER (PARTITION BY k ORDER BY t, v) AS id FROM (SELECT *, if(t - lagInFrame(t, 1, toDateTime(0, 'UTC')) OVER (PARTITION BY k ORDER BY t, v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) > 60, 1, 0) AS fresh FROM (SELECT * FROM (SELECT toDateTime('2024-03-01 00:00:00','UTC') + intHash32(number) % 40000 AS t, intHash32(number + 77) % 5 AS k, number AS v, toString(number % 7) AS s FROM numbers(3000)) WHERE k = 1))) GROUP BY id ORDER BY b0 LIMIT 8

-- weir: a gap that the times cannot tell
SELECT session(toDateTime('2024-01-01 00:00:10', 'UTC'), INTERVAL 15 MILLISECOND)
