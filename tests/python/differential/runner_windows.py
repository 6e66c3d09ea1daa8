"""Runs cases in a process of their own, so that a crash or a hang costs only one case.

Windows has no fork(), and a process takes a second to start. So one process runs all cases, until
one ends it, or leaves a module other than it was.
"""

import contextlib
import multiprocessing

from .outcome import outcome
from .runner import MOST_CRASHES, quiet_unraisable
from .scene import modules

# In seconds, as in runner.py.
LIMIT = 60


def _namespaces(both):
    return [
        vars(thing) for of in both for thing in (of.socket, of.socket.socket, of.socket.SocketIO)
    ]


def _is_changed(before, namespaces):
    """Whether a name that was there has another value."""
    return any(
        namespace.get(name, before) is not value
        for names, namespace in zip(before, namespaces)
        for name, value in names.items()
    )


def _serve(connection, *names):
    both = [modules(name) for name in names]
    for of in both:
        # csocket has all its names once the enums are made.
        assert of.socket.AF_INET
    namespaces = _namespaces(both)
    before = [dict(namespace) for namespace in namespaces]
    with connection, contextlib.suppress(EOFError), quiet_unraisable():
        while True:
            code = compile(text := connection.recv(), f"<{text}>", "eval")
            outcomes = [outcome(of, code) for of in both]
            connection.send((outcomes, _is_changed(before, namespaces)))


class Server:
    """The process that runs the cases; another one takes its place if it has ended."""

    def __init__(self, *names):
        self.names = names
        self.crashes = 0
        self.start()

    def start(self):
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, *self.names))
        self.process.start()
        theirs.close()

    def stop(self):
        self.connection.close()
        self.process.join(LIMIT)
        if self.process.is_alive():
            self.process.terminate()
            self.process.join()

    def restart(self):
        self.stop()
        self.start()

    def pair_of_outcomes(self, text):
        if self.crashes > MOST_CRASHES:
            return ("", ""), ("did not run: too many crashes before", "")
        self.connection.send(text)
        with contextlib.suppress(EOFError, ConnectionError):
            if self.connection.poll(LIMIT):
                pair, changed = self.connection.recv()
                if changed:
                    self.restart()
                return pair
        self.crashes += 1
        process = self.process
        process.terminate()
        self.restart()
        return ("", ""), (f"ends the process with status {process.exitcode}", "")


@contextlib.contextmanager
def running(*names):
    """A function that returns for each text of a list its outcomes on the two modules."""
    server = Server(*names)
    try:
        yield lambda texts: [server.pair_of_outcomes(text) for text in texts]
    finally:
        server.stop()
