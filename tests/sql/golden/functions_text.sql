SELECT base64URLEncode('https://clickhouse.com/?a=~~~'), base64URLEncode(''), base64URLDecode('aHR0cHM6Ly9jbGlja2hvdXNlLmNvbS8_YT1-fn4'), base64URLDecode(''), tryBase64URLDecode('!!'), tryBase64URLDecode('YWI'), base64URLDecode('YWI=')

SELECT base64URLDecode('!!')

SELECT base64URLEncode(NULL), base64URLDecode(NULL), tryBase64URLDecode(NULL), base64URLEncode(origin), tryBase64URLDecode(dest), base64URLDecode(base64URLEncode(origin)) FROM events ORDER BY id LIMIT 3

SELECT base64URLEncode(1)

SELECT tryBase64URLDecode(1)

SELECT base58Encode('Hello World!'), base58Encode(''), base58Encode('\0\0ab'), base58Decode('2NEpo7TZRRrLZSi2U'), base58Decode(''), base58Decode('11'), tryBase58Decode('0OIl'), tryBase58Decode('2NEpo7TZRRrLZSi2U')

SELECT base58Decode('0OIl')

SELECT base58Encode(NULL), base58Decode(NULL), tryBase58Decode(NULL), base58Encode(origin), base58Decode(base58Encode(dest)), hex(tryBase58Decode(dest)) FROM events ORDER BY id LIMIT 3

SELECT base58Encode(1)

SELECT tryBase58Decode(1)

SELECT base32Encode('Encoded'), base32Encode(''), base32Encode('a'), base32Encode('abcde'), base32Decode('IVXGG33EMVSA===='), base32Decode(''), tryBase32Decode('IVXGG33EMVSA===='), tryBase32Decode('zz1'), tryBase32Decode('ME======')

SELECT base32Decode('1')

SELECT base32Encode(NULL), base32Decode(NULL), tryBase32Decode(NULL), base32Encode(origin), base32Decode(base32Encode(dest)), tryBase32Decode(dest) FROM events ORDER BY id LIMIT 3

SELECT base32Encode(1)

SELECT tryBase32Decode(1)

SELECT bin(13), bin(0), bin(toUInt16(256)), bin(toInt8(-1)), bin('ab'), bin(''), bin(toFloat32(1.5)), bin(1.5), bin(toDate('2020-01-01')), bin(toDateTime('2020-01-01 00:00:00', 'UTC')), bin(toFixedString('a', 2)), bin(toDecimal32(1.5, 2)), bin(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), bin(toIPv4('1.2.3.4'))

SELECT unbin('01100001'), hex(unbin('1')), unbin('0011011001100001'), unbin(''), hex(unbin('101010101')), unbin(bin('xyz')), BIN(5), UNBIN('01100001')

SELECT bin(NULL), unbin(NULL), bin(origin), unbin(bin(dest)), bin(delay), bin(distance) FROM events ORDER BY id LIMIT 3

SELECT unbin(1)

SELECT bin()

SELECT encodeXMLComponent('<a href="x">\'&'), encodeXMLComponent(''), decodeXMLComponent('&lt;a&gt;&quot;x&quot;&apos;&amp;'), decodeXMLComponent('&#65;&#x42;&#x3c0;&nope;&'), decodeXMLComponent('&lt'), decodeXMLComponent('a&#;b&#x;c')

SELECT encodeXMLComponent(NULL), decodeXMLComponent(NULL), encodeXMLComponent(materialize('<')), decodeXMLComponent(materialize('&lt;')), encodeXMLComponent(toLowCardinality('<'))

SELECT encodeXMLComponent(1)

SELECT decodeXMLComponent(1)

SELECT char(104.1, 101, 108.9, 108, 111), hex(char(228)), hex(char(-1, 256, 1000)), char(65), CHAR(66)

SELECT char(NULL), char(materialize(65), 66), char(65, NULL), char(number + 65) FROM numbers(3)

SELECT char('a')

SELECT conv('ff', 16, 10), conv('-1', 10, 16), conv('255', 10, 2), conv('zz', 36, 10), conv('12x', 10, 8), conv(' 7', 8, 10), conv('x', 10, 2), conv('+5', 10, 2), conv('99999999999999999999', 10, 10)

SELECT conv(NULL, 10, 2), conv(materialize('77'), 8, 10), conv(materialize('zz'), 36, 10)

