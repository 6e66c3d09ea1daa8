"""UDP datagrams of 1200 bytes, one by one and many per call. A value is for one datagram."""

import contextlib
import functools

from asked import Faster, Within
from floors import datagram_floor
from loops import bare
from row import is_stock, require, statement

SIZE = 1200
COUNTS = (1, 2, 4, 8, 16, 32, 64)
# Up to the most that a run of segments can have.
SEGMENT_COUNTS = (2, 4, 8, 16, 32, 54)
UDP_GRO = 104


@contextlib.contextmanager
def connected(socket, count, needs=None, put_together=False):
    """A sender a, connected to a receiver b; and count datagrams for them."""
    if needs and not is_stock(socket):
        require(hasattr(socket.socket, needs), f"sockets of csocket have no {needs}()")
    with socket.socket(type=socket.SOCK_DGRAM) as a, socket.socket(type=socket.SOCK_DGRAM) as b:
        b.bind(("127.0.0.1", 0))
        a.connect(b.getsockname())
        if put_together and not is_stock(socket):
            b.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
        data = b"x" * SIZE
        yield {
            "a": a,
            "b": b,
            "count": count,
            "data": data,
            "datagrams": [data] * count,
            "run": data * count,
            "buffer": bytearray(65535),
        }


ONE_BY_ONE = """
for each in datagrams:
    a.send(each)
for _ in range(count):
    b.recv(2048)
"""


def messages(count):
    return statement(
        f"UDP 1200 B, sendmmsg + recvmmsg of {count}",
        functools.partial(connected, count=count, needs="sendmmsg"),
        "a.sendmmsg(datagrams); b.recvmmsg(count, 2048)",
        stock=ONE_BY_ONE,
        c=bare("messages", SIZE, count),
        asked=(Faster(),) if count > 1 else (),
        unit="/s",
        per=count,
    )


def segments(count, receive, how, asked):
    return statement(
        f"UDP 1200 B, send_segments + {how} of {count}",
        functools.partial(connected, count=count, needs="send_segments", put_together=True),
        f"a.send_segments(run, {SIZE}); b.{receive}",
        stock=ONE_BY_ONE,
        c=bare("segments", SIZE, count),
        asked=asked,
        unit="/s",
        per=count,
    )


def segments_into(count):
    asked = (Faster(15), Within(1.15)) if count == SEGMENT_COUNTS[-1] else (Faster(),)
    return segments(count, "recv_segments_into(buffer)", "recv_segments_into", asked)


BATCHES = (
    statement(
        "UDP 1200 B, one by one",
        functools.partial(connected, count=1),
        "a.send(data); b.recv(2048)",
        c=bare("one_by_one", SIZE, 1),
        floor=functools.partial(datagram_floor, SIZE),
        asked=(Faster(), Within(1.15)),
        unit="/s",
    ),
    *map(messages, COUNTS),
    *map(segments_into, SEGMENT_COUNTS),
    segments(SEGMENT_COUNTS[-1], "recv_segments()", "recv_segments", (Faster(15),)),
)
