SELECT normalizeQuery('SELECT 1, 2, 3 FROM t WHERE x = ''a'' AND y IN (1, 2) LIMIT 10')

SELECT normalizeQuery(q), normalizeQueryKeepNames(q) FROM (SELECT arrayJoin(['SELECT a12, a123, a1b2c3, `a b`, `a.b`, "a", f123(x)', 'SELECT abcdefghijabcdefghijabcdefghijabcde', 'SELECT abcdefghijabcdefghijabcdefghijabcdef', 'SELECT `abcdefghijabcdefghijabcdefghijabcd`']) AS q)

SELECT normalizeQuery('-- a comment\nSELECT /* and */ 1   AS\n\tx -- behind'), normalizeQuery('  '), normalizeQuery(''), normalizeQuery('#!x\nSELECT 1')

SELECT normalizeQuery('SELECT [1, -1, +1], f(-1, -2), 1, - 1, 2, 1 - 1, 1,, 2, 1, x, -inf')

SELECT normalizeQuery('SELECT t.1, t.1.2, x[1].2, f(1).2, .5, 1.5, 1e5, 0x1F, 0b11, 1_000, 1a, 0x, 1e, x''41'', b''01'', $$text$$, $a$ b $a$')

SELECT normalizeQuery('INSERT INTO t VALUES (1, ''a''), (2, ''b'')'), normalizeQuery('SELECT {p:UInt8}, @@max, x::Int8, 1::Int8')

SELECT normalizeQuery('SELECT 1, ''not closed'), normalizeQuery('SELECT 1 ! 2'), normalizeQuery('SELECT 1 & 2'), normalizeQuery('SELECT `not closed'), normalizeQuery('SELECT 1 /* not closed'), normalizeQuery('SELECT 1 é 2')

SELECT normalizedQueryHash('SELECT 1'), normalizedQueryHash('SELECT 1, 2'), normalizedQueryHash('SELECT 1, 2, 3'), normalizedQueryHash('select a123'), normalizedQueryHashKeepNames('select a123'), normalizedQueryHash('')

SELECT normalizedQueryHash('SELECT ''x'' AS a FROM t WHERE id = 15') = normalizedQueryHash('SELECT  ''y''  AS a /* */ FROM t WHERE id = 16')

SELECT q, normalizedQueryHash(q) FROM (SELECT arrayJoin(['1,-1', '1,+1', '1,,1', '1, x', '1, -x', '`a b`', 'x(1)', 't.1', 'a\0b', '(1,2),3', '1,']) AS q)

SELECT toTypeName(normalizeQuery(materialize('x'))), toTypeName(normalizedQueryHash(materialize('x')))

SELECT normalizeQueryKeepNames('SELECT a123, `a b`, 1, 2 FROM t'), normalizedQueryHashKeepNames('SELECT a123, `a b`, 1, 2 FROM t')

SELECT normalizeQueryKeepNames(''), normalizedQueryHashKeepNames('SELECT a1234') = normalizedQueryHashKeepNames('SELECT a1235'), normalizedQueryHash('SELECT a1234') = normalizedQueryHash('SELECT a1235')

SELECT normalizeQuery('SELECT 1e'), normalizeQuery('SELECT 1e+'), normalizeQuery('SELECT 1e+ 2'), normalizeQuery('.'), normalizeQuery('1.')

SELECT normalizeQuery(1)

SELECT normalizeQuery()
