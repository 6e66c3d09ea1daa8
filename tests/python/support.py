"""What several of the test files share."""

import errno
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

import csocket

# Long enough for the slowest machine; no test that passes waits for so long.
PATIENCE = 30

SIGNAL_INTERVAL = 0.02

# How a call with and without a time limit reads in the name of a test.
WITH_AND_WITHOUT_TIMEOUT = {"argvalues": [None, PATIENCE], "ids": ["blocking", "timeout"]}


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def run_python(program, *options):
    """Standard output of another interpreter, which must end well."""
    result = subprocess.run(
        [sys.executable, *options, "-c", program],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@contextmanager
def ebadf():
    with pytest.raises(OSError) as info:
        yield
    assert info.value.errno == errno.EBADF


class Background(threading.Thread):
    """A call in another thread; result() gives what it gave, or raises what it raised."""

    def __init__(self, function, *arguments):
        super().__init__(daemon=True)
        self.function = function
        self.arguments = arguments
        self.value = None
        self.error = None
        self.start()

    def run(self):
        try:
            self.value = self.function(*self.arguments)
        except BaseException as error:
            self.error = error

    def result(self):
        self.join(PATIENCE)
        assert not self.is_alive(), f"{self.function} is still waiting"
        if self.error:
            raise self.error
        return self.value


@contextmanager
def unix_pair():
    a, b = csocket.socketpair()
    with a, b:
        yield a, b


@contextmanager
def tcp_pair():
    """Two ends of a connection over the loopback interface."""
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        client = csocket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with client, server:
        yield client, server


def fill(sock, destination=None):
    """Send until nothing more can be sent without waiting."""
    timeout = sock.gettimeout()
    sock.settimeout(0)
    arguments = () if destination is None else (destination,)
    send = sock.send if destination is None else sock.sendto
    for chunk in (b"f" * 65536, b"f" * 512, b"f"):
        try:
            while True:
                send(chunk, *arguments)
        except BlockingIOError:
            pass
    sock.settimeout(timeout)


def drain(sock):
    """Receive all that can be received without waiting."""
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        while sock.recv(1 << 20):
            pass
    except BlockingIOError:
        pass
    sock.settimeout(timeout)


@contextmanager
def full_listener():
    """A listener over TCP that answers no further connection until it has accepted one."""
    with csocket.socket() as listener, csocket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        # Room for one. Nobody else waits for it, so that it is the test's when first is accepted.
        listener.listen(0)
        first.connect(listener.getsockname())
        yield listener


@contextmanager
def signals(handler, interval=SIGNAL_INTERVAL):
    """Calls handler() again and again, from a signal handler."""
    previous = signal.signal(signal.SIGALRM, lambda *_: handler())
    signal.setitimer(signal.ITIMER_REAL, interval, interval)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
