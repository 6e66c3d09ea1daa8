"""AF_BLUETOOTH: exchanges between two emulated controllers that the kernel has as its devices."""

import errno
import fcntl
import struct
import time

import pytest
from support import PATIENCE, assert_refused, os_error

import csocket

LOCAL, REMOTE = "F0:F1:F2:F3:F4:00", "F0:F1:F2:F3:F4:01"
LOCAL_DEVICE, REMOTE_DEVICE = 0, 1

# Requests of the kernel's include/net/bluetooth/hci_sock.h, and the arguments that they take.
HCIDEVUP, HCIDEVDOWN, HCISETSCAN = 0x400448C9, 0x400448CA, 0x400448DD
SCAN_PAGE = 2

# The core specification, volume 4, part E, 5.4: packet types; and 7.3, 7.4: commands.
COMMAND, EVENT = 1, 4
READ_BD_ADDR, RESET = 0x1009, 0x0C03
COMMAND_COMPLETE = 0x0E

# The kernel's include/net/bluetooth/mgmt.h.
MGMT_SET_CONNECTABLE, MGMT_SET_LE, MGMT_SET_ADVERTISING = 0x0007, 0x000D, 0x0029
MGMT_COMMAND_COMPLETE, MGMT_COMMAND_STATUS = 1, 2

L2CAP = (csocket.AF_BLUETOOTH, csocket.SOCK_SEQPACKET, csocket.BTPROTO_L2CAP)
RFCOMM = (csocket.AF_BLUETOOTH, csocket.SOCK_STREAM, csocket.BTPROTO_RFCOMM)
SCO = (csocket.AF_BLUETOOTH, csocket.SOCK_SEQPACKET, csocket.BTPROTO_SCO)
HCI = (csocket.AF_BLUETOOTH, csocket.SOCK_RAW, csocket.BTPROTO_HCI)

# The first PSM of L2CAP that is anybody's on BR/EDR, and on LE; the channel of the attribute protocol.
PSM, LE_PSM, CID_ATT = 0x1001, 0x80, 4
CHANNEL = 5


def bring_up(sock, device):
    """Switch a device on, once the kernel has got to know it; the kernel may have been faster."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.ioctl(sock, HCIDEVUP, device)
            break
        except OSError as error:
            if error.errno == errno.EALREADY:
                break
            if error.errno != errno.ENODEV or time.monotonic() > deadline:
                raise
        time.sleep(0.05)
    # Page scan: to be found by who knows the address.
    fcntl.ioctl(sock, HCISETSCAN, struct.pack("=HxxI", device, SCAN_PAGE))


@pytest.fixture(scope="module")
def controllers():
    """hci0 with the address LOCAL, and hci1 with REMOTE."""
    pytest.importorskip("bumble", reason="no bumble from PyPI to emulate Bluetooth controllers")
    from controllers import ADDRESSES, Emulation

    assert ADDRESSES == (LOCAL, REMOTE)
    emulation = Emulation()
    try:
        with csocket.socket(*HCI) as sock:
            bring_up(sock, LOCAL_DEVICE)
            bring_up(sock, REMOTE_DEVICE)
        yield
    finally:
        emulation.close()


def connection(open_socket, kind, server_address, client_address, peer_address):
    """A listening socket, a socket that is connected to it, and what accept() gives."""
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
    """The return parameters in an event that tells the end of a command."""
    kind, event, length, _, of, status = struct.unpack_from("<BBBBHB", packet)
    assert (kind, event, of, status) == (EVENT, COMMAND_COMPLETE, opcode, 0)
    assert len(packet) == 3 + length
    return packet[7:]


def address_bytes(address):
    return bytes(reversed(bytes.fromhex(address.replace(":", ""))))


def test_l2cap(controllers, open_socket):
    listener, client, server, peer = connection(
        open_socket, L2CAP, (REMOTE, PSM), (LOCAL, 0), (REMOTE, PSM)
    )
    with server:
        assert listener.getsockname() == (REMOTE, PSM)
        assert client.getsockname() == server.getpeername() == peer == (LOCAL, PSM)
        assert client.getpeername() == server.getsockname() == (REMOTE, PSM)
        # Whole messages, whatever the size of the packets on the air.
        for message in (b"x", bytes(range(256)), b"end" * 200):
            assert client.send(message) == len(message)
            assert server.recv(4096) == message
        server.sendall(b"and back")
        assert client.recvfrom(100)[0] == b"and back"
        client.close()
        assert server.recv(1) == b""


def test_rfcomm(controllers, open_socket):
    listener, client, server, peer = connection(
        open_socket, RFCOMM, (REMOTE, CHANNEL), (LOCAL, 0), (REMOTE, CHANNEL)
    )
    with server:
        assert listener.getsockname() == (REMOTE, CHANNEL)
        assert client.getsockname()[0] == server.getpeername()[0] == peer[0] == LOCAL
        assert client.getpeername() == server.getsockname() == (REMOTE, CHANNEL)
        data = bytes(range(256)) * 20
        client.sendall(data)
        with server.makefile("rb") as file:
            assert file.read(len(data)) == data
        server.sendall(b"and back")
        assert client.recv(100) == b"and back"
        client.shutdown(csocket.SHUT_RDWR)
        # How the kernel's RFCOMM tells that the other end has closed.
        with os_error(errno.ECONNRESET):
            server.recv(1)


def test_sco(controllers, open_socket):
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


@pytest.mark.parametrize(
    "device, address", [(LOCAL_DEVICE, LOCAL), (REMOTE_DEVICE, REMOTE)], ids=["hci0", "hci1"]
)
@pytest.mark.parametrize("form", ["alone", "tuple", "channel"])
def test_hci(controllers, open_socket, device, address, form):
    """A command to the controller, and its answer."""
    sock = open_socket(*HCI)
    forms = {"alone": device, "tuple": (device,), "channel": (device, csocket.HCI_CHANNEL_RAW)}
    sock.bind(forms[form])
    assert sock.getsockname() == device
    everything = struct.pack("=IIIHxx", 1 << EVENT, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    sock.setsockopt(csocket.SOL_HCI, csocket.HCI_FILTER, everything)
    assert sock.getsockopt(csocket.SOL_HCI, csocket.HCI_FILTER, len(everything)) == everything
    assert sock.send(command(READ_BD_ADDR)) == 4
    assert command_complete(sock.recv(300), READ_BD_ADDR) == address_bytes(address)


def test_hci_user_channel(controllers, open_socket):
    """A device for one program alone, which is switched off for everybody else."""
    with csocket.socket(*HCI) as control:
        fcntl.ioctl(control, HCIDEVDOWN, REMOTE_DEVICE)
        try:
            sock = open_socket(*HCI)
            address = (REMOTE_DEVICE, csocket.HCI_CHANNEL_USER)
            sock.bind(address)
            assert sock.getsockname() == address
            assert sock.send(command(RESET)) == 4
            assert command_complete(sock.recv(300), RESET) == b""
            sock.close()
        finally:
            bring_up(control, REMOTE_DEVICE)


def manage(sock, opcode, device, parameters):
    """A command of the kernel's management interface, and its success."""
    sock.send(struct.pack("<HHH", opcode, device, len(parameters)) + parameters)
    while True:
        packet = sock.recv(1024)
        event, of_device, _ = struct.unpack_from("<HHH", packet)
        if event in (MGMT_COMMAND_COMPLETE, MGMT_COMMAND_STATUS) and of_device == device:
            of, status = struct.unpack_from("<HB", packet, 6)
            if of == opcode:
                assert (event, status) == (MGMT_COMMAND_COMPLETE, 0)
                return


