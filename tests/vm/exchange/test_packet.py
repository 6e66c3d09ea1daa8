"""PACKET: frames between the ends of a veth pair."""

import errno
import os
import struct
from contextlib import ExitStack

import pytest
from conftest import configure
from namespaces import inside, new_namespace
from support import PATIENCE, assert_refused, assert_silent, os_error, receive

import csocket

LEFT, RIGHT = "left0", "right0"
# Locally administered addresses: the second bit of the first byte is set.
ADDRESSES = {LEFT: bytes.fromhex("020000000001"), RIGHT: bytes.fromhex("020000000002")}
STRANGER = bytes.fromhex("020000000003")
GROUP = bytes.fromhex("010000000004")
BROADCAST = b"\xff" * 6

# IEEE 802's protocol for experiments, and one that nothing sends here.
PROTOCOL, OTHER_PROTOCOL = csocket.ETH_P_802_EX1, csocket.ETH_P_802_EX1 + 1
ETHERNET = csocket.ARPHRD_ETHER
PAYLOAD = bytes(range(100))
PROBE = b"are you there?"

# struct tpacket_auxdata and packet_mreq of linux/if_packet.h.
AUXDATA = struct.Struct("=IIIHHHH")
MEMBERSHIP = struct.Struct("=iHH8s")


def frame(to, source, data=PAYLOAD, protocol=PROTOCOL):
    return to + source + struct.pack("!H", protocol) + data


@pytest.fixture
def namespace():
    """Puts this thread into its own network namespace."""
    with new_namespace() as made, inside(made):
        yield made


@pytest.fixture
def open_packet(open_socket, namespace):
    """A socket that is bound to an interface and a protocol."""

    def opened(kind, interface, protocol=PROTOCOL):
        sock = open_socket(csocket.AF_PACKET, kind, 0)
        sock.bind((interface, protocol))
        return sock

    return opened


def await_carrier(sender, receiver):
    """The kernel drops frames until it has noticed that both ends are up."""
    receiver.settimeout(0.05)
    probe = frame(BROADCAST, STRANGER)
    for _ in range(20 * PATIENCE):
        sender.send(probe)
        try:
            assert receiver.recv(len(probe)) == probe
            return
        except TimeoutError:
            pass
    pytest.fail("the veth pair carries nothing")


@pytest.fixture
def pair(open_packet):
    """A veth pair that carries only the frames of the tests."""
    left, right = (ADDRESSES[name].hex(":") for name in (LEFT, RIGHT))
    configure(
        f"link add {LEFT} address {left} type veth peer name {RIGHT} address {right}",
        *(f"link set dev {name} arp off addrgenmode none" for name in (LEFT, RIGHT)),
        *(f"link set dev {name} up" for name in (LEFT, RIGHT)),
    )
    with open_packet(csocket.SOCK_RAW, LEFT) as a, open_packet(csocket.SOCK_RAW, RIGHT) as b:
        await_carrier(a, b)
        await_carrier(b, a)


# Frames, and payloads of frames


@pytest.mark.parametrize("source, destination", [(LEFT, RIGHT), (RIGHT, LEFT)])
def test_frames(open_packet, pair, source, destination):
    """With the three fields that sending needs, and with all five."""
    sender = open_packet(csocket.SOCK_RAW, source)
    receiver = open_packet(csocket.SOCK_RAW, destination)
    sent = frame(ADDRESSES[destination], ADDRESSES[source])
    came_from = (destination, PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[source])
    short = (source, PROTOCOL, csocket.PACKET_HOST)
    full = (*short, ETHERNET, ADDRESSES[destination])
    for send in (
        lambda: sender.send(sent),
        lambda: sender.sendto(sent, short[:2]),
        lambda: sender.sendto(sent, short),
        lambda: sender.sendto(sent, 0, full[:4]),
        lambda: sender.sendto(sent, full),
        lambda: sender.sendmsg([sent[:14], sent[14:]], [], 0, full),
    ):
        assert send() == len(sent)
        assert receive(receiver) == (sent, came_from)


