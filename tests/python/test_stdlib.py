"""Parts of the standard library at work on csocket, each from end to end.

tests/conformance runs CPython's own suites for them. The programs begin with csocket.install().
"""

import subprocess
import sys

import pytest
from support import PATIENCE, run_in_child

# A loop that does not warn if a busy machine makes it slow.
ASYNCIO = """
import asyncio, os, socket, ssl, tempfile

def run(main):
    async def quietly():
        asyncio.get_running_loop().slow_callback_duration = PATIENCE
        await asyncio.wait_for(main(), PATIENCE)
    asyncio.run(quietly())

def is_ours(transport):
    return isinstance(transport.get_extra_info("socket")._sock, csocket.socket)
"""


def run_asyncio(program):
    run_in_child(f"import csocket\n{ASYNCIO}\n{program}\nrun(main)\n")


def test_asyncio_streams():
    run_asyncio("""
async def echo(reader, writer):
    assert is_ours(writer.transport)
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
    await writer.wait_closed()

async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()

    async def client(number):
        reader, writer = await asyncio.open_connection(*address)
        assert is_ours(writer.transport)
        assert writer.get_extra_info("peername") == address
        data = bytes([number]) * 200000
        writer.write(data)
        writer.write_eof()
        assert await reader.read() == data
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*map(client, range(10)))
    server.close()
    await server.wait_closed()
    try:
        await asyncio.open_connection(*address)
    except ConnectionRefusedError as error:
        assert str(address[1]) in str(error)
""")


def test_asyncio_on_sockets():
    """The loop.sock_* functions."""
    run_asyncio("""
async def main():
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        listener.setblocking(False), client.setblocking(False)
        accepting = loop.create_task(loop.sock_accept(listener))
        await loop.sock_connect(client, listener.getsockname())
        server, address = await accepting
        with server:
            assert address == client.getsockname() and type(server) is csocket.socket
            assert server.gettimeout() == 0
            data = os.urandom(3000000)
            sending = loop.create_task(loop.sock_sendall(server, data))
            taken = bytearray()
            while len(taken) < len(data):
                taken += await loop.sock_recv(client, 1 << 16)
            await sending
            assert taken == data
            with tempfile.TemporaryFile() as file:
                file.write(b"x" * 1000)
                file.flush()
                assert await loop.sock_sendfile(server, file, 10, 500) == 500
            buffer = bytearray(500)
            assert await loop.sock_recv_into(client, buffer) == 500 and buffer == b"x" * 500
            readable = loop.create_future()
            loop.add_reader(client, readable.set_result, True)
            await loop.sock_sendall(server, b"x")
            assert await readable and loop.remove_reader(client)
    a, b = socket.socketpair(type=socket.SOCK_DGRAM)
    with a, b, socket.socket(type=socket.SOCK_DGRAM) as c:
        a.setblocking(False), b.setblocking(False), c.setblocking(False)
        receiving = loop.create_task(loop.sock_recv(a, 10))
        await asyncio.sleep(0)
        await loop.sock_sendall(b, b"x")
        assert await receiving == b"x"
        c.bind(("127.0.0.1", 0))
        receiving = loop.create_task(loop.sock_recvfrom(c, 10))
        await loop.sock_sendto(c, b"y", c.getsockname())
        assert await receiving == (b"y", c.getsockname())
    assert (await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM))[0][4][1] == 80
    assert await loop.getnameinfo(("127.0.0.1", 80), 3) == ("127.0.0.1", "80")
""")


def test_asyncio_cancelling():
    run_asyncio("""
async def main():
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    with a, b:
        a.setblocking(False)
        try:
            await asyncio.wait_for(loop.sock_recv(a, 1), 0.01)
        except TimeoutError:
            pass
        b.send(b"x")
        assert await loop.sock_recv(a, 1) == b"x"
""")


def test_asyncio_datagrams():
    run_asyncio("""
class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport
    def datagram_received(self, data, address):
        self.transport.sendto(data.upper(), address)

class Client(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.get_running_loop().create_future()
    def datagram_received(self, data, address):
        self.received.set_result((data, address))

async def main():
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(Echo, ("127.0.0.1", 0))
    name = server.get_extra_info("sockname")
    client, protocol = await loop.create_datagram_endpoint(Client, remote_addr=name)
    assert is_ours(client)
    client.sendto(b"hello")
    assert await protocol.received == (b"HELLO", name)
    client.close(), server.close()
    await asyncio.sleep(0)
""")


