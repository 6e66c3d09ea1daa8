"""The end of a process, of a thread or of an interpreter, with sockets open and in use."""

import signal
import subprocess
import sys

import pytest
from support import INSTALL, PATIENCE, run_in_child, run_python, run_strictly
from test_interpreters import needs_interpreters

WAYS = pytest.mark.parametrize(
    "way", ["import csocket as socket\n", INSTALL + "import socket\n"], ids=["as", "installed"]
)


def run_to_the_end(program):
    """Standard output and error; the interpreter must not crash."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


# The end of the process


@WAYS
def test_handlers_at_exit(way):
    program = """
import atexit
a, b = socket.socketpair()
listener = socket.create_server(("127.0.0.1", 0))

def converse():
    a.sendall(b"x")
    with b.makefile("rb") as file, socket.create_connection(listener.getsockname()) as client:
        with listener.accept()[0] as server:
            server.sendall(file.read(1))
            assert client.recv(1) == b"x"
    try:
        socket.getaddrinfo("no number", 1, flags=socket.AI_NUMERICHOST)
    except socket.gaierror as error:
        print(socket.AddressFamily(2), a.family is socket.AF_UNIX, error.errno == socket.EAI_NONAME)

def close():
    a.close(), b.close(), listener.close()
    print("closed", a)

atexit.register(close)
atexit.register(converse)
"""
    output = run_strictly(way + program)
    assert output.startswith("2 True True\nclosed <csocket.socket [closed] fd=-1")


def test_enums_are_made_at_exit():
    """The modules that make them can still be imported."""
    output = run_strictly(
        "import atexit, csocket\natexit.register(lambda: print(repr(csocket.AF_INET)))\n"
    )
    assert output == "<AddressFamily.AF_INET: 2>\n"


def test_install_and_uninstall_at_exit():
    program = """
import atexit, csocket

@atexit.register
def last():
    csocket.uninstall()
    import socket
    print(socket.__name__)

@atexit.register
def first():
    csocket.install()
    import socket
    print(socket.__name__)
"""
    assert run_strictly(program) == "csocket\nsocket\n"


@WAYS
def test_sockets_that_are_open_at_the_end(way):
    """Different objects hold them, which the interpreter frees in different order."""
    program = """
import errno, threading, weakref

class Own(socket.socket):
    def __del__(self):
        print("own", self.fileno() >= 0, self.close())

class Holder:
    def __init__(self, sock):
        self.sock = sock
        self.cycle = self
    def __del__(self):
        try:
            self.sock.send(b"x")
        except OSError as error:
            # It, or its other end, was finalized before.
            assert error.errno in (errno.EBADF, errno.EPIPE)
        print("held", self.sock.close())

own = Own()
a, b = socket.socketpair()
holder = Holder(a)
other = Holder(b.dup())
local = threading.local()
local.sock = socket.socket()
file = b.makefile("rwb")
weakref.finalize(b, print, "finalized")
accepted = socket.create_server(("127.0.0.1", 0))
"""
    output, errors = run_to_the_end(way + program)
    assert output.count("held None") == 2 and output.count("own True None") == 1
    assert output.count("finalized") == 1
    assert "Error" not in errors, errors


def test_warnings_of_open_sockets():
    """As with stock: one ResourceWarning for each."""
    program = """
import {} as socket
a = socket.socket()
b, c = socket.socketpair()
"""
    told = [
        sorted(
            line.partition("fd=")[0].replace("csocket.", "socket.").rpartition(": ")[2]
            for line in run_to_the_end(program.format(name))[1].splitlines()
            if "ResourceWarning" in line
        )
        for name in ("socket", "csocket")
    ]
    assert told[0] == told[1] and len(told[1]) == 3


@WAYS
@pytest.mark.parametrize("timeout", [None, PATIENCE], ids=["blocking", "timeout"])
def test_daemon_threads_in_calls(way, timeout):
    """The process ends although they wait. They do not wake up after their objects are freed."""
    program = f"""
import os, threading, time
socket.setdefaulttimeout({timeout})
a, b = socket.socketpair()
listener = socket.create_server(("127.0.0.1", 0))
datagrams = socket.socket(type=socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 0))
full, _ = socket.socketpair()
file = socket.socketpair()
calls = [
    lambda: a.recv(1),
    lambda: a.recv_into(bytearray(1)),
    lambda: a.recvmsg(1),
    lambda: listener.accept(),
    lambda: datagrams.recvfrom(1),
    lambda: full.sendall(bytes(10_000_000)),
    lambda: file[0].makefile("rb").readline(),
]
threads = [threading.Thread(target=call, daemon=True) for call in calls]
for thread in threads:
    thread.start()
