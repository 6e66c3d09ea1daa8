"""Waits until other programs leave the processors idle.

Beside other programs a measurement is not only slower: a thread that waits for the GIL finds no
idle processor to wake up on, so stock looks less starved than it is.
"""

import time

LOOK = 0.1
IDLE = 0.9


def ticks():
    """Return the ticks of all processors since the start, and the idle ones of them."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def is_quiet():
    before = ticks()
    time.sleep(LOOK)
    passed, idle = (after - start for start, after in zip(before, ticks(), strict=True))
    return idle >= IDLE * passed


def wait_until_quiet(patience):
    """Wait for at most patience seconds, and return the remaining ones."""
    end = time.monotonic() + patience
    while not is_quiet() and time.monotonic() < end:
        pass
    return max(0.0, end - time.monotonic())
