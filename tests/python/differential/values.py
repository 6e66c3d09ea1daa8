"""Valid and hostile arguments, as the text of expressions."""

import socket

# Numbers that differ by system. PAIR is the family of socketpair().
PAIR = f"{getattr(socket, 'AF_UNIX', socket.AF_INET):d}"
INET6 = f"{socket.AF_INET6:d}"
LEVEL = f"{socket.SOL_SOCKET:d}"
REUSE = f"{socket.SO_REUSEADDR:d}"
ALIVE = f"{socket.SO_KEEPALIVE:d}"
SPREAD = f"{socket.SO_BROADCAST:d}"
LINGER = f"{socket.SO_LINGER:d}"
LISTENS = f"{socket.SO_ACCEPTCONN:d}"

NOT_NUMBERS = (
    "None",
    "'1'",
    "''",
    "b'1'",
    "bytearray(b'1')",
    "[]",
    "[1]",
    "()",
    "{}",
    "object()",
    "int",
    "1j",
    "WrongIndex()",
    "RaisingIndex()",
)
FLOATS = ("1.0", "0.5", "-1.0", "float('nan')", "float('inf')")
# At and beyond the limits of every C integer type.
EDGES = (
    "-1",
    "0",
    "255",
    "256",
    "65535",
    "65536",
    "2**31 - 1",
    "2**31",
    "2**32 - 1",
    "2**32",
    "2**63 - 1",
    "2**63",
    "2**64",
    "2**70",
    "-2**31",
    "-2**31 - 1",
    "-2**63",
    "-2**63 - 1",
    "-2**70",
)
NUMBERS = (
    "1",
    "True",
    "False",
    "Index(1)",
    "Index(-1)",
    "Index(2**70)",
    "-2",
    "7",
    "99",
    "1 << 20",
)
INTEGERS = NUMBERS + EDGES + NOT_NUMBERS + FLOATS

# No number here is a descriptor that the test process uses, even if only its low 32 bits count.
BAD_DESCRIPTORS = ("-1", "-2", "99999", "2**31 - 1", "2**31", "2**63", "2**70", "-2**31", "-2**70")
DESCRIPTORS = BAD_DESCRIPTORS + NOT_NUMBERS + FLOATS

NOT_TEXT = (
    "None",
    "5",
    "True",
    "1.5",
    "[]",
    "['a']",
    "()",
    "{}",
    "object()",
    "Path",
    "memoryview(b'a')",
)
BROKEN_TEXT = ("'a\\0b'", "'\\0'", "'\\udc80'", "'\\ud800'", "'\\xe9'", "'\\u65e5\\u672c'")

READABLE = (
    "b'abc'",
    "b''",
    "bytearray(b'abc')",
    "bytearray()",
    "memoryview(b'abc')",
    "memoryview(b'abcdef')[2:4]",
    "array('i', [1, 2])",
    "array('d', [1.5])",
    "memoryview(b'abcdef').cast('H')",
    "memoryview(bytes(8)).cast('B', (2, 4))",
    "memoryview(bytes(0))",
)
UNREADABLE = (
    "memoryview(b'abcdef')[::2]",
    "memoryview(b'abcdef')[::-1]",
    "released()",
    "'abc'",
    "''",
    "None",
    "5",
    "1.5",
    "[]",
    "[1]",
    "()",
    "{}",
    "object()",
    "bytes",
)
DATA = READABLE + UNREADABLE

WRITABLE = (
    "buffer",
    "memoryview(buffer)",
    "memoryview(buffer)[2:4]",
    "memoryview(buffer).cast('B', (3, 3))",
    "array('i', [0, 0])",
    "bytearray(1)",
    "bytearray()",
    "bytearray(4096)",
)
UNWRITABLE = (
    "b'abc'",
    "b''",
    "memoryview(b'abc')",
    "memoryview(buffer)[::2]",
    "memoryview(buffer)[::-1]",
    *UNREADABLE[2:],
)
SPACE = WRITABLE + UNWRITABLE

FLAGS = (
    "0",
    "2",
    "True",
    "Index(2)",
    "0x40",
    "-1",
    "2**31",
    "2**40",
    "2**70",
    "-2**31 - 1",
    *NOT_NUMBERS,
    *FLOATS,
)
SIZES = (
    "5",
    "0",
    "1",
    "3",
    "True",
    "Index(3)",
    "4096",
    "65536",
    "-1",
    "-2**31",
    "-2**63",
    "2**63",
    "2**70",
    "-2**70",
    "Index(-1)",
    *NOT_NUMBERS,
    *FLOATS,
)
TIMEOUTS = (
    "0.25",
    "None",
    "0",
    "0.0",
    "-0.0",
    "1",
    "True",
    "False",
    "1e-30",
    "1e-10",
    "1e-9",
    "1.5e-9",
    "0.1",
    "3.3333333333",
    "10**9",
    "4294967",
    "2147483.648",
    "9223372036",
    "9223372036.0",
    "9223372037",
    "9223372037.0",
    "-1",
    "-1e-30",
    "-0.5",
    "1e20",
    "-1e20",
    "2**70",
    "-2**70",
    "2**1000",
    "-2**1000",
    "float('nan')",
    "float('inf')",
    "float('-inf')",
    "Index(1)",
    "Index(-1)",
    "Decimal('0.5')",
    "Fraction(1, 2)",
    "'1'",
    "b'1'",
    "[]",
    "()",
    "object()",
    "1j",
    "int",
    "RaisingIndex()",
    "WrongIndex()",
)
TRUTHS = (
    "True",
    "False",
    "None",
    "0",
    "1",
    "2",
    "-1",
    "0.0",
    "1.5",
    "''",
    "'a'",
    "[]",
    "[0]",
    "()",
    "object()",
    "2**40",
    "-2**70",
    "Index(0)",
    "RaisingTruth()",
)

