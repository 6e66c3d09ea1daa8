"""The socket module that the programs run on: csocket, or CPython's own for comparison."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
IS_STOCK = os.environ.get("CSOCKET_PROGRAMS") == "stock"
SOCKET_TYPE_MODULE = "_socket" if IS_STOCK else "csocket._csocket"
# The options of the interpreter before the program.
ON_CSOCKET = [] if IS_STOCK else ["-m", "csocket"]


def assert_under_test(sock):
    """Assert that a socket that a library made is of the module under test."""
    # The objects of asyncio and gevent are no sockets, but contain one.
    base = type(getattr(sock, "_sock", sock)).__mro__[-2]
    assert (base.__module__, base.__name__) == (SOCKET_TYPE_MODULE, "socket")


def run_child(*command, seconds=110):
    """Run Python with these arguments; it must succeed. Return what it printed."""
    command = [sys.executable, *map(str, command)]
    result = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result


def run_program(program, *arguments):
    """Run a program of this folder on the module under test."""
    return run_child(*ON_CSOCKET, FOLDER / program, *arguments)
