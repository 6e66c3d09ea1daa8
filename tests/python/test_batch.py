"""sendmmsg(), recvmmsg() and recvmmsg_into(): their arguments and results."""

import array
import errno
import os
import random
import socket as stock
import struct
import time

import pytest
from datagrams import (
    ENOUGH,
    ONE_DESCRIPTOR,
    RIGHTS,
    data_of,
    datagram_pair,
    descriptors_in,
    is_empty,
    numbered,
    receive,
)
from descriptors import no_leaked_descriptors, open_descriptors
from support import PATIENCE, WITH_AND_WITHOUT_TIMEOUT, Background, allocator, drain

import csocket

# More than the kernel accepts in one call.
MANY = 1500

needs_ipv6 = pytest.mark.skipif(
    not os.path.exists("/proc/net/if_inet6"), reason="the kernel has no IPv6"
)


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


# Sending


@pytest.mark.parametrize("make", [list, tuple, iter, dict.fromkeys])
def test_any_iterable_of_messages(unix, make):
    a, b = unix
    assert a.sendmmsg(make([b"one", b"", b"three"])) == 3
    assert data_of(b.recvmmsg(10, 100)) == [b"one", b"", b"three"]


def test_forms_of_a_message(unix):
    a, b = unix
    messages = [
        b"bytes",
        bytearray(b"bytearray"),
        memoryview(b"memoryview")[6:],
        array.array("B", b"array"),
        (b"data", None),
        ([b"a", bytearray(b"b"), memoryview(b"c")], None),
        ((piece for piece in (b"d", b"e")), None),
        ([], None),
        (b"ancillary", [], None),
        ([b"x", b"y"], iter(()), None),
    ]
    assert a.sendmmsg(messages) == len(messages)
    assert data_of(b.recvmmsg(20, 100)) == [
        b"bytes", b"bytearray", b"view", b"array", b"data", b"abc", b"de", b"", b"ancillary", b"xy",
    ]  # fmt: skip


def test_nothing_to_send(unix):
    a, b = unix
    assert a.sendmmsg([]) == 0
    assert b.recvmmsg_into([]) == []
    assert is_empty(b)


def test_an_address_for_each_message(strangers):
    a, b, address = strangers
    with csocket.socket(type=csocket.SOCK_DGRAM) as c:
        c.bind(("127.0.0.1", 0))
        c.settimeout(PATIENCE)
        other = c.getsockname()
        messages = [
            (b"0", address),
            (b"1", other),
            (b"2", other),
            (b"3", [], address),
            (b"4", ("localhost", address[1])),
        ]
        assert a.sendmmsg(messages) == 5
        assert receive(b, 3) == [(x, [], 0, a.getsockname()) for x in (b"0", b"3", b"4")]
        assert receive(c, 2) == [(x, [], 0, a.getsockname()) for x in (b"1", b"2")]


def test_paths(tmp_path):
    kind = csocket.AF_UNIX, csocket.SOCK_DGRAM
    names = [str(tmp_path / name) for name in "abc"]
    with csocket.socket(*kind) as a, csocket.socket(*kind) as b, csocket.socket(*kind) as c:
        for sock, name in zip((a, b, c), names):
            sock.bind(name)
        assert a.sendmmsg([(b"1", names[2])]) == 1
        assert b.sendmmsg([(b"2", names[2]), (b"3", names[2])]) == 2
        assert [(x[0], x[3]) for x in c.recvmmsg(9, 9)] == [
            (b"1", names[0]),
            (b"2", names[1]),
            (b"3", names[1]),
        ]


