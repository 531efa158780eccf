SELECT u, firstSignificantSubdomain(u), cutToFirstSignificantSubdomain(u), cutToFirstSignificantSubdomainWithWWW(u) FROM (SELECT arrayJoin(['https://news.clickhouse.com.tr/', 'www.tr', 'tr', 'http://a.b.co.uk/x', 'http://example.com', 'http://co.uk', 'http://192.168.1.1/', 'http://foo.s3.amazonaws.com', 'http://a.github.io', 'http://a.b.ck', 'http://www.ck', 'http://x.y.kawasaki.jp', 'http://a.b.CO.UK', 'http://a.b.c.com.', 'http://a..b.c', 'http://.b.c', 'http://www.a.com.au:8080/?q', '', 'http://www.com', 'http://www.co.uk', 'http://www.www.com', 'http://a.b.xn--p1ai', 'ftp://x@y.z.org.uk', '//a.b.c.net', 'a.b.c.d.e.f']) AS u)

SELECT u, firstSignificantSubdomainRFC(u), cutToFirstSignificantSubdomainRFC(u), cutToFirstSignificantSubdomainWithWWWRFC(u) FROM (SELECT arrayJoin(['http://user:pass@a.b.co.uk:80/x', 'http://www.b.co.uk:80/x', 'http://[::1]/', 'http://a:b@www.x.com', 'http://com', 'x.y.z']) AS u)

SELECT cutToFirstSignificantSubdomain(NULL), toTypeName(cutToFirstSignificantSubdomain(toNullable('http://a.b.com')))

SELECT cutToFirstSignificantSubdomain(1)

SELECT cutToFirstSignificantSubdomain()

SELECT cutToFirstSignificantSubdomainWithWWW(NULL)

SELECT cutToFirstSignificantSubdomainWithWWW(1)

SELECT cutToFirstSignificantSubdomainRFC(NULL)

SELECT cutToFirstSignificantSubdomainRFC(1)

SELECT cutToFirstSignificantSubdomainWithWWWRFC(NULL)

SELECT cutToFirstSignificantSubdomainWithWWWRFC(1)

SELECT firstSignificantSubdomain(NULL)

SELECT firstSignificantSubdomain(1)

SELECT firstSignificantSubdomainRFC(NULL)

SELECT firstSignificantSubdomainRFC(1)

SELECT cutToFirstSignificantSubdomain('https://www.' || d) AS site, count() FROM (SELECT arrayJoin(['shop.example.co.uk', 'example.co.uk', 'a.example.com']) AS d) GROUP BY site ORDER BY site
