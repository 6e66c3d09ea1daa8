"""Datagram sockets for the tests of batches and segments."""

import array
from contextlib import contextmanager

from in_child import PATIENCE

import csocket

RIGHTS = csocket.SOL_SOCKET, csocket.SCM_RIGHTS
ONE_DESCRIPTOR = [(*RIGHTS, array.array("i", [0]))]
# Room for all ancillary data of the tests.
ENOUGH = 1024

HOSTS = {
    csocket.AF_INET: ("127.0.0.1", 0),
    csocket.AF_INET6: ("::1", 0),
}


@contextmanager
def datagram_pair(family=csocket.AF_UNIX):
    """Two datagram sockets that are connected to each other."""
    if family == csocket.AF_UNIX:
        a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    else:
        a, b = (csocket.socket(family, csocket.SOCK_DGRAM) for _ in range(2))
        for sock in (a, b):
            sock.bind(HOSTS[family])
        a.connect(b.getsockname())
        b.connect(a.getsockname())
    with a, b:
        a.settimeout(PATIENCE)
        b.settimeout(PATIENCE)
        yield a, b


@contextmanager
def udp_strangers():
    """Two UDP sockets that are not connected, and the address of the second."""
    with csocket.socket(type=csocket.SOCK_DGRAM) as a, csocket.socket(type=csocket.SOCK_DGRAM) as b:
        a.bind(("127.0.0.1", 0))
        b.bind(("127.0.0.1", 0))
        b.settimeout(PATIENCE)
        yield a, b, b.getsockname()


def numbered(count):
    return [b"%d" % i for i in range(count)]


def data_of(messages):
    return [message[0] for message in messages]


def descriptors_in(messages):
    return [
        fd
        for _, ancillary, _, _ in messages
        for level, kind, data in ancillary
        if (level, kind) == RIGHTS
        for fd in array.array("i", data)
    ]


def receive(sock, count, bufsize=100, **options):
    """Receive count messages. Over a network interface they may come in several batches."""
    messages = []
    while len(messages) < count:
        messages += sock.recvmmsg(count - len(messages), bufsize, **options)
    return messages


def is_empty(sock):
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        sock.recv(1)
    except BlockingIOError:
        return True
    finally:
        sock.settimeout(timeout)
    return False
