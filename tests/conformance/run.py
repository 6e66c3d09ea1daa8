"""Run CPython's own tests, or those of other projects, with csocket as socket and _socket.

    python tests/conformance/run.py [--long] [--suite NAME]...
    python tests/conformance/run.py --project NAME... [--sample N] [--suite NAME]...

The interpreter that runs this file is the one judged: suites of its own `test` package, or
of a project that is installed, are run once as they are (stock) and once by `python -m
csocket --children`, and the two are compared test by test.  What fails here alone is run
again, and named even if it passes then.  Exit status: 0 if every test that passes on stock
passes on csocket and none fails that stock skips, 1 if not, 2 if it could not be tried.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import dataclasses
import importlib.util
import os
import pathlib
import random
import signal
import sys
import textwrap

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import again
import cache
import junit
from child import UNSHIPPED
from compare import NOT_RUN, differences, failed_on_both, gained
from process import STOCK, Run, run_part, stop
from projects import PROJECTS
from suites import SUITES

# Of tests that did not run, so many are named.
SHOWN = 10

sys.path.append(str(UNSHIPPED))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--module",
        default="csocket",
        help=f"the module that runs the suites; {STOCK!r} compares stock with itself",
    )
    parser.add_argument("--long", action="store_true", help="the suites that are not quick")
    parser.add_argument("--suite", action="append", help="run this suite alone (may be repeated)")
    parser.add_argument(
        "--project",
        action="append",
        choices=PROJECTS,
        help="all suites of this project in place of CPython's (may be repeated)",
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="run only N suites, which the seed chooses"
    )
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10_000), help="by default a random one"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes that run at once")
    parser.add_argument(
        "--cache", default=cache.default_directory(), help="where stock runs are kept"
    )
    parser.add_argument(
        "--patience", type=float, default=1, help="so many times the usual time limits"
    )
    parser.add_argument("--fresh", action="store_true", help="run stock anew")
    parser.add_argument("--skips", action="store_true", help="list why tests were skipped")
    parser.add_argument("--junit", metavar="FILE", default=os.devnull, help="record each outcome")
    parser.add_argument("--title", help="what that file calls the suite; by default its own name")
    options = parser.parse_args()
    options.suites = SUITES
    if options.project:
        options.suites = [suite for name in options.project for suite in PROJECTS[name]()]
    if unknown := set(options.suite or ()).difference(suite.name for suite in options.suites):
        parser.error(f"no suite {', '.join(sorted(unknown))}")
    return options


def found(suite):
    """The suite as this interpreter has it, or None: suites come and go, some are not shipped."""
    with contextlib.suppress(ImportError):
        if importlib.util.find_spec(suite.module):
            return suite
        if importlib.util.find_spec("test") and importlib.util.find_spec(suite.name):
            return dataclasses.replace(suite, module=suite.name)
    return None


def chosen(options):
    """The suites to run, as patient as asked for."""
    if options.suite:
        suites = [suite for suite in options.suites if suite.name in options.suite]
    else:
        suites = [suite for suite in options.suites if suite.quick != options.long]
    suites = list(filter(None, map(found, suites)))
    if options.sample:
        count = min(options.sample, len(suites))
        print(f"conformance: {count} of {len(suites)} suites, those of --seed {options.seed}")
        suites = random.Random(options.seed).sample(suites, count)
    return [suite.with_patience(options.patience) for suite in suites]


class Runs:
    """Both runs of a suite, which go on side by side with those of others."""

    def __init__(self, suite, options, executor):
        self.suite, self.cache = suite, options.cache
        self.stock = None if options.fresh else cache.load(options.cache, suite)
        self.of_stock = [] if self.stock else self.submit(STOCK, executor)
        self.of_module = self.submit(options.module, executor)

    def submit(self, runs_on, executor):
        parts = self.suite.parts
        return [
            executor.submit(run_part, self.suite, runs_on, part, parts) for part in range(parts)
        ]

    def results(self):
        """Wait for them: the stock run, and that on the module under test."""
        if not self.stock:
            self.stock = merged(self.of_stock)
            cache.store(self.cache, self.suite, self.stock)
        return self.stock, merged(self.of_module)


def merged(parts):
    whole = Run()
    for part in parts:
        whole.merge(part.result())
    return whole


def run_all(options):
    """Each suite with its two runs, in their order. Whatever ends this ends the runs too."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    executor = concurrent.futures.ThreadPoolExecutor(options.jobs)
    try:
        for runs in [Runs(suite, options, executor) for suite in chosen(options)]:
            yield runs.suite, *runs.results()
    finally:
        stop()
        executor.shutdown()


