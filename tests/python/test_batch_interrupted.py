"""Batches that are refused, interrupted or cut off: nothing is sent twice, and nothing leaks."""

import errno
import os
import sys
import time

import pytest
from datagrams import (
    ENOUGH,
    ONE_DESCRIPTOR,
    data_of,
    descriptors_in,
    is_empty,
    numbered,
)
from descriptors import no_leaked_descriptors
from leaks import check_no_growth, expect
from support import (
    WITH_AND_WITHOUT_TIMEOUT,
    Background,
    drain,
    ebadf,
    fill,
    third_signals,
    unix_pair,
)

# More than any socket has room for.
MANY = 1500


# Refusals


@pytest.mark.parametrize(
    "messages, exception, text",
    [
        (None, TypeError, "not iterable"),
        ([None], TypeError, r"messages that are .*, not None"),
        (["text"], TypeError, r"messages that are .*, not 'text'"),
        ([[b"x"]], TypeError, r"\(data, address\) or \(data, ancdata, address\), not \[b'x'\]"),
        ([()], TypeError, r"not \(\)"),
        ([(b"x",)], TypeError, r"not \(b'x',\)"),
        ([(b"x", [], None, 1)], TypeError, r"not \(b'x', \[\], None, 1\)"),
        ([("text", None)], TypeError, "bytes-like"),
        ([(5, None)], TypeError, r"data of sendmmsg\(\) must be an iterable"),
        ([([b"x", 5], None)], TypeError, "bytes-like"),
        ([(b"x", 5, None)], TypeError, r"ancdata of sendmmsg\(\) must be an iterable"),
        ([(b"x", None, None)], TypeError, "must be an iterable"),
        ([(b"x", [5], None)], TypeError, "not iterable"),
        ([(b"x", [(1, 2)], None)], TypeError, "level, type, data"),
        ([(b"x", 5)], TypeError, r"sendmmsg\(\): AF_INET address must be tuple"),
        ([(b"x", ("127.0.0.1", 70000))], OverflowError, r"sendmmsg\(\): port must be 0-65535\."),
    ],
)
def test_refused_messages(strangers, messages, exception, text):
    """No message of the batch is sent."""
    a, b, address = strangers
    with no_leaked_descriptors(), pytest.raises(exception, match=text):
        a.sendmmsg(messages and [(b"good", address), *messages])
    assert is_empty(b)


@pytest.mark.parametrize(
    "arguments, named, exception, text",
    [
        ((), {}, TypeError, r"recvmmsg\(\) missing required argument 'n'"),
        ((1,), {}, TypeError, r"recvmmsg\(\) missing required argument 'bufsize'"),
        ((1, 1, 0, 1), {}, TypeError, "at most 3 arguments"),
        ((1, 1), {"size": 1}, TypeError, "unexpected keyword argument 'size'"),
        ((0, 1), {}, ValueError, "n must be at least 1, not 0"),
        ((-7, 1), {}, ValueError, "n must be at least 1, not -7"),
        ((1, -7), {}, ValueError, r"negative buffer size in recvmmsg\(\): -7"),
        ((1, 1), {"ancbufsize": -1}, ValueError, "invalid ancillary data buffer length"),
        ((1, 1), {"ancbufsize": 2**31}, ValueError, "invalid ancillary data buffer length"),
        ((2**60, 1000), {}, ValueError, "1152921504606846976 messages of .* are too much"),
        ((2**62, 0), {}, ValueError, "4611686018427387904 messages of .* are too much"),
        ((1, sys.maxsize), {}, ValueError, "1 messages of .* are too much"),
        ((2**45, 1000), {}, MemoryError, None),
        ((2**70, 1), {}, OverflowError, None),
        ((1, 2**70), {}, OverflowError, None),
        ((1, 1, 2**40), {}, OverflowError, None),
        ((1.0, 1), {}, TypeError, None),
        ((1, "1"), {}, TypeError, None),
        ((1, 1, "1"), {}, TypeError, None),
    ],
)
def test_refused_arguments(unix, arguments, named, exception, text):
    with pytest.raises(exception, match=text):
        unix[1].recvmmsg(*arguments, **named)


@pytest.mark.parametrize(
    "arguments, named, exception, text",
    [
        ((), {}, TypeError, "missing required argument 'buffers'"),
        ((5,), {}, TypeError, r"recvmmsg_into\(\) argument 1 must be an iterable"),
        (([b"x"],), {}, TypeError, "an iterable of single-segment read-write buffers"),
        (([bytearray(1)], "x"), {}, TypeError, None),
        (([bytearray(1)], 0, 5), {}, TypeError, "at most 2 arguments"),
        (([],), {"ancbufsize": -1}, ValueError, "invalid ancillary data buffer length"),
    ],
)
def test_refused_arguments_of_recvmmsg_into(unix, arguments, named, exception, text):
    with pytest.raises(exception, match=text):
        unix[1].recvmmsg_into(*arguments, **named)


def test_streams_have_no_messages():
    with unix_pair() as (a, b):
        for call in (lambda: a.sendmmsg([b"x"]), lambda: b.recvmmsg(1, 1)):
            with pytest.raises(OSError) as caught:
                call()
            assert caught.value.errno == errno.EOPNOTSUPP


