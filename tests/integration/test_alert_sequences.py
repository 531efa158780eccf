"""Rules and live queries over sequences: logins that failed and then did not, funnels that were broken off; on data time."""
import json

from live import Stream
from test_alerts import CLOCK, clock, evaluated, history, jump_to
from weir import wait_until

TABLE = "CREATE TABLE e (ts DateTime64(3, 'UTC'), user String, event String) ENGINE = MergeTree ORDER BY ts"
AT = "toUInt64(toUnixTimestamp64Milli(ts))"
BROKEN_IN = f"""CREATE ALERT broken_in AS
SELECT user, sequenceMatch('(?1)(?1)(?1)(?1)(?1)(?t<=10000)(?2)')({AT}, event = 'failed', event = 'ok') AS value
FROM e WHERE ts > now() - INTERVAL 1 MINUTE AND event IN ('failed', 'ok') GROUP BY user HAVING value = 1 EVERY 1 SECOND"""
BROKEN_OFF = f"""CREATE ALERT broken_off AS
SELECT user, windowFunnel(20000)({AT}, event = 'cart', event = 'address', event = 'paid') AS value
FROM e WHERE ts > now() - INTERVAL 1 MINUTE GROUP BY user
HAVING value BETWEEN 1 AND 2 AND max(ts) < now() - INTERVAL 20 SECOND EVERY 1 SECOND"""
GUESSES = f"""SELECT user, sequenceCount('(?1).*(?2)')({AT}, event = 'failed', event = 'ok') AS n FROM e GROUP BY user HAVING n > 0 EMIT CHANGES"""


def insert(server, rows):
    lines = [json.dumps({"ts": f"{int(at)}.{int(round(at % 1 * 1000)):03}", "user": user, "event": event}) for at, user, event in rows]
    server.query("INSERT INTO e FORMAT JSONEachRow", "\n".join(lines).encode())


def of(server, rule, user, base):
    rows = server.rows(
        "SELECT toUnixTimestamp64Micro(at) / 1e6, to_state, value FROM system.alert_history "
        f"WHERE rule = '{rule}' AND JSONExtractString(labels, 'user') = '{user}' ORDER BY sequence"
    )
    return [(at - base, state, value) for at, state, value in rows]


def test_login_after_five_failures(make_server):
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query(BROKEN_IN)
    base = int(clock(server)) + 100
    fails = [(base + k + 0.1, "failed") for k in range(5)]
    insert(
        server,
        [(at, "mallory", event) for at, event in [*fails, (base + 8.5, "ok")]]
        + [(at, "alice", event) for at, event in [*fails[:4], (base + 8.5, "ok")]]  # four
        + [(at, "bob", event) for at, event in [*fails[:2], (base + 2.5, "ok"), *fails[3:], (base + 8.5, "ok")]]  # not in a row
        + [(at, "carol", event) for at, event in [*fails, (base + 15, "ok")]]  # too late
        + [(at, "dave", event) for at, event in fails],  # never
    )
    jump_to(server, base + 6)
    evaluated(server, "broken_in", base + 6)
    assert history(server, "broken_in") == []  # the login is not before T yet
    jump_to(server, base + 100)
    evaluated(server, "broken_in", base + 100)
    # the first failure leaves the window after base + 60.1
    assert of(server, "broken_in", "mallory", base) == [(9, "firing", 1), (61, "inactive", 1)]
    assert len(history(server, "broken_in")) == 2
    # rows in another order than their times, in two inserts: the second one brings what was missing
    base += 200
    jump_to(server, base + 9)
    insert(server, [(base + 8.5, "erin", "ok"), (base + 4.3, "erin", "failed"), (base + 4.1, "erin", "failed"), (base + 4.2, "erin", "failed")])
    evaluated(server, "broken_in", base + 9)
    assert of(server, "broken_in", "erin", base) == []
    insert(server, [(base + 3.2, "erin", "failed"), (base + 3.1, "erin", "failed")])
    wait_until(lambda: of(server, "broken_in", "erin", base) != [], "what came late completes the sequence")
    assert of(server, "broken_in", "erin", base)[0][1:] == ("firing", 1)
    server.kill()
    server.start()
    jump_to(server, base + 100)
    evaluated(server, "broken_in", base + 100)
    assert of(server, "broken_in", "erin", base)[1:] == [(64, "inactive", 1)]


def test_a_funnel_that_is_broken_off(make_server):
    server = make_server(*CLOCK)
    server.query(TABLE)
    server.query(BROKEN_OFF)
    base = int(clock(server)) + 100
    insert(
        server,
        [(base + 0.5, "a", "cart"), (base + 3.5, "a", "address")]  # leaves
        + [(base + 0.5, "b", "cart"), (base + 3.5, "b", "address"), (base + 9.5, "b", "paid")]
        + [(base + 0.5, "c", "cart"), (base + 30.5, "c", "cart"), (base + 33.5, "c", "address"), (base + 35.5, "c", "paid")]  # comes back
        + [(base + 1.5, "d", "paid")],  # never began
    )
    jump_to(server, base + 120)
    evaluated(server, "broken_off", base + 120)
    # a: silent for 20 seconds after 3.5, until the cart at 0.5 leaves the minute
    assert of(server, "broken_off", "a", base) == [(24, "firing", 2), (61, "inactive", 2)]
    # c: silent after 0.5; the cart at 30.5 ends the silence, and then it is paid
    assert of(server, "broken_off", "c", base) == [(21, "firing", 1), (31, "inactive", 1)]
    assert of(server, "broken_off", "b", base) == of(server, "broken_off", "d", base) == []


def test_live(make_server):
    server = make_server()
    server.query(TABLE)
    base = 1767225600
    insert(server, [(base + 1, "a", "failed")])
    stream = Stream(server, query=GUESSES, min_interval_ms=10)
    stream.until_rows([])
    insert(server, [(base + 2, "a", "ok"), (base + 5, "a", "ok")])
    stream.until_rows([["a", 1]])
    insert(server, [(base + 3, "a", "failed"), (base + 1, "b", "ok")])  # late: between the others
    stream.until_rows([["a", 2]])
    insert(server, [(base, "b", "failed")])
    stream.until_rows([["a", 2], ["b", 1]])
    stream.close()
