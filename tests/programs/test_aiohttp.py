"""aiohttp: server and client in one event loop, plain and over TLS, with websockets."""

import asyncio
import hashlib
import os
import random
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMsgType, web

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
# Sizes around which websocket frames change their form, and big ones.
SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 3 << 20]
BIG = 16 << 20
CLIENTS = 100
TOO_BIG = 1000

CLOSE_CODES = web.AppKey("close_codes", list)
SOCKETS = web.AppKey("sockets", list)
FILE = web.AppKey("file", object)


async def echo(request):
    sock = web.WebSocketResponse(max_msg_size=0)
    await sock.prepare(request)
    async for message in sock:
        if message.type is WSMsgType.TEXT:
            await sock.send_str(message.data)
        else:
            await sock.send_bytes(message.data)
    request.app[CLOSE_CODES].append(sock.close_code)
    return sock


async def push(request):
    """Push numbers without a request, and then close with a private code."""
    sock = web.WebSocketResponse()
    await sock.prepare(request)
    for n in range(int(request.query["count"])):
        await sock.send_json({"n": n, "square": n * n})
    await sock.close(code=4321, message=b"that was all")
    return sock


async def small(request):
    sock = web.WebSocketResponse(max_msg_size=TOO_BIG)
    await sock.prepare(request)
    async for message in sock:
        await sock.send_bytes(message.data)
    return sock


async def upload(request):
    sha = hashlib.sha256()
    async for chunk in request.content.iter_any():
        sha.update(chunk)
    return web.json_response({"digest": sha.hexdigest()})


async def download(request):
    return web.FileResponse(request.app[FILE])


async def greet(request):
    request.app[SOCKETS].append(request.transport.get_extra_info("socket"))
    return web.json_response({"hello": request.query["name"]})


async def silence(request):
    await asyncio.sleep(PATIENCE)


def make_app(file=None):
    app = web.Application()
    app[CLOSE_CODES] = []
    app[SOCKETS] = []
    app[FILE] = file
    app.add_routes([web.get(f"/{get.__name__}", get) for get in GETS])
    app.add_routes([web.post("/upload", upload)])
    return app


GETS = [echo, push, small, download, greet, silence]


@asynccontextmanager
async def serving(app, make_site, **options):
    """Serve the application at the site that make_site(runner) returns."""
    runner = web.AppRunner(app, shutdown_timeout=1, **options)
    await runner.setup()
    try:
        await make_site(runner).start()
        yield runner.addresses
    finally:
        await runner.cleanup()


class Transport:
    """Connections of one kind, plain or TLS, to an application that is served on loopback."""

    def __init__(self, server_tls=None, client_tls=None):
        self.server_tls = server_tls
        self.client_tls = client_tls

    @asynccontextmanager
    async def client(self, app, host="127.0.0.1"):
        def make_site(runner):
            return web.TCPSite(runner, host, 0, ssl_context=self.server_tls)

        async with serving(app, make_site) as [address, *_]:
            scheme = "https" if self.server_tls else "http"
            name = f"[{host}]" if ":" in host else host
            connector = aiohttp.TCPConnector(limit=0, ssl=self.client_tls or True)
            async with aiohttp.ClientSession(
                f"{scheme}://{name}:{address[1]}",
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=PATIENCE),
            ) as session:
                yield session


@pytest.fixture(params=["plain", "tls"])
def transport(request, server_tls, client_tls):
    return Transport(server_tls, client_tls) if request.param == "tls" else Transport()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(random.Random(1).randbytes(BIG))
    return path


def run(coroutine):
    asyncio.run(asyncio.wait_for(coroutine, PATIENCE))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_sockets_are_of_the_module_under_test(transport, assert_under_test, host):
    async def main():
        app = make_app()
        async with transport.client(app, host) as session:
            async with session.get("/greet?name=all") as response:
                assert await response.json() == {"hello": "all"}
            assert_under_test(app[SOCKETS][0])
            async with session.ws_connect("/echo") as sock:
                assert_under_test(sock.get_extra_info("socket"))

    run(main())


