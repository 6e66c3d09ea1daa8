"""Starts server programs for the tests, waits for them, and stops them with all their processes."""

import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

START_SECONDS = 30
STOP_SECONDS = 10
# Debian's folders for programs that are not on the PATH; the newest PostgreSQL first.
FOLDERS = ["/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1])]


class ServerError(Exception):
    """The server ended by itself or did not become ready. The text has its output."""


def find_program(name, package):
    """The path of a program. Without it the test is skipped, with the name of the Debian
    package."""
    path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(FOLDERS))
    if not path:
        pytest.skip(f"no {name} on this machine (Debian: {package})")
    return path


@contextmanager
def reserved_port(host="127.0.0.1"):
    """A port that the kernel gives to no other program, yet on which a server can listen.

    For servers that cannot bind to port 0 and tell their port. They must set SO_REUSEADDR, as all
    do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, 0))
        yield sock.getsockname()[1]


def accepts(address):
    """Whether a server accepts connections at (host, port), or at the path of a UNIX socket."""
    family = socket.AF_INET
    if not isinstance(address, tuple):
        family, address = socket.AF_UNIX, os.fspath(address)
    elif ":" in address[0]:
        family = socket.AF_INET6
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(1)
        return sock.connect_ex(address) == 0


def wait_until(condition, what, seconds=START_SECONDS):
    """Wait until condition() is true, and return its result."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return value


@contextmanager
def running(command, output, is_ready, stop_signal=signal.SIGTERM, **options):
    """Run a server as long as the block, and give its Popen.

    The server's output goes into the file `output`. The block begins when is_ready() is true. At
    its end the server gets `stop_signal`, and the processes that remain are killed. `options` are
    those of Popen. If the server ends by itself, ServerError has its output.
    """
    command = list(map(str, command))
    with open(output, "wb") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            **options,
        )

    def assert_alive():
        if process.poll() is not None:
            raise ServerError(describe(command, f"ended with {process.returncode}", output))
        return True

    try:
        try:
            wait_until(lambda: assert_alive() and is_ready(), "ready")
        except TimeoutError:
            raise ServerError(describe(command, "did not get ready", output)) from None
        yield process
        assert_alive()
    finally:
        stop(process, stop_signal)


def describe(command, what, output):
    printed = Path(output).read_text(errors="replace").strip() or "nothing"
    return f"{shlex.join(command)}: {what}; it printed:\n{printed[-10_000:]}"


def stop(process, stop_signal):
    """Stop a process that leads a session, and its descendants, which may lead their own."""
    with ExitStack() as stack:
        family = []
        for pid in descendants(process.pid) if process.returncode is None else []:
            with suppress(ProcessLookupError):
                family.append(os.pidfd_open(pid))
                stack.callback(os.close, family[-1])
        process.send_signal(stop_signal)
        if still_running(family, STOP_SECONDS):
            for pidfd in family:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        # Processes that were started later, or whose parent had ended before.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)
        assert not still_running(family, STOP_SECONDS), f"{process.args} cannot be killed"


def descendants(pid):
    """The process, its children, theirs, and so on."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        # A process that has ended since has no such file, or one that cannot be read.
        with suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def still_running(pidfds, seconds):
    """Those of the processes that have not ended in time."""
    deadline = time.monotonic() + seconds
    poll = select.poll()
    running_fds = set(pidfds)
    for pidfd in running_fds:
        poll.register(pidfd, select.POLLIN)
    while running_fds and (left := deadline - time.monotonic()) > 0:
        for pidfd, _ in poll.poll(left * 1000):
            poll.unregister(pidfd)
            running_fds.discard(pidfd)
    return running_fds
