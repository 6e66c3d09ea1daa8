"""CAN_BCM: the broadcast manager sends frames by itself, and watches incoming ones."""

import errno
import struct

import pytest
from descriptors import no_leaked_descriptors
from support import assert_refused, assert_silent, os_error, receive

import csocket

# struct bcm_msg_head of linux/can/bcm.h: opcode, flags, count, two timevals, id, frames.
HEAD = struct.Struct("@3I4l2I0q")
CLASSIC = struct.Struct("=IB3x8s")
FD = struct.Struct("=IBB2x64s")

START = csocket.CAN_BCM_SETTIMER | csocket.CAN_BCM_STARTTIMER
INTERVAL = 0.02
CAN_ID = 0x123
LAST = CLASSIC.pack(0x7FF, 4, b"last")


def timeval(seconds):
    return int(seconds), round(seconds % 1 * 1000000)


def message(opcode, flags=0, count=0, first=0, second=0, can_id=CAN_ID, frames=()):
    head = (opcode, flags, count, *timeval(first), *timeval(second), can_id, len(frames))
    return HEAD.pack(*head) + b"".join(frames)


def dissected(data):
    """The opcode, the count of the frames in the message, the id, and the frames."""
    opcode, _, _, _, _, _, _, can_id, count = HEAD.unpack_from(data)
    return opcode, count, can_id, data[HEAD.size :]


def frame(data, can_id=CAN_ID):
    return CLASSIC.pack(can_id, len(data), data)


@pytest.fixture
def open_manager(open_socket):
    def opened(interface):
        sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_BCM)
        sock.connect((interface,))
        return sock

    return opened


@pytest.fixture
def manager(open_manager, vcans):
    return open_manager(vcans[0])


@pytest.fixture
def bus(open_socket, vcans):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_RAW, csocket.CAN_RAW)
    sock.bind((vcans[0],))
    return sock


def test_has_no_names(manager, open_socket, vcans):
    for name in manager.getsockname, manager.getpeername:
        with os_error(errno.EOPNOTSUPP):
            name()
    with os_error(errno.EISCONN):
        manager.connect((vcans[0],))
    assert manager.connect_ex((vcans[0],)) == errno.EISCONN
    unconnected = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_BCM)
    with os_error(errno.EOPNOTSUPP):
        unconnected.bind((vcans[0],))
    with os_error(errno.ENOTCONN):
        unconnected.send(message(csocket.CAN_BCM_TX_SEND, frames=[frame(b"1")]))


def test_sends_once(manager, bus, vcans):
    sent = frame(b"once")
    manager.send(message(csocket.CAN_BCM_TX_SEND, frames=[sent]))
    assert receive(bus) == (sent, (vcans[0],))


def test_cyclic_sending(manager, bus, vcans):
    """Frames arrive until the job is deleted, and then no more."""
    sent = frame(b"cyclic")
    manager.send(message(csocket.CAN_BCM_TX_SETUP, START, second=INTERVAL, frames=[sent]))
    for _ in range(5):
        assert bus.recvfrom(CLASSIC.size) == (sent, (vcans[0],))
    manager.send(message(csocket.CAN_BCM_TX_READ))
    data, sender = receive(manager)
    assert dissected(data) == (csocket.CAN_BCM_TX_STATUS, 1, CAN_ID, sent)
    assert sender == ("",)

    manager.send(message(csocket.CAN_BCM_TX_DELETE))
    with os_error(errno.EINVAL):
        manager.send(message(csocket.CAN_BCM_TX_DELETE))
    manager.send(message(csocket.CAN_BCM_TX_SEND, frames=[LAST]))
    while (data := bus.recv(CLASSIC.size)) != LAST:
        assert data == sent
    # Ten intervals.
    assert_silent(bus)


def test_change_of_what_is_sent(manager, bus):
    before, after = frame(b"before"), frame(b"after")
    manager.send(message(csocket.CAN_BCM_TX_SETUP, START, second=INTERVAL, frames=[before]))
    assert bus.recv(CLASSIC.size) == before
    manager.send(message(csocket.CAN_BCM_TX_SETUP, frames=[after]))
    received = {bus.recv(CLASSIC.size) for _ in range(4)}
    assert after in received
    assert received <= {before, after}


def test_sequence_of_frames_and_its_end(manager, bus, vcans):
    """The frames of a sequence arrive in turn, exactly as often as asked, and a notification at the
    end."""
    sequence = [frame(b"one"), frame(b"two"), frame(b"three")]
    flags = START | csocket.CAN_BCM_TX_COUNTEVT
    manager.send(message(csocket.CAN_BCM_TX_SETUP, flags, count=5, first=INTERVAL, frames=sequence))
    data, sender = receive(manager)
    assert dissected(data)[::2] == (csocket.CAN_BCM_TX_EXPIRED, CAN_ID)
    assert sender == ("",)
    manager.send(message(csocket.CAN_BCM_TX_SEND, frames=[LAST]))
    received = [bus.recvfrom(CLASSIC.size) for _ in range(6)]
    assert [data for data, _ in received] == sequence + sequence[:2] + [LAST]
    assert {sender for _, sender in received} == {(vcans[0],)}


