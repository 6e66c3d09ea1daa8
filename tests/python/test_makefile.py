"""makefile() and SocketIO: modes, buffers, the close-counting rule, sockets that are none."""

import errno
import gc
import io
import os
import pickle
import subprocess
import sys
import textwrap
import weakref
from unittest import mock

import pytest

import csocket

READING = ["r", "b", "rb", "br", ""]
WRITING = ["w", "wb", "bw"]
BOTH = ["rw", "wr", "rwb", "bwr"]
ROUNDS = 200


@pytest.fixture
def pair():
    a, b = csocket.socketpair()
    with a, b:
        a.settimeout(10)
        b.settimeout(10)
        yield a, b


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError as error:
        assert error.errno == errno.EBADF
        return False
    return True


def expected_type(mode, buffering):
    if buffering == 0:
        return csocket.SocketIO
    if "b" not in mode:
        return io.TextIOWrapper
    if "r" in mode and "w" in mode:
        return io.BufferedRWPair
    return io.BufferedWriter if "w" in mode else io.BufferedReader


@pytest.mark.parametrize("buffering", [None, -1, -(2**70), 0, 1, 16, 8192, False, True])
@pytest.mark.parametrize("mode", READING + WRITING + BOTH)
def test_modes_and_bufferings(pair, mode, buffering):
    a, b = pair
    binary = "b" in mode
    if buffering is not None and buffering == 0 and not binary:
        with pytest.raises(ValueError, match="unbuffered streams must be binary"):
            a.makefile(mode, buffering)
        assert a._io_refs == 0
        return
    file = a.makefile(mode, buffering)
    assert type(file) is expected_type(mode, buffering)
    assert file.readable() == ("r" in mode or "w" not in mode)
    assert file.writable() == ("w" in mode)
    assert not file.seekable()
    assert a._io_refs == 1
    if file.readable():
        b.sendall(b"line\nrest")
        assert file.readline() == (b"line\n" if binary else "line\n")
    if file.writable():
        file.write(b"out\n" if binary else "out\n")
        file.flush()
        assert b.recv(10) == b"out\n"
    file.close()
    assert a._io_refs == 0


def test_defaults_are_reading_text(pair):
    a, b = pair
    b.sendall("grün\n".encode())
    with a.makefile(encoding="utf-8") as file:
        assert type(file) is io.TextIOWrapper
        assert file.mode == "r"
        assert file.readline() == "grün\n"


def test_text_parameters(pair):
    a, b = pair
    b.sendall(b"a\xff\r\nb\n")
    with a.makefile("rw", encoding="ascii", errors="surrogateescape", newline="\r\n") as file:
        assert (file.mode, file.encoding, file.errors) == ("rw", "ascii", "surrogateescape")
        assert file.readline() == "a\udcff\r\n"
        file.write("x\n")
        file.flush()
        assert b.recv(10) == b"x\r\n"


@pytest.mark.parametrize("mode", ["a", "x", "r+", "U", "rt", "R", "rwbx", b"rb", b"r", ["ab"], {1: 2}])
def test_invalid_mode(pair, mode):
    with pytest.raises(ValueError, match=r"invalid mode .* \(only r, w, b allowed\)"):
        pair[0].makefile(mode)
    assert pair[0]._io_refs == 0


@pytest.mark.parametrize("mode", [None, 5, 1.5, object()])
def test_mode_of_the_wrong_type(pair, mode):
    with pytest.raises(TypeError):
        pair[0].makefile(mode)
    assert pair[0]._io_refs == 0


def test_mode_of_items_that_are_letters(pair):
    a, _ = pair
    with a.makefile(("r", "b")) as file:
        assert type(file) is io.BufferedReader


@pytest.mark.parametrize(
    "arguments, keywords, exception",
    [
        (("rb", "16"), {}, TypeError),
        (("rb", 1.5), {}, TypeError),
        (("rb", []), {}, TypeError),
        (("rb", 2**100), {}, OverflowError),
        (("r",), {"encoding": "no such encoding"}, LookupError),
        (("r",), {"encoding": 5}, TypeError),
        (("w",), {"encoding": "utf-8", "errors": 5}, TypeError),
        (("rw",), {"encoding": "utf-8", "newline": "x"}, ValueError),
        (("rw",), {"encoding": "utf-8", "newline": 5}, TypeError),
        (("r", None, "utf-8"), {}, TypeError),
        ((), {"mode": "r", "closefd": True}, TypeError),
        (("r",), {"mode": "r"}, TypeError),
    ],
)
def test_refused_arguments_leave_no_file_behind(pair, arguments, keywords, exception):
    a, _ = pair
    try:
        a.makefile(*arguments, **keywords)
    except exception as error:
        # Even while the traceback holds on to what was on the way.
        assert a._io_refs == 0, error
    else:
        pytest.fail(f"{exception.__name__} expected")
    fd = a.fileno()
    a.close()
    assert not is_open(fd)


def test_binary_files_ignore_text_parameters(pair):
    with pair[0].makefile("rb", encoding="no such encoding", newline="x") as file:
        assert type(file) is io.BufferedReader


def test_descriptor_goes_with_the_last_file(pair):
    a, b = pair
    fd = a.fileno()
    files = [a.makefile(mode, encoding=None if "b" in mode else "utf-8") for mode in ("r", "wb", "rwb")]
    a.close()
    assert a._io_refs == 3
    for file in files:
        assert is_open(fd)
        assert a.fileno() == fd
        file.close()
    assert a._io_refs == 0
    assert not is_open(fd)
    assert a.fileno() == -1


