"""The addresses that each family refuses, on every kernel: only the socket object has the
family."""

import re

import pytest
from support import told

import csocket

CAN_RAW = ("AF_CAN", "CAN_RAW")
CAN_BCM = ("AF_CAN", "CAN_BCM")
CAN_ISOTP = ("AF_CAN", "CAN_ISOTP")
CAN_J1939 = ("AF_CAN", "CAN_J1939")
L2CAP = ("AF_BLUETOOTH", "BTPROTO_L2CAP")
RFCOMM = ("AF_BLUETOOTH", "BTPROTO_RFCOMM")
HCI = ("AF_BLUETOOTH", "BTPROTO_HCI")
SCO = ("AF_BLUETOOTH", "BTPROTO_SCO")
NETLINK, PACKET, TIPC = ("AF_NETLINK", 0), ("AF_PACKET", 0), ("AF_TIPC", 0)
ALG, VSOCK, QIPCRTR, RDS = ("AF_ALG", 0), ("AF_VSOCK", 0), ("AF_QIPCRTR", 0), ("AF_RDS", 0)

ANY = "00:00:00:00:00:00"

# The library accepts these. Only the kernel, which knows the real family, refuses them.
ACCEPTED = [
    (NETLINK, (0, 0)),
    (NETLINK, (2**32 - 1, -1)),
    (PACKET, ("lo", 3)),
    (PACKET, ("", 3, 0)),
    (PACKET, (b"lo", 3, 4, 1, b"\1\2\3\4\5\6")),
    (PACKET, ("lo", 65535, 255, 65535, bytearray(32))),
    (CAN_RAW, ("lo",)),
    (CAN_RAW, ("",)),
    (CAN_BCM, (b"lo",)),
    (CAN_ISOTP, ("lo", 0x123, 2**32 - 1)),
    (CAN_J1939, ("lo", 2**64 - 1, 0x40000, 255)),
    (TIPC, (1, 5000, 0, 9)),
    (TIPC, (2, 5000, 7, 0, 2)),
    (TIPC, (3, 0, 2**32 - 1, 0, -1)),
    (L2CAP, (ANY, 0x1001)),
    (L2CAP, ("1:2:3:4:5:6", 0x80, 4)),
    (L2CAP, ("12:34:56:78:9a:BC", 65535, 65535, 2)),
    (RFCOMM, (ANY, 255)),
    (HCI, 0),
    (HCI, (65535,)),
    (HCI, -1),
    (HCI, (0, 1)),
    (SCO, ANY),
    (SCO, ANY.encode()),
    (ALG, ("hash", "sha256")),
    (ALG, ("t" * 13, "n" * 63, 2**32 - 1, 0)),
    (VSOCK, (2**32 - 1, -1)),
    (QIPCRTR, (0, 2**32 - 1)),
    (RDS, ("127.0.0.1", 65535)),
]

