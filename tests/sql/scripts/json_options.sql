CREATE TABLE t (n UInt8, j JSON(user.id UInt32, SKIP a.b, SKIP REGEXP '^z', max_dynamic_paths=2, max_dynamic_types=3)) ENGINE = MergeTree ORDER BY n

DESCRIBE t

INSERT INTO t VALUES (1, '{"a":{"b":{"c":1},"d":2},"user":{"id":5,"name":"x"},"zoo":1,"az":2,"arr":[{"q":1},{"q":2}]}')

SELECT j, toTypeName(j) FROM t

SELECT j.a.d + 1, toTypeName(j.a.d + 1) FROM t

SELECT j.a.d = 2, toTypeName(j.a.d = 2) FROM t

SELECT concat(j.user.name, 'y'), toTypeName(concat(j.user.name, 'y')) FROM t

SELECT sum(j.a.d), toTypeName(sum(j.a.d)) FROM t

SELECT max(j.a.d), toTypeName(max(j.a.d)) FROM t

SELECT upper(j.user.name), length(j.user.name), toTypeName(length(j.user.name)) FROM t

SELECT j.user.name || 'x' FROM t

SELECT j.user.name LIKE 'x%' FROM t

SELECT if(j.a.d = 2, 'two', 'no') FROM t

SELECT * FROM t WHERE j.a.d = 2

SELECT * FROM t WHERE j.a.d > 1 AND j.user.name = 'x'

SELECT upper(j.a.d) FROM t

SELECT j.a.d > 'x' FROM t

SELECT toDate(j.a.d) FROM t

SELECT j.nope + 1, j.nope = 1, upper(j.nope) FROM t

SELECT j.user.id + 1 FROM t

SELECT j.a.d FROM t GROUP BY j.a.d

SELECT j.a.d FROM t ORDER BY j.a.d

SELECT CAST('{"a":1,"b":2}', 'JSON(SKIP a)')

SELECT CAST('{"a":1,"b":2}', 'JSON(SKIP a, b String, max_dynamic_paths=0)') AS x, toTypeName(x)

SELECT toTypeName(CAST('{}', 'JSON(max_dynamic_types=8, max_dynamic_paths=1024, b UInt8, a String, SKIP REGEXP \'x.*\', SKIP q)'))

SELECT CAST('{}', 'JSON(SKIP a, a String)')

SELECT CAST('{"a":{"b":1}}', 'JSON(SKIP a, a.b String)')

SELECT CAST('{}', 'JSON(SKIP REGEXP \'(\')')

SELECT CAST('{}', 'JSON(max_dynamic_types=300)')

SELECT CAST('{}', 'JSON(max_dynamic_paths=10001)')

SELECT toString(j), length(toString(j)), JSONAllPaths(j) FROM t

INSERT INTO t (n, j) FORMAT JSONEachRow {"n":2,"j":{"a":{"b":[{"x":[1,2]}],"bb":1},"zoo":{"deep":1},"k":{"z":2}}}

INSERT INTO t SELECT 3, '{"a":{"b":1},"z":1}'

SELECT n, j FROM t ORDER BY n

CREATE TABLE u (j JSON(k.z String, SKIP REGEXP 'bb$')) ENGINE = MergeTree ORDER BY tuple()

INSERT INTO u SELECT j FROM t ORDER BY n

SELECT toTypeName(j), j.k.z, toString(j) FROM u ORDER BY toString(j)

SELECT CAST(j, 'JSON(max_dynamic_paths=0)') AS x, toTypeName(x.a), x.a.d FROM t ORDER BY n

SELECT CAST('{"a.b":1,"a":{"c":2}}', 'JSON(SKIP a.b)')

SELECT CAST('{"ab":1,"a":{"c":2}}', 'JSON(SKIP a)')

SELECT CAST('{"a b":1,"c":2}', 'JSON(SKIP `a b`)')

SELECT CAST('{"a":1,"b":"x"}', 'JSON(SKIP REGEXP \'\')')

SELECT toTypeName(CAST('{}', 'JSON(SKIP REGEXP \'a,b)(c\', SKIP b, SKIP a)'))

SELECT CAST('{}', 'JSON(max_paths=1)')

SELECT CAST('{}', 'JSON(max_dynamic_types=x)')

SELECT CAST('{}', 'JSON(SKIP)')
