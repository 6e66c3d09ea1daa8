"""The functions that make sockets or pass descriptors: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    DESCRIPTORS,
    FLAGS,
    INET6,
    INTEGERS,
    NOT_NUMBERS,
    NOT_TUPLES,
    PAIR,
    SIZES,
    TIMEOUTS,
    TRUTHS,
    UNIX_ADDRESSES,
    bindable,
)

FAMILY = (
    "2",
    INET6,
    "1",
    "-1",
    "-2",
    "0",
    "99",
    "True",
    "Index(2)",
    "socket.AF_UNIX",
    "2**31",
    "2**40",
    "2**70",
    "-2**70",
    *NOT_NUMBERS,
    "2.0",
)

KIND = (
    "1",
    "2",
    "-1",
    "-2",
    "0",
    "99",
    "Index(1)",
    "socket.SOCK_STREAM | socket.SOCK_NONBLOCK",
    "socket.SOCK_DGRAM | socket.SOCK_CLOEXEC",
    "2 | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC",
    "2**31",
    "2**70",
    *NOT_NUMBERS,
    "1.0",
)

PROTO = (
    "0",
    "-1",
    "-2",
    "6",
    "17",
    "999",
    "True",
    "Index(6)",
    "2**31",
    "2**70",
    *NOT_NUMBERS,
    "0.0",
)

FILENO = ("None", "descriptor", "Index(-1)", *DESCRIPTORS)

CONSTRUCTOR_PARAMETERS = (
    P("family", "2", FAMILY),
    P("type", "1", KIND),
    P("proto", "0", PROTO),
    P("fileno", "None", FILENO),
)

CONSTRUCTORS = (
    Signature("socket.socket", CONSTRUCTOR_PARAMETERS, required=0, pairs=150),
    Signature("base.socket", CONSTRUCTOR_PARAMETERS, required=0, pairs=100),
    # Around an open descriptor of another kind than the arguments say.
    Signature(
        "(lambda *given: socket.socket(*given, fileno=spare))",
        (P("family", "-1", FAMILY), P("type", "-1", KIND), P("proto", "-1", PROTO)),
    ),
    Signature(
        "socket.socketpair",
        (P("family", PAIR, FAMILY), P("type", "1", KIND), P("proto", "0", PROTO)),
        required=0,
    ),
    Signature(
        "socket.fromfd",
        (
            P("fd", "socket_descriptor", ("descriptor", *DESCRIPTORS)),
            P("family", PAIR, FAMILY),
            P("type", "1", KIND),
            P("proto", "0", PROTO),
        ),
        required=3,
        pairs=80,
    ),
    Signature(
        "socket.dup",
        (P("fd", "socket_descriptor", ("descriptor", *DESCRIPTORS)),),
        around="closing({})",
    ),
    Signature("socket.close", (P("fd", "spare", ("tcp", *DESCRIPTORS)),)),
    Signature("socket.has_dualstack_ipv6"),
)

SERVER_ADDRESSES = (
    "('127.0.0.1', 0)",
    "('', 0)",
    "('localhost', 0)",
    "('0.0.0.0', 0)",
    "('192.0.2.77', 0)",
    "('::1', 0)",
    "('<broadcast>', 0)",
    *bindable("inet"),
)

HELPERS = (
    Signature("socket.create_server", (P("address", "('127.0.0.1', 0)", SERVER_ADDRESSES),)),
    Signature(
        "(lambda **k: socket.create_server(('127.0.0.1', 0), **k))", (P("family", "2", FAMILY),)
    ),
    Signature("(lambda **k: socket.create_server(('::1', 0), **k))", (P("family", INET6, FAMILY),)),
    Signature(
        "(lambda family: socket.create_server(folder + '/s', family=family))",
        (P("family", "1", FAMILY),),
    ),
    Signature(
        "(lambda a: socket.create_server(a, family=socket.AF_UNIX))",
        (P("address", "folder + '/s'", UNIX_ADDRESSES),),
    ),
    Signature(
        "(lambda backlog: socket.create_server(('127.0.0.1', 0), backlog=backlog))",
        (P("backlog", "5", INTEGERS),),
    ),
    Signature(
        "(lambda value: socket.create_server(('127.0.0.1', 0), reuse_port=value))",
        (P("reuse_port", "True", TRUTHS),),
    ),
    Signature(
        "(lambda value: socket.create_server(('127.0.0.1', 0), dualstack_ipv6=value))",
        (P("value", "False", TRUTHS),),
    ),
    Signature(
        f"(lambda value: socket.create_server(('::', 0), family={INET6}, dualstack_ipv6=value))",
        (P("value", "True", TRUTHS),),
    ),
    Signature(
        "socket.create_connection",
        (
            P(
                "address",
                "('127.0.0.1', 1)",
                (
                    *NOT_TUPLES[:-2],
                    "'ab'",
                    "['127.0.0.1', 1]",
                    "('127.0.0.1', '1')",
                    "(b'127.0.0.1', b'1')",
                    "(None, 1)",
                    "('localhost', 1)",
                    "('::1', 1)",
                    "('127.0.0.1', 'no such')",
                    "('127.0.0.1', -1)",
                    "('127.0.0.1', None)",
                    "('127.0.0.1', 1.5)",
                    "(5, 1)",
                    "('a..b', 1)",
                    "('\\udc80', 1)",
                    "listener.getsockname()",
                ),
            ),
            P("timeout", "1", TIMEOUTS),
            P(
                "source_address",
                "('127.0.0.1', 0)",
                (
                    "None",
                    "('192.0.2.77', 0)",
                    "('::1', 0)",
                    "5",
                    "()",
                    "('127.0.0.1',)",
                    "''",
                    "('127.0.0.1', -1)",
                    "('127.0.0.1', 'x')",
                    "(None, 0)",
                    "False",
                ),
            ),
        ),
        required=1,
        pairs=60,
    ),
    *(
        Signature(
            f"(lambda address: socket.create_connection(address, 1, all_errors={truth}))",
            (
                P(
                    "address",
                    "('127.0.0.1', 1)",
                    (
                        "('localhost', 1)",
                        "('127.0.0.1', -1)",
                        "(None, 1)",
                        "listener.getsockname()",
                    ),
                ),
            ),
        )
        for truth in TRUTHS
    ),
    Signature(
        "socket.send_fds",
        (
            P(
                "sock",
                "left",
                ("closed", "udp", "tcp", "message", "lonely", "None", "5", "object()", "raw_tcp"),
            ),
            P(
                "buffers",
                "[b'x']",
                (
                    "[]",
                    "[b'']",
                    "(b'a', b'b')",
                    "b'x'",
                    "'x'",
                    "None",
                    "5",
                    "[5]",
                    "['a']",
                    "iter([b'x'])",
                ),
            ),
            P(
                "fds",
                "[descriptor]",
                (
                    "[]",
                    "()",
                    "(descriptor,)",
                    "iter([descriptor])",
                    "[descriptor] * 253",
                    "[descriptor] * 254",
                    "None",
                    "5",
                    "['a']",
                    "[1.0]",
                    "[None]",
                    "[-1]",
                    "[99999]",
                    "[2**31]",
                    "[2**70]",
                    "'a'",
                    "b'a'",
                    "array('i', [descriptor])",
                    "{descriptor: 1}",
                ),
            ),
            P("flags", "0", FLAGS),
            P("address", "None", ("None", "''", "'/nowhere'", "5", "('127.0.0.1', 9)")),
        ),
        required=3,
        pairs=60,
    ),
    Signature(
        "socket.recv_fds",
        (
            P(
                "sock",
                "left",
                ("closed", "inbox", "tcp", "message", "passing", "None", "5", "object()"),
            ),
            P("bufsize", "5", SIZES),
            P(
                "maxfds",
                "2",
                (
                    "0",
                    "1",
                    "3",
                    "True",
                    "Index(2)",
                    "-1",
                    "2**29",
                    "2**31",
                    "2**62",
                    "2**70",
                    *NOT_NUMBERS,
                    "1.0",
                ),
            ),
            P("flags", "0", FLAGS),
        ),
        required=3,
        around="received({})",
        pairs=60,
    ),
)

SUBJECTS = {
    "constructors": CONSTRUCTORS,
    "helpers": HELPERS,
}
