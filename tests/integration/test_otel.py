"""The OpenTelemetry collector's ClickHouse exporter over both protocols: tests/clients/otel."""
import os

import golang
from weir import Server


def test_exporter(tmp_path):
    server = Server(tmp_path, native=True)
    tests = golang.run("otel", "test", "-count=1", "-vet=off", ".", environment={
        **os.environ, "WEIR_NATIVE": f"127.0.0.1:{server.native_port}", "WEIR_HTTP": server.address, "CGO_ENABLED": "0"})
    assert tests.returncode == 0, tests.stdout[-6000:] + tests.stderr[-3000:]
    assert server.value("SELECT countIf(status = 'Ok') >= 14 AND countIf(status != 'Ok') = 0 FROM system.asynchronous_insert_log") == 1
    assert server.stop() == 0, server.log_text()[-3000:]
