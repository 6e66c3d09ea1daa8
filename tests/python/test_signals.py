"""Signals during calls that wait (PEP 475).

The handler runs at once. If it returns, the call goes on for the rest of its time. If it raises,
the call ends with this exception. Nothing is lost or sent twice.
"""

import signal
import time
from contextlib import ExitStack, contextmanager

import pytest
from support import (
    PATIENCE,
    SIGNAL_INTERVAL,
    WITH_AND_WITHOUT_TIMEOUT,
    drain,
    fill,
    full_listener,
    signals,
)

import csocket

RUNS_BEFORE_RELEASE = 3


class Stop(Exception):
    pass


# Each case yields a call that waits, a function that ends its wait, and a check of the call's
# result. The function may be called more than once.


def receiving(call, expected):
    @contextmanager
    def case(timeout, _):
        a, b = csocket.socketpair()
        with a, b:
            a.settimeout(timeout)
            yield lambda: call(a), lambda: b.send(b"x"), lambda result: result == expected

    return case


def sending(call, expected):
    @contextmanager
    def case(timeout, tmp_path):
        a, b = csocket.socketpair()
        with a, b:
            fill(a)
            a.settimeout(timeout)
            yield lambda: call(a, tmp_path), lambda: drain(b), lambda result: result == expected

    return case


def sendfile(sock, tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"content" * 100_000)
    with path.open("rb") as file:
        return sock.sendfile(file), file.tell()


@contextmanager
def sending_to(timeout, tmp_path):
    path = str(tmp_path / "receiver")
    with ExitStack() as stack:
        a, b = (
            stack.enter_context(csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM))
            for _ in range(2)
        )
        b.bind(path)
        fill(a, path)
        a.settimeout(timeout)
        yield lambda: a.sendto(b"x", path), lambda: drain(b), lambda result: result == 1


@contextmanager
def accepting(timeout, _):
    with csocket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as clients:
        listener.settimeout(timeout)

        def release():
            clients.enter_context(csocket.create_connection(listener.getsockname()))

        def check(result):
            with result[0] as connection:
                return connection.getpeername() == result[1]

        yield listener.accept, release, check


def accept_one(listener, accepted):
    if not accepted:
        accepted.append(listener.accept()[0])


@contextmanager
def connecting(timeout, _):
    accepted = []
    with full_listener() as listener, csocket.socket() as sock:
        sock.settimeout(timeout)
        address = listener.getsockname()
        yield (
            lambda: sock.connect(address),
            lambda: accept_one(listener, accepted),
            lambda result: result is None and sock.getpeername() == address,
        )
        for connection in accepted:
            connection.close()


@contextmanager
def creating_connection(timeout, _):
    accepted = []
    with full_listener() as listener:
        address = listener.getsockname()

        def check(result):
            with result:
                return result.getpeername() == address and result.gettimeout() == timeout

        yield (
            lambda: csocket.create_connection(address, timeout),
            lambda: accept_one(listener, accepted),
            check,
        )
        for connection in accepted:
            connection.close()


def reading_file(sock):
    with sock.makefile("rb") as file:
        return file.read(1)


def received_into(method):
    def call(sock):
        buffer = bytearray(5)
        return getattr(sock, method)(buffer), bytes(buffer)

    return call


CASES = {
    "recv": receiving(lambda a: a.recv(10), b"x"),
    "recv_into": receiving(received_into("recv_into"), (1, b"x\0\0\0\0")),
    "recvfrom": receiving(lambda a: a.recvfrom(10), (b"x", None)),
    "recvfrom_into": receiving(received_into("recvfrom_into"), ((1, None), b"x\0\0\0\0")),
    "recvmsg": receiving(lambda a: a.recvmsg(10, 100), (b"x", [], 0, None)),
    "recvmsg_into": receiving(lambda a: a.recvmsg_into([bytearray(10)]), (1, [], 0, None)),
    "recv_fds": receiving(lambda a: csocket.recv_fds(a, 10, 1), (b"x", [], 0, None)),
    "makefile.read": receiving(reading_file, b"x"),
    "send": sending(lambda a, _: a.send(b"x"), 1),
    "sendall": sending(lambda a, _: a.sendall(b"x" * 1_000_000), None),
    "sendmsg": sending(lambda a, _: a.sendmsg([b"x", b"y"]), 2),
    "sendfile": sending(sendfile, (700_000, 700_000)),
    "sendto": sending_to,
    "accept": accepting,
    "connect": connecting,
    "create_connection": creating_connection,
}

all_cases = pytest.mark.parametrize("name", CASES)


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@all_cases
def test_call_goes_on(name, timeout, tmp_path):
    """A handler that returns runs at once, and the call goes on."""
    runs = 0
    with CASES[name](timeout, tmp_path) as (call, release, check):

        def handler():
            nonlocal runs
            runs += 1
            if runs >= RUNS_BEFORE_RELEASE:
                release()

        with signals(handler):
            result = call()
        assert check(result), result
    assert runs >= RUNS_BEFORE_RELEASE


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@all_cases
def test_exception_ends_the_call(name, timeout, tmp_path):
    """The call raises the handler's exception, and needs no further signal to do so."""
    runs = 0

    def handler():
        nonlocal runs
        runs += 1
        if runs == RUNS_BEFORE_RELEASE:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise Stop

    with CASES[name](timeout, tmp_path) as (call, _, _):
        with signals(handler), pytest.raises(Stop):
            call()
    # On a busy machine one more signal may be pending when the timer stops.
    assert runs - RUNS_BEFORE_RELEASE in (0, 1)


@all_cases
def test_signals_do_not_stretch_the_timeout(name, tmp_path):
    """A signal before the deadline does not start the timeout again."""
    runs = 0

    def handler():
        nonlocal runs
        runs += 1
        # Only a call that starts its timeout again gets here.
        if runs == PATIENCE / SIGNAL_INTERVAL:
            raise Stop

    with CASES[name](10 * SIGNAL_INTERVAL, tmp_path) as (call, _, _):
        begin = time.monotonic()
        with signals(handler), pytest.raises(TimeoutError, match="^timed out$"):
            call()
        assert time.monotonic() - begin >= 9 * SIGNAL_INTERVAL
    assert runs >= 2


def test_connect_in_blocking_mode_to_a_unix_listener(tmp_path):
    """The kernel forgets an interrupted connect() to such a socket, so it begins again."""
    runs = 0
    accepted = []
    path = str(tmp_path / "listener")
    with ExitStack() as stack:
        listener, first, sock = (
            stack.enter_context(csocket.socket(csocket.AF_UNIX)) for _ in range(3)
        )
        listener.bind(path)
        listener.listen(0)
        first.connect(path)

        def handler():
            nonlocal runs
            runs += 1
            if runs == RUNS_BEFORE_RELEASE:
                accept_one(listener, accepted)

        with signals(handler):
            sock.connect(path)
        assert runs >= RUNS_BEFORE_RELEASE
        assert sock.getpeername() == path
        accepted[0].close()
