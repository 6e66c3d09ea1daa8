"""Tests for Windows of the standard library on csocket: python -m csocket -m pytest tests/windows/installed"""

import socket

import pytest


@pytest.fixture(scope="session", autouse=True)
def csocket_is_installed():
    assert socket.__name__ == "csocket"
