"""The native protocol with what no client sends: cut packets, lengths that cannot be, wrong checksums, silence."""
import os
import random
import socket
import struct
import time

import lz4.block
import pytest

from native import (DATA, END_OF_STREAM, INFO, PROFILE_EVENTS, SERVER_DATA, TABLE_COLUMNS, Raw, ServerException, block,
                    hello, number, query, text)
from weir import DEADLINE, Server, wait_until

NUMBERS = ("n", "UInt32", struct.pack("<3I", 1, 2, 3))


@pytest.fixture(name="server", scope="module")
def native_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("native"), native=True)
    server.query("CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n")
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.fixture(autouse=True)
def still_answers(server):
    yield
    with Raw(server) as raw:
        assert raw.ask("SELECT 1") == [[1]]
    wait_until(lambda: "weir_native_connections 0\n" in server.get("/metrics").text, "all connections are gone")
    assert server.query("SELECT count() FROM system.processes") == "1\n"


def count(server):
    return int(server.query("SELECT count() FROM t"))


def begin_insert(raw, sql="INSERT INTO t VALUES", **words):
    raw.send(query(sql, **words) + block())
    while raw.packet()[0] != SERVER_DATA:
        pass


def test_a_query_in_two_pieces(server):
    """Its second piece ends it: what follows is awaited anew, also when that is shorter than what was missing."""
    before, packet = count(server), query("INSERT INTO t VALUES")
    for cut in (1, 20, 40, len(packet) - 20, len(packet) - 1):
        with Raw(server, greet=False) as raw:
            raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.send(hello())
            raw.read_hello()
            raw.send(text("") + packet[:cut])
            time.sleep(0.05)  # the server has seen that it is no whole one: nothing tells when
            raw.send(packet[cut:] + block() + block([NUMBERS], 3) + block())
            assert [kind for kind, _ in raw.packets()][-1] == END_OF_STREAM
    assert count(server) == before + 15


def test_insert_in_every_piece(server):
    """Each byte alone. Some come while the INSERT begins: the 3 that is a number of rows is no Cancel then."""
    before = count(server)
    stream = hello() + text("") + query("INSERT INTO t VALUES") + block() + block([NUMBERS], 3) + block()
    for _ in range(10):
        with Raw(server, greet=False) as raw:
            raw.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in stream:
                raw.send(bytes([byte]))
            raw.read_hello()
            kinds = [kind for kind, _ in raw.packets()]
        assert kinds == [TABLE_COLUMNS, SERVER_DATA, PROFILE_EVENTS, PROFILE_EVENTS, END_OF_STREAM]
    assert count(server) == before + 30


def test_hang_up_everywhere(server):
    """The stream of an INSERT and of a SELECT, cut at every byte."""
    before = count(server)
    insert = hello() + text("") + query("INSERT INTO t VALUES") + block() + block([NUMBERS], 3)
    select = hello() + text("") + query("SELECT number FROM numbers(1000000)") + block([NUMBERS], 3, name="ext") + block()
    for stream in (insert, select):
        for cut in range(len(stream) + 1):
            with Raw(server, greet=False) as raw:
                raw.send(stream[:cut])
    assert count(server) == before


@pytest.mark.parametrize("what", [b"GET / HTTP/1.1\r\n\r\n", b"POST /?query=x HTTP/1.1\r\n\r\n"])
def test_http(server, what):
    with Raw(server, greet=False) as raw:
        raw.send(what)
        answer = raw.file.read()
    assert answer.startswith(b"HTTP/1.0 400 ") and b"native protocol" in answer


def refused(server, stream, code, match=None, greet=True):
    with Raw(server, greet=greet) as raw:
        raw.send(stream)
        with pytest.raises(ServerException, match=match) as caught:
            while True:
                raw.packet()
        assert caught.value.code == code
        assert raw.ended()


def test_packets_out_of_place(server):
    refused(server, number(77), 101, greet=False)
    refused(server, hello(), 101, "Hello")
    refused(server, block([NUMBERS], 3), 101, "Data")
    refused(server, number(99), 99, "99")
    refused(server, number(2**63), 99)
    refused(server, query("SELECT 1") + number(99), 99)
    refused(server, query("SELECT 1") + query("SELECT 2"), 101)


