SELECT toTypeName(version())

SELECT length(toString(version())) > 0 FROM events ORDER BY id LIMIT 3

SELECT version(1)

SELECT toTypeName(currentDatabase())

SELECT length(toString(currentDatabase())) > 0 FROM events ORDER BY id LIMIT 3

SELECT currentDatabase(1)

SELECT toTypeName(currentUser())

SELECT length(toString(currentUser())) > 0 FROM events ORDER BY id LIMIT 3

SELECT currentUser(1)

SELECT toTypeName(hostName())

SELECT length(toString(hostName())) > 0 FROM events ORDER BY id LIMIT 3

SELECT hostName(1)

SELECT toTypeName(uptime())

SELECT length(toString(uptime())) > 0 FROM events ORDER BY id LIMIT 3

SELECT uptime(1)

SELECT toTypeName(DATABASE())

SELECT length(toString(DATABASE())) > 0 FROM events ORDER BY id LIMIT 3

SELECT DATABASE(1)

SELECT toTypeName(current_database())

SELECT length(toString(current_database())) > 0 FROM events ORDER BY id LIMIT 3

SELECT current_database(1)

SELECT toTypeName(SCHEMA())

SELECT length(toString(SCHEMA())) > 0 FROM events ORDER BY id LIMIT 3

SELECT SCHEMA(1)

SELECT toTypeName(user())

SELECT length(toString(user())) > 0 FROM events ORDER BY id LIMIT 3

SELECT user(1)

SELECT toTypeName(current_user())

SELECT length(toString(current_user())) > 0 FROM events ORDER BY id LIMIT 3

SELECT current_user(1)

SELECT toTypeName(query_id())

SELECT length(toString(query_id())) > 0 FROM events ORDER BY id LIMIT 3

SELECT query_id(1)

SELECT toTypeName(FQDN())

SELECT length(toString(FQDN())) > 0 FROM events ORDER BY id LIMIT 3

SELECT FQDN(1)

SELECT toTypeName(queryID())

SELECT length(toString(queryID())) > 0 FROM events ORDER BY id LIMIT 3

SELECT queryID(1)

SELECT formatReadableSize(1024), formatReadableSize(192851925), formatReadableSize(-1500), formatReadableSize(0), formatReadableSize(1e15), formatReadableSize(NULL), formatReadableSize(1.5)

SELECT formatReadableSize(distance), formatReadableSize(price) FROM events ORDER BY id LIMIT 3

SELECT formatReadableSize('a')

SELECT formatReadableSize()

SELECT formatReadableDecimalSize(1024), formatReadableDecimalSize(192851925), formatReadableDecimalSize(-1500), formatReadableDecimalSize(0), formatReadableDecimalSize(1e15), formatReadableDecimalSize(NULL), formatReadableDecimalSize(1.5)

SELECT formatReadableDecimalSize(distance), formatReadableDecimalSize(price) FROM events ORDER BY id LIMIT 3

SELECT formatReadableDecimalSize('a')

SELECT formatReadableDecimalSize()

SELECT formatReadableQuantity(1024), formatReadableQuantity(192851925), formatReadableQuantity(-1500), formatReadableQuantity(0), formatReadableQuantity(1e15), formatReadableQuantity(NULL), formatReadableQuantity(1.5)

SELECT formatReadableQuantity(distance), formatReadableQuantity(price) FROM events ORDER BY id LIMIT 3

SELECT formatReadableQuantity('a')

SELECT formatReadableQuantity()

SELECT formatReadableTimeDelta(1024), formatReadableTimeDelta(192851925), formatReadableTimeDelta(-1500), formatReadableTimeDelta(0), formatReadableTimeDelta(1e15), formatReadableTimeDelta(NULL), formatReadableTimeDelta(1.5)

SELECT formatReadableTimeDelta(distance), formatReadableTimeDelta(price) FROM events ORDER BY id LIMIT 3

SELECT formatReadableTimeDelta('a')

SELECT formatReadableTimeDelta()

SELECT FORMAT_BYTES(1024), FORMAT_BYTES(192851925), FORMAT_BYTES(-1500), FORMAT_BYTES(0), FORMAT_BYTES(1e15), FORMAT_BYTES(NULL), FORMAT_BYTES(1.5)

SELECT FORMAT_BYTES(distance), FORMAT_BYTES(price) FROM events ORDER BY id LIMIT 3

SELECT FORMAT_BYTES('a')

SELECT FORMAT_BYTES()

SELECT throwIf(0), throwIf(NULL), throwIf(0, 'x'), toTypeName(throwIf(0))

SELECT throwIf(id > 1000) FROM events ORDER BY id LIMIT 3

SELECT throwIf(1)

SELECT throwIf('a')

SELECT throwIf(1, 'boom')

SELECT identity(5), identity(NULL), identity('a')

SELECT identity(note) FROM events ORDER BY id LIMIT 3

SELECT identity()

