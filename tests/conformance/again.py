"""Runs failed tests again, as regrtest's --rerun does: some of CPython's tests are flaky.

The tests of SCTP skip themselves if the kernel loses a connection, as it sometimes does.
"""

from process import run_part

TIMES = 3


def is_steady(suite, runs_on, name):
    """Whether the test does not pass in at least one of several more runs, each in its own
    process."""
    for _ in range(TIMES):
        test = run_part(suite, runs_on, only=[name]).tests.get(name)
        if test is None or test.outcome != "passed":
            return True
    return False


def split(suite, runs_on, differences):
    """The differences that stay, and those of tests that pass every time when run again."""
    steady, unsteady = [], []
    for difference in differences:
        # A test that did not run at all hides a crash.
        has_run = difference.here in ("failed", "skipped")
        is_unsteady = has_run and not is_steady(suite, runs_on, difference.id)
        (unsteady if is_unsteady else steady).append(difference)
    return steady, unsteady
