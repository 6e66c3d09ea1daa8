"""SocketIO: the raw file on a socket, or on any object in the place of one."""

import contextlib
import errno
import gc
import io
import itertools
import pickle
import sys
import time
import weakref
from unittest import mock

import pytest
from support import Background, needs_mortal_classes, signals

import csocket


@pytest.mark.parametrize("mode", ["r", "w", "rw", "rb", "wb", "rwb"])
def test_socket_io_modes(pair, mode):
    a, _ = pair
    a._io_refs += 1
    with csocket.SocketIO(a, mode) as file:
        assert file.mode == file._mode == (mode if "b" in mode else mode + "b")
        assert file.readable() is file._reading is ("r" in mode)
        assert file.writable() is file._writing is ("w" in mode)
        assert file.seekable() is False
        assert file.fileno() == file.name == a.fileno()
        assert file._sock is a
        assert file._timeout_occurred is False
        assert not file.isatty()


@pytest.mark.parametrize("mode", ["", "b", "wr", "br", "a", "r+", "R", 5, None, b"r", ("r",)])
def test_socket_io_invalid_modes(pair, mode):
    with pytest.raises(ValueError, match="invalid mode: "):
        csocket.SocketIO(pair[0], mode)


@pytest.mark.parametrize("arguments", [(), (None,), (None, "r", 1)])
def test_socket_io_missing_arguments(arguments):
    with pytest.raises(TypeError):
        csocket.SocketIO(*arguments)


def test_socket_io_by_keyword(pair):
    pair[0]._io_refs += 1
    with csocket.SocketIO(sock=pair[0], mode="w") as file:
        assert file.writable()


def test_socket_io_wrong_direction(pair):
    a, _ = pair
    with a.makefile("rb", 0) as reader, a.makefile("wb", 0) as writer:
        with pytest.raises(io.UnsupportedOperation):
            reader.write(b"x")
        with pytest.raises(io.UnsupportedOperation):
            writer.readinto(bytearray(1))
        with pytest.raises(io.UnsupportedOperation):
            reader.seek(0)


def test_closed_socket_io(pair):
    a, _ = pair
    file = a.makefile("rwb", 0)
    file.close()
    assert file.closed
    assert file.name == -1
    assert file.mode == "rwb"
    assert file._sock is None
    for call in (
        file.readable,
        file.writable,
        file.seekable,
        file.fileno,
        lambda: file.readinto(bytearray(1)),
        lambda: file.write(b"x"),
        file.readline,
        file.flush,
        file.__enter__,
    ):
        with pytest.raises(ValueError, match="closed"):
            call()
    for call in (file.readable, file.writable, file.seekable):
        with pytest.raises(ValueError, match=r"^I/O operation on closed socket\.$"):
            call()


def test_socket_io_is_a_raw_file(pair):
    assert issubclass(csocket.SocketIO, io.RawIOBase)
    assert issubclass(csocket.SocketIO, io.IOBase)
    assert not issubclass(csocket.SocketIO, io.BufferedIOBase)
    with pair[0].makefile("rb", 0) as file:
        assert isinstance(file, io.RawIOBase)


def test_socket_io_has_a_dict_and_weak_references(pair):
    file = pair[0].makefile("rb", 0)
    file.note = "mine"
    assert vars(file)["note"] == "mine"
    reference = weakref.ref(file)
    assert reference() is file
    file.close()
    del file
    gc.collect()
    assert reference() is None


def test_socket_io_cannot_be_pickled(pair):
    with pair[0].makefile("rb", 0) as file:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(file, protocol)


def test_overridden_methods_are_used(pair):
    class Loud(csocket.SocketIO):
        def fileno(self):
            return 77

        def readable(self):
            return False

        def close(self):
            self.was_closed = True
            super().close()

    pair[0]._io_refs += 1
    file = Loud(pair[0], "rw")
    assert file.name == 77
    with pytest.raises(io.UnsupportedOperation):
        file.readinto(bytearray(1))
    file.close()
    assert file.was_closed
    assert pair[0]._io_refs == 0


