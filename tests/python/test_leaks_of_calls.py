"""No function or method leaks anything, whether it succeeds or fails."""

import atexit
import struct
import sys

import pytest
from leaks import check_no_growth, expect

import csocket

# Enough to show the loss of one block in each call.
REPETITIONS = 1000

# Resets the connection on close. Otherwise the ports in TIME_WAIT would run out.
NO_LINGER = csocket.SOL_SOCKET, csocket.SO_LINGER, struct.pack("ii", 1, 0)

A, B = csocket.socketpair()
A.setblocking(False)
INET = csocket.socket()
FILE = open("/dev/null", "rb")
# Not by a fixture: none runs if no test of this file is chosen.
for item in (A, B, INET, FILE):
    atexit.register(item.close)

NUMERIC = csocket.AI_NUMERICHOST | csocket.AI_NUMERICSERV
ANY = "127.0.0.1", 0


class BadIndex:
    def __index__(self):
        raise LookupError


def send_and(receive):
    B.send(b"data")
    receive()


def rights_there_and_back():
    csocket.send_fds(B, [b"x"], [0, 1])
    for fd in csocket.recv_fds(A, 10, 2)[1]:
        csocket.close(fd)


def server_and_connection():
    with csocket.create_server(ANY) as listener:
        with csocket.create_connection(listener.getsockname(), 5, ANY) as sock:
            listener.accept()[0].close()
            sock.setsockopt(*NO_LINGER)


WORKING = {
    "socket": lambda: csocket.socket().close(),
    "detach": lambda: csocket.close(csocket.socket().detach()),
    "dup": lambda: A.dup().close(),
    "fromfd": lambda: csocket.fromfd(A.fileno(), 1, 1).close(),
    "fileno": lambda: csocket.socket(fileno=csocket.dup(A.fileno())).close(),
    "socketpair": lambda: [sock.close() for sock in csocket.socketpair()],
    "create_connection": server_and_connection,
    "attributes": lambda: (A.family, A.type, A.proto, A.timeout, repr(A), A._io_refs),
    "names": lambda: (A.getsockname(), INET.getsockname()),
    "options": lambda: (INET.getsockopt(1, 2), INET.getsockopt(1, 2, 4)),
    "setsockopt": lambda: (INET.setsockopt(1, 2, 1), INET.setsockopt(1, 2, b"\1\0\0\0")),
    "inheritable": lambda: A.set_inheritable(A.get_inheritable()),
    "settimeout": lambda: (A.settimeout(1.5), A.gettimeout(), A.setblocking(False)),
    "recv": lambda: send_and(lambda: A.recv(100)),
    "recv_into": lambda: send_and(lambda: A.recv_into(bytearray(9))),
    "recvfrom": lambda: send_and(lambda: A.recvfrom(100)),
    "recvfrom_into": lambda: send_and(lambda: A.recvfrom_into(bytearray(9))),
    "recvmsg": lambda: send_and(lambda: A.recvmsg(9, 99)),
    "recvmsg_into": lambda: send_and(lambda: A.recvmsg_into([bytearray(2), bytearray(9)], 99)),
    "sendall": lambda: send_and(lambda: (B.sendall(b"x"), A.recv(10))),
    "sendmsg": lambda: send_and(lambda: (B.sendmsg([b"x", bytearray(1)]), A.recv(10))),
    "sendfile": lambda: B.sendfile(FILE),
    "rights": rights_there_and_back,
    "makefile": lambda: [A.makefile(mode, encoding="utf-8").close() for mode in ("r", "w", "rw")],
    "getaddrinfo": lambda: csocket.getaddrinfo("::1", 80, flags=NUMERIC),
    "getnameinfo": lambda: csocket.getnameinfo(("127.0.0.1", 80), 3),
    "gethostbyname": lambda: csocket.gethostbyname("127.0.0.1"),
    "gethostname": lambda: csocket.gethostname(),
    "services": lambda: (csocket.getservbyname("http", "tcp"), csocket.getservbyport(80)),
    "getprotobyname": lambda: csocket.getprotobyname("tcp"),
    "inet": lambda: csocket.inet_ntoa(csocket.inet_aton("1.2.3.4")),
    "inet6": lambda: csocket.inet_ntop(10, csocket.inet_pton(10, "::1")),
    "byte order": lambda: (csocket.htonl(1), csocket.ntohl(1), csocket.htons(1), csocket.ntohs(1)),
    "CMSG": lambda: (csocket.CMSG_LEN(100_000), csocket.CMSG_SPACE(100_000)),
    "interfaces": lambda: [csocket.if_nametoindex(name) for _, name in csocket.if_nameindex()],
    "default timeout": lambda: csocket.setdefaulttimeout(csocket.getdefaulttimeout()),
    "dir": lambda: dir(csocket),
    "enums": lambda: csocket.AddressFamily(2),
}