def test_lengths(server):
    huge = number(2**62)
    refused(server, number(0) + huge, 131, greet=False)
    refused(server, number(0) + number(2**20), 131, greet=False)
    refused(server, number(1) + huge, 131)
    refused(server, query("SELECT 1")[:-2] + huge, 131)
    refused(server, query("")[:-2] + number(2**30), 131)
    refused(server, number(5) + huge, 36)
    refused(server, query("SELECT 1") + number(DATA) + huge, 131)
    for rest in (number(2**40) + number(1), number(1) + number(2**40), number(0) + number(5), number(1) + number(1) + huge,
                 number(1) + number(1) + text("n") + huge, number(1) + number(1) + text("n") + text("NoSuchType") + b"\0",
                 number(1) + number(1) + text("n") + text("UInt8") + b"\x01", number(1) + number(1) + text("n") + text("String") + b"\0" + huge,
                 number(1) + number(1) + text("n") + text("Array(UInt8)") + b"\0" + b"\xff" * 8,
                 number(1) + number(1) + text("n") + text("LowCardinality(String)") + b"\0" + struct.pack("<QQQ", 1, 0x600, 2**40),
                 number(1) + number(2**28 - 1) + text("n") + text("UInt256") + b"\0"):
        with Raw(server) as raw:
            raw.send(query("SELECT 1") + number(DATA) + text("ext") + INFO + rest)
            with pytest.raises(ServerException):
                raw.packets()
            assert raw.ended()
        with Raw(server) as raw:
            begin_insert(raw)
            raw.send(number(DATA) + text("") + INFO + rest)
            with pytest.raises(ServerException):
                raw.packets()
            assert raw.ended()
    refused(server, query("SELECT 1", settings=[(f"a{k}", "1", 0) for k in range(1100)]), 36, "1000 settings")


def framed(plain):
    from clickhouse_cityhash.cityhash import CityHash128

    packed = lz4.block.compress(plain, store_size=False)
    body = b"\x82" + struct.pack("<II", len(packed) + 9, len(plain)) + packed
    checksum = CityHash128(body)
    return struct.pack("<QQ", checksum >> 64, checksum & (1 << 64) - 1) + body


def packed_block(plain, name=""):
    return number(DATA) + text(name) + framed(plain)


EMPTY = INFO + number(0) + number(0)
ROWS = INFO + number(1) + number(3) + text("n") + text("UInt32") + b"\0" + NUMBERS[2]


def test_frames(server):
    before = count(server)
    with Raw(server) as raw:  # a block in two frames
        raw.send(query("INSERT INTO t VALUES", compressed=1, settings=[("network_compression_method", "NONE", 1)]) + packed_block(EMPTY))
        raw.send(number(DATA) + text("") + framed(ROWS[:20]) + framed(ROWS[20:]) + packed_block(EMPTY))
        wait_until(lambda: count(server) == before + 3, "the rows are stored")
    good = packed_block(ROWS)
    for at in range(2, len(good)):  # every byte of the frame is covered: by the checksum, or it is the checksum
        bad = bytearray(good)
        bad[at] ^= 0x40
        with Raw(server) as raw:
            raw.send(query("INSERT INTO t VALUES", compressed=1, settings=[("max_execution_time", "5", 1)]) + packed_block(EMPTY) + bytes(bad))
            raw.socket.shutdown(socket.SHUT_WR)
            raw.file.read()
    assert count(server) == before + 3
    with Raw(server) as raw:
        raw.send(query("SELECT 1", compressed=1) + packed_block(EMPTY + b"x"))
        with pytest.raises(ServerException, match="behind the end of a block"):
            raw.packets()
        assert raw.ended()
    bad = bytearray(good)
    bad[5] ^= 1
    with Raw(server) as raw:
        raw.send(query("SELECT 1", compressed=1) + bytes(bad))
        with pytest.raises(ServerException) as caught:
            raw.packets()
        assert caught.value.code == 40
        assert raw.ended()


