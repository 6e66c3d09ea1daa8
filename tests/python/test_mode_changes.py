"""A timeout that is changed while a call waits: the call goes on with its own, as with stock.

The tests make calls whose system calls have no MSG_DONTWAIT. The mode of the descriptor decides
whether they wait, and that changes with the timeout.
"""

import socket as stock
import threading
import time
from contextlib import contextmanager

import pytest
from support import PATIENCE, Background, drain, fill, full_listener, signals

import csocket

# Long enough for the call to begin before the change, on a busy machine too.
SHORT = 0.6
CHANGE_AFTER = 0.2
LATE = 10
# More than the buffers of a socket pair hold.
CONTENT = b"content" * 100_000


@pytest.fixture(params=[csocket, stock], ids=["csocket", "stock"])
def module(request):
    return request.param


# Each yields a socket, a call on it that waits, and a function that ends the wait.


@contextmanager
def accepting(module, _):
    with module.create_server(("127.0.0.1", 0)) as listener, module.socket() as client:
        yield (
            listener,
            lambda: listener.accept()[0].close(),
            lambda: client.connect(listener.getsockname()),
        )


@contextmanager
def connecting(module, _):
    with full_listener() as listener, module.socket() as sock:
        yield (
            sock,
            lambda: sock.connect(listener.getsockname()),
            lambda: listener.accept()[0].close(),
        )


@contextmanager
def sending_file(module, tmp_path):
    a, b = module.socketpair()
    path = tmp_path / "content"
    path.write_bytes(CONTENT)

    def send():
        with path.open("rb") as file:
            assert a.sendfile(file) == len(CONTENT)

    with a, b:
        fill(a)
        yield a, send, lambda: [(drain(b), time.sleep(0.01)) for _ in range(20)]


CASES = {"accept": accepting, "connect": connecting, "sendfile": sending_file}


@contextmanager
def by_handler(change):
    with signals(change, CHANGE_AFTER):
        yield


@contextmanager
def by_thread(change):
    timer = threading.Timer(CHANGE_AFTER, change)
    timer.start()
    yield
    timer.join()


CHANGES = pytest.mark.parametrize("changed", [by_handler, by_thread])
TIMEOUTS = pytest.mark.parametrize("timeout", [None, 0, PATIENCE])


@TIMEOUTS
@CHANGES
@pytest.mark.parametrize("name", CASES)
def test_the_call_times_out_as_it_would_have(module, name, changed, timeout, tmp_path):
    with CASES[name](module, tmp_path) as (sock, call, _):
        sock.settimeout(SHORT)
        begin = time.monotonic()
        with changed(lambda: sock.settimeout(timeout)), pytest.raises(TimeoutError):
            call()
        assert SHORT - 0.01 <= time.monotonic() - begin < SHORT + LATE
        assert sock.gettimeout() == timeout


@TIMEOUTS
@CHANGES
@pytest.mark.parametrize("name", CASES)
def test_the_call_ends_well(name, changed, timeout, tmp_path):
    with CASES[name](csocket, tmp_path) as (sock, call, release):
        sock.settimeout(PATIENCE)
        releasing = threading.Timer(2 * CHANGE_AFTER, release)
        releasing.start()
        with changed(lambda: sock.settimeout(timeout)):
            call()
        releasing.join()


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
