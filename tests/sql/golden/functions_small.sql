SELECT divideOrNull(1,0), divideOrNull(1,2), toTypeName(divideOrNull(1,2)), intDivOrNull(1,0), toTypeName(intDivOrNull(1,2)), moduloOrNull(5,0), toTypeName(moduloOrNull(5,3)), positiveModuloOrNull(-5,3), positiveModuloOrNull(-5,0), toTypeName(positiveModuloOrNull(-5,3)), divideOrNull(1.5,0.), modOrNull(5,3), pmodOrNull(-1,3), positive_modulo_or_null(-7, 4)

SELECT divideOrNull(NULL,1), intDivOrNull(NULL,1), moduloOrNull(NULL,1), positiveModuloOrNull(NULL,1), modOrNull(NULL,1), pmodOrNull(1,NULL), positive_modulo_or_null(NULL,1), divideOrNull(6, number), intDivOrNull(6, number), moduloOrNull(6, number), positiveModuloOrNull(-6, number) FROM numbers(3)

SELECT divideOrNull('a',1)

SELECT intDivOrNull('a',1)

SELECT moduloOrNull('a',1)

SELECT positiveModuloOrNull(1)

SELECT modOrNull(1)

SELECT pmodOrNull(1)

SELECT positive_modulo_or_null('a', 1)

SELECT ifNotFinite(1/0,5), ifNotFinite(1.5,2), toTypeName(ifNotFinite(1/0,5)), ifNotFinite(nan,0), ifNotFinite(1,2)

SELECT ifNotFinite(number / (number - 1), -1.5) FROM numbers(3)

SELECT ifNotFinite('a',2)

SELECT sqr(3), toTypeName(sqr(3)), sqr(-1.5), toTypeName(sqr(toInt8(1))), sqr(NULL), sqr(number) FROM numbers(2)

SELECT sqr('a')

SELECT sqr(toNullable(3)), sqr(toDecimal32(1.5, 1))

SELECT timeDiff(toDateTime('2024-01-01 00:00:00'),toDateTime('2024-01-01 01:00:00')), toTypeName(timeDiff(toDateTime('2024-01-01 00:00:00'),toDateTime('2024-01-01 01:00:00'))), timeDiff(toDateTime64('2024-01-01 00:00:00.5',3),toDateTime('2024-01-01 01:00:00')), timeDiff(NULL,now())

SELECT timeDiff(1,2)

SELECT timeDiff(toDateTime('2024-01-01 00:00:00') + number * 10, toDateTime('2024-01-01 00:01:00')) FROM numbers(3)

SELECT notHas([1,2],1), notHas([1,2],3), notHas(['a',NULL],NULL), notHas([1],NULL), notHas(['a'], toString(number)) FROM numbers(2)

SELECT notHas(1,1)

SELECT notHas(NULL, 1)

SELECT notHas([], 1)

SELECT mapContainsValue(map('a',1),1), mapContainsValue(map('a',1),2), mapContainsKeyLike(map('abc',1,'d',2),'a%'), mapContainsKeyLike(map('abc',1),'x%'), mapContainsValueLike(map(1,'xyz'),'%y%'), mapExtractKeyLike(map('abc',1,'d',2,'ax',3),'a%'), mapExtractValueLike(map(1,'xyz',2,'q'),'%y%')

SELECT mapContainsValue(m, number), mapContainsKeyLike(m, 'k1%'), mapExtractKeyLike(m, '%' || toString(number)), mapExtractValueLike(mapApply((k, v) -> (k, toString(v)), m), '1%'), mapContainsValueLike(mapApply((k, v) -> (k, toString(v)), m), '2') FROM (SELECT number, map('k' || toString(number), number + 1, 'z', number) AS m FROM numbers(3))

SELECT mapContainsKeyLike(NULL,'a')

SELECT mapContainsValueLike(NULL,'a')

SELECT mapExtractKeyLike(NULL,'a')

SELECT mapExtractValueLike(NULL,'a')

SELECT mapContainsValue(map('a',NULL),NULL), mapExtractValueLike(map('a','x','b',''), 'x')

SELECT mapContainsValue(1,1)

SELECT mapContainsKeyLike(1,'a')

SELECT mapContainsValueLike(1,'a')

SELECT mapExtractKeyLike(1,'a')

SELECT mapExtractValueLike(1,'a')

SELECT toInterval(5,'hour'), toInterval(NULL,'hour'), toTypeName(toInterval(5,'quarter')), toDate('2024-01-31') + toInterval(number, 'month') FROM numbers(2)

