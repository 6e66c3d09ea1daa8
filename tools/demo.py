#!/usr/bin/env python3
"""Run the documentation's echo servers and clients with csocket standing in for socket.

The programs in examples/doc stand as the documentation has them. Each runs in an interpreter of
its own, which calls csocket.install() before the program imports socket.
"""

import argparse
import errno
import json
import pathlib
import socket
import subprocess
import sys
import time

PROGRAMS = pathlib.Path(__file__).resolve().parent.parent / "examples" / "doc"
PAIRS = (
    ("IPv4", "echo_server.py", "echo_client.py"),
    ("dual-stack", "echo_server_dualstack.py", "echo_client_dualstack.py"),
)
PORT = 50007  # the one that the programs use
REPLY = "Received b'Hello, world'"
SECONDS = 20
# The kernel holds a port for a minute after a connection, which may have had it by chance.
PORT_SECONDS = 75

WITH_CSOCKET = """\
import csocket
csocket.install()
import runpy, sys
runpy.run_path(sys.argv[1], run_name="__main__")
import socket
assert socket.socket is csocket.socket
print("ran on", sys.modules["csocket._csocket"].__file__)
"""
PROOF = "ran on "


class DemoError(Exception):
    """A step that did not go as it should."""


def start(program):
    return subprocess.Popen(
        [sys.executable, "-P", "-c", WITH_CSOCKET, str(PROGRAMS / program)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def port_is_listened_on():
    """Ask the kernel's table: a connection would use up the server's only one."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = pathlib.Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state = line.split()[:4]
            if int(local.rpartition(":")[2], 16) == PORT and state == "0A":
                return True
    return False


def port_is_free():
    for family, host in ((socket.AF_INET, ""), (socket.AF_INET6, "::")):
        try:
            with socket.socket(family) as probe:
                probe.bind((host, PORT))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
    return True


def wait_for_port():
    end = time.monotonic() + PORT_SECONDS
    if not port_is_free():
        print("  waiting for port {}, which is in use".format(PORT), flush=True)
    while not port_is_free():
        if time.monotonic() > end:
            raise DemoError("port {} is in use by another program".format(PORT))
        time.sleep(0.5)


def wait_for_listener(server):
    end = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < end:
        if port_is_listened_on():
            return
        time.sleep(0.02)
    raise DemoError("the server does not listen on port {}".format(PORT))


def finish(process, name):
    """Wait for a program and print what it said."""
    try:
        output, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        output += "(still running after {} s)\n".format(SECONDS)
    for line in output.splitlines():
        print("  {}: {}".format(name, line))
    return output


def finish_well(process, name):
    """Check also that it ended well, and that csocket was its socket module."""
    output = finish(process, name)
    if process.returncode != 0:
        raise DemoError("the {} ended with status {}".format(name, process.returncode))
    if not output.splitlines()[-1].startswith(PROOF):
        raise DemoError("the {} did not run on csocket".format(name))
    return output


def run_pair(server_program, client_program):
    wait_for_port()
    server = start(server_program)
    try:
        wait_for_listener(server)
        reply = finish_well(start(client_program), "client")
        if REPLY not in reply.splitlines():
            raise DemoError("the client did not print: " + REPLY)
    except DemoError:
        server.terminate()
        finish(server, "server")
        raise
    finish_well(server, "server")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the counts to FILE")
    arguments = parser.parse_args()
    failed = 0
    for name, server, client in PAIRS:
        print("{}: {} and {}".format(name, server, client), flush=True)
        try:
            run_pair(server, client)
        except DemoError as error:
            failed += 1
            print("  FAILED: {}".format(error))
    passed = len(PAIRS) - failed
    if arguments.json:
        result = {"suite": "documentation examples", "passed": passed, "failed": failed}
        arguments.json.write_text(json.dumps({**result, "skipped": 0, "reasons": {}}) + "\n")
    if failed:
        print("The demo FAILED.")
        return 1
    print("The demo worked: the documentation's programs ran on csocket and said hello.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
