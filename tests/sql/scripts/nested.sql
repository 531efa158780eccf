CREATE TABLE s (id UInt8, a Array(Array(Nullable(UInt8))), m Map(LowCardinality(String), Nullable(Int8)), t Tuple(x UInt8, y Tuple(z String, w Array(UInt8))), u Nullable(String), p Tuple(UInt8, Date)) ENGINE = MergeTree ORDER BY id

DESCRIBE TABLE s

SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 's' ORDER BY position

INSERT INTO s VALUES (1, [[1, NULL], []], {'a': 1, 'b': NULL}, (1, ('q', [1, 2])), NULL, (7, '2024-02-29'))

INSERT INTO s SELECT 2, [[3]], map('c', 5), (2, ('r', [])), 'x', (8, toDate('2024-03-01'))

INSERT INTO s (id) VALUES (3)

INSERT INTO s (id, t) SELECT 4, tuple(9, tuple('zz', [4]))

SELECT * FROM s ORDER BY id

SELECT id, a.size0, m.keys, m.values, m.size0, t.x, t.y, t.y.z, t.y.w, t.y.w.size0, u.null, u.size FROM s ORDER BY id

SELECT toTypeName(a.size0), toTypeName(m.keys), toTypeName(m.values), toTypeName(u.null), toTypeName(u.size), toTypeName(t.y) FROM s LIMIT 1

SELECT id, m.key_a, m.key_zz, m['a'], m['zz'] FROM s ORDER BY id

SELECT s.a.size0, s.t.x FROM s WHERE s.id = 1

SELECT x.t.y.z FROM s AS x WHERE x.id = 2

SELECT tt.x FROM (SELECT t AS tt FROM s WHERE id = 2)

SELECT uu.null FROM (SELECT u AS uu FROM s ORDER BY id)

SELECT a.foo FROM s

SELECT id.null FROM s

SELECT t.y.q FROM s

SELECT t.* FROM s ORDER BY id

SELECT id FROM s WHERE t.x = 2

SELECT id FROM s WHERE has(t.y.w, 2)

SELECT id FROM s WHERE m.keys = ['c']

SELECT id FROM s WHERE mapContains(m, 'a') AND a.size0 > 1

SELECT t.x AS k, count() FROM s GROUP BY k ORDER BY k

SELECT t, count() FROM s GROUP BY t ORDER BY t

SELECT DISTINCT m FROM s ORDER BY length(m), m

SELECT max(a), min(t) FROM s WHERE id = 1

SELECT groupArray(t.y.z) FROM (SELECT * FROM s ORDER BY id)

SELECT id, x FROM s ARRAY JOIN a AS x ORDER BY id, x

SELECT id, k, v FROM s ARRAY JOIN m.keys AS k, m.values AS v ORDER BY id, k

SELECT id, arrayJoin(m).1 AS k FROM s ORDER BY id, k

SELECT a.id, b.t.x FROM s AS a INNER JOIN s AS b ON a.id = b.t.x ORDER BY a.id

SELECT id, p.1, p.2 FROM s ORDER BY p, id

SELECT id FROM s ORDER BY a DESC, id LIMIT 2

CREATE TABLE n (id UInt8, n Nested(a UInt8, b String)) ENGINE = MergeTree ORDER BY id

DESCRIBE TABLE n

INSERT INTO n VALUES (1, [1, 2], ['a', 'b']), (2, [], [])

INSERT INTO n VALUES (3, [1, 2], ['a'])

INSERT INTO n SELECT 4, [1], ['x', 'y']

INSERT INTO n SELECT 5, [9, 8, 7], ['x', 'y', 'z']

SELECT * FROM n ORDER BY id

SELECT n FROM n ORDER BY id

SELECT toTypeName(n) FROM n LIMIT 1

SELECT n.a, n.b, length(n.a), n.a.size0 FROM n ORDER BY id

SELECT n.size0 FROM n

SELECT id, n.a, n.b FROM n ARRAY JOIN n ORDER BY id, n.a

SELECT id, x.a, x.b FROM n ARRAY JOIN n AS x ORDER BY id, x.a

SELECT id, x.a, n.a FROM n LEFT ARRAY JOIN n AS x ORDER BY id, x.a

SELECT id, n.a, b FROM n ARRAY JOIN n.a, n.b AS b ORDER BY id, n.a

SELECT arrayMap(x -> x.1 + 1, n) FROM n ORDER BY id

SELECT sum(n.a) FROM n ARRAY JOIN n WHERE n.b != 'a'

SELECT n.c FROM n

CREATE TABLE n2 AS n

INSERT INTO n2 SELECT * FROM n

SELECT count(), sum(length(n.a)) FROM n2

TRUNCATE TABLE n2

SELECT * FROM n2

CREATE TABLE d (id UInt8, a Array(UInt8) DEFAULT [id, 2], l Array(UInt16) DEFAULT arrayMap(x -> x * 10, a), t Tuple(k UInt8, v String) DEFAULT (id, 'none')) ENGINE = MergeTree ORDER BY id

INSERT INTO d (id) VALUES (1)

INSERT INTO d (id, a) VALUES (2, [7])

INSERT INTO d (id, t) SELECT 3, (5, 'five')

SELECT * FROM d ORDER BY id

CREATE TABLE x (id UInt8, a Array(Nothing)) ENGINE = MergeTree ORDER BY id

CREATE TABLE x (id UInt8, a Nullable(Array(UInt8))) ENGINE = MergeTree ORDER BY id

CREATE TABLE x (id UInt8, a Array(Nullable(UInt8))) ENGINE = MergeTree ORDER BY (id, nothing)

CREATE TABLE x (id UInt8, a Array(Foo)) ENGINE = MergeTree ORDER BY id

CREATE TABLE x (id UInt8, a Nested(b UInt8, b String)) ENGINE = MergeTree ORDER BY id

CREATE TABLE lc (id UInt32, tags Array(LowCardinality(String)), attrs Map(String, String), events Nested(ts DateTime('UTC'), name LowCardinality(String))) ENGINE = MergeTree ORDER BY id

INSERT INTO lc SELECT number, arrayMap(x -> concat('tag', toString(x % 3)), range(number % 5)), map('host', concat('h', toString(number % 7)), 'n', toString(number)), arrayMap(x -> toDateTime(x, 'UTC'), range(number % 3)), arrayMap(x -> 'e', range(number % 3)) FROM numbers(20000)

SELECT count(), sum(length(tags)), countIf(has(tags, 'tag2')), uniqExact(attrs['host']), sum(length(events.ts)) FROM lc

SELECT attrs['host'] AS h, count() AS c, sum(events.ts.size0) FROM lc GROUP BY h ORDER BY h LIMIT 3

SELECT arrayJoin(tags) AS tag, count() FROM lc GROUP BY tag ORDER BY tag

SELECT id, tags, attrs, events.name FROM lc WHERE id IN (8190, 8191, 8192, 19999) ORDER BY id

SELECT toTypeName(tags), toTypeName(attrs), toTypeName(events.ts), toTypeName(events) FROM lc LIMIT 1

SELECT id FROM lc WHERE attrs = map('host', 'h0', 'n', '7')

SELECT id, events.name FROM lc ARRAY JOIN events WHERE events.ts > '1970-01-01 00:00:00' ORDER BY id DESC LIMIT 2

SELECT id, length(attrs), attrs.keys FROM lc ORDER BY attrs['n'] DESC LIMIT 2
