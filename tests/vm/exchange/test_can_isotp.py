"""CAN_ISOTP: messages of up to 4095 bytes, cut into frames with flow control."""

import errno
import struct

import pytest
from support import assert_refused, os_error, receive

import csocket

# struct can_isotp_options, can_isotp_fc_options and can_isotp_ll_options of linux/can/isotp.h.
OPTIONS = struct.Struct("=II4B")
FLOW_CONTROL = struct.Struct("=3B")
LINK_LAYER = struct.Struct("=3B")
FD = struct.Struct("=IBB2x64s")

TESTER = 0x700
ECU = 0x708
LONGEST = 4095

# The high nibble of a frame's first byte (ISO 15765-2).
FIRST, CONSECUTIVE, FLOW = 1, 2, 3


def pattern(length):
    return bytes(number * 7 % 256 for number in range(length))


@pytest.fixture
def open_isotp(open_socket):
    def opened(address, **options):
        sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_ISOTP)
        for name, value in options.items():
            sock.setsockopt(csocket.SOL_CAN_ISOTP, getattr(csocket, name), value)
        sock.bind(address)
        return sock

    return opened


@pytest.fixture
def open_bus(open_socket, vcans):
    def opened():
        sock = open_socket(csocket.AF_CAN, csocket.SOCK_RAW, csocket.CAN_RAW)
        sock.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FD_FRAMES, 1)
        sock.bind((vcans[0],))
        return sock

    return opened


def addresses(interface, rx=TESTER, tx=ECU):
    """The addresses of both ends: one receives on the id on which the other sends."""
    return (interface, rx, tx), (interface, tx, rx)


def source(interface):
    """The sender of a message, as the kernel reports it: without ids, which are the receiver's
    own."""
    return (interface, 0, 0)


def frames_of(bus, count):
    """The sender's id and the data of count frames."""
    frames = []
    for _ in range(count):
        data = bus.recv(FD.size)
        can_id, length = struct.unpack_from("=IB", data)
        frames.append((can_id, data[8 : 8 + length]))
    return frames


@pytest.mark.parametrize("length", [1, 7, 8, 100, LONGEST])
def test_message_both_ways(open_isotp, vcans, length):
    forward, back = addresses(vcans[0])
    a, b = open_isotp(forward), open_isotp(back)
    assert (a.getsockname(), b.getsockname()) == (forward, back)
    for sender, receiver in (a, b), (b, a):
        assert sender.send(pattern(length)) == length
        assert receive(receiver) == (pattern(length), source(vcans[0]))


@pytest.mark.parametrize(
    "identifiers",
    [
        (0x18DA00F1 | csocket.CAN_EFF_FLAG, 0x18DAF100 | csocket.CAN_EFF_FLAG),
        (csocket.CAN_EFF_MASK | csocket.CAN_EFF_FLAG, csocket.CAN_EFF_FLAG),
        (csocket.CAN_SFF_MASK, 0),
    ],
    ids=["normal fixed", "widest extended", "widest standard"],
)
def test_identifiers(open_isotp, vcans, identifiers):
    forward, back = addresses(vcans[1], *identifiers)
    a, b = open_isotp(forward), open_isotp(back)
    assert (a.getsockname(), b.getsockname()) == (forward, back)
    a.sendto(pattern(50), forward)
    assert receive(b) == (pattern(50), source(vcans[1]))
    b.sendmsg([pattern(30), pattern(20)])
    assert receive(a) == (pattern(30) + pattern(20), source(vcans[1]))


def test_interfaces_are_apart(open_isotp, vcans):
    pairs = []
    for name in vcans:
        forward, back = addresses(name)
        pairs.append((open_isotp(forward), open_isotp(back), name))
    for a, _, name in pairs:
        a.send(name.encode() * 10)
    for _, b, name in pairs:
        assert receive(b) == (name.encode() * 10, source(name))


def test_unbound(open_socket, vcans):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_ISOTP)
    assert sock.getsockname() == ("", 0, 0)
    for call in sock.getpeername, lambda: sock.connect((vcans[0], TESTER, ECU)):
        with os_error(errno.EOPNOTSUPP):
            call()
    with os_error(errno.EADDRNOTAVAIL):
        sock.send(b"x")
    with os_error(errno.ENODEV):
        sock.bind(("", TESTER, ECU))


