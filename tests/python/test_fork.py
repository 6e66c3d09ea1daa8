"""fork() copies the socket, but not the threads that are in its calls."""

import os
import signal
import time

import pytest
from support import PATIENCE, WITH_AND_WITHOUT_TIMEOUT, Background, is_open, unix_pair

# Time for a thread to arrive in its call.
SETTLING = 0.05

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def exit_status_of_child(function):
    """Calls function in a child of fork(): 0 if it returns true."""
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
    """Nobody in the child is in a call: close() closes at once."""
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
