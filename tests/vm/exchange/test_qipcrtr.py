"""AF_QIPCRTR: datagrams between the ports of a node, and the name service's port."""

import errno
import struct

import pytest
from support import assert_refused, os_error, receive

import csocket

# struct qrtr_ctrl_pkt of linux/qrtr.h: command, service, instance, node, port.
CONTROL = struct.Struct("<5I")

SERVICE, INSTANCE = 0x1234, 0x0102

# Ports below this one need CAP_NET_ADMIN.
FIRST_FREE_PORT = 0x4000


@pytest.fixture
def open_qrtr(open_socket):
    return lambda: open_socket(csocket.AF_QIPCRTR, csocket.SOCK_DGRAM)


@pytest.fixture
def open_port(open_qrtr):
    def opened(port=0):
        sock = open_qrtr()
        node, _ = sock.getsockname()
        sock.bind((node, port))
        return sock

    return opened


def test_names(open_qrtr, open_port):
    sock = open_qrtr()
    node, port = sock.getsockname()
    assert (node, port) == (1, 0)
    with os_error(errno.ENOTCONN):
        sock.getpeername()
    sock.bind((node, 0))
    assert sock.getsockname()[0] == node
    assert sock.getsockname()[1] >= FIRST_FREE_PORT
    named = open_port(0x5678)
    assert named.getsockname() == (node, 0x5678)
    with os_error(errno.EADDRINUSE):
        open_port(0x5678)
    with os_error(errno.EINVAL):
        open_qrtr().bind((node + 1, 0))


def test_datagrams_both_ways(open_port):
    a, b = open_port(), open_port()
    for sender, receiver in (a, b), (b, a):
        for data in b"datagram", b"odd", b"x" * 5000:
            assert sender.sendto(data, receiver.getsockname()) == len(data)
            assert receive(receiver) == (data, sender.getsockname())
        assert sender.sendmsg([b"in ", b"parts"], [], 0, receiver.getsockname()) == 8
        assert receive(receiver) == (b"in parts", sender.getsockname())


def test_sender_is_bound_by_sending(open_qrtr, open_port):
    receiver, sender = open_port(), open_qrtr()
    sender.sendto(b"unbound", 0, receiver.getsockname())
    assert sender.getsockname()[1] >= FIRST_FREE_PORT
    assert receive(receiver) == (b"unbound", sender.getsockname())


def test_connected(open_qrtr, open_port):
    a, b = open_qrtr(), open_port()
    a.connect(b.getsockname())
    assert a.getpeername() == b.getsockname()
    assert a.send(b"connected") == 9
    assert receive(b) == (b"connected", a.getsockname())
    b.sendto(b"back", a.getsockname())
    assert receive(a) == (b"back", b.getsockname())


def test_message_longer_than_the_buffer(open_port):
    a, b = open_port(), open_port()
    a.sendto(b"longer", b.getsockname())
    data, _, flags, sender = b.recvmsg(4)
    assert (data, sender) == (b"long", a.getsockname())
    assert flags & csocket.MSG_TRUNC


def test_nobody_at_the_port(open_port):
    a, gone = open_port(), open_port()
    address = gone.getsockname()
    gone.close()
    with os_error(errno.ENODEV):
        a.sendto(b"x", address)


def test_name_service(open_port):
    """The kernel's own port tells clients when a service that they look for comes or goes."""
    client, server = open_port(), open_port()
    node, port = server.getsockname()
    names = (node, csocket.QRTR_PORT_CTRL)
    about = (SERVICE, INSTANCE, node, port)
    client.sendto(CONTROL.pack(csocket.QRTR_TYPE_NEW_LOOKUP, SERVICE, INSTANCE, 0, 0), names)
    # The list of all present services is empty; a packet of zeros ends it.
    end = (CONTROL.pack(csocket.QRTR_TYPE_NEW_SERVER, 0, 0, 0, 0), names)
    assert receive(client) == end
    server.sendto(CONTROL.pack(csocket.QRTR_TYPE_NEW_SERVER, *about), names)
    assert receive(client) == (CONTROL.pack(csocket.QRTR_TYPE_NEW_SERVER, *about), names)
    client.sendto(b"found", CONTROL.unpack(CONTROL.pack(0, *about))[3:])
    assert receive(server) == (b"found", client.getsockname())
    server.sendto(CONTROL.pack(csocket.QRTR_TYPE_DEL_SERVER, *about), names)
    assert receive(client) == (CONTROL.pack(csocket.QRTR_TYPE_DEL_SERVER, *about), names)


@pytest.mark.parametrize(
    "address",
    ["1:2", 5, (), (1,), (1, 2, 3), ("1", 2), (1, None), (1, 2.0), [1, 2]],
    ids=repr,
)
def test_refused_addresses(open_qrtr, address):
    sock = open_qrtr()
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == (1, 0)
