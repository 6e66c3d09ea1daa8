"""AF_TIPC: service addresses and ranges, connections, and the topology server."""

import errno
import select
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from support import PATIENCE, accepted, assert_refused, assert_silent, os_error, receive

import csocket

NODE = csocket.TIPC_NODE_SCOPE
CLUSTER = csocket.TIPC_CLUSTER_SCOPE

# Service types up to 63 are reserved for the system.
SERVICE = 18888
LOWER, UPPER = 100, 199

# struct tipc_subscr and tipc_event of linux/tipc.h: the event, the range, the socket (reference,
# node), and the subscription (service type, range, ms, filter, handle).
SUBSCRIPTION = struct.Struct("=5I8s")
EVENT = struct.Struct("=5I28s")

CONNECTED = {"stream": csocket.SOCK_STREAM, "seqpacket": csocket.SOCK_SEQPACKET}
CONNECTIONLESS = {"rdm": csocket.SOCK_RDM, "datagram": csocket.SOCK_DGRAM}
EVERY_KIND = {**CONNECTED, **CONNECTIONLESS}


def kinds(of):
    return pytest.mark.parametrize("kind", of.values(), ids=of.keys())


def service_range(lower=LOWER, upper=UPPER, scope=NODE):
    return (csocket.TIPC_ADDR_NAMESEQ, SERVICE, lower, upper, scope)


def service(instance, scope=NODE):
    return (csocket.TIPC_ADDR_NAME, SERVICE, instance, 0, scope)


@pytest.fixture
def open_tipc(open_socket):
    def opened(kind, address=None):
        sock = open_socket(csocket.AF_TIPC, kind)
        if address is not None:
            sock.bind(address)
        return sock

    return opened


def socket_address(sock):
    """The socket's own address: its node, and its reference on that node."""
    address = sock.getsockname()
    kind, _, reference, zero, _ = address
    assert (kind, zero) == (csocket.TIPC_ADDR_ID, 0)
    assert reference != 0
    return address


def same_socket(address, sock):
    """Whether an address is the socket's own, in any scope."""
    return address[:4] == socket_address(sock)[:4]


@kinds(CONNECTIONLESS)
def test_datagrams_by_socket_address(open_tipc, kind):
    a, b = open_tipc(kind), open_tipc(kind)
    assert socket_address(a) != socket_address(b)
    for sender, receiver in (a, b), (b, a):
        assert sender.sendto(b"by id", socket_address(receiver)) == 5
        data, source = receive(receiver)
        assert data == b"by id"
        assert len(source) == 5
        assert same_socket(source, sender)
        # The source is an address for the answer.
        receiver.sendto(b"answer", source)
        assert receive(sender)[0] == b"answer"


@kinds(CONNECTIONLESS)
@pytest.mark.parametrize("scope", [NODE, CLUSTER], ids=["node", "cluster"])
def test_datagrams_by_service_address(open_tipc, kind, scope):
    server = open_tipc(kind, service_range(scope=scope))
    client = open_tipc(kind)
    before = socket_address(server)
    for instance in LOWER, 150, UPPER:
        assert client.sendto(b"by name", service(instance, scope)) == 7
        data, ancillary, flags, source = server.recvmsg(100, 200)
        assert (data, flags) == (b"by name", 0)
        assert same_socket(source, client)
        # The service that the message was sent to.
        ((level, name, value),) = ancillary
        assert (level, name) == (csocket.SOL_TIPC, csocket.TIPC_DESTNAME)
        assert struct.unpack("=3I", value) == (SERVICE, instance, instance)
    assert socket_address(server) == before


def test_scope_may_be_left_out(open_tipc):
    server = open_tipc(csocket.SOCK_RDM, service_range()[:4])
    client = open_tipc(csocket.SOCK_RDM)
    client.sendto(b"default", service(LOWER)[:4])
    data, source = receive(server)
    assert data == b"default"
    assert same_socket(source, client)


def test_service_address_of_one_instance(open_tipc):
    """A name is the range of one instance."""
    server = open_tipc(csocket.SOCK_RDM, service(7))
    client = open_tipc(csocket.SOCK_RDM)
    client.sendto(b"one", service(7))
    assert receive(server)[0] == b"one"
    with os_error(errno.EHOSTUNREACH):
        client.sendto(b"other", service(8))


