"""Methods and properties of SocketIO that other classes borrow: they accept any object with the
right attributes."""

from .file_actors import FILE_METHODS

# Uses of a file with the same result each time.
USES = (
    "f.readinto(buffer)",
    "f.write(b'abc')",
    "f.readable()",
    "f.writable()",
    "f.seekable()",
    "valid(f.fileno())",
    "valid(f.name)",
    "f.mode",
    "f.close()",
    "f.closed",
)
WRONG = (
    "f.readinto()",
    "f.readinto(5)",
    "f.readinto(b'constant')",
    "f.readinto(buffer, 1)",
    "f.readinto(c=buffer)",
    "f.write()",
    "f.write(5)",
    "f.write('text')",
    "f.write(b'a', 1)",
    "f.readable(1)",
    "f.close(1)",
    "f.fileno(a=1)",
    "setattr(f, 'name', 5)",
    "setattr(f, 'mode', 'r')",
    "delattr(f, 'mode')",
)
# How the base type of a file uses them.
BY_BASE = (
    "f.read(2)",
    "f.read()",
    "f.readline()",
    "f.readlines()",
    "f.writelines([b'a', b'b'])",
    "f.__enter__() is f",
    "f.__exit__()",
    "f.isatty()",
    "f.tell()",
    "kept(io.BufferedReader(f)).read(3)",
    "kept(io.BufferedReader(f)).readline()",
    "kept(io.BufferedWriter(f)).write(b'ab')",
    "kept(io.BufferedWriter(f)).close()",
)
# Bases, and what an object of such a class has beside SocketIO's own attributes.
BARE = "object, closed=False, _checkClosed=nothing, _checkReadable=nothing, _checkWritable=nothing"
BASES = ("io.RawIOBase", "socket.SocketIO", "io.IOBase", BARE)
MODES = ("'r'", "'w'", "'rw'", "'rb'", "'wb'", "'rwb'")
WRONG_MODES = ("'x'", "''", "'br'", "5", "None", "b'r'", "[]")
SOCKETS = ("left", "idle", "lonely", "tcp", "closed")
# Other values for the attributes that SocketIO's __init__ sets, and for those of a bare object.
CHANGES = (
    "_timeout_occurred=True",
    "_timeout_occurred='yes'",
    "_timeout_occurred=0",
    "_timeout_occurred=RaisingTruth()",
    "_reading='yes'",
    "_reading=[]",
    "_reading=False",
    "_writing=7",
    "_writing=None",
    "_mode=5",
    "_sock=None",
    "_sock=5",
    "lacking='_sock'",
    "lacking='_mode'",
    "lacking='_reading'",
    "lacking='_writing'",
    "lacking='_timeout_occurred'",
)
BARE_CHANGES = (
    "closed=True",
    "closed='yes'",
    "closed=[]",
    "closed=RaisingTruth()",
    "_checkClosed=refusing",
    "_checkReadable=refusing",
    "_checkWritable=refusing",
    "lacking='closed'",
    "lacking='_checkClosed'",
    "lacking='_checkReadable'",
    "lacking='_checkWritable'",
)
STRANGERS = ("5", "None", "object()", "types.SimpleNamespace()", "left", "io.BytesIO()", "io")
# Exceptions that a socket may raise.
ERRORS = (
    "TimeoutError()",
    "TimeoutError(110, 'a')",
    "OSError(11, 'a')",
    "OSError(11.0, 'a')",
    "OSError(4, 'a')",
    "OSError('11')",
    "OSError()",
    "ConnectionResetError(104, 'a')",
    "ValueError()",
    "KeyError('errno')",
)


def using(file, *uses):
    """The outcomes of what is done with one file, and what of it was used before it is freed."""
    outcomes = ", ".join(f"caught(lambda: {use})" for use in uses)
    return f"(lambda f: after({outcomes}, calls[:]))({file})"


def changed(base, changes):
    """A base with its attributes and others. The last value of an attribute counts."""
    for change in changes:
        key = change.partition("=")[0]
        kept = [part for part in base.split(", ") if not part.startswith(f"{key}=")]
        yield ", ".join([*kept, change])


def in_every_state():
    for base in BASES:
        for sock in SOCKETS:
            for mode in MODES[:3]:
                file = f"borrowing({sock}, {mode}, {base})"
                for use in (*USES, *BY_BASE):
                    yield using(file, use, "f.close()")
        for use in (*USES, *BY_BASE):
            file = f"borrowing(left, 'rw', {base})"
            yield using(file, "f.close()", use)
            yield using(file, "io.RawIOBase.close(f)", use)
            yield using(file, use, use)


def with_other_attributes():
    for base in BASES:
        changes = (*CHANGES, *BARE_CHANGES) if base is BARE else CHANGES
        for given in changed(base, changes):
            for use in (*USES, "f.read(2)"):
                yield using(f"borrowing(left, 'rw', {given})", use, "f.close()")


