"""The statements of the query benchmark, by kind. ClickHouse's SQL is Weir's; DuckDB has its own where it differs.

Tables: events (web requests, bench/events.c), cpu (TSBS's cpu-only workload: hosts that report ten usage values every ten
seconds), users, services and deploys (dimensions). {t0} and {t1} bound the last hour of events, {c0} and {c1} the last
hour of cpu, as literals 'YYYY-MM-DD HH:MM:SS'.
"""
from collections import namedtuple

# approximate: answers may differ between the systems
Query = namedtuple("Query", "kind name sql duckdb approximate")
QUERIES = []
USAGE = ["user", "system", "idle", "nice", "iowait", "irq", "softirq", "steal", "guest", "guest_nice"]


def bucket(column, unit, count=1):
    """A time bucket in both dialects."""
    name = {"second": "Second", "minute": "Minute", "hour": "Hour"}[unit]
    if count == 1:
        return f"toStartOf{name}({column})", f"date_trunc('{unit}', {column})"
    return (
        f"toStartOfInterval({column}, INTERVAL {count} {unit.upper()})",
        f"time_bucket(INTERVAL '{count} {unit}s', {column})",
    )


def add(kind, name, sql, duckdb=None, approximate=False):
    QUERIES.append(Query(kind, name, sql, duckdb, approximate))


def add_bucketed(kind, name, sql, column, unit, count=1, duckdb=None, approximate=False):
    """sql with {b} where the bucket stands."""
    house, duck = bucket(column, unit, count)
    add(kind, name, sql.replace("{b}", house), (duckdb or sql).replace("{b}", duck), approximate)


def time_buckets():
    kind = "time buckets"
    add_bucketed(kind, "count per minute", "SELECT {b} AS m, count(*) FROM events GROUP BY m ORDER BY m", "ts", "minute")
    add_bucketed(
        kind,
        "count, mean, max per minute",
        "SELECT {b} AS m, count(*), avg(status), max(bytes) FROM events GROUP BY m ORDER BY m",
        "ts",
        "minute",
    )
    add_bucketed(
        kind, "per minute and level", "SELECT {b} AS m, level, count(*) FROM events GROUP BY m, level ORDER BY m, level", "ts", "minute"
    )
    add_bucketed(
        kind,
        "one service, per minute",
        "SELECT {b} AS m, count(*), sum(bytes) FROM events WHERE service = 'backend-service-03' GROUP BY m ORDER BY m",
        "ts",
        "minute",
    )
    add_bucketed(
        kind,
        "error rate per minute",
        "SELECT {b} AS m, countIf(status >= 500) / count() FROM events GROUP BY m ORDER BY m",
        "ts",
        "minute",
        duckdb="SELECT {b} AS m, count(*) FILTER (status >= 500) / count(*) FROM events GROUP BY m ORDER BY m",
    )
    add_bucketed(
        kind,
        "last hour, per ten seconds",
        "SELECT {b} AS m, count(*), sum(bytes) FROM events WHERE ts >= '{t0}' AND ts < '{t1}' GROUP BY m ORDER BY m",
        "ts",
        "second",
        10,
    )
    add_bucketed(
        kind,
        "cpu-max of 1 metric, 1 host, 1 h (TSBS 1-1-1)",
        "SELECT {b} AS m, max(usage_user) FROM cpu WHERE hostname = 'host_7' AND ts >= '{c0}' AND ts < '{c1}' GROUP BY m ORDER BY m",
        "ts",
        "minute",
    )
    eight = ", ".join(f"'host_{n}'" for n in (3, 14, 15, 92, 65, 35, 89, 79))
    add_bucketed(
        kind,
        "cpu-max of 5 metrics, 8 hosts, 1 h (TSBS 5-8-1)",
        f"SELECT {{b}} AS m, {', '.join(f'max(usage_{u})' for u in USAGE[:5])} FROM cpu WHERE hostname IN ({eight}) AND ts >= '{{c0}}' AND ts < '{{c1}}' GROUP BY m ORDER BY m",
        "ts",
        "minute",
    )
    add_bucketed(
        kind,
        "cpu-max of 10 metrics, 8 hosts, per hour (TSBS cpu-max-all-8)",
        f"SELECT {{b}} AS h, {', '.join(f'max(usage_{u})' for u in USAGE)} FROM cpu WHERE hostname IN ({eight}) GROUP BY h ORDER BY h",
        "ts",
        "hour",
    )
    add_bucketed(
        kind,
        "mean of 1 metric per hour and host (TSBS double-groupby-1)",
        "SELECT {b} AS h, hostname, avg(usage_user) FROM cpu GROUP BY h, hostname ORDER BY h, hostname",
        "ts",
        "hour",
    )
    add_bucketed(
        kind,
        "mean of 10 metrics per hour and host (TSBS double-groupby-all)",
        f"SELECT {{b}} AS h, hostname, {', '.join(f'avg(usage_{u})' for u in USAGE)} FROM cpu GROUP BY h, hostname ORDER BY h, hostname",
        "ts",
        "hour",
    )


