"""Materialized views equal a recomputation, Weir's and ClickHouse's own, after any mix of what can happen to them and to their table.

A model in Python knows which rows the table has, and which ones each view counts: a view that keeps states counts the rows that
were there when it was made and those that came since, as DELETE and UPDATE made them, also those that left the table by
retention. The server dies at failpoints and at random moments; what was going on has then happened, or has not.

WEIR_VIEW_STEPS: how many steps (for a longer run); WEIR_VIEW_SEED: another sequence.
"""
import copy
import json
import os
import random
import subprocess
import sys
import threading

from weir import ROOT, WEIR, QueryError

sys.path.insert(0, str(ROOT / "tests/format"))
import ledger_reader  # noqa: E402

STEPS = int(os.environ.get("WEIR_VIEW_STEPS", "60"))
SEED = int(os.environ.get("WEIR_VIEW_SEED", "1"))
COLUMNS = "id UInt64, ts DateTime, k String, v Int32"
TABLE = f"CREATE TABLE s ({COLUMNS}) ENGINE = MergeTree PARTITION BY intDiv(toUnixTimestamp(ts), 3600) ORDER BY (k, ts)"
HOUR = 1_700_000_000 // 3600 * 3600  # five hours from here on; and one of 2001, which a TTL takes
OLD = 1_000_000_800 // 3600 * 3600
SELECTS = {
    "minutes": [
        "SELECT toStartOfMinute(ts) AS m, k, count() AS n, sum(v) AS total, min(v) AS low, uniqExact(v) AS u, sum(v) / count() AS mean FROM s GROUP BY m, k",
        "SELECT toStartOfFiveMinutes(ts) AS m, k, v % 3 AS r, count() AS n, max(id) AS last, quantileExact(0.5)(v) AS middle FROM s WHERE v != 7 GROUP BY m, k, r",
    ],
    "whole": ["SELECT count() AS n, sum(v) AS total, max(ts) AS t FROM s", "SELECT count() AS n, sum(v * v) AS squares FROM s WHERE v % 2 = 0"],
    "rare": [
        "SELECT k, v % 7 AS r, countIf(v > 500) AS many FROM s WHERE id % 2 = 0 GROUP BY k, r HAVING count() > 3",
        "SELECT k, toHour(ts) AS h, argMax(v, id) AS newest FROM s GROUP BY k, h HAVING count() > 1",
    ],
}
FAULTS = [
    *["", "", "pack_sync=kill", "pack_write=kill:2", "ledger_append=kill", "ledger_append=kill:4", "ledger_sync=kill:3", "insert_log_sync=kill:2"],
    *["view_filled=kill", "view_replaced=kill", "view_modified=kill", "view_follow=kill", "view_followed=kill"],
]


