#!/usr/bin/env python3
"""A second reader of anchors, written from docs/FORMAT.md and RFC 8032 alone.

    anchor_reader.py FILE            checks form and signature and prints the anchor's lines; exits 1 when they are wrong
Needs nothing but Python.
"""
import hashlib
import re
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


class Bad(Exception):
    pass


def add(a, b):
    """Points of the curve as (x, y, z, t), x y = z t."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decoded(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & 2**255 - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P or (x == 0 and sign):
        raise Bad("the key or signature is no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = decoded((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    """Is it the key's signature of the message?"""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(decoded(r), times(h, decoded(key)))
    return all((left[k] * right[2] - right[k] * left[2]) % P == 0 for k in (0, 1))


FORM = re.compile(
    rb"weir-anchor 1\nstore ([0-9a-f]{32})\ncommit ([0-9]+)\ntime (-?[0-9]+)\nchain ([0-9a-f]{64})\nkey ([0-9a-f]{64})\n(signature ([0-9a-f]{128})\n)"
)


def read_anchor(text):
    found = FORM.fullmatch(text)
    if found is None:
        raise Bad("it has not the form of an anchor")
    store, commit, time, chain, key, last, signature = found.groups()
    if not signed(bytes.fromhex(key.decode()), text[: -len(last)], bytes.fromhex(signature.decode())):
        raise Bad("the signature is not of its key")
    return {"store": store.decode(), "commit": int(commit), "time": int(time), "chain": chain.decode(), "key": key.decode()}


if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as file:
            print(read_anchor(file.read()))
    except Bad as error:
        sys.exit(f"{error}")
