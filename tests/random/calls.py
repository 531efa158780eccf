"""Calls of every function with random arguments.

calls.txt shows how each function is called; the arguments are replaced by others now and then: by constants of any type,
by columns of v (edge values), by arguments of other calls.
"""
import glob
import os
import random
import re

from sides import HERE, ROOT
from tables import V, V_ROWS

GOLDEN = os.path.join(ROOT, "tests/sql/golden")
TEMPLATES = os.path.join(HERE, "calls.txt")
TEMPLATES_MAX = 4
# other answers each time, or about the server itself
CHANGING = {
    "now", "now64", "nowInBlock", "nowInBlock64", "today", "yesterday", "UTCTimestamp", "utc_timestamp", "current_timestamp", "current_date", "curdate",
    "rand", "rand32", "rand64", "randConstant", "randCanonical", "randUniform", "randNormal", "randLogNormal", "randExponential", "randChiSquared",
    "randStudentT", "randFisherF", "randBernoulli", "randBinomial", "randNegativeBinomial", "randPoisson", "randomString", "randomFixedString",
    "randomPrintableASCII", "randomStringUTF8", "fuzzBits", "generateUUIDv4", "generateUUIDv7", "generateSnowflakeID", "generateULID",
    "dateTime64ToSnowflakeID", "dateTimeToUUIDv7", "arrayShuffle", "arrayPartialShuffle", "arrayRandomSample", "hostName", "hostname", "fqdn", "FQDN", "serverUUID",
    "version", "uptime", "queryID", "query_id", "initialQueryID", "initial_query_id", "sleep", "sleepEachRow", "rowNumberInAllBlocks",
    "rowNumberInBlock", "blockNumber", "blockSize", "runningDifference", "runningDifferenceStartingWithFirstValue", "runningAccumulate",
    "runningConcurrency", "neighbor", "tid", "getSetting", "filesystemAvailable", "filesystemCapacity", "filesystemUnreserved", "serverTimezone",
    "currentUser", "user", "current_user", "currentDatabase", "buildId", "getOSKernelVersion", "displayName", "connectionId", "connection_id",
    "currentProfiles", "tcpPort", "getMacro", "file", "logTrace", "throwIf", "currentSchemas", "mysql_thread_id", "revision", "TimestampInSeconds",
    "generateRandom", "randomHadamard", "getServerPort", "getServerSetting", "getMergeTreeSetting", "zookeeperSessionUptime", "structureToProtobufSchema",
}  # fmt: skip
CONSTANTS = [
    "0", "1", "-1", "2", "3", "10", "100", "255", "256", "-128", "65536", "2147483648", "-2147483649", "18446744073709551615",
    "-9223372036854775808", "0.5", "-1.5", "1e10", "nan", "inf", "-inf", "-0.", "NULL", "''", "'a'", "'abc'", "'12'", "'-3.5'", "' '", "'UTC'",
    "'Asia/Tokyo'", "'day'", "'%Y-%m-%d'", "'2026-01-02'", "'2026-01-02 03:04:05'", "'[a-z]+'", "','", "'Zürich'", "'\\xff\\0'", "'$.a'", "'a.b'",
    "true", "[]", "[1]", "[1, 2, NULL]", "['a', '']", "[[1], []]", "(1, 'a')", "(1, 2)", "map('a', 1)", "map()", "[(1, 2), (3, 4)]",
    "toDate('2026-03-04')", "toDate('1970-01-01')", "toDate32('1900-01-01')", "toDateTime('2026-03-04 05:06:07', 'UTC')",
    "toDateTime64('2026-03-04 05:06:07.089', 3, 'UTC')", "toDateTime64('1969-12-31 23:59:59.9', 1, 'Europe/Berlin')",
    "INTERVAL 1 DAY", "INTERVAL -3 MONTH", "toDecimal32('1.25', 2)", "toDecimal64('-99.5', 4)", "toDecimal128('3', 20)", "toInt128(-5)",
    "toUInt128('340282366920938463463374607431768211455')", "toUInt8(200)", "toInt8(-100)", "toFloat32(0.1)", "toFixedString('ab', 3)",
    "toLowCardinality('q')", "toNullable(7)", "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", "toIPv4('1.2.3.4')", "toIPv6('::1')",
    "CAST(NULL, 'Nullable(String)')", "CAST(NULL, 'Nullable(Int32)')", "CAST('a', $$Enum8('a' = 1, 'b' = 2)$$)", "CAST([], 'Array(Int64)')",
    "CAST([1.5, NULL], 'Array(Nullable(Float64))')", "toInt256(1)", "x -> x", "x -> x > 1", "(x, y) -> x + y", "x -> toString(x)",
]  # fmt: skip
TYPES = [kind for _, kind, _ in V] + ["Int256", "UInt256", "Array(Nullable(String))", "Nullable(Bool)", "Decimal(5, 1)", "FixedString(2)", "DateTime"]


def split_arguments(text):
    """The arguments of "a, f(b, c), 'x'), …", up to the parenthesis that ends them; None if it is missing."""
    arguments, depth, begin, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        if char == "'":
            at += 1
            while at < len(text) and text[at] != "'":
                at += 2 if text[at] == "\\" else 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                last = text[begin:at].strip()
                return arguments + [last] if last or arguments else [], at + 1
            depth -= 1
        elif char == "," and depth == 0:
            arguments.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return None


