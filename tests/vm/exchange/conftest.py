"""Fixtures of the exchanges: sockets, which are closed at the end, and the interfaces they use."""

import subprocess
from contextlib import ExitStack

import pytest
from support import PATIENCE

import csocket

# CAN_FD_MTU is the size of struct canfd_frame of linux/can.h.
VIRTUAL_CAN = ("vcan0", "vcan1")
CAN_FD_MTU = 72


@pytest.fixture
def open_socket():
    """A socket() that sets a timeout, and closes its sockets after the test."""
    with ExitStack() as stack:

        def opened(*arguments, **keywords):
            sock = stack.enter_context(csocket.socket(*arguments, **keywords))
            sock.settimeout(PATIENCE)
            return sock

        yield opened


def configure(*commands):
    """Run commands of iproute2."""
    result = subprocess.run(
        ["ip", "-batch", "-"],
        input="".join(command + "\n" for command in commands),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="session")
def vcans():
    """The names of two virtual CAN interfaces, which are up and carry CAN FD frames too."""
    present = {name for _, name in csocket.if_nameindex()}
    missing = [name for name in VIRTUAL_CAN if name not in present]
    configure(
        *(f"link add dev {name} type vcan" for name in missing),
        # The MTU can be changed only while an interface is down.
        *(f"link set dev {name} down" for name in VIRTUAL_CAN),
        *(f"link set dev {name} mtu {CAN_FD_MTU}" for name in VIRTUAL_CAN),
        *(f"link set dev {name} up" for name in VIRTUAL_CAN),
    )
    yield VIRTUAL_CAN
    configure(*(f"link delete dev {name}" for name in missing))
