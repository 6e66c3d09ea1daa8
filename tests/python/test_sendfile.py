"""sendfile(): within the kernel, or else by reading and sending."""

import errno
import gc
import io
import os
import signal
import sys
import threading
import time
from unittest import mock

import pytest

import csocket

CONTENT = bytes(range(256)) * 4096  # 1 MiB, more than a socket's buffers take
METHODS = ["sendfile", "_sendfile_use_sendfile", "_sendfile_use_send"]
ROUNDS = 100


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    return path


class Receiver(threading.Thread):
    """Receives until the end of the stream."""

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.data = bytearray()
        self.start()

    def run(self):
        while chunk := self.sock.recv(65536):
            self.data += chunk

    def result(self):
        self.join(20)
        assert not self.is_alive()
        return bytes(self.data)


@pytest.mark.parametrize("timeout", [None, 20])
@pytest.mark.parametrize(
    "offset, count",
    [(0, None), (5000, None), (0, 1), (0, 8192), (0, 700_001), (4321, 500_007), (0, 2**100),
     (len(CONTENT) - 10, 100), (len(CONTENT), None), (len(CONTENT) + 10, 5), (True, True)],
)
@pytest.mark.parametrize("method", METHODS)
def test_part_of_a_file(pair, path, method, offset, count, timeout):
    a, b = pair
    a.settimeout(timeout)
    expected = CONTENT[offset:] if count is None else CONTENT[offset : offset + count]
    receiver = Receiver(b)
    with open(path, "rb") as file:
        assert getattr(a, method)(file, offset, count) == len(expected)
        if expected:
            assert file.tell() == offset + len(expected)
    a.close()
    assert receiver.result() == expected


@pytest.mark.parametrize("method", METHODS)
def test_keywords(pair, path, method):
    a, b = pair
    with open(path, "rb") as file:
        assert getattr(a, method)(file=file, offset=3, count=4) == 4
    assert b.recv(10) == CONTENT[3:7]


@pytest.mark.parametrize("method", METHODS)
def test_empty_file(pair, tmp_path, method):
    (tmp_path / "empty").write_bytes(b"")
    with open(tmp_path / "empty", "rb") as file:
        assert getattr(pair[0], method)(file) == 0
        assert file.tell() == 0


@pytest.mark.parametrize("method", METHODS[:2])
def test_empty_file_on_a_socket_that_does_not_wait(pair, tmp_path, method):
    a, _ = pair
    a.setblocking(False)
    (tmp_path / "empty").write_bytes(b"")
    with open(tmp_path / "empty", "rb") as file:
        assert getattr(a, method)(file) == 0


@pytest.mark.parametrize("timeout", [None, 20])
def test_nothing_is_asked_of_a_file_that_is_sent(pair, path, timeout):
    """One system call sends it, without an fstat() before."""
    a, b = pair
    a.settimeout(timeout)
    with open(path, "rb") as file, mock.patch("os.fstat", side_effect=AssertionError):
        assert a.sendfile(file, 100, 1000) == 1000
        assert file.tell() == 1100
    assert b.recv(2000) == CONTENT[100:1100]


def test_file_without_a_size_that_has_content(pair):
    a, b = pair
    with open("/proc/version", "rb") as file:
        sent = a.sendfile(file, 0, 1000)
    assert sent > 0
    assert len(b.recv(2000)) == sent


def test_pipe(pair):
    reading, writing = os.pipe()
    with open(reading, "rb") as file, open(writing, "wb", buffering=0) as other:
        other.write(b"x")
        assert pair[0].sendfile(file) == 0


def test_raw_file(pair, path):
    a, b = pair
    with open(path, "rb", buffering=0) as file:
        assert a.sendfile(file, 0, 10) == 10
        assert file.tell() == 10
    assert b.recv(100) == CONTENT[:10]


# Files that the kernel cannot send


def test_file_in_memory(pair):
    a, b = pair
    receiver = Receiver(b)
    file = io.BytesIO(CONTENT)
    with pytest.raises(csocket._GiveupOnSendfile):
        a._sendfile_use_sendfile(file)
    assert a.sendfile(file, 7) == len(CONTENT) - 7
    assert file.tell() == len(CONTENT)
    a.close()
    assert receiver.result() == CONTENT[7:]


