SELECT extractKeyValuePairs('name:neymar, age:31 team:psg,nationality:brazil') as x, toTypeName(x)

SELECT extractKeyValuePairs('name:neymar;\'age\':\'31\';team:"psg"', ':', ';', '\'')

SELECT extractKeyValuePairs('a=1 b="x y" c=', '=', ' ', '"')

SELECT extractKeyValuePairs('a:1,a:2')

SELECT extractKeyValuePairs('a:1,a:2','')

SELECT extractKeyValuePairs('a:1,a:2','::')

SELECT extractKeyValuePairs(NULL)

SELECT extractKeyValuePairs(1)

SELECT extractKeyValuePairsWithEscaping('age:a\\x0A\\n\\0') as x, toTypeName(x)

SELECT str_to_map('a:1,b:2'), mapFromString('a:1')

SELECT extractKeyValuePairs('a::b,c:d:e;,,f:"g""h",i:"j')

SELECT extractKeyValuePairs('level=info msg="hello world" dur=1.5ms err=', '=')

SELECT hasAllTokens('hello world',['hello','world']) as x, toTypeName(x)

SELECT hasAnyTokens('hello world',['foo','world']) as x, toTypeName(x), hasAnyTokens('hello world','foo world'), hasAllTokens('hello world','foo world')

SELECT hasAnyTokens('Hello, world!',['hello']), hasAllTokens('a-b c','a b'), hasAllTokens('a',''), hasAnyTokens('a',''), hasAllTokens('a',[]), hasAnyTokens('a',[])

SELECT hasAnyTokens(NULL,['a'])

SELECT hasAnyTokens('a',NULL)

SELECT hasAnyTokens(1,['a'])

SELECT hasAnyTokens('a',1)

SELECT hasAnyTokens('foo bar','foo','splitByNonAlpha'), hasAnyTokens('foo bar',['oo '],ngrams(3))

SELECT hasAnyTokens('foo bar',['oo ba'])

SELECT hasPhrase('hello big world','big world') as x, toTypeName(x), hasPhrase('hello big world','hello world'), hasPhrase('a','')

SELECT tokensForLikePattern('%foo bar%'), tokensForLikePattern('foo bar% x')

SELECT hasAnyTokens('foo bar','foo','splitByNonAlpha')

SELECT hasAnyTokens('foo bar',['oo '],'ngrams(3)')

SELECT hasAnyTokens('foo bar',['oo '],'ngrams')

SELECT hasAnyTokens('foo,bar','foo','splitByString')

SELECT hasAnyTokens(['foo','bar baz'],['bar baz']), hasAllTokens(['foo','bar baz'],'bar')

SELECT hasAnyTokens(['foo','bar baz'],['bar']), hasAllTokens(['foo','bar baz'],['bar','foo'])

SELECT hasAnyTokens(materialize('foo'),materialize('foo'))

SELECT hasAnyTokens(toFixedString('foo',5),'foo'), hasAnyTokens('a_b a','a_b'), hasAnyTokens('a_b',['a']), hasAnyTokens('ünï cö',['ünï']), hasAnyTokens('ünï-cö','cö')

SELECT hasAnyTokens('foo',['a',NULL])

SELECT hasAnyTokens('foo',[1])

SELECT hasAllTokens('foo foo bar','bar foo'), hasAllTokens('foo',' '), hasAllTokens('foo',[''])

SELECT hasAnyTokens('foo'), 1

SELECT hasPhrase('a b-c d','b c'), hasPhrase('a b-c d','b-c'), hasPhrase('abc','ab'), hasPhrase('a b',' '), matchPhrase('a a b','a b')

SELECT hasPhrase('a b',['a'])

SELECT hasPhrase('a b',1)

SELECT hasPhrase(1,'a')

SELECT hasPhrase('a b','a','splitByNonAlpha')

SELECT hasPhrase('a b c','b c','ngrams(2)')

SELECT hasPhrase(['a b'],'a b')

SELECT hasPhrase(materialize('a b'),materialize('a b'))

SELECT tokensForLikePattern('%foo bar%baz qux_ a\\%b c'), toTypeName(tokensForLikePattern('a'))

SELECT tokensForLikePattern('foo'), tokensForLikePattern('%foo%'), tokensForLikePattern('% foo %'), tokensForLikePattern('foo_ bar baz')

