"""Exceptions have stock's text, because programs compare it, and a note with the given value."""

import gc
import io
import os
import socket
import sys
import traceback

import pytest

import csocket

AF_CAN, AF_TIPC, AF_ALG, AF_XDP = 29, 30, 38, 44


def raised(call, module):
    with pytest.raises(Exception) as info:
        call(module)
    return info.value


def notes(error):
    return getattr(error, "__notes__", [])


MADE = []


@pytest.fixture(autouse=True)
def closing():
    yield
    while MADE:
        MADE.pop().close()


def kept(sock):
    MADE.append(sock)
    return sock


def udp(module):
    return kept(module.socket(module.AF_INET, module.SOCK_DGRAM))


def tcp(module):
    return kept(module.socket())


def told(module, family, protocol=0):
    """A UDP socket whose object has another family, which the kernel may lack."""
    return kept(module.socket(family, module.SOCK_DGRAM, protocol, udp(module).detach()))


def connect(module, family, address, protocol=0):
    told(module, family, protocol).connect(address)


def closed_file(module):
    file = module.SocketIO(udp(module), "rw")
    file.close()
    return file


# A call that raises in both modules, and the note that csocket adds, or None.

ADDRESSES = {
    "port": (lambda m: connect(m, m.AF_INET, ("127.0.0.1", 70000)), "given 70000"),
    "port beyond any c type": (
        lambda m: connect(m, m.AF_INET6, ("::1", -(2**70))),
        f"given {-(2**70)}",
    ),
    "flowinfo": (lambda m: connect(m, m.AF_INET6, ("::1", 80, 0x100000)), "given 1048576"),
    "port of another type": (
        lambda m: connect(m, m.AF_INET, ("127.0.0.1", "80")),
        "connect(): AF_INET port must be int",
    ),
    "too few parts": (
        lambda m: connect(m, m.AF_INET, ("127.0.0.1",)),
        "connect() was given ('127.0.0.1',)",
    ),
    "too many parts": (
        lambda m: connect(m, m.AF_INET6, ("::1", 80, 0, 0, 0)),
        "connect() was given ('::1', 80, 0, 0, 0)",
    ),
    "no tuple": (lambda m: connect(m, m.AF_INET, "127.0.0.1:80"), "must be (host, port)"),
    "host of another type": (lambda m: connect(m, m.AF_INET, (5, 80)), None),
    "host none": (lambda m: connect(m, m.AF_INET, (None, 80)), None),
    "host that is no name": (
        lambda m: connect(m, m.AF_INET, ("\udc80", 80)),
        "IDNA cannot encode '\\udc80'",
    ),
    "host with a null character": (
        lambda m: connect(m, m.AF_INET, ("a\0b", 80)),
        "given 'a\\x00b'",
    ),
    "broadcast of ipv6": (
        lambda m: connect(m, m.AF_INET6, ("<broadcast>", 80)),
        "connect() was given host '<broadcast>'",
    ),
    "path too long": (
        lambda m: connect(m, m.AF_UNIX, "p" * 200),
        f"connect() was given path {'p' * 200!r}",
    ),
    "path of another type": (
        lambda m: connect(m, m.AF_UNIX, 5),
        "connect(): AF_UNIX path must be str or bytes-like",
    ),
    "netlink form": (lambda m: connect(m, m.AF_NETLINK, ()), "connect() was given ()"),
    "packet protocol": (lambda m: connect(m, m.AF_PACKET, ("lo", 70000)), "given 70000"),
    "can form": (lambda m: connect(m, AF_CAN, (), protocol=1), "connect() was given ()"),
    "interface name too long": (
        lambda m: connect(m, AF_CAN, ("i" * 40,), protocol=1),
        f"connect() was given interface name {'i' * 40!r}",
    ),
    "can protocol": (
        lambda m: connect(m, AF_CAN, ("lo",), protocol=99),
        "no address form for family 29, protocol 99",
    ),
    "tipc address type": (
        lambda m: connect(m, AF_TIPC, (77, 1, 2, 3)),
        "connect() was given addr_type 77",
    ),
    "alg type too long": (
        lambda m: connect(m, AF_ALG, ("t" * 14, "name")),
        "connect() was given type 'tttttttttttttt'",
    ),
    "alg name too long": (
        lambda m: connect(m, AF_ALG, ("type", "n" * 64)),
        f"connect() was given name {'n' * 64!r}",
    ),
    "alg type with a null character": (
        lambda m: connect(m, AF_ALG, ("a\0", "name")),
        "connect() was given type 'a\\x00'",
    ),
    "alg type of another type": (
        lambda m: connect(m, AF_ALG, (5, "name")),
        "connect(): AF_ALG type must be str",
    ),
    "family without a form": (
        lambda m: connect(m, AF_XDP, ("x",)),
        "no address form for family 44, protocol 0",
    ),
}

