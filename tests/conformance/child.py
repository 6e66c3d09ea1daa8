"""Runs tests of one suite in this process, and records the outcome of each.

    python -P [-m csocket --children] child.py REQUEST OUTPUT

REQUEST is a JSON file: `runs_on` (the module that must be in the places of socket and _socket),
`module`, `is_program`, `resources`, `take`, `leave_out`, `part`, `parts`, `only` (ids of tests, or
null for all), `done` (ids of tests not to run again) and `test_limit`. OUTPUT receives one JSON
object per line, each as soon as it is known, so that a crash loses only one test.

The children in multiprocessing's tests import this file too.
"""

import contextlib
import faulthandler
import fnmatch
import json
import os
import signal
import sys
import unittest
from pathlib import Path

# Suites that some interpreters do not ship, although they ship the tests in them.
UNSHIPPED = Path(__file__).with_name("unshipped")


def id_of(test):
    """The test's id. The attribute `id` of the test itself may be something else."""
    return type(test).id(test)


class Recorder(unittest.TestResult):
    """A result that writes each outcome as soon as it is known."""

    def __init__(self, file, test_limit):
        super().__init__()
        self.file = file
        self.test_limit = test_limit

    def write(self, **record):
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()

    def outcome(self, test, outcome, detail=""):
        self.write(event="outcome", id=id_of(test), outcome=outcome, detail=detail)

    def startTest(self, test):
        super().startTest(test)
        self.write(event="start", id=id_of(test))
        faulthandler.dump_traceback_later(self.test_limit, exit=True)

    def stopTest(self, test):
        faulthandler.cancel_dump_traceback_later()
        self.write(event="stop", id=id_of(test))
        super().stopTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.outcome(test, "passed")

    def addError(self, test, err):
        super().addError(test, err)
        self.outcome(test, "failed", self._exc_info_to_string(err, test))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.outcome(test, "failed", self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            text = self._exc_info_to_string(err, test)
            self.outcome(test, "failed", f"{subtest._subDescription()}\n{text}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        # A skipped subtest comes with its own id, and the test goes on.
        test = getattr(test, "test_case", test)
        self.outcome(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.outcome(test, "passed", "failed as expected")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.outcome(test, "failed", "succeeded although expected to fail")


def matches(test_id, patterns):
    """Whether a pattern matches the id or one of its parts, as in regrtest."""
    names = [test_id, *test_id.split(".")]
    return any(fnmatch.fnmatchcase(name, p) for name in names for p in patterns)


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def load(request):
    """All tests of a module, or one skipped test if the module cannot run here at all."""
    module = request["module"]
    if request["is_program"]:
        return program(module, request["test_limit"] * 0.9)
    loader = unittest.TestLoader()
    try:
        tests = loader.loadTestsFromName(module)
    except unittest.SkipTest as skip:
        skipped = unittest.skip(str(skip))(lambda: None)
        return unittest.FunctionTestCase(skipped, description=module)
    if loader.errors:
        raise SystemExit("\n".join(loader.errors))
    return tests


def program(module, limit):
    """A single test, which passes if the module succeeds as a program."""

    def run():
        # Imported late, because it imports modules that gevent's tests patch.
        import subprocess

        command = [sys.executable, "-m", module]
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit, check=False
        )
        assert result.returncode == 0, result.stdout.decode(errors="replace")

    run.__name__ = module
    return unittest.FunctionTestCase(run)


def choose(request):
    """The tests of this part: whole classes, so that class fixtures work."""
    done = set(request["done"])
    only = request["only"]
    numbers = {}
    tests = []
    for test in flatten([load(request)]):
        number = numbers.setdefault(type(test), len(numbers))
        if number % request["parts"] != request["part"]:
            continue
        if id_of(test) in done or matches(id_of(test), request["leave_out"]):
            continue
        if not matches(id_of(test), request["take"]):
            continue
        if only is not None and id_of(test) not in only:
            continue
        tests.append(test)
    return unittest.TestSuite(tests)


def check_modules(name):
    """Make sure that socket and _socket are those of the module under test."""
    import _socket
    import socket

    for given in (socket, _socket):
        if given.__name__.removeprefix("_").partition(".")[0] != name:
            raise SystemExit(f"{given!r} is in place, not {name}")


def prepare(resources):
    """Set up what regrtest sets up for its tests."""
    from test import support

    faulthandler.enable(all_threads=True)
    # As regrtest does: with a mask of zero the tests would make files that everyone can write.
    mask = os.umask(0o022)
    if mask != 0:
        os.umask(mask)
    support.record_original_stdout(sys.stdout)
    support.verbose = 0
    support.failfast = False
    support.use_resources = dict.fromkeys(resources)
    support.PGO = False
    sys.addaudithook(lambda event, args: None)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    output = open(sys.argv[2], "a", encoding="utf-8")
    # The test module must not see these arguments.
    del sys.argv[1:]
    check_modules(request["runs_on"])
    # In the background of a shell SIGINT is ignored, and so in all processes that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.append(str(UNSHIPPED))
    prepare(request["resources"])
    from test.support import os_helper

    with contextlib.ExitStack() as stack:
        stack.enter_context(
            os_helper.temp_cwd(f"conformance-{os.getpid()}\N{LATIN SMALL LETTER AE}")
        )
        recorder = Recorder(output, request["test_limit"])
        choose(request)(recorder)
    recorder.write(event="end")
    output.close()


if __name__ == "__main__":
    main()
