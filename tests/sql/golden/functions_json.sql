SELECT JSONType('{"a":[1,2.5,"x",true,null,{}]}'), arrayMap(i -> JSONType('{"a":[1,2.5,"x",true,null,{},-1,18446744073709551615]}', 'a', i), range(1, 9))

SELECT toTypeName(JSONType('1')), JSONType('x'), JSONType(''), JSONType('{"a":1}', 'b'), JSONType(NULL), toTypeName(JSONType(toNullable('1')))

SELECT JSONType(1)

SELECT JSONType('{}', 1.5)

SELECT JSONKey('{"a":1,"b":2}', 1), JSONKey('{"a":1,"b":2}', -1), JSONKey('{"a":1}', 5), JSONKey('{"a":{"c":1}}', 'a', 1), JSONKey('[1]', 1), JSONKey('{"a":1,"b":2}', 'b')

SELECT JSONKey(NULL, 1), toTypeName(JSONKey(toNullable('{}'), 1)), JSONKey(materialize('{"x":1,"y\\n":2}'), number + 1) FROM numbers(3)

SELECT JSONKey(1, 1)

SELECT JSONExtractKeys('{"a":1,"b":2}'), JSONExtractKeys('[1]'), JSONExtractKeys('{"x":{"y\\u00e9":1}}', 'x'), JSONExtractKeys('x'), JSONExtractKeysCaseInsensitive('{"X":{"y":1}}', 'x'), JSONExtractKeysCaseInsensitive('{"X":{"y":1}}', 'z')

SELECT JSONExtractKeys(NULL), JSONExtractKeysCaseInsensitive(NULL)

SELECT JSONExtractKeys(1)

SELECT JSONExtractKeysCaseInsensitive(1)

SELECT JSONExtractArrayRaw('[1, "a" , {"b" : 2},[ 1, 2]]'), JSONExtractArrayRaw('{"a":[1]}', 'a'), JSONExtractArrayRaw('{}'), JSONExtractArrayRaw(''), JSONExtractArrayRawCaseInsensitive('{"A":[1, 2]}', 'a')

SELECT JSONExtractArrayRaw(NULL), JSONExtractArrayRawCaseInsensitive(NULL), JSONExtractArrayRaw(materialize('[[1.50, 2e3], "\\u0041\\n"]')), JSONExtractArrayRawCaseInsensitive('[1]', 'a')

SELECT JSONExtractArrayRaw(1)

SELECT JSONExtractArrayRawCaseInsensitive(1)

SELECT JSONExtractKeysAndValuesRaw('{"a": [1, 2], "b": "x"}'), toTypeName(JSONExtractKeysAndValuesRaw('{}')), JSONExtractKeysAndValuesRaw('[1]'), JSONExtractKeysAndValuesRawCaseInsensitive('{"A":{"b":1}}', 'a')

SELECT JSONExtractKeysAndValuesRaw(NULL), JSONExtractKeysAndValuesRawCaseInsensitive(NULL), JSONExtractKeysAndValuesRaw(materialize('{"k":{"a" : null}}'), 'k'), JSONExtractKeysAndValuesRawCaseInsensitive(materialize('{"K":1}'))

SELECT JSONExtractKeysAndValuesRaw(1)

SELECT JSONExtractKeysAndValuesRawCaseInsensitive(1)

SELECT JSONExtractKeysAndValues('{"a": 1, "b": 2.7, "c":"5","d":"x","e":null}', 'Int8'), toTypeName(JSONExtractKeysAndValues('{"a":1}', 'Int8')), JSONExtractKeysAndValues('{"x":{"a": 1, "b": 2}}', 'x', 'String'), JSONExtractKeysAndValuesCaseInsensitive('{"A":{"b":1}}', 'a', 'Int8')

SELECT JSONExtractKeysAndValues('{"a":[1],"b":["x"],"c":[],"d":5}', 'Array(Int8)'), JSONExtractKeysAndValues('{"a":null,"b":"x"}', 'Nullable(Int8)'), JSONExtractKeysAndValues('[1]', 'Int8'), JSONExtractKeysAndValues('{"a":{"x":1},"b":{"y":2},"c":3}', 'Tuple(x Int8)')

