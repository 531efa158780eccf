"""Random stacks of subqueries over t and u: what asks little of the lowest ones must give what asking all would."""

from expressions import Expressions

COLUMNS = {"id": "number", "small": "number", "big": "number", "maybe": "number", "code": "string", "word": "string", "text": "string", "day": "date"}


class Layers(Expressions):
    """Each layer is a SELECT over the one below; self.columns: names of the uppermost one's columns, and their kinds."""

    def statement(self):
        self.made = 0
        self.columns = dict(COLUMNS)
        text = f"SELECT {self.pick('*', ', '.join(COLUMNS))} FROM t{self.filter(0.3)}"
        if "*" in text:  # those that are not of a kind here stay unnamed
            text = text.replace("*", "id, small, big, maybe, code, word, text, day, list, price")
        self.has_list = "list" in text
        for _ in range(self.pick(1, 2, 2, 3, 4)):
            text = self.one_of(*[lambda: self.project(text)] * 3, lambda: self.star(text), lambda: self.sorted(text), lambda: self.distinct(text), lambda: self.limit_by(text),
                               *[lambda: self.group(text)] * 2, *[lambda: self.window(text)] * 2, *[lambda: self.union(text)] * 2, *[lambda: self.join(text)] * 2, lambda: self.arrays(text), lambda: self.cross(text), *[lambda: self.correlated(text)] * 2)  # fmt: skip
        return self.top(text)

    def name(self):
        self.made += 1
        return f"x{self.made}"

    def column(self, *kinds):
        fitting = [name for name, kind in self.columns.items() if not kinds or kind in kinds]
        return self.pick(*fitting) if fitting else None

    def test(self):
        name = self.column()
        kind = self.columns[name]
        if kind == "number":
            return self.pick(f"{name} > {self.pick(0, 3, 50, -20)}", f"{name} % 3 = 1", f"{name} IN (1, 5, 7, 12)", f"{name} IS NULL", f"{name} BETWEEN -5 AND 40", f"abs({name}) < 100", f"NOT ({name} < 10)", f"{name} + 1 >= {self.column('number')}", f"{name} = (SELECT max(small) FROM u)", f"{name} IN (SELECT id FROM u)")
        if kind == "date":
            return self.pick(f"{name} > '2001-01-01'", f"toYear({name}) % 2 = 0", f"toStartOfMonth({name}) < '2015-06-01'")
        return self.pick(f"{name} = 'red'", f"{name} LIKE '%a%'", f"{name} > 'a'", f"length({name}) < 4", f"{name} IN ('a', 'abc', 'green')", f"{name} != ''", f"upper({name}) = 'ABC'")

    def filter(self, probability, word="WHERE"):
        if not self.chance(probability):
            return ""
        tests = [self.test() for _ in range(self.pick(1, 1, 2, 3))]
        return f" {word} " + self.pick(" AND ", " AND ", " OR ").join(tests)

    def expression(self):
        name = self.column()
        kind = self.columns[name]
        if kind == "number":
            return self.pick((name, "number"), (f"{name} % 7", "number"), (f"toInt64({name}) * 2", "number"), (f"if({name} > 5, {name}, 0)", "number"), (f"toString({name})", "string"), ("1", "number"))
        if kind == "date":
            return self.pick((name, "date"), (f"toStartOfYear({name})", "date"), (f"toYear({name})", "number"))
        return self.pick((name, "string"), (f"lower({name})", "string"), (f"length({name})", "number"), (f"concat({name}, 'x')", "string"), ("'const'", "string"))

    def project(self, text):
        columns = {}
        items = []
        for _ in range(self.pick(1, 2, 3, 5)):
            expression, kind = self.expression()
            name = self.name()
            items.append(f"{expression} AS {name}")
            columns[name] = kind
        if "id" in self.columns and self.chance(0.7):
            items.append("id")
            columns["id"] = "number"
        made = f"SELECT {', '.join(items)} FROM ({text}){self.filter(0.4)}"
        self.columns = columns
        self.has_list = False
        return made

    def star(self, text):
        return f"SELECT * FROM ({text}){self.filter(0.6)}"

    def sorted(self, text):
        return f"SELECT * FROM ({text}){self.filter(0.3)} ORDER BY ALL{self.pick('', ' DESC')}{self.pick('', ' LIMIT 40', ' LIMIT 100 OFFSET 3')}"

    def distinct(self, text):
        names = [name for name in self.columns if self.chance(0.6)] or list(self.columns)[:1]
        made = f"SELECT DISTINCT {', '.join(names)} FROM ({text}){self.filter(0.3)}"
        self.columns = {name: self.columns[name] for name in names}
        self.has_list = False
        return made

    def limit_by(self, text):
        return f"SELECT * FROM ({text}){self.filter(0.2)} ORDER BY ALL LIMIT {self.pick(1, 2, 5)} BY {self.pick(*self.columns)}"

    def group(self, text):
        keys = list({self.pick(*self.columns) for _ in range(self.pick(1, 1, 2))})
        columns = {key: self.columns[key] for key in keys}
        items = list(keys)
        for _ in range(self.pick(0, 1, 2, 4)):
            function, kind = self.pick(("count()", "number"), (f"max({self.column()})", "?"), (f"sum({self.column('number') or 1})", "number"), (f"uniqExact({self.column()})", "number"), (f"countIf({self.test()})", "number"))
            name = self.name()
            if kind == "?":
                function, kind = f"max({keys[0]})", self.columns[keys[0]]
            items.append(f"{function} AS {name}")
            columns[name] = kind
        made = f"SELECT {', '.join(items)} FROM ({text}){self.filter(0.3)} GROUP BY {', '.join(keys)}{self.pick('', ' HAVING count() > 1')}"
        self.columns = columns
        self.has_list = False
        return made

    def window(self, text):
        name = self.name()
        key, order = self.pick(*self.columns), ", ".join(self.columns)
        function = self.pick(f"row_number() OVER (PARTITION BY {key} ORDER BY {order})", f"count() OVER (PARTITION BY {key})", f"max({self.column()}) OVER ()", f"rank() OVER (PARTITION BY {key} ORDER BY {self.column()})")
        kind = "string" if function.startswith("max") else "number"
        if kind == "string":
            function = f"count({self.column()}) OVER (ORDER BY {self.column()})"
        made = f"SELECT *, {function} AS {name} FROM ({text}){self.filter(0.2)}"
        self.columns[name] = "number"
        return made

    def union(self, text):
        names = ", ".join(self.columns)
        self.has_list = False
        return f"SELECT {names} FROM ({text}){self.filter(0.3)} UNION ALL SELECT {names} FROM ({text}){self.filter(0.8)}"

    def join(self, text):
        left = self.column("number")
        if left is None:
            return self.star(text)
        kind = self.pick("INNER", "INNER", "LEFT", "RIGHT", "FULL", "LEFT SEMI", "LEFT ANTI")
        names, amount, word = ", ".join(f"l.{name} AS {name}" for name in self.columns), self.name(), self.name()
        both = kind in ("LEFT SEMI", "LEFT ANTI")
        made = f"SELECT {names}{'' if both else f', r.small AS {amount}, r.word AS {word}'} FROM ({text}) AS l {kind} JOIN (SELECT * FROM u) AS r ON l.{left} = r.id{self.pick('', ' WHERE r.amount > 1', '') if not both else ''}"
        if not both:
            self.columns[amount] = "number"
            self.columns[word] = "string"
        self.has_list = False
        return made

    def cross(self, text):
        """Tables by comma: the second one is linked with the first by the third alone, or what all branches of an OR demand links them."""
        left = self.column("number")
        if left is None:
            return self.star(text)
        names, word = ", ".join(f"l.{name} AS {name}" for name in self.columns), self.name()
        links = self.pick(f"l.{left} = m.n AND m.n = r.id", f"m.n = l.{left} AND r.small = m.n + 1", f"(l.{left} = m.n AND r.id = m.n AND r.small > 2 OR m.n = l.{left} AND r.id = m.n AND m.n < 9)")
        made = f"SELECT {names}, r.word AS {word} FROM ({text}) AS l, u AS r, (SELECT number AS n FROM numbers(30)) AS m WHERE {links}{self.pick('', ' AND m.n > 3', ' AND r.amount > 1')}"
        self.columns[word] = "string"
        self.has_list = False
        return made

    def arrays(self, text):
        if not self.has_list:
            return self.star(text)
        name = self.name()
        made = f"SELECT {', '.join(self.columns)}, {name} FROM ({text}) {self.pick('', 'LEFT ')}ARRAY JOIN list AS {name}"
        self.columns[name] = "number"
        self.has_list = False
        return made

    def top(self, text):
        names = [name for name in self.columns if self.chance(0.4)] or [self.pick(*self.columns)]
        where = self.filter(0.85)
        if self.chance(0.5):
            return f"SELECT {', '.join(names)} FROM ({text}){where} ORDER BY ALL LIMIT 300"
        if self.chance(0.3):
            return f"SELECT count() FROM ({text}){where}"
        key = self.pick(*self.columns)
        return f"SELECT {key}, count(), {', '.join(f'max({name}), uniqExact({name})' for name in names)} FROM ({text}){where} GROUP BY {key} ORDER BY {key} LIMIT 300"

    def exists(self):
        """About rows of u, by a column of what stands in FROM as o."""
        key, other = self.column("number"), self.column("number")
        more = self.pick("", "", " AND i.amount > 1", f" AND i.small < o.{other}", f" AND i.small != o.{other}", " AND i.word > 'b'", " AND (i.small > 3 OR i.word = 'abc')")
        return f"{self.pick('', 'NOT ')}EXISTS (SELECT {self.pick('1', '*', 'i.word')} FROM u AS i WHERE {self.pick(f'i.id = o.{key}', f'o.{key} = i.small', f'i.id = o.{key} + 1', f'(i.id = o.{key} AND i.small > 2 OR i.small = 1 AND i.id = o.{key})')}{more})"

    def scalar(self):
        key = self.column("number")
        value = self.pick("max(i.small)", "count()", "sum(i.amount) + 1", "uniqExact(i.word)", "min(i.id) * 2")
        return f"(SELECT {value} FROM u AS i WHERE {self.pick('i.id', 'i.small', 'i.id % 5')} = o.{key}{self.pick('', ' AND i.amount > 1')})"

    def correlated(self, text):
        if self.column("number") is None:
            return self.star(text)
        tests = self.pick(self.exists(), f"{self.exists()} AND {self.exists()}", f"({self.exists()} OR {self.test()})", f"{self.scalar()} > {self.column('number')}", f"{self.test()} AND {self.exists()}", "1")
        names = ", ".join(self.columns)
        self.has_list = False
        if tests != "1" and self.chance(0.6):
            return f"SELECT {names} FROM ({text}) AS o WHERE {tests}"
        value, name = self.scalar(), self.name()
        self.columns[name] = "number"
        return f"SELECT {names}, {value} AS {name} FROM ({text}) AS o WHERE {tests}"
