"""A storm of signals, faster than calls can complete: no byte is lost."""

import random
from contextlib import ExitStack

import pytest
from support import WITH_AND_WITHOUT_TIMEOUT, Background, signals, tcp_pair

import csocket

INTERVAL = 0.001
SIZE = 24 * 1024 * 1024


def receive_all(sock):
    received = bytearray()
    while chunk := sock.recv(1 << 17):
        received += chunk
    return received


def send_in_parts(sock, data, _):
    rest = memoryview(data)
    while rest:
        rest = rest[sock.send(rest) :]


def send_messages(sock, data, _):
    rest = memoryview(data)
    while rest:
        middle = len(rest) // 2
        rest = rest[sock.sendmsg([rest[:middle], rest[middle:]]) :]


def send_file(sock, data, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(data)
    with path.open("rb") as file:
        assert sock.sendfile(file) == len(data)


def write_file(sock, data, _):
    with sock.makefile("wb") as file:
        assert file.write(data) == len(data)


SENDERS = {
    "sendall": lambda sock, data, _: sock.sendall(data),
    "send": send_in_parts,
    "sendmsg": send_messages,
    "sendfile": send_file,
    "makefile": write_file,
}


@pytest.fixture(scope="module")
def random_data():
    return random.Random(42).randbytes(SIZE)


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("pair", [csocket.socketpair, tcp_pair], ids=["unix", "tcp"])
def test_storm_while_sending(pair, sender, timeout, random_data, tmp_path):
    """With a signal every millisecond, no byte is lost or repeated."""
    runs = 0

    def handler():
        nonlocal runs
        runs += 1

    with ExitStack() as stack:
        a, b = stack.enter_context(pair()) if pair is tcp_pair else pair()
        with a, b:
            a.settimeout(timeout)
            receiver = Background(receive_all, b)
            with signals(handler, INTERVAL):
                SENDERS[sender](a, random_data, tmp_path)
            a.close()
            assert receiver.result() == random_data
    assert runs > 0


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_storm_while_receiving(timeout, random_data):
    runs = 0

    def handler():
        nonlocal runs
        runs += 1

    with tcp_pair() as (a, b):
        b.settimeout(timeout)
        sender = Background(lambda: (a.sendall(random_data), a.shutdown(csocket.SHUT_WR)))
        with signals(handler, INTERVAL):
            received = receive_all(b)
        sender.result()
    assert received == random_data
    assert runs > 0
