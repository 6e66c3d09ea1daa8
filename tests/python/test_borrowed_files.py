"""Methods and properties that other classes borrow from SocketIO: they take any object."""

import inspect
import io
import pickle
import socket as stock
from types import SimpleNamespace

import pytest

import csocket

METHODS = (
    "__init__",
    "close",
    "fileno",
    "readable",
    "readinto",
    "seekable",
    "writable",
    "write",
)
PROPERTIES = ("mode", "name")


@pytest.fixture(params=[csocket, stock], ids=["csocket", "stock"])
def module(request):
    return request.param


@pytest.fixture
def borrower(module):
    """A raw file that has borrowed all methods and properties."""
    names = METHODS + PROPERTIES
    return type("Borrower", (io.RawIOBase,), {name: vars(module.SocketIO)[name] for name in names})


@pytest.fixture
def pair(module):
    a, b = module.socketpair()
    with a, b:
        a.settimeout(0.02)
        yield a, b


def open_on(borrower, sock, mode):
    sock._io_refs += 1
    return borrower(sock, mode)


def test_open_file(borrower, pair):
    a, b = pair
    with open_on(borrower, a, "rw") as file:
        assert vars(file) == {
            "_sock": a,
            "_mode": "rwb",
            "_reading": True,
            "_writing": True,
            "_timeout_occurred": False,
        }
        assert file.readable() is file.writable() is True
        assert file.fileno() == file.name == a.fileno()
        assert file.mode == "rwb"
        assert file.write(b"to b") == 4
        assert b.recv(10) == b"to b"
        b.send(b"one\ntwo")
        buffer = bytearray(2)
        assert file.readinto(buffer) == 2
        assert buffer == b"on"
        assert file.readline() == b"e\n"
        assert file.read(10) == b"two"


def test_closing(borrower, pair):
    a, _ = pair
    file = open_on(borrower, a, "rw")
    a.close()
    assert a.fileno() >= 0
    file.close()
    file.close()
    assert file.closed and file._sock is None and file.name == -1 and file.mode == "rwb"
    assert a.fileno() == -1
    for call in (file.readable, file.writable, file.seekable):
        with pytest.raises(ValueError, match=r"^I/O operation on closed socket\.$"):
            call()
    for call in (file.fileno, lambda: file.readinto(bytearray(1)), lambda: file.write(b"x")):
        with pytest.raises(ValueError, match=r"^I/O operation on closed file\.?$"):
            call()


def test_wrong_direction(borrower, pair):
    a, _ = pair
    with open_on(borrower, a, "w") as writer, pytest.raises(io.UnsupportedOperation):
        writer.readinto(bytearray(1))
    with open_on(borrower, a, "r") as reader, pytest.raises(io.UnsupportedOperation):
        reader.write(b"x")


def test_timeout_ends_reading(borrower, pair):
    a, b = pair
    with open_on(borrower, a, "rw") as file:
        with pytest.raises(TimeoutError):
            file.readinto(bytearray(1))
        assert file._timeout_occurred is True
        b.send(b"x")
        with pytest.raises(OSError, match="cannot read from timed out object"):
            file.readinto(bytearray(1))
        assert file.write(b"x") == 1


def test_without_waiting(borrower, pair):
    a, _ = pair
    a.setblocking(False)
    with open_on(borrower, a, "rw") as file:
        assert file.readinto(bytearray(1)) is None
        while file.write(bytes(2**16)) is not None:
            pass


def test_seekable_is_for_files_of_the_type(module, borrower, pair):
    a, _ = pair

    class Position:
        def seekable(self):
            return "asked"

    class Subclass(module.SocketIO, Position):
        pass

    with open_on(borrower, a, "r") as file, pytest.raises(TypeError, match=r"super\(type, obj\)"):
        file.seekable()
    with open_on(Subclass, a, "r") as file:
        assert file.seekable() is False


def test_object_that_is_no_file(module):
    """The methods use these attributes, and no others."""

    class Bare:
        readinto = module.SocketIO.readinto
        write = module.SocketIO.write
        readable = module.SocketIO.readable
        writable = module.SocketIO.writable
        fileno = module.SocketIO.fileno
        mode = module.SocketIO.mode
        name = module.SocketIO.name
        closed = _timeout_occurred = False
        _reading, _writing, _mode = "reading", "writing", "mode"

        def __init__(self):
            self.checked = []
            self._sock = SimpleNamespace(
                recv_into=lambda buffer: ("received", buffer),
                send=lambda data: ("sent", data),
                fileno=lambda: "descriptor",
            )

        def _checkClosed(self):
            self.checked.append("closed")

        def _checkReadable(self):
            self.checked.append("readable")

        def _checkWritable(self):
            self.checked.append("writable")

    file = Bare()
    assert file.readinto(1) == ("received", 1)
    assert file.write(b=2) == ("sent", 2)
    assert file.fileno() == file.name == "descriptor"
    assert file.checked == ["closed", "readable", "closed", "writable", "closed", "closed"]
    assert (file.readable(), file.writable(), file.mode) == ("reading", "writing", "mode")
    file.closed = True
    assert file.name == -1
    assert module.SocketIO.close(file) is None
    file.closed = False
    with pytest.raises(TypeError, match="descriptor 'close'"):
        module.SocketIO.close(file)