SOCKETS = {
    "negative descriptor": (lambda m: m.socket(fileno=-5), "given -5"),
    "descriptor that is a float": (lambda m: m.socket(fileno=1.0), None),
    "recv": (lambda m: udp(m).recv(-1), "given -1"),
    "recvfrom": (lambda m: udp(m).recvfrom(-1), "given -1"),
    "recv into": (lambda m: udp(m).recv_into(bytearray(4), -1), "given -1 for a buffer of 4"),
    "recv into too little": (
        lambda m: udp(m).recv_into(bytearray(4), 5),
        "given 5 for a buffer of 4",
    ),
    "recvfrom into too little": (
        lambda m: udp(m).recvfrom_into(bytearray(4), 5),
        "given 5 for a buffer of 4",
    ),
    "recv into bytes": (lambda m: udp(m).recv_into(b"abc"), None),
    "recvfrom into none": (lambda m: udp(m).recvfrom_into(None), None),
    "recvmsg": (lambda m: udp(m).recvmsg(-1), "given -1"),
    "room for ancillary data": (lambda m: udp(m).recvmsg(1, -1), "given -1, must be 0-2147483647"),
    "recvmsg into bytes": (lambda m: udp(m).recvmsg_into([b"abc"]), "bytes is none"),
    "recvmsg into an int": (lambda m: udp(m).recvmsg_into(5), "not int"),
    "sendmsg of an int": (lambda m: udp(m).sendmsg(5), "not int"),
    "ancillary data that is an int": (lambda m: udp(m).sendmsg([b"x"], 5), "not int"),
    "afalg of another family": (lambda m: udp(m).sendmsg_afalg(op=1), None),
    "afalg without op": (
        lambda m: told(m, AF_ALG).sendmsg_afalg(),
        "given None, must be an int that is not negative",
    ),
    "afalg assoclen": (
        lambda m: told(m, AF_ALG).sendmsg_afalg(op=1, assoclen=-1),
        "given -1, must be an int that is not negative",
    ),
    "getsockopt": (lambda m: udp(m).getsockopt(1, 2, 1025), "given 1025, must be 1-1024"),
    "flags that are no int of c": (
        lambda m: udp(m).recv(1, 2**31),
        "given 2147483648, must be -2147483648 to 2147483647",
    ),
    "size that is no size of c": (lambda m: udp(m).recv(2**70), None),
    "timeout": (lambda m: udp(m).settimeout(-1), "given -1, must be None or not negative"),
    "timeout that is no number": (lambda m: m.setdefaulttimeout(float("nan")), None),
}

