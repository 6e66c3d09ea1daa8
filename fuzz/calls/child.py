"""Makes the calls of one seed, and logs each before it makes it.

Prints what it finds, and exits with a status other than 0 if it finds anything.
"""

import contextlib

# Imported early: if a signal handler raises during an import, the import's lock stays held.
import encodings.idna  # noqa: F401
import faulthandler
import itertools
import os
import random
import signal
import sys
import threading
import time
import traceback
import warnings

import things
from texts import FILE, FUNCTIONS, LEFT_OUT, SLOTS, SOCKET, Author

from csocket import _csocket as base

# In seconds: a call that takes longer may wait for ever, so its socket is closed.
PATIENCE = 0.25


class Interruption(Exception):
    """The exception that the signal handler raises."""


class Worker:
    """A thread that makes calls."""

    def __init__(self, number, seed, calls, log):
        self.author = Author(f"{seed} {number}")
        self.mark = f"  # {number}\n"
        self.calls = calls
        self.log = log
        self.thread = None
        self.begin = None  # when the current call began
        self.interruptible = False
        self.found = []

    def run(self):
        self.thread = threading.get_ident()
        for place in range(self.calls):
            if place % 25 == 0:
                things.csocket.setdefaulttimeout(0.01)
            line = self.author.line()
            os.write(self.log, (line + self.mark).encode("utf-8", "backslashreplace"))
            try:
                code = compile(line, "call", "exec")
                self.make(code)
            except Interruption:
                continue
            except BaseException as error:
                self.judge(place, line, error)
        self.thread = None

    def make(self, code):
        self.begin = time.monotonic()
        try:
            self.interruptible = True
            exec(code, things.names)
        finally:
            self.interruptible = False
            self.begin = None

    def judge(self, place, line, error):
        """Reports a call that failed in a way that is a bug."""
        if isinstance(error, (SystemError, SystemExit)) or not isinstance(error, Exception):
            text = "".join(traceback.format_exception(error))
            self.found.append(f"call {place}: {line}\n{text}")


class Rescuer(threading.Thread):
    """Ends calls that wait too long: closes all sockets, and sends signals."""

    def __init__(self, workers):
        super().__init__(daemon=True)
        self.workers = workers
        self.rescued = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(PATIENCE / 4):
            now = time.monotonic()
            waits = [now - begin for worker in self.workers if (begin := worker.begin)]
            if any(wait > PATIENCE for wait in waits):
                self.rescue()

    def rescue(self):
        self.rescued += 1
        self.close_all()
        # Only a signal ends a call that waits on a socket that was detached.
        for worker in self.workers:
            if worker.begin and worker.thread:
                signal.pthread_kill(worker.thread, signal.SIGUSR1)

    def close_all(self):
        # Not gc.get_objects(): it returns tuples that the interpreter is still filling.
        for thing in (*things.s, *(reference() for reference in list(things.known))):
            if isinstance(thing, base.socket):
                with contextlib.suppress(OSError):
                    base.socket.close(thing)


def handler_for(worker, chance):
    """A signal handler that raises, or changes or closes a socket, or does nothing."""

    def handler(*_):
        luck = chance.random()
        if luck < 0.3 and worker.interruptible:
            worker.interruptible = False
            raise Interruption
        if luck < 0.6:
            sock = things.s[chance.randrange(SLOTS)]
            for change in ("settimeout(0)", "settimeout(None)", "settimeout(0.01)", "close()"):
                if chance.random() < 0.3:
                    try:
                        exec(f"sock.{change}", {"sock": sock})
                    except Exception:
                        pass

    return handler


def check_complete():
    """Checks that the tables have a line for each function and method."""
    import csocket

    for table, thing in (
        (SOCKET, csocket.socket),
        (FILE, csocket.SocketIO),
        (FUNCTIONS, csocket),
        (FUNCTIONS, base),
    ):
        public = {
            name
            for name in dir(thing)
            if not name.startswith("_")
            and callable(getattr(thing, name))
            and not isinstance(getattr(thing, name), type)
        }
        missing = public - set(table) - LEFT_OUT
        assert not missing, f"no line in texts.py for {sorted(missing)} of {thing}"


def prepare():
    os.chdir(things.folder)
    warnings.simplefilter("ignore")
    # An exception in a destructor is a finding only if it is a SystemError.
    sys.unraisablehook = lambda unraisable: (
        sys.__unraisablehook__(unraisable) if unraisable.exc_type is SystemError else None
    )
    things.csocket.setdefaulttimeout(0.01)
    signal.signal(signal.SIGUSR1, lambda *_: None)


def run(seed, calls, log):
    chance = random.Random(f"{seed} way")
    number = chance.choice((1, 1, 1, 2, 3, 4))
    signals = chance.random() < 0.4
    workers = [Worker(i, seed, calls // number, log) for i in range(number)]
    rescuer = Rescuer(workers)
    rescuer.start()
    threads = [threading.Thread(target=worker.run) for worker in workers[1:]]
    for thread in threads:
        thread.start()
    if signals:
        signal.signal(signal.SIGALRM, handler_for(workers[0], chance))
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.003)
    workers[0].run()
    signal.setitimer(signal.ITIMER_REAL, 0)
    for thread in threads:
        thread.join()
    rescuer.over.set()
    rescuer.join()
    print(f"{number} threads, signals: {signals}, rescued {rescuer.rescued} times", flush=True)
    return list(itertools.chain(*(worker.found for worker in workers)))


def main():
    seed, calls, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    faulthandler.enable()
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    check_complete()
    prepare()
    found = run(seed, calls, log)
    print("\n".join(found), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