SELECT JSONExtractKeysAndValues(NULL, 'Int8'), JSONExtractKeysAndValuesCaseInsensitive(NULL, 'Int8'), JSONExtractKeysAndValuesCaseInsensitive('{"A":"x"}', 'String')

SELECT JSONExtractKeysAndValues('{}', 1)

SELECT JSONExtractKeysAndValuesCaseInsensitive('{}', 'foo')

SELECT JSONExtractKeysAndValues('{}')

SELECT JSONExtract('{"a":"hello","b":[-100,200.0,300]}', 'Tuple(String, Array(Float64))'), JSONExtract('{"a":"hello","b":[-100,200.0,300]}', 'Tuple(b Array(Float64), a String)'), JSONExtract('{"a":"hello","b":[-100,"hello",null]}', 'b', 'Array(Nullable(Int8))'), JSONExtract('{"a":"hello","b":[-100,"hello",null]}', 'b', 4, 'Nullable(Int64)')

SELECT JSONExtract('{"a":1,"b":"x"}', 'Map(String, String)'), JSONExtract('{"passed": true}', 'passed', 'UInt8'), JSONExtract('{"day": "Thursday"}', 'day', 'Enum8(\'Sunday\' = 0, \'Thursday\' = 4)'), JSONExtract('{"day": 5}', 'day', 'Enum8(\'Sunday\' = 0, \'Friday\' = 5)')

SELECT JSONExtract('{"a":300}', 'a', 'UInt8'), JSONExtract('{"a":-1}', 'a', 'UInt8'), JSONExtract('{"a":1.7}', 'a', 'Int32'), JSONExtract('{"a":"12"}', 'a', 'Int32'), JSONExtract('{"a":"12x"}', 'a', 'Int32'), JSONExtract('{"a":true}', 'a', 'Int32'), JSONExtract('{"a":1e3}', 'a', 'Int32'), JSONExtract('{"a":-1.9}', 'a', 'Int32')

SELECT JSONExtract('{"a":"1.5"}', 'a', 'Float64'), JSONExtract('{"a":2}', 'a', 'Float32'), JSONExtract('{"a":true}', 'a', 'Float64'), JSONExtract('{"a":true}', 'a', 'Bool'), JSONExtract('{"a":1}', 'a', 'Bool'), JSONExtract('{"a":"true"}', 'a', 'Bool'), JSONExtract('{"a":0.5}', 'a', 'Bool'), JSONExtract('{"a":"x"}', 'a', 'Float64')

SELECT JSONExtract('{"a":"x"}', 'a', 'Bool'), JSONExtract('{"a":2}', 'a', 'Bool'), JSONExtract('{"a":"1"}', 'a', 'Bool'), JSONExtract('{"a":[]}', 'a', 'Bool'), JSONExtract('{"a":1.0}', 'a', 'Bool'), JSONExtract('{"a":0}', 'a', 'Bool')

SELECT JSONExtract('{"a":"2024-01-02"}', 'a', 'Date'), JSONExtract('{"a":"2024-01-02 03:04:05"}', 'a', 'DateTime'), JSONExtract('{"a":"2024-01-02 03:04:05.678"}', 'a', 'DateTime64(3)'), JSONExtract('{"a":1700000000}', 'a', 'DateTime'), JSONExtract('{"a":"x"}', 'a', 'Date'), JSONExtract('{"a":19000}', 'a', 'Date'), JSONExtract('{"a":"2024-01-02"}', 'a', 'Date32')

SELECT JSONExtract('{"a":"2024-01-02T03:04:05Z"}', 'a', 'DateTime'), JSONExtract('{"a":"2024-01-02"}', 'a', 'DateTime'), JSONExtract('{"a":1700000000.5}', 'a', 'DateTime64(3)'), JSONExtract('{"a":1700000000}', 'a', 'DateTime64(3)'), JSONExtract('{"a":1.5}', 'a', 'DateTime'), JSONExtract('{"a":"1700000000"}', 'a', 'DateTime')

