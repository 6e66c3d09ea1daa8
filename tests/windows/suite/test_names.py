"""The names of the module, and their values, beside stock's on this Windows."""

import _socket
import ast
import socket
import sys
from pathlib import Path

import pytest

import csocket

# Newer releases brought these. csocket has them on every release.
SINCE_312 = {
    "AF_HYPERV",
    "HVSOCKET_ADDRESS_FLAG_PASSTHRU",
    "HVSOCKET_CONNECTED_SUSPEND",
    "HVSOCKET_CONNECT_TIMEOUT",
    "HVSOCKET_CONNECT_TIMEOUT_MAX",
    "HV_GUID_BROADCAST",
    "HV_GUID_CHILDREN",
    "HV_GUID_LOOPBACK",
    "HV_GUID_PARENT",
    "HV_GUID_WILDCARD",
    "HV_GUID_ZERO",
    "HV_PROTOCOL_RAW",
    "IP_ADD_SOURCE_MEMBERSHIP",
    "IP_BLOCK_SOURCE",
    "IP_DROP_SOURCE_MEMBERSHIP",
    "IP_PKTINFO",
    "IP_UNBLOCK_SOURCE",
}
SINCE_314 = {
    "IPV6_RECVERR",
    "IP_RECVERR",
    "IP_RECVTTL",
    "SOL_RFCOMM",
    "SO_BTH_ENCRYPT",
    "SO_BTH_MTU",
    "SO_BTH_MTU_MAX",
    "SO_BTH_MTU_MIN",
    "SO_ORIGINAL_DST",
}
NEWER = SINCE_314 | (SINCE_312 if sys.version_info < (3, 12) else set())

# The socket module of stock has these as attributes, and no __all__ lists them.
OF_ERRNO = {"EAGAIN", "EBADF", "EWOULDBLOCK"}


def constants(module):
    """The constants: {name: value}. AF_DECnet has small letters."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, int | str) and (name.isupper() or name == "AF_DECnet") and name[0] != "_"
    }


def test_every_constant_of_stock_with_its_value():
    of_stock = constants(socket)
    assert len(of_stock) > 150
    for name, value in of_stock.items():
        found = getattr(csocket, name)
        assert (found, type(found).__name__) == (value, type(value).__name__), name


def test_the_base_module_has_plain_numbers():
    for name, value in constants(_socket).items():
        found = getattr(csocket._csocket, name)
        assert (found, type(found)) == (value, type(value)), name


def test_no_constant_beyond_stock():
    names = {name for name in csocket.__all__ if name.isupper()} - {"CAPI"}
    assert names - set(constants(socket)) == NEWER


def test_public_names():
    assert set(csocket.__all__) - set(socket.__all__) == NEWER | OF_ERRNO
    assert set(socket.__all__) - set(csocket.__all__) == set()


def test_names_of_the_module():
    assert set(dir(socket)) - set(dir(csocket)) == set()
    assert set(dir(_socket)) - set(dir(csocket._csocket)) == set()


POSIX_ALONE = "AF_UNIX CMSG_LEN CMSG_SPACE send_fds recv_fds sethostname SO_REUSEPORT SCM_RIGHTS".split()


@pytest.mark.parametrize("name", POSIX_ALONE)
def test_names_of_posix_are_absent(name):
    assert not hasattr(socket, name)
    assert not hasattr(csocket, name)


@pytest.mark.parametrize("kind", ["socket", "SocketType"])
def test_methods(kind):
    stock, own = (set(dir(getattr(module, kind))) for module in (socket, csocket))
    # What the interpreter's compiler leaves on a class in Python.
    assert stock - own - {"__firstlineno__", "__static_attributes__", "__slots__", "__weakref__"} == set()
    assert {"ioctl", "share"} < own
    # asyncio takes sendmsg() for a sign of a POSIX system.
    assert own.isdisjoint({"sendmsg", "recvmsg", "recvmsg_into", "sendmsg_afalg"})


def test_error_table():
    assert csocket.errorTab.keys() == socket.errorTab.keys()
    assert all(isinstance(text, str) and text for text in csocket.errorTab.values())


def test_numbers_that_say_would_block():
    assert csocket._blocking_errnos == socket._blocking_errnos


def test_stub():
    """The stub was written for Windows: it has these names, and those alone."""
    stub = (Path(csocket.__file__).parent / "__init__.pyi").read_text(encoding="utf-8")
    lists = [node for node in ast.parse(stub).body if isinstance(node, ast.Assign)]
    (public,) = (node.value for node in lists if ast.unparse(node.targets[0]) == "__all__")
    assert ast.literal_eval(public) == sorted(csocket.__all__)