class ClickHouse:
    """chDB in a process of its own (tests/random/oracle.py)."""

    def __init__(self):
        python = subprocess.run([ROOT / "scripts/python-env", "random"], check=True, capture_output=True, text=True).stdout.split()[-1]
        self.process = subprocess.Popen([python, ROOT / "tests/random/oracle.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ask(f"CREATE TABLE s ({COLUMNS}) ENGINE = Memory")

    def ask(self, statement):
        self.process.stdin.write(json.dumps(statement) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not answer.startswith("Code:"), answer
        return answer.splitlines()[2:]

    def select(self, rows, select):
        self.ask("TRUNCATE TABLE s")
        if rows:
            self.ask("INSERT INTO s VALUES " + ",".join(map(str, rows.values())))
        return sorted(self.ask(select))

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Model:
    def __init__(self):
        self.table = "s"
        self.rows = {}  # of the table, by id
        self.fed = {}  # all that ever came: what the view with TO has
        self.views = {}  # name → (mark, SELECT, rows that it counts)
        self.retired = False  # rows left the table that views count
        self.ttl = False

    def insert(self, rows):
        for row in rows:
            self.fed[row[0]] = row
            if not (self.ttl and row[1] < HOUR):
                self.rows[row[0]] = row
            for _, _, counted in self.views.values():
                counted[row[0]] = row

    def change(self, where, change):
        """Rows of the table that meet the condition become others, or None; of views the same ones."""
        for key in [key for key, row in self.rows.items() if where(row)]:
            row = change(self.rows[key])
            for rows in [self.rows, *(counted for _, _, counted in self.views.values())]:
                if row is None:
                    rows.pop(key, None)
                elif key in rows:
                    rows[key] = row

    def retire(self, where):
        for key in [key for key, row in self.rows.items() if where(row)]:
            del self.rows[key]
            self.retired = True

    def make(self, name, mark, select):
        self.views[name] = (mark, select, dict(self.rows))


class Run:
    def __init__(self, server):
        self.server, self.chance, self.model, self.oracle = server, random.Random(SEED), Model(), ClickHouse()
        self.next_id, self.mark, self.deaths, self.done = 1, 0, 0, {}
        parts = {"insert": 36, "change": 22, "retire": 4, "make": 14, "query": 4, "rename": 4, "merge": 16}  # of 100
        self.kinds = [kind for kind, part in parts.items() for _ in range(max(1, part * STEPS // 100))]
        self.chance.shuffle(self.kinds)

    # ---- rows

    def new_rows(self, chance, count, old=True):
        rows = []
        for _ in range(count):
            first = OLD if old and chance.random() < 0.05 else HOUR + 3600 * chance.randrange(5)
            rows.append((self.next_id, first + chance.randrange(3600), f"k{chance.randrange(4)}", chance.randrange(1000)))
            self.next_id += 1
        return rows

    def stored(self):
        """What the table has; rows that the TTL may have taken, or is about to, are left out."""
        rows = self.server.rows(f"SELECT id, toUnixTimestamp(ts), k, v FROM {self.model.table} WHERE ts >= {HOUR} OR {int(not self.model.ttl)}")
        return {row[0]: tuple(row) for row in ((int(row[0]), *row[1:]) for row in rows)}

    # ---- steps: each gives what it asks the server, and what the model is behind it

    def step_insert(self):
        rows = self.new_rows(self.chance, self.chance.randrange(1, 60))
        after = copy.deepcopy(self.model)
        after.insert(rows)
        return f"INSERT INTO {self.model.table} VALUES " + ",".join(map(str, rows)), after

    def step_change(self):
        low = HOUR + self.chance.randrange(5 * 3600)
        part, rest = self.chance.randrange(2, 9), self.chance.randrange(9)
        text, where = self.chance.choice(
            [
                (f"id % {part} = {rest % part} AND ts >= {HOUR}", lambda row: row[0] % part == rest % part and row[1] >= HOUR),
                (f"ts BETWEEN {low} AND {low + 900}", lambda row: low <= row[1] <= low + 900),
                (f"k = 'k{rest % 4}' AND v < 300 AND ts >= {low}", lambda row: row[2] == f"k{rest % 4}" and row[3] < 300 and row[1] >= low),
            ]
        )
        what, change = self.chance.choice(
            [
                ("DELETE FROM {} WHERE {}", lambda row: None),
                ("ALTER TABLE {} UPDATE v = v + 5 WHERE {}", lambda row: (*row[:3], row[3] + 5)),
                ("ALTER TABLE {} UPDATE v = 7 WHERE {}", lambda row: (*row[:3], 7)),
            ]
        )
        after = copy.deepcopy(self.model)
        after.change(where, change)
        return what.format(self.model.table, text), after

    def step_retire(self):
        after = copy.deepcopy(self.model)
        if not self.model.ttl and self.chance.random() < 0.3:
            after.ttl = True
            after.retire(lambda row: row[1] < HOUR)
            return f"ALTER TABLE {self.model.table} MODIFY TTL ts + INTERVAL 15 YEAR", after
        hour = HOUR + 3600 * self.chance.randrange(5)
        after.retire(lambda row: hour <= row[1] < hour + 3600)
        return f"ALTER TABLE {self.model.table} DROP PARTITION {hour // 3600}", after

    def step_make(self):
        name = self.chance.choice([*SELECTS])
        select = self.chance.choice(SELECTS[name])
        self.mark += 1
        after = copy.deepcopy(self.model)
        after.make(name, self.mark, select)
        select = select.replace("FROM s", f"FROM {self.model.table}")
        if name in self.model.views and self.chance.random() < 0.5:
            after.views[name] = (self.model.views[name][0], *after.views[name][1:])
            return f"ALTER TABLE {name} MODIFY QUERY {select}", after
        return f"CREATE OR REPLACE MATERIALIZED VIEW {name} COMMENT '{self.mark}' AS {select}", after

    def step_query(self):
        self.mark += 1
        return f"ALTER TABLE each MODIFY QUERY SELECT id, {self.mark} AS by FROM {self.model.table}", copy.deepcopy(self.model)

    def step_rename(self):
        after = copy.deepcopy(self.model)
        after.table = "s2" if self.model.table == "s" else "s"
        return f"RENAME TABLE {self.model.table} TO {after.table}", after

    def step_merge(self):
        table = self.chance.choice([self.model.table, self.model.table, *self.model.views])
        return f"OPTIMIZE TABLE {table} {self.chance.choice(['', 'FINAL'])}", copy.deepcopy(self.model)

    # ---- running them

    def is_there(self, model):
        """Is the server as the model says?"""
        tables = dict(self.server.rows("SELECT name, comment FROM system.tables WHERE database = 'default' AND name NOT LIKE '.%'"))
        if model.table not in tables or any(tables.get(name) != str(mark) for name, (mark, _, _) in model.views.items()):
            return False
        if any(name in tables and name not in model.views for name in SELECTS):
            return False
        for name, (_, select, _) in model.views.items():
            definition = self.server.query(f"SHOW CREATE VIEW {name} FORMAT TSVRaw")
            if self.words(select) not in self.words(definition):
                return False
        before, self.model = self.model, model
        same = self.stored() == {key: row for key, row in model.rows.items() if row[1] >= HOUR or not model.ttl}
        self.model = before
        return same

    @staticmethod
    def words(text):
        """Enough of a SELECT to tell those of one view apart, however it is printed."""
        for word in ("toStartOfMinute(", "toStartOfFiveMinutes(", "v * v", "max(ts)", "countIf(", "argMax("):
            if word in text:
                return word
        raise AssertionError(text)

    def settle(self, candidates):
        found = [model for model in candidates if self.is_there(model)]
        assert found, "the server is neither as it was nor as it should become"
        self.model = found[-1]

    def step(self):
        kind = self.kinds.pop() if self.kinds else "insert"
        statement, after = getattr(self, f"step_{kind}")()
        loads = [self.new_rows(self.chance, 20, not self.model.ttl) for _ in range(6)] if kind in ("make", "query") else []
        sent, table = [], self.model.table
        # what is due has left before a view is made from what is there
        first = [f"OPTIMIZE TABLE {table}", f"OPTIMIZE TABLE {table} FINAL"] if after.ttl and kind in ("make", "retire") else []

        def load():
            for rows in loads:
                sent.append(rows)
                try:
                    self.server.query(f"INSERT INTO {table} VALUES " + ",".join(map(str, rows)))
                except OSError:
                    return

        try:
            for text in first:
                self.server.query(text)
        except OSError:
            return self.back([self.model], sent)
        thread = threading.Thread(target=load)
        thread.start()
        died = False
        try:
            self.server.query(statement)
            candidates = [after]
        except QueryError as error:  # rows of its keys left the table
            assert error.code == 630 and self.model.retired and kind in ("change", "make"), error
            candidates = [self.model]
        except OSError:
            died = True
            candidates = [self.model, after]
        thread.join()
        self.done[kind] = self.done.get(kind, 0) + (candidates == [after])
        if died or (sent and self.server.process.poll() is not None):
            return self.back(candidates, sent)
        self.model = candidates[0]
        for rows in sent:
            self.model.insert(rows)
        return False

    def back(self, candidates, sent):
        """The server died: of what was sent each INSERT is there or is not, and so is the statement."""
        self.deaths += 1
        self.server.kill()
        self.server.start()
        table = next(row[0] for row in self.server.rows("SELECT name FROM system.tables WHERE name IN ('s', 's2')"))
        for rows in sent:
            # those of 2001 may have left already
            ids = ",".join(str(row[0]) for row in rows if row[1] >= HOUR)
            there = self.server.value(f"SELECT count() FROM {table} WHERE id IN ({ids})")
            assert there in (0, ids.count(",") + 1)
            for model in candidates if there else []:
                model.insert(rows)
        self.settle(candidates)
        return True

    def check_or_die(self):
        try:
            self.check()
            return False
        except OSError:  # a commit of the insert log, or a merge
            return self.back([self.model], [])

    def check(self):
        model = self.model
        assert self.stored() == {key: row for key, row in model.rows.items() if row[1] >= HOUR or not model.ttl}
        assert self.server.rows("SELECT count(), uniqExact(id) FROM each_row") == [[len(model.fed)] * 2]
        tables = self.server.value("SELECT countIf(name LIKE '.inner_id.%') * 1000 + countIf(name LIKE '.tmp%') FROM system.tables")
        assert tables == 1000 * len(model.views)
        for name, (_, select, counted) in model.views.items():
            seen = sorted(self.server.query(f"SELECT * FROM {name}").splitlines())
            assert seen == self.oracle.select(counted, select), name
            if counted == model.rows and not model.ttl:
                assert seen == sorted(self.server.query(select.replace("FROM s", f"FROM {model.table}")).splitlines()), name


def test_views_equal_a_recomputation(make_server):
    print("seed", SEED, "steps", STEPS)
    run = Run(make_server())
    server = run.server
    server.query(TABLE)
    server.query("CREATE TABLE each_row (id UInt64, by UInt32) ENGINE = MergeTree ORDER BY id")
    server.query("CREATE MATERIALIZED VIEW each TO each_row AS SELECT id, 0 AS by FROM s")
    steps = 0
    try:
        while steps < STEPS:
            fault = run.chance.choice(FAULTS) if steps > 0 else "ledger_append=kill:4"
            if server.process.poll() is None:
                run.chance.choice([server.stop, server.kill])()
            try:
                server.start(environment={"WEIR_FAILPOINTS": fault} if fault else {})
            except RuntimeError:  # it died before it was ready
                server.start()
            for _ in range(run.chance.randrange(4, 14)):
                steps += 1
                if run.step() or (run.chance.random() < 0.2 and run.check_or_die()):
                    break
            run.check_or_die()
        if server.process.poll() is None:
            server.kill()
        server.start()
        run.check()
    finally:
        run.oracle.end()
    print("deaths", run.deaths, "done", run.done)
    assert run.deaths > 0
    assert server.stop() == 0
    done = subprocess.run([WEIR, "check", server.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ledger_reader.read_ledger(server.data / "ledger")
