"""Methods that other classes borrow from socket, as they do from socket.py: they take any
object."""

import functools
import inspect
import io
import pickle
import socket as stock
import sys
import typing
import weakref

import pytest
from support import is_open, unix_pair

import csocket

BORROWED = (
    "__enter__",
    "__exit__",
    "__repr__",
    "_check_sendfile_params",
    "_decref_socketios",
    "_real_close",
    "_sendfile_use_send",
    "_sendfile_use_sendfile",
    "accept",
    "close",
    "detach",
    "dup",
    "get_inheritable",
    "makefile",
    "sendfile",
    "set_inheritable",
)


class Wrapper:
    """Wraps a socket but is not one, like urllib3's WrappedSocket. Records the attributes used."""

    def __init__(self, sock):
        self.__dict__.update(sock=sock, asked=[], _io_refs=0, _closed=False)

    def __getattr__(self, name):
        self.asked.append(name)
        return getattr(self.sock, name)

    def __setattr__(self, name, value):
        self.asked.append((name, value))
        self.__dict__[name] = value


@pytest.fixture(params=[csocket, stock], ids=["csocket", "stock"])
def module(request):
    return request.param


@pytest.fixture
def borrower(module):
    """A class that has borrowed all of these methods."""
    methods = {name: getattr(module.socket, name) for name in BORROWED if name[:2] != "__"}
    return type("Borrower", (Wrapper,), methods)


def test_makefile(module, borrower):
    a, b = module.socketpair()
    with a, b:
        wrapped = borrower(a)
        file = wrapped.makefile("rwb", buffering=0)
        assert wrapped._io_refs == 1
        file.write(b"to b")
        assert b.recv(10) == b"to b"
        b.send(b"to a")
        assert file.read(10) == b"to a"
        file.close()
        assert wrapped._io_refs == 0
        assert a.fileno() >= 0


def test_makefile_of_a_method_that_was_bound_before(module, borrower):
    a, b = module.socketpair()
    with a, b:
        makefile = borrower(a).makefile
        with makefile("w", encoding="ascii") as file:
            file.write("text")
        assert b.recv(10) == b"text"


def test_close_counts_files(module, borrower):
    class Closing(borrower):
        def _real_close(self):
            self.asked.append("_real_close")

    a, b = module.socketpair()
    with a, b:
        wrapped = Closing(a)
        file = wrapped.makefile("rb")
        wrapped.close()
        assert wrapped._closed and "_real_close" not in wrapped.asked
        file.close()
        assert wrapped.asked[-1] == "_real_close"


def test_real_close_takes_the_class_whose_close_is_called(module, borrower):
    closed = []

    class Base:
        close = staticmethod(closed.append)

    wrapped = borrower(None)
    assert wrapped._real_close(Base) is None
    assert closed == [wrapped]
    with pytest.raises(TypeError):
        wrapped._real_close()


def test_with_statement(module):
    class Context:
        __enter__ = module.socket.__enter__
        __exit__ = module.socket.__exit__
        _closed = False

        def close(self):
            self._closed = True

    with Context() as context:
        assert not context._closed
    assert context._closed
    assert context.__exit__(None, None, None) is None


