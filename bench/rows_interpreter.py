"""Rows that need a separate interpreter: the time of the import, and memory."""

import contextlib
import subprocess
import sys

from asked import AtMostMore, Faster
from row import Row
from rows_scaling import OPEN, allow_descriptors

IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

SIZE_OF = """
import sys, {module} as socket
with socket.socket() as sock:
    print(sys.getsizeof(sock))
"""

# Makes the enums first, because stock has them from its import on.
TRACED = """
import tracemalloc, {module} as socket
socket.socket(socket.AF_INET).close()
tracemalloc.start()
pairs = [socket.socketpair() for _ in range({count} // 2)]
print(tracemalloc.get_traced_memory()[0] / {count})
"""

RESIDENT = """
import resource, {module} as socket
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()
socket.socket(socket.AF_INET).close()
before = resident()
pairs = [socket.socketpair() for _ in range({count} // 2)]
print((resident() - before) / {count})
"""


def number_from(program, module):
    command = [sys.executable, "-I", "-c", program.format(module=module)]
    return float(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)


def fresh(title, program, *, count=None, **fields):
    """A row whose value is the number that the program prints."""

    @contextlib.contextmanager
    def make(module):
        if count:
            allow_descriptors(count)
        code = program if count is None else program.replace("{count}", str(count))
        yield lambda rounds: number_from(code, module.__name__)

    return Row(title, make, rounds=1, **fields)


START = (fresh("import", IMPORT, asked=(Faster(3),), unit="ms", values=10),)

MEMORY = (
    fresh("sys.getsizeof of a socket", SIZE_OF, asked=(AtMostMore(48),), unit="B", values=1),
    *(
        fresh(f"Python's memory a socket, {count:,} open", TRACED, count=count, unit="B", values=1)
        for count in OPEN
    ),
    fresh(
        f"resident memory a socket, {OPEN[-1]:,} open",
        RESIDENT,
        count=OPEN[-1],
        asked=(AtMostMore(48),),
        unit="B",
        values=1,
    ),
)