def test_a_connected_socket_and_one_address(strangers):
    """A message without an address goes to the peer, even after one with an address."""
    a, b, address = strangers
    with csocket.socket(type=csocket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        a.connect(peer.getsockname())
        assert a.sendmmsg([(b"1", address), b"2", (b"3", None), (b"4", address)]) == 4
        assert data_of(receive(b, 2)) == [b"1", b"4"]
        assert data_of(receive(peer, 2)) == [b"2", b"3"]


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_more_than_has_room(unix, timeout):
    """A socket that may wait sends all, in any number of system calls."""
    a, b = unix
    a.settimeout(timeout)
    received = []

    def receive():
        while len(received) < MANY:
            received.extend(data_of(b.recvmmsg(200, 10)))

    reader = Background(receive)
    assert a.sendmmsg(numbered(MANY)) == MANY
    reader.result()
    assert received == numbered(MANY)


def test_a_socket_that_does_not_wait_sends_what_fits(unix):
    a, b = unix
    a.settimeout(0)
    sent = a.sendmmsg(numbered(MANY))
    assert 0 < sent < MANY
    with pytest.raises(BlockingIOError):
        a.sendmmsg(numbered(3))
    assert data_of(b.recvmmsg(MANY, 10)) == numbered(sent)
    assert a.sendmmsg(numbered(MANY), csocket.MSG_DONTWAIT) == sent


def test_flags_are_for_every_message(unix):
    a, b = unix
    a.settimeout(None)
    sent = a.sendmmsg(messages=numbered(MANY), flags=csocket.MSG_DONTWAIT)
    assert data_of(b.recvmmsg(n=1, bufsize=9, flags=csocket.MSG_PEEK)) == [b"0"]
    with pytest.raises(BlockingIOError):
        a.sendmmsg([b"x"], csocket.MSG_DONTWAIT)
    assert data_of(b.recvmmsg(MANY, 9)) == numbered(sent)


def test_a_timeout_after_some(unix):
    a, b = unix
    a.settimeout(0.05)
    begin = time.monotonic()
    sent = a.sendmmsg(numbered(MANY))
    assert 0 < sent < MANY
    assert time.monotonic() - begin >= 0.04
    with pytest.raises(TimeoutError, match="^timed out$"):
        a.sendmmsg(numbered(MANY)[sent:])
    assert data_of(b.recvmmsg(MANY, 10)) == numbered(sent)


@pytest.mark.parametrize("timeout", [None, 0, 5])
def test_a_failure_after_some(strangers, timeout):
    """The result is the number sent. The failure comes when the rest is tried."""
    a, b, address = strangers
    a.settimeout(timeout)
    messages = [(b"1", address), (b"2", address), (bytes(70000), address), (b"4", address)]
    assert a.sendmmsg(messages) == 2
    with pytest.raises(OSError) as caught:
        a.sendmmsg(messages[2:])
    assert caught.value.errno == errno.EMSGSIZE
    assert caught.value.address is address
    assert data_of(receive(b, 2)) == [b"1", b"2"]
    assert is_empty(b)


# Receiving


@pytest.mark.parametrize("timeout", [None, 0, PATIENCE])
def test_at_most_n_messages(unix, timeout):
    a, b = unix
    b.settimeout(timeout)
    a.sendmmsg(numbered(7))
    assert data_of(b.recvmmsg(3, 10)) == numbered(3)
    assert data_of(b.recvmmsg(10, 10)) == numbered(7)[3:]


def test_tuples_are_those_of_recvmsg(pair):
    a, b = pair
    for size in (0, 5, 10):
        a.sendmmsg([b"x" * size])
        a.send(b"x" * size)
        assert b.recvmmsg(1, 5) == [b.recvmsg(5)]
        a.sendmmsg([b"x" * size])
        a.send(b"x" * size)
        buffers = bytearray(b"-" * 7), bytearray(b"-" * 7)
        assert b.recvmmsg_into([buffers[0]]) == [b.recvmsg_into([buffers[1]])]
        assert buffers[0] == buffers[1]


def test_datagrams_that_are_cut(pair):
    a, b = pair
    a.sendmmsg([b"0123456789"] * 3)
    (first,) = b.recvmmsg(1, 4)
    assert (first[0], first[2] & csocket.MSG_TRUNC) == (b"0123", csocket.MSG_TRUNC)
    (second,) = b.recvmmsg(1, 4, csocket.MSG_TRUNC)
    assert second[0] == b"0123"
    buffer = bytearray(4)
    (third,) = b.recvmmsg_into([buffer], flags=csocket.MSG_TRUNC)
    assert (third[0], buffer) == (10, b"0123")


@pytest.mark.parametrize("bufsize", [0, 1, 100, 70_000, 1_000_000])
@pytest.mark.parametrize("n", [1, 2, 300])
def test_sizes_of_room(unix, n, bufsize):
    a, b = unix
    a.sendmmsg([b"abc", b"", b"defg"])
    assert data_of(b.recvmmsg(n, bufsize)) == [b"abc"[:bufsize], b"", b"defg"[:bufsize]][:n]


def test_receiving_into_buffers(unix):
    a, b = unix
    a.sendmmsg([b"0", b"11", b"222", b"3333"])
    buffers = [bytearray(b"...") for _ in range(4)]
    views = memoryview(buffers[1])[1:], memoryview(buffers[2])
    assert b.recvmmsg_into(iter([buffers[0], *views])) == [
        (1, [], 0, None),
        (2, [], 0, None),
        (3, [], 0, None),
    ]
    assert buffers == [b"0..", b".11", b"222", b"..."]
    assert b.recv(9) == b"3333"


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_waiting_for_the_first_alone(unix, timeout):
    a, b = unix
    b.settimeout(timeout)
    waiting = Background(b.recvmmsg, 10, 10)
    time.sleep(0.05)
    a.send(b"x")
    assert data_of(waiting.result()) == [b"x"]


def test_nothing_there(unix):
    _, b = unix
    b.settimeout(0)
    for call in (lambda: b.recvmmsg(5, 5), lambda: b.recvmmsg_into([bytearray(5)])):
        with pytest.raises(BlockingIOError):
            call()
    b.settimeout(0.05)
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match="^timed out$"):
        b.recvmmsg(5, 5)
    assert time.monotonic() - begin >= 0.04


