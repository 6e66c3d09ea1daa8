"""AF_VSOCK over the loopback transport: streams, packets, addresses and the 64-bit options."""

import errno
import fcntl
import select
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
from descriptors import no_leaked_descriptors
from support import PATIENCE, accepted, assert_refused, os_error

import csocket

LOCAL = csocket.VMADDR_CID_LOCAL
ANY_CID = csocket.VMADDR_CID_ANY
ANY_PORT = csocket.VMADDR_PORT_ANY

# The kernel never chooses this port itself: it starts above 1023 and counts up.
PORT = 0xFFFFFFF0

KINDS = {"stream": csocket.SOCK_STREAM, "seqpacket": csocket.SOCK_SEQPACKET}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@pytest.fixture
def open_vsock(open_socket):
    return lambda kind=csocket.SOCK_STREAM: open_socket(csocket.AF_VSOCK, kind)


@pytest.fixture
def open_listener(open_vsock):
    def opened(kind=csocket.SOCK_STREAM, address=(LOCAL, ANY_PORT)):
        listener = open_vsock(kind)
        listener.bind(address)
        listener.listen(4)
        return listener

    return opened


@pytest.fixture
def ends(open_listener, open_vsock, request):
    """A client and its server, of the type that the test runs with."""
    kind = getattr(request, "param", csocket.SOCK_STREAM)
    listener, client = open_listener(kind), open_vsock(kind)
    client.connect(listener.getsockname())
    with accepted(listener) as (server, _):
        yield client, server


of_packets = pytest.mark.parametrize(
    "ends", [csocket.SOCK_SEQPACKET], indirect=True, ids=["seqpacket"]
)
of_each_kind = pytest.mark.parametrize("ends", KINDS.values(), indirect=True, ids=KINDS.keys())


@kinds
def test_names(open_vsock, kind):
    sock = open_vsock(kind)
    assert (sock.family, sock.type, sock.proto) == (csocket.AF_VSOCK, kind, 0)
    assert sock.getsockname() == (ANY_CID, ANY_PORT)
    with os_error(errno.ENOTCONN):
        sock.getpeername()
    sock.bind((LOCAL, PORT))
    assert sock.getsockname() == (LOCAL, PORT)
    other = open_vsock(kind)
    with os_error(errno.EADDRINUSE):
        other.bind((LOCAL, PORT))
    other.bind((LOCAL, ANY_PORT))
    cid, port = other.getsockname()
    assert cid == LOCAL
    assert port not in (PORT, ANY_PORT)
    with os_error(errno.EINVAL):
        other.bind((LOCAL, ANY_PORT))


def test_not_an_address_of_this_machine(open_vsock):
    with os_error(errno.EADDRNOTAVAIL):
        open_vsock().bind((1234567, ANY_PORT))


@kinds
@pytest.mark.parametrize("cid", [LOCAL, ANY_CID], ids=["local", "any"])
def test_connection(open_listener, open_vsock, kind, cid):
    listener, client = open_listener(kind, (cid, ANY_PORT)), open_vsock(kind)
    bound_cid, port = listener.getsockname()
    assert bound_cid == cid
    client.connect((LOCAL, port))
    with accepted(listener) as (server, address):
        assert client.getpeername() == server.getsockname() == (LOCAL, port)
        assert server.getpeername() == address == (LOCAL, client.getsockname()[1])
        for sender, receiver in (client, server), (server, client):
            sender.sendall(b"through the loopback")
            assert receiver.recv(100) == b"through the loopback"


def test_client_bound_to_a_port(open_listener, open_vsock):
    listener, client = open_listener(), open_vsock()
    client.bind((ANY_CID, PORT))
    client.connect(listener.getsockname())
    with accepted(listener) as (server, address):
        assert address == server.getpeername() == (LOCAL, PORT)
        assert client.getsockname()[1] == PORT


def test_stream_is_one(ends):
    """More data than the receiver has room for; the boundaries of the pieces have no meaning."""
    client, server = ends
    sent = bytes(range(256)) * 2000

    def send():
        client.sendall(sent)
        client.shutdown(csocket.SHUT_WR)

    with ThreadPoolExecutor(1) as thread:
        sending = thread.submit(send)
        with server.makefile("rb") as stream:
            assert stream.read() == sent
        sending.result()
    server.sendall(b"the other way is open")
    assert client.recv(100) == b"the other way is open"


