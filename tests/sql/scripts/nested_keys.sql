CREATE TABLE a1 (k Array(UInt32), n UInt32) ENGINE=MergeTree ORDER BY k

CREATE TABLE a2 (k Tuple(UInt32,String), n UInt32) ENGINE=MergeTree ORDER BY k

CREATE TABLE a3 (k Map(String,UInt32), n UInt32) ENGINE=MergeTree ORDER BY (n % 3, k)

CREATE TABLE a5 (k Array(Nullable(UInt32)), n UInt32) ENGINE=MergeTree ORDER BY k

CREATE TABLE a6 (k JSON, n UInt32) ENGINE=MergeTree ORDER BY k

CREATE TABLE a7 (k Array(String), n UInt32) ENGINE=MergeTree ORDER BY arraySort(k)

INSERT INTO a1 VALUES ([3],1),([1,2],2),([],3),([1],4)

SELECT * FROM a1 ORDER BY k, n

INSERT INTO a2 SELECT (number % 3, toString(number)), number FROM numbers(12)

SELECT * FROM a2 ORDER BY k, n

SELECT n FROM a2 WHERE k = (1, '4')

SELECT n FROM a2 WHERE k > (1, '7') ORDER BY k

SELECT count() FROM a2 WHERE k.1 = 2

INSERT INTO a3 SELECT map(toString(number % 4), number), number FROM numbers(12)

SELECT * FROM a3 ORDER BY k, n

INSERT INTO a7 SELECT ['z', toString(number % 3), toString(number)], number FROM numbers(6)

SELECT * FROM a7 ORDER BY k, n

SELECT sorting_key, primary_key FROM system.tables WHERE name = 'a3'

INSERT INTO a1 SELECT [number % 7, number], number FROM numbers(20000)

OPTIMIZE TABLE a1 FINAL

SELECT k FROM a1 LIMIT 5

SELECT count(), sum(n) FROM a1 WHERE k >= [3] AND k < [5]

SELECT min(k), max(k) FROM a1

SELECT k FROM a1 ORDER BY k DESC LIMIT 3

SELECT k, count() FROM a1 GROUP BY k ORDER BY k LIMIT 3
