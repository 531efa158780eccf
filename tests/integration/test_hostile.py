"""Hostile clients, requests, statements and data: every one is answered by name, in bounded memory, and disturbs nobody."""
import base64
import json
import re
import socket
import threading

import pytest

from weir import DEADLINE, WEIR, QueryError, Server, wait_until

# Of the server, whatever is thrown at it; sanitizers need memory of their own, and keep what is freed for a while.
RSS_MAX = 4e9 if re.search(b"__[at]san_init", WEIR.read_bytes()) else 500e6


def connect(server):
    return socket.create_connection((server.host, server.port), timeout=DEADLINE)


def read_all(connection):
    pieces = []
    while True:
        try:
            piece = connection.recv(1 << 16)
        except ConnectionError:
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def talk(server, text, half_close=False):
    """Sends the bytes as they are; everything that came back until the server hung up."""
    with connect(server) as connection:
        try:
            connection.sendall(text)
        except ConnectionError:
            pass  # it need not read all of it
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def ask(server, sql):
    """The text of the answer, over a connection of its own; None: the server hung up instead."""
    body = sql.encode()
    reply = talk(server, post_head("/", f"Content-Length: {len(body)}", "Connection: close") + body)
    head, _, text = reply.partition(b"\r\n\r\n")
    assert not reply or head.startswith(b"HTTP/1.1 200"), reply
    return text.decode() if reply else None


def post_head(path="/", *headers):
    return "".join(f"{line}\r\n" for line in (f"POST {path} HTTP/1.1", "Host: x", *headers)).encode() + b"\r\n"


def error_of(server, sql, data=None, **parameters):
    with pytest.raises(QueryError) as caught:
        server.query(sql, data, **parameters)
    return caught.value


@pytest.fixture(autouse=True)
def alive(request):
    """After each test the shared server answers, and its memory is bounded."""
    yield
    if "shared" in request.fixturenames:
        server = request.getfixturevalue("shared")
        assert server.query("SELECT 1") == "1\n"
        resident = server.metric("weir_resident_bytes")
        assert resident < RSS_MAX, resident


# ---- clients


def slow_insert(server, table, query_id=""):
    """An INSERT whose body comes byte by byte: the connection, with the first bytes sent."""
    connection = connect(server)
    connection.sendall(post_head(f"/?query_id={query_id}&query=INSERT+INTO+{table}+FORMAT+JSONEachRow", "Transfer-Encoding: chunked"))
    for byte in b'{"a":':
        connection.sendall(b"1\r\n%c\r\n" % byte)
    return connection


def test_slow_inserts_hold_nobody_up(make_server):
    server = make_server("--queries-max", "4")
    server.query("CREATE TABLE slow (a UInt32, s String) ENGINE = MergeTree ORDER BY a")
    rows = b"".join(b'{"a":1,"s":"some text to make it longer"}\n' for _ in range(5000))
    held = [slow_insert(server, "slow") for _ in range(100)]
    try:
        for connection in held[:50]:  # these have enough for their parsing to begin
            connection.sendall(b"3\r\n1}\n\r\n%x\r\n%s\r\n" % (len(rows), rows))
        wait_until(lambda: server.query("SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'") == "50\n", "they are read")
        assert server.session.get(server.url_of("/ping"), timeout=DEADLINE).text == "Ok.\n"
        for n in range(8):
            server.query(f"INSERT INTO slow VALUES ({n}, 'quick')")
            assert server.query("SELECT count() FROM slow") == f"{n + 1}\n"
        for connection in held[:50]:
            connection.sendall(b"0\r\n\r\n")
        for connection in held[50:]:
            connection.sendall(b'6\r\n2,"s":\r\n3\r\n""}\r\n0\r\n\r\n')
        for connection in held:
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert server.query("SELECT count(), countIf(s = 'quick') FROM slow") == f"{50 * 5001 + 50 + 8}\t8\n"
    finally:
        for connection in held:
            connection.close()