def groups():
    kind = "groups"
    add(kind, "per service", "SELECT service, count(*), avg(status), max(bytes) FROM events GROUP BY service ORDER BY service")
    add(kind, "per host", "SELECT host, count(*), sum(bytes) FROM events GROUP BY host ORDER BY host")
    add(kind, "per user", "SELECT count(*), max(n) FROM (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) AS t")
    add(
        kind,
        "per user and service",
        "SELECT count(*), max(n) FROM (SELECT user_id, service, count(*) AS n FROM events GROUP BY user_id, service) AS t",
    )
    add(kind, "per trace", "SELECT count(*), max(n) FROM (SELECT trace_id, count(*) AS n FROM events GROUP BY trace_id) AS t")
    add(
        kind,
        "per path, method and status",
        "SELECT path, method, status, count(*) AS n FROM events GROUP BY path, method, status ORDER BY n DESC, path, method, status LIMIT 100",
    )
    add(
        kind,
        "groups that are large",
        "SELECT user_id, sum(bytes) AS b FROM events GROUP BY user_id HAVING count(*) > 200 ORDER BY user_id",
    )


def top_n():
    kind = "top n"
    add(kind, "paths", "SELECT path, count(*) AS n FROM events GROUP BY path ORDER BY n DESC, path LIMIT 10")
    add(kind, "users by requests", "SELECT user_id, count(*) AS n FROM events GROUP BY user_id ORDER BY n DESC, user_id LIMIT 10")
    add(kind, "users by bytes", "SELECT user_id, sum(bytes) AS n FROM events GROUP BY user_id ORDER BY n DESC, user_id LIMIT 10")
    add(kind, "slowest requests", "SELECT duration_ms, trace_id FROM events ORDER BY duration_ms DESC, trace_id LIMIT 10")
    add(
        kind,
        "largest replies of one service",
        "SELECT bytes, path, trace_id FROM events WHERE service = 'backend-service-00' ORDER BY bytes DESC, trace_id LIMIT 20",
    )
    add(kind, "paths of failed requests", "SELECT path, count(*) AS n FROM events WHERE status >= 500 GROUP BY path ORDER BY n DESC, path LIMIT 10")
    add_bucketed(
        kind,
        "last five minutes' maxima (TSBS groupby-orderby-limit)",
        "SELECT {b} AS m, max(usage_user) FROM cpu WHERE ts < '{c1}' GROUP BY m ORDER BY m DESC LIMIT 5",
        "ts",
        "minute",
    )


def distinct():
    kind = "distinct"
    add(kind, "users, exact", "SELECT count(DISTINCT user_id) FROM events")
    add(kind, "users, approximate", "SELECT uniq(user_id) FROM events", "SELECT approx_count_distinct(user_id) FROM events", True)
    add(kind, "traces, approximate", "SELECT uniq(trace_id) FROM events", "SELECT approx_count_distinct(trace_id) FROM events", True)
    add(kind, "paths, exact", "SELECT count(DISTINCT path) FROM events")
    add_bucketed(
        kind,
        "users per minute, exact",
        "SELECT {b} AS m, count(DISTINCT user_id) FROM events GROUP BY m ORDER BY m",
        "ts",
        "minute",
    )
    add(
        kind,
        "users per service, approximate",
        "SELECT service, uniq(user_id) FROM events GROUP BY service ORDER BY service",
        "SELECT service, approx_count_distinct(user_id) FROM events GROUP BY service ORDER BY service",
        True,
    )
    add(kind, "pairs", "SELECT DISTINCT service, region FROM events ORDER BY service, region")


