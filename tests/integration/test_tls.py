"""TLS for HTTP and the native protocol: real clients, certificates that change, clients' certificates, and what should not be said."""
import concurrent.futures
import os
import random
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import time

import clickhouse_connect
import clickhouse_driver
import pytest
import requests
from clickhouse_driver import errors

from native import SERVER_DATA, Raw, ServerException, block, hello, number, query, text
from tls import Authority, SecureServer, openssl
from weir import DEADLINE, WEIR, Server, free_port, wait_until


@pytest.fixture(name="authority", scope="module")
def certificate_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(name="server", scope="module")
def secure_server(authority, tmp_path_factory):
    server = SecureServer(tmp_path_factory.mktemp("tls"), *authority.give("server"), authority=authority)
    server.query("CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    server.query("CREATE USER ann IDENTIFIED BY 'secret'")
    yield server
    wait_until(lambda: "weir_native_connections 0\n" in server.get("/metrics").text, "all connections are gone")
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.fixture(name="https")
def https_session(server):
    with requests.Session() as session:
        session.trust_env = False  # nor the authorities that it names
        session.verify = str(server.authority.certificate)
        yield session


@pytest.fixture(autouse=True)
def still_answers(request):
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        with server.raw() as raw:
            assert raw.ask("SELECT 1") == [[1]]
        reply = requests.get(server.https + "ping", verify=str(server.authority.certificate), timeout=DEADLINE)
        assert reply.text == "Ok.\n"


def client(*arguments, **environment):
    plain = {key: value for key, value in os.environ.items() if not key.startswith("WEIR_")}
    return subprocess.run([WEIR, "client", *map(str, arguments)], capture_output=True, timeout=DEADLINE, check=False,
                          env={**plain, "HOME": "/nonexistent", **environment}, stdin=subprocess.DEVNULL)


# ---- clients

def test_curl(server):
    def curl(*arguments):
        return subprocess.run(["curl", "-s", "-S", "--max-time", str(DEADLINE), *map(str, arguments)], capture_output=True, text=True, check=False)

    ca = ["--cacert", server.authority.certificate]
    assert curl(*ca, server.https + "?query=SELECT+1").stdout == "1\n"
    assert curl(*ca, "--tls-max", "1.2", server.https + "?query=SELECT+12").stdout == "12\n"
    assert curl(*ca, "--tlsv1.3", server.https + "?query=SELECT+13").stdout == "13\n"
    assert curl(server.https).returncode == 60  # nobody vouches for the server
    other = ["--resolve", f"example.com:{server.https_port}:127.0.0.1", server.https.replace("localhost", "example.com")]
    assert curl(*ca, *other).returncode == 60  # it is not the one
    assert curl(*ca, "-u", "ann:secret", server.https + "?query=SELECT+currentUser()").stdout == "ann\n"
    assert "516" in curl(*ca, "-u", "ann:wrong", server.https + "?query=SELECT+1").stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions(server, version):
    with server.raw(server.context(versions=(version, version))) as raw:
        assert raw.socket.version() == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]
        assert raw.ask("SELECT 1") == [[1]]
    for port in (server.https_port, server.secure_port):
        with socket.create_connection(("localhost", port), DEADLINE) as plain, pytest.raises((ssl.SSLError, ConnectionResetError)):
            server.context(versions=(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)).wrap_socket(plain, server_hostname="localhost")


def test_clickhouse_connect(server):
    connection = clickhouse_connect.get_client(host="localhost", port=server.https_port, secure=True, ca_cert=str(server.authority.certificate),
                                               username="ann", password="secret")
    assert connection.query("SELECT currentUser(), number FROM numbers(2)").result_rows == [("ann", 0), ("ann", 1)]
    connection.close()
    with pytest.raises(clickhouse_connect.driver.exceptions.Error, match="(?i)certificate"):
        clickhouse_connect.get_client(host="localhost", port=server.https_port, secure=True)