def test_a_slow_insert_can_be_killed_and_left(shared):
    shared.query("CREATE TABLE leaving (a UInt32) ENGINE = MergeTree ORDER BY a")
    rows = b'{"a":1}\n' * 40000
    running = "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO leaving%'"
    first, second = slow_insert(shared, "leaving", "slow_one"), slow_insert(shared, "leaving")
    for connection in (first, second):
        connection.sendall(b"3\r\n1}\n\r\n%x\r\n%s\r\n" % (len(rows), rows))
    wait_until(lambda: shared.query(running) == "2\n", "both are read")
    shared.query("KILL QUERY WHERE query_id = 'slow_one'")
    wait_until(lambda: shared.query(running) == "1\n", "one is killed while its body is awaited")
    second.close()
    wait_until(lambda: shared.query(running) == "0\n", "the other is left")
    first.sendall(b"0\r\n\r\n")
    assert b"QUERY_WAS_CANCELLED" in first.recv(1 << 16)
    first.close()
    assert shared.query("SELECT count() FROM leaving") == "0\n"


def test_silent_connections_are_closed(make_server):
    server = make_server("--http-timeout-s", "3")
    wait_until(lambda: ask(server, "CREATE TABLE IF NOT EXISTS t (a UInt32) ENGINE = MergeTree ORDER BY a") == "", "there is a table")
    with connect(server) as silent, connect(server) as no_head, slow_insert(server, "t") as half:
        no_head.sendall(b"GET / HTTP/1.1\r\nHo")
        for connection in (silent, no_head, half):
            assert read_all(connection) == b""
    assert wait_until(lambda: ask(server, "SELECT count() FROM t"), "it answers") == "0\n"
    long_one = "SELECT sum(number) FROM numbers(4000000000)"  # nobody is silent while it runs
    assert wait_until(lambda: ask(server, long_one), "it answers") == "7999999998000000000\n"


