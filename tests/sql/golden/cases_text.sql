SELECT lowerUTF8(' ÄbC '), lowerUTF8(''), lowerUTF8(NULL), toTypeName(lowerUTF8('a'))

SELECT lowerUTF8(origin), lowerUTF8(note) FROM events ORDER BY id LIMIT 3

SELECT lowerUTF8(1)

SELECT lowerUTF8()

SELECT upperUTF8(' ÄbC '), upperUTF8(''), upperUTF8(NULL), toTypeName(upperUTF8('a'))

SELECT upperUTF8(origin), upperUTF8(note) FROM events ORDER BY id LIMIT 3

SELECT upperUTF8(1)

SELECT upperUTF8()

SELECT reverseUTF8(' ÄbC '), reverseUTF8(''), reverseUTF8(NULL), toTypeName(reverseUTF8('a'))

SELECT reverseUTF8(origin), reverseUTF8(note) FROM events ORDER BY id LIMIT 3

SELECT reverseUTF8(1)

SELECT reverseUTF8()

SELECT trimBoth(' ÄbC '), trimBoth(''), trimBoth(NULL), toTypeName(trimBoth('a'))

SELECT trimBoth(origin), trimBoth(note), trimBoth(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT trimBoth(1)

SELECT trimBoth()

SELECT trimLeft(' ÄbC '), trimLeft(''), trimLeft(NULL), toTypeName(trimLeft('a'))

SELECT trimLeft(origin), trimLeft(note), trimLeft(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT trimLeft(1)

SELECT trimLeft()

SELECT trimRight(' ÄbC '), trimRight(''), trimRight(NULL), toTypeName(trimRight('a'))

SELECT trimRight(origin), trimRight(note), trimRight(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT trimRight(1)

SELECT trimRight()

SELECT lcase(' ÄbC '), lcase(''), lcase(NULL), toTypeName(lcase('a'))

SELECT lcase(origin), lcase(note), lcase(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT lcase(1)

SELECT lcase()

SELECT ucase(' ÄbC '), ucase(''), ucase(NULL), toTypeName(ucase('a'))

SELECT ucase(origin), ucase(note), ucase(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT ucase(1)

SELECT ucase()

SELECT ltrim(' ÄbC ') AS a0, ltrim('') AS a1, ltrim(NULL) AS a2, toTypeName(ltrim('a')) AS a3

SELECT ltrim(origin) AS a0, ltrim(note) AS a1, ltrim(toFixedString(dest, 30)) AS a2 FROM events ORDER BY id LIMIT 3

SELECT ltrim(1)

SELECT rtrim(' ÄbC ') AS a0, rtrim('') AS a1, rtrim(NULL) AS a2, toTypeName(rtrim('a')) AS a3

SELECT rtrim(origin) AS a0, rtrim(note) AS a1, rtrim(toFixedString(dest, 30)) AS a2 FROM events ORDER BY id LIMIT 3

SELECT rtrim(1)

SELECT lower(' ÄbC '), lower(''), lower(NULL), toTypeName(lower('a'))

SELECT lower(origin), lower(note), lower(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT lower(1)

SELECT lower()

SELECT upper(' ÄbC '), upper(''), upper(NULL), toTypeName(upper('a'))

SELECT upper(origin), upper(note), upper(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT upper(1)

SELECT upper()

SELECT hex(reverse(' ÄbC ')), reverse(''), reverse(NULL), toTypeName(reverse('a'))

SELECT reverse(origin), reverse(note), reverse(toFixedString(dest, 30)) FROM events ORDER BY id LIMIT 3

SELECT reverse(1)

SELECT reverse()

SELECT OCTET_LENGTH('Äb'), OCTET_LENGTH(''), OCTET_LENGTH(NULL)

SELECT OCTET_LENGTH(origin), OCTET_LENGTH(note) FROM events ORDER BY id LIMIT 3

SELECT OCTET_LENGTH(1)

SELECT OCTET_LENGTH()

SELECT CHAR_LENGTH('Äb'), CHAR_LENGTH(''), CHAR_LENGTH(NULL)

SELECT CHAR_LENGTH(origin), CHAR_LENGTH(note) FROM events ORDER BY id LIMIT 3

SELECT CHAR_LENGTH(1)

SELECT CHAR_LENGTH()

SELECT CHARACTER_LENGTH('Äb'), CHARACTER_LENGTH(''), CHARACTER_LENGTH(NULL)

SELECT CHARACTER_LENGTH(origin), CHARACTER_LENGTH(note) FROM events ORDER BY id LIMIT 3

SELECT CHARACTER_LENGTH(1)

SELECT CHARACTER_LENGTH()

SELECT length('Äb'), length(''), length(NULL)

SELECT length(origin), length(note) FROM events ORDER BY id LIMIT 3

SELECT length(1)

SELECT length()

SELECT lengthUTF8('Äb'), lengthUTF8(''), lengthUTF8(NULL)

SELECT lengthUTF8(origin), lengthUTF8(note) FROM events ORDER BY id LIMIT 3

SELECT lengthUTF8(1)

SELECT lengthUTF8()

SELECT substringUTF8('Äbcdef', 2, 3), substringUTF8('abcdef', -2), substringUTF8('abcdef', -3, 2), substringUTF8('abc', 5), substringUTF8('abc', 1, -1), substringUTF8(NULL, 1), substringUTF8('abc', 0, 2)

SELECT substringUTF8(dest, 2), substringUTF8(dest, id, 1), substringUTF8(note, 1, 2) FROM events ORDER BY id LIMIT 3

SELECT substringUTF8(1, 1)

SELECT substringUTF8('a')

SELECT hex(substr('Äbcdef', 2, 3) AS a0), substr('abcdef', -2) AS a1, substr('abcdef', -3, 2) AS a2, substr('abc', 5) AS a3, substr('abc', 1, -1) AS a4, substr(NULL, 1) AS a5, substr('abc', 0, 2) AS a6

SELECT substr(dest, 2) AS a0, substr(dest, id, 1) AS a1, substr(note, 1, 2) AS a2 FROM events ORDER BY id LIMIT 3

SELECT substr(1, 1)

SELECT substr('a')

SELECT hex(mid('Äbcdef', 2, 3) AS a0), mid('abcdef', -2) AS a1, mid('abcdef', -3, 2) AS a2, mid('abc', 5) AS a3, mid('abc', 1, -1) AS a4, mid(NULL, 1) AS a5, mid('abc', 0, 2) AS a6

SELECT mid(dest, 2) AS a0, mid(dest, id, 1) AS a1, mid(note, 1, 2) AS a2 FROM events ORDER BY id LIMIT 3

SELECT mid(1, 1)

SELECT mid('a')

SELECT hex(byteSlice('Äbcdef', 2, 3)), byteSlice('abcdef', -2), byteSlice('abcdef', -3, 2), byteSlice('abc', 5), byteSlice('abc', 1, -1), byteSlice(NULL, 1), byteSlice('abc', 0, 2)

SELECT byteSlice(dest, 2), byteSlice(dest, id, 1), byteSlice(note, 1, 2) FROM events ORDER BY id LIMIT 3

SELECT byteSlice(1, 1)

SELECT byteSlice('a')

SELECT hex(substring('Äbcdef', 2, 3)), substring('abcdef', -2), substring('abcdef', -3, 2), substring('abc', 5), substring('abc', 1, -1), substring(NULL, 1), substring('abc', 0, 2)

SELECT substring(dest, 2), substring(dest, id, 1), substring(note, 1, 2) FROM events ORDER BY id LIMIT 3

SELECT substring(1, 1)

SELECT left('Äbcdef', 2), left('abcdef', -2), left('abc', 0), left('abc', 10), left(NULL, 1)

SELECT left(dest, 2), left(dest, id), left(note, 3) FROM events ORDER BY id LIMIT 3

SELECT left(1, 1)

SELECT left('a')

SELECT right('Äbcdef', 2), right('abcdef', -2), right('abc', 0), right('abc', 10), right(NULL, 1)

SELECT right(dest, 2), right(dest, id), right(note, 3) FROM events ORDER BY id LIMIT 3

SELECT right(1, 1)

SELECT right('a')

SELECT leftUTF8('Äbcdef', 2), leftUTF8('abcdef', -2), leftUTF8('abc', 0), leftUTF8('abc', 10), leftUTF8(NULL, 1)

SELECT leftUTF8(dest, 2), leftUTF8(dest, id), leftUTF8(note, 3) FROM events ORDER BY id LIMIT 3

SELECT leftUTF8(1, 1)

SELECT leftUTF8('a')

SELECT rightUTF8('Äbcdef', 2), rightUTF8('abcdef', -2), rightUTF8('abc', 0), rightUTF8('abc', 10), rightUTF8(NULL, 1)

SELECT rightUTF8(dest, 2), rightUTF8(dest, id), rightUTF8(note, 3) FROM events ORDER BY id LIMIT 3

SELECT rightUTF8(1, 1)

SELECT rightUTF8('a')

SELECT leftPad('abc', 7, '*'), leftPad('abc', 7), leftPad('äbc', 2), leftPad('абвг', 8, 'д'), leftPad('abc', 0, '*'), leftPad(NULL, 3), leftPad('abc', 5, ''), leftPad('abc', 8, 'xyz')

SELECT leftPad(dest, 6, '-'), leftPad(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT leftPad(1, 1)

SELECT leftPad('a')

SELECT rightPad('abc', 7, '*'), rightPad('abc', 7), rightPad('äbc', 2), rightPad('абвг', 8, 'д'), rightPad('abc', 0, '*'), rightPad(NULL, 3), rightPad('abc', 5, ''), rightPad('abc', 8, 'xyz')

SELECT rightPad(dest, 6, '-'), rightPad(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT rightPad(1, 1)

SELECT rightPad('a')

SELECT leftPadUTF8('abc', 7, '*'), leftPadUTF8('abc', 7), leftPadUTF8('äbc', 2), leftPadUTF8('абвг', 8, 'д'), leftPadUTF8('abc', 0, '*'), leftPadUTF8(NULL, 3), leftPadUTF8('abc', 5, ''), leftPadUTF8('abc', 8, 'xyz')

SELECT leftPadUTF8(dest, 6, '-'), leftPadUTF8(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT leftPadUTF8(1, 1)

SELECT leftPadUTF8('a')

SELECT rightPadUTF8('abc', 7, '*'), rightPadUTF8('abc', 7), rightPadUTF8('äbc', 2), rightPadUTF8('абвг', 8, 'д'), rightPadUTF8('abc', 0, '*'), rightPadUTF8(NULL, 3), rightPadUTF8('abc', 5, ''), rightPadUTF8('abc', 8, 'xyz')

SELECT rightPadUTF8(dest, 6, '-'), rightPadUTF8(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT rightPadUTF8(1, 1)

SELECT rightPadUTF8('a')

SELECT lpad('abc', 7, '*'), lpad('abc', 7), lpad('äbc', 2), lpad('абвг', 8, 'д'), lpad('abc', 0, '*'), lpad(NULL, 3), lpad('abc', 5, ''), lpad('abc', 8, 'xyz')

SELECT lpad(dest, 6, '-'), lpad(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT lpad(1, 1)

SELECT lpad('a')

SELECT rpad('abc', 7, '*'), rpad('abc', 7), rpad('äbc', 2), rpad('абвг', 8, 'д'), rpad('abc', 0, '*'), rpad(NULL, 3), rpad('abc', 5, ''), rpad('abc', 8, 'xyz')

SELECT rpad(dest, 6, '-'), rpad(origin, id, '0') FROM events ORDER BY id LIMIT 3

SELECT rpad(1, 1)

SELECT rpad('a')

SELECT appendTrailingCharIfAbsent('abc', '/'), appendTrailingCharIfAbsent('abc/', '/'), appendTrailingCharIfAbsent('', '/'), appendTrailingCharIfAbsent(NULL, '/')

SELECT appendTrailingCharIfAbsent(dest, 'X') FROM events ORDER BY id LIMIT 3

SELECT appendTrailingCharIfAbsent('a', 'bc')

SELECT appendTrailingCharIfAbsent(1, 'a')

SELECT like('Hello', 'h%'), like('Hello', '%L_O'), like('a%b', 'a\\%b'), like(NULL, 'a'), like('', '%')

SELECT like(dest, 'A%'), like(note, '%l%'), like(origin, '%t%') FROM events ORDER BY id LIMIT 3

SELECT like(1, 'a')

SELECT like('a')

SELECT notLike('Hello', 'h%'), notLike('Hello', '%L_O'), notLike('a%b', 'a\\%b'), notLike(NULL, 'a'), notLike('', '%')

SELECT notLike(dest, 'A%'), notLike(note, '%l%'), notLike(origin, '%t%') FROM events ORDER BY id LIMIT 3

SELECT notLike(1, 'a')

SELECT notLike('a')

SELECT ilike('Hello', 'h%'), ilike('Hello', '%L_O'), ilike('a%b', 'a\\%b'), ilike(NULL, 'a'), ilike('', '%')

SELECT ilike(dest, 'A%'), ilike(note, '%l%'), ilike(origin, '%t%') FROM events ORDER BY id LIMIT 3

SELECT ilike(1, 'a')

SELECT ilike('a')

SELECT notILike('Hello', 'h%'), notILike('Hello', '%L_O'), notILike('a%b', 'a\\%b'), notILike(NULL, 'a'), notILike('', '%')

SELECT notILike(dest, 'A%'), notILike(note, '%l%'), notILike(origin, '%t%') FROM events ORDER BY id LIMIT 3

SELECT notILike(1, 'a')

SELECT notILike('a')

SELECT match('abc123', '[0-9]+'), match('abc', '(b)(c)'), match('aaa', 'a'), match(NULL, 'a'), match('', '')

SELECT match(dest, '[A-F]'), match(note, 'l+') FROM events ORDER BY id LIMIT 3

SELECT match('a', '(')

SELECT match('a')

SELECT REGEXP_MATCHES('abc123', '[0-9]+'), REGEXP_MATCHES('abc', '(b)(c)'), REGEXP_MATCHES('aaa', 'a'), REGEXP_MATCHES(NULL, 'a'), REGEXP_MATCHES('', '')

SELECT REGEXP_MATCHES(dest, '[A-F]'), REGEXP_MATCHES(note, 'l+') FROM events ORDER BY id LIMIT 3

SELECT REGEXP_MATCHES('a', '(')

SELECT REGEXP_MATCHES('a')

SELECT extract('abc123', '[0-9]+'), extract('abc', '(b)(c)'), extract('aaa', 'a'), extract(NULL, 'a'), extract('', '')

SELECT extract(dest, '[A-F]'), extract(note, 'l+') FROM events ORDER BY id LIMIT 3

SELECT extract('a', '(')

SELECT extract('a')

SELECT countMatches('abc123', '[0-9]+'), countMatches('abc', '(b)(c)'), countMatches('aaa', 'a'), countMatches(NULL, 'a'), countMatches('', '')

SELECT countMatches(dest, '[A-F]'), countMatches(note, 'l+') FROM events ORDER BY id LIMIT 3

SELECT countMatches('a', '(')

SELECT countMatches('a')

SELECT replaceRegexpOne('hello', 'l', 'x'), replaceRegexpOne('hello', '(l)(o)', '\\2\\1'), replaceRegexpOne('hello', '^', 'x'), replaceRegexpOne(NULL, 'a', 'b'), replaceRegexpOne('', 'a', 'b'), replaceRegexpOne('aaa', '', 'x')

SELECT replaceRegexpOne(dest, '[A-F]', '_'), replaceRegexpOne(note, '(.)', '\\1\\1') FROM events ORDER BY id LIMIT 3

SELECT replaceRegexpOne('a', '(', 'b')

SELECT replaceRegexpOne('a')

SELECT replaceRegexpAll('hello', 'l', 'x'), replaceRegexpAll('hello', '(l)(o)', '\\2\\1'), replaceRegexpAll('hello', '^', 'x'), replaceRegexpAll(NULL, 'a', 'b'), replaceRegexpAll('', 'a', 'b'), replaceRegexpAll('aaa', '', 'x')

SELECT replaceRegexpAll(dest, '[A-F]', '_'), replaceRegexpAll(note, '(.)', '\\1\\1') FROM events ORDER BY id LIMIT 3

SELECT replaceRegexpAll('a', '(', 'b')

SELECT replaceRegexpAll('a')

SELECT REGEXP_REPLACE('hello', 'l', 'x'), REGEXP_REPLACE('hello', '(l)(o)', '\\2\\1'), REGEXP_REPLACE('hello', '^', 'x'), REGEXP_REPLACE(NULL, 'a', 'b'), REGEXP_REPLACE('', 'a', 'b'), REGEXP_REPLACE('aaa', '', 'x')

SELECT REGEXP_REPLACE(dest, '[A-F]', '_'), REGEXP_REPLACE(note, '(.)', '\\1\\1') FROM events ORDER BY id LIMIT 3

SELECT REGEXP_REPLACE('a', '(', 'b')

SELECT REGEXP_REPLACE('a')

SELECT replaceOne('hello', 'l', 'x'), replaceOne('hello', '', 'x'), replaceOne(NULL, 'a', 'b'), replaceOne('', 'a', 'b')

SELECT replaceOne(dest, 'A', '_'), replaceOne(note, 'l', 'LL') FROM events ORDER BY id LIMIT 3

SELECT replaceOne('a', 1, 'b')

SELECT replaceOne('a')

SELECT replaceAll('hello', 'l', 'x'), replaceAll('hello', '', 'x'), replaceAll(NULL, 'a', 'b'), replaceAll('', 'a', 'b')

SELECT replaceAll(dest, 'A', '_'), replaceAll(note, 'l', 'LL') FROM events ORDER BY id LIMIT 3

SELECT replaceAll('a', 1, 'b')

SELECT replaceAll('a')

SELECT replace('hello', 'l', 'x'), replace('hello', '', 'x'), replace(NULL, 'a', 'b'), replace('', 'a', 'b')

SELECT replace(dest, 'A', '_'), replace(note, 'l', 'LL') FROM events ORDER BY id LIMIT 3

SELECT replace('a', 1, 'b')

SELECT replace('a')

SELECT position('Hello, world', 'o'), position('Hello', 'L'), position('Motörhead', 'ö'), position('Hello', 'o', 6), position('abc', ''), position(NULL, 'a'), position('aaa', 'a', 2)

SELECT position(dest, 'A'), position(note, 'l'), position(origin, materialize('L')) FROM events ORDER BY id LIMIT 3

SELECT position(1, 'a')

SELECT positionCaseInsensitive('Hello, world', 'o'), positionCaseInsensitive('Hello', 'L'), positionCaseInsensitive('Motörhead', 'ö'), positionCaseInsensitive('Hello', 'o', 6), positionCaseInsensitive('abc', ''), positionCaseInsensitive(NULL, 'a'), positionCaseInsensitive('aaa', 'a', 2)

SELECT positionCaseInsensitive(dest, 'A'), positionCaseInsensitive(note, 'l'), positionCaseInsensitive(origin, materialize('L')) FROM events ORDER BY id LIMIT 3

SELECT positionCaseInsensitive(1, 'a')

SELECT positionCaseInsensitive('a')

SELECT positionUTF8('Hello, world', 'o'), positionUTF8('Hello', 'L'), positionUTF8('Motörhead', 'ö'), positionUTF8('Hello', 'o', 6), positionUTF8('abc', ''), positionUTF8(NULL, 'a'), positionUTF8('aaa', 'a', 2)

SELECT positionUTF8(dest, 'A'), positionUTF8(note, 'l'), positionUTF8(origin, materialize('L')) FROM events ORDER BY id LIMIT 3

SELECT positionUTF8(1, 'a')

SELECT positionUTF8('a')

SELECT positionCaseInsensitiveUTF8('Hello, world', 'o'), positionCaseInsensitiveUTF8('Hello', 'L'), positionCaseInsensitiveUTF8('Motörhead', 'ö'), positionCaseInsensitiveUTF8('Hello', 'o', 6), positionCaseInsensitiveUTF8('abc', ''), positionCaseInsensitiveUTF8(NULL, 'a'), positionCaseInsensitiveUTF8('aaa', 'a', 2)

SELECT positionCaseInsensitiveUTF8(dest, 'A'), positionCaseInsensitiveUTF8(note, 'l'), positionCaseInsensitiveUTF8(origin, materialize('L')) FROM events ORDER BY id LIMIT 3

SELECT positionCaseInsensitiveUTF8(1, 'a')

SELECT positionCaseInsensitiveUTF8('a')

SELECT instr('Hello, world', 'o'), instr('Hello', 'L'), instr('Motörhead', 'ö'), instr('Hello', 'o', 6), instr('abc', ''), instr(NULL, 'a'), instr('aaa', 'a', 2)

SELECT instr(dest, 'A'), instr(note, 'l'), instr(origin, materialize('L')) FROM events ORDER BY id LIMIT 3

SELECT instr(1, 'a')

SELECT instr('a')

SELECT locate('ll', 'hello'), locate('x', 'hello'), locate(NULL, 'a'), locate('l', 'hello', 4)

SELECT locate('A', dest) FROM events ORDER BY id LIMIT 3

SELECT locate('a')

SELECT locate(1, 'a')

SELECT startsWith('Hello world', 'Hello'), startsWith('Hello world', 'world'), startsWith('Hello', 'lo'), startsWith(NULL, 'a')

SELECT startsWith(dest, 'A'), startsWith(note, 'hello') FROM events ORDER BY id LIMIT 3

SELECT startsWith(1, 'a')

SELECT startsWith('a')

SELECT endsWith('Hello world', 'Hello'), endsWith('Hello world', 'world'), endsWith('Hello', 'lo'), endsWith(NULL, 'a')

SELECT endsWith(dest, 'A'), endsWith(note, 'hello') FROM events ORDER BY id LIMIT 3

SELECT endsWith(1, 'a')

SELECT endsWith('a')

SELECT hasToken('Hello world', 'Hello'), hasToken('Hello world', 'world'), hasToken('Hello', 'lo'), hasToken(NULL, 'a')

SELECT hasToken(dest, 'A'), hasToken(note, 'hello') FROM events ORDER BY id LIMIT 3

SELECT hasToken(1, 'a')

SELECT hasToken('a')

SELECT countSubstrings('aaaa', 'aa'), countSubstrings('abcABC', 'B'), countSubstrings('abc', ''), countSubstrings(NULL, 'a'), countSubstrings('abab', 'a', 2)

SELECT countSubstrings(dest, 'A'), countSubstrings(note, 'l') FROM events ORDER BY id LIMIT 3

SELECT countSubstrings(1, 'a')

SELECT countSubstrings('a')

SELECT countSubstringsCaseInsensitive('aaaa', 'aa'), countSubstringsCaseInsensitive('abcABC', 'B'), countSubstringsCaseInsensitive('abc', ''), countSubstringsCaseInsensitive(NULL, 'a'), countSubstringsCaseInsensitive('abab', 'a', 2)

SELECT countSubstringsCaseInsensitive(dest, 'A'), countSubstringsCaseInsensitive(note, 'l') FROM events ORDER BY id LIMIT 3

SELECT countSubstringsCaseInsensitive(1, 'a')

SELECT countSubstringsCaseInsensitive('a')

SELECT format('{} {}', 'a', 'b'), format('{1} {0}', 'a', 'b'), format('{}', NULL), format('{}', 5)

SELECT format('{}-{}', origin, dest), format('{}', id) FROM events ORDER BY id LIMIT 3

SELECT format('{', 'a')

SELECT format('{} {}', 'a')

SELECT concat('a', 'b'), concat('a'), concat('a', NULL), concat('a', 1, today() = today())

SELECT concat(origin, '-', dest) FROM events ORDER BY id LIMIT 3

SELECT concat()

SELECT concatWithSeparator('-', 'a', 'b'), concatWithSeparator('-', 'a', NULL), concatWithSeparator('-', 1, 'x'), concatWithSeparator('', 'a', 'b')

SELECT concatWithSeparator('/', origin, dest), concatWithSeparator(',', id, delay) FROM events ORDER BY id LIMIT 3

SELECT concatWithSeparator(1, 'a')

SELECT concatWithSeparator()

SELECT concat_ws('-', 'a', 'b'), concat_ws('-', 'a', NULL), concat_ws('-', 1, 'x'), concat_ws('', 'a', 'b')

SELECT concat_ws('/', origin, dest), concat_ws(',', id, delay) FROM events ORDER BY id LIMIT 3

SELECT concat_ws(1, 'a')

SELECT concat_ws()

SELECT base64Encode('abc'), base64Encode(''), base64Encode(NULL), base64Encode('ab')

SELECT base64Encode(origin), base64Encode(toFixedString('ab', 3)) FROM events ORDER BY id LIMIT 3

SELECT base64Encode(1)

SELECT base64Encode()

SELECT TO_BASE64('abc'), TO_BASE64(''), TO_BASE64(NULL), TO_BASE64('ab')

SELECT TO_BASE64(origin), TO_BASE64(toFixedString('ab', 3)) FROM events ORDER BY id LIMIT 3

SELECT TO_BASE64(1)

SELECT TO_BASE64()

SELECT base64Decode('YWJj'), base64Decode(''), base64Decode(NULL), base64Decode('YWI=')

SELECT base64Decode(base64Encode(origin)), base64Decode(materialize('YQ==')) FROM events ORDER BY id LIMIT 3

SELECT base64Decode('!!!')

SELECT base64Decode(1)

SELECT base64Decode()

SELECT FROM_BASE64('YWJj'), FROM_BASE64(''), FROM_BASE64(NULL), FROM_BASE64('YWI=')

SELECT FROM_BASE64(base64Encode(origin)), FROM_BASE64(materialize('YQ==')) FROM events ORDER BY id LIMIT 3

SELECT FROM_BASE64('!!!')

SELECT FROM_BASE64(1)

SELECT FROM_BASE64()

SELECT tryBase64Decode('YWJj'), tryBase64Decode(''), tryBase64Decode(NULL), tryBase64Decode('YWI=')

SELECT tryBase64Decode(base64Encode(origin)), tryBase64Decode(materialize('YQ==')) FROM events ORDER BY id LIMIT 3

SELECT tryBase64Decode('!!!')

SELECT tryBase64Decode(1)

SELECT tryBase64Decode()
