"""Live queries over a window of time that keep its panes: each answer is that of the SELECT as of the same moment."""
import datetime
import json
import random
import re
import time

import pytest

from live import Stream
from weir import wait_until

TABLE = "CREATE TABLE {} (ts {}, k String, v Int64) ENGINE = MergeTree PARTITION BY k ORDER BY (k, ts)"

# {now}, {at}: what the time is; {before}: rows that are not seen yet, in a SELECT that is asked as of a moment
QUERIES = [
    "SELECT k, count() AS n, sum(v) AS s, max(v) AS m, uniqExact(v) AS u, {at} FROM t WHERE ts > {now} - INTERVAL 5 SECOND {before} GROUP BY k",
    "SELECT count(), sum(v), min(v), quantileExact(v), {at} FROM t WHERE ts >= {now} - INTERVAL 4 SECOND AND ts <= {now} AND v % 3 != 0 {before}",
    "SELECT v % 5 AS b, upper(k) AS u, count() AS n, avg(v) AS a, countIf(v > 50), {at} FROM t WHERE ts > {now} - INTERVAL 3 SECOND AND k != 'k1' {before} "
    "GROUP BY b, u HAVING n > 1 ORDER BY n DESC, b, u LIMIT 4",
    "SELECT k, c / 2, {at} FROM (SELECT k, count() AS c FROM t WHERE {now} - INTERVAL 6 SECOND <= ts AND ts < {now} + INTERVAL 1 SECOND {before} GROUP BY k) "
    "ORDER BY k",
]


# what now is in them, and when they run
NOWS = [("now()", "toDateTime({} DIV 1000000)", "EMIT CHANGES")] * len(QUERIES)
QUERIES.append("SELECT k, count(), min(v), {at} FROM t WHERE ts > {now} - INTERVAL 3 SECOND {before} GROUP BY k")
NOWS.append(("now64(1)", "fromUnixTimestamp64Micro({})", "EMIT EVERY 100 MILLISECOND"))


def as_of(query, now, moment_us):
    return query.format(now=now[1].format(moment_us), at=0, before=f"AND ts < fromUnixTimestamp64Micro({moment_us})")


def moment_of(event):
    time_of = datetime.datetime.fromisoformat(event["data_time"].replace("Z", "+00:00"))
    return round((time_of - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) / datetime.timedelta(microseconds=1))


class Viewers:
    def __init__(self, server):
        self.server = server
        self.streams = [Stream(server, query=query.format(now=now[0], at="now64(3)", before="") + " " + now[2], min_interval_ms=10)
                        for query, now in zip(QUERIES, NOWS)]

    def check(self):
        """Nobody writes meanwhile. Rows of just now are in all windows, so that each answer changes with the time."""
        self.server.query("INSERT INTO t (ts, k, v) SELECT now64(3) - INTERVAL 1500 MILLISECOND, 'k0', 100 FROM numbers(9)")
        since = time.time_ns() // 1000
        for query, now, stream in zip(QUERIES, NOWS, self.streams):
            event = stream.until(lambda event: "error" in event["type"] or ("data_time" in event and moment_of(event) > since))
            assert event["type"] in ("snapshot", "change"), event
            wanted = self.server.rows(as_of(query, now, moment_of(event)))
            got = [row[:-1] for row in stream.state[""]["rows"].values()]
            def text(rows):
                return sorted(json.dumps([str(value) for value in row]) for row in rows)
            assert text(got) == text(row[:-1] for row in wanted), (query, moment_of(event))

    def modes(self):
        return self.server.query("SELECT DISTINCT mode FROM system.live_queries WHERE viewers > 0").split()

    def close(self):
        for stream in self.streams:
            stream.close()


