"""The names that the module and its classes have."""

import _socket
import socket as stock

# A Python class and a C type differ in these.
MACHINERY = {
    *("__firstlineno__", "__static_attributes__", "__slots__"),
    *("__weakref__", "__module__", "__abstractmethods__", "_abc_impl"),
}
# The names that csocket adds to stock's, beside constants.
ADDED = {
    *("__version__", "install", "uninstall", "gil_policy", "publish", "set_public_name"),
    *("_csocket", "_info", "_install", "_rebind", "_run", "__path__"),
    # socket.py has these in later releases.
    *("_fallback_socketpair", "_sendfile_zerocopy"),
    *("recv_segments", "recv_segments_into", "recvmmsg", "recvmmsg_into"),
    *("send_segments", "sendmmsg"),
    # Attributes of stock's object are members of the class here.
    *("_mode", "_reading", "_sock", "_timeout_occurred", "_writing"),
}


def lacking(thing, model):
    """The names of stock's model that the thing lacks."""
    return sorted(set(dir(model)) - set(dir(thing)) - MACHINERY)


def more(thing, model):
    """The names of the thing that stock's model lacks, without constants."""
    names = set(dir(thing)) - set(dir(model)) - ADDED - MACHINERY
    return sorted(
        name
        for name in names
        if not name.isupper() and not isinstance(getattr(thing, name, None), int)
    )


TOOLS = {"lacking": lacking, "more": more, "stock": stock, "_socket": _socket}

# Pairs to compare.
PAIRS = (
    ("socket", "stock"),
    ("base", "_socket"),
    ("socket.socket", "stock.socket"),
    ("socket.SocketType", "stock.SocketType"),
    ("socket.SocketIO", "stock.SocketIO"),
    ("base.socket", "_socket.socket"),
    ("socket.gaierror", "stock.gaierror"),
    ("socket.AddressFamily", "stock.AddressFamily"),
    ("socket.MsgFlag", "stock.MsgFlag"),
    ("tcp", "model"),
    ("closed", "model"),
    ("raw_tcp", "raw_model"),
    ("socket.SocketIO(left, 'r')", "stock.SocketIO(model, 'r')"),
    ("left.makefile('rb')", "model.makefile('rb')"),
)
CLASSES = ("socket.socket", "base.socket", "socket.gaierror", "socket.SocketType", "socket.timeout")


def listed():
    for thing, model in PAIRS:
        yield f"lacking({thing}, {model})"
        # _csocket has the same additions as csocket.
        if thing != "base":
            yield f"more({thing}, {model})"
    yield "sorted(set(stock.__all__) - set(socket.__all__))"
    yield "sorted(set(socket.__all__) & set(more(socket, stock)))"
    for kind in CLASSES:
        yield f"{kind}.__name__"
        yield f"[base.__name__ for base in {kind}.__mro__]"


def imported():
    """Names that stock's module has by importing them."""
    for name in ("errno", "os", "sys", "io", "selectors", "array", "_socket", "IntEnum", "IntFlag"):
        # CPython 3.14 has no selectors and no array.
        yield f"type(getattr(socket, {name!r}, None)).__name__"
        yield f"'{name}' in dir(socket)"
    for name in ("_intenum_converter", "_blocking_errnos", "EBADF", "EAGAIN", "EWOULDBLOCK"):
        yield f"socket.{name} is not None"
    yield "sorted(socket._blocking_errnos)"
    yield "socket._intenum_converter(2, socket.AddressFamily)"
    yield "socket._intenum_converter(99, socket.AddressFamily)"
    yield "[name for name in socket.__all__ if not hasattr(socket, name)]"


SUBJECTS = {"listed": listed, "imported": imported}
