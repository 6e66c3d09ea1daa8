"""Methods of socket.socket that other classes borrow: they accept any object with the right
methods."""

# The methods that stock's socket.py has in Python, and some calls of each.
CALLS = {
    "__enter__": ("",),
    "__exit__": ("", "None, None, None", "1"),
    "__repr__": ("",),
    "__getstate__": ("",),
    "_check_sendfile_params": ("file, 0, None", "file, 0, 0", "text_file, 0, 5", "file", "5, 0, 1"),
    "_decref_socketios": ("",),
    "_real_close": ("", "1"),
    "_sendfile_use_send": ("file", "file, 2, 3", "io.BytesIO(b'abc')", "text_file", "5"),
    "_sendfile_use_sendfile": ("file", "file, 2, 3", "io.BytesIO(b'abc')", "text_file", "5"),
    "accept": ("",),
    "close": ("",),
    "detach": ("",),
    "dup": ("",),
    "get_inheritable": ("",),
    "makefile": (
        "",
        "'rb'",
        "'rb', 0",
        "'wb'",
        "'rwb', 0",
        "'rw', encoding='ascii'",
        "'x'",
        "5",
        "'r', encoding='nosuch'",
    ),
    "sendfile": (
        "file",
        "file, 2, 3",
        "io.BytesIO(b'abc')",
        "text_file",
        "file, 0, 0",
        "5",
        "file, 'a'",
    ),
    "set_inheritable": ("True", "", "'a'"),
}
# The objects to call them on: complete stand-ins for sockets in several states, and strangers.
STAND_INS = ("left", "listener", "closed", "udp", "idle")
# Sending on these may wait. Other cases compare that.
CANNOT_SEND = ("listener",)
STRANGERS = ("5", "None", "object()", "types.SimpleNamespace()", "file", "raw_tcp", "socket.socket")
# Stand-ins that lack one of these attributes, or have a wrong kind of value for it.
PARTS = (
    "_accept",
    "_closed",
    "_decref_socketios",
    "_io_refs",
    "_real_close",
    "_sendfile_use_send",
    "_sendfile_use_sendfile",
    "close",
    "family",
    "fileno",
    "getblocking",
    "gettimeout",
    "proto",
    "recv_into",
    "send",
    "settimeout",
    "type",
)


def on_stand_ins():
    """The class's method, called with a stand-in: the result, and the calls on the stand-in."""
    for name, given in CALLS.items():
        for arguments in given:
            for sock in STAND_INS:
                if "sendfile" in name and sock in CANNOT_SEND:
                    continue
                thing = ", ".join(filter(None, (f"lending({sock})", arguments)))
                yield f"after(caught(lambda: socket.socket.{name}({thing})), calls)"


def on_strangers():
    for name, given in CALLS.items():
        for thing in STRANGERS:
            yield f"caught(lambda: socket.socket.{name}({thing}, {given[0]}))"
        yield f"caught(socket.socket.{name})"


def on_partial():
    for name, given in CALLS.items():
        for part in PARTS:
            # A file would show by its position whether it was read before send() was found missing.
            argument = "io.BytesIO(b'abc')" if name == "_sendfile_use_send" else given[0]
            thing = ", ".join(filter(None, (f"lending(left, '{part}')", argument)))
            call = f"caught(lambda: socket.socket.{name}({thing}))"
            # The order of fileno() and the check of the parameters does not matter.
            yield call if name == "_sendfile_use_sendfile" else f"after({call}, calls)"
    for arguments in ("'r', 0", "'w', 0", "'rw', False"):
        yield f"socket.socket.makefile(lending(left), {arguments})"
    for name, part in (("accept", "gettimeout"), ("accept", "_accept"), ("accept", "family")):
        yield (f"after(caught(lambda: socket.socket.{name}(lending(listener, '{part}'))), calls)")


def as_class_attributes():
    """Borrowed as urllib3 does: makefile = socket.makefile in another class."""
    for name, given in CALLS.items():
        for arguments in given:
            for sock in ("left", "listener", "closed"):
                if "sendfile" in name and sock in CANNOT_SEND:
                    continue
                yield (
                    f"after(caught(lambda: borrower({sock}, '{name}').{name}({arguments})), calls)"
                )
    for names in (("makefile", "_decref_socketios"), ("__enter__", "__exit__", "close")):
        listed = ", ".join(map(repr, names))
        yield f"after(b := borrower(left, {listed}), f := socket.socket.makefile(b, 'rb'), f.close(), calls)"
        yield f"after(b := borrower(left, {listed}), socket.socket.__exit__(b), calls)"
    sendfile = "borrower(left, 'sendfile', '_sendfile_use_send', '_sendfile_use_sendfile')"
    for file in ("file", "file, 2, 3", "io.BytesIO(b'abc')", "text_file"):
        yield f"after(caught(lambda: {sendfile}.sendfile({file})), calls)"


def files_of_borrowers():
    """The calls of a file on the stand-in that it was made for."""
    for mode, uses in (
        (
            "'rb'",
            ("read(2)", "readline()", "close()", "read1(3)", "fileno()", "peek()", "__repr__()"),
        ),
        ("'rb', 0", ("read(2)", "readinto(buffer)", "close()", "name", "mode", "readable()")),
        ("'wb'", ("write(b'ab')", "close()", "flush()", "fileno()")),
        ("'wb', 0", ("write(b'ab')", "close()", "writable()", "seekable()", "detach()")),
        ("'r'", ("read(2)", "close()")),
    ):
        for use in uses:
            for thing in ("lending(left)", "lending(idle)", "lending(lonely)", "lending(closed)"):
                yield (
                    f"after(t := {thing}, f := socket.socket.makefile(t, {mode}), "
                    f"caught(lambda: f.{use}), caught(f.close), calls)"
                )
    for given in ("lending(left), 'r'", "lending(left), 'rw'", "lending(left), 'x'", "5, 'r'"):
        for use in (
            "read(2)",
            "readinto(buffer)",
            "write(b'a')",
            "name",
            "fileno()",
            "close()",
            "closed",
        ):
            yield f"after(f := socket.SocketIO({given}), caught(lambda: f.{use}), caught(f.close), calls)"


SUBJECTS = {
    "stand-ins": on_stand_ins,
    "strangers": on_strangers,
    "partial": on_partial,
    "class attributes": as_class_attributes,
    "files": files_of_borrowers,
}
