SELECT ignore(), ignore(1, 'a'), ignore(NULL), ignore(id, note), toTypeName(ignore(1)) FROM events ORDER BY id LIMIT 2

SELECT id FROM events WHERE NOT ignore(note) ORDER BY id LIMIT 2

SELECT isConstant(1), isConstant(materialize(1)), isConstant(id), isConstant(NULL), isConstant(1 + 1) FROM events ORDER BY id LIMIT 1

SELECT isConstant()

SELECT isNullable(1), isNullable(toNullable(1)), isNullable(note), isNullable(id), isNullable(NULL) FROM events ORDER BY id LIMIT 1

SELECT isNullable()

SELECT defaultValueOfArgumentType(5), defaultValueOfArgumentType('a'), defaultValueOfArgumentType(note), defaultValueOfArgumentType(kind), defaultValueOfArgumentType(day), defaultValueOfTypeName('Int64'), defaultValueOfTypeName('Nullable(Int64)'), defaultValueOfTypeName('String'), defaultValueOfTypeName('Date'), toTypeName(defaultValueOfTypeName('Decimal(9, 2)')) FROM events ORDER BY id LIMIT 1

SELECT defaultValueOfTypeName('Nope')

SELECT defaultValueOfTypeName(1)

SELECT defaultValueOfArgumentType()

SELECT getSizeOfEnumType(kind), toTypeName(getSizeOfEnumType(kind)) FROM events ORDER BY id LIMIT 1

SELECT getSizeOfEnumType(CAST('a' AS Enum16('a' = 1, 'b' = 2000)))

SELECT getSizeOfEnumType(1)

SELECT byteSize('abc'), byteSize(1, 'a'), byteSize(id, note), byteSize(origin), byteSize(uid, cost), byteSize() FROM events ORDER BY id LIMIT 3

SELECT byteSize(toFixedString('ab', 5)), byteSize(toNullable(toInt64(1))), toTypeName(byteSize(1))

SELECT rowNumberInBlock(), rowNumberInAllBlocks(), toTypeName(rowNumberInBlock())

SELECT count(), uniqExact(n), min(n), max(n) FROM (SELECT rowNumberInAllBlocks() AS n FROM events)

SELECT min(rowNumberInBlock()), count() > max(rowNumberInBlock()) FROM events

SELECT rowNumberInBlock(1)

SELECT rowNumberInAllBlocks(1)

SELECT isZeroOrNull(0), isZeroOrNull(NULL), isZeroOrNull(1), isZeroOrNull(tail), isZeroOrNull(0.0), isZeroOrNull(delay) FROM events ORDER BY id LIMIT 4

SELECT isZeroOrNull()

SELECT runningDifference(id) FROM events

SELECT runningDifferenceStartingWithFirstValue(id) FROM events

SELECT neighbor(id, 1) FROM events

SELECT parseReadableSize('1 KiB'), parseReadableSize('1.5 MB'), parseReadableSize('3 PB'), parseReadableSize('1 b'), parseReadableSize('1.0000001 KB'), parseReadableSize(NULL), parseReadableSize(materialize('2 TB')), parseReadableSizeOrNull('invalid'), parseReadableSizeOrNull('1 B'), parseReadableSizeOrNull(NULL), parseReadableSizeOrZero('invalid'), parseReadableSizeOrZero('7 B'), parseReadableSizeOrZero(NULL)

SELECT parseReadableSize('x')

SELECT parseReadableSize('1')

SELECT parseReadableSize('-1 B')

SELECT parseReadableSize('99999999 EB')

SELECT parseReadableSize(1)

SELECT parseReadableSizeOrNull(1)

SELECT parseReadableSizeOrZero(1)

SELECT concatAssumeInjective('a', 'b'), concatAssumeInjective(origin, dest), concatWithSeparatorAssumeInjective('-', origin, dest), positive_modulo(-7, 3), concatAssumeInjective('a', NULL), positive_modulo(id, 3), concatWithSeparatorAssumeInjective('-', 'a', NULL), caseWithoutExpr(id = 1, 'one', 'other'), caseWithoutExpr(NULL, 1, 2), positive_modulo(NULL, 2) FROM events ORDER BY id LIMIT 2

SELECT concatWithSeparatorAssumeInjective('a')

SELECT concatWithSeparatorAssumeInjective(1, 'a')

SELECT positive_modulo('a', 1)

SELECT caseWithoutExpr(1)

SELECT toTypeName(session_user()), toTypeName(currentQueryID()), toTypeName(current_query_id()), toTypeName(hostname()), session_user() = currentUser(), currentQueryID() = queryID(), hostname() = hostName()

SELECT session_user(1)

SELECT currentQueryID(1)

SELECT current_query_id(1)

SELECT hostname(1)

SELECT defaultValueOfTypeName('Array(Int32)') AS a, defaultValueOfTypeName('Map(String, Int8)') AS m, defaultValueOfTypeName('Tuple(a Int8, b String)') AS t, defaultValueOfTypeName('Array(Nullable(String))') AS n

SELECT defaultValueOfArgumentType([1, 2]) AS a, defaultValueOfArgumentType((1, 'x', [2])) AS t, defaultValueOfArgumentType(map('a', 1)) AS m, defaultValueOfArgumentType([materialize(number)]) AS c FROM numbers(3)

SELECT defaultValueOfTypeName('Array(Tuple(UInt8, Array(Date)))') AS a, length(defaultValueOfTypeName('Array(Int8)')) AS l, if(number = 1, [number], defaultValueOfTypeName('Array(UInt64)')) AS i FROM numbers(3)

SELECT toTypeName(revision()), revision() >= 54454, isConstant(revision())

SELECT revision() = revision(), revision() + NULL

SELECT revision(1)