SELECT toInterval(5,'x')

SELECT toInterval([5],'day')

SELECT tumble(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 15 SECOND), tumbleStart(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 15 SECOND), tumbleEnd(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 15 SECOND), hop(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 5 SECOND, INTERVAL 15 SECOND), hopStart(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 5 SECOND, INTERVAL 15 SECOND), hopEnd(toDateTime('2024-01-01 00:00:10','UTC'), INTERVAL 5 SECOND, INTERVAL 15 SECOND)

SELECT tumble(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 DAY), tumbleStart(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 MONTH), tumble(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 WEEK), tumbleEnd(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 YEAR), tumbleStart(tumble(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 DAY)), hopEnd(hop(toDateTime('2024-01-17 10:00:10','UTC'), INTERVAL 1 HOUR, INTERVAL 3 HOUR))

SELECT tumble(t, INTERVAL 10 MINUTE), hop(t, INTERVAL 10 MINUTE, INTERVAL 20 MINUTE), hop(t, INTERVAL 7 MINUTE, INTERVAL 20 MINUTE) FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 777 AS t FROM numbers(5))

SELECT tumbleStart(t, INTERVAL 1 HOUR) AS w, count() FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 1777 AS t FROM numbers(5)) GROUP BY w ORDER BY w

SELECT tumble(NULL, INTERVAL 1 DAY), tumbleStart(NULL, INTERVAL 1 DAY), tumbleEnd(NULL, INTERVAL 1 DAY), hop(NULL, INTERVAL 1 DAY, INTERVAL 1 DAY), hopStart(NULL, INTERVAL 1 DAY, INTERVAL 1 DAY), hopEnd(NULL, INTERVAL 1 DAY, INTERVAL 1 DAY)

SELECT tumble(1, INTERVAL 1 DAY)

SELECT tumble(now(), 1)

SELECT tumble(now(), INTERVAL 0 DAY)

-- weir: DateTime64 may be asked about
SELECT tumbleStart(toDateTime64('2024-01-01 00:00:00',3), INTERVAL 1 SECOND)

SELECT tumbleEnd(1, INTERVAL 1 DAY)

SELECT hop(now(), 1, 2)

SELECT hopStart(now(), INTERVAL 0 DAY, INTERVAL 1 DAY)

SELECT hopEnd(1, INTERVAL 0 DAY, INTERVAL 1 DAY)

SELECT transform(2,[1,2,3],['a','b','c'],'z'), transform(5,[1,2,3],['a','b','c'],'z'), transform(2,[1,2],[10,20]), transform(5,[1,2],[10,20]), transform('a',['a','b'],['x','y']), toTypeName(transform(2,[1,2],[10,20])), toTypeName(transform(2,[1,2],[1000,20],5)), transform(NULL,[1,2],['a','b'],'z'), transform(NULL,[1,NULL],['a','b'],'z')

SELECT transform(number, [2,4,6],['two','four',NULL],'other'), transform(number,[1.0,2.5],[5,6],0), transform(toString(number),['1'],['one'],toString(number*2)), transform(number,[-1,1],['a','b'],'c'), transform(toInt8(number),[1,300],['a','b'],'c'), transform(number,[1,1],['a','b'],'c') FROM numbers(5)

SELECT transform(toInt8(number),[1,2],[1000,-2],0), toTypeName(transform(toInt8(number),[1,2],[1000,-2],0)), transform(toFloat64(number),[1,2],['x','y'],'z'), transform(number,[1,2],[toDate('2024-01-01'),toDate('2024-01-02')],toDate('2024-01-03')), transform(number,[1,2],['a','b'],NULL), transform(number, [1],[NULL],5) FROM numbers(3)

SELECT transform(if(number=1,NULL,number),[0,NULL],['a','b'],'c'), transform(if(number=1,NULL,number),[0,5],['a','b'],'c'), transform(if(number=1,NULL,number),[0,-5],['a','b'],'c') FROM numbers(3)

SELECT transform(toLowCardinality('a'),['a'],['b'],'c'), toTypeName(transform(toLowCardinality('a'),['a'],['b'],'c')), transform(toDate('2024-01-01'),[toDate('2024-01-01')],['x'],'y'), transform(CAST('a','Enum8(\'a\'=1)'),['a'],['b'],'c'), transform(toDecimal32(1.5,2),[1.5],['x'],'y'), transform('1',[1],['x'],'y'), transform(1,[],[],'a')

SELECT transform(1,[1,2],[1],0)

