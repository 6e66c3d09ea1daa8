"""Addresses of AF_INET, AF_INET6 and AF_UNIX: every form that is accepted or refused."""

import array
import errno
import os
import re
from contextlib import contextmanager

import pytest
from support import told

import csocket

INADDR_LOOPBACK = "127.0.0.1"
LOOPBACK_INDEX = dict((name, index) for index, name in csocket.if_nameindex()).get("lo", 1)


@contextmanager
def bound(family, address):
    with csocket.socket(family, csocket.SOCK_DGRAM) as sock:
        sock.bind(address)
        yield sock


def host_after_binding(family, host):
    with bound(family, (host, 0)) as sock:
        return sock.getsockname()[0]


# AF_INET


@pytest.mark.parametrize(
    "host, expected",
    [
        ("", "0.0.0.0"),
        (b"", "0.0.0.0"),
        ("<broadcast>", "255.255.255.255"),
        ("127.0.0.1", INADDR_LOOPBACK),
        (b"127.0.0.1", INADDR_LOOPBACK),
        (bytearray(b"127.0.0.1"), INADDR_LOOPBACK),
        ("127.1", INADDR_LOOPBACK),
        ("0x7f000001", INADDR_LOOPBACK),
        ("localhost", INADDR_LOOPBACK),
        ("\N{FULLWIDTH LATIN SMALL LETTER L}ocalhost", INADDR_LOOPBACK),
        ("1\N{IDEOGRAPHIC FULL STOP}2.3.4", "1.2.3.4"),
    ],
)
def test_inet_host(host, expected):
    """Checked by getnameinfo() and connect(), because bind() does not accept every address."""
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
        sock.setsockopt(csocket.SOL_SOCKET, csocket.SO_BROADCAST, 1)
        if expected in ("0.0.0.0", "255.255.255.255", INADDR_LOOPBACK):
            sock.bind((host, 0))
            assert sock.getsockname()[0] == expected
        else:
            with pytest.raises(OSError) as info:
                sock.bind((host, 0))
            assert info.value.errno == errno.EADDRNOTAVAIL


def test_host_of_a_subclass_of_str():
    class Host(str):
        pass

    assert host_after_binding(csocket.AF_INET, Host("127.0.0.1")) == INADDR_LOOPBACK


def test_port_of_any_integer():
    class Port:
        def __index__(self):
            return 0

    with bound(csocket.AF_INET, (INADDR_LOOPBACK, Port())) as sock:
        assert sock.getsockname()[1] > 0


# AF_INET6

needs_ipv6 = pytest.mark.skipif(
    not os.path.exists("/proc/net/if_inet6"), reason="the kernel has no IPv6"
)


@needs_ipv6
@pytest.mark.parametrize("host, expected", [("", "::"), ("::1", "::1"), (b"::1", "::1")])
def test_inet6_host(host, expected):
    assert host_after_binding(csocket.AF_INET6, host) == expected


@needs_ipv6
@pytest.mark.parametrize("rest", [(), (0,), (0, 0)])
def test_inet6_parts_may_be_left_out(rest):
    with bound(csocket.AF_INET6, ("::1", 0, *rest)) as sock:
        host, port, flowinfo, scope_id = sock.getsockname()
    assert (host, flowinfo, scope_id) == ("::1", 0, 0)


@needs_ipv6
def test_flowinfo_reaches_the_kernel_and_comes_back():
    """The peer's name keeps the flow label if the socket sends labels."""
    IPV6_FLOWINFO_SEND = 33
    with bound(csocket.AF_INET6, ("::1", 0)) as receiver:
        with csocket.socket(csocket.AF_INET6, csocket.SOCK_DGRAM) as sock:
            host, port = receiver.getsockname()[:2]
            sock.setsockopt(csocket.IPPROTO_IPV6, IPV6_FLOWINFO_SEND, 1)
            for flowinfo in (0, 1, 0xABCDE, 0xFFFFF):
                sock.connect((host, port, flowinfo, 0))
                assert sock.getpeername() == (host, port, flowinfo, 0)


