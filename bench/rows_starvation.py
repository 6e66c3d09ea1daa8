"""Round trips beside threads that compute, and so need the GIL all the time."""

import contextlib
import select
import textwrap
import threading
import time

from asked import Faster
from loops import bare
from row import Row, statement
from rows_calls import stream_pair

SOCKETS = 32
# The time of a value: many switch intervals of 5 ms. A fixed number of rounds would take between 3
# ms and half a minute.
SECONDS = 0.3


@contextlib.contextmanager
def busy(count):
    """Run threads that compute, during the block."""
    wanted = [True]

    def compute():
        while wanted:
            for _ in range(1000):
                pass

    threads = [threading.Thread(target=compute) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        wanted.clear()
        for thread in threads:
            thread.join()


def repeat(code, names):
    """Repeat the code for SECONDS, and return the seconds of a round."""
    source = "def run(end):\n rounds = 0\n while clock() < end:\n"
    source += textwrap.indent(code.strip(), "  ") + "\n  rounds += 1\n return rounds"
    names = {**names, "clock": time.perf_counter}
    exec(source, names)  # noqa: S102 (as timeit does)
    start = time.perf_counter()
    rounds = names["run"](start + SECONDS)
    return (time.perf_counter() - start) / rounds


def beside(threads, fixture, code):
    """A row's `make`: the code beside this number of busy threads."""

    @contextlib.contextmanager
    def make(socket):
        with fixture(socket) as names:

            def loop(rounds):
                with busy(threads):
                    return repeat(code, names)

            yield loop

    return make


@contextlib.contextmanager
def echo_sockets(socket):
    """Non-blocking pairs; epoll watches one end of each."""
    with contextlib.ExitStack() as stack:
        epoll = stack.enter_context(select.epoll())
        clients, servers = [], {}
        for _ in range(SOCKETS):
            names = stack.enter_context(stream_pair(socket, timeout=0))
            clients.append(names["a"])
            servers[names["b"].fileno()] = names["b"]
            epoll.register(names["b"], select.EPOLLIN)
        yield {"clients": clients, "servers": servers, "epoll": epoll, "data": bytes(64)}


ECHO_ALL = """
for client in clients:
    client.send(data)
for descriptor, _ in epoll.poll():
    server = servers[descriptor]
    server.send(server.recv(64))
for client in clients:
    client.recv(64)
"""


EXCHANGE = "a.send(data); b.recv(64)"


def plural(threads):
    return f"{threads} busy thread{'s' * (threads > 1)}"


def round_trips(threads, times=1.0):
    return Row(
        f"send + recv, 64 B, beside {plural(threads)}",
        beside(threads, stream_pair, EXCHANGE),
        asked=(Faster(times),),
        unit="/s",
        rounds=1,
        values=5,
        quiet=True,
    )


STARVATION = (
    statement(
        "send + recv, 64 B, beside nobody",
        stream_pair,
        EXCHANGE,
        c=bare("send_recv", 64, 64),
        asked=(Faster(),),
        unit="/s",
    ),
    round_trips(1, times=50),
    round_trips(2),
    round_trips(4),
    statement(
        "echo over 32 sockets by epoll, beside nobody",
        echo_sockets,
        ECHO_ALL,
        c=bare("echo_epoll", SOCKETS),
        asked=(Faster(),),
        unit="/s",
        per=SOCKETS,
    ),
    Row(
        "echo over 32 sockets by epoll, beside 1 busy thread",
        beside(1, echo_sockets, ECHO_ALL),
        asked=(Faster(20),),
        unit="/s",
        per=SOCKETS,
        rounds=1,
        values=5,
        quiet=True,
    ),
)
