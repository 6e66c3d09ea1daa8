"""NETLINK: messages from and to the kernel, and between programs."""

import errno
import os
import struct

import pytest
from conftest import configure
from namespaces import inside, new_namespace
from support import assert_refused, assert_silent, os_error, receive

import csocket

KERNEL = (0, 0)

# struct nlmsghdr, nlattr and the error of nlmsgerr, of linux/netlink.h.
HEADER = struct.Struct("=IHHII")
ATTRIBUTE = struct.Struct("=HH")
ERROR = struct.Struct("=i")
# struct ifinfomsg of linux/rtnetlink.h, and the numbers of linux/rtnetlink.h and linux/if_link.h.
LINK = struct.Struct("=BxHiII")
RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK = 16, 17, 18, 19
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU = 1, 3, 4

ADDRESS = "02:00:00:00:00:07"
PAIR = f"link add exch0 address {ADDRESS} type veth peer name exch1"


def align(length):
    return (length + 3) & ~3


def message(kind, flags, sequence, body):
    flags |= csocket.NLM_F_REQUEST
    return HEADER.pack(HEADER.size + len(body), kind, flags, sequence, 0) + body


def attribute(kind, data):
    packed = ATTRIBUTE.pack(ATTRIBUTE.size + len(data), kind) + data
    return packed.ljust(align(len(packed)), b"\0")


def parse_attributes(data):
    found = {}
    while data:
        length, kind = ATTRIBUTE.unpack_from(data)
        found[kind] = data[ATTRIBUTE.size : length]
        data = data[align(length) :]
    return found


def parse_messages(data):
    """The type, flags, sequence number, destination and body of each message."""
    while data:
        length, kind, flags, sequence, pid = HEADER.unpack_from(data)
        yield kind, flags, sequence, pid, data[HEADER.size : length]
        data = data[align(length) :]


def parse_link(body):
    _, _, index, _, _ = LINK.unpack_from(body)
    attributes = parse_attributes(body[LINK.size :])
    return index, attributes[IFLA_IFNAME].rstrip(b"\0").decode(), attributes


def links_of_a_dump(sock, sequence):
    """The names by index, and the attributes, of all links that the kernel sends until it is
    done."""
    names, details = {}, {}
    while True:
        data, sender = receive(sock)
        assert sender == KERNEL
        for kind, flags, number, pid, body in parse_messages(data):
            assert (number, pid) == (sequence, sock.getsockname()[0])
            assert flags & csocket.NLM_F_MULTI
            if kind == csocket.NLMSG_DONE:
                return names, details
            assert kind == RTM_NEWLINK
            index, name, attributes = parse_link(body)
            names[index], details[name] = name, attributes


DUMP = message(RTM_GETLINK, csocket.NLM_F_DUMP, 7, LINK.pack(0, 0, 0, 0, 0))


@pytest.fixture
def namespace():
    """Puts this thread into its own network namespace."""
    with new_namespace() as made, inside(made):
        yield


@pytest.fixture
def open_route(open_socket, namespace):
    def opened(*address):
        sock = open_socket(csocket.AF_NETLINK, csocket.SOCK_RAW, csocket.NETLINK_ROUTE)
        if address:
            sock.bind(address)
        return sock

    return opened


@pytest.fixture
def open_user(open_socket, namespace):
    def opened(*address):
        sock = open_socket(csocket.AF_NETLINK, csocket.SOCK_DGRAM, csocket.NETLINK_USERSOCK)
        if address:
            sock.bind(address)
        return sock

    return opened


# The kernel


@pytest.mark.parametrize("how", ["send", "sendto", "sendto with flags", "sendmsg", "connect"])
def test_dump_of_links(open_route, how):
    configure(PAIR)
    sock = open_route(0, 0)
    if how == "send":
        assert sock.send(DUMP) == len(DUMP)
    elif how == "sendto":
        assert sock.sendto(DUMP, KERNEL) == len(DUMP)
    elif how == "sendto with flags":
        assert sock.sendto(DUMP, 0, KERNEL) == len(DUMP)
    elif how == "sendmsg":
        assert sock.sendmsg([DUMP[:10], DUMP[10:]], [], 0, KERNEL) == len(DUMP)
    else:
        sock.connect(KERNEL)
        sock.sendall(DUMP)
    assert sock.getpeername() == KERNEL
    names, details = links_of_a_dump(sock, 7)
    assert names == dict(csocket.if_nameindex())
    assert set(details) >= {"lo", "exch0", "exch1"}
    assert details["exch0"][IFLA_ADDRESS] == bytes.fromhex(ADDRESS.replace(":", ""))
    assert_silent(sock)