@pytest.fixture
def low_energy(controllers, open_socket):
    """Both devices with LE switched on, and REMOTE advertising that it can be connected to."""
    sock = open_socket(*HCI)
    sock.bind((csocket.HCI_DEV_NONE, csocket.HCI_CHANNEL_CONTROL))
    for device in (LOCAL_DEVICE, REMOTE_DEVICE):
        manage(sock, MGMT_SET_LE, device, b"\1")
    manage(sock, MGMT_SET_CONNECTABLE, REMOTE_DEVICE, b"\1")
    manage(sock, MGMT_SET_ADVERTISING, REMOTE_DEVICE, b"\1")


def test_l2cap_low_energy(low_energy, open_socket):
    """A channel with flow control by credits, and the long form of the addresses."""
    public = csocket.BDADDR_LE_PUBLIC
    listener, client, server, peer = connection(
        open_socket, L2CAP, (REMOTE, LE_PSM, 0, public), (LOCAL, 0, 0, public),
        (REMOTE, LE_PSM, 0, public),
    )  # fmt: skip
    with server:
        assert listener.getsockname() == (REMOTE, LE_PSM, 0, public)
        assert client.getpeername()[:2] == server.getsockname()[:2] == (REMOTE, LE_PSM)
        assert client.getsockname()[0] == server.getpeername()[0] == peer[0] == LOCAL
        names = (client.getpeername(), server.getsockname(), client.getsockname(), peer)
        assert [len(name) for name in names] == [4] * 4
        assert {name[3] for name in names} == {public}
        # The channels of the two ends, chosen by the kernel.
        assert client.getpeername()[2] == server.getsockname()[2] > 0
        for message in (b"x", bytes(range(256)) * 2):
            assert client.send(message) == len(message)
            assert server.recv(4096) == message
        server.sendall(b"and back")
        assert client.recv(100) == b"and back"


@pytest.mark.parametrize(
    "address, name",
    [
        ((csocket.BDADDR_ANY, PSM), (csocket.BDADDR_ANY, PSM)),
        ((csocket.BDADDR_ANY, PSM, 0), (csocket.BDADDR_ANY, PSM)),
        ((csocket.BDADDR_ANY, PSM, 0, csocket.BDADDR_BREDR), (csocket.BDADDR_ANY, PSM)),
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


def test_connect_without_a_controller(open_socket):
    with os_error(errno.EHOSTUNREACH, errno.EHOSTDOWN):
        open_socket(*RFCOMM).connect(("00:00:00:00:00:05", CHANNEL))


def test_refused(open_socket):
    assert_refused(open_socket(*L2CAP), ("no address", PSM), OSError)
    assert_refused(open_socket(*RFCOMM), (LOCAL,), OSError)
    assert_refused(open_socket(*SCO), (LOCAL, 1), OSError)
