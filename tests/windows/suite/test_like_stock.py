"""Results and errors that are exactly stock's: the exception, its errno, winerror and text."""

import errno
import itertools
import os
import socket
import sys
import tempfile

import pytest

import csocket


def outcome(module, case):
    """What the case gives, or its exception, without what differs by module or time."""
    sock = module.socket(module.AF_INET, module.SOCK_DGRAM)
    stream = module.socket()
    try:
        result = case(module, sock, stream)
        if isinstance(result, module.socket):
            with result:
                return int(result.family), int(result.type), result.proto
        return result
    except Exception as error:
        kind = type(error).__name__
        return kind, error.args, getattr(error, "errno", None), getattr(error, "winerror", None)
    finally:
        sock.close()
        stream.close()


def closed(method, *args):
    """A case that calls the method of a closed socket."""

    def case(module, sock, stream):
        sock.close()
        return getattr(sock, method)(*args)

    return case


def refused(module, sock, stream):
    return stream.connect(("127.0.0.1", 1))


def refused_ex(module, sock, stream):
    return stream.connect_ex(("127.0.0.1", 1))


def begun(module, sock, stream):
    stream.setblocking(False)
    return stream.connect_ex(("127.0.0.1", 1))


def timed_out(module, sock, stream):
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.01)
    return sock.recv(1)


def would_block(module, sock, stream):
    sock.bind(("127.0.0.1", 0))
    sock.setblocking(False)
    return sock.recv(1)


def in_use(module, sock, stream):
    sock.bind(("127.0.0.1", 0))
    return module.socket(module.AF_INET, module.SOCK_DGRAM).bind(sock.getsockname())


def no_room(module, sock, stream):
    sock.bind(("127.0.0.1", 0))
    sock.sendto(b"long", sock.getsockname())
    return sock.recv(1)


def sending(size, timeout, is_closed):
    """A case that sends a file of that size."""

    def case(module, sock, stream):
        stream.settimeout(timeout)
        if is_closed:
            stream.close()
        with tempfile.TemporaryFile() as file:
            file.write(bytes(size))
            file.seek(0)
            return stream.sendfile(file)

    return case


def exclusive(module, sock, stream):
    stream.setsockopt(module.SOL_SOCKET, module.SO_EXCLUSIVEADDRUSE, 1)
    return stream.getsockopt(module.SOL_SOCKET, module.SO_EXCLUSIVEADDRUSE)


def shared_with_nobody(module, sock, stream):
    return sock.share(1)


def shared_with_itself(module, sock, stream):
    sock.bind(("127.0.0.1", 0))
    with module.fromshare(sock.share(os.getpid())) as other:
        same = other.getsockname() == sock.getsockname()
        return same, int(other.family), int(other.type), other.proto, other.gettimeout()


def inherited(module, sock, stream):
    before = sock.get_inheritable()
    sock.set_inheritable(True)
    return before, sock.get_inheritable(), os.get_handle_inheritable(sock.fileno())


def server_options(module, sock, stream):
    with module.create_server(("127.0.0.1", 0)) as server:
        options = module.SO_REUSEADDR, module.SO_EXCLUSIVEADDRUSE
        return [server.getsockopt(module.SOL_SOCKET, option) for option in options]


def server_in_use(module, sock, stream):
    with module.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        try:
            module.create_server(("127.0.0.1", port))
        except OSError as error:
            return error.errno, error.winerror, error.strerror.replace(str(port), "PORT")


def pair_of(*args):
    def case(module, sock, stream):
        a, b = module.socketpair(*args)
        with a, b:
            a.sendall(b"through")
            names = a.getsockname() == b.getpeername(), b.getsockname() == a.getpeername()
            return b.recv(20), names, int(a.family), int(a.type), a.proto, a.gettimeout()

    return case


