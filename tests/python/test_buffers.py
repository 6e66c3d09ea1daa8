"""Every kind of bytes-like object, for every method that takes one."""

import array
import ctypes
import mmap
import time

import pytest
from support import PATIENCE, Background, drain, fill

import csocket

DATA = b"0123456789abcdef"


@pytest.fixture
def datagrams(tmp_path):
    """An unconnected sender, a receiver, and its address."""
    path = str(tmp_path / "receiver")
    with (
        csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM) as a,
        csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM) as b,
    ):
        b.bind(path)
        b.settimeout(20)
        yield a, b, path


def mapped(data):
    area = mmap.mmap(-1, len(data))
    area[:] = data
    return area


class ByteStructure(ctypes.Structure):
    _fields_ = [("first", ctypes.c_uint32), ("rest", ctypes.c_ubyte * 12)]


WRITABLE = {
    "bytearray": bytearray,
    "memoryview": lambda data: memoryview(bytearray(data)),
    "slice of memoryview": lambda data: memoryview(bytearray(b"xx" + data + b"xx"))[2:-2],
    "memoryview of integers": lambda data: memoryview(bytearray(data)).cast("I"),
    "two dimensions": lambda data: memoryview(bytearray(data)).cast("B", (4, 4)),
    "array of bytes": lambda data: array.array("B", data),
    "array of doubles": lambda data: array.array("d", data),
    "ctypes array": lambda data: (ctypes.c_ubyte * len(data)).from_buffer_copy(data),
    "ctypes structure": ByteStructure.from_buffer_copy,
    "mmap": mapped,
}

READABLE = {
    **WRITABLE,
    "bytes": bytes,
    "read-only memoryview": memoryview,
    "subclass of bytes": type("Bytes", (bytes,), {}),
}

SENDERS = {
    "send": lambda sock, data: sock.send(data),
    "sendall": lambda sock, data: sock.sendall(data) or len(DATA),
    "sendmsg": lambda sock, data: sock.sendmsg([data]),
    "send_fds": lambda sock, data: csocket.send_fds(sock, [data], []),
}

RECEIVERS = {
    "recv_into": lambda sock, buffer: sock.recv_into(buffer),
    "recvfrom_into": lambda sock, buffer: sock.recvfrom_into(buffer)[0],
    "recvmsg_into": lambda sock, buffer: sock.recvmsg_into([buffer])[0],
}


def check_nothing_came(sock):
    sock.setblocking(False)
    with pytest.raises(BlockingIOError):
        sock.recv(1)


@pytest.mark.parametrize("kind", READABLE)
@pytest.mark.parametrize("sender", SENDERS)
def test_sending(pair, sender, kind):
    a, b = pair
    assert SENDERS[sender](a, READABLE[kind](DATA)) == len(DATA)
    assert b.recv(100) == DATA


@pytest.mark.parametrize("kind", READABLE)
def test_sendto(datagrams, kind):
    a, b, path = datagrams
    assert a.sendto(READABLE[kind](DATA), path) == len(DATA)
    assert b.recv(100) == DATA


@pytest.mark.parametrize("kind", WRITABLE)
@pytest.mark.parametrize("receiver", RECEIVERS)
def test_receiving(pair, receiver, kind):
    a, b = pair
    buffer = WRITABLE[kind](bytes(len(DATA)))
    b.send(DATA)
    assert RECEIVERS[receiver](a, buffer) == len(DATA)
    assert bytes(memoryview(buffer).cast("B")) == DATA


@pytest.mark.parametrize("kind", READABLE)
def test_options_and_ancillary_data(pair, kind):
    """The other arguments that take bytes: the value of an option, and ancillary data."""
    a, b = pair
    option = csocket.SOL_SOCKET, csocket.SO_KEEPALIVE
    a.setsockopt(*option, READABLE[kind]((1).to_bytes(4, "little") + bytes(12)))
    assert a.getsockopt(*option) == 1
    with pytest.raises(OSError):
        a.sendmsg([b"x"], [(csocket.SOL_SOCKET, 12345, READABLE[kind](DATA))])


@pytest.mark.parametrize("kind", READABLE)
def test_addresses_in_binary_form(kind):
    assert csocket.inet_ntop(csocket.AF_INET6, READABLE[kind](DATA)).startswith("3031:3233")
    with pytest.raises(OSError):
        csocket.inet_ntoa(READABLE[kind](DATA))


@pytest.mark.parametrize("sender", SENDERS)
def test_what_is_not_contiguous_is_not_sent(pair, sender):
    a, b = pair
    for data in (memoryview(DATA)[::2], memoryview(DATA)[::-1]):
        with pytest.raises(BufferError):
            SENDERS[sender](a, data)
    check_nothing_came(b)


@pytest.mark.parametrize("receiver", RECEIVERS)
@pytest.mark.parametrize(
    "buffer",
    [DATA, memoryview(DATA), memoryview(bytearray(DATA))[::2], "text", None, 5, [b"x"], DATA[:0]],
    ids=["bytes", "read-only", "not contiguous", "str", "None", "int", "list", "empty bytes"],
)
def test_what_cannot_be_written_is_refused(pair, receiver, buffer):
    a, b = pair
    b.send(b"x")
    with pytest.raises((TypeError, BufferError)):
        RECEIVERS[receiver](a, buffer)
    assert a.recv(10) == b"x"


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("data", ["text", None, 5, 1.5, [1, 2], object()])
def test_what_has_no_bytes_is_refused(pair, sender, data):
    a, b = pair
    with pytest.raises(TypeError, match="bytes-like object is required"):
        SENDERS[sender](a, data)
    check_nothing_came(b)


