"""Random expressions over the columns of t, made by kind, so that most of them are well typed."""

KINDS = {
    "number": ["id", "small", "big", "maybe"],
    "float": ["ratio"],
    "decimal": ["price"],
    "string": ["word", "code", "text"],
    "date": ["day"],
    "time": ["at", "fine"],
    "bool": ["flag"],
    "enum": ["kind"],
    "array": ["list", "holes"],
    "strings": ["names"],
    "map": ["pairs"],
    "tuple": ["point"],
    "wide": ["wide"],
    "late": ["late"],
    "uuid": ["uid"],
    "ip": ["ip"],
}
SIMPLE = ["number", "number", "number", "float", "string", "string", "string", "decimal", "date", "time", "bool", "enum"]
ALL_KINDS = SIMPLE + ["array", "strings", "map", "tuple", "wide", "late", "uuid", "ip"]
QUOTE = "'"


class Expressions:
    def __init__(self, draw):
        self.draw = draw

    def pick(self, *choices):
        return self.draw.choice(choices)

    def one_of(self, *makers):
        return self.draw.choice(makers)()

    def chance(self, probability):
        return self.draw.random() < probability

    def simple_kind(self):
        return self.draw.choice(SIMPLE)

    def any_kind(self):
        return self.draw.choice(ALL_KINDS)

    def constant(self, kind):
        draw = self.draw
        if kind == "number":
            return str(self.pick(0, 1, 2, 3, 7, 10, 100, -1, -5, 255, 256, 65536, draw.randint(-(2**31), 2**31)))
        if kind == "date":
            return self.pick("toDate('2026-03-04')", "toDate('1999-12-31')", "DATE '2000-02-29'")
        if kind == "time":
            return self.pick("toDateTime('2026-03-04 05:06:07', 'UTC')", "toDateTime64('2001-02-03 04:05:06.789', 3, 'UTC')")
        return draw.choice(
            {
                "float": ["0.5", "1.5", "-2.25", "1e3", "100.0"],
                "decimal": ["toDecimal32('1.5', 2)", "toDecimal64(-3, 4)", "toDecimal128('12.3456', 6)"],
                "string": ["''", "'a'", "'abc'", "'foo bar'", "'red'", "'12'", "'%a%'"],
                "bool": ["true", "false"],
                "enum": ["CAST('a', $$Enum8('a' = 1, 'b' = 2, 'c' = -3)$$)"],
                "array": ["[1, 2, 3]", "CAST([], 'Array(Int32)')", "[-1, 5, 5]", "[1, NULL]"],
                "strings": ["['a', 'b']", "['red', '']", "CAST([], 'Array(String)')"],
                "map": ["map('k', 1, 'z', -2)", "CAST(map(), 'Map(String, Int64)')"],
                "tuple": ["CAST((1, 'p'), 'Tuple(x Int32, y String)')"],
                "wide": ["toInt128('-99999999999999999999')", "toInt128(5)"],
                "late": ["toDate32('1950-06-07')", "toDate32('2250-01-01')"],
                "uuid": ["toUUID('00000001-0000-4000-8000-000000000000')"],
                "ip": ["toIPv4('10.0.1.7')"],
            }[kind]
        )

    def of(self, kind, depth):
        draw = self.draw
        if depth <= 0 or self.chance(0.15):
            return draw.choice(KINDS[kind]) if self.chance(0.75) else self.constant(kind)
        return getattr(self, kind)(lambda other: self.of(other, depth - 1), depth)

    def branches(self, kind, sub, depth):
        """What any kind may be: if, CASE, an element, …"""
        return self.one_of(
            lambda: f"if({self.condition(depth - 1)}, {sub(kind)}, {sub(kind)})",
            lambda: f"CASE WHEN {self.condition(depth - 1)} THEN {sub(kind)} WHEN {self.condition(depth - 1)} THEN {sub(kind)} ELSE {sub(kind)} END",
            lambda: f"multiIf({self.condition(depth - 1)}, {sub(kind)}, {self.condition(depth - 1)}, {sub(kind)}, {sub(kind)})",
            lambda: f"materialize({self.constant(kind)})",
            lambda: f"tupleElement(({sub(kind)}, {sub(self.simple_kind())}), 1)",
            lambda: f"[{sub(kind)}, {sub(kind)}][{self.pick('1', '2', '-1', '3')}]" if kind not in ("map", "tuple") else sub(kind),
        )

    def number(self, sub, depth):
        return self.one_of(
            lambda: f"({sub('number')} {self.pick('+', '-', '*')} {sub('number')})",
            lambda: f"intDiv({sub('number')}, {self.pick('3', '7', '10', '-2')})",
            lambda: f"({sub('number')} % {self.pick('2', '3', '10', '-7')})",
            lambda: f"{self.pick('length', 'lengthUTF8', 'empty', 'notEmpty', 'ascii')}({sub('string')})",
            lambda: f"position({sub('string')}, {self.constant('string')})",
            lambda: f"{self.pick('toYear', 'toMonth', 'toDayOfMonth', 'toDayOfWeek', 'toDayOfYear', 'toQuarter', 'toISOWeek', 'toISOYear', 'toWeek', 'toYearWeek', 'toYYYYMM', 'toYYYYMMDD')}({sub(self.pick('date', 'time', 'late'))})",
            lambda: f"{self.pick('toHour', 'toMinute', 'toSecond', 'toUnixTimestamp', 'toYYYYMMDDhhmmss')}({sub('time')})",
            lambda: f"{self.pick('dateDiff', 'age')}('{self.pick('day', 'month', 'year', 'hour', 'minute', 'week', 'quarter')}', {sub('time')}, {sub('time')})",
            lambda: f"{self.pick('abs', 'sign', 'negate', 'bitNot', 'bitCount')}({sub('number')})",
            lambda: f"{self.pick('bitAnd', 'bitOr', 'bitXor')}({sub('number')}, {sub('number')})",
            lambda: f"{self.pick('toInt32', 'toUInt8', 'toInt64', 'toUInt16')}({sub(self.pick('number', 'bool', 'date'))})",
            lambda: f"{self.pick('greatest', 'least')}({self.pick('small', 'maybe', 'id')}, {self.pick('small', '3', 'id')})",
            lambda: f"coalesce({sub('number')}, {sub('number')})",
            lambda: f"ifNull({sub('number')}, {self.constant('number')})",
            lambda: f"nullIf({sub('number')}, {self.constant('number')})",
            lambda: f"{self.pick('cityHash64', 'sipHash64', 'xxHash64')}({sub(self.simple_kind())})",
            lambda: f"toInt64OrZero({sub('string')})",
            lambda: f"{self.pick('length', 'empty', 'arraySum', 'arrayMax', 'arrayMin', 'arrayUniq')}({sub('array')})",
            lambda: f"arrayCount(x -> x {self.pick('>', '=', '<')} {self.constant('number')}, {sub('array')})",
            lambda: f"arraySum(x -> x * {self.pick('2', 'small')}, {sub('array')})",
            lambda: f"{sub('array')}[{self.pick('1', '2', '-1', 'small')}]",
            lambda: f"pairs[{self.constant('string') if self.chance(0.3) else QUOTE + self.pick('k', 'l', 'm') + QUOTE}]",
            lambda: f"indexOf({sub('strings')}, {self.constant('string')})",
            lambda: f"tupleElement({sub('tuple')}, 1)",
            lambda: "point.x",
            lambda: f"toInt16(kind) + {self.constant('number')}",
            lambda: f"arrayFold((a, x) -> a + x, list, toInt64({self.constant('number')}))",
            lambda: f"JSONExtractInt(concat('{{\"a\":', toString({sub('number')}), '}}'), 'a')",
            lambda: self.branches("number", sub, depth),
        )

    def float(self, sub, depth):
        return self.one_of(
            lambda: f"({sub('number')} / {sub('number')})",
            lambda: f"({sub('float')} {self.pick('+', '-', '*')} {sub(self.pick('number', 'float'))})",
            lambda: f"{self.pick('floor', 'ceil', 'trunc')}({sub('float')})",
            lambda: f"round({sub('float')}, {self.pick('0', '1', '2', '-1')})",
            lambda: f"sqrt(abs({sub('float')}))",
            lambda: f"toFloat64({sub(self.pick('number', 'decimal'))})",
            lambda: f"toFloat64OrNull({sub('string')})",
            lambda: f"arrayAvg({sub('array')})",
            lambda: self.branches("float", sub, depth),
        )

    def decimal(self, sub, depth):
        return self.one_of(
            lambda: f"({sub('decimal')} {self.pick('+', '-')} {sub('decimal')})",
            lambda: f"(price * {self.pick('2', 'small', 'toDecimal32(1.5, 1)')})",
            lambda: f"toDecimal64({self.pick('id', 'small')}, 2)",
            lambda: f"{self.pick('abs', 'negate', 'floor', 'ceil')}({sub('decimal')})",
            lambda: f"round({sub('decimal')}, {self.pick('0', '1', '-2')})",
            lambda: self.branches("decimal", sub, depth),
        )

    def string(self, sub, depth):
        return self.one_of(
            lambda: f"{self.pick('lower', 'upper', 'reverse', 'trim', 'lowerUTF8', 'upperUTF8', 'hex', 'base64Encode', 'reverseUTF8', 'initcap')}({sub('string')})",
            lambda: f"concat({sub('string')}, {sub('string')})",
            lambda: f"({sub('string')} || {sub('string')})",
            lambda: f"{self.pick('substring', 'substringUTF8')}({sub('string')}, {self.pick('1', '2', '-2', '3')}, {self.pick('1', '2', '10')})",
            lambda: f"toString({sub(self.any_kind())})",
            lambda: f"{self.pick('replaceAll', 'replaceOne')}({sub('string')}, {self.pick(QUOTE + 'a' + QUOTE, QUOTE + 'o' + QUOTE)}, {self.constant('string')})",
            lambda: f"replaceRegexpAll({sub('string')}, '[a-c]+', '<\\\\\\\\0>')",
            lambda: f"{self.pick('leftPad', 'rightPad')}({sub('string')}, {self.pick('5', '12')}, '*')",
            lambda: f"formatDateTime({sub('time')}, '{self.pick('%Y-%m-%d %H:%i:%S', '%d/%m/%y', '%F %T', '%a %b %j')}')",
            lambda: f"ifNull({sub('string')}, {self.constant('string')})",
            lambda: f"extract({sub('string')}, '[a-z]+')",
            lambda: "toString(kind)",
            lambda: "point.y",
            lambda: f"arrayStringConcat({sub('strings')}, ',')",
            lambda: f"arrayElement({sub('strings')}, {self.pick('1', '-1', '4')})",
            lambda: f"splitByChar(' ', {sub('string')})[1]",
            lambda: f"transform({self.pick('word', 'code')}, ['a', 'red'], ['first', 'second'], 'other')",
            lambda: f"toTypeName({sub(self.any_kind())})",
            lambda: f"CAST({sub(self.pick('number', 'date', 'decimal'))}, '{self.pick('String', 'Nullable(String)', 'LowCardinality(String)')}')",
            lambda: self.branches("string", sub, depth),
        )

    def date(self, sub, depth):
        return self.one_of(
            lambda: f"toDate({sub('time')})",
            lambda: f"{self.pick('toStartOfMonth', 'toStartOfYear', 'toStartOfQuarter', 'toMonday', 'toLastDayOfMonth', 'toStartOfWeek', 'toStartOfISOYear')}({sub('date')})",
            lambda: f"(day {self.pick('+', '-')} INTERVAL {self.pick('1', '3', '12')} {self.pick('DAY', 'MONTH', 'WEEK', 'QUARTER', 'YEAR')})",
            lambda: f"addDays(day, {self.pick('small', '30', 'id')})",
            lambda: self.branches("date", sub, depth),
        )

    def late(self, sub, depth):
        return self.one_of(
            lambda: f"(late {self.pick('+', '-')} INTERVAL {self.pick('1', '3')} {self.pick('DAY', 'MONTH', 'WEEK')})",
            lambda: f"toDate32({sub('date')})",
            lambda: f"if({self.condition(depth - 1)}, {sub('late')}, {sub('late')})",
        )

    def time(self, sub, depth):
        return self.one_of(
            lambda: f"{self.pick('toStartOfHour', 'toStartOfMinute', 'toStartOfFiveMinutes', 'toStartOfDay', 'toStartOfTenMinutes')}({self.pick('at', 'fine')})",
            lambda: f"({self.pick('at', 'fine')} {self.pick('+', '-')} INTERVAL {self.pick('1', '40', '90')} {self.pick('SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH')})",
            lambda: f"toStartOfInterval({self.pick('at', 'fine')}, INTERVAL {self.pick('7', '15', '30')} {self.pick('SECOND', 'MINUTE', 'DAY')})",
            lambda: f"date_trunc('{self.pick('hour', 'day', 'minute')}', {self.pick('at', 'fine')})",
            lambda: f"toTimeZone({self.pick('at', 'fine')}, '{self.pick('Asia/Tokyo', 'America/New_York', 'UTC')}')",
            lambda: f"parseDateTimeBestEffort(toString({self.pick('at', 'toDateTime(day, $$UTC$$)')}), 'UTC')",
            lambda: f"toDateTime64({self.pick('at', 'fine')}, {self.pick('0', '3', '6')}, 'UTC')",
            lambda: self.branches("time", sub, depth),
        )

    def bool(self, _sub, depth):
        return self.condition(depth - 1)

    def enum(self, _sub, _depth):
        return "kind"

    def wide(self, sub, depth):
        return self.one_of(
            lambda: f"(wide {self.pick('+', '-')} {sub('number')})",
            lambda: f"toInt128({sub('number')})",
            lambda: f"intDiv(wide, {self.pick('7', '-1000')})",
            lambda: f"if({self.condition(depth - 1)}, wide, {sub('wide')})",
        )

    def uuid(self, _sub, _depth):
        return "uid"

    def ip(self, _sub, _depth):
        return "ip"

    def array(self, sub, depth):
        return self.one_of(
            lambda: f"arrayMap(x -> {self.pick('x + 1', 'x * small', 'if(x > 0, x, -x)', 'toInt32(id % 5) - x')}, {sub('array')})",
            lambda: f"arrayFilter(x -> {self.pick('x > 0', 'x != small', 'x % 2 = 0')}, {sub('array')})",
            lambda: f"{self.pick('arrayDistinct', 'arraySort', 'arrayReverse', 'arrayReverseSort', 'arrayCompact', 'arrayEnumerate')}({sub('array')})",
            lambda: f"arraySlice({sub('array')}, {self.pick('1', '2', '-2')}, {self.pick('1', '2')})",
            lambda: f"arrayConcat({sub('array')}, list)",
            lambda: f"array{self.pick('PushBack', 'PushFront')}(list, {self.pick('small', '5', 'maybe')})",
            lambda: f"arrayMap((x, y) -> x + y, list, arrayReverse(list))",
            lambda: f"arraySort(x -> -x, list)",
            lambda: f"arrayCumSum(list)",
            lambda: f"mapValues({sub('map')})",
            lambda: f"range({self.pick('3', 'toUInt8(id % 4)')})",
            lambda: f"if({self.condition(depth - 1)}, list, {sub('array')})",
        )

    def strings(self, sub, _depth):
        return self.one_of(
            lambda: f"arrayMap(x -> {self.pick('upper(x)', 'concat(x, word)', 'x || toString(id)')}, names)",
            lambda: f"mapKeys({sub('map')})",
            lambda: f"splitByChar('{self.pick(' ', ',', 'b')}', word)",
            lambda: f"arraySort({sub('strings')})",
            lambda: f"arrayMap(x -> toString(x), {sub('array')})",
            lambda: f"extractAll(word, '[a-z]')",
            lambda: "arrayConcat(names, [word])",
        )

    def map(self, sub, depth):
        return self.one_of(
            lambda: f"mapFilter((k, v) -> {self.pick('v > 0', 'k != $$k$$')}, {sub('map')})",
            lambda: f"mapApply((k, v) -> (upper(k), v + {self.pick('1', 'small')}), pairs)",
            lambda: f"map(word, toInt64(small))",
            lambda: f"if({self.condition(depth - 1)}, pairs, {sub('map')})",
        )

    def tuple(self, sub, depth):
        return self.one_of(
            lambda: f"({sub(self.simple_kind())}, {sub(self.simple_kind())})",
            lambda: f"if({self.condition(depth - 1)}, point, {self.constant('tuple')})",
            lambda: f"tuple({sub('number')}, {sub('array')})",
        ) if depth < 2 else "point"

    def condition(self, depth):
        def sub(kind):
            return self.of(kind, depth - 1)

        if depth > 0 and self.chance(0.3):
            return f"({self.condition(depth - 1)} {self.pick('AND', 'OR')} {self.condition(depth - 1)})"
        return self.one_of(
            lambda: f"({sub('number')} {self.pick('=', '!=', '<', '>', '<=', '>=', '<=>')} {sub('number')})",
            lambda: f"({sub('string')} {self.pick('=', '!=', '<', '>')} {sub('string')})",
            lambda: f"({self.pick('word', 'code', 'text')} {self.pick('LIKE', 'NOT LIKE', 'ILIKE')} {self.pick(QUOTE + '%a%' + QUOTE, QUOTE + 'a_c' + QUOTE, QUOTE + 'foo%' + QUOTE)})",
            lambda: f"({sub('number')} BETWEEN {self.constant('number')} AND {self.constant('number')})",
            lambda: f"({self.pick('id', 'small', 'big', 'maybe')} {self.pick('IN', 'NOT IN')} ({self.constant('number')}, {self.constant('number')}, 5))",
            lambda: f"({self.pick('word', 'code')} IN ('a', 'red', 'foo bar', 'abc'))",
            lambda: f"({self.pick('id', 'small')} {self.pick('IN', 'NOT IN')} (SELECT {self.pick('id', 'small')} FROM u{self.pick('', ' WHERE amount > 0')}))",
            lambda: f"(({self.pick('code', 'word')}, id % 3) IN (SELECT {self.pick('code', 'word')}, id % 3 FROM u))",
            lambda: f"({sub('number')} {self.pick('>', '<')} (SELECT {self.pick('max', 'min', 'avg')}({self.pick('id', 'amount')}) FROM u))",
            lambda: f"({self.pick('maybe', 'text')} IS {self.pick('', 'NOT ')}NULL)",
            lambda: f"({sub('date')} {self.pick('<', '>=', '=')} {sub('date')})",
            lambda: f"({sub('time')} {self.pick('<', '>=', '!=')} {sub('time')})",
            lambda: f"({self.pick('day', 'at')} {self.pick('<', '>')} '2026-03-04')",
            lambda: f"(kind {self.pick('=', '!=')} 'b')",
            lambda: f"({sub('float')} {self.pick('<', '>')} {sub(self.pick('float', 'number'))})",
            lambda: f"({sub('decimal')} {self.pick('<', '>', '=')} {sub(self.pick('decimal', 'number'))})",
            lambda: f"(NOT {self.condition(depth - 1)})" if depth > 0 else "flag",
            lambda: f"match({self.pick('word', 'code')}, '^[a-f]+')",
            lambda: f"has({sub('array')}, {self.pick('small', '1', 'NULL')})",
            lambda: f"{self.pick('hasAny', 'hasAll')}({sub('strings')}, ['a', 'red'])",
            lambda: f"arrayExists(x -> x = {self.pick('word', QUOTE + 'a' + QUOTE)}, names)",
            lambda: f"mapContains(pairs, '{self.pick('k', 'z')}')",
            lambda: f"(point {self.pick('=', '<', '>')} (0, 'p'))",
            lambda: f"(wide {self.pick('<', '>=')} {sub('wide')})",
            lambda: f"(late {self.pick('<', '>=')} {sub('late')})",
            lambda: f"(list {self.pick('=', '<')} {sub('array')})",
        )

    def aggregate(self, depth):
        """An aggregate function whose result does not depend on the order of the rows."""

        def sub(kind):
            return self.of(kind, depth)

        return self.one_of(
            lambda: "count()",
            lambda: f"count({sub(self.any_kind())})",
            lambda: f"sum({sub(self.pick('number', 'decimal', 'wide'))})",
            lambda: f"{self.pick('min', 'max')}({sub(self.any_kind())})",
            lambda: f"avg({sub('number')})",
            lambda: f"countIf({self.condition(depth)})",
            lambda: f"sumIf({sub('number')}, {self.condition(depth)})",
            lambda: f"count() FILTER (WHERE {self.condition(depth)})",
            lambda: f"{self.pick('uniqExact', 'uniq')}({sub(self.simple_kind())})",
            lambda: f"count(DISTINCT {sub(self.any_kind())})",
            lambda: f"{self.pick('argMin', 'argMax')}({sub(self.any_kind())}, id)",
            lambda: f"{self.pick('quantileExact', 'quantileExactLow', 'quantileExactHigh')}({self.pick('0', '0.5', '0.9', '1')})({self.pick('id', 'small', 'big', 'maybe', 'ratio', 'at', 'day')})",
            lambda: f"{self.pick('groupBitXor', 'groupBitAnd', 'groupBitOr')}({self.pick('id', 'toUInt8(small)')})",
            lambda: f"maxIf({sub('number')}, {self.condition(depth)})",
            lambda: f"{self.pick('minOrNull', 'sumOrNull', 'avgOrDefault', 'maxOrDefault')}({sub('number')})",
            lambda: f"arraySort(groupUniqArray({self.pick('small', 'word', 'code', 'kind', 'day')}))",
            lambda: f"{self.pick('sumArray', 'maxArray', 'countArray', 'uniqExactArray')}({sub('array')})",
            lambda: f"sumMap({sub('map')})",
            lambda: f"length(groupArray({sub(self.any_kind())}))",
            lambda: f"{self.pick('stddevPop', 'varSamp', 'skewPop')}({self.pick('small', 'id')})",
            lambda: f"{self.pick('corr', 'covarPop')}(small, id)",
            lambda: f"sumDistinct({sub('number')})",
            lambda: f"finalizeAggregation({self.pick('sumState', 'maxState', 'uniqExactState', 'countState')}({self.pick('id', 'small', 'maybe')}))",
            lambda: f"{self.pick('sumForEach', 'maxForEach')}(list)",
            lambda: f"{self.pick('anyIf', 'maxIf')}({self.pick('flag', 'small')} = {self.pick('flag', 'small')}, {self.condition(depth)})",
            lambda: f"(sum(small) {self.pick('+', '/', '-')} count())",
        )

    def window_function(self):
        """With rows that are ordered by id: nothing is left to chance."""
        order = self.pick("id", "id", "id DESC", "small, id", "day, id", "code DESC, id", "maybe NULLS FIRST, id", "ratio, id")
        partition = self.pick("", "", "PARTITION BY code ", "PARTITION BY flag, kind ", "PARTITION BY small % 5 ", "PARTITION BY toYear(day) ")
        start, end = self.pick(
            ("UNBOUNDED PRECEDING", "CURRENT ROW"),
            ("3 PRECEDING", "1 FOLLOWING"),
            ("CURRENT ROW", "UNBOUNDED FOLLOWING"),
            ("UNBOUNDED PRECEDING", "UNBOUNDED FOLLOWING"),
            ("5 PRECEDING", "2 PRECEDING"),
            ("1 FOLLOWING", "4 FOLLOWING"),
            ("0 PRECEDING", "0 FOLLOWING"),
        )
        kind = self.pick("ROWS", "ROWS", "RANGE", "GROUPS")
        if kind == "RANGE" and "," in order:
            order = self.pick("id", "id DESC") if "CURRENT" not in start + end else order
        if kind == "RANGE" and any(char.isdigit() for char in start + end):
            order = self.pick("id", "id DESC")
        frame = f" {kind} BETWEEN {start} AND {end}" if self.chance(0.6) else ""
        over = f"OVER ({partition}ORDER BY {order}{frame})"
        bare = f"OVER ({partition}ORDER BY {order})"
        return self.one_of(
            lambda: f"{self.pick('row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist')}() {bare}",
            lambda: f"ntile({self.pick('3', '7')}) {bare}",
            lambda: f"{self.pick('lag', 'lead', 'lagInFrame', 'leadInFrame')}({self.pick('id', 'word', 'maybe', 'day', 'list')}{self.pick('', ', 2')}) OVER ({partition}ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
            lambda: f"{self.pick('first_value', 'last_value')}({self.pick('small', 'word', 'day', 'ratio')}) {over}",
            lambda: f"nth_value({self.pick('small', 'word')}, 2) {over}",
            lambda: f"{self.pick('sum', 'min', 'max', 'avg', 'count', 'uniqExact')}({self.pick('id', 'small', 'maybe', 'price', 'ratio')}) {over}",
            lambda: f"{self.pick('groupArray', 'groupArrayLast(2)')}(small) OVER ({partition}ORDER BY {order} ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)",
            lambda: f"{self.pick('any', 'anyLast')}(word) {over}",
            lambda: f"{self.pick('argMax', 'argMin')}(word, id) {over}",
            lambda: f"sumIf(small, flag) {over}",
        )