SELECT conv('1', 1, 10)

SELECT conv('', 8, 10)

SELECT conv('1', 10)

SELECT substringIndex('www.clickhouse.com', '.', 2), substringIndex('www.clickhouse.com', '.', -2), substringIndex('www.clickhouse.com', '.', 0), substringIndex('www.clickhouse.com', '.', 10), substringIndex('www.clickhouse.com', '.', -10), substringIndex('', '.', 1), substringIndex('a.b', 'x', 1), SUBSTRING_INDEX('a.b', '.', 1), substringIndexUTF8('富强，民主，文明', '，', 2), substringIndexUTF8('富强，民主，文明', '，', -1)

SELECT substringIndex(NULL, '.', 1), substringIndex(note, 'a', 1), substringIndex(materialize('a.b.c'), '.', materialize(2)), substringIndexUTF8(NULL, '.', 1), substringIndexUTF8(toLowCardinality('a.b'), '.', 1) FROM events ORDER BY id LIMIT 3

SELECT substringIndex('a..b', '..', 1)

SELECT substringIndex('a..b', '', 1)

SELECT substringIndexUTF8('a..b', '..', 1)

SELECT substringIndexUTF8('a..b', '.', 'x')

SELECT firstLine('foo\nbar\nbaz'), firstLine('foo\r\nbar'), firstLine('foo'), firstLine(''), firstLine('\na'), firstLine('a\rb'), firstLine(NULL), firstLine(materialize('a\nb'))

SELECT firstLine(1)

SELECT basename('some/long/path/to/file'), basename('some\\long\\path\\to\\file'), basename('some-file-name'), basename(''), basename('a/'), basename(NULL), basename(materialize('a/b'))

SELECT basename(1)

SELECT toStringCutToZero('foo\0bar'), toStringCutToZero(toFixedString('foo', 8)), toStringCutToZero(''), toStringCutToZero(NULL), toStringCutToZero(materialize('a\0b')), toStringCutToZero(toNullable('x'))

SELECT toStringCutToZero(1)

SELECT overlay('My father is from Mexico.', 'mother', 4) AS a, overlay('My father is from Mexico.', 'dad', 4, 6) AS b, overlay('abc', 'X', 1, 0) AS c, overlay('abc', 'X', -1) AS d, overlay('abc', 'XYZ', 10) AS e, overlay('abc', 'X', 2, 100) AS f, overlay('abc', 'X', 0) AS g, overlayUTF8('Mein Vater ist aus Österreich.', 'der Türkei', 20) AS h, overlayUTF8('äöü', 'x', 2, 1) AS i, overlay('abc', 'X', 2, -1) AS j, overlay('abc', 'X', -10, 1) AS k

SELECT overlay(NULL, 'a', 1), overlayUTF8(NULL, 'a', 1), overlay(materialize('abc'), 'X', 2), overlayUTF8(materialize('abc'), materialize('X'), materialize(2), materialize(1)), overlay(note, 'Q', 2) FROM events ORDER BY id LIMIT 4

SELECT overlay('a', 'b')

SELECT overlay('a', 1, 1)

SELECT overlayUTF8('a', 'b', 'c')

SELECT space(3), space(0), space(-1), length(space(10)), space(NULL), concat('[', space(number), ']') FROM numbers(3)

SELECT space('a')

SELECT space(100000000)

SELECT translate('Hello, World!', 'delor', 'DELOR'), translate('clickhouse', 'CLICKHOUSE', 'DATABASE12'), translate('abc', 'ab', 'x'), translate('', 'ab', 'xy'), translate('aabb', 'aa', 'xy'), translateUTF8('Münchener Straße', 'üß', 'us'), translateUTF8('abc', 'ab', 'ä'), translateUTF8('äöü', 'äö', 'ao')

SELECT translate(NULL, 'a', 'b'), translateUTF8(NULL, 'a', 'b'), translate(origin, 'A', 'B'), translateUTF8(dest, 'A', 'Ä') FROM events ORDER BY id LIMIT 3

SELECT translate('abc', 'a', 'xyz')

SELECT translate('abc', 'ä', 'x')

SELECT translateUTF8('abc', 'a', 'xyz')

SELECT translateUTF8('a', 'b')

