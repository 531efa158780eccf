"""ClickHouse's native protocol byte by byte, for what a well-behaved client never sends."""
import socket
import struct

from weir import DEADLINE

REVISION = 54460
HELLO, QUERY, DATA, CANCEL, PING, TABLES_STATUS = range(6)
SERVER_HELLO, SERVER_DATA, EXCEPTION, PROGRESS, PONG, END_OF_STREAM, PROFILE_INFO = range(7)
TOTALS, EXTREMES, STATUS, LOG, TABLE_COLUMNS, PROFILE_EVENTS = 7, 8, 9, 10, 11, 14
INFO = bytes.fromhex("0100 02ffffffff 00")


def number(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value)) + value


def hello(user="default", password="", database="", revision=REVISION, name="raw"):
    return number(HELLO) + text(name) + number(1) + number(2) + number(revision) + text(database) + text(user) + text(password)


def query(sql, query_id="", settings=(), parameters=(), compressed=0, stage=2, revision=REVISION):
    out = number(QUERY) + text(query_id)
    out += b"\x01" + text("") + text("") + text("0.0.0.0:0")
    out += struct.pack("<q", 0) if revision >= 54449 else b""
    out += b"\x01" + text("me") + text("here") + text("raw client") + number(1) + number(2) + number(revision) + text("")
    out += number(0) if revision >= 54448 else b""
    out += number(3)
    out += b"\x00" if revision >= 54442 else b""
    out += number(0) * 3 if revision >= 54453 else b""
    for name, value, flags in settings:
        out += text(name) + (number(flags) + text(value) if revision >= 54429 else value)
    out += text("")
    out += text("") if revision >= 54441 else b""
    out += number(stage) + number(compressed) + text(sql)
    if revision >= 54459:
        for name, value in parameters:
            out += text(name) + number(2) + text("'" + value + "'")
        out += text("")
    return out


def block(columns=(), rows=0, name="", revision=REVISION):
    """A Data packet; columns: (name, type, bytes of the values)."""
    out = number(DATA) + text(name) + INFO + number(len(columns)) + number(rows)
    for column, kind, values in columns:
        out += text(column) + text(kind) + (b"\x00" if revision >= 54454 else b"") + values
    return out


class ServerException(Exception):
    def __init__(self, code, message):
        self.code = code
        super().__init__(f"{code}: {message}")


class Raw:
    """A connection that sends any bytes and reads packets; blocks of replies are read as far as their columns are numbers,
    strings and states of groupArray."""

    def __init__(self, server, greet=True, revision=REVISION, port=None, host="127.0.0.1", context=None, **words):
        self.socket = socket.create_connection((host, port or server.native_port), DEADLINE)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.file = self.socket.makefile("rb")
        self.revision = revision
        if greet:
            self.send(hello(revision=revision, **words))
            self.greeting = self.read_hello()
            if revision >= 54458:
                self.send(text("quota"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def bytes(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise EOFError(f"{len(data)} of {count} bytes")
        return data

    def number(self):
        value = shift = 0
        while True:
            byte = self.bytes(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self):
        return self.bytes(self.number())

    def read_hello(self):
        packet = self.number()
        if packet == EXCEPTION:
            raise self.exception()
        assert packet == SERVER_HELLO
        return {"name": self.text(), "major": self.number(), "minor": self.number(), "revision": self.number(),
                "zone": self.text(), "display": self.text(), "patch": self.number()}

    def exception(self):
        code, = struct.unpack("<i", self.bytes(4))
        self.text()
        message = self.text().decode(errors="replace")
        self.text()
        assert self.bytes(1) == b"\x00"
        return ServerException(code, message)

    def values(self, kind, rows):
        widths = {"UInt8": "B", "UInt64": "Q", "UInt32": "I", "Int64": "q", "Int32": "i", "DateTime": "I", "UInt16": "H", "Int8": "b"}
        if kind == "String":
            return [self.text() for _ in range(rows)]
        if kind == "AggregateFunction(groupArray, String)":
            return [[self.text() for _ in range(self.number())] for _ in range(rows)]
        letter = "b" if kind.startswith("Enum8") else widths[kind]
        return list(struct.unpack(f"<{rows}{letter}", self.bytes(struct.calcsize(letter) * rows)))

    def read_block(self):
        self.text()
        assert self.bytes(len(INFO)) == INFO
        columns, rows = self.number(), self.number()
        out = []
        for _ in range(columns):
            name, kind = self.text().decode(), self.text().decode()
            if self.revision >= 54454:
                assert self.bytes(1) == b"\x00"
            out.append((name, kind, self.values(kind, rows)))
        return out, rows

    def packet(self):
        """(kind, what it says); an exception is raised."""
        kind = self.number()
        if kind == EXCEPTION:
            raise self.exception()
        if kind in (SERVER_DATA, TOTALS, EXTREMES, PROFILE_EVENTS):
            return kind, self.read_block()
        if kind == PROGRESS:
            fields = 3 + (2 if self.revision >= 54420 else 0) + (1 if self.revision >= 54460 else 0)
            return kind, [self.number() for _ in range(fields)]
        if kind == PROFILE_INFO:
            return kind, (self.number(), self.number(), self.number(), self.bytes(1), self.number(), self.bytes(1))
        if kind == TABLE_COLUMNS:
            return kind, (self.text(), self.text())
        assert kind in (PONG, END_OF_STREAM), f"packet {kind}"
        return kind, None

    def packets(self):
        """All up to the end of the stream."""
        out = []
        while not out or out[-1][0] != END_OF_STREAM:
            out.append(self.packet())
        return out

    def ask(self, sql, **words):
        """Rows of a result of numbers and strings, as lists of columns."""
        self.send(query(sql, revision=self.revision, **words) + block(revision=self.revision))
        columns = []
        for kind, what in self.packets():
            if kind == SERVER_DATA and what[1] > 0:
                columns = [old + new for old, (_, _, new) in zip(columns or [[]] * len(what[0]), what[0])]
        return columns

    def ping(self):
        self.send(number(PING))
        return self.packet()[0] == PONG

    def ended(self):
        """Waits for the server's end of the connection."""
        try:
            return self.file.read(1) == b""
        except ConnectionResetError:
            return True
