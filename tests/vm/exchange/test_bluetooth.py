"""AF_BLUETOOTH: exchanges between two emulated controllers, which are devices of the kernel."""

import errno
import struct

import pytest
from bluetooth import (
    HCI,
    READ_INFO,
    SET_ADVERTISING,
    SET_CONNECTABLE,
    SET_LE,
    emulation,
    manage,
    switch_off,
    switch_on,
)
from support import PATIENCE, assert_refused, os_error, receive

import csocket

LOCAL, REMOTE = "F0:F1:F2:F3:F4:00", "F0:F1:F2:F3:F4:01"
NOBODY = "00:00:00:00:00:05"

L2CAP = (csocket.AF_BLUETOOTH, csocket.SOCK_SEQPACKET, csocket.BTPROTO_L2CAP)
L2CAP_DATAGRAM = (csocket.AF_BLUETOOTH, csocket.SOCK_DGRAM, csocket.BTPROTO_L2CAP)
RFCOMM = (csocket.AF_BLUETOOTH, csocket.SOCK_STREAM, csocket.BTPROTO_RFCOMM)
SCO = (csocket.AF_BLUETOOTH, csocket.SOCK_SEQPACKET, csocket.BTPROTO_SCO)

# The first free PSM of L2CAP, on BR/EDR and on LE.
PSM, LE_PSM = 0x1001, 0x80
# The channel for messages without a connection, the channel of the attribute protocol, and the
# first one that the kernel chooses by itself.
CID_CONNECTIONLESS, CID_ATT, CID_DYNAMIC = 2, 4, 0x40
CHANNEL = 5

# The core specification, volume 4, part E, 5.4: packet types; 7.3 and 7.4: commands; 7.7: events.
COMMAND, EVENT = 1, 4
RESET, READ_VERSION, READ_BD_ADDR = 0x0C03, 0x1001, 0x1009
COMMAND_COMPLETE = 0x0E

# Ancillary data of SOL_HCI, in the kernel's include/net/bluetooth/hci_sock.h.
HCI_CMSG_DIR, HCI_CMSG_TSTAMP = 1, 2


@pytest.fixture(scope="module")
def devices():
    """The numbers of the devices with the addresses LOCAL and REMOTE."""
    with emulation(LOCAL, REMOTE) as numbers:
        yield numbers


def connection(open_socket, kind, server_address, client_address, peer_address):
    """A listening socket, a socket that is connected to it, and the result of accept()."""
    listener, client = open_socket(*kind), open_socket(*kind)
    listener.bind(server_address)
    listener.listen(1)
    client.bind(client_address)
    client.connect(peer_address)
    server, address = listener.accept()
    server.settimeout(PATIENCE)
    return listener, client, server, address


def command(opcode, parameters=b""):
    return struct.pack("<BHB", COMMAND, opcode, len(parameters)) + parameters


def command_complete(packet, opcode):
    """The return parameters in an event that reports the end of a command."""
    kind, event, length, _, of, status = struct.unpack_from("<BBBBHB", packet)
    assert (kind, event, of, status) == (EVENT, COMMAND_COMPLETE, opcode, 0)
    assert len(packet) == 3 + length
    return packet[7:]


def address_bytes(address):
    return bytes(reversed(bytes.fromhex(address.replace(":", ""))))


def event_filter(opcode):
    """struct hci_ufilter, for the end of this command only: other commands may be in progress."""
    return struct.pack("=IIIHxx", 1 << EVENT, 1 << COMMAND_COMPLETE, 0, opcode)


def open_device(open_socket, address):
    """A raw socket of a device, which receives the answers to READ_BD_ADDR."""
    sock = open_socket(*HCI)
    sock.bind(address)
    wanted = event_filter(READ_BD_ADDR)
    sock.setsockopt(csocket.SOL_HCI, csocket.HCI_FILTER, wanted)
    assert sock.getsockopt(csocket.SOL_HCI, csocket.HCI_FILTER, len(wanted)) == wanted
    return sock


@pytest.mark.parametrize("number, address", [(0, LOCAL), (1, REMOTE)], ids=["local", "remote"])
@pytest.mark.parametrize("form", ["alone", "tuple", "channel"])
def test_hci(devices, open_socket, number, address, form):
    """Send commands to the controller, and receive the answer that passes the filter."""
    device = devices[number]
    forms = {"alone": device, "tuple": (device,), "channel": (device, csocket.HCI_CHANNEL_RAW)}
    sock = open_device(open_socket, forms[form])
    assert sock.getsockname() == device
    for opcode in (READ_VERSION, READ_BD_ADDR):
        assert sock.send(command(opcode)) == 4
    assert command_complete(sock.recv(300), READ_BD_ADDR) == address_bytes(address)


