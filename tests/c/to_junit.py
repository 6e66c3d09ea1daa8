"""Make a JUnit file of the single tests out of meson's testlog.json.

    python to_junit.py TESTLOG.JSON FILE.XML

To meson a program is one test. On its stdout cmocka names each test in it when that begins and when it
ends, which also shows where a program crashed or hung. TAP would not do: cmocka 1 reports a skipped test
there as one that failed, and meson's JUnit file does not show what follows the last test, as leaks do.
"""

import json
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import junit

BEGIN = re.compile(r"\[ *RUN *\] (\w+)\n")
OUTCOME = r"\[ *(OK|SKIPPED) *\] {}\n"
REASON = re.compile(r"^skip: (.*)", re.MULTILINE)
# The messages of cmocka and the sanitizers about a failure.
COMPLAINT = re.compile(r"(?:\[ *(?:ERROR|LINE) *\] --- |\bERROR: |: runtime error: )(.*)")


def records(path):
    """Read one object a line. A last line that is cut is left out; a missing file has no objects."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def outcome_of(name, output, message):
    """The outcome of a test from what its program wrote after its beginning."""
    outcome = re.search(OUTCOME.format(name), output)
    if outcome is None:
        return "failed", message
    if outcome[1] == "OK":
        return "passed", ""
    reason = REASON.search(output)
    return "skipped", reason[1] if reason else "no reason given"


def tests_of(program):
    """The tests of a program as (name, outcome, message)."""
    name = program["name"].rpartition(":")[2]
    stdout, stderr = program.get("stdout", ""), program.get("stderr", "")
    end = f"{program['result']}, exit status {program['returncode']}"
    message = "; ".join([end, *COMPLAINT.findall(stdout + stderr)])
    parts = BEGIN.split(stdout)
    tests = [
        (f"{name}: {test}", *outcome_of(test, output, message))
        for test, output in zip(parts[1::2], parts[2::2], strict=True)
    ]
    # A leak ends a program without a word from cmocka.
    is_good = program["result"] == "OK" and tests
    if not is_good and all(outcome != "failed" for _, outcome, _ in tests):
        tests.append((name, "failed", message))
    return tests


def main():
    log, file = map(pathlib.Path, sys.argv[1:])
    junit.write(file, [test for program in records(log) for test in tests_of(program)])


if __name__ == "__main__":
    main()