def change(server, chance):
    """One thing that happens to the table."""
    rows = chance.choice([1, 3, 50, 2000])
    values = f"concat('k', toString(number % {chance.randint(1, 6)})), number % {chance.randint(1, 100)}"
    age = chance.randint(0, 9000)
    what = chance.choice(["rows", "rows", "late", "ahead", "far", "many", "delete", "update", "light", "drop", "merge", "alter", "truncate"])
    if what in ("rows", "late", "ahead"):
        shift = {"rows": 0, "late": -age, "ahead": age // 4}[what]
        server.query(f"INSERT INTO t (ts, k, v) SELECT now64(3) + toIntervalMillisecond({shift} - number % 3000), {values} FROM numbers({rows})")
    elif what == "far":
        server.query(f"INSERT INTO t (ts, k, v) SELECT toDateTime64('{chance.choice(['1970-01-02', '2099-01-01'])} 00:00:00', 3), {values} FROM numbers({rows})")
    elif what == "many":
        server.query(f"INSERT INTO t (ts, k, v) SELECT now64(3) - toIntervalMillisecond(number % 7000), {values} FROM numbers(60000)")
    elif what == "delete":
        server.query(f"ALTER TABLE t DELETE WHERE v % 7 = {chance.randint(0, 6)} SETTINGS mutations_sync = 2")
    elif what == "update":
        server.query(f"ALTER TABLE t UPDATE v = v + 1 WHERE v % 5 = {chance.randint(0, 4)} SETTINGS mutations_sync = 2")
    elif what == "light":
        server.query(f"DELETE FROM t WHERE v = {chance.randint(0, 30)}")
    elif what == "drop":
        server.query(f"ALTER TABLE t DROP PARTITION 'k{chance.randint(0, 5)}'")
    elif what == "merge":
        server.query("OPTIMIZE TABLE t FINAL")
    elif what == "alter":
        server.query("ALTER TABLE t ADD COLUMN IF NOT EXISTS w UInt8 DEFAULT 1" if chance.random() < 0.5 else "ALTER TABLE t DROP COLUMN IF EXISTS w")
    else:
        server.query("TRUNCATE TABLE t")
    return what


@pytest.mark.parametrize("seed", [1, 103])
def test_answers_are_those_of_the_select(make_server, seed):
    chance = random.Random(seed)
    server = make_server()
    kind = chance.choice(["DateTime('UTC')", "DateTime64(3, 'UTC')", "DateTime64(6)"])
    print(kind)
    server.query(TABLE.format("t", kind))
    viewers = Viewers(server)
    for step in range(18):
        for _ in range(chance.randint(1, 3)):
            print(change(server, chance))
        viewers.check()
        # a run that finds its table just altered computes as ever; the next one makes panes anew
        wait_until(lambda: viewers.modes() == ["panes"], "a live query keeps no panes")
        if step in (5, 12):
            viewers.close()
            server.kill()
            server.start()
            viewers = Viewers(server)
    viewers.close()


def test_rows_that_come_do_not_make_the_panes_anew(make_server):
    server = make_server()
    server.query(TABLE.format("t", "DateTime64(3)"))
    server.query("INSERT INTO t (ts, k, v) SELECT now64(3), 'k0', number FROM numbers(10)")
    viewers = Viewers(server)
    viewers.check()
    viewers.check()  # panes of another size are made, when the first windows did not end where they would
    builds = server.metric("weir_pane_builds_total")
    assert len(QUERIES) <= builds <= 2 * len(QUERIES)
    for number in range(5):
        server.query(f"INSERT INTO t (ts, k, v) SELECT now64(3) - toIntervalMillisecond(number), 'k{number}', number FROM numbers(100)")
        server.query("INSERT INTO t (ts, k, v) SELECT now64(3) - toIntervalMillisecond(number % 3000), 'k0', number FROM numbers(60000)")
        viewers.check()
    server.query("OPTIMIZE TABLE t FINAL")
    viewers.check()
    assert server.metric("weir_pane_builds_total") == builds and server.metric("weir_pane_ticks_total") > builds
    server.query("ALTER TABLE t DELETE WHERE v = 3 SETTINGS mutations_sync = 2")
    viewers.check()
    assert builds < server.metric("weir_pane_builds_total") <= builds + 2 * len(QUERIES)
    viewers.close()


def test_what_keeps_no_panes(shared):
    shared.query(TABLE.format("plain", "DateTime64(3)"))
    shared.query("CREATE TABLE replaced (ts DateTime, k String, v Int64) ENGINE = ReplacingMergeTree ORDER BY k")
    window = "ts > now() - INTERVAL 5 MINUTE"
    whys = {
        f"SELECT k, count() FROM plain WHERE {window} GROUP BY k": None,
        f"SELECT k, count() FROM plain WHERE ts >= toStartOfMinute(now()) - INTERVAL 1 HOUR AND v > 1 GROUP BY k": None,
        "SELECT k, count() FROM plain GROUP BY k": "does not ask for the time",
        f"SELECT k, any(v) FROM plain WHERE {window} GROUP BY k": "order of rows",
        f"SELECT k, countIf(ts > now() - INTERVAL 1 MINUTE) FROM plain WHERE {window} GROUP BY k": "moves with the time, too",
        f"SELECT k, count() FROM plain WHERE {window} GROUP BY k WITH TOTALS": "WITH TOTALS",
        f"SELECT k, count() FROM plain WHERE {window} AND v IN (SELECT max(v) FROM plain) GROUP BY k": "subquery",
        f"SELECT a.k, count() FROM plain AS a JOIN plain AS b ON a.k = b.k WHERE a.{window} GROUP BY a.k": "more than WHERE",
        "SELECT k, count() FROM plain WHERE ts < now() GROUP BY k": "from which time on",
        "SELECT k, count() FROM plain WHERE ts > now() - INTERVAL 1 YEAR GROUP BY k": "too many panes",
        f"SELECT k, ts FROM plain WHERE {window}": "no plain GROUP BY",
        f"SELECT k, count() FROM plain WHERE {window} GROUP BY k SETTINGS use_pane_tree = 0": "use_pane_tree is off",
        f"SELECT k, count() FROM plain WHERE {window} GROUP BY k SETTINGS max_rows_to_read = 1000": "limits of rows",
        f"SELECT k, count() FROM replaced FINAL WHERE {window} GROUP BY k": "",
    }
    for sql, why in whys.items():
        head, settings = (sql.split(" SETTINGS ") + [""])[:2]
        text = shared.query(f"EXPLAIN {head} EMIT CHANGES" + (f" SETTINGS {settings}" if settings else ""))
        line = re.search("Panes: (.*)", text)[1]
        assert line.startswith("pane tree, pane 1.000000 s, ") if why is None else line.startswith("none: ") and why in line, (sql, text)
    assert "pane 60.000000 s, 5 panes" in shared.query(f"EXPLAIN SELECT count() FROM plain WHERE {window} EMIT EVERY 1 MINUTE")
    assert "less than once a minute" in shared.query(f"EXPLAIN SELECT count() FROM plain WHERE {window} EMIT EVERY 1 HOUR")
    # what moves otherwise is found out, and computed as ever
    sql = f"SELECT k, countIf(ts > now() - INTERVAL 1 MINUTE) AS c FROM plain WHERE {window} GROUP BY k"
    shared.query("INSERT INTO plain SELECT now64(3), 'a', 1")
    streams = [Stream(shared, query=f"{query} EMIT CHANGES", min_interval_ms=10)
               for query in (sql, "SELECT count() FROM plain WHERE ts > now64(3) - INTERVAL 1 HOUR", "SELECT count() FROM replaced WHERE ts > now() - INTERVAL 1 HOUR")]
    streams[0].until_rows([["a", 1]])
    modes = "SELECT DISTINCT mode FROM system.live_queries WHERE viewers > 0"
    wait_until(lambda: shared.query(modes) == "incremental\n", "none uses panes")
    shared.query("INSERT INTO plain SELECT now64(3), 'a', 1")
    streams[0].until_rows([["a", 2]])
    streams[1].until_rows([[2]])
    for stream in streams:
        stream.close()
