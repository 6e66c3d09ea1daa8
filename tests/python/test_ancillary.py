"""Ancillary data: descriptors, credentials and options; truncated, refused, and never leaked."""

import array
import os
import socket as stock
import struct
from contextlib import contextmanager

import pytest
from descriptors import no_leaked_descriptors, open_descriptors
from support import allocator, is_open

import csocket

INT_SIZE = array.array("i").itemsize
RIGHTS = csocket.SOL_SOCKET, csocket.SCM_RIGHTS
CREDENTIALS = csocket.SOL_SOCKET, csocket.SCM_CREDENTIALS
CREDENTIALS_FORMAT = "3i"
OWN_CREDENTIALS = struct.pack(CREDENTIALS_FORMAT, os.getpid(), os.getuid(), os.getgid())
ENOUGH = 1024


@pytest.fixture(params=[csocket.SOCK_STREAM, csocket.SOCK_DGRAM, csocket.SOCK_SEQPACKET])
def pair(request):
    a, b = csocket.socketpair(csocket.AF_UNIX, request.param)
    with a, b:
        a.settimeout(20)
        b.settimeout(20)
        yield a, b


@contextmanager
def pipes(count):
    """The read ends of count pipes. Each pipe contains its index."""
    ends = [os.pipe() for _ in range(count)]
    try:
        for index, (_, writer) in enumerate(ends):
            os.write(writer, bytes([index]))
        yield [reader for reader, _ in ends]
    finally:
        for fd in (fd for both in ends for fd in both):
            os.close(fd)


def rights(fds):
    return [(*RIGHTS, array.array("i", fds))]


