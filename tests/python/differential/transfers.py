"""The methods that send and receive: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    ADDRESSES,
    DATA,
    FLAGS,
    GOOD_ADDRESS,
    NOT_NUMBERS,
    RECEIVERS,
    SIZES,
    SPACE,
)

BUFSIZE = P("bufsize", "5", SIZES)

FLAG = P("flags", "0", FLAGS)

RECEIVING = tuple(
    Signature(f"{sock}.{name}", (BUFSIZE, FLAG), required=1)
    for sock in ("left", "inbox", "closed", "lonely", "idle")
    for name in ("recv", "recvfrom", "recvmsg")
    if not (sock == "idle" and name == "recvmsg")
) + tuple(
    Signature(
        f"{sock}.{name}",
        (P("buffer", "buffer", SPACE), P("nbytes", "5", (*SIZES, "9", "10")), FLAG),
        required=1,
        pairs=60,
    )
    for sock in ("left", "inbox", "closed", "lonely")
    for name in ("recv_into", "recvfrom_into")
)

ANCILLARY = (
    "64",
    "0",
    "1",
    "15",
    "16",
    "17",
    "20",
    "24",
    "28",
    "True",
    "Index(64)",
    "-1",
    "2**31 - 1",
    "2**31",
    "2**40",
    "2**63",
    "2**70",
    *NOT_NUMBERS,
    "64.0",
)

MANY_BUFFERS = (
    "[buffer]",
    "[]",
    "()",
    "(buffer, bytearray(2))",
    "[bytearray(2), bytearray(2)]",
    "iter([buffer])",
    "{}",
    "[buffer] * 3",
    "[bytearray(1)] * 1024",
    "[bytearray(1)] * 1025",
    "[bytearray(0)]",
    "[bytearray(0), buffer]",
    "buffer",
    "b'ab'",
    "'ab'",
    "''",
    "None",
    "5",
    "[5]",
    "[None]",
    "[b'ab']",
    "['ab']",
    "[buffer, 5]",
    "[memoryview(buffer)[::2]]",
    "[memoryview(buffer)]",
    "[memoryview(b'ab')]",
    "[array('i', [0])]",
    "object()",
    "(1/0 for _ in 'a')",
    "[released()]",
)

MESSAGES_IN = (
    *(
        Signature(
            f"{sock}.recvmsg",
            (BUFSIZE, P("ancbufsize", "64", ANCILLARY), FLAG),
            required=1,
            pairs=60,
        )
        for sock in ("left", "passing", "message", "inbox6", "closed", "lonely")
    ),
    *(
        Signature(
            f"{sock}.recvmsg_into",
            (P("buffers", "[buffer]", MANY_BUFFERS), P("ancbufsize", "64", ANCILLARY), FLAG),
            required=1,
            pairs=60,
        )
        for sock in ("left", "passing", "message", "closed")
    ),
)

SENDING = (
    tuple(
        Signature(f"{sock}.{name}", (P("data", "b'abc'", DATA), FLAG), required=1)
        for sock in ("left", "tcp", "closed", "lonely", "udp")
        for name in ("send", "sendall")
    )
    + tuple(
        Signature(
            f"{RECEIVERS[family]}.sendto",
            (P("data", "b'abc'", DATA), P("address", GOOD_ADDRESS[family], ADDRESSES[family])),
            pairs=80,
        )
        for family in ADDRESSES
    )
    + tuple(
        Signature(
            f"{RECEIVERS[family]}.sendto",
            (
                P("data", "b'abc'", DATA),
                P("flags", "0", FLAGS),
                P("address", GOOD_ADDRESS[family], ADDRESSES[family]),
            ),
            pairs=80,
        )
        for family in ADDRESSES
    )
    + (
        Signature(
            "closed.sendto",
            (P("data", "b'abc'", DATA), P("address", "('127.0.0.1', 9)", ADDRESSES["inet"])),
        ),
        Signature(
            "left.sendto",
            (P("data", "b'abc'", DATA), P("address", "'/nowhere'", ADDRESSES["unix"])),
        ),
    )
)

OUT_BUFFERS = (
    "[b'a']",
    "[]",
    "()",
    "(b'a', bytearray(b'b'), memoryview(b'c'))",
    "iter([b'a', b'b'])",
    "[b'', b'a']",
    "b'abc'",
    "b''",
    "'abc'",
    "''",
    "None",
    "5",
    "[5]",
    "[None]",
    "['a']",
    "[b'a', 5]",
    "[memoryview(b'abcdef')[::2]]",
    "[array('i', [1])]",
    "object()",
    "{}",
    "{b'a': 1}",
    "[b'a'] * 1024",
    "[b'a'] * 1025",
    "(1/0 for _ in 'a')",
    "[released()]",
)

RIGHTS = "(socket.SOL_SOCKET, socket.SCM_RIGHTS, array('i', [descriptor]))"

OUT_ANCILLARY = (
    "[]",
    "()",
    f"[{RIGHTS}]",
    f"iter([{RIGHTS}])",
    f"[list({RIGHTS})]",
    f"[{RIGHTS}] * 2",
    "None",
    "5",
    "'a'",
    "'abc'",
    "b'abc'",
    "[5]",
    "[None]",
    "[()]",
    "[(1, 2)]",
    "[(1, 2, 3)]",
    "[(1, 2, b'', 4)]",
    "['abc']",
    "[(1, 2, 'a')]",
    "[('a', 2, b'')]",
    "[(1, 'a', b'')]",
    "[(1.0, 2, b'')]",
    "[(2**31, 2, b'')]",
    "[(1, 2**70, b'')]",
    "[(None, 1, b'')]",
    "[(1, 1, None)]",
    "[(1, 1, b'')]",
    "[(1, 1, b'abc')]",
    "[(1, 1, array('i', [-1]))]",
    "[(1, 1, array('i', [99999]))]",
    "[(1, 99, b'abc')]",
    "[(999, 1, b'abc')]",
    "[(-1, -1, b'abc')]",
    "[(1, 1, memoryview(bytes(8))[::2])]",
    "[(1, 1, array('i', [descriptor] * 254))]",
    "(1/0 for _ in 'a')",
    "object()",
    "{}",
    "[{}]",
    "[(1, 2, memoryview(b'abc'))]",
    "[(Index(1), Index(2), bytes(12))]",
    "[(1, 2, bytes(12))]",
    "[(0, 2, array('i', [64]))]",
)

MESSAGES_OUT = (
    *(
        Signature(
            f"{sock}.sendmsg",
            (
                P("buffers", "[b'a']", OUT_BUFFERS),
                P("ancdata", "[]", OUT_ANCILLARY),
                P("flags", "0", FLAGS),
            ),
            required=1,
            pairs=80,
        )
        for sock in ("left", "tcp", "closed", "lonely")
    ),
    *(
        Signature(
            f"{RECEIVERS[family]}.sendmsg",
            (
                P("buffers", "[b'a']", OUT_BUFFERS),
                P("ancdata", "[]", OUT_ANCILLARY),
                P("flags", "0", FLAGS),
                P("address", GOOD_ADDRESS[family], ADDRESSES[family]),
            ),
            required=4,
            pairs=100,
        )
        for family in ADDRESSES
    ),
    Signature(
        "left.sendmsg",
        (
            P("buffers", "[b'a']", ("[5]",)),
            P("ancdata", "[]", ("[5]",)),
            P("flags", "0", ("'a'",)),
            P("address", "None", ("None", "''", "'/nowhere'", "5", "('127.0.0.1', 9)", "False")),
        ),
        required=4,
    ),
)

SUBJECTS = {
    "receiving": RECEIVING,
    "messages in": MESSAGES_IN,
    "sending": SENDING,
    "messages out": MESSAGES_OUT,
}
