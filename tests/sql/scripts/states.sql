CREATE TABLE daily (day Date, k String, c AggregateFunction(count), s AggregateFunction(sum, UInt64), m AggregateFunction(max, String), u AggregateFunction(uniq, UInt64), q AggregateFunction(quantiles(0.5, 0.9), UInt64), total SimpleAggregateFunction(sum, UInt64)) ENGINE = MergeTree ORDER BY (day, k)

INSERT INTO daily SELECT toDate('2024-01-01') + intDiv(number, 10), toString(number % 3), countState(), sumState(number), maxState(toString(number)), uniqState(number), quantilesState(0.5, 0.9)(number), sum(number) FROM numbers(20) GROUP BY intDiv(number, 10), number % 3

INSERT INTO daily SELECT toDate('2024-01-01') + intDiv(number, 10), toString(number % 3), countState(), sumState(number), maxState(toString(number)), uniqState(number), quantilesState(0.5, 0.9)(number), sum(number) FROM numbers(100) GROUP BY intDiv(number, 10), number % 3

SELECT count() FROM daily

SELECT countMerge(c), sumMerge(s), maxMerge(m), uniqMerge(u), quantilesMerge(0.5, 0.9)(q), sum(total) FROM daily

SELECT k, countMerge(c) AS c, sumMerge(s) AS s, maxMerge(m) AS m, uniqMerge(u) AS u, sum(total) FROM daily GROUP BY k ORDER BY k

SELECT day, sumMerge(s) FROM daily WHERE k = '1' GROUP BY day HAVING sumMerge(s) > 100 ORDER BY day

SELECT day, k, finalizeAggregation(s), finalizeAggregation(c), hex(m) FROM daily WHERE day = '2024-01-03' ORDER BY k

SELECT name, type FROM system.columns WHERE table = 'daily' AND database = currentDatabase() ORDER BY position

SELECT toTypeName(c), toTypeName(s), toTypeName(m), toTypeName(u), toTypeName(q), toTypeName(total) FROM daily LIMIT 1

SELECT sumMerge(s) FROM (SELECT sumMergeState(s) AS s FROM daily GROUP BY k)

SELECT avgMerge(s) FROM daily

SELECT length(s) FROM daily

SELECT k FROM daily ORDER BY s

CREATE TABLE text_in (id UInt8, s AggregateFunction(sum, UInt8), n AggregateFunction(groupArray, String)) ENGINE = MergeTree ORDER BY id

INSERT INTO text_in SELECT 1, unhex('0500000000000000'), unhex('020161026263')

INSERT INTO text_in SELECT 2, CAST(unhex('0700000000000000') AS AggregateFunction(sum, UInt8)), arrayReduce('groupArrayState', ['x'])

SELECT id, finalizeAggregation(s), finalizeAggregation(n) FROM text_in ORDER BY id

SELECT sumMerge(s), groupArrayMerge(n) FROM (SELECT * FROM text_in ORDER BY id)

INSERT INTO text_in SELECT 3, CAST(unhex('07') AS AggregateFunction(sum, UInt8)), arrayReduce('groupArrayState', ['x'])

INSERT INTO text_in SELECT 3, sumState(toUInt64(1)), groupArrayState('x')

INSERT INTO text_in SELECT 3, 'x', 'y'

INSERT INTO text_in (id) VALUES (4)

SELECT id, finalizeAggregation(s), finalizeAggregation(n) FROM text_in ORDER BY id

CREATE TABLE marks (k UInt8, b AggregateFunction(groupBitmap, UInt32)) ENGINE = MergeTree ORDER BY k

INSERT INTO marks SELECT number % 3, groupBitmapState(toUInt32(number)) FROM numbers(1000) GROUP BY number % 3

SELECT k, bitmapCardinality(b), bitmapContains(b, toUInt32(7)), bitmapToArray(bitmapSubsetLimit(b, toUInt32(990), toUInt32(5))) FROM marks ORDER BY k

SELECT groupBitmapMerge(b), groupBitmapAnd(b), groupBitmapOr(b), groupBitmapXor(b) FROM marks

CREATE TABLE nested (id UInt8, a Array(AggregateFunction(max, UInt8))) ENGINE = MergeTree ORDER BY id

INSERT INTO nested SELECT number, [maxState(toUInt8(number)), maxState(toUInt8(number + 7))] FROM numbers(3) GROUP BY number

SELECT id, arrayMap(x -> finalizeAggregation(x), a) FROM nested ORDER BY id

SELECT maxMergeForEach(a), maxMergeArray(a), arrayReduce('maxMerge', a) AS r FROM nested GROUP BY r ORDER BY r

CREATE TABLE bad1 (s AggregateFunction(sum, String)) ENGINE = MergeTree ORDER BY tuple()

CREATE TABLE bad2 (s AggregateFunction(nosuch, UInt8)) ENGINE = MergeTree ORDER BY tuple()

CREATE TABLE bad3 (s SimpleAggregateFunction(avg, Float64)) ENGINE = MergeTree ORDER BY tuple()

CREATE TABLE bad4 (s Nullable(AggregateFunction(count))) ENGINE = MergeTree ORDER BY tuple()

CREATE TABLE simple (k UInt8, m SimpleAggregateFunction(max, UInt64), l SimpleAggregateFunction(anyLast, Nullable(String)), g SimpleAggregateFunction(groupArrayArray, Array(UInt8))) ENGINE = MergeTree ORDER BY k

INSERT INTO simple VALUES (1, 5, 'a', [1, 2]), (1, 7, NULL, [3]), (2, 1, 'z', [])

SELECT k, max(m), groupArrayArray(g), count(l) FROM simple GROUP BY k ORDER BY k

SELECT m, toTypeName(m), l, toTypeName(l), g, toTypeName(g), m + 1 FROM simple ORDER BY m

INSERT INTO simple SELECT 3, maxSimpleState(number), anyLastSimpleState(toNullable(toString(number))), groupArrayArraySimpleState([toUInt8(number)]) FROM numbers(3)

SELECT * FROM simple WHERE k = 3

SELECT max(m) FROM simple WHERE m > 5
