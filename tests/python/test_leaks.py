"""Nothing leaks: descriptors, references and memory are the same at the end.

Rounds of create, connect, send, fail and close, for each kind of socket.
"""

import gc
import os
import struct

import pytest
from leaks import check_no_growth, expect
from support import needs_mortal_classes

import csocket

ROUNDS = 10_000

needs_ipv6 = pytest.mark.skipif(
    not os.path.exists("/proc/net/if_inet6"), reason="the kernel has no IPv6"
)


def address_for(family, tmp_path):
    if family == csocket.AF_UNIX:
        return str(tmp_path / "socket")
    return "127.0.0.1" if family == csocket.AF_INET else "::1", 0


def use(a, b):
    """Send, receive, and fail, in all modes."""
    a.send(b"data")
    assert b.recv(10) == b"data"
    b.settimeout(1e-6)
    expect(TimeoutError, b.recv, 10)
    b.setblocking(False)
    expect(BlockingIOError, b.recv, 10)
    expect(TypeError, a.send, "text")
    expect(ValueError, b.recv, -1)


FAMILIES = [
    pytest.param(csocket.AF_INET, id="inet"),
    pytest.param(csocket.AF_INET6, marks=needs_ipv6, id="inet6"),
    pytest.param(csocket.AF_UNIX, id="unix"),
]

# Resets the connection on close. Otherwise the ports in TIME_WAIT would run out.
NO_LINGER = csocket.SOL_SOCKET, csocket.SO_LINGER, struct.pack("ii", 1, 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_rounds_of_stream_sockets(family, tmp_path):
    listener = csocket.socket(family)
    listener.bind(address_for(family, tmp_path))
    listener.listen()
    address = listener.getsockname()

    def play():
        with csocket.socket(family) as client:
            client.connect(address)
            server, _ = listener.accept()
            with server:
                use(client, server)
                client.setsockopt(*NO_LINGER)

    with listener:
        check_no_growth(play, ROUNDS, 100)


@pytest.mark.parametrize("family", FAMILIES)
def test_rounds_of_datagram_sockets(family, tmp_path):
    with csocket.socket(family, csocket.SOCK_DGRAM) as receiver:
        receiver.bind(address_for(family, tmp_path))
        address = receiver.getsockname()

        def play():
            with csocket.socket(family, csocket.SOCK_DGRAM) as sender:
                sender.connect(address)
                sender.sendto(b"more", address) if family != csocket.AF_UNIX else sender.send(b"")
                receiver.recvfrom(10)
                use(sender, receiver)
                receiver.setblocking(True)

        check_no_growth(play, ROUNDS, 100)


@pytest.mark.parametrize("family", FAMILIES)
def test_rounds_of_failing_connections(family, tmp_path):
    # Bound but never listening: no other socket can get the port, not even by connecting from it.
    with csocket.socket(family) as refusing:
        refusing.bind(address_for(family, tmp_path))
        address = refusing.getsockname()

        def play():
            with csocket.socket(family) as sock:
                expect(ConnectionRefusedError, sock.connect, address)
                assert sock.connect_ex(address) != 0
                expect(OSError, sock.send, b"x")
                expect(TypeError, sock.connect, 5)

        check_no_growth(play, ROUNDS, 100)


def test_rounds_of_pairs_and_files():
    def play():
        a, b = csocket.socketpair()
        with a, b, a.makefile("wb") as writer, b.makefile("rb") as reader:
            writer.write(b"line\n")
            writer.flush()
            assert reader.readline() == b"line\n"

    check_no_growth(play, ROUNDS, 100)


@pytest.fixture
def soon_collected():
    """Otherwise 3.13 lets more garbage gather than a user may have descriptors, which is 1024."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200)
    yield
    gc.set_threshold(*thresholds)


@needs_mortal_classes
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_rounds_of_sockets_that_nobody_closes(soon_collected):
    class Subclass(csocket.socket):
        pass

    def play():
        csocket.socket()
        cyclic = Subclass()
        cyclic.cycle = cyclic
        expect(OSError, csocket.socket, 12345)

    check_no_growth(play, ROUNDS, 100)
