SELECT groupConcat(number), groupConcat(', ')(number), groupConcat(',', 2)(number), toTypeName(groupConcat(1)), groupConcat('-')(number / 2), groupConcat(toDate(number)), groupConcat([number]) FROM numbers(4)

SELECT groupConcat(',')(if(number = 1, NULL, number)), groupConcat(',')(toString(number)), group_concat(number), string_agg(number), groupConcatIf(',')(number, number > 1), groupConcat(',', 100)(number) FROM numbers(4)

SELECT groupConcat(number), groupConcat(',')(number), groupConcat(',')(number::Nullable(UInt8)), groupConcatOrNull(number) FROM numbers(0)

SELECT number % 2 AS k, groupConcat('|')(number), groupConcat('|', 2)(toString(number)) FROM numbers(9) GROUP BY k ORDER BY k

SELECT origin, groupConcat(',')(note), groupConcat(' ', 2)(id) FROM (SELECT * FROM events ORDER BY id) GROUP BY origin ORDER BY origin

SELECT groupConcat('a', 0)(1)

SELECT groupConcat(1)(1)

SELECT groupConcat(',', 'b')(1)

SELECT groupConcat()

SELECT min([number, 1]), max([1, 2, number]), min((number, 'a')), max((number % 2, number)), argMin(number, [3 - number]), max([[number]]) FROM numbers(3)

SELECT max([1, NULL, number]), min([1, NULL]), min(map('a', number)), max(map(number, 'x')), min((1::Nullable(Int8), 2)) FROM numbers(3)

SELECT argMax(number, (number % 2, number)), argMin((number, 1), [number % 3, number]), argMax([number], (number % 3, number)), argMax(toString(number), [number]), argMin([number], number) FROM numbers(7)

SELECT min([number]), argMax(number, [number]), max((number, 'a')), argMin([number], [number]) FROM numbers(0)

SELECT number % 3 AS k, min([number % 4, number]), max((number % 4, toString(number))), argMax(number, [number % 4]) FROM numbers(20) GROUP BY k ORDER BY k

SELECT toTypeName(min([1])), toTypeName(max((1, 'a'))), minIf([number], number > 1), maxOrNull([number]), minDistinct([number]), argMinIf(number, [number], number > 2) FROM numbers(5)

SELECT origin, min((delay, id)), max([toString(distance), dest]), argMax(id, (delay, id)) FROM events GROUP BY origin ORDER BY origin

SELECT min([1], [2])

SELECT argMax([1])
