"""Run cases in a child process, so that a crash or a hang costs one case."""

import contextlib
import json
import os
import signal
import sys
import traceback
import warnings

from .outcome import outcome

# A case takes milliseconds, or seconds where a debug allocator fills the gigabytes that it asks for;
# what takes so many seconds hangs.
LIMIT = 60
MOST_CRASHES = 10


@contextlib.contextmanager
def quiet_unraisable():
    """Stock's SocketIO complains when its constructor refused its arguments."""
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
    """The pairs of outcomes that a child came to, and how it ended if it crashed."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The other thread is pytest's watchdog, which holds no lock of ours.
        warnings.simplefilter("ignore", DeprecationWarning)
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


def pairs_of_outcomes(texts, stock, here):
    """For each text its outcome on stock and here; after a crash a child goes on."""
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
