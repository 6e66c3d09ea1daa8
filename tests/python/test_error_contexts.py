"""Contexts of exceptions: one that is raised while another is handled has that as its context."""

import socket as stock

import pytest

import csocket


@pytest.fixture(params=[csocket, stock], ids=["csocket", "stock"])
def module(request):
    return request.param


def fail_to_close(module, monkeypatch, first, second):
    class Socket(module.socket):
        def connect(self, address):
            raise first

        def close(self):
            super().close()
            raise second

    monkeypatch.setattr(module, "socket", Socket)
    module.create_connection(("127.0.0.1", 1))


def fail_to_seek(module, monkeypatch, first, second):
    class File:
        def read(self, size):
            return bytes(2)

        def seek(self, position):
            raise second

    class Socket(module.socket):
        def send(self, data):
            if len(data) < 2:
                raise first
            return 1

    with Socket() as sock:
        sock._sendfile_use_send(File())


def fail_to_note_the_timeout(module, monkeypatch, first, second):
    class Below:
        def recv_into(self, buffer):
            raise first

        def _decref_socketios(self):
            pass

    class File(module.SocketIO):
        @property
        def _timeout_occurred(self):
            return False

        @_timeout_occurred.setter
        def _timeout_occurred(self, value):
            if value:
                raise second

    with File(Below(), "r") as file:
        file.readinto(bytearray(1))


@pytest.fixture(params=[fail_to_close, fail_to_seek, fail_to_note_the_timeout])
def fail(request, module, monkeypatch):
    return lambda *errors: request.param(module, monkeypatch, *errors)


def chain(error):
    """The exception and its contexts: at most five."""
    found = []
    while error and len(found) < 5:
        found.append(error)
        error = error.__context__
    return found


def chain_of_failure(fail, first, second):
    with pytest.raises(type(second)) as caught:
        fail(first, second)
    return chain(caught.value)


def test_second_error(fail):
    first, second = TimeoutError(), KeyError()
    assert chain_of_failure(fail, first, second) == [second, first]


def test_one_error_twice(fail):
    """As mocks do. The error must not be its own context: contextlib.ExitStack would loop for
    ever."""
    error = TimeoutError()
    assert chain_of_failure(fail, error, error) == [error]


def test_second_error_in_the_contexts_of_the_first(fail):
    first, between, second = TimeoutError(), ValueError(), KeyError()
    first.__context__, between.__context__ = between, second
    assert chain_of_failure(fail, first, second) == [second, first, between]


def test_contexts_in_a_circle(fail):
    """A program can make a circle of contexts. The call does not follow it for ever."""
    first, second = TimeoutError(), KeyError()
    circle = ValueError(), IndexError()
    circle[0].__context__, circle[1].__context__ = circle[1], circle[0]
    first.__context__ = circle[0]
    assert chain_of_failure(fail, first, second) == [second, first, *circle, circle[0]]
    circle[0].__context__ = None
