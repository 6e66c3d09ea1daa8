"""Python code cannot reach the objects that csocket keeps for reuse."""

import contextlib
import gc

import pytest
from datagrams import HOSTS
from support import WITHOUT_GIL

import csocket

CALLS = {
    "recv": lambda sock: sock.recv(100),
    "recvfrom": lambda sock: sock.recvfrom(100),
    "recvfrom_into": lambda sock: sock.recvfrom_into(bytearray(100)),
    "recvmsg": lambda sock: sock.recvmsg(100, 100),
    "recvmsg_into": lambda sock: sock.recvmsg_into([bytearray(100)], 100),
    "recvmmsg": lambda sock: sock.recvmmsg(1, 100),
    "recvmmsg_into": lambda sock: sock.recvmmsg_into([bytearray(100)]),
    "recv_segments": lambda sock: sock.recv_segments(),
    "recv_segments_into": lambda sock: sock.recv_segments_into(bytearray(100)),
    "getsockname": lambda sock: sock.getsockname(),
}

FAMILIES = pytest.mark.parametrize(
    "family",
    [csocket.AF_INET, csocket.AF_INET6, csocket.AF_UNIX],
    ids=["inet", "inet6", "unix"],
)


@contextlib.contextmanager
def named_pair(family, tmp_path):
    """Two datagram sockets with different addresses."""
    with csocket.socket(family, csocket.SOCK_DGRAM) as a:
        with csocket.socket(family, csocket.SOCK_DGRAM) as b:
            for name, sock in (("a", a), ("b", b)):
                path = str(tmp_path / name)
                sock.bind(path if family == csocket.AF_UNIX else HOSTS[family])
            yield a, b


def contains(thing, marks):
    """Whether one of the marks is among the thing's items, or among their items."""
    return any(
        contains(item, marks) if type(item) is tuple else type(item) in (bytes, str) and item in marks
        for item in thing
    )


def found(marks):
    """The tuples and lists with these marks that the garbage collector knows."""
    things = [thing for thing in gc.get_objects() if type(thing) in (tuple, list)]
    return [thing for thing in things if contains(thing, marks)]


@FAMILIES
@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_found(family, name, tmp_path):
    # Computed, so that the constants of this code do not contain it.
    data = b"%d, which nobody has any more" % id(tmp_path)
    with named_pair(family, tmp_path) as (a, b):
        for _ in range(5):
            a.sendto(data, b.getsockname())
            CALLS[name](b)
        marks = {data, a.getsockname() if family == csocket.AF_UNIX else data}
        assert not found(marks)
        assert not contains(gc.get_referents(csocket._csocket), marks)


@pytest.mark.skipif(WITHOUT_GIL, reason="without a GIL an address is left to its thread")
def test_addresses_that_are_kept():
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        for _ in range(3):
            sock.sendto(b"x", ("127.0.0.1", int(str(port))))
            assert sock.recvfrom(1)[1] == sock.getsockname()
        wanted = "127.0.0.1", port
        for thing in gc.get_objects():
            if type(thing) is tuple and [type(item) for item in thing] == [str, int]:
                assert thing is wanted or thing != wanted


def test_what_the_caller_holds_is_still_collected():
    """A message contains a list, which may become part of a cycle."""
    a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)

    class Witness:
        alive = 0

        def __init__(self):
            Witness.alive += 1

        def __del__(self):
            Witness.alive -= 1

    with a, b:
        for _ in range(10):
            a.send(b"x")
            message = b.recvmsg(1)
            message[1].extend((message, Witness()))
            del message
        gc.collect()
    assert Witness.alive == 0
