#!/usr/bin/env python3
"""A second reader of backups, written from docs/FORMAT.md alone: manifest, ledger and every segment.

    backup_reader.py FOLDER        prints what the manifest says and the tables' rows; exits 1 with the first contradiction
"""
import hashlib
import re
import sys
from pathlib import Path

from ledger_reader import Bad, need
from pack_reader import read_data

FORM = re.compile(
    rb"weir-backup 1\nid ([0-9a-f]{32})\nname ([^\n]*)\nbase ([^\n]*)\nstore ([0-9a-f]{32})\ncommit ([0-9]+)\ntime (-?[0-9]+)\nchain ([0-9a-f]{64})\n"
    rb"ledger ([0-9]+) ([0-9a-f]{64})\npacks ([0-9]+)\n((?:pack [0-9]+ [0-9]+\n)*)hash ([0-9a-f]{64})\n"
)


def blake(data):
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def read_backup(folder):
    """(what the manifest says, read_data's segments)"""
    folder = Path(folder)
    need((folder / "BACKUP").exists(), "there is no manifest: this is no backup, or one that was never finished")
    text = (folder / "BACKUP").read_bytes()
    found = FORM.fullmatch(text)
    need(found is not None, "the manifest has not its form")
    identity, name, base, store, commit, time, chain, size, ledger_hash, count, lines, own_hash = (word.decode() for word in found.groups())
    need(blake(text[: text.rindex(b"hash ")]) == own_hash, "the manifest was changed")
    ledger = (folder / "ledger" / "000002.log").read_bytes()
    need((len(ledger), blake(ledger)) == (int(size), ledger_hash), "the ledger is not the manifest's")
    need([path.name for path in (folder / "ledger").iterdir()] == ["000002.log"], "the ledger has other files")
    header = (int.from_bytes(ledger[24:32], "little"), ledger[40:56].hex(), ledger[56:88].hex())
    need(header == (int(commit) + 1, store, chain), "the ledger's header is not the cut's")
    packs = [tuple(map(int, line.split()[1:])) for line in lines.splitlines()]
    need(len(packs) == int(count) and packs == sorted(set(packs)), "the packs are not in order")
    for number, size in packs:
        need((folder / "packs" / f"{number:08}.pack").stat().st_size == size, f"pack {number} has another size")
    manifest = {"id": identity, "name": name, "base": base, "store": store, "commit": int(commit), "time": int(time), "chain": chain, "packs": packs}
    return manifest, read_data(folder)


if __name__ == "__main__":
    try:
        manifest, segments = read_backup(sys.argv[1])
        print(manifest)
        for database, name, _, columns in segments:
            print(f"{database}.{name}: {len(columns[0][2])} rows")
    except Bad as error:
        sys.exit(f"{error}")
