"""multiprocessing on csocket: its connections by TCP, and the sockets that it sends by share()."""

import multiprocessing
import socket
import threading
from multiprocessing import managers, reduction
from multiprocessing.connection import Client, Listener, wait

import pytest

PATIENCE = 120


@pytest.fixture
def pair():
    """A connection by TCP, from a Listener of multiprocessing to a Client."""
    with Listener(("127.0.0.1", 0), authkey=b"key") as listener:
        clients = []
        thread = threading.Thread(target=lambda: clients.append(Client(listener.address, authkey=b"key")))
        thread.start()
        with listener.accept() as server:
            thread.join(PATIENCE)
            with clients[0] as client:
                yield server, client


def test_a_connection(pair):
    server, client = pair
    client.send({"data": list(range(10_000))})
    assert server.poll(PATIENCE)
    assert server.recv()["data"][-1] == 9999
    server.send_bytes(b"x" * 100_000)
    assert wait([client], PATIENCE) == [client]
    assert client.recv_bytes() == b"x" * 100_000


def test_another_key_is_refused():
    with Listener(("127.0.0.1", 0), authkey=b"key") as listener:
        refused = []

        def connect():
            try:
                Client(listener.address, authkey=b"other")
            except multiprocessing.AuthenticationError as error:
                refused.append(error)

        thread = threading.Thread(target=connect)
        thread.start()
        with pytest.raises(multiprocessing.AuthenticationError):
            listener.accept()
        thread.join(PATIENCE)
        assert len(refused) == 1


def shout(queue, connection):
    """Runs in a child: answers on the socket in the queue, which may be used up there."""
    sock = queue.get(timeout=PATIENCE)
    connection.send(socket.__name__)
    with sock:
        sock.sendall(sock.recv(100).upper())


def test_a_socket_in_a_queue():
    """A child takes it from the parent, which has to live as long."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    ours, theirs = context.Pipe()
    child = context.Process(target=shout, args=(queue, theirs))
    child.start()
    a, b = socket.socketpair()
    with a, b:
        queue.put(b)
        assert ours.poll(PATIENCE)
        assert ours.recv() == "csocket"
        a.sendall(b"loud")
        a.settimeout(PATIENCE)
        assert a.recv(100) == b"LOUD"
    child.join(PATIENCE)
    assert child.exitcode == 0
    queue.close()


def test_a_duplicate_in_this_process():
    """What multiprocessing.reduction sends in place of a socket: here the receiver is this process."""
    a, b = socket.socketpair()
    with a, b, reduction.ForkingPickler.loads(reduction.ForkingPickler.dumps(b)) as again:
        assert type(again) is socket.socket
        assert again.fileno() != b.fileno()
        again.sendall(b"by another handle")
        assert a.recv(100) == b"by another handle"


def test_a_connection_is_sent(pair):
    server, client = pair
    with reduction.ForkingPickler.loads(reduction.ForkingPickler.dumps(client)) as again:
        again.send("again")
        assert server.recv() == "again"


class Remote(managers.BaseManager):
    pass


Remote.register("sum", callable=sum)


def test_a_manager_by_tcp():
    with Remote(("127.0.0.1", 0), authkey=b"key") as manager:
        assert manager.address[0] == "127.0.0.1"
        other = Remote(manager.address, authkey=b"key")
        other.connect()
        # What a manager returns is a proxy.
        assert str(other.sum([1, 2, 3])) == "6"