def descriptors_in(ancillary):
    fds = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == RIGHTS:
            fds.frombytes(data[: len(data) // INT_SIZE * INT_SIZE])
    return list(fds)


def close_all(fds):
    for fd in fds:
        os.close(fd)


# Descriptors


@pytest.mark.parametrize("count", [1, 2, 10, 253])
def test_descriptors_arrive(pair, count):
    a, b = pair
    with no_leaked_descriptors(), pipes(min(count, 10)) as fds:
        sent = (fds * count)[:count]
        assert a.sendmsg([b"data"], rights(sent)) == 4
        room = csocket.CMSG_LEN(count * INT_SIZE)
        data, ancillary, flags, _ = b.recvmsg(10, room)
        assert data == b"data"
        assert flags & csocket.MSG_CTRUNC == 0
        received = descriptors_in(ancillary)
        assert len(received) == count
        assert not set(received) & set(fds)
        assert [os.fstat(fd).st_ino for fd in received] == [os.fstat(fd).st_ino for fd in sent]
        close_all(received)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_send_fds_and_recv_fds(pair, count):
    a, b = pair
    with no_leaked_descriptors(), pipes(count) as fds:
        assert csocket.send_fds(a, [b"da", b"ta"], fds) == 4
        data, received, flags, _ = csocket.recv_fds(b, 10, 5)
        assert (data, flags & csocket.MSG_CTRUNC) == (b"data", 0)
        assert [os.read(fd, 1) for fd in received] == [bytes([i]) for i in range(count)]
        close_all(received)


def test_send_fds_uses_the_address_and_recv_fds_the_flags(tmp_path):
    path = str(tmp_path / "receiver")
    kind = csocket.AF_UNIX, csocket.SOCK_DGRAM
    with csocket.socket(*kind) as a, csocket.socket(*kind) as b, pipes(1) as fds:
        b.bind(path)
        assert csocket.send_fds(a, [b"x"], fds, 0, path) == 1
        data, received, _, _ = csocket.recv_fds(b, 10, 1, csocket.MSG_DONTWAIT)
        assert data == b"x"
        close_all(received)
        with pytest.raises(BlockingIOError):
            csocket.recv_fds(b, 10, 1, csocket.MSG_DONTWAIT)


@pytest.mark.parametrize("flags", [1, csocket.MSG_OOB, -1, None, "what is no flag"])
def test_send_fds_leaves_the_flags_out(pair, flags):
    """Programs that work with stock pass other numbers as flags."""
    a, b = pair
    with pipes(1) as fds:
        assert csocket.send_fds(a, [b"x"], fds, flags) == 1
        assert stock.send_fds(a, [b"x"], fds, flags) == 1
        for _ in range(2):
            close_all(csocket.recv_fds(b, 1, 1)[1])


@pytest.mark.parametrize("count", [0, 2])
def test_recv_fds_closes_what_it_does_not_return(pair, count):
    """It closes the sender's pidfd, but not one from an overridden recvmsg()."""
    a, b = pair

    class Keeping(csocket.socket):
        def recvmsg(self, *arguments):
            self.received = super().recvmsg(*arguments)
            return self.received

    try:
        b.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSPIDFD, 1)
    except OSError as error:
        pytest.skip(f"this kernel has no SO_PASSPIDFD: {error}")
    with pipes(count) as fds, b.dup() as copied, Keeping(fileno=copied.detach()) as keeping:
        for receiver in (b, keeping):
            before = open_descriptors()
            csocket.send_fds(a, [b"x"], fds)
            _, received, flags, _ = csocket.recv_fds(receiver, 10, 10)
            assert (len(received), flags & csocket.MSG_CTRUNC) == (count, 0)
            close_all(received)
            assert len(open_descriptors() - before) == (receiver is keeping)
        process = [data for *item, data in keeping.received[1] if item[1] == csocket.SCM_PIDFD]
        close_all(array.array("i", process[0]))


@pytest.mark.parametrize("maximum", [0, 1, 2, 3])
def test_too_many_descriptors_are_reported_and_closed(pair, maximum):
    """MSG_CTRUNC is set. A descriptor that had no room is closed."""
    a, b = pair
    with no_leaked_descriptors(), pipes(4) as fds:
        csocket.send_fds(a, [b"x"], fds)
        _, received, flags, _ = csocket.recv_fds(b, 10, maximum)
        assert flags & csocket.MSG_CTRUNC
        # The padding may have room for one more.
        assert maximum <= len(received) <= maximum + 1
        close_all(received)


@pytest.mark.parametrize("room", range(csocket.CMSG_SPACE(2 * INT_SIZE)))
def test_every_size_of_room(pair, room):
    """Nothing is read past the end of the buffer, and no descriptor stays open."""
    a, b = pair
    with no_leaked_descriptors(), pipes(2) as fds:
        a.sendmsg([b"x"], rights(fds))
        data, ancillary, flags, _ = b.recvmsg(10, room)
        assert data == b"x"
        received = descriptors_in(ancillary)
        assert all(is_open(fd) for fd in received)
        assert bool(flags & csocket.MSG_CTRUNC) == (len(received) < 2)
        assert sum(csocket.CMSG_LEN(len(item[2])) for item in ancillary) <= room
        close_all(received)


def test_receiving_without_room_drops_descriptors(pair):
    a, b = pair
    with no_leaked_descriptors(), pipes(1) as fds:
        for receive in (
            lambda: b.recv(1),
            lambda: b.recvfrom(1),
            lambda: b.recv_into(bytearray(1)),
            lambda: b.recvmsg(1),
        ):
            csocket.send_fds(a, [b"x"], fds)
            receive()


def test_recvmsg_into_receives_them_too(pair):
    a, b = pair
    with no_leaked_descriptors(), pipes(1) as fds:
        a.sendmsg([b"0123", b"45"], rights(fds))
        buffers = [bytearray(2), bytearray(10)]
        count, ancillary, _, _ = b.recvmsg_into(buffers, ENOUGH)
        assert (count, buffers[0], buffers[1][:4]) == (6, b"01", b"2345")
        close_all(descriptors_in(ancillary))


@pytest.mark.parametrize("method", ["recvmsg", "recvmsg_into"])
def test_descriptors_that_cannot_be_returned_are_closed(method):
    """recvmsg() that runs out of memory after the system call closes what it received."""
    testcapi = allocator()
    a, b = csocket.socketpair()
    first_argument = 10_000 if method == "recvmsg" else [bytearray(10_000)]
    failed_after_receiving = 0
    with a, b, pipes(2) as fds:
        b.setblocking(False)
        receive = getattr(b, method)
        for allocation in range(40):
            a.sendmsg([b"x" * 5000], rights(fds) + [(*CREDENTIALS, OWN_CREDENTIALS)])
            before = open_descriptors()
            error = result = None
            testcapi.set_nomemory(allocation, allocation + 1)
            try:
                result = receive(first_argument, ENOUGH)
            except MemoryError as caught:
                error = caught
            finally:
                testcapi.remove_mem_hooks()
            if result:
                close_all(descriptors_in(result[1]))
            assert open_descriptors() == before, f"allocation {allocation}"
            if error and not has_data(b):
                failed_after_receiving += 1
    assert failed_after_receiving > 0


def has_data(sock):
    """Receive the data that is there; False if there is none."""
    try:
        return bool(sock.recv(10_000))
    except BlockingIOError:
        return False


# Credentials


def test_credentials_that_the_kernel_adds(pair):
    a, b = pair
    b.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSCRED, 1)
    a.send(b"x")
    data, ancillary, flags, _ = b.recvmsg(10, ENOUGH)
    assert (data, ancillary) == (b"x", [(*CREDENTIALS, OWN_CREDENTIALS)])
    assert flags & csocket.MSG_CTRUNC == 0