FAILING = {
    "socket": [(csocket.socket, "x"), (csocket.socket, -1, -1, -1, -5), (csocket.socket, 1, 1, 99)],
    "socket of a file": [(csocket.socket, -1, -1, -1, 0), (csocket.socket, 1, 1, 0, 10**6)],
    "fromfd": [(csocket.fromfd, 0, 1, "x"), (csocket.fromfd, 10**6, 1, 1)],
    "socketpair": [(csocket.socketpair, 2), (csocket.socketpair, "x")],
    "bind": [(INET.bind, ("127.0.0.1", BadIndex())), (INET.bind, ("é" * 99, 1))],
    "bind of a path": [(A.bind, "x" * 200), (A.bind, "a\0b"), (A.bind, 5)],
    "connect": [(INET.connect, ("", 70000)), (INET.connect, 5), (A.connect, "/nowhere")],
    "accept": [(INET.accept,)],
    "listen": [(A.listen, 2**40), (A.listen, "x")],
    "names": [(INET.getpeername,)],
    "options": [(A.getsockopt, 1, 999), (A.getsockopt, 1, 2, -1), (A.setsockopt, 1, 2, "x")],
    "setsockopt": [(A.setsockopt, 1, 999, b"buffer"), (A.setsockopt, 1, 2, None, -1)],
    "settimeout": [(A.settimeout, "x"), (A.settimeout, -1)],
    "recv": [(A.recv, 100), (A.recv, -1), (A.recv, BadIndex())],
    "recv_into": [(A.recv_into, bytearray(9)), (A.recv_into, b""), (A.recv_into, bytearray(1), 2)],
    "recvfrom": [(A.recvfrom, 100_000), (A.recvfrom_into, bytearray(5), -1)],
    "recvmsg": [(A.recvmsg, 10, 100), (A.recvmsg, 10, -1), (A.recvmsg, -1)],
    "recvmsg_into": [(A.recvmsg_into, [bytearray(9)], 99), (A.recvmsg_into, [bytearray(9), b""])],
    "send": [(INET.send, b"x"), (A.send, None), (A.send, b"x", BadIndex())],
    "sendall": [(INET.sendall, b"x"), (A.sendall, None), (A.sendall, b"x", BadIndex())],
    "sendto": [(INET.sendto, b"x", 5), (INET.sendto, b"x", BadIndex(), ANY)],
    "sendmsg": [(INET.sendmsg, [b"x"]), (A.sendmsg, [b"x", 5])],
    "ancillary data": [(A.sendmsg, [b"x"], [(1, 1, b""), 5]), (A.sendmsg, [b"x"], [(1, 99, b"")])],
    "rights": [(csocket.send_fds, A, [b"x"], [-1]), (csocket.recv_fds, A, 1, 1)],
    "sendfile": [(A.sendfile, FILE, 0, -1), (A.sendfile, sys.stdout), (A.sendfile, 5)],
    "makefile": [(A.makefile, "q"), (A.makefile, "r", 0), (A.makefile, "r", 1, "x")],
    "create_connection": [
        (csocket.create_connection, ("127.0.0.1", "x")),
        (csocket.create_connection, ("127.0.0.1", 1), "x"),
        (csocket.create_connection, ("127.0.0.1", 1), 5, ("127.0.0.1", -1)),
    ],
    "create_server": [(csocket.create_server, ("", 70000)), (csocket.create_server, 5)],
    "getaddrinfo": [
        (csocket.getaddrinfo, "x", "80", 0, 0, 0, NUMERIC),
        (csocket.getaddrinfo, 5, 80),
        (csocket.getaddrinfo, "é" * 99, "80"),
        (csocket.getaddrinfo, "::1", object()),
    ],
    "getnameinfo": [(csocket.getnameinfo, ("x", 1, 2, 3, 4), 0), (csocket.getnameinfo, 5, 0)],
    "gethostbyname": [(csocket.gethostbyname, "a\0b"), (csocket.gethostbyname, 5)],
    "services": [(csocket.getservbyname, "no service"), (csocket.getservbyport, -1)],
    "getprotobyname": [(csocket.getprotobyname, "no protocol")],
    "inet": [(csocket.inet_aton, "x"), (csocket.inet_ntoa, b"x"), (csocket.inet_pton, 2, "x")],
    "byte order": [(csocket.htonl, -1), (csocket.ntohs, 2**40), (csocket.htons, BadIndex())],
    "interfaces": [(csocket.if_nametoindex, "no such name"), (csocket.if_indextoname, 2**30)],
    "names of the module": [(getattr, csocket, "no_such_name")],
}


@pytest.mark.parametrize("name", WORKING)
def test_calls_that_work(name):
    check_no_growth(WORKING[name], REPETITIONS, 50)


@pytest.mark.parametrize("name", FAILING)
def test_calls_that_fail(name):
    def call():
        for function, *arguments in FAILING[name]:
            expect(Exception, function, *arguments)

    check_no_growth(call, REPETITIONS, 50)
