"""The owner of a descriptor that accept(), dup(), fromfd() or socketpair() passes on."""

import gc
import os
import select
import socket as stock
import threading
from contextlib import contextmanager

import pytest
from support import is_open

import csocket

LOOPBACK = "127.0.0.1"
SOCKET = csocket.socket


class Refusal(Exception):
    pass


class RaisesAfter(csocket.socket):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        raise Refusal(self.fileno())


class RaisesBefore(csocket.socket):
    def __init__(self, *arguments, **keywords):
        raise Refusal(keywords["fileno"] if keywords else arguments[-1])


class RaisesAfterDetaching(csocket.socket):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        raise Refusal(self.detach())


class RaisesAfterClosing(csocket.socket):
    """Another file gets the number before it raises, as it could in another thread."""

    others = []

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        fd = self.fileno()
        self.close()
        self.others.append(os.open("/dev/null", os.O_RDONLY))
        assert self.others[-1] == fd
        raise Refusal(fd)


def make_accept(cls):
    with SOCKET() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        with stock.create_connection(listener.getsockname()):
            listener.accept()


def make_dup(cls):
    with SOCKET() as sock:
        SOCKET.dup(Classed(sock, cls))


class Classed:
    """Stands for a socket whose __class__ is another class, which dup() calls."""

    def __init__(self, sock, cls):
        self.sock = sock
        self.cls = cls

    @property
    def __class__(self):
        return self.cls

    def __getattr__(self, name):
        return getattr(self.sock, name)


def make_fromfd(cls):
    with stock.socket() as sock:
        csocket.fromfd(sock.fileno(), sock.family, sock.type)


def make_socketpair(cls):
    csocket.socketpair()


MAKERS = [make_accept, make_dup, make_fromfd, make_socketpair]


@contextmanager
def refusing(monkeypatch, cls):
    """Replace socket by cls during the block, which must raise Refusal and leak no descriptor."""
    before = set(os.listdir("/proc/self/fd"))
    with monkeypatch.context() as patch:
        patch.setattr(csocket, "socket", cls)
        yield
    gc.collect()
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("make", MAKERS)
def test_taken_by_an_object_that_then_raises(monkeypatch, make):
    with refusing(monkeypatch, RaisesAfter):
        with pytest.raises(Refusal) as info:
            make(RaisesAfter)
        fd = info.value.args[0]
        # The traceback refers to the object. Its descriptor stays open until it is freed.
        assert is_open(fd)
        del info
        gc.collect()
        assert not is_open(fd)


@pytest.mark.parametrize("make", MAKERS)
def test_not_taken_before_the_constructor_raises(monkeypatch, make):
    with refusing(monkeypatch, RaisesBefore):
        with pytest.raises(Refusal) as info:
            make(RaisesBefore)
        assert not is_open(info.value.args[0])


@pytest.mark.parametrize("make", MAKERS)
def test_taken_and_given_to_somebody_else(monkeypatch, make):
    with refusing(monkeypatch, RaisesAfterDetaching):
        with pytest.raises(Refusal) as info:
            make(RaisesAfterDetaching)
        os.close(info.value.args[0])


