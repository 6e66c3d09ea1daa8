"""The command line: python -m csocket."""

import subprocess
import sys

import csocket
from csocket import _csocket


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "csocket", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def info_rows():
    done = run("--info")
    assert (done.returncode, done.stderr) == (0, "")
    title, empty, headings, *rows = done.stdout.splitlines()
    assert title.startswith(f"csocket {csocket.__version__}, CPython ")
    assert empty == ""
    starts = [headings.index(word) for word in ("family", "protocol", "build", "kernel", "address")]
    starts += [headings.index("what it takes"), None]
    return [tuple(row[a:b].strip() for a, b in zip(starts, starts[1:])) for row in rows]


def test_info_has_a_row_for_each_protocol():
    rows = info_rows()
    assert [row[:2] for row in rows] == [row[:2] for row in _csocket._protocols()]
    families = {row[0] for row in rows}
    assert families == {
        "AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_CAN", "AF_TIPC",
        "AF_BLUETOOTH", "AF_ALG", "AF_VSOCK", "AF_QIPCRTR", "AF_RDS",
    }  # fmt: skip
    over_ip = {row[1] for row in rows if row[0] == "AF_INET6"}
    assert over_ip >= {"IPPROTO_UDPLITE", "IPPROTO_MPTCP", "IPPROTO_SCTP", "IPPROTO_DCCP"}


def test_info_tells_forms_and_needs():
    rows = {row[:2]: row[2:] for row in info_rows()}
    assert rows["AF_INET", "IPPROTO_TCP"][:3] == ("yes", "yes", "(host, port)")
    build, _, form, needs = rows["AF_CAN", "CAN_ISOTP"]
    assert (build, form) == ("yes", "(interface, rx_addr, tx_addr)")
    assert "modprobe can-isotp" in needs
    for row in rows.values():
        assert row[0] == "yes" and row[2] != "-" and row[3] != "-"


def kinds_of(name):
    """The socket types that a protocol of the family may have; raw IP accepts any protocol."""
    kinds = ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET", "SOCK_RDM", "SOCK_DCCP")
    if not name.startswith("AF_INET"):
        kinds += ("SOCK_RAW",)
    return [getattr(csocket, kind) for kind in kinds]


def test_info_agrees_with_the_kernel():
    for name, protocol, _, present, _ in _csocket._protocols():
        family = getattr(csocket, name)
        number = 0 if protocol.startswith("SOCK_") else getattr(csocket, protocol)
        opened = any(can_open(family, kind, number) for kind in kinds_of(name))
        assert present not in (True, False) or opened == present, (name, protocol)


def can_open(*arguments):
    try:
        csocket.socket(*arguments).close()
    except OSError:
        return False
    return True


def test_version():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"csocket {csocket.__version__}\n")


def test_nothing_to_do():
    done = run()
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: python -m csocket")


def test_protocols_are_not_of_the_module():
    assert not hasattr(csocket, "_protocols")
