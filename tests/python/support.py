"""Helpers of several test files."""

import errno
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from in_child import PATIENCE, Background, tcp_pair  # noqa: F401

import csocket

SIGNAL_INTERVAL = 0.02

# A call with and without a timeout, and the names of both in the name of a test.
WITH_AND_WITHOUT_TIMEOUT = {"argvalues": [None, PATIENCE], "ids": ["blocking", "timeout"]}


WITHOUT_GIL = not getattr(sys, "_is_gil_enabled", lambda: True)()

needs_mortal_classes = pytest.mark.skipif(
    WITHOUT_GIL and sys.version_info < (3, 14),
    reason="without a GIL 3.13 keeps classes for ever, and what is in cycles with them",
)


def allocator():
    """The module whose set_nomemory() makes the interpreter's allocator fail. Skips without it."""
    testcapi = pytest.importorskip("_testcapi", reason="this interpreter cannot fail to allocate")
    if not hasattr(testcapi, "set_nomemory"):
        pytest.skip("this interpreter cannot fail to allocate", allow_module_level=True)
    if WITHOUT_GIL:
        pytest.skip(
            "without a GIL the interpreter does not survive a list without memory",
            allow_module_level=True,
        )
    return testcapi


def told(error):
    """The text and the notes of an exception, and those of its cause."""
    texts = [str(error), *getattr(error, "__notes__", ())]
    return "\n".join(texts + ([told(error.__cause__)] if error.__cause__ else []))


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def run_python(program, *options):
    """Run a program in another interpreter, which must succeed, and return its standard output."""
    result = subprocess.run(
        [sys.executable, *options, "-c", program],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def run_with_environment(program, *options, **environment):
    """Run a program with these environment variables in another interpreter, which must succeed."""
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=True,
    )


def run_strictly(program, *arguments):
    """Return a program's standard output. Warnings are errors, and standard error must be empty."""
    result = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return result.stdout


INSTALL = "import csocket\ncsocket.install()\n"


def run_in_child(program, first=INSTALL):
    """Run a program that uses in_child. It must not leak a descriptor."""
    path = [os.path.dirname(__file__), os.path.dirname(os.path.dirname(__file__))]
    start = f"{first}import sys\nsys.path[:0] = {path!r}\nfrom in_child import *\n"
    return run_strictly(f"{start}{program}\ncheck_descriptors()\n")


@contextmanager
def ebadf():
    with pytest.raises(OSError) as info:
        yield
    assert info.value.errno == errno.EBADF


@contextmanager
def unix_pair():
    a, b = csocket.socketpair()
    with a, b:
        yield a, b


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
    """A TCP listener whose queue is full: it answers no connection until it has accepted one."""
    with csocket.socket() as listener, csocket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        # Room for one. No other client waits, so the test's is the next after first is accepted.
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


@contextmanager
def third_signals():
    """Signals, and a function that sets what the third signal from then on does.

    By counting, the signal comes during the call that follows, even on a slow machine.
    """
    runs, action = 0, None

    def handler():
        nonlocal runs
        runs += 1
        if runs == 3 and action:
            action()

    def at_third_signal(function):
        nonlocal runs, action
        runs, action = 0, function

    with signals(handler):
        yield at_third_signal
