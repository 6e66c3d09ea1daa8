"""Helpers of several test files."""

import errno
from contextlib import contextmanager

import pytest
from descriptors import no_leaked_descriptors

import csocket

# In seconds: long enough for an emulated machine. No test that passes waits so long.
PATIENCE = 20

# In seconds: the time in which a message would have arrived.
MOMENT = 0.2


@contextmanager
def os_error(*codes):
    """The block must raise an OSError with one of these numbers."""
    with pytest.raises(OSError) as info:
        yield
    assert info.value.errno in codes, errno.errorcode.get(info.value.errno)


@contextmanager
def accepted(listener):
    """The next connection, with a timeout, and its address."""
    server, address = listener.accept()
    with server:
        server.settimeout(PATIENCE)
        yield server, address


def assert_refused(sock, address, error):
    """Every call that takes an address refuses this one before it does anything."""
    calls = (
        lambda: sock.bind(address),
        lambda: sock.connect(address),
        lambda: sock.connect_ex(address),
        lambda: sock.sendto(b"x", address),
        lambda: sock.sendto(b"x", 0, address),
        lambda: sock.sendmsg([b"x"], [], 0, address),
    )
    with no_leaked_descriptors():
        for call in calls:
            with pytest.raises(error):
                call()


def with_recvfrom_into(sock, size, flags=0):
    room = bytearray(size)
    count, sender = sock.recvfrom_into(room, 0, flags)
    return bytes(room[:count]), sender


def with_recvmsg(sock, size, flags=0):
    data, _, _, sender = sock.recvmsg(size, 0, flags)
    return data, sender


def with_recvmsg_into(sock, size, flags=0):
    room = bytearray(size)
    count, _, _, sender = sock.recvmsg_into([room], 0, flags)
    return bytes(room[:count]), sender


# The calls that return the sender, each with the same arguments.
RECEIVING = (csocket.socket.recvfrom, with_recvfrom_into, with_recvmsg, with_recvmsg_into)


def receive(sock, size=65536):
    """A datagram and its sender, the same from each of the calls."""
    for call in RECEIVING[1:]:
        peeked = call(sock, size, csocket.MSG_PEEK)
        assert peeked == sock.recvfrom(size, csocket.MSG_PEEK)
    assert sock.recvfrom(size) == peeked
    return peeked


def assert_silent(sock):
    """Assert that nothing has arrived, and nothing arrives for a moment."""
    timeout = sock.gettimeout()
    sock.settimeout(MOMENT)
    with pytest.raises(TimeoutError):
        sock.recv(65536)
    sock.settimeout(timeout)
