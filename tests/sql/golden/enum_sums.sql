SELECT sum(e), toTypeName(sum(e)) FROM (SELECT CAST(number % 2 = 0 ? 'a' : 'b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e FROM numbers(5))

SELECT sum(e), toTypeName(sum(e)) FROM (SELECT CAST(number % 2 = 0 ? 'a' : 'b', 'Enum16(\'a\' = -30000, \'b\' = 2)') AS e FROM numbers(100000))

SELECT sum(e), toTypeName(sum(e)) FROM (SELECT CAST(number % 2 = 0 ? 'a' : NULL, 'Nullable(Enum8(\'a\' = -1, \'b\' = 2))') AS e FROM numbers(5))

SELECT sum(e) FROM (SELECT CAST(NULL, 'Nullable(Enum8(\'a\' = -1, \'b\' = 2))') AS e FROM numbers(5))

SELECT sum(e) FROM (SELECT CAST('a', 'Enum8(\'a\' = 1)') AS e FROM numbers(0))

SELECT sumIf(e, e = 'b'), sumOrNull(e), sumDistinct(e), sumOrDefault(e) FROM (SELECT CAST(number % 2 = 0 ? 'a' : 'b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e FROM numbers(5))

SELECT sumArray([e, e]), sumForEach([e, e]) FROM (SELECT CAST(number % 2 = 0 ? 'a' : 'b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e FROM numbers(5))

SELECT n % 3 AS k, sum(e) FROM (SELECT number AS n, CAST(number % 2 = 0 ? 'a' : 'b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e FROM numbers(50)) GROUP BY k ORDER BY k

SELECT n, sum(e) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(e) OVER () FROM (SELECT number AS n, CAST(number % 2 = 0 ? 'a' : 'b', 'Enum8(\'a\' = -1, \'b\' = 2)') AS e FROM numbers(4)) ORDER BY n

SELECT toTypeName(sumState(e)), sumMerge(s), any(hex(s)) FROM (SELECT e, sumState(e) AS s FROM (SELECT CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e FROM numbers(3)) GROUP BY e) GROUP BY e

SELECT sum(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)'))

SELECT avg(e) FROM (SELECT CAST('a', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e)

SELECT sumCount(e) FROM (SELECT CAST('a', 'Enum8(\'a\' = 1, \'b\' = 2)') AS e)

SELECT accurateCast('x', 'Nullable(Int32)'), accurateCast('5', 'Nullable(Int32)'), toTypeName(accurateCast('5', 'Nullable(Int32)'))

SELECT accurateCast('', 'Nullable(Int32)'), accurateCast('1.5', 'Nullable(Float64)'), accurateCast('z', 'Nullable(Float64)'), accurateCast('2020-01-01', 'Nullable(Date)'), accurateCast('x', 'Nullable(Date)')

SELECT accurateCast('300', 'Nullable(UInt8)'), accurateCast('-1', 'Nullable(UInt8)'), accurateCast('12abc', 'Nullable(Int32)'), accurateCast('q', 'Nullable(Int128)')

SELECT accurateCast(materialize('x'), 'Nullable(Int32)'), accurateCast(toNullable('x'), 'Nullable(Int32)'), accurateCast(CAST(NULL, 'Nullable(String)'), 'Nullable(Int32)')

SELECT accurateCast('x', 'Nullable(UUID)'), accurateCast('x', 'Nullable(DateTime)'), accurateCast('x', 'Nullable(DateTime64(3))'), accurateCast('x', 'Nullable(IPv4)'), accurateCast('x', 'Nullable(Decimal(9, 2))')

SELECT s, accurateCast(s, 'Nullable(Int8)') FROM (SELECT arrayJoin(['1', 'a', '-128', '128', '']) AS s)

SELECT accurateCast(toNullable('x'), 'Int32')

SELECT accurateCast('x', 'Nullable(Enum8(\'a\' = 1))')

SELECT accurateCast('x', 'Nullable(Bool)')

SELECT accurateCast(300, 'Nullable(UInt8)')

SELECT accurateCast(-1, 'UInt8')