SELECT transform(1,['a'],[1],0)

SELECT transform(1,[1],['a'],2)

SELECT transform(1,[1],['a'])

SELECT transform(1,1,2,3)

SELECT transform(1,[1],materialize(['a']),'b')

SELECT transform(number,[1,2],[-1,-2]) FROM numbers(2)

SELECT transform([1],[[1]],[[2]],[3])

SELECT transform(1)

SELECT clamp(5,1,3), clamp(0,1,3), toTypeName(clamp(5,1,3)), clamp(2,1.5,3), clamp('b','a','c'), clamp(NULL,1,2), clamp(1,NULL,2), toTypeName(clamp(1,1.5,3)), clamp([1],[2],[3]), clamp(toNullable(5),1,3), clamp(toDate('2024-01-05'),toDate('2024-01-01'),toDate('2024-01-03'))

SELECT clamp(number, 1, 2), clamp(toInt8(number), 1, 300), clamp(if(number = 1, NULL, number), 2, 3) FROM numbers(5)

SELECT clamp(1,3,2)

SELECT clamp(1,'a',2)

SELECT roundDown(5,[1,3,7]), roundDown(0,[1,3]), toTypeName(roundDown(5,[1,3,7])), roundDown(5.5,[1.5,3.5]), roundDown(10,[3,1]), roundDown(toNullable(5),[1]), roundDown(NULL,[1]), roundDown(-5,[1,3]), toTypeName(roundDown(5,[1000]))

SELECT roundDown(number, [1, 3, 5]) FROM numbers(7)

SELECT roundDown(1,['a'])

SELECT roundDown(1,materialize([1]))

SELECT roundDown(1,1)

SELECT roundDown('a',[1])

SELECT roundDown(5,[])

SELECT firstNonDefault(0,NULL,5), toTypeName(firstNonDefault(0,NULL,5)), firstNonDefault('','a'), firstNonDefault(0,0), firstNonDefault([],[1]), toTypeName(firstNonDefault(0,300)), firstNonDefault('',toNullable('x')), firstNonDefault(NULL,NULL), firstNonDefault(0)

SELECT firstNonDefault(number, 7), firstNonDefault(if(number = 1, NULL, number), 9) FROM numbers(3)

SELECT firstNonDefault()

SELECT firstNonDefault(0,'a')

SELECT timeSlots(toDateTime('2024-01-01 12:20:00','UTC'), toUInt32(600)), timeSlots(toDateTime('1980-12-12 21:01:44', 'UTC'), toUInt32(600), 299), timeSlots(toDateTime64('1980-12-12 21:01:44.1234', 4, 'UTC'), toDecimal64(600.1, 1), toDecimal64(299, 0)), toTypeName(timeSlots(toDateTime64('1980-12-12 21:01:44.1234', 4, 'UTC'), toDecimal64(600.1, 1), toDecimal64(299, 0)))

SELECT timeSlots(toDateTime('2024-01-01 12:20:00','UTC') + number * 100, toUInt32(number * 1000)), timeSlots(toDateTime64('2024-01-01 12:20:00.5', 1, 'UTC'), toDecimal64(600.25, 2)) FROM numbers(3)

SELECT timeSlots(toDateTime('2024-01-01 12:20:00','UTC'), 600)

SELECT timeSlots(toDateTime('2024-01-01 12:20:00','UTC'), toUInt32(600), 0)

SELECT timeSlots(NULL, toUInt32(600))

SELECT timeSlots(1, toUInt32(600))

SELECT toStartOfMillisecond(toDateTime64('2024-01-01 00:00:00.123456',6,'UTC')), toStartOfMicrosecond(toDateTime64('2024-01-01 00:00:00.123456789',9,'UTC')), toStartOfNanosecond(toDateTime64('2024-01-01 00:00:00.123',3,'UTC')), toStartOfMillisecond(toDateTime64('2024-01-01 00:00:00.1',1,'UTC')), toStartOfMillisecond(toDateTime64('1960-01-01 00:00:00.123456',6,'UTC'))

SELECT toStartOfMillisecond(NULL), toStartOfMicrosecond(NULL), toStartOfNanosecond(NULL), toStartOfMillisecond(toNullable(toDateTime64('2024-01-01 00:00:00.123456',6,'UTC'))), toStartOfMicrosecond(materialize(toDateTime64('2024-01-01 00:00:00.123',3,'UTC'))), toStartOfNanosecond(materialize(toDateTime64('2024-01-01 00:00:00.123',3,'UTC')))