def test_ranges_are_served_by_their_own(open_tipc):
    servers = [
        open_tipc(csocket.SOCK_RDM, service_range(100, 199)),
        open_tipc(csocket.SOCK_RDM, service_range(200, 2**32 - 1)),
    ]
    client = open_tipc(csocket.SOCK_RDM)
    for number, instance in (0, 100), (1, 200), (0, 199), (1, 2**32 - 1):
        data = str(instance).encode()
        client.sendto(data, service(instance))
        received, source = receive(servers[number])
        assert received == data
        assert same_socket(source, client)
    with os_error(errno.EHOSTUNREACH):
        client.sendto(b"nobody", service(99))


def test_multicast(open_tipc):
    """A message to a range reaches every socket with an instance in it, once."""
    servers = [
        open_tipc(csocket.SOCK_RDM, service_range(*bounds))
        for bounds in ((100, 109), (110, 119), (105, 115), (120, 129))
    ]
    client = open_tipc(csocket.SOCK_RDM)
    assert client.sendto(b"to all", service_range(100, 119)) == 6
    for server in servers[:3]:
        data, source = receive(server)
        assert data == b"to all"
        assert same_socket(source, client)
    assert_silent(servers[3])
    client.sendto(b"to one", service_range(120, 120))
    assert receive(servers[3])[0] == b"to one"


def test_withdrawn_service(open_tipc):
    """bind() with the negated scope withdraws the name."""
    server = open_tipc(csocket.SOCK_RDM, service_range())
    client = open_tipc(csocket.SOCK_RDM)
    client.sendto(b"here", service(LOWER))
    assert receive(server)[0] == b"here"
    server.bind(service_range(scope=-NODE))
    with os_error(errno.EHOSTUNREACH):
        client.sendto(b"gone", service(LOWER))


def test_connected_datagrams(open_tipc):
    """For datagram sockets connect() sets a default destination."""
    server = open_tipc(csocket.SOCK_RDM, service_range())
    client = open_tipc(csocket.SOCK_RDM)
    client.connect(service(LOWER))
    client.send(b"default destination")
    data, source = receive(server)
    assert data == b"default destination"
    assert same_socket(source, client)


@pytest.fixture
def open_listener(open_tipc):
    def opened(kind):
        listener = open_tipc(kind, service_range())
        listener.listen(4)
        return listener

    return opened


@contextmanager
def connected(listener, client, destination):
    """The server's end and the client's address. connect() waits for accept()."""
    with ThreadPoolExecutor(1) as thread:
        connecting = thread.submit(client.connect, destination)
        with accepted(listener) as (server, address):
            assert connecting.result() is None
            yield server, address


@kinds(CONNECTED)
@pytest.mark.parametrize("by", ["service address", "socket address"])
def test_connection(open_listener, open_tipc, kind, by):
    listener, client = open_listener(kind), open_tipc(kind)
    destination = service(150) if by == "service address" else socket_address(listener)
    with connected(listener, client, destination) as (server, address):
        assert same_socket(address, client)
        assert same_socket(client.getpeername(), server)
        assert same_socket(server.getpeername(), client)
        assert socket_address(server) != socket_address(listener)
        for sender, receiver in (client, server), (server, client):
            sender.sendall(b"connected")
            assert receiver.recv(100) == b"connected"


@kinds(CONNECTED)
def test_connection_without_waiting(open_listener, open_tipc, kind):
    listener, client = open_listener(kind), open_tipc(kind)
    client.setblocking(False)
    assert client.connect_ex(service(150)) == errno.EINPROGRESS
    with accepted(listener) as (server, address):
        assert same_socket(address, client)
        assert select.select([], [client], [], PATIENCE) == ([], [client], [])
        client.send(b"at once")
        assert server.recv(100) == b"at once"


def test_connection_nobody_accepts(open_listener, open_tipc):
    open_listener(csocket.SOCK_STREAM)
    client = open_tipc(csocket.SOCK_STREAM)
    client.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.connect(service(150))


def test_stream_is_one(open_listener, open_tipc):
    """More data than the longest message; the boundaries of the pieces have no meaning."""
    sent = bytes(range(256)) * 400
    listener, client = open_listener(csocket.SOCK_STREAM), open_tipc(csocket.SOCK_STREAM)
    with connected(listener, client, service(LOWER)) as (server, _):
        client.sendall(sent)
        client.shutdown(csocket.SHUT_RDWR)
        with server.makefile("rb") as stream:
            assert stream.read() == sent


