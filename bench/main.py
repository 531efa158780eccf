"""Runs the benchmarks that were asked for and writes their tables with date, commit and machine."""
import argparse
import datetime
import importlib
import pathlib
import subprocess

from common import ROOT, machine

parser = argparse.ArgumentParser()
parser.add_argument("what", nargs="*", default=[])
parser.add_argument("--rows", type=int, default=10_000_000)
parser.add_argument("--seconds", type=int, default=20)
parser.add_argument("--only", default="")
parser.add_argument("--flights", default="")
parser.add_argument("--tries", type=int, default=20)
parser.add_argument("--label", default="run")
options = parser.parse_args()
known = ["start", "segments", "ingest", "freshness", "query", "storm", "scaling", "scan", "final", "kill", "connections", "storage", "merging", "retention", "wide", "formats", "views", "live", "alerts"]
for what in options.what:
    if what not in known:
        parser.error(f"unknown benchmark '{what}'; there are {', '.join(known)}")

commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
parts = [f"# Benchmarks, {datetime.date.today()}, commit {commit}\n\n{machine()}\n"]
path = pathlib.Path(ROOT) / f"bench/results/{datetime.date.today()}-{options.label}.md"
path.parent.mkdir(exist_ok=True)
for what in options.what or known:
    parts.append(importlib.import_module(what).run(options))
    path.write_text("\n".join(parts), encoding="utf-8")
    print(parts[-1], flush=True)
print(f"written to {path.relative_to(ROOT)}")
