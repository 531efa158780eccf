SELECT t FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 40000 AS t FROM numbers(4)) WHERE t >= (SELECT '2024-01-01 11:06:40') ORDER BY t

SELECT d FROM (SELECT toDate('2024-01-01') + number AS d FROM numbers(4)) WHERE d > (SELECT '2024-01-02') AND (SELECT '2024-01-04') != d

SELECT number FROM numbers(4) WHERE number > (SELECT '1') ORDER BY number

SELECT ip FROM (SELECT toIPv4(concat('10.0.0.', toString(number))) AS ip FROM numbers(4)) WHERE ip > (SELECT '10.0.0.1') ORDER BY ip

SELECT x FROM (SELECT toDecimal32(number / 2, 2) AS x FROM numbers(4)) WHERE x >= (SELECT '1.0') ORDER BY x

SELECT g FROM (SELECT CAST(['low', 'mid', 'high'][number + 1] AS Enum16('low' = -5, 'mid' = 0, 'high' = 300)) AS g FROM numbers(3)) WHERE g >= (SELECT 'mid') ORDER BY g

SELECT g FROM (SELECT CAST(['low', 'mid', 'high'][number + 1] AS Enum16('low' = -5, 'mid' = 0, 'high' = 300)) AS g FROM numbers(3)) WHERE (SELECT toNullable('mid')) > g

SELECT count() FROM numbers(5) WHERE number < (SELECT CAST(NULL AS Nullable(String)))

SELECT count() FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number AS t FROM numbers(3)) WHERE t >= (SELECT 'no time')
