"""The import of the module, its enums, which are made later, and its names."""

import importlib
import json
import os
import socket

import pytest
from support import run_python

import csocket


def imported_by(statement):
    """The modules that a statement imports in a fresh interpreter, without site."""
    folder = os.path.dirname(os.path.dirname(csocket._csocket.__file__))
    program = f"""
import sys
sys.path.insert(0, {folder!r})
before = set(sys.modules)
{statement}
print(*sorted(set(sys.modules) - before))
"""
    return set(run_python(program, "-S", "-I").split())


def test_import_brings_little():
    imported = imported_by("import csocket")
    assert "csocket._csocket" in imported
    assert not imported & {"enum", "re", "types", "functools", "selectors", "os"}


EVERYTHING = """
import csocket
csocket.AddressFamily, csocket.AF_INET, csocket.MSG_PEEK, csocket.AI_PASSIVE
from csocket import *
a, b = csocket.socketpair()
with a, b, a.makefile("r", encoding="utf-8") as file, open("/dev/null", "rb") as null:
    b.sendfile(null), b.sendmsg([b"x"]), a.recvmsg(10), repr(a), a.dup().close()
csocket.getaddrinfo("127.0.0.1", 80), csocket.getfqdn("127.0.0.1")
csocket.inet_aton("1.2.3.4"), csocket.if_nameindex(), csocket.getservbyname("http")
listener = csocket.create_server(("127.0.0.1", 0))
csocket.create_connection(listener.getsockname()).close()
listener.close()
try:
    a.connect("/nowhere")
except OSError as error:
    str(error)
csocket.socket(type=csocket.SOCK_DGRAM).close()
"""


def test_stock_is_never_imported():
    """No function imports socket or _socket."""
    imported = imported_by(EVERYTHING)
    assert not imported & {"socket", "_socket"}


@pytest.mark.parametrize("name", ["AF_INET", "SOCK_STREAM", "MSG_PEEK", "AI_PASSIVE", "SocketKind"])
def test_enums_are_made_when_asked_for(name):
    assert "enum" in imported_by(f"import csocket; csocket.{name}")


def test_enums_are_made_once():
    assert csocket.AF_INET is csocket.AddressFamily.AF_INET is csocket.AddressFamily(2)
    with csocket.socket() as sock:
        assert sock.family is csocket.AF_INET
        assert sock.type is csocket.SOCK_STREAM


def test_enums_are_made_together():
    """Then the module loses its __getattr__, with which the interpreter is slower."""
    program = """
import csocket
assert "__getattr__" in vars(csocket) and "MsgFlag" not in vars(csocket)
csocket.SOCK_STREAM
assert "__getattr__" not in vars(csocket)
assert {"AF_INET", "SocketKind", "MSG_PEEK", "AI_PASSIVE"} <= vars(csocket).keys()
try:
    csocket.AF_NOWHERE
except AttributeError as error:
    assert error.name == "AF_NOWHERE"
"""
    run_python(program)


def test_sockets_alone_make_no_enums():
    program = """
import csocket, sys
for _ in range(2000):
    csocket.socket().close()
assert "enum" not in sys.modules and "__getattr__" in vars(csocket)
"""
    run_python(program)


def test_enums_that_cannot_be_made():
    program = """
import csocket, sys
sys.modules["enum"] = None
csocket.socket().close()
try:
    csocket.AF_INET
except ImportError:
    pass
else:
    raise AssertionError
del sys.modules["enum"]
assert csocket.AF_INET.name == "AF_INET"
"""
    run_python(program)


def test_enums_need_no_module_of_the_name_in_sys_modules():
    program = """
import csocket, sys
before = set(sys.modules)
del sys.modules["csocket"]
assert csocket.AF_INET.name == "AF_INET"
assert csocket.AddressFamily.__module__ == "csocket"
assert not [name for name in set(sys.modules) - before if "csocket" in name]
"""
    run_python(program)