@pytest.mark.parametrize("make", MAKERS)
def test_number_that_belongs_to_another_file_by_now(monkeypatch, make):
    with refusing(monkeypatch, RaisesAfterClosing):
        with pytest.raises(Refusal) as info:
            make(RaisesAfterClosing)
        fd = RaisesAfterClosing.others.pop()
        assert fd == info.value.args[0]
        assert os.path.samefile(f"/proc/self/fd/{fd}", "/dev/null")
        os.close(fd)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_unrelated_descriptor_is_closed_beside_threads(monkeypatch):
    """Each thread opens a file after each failure. No other thread may close it."""
    monkeypatch.setattr(csocket, "socket", RaisesAfter)
    failures = []

    def storm():
        for _ in range(300):
            try:
                csocket.socketpair()
            except Refusal:
                pass
            fd = os.open("/dev/null", os.O_RDONLY)
            try:
                os.fstat(fd)
                os.close(fd)
            except OSError as error:
                failures.append(error)

    threads = [threading.Thread(target=storm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_descriptor_is_no_longer_under_way_afterwards():
    """If a later __init__ with the same number fails, the descriptor stays the caller's."""
    with csocket.socket() as sock, csocket.fromfd(sock.fileno(), 2, 1) as copied:
        with pytest.raises(OverflowError):
            csocket.socket(family=2**40, fileno=copied.fileno())
        assert is_open(copied.fileno())


def test_accept_calls_a_replaced_constructor(monkeypatch):
    made = []
    original = csocket.socket.__init__

    def __init__(sock, *arguments, **keywords):
        made.append((arguments, keywords))
        original(sock, *arguments, **keywords)

    with csocket.create_server((LOOPBACK, 0)) as listener:
        monkeypatch.setattr(csocket.socket, "__init__", __init__)
        with stock.create_connection(listener.getsockname()):
            connection, _ = listener.accept()
            with connection:
                fd = connection.fileno()
        assert made == [((csocket.AF_INET, csocket.SOCK_STREAM, 0), {"fileno": fd})]
        made.clear()
        for sock in csocket.socketpair():
            sock.close()
        assert [arguments[:3] for arguments, _ in made] == [(1, 1, 0)] * 2
        made.clear()
        with listener.dup():
            assert made[0][0] == (csocket.AF_INET, csocket.SOCK_STREAM, 0)
            assert list(made[0][1]) == ["fileno"]


def test_accept_calls_an_overridden_accept():
    class Listener(csocket.socket):
        def _accept(self):
            fd, address = super()._accept()
            return fd, ("overridden", address)

    with Listener() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        with stock.create_connection(listener.getsockname()) as client:
            connection, address = listener.accept()
            with connection:
                assert type(connection) is csocket.socket
                assert address == ("overridden", client.getsockname())


def test_accept_calls_a_replaced_accept(monkeypatch):
    with csocket.create_server((LOOPBACK, 0)) as listener:
        original = csocket.socket._accept
        monkeypatch.setattr(csocket.socket, "_accept", lambda sock: (original(sock)[0], "patched"))
        with stock.create_connection(listener.getsockname()):
            connection, address = listener.accept()
            connection.close()
    assert address == "patched"


@pytest.mark.parametrize("answer", [(), (1,), (1, 2, 3), 5, None])
def test_accept_that_returns_no_pair(answer):
    class Listener(csocket.socket):
        def _accept(self):
            return answer

    with Listener() as listener, pytest.raises((TypeError, ValueError)):
        listener.accept()


def test_accept_whose_descriptor_is_none(monkeypatch):
    """The constructor gets whatever the _accept() of a subclass returns."""

    class Listener(csocket.socket):
        def _accept(self):
            return "descriptor", "address"

    with Listener() as listener:
        with pytest.raises(TypeError):
            listener.accept()
        made = []
        monkeypatch.setattr(csocket, "socket", lambda *_, fileno: made.append(fileno))
        assert listener.accept() == (None, "address")
        assert made == ["descriptor"]


def test_accept_sets_the_mode_of_what_stands_as_socket(monkeypatch):
    modes = []

    class Noting(csocket.socket):
        def setblocking(self, flag):
            modes.append(flag)
            super().setblocking(flag)

    with csocket.create_server((LOOPBACK, 0)) as listener:
        monkeypatch.setattr(csocket, "socket", Noting)
        for timeout in (None, 0, 5):
            with stock.create_connection(listener.getsockname()):
                # The connection must be there before the listener becomes non-blocking.
                select.select([listener], [], [])
                listener.settimeout(timeout)
                listener.accept()[0].close()
    assert modes == [True]


def test_pair_of_the_base_type():
    a, b = csocket._csocket.socketpair()
    assert type(a) is type(b) is csocket.SocketType
    assert (a.family, a.type, a.proto) == (csocket.AF_UNIX, csocket.SOCK_STREAM, 0)
    a.send(b"x")
    assert b.recv(1) == b"x"
    a.close()
    b.close()
    a, b = csocket._csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM, 0)
    assert b.type == csocket.SOCK_DGRAM
    a.close()
    b.close()
    with pytest.raises(TypeError):
        csocket._csocket.socketpair(family=csocket.AF_UNIX)


def test_pair_of_the_base_type_whatever_stands_as_socket(monkeypatch):
    monkeypatch.setattr(csocket, "socket", RaisesBefore)
    for sock in csocket._csocket.socketpair():
        sock.close()


def test_second_init_that_fails_leaves_the_socket_as_it_was():
    with csocket.socket() as sock, open(os.devnull) as file:
        fd = sock.fileno()
        for arguments in ({"fileno": file.fileno()}, {"fileno": 2**20}, {"family": 9999}):
            with pytest.raises(OSError):
                sock.__init__(**arguments)
            assert (sock.fileno(), sock.family) == (fd, csocket.AF_INET)
            assert is_open(fd)


def test_second_init_with_its_own_descriptor():
    with csocket.socket() as sock:
        fd = sock.fileno()
        sock.__init__(fileno=fd)
        assert sock.fileno() == fd and is_open(fd)


def test_constructor_that_closes_the_descriptor_itself(monkeypatch):
    """It also opens another file, which gets the same number."""
    files = []

    def refuse(*arguments, fileno=None):
        csocket.close(fileno if fileno is not None else arguments[-1])
        files.append(open(os.devnull))
        raise Refusal(files[-1].fileno())

    for make in MAKERS[0], MAKERS[2], MAKERS[3]:
        with refusing(monkeypatch, refuse), pytest.raises(Refusal) as info:
            try:
                make(None)
            finally:
                assert is_open(files[-1].fileno())
                files.pop().close()
        assert info.value.args


@pytest.mark.parametrize("extra", [0, 2**32, 2**64])
def test_what_an_accept_of_somebody_else_returns_stays_open(extra):
    class Listener(csocket.socket):
        def _accept(self):
            return reader + extra, "address"

    reader, writer = os.pipe()
    with Listener() as listener, pytest.raises((OSError, OverflowError)):
        listener.accept()
    os.close(reader)
    os.close(writer)


def test_sockets_are_finalized_after_a_finalizer_that_was_put_in_place():
    csocket.socket.__del__ = lambda sock: None
    try:
        for _ in range(20):
            csocket.socket().close()
    finally:
        del csocket.socket.__del__
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        with pytest.warns(ResourceWarning):
            csocket.socket()
            gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before