def test_pid_that_the_kernel_chooses(open_route):
    """The process id for the first socket; for more, numbers beyond a C int."""
    socks = [open_route() for _ in range(3)]
    assert [sock.getsockname() for sock in socks] == [KERNEL] * 3
    for sock in socks:
        sock.bind((0, 0))
    pids = [sock.getsockname()[0] for sock in socks]
    assert pids[0] == os.getpid()
    assert len(set(pids)) == 3
    assert all(pid > 2**31 for pid in pids[1:])
    assert [sock.getsockname()[1] for sock in socks] == [0, 0, 0]


def test_pid_chosen_at_the_first_message(open_route):
    sock = open_route()
    sock.sendto(DUMP, KERNEL)
    assert sock.getsockname() == (os.getpid(), 0)
    assert links_of_a_dump(sock, 7)[0] == dict(csocket.if_nameindex())


def test_error_and_acknowledgement(open_route):
    sock = open_route(0, 0)
    unknown = message(RTM_GETLINK, 0, 3, LINK.pack(0, 0, 4321, 0, 0))
    sock.send(unknown)
    known = message(RTM_SETLINK, csocket.NLM_F_ACK, 4, LINK.pack(0, 0, 1, 0, 0))
    sock.send(known)
    for request, number, code in (unknown, 3, -errno.ENODEV), (known, 4, 0):
        data, sender = receive(sock)
        ((kind, _, sequence, pid, body),) = parse_messages(data)
        assert (kind, sender) == (csocket.NLMSG_ERROR, KERNEL)
        assert (sequence, pid) == (number, sock.getsockname()[0])
        assert ERROR.unpack_from(body) == (code,)
        # It contains the request, or its header.
        assert body[ERROR.size : ERROR.size + HEADER.size] == request[: HEADER.size]


def test_extended_acknowledgement(open_route):
    """With NETLINK_EXT_ACK the kernel explains the error in a text."""
    configure(PAIR)
    mtu = attribute(IFLA_MTU, struct.pack("=I", 70000))
    index = csocket.if_nametoindex("exch0")
    request = message(RTM_SETLINK, 0, 5, LINK.pack(0, 0, index, 0, 0) + mtu)
    sock = open_route(0, 0)
    for option in csocket.NETLINK_EXT_ACK, csocket.NETLINK_CAP_ACK:
        assert sock.getsockopt(csocket.SOL_NETLINK, option) == 0
    for extended in 0, 1:
        for option in csocket.NETLINK_EXT_ACK, csocket.NETLINK_CAP_ACK:
            sock.setsockopt(csocket.SOL_NETLINK, option, extended)
            assert sock.getsockopt(csocket.SOL_NETLINK, option) == extended
        sock.sendto(request, KERNEL)
        data, sender = receive(sock)
        assert sender == KERNEL
        ((kind, flags, sequence, _, body),) = parse_messages(data)
        assert (kind, sequence) == (csocket.NLMSG_ERROR, 5)
        assert ERROR.unpack_from(body) == (-errno.EINVAL,)
        assert bool(flags & csocket.NLM_F_ACK_TLVS) == bool(extended)
    said = parse_attributes(body[ERROR.size + HEADER.size :])[csocket.NLMSGERR_ATTR_MSG]
    assert said.rstrip(b"\0") == b"mtu greater than device maximum"


def link_events(sock, last):
    """The type of each message and the name of its link, up to the last one."""
    events = []
    while not events or events[-1] != last:
        data, sender = receive(sock)
        assert sender == (0, csocket.RTMGRP_LINK)
        ((kind, _, _, _, body),) = parse_messages(data)
        events.append((kind, parse_link(body)[1]))
    return events


def test_event_of_a_group(open_route):
    """The sender is the kernel, with the group of the event."""
    by_bind = open_route(0, csocket.RTMGRP_LINK)
    by_option = open_route(0, 0)
    by_option.setsockopt(csocket.SOL_NETLINK, csocket.NETLINK_ADD_MEMBERSHIP, csocket.RTNLGRP_LINK)
    other = open_route(0, csocket.RTMGRP_IPV4_IFADDR)
    for sock in by_bind, by_option:
        assert sock.getsockname()[1] == csocket.RTMGRP_LINK
    configure(PAIR)
    for sock in by_bind, by_option:
        link_events(sock, (RTM_NEWLINK, "exch0"))
    configure("link delete dev exch0")
    for sock in by_bind, by_option:
        assert (RTM_DELLINK, "exch0") in link_events(sock, (RTM_DELLINK, "exch1"))
    assert_silent(other)


def test_membership_ends(open_route):
    sock = open_route(0, csocket.RTMGRP_LINK | csocket.RTMGRP_IPV4_ROUTE)
    sock.setsockopt(csocket.SOL_NETLINK, csocket.NETLINK_DROP_MEMBERSHIP, csocket.RTNLGRP_LINK)
    assert sock.getsockname() == (os.getpid(), csocket.RTMGRP_IPV4_ROUTE)
    configure(PAIR)
    assert_silent(sock)


