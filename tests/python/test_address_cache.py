"""Addresses that csocket has cached: the values stay right for every later use."""

import random

import pytest

import csocket

LOOPBACK = "127.0.0.1"


@pytest.fixture
def datagram():
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        sock.bind((LOOPBACK, 0))
        sock.settimeout(5)
        yield sock


def test_name_again_and_again(datagram):
    name = datagram.getsockname()
    assert all(datagram.getsockname() == name for _ in range(5))
    assert type(name) is tuple and type(name[0]) is str and type(name[1]) is int


def test_many_addresses():
    """More addresses than the cache holds, in random order: each result is right."""
    socks = []
    for _ in range(300):
        sock = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
        sock.bind((LOOPBACK, 0))
        socks.append((sock, sock.getsockname()))
    chance = random.Random(1)
    for _ in range(2000):
        sock, name = chance.choice(socks)
        other, address = chance.choice(socks)
        assert sock.getsockname() == name
        sock.sendto(b"x", address)
        assert other.recvfrom(10) == (b"x", name)
    for sock, _ in socks:
        sock.close()


def test_same_tuple_for_another_family(datagram):
    address = datagram.getsockname()
    datagram.sendto(b"1", address)
    with csocket.socket(csocket.AF_INET6, csocket.SOCK_DGRAM) as sock:
        with pytest.raises(OSError):
            sock.sendto(b"2", address)
    with csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM) as sock:
        with pytest.raises(TypeError):
            sock.sendto(b"3", address)
    assert datagram.recv(10) == b"1"


def test_value_that_changes_is_asked_each_time(datagram):
    class Port(int):
        def __index__(self):
            raise AssertionError("not asked for an int")

    class Index:
        value = datagram.getsockname()[1]

        def __index__(self):
            return self.value

    port = Index()
    address = (LOOPBACK, port)
    datagram.sendto(b"1", address)
    assert datagram.recv(10) == b"1"
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as other:
        other.bind((LOOPBACK, 0))
        port.value = other.getsockname()[1]
        datagram.sendto(b"2", address)
        other.settimeout(5)
        assert other.recv(10) == b"2"
    datagram.sendto(b"3", (LOOPBACK, Port(datagram.getsockname()[1])))
    assert datagram.recv(10) == b"3"


def test_special_hosts():
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        for _ in range(3):
            with pytest.raises(PermissionError):
                sock.sendto(b"x", ("<broadcast>", 9))
        for _ in range(2):
            with csocket.socket() as other:
                other.bind(("", 0))
                assert other.getsockname()[0] == "0.0.0.0"
