"""makefile(): modes, buffers, and the close-counting rule."""

import gc
import io
import os
import subprocess
import sys
import textwrap
import weakref
from unittest import mock

import pytest

import csocket
from support import is_open

READING = ["r", "b", "rb", "br", ""]
WRITING = ["w", "wb", "bw"]
BOTH = ["rw", "wr", "rwb", "bwr"]
ROUNDS = 200


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
        # Even while the traceback refers to the unfinished file.
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
