"""UDP-Lite over INET and INET6: the checksum may cover only a part of a datagram."""

import errno
import struct

import pytest
from internet import HOSTS, loopback, over_both, pattern
from support import assert_silent, os_error, receive

import csocket

UDPLITE = csocket.SOCK_DGRAM, csocket.IPPROTO_UDPLITE

# Source, destination, coverage and checksum (RFC 3828, 3.1). The coverage includes the header.
HEADER = struct.Struct("!HHHH")
COVERAGE = HEADER.size + 12

SEND, RECEIVE = csocket.UDPLITE_SEND_CSCOV, csocket.UDPLITE_RECV_CSCOV
DATA = pattern(100)


@pytest.fixture
def open_bound(open_socket):
    """A socket on the loopback interface, with these coverages."""

    def opened(family, **coverage):
        sock = open_socket(family, *UDPLITE)
        for name, value in coverage.items():
            option = {"send": SEND, "receive": RECEIVE}[name]
            assert sock.getsockopt(csocket.IPPROTO_UDPLITE, option) == 0
            sock.setsockopt(csocket.IPPROTO_UDPLITE, option, value)
            assert sock.getsockopt(csocket.SOL_UDPLITE, option) == value
        sock.bind((HOSTS[family], 0))
        assert sock.getsockname() == loopback(family, sock.getsockname()[1])
        return sock

    return opened


@over_both
def test_datagrams(open_bound, family):
    a, b = open_bound(family), open_bound(family, send=COVERAGE, receive=0)
    assert a.getsockopt(csocket.SOL_SOCKET, csocket.SO_PROTOCOL) == csocket.IPPROTO_UDPLITE
    for sender, receiver in (a, b), (b, a):
        to = receiver.getsockname()
        for send in (
            lambda sender=sender, to=to: sender.sendto(DATA, to),
            lambda sender=sender, to=to: sender.sendto(DATA, 0, to[:2]),
            lambda sender=sender, to=to: sender.sendmsg([DATA[:9], DATA[9:]], [], 0, to),
        ):
            assert send() == len(DATA)
            assert receive(receiver) == (DATA, sender.getsockname())


@over_both
def test_connected(open_bound, family):
    a, b = open_bound(family), open_bound(family)
    a.connect(b.getsockname())
    assert b.connect_ex(a.getsockname()) == 0
    for sender, receiver in (a, b), (b, a):
        assert sender.getpeername() == receiver.getsockname()
        assert sender.send(DATA) == len(DATA)
        assert receive(receiver) == (DATA, sender.getsockname())


@over_both
def test_nobody_there(open_bound, family):
    a, b = open_bound(family), open_bound(family)
    a.connect(b.getsockname())
    b.close()
    a.send(DATA)
    with os_error(errno.ECONNREFUSED):
        a.recv(100)


@over_both
def test_udp_is_another_protocol(open_bound, open_socket, family):
    """A port of one is not a port of the other."""
    lite = open_bound(family)
    plain = open_socket(family, csocket.SOCK_DGRAM)
    plain.bind(lite.getsockname())
    sender = open_bound(family)
    sender.sendto(DATA, plain.getsockname())
    assert receive(lite) == (DATA, sender.getsockname())
    assert_silent(plain)


@over_both
def test_coverage_that_is_not_enough(open_bound, family):
    """A datagram with less coverage than the receiver wants does not arrive."""
    receiver = open_bound(family, receive=COVERAGE)
    too_little = open_bound(family, send=COVERAGE - 1)
    enough = open_bound(family, send=COVERAGE)
    whole = open_bound(family)
    for sender in too_little, enough, too_little, whole:
        sender.sendto(DATA, receiver.getsockname())
    for sender in enough, whole:
        assert receive(receiver) == (DATA, sender.getsockname())
    assert_silent(receiver)
    # It arrives once the receiver wants less.
    receiver.setsockopt(csocket.IPPROTO_UDPLITE, RECEIVE, COVERAGE - 1)
    too_little.sendto(DATA, receiver.getsockname())
    assert receive(receiver) == (DATA, too_little.getsockname())


