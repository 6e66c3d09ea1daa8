"""Shows the gain of reuse: the instructions and time that rows need more without each kind.

docs/reuse.md explains the kinds, and has the table. Both processes of a pair take turns, and the
lowest time of each counts.
"""

import os
import subprocess
import sys
import time

from instructions import count
from rows import ROWS

KINDS = ("addresses", "bytes", "datagrams", "ints", "scratch", "sockets", "tuples")
# The rows that each kind is for.
FOR = {
    "addresses": ("getsockname, inet", "sendto + recvfrom, UDP, 64 B"),
    "bytes": ("send + recv, 64 B", "sendto + recvfrom, UDP, 64 B"),
    "datagrams": (
        "UDP 1200 B, sendmmsg + recvmmsg of 64",
        "UDP 1200 B, send_segments + recv_segments of 54",
    ),
    "ints": ("send + recv, 64 B", "UDP 1200 B, send_segments + recv_segments_into of 54"),
    "scratch": ("send 64 B + recv(262144)",),
    "sockets": ("socket() + close()", "connect + accept + close both"),
    "tuples": ("sendto + recvfrom, UDP, 64 B",),
}
TITLES = tuple(dict.fromkeys(title for titles in FOR.values() for title in titles))
TURNS = 40
SECONDS = 0.02


def without(kind):
    return ",".join(other for other in KINDS if other != kind)


def time_once():
    """Print the ns of a round for each row in the arguments, one per line."""
    import csocket

    for title in sys.argv[2:]:
        with ROWS[title].make(csocket) as loop:
            loop(300)
            rounds, took = 100, 0
            while took < SECONDS:
                rounds *= 2
                began = time.perf_counter()
                loop(rounds)
                took = time.perf_counter() - began
            print(took / rounds * 1e9)


def times(titles, kinds):
    command = [sys.executable, __file__, "--once", *titles]
    environment = dict(os.environ, CSOCKET_REUSE=kinds)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(zip(titles, map(float, done.stdout.split())))


def lowest_times(kind):
    """Measure with all kinds and without one, in turns."""
    titles = FOR[kind]
    best = {}, {}
    for _ in range(TURNS):
        for found, kinds in zip(best, (",".join(KINDS), without(kind))):
            for title, value in times(titles, kinds).items():
                found[title] = min(value, found.get(title, value))
    return best


def main():
    if sys.argv[1:2] == ["--once"]:
        return time_once()
    everything = count(TITLES, {"CSOCKET_REUSE": ",".join(KINDS)})
    for kind, titles in FOR.items():
        less = count(titles, {"CSOCKET_REUSE": without(kind)})
        with_kind, without_kind = lowest_times(kind)
        for title in titles:
            before, after = everything[title], less[title]
            more, more_time = after / before - 1, without_kind[title] / with_kind[title] - 1
            print(
                f"| {kind} | {title} | {before:,} | {after:,} | {more:+.0%} | {more_time:+.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
