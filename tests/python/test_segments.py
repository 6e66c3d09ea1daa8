"""send_segments(), recv_segments() and recv_segments_into()."""

import array
import errno
import os
import random
import sys
import time
from contextlib import contextmanager

import pytest
from datagrams import HOSTS, ONE_DESCRIPTOR, datagram_pair, is_empty
from descriptors import no_leaked_descriptors
from leaks import check_no_growth, expect
from support import (
    PATIENCE,
    WITH_AND_WITHOUT_TIMEOUT,
    Background,
    drain,
    ebadf,
    fill,
    third_signals,
    unix_pair,
)

import csocket

UDP_GRO = csocket.IPPROTO_UDP, csocket.UDP_GRO
# In bytes: every machine's receive buffer has room for this, in datagrams of some size.
AMOUNT = 100_000
# More than the buffers of any socket hold.
MUCH = 10_000_000

needs_ipv6 = pytest.mark.skipif(
    not os.path.exists("/proc/net/if_inet6"), reason="the kernel has no IPv6"
)


def kernel_has_gro():
    with csocket.socket(type=csocket.SOCK_DGRAM) as sock:
        try:
            sock.setsockopt(*UDP_GRO, 1)
        except OSError:
            return False
    return True


needs_gro = pytest.mark.skipif(not kernel_has_gro(), reason="the kernel has no UDP_GRO")


@pytest.fixture(
    params=[
        pytest.param(csocket.AF_UNIX, id="unix"),
        pytest.param(csocket.AF_INET, id="inet"),
        pytest.param(csocket.AF_INET6, marks=needs_ipv6, id="inet6"),
    ]
)
def pair(request):
    with datagram_pair(request.param) as both:
        yield both


@pytest.fixture(
    params=[
        pytest.param(csocket.AF_INET, id="inet"),
        pytest.param(csocket.AF_INET6, marks=needs_ipv6, id="inet6"),
    ]
)
def udp(request):
    with datagram_pair(request.param) as both:
        for sock in both:
            sock.setsockopt(csocket.SOL_SOCKET, csocket.SO_RCVBUF, 4 << 20)
        yield both


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def received_singly(sock, size):
    """Receive single datagrams of size bytes in all. No other one must follow."""
    datagrams = []
    while sum(map(len, datagrams)) < size:
        datagrams.append(sock.recv(70_000))
    assert is_empty(sock)
    return datagrams


def received_in_runs(sock, size):
    datagrams = []
    while sum(map(len, datagrams)) < size:
        datagrams += sock.recv_segments()[0]
    assert is_empty(sock)
    return datagrams


# Sending


@pytest.mark.parametrize(
    "size, segment_size",
    [
        (1, 1),
        (64, 1),
        (65, 1),
        (129, 1),
        (1199, 1200),
        (1200, 1200),
        (1201, 1200),
        (64 * 1000, 1000),
        (64 * 1000 + 1, 1000),
        (65_507, 1200),
        (65_508, 1200),
        (AMOUNT, 1400),
        (AMOUNT, 9000),
        (AMOUNT, 40_000),
        (100, sys.maxsize),
    ],
)
def test_datagrams_of_a_size(udp, size, segment_size):
    a, b = udp
    data = random.Random(size).randbytes(size)
    assert a.send_segments(data, segment_size) == size
    assert received_singly(b, size) == cut(data, segment_size)


@pytest.mark.parametrize(
    "make", [bytes, bytearray, memoryview, lambda data: array.array("B", data)]
)
def test_any_bytes(pair, make):
    a, b = pair
    assert a.send_segments(make(b"0123456789"), 4) == 10
    assert received_singly(b, 10) == [b"0123", b"4567", b"89"]


def test_addresses_and_names_of_arguments(strangers):
    a, b, address = strangers
    a.send_segments(b"0123", 2, address)
    a.send_segments(b"4567", 2, address, csocket.MSG_DONTWAIT)
    a.send_segments(data=b"89", segment_size=2, address=("localhost", address[1]), flags=0)
    assert received_singly(b, 10) == [b"01", b"23", b"45", b"67", b"89"]
    a.connect(address)
    a.send_segments(b"0123", 2, None)
    assert received_singly(b, 4) == [b"01", b"23"]


