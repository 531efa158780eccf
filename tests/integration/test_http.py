"""The HTTP interface: endpoints, queries in URL and body, formats, headers, errors, inserts, limits, stopping."""
import json
import re
import socket
import threading

import pytest
import requests

from weir import DEADLINE, QueryError, wait_until


def get(server, path, **parameters):
    return requests.get(server.url_of(path, **parameters), timeout=DEADLINE)


def error_of(server, sql, data=None, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, data, **parameters)
    return caught.value


def test_endpoints(shared):
    for path in ("/", "/ping", "/replicas_status"):
        reply = get(shared, path)
        assert (reply.status_code, reply.text) == (200, "Ok.\n"), path
    assert get(shared, "/nothing").status_code == 404
    assert requests.delete(shared.url, timeout=DEADLINE).status_code in (405, 501)


def test_pages_and_their_files(shared):
    play = get(shared, "/play")
    assert play.status_code == 200 and play.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert play.headers["Content-Encoding"] == "gzip" and int(play.headers["Content-Length"]) < len(play.content)
    policy = play.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", play.text)
    files = re.findall(r'(?:src|href)="(web/[^"]+)"', play.text)
    assert {path.rsplit(".", 1)[1] for path in files} == {"js", "css"} and len(files) == 2
    size = 0
    for path in files:  # and what they import
        if path.endswith(".js"):
            files += sorted({"web/" + name for name in re.findall(r'"\./([\w.-]+\.js)"', get(shared, "/" + path).text)} - set(files))
    assert len(files) > 2
    for path in files + ["web/licences.txt"]:
        file = get(shared, "/" + path)
        lasting = path != "web/licences.txt"
        assert file.status_code == 200 and file.headers["X-Content-Type-Options"] == "nosniff"
        assert ("immutable" in file.headers["Cache-Control"]) == lasting
        size += len(file.content) if lasting else 0
        plain = requests.get(shared.url_of("/" + path), headers={"Accept-Encoding": "identity"}, timeout=DEADLINE)
        assert "Content-Encoding" not in plain.headers and plain.content == file.content
    assert 100_000 < size < 500_000
    assert "codemirror" in file.text and "uplot" in file.text and file.text.count("Permission is hereby granted") > 5
    assert get(shared, "/web/nothing.js").status_code == 404


@pytest.mark.parametrize(
    "accepts, packed",
    [("gzip", True), ("deflate, GZIP;q=0.5", True), ("*", True), ("gzip;q=0", False), ("gzip;q=0.000, *", False), ("identity", False), ("", False)],
)
def test_pages_come_as_the_client_takes_them(shared, accepts, packed):
    reply = requests.get(shared.url_of("/play"), headers={"Accept-Encoding": accepts}, timeout=DEADLINE)
    assert (reply.headers.get("Content-Encoding") == "gzip") == packed and "</html>" in reply.text
    tag = reply.headers["ETag"]
    for known, status in ((tag, 304), (f'"x", W/{tag}', 304), ("*", 304), ('"x"', 200), (tag[:-2] + '"', 200)):
        again = requests.get(shared.url_of("/play"), headers={"Accept-Encoding": accepts, "If-None-Match": known}, timeout=DEADLINE)
        assert again.status_code == status and again.headers["ETag"] == tag and (status == 200 or again.content == b"")
    head = requests.head(shared.url_of("/play"), headers={"Accept-Encoding": accepts}, timeout=DEADLINE)
    assert head.headers["Content-Length"] == reply.headers["Content-Length"] and head.content == b""


