"""requests and urllib3 over TLS, and a server of the standard library behind them."""

import random
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import urllib3
from https_server import Server, digest, random_blocks

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
BIG = 16 << 20


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


def test_retries(server, session):
    retries = urllib3.Retry(4, status_forcelist=[503], backoff_factor=0.01)
    session.mount("https://", requests.adapters.HTTPAdapter(max_retries=retries))
    answer = session.get(f"{server.url}/busy?times=4", timeout=PATIENCE)
    assert answer.json() == {"refused": 4}
    server.refused = 0
    with pytest.raises(requests.RequestException):
        session.get(f"{server.url}/busy?times=5", timeout=PATIENCE)


def test_read_timeout(server, session):
    start = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.get(f"{server.url}/silence", timeout=(PATIENCE, 0.3))
    assert 0.3 <= time.monotonic() - start < 5


def test_connect_timeout(session):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        # The server never accepts this connection, and the queue has no room for another.
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
    """If the name has ::1 too, nothing listens there, and the next address is tried."""
    with Server("127.0.0.1", server_tls) as server:
        url = f"https://localhost:{server.server_port}/square?n=7"
        session.headers["Connection"] = "close"
        assert session.get(url, timeout=PATIENCE).json() == {"square": 49}