def test_hci_ancillary_data(devices, open_socket):
    sock = open_device(open_socket, devices[0])
    for option in (csocket.HCI_DATA_DIR, csocket.HCI_TIME_STAMP):
        sock.setsockopt(csocket.SOL_HCI, option, 1)
    sock.send(command(READ_BD_ADDR))
    packet, ancillary, flags, sender = sock.recvmsg(300, 100)
    assert command_complete(packet, READ_BD_ADDR) == address_bytes(LOCAL)
    assert (flags, sender) == (0, None)
    items = {(level, kind): data for level, kind, data in ancillary}
    assert items.keys() == {(csocket.SOL_HCI, HCI_CMSG_DIR), (csocket.SOL_HCI, HCI_CMSG_TSTAMP)}
    # Packets from the controller are incoming.
    assert items[csocket.SOL_HCI, HCI_CMSG_DIR] == struct.pack("@i", 1)


def test_hci_user_channel(devices, open_socket):
    """A device for one program only; for all others it is switched off."""
    device = devices[1]
    address = (device, csocket.HCI_CHANNEL_USER)
    with os_error(errno.EBUSY):
        open_socket(*HCI).bind(address)
    switch_off(device)
    try:
        with csocket.socket(*HCI) as sock:
            sock.settimeout(PATIENCE)
            sock.bind(address)
            assert sock.getsockname() == address
            assert sock.send(command(RESET)) == 4
            assert command_complete(sock.recv(300), RESET) == b""
    finally:
        switch_on(device)


def management(open_socket):
    sock = open_socket(*HCI)
    sock.bind((csocket.HCI_DEV_NONE, csocket.HCI_CHANNEL_CONTROL))
    return sock


def test_hci_control_channel(devices, open_socket):
    """The kernel knows the addresses of the controllers."""
    sock = management(open_socket)
    for device, address in zip(devices, (LOCAL, REMOTE), strict=True):
        assert manage(sock, READ_INFO, device)[:6] == address_bytes(address)


def channels(client, server):
    """The channels of the two ends of a connection, which the kernel has chosen."""
    found = client.getsockname()[2], server.getsockname()[2]
    assert min(found) >= CID_DYNAMIC
    return found


def test_l2cap(devices, open_socket):
    listener, client, server, peer = connection(
        open_socket, L2CAP, (REMOTE, PSM), (LOCAL, 0), (REMOTE, PSM)
    )
    with server:
        assert listener.getsockname() == (REMOTE, PSM)
        local, remote = channels(client, server)
        assert client.getsockname() == server.getpeername() == peer == (LOCAL, PSM, local)
        assert client.getpeername() == server.getsockname() == (REMOTE, PSM, remote)
        # Whole messages, independent of the size of the packets on the air.
        for message in (b"x", bytes(range(256)), b"end" * 200):
            assert client.send(message) == len(message)
            assert server.recv(4096) == message
        server.sendall(b"and back")
        assert client.recvfrom(100) == (b"and back", None)
        client.close()
        assert server.recv(1) == b""


def test_l2cap_datagram(devices, open_socket):
    """There is no channel, so each message comes with the address of its sender."""
    receiver, sender = open_socket(*L2CAP_DATAGRAM), open_socket(*L2CAP_DATAGRAM)
    receiver.bind((REMOTE, PSM))
    sender.bind((LOCAL, 0))
    sender.connect((REMOTE, PSM))
    assert sender.getpeername() == (REMOTE, PSM, CID_CONNECTIONLESS)
    for message in (b"x", bytes(range(256))):
        assert sender.send(message) == len(message)
        assert receive(receiver) == (message, (LOCAL, PSM))


def test_rfcomm(devices, open_socket):
    listener, client, server, peer = connection(
        open_socket, RFCOMM, (REMOTE, CHANNEL), (LOCAL, 0), (REMOTE, CHANNEL)
    )
    with server:
        assert listener.getsockname() == (REMOTE, CHANNEL)
        assert client.getsockname() == server.getpeername() == peer == (LOCAL, CHANNEL)
        assert client.getpeername() == server.getsockname() == (REMOTE, CHANNEL)
        data = bytes(range(256)) * 20
        client.sendall(data)
        with server.makefile("rb") as file:
            assert file.read(len(data)) == data
        server.sendall(b"and back")
        assert client.recv(100) == b"and back"
        client.shutdown(csocket.SHUT_RDWR)
        # The kernel's RFCOMM reports in this way that the other end has closed.
        with os_error(errno.ECONNRESET):
            server.recv(1)


