"""The module in several interpreters, what its import brings with it, and its names."""

import importlib
import json
import os
import sys
import textwrap

import pytest
from support import Background, open_descriptors, run_python

import csocket

try:
    import _interpreters as interpreters  # 3.13
except ImportError:
    try:
        import _xxsubinterpreters as interpreters
    except ImportError:
        interpreters = None

needs_interpreters = pytest.mark.skipif(
    interpreters is None, reason="this Python does not offer subinterpreters"
)

ECHO = """
    import csocket
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        with csocket.create_connection(listener.getsockname(), 20) as client:
            server, _ = listener.accept()
            with server, client.makefile("rb") as file:
                for _ in range(rounds):
                    server.sendall(b"line\\n")
                    assert file.readline() == b"line\\n"
    assert csocket.AF_INET is csocket.AddressFamily.AF_INET
    try:
        csocket.getaddrinfo("no number", 1, flags=csocket.AI_NUMERICHOST)
    except csocket.gaierror as error:
        assert error.errno == csocket.EAI_NONAME
"""


def run_in(interpreter, program, **variables):
    """Runs a program in an interpreter; raises if it failed there."""
    head = f"import sys; sys.path[:] = {sys.path!r}\n"
    head += "".join(f"{name} = {value!r}\n" for name, value in variables.items())
    program = head + textwrap.dedent(program)
    if hasattr(interpreters, "exec"):
        failure = interpreters.exec(interpreter, program)
        assert failure is None, failure
    else:
        interpreters.run_string(interpreter, program)


@pytest.fixture
def new_interpreter():
    """Makes interpreters, which from 3.12 on have a GIL of their own."""
    made = []

    def make():
        # Of 3.11, an isolated one could not have threads.
        isolation = {"isolated": False} if sys.version_info < (3, 12) else {}
        made.append(interpreters.create(**isolation))
        return made[-1]

    yield make
    for interpreter in made:
        interpreters.destroy(interpreter)


@needs_interpreters
def test_use_in_subinterpreters(new_interpreter):
    before = open_descriptors()
    for _ in range(5):
        run_in(new_interpreter(), ECHO, rounds=10)
    assert open_descriptors() == before


@needs_interpreters
def test_use_in_parallel(new_interpreter):
    interpreters_to_use = [new_interpreter() for _ in range(4)]
    threads = [
        Background(lambda i=interpreter: run_in(i, ECHO, rounds=500))
        for interpreter in interpreters_to_use
    ]
    for thread in threads:
        thread.result()


@needs_interpreters
def test_made_used_and_destroyed_again_and_again():
    before = open_descriptors()
    for _ in range(10):
        interpreter = interpreters.create()
        run_in(interpreter, ECHO, rounds=1)
        interpreters.destroy(interpreter)
    assert open_descriptors() == before


@needs_interpreters
def test_state_is_not_shared(new_interpreter):
    interpreter = new_interpreter()
    run_in(
        interpreter,
        """
        import csocket
        assert csocket.getdefaulttimeout() is None
        csocket.setdefaulttimeout(5)
        assert id(csocket.socket) != other_type
        csocket.getaddrinfo = None
        """,
        other_type=id(csocket.socket),
    )
    assert csocket.getdefaulttimeout() is None
    assert csocket.getaddrinfo
    with csocket.socket() as sock:
        run_in(
            interpreter,
            """
            import csocket
            with csocket.socket(fileno=fd) as sock:
                assert sock.timeout == 5
            """,
            fd=os.dup(sock.fileno()),
        )


@needs_interpreters
def test_end_of_an_interpreter_with_open_sockets():
    """They are collected with it, and their descriptors closed."""
    before = open_descriptors()
    interpreter = interpreters.create()
    run_in(
        interpreter,
        """
        import csocket, warnings
        warnings.simplefilter("ignore")
        kept = csocket.socket()
        file = csocket.socketpair()[0].makefile("rb")
        """,
    )
    interpreters.destroy(interpreter)
    assert open_descriptors() == before


# What the import brings with it


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
    """Whatever is called: socket and _socket stay out."""
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


# Names


def names_by_star(module):
    namespace = {}
    exec(f"from {module} import *", namespace)
    return namespace


def test_star_import():
    namespace = names_by_star("csocket")
    del namespace["__builtins__"]
    assert set(namespace) == set(csocket.__all__)
    for name in ("socket", "AF_INET", "create_connection", "AddressFamily", "gaierror"):
        assert namespace[name] is getattr(csocket, name)


def test_star_import_of_stock_gives_no_more():
    assert set(names_by_star("socket")) <= set(names_by_star("csocket"))


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
    """As importlib.reload() does it for any module: names are set again, and all still works."""
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