time.sleep(0.05)
assert all(thread.is_alive() for thread in threads)
print("end")
"""
    output, errors = run_to_the_end(
        "import warnings\nwarnings.simplefilter('ignore')\n" + way + program
    )
    assert (output, errors) == ("end\n", "")


def test_daemon_threads_that_are_woken_at_the_end():
    """Their data arrives while the interpreter is shutting down."""
    program = """
import csocket, threading, time, warnings
warnings.simplefilter("ignore")
pairs = [csocket.socketpair() for _ in range(20)]

class Waker:
    def __init__(self):
        self.ends, self.sleep = [b for _, b in pairs], time.sleep

    def __del__(self):
        for end in self.ends:
            end.send(b"x")
        self.sleep(0.05)

def wait(sock):
    while True:
        sock.recv(1)

for a, _ in pairs:
    threading.Thread(target=wait, args=(a,), daemon=True).start()
waker = Waker()
time.sleep(0.05)
print("end")
"""
    assert run_to_the_end(program) == ("end\n", "")


def test_busy_daemon_threads():
    program = """
import csocket, threading, time, warnings
warnings.simplefilter("ignore")
# CPython 3.13 without a GIL may hang if it ends while threads write to one dict: it passes a lock to
# a thread that never goes on. So the enums are published before.
csocket.AF_INET

def converse(a, b):
    while True:
        a.sendall(b"x" * 100)
        b.recv(100)
        csocket.socket().close()
        csocket.getaddrinfo("127.0.0.1", 1)

for _ in range(4):
    threading.Thread(target=converse, args=csocket.socketpair(), daemon=True).start()
time.sleep(0.05)
print("end")
"""
    for _ in range(3):
        assert run_to_the_end(program) == ("end\n", "")


def test_threads_that_go_on_after_the_program():
    program = """
import csocket, threading
a, b = csocket.socketpair()

def talk():
    with a:
        print(a.recv(10))
        try:
            csocket.create_connection(("127.0.0.1", 0), 1)
        except OSError as error:
            print(error.address)

threading.Thread(target=talk).start()
threading._register_atexit(lambda: (b.send(b"late"), b.close()))
"""
    assert run_strictly(program) == "b'late'\n('127.0.0.1', 0)\n"


def test_end_in_the_middle_of_a_call():
    """By os._exit(), by a signal, and by an exception from a signal handler."""
    program = """
import csocket, os, signal, sys, threading, time
a, b = csocket.socketpair()
end = {
    "exit": lambda: os._exit(3),
    "signal": lambda: signal.raise_signal(signal.SIGTERM),
    "handler": lambda: os.kill(os.getpid(), signal.SIGUSR1),
}[sys.argv[1]]
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(4))
threading.Timer(0.05, end).start()
a.recv(1)
"""
    for name, status in (("exit", 3), ("signal", -signal.SIGTERM), ("handler", 4)):
        done = subprocess.run(
            [sys.executable, "-c", program, name],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, b"")


# Interpreters of one process


IN_INTERPRETERS = """
import os, sys, time, warnings
from test_interpreters import interpreters, run_in
from descriptors import open_descriptors
warnings.simplefilter("ignore")

isolation = {"isolated": False} if sys.version_info < (3, 12) else {}
SILENT = "import warnings; warnings.simplefilter('ignore')\\n"

def run_and_end(program, times=3):
    before = open_descriptors()
    for _ in range(times):
        interpreter = interpreters.create(**isolation)
        run_in(interpreter, SILENT + program)
        interpreters.destroy(interpreter)
    assert open_descriptors() == before
"""


def run_in_interpreters(program):
    path = [entry for entry in sys.path if entry]
    run_python(f"import sys\nsys.path[:] = {path!r}\n{IN_INTERPRETERS}\n{program}")


@needs_interpreters
def test_end_of_an_interpreter_with_csocket_installed():
    run_in_interpreters("""
run_and_end('''
import csocket
csocket.install()
import socket
assert socket is csocket
kept = socket.socketpair()
file = kept[0].makefile("rb")
listener = socket.create_server(("127.0.0.1", 0))
class Cycle:
    def __del__(self):
        self.sock.close()
cycle = Cycle()
cycle.sock, cycle.self = socket.socket(), cycle
''')
import socket
assert socket.__file__.endswith("socket.py")
with socket.socket():
    pass
""")


@needs_interpreters
def test_end_of_an_interpreter_with_handlers():
    run_in_interpreters("""
run_and_end('''
import csocket, atexit
csocket.install()
import socket
a, b = socket.socketpair()
@atexit.register
def last():
    a.sendall(b"x")
    assert b.recv(1) == b"x" and socket.AF_INET == 2
    csocket.uninstall()
    a.close(), b.close()
''')
""")


@needs_interpreters
def test_end_of_an_interpreter_while_others_use_theirs():
    run_in_interpreters("""
import csocket, threading
stop = threading.Event()
count = 0

