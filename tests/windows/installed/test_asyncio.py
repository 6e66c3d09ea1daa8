"""asyncio's two loops on csocket. The Proactor's calls go past csocket, to _overlapped with fileno()."""

import asyncio
import os
import socket
import ssl

import pytest
import trustme
from descriptors import handle_count

PATIENCE = 60
LOOPS = asyncio.ProactorEventLoop, asyncio.SelectorEventLoop


@pytest.fixture(params=LOOPS, ids=lambda loop: loop.__name__)
def run(request):
    """Runs a coroutine on a loop of each kind."""

    def run(main):
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(asyncio.wait_for(main, PATIENCE))

    return run


@pytest.fixture(scope="module")
def tls():
    """The contexts of a server and of a client that trusts it."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


async def echo(reader, writer):
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def end(*transports):
    """Close them. Each loop closes its sockets in a later turn."""
    for transport in transports:
        transport.close()
    await asyncio.sleep(0.05)


async def ask(address, data, **options):
    """Send the data, and return what comes back."""
    reader, writer = await asyncio.open_connection(*address, **options)
    assert isinstance(writer.get_extra_info("socket")._sock, socket.socket)
    writer.write(data)
    answer = await reader.readexactly(len(data))
    await end(writer)
    return answer


def test_streams(run):
    async def main():
        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()
            blocks = [os.urandom(200_000) for _ in range(10)]
            assert await asyncio.gather(*(ask(address, block) for block in blocks)) == blocks
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)

    run(main())


def test_streams_over_tls(run, tls):
    server_tls, client_tls = tls

    async def main():
        async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=server_tls) as server:
            address = server.sockets[0].getsockname()
            options = {"ssl": client_tls, "server_hostname": "localhost"}
            blocks = [os.urandom(100_000) for _ in range(4)]
            assert await asyncio.gather(*(ask(address, block, **options) for block in blocks)) == blocks

    run(main())


def test_calls_on_sockets(run):
    async def main():
        loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
            listener.setblocking(False)
            client.setblocking(False)
            accepting = loop.create_task(loop.sock_accept(listener))
            await loop.sock_connect(client, listener.getsockname())
            server, address = await accepting
            with server:
                assert address == client.getsockname()
                assert type(server) is socket.socket
                data = os.urandom(3_000_000)
                sending = loop.create_task(loop.sock_sendall(server, data))
                taken = bytearray()
                while len(taken) < len(data):
                    taken += await loop.sock_recv(client, 1 << 16)
                await sending
                assert taken == data
                await loop.sock_sendall(client, b"into")
                buffer = bytearray(10)
                assert await loop.sock_recv_into(server, buffer) == 4
                assert buffer[:4] == b"into"

    run(main())


def test_files(run, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(os.urandom(300_000))

    async def main():
        loop = asyncio.get_running_loop()
        a, b = socket.socketpair()
        with a, b, open(path, "rb") as file:
            a.setblocking(False)
            b.setblocking(False)
            sending = loop.create_task(loop.sock_sendfile(a, file))
            taken = bytearray()
            while len(taken) < 300_000:
                taken += await loop.sock_recv(b, 1 << 16)
            assert await sending == 300_000
            assert taken == path.read_bytes()

    run(main())


def test_a_call_is_cancelled(run):
    async def main():
        loop = asyncio.get_running_loop()
        a, b = socket.socketpair()
        with a, b:
            a.setblocking(False)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(loop.sock_recv(a, 1), 0.05)
            b.send(b"x")
            assert await loop.sock_recv(a, 1) == b"x"

    run(main())


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.Queue()

    def datagram_received(self, data, address):
        self.received.put_nowait((data, address))


def test_datagrams(run):
    async def main():
        loop = asyncio.get_running_loop()
        server, at_server = await loop.create_datagram_endpoint(Datagrams, ("127.0.0.1", 0))
        name = server.get_extra_info("sockname")
        client, at_client = await loop.create_datagram_endpoint(Datagrams, remote_addr=name)
        client.sendto(b"there")
        data, address = await at_server.received.get()
        server.sendto(data + b" and back", address)
        assert await at_client.received.get() == (b"there and back", name)
        await end(client, server)

    run(main())


def test_given_sockets(run):
    async def main():
        given = socket.create_server(("127.0.0.1", 0))
        async with await asyncio.start_server(echo, sock=given):
            sock = socket.create_connection(given.getsockname())
            reader, writer = await asyncio.open_connection(sock=sock)
            writer.write(b"given")
            assert await reader.readexactly(5) == b"given"
            await end(writer)

    run(main())


def test_no_handle_is_lost(run):
    async def main():
        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()
            await asyncio.gather(*(ask(address, b"warm up") for _ in range(20)))
            await asyncio.sleep(0.2)
            before = handle_count()
            for _ in range(10):
                await asyncio.gather(*(ask(address, b"x") for _ in range(20)))
            await asyncio.sleep(0.2)
            assert handle_count() <= before + 2

    run(main())
