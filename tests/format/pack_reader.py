#!/usr/bin/env python3
"""A second reader of packs, written from docs/FORMAT.md alone.

    pack_reader.py DATA_DIRECTORY    reads every live segment that the ledger names, checks all that the text says, and
                                     prints one line per segment; exits 1 with the first contradiction
"""
import copy
import ctypes
import ctypes.util
import datetime
import decimal
import ipaddress
import re
import struct
import sys
import uuid
from pathlib import Path

import lz4.block

from ledger_reader import Bad, ledger_state, need, xxh3

GRANULE = 8192
SLACK = 8
HIDDEN = {0xFFFFFFF0: "_stream", 0xFFFFFFF1: "_partition", 0xFFFFFFF2: "_offset"}
MASK64, MASK128 = 2**64 - 1, 2**128 - 1


def split_arguments(text):
    """The parts between commas that stand in no brackets or quotes."""
    parts, depth, at = [""], 0, 0
    while at < len(text):
        c = text[at]
        if c in "'`":
            end = at + 1
            while text[end] != c:
                end += 2 if text[end] == "\\" else 1
            parts[-1] += text[at : end + 1]
            at = end + 1
            continue
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
        at += 1
    return [part.strip() for part in parts]


def element_name(text):
    """The name in front of a tuple element's type, as it is written; "" when it has none."""
    found = re.match(r"(`[^`]*`|\w+)\s+\w", text)
    return found[1] if found else ""


class Type:
    """What a type's name says about its values' bytes."""

    def __init__(self, name):
        self.name = name
        self.nullable = self.dictionary = False
        if name.startswith("SimpleAggregateFunction("):
            name = split_arguments(name[len("SimpleAggregateFunction(") : -1])[-1]
        elif name.startswith("AggregateFunction("):
            name = "String"
        while match := re.fullmatch(r"(Nullable|LowCardinality)\((.*)\)", name, re.S):
            self.nullable |= match[1] == "Nullable"
            name = match[2]
        self.base = re.match(r"\w+", name)[0]
        self.arguments = name[len(self.base) + 1 : -1]
        if self.base == "JSON":  # declared paths, then a map of the others
            self.base = "Tuple"
            self.arguments += ", " * bool(self.arguments) + "`` Map(String, String)"
        self.nested = self.base in ("Array", "Tuple", "Map")
        if self.nested:
            parts = split_arguments(self.arguments)
            self.names = [element_name(part) for part in parts] if self.base == "Tuple" else None
            self.children = [Type(part[len(element_name(part)) :].strip()) for part in parts] if self.base == "Tuple" else [Type(part) for part in parts]
            self.string = self.bytes = self.signed = False
            self.width = 0
            return
        self.string = self.base == "String"
        self.bytes = self.base in ("String", "FixedString", "IPv6")
        self.signed = self.base.startswith(("Int", "Decimal", "Enum")) or self.base in ("Date32", "DateTime64")
        self.scale = 0
        widths = {"Bool": 1, "Date": 2, "Date32": 4, "DateTime": 4, "DateTime64": 8, "IPv4": 4, "IPv6": 16, "UUID": 16, "Enum8": 1, "Enum16": 2, "Float32": 4, "Float64": 8, "String": 16}
        if self.base in widths:
            self.width = widths[self.base]
        elif match := re.fullmatch(r"U?Int(\d+)", self.base):
            self.width = int(match[1]) // 8
        elif self.base == "FixedString":
            self.width = int(self.arguments)
        elif self.base == "Decimal":
            precision, self.scale = (int(part) for part in self.arguments.split(","))
            self.width = 4 if precision <= 9 else 8 if precision <= 18 else 16
        else:
            raise Bad(f"type {self.name}")
        if self.base == "DateTime64":
            self.scale = int(self.arguments.split(",")[0])

    def raw(self, number):
        """A number of any sign as the type's bytes."""
        return (number % 2 ** (8 * self.width)).to_bytes(self.width, "little")

    def number(self, data):
        return int.from_bytes(data, "little", signed=self.signed)

    def order(self, data):
        """A key by which values sort."""
        if self.base == "Array":
            return [self.children[0].order(value) for value in data]
        if self.base == "Map":
            return [[child.order(value) for child, value in zip(self.children, pair)] for pair in data]
        if self.base == "Tuple":
            return [child.order(value) for child, value in zip(self.children, data)]
        if self.bytes:
            return data
        if self.base in ("Float32", "Float64"):
            return struct.unpack("<f" if self.width == 4 else "<d", data)[0]
        return self.number(data)

    def text(self, data):
        """As TabSeparated shows it; strings as bytes."""
        if data is None:
            return None
        if self.base == "Array":
            return [self.children[0].text(value) for value in data]
        if self.base == "Map":
            return [tuple(child.text(value) for child, value in zip(self.children, pair)) for pair in data]
        if self.base == "Tuple":
            return tuple(child.text(value) for child, value in zip(self.children, data))
        if self.string:
            return data
        if self.base == "FixedString":
            return data
        if self.base == "IPv6":
            return str(ipaddress.IPv6Address(data))
        if self.base == "IPv4":
            return str(ipaddress.IPv4Address(self.number(data)))
        if self.base == "UUID":
            number = self.number(data)  # the text's second half counts more
            return str(uuid.UUID(int=(number % 2**64) << 64 | number >> 64))
        if self.base in ("Float32", "Float64"):
            return self.order(data)
        number = self.number(data)
        if self.base in ("Date", "Date32"):
            return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=number))
        if self.base == "Bool":
            return bool(number)
        if self.base == "Decimal":
            return decimal.Decimal(number).scaleb(-self.scale)
        if self.base.startswith("Enum"):
            return {int(value): name for name, value in re.findall(r"'((?:[^'\\]|\\.)*)' = (-?\d+)", self.arguments)}[number]
        return number


