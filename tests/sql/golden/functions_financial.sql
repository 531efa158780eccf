SELECT financialNetPresentValue(0.08, [-40000., 5000., 8000., 12000., 30000.]) as x, toTypeName(x)

SELECT financialNetPresentValue(0.08, [-40000., 5000., 8000., 12000., 30000.], false)

SELECT financialNetPresentValue(0.08, [-40000., 5000., 8000., 12000., 30000.], true)

SELECT financialNetPresentValue(0.08, [-40000, 5000, 8000, 12000, 30000])

SELECT financialNetPresentValue(1, [-40000, 5000])

SELECT financialNetPresentValue(-1, [-40000, 5000])

SELECT financialNetPresentValue(-2, [-40000, 5000])

SELECT financialNetPresentValue(0, [])

SELECT financialNetPresentValue(0, [1])

SELECT financialNetPresentValue(0, CAST([], 'Array(Float64)'))

SELECT financialNetPresentValue('a', [1])

SELECT financialNetPresentValue(0.1, 1)

SELECT financialNetPresentValue(0.1, ['a'])

SELECT financialNetPresentValue(0.1, [NULL])

SELECT financialNetPresentValue(0.1, [1,NULL])

SELECT financialNetPresentValue(NULL, [1])

SELECT financialNetPresentValue(0.1, [1], 2)

SELECT financialNetPresentValue(0.1, [1], 'a')

SELECT financialNetPresentValue(0.1, [1], NULL)

SELECT financialNetPresentValue(0.1)

SELECT financialNetPresentValue(0.1,[1],1,1)

SELECT financialNetPresentValue(toDecimal32(0.1,2), [1])

SELECT financialNetPresentValue(0.1, [toDecimal32(1,2)])

SELECT financialNetPresentValue(0.1, [toInt128(1)])

SELECT financialNetPresentValue(number/10, [number, 2]) from numbers(3)

SELECT financialNetPresentValue(toFloat32(0.1), [toFloat32(1)]) as x, toTypeName(x)

SELECT financialNetPresentValue(nan, [1.,2.]), financialNetPresentValue(inf, [1.,2.])

SELECT financialNetPresentValue(0.1, [nan,inf])

SELECT financialNetPresentValue(0.1, [1.,2.], materialize(true)), financialNetPresentValue(materialize(0.1), [1.,2.], number=0) from numbers(2)

SELECT financialNetPresentValue(toNullable(0.1), [1.,2.]) as x, toTypeName(x)

SELECT financialNetPresentValue(0.1, [1.,2.], toNullable(true)) as x, toTypeName(x)

SELECT financialNetPresentValue(0.1, [true]) as x

SELECT financialNetPresentValue(true, [1]) as x

SELECT financialNetPresentValue(toUInt8(1), [1]) as x

SELECT financialNetPresentValue(0.1, [1,2], toUInt16(1)) as x

SELECT financialNetPresentValue(0.1, [1,2], toInt8(1)) as x

SELECT financialNetPresentValueExtended(0.1, [-10000., 5750., 4250., 3250.], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')]) as x, toTypeName(x)

SELECT financialNetPresentValueExtended(0.1, [-10000., 5750., 4250., 3250.], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')],'ACT_365_25')

SELECT financialNetPresentValueExtended(0.1, [-10000., 5750., 4250., 3250.], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')],'ACT_365F')

SELECT financialNetPresentValueExtended(0.1, [-10000., 5750., 4250., 3250.], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')],'ACT_360')

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDate32('2020-01-01'), toDate32('2020-03-01')])

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDateTime('2020-01-01'), toDateTime('2020-03-01')])

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDate('2020-01-01')])

SELECT financialNetPresentValueExtended(0.1, [-10000], [toDate('2020-01-01')])

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDate('2020-03-01'), toDate('2020-01-01')])

SELECT financialNetPresentValueExtended(0.1, [10000, 5750], [toDate('2020-01-01'), toDate('2020-01-02')])