# Buffers are locked while a call uses them, and released at its end.

LOCKED_BY_RECEIVING = dict(RECEIVERS)
LOCKED_BY_SENDING = {name: SENDERS[name] for name in ("send", "sendall", "sendmsg")}


def check_locked_while_waiting(waiting, buffer, release):
    time.sleep(0.05)
    assert waiting.is_alive()
    with pytest.raises(BufferError):
        buffer.append(0)
    with pytest.raises(BufferError):
        buffer.clear()
    release()
    waiting.result()
    buffer.append(0)


@pytest.mark.parametrize("receiver", LOCKED_BY_RECEIVING)
def test_locked_while_receiving(pair, receiver):
    a, b = pair
    buffer = bytearray(10)
    waiting = Background(LOCKED_BY_RECEIVING[receiver], a, buffer)
    check_locked_while_waiting(waiting, buffer, lambda: b.send(b"x"))
    assert buffer == b"x" + bytes(10)


@pytest.mark.parametrize("sender", LOCKED_BY_SENDING)
def test_locked_while_sending(pair, sender):
    a, b = pair
    fill(a)
    buffer = bytearray(DATA)
    waiting = Background(LOCKED_BY_SENDING[sender], a, buffer)
    check_locked_while_waiting(waiting, buffer, lambda: drain(b))


@pytest.mark.parametrize(
    "call",
    [
        lambda a, buffer: a.send(buffer, "no flags"),
        lambda a, buffer: a.sendall(buffer, "no flags"),
        lambda a, buffer: a.sendto(buffer, "no flags", "/"),
        lambda a, buffer: a.sendto(buffer, 5),
        lambda a, buffer: a.sendmsg([buffer, "no bytes"]),
        lambda a, buffer: a.sendmsg([buffer], [(1, 1, buffer), (1, 1, "no bytes")]),
        lambda a, buffer: a.sendmsg([buffer], 5),
        lambda a, buffer: a.recv_into(buffer, "no number"),
        lambda a, buffer: a.recv_into(buffer, 0, "no flags"),
        lambda a, buffer: a.recvfrom_into(buffer, -1),
        lambda a, buffer: a.recvfrom_into(buffer, 1000),
        lambda a, buffer: a.recvmsg_into([buffer, b"not writable"]),
        lambda a, buffer: a.recvmsg_into([buffer], -1),
        lambda a, buffer: a.recv_into(buffer),
        lambda a, buffer: a.setsockopt(1, 1, buffer, "no length"),
    ],
)
def test_free_after_failing(pair, call):
    a, _ = pair
    a.setblocking(False)
    buffer = bytearray(DATA)
    with pytest.raises((TypeError, ValueError, OSError)):
        call(a, buffer)
    buffer.clear()


def test_buffers_of_any_iterable(pair):
    a, b = pair
    parts = [b"one ", bytearray(b"two "), memoryview(b"three")]
    assert a.sendmsg(part for part in parts) == 13
    assert b.recv(100) == b"one two three"
    assert a.sendmsg(iter(parts), iter(())) == 13
    targets = [bytearray(4), bytearray(4), bytearray(10)]
    assert b.recvmsg_into(iter(targets)) == (13, [], 0, None)
    assert targets == [b"one ", b"two ", b"three" + bytes(5)]


def test_iterable_that_fails(pair):
    a, b = pair
    buffer = bytearray(DATA)

    def parts():
        yield buffer
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        a.sendmsg(parts())
    with pytest.raises(LookupError, match="no more"):
        b.recvmsg_into(parts())
    buffer.clear()
    check_nothing_came(b)


def test_empty_buffers(pair):
    a, b = pair
    assert a.send(b"") == 0
    assert a.sendall(b"") is None
    assert a.sendmsg([]) == 0
    assert a.sendmsg([b"", b""]) == 0
    b.send(b"x")
    assert a.recv(0) == b""
    assert a.recv_into(bytearray()) == 0
    assert a.recv_into(bytearray(5), 0) == 1


@pytest.mark.parametrize("method", ["recv", "recvfrom", "recvmsg"])
def test_truncated_datagram_shows_no_foreign_memory(method):
    """With MSG_TRUNC the result has the datagram's length; bytes that did not fit are zeros."""
    datagrams = csocket.SOCK_DGRAM
    with csocket.socket(type=datagrams) as receiver, csocket.socket(type=datagrams) as sender:
        receiver.settimeout(PATIENCE)
        receiver.bind(("127.0.0.1", 0))
        for _ in range(50):
            sender.sendto(b"x" * 4000, receiver.getsockname())
            room = (100, 0) if method == "recvmsg" else (100,)
            data = getattr(receiver, method)(*room, csocket.MSG_TRUNC)
            if method != "recv":
                data = data[0]
            assert data == b"x" * 100 + bytes(0 if method == "recvmsg" else 3900)
