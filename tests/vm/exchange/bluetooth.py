"""Emulated Bluetooth controllers as devices of the kernel: switched on, set up and switched off."""

import errno
import fcntl
import importlib.util
import select
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import PATIENCE

import csocket

# In seconds: importing bumble takes long in an emulated machine.
START_PATIENCE = 90

# Requests of the kernel's include/net/bluetooth/hci_sock.h.
HCIDEVUP, HCIDEVDOWN, HCISETSCAN, HCIGETCONNLIST = 0x400448C9, 0x400448CA, 0x400448DD, 0x800448D4
SCAN_PAGE = 2

# The kernel's include/net/bluetooth/mgmt.h.
READ_INFO, SET_CONNECTABLE, SET_LE, SET_ADVERTISING = 0x0004, 0x0007, 0x000D, 0x0029
MGMT_COMMAND_COMPLETE, MGMT_COMMAND_STATUS = 1, 2
EVENTS_MAX = 100

HCI = (csocket.AF_BLUETOOTH, csocket.SOCK_RAW, csocket.BTPROTO_HCI)


def control(request, argument):
    """An ioctl() on a socket of no device: the argument tells the device."""
    with csocket.socket(*HCI) as sock:
        fcntl.ioctl(sock, request, argument)


def switch_on(device):
    try:
        control(HCIDEVUP, device)
    except OSError as error:
        # The kernel switches a new device on by itself, to read its properties.
        if error.errno != errno.EALREADY:
            raise
    # Page scan: hosts that know the address can connect.
    control(HCISETSCAN, struct.pack("=HxxI", device, SCAN_PAGE))


def has_links(device):
    """Uses struct hci_conn_list_req with room for one link; its second field is the number of
    links."""
    links = bytearray(struct.pack("=HH16x", device, 1))
    control(HCIGETCONNLIST, links)
    return links[2:4] != b"\0\0"


def switch_off(device):
    """Switch a device off after its links have ended.

    They end some seconds after the sockets. Debian's Linux 6.1.192 crashes if an L2CAP socket is
    closed after its link was lost (a list corruption in hci_chan_del()). Until the links end,
    RFCOMM has such a socket of its own.
    """
    deadline = time.monotonic() + PATIENCE
    while has_links(device):
        assert time.monotonic() < deadline, "links that do not end"
        time.sleep(0.1)
    control(HCIDEVDOWN, device)


def manage(sock, opcode, device, parameters=b""):
    """Send a command of the kernel's management interface, and return the result."""
    sock.send(struct.pack("<HHH", opcode, device, len(parameters)) + parameters)
    for _ in range(EVENTS_MAX):
        packet = sock.recv(1024)
        event, of_device, length = struct.unpack_from("<HHH", packet)
        assert len(packet) == 6 + length
        if event in (MGMT_COMMAND_COMPLETE, MGMT_COMMAND_STATUS) and of_device == device:
            of, status = struct.unpack_from("<HB", packet, 6)
            if of == opcode:
                assert (event, status) == (MGMT_COMMAND_COMPLETE, 0)
                return packet[9:]
    raise AssertionError("no answer among the events")


def started(program):
    """The numbers of the devices, which the program prints once they exist."""
    readable, _, _ = select.select([program.stdout], [], [], START_PATIENCE)
    assert readable, "the emulation does not start"
    return tuple(int(number) for number in program.stdout.readline().split())


@contextmanager
def emulation(*addresses):
    """The numbers of devices that are switched on, each with an emulated controller of this
    address."""
    if importlib.util.find_spec("bumble") is None:
        pytest.skip("no bumble from PyPI to emulate Bluetooth controllers")
    command = [sys.executable, Path(__file__).with_name("controllers.py"), *addresses]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        devices = started(program)
        assert len(devices) == len(addresses)
        for device in devices:
            switch_on(device)
        yield devices
        for device in devices:
            switch_off(device)
    finally:
        program.stdin.close()
        try:
            assert program.wait(PATIENCE) == 0
        finally:
            program.kill()
            program.stdout.close()
