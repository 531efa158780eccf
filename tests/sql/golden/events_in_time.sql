SELECT windowFunnel(10)(number, number = 1, number = 3, number = 5), windowFunnel(1)(number, number = 1, number = 3), windowFunnel(10)(number, number = 5, number = 3), windowFunnel(10)(number, number = 50, 1) FROM numbers(10)

SELECT windowFunnel(3)(number, number % 4 = 0, number % 4 = 1, number % 4 = 3), windowFunnel(2)(number, number % 4 = 0, number % 4 = 1, number % 4 = 3), windowFunnel(100)(number, 1, 1, 1), toTypeName(windowFunnel(1)(number, 1)) FROM numbers(10)

SELECT windowFunnel(10, 'strict_order')(number, number = 1, number = 3, number = 5), windowFunnel(10, 'strict_order')(number, number = 1, number = 2, number = 3), windowFunnel(10, 'strict_deduplication')(number, number = 1, number IN (2, 4), number = 5), windowFunnel(10, 'strict_increase')(number % 3, number = 1, number = 4, number = 5) FROM numbers(10)

SELECT windowFunnel(10, 'strict_order')(intDiv(number, 2), number % 3 = 0, number % 3 = 1, number % 3 = 2), windowFunnel(10, 'strict_deduplication')(number, number < 3, number IN (2, 4), number = 5), windowFunnel(4, 'strict_order', 'strict_increase')(number, number = 2, number = 3) FROM numbers(12)

SELECT number % 3 AS k, windowFunnel(9)(100 - number, number > 5, number > 3, number > 1), windowFunnel(86400)(toDateTime(number * 60), number < 3, number > 5) FROM numbers(12) GROUP BY k ORDER BY k

SELECT windowFunnel(5)(number, 1, 1), windowFunnel(5)(number::Nullable(UInt8), 1, 1) FROM numbers(0)

SELECT windowFunnel(5)(if(number = 1, NULL, number), number = 1, number = 2), windowFunnel(5)(number, if(number = 2, NULL, number = 1), number = 3), windowFunnel(1)(toDate(number), number = 1, number = 2) FROM numbers(5)

SELECT windowFunnel(10)(number) FROM numbers(2)

SELECT windowFunnel(10)(number::Int32, 1) FROM numbers(2)

SELECT windowFunnel(10)(number, number) FROM numbers(2)

SELECT windowFunnel(10, 'bogus')(number, 1) FROM numbers(2)

SELECT windowFunnel(number, 1) FROM numbers(2)

SELECT windowFunnel(10, 'strict')(number, 1) FROM numbers(2)

SELECT retention(number = 1, number = 2, number = 3), retention(number = 7, 1), retention(1, 0, 1), toTypeName(retention(1, 1)) FROM numbers(5)

SELECT number % 2 AS k, retention(number = 2, number = 4, number = 3) FROM numbers(6) GROUP BY k ORDER BY k

SELECT retention(1, 1), retention(number = 1, number::Nullable(UInt8) = 1) FROM numbers(0)

SELECT retentionIf(number = 1, number = 2, number > 1), retention(if(number = 1, NULL, 1), number = 1) FROM numbers(4)

SELECT retention(1)

SELECT retention(1, 'a')

SELECT sequenceMatch('(?1)(?2)')(number, number = 1, number = 2), sequenceMatch('(?1)(?2)')(number, number = 1, number = 3), sequenceMatch('(?1).*(?2)')(number, number = 1, number = 7), sequenceMatch('(?1).(?2)')(number, number IN (1, 2), number = 3), sequenceMatch('(?2)(?1)')(number, number = 1, number = 2) FROM numbers(10)

SELECT sequenceMatch('(?1)(?t<=3)(?2)')(number, number = 1, number = 5), sequenceMatch('(?1)(?t<=4)(?2)')(number, number = 1, number = 5), sequenceMatch('(?1)(?t>3)(?2)')(number, number = 1, number = 5), sequenceMatch('(?1)(?t==4)(?2)')(number, number = 1, number = 5), sequenceMatch('(?1)(?t>=5)(?2)')(number, number = 1, number = 5), sequenceMatch('(?1)(?t<4)(?2)')(number, number = 1, number = 5) FROM numbers(10)

SELECT sequenceMatch('(?1)(?t<2).*(?2)')(number, number % 3 = 0, number % 5 = 4), sequenceMatch('(?1)(?t>1)')(number, 1, 1), sequenceMatch('(?t>1)')(number, 1, 1), sequenceMatch('')(number, 1, 1), sequenceMatch('.*')(number, 1, 1), sequenceMatch('(?1).*(?1).*(?2)')(number, number < 3, number = 9) FROM numbers(10)

SELECT sequenceCount('(?1).*(?2)')(number, number % 2 = 0, number % 2 = 1), sequenceCount('(?1)')(number, number > 3, 1), sequenceCount('')(number, 1, 1), sequenceCount('(?1)(?2)')(number, number % 3 = 0, number % 3 = 1), sequenceCount('(?1)(?t>2)(?2)')(number, number % 5 = 0, number % 5 = 4), sequenceCount('(?1).*(?2).*(?1)')(number, number % 4 = 0, number % 4 = 2) FROM numbers(20)

SELECT toTypeName(sequenceMatch('(?1)')(number, 1, 1)), toTypeName(sequenceCount('(?1)')(number, 1, 1)), sequenceMatch('(?1)(?2)')(toDateTime(number), number = 1, number = 2), sequenceCount('(?1)(?2)')(toDate(9 - number), number = 2, number = 1) FROM numbers(10)

SELECT number % 2 AS k, sequenceMatch('(?1).*(?2)')(number, number < 3, number > 6), sequenceCount('(?1)')(number, number % 3 = 0, 1) FROM numbers(10) GROUP BY k ORDER BY k

SELECT sequenceMatch('(?1)(?2)')(number, 1, 1), sequenceCount('(?1)(?2)')(number, 1, 1), sequenceCount('(?1)')(number::Nullable(UInt8), 1, 1) FROM numbers(0)

SELECT sequenceMatch('(?1)(?2)')(if(number = 2, NULL, number), number = 1, number = 3), sequenceCount('(?1)')(number, if(number = 2, NULL, 1), 1) FROM numbers(5)

SELECT sequenceMatch('(?1)(?2)')(number, number = 1) FROM numbers(3)

SELECT sequenceMatch('(?3)')(number, number = 1, 1) FROM numbers(1)

SELECT sequenceMatch('x')(number, number = 1, 1) FROM numbers(1)

SELECT sequenceMatch('(?t1)')(number, number = 1, 1) FROM numbers(1)

SELECT sequenceMatch('(?1')(number, number = 1, 1) FROM numbers(1)

SELECT sequenceMatch('(?1)(?t>1)(?t<5)')(number, number = 1, 1) FROM numbers(1)

SELECT sequenceMatch(number, number = 1, 1) FROM numbers(1)

SELECT sequenceCount('(?1)')(number::Int8, number = 1, 1) FROM numbers(1)

SELECT sequenceCount('(?1)')(number, number = 1, 'a') FROM numbers(1)

SELECT sequenceCount('(?1)', 1)(number, 1, 1) FROM numbers(1)

SELECT origin, windowFunnel(864000)(ts, delay > 20, delay > 60, delay < 10), sequenceMatch('(?1).*(?2)')(ts, delay > 20, delay < 0), sequenceCount('(?1)(?t<=86400)(?2)')(ts, delay > 20, delay < 20), retention(late, delay > 20) FROM events GROUP BY origin ORDER BY origin
