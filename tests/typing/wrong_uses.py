"""Wrong uses, which must not pass: a comment that silences no error is an error itself."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

import csocket as socket
from csocket import _csocket


def options(s: socket.socket, size: int) -> None:
    s.setsockopt(1, 2)  # type: ignore[call-overload]
    s.setsockopt(1, 2, "text")  # type: ignore[call-overload]
    s.setsockopt(1, 2, 1.5)  # type: ignore[call-overload]
    s.setsockopt(1, 2, None)  # type: ignore[call-overload]
    s.setsockopt(1, 2, None, None)  # type: ignore[call-overload]
    s.setsockopt(1, 2, b"value", 5)  # type: ignore[call-overload]
    s.setsockopt(level=1, optname=2, value=3)  # type: ignore[call-overload]
    s.getsockopt(1, 2, "4")  # type: ignore[call-overload]
    bytes.hex(s.getsockopt(1, 2))  # type: ignore[arg-type]
    int.bit_length(s.getsockopt(1, 2, size))  # type: ignore[arg-type]


def transfers(s: socket.socket) -> None:
    s.send("text")  # type: ignore[arg-type]
    s.send(data=b"x")  # type: ignore[call-arg]
    s.sendto(b"x")  # type: ignore[call-overload]
    s.sendto("text", ("localhost", 53))  # type: ignore[call-overload]
    s.sendto(b"x", ("localhost", 53), 0)  # type: ignore[call-overload]
    s.sendto(b"x", 0, None)  # type: ignore[call-overload]
    s.sendmsg(b"ab")  # type: ignore[arg-type]
    s.sendmsg([b"x"], [(1, 2)])  # type: ignore[list-item]
    s.sendmsg_afalg([b"x"])  # type: ignore[call-arg]
    s.sendmsg_afalg([b"x"], op=0, iv=None)  # type: ignore[arg-type]
    s.recv()  # type: ignore[call-arg]
    s.recv_into(b"not writable", 1.5)  # type: ignore[arg-type]
    s.recvmsg_into(bytearray(9))  # type: ignore[arg-type]
    s.sendfile("path")  # type: ignore[arg-type]
    socket.send_fds(s, [b"x"], ["0"])  # type: ignore[list-item]
    socket.send_fds(s, [b"x"], [0], 0, ("localhost", 53))  # type: ignore[arg-type]


def files(s: socket.socket) -> None:
    s.makefile("r", -1, "utf-8")  # type: ignore[call-overload]
    s.makefile("r", "utf-8")  # type: ignore[call-overload]
    s.makefile(None)  # type: ignore[call-overload]
    socket.SocketIO(s, "b")  # type: ignore[arg-type]


def addresses(s: socket.socket) -> None:
    s.bind("localhost", 80)  # type: ignore[call-arg]
    s.bind(None)  # type: ignore[arg-type]
    s.bind(["localhost", 80])  # type: ignore[arg-type]
    s.bind((None, 80))  # type: ignore[arg-type]
    s.bind(("localhost", None))  # type: ignore[arg-type]
    s.bind((80, "localhost"))  # type: ignore[arg-type]
    s.bind(("localhost", 80.0))  # type: ignore[arg-type]
    s.bind(("::1", 80, "0"))  # type: ignore[arg-type]
    s.bind(())  # type: ignore[arg-type]
    s.bind((1, 2, 3))  # type: ignore[arg-type]
    s.connect(("eth0", 1, 2, 3, "address"))  # type: ignore[arg-type]
    s.connect_ex(1.5)  # type: ignore[arg-type]


def functions() -> None:
    socket.getaddrinfo("localhost")  # type: ignore[call-arg]
    socket.getaddrinfo(bytearray(b"localhost"), 80)  # type: ignore[arg-type]
    socket.getaddrinfo("localhost", 80, socktype=1)  # type: ignore[call-arg]
    for result in socket.getaddrinfo("localhost", 80):
        if result[0] == socket.AddressFamily.AF_INET6:
            host, port = result[4]  # type: ignore[misc]
    socket.getnameinfo((b"::1", 80), 0)  # type: ignore[arg-type]
    socket.create_connection("localhost", 80)  # type: ignore[arg-type]
    socket.create_connection(("localhost", 80), errors=True)  # type: ignore[call-arg]
    socket.create_connection(("localhost", 80), source_address="")  # type: ignore[arg-type]
    socket.create_server("/run/socket")  # type: ignore[call-overload]
    socket.create_server(("", 0), 5)  # type: ignore[call-overload]
    socket.setdefaulttimeout("1")  # type: ignore[arg-type]
    socket.inet_aton(b"127.0.0.1")  # type: ignore[arg-type]
    socket.inet_ntoa("127.0.0.1")  # type: ignore[arg-type]
    socket.getservbyport(80, None)  # type: ignore[arg-type]
    socket.close("3")  # type: ignore[arg-type]
    socket.fromfd(3)  # type: ignore[call-arg]


def attributes(s: socket.socket) -> None:
    s.family = socket.AF_INET  # type: ignore[misc]
    s.timeout = 5.0  # type: ignore[misc]
    s.settimeout("5")  # type: ignore[arg-type]
    s.set_inheritable("yes")  # type: ignore[arg-type]
    s.peer = None  # type: ignore[attr-defined]
    s.setsockopt(socket.SOL_SOCKET, socket.SO_NO_SUCH_OPTION, 1)  # type: ignore[attr-defined]
    _csocket.AddressFamily(2)  # type: ignore[attr-defined]
    _csocket.AF_INET.name.lower()  # type: ignore[attr-defined]
    socket.socket(family=socket.AF_INET.name)  # type: ignore[arg-type]


class Connection(socket.socket):
    def recv(self, size: str, /) -> str:  # type: ignore[override]
        return size
