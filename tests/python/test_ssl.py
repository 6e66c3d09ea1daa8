"""The standard library's ssl over csocket's sockets."""

import pytest
from support import INSTALL, run_in_child

IMPORTS = "import contextlib, os, select, socket, ssl, time\nfrom tls import *\n"


def run(program, first=INSTALL):
    run_in_child(IMPORTS + program, first)


def test_client_and_server():
    run("""
with tls_pair() as (client, server):
    for a, b in ((client, server), (server, client)):
        assert isinstance(a, ssl.SSLSocket) and isinstance(a, csocket.socket)
        assert ssl.SSLSocket.__mro__[1] is csocket.socket
        assert a.getsockname() == b.getpeername()
        assert a.fileno() >= 0 and a.family is csocket.AF_INET and a.type is csocket.SOCK_STREAM
        assert a.gettimeout() == PATIENCE and a.version() == b.version()
        data = os.urandom(300000)
        sending = Background(a.sendall, data)
        assert received(b, len(data)) == data
        sending.result()
        assert a.write(b"written") == 7 and b.read(100) == b"written"
        buffer = bytearray(10)
        a.send(b"into")
        assert b.recv_into(buffer) == 4 and buffer[:4] == b"into" and b.pending() == 0
    assert client.getpeercert()["subject"] == ((("commonName", "localhost"),),)
    assert server.getpeercert() is None and "<ssl.SSLSocket" in repr(client)
    name = ("127.0.0.1", server.getsockname()[1])
    assert client.getpeername() == name
    for function in (client.dup, client.sendmsg, client.recvmsg, client.recvmsg_into):
        fails_with(NotImplementedError, function)
    fails_with(ValueError, client.recv, 10, csocket.MSG_PEEK)
""")


def test_servers_socket_accepts():
    run("""
with socket.create_server(("127.0.0.1", 0)) as plain:
    plain.settimeout(PATIENCE)
    with server_context.wrap_socket(plain, server_side=True) as listener:
        assert plain.fileno() == -1
        accepting = Background(listener.accept)
        raw = socket.socket()
        with client_context.wrap_socket(raw, server_hostname="localhost") as client:
            assert raw.fileno() == -1
            client.connect(listener.getsockname())
            server, address = accepting.result()
            with server:
                assert type(server) is ssl.SSLSocket and address == client.getsockname()
                server.sendall(b"hello")
                assert client.recv(10) == b"hello"
                assert client.shutdown(socket.SHUT_WR) is None
        name = listener.getsockname()
        with client_context.wrap_socket(socket.socket(), server_hostname="localhost") as client:
            accepting = Background(listener.accept)
            assert client.connect_ex(name) == 0
            accepting.result()[0].close()
            fails_with(ValueError, client.connect, name)
with socket.create_server(("127.0.0.1", 0)) as plain:
    with server_context.wrap_socket(plain, server_side=True) as listener:
        accepting = Background(listener.accept)
        shown = ssl.get_server_certificate(listener.getsockname(), ca_certs=CERTIFICATE)
        accepting.result()[0].close()
with open(CERTIFICATE) as file:
    assert shown in file.read()
""")


def test_what_cannot_be_wrapped():
    run("""
with socket.socket(type=socket.SOCK_DGRAM) as sock:
    fails_with(NotImplementedError, client_context.wrap_socket, sock)
with socket.create_server(("127.0.0.1", 0)) as listener:
    fails_with(ValueError, client_context.wrap_socket, listener)
with client_context.wrap_socket(socket.socket(), server_hostname="localhost") as client:
    assert fails_with(OSError, client.getpeername).errno == 107
    assert fails_with(OSError, client.do_handshake).errno == 107
closed = socket.socket()
closed.close()
assert fails_with(OSError, client_context.wrap_socket, closed).errno == 9
""")


def test_without_waiting():
    """Both ends in one thread, by select."""
    run("""
def step(sock, function, *arguments):
    try:
        return function(*arguments)
    except ssl.SSLWantReadError:
        select.select([sock], [], [], 0.01)
    except ssl.SSLWantWriteError:
        select.select([], [sock], [], 0.01)

with tcp_pair() as (client, server):
    client.setblocking(False), server.setblocking(False)
    ends = [
        server_context.wrap_socket(server, server_side=True, do_handshake_on_connect=False),
        client_context.wrap_socket(
            client, server_hostname="localhost", do_handshake_on_connect=False
        ),
    ]
    with ends[0], ends[1]:
        assert [sock.gettimeout() for sock in ends] == [0, 0]
        waiting, deadline = list(ends), time.monotonic() + PATIENCE
        while waiting and time.monotonic() < deadline:
            waiting = [s for s in waiting if step(s, lambda s=s: s.do_handshake() or True) is None]
        assert not waiting
        fails_with(ssl.SSLWantReadError, ends[0].recv, 1)
        data, sent, taken = os.urandom(2000000), 0, bytearray()
        while len(taken) < len(data) and time.monotonic() < deadline:
            if sent < len(data):
                sent += step(ends[0], ends[0].send, memoryview(data)[sent:]) or 0
            taken += step(ends[1], ends[1].recv, 1 << 16) or b""
        assert taken == data
""")