def test_file_outlives_the_last_reference_to_its_socket():
    a, b = csocket.socketpair()
    with b:
        file = a.makefile("rwb")
        fd = a.fileno()
        a.close()
        del a
        b.sendall(b"still here\n")
        assert file.readline() == b"still here\n"
        file.close()
        assert not is_open(fd)


def test_closing_a_file_twice_counts_once(pair):
    a, _ = pair
    kept = a.makefile("rb")
    raw = a.makefile("rb", 0)
    raw.close()
    raw.close()
    assert a._io_refs == 1
    kept.close()
    assert a._io_refs == 0


def test_collected_file_is_closed(pair):
    a, _ = pair
    for mode in ("rb", "wb", "rwb"):
        for buffering in (0, None):
            a.makefile(mode, buffering)
            gc.collect()
            assert a._io_refs == 0


def test_collected_cycle_is_closed(pair):
    a, _ = pair
    raw = csocket.SocketIO(a, "r")
    a._io_refs += 1
    raw.myself = raw
    reference = weakref.ref(raw)
    del raw
    gc.collect()
    assert reference() is None
    assert a._io_refs == 0


def test_real_close_of_a_subclass_is_called_once():
    class Subclass(csocket.socket):
        closings = 0

        def _real_close(self):
            self.closings += 1
            super()._real_close()

    a, b = csocket.socketpair()
    with b:
        sock = Subclass(fileno=a.detach())
        file = sock.makefile("rb")
        sock.close()
        assert sock.closings == 0
        file.close()
        assert sock.closings == 1
        assert sock.fileno() == -1


def test_namespace_decides_what_a_file_is(pair, monkeypatch):
    class Counting(csocket.SocketIO):
        made = 0

        def __init__(self, *arguments):
            type(self).made += 1
            super().__init__(*arguments)

    monkeypatch.setattr(csocket, "SocketIO", Counting)
    with pair[0].makefile("rb") as file:
        assert type(file.raw) is Counting
    assert Counting.made == 1


def test_failing_socket_io_does_not_count(pair, monkeypatch):
    monkeypatch.setattr(csocket, "SocketIO", mock.Mock(side_effect=RuntimeError("no file")))
    with pytest.raises(RuntimeError, match="no file"):
        pair[0].makefile("rb")
    assert pair[0]._io_refs == 0


def test_encoding_warning_names_the_caller(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            """\
            import csocket
            with csocket.socket(csocket.AF_UNIX) as sock:
                sock.makefile("r", encoding="utf-8").close()
                sock.makefile("rb").close()
                sock.makefile("r").close()
            """
        )
    )
    result = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", str(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [line for line in result.stderr.splitlines() if "EncodingWarning" in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"{program}:5: EncodingWarning")


# Waiting


def test_nothing_can_be_read_after_a_timeout(pair):
    a, b = pair
    a.settimeout(0.02)
    with a.makefile("rb") as file:
        b.sendall(b"part")
        with pytest.raises(TimeoutError):
            file.read(10)
        assert file.raw._timeout_occurred is True
        b.sendall(b"more")
        with pytest.raises(OSError, match="cannot read from timed out object"):
            file.read(1)
        assert a.recv(10) == b"more"


def test_timeout_of_one_file_is_its_own(pair):
    a, b = pair
    a.settimeout(0.02)
    with a.makefile("rb", 0) as first, a.makefile("rwb", 0) as second:
        with pytest.raises(TimeoutError):
            first.readinto(bytearray(1))
        assert first.write is not None
        b.sendall(b"x")
        assert second.read(1) == b"x"
        assert second.write(b"y") == 1


def test_timeout_while_writing(pair):
    a, _ = pair
    a.settimeout(0.02)
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF, 4096)
    with a.makefile("rwb", 0) as file:
        with pytest.raises(TimeoutError):
            for _ in range(10_000):
                file.write(bytes(4096))
        assert file._timeout_occurred is False


def test_none_where_it_would_have_to_wait(pair):
    a, b = pair
    a.setblocking(False)
    with a.makefile("rwb", 0) as file:
        assert file.readinto(bytearray(5)) is None
        assert file.read(5) is None
        for _ in range(10_000):
            sent = file.write(bytes(65536))
            if sent is None:
                break
        assert sent is None
        b.close()
        with pytest.raises(OSError):
            file.write(b"x")


def test_end_of_the_connection(pair):
    a, b = pair
    with a.makefile("rb", 0) as file:
        b.close()
        assert file.readinto(bytearray(5)) == 0
        assert file.read() == b""


# SocketIO on its own


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


# Nothing is left behind


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc/self/fd")
@pytest.mark.parametrize(
    "keywords",
    [
        {"mode": "rb"},
        {"mode": "wb", "buffering": 0},
        {"mode": "rwb"},
        {"mode": "rw", "encoding": "utf-8"},
        {"mode": "r", "encoding": "no such encoding"},
        {"mode": "rw", "encoding": "utf-8", "newline": "x"},
        {"mode": "rb", "buffering": 2**100},
        {"mode": "x"},
    ],
)
def test_rounds_leave_nothing_behind(keywords):
    def one_round():
        a, b = csocket.socketpair()
        with b:
            try:
                file = a.makefile(**keywords)
            except (LookupError, ValueError, OverflowError):
                a.close()
                return
            a.close()
            file.close()

    one_round()
    gc.collect()
    descriptors, objects = open_descriptors(), len(gc.get_objects())
    references = sys.getrefcount(csocket.SocketIO), sys.getrefcount(csocket.socket)
    for _ in range(ROUNDS):
        one_round()
    gc.collect()
    assert open_descriptors() == descriptors
    assert len(gc.get_objects()) - objects < ROUNDS // 10
    assert (sys.getrefcount(csocket.SocketIO), sys.getrefcount(csocket.socket)) == references
