"""requests and urllib3 over TLS, and a server of the standard library behind them."""

import hashlib
import http.server
import json
import random
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import urllib3

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
BIG = 16 << 20
BLOCK = 1 << 16


def random_blocks(seed, size):
    """Bytes, the same for the same seed."""
    generator = random.Random(seed)
    for start in range(0, size, BLOCK):
        yield generator.randbytes(min(BLOCK, size - start))


def digest(parts):
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part)
    return sha.hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Each path is a method, get_NAME; the query has its arguments, all of them numbers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        # Here, not in accept(): a client that breaks off the handshake ends one thread alone.
        self.request.settimeout(PATIENCE)
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.server.connections.append(self.client_address)
        super().setup()

    def finish(self):
        super().finish()
        self.request.close()
        self.server.closed.release()

    def do_GET(self):
        url = urlsplit(self.path)
        arguments = {name: int(value) for name, [value] in parse_qs(url.query).items()}
        getattr(self, "get_" + url.path.strip("/"))(**arguments)

    def get_square(self, n):
        self.answer({"square": n * n})

    def get_drop(self):
        """Close the connection without a word of it in the answer."""
        self.answer({})
        self.close_connection = True

    def get_silence(self):
        self.server.is_over.wait(PATIENCE)
        self.close_connection = True

    def get_big(self, seed, size):
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        for block in random_blocks(seed, size):
            self.wfile.write(block)

    def get_redirect(self, times):
        self.send_response(302)
        target = f"/redirect?times={times - 1}" if times else "/square?n=3"
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        chunks = list(self.read_chunks())
        self.answer({"chunks": len(chunks), "digest": digest(chunks)})

    def read_chunks(self):
        assert self.headers["Transfer-Encoding"] == "chunked"
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            assert self.rfile.readline() == b"\r\n"
        assert self.rfile.readline() == b"\r\n"

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    # server_close() waits for the threads.
    daemon_threads = False

    def __init__(self, host, tls):
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, 0), Handler)
        self.url = f"https://{f'[{host}]' if ':' in host else host}:{self.server_port}"
        self.tls = tls
        self.connections = []
        self.closed = threading.Semaphore(0)
        self.errors = []
        self.is_over = threading.Event()

    def handle_error(self, request, client_address):
        self.errors.append(sys.exception())

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self.thread.start()
        return self

    def __exit__(self, *arguments):
        self.is_over.set()
        self.shutdown()
        self.thread.join(PATIENCE)
        self.server_close()


@pytest.fixture(params=["127.0.0.1", "::1"])
def server(request, server_tls):
    try:
        server = Server(request.param, server_tls)
    except OSError as error:
        pytest.skip(f"no {request.param} on this machine: {error}")
    with server:
        yield server


@pytest.fixture
def session(authority_file):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = authority_file
        yield session


def test_sockets_are_of_the_module_under_test(server, session, assert_under_test):
    with session.get(f"{server.url}/square?n=2", stream=True, timeout=PATIENCE) as response:
        assert_under_test(response.raw.connection.sock)
        assert_under_test(server.socket)
        assert response.json() == {"square": 4}


def test_threads_share_a_pool_of_kept_connections(server, authority_file):
    with urllib3.HTTPSConnectionPool(
        server.server_address[0],
        server.server_port,
        maxsize=4,
        block=True,
        ca_certs=authority_file,
        timeout=PATIENCE,
    ) as pool:

        def square(n):
            return pool.request("GET", f"/square?n={n}").json()["square"]

        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(square, range(400))) == [n * n for n in range(400)]
        assert 1 <= pool.num_connections <= 4
    assert len(server.connections) <= 4
    assert not server.errors


def test_big_bodies_are_streamed_by_several_threads(server, session):
    def fetch(seed):
        url = f"{server.url}/big?seed={seed}&size={BIG + seed}"
        with session.get(url, stream=True, timeout=PATIENCE) as response:
            return digest(response.iter_content(10_000 * seed))

    seeds = range(1, 4)
    with ThreadPoolExecutor(len(seeds)) as threads:
        digests = list(threads.map(fetch, seeds))
    assert digests == [digest(random_blocks(seed, BIG + seed)) for seed in seeds]


def test_upload_in_chunks(server, session):
    sizes = [1, 2, 1000, 16384, 16385, 1 << 20, 3 << 20]
    parts = [random.Random(size).randbytes(size) for size in sizes]
    response = session.post(server.url, data=iter(parts), timeout=PATIENCE)
    assert response.json() == {"chunks": len(parts), "digest": digest(parts)}


def test_redirects(server, session):
    response = session.get(f"{server.url}/redirect?times=5", timeout=PATIENCE)
    assert response.json() == {"square": 9}
    assert len(response.history) == 6
    session.max_redirects = 2
    with pytest.raises(requests.TooManyRedirects):
        session.get(f"{server.url}/redirect?times=5", timeout=PATIENCE)


def test_connection_that_the_server_dropped_is_replaced(server, session):
    for n in range(5):
        assert session.get(f"{server.url}/drop", timeout=PATIENCE).json() == {}
        assert server.closed.acquire(timeout=PATIENCE)
        square = session.get(f"{server.url}/square?n={n}", timeout=PATIENCE)
        assert square.json() == {"square": n * n}
    assert len(server.connections) == 6


def test_read_timeout(server, session):
    start = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.get(f"{server.url}/silence", timeout=(PATIENCE, 0.3))
    assert 0.3 <= time.monotonic() - start < 5


def test_connect_timeout(session):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        # Nobody accepts this one, and there is no room for another.
        with socket.create_connection(address):
            start = time.monotonic()
            with pytest.raises(requests.ConnectTimeout):
                session.get(f"https://127.0.0.1:{address[1]}", timeout=(0.3, PATIENCE))
            assert 0.3 <= time.monotonic() - start < 5


def test_certificate_is_refused(server, session, authority_file):
    session.verify = True
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        session.get(f"{server.url}/square?n=2", timeout=PATIENCE)
    other_name = urllib3.PoolManager(ca_certs=authority_file, assert_hostname="other.invalid")
    with other_name, pytest.raises(urllib3.exceptions.MaxRetryError, match="other.invalid"):
        other_name.request("GET", server.url, retries=0, timeout=PATIENCE)
    session.verify = authority_file
    assert session.get(f"{server.url}/square?n=2", timeout=PATIENCE).json() == {"square": 4}


def test_server_by_its_name(server_tls, session):
    """Where the name has ::1 too, nobody listens there, and the next address is tried."""
    with Server("127.0.0.1", server_tls) as server:
        url = f"https://localhost:{server.server_port}/square?n=7"
        session.headers["Connection"] = "close"
        assert session.get(url, timeout=PATIENCE).json() == {"square": 49}
