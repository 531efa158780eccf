SELECT multiSearchAny('abc', ['b', '']), multiSearchAny('abc', ['']), multiSearchAny('abc', ['x', 'y']), multiSearchAllPositions('abc', ['', 'c', 'x']), multiSearchFirstPosition('abc', ['c', 'b']), multiSearchFirstIndex('abc', ['x', 'c', 'b']), multiSearchFirstPosition('abc', ['x'])

SELECT multiSearchAny(NULL, ['b']), multiSearchAllPositions(NULL, ['b']), multiSearchFirstIndex('a', NULL), multiSearchFirstPosition(NULL, NULL), multiSearchAllPositions(toNullable('abc'), ['b']), multiSearchAny(toNullable('abc'), ['b'])

SELECT multiSearchAny('abc', [NULL, 'a'])

SELECT multiSearchAny('abc', [1])

SELECT multiSearchFirstIndex('abc', 'a')

SELECT multiSearchFirstPosition(1, ['a'])

SELECT multiSearchAllPositions('abc')

SELECT multiSearchAny('abc', [])

SELECT multiSearchAny(toFixedString('abc', 4), ['a'])

SELECT multiSearchAnyCaseInsensitive('aBc', ['bC', 'x']), multiSearchAllPositionsCaseInsensitive('aBcabc', ['bC', 'C', 'x']), multiSearchFirstPositionCaseInsensitive('aBc', ['C', 'b']), multiSearchFirstIndexCaseInsensitive('aBc', ['x', 'C', 'b'])

SELECT multiSearchAnyUTF8('Привет мир', ['рив', 'x']), multiSearchAllPositionsUTF8('Привет мир', ['вет', 'мир', 'x', '']), multiSearchFirstPositionUTF8('Привет', ['вет', 'рив']), multiSearchFirstIndexUTF8('Привет', ['x', 'вет'])

SELECT multiSearchAnyCaseInsensitiveUTF8('Привет мир', ['РИВ']), multiSearchAllPositionsCaseInsensitiveUTF8('Привет мир', ['ПРИ', 'Мир', 'x']), multiSearchFirstPositionCaseInsensitiveUTF8('Привет', ['ВЕТ']), multiSearchFirstIndexCaseInsensitiveUTF8('Привет', ['x', 'ВЕТ'])

SELECT multiSearchAnyUTF8(NULL, ['b']), multiSearchAnyCaseInsensitive(NULL, ['b']), multiSearchAnyCaseInsensitiveUTF8(NULL, ['b']), multiSearchAllPositionsUTF8(NULL, ['b']), multiSearchAllPositionsCaseInsensitive(NULL, ['b']), multiSearchAllPositionsCaseInsensitiveUTF8(NULL, ['b']), multiSearchFirstIndexUTF8(NULL, ['b']), multiSearchFirstIndexCaseInsensitive(NULL, ['b']), multiSearchFirstIndexCaseInsensitiveUTF8(NULL, ['b']), multiSearchFirstPositionUTF8(NULL, ['b']), multiSearchFirstPositionCaseInsensitive(NULL, ['b']), multiSearchFirstPositionCaseInsensitiveUTF8(NULL, ['b'])

SELECT name, multiSearchAny(name, ['a', 'e']), multiSearchFirstIndex(name, ['i', 'a']), multiSearchFirstPosition(name, ['i', 'a']), multiSearchAllPositions(name, ['i', 'a']) FROM (SELECT arrayJoin(['alpha', 'pi', 'xyz', '']) AS name)

SELECT multiSearchAnyUTF8(name, needles), multiSearchAnyCaseInsensitive(name, needles), multiSearchFirstIndexUTF8(name, needles), multiSearchFirstPositionUTF8(name, needles), multiSearchAllPositionsUTF8(name, needles), multiSearchAnyCaseInsensitiveUTF8(name, needles) FROM (SELECT arrayJoin(['АлФа', 'pi', 'xyz']) AS name, ['фа', 'I'] AS needles)

SELECT multiSearchAnyCaseInsensitiveUTF8(1, ['b'])

SELECT multiSearchAnyCaseInsensitive(1, ['b'])

SELECT multiSearchAnyUTF8(1, ['b'])

SELECT multiSearchAllPositionsCaseInsensitiveUTF8('a', 1)

SELECT multiSearchAllPositionsCaseInsensitive('a', 1)

SELECT multiSearchAllPositionsUTF8('a', 1)

SELECT multiSearchFirstIndexCaseInsensitiveUTF8('a')

SELECT multiSearchFirstIndexCaseInsensitive('a')

SELECT multiSearchFirstIndexUTF8('a')