def test_nothing_to_send(pair):
    a, b = pair
    assert a.send_segments(b"", 10) == 0
    assert is_empty(b)


def test_a_buffer_of_little_room(udp):
    """One run is more than the send buffer holds: the call waits, and loses nothing."""
    a, b = udp
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF, 1)
    data = random.Random(1).randbytes(AMOUNT)
    assert a.send_segments(data, 1200) == AMOUNT
    assert received_singly(b, AMOUNT) == cut(data, 1200)


def test_where_the_kernel_refuses_to_cut(udp):
    """Without checksums the kernel refuses, and csocket sends the datagrams one by one."""
    a, b = udp
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_NO_CHECK, 1)
    b.setsockopt(csocket.SOL_SOCKET, csocket.SO_NO_CHECK, 1)
    if a.family == csocket.AF_INET6:
        for sock in (a, b):
            sock.setsockopt(csocket.IPPROTO_UDP, csocket.UDP_NO_CHECK6_TX, 1)
            sock.setsockopt(csocket.IPPROTO_UDP, csocket.UDP_NO_CHECK6_RX, 1)
    data = random.Random(1).randbytes(AMOUNT)
    assert a.send_segments(data, 1200) == AMOUNT
    assert received_singly(b, AMOUNT) == cut(data, 1200)


@contextmanager
def udplite_pair():
    try:
        a, b = (
            csocket.socket(type=csocket.SOCK_DGRAM, proto=csocket.IPPROTO_UDPLITE) for _ in range(2)
        )
    except OSError as error:
        pytest.skip(f"the kernel has no UDP-Lite: {error}")
    with a, b:
        b.bind(HOSTS[csocket.AF_INET])
        b.settimeout(PATIENCE)
        a.connect(b.getsockname())
        yield a, b


def test_udplite():
    with udplite_pair() as (a, b):
        data = random.Random(1).randbytes(AMOUNT)
        assert a.send_segments(data, 1200) == AMOUNT
        assert received_singly(b, AMOUNT) == cut(data, 1200)


@pytest.mark.parametrize("told", [csocket.AF_INET, csocket.AF_INET6])
def test_a_socket_of_which_something_else_is_told(unix, told):
    """csocket asks the kernel for the real family: it must not send one datagram with ancillary
    data that the kernel ignores."""
    a, b = unix
    with csocket.fromfd(a.fileno(), told, csocket.SOCK_DGRAM) as sock:
        assert sock.send_segments(b"0123456789", 4) == 10
    assert received_singly(b, 10) == [b"0123", b"4567", b"89"]


# Interruptions


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_more_than_has_room(unix, timeout):
    a, b = unix
    a.settimeout(timeout)
    data = random.Random(1).randbytes(AMOUNT)
    reader = Background(received_singly, b, AMOUNT)
    assert a.send_segments(data, 77) == AMOUNT
    assert reader.result() == cut(data, 77)


