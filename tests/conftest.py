"""For the tests of all folders: a limit for each test, a record of its outcome, samples.

The limit holds for a single test, so that a busy machine stops no suite. The record grows with each
test. So if the limit or a crash ends a suite early, tools/results.py still reads what ran.
"""

import faulthandler
import json
import os
import random


def pytest_addoption(parser):
    group = parser.getgroup("csocket")
    group.addoption("--record", metavar="FILE", help="record each outcome as soon as it is known")
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
    """Writes one JSON object per line."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")

    def write(self, **record):
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()

    def outcome(self, report):
        reason = report.longrepr[2].removeprefix("Skipped: ") if report.skipped else ""
        self.write(event="outcome", id=report.nodeid, outcome=report.outcome, reason=reason)

    def pytest_collectreport(self, report):
        if not report.passed:
            self.outcome(report)

    def pytest_collection_finish(self, session):
        self.write(event="collected", count=len(session.items))

    def pytest_runtest_logstart(self, nodeid):
        self.write(event="start", id=nodeid)

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or not report.passed:
            self.outcome(report)

    def pytest_sessionfinish(self):
        self.write(event="end")
        self.file.close()