@pytest.mark.parametrize("packing", [False, "lz4"])
def test_clickhouse_driver(server, packing):
    client_of = clickhouse_driver.Client("localhost", port=server.secure_port, secure=True, ca_certs=str(server.authority.certificate),
                                         compression=packing)
    rows = [(n, f"row {n} " * 20) for n in range(50000)]
    client_of.execute("TRUNCATE TABLE t")
    assert client_of.execute("INSERT INTO t VALUES", rows, settings={"insert_block_size": 7777}) == len(rows)
    assert client_of.execute("SELECT n, s FROM t ORDER BY n") == rows
    assert client_of.execute("SELECT length(repeat('x', 900000) AS s), s")[0][1] == "x" * 900000
    with pytest.raises(errors.ServerException):
        client_of.execute("SELECT throwIf(number = 50000) FROM numbers(100000)")
    assert client_of.execute("SELECT 1") == [(1,)]
    client_of.disconnect()
    with pytest.raises(Exception, match="(?i)certificate"):
        clickhouse_driver.Client("localhost", port=server.secure_port, secure=True).execute("SELECT 1")
    wrong = clickhouse_driver.Client("localhost", port=server.secure_port, secure=True, ca_certs=str(server.authority.certificate), user="ann",
                                     password="wrong")
    with pytest.raises(errors.ServerException) as caught:
        wrong.execute("SELECT 1")
    assert caught.value.code == 516


def test_weir_client(server):
    where = ["-h", "localhost", "-p", server.https_port, "--secure"]
    ca = ["--ca", server.authority.certificate]
    done = client(*where, *ca, "-u", "ann", "--password", "secret", "-q", "SELECT currentUser()")
    assert (done.stdout, done.stderr) == (b"ann\n", b"")
    done = client(*where, "-q", "SELECT 1")
    assert done.returncode == 279 % 256 and b"--ca FILE" in done.stderr
    assert client(*where, "--accept-invalid-certificate", "-q", "SELECT 1").stdout == b"1\n"
    assert client(*where, "--ca", "/no/such/file", "-q", "SELECT 1").returncode == 279 % 256
    done = client("-h", "localhost", "-p", server.https_port, "-q", "SELECT 1")
    assert done.returncode == 279 % 256 and b"--secure" in done.stderr
    done = client("-h", "localhost", "-p", server.port, "--secure", "-q", "SELECT 1")
    assert done.returncode == 279 % 256 and b"does this port speak TLS" in done.stderr
    data = "".join(f"{n}\tx\n" for n in range(100000))
    server.query("TRUNCATE TABLE t")
    done = subprocess.run([WEIR, "client", *map(str, where + ca), "-q", "INSERT INTO t FORMAT TSV"], input=data.encode(), capture_output=True,
                          timeout=DEADLINE, check=False)
    assert (done.returncode, done.stderr) == (0, b"") and server.value("SELECT count() FROM t") == 100000


# ---- large bodies, slow and leaving clients

def test_large_bodies(server, https):
    server.query("TRUNCATE TABLE t")
    piece = "".join(f"{n}\t{'x' * 90}\n" for n in range(10000)).encode()
    reply = https.post(server.https, params={"query": "INSERT INTO t FORMAT TSV"}, data=(piece for _ in range(40)), timeout=DEADLINE)
    assert reply.status_code == 200 and server.value("SELECT count(), sum(length(s)) FROM t") == 400000
    with https.post(server.https, data="SELECT s FROM t", stream=True, timeout=DEADLINE) as reply:
        size = sum(len(part) for part in reply.iter_content(100000))
    assert size == 400000 * 91
    with https.post(server.https, data="SELECT n, s FROM t FORMAT RowBinary", stream=True, timeout=DEADLINE) as reply:
        time.sleep(0.5)  # the server waits with a full socket
        assert sum(len(part) for part in reply.iter_content(1000000)) == 400000 * 99


def test_many_requests_at_once(server):
    def ask(k):
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(server.authority.certificate)
            return [session.post(server.https, data=f"SELECT {k} + {n}", timeout=DEADLINE).text for n in range(20)]

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        for k, answers in enumerate(threads.map(ask, range(24))):
            assert answers == [f"{k + n}\n" for n in range(20)]


