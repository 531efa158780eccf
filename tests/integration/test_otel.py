"""The OpenTelemetry collector's ClickHouse exporter over both protocols: tests/clients/otel with the machine's Go, where
there is one that is new enough for it."""
import os
import shutil
import subprocess

import pytest

from weir import ROOT, Server

OTEL = ROOT / "tests/clients/otel"


def go_builds():
    return shutil.which("go") is not None and subprocess.run(["go", "list", "-m"], cwd=OTEL, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not go_builds(), reason="no Go as new as tests/clients/otel/go.mod says")
def test_exporter(tmp_path):
    server = Server(tmp_path, native=True)
    tests = subprocess.run(
        ["go", "test", "-count=1", "-vet=off", "."], cwd=OTEL, capture_output=True, text=True, check=False,
        env={**os.environ, "WEIR_NATIVE": f"127.0.0.1:{server.native_port}", "WEIR_HTTP": server.address, "CGO_ENABLED": "0"})
    assert tests.returncode == 0, tests.stdout[-6000:] + tests.stderr[-3000:]
    assert server.value("SELECT countIf(status = 'Ok') >= 14 AND countIf(status != 'Ok') = 0 FROM system.asynchronous_insert_log") == 1
    assert server.stop() == 0, server.log_text()[-3000:]