def test_object_with_read_alone(pair):
    class Source:
        chunks = [b"one", bytearray(b"two"), memoryview(b"three"), b""]

        def read(self, size):
            assert size == 8192
            return self.chunks.pop(0)

    a, b = pair
    assert a.sendfile(Source()) == 11
    assert b.recv(100) == b"onetwothree"


def test_reading_is_bounded_by_the_count(pair):
    a, _ = pair
    source = mock.Mock(spec=["read"])
    source.read.side_effect = lambda size: bytes(size)
    assert a.sendfile(source, 0, 8200) == 8200
    assert source.read.mock_calls == [mock.call(8192), mock.call(8)]


class Descriptor:
    """A file that has only a descriptor."""

    def __init__(self, fd):
        self.fd = fd

    def fileno(self):
        return self.fd


@pytest.mark.parametrize(
    "fd, exception",
    [
        (2**1000, OverflowError),
        (None, TypeError),
        ("1", TypeError),
        (1.5, TypeError),
        ((1,), TypeError),
        (2**30, csocket._GiveupOnSendfile),
    ],
)
def test_descriptor_that_is_none(pair, fd, exception):
    with pytest.raises(exception):
        pair[0]._sendfile_use_sendfile(Descriptor(fd))


def test_giving_up_tells_why(pair, tmp_path):
    a, _ = pair
    with pytest.raises(csocket._GiveupOnSendfile) as caught:
        a._sendfile_use_sendfile(Descriptor(2**30))
    assert caught.value.args[0].errno == errno.EBADF
    with pytest.raises(csocket._GiveupOnSendfile) as caught:
        a._sendfile_use_sendfile(object())
    assert type(caught.value.args[0]) is AttributeError
    with pytest.raises(csocket._GiveupOnSendfile) as caught:
        a._sendfile_use_sendfile(io.BytesIO(b"x"))
    assert type(caught.value.args[0]) is io.UnsupportedOperation
    fd = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(csocket._GiveupOnSendfile) as caught:
            a._sendfile_use_sendfile(Descriptor(fd))
        assert isinstance(caught.value.args[0], OSError)
    finally:
        os.close(fd)


def test_error_of_fileno_comes_through(pair):
    file = mock.Mock(mode="rb")
    file.fileno.side_effect = RuntimeError("no number")
    with pytest.raises(RuntimeError, match="no number"):
        pair[0].sendfile(file)


def test_methods_are_looked_up_for_subclasses(path):
    class Subclass(csocket.socket):
        def _sendfile_use_sendfile(self, file, offset, count):
            self.asked = (offset, count)
            raise csocket._GiveupOnSendfile("not here")

        def send(self, data):
            return super().send(data[:1000])

    a, b = csocket.socketpair()
    with b, Subclass(fileno=a.detach()) as sock, open(path, "rb") as file:
        assert sock.sendfile(file, 10, 2500) == 2500
        assert sock.asked == (10, 2500)
        received = b.recv(5000, csocket.MSG_WAITALL if sock.gettimeout() else 0)
    assert received == CONTENT[10:2510]


# Arguments


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "arguments, exception, message",
    [
        ((0, 0), ValueError, "positive integer"),
        ((0, -5), ValueError, "positive integer"),
        ((0, -(2**100)), ValueError, "positive integer"),
        ((0, False), ValueError, "positive integer"),
        ((0, "2"), TypeError, "positive integer"),
        ((0, 0.1), TypeError, "positive integer"),
        (("x",), TypeError, None),
        ((0, 1, 2), TypeError, None),
    ],
)
def test_refused_arguments(pair, path, method, arguments, exception, message):
    with open(path, "rb") as file:
        with pytest.raises(exception, match=message):
            getattr(pair[0], method)(file, *arguments)
        assert file.tell() == 0


@pytest.mark.parametrize("method", METHODS)
def test_missing_file(pair, method):
    with pytest.raises(TypeError):
        getattr(pair[0], method)()


