"""Subclasses of the socket type, and how its objects behave in Python."""

import collections
import copy
import gc
import pickle
import socket as stock
import weakref

import pytest
from descriptors import no_leaked_descriptors
from support import is_open

import csocket


class Subclass(csocket.socket):
    """Adds only a dict."""


def test_subclass_with_its_own_constructor():
    class Named(csocket.socket):
        def __init__(self, name):
            super().__init__(csocket.AF_UNIX)
            self.name = name

        def send(self, data):
            return super().send(data.upper())

    with Named("name") as sock:
        assert (sock.name, sock.family) == ("name", csocket.AF_UNIX)
        assert "Named" in repr(sock)


def test_subclass_with_slots():
    class Slotted(csocket.socket):
        __slots__ = ("first", "second")

    with Slotted() as sock:
        sock.first = 1
        assert sock.first == 1
        with pytest.raises(AttributeError):
            sock.third = 3


@pytest.mark.parametrize("module", [csocket, stock], ids=["csocket", "stock"])
def test_subclass_with_attributes_of_the_names_that_init_sets(module):
    class Named(module.socket):
        _io_refs = _closed = None

    sock = Named()
    assert vars(sock) == {"_io_refs": 0, "_closed": False}
    with sock.makefile("rb"):
        assert sock._io_refs == 1
        sock.close()
        assert sock._closed and sock.fileno() >= 0
    assert sock.fileno() == -1


@pytest.mark.parametrize("module", [csocket, stock], ids=["csocket", "stock"])
def test_subclass_whose_attributes_cannot_be_set(module):
    """The object has its descriptor already, and closes it when it is freed."""

    class ReadOnly(module.socket):
        __slots__ = ()
        _io_refs = None

    with no_leaked_descriptors():
        with pytest.warns(ResourceWarning), pytest.raises(AttributeError, match="_io_refs"):
            ReadOnly()
        gc.collect()
    with module.socket() as sock:
        with pytest.raises(AttributeError, match="_io_refs"):
            made = ReadOnly.__new__(ReadOnly)
            made.__init__(fileno=sock.detach())
        assert is_open(made.fileno())
        module.socket(fileno=made.detach()).close()


def test_plain_sockets_have_no_dict():
    with csocket.socket() as sock:
        assert not hasattr(sock, "__dict__")
        with pytest.raises(AttributeError):
            sock.anything = 1


def test_subclass_whose_constructor_was_not_called():
    class Lazy(csocket.socket):
        def __init__(self):
            pass

    sock = Lazy()
    assert sock.fileno() == -1
    with pytest.raises(OSError):
        sock.recv(1)
    sock.close()


def test_subclass_with_other_bases():
    class Both(csocket.socket, collections.abc.Sized):
        def __len__(self):
            return self.fileno()

    with Both() as sock:
        assert len(sock) == sock.fileno()


def test_methods_that_a_subclass_overrides_are_used():
    calls = []

    class Watching(csocket.socket):
        def close(self):
            calls.append("close")
            super().close()

        def _real_close(self, *arguments):
            calls.append("_real_close")
            super()._real_close(*arguments)

        def settimeout(self, value):
            calls.append("settimeout")
            super().settimeout(value)

    with Watching() as sock:
        sock.dup().close()
    assert calls == ["settimeout", "close", "_real_close", "close", "_real_close"]


# Objects


def test_weak_references():
    sock = csocket.socket()
    gone = []
    reference = weakref.ref(sock, gone.append)
    assert reference() is sock
    assert weakref.WeakSet([sock])
    sock.close()
    del sock
    assert reference() is None
    assert gone == [reference]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_cycles_are_collected():
    sock = Subclass()
    sock.myself = sock
    reference = weakref.ref(sock)
    del sock
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("make", [csocket.socket, Subclass])
def test_neither_pickled_nor_copied(make):
    with make() as sock:
        with pytest.raises(TypeError, match=f"^cannot pickle '{make.__name__}' object$"):
            pickle.dumps(sock)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(sock, protocol)
        for operation in (copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot pickle"):
                operation(sock)


def test_hash_and_equality_are_by_identity():
    with csocket.socket() as a, csocket.socket() as b:
        assert a == a != b
        assert len({a, b, a}) == 2
