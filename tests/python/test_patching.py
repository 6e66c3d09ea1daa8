"""csocket uses the names of the module and the methods of its type that test tools replace."""

from unittest import mock

import pytest

import csocket

LOOPBACK = "127.0.0.1"


class Subclass(csocket.socket):
    """A class that some programs put in the place of socket."""


@pytest.fixture
def subclass(monkeypatch):
    monkeypatch.setattr(csocket, "socket", Subclass)


@pytest.fixture
def listener():
    with csocket.create_server((LOOPBACK, 0)) as sock:
        yield sock


# Names in the module


def test_socket_is_what_the_functions_make(subclass):
    with csocket.create_server((LOOPBACK, 0)) as listener:
        assert type(listener) is Subclass
        with csocket.create_connection(listener.getsockname()) as client:
            assert type(client) is Subclass
            connection, _ = listener.accept()
            with connection, csocket.fromfd(client.fileno(), 2, 1) as copied:
                assert type(connection) is type(copied) is Subclass
    for sock in csocket.socketpair():
        with sock:
            assert type(sock) is Subclass


def test_sockets_of_before_accept_what_stands_there_now(listener, subclass):
    with csocket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert type(connection) is Subclass


def test_dup_makes_its_own_class():
    with Subclass() as sock, sock.dup() as copied:
        assert type(copied) is Subclass


def test_replaced_socket_is_called_with_the_documented_arguments(monkeypatch):
    fake = mock.Mock()
    monkeypatch.setattr(csocket, "socket", fake)
    sock = csocket.create_connection((LOOPBACK, 9), timeout=3, source_address=("", 5))
    assert sock is fake.return_value
    assert fake.mock_calls == [
        mock.call(csocket.AF_INET, csocket.SOCK_STREAM, csocket.IPPROTO_TCP),
        mock.call().settimeout(3),
        mock.call().bind(("", 5)),
        mock.call().connect((LOOPBACK, 9)),
    ]


def test_socket_that_refuses(monkeypatch):
    """Tools that forbid a test to use the network do this."""
    monkeypatch.setattr(csocket, "socket", mock.Mock(side_effect=RuntimeError("no network")))
    for call in (
        lambda: csocket.create_connection((LOOPBACK, 9)),
        lambda: csocket.create_server((LOOPBACK, 0)),
        lambda: csocket.socketpair(),
        lambda: csocket.fromfd(0, 2, 1),
    ):
        with pytest.raises(RuntimeError, match="no network"):
            call()


def test_getaddrinfo_is_what_create_connection_asks(listener, monkeypatch):
    asked = []

    def getaddrinfo(*arguments, **keywords):
        asked.append((arguments, keywords))
        return [(csocket.AF_INET, csocket.SOCK_STREAM, 6, "", listener.getsockname())]

    monkeypatch.setattr(csocket, "getaddrinfo", getaddrinfo)
    with csocket.create_connection(("name.invalid", 1)) as sock:
        assert sock.getpeername() == listener.getsockname()
    assert asked == [(("name.invalid", 1, 0, csocket.SOCK_STREAM), {})]


def test_create_connection_tries_all_that_getaddrinfo_gives(listener, monkeypatch):
    with csocket.create_server((LOOPBACK, 0)) as gone:
        refusing = gone.getsockname()
    entries = [
        (csocket.AF_INET, csocket.SOCK_STREAM, 6, "", address)
        for address in (refusing, refusing, listener.getsockname())
    ]
    monkeypatch.setattr(csocket, "getaddrinfo", lambda *_: entries)
    with csocket.create_connection(("name.invalid", 1)) as sock:
        assert sock.getpeername() == listener.getsockname()
    del entries[2]
    with pytest.raises(ConnectionRefusedError):
        csocket.create_connection(("name.invalid", 1))
    with pytest.raises(ExceptionGroup) as info:
        csocket.create_connection(("name.invalid", 1), all_errors=True)
    assert [type(error) for error in info.value.exceptions] == [ConnectionRefusedError] * 2
    entries.clear()
    with pytest.raises(OSError, match="getaddrinfo returns an empty list"):
        csocket.create_connection(("name.invalid", 1))


def test_getfqdn_asks_what_stands_in_the_module(monkeypatch):
    monkeypatch.setattr(csocket, "gethostname", lambda: "own")
    monkeypatch.setattr(csocket, "gethostbyaddr", lambda name: (name, [f"{name}.example"], []))
    assert csocket.getfqdn() == "own.example"
    assert csocket.getfqdn(" other ") == "other.example"
    monkeypatch.setattr(csocket, "gethostbyaddr", mock.Mock(side_effect=OSError))
    assert csocket.getfqdn("other") == "other"
    assert csocket.getfqdn() == "own"


def test_has_dualstack_ipv6_is_what_create_server_asks(monkeypatch):
    monkeypatch.setattr(csocket, "has_dualstack_ipv6", lambda: False)
    with pytest.raises(ValueError, match="dualstack_ipv6 not supported"):
        csocket.create_server(("", 0), family=csocket.AF_INET6, dualstack_ipv6=True)