def test_idle_connections_make_room(make_server):
    """Clients that keep connections open, or never finish their request's head, lock nobody out."""
    server = make_server("--connections-max", "8")
    held = [connect(server) for _ in range(8)]
    try:
        for connection in held:
            connection.sendall(b"GET /ping HTT")
        wait_until(lambda: b"HTTP/1.1 200" in talk(server, b"GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "one makes room")
    finally:
        for connection in held:
            connection.close()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_half_closed_client_is_answered(shared, version):
    for sql, expected in (("SELECT+1", b"\r\n\r\n1\n"), ("SELECT+sum(number)+FROM+numbers(300000000)", b"\r\n\r\n44999999850000000\n")):
        for _ in range(20 if sql == "SELECT+1" else 2):
            reply = talk(shared, f"GET /?query={sql} HTTP/{version}\r\nHost: x\r\n\r\n".encode(), half_close=True)
            assert b" 200 OK\r\n" in reply and reply.endswith(expected), reply
    reply = talk(shared, f"GET /?query=SELECT+number+FROM+numbers(300000) HTTP/{version}\r\nHost: x\r\n\r\n".encode(), half_close=True)
    assert b"299999\n" in reply
    body = b"SELECT 42"
    reply = talk(shared, post_head("/", f"Content-Length: {len(body)}") + body, half_close=True)
    assert reply.endswith(b"\r\n\r\n42\n")


def test_slow_readers(shared):
    """They take nothing of their reply: it waits in bounded memory, and is given up with them."""
    sql = b"SELECT repeat('x', 1000000), number FROM numbers(1000000)"
    held = [connect(shared) for _ in range(10)]
    for connection in held:
        connection.sendall(post_head("/", f"Content-Length: {len(sql)}") + sql)
    for connection in held:
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert int(shared.query("SELECT count() FROM system.processes WHERE query LIKE 'SELECT repeat(%'")) == 10
    assert shared.metric("weir_resident_bytes") < RSS_MAX
    for connection in held:
        connection.close()
    wait_until(lambda: shared.query("SELECT count() FROM system.processes") == "1\n", "they are gone")


def test_a_held_reply_counts_as_the_querys_memory(shared):
    error = error_of(shared, "SELECT number FROM numbers(100000000)", wait_end_of_query=1, max_memory_usage=50_000_000)
    assert error.code == 241 and "wait_end_of_query" in error.message
    large = shared.query("SELECT number FROM numbers(1000000)", wait_end_of_query=1)
    assert large.endswith("\n999999\n")


# ---- requests


def test_pipelining(shared):
    reply = talk(
        shared,
        b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"
        b"GET /?query=SELECT+101 HTTP/1.1\r\nHost: x\r\n\r\n"
        + post_head("/", "Content-Length: 10") + b"SELECT 102"
        + post_head("/", "Transfer-Encoding: chunked") + b"6\r\nSELECT\r\n4\r\n 103\r\n0\r\n\r\n"
        b"GET /?query=nonsense HTTP/1.1\r\nHost: x\r\n\r\n"
        b"GET /?query=SELECT+104 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    places = [reply.index(text) for text in (b"Ok.\n", b"101\n", b"102\n", b"103\n", b"SYNTAX_ERROR", b"104\n")]
    assert places == sorted(places)


def test_expect_continue(shared):
    with connect(shared) as connection:
        connection.sendall(post_head("/", "Content-Length: 8", "Expect: 100-continue", "Connection: close"))
        assert connection.recv(12) == b"HTTP/1.1 100"
        connection.sendall(b"SELECT 7")
        assert read_all(connection).endswith(b"7\n")


def test_methods(shared):
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"):
        reply = talk(shared, f"{method} /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert reply.startswith(b"HTTP/1.1 405") and b"Allow: GET, HEAD, POST" in reply and method.encode() in reply
    reply = talk(shared, b"HEAD /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 200") and reply.endswith(b"\r\n\r\n")
    talk(shared, b"HEAD /?query=SELECT+number+FROM+numbers(100000000000) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    wait_until(lambda: shared.query("SELECT count() FROM system.processes") == "1\n", "nobody reads it, it ends")


def test_paths(shared):
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/play/../../secret", "//", "/ping%00.html/x", "/" + "a" * 10000):
        reply = talk(shared, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert reply.startswith((b"HTTP/1.1 404", b"HTTP/1.1 200")) and b"root:" not in reply
    assert b"there are /, /query, /live, /ping" in talk(shared, b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


def test_heads_too_large(shared):
    some = "&".join(f"param_p{n}={n}" for n in range(500))
    assert shared.session.get(f"{shared.url}?query=SELECT+{{p499:UInt32}}&{some}", timeout=DEADLINE).text == "499\n"
    assert shared.session.get(shared.url + "?query=SELECT+length('" + "x" * 50_000 + "')", timeout=DEADLINE).text == "50000\n"
    long = talk(shared, b"GET /?query=SELECT+" + b"1" * 400_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert long.startswith((b"HTTP/1.1 414", b"HTTP/1.1 431", b"HTTP/1.1 413")) or not long  # or a reset under the sender
    header = talk(shared, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"1" * 400_000 + b"\r\n\r\n")
    assert header.startswith((b"HTTP/1.1 431", b"HTTP/1.1 413")) or not header
    assert shared.query("SELECT 1") == "1\n"


def test_large_heads_are_a_setting(tmp_path):
    server = Server(tmp_path, "--http-head-bytes-max", "1000000")
    try:
        text = "x" * 200_000
        assert server.session.get(f"{server.url}?query=SELECT+length('{text}')", timeout=DEADLINE).text == "200000\n"
        many = "&".join(f"param_p{n}={n}" for n in range(2000))
        reply = server.session.get(f"{server.url}?query=SELECT+1&{many}", timeout=DEADLINE)
        assert reply.status_code == 400 and "1000 parameters" in reply.text
    finally:
        server.stop()


def test_nul_bytes_in_a_url(shared):
    """Nothing may be cut off at them silently."""
    reply = talk(shared, b"GET /?query=SELECT+1%00,+2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 400") and b"SYNTAX_ERROR" in reply
    reply = talk(shared, b"GET /?query=SELECT+1&default%00_format=CSV HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 400") and b"NUL" in reply
    assert error_of(shared, "SELECT 1", database="de\0fault").code == 81


def test_bodies_cut_short(shared):
    shared.query("CREATE TABLE cut (a UInt32) ENGINE = MergeTree ORDER BY a")
    head = post_head("/?query=INSERT+INTO+cut+FORMAT+TabSeparated", "Transfer-Encoding: chunked")
    for body in (b"2\r\n1\n\r\n", b"2\r\n1\n\r\n5\r\n2", b"2\r\n1\n\r\n0\r\n", b"2\r\n1\n", b"ffffffffffffffffff\r\n1\n", b"-1\r\n1\n\r\n0\r\n\r\n"):
        reply = talk(shared, head + body, half_close=True)
        assert b" 200 OK" not in reply
    reply = talk(shared, post_head("/?query=INSERT+INTO+cut+FORMAT+TabSeparated", "Content-Length: 100") + b"1\n2\n", half_close=True)
    assert b" 200 OK" not in reply
    assert shared.query("SELECT count() FROM cut") == "0\n"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "br", "lz4", "x-unknown"])
def test_bodies_of_another_encoding_than_they_say(shared, encoding):
    reply = shared.post(b"SELECT 1" + b" " * 10_000_000, headers={"Content-Encoding": encoding})
    known = encoding != "x-unknown"
    assert reply.status_code == (400 if known else 501) and encoding in reply.text
    assert ("CANNOT_DECOMPRESS" if known else "NOT_IMPLEMENTED") in reply.text
    assert shared.post("SELECT 1", headers={"Content-Encoding": "identity"}).text == "1\n"


def test_users_in_headers(shared):
    """As ClickHouse's clients send them."""
    accepted = [
        {"X-ClickHouse-User": "default", "X-ClickHouse-Key": ""},
        {"X-ClickHouse-User": "default"},
        {"Authorization": "Basic " + base64.b64encode(b"default:").decode()},
    ]
    for headers in accepted:
        assert shared.post("SELECT 1", headers=headers).text == "1\n"
    for text in (b"default:wrong", b"nobody:", b"a" * 300 + b":", b":\0:", b"\xff\xfe:x"):
        reply = shared.post("SELECT 1", headers={"Authorization": "Basic " + base64.b64encode(text).decode()})
        assert reply.status_code in (401, 403), text
    for header in ("Basic !!!!", "Basic " + "A" * 5000):
        assert shared.post("SELECT 1", headers={"Authorization": header}).status_code in (401, 403), header


def test_settings_that_are_not(shared):
    assert error_of(shared, "SELECT 1", max_thread=1).code == 115
    for name, value in (("max_threads", "-1"), ("max_threads", "1e30"), ("max_threads", "4x"), ("max_execution_time", "nan"), ("readonly", ""),
                        ("session_timezone", "../../etc/passwd"), ("format_csv_delimiter", "ab"), ("insert_deduplication_token", "x" * 300)):
        error = error_of(shared, "SELECT 1", **{name: value})
        assert error.status in (400, 404) and (name in error.message or value in error.message), error.message
    assert "query_id" in error_of(shared, "SELECT 1", query_id="x" * 1000).message


# ---- statements


def test_long_statements(shared):
    ten_megabytes = 10_000_000
    error = error_of(shared, "SELECT " + "1, " * (ten_megabytes // 3) + "1")
    assert error.code == 62 and "max_query_size" in error.message
    error = error_of(shared, "SELECT " + "1, " * (ten_megabytes // 3) + "1", max_query_size=1 << 30)
    assert error.code == 168 and "max_ast_elements" in error.message
    error = error_of(shared, "SELECT 1 IN (" + "1 + 1," * (ten_megabytes // 6) + "1)", max_query_size=1 << 30)
    assert error.code == 168 and "max_ast_elements" in error.message
    long_list = ",".join(str(number) for number in range(1_000_000))
    for brackets in ("()", "[]"):
        sql = f"SELECT count() FROM numbers(999990, 20) WHERE number IN {brackets[0]}{long_list}{brackets[1]}"
        assert shared.query(sql, max_query_size=1 << 30) == "10\n"
        error = error_of(shared, sql, max_query_size=1 << 30, max_memory_usage=20_000_000)
        assert error.code == 241
    assert shared.query("SELECT length('" + "x" * ten_megabytes + "')", max_query_size=1 << 30) == f"{ten_megabytes}\n"
    assert shared.query("SELECT 1 /*" + "x" * ten_megabytes + "*/", max_query_size=1 << 30) == "1\n"
    error = error_of(shared, "SELECT length('" + "x" * ten_megabytes + "')", max_query_size=1 << 30, max_memory_usage=1_000_000)
    assert error.code == 241


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 10_000 + "1" + ")" * 10_000,
        "SELECT " + "[" * 100_000,
        "SELECT " + "1 + " * 100_000 + "1",
        "SELECT " + "NOT " * 100_000 + "1",
        "SELECT " + "- " * 100_000 + "1",
        "SELECT " + "abs(" * 50_000 + "1" + ")" * 50_000,
        "SELECT * FROM " + "(SELECT * FROM " * 20_000 + "numbers(1)" + ")" * 20_000,
        "SELECT " + "CASE WHEN 1 THEN " * 20_000 + "1" + " END" * 20_000,
        "SELECT 1" + " UNION ALL SELECT 1" * 20_000,
        "SELECT CAST(1 AS " + "Nullable(" * 20_000 + "UInt8" + ")" * 20_000 + ")",
        "SELECT " + "1 AND " * 100_000 + "1",
        "SELECT 1 WHERE " + "1 = 1 OR " * 50_000 + "1 = 1",
        "SELECT 'a'" + " || 'a'" * 50_000,
    ],
    ids=lambda sql: sql[:20].strip(),
)
def test_deep_statements(shared, sql):
    """Refused with where and which limit, or answered; never a crash."""
    try:
        shared.query(sql, max_query_size=1 << 30)
    except QueryError as error:
        assert error.status in (400, 501) and len(error.message) < 10_000
        assert error.code in (167, 168, 306, 62, 48, 43, 50, 42), error.message


def test_statements_that_could_take_for_ever(shared):
    sql = "SELECT positionCaseInsensitive(repeat('a', 1000000), concat(repeat('a', 500000), 'b'))"
    assert shared.query(sql) == "0\n"

    def enums(count):
        values = ", ".join(f"'value{n}' = {n}" for n in range(count))
        return f"CREATE TABLE enums (e Enum16({values})) ENGINE = MergeTree ORDER BY e"

    assert "the limit is 60000" in error_of(shared, enums(30_000), max_query_size=1 << 30).message
    shared.query(enums(2_800), max_query_size=1 << 30)
    shared.query("INSERT INTO enums VALUES ('value2799')")
    assert shared.query("SELECT e FROM enums") == "value2799\n"


def test_names(shared):
    error = error_of(shared, "CREATE TABLE " + "a" * 100_000 + " (a UInt8) ENGINE = MergeTree ORDER BY a")
    assert "100000 bytes" in error.message
    assert "100000 bytes" in error_of(shared, "CREATE TABLE t_n (`" + "c" * 100_000 + "` UInt8) ENGINE = MergeTree ORDER BY tuple()").message
    assert len(error_of(shared, "SELECT " + "a" * 200_000).message) < 10_000
    columns = ", ".join(f"c{n} UInt8" for n in range(20_000))
    assert "20000 columns" in error_of(shared, f"CREATE TABLE many ({columns}) ENGINE = MergeTree ORDER BY tuple()", max_query_size=1 << 30).message
    columns = ", ".join(f"c{n} UInt8" for n in range(4_000))
    shared.query(f"CREATE TABLE many ({columns}) ENGINE = MergeTree ORDER BY tuple()", max_query_size=1 << 30)
    shared.query("INSERT INTO many (c0, c3999) VALUES (1, 2)")
    assert shared.query("SELECT * FROM many") == "1" + "\t0" * 3998 + "\t2\n"
    words = ["select", "from", "where", "group", "order", "limit", "null", "true", "index", "format", "settings", "interval", "case", "end", "as"]
    shared.query("CREATE TABLE words (" + ", ".join(f"`{word}` UInt32" for word in words) + ") ENGINE = MergeTree ORDER BY `order`")
    shared.query("INSERT INTO words FORMAT JSONEachRow", json.dumps({word: n for n, word in enumerate(words)}).encode())
    shared.query("INSERT INTO words (`from`, `order`) VALUES (70, 71)")
    assert shared.query("SELECT sum(`from`), max(`select`), max(`end`) FROM words WHERE `where` >= 0 GROUP BY `null` * 0") == f"71\t0\t{words.index('end')}\n"
    for name in ("", ".", "..", "a/b", "a\0b"):
        quoted = name.replace("\0", "\\0")
        assert error_of(shared, f"DROP TABLE `{quoted}`").status in (400, 404)
    assert error_of(shared, "SELECT * FROM `../../etc/passwd`").code == 60


# ---- data


def test_long_lines(shared):
    shared.query("CREATE TABLE long_lines (a UInt32, s String) ENGINE = MergeTree ORDER BY a")

    def line(bytes_of_text):
        yield b'{"a":1,"s":"'
        for _ in range(bytes_of_text // 1_000_000):
            yield b"x" * 1_000_000
        yield b'"}\n'

    error = error_of(shared, "INSERT INTO long_lines FORMAT JSONEachRow", line(100_000_000))
    assert error.status == 400 and "row 1" in error.message and "longer than" in error.message
    assert shared.query("SELECT count() FROM long_lines") == "0\n"
    shared.query("INSERT INTO long_lines FORMAT JSONEachRow", line(20_000_000))
    assert shared.query("SELECT count(), max(length(s)) FROM long_lines") == "1\t20000000\n"
    shared.query("DROP TABLE long_lines")


NUMBERS = "(u UInt64, i Int64, f Float64, s String) ENGINE = MergeTree ORDER BY tuple()"


@pytest.mark.parametrize(
    "row, result",
    [
        ('{"u":18446744073709551615,"i":-9223372036854775808}', "18446744073709551615\t-9223372036854775808\t0\n"),
        ('{"i":-0,"f":-0}', "0\t0\t-0\n"),
        ('{"f":1e400}', ("0\t0\tinf\n", None)),
        ('{"f":-1e-400}', "0\t0\t-0\n"),
        ('{"f":1.7976931348623157e308}', "0\t0\t1.7976931348623157e308\n"),
        ('{"f":0.' + "1" * 1000 + "}", "0\t0\t0.1111111111111111\n"),
        ('{"f":nan}', ("0\t0\tnan\n", None)),
        ('{"u":18446744073709551616}', None),
        ('{"i":9223372036854775808}', None),
        ('{"u":-1}', None),
        ('{"u":0x}', None),
        ('{"u":NaN}', None),
        ('{"u":' + "9" * 1000 + "}", None),
        ('{"u":1.5}', None),
        ('{"u":1e}', None),
        ('{"u":--1}', None),
        ('{"u":}', None),
        ('{"u":"1', None),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_numbers_at_the_edges(shared, row, result):
    """A value, or an error that names row and column, and nothing stored."""
    shared.query("DROP TABLE IF EXISTS edges")
    shared.query(f"CREATE TABLE edges {NUMBERS}")
    allowed = result if isinstance(result, tuple) else (result,)
    try:
        shared.query("INSERT INTO edges FORMAT JSONEachRow", row.encode())
        assert shared.query("SELECT u, i, f FROM edges") in allowed
    except QueryError as error:
        assert None in allowed and error.status == 400 and re.search("row 1|Row 1", error.message), error.message
        assert shared.query("SELECT count() FROM edges") == "0\n"


def test_bytes_that_are_no_text(shared):
    """NUL bytes and broken UTF-8 are stored and given back as they are, in every format that can carry them."""
    shared.query("CREATE TABLE raw_bytes (n UInt8, s String) ENGINE = MergeTree ORDER BY n")
    odd = [b"a\x00b", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80" * 100]
    for n, text in enumerate(odd):
        shared.query("INSERT INTO raw_bytes FORMAT TabSeparated", b"%d\t%s\n" % (n, text))
        shared.query("INSERT INTO raw_bytes FORMAT CSV", b'%d,"%s"\n' % (n, text))
        shared.query("INSERT INTO raw_bytes FORMAT JSONEachRow", b'{"n":%d,"s":"%s"}' % (n, text.replace(b"\0", b"\\u0000")))
        assert shared.query(f"SELECT hex(s) FROM raw_bytes WHERE n = {n}") == (text.hex().upper() + "\n") * 3
        assert shared.post(f"SELECT s FROM raw_bytes WHERE n = {n} LIMIT 1 FORMAT JSONEachRow").status_code == 200
    error = error_of(shared, "INSERT INTO raw_bytes FORMAT JSONEachRow", b'{"n":1,\x00"s":"x"}')
    assert error.status == 400 and "row 1" in error.message.lower()


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"n":' + b"[" * 100_000, b'{"x":' * 100_000, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b',"n":1}'])
def test_deep_json(shared, text):
    shared.query("CREATE TABLE IF NOT EXISTS deep (n UInt8) ENGINE = MergeTree ORDER BY n")
    error = error_of(shared, "INSERT INTO deep FORMAT JSONEachRow", text)
    assert error.status == 400 and len(error.message) < 10_000
    assert shared.query("SELECT count() FROM deep") == "0\n"


def test_times_of_1970_and_2099(shared):
    shared.query("CREATE TABLE ages (at DateTime('UTC'), n UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(at) ORDER BY at")
    shared.query("INSERT INTO ages VALUES ('1970-01-01 00:00:00', 1), ('2099-12-31 23:59:59', 2), ('2106-02-07 06:28:15', 3)")
    shared.query("INSERT INTO ages VALUES (0, 4), (4294967295, 5)")
    assert shared.query("SELECT toYYYYMM(at) AS m, sum(n) FROM ages GROUP BY m ORDER BY m") == "197001\t5\n209912\t2\n210602\t8\n"
    assert shared.query("SELECT count() FROM ages WHERE at > '2099-01-01 00:00:00'") == "3\n"
    assert shared.query("SELECT sum(n) FROM ages WHERE at < '1971-01-01 00:00:00'") == "5\n"


def test_ten_thousand_partitions_in_one_insert(shared):
    shared.query("CREATE TABLE scattered (day Date, n UInt32) ENGINE = MergeTree PARTITION BY day ORDER BY n")
    error = error_of(shared, "INSERT INTO scattered SELECT toDate(number), number FROM numbers(10000)")
    assert error.code == 252 and "1000" in error.message
    days = shared.query("SELECT toDate(number), number FROM numbers(10000)")
    assert error_of(shared, "INSERT INTO scattered FORMAT TabSeparated", days.encode()).code == 252
    assert shared.query("SELECT count() FROM scattered") == "0\n"
    shared.query("INSERT INTO scattered SELECT toDate(number), number FROM numbers(1000)")
    assert shared.query("SELECT count(), uniqExact(day) FROM scattered") == "1000\t1000\n"


def test_wide_results(shared):
    """A little memory that becomes much text is written in pieces."""
    for sql in ("SELECT repeat('x', 1000000) FROM numbers(500)", "SELECT repeat('x', 1000000) AS s, number FROM numbers(500)"):
        total = 0
        reply = shared.post(sql, stream=True)
        for piece in reply.iter_content(1 << 20):
            total += len(piece)
        assert reply.status_code == 200 and total > 500_000_000
    assert error_of(shared, "SELECT repeat('x', 10000000000)").status in (400, 500)


def test_many_clients_of_all_kinds_at_once(shared):
    shared.query("CREATE TABLE crowd (a UInt32) ENGINE = MergeTree ORDER BY a")
    results = []

    def client(number):
        kind = number % 4
        if kind == 0:
            results.append(ask(shared, f"INSERT INTO crowd VALUES ({number})") == "")
        elif kind == 1:
            results.append(ask(shared, "SELECT sum(number) FROM numbers(1000000)") == "499999500000\n")
        elif kind == 2:
            with connect(shared) as connection:
                connection.sendall(post_head("/?query=INSERT+INTO+crowd+FORMAT+TabSeparated", "Content-Length: 50") + b"1\n")
            results.append(True)
        else:
            results.append(b"SYNTAX_ERROR" in talk(shared, b"GET /?query=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(80)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert results.count(True) == 80
    assert shared.query("SELECT count() FROM crowd") == "20\n"
