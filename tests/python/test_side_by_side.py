"""CPython's own sockets and csocket's in one process: passing descriptors, errors and pickles."""

import array
import copy
import errno
import gc
import inspect
import os
import pickle
import socket as stock
import subprocess
import sys
from itertools import permutations

import pytest
from descriptors import open_descriptors
from support import PATIENCE, is_open, run_python, run_strictly

import csocket

BOTH_WAYS = pytest.mark.parametrize(
    "giver, taker", [(stock, csocket), (csocket, stock)], ids=["to csocket", "from csocket"]
)
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
ENUMS = ["AddressFamily", "SocketKind", "MsgFlag", "AddressInfo"]


@pytest.fixture(autouse=True)
def no_descriptor_lost():
    before = open_descriptors()
    yield
    gc.collect()
    assert open_descriptors() == before


@pytest.fixture
def tcp(giver):
    """The two ends of a connection, made by the giving module."""
    with giver.create_server(("127.0.0.1", 0)) as listener:
        client = giver.create_connection(listener.getsockname(), PATIENCE)
        server, _ = listener.accept()
    with client, server:
        yield client, server


def check_connected(a, b):
    a.sendall(b"there")
    assert b.recv(10) == b"there"
    b.sendall(b"and back")
    assert a.recv(10) == b"and back"


# Handing over


@BOTH_WAYS
def test_names_tell_them_apart(giver, taker):
    with giver.socket() as given, taker.socket() as taken:
        assert type(given) is not type(taken)
        assert not isinstance(given, taker.socket)
        assert type(given.family) is giver.AddressFamily is not taker.AddressFamily
        assert given.family == taken.family and given.type == taken.type


@BOTH_WAYS
def test_fileno(giver, taker, tcp):
    client, server = tcp
    with taker.socket(fileno=os.dup(client.fileno())) as taken:
        assert (taken.family, taken.type) == (client.family, client.type)
        assert taken.getsockname() == client.getsockname()
        assert taken.family is taker.AF_INET and taken.type is taker.SOCK_STREAM
        check_connected(taken, server)
    check_connected(client, server)


@BOTH_WAYS
def test_detach(giver, taker, tcp):
    client, server = tcp
    fd = client.detach()
    with taker.socket(giver.AF_INET, giver.SOCK_STREAM, 0, fd) as taken:
        assert taken.fileno() == fd and client.fileno() == -1
        check_connected(taken, server)
    assert not is_open(fd)


@BOTH_WAYS
def test_fromfd(giver, taker, tcp):
    client, server = tcp
    with taker.fromfd(client.fileno(), client.family, client.type) as taken:
        assert taken.fileno() != client.fileno()
        check_connected(taken, server)
    check_connected(client, server)


@BOTH_WAYS
def test_dup(giver, taker, tcp):
    client, server = tcp
    with taker.socket(fileno=taker.dup(client.fileno())) as taken, taken.dup() as again:
        check_connected(again, server)


@BOTH_WAYS
def test_close_by_number(giver, taker):
    given = giver.socket()
    taker.close(given.fileno())
    with pytest.raises(OSError) as info:
        given.close()
    assert info.value.errno == errno.EBADF


@BOTH_WAYS
def test_listener(giver, taker):
    with giver.create_server(("127.0.0.1", 0)) as given:
        with taker.socket(fileno=given.detach()) as listener:
            with giver.create_connection(listener.getsockname(), PATIENCE) as client:
                server, address = listener.accept()
                with server:
                    assert type(server) is taker.socket and address == client.getsockname()
                    check_connected(client, server)


@BOTH_WAYS
def test_timeouts(giver, taker):
    """The descriptor has the non-blocking mode; the object has the timeout."""
    a, b = giver.socketpair()
    with a, b:
        a.setblocking(False)
        with taker.socket(fileno=taker.dup(a.fileno())) as taken:
            assert taken.gettimeout() is None
            taken.settimeout(0.01)
            with pytest.raises(TimeoutError):
                taken.recv(1)
            with pytest.raises(BlockingIOError):
                a.recv(1)


@BOTH_WAYS
@pytest.mark.parametrize("is_sender_of_messages", [True, False])
def test_descriptors_in_messages(giver, taker, tcp, is_sender_of_messages):
    client, server = tcp
    a, b = giver.socketpair()
    with a, taker.socket(fileno=b.detach()) as receiver:
        if is_sender_of_messages:
            giver.send_fds(a, [b"x"], [client.fileno()])
            data, fds, _, _ = taker.recv_fds(receiver, 10, 1)
        else:
            rights = (giver.SOL_SOCKET, giver.SCM_RIGHTS, array.array("i", [client.fileno()]))
            a.sendmsg([b"x"], [rights])
            data, ancillary, _, _ = receiver.recvmsg(10, taker.CMSG_SPACE(4))
            fds = array.array("i", ancillary[0][2])
        assert data == b"x"
        with taker.socket(fileno=fds[0]) as taken:
            check_connected(taken, server)


