SELECT round(greatCircleDistance(55.755831, 37.617673, -55.755831, -37.617673), -3), round(greatCircleAngle(0, 0, 45, 0), 2), round(geoDistance(38.8976, -77.0366, 39.9496, -75.1503), 0), round(greatCircleDistance(0, 0, 1, 1), 0), round(geoDistance(0, 0, 1, 1), 0), round(greatCircleDistance(-179, 0, 179, 0), -1), toTypeName(geoDistance(toFloat32(0), 0, 1, 1)), toTypeName(greatCircleDistance(0., 0, 1, 1)), round(greatCircleAngle(10., 10., 20., 20.), 1), greatCircleDistance(5, 5, 5, 5)

SELECT greatCircleDistance(NULL, 0, 1, 1), greatCircleAngle(NULL, 0, 1, 1), geoDistance(NULL, 0, 1, 1), round(greatCircleDistance(materialize(1.5), 2, 3, 4), -2), round(greatCircleAngle(materialize(1.5), 2, 3, 4), 3), round(geoDistance(materialize(1.5), 2, 3, 4), -2)

SELECT greatCircleDistance('a', 0, 1, 1)

SELECT greatCircleAngle('a', 0, 1, 1)

SELECT geoDistance(0, 1, 1)

SELECT pointInEllipses(10., 10., 10., 9.1, 1., 0.9999), pointInEllipses(10., 10., 0., 0., 1., 1.), pointInEllipses(10., 10., 0., 0., 1., 1., 10., 10., 2., 3.)

SELECT pointInEllipses(10, 10, 10, 9.1, 1, 0.9999)

SELECT geohashEncode(-5.60302734375, 42.593994140625, 0), geohashEncode(-5.60302734375, 42.593994140625, 4), geohashEncode(-5.60302734375, 42.593994140625), geohashEncode(toFloat32(10), toFloat32(20), 20), geohashEncode(NULL, 1., 4), geohashEncode(price, price / 10, 6), geohashEncode(180., 90., 5) FROM events ORDER BY id LIMIT 4

SELECT geohashEncode(1, 2)

SELECT geohashEncode(1., 2., 'a')

SELECT randUniform(0, 1) < 2, randUniform(5, 5), randUniform(0, 1, NULL) IS NULL, toTypeName(randUniform(1, 2, 'a')) FROM events

SELECT randUniform('a', 1)

SELECT randUniform(1)

SELECT randNormal(10, 0), randLogNormal(0, 0), toTypeName(randNormal(0, 1)), toTypeName(randLogNormal(0, 1)), randNormal(3, 0, 'x'), randLogNormal(0, 0, 1), count(randNormal(id, 0)), min(randLogNormal(0, 1)) > 0 FROM events

SELECT randNormal('a', 1)

SELECT randLogNormal(1)

SELECT randExponential(1) >= 0, randChiSquared(3) >= 0, randStudentT(3) < 1e300, randFisherF(3, 4) >= 0, toTypeName(randExponential(1)), toTypeName(randChiSquared(1)), toTypeName(randStudentT(1)), toTypeName(randFisherF(1, 1)), randExponential(1, 5) >= 0, randChiSquared(1, 'x') >= 0, randStudentT(1, 2) < 1e300, randFisherF(1, 1, 2) >= 0

SELECT count() = countIf(randExponential(1) >= 0), count() = countIf(randChiSquared(1) >= 0), count() = countIf(randStudentT(2) < 1e300), count() = countIf(randFisherF(1, 2) >= 0) FROM events

SELECT randExponential('a')

SELECT randChiSquared('a')

SELECT randStudentT('a')

SELECT randFisherF('a', 1)

SELECT randBernoulli(1), randBernoulli(0), randBinomial(5, 1), randBinomial(100, 0), randNegativeBinomial(5, 0.5) >= 0, randPoisson(5) >= 0, toTypeName(randPoisson(5)), toTypeName(randBernoulli(1)), toTypeName(randBinomial(5, 1)), toTypeName(randNegativeBinomial(5, 0.5)), randBinomial(1000, 1), randPoisson(1000) > 0

SELECT sum(randBernoulli(1)), sum(randBinomial(3, 1)), min(randNegativeBinomial(3, 0.5)) >= 0, min(randPoisson(100)) > 0, randBernoulli(1, 5), randBinomial(3, 1, 'x'), randPoisson(100, 1) > 0, randNegativeBinomial(3, 0.5, 1) >= 0 FROM events

SELECT randBernoulli(2)

SELECT randBinomial(1, 2)

SELECT randNegativeBinomial(1, 2)

SELECT randPoisson('a')

SELECT length(randomString(5)), length(randomString(0)), length(randomFixedString(5)), toTypeName(randomFixedString(5)), length(randomPrintableASCII(5)), lengthUTF8(randomStringUTF8(5)), isValidUTF8(randomStringUTF8(50)), isValidASCII(randomPrintableASCII(500)), length(randomString(3, 1)), length(randomPrintableASCII(3, 1))

SELECT length(randomString(id)), length(randomPrintableASCII(id)), length(randomFixedString(4)), lengthUTF8(randomStringUTF8(id)), uniqExact(randomString(20)) = 1 FROM events GROUP BY id ORDER BY id LIMIT 3

SELECT randomString(-1)

SELECT randomPrintableASCII('a')

SELECT randomFixedString(0)

SELECT randomFixedString('a')

SELECT randomStringUTF8('a')

SELECT toTypeName(generateUUIDv7()), substring(toString(generateUUIDv7()), 15, 1), generateUUIDv7(1) = generateUUIDv7(2), uniqExact(generateUUIDv7()) = count(), toTypeName(generateUUIDv4()), substring(toString(generateUUIDv4()), 15, 1), uniqExact(generateUUIDv4(1)) = count() FROM events

SELECT generateUUIDv7(1, 2)

SELECT generateUUIDv4(1, 2)

SELECT toTypeName(rand()), toTypeName(rand64()), toTypeName(randCanonical()), rand(1) >= 0, rand64(2) >= 0, randCanonical() < 1, toTypeName(rand32()), uniqExact(rand64()) > 1, uniqExact(rand()) > 1, max(randCanonical(1)) < 1 FROM events

SELECT rand(1, 2)

SELECT rand64(1, 2)

SELECT randCanonical(1, 2)

SELECT rand32(1, 2)