def test_frame_of_can_fd(manager, bus, vcans):
    bus.setsockopt(csocket.SOL_CAN_RAW, csocket.CAN_RAW_FD_FRAMES, 1)
    sent = FD.pack(CAN_ID, 64, 0, bytes(range(64)))
    manager.send(message(csocket.CAN_BCM_TX_SEND, csocket.CAN_BCM_CAN_FD_FRAME, frames=[sent]))
    data, sender = receive(bus)
    assert FD.unpack(data)[:2] + FD.unpack(data)[3:] == (CAN_ID, 64, bytes(range(64)))
    assert sender == (vcans[0],)


def test_filter_by_id(manager, bus, vcans):
    manager.send(message(csocket.CAN_BCM_RX_SETUP, csocket.CAN_BCM_RX_FILTER_ID))
    for other in CAN_ID - 1, CAN_ID | csocket.CAN_EFF_FLAG:
        bus.send(frame(b"other", other))
    for content in b"same", b"same", b"new":
        bus.send(frame(content))
        data, sender = receive(manager)
        assert dissected(data) == (csocket.CAN_BCM_RX_CHANGED, 1, CAN_ID, frame(content))
        assert sender == (vcans[0],)


def test_word_of_changes(manager, bus, vcans):
    """Only a change in the bits of the mask is reported."""
    mask = frame(b"\xff\x0f")
    manager.send(message(csocket.CAN_BCM_RX_SETUP, frames=[mask]))
    told = []
    for content in b"\x01\x02", b"\x01\x02", b"\x01\xf2", b"\x01\x03", b"\x01\x03", b"\x07\x03":
        bus.send(frame(content))
    bus.send(LAST)
    for _ in range(3):
        data, sender = receive(manager)
        told.append(dissected(data))
        assert sender == (vcans[0],)
    assert told == [
        (csocket.CAN_BCM_RX_CHANGED, 1, CAN_ID, frame(content))
        for content in (b"\x01\x02", b"\x01\x03", b"\x07\x03")
    ]
    manager.send(message(csocket.CAN_BCM_RX_READ))
    data, sender = receive(manager)
    assert dissected(data) == (csocket.CAN_BCM_RX_STATUS, 1, CAN_ID, mask)

    manager.send(message(csocket.CAN_BCM_RX_DELETE))
    bus.send(frame(b"\x09\x09"))
    assert_silent(manager)


def test_word_of_a_frame_that_does_not_come(manager, bus, vcans):
    flags = START | csocket.CAN_BCM_RX_FILTER_ID
    manager.send(message(csocket.CAN_BCM_RX_SETUP, flags, first=INTERVAL))
    data, _ = receive(manager)
    assert dissected(data) == (csocket.CAN_BCM_RX_TIMEOUT, 0, CAN_ID, b"")
    # A frame starts the timer again.
    bus.send(frame(b"here"))
    data, sender = receive(manager)
    assert dissected(data) == (csocket.CAN_BCM_RX_CHANGED, 1, CAN_ID, frame(b"here"))
    assert sender == (vcans[0],)
    data, _ = receive(manager)
    assert dissected(data) == (csocket.CAN_BCM_RX_TIMEOUT, 0, CAN_ID, b"")


def test_answers_remote_requests(manager, bus, vcans):
    answer = frame(b"answer")
    manager.send(
        message(
            csocket.CAN_BCM_RX_SETUP,
            csocket.CAN_BCM_RX_RTR_FRAME,
            can_id=CAN_ID | csocket.CAN_RTR_FLAG,
            frames=[answer],
        )
    )
    bus.send(frame(b"", CAN_ID | csocket.CAN_RTR_FLAG))
    assert receive(bus) == (answer, (vcans[0],))


def test_all_interfaces(open_manager, open_socket, vcans):
    """If connected to '', it watches all interfaces, and tells each frame's interface."""
    manager = open_manager("")
    manager.send(message(csocket.CAN_BCM_RX_SETUP, csocket.CAN_BCM_RX_FILTER_ID))
    for name in vcans:
        bus = open_socket(csocket.AF_CAN, csocket.SOCK_RAW, csocket.CAN_RAW)
        bus.bind((name,))
        bus.send(frame(name.encode()))
        data, sender = receive(manager)
        assert dissected(data)[3] == frame(name.encode())
        assert sender == (name,)
        # Sending must name the interface.
        manager.sendto(message(csocket.CAN_BCM_TX_SEND, frames=[LAST]), (name,))
        assert receive(bus) == (LAST, (name,))


@pytest.mark.parametrize("address", ["vcan0", (), ("vcan0", 1), (5,)], ids=repr)
def test_refused_addresses(open_socket, address):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_BCM)
    assert_refused(sock, address, TypeError)


def test_no_such_interface(open_socket):
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_DGRAM, csocket.CAN_BCM)
    assert_refused(sock, ("n" * 16,), OSError)
    with no_leaked_descriptors(), os_error(errno.ENODEV):
        sock.connect(("nosuchcan",))
