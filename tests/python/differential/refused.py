"""Refused calls, and the state that they should have changed.

Each case shows the state before, the outcome of the call, and the state after: a refusal
changes nothing, or changes the same in both modules.
"""

from .values import ALIVE, LEVEL, LINGER, LISTENS, REUSE, SPREAD

# Values of a wrong type, and numbers that do not fit or are not allowed.
TIMEOUTS = (
    "-1",
    "-0.5",
    "-1e-30",
    "1e20",
    "-1e20",
    "2 * 10**10",
    "2**70",
    "float('nan')",
    "float('inf')",
    "'1'",
    "[]",
    "1j",
    "object()",
    "RaisingIndex()",
    "WrongIndex()",
)
NUMBERS = ("2**31", "2**70", "-2**31 - 1", "'a'", "1.5", "[]", "RaisingIndex()")


def look(change, state, *befores):
    """Set the state in each of these ways, try the change, and show the state."""
    for before in befores or ("None",):
        yield f"after({before}, {state}, caught(lambda: {change}), {state})"


def default_timeouts():
    state = "(socket.getdefaulttimeout(), caught(lambda: socket.socket().gettimeout()))"
    before = [f"socket.setdefaulttimeout({value})" for value in ("3.0", "0", "None")]
    for value in TIMEOUTS:
        for module in ("socket", "base"):
            yield from look(f"{module}.setdefaulttimeout({value})", state, *before)
    yield from look("socket.setdefaulttimeout()", state, *before)
    yield from look("socket.setdefaulttimeout(1, 2)", state, *before)


def timeouts():
    for sock in ("tcp", "left", "closed", "raw_tcp"):
        state = f"({sock}.gettimeout(), {sock}.getblocking(), {sock}.timeout)"
        before = [f"{sock}.settimeout({value})" for value in ("2.5", "0", "None")]
        if sock == "closed":
            before = ["None"]
        for value in TIMEOUTS:
            yield from look(f"{sock}.settimeout({value})", state, *before)
        for value in ("RaisingTruth()", "", "1, 2"):
            yield from look(f"{sock}.setblocking({value})", state, *before)


def options():
    values_refused = ("'a'", "1.5", "None", "2**31", "-2**40", "object()", "[1]", "released()")
    for sock, level, option in (
        ("tcp", LEVEL, REUSE),
        ("tcp", LEVEL, ALIVE),
        ("tcp", "6", "1"),
        ("udp", LEVEL, SPREAD),
        ("closed", LEVEL, REUSE),
    ):
        state = f"caught(lambda: {sock}.getsockopt({level}, {option}))"
        for before in ("None", f"caught(lambda: {sock}.setsockopt({level}, {option}, 1))"):
            for value in values_refused:
                yield from look(f"{sock}.setsockopt({level}, {option}, {value})", state, before)
            for given in ("None, -1", "None, 'a'", "b'', 1", "b'\\1'", "b''", "None, None"):
                yield from look(f"{sock}.setsockopt({level}, {option}, {given})", state, before)
    for given in ("b'\\1'", "5", "'a'"):
        yield from look(
            f"tcp.setsockopt({LEVEL}, {LINGER}, {given})", f"tcp.getsockopt({LEVEL}, {LINGER}, 8)"
        )


def names():
    """bind, connect, listen and shutdown."""
    bad = (
        "('127.0.0.1', -1)",
        "('127.0.0.1', 70000)",
        "('127.0.0.1', 'a')",
        "('127.0.0.1',)",
        "('::1', 0)",
        "('a..b', 0)",
        "('\\udc80', 0)",
        "('192.0.2.77', 0)",
        "listener.getsockname()",
        "(5, 0)",
        "None",
        "'a'",
    )
    state = "(caught(tcp.getsockname), caught(tcp.getpeername), tcp.gettimeout())"
    for address in bad:
        yield from look(f"tcp.bind({address})", state, "None", "tcp.bind(('127.0.0.1', 0))")
    for address in (*bad[:7], *bad[-3:], "('127.0.0.1', 1)"):
        for call in ("connect", "connect_ex"):
            yield from look(f"tcp.{call}({address})", state)
    for address in ("'a' * 200", "5", "None", "'/nowhere/x'", "'\\ud800'"):
        for call in ("bind", "connect", "connect_ex"):
            yield from look(
                f"unix.{call}({address})",
                "(caught(unix.getsockname), caught(unix.getpeername))",
                "None",
                "unix.bind(folder + '/s')",
            )
    accepts = f"(tcp.getsockopt({LEVEL}, {LISTENS}), caught(lambda: tcp.accept()))"
    for value in NUMBERS:
        yield from look(f"tcp.listen({value})", accepts, "None", "tcp.bind(('127.0.0.1', 0))")
        yield from look(
            f"left.shutdown({value})", "caught(lambda: (left.recv(1), left.send(b'a')))"
        )
    for value in ("3", "-1", "99"):
        yield from look(
            f"left.shutdown({value})", "caught(lambda: (left.recv(1), left.send(b'a')))"
        )
    yield from look("tcp.shutdown(2)", state)