def test_timeouts():
    run("""
with tcp_pair() as (client, _):
    client.settimeout(0.05)
    wrap = lambda: client_context.wrap_socket(client, server_hostname="localhost")
    assert "handshake operation timed out" in str(fails_with(TimeoutError, wrap))
with tls_pair() as (client, server):
    client.settimeout(0.05)
    start = time.monotonic()
    assert "read operation timed out" in str(fails_with(TimeoutError, client.recv, 1))
    assert 0.05 <= time.monotonic() - start < PATIENCE
    big = b"x" * (1 << 25)
    assert "write operation timed out" in str(fails_with(TimeoutError, client.sendall, big))
    client.settimeout(0)
    fails_with(ssl.SSLWantReadError, client.recv, 1)
    client.settimeout(PATIENCE)
    Background(server.sendall, b"late").result()
    assert client.recv(10) == b"late"
socket.setdefaulttimeout(7)
with tls_pair() as (client, server), client.makefile("rb") as file:
    assert client.gettimeout() == PATIENCE
    server.sendall(b"line\\n")
    assert file.readline() == b"line\\n"
""")


def test_files():
    run("""
with tls_pair() as (client, server):
    with server.makefile("rw", newline="\\n") as there, client.makefile("rb") as here:
        there.write("one\\ntwo\\n" + "long" * 50000 + "\\n")
        flushing = Background(there.flush)
        assert here.readline() == b"one\\n" and here.readline() == b"two\\n"
        assert len(here.readline()) == 200001
        flushing.result()
        client.sendall(b"back\\n")
        assert there.readline() == "back\\n"
        client.close()
        assert client.fileno() >= 0 and here.raw.closed is False
    assert client.fileno() == -1
""")


def test_sendfile():
    run("""
import tempfile
data = os.urandom(400001)
with tempfile.TemporaryFile() as file, tls_pair() as (client, server):
    file.write(data)
    file.seek(0)
    sending = Background(server.sendfile, file)
    assert received(client, len(data)) == data
    assert sending.result() == len(data) and file.tell() == len(data)
    assert server.sendfile(file, 10, 20) == 20
    assert client.recv(100) == data[10:30] and file.tell() == 30
""")


def test_unwrap():
    """After unwrap() the data is plain text again."""
    run("""
with tls_pair() as (client, server):
    unwrapping = Background(server.unwrap)
    plain = client.unwrap()
    other = unwrapping.result()
    assert isinstance(plain, csocket.socket) and client.version() is None
    plain.sendall(b"plain")
    assert os.read(other.fileno(), 10) == b"plain"
    fails_with(ValueError, client.unwrap)
    server.send(b"more")
    assert client.recv(10, csocket.MSG_PEEK) == b"more"
""")


def test_detach():
    run("""
with tls_pair() as (client, server):
    fd = client.detach()
    assert client.fileno() == -1
    with csocket.socket(fileno=fd) as taken:
        server.sendall(b"secret")
        taken.settimeout(PATIENCE)
        assert b"secret" not in taken.recv(1000) and taken.getpeername() == server.getsockname()
""")


def test_memory():
    """SSLObject, with plain sockets that carry its bytes."""
    run("""
def carry(sock, tls, into, out, function, *arguments):
    while True:
        try:
            result = function(*arguments)
        except ssl.SSLWantReadError:
            sock.sendall(out.read())
            data = sock.recv(65536)
            into.write(data) if data else into.write_eof()
        else:
            sock.sendall(out.read())
            return result

def end(sock, context, **named):
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(into, out, **named)
    return lambda name, *arguments: carry(sock, tls, into, out, getattr(tls, name), *arguments)

with tcp_pair() as (a, b):
    client = end(a, client_context, server_hostname="localhost")
    server = end(b, server_context, server_side=True)
    shaking = Background(server, "do_handshake")
    client("do_handshake")
    shaking.result()
    reading = Background(server, "read", 100)
    assert client("write", b"in memory") == 9 and reading.result() == b"in memory"
    closing = Background(server, "unwrap")
    client("unwrap")
    closing.result()
""")


