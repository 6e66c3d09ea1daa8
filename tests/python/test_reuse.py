"""What csocket keeps to be used again, and the environment variable that chooses it."""

import os
import subprocess
import sys

import pytest
from support import WITHOUT_GIL

KINDS = ("addresses", "bytes", "datagrams", "ints", "scratch", "sockets", "tuples")

# Objects that are dropped and made again: prints the kinds of which the same memory comes back. In
# between another object of the same size takes the memory that the interpreter would give again.
SEEN = """
import csocket

# The enums are made, and address tuples are met, before anything is looked at.
a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
udp = csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
seen = []

def comes_back(make, take_memory):
    first = id(make())
    others = [take_memory() for _ in range(20)]
    return first == id(make()) and first not in map(id, others)

def received():
    a.send(b"x" * 1500)
    return b.recv(1500)

def received_from():
    a.send(b"")
    return b.recvfrom(1)

def sent():
    b.recv(2000) if sent.again else None
    sent.again = True
    return a.send(b"x" * 1777)

sent.again = False
if comes_back(received, lambda: bytes(bytearray(1500))):
    seen.append("bytes")
if comes_back(received_from, lambda: tuple([object(), None])):
    seen.append("tuples")
if comes_back(sent, lambda: int("1777")):
    seen.append("ints")
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


def run(program, *options, **environment):
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def seen(*options, **environment):
    return sorted(run(SEEN, *options, **environment).stdout.split())


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
    result = run(USED, CSOCKET_REUSE=kinds)
    assert (result.stdout, result.stderr) == ("ok\n", "")


@pytest.mark.parametrize("text", ["all", "byte", "bytes,", "bytes, ints", ",", "\x80"])
def test_unknown(text):
    result = run(USED, CSOCKET_REUSE=text)
    assert result.stdout == "ok\n"
    assert "RuntimeWarning: CSOCKET_REUSE is " in result.stderr
    assert "not 'none' or a list of kinds such as 'bytes,ints': ignored" in result.stderr


def test_interpreter_that_ignores_the_environment():
    assert seen("-E", CSOCKET_REUSE="none") == seen()
