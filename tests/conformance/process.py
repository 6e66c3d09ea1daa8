"""Starts children that run a part of a suite, with limits, and gathers their output."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")

# The module in socket's place if nothing else is.
STOCK = "socket"

# After a child crashes, another one runs the remaining tests. After more crashes than this, the
# rest counts as not run.
MOST_CRASHES = 20

# The intervals for checking whether a child has written more, and for reporting it.
LOOK_SECONDS = 2.0
SAY_SECONDS = 60.0

# After its last test a child gets so long to end. Some never do, on stock too: a thread goes on.
ENDING_SECONDS = 60.0

_running = set()
_stopped = threading.Event()
_said_at = time.monotonic()


@dataclass
class Test:
    outcome: str
    detail: str = ""


@dataclass
class Run:
    """The outcome of a suite: its tests by id, and the counts as regrtest has them.

    The counts differ from the number of ids: a test may skip several of its subtests, and some
    versions of unittest do not start the tests of a skipped class.
    """

    tests: dict[str, Test] = field(default_factory=dict)
    run: int = 0
    skipped: int = 0
    trouble: list[str] = field(default_factory=list)

    @property
    def failed(self):
        return sum(test.outcome == "failed" for test in self.tests.values())

    def merge(self, other):
        self.tests.update(other.tests)
        self.run += other.run
        self.skipped += other.skipped
        self.trouble += other.trouble


def say_progress(name):
    """Print a line now and then, so that people and the virtual machine see progress."""
    global _said_at
    now = time.monotonic()
    if now - _said_at >= SAY_SECONDS:
        _said_at = now
        print(f"conformance: {name} goes on", flush=True)


class Part:
    """One part of a suite, run by as many children as it takes."""

    def __init__(self, suite, runs_on, part, parts, only, directory):
        self.suite, self.runs_on = suite, runs_on
        self.part, self.parts, self.only = part, parts, only
        self.directory = Path(directory)
        self.run = Run()
        self.crashes = 0
        self.start()

    def start(self):
        stem = self.directory / f"{self.part}-{self.crashes}"
        self.output = stem.with_suffix(".jsonl")
        self.output.touch()
        request = stem.with_suffix(".request")
        request.write_text(
            json.dumps(
                {
                    "runs_on": self.runs_on,
                    "module": self.suite.module,
                    "is_program": self.suite.is_program,
                    "resources": self.suite.resources,
                    "take": self.suite.take,
                    "leave_out": self.suite.leave_out,
                    "part": self.part,
                    "parts": self.parts,
                    "only": self.only,
                    "done": sorted(self.run.tests),
                    "test_limit": self.suite.test_limit,
                }
            )
        )
        self.messages = stem.with_suffix(".messages")
        place = [] if self.runs_on == STOCK else ["-m", self.runs_on, "--children"]
        with open(self.messages, "wb") as messages:
            self.process = subprocess.Popen(
                # -P: the suite must not import this folder's modules.
                [sys.executable, "-P", *place, CHILD, request, self.output],
                stdin=subprocess.DEVNULL,
                stdout=messages,
                stderr=messages,
                cwd=self.directory,
                env={**os.environ, **dict(self.suite.environment)},
                start_new_session=True,
            )

    def wait(self):
        """Wait for the part's end, with as many children as that takes."""
        while True:
            status = self.wait_for_child()
            if self.gather(status) or _stopped.is_set():
                return self.run
            self.crashes += 1
            if status is None or self.crashes > MOST_CRASHES:
                self.run.trouble.append("gave up: the tests that were left did not run")
                return self.run
            self.start()

    def wait_for_child(self):
        """Return the child's status, or None if it was killed because it wrote nothing for too
        long."""
        written, since = 0, time.monotonic()
        limit = self.suite.silence_limit
        while time.monotonic() - since < limit:
            try:
                return self.process.wait(LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                size = self.output.stat().st_size
                if size > written:
                    written, since = size, time.monotonic()
                    say_progress(self.suite.name)
                    if self.records()[-1:] == [{"event": "end"}]:
                        limit = ENDING_SECONDS
        self.kill()
        return None

    def kill(self):
        """Kill the child and all that it started. It leads its own session; Windows has none."""
        if self.process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
            self.process.wait()

    def records(self):
        """The lines that the child wrote, without a last incomplete one."""
        lines = self.output.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def gather(self, status):
        """Read the child's output. Return whether nothing is left to run."""
        running, ended = None, False
        for record in self.records():
            event = record.pop("event")
            if event == "outcome":
                self.run.skipped += record["outcome"] == "skipped"
                self.note(record)
            elif event == "start":
                running = record["id"]
                self.run.run += 1
            elif event == "stop":
                running = None
            else:
                ended = True
        return ended or self.note_crash(running, status)

    def note(self, record):
        """Keep the worst outcome of a test, which may report one for each subtest."""
        order = ("skipped", "passed", "failed")
        known = self.run.tests.get(record["id"])
        if known is None:
            self.run.tests[record["id"]] = Test(record["outcome"], record["detail"])
            return
        if order.index(record["outcome"]) > order.index(known.outcome):
            known.outcome = record["outcome"]
        known.detail = "\n".join(filter(None, (known.detail, record["detail"])))

    def note_crash(self, running, status):
        """Blame the crash on the test that ran; return whether to stop."""
        if status is None:
            how = "has shown no progress for too long"
        elif status < 0:
            how = f"was ended by {signal.Signals(-status).name}"
        else:
            how = f"ended with status {status}"
        last = self.messages.read_text(encoding="utf-8", errors="replace")[-4000:]
        if running is None:
            self.run.trouble.append(f"a process {how} outside of any test\n{last}")
            return True
        self.run.tests[running] = Test("failed", f"the process {how}\n{last}")
        return False


def run_part(suite, runs_on, part=0, parts=1, only=None):
    """Run one of the parts that the suite is split into, on the named module.

    `only` is a list of ids of the tests to run; None for all.
    """
    if _stopped.is_set():
        return Run()
    with tempfile.TemporaryDirectory(prefix="csocket-conformance-") as directory:
        child = Part(suite, runs_on, part, parts, only, directory)
        _running.add(child)
        try:
            return child.wait()
        finally:
            _running.discard(child)
            child.kill()


def stop():
    """Stop the running parts, and start no more."""
    _stopped.set()
    for child in list(_running):
        child.kill()