@pytest.mark.parametrize("source, destination", [(LEFT, RIGHT), (RIGHT, LEFT)])
def test_payloads(open_packet, pair, source, destination):
    """The kernel writes the header from the address."""
    sender = open_packet(csocket.SOCK_DGRAM, source)
    receiver = open_packet(csocket.SOCK_DGRAM, destination)
    whole = open_packet(csocket.SOCK_RAW, destination)
    to = (source, PROTOCOL, 0, 0, ADDRESSES[destination])
    came_from = (destination, PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[source])
    for send in (
        lambda: sender.sendto(PAYLOAD, to),
        lambda: sender.sendto(PAYLOAD, 0, (*to[:4], bytearray(to[4]))),
        lambda: sender.sendmsg([PAYLOAD], [], 0, (*to[:4], memoryview(to[4]))),
    ):
        assert send() == len(PAYLOAD)
        assert receive(receiver) == (PAYLOAD, came_from)
        assert receive(whole) == (frame(to[4], ADDRESSES[source]), came_from)
    # Without a hardware address the frame is addressed to no host.
    sender.sendto(PAYLOAD, to[:3])
    other = (destination, PROTOCOL, csocket.PACKET_OTHERHOST, ETHERNET, ADDRESSES[source])
    assert receive(whole) == (frame(bytes(6), ADDRESSES[source]), other)


def test_answer_to_the_address_of_a_sender(open_packet, pair):
    """sendto() accepts the address from recvfrom()."""
    a, b = (open_packet(csocket.SOCK_DGRAM, name) for name in (LEFT, RIGHT))
    a.sendto(b"question".ljust(60), (LEFT, PROTOCOL, 0, 0, ADDRESSES[RIGHT]))
    data, sender = receive(b)
    assert sender[4] == ADDRESSES[LEFT]
    b.sendto(data + b"answer", sender)
    sender = (LEFT, PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[RIGHT])
    assert receive(a) == (data + b"answer", sender)


@pytest.mark.parametrize(
    "to, packet_type",
    [
        (ADDRESSES[RIGHT], csocket.PACKET_HOST),
        (BROADCAST, csocket.PACKET_BROADCAST),
        (GROUP, csocket.PACKET_MULTICAST),
        (STRANGER, csocket.PACKET_OTHERHOST),
    ],
    ids=["host", "broadcast", "multicast", "other host"],
)
def test_types_of_packets(open_packet, pair, to, packet_type):
    sender = open_packet(csocket.SOCK_DGRAM, LEFT)
    receiver = open_packet(csocket.SOCK_DGRAM, RIGHT)
    sender.sendto(PAYLOAD, (LEFT, PROTOCOL, 0, 0, to))
    address = (RIGHT, PROTOCOL, packet_type, ETHERNET, ADDRESSES[LEFT])
    assert receive(receiver) == (PAYLOAD, address)


def test_every_protocol_on_its_way_out(open_packet, pair):
    """ETH_P_ALL receives each protocol in both directions, and tells the direction."""
    watch = open_packet(csocket.SOCK_RAW, LEFT, csocket.ETH_P_ALL)
    left, right = (open_packet(csocket.SOCK_RAW, name, 0) for name in (LEFT, RIGHT))
    for protocol in PROTOCOL, OTHER_PROTOCOL:
        out = frame(ADDRESSES[RIGHT], ADDRESSES[LEFT], protocol=protocol)
        left.sendto(out, (LEFT, protocol))
        address = (LEFT, protocol, csocket.PACKET_OUTGOING, ETHERNET, ADDRESSES[LEFT])
        assert receive(watch) == (out, address)
        back = frame(ADDRESSES[LEFT], ADDRESSES[RIGHT], protocol=protocol)
        right.sendto(back, (RIGHT, protocol))
        address = (LEFT, protocol, csocket.PACKET_HOST, ETHERNET, ADDRESSES[RIGHT])
        assert receive(watch) == (back, address)
    watch.setsockopt(csocket.SOL_PACKET, csocket.PACKET_IGNORE_OUTGOING, 1)
    left.sendto(out, (LEFT, protocol))
    assert_silent(watch)


def test_every_interface(open_socket, open_packet, pair):
    """An unbound socket receives from both ends; the protocol is an argument of socket()."""
    number = csocket.htons(csocket.ETH_P_ALL)
    watch = open_socket(csocket.AF_PACKET, csocket.SOCK_DGRAM, number)
    assert watch.proto == number
    assert watch.getsockname() == ("", csocket.ETH_P_ALL, 0, 0, b"")
    sender = open_packet(csocket.SOCK_DGRAM, LEFT)
    sender.sendto(PAYLOAD, (LEFT, PROTOCOL, 0, 0, ADDRESSES[RIGHT]))
    seen = [receive(watch) for _ in range(2)]
    assert seen == [
        (PAYLOAD, (LEFT, PROTOCOL, csocket.PACKET_OUTGOING, ETHERNET, ADDRESSES[LEFT])),
        (PAYLOAD, (RIGHT, PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[LEFT])),
    ]


