"""Are two answers the same? Floats are compared with a tolerance, rows in any order if the caller allows it."""
import math
import re

TOLERANCE = 1e-9
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|inf|nan)")


def same_value(one, other, is_float):
    if one == other:
        return True
    if not is_float:
        return False
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    for mine, theirs in zip(NUMBER.findall(one), NUMBER.findall(other)):
        if mine == theirs or {mine, theirs} == {"nan", "-nan"}:
            continue
        if not math.isclose(float(mine), float(theirs), rel_tol=TOLERANCE):
            return False
    return True


def same_lines(mine, theirs, floats):
    for my_line, their_line in zip(mine, theirs):
        if my_line == their_line:
            continue
        my_values, their_values = my_line.split("\t"), their_line.split("\t")
        if len(my_values) != len(their_values) or len(my_values) > len(floats):
            return False
        if not all(map(same_value, my_values, their_values, floats)):
            return False
    return True


def same(mine, theirs, any_order):
    mine, theirs = mine.split("\n"), theirs.split("\n")
    if len(mine) != len(theirs) or mine[1:2] != theirs[1:2]:
        return False
    floats = ["Float" in kind for kind in theirs[1].split("\t")] if len(theirs) > 1 else []
    if same_lines(mine[2:], theirs[2:], floats):
        return True
    return any_order and same_lines(sorted(mine[2:]), sorted(theirs[2:]), floats)


def first_difference(mine, theirs):
    """The first lines that differ; the second one holds the types."""
    my_lines, their_lines = mine.split("\n"), theirs.split("\n")
    if my_lines[1:2] != their_lines[1:2]:
        return my_lines[1] if len(my_lines) > 1 else mine, their_lines[1] if len(their_lines) > 1 else theirs
    for my_line, their_line in zip(my_lines[2:], their_lines[2:]):
        if not same("\n".join(my_lines[:2] + [my_line]), "\n".join(their_lines[:2] + [their_line]), False):
            return my_line, their_line
    return f"{len(my_lines)} lines", f"{len(their_lines)} lines"
