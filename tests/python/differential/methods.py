"""The methods that set up and end sockets: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    ADDRESSES,
    ALIVE,
    GOOD_ADDRESS,
    INTEGERS,
    LEVEL,
    NOT_NUMBERS,
    RECEIVERS,
    REUSE,
    TIMEOUTS,
    TRUTHS,
    bindable,
)

STREAMS = {"inet": "tcp", "inet6": "tcp6", "unix": "unix"}


# Addresses for bind() that cannot meet a port in use.
GOOD_NAME = {"inet": "('127.0.0.1', 0)", "inet6": "('::1', 0)", "unix": "folder + '/name'"}

TIMEOUT = (
    *(
        Signature(
            f"{sock}.settimeout",
            (P("timeout", "0.25", TIMEOUTS),),
            around=f"after({{}}, {sock}.gettimeout(), {sock}.getblocking(), {sock}.timeout)",
        )
        for sock in ("tcp", "closed", "raw_tcp")
    ),
    *(
        Signature(
            f"{sock}.setblocking",
            (P("flag", "False", TRUTHS),),
            around=f"after({{}}, {sock}.gettimeout(), {sock}.getblocking())",
        )
        for sock in ("tcp", "closed")
    ),
    *(
        Signature(f"{sock}.{name}")
        for sock in ("tcp", "closed", "detached")
        for name in ("gettimeout", "getblocking")
    ),
)

LEVELS = (
    LEVEL,
    "1",
    "0",
    "6",
    "41",
    "999",
    "-1",
    "True",
    "Index(1)",
    "2**31",
    "2**70",
    "-2**31 - 1",
    *NOT_NUMBERS,
    "1.0",
)

OPTIONS = (
    REUSE,
    ALIVE,
    "2",
    "3",
    "4",
    "0",
    "9999",
    "-1",
    "True",
    "Index(2)",
    "2**31",
    "2**70",
    *NOT_NUMBERS,
    "2.0",
)

SIZE_OPTIONS = (
    "0",
    "1",
    "3",
    "4",
    "8",
    "16",
    "1023",
    "1024",
    "1025",
    "-1",
    "True",
    "Index(4)",
    "2**31",
    "2**70",
    *NOT_NUMBERS,
    "4.0",
)

OPTION_VALUES = (
    "1",
    "0",
    "-1",
    "True",
    "Index(1)",
    "2**31 - 1",
    "2**31",
    "2**40",
    "2**70",
    "-2**31 - 1",
    "b''",
    "b'\\1'",
    "b'\\1\\0\\0\\0'",
    "bytes(8)",
    "bytes(3)",
    "memoryview(b'\\1\\0\\0\\0')",
    "array('i', [1])",
    "memoryview(bytes(8))[::2]",
    "bytearray(4)",
    *NOT_NUMBERS,
    "1.0",
    "'abcd'",
)

LENGTHS = ("4", "0", "1", "16", "-1", "True", "Index(4)", "2**31", "2**32 - 1", *NOT_NUMBERS, "4.0")

OPTION = (
    *(
        Signature(
            f"{sock}.getsockopt",
            (P("level", LEVEL, LEVELS), P("optname", REUSE, OPTIONS), P("buflen", "4", SIZE_OPTIONS)),
            required=2,
            pairs=60,
        )
        for sock in ("tcp", "closed")
    ),
    *(
        Signature(
            f"{sock}.setsockopt",
            (P("level", LEVEL, LEVELS), P("optname", REUSE, OPTIONS), P("value", "1", OPTION_VALUES)),
            around=f"after({{}}, {sock}.getsockopt({LEVEL}, {REUSE}))",
            pairs=80,
        )
        for sock in ("tcp", "closed")
    ),
    *(
        Signature(
            f"{sock}.setsockopt",
            (
                P("level", LEVEL, LEVELS),
                P("optname", REUSE, OPTIONS),
                P("value", "None", OPTION_VALUES),
                P("optlen", "4", LENGTHS),
            ),
            pairs=80,
        )
        for sock in ("tcp", "closed")
    ),
)

ADDRESSING = (
    *(
        Signature(
            f"{RECEIVERS[family]}.{name}",
            (P("address", GOOD_ADDRESS[family], ADDRESSES[family]),),
            around=f"after({{}}, {RECEIVERS[family]}.getpeername())" if family != "unix" else "{}",
        )
        for family in ADDRESSES
        for name in ("connect", "connect_ex")
    ),
    *(
        Signature(
            f"{STREAMS[family]}.connect_ex",
            (P("address", GOOD_ADDRESS[family], ADDRESSES[family]),),
        )
        for family in ADDRESSES
    ),
    *(
        Signature(
            f"{RECEIVERS[family]}.bind",
            (P("address", GOOD_NAME[family], bindable(family)),),
            around=f"after({{}}, {RECEIVERS[family]}.getsockname())" if family != "unix" else "{}",
        )
        for family in ADDRESSES
    ),
    Signature(
        "unix.bind",
        (
            P(
                "address",
                "b'\\0csocket-here'",
                ("'\\0csocket-\\xe9'", "folder + '/\\udcff'", "Path(folder) / 'x'"),
            ),
        ),
        around="after({}, unix.getsockname())",
    ),
    *(
        Signature(f"closed.{name}", (P("address", "('127.0.0.1', 1)", ADDRESSES["inet"]),))
        for name in ("bind", "connect", "connect_ex")
    ),
    *(
        Signature(f"{sock}.{name}")
        for sock in ("tcp", "udp6", "unix", "left", "closed", "closed_unix", "listener", "lonely")
        for name in ("getsockname", "getpeername")
    ),
)

LIFETIME = (
    *(
        Signature(f"{sock}.listen", (P("backlog", "1", INTEGERS),), required=0)
        for sock in ("tcp", "udp", "closed", "left")
    ),
    *(
        Signature(
            f"{sock}.shutdown", (P("how", "2", (*INTEGERS, "socket.SHUT_RD", "socket.SHUT_WR")),)
        )
        for sock in ("tcp", "left", "closed")
    ),
    *(
        Signature(f"{sock}.{name}")
        for sock in ("listener", "tcp", "udp", "left", "closed")
        for name in ("accept", "_accept")
        if (sock, name) != ("listener", "_accept")
    ),
    *(
        Signature(f"{sock}.close", around=f"after({{}}, {sock}.fileno(), {sock}._closed)")
        for sock in ("tcp", "closed", "listener")
    ),
    *(Signature(f"{sock}.fileno", around="valid({})") for sock in ("tcp", "left")),
    *(
        Signature(f"{sock}.detach", around=f"after(closing({{}}), {sock}.fileno(), repr({sock}))")
        for sock in ("tcp", "listener")
    ),
    *(
        Signature(f"{sock}.{name}")
        for sock in ("closed", "detached")
        for name in ("fileno", "detach", "dup", "get_inheritable", "__enter__", "__repr__")
    ),
    *(Signature(f"{sock}.dup") for sock in ("tcp", "left", "idle", "listener", "udp6")),
    *(Signature(f"{sock}.get_inheritable") for sock in ("tcp", "left")),
    *(
        Signature(
            f"{sock}.set_inheritable",
            (P("inheritable", "True", (*TRUTHS, *INTEGERS)),),
            around=f"after({{}}, {sock}.get_inheritable())",
        )
        for sock in ("tcp", "closed")
    ),
    *(
        Signature(f"{sock}.{name}")
        for sock in ("tcp", "left", "raw_tcp", "listener")
        for name in ("__repr__", "__str__", "__getstate__", "__reduce__")
    ),
    *(
        Signature(
            f"{sock}.__exit__",
            (P("a", "None", ("1",)), P("b", "None", ("1",)), P("c", "None", ("1",))),
            required=0,
        )
        for sock in ("tcp", "closed")
    ),
    *(
        Signature(
            "setattr",
            (
                P("object", sock, (sock,)),
                P(
                    "name",
                    "'x'",
                    (
                        "'family'",
                        "'type'",
                        "'proto'",
                        "'timeout'",
                        "'_closed'",
                        "'_io_refs'",
                        "'recv'",
                    ),
                ),
                P("value", "1", ("1", "None")),
            ),
            pairs=0,
        )
        for sock in ("tcp", "raw_tcp")
    ),
    *(
        Signature(
            "getattr",
            (
                P("object", sock, (sock,)),
                P(
                    "name",
                    "'family'",
                    (
                        "'type'",
                        "'proto'",
                        "'timeout'",
                        "'_closed'",
                        "'_io_refs'",
                        "'nosuch'",
                        "'ioctl'",
                        "'share'",
                    ),
                ),
            ),
            pairs=0,
        )
        for sock in ("tcp", "closed", "raw_tcp", "left")
    ),
)

SUBJECTS = {
    "timeouts": TIMEOUT,
    "options": OPTION,
    "addressing": ADDRESSING,
    "lifetime": LIFETIME,
}
