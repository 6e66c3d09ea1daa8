"""Compares two runs of a suite, test by test."""

from dataclasses import dataclass

from process import Test

NOT_RUN = Test("did not run")


@dataclass
class Difference:
    id: str
    stock: str
    here: str
    detail: str


def differences(stock, here):
    """The tests that count against the module under test.

    A test that passed on stock must pass here. One that stock skipped may run here, but then it
    must pass. One that stock fails need not pass.
    """
    found = []
    for name in stock.tests | here.tests:
        before = stock.tests.get(name, NOT_RUN)
        now = here.tests.get(name, NOT_RUN)
        lost = before.outcome == "passed" and now.outcome != "passed"
        worse = before.outcome != "failed" and now.outcome == "failed"
        if lost or worse:
            found.append(Difference(name, before.outcome, now.outcome, now.detail))
    return found


def gained(stock, here):
    """The tests that stock skips and that pass here."""
    return sorted(
        name
        for name, test in here.tests.items()
        if test.outcome == "passed" and stock.tests.get(name, NOT_RUN).outcome == "skipped"
    )


def failed_on_both(stock, here):
    return sorted(
        name
        for name, test in stock.tests.items()
        if test.outcome == "failed" and here.tests.get(name, test).outcome == "failed"
    )