SELECT toStartOfMillisecond(toDateTime('2024-01-01 00:00:00'))

SELECT toStartOfMicrosecond(toDate('2024-01-01'))

SELECT toStartOfNanosecond(1)

SELECT toUTCTimestamp(toDateTime('2024-01-01 00:00:00'),'Asia/Shanghai'), fromUTCTimestamp(toDateTime('2024-01-01 00:00:00'),'Asia/Shanghai'), toTypeName(toUTCTimestamp(toDateTime('2024-01-01 00:00:00'),'Asia/Shanghai')), toUTCTimestamp(toDateTime64('2024-01-01 00:00:00.123',3),'America/New_York'), to_utc_timestamp(toDateTime('2024-07-01 00:00:00'), 'Europe/Berlin'), from_utc_timestamp(toDateTime64('2024-07-01 00:00:00.5',1),'America/New_York')

SELECT toUTCTimestamp(NULL,'Asia/Shanghai'), fromUTCTimestamp(NULL,'Asia/Shanghai'), to_utc_timestamp(NULL,'UTC'), from_utc_timestamp(NULL,'UTC'), toUTCTimestamp(toDateTime('2024-03-31 00:00:00') + number * 3600,'Europe/Berlin'), fromUTCTimestamp(toDateTime('2024-03-31 00:00:00') + number * 3600,'Europe/Berlin') FROM numbers(4)

SELECT toUTCTimestamp(toDateTime('2024-01-01 00:00:00','UTC'),'Asia/Shanghai')

SELECT toUTCTimestamp(1,'UTC')

SELECT to_utc_timestamp(now(),'x')

SELECT fromUTCTimestamp(now(),materialize('UTC'))

SELECT from_utc_timestamp(now(), 1)

SELECT accurateCast(5,'UInt8'), accurateCast('5','Int32'), toTypeName(accurateCast(5,'Nullable(Int8)')), accurateCast(toNullable(5),'UInt8'), accurateCast(toNullable(5),'Nullable(UInt8)'), accurateCast(NULL,'Nullable(UInt8)'), accurateCast(number, 'Int8') FROM numbers(2)

SELECT accurateCast(300,'UInt8')

SELECT accurateCast('x','UInt8')

SELECT accurateCast(NULL,'UInt8')

SELECT accurateCast(1.5,'UInt8')

SELECT accurateCast(5)

SELECT accurateCast(5,1)

SELECT accurateCastOrDefault(300,'UInt8'), accurateCastOrDefault(300,'UInt8',7), accurateCastOrDefault('x','Int32'), toTypeName(accurateCastOrDefault(5,'UInt8')), accurateCastOrDefault('x','Date'), accurateCastOrDefault('x','String'), accurateCastOrDefault(1.5,'Int8'), accurateCastOrDefault(NULL,'UInt8'), accurateCastOrDefault(NULL,'UInt8',toUInt8(5)), accurateCastOrDefault('x','Nullable(UInt8)')

SELECT accurateCastOrDefault(number * 200, 'UInt8', toUInt8(number)), accurateCastOrDefault(toString(number) || if(number = 1, 'x', ''), 'Int16') FROM numbers(3)

SELECT accurateCastOrDefault(300,'UInt8',toUInt16(7))

SELECT accurateCastOrDefault(300,'UInt8','a')

SELECT reinterpret(1,'Float32'), reinterpretAsUInt8('a'), reinterpretAsUInt64('ab'), reinterpretAsInt16('abc'), reinterpretAsFloat64('abcdefgh'), reinterpretAsString(1635), hex(reinterpretAsString(toUInt32(65))), hex(reinterpretAsFixedString(toUInt16(1))), toTypeName(reinterpretAsFixedString(toUInt16(1))), reinterpretAsDate('ab'), reinterpretAsDateTime('abcd'), reinterpretAsUUID('0123456789abcdef'), reinterpretAsInt128('ab'), reinterpretAsFloat32(toUInt32(1065353216)), reinterpretAsInt8(toUInt8(255)), reinterpretAsUInt32(toInt8(-1)), reinterpretAsInt64(1.5), reinterpretAsUInt16('xy'), reinterpretAsInt32('x'), reinterpretAsUInt128('xyz')