def test_other_protocol_is_not_seen(open_packet, pair):
    sender = open_packet(csocket.SOCK_DGRAM, LEFT)
    receiver = open_packet(csocket.SOCK_DGRAM, RIGHT, OTHER_PROTOCOL)
    to = (LEFT, PROTOCOL, 0, 0, ADDRESSES[RIGHT])
    sender.sendto(PAYLOAD, to)
    assert_silent(receiver)
    sender.sendto(PAYLOAD, (LEFT, OTHER_PROTOCOL, 0, 0, ADDRESSES[RIGHT]))
    assert receive(receiver)[1][1] == OTHER_PROTOCOL


def test_auxiliary_data(open_packet, pair):
    sender = open_packet(csocket.SOCK_RAW, LEFT)
    receiver = open_packet(csocket.SOCK_DGRAM, RIGHT)
    receiver.setsockopt(csocket.SOL_PACKET, csocket.PACKET_AUXDATA, 1)
    sender.send(frame(ADDRESSES[RIGHT], ADDRESSES[LEFT]))
    data, ancillary, flags, address = receiver.recvmsg(10, csocket.CMSG_SPACE(AUXDATA.size))
    assert (data, flags) == (PAYLOAD[:10], csocket.MSG_TRUNC)
    assert address == (RIGHT, PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[LEFT])
    ((level, kind, item),) = ancillary
    assert (level, kind) == (csocket.SOL_PACKET, csocket.PACKET_AUXDATA)
    _, length, captured, link_layer, network, _, _ = AUXDATA.unpack(item)
    assert (length, captured) == (len(PAYLOAD), len(PAYLOAD))
    assert network - link_layer in (0, csocket.ETH_HLEN)


def test_membership(open_packet, pair):
    """The interface is in a group as long as a socket asks for it."""

    def groups():
        with open("/proc/thread-self/net/dev_mcast") as file:
            lines = [line.split() for line in file]
        return [bytes.fromhex(line[4]) for line in lines if line[1] == LEFT]

    sock = open_packet(csocket.SOCK_RAW, LEFT)
    index = csocket.if_nametoindex(LEFT)
    group = MEMBERSHIP.pack(index, csocket.PACKET_MR_MULTICAST, len(GROUP), GROUP.ljust(8, b"\0"))
    assert GROUP not in groups()
    sock.setsockopt(csocket.SOL_PACKET, csocket.PACKET_ADD_MEMBERSHIP, group)
    assert GROUP in groups()
    sock.setsockopt(csocket.SOL_PACKET, csocket.PACKET_DROP_MEMBERSHIP, group)
    assert GROUP not in groups()


# Own addresses


@pytest.mark.parametrize("kind", [csocket.SOCK_RAW, csocket.SOCK_DGRAM], ids=["raw", "dgram"])
def test_own_address(open_socket, pair, kind):
    sock = open_socket(csocket.AF_PACKET, kind, 0)
    assert sock.getsockname() == ("", 0, 0, 0, b"")
    for name in LEFT, RIGHT:
        sock.bind((name, PROTOCOL))
        assert sock.getsockname() == (name, PROTOCOL, 0, ETHERNET, ADDRESSES[name])
    # bind() ignores the other fields, and protocol 0 keeps the current one.
    sock.bind((LEFT, 0, csocket.PACKET_MULTICAST, 7, b"any"))
    assert sock.getsockname() == (LEFT, PROTOCOL, 0, ETHERNET, ADDRESSES[LEFT])
    for call in sock.getpeername, lambda: sock.connect((LEFT, PROTOCOL)):
        with os_error(errno.EOPNOTSUPP):
            call()


def test_loopback(open_packet, namespace):
    """An interface whose hardware addresses are zeros."""
    configure("link set lo up")
    sender, receiver = (open_packet(csocket.SOCK_DGRAM, "lo") for _ in range(2))
    own = ("lo", PROTOCOL, 0, csocket.ARPHRD_LOOPBACK, bytes(6))
    assert sender.getsockname() == own
    sender.sendto(PAYLOAD, own)
    assert receive(receiver) == (PAYLOAD, own)


# Names and indexes


def test_interface_vanished(open_packet, pair):
    """The index and the frames that came before remain, without a name."""
    a, b = (open_packet(csocket.SOCK_DGRAM, name) for name in (LEFT, RIGHT))
    a.sendto(PAYLOAD, (LEFT, PROTOCOL, 0, 0, ADDRESSES[RIGHT]))
    configure(f"link delete dev {LEFT}")
    with os_error(errno.ENETDOWN):
        b.recv(1)
    nameless = ("", PROTOCOL, csocket.PACKET_HOST, ETHERNET, ADDRESSES[LEFT])
    assert receive(b) == (PAYLOAD, nameless)
    for sock in a, b:
        assert sock.getsockname()[:3] == ("", PROTOCOL, 0)
    with os_error(errno.ENODEV):
        a.sendto(PAYLOAD, (LEFT, PROTOCOL, 0, 0, ADDRESSES[RIGHT]))


