"""Runs the rows named by its arguments on csocket, under callgrind, which counts instructions.

Each row runs with two numbers of rounds. Each count is kept under the row's name and this number.
The difference of the two counts is that of the rounds alone.
"""

import ctypes
import sys

import csocket
from loops import BUILD
from rows import ROWS

HOT = (
    "send + recv, 64 B",
    "send + recv, 64 B, timeout",
    "send + recv_into, 64 B",
    "send 64 B + recv(262144)",
    "sendto + recvfrom, UDP, 64 B",
    "send + makefile read, 64 B",
    "connect + accept + close both",
    "create_connection + accept + close both",
    "socket() + close()",
    "getsockopt int",
    "getsockname, inet",
    ".family",
    "getaddrinfo, numeric host and port",
)
# The interpreter specializes code that it has run often.
WARM_UP = 300
ROUNDS = (300, 600)


def main():
    marks = ctypes.CDLL(str(BUILD / "callgrind_marks.so"))
    for title in sys.argv[1:]:
        with ROWS[title].make(csocket) as loop:
            loop(WARM_UP)
            for rounds in ROUNDS:
                marks.forget()
                loop(rounds)
                marks.keep(f"{title}={rounds}".encode())


if __name__ == "__main__":
    sys.exit(main())
