"""MPTCP over INET and INET6: with a peer that has it too, and with one that has only TCP."""

import errno
import struct
import time

import pytest
from conftest import configure
from internet import HOSTS, connection, exchange, loopback, over_both, pattern
from namespaces import inside, new_namespace
from support import PATIENCE

import csocket

MPTCP = csocket.SOCK_STREAM, csocket.IPPROTO_MPTCP
TCP = csocket.SOCK_STREAM, csocket.IPPROTO_TCP

# The beginning of struct mptcp_info of linux/mptcp.h.
INFO = struct.Struct("=B5x2xIIQ8xQ")
INFO_FIELDS = "subflows", "flags", "token", "written", "received"

CHUNK = pattern(30_000)


def info_of(sock):
    data = sock.getsockopt(csocket.SOL_MPTCP, csocket.MPTCP_INFO, 200)
    return dict(zip(INFO_FIELDS, INFO.unpack_from(data), strict=True))


def assert_multipath(ends):
    details = [info_of(sock) for sock in ends]
    for detail in details:
        assert detail["token"]
        assert not detail["flags"] & csocket.MPTCP_INFO_FLAG_FALLBACK
        assert detail["flags"] & csocket.MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED
    assert details[0]["token"] != details[1]["token"]


def assert_fallback(sock):
    """The kernel has no information on MPTCP, or its flags show the fallback."""
    try:
        flags = info_of(sock)["flags"]
    except OSError as error:
        assert error.errno in (errno.EOPNOTSUPP, errno.ENOPROTOOPT)
    else:
        assert flags & csocket.MPTCP_INFO_FLAG_FALLBACK


@over_both
def test_both_ends_have_it(family):
    with connection(family, *MPTCP) as (client, server):
        for sock in client, server:
            assert sock.proto == csocket.IPPROTO_MPTCP
            assert sock.getsockopt(csocket.SOL_SOCKET, csocket.SO_PROTOCOL) == MPTCP[1]
        start = info_of(client)["received"], info_of(server)["received"]
        for _ in range(10):
            exchange(client, server, CHUNK)
        assert_multipath((client, server))
        # MPTCP's own sequence numbers: one end has received what the other one has written.
        for before, reader, writer in (start[0], client, server), (start[1], server, client):
            received = info_of(reader)["received"]
            assert received == info_of(writer)["written"]
            assert received - before == 10 * (len(CHUNK) + 20)
        client.shutdown(csocket.SHUT_WR)
        assert server.recv(1) == b""
        server.send(b"last")
        assert client.recv(10) == b"last"


@over_both
def test_peer_with_tcp(family):
    """Either end may lack MPTCP; the exchange is the same."""
    with connection(family, *MPTCP, client_kind=(family, *TCP)) as (client, server):
        exchange(client, server, CHUNK)
        assert_fallback(server)
    with connection(family, *TCP, client_kind=(family, *MPTCP)) as (client, server):
        exchange(client, server, CHUNK)
        assert_fallback(client)


def test_second_path():
    """Another address of the client makes a subflow. The sockets keep the addresses of the
    first."""
    with new_namespace() as made, inside(made):
        configure(
            "link set lo up",
            "mptcp limits set subflow 2 add_addr_accepted 2",
            "mptcp endpoint add 127.0.0.2 subflow",
        )
        with connection(csocket.AF_INET, *MPTCP) as (client, server):
            names = client.getsockname(), client.getpeername()
            end = time.monotonic() + PATIENCE
            while info_of(server)["subflows"] < 1 or info_of(client)["subflows"] < 1:
                exchange(client, server, CHUNK)
                assert time.monotonic() < end, "no subflow"
            for _ in range(10):
                exchange(client, server, CHUNK)
            assert_multipath((client, server))
            assert (client.getsockname(), client.getpeername()) == names
            assert (server.getpeername(), server.getsockname()) == names


@over_both
def test_options_of_tcp(family):
    with connection(family, *MPTCP) as (client, _):
        client.setsockopt(csocket.IPPROTO_TCP, csocket.TCP_NODELAY, 1)
        assert client.getsockopt(csocket.IPPROTO_TCP, csocket.TCP_NODELAY) == 1
        assert client.getsockopt(csocket.SOL_SOCKET, csocket.SO_ERROR) == 0


@over_both
def test_file_and_sendfile(family, tmp_path):
    """Everything that works on streams works here."""
    path = tmp_path / "sent"
    path.write_bytes(CHUNK)
    with connection(family, *MPTCP) as (client, server):
        with path.open("rb") as file:
            assert client.sendfile(file) == len(CHUNK)
        with server.makefile("rwb") as file:
            assert file.read(len(CHUNK)) == CHUNK
            file.write(b"line\n")
            file.flush()
        with client.makefile("r") as file:
            assert file.readline() == "line\n"


@over_both
def test_refused(family):
    with csocket.socket(family, *MPTCP) as closed, csocket.socket(family, *MPTCP) as client:
        closed.bind((HOSTS[family], 0))
        client.settimeout(PATIENCE)
        assert client.connect_ex(closed.getsockname()) == errno.ECONNREFUSED


@over_both
def test_resolver(family):
    """getaddrinfo() does not know the protocol. TCP's results have the right addresses."""
    with pytest.raises(csocket.gaierror):
        csocket.getaddrinfo(HOSTS[family], 0, family, *MPTCP)
    ((*_, address),) = csocket.getaddrinfo(HOSTS[family], 0, family, *TCP)
    with csocket.socket(family, *MPTCP) as sock:
        sock.bind(address)
        assert sock.getsockname() == loopback(family, sock.getsockname()[1])
