"""What several of the test files share."""

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

# How a call with and without a time limit reads in the name of a test.
WITH_AND_WITHOUT_TIMEOUT = {"argvalues": [None, PATIENCE], "ids": ["blocking", "timeout"]}


WITHOUT_GIL = not getattr(sys, "_is_gil_enabled", lambda: True)()

needs_mortal_classes = pytest.mark.skipif(
    WITHOUT_GIL and sys.version_info < (3, 14),
    reason="without a GIL 3.13 keeps classes for ever, and what is in cycles with them",
)


def allocator():
    """The module whose set_nomemory() lets the interpreter's allocator fail; or the test is skipped."""
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
    """Standard output of another interpreter, which must end well."""
    result = subprocess.run(
        [sys.executable, *options, "-c", program],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def run_with_environment(program, *options, **environment):
    """Another interpreter, which has ended well, with what it printed."""
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=True,
    )


def run_strictly(program, *arguments):
    """Standard output of an interpreter in which every warning is an error, and nothing is said."""
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
    """Run a program that uses in_child, and must not lose a descriptor."""
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


@contextmanager
def third_signals():
    """Signals, and a function that takes what is to be done in the third one from then on.

    Counted so, they are those of the call that follows, however late a busy machine makes it.
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