def test_ends_of_the_peer():
    run("""
with tls_pair() as (client, server):
    server.close()
    assert client.recv(1) == b""
with tls_pair(suppress_ragged_eofs=False) as (client, server):
    socket.socket(fileno=server.detach()).close()
    # Releases up to 3.11.3 tell OpenSSL to accept such an end as regular.
    if client.context.options & ssl.OP_IGNORE_UNEXPECTED_EOF:
        assert client.recv(1) == b""
    else:
        fails_with(ssl.SSLEOFError, client.recv, 1)
untrusting = ssl.create_default_context()
with tcp_pair() as (client, server):
    accepting = Background(server_context.wrap_socket, server, server_side=True)
    wrap = lambda: untrusting.wrap_socket(client, server_hostname="localhost")
    assert fails_with(ssl.SSLCertVerificationError, wrap).verify_code == 18
    fails_with(ssl.SSLError, accepting.result)
with tls_pair() as (client, server):
    server.close(), client.close()
    for name, argument in (("recv", 1), ("send", b"x"), ("read", 1)):
        fails_with((OSError, ValueError), getattr(client, name), argument)
""")


@pytest.mark.parametrize("timeout", [None, 20], ids=["blocking", "timeout"])
def test_shutdown_and_close_under_a_reader(timeout):
    run(f"""
with tls_pair() as (client, server):
    client.settimeout({timeout})
    reading = Background(client.recv, 1)
    time.sleep(0.05)
    assert reading.is_alive()
    client.shutdown(socket.SHUT_RDWR)
    try:
        assert reading.result() == b""
    except OSError as error:
        assert isinstance(error, (ssl.SSLError, ConnectionError)), error
    client.close()
    assert client.fileno() == -1
""")


def test_threads():
    """Many connections at once; no byte is lost."""
    run("""
data = os.urandom(1000000)
with contextlib.ExitStack() as stack:
    pairs = [stack.enter_context(tls_pair()) for _ in range(6)]
    sending = [Background(client.sendall, data) for client, _ in pairs]
    receiving = [Background(received, server, len(data)) for _, server in pairs]
    assert all(thread.result() == data for thread in receiving)
    assert not any(thread.result() for thread in sending)
""")


def test_server_names_and_callbacks():
    run("""
seen = []
server_context.sni_callback = lambda sock, name, context: seen.append((sock, name))
with tls_pair() as (client, server):
    # OpenSSL gives the object back that it was given.
    assert seen == [(server, "localhost")] and seen[0][0] is server
    client.sendall(b"x")
    assert server.recv(1) == b"x"
seen.clear()
del server
""")


# ssl beyond the reach of install()

LATE = """
import csocket, ssl, warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore", RuntimeWarning)
    csocket.install()
"""


def test_ssl_that_was_there_before():
    """Its sockets are CPython's own. They take over the descriptor of csocket's socket."""
    program = """
import socket
assert socket is csocket
with tls_pair() as (client, server):
    assert isinstance(client, ssl.socket) and not isinstance(client, csocket.socket)
    assert client.family == csocket.AF_INET and client.gettimeout() == PATIENCE
    for a, b in ((client, server), (server, client)):
        a.sendall(b"x" * 100000)
        with b.makefile("rb") as file:
            assert file.read(100000) == b"x" * 100000
    client.settimeout(0.01)
    fails_with(TimeoutError, client.recv, 1)
with csocket.create_server(("127.0.0.1", 0)) as plain:
    with server_context.wrap_socket(plain, server_side=True) as listener:
        accepting = Background(listener.accept)
        raw = csocket.create_connection(listener.getsockname(), PATIENCE)
        with client_context.wrap_socket(raw, server_hostname="localhost") as client:
            server, address = accepting.result()
            with server:
                assert address == client.getsockname()
                server.sendall(b"hello")
                assert client.recv(10) == b"hello"
"""
    run(program, LATE)


def test_side_by_side():
    """Without install() ssl accepts csocket's sockets too, by their descriptors."""
    program = """
import socket as stock
assert stock is not csocket and issubclass(ssl.SSLSocket, stock.socket)
with tls_pair() as (client, server):
    client.sendall(b"x")
    assert server.recv(1) == b"x"
"""
    run(program, first="")
