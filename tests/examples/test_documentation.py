"""The documentation's echo servers and clients run unchanged, with csocket as their socket module.

`make demo` shows what they print. Where this process may make a network namespace they run in one, so
that their port is free. Elsewhere it may be taken for a minute, by whoever had a connection from it.
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import time

import pytest

PROGRAMS = pathlib.Path(__file__).parents[2] / "examples" / "doc"
LIMIT = 60
# The kernel holds the port of a closed connection for a minute.
PORT_LIMIT = 75
# Each server's word for a port that is taken.
IN_USE = ("Address already in use", "could not open socket")
# An interpreter that runs a program, and then says on what.
RUN = """\
import csocket
csocket.install()
import runpy, sys
runpy.run_path(sys.argv[1], run_name="__main__")
import socket
assert socket.socket is csocket.socket
print("ran on", sys.modules["csocket._csocket"].__file__)
"""
NAMESPACE = "ip link set lo up && echo ready && exec cat"


@pytest.fixture
def prefix():
    """What runs a command in a network namespace of this test, if there can be one."""
    command = ["unshare", "--net", "sh", "-c", NAMESPACE]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as keeper:
        is_ready = keeper.stdout.readline() == b"ready\n"
        yield ["nsenter", f"--net=/proc/{keeper.pid}/ns/net"] if is_ready else []
        keeper.kill()


def start(prefix, program):
    return subprocess.Popen(
        [*prefix, sys.executable, "-P", "-c", RUN, PROGRAMS / program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def listens(process):
    """Look for a socket of its own that listens: a connection would use up the server's only one."""
    folder = pathlib.Path(f"/proc/{process.pid}")
    with contextlib.suppress(OSError):  # it may just have ended
        own = {os.readlink(descriptor) for descriptor in (folder / "fd").iterdir()}
        for table in ("tcp", "tcp6"):
            for line in (folder / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
                    return True
    return False


def ended(process, name):
    """Print what a program said; return that, and its exit status."""
    try:
        output, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        output = process.communicate()[0] + f"(still running after {LIMIT} s)\n"
    for line in output.splitlines():
        print(f"  {name}: {line}", flush=True)
    return output, process.returncode


def start_server(prefix, program):
    """Start it until it has its port."""
    end = time.monotonic() + PORT_LIMIT
    while True:
        server = start(prefix, program)
        while server.poll() is None and time.monotonic() < end:
            if listens(server):
                return server
            time.sleep(0.02)
        server.kill()
        output, _ = ended(server, "server")
        assert any(word in output for word in IN_USE) and time.monotonic() < end
        time.sleep(1)


@pytest.mark.parametrize("kind", ["", "_dualstack"], ids=["IPv4", "dual stack"])
def test_echo(prefix, kind):
    print(f"\necho_server{kind}.py and echo_client{kind}.py:", flush=True)
    server = start_server(prefix, f"echo_server{kind}.py")
    try:
        reply, status = ended(start(prefix, f"echo_client{kind}.py"), "client")
        if status:
            server.kill()
        said, server_status = ended(server, "server")
    finally:
        server.kill()
    assert status == server_status == 0
    assert "Received b'Hello, world'" in reply.splitlines()
    assert "ran on " in reply.splitlines()[-1] and "ran on " in said.splitlines()[-1]