@over_both
def test_least_coverage(open_bound, family):
    """The header is always covered; 0 means everything."""
    for option in SEND, RECEIVE:
        sock = open_bound(family)
        sock.setsockopt(csocket.IPPROTO_UDPLITE, option, 1)
        assert sock.getsockopt(csocket.IPPROTO_UDPLITE, option) == HEADER.size
        sock.setsockopt(csocket.IPPROTO_UDPLITE, option, 0)
        assert sock.getsockopt(csocket.IPPROTO_UDPLITE, option) == 0


@over_both
@pytest.mark.parametrize("coverage", [0, HEADER.size, COVERAGE, HEADER.size + len(DATA)])
def test_coverage_in_the_header(open_bound, open_socket, family, coverage):
    """A raw socket sees the datagram as it went over the wire."""
    watch = open_socket(family, csocket.SOCK_RAW, csocket.IPPROTO_UDPLITE)
    receiver = open_bound(family)
    sender = open_bound(family, send=coverage)
    sender.sendto(DATA, receiver.getsockname())
    assert receive(receiver) == (DATA, sender.getsockname())
    datagram, address = watch.recvfrom(1000)
    assert address == loopback(family)
    if family == csocket.AF_INET:
        datagram = datagram[4 * (datagram[0] & 0xF) :]
    ports = sender.getsockname()[1], receiver.getsockname()[1]
    source, destination, covered, checksum = HEADER.unpack_from(datagram)
    assert (source, destination, datagram[HEADER.size :]) == (*ports, DATA)
    # A datagram that is wholly covered may state this in either way.
    assert covered in ((coverage,) if 0 < coverage < len(datagram) else (0, len(datagram)))
    assert checksum == checksum_of(family, datagram, covered or len(datagram))


@over_both
def test_damage(open_bound, open_socket, family):
    """Damage beyond the coverage arrives with the data; a datagram with damage within it does not
    arrive."""
    forger = open_socket(family, csocket.SOCK_RAW, csocket.IPPROTO_UDPLITE)
    receiver = open_bound(family)
    port = receiver.getsockname()[1]
    source = 4321
    datagram = bytearray(HEADER.pack(source, port, COVERAGE, 0) + DATA)
    struct.pack_into("!H", datagram, 6, checksum_of(family, datagram, COVERAGE))
    for position, arrives in (COVERAGE - 1, False), (COVERAGE, True), (len(datagram) - 1, True):
        damaged = bytearray(datagram)
        damaged[position] ^= 0xFF
        forger.sendto(damaged, loopback(family))
        if arrives:
            sent = bytes(damaged[HEADER.size :]), loopback(family, source)
            assert receive(receiver) == sent
            assert sent[0] != DATA
        else:
            assert_silent(receiver)


def checksum_of(family, datagram, coverage):
    """The checksum of the pseudo header, with the whole length, and the covered part (RFC 3828,
    3.1)."""
    host = csocket.inet_pton(family, HOSTS[family])
    pseudo = host + host + struct.pack("!II", csocket.IPPROTO_UDPLITE, len(datagram))
    covered = bytearray(datagram[:coverage])
    covered[6:8] = bytes(2)
    data = pseudo + covered + bytes(len(covered) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF) or 0xFFFF


@over_both
def test_resolver(family):
    """getaddrinfo() knows the protocol; socket() and bind() accept its results."""
    ((*made, name, address),) = csocket.getaddrinfo(HOSTS[family], 0, family, *UDPLITE)
    assert made == [family, *UDPLITE]
    assert (name, address) == ("", loopback(family))
    with csocket.socket(*made) as sock:
        sock.bind(address)
        assert sock.getsockname() == loopback(family, sock.getsockname()[1])
        assert sock.proto == csocket.IPPROTO_UDPLITE
