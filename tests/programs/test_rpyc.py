"""rpyc: a server with threads, and clients that use its objects like local ones."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import rpyc
from rpyc.utils.server import ThreadedServer
from servers import accepts, wait_until

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30


class Squares(rpyc.Service):
    def exposed_square(self, n):
        return n * n

    def exposed_apply(self, function, numbers):
        return [function(n) for n in numbers]

    def exposed_fail(self):
        raise KeyError("no such thing")


@pytest.fixture
def server():
    server = ThreadedServer(Squares, hostname="127.0.0.1", port=0)
    thread = threading.Thread(target=server.start)
    thread.start()
    wait_until(lambda: accepts(("127.0.0.1", server.port)), "it listens")
    yield server
    server.close()
    thread.join(PATIENCE)


@pytest.fixture
def connection(server):
    with rpyc.connect("127.0.0.1", server.port) as connection:
        yield connection


def test_sockets_are_of_the_module_under_test(server, connection, assert_under_test):
    assert_under_test(server.listener)
    assert_under_test(connection._channel.stream.sock)


def test_calls_go_both_ways(connection):
    """The server calls a function of the client for each of the client's numbers."""
    seen = []

    def note(n):
        seen.append(n)
        return n + 1

    assert list(connection.root.apply(note, range(200))) == list(range(1, 201))
    assert seen == list(range(200))


def test_many_clients(server):
    def squares(start):
        with rpyc.connect("127.0.0.1", server.port) as connection:
            return [connection.root.square(n) for n in range(start, start + 50)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(squares, range(0, 1000, 50)))
    assert [square for part in found for square in part] == [n * n for n in range(1000)]


def test_errors_and_big_values_arrive(connection):
    with pytest.raises(KeyError, match="no such thing"):
        connection.root.fail()
    text = "é" * (2 << 20)
    assert list(connection.root.apply(len, [text])) == [len(text)]
    result = rpyc.async_(connection.root.square)(12)
    result.wait()
    assert result.value == 144
