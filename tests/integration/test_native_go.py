"""clickhouse-go over the native protocol: tests/clients/go."""
import os

import golang
from weir import Server


def test_clickhouse_go(tmp_path):
    server = Server(tmp_path, native=True)
    try:
        tests = golang.run("go", "test", "-count=1", "./native", environment={
            **os.environ, "WEIR_NATIVE": f"127.0.0.1:{server.native_port}", "CGO_ENABLED": "0"})
    finally:
        code = server.stop()
    assert tests.returncode == 0, tests.stdout[-6000:] + tests.stderr[-3000:]
    assert code == 0, server.log_text()[-3000:]
