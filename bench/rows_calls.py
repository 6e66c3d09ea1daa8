"""The cost of a call in one thread, which never waits."""

import contextlib
import functools
import os
import tempfile

from asked import Faster, Within
from floors import connection_floor, constructor_floor, option_floor, stream_floor
from loops import bare
from row import statement

TIMEOUT = 5


@contextlib.contextmanager
def stream_pair(socket, timeout=None, size=64):
    a, b = socket.socketpair()
    with a, b:
        a.settimeout(timeout)
        b.settimeout(timeout)
        yield {"a": a, "b": b, "size": size, "data": b"x" * size, "buffer": bytearray(size)}


@contextlib.contextmanager
def udp_sockets(socket):
    with socket.socket(type=socket.SOCK_DGRAM) as a, socket.socket(type=socket.SOCK_DGRAM) as b:
        a.bind(("127.0.0.1", 0))
        b.bind(("127.0.0.1", 0))
        yield {"a": a, "b": b, "address": b.getsockname(), "data": bytes(64)}


@contextlib.contextmanager
def listener(socket):
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        # Accepted sockets inherit it: a reset leaves no port in TIME_WAIT.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, *[0] * 7]))
        yield {"server": server, "address": server.getsockname()}


@contextlib.contextmanager
def reader(socket):
    with stream_pair(socket) as names, names["b"].makefile("rb", buffering=0) as file:
        yield {**names, "file": file}


@contextlib.contextmanager
def file_to_send(socket):
    with stream_pair(socket) as names, tempfile.TemporaryFile() as file:
        file.write(bytes(65536))
        file.flush()
        yield {**names, "file": file}


@contextlib.contextmanager
def descriptors(socket):
    with stream_pair(socket) as names:
        yield {**names, "close": os.close}


@contextlib.contextmanager
def option(socket):
    with stream_pair(socket) as names:
        yield {**names, "level": socket.SOL_SOCKET, "name": socket.SO_TYPE}


@contextlib.contextmanager
def nothing(socket):
    yield {}


with_timeout = functools.partial(stream_pair, timeout=TIMEOUT)
non_blocking = functools.partial(stream_pair, timeout=0)

MESSAGES = (
    statement(
        "send + recv, 64 B",
        stream_pair,
        "a.send(data); b.recv(64)",
        c=bare("send_recv", 64, 64),
        floor=stream_floor,
        asked=(Faster(), Within(1.15)),
    ),
    statement(
        "send + recv, 64 B, timeout",
        with_timeout,
        "a.send(data); b.recv(64)",
        c=bare("send_recv", 64, 64),
        floor=stream_floor,
        asked=(Faster(1.8), Within(1.15)),
    ),
    statement(
        "send + recv, 64 B, non-blocking",
        non_blocking,
        "a.send(data); b.recv(64)",
        c=bare("send_recv", 64, 64),
        asked=(Faster(),),
    ),
    statement(
        "send + recv_into, 64 B",
        stream_pair,
        "a.send(data); b.recv_into(buffer)",
        c=bare("send_recv", 64, 64),
        floor=stream_floor,
        asked=(Faster(), Within(1.15)),
    ),
    statement(
        "send + recv_into, 64 B, timeout",
        with_timeout,
        "a.send(data); b.recv_into(buffer)",
        c=bare("send_recv", 64, 64),
        asked=(Faster(1.8),),
    ),
    statement(
        "send 64 B + recv(262144)",
        stream_pair,
        "a.send(data); b.recv(262144)",
        c=bare("send_recv", 64, 262144),
        asked=(Faster(6), Within(1.15)),
    ),
    statement(
        "sendall + recv, 64 B",
        stream_pair,
        "a.sendall(data); b.recv(64)",
        c=bare("send_recv", 64, 64),
        asked=(Faster(),),
    ),
    statement(
        "sendmsg + recvmsg, 64 B",
        stream_pair,
        "a.sendmsg([data]); b.recvmsg(64)",
        c=bare("sendmsg_recvmsg", 64),
        asked=(Faster(),),
    ),
    statement(
        "recv that finds nothing",
        non_blocking,
        "try:\n    b.recv(64)\nexcept BlockingIOError:\n    pass",
        c=bare("recv_nothing"),
        asked=(Faster(),),
    ),
    statement(
        "sendto + recvfrom, UDP, 64 B",
        udp_sockets,
        "a.sendto(data, address); b.recvfrom(64)",
        c=bare("sendto_recvfrom", 64),
        asked=(Faster(), Within(1.15)),
    ),
    statement(
        "send + makefile read, 64 B",
        reader,
        "a.send(data); file.read(64)",
        c=bare("send_recv", 64, 64),
        asked=(Faster(), Within(1.15)),
    ),
    statement(
        "sendfile + recv, 64 KiB",
        file_to_send,
        "a.sendfile(file, 0, 65536); b.recv(65536)",
        c=bare("sendfile_recv", 65536),
        asked=(Faster(),),
    ),
    statement(
        "send_fds + recv_fds",
        descriptors,
        "socket.send_fds(a, [b'x'], [1]); close(socket.recv_fds(b, 1, 1)[1][0])",
        c=bare("pass_descriptor"),
        asked=(Faster(),),
    ),
)

CONNECTIONS = (
    statement(
        "connect + accept + close both",
        listener,
        "c = socket.socket(); c.connect(address); s, _ = server.accept(); s.close(); c.close()",
        c=bare("connect_accept"),
        floor=connection_floor,
        asked=(Faster(), Within(1.06)),
        seconds=0.005,
        values=20,
    ),
    statement(
        "create_connection + accept + close both",
        listener,
        "c = socket.create_connection(address); s, _ = server.accept(); s.close(); c.close()",
        c=bare("connect_accept"),
        asked=(Faster(), Within(1.06)),
        seconds=0.005,
        values=20,
    ),
    statement(
        "socket() + close()",
        nothing,
        "socket.socket().close()",
        c=bare("open_close"),
        floor=constructor_floor,
        asked=(Faster(), Within(1.15)),
    ),
)

QUESTIONS = (
    statement(
        "getsockopt int",
        option,
        "a.getsockopt(level, name)",
        c=bare("get_option"),
        floor=option_floor,
        asked=(Faster(), Within(1.15)),
    ),
    statement(
        "getsockname, inet",
        listener,
        "server.getsockname()",
        asked=(Faster(1.6),),
    ),
    statement(".family", stream_pair, "a.family", asked=(Faster(4),)),
    statement(
        "getaddrinfo, numeric host and port",
        nothing,
        "socket.getaddrinfo('127.0.0.1', 80)",
        asked=(Faster(4),),
    ),
    statement(
        "getaddrinfo('localhost', 80)",
        nothing,
        "socket.getaddrinfo('localhost', 80)",
        asked=(Faster(),),
    ),
)