def print_table(rows, module):
    def cells(run):
        return f"{run.run:>6} {run.failed:>7} {run.skipped:>8}"

    heads = f"{'run':>6} {'failed':>7} {'skipped':>8}"
    width = max(len(name) for name, _, _ in rows)
    print(f"{'':{width}} {'stock':^23}   {module:^23}")
    print(f"{'suite':{width}} {heads}   {heads}")
    for name, stock, here in rows:
        print(f"{name:{width}} {cells(stock)}   {cells(here)}")


def outcomes(suite, differences, stock, here):
    """The tests as the summary counts them: (name, outcome, message)."""
    if stock.trouble and not stock.tests:
        # As where a module that it imports is not part of the interpreter.
        yield suite.name, "skipped", "stock cannot run it here"
        return
    failed = {difference.id: difference for difference in differences}
    for name, test in here.tests.items():
        # One that fails on stock as well is not asked for.
        if test.outcome != "failed" and name not in failed:
            yield name, test.outcome, test.detail.split("\n")[0]
    for name, difference in failed.items():
        message = f"stock: {difference.stock}; here: {difference.here}\n{difference.detail}"
        yield name, "failed", message
    for text in here.trouble:
        yield suite.name, "failed", text


def report_unsteady(differences, here):
    """Print which tests failed but once, which then count as passed."""
    for difference in differences:
        here.tests[difference.id].outcome = "passed"
        print(f"\n{difference.id}\n  did not pass once, and passed {again.TIMES} times when run again")
        print(textwrap.indent(difference.detail.rstrip(), "    "))


def report(suite, module, stock, here):
    """Print what is wrong with a suite; return the differences."""
    found, unsteady = again.split(suite, module, differences(stock, here))
    report_unsteady(unsteady, here)
    unrun = [difference.id for difference in found if difference.here == NOT_RUN.outcome]
    if unrun:
        print(f"\n{len(unrun)} tests did not run here:")
        for name in unrun[:SHOWN]:
            print(f"  {name}")
        if len(unrun) > SHOWN:
            print(f"  and {len(unrun) - SHOWN} more")
    for difference in found:
        if difference.here == NOT_RUN.outcome:
            continue
        print(f"\n{difference.id}\n  stock: {difference.stock}; here: {difference.here}")
        print(textwrap.indent(difference.detail.rstrip(), "    "))
    if names := gained(stock, here):
        print(f"\n{len(names)} tests that stock skips pass here:")
        for name in names:
            print(f"  {name}")
    for name in failed_on_both(stock, here):
        print(f"\n{name}\n  fails on stock as well, and is not asked for")
    for side, run in (("stock", stock), ("here", here)):
        for text in run.trouble:
            print(f"\n{suite.name}, {side}: {text}")
    return found


def main():
    options = parse_arguments()
    # A traceback may quote names that no encoding can hold.
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)
    if importlib.util.find_spec(options.module) is None:
        print(f"conformance: {sys.executable} has no module {options.module}", file=sys.stderr)
        return 2
    print(f"conformance: Python {sys.version.split()[0]}, {sys.executable}")
    rows, tests = [], []
    record = junit.Writer(options.junit, options.title)
    for suite, stock, here in run_all(options):
        rows.append((suite.name, stock, here))
        found = report(suite, options.module, stock, here)
        for test in outcomes(suite, found, stock, here):
            record.test(*test)
            tests.append(test)
    if rows:
        print()
        print_table(rows, options.module)
    else:
        tests.append(("all", "skipped", f"{sys.executable} has none of these tests"))
        record.test(*tests[0])
    record.close()
    if options.skips:
        reasons = collections.Counter(test[2] for test in tests if test[1] == "skipped")
        for reason, count in reasons.most_common():
            print(f"  {count:4} skipped: {reason}")
    counts = collections.Counter(test[1] for test in tests)
    print("{passed} passed, {failed} failed, {skipped} skipped".format_map(counts))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