SELECT initcapUTF8('building for fast'), initcapUTF8('не тормозит ÄÖ x1y'), initcapUTF8(''), initcapUTF8(NULL), initcapUTF8(materialize('ab cd')), initcap('hello wORLD x-y 1abc'), initcap(NULL)

SELECT initcapUTF8(1)

SELECT initcap(1)

SELECT hex(toValidUTF8(unhex('61F080808062'))), toValidUTF8('abc'), toValidUTF8(''), toValidUTF8(NULL), hex(toValidUTF8(unhex('FF61C3')))

SELECT toValidUTF8(1)

SELECT length('â'), normalizeUTF8NFC('â') AS nfc, length(nfc), normalizeUTF8NFD('â') AS nfd, length(nfd), normalizeUTF8NFKC('①ﬁ') AS a, normalizeUTF8NFKD('①â') AS b, length(b), normalizeUTF8NFC(''), normalizeUTF8NFKCCasefold('ÄﬁX')

SELECT normalizeUTF8NFC(NULL), normalizeUTF8NFD(NULL), normalizeUTF8NFKC(NULL), normalizeUTF8NFKD(NULL), normalizeUTF8NFC(dest), normalizeUTF8NFD(dest), normalizeUTF8NFKC(dest), normalizeUTF8NFKD(dest), normalizeUTF8NFKCCasefold(dest) FROM events ORDER BY id LIMIT 2

SELECT normalizeUTF8NFC(1)

SELECT normalizeUTF8NFD(1)

SELECT normalizeUTF8NFKC(1)

SELECT normalizeUTF8NFKD(1)

SELECT normalizeUTF8NFKCCasefold(1)

SELECT soundex('aksql'), soundex('Robert'), soundex('Rupert'), soundex('Ashcraft'), soundex('Tymczak'), soundex('Pfister'), soundex(''), soundex('123'), soundex('a'), soundex('Honeyman'), soundex('Ashwcraft'), soundex('BBab'), SOUNDEX('x1x')

SELECT soundex(NULL), soundex(origin), soundex(toNullable(dest)) FROM events ORDER BY id LIMIT 3

SELECT soundex(1)

SELECT startsWithUTF8('приставка', 'при'), startsWithUTF8('приставка', unhex('D0BFD1')), startsWithUTF8('a', ''), endsWithUTF8('данных', 'ых'), endsWithUTF8('a', 'ba'), startsWithCaseInsensitive('AbC', 'aB'), endsWithCaseInsensitive('AbC', 'Bc'), startsWithCaseInsensitiveUTF8('Приставка', 'пРи'), endsWithCaseInsensitiveUTF8('данНых', 'ЫХ'), endsWithCaseInsensitiveUTF8('x', 'yx'), startsWithCaseInsensitiveUTF8('x', ''), startsWithCaseInsensitive('x', 'xx')

SELECT startsWithUTF8(NULL, 'a'), endsWithUTF8('a', NULL), startsWithCaseInsensitive(NULL, 'a'), endsWithCaseInsensitive(NULL, 'a'), startsWithCaseInsensitiveUTF8(NULL, 'a'), endsWithCaseInsensitiveUTF8(NULL, 'a'), startsWithUTF8(origin, dest), startsWithCaseInsensitive(origin, materialize('a')), endsWithUTF8(note, 'd') FROM events ORDER BY id LIMIT 3

SELECT startsWithUTF8('a', 1)

SELECT endsWithUTF8(1, 'a')

SELECT startsWithCaseInsensitive('a', 1)

SELECT endsWithCaseInsensitive(1, 'a')

SELECT startsWithCaseInsensitiveUTF8('a', 1)

SELECT endsWithCaseInsensitiveUTF8(1, 'a')

SELECT isValidASCII('abc'), isValidASCII('ä'), isASCII('x'), isValidASCII(''), isASCII(NULL), isValidASCII(materialize(unhex('80'))), isASCII(toLowCardinality('a')), isValidASCII(NULL)

SELECT isValidASCII(1)

SELECT isASCII(1)

SELECT hasSubsequence('garbage', 'arg'), hasSubsequence('garbage', 'arx'), hasSubsequence('a', ''), hasSubsequence('', 'a'), hasSubsequenceCaseInsensitive('garbage', 'ARG'), hasSubsequenceUTF8('таблица', 'тбц'), hasSubsequenceCaseInsensitiveUTF8('таблица', 'ТБЦ'), hasSubsequenceCaseInsensitiveUTF8('abc', 'CA')

