"""10,000 connections over TLS from 50 threads: no descriptor, reference or byte is lost."""

from under_test import ON_CSOCKET, run_child


def storm(*options, connections):
    result = run_child(*options, *ON_CSOCKET, "tls_storm.py", connections)
    assert not result.stderr, result.stderr


def test_10_000_connections():
    storm(connections=10_000)


def test_in_development_mode():
    """Every memory block has its guards, and every warning is an error."""
    storm("-X", "dev", "-W", "error", connections=1000)
