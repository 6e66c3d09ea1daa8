"""trio: sockets, streams, TLS, and the search for the address that answers first."""

import hashlib
import random
import socket

import pytest
import trio
import trio.socket
import trio.testing

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 60
CLIENTS = 100
BIG = 8 << 20


def run(function, *arguments):
    async def bounded():
        with trio.fail_after(PATIENCE):
            return await function(*arguments)

    return trio.run(bounded)


async def echo(stream):
    async with stream:
        async for data in stream:
            await stream.send_all(data)


async def receive(stream, size):
    data = bytearray()
    while len(data) < size:
        piece = await stream.receive_some(size - len(data))
        assert piece, f"{len(data)} of {size} bytes, then the end"
        data += piece
    return bytes(data)


async def serve(nursery, listeners, handler=echo):
    """Serve as long as the nursery lives; return the port of the first listener."""
    nursery.start_soon(trio.serve_listeners, handler, listeners)
    listener = listeners[0]
    return getattr(listener, "transport_listener", listener).socket.getsockname()[1]


async def converse(stream, n):
    generator = random.Random(n)
    async with stream:
        for _ in range(20):
            data = generator.randbytes(generator.randrange(1, 20_000))
            await stream.send_all(data)
            assert await receive(stream, len(data)) == data


def test_sockets_are_of_the_module_under_test(assert_under_test):
    async def main():
        with trio.socket.socket() as listener, trio.socket.socket() as client:
            await listener.bind(("127.0.0.1", 0))
            listener.listen()
            await client.connect(listener.getsockname())
            accepted, address = await listener.accept()
            with accepted:
                assert address == client.getsockname()
                for sock in (listener, client, accepted):
                    assert_under_test(sock)

    run(main)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_many_clients(host):
    async def converse_over_tcp(port, n):
        await converse(await trio.open_tcp_stream(host, port), n)

    async def main():
        async with trio.open_nursery() as nursery:
            port = await serve(nursery, await trio.open_tcp_listeners(0, host=host))
            async with trio.open_nursery() as clients:
                for n in range(CLIENTS):
                    clients.start_soon(converse_over_tcp, port, n)
            nursery.cancel_scope.cancel()

    run(main)


def test_many_clients_over_tls(server_tls, client_tls):
    async def converse_over_tls(port, n):
        stream = await trio.open_ssl_over_tcp_stream("localhost", port, ssl_context=client_tls)
        await converse(stream, n)

    async def main():
        async with trio.open_nursery() as nursery:
            listeners = await trio.open_ssl_over_tcp_listeners(0, server_tls, host="127.0.0.1")
            port = await serve(nursery, listeners)
            async with trio.open_nursery() as clients:
                for n in range(CLIENTS // 2):
                    clients.start_soon(converse_over_tls, port, n)
            nursery.cancel_scope.cancel()

    run(main)


def test_big_stream_between_sockets_of_the_standard_library():
    """from_stdlib_socket() takes over what socketpair() made, and backpressure holds the sender."""
    data = random.Random(1).randbytes(BIG)

    async def main():
        left, right = map(trio.socket.from_stdlib_socket, socket.socketpair())
        sha = hashlib.sha256()

        async def read():
            async with trio.SocketStream(right) as stream:
                async for piece in stream:
                    sha.update(piece)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(read)
            async with trio.SocketStream(left) as stream:
                await stream.send_all(data)
        assert sha.digest() == hashlib.sha256(data).digest()

    run(main)


def test_datagrams():
    async def answer(server):
        while True:
            data, address = await server.recvfrom(100)
            await server.sendto(b"%d" % int(data) ** 2, address)

    async def ask(address, n):
        with trio.socket.socket(type=trio.socket.SOCK_DGRAM) as sock:
            await sock.connect(address)
            await sock.send(b"%d" % n)
            assert int(await sock.recv(100)) == n * n

    async def main():
        with trio.socket.socket(type=trio.socket.SOCK_DGRAM) as server:
            await server.bind(("127.0.0.1", 0))
            async with trio.open_nursery() as nursery:
                nursery.start_soon(answer, server)
                async with trio.open_nursery() as clients:
                    for n in range(CLIENTS):
                        clients.start_soon(ask, server.getsockname(), n)
                nursery.cancel_scope.cancel()

    run(main)


def test_address_that_answers_is_found():
    """A name has three addresses: one never accepts, one refuses, and one serves."""

    class Resolver(trio.abc.HostnameResolver):
        def __init__(self, addresses):
            self.addresses = addresses

        async def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):
            assert host == b"example.invalid"
            form = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
            return [(*form, address) for address in self.addresses]

        async def getnameinfo(self, sockaddr, flags):
            raise NotImplementedError

    async def main(full, refusing):
        async with trio.open_nursery() as nursery:
            port = await serve(nursery, await trio.open_tcp_listeners(0, host="127.0.0.1"))
            serving = ("127.0.0.1", port)
            trio.socket.set_custom_hostname_resolver(Resolver([full, refusing, serving]))
            stream = await trio.open_tcp_stream("example.invalid", 1, happy_eyeballs_delay=0.1)
            assert stream.socket.getpeername() == serving
            await converse(stream, 1)
            nursery.cancel_scope.cancel()

    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        # The listener does not accept this one, and has no room for another.
        with socket.create_connection(listener.getsockname()):
            run(main, listener.getsockname(), bound.getsockname())


def test_names():
    async def main():
        found = await trio.socket.getaddrinfo("localhost", 80, type=trio.socket.SOCK_STREAM)
        assert found == socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
        numeric = trio.socket.NI_NUMERICHOST | trio.socket.NI_NUMERICSERV
        assert await trio.socket.getnameinfo(("127.0.0.1", 22), numeric) == ("127.0.0.1", "22")
        with pytest.raises(socket.gaierror):
            await trio.socket.getaddrinfo("no name", 80, flags=trio.socket.AI_NUMERICHOST)

    run(main)


def test_closing_wakes_who_waits():
    async def main():
        left, right = trio.socket.socketpair()
        with right:

            async def wait():
                with pytest.raises(trio.ClosedResourceError):
                    await left.recv(1)

            async with trio.open_nursery() as nursery:
                nursery.start_soon(wait)
                await trio.testing.wait_all_tasks_blocked()
                left.close()
            with trio.move_on_after(0.1) as scope:
                right.shutdown(trio.socket.SHUT_WR)
                assert await right.recv(1) == b""
            assert not scope.cancelled_caught

    run(main)


def test_unix_socket(tmp_path):
    path = str(tmp_path / "socket")

    async def main():
        with trio.socket.socket(trio.socket.AF_UNIX) as listener:
            await listener.bind(path)
            listener.listen()
            async with trio.open_nursery() as nursery:
                await serve(nursery, [trio.SocketListener(listener)])
                await converse(await trio.open_unix_socket(path), 1)
                nursery.cancel_scope.cancel()

    run(main)
