"""The names that a log uses beside csocket: hostile objects, and places that hold things."""

import array
import contextlib
import fcntl
import gc
import io
import os
import socket as stock
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path

# csocket's tests have the simple objects; TOOLS are the names that their values use.
from differential.scene import TOOLS, Index, RaisingIndex, released

import csocket
from csocket import _csocket

ABOVE = 200
SLOTS = 8
MANY = 500


known = []  # weak references to all sockets that were ever in a slot, and still exist
known_lock = threading.RLock()


def reference(sock):
    try:
        return weakref.ref(sock)
    except TypeError:
        return lambda: sock


def is_alive(reference):
    """A closed socket may be opened again, even while a call waits for its arguments."""
    return reference() is not None


class Slots(list):
    """The sockets or files that calls are made on."""

    def __setitem__(self, place, thing):
        super().__setitem__(place, thing)
        if isinstance(thing, _csocket.socket):
            with known_lock:
                known.append(reference(thing))
                if len(known) > MANY:
                    known[:] = filter(is_alive, known)


s = Slots([None] * SLOTS)
f = [None] * SLOTS
d = []  # numbers of descriptors that nothing else here owns
buffer = bytearray(9)
folder = tempfile.mkdtemp(prefix="csock-")


class Subclass(csocket.socket):
    """A socket with Python code for the methods that csocket may call."""

    def _accept(self):
        return super()._accept()

    def fileno(self):
        return super().fileno()

    def _real_close(self):
        super()._real_close()


class Raises(csocket.socket):
    """A socket whose constructor raises at its end."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        raise ZeroDivisionError


class Calls:
    """Runs a line of the log's language before each of its conversions."""

    depth = threading.local()

    def __init__(self, text, value=5):
        self.text = text
        self.value = value

    def _run(self):
        level = getattr(self.depth, "level", 0)
        if level < 3:
            self.depth.level = level + 1
            try:
                exec(self.text, names)
            finally:
                self.depth.level = level
        return self.value

    def __index__(self):
        return self._run()

    def __float__(self):
        return float(self._run())

    def __bool__(self):
        return bool(self._run())

    def __len__(self):
        return 2 if self._run() else 0

    def __getitem__(self, place):
        if place > 2:
            raise IndexError
        self._run()
        return b"ab"

    def __buffer__(self, flags):
        self._run()
        return memoryview(bytearray(8))

    def __fspath__(self):
        self._run()
        return folder + "/path"

    def __str__(self):
        self._run()
        return "127.0.0.1"

    def __repr__(self):
        self._run()
        return "Calls()"

    def __eq__(self, other):
        self._run()
        return True

    def __hash__(self):
        self._run()
        return 5

    def fileno(self):
        self._run()
        return keep_file("/dev/zero")

    def read(self, size):
        self._run()
        return b"x" * min(size, 100)

    def seek(self, *place):
        self._run()


class Shrinking(list):
    """A list that loses its items during iteration."""

    def __iter__(self):
        while self:
            yield self.pop()
            self.clear()


def lines(*texts):
    """A generator of bytes that runs these lines in between."""
    for text in texts:
        exec(text, names)
        yield b"ab"


def track(number):
    """Keeps a descriptor that has no owner, under a number above those that Python may use."""
    moved = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, ABOVE)
    os.close(number)
    d.append(moved)
    return moved


def number():
    """Makes such a descriptor, of a socket."""
    a, b = stock.socketpair()
    b.close()
    return track(a.detach())


def drop(place):
    """Forgets a descriptor, because a call takes it over."""
    return d.pop(place % len(d)) if d else -1


def look(place):
    return d[place % len(d)] if d else -1


_files = {}


def keep_file(path):
    """The descriptor of a file that stays open as long as the process."""
    if path not in _files:
        _files[path] = open(path, "rb")  # noqa: SIM115
    return _files[path].fileno()


def rights(result):
    """Closes the descriptors among the ancillary data of a recvmsg()."""
    for level, kind, data in result[1]:
        if (level, kind) in ((stock.SOL_SOCKET, stock.SCM_RIGHTS), (stock.SOL_SOCKET, 4)):
            items = array.array("i", data[: len(data) // 4 * 4])
            for item in items:
                with contextlib.suppress(OSError):
                    os.close(item)
    return result


def many_rights(results):
    for result in results:
        rights(result)


def received(result):
    for item in result[1]:
        os.close(item)


def connection():
    """The two ends of a TCP connection."""
    with csocket.create_server(("127.0.0.1", 0)) as server:
        a = csocket.create_connection(server.getsockname(), 1)
        server.settimeout(1)
        b, _ = server.accept()
    for end in (a, b):
        end.settimeout(0.01)
    return a, b


names = {
    **TOOLS,
    **{name: value for name, value in globals().items() if not name.startswith("_")},
    "socket": csocket,
    "base": _csocket,
    "Index": Index,
    "RaisingIndex": RaisingIndex,
    "released": released,
    "Path": Path,
    "gc": gc,
    "io": io,
    "sys": sys,
    "time": time,
}
