"""CAN_J1939: parameter groups, claimed addresses, and messages of many packets."""

import errno
import struct
import time

import pytest
from support import PATIENCE, RECEIVING, assert_refused, assert_silent, os_error

import csocket

NO_NAME = csocket.J1939_NO_NAME
NO_PGN = csocket.J1939_NO_PGN
NO_ADDR = csocket.J1939_NO_ADDR
CLAIMED = csocket.J1939_PGN_ADDRESS_CLAIMED

# struct j1939_filter of linux/can/j1939.h: name, pgn and addr, each with its mask.
FILTER = struct.Struct("=2Q2I2B6x")

# NAMEs of ISO 11783-5; the highest bit tells that the device can change its address.
NAME_A = 0x8000000000000001
NAME_B = 0x00A1B2C3D4E5F607

# A group of format 1 goes to one address, a group of format 2 to all.
PGN_TO_ONE = 0x12300
PGN_TO_ALL = 0x0FECA

DEFAULT_PRIORITY = 6

# The kernel does not tell on which interface the packets of a message came.
PUT_TOGETHER = ""


def pattern(length):
    return bytes(number * 7 % 256 for number in range(length))


@pytest.fixture
def open_j1939(open_socket, vcans):
    def opened(name=NO_NAME, pgn=NO_PGN, addr=NO_ADDR, broadcast=False):
        sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939)
        if broadcast:
            sock.setsockopt(csocket.SOL_SOCKET, csocket.SO_BROADCAST, 1)
        sock.bind((vcans[0], name, pgn, addr))
        return sock

    return opened


@pytest.fixture
def ends(open_j1939):
    return open_j1939(addr=0x20), open_j1939(addr=0x30)


def receive(sock):
    return sock.recvfrom(4096)


def ancillary_of(sock):
    """The data, the ancillary data by type, and the sender."""
    data, ancillary, _, sender = sock.recvmsg(100, 200)
    assert {level for level, _, _ in ancillary} == {csocket.SOL_CAN_J1939}
    return data, {kind: int.from_bytes(value, "little") for _, kind, value in ancillary}, sender


def claim(sock, name, interface):
    """Claim the address that the socket is bound to for this name."""
    sock.sendto(name.to_bytes(8, "little"), (interface, NO_NAME, CLAIMED, NO_ADDR))


