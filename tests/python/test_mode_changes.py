"""A timeout that changes while a call waits: the call goes on with its own, as with stock.

The calls here make system calls without MSG_DONTWAIT. So the mode of the descriptor decides whether
these wait, and the mode changes with the timeout.
"""

import socket as stock
import tempfile
import threading
import time
from contextlib import contextmanager
from itertools import product

import pytest
from support import PATIENCE, Background, drain, fill, full_listener, third_signals

import csocket

# Long enough for calls to begin before the change, on a busy machine too.
CHANGE_AFTER = 0.2
SHORT = 0.6
LATE = 10
# More than the buffers of a socket pair hold.
CONTENT = b"content" * 100_000


# Each yields a socket, a call on it that waits, and a function that ends the wait.


@contextmanager
def accepting(module):
    with module.create_server(("127.0.0.1", 0)) as listener, module.socket() as client:
        yield (
            listener,
            lambda: listener.accept()[0].close(),
            lambda: client.connect(listener.getsockname()),
        )


@contextmanager
def connecting(module):
    with full_listener() as listener, module.socket() as sock:
        yield (
            sock,
            lambda: sock.connect(listener.getsockname()),
            lambda: listener.accept()[0].close(),
        )


@contextmanager
def sending_file(module):
    a, b = module.socketpair()

    def send():
        assert a.sendfile(file) == len(CONTENT)

    with a, b, tempfile.TemporaryFile() as file:
        file.write(CONTENT)
        file.flush()
        fill(a)
        yield a, send, lambda: [(drain(b), time.sleep(0.01)) for _ in range(20)]


MODULES = [csocket, stock]
CASES = {"accept": accepting, "connect": connecting, "sendfile": sending_file}
TIMEOUTS = [None, 0, PATIENCE]

every_timeout = pytest.mark.parametrize("timeout", TIMEOUTS)
every_case = pytest.mark.parametrize("name", CASES)
every_module = pytest.mark.parametrize("module", MODULES, ids=["csocket", "stock"])


def assert_times_out(call, timeout):
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        call()
    assert timeout - 0.01 <= time.monotonic() - begin < timeout + LATE


# A signal handler changes the timeout.


@every_timeout
@every_case
@every_module
def test_the_call_times_out_as_it_would_have(module, name, timeout):
    changes = []

    def change():
        changes.append(timeout)
        sock.settimeout(timeout)

    # The longer ones are for a busy machine, on which the third signal comes late.
    for own_timeout in (0.1, 1, 10):
        with CASES[name](module) as (sock, call, _), third_signals() as at_third_signal:
            sock.settimeout(own_timeout)
            at_third_signal(change)
            assert_times_out(call, own_timeout)
            if changes:
                assert sock.gettimeout() == timeout
                return
    raise AssertionError("the timeout was not changed")


@every_timeout
@every_case
def test_the_call_ends_well(name, timeout):
    with CASES[name](csocket) as (sock, call, release), third_signals() as at_third_signal:
        releasing = threading.Timer(0.1, release)

        def change():
            sock.settimeout(timeout)
            releasing.start()

        sock.settimeout(PATIENCE)
        at_third_signal(change)
        call()
        releasing.join()


# A thread changes the timeouts of all sockets at once.


def begin_together(one, cases):
    """Make a thread for each case. The calls that follow begin() are waiting when this returns."""
    barrier = threading.Barrier(len(cases) + 1, timeout=PATIENCE)
    threads = [Background(one, barrier.wait, *case) for case in cases]
    barrier.wait()
    time.sleep(CHANGE_AFTER)
    return threads


def test_calls_time_out_beside_a_thread_as_they_would_have():
    changes = []
    changed = threading.Event()

    def one(begin, module, case, timeout):
        with case(module) as (sock, call, _):
            sock.settimeout(SHORT)
            changes.append((sock, timeout))
            begin()
            assert_times_out(call, SHORT)
            assert changed.wait(PATIENCE) and sock.gettimeout() == timeout

    threads = begin_together(one, list(product(MODULES, CASES.values(), TIMEOUTS)))
    for sock, timeout in changes:
        sock.settimeout(timeout)
    changed.set()
    for thread in threads:
        thread.result()


def test_calls_end_well_beside_a_thread():
    waiting = []
    released = threading.Event()

    def one(begin, case, timeout):
        with case(csocket) as (sock, call, release):
            sock.settimeout(PATIENCE)
            waiting.append((sock, timeout, release))
            begin()
            call()
            assert released.wait(PATIENCE)

    threads = begin_together(one, list(product(CASES.values(), TIMEOUTS)))
    for sock, timeout, _ in waiting:
        sock.settimeout(timeout)
    time.sleep(CHANGE_AFTER)
    for _, _, release in waiting:
        release()
    released.set()
    for thread in threads:
        thread.result()


@pytest.mark.parametrize("timeout", [None, SHORT])
def test_modes_that_change_all_the_time(timeout):
    """A thread changes the mode all the time; no call waits for ever or fails."""
    stop = threading.Event()

    def change(sock):
        while not stop.is_set():
            sock.settimeout(timeout)
            sock.settimeout(PATIENCE)

    with csocket.create_server(("127.0.0.1", 0), backlog=10) as listener:
        listener.settimeout(PATIENCE)
        changing = Background(change, listener)
        try:
            for _ in range(300):
                with csocket.create_connection(listener.getsockname()) as client:
                    client.settimeout(PATIENCE)
                    connection, address = listener.accept()
                    with connection:
                        assert address == client.getsockname()
        finally:
            stop.set()
            changing.result()