SELECT JSONExtract('{"a":"1.25"}', 'a', 'Decimal(9,2)'), JSONExtract('{"a":1.256}', 'a', 'Decimal(9,2)'), JSONExtract('{"a":7}', 'a', 'Decimal(18,2)'), JSONExtract('{"a":"x"}', 'a', 'Decimal(18,2)'), JSONExtract('{"a":true}', 'a', 'Decimal(9,2)'), JSONExtract('{"a":"1.256"}', 'a', 'Decimal(9,2)')

SELECT JSONExtract('{"a":"61f0c404-5cb3-11e7-907b-a6006ad3dba0"}', 'a', 'UUID'), JSONExtract('{"a":"1.2.3.4"}', 'a', 'IPv4'), JSONExtract('{"a":"::1"}', 'a', 'IPv6'), JSONExtract('{"a":"x"}', 'a', 'IPv4'), JSONExtract('{"a":5}', 'a', 'UUID'), JSONExtract('{"a":5}', 'a', 'IPv6')

SELECT JSONExtract('{"a":[1,2]}', 'a', 'String'), JSONExtract('{"a":null}', 'a', 'String'), JSONExtract('{"a":null}', 'a', 'Nullable(String)'), JSONExtract('{}', 'a', 'Nullable(String)'), JSONExtract('{"a":5}', 'a', 'String'), JSONExtract('{"a":true}', 'a', 'String'), JSONExtract('{"a":1.50}', 'a', 'String'), JSONExtract('{"a":"x"}', 'a', 'FixedString(3)'), JSONExtract('{"a":"xxxx"}', 'a', 'FixedString(3)')

SELECT JSONExtract('{"a":"x"}', 'a', 'LowCardinality(String)'), toTypeName(JSONExtract('{"a":"x"}', 'a', 'LowCardinality(String)')), JSONExtract('{"a":"x"}', 'a', 'LowCardinality(Nullable(String))'), JSONExtract(materialize('{"a":"y"}'), 'a', 'LowCardinality(String)'), JSONExtract('{}', 'a', 'LowCardinality(Nullable(String))')

SELECT JSONExtract('[1,"a"]', 'Tuple(Int8, String)'), JSONExtract('[1]', 'Tuple(Int8, String)'), JSONExtract('{"x":1,"y":2}', 'Tuple(x Int8, z Int8)'), JSONExtract('{"x":[{"k":1},{"k":2}]}', 'x', 'Array(Tuple(k Int32))'), JSONExtract('{"x":1,"y":"b"}', 'Tuple(Int8, String)'), JSONExtract('{"x":"q","y":7}', 'Tuple(Int8, Int8)'), JSONExtract('5', 'Tuple(Int8)'), JSONExtract('{"x":{"y":1}}', 'Tuple(x Tuple(y Int8, z Nullable(String)))')

SELECT JSONExtract('["a","b"]', 'Array(Int8)'), JSONExtract('["a",1]', 'Array(Int8)'), JSONExtract('[null]', 'Array(Int8)'), JSONExtract('[[1],["x"]]', 'Array(Array(Int8))'), JSONExtract('[["y"],["x"]]', 'Array(Array(Int8))'), JSONExtract('{"a":1,"b":"x"}', 'Map(String,Int8)'), JSONExtract('{"a":1,"b":null}', 'Map(String,Int8)')

SELECT JSONExtract('{"a":170141183460469231731687303715884105727}', 'a', 'Int128'), JSONExtract('{"a":18446744073709551615}', 'a', 'UInt64'), JSONExtract('{"a":-9223372036854775808}', 'a', 'Int64'), JSONExtract('{"a":18446744073709551616}', 'a', 'UInt64'), JSONExtract('{"a":"1.5"}', 'a', 'Int8'), JSONExtract('{"a":"1e2"}', 'a', 'Int8'), JSONExtract('{"a":1.0}', 'a', 'UInt8'), JSONExtract('{"a":" 1"}', 'a', 'Int8'), JSONExtract('{"a":""}', 'a', 'Int8')