def test_signal_while_enums_are_made():
    program = """
import csocket, sys, enum

class Stop(Exception):
    pass

def trace(frame, event, argument):
    if frame.f_code.co_name == "_convert_":
        raise Stop  # as the handler of a signal may

before = set(sys.modules)
sys.settrace(trace)
try:
    csocket.AF_INET
except Stop:
    pass
else:
    raise AssertionError
sys.settrace(None)
assert not [name for name in set(sys.modules) - before if "csocket" in name]
assert csocket.AF_INET.name == "AF_INET"
"""
    run_python(program)


def test_what_the_program_has_put_in_the_place_of_a_member_stays():
    program = """
import csocket
csocket.AF_UNIX = 7
assert csocket.AF_INET.name == "AF_INET" and csocket.AF_UNIX == 7
assert csocket.AddressFamily.AF_UNIX == 1
"""
    run_python(program)


def test_a_getattr_of_the_program_stays():
    program = """
import csocket
own = csocket.__getattr__
csocket.__getattr__ = lambda name: own(name) if name != "AF_NOWHERE" else 7
assert csocket.AF_UNIX.name == "AF_UNIX"
assert csocket.AF_NOWHERE == 7
"""
    run_python(program)


def test_enum_asked_for_while_it_is_made():
    """A signal handler may do it. There is one enum in the end, and no thread waits for itself."""
    program = """
import sys, enum, csocket
seen = []
def trace(frame, event, argument):
    if frame.f_code.co_name == "_convert_" and not seen:
        seen.append(None)
        seen.append(csocket.AF_UNIX)
sys.settrace(trace)
family = csocket.AF_INET
sys.settrace(None)
assert seen[1] is csocket.AF_UNIX is csocket.AddressFamily.AF_UNIX
assert family is csocket.AF_INET is csocket.AddressFamily(2)
with csocket.socket() as sock:
    assert sock.family is family
"""
    run_python(program)


def test_enums_asked_for_by_many_threads():
    program = """
import csocket, threading
start, found = threading.Barrier(8), []
def ask():
    start.wait()
    found.append((csocket.AF_INET, csocket.SOCK_STREAM, csocket.AddressFamily))
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len({tuple(map(id, names)) for names in found}) == 1
"""
    run_python(program)


# Names


def names_by_star(module):
    namespace = {}
    exec(f"from {module} import *", namespace)
    return namespace


def test_star_import():
    namespace = names_by_star("csocket")
    del namespace["__builtins__"]
    assert set(namespace) == set(csocket.__all__)
    assert not {"SocketIO", "MsgFlag", "AddressInfo", "gil_policy", "install"} & set(namespace)
    for name in ("socket", "AF_INET", "create_connection", "AddressFamily", "gaierror"):
        assert namespace[name] is getattr(csocket, name)


def constants():
    """The constants; those that stock lacks are csocket's own."""
    names = {name for name in dir(csocket) if not name.startswith("_")}
    return {name for name in names if isinstance(getattr(csocket, name), (int, str))}


def test_star_import_gives_what_stock_gives_and_constants():
    ours, stock = set(names_by_star("csocket")), set(names_by_star("socket"))
    assert stock <= ours
    assert ours - stock <= constants()


# csocket's own names, as docs/differences.md lists them.
OWN_NAMES = {"gil_policy", "install", "uninstall", "_install", "_csocket"}
OWN_NAMES |= {"__path__", "__version__", "__getattr__", "__dir__"}


def test_dir_is_that_of_stock_and_what_is_our_own():
    ours, stock = set(dir(csocket)), set(dir(socket))
    assert stock <= ours
    # Stock has _fallback_socketpair from 3.12 on.
    assert ours - stock <= constants() | OWN_NAMES | {"_fallback_socketpair"}


BORROWED = ["IntEnum", "IntFlag", "array", "errno", "io", "os", "partial", "selectors", "sys"]
BORROWED = [name for name in BORROWED if hasattr(socket, name)]


@pytest.mark.parametrize("name", BORROWED)
def test_what_stock_has_by_importing_it(name):
    assert getattr(csocket, name) is getattr(socket, name)