# Names that need no resolver: numeric, special, local or refused ones.
HOSTS = (
    "'127.0.0.1'",
    "b'127.0.0.1'",
    "bytearray(b'127.0.0.1')",
    "memoryview(b'127.0.0.1')",
    "'127.1'",
    "'0x7f.1'",
    "'2130706433'",
    "''",
    "b''",
    "'localhost'",
    "'0.0.0.0'",
    "'::1'",
    "'::'",
    "'::ffff:127.0.0.1'",
    "None",
    "5",
    "1.5",
    "True",
    "[]",
    "()",
    "object()",
    "Path",
    "'127.0.0.1\\0'",
    "b'127.0.0.1\\0'",
    "bytearray(b'127.0.0.1\\0x')",
    "'\\0'",
    "'\\udc80'",
    "'\\ud800'",
)
PORTS = (
    "1",
    "0",
    "9",
    "True",
    "65535",
    "Index(1)",
    "-1",
    "65536",
    "70000",
    "Index(-1)",
    "Index(65536)",
    "2**31",
    "2**32 + 1",
    "2**63",
    "2**64",
    "2**70",
    "-2**70",
    *NOT_NUMBERS,
    *FLOATS,
)
FLOW = (
    "0",
    "1",
    "0xfffff",
    "0x100000",
    "-1",
    "2**31",
    "2**32",
    "2**32 - 1",
    "2**40",
    "2**64",
    "2**70",
    "-2**70",
    "True",
    "Index(1)",
    "None",
    "'0'",
    "b'0'",
    "1.0",
    "[]",
    "RaisingIndex()",
)
NOT_TUPLES = (
    "None",
    "5",
    "1.5",
    "True",
    "''",
    "'127.0.0.1'",
    "b'127.0.0.1'",
    "['127.0.0.1', 1]",
    "{'127.0.0.1': 1}",
    "object()",
    "()",
    "(None,)",
    "('127.0.0.1',)",
    "('127.0.0.1', 1, 0)",
    "('127.0.0.1', 1, 0, 0)",
    "('127.0.0.1', 1, 0, 0, 0)",
    "tuple",
    "iter(('127.0.0.1', 1))",
    "Pair('127.0.0.1', 1)",
)


def each(template, values):
    return tuple(template.format(value) for value in values)


INET_ADDRESSES = (
    NOT_TUPLES
    + each("({}, 1)", HOSTS)
    + each("('127.0.0.1', {})", PORTS)
    + (
        "('<broadcast>', 9)",
        "('\\0', 70000)",
        "(None, -1)",
        "(5, 'x')",
    )
)
INET6_ADDRESSES = (
    NOT_TUPLES
    + each("({}, 1)", (host for host in HOSTS if host != "'localhost'"))
    + each("({}, 1, 0, 0)", HOSTS[-16:])
    + each("('::1', {})", PORTS)
    + each("('::1', 1, {})", FLOW)
    + each("('::1', 1, 0, {})", FLOW)
    + (
        "('::1', 70000, -1)",
        "('::1', 'x', 'x', 'x')",
        "('::1', 1, 0, 0, 0)",
        "['::1', 1]",
        "('<broadcast>', 1)",
        "('::1%lo', 1)",
        "('fe80::1%lo', 1)",
        "('fe80::1%1', 1)",
        "('::1', 1, 0, 99999)",
    )
)
UNIX_ADDRESSES = (
    "''",
    "b''",
    "'/nowhere/x'",
    "b'/nowhere/x'",
    "bytearray(b'/nowhere/x')",
    "memoryview(b'/nowhere/x')",
    "array('b', b'/nowhere/x')",
    "memoryview(b'//nnoowwhheerree//xx')[::2]",
    "released()",
    "'/nowhere/' + 'a' * 97",
    "'/nowhere/' + 'a' * 98",
    "'/nowhere/' + 'a' * 99",
    "b'/nowhere/' + b'a' * 98",
    "b'/nowhere/' + b'a' * 99",
    "'/nowhere/' + '\\xe9' * 49",
    "'/nowhere/' + '\\xe9' * 50",
    "'/nowhere/' + 'a' * 5000",
    "'\\0csocket-none\\0b'",
    "b'\\0csocket-none\\0b'",
    "'\\0csocket-' + 'a' * 99",
    "'\\0csocket-' + 'a' * 100",
    "'/nowhere/a\\0b'",
    "b'/nowhere/a\\0b'",
    "'/nowhere/\\udc80'",
    "'/nowhere/\\ud800'",
    "'/nowhere/\\u65e5'",
    "folder",
    "folder + '/none'",
    "Path(folder)",
    "None",
    "5",
    "1.5",
    "True",
    "()",
    "('/nowhere/x',)",
    "['/nowhere/x']",
    "('127.0.0.1', 1)",
    "object()",
)
ADDRESSES = {"inet": INET_ADDRESSES, "inet6": INET6_ADDRESSES, "unix": UNIX_ADDRESSES}

# A datagram socket of each family, and an address of the right form for it.
RECEIVERS = {"inet": "udp", "inet6": "udp6", "unix": "unix"}
GOOD_ADDRESS = {"inet": "('127.0.0.1', 9)", "inet6": "('::1', 9)", "unix": "folder + '/none'"}


def bindable(family):
    """The family's addresses, without ports that only root may bind, or that are in use."""
    real = (", 9)", ", 65535)", ", True)", ", Index(1))")
    return tuple(
        value.replace(", 1)", ", 0)").replace(", 1, ", ", 0, ")
        for value in ADDRESSES[family]
        if not value.endswith(real)
    )
