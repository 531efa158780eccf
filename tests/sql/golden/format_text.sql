SELECT * FROM format(TSVRaw, 'a Nullable(String), b Nullable(Int32), c Array(String)', 'x\\ty\t\\N\t[\'a\\tb\']\n\\N\t5\t[]\n')

SELECT * FROM format(TSVRaw, 'a Tuple(Int32,String), m Map(String,Int32)', '(1,\'x\')\t{\'k\':1}\n')

SELECT * FROM format(TSVRawWithNames, 'a Int32, b Int32', 'b\ta\n1\t2\n')

SELECT * FROM format(TSVRawWithNamesAndTypes, 'a Int32, b Int32', 'b\ta\nInt32\tInt32\n1\t2\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'a=1\tb=x\\ty\nb=z=\\=w\ta=3\ntskv\ta=4\n\na=5\tzz=3\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'a=1\tb\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'a=1\ttskv\tb=1\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'a=1\ta=2\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'a=1x\tb=5\n')

SELECT * FROM format(TSKV, 'a Int32, b String', '\tb=5\n')

SELECT * FROM format(TSKV, 'a Int32, b String', '')

SELECT * FROM format(TSKV, 'a Int32, b String', '\n')

SELECT * FROM format(TSKV, 'a Array(String), b Tuple(Int32,String)', 'a=[\'x\\\'y\\t\',\'z\']\tb=(1,\'w\')\n')

SELECT * FROM format(TSKV, 'a Int32, b String', '=1\tb=5\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'tskv\n')

SELECT * FROM format(TSKV, 'a Int32, b String', 'tskv=1\n')

SELECT * FROM format(LineAsString, 'a String', 'x\ty\\n\n\nz\r\nlast')

SELECT * FROM format(LineAsString, 'a String, b Int32', 'x\n')

SELECT * FROM format(LineAsString, 'a Int32', '1\n')

SELECT * FROM format(LineAsString, 'a Nullable(String)', '1\n')

SELECT * FROM format(LineAsString, 'a String', '')

SELECT * FROM format(JSONAsString, 's String', ' {"a" : 1}\n{"b":[1,{"x":"}"}]} , {"c":2};')

SELECT * FROM format(JSONAsString, 's String', '[{"a" : 1}, {"b":1} ]')

SELECT * FROM format(JSONAsString, 's String', '{"a":1}{"b":2}')

SELECT * FROM format(JSONAsString, 's Nullable(String)', '{"a":1}')

SELECT * FROM format(JSONAsString, 's Int32', '{"a":1}')

SELECT * FROM format(JSONAsObject, 's JSON', '{"a":1}\n{"b":{"c":[1]}}')

SELECT * FROM format(JSONAsObject, 's JSON', '[{"a":1},{"b":{"c":[1]}}]')

SELECT * FROM format(JSONAsObject, 's String', '{"a":1}')

SELECT * FROM format(RawBLOB, 's String', 'ab\nc\t')

SELECT * FROM format(RawBLOB, 's String', '')

SELECT * FROM format(RawBLOB, 's Int32', '1')

SELECT * FROM format(RawBLOB, 's Nullable(String)', '1')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[1,"x"]\n[2,"y"] , [3, null];')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[[1,"x"],[2,"y"]]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[1]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[1,"x",3]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[1,"x"][2,"y"]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '[1,"x",]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32, b String', '{"a":1}')

SELECT * FROM format(JSONCompactEachRow, 'a Array(Int32), b Tuple(Int32,String)', '[[1],[1,"z"]]\n[[2],[3,"x"]]')

SELECT * FROM format(JSONCompactEachRow, 'a Array(Int32)', '[[1]]\n[[2]]')

SELECT * FROM format(JSONCompactEachRow, 'a Nullable(Int32)', '[null]')

SELECT * FROM format(JSONCompactEachRow, 'a Int32', '["5"]')

SELECT * FROM format(JSONCompactEachRow, 'a String', '[5]')

SELECT * FROM format(JSONCompactEachRowWithNames, 'a Int32, b String', '["b","a"]\n["x",1]\n["y",2]')

SELECT * FROM format(JSONCompactEachRowWithNames, 'a Int32, b String', '["b","zz"]\n["x",1]\n["y",[2]]')

SELECT * FROM format(JSONCompactEachRowWithNames, 'a Int32, b String', '["b","b"]\n["x",1]')

SELECT * FROM format(JSONCompactEachRowWithNames, 'a Int32, b String', '["a"]\n')

SELECT * FROM format(JSONCompactEachRowWithNamesAndTypes, 'a Int32, b String', '["b","a"]\n["String","Int32"]\n["x",1]')

SELECT * FROM format(JSONCompactEachRowWithNamesAndTypes, 'a Int32, b String', '["b","a"]\n["String","Int64"]\n["x",1]')

SELECT * FROM format(JSONCompactEachRowWithNamesAndTypes, 'a Int32, b String', '["b","a"]\n["String"]\n["x",1]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Int32, b String, c Nullable(Int32), d Array(Int32), e Tuple(Int32,String), f Nullable(String)', '["1","x","ᴺᵁᴸᴸ","[1,2]","(1,\'z\')","ᴺᵁᴸᴸ"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Int32, b String', '[1,"x"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Int32, b String', '[null,"x"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Int32, b Nullable(String)', '["ᴺᵁᴸᴸ","\\\\N"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Int32, b Nullable(Int32)', '["1","NULL"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a Map(String,Int32), b Bool', '["{\'k\':1}","true"]')

SELECT * FROM format(JSONCompactStringsEachRow, 'a JSON, b DateTime(\'UTC\')', '["{\\"a\\":1}","2024-01-01 00:00:00"]')

SELECT * FROM format(JSONCompactStringsEachRowWithNames, 'a Int32, b String', '["b","a"]\n["x","1"]')

SELECT * FROM format(JSONCompactStringsEachRowWithNamesAndTypes, 'a Int32, b String', '["b","a"]\n["String","Int32"]\n["x","1"]')

SELECT * FROM format(JSONStringsEachRow, 'a Int32, b String, c Nullable(Int32), d Array(Int32)', '{"a":"1","b":"x","c":"ᴺᵁᴸᴸ","d":"[1]","zz":"5"}\n{"a":"3"}')

SELECT * FROM format(JSONStringsEachRow, 'a Int32, b String', '{"a":1,"b":2}')

SELECT * FROM format(JSONStringsEachRow, 'a Int32, b String', '{"a":null,"b":null}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"meta":[{"name":"a","type":"Int32"},{"name":"b","type":"String"}],"data":[{"a":1,"b":"x"},{"b":"y","a":2}],"rows":2,"statistics":{"elapsed":1}}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"data":[{"a":1,"b":"x"}]}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"meta":[{"name":"a","type":"Int64"},{"name":"b","type":"String"}],"data":[{"a":1,"b":"x"}]}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"meta":[{"name":"zz","type":"Int64"},{"name":"b","type":"String"}],"data":[{"zz":1,"b":"x"}]}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"rows":2,"data":[{"a":1,"b":"x"}]}')

SELECT * FROM format(JSON, 'a Int32, b String', '{}')

SELECT * FROM format(JSON, 'a Int32, b String', '{"a":1,"b":"x"}\n{"a":2}')

SELECT * FROM format(JSON, 'a Int32, b String', '[{"a":1,"b":"x"}]')

SELECT * FROM format(JSON, 'a Int32, b String', '')

SELECT * FROM format(JSONCompact, 'a Int32, b String', '{"meta":[{"name":"b","type":"String"},{"name":"a","type":"Int32"}],"data":[["x",1],["y",2]],"rows":2}')

SELECT * FROM format(JSONCompact, 'a Int32, b String', '{"meta":[{"name":"a","type":"Int32"}],"data":[[1]],"rows":2}')

SELECT * FROM format(JSONCompact, 'a Int32, b String', '{"data":[[1,"x"]]}')

SELECT * FROM format(JSONCompact, 'a Int32, b String', '{"meta":[{"name":"zz","type":"String"},{"name":"a","type":"Int32"}],"data":[["x",1]]}')

SELECT * FROM format(JSONCompact, 'a Int32, b String', '{"meta":[{"name":"b","type":"Int8"},{"name":"a","type":"Int32"}],"data":[["x",1]]}')

SELECT * FROM format(JSONObjectEachRow, 'a Int32, b String', '{"row_1":{"a":1,"b":"x"},"q":{"a":2}}')

SELECT * FROM format(JSONObjectEachRow, 'a Int32, b String', '{}')

SELECT * FROM format(JSONObjectEachRow, 'a Int32, b String', '{"r":{"a":1}} {"q":{"a":2}}')

SELECT * FROM format(TSKV, 'a Int32, d DateTime(\'UTC\'), e Enum8(\'x\' = 1), f Decimal(9, 2), u UUID', 'd=2024-01-01 00:00:05\ta=-7\te=x\tf=1.50\tu=00112233-4455-6677-8899-aabbccddeeff\n')

SELECT * FROM format(JSONCompactEachRow, 'a Int64, d DateTime(\'UTC\'), t Tuple(x UInt8, y String), m Map(String, Array(UInt8))', '[1, "2024-01-01 00:00:05", {"x": 5, "y": "z"}, {"k": [1, 2]}]')

SELECT sum(a), count() FROM format(JSONCompact, 'a UInt64', '{"meta": [{"name": "a", "type": "UInt64"}], "data": [[1], [2], [3]], "totals": [6], "rows": 3, "statistics": {"elapsed": 0.5, "x": [1, {"y": 2}]}}')