def test_websocket_echoes_text_and_bytes_of_many_sizes(transport):
    async def main():
        app = make_app()
        async with (
            transport.client(app) as session,
            session.ws_connect("/echo", max_msg_size=0) as sock,
        ):
            for size in SIZES:
                data = random.Random(size).randbytes(size)
                await sock.send_bytes(data)
                assert await sock.receive_bytes() == data
                text = "é€😀"[size % 3] * (size // 4)
                await sock.send_str(text)
                assert await sock.receive_str() == text
            await sock.close(code=WSCloseCode.GOING_AWAY)
        assert app[CLOSE_CODES] == [WSCloseCode.GOING_AWAY]

    run(main())


def test_many_websockets_at_once(transport):
    async def converse(session, n):
        generator = random.Random(n)
        async with session.ws_connect("/echo") as sock:
            sent = [generator.randbytes(generator.randrange(5000)) for _ in range(10)]
            for data in sent:
                await sock.send_bytes(data)
            assert [await sock.receive_bytes() for _ in sent] == sent

    async def main():
        app = make_app()
        async with transport.client(app) as session:
            await asyncio.gather(*(converse(session, n) for n in range(CLIENTS)))
        assert app[CLOSE_CODES] == [WSCloseCode.OK] * CLIENTS

    run(main())


def test_server_pushes_and_closes(transport):
    async def main():
        async with (
            transport.client(make_app()) as session,
            session.ws_connect("/push?count=1000") as sock,
        ):
            received = [message.json() async for message in sock]
            assert received == [{"n": n, "square": n * n} for n in range(1000)]
            assert sock.close_code == 4321

    run(main())


def test_server_refuses_a_message_that_is_too_big(transport):
    async def main():
        async with (
            transport.client(make_app()) as session,
            session.ws_connect("/small") as sock,
        ):
            await sock.send_bytes(bytes(TOO_BIG // 2))
            assert len(await sock.receive_bytes()) == TOO_BIG // 2
            await sock.send_bytes(bytes(TOO_BIG * 2))
            message = await sock.receive()
            assert (message.type, message.data) == (WSMsgType.CLOSE, WSCloseCode.MESSAGE_TOO_BIG)

    run(main())


def test_upload_of_a_stream(transport, file):
    content = file.read_bytes()

    async def in_chunks():
        for start in range(0, BIG, 100_000):
            yield content[start : start + 100_000]

    async def main():
        async with (
            transport.client(make_app()) as session,
            session.post("/upload", data=in_chunks()) as response,
        ):
            assert await response.json() == {"digest": hashlib.sha256(content).hexdigest()}

    run(main())


def test_download_of_a_file(transport, file, monkeypatch):
    """Whole and in part, several at once. Without TLS the kernel sends the file."""
    sendfile = os.sendfile
    sent = []

    def counting_sendfile(*arguments):
        count = sendfile(*arguments)
        sent.append(count)
        return count

    monkeypatch.setattr(os, "sendfile", counting_sendfile)
    parts = [(0, BIG), (1, 2), (BIG // 2, BIG), (BIG - 1, BIG), (12345, 7654321)]

    async def fetch(session, start, end):
        headers = {"Range": f"bytes={start}-{end - 1}"}
        async with session.get("/download", headers=headers) as response:
            assert response.status == 206
            assert await response.read() == file.read_bytes()[start:end]

    async def main():
        async with transport.client(make_app(file)) as session:
            await asyncio.gather(*(fetch(session, *part) for part in parts))

    run(main())
    assert sum(sent) == (0 if transport.server_tls else sum(end - start for start, end in parts))


def test_client_gives_up(transport):
    async def main():
        async with transport.client(make_app()) as session:
            start = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await session.get("/silence", timeout=aiohttp.ClientTimeout(total=0.3))
            assert 0.3 <= time.monotonic() - start < 5
            async with session.get("/greet?name=again") as response:
                assert await response.json() == {"hello": "again"}

    run(main())


def test_unix_socket(tmp_path, assert_under_test):
    path = str(tmp_path / "socket")

    async def main():
        app = make_app()
        async with (
            serving(app, lambda runner: web.UnixSite(runner, path)) as addresses,
            aiohttp.ClientSession("http://any", connector=aiohttp.UnixConnector(path)) as session,
        ):
            assert addresses == [path]
            async with session.get("/greet?name=unix") as response:
                assert await response.json() == {"hello": "unix"}
            assert_under_test(app[SOCKETS][0])
            assert app[SOCKETS][0].getsockname() == path
            async with session.ws_connect("/echo") as sock:
                await sock.send_str("x" * 100_000)
                assert await sock.receive_str() == "x" * 100_000

    run(main())


def test_certificate_is_refused(server_tls, client_tls):
    async def main():
        # Without client_tls the client knows only the authorities of the machine.
        async with Transport(server_tls).client(make_app()) as session:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await session.get("/greet?name=nobody")
            async with session.get("/greet?name=friend", ssl=client_tls) as response:
                assert await response.json() == {"hello": "friend"}

    run(main())
