"""Random SELECTs of every clause over t and u. What they answer is settled: whatever is cut off is sorted by a key of rows."""
import re

from expressions import QUOTE, Expressions
from tables import T


class Statements(Expressions):
    def where(self, depth=2):
        return f" WHERE {self.condition(depth)}" if self.chance(0.5) else ""

    def statement(self):
        return self.one_of(*[self.rows] * 5, *[self.groups] * 5, self.totals, self.distinct, self.nested, *[self.joins] * 3, *[self.windows] * 3,
                           *[self.grouping] * 2, self.sets, self.array_join, self.array_join, self.fill, self.limit_by, self.with_ties,
                           self.with_queries, self.qualify, self.distinct_on, self.stars)  # fmt: skip

    def cut(self):
        return self.pick("", " LIMIT 5", " LIMIT 50", " LIMIT 10 OFFSET 7", " LIMIT 3, 20", " OFFSET 1990 ROWS FETCH FIRST 5 ROWS ONLY", " LIMIT -7")

    def rows(self):
        items = ", ".join(f"{self.of(self.any_kind(), 3)} AS c{k}" for k in range(self.pick(1, 1, 2, 3)))
        filters = self.where()
        if self.chance(0.15):
            filters = f" PREWHERE {self.condition(1)}" + filters
        order = self.pick("id", "id", "id DESC", f"{self.pick(*'small word maybe day price kind list point wide text'.split())} {self.pick('ASC', 'DESC')} {self.pick('', 'NULLS FIRST', 'NULLS LAST')}, id")
        return f"SELECT id, {items} FROM t{filters} ORDER BY {order}{self.cut()}"

    def groups(self):
        keys = [self.of(self.pick("number", "string", "date", "bool", "enum", "time", "array", "decimal", "tuple", "late", "wide"), 1) for _ in range(self.pick(1, 1, 2, 3))]
        items = [self.aggregate(1) for _ in range(self.pick(1, 2, 3))]
        names = [f"k{k}" for k in range(len(keys))]
        tail = self.pick("", " WITH TOTALS", f" HAVING count() > {self.pick('1', '5')}", f" HAVING {self.aggregate(0)} IS NOT NULL")
        if "TOTALS" in tail:  # ClickHouse's own totals of constant keys are now theirs, now defaults
            keys = [self.pick("small", "code", "kind", "flag", "word", "id % 3", "toYear(day)", "maybe", "length(list)", "price") for _ in keys]
        keys = [key if any(re.search(rf"\b{column}\b", key) for column, _ in T) else f"({key}, code)" for key in keys]  # constant keys: likewise
        columns = ", ".join([f"{key} AS {name}" for key, name in zip(keys, names)] + [f"{item} AS a{k}" for k, item in enumerate(items)])
        by = "ALL" if self.chance(0.1) else ", ".join(names)
        return f"SELECT {columns} FROM t{self.where()} GROUP BY {by}{tail} ORDER BY {', '.join(names)}{self.pick('', ' LIMIT 100', ' LIMIT 7')}"

    def grouping(self):
        keys = self.draw.sample(["code", "kind", "flag", "toYear(day) % 3", "small % 4", "maybe % 2", "length(list)"], self.pick(2, 2, 3))
        names = [f"k{k}" for k in range(len(keys))]
        sets = ", ".join(f"({', '.join(self.draw.sample(names, self.draw.randint(0, len(names))))})" for _ in range(self.pick(2, 3)))
        by = self.pick(f"ROLLUP({', '.join(names)})", f"CUBE({', '.join(names)})", f"GROUPING SETS ({sets})", f"{', '.join(names)} WITH ROLLUP", f"{', '.join(names)} WITH CUBE")
        columns = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names))
        return f"SELECT {columns}, grouping({', '.join(names)}) AS g, {self.aggregate(1)} AS a, count() AS c FROM t{self.where()} GROUP BY {by} ORDER BY g, {', '.join(names)}, c"

    def totals(self):
        items = [self.aggregate(2) for _ in range(self.pick(1, 2, 3, 4))]
        return f"SELECT {', '.join(f'{item} AS a{k}' for k, item in enumerate(items))} FROM t{self.where()}"

    def distinct(self):
        names = [f"c{k}" for k in range(self.pick(1, 1, 2))]
        items = ", ".join(f"{self.of(self.pick('number', 'string', 'date', 'time', 'decimal', 'bool', 'array', 'wide', 'late'), 2)} AS {name}" for name in names)
        return f"SELECT DISTINCT {items} FROM t{self.where()} ORDER BY {', '.join(names)} LIMIT 200"

    def distinct_on(self):
        return f"SELECT DISTINCT ON ({self.pick('code', 'kind, flag', 'small % 3')}) id, {self.of(self.any_kind(), 2)} AS c FROM (SELECT * FROM t ORDER BY id) ORDER BY id"

    def nested(self):
        kind = self.pick("number", "decimal", "float")
        if kind == "float":
            return f"SELECT count(), min(x), max(x) FROM (SELECT {self.of(kind, 2)} AS x FROM t{self.where()}) WHERE x > {self.constant('number')}"
        return f"SELECT count(), sum(x), min(x), max(x) FROM (SELECT {self.of(kind, 2)} AS x FROM t{self.where()}) WHERE x > {self.constant('number')}"

    def joins(self):
        key = self.pick("id", "code", "word", "small")
        condition = self.one_of(
            lambda: f"USING ({key})",
            lambda: f"ON t.{key} = u.{key}",
            lambda: f"ON t.code = u.code AND t.id % 50 = u.id % 50",
            lambda: f"ON t.id = u.id AND t.small {self.pick('<', '>')} u.amount",
            lambda: f"ON t.small <=> u.small AND {self.pick('t.id < 500', 'u.amount > 0', 't.flag')}",
            lambda: "ON t.id = u.id + 3",
            lambda: "ON t.word = u.word AND t.id < 100",
            lambda: "ON toYear(t.day) = toYear(u.at) AND t.code = u.code",
        )
        kind = self.pick("INNER", "LEFT", "RIGHT", "FULL", "LEFT SEMI", "LEFT ANTI", "RIGHT SEMI", "RIGHT ANTI", "CROSS", "ASOF", "LEFT", "INNER", "LEFT ASOF")
        settings = self.pick("", "", " SETTINGS join_use_nulls = 1")
        if kind == "CROSS":
            return f"SELECT count(), sum(t.small), max(u.amount) FROM t{self.pick(' CROSS JOIN ', ', ')}u WHERE t.id < 200 AND {self.pick('t.small < u.amount', 't.code = u.code', 't.id != u.id', '1')}"
        if "ASOF" in kind:
            comparison = self.pick("t.at >= u.at", "t.at > u.at", "t.at <= u.at", "t.at < u.at")
            side = "LEFT " if "LEFT" in kind else ""
            return f"SELECT t.id, u.at, u.amount IS NULL FROM t ASOF {side}JOIN (SELECT code, at, any(amount) AS amount FROM u GROUP BY code, at) AS u ON t.code = u.code AND {comparison} ORDER BY t.id{settings}"
        if "SEMI" in kind or "ANTI" in kind:
            side = "t" if "LEFT" in kind else "u"
            columns = "t.id, t.word" if side == "t" else "u.id, u.amount, u.word"
            return f"SELECT {columns} FROM t {kind} JOIN u {condition} ORDER BY {columns}{self.cut()}{settings}"
        if self.chance(0.4):
            return f"SELECT t.code, count(), sum(t.small), {self.pick('max', 'min', 'uniqExact', 'count')}(u.{self.pick('id', 'amount', 'word', 'small', 'at')}) FROM t {kind} JOIN u {condition}{self.pick('', ' WHERE t.id > 3', ' WHERE u.amount > -1')} GROUP BY t.code ORDER BY t.code{settings}"
        return f"SELECT t.id, u.id, u.amount, {self.pick('t', 'u')}.{self.pick('small', 'code', 'word', 'list', 'at')} FROM t {kind} JOIN u {condition} ORDER BY ALL{self.pick('', ' LIMIT 100')}{settings}"

    def windows(self):
        items = ", ".join(f"{self.window_function()} AS w{k}" for k in range(self.pick(1, 1, 2, 3)))
        return f"SELECT id, {items} FROM t{self.where(1)} ORDER BY id{self.pick('', ' LIMIT 300')}"

    def qualify(self):
        return f"SELECT id, {self.window_function()} AS w FROM t{self.where(1)} QUALIFY {self.pick('w IS NOT NULL', f'{self.pick(*self.ranks())} <= 2')} ORDER BY id"

    def ranks(self):
        return ["row_number() OVER (PARTITION BY code ORDER BY id)", "rank() OVER (PARTITION BY kind ORDER BY small DESC)"]

    def sets(self):
        kind = self.pick("number", "string", "date")
        parts = [f"SELECT {self.of(kind, 1)} AS x FROM {self.pick('t', 't', '(SELECT * FROM t WHERE id < 50)')}{self.where(1)}" for _ in range(self.pick(2, 2, 3))]
        words = ["UNION ALL", "UNION DISTINCT", "INTERSECT", "EXCEPT", "INTERSECT DISTINCT", "EXCEPT DISTINCT"]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.draw.choice(words)} {part}"
        return f"SELECT x, count() FROM ({text}) GROUP BY x ORDER BY x LIMIT 500"

    def array_join(self):
        left = self.pick("", "LEFT ")
        what = self.pick("list AS e", "names AS e", "holes AS e", "list AS e, arrayEnumerate(list) AS n", "arrayMap(x -> x * 2, list) AS e", "pairs AS e", "range(toUInt8(id % 3)) AS e")
        if self.chance(0.3):
            return f"SELECT arrayJoin({self.pick('list', 'names', 'holes')}) AS e, count(), sum(id) FROM t{self.where(1)} GROUP BY e ORDER BY e"
        if self.chance(0.5):
            return f"SELECT e, count() AS c, {self.aggregate(0)} AS a FROM t {left}ARRAY JOIN {what}{self.where(1)} GROUP BY e ORDER BY toString(e) LIMIT 100"
        return f"SELECT id, e, {self.of(self.simple_kind(), 1)} AS c FROM t {left}ARRAY JOIN {what}{self.where(1)} ORDER BY id, toString(e), toString(c) LIMIT 200"

    def fill(self):
        fill = self.pick("FROM -5 TO 20", "FROM 0 TO 30 STEP 3", "", "STEP 2", "TO 100", "FROM -100")
        interpolate = self.pick("", " INTERPOLATE", " INTERPOLATE (c AS c + 1)", " INTERPOLATE (c)")
        if self.chance(0.4):
            return f"SELECT toStartOfYear(day) AS y, count() AS c FROM t{self.where(1)} GROUP BY y ORDER BY y WITH FILL STEP {self.pick('INTERVAL 6 MONTH', 'INTERVAL 1 YEAR', '100')}{interpolate}"
        return f"SELECT {self.pick('small', 'toInt32(id % 40)', 'maybe')} AS k, count() AS c FROM t{self.where(1)} GROUP BY k ORDER BY k{self.pick('', ' ASC')} WITH FILL {fill}{interpolate}"

    def limit_by(self):
        return f"SELECT id, code, {self.of(self.simple_kind(), 1)} AS c FROM t{self.where(1)} ORDER BY {self.pick('id', 'id DESC', 'small, id')} LIMIT {self.pick('1', '2', '3')}{self.pick('', ' OFFSET 1')} BY {self.pick('code', 'kind, flag', 'small % 7', 'maybe')}{self.pick('', ' LIMIT 20')}"

    def with_ties(self):
        key = self.pick("small", "code", "maybe", "day", "list", "toYear(day)")
        return f"SELECT {key} AS k, count() FROM (SELECT {key} FROM t{self.where(1)} ORDER BY {key} {self.pick('ASC', 'DESC')} LIMIT {self.pick('1', '5', '30')} WITH TIES) GROUP BY k ORDER BY k"

    def with_queries(self):
        return self.one_of(
            lambda: f"WITH a AS (SELECT {self.of('number', 2)} AS x, code FROM t{self.where(1)}), b AS (SELECT code, count() AS n, max(x) AS m FROM a GROUP BY code) SELECT b.code, n, m FROM b ORDER BY b.code",
            lambda: f"WITH (SELECT {self.pick('max(small)', 'avg(id)', 'count()')} FROM t{self.where(1)}) AS bound SELECT count(), countIf(id > bound) FROM t",
            lambda: f"WITH {self.of('number', 2)} AS x SELECT x % 10 AS k, count(), max(x) FROM t{self.where(1)} GROUP BY k ORDER BY k",
            lambda: f"WITH x -> x * {self.pick('2', '-1')} AS f SELECT id, arrayMap(f, list) FROM t{self.where(1)} ORDER BY id LIMIT 20",
            lambda: f"WITH a AS (SELECT * FROM t{self.where(1)}) SELECT count(), (SELECT max(id) FROM a) FROM a AS one JOIN a AS two ON one.id = two.id",
            lambda: f"SELECT id IN (WITH s AS (SELECT id FROM u) SELECT id FROM s) AS i, EXISTS(SELECT 1 FROM u WHERE {self.pick('amount > 5', 'amount > 1000')}), count() FROM t GROUP BY i ORDER BY i",
        )

    def stars(self):
        return f"SELECT {self.pick('* EXCEPT (fine)', '* REPLACE (small + 1 AS small)', 'COLUMNS(' + QUOTE + '^[a-d]' + QUOTE + ')', 't.*', '* EXCEPT (id, word) APPLY toString', 'COLUMNS(id, small) APPLY (x -> x * 2)')} FROM t{self.where(1)} ORDER BY id LIMIT 20"
