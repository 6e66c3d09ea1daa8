"""Replacements by programs: subclasses, constructors, methods and the class."""

import itertools

from .values import INET6

# Classes whose constructors raise, each at a different point.
LATE = ("Late", "Early", "Closing", "Detaching", "Dropped")


def failing_constructors():
    """Constructors that raise: the outcome, and the descriptors that stay open."""
    for name in LATE:
        # The class itself, also with the caller's descriptor.
        yield f"unharmed(lambda: {name}())"
        yield f"unharmed(lambda: {name}(2, 2))"
        yield f"unharmed(lambda: {name}(fileno=spare))"
        yield f"after(caught(lambda: {name}(fileno=spare)), caught(lambda: valid(spare)))"
        for call in (*REPLACED_CALLS, *PAIRS):
            yield f"unharmed(lambda: replacing(socket, 'socket', {name}, lambda: {call}))"
    for call in (*REPLACED_CALLS, *PAIRS):
        yield f"unharmed(lambda: replacing(socket.socket, '__init__', failing, lambda: {call}))"
        yield f"unharmed(lambda: replacing(socket.socket, '__init__', refusing, lambda: {call}))"
        yield f"unharmed(lambda: replacing(socket.socket, '__new__', refusing, lambda: {call}))"
        # Only the second of a pair fails.
        yield f"unharmed(lambda: replacing(socket, 'socket', Second, lambda: {call}))"
    for name in ("Second", "Timid"):
        yield f"unharmed({name}(fileno=spare).dup)"
        yield f"unharmed({name}().dup)"
    yield "unharmed(lambda: replacing(socket.socket, 'settimeout', refusing, left.dup))"
    yield "unharmed(lambda: replacing(socket, 'socket', Timid, lambda: socket.fromfd(spare, 1, 1)))"


# Calls that make a socket with socket.socket, or call a method of it.
REPLACED_CALLS = (
    "listener.accept()",
    "socket.fromfd(socket_descriptor, 1, 1)",
    "socket.create_connection(listener.getsockname(), 1)",
    "socket.create_connection(('127.0.0.1', 1), 1)",
    "socket.create_connection(listener.getsockname(), 1, ('127.0.0.1', 0))",
    "socket.create_server(('127.0.0.1', 0))",
    "socket.create_server(('192.0.2.77', 0))",
    "socket.create_server(('127.0.0.1', 0), backlog=3, reuse_port=True)",
    f"socket.create_server(('::1', 0), family={INET6})",
    f"socket.create_server(('::', 0), family={INET6}, dualstack_ipv6=True)",
    "socket.has_dualstack_ipv6()",
    "tcp.dup()",
    "left.dup()",
)
PAIRS = (
    "socket.socketpair()",
    "socket.socketpair(1, 2)",
    "socket.socketpair(1, 99)",
)

# Names that the module's functions look up in its namespace.
CALLED_BY_NAME = (
    ("getaddrinfo", "socket.create_connection(('127.0.0.1', 1), 1)"),
    ("getaddrinfo", "socket.create_connection(listener.getsockname(), 1)"),
    ("has_dualstack_ipv6", f"socket.create_server(('::', 0), family={INET6}, dualstack_ipv6=True)"),
    ("dup", "socket.fromfd(socket_descriptor, 1, 1)"),
    ("dup", "tcp.dup()"),
    ("socketpair", "socket.socketpair()"),
    ("gethostbyaddr", "socket.getfqdn('127.0.0.1')"),
    ("gethostname", "socket.getfqdn()"),
    ("SocketIO", "left.makefile('rb', 0)"),
)


def replaced_constructors():
    """The calls that a replaced __init__ or class gets."""
    for call in (*REPLACED_CALLS, *PAIRS):
        yield (
            "after(caught(lambda: "
            f"replacing(socket.socket, '__init__', init, lambda: {call})), calls)"
        )
        for thing in ("Recorder", "factory"):
            yield (
                f"after(caught(lambda: replacing(socket, 'socket', {thing}, "
                f"lambda: {call})), calls)"
            )
    for name, call in CALLED_BY_NAME:
        yield f"caught(lambda: replacing(socket, '{name}', refusing, lambda: {call}))"