def test_wrong_blocks_leave_the_connection(server):
    """A block whose end is known does not end the connection, whatever it holds."""
    before = count(server)
    with Raw(server) as raw:
        for columns in ([("n", "String", text("x"))], [("nope", "UInt32", b"\0\0\0\0"), ("n", "Array(UInt8)", struct.pack("<Q", 0))],
                        [("n", "UInt32", b"\0\0\0\0"), ("n", "UInt32", b"\0\0\0\0")]):
            begin_insert(raw)
            raw.send(block([NUMBERS], 3) + block(columns, 1) + block([NUMBERS], 3) + block())
            with pytest.raises(ServerException):
                raw.packets()
            assert raw.ask("SELECT 3") == [[3]]
            raw.send(query("SELECT 1") + block(columns[:1], 1, name="ext") + block([("other", "UInt8", b"\1")], 1, name="ext") + block())
            with pytest.raises(ServerException):
                raw.packets()
            assert raw.ask("SELECT 4") == [[4]]
        begin_insert(raw)
        raw.send(block([("n", "String", text("x"))], 1))
        with pytest.raises(ServerException):
            raw.packets()
        assert raw.ask("SELECT 5") == [[5]]  # without the end of the blocks
        assert raw.ping()
    assert count(server) == before


def test_cancelled_insert(server):
    before = count(server)
    with Raw(server) as raw:
        begin_insert(raw)
        raw.send(block([NUMBERS], 3) + number(3))
        assert raw.packets()[-1][0] == END_OF_STREAM
        assert raw.ask("SELECT 3") == [[3]]
        raw.send(number(3) + number(3))
        assert raw.ping()
    assert count(server) == before


def test_settings_of_old_clients(server):
    """Numbers as numbers, texts as texts, without flags."""
    settings = [("session_timezone", text("Europe/Berlin"), 0), ("max_result_rows", number(3), 0)]
    with Raw(server, revision=54412) as raw:
        assert raw.ask("SELECT timezone()", settings=settings) == [[b"Europe/Berlin"]]
        with pytest.raises(ServerException, match="396"):
            raw.ask("SELECT number FROM numbers(10)", settings=settings)
        with pytest.raises(ServerException, match="Unknown setting"):
            raw.ask("SELECT 1", settings=[("no_such", number(3), 0)])


def test_slow_clients(tmp_path):
    server = Server(tmp_path, "--http-timeout-s", "1", native=True)
    server.query("CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n")
    with Raw(server) as raw:  # a packet that does not end
        raw.send(query("SELECT 1")[:30])
        assert raw.ended()
    with Raw(server) as raw:  # blocks that do not come
        begin_insert(raw)
        assert raw.ended()
    with Raw(server) as raw:  # a reply that nobody reads
        raw.send(query("SELECT number FROM numbers(1000000000000)", query_id="unread") + block())
        wait_until(lambda: server.query("SELECT count() FROM system.query_log WHERE query_id = 'unread'") == "1\n", "it ended")
    with Raw(server) as raw:  # between queries there is time
        time.sleep(2.5)
        assert raw.ping()
    with Raw(server, greet=False) as raw:
        raw.send(hello()[:10])
        begun = time.monotonic()
        assert raw.ended() and time.monotonic() - begun > 5
    assert server.stop() == 0


def test_many_at_once(server):
    held = [Raw(server) for _ in range(200)]
    for raw in held:
        raw.send(query("SELECT number FROM numbers(1000)") + block())
    for raw in held:
        assert raw.packets()[-1][0] == END_OF_STREAM
    for raw in held:
        raw.close()


def test_random_bytes(server):
    """Streams with bytes changed, cut out or doubled."""
    seed = int.from_bytes(os.urandom(4), "little")
    print("seed", seed)
    dice = random.Random(seed)
    stream = hello() + text("") + query("INSERT INTO t VALUES", settings=[("max_threads", "1", 1)]) + block([NUMBERS], 3, name="ext") + block()
    stream += block([("n", "UInt32", b"\1\2\3\4")], 1) + block() + number(4)
    for _ in range(300):
        bad = bytearray(stream)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(bad))
            way = dice.randrange(3)
            if way == 0:
                bad[at] = dice.randrange(256)
            elif way == 1:
                del bad[at:at + dice.randint(1, 9)]
            else:
                bad[at:at] = bad[at:at + dice.randint(1, 9)]
        with Raw(server, greet=False) as raw:
            raw.socket.settimeout(DEADLINE)
            try:
                raw.send(bytes(bad))
                raw.socket.shutdown(socket.SHUT_WR)
                raw.file.read()
            except OSError:
                pass
