#!/usr/bin/env python3
"""Sum up JUnit files: the counts of each suite, why tests were skipped, and which tests failed.

A file that is missing, that ends in the middle or that has no test counts as a failure.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import junit

OUTCOMES = ("passed", "failed", "skipped")


def suites_of(paths):
    """The name of each suite, and its tests as (name, outcome, message)."""
    several = len({path.parent for path in paths}) > 1
    for path in paths:
        suite, tests = junit.read(path)
        yield f"{path.parents[1].name} {suite}" if several else suite, tests


def print_summary(suites):
    """Print it all; return the exit status."""
    total = Counter()
    width = max([len("suite"), *(len(suite) for suite, _ in suites)])
    print(f"\n{'suite':{width}}", *(f"{outcome:>7}" for outcome in OUTCOMES))
    for suite, tests in suites:
        counts = Counter(outcome for _, outcome, _ in tests)
        total += counts
        print(f"{suite:{width}}", *(f"{counts[outcome]:7}" for outcome in OUTCOMES))
    if total["skipped"]:
        print("\nskipped, and why")
    for suite, tests in suites:
        reasons = Counter(message for _, outcome, message in tests if outcome == "skipped")
        if reasons:
            print(f"  {suite}")
        for reason, count in reasons.most_common():
            print(f"  {count:7}  {reason}")
    if total["failed"]:
        print("\nfailed")
    for suite, tests in suites:
        for name, outcome, message in tests:
            if outcome == "failed":
                print(f"  {suite}: {name}: {message}")
    print("\n" + ", ".join(f"{total[outcome]} {outcome}" for outcome in OUTCOMES))
    return 1 if total["failed"] or not total["passed"] else 0


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--left-out", metavar="REASON", help="write FILE for a suite that cannot run")
    parser.add_argument("--failed", metavar="REASON", help="see that FILE counts a failure")
    parser.add_argument("--passed", action="store_true", help="write FILE for a suite that passed")
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE", help="or a directory of them")
    options = parser.parse_args()
    if options.left_out is not None:
        return junit.write(options.paths[0], [("suite", "skipped", f"suite left out: {options.left_out}")])
    if options.passed:
        return junit.write(options.paths[0], [("suite", "passed")])
    if options.failed:
        return junit.add_failure(options.paths[0], options.failed)
    # A directory without files is of a session without suites. A missing file is a failure.
    paths = [
        path
        for top in options.paths
        for path in (sorted(top.rglob("*.xml")) if top.is_dir() else [top])
    ]
    return print_summary(list(suites_of(dict.fromkeys(paths))))


if __name__ == "__main__":
    sys.exit(main())
