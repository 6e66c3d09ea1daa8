"""For the tests of all folders: a limit for each test, a record of its outcome, samples.

The limit holds for a single test, so that a busy machine stops no suite. The record grows with each
test. So if the limit or a crash ends a suite early, tests/summary.py still reads what ran.
"""

import faulthandler
import os
import random

import junit


def pytest_addoption(parser):
    group = parser.getgroup("csocket")
    group.addoption("--record", metavar="FILE", help="write a JUnit file, test by test")
    group.addoption(
        "--limit",
        type=float,
        default=300,
        metavar="SECONDS",
        help="end the run if a test takes longer (300; 0 for no limit)",
    )
    group.addoption("--sample", type=float, metavar="PART", help="run only this part of the tests")
    group.addoption("--seed", type=int, help="repeat the sample of this seed")


def pytest_configure(config):
    limit, path = config.getoption("limit"), config.getoption("record")
    if limit:
        config.pluginmanager.register(Watch(limit))
    if path:
        config.pluginmanager.register(Recorder(path))
    if part := config.getoption("sample"):
        seed = config.getoption("seed")
        config.pluginmanager.register(Sample(part, random.randrange(10**6) if seed is None else seed))


class Watch:
    """Ends a run that hangs, and prints the tracebacks of all threads.

    It needs no GIL, which a test may hold for ever. It never stops, and so watches the end of the
    run too.
    """

    def __init__(self, limit):
        self.limit = limit
        self.stderr = os.dup(2)  # during a test, pytest replaces the real one
        self.begin()

    def begin(self):
        faulthandler.dump_traceback_later(self.limit, exit=True, file=self.stderr)

    def pytest_runtest_logstart(self):
        self.begin()

    def pytest_sessionfinish(self):
        self.begin()


class Sample:
    """Runs only some of the tests, in their order."""

    def __init__(self, part, seed):
        self.part, self.seed = part, seed

    def pytest_collection_modifyitems(self, config, items):
        choice = random.Random(self.seed)
        chosen, others = [], []
        for item in items:
            (chosen if choice.random() < self.part else others).append(item)
        config.hook.pytest_deselected(items=others)
        items[:] = chosen

    def pytest_report_collectionfinish(self):
        return f"a sample of the tests: --sample={self.part} --seed={self.seed}"


class Recorder:
    """Writes the outcome of each test as soon as it has ended."""

    def __init__(self, path):
        self.file = junit.Writer(path)
        self.reports = []

    def write(self, report):
        message = ""
        if report.skipped:
            message = report.longrepr[2].removeprefix("Skipped: ")
        elif report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = crash.message if crash else report.longreprtext
        self.file.test(report.nodeid, report.outcome, message)

    def pytest_collectreport(self, report):
        if not report.passed:
            self.write(report)

    def pytest_runtest_logstart(self, nodeid):
        self.file.running(nodeid)

    def pytest_runtest_logreport(self, report):
        self.reports.append(report)

    def pytest_runtest_logfinish(self):
        """Write one outcome, though a test and its teardown may both fail."""
        self.write(max(self.reports, key=lambda report: (report.failed, report.skipped)))
        self.reports.clear()

    def pytest_sessionfinish(self):
        self.file.close()
