"""Grafana: what its ClickHouse data source sends (tests/clients/grafana), over both protocols, and the dashboards of
examples/grafana, each panel of which must find rows."""
import json
import os
import re
import time
import urllib.request

import golang
from test_demo import read_address, start
from weir import DEADLINE, ROOT, Server, wait_until

EXAMPLES = ROOT / "examples/grafana"
DASHBOARDS = sorted((EXAMPLES / "dashboards").glob("*.json"))
FROM = 1_700_000_000

# Those of the collector as its exporter makes them: logs and traces stand on these.
TABLES = f"""
CREATE TABLE sample (ts DateTime('UTC'), ms DateTime64(3, 'UTC'), day Date, host LowCardinality(String), value Float64)
ENGINE = MergeTree ORDER BY ts;
INSERT INTO sample SELECT {FROM} - 900 + number AS s, fromUnixTimestamp64Milli(s * 1000), toDate(s, 'UTC'),
concat('h', toString(number % 3)), number % 100 FROM numbers(9000);
CREATE DATABASE otel;
CREATE TABLE otel.otel_logs (Timestamp DateTime64(9) CODEC(Delta(8), ZSTD(1)), TimestampTime DateTime DEFAULT toDateTime(Timestamp),
TraceId String CODEC(ZSTD(1)), SpanId String CODEC(ZSTD(1)), TraceFlags UInt8, SeverityText LowCardinality(String) CODEC(ZSTD(1)),
SeverityNumber UInt8, ServiceName LowCardinality(String) CODEC(ZSTD(1)), Body String CODEC(ZSTD(1)),
ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), LogAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
INDEX idx_log_attr_key mapKeys(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
INDEX idx_log_attr_value mapValues(LogAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
INDEX idx_body Body TYPE tokenbf_v1(32768, 3, 0) GRANULARITY 8) ENGINE = MergeTree() PARTITION BY toDate(TimestampTime)
PRIMARY KEY (ServiceName, TimestampTime) ORDER BY (ServiceName, TimestampTime, Timestamp);
INSERT INTO otel.otel_logs (Timestamp, TraceId, SeverityText, ServiceName, Body, LogAttributes) SELECT
fromUnixTimestamp64Nano(toInt64({FROM} + number * 60) * 1000000000), concat('trace', toString(number % 10)),
if(number % 12 IN (0, 3), 'error', 'info'), if(number % 2 = 0, 'cart', 'shop'), concat('it\\'s message ', toString(number)),
map('host', concat('h', toString(number % 3)), 'code', toString(number)) FROM numbers(120);
CREATE TABLE otel.otel_traces (Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)), TraceId String CODEC(ZSTD(1)), SpanId String CODEC(ZSTD(1)),
ParentSpanId String CODEC(ZSTD(1)), SpanName LowCardinality(String) CODEC(ZSTD(1)), ServiceName LowCardinality(String) CODEC(ZSTD(1)),
ResourceAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), SpanAttributes Map(LowCardinality(String), String) CODEC(ZSTD(1)),
Duration UInt64 CODEC(ZSTD(1)), StatusCode LowCardinality(String) CODEC(ZSTD(1)),
Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1, INDEX idx_duration Duration TYPE minmax GRANULARITY 1)
ENGINE = MergeTree() PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp));
INSERT INTO otel.otel_traces SELECT fromUnixTimestamp64Nano(toInt64({FROM} + number) * 1000000000), concat('trace', toString(intDiv(number, 4))),
toString(number), if(number % 4 = 0, '', toString(number - 1)), concat('span', toString(number % 4)), if(number % 4 < 2, 'shop', 'cart'),
map('host', 'h1'), map('http.route', '/buy'), (number + 1) * 1000000, if(number % 8 = 0, 'Error', 'Ok'),
[fromUnixTimestamp64Nano(toInt64({FROM} + number) * 1000000000)], ['begun'], [map('by', 'test')] FROM numbers(40);
CREATE TABLE otel.otel_traces_trace_id_ts (TraceId String, Start DateTime, End DateTime) ENGINE = MergeTree ORDER BY (TraceId, Start);
INSERT INTO otel.otel_traces_trace_id_ts SELECT TraceId, min(Timestamp), max(Timestamp) FROM otel.otel_traces GROUP BY TraceId
"""

