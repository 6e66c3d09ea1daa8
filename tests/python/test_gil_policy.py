"""gil_policy(): what it takes, and that it does what it says beside a busy thread."""

import os
import subprocess
import sys
import threading

import pytest

import csocket

ROUNDS = 100_000


@pytest.fixture(autouse=True)
def first_policy():
    policy = csocket.gil_policy()
    yield
    csocket.gil_policy(policy)


@pytest.fixture
def switch_interval():
    """So long that no thread is made to give the GIL away."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(interval)


def rounds_until_another_thread_runs():
    """How many round trips, in which nobody has to wait, another thread waits for the GIL."""
    lock = threading.Lock()
    has_run = []

    def wait():
        with lock:
            has_run.append(True)

    a, b = csocket.socketpair()
    with a, b:
        with lock:
            thread = threading.Thread(target=wait)
            thread.start()
        for number in range(ROUNDS):
            if has_run:
                break
            a.send(b"x")
            b.recv(1)
            a.sendall(b"y")
            b.recv_into(bytearray(1))
            csocket.socket().close()
    thread.join()
    return number


def policy_of(*options, **environment):
    program = "import csocket; print(csocket.gil_policy())"
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


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


@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no GIL"
)
@pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="this interpreter has no GIL"
)
def test_who_gets_the_gil(switch_interval):
    assert rounds_until_another_thread_runs() == ROUNDS - 1
    csocket.gil_policy("release")
    assert rounds_until_another_thread_runs() < ROUNDS - 1


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