@needs_ipv6
def test_scope_id_reaches_the_kernel():
    """A link-local address cannot be used without the interface that it belongs to."""
    with csocket.socket(csocket.AF_INET6, csocket.SOCK_DGRAM) as sock:
        with pytest.raises(OSError) as info:
            sock.bind(("fe80::1", 0))
        assert info.value.errno == errno.EINVAL
        with pytest.raises(OSError) as info:
            sock.bind(("fe80::1", 0, 0, LOOPBACK_INDEX))
        assert info.value.errno == errno.EADDRNOTAVAIL


@pytest.mark.parametrize("host", ["ff02::1", "fe80::1"])
def test_getaddrinfo_gives_the_scope_as_a_number(host):
    found = csocket.getaddrinfo(f"{host}%lo", 80, type=csocket.SOCK_STREAM)
    assert [entry[4] for entry in found] == [(host, 80, 0, LOOPBACK_INDEX)]


@pytest.mark.parametrize("host", ["ff02::1", "fe80::1"])
def test_getnameinfo_appends_the_scope(host):
    flags = csocket.NI_NUMERICHOST | csocket.NI_NUMERICSERV
    name = csocket.getnameinfo((host, 80, 0, LOOPBACK_INDEX), flags)
    assert name == (f"{host}%lo", "80")
    assert csocket.getnameinfo((host, 80, 0, 0), flags) == (host, "80")


# AF_UNIX


@contextmanager
def unix_socket(address):
    with csocket.socket(csocket.AF_UNIX) as sock:
        sock.bind(address)
        yield sock


FORMS = {
    "str": lambda name: os.fsdecode(name),
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "array": lambda name: array.array("B", name),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [b"plain", "grün".encode(), b"not \xff utf-8"])
def test_unix_path(tmp_path, monkeypatch, form, name):
    """A path given as bytes or str comes back as str, with surrogates for undecodable bytes."""
    monkeypatch.chdir(tmp_path)
    with unix_socket(FORMS[form](name)) as sock:
        assert sock.getsockname() == os.fsdecode(name)
        assert os.listdir(b".") == [name]
        sock.listen()
        with csocket.socket(csocket.AF_UNIX) as client:
            client.connect(sock.getsockname())
            assert client.getpeername() == os.fsdecode(name)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rest", [b"a", b"a\0b\0\0c", b"\0\0", b"\xff" * 99, b"x" * 107])
def test_abstract_name(form, rest):
    """All bytes count, also zeros inside and at the end. The name comes back as bytes."""
    name = b"\0" + rest
    with unix_socket(FORMS[form](name)) as sock:
        assert sock.getsockname() == name
        assert type(sock.getsockname()) is bytes


def test_abstract_names_differ_in_their_zeros():
    with unix_socket(b"\0csocket"), unix_socket(b"\0csocket\0"), unix_socket(b"\0csocket\0\0"):
        with pytest.raises(OSError) as info, unix_socket(b"\0csocket\0"):
            pass
        assert info.value.errno == errno.EADDRINUSE


def test_name_of_unbound_and_autobound_sockets():
    with csocket.socket(csocket.AF_UNIX) as sock:
        assert sock.getsockname() == ""
        sock.bind("")
        name = sock.getsockname()
        assert type(name) is bytes
        assert name[0] == 0


def test_length_of_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("p" * 107, "ü" * 53 + "p"):
        with unix_socket(name) as sock:
            assert sock.getsockname() == name
    for name in ("p" * 108, b"p" * 108, "ü" * 54, "p" * 100_000):
        with pytest.raises(OSError) as info, unix_socket(name):
            pass
        assert str(info.value) == "AF_UNIX path too long"
        assert info.value.errno is None


def test_length_of_abstract_names():
    with unix_socket(b"\0" + b"n" * 107) as sock:
        assert len(sock.getsockname()) == 108
    with pytest.raises(OSError) as info, unix_socket(b"\0" + b"n" * 108):
        pass
    assert str(info.value) == "AF_UNIX path too long"


