"""The open descriptors of this process, for tests of descriptor leaks."""

import os
import sys
from contextlib import contextmanager


def handle_count():
    """How many handles this process has open on Windows."""
    import ctypes

    count = ctypes.c_ulong()
    # The pseudo-handle of this process, from GetCurrentProcess.
    process = ctypes.c_void_p(-1)
    assert ctypes.windll.kernel32.GetProcessHandleCount(process, ctypes.byref(count))
    return count.value


def open_descriptors():
    """The numbers of the descriptors that this process has open.

    Windows does not tell them: there it is as many numbers as there are handles.
    """
    if sys.platform == "win32":
        return set(range(handle_count()))
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
        except OSError:
            continue  # the one that listed the directory
        found.add(int(name))
    return found


@contextmanager
def no_leaked_descriptors():
    before = open_descriptors()
    yield
    assert open_descriptors() == before