SELECT JSONExtract('{"a":"2"}', materialize('a'), 'Int8'), JSONExtractStringCaseInsensitive('{"ABC":"x","abc":"y"}', 'Abc'), JSONExtractIntCaseInsensitive('{"A":1}', 'a'), JSONExtractCaseInsensitive('{"A":1}', 'a', 'Int8'), JSONExtractRawCaseInsensitive('{"A":[1, 2]}', 'a'), JSONExtractBoolCaseInsensitive('{"A":true}', 'a'), JSONExtractFloatCaseInsensitive('{"A":1.5}', 'a'), JSONExtractUIntCaseInsensitive('{"A":1}', 'a')

SELECT JSONExtract(NULL, 'a', 'Int8'), toTypeName(JSONExtract(toNullable('{"a":1}'), 'a', 'Int8')), toTypeName(JSONExtract(NULL, 'a', 'Int8')), JSONExtract(toNullable('{"a":1}'), 'a', 'Int8'), JSONExtractCaseInsensitive(NULL, 'Int8'), JSONExtractCaseInsensitive('{"A":{"a":1}}', 'a', 'Map(String, Int8)')

SELECT JSONExtractStringCaseInsensitive(NULL, 'a'), JSONExtractIntCaseInsensitive(NULL, 'a'), JSONExtractRawCaseInsensitive(NULL, 'a'), JSONExtractBoolCaseInsensitive(NULL, 'a'), JSONExtractFloatCaseInsensitive(NULL, 'a'), JSONExtractUIntCaseInsensitive(NULL, 'a')

SELECT JSONExtractStringCaseInsensitive(1)

SELECT JSONExtractIntCaseInsensitive(1)

SELECT JSONExtractRawCaseInsensitive(1)

SELECT JSONExtractBoolCaseInsensitive(1)

SELECT JSONExtractFloatCaseInsensitive(1)

SELECT JSONExtractUIntCaseInsensitive(1)

SELECT JSONExtract('{"a":1}', 'a', 'foo')

SELECT JSONExtract('{"a":1}', 'a', 1)

SELECT JSONExtractCaseInsensitive('{"a":1}')

SELECT JSONExtract(1, 'a', 'Int8')

SELECT JSONExtract(line, 'Tuple(id UInt32, tags Array(String), at DateTime)') AS t, t.1, t.tags FROM (SELECT arrayJoin(['{"id":1,"tags":["a","b"],"at":"2024-01-02 03:04:05"}', '{"id":"2","tags":[]}', 'broken', '']) AS line)

SELECT JSONExtractString('{"a":1.50}', 'a'), JSONExtractRaw('{"a":1.50,"b":1e3,"c":-0.0,"d":1E400}', 'a'), JSONExtractRaw('{"b":1e3}', 'b'), JSONExtractRaw('{"b":[1e3,100000000000000000000,1.0, 123456789012345678901234567890]}', 'b'), JSONExtractString('{"a":1.0}', 'a')

SELECT JSON_VALUE('{"hello":"world"}', '$.hello'), JSON_VALUE('{"array":[[0, 1, 2, 3, 4, 5], [0, -1, -2, -3, -4, -5]]}', '$.array[*][0 to 2, 4]'), JSON_VALUE('{"hello":2}', '$.hello'), JSON_VALUE('{"a":{"b":1}}', '$.a'), JSON_VALUE('{"a":[1]}', '$.a'), JSON_VALUE('{"a":null}', '$.a'), JSON_VALUE('{}', '$.a')

SELECT JSON_QUERY('{"hello":"world"}', '$.hello'), JSON_QUERY('{"array":[[0, 1, 2, 3, 4, 5], [0, -1, -2, -3, -4, -5]]}', '$.array[*][0 to 2, 4]'), JSON_QUERY('{"hello":2}', '$.hello'), JSON_QUERY('{"a": {"b" : 1}}', '$.a'), JSON_QUERY('{}', '$.a'), JSON_QUERY('{"a":1}', '$')