FUNCTIONS = {
    "inet aton": (
        lambda m: m.inet_aton("1.2.3.4.5"),
        "given '1.2.3.4.5', must be an IPv4 address such as '127.0.0.1'",
    ),
    "inet pton": (
        lambda m: m.inet_pton(m.AF_INET6, "1.2.3.4"),
        "given '1.2.3.4', must be an IPv6 address such as '::1'",
    ),
    "text with a null character": (
        lambda m: m.inet_pton(m.AF_INET, "a\0b"),
        "inet_pton() argument 2 is 'a\\x00b'",
    ),
    "text of another type": (lambda m: m.inet_pton(m.AF_INET, None), None),
    "inet ntoa": (lambda m: m.inet_ntoa(bytes(16)), "given 16 bytes, must be 4"),
    "inet ntop": (lambda m: m.inet_ntop(m.AF_INET6, bytes(4)), "given 4 bytes, must be 16"),
    "inet ntop of another family": (
        lambda m: m.inet_ntop(99, bytes(4)),
        "must be AF_INET or AF_INET6",
    ),
    "cmsg len": (
        lambda m: m.CMSG_LEN(-1),
        "given -1, must not be negative, and give at most 2147483647",
    ),
    "cmsg space": (
        lambda m: m.CMSG_SPACE(-1),
        "given -1, must not be negative, and give at most 2147483647",
    ),
    "service": (lambda m: m.getservbyname("nosuch"), "service 'nosuch', protocol 'any'"),
    "service of a protocol": (
        lambda m: m.getservbyname("http", "nosuch"),
        "service 'http', protocol 'nosuch'",
    ),
    "service on a port": (lambda m: m.getservbyport(0, "udp"), "port 0, protocol 'udp'"),
    "port of no service": (lambda m: m.getservbyport(65536), "given 65536"),
    "protocol": (lambda m: m.getprotobyname("nosuch"), "given 'nosuch'"),
    "gethostbyname of another type": (lambda m: m.gethostbyname(None), None),
    "gethostbyaddr with a null character": (lambda m: m.gethostbyaddr("a\0b"), "given 'a\\x00b'"),
    "getaddrinfo host": (lambda m: m.getaddrinfo(bytearray(b"127.0.0.1"), 80), "given bytearray"),
    "getaddrinfo port": (
        lambda m: m.getaddrinfo("127.0.0.1", 80.0),
        "getaddrinfo(): port must be int, str, bytes or None, not float",
    ),
    "getnameinfo of a text": (lambda m: m.getnameinfo("127.0.0.1", 3), "not str"),
    "getnameinfo form": (
        lambda m: m.getnameinfo(("127.0.0.1",), 3),
        "given ('127.0.0.1',), must be (host, port[, flowinfo[, scope_id]])",
    ),
    "getnameinfo host of another type": (
        lambda m: m.getnameinfo((b"127.0.0.1", 80), 3),
        "given (b'127.0.0.1', 80), must be (host, port[, flowinfo[, scope_id]])",
    ),
    "getnameinfo form of ipv4": (
        lambda m: m.getnameinfo(("127.0.0.1", 80, 0), 3),
        "given ('127.0.0.1', 80, 0), must be (host, port)",
    ),
    "getnameinfo flowinfo": (lambda m: m.getnameinfo(("::1", 80, 0x100000), 3), "given 1048576"),
    "create connection to too little": (
        lambda m: m.create_connection(("127.0.0.1",)),
        "given ('127.0.0.1',)",
    ),
    "create connection to none": (lambda m: m.create_connection(None), None),
    "create server with both stacks": (
        lambda m: m.create_server(("127.0.0.1", 0), family=m.AF_INET, dualstack_ipv6=True),
        "given <AddressFamily.AF_INET: 2>",
    ),
}

FILES = {
    "read closed": (lambda m: closed_file(m).readinto(bytearray(4)), None),
    "write closed": (lambda m: closed_file(m).write(b"x"), None),
    "fileno of closed": (lambda m: closed_file(m).fileno(), None),
    "readable closed": (lambda m: closed_file(m).readable(), None),
    "writable closed": (lambda m: closed_file(m).writable(), None),
    "seekable closed": (lambda m: closed_file(m).seekable(), None),
}

MESSAGES = ADDRESSES | SOCKETS | FUNCTIONS | FILES


@pytest.mark.parametrize("call, note", MESSAGES.values(), ids=MESSAGES)
def test_text_is_stocks(call, note):
    mine, stocks = raised(call, csocket), raised(call, socket)
    assert type(mine) is type(stocks)
    assert str(mine) == str(stocks)
    assert mine.args == stocks.args
    assert notes(mine) == ([note] if note else [])


def test_mode_of_a_file(monkeypatch):
    """Stock's file warns when it is freed after its constructor has refused the mode."""
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: None)
    mine, stocks = (
        raised(lambda module: module.SocketIO(udp(module), "a"), module)
        for module in (csocket, socket)
    )
    assert str(mine) == str(stocks)
    assert mine.__notes__ == ["must be 'r', 'w', 'rw', 'rb', 'wb' or 'rwb'"]
    del stocks
    gc.collect()


# makefile(), sendfile() and descriptors: their texts and notes.

def without_waiting(module):
    sock = tcp(module)
    sock.setblocking(False)
    return sock


TEXTS = {
    "makefile": lambda module: udp(module).makefile("r", buffering=0),
    "mode": lambda module: udp(module).makefile("a"),
    "sendfile of a datagram socket": lambda module: udp(module).sendfile(io.BytesIO()),
    "sendfile of a text file": lambda module: tcp(module).sendfile(kept(open(os.devnull))),
    "sendfile without waiting": lambda module: without_waiting(module).sendfile(io.BytesIO()),
    "count that is negative": lambda module: tcp(module).sendfile(io.BytesIO(), count=-1),
    "count that is a float": lambda module: tcp(module).sendfile(io.BytesIO(), count=1.5),
    "recv_fds": lambda module: module.recv_fds(udp(module), 1, -1),
}