def test_flow_control_and_padding_on_the_bus(open_isotp, open_bus, vcans):
    """The options of each end show in its frames."""
    forward, back = addresses(vcans[0])
    flags = csocket.CAN_ISOTP_TX_PADDING | csocket.CAN_ISOTP_RX_PADDING
    flags |= csocket.CAN_ISOTP_CHK_PAD_LEN | csocket.CAN_ISOTP_CHK_PAD_DATA
    options = OPTIONS.pack(flags, 0, 0, 0xAA, 0x55, 0)
    flow = FLOW_CONTROL.pack(4, 1, 0)
    a = open_isotp(forward, CAN_ISOTP_OPTS=options)
    b = open_isotp(
        back, CAN_ISOTP_OPTS=OPTIONS.pack(flags, 0, 0, 0x55, 0xAA, 0), CAN_ISOTP_RECV_FC=flow
    )
    assert b.getsockopt(csocket.SOL_CAN_ISOTP, csocket.CAN_ISOTP_RECV_FC, 3) == flow
    got = a.getsockopt(csocket.SOL_CAN_ISOTP, csocket.CAN_ISOTP_OPTS, OPTIONS.size)
    assert OPTIONS.unpack(got)[0] == flags
    assert OPTIONS.unpack(got)[3:5] == (0xAA, 0x55)
    with os_error(errno.EISCONN):
        a.setsockopt(csocket.SOL_CAN_ISOTP, csocket.CAN_ISOTP_OPTS, options)

    bus = open_bus()
    sent = pattern(50)
    a.send(sent)
    assert receive(b) == (sent, source(vcans[0]))
    # 6 bytes in the first frame, 7 in each other one. After 4 frames the sender asks again.
    granted = (TESTER, b"\x30\x04\x01".ljust(8, b"\x55"))
    expected = [(ECU, b"\x10\x32" + sent[:6]), granted]
    for number in range(1, 8):
        part = sent[7 * number - 1 : 7 * number + 6]
        expected.append((ECU, (bytes([0x20 + number]) + part).ljust(8, b"\xaa")))
        if number == 4:
            expected.append(granted)
    assert frames_of(bus, len(expected)) == expected


def test_extended_addresses(open_isotp, open_bus, vcans):
    """Two pairs on the same ids; the byte before the data distinguishes them."""
    forward, back = addresses(vcans[0])
    pairs = []
    for byte in 0x11, 0x22:
        options = OPTIONS.pack(csocket.CAN_ISOTP_EXTEND_ADDR, 0, byte, 0xCC, 0xCC, 0)
        a, b = (open_isotp(name, CAN_ISOTP_OPTS=options) for name in (forward, back))
        pairs.append((a, b, byte))
    bus = open_bus()
    for a, _, byte in pairs:
        a.send(bytes([byte]) * 3)
    assert frames_of(bus, 2) == [
        (ECU, b"\x11\x03\x11\x11\x11"),
        (ECU, b"\x22\x03\x22\x22\x22"),
    ]
    for _, b, byte in pairs:
        assert receive(b) == (bytes([byte]) * 3, source(vcans[0]))


def test_frames_of_can_fd(open_isotp, open_bus, vcans):
    forward, back = addresses(vcans[0])
    link = LINK_LAYER.pack(FD.size, 64, 0)
    a, b = (open_isotp(name, CAN_ISOTP_LL_OPTS=link) for name in (forward, back))
    assert a.getsockopt(csocket.SOL_CAN_ISOTP, csocket.CAN_ISOTP_LL_OPTS, 3) == link
    bus = open_bus()
    sent = pattern(100)
    a.send(sent)
    assert receive(b) == (sent, source(vcans[0]))
    (first_id, first), (flow_id, flow), (last_id, last) = frames_of(bus, 3)
    assert (first_id, flow_id, last_id) == (ECU, TESTER, ECU)
    assert (first[0] >> 4, flow[0] >> 4, last[0] >> 4) == (FIRST, FLOW, CONSECUTIVE)
    assert first[2:] == sent[:62]
    assert last[1:39] == sent[62:]


def test_nobody_grants_the_flow(open_isotp, open_bus, vcans):
    """The first frame of a long message is sent, and after a second the sender gets an error."""
    forward, _ = addresses(vcans[0])
    options = OPTIONS.pack(csocket.CAN_ISOTP_WAIT_TX_DONE, 0, 0, 0xCC, 0xCC, 0)
    a = open_isotp(forward, CAN_ISOTP_OPTS=options)
    bus = open_bus()
    with os_error(errno.ECOMM):
        a.send(pattern(100))
    assert frames_of(bus, 1) == [(ECU, b"\x10\x64" + pattern(100)[:6])]


@pytest.mark.parametrize(
    "address",
    [
        "vcan0",
        (),
        ("vcan0",),
        ("vcan0", 1),
        ("vcan0", 1, 2, 3),
        (5, 1, 2),
        ("vcan0", "1", 2),
        ("vcan0", 1, None),
        ["vcan0", 1, 2],
    ],
    ids=repr,
)
def test_refused_addresses(open_socket, address):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_ISOTP)
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == ("", 0, 0)
