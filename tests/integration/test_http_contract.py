"""What goes over the wire, byte by byte: compression both ways, late errors, multipart, sessions, CORS, odd requests."""
import bz2
import gzip
import json
import lzma
import re
import socket
import struct
import time
import zlib

import lz4.block
import lz4.frame
import pyarrow
import pytest
import requests
import zstandard as ZSTD

from weir import DEADLINE, QueryError, wait_until



# accepted by a ClickHouse server for 7\n8\n
COPIED = bytes.fromhex("7623ebb2019ae7602e8c1a2b1cb1590d020d00000004000000370a380a")
PACKED = bytes.fromhex("10d2134f4cf048ef0b9345bcbdef4d8c820e0000000400000040370a380a")


def raw_post(server, parameters, body, headers=None, timeout=DEADLINE):
    """The reply with its bytes as they came."""
    reply = requests.post(server.url, params=parameters, data=body, headers=headers, timeout=timeout, stream=True)
    return reply, reply.raw.read(decode_content=False)


def unframe(data):
    """ClickHouse's frames, LZ4."""
    plain = b""
    while data:
        method, packed, size = struct.unpack("<BII", data[16:25])
        assert method == 0x82
        plain += lz4.block.decompress(data[25 : 16 + packed], uncompressed_size=size)
        data = data[16 + packed :]
    return plain


UNPACK = {
    "lz4": lz4.frame.decompress,
    "zstd": lambda data: ZSTD.ZstdDecompressor().decompressobj().decompress(data),
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
}
PACK = {"lz4": lz4.frame.compress, "zstd": ZSTD.ZstdCompressor().compress, "gzip": gzip.compress, "deflate": zlib.compress,
        "xz": lzma.compress, "bz2": bz2.compress}  # fmt: skip


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate"])
def test_replies_are_compressed(shared, encoding):
    sql = "SELECT number, toString(number) FROM numbers(100000)"
    plain = shared.query(sql).encode()
    parameters = {"query": sql, "enable_http_compression": 1}
    reply, data = raw_post(shared, parameters, b"", {"Accept-Encoding": f"snappy, {encoding};q=0.8"})
    assert reply.headers["Content-Encoding"] == encoding and len(data) < len(plain)
    assert UNPACK[encoding](data) == plain
    for wait in (0, 1):  # an error before the first byte is plain text
        reply, data = raw_post(
            shared, {**parameters, "query": "SELECT nothing", "wait_end_of_query": wait}, b"", {"Accept-Encoding": encoding})
        assert reply.status_code == 404 and "Content-Encoding" not in reply.headers and data.startswith(b"Code: 47. DB::Exception: ")
    reply, data = raw_post(shared, {**parameters, "enable_http_compression": 0}, b"", {"Accept-Encoding": encoding})
    assert "Content-Encoding" not in reply.headers and data == plain
    reply, data = raw_post(shared, {**parameters, "query": "CREATE TABLE IF NOT EXISTS empty_reply (a UInt8) ENGINE = MergeTree ORDER BY a"},
                           b"", {"Accept-Encoding": encoding})
    assert reply.status_code == 200 and data == b"" and "Content-Encoding" not in reply.headers


def test_lz4_is_liked_best(shared):
    reply, _ = raw_post(shared, {"query": "SELECT 1", "enable_http_compression": 1}, b"", {"Accept-Encoding": "gzip, br, zstd, lz4"})
    assert reply.headers["Content-Encoding"] == "lz4"