SELECT financialNetPresentValueExtended(-1, [-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')])

SELECT financialNetPresentValueExtended(-2, [-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')])

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [1,2])

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')], 1)

SELECT financialNetPresentValueExtended(0.1, [-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')], materialize('ACT_365F'))

SELECT financialNetPresentValueExtended(0.1, [], [])

SELECT financialNetPresentValueExtended(0.1, CAST([],'Array(Int8)'), CAST([],'Array(Date)'))

SELECT financialInternalRateOfReturn([-100, 39, 59, 55, 20]) as x, toTypeName(x)

SELECT financialInternalRateOfReturn([-100., 39., 59., 55., 20.])

SELECT financialInternalRateOfReturn([-100., 39., 59., 55., 20.], 0.1)

SELECT financialInternalRateOfReturn([100, 39, 59, 55, 20])

SELECT financialInternalRateOfReturn([-100])

SELECT financialInternalRateOfReturn([])

SELECT financialInternalRateOfReturn(CAST([],'Array(Float32)'))

SELECT financialInternalRateOfReturn([0,0])

SELECT financialInternalRateOfReturn([-100,100])

SELECT financialInternalRateOfReturn([-100,10])

SELECT financialInternalRateOfReturn([-100,1000000])

SELECT financialInternalRateOfReturn([100,-110])

SELECT financialInternalRateOfReturn([-100, 39, 59, 55, 20], 5)

SELECT financialInternalRateOfReturn([-100, 39, 59, 55, 20], -2)

SELECT financialInternalRateOfReturn([-100, 230, -132])

SELECT financialInternalRateOfReturn([-100, 230, -132], 0.05)

SELECT financialInternalRateOfReturn([-100, 230, -132], 0.25)

SELECT financialInternalRateOfReturn([-100, 230, -132], 0.15)

SELECT financialInternalRateOfReturn([nan, 230, -132]) AS x

SELECT financialInternalRateOfReturn([-1e300, 1e300])

SELECT financialInternalRateOfReturn('a')

SELECT financialInternalRateOfReturn(['a'])

SELECT financialInternalRateOfReturn([-1,2], 'a')

SELECT financialInternalRateOfReturn([-1,2], NULL)

SELECT financialInternalRateOfReturn([-1,2], 1, 2)

SELECT financialInternalRateOfReturn()

SELECT financialInternalRateOfReturn([toInt64(-1),toInt64(number)]) from numbers(4)

SELECT financialInternalRateOfReturn([toFloat64(-10),number+9.], materialize(0.1)) from numbers(4)

SELECT financialInternalRateOfReturn([-1,2,NULL])

SELECT financialInternalRateOfReturn(NULL)

SELECT financialInternalRateOfReturn([-100, 39, 59, 55, 20], 0), financialInternalRateOfReturn([-100, 39, 59, 55, 20], 1), financialInternalRateOfReturn([-100, 39, 59, 55, 20], -0.5)

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 4250, 3250], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')]) as x, toTypeName(x)

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 4250, 3250], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')], 0.2)

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 4250, 3250], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')], 0.1, 'ACT_365_25')

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 4250, 3250], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')], 0.1, 'ACT_360')

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 4250, 3250], [toDate('2020-01-01'), toDate('2020-03-01'), toDate('2020-10-30'), toDate('2021-02-15')], 0.1, 'x')

SELECT financialInternalRateOfReturnExtended([-10000, 5750], [toDate('2020-01-01'), toDate('2020-01-01')])

SELECT financialInternalRateOfReturnExtended([-10000, 5750], [toDate('2020-03-01'), toDate('2020-01-01')])

SELECT financialInternalRateOfReturnExtended([-10000, 5750, 3], [toDate('2020-03-01'), toDate('2020-01-01')])

SELECT financialInternalRateOfReturnExtended([-10000], [toDate('2020-03-01')])

SELECT financialInternalRateOfReturnExtended([10000, 1], [toDate('2020-03-01'),toDate('2021-03-01')])

SELECT financialInternalRateOfReturnExtended(CAST([],'Array(Int8)'), CAST([],'Array(Date)'))

SELECT financialInternalRateOfReturn([toInt8(-100), -50, 39, 59, 55, 20, 10]), financialInternalRateOfReturn([toFloat32(-100), 39.5, 70.25, 20]), financialInternalRateOfReturn([-1000, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 1000])

SELECT number, round(financialInternalRateOfReturn([toFloat64(-1000), number * 100., 300., 200. + number]), 12) FROM numbers(12)

SELECT number, round(financialInternalRateOfReturnExtended([toFloat64(-1000), number * 100., 300., 200. + number], [toDate32('2020-01-31'), toDate32('2020-03-01') + number, toDate32('2021-03-01'), toDate32('2023-12-01')]), 12) FROM numbers(12)

SELECT financialInternalRateOfReturnExtended([-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')], toFloat32(0.25)) AS x

SELECT financialInternalRateOfReturnExtended([-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')], 1)

SELECT financialInternalRateOfReturnExtended([-10000, 5750], [toDate('2020-01-01'), toDate('2020-03-01')], materialize(0.1))

SELECT financialInternalRateOfReturnExtended([-10000, 5750], toDate('2020-01-01'))

SELECT financialInternalRateOfReturnExtended([-10000, 5750])

SELECT financialNetPresentValueExtended(0.1, NULL, [toDate('2020-01-01')]), financialNetPresentValueExtended(NULL, [-1], [toDate('2020-01-01')])
