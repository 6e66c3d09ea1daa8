"""Conversions and the default timeout: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    BROKEN_TEXT,
    DATA,
    INET6,
    INTEGERS,
    NOT_NUMBERS,
    NOT_TEXT,
    TIMEOUTS,
    each,
)

NUMBERS = (
    *(
        Signature(f"socket.{name}", (P("x", "1", INTEGERS),))
        for name in ("ntohs", "htons", "ntohl", "htonl")
    ),
    *(
        Signature(
            f"socket.{name}",
            (
                P(
                    "length",
                    "4",
                    (*INTEGERS, *each("2**31 - 1 - {}", range(8, 40)), *each("{}", range(40))),
                ),
            ),
        )
        for name in ("CMSG_LEN", "CMSG_SPACE")
    ),
)

DOTTED = (
    "'127.0.0.1'",
    "'1'",
    "'1.2'",
    "'1.2.3'",
    "'1.2.3.4.5'",
    "'0x10.010.1'",
    "'255.255.255.255'",
    "'256.1.1.1'",
    "'4294967295'",
    "'4294967296'",
    "'1.2.3.4 '",
    "' 1.2.3.4'",
    "'1.2.3.4 x'",
    "'1.2.3.4x'",
    "'1.2.3.4\\n'",
    "'1..2'",
    "'.'",
    "''",
    "'1.2.3.'",
    "'01.02.03.04'",
    "'1.2.3.-4'",
    "'a' * 5000",
)

COLONS = (
    "'::'",
    "'::1'",
    "'fe80::1%lo'",
    "'::ffff:1.2.3.4'",
    "'1:2:3:4:5:6:7:8'",
    "'1:2:3:4:5:6:7::'",
    "'::2:3:4:5:6:7:8'",
    "'1:2:3:4:5:6:7:8:9'",
    "'1::2::3'",
    "':::'",
    "'12345::'",
    "'::1 '",
    "'[::1]'",
    "'::FFFF'",
)

FAMILIES = (
    "2",
    INET6,
    "1",
    "0",
    "-1",
    "99",
    "socket.AF_INET",
    "socket.AF_INET6",
    "True",
    "Index(2)",
    f"Index({INET6})",
    "2**31",
    "2**40",
    "2**70",
    "-2**70",
    *NOT_NUMBERS,
    "2.0",
)

PACKED = (
    "bytes(4)",
    "b'\\x7f\\0\\0\\1'",
    "bytes(16)",
    "b'\\xfe\\x80' + bytes(13) + b'\\1'",
    "bytes(3)",
    "bytes(5)",
    "bytes(15)",
    "bytes(17)",
    "bytes(12) + b'\\1\\2\\3\\4'",
    "bytes(10) + b'\\xff\\xff\\1\\2\\3\\4'",
    "memoryview(bytes(8))[::2]",
    "memoryview(bytes(32))[::2]",
    "bytearray(4)",
    "array('i', [1])",
    *DATA,
)

INET = (
    Signature(
        "socket.inet_aton",
        (P("ip", "'127.0.0.1'", (*DOTTED, *COLONS, *NOT_TEXT, *BROKEN_TEXT, "b'127.0.0.1'")),),
    ),
    Signature("socket.inet_ntoa", (P("packed", "bytes(4)", PACKED),)),
    *(
        Signature(
            "socket.inet_pton",
            (
                P("address_family", family, FAMILIES),
                P(
                    "ip_string",
                    good,
                    (*DOTTED, *COLONS, *NOT_TEXT, *BROKEN_TEXT, "b'127.0.0.1'", "'1.2.3.4\\0'"),
                ),
            ),
        )
        for family, good in (("2", "'1.2.3.4'"), (INET6, "'::1'"))
    ),
    *(
        Signature(
            "socket.inet_ntop", (P("family", family, FAMILIES), P("packed", good, PACKED)), pairs=60
        )
        for family, good in (("2", "bytes(4)"), (INET6, "bytes(16)"))
    ),
)

DEFAULTS = (
    Signature("socket.getdefaulttimeout"),
    Signature(
        "socket.setdefaulttimeout",
        (P("timeout", "0.25", TIMEOUTS),),
        around="after({}, socket.getdefaulttimeout(), socket.socket())",
    ),
)

SUBJECTS = {
    "numbers": NUMBERS,
    "inet": INET,
    "defaults": DEFAULTS,
}
