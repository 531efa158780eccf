CREATE TABLE t (d Date, s DateTime, w Date32, f DateTime64(3)) ENGINE = MergeTree ORDER BY d

INSERT INTO t SELECT toDate(65530 + number), toDateTime(4294967290 + number), toDate32('2149-06-01') + number, toDateTime64('2149-06-01 12:00:00', 3) + number * 86400 FROM numbers(6)

SELECT d FROM t WHERE d + 3 < toDate('1980-01-01') ORDER BY d

SELECT d FROM t WHERE addDays(d, 3) >= toDate('2149-06-04') ORDER BY d

SELECT s FROM t WHERE s + 3 < toDateTime('1980-01-01 00:00:00') ORDER BY s

SELECT s FROM t WHERE toYear(s + 3) = 1970 ORDER BY s

INSERT INTO t SELECT toDate('2024-01-01') + number, toDateTime('2024-01-01 00:00:00') + number, toDate32('2149-06-04') + number, toDateTime64('2149-06-04 12:00:00', 3) + number * 86400 FROM numbers(6)

SELECT w FROM t WHERE toDate(w) < toDate('1980-01-01') ORDER BY w

SELECT w FROM t WHERE toDate(w) > toDate('2149-06-04') ORDER BY w

SELECT f FROM t WHERE toDate(f) = toDate('1970-01-02') ORDER BY f

SELECT f FROM t WHERE toDateTime(f) BETWEEN toDateTime('2013-04-01 00:00:00') AND toDateTime('2013-04-27 00:00:00') ORDER BY f

SELECT w FROM t WHERE addYears(w, 7851) = toDate32('9999-12-31') ORDER BY w

SELECT count() FROM t WHERE toDate(f) >= toDate('2024-01-01')

SELECT d FROM t WHERE toStartOfMonth(d + 40) = toDate('2024-02-01') ORDER BY d
