"""Measures one row in a separate process, and prints the values as JSON.

    python worker.py TITLE SHARE

Stock, csocket and the others take turns, one value at a time, so that other work of the machine
affects all of them. SHARE is the part of the row's values to take.
"""

import contextlib
import functools
import importlib
import json
import math
import sys

from row import LeftOut
from rows import ROWS


def loops_of(row, stack):
    """The loops of a row by name, warmed up."""
    makers = {name: functools.partial(row.make, module) for name, module in modules().items()}
    if row.floor:
        makers["floor"] = row.floor
    if row.c:
        makers["C"] = row.c
    loops = {name: stack.enter_context(make()) for name, make in makers.items()}
    for loop in loops.values():
        loop(1)
    return loops


def modules():
    return {
        "stock": importlib.import_module("socket"),
        "csocket": importlib.import_module("csocket"),
    }


def calibrate(loop, seconds):
    """The number of rounds that takes this long. Takes the shorter of two runs, in case of an
    interruption."""
    rounds = 1
    while (elapsed := min(loop(rounds), loop(rounds))) < seconds:
        rounds *= min(10, max(2, int(seconds / max(elapsed, 1e-9)) + 1))
    return rounds


def measure(row, share):
    """Lists of [rounds, value] by name."""
    with contextlib.ExitStack() as stack:
        loops = loops_of(row, stack)
        rounds = {name: row.rounds or calibrate(loop, row.seconds) for name, loop in loops.items()}
        taken = {name: [] for name in loops}
        names = list(loops)
        for turn in range(math.ceil(row.values * share)):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                count = rounds[name]
                taken[name].append([count, loops[name](count) / count / row.per])
        return taken


def main():
    title, share = sys.argv[1:]
    row = ROWS[title]
    try:
        print(json.dumps(measure(row, float(share))))
    except LeftOut as lack:
        print(json.dumps(str(lack)))


if __name__ == "__main__":
    main()
