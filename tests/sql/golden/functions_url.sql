SELECT protocol('https://clickhouse.com/'), protocol('svn+ssh://some.svn-hosting.com:80/repo/trunk'), protocol('//x.y'), protocol(''), protocol('1http://a.b'), protocol('mailto:a@b.c')

SELECT protocol(origin), protocol(materialize('ftp://a.b/c')), protocol(NULL), toTypeName(protocol(toNullable('http://x'))) FROM events ORDER BY id LIMIT 3

SELECT protocol(1)

SELECT domain('svn+ssh://some.svn-hosting.com:80/repo/trunk'), domain('http://user:pw@www.example.com:8080/a?b#c'), domain('example.com'), domain('//a.b/c'), domain('http://localhost/'), domain(''), domain('http://a.b.'), domain('a b.c'), domain('http://1.2.3.4/x'), domain('http://[::1]:80/')

SELECT domainRFC('http://user:password@example.com:8080/path?query=value#fragment'), domainRFC('http://[::1]:80/x'), domainRFC('//a.b/c'), domainRFC('http://u;s=er@a.b/'), domainRFC('http://a@b@c.d/'), domain('http://u;s=er@a.b/')

SELECT domainWithoutWWW('http://www.example.com/'), domainWithoutWWW('http://wwww.example.com/'), domainWithoutWWW('www.com'), domainWithoutWWWRFC('http://paul@www.example.com:80/'), domainWithoutWWW('https://user@www.a.b')

SELECT domain(NULL), domainWithoutWWW(toNullable('http://www.a.b')), domain(toLowCardinality('http://a.b/c')), toTypeName(domain(toLowCardinality('http://a.b/c')))

SELECT domain()

SELECT domain(1, 2)

SELECT topLevelDomain('svn+ssh://www.some.svn-hosting.com:80/repo/trunk'), topLevelDomain('http://127.0.0.1/'), topLevelDomain('http://localhost'), topLevelDomain('http://a.b.рф/'), topLevelDomainRFC('http://foo:foo%41bar@foo.com'), topLevelDomain(''), topLevelDomain('a.b.c1')

SELECT netloc('http://paul@www.example.com:80/'), netloc('svn+ssh://user:pw@host/x'), netloc('http://127.0.0.1:443/'), netloc('//a.b/c'), netloc('abc'), netloc('')

SELECT port('http://paul@www.example.com:80/'), port('http://www.example.com/', toUInt16(443)), port('http://a.b:99999/', toUInt16(7)), port('http://a.b:8x/'), port('http://a.b:/', toUInt16(3)), portRFC('http://[2001:db8::8a2e]:99'), toTypeName(port('a'))

SELECT port('http://a.b', 'x')

SELECT port(NULL), portRFC(toNullable('http://a.b:70/')), port(materialize('http://a.b:70'))

SELECT path('https://clickhouse.com/docs/x?a=b#c'), pathFull('https://clickhouse.com/docs/x?a=b#c'), path('clickhouse.com/x'), path('http://a.b'), path('http://a.b?x/y'), path('//a/b/c'), path('/a/b'), path('a/b//c'), domain('http://a.b./x'), domain('http://a..b/'), path('http:///x'), path(''), pathFull('http://a')

SELECT queryString('http://a.b/?x=1&y=2#frag'), queryString('http://a.b/'), queryString('http://a.b/#f?x'), queryString('?a=1'), queryString('?'), fragment('http://a.b/?x#frag#2'), fragment('http://a.b'), fragment('#'), queryStringAndFragment('http://a.b/?x=1#f'), queryStringAndFragment('http://a.b/#f'), queryStringAndFragment('http://a.b/')

SELECT queryString(NULL), fragment(NULL), queryStringAndFragment(NULL), pathFull(NULL), path(NULL), netloc(NULL), topLevelDomain(NULL), topLevelDomainRFC(NULL), domainRFC(NULL), domainWithoutWWWRFC(NULL)

SELECT cutWWW('http://www.example.com/'), cutWWW('http://wwwexample.com/'), cutWWW('www.example.com'), cutWWW('//www.a.b'), cutWWW(''), cutQueryString('http://a.b/?x=1#f'), cutQueryString('http://a.b/'), cutFragment('http://a.b/?x=1#f'), cutFragment('http://a.b'), cutQueryStringAndFragment('http://a.b/?x=1#f'), cutQueryStringAndFragment('http://a.b/#f')

SELECT cutWWW(NULL), cutQueryString(NULL), cutFragment(NULL), cutQueryStringAndFragment(NULL), cutFragment(materialize('a#b')), cutQueryStringAndFragment(materialize('a?b#b')), cutQueryString(toLowCardinality('a?b')), cutWWW(materialize('http://www.x'))

SELECT extractURLParameter('http://example.com/?a=1&bb=2&a=3', 'a'), extractURLParameter('http://example.com/?a=1&bb=2', 'b'), extractURLParameter('http://example.com/?a=1&bb=2#c=5', 'c'), extractURLParameter('http://example.com/', 'a'), extractURLParameter('http://example.com/?a=1;b=2', 'a'), extractURLParameter('http://example.com/?xa=1&a=', 'a'), extractURLParameter('?a=1#x', 'a')

SELECT cutURLParameter('http://example.com/?a=1&bb=2&a=3', 'a'), cutURLParameter('http://example.com/?a=1&bb=2', 'bb'), cutURLParameter('http://example.com/?a=1&bb=2#c=5', 'c'), cutURLParameter('http://example.com/?a=1#x', 'a'), cutURLParameter('http://example.com/', 'a'), cutURLParameter('http://a/?b=1', 'x')

SELECT extractURLParameter(NULL, 'a'), extractURLParameter('x?a=1', NULL), cutURLParameter(NULL, 'a'), cutURLParameter(materialize('x?a=1&b=2'), 'b'), extractURLParameter(materialize('x?a=1&b=2'), 'b')

SELECT extractURLParameter('a')

SELECT extractURLParameter('a', 1)

SELECT cutURLParameter(1, 'a')

SELECT decodeURLComponent('http://127.0.0.1:8123/?query=SELECT%201%3B'), decodeURLComponent('a%2'), decodeURLComponent('a%zz+b'), decodeURLFormComponent('a+b%2B%20c'), decodeURLComponent('%D0%BF%d1%80'), decodeURLComponent('')

SELECT encodeURLComponent('http://127.0.0.1:8123/?query=SELECT 1;2+3'), encodeURLFormComponent('http://127.0.0.1:8123/?query=SELECT 1 2+3'), encodeURLComponent('aZ09-_.!~*\'()'), encodeURLFormComponent('aZ09-_.!~*\'()'), encodeURLComponent('при')

SELECT encodeURLComponent(NULL), encodeURLFormComponent(NULL), decodeURLComponent(NULL), decodeURLFormComponent(NULL), encodeURLComponent(materialize('a b')), encodeURLFormComponent(materialize('a b')), decodeURLFormComponent(toLowCardinality('a+b'))

SELECT decodeURLComponent(5)

SELECT encodeURLComponent(5)

SELECT encodeURLFormComponent()

SELECT decodeURLFormComponent(today())

SELECT cutWWW(5)

SELECT cutQueryString(5)

SELECT cutFragment(5)

SELECT cutQueryStringAndFragment(5)

SELECT fragment(5)

SELECT pathFull(5)

SELECT queryStringAndFragment(5)

SELECT netloc(5)

SELECT domainRFC(5)

SELECT topLevelDomainRFC(5)

SELECT portRFC(5)

SELECT domainWithoutWWWRFC(5)