def test_interface_renamed(open_packet, pair):
    sock = open_packet(csocket.SOCK_DGRAM, LEFT)
    longest = "l" * 15
    configure(f"link set dev {LEFT} down", f"link set dev {LEFT} name {longest}")
    assert sock.getsockname() == (longest, PROTOCOL, 0, ETHERNET, ADDRESSES[LEFT])
    sock.bind((longest, OTHER_PROTOCOL))
    assert sock.getsockname() == (longest, OTHER_PROTOCOL, 0, ETHERNET, ADDRESSES[LEFT])


def test_unknown_interface(open_packet, namespace):
    with os_error(errno.ENODEV):
        open_packet(csocket.SOCK_RAW, "n" * 15)


def test_names_in_the_namespace_of_the_socket(open_socket):
    """An index or a name refers to the namespace in which the socket was made, for every thread."""
    index = 77
    names = {}
    with ExitStack() as stack:
        for there in "alpha", "beta":
            made = stack.enter_context(new_namespace())
            with inside(made):
                configure(
                    f"link add {there} index {index} address {ADDRESSES[LEFT].hex(':')}"
                    f" type veth peer name {there}1",
                    f"link set dev {there} arp off addrgenmode none",
                    f"link set dev {there}1 arp off addrgenmode none",
                )
                names[there] = made, open_socket(csocket.AF_PACKET, csocket.SOCK_DGRAM, 0)
        alpha, in_alpha = names["alpha"]
        beta, in_beta = names["beta"]
        for elsewhere, known in (alpha, "alpha"), (beta, "beta"):
            with inside(elsewhere):
                assert csocket.if_indextoname(index) == known
                for name, sock in ("alpha", in_alpha), ("beta", in_beta):
                    sock.bind((name, PROTOCOL))
                    own = (name, PROTOCOL, 0, ETHERNET, ADDRESSES[LEFT])
                    assert sock.getsockname() == own
        with inside(beta), os_error(errno.ENODEV):
            in_alpha.bind(("beta", PROTOCOL))
        # This thread's namespace has neither of them.
        for name, sock in ("alpha", in_alpha), ("beta", in_beta):
            assert name not in dict(csocket.if_nameindex()).values()
            sock.bind((name, OTHER_PROTOCOL))
            assert sock.getsockname()[:2] == (name, OTHER_PROTOCOL)


def test_exchange_between_namespaces(open_socket):
    """Each end is in its own namespace, under the same name. This thread is in neither."""
    with new_namespace() as here, new_namespace() as there:
        left, right = (address.hex(":") for address in ADDRESSES.values())
        with inside(here):
            configure(
                f"link add {LEFT} address {left} type veth"
                f" peer name {LEFT} address {right} netns /proc/{os.getpid()}/fd/{there}",
                f"link set dev {LEFT} arp off addrgenmode none up",
            )
            a = open_socket(csocket.AF_PACKET, csocket.SOCK_RAW, 0)
        with inside(there):
            configure(f"link set dev {LEFT} arp off addrgenmode none up")
            b = open_socket(csocket.AF_PACKET, csocket.SOCK_RAW, 0)
        for sock in a, b:
            sock.bind((LEFT, PROTOCOL))
        await_carrier(a, b)
        await_carrier(b, a)
        for sender, receiver in (a, b), (b, a):
            own, to = sender.getsockname()[4], receiver.getsockname()[4]
            assert {own, to} == set(ADDRESSES.values())
            sender.sendto(frame(to, own), (LEFT, PROTOCOL, 0, 0, to))
            came_from = (LEFT, PROTOCOL, csocket.PACKET_HOST, ETHERNET, own)
            assert receive(receiver) == (frame(to, own), came_from)


# Addresses


@pytest.mark.parametrize(
    "address",
    [
        "lo",
        (),
        ("lo",),
        ["lo", 3],
        ("lo", "3"),
        ("lo", None),
        (1, 3),
        (None, 3),
        ("lo", 3, "0"),
        ("lo", 3, 0, None),
        ("lo", 3, 0, 0, 5),
        ("lo", 3, 0, 0, "text"),
        ("lo", 3, 0, 0, b"", 0),
    ],
    ids=repr,
)
def test_refused_addresses(open_socket, address):
    sock = open_socket(csocket.AF_PACKET, csocket.SOCK_RAW, 0)
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == ("", 0, 0, 0, b"")


def test_protocols_that_do_not_fit(open_socket):
    sock = open_socket(csocket.AF_PACKET, csocket.SOCK_RAW, 0)
    for protocol in -1, 0x10000, 1 << 40:
        assert_refused(sock, ("lo", protocol), OverflowError)
