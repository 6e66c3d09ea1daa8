"""Classes and objects for the cases: they record the calls on them, or fail."""

import _socket
import gc
import os
import socket
import types

from . import file_actors, system
from .file_actors import plain

MISSING = object()

# These change nothing, and the number of their calls does not matter.
LOOKS = ("fileno", "gettimeout")


def recorded(calls, name, args, kwargs):
    """Record a call, without the numbers of descriptors, which vary."""
    if name in LOOKS:
        return
    args = [plain(value) for value in args]
    if name in ("__init__", "socket") and len(args) > 3 and args[3] is not None:
        args[3] = "descriptor"
    kwargs = {
        key: "descriptor" if key == "fileno" and value is not None else plain(value)
        for key, value in kwargs.items()
    }
    calls.append([name, args, sorted(kwargs.items())])


def replacing(thing, name, value, call):
    """Return the result of the call while the thing has another value under this name."""
    before = vars(thing).get(name, MISSING)
    setattr(thing, name, value)
    try:
        return call()
    finally:
        if before is MISSING:
            delattr(thing, name)
        else:
            setattr(thing, name, before)


def unharmed(call):
    """The result of a call, the descriptors that it leaves open, and whether it closed a foreign
    one.

    The foreign one is opened right after the call, while its exception lives. So it gets the number
    of a descriptor that was closed too early.
    """
    before = system.descriptors()
    kept = None
    try:
        kept = call()
        outcome = "returns"
    except Exception as error:
        outcome = type(error).__name__
        canary = os.open(os.devnull, os.O_RDONLY)
        del error
    else:
        canary = os.open(os.devnull, os.O_RDONLY)
    identity = os.fstat(canary)
    gc.collect()
    try:
        alive = os.path.samestat(os.fstat(canary), identity)
        os.close(canary)
    except OSError:
        alive = False
    left = len(system.descriptors() - before)
    for thing in kept if isinstance(kept, tuple) else (kept,):
        if hasattr(thing, "close"):
            thing.close()
    return outcome, left, alive


class Lender:
    """Stands for a socket in methods that other classes borrow. Records the calls on it.

    It raises AttributeError for the names that it lacks.
    """

    def __init__(self, calls, sock, *missing):
        vars(self).update(_calls=calls, _sock=sock, _missing=missing)

    def __getattr__(self, name):
        if name in self._missing:
            raise AttributeError(name)
        value = getattr(self._sock, name)
        if not callable(value):
            return value

        def method(*args, **kwargs):
            recorded(self._calls, name, args, kwargs)
            return value(*args, **kwargs)

        return method

    def __setattr__(self, name, value):
        self._calls.append([f"set {name}", [plain(value)]])
        setattr(self._sock, name, value)


