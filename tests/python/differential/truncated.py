"""MSG_TRUNC in every call that receives: its result, and the data left for the next call."""

import itertools

# MSG_TRUNC (0x20), alone and with MSG_PEEK, MSG_DONTWAIT or MSG_WAITALL; and MSG_PEEK alone.
FLAGS = ("0x20", "0x22", "0x60", "0x120", "2")
SOCKETS = ("message", "inbox", "inbox6", "packets", "left", "stream", "passing")
SIZES = (0, 1, 3, 5, 9)


def calls(size, flags):
    """The calls that receive at most this many bytes; measured() shows their results."""
    into = f"memoryview(buffer)[:{size}]"
    yield f"recv({size}, {flags})"
    yield f"recvfrom({size}, {flags})"
    yield f"recvmsg({size}, 0, {flags})"
    yield f"recvmsg({size}, 64, {flags})"
    yield f"recv_into({into}, 0, {flags})"
    yield f"recvfrom_into({into}, 0, {flags})"
    yield f"recvmsg_into([{into}], 0, {flags})"
    yield f"recvmsg_into([{into}, memoryview(buffer)[8:]], 64, {flags})"
    if size:
        yield f"recv_into(buffer, {size}, {flags})"
        yield f"recvfrom_into(buffer, {size}, {flags})"


def measured(result, size):
    """The result; for bytes, the length and the part that the kernel wrote."""
    if isinstance(result, tuple):
        return (measured(result[0], size), *result[1:])
    return (result[:size], len(result)) if isinstance(result, bytes) else result


def every_call():
    for sock, size, flags in itertools.product(SOCKETS, SIZES, FLAGS):
        # With TCP the kernel discards the bytes that it counts as received.
        written = 0 if sock == "stream" and flags != "2" else size
        for call in calls(size, flags):
            yield (
                f"after(caught(lambda: measured({sock}.{call}, {written})), "
                f"caught(lambda: {sock}.recv(9)), bytes(buffer))"
            )


def descriptors():
    for sock, size, flags in itertools.product(("message", "left", "passing"), SIZES, FLAGS):
        for count in (0, 1, 2):
            yield (
                f"after(received(socket.recv_fds({sock}, {size}, {count}, {flags})), "
                f"caught(lambda: {sock}.recv(9)))"
            )


SUBJECTS = {"calls": every_call, "descriptors": descriptors}
TOOLS = {"measured": measured}
