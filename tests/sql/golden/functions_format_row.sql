SELECT formatRow('CSV', number, 'a"b', NULL) FROM numbers(3) ORDER BY number

SELECT formatRow('CSVWithNames', number, 'a"b' AS named, NULL) FROM numbers(2) ORDER BY number

SELECT formatRow('TabSeparated', 'a\tb', [1, 2], (1, 'x'), map('k', 1))

SELECT formatRow('TSVWithNamesAndTypes', toDate('2024-01-02'), toDecimal64(1.5, 2), toUUID('00112233-4455-6677-8899-aabbccddeeff'), number + 1) FROM numbers(2) ORDER BY number

SELECT formatRow('JSONEachRow', number AS k, toString(number) AS v, [number]) FROM numbers(3) ORDER BY number

SELECT formatRow('JSONCompactEachRow', number, 'a/b', number % 2 = 0 ? NULL : number) FROM numbers(3) ORDER BY number

SELECT formatRow('JSONCompactEachRowWithNames', number) FROM numbers(2) ORDER BY number

SELECT formatRow('JSONStringsEachRow', 1, 'x', NULL), formatRow('PrettyJSONEachRow', 1 AS a, 'x' AS b)

SELECT formatRow('Values', number, 'it''s') FROM numbers(3) ORDER BY number

SELECT formatRow('Vertical', number, 'x' AS long_name) FROM numbers(1)

SELECT formatRow('TSKV', number, 'x' AS s), formatRow('LineAsString', 1, 'x'), formatRow('CustomSeparated', 1, 'x') FROM numbers(1)

SELECT formatRow('SQLInsert', 1 AS a, 'x' AS b), formatRow('Markdown', 1 AS a, 'x' AS b)

SELECT hex(formatRow('RowBinary', number, 'xy', NULL::Nullable(UInt8))), hex(formatRow('RowBinaryWithNamesAndTypes', number AS a)) FROM numbers(2) ORDER BY number

SELECT formatRow('RawBLOB', 'x', 'y'), formatRow('JSONEachRowWithProgress', 1 AS a)

SELECT formatRowNoNewline('CSV', number, 'x') FROM numbers(3) ORDER BY number

SELECT formatRowNoNewline('JSONEachRow', id, kind) FROM events WHERE id < 4 ORDER BY id

SELECT formatRowNoNewline('RowBinary', 'x\n'), formatRowNoNewline('Values', 1), formatRowNoNewline('TSV', '')

SELECT formatRow('CSV', *) FROM (SELECT 1 AS a, 'x' AS b)

SELECT formatRowNoNewline('JSONEachRow', t.a, u.a) FROM (SELECT 1 AS a) t, (SELECT 2 AS a) u

SELECT arrayMap(x -> formatRowNoNewline('CSV', x, x * 2), [1, 2])

SELECT formatRowNoNewline('CSV', k), count() FROM (SELECT number % 2 AS k FROM numbers(10)) GROUP BY formatRowNoNewline('CSV', k) ORDER BY 1

SELECT toTypeName(formatRow('CSV', 1)), toTypeName(formatRow('CSV', NULL)), toTypeName(formatRowNoNewline('CSV', toLowCardinality('x')))

SELECT formatRow('JSONEachRow', toLowCardinality('x') AS lc, CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e, toDateTime('2024-01-02 03:04:05', 'UTC') AS t)

SELECT formatRow('CSV', number) FROM numbers(0)

SELECT formatRow('CSV')

SELECT formatRow()

SELECT formatRowNoNewline('CSV')

SELECT formatRow(materialize('CSV'), 1)

SELECT formatRow(1, 1)

SELECT formatRow(NULL, 1)

SELECT formatRow('NoSuch', 1)

SELECT formatRow('Pretty', 1)

SELECT formatRow('Native', 1)

SELECT formatRow('JSONColumns', 1)

SELECT formatRow('Null', 1)

SELECT formatRowNoNewline('PrettyCompact', 1)