class Actors(file_actors.FileActors):
    """A mixin of Scene: each method makes the object of its name."""

    def calls(self):
        """The record of calls: one list for all objects of a case."""
        if "_calls" not in vars(self):
            self._calls = []
        return self._calls

    def model(self):
        """A stock socket, for either module under test."""
        return self._keep(socket.socket())

    def raw_model(self):
        return self._keep(_socket.socket())

    def stream(self):
        """One end of a TCP connection, with data to read and an open other end."""
        with self._of.socket.create_server(("127.0.0.1", 0)) as server:
            sender = self.tcp()
            sender.connect(server.getsockname())
            receiver = self._keep(server.accept()[0])
        sender.sendall(b"hello")
        receiver.settimeout(0.02)
        # Waits until the data is there.
        receiver.recv(1, self._of.socket.MSG_PEEK)
        return receiver

    def Late(self):
        """A socket whose constructor raises at its end."""

        class Late(self._of.socket.socket):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                raise ZeroDivisionError

        return Late

    def Early(self):
        class Early(self._of.socket.socket):
            def __init__(self, *args, **kwargs):
                raise ZeroDivisionError

        return Early

    def Second(self):
        """A class whose first socket succeeds, and whose others fail."""

        class Second(self._of.socket.socket):
            made = 0

            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                type(self).made += 1
                if self.made > 1:
                    raise ZeroDivisionError

        return Second

    def Closing(self):
        """A socket whose constructor closes it before it raises."""

        class Closing(self._of.socket.socket):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.close()
                raise ZeroDivisionError

        return Closing

    def Detaching(self):
        """A socket whose constructor detaches the descriptor, and raises."""
        scene = self

        class Detaching(self._of.socket.socket):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                scene._stack.callback(system.close, self.detach())
                raise ZeroDivisionError

        return Detaching

    def Dropped(self):
        """A class that frees each new socket, opens a file that gets its number, and raises."""
        scene = self

        class Meta(type):
            def __call__(cls, *args, **kwargs):
                made = super().__call__(*args, **kwargs)
                del made
                number = os.open(os.devnull, os.O_RDONLY)
                scene._stack.callback(os.close, number)
                raise ZeroDivisionError

        return Meta("Dropped", (self._of.socket.socket,), {})

    def Timid(self):
        """A socket that refuses timeouts, which dup() and others set last."""

        class Timid(self._of.socket.socket):
            def settimeout(self, value):
                raise ZeroDivisionError

        return Timid

    def Recorder(self):
        """A socket that records all calls of its methods, also those by csocket or socket.py."""
        calls = self.calls()

        def method(name):
            def record(sock, *args, **kwargs):
                recorded(calls, name, args, kwargs)
                return getattr(super(Recorder, sock), name)(*args, **kwargs)

            return record

        names = (
            *("__init__", "_accept", "accept", "bind", "close", "connect", "detach", "dup"),
            *("getblocking", "getsockname", "listen", "_real_close"),
            *("recv", "recv_into", "send", "sendall", "setblocking", "setsockopt", "settimeout"),
            *("_sendfile_use_sendfile", "_sendfile_use_send", "_decref_socketios", "shutdown"),
        )
        Recorder = types.new_class("Recorder", (self._of.socket.socket,))
        for name in names:
            setattr(Recorder, name, method(name))
        return Recorder

    def init(self):
        """An __init__ that records, to replace the class's own."""
        calls, original = self.calls(), self._of.socket.socket.__init__

        def init(sock, *args, **kwargs):
            recorded(calls, "__init__", args, kwargs)
            original(sock, *args, **kwargs)

        return init

    def failing(self):
        """An __init__ that raises at its end."""
        original = self._of.socket.socket.__init__

        def failing(sock, *args, **kwargs):
            original(sock, *args, **kwargs)
            raise ZeroDivisionError

        return failing

    def factory(self):
        """A function to replace the class: records, and makes a socket."""
        calls, original = self.calls(), self._of.socket.socket

        def socket(*args, **kwargs):
            recorded(calls, "socket", args, kwargs)
            return original(*args, **kwargs)

        return socket

    def refusing(self):
        def refusing(*args, **kwargs):
            raise ZeroDivisionError

        return refusing

    def used(self):
        """A function that returns the result of a call on the socket, and closes it even if its
        methods are replaced."""

        def used(sock, call):
            real = self._of.base.socket
            self._stack.callback(real.close, sock)
            real.settimeout(sock, 0.02)
            try:
                result = call(sock)
            except Exception as error:
                return type(error).__name__, getattr(error, "errno", None)
            if type(result) is type(sock) and result is not sock:
                self._stack.callback(real.close, result)
                return type(result).__name__, real.gettimeout(result), real.family.__get__(result)
            return "itself" if result is sock else result

        return used

    def borrower(self):
        """A function that makes an object with some borrowed methods."""

        def borrower(sock, *names, missing=()):
            of = self._of.socket.socket
            methods = {name: vars(of)[name] for name in names if name in vars(of)}
            return type("Borrower", (Lender,), methods)(self.calls(), sock, *missing)

        return borrower

    def lending(self):
        """The same without the methods: its arguments are the socket, and the names to lack."""
        return lambda sock, *missing: Lender(self.calls(), sock, *missing)


TOOLS = {
    **file_actors.TOOLS,
    "replacing": replacing,
    "types": types,
    "unharmed": unharmed,
}
