#!/usr/bin/env python3
"""What the test suites said: one small JSON file a suite, and the table that adds them up.

A file holds {"suite": name, "passed": n, "failed": n, "skipped": n, "reasons": {reason: n}};
the reasons are those of the skipped tests.
"""

import argparse
import json
import pathlib
import re
import sys
from collections import Counter

COUNTS = ("passed", "failed", "skipped")
LINE = re.compile(r"^\[ *(OK|FAILED|SKIPPED) *\] (\w+)$")
SKIP_NOTE = "skip: "


def write(path, suite, passed=0, failed=0, skipped=0, reasons=None):
    result = {"suite": suite, "passed": passed, "failed": failed, "skipped": skipped}
    result["reasons"] = dict(reasons or {})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


def records(path):
    """The objects of a file with one per line, without a last line that is incomplete."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError as error:
        print(error)
        return []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def cmocka_outcomes(program):
    """The outcome of each single test that a program reports, and why tests were skipped.

    A test says why before it skips itself, in a line that begins with "skip: ".
    """
    outcomes, reasons, note = {}, Counter(), None
    for line in program.get("stdout", "").splitlines() + program.get("stderr", "").splitlines():
        if line.startswith(SKIP_NOTE):
            note = line[len(SKIP_NOTE) :].strip()
        match = LINE.match(line)
        # The end of the report names some of the tests again.
        if match is None or match[2] in outcomes:
            continue
        outcomes[match[2]] = match[1]
        if match[1] == "SKIPPED":
            reasons[note or "no reason given"] += 1
            note = None
    return outcomes, reasons


def from_meson(arguments):
    """Count the tests in the programs that meson ran, from its testlog.json."""
    counts, reasons = Counter(), Counter()
    programs = records(arguments.log)
    if not programs:
        counts["FAILED"] += 1
    for program in programs:
        outcomes, why = cmocka_outcomes(program)
        counts.update(outcomes.values())
        reasons.update(why)
        # A crash, a leak or the time limit ends a program without a word from cmocka.
        if program["result"] != "OK" and "FAILED" not in outcomes.values():
            counts["FAILED"] += 1
            print("{}: {}, exit status {}".format(
                program["name"], program["result"], program["returncode"]
            ))
    write(
        arguments.output,
        arguments.suite,
        counts["OK"],
        counts["FAILED"],
        counts["SKIPPED"],
        reasons,
    )


class Record:
    """The record that tests/conftest.py wrote of a run, which may have ended early."""

    def __init__(self, path):
        self.outcomes, self.reasons = {}, {}
        self.collected, self.running, self.has_ended = 0, None, False
        for record in records(path):
            getattr(self, "note_" + record.pop("event"))(**record)

    def note_collected(self, count):
        self.collected = count

    def note_start(self, id):
        self.running = id

    def note_outcome(self, id, outcome, reason):
        """Note an outcome. A test and its teardown may both fail: the worst outcome counts."""
        if self.outcomes.get(id) != "failed":
            self.outcomes[id], self.reasons[id] = outcome, reason

    def note_end(self):
        self.has_ended = True

    def blame(self):
        """Count the test in which a run ended early as failed; return a message about it."""
        where = self.running or "the run"
        self.outcomes[where] = "failed"
        if not self.running:
            return "ended early, in the run: no test ran"
        ran = len(self.outcomes)
        return "ended early, in {}: {} of {} tests ran".format(where, ran, self.collected)


def from_pytest(arguments):
    """Count the tests that pytest recorded, with --record of tests/conftest.py."""
    record = Record(arguments.log)
    if not record.has_ended:
        print("{}: {}".format(arguments.suite, record.blame()))
    counts = Counter(record.outcomes.values())
    reasons = Counter(
        record.reasons[id] for id, outcome in record.outcomes.items() if outcome == "skipped"
    )
    write(arguments.output, arguments.suite, reasons=reasons, **counts)


def left_out(arguments):
    """Say that a whole suite did not run: it counts as one skipped test."""
    print("{}: left out: {}".format(arguments.suite, arguments.reason))
    reasons = {"suite left out: " + arguments.reason: 1}
    write(arguments.output, arguments.suite, skipped=1, reasons=reasons)


def outcome(arguments):
    """Record one passed or failed step."""
    write(arguments.output, arguments.suite, **{arguments.result: 1})


def broke(arguments):
    """Make sure that a suite which ended badly counts a failure."""
    result = read(arguments.output)
    result["failed"] = max(result["failed"], 1)
    write(arguments.output, **result)


def read(path):
    try:
        result = json.loads(path.read_text())
        return {**result, "reasons": result.get("reasons", {})}
    except (OSError, ValueError) as error:
        print("{}: {}".format(path, error))
        return {"suite": path.stem, "passed": 0, "failed": 1, "skipped": 0, "reasons": {}}


def rows_of(arguments):
    if arguments.expect:
        paths = [arguments.directories[0] / (name + ".json") for name in arguments.expect]
    else:
        paths = sorted(path for top in arguments.directories for path in top.glob("*.json"))
    several = len(arguments.directories) > 1
    for path in paths:
        result = read(path)
        place = path.parent.parent.name + ": " if several else ""
        yield place + result["suite"], result


def summary(arguments):
    """Print the table; fail if a test failed or a suite that was expected left no result."""
    rows = list(rows_of(arguments))
    total = Counter()
    width = max([len(name) for name, _ in rows] + [len("suite")])
    print("\n{:{}}  {:>7} {:>7} {:>7}".format("suite", width, *COUNTS))
    for name, result in rows:
        total.update({count: result[count] for count in COUNTS})
        print("{:{}}  {:7} {:7} {:7}".format(name, width, *(result[count] for count in COUNTS)))
    skipped = [(name, result["reasons"]) for name, result in rows if result["reasons"]]
    if skipped:
        print("\nskipped, and why")
    for name, reasons in skipped:
        print("  " + name)
        for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
            print("  {:7}  {}".format(count, reason))
    print("\n" + ", ".join("{} {}".format(total[count], count) for count in COUNTS))
    return 1 if total["failed"] or not total["passed"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name, function):
        added = commands.add_parser(name, help=function.__doc__)
        added.set_defaults(function=function)
        return added

    for name, function in ("meson", from_meson), ("pytest", from_pytest):
        added = command(name, function)
        added.add_argument("suite")
        added.add_argument("log", type=pathlib.Path)
        added.add_argument("output", type=pathlib.Path)
    added = command("left-out", left_out)
    added.add_argument("suite")
    added.add_argument("reason")
    added.add_argument("output", type=pathlib.Path)
    added = command("outcome", outcome)
    added.add_argument("suite")
    added.add_argument("result", choices=("passed", "failed"))
    added.add_argument("output", type=pathlib.Path)
    added = command("broke", broke)
    added.add_argument("output", type=pathlib.Path)
    added = command("summary", summary)
    added.add_argument("directories", type=pathlib.Path, nargs="+")
    added.add_argument("--expect", action="append", metavar="NAME")
    arguments = parser.parse_args()
    return arguments.function(arguments)


if __name__ == "__main__":
    sys.exit(main())
