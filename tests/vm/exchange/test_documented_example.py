"""The unchanged CAN program of the socket module's documentation, on csocket."""

import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from support import PATIENCE

import csocket

PROGRAM = Path(__file__).parents[3] / "examples" / "doc" / "can_echo.py"
INTERFACE = "vcan0"

WITH_CSOCKET = """\
import csocket
csocket.install()
import runpy, socket, sys
assert socket.socket is csocket.socket
runpy.run_path(sys.argv[1], run_name="__main__")
"""

# Lists the kernel's receivers without a filter, one per line.
RECEIVERS = Path("/proc/net/can/rcvlist_all")

CLASSIC = struct.Struct("=IB3x8s")
GREETING = CLASSIC.pack(0x01, 3, b"\x01\x02\x03")


def receivers_on_the_interface():
    lines = RECEIVERS.read_text().splitlines()
    return sum(line.split()[:1] == [INTERFACE] and line.endswith("raw") for line in lines)


def wait_for_the_program(program, receivers_before):
    """Wait until the program is bound: it does not receive frames that were sent before."""
    end = time.monotonic() + PATIENCE
    while receivers_on_the_interface() == receivers_before:
        assert program.poll() is None, program.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def running_program():
    before = receivers_on_the_interface()
    program = subprocess.Popen(
        [sys.executable, "-P", "-u", "-c", WITH_CSOCKET, str(PROGRAM)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_the_program(program, before)
        yield program
    finally:
        # The program never ends by itself.
        program.kill()
        program.communicate(timeout=PATIENCE)


def test_frames_are_printed_and_come_back(open_socket, vcans):
    assert INTERFACE in vcans
    sock = open_socket(csocket.AF_CAN, csocket.SOCK_RAW, csocket.CAN_RAW)
    sock.bind((INTERFACE,))
    with running_program() as program:
        for can_id, data in (
            (0x123, b"\xde\xad\xbe\xef"),
            (0x12345678 | csocket.CAN_EFF_FLAG, b"12345678"),
            (0x7FF, b""),
        ):
            sent = CLASSIC.pack(can_id, len(data), data)
            sock.send(sent)
            for expected in sent, GREETING:
                assert sock.recvfrom(CLASSIC.size) == (expected, (INTERFACE,))
            line = f"Received: can_id={can_id:x}, can_dlc={len(data):x}, data={data}"
            assert program.stdout.readline() == line + "\n"
        assert program.poll() is None
