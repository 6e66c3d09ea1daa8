"""A row of the table: something that is done in rounds, with one module and with another."""

import contextlib
import dataclasses
import time
import timeit
from collections.abc import Callable
from contextlib import AbstractContextManager

Loop = Callable[[int], float]  # takes a number of rounds, returns seconds


class LeftOut(Exception):
    """What the machine or the module lacks for a row."""


@dataclasses.dataclass(frozen=True)
class Row:
    title: str
    # Given the module, makes what the loop needs, and puts it away afterwards.
    make: Callable[..., AbstractContextManager[Loop]]
    c: Callable[[], AbstractContextManager[Loop]] | None = None
    floor: Callable[[], AbstractContextManager[Loop]] | None = None
    asked: tuple = ()
    unit: str = "ns"  # how the table shows it: ns, ms, "/s" or B
    per: int = 1  # a round is so many of what the row counts
    # A value has so many rounds, or as many as take so long: less than the system gives another
    # process before it takes turns, so that most values meet none.
    rounds: int | None = None
    seconds: float = 0.002
    values: int = 40  # of a process
    quiet: bool = False  # several threads or processes, which need idle processors


def is_stock(module):
    return module.__name__ == "socket"


def require(condition, reason):
    if not condition:
        raise LeftOut(reason)


# So many rounds follow one another in the code of a loop, as with pyperf's --duplicate: the `for`
# around them is none of the modules' work, and C's takes next to nothing.
UNROLLED = 10


def timed(code, names, module=None, timer=time.perf_counter):
    """A loop of the code as a function has it: the names are local, that of the module is not."""
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
    """A row whose round is a piece of Python, with the names that the fixture gives it.

    `stock` is the code for the stock module where that has to do it in another way; `floor` is a
    fixture with names for the same code on floor.c.
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