def test_repr(module):
    class Described(Wrapper):
        __repr__ = module.socket.__repr__

    with module.socket(module.AF_INET, module.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        text = repr(Described(sock))
    name = f"{Described.__module__}.{Described.__qualname__}"
    assert text.startswith(f"<{name} fd=")
    assert f"type={stock.SOCK_DGRAM}, proto=0, laddr=('127.0.0.1', " in text


def test_repr_without_addresses(module):
    class Bare:
        __repr__ = module.socket.__repr__
        family, type, proto = 1, 2, 3

        def fileno(self):
            return 4

    assert repr(Bare()).endswith(" fd=4, family=1, type=2, proto=3>")
    bare = Bare()
    bare._closed = True
    assert repr(bare).endswith(" [closed] fd=4, family=1, type=2, proto=3>")


def test_accept(module, borrower):
    with module.create_server(("127.0.0.1", 0)) as listener:
        wrapped = borrower(listener)
        with module.create_connection(listener.getsockname()) as client:
            connection, address = wrapped.accept()
            with connection:
                assert type(connection) is module.socket
                assert address == client.getsockname()
        assert wrapped.asked == ["_accept", "family", "type", "proto", "gettimeout"]


def test_dup_makes_the_class_of_the_object(module):
    made = []

    class Duplicated(Wrapper):
        dup = module.socket.dup

        def __init__(self, *arguments, **keywords):
            if len(arguments) == 1:
                super().__init__(*arguments)
            else:
                super().__init__(module.socket(*arguments, **keywords))
                made.append((arguments, list(keywords)))

    with module.socket() as sock:
        sock.settimeout(5)
        copied = Duplicated(sock).dup()
        assert made == [((module.AF_INET, module.SOCK_STREAM, 0), ["fileno"])]
        assert copied.sock.gettimeout() == 5
        copied.sock.close()


def test_inheritance(module, borrower):
    with module.socket() as sock:
        wrapped = borrower(sock)
        assert wrapped.get_inheritable() is False
        wrapped.set_inheritable(True)
        assert wrapped.get_inheritable() is sock.get_inheritable() is True


def test_detach_is_for_sockets(module, borrower):
    with module.socket() as sock:
        wrapped = borrower(sock)
        with pytest.raises(TypeError):
            wrapped.detach()
        assert wrapped._closed and sock.fileno() >= 0


@pytest.mark.parametrize("timeout", [None, 5])
def test_sendfile(module, borrower, tmp_path, timeout):
    (tmp_path / "file").write_bytes(b"0123456789")
    a, b = module.socketpair()
    with a, b, (tmp_path / "file").open("rb") as file:
        a.settimeout(timeout)
        wrapped = borrower(a)
        assert wrapped.sendfile(file, 2, 5) == 5
        assert (b.recv(20), file.tell()) == (b"23456", 7)
        assert "send" not in wrapped.asked
        assert wrapped.sendfile(file) == 10
        assert b.recv(20) == b"0123456789"


def test_sendfile_of_what_has_no_descriptor(module, borrower):
    a, b = module.socketpair()
    with a, b:
        wrapped = borrower(a)
        assert wrapped.sendfile(io.BytesIO(b"content")) == 7
        assert b.recv(20) == b"content"
        assert "send" in wrapped.asked


@pytest.mark.parametrize(
    ("file", "count", "kind", "text"),
    [
        (io.StringIO("text"), None, None, None),
        (io.BytesIO(b"x"), 0, ValueError, "count must be a positive integer (got 0)"),
        (io.BytesIO(b"x"), "1", TypeError, "count must be a positive integer (got '1')"),
    ],
)
def test_sendfile_checks_parameters(module, borrower, file, count, kind, text):
    with module.socket() as sock:
        wrapped = borrower(sock)
        if kind is None:
            wrapped._check_sendfile_params(file, 0, count)
            return
        with pytest.raises(kind) as info:
            wrapped.sendfile(file, 0, count)
        assert str(info.value) == text


def test_sendfile_looks_at_things_in_order(module, borrower, tmp_path):
    """Each step fails once, and the later ones are then not made."""
    order = ["mode", "type", "fileno of the socket", "fileno of the file", "gettimeout"]
    if sys.version_info >= (3, 15):
        order.insert(0, "fileno of the socket")
    (tmp_path / "file").write_bytes(b"content")
    taken = []

    def step(name, answer):
        taken.append(name)
        if name == failing:
            raise LookupError(name)
        return answer

    class Steps(borrower):
        if sys.version_info >= (3, 15):
            _sendfile_zerocopy = module.socket._sendfile_zerocopy

        type = property(lambda self: step("type", module.SOCK_STREAM))

        def fileno(self):
            return step("fileno of the socket", self.sock.fileno())

        def gettimeout(self):
            return step("gettimeout", None)

    class File:
        mode = property(lambda self: step("mode", "rb"))

        def fileno(self):
            return step("fileno of the file", file.fileno())

    with module.socket() as sock, (tmp_path / "file").open("rb") as file:
        for failing in order:
            taken.clear()
            with pytest.raises(LookupError, match=failing):
                Steps(sock)._sendfile_use_sendfile(File())
            assert taken == order[: order.index(failing) + 1]


def test_sendfile_of_datagrams_and_without_waiting(module, borrower, tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    with module.socket(type=module.SOCK_DGRAM) as sock, (tmp_path / "file").open("rb") as file:
        with pytest.raises(ValueError, match="only SOCK_STREAM type sockets are supported"):
            borrower(sock).sendfile(file)
    with module.socket() as sock, (tmp_path / "file").open("rb") as file:
        sock.setblocking(False)
        with pytest.raises(ValueError, match="non-blocking sockets are not supported"):
            borrower(sock).sendfile(file)


def test_object_that_lacks_what_they_use(module):
    class Bare:
        close = module.socket.close
        makefile = module.socket.makefile
        accept = module.socket.accept
        dup = module.socket.dup

        def _decref_socketios(self):
            """Called when the file is freed, which the program never gets."""

    for method, missing in (
        ("makefile", "_io_refs"),
        ("accept", "_accept"),
        ("dup", "fileno"),
        ("close", "_io_refs"),
    ):
        with pytest.raises(AttributeError, match=missing):
            getattr(Bare(), method)()


def test_methods_read_as_functions():
    for name in BORROWED:
        method = getattr(csocket.socket, name)
        assert method.__name__ == name
        assert method.__qualname__ == f"socket.{name}"
        assert method.__module__ == "csocket"
        assert list(inspect.signature(method).parameters)[0] == "self"
        assert inspect.isroutine(method) and callable(method)
    assert inspect.getdoc(csocket.socket.dup) == csocket.socket.dup.__doc__
    assert repr(csocket.socket.dup) == "<method socket.dup>"
    with csocket.socket() as sock:
        assert inspect.ismethod(sock.close) and sock.close.__self__ is sock
        assert str(inspect.signature(sock.close)) == "()"


def test_methods_have_no_annotations(module):
    """typing and functools.wraps() read them. A wrapper has those of its method."""
    method = module.socket.close

    @functools.wraps(method)
    def wrapper(self: object) -> None:
        method(self)

    with module.socket() as sock:
        for function in (method, sock.close, wrapper):
            assert typing.get_type_hints(function) == inspect.get_annotations(function) == {}


def test_methods_pickle_by_name():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(csocket.socket.close, protocol)) is csocket.socket.close


def test_methods_without_self_and_with_too_much():
    with pytest.raises(TypeError, match=r"close\(\) missing 1 required positional argument"):
        csocket.socket.close()
    with csocket.socket() as sock:
        for name in ("accept", "close", "detach", "dup", "get_inheritable", "__enter__"):
            with pytest.raises(TypeError, match=f"{name}.. takes no arguments"):
                getattr(sock, name)(1)
            with pytest.raises(TypeError, match=f"{name}.. takes no keyword arguments"):
                getattr(sock, name)(a=1)
        assert is_open(sock.fileno())


def test_partial_method():
    class Reader(Wrapper):
        reader = functools.partialmethod(csocket.socket.makefile, "rb")

    with unix_pair() as (a, b):
        b.send(b"x")
        assert Reader(a).reader().read(1) == b"x"


def test_methods_can_be_referred_to_weakly_and_have_attributes():
    with csocket.socket() as sock:
        reference = weakref.WeakMethod(sock.close)
        assert reference() == sock.close
    assert weakref.ref(csocket.socket.close)() is csocket.socket.close
    csocket.socket.close.label = "mine"
    try:
        assert csocket.socket.close.label == "mine"
    finally:
        del csocket.socket.close.label
