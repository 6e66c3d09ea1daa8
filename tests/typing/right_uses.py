"""Right uses of csocket: type checkers accept them, and the results have these types."""

# pyright: strict

import array
import selectors
from contextlib import closing
from decimal import Decimal
from io import BufferedReader, BufferedRWPair, BufferedWriter, IOBase, TextIOWrapper
from pathlib import Path
from typing import Any, Literal, Self, assert_type

import csocket
import csocket as socket
from csocket import _csocket

Resolved = (
    tuple[Literal[socket.AddressFamily.AF_INET], socket.SocketKind, int, str, tuple[str, int]]
    | tuple[
        Literal[socket.AddressFamily.AF_INET6],
        socket.SocketKind,
        int,
        str,
        tuple[str, int, int, int],
    ]
)
Ancillary = list[tuple[int, int, bytes]]


def options(s: socket.socket, level: int, option: int, size: int) -> None:
    assert_type(s.getsockopt(level, option), int)
    assert_type(s.getsockopt(level, option, 0), int)
    assert_type(s.getsockopt(level, option, 16), bytes)
    assert_type(s.getsockopt(level, option, size), bytes)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, True)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\5\0\0\0")
    s.setsockopt(level, option, memoryview(bytearray(size)))
    s.setsockopt(level, option, array.array("i", [1]))
    s.setsockopt(socket.SOL_ALG, socket.ALG_SET_AEAD_AUTHSIZE, None, 16)


def transfers(s: socket.socket, buffer: bytearray) -> None:
    assert_type(s.send(b"x"), int)
    s.sendall(memoryview(b"x"), socket.MSG_NOSIGNAL | socket.MSG_MORE)
    assert_type(s.sendto(b"x", ("::1", 53, 0, 0)), int)
    assert_type(s.sendto(buffer, socket.MSG_DONTWAIT, ("127.0.0.1", 53)), int)
    assert_type(s.recv(10), bytes)
    assert_type(s.recv(10, socket.MSG_PEEK), bytes)
    assert_type(s.recv_into(buffer, flags=socket.MSG_WAITALL), int)
    assert_type(s.recvfrom(10), tuple[bytes, Any])
    assert_type(s.recvfrom_into(buffer, 5), tuple[int, Any])
    with Path("/dev/zero").open("rb") as file:
        assert_type(s.sendfile(file, offset=1, count=10), int)


def messages(s: socket.socket, fds: array.array[int]) -> None:
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)
    assert_type(s.sendmsg([b"a", bytearray(b"b")], [rights], 0, "/run/socket"), int)
    assert_type(s.sendmsg_afalg([b"a"], op=socket.ALG_OP_ENCRYPT, iv=bytes(16)), int)
    assert_type(s.recvmsg(10, socket.CMSG_SPACE(4)), tuple[bytes, Ancillary, int, Any])
    assert_type(s.recvmsg_into([bytearray(4)]), tuple[int, Ancillary, int, Any])
    assert_type(socket.send_fds(s, [b"x"], [0, 1]), int)
    assert_type(socket.send_fds(s, [b"x"], fds), int)
    assert_type(socket.recv_fds(s, 10, 4), tuple[bytes, list[int], int, Any])


def batches(s: socket.socket, rights: tuple[int, int, bytes]) -> None:
    address = ("127.0.0.1", 5)
    assert_type(s.sendmmsg([b"x", bytearray(1), (b"x", address), ([b"x"], None)]), int)
    assert_type(s.sendmmsg([(b"x", [rights], address)]), int)
    assert_type(s.sendmmsg((b"%d" % i for i in range(5)), socket.MSG_DONTWAIT), int)
    assert_type(s.recvmmsg(5, 5, ancbufsize=5), list[tuple[bytes, Ancillary, int, Any]])
    assert_type(s.recvmmsg_into([bytearray(4)]), list[tuple[int, Ancillary, int, Any]])
    assert_type(s.send_segments(b"xx", 1, address), int)
    assert_type(s.recv_segments(), tuple[list[bytes], Any])
    assert_type(s.recv_segments_into(bytearray(5), 3), tuple[int, int, Any])
    assert_type(socket.gil_policy("release"), Literal["adaptive", "release"])