@pytest.mark.parametrize("method", METHODS)
def test_text_file(pair, path, method):
    with open(path, encoding="latin-1") as file:
        with pytest.raises(ValueError, match="binary mode"):
            getattr(pair[0], method)(file)


@pytest.mark.parametrize("method", METHODS)
def test_datagram_socket(path, method):
    with open(path, "rb") as file, csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        with pytest.raises(ValueError, match="SOCK_STREAM"):
            getattr(sock, method)(file)


@pytest.mark.parametrize("method", METHODS)
def test_socket_that_does_not_wait(pair, path, method):
    a, _ = pair
    a.setblocking(False)
    with open(path, "rb") as file:
        with pytest.raises(ValueError, match="non-blocking"):
            getattr(a, method)(file)


def test_offset_out_of_range(pair, path):
    a, _ = pair
    with open(path, "rb") as file:
        with pytest.raises(OverflowError):
            a.sendfile(file, 2**70)
        with pytest.raises(OSError) as caught:
            a.sendfile(file, -1)
        assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize(
    "method, exception",
    [("sendfile", ValueError), ("_sendfile_use_sendfile", ValueError), ("_sendfile_use_send", OSError)],
)
def test_closed_socket(pair, path, method, exception):
    a, _ = pair
    a.close()
    with open(path, "rb") as file:
        with pytest.raises(exception):
            getattr(a, method)(file)


def test_unconnected_socket(path):
    with open(path, "rb") as file, csocket.socket() as sock:
        with pytest.raises(OSError) as caught:
            sock.sendfile(file)
        assert caught.value.errno in (errno.EPIPE, errno.ENOTCONN)


# Errors and signals on the way


@pytest.mark.parametrize("method", METHODS)
def test_timeout_on_the_way(pair, path, method):
    a, b = pair
    a.settimeout(0.05)
    with open(path, "rb") as file:
        with pytest.raises(TimeoutError):
            getattr(a, method)(file, 100)
        sent = file.tell() - 100
    a.close()
    received = Receiver(b).result()
    assert received[:sent] == CONTENT[100 : 100 + sent]
    # The fallback does not count the chunk that the timeout interrupted.
    assert 0 < sent <= len(received)


@pytest.mark.parametrize("method", METHODS)
def test_timeout_is_for_each_wait(pair, path, method):
    a, b = pair
    a.settimeout(0.5)

    def receive_slowly():
        left = len(CONTENT)
        while left:
            time.sleep(0.07)
            left -= len(b.recv(min(left, 131072), csocket.MSG_WAITALL))

    b.settimeout(None)
    receiver = threading.Thread(target=receive_slowly, daemon=True)
    receiver.start()
    began = time.monotonic()
    with open(path, "rb") as file:
        assert getattr(a, method)(file) == len(CONTENT)
    receiver.join(20)
    assert not receiver.is_alive()
    # The whole transfer took longer than the timeout.
    assert time.monotonic() - began > 0.5


@pytest.mark.parametrize("method", METHODS)
def test_connection_that_breaks(pair, path, method):
    a, b = pair
    a.settimeout(20)

    def receive_a_little():
        b.recv(1000)
        b.close()

    breaker = threading.Thread(target=receive_a_little)
    breaker.start()
    with open(path, "rb") as file:
        with pytest.raises(OSError) as caught:
            getattr(a, method)(file)
        assert caught.value.errno in (errno.EPIPE, errno.ECONNRESET)
        assert 0 < file.tell() < len(CONTENT)
    breaker.join(20)


def test_file_that_cannot_be_moved_afterwards(pair):
    source = mock.Mock(spec=["read", "seek"])
    source.read.side_effect = [b"abc", RuntimeError("no more")]
    source.seek.side_effect = LookupError("no way")
    with pytest.raises(LookupError, match="no way") as caught:
        pair[0]._sendfile_use_send(source)
    assert isinstance(caught.value.__context__, RuntimeError)
    source.seek.assert_called_once_with(3)


def test_failure_of_a_file_that_cannot_be_moved_afterwards(pair):
    """As above, with an exception from C code, which the interpreter creates only on demand."""
    source = mock.Mock(spec=["read", "seek"])
    source.read.side_effect = [b"abc", None]
    source.seek.side_effect = LookupError("no way")
    with pytest.raises(LookupError, match="no way") as caught:
        pair[0]._sendfile_use_send(source)
    assert isinstance(caught.value.__context__, TypeError)


