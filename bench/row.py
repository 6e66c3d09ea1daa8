"""A row of the table: an operation in rounds, on each of several modules."""

import contextlib
import dataclasses
import time
import timeit
from collections.abc import Callable
from contextlib import AbstractContextManager

Loop = Callable[[int], float]  # takes a number of rounds, returns seconds


class LeftOut(Exception):
    """The machine or the module lacks something for a row."""


@dataclasses.dataclass(frozen=True)
class Row:
    title: str
    # Makes the loop for a module, and cleans up afterwards.
    make: Callable[..., AbstractContextManager[Loop]]
    c: Callable[[], AbstractContextManager[Loop]] | None = None
    floor: Callable[[], AbstractContextManager[Loop]] | None = None
    asked: tuple = ()
    unit: str = "ns"  # how the table shows it: ns, ms, "/s" or B
    per: int = 1  # the number of counted operations in a round
    # The rounds of a value, or its time. That is shorter than a time slice of another process, so
    # that most values are undisturbed.
    rounds: int | None = None
    seconds: float = 0.002
    values: int = 40  # of a process
    quiet: bool = False  # for several threads or processes, which need idle processors


def is_stock(module):
    return module.__name__ == "socket"


def require(condition, reason):
    if not condition:
        raise LeftOut(reason)


# The number of copies of the code in a loop, like pyperf's --duplicate. The time of the `for`
# around them does not belong to the modules, and C's takes next to nothing.
UNROLLED = 10


def timed(code, names, module=None, timer=time.perf_counter):
    """A loop of the code as in a function: the names are local, except that of the module."""
    setup = "\n".join(f"{name} = names[{name!r}]" for name in names)
    timed_once, timed_unrolled = (
        timeit.Timer("\n".join([code] * times), setup, timer, {"names": names, "socket": module})
        for times in (1, UNROLLED)
    )

    def loop(rounds):
        unrolled, rest = divmod(rounds, UNROLLED)
        return timed_unrolled.timeit(unrolled) + timed_once.timeit(rest)

    return loop


def statement(title, fixture, code, *, stock=None, floor=None, timer=time.perf_counter, **fields):
    """A row whose round is a piece of Python code, with names from the fixture.

    `stock` is the code for the stock module if it differs. `floor` is a fixture with names for the
    same code on floor.c.
    """

    @contextlib.contextmanager
    def make(module):
        with fixture(module) as names:
            chosen = stock if stock and is_stock(module) else code
            yield timed(chosen, names, module, timer)

    @contextlib.contextmanager
    def make_floor():
        with floor() as names:
            yield timed(code, names, timer=timer)

    return Row(title, make, floor=floor and make_floor, **fields)
