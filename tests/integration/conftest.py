import pytest

from weir import Server


@pytest.fixture
def make_server(tmp_path):
    """make_server(*flags, name="a", environment={…}): a running server with its own directory, ended with the test."""
    servers = []

    def make(*flags, name="server", environment=None, start=True):
        directory = tmp_path / name
        directory.mkdir(exist_ok=True)
        server = Server(directory, *flags, environment=environment, start=False)
        servers.append(server)
        return server.start() if start else server

    yield make
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One server for the tests of a module that do not stop it."""
    server = Server(tmp_path_factory.mktemp("shared"))
    yield server
    assert server.stop() == 0, server.log_text()[-3000:]


@pytest.fixture(scope="session")
def broker():
    """One real Kafka broker for all tests; a test that stops it starts it again."""
    from kafka import Broker

    node = Broker().start()
    yield node
    node.remove()