def is_over(server, query_id):
    return server.query(f"SELECT count() FROM system.query_log WHERE query_id = '{query_id}'") == "1\n"


def test_hang_up(server):
    """Ends the query, over HTTPS as over the native protocol, whether it sends or not."""
    endless = "SELECT count() FROM numbers(1000000000000000) WHERE sin(number) > 2"
    flood = "SELECT number FROM numbers(1000000000000)"
    for k, sql in enumerate((endless, flood)):
        with server.raw() as raw:
            raw.send(query(sql, query_id=f"native{k}") + block())
            wait_until(lambda: server.query(f"SELECT count() FROM system.processes WHERE query_id = 'native{k}'") == "1\n", "it runs")
        wait_until(lambda: is_over(server, f"native{k}"), "it ended")
        secure = server.context().wrap_socket(socket.create_connection(("localhost", server.https_port), DEADLINE), server_hostname="localhost")
        secure.sendall(f"POST /?query_id=https{k} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(sql)}\r\n\r\n{sql}".encode())
        wait_until(lambda: server.query(f"SELECT count() FROM system.processes WHERE query_id = 'https{k}'") == "1\n", "it runs")
        secure.close()
        wait_until(lambda: is_over(server, f"https{k}"), "it ended")


def test_long_queries_are_not_disturbed(server, https):
    """Plain clients get an interim answer when they may have left; over TLS that would be garbage."""
    reply = https.post(server.https, data="SELECT sum(sleepEachRow(0.5)) FROM numbers(6) SETTINGS max_block_size = 1", timeout=DEADLINE)
    assert reply.text == "0\n"


def test_native_in_pieces(server):
    """Each byte a record of its own."""
    with server.raw(greet=False) as raw:
        for byte in hello() + text("") + query("SELECT 7") + block():
            raw.send(bytes([byte]))
        raw.read_hello()
        assert [what[0][0][2] for kind, what in raw.packets() if kind == SERVER_DATA and what[1] > 0] == [[7]]


def test_cancel(server):
    with server.raw() as raw:
        raw.send(query("SELECT count() FROM numbers(1000000000000000) WHERE sin(number) > 2", query_id="cancelled") + block())
        wait_until(lambda: server.query("SELECT count() FROM system.processes WHERE query_id = 'cancelled'") == "1\n", "it runs")
        raw.send(number(3))
        raw.packets()
        assert raw.ask("SELECT 3") == [[3]]


# ---- what should not be said

def ended(connection):
    """Waits for the server's end; what it said before."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def test_plain_to_a_secure_port(server):
    with Raw(server, greet=False, port=server.secure_port) as raw:
        raw.send(hello())
        with pytest.raises(ServerException, match="speaks TLS") as caught:
            raw.read_hello()
        assert caught.value.code == 210 and raw.ended()
    for port, what in ((server.secure_port, b"HTTPS is on port"), (server.https_port, b"")):
        with socket.create_connection(("localhost", port), DEADLINE) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert what in ended(plain)
    for first in (b"\x01", b"\x16", b"\xff" * 1000, b"\x16\x03\x01\xff\xff" + b"\0" * 70000, b"\x15\x03\x03\0\x02\x02\x28"):
        for port in (server.secure_port, server.https_port):
            with socket.create_connection(("localhost", port), DEADLINE) as plain:
                try:
                    plain.sendall(first)
                    plain.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
                ended(plain)


def test_tls_to_a_plain_port(server):
    for port in (server.port, server.native_port):
        with socket.create_connection(("localhost", port), DEADLINE) as plain, pytest.raises((ssl.SSLError, ConnectionResetError)):
            server.context().wrap_socket(plain, server_hostname="localhost")


def client_hello(server, version=ssl.TLSVersion.TLSv1_3):
    """The first bytes of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = server.context(versions=(ssl.TLSVersion.TLSv1_2, version)).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def test_cut_and_wrong_handshakes(server):
    dice = random.Random(4711)
    for port in (server.secure_port, server.https_port):
        begun = client_hello(server)
        streams = [begun[:cut] for cut in range(0, len(begun) + 1, 7)]
        for _ in range(100):
            bad = bytearray(begun)
            for _ in range(dice.randint(1, 4)):
                bad[dice.randrange(5, len(bad))] = dice.randrange(256)
            streams.append(bytes(bad))
        open_ones = []
        for stream in streams:
            open_ones.append(socket.create_connection(("localhost", port), DEADLINE))
            open_ones[-1].sendall(stream)
            open_ones[-1].shutdown(socket.SHUT_WR)
        for plain in open_ones:
            ended(plain)
            plain.close()