SELECT JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractString('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractString('5') AS five, JSONExtractString('{bad', 'a') AS bad, JSONExtractString(NULL, 'a') AS n

SELECT JSONExtractString(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractString(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractString(1)

SELECT JSONExtractString()

SELECT JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractInt('5') AS five, JSONExtractInt('{bad', 'a') AS bad, JSONExtractInt(NULL, 'a') AS n

SELECT JSONExtractInt(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractInt(1)

SELECT JSONExtractInt()

SELECT JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractUInt('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractUInt('5') AS five, JSONExtractUInt('{bad', 'a') AS bad, JSONExtractUInt(NULL, 'a') AS n

SELECT JSONExtractUInt(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractUInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractUInt(1)

SELECT JSONExtractUInt()

SELECT JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractFloat('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractFloat('5') AS five, JSONExtractFloat('{bad', 'a') AS bad, JSONExtractFloat(NULL, 'a') AS n

SELECT JSONExtractFloat(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractFloat(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractFloat(1)

SELECT JSONExtractFloat()

SELECT JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractBool('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractBool('5') AS five, JSONExtractBool('{bad', 'a') AS bad, JSONExtractBool(NULL, 'a') AS n

SELECT JSONExtractBool(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractBool(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractBool(1)

SELECT JSONExtractBool()

SELECT JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONExtractRaw('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONExtractRaw('5') AS five, JSONExtractRaw('{bad', 'a') AS bad, JSONExtractRaw(NULL, 'a') AS n

SELECT JSONExtractRaw(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONExtractRaw(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONExtractRaw(1)

SELECT JSONExtractRaw()

SELECT JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONHas('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONHas('5') AS five, JSONHas('{bad', 'a') AS bad, JSONHas(NULL, 'a') AS n

SELECT JSONHas(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONHas(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONHas(1)

SELECT JSONHas()

SELECT JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'a') AS a, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b') AS b, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 1) AS b1, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', 2) AS b2, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'b', -1) AS b3, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c') AS c, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'd') AS d, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'c', 'e') AS e, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'f') AS f, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'g') AS g, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'h') AS h, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 'x') AS x, JSONLength('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}', 1) AS i1, JSONLength('5') AS five, JSONLength('{bad', 'a') AS bad, JSONLength(NULL, 'a') AS n

SELECT JSONLength(materialize('{"a": "hello", "b": [-100, 200.5, 300], "c": {"d": true, "e": null}, "f": "5", "g": 18446744073709551615, "h": "\\u0041\\n"}'), 'b', id % 4) AS y, JSONLength(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT JSONLength(1)

SELECT JSONLength()

SELECT isValidJSON('{}'), isValidJSON('{'), isValidJSON('[1, 2]'), isValidJSON(''), isValidJSON(NULL), isValidJSON('5')

SELECT isValidJSON(note) FROM events ORDER BY id LIMIT 3

SELECT isValidJSON(1)

SELECT isValidJSON()

SELECT simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractString(NULL, 'a') AS n

SELECT simpleJSONExtractString(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractString(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractString('a')

SELECT simpleJSONExtractString(1, 'a')

SELECT simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractInt(NULL, 'a') AS n

SELECT simpleJSONExtractInt(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractInt('a')

SELECT simpleJSONExtractInt(1, 'a')

SELECT simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractUInt(NULL, 'a') AS n

SELECT simpleJSONExtractUInt(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractUInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractUInt('a')

SELECT simpleJSONExtractUInt(1, 'a')

SELECT simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractFloat(NULL, 'a') AS n

SELECT simpleJSONExtractFloat(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractFloat(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractFloat('a')

SELECT simpleJSONExtractFloat(1, 'a')

SELECT simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractRaw(NULL, 'a') AS n

SELECT simpleJSONExtractRaw(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractRaw(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractRaw('a')

SELECT simpleJSONExtractRaw(1, 'a')

SELECT simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, simpleJSONExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONExtractBool(NULL, 'a') AS n

SELECT simpleJSONExtractBool(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, simpleJSONExtractBool(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT simpleJSONExtractBool('a')

SELECT simpleJSONExtractBool(1, 'a')

SELECT visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractString('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractString(NULL, 'a') AS n

SELECT visitParamExtractString(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractString(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractString('a')

SELECT visitParamExtractString(1, 'a')

SELECT visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractInt(NULL, 'a') AS n

SELECT visitParamExtractInt(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractInt('a')

SELECT visitParamExtractInt(1, 'a')

SELECT visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractUInt('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractUInt(NULL, 'a') AS n

SELECT visitParamExtractUInt(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractUInt(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractUInt('a')

SELECT visitParamExtractUInt(1, 'a')

SELECT visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractFloat('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractFloat(NULL, 'a') AS n

SELECT visitParamExtractFloat(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractFloat(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractFloat('a')

SELECT visitParamExtractFloat(1, 'a')

SELECT visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractRaw('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractRaw(NULL, 'a') AS n

SELECT visitParamExtractRaw(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractRaw(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractRaw('a')

SELECT visitParamExtractRaw(1, 'a')

SELECT visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'b') AS b, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'c') AS c, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'e') AS e, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'f') AS f, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'g') AS g, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'h') AS h, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'i') AS i, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'j') AS j, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'k') AS k, visitParamExtractBool('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamExtractBool(NULL, 'a') AS n

SELECT visitParamExtractBool(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y, visitParamExtractBool(note, 'a') AS z FROM events ORDER BY id LIMIT 3

SELECT visitParamExtractBool('a')

SELECT visitParamExtractBool(1, 'a')

SELECT simpleJSONHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, simpleJSONHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, simpleJSONHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, simpleJSONHas(NULL, 'a') AS n

SELECT simpleJSONHas(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y FROM events ORDER BY id LIMIT 3

SELECT simpleJSONHas('a')

SELECT simpleJSONHas(1, 'a')

SELECT visitParamHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'a') AS a, visitParamHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'd') AS d, visitParamHas('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}', 'x') AS x, visitParamHas(NULL, 'a') AS n

SELECT visitParamHas(materialize('{"a":"hello","b":[-100,200],"c":{"d":true},"e":-5,"f":"12","g":1.5e3,"h":false,"i": 7,"j":"\\u0041\\n","k":null}'), 'a') AS y FROM events ORDER BY id LIMIT 3

SELECT visitParamHas('a')

SELECT visitParamHas(1, 'a')
