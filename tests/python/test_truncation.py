"""MSG_TRUNC in every call that receives, with less room than the datagram needs.

The flag asks for the datagram's length. A call that returns a number returns that length. A call
that returns bytes must not return bytes that were never sent.
"""

import socket as stock
import sys

import pytest
from datagrams import datagram_pair
from support import tcp_pair

import csocket

TRUNC = csocket.MSG_TRUNC
SENT = b"hello"
ROOM = 3


def into(receive):
    """A call that receives into a buffer: returns its result, and the content of the buffer."""

    def call(sock):
        buffer = bytearray(b"-" * ROOM)
        return receive(sock, buffer), bytes(buffer)

    return call


# Calls that both modules have, with the same results.
SHARED = {
    "recvmsg": (lambda s: s.recvmsg(ROOM, 0, TRUNC)[0], b"hel"),
    "recv_into": (into(lambda s, b: s.recv_into(b, 0, TRUNC)), (5, b"hel")),
    "recvfrom_into": (into(lambda s, b: s.recvfrom_into(b, 0, TRUNC)[0]), (5, b"hel")),
    "recvmsg_into": (into(lambda s, b: s.recvmsg_into([b], 0, TRUNC)[0]), (5, b"hel")),
}

# Calls that only csocket has, or that show foreign memory on stock (see docs/differences.md).
OWN = {
    "recv": (lambda s: s.recv(ROOM, TRUNC), b"hel\0\0"),
    "recvfrom": (lambda s: s.recvfrom(ROOM, TRUNC)[0], b"hel\0\0"),
    "recvmmsg": (lambda s: s.recvmmsg(1, ROOM, TRUNC)[0][0], b"hel"),
    "recvmmsg_into": (into(lambda s, b: s.recvmmsg_into([b], TRUNC)[0][0]), (5, b"hel")),
    "recv_segments": (lambda s: s.recv_segments(ROOM, TRUNC)[0], [b"hel"]),
    "recv_segments_into": (
        into(lambda s, b: s.recv_segments_into(b, 0, TRUNC)[:2]),
        ((5, 5), b"hel"),
    ),
}

CALLS = SHARED | OWN

FAMILIES = pytest.mark.parametrize(
    "family", [csocket.AF_UNIX, csocket.AF_INET], ids=["unix", "udp"]
)


def leave_something_behind(a, b):
    """Fill all memory into which the next call may receive."""
    for size in (ROOM, len(SENT)):
        a.send(b"#" * size)
        assert b.recv(size) == b"#" * size
        a.send(b"#" * size)
        assert b.recvmmsg(1, size)[0][0] == b"#" * size


@FAMILIES
@pytest.mark.parametrize("name", CALLS)
def test_what_does_not_fit(family, name):
    call, expected = CALLS[name]
    with datagram_pair(family) as (a, b):
        for _ in range(3):
            leave_something_behind(a, b)
            a.send(SENT)
            assert call(b) == expected


@FAMILIES
@pytest.mark.parametrize("name", SHARED)
def test_as_pythons_own(family, name):
    call, expected = SHARED[name]
    with datagram_pair(family) as (a, b):
        with stock.socket(b.family, b.type, fileno=b.detach()) as other:
            a.send(SENT)
            if name == "recvmsg" and sys.version_info >= (3, 15):
                # It checks the length after the datagram is gone.
                with pytest.raises(ValueError):
                    call(other)
            else:
                assert call(other) == expected


@FAMILIES
@pytest.mark.parametrize("name", ["recvmsg", "recvmmsg"])
def test_the_flags_tell(family, name):
    with datagram_pair(family) as (a, b):
        a.send(SENT)
        message = b.recvmsg(ROOM, 0, TRUNC) if name == "recvmsg" else b.recvmmsg(1, ROOM, TRUNC)[0]
        assert message[2] & TRUNC


@FAMILIES
def test_a_file_cuts(family):
    """The methods of a file take no flags, so they cut a datagram off."""
    with datagram_pair(family) as (a, b), b.makefile("rb", 0) as file:
        a.send(SENT)
        assert file.read(ROOM) == b"hel"
        a.send(SENT)
        assert into(lambda _, buffer: file.readinto(buffer))(None) == (ROOM, b"hel")


@pytest.mark.parametrize("name", ["recv", "recvfrom", "recvmsg"])
def test_of_a_stream_the_kernel_writes_nothing(name):
    """TCP discards the bytes, and leaves the buffer unchanged."""
    with tcp_pair() as (a, b):
        for size in (ROOM, 2000, 10_000):
            a.sendall(b"#" * size)
            assert b.recv(size, csocket.MSG_WAITALL) == b"#" * size
            a.sendall(b"x" * size)
            b.recv(size, csocket.MSG_PEEK | csocket.MSG_WAITALL)
            arguments = (size, 0, TRUNC) if name == "recvmsg" else (size, TRUNC)
            answer = getattr(b, name)(*arguments)
            data = answer if name == "recv" else answer[0]
            assert data.strip(b"\0") == b""
