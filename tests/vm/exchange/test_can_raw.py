"""CAN_RAW: frames, filters and flags between sockets on virtual CAN interfaces."""

import errno
import struct

import pytest
from descriptors import no_leaked_descriptors
from support import assert_refused, assert_silent, os_error, receive

import csocket

# struct can_frame and struct canfd_frame of linux/can.h: id, length, flags, data.
CLASSIC = struct.Struct("=IB3x8s")
FD = struct.Struct("=IBB2x64s")
FILTER = struct.Struct("=II")

# Ends what a test sends, on a socket that receives everything.
LAST = CLASSIC.pack(0x7FF, 4, b"last")


def classic(can_id, data):
    return CLASSIC.pack(can_id, len(data), data)


def filters(*pairs):
    return b"".join(FILTER.pack(can_id, mask) for can_id, mask in pairs)


@pytest.fixture
def open_raw(open_socket):
    def opened(interface=None):
        sock = open_socket(csocket.AF_CAN, csocket.SOCK_RAW, csocket.CAN_RAW)
        if interface is not None:
            sock.bind((interface,))
        return sock

    return opened


@pytest.fixture
def ends(open_raw, vcans):
    """Two sockets on one interface."""
    return open_raw(vcans[0]), open_raw(vcans[0])


def received_until_last(sock):
    frames = []
    while not frames or frames[-1] != LAST:
        frames.append(sock.recv(CLASSIC.size))
        assert len(frames) < 100
    return frames[:-1]


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(classic(0x123, b"\x01\x02\x03"), id="standard"),
        pytest.param(classic(csocket.CAN_SFF_MASK, b"12345678"), id="highest standard"),
        pytest.param(classic(0x12345678 | csocket.CAN_EFF_FLAG, b"ext"), id="extended"),
        pytest.param(
            classic(csocket.CAN_EFF_MASK | csocket.CAN_EFF_FLAG, b""), id="highest extended"
        ),
        pytest.param(CLASSIC.pack(0x321 | csocket.CAN_RTR_FLAG, 5, b""), id="remote request"),
        pytest.param(classic(0, b""), id="empty"),
    ],
)
def test_frame_both_ways(ends, vcans, frame):
    a, b = ends
    for sender, receiver in (a, b), (b, a):
        assert sender.send(frame) == CLASSIC.size
        assert receive(receiver) == (frame, (vcans[0],))


def test_name_of_a_bound_socket(open_raw, vcans):
    sock = open_raw()
    assert sock.getsockname() == ("",)
    sock.bind((vcans[1],))
    assert sock.getsockname() == (vcans[1],)
    assert (sock.family, sock.type, sock.proto) == (
        csocket.AF_CAN,
        csocket.SOCK_RAW,
        csocket.CAN_RAW,
    )


def test_has_no_peer(open_raw, vcans):
    sock = open_raw(vcans[0])
    with os_error(errno.EOPNOTSUPP):
        sock.getpeername()
    with os_error(errno.EOPNOTSUPP):
        sock.connect((vcans[0],))
    assert sock.connect_ex((vcans[0],)) == errno.EOPNOTSUPP


@pytest.mark.parametrize(
    "send",
    [
        lambda sock, data, address: sock.sendto(data, address),
        lambda sock, data, address: sock.sendto(data, 0, address),
        lambda sock, data, address: sock.sendmsg([data[:5], data[5:]], [], 0, address),
    ],
    ids=["sendto", "sendto with flags", "sendmsg"],
)
def test_send_to_an_interface(open_raw, vcans, send):
    """An unbound socket names the interface for each frame; a bound one may name another."""
    receivers = [(name, open_raw(name)) for name in vcans]
    for sender in open_raw(), open_raw(vcans[0]):
        for name, receiver in receivers:
            frame = classic(0x100, name.encode())
            assert send(sender, frame, (name,)) == CLASSIC.size
            assert receive(receiver) == (frame, (name,))


