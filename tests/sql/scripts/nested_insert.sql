CREATE TABLE t (n UInt8, l Nested(a UInt8, b String, c Nullable(Int8))) ENGINE = MergeTree ORDER BY n

INSERT INTO t (n, l.a) VALUES (1, [1,2])

INSERT INTO t (n, l.a) FORMAT JSONEachRow {"n":2,"l.a":[1,2,3]}

INSERT INTO t (n, l.a) FORMAT TSV 3	[5]

INSERT INTO t (n, l.a) FORMAT CSV 4,"[5,6]"

INSERT INTO t FORMAT JSONEachRow {"n":5,"l.a":[1,2,3]}

INSERT INTO t FORMAT JSONEachRow {"n":6,"l.a":[1,2,3],"l.b":["x","y","z"]}

INSERT INTO t FORMAT JSONEachRow {"n":9,"l.a":[1,2,3],"l.b":["x"]}

INSERT INTO t (n, l.a, l.b) VALUES (10, [1], ['a','b'])

INSERT INTO t (n, l.a, l.b) SELECT 11, [1], ['a','b']

INSERT INTO t (n, l.a) SELECT 12, [1,2]

INSERT INTO t (n, l.b, l.c) SELECT 13, ['x'], [NULL]

INSERT INTO t VALUES (14, [1], ['a'], [NULL])

INSERT INTO t VALUES (15, [], [], [])

INSERT INTO t (n) VALUES (16)

INSERT INTO t FORMAT TSV 17	[1]	['x']	[NULL]

INSERT INTO t FORMAT CSV 18,"[1]","['x']","[NULL]"

INSERT INTO t FORMAT CSVWithNames "n","l.b"
19,"['x','y']"

INSERT INTO t FORMAT TSVWithNames n	l.b
20	['x','y']

INSERT INTO t (n, l.a, l.b) FORMAT JSONEachRow {"n":22,"l.a":[1]} {"n":23,"l.b":["x","y"]} {"n":24}

INSERT INTO t (n, l) VALUES (26, [(1,'x',NULL)])

INSERT INTO t (n, l) FORMAT JSONEachRow {"n":27,"l":[{"a":1}]}

SELECT * FROM t ORDER BY n

SELECT n, l FROM t ORDER BY n LIMIT 1

SELECT l.a, length(l.c) FROM t WHERE n IN (1, 13) ORDER BY n

CREATE TABLE u (n UInt8, `l.a` Array(UInt8), `l.b` Array(String) DEFAULT ['d'], `l.c` Array(Array(String))) ENGINE = MergeTree ORDER BY n

INSERT INTO u (n, l.a) VALUES (1, [1,2])

INSERT INTO u (n, l.a, l.b) VALUES (2, [1], ['q'])

INSERT INTO u (n, l.c) VALUES (3, [['q'], []])

SELECT * FROM u ORDER BY n

CREATE TEMPORARY TABLE parts (n UInt8, `l.a` Array(UInt8), `l.b` Array(String)) ENGINE = Memory

INSERT INTO parts (n, l.a) VALUES (1, [1,2])

INSERT INTO parts (n, l.b) SELECT 2, ['x']

INSERT INTO parts (n, l.a, l.b) VALUES (3, [1], [])

INSERT INTO parts (l.a, l.a) VALUES ([1], [1])

INSERT INTO parts (l.z) VALUES ([1])

SELECT * FROM parts ORDER BY n

DROP TEMPORARY TABLE parts