library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
library.ZSTD_decompress.restype = ctypes.c_size_t
library.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]


def unzstd(data, size):
    out = ctypes.create_string_buffer(max(size, 1))
    need(library.ZSTD_decompress(out, size, data, len(data)) == size, "the size of ZSTD bytes")
    return out.raw[:size]


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        need(0 <= count <= len(self.data) - self.at, "it ends early")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def number(self, width, signed=False):
        return int.from_bytes(self.take(width), "little", signed=signed)


def unpack(data, count, width):
    whole = int.from_bytes(data, "little")
    return [whole >> (k * width) & (1 << width) - 1 for k in range(count)]


def read_frame(read, count):
    base, width, patches = read.number(8), read.number(1), read.number(2)
    need(width <= 56 or width == 64, "a frame's width")
    patched = [(read.number(2), read.number(8)) for _ in range(patches)]
    numbers = unpack(read.take((count * width + 7) // 8), count, width)
    for row, number in patched:
        need(row < count, "a patch's row")
        numbers[row] = number
    return [(base + number) & MASK64 for number in numbers]


def read_heap(read, size, codec):
    """`size` bytes, plain or packed."""
    if codec == 2:
        return read.take(size)
    if codec == 18:
        return unzstd(read.take(len(read.data) - read.at), size)
    need(codec == 9, f"codec {codec} of bytes")
    data = lz4.block.decompress(read.take(len(read.data) - read.at), uncompressed_size=size)
    need(len(data) == size, "the size of LZ4 bytes")
    return data


def read_numbers(read, kind, count, depth):
    """A block of numbers inside a block, at most two deep."""
    need(depth < 2, "blocks inside blocks")
    plain = copy.copy(kind)
    plain.nullable = False
    return read_block(read.take(read.number(4)), plain, count, None, depth + 1)


def read_decimals(numbers, exponent, patched):
    values = [struct.pack("<d", (number - 2**64 if number >> 63 else number) / float(10**exponent)) for number in numbers]
    for row, value in patched:
        values[row] = value
    return values


def read_template(read, count):
    length = read.number(2)
    need(1 <= length <= 256, "the length of a template")
    text, differs = read.take(length), unpack(read.take((length + 7) // 8), length, 1)
    size = read.number(1)
    need(1 <= size <= 64, "the symbols of a template")
    symbols, places = read.take(size), [k for k in range(length) if differs[k]]
    width = (size - 1).bit_length()
    codes = iter(unpack(read.take((count * len(places) * width + 7) // 8), count * len(places), width))
    values = []
    for _ in range(count):
        value = bytearray(text)
        for place in places:
            value[place] = symbols[next(codes)]
        values.append(bytes(value))
    return values


def read_block(data, kind, count, dictionary=None, depth=0):
    """The values of a block: bytes each, None for NULL."""
    need(len(data) >= SLACK + 2 and data[-SLACK:] == bytes(SLACK), "a block's end")
    read = Bytes(data[:-SLACK])
    nulls = read.number(1)
    need(nulls <= 2 and (nulls == 0 or kind.nullable), "a block's NULLs")
    missing = unpack(read.take((count + 7) // 8), count, 1) if nulls == 1 else [0] * count
    codec = read.number(1)
    if nulls == 2:
        return [None] * count
    need(kind.nested == (codec in (10, 11)), f"codec {codec} of a {kind.base}")
    if kind.nested:
        values = read_tuples(read, kind.children, count) if codec == 11 else read_lists(read, kind, count)
        need(codec == (11 if kind.base == "Tuple" else 10), f"codec {codec} of a {kind.base}")
        need(read.at == len(read.data), "bytes behind a block's payload")
        return values
    if codec == 1:
        value = read.take(read.number(4) if kind.string else kind.width)
        values = [value] * count
    elif codec == 3:
        values = [kind.raw(number) for number in read_frame(read, count)]
    elif codec == 4:
        value = read.number(8)
        values = [kind.raw(value)]
        for difference in read_frame(read, count - 1):
            value += difference
            values.append(kind.raw(value))
    elif codec == 5:
        exponent, patches = read.number(1), read.number(2)
        patched = [(read.number(2), read.take(8)) for _ in range(patches)]
        values = read_decimals(read_frame(read, count), exponent, patched)
    elif codec == 16:
        exponent, patches = read.number(1), read.number(2)
        patched = [(read.number(2), read.take(8)) for _ in range(patches)]
        numbers = [int.from_bytes(value, "little") for value in read_numbers(read, Type("Int64"), count, depth)]
        values = read_decimals(numbers, exponent, patched)
    elif codec in (6, 12):
        base, width = read.number(4) if codec == 12 else 0, read.number(1)
        codes = [base + code for code in unpack(read.take((count * width + 7) // 8), count, width)]
        need(dictionary and max(codes) < len(dictionary), "a code outside the dictionary")
        values = [dictionary[code] for code in codes]
    elif codec == 7:
        lengths = read_frame(read, count)
        size = read.number(4)
        need(sum(lengths) == size, "the lengths of strings")
        heap, values = Bytes(read_heap(read, size, read.number(1))), []
        for length in lengths:
            values.append(heap.take(length))
    elif codec == 8:
        length = read.number(1)
        values = [read.take(length // 2).hex().encode() for _ in range(count)]
    elif codec == 17:
        values = read_template(read, count)
    elif codec in (2, 9):
        heap = Bytes(read_heap(read, count * kind.width, codec))
        values = [heap.take(kind.width) for _ in range(count)]
    elif codec == 18:
        planes = read_heap(read, count * kind.width, codec)
        values = [planes[k::count] for k in range(count)]
    elif codec == 13:
        size = read.number(1) + 1
        table, width = [read.take(kind.width) for _ in range(size)], (size - 1).bit_length()
        values = [table[code] for code in unpack(read.take((count * width + 7) // 8), count, width)]
    elif codec == 14:
        common, others = read.take(kind.width), read.number(2)
        differs = unpack(read.take((count + 7) // 8), count, 1)
        need(sum(differs) == others > 0, "the rows of other values")
        rest = iter(read_numbers(read, kind, others, depth))
        values = [next(rest) if other else common for other in differs]
    elif codec == 15:
        runs = read.number(2)
        lengths = read_frame(read, runs)
        need(sum(lengths) == count, "the lengths of runs")
        values = [value for value, length in zip(read_numbers(read, kind, runs, depth), lengths) for _ in range(length)]
    else:
        raise Bad(f"codec {codec}")
    need(read.at == len(read.data), "bytes behind a block's payload")
    return [None if gone else value for value, gone in zip(values, missing)]


def read_inner(read, kind, count):
    return read_block(read.take(read.number(4)), kind, count)


def read_tuples(read, children, count):
    return list(zip(*(read_inner(read, child, count) for child in children)))


def read_lists(read, kind, count):
    """Arrays of elements, maps of pairs."""
    total = read.number(4)
    sizes = [int.from_bytes(size, "little") for size in read_inner(read, Type("UInt32"), count)]
    need(sum(sizes) == total, "the sizes of arrays")
    elements = []
    while len(elements) < total:
        rows = min(GRANULE, total - len(elements))
        element = kind.children[0] if kind.base == "Array" else Type(f"Tuple({kind.arguments})")
        elements += read_inner(read, element, rows)
    at, lists = 0, []
    for size in sizes:
        lists.append(elements[at : at + size])
        at += size
    return lists


def read_zone(read, kind):
    flags = read.number(1)
    zone = {"known": flags & 1, "exact": flags & 2, "nulls": 0, "sum": 0}
    if zone["known"]:
        for name in ("min", "max"):
            value = read.take(kind.width)
            zone[name] = value[1 : 1 + value[0]] if kind.string else value
    if flags & 8:
        zone["nulls"] = read.number(4)
    if flags & 4:
        zone["sum"] = read.number(16, signed=True)
    return zone


def check_zone(zone, kind, values, where):
    if kind.nested:
        need(zone == {"known": 0, "exact": 0, "nulls": 0, "sum": 0}, f"{where}: a zone of a {kind.base}")
        return
    present = [value for value in values if value is not None]
    ordered = [key for key in map(kind.order, present) if key == key]  # not NaN
    need(kind.nullable or zone["nulls"] == 0, f"{where}: NULLs of a zone")
    need(len(values) - len(present) == zone["nulls"], f"{where}: number of NULLs")
    if zone["sum"] != 0:
        need(sum(map(kind.number, present)) == zone["sum"], f"{where}: the zone's sum")
    if zone["known"] and ordered:
        low, high = kind.order(zone["min"]), kind.order(zone["max"])
        need(low <= min(ordered) and max(ordered) <= high, f"{where}: values outside the zone")
        if zone["exact"]:
            need(low == min(ordered) and max(ordered) == high, f"{where}: the zone is not exact")
    need(zone["known"] or not ordered or kind.width > 16 or not kind.signed, f"{where}: a zone is missing")


def fold_pair(state, hashes):
    low, high = state
    for h in hashes:
        low = (low ^ h) * 0x9E3779B97F4A7C15 & MASK64
        low ^= low >> 29
        high = (high + h) * 0xC2B2AE3D27D4EB4F & MASK64
        high ^= high >> 31
    return low, high


def fold(state, hashes):
    low, high = fold_pair(state, hashes)
    return low ^ high


def value_hash(kind, value):
    if value is None:
        return 0x6E756C6C6E756C6C
    if kind.nested:
        if kind.base == "Tuple":
            return fold((28, 0), [value_hash(child, item) for child, item in zip(kind.children, value)])
        element = kind.children[0] if kind.base == "Array" else Type(f"Tuple({kind.arguments})")
        state = (27 if kind.base == "Array" else 29, 0)
        return fold(state, [len(value)] + [value_hash(element, item) for item in value])
    if kind.string or kind.base == "FixedString" or kind.width == 16:
        return xxh3(value)
    number = int.from_bytes(value, "little")
    for _ in range(2):
        number ^= number >> 32
        number = number * 0xD6E8FEB86659FD93 & MASK64
    return number ^ number >> 32


def row_sum(kinds, rows):
    total = 0
    for row in rows:
        low, high = fold_pair((0, 0), [value_hash(kind, value) for kind, value in zip(kinds, row)])
        total += high << 64 | low
    return total & MASK128


INDEX_KINDS = {1: "values", 2: "words", 3: "grams", 4: "set", 5: "bitmap"}
SALTS = [0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31]


def index_of(kind, what):
    """The type of what an index is of: the column, keys or values of a map, elements of an array."""
    if what < 2:
        return kind
    need(kind.base == ("Array" if what == 4 else "Map"), f"an index of a {kind.base}")
    return kind.children[0] if what == 4 else Type(f"Tuple({kind.arguments})").children[what - 2]


def index_hashes(kind, lower, parameter, of, values):
    for value in set(values) - {None}:
        if lower:
            value = value.translate(bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256)))
        if kind == 2:
            for word in re.findall(rb"[0-9A-Za-z\x80-\xff]+", value):
                yield from {xxh3(word[:8]), xxh3(word)}
        elif kind == 3:
            yield from (xxh3(value[at : at + parameter]) for at in range(len(value) - parameter + 1))
        else:
            yield value_hash(of, value)


def read_container(data):
    """The rows of a Roaring bitmap with one container."""
    read = Bytes(data)
    cookie = read.number(4)
    runs = cookie == 12347 and read.number(1) & 1
    need(cookie in (12346, 12347) and (cookie == 12347 or read.number(4) == 1), "a bitmap's cookie")
    need(read.number(2) == 0, "a container's key")
    count = read.number(2) + 1
    if cookie == 12346:
        need(read.number(4) == read.at, "a container's offset")
    if runs:
        rows = [row for _ in range(read.number(2)) for first, more in [(read.number(2), read.number(2))] for row in range(first, first + more + 1)]
    elif count <= 4096:
        rows = [read.number(2) for _ in range(count)]
    else:
        bits = int.from_bytes(read.take(8192), "little")
        rows = [row for row in range(65536) if bits >> row & 1]
    need(read.at == len(data) and len(rows) == count and rows == sorted(set(rows)), "a container")
    return rows


def check_bitmaps(block, dictionary, values, where):
    read = Bytes(block)
    codes = [(read.number(4), read.number(4)) for _ in range(read.number(4))]
    need(codes and codes == sorted(set(codes)), f"{where}: its codes")
    found = {}
    for code, size in codes:
        found |= {row: dictionary[code] for row in read_container(read.take(size))}
    need(read.at == len(block) and [found.get(row, b"?") for row in range(len(found))] == values, f"{where}: its bitmaps")


def check_index(block, kind, lower, parameter, of, values, where):
    hashes = set(index_hashes(kind, lower, parameter, of, values))
    if kind == 4:
        need(block == b"".join(struct.pack("<Q", hash_) for hash_ in sorted(hashes)) and len(hashes) <= parameter, f"{where}: a set")
        return
    need(len(block) % 32 == 0, f"{where}: a filter's size")
    for hash_ in hashes:
        words = struct.unpack_from("<8I", block, ((hash_ >> 32) * (len(block) // 32) >> 32) * 32)
        need(all(word >> ((hash_ & 0xFFFFFFFF) * salt % 2**32 >> 27) & 1 for word, salt in zip(words, SALTS)), f"{where}: a hash is missing")


def read_segment(data, offset, length, hash_of_footer, where):
    """[(column id, type, values)], row sum."""
    need(data[:8] == b"WEIRPACK" and data[8:16] == struct.pack("<II", data[8], 0) and data[8] in (1, 2, 3), f"{where}: the pack's header")
    need(16 <= offset and offset + length <= len(data), f"{where}: outside the file")
    segment = data[offset : offset + length]
    size, zero, checksum, zero2, magic = struct.unpack("<IIQI4s", segment[-24:])
    need(zero == zero2 == 0 and magic == b"SGNT" and checksum == hash_of_footer, f"{where}: the trailer")
    end = length - 24 - size
    need(end >= 0 and xxh3(segment[end:-24]) == checksum, f"{where}: the footer's checksum")
    read = Bytes(segment[end:-24])
    version, _schema, table, count = read.number(4), read.number(4), read.number(8), read.number(8)
    total, granules, column_count = read.number(16), read.number(4), read.number(4)
    need(version in (1, 2, 3) and granules == -(-count // GRANULE) > 0, f"{where}: the footer's numbers")
    keys = [read.number(4) for _ in range(read.number(4))]
    rows_of = [min(GRANULE, count - granule * GRANULE) for granule in range(granules)]

    def block(place, kind, rows, dictionary=None):
        at, bytes_, checksum = place
        need(at + bytes_ <= end and xxh3(segment[at : at + bytes_]) == checksum, f"{where}: the block at {at}")
        return read_block(segment[at : at + bytes_], kind, rows, dictionary)

    def place():
        return read.number(8), read.number(4), read.number(8)

    columns, dictionaries = [], []
    for _ in range(column_count):
        number = read.number(4)
        kind = Type(read.take(read.number(2)).decode())
        entries = read.number(4)
        places = [place() for _ in range(-(-entries // GRANULE))]
        dictionary = []
        for at in places:
            dictionary += block(at, kind, min(GRANULE, entries - len(dictionary)))
        need(not (kind.nested and dictionary), f"{where}: a dictionary of a {kind.base}")
        present = [kind.order(value) for value in dictionary if value is not None]
        need(present == sorted(set(present)), f"{where}: a dictionary's order")
        need(None not in dictionary[:-1], f"{where}: a dictionary's NULL")
        zone_all, values = read_zone(read, kind), []
        for granule in range(granules):
            at, zone = place(), read_zone(read, kind)
            piece = block(at, kind, rows_of[granule], dictionary)
            check_zone(zone, kind, piece, f"{where}: column {number}, granule {granule}")
            values += piece
        check_zone(zone_all, kind, values, f"{where}: column {number}")
        columns.append((number, kind, values))
        dictionaries.append(dictionary)
    index = Bytes(read.take(read.number(4)))
    for number in range(read.number(4) if version >= 3 else 0):
        kind, what, column, parameter, group = read.number(1), read.number(1), read.number(4), read.number(4), read.number(4)
        need(kind in INDEX_KINDS and what in range(5) and column < column_count and group > 0, f"{where}: index {number}")
        of = index_of(columns[column][1], what)
        need((parameter > 0) == (kind in (3, 4)) and (of.string or (kind in (1, 4) and what != 1)) and (kind != 5 or group <= 8), f"{where}: index {number}")
        need(what < 2 or kind == 1 or (what == 4 and kind in (2, 3)), f"{where}: index {number}")
        for first in range(0, count, group * GRANULE):
            at, bytes_, checksum = place()
            need(at + bytes_ <= end and (bytes_ == 0 or xxh3(segment[at : at + bytes_]) == checksum), f"{where}: the index's block at {at}")
            if bytes_ > 0:
                values = columns[column][2][first : first + group * GRANULE]
                if kind == 5:
                    check_bitmaps(segment[at : at + bytes_], dictionaries[column], values, f"{where}: index {number}")
                    continue
                parts = values if what < 2 else [part for value in values for part in (value if what == 4 else [pair[what - 2] for pair in value])]
                check_index(segment[at : at + bytes_], kind, what == 1, parameter, of, parts, f"{where}: index {number}")
    need(read.at == len(read.data), f"{where}: bytes behind the footer")
    for granule in range(granules):
        for key in keys:
            kind = columns[key][1]
            first = read_block(index.take(index.number(4)), kind, 1)[0]
            need(first == columns[key][2][granule * GRANULE], f"{where}: the sparse index")
    need(index.at == len(index.data), f"{where}: bytes behind the sparse index")
    rows = list(zip(*(values for _, _, values in columns)))
    need(row_sum([kind for _, kind, _ in columns], rows) == total, f"{where}: the row sum")

    def sort_key(row):
        return tuple((row[key] is None, columns[key][1].order(row[key]) if row[key] is not None else 0) for key in keys)

    need(all(sort_key(a) <= sort_key(b) for a, b in zip(rows, rows[1:])), f"{where}: rows are not sorted")
    return columns, table, total


def read_deleted(data, offset, length, hash_of_list, segment, count):
    """Numbers of the rows that were deleted from a segment."""
    where = f"the rows deleted from {segment}"
    piece = data[offset : offset + length]
    need(len(piece) == length and xxh3(piece) == hash_of_list, f"{where}: the checksum of their list")
    read = Bytes(piece)
    need(read.take(8) == b"DELETED\0" and (read.number(8), read.number(8)) == segment and read.number(8) == count, f"{where}: the list's head")
    rows, kind = [], Type("UInt64")
    while len(rows) < count:
        block = read.take(read.number(4))
        rows += [kind.number(value) for value in read_block(block, kind, min(GRANULE, count - len(rows)))]
    need(read.at == len(piece) and all(a < b for a, b in zip(rows, rows[1:])), f"{where}: their order")
    return rows


def read_data(folder):
    """Every live segment: (table, database, name, column names by id, columns as read_segment gives them, without
    deleted rows)."""
    state = ledger_state(Path(folder) / "ledger")
    found = []
    for (pack, offset), (table, rows, total, length, footer_hash) in sorted(state.segments.items()):
        path = Path(folder) / "packs" / f"{pack:08}.pack"
        where = f"{path.name} at {offset}"
        columns, own_table, own_total = read_segment(path.read_bytes(), offset, length, footer_hash, where)
        need((own_table, own_total, len(columns[0][2])) == (table, total, rows), f"{where}: not what the ledger says")
        if (pack, offset) in state.deleted:
            list_pack, at, size, checksum, count, gone_sum = state.deleted[pack, offset]
            packed = (Path(folder) / "packs" / f"{list_pack:08}.pack").read_bytes()
            gone = read_deleted(packed, at, size, checksum, (pack, offset), count)
            rows_gone = [[values[row] for _, _, values in columns] for row in gone]
            need(row_sum([kind for _, kind, _ in columns], rows_gone) == gone_sum, f"{where}: the sum of deleted rows")
            gone = set(gone)
            columns = [(number, kind, [value for row, value in enumerate(values) if row not in gone]) for number, kind, values in columns]
        database, name, names = state.definitions[table]
        found.append((database, name, {**HIDDEN, **names}, columns))
    return found


if __name__ == "__main__":
    try:
        for database, name, names, columns in read_data(sys.argv[1]):
            print(f"{database}.{name}: {len(columns[0][2])} rows, columns {', '.join(names[number] for number, _, _ in columns)}")
    except Bad as error:
        sys.exit(f"{error}")
