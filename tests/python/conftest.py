"""Fixtures of several test files."""

import pytest
from datagrams import datagram_pair, udp_strangers

import csocket


@pytest.fixture
def pair():
    """Two connected sockets, with a timeout so that no call on them waits for ever."""
    a, b = csocket.socketpair()
    with a, b:
        a.settimeout(20)
        b.settimeout(20)
        yield a, b


@pytest.fixture
def unix():
    with datagram_pair() as both:
        yield both


@pytest.fixture
def strangers():
    with udp_strangers() as both:
        yield both