SELECT JSON_EXISTS('{"hello":1}', '$.hello'), JSON_EXISTS('{"hello":{"world":1}}', '$.hello.world'), JSON_EXISTS('{"hello":["world"]}', '$.hello[*]'), JSON_EXISTS('{"hello":["world"]}', '$.hello[0]'), JSON_EXISTS('{"hello":["world"]}', '$.hello[1]'), JSON_EXISTS('{"a":null}', '$.a'), JSON_EXISTS('x', '$.a')

SELECT JSON_VALUE('{"a b":1}', '$."a b"'), JSON_VALUE('{"a b":1}', '$["a b"]'), JSON_VALUE('{"1a":1}', '$.1a'), JSON_VALUE('{"a":1}', ' $ . a '), JSON_VALUE('[1,2]', '$[0,]'), JSON_VALUE('[1,2,3]', '$[1 TO 2]')

SELECT JSON_VALUE('{"a":[{"b":1},{"b":2}]}', '$.a[1].b'), JSON_VALUE('{"a":[{"b":1},{"b":2}]}', '$.a.b'), JSON_VALUE('{"a":[{"b":1},{"b":2}]}', '$.a[*].b'), JSON_QUERY('{"a":[{"b":1},{"b":2}]}', '$.a[*].b')

SELECT JSON_VALUE('[1,2]', '$[0]'), JSON_VALUE('[1,2]', '$[*]'), JSON_VALUE('{"a":1.50}', '$.a'), JSON_VALUE('{"a":"x\\ny"}', '$.a'), JSON_VALUE('{"a":true}', '$.a'), JSON_VALUE('5', '$'), JSON_VALUE('{"a":1}', '$')

SELECT JSON_VALUE('[[1,5],2,3]', '$[0 to 2]'), JSON_QUERY('[[1,5],2,3]', '$[0 to 2]'), JSON_QUERY('[[1,5],2,3]', '$[0 to 2,1]'), JSON_QUERY('[1,2]', '$[5]'), JSON_QUERY('[1.50, 2]', '$[*]')

SELECT JSON_VALUE(line, '$.k'), JSON_QUERY(line, '$.k[*]'), JSON_EXISTS(line, '$.k[1]') FROM (SELECT arrayJoin(['{"k":[1,2]}', '{"k":"v"}', 'broken', '{}', '{"k":[]}']) AS line)

SELECT JSON_VALUE('{"a":1}', 'a')

SELECT JSON_VALUE('{"a":1}', '$.a[')

SELECT JSON_VALUE('{"a":1}', '$..a')

SELECT JSON_VALUE('{"a-b":1}', '$.a-b')

SELECT JSON_VALUE('[1,2]', '$[-1]')

SELECT JSON_VALUE('[1,2,3]', '$[2 to 1]')

SELECT JSON_VALUE('{"a":1}', '')

SELECT JSON_QUERY('{"a":1}', '$.')

SELECT JSON_QUERY('{"a":1}', '$.a x')

SELECT JSON_QUERY('{"":1}', '$[""]')

SELECT JSON_EXISTS('{"a":1, "b":2}', '$.*')

SELECT JSON_EXISTS('[1]', '$[]')

SELECT JSON_VALUE('{"a":1}', 1)

SELECT JSON_EXISTS(1, '$.a')

SELECT JSON_QUERY('{"a":1}')

SELECT JSON_VALUE('{"a":1}', materialize('$.a'))

SELECT JSON_VALUE(NULL, '$.a'), JSON_QUERY(NULL, '$.a'), JSON_EXISTS(NULL, '$.a'), toTypeName(JSON_VALUE(toNullable('{}'), '$.a')), toTypeName(JSON_QUERY(toNullable('{}'), '$.a')), toTypeName(JSON_EXISTS(toNullable('{}'), '$.a'))

