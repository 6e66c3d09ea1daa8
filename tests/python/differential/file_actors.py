"""Objects that have borrowed the methods of SocketIO, and the stand-ins for their sockets."""

import enum

FILE_METHODS = (
    *("__init__", "close", "fileno", "mode", "name"),
    *("readable", "readinto", "seekable", "writable", "write"),
)


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


class FileActors:
    """A mixin of Scene, as Actors."""

    def borrowing(self):
        """A function that makes a file on a socket, with the methods and properties of SocketIO.

        Its class derives from the base, and records the use of its attributes. With a socket, it
        has SocketIO's attributes; keywords add to them or replace them. It may lack one attribute,
        and may have only one method.
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
        """A function that keeps a thing alive as long as the case."""

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


TOOLS = {
    "nothing": nothing,
    "raising": raising,
}