@pytest.mark.parametrize("missing", ["_sock", "_mode", "_reading", "_writing", "_timeout_occurred"])
def test_object_that_lacks_an_attribute(borrower, pair, missing):
    a, _ = pair
    uses = {
        "_sock": lambda file: file.write(b"x"),
        "_mode": lambda file: file.mode,
        "_reading": lambda file: file.readable(),
        "_writing": lambda file: file.writable(),
        "_timeout_occurred": lambda file: file.readinto(bytearray(1)),
    }
    with open_on(borrower, a, "rw") as file:
        value = vars(file).pop(missing)
        with pytest.raises(AttributeError, match=missing):
            uses[missing](file)
        setattr(file, missing, value)


def test_errors_while_an_error_is_looked_at(module):
    class Odd(OSError):
        @property
        def errno(self):
            raise ZeroDivisionError

    class Fixed:
        __slots__ = ("_sock",)
        _timeout_occurred = False

        def _checkClosed(self):
            pass

        _checkReadable = _checkClosed

    def receive(buffer):
        raise error

    file = Fixed()
    file._sock = SimpleNamespace(recv_into=receive)
    error = Odd()
    with pytest.raises(ZeroDivisionError) as caught:
        module.SocketIO.readinto(file, bytearray(1))
    assert caught.value.__context__ is error
    error = TimeoutError()
    with pytest.raises(AttributeError, match="_timeout_occurred") as caught:
        module.SocketIO.readinto(file, bytearray(1))
    assert caught.value.__context__ is error


@pytest.mark.parametrize("name", ["_sock", "_mode", "_reading", "_writing", "_timeout_occurred"])
def test_attributes_of_a_file_take_anything(module, pair, name):
    with open_on(module.SocketIO, pair[0], "r") as file:
        before = getattr(file, name)
        setattr(file, name, "mine")
        assert getattr(file, name) == "mine"
        delattr(file, name)
        with pytest.raises(AttributeError, match=name):
            getattr(file, name)
        setattr(file, name, before)


def test_attributes_decide_what_a_file_can_do(module, pair):
    a, b = pair
    b.send(b"xy")
    with open_on(module.SocketIO, a, "r") as file:
        file._writing = "yes"
        assert file.writable() == "yes"
        with pytest.raises(io.UnsupportedOperation):
            file.write(b"x")
        file._writing = True
        assert file.write(b"x") == 1
        file._timeout_occurred = "yes"
        for call in (lambda: file.readinto(bytearray(1)), lambda: file.read(1)):
            with pytest.raises(OSError, match="cannot read from timed out object"):
                call()
        file._timeout_occurred = 0
        file._reading = 0
        for call in (lambda: file.readinto(bytearray(1)), lambda: file.read(1)):
            with pytest.raises(io.UnsupportedOperation):
                call()
        file._reading = True
        assert file.read(1) == b"x"
        assert file.readinto(bytearray(1)) == 1


@pytest.mark.parametrize("name", ["readable", "_checkReadable", "_checkClosed"])
def test_replaced_methods_that_reading_calls(module, pair, monkeypatch, name):
    def refuse(self):
        raise ZeroDivisionError

    pair[1].send(b"xy")
    with open_on(module.SocketIO, pair[0], "r") as file:
        assert file.read(1) == b"x"
        with monkeypatch.context() as patch:
            patch.setattr(module.SocketIO, name, refuse, raising=False)
            for call in (lambda: file.readinto(bytearray(1)), lambda: file.read(1)):
                with pytest.raises(ZeroDivisionError):
                    call()
        assert file.read(1) == b"y"


def test_buffers_call_a_replaced_readinto(module, pair, monkeypatch):
    def shout(self, buffer):
        buffer[:3] = b"HEY"
        return 3

    with pair[0].makefile("rb") as file:
        monkeypatch.setattr(module.SocketIO, "readinto", shout)
        assert file.read(3) == b"HEY"


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties(module, pair, name):
    found = vars(module.SocketIO)[name]
    assert type(found) is property and module.SocketIO.__dict__[name] is getattr(
        module.SocketIO, name
    )
    assert found.fset is found.fdel is None
    with open_on(module.SocketIO, pair[0], "r") as file:
        assert found.fget(file) == getattr(file, name)
        with pytest.raises(AttributeError, match=f"property '{name}' of '.*SocketIO' object has no"):
            setattr(file, name, 1)


def test_methods_read_as_functions():
    for name in METHODS:
        method = getattr(csocket.SocketIO, name)
        assert method.__name__ == name
        assert method.__qualname__ == f"SocketIO.{name}"
        assert method.__module__ == "csocket"
        assert list(inspect.signature(method).parameters)[0] == "self"
        assert repr(method) == f"<method SocketIO.{name}>"
        assert pickle.loads(pickle.dumps(method)) is method
    assert str(inspect.signature(csocket.SocketIO)) == "(sock, mode)"
    assert csocket.SocketIO.name.fget.__qualname__ == "SocketIO.name"
    assert csocket.SocketIO.name.__doc__ == csocket.SocketIO.name.fget.__doc__
    assert type(csocket.SocketIO.close) is type(csocket.socket.close)


def test_methods_without_self_and_with_too_much():
    with pytest.raises(TypeError, match=r"SocketIO\.close\(\) missing 1 required positional arg"):
        csocket.SocketIO.close()
    with pytest.raises(TypeError, match=r"SocketIO\.name\(\) takes no arguments"):
        csocket.SocketIO.name.fget(5, 6)
    file = csocket.SocketIO(SimpleNamespace(_decref_socketios=lambda: None), "r")
    for name in ("close", "fileno", "readable", "seekable", "writable"):
        with pytest.raises(TypeError, match=rf"SocketIO\.{name}\(\) takes no arguments"):
            getattr(file, name)(1)