def test_metrics_are_an_exposition(shared):
    text = get(shared, "/metrics").text
    helped, typed = set(), {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            helped.add(line.split()[2])
        elif line.startswith("# TYPE "):
            name, kind = line.split()[2:4]
            assert name not in typed and kind in ("counter", "gauge", "histogram")
            typed[name] = kind
        elif line:
            match = re.fullmatch(r'([a-zA-Z_:][\w:]*)(\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? (\S+)', line)
            assert match, line
            float(match[3])
            assert match[1] in typed or re.sub("_(sum|count|bucket)$", "", match[1]) in typed
    assert typed and helped == set(typed)


def test_query_in_url_and_body(shared):
    assert get(shared, "/", query="SELECT 1").text == "1\n"
    assert shared.query("SELECT 1") == "1\n"
    assert shared.post("SELECT ", b"2", ).text == "2\n"  # the body goes on where the URL ended
    assert get(shared, "/", query="SELECT 1", default_format="JSONEachRow").text == '{"1":1}\n'
    assert shared.query("SELECT 1 AS a FORMAT CSVWithNames", default_format="TabSeparated") == '"a"\n1\n'
    assert shared.post("SELECT 1 AS a", headers={"X-ClickHouse-Format": "JSONEachRow"}).text == '{"a":1}\n'


@pytest.mark.parametrize(
    "format_name, expected",
    [
        ("TabSeparated", "1\tx\n\\N\ty\n"),
        ("TabSeparatedWithNames", "a\tb\n1\tx\n\\N\ty\n"),
        ("TabSeparatedWithNamesAndTypes", "a\tb\nNullable(UInt8)\tString\n1\tx\n\\N\ty\n"),
        ("CSV", '1,"x"\n\\N,"y"\n'),
        ("CSVWithNames", '"a","b"\n1,"x"\n\\N,"y"\n'),
        ("JSONEachRow", '{"a":1,"b":"x"}\n{"a":null,"b":"y"}\n'),
        ("Null", ""),
    ],
)
def test_formats(shared, format_name, expected):
    sql = "SELECT if(number = 0, 1, NULL) AS a, if(number = 0, 'x', 'y') AS b FROM numbers(2) ORDER BY b"
    assert shared.query(f"{sql} FORMAT {format_name}") == expected


def test_json(shared):
    reply = json.loads(shared.query("SELECT toUInt64(1) AS a, 'x' AS b FORMAT JSON"))
    assert reply["meta"] == [{"name": "a", "type": "UInt64"}, {"name": "b", "type": "String"}]
    assert reply["data"][0]["b"] == "x" and int(reply["data"][0]["a"]) == 1 and reply["rows"] == 1
    assert set(reply["statistics"]) == {"elapsed", "rows_read", "bytes_read"}
    quoted = shared.query("SELECT toUInt64(1) AS a FORMAT JSONEachRow", output_format_json_quote_64bit_integers=1)
    assert quoted == '{"a":"1"}\n'


def test_headers(shared):
    reply = shared.post("SELECT 1 AS a", default_format="JSONCompact", query_id="the-id", wait_end_of_query=1)
    assert reply.headers["X-ClickHouse-Query-Id"] == "the-id"
    assert reply.headers["X-ClickHouse-Format"] == "JSONCompact"
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["X-ClickHouse-Timezone"]
    assert "X-ClickHouse-Server-Display-Name" in reply.headers
    assert int(json.loads(reply.headers["X-ClickHouse-Summary"])["result_rows"]) == 1
    assert shared.post("SELECT 1").headers["X-ClickHouse-Query-Id"]  # made up when none is given


@pytest.mark.parametrize(
    "sql, status, code, name",
    [
        ("SELEC 1", 400, 62, "SYNTAX_ERROR"),
        ("SELECT nothing", 404, 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT nothing(1)", 404, 46, "UNKNOWN_FUNCTION"),
        ("SELECT * FROM nothing", 404, 60, "UNKNOWN_TABLE"),
        ("SELECT * FROM nothing.nothing", 404, 81, "UNKNOWN_DATABASE"),
        ("SELECT 1 FORMAT Nothing", 404, 73, "UNKNOWN_FORMAT"),
        ("SELECT 1 SETTINGS no_such_setting = 1", 404, 115, "UNKNOWN_SETTING"),
    ],
)
def test_errors(shared, sql, status, code, name):
    error = error_of(shared, sql)
    assert (error.status, error.code) == (status, code), error.message
    assert re.fullmatch(rf"Code: {code}\. DB::Exception: .*\({name}\) \(version .+\)", error.message, re.DOTALL)


def test_an_error_while_rows_are_sent(shared):
    """What was sent cannot be taken back: the reply breaks off with the error's text."""
    sql = "SELECT number, throwIf(number = 3000000) FROM numbers(100000000)"
    broken, text = False, b""
    reply = shared.post(sql, stream=True)
    try:
        for piece in reply.iter_content(65536):
            text = (text + piece)[-4000:]
    except requests.exceptions.RequestException:
        broken = True
    assert reply.status_code == 200 and (broken or b"DB::Exception" in text)
    whole = shared.post(sql, wait_end_of_query=1, max_result_rows=10_000_000)
    assert whole.status_code == 500 and "(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)" in whole.text


def test_parameters_and_settings(shared):
    assert shared.query("SELECT {n:UInt32} + 1, {s:String}", param_n=41, param_s="a b") == "42\ta b\n"
    assert error_of(shared, "SELECT {n:UInt32}").code == 456
    assert error_of(shared, "SELECT 1", no_such_setting="1").code == 115
    assert error_of(shared, "SELECT sum(number) FROM numbers(1000000000000)", max_execution_time="0.05").code == 159
    memory = error_of(shared, "SELECT length(groupArray(number)) FROM numbers(100000000)", max_memory_usage=10_000_000)
    assert memory.code == 241
    own = "SELECT length(groupArray(number)) FROM numbers(100000000) SETTINGS max_memory_usage = 10000000"
    assert error_of(shared, own).code == 241
    join = "SELECT b.x FROM (SELECT 1 AS k) AS a LEFT JOIN (SELECT 2 AS k, 3 AS x) AS b ON a.k = b.k"
    assert shared.query(join) == "0\n"
    assert shared.query(join, join_use_nulls=1) == shared.query(f"{join} SETTINGS join_use_nulls = 1") == "\\N\n"
    assert shared.query("SELECT toString(toDateTime(0))", session_timezone="Asia/Tokyo") == "1970-01-01 09:00:00\n"
    assert error_of(shared, "CREATE TABLE not_now (a UInt8) ENGINE = MergeTree ORDER BY a", readonly=1).code == 164


def test_users(shared):
    assert shared.query("SELECT 1", user="default") == "1\n"
    assert shared.query("SELECT 1", user="default", password="") == "1\n"
    assert requests.get(shared.url_of("/", query="SELECT 1"), auth=("default", ""), timeout=DEADLINE).text == "1\n"
    for parameters in ({"user": "somebody"}, {"user": "default", "password": "wrong"}):
        error = error_of(shared, "SELECT 1", **parameters)
        assert error.code in (192, 193, 516) and error.status in (401, 403)
    reply = shared.post("SELECT 1", headers={"X-ClickHouse-User": "somebody", "X-ClickHouse-Key": "x"})
    assert reply.status_code in (401, 403)


def test_definitions(shared):
    shared.query("CREATE DATABASE shop")
    shared.query("CREATE TABLE shop.sales (day Date, item LowCardinality(String), n UInt32) ENGINE = MergeTree ORDER BY (item, day)")
    assert error_of(shared, "CREATE TABLE shop.sales (a UInt8) ENGINE = MergeTree ORDER BY a").code == 57
    shared.query("CREATE TABLE IF NOT EXISTS shop.sales (a UInt8) ENGINE = MergeTree ORDER BY a")
    assert shared.query("SHOW TABLES FROM shop") == "sales\n"
    assert "shop" in shared.query("SHOW DATABASES").split()
    assert [row[:2] for row in shared.rows("DESCRIBE TABLE shop.sales")] == [
        ["day", "Date"], ["item", "LowCardinality(String)"], ["n", "UInt32"]]
    assert shared.query("EXISTS TABLE shop.sales") == "1\n"
    assert shared.query("EXISTS TABLE shop.nothing") == "0\n"
    assert "ORDER BY (item, day)" in shared.query("SHOW CREATE TABLE shop.sales FORMAT TabSeparatedRaw")
    assert shared.query("SELECT name FROM system.columns WHERE database = 'shop' ORDER BY position") == "day\nitem\nn\n"
    shared.query("INSERT INTO shop.sales VALUES ('2026-01-02', 'tea', 3), ('2026-01-03', 'jam', 4)")
    assert shared.query("SELECT item, n FROM sales ORDER BY item", database="shop") == "jam\t4\ntea\t3\n"
    assert shared.value("SELECT total_rows FROM system.tables WHERE name = 'sales'") in (2, "2")
    shared.query("TRUNCATE TABLE shop.sales")
    assert shared.query("SELECT count() FROM shop.sales") == "0\n"
    shared.query("DROP TABLE shop.sales")
    assert error_of(shared, "SELECT * FROM shop.sales").code == 60
    shared.query("DROP DATABASE shop")
    assert error_of(shared, "SHOW TABLES FROM shop").code == 81


TABLE = "(id UInt32, name String, at DateTime('UTC'), x Nullable(Float64)) ENGINE = MergeTree ORDER BY id"


def test_inserts(shared):
    shared.query(f"CREATE TABLE inserts {TABLE}")
    shared.query("INSERT INTO inserts VALUES (1, 'a', '2026-01-01 00:00:00', NULL), (2, 'b''c', '2026-01-01 00:00:01', 0.5)")
    shared.query("INSERT INTO inserts FORMAT JSONEachRow", b'{"id":3,"name":"j","at":"2026-01-01 00:00:02","x":1}\n{"id":4}\n')
    shared.query("INSERT INTO inserts (name, id) FORMAT CSV", b'"k,l",5\n')
    shared.query("INSERT INTO inserts FORMAT TabSeparated", b"6\tm\\tn\t2026-01-01 00:00:05\t\\N\n")
    shared.query(b"INSERT INTO inserts (id) FORMAT TabSeparated\n7\n8\n")
    shared.query("INSERT INTO inserts (id, name) SELECT number + 9, 's' FROM numbers(2)")
    assert shared.query("SELECT id, name, x FROM inserts ORDER BY id") == (
        "1\ta\t\\N\n2\tb\\'c\t0.5\n3\tj\t1\n4\t\t\\N\n5\tk,l\t\\N\n6\tm\\tn\t\\N\n7\t\t\\N\n8\t\t\\N\n9\ts\t\\N\n10\ts\t\\N\n")


def test_a_bad_row_fails_the_whole_insert(shared):
    shared.query(f"CREATE TABLE bad {TABLE}")
    rows = "".join(f'{{"id":{n},"name":"n{n}"}}\n' for n in range(20000))
    error = error_of(shared, "INSERT INTO bad FORMAT JSONEachRow", (rows + '{"id":"no number"}\n').encode())
    assert error.status == 400
    assert "20001" in error.message and "id" in error.message and "no number" in error.message
    assert shared.query("SELECT count() FROM bad") == "0\n"


def test_deduplication_token(shared):
    shared.query(f"CREATE TABLE tokens {TABLE}")
    for _ in range(3):
        shared.query("INSERT INTO tokens (id) VALUES (1), (2)", insert_deduplication_token="once")
    shared.query("INSERT INTO tokens (id) VALUES (3)", insert_deduplication_token="twice")
    assert shared.query("SELECT count(), sum(id) FROM tokens") == "3\t6\n"


def test_a_chunked_body_larger_than_any_buffer(shared):
    shared.query("CREATE TABLE large (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    count, piece = 400_000, 1000

    def body():
        for first in range(0, count, piece):
            yield "".join(f"{n}\tsome text of row {n}\n" for n in range(first, first + piece)).encode()

    shared.query("INSERT INTO large FORMAT TabSeparated", body())
    assert shared.query("SELECT count(), sum(n), uniqExact(s) FROM large") == f"{count}\t{count * (count - 1) // 2}\t{count}\n"


def test_durable_after_a_kill_and_after_a_stop(make_server):
    server = make_server()
    server.query(f"CREATE TABLE t {TABLE}")
    for round_number in range(4):
        for n in range(20):
            server.query(f"INSERT INTO t (id) VALUES ({round_number * 20 + n})")
        if round_number % 2 == 0:
            server.kill()
            server.start()
        else:
            server.restart()
        total = (round_number + 1) * 20
        assert server.query("SELECT count(), sum(id), uniqExact(id) FROM t") == f"{total}\t{total * (total - 1) // 2}\t{total}\n"


def test_processes_kill_and_query_log(shared):
    result = {}

    def run():
        result["reply"] = requests.post(
            shared.url, params={"query_id": "victim"}, data="SELECT sum(number) FROM numbers(100000000000000)", timeout=DEADLINE)

    thread = threading.Thread(target=run)
    thread.start()
    wait_until(lambda: shared.query("SELECT query_id FROM system.processes WHERE query_id = 'victim'"), "the query runs")
    error = error_of(shared, "SELECT 1", query_id="victim")
    assert error.code == 216
    shared.query("KILL QUERY WHERE query_id = 'victim'")
    thread.join(DEADLINE)
    assert result["reply"].status_code != 200 and "QUERY_WAS_CANCELLED" in result["reply"].text
    wait_until(lambda: shared.query("SELECT exception_code FROM system.query_log WHERE query_id = 'victim'") == "394\n", "the log has it")


def test_a_client_that_leaves_cancels_its_query(shared):
    with socket.create_connection((shared.host, shared.port)) as connection:
        sql = b"SELECT sum(number) FROM numbers(100000000000000)"
        connection.sendall(b"POST /?query_id=leaver HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(sql), sql))
        wait_until(lambda: shared.query("SELECT 1 FROM system.processes WHERE query_id = 'leaver'"), "the query runs")
    wait_until(lambda: not shared.query("SELECT 1 FROM system.processes WHERE query_id = 'leaver'"), "the query is gone")


def test_a_slow_reader_is_waited_for_in_bounded_memory(shared):
    reply = shared.post("SELECT number, number FROM numbers(20000000)", stream=True)
    first = next(reply.iter_content(1000))
    assert first.startswith(b"0\t0\n1\t1\n")
    assert shared.query("SELECT 1") == "1\n"  # others are served meanwhile
    reply.close()


def test_hostile_requests(shared):
    requests_bytes = [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"H%d: v\r\n" % n for n in range(20000)) + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nSELECT",
    ]
    for text in requests_bytes:
        with socket.create_connection((shared.host, shared.port), timeout=DEADLINE) as connection:
            try:
                connection.sendall(text)
            except OSError:
                pass  # the server may close the door
        assert shared.query("SELECT 1") == "1\n"
    assert error_of(shared, "SELECT '" + "x" * 10_000_000 + "'").code == 62
    assert error_of(shared, "SELECT " + "(" * 10_000 + "1" + ")" * 10_000).code in (62, 167, 306)
    assert error_of(shared, b"SELECT '\xff\x00' FROM \x00").code == 62


def test_more_connections_than_allowed_are_told(make_server):
    server = make_server("--connections-max", "8")
    held = []
    try:
        for _ in range(40):
            connection = socket.create_connection((server.host, server.port), timeout=DEADLINE)
            connection.sendall(b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(connection)
        answers = []
        for connection in held:
            try:
                answers.append(connection.recv(1000)[:12])
            except ConnectionError:
                answers.append(b"")
        assert answers.count(b"HTTP/1.1 200") >= 1
        assert all(answer in (b"HTTP/1.1 200", b"HTTP/1.1 503", b"") for answer in answers), answers
    finally:
        for connection in held:
            connection.close()
    wait_until(lambda: get(server, "/ping").status_code == 200, "it serves again")


def test_configuration(make_server, tmp_path):
    config = tmp_path / "weir.yaml"
    config.write_text("queries_max: 7\nlog_format: json\nlog_level: debug\n")
    server = make_server("--config", str(config), environment={"WEIR_LOG_LEVEL": "info"})
    assert server.stop() == 0
    for line in server.log_text().splitlines():
        json.loads(line)
    for flags, word in ((["--no-such-flag"], "--no-such-flag"), (["--http-port", "99999"], "99999"), (["--threads"], "--threads")):
        failed = make_server(name="failed", start=False)
        with pytest.raises(RuntimeError):
            failed.start(*flags)
        assert word in failed.log_text()
    config.write_text("no_such_key: 1\n")
    failed = make_server(name="failed", start=False)
    with pytest.raises(RuntimeError):
        failed.start("--config", str(config))
    assert "no_such_key" in failed.log_text() and "line 1" in failed.log_text()


def test_what_keeps_a_server_from_starting(make_server):
    server = make_server(name="one")
    second = make_server(name="one", start=False)
    with pytest.raises(RuntimeError, match="data"):
        second.start()
    other = make_server(name="two", start=False)
    with pytest.raises(RuntimeError):
        other.start("--http-port", str(server.port))
    assert str(server.port) in other.log_text()
    assert server.query("SELECT 1") == "1\n"


def test_metrics(make_server):
    from prometheus_client.parser import text_string_to_metric_families

    server = make_server()

    def read():
        text = server.session.get(server.url_of("/metrics"), timeout=DEADLINE).text
        samples = {}
        for family in text_string_to_metric_families(text):
            assert family.documentation and family.type in ("counter", "gauge", "histogram"), family.name
            for sample in family.samples:
                key = (sample.name, tuple(sorted(sample.labels.items())))
                assert key not in samples, key
                samples[key] = sample.value
        return samples

    before = read()
    server.query("CREATE TABLE m (a UInt8) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO m FORMAT CSV", data=b"1\n2\n")
    with pytest.raises(QueryError):
        server.query("SELECT nope")
    after = read()

    def grown(name, **labels):
        key = (name, tuple(sorted(labels.items())))
        return after[key] - before[key]

    assert grown("weir_inserts_total") == 1 and grown("weir_inserted_rows_total") == 2 and grown("weir_inserted_bytes_total") == 4
    for kind, count in {"select": 1, "insert": 1, "other": 1, "none": 0}.items():
        assert grown("weir_query_seconds_count", kind=kind) == grown("weir_query_seconds_bucket", kind=kind, le="+Inf") == count
    assert grown("weir_queries_failed_total") == 1
    assert after["weir_errors_total", (("code", "47"), ("name", "UNKNOWN_IDENTIFIER"))] == 1
    assert grown("weir_ledger_sync_seconds_count") >= 1 and grown("weir_insert_log_sync_seconds_count") >= 1
    for budget in "queries", "ingest":
        labels = (("budget", budget),)
        assert after["weir_memory_bytes", labels] >= 0 and after["weir_memory_max_bytes", labels] > 0
    assert after["weir_memory_peak_bytes", (("budget", "ingest"),)] > 0
    shown = {(name, labels) for name, labels in server.rows("SELECT metric, labels FROM system.metrics WHERE startsWith(metric, 'weir_')")}
    page = set()
    for line in server.session.get(server.url_of("/metrics"), timeout=DEADLINE).text.splitlines():
        if not line.startswith("#"):
            name, _, labels = line.rsplit(" ", 1)[0].partition("{")
            page.add((name, labels.removesuffix("}")))
    assert shown == page
    assert server.rows("SELECT kind, description != '' FROM system.metrics WHERE metric = 'weir_segments'") == [["gauge", 1]]
    names = {row[0] for row in server.rows("SELECT metric FROM system.metrics")}
    assert {"weir_inserts_total", "weir_query_seconds_count", "weir_segments"} <= names


def test_show_columns(shared):
    shared.query("CREATE TABLE shown (a UInt8, s Nullable(String) DEFAULT 'x', k LowCardinality(String)) ENGINE = MergeTree ORDER BY (a, k)")
    head = "field\ttype\tnull\tkey\tdefault\textra\nString\tString\tString\tString\tNullable(String)\tString\n"
    nullable = "s\tNullable(String)\tYES\t\t\\'x\\'\t\n"
    reply = shared.query("SHOW COLUMNS FROM shown FORMAT TabSeparatedWithNamesAndTypes")
    assert reply == head + "a\tUInt8\tNO\tPRI SOR\t\\N\t\nk\tLowCardinality(String)\tNO\tPRI SOR\t\\N\t\n" + nullable
    assert shared.query("SHOW COLUMNS FROM shown FROM default LIKE 's%' FORMAT TabSeparatedWithNamesAndTypes") == head + nullable
    with pytest.raises(QueryError):
        shared.query("SHOW COLUMNS FROM nowhere")
