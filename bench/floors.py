"""Fixtures for the code of rows on floor.c, the least that an extension can do."""

import contextlib
import importlib
import socket


def module():
    return importlib.import_module("floor")


@contextlib.contextmanager
def floor_of(sockets, **names):
    """The names for two floor sockets on the descriptors of these sockets."""
    a, b = sockets
    with a, b:
        kind = module().Socket
        yield {"a": kind(a.fileno()), "b": kind(b.fileno()), **names}


def stream_floor(size=64):
    return floor_of(socket.socketpair(), data=b"x" * size, buffer=bytearray(size))


def option_floor():
    return floor_of(socket.socketpair(), level=socket.SOL_SOCKET, name=socket.SO_TYPE)


def datagram_floor(size):
    a, b = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
    b.bind(("127.0.0.1", 0))
    a.connect(b.getsockname())
    return floor_of((a, b), data=b"x" * size)


class Namespace:
    """Stands for the module: its socket() makes a TCP socket."""

    def __init__(self):
        self.socket = module().Socket


@contextlib.contextmanager
def constructor_floor():
    yield {"socket": Namespace()}


@contextlib.contextmanager
def connection_floor():
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1, *[0] * 7]))
        yield {
            "socket": Namespace(),
            "server": module().Socket(server.fileno()),
            "address": server.getsockname(),
        }