def test_a_socket_that_does_not_wait_sends_what_fits(pair):
    a, b = pair
    a.settimeout(0)
    sent = a.send_segments(bytes(MUCH), 1000)
    if a.family == csocket.AF_UNIX:
        assert 0 < sent < MUCH
        with pytest.raises(BlockingIOError):
            a.send_segments(bytes(10_000), 1000)
        assert received_singly(b, sent) == [bytes(1000)] * (sent // 1000)
    # Whole datagrams. What UDP has no room for at the other end is lost.
    assert sent % 1000 == 0
    drain(b)


def test_a_timeout_after_some(unix):
    a, b = unix
    a.settimeout(0.05)
    begin = time.monotonic()
    sent = a.send_segments(bytes(MUCH), 1000)
    assert 0 < sent < MUCH
    assert sent % 1000 == 0
    assert time.monotonic() - begin >= 0.04
    with pytest.raises(TimeoutError, match="^timed out$"):
        a.send_segments(bytes(MUCH), 1000)
    assert received_singly(b, sent) == [bytes(1000)] * (sent // 1000)


class Stop(Exception):
    pass


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_signals(unix, timeout):
    a, b = unix
    a.settimeout(timeout)
    b.settimeout(timeout)

    def stop():
        raise Stop

    with third_signals() as at_third_signal:
        assert 0 < a.send_segments(bytes(MUCH), 1000) < MUCH
        at_third_signal(lambda: drain(b))
        assert a.send_segments(b"abcd", 4) == 4
        at_third_signal(lambda: a.send(b"x"))
        assert b.recv_segments() == ([b"abcd"], None)
        assert b.recv_segments() == ([b"x"], None)
        with pytest.raises(Stop):
            at_third_signal(stop)
            b.recv_segments_into(bytearray(5))


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@pytest.mark.parametrize("method", ["send_segments", "recv_segments", "recv_segments_into"])
def test_close_wakes_who_waits(unix, timeout, method):
    a, _ = unix
    if method == "send_segments":
        fill(a)
    arguments = {"send_segments": (b"xy", 1), "recv_segments_into": (bytearray(5),)}
    a.settimeout(timeout)
    waiting = Background(getattr(a, method), *arguments.get(method, ()))
    time.sleep(0.05)
    assert waiting.is_alive()
    a.close()
    with ebadf():
        waiting.result()


def test_closed_sockets(unix):
    a, _ = unix
    a.close()
    for call in (
        lambda: a.send_segments(b"xy", 1),
        lambda: a.send_segments(b"", 1),
        lambda: a.recv_segments(),
        lambda: a.recv_segments_into(bytearray(1)),
    ):
        with ebadf():
            call()


# Receiving


@needs_gro
@pytest.mark.parametrize("size, segment_size", [(10_000, 1000), (65_000, 1200), (AMOUNT, 1400)])
def test_runs_are_cut(udp, size, segment_size):
    a, b = udp
    b.setsockopt(*UDP_GRO, 1)
    data = random.Random(size).randbytes(size)
    a.send_segments(data, segment_size)
    datagrams, sender = b.recv_segments()
    assert len(datagrams) > 1
    assert sender == a.getsockname()
    rest = received_in_runs(b, size - sum(map(len, datagrams)))
    assert datagrams + rest == cut(data, segment_size)


@needs_gro
def test_runs_in_one_buffer(udp):
    a, b = udp
    b.setsockopt(*UDP_GRO, 1)
    data = random.Random(1).randbytes(10_500)
    buffer = bytearray(65_535)
    a.send_segments(data, 1000)
    count, segment_size, sender = b.recv_segments_into(buffer)
    assert (count, segment_size, sender) == (10_500, 1000, a.getsockname())
    assert buffer[:count] == data


@needs_gro
@pytest.mark.parametrize("size", [1, 1200, 4500])
def test_what_was_received_stays(udp, size):
    """Its memory is not used again while the program has a reference to it."""
    a, b = udp
    received, sent = [], []
    b.setsockopt(*UDP_GRO, 1)
    for turn in range(12):
        datagrams = [bytes([turn, i]) * size for i in range(5)]
        a.send_segments(b"".join(datagrams), 2 * size)
        run = received_in_runs(b, 10 * size)
        assert run == datagrams
        received += run[turn % 3 :]
        sent += datagrams[turn % 3 :]
    assert received == sent


@needs_gro
def test_room_for_a_part_of_a_run(udp):
    a, b = udp
    b.setsockopt(*UDP_GRO, 1)
    data = random.Random(1).randbytes(5000)
    for bufsize, flags in ((2500, 0), (1000, 0), (999, 0), (0, 0), (2500, csocket.MSG_TRUNC)):
        a.send_segments(data, 1000)
        datagrams = b.recv_segments(bufsize, flags)[0]
        assert datagrams == (cut(data[:bufsize], 1000) or [b""])
    buffer = bytearray(5000)
    a.send_segments(data, 1000)
    assert b.recv_segments_into(buffer, nbytes=2500, flags=0)[:2] == (2500, 1000)
    assert buffer == data[:2500] + bytes(2500)


def test_without_gro_one_datagram(pair):
    a, b = pair
    a.send_segments(b"0123456789", 4)
    name = a.getsockname() or None
    assert b.recv_segments() == ([b"0123"], name)
    assert b.recv_segments(bufsize=3, flags=csocket.MSG_PEEK) == ([b"456"], name)
    assert b.recv_segments_into(bytearray(9)) == (4, 4, name)
    assert b.recv_segments(1) == ([b"8"], name)


def test_empty_datagrams(pair):
    a, b = pair
    a.send(b"")
    a.send(b"")
    assert b.recv_segments()[0] == [b""]
    assert b.recv_segments_into(bytearray(9))[:2] == (0, 0)


def test_datagrams_larger_than_the_default(unix):
    a, b = unix
    for size in (65_535, 65_536, 150_000):
        a.send(bytes(size))
        assert [len(x) for x in b.recv_segments(200_000)[0]] == [size]
    a.send(bytes(150_000))
    assert [len(x) for x in b.recv_segments()[0]] == [65_535]
    if a.setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF, 1 << 20) is None:
        size = a.getsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF) // 2
        a.send(bytes(size))
        assert [len(x) for x in b.recv_segments(1 << 20)[0]] == [size]


