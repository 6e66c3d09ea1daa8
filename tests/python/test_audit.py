"""Audit events: the documented names and arguments, in order, before anything happens."""

import errno
import os
import socket as stock
import sys
from contextlib import contextmanager

import pytest
from descriptors import no_leaked_descriptors, open_descriptors

import csocket


class Refused(Exception):
    pass


class Recorder:
    """Records the socket events while it is on, and can refuse one of them."""

    def __init__(self):
        self.events = None
        self.refused = None
        sys.addaudithook(self.hook)

    def hook(self, name, arguments):
        if self.events is None or not name.startswith("socket."):
            return
        self.events.append((name, arguments))
        if name == self.refused:
            raise Refused(name)

    @contextmanager
    def recording(self, refused=None):
        self.events, self.refused = [], refused
        events = self.events
        try:
            yield events
        finally:
            self.events = None


@pytest.fixture(scope="module")
def recorder():
    # A hook cannot be removed. So there is one for all tests, which does nothing while it is off.
    return Recorder()


@pytest.fixture(params=[csocket, stock], ids=["csocket", "stock"])
def module(request):
    return request.param


@pytest.fixture
def udp(module):
    with module.socket(type=module.SOCK_DGRAM) as sock:
        yield sock


@pytest.fixture
def target(module):
    """A bound datagram socket."""
    with module.socket(type=module.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.05)
        yield sock


ANY = "", 0