@pytest.mark.parametrize("call", TEXTS.values(), ids=TEXTS)
def test_text_of_files_is_stocks(call):
    mine, stocks = raised(call, csocket), raised(call, socket)
    assert type(mine) is type(stocks)
    assert str(mine) == str(stocks)
    # The exception refers to the file of stock's makefile(), which keeps the socket open.
    del mine, stocks
    gc.collect()


NEWEST = [
    ((3, 14), lambda m: m.htons(-1), "Cannot convert negative int", "given -1, must be 0-65535"),
    (
        (3, 14),
        lambda m: m.ntohs(65536),
        "Python int too large for C uint16_t",
        "given 65536, must be 0-65535",
    ),
    (
        (3, 14),
        lambda m: m.htonl(2**32),
        "Python int too large for C uint32_t",
        "given 4294967296, must be 0-4294967295",
    ),
    (
        (3, 14),
        lambda m: m.if_indextoname(2**32),
        "Python int too large for C unsigned int",
        "given 4294967296, must be 0-4294967295",
    ),
    (
        (3, 14),
        lambda m: udp(m).settimeout(1e20),
        "timestamp out of range for C PyTime_t",
        "timeout 1e+20, must be at most 9223372036 seconds",
    ),
    (
        (3, 15),
        lambda m: udp(m).setsockopt(1, 2, "1"),
        "socket option should be int, bytes-like object or None (got str)",
        None,
    ),
    (
        (3, 15),
        lambda m: udp(m).setsockopt(1, 2, None),
        "setsockopt() requires 4 arguments when the third argument is None",
        None,
    ),
    (
        (3, 15),
        lambda m: udp(m).setsockopt(1, 2, 1, 4),
        "setsockopt() only takes 4 arguments when the third argument is None (got int)",
        None,
    ),
    (
        (3, 15),
        lambda m: udp(m).setsockopt(1, 2, 2**31),
        "signed integer is greater than maximum",
        "given 2147483648, must be -2147483648 to 2147483647",
    ),
]


@pytest.mark.parametrize("since, call, text, note", NEWEST, ids=[row[2] for row in NEWEST])
def test_newest_text(since, call, text, note):
    mine = raised(call, csocket)
    assert str(mine) == text
    assert notes(mine) == ([note] if note else [])
    if sys.version_info >= since:
        assert str(raised(call, socket)) == text


def test_bluetooth_address():
    """A wrong form raises OSError, whose cause tells which part is wrong."""
    sock = told(csocket, csocket.AF_BLUETOOTH, csocket.BTPROTO_RFCOMM)
    with pytest.raises(OSError) as info:
        sock.bind(("00:00:00:00:00:00", "1"))
    assert str(info.value) == "bind(): wrong format"
    assert type(info.value.__cause__) is TypeError
    assert info.value.__cause__.__notes__ == ["bind(): AF_BLUETOOTH channel must be int"]
    with pytest.raises(OSError) as info:
        sock.bind(("nonsense", 1))
    assert str(info.value) == "bad bluetooth address"
    assert info.value.__notes__ == ["bind() was given bdaddr 'nonsense'"]


def test_traceback_shows_the_note():
    error = raised(ADDRESSES["port"][0], csocket)
    assert traceback.format_exception_only(error) == [
        "OverflowError: connect(): port must be 0-65535.\n",
        "given 70000\n",
    ]


class Unspeakable(int):
    def __repr__(self):
        raise ZeroDivisionError


def test_failure_to_describe_what_was_given():
    with csocket.socket() as sock, pytest.raises(ValueError) as info:
        sock.settimeout(Unspeakable(-1))
    assert str(info.value) == "Timeout value out of range"
    assert not hasattr(info.value, "__notes__")


class Unready:
    def __index__(self):
        raise LookupError


@pytest.mark.parametrize("address", [("127.0.0.1", Unready()), (Unready(), 80)])
def test_exception_of_an_argument_is_left_alone(address):
    with csocket.socket() as sock, pytest.raises((LookupError, TypeError)) as info:
        sock.connect(address)
    assert not hasattr(info.value, "__notes__")
