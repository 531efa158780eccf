SELECT count() FROM numbers(100) SETTINGS max_rows_to_read = 10

SELECT count() FROM numbers(10) SETTINGS max_rows_to_read = 10

SELECT sum(number) FROM numbers(100) SETTINGS max_rows_to_read = 99

SELECT sum(number) FROM numbers(100) SETTINGS max_bytes_to_read = 100

SELECT sum(number) FROM numbers(100) SETTINGS max_bytes_to_read = 1000000

SELECT sum(number) FROM numbers(100) SETTINGS max_rows_to_read = 1000, read_overflow_mode = 'break'

SELECT count() FROM events WHERE id > 3 SETTINGS max_rows_to_read = 5

SELECT number FROM numbers(11) SETTINGS max_result_rows = 10

SELECT number FROM numbers(10) SETTINGS max_result_rows = 10

SELECT number FROM numbers(100) ORDER BY number LIMIT 5 SETTINGS max_result_rows = 10

SELECT number FROM numbers(100) SETTINGS max_result_bytes = 20

SELECT number FROM numbers(3) SETTINGS max_result_bytes = 100000

SELECT count() FROM (SELECT number FROM numbers(100)) SETTINGS max_result_rows = 10

SELECT number FROM numbers(5) ORDER BY number SETTINGS max_result_rows = 10, result_overflow_mode = 'break'

SELECT number % 50 AS k, count() FROM numbers(100) GROUP BY k SETTINGS max_rows_to_group_by = 10

SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_rows_to_group_by = 3

SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_rows_to_group_by = 2

SELECT count() FROM numbers(100) SETTINGS max_rows_to_group_by = 1

SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_rows_to_group_by = 4, group_by_overflow_mode = 'any'

SELECT number % 3 AS k, count() FROM numbers(100) GROUP BY k ORDER BY k SETTINGS max_rows_to_group_by = 4, group_by_overflow_mode = 'break'

SELECT number % 50 AS k, number % 2 AS l, count() FROM numbers(100) GROUP BY ROLLUP(k, l) SETTINGS max_rows_to_group_by = 10

SELECT origin, count() FROM events GROUP BY origin ORDER BY origin SETTINGS max_rows_to_group_by = 1

SELECT number FROM numbers(100) ORDER BY -toInt64(number) SETTINGS max_rows_to_sort = 10

SELECT number FROM numbers(5) ORDER BY -toInt64(number) SETTINGS max_rows_to_sort = 10

SELECT number FROM numbers(100) ORDER BY cityHash64(number) SETTINGS max_bytes_to_sort = 10

SELECT number FROM numbers(4) ORDER BY cityHash64(number) SETTINGS max_bytes_to_sort = 100000, sort_overflow_mode = 'break'

SELECT count() FROM numbers(10) WHERE number IN (SELECT number FROM numbers(4)) SETTINGS max_rows_in_set = 3

SELECT count() FROM numbers(10) WHERE number IN (SELECT number FROM numbers(3)) SETTINGS max_rows_in_set = 3

SELECT count() FROM numbers(10) WHERE number IN (SELECT number % 2 FROM numbers(100)) SETTINGS max_rows_in_set = 3

SELECT count() FROM numbers(10) WHERE number IN (SELECT number FROM numbers(3)) SETTINGS max_rows_in_set = 5, set_overflow_mode = 'break'

SELECT count() FROM numbers(100) AS a JOIN numbers(50) AS b ON a.number = b.number SETTINGS max_rows_in_join = 10

SELECT count() FROM numbers(50) AS a JOIN numbers(10) AS b ON a.number = b.number SETTINGS max_rows_in_join = 10

SELECT count() FROM numbers(50) AS a LEFT JOIN numbers(100) AS b ON a.number = b.number SETTINGS max_bytes_in_join = 10

SELECT count() FROM numbers(50) AS a FULL JOIN numbers(20) AS b ON a.number = b.number SETTINGS max_rows_in_join = 10

SELECT count() FROM numbers(50) AS a JOIN numbers(10) AS b ON a.number = b.number SETTINGS max_rows_in_join = 100, join_overflow_mode = 'break'

SELECT DISTINCT number FROM numbers(100) SETTINGS max_rows_in_distinct = 10

SELECT DISTINCT number % 3 AS k FROM numbers(100) ORDER BY k SETTINGS max_rows_in_distinct = 3

SELECT DISTINCT number FROM numbers(100) SETTINGS max_bytes_in_distinct = 10

SELECT DISTINCT number % 3 AS k FROM numbers(100) ORDER BY k SETTINGS max_rows_in_distinct = 10, distinct_overflow_mode = 'break'

SELECT count() FROM (SELECT DISTINCT number FROM numbers(100)) SETTINGS max_rows_in_distinct = 3

SELECT 1 SETTINGS sort_overflow_mode = 'any'

SELECT 1 SETTINGS group_by_overflow_mode = 'x'

SELECT 1 SETTINGS result_overflow_mode = 'x'

SELECT 1 SETTINGS timeout_overflow_mode = 'any'

SELECT 1 SETTINGS max_rows_to_sort = 'x'

SELECT 1 SETTINGS group_by_overflow_mode = 'any', sort_overflow_mode = 'throw', timeout_overflow_mode = 'break'

SELECT number FROM numbers(10) ORDER BY number DESC SETTINGS max_bytes_before_external_sort = 1

SELECT number % 4 AS k, count() FROM numbers(10) GROUP BY k ORDER BY k SETTINGS max_bytes_before_external_group_by = 1, max_temporary_data_on_disk_size_for_query = 1000000
