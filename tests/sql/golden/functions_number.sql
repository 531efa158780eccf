SELECT round(acosh(2), 12), round(asinh(1), 12), round(atanh(0.5), 12), round(sigmoid(1), 12), acosh(0), atanh(2), asinh(NULL), acosh(NULL), atanh(NULL), sigmoid(NULL), round(asinh(price), 6), round(sigmoid(delay), 6) FROM events ORDER BY id LIMIT 3

SELECT acosh('a')

SELECT asinh('a')

SELECT atanh('a')

SELECT sigmoid('a')

SELECT intExp2(3), intExp2(64), intExp2(-1), intExp2(3.7), intExp2(63), intExp10(3), intExp10(20), intExp10(-1), intExp10(19), intExp2(NULL), intExp10(NULL), intExp2(materialize(5)), intExp10(id) FROM events ORDER BY id LIMIT 2

SELECT intExp2('a')

SELECT intExp10('a')

SELECT factorial(10), factorial(0), factorial(-3), factorial(20), factorial(NULL), FACTORIAL(4), factorial(materialize(5)), factorial(id) FROM events WHERE id < 10 ORDER BY id LIMIT 2

SELECT factorial(21)

SELECT factorial(1.5)

SELECT roundToExp2(100), roundToExp2(-100), roundToExp2(0), roundToExp2(toUInt8(200)), roundToExp2(toFloat32(0.3)), roundToExp2(NULL), roundToExp2(distance), roundToExp2(price), roundToExp2(1), roundToExp2(toInt64(9223372036854775807)) FROM events ORDER BY id LIMIT 3

SELECT roundToExp2('a')

SELECT roundToExp2(toDecimal32(5.5, 1))

SELECT roundDuration(37), roundDuration(0), roundDuration(100000), roundDuration(-5), roundDuration(37.5), roundDuration(NULL), roundDuration(delay), roundDuration(7200), roundDuration(7199) FROM events ORDER BY id LIMIT 3

SELECT roundDuration('a')

SELECT roundAge(37), roundAge(0), roundAge(toInt8(-5)), roundAge(17), roundAge(toUInt16(300)), roundAge(NULL), roundAge(id * 10), roundAge(18), roundAge(24), roundAge(55), roundAge(54) FROM events ORDER BY id LIMIT 3

SELECT roundAge('a')

SELECT bitRotateLeft(toUInt8(129), 1), bitRotateRight(toInt16(5), 1), bitRotateLeft(5, 100), bitRotateLeft(toUInt32(5), -1), bitRotateRight(toUInt64(1), 1), bitRotateLeft(NULL, 1), bitRotateRight(1, NULL), bitRotateLeft(distance, 3), bitRotateRight(distance, 3) FROM events ORDER BY id LIMIT 3

SELECT bitRotateLeft(1.5, 1)

SELECT bitRotateRight('a', 1)

SELECT bitTestAll(43, 0, 1, 3, 5), bitTestAny(43, 0, 2), bitTestAll(43, 0, 2), bitTestAny(43, 2, 4), bitTestAll(NULL, 1), bitTestAny(1, NULL), bitTestAll(distance, 0), bitTestAny(distance, 0, 1) FROM events ORDER BY id LIMIT 3

SELECT bitTestAll(43, 100)

SELECT bitTestAny(43, 100)

SELECT bitTestAny('a', 1)

SELECT bitTestAll('a', 1)

SELECT bitHammingDistance(111, 121), bitHammingDistance(toInt8(-1), toInt64(-1)), bitHammingDistance('abc', 'abd'), bitHammingDistance('ab', 'abcd'), bitHammingDistance(NULL, 1), bitHammingDistance(id, delay), bitHammingDistance(origin, dest) FROM events ORDER BY id LIMIT 3

SELECT bitHammingDistance('a', 1)

SELECT byteSwap(3351772109), byteSwap(toUInt8(54)), byteSwap(toInt16(-10135)), byteSwap(toInt64(1)), byteSwap(NULL), byteSwap(id), BYTESWAP(distance) FROM events ORDER BY id LIMIT 2

SELECT byteSwap(today())

SELECT byteSwap(1.5)

SELECT widthBucket(10.15, -8.6, 23, 10), widthBucket(toUInt8(5), 1, 10, toUInt16(300)), widthBucket(5, 10, 1, 3), widthBucket(100, 1, 10, 3), widthBucket(-1, 1, 10, 3), widthBucket(NULL, 1, 10, 3), WIDTH_BUCKET(price, 0, 100, 4), width_bucket(10, 1, 10, 3) FROM events ORDER BY id LIMIT 3

SELECT widthBucket(0 / 0, 1, 10, 3)

SELECT widthBucket('a', 1, 10, 3)

SELECT width_bucket(1, 1, 10)

SELECT bar(5, 0, 10, 10), bar(5, 0, 10, 5.5), bar(-1, 0, 10, 10), bar(15, 0, 10, 10), bar(5, 0, 10), bar(0 / 0, 0, 10, 5), bar(NULL, 0, 1, 2), bar(id, 0, 40, 20), bar(0.3, 0, 10, 10), bar(delay, -100, 3000000, 30) FROM events ORDER BY id LIMIT 4

SELECT bar('a', 0, 10, 10)

SELECT bar(5, 0, 10, 2000)

SELECT bar(5, 0, 10, 0)

SELECT countDigits(toDecimal32(1, 8)), countDigits(-12345), countDigits(0), countDigits(toInt64(-9223372036854775807)), countDigits(NULL), countDigits(cost), countDigits(delay), countDigits(toDecimal128(5, 20)) FROM events ORDER BY id LIMIT 3

SELECT countDigits(1.5)

SELECT isDecimalOverflow(toDecimal32(1000, 0), 3), isDecimalOverflow(toDecimal32(999, 0), 3), isDecimalOverflow(NULL, 3), isDecimalOverflow(cost, 4), isDecimalOverflow(cost) FROM events ORDER BY id LIMIT 3

SELECT isDecimalOverflow(5, 3)

SELECT isPrime(7), isPrime(1), isPrime(0), isPrime(561), isPrime(18446744073709551557), isPrime(18446744073709551556), isPrime(NULL), isPrime(id), isPrime(2), isPrime(1369) FROM events ORDER BY id LIMIT 5

SELECT isPrime('a')

SELECT isPrime(1.5)
