"""The counts of a suite that ends early, from tests/conftest.py by tools/results.py."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).parents[1]
RESULTS = TESTS.parent / "tools" / "results.py"

SUITE = """
import os, time, pytest

def test_first():
    pass

@pytest.mark.skip(reason="not here")
def test_second():
    pass

@pytest.fixture
def broken_end():
    yield
    raise OSError

def test_third(broken_end):
    pass

def test_fourth():
    {last}

def test_fifth():
    pass
"""


def counted(folder, last, *options):
    """Run a suite whose fourth test runs this line. Return its counts, and the message about it."""
    (folder / "test_some.py").write_text(SUITE.format(last=last))
    pytest_run = [sys.executable, "-m", "pytest", "-p", "conftest", "--record=record", *options]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    subprocess.run(pytest_run, cwd=folder, env=environment, capture_output=True, check=False)
    reading = [sys.executable, RESULTS, "pytest", "Some", "record", "counts.json"]
    said = subprocess.run(reading, cwd=folder, capture_output=True, text=True, check=True).stdout
    result = json.loads((folder / "counts.json").read_text())
    return tuple(result[count] for count in ("passed", "failed", "skipped")), result["reasons"], said


def test_whole_suite(tmp_path):
    assert counted(tmp_path, "pass") == ((3, 1, 1), {"not here": 1}, "")


@pytest.mark.parametrize(
    ("last", "options"),
    [("os._exit(0)", ()), ("os.abort()", ()), ("time.sleep(99)", ("--limit=1",))],
    ids=["exit", "crash", "limit"],
)
def test_suite_that_ends_in_a_test(last, options, tmp_path):
    counts, reasons, said = counted(tmp_path, last, *options)
    assert (counts, reasons) == ((1, 2, 1), {"not here": 1})
    assert said == "Some: ended early, in test_some.py::test_fourth: 4 of 5 tests ran\n"


def test_suite_that_never_began(tmp_path):
    counts, _, said = counted(tmp_path, "pass", "--no-such-option")
    assert counts == (0, 1, 0)
    assert "Some: ended early, in the run: no test ran\n" in said
