"""csocket.install() and uninstall(), each in an interpreter of its own."""

import subprocess
import sys

import pytest
from support import PATIENCE, run_python, run_strictly
from test_interpreters import needs_interpreters

# A module that refers to the stock modules in every possible way, and checks that all of these
# references have changed, or none.
HOLDER = """
from socket import *
import socket, _socket
import socket as other_name
from socket import socket as Socket, _GLOBAL_DEFAULT_TIMEOUT as default
from _socket import CAPI, socket as Base, getaddrinfo as low_getaddrinfo

class Holder:
    module = socket
    family = socket.AF_UNIX
    make = socket.socket
    connect = staticmethod(socket.create_connection)

    class Inner:
        error = socket.herror

        class Innermost:
            resolve = _socket.getaddrinfo

    def method(self, timeout=default, *, kind=socket.SOCK_STREAM):
        return timeout, kind

    @staticmethod
    def static(number=1, make=socket.socket):
        return make

    @classmethod
    def of_class(cls, *, error=socket.gaierror):
        return error

def function(number, family=socket.AF_INET6, *, word="w", listen=socket.create_server):
    return number, family, word, listen

def held():
    yield "socket", socket
    yield "_socket", _socket
    yield "other_name", other_name
    yield "Socket", Socket
    yield "SocketType", SocketType
    yield "Base", Base
    yield "CAPI", CAPI
    yield "default", default
    yield "low_getaddrinfo", low_getaddrinfo
    yield "AF_INET", AF_INET
    yield "MSG_PEEK", MSG_PEEK
    yield "AI_PASSIVE", AI_PASSIVE
    yield "AddressFamily", AddressFamily
    yield "gaierror", gaierror
    yield "create_connection", create_connection
    yield "getaddrinfo", getaddrinfo
    yield "Holder.module", Holder.module
    yield "Holder.family", Holder.family
    yield "Holder.make", Holder.make
    yield "Holder.connect", Holder.connect
    yield "Holder().connect", Holder().connect
    yield "Inner.error", Holder.Inner.error
    yield "Innermost.resolve", Holder.Inner.Innermost.resolve
    timeout, kind = Holder().method()
    yield "timeout", timeout
    yield "kind", kind
    yield "make", Holder.static()
    yield "error", Holder.of_class()
    number, family, word, listen = function(7)
    yield "family", family
    yield "listen", listen
    assert (number, word) == (7, "w")

held_before = dict(held())

def check_replaced():
    import csocket
    now = dict(held())
    assert list(now) == list(held_before)
    assert not [name for name in now if now[name] is held_before[name]]
    assert socket is csocket and _socket is csocket._csocket and Holder.make is csocket.socket
    assert type(AF_INET) is csocket.AddressFamily and Base is csocket._csocket.socket
    assert default is csocket._GLOBAL_DEFAULT_TIMEOUT and CAPI is csocket._csocket.CAPI
    assert SOL_SOCKET == 1 and error is OSError and Holder.connect is csocket.create_connection

def check_as_before():
    now = dict(held())
    assert not [name for name in now if now[name] is not held_before[name]]
"""


@pytest.fixture
def modules(tmp_path):
    """A function that writes modules, and returns the lines that make them importable."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.py").write_text(text)
        return f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"

    return write


def test_before_everything():
    program = """
import csocket
csocket.install()
import socket, _socket, sys
assert socket is csocket and _socket is csocket._csocket
import ssl, asyncio, http.client, multiprocessing.connection, selectors
assert issubclass(ssl.SSLSocket, csocket.socket)
for module in (asyncio.base_events, http.client, multiprocessing.connection):
    assert module.socket is csocket
"""
    run_strictly(program)


def test_reaches_what_was_imported_before(modules):
    program = "import holder, csocket\ncsocket.install()\nholder.check_replaced()\n"
    run_strictly(modules(holder=HOLDER) + program)


def test_reaches_the_program_itself():
    run_strictly(HOLDER + "import csocket\ncsocket.install()\ncheck_replaced()\n")


def test_undone():
    program = """
import csocket, sys
check_as_before()
stock = sys.modules["socket"], sys.modules["_socket"]
for _ in range(3):
    csocket.install()
    check_replaced()
    csocket.uninstall()
    check_as_before()
    assert (sys.modules["socket"], sys.modules["_socket"]) == stock
    import socket
    assert socket is stock[0]
"""
    run_strictly(HOLDER + program)


def test_twice_is_harmless():
    program = """
