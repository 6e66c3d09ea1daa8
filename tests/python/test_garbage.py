"""The module, its types and its sockets in one garbage cycle, collected together.

Each program runs in development mode: the allocator overwrites freed memory, so that a use after
free fails.
"""

from support import needs_mortal_classes, run_strictly
from test_atexit import run_in_interpreters, run_to_the_end
from test_interpreters import needs_interpreters

# All kinds of sockets that refer to the module, or to which it refers.
CYCLES = """
import gc, sys, warnings, weakref
import enum, io
import csocket
warnings.simplefilter("ignore")

def make_cycles():
    core = csocket._csocket

    class Own(csocket.socket):
        pass

    class Base(core.socket):
        pass

    class File(csocket.SocketIO):
        pass

    a, b = csocket.socketpair()
    datagrams = csocket.socket(type=csocket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    datagrams.sendto(b"x", datagrams.getsockname())
    objects = [a, b, datagrams, Own(), Base(), core.socket()]
    objects += [a.makefile("rb"), b.makefile("w"), File(b, "rwb"), csocket.SocketIO(b, "rb")]
    core.received = datagrams.recvfrom(10)
    core.objects, csocket.more = objects, [csocket.socket() for _ in range(20)]
    core.closed = [csocket.socket() for _ in range(20)]
    for sock in core.closed:
        sock.close()
    for number, place in enumerate((Own, Base, File, csocket.socket, csocket.SocketIO)):
        place.sock = csocket.socket()
        place.sock.close()
        place.open = csocket.socket()
        place.own, place.file = Own(), a.makefile("rb", 0)
    Own.own.cycle = Own.own
    core.enum = csocket.AF_INET
    return [core, csocket, Own, Base, File, core.socket, csocket.socket, csocket.SocketIO, *objects]

def let_go():
    for name in [name for name in sys.modules if name.partition(".")[0] == "csocket"]:
        del sys.modules[name]
    globals().pop("csocket")
"""


def test_cycles_at_the_end():
    assert run_to_the_end(CYCLES + "make_cycles()\nprint('end')\n") == ("end\n", "")


def test_cycles_at_the_end_of_a_program_that_let_go():
    assert run_to_the_end(CYCLES + "make_cycles()\nlet_go()\nprint('end')\n") == ("end\n", "")


@needs_mortal_classes
def test_all_of_it_is_collected():
    """No socket, type or module is left, also after several rounds."""
    program = """
for _ in range(3):
    import csocket
    references = [weakref.ref(thing) for thing in make_cycles()]
    let_go()
    gc.collect()
    assert not [reference() for reference in references if reference()]
"""
    run_strictly(CYCLES.replace("core.socket()]", "]") + program)


# Python code that runs while the collector clears garbage. Just before, a finalizer makes a weak
# reference, which some interpreters do not clear.
LATE = """
kept = []

class Late:
    # No container, and so none of the collector's.
    __slots__ = ()

    def __del__(self):
        for reference in kept:
            use = reference()
            if use:
                use()

class Finalizer:
    def __init__(self, use):
        self.use = use

    def __del__(self):
        kept.append(weakref.ref(self.use))

def attempt(*calls):
    for call in calls:
        try:
            call()
        except Exception:
            pass

def make_late_users():
    core = csocket._csocket
    a, b = csocket.socketpair()
    listener = csocket.create_server(("127.0.0.1", 0))
    file = a.makefile("rwb", 0)
    methods = [a.recv, file.read, listener.accept, a.dup, csocket.socketpair, csocket.__dir__]

    class Own(csocket.socket):
        pass

    own = Own()

    def use():
        attempt(*methods)
        attempt(
            lambda: repr(a),
            lambda: a.family,
            lambda: b.send(b"x"),
            lambda: a.recv(3),
            lambda: a.recv_into(bytearray(3)),
            lambda: a.recvmsg(3, 100),
            lambda: listener.getsockname(),
            lambda: a.makefile("rb").read(3),
            lambda: file.read(1),
            lambda: file.readinto(bytearray(1)),
            lambda: file.write(b"x"),
            lambda: file.name,
            lambda: file.closed,
            lambda: a.settimeout(3),
            lambda: csocket.socket().close(),
            lambda: csocket._csocket.socket().close(),
            lambda: csocket.create_connection(listener.getsockname(), 3),
            lambda: csocket.getaddrinfo("127.0.0.1", 80),
            lambda: csocket.getaddrinfo("no number", 80, flags=4),
            lambda: a.sendfile(io.BytesIO(b"x")),
            lambda: own.recv(1),
            lambda: own.fileno(),
            lambda: csocket.SocketIO(a, "rb"),
            lambda: core.gil_policy(),
            lambda: core.getdefaulttimeout(),
            lambda: a.detach(),
            lambda: file.close(),
            lambda: a.close(),
        )

    core.finalizer = Finalizer(use)
    for place in (core, csocket, csocket.socket, csocket.SocketIO, csocket.gaierror, Own, own):
        place.late = Late()
    core.sockets = [a, b, listener, own]
"""


def test_use_of_what_the_collector_has_cleared():
    program = "make_late_users()\nlet_go()\ngc.collect()\nprint('end')\n"
    assert run_to_the_end(CYCLES + LATE + program) == ("end\n", "")


@needs_interpreters
def test_cycles_at_the_end_of_an_interpreter():
    run_in_interpreters(f"program = {CYCLES!r}\n" """
run_and_end(program + "make_cycles()")
run_and_end(program + "make_cycles()\\nlet_go()")
run_and_end(program + "make_cycles()\\nlet_go()\\ngc.collect()")
""")


def test_cycles_that_threads_make():
    """While one thread collects, the others go on with their own cycles."""
    program = """
import threading
core = csocket._csocket

def work():
    for _ in range(20):
        class Own(csocket.socket):
            pass
        Own.sock, Own.other = Own(), csocket.socket()
        Own.other.close()
        gc.collect()

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
make_cycles()
threading.Thread(target=core.objects[0].recv, args=(1,), daemon=True).start()
let_go()
print("end")
"""
    assert run_to_the_end(CYCLES + program) == ("end\n", "")