FLIGHTS = """CREATE TABLE flights (ts DateTime64(3), origin LowCardinality(String), destination LowCardinality(String), delay Int32,
distance UInt32) ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts) ORDER BY (origin, ts)"""


def run(tests, **environment):
    done = golang.run("grafana", "test", "-count=1", "-run", tests, ".", environment={
        **os.environ, "CGO_ENABLED": "0", **{name: str(value) for name, value in environment.items()}})
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-3000:]
    assert "no tests to run" not in done.stdout and "SKIP" not in done.stdout


def test_data_source(tmp_path):
    server = Server(tmp_path, native=True)
    for statement in TABLES.split(";\n"):
        server.query(statement)
    where = {"WEIR_NATIVE": f"127.0.0.1:{server.native_port}", "WEIR_HTTP": server.address}
    run("Test[^D]", **where)
    # the user of docs/GRAFANA.md
    server.query("CREATE USER grafana IDENTIFIED BY 'a long password' SETTINGS readonly = 2")
    server.query("GRANT SELECT ON *.* TO grafana")
    run("Test[^D]", WEIR_USER="grafana", WEIR_PASSWORD="a long password", **where)
    assert server.stop() == 0, server.log_text()[-3000:]


def test_flights_dashboard(tmp_path):
    server = Server(tmp_path, native=True)
    server.query(FLIGHTS)
    server.query("INSERT INTO flights FORMAT JSONEachRow", (ROOT / "examples/flights-300k.ndjson.zst").read_bytes(), headers={"Content-Encoding": "zstd"})
    begin = server.value("SELECT toUnixTimestamp(min(ts)) FROM flights")
    run("TestDashboards", WEIR_NATIVE=f"127.0.0.1:{server.native_port}", WEIR_HTTP=server.address,
        WEIR_DASHBOARDS=EXAMPLES / "dashboards/flights.json", WEIR_FROM=begin, WEIR_TO=begin + 7 * 86400)
    assert server.stop() == 0, server.log_text()[-3000:]


def test_dashboards_of_the_demo(tmp_path):
    """As the README of the examples says: on weir demo, over HTTP, in the dashboards' own time ranges."""
    demo = start(tmp_path, "--http-port", "28123")
    try:
        address, _ = read_address(demo)
        def ask(sql):
            with urllib.request.urlopen(urllib.request.Request(address, sql.encode()), timeout=DEADLINE) as reply:
                return reply.read().decode()

        late = "SELECT count() FROM flights WHERE delay >= 30 AND ts BETWEEN now() - INTERVAL 15 MINUTE AND now()"
        wait_until(lambda: int(ask(late)) > 0, "late flights come")
        wait_until(lambda: int(ask("SELECT count() FROM system.segments")) > 0, "rows are committed")
        try:
            ask("SELECT nothing")
        except OSError:
            pass
        wait_until(lambda: int(ask("SELECT count() FROM system.query_log WHERE exception_code != 0")) > 0, "the log has an error")
        now = int(time.time())
        run("TestDashboards", WEIR_HTTP=re.search(r"//([^/]+)", address)[1], WEIR_DASHBOARDS=",".join(map(str, DASHBOARDS)),
            WEIR_FROM=now - 900, WEIR_TO=now + 5)
        assert demo.poll() is None
    finally:
        if demo.poll() is None:
            demo.terminate()
        demo.communicate(timeout=DEADLINE)


def test_provisioning():
    """Files that Grafana reads at its start: the plugin, a time range, panels that do not lie upon each other."""
    source = (EXAMPLES / "provisioning/datasources/weir.yaml").read_text()
    assert re.search(r"^    type: grafana-clickhouse-datasource$", source, re.M)
    assert re.search(r"^      port: 8123\b", source, re.M) and re.search(r"^      protocol: http$", source, re.M)
    provider = (EXAMPLES / "provisioning/dashboards/weir.yaml").read_text()
    assert re.search(r"^    type: file$", provider, re.M) and re.search(r"^      path: \S+", provider, re.M)
    assert [path.stem for path in DASHBOARDS] == ["flights", "server"]
    for path in DASHBOARDS:
        board = json.loads(path.read_text())
        assert board["time"]["to"] == "now" and board["id"] is None
        taken = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
            taken |= cells
            assert panel["datasource"]["uid"] == "${datasource}" and len(panel["targets"]) == 1
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids))