def test_addresses_of_failures(strangers):
    a, _, address = strangers
    unknown = ("name.invalid.", 80)
    with pytest.raises(OSError) as caught:
        a.sendmmsg([(b"x", address), (b"x", unknown)])
    assert caught.value.address is unknown
    with pytest.raises(OSError) as caught:
        a.sendmmsg([b"x", (b"x", address)])
    assert caught.value.errno == errno.EDESTADDRREQ
    assert not hasattr(caught.value, "address")


# Python code that runs in between


def test_messages_that_change_while_they_are_taken(unix):
    """The call sends the messages as they were at its start."""
    a, b = unix
    messages = []

    class Buffers:
        def __iter__(self):
            messages.clear()
            return iter([b"second"])

    messages[:] = [b"first", (Buffers(), None), bytearray(b"third"), b"fourth"]
    assert a.sendmmsg(messages) == 4
    assert messages == []
    assert data_of(b.recvmmsg(9, 9)) == [b"first", b"second", b"third", b"fourth"]


def test_iterables_that_fail(unix):
    a, b = unix
    held = bytearray(b"held")

    def messages():
        yield b"x"
        raise LookupError

    def buffers():
        yield b"x"
        raise LookupError

    for batch in (messages(), [held, (buffers(), None)], [held, (b"x", buffers(), None)]):
        with pytest.raises((LookupError, TypeError)):
            a.sendmmsg(batch)
        held.append(1)
    assert is_empty(b)


def test_buffers_are_locked_meanwhile(unix):
    _, b = unix
    b.settimeout(None)
    buffer = bytearray(5)
    waiting = Background(b.recvmmsg_into, [buffer])
    time.sleep(0.05)
    with pytest.raises(BufferError):
        buffer.append(1)
    b.close()
    with ebadf():
        waiting.result()
    buffer.append(1)


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
@pytest.mark.parametrize("sends", [False, True], ids=["receiving", "sending"])
def test_close_wakes_who_waits(unix, timeout, sends):
    a, _ = unix
    if sends:
        fill(a)
    a.settimeout(timeout)
    waiting = Background(*((a.sendmmsg, [b"x"]) if sends else (a.recvmmsg, 5, 5)))
    time.sleep(0.05)
    assert waiting.is_alive()
    a.close()
    with ebadf():
        waiting.result()


def test_closed_sockets(unix):
    a, _ = unix
    a.close()
    for call in (
        lambda: a.sendmmsg([b"x"]),
        lambda: a.sendmmsg([]),
        lambda: a.recvmmsg(1, 1),
        lambda: a.recvmmsg_into([bytearray(1)]),
    ):
        with ebadf():
            call()


class Stop(Exception):
    pass


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_signals_while_receiving(unix, timeout):
    a, b = unix
    b.settimeout(timeout)

    def stop():
        raise Stop

    with third_signals() as at_third_signal:
        at_third_signal(lambda: a.send(b"x"))
        assert data_of(b.recvmmsg(5, 5)) == [b"x"]
        with pytest.raises(Stop):
            at_third_signal(stop)
            b.recvmmsg(5, 5)


@pytest.mark.parametrize("timeout", **WITH_AND_WITHOUT_TIMEOUT)
def test_signals_while_sending(unix, timeout):
    """The result is the number of messages sent before the signal. If there are none, the call goes
    on."""
    a, b = unix
    a.settimeout(timeout)
    with third_signals() as at_third_signal:
        sent = a.sendmmsg(numbered(MANY))
        assert 0 < sent < MANY
        at_third_signal(lambda: drain(b))
        assert a.sendmmsg([b"x"]) == 1


# Audit events, and nothing left behind


def test_audit_events(strangers):
    a, b, address = strangers
    events = []
    refuses = active = True

    def hook(name, arguments):
        if active and name == "socket.sendmsg":
            events.append(arguments)
            if refuses and len(events) == 3:
                raise Stop

    sys.addaudithook(hook)
    try:
        messages = [(b"1", address), (b"2", [], address), (b"3", address)]
        with pytest.raises(Stop):
            a.sendmmsg(messages)
        assert events == [(a, address)] * 3
        assert is_empty(b)
        refuses = False
        a.connect(address)
        assert a.sendmmsg([b"4"]) == 1
        assert events[3:] == [(a, None)]
    finally:
        active = False


@pytest.mark.parametrize("timeout", [None, 0, 5])
def test_nothing_is_left_behind(unix, timeout):
    a, b = unix
    a.settimeout(timeout)
    b.settimeout(timeout)
    small, buffer = [bytearray(5), b"12"], [bytearray(9) for _ in range(3)]
    messages = [b"x", (small, None), (b"y", ONE_DESCRIPTOR, None)]
    no_memory = sys.maxsize // 1000

    def play():
        assert a.sendmmsg(messages) == 3
        for fd in descriptors_in(b.recvmmsg(5, 100, ancbufsize=ENOUGH)):
            os.close(fd)
        a.sendmmsg([small[0]] * 3)
        b.recvmmsg_into(buffer)
        expect(TypeError, a.sendmmsg, [*messages, 5])
        expect(TypeError, a.sendmmsg, [*messages, (small, [(1, 2)], None)])
        expect(TypeError, a.sendmmsg, [*messages, (small, 5)])
        expect(TypeError, b.recvmmsg_into, [*buffer, b""])
        expect(MemoryError, b.recvmmsg, no_memory, 1)
        expect(ValueError, b.recvmmsg, 0, 1)

    check_no_growth(play, 1000, 50)