def test_slow_handshakes(server):
    """They end after ten seconds, however far they came; other clients do not notice."""
    begun = client_hello(server)
    slow = []
    for port in (server.secure_port, server.https_port):
        for stream in (b"", begun[:1], begun[:-1], begun):
            slow.append(socket.create_connection(("localhost", port), DEADLINE))
            slow[-1].sendall(stream)
    quiet = server.context().wrap_socket(socket.create_connection(("localhost", server.secure_port), DEADLINE), server_hostname="localhost")
    with server.raw() as raw:
        assert raw.ask("SELECT 1") == [[1]]
    for connection in [*slow, quiet]:
        ended(connection)
        connection.close()


@pytest.mark.parametrize("port", ["https_port", "secure_port"])
def test_renegotiation(server, port):
    """Of TLS 1.2: refused."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"localhost:{getattr(server, port)}", "-tls1_2", "-legacy_renegotiation"],
                          input=b"R\n", capture_output=True, timeout=DEADLINE, check=False)
    assert b"RENEGOTIATING" in done.stdout + done.stderr and (b"no renegotiation" in done.stderr or b"error" in done.stderr or b"closed" in done.stdout)


# ---- from elsewhere

def other_address():
    """One of this machine that is not its loopback; None: there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))  # sends nothing
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


@pytest.mark.skipif(other_address() is None, reason="this machine has no other address")
def test_from_elsewhere(authority, tmp_path):
    """Nobody without a password; metrics where they are for all."""
    server = SecureServer(tmp_path, *authority.give("open"), "--tls-host", "0.0.0.0", "--metrics-for-all", "0", authority=authority)
    server.query("CREATE USER ann IDENTIFIED BY 'secret'")
    elsewhere = other_address()

    def get(address, path, headers=""):
        with socket.create_connection((address, server.https_port), DEADLINE) as plain:
            with server.context().wrap_socket(plain, server_hostname="localhost") as secure:
                secure.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())
                return ended(secure).decode()

    def native(address, **words):
        with Raw(server, port=server.secure_port, host=address, context=server.context(), **words) as raw:
            return raw.ask("SELECT currentUser()")

    assert get("127.0.0.1", "/?query=SELECT+currentUser()").endswith("default\n") and native("127.0.0.1") == [[b"default"]]
    assert "516" in get(elsewhere, "/?query=SELECT+1")
    with pytest.raises(ServerException) as caught:
        native(elsewhere)
    assert caught.value.code == 516
    assert get(elsewhere, "/?query=SELECT+currentUser()", "X-ClickHouse-User: ann\r\nX-ClickHouse-Key: secret\r\n").endswith("ann\n")
    assert native(elsewhere, user="ann", password="secret") == [[b"ann"]]
    for path in ("/metrics", "/anchor"):
        assert get("127.0.0.1", path).startswith("HTTP/1.1 200 ")
        answer = get(elsewhere, path)
        assert answer.startswith("HTTP/1.1 403 ") and "metrics_for_all" in answer
    assert get(elsewhere, "/ping").endswith("Ok.\n")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((elsewhere, server.port), DEADLINE)
    assert server.stop() == 0


# ---- certificates that change

def serial(port):
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("localhost", port)))


def der(path):
    return ssl.PEM_cert_to_DER_cert(path.read_text())


