"""SCTP over INET and INET6: one to one, and one to many."""

import errno
import struct

import pytest
from internet import HOSTS, connection, listener, loopback, over_both, pattern
from support import PATIENCE, os_error

import csocket

ONE_TO_ONE = csocket.SOCK_STREAM, csocket.IPPROTO_SCTP
ONE_TO_MANY = csocket.SOCK_SEQPACKET, csocket.IPPROTO_SCTP

# struct sctp_sndinfo, sctp_rcvinfo, sctp_initmsg, and the beginning of sctp_status (RFC 6458).
SNDINFO = struct.Struct("=HHIII")
RCVINFO = struct.Struct("=HHHxxIIIII")
INITMSG = struct.Struct("=HHHH")
STATUS = struct.Struct("=IiIHHHH")

STREAM, IDENTIFIER = 3, 0x12345678


@over_both
def test_one_to_one(family):
    with connection(family, *ONE_TO_ONE) as (client, server):
        for sock in client, server:
            assert sock.getsockopt(csocket.SOL_SOCKET, csocket.SO_PROTOCOL) == ONE_TO_ONE[1]
            status = sock.getsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_STATUS, 176)
            assert STATUS.unpack_from(status)[1] == csocket.SCTP_ESTABLISHED
        for sender, receiver in (client, server), (server, client):
            for length in 1, 1000, 40000:
                assert sender.send(pattern(length)) == length
            # Each is a separate message.
            for length in 1, 1000, 40000:
                data, ancillary, flags, _ = receiver.recvmsg(65536, 100)
                assert (data, ancillary, flags) == (pattern(length), [], csocket.MSG_EOR)
        client.close()
        assert server.recv(1) == b""


@over_both
def test_addresses_of_messages(family):
    """On a one-to-one socket too, the sender of a message is known."""
    with connection(family, *ONE_TO_ONE) as (client, server):
        client.send(b"x")
        assert server.recvfrom(10) == (b"x", client.getsockname())
        server.sendto(b"y", client.getsockname())
        data, _, _, sender = client.recvmsg(10)
        assert (data, sender) == (b"y", server.getsockname())


@over_both
def test_message_in_parts(family):
    with connection(family, *ONE_TO_ONE) as (client, server):
        client.send(pattern(100))
        data, _, flags, _ = server.recvmsg(60)
        assert (data, flags) == (pattern(100)[:60], 0)
        data, _, flags, _ = server.recvmsg(60)
        assert (data, flags) == (pattern(100)[60:], csocket.MSG_EOR)


@over_both
def test_one_to_many(family):
    """There is no connect(), and yet an association with each peer."""
    with listener(family, *ONE_TO_MANY) as server:
        clients = [csocket.socket(family, *ONE_TO_MANY) for _ in range(2)]
        try:
            for number, client in enumerate(clients):
                client.settimeout(PATIENCE)
                client.bind((HOSTS[family], 0))
                client.sendto(pattern(1000 + number), server.getsockname())
                data, sender = server.recvfrom(2000)
                assert (data, sender) == (pattern(1000 + number), client.getsockname())
                assert sender == loopback(family, sender[1])
            for number, client in enumerate(clients):
                server.sendmsg([b"to ", b"%d" % number], [], 0, client.getsockname())
                data, _, flags, sender = client.recvmsg(2000)
                assert (data, flags) == (b"to %d" % number, csocket.MSG_EOR)
                assert sender == server.getsockname()
            server.settimeout(0)
            with os_error(errno.EOPNOTSUPP):
                server.accept()
        finally:
            for client in clients:
                client.close()


@over_both
def test_streams_and_identifiers(family):
    """The ancillary data of sent and received messages."""

    def prepare(sock):
        sock.setsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_INITMSG, INITMSG.pack(8, 8, 0, 0))
        sock.setsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_RECVRCVINFO, 1)
        sock.setsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_NODELAY, 1)

    with connection(family, *ONE_TO_ONE, prepare=prepare) as (client, server):
        client.send(b"plain")
        info = SNDINFO.pack(STREAM, csocket.SCTP_UNORDERED, csocket.htonl(IDENTIFIER), 0, 0)
        client.sendmsg([b"with ", b"all"], [(csocket.IPPROTO_SCTP, csocket.SCTP_SNDINFO, info)])
        for text, stream, flags, identifier in (
            (b"plain", 0, 0, 0),
            (b"with all", STREAM, csocket.SCTP_UNORDERED, IDENTIFIER),
        ):
            data, ancillary, _, sender = server.recvmsg(100, csocket.CMSG_SPACE(RCVINFO.size))
            assert (data, sender) == (text, client.getsockname())
            ((level, kind, item),) = ancillary
            assert (level, kind) == (csocket.IPPROTO_SCTP, csocket.SCTP_RCVINFO)
            got = RCVINFO.unpack(item)
            assert (got[0], got[2], csocket.ntohl(got[3])) == (stream, flags, identifier)
        with os_error(errno.EINVAL):
            info = SNDINFO.pack(8, 0, 0, 0, 0)
            client.sendmsg([b"x"], [(csocket.IPPROTO_SCTP, csocket.SCTP_SNDINFO, info)])


@over_both
def test_options(family):
    with csocket.socket(family, *ONE_TO_ONE) as sock:
        sock.setsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_INITMSG, INITMSG.pack(7, 9, 2, 300))
        got = sock.getsockopt(csocket.IPPROTO_SCTP, csocket.SCTP_INITMSG, INITMSG.size)
        assert INITMSG.unpack(got) == (7, 9, 2, 300)
        for value in 1, 0:
            sock.setsockopt(csocket.SOL_SCTP, csocket.SCTP_NODELAY, value)
            assert sock.getsockopt(csocket.SOL_SCTP, csocket.SCTP_NODELAY) == value


@over_both
def test_refused(family):
    with listener(family, *ONE_TO_ONE) as server:
        address = server.getsockname()
    with csocket.socket(family, *ONE_TO_ONE) as client:
        client.settimeout(PATIENCE)
        assert client.connect_ex(address) == errno.ECONNREFUSED
        with os_error(errno.ENOTCONN):
            client.getpeername()


@over_both
@pytest.mark.parametrize("kind", [ONE_TO_ONE[0], ONE_TO_MANY[0]], ids=["STREAM", "SEQPACKET"])
def test_resolver(family, kind):
    """getaddrinfo() knows the protocol; socket() and bind() accept its results."""
    ((*made, name, address),) = csocket.getaddrinfo(
        HOSTS[family], 0, family, kind, csocket.IPPROTO_SCTP
    )
    assert made == [family, kind, csocket.IPPROTO_SCTP]
    assert (name, address) == ("", loopback(family))
    with csocket.socket(*made) as sock:
        sock.bind(address)
        assert sock.getsockname() == loopback(family, sock.getsockname()[1])
        assert sock.proto == csocket.IPPROTO_SCTP