def test_peeking_and_waiting_for_all(ends):
    client, server = ends
    client.sendall(b"half")
    assert server.recv(100, csocket.MSG_PEEK) == b"half"
    client.sendall(b" and half")
    assert server.recv(13, csocket.MSG_WAITALL) == b"half and half"


@of_each_kind
def test_sender_of_a_connection(ends):
    """A connected socket gets no sender, and cannot send to another address."""
    client, server = ends
    with os_error(errno.EISCONN):
        client.sendto(b"x", client.getpeername())
    client.sendall(b"who")
    assert server.recvfrom(100) == (b"who", None)
    client.sendmsg([b"in ", b"parts"])
    assert server.recvmsg(100)[0] == b"in parts"


@of_packets
def test_packets_keep_their_bounds(ends):
    client, server = ends
    sent = [b"one", b"two", b"x" * 100000, b"y"]
    for packet in sent:
        assert client.send(packet) == len(packet)
    for packet in sent:
        room = bytearray(200000)
        count, ancillary, flags, _ = server.recvmsg_into([room])
        assert bytes(room[:count]) == packet
        assert (ancillary, flags) == ([], 0)


@of_packets
def test_end_of_record(ends):
    """The sender's MSG_EOR arrives with its packet."""
    client, server = ends
    client.send(b"first")
    client.send(b"last", csocket.MSG_EOR)
    client.send(b"next")
    for data, flags in (b"first", 0), (b"last", csocket.MSG_EOR), (b"next", 0):
        assert server.recvmsg(100)[::2] == (data, flags)


@of_packets
def test_packet_longer_than_the_buffer(ends):
    client, server = ends
    client.send(b"longer than the buffer")
    client.send(b"next")
    data, _, flags, _ = server.recvmsg(6)
    assert data == b"longer"
    assert flags & csocket.MSG_TRUNC
    assert server.recv(100) == b"next"


@of_each_kind
def test_end_of_the_connection(ends):
    client, server = ends
    client.sendall(b"last words")
    client.close()
    assert server.recv(100) == b"last words"
    assert server.recv(100) == b""


def test_datagrams_need_another_transport():
    """Only VMware's transport carries datagrams; with others the kernel fails at once."""
    with no_leaked_descriptors(), os_error(errno.ENODEV):
        csocket.socket(csocket.AF_VSOCK, csocket.SOCK_DGRAM)


@kinds
def test_nobody_listens(open_vsock, kind):
    gone, client = open_vsock(kind), open_vsock(kind)
    gone.bind((LOCAL, ANY_PORT))
    address = gone.getsockname()
    gone.close()
    with os_error(errno.ECONNRESET):
        client.connect(address)


def test_no_way_to_the_peer(open_vsock):
    with os_error(errno.ENODEV, errno.ENETUNREACH):
        open_vsock().connect((1234567, 1))


def test_connection_without_waiting(open_listener, open_vsock):
    listener, client = open_listener(), open_vsock()
    client.setblocking(False)
    assert client.connect_ex(listener.getsockname()) == errno.EINPROGRESS
    with accepted(listener) as (server, address):
        assert select.select([], [client], [], PATIENCE) == ([], [client], [])
        assert client.getsockopt(csocket.SOL_SOCKET, csocket.SO_ERROR) == 0
        assert address == (LOCAL, client.getsockname()[1])
        client.send(b"at once")
        assert server.recv(100) == b"at once"


def test_time_limit_of_connecting(open_vsock):
    """The option is a timeval of two longs; the newer option is one of two 64-bit integers.

    The loopback transport answers each request, at least with a reset, so no connect() waits.
    """
    sock = open_vsock()

    def limits():
        return [
            struct.unpack("=2q", sock.getsockopt(csocket.AF_VSOCK, option, 16))
            for option in (
                csocket.SO_VM_SOCKETS_CONNECT_TIMEOUT,
                csocket.SO_VM_SOCKETS_CONNECT_TIMEOUT_NEW,
            )
        ]

    default = limits()
    for limit, expected in ((3, 500000), [(3, 500000)] * 2), ((0, 0), default):
        sock.setsockopt(
            csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_CONNECT_TIMEOUT, struct.pack("@2l", *limit)
        )
        assert limits() == expected
    with os_error(errno.ERANGE):
        sock.setsockopt(
            csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_CONNECT_TIMEOUT, struct.pack("@2l", 1, 1000000)
        )