def test_asyncio_unix_and_given_sockets():
    run_asyncio("""
async def greet(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()
    await writer.wait_closed()

async def talk(reader, writer):
    writer.write(b"line\\n")
    assert await reader.read() == b"line\\n"
    writer.close()
    await writer.wait_closed()

async def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        async with await asyncio.start_unix_server(greet, path) as server:
            assert server.sockets[0].family is csocket.AF_UNIX
            await talk(*await asyncio.open_unix_connection(path))
    given = socket.create_server(("127.0.0.1", 0))
    async with await asyncio.start_server(greet, sock=given):
        sock = socket.create_connection(given.getsockname())
        await talk(*await asyncio.open_connection(sock=sock))
    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=b)
    talking = asyncio.create_task(talk(*await asyncio.open_connection(sock=a)))
    await greet(reader, writer)
    await talking
""")


def test_asyncio_over_tls():
    run_asyncio("""
from tls import client_context, server_context

async def serve(reader, writer):
    if await reader.readline() == b"STARTTLS\\n":
        writer.write(b"go on\\n")
        await writer.start_tls(server_context)
    while data := await reader.readline():
        writer.write(data.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()

async def talk(reader, writer):
    assert writer.get_extra_info("peercert")["subject"]
    assert is_ours(writer.transport)
    writer.write(b"x" * 50000 + b"\\n")
    await writer.drain()
    assert await reader.readline() == b"X" * 50000 + b"\\n"
    writer.close()
    await writer.wait_closed()

async def main():
    named = {"ssl": client_context, "server_hostname": "localhost"}
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_context) as server:
        address = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(*address, **named)
        writer.write(b"\\n")
        await talk(reader, writer)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"STARTTLS\\n")
        assert await reader.readline() == b"go on\\n"
        await writer.start_tls(client_context, server_hostname="localhost")
        await talk(reader, writer)
""")


def test_asyncio_sendfile():
    run_asyncio("""
data = os.urandom(500000)

async def send(reader, writer):
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        loop = asyncio.get_running_loop()
        assert await loop.sendfile(writer.transport, file, fallback=False) == len(data)
    writer.close()
    await writer.wait_closed()

async def main():
    async with await asyncio.start_server(send, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == data
        writer.close()
        await writer.wait_closed()
""")


def test_selectors_and_select():
    run_in_child("""
import select, selectors, socket
a, b = socket.socketpair()
with a, b:
    for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
        with kind() as selector:
            key = selector.register(a, selectors.EVENT_READ, "data")
            assert key.fileobj is a and selector.get_key(a).fd == a.fileno()
            assert selector.select(0.01) == []
            b.send(b"x")
            assert selector.select(PATIENCE) == [(key, selectors.EVENT_READ)]
            selector.modify(a, selectors.EVENT_READ | selectors.EVENT_WRITE)
            assert selector.select(0)[0][1] == selectors.EVENT_READ | selectors.EVENT_WRITE
            assert a.recv(1) == b"x" and selector.unregister(a).data is None
    assert select.select([a, b], [a, b], [a, b], 0) == ([], [a, b], [])
    b.send(b"x")
    assert select.select([a, b], [], [], PATIENCE) == ([a], [], [])
    poll = select.poll()
    poll.register(a, select.POLLIN)
    assert poll.poll(0) == [(a.fileno(), select.POLLIN)]
    with select.epoll() as epoll:
        epoll.register(a, select.EPOLLIN | select.EPOLLET)
        assert epoll.poll(PATIENCE) == [(a.fileno(), select.EPOLLIN)]
fails_with(ValueError, select.select, [a], [], [], 0)
fails_with(ValueError, selectors.DefaultSelector().register, a, 1)
""")


def test_socketserver():
    run_in_child("""
import os, socket, socketserver, tempfile

class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        assert type(self.request) is csocket.socket and self.rfile.readable()
        self.wfile.write(self.rfile.readline().upper())

class Datagram(socketserver.DatagramRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.read().upper())

def serve(kind, address, handler, family):
    with kind(address, handler) as server:
        server.daemon_threads = False
        serving = Background(server.serve_forever, poll_interval=0.01)
        type_ = socket.SOCK_STREAM if handler is Stream else socket.SOCK_DGRAM
        with socket.socket(family, type_) as client:
            if type_ == socket.SOCK_DGRAM and family == socket.AF_UNIX:
                client.bind(address + ".client")
            client.settimeout(PATIENCE)
            client.connect(server.server_address)
            client.sendall(b"hello\\n")
            assert client.recv(100) == b"HELLO\\n"
        server.shutdown()
        serving.result()

local = ("127.0.0.1", 0)
serve(socketserver.ThreadingTCPServer, local, Stream, socket.AF_INET)
serve(socketserver.TCPServer, local, Stream, socket.AF_INET)
serve(socketserver.ThreadingUDPServer, local, Datagram, socket.AF_INET)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "stream")
    serve(socketserver.ThreadingUnixStreamServer, path, Stream, socket.AF_UNIX)
    path = os.path.join(folder, "datagram")
    serve(socketserver.ThreadingUnixDatagramServer, path, Datagram, socket.AF_UNIX)
""")