def files(s: socket.socket, mode: str, size: int) -> None:
    assert_type(s.makefile(), TextIOWrapper)
    assert_type(s.makefile("rw", encoding="utf-8", newline="\r\n"), TextIOWrapper)
    assert_type(s.makefile(mode="w", buffering=1), TextIOWrapper)
    assert_type(s.makefile("rb"), BufferedReader)
    assert_type(s.makefile("b", size), BufferedReader)
    assert_type(s.makefile("wb", -1), BufferedWriter)
    assert_type(s.makefile("rwb"), BufferedRWPair)
    assert_type(s.makefile("rb", 0), socket.SocketIO)
    assert_type(s.makefile("wrb", buffering=0), socket.SocketIO)
    assert_type(s.makefile(mode), IOBase)
    raw = socket.SocketIO(s, "rw")
    assert_type(raw.readinto(bytearray(9)), int | None)
    assert_type(raw.name, int)


def resolving() -> None:
    results = socket.getaddrinfo("localhost", "http", type=socket.SOCK_STREAM)
    assert_type(results, list[Resolved])
    for family, kind, protocol, _, address in results:
        assert_type(address[0], str)
        assert_type(address[1], int)
        with socket.socket(family, kind, protocol) as s:
            s.connect(address)
            assert_type(s.connect_ex(address), int)
    for result in results:
        if result[0] == socket.AddressFamily.AF_INET:
            assert_type(result[4], tuple[str, int])
            host, port = result[4]
        else:
            assert_type(result[4], tuple[str, int, int, int])
            host, port, _, _ = result[4]
        socket.create_connection((host, port))
    first: tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]] = results[0]
    socket.socket(*first[:3]).connect(first[4])
    socket.getaddrinfo(None, 0, flags=socket.AI_PASSIVE | socket.AI_NUMERICHOST)
    socket.getaddrinfo(b"localhost", None, socket.AF_INET6)
    assert_type(socket.getnameinfo(("::1", 80, 0, 0), socket.NI_NUMERICHOST), tuple[str, str])
    assert_type(socket.gethostbyname_ex(b"localhost"), tuple[str, list[str], list[str]])
    assert_type(socket.getservbyname("http", "tcp"), int)
    assert_type(socket.if_nameindex(), list[tuple[int, str]])
    assert_type(socket.if_nametoindex(Path("lo")), int)


def connecting(address: tuple[str, int], timeout: Decimal) -> None:
    assert_type(socket.create_connection(address), socket.socket)
    socket.create_connection(("localhost", "http"), timeout=None, all_errors=True)
    socket.create_connection((None, 80), timeout, ("", 0))
    first, second = socket.socketpair()
    assert_type(first, socket.socket)
    second.settimeout(timeout)
    assert_type(second.gettimeout(), float | None)
    try:
        first.connect(address)
    except (socket.gaierror, socket.herror) as error:
        assert_type(error.errno, int | None)
    except socket.timeout as error:
        assert_type(error, TimeoutError)
    except socket.error as error:
        assert_type(error, OSError)


def serving(family: socket.AddressFamily, anything: Any) -> None:
    with socket.create_server(("", 0), dualstack_ipv6=False, backlog=5) as listener:
        connection, peer = listener.accept()
        assert_type(connection, socket.socket)
        assert_type(peer, Any)
        assert_type(connection.getpeername(), Any)
        assert_type(listener.getsockname(), Any)
        assert_type(listener.family, socket.AddressFamily)
        assert_type(listener.type, socket.SocketKind)
        assert_type(listener.proto, int)
    socket.create_server(("::", 0, 0, 0), family=socket.AF_INET6, dualstack_ipv6=True)
    socket.create_server("/run/socket", family=socket.AF_UNIX)
    socket.create_server(anything, family=family, reuse_port=True)