def test_time_limit_of_receiving(ends):
    client, server = ends
    server.settimeout(0.01)
    with pytest.raises(TimeoutError):
        server.recv(1)
    server.settimeout(0)
    with pytest.raises(BlockingIOError):
        server.recv(1)
    client.send(b"x")
    server.settimeout(PATIENCE)
    assert server.recv(1) == b"x"


def test_options_of_64_bits(open_vsock):
    """An int is a 64-bit integer at this level."""
    sock = open_vsock()
    for option, value in (
        (csocket.SO_VM_SOCKETS_BUFFER_MAX_SIZE, 2**40 + 1),
        (csocket.SO_VM_SOCKETS_BUFFER_MIN_SIZE, 4097),
        (csocket.SO_VM_SOCKETS_BUFFER_SIZE, 2**33 + 2**16),
    ):
        sock.setsockopt(csocket.AF_VSOCK, option, value)
        assert sock.getsockopt(csocket.AF_VSOCK, option) == value
    # The kernel keeps the value within its bounds.
    for value, kept in (1, 4097), (2**41, 2**40 + 1):
        sock.setsockopt(csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_BUFFER_SIZE, value)
        assert sock.getsockopt(csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_BUFFER_SIZE) == kept


def test_options_of_64_bits_as_bytes(open_vsock):
    sock = open_vsock()
    size = csocket.SO_VM_SOCKETS_BUFFER_SIZE
    sock.setsockopt(csocket.AF_VSOCK, size, struct.pack("=Q", 54321))
    assert sock.getsockopt(csocket.AF_VSOCK, size, 8) == struct.pack("=Q", 54321)
    assert sock.getsockopt(csocket.AF_VSOCK, size) == 54321
    with os_error(errno.EINVAL):
        sock.setsockopt(csocket.AF_VSOCK, size, b"1234")


def test_options_of_a_connection(ends):
    client, _ = ends
    client.setsockopt(csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_BUFFER_SIZE, 100000)
    assert client.getsockopt(csocket.AF_VSOCK, csocket.SO_VM_SOCKETS_BUFFER_SIZE) == 100000


def test_options_of_all_sockets(ends):
    client, _ = ends
    assert client.getsockopt(csocket.SOL_SOCKET, csocket.SO_TYPE) == csocket.SOCK_STREAM
    assert client.getsockopt(csocket.SOL_SOCKET, csocket.SO_DOMAIN) == csocket.AF_VSOCK
    client.setsockopt(csocket.SOL_SOCKET, csocket.SO_PRIORITY, 5)
    assert client.getsockopt(csocket.SOL_SOCKET, csocket.SO_PRIORITY) == 5


def test_local_cid(open_listener, open_vsock):
    """bind() accepts the CID that the device reports."""
    with open("/dev/vsock", "rb") as device:
        answer = fcntl.ioctl(device, csocket.IOCTL_VM_SOCKETS_GET_LOCAL_CID, bytes(4))
    (cid,) = struct.unpack("=I", answer)
    listener = open_listener(address=(cid, ANY_PORT))
    assert listener.getsockname()[0] == cid
    # Without a hypervisor or guests it is VMADDR_CID_ANY, and the loopback transport reaches it.
    client = open_vsock()
    client.connect((LOCAL if cid == ANY_CID else cid, listener.getsockname()[1]))
    with accepted(listener) as (server, address):
        assert address[1] == client.getsockname()[1]
        server.send(b"local")
        assert client.recv(100) == b"local"


@pytest.mark.parametrize(
    "address",
    ["1:2", 5, (), (1,), (1, 2, 3), ("1", 2), (1, None), (1, 2.0), [1, 2]],
    ids=repr,
)
def test_refused_addresses(open_vsock, address):
    sock = open_vsock()
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == (ANY_CID, ANY_PORT)
