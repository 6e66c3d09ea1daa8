"""DCCP over INET and INET6: datagrams over a connection, for a service."""

import errno

from internet import HOSTS, connection, listener, loopback, over_both, pattern
from support import PATIENCE, os_error

import csocket

DCCP = csocket.SOCK_DCCP, csocket.IPPROTO_DCCP
SERVICE = b"test"


def serve(code):
    def prepare(sock):
        sock.setsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_SERVICE, code)

    return prepare


@over_both
def test_datagrams_of_a_connection(family):
    with connection(family, *DCCP, prepare=serve(SERVICE)) as (client, server):
        for sock in client, server:
            assert sock.getsockopt(csocket.SOL_SOCKET, csocket.SO_PROTOCOL) == DCCP[1]
        for sender, receiver in (client, server), (server, client):
            for length in 1, 100, 1000:
                assert sender.send(pattern(length)) == length
                assert receiver.recv(2000) == pattern(length)
            assert sender.sendmsg([b"in ", b"parts"]) == 8
            assert receiver.recv(5) == b"in pa"
            # The rest of a datagram that was received in part is lost.
            sender.send(b"next")
            assert receiver.recv(100) == b"next"


@over_both
def test_end(family):
    with connection(family, *DCCP, prepare=serve(SERVICE)) as (client, server):
        client.send(b"last")
        assert server.recv(100) == b"last"
        client.close()
        assert server.recv(100) == b""


@over_both
def test_service_code(family):
    """Both ends read the same code back. A client that asks for another one is refused."""
    with connection(family, *DCCP, prepare=serve(SERVICE)) as (client, server):
        for sock in client, server:
            code = sock.getsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_SERVICE, 4)
            assert code == SERVICE
    with (
        listener(family, *DCCP, prepare=serve(SERVICE)) as server,
        csocket.socket(family, *DCCP) as client,
    ):
        client.settimeout(PATIENCE)
        serve(b"none")(client)
        with os_error(errno.EBADRQC):
            client.connect(server.getsockname())


@over_both
def test_several_services(family):
    """The first is the server's own. The others follow in the same option."""
    codes = [b"one ", b"two ", b"more"]
    with listener(family, *DCCP, prepare=serve(b"".join(codes))) as server:
        for code in codes:
            with csocket.socket(family, *DCCP) as client:
                client.settimeout(PATIENCE)
                serve(code)(client)
                client.connect(server.getsockname())
                accepted, peer = server.accept()
                with accepted:
                    assert peer == client.getsockname()
                    accepted.send(code)
                    assert client.recv(100) == code


@over_both
def test_size_of_a_datagram(family):
    with connection(family, *DCCP, prepare=serve(SERVICE)) as (client, server):
        most = client.getsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_GET_CUR_MPS)
        assert client.send(pattern(most)) == most
        assert server.recv(most + 1) == pattern(most)
        with os_error(errno.EMSGSIZE):
            client.send(pattern(most + 1))


@over_both
def test_coverage_of_the_checksum(family):
    """One end asks for it. Once the connection exists, the other end has agreed."""
    coverage = 3

    def prepare(sock):
        serve(SERVICE)(sock)
        sock.setsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_SEND_CSCOV, coverage)

    with connection(family, *DCCP, prepare=prepare) as (client, server):
        for sock in client, server:
            for option in csocket.DCCP_SOCKOPT_SEND_CSCOV, csocket.DCCP_SOCKOPT_RECV_CSCOV:
                assert sock.getsockopt(csocket.SOL_DCCP, option) == coverage
        client.send(pattern(100))
        assert server.recv(100) == pattern(100)


@over_both
def test_congestion_control(family):
    ccid = csocket.DCCPC_CCID2

    def prepare(sock):
        serve(SERVICE)(sock)
        known = sock.getsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_AVAILABLE_CCIDS, 8)
        assert ccid in known
        sock.setsockopt(csocket.SOL_DCCP, csocket.DCCP_SOCKOPT_CCID, bytes([ccid]))

    with connection(family, *DCCP, prepare=prepare) as ends:
        for sock in ends:
            for option in csocket.DCCP_SOCKOPT_TX_CCID, csocket.DCCP_SOCKOPT_RX_CCID:
                assert sock.getsockopt(csocket.SOL_DCCP, option) == ccid


@over_both
def test_refused(family):
    with listener(family, *DCCP, prepare=serve(SERVICE)) as server:
        address = server.getsockname()
    with csocket.socket(family, *DCCP) as client:
        client.settimeout(PATIENCE)
        assert client.connect_ex(address) == errno.ECONNREFUSED


@over_both
def test_resolver(family):
    """getaddrinfo() knows the protocol; socket() and bind() accept its results."""
    ((*made, name, address),) = csocket.getaddrinfo(
        HOSTS[family], 0, family, csocket.SOCK_DCCP, csocket.IPPROTO_DCCP
    )
    assert made == [family, *DCCP]
    assert (name, address) == ("", loopback(family))
    with csocket.socket(*made) as sock:
        sock.bind(address)
        assert sock.getsockname() == loopback(family, sock.getsockname()[1])
        assert sock.proto == csocket.IPPROTO_DCCP