def of_errors():
    for base in BASES:
        for error in ERRORS:
            sock = (
                "(lambda call: types.SimpleNamespace(recv_into=call, send=call, fileno=call, "
                f"_decref_socketios=call))(raising(lambda: {error}))"
            )
            for use in ("f.readinto(buffer)", "f.write(b'a')", "f.fileno()", "f.name", "f.close()"):
                yield using(
                    f"borrowing({sock}, 'rw', {base})", use, "f.readinto(buffer)", "f.close()"
                )
    # Without the attribute that a timeout sets.
    for error in ERRORS[:3]:
        sock = f"types.SimpleNamespace(recv_into=raising(lambda: {error}))"
        yield using(f"fixed({sock})", "socket.SocketIO.readinto(f, buffer)")


def of_texts():
    """Exceptions, with their texts."""
    for base in BASES:
        for mode in MODES[:3]:
            for use in (*USES, *WRONG):
                yield f"(lambda f: {use})(borrowing(left, {mode}, {base}))"
        for use in USES:
            yield f"(lambda f: after(f.close(), {use}))(borrowing(left, 'rw', {base}))"
        for given in changed(base, CHANGES):
            for use in USES[:5]:
                yield f"(lambda f: {use})(borrowing(left, 'rw', {given}))"


def of_constructors():
    for base in BASES:
        for mode in (*MODES, *WRONG_MODES):
            file = f"borrowing(None, None, {base})"
            yield using(
                file, f"socket.SocketIO.__init__(f, left, {mode})", "f.mode", "f.readable()"
            )
            yield f"socket.SocketIO.__init__({file}, left, {mode})"
        for given in ("", "left", "left, 'r', 1", "mode='r', sock=left", "left, mod='r'"):
            yield using(f"borrowing(None, None, {base})", f"socket.SocketIO.__init__(f, {given})")
    for thing in STRANGERS:
        yield f"caught(lambda: socket.SocketIO.__init__({thing}, left, 'r'))"
    for kind in ("io.RawIOBase", "socket.SocketIO"):
        yield f"(lambda f: after(f.close(), f.closed))(borrowing(None, None, {kind}))"
    yield using("types.SimpleNamespace()", "socket.SocketIO.__init__(f, 5, 'rw')", "sorted(vars(f))")


def on_strangers():
    for name in FILE_METHODS[1:]:
        argument = {"readinto": ", buffer", "write": ", b'a'"}.get(name, "")
        method = f"socket.SocketIO.{name}" + (".fget" if name in ("name", "mode") else "")
        for thing in STRANGERS:
            yield f"caught(lambda: {method}({thing}{argument}))"
        yield f"caught({method})"


def one_at_a_time():
    """Classes that have borrowed only one method."""
    for name in FILE_METHODS:
        for base in BASES:
            for use in USES:
                yield using(f"borrowing(left, 'rw', {base}, only='{name}')", use, "f.close()")


def of_properties():
    for name in ("name", "mode"):
        thing = f"vars(socket.SocketIO)['{name}']"
        yield f"type({thing})"
        for part in ("fset", "fdel", "fget.__name__", "fget.__qualname__", "__isabstractmethod__"):
            yield f"{thing}.{part}"
        yield f"socket.SocketIO.{name} is {thing}"
        yield f"caught(lambda: setattr(socket.SocketIO(left, 'r'), '{name}', 5))"
        yield f"setattr(socket.SocketIO(left, 'r'), '{name}', 5)"
    for value in ("'w'", "5", "None"):
        yield f"(lambda f: after(setattr(f, '_mode', {value}), f.mode))(socket.SocketIO(left, 'r'))"
    for name in ("_sock", "_mode", "_reading", "_writing", "_timeout_occurred"):
        for value in ("True", "5", "None", "'a'"):
            yield (
                f"(lambda f: after(setattr(f, '{name}', {value}), f.{name}, "
                "caught(lambda: f.readinto(buffer)), caught(lambda: f.write(b'a')), "
                "caught(f.readable), caught(f.writable)))(socket.SocketIO(left, 'rw'))"
            )
        yield (
            f"(lambda f: after(delattr(f, '{name}'), caught(lambda: f.{name}), "
            f"caught(lambda: delattr(f, '{name}')), caught(lambda: f.readinto(buffer)), "
            "caught(lambda: f.read(2)), caught(f.close), f.closed))(socket.SocketIO(left, 'rw'))"
        )


def of_replaced_methods():
    """Methods replaced in SocketIO itself, which the others call by attribute."""
    for name in ("readable", "writable", "fileno", "readinto", "close", "seekable"):
        for use in (*USES, *BY_BASE[:3]):
            yield (
                f"replacing(socket.SocketIO, '{name}', refusing, "
                f"lambda: after(f := socket.SocketIO(left, 'rw'), caught(lambda: {use}), None)[1])"
            )
    for name in ("_checkClosed", "_checkReadable", "_checkWritable", "closed"):
        for use in ("f.readinto(buffer)", "f.write(b'a')", "f.read(2)", "f.fileno()", "f.name"):
            yield (
                f"replacing(socket.SocketIO, '{name}', refusing, "
                f"lambda: after(f := socket.SocketIO(left, 'rw'), caught(lambda: {use}), None)[1])"
            )


SUBJECTS = {
    "states": in_every_state,
    "attributes": with_other_attributes,
    "errors": of_errors,
    "texts": of_texts,
    "constructors": of_constructors,
    "strangers": on_strangers,
    "one at a time": one_at_a_time,
    "properties": of_properties,
    "replaced": of_replaced_methods,
}
