CREATE TABLE t (k UInt32 CODEC(Delta, ZSTD(3)), a String CODEC(ZSTD), b UInt64 CODEC(DoubleDelta), c Float64 CODEC(Gorilla), d Int64 CODEC(T64, LZ4HC), e DateTime CODEC(Delta(4), LZ4), f Float32 CODEC(FPC), g String CODEC(NONE), h UInt8 CODEC(Default), i Array(UInt32) CODEC(Delta, LZ4HC(9)), j Tuple(UInt32, Int8) CODEC(Delta, Default), l Nullable(Decimal(9, 2)) CODEC(T64('bit'), ZSTD(22, 24)), m LowCardinality(String) CODEC(LZ4), n UUID CODEC(LZ4), o Map(UInt32, UInt16) CODEC(Delta, ZSTD(5))) ENGINE = MergeTree ORDER BY k

SELECT name, compression_codec FROM system.columns WHERE table = 't' AND database = currentDatabase() ORDER BY position

DESCRIBE TABLE t

INSERT INTO t SELECT number, 's' || toString(number), number * 3, number / 7, number % 5, number + 1000000000, number / 3, repeat('x', number % 9), number % 3, [number, number + 1], (number, number % 100), number / 100, toString(number % 10), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), map(number, number % 7) FROM numbers(20000)

SELECT count(), sum(k), uniqExact(a), sum(b), round(sum(c), 3), sum(d), sum(toUInt32(e)), round(sum(f)), sum(length(g)), sum(h), sum(arraySum(i)), sum(j.1), sum(l), max(m), any(n), sum(length(o)) FROM t

OPTIMIZE TABLE t FINAL

SELECT count(), sum(k), uniqExact(a), sum(b), round(sum(c), 3), sum(d), sum(toUInt32(e)), round(sum(f)), sum(length(g)), sum(h), sum(arraySum(i)), sum(j.1), sum(l), max(m), any(n), sum(length(o)) FROM t

ALTER TABLE t MODIFY COLUMN a CODEC(NONE)

SELECT compression_codec FROM system.columns WHERE table = 't' AND database = currentDatabase() AND name = 'a'

ALTER TABLE t MODIFY COLUMN a REMOVE CODEC

ALTER TABLE t MODIFY COLUMN a REMOVE CODEC

ALTER TABLE t MODIFY COLUMN h UInt16 CODEC(Delta, LZ4)

ALTER TABLE t ADD COLUMN p Int32 DEFAULT 7 CODEC(T64) AFTER a

ALTER TABLE t MODIFY COLUMN d String

ALTER TABLE t MODIFY COLUMN a CODEC(FPC)

ALTER TABLE t MODIFY COLUMN b CODEC(Gorilla)

ALTER TABLE t MODIFY COLUMN zz CODEC(LZ4)

ALTER TABLE t MODIFY COLUMN IF EXISTS zz CODEC(LZ4)

ALTER TABLE t MODIFY COLUMN m COMMENT 'x' CODEC(ZSTD(3))

ALTER TABLE t ADD COLUMN q UInt32 ALIAS k + 1 CODEC(LZ4)

ALTER TABLE t MODIFY COLUMN b DEFAULT 5 CODEC(LZ4HC)

SELECT name, type, compression_codec FROM system.columns WHERE table = 't' AND database = currentDatabase() ORDER BY position

SELECT count(), sum(p), sum(h), max(b) FROM t

