"""10,000 connections over TLS from 50 threads: no descriptor, reference or byte is lost."""

import subprocess
import sys
from pathlib import Path

from conftest import IS_STOCK

FOLDER = Path(__file__).parent
ON_CSOCKET = [] if IS_STOCK else ["-m", "csocket"]


def storm(*options, connections):
    command = [sys.executable, *options, *ON_CSOCKET, FOLDER / "tls_storm.py", str(connections)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not result.stderr, result.stderr
    return result.stdout


def test_10_000_connections():
    storm(connections=10_000)


def test_in_development_mode():
    """Every memory block has its guards, and every warning is an error."""
    storm("-X", "dev", "-W", "error", connections=1000)
