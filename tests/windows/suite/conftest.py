"""Tests for Windows that run on CPython for Windows: csocket beside stock."""

import contextlib

import pytest

import csocket


@pytest.fixture
def closing():
    """Closes at the test's end what is given to it."""
    with contextlib.ExitStack() as stack:
        yield lambda sock: stack.enter_context(contextlib.closing(sock))


@pytest.fixture
def listener(closing):
    return closing(csocket.create_server(("127.0.0.1", 0)))


@pytest.fixture
def pair(closing):
    return [closing(sock) for sock in csocket.socketpair()]
