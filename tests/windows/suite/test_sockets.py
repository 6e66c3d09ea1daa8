"""Sockets on Windows: handles, threads, files."""

import select
import selectors
import socket
import threading
import time

import pytest
from descriptors import handle_count

import csocket

ROUNDS = 10_000


@pytest.mark.parametrize("kind", [(2, 1), (2, 2), (23, 1), (23, 2)], ids=str)
def test_no_handle_is_lost(kind):
    for _ in range(10):
        csocket.socket(*kind).close()
    before = handle_count()
    for _ in range(ROUNDS):
        csocket.socket(*kind).close()
    assert handle_count() <= before + 2


def test_no_handle_of_a_pair_is_lost():
    for _ in range(10):
        [sock.close() for sock in csocket.socketpair()]
    before = handle_count()
    for _ in range(500):
        a, b = csocket.socketpair()
        a.dup().close()
        csocket.socket(fileno=b.detach()).close()
        a.close()
    assert handle_count() <= before + 2


@pytest.mark.parametrize(
    "wait",
    [
        lambda sock: sock.recv(1),
        lambda sock: sock.recv_into(bytearray(1)),
        lambda sock: sock.recvfrom(1),
        lambda sock: sock.makefile("rb").read(1),
    ],
)
@pytest.mark.parametrize("timeout", [None, 60])
def test_close_ends_a_waiting_call(pair, wait, timeout):
    raised = []

    def run():
        try:
            raised.append(wait(pair[0]))
        except OSError as error:
            raised.append(error)

    pair[0].settimeout(timeout)
    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.2)
    begun = time.monotonic()
    pair[0]._real_close()
    thread.join(30)
    assert not thread.is_alive()
    assert time.monotonic() - begun < 5
    assert [getattr(error, "winerror", error) for error in raised] == [10038]


def test_close_ends_accept(listener):
    raised = []

    def run():
        try:
            listener.accept()
        except OSError as error:
            raised.append(error.winerror)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.2)
    listener.close()
    thread.join(30)
    assert raised == [10038]


def test_a_thread_goes_on_while_another_waits(pair):
    got = []
    thread = threading.Thread(target=lambda: got.append(pair[0].recv(10)))
    thread.start()
    time.sleep(0.05)
    pair[1].sendall(b"now")
    thread.join(30)
    assert got == [b"now"]


def test_large_transfers(pair):
    data = bytes(range(256)) * 16384
    thread = threading.Thread(target=pair[0].sendall, args=(data,))
    thread.start()
    received = bytearray()
    while len(received) < len(data):
        received += pair[1].recv(1 << 20)
    thread.join(30)
    assert received == data


def test_select_takes_the_handle(pair):
    assert select.select([pair[0]], [pair[1]], [], 0)[:2] == ([], [pair[1]])
    pair[1].send(b"x")
    assert select.select([pair[0]], [], [], 5)[0] == [pair[0]]
    with selectors.DefaultSelector() as selector:
        selector.register(pair[0], selectors.EVENT_READ, "data")
        assert [key.data for key, _ in selector.select(5)] == ["data"]


def test_sendfile(pair, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789" * 1000)
    with open(path, "rb") as file:
        assert pair[0].sendfile(file, 5, 9990) == 9990
        assert file.tell() == 9995
    received = bytearray()
    while len(received) < 9990:
        received += pair[1].recv(9990)
    assert received == (b"0123456789" * 1000)[5:9995]


def test_makefile(pair):
    with pair[0].makefile("rwb") as one, pair[1].makefile("r", newline="\n") as other:
        one.write(b"a line\nanother\n")
        one.flush()
        assert [other.readline(), other.readline()] == ["a line\n", "another\n"]


@pytest.mark.parametrize("owner, user", [(csocket, socket), (socket, csocket)])
def test_handles_go_between_the_modules(owner, user):
    """A program uses both side by side."""
    a, b = owner.socketpair()
    with a, user.socket(fileno=b.detach()) as other:
        a.sendall(b"across")
        assert other.recv(10) == b"across"


def test_repr_and_fileno(pair):
    handle = pair[0].fileno()
    assert isinstance(handle, int)
    assert f"fd={handle}, family=2, type=1, proto=0" in repr(pair[0])
    pair[0].close()
    assert pair[0].fileno() == -1
    assert "[closed] fd=-1" in repr(pair[0])


@pytest.mark.parametrize("timeout, error", [(0.01, TimeoutError), (0, BlockingIOError)])
def test_timeouts(pair, timeout, error):
    pair[0].settimeout(timeout)
    for call in (lambda: pair[0].recv(1), lambda: pair[0].recvfrom_into(bytearray(1))):
        with pytest.raises(error):
            call()
    pair[0].settimeout(None)
    pair[1].send(b"x")
    assert pair[0].recv(1) == b"x"


def test_many_messages(closing):
    a, b = (closing(csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)) for _ in range(2))
    a.bind(("127.0.0.1", 0))
    b.bind(("127.0.0.1", 0))
    assert a.sendmmsg([(b"one", b.getsockname()), (b"two, cut", b.getsockname())]) == 2
    messages = []
    while len(messages) < 2:
        messages += b.recvmmsg(2, 3)
    assert [message[0] for message in messages] == [b"one", b"two"]
    assert [message[2] for message in messages] == [0, csocket.MSG_TRUNC]
    assert {message[3] for message in messages} == {a.getsockname()}