def test_frames_of_clickhouse(shared):
    sql = "SELECT number, toString(number) FROM numbers(300000)"
    reply, data = raw_post(shared, {"query": sql, "compress": 1}, b"")
    assert "Content-Encoding" not in reply.headers
    assert unframe(data) == shared.query(sql).encode()
    reply, data = raw_post(shared, {"query": "SELECT nothing", "compress": 1}, b"")
    assert unframe(data).startswith(b"Code: 47. DB::Exception: ") and reply.headers["X-ClickHouse-Exception-Code"] == "47"
    reply, data = raw_post(shared, {"query": "CREATE TABLE framed (n UInt64) ENGINE = MergeTree ORDER BY n", "compress": 1}, b"")
    assert (reply.status_code, data) == (200, b"")
    shared.query("INSERT INTO framed FORMAT TabSeparated", COPIED + PACKED + PACKED, decompress=1)
    assert shared.query("SELECT count(), sum(n) FROM framed") == "6\t45\n"
    for at in range(0, len(PACKED), 3):  # any damage is told, and nothing is stored
        bad = bytearray(COPIED + PACKED)
        bad[len(COPIED) + at] ^= 0x10
        with pytest.raises(QueryError) as caught:
            shared.query("INSERT INTO framed FORMAT TabSeparated", bytes(bad), decompress=1)
        assert caught.value.code in (33, 40, 89, 271), caught.value.message
        assert caught.value.code == 40 or at in range(16, 25)
    with pytest.raises(QueryError) as caught:
        shared.query("INSERT INTO framed FORMAT TabSeparated", (COPIED + PACKED)[:-3], decompress=1)
    assert caught.value.code == 33
    assert shared.query("SELECT count() FROM framed") == "6\n"
    assert shared.post(PACKED.replace(b"", b""), decompress=1).status_code == 400  # "7\n8\n" is no statement


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate", "xz", "bz2"])
def test_bodies_are_unpacked(shared, encoding):
    table = f"packed_{encoding}"
    shared.query(f"CREATE TABLE {table} (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    rows = ["".join(f"{n}\ttext {n}\n" for n in range(first, first + 20000)).encode() for first in (0, 20000)]
    headers = {"Content-Encoding": encoding}
    both = b"".join(PACK[encoding](part) for part in rows)  # two members, one after another
    shared.query(f"INSERT INTO {table} FORMAT TabSeparated", both, headers=headers)

    def pieces():
        for at in range(0, len(both), 1000):
            yield both[at : at + 1000]

    shared.query(f"INSERT INTO {table} FORMAT TabSeparated", pieces(), headers=headers)
    shared.query(PACK[encoding](f"INSERT INTO {table} FORMAT TabSeparated\n".encode() + rows[0]), headers=headers)
    assert shared.query(f"SELECT count(), sum(n) FROM {table}") == f"100000\t{2 * sum(range(40000)) + sum(range(20000))}\n"
    assert shared.query(PACK[encoding](b"SELECT 1"), headers=headers) == "1\n"
    for bad in (both[:-7], b"this is not compressed", b"\0" * 100):
        with pytest.raises(QueryError) as caught:
            shared.query(f"INSERT INTO {table} FORMAT TabSeparated", bad, headers=headers)
        assert caught.value.code in (33, 271), caught.value.message
    assert shared.query(f"SELECT count() FROM {table}") == "100000\n"
    bomb = PACK[encoding](b"a" * 80_000_000)  # one row, longer than any may be
    if encoding == "lz4":
        with pytest.raises(QueryError) as caught:
            shared.query(f"INSERT INTO {table} FORMAT TabSeparated", bomb, headers=headers)
        assert caught.value.status == 400
    with pytest.raises(QueryError) as caught:
        shared.query(bomb, headers=headers)
    assert "max_query_size" in caught.value.message


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip", "deflate", "xz", "bz2"])
def test_frames_within_an_encoding(shared, encoding):
    """decompress=1 and Content-Encoding, as ClickHouse has it: the encoding is the outer one."""
    table = f"twice_{encoding}"
    shared.query(f"CREATE TABLE {table} (n UInt64) ENGINE = MergeTree ORDER BY n")
    headers = {"Content-Encoding": encoding}
    many = (COPIED + PACKED) * 20000  # 80,000 rows; some 80 times as many bytes as one packed step gives
    packed = PACK[encoding](many[:500001]) + PACK[encoding](many[500001:])

    def pieces():
        for at in range(0, len(packed), 77):
            yield packed[at : at + 77]

    shared.query(f"INSERT INTO {table} FORMAT TabSeparated", packed, headers=headers, decompress=1)
    shared.query(f"INSERT INTO {table} FORMAT TabSeparated", pieces(), headers=headers, decompress=1)
    assert shared.query(f"SELECT count(), sum(n) FROM {table}") == f"160000\t{160000 // 2 * 15}\n"
    for bad, code in ((PACK[encoding](many[:-3]), 33), (packed[:-3], 33), (PACK[encoding](b"\0" * 100), 89), (many, 271),
                      (PACK[encoding](many[:1000] + b"x" + many[1000:]), None)):
        with pytest.raises(QueryError) as caught:
            shared.query(f"INSERT INTO {table} FORMAT TabSeparated", bad, headers=headers, decompress=1)
        assert caught.value.code in ((code, 33) if code else (33, 40, 89, 271)), caught.value.message
    assert shared.query(f"SELECT count() FROM {table}") == "160000\n"


def test_snappy(shared):
    """One raw block, as Fluent Bit sends it, or Hadoop's blocks."""
    shared.query("CREATE TABLE snappy (n UInt64) ENGINE = MergeTree ORDER BY n")
    plain = b"".join(f"{n}\n".encode() for n in range(100000))
    raw = pyarrow.compress(plain, codec="snappy", asbytes=True)
    blocks = b""
    for at in range(0, len(plain), 200000):
        halves = [pyarrow.compress(part, codec="snappy", asbytes=True) for part in (plain[at : at + 100000], plain[at + 100000 : at + 200000]) if part]
        blocks += struct.pack(">I", len(plain[at : at + 200000])) + b"".join(struct.pack(">I", len(half)) + half for half in halves)
    headers = {"Content-Encoding": "snappy"}
    for body in (raw, blocks, (blocks[at : at + 999] for at in range(0, len(blocks), 999))):
        shared.query("INSERT INTO snappy FORMAT TabSeparated", body, headers=headers)
    for bad in (raw[:-1], raw[1:], blocks[:-1], blocks[:4], b"\xff\xff\xff\xff\x0fabc", b"\0\xff" * 10):
        with pytest.raises(QueryError) as caught:
            shared.query("INSERT INTO snappy FORMAT TabSeparated", bad, headers=headers)
        assert caught.value.code in (33, 271), caught.value.message
    assert shared.query("SELECT count(), uniqExact(n) FROM snappy") == "300000\t100000\n"


def test_unknown_encodings_are_refused_by_name(shared):
    with pytest.raises(QueryError) as caught:
        shared.query(b"SELECT 1", headers={"Content-Encoding": "compress"})
    assert "compress" in caught.value.message and "zstd" in caught.value.message
    assert shared.query("SELECT 1") == "1\n"


LATE = re.compile(rb"\r\n__exception__\r\n(\w{16})\r\n(.*)\n(\d+) (\w{16})\r\n__exception__\r\n$", re.DOTALL)


@pytest.mark.parametrize("encoding", [None, "lz4", "zstd", "gzip", "frames"])
@pytest.mark.parametrize("output", ["TabSeparated", "Native", "JSONEachRow", "RowBinary"])
def test_an_error_behind_the_first_byte(shared, encoding, output):
    """Status 200 is out already: the error comes in a part of its own, inside the compression, and the body ends well."""
    parameters = {"query": f"SELECT number, throwIf(number = 200000) FROM numbers(1000000) FORMAT {output}", "max_threads": 1}
    headers = {"Accept-Encoding": encoding or "identity"}
    if encoding == "frames":
        parameters["compress"] = 1
    elif encoding:
        parameters["enable_http_compression"] = 1
    reply, data = raw_post(shared, parameters, b"", headers)
    assert reply.status_code == 200
    tag = reply.headers["X-ClickHouse-Exception-Tag"].encode()
    plain = data if encoding is None else unframe(data) if encoding == "frames" else UNPACK[encoding](data)
    match = LATE.search(plain[-16384:])
    assert match and match[1] == match[4] == tag
    assert match[2].startswith(b"Code: 395. DB::Exception: ") and len(match[2]) + 1 == int(match[3])
    if output == "TabSeparated":
        assert plain[: plain.rindex(b"\r\n__exception__\r\n" + tag)].endswith(b"\t0\n")
    reply, data = raw_post(shared, {**parameters, "wait_end_of_query": 1, "query": parameters["query"]}, b"", headers)
    assert reply.status_code == 500 and reply.headers["X-ClickHouse-Exception-Code"] == "395"
    assert (unframe(data) if encoding == "frames" else data).startswith(b"Code: 395.") and "X-ClickHouse-Exception-Tag" not in reply.headers


def test_buffer_size_holds_what_may_still_fail(shared):
    sql = "SELECT number, throwIf(number = 70000) FROM numbers(100000)"
    assert shared.post(sql, max_threads=1, buffer_size=0).status_code == 200
    reply = shared.post(sql, max_threads=1, buffer_size=4_000_000)
    assert reply.status_code == 500 and reply.headers["X-ClickHouse-Exception-Code"] == "395"
    assert len(shared.query("SELECT number FROM numbers(1000000)", buffer_size=1_000_000)) == 6_888_890


def test_summaries(shared):
    shared.query("CREATE TABLE summed (n UInt64) ENGINE = MergeTree ORDER BY n")
    reply = shared.post("INSERT INTO summed FORMAT TabSeparated", b"1\n2\n3\n")
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "3"
    assert "X-ClickHouse-Format" not in reply.headers and reply.text == ""
    reply = shared.post("SELECT n FROM summed", wait_end_of_query=1)
    summary = json.loads(reply.headers["X-ClickHouse-Summary"])
    assert {key: summary[key] for key in ("read_rows", "result_rows", "total_rows_to_read")} == {
        "read_rows": "3", "result_rows": "3", "total_rows_to_read": "3"}
    assert all(value.isdigit() for value in summary.values()) and int(summary["elapsed_ns"]) > 0
    reply = shared.post("SELECT number FROM numbers(3000000)", stream=True)  # known so far when the head leaves
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "0"
    assert "X-ClickHouse-Summary" in reply.headers["Access-Control-Expose-Headers"]
    reply.close()


@pytest.mark.parametrize("sql, expected", [
    ("SELECT number FROM numbers(1000000) ORDER BY number % 1000 DESC LIMIT 3", 1000000),
    ("SELECT number FROM numbers(100) ORDER BY number LIMIT 3 OFFSET 5", 100),
    ("SELECT number FROM numbers(100) ORDER BY number LIMIT 3 WITH TIES", 100),
    ("SELECT number FROM numbers(100) ORDER BY number LIMIT 3 SETTINGS limit = 2", 3),
    ("SELECT number FROM numbers(10) ORDER BY number LIMIT -2", 10),
    ("SELECT number FROM numbers(100) ORDER BY number LIMIT 3 BY number LIMIT 10", 100),
    ("SELECT number % 10 AS k FROM numbers(1000) GROUP BY k LIMIT 3", 10),
    ("SELECT number % 10 AS k, count() FROM numbers(1000) GROUP BY k WITH TOTALS ORDER BY k LIMIT 3", 10),
    ("SELECT sum(number) FROM numbers(10) LIMIT 1", 1),
    ("SELECT count() FROM (SELECT number FROM numbers(100) ORDER BY number LIMIT 3)", 100),
    ("SELECT * FROM (SELECT number FROM numbers(70) ORDER BY number LIMIT 20) UNION ALL SELECT * FROM "
     "(SELECT number FROM numbers(30) ORDER BY number LIMIT 1)", 100),
    ("SELECT number FROM numbers(1000000) WHERE number % 2 LIMIT 10 SETTINGS exact_rows_before_limit = 1", 500000),
    ("SELECT number FROM numbers(1000000) LIMIT 10, 10 SETTINGS exact_rows_before_limit = 1", 1000000),
    ("SELECT number FROM numbers(100) ORDER BY number", None),
    ("SELECT number FROM numbers(100) OFFSET 5", None),
    ("SELECT number FROM numbers(100) LIMIT 1 BY number % 3", None),
    ("SELECT 1 WHERE 1 IN (SELECT number FROM numbers(50) LIMIT 10)", None)])
def test_rows_before_limit(shared, sql, expected):
    """As chDB says it; without ORDER BY or exact_rows_before_limit it is a lower bound that depends on threads."""
    reply = json.loads(shared.query(sql, default_format="JSONCompact"))
    assert reply.get("rows_before_limit_at_least") == expected
    if "exact" in sql:
        assert len(reply["data"]) == 10
        reply = json.loads(shared.query(sql.replace("= 1", "= 0"), default_format="JSONCompact"))
        assert 10 <= reply["rows_before_limit_at_least"] <= expected and len(reply["data"]) == 10


def test_paths_and_methods(shared):
    for path in ("/ping", "/", "/replicas_status"):
        reply = requests.head(shared.url_of(path), timeout=DEADLINE)
        assert reply.status_code == 200 and reply.headers["Content-Length"] == "4" and reply.content == b""
    assert requests.get(shared.url_of("/query", query="SELECT 1"), timeout=DEADLINE).text == "1\n"
    assert requests.post(shared.url_of("/query"), data="SELECT 2", timeout=DEADLINE).text == "2\n"
    assert requests.get(f"{shared.url}?&&query=SELECT+3&", timeout=DEADLINE).text == "3\n"
    assert requests.head(shared.url_of("/", query="SELECT 1"), timeout=DEADLINE).headers["X-ClickHouse-Format"] == "TabSeparated"
    reply = requests.get(shared.url_of("/nothing"), timeout=DEADLINE)
    assert reply.status_code == 404 and "There is no handle /nothing" in reply.text
    assert requests.put(shared.url, data="SELECT 1", timeout=DEADLINE).status_code == 405


def talk(server, request):
    """Sends bytes as they are; the whole answer until the server closes."""
    with socket.create_connection((server.host, server.port), timeout=DEADLINE) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_a_post_says_how_long_it_is(shared):
    answer = talk(shared, b"POST /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 411 ") and b"X-ClickHouse-Exception-Code: 381\r\n" in answer
    assert b"\r\n\r\n1\n" in talk(shared, b"POST /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_a_statement_in_chunks(shared):
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (b"SEL", b"ECT ", b"1")) + b"0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"\r\n\r\n1\n" in talk(shared, head + body)


def test_expect_continue(shared):
    shared.query("CREATE TABLE expected (n UInt64) ENGINE = MergeTree ORDER BY n")
    body = b"".join(b"%d\n" % n for n in range(300000))
    with socket.create_connection((shared.host, shared.port), timeout=DEADLINE) as connection:
        connection.sendall(
            b"POST /?query=INSERT+INTO+expected+FORMAT+TabSeparated HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body))
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")  # before a byte of the body was sent
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert shared.query("SELECT count() FROM expected") == "300000\n"


def test_silent_connections_stay_open_as_announced(make_server):
    server = make_server("--http-timeout-s", "3")
    reply = server.post("SELECT 1")
    announced = int(re.fullmatch(r"timeout=(\d+)", reply.headers["Keep-Alive"])[1])
    assert announced == 2
    with socket.create_connection((server.host, server.port), timeout=DEADLINE) as connection:
        ask = b"GET /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\n\r\n"
        connection.sendall(ask)
        assert connection.recv(10000).startswith(b"HTTP/1.1 200 ")
        time.sleep(announced - 0.2)
        connection.sendall(ask)
        assert connection.recv(10000).startswith(b"HTTP/1.1 200 ")
        assert connection.recv(10000) == b""  # and is closed at last


def test_cors(shared):
    reply = requests.options(shared.url, headers={"Origin": "http://a.b", "Access-Control-Request-Method": "POST"}, timeout=DEADLINE)
    assert reply.status_code == 204 and reply.content == b""
    assert reply.headers["Access-Control-Allow-Origin"] == "*" and "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert "x-clickhouse-key" in reply.headers["Access-Control-Allow-Headers"]
    asked = shared.post("SELECT 1", headers={"Origin": "http://a.b"}, add_http_cors_header=1)
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in shared.post("SELECT 1", headers={"Origin": "http://a.b"}).headers
    assert "Access-Control-Allow-Origin" not in shared.post("SELECT 1", add_http_cors_header=1).headers


def test_what_stands_where(shared):
    """SQL's FORMAT beats the header, which beats the parameter; the header's database beats the parameter's."""
    sql = "SELECT 1 AS a"
    both = {"X-ClickHouse-Format": "JSONEachRow"}
    assert shared.post(sql, headers=both, default_format="CSV").text == '{"a":1}\n'
    assert shared.post(f"{sql} FORMAT CSVWithNames", headers=both, default_format="TSV").text == '"a"\n1\n'
    shared.query("CREATE DATABASE first_one")
    shared.query("CREATE DATABASE other_one")
    where = shared.post("SELECT currentDatabase()", headers={"X-ClickHouse-Database": "first_one"}, database="other_one")
    assert where.text == "first_one\n"
    id_of = shared.post("SELECT 1", headers={"X-ClickHouse-Query-Id": "header"}, query_id="parameter").headers
    assert id_of["X-ClickHouse-Query-Id"] == "parameter"
    form = {"Content-Type": "application/x-www-form-urlencoded"}  # curl -d: no form at all
    assert shared.post("SELECT 'a=b&c%20d'", headers=form).text == "a=b&c%20d\n"
    with pytest.raises(QueryError) as caught:
        shared.query("SELECT 1; SELECT 2")
    assert caught.value.code == 62
    assert shared.query("SELECT 1;") == shared.query("SELECT 1 ;\n") == "1\n"
    with pytest.raises(QueryError) as caught:
        shared.query("SELECT 1", database="no_such")
    assert (caught.value.code, caught.value.status) == (81, 404)


def test_reading_only(shared):
    def code_of(sql, **parameters):
        with pytest.raises(QueryError) as caught:
            shared.query(sql, **parameters)
        return caught.value.code

    create = "CREATE TABLE not_made (a UInt8) ENGINE = MergeTree ORDER BY a"
    assert code_of(create, readonly=1) == code_of(create, readonly=2) == 164
    assert requests.get(shared.url_of("/", query=create), timeout=DEADLINE).headers["X-ClickHouse-Exception-Code"] == "164"
    assert code_of("SELECT 1 SETTINGS max_threads = 1", readonly=1) == 164
    assert shared.query("SELECT 1 SETTINGS max_threads = 1", readonly=2) == "1\n"
    assert code_of("SELECT 1 SETTINGS readonly = 0", readonly=2) == 164
    assert shared.query("SELECT 1", readonly=1, max_threads=1) == "1\n"


def test_parameters_as_text(shared):
    def of(kind, text):
        return shared.query(f"SELECT {{x:{kind}}}", param_x=text)

    assert of("String", "it\\'s\\ta\\\\") == "it\\'s\\ta\\\\\n"
    assert of("Nullable(String)", "\\N") == "\\N\n"
    assert of("Array(String)", "['a','b\\'']") == "['a','b\\'']\n"
    assert of("Map(String, UInt8)", "{'k':1}") == "{'k':1}\n"
    assert of("Array(Bool)", "[TRUE, FALSE]") == "[true,false]\n"
    assert of("Tuple(UInt8, String)", "(1,'x')") == "(1,'x')\n"
    assert of("DateTime('UTC')", "1577836800") == of("DateTime('UTC')", "2020-01-01 00:00:00") == "2020-01-01 00:00:00\n"
    assert of("DateTime64(3, 'UTC')", "1577836800.123") == "2020-01-01 00:00:00.123\n"
    for kind, text in (("UInt8", "x"), ("Array(UInt8)", "[1"), ("Map(String, UInt8)", "{'k':1}x"), ("UInt8", "")):
        with pytest.raises(QueryError) as caught:
            of(kind, text)
        assert (caught.value.code, caught.value.status) == (457, 500), (kind, text)
    assert shared.query("SELECT count() > 0 FROM system.{t:Identifier}", param_t="settings") == "1\n"


def test_multipart(shared):
    def post(files, **parameters):
        return requests.post(shared.url, params=parameters, files=files, timeout=DEADLINE)

    assert post({"query": (None, "SELECT {a:UInt8} + 1"), "param_a": (None, "5")}).text == "6\n"
    assert post({"query": (None, "+ 2")}, query="SELECT 1").text == "3\n"
    assert post({"query": (None, "SELECT length({s:String})"), "param_s": (None, "x" * 3_000_000)}).text == "3000000\n"
    rows = "".join(f"{n}\tname {n}\n" for n in range(100_000))
    reply = post(
        {"query": (None, "SELECT count(), sum(id), any(name = concat('name ', toString(id))) FROM ids"),
         "ids": ("ids.tsv", rows)}, ids_structure="id UInt32, name String")
    assert reply.text == f"100000\t{sum(range(100_000))}\t1\n"
    two = post(
        {"query": (None, "SELECT a._1, b.x FROM a JOIN b ON a._1 = b.x ORDER BY a._1"), "a": ("a", "1\n2\n3\n"),
         "b": ("b", '{"x":2}\n{"x":3}\n'), "b_format": (None, "JSONEachRow"), "b_structure": (None, "x UInt8")}, a_types="UInt8")
    assert two.text == "2\t2\n3\t3\n"
    assert post({"query": (None, "SELECT * FROM a"), "a": ("a", "x\n")}, a_types="UInt8").headers["X-ClickHouse-Exception-Code"] in ("6", "27", "72")
    assert "a_structure" in post({"query": (None, "SELECT * FROM a"), "a": ("a", "x\n")}).text
    assert "external table" in post({"query": (None, "SELECT 1"), "a": ("a", "1\n")}, a_structure="x UInt8) AS SELECT (1").text
    assert shared.post("SELECT * FROM ids").status_code == 404  # gone with its statement
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n%s"
    for boundary, body in ((b"b", b"no boundary here"), (b"b", b"--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\nSELECT 1"),
                           (b"b", b"--b\r\n\r\nSELECT 1\r\n--b--\r\n"), (b"", b"x"), (b"b", b"")):
        answer = talk(shared, head % (boundary, len(body), body))
        assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert shared.query("SELECT 1") == "1\n"


def test_sessions(shared):
    one = {"session_id": "one"}
    assert shared.post("SELECT 1", session_id="never", session_check=1).headers["X-ClickHouse-Exception-Code"] == "372"
    shared.query("CREATE TEMPORARY TABLE mine (a UInt8)", **one)
    shared.query("INSERT INTO mine VALUES (1), (2)", **one)
    shared.query("SET max_result_rows = 1", **one)
    assert shared.query("SELECT sum(a) FROM mine", session_check=1, **one) == "3\n"
    assert shared.post("SELECT a FROM mine", **one).headers["X-ClickHouse-Exception-Code"] == "396"
    assert shared.post("SELECT a FROM mine", session_id="two").status_code == 404
    with socket.create_connection((shared.host, shared.port)) as busy:
        sql = b"SELECT sum(number) FROM numbers(100000000000000)"
        busy.sendall(b"POST /?session_id=one&query_id=holds HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(sql), sql))
        wait_until(lambda: shared.query("SELECT 1 FROM system.processes WHERE query_id = 'holds'"), "the query runs")
        assert shared.post("SELECT 1", **one).headers["X-ClickHouse-Exception-Code"] == "373"
    wait_until(lambda: shared.post("SELECT 1", **one).status_code == 200, "the session is free again")
    assert shared.query("SELECT sum(a) FROM mine", close_session=1, **one) == "3\n"
    assert shared.post("SELECT sum(a) FROM mine", **one).status_code == 404
    for timeout, code in (("3601", "374"), ("x", "374"), ("1", None)):
        assert shared.post("SELECT 1", session_id="timed", session_timeout=timeout).headers.get("X-ClickHouse-Exception-Code") == code
    time.sleep(1.1)
    assert shared.post("SELECT 1", session_id="timed", session_check=1).headers["X-ClickHouse-Exception-Code"] == "372"


def test_settings_that_clients_send(shared):
    for name, value in {
        "cancel_http_readonly_queries_on_client_close": 1, "http_headers_progress_interval_ms": 120000,
        "http_write_exception_in_output_format": 0, "cast_string_to_dynamic_use_inference": 1, "insert_quorum": 0,
        "output_format_native_write_json_as_string": 1, "output_format_arrow_string_as_string": 1, "quota_key": "k",
        "input_format_import_nested_json": 1, "insert_distributed_one_random_shard": 1, "allow_experimental_json_type": 1,
        "allow_suspicious_low_cardinality_types": 1, "prefer_localhost_replica": 0, "stacktrace": 1, "log_comment": "by a test",
        "input_format_native_allow_types_conversion": 1, "http_zlib_compression_level": 3, "insert_deduplicate": 0,
    }.items():
        assert shared.query("SELECT 1", **{name: value}) == "1\n", name
    for name, value, code in (("max_thread", 1, 115), ("additional_table_filters", "{t", 62), ("prefer_column_name_to_alias", 1, 48),
                              ("transform_null_in", 1, 48), ("insert_quorum", "many", 27), ("add_http_cors_header", "x", 467)):
        with pytest.raises(QueryError) as caught:
            shared.query("SELECT 1", **{name: value})
        assert caught.value.code == code and name in caught.value.message
    names = {row[0] for row in shared.rows("SELECT name FROM system.settings WHERE readonly = 0")}
    assert {"date_time_input_format", "cast_string_to_dynamic_use_inference", "cancel_http_readonly_queries_on_client_close",
            "enable_http_compression", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
            "output_format_arrow_string_as_string", "max_result_rows", "readonly"} <= names
    assert shared.rows("SELECT name, value, readonly, type, default FROM system.settings WHERE name = 'max_threads'") == [
        ["max_threads", "0", 0, "MaxThreads", "0"]]
    assert shared.query("SELECT count() = uniqExact(name) FROM system.settings") == "1\n"


@pytest.mark.parametrize("target", ["/?query=SELECT+1", "/?query=SELECT+number+FROM+numbers(3000000)", "/?query=SELECT+1&live=1", "/ping"])
def test_head_has_no_body(shared, target):
    """Not a byte behind the head: what is there would be taken for the next answer."""
    with socket.create_connection((shared.host, shared.port), timeout=DEADLINE) as connection:
        connection.sendall(f"HEAD {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, rest = answer.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200 ") and b"Content-Type: " in head
        if b"Connection: close" in head:
            while piece := connection.recv(65536):
                rest += piece
        else:
            connection.sendall(b"GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            while piece := connection.recv(65536):
                rest += piece
            assert rest.startswith(b"HTTP/1.1 200 ") and rest.endswith(b"\r\n\r\nOk.\n")
            return
        assert rest == b""