def test_subclass_with_another_base():
    class Both(csocket.SocketIO, io.RawIOBase):
        pass

    sock = mock.Mock()
    with Both(sock, "r") as file:
        assert file.readable()
    sock._decref_socketios.assert_called_once_with()


def test_uninitialised_socket_io():
    file = csocket.SocketIO.__new__(csocket.SocketIO)
    for call in (file.fileno, lambda: file.mode):
        with pytest.raises(AttributeError):
            call()
    file.close()
    assert file.closed


@pytest.mark.filterwarnings("error")
def test_refused_socket_io_is_collected_silently():
    with pytest.raises(ValueError):
        csocket.SocketIO(mock.Mock(), "x")
    gc.collect()


def test_failed_closing_does_not_leak_the_socket():
    class Sock:
        def _decref_socketios(self):
            raise RuntimeError("cannot")

    class Subclass(csocket.SocketIO):
        pass

    for kind in (csocket.SocketIO, Subclass):
        sock = Sock()
        reference = weakref.ref(sock)
        file = kind(sock, "r")
        with pytest.raises(RuntimeError, match="cannot"):
            file.close()
        assert file._sock is sock
        del file, sock
        gc.collect()
        assert reference() is None


def test_cycle_through_the_socket_is_collected():
    class Sock:
        def _decref_socketios(self):
            pass

    class Subclass(csocket.SocketIO):
        pass

    for kind in (csocket.SocketIO, Subclass):
        sock = Sock()
        sock.file = kind(sock, "r")
        reference = weakref.ref(sock)
        del sock
        gc.collect()
        assert reference() is None


@needs_mortal_classes
def test_subclass_with_slots_and_its_type_are_collected():
    class Subclass(csocket.SocketIO):
        __slots__ = ("extra",)

    file = Subclass(mock.Mock(), "r")
    file.extra = file
    Subclass.instance = file
    references = weakref.ref(file), weakref.ref(Subclass)
    del file, Subclass
    gc.collect()
    assert [reference() for reference in references] == [None, None]


# Any object can be the socket


def test_mock_as_socket():
    sock = mock.Mock()
    sock.recv_into.return_value = 3
    sock.send.return_value = 2
    sock.fileno.return_value = 42
    buffer = bytearray(5)
    file = csocket.SocketIO(sock, "rw")
    assert file.readinto(buffer) == 3
    sock.recv_into.assert_called_once_with(buffer)
    assert file.write(b"abc") == 2
    sock.send.assert_called_once_with(b"abc")
    assert file.fileno() == file.name == 42
    file.close()
    sock._decref_socketios.assert_called_once_with()
    assert file._sock is None


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EWOULDBLOCK])
def test_would_block_from_a_mock(number):
    sock = mock.Mock()
    sock.recv_into.side_effect = OSError(number, "again")
    sock.send.side_effect = OSError(number, "again")
    with csocket.SocketIO(sock, "rw") as file:
        assert file.readinto(bytearray(1)) is None
        assert file.write(b"x") is None


class WithoutNumber(OSError):
    errno = "eleven"


class WithOddNumber(OSError):
    errno = 2**80


@pytest.mark.parametrize(
    "error",
    [
        OSError("no number"),
        ConnectionResetError(errno.ECONNRESET, "reset"),
        OSError(errno.EINTR, "signal"),
        OSError(2, "what ssl says for 'want read'"),
        WithoutNumber(),
        WithOddNumber(),
        RuntimeError("not even an OSError"),
        KeyboardInterrupt(),
    ],
)
def test_errors_of_the_socket_come_through(error):
    sock = mock.Mock()
    sock.recv_into.side_effect = error
    sock.send.side_effect = error
    with csocket.SocketIO(sock, "rw") as file:
        with pytest.raises(type(error)) as caught:
            file.readinto(bytearray(1))
        assert caught.value is error
        assert file._timeout_occurred is False
        with pytest.raises(type(error)) as caught:
            file.write(b"x")
        assert caught.value is error