# The call on a socket, and the event with its arguments after the socket.
METHODS = {
    "bind": (lambda s, to: s.bind(ANY), "socket.bind", (ANY,)),
    "connect": (lambda s, to: s.connect(to), "socket.connect", ("to",)),
    "connect_ex": (lambda s, to: s.connect_ex(to), "socket.connect", ("to",)),
    "sendto": (lambda s, to: s.sendto(b"x", to), "socket.sendto", ("to",)),
    "sendto with flags": (lambda s, to: s.sendto(b"x", 0, to), "socket.sendto", ("to",)),
    "sendmsg": (lambda s, to: s.sendmsg([b"x"], [], 0, to), "socket.sendmsg", ("to",)),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods(recorder, udp, target, name):
    call, event, arguments = METHODS[name]
    address = target.getsockname()
    with recorder.recording() as events:
        call(udp, address)
    expected = tuple(address if argument == "to" else argument for argument in arguments)
    assert events == [(event, (udp, *expected))]


def test_sendmsg_without_address(recorder, module):
    a, b = module.socketpair()
    with a, b, recorder.recording() as events:
        a.sendmsg([b"x"])
        a.sendmsg([b"x"], [], 0, None)
    assert events == [("socket.sendmsg", (a, None))] * 2


def test_address_is_the_object_that_was_given(recorder, udp):
    address = ("localhost", 0)
    with recorder.recording() as events:
        udp.bind(address)
    assert events[0][1][1] is address


def test_hook_that_initialises_an_accepted_socket(recorder):
    """The socket gets a new descriptor. The connection's descriptor is closed and does not leak."""

    class Initialising(list):
        def append(self, event):
            if event[0] == "socket.__new__":
                recorder.events = None
                event[1][0].__init__(csocket.AF_UNIX)

    with no_leaked_descriptors(), csocket.create_server(("127.0.0.1", 0)) as listener:
        with csocket.create_connection(listener.getsockname()) as client:
            with recorder.recording():
                recorder.events = Initialising()
                connection, _ = listener.accept()
            with connection:
                assert connection.getsockopt(csocket.SOL_SOCKET, csocket.SO_DOMAIN) == csocket.AF_UNIX
                assert connection.family == csocket.AF_UNIX
            assert client.recv(1) == b""


@pytest.mark.parametrize("name", METHODS)
def test_refused_methods_do_nothing(recorder, udp, target, name):
    call, event, _ = METHODS[name]
    before = udp.getsockname()
    with recorder.recording(refused=event), pytest.raises(Refused, match=event):
        call(udp, target.getsockname())
    assert udp.getsockname() == before
    with pytest.raises(OSError) as info:
        udp.getpeername()
    assert info.value.errno == errno.ENOTCONN
    with pytest.raises(TimeoutError):
        target.recv(1)


# Functions without a socket. The hook refuses all of them, so that they query no server.

FUNCTIONS = [
    ("getaddrinfo", ("name.invalid", 80), ("name.invalid", 80, 0, 0, 0)),
    ("getaddrinfo", (b"host", "http", 2, 1, 6, 4), (b"host", "http", 2, 1, 6)),
    ("getaddrinfo", (None, None), (None, None, 0, 0, 0)),
    ("gethostbyname", ("name.invalid",), ("name.invalid",)),
    ("gethostbyname_ex", ("name.invalid",), ("name.invalid",)),
    ("gethostbyaddr", ("127.0.0.1",), ("127.0.0.1",)),
    ("getnameinfo", (("127.0.0.1", 80), 0), (("127.0.0.1", 80),)),
    ("gethostname", (), ()),
    ("sethostname", (b"never set",), (b"never set",)),
    ("getservbyname", ("http",), ("http", None)),
    ("getservbyname", ("http", "tcp"), ("http", "tcp")),
    ("getservbyport", (80,), (80, None)),
    ("getservbyport", (80, "udp"), (80, "udp")),
]


@pytest.mark.parametrize("name, given, expected", FUNCTIONS)
def test_functions(recorder, module, name, given, expected):
    event = "socket." + name.removesuffix("_ex")
    with recorder.recording(refused=event) as events, pytest.raises(Refused):
        getattr(module, name)(*given)
    assert events == [(event, expected)]


def test_sethostname_with_a_str(recorder):
    """The event shows the name in the form that the system gets, as with stock."""
    seen = []
    for module in (csocket, stock):
        with recorder.recording(refused="socket.sethostname") as events, pytest.raises(Refused):
            module.sethostname("n\udc80")
        seen.append(events)
    assert seen[0] == seen[1]


def test_getfqdn_of_nothing(recorder, module):
    with recorder.recording(refused="socket.gethostname") as events, pytest.raises(Refused):
        module.getfqdn()
    assert events == [("socket.gethostname", ())]


# Making sockets


def comparable(events):
    """The events, with "socket" in place of sockets and "port" in place of ports that the system
    chose."""

    def simple(value):
        if isinstance(value, (csocket.SocketType, stock.SocketType)):
            return "socket"
        if isinstance(value, tuple):
            return tuple(simple(item) for item in value)
        return "port" if isinstance(value, int) and value > 1024 else value

    return [(name, simple(arguments)) for name, arguments in events]


def make_socket(module):
    module.socket(module.AF_INET, module.SOCK_DGRAM, 17).close()


def make_default(module):
    module.socket().close()


def adopt(module):
    sock = module.socket()
    module.socket(fileno=sock.detach()).close()


def adopt_with_details(module):
    sock = module.socket()
    module.socket(module.AF_INET, module.SOCK_STREAM, 6, sock.detach()).close()


MAKERS = {
    make_socket: [(2, 2, 17)],
    make_default: [(2, 1, 0)],
    adopt: [(2, 1, 0), (-1, -1, -1)],
    adopt_with_details: [(2, 1, 0), (2, 1, 6)],
}


@pytest.mark.parametrize("make", MAKERS)
def test_new_sockets(recorder, module, make):
    with recorder.recording() as events:
        make(module)
    assert comparable(events) == [
        ("socket.__new__", ("socket", *arguments)) for arguments in MAKERS[make]
    ]
    assert all(isinstance(arguments[0], module.socket) for _, arguments in events)


def make_pair(module):
    for sock in module.socketpair():
        sock.close()


def duplicate(module):
    with module.socket() as sock:
        sock.dup().close()
        module.fromfd(sock.fileno(), 2, 1, 6).close()


def accept(module):
    """Make a server, connect to it, and accept the connection."""
    with module.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with module.create_connection(address, source_address=("127.0.0.1", 0)):
            listener.accept()[0].close()


@pytest.mark.parametrize("call", [make_pair, duplicate, accept])
def test_same_events_as_stock(recorder, call):
    seen = []
    for module in (csocket, stock):
        with recorder.recording() as events:
            call(module)
        seen.append(comparable(events))
    assert seen[0] == seen[1]
    assert seen[0]


@pytest.mark.parametrize("make", [make_socket, make_pair])
def test_refused_sockets_open_nothing(recorder, make):
    with no_leaked_descriptors():
        with recorder.recording(refused="socket.__new__"), pytest.raises(Refused):
            make(csocket)


def test_refused_socket_leaves_the_descriptor_to_the_caller(recorder, module):
    with module.socket() as sock:
        fd = os.dup(sock.fileno())
        with recorder.recording(refused="socket.__new__"), pytest.raises(Refused):
            module.socket(fileno=fd)
        os.close(fd)


def test_refused_duplicates_are_closed(recorder):
    with csocket.socket() as sock:
        for call in (sock.dup, lambda: csocket.fromfd(sock.fileno(), 2, 1)):
            with no_leaked_descriptors():
                with recorder.recording(refused="socket.__new__"), pytest.raises(Refused):
                    call()


def test_refused_accepted_socket_is_closed(recorder):
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        with csocket.create_connection(listener.getsockname()) as client:
            before = open_descriptors()
            with recorder.recording(refused="socket.__new__"), pytest.raises(Refused):
                listener.accept()
            assert open_descriptors() == before
            assert client.recv(1) == b""


@pytest.mark.parametrize("event", ["socket.getaddrinfo", "socket.__new__", "socket.connect"])
def test_refused_create_connection_leaves_nothing_open(recorder, event):
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        with no_leaked_descriptors():
            with recorder.recording(refused=event), pytest.raises(Refused):
                csocket.create_connection(listener.getsockname())


@pytest.mark.parametrize("event", ["socket.__new__", "socket.bind"])
def test_refused_create_server_leaves_nothing_open(recorder, event):
    with no_leaked_descriptors():
        with recorder.recording(refused=event), pytest.raises(Refused):
            csocket.create_server(("127.0.0.1", 0))
