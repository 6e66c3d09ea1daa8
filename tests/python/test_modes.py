"""The three modes of a socket: blocking, with a timeout, non-blocking; and who inherits which."""

import contextlib
import fcntl
import os
import signal

import pytest
from support import PATIENCE

import csocket


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
    """The timeout of a socket. The mode of the socket and its descriptor must agree with it."""
    assert sock.timeout == sock.gettimeout()
    assert sock.getblocking() is (sock.gettimeout() != 0)
    assert is_nonblocking(sock.fileno()) is (sock.gettimeout() is not None)
    return sock.gettimeout()


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
        (2 * 10**10, OverflowError),
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
    for before in (None, 0, 3.0):
        a.settimeout(before)
        with pytest.raises(exception):
            a.settimeout(timeout)
        assert mode_of(a) == before
        default_timeout(before)
        with pytest.raises(exception):
            default_timeout(timeout)
        assert csocket.getdefaulttimeout() == before


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


@contextlib.contextmanager
def ended_by_alarm():
    """If a call waits in the kernel for ever, the alarm ends it, and the test fails."""

    def handler(*_):
        raise AssertionError("the call does not end")

    previous = signal.signal(signal.SIGALRM, handler)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


@pytest.mark.parametrize("other_timeout", [None, 0, 5])
@pytest.mark.parametrize("timeout, exception", [(0, BlockingIOError), (0.05, TimeoutError)])
def test_accept_keeps_to_its_own_mode(timeout, exception, other_timeout):
    """Processes that share a listener, as after fork(), share the mode of its file description. An
    accept() that blocked in the kernel with the GIL held would stop all threads."""
    with csocket.create_server(("127.0.0.1", 0)) as listener, listener.dup() as other:
        listener.settimeout(timeout)
        other.settimeout(other_timeout)
        with ended_by_alarm():
            for _ in range(10):
                with pytest.raises(exception):
                    listener.accept()
            with csocket.create_connection(listener.getsockname()):
                listener.accept()[0].close()