def test_packets_keep_their_bounds(open_listener, open_tipc):
    sent = [b"one", b"two", b"x" * csocket.TIPC_MAX_USER_MSG_SIZE]
    listener, client = open_listener(csocket.SOCK_SEQPACKET), open_tipc(csocket.SOCK_SEQPACKET)
    with connected(listener, client, service(LOWER)) as (server, _):
        for packet in sent:
            client.send(packet)
        with os_error(errno.EMSGSIZE):
            client.send(b"x" * (csocket.TIPC_MAX_USER_MSG_SIZE + 1))
        for packet in sent:
            data, _, flags, _ = server.recvmsg(100000)
            assert (data, flags) == (packet, 0)
        client.shutdown(csocket.SHUT_RDWR)
        assert server.recv(100) == b""


def test_packet_in_parts():
    """The rest of a packet is dropped, unless the receiver asks for the end of packets."""
    a, b = csocket.socketpair(csocket.AF_TIPC, csocket.SOCK_SEQPACKET)
    with a, b:
        b.settimeout(PATIENCE)
        for packet in b"dropped", b"in parts", b"next":
            a.send(packet)
        assert b.recvmsg(4)[::2] == (b"drop", csocket.MSG_TRUNC)
        assert b.recvmsg(5, 0, csocket.MSG_EOR)[::2] == (b"in pa", 0)
        assert b.recvmsg(5, 0, csocket.MSG_EOR)[::2] == (b"rts", csocket.MSG_EOR)
        assert b.recv(100) == b"next"


def test_first_packet_connects(open_listener, open_tipc):
    """sendto() with a service address, without a connect(): request and data together."""
    listener, client = open_listener(csocket.SOCK_SEQPACKET), open_tipc(csocket.SOCK_SEQPACKET)
    client.sendto(b"request", service(LOWER))
    with accepted(listener) as (server, address):
        assert same_socket(address, client)
        assert server.recv(100) == b"request"
        server.send(b"reply")
        assert client.recv(100) == b"reply"
        assert same_socket(client.getpeername(), server)


@kinds(EVERY_KIND)
def test_pair(kind):
    a, b = csocket.socketpair(csocket.AF_TIPC, kind)
    with a, b:
        assert (a.family, a.type) == (csocket.AF_TIPC, kind)
        for sender, receiver in (a, b), (b, a):
            sender.send(b"pair")
            assert receiver.recv(100) == b"pair"
            assert same_socket(sender.getpeername(), receiver)


def test_not_connected(open_tipc):
    with os_error(errno.ENOTCONN):
        open_tipc(csocket.SOCK_STREAM).getpeername()
    client = open_tipc(csocket.SOCK_STREAM)
    assert client.connect_ex(service(99)) == errno.EHOSTUNREACH


def test_undelivered_message_comes_back(open_tipc):
    """It comes back with the reason and the data as ancillary data."""
    client, gone = open_tipc(csocket.SOCK_RDM), open_tipc(csocket.SOCK_RDM)
    address = socket_address(gone)
    gone.close()
    client.setsockopt(csocket.SOL_TIPC, csocket.TIPC_DEST_DROPPABLE, 0)
    client.sendto(b"returned", address)
    data, ancillary, _, _ = client.recvmsg(100, 1000)
    assert data == b""
    values = {kind: value for level, kind, value in ancillary if level == csocket.SOL_TIPC}
    reason, length = struct.unpack("=2I", values[csocket.TIPC_ERRINFO])
    assert (reason, length) == (csocket.TIPC_ERR_NO_PORT, 8)
    assert values[csocket.TIPC_RETDATA] == b"returned"


@pytest.mark.parametrize(
    "name, value",
    [
        ("TIPC_IMPORTANCE", csocket.TIPC_CRITICAL_IMPORTANCE),
        ("TIPC_SRC_DROPPABLE", 1),
        ("TIPC_DEST_DROPPABLE", 1),
        ("TIPC_CONN_TIMEOUT", 1234),
    ],
)
def test_options(open_tipc, name, value):
    sock = open_tipc(csocket.SOCK_SEQPACKET)
    option = getattr(csocket, name)
    assert sock.getsockopt(csocket.SOL_TIPC, option) != value
    sock.setsockopt(csocket.SOL_TIPC, option, value)
    assert sock.getsockopt(csocket.SOL_TIPC, option) == value


