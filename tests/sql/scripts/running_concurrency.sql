SELECT runningConcurrency(toDateTime('2024-01-01 00:00:00'),toDateTime('2024-01-01 00:00:01')) as x, toTypeName(x)

SELECT runningConcurrency(toDate(number),toDate(number+3)) from numbers(6)

SELECT runningConcurrency(toDate(number+1),toDate(number)) from numbers(6)

SELECT runningConcurrency(toDate(10-number),toDate(20)) from numbers(6)

SELECT runningConcurrency(toDate(number),toDateTime(number+3)) from numbers(6)

SELECT runningConcurrency(number,number+3) from numbers(6)

SELECT runningConcurrency(toDate(1))

SELECT runningConcurrency(toDate(1),toDate(2),toDate(2))

SELECT runningConcurrency(NULL,toDate(1))

SELECT runningConcurrency(toNullable(toDate(1)),toDate(2))

SELECT runningConcurrency(toDate32(number),toDate32(number+3)) from numbers(6)

SELECT runningConcurrency(toDateTime64(number,3),toDateTime64(number+3,3)) from numbers(6)

SELECT runningConcurrency(toDate(number),toDate(number)) from numbers(6)

SELECT runningConcurrency(toDate(intDiv(number,2)),toDate(intDiv(number,2)+1)) from numbers(6)

SELECT runningConcurrency(toDateTime64(number,3),toDateTime64(number+3,6)) from numbers(6)

SELECT runningConcurrency(toDateTime(number,'UTC'),toDateTime(number+3,'Asia/Tokyo')) from numbers(6)

SELECT runningConcurrency('a','b')

SELECT runningConcurrency(toDate(number%3),toDate(number%3+2)) from numbers(6)

SELECT runningConcurrency(toDate((number*7+7)%15),toDate((number*7+7)%15+number%11)) from numbers(6)

SELECT runningConcurrency(toDate(1),toDate(2)), runningConcurrency(toDate(2),toDate(2))

SELECT runningConcurrency(toDate(2),toDate(1))

SELECT runningConcurrency(toDate(6 - number), toDate(10 - number * 2)), runningConcurrency(toDate(number), toDate(9 - number * 3)), runningConcurrency(toDate(number * 3), toDate(number * 3 + 3)) FROM numbers(6)

SELECT runningConcurrency(toDate(number), toDate(9 - number * 4)) FROM numbers(6)

SELECT runningConcurrency(toDate(number*7%15+number),toDate(number*7%50+number%11+20)) from numbers(40)

SELECT max(c), sum(c) FROM (SELECT runningConcurrency(toDateTime(number), toDateTime(number + cityHash64(number) % 100)) AS c FROM numbers(1000))