def converse():
    global count
    a, b = csocket.socketpair()
    with a, b:
        # CPython 3.11 cannot have a thread of another interpreter give its GIL up: it waits itself.
        while not stop.wait(0.001):
            a.sendall(b"x")
            assert b.recv(1) == b"x"
            count += 1

csocket.install()
before = open_descriptors()
thread = threading.Thread(target=converse)
thread.start()
for _ in range(5):
    interpreter = interpreters.create(**isolation)
    run_in(interpreter, SILENT + "import csocket; csocket.install(); kept = csocket.socketpair()")
    interpreters.destroy(interpreter)
stop.set()
thread.join()
assert count and open_descriptors() == before
""")


# Other processes


@WAYS
def test_fork_with_open_sockets(way):
    """Child and parent share the connection, and both can end."""
    program = """
import os, signal
with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname(), 30)
    server, _ = listener.accept()
child = os.fork()
if child == 0:
    signal.alarm(30)
    client.close()
    assert server.recv(10) == b"to child"
    with server.makefile("wb") as file:
        file.write(b"from child")
    server.close()
    raise SystemExit(7)
server.close()
client.sendall(b"to child")
with client, client.makefile("rb") as file:
    assert file.read() == b"from child"
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""
    run_strictly(way + program)


def test_fork_keeps_csocket_installed():
    run_in_child("""
import os, socket
a, b = socket.socketpair()
with a, b:
    child = os.fork()
    if child == 0:
        try:
            import socket as again
            assert again is csocket and again.socket is csocket.socket
            csocket.uninstall()
            import socket as stock
            assert stock is not csocket
            b.sendall(b"x")
        finally:
            os._exit(0)
    assert a.recv(1) == b"x" and socket is csocket
    os.waitpid(child, 0)
""")


def test_descriptors_are_not_inherited():
    program = """
import csocket, subprocess, sys
with csocket.socket() as closed, csocket.socket() as given:
    given.set_inheritable(True)
    text = f"import os; os.fstat({given.fileno()}); os.fstat({closed.fileno()})"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, close_fds=False)
    assert done.stderr.endswith(b"OSError: [Errno 9] Bad file descriptor\\n")
    assert done.stderr.count(b"line 1") == 1
"""
    run_strictly(program)


def test_enums_after_the_end_of_imports():
    """No module can be imported any more: values are members if the enums exist, else ints."""
    program = """
import os, csocket
class Own(csocket.socket):
    def __del__(self):
        same = self.family == csocket.AF_INET == 2 and self.type == csocket.SOCK_STREAM == 1
        os.write(1, b"same" if same and repr(self) else b"not the same")
        self.close()
own = Own()
own.cycle = own
"""
    assert run_strictly(program) == "same"


def test_methods_after_the_end_of_imports(tmp_path):
    """Finalizers at the end still find the modules that socket.py has as globals."""
    program = """
import {module} as socket
import io, sys

class Sub(socket.socket):
    pass

class Borrower:
    type, timeout, _io_refs = socket.SOCK_STREAM, None, 0
    names = ["makefile", "get_inheritable", "set_inheritable", "sendfile", "_decref_socketios"]
    names += ["_check_sendfile_params", "_sendfile_use_sendfile", "_sendfile_use_send"]
    for name in names:
        locals()[name] = getattr(socket.socket, name)
    def __init__(self, sock):
        self.sock = sock
        self.fileno, self.send, self.gettimeout = sock.fileno, sock.send, sock.gettimeout
        self._closed = False

class Last:
    def __init__(self, make):
        a, self.peer = socket.socketpair()
        self.sock = make(a)
        self.file = open({path!r}, "rb", buffering=0)
        self.in_memory = io.BytesIO(b"in memory")
        self.print, self.no_more_imports = print, lambda: sys.meta_path is None
        # From 3.14 on socket.py itself imports selectors late.
        self.can_send_files = sys.version_info < (3, 14)
        self.cycle = self
    def __del__(self):
        sock, print = self.sock, self.print
        assert self.no_more_imports()
        with sock.makefile("wb") as file:
            file.write(b"written")
        sock.makefile("r", encoding="utf-8").close()
        print(self.peer.recv(100), sock.get_inheritable(), sock.set_inheritable(True))
        if self.can_send_files:
            print(sock.sendfile(self.in_memory), self.peer.recv(100))
            print(sock.sendfile(self.file), self.peer.recv(100))

ends = [Last(lambda sock: sock), Last(lambda sock: Sub(1, 1, 0, sock.detach())), Last(Borrower)]
"""
    (tmp_path / "file").write_bytes(b"in a file")
    outputs = []
    for module in ("csocket", "socket"):
        text = program.format(module=module, path=str(tmp_path / "file"))
        output, errors = run_to_the_end(text)
        assert "Traceback" not in errors, errors
        outputs.append(sorted(output.splitlines()))
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == (9 if sys.version_info < (3, 14) else 3)