# family, address, type of the exception, pattern of its message
REFUSED = [
    *[(kind, 5, TypeError, "must be tuple") for kind in (NETLINK, PACKET, CAN_RAW, CAN_ISOTP)],
    *[(kind, "x", TypeError, "must be tuple") for kind in (TIPC, ALG, VSOCK, QIPCRTR, RDS)],
    *[(kind, [0, 0], TypeError, "must be tuple") for kind in (NETLINK, VSOCK, CAN_J1939)],
    (NETLINK, (0,), TypeError, r"\(pid, groups\)"),
    (NETLINK, (0, 0, 0), TypeError, r"\(pid, groups\)"),
    (NETLINK, (2**32, 0), OverflowError, "pid"),
    (NETLINK, (0, -(2**31) - 1), OverflowError, "groups"),
    (NETLINK, ("0", 0), TypeError, "pid"),
    (NETLINK, (0, None), TypeError, "groups"),
    (PACKET, ("lo",), TypeError, r"\(ifname, proto"),
    (PACKET, ("lo", 1, 2, 3, b"", 5), TypeError, r"\(ifname, proto"),
    (PACKET, (1, 3), TypeError, "interface name"),
    (PACKET, ("x" * 16, 3), OSError, "interface name too long"),
    (PACKET, ("l\0o", 3), ValueError, "interface name"),
    (PACKET, ("lo", -1), OverflowError, "proto"),
    (PACKET, ("lo", 65536), OverflowError, "proto"),
    (PACKET, ("lo", 3.0), TypeError, "proto"),
    (PACKET, ("lo", 3, 256), OverflowError, "pkttype"),
    (PACKET, ("lo", 3, 0, 65536), OverflowError, "hatype"),
    (PACKET, ("lo", 3, 0, 0, "addr"), TypeError, "addr"),
    (PACKET, ("lo", 3, 0, 0, bytes(33)), ValueError, "addr too long"),
    (CAN_RAW, (), TypeError, r"\(interface, \)"),
    (CAN_RAW, ("lo", 1), TypeError, r"\(interface, \)"),
    (CAN_RAW, (None,), TypeError, "interface name"),
    (CAN_BCM, ("x" * 1024,), OSError, "interface name too long"),
    (CAN_ISOTP, ("lo", 1), TypeError, "rx_addr, tx_addr"),
    (CAN_ISOTP, ("lo", 2**32, 1), OverflowError, "rx_addr"),
    (CAN_ISOTP, ("lo", 1, -1), OverflowError, "tx_addr"),
    (CAN_ISOTP, ("lo", 1, "2"), TypeError, "tx_addr"),
    (CAN_J1939, ("lo", 1, 2), TypeError, "name, pgn, addr"),
    (CAN_J1939, ("lo", 2**64, 2, 3), OverflowError, "name"),
    (CAN_J1939, ("lo", -1, 2, 3), OverflowError, "name"),
    (CAN_J1939, ("lo", 1, 2**32, 3), OverflowError, "pgn"),
    (CAN_J1939, ("lo", 1, 2, 256), OverflowError, "addr"),
    (TIPC, (1, 2, 3), TypeError, "addr_type, v1, v2, v3"),
    (TIPC, (0, 1, 2, 3), TypeError, "addr_type"),
    (TIPC, (4, 1, 2, 3), TypeError, "addr_type"),
    (TIPC, ("1", 1, 2, 3), TypeError, "addr_type"),
    (TIPC, (1, 2**32, 2, 3), OverflowError, "v1"),
    (TIPC, (1, 1, 2**32, 3), OverflowError, "v2"),
    (TIPC, (1, 1, 2, 2**32), OverflowError, "v3"),
    (TIPC, (1, 1, 2, 3, 128), OverflowError, "scope"),
    (ALG, ("hash",), TypeError, r"\(type, name"),
    (ALG, (b"hash", "sha256"), TypeError, "type"),
    (ALG, ("hash", 5), TypeError, "name"),
    (ALG, ("t" * 14, "name"), ValueError, "type too long"),
    (ALG, ("type", "n" * 64), ValueError, "name too long"),
    (ALG, ("ha\0sh", "sha256"), ValueError, "type"),
    (ALG, ("hash", "sha256", 2**32), OverflowError, "feat"),
    (ALG, ("hash", "sha256", 0, -1), OverflowError, "mask"),
    (VSOCK, (1,), TypeError, r"\(cid, port\)"),
    (VSOCK, (2**32, 1), OverflowError, "cid"),
    (VSOCK, (1, "2"), TypeError, "port"),
    (QIPCRTR, (1, 2, 3), TypeError, r"\(node, port\)"),
    (QIPCRTR, (None, 2), TypeError, "node"),
    (QIPCRTR, (1, 2**32), OverflowError, "port"),
    (RDS, ("127.0.0.1",), TypeError, r"\(host, port\)"),
    (RDS, ("127.0.0.1", 65536), OverflowError, "port"),
    (RDS, (None, 1), TypeError, "bytearray expected"),
    # A Bluetooth address of the wrong form is an OSError.
    (L2CAP, ANY, OSError, r"\(bdaddr, psm"),
    (L2CAP, (ANY,), OSError, r"\(bdaddr, psm"),
    (L2CAP, (ANY, 1, 2, 3, 4), OSError, r"\(bdaddr, psm"),
    (L2CAP, (ANY.encode(), 1), OSError, "bdaddr"),
    (L2CAP, ("\ud812", 1), OSError, "surrogates"),
    (L2CAP, (ANY, 65536), OSError, "psm"),
    (L2CAP, (ANY, 1, -1), OSError, "cid"),
    (L2CAP, (ANY, 1, 0, 256), OSError, "bdaddr_type"),
    (RFCOMM, (ANY, 256), OSError, "channel"),
    (RFCOMM, (ANY, 1, 2), OSError, r"\(bdaddr, channel\)"),
    (RFCOMM, (ANY + "\0", 1), OSError, "bdaddr"),
    *[(RFCOMM, (text, 1), OSError, "^bad bluetooth address\n.*bdaddr") for text in (
        "", "invalid", "12:34:56:78:9a", "12:34:56:78:9a:bc:de", "12:34:56:78:9a:bc:", "1::3:4:5:6",
        "100:2:3:4:5:6", "1:2:3:4:5:6 ", " 1:2:3:4:5:6", "+1:2:3:4:5:6", "0x1:2:3:4:5:6", "g:2:3:4:5:6",
    )],
    (HCI, (), OSError, "device_id"),
    (HCI, (0, 0, 0), OSError, "device_id"),
    (HCI, "0", OSError, "device_id"),
    (HCI, 65536, OSError, "device_id"),
    (HCI, -2, OSError, "device_id"),
    (HCI, (0, 65536), OSError, "channel"),
    (SCO, (ANY,), OSError, "bdaddr"),
    (SCO, 5, OSError, "bdaddr"),
    (SCO, b"invalid", OSError, "bdaddr"),
    (SCO, ANY + "\0", ValueError, "bdaddr"),
    (SCO, ANY.encode() + b"\0", ValueError, "bdaddr"),
    (SCO, "\ud812", UnicodeEncodeError, "surrogates"),
]  # fmt: skip