def golden_calls(functions):
    """Calls in the golden statements by function: ("f" or "a" for aggregates, the text)."""
    names = {name.lower(): name for name in functions}
    found = {name: [] for name in functions}
    for path in sorted(glob.glob(os.path.join(GOLDEN, "*.sql"))):
        if os.path.basename(path).startswith("refused"):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for place in re.finditer(r"\b([A-Za-z_]\w*)\(", text):
            name = place.group(1) if place.group(1) in functions else names.get(place.group(1).lower())
            rest = split_arguments(text[place.end() : place.end() + 200]) if name else None
            if rest is None:
                continue
            end = place.end() + rest[1]
            if text[end : end + 1] == "(":
                rest = split_arguments(text[end + 1 : end + 200])
                if rest is None:
                    continue
                end += 1 + rest[1]
            call = name + text[place.end() - 1 : end]
            changing = any(f"{other}(" in call for other in CHANGING)
            if not changing and len(call) <= 100 and "\n" not in call and "SELECT" not in call and call not in found[name]:
                found[name].append(call)
    return found


def write_templates(functions):
    """calls.txt: some calls of each function. A file of its own, so that new golden statements leave the runs as they were."""
    with open(TEMPLATES, "w", encoding="utf-8") as file:
        for name, calls in sorted(golden_calls(functions).items()):
            if name not in CHANGING:
                random.Random(name).shuffle(calls)
                for call in sorted(calls[:TEMPLATES_MAX]):
                    file.write(f"{'a' if functions[name] else 'f'}\t{call}\n")


class Calls:
    def __init__(self, seed):
        self.seed = seed
        self.templates = {}  # name → [(parameters, arguments)]
        self.aggregates = set()
        self.arguments = []
        with open(TEMPLATES, encoding="utf-8") as file:
            for line in file:
                kind, call = line.rstrip("\n").split("\t")
                name, rest = call.split("(", 1)
                arguments, end = split_arguments(rest)
                parameters = []
                if rest[end : end + 1] == "(":
                    parameters, arguments = arguments, split_arguments(rest[end + 1 :])[0]
                self.templates.setdefault(name, []).append((parameters, arguments))
                self.arguments += arguments
                if kind == "a":
                    self.aggregates.add(name)
        self.order = sorted(self.templates)
        self.draws = {name: random.Random(f"{seed} {name}") for name in self.order}
        self.draw = None

    def argument(self):
        draw = self.draw
        which = draw.random()
        if which < 0.4:
            return draw.choice(CONSTANTS)
        if which < 0.75:
            return draw.choice(V)[0]
        if which < 0.85:
            return f"materialize({draw.choice(CONSTANTS)})"
        if which < 0.93:
            return f"CAST({draw.choice(V)[0]}, $${draw.choice(TYPES)}$$)"
        return draw.choice(self.arguments)

    def call(self, name, aggregate):
        draw = self.draw
        parameters, arguments = [], None
        if draw.random() < 0.9:
            parameters, arguments = draw.choice(self.templates[name])
            chance = draw.choice([0.15, 0.3, 0.6])
            arguments = [self.argument() if draw.random() < chance else argument for argument in arguments]
            if draw.random() < 0.05:
                arguments = arguments[:-1] if draw.random() < 0.5 else arguments + [self.argument()]
            if parameters and draw.random() < 0.3:
                parameters = [draw.choice(CONSTANTS[:20]) if draw.random() < 0.5 else parameter for parameter in parameters]
        else:
            arguments = [self.argument() for _ in range(draw.choice([1, 1, 2, 2, 3, 4]))]
        if aggregate and draw.random() < 0.3:
            combinator = draw.choice(["If", "OrNull", "OrDefault", "Distinct", "Array", "ForEach", "State", "Map", "If", "SimpleState"])
            name += combinator
            if combinator == "If":
                arguments = arguments + [draw.choice(["u8 > 1", "b", "0", "nu8", "NULL", "n % 2"])]
        head = f"({', '.join(parameters)})" if parameters else ""
        return f"{name}{head}({', '.join(arguments)})"

    def statement(self, number):
        """The functions take turns; each draws for itself."""
        name = self.order[number % len(self.order)]
        self.draw = draw = self.draws[name]
        aggregate = name in self.aggregates
        call = self.call(name, aggregate)
        rows = draw.random()
        where = f" WHERE n = {draw.randrange(V_ROWS)}" if rows < 0.4 else ""
        if aggregate:
            return draw.choice(
                [
                    f"SELECT {call} AS r FROM v{where}",
                    f"SELECT b, {call} AS r FROM v GROUP BY b ORDER BY b",
                    f"SELECT n, {call} OVER (ORDER BY n{draw.choice(['', ' ROWS 2 PRECEDING'])}) AS r FROM v ORDER BY n",
                    f"SELECT {call} AS r FROM v WHERE n > 100",
                ]
            )
        return f"SELECT n, {call} AS r FROM v{where} ORDER BY n"
