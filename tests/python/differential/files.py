"""makefile, SocketIO and sendfile: the calls and their arguments."""

from .signatures import Parameter as P
from .signatures import Signature
from .values import (
    DATA,
    SPACE,
)

MODES = (
    "'r'",
    "'w'",
    "'rw'",
    "'wr'",
    "'rb'",
    "'wb'",
    "'rwb'",
    "'brw'",
    "'b'",
    "''",
    "'rr'",
    "'bb'",
    "'x'",
    "'a'",
    "'r+'",
    "'rt'",
    "'rb+'",
    "None",
    "5",
    "b'r'",
    "['r']",
    "('r', 'b')",
    "object()",
    "'\\0'",
    "'R'",
    "True",
)

BUFFERINGS = (
    "None",
    "-1",
    "-2",
    "0",
    "1",
    "2",
    "8192",
    "True",
    "False",
    "Index(0)",
    "'a'",
    "1.0",
    "0.0",
    "2**31",
    "-2**70",
    "[]",
    "object()",
)

ENCODINGS = ("None", "'utf-8'", "'latin-1'", "'nosuch'", "''", "5", "b'utf-8'", "'a\\0b'")

ERRORS = ("None", "'strict'", "'replace'", "'nosuch'", "5", "b'strict'")

NEWLINES = ("None", "''", "'\\n'", "'\\r'", "'\\r\\n'", "'x'", "5", "b'\\n'")


def makefile(sock):
    positional = (P("mode", "'rb'", MODES), P("buffering", "None", BUFFERINGS))
    return (
        Signature(f"{sock}.makefile", positional, required=0, pairs=80),
        *(
            Signature(
                f"(lambda mode, {name}: {sock}.makefile(mode, {name}={name}))",
                (P("mode", "'r'", ("'w'", "'rw'", "'rb'")), P(name, values[0], values)),
                pairs=20,
            )
            for name, values in (("encoding", ENCODINGS), ("errors", ERRORS), ("newline", NEWLINES))
        ),
    )


FILES = (
    *makefile("tcp"),
    *makefile("left"),
    *makefile("closed"),
    Signature(
        "socket.SocketIO", (P("sock", "left", ("tcp", "closed", "udp")), P("mode", "'r'", MODES))
    ),
    *(
        Signature(f"socket.SocketIO({sock}, {mode}).{name}")
        for sock in ("left", "closed")
        for mode in ("'r'", "'w'", "'rw'")
        for name in (
            "readable",
            "writable",
            "seekable",
            "isatty",
            "tell",
            "close",
            "flush",
            "detach",
            "truncate",
            "__enter__",
        )
    ),
    *(
        Signature(f"socket.SocketIO({sock}, 'r').fileno", around="valid({})")
        for sock in ("left", "tcp")
    ),
    Signature("socket.SocketIO(closed, 'r').fileno"),
    *(
        Signature(f"socket.SocketIO({sock}, {mode}).readinto", (P("b", "buffer", SPACE),))
        for sock in ("left", "lonely", "idle", "closed", "tcp")
        for mode in ("'r'", "'w'")
    ),
    *(
        Signature(f"socket.SocketIO({sock}, {mode}).write", (P("b", "b'abc'", DATA),))
        for sock in ("left", "lonely", "idle", "closed")
        for mode in ("'r'", "'w'")
    ),
    *(
        Signature(
            f"socket.SocketIO({sock}, 'r').{name}",
            (P("size", "2", ("-1", "0", "1", "5", "None", "'a'", "1.0", "2**70")),),
            required=0,
        )
        for sock in ("left", "lonely", "idle")
        for name in ("read", "readline", "seek")
    ),
    *(
        Signature(
            "getattr",
            (
                P(
                    "file",
                    f"socket.SocketIO({sock}, {mode})",
                    (f"socket.SocketIO({sock}, {mode})",),
                ),
                P("name", "'mode'", ("'closed'", "'nosuch'")),
            ),
            pairs=0,
        )
        for sock in ("left", "closed")
        for mode in ("'r'", "'w'", "'rw'", "'rb'", "'wb'", "'rwb'")
    ),
    *(
        Signature(
            f"{sock}.sendfile",
            (
                P(
                    "file",
                    good,
                    (
                        "file",
                        "text_file",
                        "io.BytesIO(b'0123456789')",
                        "io.StringIO('abc')",
                        "io.BytesIO()",
                        "open(os.devnull, 'rb')",
                        "None",
                        "5",
                        "object()",
                        "'a'",
                        "b'a'",
                        "left",
                        "[]",
                    ),
                ),
                P(
                    "offset",
                    "0",
                    (
                        "1",
                        "9",
                        "10",
                        "11",
                        "2**40",
                        "True",
                        "-1",
                        "-2**70",
                        "2**70",
                        "None",
                        "'a'",
                        "1.0",
                        "[]",
                    ),
                ),
                P(
                    "count",
                    "5",
                    (
                        "1",
                        "100",
                        "True",
                        "None",
                        "0",
                        "-1",
                        "2**40",
                        "2**70",
                        "-2**70",
                        "'a'",
                        "1.0",
                        "[]",
                        "Index(2)",
                    ),
                ),
            ),
            required=1,
            pairs=60,
        )
        for sock in ("left", "udp", "closed", "idle", "lonely")
        for good in ("file", "io.BytesIO(b'0123456789')")
    ),
)

SUBJECTS = {
    "files": FILES,
}
