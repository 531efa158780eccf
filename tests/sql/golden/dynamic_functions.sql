SELECT x.a = 1 FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"x"}', '{}']), 'JSON') AS x)

SELECT x.a = 'x' FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"x"}', '{}']), 'JSON') AS x)

SELECT x.a > 1 FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":2.5}', '{"a":true}', '{}']), 'JSON') AS x)

SELECT x.a = x.b FROM (SELECT CAST(arrayJoin(['{"a":1,"b":1}', '{"a":2.5,"b":2}', '{"a":"q","b":"q"}', '{}']), 'JSON') AS x)

SELECT x.a = x.b FROM (SELECT CAST(arrayJoin(['{"a":1,"b":1}', '{"a":"2","b":2}']), 'JSON') AS x)

SELECT upper(x.a) FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"x"}', '{}']), 'JSON') AS x)

SELECT x.a + 1 FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"x"}', '{}']), 'JSON') AS x)

SELECT x.a || 'z' FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"x"}', '{"a":[1,2]}', '{"a":true}', '{}']), 'JSON') AS x)

SELECT length(x.a), empty(x.a) FROM (SELECT CAST(arrayJoin(['{"a":[1,2]}', '{"a":"xyz"}', '{"a":[]}', '{}']), 'JSON') AS x)

SELECT toInt64(x.a) FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":"7"}']), 'JSON') AS x)

SELECT toInt64(x.a) FROM (SELECT CAST(arrayJoin(['{"a":1}', '{}']), 'JSON') AS x)

SELECT x.a::Int64 FROM (SELECT CAST(arrayJoin(['{"a":1}', '{}']), 'JSON') AS x)

SELECT toDate(x.a), toTypeName(toDate(x.a)) FROM (SELECT CAST('{"a":"2024-01-02"}', 'JSON') AS x)

SELECT toFloat64(x.a), toString(x.a), toUInt8(x.a) FROM (SELECT CAST('{"a":"12"}', 'JSON') AS x)

SELECT x.a LIKE 'x%', match(x.a, '^x'), position(x.a, 'y'), x.a ILIKE 'X%' FROM (SELECT CAST(arrayJoin(['{"a":"xy"}', '{}']), 'JSON') AS x)

SELECT sum(toInt64(x.a)) FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":2}']), 'JSON') AS x)

SELECT count() FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":2}', '{}']), 'JSON') AS x) WHERE x.a != 2

SELECT if(x.a = 1, 'one', 'more') FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":2}', '{}']), 'JSON') AS x)

SELECT x.a BETWEEN 1 AND 2, NOT (x.a = 1), x.a = 1 OR x.a = 2 FROM (SELECT CAST(arrayJoin(['{"a":1}', '{"a":2}', '{}']), 'JSON') AS x)

SELECT x.a / 2, x.a * 2, -x.a, abs(x.a), round(x.a, 1), x.a % 2, intDiv(x.a, 2) FROM (SELECT CAST(arrayJoin(['{"a":-3}', '{"a":2.25}', '{}']), 'JSON') AS x)

SELECT sqrt(x.a), pow(x.a, 2), exp(x.a) FROM (SELECT CAST(arrayJoin(['{"a":4}', '{"a":2.25}', '{}']), 'JSON') AS x)

SELECT x.a = 1 FROM (SELECT CAST('{}', 'JSON') AS x WHERE 0)

SELECT upper(x.a, 1) FROM (SELECT CAST('{}', 'JSON') AS x)

SELECT x.a = [1] FROM (SELECT CAST('{"a":[1]}', 'JSON') AS x)

SELECT x.a[1], arraySum(x.a) FROM (SELECT CAST('{"a":[1,2]}', 'JSON') AS x)

SELECT x.a + x.b + 1 FROM (SELECT CAST('{"a":1,"b":2.5}', 'JSON') AS x)

SELECT lower(x.a) = 'ulm' AND x.b > 3 FROM (SELECT CAST(arrayJoin(['{"a":"Ulm","b":4}', '{"a":"Bern"}', '{}']), 'JSON') AS x)

SELECT concat(x.a, '-', x.b) FROM (SELECT CAST('{"a":"Ulm","b":4}', 'JSON') AS x)

SELECT lower(x.a) AS k, count() FROM (SELECT CAST(arrayJoin(['{"a":"Ulm","b":4}', '{"a":"ULM"}', '{}']), 'JSON') AS x) GROUP BY k ORDER BY k

SELECT substring(x.a, 1, 1), startsWith(x.a, 'U'), replaceAll(x.a, 'l', 'L'), hex(x.a) FROM (SELECT CAST('{"a":"Ulm","b":4}', 'JSON') AS x)

SELECT toTypeName(sqrt(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(abs(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(-x) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x + x) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x = x) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(lower(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(substring(x, 1, 2)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(position(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(toString(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(toInt64(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(round(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x / 2) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x % 2) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(intDiv(x, 2)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(cityHash64(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(hex(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(bitAnd(x, 1)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(startsWith(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x * 2.5) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(concat(x, x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(format('{}', x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(ceil(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(exp(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(length(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(empty(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(match(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(replaceAll(x, 'a', 'b')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x BETWEEN 1 AND 2) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(pow(x, 2)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(toUInt8(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(x < 'a') FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(leftPad(x, 10)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(domain(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(hasToken(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(ilike(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(like(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(notLike(x, 'b')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(trim(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(toDateTime(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(sipHash64(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(left(x,1)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(extract(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(countSubstrings(x, 'a')) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(toFloat64(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(floor(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT toTypeName(reverse(x)) FROM (SELECT y.a AS x FROM (SELECT CAST('{}', 'JSON') AS y))

SELECT x.a + 1, x.b || 'z', x.c = true FROM (SELECT CAST(if(number % 3 = 0, '{}', concat('{"a":', toString(number), ',"b":"q', toString(number), '","c":true}')), 'JSON') AS x FROM numbers(7))

SELECT sum(toFloat64(x.a * 2)) FROM (SELECT CAST(concat('{"a":', toString(number / 4), '}'), 'JSON') AS x FROM numbers(1000))

SELECT x.a / 0, x.b / 0, -x.a / 0, x.b / 0 = x.b / 0 FROM (SELECT CAST('{"a":1,"b":0}', 'JSON') AS x)

SELECT x.a = 1 AND x.b LIKE 'u%' FROM (SELECT CAST(arrayJoin(['{"a":1,"b":"ulm"}', '{"a":2}']), 'JSON') AS x)
