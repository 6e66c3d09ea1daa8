"""Memory runs out at every point of a call: MemoryError, no leak, no damage."""

import errno
import itertools
import os
import resource
from contextlib import contextmanager, suppress

import pytest
from descriptors import open_descriptors
from support import allocator

import csocket

testcapi = allocator()

# No call here makes more allocations.
ALLOCATIONS = 80
# REUSE_SOCKETS_MAX of python/src/reuse/reuse.h.
FREED_SOCKETS = 8
# More than the interpreter keeps, from 3.14 on.
FREED_INTS = 200
LARGE = 5000
# More than csocket caches.
hosts = itertools.cycle(f"127.0.{high}.{low}" for high in range(1, 9) for low in range(1, 251))
# Sizes that differ from call to call, so that no kept bytes object can be used again.
sizes = itertools.cycle(range(2001, 2100))


@contextmanager
def failing_allocation(number):
    testcapi.set_nomemory(number, number + 1)
    try:
        yield
    finally:
        testcapi.remove_mem_hooks()


def is_for_want_of_memory(error):
    return isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno == errno.ENOMEM
    )


class Scene:
    """Sockets for the calls, and preparations that some calls need."""

    def __init__(self):
        self.a, self.b = csocket.socketpair()
        self.listener = csocket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        self.clients = []
        for sock in (self.a, self.b, self.listener):
            sock.setblocking(False)

    def connect(self):
        self.clients.append(csocket.create_connection(self.address))

    def bind(self):
        """Bind the last client to an address and a host that csocket has not cached."""
        self.clients.append(csocket.socket())
        self.clients[-1].bind((next(hosts), 0))

    def send(self):
        self.b.send(bytes(next(sizes)))

    def send_descriptors(self):
        """Send 99 descriptors, and a pidfd if the kernel can do that."""
        with suppress(OSError):
            self.a.setsockopt(csocket.SOL_SOCKET, csocket.SO_PASSPIDFD, 1)
        csocket.send_fds(self.b, [b"x"], [0] * 99)

    def close(self):
        for sock in (self.a, self.b, self.listener, *self.clients):
            sock.close()


def close_all(socks):
    for sock in socks:
        sock.close()


def close_descriptors(fds):
    for fd in fds:
        csocket.close(fd)


NUMERIC = csocket.AI_NUMERICHOST | csocket.AI_NUMERICSERV
CREDENTIALS = csocket.SOL_SOCKET, csocket.SCM_CREDENTIALS, bytes(12)

# The preparation, the call, and the disposal of its result.
CALLS = {
    "socket": (None, lambda s: csocket.socket(), lambda sock: sock.close()),
    "socketpair": (None, lambda s: csocket.socketpair(), close_all),
    "dup": (None, lambda s: s.a.dup(), lambda sock: sock.close()),
    "dup of a descriptor": (None, lambda s: csocket.dup(s.a.fileno()), csocket.close),
    "detach": (None, lambda s: csocket.fromfd(s.a.fileno(), 1, 1).detach(), csocket.close),
    "fromfd": (None, lambda s: csocket.fromfd(s.a.fileno(), 1, 1), lambda sock: sock.close()),
    "accept": (Scene.connect, lambda s: s.listener.accept(), lambda pair: pair[0].close()),
    "create_server": (
        None,
        lambda s: csocket.create_server(("127.0.0.1", 0)),
        lambda sock: sock.close(),
    ),
    "create_connection": (
        None,
        lambda s: csocket.create_connection(s.address, 5),
        lambda sock: sock.close(),
    ),
    "makefile": (None, lambda s: s.a.makefile("rb", 0), lambda file: file.close()),
    "recv": (Scene.send, lambda s: s.a.recv(LARGE), None),
    "recvfrom": (Scene.send, lambda s: s.a.recvfrom(LARGE), None),
    "recvmsg_into": (
        lambda s: s.b.send(b"x"),
        lambda s: s.a.recvmsg_into([bytearray(1)] * 99, LARGE),
        None,
    ),
    "sendmsg": (None, lambda s: s.b.sendmsg([b"x"] * 99, [(1, 99, b"x" * LARGE)] * 9), None),
    "bind": (None, lambda s: s.a.bind("x" * 200), None),
    "connect": (None, lambda s: s.listener.connect(("127.0.0.1", 10**6)), None),
    "getsockname": (Scene.bind, lambda s: s.clients[-1].getsockname(), None),
    "getsockopt": (None, lambda s: s.listener.getsockopt(1, 2, 1000), None),
    "repr": (None, lambda s: repr(s.listener), None),
    "getaddrinfo": (None, lambda s: csocket.getaddrinfo("::1", 80, flags=NUMERIC), None),
    "getnameinfo": (None, lambda s: csocket.getnameinfo(("127.0.0.1", 80), 3), None),
    "gethostname": (None, lambda s: csocket.gethostname(), None),
    "inet_pton": (None, lambda s: csocket.inet_ntop(10, csocket.inet_pton(10, "::1")), None),
    "if_nameindex": (None, lambda s: csocket.if_nameindex(), None),
    "dir": (None, lambda s: dir(csocket), None),
    "send_fds": (None, lambda s: csocket.send_fds(s.b, [b"x"], [0] * 99), None),
    "recv_fds": (
        Scene.send_descriptors,
        lambda s: csocket.recv_fds(s.a, 1, LARGE),
        lambda answer: close_descriptors(answer[1]),
    ),
}


@pytest.fixture(scope="module", autouse=True)
def enums():
    # While the interpreter makes a class, it does not survive every failure itself.
    for name in csocket.__all__:
        getattr(csocket, name)


@pytest.fixture(scope="module", autouse=True)
def small_descriptors():
    """Takes those whose numbers need no memory, for the interpreter has ints of them."""
    count = next(n for n in itertools.count() if int(str(n)) is not int(str(n)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if count + 500 > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count + 500, hard))
    fds = [os.dup(0)]
    while fds[-1] < count:
        fds.append(os.dup(0))
    yield
    for fd in fds:
        os.close(fd)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("name", CALLS)
def test_call(name):
    prepare, call, finish = CALLS[name]
    failures = 0
    for number in range(ALLOCATIONS):
        scene = Scene()
        if prepare:
            prepare(scene)
        before = open_descriptors()
        # New sockets and ints must not find the memory of freed ones.
        held = [csocket.socket.__new__(csocket.socket) for _ in range(FREED_SOCKETS)]
        held += [int(f"9999{digits}") for digits in range(FREED_INTS)]
        result = error = None
        with failing_allocation(number):
            try:
                result = call(scene)
            except Exception as caught:
                error = caught
        if error and is_for_want_of_memory(error):
            failures += 1
        elif error:
            # The call fails with enough memory too, with an ordinary exception.
            assert isinstance(error, (OSError, ValueError, TypeError, OverflowError)), error
        elif finish:
            finish(result)
        del error, result, held
        assert open_descriptors() == before, f"allocation {number}"
        scene.close()
    assert failures > 0
