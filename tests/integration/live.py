"""Readers of live queries: SSE over a socket of their own, and the state that events leave."""
import json
import select
import socket
import ssl
import time
import urllib.parse

from weir import DEADLINE


class Stream:
    """A stream of SSE. after: the token to resume from. paused: nothing is read before read_on()."""

    def __init__(self, server, subscriptions=None, query=None, after=None, post=False, headers=(), context=None, port=None, http="1.1",
                 rcvbuf=None, **parameters):
        self.events, self.token, self.text, self.state = [], None, "", {}
        self.socket = socket.socket()
        if rcvbuf is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.socket.settimeout(DEADLINE)
        self.socket.connect((server.host, port or server.port))
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        body = b""
        if query is not None:
            parameters["query"] = query
            path = "/"
        else:
            path = "/live"
            text = json.dumps({"subscriptions": subscriptions})
            if post:
                body = text.encode()
            else:
                parameters["subscriptions"] = text
        lines = [f"{'POST' if body else 'GET'} {path}?{urllib.parse.urlencode(parameters)} HTTP/{http}", "Host: test", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        if after is not None:
            lines.append(f"Last-Event-ID: {after}")
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        self.raw = b""
        self.ended = False
        while b"\r\n\r\n" not in self.raw:
            self.receive()
        head, self.raw = self.raw.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ")[1])
        self.headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        self.chunked = self.headers.get("Transfer-Encoding") == "chunked"

    def receive(self):
        piece = self.socket.recv(65536)
        self.ended = not piece
        assert piece or self.raw is not None
        self.raw += piece
        return piece

    def body(self):
        """The rest of an answer that is no stream."""
        while len(self.raw) < int(self.headers["Content-Length"]):
            self.receive()
        return self.raw.decode()

    def unpack(self):
        """Chunks, as far as they are whole."""
        if not self.chunked:
            self.text += self.raw.decode()
            self.raw = b""
        while self.chunked and b"\r\n" in self.raw:
            size, rest = self.raw.split(b"\r\n", 1)
            length = int(size, 16)
            if len(rest) < length + 2:
                break
            assert rest[length:length + 2] == b"\r\n"
            self.text += rest[:length].decode()
            self.raw = rest[length + 2:]
            self.ended = self.ended or length == 0

    def take(self):
        """The next event, or None at the end. Comments are passed over."""
        while True:
            self.unpack()
            if "\n\n" in self.text:
                block, self.text = self.text.split("\n\n", 1)
                event = None
                for line in block.split("\n"):
                    name, value = line.split(": ", 1)
                    if name == "data":
                        event = json.loads(value)
                    elif name == "id":
                        self.token = value
                if event is not None:
                    apply(self.state, event)
                    return event
            elif self.ended:
                return None
            else:
                self.receive()

    def until(self, condition):
        """Reads until condition(event) or the end; the event."""
        while True:
            event = self.take()
            if event is None or condition(event):
                return event

    def rows(self, name=""):
        return rows(self.state[name])

    def until_rows(self, wanted, name=""):
        """Reads until a subscription's rows are these."""
        wanted = sorted(wanted)
        while name not in self.state or self.rows(name) != wanted:
            assert self.take() is not None, f"the stream ended with {self.state.get(name)}"

    def is_silent(self, seconds):
        """No event comes; comments may."""
        end = time.monotonic() + seconds
        while True:
            self.unpack()
            if "data: " in self.text:
                return False
            waits = isinstance(self.socket, ssl.SSLSocket) and self.socket.pending() > 0
            if not waits and not select.select([self.socket], [], [], max(0, end - time.monotonic()))[0]:
                return True
            self.receive()

    def close(self):
        self.socket.close()


def apply(state, event):
    """A viewer's state after an event: {id: {"key": [...], "rows": {key: row}}}."""
    if event["type"] == "snapshot":
        key = event["key"]
        state[event["id"]] = {"key": key, "rows": {key_of(key, row) if key else number: row for number, row in enumerate(event["rows"])}}
        assert len(state[event["id"]]["rows"]) == len(event["rows"])
    elif event["type"] == "change":
        one = state[event["id"]]
        for row in event["upsert"]:
            one["rows"][key_of(one["key"], row)] = row
        for key in event["delete"]:
            one["rows"].pop(json.dumps(key), None)
    elif event["type"] == "rows":
        one = state.setdefault(event["id"], {"key": [], "rows": {}, "came": [], "dropped": 0, "begins": 0, "seq": 0})
        assert event["seq"] > one["seq"]
        one["seq"] = event["seq"]
        one["begins"] += "columns" in event
        one["came"] += event["rows"]
        one["dropped"] += event["dropped"]
    elif event["type"] == "error" and "id" in event:
        state.setdefault(event["id"], {"key": [], "rows": {}})["error"] = event


def key_of(key, row):
    return json.dumps([row[column] for column in key])


def rows(one):
    return sorted(one["rows"].values())