def send_when_claimed(sock, data, address):
    """Before a name may send, the kernel waits 250 ms for objections."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return sock.sendto(data, address)
        except OSError as error:
            assert error.errno == errno.EADDRNOTAVAIL
            assert time.monotonic() < end
        time.sleep(0.02)


def test_names(open_j1939, open_socket, vcans):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939)
    with os_error(errno.EADDRNOTAVAIL):
        sock.getpeername()
    for name, addr in (NO_NAME, 0x80), (NAME_B, NO_ADDR), (2**64 - 1, 0):
        bound = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939)
        # The group in bind() is a filter, and no part of the socket's name.
        bound.bind((vcans[1], name, PGN_TO_ONE, addr))
        assert bound.getsockname() == (vcans[1], name, NO_PGN, addr)


def test_message_both_ways(ends, vcans):
    a, b = ends
    assert a.sendto(b"to b", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30)) == 4
    assert receive(b) == (b"to b", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    assert b.sendmsg([b"to", b" a"], [], 0, (vcans[0], NO_NAME, PGN_TO_ONE, 0x20)) == 4
    assert receive(a) == (b"to a", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))


@pytest.mark.parametrize("call", RECEIVING, ids=lambda call: call.__name__)
def test_calls_that_tell_the_sender(ends, vcans, call):
    a, b = ends
    a.sendto(b"data", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))
    assert call(b, 100) == (b"data", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))


def test_connected(ends, open_j1939, vcans):
    a, b = ends
    c = open_j1939(addr=0x40)
    a.connect((vcans[0], NO_NAME, PGN_TO_ONE, 0x30))
    assert a.getpeername() == (vcans[0], NO_NAME, PGN_TO_ONE, 0x30)
    assert a.getsockname() == (vcans[0], NO_NAME, PGN_TO_ONE, 0x20)
    a.send(b"to peer")
    assert receive(b) == (b"to peer", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    # Only messages of its peer arrive.
    c.sendto(b"stranger", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    b.sendto(b"peer", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    assert receive(a) == (b"peer", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))


def test_broadcast(open_j1939, vcans):
    a = open_j1939(addr=0x20)
    receivers = [open_j1939(addr=addr, broadcast=True) for addr in (0x30, 0x40)]
    destination = (vcans[0], NO_NAME, PGN_TO_ALL, NO_ADDR)
    with os_error(errno.EACCES):
        a.sendto(b"all", destination)
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_BROADCAST, 1)
    a.sendto(b"all", destination)
    for receiver in receivers:
        assert receive(receiver) == (b"all", (vcans[0], NO_NAME, PGN_TO_ALL, 0x20))


def test_claimed_address(open_j1939, vcans):
    """A name can send and receive once it has claimed an address."""
    observer = open_j1939(addr=0x50, broadcast=True)
    owner = open_j1939(NAME_A, addr=0x20, broadcast=True)
    with os_error(errno.EADDRNOTAVAIL):
        owner.sendto(b"early", (vcans[0], NO_NAME, PGN_TO_ONE, 0x50))

    claim(owner, NAME_A, vcans[0])
    said, sender = receive(observer)
    assert int.from_bytes(said, "little") == NAME_A
    assert sender == (vcans[0], NAME_A, CLAIMED, 0x20)

    send_when_claimed(owner, b"named", (vcans[0], NO_NAME, PGN_TO_ONE, 0x50))
    assert receive(observer) == (b"named", (vcans[0], NAME_A, PGN_TO_ONE, 0x20))
    # The answer is sent to the name: the kernel knows its address.
    observer.sendto(b"answer", (vcans[0], NAME_A, PGN_TO_ONE, NO_ADDR))
    data, ancillary, sender = ancillary_of(owner)
    assert (data, sender) == (b"answer", (vcans[0], NO_NAME, PGN_TO_ONE, 0x50))
    assert ancillary == {
        csocket.SCM_J1939_DEST_ADDR: 0x20,
        csocket.SCM_J1939_DEST_NAME: NAME_A,
        csocket.SCM_J1939_PRIO: DEFAULT_PRIORITY,
    }


def test_dynamic_address(open_j1939, vcans):
    """The sockets of a name use the address that it claimed last."""
    observer = open_j1939(addr=0x50, broadcast=True)
    user = open_j1939(NAME_B)
    for addr in 0x21, 0x22:
        claimer = open_j1939(NAME_B, addr=addr, broadcast=True)
        claim(claimer, NAME_B, vcans[0])
        assert receive(observer)[1] == (vcans[0], NAME_B, CLAIMED, addr)
        send_when_claimed(user, bytes([addr]), (vcans[0], NO_NAME, PGN_TO_ONE, 0x50))
        assert receive(observer) == (bytes([addr]), (vcans[0], NAME_B, PGN_TO_ONE, addr))
        observer.sendto(b"by name", (vcans[0], NAME_B, PGN_TO_ONE, NO_ADDR))
        assert receive(user) == (b"by name", (vcans[0], NO_NAME, PGN_TO_ONE, 0x50))
        claimer.close()


@pytest.mark.parametrize("length", [9, 100, 1785, 2000])
def test_message_of_many_packets(ends, vcans, length):
    """Up to 1785 bytes by the transport protocol, more by the extended one."""
    a, b = ends
    sent = pattern(length)
    assert a.sendto(sent, (vcans[0], NO_NAME, PGN_TO_ONE, 0x30)) == length
    assert receive(b) == (sent, (PUT_TOGETHER, NO_NAME, PGN_TO_ONE, 0x20))


def test_broadcast_of_many_packets(open_j1939, vcans):
    a = open_j1939(addr=0x20, broadcast=True)
    b = open_j1939(addr=0x30, broadcast=True)
    sent = pattern(20)
    a.sendto(sent, (vcans[0], NO_NAME, PGN_TO_ALL, NO_ADDR))
    assert receive(b) == (sent, (PUT_TOGETHER, NO_NAME, PGN_TO_ALL, 0x20))


def test_priority(ends, vcans):
    a, b = ends
    destination = (vcans[0], NO_NAME, PGN_TO_ONE, 0x30)
    assert a.getsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_SEND_PRIO) == DEFAULT_PRIORITY
    for priority in 0, 3, 7:
        a.setsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_SEND_PRIO, priority)
        assert a.getsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_SEND_PRIO) == priority
        a.sendto(b"prior", destination)
        data, ancillary, sender = ancillary_of(b)
        assert (data, sender) == (b"prior", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
        assert ancillary == {csocket.SCM_J1939_DEST_ADDR: 0x30, csocket.SCM_J1939_PRIO: priority}
    with os_error(errno.EDOM):
        a.setsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_SEND_PRIO, 8)


def test_parts_of_ancillary_data(ends, vcans):
    """Ancillary data without room is omitted, and a flag says so."""
    a, b = ends
    a.sendto(b"cut", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))
    data, ancillary, flags, _ = b.recvmsg(100, csocket.CMSG_LEN(1))
    assert data == b"cut"
    assert ancillary == [(csocket.SOL_CAN_J1939, csocket.SCM_J1939_DEST_ADDR, b"\x30")]
    assert flags & csocket.MSG_CTRUNC


def test_filter(open_j1939, vcans):
    b = open_j1939(addr=0x30)
    wanted = (
        FILTER.pack(0, 0, PGN_TO_ONE, csocket.J1939_PGN_PDU1_MAX, 0x20, 0xFF),
        FILTER.pack(0, 0, 0x12400, csocket.J1939_PGN_PDU1_MAX, 0, 0),
    )
    b.setsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_FILTER, b"".join(wanted))
    senders = {addr: open_j1939(addr=addr) for addr in (0x20, 0x40)}
    sent = [(addr, pgn) for pgn in (PGN_TO_ONE, 0x12500, 0x12400) for addr in senders]
    for addr, pgn in sent:
        senders[addr].sendto(b"x", (vcans[0], NO_NAME, pgn, 0x30))
    for addr, pgn in (0x20, PGN_TO_ONE), (0x20, 0x12400), (0x40, 0x12400):
        assert receive(b) == (b"x", (vcans[0], NO_NAME, pgn, addr))
    assert_silent(b)


def test_group_of_the_socket(open_j1939, vcans):
    """A socket that is bound to a group receives only that group."""
    a = open_j1939(addr=0x20)
    b = open_j1939(pgn=PGN_TO_ONE, addr=0x30)
    for pgn in 0x12400, PGN_TO_ONE:
        a.sendto(b"group", (vcans[0], NO_NAME, pgn, 0x30))
    assert receive(b) == (b"group", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    assert_silent(b)


def test_promiscuous(ends, open_j1939, vcans):
    a, b = ends
    observer = open_j1939(addr=0x40)
    assert observer.getsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_PROMISC) == 0
    a.sendto(b"secret", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))
    assert receive(b)[0] == b"secret"
    observer.setsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_PROMISC, 1)
    assert observer.getsockopt(csocket.SOL_CAN_J1939, csocket.SO_J1939_PROMISC) == 1
    a.sendto(b"heard", (vcans[0], NO_NAME, PGN_TO_ONE, 0x30))
    data, ancillary, sender = ancillary_of(observer)
    assert (data, sender) == (b"heard", (vcans[0], NO_NAME, PGN_TO_ONE, 0x20))
    assert ancillary[csocket.SCM_J1939_DEST_ADDR] == 0x30


def test_no_interface(open_socket):
    """A J1939 socket needs an interface: there is no network of all interfaces."""
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939)
    with os_error(errno.ENODEV):
        sock.bind(("", NO_NAME, NO_PGN, 0x20))


@pytest.mark.parametrize(
    "address",
    [
        "vcan0",
        (),
        ("vcan0",),
        ("vcan0", 0, 0),
        ("vcan0", 0, 0, 0, 0),
        (5, 0, 0, 0),
        ("vcan0", "name", 0, 0),
        ("vcan0", 0, None, 0),
        ("vcan0", 0, 0, "addr"),
        ["vcan0", 0, 0, 0],
    ],
    ids=repr,
)
def test_refused_addresses(open_socket, address):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_J1939)
    assert_refused(sock, address, TypeError)
