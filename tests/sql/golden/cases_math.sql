SELECT round(cbrt(0.5), 9), round(cbrt(toFloat32(0.25)), 6), cbrt(NULL), round(cbrt(1), 9), toTypeName(cbrt(1))

SELECT round(cbrt(price / 1000), 8), round(cbrt(distance / 5000), 8), round(cbrt(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT cbrt('a')

SELECT cbrt()

SELECT round(exp10(0.5), 9), round(exp10(toFloat32(0.25)), 6), exp10(NULL), round(exp10(1), 9), toTypeName(exp10(1))

SELECT round(exp10(price / 1000), 8), round(exp10(distance / 5000), 8), round(exp10(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT exp10('a')

SELECT exp10()

SELECT round(log1p(0.5), 9), round(log1p(toFloat32(0.25)), 6), log1p(NULL), round(log1p(1), 9), toTypeName(log1p(1))

SELECT round(log1p(price / 1000), 8), round(log1p(distance / 5000), 8), round(log1p(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT log1p('a')

SELECT log1p()

SELECT round(cos(0.5), 9), round(cos(toFloat32(0.25)), 6), cos(NULL), round(cos(1), 9), toTypeName(cos(1))

SELECT round(cos(price / 1000), 8), round(cos(distance / 5000), 8), round(cos(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT cos('a')

SELECT cos()

SELECT round(tan(0.5), 9), round(tan(toFloat32(0.25)), 6), tan(NULL), round(tan(1), 9), toTypeName(tan(1))

SELECT round(tan(price / 1000), 8), round(tan(distance / 5000), 8), round(tan(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT tan('a')

SELECT tan()

SELECT round(asin(0.5), 9), round(asin(toFloat32(0.25)), 6), asin(NULL), round(asin(1), 9), toTypeName(asin(1))

SELECT round(asin(price / 1000), 8), round(asin(distance / 5000), 8), round(asin(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT asin('a')

SELECT asin()

SELECT round(acos(0.5), 9), round(acos(toFloat32(0.25)), 6), acos(NULL), round(acos(1), 9), toTypeName(acos(1))

SELECT round(acos(price / 1000), 8), round(acos(distance / 5000), 8), round(acos(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT acos('a')

SELECT acos()

SELECT round(atan(0.5), 9), round(atan(toFloat32(0.25)), 6), atan(NULL), round(atan(1), 9), toTypeName(atan(1))

SELECT round(atan(price / 1000), 8), round(atan(distance / 5000), 8), round(atan(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT atan('a')

SELECT atan()

SELECT round(sinh(0.5), 9), round(sinh(toFloat32(0.25)), 6), sinh(NULL), round(sinh(1), 9), toTypeName(sinh(1))

SELECT round(sinh(price / 1000), 8), round(sinh(distance / 5000), 8), round(sinh(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT sinh('a')

SELECT sinh()

SELECT round(cosh(0.5), 9), round(cosh(toFloat32(0.25)), 6), cosh(NULL), round(cosh(1), 9), toTypeName(cosh(1))

SELECT round(cosh(price / 1000), 8), round(cosh(distance / 5000), 8), round(cosh(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT cosh('a')

SELECT cosh()

SELECT round(tanh(0.5), 9), round(tanh(toFloat32(0.25)), 6), tanh(NULL), round(tanh(1), 9), toTypeName(tanh(1))

SELECT round(tanh(price / 1000), 8), round(tanh(distance / 5000), 8), round(tanh(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT tanh('a')

SELECT tanh()

SELECT round(erf(0.5), 9), round(erf(toFloat32(0.25)), 6), erf(NULL), round(erf(1), 9), toTypeName(erf(1))

SELECT round(erf(price / 1000), 8), round(erf(distance / 5000), 8), round(erf(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT erf('a')

SELECT erf()

SELECT round(erfc(0.5), 9), round(erfc(toFloat32(0.25)), 6), erfc(NULL), round(erfc(1), 9), toTypeName(erfc(1))

SELECT round(erfc(price / 1000), 8), round(erfc(distance / 5000), 8), round(erfc(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT erfc('a')

SELECT erfc()

SELECT round(lgamma(0.5), 9), round(lgamma(toFloat32(0.25)), 6), lgamma(NULL), round(lgamma(1), 9), toTypeName(lgamma(1))

SELECT round(lgamma(price / 1000), 8), round(lgamma(distance / 5000), 8), round(lgamma(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT lgamma('a')

SELECT lgamma()

SELECT round(tgamma(0.5), 9), round(tgamma(toFloat32(0.25)), 6), tgamma(NULL), round(tgamma(1), 9), toTypeName(tgamma(1))

SELECT round(tgamma(price / 1000), 8), round(tgamma(distance / 5000), 8), round(tgamma(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT tgamma('a')

SELECT tgamma()

SELECT round(radians(0.5), 9), round(radians(toFloat32(0.25)), 6), radians(NULL), round(radians(1), 9), toTypeName(radians(1))

SELECT round(radians(price / 1000), 8), round(radians(distance / 5000), 8), round(radians(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT radians('a')

SELECT radians()

SELECT round(ln(0.5), 9), round(ln(toFloat32(0.25)), 6), ln(NULL), round(ln(1), 9), toTypeName(ln(1))

SELECT round(ln(price / 1000), 8), round(ln(distance / 5000), 8), round(ln(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT ln('a')

SELECT ln()

SELECT round(degrees(0.5), 9), round(degrees(toFloat32(0.25)), 6), degrees(NULL), round(degrees(1), 9), toTypeName(degrees(1))

SELECT round(degrees(price / 1000), 8), round(degrees(distance / 5000), 8), round(degrees(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT degrees('a')

SELECT degrees()

SELECT round(sqrt(0.5), 9), round(sqrt(toFloat32(0.25)), 6), sqrt(NULL), round(sqrt(1), 9), toTypeName(sqrt(1))

SELECT round(sqrt(price / 1000), 8), round(sqrt(distance / 5000), 8), round(sqrt(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT sqrt('a')

SELECT sqrt()

SELECT round(exp(0.5), 9), round(exp(toFloat32(0.25)), 6), exp(NULL), round(exp(1), 9), toTypeName(exp(1))

SELECT round(exp(price / 1000), 8), round(exp(distance / 5000), 8), round(exp(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT exp('a')

SELECT exp()

SELECT round(exp2(0.5), 9), round(exp2(toFloat32(0.25)), 6), exp2(NULL), round(exp2(1), 9), toTypeName(exp2(1))

SELECT round(exp2(price / 1000), 8), round(exp2(distance / 5000), 8), round(exp2(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT exp2('a')

SELECT exp2()

SELECT round(log(0.5), 9), round(log(toFloat32(0.25)), 6), log(NULL), round(log(1), 9), toTypeName(log(1))

SELECT round(log(price / 1000), 8), round(log(distance / 5000), 8), round(log(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT log('a')

SELECT log()

SELECT round(log2(0.5), 9), round(log2(toFloat32(0.25)), 6), log2(NULL), round(log2(1), 9), toTypeName(log2(1))

SELECT round(log2(price / 1000), 8), round(log2(distance / 5000), 8), round(log2(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT log2('a')

SELECT log2()

SELECT round(log10(0.5), 9), round(log10(toFloat32(0.25)), 6), log10(NULL), round(log10(1), 9), toTypeName(log10(1))

SELECT round(log10(price / 1000), 8), round(log10(distance / 5000), 8), round(log10(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT log10('a')

SELECT log10()

SELECT round(sin(0.5), 9), round(sin(toFloat32(0.25)), 6), sin(NULL), round(sin(1), 9), toTypeName(sin(1))

SELECT round(sin(price / 1000), 8), round(sin(distance / 5000), 8), round(sin(toNullable(0.1)), 8) FROM events ORDER BY id LIMIT 3

SELECT sin('a')

SELECT sin()

SELECT round(pow(2, 3), 9), round(pow(0.5, -1.5), 9), pow(NULL, 1), toTypeName(pow(1, 2))

SELECT round(pow(distance, 2), 6), round(pow(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT pow('a', 1)

SELECT pow(1)

SELECT round(power(2, 3), 9), round(power(0.5, -1.5), 9), power(NULL, 1), toTypeName(power(1, 2))

SELECT round(power(distance, 2), 6), round(power(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT power('a', 1)

SELECT power(1)

SELECT round(atan2(2, 3), 9), round(atan2(0.5, -1.5), 9), atan2(NULL, 1), toTypeName(atan2(1, 2))

SELECT round(atan2(distance, 2), 6), round(atan2(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT atan2('a', 1)

SELECT atan2(1)

SELECT round(hypot(2, 3), 9), round(hypot(0.5, -1.5), 9), hypot(NULL, 1), toTypeName(hypot(1, 2))

SELECT round(hypot(distance, 2), 6), round(hypot(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT hypot('a', 1)

SELECT hypot(1)

SELECT round(max2(2, 3), 9), round(max2(0.5, -1.5), 9), max2(NULL, 1), toTypeName(max2(1, 2))

SELECT round(max2(distance, 2), 6), round(max2(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT max2('a', 1)

SELECT max2(1)

SELECT round(min2(2, 3), 9), round(min2(0.5, -1.5), 9), min2(NULL, 1), toTypeName(min2(1, 2))

SELECT round(min2(distance, 2), 6), round(min2(2, id / 10), 6) FROM events ORDER BY id LIMIT 3

SELECT min2('a', 1)

SELECT min2(1)

SELECT gcd(12, 18), gcd(-12, 18), gcd(NULL, 1), toTypeName(gcd(toInt8(1), 2))

SELECT gcd(1.5, 1)

SELECT gcd(1)

SELECT lcm(12, 18), lcm(-12, 18), lcm(NULL, 1), toTypeName(lcm(toInt8(1), 2))

SELECT lcm(1.5, 1)

SELECT lcm(1)

SELECT round(pi(), 12), toTypeName(pi())

SELECT round(pi() * id, 6) FROM events ORDER BY id LIMIT 3

SELECT pi(1)

SELECT round(e(), 12), toTypeName(e())

SELECT round(e() * id, 6) FROM events ORDER BY id LIMIT 3

SELECT e(1)

SELECT isNaN(0 / 0), isNaN(1 / 0), isNaN(1), isNaN(NULL), isNaN(toFloat32(1))

SELECT isNaN(price), isNaN(1 / delay) FROM events ORDER BY id LIMIT 3

SELECT isNaN('a')

SELECT isFinite(0 / 0), isFinite(1 / 0), isFinite(1), isFinite(NULL), isFinite(toFloat32(1))

SELECT isFinite(price), isFinite(1 / delay) FROM events ORDER BY id LIMIT 3

SELECT isFinite('a')

SELECT isInfinite(0 / 0), isInfinite(1 / 0), isInfinite(1), isInfinite(NULL), isInfinite(toFloat32(1))

SELECT isInfinite(price), isInfinite(1 / delay) FROM events ORDER BY id LIMIT 3

SELECT isInfinite('a')

SELECT ceiling(1.55), ceiling(-1.55), ceiling(1.555, 2), ceiling(1555, -2), ceiling(NULL), ceiling(toDecimal32(1.55, 2), 1)

SELECT ceiling(price), ceiling(price, 1), ceiling(cost, 1), ceiling(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT ceiling('a')

SELECT ceiling()

SELECT truncate(1.55), truncate(-1.55), truncate(1.555, 2), truncate(1555, -2), truncate(NULL), truncate(toDecimal32(1.55, 2), 1)

SELECT truncate(price), truncate(price, 1), truncate(cost, 1), truncate(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT truncate('a')

SELECT truncate()

SELECT ceil(1.55), ceil(-1.55), ceil(1.555, 2), ceil(1555, -2), ceil(NULL), ceil(toDecimal32(1.55, 2), 1)

SELECT ceil(price), ceil(price, 1), ceil(cost, 1), ceil(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT ceil('a')

SELECT ceil()

SELECT floor(1.55), floor(-1.55), floor(1.555, 2), floor(1555, -2), floor(NULL), floor(toDecimal32(1.55, 2), 1)

SELECT floor(price), floor(price, 1), floor(cost, 1), floor(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT floor('a')

SELECT floor()

SELECT trunc(1.55), trunc(-1.55), trunc(1.555, 2), trunc(1555, -2), trunc(NULL), trunc(toDecimal32(1.55, 2), 1)

SELECT trunc(price), trunc(price, 1), trunc(cost, 1), trunc(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT trunc('a')

SELECT trunc()

SELECT round(1.55), round(-1.55), round(1.555, 2), round(1555, -2), round(NULL), round(toDecimal32(1.55, 2), 1)

SELECT round(price), round(price, 1), round(cost, 1), round(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT round('a')

SELECT round()

SELECT roundBankers(1.55), roundBankers(-1.55), roundBankers(1.555, 2), roundBankers(1555, -2), roundBankers(NULL), roundBankers(toDecimal32(1.55, 2), 1)

SELECT roundBankers(price), roundBankers(price, 1), roundBankers(cost, 1), roundBankers(delay, -1) FROM events ORDER BY id LIMIT 3

SELECT roundBankers('a')

SELECT roundBankers()

SELECT intDivOrZero(7, 3), intDivOrZero(-7, 3), intDivOrZero(7, -3), intDivOrZero(NULL, 1), toTypeName(intDivOrZero(toInt16(1), toUInt8(2))), intDivOrZero(7, 0)

SELECT intDivOrZero(delay, 7), intDivOrZero(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT intDivOrZero('a', 1)

SELECT intDivOrZero(1)

SELECT moduloOrZero(7, 3), moduloOrZero(-7, 3), moduloOrZero(7, -3), moduloOrZero(NULL, 1), toTypeName(moduloOrZero(toInt16(1), toUInt8(2))), moduloOrZero(7, 0)

SELECT moduloOrZero(delay, 7), moduloOrZero(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT moduloOrZero('a', 1)

SELECT moduloOrZero(1)

SELECT positiveModulo(7, 3), positiveModulo(-7, 3), positiveModulo(7, -3), positiveModulo(NULL, 1), toTypeName(positiveModulo(toInt16(1), toUInt8(2)))

SELECT positiveModulo(delay, 7), positiveModulo(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT positiveModulo('a', 1)

SELECT positiveModulo(1)

SELECT mod(7, 3), mod(-7, 3), mod(7, -3), mod(NULL, 1), toTypeName(mod(toInt16(1), toUInt8(2)))

SELECT mod(delay, 7), mod(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT mod('a', 1)

SELECT mod(1)

SELECT pmod(7, 3), pmod(-7, 3), pmod(7, -3), pmod(NULL, 1), toTypeName(pmod(toInt16(1), toUInt8(2)))

SELECT pmod(delay, 7), pmod(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT pmod('a', 1)

SELECT pmod(1)

SELECT modulo(7, 3), modulo(-7, 3), modulo(7, -3), modulo(NULL, 1), toTypeName(modulo(toInt16(1), toUInt8(2)))

SELECT modulo(delay, 7), modulo(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT modulo('a', 1)

SELECT modulo(1)

SELECT intDiv(7, 3), intDiv(-7, 3), intDiv(7, -3), intDiv(NULL, 1), toTypeName(intDiv(toInt16(1), toUInt8(2)))

SELECT intDiv(delay, 7), intDiv(distance, 7) FROM events ORDER BY id LIMIT 3

SELECT intDiv('a', 1)

SELECT intDiv(1)

SELECT bitTest(5, 1), bitTest(toInt8(-5), 2), bitTest(NULL, 1), toTypeName(bitTest(toUInt16(5), 1))

SELECT bitTest(distance, 3), bitTest(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitTest('a', today())

SELECT bitTest(1)

SELECT bitAnd(5, 1), bitAnd(toInt8(-5), 2), bitAnd(NULL, 1), toTypeName(bitAnd(toUInt16(5), 1))

SELECT bitAnd(distance, 3), bitAnd(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitAnd('a', today())

SELECT bitAnd(1)

SELECT bitOr(5, 1), bitOr(toInt8(-5), 2), bitOr(NULL, 1), toTypeName(bitOr(toUInt16(5), 1))

SELECT bitOr(distance, 3), bitOr(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitOr('a', today())

SELECT bitOr(1)

SELECT bitXor(5, 1), bitXor(toInt8(-5), 2), bitXor(NULL, 1), toTypeName(bitXor(toUInt16(5), 1))

SELECT bitXor(distance, 3), bitXor(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitXor('a', today())

SELECT bitXor(1)

SELECT bitShiftLeft(5, 1), bitShiftLeft(toInt8(-5), 2), bitShiftLeft(NULL, 1), toTypeName(bitShiftLeft(toUInt16(5), 1))

SELECT bitShiftLeft(distance, 3), bitShiftLeft(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitShiftLeft('a', today())

SELECT bitShiftLeft(1)

SELECT bitShiftRight(5, 1), bitShiftRight(toInt8(-5), 2), bitShiftRight(NULL, 1), toTypeName(bitShiftRight(toUInt16(5), 1))

SELECT bitShiftRight(distance, 3), bitShiftRight(id, 1) FROM events ORDER BY id LIMIT 3

SELECT bitShiftRight('a', today())

SELECT bitShiftRight(1)

SELECT bitCount(5), bitCount(toInt8(-5)), bitCount(NULL), toTypeName(bitCount(toUInt16(5)))

SELECT bitCount(distance), bitCount(delay) FROM events ORDER BY id LIMIT 3

SELECT bitCount(today())

SELECT bitCount()

SELECT bitNot(5), bitNot(toInt8(-5)), bitNot(NULL), toTypeName(bitNot(toUInt16(5)))

SELECT bitNot(distance), bitNot(delay) FROM events ORDER BY id LIMIT 3

SELECT bitNot(today())

SELECT bitNot()

SELECT xor(1, 0), xor(1, 1, 1), xor(NULL, 1), toTypeName(xor(1, 0))

SELECT xor(delay, id), xor(late, 1) FROM events ORDER BY id LIMIT 3

SELECT xor('a', 1)

SELECT isDistinctFrom(1, 2), isDistinctFrom(NULL, NULL), isDistinctFrom(NULL, 1), isNotDistinctFrom(NULL, NULL), isNotDistinctFrom(1, 1)

SELECT isDistinctFrom(note, 'x'), isNotDistinctFrom(tail, 77) FROM events ORDER BY id LIMIT 3

SELECT isDistinctFrom(1)

SELECT isNotDistinctFrom(1)

SELECT assumeNotNull(1), assumeNotNull(toNullable('a')), toTypeName(assumeNotNull(toNullable(1)))

SELECT assumeNotNull(note), assumeNotNull(tail) FROM events ORDER BY id LIMIT 3

SELECT assumeNotNull()

SELECT caseWithoutExpression(1, 2, 3), caseWithoutExpression(0, 2, NULL), caseWithoutExpression(0, 1, 1, 2, 3)

SELECT caseWithoutExpression(id = 1, 'a', 'b') FROM events ORDER BY id LIMIT 3

SELECT caseWithoutExpression(1)

SELECT toBool(1), toBool('true'), toBool(0), toBool('false')

SELECT toBool(delay), toBool(late) FROM events ORDER BY id LIMIT 3

SELECT toBool('x')

SELECT toBool()
