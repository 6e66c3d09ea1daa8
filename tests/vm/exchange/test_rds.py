"""AF_RDS: reliable datagrams, over the loopback transport."""

import errno

import pytest
from support import assert_refused, os_error, receive

import csocket

HOST, OTHER_HOST = "127.0.0.1", "127.0.0.2"

# The kernel's address of an unbound socket has no family.
NO_NAME = (csocket.AF_UNSPEC, bytes(14))


@pytest.fixture
def open_rds(open_socket):
    def opened(host=None):
        sock = open_socket(csocket.AF_RDS, csocket.SOCK_SEQPACKET)
        if host is not None:
            sock.bind((host, 0))
        return sock

    return opened


@pytest.fixture
def ends(open_rds):
    return open_rds(HOST), open_rds(HOST)


def test_names(open_rds):
    sock = open_rds()
    assert sock.getsockname() == NO_NAME
    with os_error(errno.ENOTCONN):
        sock.getpeername()
    # There is no address for all interfaces.
    with os_error(errno.EINVAL):
        sock.bind(("", 0))
    sock.bind((HOST, 0))
    host, port = sock.getsockname()
    assert host == HOST
    assert port > 0
    other = open_rds()
    with os_error(errno.EADDRINUSE):
        other.bind((HOST, port))
    other.bind((OTHER_HOST, port))
    assert other.getsockname() == (OTHER_HOST, port)
    with os_error(errno.EINVAL):
        other.bind((HOST, 0))


def test_host_may_be_bytes_or_a_name(open_rds):
    for host in b"127.0.0.1", bytearray(b"127.0.0.1"), "localhost":
        assert open_rds(host).getsockname()[0] == HOST


def test_message_both_ways(ends):
    a, b = ends
    for sender, receiver in (a, b), (b, a):
        assert sender.sendto(b"datagram", receiver.getsockname()) == 8
        assert receive(receiver) == (b"datagram", sender.getsockname())
        parts = [b"data", b"", b"gram"]
        assert sender.sendmsg(parts, [], 0, receiver.getsockname()) == 8
        assert receive(receiver) == (b"datagram", sender.getsockname())


def test_between_addresses(open_rds):
    a, b = open_rds(HOST), open_rds(OTHER_HOST)
    for sender, receiver in (a, b), (b, a):
        sender.sendto(b"other host", 0, receiver.getsockname())
        assert receive(receiver) == (b"other host", sender.getsockname())


def test_to_itself(open_rds):
    sock = open_rds(HOST)
    sock.sendto(b"self", sock.getsockname())
    assert receive(sock) == (b"self", sock.getsockname())


def test_connected(ends):
    """connect() sets the default destination."""
    a, b = ends
    with os_error(errno.ENOTCONN, errno.EDESTADDRREQ):
        a.send(b"where to")
    a.connect(b.getsockname())
    assert a.getpeername() == b.getsockname()
    assert a.send(b"connected") == 9
    assert receive(b) == (b"connected", a.getsockname())
    a.sendall(b"all of it")
    assert receive(b) == (b"all of it", a.getsockname())


def test_messages_keep_their_bounds_and_order(ends):
    a, b = ends
    sent = [bytes([length % 256]) * length for length in (1, 100, 5000, 3, 60000)]
    for data in sent:
        assert a.sendto(data, b.getsockname()) == len(data)
    for data in sent:
        assert receive(b) == (data, a.getsockname())


def test_message_longer_than_the_buffer(ends):
    a, b = ends
    a.sendto(b"longer than the buffer", b.getsockname())
    a.sendto(b"next", b.getsockname())
    data, _, flags, sender = b.recvmsg(6)
    assert (data, sender) == (b"longer", a.getsockname())
    assert flags & csocket.MSG_TRUNC
    assert receive(b) == (b"next", a.getsockname())


def test_not_bound(open_rds, ends):
    sock = open_rds()
    with os_error(errno.ENOTCONN, errno.EDESTADDRREQ):
        sock.sendto(b"x", ends[0].getsockname())


def test_options(ends):
    a, _ = ends
    # The headers have no name for the loopback transport.
    assert a.getsockopt(csocket.SOL_RDS, csocket.SO_RDS_TRANSPORT) not in (
        csocket.RDS_TRANS_NONE,
        csocket.RDS_TRANS_IB,
        csocket.RDS_TRANS_TCP,
    )
    assert a.getsockopt(csocket.SOL_RDS, csocket.RDS_RECVERR) == 0
    a.setsockopt(csocket.SOL_RDS, csocket.RDS_RECVERR, 1)
    assert a.getsockopt(csocket.SOL_RDS, csocket.RDS_RECVERR) == 1


def test_other_transports_do_not_loop_back(open_rds):
    """A socket of the TCP transport cannot have an address of the loopback interface."""
    sock = open_rds()
    assert sock.getsockopt(csocket.SOL_RDS, csocket.SO_RDS_TRANSPORT) == csocket.RDS_TRANS_NONE
    sock.setsockopt(csocket.SOL_RDS, csocket.SO_RDS_TRANSPORT, csocket.RDS_TRANS_TCP)
    assert sock.getsockopt(csocket.SOL_RDS, csocket.SO_RDS_TRANSPORT) == csocket.RDS_TRANS_TCP


@pytest.mark.parametrize(
    "address, error",
    [
        ("127.0.0.1", TypeError),
        ((), TypeError),
        ((HOST,), TypeError),
        ((HOST, 1, 0), TypeError),
        ((HOST, "1"), TypeError),
        ((None, 1), TypeError),
        ([HOST, 1], TypeError),
        ((HOST, -1), OverflowError),
        ((HOST, 65536), OverflowError),
        (("::1", 1), csocket.gaierror),
    ],
    ids=repr,
)
def test_refused_addresses(open_rds, address, error):
    sock = open_rds()
    assert_refused(sock, address, error)
    assert sock.getsockname() == NO_NAME
