"""gil_policy(): its arguments, and its effect beside a busy thread."""

import contextlib
import functools
import sys
import threading
import time

import pytest
from support import run_python, run_with_environment

import csocket

ROUNDS = 20_000
# More calls than those that release the GIL after another thread has called.
WARMING_ROUNDS = 1000
ATTEMPTS = 5000
SECONDS = 20

needs_gil = pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no GIL"
)


@pytest.fixture(autouse=True)
def first_policy():
    policy = csocket.gil_policy()
    yield
    csocket.gil_policy(policy)


@pytest.fixture
def switch_interval():
    """Set the switch interval, in seconds."""
    interval = sys.getswitchinterval()
    yield sys.setswitchinterval
    sys.setswitchinterval(interval)


@pytest.fixture
def pair():
    a, b = csocket.socketpair()
    with a, b:
        yield a, b


def exchange(pair):
    a, b = pair
    a.send(b"x")
    b.recv(1)


def run_together(*targets):
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def runs_meanwhile(pair, rounds):
    """Whether a thread that waits for the GIL gets it in these rounds, whose calls do not wait."""
    a, b = pair
    lock = threading.Lock()
    has_run = []

    def wait():
        with lock:
            has_run.append(True)

    room = bytearray(1 << 16)
    with lock:
        thread = threading.Thread(target=wait)
        thread.start()
    for _ in range(rounds):
        if has_run:
            break
        exchange(pair)
        a.sendall(b"y")
        b.recv_into(room)
        a.sendmsg([b"z"])
        b.recvmsg(len(room))
        csocket.socket().close()
    result = bool(has_run)
    thread.join()
    return result


def policy_of(*options, **environment):
    program = "import csocket; print(csocket.gil_policy())"
    return run_with_environment(program, *options, **environment)


def test_first_policy():
    assert csocket.gil_policy() == "adaptive"


def test_set_gives_the_former():
    assert csocket.gil_policy("release") == "adaptive"
    assert csocket.gil_policy() == "release"
    assert csocket.gil_policy(None) == "release"
    assert csocket.gil_policy("adaptive") == "release"


def test_unknown():
    with pytest.raises(ValueError, match="takes 'adaptive' or 'release', not 'never'"):
        csocket.gil_policy("never")
    with pytest.raises(TypeError, match="takes a str, not int"):
        csocket.gil_policy(1)
    assert csocket.gil_policy() == "adaptive"


def test_not_among_the_names_of_the_interface():
    assert "gil_policy" not in csocket.__all__


@needs_gil
def test_who_gets_the_gil(switch_interval, pair):
    switch_interval(1000)
    for _ in range(WARMING_ROUNDS):
        exchange(pair)
    assert not runs_meanwhile(pair, ROUNDS)
    csocket.gil_policy("release")
    assert runs_meanwhile(pair, ROUNDS)


@needs_gil
def test_who_gets_the_gil_after_another_threads_call(switch_interval, pair):
    switch_interval(1000)
    # On a busy machine the thread may start too late for the calls that release the GIL.
    for _ in range(ATTEMPTS):
        run_together(functools.partial(exchange, pair))
        if runs_meanwhile(pair, 100):
            return
    pytest.fail("the GIL was kept")


@needs_gil
def test_threads_beside_one_that_computes_keep_the_gil(switch_interval):
    switch_interval(SECONDS / 200)
    deadline = time.monotonic() + SECONDS
    calls = []

    def goes_on():
        return len(calls) < 10_000 and time.monotonic() < deadline

    def compute():
        while goes_on():
            sum(range(100))

    def call():
        with contextlib.ExitStack() as stack:
            pair = [stack.enter_context(end) for end in csocket.socketpair()]
            while goes_on():
                exchange(pair)
                calls.append(True)

    run_together(compute, call, call)
    # If calls released the GIL, there would be only one call in each interval.
    assert len(calls) >= 10_000


@pytest.mark.parametrize("policy", ["adaptive", "release"])
@pytest.mark.parametrize("timeout", [None, 0, 5])
def test_data_is_the_same(policy, timeout):
    csocket.gil_policy(policy)
    a, b = csocket.socketpair()
    with a, b:
        a.settimeout(timeout)
        b.settimeout(timeout)
        for size in (1, 100, 70_000):
            assert a.send(bytes(size)) == size
            data = b""
            while len(data) < size:
                data += b.recv(size)
            assert data == bytes(size)
        if timeout == 0:
            with pytest.raises(BlockingIOError):
                b.recv(1)


def test_environment():
    assert policy_of(CSOCKET_GIL_POLICY="release").stdout == "release\n"
    assert policy_of(CSOCKET_GIL_POLICY="adaptive").stdout == "adaptive\n"
    assert policy_of(CSOCKET_GIL_POLICY="").stdout == "adaptive\n"
    assert policy_of("-E", CSOCKET_GIL_POLICY="release").stdout == "adaptive\n"


def test_wrong_environment():
    result = policy_of(CSOCKET_GIL_POLICY="always")
    assert result.stdout == "adaptive\n"
    assert "CSOCKET_GIL_POLICY is 'always', not 'adaptive' or 'release'" in result.stderr


# A process with one thread


@pytest.mark.parametrize("policy", ["adaptive", "release"])
@pytest.mark.parametrize("timeout", [None, 30])
def test_the_first_second_thread_is_not_kept_from_running(policy, timeout):
    """If no other thread can take the GIL, calls keep it, until a signal handler starts a
    thread."""
    program = f"""
import csocket, signal, sys, threading
csocket.gil_policy({policy!r})
a, b = csocket.socketpair()
a.settimeout({timeout})
b.settimeout({timeout})

def start(number, frame):
    assert threading.active_count() == 1
    threading.Thread(target=b.send, args=(b"from a thread",)).start()

signal.signal(signal.SIGALRM, start)
signal.setitimer(signal.ITIMER_REAL, 0.1)
assert a.recv(100) == b"from a thread"
"""
    run_python(program)


def test_signals_of_a_process_with_one_thread():
    program = """
import csocket, signal, time

class Stop(Exception):
    pass

def handler(number, frame):
    global left
    left -= 1
    if not left:
        raise Stop

signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
listener = csocket.create_server(("127.0.0.1", 0))
a, b = csocket.socketpair()
for wait in (lambda: a.recv(1), listener.accept, lambda: b.sendall(bytes(10_000_000))):
    left = 3
    try:
        wait()
    except Stop:
        continue
    raise AssertionError
# Python's handler is gone while the interpreter shuts down.
signal.setitimer(signal.ITIMER_REAL, 0)
"""
    run_python(program)
