"""Options as ints: those of the standard library's socket module, whatever the kernel's option is."""

import socket
import struct

import pytest

import csocket

ALL_BITS = struct.pack("I", 0xFFFFFFFF)
OPTIONS = {
    "SO_KEEPALIVE": (csocket.SOL_SOCKET, csocket.SO_KEEPALIVE),
    "SO_MARK": (csocket.SOL_SOCKET, csocket.SO_MARK),
    "SO_PRIORITY": (csocket.SOL_SOCKET, csocket.SO_PRIORITY),
    "SO_MAX_PACING_RATE": (csocket.SOL_SOCKET, 47),
    "SO_COOKIE": (csocket.SOL_SOCKET, 57),
    "SO_NETNS_COOKIE": (csocket.SOL_SOCKET, 71),
    "TCP_NOTSENT_LOWAT": (csocket.IPPROTO_TCP, csocket.TCP_NOTSENT_LOWAT),
    "IP_UNICAST_IF": (csocket.IPPROTO_IP, 50),
}
VALUES = [-(2**31), -1, 0, 1, 2**31 - 1]
BEYOND_INT = [-(2**31) - 1, 2**31, 2**32 - 1, 2**63]


def outcome(call, *arguments):
    try:
        return call(*arguments)
    except OSError as error:
        return error.errno, error.strerror


@pytest.mark.parametrize("name", OPTIONS)
def test_options_as_ints(name):
    with csocket.socket() as here, socket.socket() as there:
        for value in [*VALUES, ALL_BITS]:
            assert outcome(here.setsockopt, *OPTIONS[name], value) == outcome(
                there.setsockopt, *OPTIONS[name], value
            )
            read_here = outcome(here.getsockopt, *OPTIONS[name])
            read_there = outcome(there.getsockopt, *OPTIONS[name])
            if "COOKIE" not in name or isinstance(read_there, tuple):
                assert read_here == read_there


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("value", BEYOND_INT)
def test_beyond_an_int(name, value):
    with csocket.socket() as sock, pytest.raises(OverflowError):
        sock.setsockopt(*OPTIONS[name], value)
