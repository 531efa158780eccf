"""Golden statements with a few tokens replaced by others of their kind."""
import glob
import os
import re

from calls import CHANGING, CONSTANTS, GOLDEN, TYPES

TOKEN = re.compile(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`|[A-Za-z_]\w*|\d[\w.]*|<=>|->|::|[<>!=]=|\|\||\s+|.", re.S)
COLUMNS = "id ts day origin dest delay distance price note tail cost late ts64 uid ip kind".split()
SWAPS = [
    ["LEFT", "RIGHT", "FULL", "INNER", "SEMI", "ANTI", "ANY", "ASOF", "CROSS"],
    ["ROWS", "RANGE", "GROUPS"],
    ["PRECEDING", "FOLLOWING"],
    ["ASC", "DESC"],
    ["FIRST", "LAST"],
    ["UNION", "INTERSECT", "EXCEPT"],
    ["ALL", "DISTINCT"],
    ["ROLLUP", "CUBE", "TOTALS"],
    ["AND", "OR"],
    ["HAVING", "QUALIFY", "WHERE"],
    ["ON", "USING"],
    ["+", "-", "*", "/", "%"],
    ["=", "!=", "<", ">", "<=", ">="],
    ["DAY", "WEEK", "MONTH", "HOUR", "MINUTE", "SECOND", "YEAR", "QUARTER"],
    ["sum", "min", "max", "avg", "any", "uniqExact", "groupArray", "argMax", "quantile", "stddevPop"],
]
SWAP = {word: group for group in SWAPS for word in group}
COSTLY = re.compile(r"numbers|zeros|range|repeat|Resample|space|leftPad|rightPad|arrayResize|generateRandom|timeSlots|file\(|Sleep|dictionary", re.I)
UNSTABLE = re.compile(r"system\.|kafka\(|generateRandom|\b(" + "|".join(sorted(CHANGING)) + r")\(", re.I)


class Mutants:
    def __init__(self, draw):
        self.draw = draw
        self.statements = []
        for path in sorted(glob.glob(os.path.join(GOLDEN, "*.sql"))):
            if os.path.basename(path).startswith("refused"):
                continue
            with open(path, encoding="utf-8") as file:
                for text in file.read().strip("\n").split("\n\n"):
                    if not text.startswith("-- weir:") and not UNSTABLE.search(text) and len(text) < 1500:
                        self.statements.append(text)

    def replacement(self, token, costly):
        draw = self.draw
        if token in SWAP or token.upper() in SWAP:
            return draw.choice(SWAP.get(token) or SWAP[token.upper()])
        if token in COLUMNS:
            return draw.choice(COLUMNS)
        if token.isdigit():
            return draw.choice(["0", "1", "2", "3", "10", "-1", "0.5", "7"] if costly else CONSTANTS[:23])
        if token.startswith("'"):
            return draw.choice(CONSTANTS) if not costly else draw.choice(["''", "'a'", "'12'", "'2026-01-02'"])
        if token in TYPES or token in ("UInt8", "Int32", "Int64", "Float64", "String"):
            return draw.choice(TYPES)
        return None

    def statement(self):
        draw = self.draw
        text = draw.choice(self.statements)
        costly = COSTLY.search(text) is not None
        tokens = TOKEN.findall(text)
        places = [at for at, token in enumerate(tokens) if self.replacement(token, costly) is not None]
        for at in draw.sample(places, min(len(places), draw.choice([1, 1, 2, 3]))):
            tokens[at] = self.replacement(tokens[at], costly)
        return "".join(tokens)