def addresses(s: socket.socket, whatever: tuple[Any, ...], peer: Any) -> None:
    """Each form of each family, in the order of the documentation."""
    s.bind("/run/socket")
    s.bind(b"\0abstract")
    s.bind(("", 0))
    s.bind((bytearray(b"localhost"), 0))
    s.bind(("fe80::1", 0, 0, 2))
    s.bind((0, 0))  # AF_NETLINK, AF_VSOCK, AF_QIPCRTR
    s.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
    s.bind((socket.TIPC_ADDR_NAME, 1, 2, 0))
    s.bind((socket.TIPC_ADDR_NAMESEQ, 1, 2, 3, socket.TIPC_NODE_SCOPE))
    s.bind(("can0",))
    s.bind(("can0", 0x123, 0x456))
    s.bind(("can0", socket.J1939_NO_NAME, socket.J1939_NO_PGN, socket.J1939_NO_ADDR))
    s.bind((socket.BDADDR_ANY, 1, 0, socket.BDADDR_LE_PUBLIC))
    s.bind(0)
    s.bind((0,))
    s.bind((0, socket.HCI_CHANNEL_USER))
    s.bind("00:00:00:00:00:00")
    s.bind(("hash", "sha256"))
    s.bind(("hash", "sha256", 0, 0))
    s.bind((b"eth0", socket.ETH_P_ALL))
    s.bind(("eth0", socket.ETH_P_IP, socket.PACKET_HOST, socket.ARPHRD_ETHER, bytes(6)))
    s.bind(whatever)
    s.connect(peer)


class Connection(socket.socket):
    """A subclass with its own signatures. Its methods have the types that it declares."""

    def __init__(self, name: str, fileno: int | None = None) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, fileno=fileno)
        self.name_of_peer = name

    def accept(self) -> tuple["Connection", Any]:
        s, peer = super().accept()
        return Connection(str(peer), s.detach()), peer

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        return super().recv(bufsize, flags).upper()

    def twin(self) -> Self:
        return self.dup()


def subclasses() -> None:
    with Connection("peer") as s:
        assert_type(s, Connection)
        assert_type(s.accept()[0], Connection)
        assert_type(s.dup(), Connection)
        assert_type(s.twin(), Connection)


def elsewhere(s: socket.socket) -> None:
    """Functions of the standard library that accept anything with a fileno() or a close()."""
    with selectors.DefaultSelector() as selector, closing(s):
        selector.register(s, selectors.EVENT_READ)
    assert_type(socket.fromfd(s.fileno(), s.family, s.type), socket.socket)
    assert_type(s.detach(), int)


def constants() -> None:
    family: socket.AddressFamily = socket.AF_INET
    flags: socket.MsgFlag = socket.MSG_PEEK | socket.MSG_TRUNC
    kind: socket.SocketKind = socket.SOCK_DGRAM
    info: socket.AddressInfo = socket.AI_PASSIVE | socket.AI_CANONNAME
    number: int = family + kind + flags + info
    assert_type(number + socket.IPPROTO_TCP, int)
    assert_type(socket.BDADDR_ANY, str)
    assert_type(socket.has_ipv6, bool)


def extension(s: _csocket.socket) -> None:
    """The names of _socket, in which families and types are plain ints."""
    assert_type(_csocket.AF_INET, int)
    assert_type(_csocket.SOCK_STREAM, int)
    assert_type(_csocket.IPPROTO_TCP, int)
    assert_type(s.family, int)
    assert_type(s.type, int)
    assert_type(_csocket.SocketType(), _csocket.socket)
    assert_type(_csocket.socketpair(), tuple[_csocket.socket, _csocket.socket])
    found = _csocket.getaddrinfo("localhost", 80)
    assert_type(found[0][:4], tuple[int, int, int, str])


def installing() -> None:
    csocket.install()
    csocket.uninstall()
    assert_type(csocket.__version__, str)
    assert_type(csocket.__all__, list[str])