def quantiles():
    kind = "quantiles"
    add(kind, "median", "SELECT quantile(0.5)(duration_ms) FROM events", "SELECT approx_quantile(duration_ms, 0.5) FROM events", True)
    add_bucketed(
        kind,
        "p95 per minute",
        "SELECT {b} AS m, quantile(0.95)(duration_ms) FROM events GROUP BY m ORDER BY m",
        "ts",
        "minute",
        duckdb="SELECT {b} AS m, approx_quantile(duration_ms, 0.95) FROM events GROUP BY m ORDER BY m",
        approximate=True,
    )
    add(
        kind,
        "p99 per service",
        "SELECT service, quantile(0.99)(duration_ms) FROM events GROUP BY service ORDER BY service",
        "SELECT service, approx_quantile(duration_ms, 0.99) FROM events GROUP BY service ORDER BY service",
        True,
    )
    add(
        kind,
        "p99 per service, exact",
        "SELECT service, quantileExact(0.99)(duration_ms) FROM events GROUP BY service ORDER BY service",
        "SELECT service, quantile_disc(duration_ms, 0.99) FROM events GROUP BY service ORDER BY service",
        True,
    )
    add(
        kind,
        "p95 per path",
        "SELECT path, quantile(0.95)(duration_ms) FROM events GROUP BY path ORDER BY path LIMIT 100",
        "SELECT path, approx_quantile(duration_ms, 0.95) FROM events GROUP BY path ORDER BY path LIMIT 100",
        True,
    )
    add(
        kind,
        "p50, p90, p99",
        "SELECT quantiles(0.5, 0.9, 0.99)(duration_ms) FROM events",
        "SELECT approx_quantile(duration_ms, [0.5, 0.9, 0.99]) FROM events",
        True,
    )
    add(
        kind,
        "median of a metric per host",
        "SELECT hostname, quantile(0.5)(usage_user) FROM cpu GROUP BY hostname ORDER BY hostname",
        "SELECT hostname, approx_quantile(usage_user, 0.5) FROM cpu GROUP BY hostname ORDER BY hostname",
        True,
    )


def joins():
    kind = "joins"
    add(
        kind,
        "services' teams",
        "SELECT s.team, count(*), sum(e.bytes) FROM events AS e JOIN services AS s ON e.service = s.service GROUP BY s.team ORDER BY s.team",
    )
    add(
        kind,
        "users' countries",
        "SELECT u.country, count(*) FROM events AS e JOIN users AS u ON e.user_id = u.user_id GROUP BY u.country ORDER BY u.country",
    )
    add(
        kind,
        "one country's requests",
        "SELECT e.service, count(*) FROM events AS e JOIN users AS u ON e.user_id = u.user_id WHERE u.country = 'IS' GROUP BY e.service ORDER BY e.service",
    )
    add(
        kind,
        "users without requests",
        "SELECT count(*) FROM users AS u LEFT ANTI JOIN events AS e ON u.user_id = e.user_id",
        "SELECT count(*) FROM users AS u ANTI JOIN events AS e ON u.user_id = e.user_id",
    )
    add(
        kind,
        "failed requests of paying users",
        "SELECT count(*) FROM events WHERE status >= 500 AND user_id IN (SELECT user_id FROM users WHERE plan = 'pro')",
    )
    add(
        kind,
        "version at each request (ASOF)",
        "SELECT d.version, count(*) FROM events AS e ASOF JOIN deploys AS d ON e.service = d.service AND e.ts >= d.ts GROUP BY d.version ORDER BY d.version",
    )
    add(
        kind,
        "requests beside each service's mean",
        "SELECT count(*) FROM events AS e JOIN (SELECT service, avg(duration_ms) AS mean FROM events GROUP BY service) AS m ON e.service = m.service WHERE e.duration_ms > 2 * m.mean",
    )


def windows():
    kind = "windows"
    add_bucketed(
        kind,
        "rolling five minutes",
        "SELECT m, sum(n) OVER (ORDER BY m ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) FROM (SELECT {b} AS m, count(*) AS n FROM events GROUP BY m) AS t ORDER BY m",
        "ts",
        "minute",
    )
    add_bucketed(
        kind,
        "change to the minute before, per service",
        "SELECT service, m, n - lagInFrame(n, 1, n) OVER (PARTITION BY service ORDER BY m ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (SELECT service, {b} AS m, count(*) AS n FROM events GROUP BY service, m) AS t ORDER BY service, m",
        "ts",
        "minute",
        duckdb="SELECT service, m, n - lag(n, 1, n) OVER (PARTITION BY service ORDER BY m) FROM (SELECT service, {b} AS m, count(*) AS n FROM events GROUP BY service, m) AS t ORDER BY service, m",
    )
    add(
        kind,
        "three slowest of each service",
        "SELECT service, trace_id FROM (SELECT service, trace_id, row_number() OVER (PARTITION BY service ORDER BY duration_ms DESC, trace_id) AS r FROM events) AS t WHERE r <= 3 ORDER BY service, r",
    )
    add(
        kind,
        "running total of one service",
        "SELECT max(s) FROM (SELECT sum(bytes) OVER (ORDER BY ts, trace_id) AS s FROM events WHERE service = 'backend-service-05') AS t",
    )
    add(
        kind,
        "rank of hosts by bytes",
        "SELECT host, sum(bytes) AS b, rank() OVER (ORDER BY sum(bytes) DESC) AS r FROM events GROUP BY host ORDER BY r, host LIMIT 20",
    )
    add(
        kind,
        "moving mean of a metric per host",
        "SELECT max(a) FROM (SELECT avg(usage_user) OVER (PARTITION BY hostname ORDER BY ts ROWS BETWEEN 5 PRECEDING AND CURRENT ROW) AS a FROM cpu) AS t",
    )