@pytest.mark.parametrize("first", [*BORROWED, "AF_INET"])
def test_what_stock_has_by_importing_it_comes_when_asked_for(first):
    """Any name may be the first. The program may replace each, before and after."""
    program = f"""
import csocket, sys
# A module that is imported already costs nothing.
assert vars(csocket).keys() & set({BORROWED}) == sys.modules.keys() & set({BORROWED})
assert set({BORROWED}) <= set(dir(csocket))
csocket.io = "mine"
csocket.{first}
assert csocket.io == "mine"
import enum, errno, os
assert [csocket.errno, csocket.os, csocket.sys] == [errno, os, sys]
csocket.AF_UNIX
assert csocket.IntEnum is enum.IntEnum and csocket.IntFlag is enum.IntFlag
assert "__getattr__" not in vars(csocket) and csocket.io == "mine"
"""
    run_python(program)


def test_borrowed_module_that_cannot_be_imported():
    """The enums are made anyway, and the name appears once the module can be imported."""
    program = """
import sys
sys.modules["errno"] = None
import csocket
assert csocket.AF_INET.name == "AF_INET" and csocket.os
try:
    csocket.errno
except ImportError:
    pass
else:
    raise AssertionError
del sys.modules["errno"]
assert csocket.errno.ENOENT == 2 and csocket.AddressFamily.AF_INET is csocket.AF_INET
"""
    run_python(program)


def test_private_names_of_stock():
    assert csocket._socket is csocket._csocket
    assert csocket._blocking_errnos == socket._blocking_errnos
    convert = csocket._intenum_converter
    assert convert(2, csocket.AddressFamily) is csocket.AF_INET
    assert convert(enum_klass=csocket.SocketKind, value=1) is csocket.SOCK_STREAM
    for value in (-7, 2.5, "text"):
        assert convert(value, csocket.AddressFamily) is value
    with pytest.raises(TypeError):
        convert(2, 3)


def test_all_and_dir():
    assert csocket.__all__ == sorted(set(csocket.__all__))
    assert set(csocket.__all__) <= set(dir(csocket))
    assert dir(csocket) == sorted(dir(csocket))
    for name in dir(csocket):
        getattr(csocket, name)


def test_names_that_are_not_there():
    with pytest.raises(AttributeError, match="no_such_name"):
        csocket.no_such_name
    with pytest.raises(ImportError, match="no_such_name"):
        exec("from csocket import no_such_name")


def test_reload():
    """importlib.reload() sets the names again, and everything still works."""
    program = """
import csocket, importlib, json
family, kind = csocket.AF_INET, csocket.socket
csocket.getaddrinfo = None
before = csocket.socketpair()
assert importlib.reload(csocket) is csocket
after = csocket.socketpair()
before[0].send(b"x"), after[0].send(b"y")
found = [before[1].recv(1), after[1].recv(1), csocket.AF_INET is family, csocket.socket is kind]
csocket.create_server(("127.0.0.1", 0)).close()
for sock in before + after:
    sock.close()
print(json.dumps([str(item) for item in found] + [callable(csocket.getaddrinfo)]))
"""
    assert json.loads(run_python(program)) == ["b'x'", "b'y'", "True", "True", True]


def test_removed_from_sys_modules_and_imported_again():
    program = """
import sys, csocket
old = csocket
for name in [name for name in sys.modules if name.split(".")[0] == "csocket"]:
    del sys.modules[name]
import csocket as new
a, b = old.socketpair()
c, d = new.socketpair()
for sender, receiver in ((a, b), (c, d)):
    with sender, receiver:
        sender.send(b"x")
        assert receiver.recv(1) == b"x"
old.create_server(("127.0.0.1", 0)).close()
new.create_server(("127.0.0.1", 0)).close()
"""
    run_python(program)


def test_import_by_name():
    assert importlib.import_module("csocket") is csocket
    assert importlib.import_module("csocket._csocket") is csocket._csocket