def test_all_interfaces(open_raw, vcans):
    """A socket that is bound to '' receives from all interfaces, and each frame tells its own."""
    everywhere = open_raw("")
    assert everywhere.getsockname() == ("",)
    senders = [open_raw(name) for name in vcans]
    for sender in senders + senders[::-1]:
        (name,) = sender.getsockname()
        frame = classic(0x55, name.encode())
        sender.send(frame)
        assert receive(everywhere) == (frame, (name,))
    with os_error(errno.ENXIO):
        everywhere.send(LAST)
    for number, name in enumerate(vcans):
        everywhere.sendto(LAST, (name,))
        assert receive(senders[number]) == (LAST, (name,))


def test_frames_of_can_fd(ends, open_raw, vcans):
    a, b = ends
    for sock in a, b:
        assert sock.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FD_FRAMES) == 0
    frame = FD.pack(0x45, 64, csocket.CANFD_BRS, bytes(range(64)))
    with os_error(errno.EINVAL):
        a.send(frame)
    witness = open_raw(vcans[0])
    for sock in a, b:
        sock.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FD_FRAMES, 1)
        assert sock.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FD_FRAMES) == 1
    for sender, receiver in (a, b), (b, a):
        assert sender.send(frame) == FD.size
        data, sender_address = receive(receiver)
        can_id, length, flags, payload = FD.unpack(data)
        assert (can_id, length, payload) == (0x45, 64, bytes(range(64)))
        assert flags & csocket.CANFD_BRS
        assert sender_address == (vcans[0],)
    # A socket that did not ask for FD frames gets none of them, but still the classic ones.
    a.send(LAST)
    assert receive(witness) == (LAST, (vcans[0],))
    assert receive(b) == (LAST, (vcans[0],))


def test_frame_longer_than_the_buffer(ends, vcans):
    a, b = ends
    a.send(classic(0x10, b"truncate"))
    data, ancillary, flags, sender = b.recvmsg(12)
    assert data == classic(0x10, b"truncate")[:12]
    assert (ancillary, sender) == ([], (vcans[0],))
    assert flags & csocket.MSG_TRUNC


def test_filters(ends):
    a, b = ends
    wanted = filters(
        (0x100, csocket.CAN_SFF_MASK),
        (0x200 | csocket.CAN_EFF_FLAG, csocket.CAN_EFF_FLAG | csocket.CAN_EFF_MASK),
        (0x300, 0x7F0),
        (0x7FF, csocket.CAN_SFF_MASK),
    )
    b.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FILTER, wanted)
    assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FILTER, 256) == wanted
    passing = [classic(0x100, b"1"), classic(0x200 | csocket.CAN_EFF_FLAG, b"2")]
    passing += [classic(0x305, b"3"), classic(0x30F, b"4")]
    for frame in (
        classic(0x101, b"no"),
        passing[0],
        classic(0x200, b"no"),
        passing[1],
        classic(0x310, b"no"),
        *passing[2:],
        LAST,
    ):
        a.send(frame)
    assert received_until_last(b) == passing


def test_inverted_filter(ends):
    a, b = ends
    b.setsockopt(
        csocket.SOL_CAN_RAW,
        csocket.CAN_RAW_FILTER,
        filters((0x100 | csocket.CAN_INV_FILTER, csocket.CAN_SFF_MASK)),
    )
    for can_id in 0x100, 0x101, 0x100, 0x0FF:
        a.send(classic(can_id, b""))
    a.send(LAST)
    assert received_until_last(b) == [classic(0x101, b""), classic(0x0FF, b"")]


def test_no_filter_receives_nothing(ends, open_raw, vcans):
    a, b = ends
    witness = open_raw(vcans[0])
    b.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FILTER, b"")
    assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FILTER, 256) == b""
    for _ in range(3):
        a.send(classic(0x100, b""))
    a.send(LAST)
    assert len(received_until_last(witness)) == 3
    assert_silent(b)