CASES = [
    refused,
    refused_ex,
    begun,
    timed_out,
    would_block,
    in_use,
    no_room,
    exclusive,
    shared_with_nobody,
    shared_with_itself,
    inherited,
    server_options,
    server_in_use,
    pair_of(),
    pair_of(socket.AF_INET6),
    pair_of(socket.AF_INET, socket.SOCK_DGRAM),
    pair_of(socket.AF_INET, socket.SOCK_STREAM, 6),
    pair_of(1),
    closed("recv", 1),
    closed("bind", ("127.0.0.1", 0)),
    closed("connect", ("127.0.0.1", 1)),
    closed("connect_ex", ("127.0.0.1", 1)),
    closed("getsockname"),
    *[sending(*how) for how in itertools.product((0, 3), (None, 0), (False, True))],
    closed("share", 1),
    closed("ioctl", socket.SIO_KEEPALIVE_VALS, (1, 1, 1)),
    closed("fileno"),
    closed("detach"),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, (1, 100, 200)),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, (1, 100)),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, [1, 100, 200]),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, 1),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, ("a", 1, 1)),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, (1, 2**40, -1)),
    # Wine has neither; the errors are its own.
    lambda module, sock, stream: sock.ioctl(module.SIO_RCVALL, module.RCVALL_ON),
    lambda module, sock, stream: stream.ioctl(module.SIO_LOOPBACK_FAST_PATH, True),
    lambda module, sock, stream: stream.ioctl(module.SIO_LOOPBACK_FAST_PATH, "on"),
    lambda module, sock, stream: stream.ioctl(module.SIO_RCVALL, None),
    lambda module, sock, stream: stream.ioctl(-1, None),
    lambda module, sock, stream: stream.ioctl(2**40, None),
    lambda module, sock, stream: stream.ioctl("a", None),
    lambda module, sock, stream: stream.ioctl(),
    lambda module, sock, stream: stream.ioctl(1),
    lambda module, sock, stream: stream.ioctl(1, 2, 3),
    lambda module, sock, stream: sock.share("a"),
    lambda module, sock, stream: sock.share(None),
    lambda module, sock, stream: sock.share(2**40),
    lambda module, sock, stream: sock.share(-1),
    lambda module, sock, stream: module.fromshare(b""),
    lambda module, sock, stream: module.fromshare(bytes(628)),
    lambda module, sock, stream: module.fromshare(12),
    lambda module, sock, stream: module.socket(fileno=b"short"),
    lambda module, sock, stream: module.socket(fileno="text"),
    lambda module, sock, stream: module.socket(fileno=-1),
    lambda module, sock, stream: module.socket(fileno=2**31 + 4),
    lambda module, sock, stream: module.socket(fileno=2**40),
    lambda module, sock, stream: module.socket(fileno=2**64),
    lambda module, sock, stream: module.socket(99),
    lambda module, sock, stream: module.socket(module.AF_INET, 99),
    lambda module, sock, stream: module.socket(module.AF_HYPERV),
    lambda module, sock, stream: module.close(99992),
    lambda module, sock, stream: module.close(2**40),
    lambda module, sock, stream: module.close(-1),
    lambda module, sock, stream: module.dup(99992),
    lambda module, sock, stream: module.fromfd(99992, 2, 1),
    lambda module, sock, stream: stream.recv(1),
    lambda module, sock, stream: stream.listen(),
    lambda module, sock, stream: stream.getpeername(),
    lambda module, sock, stream: stream.getsockname(),
    lambda module, sock, stream: stream.shutdown(7),
    lambda module, sock, stream: stream.getsockopt(module.SOL_SOCKET, 12345),
    lambda module, sock, stream: stream.getsockopt(module.SOL_SOCKET, module.SO_TYPE),
    lambda module, sock, stream: stream.getsockopt(module.SOL_SOCKET, module.SO_TYPE, 4),
    lambda module, sock, stream: stream.setsockopt(module.SOL_SOCKET, module.SO_REUSEADDR, b"\1\0\0\0"),
    lambda module, sock, stream: sock.sendto(bytes(70000), ("127.0.0.1", 9)),
    lambda module, sock, stream: sock.sendto(b"", ("127.0.0.1", 70000)),
    lambda module, sock, stream: sock.sendto(b"", ("256.0.0.1", 1)),
    lambda module, sock, stream: module.getaddrinfo("name.invalid", 1),
    lambda module, sock, stream: module.getaddrinfo("127.0.0.1", 1, 99),
    lambda module, sock, stream: module.gethostbyname("name.invalid"),
    lambda module, sock, stream: module.getservbyname("no-such-service"),
    lambda module, sock, stream: module.getservbyname("http", "tcp"),
    lambda module, sock, stream: module.getservbyport(80),
    lambda module, sock, stream: module.getprotobyname("tcp"),
    lambda module, sock, stream: module.getprotobyname("no-such-protocol"),
    lambda module, sock, stream: module.if_nameindex(),
    lambda module, sock, stream: module.if_indextoname(1),
    lambda module, sock, stream: module.gethostname(),
    lambda module, sock, stream: module.has_dualstack_ipv6(),
    lambda module, sock, stream: module.create_server(("127.0.0.1", 0), reuse_port=True),
    lambda module, sock, stream: module.inet_aton("127.1"),
    lambda module, sock, stream: module.inet_ntop(module.AF_INET6, bytes(15) + b"\1"),
    lambda module, sock, stream: module.inet_pton(module.AF_INET6, "::1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: getattr(case, "__name__", None))
def test_same(case):
    if "AF_HYPERV" in case.__code__.co_names and sys.version_info < (3, 12):
        pytest.skip("stock has AF_HYPERV since 3.12")
    assert outcome(csocket, case) == outcome(socket, case)


def broadcast(module, sock, stream):
    return sock.sendto(b"", ("255.255.255.255", 9))


@pytest.mark.parametrize(
    "case, kind, number, winerror",
    [
        (broadcast, "PermissionError", errno.EACCES, 10013),
        (refused, "ConnectionRefusedError", errno.WSAECONNREFUSED, 10061),
        (would_block, "BlockingIOError", errno.EWOULDBLOCK, 10035),
        (closed("recv", 1), "OSError", errno.ENOTSOCK, 10038),
    ],
)
def test_errors_have_both_numbers(case, kind, number, winerror):
    found = outcome(csocket, case)
    assert (found[0], found[2], found[3]) == (kind, number, winerror)


def test_failures_of_the_resolver_have_the_systems_text_as_a_note():
    with pytest.raises(csocket.gaierror, match="getaddrinfo failed") as raised:
        csocket.getaddrinfo("name.invalid", 1)
    assert raised.value.__notes__


EVENTS = [
    lambda module, sock, stream: shared_with_itself(module, sock, stream),
    lambda module, sock, stream: stream.ioctl(module.SIO_KEEPALIVE_VALS, (1, 1, 1)),
    lambda module, sock, stream: sock.bind(("127.0.0.1", 0)),
    lambda module, sock, stream: module.gethostname(),
    pair_of(),
]

heard = []
listening = False


def hear(event, args):
    if listening and event.startswith("socket."):
        plain = [arg for arg in args if isinstance(arg, int | str | bytes | tuple)]
        # A port differs.
        heard.append((event, [arg[:1] if isinstance(arg, tuple) else int(arg) if isinstance(arg, int) else arg for arg in plain]))


sys.addaudithook(hear)


@pytest.mark.parametrize("case", EVENTS)
def test_same_audit_events(case):
    global listening
    records = []
    for module in (socket, csocket):
        listening = True
        outcome(module, case)
        listening = False
        records.append(heard[:])
        heard.clear()
    assert records[0] == records[1] != []
