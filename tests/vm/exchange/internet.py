"""Helpers for the exchanges of transports over INET and INET6."""

from contextlib import contextmanager

import pytest
from support import PATIENCE

import csocket

HOSTS = {csocket.AF_INET: "127.0.0.1", csocket.AF_INET6: "::1"}

over_both = pytest.mark.parametrize("family", HOSTS, ids=["INET", "INET6"])


def loopback(family, port=0):
    """The loopback address, in the form that the calls return."""
    rest = (0, 0) if family == csocket.AF_INET6 else ()
    return (HOSTS[family], port, *rest)


def pattern(length):
    return bytes(number * 7 % 256 for number in range(length))


@contextmanager
def listener(*kind, prepare=lambda sock: None):
    """A socket that listens on the loopback interface."""
    with csocket.socket(*kind) as sock:
        sock.settimeout(PATIENCE)
        prepare(sock)
        sock.bind((HOSTS[kind[0]], 0))
        sock.listen()
        assert sock.getsockname() == loopback(kind[0], sock.getsockname()[1])
        assert sock.getsockname()[1] > 0
        yield sock


@contextmanager
def connection(*kind, client_kind=None, prepare=lambda sock: None):
    """Both ends of a connection. Each has the other's address as its peer."""
    with (
        listener(*kind, prepare=prepare) as server,
        csocket.socket(*(client_kind or kind)) as client,
    ):
        client.settimeout(PATIENCE)
        prepare(client)
        client.connect(server.getsockname())
        accepted, peer = server.accept()
        with accepted:
            accepted.settimeout(PATIENCE)
            assert client.getpeername() == server.getsockname() == accepted.getsockname()
            assert client.getsockname() == accepted.getpeername() == peer
            assert peer == loopback(kind[0], peer[1])
            for sock in server, client, accepted:
                assert (sock.family, sock.type) == kind[:2]
            yield client, accepted


def receive_exactly(sock, length):
    data = b""
    while len(data) < length and (part := sock.recv(length - len(data))):
        data += part
    return data


def exchange(client, server, data):
    """Send data both ways, as a stream. No call returns an address other than the connection's."""
    for sender, receiver in (client, server), (server, client):
        sender.sendall(data)
        assert receive_exactly(receiver, len(data)) == data
        assert sender.sendmsg([data[:10], data[10:20]]) == 20
        assert receive_exactly(receiver, 20) == data[:20]