def test_joined_filters(ends):
    """A frame must pass all filters; without the option one is enough."""
    a, b = ends
    b.setsockopt(
        csocket.SOL_CAN_RAW,
        csocket.CAN_RAW_FILTER,
        filters((0x700, 0x700), (0x123 | csocket.CAN_INV_FILTER, 0x7FF), (0x07, 0x07)),
    )
    sent = [classic(can_id, b"") for can_id in (0x123, 0x707, 0x706, 0x607, 0x7F7)]
    assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_JOIN_FILTERS) == 0
    # A frame that passes several filters is delivered once.
    for joined, expected in (0, sent[1:]), (1, [sent[1], sent[4]]):
        b.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_JOIN_FILTERS, joined)
        assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_JOIN_FILTERS) == joined
        for frame in (*sent, LAST):
            a.send(frame)
        assert received_until_last(b) == expected


def test_loopback(ends):
    a, b = ends
    assert a.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_LOOPBACK) == 1
    a.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_LOOPBACK, 0)
    assert a.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_LOOPBACK) == 0
    a.send(classic(0x100, b"unheard"))
    a.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_LOOPBACK, 1)
    a.send(LAST)
    assert received_until_last(b) == []


def test_own_messages(ends, vcans):
    """MSG_DONTROUTE marks frames of this host, MSG_CONFIRM those of this socket."""
    a, b = ends
    assert a.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_RECV_OWN_MSGS) == 0
    a.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_RECV_OWN_MSGS, 1)
    assert a.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_RECV_OWN_MSGS) == 1
    frame = classic(0x321, b"mine")
    a.send(frame)
    for sock, flags in (
        (a, csocket.MSG_DONTROUTE | csocket.MSG_CONFIRM),
        (b, csocket.MSG_DONTROUTE),
    ):
        assert sock.recvmsg(CLASSIC.size, 100) == (frame, [], flags, (vcans[0],))


def test_filter_of_errors(ends):
    a, b = ends
    busoff = CLASSIC.pack(csocket.CAN_ERR_FLAG | csocket.CAN_ERR_BUSOFF, csocket.CAN_ERR_DLC, b"")
    control = CLASSIC.pack(csocket.CAN_ERR_FLAG | csocket.CAN_ERR_CRTL, csocket.CAN_ERR_DLC, b"")
    assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_ERR_FILTER) == 0
    for mask, expected in (
        (0, []),
        (csocket.CAN_ERR_BUSOFF, [busoff]),
        (csocket.CAN_ERR_MASK, [busoff, control]),
    ):
        b.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_ERR_FILTER, mask)
        assert b.getsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_ERR_FILTER) == mask
        for frame in busoff, control, LAST:
            a.send(frame)
        assert received_until_last(b) == expected


def test_time_of_arrival_comes_with_the_frame(ends, vcans):
    a, b = ends
    b.setsockopt(csocket.SOL_SOCKET, csocket.SO_TIMESTAMPNS, 1)
    a.send(LAST)
    data, ancillary, _, sender = b.recvmsg(CLASSIC.size, csocket.CMSG_SPACE(16))
    assert (data, sender) == (LAST, (vcans[0],))
    ((level, kind, stamp),) = ancillary
    assert (level, kind) == (csocket.SOL_SOCKET, csocket.SCM_TIMESTAMPNS)
    assert 0 <= struct.unpack("@2l", stamp)[1] < 10**9


@pytest.mark.parametrize(
    "address",
    ["vcan0", b"vcan0", 0, (), ["vcan0"], ("vcan0", 1), (5,), (None,)],
    ids=repr,
)
def test_refused_addresses(open_raw, address):
    sock = open_raw()
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == ("",)


def test_no_such_interface(open_raw):
    sock = open_raw()
    assert_refused(sock, ("n" * 16,), OSError)
    with no_leaked_descriptors(), os_error(errno.ENODEV):
        sock.bind(("nosuchcan",))
    assert sock.getsockname() == ("",)


def test_interface_of_another_kind(open_raw):
    with os_error(errno.ENODEV):
        open_raw().bind(("lo",))