SELECT multiSearchFirstPositionCaseInsensitiveUTF8('a', [1])

SELECT multiSearchFirstPositionCaseInsensitive('a', [1])

SELECT multiSearchFirstPositionUTF8('a', [1])

SELECT multiMatchAny('abc', ['b.', '^c']), multiMatchAnyIndex('abc', ['x', 'b.']), multiMatchAllIndices('abc', ['a', 'x', 'c$']), multiMatchAny('abc', ['x']), multiMatchAnyIndex('abc', ['x']), multiMatchAllIndices('abc', ['x'])

SELECT multiMatchAny('abc', ['('])

SELECT multiMatchAnyIndex('abc', ['a(?=b)'])

SELECT multiMatchAllIndices('abc', [1])

SELECT multiMatchAny(NULL, ['a']), multiMatchAnyIndex(NULL, ['a']), multiMatchAllIndices(NULL, ['a']), multiMatchAny(toNullable('a'), ['a']), multiMatchAnyIndex(toLowCardinality('a'), ['a'])

SELECT multiMatchAny(name, ['^a', 'z$']), multiMatchAnyIndex(name, ['^a', 'z$']), arraySort(multiMatchAllIndices(name, ['^a', 'z$', '.'])) FROM (SELECT arrayJoin(['alpha', 'pi', 'xyz', '']) AS name)

SELECT multiMatchAny(1, ['a'])

SELECT notMatch('abc', 'b'), matchCaseInsensitive('ABC', 'b'), notMatchCaseInsensitive('ABC', 'b'), countMatchesCaseInsensitive('aAb', 'a'), notMatch('abc', 'x'), matchCaseInsensitive('ABC', 'x.'), notMatchCaseInsensitive('ABC', '^c')

SELECT notMatch(NULL, 'b'), matchCaseInsensitive(NULL, 'b'), notMatchCaseInsensitive(NULL, 'b'), countMatchesCaseInsensitive(NULL, 'a'), notMatch(toNullable('a'), 'a'), matchCaseInsensitive(materialize('aXb'), 'x')

SELECT notMatch('a', '(')

SELECT matchCaseInsensitive('a', '(')

SELECT notMatchCaseInsensitive('a', 1)

SELECT countMatchesCaseInsensitive('a', 1)

SELECT hasTokenCaseInsensitive('Abc def', 'abc'), hasTokenOrNull('a b', 'a b'), hasTokenCaseInsensitiveOrNull('a b', ''), hasTokenOrNull('a b', 'b'), hasTokenCaseInsensitiveOrNull('A b', 'a'), hasTokenCaseInsensitiveOrNull('A b', 'a.'), toTypeName(hasTokenOrNull('a b', 'a')), hasToken('a b', '')

SELECT hasToken('a b', 'a b')

SELECT hasTokenCaseInsensitive('a b', 'a,')

SELECT hasTokenOrNull(1, 'a')

SELECT hasTokenCaseInsensitiveOrNull('a', 1)

SELECT hasToken(NULL, 'a'), hasTokenOrNull(NULL, 'a'), hasTokenCaseInsensitive(NULL, 'a'), hasTokenCaseInsensitiveOrNull(NULL, 'a')

SELECT regexpExtract('100-200', '(\\d+)-(\\d+)', 1), regexpExtract('100-200', '(\\d+)-(\\d+)'), regexpExtract('100-200', '(\\d+)-(\\d+)', 0), regexpExtract('100-200', '(\\d+)-(\\d+)', 2), regexpExtract('x', '(\\d+)'), regexpExtract('12', '\\d+'), REGEXP_SUBSTR('12', '\\d+', 0), regexp_extract('a', '(b)?a')

SELECT regexpExtract('100-200', '(\\d+)-(\\d+)', 3)

SELECT regexp_substr('100-200', '(\\d+)-(\\d+)', -1)

SELECT regexp_extract('100-200', materialize('(\\d+)-(\\d+)'), 1)

SELECT regexpExtract(NULL, 'a'), regexpExtract(toNullable('a1'), '\\d'), REGEXP_EXTRACT(NULL, 'a'), REGEXP_SUBSTR(NULL, 'a'), regexpExtract(materialize('x12y3'), '(\\d+)', number) FROM numbers(2)

SELECT regexpPosition('xabcabc', 'b(c)', 5), regexpPosition('привет', 'в'), regexpPosition('abcabc', 'c', 1, 2), regexpPosition('abcabc', 'b(c)', 1, 1, 1), regexp_instr('a', 'x'), regexpInstr('abc', 'c'), regexpPosition('abcabc', 'c', 7)

SELECT regexpPosition('abcabc', 'c', 0)