# Methods that call others by name.
METHOD_CALLS = (
    "{}.accept()",
    "{}.close()",
    "{}.dup()",
    "closing({}.detach())",
    "{}.makefile('rb').read(2)",
    "{}.makefile('rb').close()",
    "{}.makefile('wb', 0).write(b'a')",
    "{}.sendfile(file)",
    "{}.sendfile(io.BytesIO(b'abc'))",
    "{}.sendfile(file, 2, 3)",
    "{}.__enter__()",
    "{}.__exit__(None, None, None)",
    "{}._decref_socketios()",
    "{}._real_close()",
    "{}.get_inheritable()",
    "{}.set_inheritable(True)",
    "{}.__repr__()",
    "{}.getblocking()",
    "{}.family",
    "{}.timeout",
)
REPLACEABLE = (
    "_accept",
    "_decref_socketios",
    "_real_close",
    "_sendfile_use_send",
    "_sendfile_use_sendfile",
    "accept",
    "close",
    "detach",
    "family",
    "fileno",
    "getblocking",
    "gettimeout",
    "proto",
    "recv_into",
    "send",
    "settimeout",
    "timeout",
    "type",
)


def with_methods(methods):
    """The text of an expression for a subclass with these methods."""
    return f"types.new_class('S', (socket.socket,), {{}}, lambda n: n.update({methods}))"


def recording_methods():
    """Calls of the methods on a subclass that records them."""
    for call in METHOD_CALLS:
        for sock in ("spare", "listener.detach()", "udp.detach()"):
            # Sending on a listener may wait. Other cases compare that.
            if "listener" in sock and ("write" in call or "sendfile" in call):
                continue
            yield f"after(used(Recorder(fileno={sock}), lambda r: {call.format('r')}), calls)"
        yield f"after(r := Recorder(), r.close(), caught(lambda: {call.format('r')}), calls)"


def replaced_methods():
    """Each method with each other one replaced, in a subclass and in the class."""
    for name, call in itertools.product(REPLACEABLE, METHOD_CALLS):
        subclass = with_methods(f"{name}=refusing")
        if call == f"{{}}.{name}":
            continue
        yield f"used({subclass}(fileno=spare), lambda r: {call.format('r')})"
        yield (
            f"caught(lambda: replacing(socket.socket, '{name}', refusing, "
            f"lambda: used(left, lambda r: {call.format('r')})))"
        )
    # accept() makes a socket from the result of _accept().
    for given in (
        "(spare, 5)",
        "(spare, None)",
        "spare",
        "(1, 2, 3)",
        "None",
        "('a', 5)",
        "(-1, 5)",
    ):
        yield f"{with_methods(f'_accept=lambda self: {given}')}().accept()"
        yield f"replacing(socket.socket, '_accept', lambda self: {given}, tcp.accept)"
    # The results of these methods decide, not the fields of the object.
    for name, given in (
        ("gettimeout", "lambda self: None"),
        ("gettimeout", "lambda self: 0.0"),
        ("gettimeout", "lambda self: 0.5"),
        ("fileno", "lambda self: -1"),
        ("family", "property(lambda self: 10)"),
        ("type", "property(lambda self: 2)"),
        ("proto", "property(lambda self: 5)"),
        ("timeout", "property(lambda self: 5)"),
    ):
        for call in (
            "accept()",
            "dup()",
            "sendfile(file)",
            "__repr__()",
            "makefile('rb').fileno()",
        ):
            subclass = with_methods(f"{name}={given}")
            yield f"used({subclass}(fileno=spare), lambda r: r.{call})"


SUBJECTS = {
    "failing constructors": failing_constructors,
    "replaced constructors": replaced_constructors,
    "recording methods": recording_methods,
    "replaced methods": replaced_methods,
}