def test_groups_beyond_the_mask(open_route):
    """The mask of an address has 32 groups; the options have all groups."""
    sock = open_route(0, 0)
    for group in csocket.RTNLGRP_LINK, csocket.RTNLGRP_NEXTHOP, csocket.RTNLGRP_TUNNEL:
        sock.setsockopt(csocket.SOL_NETLINK, csocket.NETLINK_ADD_MEMBERSHIP, group)
    assert sock.getsockname()[1] == 1 << 31 | 1
    listed = sock.getsockopt(csocket.SOL_NETLINK, csocket.NETLINK_LIST_MEMBERSHIPS, 8)
    assert int.from_bytes(listed, "little") == 1 | 1 << 31 | 1 << (csocket.RTNLGRP_TUNNEL - 1)

    sock.setsockopt(csocket.SOL_NETLINK, csocket.NETLINK_PKTINFO, 1)
    configure(PAIR)
    data, ancillary, _, sender = sock.recvmsg(65536, csocket.CMSG_SPACE(4))
    assert next(parse_messages(data))[0] == RTM_NEWLINK
    assert sender == (0, csocket.RTMGRP_LINK)
    group = struct.pack("=I", csocket.RTNLGRP_LINK)
    assert ancillary == [(csocket.SOL_NETLINK, csocket.NETLINK_PKTINFO, group)]


# Users


def test_two_users_by_pid(open_user):
    a, b = open_user(0, 0), open_user(0, 0)
    for sender, receiver in (a, b), (b, a):
        to = (receiver.getsockname()[0], 0)
        for send in (
            lambda data, sender=sender, to=to: sender.sendto(data, to),
            lambda data, sender=sender, to=to: sender.sendto(data, 0, to),
            lambda data, sender=sender, to=to: sender.sendmsg([data], [], 0, to),
        ):
            assert send(b"from user to user") == 17
            assert receive(receiver) == (b"from user to user", sender.getsockname())


def test_two_users_connected(open_user):
    a, b = open_user(0x1234, 0), open_user(0xFFFFFFF0, 0)
    assert (a.getsockname(), b.getsockname()) == ((0x1234, 0), (0xFFFFFFF0, 0))
    a.connect(b.getsockname())
    assert b.connect_ex(a.getsockname()) == 0
    for sender, receiver in (a, b), (b, a):
        assert sender.getpeername() == receiver.getsockname()
        sender.sendall(b"x" * 1000)
        assert receive(receiver) == (b"x" * 1000, sender.getsockname())
    with os_error(errno.ECONNREFUSED):
        a.sendto(b"x", (0x4321, 0))


def test_pid_of_another(open_user):
    open_user(77, 0)
    with os_error(errno.EADDRINUSE):
        open_user(77, 0)
    sock = open_user(78, 0)
    with os_error(errno.EINVAL):
        sock.bind((79, 0))
    assert sock.getsockname() == (78, 0)


def test_group_of_users(open_user):
    """The members receive the message; the group is part of the sender's address."""
    sender, member, stranger = open_user(0, 0), open_user(0, 0b1100), open_user(0, 0b0011)
    alone = open_user(0, 0)
    to = (alone.getsockname()[0], 0b0100)
    assert sender.sendto(b"to all", to) == 6
    for receiver in member, alone:
        assert receive(receiver) == (b"to all", (sender.getsockname()[0], 0b0100))
    assert_silent(stranger)
    assert member.getsockname()[1] == 0b1100
    member.bind((member.getsockname()[0], 0))
    assert member.getsockname()[1] == 0
    sender.sendto(b"to one", (alone.getsockname()[0], 0b0100))
    assert receive(alone)[0] == b"to one"
    assert_silent(member)


def test_peer_with_groups(open_user):
    a, b = open_user(0, 0), open_user(0, 1)
    a.connect((b.getsockname()[0], 1))
    assert a.getpeername() == (b.getsockname()[0], 1)
    a.send(b"x")
    assert receive(b) == (b"x", (a.getsockname()[0], 1))


def test_longest_groups(open_user):
    sock = open_user(1, 0xFFFFFFFF)
    assert sock.getsockname() == (1, 0xFFFFFFFF)
    sock.bind((1, -(2**31)))
    assert sock.getsockname() == (1, 2**31)


# Addresses


@pytest.mark.parametrize(
    "address",
    ["", 5, (), (0,), (0, 0, 0), [0, 0], ("0", 0), (0, None), (0.0, 0), b"\0\0"],
    ids=repr,
)
def test_refused_addresses(open_user, address):
    sock = open_user()
    assert_refused(sock, address, TypeError)
    assert sock.getsockname() == KERNEL