def test_timeout_of_a_mock():
    sock = mock.Mock()
    sock.recv_into.side_effect = TimeoutError("timed out")
    with csocket.SocketIO(sock, "rw") as file:
        with pytest.raises(TimeoutError, match="timed out"):
            file.readinto(bytearray(1))
        assert file._timeout_occurred is True
        with pytest.raises(OSError, match="cannot read from timed out object"):
            file.readinto(bytearray(1))
        sock.send.return_value = 1
        assert file.write(b"x") == 1


def test_socket_without_the_attributes():
    file = csocket.SocketIO(object(), "rw")
    for call in (file.fileno, lambda: file.readinto(bytearray(1)), lambda: file.write(b"")):
        with pytest.raises(AttributeError):
            call()
    with pytest.raises(AttributeError, match="_decref_socketios"):
        file.close()
    assert file.closed


def test_buffers_on_a_mock():
    sock = mock.Mock()
    chunks = [b"one\ntw", b"o\n", b""]

    def recv_into(view):
        chunk = chunks.pop(0)
        view[: len(chunk)] = chunk
        return len(chunk)

    sock.recv_into.side_effect = recv_into
    with io.BufferedReader(csocket.SocketIO(sock, "r")) as file:
        assert file.readlines() == [b"one\n", b"two\n"]


# read(), which receives directly if nothing has replaced readinto() and recv_into()


def test_read(pair):
    a, b = pair
    with a.makefile("rb", 0) as file:
        b.sendall(b"one two three")
        assert file.read(4) == b"one "
        assert file.read(0) == b""
        assert file.read(True) == b"t"
        assert file.read(2**20) == b"wo three"
        b.sendall(b"the rest")
        b.close()
        assert file.read(-1) == b"the rest"
        assert file.read(5) == file.read() == b""


@pytest.mark.parametrize("size", ["5", 5.0, b"", None])
def test_read_of_no_size(pair, size):
    with pair[0].makefile("rb", 0) as file:
        with pytest.raises(TypeError):
            file.read(size)


def test_read_takes_one_argument(pair):
    with pair[0].makefile("rb", 0) as file:
        with pytest.raises(TypeError):
            file.read(1, 2)
        with pytest.raises(TypeError):
            file.read(size=1)


@pytest.mark.parametrize("size", [2**62, 2**80])
def test_read_of_a_size_beyond_memory(pair, size):
    with pair[0].makefile("rb", 0) as file:
        with pytest.raises((MemoryError, OverflowError)):
            file.read(size)


def test_read_where_reading_is_over(pair):
    a, b = pair
    b.sendall(b"x")
    with a.makefile("wb", 0) as file:
        with pytest.raises(io.UnsupportedOperation):
            file.read(1)
    with pytest.raises(ValueError, match="closed"):
        file.read(1)
    with a.makefile("rb", 0) as file:
        io.RawIOBase.close(file)
        with pytest.raises(ValueError, match="closed"):
            file.read(1)
    a._decref_socketios()
    assert a.recv(1) == b"x"


def test_read_that_times_out(pair):
    a, b = pair
    a.settimeout(0.02)
    with a.makefile("rb", 0) as file:
        with pytest.raises(TimeoutError):
            file.read(1)
        assert file._timeout_occurred is True
        b.sendall(b"x")
        with pytest.raises(OSError, match="cannot read from timed out object"):
            file.read(1)


def test_read_without_waiting(pair):
    a, b = pair
    a.setblocking(False)
    with a.makefile("rb", 0) as file:
        assert file.read(1) is None
        b.sendall(b"x")
        assert file.read(1) == b"x"


def test_read_on_a_closed_socket(pair):
    a, _ = pair
    with a.makefile("rb", 0) as file:
        a._real_close()
        with pytest.raises(OSError) as caught:
            file.read(1)
        assert caught.value.errno == errno.EBADF


def test_read_without_a_socket(pair):
    with pytest.raises(AttributeError):
        csocket.SocketIO.__new__(csocket.SocketIO).read(1)
    with csocket.SocketIO(mock.Mock(), "r") as file:
        file._sock = None
        with pytest.raises(AttributeError):
            file.read(1)
        file._sock = mock.Mock()


def test_read_by_a_readinto_of_a_subclass(pair):
    class Shout(csocket.SocketIO):
        def readinto(self, buffer):
            buffer[:3] = b"HEY"
            return 3

    pair[0]._io_refs += 1
    with Shout(pair[0], "r") as file:
        assert file.read(5) == b"HEY"


