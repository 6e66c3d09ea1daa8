"""Names, services and interfaces: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    BROKEN_TEXT,
    FLOW,
    HOSTS,
    INET6,
    INTEGERS,
    NOT_NUMBERS,
    NOT_TEXT,
    NOT_TUPLES,
    PORTS,
    each,
)

LOOKUP_HOSTS = (
    *HOSTS,
    "'a..b'",
    "'.'",
    "'.a'",
    "'a' * 64",
    "'\\xe9' * 64",
)
# For other hosts the functions of the old interface would ask a server.
LOCAL_HOSTS = tuple(
    host
    for host in LOOKUP_HOSTS
    if host not in ("'0.0.0.0'", "'0x7f.1'") and not host.startswith("'::")
)

SERVICES = (
    "'http'",
    "'80'",
    "b'80'",
    "'0'",
    "'65535'",
    "'65536'",
    "'-1'",
    "''",
    "b''",
    "' 80'",
    "'80 '",
    "'0x50'",
    "'no such service'",
    "b'http'",
    "'80\\0'",
    "b'80\\0x'",
    "bytearray(b'80')",
    "[]",
    "()",
    "object()",
    "None",
    "'\\udc80'",
    "'\\xe9'",
    "1.0",
    "1j",
    "Index(80)",
    "WrongIndex()",
    "80",
    "0",
    "True",
    "-1",
    "65535",
    "65536",
    "2**31",
    "2**32",
    "2**63",
    "2**64",
    "2**70",
    "-2**31",
    "-2**70",
)

# Names are looked up only with AI_NUMERICHOST, so no server is asked.
NUMERIC = "4"

RESOLVER = (
    Signature(
        "socket.getaddrinfo",
        (
            P(
                "host",
                "'127.0.0.1'",
                LOOKUP_HOSTS,
            ),
            P("port", "80", SERVICES),
            P(
                "family",
                "0",
                (
                    "0",
                    "2",
                    INET6,
                    "1",
                    "99",
                    "-1",
                    "True",
                    "2**31",
                    "2**70",
                    "None",
                    "'2'",
                    "2.0",
                    "Index(2)",
                ),
            ),
            P(
                "type",
                "1",
                (
                    "0",
                    "1",
                    "2",
                    "3",
                    "5",
                    "99",
                    "-1",
                    "2**40",
                    "None",
                    "'1'",
                    "1.0",
                    "socket.SOCK_DGRAM",
                ),
            ),
            P("proto", "0", ("0", "6", "17", "1", "255", "-1", "2**31", "None", "'6'", "6.0")),
            P(
                "flags",
                "0",
                (
                    NUMERIC,
                    "0",
                    "1",
                    "2",
                    "0x400",
                    "1 << 20",
                    "-1",
                    "2**31",
                    "2**70",
                    "None",
                    "'1'",
                    "1.0",
                ),
            ),
        ),
        required=2,
        pairs=200,
    ),
    Signature(
        "socket.getnameinfo",
        (
            P(
                "sockaddr",
                "('127.0.0.1', 80)",
                (
                    *(value for value in NOT_TUPLES if "Pair" not in value),
                    *each(
                        "({}, 80)",
                        (
                            "'127.0.0.1'",
                            "'::1'",
                            "b'127.0.0.1'",
                            "''",
                            "None",
                            "5",
                            "'localhost'",
                            "'\\udc80'",
                            "'\\xe9'",
                            "'127.0.0.1\\0'",
                            "'\\0'",
                            "'a' * 3000",
                            "[]",
                            "'127.1'",
                        ),
                    ),
                    *each("('127.0.0.1', {})", (*PORTS, "80")),
                    *each("('::1', 80, {})", FLOW),
                    *each("('fe80::1', 80, 0, {})", FLOW),
                    "('::1', 80, 0, 0)",
                    "('127.0.0.1', 80, 0)",
                    "('127.0.0.1', 80, 0, 0)",
                    "('fe80::1%lo', 80)",
                    "('::1', 80, 0, 0, 0)",
                    "['127.0.0.1', 80]",
                ),
            ),
            P(
                "flags",
                "3",
                (
                    "3",
                    "1 | 2 | 16",
                    "7",
                    "1 << 20",
                    "-1",
                    "True",
                    "2**31",
                    "2**40",
                    "2**70",
                    "-2**70",
                    *NOT_NUMBERS,
                    "3.0",
                ),
            ),
        ),
        pairs=60,
    ),
    Signature(
        "socket.gethostbyname", (P("host", "'127.0.0.1'", (*LOOKUP_HOSTS, "'<broadcast>'")),)
    ),
    Signature("socket.gethostbyname_ex", (P("host", "'127.0.0.1'", LOCAL_HOSTS),)),
    Signature("socket.gethostbyaddr", (P("host", "'127.0.0.1'", LOCAL_HOSTS),)),
    Signature(
        "socket.getfqdn",
        (
            P(
                "name",
                "'127.0.0.1'",
                (
                    "''",
                    "'  '",
                    "' 127.0.0.1 '",
                    "'0.0.0.0'",
                    "'::'",
                    "'localhost'",
                    "None",
                    "5",
                    "b''",
                    "b'127.0.0.1'",
                    "bytearray(b'127.0.0.1')",
                    "[]",
                    "object()",
                    "'127.0.0.1\\0'",
                    "'a..b'",
                    "'\\udc80'",
                ),
            ),
        ),
        0,
    ),
    Signature("socket.gethostname"),
    # A text would rename the machine if the test runs as root.
    Signature(
        "socket.sethostname",
        (
            P(
                "name",
                "None",
                (
                    "5",
                    "1.5",
                    "[]",
                    "object()",
                    "'\\ud800'",
                    "bytearray(b'a')",
                    "memoryview(b'a')",
                    "Path",
                ),
            ),
        ),
    ),
    Signature(
        "socket.getservbyname",
        (
            P(
                "servicename",
                "'http'",
                (
                    "'domain'",
                    "'nosuch'",
                    "''",
                    "b'http'",
                    "'HTTP'",
                    "5",
                    "80",
                    *NOT_TEXT,
                    *BROKEN_TEXT,
                ),
            ),
            P("protocolname", "'tcp'", ("'udp'", "'xxx'", "''", "b'tcp'", *NOT_TEXT, *BROKEN_TEXT)),
        ),
        required=1,
    ),
    Signature(
        "socket.getservbyport",
        (
            P("port", "80", ("53", "22", "1", *INTEGERS)),
            P("protocolname", "'tcp'", ("'udp'", "'xxx'", "''", "b'tcp'", *NOT_TEXT, *BROKEN_TEXT)),
        ),
        required=1,
    ),
    Signature(
        "socket.getprotobyname",
        (
            P(
                "protocolname",
                "'tcp'",
                (
                    "'udp'",
                    "'icmp'",
                    "'ipv6'",
                    "'nosuch'",
                    "''",
                    "b'tcp'",
                    "'TCP'",
                    *NOT_TEXT,
                    *BROKEN_TEXT,
                ),
            ),
        ),
    ),
)

INTERFACES = (
    Signature("socket.if_nameindex"),
    Signature(
        "socket.if_nametoindex",
        (
            P(
                "if_name",
                "'lo'",
                (
                    "b'lo'",
                    "'nosuch'",
                    "''",
                    "b''",
                    "'a' * 15",
                    "'a' * 16",
                    "'a' * 5000",
                    "bytearray(b'lo')",
                    "Path('lo')",
                    "'lo\\0'",
                    "b'lo\\0'",
                    *NOT_TEXT,
                    *BROKEN_TEXT,
                ),
            ),
        ),
    ),
    Signature("socket.if_indextoname", (P("if_index", "1", INTEGERS),)),
)

SUBJECTS = {
    "resolver": RESOLVER,
    "interfaces": INTERFACES,
}
