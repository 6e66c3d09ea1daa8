"""python-can's buses over SocketCAN, in a program that does not know of csocket.

    python -m csocket can_buses.py SCENARIO INTERFACE

Each scenario sends on one bus of the interface and compares what another one receives.
"""

import asyncio
import contextlib
import socket
import sys
import threading
import time

import can

PATIENCE = 30


@contextlib.contextmanager
def buses(interface, **options):
    """Two buses on one interface: the other bus receives each frame that one sends."""
    with (
        can.Bus(interface, "socketcan", fd=True) as left,
        can.Bus(interface, "socketcan", fd=True, **options) as right,
    ):
        assert type(left.socket).__mro__[-2].__module__ == "csocket._csocket", left.socket
        yield left, right


def received(bus, count):
    messages = [bus.recv(PATIENCE) for _ in range(count)]
    assert None not in messages, messages
    return messages


def as_sent(message):
    return (
        message.arbitration_id,
        message.is_extended_id,
        message.is_remote_frame,
        message.is_error_frame,
        message.is_fd,
        message.bitrate_switch,
        message.dlc,
        bytes(message.data),
    )


def assert_same(sent, got):
    assert [as_sent(message) for message in got] == [as_sent(message) for message in sent]


FRAMES = [
    can.Message(arbitration_id=0x123, data=b"12345678", is_extended_id=False),
    can.Message(arbitration_id=0x1ABCDEF0, data=b"", is_extended_id=True),
    can.Message(arbitration_id=0x7FF, is_remote_frame=True, dlc=4, is_extended_id=False),
    can.Message(arbitration_id=0x321, data=bytes(range(64)), is_fd=True, is_extended_id=False),
    can.Message(arbitration_id=0x1, data=bytes(12), is_fd=True, bitrate_switch=True),
    # A driver's report on its controller: here, that it went off the bus.
    can.Message(arbitration_id=0x40, data=bytes(8), is_error_frame=True, is_extended_id=False),
]


def frames(interface):
    with buses(interface) as (left, right):
        before = time.time()
        for message in FRAMES:
            left.send(message, PATIENCE)
        got = received(right, len(FRAMES))
        assert_same(FRAMES, got)
        assert all(before - 1 <= message.timestamp <= time.time() for message in got)
        assert right.recv(0) is None


def both_ways(interface):
    """In a thread, each bus sends back each frame, with its own number added."""
    count = 500
    with buses(interface) as (left, right):

        def echo():
            for _ in range(count):
                (message,) = received(right, 1)
                right.send(
                    can.Message(arbitration_id=message.arbitration_id + 1, data=message.data),
                    PATIENCE,
                )

        thread = threading.Thread(target=echo)
        thread.start()
        for number in range(count):
            data = number.to_bytes(4, "big")
            left.send(can.Message(arbitration_id=number * 2, data=data), PATIENCE)
            (answer,) = received(left, 1)
            assert (answer.arbitration_id, bytes(answer.data)) == (number * 2 + 1, data)
        thread.join(PATIENCE)
        assert not thread.is_alive()


def filters(interface):
    wanted = [{"can_id": 0x100, "can_mask": 0x7F0, "extended": False}]
    with buses(interface, can_filters=wanted) as (left, right):
        sent = [
            can.Message(arbitration_id=number, data=[number & 0xFF], is_extended_id=False)
            for number in range(0x0F8, 0x118)
        ]
        for message in sent:
            left.send(message, PATIENCE)
        passed = [message for message in sent if 0x100 <= message.arbitration_id < 0x110]
        assert_same(passed, received(right, len(passed)))
        assert right.recv(0.1) is None
        right.set_filters(None)
        left.send(sent[0], PATIENCE)
        assert_same(sent[:1], received(right, 1))


def notifier(interface):
    # The kernel drops frames for which a socket's buffer has no room.
    count = 100
    with buses(interface) as (left, right):
        got = []
        has_all = threading.Event()

        def listen(message):
            got.append(message)
            if len(got) == count:
                has_all.set()

        sent = [can.Message(arbitration_id=number, data=[number % 256]) for number in range(count)]
        watcher = can.Notifier(right, [listen])
        try:
            for message in sent:
                left.send(message, PATIENCE)
            assert has_all.wait(PATIENCE), f"{len(got)} of {count}"
        finally:
            watcher.stop()
        assert_same(sent, got)


def cyclic(interface):
    """The kernel's broadcast manager sends frames by itself, and changes the data meanwhile."""
    with buses(interface) as (left, right):
        message = can.Message(arbitration_id=0x42, data=b"first", is_extended_id=False)
        task = left.send_periodic(message, 0.02)
        assert isinstance(task, can.interfaces.socketcan.socketcan.CyclicSendTask), task
        assert {bytes(each.data) for each in received(right, 5)} == {b"first"}
        message.data[:] = b"other"
        task.modify_data(message)
        deadline = time.monotonic() + PATIENCE
        while bytes(received(right, 1)[0].data) != b"other":
            assert time.monotonic() < deadline
        task.stop()
        while right.recv(0.5):
            assert time.monotonic() < deadline


def in_a_loop(interface):
    """asyncio waits for the buses' descriptors."""
    count = 100

    async def exchange(left, right):
        reader = can.AsyncBufferedReader()
        watcher = can.Notifier(right, [reader], loop=asyncio.get_running_loop())
        try:
            for number in range(count):
                left.send(can.Message(arbitration_id=number, data=b"loop"), PATIENCE)
            return [
                (await asyncio.wait_for(reader.get_message(), PATIENCE)).arbitration_id
                for _ in range(count)
            ]
        finally:
            watcher.stop()

    with buses(interface) as (left, right):
        assert asyncio.run(exchange(left, right)) == list(range(count))


def no_such_interface(interface):
    try:
        can.Bus(f"{interface}-no", "socketcan")
    except OSError as error:
        assert error.errno == 19, error
    else:
        raise AssertionError("there is such an interface")


SCENARIOS = [frames, both_ways, filters, notifier, cyclic, in_a_loop, no_such_interface]

if __name__ == "__main__":
    assert socket.__name__ == "csocket"
    {scenario.__name__: scenario for scenario in SCENARIOS}[sys.argv[1]](sys.argv[2])