def test_group(open_tipc):
    """The members of a group can send to all others, and learn of new members."""
    members = []
    for instance in 1, 2:
        member = open_tipc(csocket.SOCK_RDM)
        # struct tipc_group_req: type, instance, scope, flags.
        flags = csocket.TIPC_GROUP_MEMBER_EVTS
        request = struct.pack("=4I", SERVICE, instance, NODE, flags)
        member.setsockopt(csocket.SOL_TIPC, csocket.TIPC_GROUP_JOIN, request)
        members.append(member)
    first, second = members
    for member, other in (first, second), (second, first):
        # An empty message out of band: a member has joined.
        data, _, flags, source = member.recvmsg(100)
        assert data == b""
        assert flags & csocket.MSG_OOB
        assert same_socket(source, other)
    first.send(b"group")
    data, source = second.recvfrom(100)
    assert data == b"group"
    assert same_socket(source, first)


class TopologyServer:
    """A connection to the server that reports services as they come and go."""

    def __init__(self, sock):
        self.sock = sock
        sock.connect((csocket.TIPC_ADDR_NAME, csocket.TIPC_TOP_SRV, csocket.TIPC_TOP_SRV, 0))

    def subscribe(self, milliseconds, kind=csocket.TIPC_SUB_PORTS):
        request = SUBSCRIPTION.pack(SERVICE, LOWER, UPPER, milliseconds, kind, b"handle")
        assert self.sock.send(request) == SUBSCRIPTION.size
        return request

    def event(self, subscription):
        """The event, the range and the address of the socket."""
        data = self.sock.recv(1000)
        event, lower, upper, reference, node, about = EVENT.unpack(data)
        assert about == subscription
        return event, (lower, upper), (csocket.TIPC_ADDR_ID, node, reference, 0)


@pytest.fixture
def topology(open_tipc):
    return TopologyServer(open_tipc(csocket.SOCK_SEQPACKET))


def test_events_of_a_service(open_tipc, topology):
    subscription = topology.subscribe(csocket.TIPC_WAIT_FOREVER & 0xFFFFFFFF)
    server = open_tipc(csocket.SOCK_RDM, service_range(110, 120))
    name = socket_address(server)[:4]
    assert topology.event(subscription) == (csocket.TIPC_PUBLISHED, (110, 120), name)
    open_tipc(csocket.SOCK_RDM, service_range(UPPER + 1, UPPER + 9))
    server.close()
    assert topology.event(subscription) == (csocket.TIPC_WITHDRAWN, (110, 120), name)
    # The address in an event is a valid destination.
    other = open_tipc(csocket.SOCK_RDM, service(LOWER))
    event, bounds, name = topology.event(subscription)
    assert (event, bounds) == (csocket.TIPC_PUBLISHED, (LOWER, LOWER))
    open_tipc(csocket.SOCK_RDM).sendto(b"found", name)
    assert receive(other)[0] == b"found"


def test_end_of_a_subscription(topology):
    subscription = topology.subscribe(20, csocket.TIPC_SUB_SERVICE)
    event, bounds, _ = topology.event(subscription)
    assert (event, bounds) == (csocket.TIPC_SUBSCR_TIMEOUT, (LOWER, UPPER))


def test_topology_server_as_peer(topology):
    kind, _, _, zero, _ = topology.sock.getpeername()
    assert (kind, zero) == (csocket.TIPC_ADDR_ID, 0)


@pytest.mark.parametrize(
    "address, error",
    [
        (b"name", TypeError),
        ((), TypeError),
        ((csocket.TIPC_ADDR_NAME, SERVICE, 1), TypeError),
        ((csocket.TIPC_ADDR_NAME, SERVICE, 1, 0, NODE, 0), TypeError),
        (("name", SERVICE, 1, 0), TypeError),
        ((csocket.TIPC_ADDR_NAME, SERVICE, 1.0, 0), TypeError),
        ((csocket.TIPC_ADDR_NAME, SERVICE, 1, 0, "node"), TypeError),
        ([csocket.TIPC_ADDR_NAME, SERVICE, 1, 0], TypeError),
        ((0, SERVICE, 1, 0), TypeError),
        ((4, SERVICE, 1, 0), TypeError),
    ],
    ids=repr,
)
def test_refused_addresses(open_tipc, address, error):
    assert_refused(open_tipc(csocket.SOCK_RDM), address, error)


def test_bounds_the_wrong_way_round(open_tipc):
    with os_error(errno.EINVAL):
        open_tipc(csocket.SOCK_RDM).bind(service_range(UPPER, LOWER))
