"""Finds descriptors, memory and references that a call leaves behind."""

import ctypes
import gc
import os
import sys

import pytest
from descriptors import open_descriptors

import csocket

# The growth that caches and free lists of the interpreter may cause, in blocks and bytes.
SLACK = 200
SLACK_IN_BYTES = 4 << 20
ATTEMPTS = 3

allocated_bytes = getattr(ctypes.CDLL(None), "__sanitizer_get_current_allocated_bytes", None)
if allocated_bytes:
    allocated_bytes.restype = ctypes.c_size_t


def used_bytes():
    """The resident memory; under ASan the allocated bytes, because ASan keeps freed memory."""
    if allocated_bytes:
        return allocated_bytes()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def references():
    """The reference counts of the objects that all calls share."""
    shared = [
        csocket,
        csocket.socket,
        csocket.SocketType,
        csocket.SocketIO,
        csocket.AddressFamily,
        csocket.AF_INET,
        csocket.SOCK_STREAM,
        csocket.gaierror,
        csocket.herror,
        None,
        OSError,
        TimeoutError,
    ]
    return [sys.getrefcount(item) for item in shared]


def growth(call, repetitions):
    """Make the calls, and return a list of all that has grown, and by how much."""
    gc.collect()
    descriptors = open_descriptors()
    counts, objects = references(), len(gc.get_objects())
    memory, blocks = used_bytes(), sys.getallocatedblocks()
    for _ in range(repetitions):
        call()
    gc.collect()
    grown = {
        "blocks": sys.getallocatedblocks() - blocks - SLACK,
        "bytes": used_bytes() - memory - SLACK_IN_BYTES,
        "objects": len(gc.get_objects()) - objects - SLACK,
        # If None is not immortal, the interpreter's own references to it go up and down.
        "references": max(abs(x - y) for x, y in zip(references(), counts)) - SLACK,
    }
    assert open_descriptors() == descriptors
    return [(what, amount) for what, amount in grown.items() if amount > 0]


def check_no_growth(call, repetitions, warm_up):
    """A leak grows with every call. Memory that the interpreter keeps for later grows once."""
    for _ in range(warm_up):
        call()
    grown = []
    for _ in range(ATTEMPTS):
        grown.append(growth(call, repetitions))
        if not grown[-1]:
            return
    pytest.fail(f"grew by {grown}")


def expect(exception, call, *arguments):
    try:
        call(*arguments)
    except exception:
        return
    raise AssertionError(f"{exception} expected of {call}")
