"""Run CPython's own tests with csocket in the place of socket and _socket.

    python tests/conformance/run.py [--module NAME] [--suite NAME]...

The interpreter that runs this file is the one judged: its own `test` package is
run once as it is (stock), once with csocket installed, each in processes of
their own, and the two are compared test by test.  Exit status: 0 if every test
that passes on stock passes on csocket and none fails that stock skips, 1 if
not, 2 if it could not be tried.
"""

import argparse
import collections
import importlib.util
import json
import pathlib
import sys

import cache
from compare import NOT_RUN, differences, failed_on_both, gained
from process import run_suite
from suites import SUITES

# Of tests that did not run, so many are named.
SHOWN = 10


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--module",
        default="csocket",
        help="the module whose install() is called; 'stock' compares stock with itself",
    )
    parser.add_argument(
        "--suite",
        action="append",
        choices=[suite.name for suite in SUITES],
        help="run this suite alone (may be repeated)",
    )
    parser.add_argument("--parts", type=int, help="processes a run is split over")
    parser.add_argument(
        "--cache", default=cache.default_directory(), help="where stock runs are kept"
    )
    parser.add_argument(
        "--patience", type=float, default=1, help="so many times the usual time limits"
    )
    parser.add_argument("--fresh", action="store_true", help="run stock anew")
    parser.add_argument("--skips", action="store_true", help="list why tests were skipped")
    parser.add_argument("--title", default="CPython's own tests", help="what the JSON calls it")
    parser.add_argument("--json", type=pathlib.Path, help="a file to write the counts to")
    return parser.parse_args()


def missing(suite):
    """Why the suite cannot run on this interpreter, or None."""
    try:
        if importlib.util.find_spec(suite.module) is not None:
            return None
    except ImportError:
        pass
    return f"{sys.executable} ships no {suite.module}"


def stock_run(suite, options):
    stock = None if options.fresh else cache.load(options.cache, suite)
    if stock is None:
        stock = run_suite(suite, None, options.parts or suite.parts)
        cache.store(options.cache, suite, stock)
    return stock


def print_table(rows, module):
    def cells(run):
        return f"{run.run:>6} {run.failed:>7} {run.skipped:>8}"

    heads = f"{'run':>6} {'failed':>7} {'skipped':>8}"
    print(f"{'':20} {'stock':^23}   {module:^23}")
    print(f"{'suite':20} {heads}   {heads}")
    for name, stock, here in rows:
        print(f"{name:20} {cells(stock)}   {cells(here)}")


def reasons_for_skips(run):
    return collections.Counter(
        test.detail.split("\n")[0] for test in run.tests.values() if test.outcome == "skipped"
    )


def write_json(path, title, counts, reasons):
    """The counts for the summary of everything that make test ran."""
    result = {"suite": title, **counts, "reasons": reasons}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


def report(suite, stock, here):
    """Print what is wrong with a suite; return the differences."""
    found = differences(stock, here)
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
        for line in difference.detail.rstrip().splitlines():
            print(f"    {line}")
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
    sys.stdout.reconfigure(errors="backslashreplace")
    install = None if options.module == "stock" else options.module
    if install and importlib.util.find_spec(install) is None:
        print(f"conformance: {sys.executable} has no module {install}", file=sys.stderr)
        return 2
    print(f"conformance: Python {sys.version.split()[0]}, {sys.executable}")
    rows, counts, reasons = (
        [],
        collections.Counter(passed=0, failed=0, skipped=0),
        collections.Counter(),
    )
    for suite in SUITES:
        if options.suite and suite.name not in options.suite:
            continue
        suite = suite.with_patience(options.patience)
        if reason := missing(suite):
            print(f"{suite.name}: skipped: {reason}")
            reasons[reason] += 1
            continue
        stock = stock_run(suite, options)
        here = run_suite(suite, install, options.parts or suite.parts)
        rows.append((suite.name, stock, here))
        counts["failed"] += len(report(suite, stock, here)) + len(here.trouble)
        counts["passed"] += sum(test.outcome == "passed" for test in here.tests.values())
        reasons += reasons_for_skips(here)
    counts["skipped"] = reasons.total()
    if rows:
        print()
        print_table(rows, options.module)
    if options.skips:
        for reason, count in reasons.most_common():
            print(f"  {count:4} skipped: {reason}")
    if options.json:
        write_json(options.json, options.title, counts, reasons)
    print("{passed} passed, {failed} failed, {skipped} skipped".format_map(counts))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
