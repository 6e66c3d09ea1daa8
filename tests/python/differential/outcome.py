"""Runs a case, and records its outcome in a form that can be compared."""

import contextlib
import enum
import io
import re
import sys
import types
import warnings

from . import system
from .scene import Scene

_heard = None
_kind = None


def _listen(event, arguments):
    # Keeps no sockets, because a case may test that they are freed.
    if _heard is not None and event.startswith("socket."):
        _heard.append((event, tuple("self" if isinstance(a, _kind) else a for a in arguments)))


sys.addaudithook(_listen)

_VARYING = (
    (re.compile(r"fd=\d+"), "fd=N"),
    (re.compile(r"name=\d+"), "name=N"),
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "0xN"),
    (re.compile(r"('[^']*'), [1-9]\d{3,4}\b"), r"\1, PORT"),
    (re.compile(r"csock-\w+"), "csock-FOLDER"),
    (re.compile(r"\bcsocket\._?csocket\."), "_socket."),
    (re.compile(r"\bcsocket\."), "socket."),
)

_FOLDER = re.compile(rb"csock-\w+")
# The name that the kernel gives an AF_UNIX socket that is bound to none.
_AUTOBOUND = re.compile(rb"\0[0-9a-f]{5}")


def _text(text):
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text


class Reader:
    """Turns values into plain ones, and closes the sockets and files that the call made."""

    def __init__(self, of, owned):
        self.of = of
        self.owned = owned

    def __call__(self, value):
        if isinstance(value, self.of.base.socket):
            return self.socket(value)
        if isinstance(value, enum.Enum):
            return f"{type(value).__name__}.{value.name}"
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, bytes):
            return (
                "AUTOBOUND" if _AUTOBOUND.fullmatch(value) else _FOLDER.sub(b"csock-FOLDER", value)
            )
        if isinstance(value, (bytearray, memoryview)):
            return type(value).__name__, bytes(value)
        if isinstance(value, io.IOBase):
            return self.file(value)
        if isinstance(value, (tuple, list)):
            return self.sequence(value)
        if isinstance(value, type):
            return "class", value.__name__
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return type(value).__name__, _text(repr(value))

    def sequence(self, value):
        if self.is_rights(value):
            return "descriptors", self.close_rights(value[2])
        items = [self(item) for item in value]
        if (
            len(items) >= 2
            and isinstance(items[0], str)
            and type(items[1]) is int
            and items[1] > 1023
        ):
            items[1] = "PORT"
        return items if isinstance(value, list) else tuple(items)

    def is_rights(self, value):
        socket = self.of.socket
        if len(value) != 3 or not isinstance(value[2], bytes):
            return False
        return value[:2] == (socket.SOL_SOCKET, getattr(socket, "SCM_RIGHTS", None))

    def close_rights(self, data):
        """Close the descriptors that came as ancillary data, and count them."""
        whole = len(data) // 4
        for place in range(whole):
            system.close(int.from_bytes(data[4 * place : 4 * place + 4], sys.byteorder))
        return whole, len(data)

    def socket(self, value):
        facts = [
            type(value).__name__,
            self(value.family),
            self(value.type),
            value.proto,
            value.gettimeout(),
        ]
        if value.fileno() >= 0:
            facts.append(system.is_inheritable(value.fileno()))
            try:
                facts.append(self(value.getsockname()))
            except OSError as error:
                facts.append(error.errno)
            if not any(value is thing for thing in self.owned):
                # Windows cannot close a handle that is none of a socket.
                with contextlib.suppress(OSError):
                    value.close()
        return tuple(facts)

    def file(self, value):
        if value.closed:
            return type(value).__name__, "closed"
        kinds = [value.readable(), value.writable(), value.seekable()]
        for name in ("mode", "line_buffering", "errors", "newlines"):
            kinds.append(getattr(value, name, "-"))
        encoding = getattr(value, "encoding", None)
        kinds.append(encoding and encoding.lower())
        if not any(value is thing for thing in self.owned):
            # Flushing may fail, because the peer is closed or a stand-in for the socket lacks the
            # method.
            with contextlib.suppress(OSError, AttributeError):
                value.close()
        return type(value).__name__, *kinds


def _failure(error):
    """An exception by its class and errno."""
    name = type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        return f"raises {name} of {[_failure(inner) for inner in error.exceptions]}"
    text = f"raises {name}"
    for attribute in ("errno", "winerror"):
        number = getattr(error, attribute, None)
        if number is not None:
            text += f" {attribute} {number}"
    return text


def _names(code):
    """The names in a code object and in the functions that it makes."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _message(error):
    """The text of an exception, without notes, which only csocket adds."""
    if isinstance(error, BaseExceptionGroup):
        return _text("; ".join([str(error), *map(_message, error.exceptions)]))
    return _text(str(error))


def outcome(of, code):
    """Run the compiled case with the modules, and return two texts to compare.

    The first has the result or the exception, the content of the buffers and files that were
    arguments, and the audit events. The second has the exception's text.
    """
    global _heard, _kind
    with Scene(of) as scene, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = _names(code)
        try:
            names = scene._names(sorted(wanted))
        except Exception as error:
            return f"no call, for what it needs cannot be made: {error!r}", ""
        read = Reader(of, list(names.values()))
        message = ""
        _kind = of.base.socket
        _heard = heard = []
        try:
            value = eval(code, names)
        except Exception as error:
            _heard = None
            text = _failure(error)
            message = _message(error)
        else:
            _heard = None
            text = f"gives {read(value)!r}"
        parts = [text]
        if "buffer" in wanted:
            parts.append(f"buffer {bytes(names['buffer'])!r}")
        if "file" in wanted:
            parts.append(f"file at {names['file'].tell()}")
        parts += [f"audit {(event, read(arguments))!r}" for event, arguments in heard]
    return "; ".join(parts), message