def put(files, directory):
    for source, name in zip(files, ("live.pem", "live.key"), strict=True):
        shutil.copy(source, directory / "next")
        os.replace(directory / "next", directory / name)


def test_renewed_certificate(authority, tmp_path):
    first, second, third = (authority.give(f"renewed{k}", algorithm=algorithm) for k, algorithm in enumerate(
        (("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), ("ed25519",))))
    put(first, tmp_path)
    server = SecureServer(tmp_path, tmp_path / "live.pem", tmp_path / "live.key", authority=authority)
    ports = (server.https_port, server.secure_port)
    with server.raw() as old:
        assert old.ask("SELECT 1") == [[1]] and all(serial(port) == der(first[0]) for port in ports)
        put(second, tmp_path)  # without a word
        wait_until(lambda: all(serial(port) == der(second[0]) for port in ports), "the new certificate is shown")
        assert old.ask("SELECT 2") == [[2]]
        (tmp_path / "live.key").write_text("nothing")
        os.kill(server.pid, signal.SIGHUP)
        wait_until(lambda: "the TLS certificate stays as it was" in server.log_text(), "the log says so")
        assert all(serial(port) == der(second[0]) for port in ports) and "live.key" in server.log_text()
        assert server.metric("weir_tls_certificate_failed_loads_total") >= 1
        put(third, tmp_path)
        os.kill(server.pid, signal.SIGHUP)
        wait_until(lambda: all(serial(port) == der(third[0]) for port in ports), "the third certificate is shown")
        assert old.ask("SELECT 3") == [[3]]
    with server.raw() as new:
        assert new.ask("SELECT 4") == [[4]]
    assert server.metric("weir_tls_certificate_expiry_timestamp_seconds") > time.time()
    (tmp_path / "live.key").unlink()
    assert server.stop() == 0
    with pytest.raises(RuntimeError, match='tls_key: opening ".*live.key".*No such file'):
        server.start()


def test_expired_certificate_is_told(authority, tmp_path):
    server = SecureServer(tmp_path, *authority.give("soon", days=1), authority=authority)
    assert "the TLS certificate expires soon" in server.log_text()
    assert server.stop() == 0


# ---- clients' certificates

def test_client_certificates(authority, tmp_path):
    others = Authority(tmp_path / "others", "others")
    good, stranger = authority.give("client", client=True), others.give("stranger", client=True)
    wrong_purpose = authority.give("no_client")
    (tmp_path / "ca.pem").write_text(authority.certificate.read_text())
    server = SecureServer(tmp_path, *authority.give("guarded"), "--tls-client-ca", str(tmp_path / "ca.pem"), authority=authority)

    def reaches(certificate, port):
        try:
            if port == server.https_port:
                return requests.get(server.https, params={"query": "SELECT 1"}, cert=certificate and tuple(map(str, certificate)),
                                    verify=str(authority.certificate), timeout=DEADLINE).text == "1\n"
            with server.raw(server.context(certificate)) as raw:
                return raw.ask("SELECT 1") == [[1]]
        except (requests.exceptions.ConnectionError, ssl.SSLError, ConnectionError, EOFError):
            return False

    for port in (server.https_port, server.secure_port):
        assert [reaches(one, port) for one in (good, None, stranger, wrong_purpose)] == [True, False, False, False]
    where = ["-h", "localhost", "-p", server.https_port, "--secure", "--ca", authority.certificate, "-q", "SELECT 1"]
    assert client(*where, "--certificate", good[0], "--key", good[1]).stdout == b"1\n"
    assert client(*where).returncode != 0
    assert server.query("SELECT 1") == "1\n"  # the plain port asks for none
    (tmp_path / "ca.pem").write_text(others.certificate.read_text())
    os.kill(server.pid, signal.SIGHUP)
    wait_until(lambda: reaches(stranger, server.secure_port), "the other authority counts")
    for port in (server.https_port, server.secure_port):
        assert [reaches(one, port) for one in (good, stranger)] == [False, True]
    assert server.stop() == 0


# ---- what cannot start

def test_wrong_configurations(authority, tmp_path):
    certificate, key = authority.give("right", tmp_path)
    other = authority.give("other", tmp_path)
    openssl("pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", tmp_path / "encrypted.key")
    (tmp_path / "text.pem").write_text("no certificate")
    (tmp_path / "huge.pem").write_bytes(b"x" * (5 << 20))
    (tmp_path / "broken.pem").write_text(certificate.read_text().replace("M", "N", 3))
    ports = ["--https-port", str(free_port())]
    for flags, message in (
            (ports, "tls_certificate is missing"),
            ([*ports, "--tls-certificate", certificate], "tls_key is missing"),
            (["--native-secure-port", "1", "--tls-key", key], "tls_certificate is missing"),
            (["--tls-certificate", certificate, "--tls-key", key], "both are 0"),
            ([*ports, "--tls-certificate", tmp_path / "none.pem", "--tls-key", key], r'tls_certificate: opening ".*none.pem".*No such file'),
            ([*ports, "--tls-certificate", tmp_path, "--tls-key", key], "Is a directory"),
            ([*ports, "--tls-certificate", tmp_path / "text.pem", "--tls-key", key], r'"[^"]*text.pem" holds no certificate in PEM'),
            ([*ports, "--tls-certificate", tmp_path / "broken.pem", "--tls-key", key], r'"[^"]*broken.pem" holds no certificate in PEM'),
            ([*ports, "--tls-certificate", tmp_path / "huge.pem", "--tls-key", key], "it is no PEM file"),
            ([*ports, "--tls-certificate", certificate, "--tls-key", tmp_path / "text.pem"], r'tls_key: "[^"]*text.pem" holds no private key'),
            ([*ports, "--tls-certificate", certificate, "--tls-key", tmp_path / "encrypted.key"], "is encrypted.*openssl pkey"),
            ([*ports, "--tls-certificate", certificate, "--tls-key", other[1]], "is not the key of the first certificate"),
            ([*ports, "--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", tmp_path / "text.pem"], "tls_client_ca: .* holds no certificate"),
            ([*ports, "--tls-certificate", certificate, "--tls-key", key, "--tls-host", "no.such.host.invalid"], "https_port: .* is no address"),
    ):
        done = subprocess.run([WEIR, "server", "--data-dir", tmp_path / "data", "--http-port", "0", "--native-port", "0", *map(str, flags)],
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        assert done.returncode == 1 and re.search(message, done.stderr), (flags, done.stderr)
    taken = socket.create_server(("127.0.0.1", 0))
    port = str(taken.getsockname()[1])
    for name in ("https", "native-secure"):
        done = subprocess.run([WEIR, "server", "--data-dir", tmp_path / "data", "--http-port", "0", "--native-port", "0", f"--{name}-port", port,
                               "--tls-certificate", certificate, "--tls-key", key], capture_output=True, text=True, timeout=DEADLINE, check=False)
        assert done.returncode == 1 and f"{name.replace('-', '_')}_port: listening on 127.0.0.1:{port}" in done.stderr
    taken.close()


def test_many_connections(authority, tmp_path):
    """Above connections_max they are closed; those without a query make room."""
    server = SecureServer(tmp_path, *authority.give("crowded"), "--connections-max", "10", authority=authority)
    busy = [server.raw() for _ in range(10)]
    for raw in busy:
        raw.send(query("SELECT count() FROM numbers(1000000000000000) WHERE sin(number) > 2 SETTINGS max_threads = 1") + block())
    wait_until(lambda: server.query("SELECT count() FROM system.processes") == "11\n", "all run")
    with pytest.raises((OSError, EOFError)):
        server.raw()
    busy[0].send(number(3))
    busy[0].packets()
    time.sleep(1.1)
    with server.raw() as raw:
        assert raw.ask("SELECT 1") == [[1]]
    assert busy[0].ended()
    for raw in busy:
        raw.close()
    assert server.stop() == 0