def test_socket_io_is_what_makefile_makes(monkeypatch):
    class Counting(csocket.SocketIO):
        pass

    monkeypatch.setattr(csocket, "SocketIO", Counting)
    with csocket.socket() as sock, sock.makefile("rb", 0) as file:
        assert type(file) is Counting


def test_deleted_name_is_an_error_and_comes_back(monkeypatch):
    with monkeypatch.context() as patch:
        patch.delattr(csocket, "socket")
        with pytest.raises(NameError, match="socket"):
            csocket.create_server((LOOPBACK, 0))
    csocket.create_server((LOOPBACK, 0)).close()


# Methods of the type


@pytest.mark.parametrize("name", ["connect", "recv", "sendall", "close", "makefile", "fileno"])
def test_methods_can_be_replaced(name):
    original = getattr(csocket.socket, name)
    with mock.patch.object(csocket.socket, name, return_value="patched") as patched:
        sock = csocket.socket()
        assert getattr(sock, name)("argument") == "patched"
        patched.assert_called_with("argument")
    assert getattr(csocket.socket, name) is original
    sock.close()


@pytest.fixture
def calls(monkeypatch):
    """A function that replaces a method by one that records (socket, arguments) in a list."""

    def replace(name):
        calls = []
        method = getattr(csocket.socket, name)

        def replacement(sock, *arguments):
            calls.append((sock, arguments))
            return None if name == "connect" else method(sock, *arguments)

        monkeypatch.setattr(csocket.socket, name, replacement)
        return calls

    return replace


def test_replaced_connect_is_used_by_create_connection(calls):
    connects = calls("connect")
    with csocket.create_connection((LOOPBACK, 9)) as sock:
        assert connects == [(sock, ((LOOPBACK, 9),))]


def test_replaced_listen_and_bind_are_used_by_create_server(calls):
    binds, listens = calls("bind"), calls("listen")
    with csocket.create_server((LOOPBACK, 0), backlog=3) as sock:
        assert binds == [(sock, ((LOOPBACK, 0),))]
        assert listens == [(sock, (3,))]


def test_replaced_settimeout_is_used(calls):
    timeouts = calls("settimeout")
    with csocket.socket() as sock, sock.dup() as copied:
        assert timeouts == [(copied, (None,))]


def test_replaced_sendmsg_and_recvmsg_are_used(calls):
    sendings, receivings = calls("sendmsg"), calls("recvmsg")
    a, b = csocket.socketpair()
    with a, b:
        csocket.send_fds(a, [b"x"], [])
        assert csocket.recv_fds(b, 10, 1)[:2] == (b"x", [])
        assert [sock for sock, _ in sendings + receivings] == [a, b]


def test_replaced_recv_into_and_send_are_used_by_files(calls):
    receivings, sendings = calls("recv_into"), calls("send")
    a, b = csocket.socketpair()
    with a, b, b.makefile("wb", 0) as writer, a.makefile("rb", 0) as reader:
        writer.write(b"x")
        assert reader.read(1) == b"x"
    assert [sock for sock, _ in receivings + sendings] == [a, b]


def test_replaced_closing_methods_are_used(calls):
    closings, real_closings = calls("close"), calls("_real_close")
    with csocket.socket() as sock:
        pass
    assert closings == real_closings == [(sock, ())]
    sock = csocket.socket()
    file = sock.makefile("rb")
    sock.close()
    assert (len(closings), len(real_closings)) == (2, 1)
    file.close()
    assert (len(closings), len(real_closings)) == (3, 2)


def test_replaced_constructor_is_used(monkeypatch, listener):
    made = []
    original = csocket.socket.__init__

    def __init__(sock, *arguments, **keywords):
        made.append((arguments, keywords))
        original(sock, *arguments, **keywords)

    monkeypatch.setattr(csocket.socket, "__init__", __init__)
    csocket.socket().close()
    csocket.socket(csocket.AF_INET, type=csocket.SOCK_DGRAM).close()
    csocket.create_connection(listener.getsockname()).close()
    assert made == [
        ((), {}),
        ((csocket.AF_INET,), {"type": csocket.SOCK_DGRAM}),
        ((csocket.AF_INET, csocket.SOCK_STREAM, csocket.IPPROTO_TCP), {}),
    ]


def test_methods_are_csockets_own_again_afterwards(monkeypatch):
    csocket.socket().close()
    for _ in range(3):
        with monkeypatch.context() as patch:
            closings = mock.Mock()
            patch.setattr(csocket.socket, "_real_close", lambda sock: closings())
            with csocket.socket() as sock:
                sock.close()
            assert closings.call_count == 1
        assert sock.fileno() >= 0
        sock.close()
        assert sock.fileno() == -1


def test_attribute_that_is_new_changes_nothing(monkeypatch):
    monkeypatch.setattr(csocket.socket, "label", "mine", raising=False)
    with csocket.socket() as sock:
        assert sock.label == "mine"
    assert sock.fileno() == -1


def test_base_type_cannot_be_changed():
    with pytest.raises(TypeError, match="immutable"):
        csocket.SocketType.connect = None
