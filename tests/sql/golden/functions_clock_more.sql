SELECT toTypeName(nowInBlock()), toTypeName(nowInBlock('UTC')), toTypeName(nowInBlock64()), toTypeName(nowInBlock64(6)), toTypeName(nowInBlock64(6,'Asia/Tokyo')), toTypeName(nowInBlock64(9)), toTypeName(nowInBlock64(0))

SELECT nowInBlock() > toDateTime('2026-01-01 00:00:00'), nowInBlock64(9) > toDateTime64('2026-01-01 00:00:00', 9), nowInBlock64(0) <= nowInBlock64(6), max(nowInBlock()) >= min(nowInBlock()) FROM numbers(3) GROUP BY ALL

SELECT nowInBlock(1)

SELECT nowInBlock(1,2)

SELECT nowInBlock(NULL)

SELECT nowInBlock('nowhere')

SELECT nowInBlock(toString(number)) from numbers(2)

SELECT toTypeName(nowInBlock64('UTC'))

SELECT toTypeName(nowInBlock64(10))

SELECT toTypeName(nowInBlock64(-1))

SELECT toTypeName(nowInBlock64(NULL))

SELECT toTypeName(nowInBlock64(3,NULL))

SELECT nowInBlock64(3,'UTC',1)

SELECT nowInBlock64(number) from numbers(2)

SELECT nowInBlock64(3,4)

SELECT nowInBlock64(3,toString(number)) from numbers(2)

SELECT toTypeName(nowInBlock64(toUInt64(3)))

SELECT toTypeName(nowInBlock64(1.5))

SELECT NowInBlock()

SELECT toTypeName(randConstant()), toTypeName(randConstant(NULL)), toTypeName(randConstant('a'))

SELECT randConstant(1,2)

SELECT randConstant(number)=randConstant(number) from numbers(3)

SELECT uniq(randConstant()) from numbers(30)

SELECT uniq(randConstant(number)) from numbers(30)

SELECT isConstant(randConstant()), isConstant(randConstant(1))

SELECT isConstant(nowInBlock()), isConstant(generateSnowflakeID())

SELECT randConstant(1)=randConstant(2), randConstant()=randConstant()

SELECT toTypeName(generateSnowflakeID()), toTypeName(generateSnowflakeID(1)), toTypeName(generateSnowflakeID(1,2)), toTypeName(generateSnowflakeID(NULL))

SELECT generateSnowflakeID(1,2,3)

SELECT generateSnowflakeID('a') > 7000000000000000000

SELECT generateSnowflakeID('a','b')

SELECT generateSnowflakeID(1,-1)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,5),12),1023)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,5000),12),1023)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,number),12),1023) from numbers(2)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,NULL),12),1023)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,toNullable(5)),12),1023)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,materialize(5)),12),1023)

SELECT bitAnd(bitShiftRight(generateSnowflakeID(1,1.7),12),1023)

SELECT uniqExact(generateSnowflakeID()) from numbers(10000)

SELECT toTypeName(dateTimeToUUIDv7(now()))

SELECT dateTimeToUUIDv7(toDateTime64('2024-01-01 00:00:00.123',3))

SELECT substring(toString(dateTimeToUUIDv7(toDateTime('2024-01-01 00:00:00','UTC'))),1,15)

SELECT dateTimeToUUIDv7(toDate('2024-01-01'))

SELECT dateTimeToUUIDv7(1)

SELECT dateTimeToUUIDv7('a')

SELECT dateTimeToUUIDv7()

SELECT dateTimeToUUIDv7(now(),1)

SELECT dateTimeToUUIDv7(NULL)

SELECT dateTimeToUUIDv7(toNullable(now()))

SELECT count(distinct dateTimeToUUIDv7(toDateTime(7))) from numbers(10000)

SELECT UUIDv7ToDateTime(dateTimeToUUIDv7(toDateTime(4000000000+number,'UTC')),'UTC') from numbers(3)

SELECT toTypeName(addInterval(INTERVAL 1 DAY, INTERVAL 1 DAY)), addInterval(INTERVAL 1 DAY, INTERVAL 2 DAY), addInterval(INTERVAL 1 DAY, INTERVAL 2 MONTH), toTypeName(addInterval(INTERVAL 1 DAY, INTERVAL 2 MONTH))

SELECT toTypeName(subtractInterval(INTERVAL 1 DAY, INTERVAL 1 DAY)), subtractInterval(INTERVAL 1 DAY, INTERVAL 2 DAY), subtractInterval(INTERVAL 1 DAY, INTERVAL 2 MONTH), toTypeName(subtractInterval(INTERVAL 1 DAY, INTERVAL 2 MONTH))

SELECT addInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH), INTERVAL 3 MONTH) as x, toTypeName(x)

SELECT addInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH), INTERVAL 3 DAY) as x, toTypeName(x)

SELECT addInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH), INTERVAL 3 YEAR) as x, toTypeName(x)

SELECT subtractInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH), INTERVAL 3 MONTH) as x, toTypeName(x)

SELECT subtractInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH), INTERVAL 3 YEAR) as x, toTypeName(x)

SELECT addInterval(INTERVAL 3 YEAR,(INTERVAL 1 DAY, INTERVAL 2 MONTH)) as x, toTypeName(x)

SELECT addInterval((INTERVAL 1 DAY, INTERVAL 2 MONTH),(INTERVAL 1 DAY, INTERVAL 2 MONTH)) as x, toTypeName(x)

SELECT addInterval(1, INTERVAL 1 DAY)

SELECT addInterval(INTERVAL 1 DAY, 1)

SELECT addInterval(now(), INTERVAL 1 DAY)

SELECT addInterval(INTERVAL 1 DAY)

SELECT addInterval((1,2), INTERVAL 1 DAY)

SELECT addInterval((INTERVAL 1 DAY,2), INTERVAL 1 DAY)

SELECT addInterval((2,INTERVAL 1 DAY), INTERVAL 1 DAY)

SELECT addInterval((), INTERVAL 1 DAY) as x, toTypeName(x)

SELECT addInterval(tuple(INTERVAL 1 DAY), INTERVAL 1 DAY) as x, toTypeName(x)

SELECT addInterval(INTERVAL number DAY, INTERVAL 1 DAY) from numbers(2)

SELECT addInterval(INTERVAL 9223372036854775807 DAY, INTERVAL 1 DAY)

SELECT addInterval(NULL, INTERVAL 1 DAY)

SELECT addInterval(INTERVAL -1 DAY, INTERVAL 1 MONTH), subtractInterval(INTERVAL -1 DAY, INTERVAL -1 MONTH)
