CREATE TABLE deleted (k UInt64, g LowCardinality(String), s String, INDEX words s TYPE tokenbf_v1(1024, 2, 0) GRANULARITY 1) ENGINE = MergeTree ORDER BY (g, k)

INSERT INTO deleted SELECT number, concat('g', toString(number % 17)), concat('a ', hex(cityHash64(number)), ' b') FROM numbers(50000)

OPTIMIZE TABLE deleted FINAL

DELETE FROM deleted WHERE k % 17 = 3

SELECT count(), sum(k) FROM deleted

SELECT count() FROM deleted WHERE hasToken(s, 'A7AE8F4D3EF3DAA9')

SELECT k FROM deleted WHERE s LIKE concat('% ', hex(cityHash64(37)), ' %')

SELECT k FROM deleted WHERE s LIKE concat('% ', hex(cityHash64(38)), ' %')

SELECT count() FROM deleted AS a JOIN deleted AS b ON a.k = b.k WHERE a.g = 'g1'

SELECT count() FROM deleted AS a JOIN deleted AS b ON a.s = b.s WHERE a.k IN (1, 20, 37, 54)

OPTIMIZE TABLE deleted FINAL

SELECT count(), sum(k) FROM deleted

SELECT k FROM deleted WHERE s LIKE concat('% ', hex(cityHash64(38)), ' %')

DROP TABLE deleted
