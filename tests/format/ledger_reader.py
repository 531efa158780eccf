#!/usr/bin/env python3
"""A second reader of the ledger, written from docs/FORMAT.md alone.

    ledger_reader.py FOLDER          reads every file of a ledger folder, checks all that the text says, and prints one
                                     line of totals; exits 1 with the first contradiction
Needs nothing but Python: XXH3-64 is taken from the xxhash module or from libxxhash.
"""
import ctypes
import ctypes.util
import hashlib
import re
import struct
import sys
from pathlib import Path

try:
    import xxhash

    def xxh3(data, seed=0):
        return xxhash.xxh3_64_intdigest(data, seed)
except ImportError:
    library = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
    library.XXH3_64bits_withSeed.restype = ctypes.c_uint64
    library.XXH3_64bits_withSeed.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]

    def xxh3(data, seed=0):
        return library.XXH3_64bits_withSeed(bytes(data), len(data), seed)


class Bad(Exception):
    pass


def need(condition, message):
    if not condition:
        raise Bad(message)


class Payload:
    """Reads one record's payload."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        need(self.at + count <= len(self.data), "a record is cut short")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            need(shift < 64 and not (shift == 63 and byte > 1), "a varint has more than 64 bits")
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                need(byte != 0 or shift == 0, "a varint is not in its shortest form")
                return value
            shift += 7

    def signed(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def u64(self):
        return struct.unpack("<Q", self.take(8))[0]

    def u128(self):
        low, high = struct.unpack("<QQ", self.take(16))
        return high << 64 | low

    def text(self):
        length = self.varint()
        need(length <= 1 << 24, "a text is too long")
        return self.take(length)

    def key(self):
        return tuple(self.varint() for _ in range(4))

    def range(self):
        first = self.varint()
        return first, first + self.varint()

    def counts(self):
        names = "stored", "filtered", "dead", "duplicate", "absent", "expired"
        return {name: self.varint() for name in names}

    def seen(self):
        flags = self.varint()
        need(flags <= 3, "unknown flags")
        if flags & 1:
            self.varint(), self.signed(), self.u64(), self.u64()
        if flags & 2:
            self.signed()

    def ranges(self, base):
        found = []
        for _ in range(self.varint()):
            first = base + self.varint()
            base = first + self.varint()
            need(base > first, "an empty range")
            found.append((first, base))
        return found

    def end(self):
        need(self.at == len(self.data), f"{len(self.data) - self.at} bytes too many in a record")


class State:
    def __init__(self):
        self.access = {}
        self.databases, self.tables, self.sources, self.streams, self.objects = set(), {}, {}, {}, {}
        self.kinds, self.stopped, self.refreshed = {}, {}, {}
        self.coverage, self.segments, self.tokens, self.pruned = {}, {}, set(), None
        self.detached, self.holds, self.versions, self.expiry = {}, set(), {}, {}
        self.places = {}  # segment: commit and rank, where they are not its commit's
        self.codecs = {}  # segment: what it was compressed with by TTL
        self.deleted = {}  # segment: its list's pack, offset, length, hash; rows, row sum
        self.definitions = {}  # table: database, name, names of columns by id
        self.merges = self.expired = 0
        self.restored = {}
        self.removals, self.told = {}, {}  # of a table: rows that left, their sum, rows that came, their sum; as a checkpoint tells
        self.quarantine = {}  # segment: cause; of those that are still there

    # ---- one commit

    def begin(self, checkpoint):
        self.checkpoint = checkpoint
        self.stored, self.added, self.merge = {}, {}, {}
        self.expected, self.segments_added = {}, {}  # of restored tables
        self.rewritten, self.wanted = {}, {}
        self.makes, self.gone = {}, {}  # of a table: rows that the next merge makes; rows deleted by this commit

    def finish(self):
        need(not self.rewritten, "segments were rewritten for no merge")
        for table, (outputs, rows, row_sum) in self.merge.items():
            need((outputs, rows, row_sum) == (0, 0, 0), f"a merge in table {table} does not conserve rows")
        for table, expected in self.expected.items():
            need(self.segments_added.get(table, (0, 0, 0)) == expected, f"table {table} is not restored with what its record says")
        need(not self.makes, "rows that a merge makes have no merge")
        for table, rows in self.stored.items():
            need(rows <= self.added.get(table, 0), f"table {table}: more rows counted as stored than added")

    def apply(self, kind, payload):
        read = Payload(payload)
        method = getattr(self, f"record_{kind}", None)
        need(method is not None, f"record type {kind} is unknown: data of a newer version")
        method(read)
        read.end()

    def record_2(self, read):
        self.databases.add(read.text())

    def record_3(self, read):
        self.databases.remove(read.text())

    def record_4(self, read):
        table, version = read.varint(), read.varint()
        need(version == self.tables.get(table, 0) + 1, f"table {table}: schema version {version} out of order")
        self.tables[table] = version
        database, name, _ = (read.text() for _ in range(3))
        flags = read.varint()
        need(flags <= 3, "a flag")
        read.signed()
        read.take(16)
        columns = {}
        for _ in range(read.varint()):
            column = read.varint()
            columns[column] = read.text().decode()
            read.text()
            need(read.varint() <= 4, "a default kind")
            read.text(), read.text(), read.text()
        for _ in range(read.varint()):
            read.text()
        for _ in range(8):
            read.text()
        for _ in range(read.varint() if flags & 2 else 0):
            read.text(), read.text(), read.text()
            granularity, kind, what, column = (read.varint() for _ in range(4))
            need(granularity > 0 and kind <= 5 and what <= 4 and column < len(columns), "an index")
            read.varint(), read.varint(), read.varint()
        self.definitions[table] = database.decode(), name.decode(), columns

    def record_5(self, read):
        table = read.varint()
        del self.tables[table]
        self.restored.pop(table, None)
        self.removals.pop(table, None)
        need(all(held != table for held, _ in self.holds), f"table {table} is held and dropped")
        self.detached = {name: s for name, s in self.detached.items() if s[0] != table}
        self.segments = {name: s for name, s in self.segments.items() if s[0] != table}
        self.deleted = {name: d for name, d in self.deleted.items() if name in self.segments or name in self.detached}
        self.coverage = {key: c for key, c in self.coverage.items() if key[0] != table}

    def record_6(self, read):
        source = read.varint()
        read.varint(), read.text(), read.text()
        need(read.varint() in self.tables, "a source's table")
        need(1 <= read.varint() <= 3, "a source's state")
        read.signed(), read.text(), read.text()
        self.sources[source] = [read.text() for _ in range(read.varint())]

    def record_7(self, read):
        del self.sources[read.varint()]

    def record_40(self, read):
        number = read.varint()
        read.varint()
        need(number not in self.tables, "an object's id")
        kind = read.varint()
        need(1 <= kind <= 4, "an object's kind")
        self.kinds[number] = kind
        database, name = read.text(), read.text()
        need(database in self.databases, "an object's database")
        read.signed(), read.take(16)
        self.objects[number] = database, name, read.text()
        read.text()

    def record_45(self, read):
        number, at, reason = read.varint(), read.signed(), read.text()
        need(number not in self.objects or self.kinds[number] == 3, "a stopped view")
        need(1 <= len(reason) <= 1000 and b"\0" not in reason, "why a view stopped")
        if number in self.objects:
            self.stopped.setdefault(number, (at, reason))

    def record_46(self, read):
        number, slot, began, ended = read.varint(), read.signed(), read.signed(), read.signed()
        need(number not in self.objects or self.kinds[number] == 3, "a refreshed view")
        if number in self.objects:
            self.refreshed[number] = slot, began, ended

    def record_80(self, read):
        kind, name, uuid, text = read.varint(), read.text(), read.take(16), read.text()
        need(1 <= kind <= 4 and 1 <= len(name) <= 1000 and len(text) <= 4 << 20, "a user, role, quota or profile")
        if text:
            self.access[kind, name] = uuid.hex(), text
        else:
            del self.access[kind, name]

    def record_36(self, read):
        table = read.varint()
        need(table in self.tables, "a restored table")
        backup, name, store = read.take(16), read.text(), read.take(16)
        there, commit, time, chain = read.varint(), read.varint(), read.signed(), read.take(32)
        segments, rows, row_sum = read.varint(), read.varint(), read.u128()
        need(table not in self.restored, f"table {table} is restored twice")
        self.restored[table] = {"backup": backup.hex(), "name": name.decode(), "store": store.hex(), "table": there, "commit": commit, "time": time, "chain": chain.hex(), "rows": rows}
        if not self.checkpoint:
            self.expected[table] = segments, rows, row_sum

    def record_37(self, read):
        need(not self.checkpoint, "coverage of a restored table in a checkpoint")
        key = read.key()
        read.varint()
        start, end = read.range()
        counts = read.counts()
        read.seen()
        read.varint(), read.signed()
        dead = {offset for f, e in read.ranges(start) for offset in range(f, e)}
        need(key[0] in self.expected and key not in self.coverage, f"{key}: coverage without a restored table, or twice")
        need(sum(counts.values()) == end - start, f"{key}: counts do not add up")
        self.coverage[key] = {"start": start, "end": end, "counts": counts, "dead": dead}

    def damaged(self, read):
        table, name = read.varint(), (read.varint(), read.varint())
        segment = self.segments.get(name) or self.detached.get(name)
        need(segment is not None and segment[0] == table, f"{name} is not in table {table}")
        return name

    def record_38(self, read):
        name = self.damaged(read)
        read.signed()
        self.quarantine[name] = read.text().decode(errors="replace")
        need(self.quarantine[name], "damage without a cause")

    def record_39(self, read):
        self.quarantine.pop(self.damaged(read), None)

    def leave(self, table, removed, removed_sum, added=0, added_sum=0):
        """Rows that left a table though their coverage stays, and such that came in their place."""
        if removed == added == 0 or self.checkpoint:
            return
        before = self.removals.get(table, (0, 0, 0, 0))
        self.removals[table] = before[0] + removed, (before[1] + removed_sum) % 2**128, before[2] + added, (before[3] + added_sum) % 2**128

    def record_44(self, read):
        need(self.checkpoint, "removals outside a checkpoint")
        table, count = read.varint(), read.varint()
        need(table in self.tables and 1 <= count <= 256, "removals of a table")
        self.told[table] = 0, 0, 0, 0
        for _ in range(count):
            need(1 <= read.varint() <= 10, "why rows left")
            row = read.varint(), read.u128(), read.varint(), read.u128()
            need(read.varint() > 0, "rows that left in no commit")
            read.varint(), read.signed(), read.take(32)
            self.told[table] = tuple((a + b) % 2**128 for a, b in zip(self.told[table], row))

    def record_42(self, read):
        name = self.damaged(read)
        lost, outputs, row_sum = read.varint(), read.varint(), read.u128()
        need(name in self.segments and self.quarantine.pop(name, None), f"{name} is not damaged")
        table, rows, whole, *_ = self.segments.pop(name)
        *_, gone, gone_sum = self.deleted.pop(name, (0, 0))
        rows, whole = rows - gone, (whole - gone_sum) % 2**128
        need(lost <= rows and (outputs == 0) == (lost == rows), f"{name}: rows that are lost")
        need(lost == 0 or all(held != table for held, _ in self.holds), f"table {table} is held")
        need(self.merge.get(table, (0, 0, 0)) == (0, 0, 0), "a repair within a merge")
        self.merge[table] = outputs, rows - lost, row_sum
        if (rows, whole) != (rows - lost, row_sum):
            self.leave(table, rows, whole, rows - lost, row_sum)

    def record_43(self, read):
        table, other, leave, outputs, count = (read.varint() for _ in range(5))
        need(table in self.tables and other in self.tables and leave <= 1 and outputs > 0 and count > 0, "segments from another table")
        need(not leave or all(held != other for held, _ in self.holds), f"table {other} is held")
        need(self.merge.get(table, (0, 0, 0)) == (0, 0, 0), "segments come within a merge")
        rows = row_sum = 0
        last = (0, 0)
        for _ in range(count):
            name, rewritten = (read.varint(), read.varint()), read.varint()
            need(name > last and rewritten <= 1 and name in self.segments and self.segments[name][0] == other, f"{name} is not live in table {other}, or out of order")
            last = name
            _, here, here_sum, *_ = self.segments[name]
            *_, gone, gone_sum = self.deleted.get(name, (0, 0))
            here, here_sum = here - gone, here_sum - gone_sum
            rows, row_sum = rows + here, row_sum + (read.u128() if rewritten else here_sum)
            if leave:
                del self.segments[name]
                self.deleted.pop(name, None)
                self.quarantine.pop(name, None)
                self.leave(other, here, here_sum)
        self.merge[table] = outputs, rows, row_sum % 2**128
        self.leave(table, 0, 0, rows, row_sum)

    def record_41(self, read):
        number = read.varint()
        del self.objects[number]
        self.stopped.pop(number, None)
        self.refreshed.pop(number, None)

    def record_8(self, read):
        number = read.varint()
        need(number == len(self.streams) + 1, "a stream's number")
        self.streams[number] = read.text()

    def record_9(self, read):
        read.varint(), read.varint(), read.varint()

    def record_10(self, read):
        key = read.key()
        read.varint()
        need(key not in self.coverage, f"{key} starts twice")
        start = read.varint()
        self.coverage[key] = {"start": start, "end": start, "counts": {}, "dead": set()}

    def record_11(self, read):
        key = read.key()
        first, end = read.range()
        counts = read.counts()
        read.seen()
        dead = read.ranges(first)
        if key[1] == 0:
            self.coverage.setdefault(key, {"start": first, "end": first, "counts": {}, "dead": set()})
        need(key in self.coverage, f"{key} has no start")
        entry = self.coverage[key]
        need(first == entry["end"] and end > first, f"{key}: a range begins at {first}, not {entry['end']}")
        need(sum(counts.values()) == end - first, f"{key}: counts do not add up")
        need(sum(e - f for f, e in dead) == counts["dead"] and all(e <= end for _, e in dead), f"{key}: dead addresses")
        entry["end"] = end
        for name, count in counts.items():
            entry["counts"][name] = entry["counts"].get(name, 0) + count
        for f, e in dead:
            entry["dead"].update(range(f, e))
        self.stored[key[0]] = self.stored.get(key[0], 0) + counts["stored"]

    def record_12(self, read):
        table, pack, offset, length, rows = (read.varint() for _ in range(5))
        row_sum = read.u128()
        footer_hash = read.u64()
        version = read.varint()
        read.varint(), read.signed(), read.signed()
        expiry = read.signed()
        read.text()
        commit = read.varint()
        read.signed()
        need(table in self.tables and 1 <= version <= self.tables[table], f"pack {pack}: a segment's table or version")
        need((pack, offset) not in self.segments and (pack, offset) not in self.detached and rows > 0 and length > 0, f"pack {pack}: a segment's name or size")
        need((commit != 0) == self.checkpoint, f"pack {pack}: a segment's commit")
        self.expiry[pack, offset] = version, expiry
        self.segments[pack, offset] = table, rows, row_sum, length, footer_hash
        self.versions[pack, offset] = version
        outputs, left, left_sum = self.merge.get(table, (0, 0, 0))
        if outputs > 0:
            need(version == self.wanted.get(table, version), f"pack {pack}: an output's schema version")
            self.merge[table] = outputs - 1, left - rows, (left_sum - row_sum) % 2**128
        else:
            self.added[table] = self.added.get(table, 0) + rows
            count, before, sums = self.segments_added.get(table, (0, 0, 0))
            self.segments_added[table] = count + 1, before + rows, (sums + row_sum) % 2**128

    def record_13(self, read):
        table, reason, removed = read.varint(), read.varint(), read.varint()
        removed_sum, outputs = read.u128(), read.varint()
        need(1 <= reason <= 6, "a reason")
        rows, row_sum = 0, 0
        self.wanted.pop(table, None)
        segments = read.varint()
        need(reason == 1 or segments == 0 or all(held != table for held, _ in self.holds), f"table {table} is held")
        for _ in range(segments):
            name = read.varint(), read.varint()
            need(name in self.segments and self.segments[name][0] == table, f"{name} is not live in table {table}")
            _, segment_rows, segment_sum, _, _ = self.segments.pop(name)
            *_, gone_rows, gone_sum = self.deleted.pop(name, (0, 0))
            segment_sum -= gone_sum
            if name in self.rewritten:
                need(reason == 1, f"{name} was rewritten for no merge")
                _, self.wanted[table], segment_sum = self.rewritten.pop(name)
            rows, row_sum = rows + segment_rows - gone_rows, row_sum + segment_sum
        need(all(of != table for of, _, _ in self.rewritten.values()), "a merge without its rewritten inputs")
        if reason == 6:
            need((rows, row_sum % 2**128, 0) == (removed, removed_sum, outputs), "segments leave as deleted with other rows than told")
            self.delete(table, rows, row_sum)
        elif reason == 1:
            made, made_sum = self.makes.pop(table, (0, 0))
            rows, row_sum = rows + made, row_sum + made_sum
            need(self.merge.get(table, (0, 0, 0)) == (0, 0, 0), "a merge begins before the last one is complete")
            self.merge[table] = outputs, rows - removed, (row_sum - removed_sum) % 2**128
            self.merges += 1
            self.leave(table, removed, removed_sum)
        else:
            self.added[table] = self.added.get(table, 0) + removed
            self.leave(table, rows + removed, row_sum)

    def delete(self, table, rows, row_sum):
        before, before_sum = self.gone.get(table, (0, 0))
        self.gone[table] = before + rows, (before_sum + row_sum) % 2**128
        self.leave(table, rows, row_sum)

    def record_26(self, read):
        table, name, pack, offset, length = read.varint(), (read.varint(), read.varint()), read.varint(), read.varint(), read.varint()
        hash_of_list, rows, row_sum = read.u64(), read.varint(), read.u128()
        need(name in self.segments and self.segments[name][0] == table, f"{name} is not live in table {table}")
        *_, before, before_sum = self.deleted.get(name, (0, 0))
        need(pack > 0 and length > 0 and before < rows < self.segments[name][1], f"{name}: {rows} deleted rows")
        self.deleted[name] = pack, offset, length, hash_of_list, rows, row_sum
        self.delete(table, rows - before, row_sum - before_sum)

    def record_27(self, read):
        table, rows, old_sum, new_sum, outputs = read.varint(), read.varint(), read.u128(), read.u128(), read.varint()
        need(self.gone.get(table) == (rows, old_sum) and outputs > 0, f"table {table}: changed rows are not those deleted")
        need(self.merge.get(table, (0, 0, 0)) == (0, 0, 0), "rows change within a merge")
        self.merge[table] = outputs, rows, new_sum
        self.leave(table, 0, 0, rows, new_sum)

    def record_34(self, read):
        table, rows, old_sum, left, new_sum, outputs = read.varint(), read.varint(), read.u128(), read.varint(), read.u128(), read.varint()
        need(rows > 0 and self.gone.pop(table, None) == (rows, old_sum), f"table {table}: expired rows are not those deleted")
        need(left <= rows and (left == 0) == (outputs == 0) and (left > 0 or new_sum == 0), f"table {table}: {left} rows for {rows} that expired")
        need(self.merge.get(table, (0, 0, 0)) == (0, 0, 0), "rows expire within a merge")
        self.merge[table] = outputs, left, new_sum
        self.expired += rows - left
        self.leave(table, 0, 0, left, new_sum)

    def record_28(self, read):
        table, rows, row_sum = read.varint(), read.varint(), read.u128()
        need(rows > 0 and table in self.tables and table not in self.makes, "rows that a merge makes")
        self.makes[table] = rows, row_sum
        self.leave(table, 0, 0, rows, row_sum)

    def record_29(self, read):
        table, name, commit, rank = read.varint(), (read.varint(), read.varint()), read.varint(), read.varint()
        need(name in self.segments and self.segments[name][0] == table and (commit, rank) != (0, 0), f"{name}: a place")
        self.places[name] = commit, rank

    def record_35(self, read):
        table, name, codec = read.varint(), (read.varint(), read.varint()), read.text()
        need(name in self.segments and self.segments[name][0] == table and name not in self.codecs, f"{name}: a codec")
        need(1 <= len(codec) <= 1000 and 0 not in codec, f"{name}: a codec's text")
        self.codecs[name] = codec.decode()

    def record_14(self, read):
        key = read.key()
        first, end = read.range()
        stored = read.varint()
        entry = self.coverage[key]
        for offset in range(first, end):
            need(offset in entry["dead"], f"{key}: {offset} is not dead")
            entry["dead"].remove(offset)
        entry["counts"]["dead"] -= end - first
        name = "stored" if stored else "filtered"
        entry["counts"][name] = entry["counts"].get(name, 0) + end - first
        if stored:
            self.stored[key[0]] = self.stored.get(key[0], 0) + end - first

    def record_15(self, read):
        self.tokens.add((read.varint(), read.u128()))
        read.signed()

    def record_16(self, read):
        read.varint()

    def record_17(self, read):
        self.pruned = read.varint(), read.varint(), read.varint(), read.take(32)

    def record_18(self, read):
        pass

    def record_19(self, read):
        need(self.checkpoint, "a checkpoint record outside a checkpoint")
        for _ in range(6):
            read.varint()

    def record_20(self, read):
        need(self.checkpoint, "a checkpoint record outside a checkpoint")
        key = read.key()
        read.varint()
        start, end = read.range()
        counts = read.counts()
        read.seen()
        read.varint(), read.signed()
        dead = {offset for f, e in read.ranges(start) for offset in range(f, e)}
        need(sum(counts.values()) == end - start, f"{key}: counts do not add up")
        self.coverage[key] = {"start": start, "end": end, "counts": counts, "dead": dead}

    def record_21(self, read):
        key = read.key()
        entry = self.coverage[key]
        at = entry["start"]
        for _ in range(read.varint()):
            first, end = read.range()
            need(first == at, f"{key}: history has a gap at {at}")
            need(sum(read.counts().values()) == end - first, f"{key}: history does not add up")
            read.varint(), read.varint(), read.signed(), read.take(32)
            at = end
        need(at == entry["end"], f"{key}: history ends at {at}")

    def record_22(self, read):
        table, pack, offset, version, row_sum = read.varint(), read.varint(), read.varint(), read.varint(), read.u128()
        name = pack, offset
        need(name in self.segments and self.segments[name][0] == table, f"{name} is not live in table {table}")
        need(self.versions[name] < version <= self.tables[table] and name not in self.rewritten, f"{name}: a version")
        self.rewritten[name] = table, version, row_sum

    def record_30(self, read):
        table, move, count = read.varint(), read.varint(), read.varint()
        need(table in self.tables and 1 <= move <= 3 and count > 0, "detached segments")
        need(move == 2 or all(held != table for held, _ in self.holds), f"table {table} is held")
        before = self.segments if move == 1 else self.detached
        after = {1: self.detached, 2: self.segments, 3: {}}[move]
        for _ in range(count):
            name = read.varint(), read.varint()
            need(name in before and before[name][0] == table, f"{name} is not where it should be in table {table}")
            after[name] = before.pop(name)
            if move == 3:
                *_, gone, gone_sum = self.deleted.pop(name, (0, 0))
                self.leave(table, after[name][1] - gone, after[name][2] - gone_sum)

    def record_33(self, read):
        table, version, count = read.varint(), read.varint(), read.varint()
        need(version <= self.tables[table] and count > 0, "expiry by a schema version")
        for _ in range(count):
            name, expiry = (read.varint(), read.varint()), read.signed()
            need((self.segments.get(name) or self.detached[name])[0] == table, f"{name} is not in table {table}")
            need(version >= self.expiry[name][0], f"{name}: expiry by an older schema version")
            self.expiry[name] = version, expiry

    def record_31(self, read):
        hold = read.varint(), read.text()
        read.signed()
        need(hold[0] in self.tables and 1 <= len(hold[1]) <= 1000 and hold not in self.holds, f"hold {hold}")
        self.holds.add(hold)

    def record_32(self, read):
        self.holds.remove((read.varint(), read.text()))

    def summary(self):
        return {
            "tables": self.tables,
            "sources": sorted(self.sources),
            "objects": self.objects,
            "access": self.access,
            "coverage": {key: (c["start"], c["end"], {n: v for n, v in c["counts"].items() if v}, sorted(c["dead"])) for key, c in self.coverage.items()},
            "segments": self.segments,
            "detached": self.detached,
            "holds": self.holds,
            "deleted": self.deleted,
            "codecs": {name: self.codecs.get(name) for name in [*self.segments, *self.detached]},
            "places": {name: self.places.get(name) for name in [*self.segments, *self.detached]},
            "expiry": {name: self.expiry[name] for name in [*self.segments, *self.detached]},
        }


def frame(data, at, number):
    """(type, payload, end of padding) of the frame at `at`, or None when it is not whole."""
    if at + 16 > len(data):
        return None
    length, kind, zero, checksum = struct.unpack_from("<IHHQ", data, at)
    end = at + 16 + length
    padded = end + -length % 8
    if length > 1 << 26 or kind == 0 or zero != 0 or padded > len(data) or any(data[end:padded]):
        return None
    payload = data[at + 16 : end]
    if xxh3(payload, xxh3(data[at : at + 8], number << 40 ^ at)) != checksum:
        return None
    return kind, payload, padded


def read_file(path, number, before, state, newest):
    data = path.read_bytes()
    need(len(data) >= 96 and data[:8] == b"WEIRLEDG", f"{path}: no header")
    version, zero, own, commit_first = struct.unpack_from("<IIQQ", data, 8)
    need(struct.unpack_from("<Q", data, 88)[0] == xxh3(data[:88]), f"{path}: the header fails its checksum")
    need(version == 1 and zero == 0 and own == number, f"{path}: version {version}, file {own}")
    chain = data[56:88]
    if before is not None:
        need((chain, commit_first) == before, f"{path}: does not continue the file before it")
    elif number == 1:
        need(chain == bytes(32), f"{path}: names a file before it")
    header_hash, at, commit, first, commits, records = chain, 96, commit_first, True, 0, 0
    while at < len(data):
        begin, found, ended = at, [], False
        while not ended and (one := frame(data, at, number)) is not None:
            kind, payload, end = one
            if kind == 1:
                ended = True
            else:
                found.append((at, kind, payload))
                at = end
        if not ended:
            need(newest and not first, f"{path}: the frame at {at} is damaged or cut off")
            print(f"{path}: {len(data) - begin} bytes of an unfinished write at the end")
            break
        need(len(payload) == 72, f"{path}: a commit frame of {len(payload)} bytes")
        this, time, durable, size, count, flags = struct.unpack_from("<QqQQII", payload)
        where = f"{path}: commit {this}"
        need(this == commit and durable < this and size == at - begin and count == len(found), f"{where}: its numbers")
        need(flags == (1 if first else 0), f"{where}: checkpoint or not")
        chain = hashlib.blake2b(chain + data[begin:at] + payload[:40], digest_size=32).digest()
        need(chain == payload[40:], f"{where}: breaks the chain")
        if first and before is not None:
            expected = state.summary()
            removals, pruned, merges, state = state.removals, state.pruned, state.merges, State()
            state.merges = merges
        state.begin(first)
        for place, kind, record in found:
            try:
                state.apply(kind, record)
            except (Bad, KeyError) as error:
                raise Bad(f"{path}: record of type {kind} at {place}: {error}") from None
        state.finish()
        if first and before is not None:
            need(state.summary() == expected, f"{where}: the checkpoint is not what the commits before it add up to")
            need(state.told in ({}, removals), f"{where}: the checkpoint tells of other rows that left than the commits before it")
        if first:
            state.removals = state.told
        at, commit, first = end, commit + 1, False
        commits, records = commits + 1, records + len(found)
    return header_hash, (chain, commit), state, commits, records


def read_files(folder):
    """The state at the ledger's end, and (files, commits, records, chain hash)."""
    files = {int(m[1]): p for p in Path(folder).iterdir() if (m := re.fullmatch(r"(\d{6,})\.log", p.name))}
    need(files, f"{folder} holds no ledger")
    numbers = sorted(files)
    need(numbers == list(range(numbers[0], numbers[-1] + 1)), f"{folder}: a file is missing")
    state, before, commits, records, oldest = State(), None, 0, 0, None
    for number in numbers:
        header_hash, before, state, some, more = read_file(files[number], number, before, state, number == numbers[-1])
        oldest = oldest or header_hash
        commits, records = commits + some, records + more
    if numbers[0] > 1:
        need(state.pruned and state.pruned[0] + 1 == numbers[0] and state.pruned[3] == oldest, f"{folder}: files are missing")
    return state, (len(numbers), commits, records, before[0])


def ledger_state(folder):
    return read_files(folder)[0]


def read_ledger(folder):
    state, (files, commits, records, chain) = read_files(folder)
    stored = sum(c["counts"].get("stored", 0) for c in state.coverage.values())
    return (
        f"files={files} commits={commits} records={records} tables={len(state.tables)} sources={len(state.sources)} "
        f"segments={len(state.segments)} rows={sum(s[1] for s in state.segments.values()) - sum(d[4] for name, d in state.deleted.items() if name in state.segments)} keys={len(state.coverage)} "
        f"stored={stored} merges={state.merges} hash={chain.hex()}"
    )


if __name__ == "__main__":
    try:
        print(read_ledger(sys.argv[1]))
    except Bad as error:
        sys.exit(f"{error}")