def test_file_without_seek_after_an_error(pair):
    source = mock.Mock(spec=["read"])
    source.read.side_effect = [b"abc", RuntimeError("no more")]
    with pytest.raises(RuntimeError, match="no more"):
        pair[0]._sendfile_use_send(source)


def test_text_from_read(pair):
    source = mock.Mock(spec=["read"])
    source.read.return_value = "text"
    with pytest.raises(TypeError):
        pair[0].sendfile(source)


def test_send_that_would_block_is_tried_again():
    class Hesitant(csocket.socket):
        calls = 0

        def send(self, data):
            self.calls += 1
            if self.calls % 2:
                raise BlockingIOError(errno.EAGAIN, "not yet")
            return super().send(data)

    a, b = csocket.socketpair()
    with b, Hesitant(fileno=a.detach()) as sock:
        assert sock.sendfile(io.BytesIO(b"patience")) == 8
        assert sock.calls == 2
        assert b.recv(100) == b"patience"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no setitimer on this system")
@pytest.mark.parametrize("timeout", [None, 20])
@pytest.mark.parametrize("method", METHODS)
def test_signals_lose_and_repeat_nothing(pair, path, method, timeout):
    a, b = pair
    a.settimeout(timeout)
    calls = []
    previous = signal.signal(signal.SIGALRM, lambda *_: calls.append(1))

    class Slow(Receiver):
        def run(self):
            while chunk := self.sock.recv(65536):
                self.data += chunk
                time.sleep(0.01)

    receiver = Slow(b)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        with open(path, "rb") as file:
            assert getattr(a, method)(file) == len(CONTENT)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    a.close()
    assert receiver.result() == CONTENT
    assert calls


@pytest.mark.parametrize("method", METHODS)
def test_signal_handler_that_raises(pair, path, method):
    class Alarm(Exception):
        pass

    def handler(*_):
        raise Alarm

    a, _ = pair
    a.settimeout(None)
    previous = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with open(path, "rb") as file:
            with pytest.raises(Alarm):
                getattr(a, method)(file)
            assert 0 < file.tell() < len(CONTENT)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@pytest.mark.parametrize("timeout", [None, 5])
def test_socket_that_somebody_makes_non_blocking_on_the_way(pair, path, timeout):
    """The call still waits to send the rest, without a busy loop."""

    class Alarm(Exception):
        pass

    a, b = pair
    a.settimeout(timeout)
    reached = []

    def handler(*_):
        reached.append(True)
        if len(reached) == 1:
            a.settimeout(0)
            b.recv(50_000)
        elif len(reached) == 4:
            raise Alarm

    previous = signal.signal(signal.SIGALRM, handler)
    busy = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
        with open(path, "rb") as file:
            with pytest.raises(Alarm):
                a.sendfile(file)
            sent = file.tell()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert time.process_time() - busy < 0.15
    assert 50_000 < sent < len(CONTENT)


# Nothing is left behind


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc/self/fd")
def test_rounds_leave_nothing_behind(path):
    def one_round():
        a, b = csocket.socketpair()
        with a, b, open(path, "rb") as file:
            a.sendfile(file, 1, 100)
            a.sendfile(io.BytesIO(b"abc"), 1)
            for arguments in ((file, 0, 0), (file, "x"), (file, 2**70), (io.StringIO("x"),)):
                with pytest.raises((TypeError, ValueError, OverflowError)):
                    a.sendfile(*arguments)
            b.close()
            with pytest.raises(OSError):
                a.sendfile(file)

    one_round()
    gc.collect()
    descriptors, objects = len(os.listdir("/proc/self/fd")), len(gc.get_objects())
    references = sys.getrefcount(csocket._GiveupOnSendfile)
    for _ in range(ROUNDS):
        one_round()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert len(gc.get_objects()) - objects < ROUNDS // 10
    assert sys.getrefcount(csocket._GiveupOnSendfile) - references < ROUNDS // 10