@BOTH_WAYS
def test_functions_of_one_on_sockets_of_the_other(giver, taker):
    """send_fds() and recv_fds() need only sendmsg() and recvmsg()."""
    a, b = giver.socketpair()
    with a, b:
        taker.send_fds(a, [b"x"], [a.fileno()])
        data, fds, _, _ = taker.recv_fds(b, 10, 1)
        assert data == b"x" and os.path.sameopenfile(fds[0], a.fileno())
        os.close(fds[0])


@BOTH_WAYS
def test_files(giver, taker):
    """makefile() of one over the descriptor of the other."""
    a, b = giver.socketpair()
    with a, taker.socket(fileno=b.detach()) as taken:
        with a.makefile("w", encoding="utf-8") as writer, taken.makefile("rb") as reader:
            writer.write("line\n")
            writer.flush()
            assert reader.readline() == b"line\n"


# Errors


@BOTH_WAYS
def test_errors_are_of_their_module(giver, taker):
    for module, other in ((giver, taker), (taker, giver)):
        with pytest.raises(module.gaierror) as info:
            module.getaddrinfo("no number", 1, flags=module.AI_NUMERICHOST)
        assert not isinstance(info.value, other.gaierror)
        assert info.value.errno == other.EAI_NONAME
    assert giver.error is taker.error is OSError
    assert giver.timeout is taker.timeout is TimeoutError


