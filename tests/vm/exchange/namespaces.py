"""Network namespaces for a test: interfaces of any name, which nothing else uses."""

import ctypes
import os
from contextlib import contextmanager

# From linux/sched.h. os has setns() and unshare() only from Python 3.12 on.
CLONE_NEWNET = 0x40000000
CURRENT = "/proc/thread-self/ns/net"

libc = ctypes.CDLL(None, use_errno=True)


def change(function, *arguments):
    if function(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextmanager
def current_namespace():
    """A descriptor of this thread's namespace. The thread returns to it at the end."""
    home = os.open(CURRENT, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            yield home
        finally:
            change(libc.setns, home, CLONE_NEWNET)
    finally:
        os.close(home)


@contextmanager
def inside(namespace):
    """During the block, this thread and the programs that it starts are in the namespace."""
    with current_namespace():
        change(libc.setns, namespace, CLONE_NEWNET)
        yield


@contextmanager
def new_namespace():
    """A descriptor of a new namespace, which this thread is not in."""
    with current_namespace():
        change(libc.unshare, CLONE_NEWNET)
        namespace = os.open(CURRENT, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield namespace
    finally:
        os.close(namespace)
