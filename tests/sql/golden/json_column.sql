SELECT '{"a":{"b":1}}'::JSON AS x, x.a.b, toTypeName(x.a.b), x.c

SELECT CAST('{"b":1,"a":2}', 'JSON')

SELECT '[1]'::JSON

SELECT '{"a":1'::JSON

SELECT '{"a":1,"a":2}'::JSON

SELECT '{"a":1,"a":{"b":2}}'::JSON

SELECT '{"a.b":1}'::JSON AS j, j.a.b

SELECT '{"a.b":1,"a":{"b":2}}'::JSON AS j

SELECT '{"x":1.0,"y":1e3,"v":0.1,"w":-5,"u":18446744073709551615}'::JSON

SELECT '{"a":{"b":1},"a-c":2,"a.d":3,"":4,"x":{"":5}}'::JSON AS j, JSONAllPaths(j)

SELECT '{"a":[{"z":1,"b":null,"c":{"d":[]}}, {}, null, [1,[2]], []]}'::JSON AS j

SELECT j.a FROM (SELECT '{"a":[[1,[2.5]],[]]}'::JSON AS j)

SELECT '{"a":[1,null],"b":[true,false],"c":["x",null],"d":[],"e":[null],"g":[1,2.5],"i":[1,"x"]}'::JSON AS j, JSONAllPathsWithTypes(j)

SELECT toString(j.a), toString(j.b), toString(j.c), toString(j.d) FROM (SELECT '{"a":[1,null],"b":["x"],"c":[{"q":1}],"d":true}'::JSON AS j)

SELECT j.a::Array(Int64), j.b::Array(String), j.d::UInt8, j.d::Bool, j.e::Float64, j.e::String FROM (SELECT '{"a":[1,2],"b":["x"],"c":[{"q":1}],"d":true,"e":1.5}'::JSON AS j)

SELECT dynamicElement(j.a, 'Int64'), dynamicElement(j.a, 'String'), dynamicElement(j.b, 'Int64') FROM (SELECT '{"a":1}'::JSON AS j)

SELECT dynamicElement(j.a, 'Foo') FROM (SELECT '{"a":1}'::JSON AS j)

SELECT dynamicElement(j.a, 'Array(Int64)'), dynamicElement(j.a, 'UInt64'), j.a.:UInt8 FROM (SELECT '{"a":1}'::JSON AS j)

SELECT getSubcolumn(j, 'a.b'), getSubcolumn(j, 'a') FROM (SELECT '{"a":{"b":1}}'::JSON AS j)

SELECT getSubcolumn(j, 'a'), toTypeName(getSubcolumn(j, 'a')) FROM (SELECT '{"a":3}'::JSON(a Nullable(UInt8)) AS j)

SELECT getSubcolumn(1, 'a')

SELECT j.a.b.:Int64 AS x, toTypeName(x) FROM (SELECT '{"a":{"b":1}}'::JSON AS j)

SELECT dynamicType(1)

SELECT dynamicType(NULL)

SELECT dynamicType(j.a), dynamicType(j.b), dynamicType(j.c) FROM (SELECT '{"a":-1,"b":"x"}'::JSON AS j)

SELECT dynamicElement(1, 'Int64')

SELECT JSONAllPaths('{}')

SELECT JSONAllPaths('{}'::JSON), JSONAllPaths('{"b":1,"a":{"c":2}}'::JSON), JSONAllPaths('{"z":1}'::JSON(y String))

SELECT JSONAllPathsWithTypes('{}'::JSON), JSONAllPathsWithTypes('{"b":1,"a":{"c":"x"}}'::JSON), JSONAllPathsWithTypes('{"z":true}'::JSON(y String))

SELECT JSONAllPathsWithTypes(1)

SELECT NULL::JSON

SELECT ''::JSON

SELECT '{}'::JSON(a UInt8)

SELECT '{"a":300}'::JSON(a UInt8)

SELECT '{"a":{"b":1}}'::JSON(a UInt8)

SELECT '{"a":[1]}'::JSON(a UInt8)

SELECT '{"a":null}'::JSON(a Nullable(UInt8))

SELECT '{"a":"7","b":true,"c":5,"d":1.5}'::JSON(a UInt8, b String, c String, d String)

SELECT toTypeName('{}'::JSON(b UInt8, `x.y` String, `a.b` Nullable(Int8)))

SELECT '{"a":1} x'::JSON

SELECT '{"a":1}'::JSON::String

SELECT count(j.a.:Int64) FROM (SELECT '{"a":1}'::JSON AS j)

SELECT length(j) FROM (SELECT '{"a":1}'::JSON AS j)

SELECT j.a FROM (SELECT 5 AS j)

SELECT j.a.b.c FROM (SELECT '{"a":1}'::JSON(a UInt8) AS j)

SELECT if(j.a IS NULL, 0, 1) FROM (SELECT '{}'::JSON AS j)

SELECT arrayJoin(j.a.:`Array(Nullable(Int64))`) FROM (SELECT '{"a":[3,4]}'::JSON AS j)

SELECT toString('{"u":"/\\t"}'::JSON)

SELECT j FROM (SELECT concat('{"a":', toString(number), ',"b":{"c":"', toString(number % 3), '"}}')::JSON AS j FROM numbers(5)) WHERE j.a.:Int64 > 1 ORDER BY j.a::Int64

SELECT sum(j.a::Int64), uniqExact(j.b.c.:String) FROM (SELECT concat('{"a":', toString(number), ',"b":{"c":"', toString(number % 3), '"}}')::JSON AS j FROM numbers(5000))
