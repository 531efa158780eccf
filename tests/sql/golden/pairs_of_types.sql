SELECT toUInt8(200) = toInt8(-100), toUInt8(200) < toInt8(-100), toUInt8(200) >= toInt8(-100), toUInt8(200) != toInt8(-100), toTypeName(toUInt8(200) = toInt8(-100))

SELECT intDiv(toUInt8(200), toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toUInt8(200) = toInt32(-7), toUInt8(200) < toInt32(-7), toUInt8(200) >= toInt32(-7), toUInt8(200) != toInt32(-7), toTypeName(toUInt8(200) = toInt32(-7))

SELECT coalesce(toUInt8(200),toInt32(-7)) AS x, toTypeName(x), ifNull(toUInt8(200),toInt32(-7)) AS y, toTypeName(y), nullIf(toUInt8(200),toInt32(-7)) AS z, toTypeName(z)

SELECT intDiv(toUInt8(200), toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toUInt8(200) + toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT toUInt8(200) - toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT toUInt8(200) * toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT intDiv(toUInt8(200), toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toUInt8(200) * toFloat32(1.5) AS x, toTypeName(x)

SELECT if(materialize(1), toUInt8(200),toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toUInt8(200) + toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT toUInt8(200) = CAST(3, 'Nullable(UInt8)'), toUInt8(200) < CAST(3, 'Nullable(UInt8)'), toUInt8(200) >= CAST(3, 'Nullable(UInt8)'), toUInt8(200) != CAST(3, 'Nullable(UInt8)'), toTypeName(toUInt8(200) = CAST(3, 'Nullable(UInt8)'))

SELECT toInt8(-100) <=> toUInt8(200), toTypeName(toInt8(-100) <=> toUInt8(200))

SELECT toInt8(-100) = toInt8(-100), toInt8(-100) < toInt8(-100), toInt8(-100) >= toInt8(-100), toInt8(-100) != toInt8(-100), toTypeName(toInt8(-100) = toInt8(-100))

SELECT coalesce(toInt8(-100),toInt8(-100)) AS x, toTypeName(x), ifNull(toInt8(-100),toInt8(-100)) AS y, toTypeName(y), nullIf(toInt8(-100),toInt8(-100)) AS z, toTypeName(z)

SELECT toInt8(-100) <=> toUInt32(4000000000), toTypeName(toInt8(-100) <=> toUInt32(4000000000))

SELECT toInt8(-100) - toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toInt8(-100) = toUInt64(18446744073709551615), toInt8(-100) < toUInt64(18446744073709551615), toInt8(-100) >= toUInt64(18446744073709551615), toInt8(-100) != toUInt64(18446744073709551615), toTypeName(toInt8(-100) = toUInt64(18446744073709551615))

SELECT toInt8(-100) / toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT toInt8(-100) = toInt64(-9000000000000000000), toInt8(-100) < toInt64(-9000000000000000000), toInt8(-100) >= toInt64(-9000000000000000000), toInt8(-100) != toInt64(-9000000000000000000), toTypeName(toInt8(-100) = toInt64(-9000000000000000000))

SELECT coalesce(toInt8(-100),toFloat32(1.5)) AS x, toTypeName(x), ifNull(toInt8(-100),toFloat32(1.5)) AS y, toTypeName(y), nullIf(toInt8(-100),toFloat32(1.5)) AS z, toTypeName(z)

SELECT toInt8(-100) * toFloat64(-2.25) AS x, toTypeName(x)

SELECT coalesce(toInt8(-100),toFloat64(-2.25)) AS x, toTypeName(x), ifNull(toInt8(-100),toFloat64(-2.25)) AS y, toTypeName(y), nullIf(toInt8(-100),toFloat64(-2.25)) AS z, toTypeName(z)

SELECT toInt8(-100) / toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT toInt8(-100) / toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT toInt8(-100) + NULL AS x, toTypeName(x)

SELECT toInt8(-100) <=> NULL, toTypeName(toInt8(-100) <=> NULL)

SELECT greatest(toInt8(-100),NULL) AS x, toTypeName(x), least(toInt8(-100),NULL) AS y

SELECT coalesce(toInt8(-100),NULL) AS x, toTypeName(x), ifNull(toInt8(-100),NULL) AS y, toTypeName(y), nullIf(toInt8(-100),NULL) AS z, toTypeName(z)

SELECT toUInt16(60000) + toInt16(-5) AS x, toTypeName(x)

SELECT toUInt16(60000) - toInt16(-5) AS x, toTypeName(x)

SELECT toUInt16(60000) / toInt16(-5) AS x, toTypeName(x)

SELECT toUInt16(60000) % toInt16(-5) AS x, toTypeName(x)

SELECT toUInt16(60000) * toUInt32(4000000000) AS x, toTypeName(x)

SELECT if(materialize(1), toUInt16(60000),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toUInt16(60000) * toInt32(-7) AS x, toTypeName(x)

SELECT toUInt16(60000) / toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toUInt16(60000) + toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT toUInt16(60000) % toFloat32(1.5) AS x, toTypeName(x)

SELECT toUInt16(60000) <=> toDecimal32('12.345', 3), toTypeName(toUInt16(60000) <=> toDecimal32('12.345', 3))

SELECT toUInt16(60000) <=> toDecimal64('-1.5', 6), toTypeName(toUInt16(60000) <=> toDecimal64('-1.5', 6))

SELECT toUInt16(60000) - true AS x, toTypeName(x)

SELECT toUInt16(60000) * true AS x, toTypeName(x)

SELECT toUInt16(60000) % NULL AS x, toTypeName(x)

SELECT toUInt16(60000) <=> CAST(3, 'Nullable(UInt8)'), toTypeName(toUInt16(60000) <=> CAST(3, 'Nullable(UInt8)'))

SELECT toInt16(-5) / toUInt16(60000) AS x, toTypeName(x)

SELECT toInt16(-5) % toUInt16(60000) AS x, toTypeName(x)

SELECT coalesce(toInt16(-5),toUInt16(60000)) AS x, toTypeName(x), ifNull(toInt16(-5),toUInt16(60000)) AS y, toTypeName(y), nullIf(toInt16(-5),toUInt16(60000)) AS z, toTypeName(z)

SELECT toInt16(-5) * toInt16(-5) AS x, toTypeName(x)

SELECT coalesce(toInt16(-5),toUInt32(4000000000)) AS x, toTypeName(x), ifNull(toInt16(-5),toUInt32(4000000000)) AS y, toTypeName(y), nullIf(toInt16(-5),toUInt32(4000000000)) AS z, toTypeName(z)

SELECT greatest(toInt16(-5),toInt32(-7)) AS x, toTypeName(x), least(toInt16(-5),toInt32(-7)) AS y

SELECT if(materialize(1), toInt16(-5),toInt32(-7)) AS x, toTypeName(x)

SELECT coalesce(toInt16(-5),toInt32(-7)) AS x, toTypeName(x), ifNull(toInt16(-5),toInt32(-7)) AS y, toTypeName(y), nullIf(toInt16(-5),toInt32(-7)) AS z, toTypeName(z)

SELECT toInt16(-5) / toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toInt16(-5) % toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toInt16(-5) + toFloat64(-2.25) AS x, toTypeName(x)

SELECT toInt16(-5) - toFloat64(-2.25) AS x, toTypeName(x)

SELECT coalesce(toInt16(-5),toFloat64(-2.25)) AS x, toTypeName(x), ifNull(toInt16(-5),toFloat64(-2.25)) AS y, toTypeName(y), nullIf(toInt16(-5),toFloat64(-2.25)) AS z, toTypeName(z)

SELECT toInt16(-5) - toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT coalesce(toInt16(-5),toDecimal32('12.345', 3)) AS x, toTypeName(x), ifNull(toInt16(-5),toDecimal32('12.345', 3)) AS y, toTypeName(y), nullIf(toInt16(-5),toDecimal32('12.345', 3)) AS z, toTypeName(z)

SELECT toInt16(-5) <=> toDecimal64('-1.5', 6), toTypeName(toInt16(-5) <=> toDecimal64('-1.5', 6))

SELECT if(materialize(1), toInt16(-5),true) AS x, toTypeName(x)

SELECT toInt16(-5) + CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT toInt16(-5) * CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT greatest(toInt16(-5),CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x), least(toInt16(-5),CAST(3, 'Nullable(UInt8)')) AS y

SELECT coalesce(toInt16(-5),CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x), ifNull(toInt16(-5),CAST(3, 'Nullable(UInt8)')) AS y, toTypeName(y), nullIf(toInt16(-5),CAST(3, 'Nullable(UInt8)')) AS z, toTypeName(z)

SELECT coalesce(toUInt32(4000000000),toUInt8(200)) AS x, toTypeName(x), ifNull(toUInt32(4000000000),toUInt8(200)) AS y, toTypeName(y), nullIf(toUInt32(4000000000),toUInt8(200)) AS z, toTypeName(z)

SELECT toUInt32(4000000000) = toInt8(-100), toUInt32(4000000000) < toInt8(-100), toUInt32(4000000000) >= toInt8(-100), toUInt32(4000000000) != toInt8(-100), toTypeName(toUInt32(4000000000) = toInt8(-100))

SELECT toUInt32(4000000000) <=> toUInt16(60000), toTypeName(toUInt32(4000000000) <=> toUInt16(60000))

SELECT greatest(toUInt32(4000000000),toInt16(-5)) AS x, toTypeName(x), least(toUInt32(4000000000),toInt16(-5)) AS y

SELECT toUInt32(4000000000) * toUInt32(4000000000) AS x, toTypeName(x)

SELECT toUInt32(4000000000) % toUInt32(4000000000) AS x, toTypeName(x)

SELECT toUInt32(4000000000) + toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT if(materialize(1), toUInt32(4000000000),toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT toUInt32(4000000000) - toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT if(materialize(1), toUInt32(4000000000),toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toUInt32(4000000000) - true AS x, toTypeName(x)

SELECT toUInt32(4000000000) / true AS x, toTypeName(x)

SELECT coalesce(toUInt32(4000000000),true) AS x, toTypeName(x), ifNull(toUInt32(4000000000),true) AS y, toTypeName(y), nullIf(toUInt32(4000000000),true) AS z, toTypeName(z)

SELECT toInt32(-7) / toUInt8(200) AS x, toTypeName(x)

SELECT coalesce(toInt32(-7),toUInt8(200)) AS x, toTypeName(x), ifNull(toInt32(-7),toUInt8(200)) AS y, toTypeName(y), nullIf(toInt32(-7),toUInt8(200)) AS z, toTypeName(z)

SELECT toInt32(-7) * toUInt16(60000) AS x, toTypeName(x)

SELECT toInt32(-7) = toUInt16(60000), toInt32(-7) < toUInt16(60000), toInt32(-7) >= toUInt16(60000), toInt32(-7) != toUInt16(60000), toTypeName(toInt32(-7) = toUInt16(60000))

SELECT toInt32(-7) <=> toInt16(-5), toTypeName(toInt32(-7) <=> toInt16(-5))

SELECT coalesce(toInt32(-7),toInt16(-5)) AS x, toTypeName(x), ifNull(toInt32(-7),toInt16(-5)) AS y, toTypeName(y), nullIf(toInt32(-7),toInt16(-5)) AS z, toTypeName(z)

SELECT if(materialize(1), toInt32(-7),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toInt32(-7) - toInt32(-7) AS x, toTypeName(x)

SELECT toInt32(-7) % toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toInt32(-7) <=> toFloat32(1.5), toTypeName(toInt32(-7) <=> toFloat32(1.5))

SELECT toInt32(-7) / toFloat64(-2.25) AS x, toTypeName(x)

SELECT toInt32(-7) / toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT toInt32(-7) / true AS x, toTypeName(x)

SELECT toInt32(-7) / NULL AS x, toTypeName(x)

SELECT if(materialize(1), toInt32(-7),NULL) AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) <=> toUInt8(200), toTypeName(toUInt64(18446744073709551615) <=> toUInt8(200))

SELECT toUInt64(18446744073709551615) + toInt8(-100) AS x, toTypeName(x)

SELECT if(materialize(1), toUInt64(18446744073709551615),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT coalesce(toUInt64(18446744073709551615),toInt32(-7)) AS x, toTypeName(x), ifNull(toUInt64(18446744073709551615),toInt32(-7)) AS y, toTypeName(y), nullIf(toUInt64(18446744073709551615),toInt32(-7)) AS z, toTypeName(z)

SELECT toUInt64(18446744073709551615) = toUInt64(18446744073709551615), toUInt64(18446744073709551615) < toUInt64(18446744073709551615), toUInt64(18446744073709551615) >= toUInt64(18446744073709551615), toUInt64(18446744073709551615) != toUInt64(18446744073709551615), toTypeName(toUInt64(18446744073709551615) = toUInt64(18446744073709551615))

SELECT toUInt64(18446744073709551615) - toFloat32(1.5) AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) - toFloat64(-2.25) AS x, toTypeName(x)

SELECT intDiv(toUInt64(18446744073709551615), toFloat64(-2.25)) AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) % true AS x, toTypeName(x)

SELECT coalesce(toUInt64(18446744073709551615),true) AS x, toTypeName(x), ifNull(toUInt64(18446744073709551615),true) AS y, toTypeName(y), nullIf(toUInt64(18446744073709551615),true) AS z, toTypeName(z)

SELECT toUInt64(18446744073709551615) % NULL AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) / CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT intDiv(toInt64(-9000000000000000000), toUInt8(200)) AS x, toTypeName(x)

SELECT greatest(toInt64(-9000000000000000000),toUInt8(200)) AS x, toTypeName(x), least(toInt64(-9000000000000000000),toUInt8(200)) AS y

SELECT if(materialize(1), toInt64(-9000000000000000000),toUInt8(200)) AS x, toTypeName(x)

SELECT toInt64(-9000000000000000000) * toInt8(-100) AS x, toTypeName(x)

SELECT toInt64(-9000000000000000000) <=> toInt8(-100), toTypeName(toInt64(-9000000000000000000) <=> toInt8(-100))

SELECT toInt64(-9000000000000000000) <=> toUInt16(60000), toTypeName(toInt64(-9000000000000000000) <=> toUInt16(60000))

SELECT toInt64(-9000000000000000000) + toInt16(-5) AS x, toTypeName(x)

SELECT coalesce(toInt64(-9000000000000000000),toInt16(-5)) AS x, toTypeName(x), ifNull(toInt64(-9000000000000000000),toInt16(-5)) AS y, toTypeName(y), nullIf(toInt64(-9000000000000000000),toInt16(-5)) AS z, toTypeName(z)

SELECT toInt64(-9000000000000000000) / toUInt32(4000000000) AS x, toTypeName(x)

SELECT if(materialize(1), toInt64(-9000000000000000000),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT coalesce(toInt64(-9000000000000000000),toUInt32(4000000000)) AS x, toTypeName(x), ifNull(toInt64(-9000000000000000000),toUInt32(4000000000)) AS y, toTypeName(y), nullIf(toInt64(-9000000000000000000),toUInt32(4000000000)) AS z, toTypeName(z)

SELECT toInt64(-9000000000000000000) % toInt32(-7) AS x, toTypeName(x)

SELECT toInt64(-9000000000000000000) = toInt64(-9000000000000000000), toInt64(-9000000000000000000) < toInt64(-9000000000000000000), toInt64(-9000000000000000000) >= toInt64(-9000000000000000000), toInt64(-9000000000000000000) != toInt64(-9000000000000000000), toTypeName(toInt64(-9000000000000000000) = toInt64(-9000000000000000000))

SELECT toInt64(-9000000000000000000) <=> toInt64(-9000000000000000000), toTypeName(toInt64(-9000000000000000000) <=> toInt64(-9000000000000000000))

SELECT toInt64(-9000000000000000000) = toFloat32(1.5), toInt64(-9000000000000000000) < toFloat32(1.5), toInt64(-9000000000000000000) >= toFloat32(1.5), toInt64(-9000000000000000000) != toFloat32(1.5), toTypeName(toInt64(-9000000000000000000) = toFloat32(1.5))

SELECT toInt64(-9000000000000000000) + true AS x, toTypeName(x)

SELECT toFloat32(1.5) + toUInt8(200) AS x, toTypeName(x)

SELECT toFloat32(1.5) * toInt8(-100) AS x, toTypeName(x)

SELECT toFloat32(1.5) / toUInt16(60000) AS x, toTypeName(x)

SELECT toFloat32(1.5) / toInt32(-7) AS x, toTypeName(x)

SELECT toFloat32(1.5) * toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT toFloat32(1.5) = toInt64(-9000000000000000000), toFloat32(1.5) < toInt64(-9000000000000000000), toFloat32(1.5) >= toInt64(-9000000000000000000), toFloat32(1.5) != toInt64(-9000000000000000000), toTypeName(toFloat32(1.5) = toInt64(-9000000000000000000))

SELECT toFloat32(1.5) % toFloat64(-2.25) AS x, toTypeName(x)

SELECT toFloat32(1.5) / toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT toFloat32(1.5) = true, toFloat32(1.5) < true, toFloat32(1.5) >= true, toFloat32(1.5) != true, toTypeName(toFloat32(1.5) = true)

SELECT toFloat64(-2.25) / toUInt8(200) AS x, toTypeName(x)

SELECT intDiv(toFloat64(-2.25), toUInt8(200)) AS x, toTypeName(x)

SELECT if(materialize(1), toFloat64(-2.25),toUInt8(200)) AS x, toTypeName(x)

SELECT intDiv(toFloat64(-2.25), toUInt16(60000)) AS x, toTypeName(x)

SELECT if(materialize(1), toFloat64(-2.25),toUInt16(60000)) AS x, toTypeName(x)

SELECT coalesce(toFloat64(-2.25),toUInt32(4000000000)) AS x, toTypeName(x), ifNull(toFloat64(-2.25),toUInt32(4000000000)) AS y, toTypeName(y), nullIf(toFloat64(-2.25),toUInt32(4000000000)) AS z, toTypeName(z)

SELECT toFloat64(-2.25) % toInt32(-7) AS x, toTypeName(x)

SELECT toFloat64(-2.25) <=> toUInt64(18446744073709551615), toTypeName(toFloat64(-2.25) <=> toUInt64(18446744073709551615))

SELECT toFloat64(-2.25) <=> toFloat32(1.5), toTypeName(toFloat64(-2.25) <=> toFloat32(1.5))

SELECT if(materialize(1), toFloat64(-2.25),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toFloat64(-2.25) + toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT intDiv(toFloat64(-2.25), toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toFloat64(-2.25) <=> true, toTypeName(toFloat64(-2.25) <=> true)

SELECT toDecimal32('12.345', 3) * toInt8(-100) AS x, toTypeName(x)

SELECT toDecimal32('12.345', 3) / toInt8(-100) AS x, toTypeName(x)

SELECT toDecimal32('12.345', 3) / toDecimal32('12.345', 3) AS x, toTypeName(x)

SELECT coalesce(toDecimal32('12.345', 3),toDecimal64('-1.5', 6)) AS x, toTypeName(x), ifNull(toDecimal32('12.345', 3),toDecimal64('-1.5', 6)) AS y, toTypeName(y), nullIf(toDecimal32('12.345', 3),toDecimal64('-1.5', 6)) AS z, toTypeName(z)

SELECT toDecimal32('12.345', 3) = NULL, toDecimal32('12.345', 3) < NULL, toDecimal32('12.345', 3) >= NULL, toDecimal32('12.345', 3) != NULL, toTypeName(toDecimal32('12.345', 3) = NULL)

SELECT toDecimal64('-1.5', 6) - toUInt8(200) AS x, toTypeName(x)

SELECT intDiv(toDecimal64('-1.5', 6), toUInt8(200)) AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) = toInt8(-100), toDecimal64('-1.5', 6) < toInt8(-100), toDecimal64('-1.5', 6) >= toInt8(-100), toDecimal64('-1.5', 6) != toInt8(-100), toTypeName(toDecimal64('-1.5', 6) = toInt8(-100))

SELECT toDecimal64('-1.5', 6) = toUInt16(60000), toDecimal64('-1.5', 6) < toUInt16(60000), toDecimal64('-1.5', 6) >= toUInt16(60000), toDecimal64('-1.5', 6) != toUInt16(60000), toTypeName(toDecimal64('-1.5', 6) = toUInt16(60000))

SELECT if(materialize(1), toDecimal64('-1.5', 6),toInt16(-5)) AS x, toTypeName(x)

SELECT if(materialize(1), toDecimal64('-1.5', 6),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) - toInt32(-7) AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) <=> toInt32(-7), toTypeName(toDecimal64('-1.5', 6) <=> toInt32(-7))

SELECT intDiv(toDecimal64('-1.5', 6), true) AS x, toTypeName(x)

SELECT coalesce(toDecimal64('-1.5', 6),true) AS x, toTypeName(x), ifNull(toDecimal64('-1.5', 6),true) AS y, toTypeName(y), nullIf(toDecimal64('-1.5', 6),true) AS z, toTypeName(z)

SELECT toDecimal64('-1.5', 6) % NULL AS x, toTypeName(x)

SELECT coalesce(toDecimal64('-1.5', 6),NULL) AS x, toTypeName(x), ifNull(toDecimal64('-1.5', 6),NULL) AS y, toTypeName(y), nullIf(toDecimal64('-1.5', 6),NULL) AS z, toTypeName(z)

SELECT toDecimal64('-1.5', 6) * CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) <=> CAST(3, 'Nullable(UInt8)'), toTypeName(toDecimal64('-1.5', 6) <=> CAST(3, 'Nullable(UInt8)'))

SELECT coalesce(true,toUInt8(200)) AS x, toTypeName(x), ifNull(true,toUInt8(200)) AS y, toTypeName(y), nullIf(true,toUInt8(200)) AS z, toTypeName(z)

SELECT true + toUInt16(60000) AS x, toTypeName(x)

SELECT coalesce(true,toUInt16(60000)) AS x, toTypeName(x), ifNull(true,toUInt16(60000)) AS y, toTypeName(y), nullIf(true,toUInt16(60000)) AS z, toTypeName(z)

SELECT true * toInt16(-5) AS x, toTypeName(x)

SELECT intDiv(true, toInt16(-5)) AS x, toTypeName(x)

SELECT true + toUInt32(4000000000) AS x, toTypeName(x)

SELECT true - toUInt32(4000000000) AS x, toTypeName(x)

SELECT true % toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT true = toUInt64(18446744073709551615), true < toUInt64(18446744073709551615), true >= toUInt64(18446744073709551615), true != toUInt64(18446744073709551615), toTypeName(true = toUInt64(18446744073709551615))

SELECT true - toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT true = toInt64(-9000000000000000000), true < toInt64(-9000000000000000000), true >= toInt64(-9000000000000000000), true != toInt64(-9000000000000000000), toTypeName(true = toInt64(-9000000000000000000))

SELECT true = toFloat32(1.5), true < toFloat32(1.5), true >= toFloat32(1.5), true != toFloat32(1.5), toTypeName(true = toFloat32(1.5))

SELECT true - toFloat64(-2.25) AS x, toTypeName(x)

SELECT true / toFloat64(-2.25) AS x, toTypeName(x)

SELECT true / toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT true + true AS x, toTypeName(x)

SELECT greatest(true,NULL) AS x, toTypeName(x), least(true,NULL) AS y

SELECT coalesce(true,NULL) AS x, toTypeName(x), ifNull(true,NULL) AS y, toTypeName(y), nullIf(true,NULL) AS z, toTypeName(z)

SELECT if(materialize(1), NULL,toUInt8(200)) AS x, toTypeName(x)

SELECT NULL <=> toInt8(-100), toTypeName(NULL <=> toInt8(-100))

SELECT intDiv(NULL, toUInt16(60000)) AS x, toTypeName(x)

SELECT NULL <=> toUInt32(4000000000), toTypeName(NULL <=> toUInt32(4000000000))

SELECT coalesce(NULL,toUInt32(4000000000)) AS x, toTypeName(x), ifNull(NULL,toUInt32(4000000000)) AS y, toTypeName(y), nullIf(NULL,toUInt32(4000000000)) AS z, toTypeName(z)

SELECT NULL - toInt32(-7) AS x, toTypeName(x)

SELECT NULL % toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT NULL + toFloat32(1.5) AS x, toTypeName(x)

SELECT greatest(NULL,toFloat64(-2.25)) AS x, toTypeName(x), least(NULL,toFloat64(-2.25)) AS y

SELECT intDiv(NULL, true) AS x, toTypeName(x)

SELECT NULL <=> true, toTypeName(NULL <=> true)

SELECT NULL = CAST(3, 'Nullable(UInt8)'), NULL < CAST(3, 'Nullable(UInt8)'), NULL >= CAST(3, 'Nullable(UInt8)'), NULL != CAST(3, 'Nullable(UInt8)'), toTypeName(NULL = CAST(3, 'Nullable(UInt8)'))

SELECT coalesce(NULL,CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x), ifNull(NULL,CAST(3, 'Nullable(UInt8)')) AS y, toTypeName(y), nullIf(NULL,CAST(3, 'Nullable(UInt8)')) AS z, toTypeName(z)

SELECT CAST(3, 'Nullable(UInt8)') - toUInt8(200) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') = toInt8(-100), CAST(3, 'Nullable(UInt8)') < toInt8(-100), CAST(3, 'Nullable(UInt8)') >= toInt8(-100), CAST(3, 'Nullable(UInt8)') != toInt8(-100), toTypeName(CAST(3, 'Nullable(UInt8)') = toInt8(-100))

SELECT CAST(3, 'Nullable(UInt8)') <=> toInt8(-100), toTypeName(CAST(3, 'Nullable(UInt8)') <=> toInt8(-100))

SELECT greatest(CAST(3, 'Nullable(UInt8)'),toInt8(-100)) AS x, toTypeName(x), least(CAST(3, 'Nullable(UInt8)'),toInt8(-100)) AS y

SELECT CAST(3, 'Nullable(UInt8)') + toUInt16(60000) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') % toUInt16(60000) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') = toUInt16(60000), CAST(3, 'Nullable(UInt8)') < toUInt16(60000), CAST(3, 'Nullable(UInt8)') >= toUInt16(60000), CAST(3, 'Nullable(UInt8)') != toUInt16(60000), toTypeName(CAST(3, 'Nullable(UInt8)') = toUInt16(60000))

SELECT intDiv(CAST(3, 'Nullable(UInt8)'), toInt16(-5)) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') + toUInt32(4000000000) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') - toUInt32(4000000000) AS x, toTypeName(x)

SELECT if(materialize(1), CAST(3, 'Nullable(UInt8)'),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') + toInt32(-7) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') / toInt32(-7) AS x, toTypeName(x)

SELECT greatest(CAST(3, 'Nullable(UInt8)'),toInt32(-7)) AS x, toTypeName(x), least(CAST(3, 'Nullable(UInt8)'),toInt32(-7)) AS y

SELECT CAST(3, 'Nullable(UInt8)') + toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') % toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') * toFloat32(1.5) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') / toFloat32(1.5) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') = toFloat64(-2.25), CAST(3, 'Nullable(UInt8)') < toFloat64(-2.25), CAST(3, 'Nullable(UInt8)') >= toFloat64(-2.25), CAST(3, 'Nullable(UInt8)') != toFloat64(-2.25), toTypeName(CAST(3, 'Nullable(UInt8)') = toFloat64(-2.25))

SELECT greatest(CAST(3, 'Nullable(UInt8)'),toFloat64(-2.25)) AS x, toTypeName(x), least(CAST(3, 'Nullable(UInt8)'),toFloat64(-2.25)) AS y

SELECT CAST(3, 'Nullable(UInt8)') / toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') <=> toDecimal64('-1.5', 6), toTypeName(CAST(3, 'Nullable(UInt8)') <=> toDecimal64('-1.5', 6))

SELECT coalesce(CAST(3, 'Nullable(UInt8)'),toDecimal64('-1.5', 6)) AS x, toTypeName(x), ifNull(CAST(3, 'Nullable(UInt8)'),toDecimal64('-1.5', 6)) AS y, toTypeName(y), nullIf(CAST(3, 'Nullable(UInt8)'),toDecimal64('-1.5', 6)) AS z, toTypeName(z)

SELECT intDiv(CAST(3, 'Nullable(UInt8)'), true) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') <=> NULL, toTypeName(CAST(3, 'Nullable(UInt8)') <=> NULL)

SELECT toUInt8(200) + toDate('2024-02-29') AS x, toTypeName(x)

SELECT toUInt8(200) + toDate32('1950-06-15') AS x, toTypeName(x)

SELECT toUInt8(200) - toDate32('1950-06-15') AS x, toTypeName(x)

SELECT toUInt8(200) IN ('17'), toUInt8(200) BETWEEN '17' AND '17'

SELECT concat(toUInt8(200),toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toInt8(-100) - toFixedString('ab',4) AS x, toTypeName(x)

SELECT toInt8(-100) = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toInt8(-100) < toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toTypeName(toInt8(-100) = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT toInt8(-100) = toIPv6('::1'), toInt8(-100) < toIPv6('::1'), toTypeName(toInt8(-100) = toIPv6('::1'))

SELECT greatest(toUInt16(60000),toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT concat(toUInt16(60000),'17') AS x, toTypeName(x)

SELECT toUInt16(60000) - toFixedString('ab',4) AS x, toTypeName(x)

SELECT toUInt16(60000) = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toUInt16(60000) < toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toTypeName(toUInt16(60000) = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT concat(toUInt16(60000),CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT concat(toInt16(-5),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toInt16(-5) IN (toIPv6('::1')), toInt16(-5) BETWEEN toIPv6('::1') AND toIPv6('::1')

SELECT toInt16(-5) + CAST('a','Enum8(\'a\'=1,\'b\'=2)') AS x, toTypeName(x)

SELECT toUInt32(4000000000) - toDateTime('2024-10-27 02:30:15','Europe/Berlin') AS x, toTypeName(x)

SELECT toUInt32(4000000000) - 'abc' AS x, toTypeName(x)

SELECT toUInt32(4000000000) + '17' AS x, toTypeName(x)

SELECT toUInt32(4000000000) + toFixedString('ab',4) AS x, toTypeName(x)

SELECT concat(toUInt32(4000000000),toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT toInt32(-7) + toDate('2024-02-29') AS x, toTypeName(x)

SELECT concat(toInt32(-7),'abc') AS x, toTypeName(x)

SELECT toInt32(-7) - toLowCardinality('abc') AS x, toTypeName(x)

SELECT greatest(toInt32(-7),toIPv6('::1')) AS x, toTypeName(x)

SELECT concat(toUInt64(18446744073709551615),toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) - '17' AS x, toTypeName(x)

SELECT toUInt64(18446744073709551615) - toFixedString('ab',4) AS x, toTypeName(x)

SELECT concat(toUInt64(18446744073709551615),toFixedString('ab',4)) AS x, toTypeName(x)

SELECT concat(toUInt64(18446744073709551615),toIPv6('::1')) AS x, toTypeName(x)

SELECT toInt64(-9000000000000000000) = '17', toInt64(-9000000000000000000) < '17', toTypeName(toInt64(-9000000000000000000) = '17')

SELECT toInt64(-9000000000000000000) - '17' AS x, toTypeName(x)

SELECT greatest(toInt64(-9000000000000000000),toFixedString('ab',4)) AS x, toTypeName(x)

SELECT greatest(toFloat32(1.5),toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toFloat32(1.5) IN (toIPv4('10.0.0.1')), toFloat32(1.5) BETWEEN toIPv4('10.0.0.1') AND toIPv4('10.0.0.1')

SELECT concat(toFloat64(-2.25),toDate('2024-02-29')) AS x, toTypeName(x)

SELECT toFloat64(-2.25) = toDateTime('2024-10-27 02:30:15','Europe/Berlin'), toFloat64(-2.25) < toDateTime('2024-10-27 02:30:15','Europe/Berlin'), toTypeName(toFloat64(-2.25) = toDateTime('2024-10-27 02:30:15','Europe/Berlin'))

SELECT toFloat64(-2.25) = toLowCardinality('abc'), toFloat64(-2.25) < toLowCardinality('abc'), toTypeName(toFloat64(-2.25) = toLowCardinality('abc'))

SELECT concat(toFloat64(-2.25),CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT toDecimal32('12.345', 3) + toDate('2024-02-29') AS x, toTypeName(x)

SELECT greatest(toDecimal32('12.345', 3),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toDecimal32('12.345', 3) - toDateTime('2024-10-27 02:30:15','Europe/Berlin') AS x, toTypeName(x)

SELECT concat(toDecimal32('12.345', 3),toIPv6('::1')) AS x, toTypeName(x)

SELECT greatest(toDecimal32('12.345', 3),CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) + toDateTime('2024-10-27 02:30:15','Europe/Berlin') AS x, toTypeName(x)

SELECT toDecimal64('-1.5', 6) IN ('17'), toDecimal64('-1.5', 6) BETWEEN '17' AND '17'

SELECT toDecimal64('-1.5', 6) + toIPv6('::1') AS x, toTypeName(x)

SELECT true + toDate('2024-02-29') AS x, toTypeName(x)

SELECT concat(true,'17') AS x, toTypeName(x)

SELECT greatest(true,toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT true IN (toIPv6('::1')), true BETWEEN toIPv6('::1') AND toIPv6('::1')

SELECT NULL + toDate32('1950-06-15') AS x, toTypeName(x)

SELECT greatest(NULL,toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT if(materialize(1), NULL,toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT concat(NULL,toIPv4('10.0.0.1')) AS x, toTypeName(x)

SELECT NULL = CAST('a','Enum8(\'a\'=1,\'b\'=2)'), NULL < CAST('a','Enum8(\'a\'=1,\'b\'=2)'), toTypeName(NULL = CAST('a','Enum8(\'a\'=1,\'b\'=2)'))

SELECT concat(CAST(3, 'Nullable(UInt8)'),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT greatest(CAST(3, 'Nullable(UInt8)'),toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') = toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'), CAST(3, 'Nullable(UInt8)') < toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'), toTypeName(CAST(3, 'Nullable(UInt8)') = toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'))

SELECT CAST(3, 'Nullable(UInt8)') - 'abc' AS x, toTypeName(x)

SELECT greatest(CAST(3, 'Nullable(UInt8)'),'abc') AS x, toTypeName(x)

SELECT CAST(3, 'Nullable(UInt8)') = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), CAST(3, 'Nullable(UInt8)') < toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toTypeName(CAST(3, 'Nullable(UInt8)') = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT greatest(CAST(3, 'Nullable(UInt8)'),toIPv6('::1')) AS x, toTypeName(x)

SELECT toDate('2024-02-29') - toUInt8(200) AS x, toTypeName(x)

SELECT concat(toDate('2024-02-29'),toInt8(-100)) AS x, toTypeName(x)

SELECT greatest(toDate('2024-02-29'),toUInt32(4000000000)) AS x, toTypeName(x)

SELECT concat(toDate('2024-02-29'),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toDate('2024-02-29') - toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT toDate('2024-02-29') - NULL AS x, toTypeName(x)

SELECT greatest(toDate('2024-02-29'),toDate('2024-02-29')) AS x, toTypeName(x)

SELECT if(materialize(1), toDate('2024-02-29'),toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toDate('2024-02-29') + 'abc' AS x, toTypeName(x)

SELECT toDate('2024-02-29') - '17' AS x, toTypeName(x)

SELECT greatest(toDate('2024-02-29'),'17') AS x, toTypeName(x)

SELECT toDate('2024-02-29') IN ('17'), toDate('2024-02-29') BETWEEN '17' AND '17'

SELECT toDate('2024-02-29') IN (toLowCardinality('abc')), toDate('2024-02-29') BETWEEN toLowCardinality('abc') AND toLowCardinality('abc')

SELECT greatest(toDate('2024-02-29'),toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT greatest(toDate('2024-02-29'),toIPv6('::1')) AS x, toTypeName(x)

SELECT concat(toDate('2024-02-29'),CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT toDate32('1950-06-15') + toUInt16(60000) AS x, toTypeName(x)

SELECT concat(toDate32('1950-06-15'),toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT concat(toDate32('1950-06-15'),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toDate32('1950-06-15') + true AS x, toTypeName(x)

SELECT toDate32('1950-06-15') + NULL AS x, toTypeName(x)

SELECT greatest(toDate32('1950-06-15'),toDate('2024-02-29')) AS x, toTypeName(x)

SELECT greatest(toDate32('1950-06-15'),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toDate32('1950-06-15') = 'abc', toDate32('1950-06-15') < 'abc', toTypeName(toDate32('1950-06-15') = 'abc')

SELECT toDate32('1950-06-15') IN (toFixedString('ab',4)), toDate32('1950-06-15') BETWEEN toFixedString('ab',4) AND toFixedString('ab',4)

SELECT toDate32('1950-06-15') IN (toLowCardinality('abc')), toDate32('1950-06-15') BETWEEN toLowCardinality('abc') AND toLowCardinality('abc')

SELECT greatest(toDate32('1950-06-15'),toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) AS x, toTypeName(x)

SELECT toDate32('1950-06-15') IN (toIPv4('10.0.0.1')), toDate32('1950-06-15') BETWEEN toIPv4('10.0.0.1') AND toIPv4('10.0.0.1')

SELECT toDate32('1950-06-15') + toIPv6('::1') AS x, toTypeName(x)

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') + toInt8(-100) AS x, toTypeName(x)

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') - toInt32(-7) AS x, toTypeName(x)

SELECT greatest(toDateTime('2024-10-27 02:30:15','Europe/Berlin'),toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') = NULL, toDateTime('2024-10-27 02:30:15','Europe/Berlin') < NULL, toTypeName(toDateTime('2024-10-27 02:30:15','Europe/Berlin') = NULL)

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') IN (NULL), toDateTime('2024-10-27 02:30:15','Europe/Berlin') BETWEEN NULL AND NULL

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') IN (toDate('2024-02-29')), toDateTime('2024-10-27 02:30:15','Europe/Berlin') BETWEEN toDate('2024-02-29') AND toDate('2024-02-29')

SELECT concat(toDateTime('2024-10-27 02:30:15','Europe/Berlin'),toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toDateTime('2024-10-27 02:30:15','Europe/Berlin') < toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toTypeName(toDateTime('2024-10-27 02:30:15','Europe/Berlin') = toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT toDateTime('2024-10-27 02:30:15','Europe/Berlin') + toIPv6('::1') AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') + toUInt8(200) AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') = toUInt16(60000), toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') < toUInt16(60000), toTypeName(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') = toUInt16(60000))

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') - toUInt16(60000) AS x, toTypeName(x)

SELECT concat(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'),toUInt16(60000)) AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') - toUInt32(4000000000) AS x, toTypeName(x)

SELECT greatest(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') + true AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') - true AS x, toTypeName(x)

SELECT greatest(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'),true) AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') IN (NULL), toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') BETWEEN NULL AND NULL

SELECT if(materialize(1), toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'),toDate('2024-02-29')) AS x, toTypeName(x)

SELECT concat(toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin'),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') IN (toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') BETWEEN toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AND toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')

SELECT toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin') + CAST('a','Enum8(\'a\'=1,\'b\'=2)') AS x, toTypeName(x)

SELECT 'abc' - toUInt32(4000000000) AS x, toTypeName(x)

SELECT greatest('abc',toUInt32(4000000000)) AS x, toTypeName(x)

SELECT 'abc' + toFloat32(1.5) AS x, toTypeName(x)

SELECT 'abc' - toFloat64(-2.25) AS x, toTypeName(x)

SELECT if(materialize(1), 'abc',toFixedString('ab',4)) AS x, toTypeName(x)

SELECT 'abc' - toLowCardinality('abc') AS x, toTypeName(x)

SELECT greatest('abc',CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT '17' = toInt8(-100), '17' < toInt8(-100), toTypeName('17' = toInt8(-100))

SELECT greatest('17',toInt16(-5)) AS x, toTypeName(x)

SELECT greatest('17',toInt32(-7)) AS x, toTypeName(x)

SELECT '17' IN (toUInt64(18446744073709551615)), '17' BETWEEN toUInt64(18446744073709551615) AND toUInt64(18446744073709551615)

SELECT '17' IN (toFloat64(-2.25)), '17' BETWEEN toFloat64(-2.25) AND toFloat64(-2.25)

SELECT concat('17',toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT if(materialize(1), '17',NULL) AS x, toTypeName(x)

SELECT '17' - toDate('2024-02-29') AS x, toTypeName(x)

SELECT '17' IN (toDate32('1950-06-15')), '17' BETWEEN toDate32('1950-06-15') AND toDate32('1950-06-15')

SELECT greatest('17',toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT '17' + 'abc' AS x, toTypeName(x)

SELECT '17' + toFixedString('ab',4) AS x, toTypeName(x)

SELECT greatest('17',toIPv6('::1')) AS x, toTypeName(x)

SELECT toFixedString('ab',4) - toUInt16(60000) AS x, toTypeName(x)

SELECT toFixedString('ab',4) - toInt16(-5) AS x, toTypeName(x)

SELECT toFixedString('ab',4) + toUInt32(4000000000) AS x, toTypeName(x)

SELECT toFixedString('ab',4) - toInt32(-7) AS x, toTypeName(x)

SELECT toFixedString('ab',4) + toUInt64(18446744073709551615) AS x, toTypeName(x)

SELECT greatest(toFixedString('ab',4),toUInt64(18446744073709551615)) AS x, toTypeName(x)

SELECT toFixedString('ab',4) + toFloat32(1.5) AS x, toTypeName(x)

SELECT concat(toFixedString('ab',4),toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toFixedString('ab',4) - toDecimal64('-1.5', 6) AS x, toTypeName(x)

SELECT toFixedString('ab',4) - CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT concat(toFixedString('ab',4),CAST(3, 'Nullable(UInt8)')) AS x, toTypeName(x)

SELECT greatest(toFixedString('ab',4),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toFixedString('ab',4) = '17', toFixedString('ab',4) < '17', toTypeName(toFixedString('ab',4) = '17')

SELECT toFixedString('ab',4) = toIPv4('10.0.0.1'), toFixedString('ab',4) < toIPv4('10.0.0.1'), toTypeName(toFixedString('ab',4) = toIPv4('10.0.0.1'))

SELECT greatest(toLowCardinality('abc'),toInt32(-7)) AS x, toTypeName(x)

SELECT toLowCardinality('abc') - toFloat32(1.5) AS x, toTypeName(x)

SELECT concat(toLowCardinality('abc'),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toLowCardinality('abc') + toFloat64(-2.25) AS x, toTypeName(x)

SELECT toLowCardinality('abc') IN (toFloat64(-2.25)), toLowCardinality('abc') BETWEEN toFloat64(-2.25) AND toFloat64(-2.25)

SELECT concat(toLowCardinality('abc'),toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toLowCardinality('abc') + toDate('2024-02-29') AS x, toTypeName(x)

SELECT toLowCardinality('abc') - toDateTime('2024-10-27 02:30:15','Europe/Berlin') AS x, toTypeName(x)

SELECT toLowCardinality('abc') - '17' AS x, toTypeName(x)

SELECT if(materialize(1), toLowCardinality('abc'),toLowCardinality('abc')) AS x, toTypeName(x)

SELECT toLowCardinality('abc') - toLowCardinality('abc') AS x, toTypeName(x)

SELECT toLowCardinality('abc') - toIPv6('::1') AS x, toTypeName(x)

SELECT if(materialize(1), toLowCardinality('abc'),CAST('a','Enum8(\'a\'=1,\'b\'=2)')) AS x, toTypeName(x)

SELECT greatest(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),toUInt8(200)) AS x, toTypeName(x)

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') = toUInt64(18446744073709551615), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') < toUInt64(18446744073709551615), toTypeName(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') = toUInt64(18446744073709551615))

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') + toInt64(-9000000000000000000) AS x, toTypeName(x)

SELECT greatest(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),toInt64(-9000000000000000000)) AS x, toTypeName(x)

SELECT greatest(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),toDecimal32('12.345', 3)) AS x, toTypeName(x)

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') IN (true), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') BETWEEN true AND true

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') - CAST(3, 'Nullable(UInt8)') AS x, toTypeName(x)

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') - toDate('2024-02-29') AS x, toTypeName(x)

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') = toDate32('1950-06-15'), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') < toDate32('1950-06-15'), toTypeName(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') = toDate32('1950-06-15'))

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') + toDate32('1950-06-15') AS x, toTypeName(x)

SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') IN (toDateTime('2024-10-27 02:30:15','Europe/Berlin')), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') BETWEEN toDateTime('2024-10-27 02:30:15','Europe/Berlin') AND toDateTime('2024-10-27 02:30:15','Europe/Berlin')

SELECT greatest(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),'abc') AS x, toTypeName(x)

SELECT greatest(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'),'17') AS x, toTypeName(x)

SELECT greatest(toIPv4('10.0.0.1'),toDecimal64('-1.5', 6)) AS x, toTypeName(x)

SELECT toIPv4('10.0.0.1') + NULL AS x, toTypeName(x)

SELECT greatest(toIPv4('10.0.0.1'),NULL) AS x, toTypeName(x)

SELECT toIPv4('10.0.0.1') IN (NULL), toIPv4('10.0.0.1') BETWEEN NULL AND NULL

SELECT toIPv4('10.0.0.1') + toDate('2024-02-29') AS x, toTypeName(x)

SELECT greatest(toIPv4('10.0.0.1'),toDate32('1950-06-15')) AS x, toTypeName(x)

SELECT toIPv4('10.0.0.1') IN (toDate32('1950-06-15')), toIPv4('10.0.0.1') BETWEEN toDate32('1950-06-15') AND toDate32('1950-06-15')

SELECT greatest(toIPv4('10.0.0.1'),toDateTime('2024-10-27 02:30:15','Europe/Berlin')) AS x, toTypeName(x)

SELECT toIPv4('10.0.0.1') - toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS x, toTypeName(x)

SELECT greatest(toIPv6('::1'),toInt32(-7)) AS x, toTypeName(x)

SELECT toIPv6('::1') = toUInt64(18446744073709551615), toIPv6('::1') < toUInt64(18446744073709551615), toTypeName(toIPv6('::1') = toUInt64(18446744073709551615))

SELECT toIPv6('::1') IN (toInt64(-9000000000000000000)), toIPv6('::1') BETWEEN toInt64(-9000000000000000000) AND toInt64(-9000000000000000000)

SELECT toIPv6('::1') - toFloat32(1.5) AS x, toTypeName(x)

SELECT greatest(toIPv6('::1'),toFloat32(1.5)) AS x, toTypeName(x)

SELECT toIPv6('::1') + toFloat64(-2.25) AS x, toTypeName(x)

SELECT greatest(toIPv6('::1'),true) AS x, toTypeName(x)

SELECT toIPv6('::1') - NULL AS x, toTypeName(x)

SELECT toIPv6('::1') = toLowCardinality('abc'), toIPv6('::1') < toLowCardinality('abc'), toTypeName(toIPv6('::1') = toLowCardinality('abc'))

SELECT toIPv6('::1') + toLowCardinality('abc') AS x, toTypeName(x)

SELECT toIPv6('::1') IN (toIPv6('::1')), toIPv6('::1') BETWEEN toIPv6('::1') AND toIPv6('::1')

SELECT CAST('a','Enum8(\'a\'=1,\'b\'=2)') IN (toFloat32(1.5)), CAST('a','Enum8(\'a\'=1,\'b\'=2)') BETWEEN toFloat32(1.5) AND toFloat32(1.5)

SELECT CAST('a','Enum8(\'a\'=1,\'b\'=2)') + true AS x, toTypeName(x)

SELECT greatest(CAST('a','Enum8(\'a\'=1,\'b\'=2)'),toDateTime64('2024-03-31 01:59:59.123',3,'Europe/Berlin')) AS x, toTypeName(x)

SELECT CAST('a','Enum8(\'a\'=1,\'b\'=2)') - 'abc' AS x, toTypeName(x)

SELECT CAST('a','Enum8(\'a\'=1,\'b\'=2)') IN (toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), CAST('a','Enum8(\'a\'=1,\'b\'=2)') BETWEEN toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AND toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')