@pytest.mark.parametrize("name", ["gaierror", "herror"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_of_exceptions(name, protocol):
    error = getattr(csocket, name)(-2, "text")
    error.address = ("host", 1)
    loaded = pickle.loads(pickle.dumps(error, protocol))
    assert type(loaded) is getattr(csocket, name)
    assert (loaded.args, loaded.address) == (error.args, error.address)
    assert type(copy.copy(error)) is type(copy.deepcopy(error)) is type(error)


def test_pickles_of_raised_errors():
    with csocket.socket(csocket.AF_UNIX) as sock, pytest.raises(OSError) as info:
        sock.connect("/nowhere")
    loaded = pickle.loads(pickle.dumps(info.value))
    assert (type(loaded), loaded.errno, loaded.address) == (
        FileNotFoundError,
        errno.ENOENT,
        "/nowhere",
    )
    with pytest.raises(csocket.gaierror) as info:
        csocket.getaddrinfo("no number", 1, flags=csocket.AI_NUMERICHOST)
    assert pickle.loads(pickle.dumps(info.value)).args == info.value.args


# Enums


def pairs_of_members(name):
    """The members that both modules have, and combinations of flags."""
    ours, theirs = getattr(csocket, name), getattr(stock, name)
    values = [member.value for member in theirs]
    if name in ("MsgFlag", "AddressInfo"):
        values += [0, values[0] | values[-1], sum({1 << n for n in range(10)}), values[0] | 1 << 30]
    return [(ours(value), theirs(value)) for value in values]


# Releases up to 3.11.3 pickle members by name, which works only for the module's own objects.
# They may also make several objects for a flag with unnamed bits.
BY_NAME = isinstance(stock.AF_INET.__reduce_ex__(2), str)


def is_same(found, member):
    return found is member or BY_NAME and type(found) is type(member) and found == member


@pytest.mark.parametrize("name", ENUMS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_of_enums_are_those_of_stock(name, protocol):
    for ours, theirs in pairs_of_members(name):
        data = pickle.dumps(ours, protocol)
        assert BY_NAME or data == pickle.dumps(theirs, protocol), ours
        assert is_same(pickle.loads(data), theirs)


@pytest.mark.parametrize("name", ENUMS)
def test_copies_of_enums(name):
    for ours, _ in pairs_of_members(name):
        assert copy.copy(ours) is ours
        assert copy.deepcopy([ours])[0] is ours


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickles_of_what_stock_lacks(protocol):
    lacking = set(csocket.AddressFamily) - {
        csocket.AddressFamily(int(n)) for n in stock.AddressFamily
    }
    assert lacking
    for member in lacking:
        assert pickle.loads(pickle.dumps(member, protocol)) is member


def test_pickles_of_the_classes():
    for name in [*ENUMS, "socket", "gaierror", "herror", "SocketType"]:
        cls = getattr(csocket, name)
        assert pickle.loads(pickle.dumps(cls)) is cls
    for name in ("getaddrinfo", "create_connection"):
        function = getattr(csocket, name)
        assert pickle.loads(pickle.dumps(function)) is function


def pickled(member, protocol):
    """The pickle, in hex, or "refused": pickling by name refuses combined flags."""
    try:
        return pickle.dumps(member, protocol).hex()
    except pickle.PicklingError:
        return "refused"


PICKLES_WHERE_INSTALLED = f"""
{inspect.getsource(pickled)}
import csocket, pickle, sys
csocket.install()
import socket
for line in sys.stdin:
    name, value, protocol, expected = line.split()
    member = getattr(socket, name)(int(value))
    data = pickled(member, int(protocol))
    assert data == expected, (member, data)
    assert data == "refused" or pickle.loads(bytes.fromhex(data)) is member
for error in (socket.gaierror(-2, "text"), socket.herror(1, "text")):
    data = pickle.dumps(error)
    assert type(pickle.loads(data)) is type(error) and b"csocket" not in data
    print(data.hex())
for ours in (socket.AF_BLUETOOTH, socket.AF_CAN, socket.AddressFamily, socket.gaierror):
    data = pickle.dumps(ours)
    assert pickle.loads(data) is ours and b"csocket" not in data
csocket.uninstall()
assert pickle.loads(pickle.dumps(member)) == member
import socket
assert type(pickle.loads(pickle.dumps(member))) is getattr(socket, name)
assert socket is not csocket
"""

LOAD = """
import pickle, sys
for line in sys.stdin:
    loaded = pickle.loads(bytes.fromhex(line))
    print(type(loaded).__module__, loaded.args)
assert "csocket" not in sys.modules
"""


def run_with_input(program, text):
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_pickles_where_csocket_is_installed():
    """They are like stock's there too, and a process without csocket can load them."""
    lines = [
        f"{name} {theirs.value} {protocol} {pickled(theirs, protocol)}\n"
        for name in ENUMS
        for _, theirs in pairs_of_members(name)
        for protocol in PROTOCOLS
    ]
    pickles = run_with_input(PICKLES_WHERE_INSTALLED, "".join(lines))
    assert run_with_input(LOAD, pickles) == "socket (-2, 'text')\nsocket (1, 'text')\n"


def test_pickles_are_loaded_without_csocket():
    data = pickle.dumps([csocket.AF_INET, csocket.SOCK_DGRAM, csocket.MSG_PEEK | csocket.MSG_OOB])
    program = f"""
import pickle, sys
family, kind, flags = pickle.loads({data!r})
assert "csocket" not in sys.modules
import socket
assert family is socket.AF_INET and kind is socket.SOCK_DGRAM
assert flags is socket.MSG_PEEK | socket.MSG_OOB
"""
    run_strictly(program)


def test_pickling_needs_no_stock_before():
    """Pickling imports stock for its enums. A program that never pickles does not."""
    program = """
import csocket, pickle, sys
family = csocket.AF_INET
assert "socket" not in sys.modules
assert pickle.loads(pickle.dumps(family)) == family
"""
    run_python(program)


# Sockets for another process

TO_ANOTHER_PROCESS = """
import {first}
import {second}
import csocket as socket
import pickle, sys

def child(sock, queue):
    assert type(sock) is socket.socket
    sock.sendall(b"child")
    queue.put(sock)
    # Waits until the parent has the descriptor.
    assert sock.recv(1) == b"x"
    sock.close()

if __name__ == "__main__":
    for method in sys.argv[1:]:
        context = multiprocessing.get_context(method)
        queue = context.SimpleQueue()
        ours, theirs = socket.socketpair()
        process = context.Process(target=child, args=(theirs, queue))
        process.start()
        assert ours.recv(10) == b"child"
        with queue.get() as back:
            assert type(back) is socket.socket and back.family is socket.AF_UNIX
            assert back.getpeername() == theirs.getpeername()
            back.sendall(b"back")
            assert ours.recv(10) == b"back"
        try:
            pickle.dumps(theirs)
        except TypeError as error:
            assert str(error) == "cannot pickle 'socket' object"
        else:
            raise AssertionError
        theirs.close()
        ours.sendall(b"x")
        process.join()
        assert process.exitcode == 0 and ours.recv(1) == b""
        ours.close()
        queue.close()
"""


@pytest.mark.parametrize("first, second", [*permutations(["csocket", "multiprocessing"])])
def test_sockets_for_another_process(tmp_path, first, second):
    program = tmp_path / "program.py"
    program.write_text(TO_ANOTHER_PROCESS.format(first=first, second=second))
    # fork comes first, while there are no threads.
    methods = ["fork", "spawn", "forkserver"]
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", program, *methods],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_subclasses_are_not_for_another_process():
    """Nor are stock's, unless a program registers them."""
    program = """
import multiprocessing.reduction, csocket
class Own(csocket.socket):
    pass
class Reduced(csocket.socket):
    def __reduce__(self):
        return "some name"
for kind in (Own, csocket._csocket.socket):
    with csocket.socket() as plain:
        sock = kind(fileno=plain.detach())
    try:
        multiprocessing.reduction.ForkingPickler.dumps(sock)
    except TypeError as error:
        assert "cannot pickle" in str(error), error
    else:
        raise AssertionError
    sock.close()
with Reduced() as sock:
    assert sock.__reduce_ex__(4) == "some name"
"""
    run_strictly(program)


def test_sockets_are_not_pickled():
    with csocket.socket() as sock:
        with pytest.raises(TypeError, match="cannot pickle"):
            pickle.dumps(sock)
        with pytest.raises(TypeError, match="cannot pickle"):
            copy.copy(sock)
        with pytest.raises(TypeError, match="cannot pickle"):
            copy.deepcopy(sock)


def test_a_closed_socket_of_either_has_the_same_repr():
    texts = []
    for module in (stock._socket, csocket._csocket):
        sock = module.socket()
        sock.close()
        texts.append(repr(sock))
    assert texts[0] == texts[1]