@pytest.mark.parametrize("name", ["a\0b", b"a\0b", "a\0", bytearray(b"a\0b")])
def test_zero_byte_in_a_path_is_refused(tmp_path, monkeypatch, name):
    """The path is not cut at the zero: it would name another file."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError) as info, unix_socket(name):
        pass
    assert str(info.value) == "embedded null byte"
    assert info.value.__notes__ == [f"bind() was given path {name!r}"]
    assert os.listdir() == []


# Refusals. The texts and notes tell the given value, its argument, and the accepted values.

INET, INET6, UNIX = csocket.AF_INET, csocket.AF_INET6, csocket.AF_UNIX

REFUSALS = [
    (INET, ("", 65536), OverflowError, "port must be 0-65535.\ngiven 65536"),
    (INET, ("", -1), OverflowError, "port must be 0-65535.\ngiven -1"),
    (INET, ("", 2**100), OverflowError, f"port must be 0-65535.\ngiven {2**100}"),
    (INET, ("", "80"), TypeError, "'str' object .* integer\nMETHOD: AF_INET port must be int"),
    (INET, ("", 80.0), TypeError, "'float' object .* integer\nMETHOD: AF_INET port must be int"),
    (INET, (5, 80), TypeError, "str, bytes or bytearray expected, not int"),
    (INET, (None, 80), TypeError, "str, bytes or bytearray expected, not NoneType"),
    (INET, ("a\0b", 80), TypeError, r"host .*null character\ngiven 'a\\x00b'"),
    (INET, (b"a\0b", 80), TypeError, "host .*null character"),
    (INET, ("\ud800", 80), TypeError, "encoding of hostname failed\nIDNA cannot encode"),
    (INET, ("é" * 70, 80), TypeError, "encoding of hostname failed\nIDNA cannot encode"),
    (INET, ("",), TypeError, r"\(host, port\)\nMETHOD was given \('',\)"),
    (INET, ("", 80, 0), TypeError, r"\(host, port\)\nMETHOD was given \('', 80, 0\)"),
    (INET, (), TypeError, r"\(host, port\)\nMETHOD was given \(\)"),
    (INET, ["", 80], TypeError, r"must be tuple, not list\nmust be \(host, port\)"),
    (INET, "localhost:80", TypeError, r"must be tuple, not str\nmust be \(host, port\)"),
    (INET, None, TypeError, r"must be tuple, not NoneType\nmust be \(host, port\)"),
    (INET6, ("", 65536), OverflowError, "port must be 0-65535.\ngiven 65536"),
    (INET6, ("", 80, 2**20), OverflowError, "flowinfo must be 0-1048575.\ngiven 1048576"),
    (INET6, ("", 80, -1), OverflowError, "flowinfo must be 0-1048575.\ngiven -1"),
    (INET6, ("", 80, 0, 2**32), OverflowError, "scope_id must be 0-4294967295.\ngiven 4294967296"),
    (INET6, ("", 80, 0, 0, 0), TypeError, r"\(host, port\[, flowinfo\[, scopeid\]\]\)\nMETHOD was"),
    (INET6, "::1", TypeError, r"must be tuple, not str\nmust be \(host, port\["),
    (UNIX, 5, TypeError, "not 'int'\nMETHOD: AF_UNIX path must be str or bytes-like"),
    (UNIX, ("path",), TypeError, "not 'tuple'\nMETHOD: AF_UNIX path must be str or bytes-like"),
    (UNIX, None, TypeError, "not 'NoneType'\nMETHOD: AF_UNIX path must be str or bytes-like"),
]


@pytest.mark.parametrize("method", ["bind", "connect", "connect_ex", "sendto", "sendmsg"])
@pytest.mark.parametrize("family, address, exception, message", REFUSALS)
def test_refusals(method, family, address, exception, message):
    if family == INET6 and not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("the kernel has no IPv6")
    if method == "sendmsg" and address is None:
        return  # no address is an address there
    with csocket.socket(family, csocket.SOCK_DGRAM) as sock:
        arguments = {"sendto": (b"x",), "sendmsg": ([b"x"], [], 0)}.get(method, ())
        with pytest.raises(exception) as info:
            getattr(sock, method)(*arguments, address)
        assert type(info.value) is exception
        assert re.search(message.replace("METHOD", rf"{method}\(\)"), told(info.value))
        if exception is OverflowError:
            assert str(info.value).startswith(f"{method}(): ")


def test_host_name_longer_than_any():
    with csocket.socket() as sock, pytest.raises(csocket.gaierror) as info:
        sock.bind(("n" * 2000, 0))
    assert info.value.errno == csocket.EAI_NONAME
