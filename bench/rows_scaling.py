"""How the cost of a call grows with the message, and with the number of open sockets."""

import contextlib
import functools
import resource

from asked import Faster, NoGrowth
from loops import bare
from row import Row, require, statement, timed
from rows_calls import TIMEOUT, stream_pair

SIZES = {1: "1 B", 64: "64 B", 1024: "1 KiB", 16384: "16 KiB", 65536: "64 KiB", 1 << 20: "1 MiB"}
MODES = {"blocking": None, "timeout": TIMEOUT, "non-blocking": 0}
OPEN = (10, 1000, 10_000, 50_000)
# Descriptors that the process needs for other files.
SPARE = 100


@contextlib.contextmanager
def roomy_pair(socket, timeout, size):
    """A pair whose buffers hold the whole message."""
    with stream_pair(socket, timeout, size) as names:
        if size > 65536:
            try:
                names["a"].setsockopt(socket.SOL_SOCKET, 32, 4 * size)  # SO_SNDBUFFORCE
            except PermissionError:
                require(False, "only root can make the buffer large enough")
        yield names


def message_row(size, mode):
    return statement(
        f"{SIZES[size]} a message, {mode}",
        functools.partial(roomy_pair, timeout=MODES[mode], size=size),
        "a.send(data); b.recv(size)",
        c=bare("send_recv", size, size),
        asked=(Faster(),),
    )


def allow_descriptors(count):
    wanted = count + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if wanted <= soft:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (PermissionError, ValueError):
        require(False, f"RLIMIT_NOFILE is {hard} here")


def among(sockets):
    """A row's `make`: a call on one pair while this number of sockets is open."""

    @contextlib.contextmanager
    def make(socket):
        allow_descriptors(sockets)

        def loop(rounds):
            with contextlib.ExitStack() as stack:
                for _ in range(sockets // 2):
                    a, b = socket.socketpair()
                    stack.callback(a.close)
                    stack.callback(b.close)
                names = {"a": a, "b": b, "data": bytes(64)}
                return timed("a.send(data); b.recv(64)", names)(rounds)

        yield loop

    return make


MESSAGE_SIZES = tuple(message_row(size, mode) for mode in MODES for size in SIZES)


def title_among(count):
    return f"send + recv, 64 B, {count:,} sockets open"


OPEN_SOCKETS = tuple(
    Row(
        title_among(count),
        among(count),
        c=bare("among", count),
        asked=(Faster(), *([NoGrowth(title_among(OPEN[0]))] if count > OPEN[0] else ())),
        rounds=2000,
        values=max(2, min(20, 50_000 // count)),
    )
    for count in OPEN
)