SELECT toJSONString([1,2]), toJSONString('a"b\n/'), toJSONString(map('a',1)), toJSONString(tuple(1,'x')), toJSONString(NULL), toJSONString(toDate('2024-01-02')), toJSONString(1.5), toJSONString(toUInt64(18446744073709551615)), toJSONString(true), toJSONString(nan), toJSONString(toDecimal32(1.5,2)), toJSONString(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT toJSONString(CAST((1,'x'),'Tuple(a Int8, b String)')), toJSONString([NULL,1]), toJSONString(toDateTime64('2024-01-02 03:04:05.678',3)), toTypeName(toJSONString(toNullable(1))), toJSONString(map(1, [1.5, inf])), toJSONString(toFixedString('ab', 4)), toJSONString(toIPv4('1.2.3.4')), toJSONString(CAST('a', 'Enum8(\'a\' = 1)')), toJSONString(toIntervalDay(3)), toJSONString('\0\x01\x1f é')

SELECT toJSONString(number), toJSONString([toString(number)]), toJSONString((number, NULL)), toJSONString(toLowCardinality(toString(number))), toJSONString(if(number = 1, NULL, number)) FROM numbers(3)

SELECT toJSONString()

SELECT toJSONString([(1, 'a'), (2, 'b')]), toJSONString(map('x', map('y', NULL))), toJSONString([]), toJSONString(map())

SELECT JSONArrayLength('[1,2,3]'), JSONArrayLength('{}'), JSONArrayLength(''), JSON_ARRAY_LENGTH('[]'), toTypeName(JSONArrayLength('[]')), JSONArrayLength(NULL), json_array_length('[[1]]')

SELECT JSONArrayLength(1)

SELECT JSON_ARRAY_LENGTH(1)

SELECT JSONArrayLength(line), JSON_ARRAY_LENGTH(line) FROM (SELECT arrayJoin(['[]', '[1]', NULL, 'x']) AS line)

SELECT prettyPrintJSON('{"a":1,"b":[1,2,{}],"c":{}}'), prettyPrintJSON('[]'), prettyPrintJSON('{"a":"q\\n\\u00e9"}'), prettyPrintJSON('1.50'), prettyPrintJSON(' [ 1 , [ 2 ] ] ')

SELECT prettyPrintJSON('x')

SELECT prettyPrintJSON(1)

SELECT prettyPrintJSON(NULL), prettyPrintJSON(toNullable('[1]')), prettyPrintJSON(materialize('{"a":{"b":2}}'))

SELECT JSONExtract('{"1":2.5}', 'Map(Int32, Float64)')

SELECT toTypeName(JSONExtractString(toLowCardinality('{}'), 'a')), toTypeName(JSONExtract(toLowCardinality('{}'), 'a', 'Int8')), toTypeName(JSONLength(toLowCardinality('{}'))), toTypeName(JSONType(toLowCardinality('{}'))), toTypeName(JSON_VALUE(toLowCardinality('{}'), '$.a')), toTypeName(JSONArrayLength(toLowCardinality('{}')))

SELECT JSONExtract('{"a":"Friday"}', 'a', 'Nullable(Enum8(\'Sunday\' = 0, \'Thursday\' = 4))'), JSONExtract('{"a":7}', 'a', 'Nullable(Enum8(\'Sunday\' = 1, \'Thursday\' = 4))')

SELECT JSONExtract('{"a":{"b":[{"c":[1,2]},{"c":[]},{"d":1}]}}', 'a', 'Tuple(b Array(Tuple(c Array(UInt8))))'), JSONExtract('{"a":{"b":[{"c":[1,2]},{"c":[]},{"d":1}]}}', 'a', 'b', 'Array(Map(String, String))'), JSONExtract('[[[1]]]', 1, 1, 1, 'Int8')

SELECT JSONExtractCaseInsensitive('{"n":1e3}', 1, 'Bool'), JSONExtract('{"n":1000}', 'n', 'Bool'), JSONExtract('{"n":255}', 'n', 'Bool'), JSONExtract('{"n":256}', 'n', 'Bool')
