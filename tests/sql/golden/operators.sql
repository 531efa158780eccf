SELECT 1 + 1, 5 - 3, 3 * 4, 7 / 2, 7 % 3, -(3), 7 DIV 2, 7 MOD 3

SELECT toUInt8(200) + toUInt8(100), toInt32(5) - toUInt8(7), toUInt64(5) * 2, toInt8(-3) * toUInt16(2)

SELECT 1 = 1, 1 == 2, 1 != 2, 1 <> 1, 1 < 2, 2 <= 2, 3 > 4, 4 >= 4

SELECT 1 AND 0, 1 OR 0, NOT 1, 1 AND 1 AND 0, 0 OR 0 OR 1, NOT 0 AND 1

SELECT NULL AND 0, NULL AND 1, NULL OR 1, NULL OR 0

SELECT NULL + 1, NULL = NULL, NULL IS NULL, 1 IS NULL, toNullable(1) + 1

SELECT 5 BETWEEN 1 AND 10, 5 NOT BETWEEN 1 AND 10, 'b' BETWEEN 'a' AND 'c'

SELECT 'a' || 'b' || 'c', concat('x', 'y'), 'a' || toString(1)

SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'abc' NOT LIKE '%z%', 'ABC' ILIKE 'a%', 'a%c' LIKE 'a\%c', 'abc' NOT ILIKE 'A_C'

SELECT 1 + 2 * 3, (1 + 2) * 3, 10 - 3 - 2, 10 - (3 - 2), -2 * 3, 2 + 3 = 5 AND 1 < 2

SELECT id, delay + distance AS a, delay - distance AS b, delay * 2 AS c, delay / 4 AS d, distance % 7 AS e FROM events ORDER BY id LIMIT 5

SELECT id, -delay, -distance, delay % 7, intDiv(delay, 7) FROM events ORDER BY id LIMIT 6

SELECT id, tail + 1, tail IS NULL, tail = 77, note = 'hello' FROM events ORDER BY id LIMIT 8

SELECT id, cost * 2, cost + 1, cost - toDecimal32(0.5, 1) FROM events ORDER BY id LIMIT 4

SELECT 1 ? 'yes' : 'no', id > 2 ? 'big' : 'small' FROM events ORDER BY id LIMIT 4

SELECT 1 <=> 2, toNullable(1) <=> 1, 1 IS NOT DISTINCT FROM 1

SELECT origin = dest, origin < dest, origin || '-' || dest FROM events ORDER BY id LIMIT 6

SELECT late, NOT late, late AND delay > 0, late OR 0 FROM events ORDER BY id LIMIT 5