def shout(sock, buffer):
    buffer[:3] = b"HEY"
    return 3


def test_read_by_a_readinto_that_was_put_in_place(pair, monkeypatch):
    a, b = pair
    with a.makefile("rb", 0) as file:
        with monkeypatch.context() as patch:
            patch.setattr(csocket.SocketIO, "readinto", shout)
            assert file.read(5) == b"HEY"
        file.readinto = lambda buffer: shout(file, buffer)
        assert file.read(5) == b"HEY"
        del file.readinto
        b.sendall(b"xy")
        assert file.read(2) == b"xy"


def test_read_of_a_file_with_attributes(pair):
    a, b = pair
    with a.makefile("rb", 0) as file:
        file.label = "mine"
        b.sendall(b"xy")
        assert file.read(2) == b"xy"
    with pytest.raises(ValueError, match="closed"):
        file.read(1)


def test_closed_that_was_put_in_place(pair, monkeypatch):
    with pair[0].makefile("rb", 0) as file, monkeypatch.context() as patch:
        patch.setattr(csocket.SocketIO, "closed", True, raising=False)
        with pytest.raises(ValueError, match="closed"):
            file.read(1)


def test_read_by_a_recv_into_of_a_subclass(pair):
    class Shout(csocket.socket):
        recv_into = shout

    with Shout(fileno=pair[0].detach()) as sock, sock.makefile("rb", 0) as file:
        assert file.read(5) == b"HEY"


def test_read_by_a_recv_into_that_was_put_in_place(pair, monkeypatch):
    a, b = pair
    with a.makefile("rb", 0) as file:
        with monkeypatch.context() as patch:
            patch.setattr(csocket.socket, "recv_into", shout)
            assert file.read(5) == b"HEY"
            patch.setattr(csocket.socket, "recv_into", csocket.socket.sendall)
            b.sendall(b"xy")
            assert file.read(2) is None
        assert file.read(2) == b"xy"


def test_read_from_a_mock():
    sock = mock.Mock()
    sock.recv_into.side_effect = lambda buffer: shout(sock, buffer)
    with csocket.SocketIO(sock, "r") as file:
        assert file.read(5) == b"HEY"
    assert not sock.recv.called


# Loops in C, which call a file again and again without returning to the interpreter

# Byte by byte, this many take many seconds.
MANY = 1 << 23


class Inexhaustible:
    """In the place of a socket: always has data, and accepts all data. It runs no Python code."""

    recv_into = send = len
    _decref_socketios = int


def read_line(file):
    file.readline(MANY)


def write_lines(file):
    file.writelines(itertools.repeat(b"x", MANY))


@pytest.fixture(
    params=[("rb", True, read_line), ("rb", False, read_line), ("wb", False, write_lines)],
    ids=["recv", "readinto", "write"],
)
def file_and_loop(request, pair):
    """A file, and a loop of so many calls that only closing the file ends it."""
    mode, is_real, loop = request.param
    a, b = pair
    if not is_real:
        yield csocket.SocketIO(Inexhaustible(), mode), loop
        return
    with a.makefile(mode, buffering=0) as file:
        peer = Background(b.sendall, bytes(MANY))
        yield file, loop
        a.close()
        with contextlib.suppress(OSError):
            peer.result()


@pytest.fixture
def short_switch_interval():
    """Shorten the interval: the calls between two breaks take less time if they make no system
    calls."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(interval / 10)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("short_switch_interval")
def test_long_loop_lets_other_threads_run(file_and_loop):
    file, loop = file_and_loop
    thread = Background(loop, file)
    for _ in range(20):
        time.sleep(0.001)
    file.close()
    # Without a GIL the file may be closed between two steps of a call, and its socket is None then.
    with pytest.raises((ValueError, AttributeError), match="closed|'NoneType'"):
        thread.result()


def test_long_loop_lets_signal_handlers_run(file_and_loop):
    file, loop = file_and_loop
    with pytest.raises(ValueError, match="closed"), signals(file.close, 0.1):
        loop(file)
