"""Fixtures that several of the test files use."""

import pytest

import csocket


@pytest.fixture
def pair():
    """Two connected sockets; nothing on them waits for ever."""
    a, b = csocket.socketpair()
    with a, b:
        a.settimeout(20)
        b.settimeout(20)
        yield a, b