@needs_gro
@pytest.mark.parametrize("seed", range(3))
def test_one_by_one_and_in_segments(udp, seed):
    """The same datagrams arrive whether a side uses segments or single calls."""
    a, b = udp
    choose = random.Random(seed)
    for _ in range(100):
        b.setsockopt(*UDP_GRO, choose.randrange(2))
        data = choose.randbytes(choose.randrange(1, 20_000))
        segment_size = choose.randrange(100, 4000)
        if choose.random() < 0.7:
            assert a.send_segments(data, segment_size) == len(data)
        else:
            for datagram in cut(data, segment_size):
                a.send(datagram)
        received = []
        while sum(map(len, received)) < len(data):
            received += b.recv_segments()[0]
        assert received == cut(data, segment_size)
        assert is_empty(b)


def test_nothing_there(unix):
    _, b = unix
    calls = b.recv_segments, lambda: b.recv_segments_into(bytearray(5))
    for call in calls:
        b.settimeout(0)
        with pytest.raises(BlockingIOError):
            call()
        b.settimeout(0.05)
        begin = time.monotonic()
        with pytest.raises(TimeoutError, match="^timed out$"):
            call()
        assert time.monotonic() - begin >= 0.04


def test_descriptors_do_not_arrive(unix):
    """The call cannot return them, so none stays open."""
    a, b = unix
    with no_leaked_descriptors():
        for receive in (b.recv_segments, lambda: b.recv_segments_into(bytearray(5))):
            a.sendmsg([b"x"], ONE_DESCRIPTOR)
            receive()


# Refusals


def test_datagrams_that_are_too_long(strangers):
    a, b, address = strangers
    for data, size in ((bytes(65_508), 65_508), (bytes(AMOUNT), 70_000), (bytes(AMOUNT), 2**62)):
        with pytest.raises(OSError) as caught:
            a.send_segments(data, size, address)
        assert caught.value.errno == errno.EMSGSIZE
        assert caught.value.address is address
    assert is_empty(b)


