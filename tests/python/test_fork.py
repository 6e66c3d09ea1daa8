"""fork() copies the socket, but not the threads that are in its calls."""

import os
import signal
import time

import pytest
from support import (
    PATIENCE,
    WITH_AND_WITHOUT_TIMEOUT,
    Background,
    is_open,
    run_python,
    unix_pair,
)

# In seconds: the time for a thread to begin its call.
SETTLING = 0.05

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def exit_status_of_child(function):
    """Call function in a child of fork(). Return 0 if it returns true."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(PATIENCE)
            status = 0 if function() else 1
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_close_after_fork_closes(timeout):
    """No thread of the child is in a call, so close() closes at once."""
    with unix_pair() as (a, b):
        a.settimeout(timeout)
        waiting = Background(a.recv, 10)
        time.sleep(SETTLING)
        fd = a.fileno()

        def in_child():
            a.close()
            return not is_open(fd)

        assert exit_status_of_child(in_child) == 0
        assert waiting.is_alive()
        b.send(b"x")
        assert waiting.result() == b"x"


def test_use_and_close_after_fork():
    with unix_pair() as (a, b):
        a.settimeout(PATIENCE)
        waiting = [Background(a.recv, 1) for _ in range(3)]
        time.sleep(SETTLING)
        fd = a.fileno()

        def in_child():
            a.settimeout(0.01)
            try:
                a.recv(1)
            except TimeoutError:
                a.close()
            return not is_open(fd)

        assert exit_status_of_child(in_child) == 0
        b.send(b"xyz")
        assert sorted(thread.result() for thread in waiting) == [b"x", b"y", b"z"]


FORK_WHILE_ENUMS_ARE_MADE = """
import _signal, os, sys, threading, warnings
warnings.simplefilter("ignore", DeprecationWarning)
import csocket
arrived, forked = threading.Event(), threading.Event()
{wait}
asking = threading.Thread(target=lambda: csocket.AF_INET)
asking.start()
assert arrived.wait({patience})
child = os.fork()
if child == 0:
    threading.settrace(None)
    _signal.alarm({patience})
    with csocket.socket(csocket.AF_INET) as sock:
        assert sock.family is csocket.AF_INET
    assert csocket.errno.ENOENT and csocket.AddressFamily(2) is csocket.AF_INET
    os._exit(0)
forked.set()
assert os.waitpid(child, 0)[1] == 0
asking.join()
assert csocket.AF_INET is csocket.AddressFamily.AF_INET
"""

IN_CONVERT = """
def trace(frame, event, argument):
    if frame.f_code.co_name == "_convert_":
        arrived.set()
        forked.wait()
threading.settrace(trace)
"""

IN_IMPORT = """
class Slow:
    def find_spec(name, path, target=None):
        if name == {module!r}:
            arrived.set()
            forked.wait(0.3)
sys.meta_path.insert(0, Slow)
"""


@pytest.mark.parametrize(
    "wait",
    [IN_CONVERT, *(IN_IMPORT.format(module=module) for module in ("enum", "copyreg"))],
    ids=["making", "import of enum", "import of copyreg"],
)
def test_fork_while_another_thread_makes_the_enums(wait):
    """The child does not have this thread, and must not wait for it."""
    run_python(FORK_WHILE_ENUMS_ARE_MADE.format(wait=wait, patience=PATIENCE))


def test_fork_while_another_thread_pickles_the_first_member():
    """Pickling imports CPython's own socket module."""
    wait = IN_IMPORT.format(module="socket") + "import pickle\ncsocket.AF_INET\n"
    program = FORK_WHILE_ENUMS_ARE_MADE.format(wait=wait, patience=PATIENCE)
    program = program.replace("lambda: csocket.AF_INET", "lambda: pickle.dumps(csocket.AF_INET)")
    run_python(program.replace("os._exit", "pickle.dumps(csocket.AF_INET), os._exit"))


CLOSED_UNDER_A_CALL = """
import csocket, os, signal, threading, time

def wait():
    waiting.set()
    a.recv(1)

a, b = csocket.socketpair()
fd = a.fileno()
waiting = threading.Event()
thread = threading.Thread(target=wait, daemon=True)
thread.start()
waiting.wait()
time.sleep(0.2)
signal.signal(signal.SIGURG, signal.SIG_IGN)  # so nothing can end that call
a.close()
assert os.path.exists(f"/proc/self/fd/{fd}")  # that call has it
child = os.fork()
if child == 0:
    {in_child}
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
b.send(b"x")
thread.join()
assert not os.path.exists(f"/proc/self/fd/{fd}")
"""


@pytest.mark.parametrize(
    "in_child",
    [
        'a.close(); assert not os.path.exists(f"/proc/self/fd/{fd}")',
        "a.__init__(); assert not os.path.exists(f'/proc/self/fd/{fd}') and a.fileno() >= 0",
    ],
    ids=["closed again", "initialised again"],
)
def test_fork_after_a_close_that_a_call_outlives(in_child):
    """A thread makes the call. The child does not have it."""
    run_python(CLOSED_UNDER_A_CALL.replace("{in_child}", in_child))