def test_several_items_in_one_message(pair):
    a, b = pair
    b.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSCRED, 1)
    with no_leaked_descriptors(), pipes(2) as fds:
        a.sendmsg([b"x"], [(*CREDENTIALS, OWN_CREDENTIALS), *rights(fds)])
        _, ancillary, flags, _ = b.recvmsg(10, ENOUGH)
        assert flags & csocket.MSG_CTRUNC == 0
        assert sorted(item[:2] for item in ancillary) == sorted([RIGHTS, CREDENTIALS])
        assert (*CREDENTIALS, OWN_CREDENTIALS) in ancillary
        received = descriptors_in(ancillary)
        assert len(received) == 2
        close_all(received)


@pytest.mark.parametrize("size", [0, 1, 4, 11])
def test_credentials_cut_short(pair, size):
    """The part that fits is returned, with MSG_CTRUNC."""
    a, b = pair
    b.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSCRED, 1)
    a.send(b"x")
    _, ancillary, flags, _ = b.recvmsg(10, csocket.CMSG_LEN(size))
    assert flags & csocket.MSG_CTRUNC
    assert ancillary == [(*CREDENTIALS, OWN_CREDENTIALS[:size])]


# The internet families


def test_options_of_ipv4():
    with csocket.socket(type=csocket.SOCK_DGRAM) as a, csocket.socket(type=csocket.SOCK_DGRAM) as b:
        b.bind(("127.0.0.1", 0))
        b.settimeout(20)
        b.setsockopt(csocket.IPPROTO_IP, csocket.IP_RECVTOS, 1)
        tos = csocket.IPPROTO_IP, csocket.IP_TOS, struct.pack("i", 0x10)
        assert a.sendmsg([b"x"], [tos], 0, b.getsockname()) == 1
        data, ancillary, _, sender = b.recvmsg(10, ENOUGH)
        assert (data, ancillary) == (b"x", [(csocket.IPPROTO_IP, csocket.IP_TOS, b"\x10")])
        assert sender[1] == a.getsockname()[1]


@pytest.mark.skipif(not os.path.exists("/proc/net/if_inet6"), reason="the kernel has no IPv6")
def test_options_of_ipv6():
    kind = csocket.AF_INET6, csocket.SOCK_DGRAM
    with csocket.socket(*kind) as a, csocket.socket(*kind) as b:
        b.bind(("::1", 0))
        b.settimeout(20)
        b.setsockopt(csocket.IPPROTO_IPV6, csocket.IPV6_RECVHOPLIMIT, 1)
        b.setsockopt(csocket.IPPROTO_IPV6, csocket.IPV6_RECVTCLASS, 1)
        items = [
            (csocket.IPPROTO_IPV6, csocket.IPV6_HOPLIMIT, struct.pack("i", 7)),
            (csocket.IPPROTO_IPV6, csocket.IPV6_TCLASS, struct.pack("i", 8)),
        ]
        a.sendmsg([b"x"], items, 0, b.getsockname())
        assert sorted(b.recvmsg(10, ENOUGH)[1]) == sorted(items)


# Refusals


@pytest.mark.parametrize(
    "ancillary, exception",
    [
        (5, TypeError),
        ([5], TypeError),
        ([(1, 1)], TypeError),
        ([(1, 1, b"", 1)], TypeError),
        ([("1", 1, b"")], TypeError),
        ([(1, 1.0, b"")], TypeError),
        ([(1, 1, "text")], TypeError),
        ([(2**40, 1, b"")], OverflowError),
        ([(*RIGHTS, struct.pack("i", -1))], OSError),
        ([(csocket.SOL_SOCKET, 12345, b"")], OSError),
    ],
)
def test_refused_ancillary_data(pair, ancillary, exception):
    a, b = pair
    with no_leaked_descriptors(), pytest.raises(exception):
        a.sendmsg([b"x"], ancillary)
    b.setblocking(False)
    with pytest.raises(BlockingIOError):
        b.recv(1)


@pytest.mark.parametrize("room", [-1, -(2**31), 2**31, 2**62])
def test_refused_room(pair, room):
    for receive in (lambda: pair[1].recvmsg(1, room), lambda: pair[1].recvmsg_into([], room)):
        with pytest.raises(ValueError, match="ancillary data buffer length"):
            receive()
    with pytest.raises((OverflowError, ValueError)):
        csocket.recv_fds(pair[1], 1, room)


@pytest.mark.parametrize("fds", [5, ["1"], [1.0], [2**40], [-1], [10**6]])
def test_refused_descriptors(pair, fds):
    with no_leaked_descriptors(), pytest.raises((TypeError, OverflowError, OSError)):
        csocket.send_fds(pair[0], [b"x"], fds)