import csocket
csocket.install()
csocket.install()
check_replaced()
csocket.uninstall()
check_as_before()
csocket.uninstall()
check_as_before()
"""
    run_strictly(HOLDER + program)


def test_undone_after_nothing_was_there():
    program = """
import csocket, sys
assert "socket" not in sys.modules
csocket.uninstall()
csocket.install()
import socket
assert socket is csocket
csocket.uninstall()
import socket, _socket
assert socket is not csocket and socket.__file__.endswith("socket.py")
assert _socket.__name__ == "_socket" and socket.socket.__mro__[1] is _socket.socket
"""
    run_strictly(program)


def test_undone_for_modules_imported_in_between(modules):
    program = """
import csocket, sys
csocket.install()
import asyncio.base_events, http.client, holder
from holder import Holder, function
assert http.client.socket is csocket is holder.socket
assert Holder.make is csocket.socket and function(1)[3] is csocket.create_server
csocket.uninstall()
import socket, _socket
assert socket is not csocket
assert http.client.socket is socket is asyncio.base_events.socket
defaults = http.client.HTTPConnection.__init__.__defaults__
assert csocket._GLOBAL_DEFAULT_TIMEOUT not in defaults
assert socket._GLOBAL_DEFAULT_TIMEOUT in defaults
assert Holder.make is socket.socket is holder.Socket and holder.Base is _socket.socket
assert Holder.connect is socket.create_connection and function(1)[3] is socket.create_server
assert type(holder.AF_INET) is socket.AddressFamily
with holder.Socket() as sock:
    assert type(sock) is socket.socket
"""
    run_strictly(modules(holder=HOLDER) + program)


def test_those_who_say_csocket_keep_it(modules):
    user = "import csocket, socket\nfrom csocket import _csocket\nstop = csocket.uninstall\n"
    program = """
import csocket
csocket.install()
import user
user.stop()
assert user.csocket is csocket and user._csocket is csocket._csocket
assert user.socket is not csocket
user.csocket.uninstall()
"""
    run_strictly(modules(user=user) + program)


def test_what_was_replaced_since_is_left_alone():
    program = """
import socket
from socket import gaierror, herror
import csocket
csocket.install()
gaierror = "mine"
del herror
csocket.uninstall()
assert gaierror == "mine" and "herror" not in vars()
"""
    run_strictly(program)


def test_open_sockets_and_classes_outlive_it(modules):
    own = """
import socket
class Own(socket.socket):
    def __init__(self, *arguments):
        socket.socket.__init__(self, *arguments)
"""
    program = """
import csocket
csocket.install()
import ssl, socket, own
a, b = socket.socketpair()
csocket.uninstall()
a.sendall(b"x")
assert b.recv(1) == b"x"
assert issubclass(ssl.SSLSocket, csocket.socket)
own.Own().close()
import socket as stock
with stock.socket() as plain:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    wrapped = context.wrap_socket(plain, server_hostname="x", do_handshake_on_connect=False)
    assert isinstance(wrapped, csocket.socket)
    wrapped.close()
a.close(), b.close()
"""
    run_strictly(modules(own=own) + program)


def test_modules_of_the_standard_library():
    program = """
import asyncio, http.client, ftplib, multiprocessing.reduction, socket, socketserver, smtplib
import urllib.request, logging.handlers, xmlrpc.client, copyreg
old = socket.socket
import warnings, csocket
warnings.simplefilter("ignore", RuntimeWarning)
csocket.install()
assert http.client.socket is csocket and socketserver.socket is csocket
assert csocket._GLOBAL_DEFAULT_TIMEOUT in ftplib.FTP.__init__.__defaults__
assert socketserver.TCPServer.address_family is csocket.AF_INET
reducers = multiprocessing.reduction.ForkingPickler._extra_reducers
assert reducers[csocket.socket] is reducers[old]
csocket.uninstall()
assert socketserver.TCPServer.address_family is not csocket.AF_INET
assert csocket._GLOBAL_DEFAULT_TIMEOUT not in ftplib.FTP.__init__.__defaults__
assert multiprocessing.reduction.socket is socket is not csocket
"""
    run_strictly(program)


# Classes beyond its reach


def test_warning_of_ssl(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import ssl\nimport csocket\n\ncsocket.install()\n")
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        f"{program}:4: RuntimeWarning: ssl.SSLSocket derived from Python's own socket before"
        " csocket.install(), and ssl will go on using it: call csocket.install() before ssl is"
        " imported, or start the program with python -m csocket\n"
        "  csocket.install()\n"
    )


OWN = """
import socket
class Own(socket.socket):
    def __init__(self, *arguments):
        socket.socket.__init__(self, *arguments)
    class Nested(socket.SocketType):
        pass
