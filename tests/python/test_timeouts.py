"""Timeouts of every call that waits: one deadline for the whole call."""

import errno
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from support import Background, fill, full_listener, tcp_pair

import csocket

SHORT = 0.2
# In seconds: how early a call may end, because of rounding and the resolution of clocks; and how
# late, on a busy machine.
EARLY = 0.01
LATE = 10


@contextmanager
def takes(seconds):
    begin = time.monotonic()
    yield
    elapsed = time.monotonic() - begin
    assert seconds - EARLY <= elapsed < seconds + LATE


@pytest.fixture
def pair():
    a, b = csocket.socketpair()
    with a, b:
        yield a, b


# Time that runs out

CALLS_THAT_RECEIVE = {
    "recv": lambda sock: sock.recv(1),
    "recv of much": lambda sock: sock.recv(1 << 20),
    "recv_into": lambda sock: sock.recv_into(bytearray(1)),
    "recvfrom": lambda sock: sock.recvfrom(1),
    "recvfrom_into": lambda sock: sock.recvfrom_into(bytearray(1)),
    "recvmsg": lambda sock: sock.recvmsg(1),
    "recvmsg_into": lambda sock: sock.recvmsg_into([bytearray(1)]),
    "makefile": lambda sock: sock.makefile("rb", 0).read(1),
}

CALLS_THAT_SEND = {
    "send": lambda sock: sock.send(b"x"),
    "send of much": lambda sock: sock.send(b"x" * (1 << 20)),
    "sendall": lambda sock: sock.sendall(b"x"),
    "sendmsg": lambda sock: sock.sendmsg([b"x"]),
    "makefile": lambda sock: sock.makefile("wb", 0).write(b"x"),
}


def check_time_out(call, sock):
    sock.settimeout(SHORT)
    with takes(SHORT), pytest.raises(TimeoutError) as info:
        call(sock)
    assert info.type is csocket.timeout
    assert info.value.args == ("timed out",)
    assert info.value.errno is None


@pytest.mark.parametrize("call", CALLS_THAT_RECEIVE)
def test_receiving_times_out(pair, call):
    check_time_out(CALLS_THAT_RECEIVE[call], pair[0])


@pytest.mark.parametrize("call", CALLS_THAT_SEND)
def test_sending_times_out(pair, call):
    fill(pair[0])
    check_time_out(CALLS_THAT_SEND[call], pair[0])


def test_accept_times_out():
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        check_time_out(lambda sock: sock.accept(), listener)


def test_connect_times_out():
    with full_listener() as listener, csocket.socket() as sock:
        check_time_out(lambda sock: sock.connect(listener.getsockname()), sock)


def test_connect_ex_times_out():
    with full_listener() as listener, csocket.socket() as sock:
        sock.settimeout(SHORT)
        with takes(SHORT):
            assert sock.connect_ex(listener.getsockname()) == errno.EAGAIN


def test_create_connection_times_out():
    with full_listener() as listener:
        with takes(SHORT), pytest.raises(TimeoutError, match="^timed out$"):
            csocket.create_connection(listener.getsockname(), SHORT)


@pytest.mark.parametrize("call", {**CALLS_THAT_RECEIVE, "accept": None})
def test_nonblocking_mode_fails_at_once(pair, call):
    if call == "makefile":
        pair[0].setblocking(False)
        assert CALLS_THAT_RECEIVE[call](pair[0]) is None
        return
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        sock = listener if call == "accept" else pair[0]
        sock.setblocking(False)
        with pytest.raises(BlockingIOError) as info:
            sock.accept() if call == "accept" else CALLS_THAT_RECEIVE[call](sock)
        assert info.value.errno == errno.EAGAIN


# One deadline


def test_sendall_has_one_deadline_for_all():
    """Sending a part in time does not start the timeout again."""
    done = threading.Event()

    def receive_slowly(sock):
        while not done.wait(SHORT / 10):
            sock.recv(4096)

    with tcp_pair() as (a, b):
        a.settimeout(2 * SHORT)
        receiver = Background(receive_slowly, b)
        try:
            with takes(2 * SHORT), pytest.raises(TimeoutError, match="^timed out$"):
                a.sendall(b"x" * (64 << 20))
        finally:
            done.set()
        receiver.result()


def test_wake_up_by_what_another_takes_away(pair):
    """Two threads wait, and one gets the data. The other waits until its timeout."""
    a, b = pair
    a.settimeout(2 * SHORT)
    start = threading.Barrier(3)

    def attempt():
        start.wait()
        begin = time.monotonic()
        try:
            return a.recv(1), 0
        except TimeoutError:
            return b"", time.monotonic() - begin

    threads = [Background(attempt) for _ in range(2)]
    start.wait()
    time.sleep(SHORT / 2)
    b.send(b"x")
    winner, loser = sorted((thread.result() for thread in threads), reverse=True)
    assert winner[0] == b"x"
    assert loser[0] == b""
    assert loser[1] >= 2 * SHORT - EARLY


def test_connecting_goes_on_after_a_timeout():
    """The kernel continues the attempt. Connecting again waits for its end."""
    with full_listener() as listener, csocket.socket() as sock:
        address = listener.getsockname()
        sock.settimeout(SHORT)
        with pytest.raises(TimeoutError):
            sock.connect(address)
        listener.accept()[0].close()
        sock.settimeout(LATE)
        sock.connect(address)
        assert sock.getpeername() == address


@contextmanager
def full_unix_listener():
    """A listener without room for another connection, and the connection that it has."""
    with csocket.socket(csocket.AF_UNIX) as listener, csocket.socket(csocket.AF_UNIX) as first:
        listener.bind("")
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener


def test_connecting_to_a_full_unix_backlog_times_out():
    with full_unix_listener() as listener, csocket.socket(csocket.AF_UNIX) as sock:
        address = listener.getsockname()
        check_time_out(lambda sock: sock.connect(address), sock)
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.connect(address)


def test_connecting_to_a_full_unix_backlog_waits_for_room():
    with full_unix_listener() as listener, csocket.socket(csocket.AF_UNIX) as sock:
        sock.settimeout(LATE)
        connecting = Background(sock.connect, listener.getsockname())
        time.sleep(SHORT)
        listener.accept()[0].close()
        connecting.result()
        listener.accept()[0].close()


# The kernel's own limits


@pytest.mark.parametrize("call", CALLS_THAT_RECEIVE)
def test_rcvtimeo_of_a_blocking_socket(pair, call):
    a, _ = pair
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_RCVTIMEO, struct.pack("ll", 0, 50_000))
    if call == "makefile":
        assert CALLS_THAT_RECEIVE[call](a) is None
        return
    with takes(0.05), pytest.raises(BlockingIOError):
        CALLS_THAT_RECEIVE[call](a)


def test_sndtimeo_of_a_blocking_socket(pair):
    a, _ = pair
    fill(a)
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDTIMEO, struct.pack("ll", 0, 50_000))
    for call in (lambda: a.send(b"x"), lambda: a.sendall(b"x"), lambda: a.sendmsg([b"x"])):
        with takes(0.05), pytest.raises(BlockingIOError):
            call()
