"""Helpers for the tests, and for the programs that they run in separate interpreters.

support.run_in_child() runs these programs. Nothing here needs pytest, so they start fast.
"""

import contextlib
import gc
import threading

from descriptors import open_descriptors

import csocket

# In seconds: long enough for the slowest machine. No test that passes waits so long.
PATIENCE = 100


class Background(threading.Thread):
    """A call in another thread. result() returns its result, or raises its exception."""

    def __init__(self, function, *arguments, **named):
        super().__init__(daemon=True)
        self.function = function
        self.arguments = arguments
        self.named = named
        self.value = None
        self.error = None
        self.start()

    def run(self):
        try:
            self.value = self.function(*self.arguments, **self.named)
        except BaseException as error:
            self.error = error

    def result(self):
        self.join(PATIENCE)
        assert not self.is_alive(), f"{self.function} is still waiting"
        if self.error:
            raise self.error
        return self.value


def fails_with(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"no {kind} by {function}")


@contextlib.contextmanager
def tcp_pair():
    """The two ends of a TCP connection over the loopback interface."""
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        client = csocket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield client, server


def received(sock, size):
    """Receive exactly size bytes, in any number of calls."""
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(min(size - len(data), 1 << 16))
        assert piece, "the other end has gone"
        data += piece
    return bytes(data)


descriptors_before = open_descriptors()


def check_descriptors():
    gc.collect()
    assert open_descriptors() == descriptors_before
