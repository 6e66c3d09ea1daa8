"""gevent and eventlet patch the module named socket, so csocket must be installed before."""

import subprocess
import sys

import pytest
from under_test import IS_STOCK, run_child

pytestmark = pytest.mark.skipif(IS_STOCK, reason="csocket.install() is asked about")

PATCHES = {
    "gevent": "import gevent.monkey; gevent.monkey.patch_all()",
    "eventlet": "import eventlet; eventlet.monkey_patch()",
}
INSTALLS = "import csocket; csocket.install()"
TALKS = """
import socket, sys, threading
assert socket.__name__ == "csocket"
assert socket.socket.__module__.startswith(sys.argv[1]), socket.socket
listener = socket.create_server(("127.0.0.1", 0))
def echo():
    sock, _ = listener.accept()
    sock.sendall(sock.recv(100))
threading.Thread(target=echo).start()
sock = socket.create_connection(listener.getsockname(), 30)
sock.sendall(b"hello")
assert sock.recv(100) == b"hello"
"""


@pytest.mark.parametrize("name", PATCHES)
def test_install_before_patching(name):
    run_child("-E", "-c", f"{INSTALLS}\n{PATCHES[name]}\n{TALKS}", name, seconds=60)


@pytest.mark.parametrize("name", PATCHES)
def test_install_after_patching_is_refused(name):
    """Otherwise install() would undo the patches, and the program would block for ever."""
    # -E, because the environment of the test run would install csocket at the start.
    result = subprocess.run(
        [sys.executable, "-E", "-c", f"{PATCHES[name]}\n{INSTALLS}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    message = result.stderr.splitlines()[-1]
    assert message.startswith("RuntimeError: ")
    assert name in message
    assert "csocket.install()" in message
