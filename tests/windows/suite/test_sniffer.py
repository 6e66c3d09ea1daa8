"""The documentation's sniffer, which runs as far as the system lets it: with csocket as with stock.

Wine has no raw sockets of IPPROTO_IP: there both get WSAEPROTONOSUPPORT from socket(). So the steps
that follow are also made on sockets that Wine has.
"""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import csocket

PROGRAM = Path(__file__).parents[3] / "examples" / "doc" / "sniffer.py"


def failure(*options):
    """Where the program ends, and its last words."""
    done = subprocess.run(
        [sys.executable, *options, PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    lines = re.findall(r'File ".*sniffer\.py", line (\d+)', done.stderr)
    return done.returncode, lines, done.stderr.strip().rpartition("\n")[2]


def test_sniffer_ends_as_with_stock():
    status, lines, words = failure()
    if "10043" not in words:
        pytest.skip(f"this system has raw sockets, and the sniffer would wait: {words}")
    assert (status, lines) == (1, ["7"])
    assert failure("-m", "csocket") == (status, lines, words)


def steps(module):
    """The steps of the sniffer, each with its result or its error."""

    def step(call, *args):
        try:
            return call(*args)
        except OSError as error:
            return type(error).__name__, error.errno, error.winerror

    with module.socket(module.AF_INET, module.SOCK_DGRAM) as sock:
        yield step(sock.bind, (module.gethostbyname(module.gethostname()), 0))
        yield step(sock.setsockopt, module.IPPROTO_IP, module.IP_HDRINCL, 1)
        for value in (module.RCVALL_ON, module.RCVALL_SOCKETLEVELONLY, module.RCVALL_OFF):
            yield step(sock.ioctl, module.SIO_RCVALL, value)


def test_each_step_as_with_stock():
    assert list(steps(csocket)) == list(steps(socket))
