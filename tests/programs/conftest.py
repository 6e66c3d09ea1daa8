"""The socket module that the programs run on, and fixtures for several of them."""

import gc
import socket
import ssl

import pytest
import trustme
import under_test
from descriptors import open_descriptors
from servers import wait_until

SETTLING_SECONDS = 5


@pytest.fixture(scope="session", autouse=True)
def module_under_test():
    expected = "socket" if under_test.IS_STOCK else "csocket"
    assert socket.__name__ == expected, (
        "run it as: python -m csocket -m pytest tests/programs"
        " (or, to compare, with CSOCKET_PROGRAMS=stock and without csocket)"
    )


@pytest.fixture(scope="session")
def assert_under_test():
    return under_test.assert_under_test


@pytest.fixture(scope="session")
def authority():
    """A certificate authority that only these tests know."""
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture(scope="session")
def certificate(authority):
    """A certificate for a server on this machine, under each of its names."""
    return authority.issue_cert("localhost", "127.0.0.1", "::1")


@pytest.fixture(scope="session")
def server_tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="session")
def client_tls(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def no_lost_descriptors():
    """Every descriptor that the test opens is closed, by the library or with its last reference.

    The server's end of a connection is often in this process too, and closes a moment later.
    """
    before = open_descriptors()
    yield
    gc.collect()
    wait_until(lambda: open_descriptors() <= before, "all closed", SETTLING_SECONDS)
