"""The objects that csocket keeps for reuse, and the environment variable that chooses them."""

import pytest
from support import WITHOUT_GIL, run_with_environment

KINDS = ("addresses", "bytes", "datagrams", "ints", "scratch", "sockets", "tuples")

# Prints the kinds that are kept. A kept object has one reference more than another one.
SEEN = """
import csocket, sys

a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
udp = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
seen = []

def look(kind, answer, other):
    if sys.getrefcount(answer()) > sys.getrefcount(other()):
        seen.append(kind)

for _ in range(3):
    a.send(b"x" * 1777)
look("bytes", lambda: b.recv(1500), lambda: bytes(bytearray(1500)))
look("tuples", lambda: b.recvfrom(1), lambda: tuple([b"x", None]))
look("ints", lambda: a.send(b"x" * 1777), lambda: int("1777"))
if udp.getsockname() is udp.getsockname():
    seen.append("addresses")
print(*seen)
"""
# Those that a program can see.
SEEN_KINDS = ["addresses", "bytes", "ints", "tuples"]

USED = """
import csocket
a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
for _ in range(3):
    a.send(b"x" * 300)
    assert b.recvfrom(262144) == (b"x" * 300, None)
    a.sendmmsg([b"y" * 10, b"z" * 20])
    assert [m[0] for m in b.recvmmsg(2, 100)] == [b"y" * 10, b"z" * 20]
    with csocket.socket() as s:
        s.bind(("127.0.0.1", 0))
        assert s.getsockname() == s.getsockname()
print("ok")
"""


def seen(*options, **environment):
    return sorted(run_with_environment(SEEN, *options, **environment).stdout.split())


@pytest.mark.skipif(WITHOUT_GIL, reason="without a GIL only addresses and memory are kept")
@pytest.mark.parametrize("kind", SEEN_KINDS)
def test_one_kind_alone(kind):
    assert seen(CSOCKET_REUSE=kind) == [kind]


@pytest.mark.skipif(WITHOUT_GIL, reason="without a GIL only addresses and memory are kept")
def test_all_kinds():
    assert seen() == SEEN_KINDS
    assert seen(CSOCKET_REUSE=",".join(KINDS)) == SEEN_KINDS


def test_none():
    assert seen(CSOCKET_REUSE="none") == []


@pytest.mark.parametrize("kinds", ["none", *KINDS, "scratch,bytes"])
def test_calls_are_the_same(kinds):
    result = run_with_environment(USED, CSOCKET_REUSE=kinds)
    assert (result.stdout, result.stderr) == ("ok\n", "")


@pytest.mark.parametrize("text", ["all", "byte", "bytes,", "bytes, ints", ",", "\x80"])
def test_unknown(text):
    result = run_with_environment(USED, CSOCKET_REUSE=text)
    assert result.stdout == "ok\n"
    assert "RuntimeWarning: CSOCKET_REUSE is " in result.stderr
    assert "not 'none' or a list of kinds such as 'bytes,ints': ignored" in result.stderr


def test_interpreter_that_ignores_the_environment():
    assert seen("-E", CSOCKET_REUSE="none") == seen()
