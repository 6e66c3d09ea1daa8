"""urllib3 on pyOpenSSL instead of ssl: its socket borrows makefile() from the module's type."""

import random
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
import urllib3.contrib.pyopenssl
from https_server import Server, digest, random_blocks

pytestmark = pytest.mark.usefixtures("no_lost_descriptors")

PATIENCE = 30
BIG = 16 << 20


@pytest.fixture(autouse=True)
def pyopenssl():
    urllib3.contrib.pyopenssl.inject_into_urllib3()
    yield
    urllib3.contrib.pyopenssl.extract_from_urllib3()


@pytest.fixture
def server(server_tls):
    with Server("127.0.0.1", server_tls) as server:
        yield server


@pytest.fixture
def pool(server, authority_file):
    with urllib3.HTTPSConnectionPool(
        "127.0.0.1",
        server.server_port,
        maxsize=4,
        block=True,
        ca_certs=authority_file,
        timeout=PATIENCE,
        retries=False,
    ) as pool:
        yield pool


def test_sockets_are_of_the_module_under_test(pool, assert_under_test):
    response = pool.request("GET", "/square?n=2", preload_content=False)
    sock = response.connection.sock
    assert type(sock) is urllib3.contrib.pyopenssl.WrappedSocket
    assert vars(type(sock))["makefile"] is socket.socket.makefile
    assert_under_test(sock.socket)
    assert response.json() == {"square": 4}
    response.release_conn()


def test_threads_share_a_pool_of_kept_connections(server, pool):
    def square(n):
        return pool.request("GET", f"/square?n={n}").json()["square"]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(square, range(400))) == [n * n for n in range(400)]
    assert len(server.connections) <= 4
    assert not server.errors


def test_big_body_is_streamed(pool):
    response = pool.request("GET", f"/big?seed=1&size={BIG}", preload_content=False)
    assert digest(response.stream(100_000)) == digest(random_blocks(1, BIG))
    response.release_conn()


def test_upload_in_chunks(pool):
    sizes = [1, 2, 1000, 16384, 16385, 1 << 20]
    parts = [random.Random(size).randbytes(size) for size in sizes]
    response = pool.request("POST", "/", body=iter(parts), chunked=True)
    assert response.json() == {"chunks": len(parts), "digest": digest(parts)}


def test_read_timeout(pool):
    start = time.monotonic()
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        pool.request("GET", "/silence", timeout=urllib3.Timeout(PATIENCE, read=0.3))
    assert 0.3 <= time.monotonic() - start < 5


def test_certificate_is_refused(server):
    with (
        urllib3.PoolManager(retries=False) as manager,
        pytest.raises(urllib3.exceptions.SSLError, match="certificate verify failed"),
    ):
        manager.request("GET", f"{server.url}/square?n=2", timeout=PATIENCE)