@pytest.mark.parametrize(
    "arguments, named, exception, text",
    [
        ((), {}, TypeError, r"send_segments\(\) missing required argument 'data'"),
        ((b"x",), {}, TypeError, "missing required argument 'segment_size'"),
        ((b"x", 1, None, 0, 0), {}, TypeError, "at most 4 arguments"),
        ((b"x", 1), {"size": 1}, TypeError, "unexpected keyword argument 'size'"),
        (("x", 1), {}, TypeError, "bytes-like"),
        (([b"x"], 1), {}, TypeError, "bytes-like"),
        ((b"x", 0), {}, ValueError, "segment_size must be at least 1, not 0"),
        ((b"x", -5), {}, ValueError, "segment_size must be at least 1, not -5"),
        ((b"x", 2**70), {}, OverflowError, None),
        ((b"x", 1.0), {}, TypeError, None),
        ((b"x", 1, None, "x"), {}, TypeError, None),
        ((b"x", 1, 5), {}, TypeError, r"send_segments\(\): AF_INET address must be tuple"),
        ((b"x", 1, ("127.0.0.1", 70_000)), {}, OverflowError, r"\(\): port must be 0-65535\."),
    ],
)
def test_refused_arguments(strangers, arguments, named, exception, text):
    with pytest.raises(exception, match=text):
        strangers[0].send_segments(*arguments, **named)


@pytest.mark.parametrize(
    "method, arguments, exception, text",
    [
        ("recv_segments", (-1,), ValueError, "negative buffersize in recv_segments: -1"),
        ("recv_segments", (1, 0, 0), TypeError, "at most 2 arguments"),
        ("recv_segments", ("1",), TypeError, None),
        ("recv_segments", (1, "1"), TypeError, None),
        ("recv_segments", (sys.maxsize,), MemoryError, None),
        ("recv_segments_into", (), TypeError, "missing required argument 'buffer'"),
        ("recv_segments_into", (b"x",), TypeError, "must be read-write bytes-like object, not bytes"),
        ("recv_segments_into", (bytearray(5), -1), ValueError, "negative buffersize in recv_segments_into"),
        ("recv_segments_into", (bytearray(5), 6), ValueError, "buffer too small for requested bytes"),
        ("recv_segments_into", (bytearray(5), "1"), TypeError, None),
    ],
)
def test_refused_arguments_of_receiving(unix, method, arguments, exception, text):
    with pytest.raises(exception, match=text):
        getattr(unix[1], method)(*arguments)


def test_addresses_of_failures(strangers):
    a, _, _ = strangers
    unknown = ("name.invalid.", 80)
    with pytest.raises(OSError) as caught:
        a.send_segments(b"xy", 1, unknown)
    assert caught.value.address is unknown
    with pytest.raises(OSError) as caught:
        a.send_segments(b"xy", 1)
    assert caught.value.errno == errno.EDESTADDRREQ
    assert not hasattr(caught.value, "address")


def test_streams():
    with unix_pair() as (a, _), pytest.raises(OSError) as caught:
        a.send_segments(b"xy", 1)
    assert caught.value.errno == errno.EOPNOTSUPP


def test_audit_events(strangers):
    a, b, address = strangers
    events = []
    active, refuses = True, True

    def hook(name, arguments):
        if active and name.startswith("socket.send"):
            events.append((name, arguments))
            if refuses:
                raise Stop

    sys.addaudithook(hook)
    try:
        with pytest.raises(Stop):
            a.send_segments(b"xy", 1, address)
        assert is_empty(b)
        refuses = False
        a.connect(address)
        a.send_segments(b"xy", 1)
    finally:
        active = False
    assert events == [("socket.sendmsg", (a, address)), ("socket.sendmsg", (a, None))]


@pytest.mark.parametrize("timeout", [None, 0, 5])
def test_nothing_is_left_behind(strangers, timeout):
    a, b, address = strangers
    a.settimeout(timeout)
    b.settimeout(timeout)
    data, buffer = bytearray(10), bytearray(9)

    def play():
        assert a.send_segments(data, 5, address) == 10
        assert b.recv_segments()[0] == [bytes(5)]
        assert b.recv_segments_into(buffer)[0] == 5
        expect(TypeError, a.send_segments, data, 5, 5)
        expect(OSError, a.send_segments, data, 5)
        expect(ValueError, a.send_segments, data, 0, address)
        expect(ValueError, b.recv_segments_into, buffer, 10)
        expect(MemoryError, b.recv_segments, sys.maxsize)

    check_no_growth(play, 1000, 50)