def test_sco(devices, open_socket):
    listener, client, server, peer = connection(open_socket, SCO, REMOTE, LOCAL.encode(), REMOTE)
    with server:
        assert listener.getsockname() == REMOTE
        assert client.getsockname() == server.getpeername() == peer == LOCAL
        assert client.getpeername() == server.getsockname() == REMOTE
        voice = bytes(range(48))
        assert client.send(voice) == len(voice)
        assert server.recv(100) == voice
        assert server.send(voice[::-1]) == len(voice)
        assert client.recv(100) == voice[::-1]


@pytest.fixture
def low_energy(devices, open_socket):
    """Both devices with LE switched on. REMOTE advertises that it accepts connections."""
    sock = management(open_socket)
    for device in devices:
        manage(sock, SET_LE, device, b"\1")
    manage(sock, SET_CONNECTABLE, devices[1], b"\1")
    manage(sock, SET_ADVERTISING, devices[1], b"\1")
    yield
    manage(sock, SET_ADVERTISING, devices[1], b"\0")


def test_l2cap_low_energy(low_energy, open_socket):
    """A channel with credit-based flow control, and the long form of the addresses."""
    public = csocket.BDADDR_LE_PUBLIC
    listener, client, server, peer = connection(
        open_socket, L2CAP, (REMOTE, LE_PSM, 0, public), (LOCAL, 0, 0, public),
        (REMOTE, LE_PSM, 0, public),
    )  # fmt: skip
    with server:
        assert listener.getsockname() == (REMOTE, LE_PSM, 0, public)
        local, remote = channels(client, server)
        assert client.getsockname() == (LOCAL, LE_PSM, local, public)
        assert server.getpeername() == peer == (LOCAL, LE_PSM, local, public)
        assert client.getpeername() == server.getsockname() == (REMOTE, LE_PSM, remote, public)
        for message in (b"x", bytes(range(256)) * 2):
            assert client.send(message) == len(message)
            assert server.recv(4096) == message
        server.sendall(b"and back")
        assert client.recv(100) == b"and back"
        client.close()
        assert server.recv(1) == b""


@pytest.mark.parametrize(
    "address, name",
    [
        ((csocket.BDADDR_ANY, PSM), (csocket.BDADDR_ANY, PSM)),
        ((csocket.BDADDR_ANY, PSM, 0), (csocket.BDADDR_ANY, PSM)),
        ((csocket.BDADDR_ANY, PSM, 0, csocket.BDADDR_BREDR), (csocket.BDADDR_ANY, PSM)),
        ((csocket.BDADDR_ANY, 0, CID_DYNAMIC), (csocket.BDADDR_ANY, 0, CID_DYNAMIC)),
        (
            (csocket.BDADDR_ANY, LE_PSM, 0, csocket.BDADDR_LE_RANDOM),
            (csocket.BDADDR_ANY, LE_PSM, 0, csocket.BDADDR_LE_RANDOM),
        ),
        (
            (csocket.BDADDR_ANY, 0, CID_ATT, csocket.BDADDR_LE_PUBLIC),
            (csocket.BDADDR_ANY, 0, CID_ATT, csocket.BDADDR_LE_PUBLIC),
        ),
        (("1:2:3:a:b:c", PSM), ("01:02:03:0A:0B:0C", PSM)),
    ],
)
def test_l2cap_names(open_socket, address, name):
    sock = open_socket(*L2CAP)
    sock.bind(address)
    assert sock.getsockname() == name


def test_connect_to_nobody(devices, open_socket):
    """No controller has the address.

    L2CAP and RFCOMM are not tried: closing an L2CAP socket whose link has failed may crash Linux
    6.1 (see switch_off()).
    """
    with os_error(errno.EHOSTDOWN):
        open_socket(*SCO).connect(NOBODY)


@pytest.mark.parametrize(
    "kind, local, remote",
    [
        (L2CAP, (NOBODY, 0), (REMOTE, PSM)),
        (RFCOMM, (NOBODY, 0), (REMOTE, CHANNEL)),
        (SCO, NOBODY, REMOTE),
    ],
    ids=["L2CAP", "RFCOMM", "SCO"],
)
def test_connect_without_a_controller(open_socket, kind, local, remote):
    sock = open_socket(*kind)
    sock.bind(local)
    with os_error(errno.EHOSTUNREACH):
        sock.connect(remote)


def test_refused(open_socket):
    assert_refused(open_socket(*L2CAP), ("no address", PSM), OSError)
    assert_refused(open_socket(*RFCOMM), (LOCAL,), OSError)
    assert_refused(open_socket(*SCO), (LOCAL, 1), OSError)