CREATE TABLE e (k UInt8, c UInt64 CODEC(Foo)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(zstd(3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(lz4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Multiple)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC()) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(1)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC('LZ4')) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4,)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4(1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(NONE(1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Default(1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(23))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(1, 5))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(3, 32))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(1, 24, 3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD('a'))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(1.5))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(NULL))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD(1 + 1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4HC(1, 2))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4HC('a'))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta(3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta(0), LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta(1, 2), LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta('a'), LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c String CODEC(Delta, LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UUID CODEC(Delta, LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt128 CODEC(Delta, LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c String CODEC(DoubleDelta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c FixedString(8) CODEC(DoubleDelta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Decimal(38, 2) CODEC(DoubleDelta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt32 CODEC(DoubleDelta(3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt32 CODEC(DoubleDelta(1, 2))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Gorilla)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c String CODEC(Gorilla)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(Gorilla(3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(Delta, Gorilla, LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(FPC)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(FPC(29))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(FPC(0))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(FPC(12, 3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(FPC(1, 2, 3))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(FPC('a'))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(T64)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c String CODEC(T64)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt32 CODEC(T64('x'))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt32 CODEC(T64(1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt32 CODEC(T64('bit', 'bit'))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c Float64 CODEC(ALP(1))) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ALP)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta, LZ4, ZSTD)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4, ZSTD)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(ZSTD, Delta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(LZ4, T64)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(NONE, LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta, NONE)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Default, Default)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 CODEC(Delta, Delta)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8, c UInt64 ALIAS k CODEC(LZ4)) ENGINE = MergeTree ORDER BY k

CREATE TABLE e (k UInt8 CODEC(T64, T64), b Nullable(Int32) CODEC(DoubleDelta(4), Delta, LZ4), c UInt64 CODEC(ZSTD(0)), d UInt64 CODEC(ZSTD()), e UInt64 CODEC(ZSTD(-1)), f UInt64 CODEC(LZ4HC(100)), g UInt64 CODEC(`LZ4`), h Float64 CODEC(Gorilla, Delta, LZ4), i Tuple(Float64, Float32) CODEC(Gorilla, LZ4), j Array(Float64) CODEC(FPC(5)), l String CODEC(Delta(4), LZ4), m FixedString(8) CODEC(Delta, LZ4), n UInt64 CODEC(Delta(4), LZ4), o Array(Tuple(UInt32, UInt8)) CODEC(DoubleDelta), p Enum8('a' = 1) CODEC(T64), q IPv4 CODEC(Delta, T64), r Bool CODEC(T64('byte')), s UInt64 CODEC(ZSTD(3, 0)), u UInt64 MATERIALIZED k CODEC(Delta(), LZ4), v Tuple(UInt32, Int32) CODEC(Delta, LZ4), w Map(UInt32, UInt32) CODEC(Delta, LZ4), x Tuple(Float32, Float32) CODEC(Gorilla), y Array(Tuple(UInt64, Int64)) CODEC(Delta, LZ4), z Array(Array(Int16)) CODEC(Delta, T64)) ENGINE = MergeTree ORDER BY k

SELECT name, compression_codec FROM system.columns WHERE table = 'e' AND database = currentDatabase() ORDER BY position

INSERT INTO e (k, b, c, d, e, f, g, h, i, j, l, m, n, o, p, q, r, s) SELECT number % 256, if(number % 3 = 0, NULL, number), number, number * number, number % 17, intDiv(number, 100), sipHash64(number), number / 8, (number / 3, number), [number / 4, 0.5], toString(number), 'a', number * 1000, [(number, number % 9)], 'a', toIPv4('1.2.3.4'), number % 2, number FROM numbers(10000)

SELECT sum(k), sum(b), sum(c), sum(d), sum(e), sum(f), sum(g), sum(h), round(sum(i.1)), sum(arraySum(j)), uniqExact(l), max(m), sum(n), sum(o[1].1), any(p), any(q), sum(r), sum(s), sum(u) FROM e

OPTIMIZE TABLE e FINAL

SELECT sum(k), sum(b), sum(c), sum(d), sum(e), sum(f), sum(g), sum(h), round(sum(i.1)), sum(arraySum(j)), uniqExact(l), max(m), sum(n), sum(o[1].1), any(p), any(q), sum(r), sum(s), sum(u) FROM e

CREATE TABLE copied AS e

SELECT countIf(compression_codec != '') FROM system.columns WHERE table = 'copied' AND database = currentDatabase()