SELECT tokensForLikePattern(1)

SELECT tokensForLikePattern(NULL)

SELECT tokensForLikePattern('foo bar','splitByNonAlpha'), tokensForLikePattern('%foobar%','ngrams',3)

SELECT hasAnyTokens(materialize('foo bar'),['foo'],'splitByNonAlpha') from numbers(2)

SELECT hasAnyTokens(NULL,NULL)

SELECT hasAnyTokens(toLowCardinality('foo a'),'foo') as x, toTypeName(x), toTypeName(hasAnyTokens(toNullable('foo a'),'foo'))

SELECT halfMD5('a',1),halfMD5(1)

SELECT s, extractKeyValuePairs(s) FROM (SELECT arrayJoin(['a:1 b:"x y"', 'a"1:;x:2', 'bb:"b"a:a c:d', '', ',,;', 'k:', ':v', 'k:v:w', '"k k":"v v"', '"":1', 'a:"1']) AS s)

SELECT s, extractKeyValuePairsWithEscaping(s) FROM (SELECT arrayJoin(['a:1\\n2', 'a:\\x41', 'a\\:b:c', 'a:\\b', 'a:b\\', 'a:\\\\', 'a:\\q', '"a\\"b":c']) AS s)

SELECT extractKeyValuePairs('a"b:c d', ':', ' ', '"', 'accept'), extractKeyValuePairs('a"b:c d', ':', ' ', '"', 'promote')

SELECT extractKeyValuePairs('a"b:c d', ':', ' ', '"', 'nonsense')

SELECT extractKeyValuePairs('a:b', ':', ':')

SELECT extractKeyValuePairs(toFixedString('a:b', 5))

SELECT extractKeyValuePairs(toNullable('a:b')) AS x, toTypeName(x)

SELECT extractKeyValuePairs(materialize('level=info status=200'), '=')['status']

SELECT extractKeyValuePairs('a:1', materialize(':'))

SELECT extractKeyValuePairsWithEscaping(NULL)

SELECT extractKeyValuePairsWithEscaping(5)

SELECT extractKeyValuePairs(arrayStringConcat(arrayMap(x -> toString(x) || ':1', range(1001)), ','))

SELECT length(extractKeyValuePairs(arrayStringConcat(arrayMap(x -> toString(x) || ':1', range(1000)), ',')))

SELECT hasAllTokens(NULL, 'a'), hasAllTokens('a')

SELECT hasAllTokens(1, 'a')

SELECT hasAllTokens(NULL, 'a')

SELECT hasPhrase(NULL, 'a')

SELECT hasPhrase(1, 'a')

SELECT tokensForLikePattern('a', 'nonsense')

SELECT count() FROM (SELECT arrayJoin(['error in disk', 'disk error', 'ok']) AS m) WHERE hasAllTokens(m, 'error disk')

SELECT m, hasAnyTokens(m, ['error', 'ok']), hasPhrase(m, 'disk error') FROM (SELECT arrayJoin(['error in disk', 'disk error', 'ok']) AS m)

SELECT hasAnyToken('error in disk', 'disk x'), hasAnyToken('error', ['x'])

SELECT hasAnyToken(NULL, 'a')

SELECT hasAnyToken('a')

SELECT hasAllToken('error in disk', 'disk error'), hasAllToken('error', ['x'])

SELECT hasAllToken(NULL, 'a')

SELECT hasAllToken('a')

SELECT matchPhrase('error in disk', 'in disk'), matchPhrase('error in disk', 'error disk')

SELECT matchPhrase(NULL, 'a')

SELECT matchPhrase('a')

SELECT STR_TO_MAP('a:1,b:2')

SELECT str_to_map(NULL)

SELECT str_to_map(1)

SELECT mapFromString('a:1,b:2')

SELECT mapFromString(NULL)

SELECT mapFromString(1)

SELECT mannWhitneyUTest('greater')(v, g) FROM values('v Float64, g UInt8', (1, 0), (2, 0), (3, 1), (5, 1), (4, 0), (9, 1))

SELECT mannWhitneyUTest('x')(1, 1)

SELECT mannWhitneyUTest(1, 1)

SELECT sparkBar(1)(number, 1) FROM numbers(3)