class Further(Own):
    pass
"""


def test_warning_of_own_classes(modules):
    program = """
import warnings, own, csocket
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    csocket.install()
    csocket.install()
assert [warning.category for warning in seen] == [RuntimeWarning]
print(seen[0].message)
"""
    text = run_strictly(modules(own=OWN) + program)
    assert text.startswith("own.Further and own.Own and own.Own.Nested derived from Python's own")
    assert "call csocket.install() before own is imported" in text


def test_classes_that_it_cannot_reach_work_on(modules):
    """Their module is left alone: it may call its base by name."""
    program = """
import warnings, own, socket as stock, csocket
warnings.simplefilter("ignore", RuntimeWarning)
csocket.install()
with own.Own(csocket.AF_INET, csocket.SOCK_DGRAM) as sock:
    sock.bind(("127.0.0.1", 0))
    with csocket.socket(csocket.AF_INET, csocket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", sock.getsockname())
    assert sock.recv(10) == b"x"
own.Further().close()
assert own.socket is not csocket and isinstance(sock, own.socket.socket)
"""
    run_strictly(modules(own=OWN) + program)


def test_warning_as_error():
    """The modules within reach have csocket anyway, and uninstall() can undo it."""
    program = """
import http.client, ssl, socket, csocket
stock = socket
try:
    csocket.install()
except RuntimeWarning as warning:
    assert "ssl.SSLSocket" in str(warning)
else:
    raise AssertionError
assert http.client.socket is csocket is socket
csocket.install()
csocket.uninstall()
assert http.client.socket is stock is socket
"""
    run_strictly(program)


def test_no_warning_without_classes():
    run_strictly("import socket, selectors, csocket\ncsocket.install()\n")


# Patches by other libraries

PATCHER = """
import socket
class Green:
    pass
class greensocket(socket.socket):
    pass
for cls in (Green, greensocket):
    cls.__module__ = "green.sockets"
"""


@pytest.mark.parametrize("cls", ["Green", "greensocket"])
def test_refused_where_socket_is_patched(modules, cls):
    """The class is replaced as gevent and eventlet do."""
    program = f"""
import csocket, green, socket, sys
stock, low = socket, sys.modules["_socket"]
original, socket.socket = socket.socket, green.{cls}
for _ in range(2):
    try:
        csocket.install()
    except RuntimeError as error:
        print(error)
    else:
        raise AssertionError
assert sys.modules["socket"] is stock is socket is green.socket
assert sys.modules["_socket"] is low and socket.socket is green.{cls}
csocket.uninstall()
assert csocket.gaierror.__module__ == "csocket"
socket.socket = original
import warnings
warnings.simplefilter("ignore", RuntimeWarning)
csocket.install()
assert socket is csocket
"""
    text = run_strictly(modules(green=PATCHER) + program).splitlines()
    assert text[0] == text[1] == (
        "green has patched Python's own socket (socket.socket is that of green.sockets), which"
        " csocket.install() would undo: call csocket.install() first and then patch, or start"
        " the program with python -m csocket"
    )


def test_patched_afterwards(modules):
    """gevent and eventlet then patch csocket, because they find it as socket."""
    program = """
import csocket
csocket.install()
import green, socket
assert issubclass(green.greensocket, csocket.socket)
socket.socket = green.greensocket
with socket.create_server(("127.0.0.1", 0)) as listener:
    assert type(listener) is green.greensocket
    with socket.create_connection(listener.getsockname()) as client:
        assert type(client) is green.greensocket
csocket.install()
"""
    run_strictly(modules(green=PATCHER) + program)


@pytest.mark.parametrize("install", ["", "import csocket\ncsocket.install()\n"])
def test_socket_imported_anew(install):
    """As eventlet does, to get an unpatched module: socket.py over the same _socket."""
    program = """
import _socket, pickle, socket, ssl, sys
patched = sys.modules.pop("socket")
patched.socket = patched.getaddrinfo = None
import socket
assert socket is not patched and socket.__file__.endswith("socket.py")
assert socket.socket.__mro__ == (socket.socket, _socket.socket, object)
assert socket.gaierror is _socket.gaierror and socket.AF_INET is socket.AddressFamily(2)
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
for sock in (listener, client, server, client.dup(), *socket.socketpair()):
    assert type(sock) is socket.socket and isinstance(sock.type, socket.SocketKind)
    assert sock is client or sock is server or sock.close() is None
with client.makefile("w") as file:
    file.write("text")
assert server.recv(10) == b"text"
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
assert tls.wrap_socket(server, True, False).context is tls
assert pickle.loads(pickle.dumps(socket.AF_INET)) is socket.AF_INET
client.close()
print(_socket.__name__)
"""
    output = run_python(install + program, "-W", "ignore")
    assert output == ("csocket._csocket\n" if install else "_socket\n")


# Objects that it must not touch

UNTOUCHABLE = """
import socket, sys, types

class Refusal(BaseException):
    pass

def refuse(*_):
    raise Refusal

class Proxy:
    __getattribute__ = __setattr__ = __eq__ = __hash__ = __bool__ = __len__ = refuse
    __repr__ = __iter__ = __call__ = __instancecheck__ = refuse

class Meta(type):
    __getattribute__ = __setattr__ = __eq__ = __hash__ = __bool__ = refuse

class Module(types.ModuleType):
    __getattribute__ = __setattr__ = __eq__ = __bool__ = refuse

class Guarded(metaclass=Meta):
    family = socket.AF_INET

class Impostor:
    '''Calls itself a module.'''
    __class__ = types.ModuleType
    __dict__ = property(refuse)
    __name__ = property(refuse)

proxy = Proxy()
some = [proxy, Guarded]
module = Module("guarded")
object.__getattribute__(module, "__dict__")["connect"] = socket.create_connection
sys.modules.update(proxy=proxy, guarded=module, impostor=Impostor(), none=None, text="text")
registry = {"proxy": proxy, 1: Guarded}

class Slots:
    __slots__ = ("family",)

import csocket
csocket.install()
assert socket is csocket
family = type.__getattribute__(Guarded, "__dict__")["family"]
assert type(family) is csocket.AddressFamily
connect = object.__getattribute__(module, "__dict__")["connect"]
assert connect is csocket.create_connection
csocket.uninstall()
assert socket is not csocket
assert type.__getattribute__(Guarded, "__dict__")["family"] is socket.AF_INET
assert object.__getattribute__(module, "__dict__")["connect"] is socket.create_connection
for name in ("proxy", "guarded", "impostor", "none", "text"):
    del sys.modules[name]
"""


def test_proxies_are_not_touched():
    run_strictly(UNTOUCHABLE)


def test_lazy_modules_are_not_loaded(modules):
    program = """
import importlib.util, socket

def lazy(name):
    spec = importlib.util.find_spec(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module

first, second = lazy("holder"), lazy("sleeper")
import csocket
csocket.install()
for module in (first, second):
    assert "socket" not in object.__getattribute__(module, "__dict__")
assert first.Holder.make is csocket.socket
csocket.uninstall()
assert "socket" not in object.__getattribute__(second, "__dict__")
assert second.socket is socket is not csocket
"""
    run_strictly(modules(holder=HOLDER, sleeper="import socket\n") + program)


def test_objects_that_merely_equal_stay():
    program = """
import socket
number, text = 2, "127.0.0.1"
same = [socket.AF_INET]
def function(number=2, family=int(socket.AF_INET)):
    pass
import csocket
before = function.__defaults__
csocket.install()
assert function.__defaults__ is before and type(number) is int
"""
    run_strictly(program)


# Interpreters


@needs_interpreters
def test_other_interpreters_are_not_affected():
    program = """
import json, os, sys
from test_interpreters import interpreters, run_in
import socket
stock = socket
isolation = {"isolated": False} if sys.version_info < (3, 12) else {}
made = [interpreters.create(**isolation) for _ in range(2)]
INSTALL = '''
import socket, csocket
stock = socket
csocket.install()
assert socket is csocket
a, b = socket.socketpair()
a.sendall(b"x")
assert b.recv(1) == b"x"
a.close(), b.close()
'''
USE = '''
import socket, csocket
assert socket is not csocket and socket.gaierror.__module__ == "socket"
assert csocket.gaierror.__module__ == "csocket"
'''
run_in(made[0], INSTALL)
run_in(made[1], USE)
exec(USE)
run_in(made[0], "csocket.uninstall()\\nassert socket is stock")
import csocket
csocket.install()
run_in(made[0], "import socket\\nassert socket is stock")
run_in(made[1], USE)
for interpreter in made:
    interpreters.destroy(interpreter)
assert socket is csocket
"""
    path = [entry for entry in sys.path if entry]
    run_python(f"import sys\nsys.path[:] = {path!r}\n{program}")
