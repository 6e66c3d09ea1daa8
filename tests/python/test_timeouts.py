"""Timeouts, the three modes of a socket, and who inherits which mode."""

import errno
import fcntl
import os
import struct
import threading
import time
from contextlib import contextmanager

import pytest
from support import Background, fill, full_listener, tcp_pair

import csocket

SHORT = 0.2
# What rounding and the clocks' grain may take away, and what a busy machine may add.
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


@pytest.fixture
def default_timeout():
    previous = csocket.getdefaulttimeout()
    yield csocket.setdefaulttimeout
    csocket.setdefaulttimeout(previous)


def is_nonblocking(fd):
    return bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK)


def mode_of(sock):
    """The timeout of a socket, whose mode and descriptor must agree with it."""
    assert sock.timeout == sock.gettimeout()
    assert sock.getblocking() is (sock.gettimeout() != 0)
    assert is_nonblocking(sock.fileno()) is (sock.gettimeout() is not None)
    return sock.gettimeout()


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
    """Every part that is sent in time does not begin the time again."""
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
    """Two wait, one gets what came: the other waits on until its time is up."""
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
    """The attempt is the kernel's: connecting again waits for its end."""
    with full_listener() as listener, csocket.socket() as sock:
        address = listener.getsockname()
        sock.settimeout(SHORT)
        with pytest.raises(TimeoutError):
            sock.connect(address)
        listener.accept()[0].close()
        sock.settimeout(LATE)
        sock.connect(address)
        assert sock.getpeername() == address


# Modes


def test_a_new_socket_blocks():
    with csocket.socket() as sock:
        assert mode_of(sock) is None


@pytest.mark.parametrize("timeout", [None, 0, 0.0, 1, 2.5, 1e-12, 9e9, True])
def test_settimeout(pair, timeout):
    a, _ = pair
    a.settimeout(timeout)
    expected = 1e-9 if timeout == 1e-12 else timeout
    assert mode_of(a) == expected
    assert type(a.gettimeout()) is (type(None) if timeout is None else float)


@pytest.mark.parametrize("flag, timeout", [(True, None), (1, None), (False, 0), (0, 0), ([], 0)])
def test_setblocking(pair, flag, timeout):
    a, _ = pair
    a.settimeout(5)
    a.setblocking(flag)
    assert mode_of(a) == timeout


@pytest.mark.parametrize(
    "timeout, exception",
    [
        (-1, ValueError),
        (-1e-12, ValueError),
        (float("nan"), ValueError),
        (float("inf"), OverflowError),
        (1e300, OverflowError),
        (2**63, OverflowError),
        (2**200, OverflowError),
        ("1", TypeError),
        (b"", TypeError),
        (1j, TypeError),
        ([], TypeError),
    ],
)
def test_refused_timeouts_change_nothing(pair, default_timeout, timeout, exception):
    a, _ = pair
    a.settimeout(5)
    with pytest.raises(exception):
        a.settimeout(timeout)
    assert mode_of(a) == 5
    with pytest.raises(exception):
        default_timeout(timeout)
    assert csocket.getdefaulttimeout() is None


def test_type_with_nonblocking_flag():
    with csocket.socket(type=csocket.SOCK_STREAM | csocket.SOCK_NONBLOCK) as sock:
        assert mode_of(sock) == 0
        assert sock.type == csocket.SOCK_STREAM


def test_mode_does_not_show_in_type(pair):
    a, _ = pair
    for timeout in (0, 1, None):
        a.settimeout(timeout)
        assert a.type == csocket.SOCK_STREAM


def test_dup_keeps_the_timeout(pair):
    a, _ = pair
    for timeout in (0, 1.5, None):
        a.settimeout(timeout)
        with a.dup() as copy:
            assert mode_of(copy) == timeout


def test_new_sockets_have_the_default_timeout(default_timeout, pair):
    default_timeout(7)
    assert csocket.getdefaulttimeout() == 7.0
    with csocket.socket() as sock, csocket.fromfd(pair[0].fileno(), 1, 1) as copy:
        assert mode_of(sock) == mode_of(copy) == 7
    for sock in csocket.socketpair():
        with sock:
            assert mode_of(sock) == 7
    default_timeout(None)
    with csocket.socket() as sock:
        assert mode_of(sock) is None


def test_default_timeout_and_create_connection(default_timeout):
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        default_timeout(7)
        with csocket.create_connection(listener.getsockname()) as sock:
            assert mode_of(sock) == 7
        with csocket.create_connection(listener.getsockname(), 3) as sock:
            assert mode_of(sock) == 3
        with csocket.create_connection(listener.getsockname(), None) as sock:
            assert mode_of(sock) is None


@pytest.mark.parametrize("default", [None, 0, 4])
@pytest.mark.parametrize("timeout", [None, 0, 5])
def test_mode_of_accepted_sockets(default_timeout, timeout, default):
    """The default timeout if there is one; else blocking, whatever the listener's mode."""
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        with csocket.create_connection(listener.getsockname()):
            listener.settimeout(timeout)
            default_timeout(default)
            connection, _ = listener.accept()
            with connection:
                assert mode_of(connection) == default


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
