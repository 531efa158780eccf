SELECT caseFoldUTF8('ÄßÉ İ'), removeDiacriticsUTF8('ÄßÉ çñ'), removeAccentsUTF8('é'), toTypeName(caseFoldUTF8('a')), caseFoldUTF8(NULL)

SELECT caseFoldUTF8(1)

SELECT caseFoldUTF8('ﬁ'), caseFoldUTF8('Σς'), caseFoldUTF8(''), removeDiacriticsUTF8(''), caseFoldUTF8('Ǆ ẞ ŉ'), hex(caseFoldUTF8('É')), hex(caseFoldUTF8('A\u0301'))

SELECT toTypeName(removeDiacriticsUTF8(toNullable('A'))), toTypeName(caseFoldUTF8(toLowCardinality('A')))

SELECT caseFoldUTF8('a', 'b')

SELECT removeDiacriticsUTF8(1)

SELECT removeAccentsUTF8(1)

SELECT removeAccentsUTF8(NULL), removeAccentsUTF8('àéîõü')

SELECT removeDiacriticsUTF8(NULL), removeDiacriticsUTF8('łøđĐ æ ơ ﬁ Ǖ 한')

SELECT removeDiacriticsUTF8(concat('é', toString(number))), caseFoldUTF8(concat('É', toString(number))) FROM numbers(3)

SELECT reverseBySeparator('www.google.com'), reverseBySeparator('a/b/c', '/'), reverseBySeparator('', '.'), reverseBySeparator('abc', ''), reverseBySeparator(NULL), reverseBySeparator('a..b', '..')

SELECT reverseBySeparator(1)

SELECT reverseBySeparator('a.b', 1)

SELECT reverseBySeparator(toFixedString('a.b', 3))

SELECT reverseBySeparator(s, '.'), reverseBySeparator(s, '..') FROM (SELECT arrayJoin(['a.b', '.x', 'y.', '..', '...', '']) AS s)

SELECT compareSubstrings('abcdef', 'xxcde', 2, 2, 3), compareSubstrings('abc', 'abd', 0, 0, 3), compareSubstrings('abc', 'ab', 0, 0, 5), compareSubstrings('abc', 'abc', 5, 5, 1), compareSubstrings('b', 'a', 0, 0, 1), toTypeName(compareSubstrings('b', 'a', 0, 0, 1)), compareSubstrings('abc','abc', 3, 0, 1), compareSubstrings('abc','abc', 0, 5, 1)

SELECT compareSubstrings('a', 'b', -1, 0, 1)

SELECT compareSubstrings('a', 'b', 0, 0)

SELECT compareSubstrings(NULL, 'b', 0, 0, 1)

SELECT compareSubstrings('abc', 'abc', 0, 0, 0), compareSubstrings('', '', 0, 0, 1), compareSubstrings('abc', '', 0, 0, 1)

SELECT compareSubstrings(1, 'a', 0, 0, 1)

SELECT compareSubstrings(toString(number), '1', 0, 0, 1) FROM numbers(3)

SELECT mortonEncode(1, 2, 3), mortonEncode(5), mortonDecode(3, 53), mortonEncode(4294967295, 1), mortonDecode(2, 7), toTypeName(mortonEncode(1,2)), toTypeName(mortonDecode(2, 7)), mortonDecode(1, 5)

SELECT mortonEncode(-1, 2)

SELECT mortonDecode(0, 1)

SELECT mortonDecode(9, 1)

SELECT mortonEncode('a')

SELECT mortonEncode(NULL, 1), mortonDecode(2, NULL)

SELECT mortonEncode(number, number + 1), mortonDecode(2, number), mortonDecode(8, number * 1000003) FROM numbers(5)

SELECT mortonEncode(1,2,3,4,5,6,7,8), mortonEncode(300, 200, 100, 50), mortonDecode(8, 18446744073709551615), mortonDecode(3, 18446744073709551615)

SELECT mortonDecode(2, 'a')

SELECT isProbablePrime(7), isProbablePrime(8), toTypeName(isProbablePrime(7)), isProbablePrime(18446744073709551557), isProbablePrime(0), isProbablePrime(1), isProbablePrime(2)

SELECT isProbablePrime(7, 5)

SELECT isProbablePrime(-7)

SELECT isProbablePrime('a')

SELECT isProbablePrime(1.5)

SELECT isProbablePrime(7, 0)

SELECT isProbablePrime(7, number) FROM numbers(2)

SELECT isProbablePrime(NULL), isProbablePrime(toNullable(7))

SELECT isProbablePrime(number) FROM numbers(40)

SELECT isProbablePrime(4294967291), isProbablePrime(3215031751), isProbablePrime(3825123056546413051), isProbablePrime(18446744073709551615)

SELECT sum(isProbablePrime(number)) FROM numbers(20000)

SELECT connectionId(), connection_id(), toTypeName(connectionId())

SELECT connectionId(1)

SELECT connectionId(NULL)

SELECT connection_id(1)

SELECT connection_id(NULL)

SELECT connectionID(), connectionID() + 1

SELECT connectionID(1)

SELECT connectionID(NULL)

SELECT toTypeName(initialQueryStartTime()), initialQueryStartTime() > toDateTime(0), toTypeName(initial_query_start_time())

SELECT initialQueryStartTime(1)

SELECT initial_query_start_time(1)

SELECT initialQueryStartTime(NULL)

SELECT initial_query_start_time(NULL)

SELECT initial_query_start_time() <= now()

SELECT CARDINALITY([1,2]), cardinality([1]), CARDINALITY(map(1,2)), CARDINALITY('abc')

SELECT CARDINALITY(NULL)

SELECT CARDINALITY(1)

SELECT hex(keccak256('')), hex(keccak256('a')), toTypeName(keccak256('a'))

SELECT hex(keccak256(repeat('a', 135))), hex(keccak256(repeat('a', 136))), hex(keccak256(repeat('a', 137))), hex(keccak256(repeat('abc', 1000)))

SELECT keccak256(1)

SELECT hex(keccak256(NULL)), hex(keccak256(toFixedString('ab', 3))), toTypeName(keccak256(toNullable('a')))

SELECT mortonEncode(4294967295, 4294967295, 4294967295), mortonEncode(18446744073709551615, 0), mortonDecode(7, 18446744073709551615)