@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_http(over_tls):
    run_in_child(f"""
import http.client, http.server, json, tls, urllib.error, urllib.request

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps([self.path, len(body), self.client_address[1]]).encode()
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass

with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    if {over_tls}:
        server.socket = tls.server_context.wrap_socket(server.socket, server_side=True)
    serving = Background(server.serve_forever, poll_interval=0.01)
    url = f"{{'https' if {over_tls} else 'http'}}://localhost:{{server.server_port}}"
    with urllib.request.urlopen(
        url + "/path", b"x" * 300000, PATIENCE, context=tls.client_context
    ) as answer:
        assert json.load(answer)[:2] == ["/path", 300000]
    error = fails_with(
        urllib.error.HTTPError,
        lambda: urllib.request.urlopen(url + "/missing", b"", context=tls.client_context),
    )
    assert error.code == 404 and json.load(error)[0] == "/missing"
    error.close()
    if {over_tls}:
        connection = http.client.HTTPSConnection(
            "localhost", server.server_port, context=tls.client_context
        )
    else:
        connection = http.client.HTTPConnection("localhost", server.server_port)
    for number in range(3):
        connection.request("POST", f"/{{number}}", b"x" * number)
        answer = json.load(connection.getresponse())
        # The connection is kept.
        assert answer == [f"/{{number}}", number, connection.sock.getsockname()[1]]
        assert isinstance(connection.sock, csocket.socket)
    connection.close()
    server.shutdown()
    serving.result()
""")


def test_xmlrpc():
    run_in_child("""
import xmlrpc.client, xmlrpc.server

with xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False) as server:
    server.register_function(pow)
    serving = Background(server.serve_forever, poll_interval=0.01)
    port = server.server_address[1]
    with xmlrpc.client.ServerProxy(f"http://127.0.0.1:{port}") as proxy:
        assert [proxy.pow(2, number) for number in range(10)] == [2**n for n in range(10)]
        fails_with(xmlrpc.client.Fault, proxy.missing)
    server.shutdown()
    serving.result()
""")


def test_multiprocessing_connections():
    run_in_child("""
import multiprocessing.connection, os, socket
from multiprocessing.connection import Client, Listener, wait

for family, address in (("AF_INET", ("127.0.0.1", 0)), ("AF_UNIX", None)):
    with Listener(address, family, authkey=b"key") as listener:
        accepting = Background(listener.accept)
        with Client(listener.address, authkey=b"key") as client, accepting.result() as server:
            client.send({"data": list(range(10000))})
            assert server.poll(PATIENCE) and server.recv()["data"][-1] == 9999
            server.send_bytes(b"x" * 100000)
            assert wait([client], PATIENCE) == [client]
            assert client.recv_bytes() == b"x" * 100000
        accepting = Background(listener.accept)
        fails_with(
            multiprocessing.AuthenticationError,
            lambda: Client(listener.address, authkey=b"wrong"),
        )
        fails_with(multiprocessing.AuthenticationError, accepting.result)
        # The error holds on to the connection.
        del accepting
a, b = multiprocessing.Pipe()
with a, b:
    a.send(1)
    assert b.recv() == 1
""")


OTHER_PROCESSES = """
import multiprocessing, multiprocessing.managers, socket, sys
from multiprocessing.connection import Pipe

def answer(connection):
    sock, listener = connection.recv()
    with sock, listener:
        sock.sendall(b"over the socket")
        peer, _ = listener.accept()
        with peer:
            peer.sendall(b"over the listener")
        connection.send((socket.__name__, sock.family, sock.type, type(sock).__module__))
    connection.close()

if __name__ == "__main__":
    method = sys.argv[1]
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=answer, args=(there,))
    process.start()
    there.close()
    a, b = socket.socketpair()
    listener = socket.create_server(("127.0.0.1", 0))
    name = listener.getsockname()
    here.send((b, listener))
    assert a.recv(100) == b"over the socket"
    with socket.create_connection(name) as client:
        assert client.recv(100) == b"over the listener"
    module, family, kind, cls = here.recv()
    assert (family, kind) == (socket.AF_UNIX, socket.SOCK_STREAM), (family, kind)
    assert family is socket.AF_UNIX and module == cls.partition(".")[0], (module, cls)
    process.join()
    a.close(), b.close(), listener.close(), here.close()
    # A manager is a server in another process. A forked one would have threads forked.
    if method != "fork":
        with context.Manager() as manager:
            shared = manager.dict(one=1)
            shared.update(two=2)
            assert dict(shared) == {"one": 1, "two": 2}
    print(method, module)
"""


