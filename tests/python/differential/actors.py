"""Classes and objects for the cases: they record the calls on them, or fail."""

import _socket
import enum
import gc
import os
import socket
import types

MISSING = object()


def plain(value):
    """The form of an argument in a record, without details that vary from call to call.

    A member of an enum is the number that it is equal to: csocket does not make the enums to
    call a constructor.
    """
    if isinstance(value, enum.IntEnum):
        return int(value)
    if isinstance(value, (bytes, str, int, float, tuple, list, type(None))):
        return value
    return type(value).__name__


# These change nothing, and how often they are called does not matter.
LOOKS = ("fileno", "gettimeout")


def recorded(calls, name, args, kwargs):
    """Records a call, without the numbers of descriptors, which vary."""
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
    """The result of the call while the thing has another value under this name."""
    before = vars(thing).get(name, MISSING)
    setattr(thing, name, value)
    try:
        return call()
    finally:
        if before is MISSING:
            delattr(thing, name)
        else:
            setattr(thing, name, before)


def descriptors():
    with os.scandir("/proc/self/fd") as entries:
        return {entry.name for entry in entries}


def unharmed(call):
    """The result of a call, the descriptors that it leaves open, whether it closed a foreign one.

    The foreign one is opened right after the call, while its exception lives: so it gets the number
    of a descriptor that was closed too early.
    """
    before = descriptors()
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
    left = len(descriptors() - before)
    for thing in kept if isinstance(kept, tuple) else (kept,):
        if hasattr(thing, "close"):
            thing.close()
    return outcome, left, alive


class Lender:
    """Stands for a socket in methods that other classes borrow; records what they call on it.

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


FILE_METHODS = (
    *("__init__", "close", "fileno", "mode", "name"),
    *("readable", "readinto", "seekable", "writable", "write"),
)


def watched(calls):
    """A base class that records the names of the attributes that are used."""

    class Watched:
        def __getattribute__(self, name):
            if not name.startswith("__"):
                calls.append(name)
            return super().__getattribute__(name)

        def __setattr__(self, name, value):
            # Set when the object is freed.
            if name != "_finalizing":
                calls.append([f"set {name}", plain(value)])
            super().__setattr__(name, value)

    return Watched


def nothing(*args):
    pass


def raising(make):
    """A function that raises a new error each time."""

    def call(*args):
        raise make()

    return call


class Actors:
    """A mixin of Scene: each method makes the object of its name."""

    def calls(self):
        """The record of calls: one list for all objects of a case."""
        if "_calls" not in vars(self):
            self._calls = []
        return self._calls

    def model(self):
        """A socket of stock, whichever module is tested."""
        return self._keep(socket.socket())

    def raw_model(self):
        return self._keep(_socket.socket())

    def packets(self):
        """One end of a pair that keeps packets apart, with two packets to read."""
        left, right = self._pair(self._of.socket.SOCK_SEQPACKET)
        right.send(b"hello")
        right.send(b"world")
        return left

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
                scene._stack.callback(os.close, self.detach())
                raise ZeroDivisionError

        return Detaching

    def Dropped(self):
        """A class that frees each new socket, opens a file with its number, and raises."""
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
        """The result of a call on the socket, which is closed even if its methods are replaced."""

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

    def borrowing(self):
        """A function that makes a file on a socket, with the methods and properties of SocketIO.

        It is of a class on the base, and records the use of its attributes. These are SocketIO's,
        where a socket is given, and more or others by keyword. It may be lacking one, and may
        have only one method.
        """

        def borrowing(sock, mode, base, *, only=None, lacking=None, **attributes):
            borrowed = self._of.socket.SocketIO
            names = (only,) if only else FILE_METHODS
            methods = {name: vars(borrowed)[name] for name in names}
            kind = type("Borrower", (watched(self.calls()), base), methods)
            file = kind.__new__(kind)
            if sock is not None:
                borrowed.__init__(file, sock, mode)
            for name, value in attributes.items():
                object.__setattr__(file, name, value)
            if lacking:
                object.__delattr__(file, lacking)
            self.calls().clear()
            return file

        return borrowing

    def kept(self):
        """A function that lets a thing live as long as the case."""

        def kept(thing):
            self._stack.callback(nothing, thing)
            return thing

        return kept

    def fixed(self):
        """A function that makes a file whose attributes cannot be set."""

        class Fixed:
            __slots__ = ()
            _timeout_occurred = closed = False

            def _checkClosed(self):
                pass

            _checkReadable = _checkClosed

        return lambda sock: type("Fixed", (Fixed,), {"__slots__": (), "_sock": sock})()

    def lending(self):
        """The same without the methods: takes the socket, and the names to lack."""
        return lambda sock, *missing: Lender(self.calls(), sock, *missing)


TOOLS = {
    "nothing": nothing,
    "raising": raising,
    "replacing": replacing,
    "types": types,
    "unharmed": unharmed,
}
