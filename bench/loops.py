"""The bare C loops, as loops for the rows beside those of the modules."""

import contextlib
import ctypes
import os
import sys
from pathlib import Path

# `make bench` builds here for this interpreter (noxfile.py).
ENVIRONMENT = Path(sys.prefix).name.strip(".")
BUILD = Path(__file__).resolve().parents[1] / "build" / ENVIRONMENT / "bench" / "bench"


def call(name, *arguments):
    """Call a loop of loops_stream.c or loops_udp.c, and return its result."""
    library = ctypes.CDLL(str(BUILD / "loops.so"), use_errno=True)
    function = library[name]
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_long] * len(arguments)
    result = function(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def bare(name, *arguments):
    """A row's `c`: the loop of that name, with these arguments after the number of rounds."""

    @contextlib.contextmanager
    def make():
        yield lambda rounds: call(name, rounds, *arguments)

    return make