SELECT hasSubsequence(NULL, 'a'), hasSubsequenceCaseInsensitive(NULL, 'a'), hasSubsequenceUTF8('a', NULL), hasSubsequenceCaseInsensitiveUTF8(NULL, 'a'), hasSubsequence(origin, 'A'), hasSubsequenceCaseInsensitive(dest, materialize('l')) FROM events ORDER BY id LIMIT 3

SELECT hasSubsequence('a', 1)

SELECT hasSubsequenceCaseInsensitive('a', 1)

SELECT hasSubsequenceUTF8('a', 1)

SELECT hasSubsequenceCaseInsensitiveUTF8('a', 1)

SELECT stringBytesUniq('Hello'), stringBytesUniq(''), round(stringBytesEntropy('Hello, world!'), 6), stringBytesEntropy(''), stringBytesEntropy('aa'), stringBytesUniq(NULL), stringBytesEntropy(NULL), stringBytesUniq(origin), toTypeName(stringBytesUniq('a')) FROM events ORDER BY id LIMIT 2

SELECT stringBytesUniq(1)

SELECT stringBytesEntropy(1)

SELECT editDistance('clickhouse', 'mouse'), editDistance('', 'abc'), editDistance('a', ''), levenshteinDistance('kitten', 'sitting'), editDistanceUTF8('我是谁', '我是我'), levenshteinDistanceUTF8('ä', 'a'), damerauLevenshteinDistance('clickhouse', 'mouse'), damerauLevenshteinDistance('ab', 'ba'), damerauLevenshteinDistance('ca', 'abc'), damerauLevenshteinDistance('', 'x'), byteHammingDistance('karolin', 'kathrin'), mismatches('abc', 'abd'), byteHammingDistance('', '')

SELECT editDistance(NULL, 'a'), levenshteinDistance('a', NULL), editDistanceUTF8(NULL, 'a'), levenshteinDistanceUTF8(NULL, 'a'), damerauLevenshteinDistance(NULL, 'a'), byteHammingDistance(NULL, 'a'), mismatches(NULL, 'a'), editDistance(origin, dest), editDistanceUTF8(dest, origin), damerauLevenshteinDistance(origin, dest), byteHammingDistance(origin, dest) FROM events ORDER BY id LIMIT 3

SELECT editDistance('a', 1)

SELECT levenshteinDistance('a', 1)

SELECT editDistanceUTF8('a', 1)

SELECT editDistanceUTF8('a', unhex('FF'))

SELECT levenshteinDistanceUTF8('a', 1)

SELECT damerauLevenshteinDistance('a', 1)

SELECT byteHammingDistance('a', 1)

SELECT mismatches('a', 1)

SELECT round(jaroSimilarity('clickhouse', 'click'), 10), round(jaroWinklerSimilarity('clickhouse', 'click'), 10), round(jaroSimilarity('DIXON', 'DICKSONX'), 10), round(jaroWinklerSimilarity('MARTHA', 'MARHTA'), 10), jaroWinklerSimilarity('abc', 'abc'), jaroSimilarity('ab', ''), jaroSimilarity('', ''), stringJaccardIndex('', ''), jaroSimilarity('abc', 'xyz'), round(stringJaccardIndex('clickhouse', 'mouse'), 10), round(stringJaccardIndexUTF8('我爱你', '我也爱你'), 10), stringJaccardIndex('abc', 'abc')

SELECT jaroSimilarity(NULL, 'a'), jaroWinklerSimilarity(NULL, 'a'), stringJaccardIndex(NULL, 'a'), stringJaccardIndexUTF8(NULL, 'a'), round(jaroSimilarity(origin, dest), 8), round(jaroWinklerSimilarity(origin, dest), 8) FROM events ORDER BY id LIMIT 3

SELECT jaroSimilarity('a', 1)

SELECT jaroWinklerSimilarity('a', 1)

SELECT stringJaccardIndex('a', 1)

SELECT stringJaccardIndexUTF8('a', 1)

SELECT rightPad(concat(materialize(''), ''), 5, '*'), leftPad(concat(materialize(''), ''), 5, '*'), rightPad(materialize(''), 0), rightPadUTF8(concat(materialize(''), ''), 3, 'é')