SELECT hex(reinterpretAsString(toDate('2024-01-01'))), hex(reinterpretAsString('abc')), hex(reinterpretAsString(1.5)), hex(reinterpretAsString(toUInt64(256))), reinterpretAsUInt64(toFixedString('ab',3)), reinterpret(toInt8(-1),'UInt8'), toTypeName(reinterpretAsInt64(NULL)), hex(reinterpretAsString(0)), reinterpretAsUInt16(toUInt64(65537)), reinterpretAsUInt64(toUInt8(3)), reinterpretAsUInt8(toUInt64(259)), reinterpretAsInt32(''), reinterpretAsUUID(1), reinterpret(toUInt32(65),'FixedString(2)'), reinterpret(toUInt32(65),'DateTime'), reinterpret(toUInt64(65),'DateTime64(3)')

SELECT reinterpret(NULL,'Float32'), reinterpretAsUInt8(NULL), reinterpretAsUInt16(NULL), reinterpretAsUInt32(NULL), reinterpretAsUInt64(NULL), reinterpretAsUInt128(NULL), reinterpretAsInt8(NULL), reinterpretAsInt16(NULL), reinterpretAsInt32(NULL), reinterpretAsInt64(NULL), reinterpretAsInt128(NULL), reinterpretAsFloat32(NULL), reinterpretAsFloat64(NULL), reinterpretAsDate(NULL), reinterpretAsDateTime(NULL), reinterpretAsUUID(NULL), reinterpretAsString(NULL), reinterpretAsFixedString(NULL)

SELECT reinterpretAsString(number + 65), reinterpretAsUInt8(toString(number)), reinterpretAsInt16(number), hex(reinterpretAsFixedString(toUInt16(number))), reinterpretAsUInt64(if(number = 1, NULL, 'a')) FROM numbers(3)

SELECT reinterpret(1,'Array(Int8)')

SELECT reinterpret('abc',1)

SELECT reinterpret(toIPv4('1.2.3.4'),'UInt32')

SELECT reinterpret('abc','FixedString(3)')

SELECT reinterpretAsFixedString('abc')

SELECT reinterpretAsUInt8()

SELECT reinterpretAsUInt16([1])

SELECT reinterpretAsUInt32([1])

SELECT reinterpretAsUInt64([1])

SELECT reinterpretAsUInt128([1])

SELECT reinterpretAsInt8([1])

SELECT reinterpretAsInt16([1])

SELECT reinterpretAsInt32([1])

SELECT reinterpretAsInt64([1])

SELECT reinterpretAsInt128([1])

SELECT reinterpretAsFloat32([1])

SELECT reinterpretAsFloat64([1])

SELECT reinterpretAsDate([1])

SELECT reinterpretAsDateTime([1])

SELECT reinterpretAsUUID([1])

SELECT reinterpretAsString()

SELECT toDecimalString(2.1456,2), toDecimalString(5,3), toDecimalString(toDecimal32(1.5,2),3), toDecimalString(toFloat32(1.1),5), toDecimalString(5,0), toDecimalString(-1.999,2), toDecimalString(1e20,1), toDecimalString(NULL,1), toDecimalString(toInt64(-5),2), toDecimalString(toDecimal32(1.555,3),2), toDecimalString(toDecimal32(-1.555,3),1), toDecimalString(toFloat32(1.1),10), toDecimalString(0.5,0), toDecimalString(1.5,0), toDecimalString(2.5,0), toDecimalString(nan,2), toDecimalString(toUInt128(5),2)

SELECT toDecimalString(number / 3, 4), toDecimalString(-number, 2), toDecimalString(toDecimal64(number, 3) / 7, 2) FROM numbers(4)

SELECT toDecimalString(1.5,100)

SELECT toDecimalString(1.5,61)

SELECT toDecimalString('2.1',2)

SELECT toDecimalString(1.5,materialize(2))

SELECT date_bin(toDateTime('2024-01-01 10:10:10'), INTERVAL 1 HOUR), date_bin(NULL, INTERVAL 1 HOUR)

SELECT date_bin(1, INTERVAL 1 HOUR)

SELECT date_bin(toDateTime('2024-01-01 10:10:10', 'UTC') + number * 1000, INTERVAL 10 MINUTE) FROM numbers(3)

SELECT toDateTime32('2024-01-01 00:00:00'), toDateTime32(NULL), toDateTime32(5), toDateTime32('2024-01-01 00:00:00', 'Asia/Tokyo')

SELECT toDateTime32('x')

SELECT toDateTime32(toDate('2024-01-01'))

SELECT toTypeName(localtimestamp()), localtimestamp() > toDateTime('2020-01-01 00:00:00')

SELECT localtimestamp('x')

SELECT localtimestamp() - localtimestamp()