SELECT regexp_instr('abcabc', 'c', 1, 0)

SELECT regexpInstr('abcabc', 'c', 1, 1, 2)

SELECT regexpPosition('abcabc', 1)

SELECT regexpPosition(NULL, 'c'), regexp_instr(toNullable('abc'), 'c'), regexpInstr(NULL, 'c'), regexpPosition(materialize('abcabc'), 'c', 1, number + 1) FROM numbers(3)

SELECT regexpQuoteMeta('a.b*c\\d[e]{f}(g)|h^i$j+k?l-m'), regexpQuoteMeta('a:b-c/d\0x'), regexpQuoteMeta('{}[]()'), regexpQuoteMeta('#&~ <>=!@'), regexpQuoteMeta('')

SELECT regexpQuoteMeta(NULL), regexpQuoteMeta(toNullable('a.b')), regexpQuoteMeta(materialize('+'))

SELECT regexpQuoteMeta(1)

SELECT countSubstringsCaseInsensitiveUTF8('ПриПРИпри', 'при'), countSubstringsCaseInsensitiveUTF8('aaa', 'A'), countSubstringsCaseInsensitiveUTF8(NULL, 'a'), countSubstringsCaseInsensitiveUTF8('ППП', 'п', 3), positionCaseInsensitiveUTF8('Привет', 'ВЕТ'), positionCaseInsensitiveUTF8('ÀÉÎ', 'éî'), positionCaseInsensitiveUTF8('ПриветПРИ', 'при', 2)

SELECT countSubstringsCaseInsensitiveUTF8('a', 1)

SELECT countSubstringsCaseInsensitiveUTF8(name, 'а') FROM (SELECT arrayJoin(['АлФа', 'pi', NULL]) AS name)

SELECT ngramDistance('ClickHouse', 'ClickHous'), ngramDistance('', ''), ngramDistance('abc', 'abc'), ngramDistance('abc', 'abcdefgh'), ngramSearch('ClickHouse', 'click'), ngramSearchCaseInsensitive('ClickHouse', 'click'), ngramDistanceUTF8('Привет', 'привет'), ngramDistanceCaseInsensitiveUTF8('Привет', 'привет'), ngramDistanceCaseInsensitive('ClickHouse', 'CLICKHOUSE'), ngramSearchUTF8('Привет мир', 'мира'), ngramSearchCaseInsensitiveUTF8('ПРИВЕТ МИР', 'мира')

SELECT ngramDistance(s, 'the quick brown fox'), ngramSearch(s, 'the quick brown fox'), ngramDistanceUTF8(s, 'the quick brown fox'), ngramSearchUTF8(s, 'the quick brown fox'), ngramDistanceCaseInsensitive(s, 'The Quick brown fox'), ngramSearchCaseInsensitive(s, 'The quick brown fox'), ngramDistanceCaseInsensitiveUTF8(s, 'The quick brown fox'), ngramSearchCaseInsensitiveUTF8(s, 'The quick brown fox') FROM (SELECT arrayJoin(['the quick brown', 'a quick brown fox', 'aaaaaaaa', 'fox', 'fox brown quick the', 'THE QUICK BROWN FOX JUMPS', 'быстрая the лиса', 'the quick brown fox the quick brown fox']) AS s)

SELECT ngramDistance(s, reverse(s)), ngramSearch(s, substring(s, 3)), ngramDistanceUTF8(s, substringUTF8(s, 2)) FROM (SELECT arrayJoin(['abcdedcba', 'привет тевирп', '', 'aaaa']) AS s)

SELECT ngramDistance(NULL, 'a'), ngramSearch(NULL, 'a'), ngramDistanceUTF8(NULL, 'a'), ngramSearchUTF8(NULL, 'a'), ngramDistanceCaseInsensitive(NULL, 'a'), ngramSearchCaseInsensitive(NULL, 'a'), ngramDistanceCaseInsensitiveUTF8(NULL, 'a'), ngramSearchCaseInsensitiveUTF8(NULL, 'a'), toTypeName(ngramSearch(toNullable('a'), 'b'))

SELECT ngramDistance(1, 'a')

SELECT ngramDistanceCaseInsensitive('a', repeat('a', 40000))

SELECT ngramDistanceUTF8('a', repeat('a', 40000))

SELECT ngramDistanceCaseInsensitiveUTF8('a')

SELECT ngramSearch('a', 1)

SELECT ngramSearchUTF8('a', 1)

SELECT ngramSearchCaseInsensitive('a', 1)

SELECT ngramSearchCaseInsensitiveUTF8('a', 1)

SELECT ngramDistance(repeat('a', 40000), 'a'), ngramSearch(repeat('a', 40000), 'a')