@pytest.mark.parametrize("seed", range(3))
def test_one_by_one_and_by_batch(pair, seed):
    """The same datagrams arrive whether a side uses batches or single calls."""
    a, b = pair
    choose = random.Random(seed)
    for _ in range(100):
        messages = [choose.randbytes(choose.randrange(2000)) for _ in range(choose.randrange(1, 9))]
        if choose.random() < 0.5:
            assert a.sendmmsg(messages) == len(messages)
        else:
            for message in messages:
                a.send(message)
        received = []
        while len(received) < len(messages):
            if choose.random() < 0.5:
                received += data_of(b.recvmmsg(choose.randrange(1, 12), 2000))
            else:
                received.append(b.recv(2000))
        assert received == messages
        assert is_empty(b)


# Ancillary data


def test_descriptors(unix):
    a, b = unix
    with no_leaked_descriptors():
        two = [(*RIGHTS, array.array("i", [0, 0]))]
        messages = [(b"1", ONE_DESCRIPTOR, None), b"2", (b"3", two, None)]
        assert a.sendmmsg(messages) == 3
        received = b.recvmmsg(9, 9, ancbufsize=ENOUGH)
        assert data_of(received) == [b"1", b"2", b"3"]
        assert [len(message[1]) for message in received] == [1, 0, 1]
        descriptors = descriptors_in(received)
        assert len(descriptors) == 3
        for fd in descriptors:
            assert os.fstat(fd).st_ino == os.fstat(0).st_ino
            os.close(fd)


@pytest.mark.parametrize("room", [0, 1, 15, 16, 17, 20, 23, 24, 25])
def test_room_for_ancillary_data(unix, room):
    """Each message has this room, to the byte, and none writes into another's."""
    a, b = unix
    with no_leaked_descriptors():
        a.sendmmsg([(b"x", ONE_DESCRIPTOR, None)] * 5)
        received = b.recvmmsg(5, 1, ancbufsize=room)
        for fd in descriptors_in(received):
            os.close(fd)
        a.sendmsg([b"x"], ONE_DESCRIPTOR)
        alone = b.recvmsg(1, room)
        for fd in descriptors_in([alone]):
            os.close(fd)
        for message in received:
            assert [len(item[2]) for item in message[1]] == [len(item[2]) for item in alone[1]]
            assert message[2] == alone[2]


def test_packet_info(strangers):
    a, b, address = strangers
    b.setsockopt(csocket.IPPROTO_IP, csocket.IP_PKTINFO, 1)
    tos = csocket.IPPROTO_IP, csocket.IP_TOS, struct.pack("i", 0x10)
    b.setsockopt(csocket.IPPROTO_IP, csocket.IP_RECVTOS, 1)
    assert a.sendmmsg([(b"1", [tos], address), (b"2", address)]) == 2
    received = receive(b, 2, ancbufsize=ENOUGH)
    assert [
        (csocket.IPPROTO_IP, csocket.IP_PKTINFO) in [x[:2] for x in m[1]] for m in received
    ] == [
        True,
        True,
    ]
    services = [x[2] for m in received for x in m[1] if x[1] == csocket.IP_TOS]
    assert services == [b"\x10", b"\0"]
    buffers = [bytearray(2), bytearray(2)]
    a.sendmmsg([(b"1", address)])
    ((_, ancillary, flags, _),) = b.recvmmsg_into(buffers, ancbufsize=ENOUGH)
    assert (len(ancillary), flags) == (2, 0)


@pytest.mark.parametrize("method", ["recvmmsg", "recvmmsg_into"])
def test_descriptors_that_cannot_be_returned_are_closed(unix, method):
    """If memory runs out after the system call, no descriptor of the batch stays open."""
    testcapi = allocator()
    a, b = unix
    b.setblocking(False)
    arguments = (4, 5000) if method == "recvmmsg" else ([bytearray(5000) for _ in range(4)],)
    failed_after_receiving = 0
    for allocation in range(60):
        a.sendmmsg([(b"x" * 3000, ONE_DESCRIPTOR, None)] * 3)
        before = open_descriptors()
        error = result = None
        testcapi.set_nomemory(allocation, allocation + 1)
        try:
            result = getattr(b, method)(*arguments, ancbufsize=ENOUGH)
        except MemoryError as caught:
            error = caught
        finally:
            testcapi.remove_mem_hooks()
        for fd in descriptors_in(result or []):
            os.close(fd)
        assert open_descriptors() == before, f"allocation {allocation}"
        left = stock.socket(fileno=os.dup(b.fileno()))
        with left:
            try:
                left.recv(1)
            except BlockingIOError:
                failed_after_receiving += error is not None
        drain(b)
        del error, result
    assert failed_after_receiving > 0


@pytest.mark.parametrize("size", [1, 1200, 5000])
def test_what_was_received_stays(unix, size):
    """Its memory is not used again while the program has a reference to it."""
    a, b = unix
    received, sent = [], []
    for turn in range(12):
        datagrams = [bytes([turn, i]) * size for i in range(5)]
        a.sendmmsg(datagrams)
        messages = data_of(b.recvmmsg(5, 2 * size + 9))
        assert messages == datagrams
        received += messages[turn % 3 :]
        sent += datagrams[turn % 3 :]
    assert received == sent
