"""The open descriptors of this process, for tests of descriptor leaks."""

import os
from contextlib import contextmanager


def open_descriptors():
    """The numbers of the descriptors that this process has open."""
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
