"""A fresh environment for one call: the names that a case's text may use."""

import array
import contextlib
import decimal
import fractions
import importlib
import io
import os
import pathlib
import shutil
import tempfile
from typing import NamedTuple

from . import actors, names, system, truncated

# In seconds: long enough for data that is on its way, short enough to run often.
WAIT = 0.02


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class WrongIndex:
    def __index__(self):
        return "1"


class RaisingIndex:
    def __index__(self):
        raise ZeroDivisionError


class RaisingTruth:
    def __bool__(self):
        raise ZeroDivisionError

    def __len__(self):
        raise ZeroDivisionError


class Pair(NamedTuple):
    host: str
    port: int


def released():
    view = memoryview(bytearray(b"abc"))
    view.release()
    return view


def valid(descriptor):
    """Whether the number is an open descriptor; the number itself varies."""
    system.must_be_open(descriptor)
    return True


def closing(descriptor):
    """Like valid(), for a descriptor that the call made: closes it."""
    system.must_be_open(descriptor)
    system.close(descriptor)
    return True


def after(*values):
    """Let a case show the state after a call: its last values."""
    return values


def caught(call):
    """The result of the call, or the class and errno of its exception."""
    try:
        return call()
    except Exception as error:
        return type(error).__name__, getattr(error, "errno", None)


def received(result):
    """The result of recv_fds(), with the number of descriptors in place of them."""
    data, descriptors, flags, address = result
    return data, [closing(descriptor) for descriptor in descriptors], flags, address


TOOLS = {
    **actors.TOOLS,
    **names.TOOLS,
    **truncated.TOOLS,
    "Decimal": decimal.Decimal,
    "Fraction": fractions.Fraction,
    "Index": Index,
    "Pair": Pair,
    "Path": pathlib.Path,
    "RaisingIndex": RaisingIndex,
    "RaisingTruth": RaisingTruth,
    "WrongIndex": WrongIndex,
    "after": after,
    "array": array.array,
    "caught": caught,
    "closing": closing,
    "io": io,
    "os": os,
    "received": received,
    "released": released,
    "valid": valid,
}


class Modules(NamedTuple):
    """The two modules of an implementation: the public one and the one below."""

    socket: object
    base: object


def modules(name):
    below = "_socket" if name == "socket" else f"{name}._{name}"
    return Modules(importlib.import_module(name), importlib.import_module(below))


class Scene(system.Sockets, actors.Actors):
    """Makes the things that a case names, and closes them at the end.

    Each method without an underscore makes the thing of its name.
    """

    def __init__(self, of):
        self._of = of
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._stack.close()
        self._of.socket.setdefaulttimeout(None)

    def _names(self, wanted):
        """The namespace for a text that uses the wanted names."""
        made = dict(TOOLS)
        for name in wanted:
            if name not in made and not name.startswith("_") and hasattr(type(self), name):
                made[name] = getattr(self, name)()
        return made

    def _keep(self, thing):
        self._stack.callback(_close, thing)
        return thing

    def _new(self, family, kind):
        new = self._keep(self._of.socket.socket(family, kind))
        new.settimeout(WAIT)
        return new

    def socket(self):
        return self._of.socket

    def base(self):
        return self._of.base

    def tcp(self):
        return self._new(self._of.socket.AF_INET, self._of.socket.SOCK_STREAM)

    def udp(self):
        return self._new(self._of.socket.AF_INET, self._of.socket.SOCK_DGRAM)

    def tcp6(self):
        return self._new(self._of.socket.AF_INET6, self._of.socket.SOCK_STREAM)

    def udp6(self):
        return self._new(self._of.socket.AF_INET6, self._of.socket.SOCK_DGRAM)

    def raw_tcp(self):
        """A socket of the base type, as _socket has it."""
        return self._keep(self._of.base.socket())

    def closed(self):
        new = self.tcp()
        new.close()
        return new

    def detached(self):
        new = self.tcp()
        system.close(new.detach())
        return new

    def _pair(self, kind):
        pair = self._two(kind)
        for new in pair:
            self._keep(new)
            new.settimeout(WAIT)
        return pair

    def left(self):
        """One end of a stream, with data to read and an open other end."""
        left, right = self._pair(self._of.socket.SOCK_STREAM)
        right.send(b"hello")
        return left

    def message(self):
        """One end of a datagram pair, with two messages to read."""
        left, right = self._pair(self._of.socket.SOCK_DGRAM)
        right.send(b"hello")
        right.send(b"world")
        return left

    def lonely(self):
        """One end of a stream whose other end is closed."""
        left, right = self._pair(self._of.socket.SOCK_STREAM)
        right.close()
        return left

    def idle(self):
        """One end of a stream with nothing to read, in non-blocking mode."""
        left, _ = self._pair(self._of.socket.SOCK_STREAM)
        left.setblocking(False)
        return left

    def inbox(self):
        """A UDP socket with a message to read."""
        box = self.udp()
        box.bind(("127.0.0.1", 0))
        self.udp().sendto(b"hello", box.getsockname())
        return box

    def inbox6(self):
        box = self.udp6()
        box.bind(("::1", 0))
        self.udp6().sendto(b"hello", box.getsockname())
        return box

    def listener(self):
        """A listening socket with one connection to accept."""
        server = self.tcp()
        server.bind(("127.0.0.1", 0))
        server.listen()
        self.tcp().connect(server.getsockname())
        return server

    def _connected(self, data, *flags):
        """One end of a TCP connection, to which the other end has sent data."""
        client = self.tcp()
        with self.tcp() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.connect(server.getsockname())
            self._keep(server.accept()[0]).send(data, *flags)
        return client

    def connected(self):
        """One end of a TCP connection, with data to read."""
        return self._connected(b"hello")

    def urgent(self):
        """The same, with only urgent data."""
        return self._connected(b"!", self._of.socket.MSG_OOB)

    def folder(self):
        path = tempfile.mkdtemp(prefix="csock-")
        self._stack.callback(shutil.rmtree, path)
        return path

    def file(self):
        """A file of ten bytes, read up to its third."""
        file = self._keep(tempfile.TemporaryFile())
        file.write(b"0123456789")
        file.seek(3)
        return file

    def text_file(self):
        return self._keep(tempfile.TemporaryFile("w+"))

    def socket_descriptor(self):
        """The number of a descriptor that is a connected stream."""
        return self.left().fileno()

    def spare(self):
        """The same, for a call that takes over the descriptor."""
        number = system.duplicate(self.socket_descriptor())
        self._stack.callback(_close_number, number)
        return number

    def buffer(self):
        return bytearray(9)


def _close(thing):
    """Close the thing, even if the case has replaced its methods."""
    with contextlib.suppress(OSError):
        thing.close()


def _close_number(number):
    """Close the number, unless the call has done so. Nothing was opened since then."""
    with contextlib.suppress(OSError):
        system.close(number)
