"""Runs cases in a child process, so that a crash or a hang costs only one case.

The parent of such a child is not pytest's process, but a process without threads. Otherwise a child
of fork() could wait for ever for a lock that another thread held, such as that of ASan's allocator.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import traceback
from multiprocessing import Pipe, connection

from .outcome import outcome
from .scene import modules

# In seconds. A case takes milliseconds, or seconds if a debug allocator fills the gigabytes that it
# asks for. A case that takes longer than this hangs.
LIMIT = 60
MOST_CRASHES = 10


@contextlib.contextmanager
def quiet_unraisable():
    """Stock's SocketIO reports an error when it is freed after its constructor refused its
    arguments."""
    hook = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: None
    try:
        yield
    finally:
        sys.unraisablehook = hook


def _run(texts, stock, here, output):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for text in texts:
        signal.alarm(LIMIT)
        code = compile(text, f"<{text}>", "eval")
        with quiet_unraisable():
            expected = outcome(stock, code)
        output.write(json.dumps([expected, outcome(here, code)]) + "\n")
        output.flush()


def _run_in_child(texts, stock, here):
    """The pairs of outcomes from a child, and how it ended if it crashed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with open(writing, "w") as output:
                _run(texts, stock, here, output)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with open(reading) as lines:
        pairs = [json.loads(line) for line in lines if line.endswith("\n")]
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        return pairs, f"ends the process: {signal.Signals(-status).name}"
    return pairs, f"ends the process with status {status}" if status else None


def _pairs_of_outcomes(texts, stock, here):
    """For each text its outcome on stock and here. After a crash another child goes on."""
    pairs = []
    for _ in range(MOST_CRASHES):
        more, crash = _run_in_child(texts[len(pairs) :], stock, here)
        pairs += more
        if crash is None:
            return pairs
        pairs.append((("", ""), (crash, "")))
        if len(pairs) == len(texts):
            return pairs
    skipped = (("", ""), ("did not run: too many crashes before", ""))
    return pairs + [skipped] * (len(texts) - len(pairs))


def _serve(descriptor, *names):
    both = [modules(name) for name in names]
    for module in both:
        # csocket has all its names once the enums are made. Otherwise each child would make them.
        assert module.socket.AF_INET
    with connection.Connection(int(descriptor)) as pytest, contextlib.suppress(EOFError):
        while True:
            pytest.send(_pairs_of_outcomes(pytest.recv(), *both))


def _options():
    """The options with which this interpreter was started."""
    for option in sys.warnoptions:
        yield f"-W{option}"
    for name, value in sys._xoptions.items():
        yield f"-X{name}" if value is True else f"-X{name}={value}"


@contextlib.contextmanager
def running(*names):
    """A function that returns for each text of a list its outcomes on the two modules."""
    folder = str(pathlib.Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, [folder, os.environ.get("PYTHONPATH")]))
    ours, theirs = Pipe()

    def pairs_of_outcomes(texts):
        ours.send(texts)
        return ours.recv()

    with ours:
        with theirs:
            server = subprocess.Popen(
                [sys.executable, *_options(), "-m", __name__, str(theirs.fileno()), *names],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": path},
            )
        yield pairs_of_outcomes
    assert server.wait(LIMIT) == 0


if __name__ == "__main__":
    _serve(*sys.argv[1:])