@pytest.fixture
def disguised():
    """Make sockets whose objects have a family that the kernel may lack."""
    made = []

    def disguise(family, protocol):
        number = getattr(csocket, protocol) if protocol else 0
        real = csocket.socket(csocket.AF_UNIX, csocket.SOCK_DGRAM)
        made.append(csocket.socket(getattr(csocket, family), real.type, number, real.detach()))
        return made[-1]

    yield disguise
    for sock in made:
        sock.close()


@pytest.mark.parametrize("kind, address", ACCEPTED)
def test_accepted(disguised, kind, address):
    with pytest.raises(OSError) as info:
        disguised(*kind).bind(address)
    assert info.value.errno is not None, "the library refused it"


@pytest.mark.parametrize("method", ["bind", "connect", "connect_ex", "sendto", "sendmsg"])
@pytest.mark.parametrize("kind, address, error, message", REFUSED)
def test_refused(disguised, method, kind, address, error, message):
    before = {"sendto": (b"x",), "sendmsg": ([b"x"], (), 0)}.get(method, ())
    with pytest.raises(error) as info:
        getattr(disguised(*kind), method)(*before, address)
    assert getattr(info.value, "errno", None) is None
    assert re.search(message, told(info.value))
    if message not in ("surrogates", "bytearray expected"):
        assert f"{method}()" in told(info.value)


def test_unknown_interface(disguised):
    for kind, address in ((PACKET, ("nonesuch", 3)), (CAN_RAW, ("nonesuch",))):
        with pytest.raises(OSError) as info:
            disguised(*kind).bind(address)
        assert info.value.errno == 19  # ENODEV


def test_family_without_a_form(disguised):
    for family, protocol, text in (
        ("AF_X25", None, "bad family"),
        ("AF_CAN", None, "unsupported CAN protocol"),
        ("AF_BLUETOOTH", "IPPROTO_TCP", "unknown Bluetooth protocol"),
    ):
        with pytest.raises(OSError) as info:
            disguised(family, protocol).bind(("lo",))
        assert str(info.value) == f"bind(): {text}"
        assert "no address form for family" in told(info.value)
