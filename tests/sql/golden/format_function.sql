SELECT * FROM format('JSONEachRow', '{"a":1}\n{"a":"x"}')

SELECT * APPLY (toTypeName) FROM format('JSONEachRow', '{"a":1}\n{"a":2.5}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":1}\n{"a":true}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":[]}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":{}}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":null}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":[[1],[null,2.5]]}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":18446744073709551615}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":-9223372036854775809}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":9223372036854775807}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"2024-01-01"}\n{"a":"2024-01-01 00:00:00"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"2024-01-01"}\n{"a":"x"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"2024-01-01 10:00:00.123456"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"12"}\n{"a":"1.5"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1,2\n3,x') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1,"x",[1;2],"(1,2)",true,NULL,\\N,') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '"12","2024-01-01","[1,2]","{\'a\':1}"') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,b\n1,2') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(TSV, 'a\tb\n1\t2') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSVWithNames, 'a,b\n1,2') LIMIT 1

SELECT * FROM format(CSV, 'a UInt8, b String', '1,x')

SELECT * FROM format(TSV, '1\tx\n2\ty')

SELECT c1 + 1, toTypeName(c1) FROM format(TSV, '1\tx\n2\ty')

SELECT * FROM format(JSONEachRow, '{"a":')

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '[{"a":1},{"a":2}]') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '007,+5,1e5,nan,inf,.5,5.,-3,0x1F,1_0') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(TSV, '007\t+5\t1e5\tnan\tinf\t.5\t5.\t-3\t0x1F\tTrue\tTRUE') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(TSV, '[\'2024-01-01\']\t[]\t{}\t()\t[1,\'x\']\t[1,2.5]\t[NULL]\t{\'a\':[1]}\t[[1],[]]\t[true]') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":1}\n{"a":18446744073709551615}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":[1]}\n{"a":"x"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":{"b":1}}\n{"a":"x"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":true}\n{"a":1.5}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":true}\n{"a":"x"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":[1,2.5,null]}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":["2024-01-01","2024-01-02 00:00:00"]}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"2024-13-01"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":"20240101"}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":1e3}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":-0}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"a":1,"a":2}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(JSONEachRow, '{"b":1}{"a":2}') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,b\nx,y') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,1\nx,2') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,b') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,b\n,') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, 'a,b\n1,x\n2,y') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1,2\n3') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1\ntrue') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1\n2024-01-01') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '1\n2.5\n') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '2024-01-01\n2024-01-01 10:00:00\n') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSVWithNamesAndTypes, 'a,b\nUInt8,"Array(String)"\n1,"[\'x\']"') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSVWithNames, 'a,b\n') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSVWithNames, '') LIMIT 1

SELECT * APPLY (toTypeName) FROM format(CSV, '') LIMIT 1

SELECT * FROM format(CSV, 'a,b,c\n1,x,2024-01-01\n2,,2024-02-29')

SELECT * FROM format(TSV, 'a UInt8, b Nullable(String)', '1\t\\N')

SELECT sum(n), max(t) FROM format(JSONEachRow, '{"n":1,"t":"2024-01-01 00:00:00"} {"n":2.5,"t":null}')

SELECT * FROM format(JSONEachRow, '{"a":[[1,null],[]],"b":"2024-01-01 00:00:00.5"}')

SELECT format.a FROM format(JSONEachRow, '{"a":1}') AS format

SELECT count() FROM format(CSV, '1,2\n3,4\n')

SELECT * FROM format(CSV, 'a Nope', '1')

SELECT * FROM format(CSV, 'a Nullable(String), b UInt8', ',1')

SELECT * FROM format(CSV, 'a Nullable(String), b UInt8', '"",1')
