"""clickhouse-go over the native protocol: tests/clients/go with the machine's Go, where there is one that is new enough
for it (Debian 12's 1.19 is not, and knows no way to fetch a newer one)."""
import os
import shutil
import subprocess

import pytest

from weir import ROOT, Server

GO = ROOT / "tests/clients/go"


def go_builds():
    return shutil.which("go") is not None and subprocess.run(["go", "list", "-m"], cwd=GO, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not go_builds(), reason="no Go as new as tests/clients/go/go.mod says")
def test_clickhouse_go(tmp_path):
    server = Server(tmp_path, native=True)
    tests = subprocess.run(
        ["go", "test", "-count=1", "./native"], cwd=GO, capture_output=True, text=True, check=False,
        env={**os.environ, "WEIR_NATIVE": f"127.0.0.1:{server.native_port}", "CGO_ENABLED": "0"})
    assert tests.returncode == 0, tests.stdout[-6000:] + tests.stderr[-3000:]
    assert server.stop() == 0, server.log_text()[-3000:]
