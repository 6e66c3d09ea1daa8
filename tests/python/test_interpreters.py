"""The module in several interpreters of one process."""

import os
import sys
import textwrap

import pytest
from descriptors import open_descriptors
from support import Background

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
    """Run a program in an interpreter; raise if it fails there."""
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
    """A function that makes interpreters, which from 3.12 on have their own GIL."""
    made = []

    def make():
        # In 3.11 an isolated interpreter cannot have threads.
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
    """The sockets are collected with it, and their descriptors closed."""
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
