"""An OSError has the address that it was raised for, and is otherwise stock's."""

import contextlib
import errno
import pickle
import signal
import socket as stock
import traceback

import pytest

import csocket

# Addresses for documentation (RFC 5737, RFC 2606): no interface of this machine has them.
FOREIGN = ("192.0.2.1", 0)
UNKNOWN = ("name.invalid.", 80)


def raised(call, *arguments):
    with pytest.raises(OSError) as caught:
        call(*arguments)
    return caught.value


@pytest.fixture
def closed_port():
    """An address where nothing listens, reserved for the test."""
    with csocket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()


def datagram_socket():
    return csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)


def test_connect(closed_port):
    with csocket.socket() as sock:
        error = raised(sock.connect, closed_port)
    assert isinstance(error, ConnectionRefusedError)
    assert error.address is closed_port


def test_connect_that_goes_on(closed_port):
    with csocket.create_server(("127.0.0.1", 0)) as server, csocket.socket() as sock:
        sock.setblocking(False)
        address = server.getsockname()
        with contextlib.suppress(BlockingIOError):
            sock.connect(closed_port)
        error = raised(sock.connect, address)
    assert error.address is address


def test_connect_that_times_out():
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(csocket.create_server(("127.0.0.1", 0), backlog=0))
        address = server.getsockname()
        # The queue has room for one or two. The kernel does not answer the others.
        for _ in range(4):
            sock = stack.enter_context(csocket.socket())
            sock.setblocking(False)
            sock.connect_ex(address)
        sock = stack.enter_context(csocket.socket())
        sock.settimeout(0.05)
        error = raised(sock.connect, address)
    assert isinstance(error, TimeoutError)
    assert error.address is address


@pytest.mark.parametrize("address", [UNKNOWN, b"\0" * 200, "x" * 200])
def test_connect_to_what_is_no_address(address):
    family = csocket.AF_INET if isinstance(address, tuple) else csocket.AF_UNIX
    with csocket.socket(family) as sock:
        assert raised(sock.connect, address).address is address


def test_bind():
    with csocket.socket() as sock:
        error = raised(sock.bind, FOREIGN)
    assert error.errno == errno.EADDRNOTAVAIL
    assert error.address is FOREIGN


def test_sendto_and_sendmsg():
    address = ("127.0.0.1", 9)
    data = bytes(70000)
    with datagram_socket() as sock:
        for error in (
            raised(sock.sendto, data, address),
            raised(sock.sendto, data, 0, address),
            raised(sock.sendmsg, [data], [], 0, address),
        ):
            assert error.errno == errno.EMSGSIZE
            assert error.address is address
        assert raised(sock.sendto, b"", UNKNOWN).address is UNKNOWN
        assert raised(sock.sendmsg, [b""], [], 0, UNKNOWN).address is UNKNOWN


def test_without_an_address():
    with datagram_socket() as sock:
        for error in (raised(sock.send, b""), raised(sock.sendmsg, [b""])):
            assert error.errno == errno.EDESTADDRREQ
            assert not hasattr(error, "address")


def test_create_connection(closed_port):
    assert raised(csocket.create_connection, closed_port).address == closed_port
    with pytest.raises(ExceptionGroup) as caught:
        csocket.create_connection(closed_port, all_errors=True)
    assert [error.address for error in caught.value.exceptions] == [closed_port]


def test_create_server():
    error = raised(csocket.create_server, FOREIGN)
    assert error.address == FOREIGN
    assert error.args == raised(stock.create_server, FOREIGN).args


def test_what_a_signal_handler_raises():
    def handler(number, frame):
        raise OSError(errno.EIO, "from the handler")

    with csocket.socket(csocket.AF_UNIX) as server:
        server.bind("")
        server.listen(0)
        address = server.getsockname()
        with csocket.socket(csocket.AF_UNIX) as first, csocket.socket(csocket.AF_UNIX) as second:
            first.connect(address)
            before = signal.signal(signal.SIGALRM, handler)
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                error = raised(second.connect, address)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
    assert not hasattr(error, "address")


def test_otherwise_the_error_of_stock(closed_port):
    with csocket.socket() as here, stock.socket() as there:
        ours, theirs = raised(here.connect, closed_port), raised(there.connect, closed_port)
    assert type(ours) is type(theirs)
    assert ours.args == theirs.args
    assert ours.errno == theirs.errno
    assert (ours.filename, ours.filename2) == (theirs.filename, theirs.filename2)
    assert str(ours) == str(theirs)
    assert traceback.format_exception_only(ours) == traceback.format_exception_only(theirs)


def test_pickled(closed_port):
    with csocket.socket() as sock:
        error = pickle.loads(pickle.dumps(raised(sock.connect, closed_port)))
    assert isinstance(error, ConnectionRefusedError)
    assert error.address == closed_port
