"""Sockets that are closed or collected, and new ones, which may get their memory."""

import gc
import os
import sys
import weakref

import pytest
from support import is_open

import csocket

MANY = 50


class Cycle:
    """Only the garbage collector frees this."""

    def __init__(self, sock):
        self.sock = sock
        self.me = self


@pytest.fixture
def collection_on_request():
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collection_on_request")
def test_every_open_socket_is_closed_with_a_warning():
    """Also one in the memory of another socket that the collector finalized."""
    for _ in range(MANY):
        sock = csocket.socket()
        fd = sock.fileno()
        cycle = Cycle(sock)
        del sock, cycle
        with pytest.warns(ResourceWarning):
            gc.collect()
        assert not is_open(fd)


def test_a_new_socket_has_nothing_of_the_last():
    for _ in range(MANY):
        sock = csocket.socket()
        reference = weakref.ref(sock)
        assert sock.gettimeout() is None
        assert (sock.family, sock.type, sock.proto) == (csocket.AF_INET, csocket.SOCK_STREAM, 0)
        sock.settimeout(3)
        sock.close()
        del sock
        assert reference() is None
        a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
        with a, b, a.makefile("rb", 0):
            b.settimeout(0)
            a.send(bytes(5000))
            assert len(b.recv(6000)) == 5000


def test_a_failed_constructor_takes_nothing_along():
    for _ in range(MANY):
        with pytest.raises(OSError):
            csocket.socket(csocket.AF_INET, 99)
        sock = csocket.socket()
        assert is_open(sock.fileno())
        sock.close()


def test_sockets_are_tracked_and_their_type_counted():
    csocket.socket(csocket.AF_INET).close()
    before = sys.getrefcount(csocket.socket)
    for _ in range(MANY):
        socks = [csocket.socket() for _ in range(20)]
        assert all(gc.is_tracked(sock) for sock in socks)
        for sock in socks:
            sock.close()
        del sock, socks
    after = sys.getrefcount(csocket.socket)
    assert after == before


def test_subclasses_keep_their_own_attributes():
    class Named(csocket.socket):
        pass

    for number in range(MANY):
        with csocket.socket(), Named() as sock:
            assert not vars(sock)
            sock.number = number
        del sock


def test_detached_descriptors_outlive_the_object():
    for _ in range(MANY):
        fd = csocket.socket().detach()
        csocket.socket().close()
        assert is_open(fd)
        os.close(fd)
