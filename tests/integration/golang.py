"""Go clients under tests/clients: modules that are built and run with the Go that scripts/go-env finds or fetches."""
import functools
import subprocess

from weir import DEADLINE, ROOT, alone

LONG = 10 * DEADLINE  # the first build of a module fetches and compiles all that it needs


@functools.cache
def command():
    with alone("go"):
        found = subprocess.run([ROOT / "scripts/go-env"], capture_output=True, text=True, check=False, timeout=LONG)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def run(module, *arguments, environment):
    """`go ARGUMENTS` in tests/clients/MODULE."""
    return subprocess.run([command(), *arguments], cwd=ROOT / "tests/clients" / module, capture_output=True, text=True,
                          check=False, timeout=LONG, env=environment)
