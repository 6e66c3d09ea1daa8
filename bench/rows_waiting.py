"""Readers that have to wait: for another process, or for another thread."""

import contextlib
import os
import signal
import socket
import threading
import time

from asked import Faster, Within
from loops import bare, call
from row import Row, statement
from rows_calls import stream_pair

# In µs: the answer comes so late that the reader is asleep.
LATE_MICROSECONDS = 30


@contextlib.contextmanager
def one_processor():
    """Keep the process on one processor. Waking a reader on another one takes a varying time."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pinned(fixture):
    """The fixture, with its threads and processes on one processor."""

    @contextlib.contextmanager
    def make(*arguments):
        with one_processor(), fixture(*arguments) as made:
            yield made

    return make


@contextlib.contextmanager
def answered(socket):
    """A socket whose other end is in another process, which answers late."""
    a, b = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            a.close()
            call("answer_late", LATE_MICROSECONDS, b.fileno())
        finally:
            os._exit(0)
    b.close()
    try:
        with a:
            yield {"a": a, "data": bytes(64)}
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def ask_in_c(timer=time.perf_counter):
    """A row's `c`: asks that other process."""

    @contextlib.contextmanager
    def make():
        with answered(socket) as names:

            def loop(rounds):
                start = timer()
                call("ask", rounds, names["a"].fileno())
                return timer() - start

            yield loop

    return make


def echo(end):
    while message := end.recv(64):
        end.send(message)


@contextlib.contextmanager
def echoed(socket):
    """A socket whose other end has a thread that sends the data back."""
    with stream_pair(socket) as names:
        thread = threading.Thread(target=echo, args=[names["b"]])
        thread.start()
        try:
            yield names
        finally:
            names["a"].shutdown(socket.SHUT_WR)
            thread.join()


def together(targets):
    """Run each of these in its own thread, and return the time until all have ended."""
    threads = [threading.Thread(target=target) for target in targets]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def exchange(a, b, data, rounds):
    for _ in range(rounds):
        a.send(data)
        b.recv(64)


def exchange_in_threads(count):
    """Each thread has its own pair, and none waits for another's data."""

    @contextlib.contextmanager
    def make(socket):
        with contextlib.ExitStack() as stack:
            pairs = [stack.enter_context(stream_pair(socket)) for _ in range(count)]

            def loop(rounds):
                return together(
                    lambda pair=pair: exchange(pair["a"], pair["b"], pair["data"], rounds)
                    for pair in pairs
                )

            yield loop

    return make


def send_large(pair, rounds):
    for _ in range(rounds):
        pair["a"].sendall(pair["data"])


def receive_large(pair, rounds):
    left = rounds * pair["size"]
    while left:
        left -= pair["b"].recv_into(pair["buffer"])


@contextlib.contextmanager
def four_send_large(socket):
    with contextlib.ExitStack() as stack:
        pairs = [stack.enter_context(stream_pair(socket, size=1 << 20)) for _ in range(4)]

        def loop(rounds):
            return together(
                lambda work=work, pair=pair: work(pair, rounds)
                for pair in pairs
                for work in (send_large, receive_large)
            )

        yield loop


ASK = "a.send(data); a.recv(64)"

READERS = (
    statement(
        "reader that waits for a process, round trip",
        pinned(answered),
        ASK,
        c=pinned(ask_in_c()),
        asked=(Within(1.03, of="stock"),),
        seconds=0.05,
        values=8,
        quiet=True,
    ),
    statement(
        "reader that waits for a process, its CPU time",
        pinned(answered),
        ASK,
        timer=time.thread_time,
        c=pinned(ask_in_c(time.thread_time)),
        asked=(Within(1.03, of="stock"),),
        seconds=0.03,
        values=8,
        quiet=True,
    ),
)

THREADS = (
    statement(
        "ping-pong of two threads, 64 B",
        pinned(echoed),
        ASK,
        c=pinned(bare("ping_pong")),
        asked=(Faster(),),
        seconds=0.03,
        values=8,
        quiet=True,
    ),
    Row(
        "four threads send 1 MiB, four receive",
        four_send_large,
        asked=(Faster(),),
        per=4,
        seconds=0.05,
        values=20,
        quiet=True,
    ),
    *(
        Row(
            f"send + recv, 64 B, {count} thread{'s' * (count > 1)}",
            exchange_in_threads(count),
            asked=(Faster(),),
            per=count,
            seconds=0.3,
            values=8,
            quiet=True,
        )
        for count in (1, 2, 3, 4)
    ),
)