@pytest.mark.parametrize("way", [[], ["--no-children"]], ids=["all", "parent only"])
@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_sockets_sent_to_other_processes(tmp_path, method, way):
    """To processes with csocket, and to processes without."""
    program = tmp_path / "program.py"
    program.write_text(OTHER_PROCESSES)
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "csocket", *way, program, method],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    name = "socket" if way and method != "fork" else "csocket"
    assert done.stdout == f"{method} {name}\n"


def test_logging():
    run_in_child("""
import logging, logging.handlers, os, pickle, socket, struct, tempfile

def record(handler):
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning("text %d", 1)
    logger.warning("text %d", 2)
    handler.close()

def unpacked(data):
    length = struct.unpack(">L", data[:4])[0]
    return logging.makeLogRecord(pickle.loads(data[4 : 4 + length])), data[4 + length :]

with socket.create_server(("127.0.0.1", 0)) as listener:
    record(logging.handlers.SocketHandler(*listener.getsockname()))
    with listener.accept()[0] as sock, sock.makefile("rb") as file:
        first, rest = unpacked(file.read())
        assert (first.getMessage(), unpacked(rest)[0].getMessage()) == ("text 1", "text 2")
with socket.socket(type=socket.SOCK_DGRAM) as receiver:
    receiver.bind(("127.0.0.1", 0))
    record(logging.handlers.DatagramHandler(*receiver.getsockname()))
    assert unpacked(receiver.recv(10000))[0].getMessage() == "text 1"
with tempfile.TemporaryDirectory() as folder, socket.socket(
    socket.AF_UNIX, socket.SOCK_DGRAM
) as receiver:
    receiver.bind(os.path.join(folder, "log"))
    record(logging.handlers.SysLogHandler(receiver.getsockname()))
    assert receiver.recv(1000) == b"<12>text 1\\0"
""")


def test_executor():
    run_in_child("""
import concurrent.futures, socket

def talk(address, number):
    with socket.create_connection(address, PATIENCE) as sock:
        sock.sendall(bytes([number]) * 1000)
        return received(sock, 1000)

def serve(sock):
    with sock:
        sock.sendall(received(sock, 1000)[::-1])

with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
    listener.settimeout(PATIENCE)
    with concurrent.futures.ThreadPoolExecutor(16) as executor:
        talking = [executor.submit(talk, listener.getsockname(), n) for n in range(100)]
        with concurrent.futures.ThreadPoolExecutor(4) as servers:
            for _ in range(100):
                servers.submit(serve, listener.accept()[0])
        for number, future in enumerate(talking):
            assert future.result(PATIENCE) == bytes([number]) * 1000
""")


def test_mail_and_file_transfer():
    """Clients of the line-based protocols, against servers with fixed answers."""
    run_in_child("""
import ftplib, poplib, smtplib, socket

def play(listener, script):
    sock, _ = listener.accept()
    with sock, sock.makefile("rwb") as file:
        for line in script:
            if line.startswith(b"<"):
                got = file.readline()
                assert got.startswith(line[1:].strip()), (got, line)
            else:
                file.write(line[1:].replace(b"\\n", b"\\r\\n"))
                file.flush()

def with_server(script, use):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        playing = Background(play, listener, script.encode().splitlines(keepends=True))
        use(*listener.getsockname())
        playing.result()

def smtp(host, port):
    with smtplib.SMTP(host, port, "me", PATIENCE) as client:
        assert isinstance(client.sock, csocket.socket)
        assert client.noop() == (250, b"done")

def pop(host, port):
    client = poplib.POP3(host, port, PATIENCE)
    assert client.getwelcome() == b"+OK hello" and client.stat() == (2, 320)
    client.quit()

def ftp(host, port):
    with ftplib.FTP() as client:
        client.connect(host, port, PATIENCE)
        assert client.sendcmd("PWD") == '257 "/"'

with_server(">220 hello\\n<noop\\n>250 done\\n<QUIT\\n>221 bye\\n", smtp)
with_server(">+OK hello\\n<STAT\\n>+OK 2 320\\n<QUIT\\n>+OK bye\\n", pop)
with_server(">220 hello\\n<PWD\\n>257 \\"/\\"\\n<QUIT\\n>221 bye\\n", ftp)
""")
