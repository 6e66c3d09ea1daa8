"""close() while the socket is in use, here and in other threads, and detach()."""

import os
import threading
import time
from contextlib import contextmanager

import pytest
from descriptors import open_descriptors
from support import (
    PATIENCE,
    WITH_AND_WITHOUT_TIMEOUT,
    Background,
    ebadf,
    fill,
    full_listener,
    is_open,
    signals,
    tcp_pair,
    unix_pair,
)

import csocket

# In seconds: the time for a thread to begin its call, and the time by which it must end.
SETTLING = 0.05
SOON = 5
ROUNDS = 100


# Each yields a socket, and a call on it that waits.


def receiving(call, pair=unix_pair):
    @contextmanager
    def case(_):
        with pair() as (a, _):
            yield a, call

    return case


def sending(call, pair=unix_pair):
    @contextmanager
    def case(tmp_path):
        with pair() as (a, _):
            fill(a)
            yield a, lambda sock: call(sock, tmp_path)

    return case


@contextmanager
def accepting(_):
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, lambda sock: sock.accept()


@contextmanager
def connecting(_):
    with full_listener() as listener, csocket.socket() as sock:
        address = listener.getsockname()
        yield sock, lambda sock: sock.connect(address)


def sendfile(sock, tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"content")
    with path.open("rb") as file:
        sock.sendfile(file)


CASES = {
    "recv": receiving(lambda a: a.recv(10)),
    "recv over tcp": receiving(lambda a: a.recv(10), tcp_pair),
    "recv of much": receiving(lambda a: a.recv(1 << 20)),
    "recv_into": receiving(lambda a: a.recv_into(bytearray(10))),
    "recvfrom": receiving(lambda a: a.recvfrom(10)),
    "recvfrom_into": receiving(lambda a: a.recvfrom_into(bytearray(10))),
    "recvmsg": receiving(lambda a: a.recvmsg(10, 100)),
    "recvmsg_into": receiving(lambda a: a.recvmsg_into([bytearray(10)])),
    "send": sending(lambda a, _: a.send(b"x")),
    "send over tcp": sending(lambda a, _: a.send(b"x"), tcp_pair),
    "sendall": sending(lambda a, _: a.sendall(b"x" * (1 << 20))),
    "sendmsg": sending(lambda a, _: a.sendmsg([b"x"])),
    "sendfile": sending(sendfile),
    "accept": accepting,
    "connect": connecting,
}


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@pytest.mark.parametrize("name", CASES)
def test_close_wakes_who_waits(name, timeout, tmp_path):
    with CASES[name](tmp_path) as (sock, call):
        fd = sock.fileno()
        sock.settimeout(timeout)
        waiting = Background(call, sock)
        time.sleep(SETTLING)
        assert waiting.is_alive()
        begin = time.monotonic()
        sock.close()
        with ebadf():
            waiting.result()
        assert time.monotonic() - begin < SOON
        assert sock.fileno() == -1
        assert not is_open(fd)


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_close_wakes_all(timeout):
    with tcp_pair() as (a, _):
        a.settimeout(timeout)
        threads = [Background(a.recv, 10) for _ in range(8)]
        time.sleep(SETTLING)
        a.close()
        for thread in threads:
            with ebadf():
                thread.result()


def test_close_of_the_last_file_wakes_its_reader():
    with tcp_pair() as (a, _):
        file = a.makefile("rb", buffering=0)
        reader = Background(file.read, 10)
        a.close()
        time.sleep(SETTLING)
        assert reader.is_alive()
        file.close()
        with ebadf():
            reader.result()


def test_close_leaves_the_connection_to_others_who_have_it():
    """Waking the threads does not shut the connection down."""
    with unix_pair() as (a, b), a.dup() as copy:
        waiting = Background(a.recv, 10)
        time.sleep(SETTLING)
        a.close()
        with ebadf():
            waiting.result()
        b.send(b"x")
        assert copy.recv(10) == b"x"
        copy.send(b"y")
        assert b.recv(10) == b"y"


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_no_call_goes_over_to_another_socket(timeout):
    """A call on a closed socket never reads from another file that gets its number."""
    for _ in range(ROUNDS):
        a, b = csocket.socketpair()
        entered = threading.Event()
        a.settimeout(timeout)

        def receive():
            entered.set()
            return a.recv(10)

        reader = Background(receive)
        entered.wait(PATIENCE)
        a.close()
        with unix_pair() as (c, d), b:
            c.send(b"c")
            d.send(b"d")
            with ebadf():
                reader.result()
            assert (c.recv(10), d.recv(10)) == (b"d", b"c")


def test_closing_from_many_threads_closes_once():
    before = open_descriptors()
    for _ in range(ROUNDS):
        a, b = csocket.socketpair()
        start = threading.Barrier(4)
        threads = [Background(lambda: (start.wait(), a.close())) for _ in range(4)]
        # It may get the number of the closed one, which slower threads have already read.
        with csocket.socket() as other:
            for thread in threads:
                thread.result()
            assert is_open(other.fileno())
        b.close()
    assert open_descriptors() == before


@pytest.mark.parametrize("policy", ["adaptive", "release"])
def test_initialising_from_many_threads_loses_nothing(policy):
    """The socket keeps the last thread's descriptor; the others are closed."""
    former = csocket.gil_policy(policy)
    before = open_descriptors()
    adopted = csocket.socket(csocket.AF_UNIX)
    with csocket.socket() as sock:

        def initialise(family):
            for number in range(3000):
                if number % 10:
                    sock.__init__(family)
                else:
                    sock.__init__(fileno=adopted.dup().detach())

        families = csocket.AF_INET, csocket.AF_INET6, csocket.AF_UNIX, csocket.AF_INET
        try:
            for thread in [Background(initialise, family) for family in families]:
                thread.result()
        finally:
            csocket.gil_policy(former)
        assert sock.family == sock.getsockopt(csocket.SOL_SOCKET, csocket.SO_DOMAIN)
    adopted.close()
    assert open_descriptors() == before


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_close_in_a_signal_handler(timeout):
    """The call that was interrupted finds its socket closed."""
    with unix_pair() as (a, _):
        a.settimeout(timeout)
        with signals(a.close), ebadf():
            a.recv(10)
        assert a.fileno() == -1


def test_closed_sockets():
    with unix_pair() as (a, _):
        a.close()
        a.close()
        assert "[closed]" in repr(a)
        calls = (
            lambda: a.recv(1),
            lambda: a.send(b"x"),
            lambda: a.sendall(b""),
            lambda: a.getsockname(),
            lambda: a.getsockopt(csocket.SOL_SOCKET, csocket.SO_TYPE),
            lambda: a.shutdown(csocket.SHUT_RD),
            lambda: a.listen(),
            lambda: a.accept(),
            lambda: a.dup(),
        )
        for call in calls:
            with ebadf():
                call()


def test_failure_of_closing_is_raised():
    a, b = csocket.socketpair()
    os.close(a.fileno())
    with b, ebadf():
        a.close()
    assert a.fileno() == -1
    a.close()


def test_detach():
    with unix_pair() as (a, b):
        fd = a.detach()
        assert a.fileno() == -1
        assert a.detach() == -1
        a.close()
        assert is_open(fd)
        with csocket.socket(fileno=fd) as again:
            again.send(b"x")
            assert b.recv(10) == b"x"
        assert not is_open(fd)