def inheritance():
    for sock in ("tcp", "closed"):
        state = f"caught({sock}.get_inheritable)"
        for value in (*NUMBERS, "None", "", "True, False"):
            for before in ("None", f"caught(lambda: {sock}.set_inheritable(True))"):
                yield from look(f"{sock}.set_inheritable({value})", state, before)


def ends():
    """close and detach: the state after them, a second call, and a call with too many arguments."""
    for sock in ("tcp", "left", "closed", "detached"):
        state = f"({sock}._closed, {sock}.fileno() >= 0, {sock}._io_refs, {sock}.timeout)"
        for call in ("close", "detach", "_real_close", "_decref_socketios"):
            for given in ("1", "None, None", "x=1"):
                yield from look(f"{sock}.{call}({given})", state)
        close = f"{sock}.close()"
        detach = f"caught(lambda: closing({sock}.detach()))"
        for change in (close, detach, f"{sock}.__exit__()", f"{sock}._decref_socketios()"):
            for before in ("None", close, detach, f"{sock}.makefile()"):
                yield from look(change, state, before)


def files():
    """After makefile() or SocketIO() fails, no file is counted, and close() closes the socket."""
    state = "(left._io_refs, left._closed, left.fileno() >= 0)"
    given = (
        "'x'",
        "'rt'",
        "5",
        "None",
        "b'r'",
        "'r', 0",
        "'w', 'a'",
        "'rb', -2",
        "'rb', 2**70",
        "'rb', []",
        "'rb', RaisingIndex()",
        "'r', encoding='nosuch'",
        "'r', encoding=5",
        "'r', errors=5",
        "'r', newline='x'",
        "'w', newline=5",
        "'r', 1, 'utf-8'",
        "unknown=1",
    )
    for arguments in given:
        yield from look(f"left.makefile({arguments})", state, "None", "left.makefile('rb')")
        yield f"after(caught(lambda: left.makefile({arguments})), left.close(), {state})"
    for arguments in ("left, 'x'", "left", "left, 5", "None, 'r'", "left, 'r', 1", "left, None"):
        yield from look(f"socket.SocketIO({arguments})", state)


def constructors():
    """A second __init__ that is refused, on an open socket."""
    state = "(tcp.family, tcp.type, tcp.proto, tcp.gettimeout(), tcp._io_refs, tcp._closed)"
    for given in (
        "'a'",
        "2, 'a'",
        "2, 1, 'a'",
        "2, 1, 0, 'a'",
        "2, 1, 0, 1.5",
        "2**40",
        "unknown=1",
    ):
        yield f"after(caught(lambda: tcp.__init__({given})), valid(tcp.fileno()), {state})"


def addresses():
    """A refused call that sends has sent nothing; one that receives leaves the data."""
    bad_data = ("'a'", "None", "5", "released()", "memoryview(b'abcdef')[::2]")
    for data in bad_data:
        for call in (f"send({data})", f"sendall({data})", f"sendmsg([b'a', {data}])"):
            yield from look(f"left.{call}", "caught(lambda: left.recv(1))")
    arguments = ("-1", "'a'", "None", "2**70", "5, 'a'", "5, 2**31", "5, 0, 0, 0", "")
    for given in arguments:
        for call in ("recv", "recvfrom", "recvmsg"):
            yield f"after(caught(lambda: message.{call}({given})), message.recv(9), message.recv(9))"
    for given in ("buffer, -1", "buffer, 10", "buffer, 'a'", "b'abc'", "buffer, 5, 'a'", "None"):
        for call in ("recv_into", "recvfrom_into"):
            yield f"after(caught(lambda: message.{call}({given})), message.recv(9), bytes(buffer))"
    for given in ("[buffer], -1", "[buffer, 5]", "[b'a']", "5", "[buffer], 0, 'a'"):
        yield f"after(caught(lambda: message.recvmsg_into({given})), message.recv(9), bytes(buffer))"
    for given in ("5, -1", "5, 'a'", "-1, 1", "5, 2**31"):
        yield f"after(caught(lambda: socket.recv_fds(passing, {given})), passing.recv(9))"


def sending_files():
    for given in (
        "file, -1",
        "file, 'a'",
        "file, 0, 0",
        "file, 0, -1",
        "file, 0, 'a'",
        "text_file",
    ):
        for sock in ("left", "closed", "udp", "idle"):
            yield f"after(caught(lambda: {sock}.sendfile({given})), file.tell(), {sock}.gettimeout())"


SUBJECTS = {
    "default timeout": default_timeouts,
    "timeouts": timeouts,
    "options": options,
    "names": names,
    "inheritance": inheritance,
    "ends": ends,
    "files": files,
    "constructors": constructors,
    "transfers": addresses,
    "files to send": sending_files,
}
