"""MSG_TRUNC: every call that receives, with less room than the datagram takes.

The flag asks for the datagram's length. Where a call returns a number, that is it. Where it returns
bytes, nothing may be among them that nobody has sent.
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
    """A call that receives into a buffer: what it returns, and what the buffer then has."""

    def call(sock):
        buffer = bytearray(b"-" * ROOM)
        return receive(sock, buffer), bytes(buffer)

    return call


# What both modules have, and give the same for.
SHARED = {
    "recvmsg": (lambda s: s.recvmsg(ROOM, 0, TRUNC)[0], b"hel"),
    "recv_into": (into(lambda s, b: s.recv_into(b, 0, TRUNC)), (5, b"hel")),
    "recvfrom_into": (into(lambda s, b: s.recvfrom_into(b, 0, TRUNC)[0]), (5, b"hel")),
    "recvmsg_into": (into(lambda s, b: s.recvmsg_into([b], 0, TRUNC)[0]), (5, b"hel")),
}

# What is csocket's alone, or shows foreign memory on Python's own (see docs/differences.md).
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
    """In all memory that may be received into next."""
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
                # It looks at the length when the datagram is gone.
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
    """It has no flags."""
    with datagram_pair(family) as (a, b), b.makefile("rb", 0) as file:
        a.send(SENT)
        assert file.read(ROOM) == b"hel"
        a.send(SENT)
        assert into(lambda _, buffer: file.readinto(buffer))(None) == (ROOM, b"hel")


@pytest.mark.parametrize("name", ["recv", "recvfrom", "recvmsg"])
def test_of_a_stream_the_kernel_writes_nothing(name):
    """TCP throws away so many bytes, and leaves the room as it was."""
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
