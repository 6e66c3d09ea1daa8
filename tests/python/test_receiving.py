"""recv() and recvfrom(): with any bufsize, they return the data that was sent."""

import random
import threading

import pytest
from support import fill

import csocket

KIB = 1024
SIZES = [
    1,
    2,
    511,
    512,
    513,
    4096,
    65_535,
    65_536,
    65_537,
    256 * KIB,
    256 * KIB + 1,
    1 << 20,
    1 << 24,
]


def send_in_background(sock, data):
    thread = threading.Thread(target=sock.sendall, args=(data,))
    thread.start()
    return thread


@pytest.mark.parametrize("room", SIZES)
@pytest.mark.parametrize("size", [1, 600, 100_000, 600_000])
def test_stream(pair, room, size):
    a, b = pair
    data = random.Random(size).randbytes(size)
    thread = send_in_background(a, data)
    received = bytearray()
    while len(received) < size:
        part = b.recv(room)
        assert 0 < len(part) <= room
        received += part
        if room < 64 and len(received) > 2000:
            room = size
    thread.join()
    assert received == data


def test_one_call_takes_all_that_is_there(pair):
    a, b = pair
    a.setsockopt(csocket.SOL_SOCKET, csocket.SO_SNDBUF, 1 << 20)
    for size in (10, 200_000, 10, 150_000, 150_000, 10):
        a.sendall(bytes(size))
        assert len(b.recv(256 * KIB)) == size
        a.sendall(bytes(size))
        assert len(b.recv(1 << 24)) == size


@pytest.mark.parametrize("room", [size for size in SIZES if size > 1000])
def test_datagram(room):
    a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    with a, b:
        for size in (1, 700, 0, 3000, 1, 100_000, 2):
            data = random.Random(size).randbytes(size)
            a.send(data)
            assert b.recv(room) == data[:room]
            a.send(data)
            assert b.recvfrom(room)[0] == data[:room]


def test_end_of_stream(pair):
    a, b = pair
    a.send(b"last")
    a.close()
    assert b.recv(1 << 18) == b"last"
    assert b.recv(1 << 18) == b""
    assert b.recv(10) == b""


def test_peek_and_truncate():
    a, b = csocket.socketpair(csocket.AF_UNIX, csocket.SOCK_DGRAM)
    with a, b:
        a.send(b"0123456789")
        assert b.recv(1 << 18, csocket.MSG_PEEK) == b"0123456789"
        assert b.recv(4, csocket.MSG_TRUNC)[:4] == b"0123"


def test_two_threads_receive_at_once():
    """One has the shared scratch memory, and the other needs its own."""
    pairs = [csocket.socketpair() for _ in range(4)]
    results = {}

    def receive(number):
        results[number] = pairs[number][1].recv(1 << 18)

    threads = [threading.Thread(target=receive, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for number, (a, _) in enumerate(pairs):
        a.send(bytes([number]) * 1000)
    for thread in threads:
        thread.join()
    for a, b in pairs:
        a.close()
        b.close()
    assert results == {n: bytes([n]) * 1000 for n in range(4)}


def test_reader_that_waits_and_reader_that_does_not():
    """The socket's experience from earlier calls changes how it receives, but never the data."""
    a, b = csocket.socketpair()
    with a, b:
        for number in range(200):
            data = b"%d" % number
            if number // 40 % 2:
                a.send(data)
                assert b.recv(100) == data
            else:
                timer = threading.Timer(0.001, a.send, [data])
                timer.start()
                assert b.recv(100) == data
                timer.join()


def test_timeout_after_calls_that_waited():
    a, b = csocket.socketpair()
    with a, b:
        b.settimeout(0.01)
        for _ in range(40):
            with pytest.raises(TimeoutError):
                b.recv(1)
        a.send(b"x")
        assert b.recv(1) == b"x"
        b.setblocking(False)
        for _ in range(40):
            with pytest.raises(BlockingIOError):
                b.recv(1)
        a.send(b"y")
        assert b.recv(1) == b"y"


def test_sending_is_not_put_off_by_reading_in_vain():
    a, b = csocket.socketpair()
    with a, b:
        a.setblocking(False)
        for _ in range(40):
            with pytest.raises(BlockingIOError):
                a.recv(1)
        fill(a)
        with pytest.raises(BlockingIOError):
            a.send(b"x")


# The tuple of recvfrom(), which csocket uses again


@pytest.fixture
def datagrams():
    a, b = csocket.socketpair(type=csocket.SOCK_DGRAM)
    with a, b:
        yield a, b


def test_tuples_that_are_kept_stay_as_they_are(datagrams):
    a, b = datagrams
    kept = []
    for number in range(20):
        a.send(b"%d" % number)
        result = b.recvfrom(10)
        if number % 3 == 0:
            kept.append(result)
    assert kept == [(b"%d" % number, None) for number in range(0, 20, 3)]


def test_tuples_have_the_hash_of_their_items(datagrams):
    a, b = datagrams
    for number in range(20):
        a.send(b"%d" % number)
        assert hash(b.recvfrom(10)) == hash((b"%d" % number, None))


def test_tuples_of_recvfrom_into(datagrams):
    a, b = datagrams
    room = bytearray(1000)
    for size in (1, 300, 2, 600):
        a.send(bytes(size))
        count, address = b.recvfrom_into(room)
        assert (count, address) == (size, None)


def test_tuples_of_many_threads(datagrams):
    def receive(sock):
        found.append([sock.recvfrom(10) for _ in range(200)])

    found, expected = [], [(b"%d" % number, None) for number in range(200)]
    pairs = [csocket.socketpair(type=csocket.SOCK_DGRAM) for _ in range(4)]
    threads = [threading.Thread(target=receive, args=(b,)) for _, b in pairs]
    for thread in threads:
        thread.start()
    for number in range(200):
        for a, _ in pairs:
            a.send(b"%d" % number)
    for thread in threads:
        thread.join()
    for a, b in pairs:
        a.close(), b.close()
    assert found == [expected] * 4


@pytest.mark.parametrize("size", [1, 64, 512, 4096, 4097])
@pytest.mark.parametrize("room", [0, 1, 5000])
def test_what_was_received_stays(pair, size, room):
    """Its memory is not used again while the program has a reference to it."""
    a, b = pair
    sent = [random.Random(i).randbytes(size) for i in range(40)]
    kept, hashes, views = [], [], []
    for i, data in enumerate(sent):
        a.send(data)
        received = b.recv(size + room)
        if i % 3 == 0:
            kept.append(received)
        elif i % 3 == 1:
            views.append(memoryview(received))
        hashes.append(hash(received))
        del received
    assert kept == sent[0::3]
    assert views == sent[1::3]
    assert hashes == [hash(data) for data in sent]


def test_what_was_received_stays_beside_other_sizes(pair):
    a, b = pair
    sent = [random.Random(i).randbytes(1 + i % 7) for i in range(200)]
    received = []
    for data in sent:
        a.send(data)
        received.append(b.recv(8))
        a.send(data)
        assert b.recv(len(data)) == data
    assert received == sent


def test_what_threads_receive(pair):
    """One thread waits with its memory while another uses the same sizes again and again."""
    a, b = pair
    c, d = csocket.socketpair()
    with c, d:
        received = []
        for i in range(100):
            waits = threading.Thread(target=lambda: received.append(b.recv(64)))
            waits.start()
            for j in range(10):
                c.send(bytes([i, j]) * 32)
                assert d.recv(64) == bytes([i, j]) * 32
            a.send(bytes([i]) * 64)
            waits.join()
        assert received == [bytes([i]) * 64 for i in range(100)]