def text():
    kind = "text"
    add(kind, "LIKE in paths", "SELECT count(*) FROM events WHERE path LIKE '%order%'")
    add(kind, "LIKE in traces", "SELECT count(*) FROM events WHERE trace_id LIKE '%beef%'")
    add(kind, "two words", "SELECT count(*) FROM events WHERE path LIKE '%users%' AND host LIKE '%1%.net'")
    add(
        kind,
        "regular expression",
        "SELECT count(*) FROM events WHERE match(path, '/(orders|carts)/0000[0-4]')",
        "SELECT count(*) FROM events WHERE regexp_matches(path, '/(orders|carts)/0000[0-4]')",
    )
    add(kind, "prefix", "SELECT count(*) FROM events WHERE trace_id LIKE 'abc%'")
    add(kind, "any case", "SELECT count(*) FROM events WHERE path ILIKE '%SEARCH%'")
    add(
        kind,
        "part of a path, grouped",
        "SELECT substring(path, 9, 5) AS p, count(*) FROM events GROUP BY p ORDER BY p",
    )


def lookups():
    kind = "lookups"
    add(kind, "one user", "SELECT count(*), sum(bytes) FROM events WHERE user_id = 4242")
    add(kind, "a trace that is not there", "SELECT count(*) FROM events WHERE trace_id = 'none'")
    add(kind, "a trace", "SELECT ts, service, path FROM events WHERE trace_id = (SELECT max(trace_id) FROM events WHERE user_id = 4242)")
    add(kind, "one service in a second", "SELECT count(*) FROM events WHERE service = 'backend-service-02' AND ts >= '{t0}' AND ts < CAST('{t0}' AS DateTime) + INTERVAL 1 SECOND", "SELECT count(*) FROM events WHERE service = 'backend-service-02' AND ts >= '{t0}' AND ts < TIMESTAMP '{t0}' + INTERVAL 1 SECOND")
    add(kind, "a host's busy moments (TSBS high-cpu-1)", "SELECT count(*), max(usage_system) FROM cpu WHERE hostname = 'host_7' AND usage_user > 90")
    add(kind, "all busy moments (TSBS high-cpu-all)", "SELECT count(*), max(usage_system) FROM cpu WHERE usage_user > 90")
    add(kind, "one row", "SELECT 1")


def latest():
    kind = "latest"
    add(kind, "20 newest", "SELECT ts, service, trace_id FROM events ORDER BY ts DESC, trace_id LIMIT 20")
    add(
        kind,
        "20 newest of a service",
        "SELECT ts, path, trace_id FROM events WHERE service = 'backend-service-04' ORDER BY ts DESC, trace_id LIMIT 20",
    )
    add(kind, "20 newest failures", "SELECT ts, path, trace_id FROM events WHERE status = 503 ORDER BY ts DESC, trace_id LIMIT 20")
    add(
        kind,
        "newest of each service",
        "SELECT service, max(ts), argMax(status, ts) FROM events GROUP BY service ORDER BY service",
        "SELECT service, max(ts), arg_max(status, ts) FROM events GROUP BY service ORDER BY service",
        True,
    )
    add(
        kind,
        "newest of each host (TSBS lastpoint)",
        "SELECT hostname, max(ts), argMax(usage_user, ts) FROM cpu GROUP BY hostname ORDER BY hostname",
        "SELECT hostname, max(ts), arg_max(usage_user, ts) FROM cpu GROUP BY hostname ORDER BY hostname",
    )
    add(kind, "newest time", "SELECT max(ts) FROM events")


for make in (time_buckets, groups, top_n, distinct, quantiles, joins, windows, text, lookups, latest):
    make()
