CREATE TABLE j (id UInt8, p JSON, t JSON(a.b UInt32, s String)) ENGINE = MergeTree ORDER BY id

DESCRIBE TABLE j

SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'j' ORDER BY position

INSERT INTO j VALUES (1, '{"user": {"id": 7, "name": "bob"}, "z": 1.5, "a": [1, 2, null], "b": true, "n": null, "o": {}, "big": 18446744073709551615, "neg": -5, "e": "", "fa": [1.5, 2]}', '{"a": {"b": 3, "c": 4}, "s": "x", "k": "v"}')

INSERT INTO j VALUES (2, '{"user":{"id":"str"},"z":2}', '{"a":{"b":"12"}}')

INSERT INTO j (id) VALUES (3)

INSERT INTO j SELECT 4, '{"user":{"name":"eve"},"x.y":1}', '{"a":5}'

SELECT * FROM j ORDER BY id

SELECT p.user.id, p.user.name, p.missing, p.user, p.z, p.b, p.a, p.big, p.neg, p.e, p.fa FROM j ORDER BY id

SELECT toTypeName(p), toTypeName(t), toTypeName(t.a.b), toTypeName(p.user.id) FROM j LIMIT 1

SELECT t.a.b, t.s, t.a.c, t.k, t.a FROM j ORDER BY id

SELECT dynamicType(p.user.id), dynamicType(p.a), dynamicType(p.big), dynamicType(p.b), dynamicType(p.fa), dynamicType(p.z), dynamicType(p.o), dynamicType(p.n) FROM j ORDER BY id

SELECT p.user.id.:Int64, p.user.id.:String, p.z.:Float64, p.z.:Int64, p.a.:`Array(Nullable(Int64))`, p.b.:Bool FROM j ORDER BY id

SELECT toTypeName(p.user.id.:Int64), toTypeName(p.a.:`Array(Nullable(Int64))`) FROM j LIMIT 1

SELECT id FROM j WHERE p.user.name.:String = 'bob'

SELECT id, p.x.y.:Int64 + 1 FROM j WHERE p.x.y IS NOT NULL

SELECT p.user.id::String, toString(p.user.id), toTypeName(toString(p.user.id)) FROM j ORDER BY id

SELECT p.user.id::Int64 FROM j WHERE id = 1

SELECT p.user.id::Int64 FROM j WHERE id = 2

SELECT p.user.id::Int64, p.user.id::Nullable(Int64) FROM j WHERE id = 3

SELECT p.z::Float64, p.z::Nullable(Int64), p.z::String, p.b::UInt8, p.b::Bool FROM j ORDER BY id

SELECT p.a::Array(Nullable(Int64)), p.fa::Array(Float64) FROM j WHERE id = 1

SELECT p.user.id::String AS k, count() FROM j GROUP BY k ORDER BY k

SELECT sum(t.a.b), max(t.s) FROM j

SELECT countIf(p.user.id IS NOT NULL), count(p.z.:Float64) FROM j

SELECT max(p.z) FROM j

SELECT JSONAllPaths(p), JSONAllPaths(t) FROM j ORDER BY id

SELECT JSONAllPathsWithTypes(t) FROM j ORDER BY id

SELECT toString(p), toTypeName(toString(p)), p::String = toString(p) FROM j ORDER BY id

SELECT p.z IS NULL, isNotNull(p.z) FROM j ORDER BY id

SELECT id FROM j WHERE t.a.b = 12

SELECT x.p.user.id FROM j AS x WHERE x.id = 1

SELECT q.user.id FROM (SELECT p AS q FROM j WHERE id = 1)

SELECT p.user.id, count() FROM j GROUP BY p.user.id

SELECT id FROM j ORDER BY p.user.id

SELECT p.user.id, count() FROM j GROUP BY ALL

SELECT id, row_number() OVER (ORDER BY p.user.id::String, id) FROM j ORDER BY id

SELECT length(p) FROM j

SELECT id FROM j WHERE p.b

SELECT j.id FROM j INNER JOIN j AS k ON j.t.a.b = k.t.a.b WHERE j.id = 2

INSERT INTO j VALUES (5, '[1]', '{}')

INSERT INTO j VALUES (5, '{"a":1', '{}')

INSERT INTO j VALUES (5, '{"a":1,"a":2}', '{}')

INSERT INTO j VALUES (5, '{}', '{"a":{"b":"x"}}')

INSERT INTO j VALUES (5, '{}', '{"a":{"b":[1]}}')

INSERT INTO j VALUES (6, '{"a.b":1,"c":{"d":{"e":"deep"},"f":"g"},"a-c":[{"z":1,"b":2},"x"]}', '{}')

SELECT p, p.c.d.e, p.a.b, JSONAllPaths(p) FROM j WHERE id = 6

CREATE TABLE k AS j

INSERT INTO k SELECT * FROM j

SELECT count(), countIf(p.user.id IS NOT NULL) FROM k

CREATE TABLE x (id UInt8, p JSON(a UInt8, a String)) ENGINE = MergeTree ORDER BY id

CREATE TABLE x (id UInt8, p JSON(a Foo)) ENGINE = MergeTree ORDER BY id
