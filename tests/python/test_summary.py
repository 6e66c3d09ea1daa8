"""The sum of all suites, also of those that end badly: JUnit files and tests/summary.py."""

import json
import os
import pathlib
import subprocess
import sys

import junit
import pytest

TESTS = pathlib.Path(__file__).parents[1]
SUMMARY = TESTS / "summary.py"

SUITE = """
import os, time, pytest

def test_first():
    pass

@pytest.mark.skip(reason="not <here> & \\x1b")
def test_second():
    pass

@pytest.fixture
def broken_end():
    yield
    raise OSError("at its end")

def test_third(broken_end):
    assert not "twice"

@pytest.mark.parametrize("text", ["?>--<"])
def test_fourth(text):
    {last}

def test_fifth(broken_end):
    pass
"""
SECOND = "not <here> & \\x1b"
THIRD = "test_some.py::test_third: AssertionError: assert not 'twice'"
FIFTH = "test_some.py::test_fifth: OSError: at its end"
FOURTH = "test_some.py::test_fourth[? >--<]: the run ended in this test"


def summary(*arguments):
    """Its lines without those that are empty, and its exit status."""
    command = [sys.executable, SUMMARY, *arguments]
    done = subprocess.run(command, stdout=-1, stderr=subprocess.STDOUT, text=True, check=False)
    return list(filter(None, done.stdout.splitlines())), done.returncode


def run_suite(folder, last, *options):
    """Run a suite whose fourth test has this line; return its record."""
    (folder / "test_some.py").write_text(SUITE.format(last=last))
    record = folder / "results" / "some.xml"
    command = [sys.executable, "-m", "pytest", "-p", "conftest", f"--record={record}", *options]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return record


def write_suite(path):
    junit.write(path, [("test_good", "passed"), ("test_other", "skipped", "no kernel")])
    return path


def test_a_whole_suite(tmp_path):
    record = run_suite(tmp_path, "pass")
    assert summary(record) == (
        [
            "suite  passed  failed skipped",
            "some        2       2       1",
            "skipped, and why",
            "  some",
            f"        1  {SECOND}",
            "failed",
            f"  some: {THIRD}",
            f"  some: {FIFTH}",
            "2 passed, 2 failed, 1 skipped",
        ],
        1,
    )


@pytest.mark.parametrize(
    ("last", "options"),
    [
        ("os._exit(0)", ()),
        ("os.abort()", ()),
        ("os.kill(os.getpid(), 9)", ()),
        ("raise KeyboardInterrupt", ()),
        ("time.sleep(99)", ("--limit=1",)),
    ],
    ids=["exit", "crash", "kill", "interrupt", "limit"],
)
def test_a_suite_that_ends_in_a_test(last, options, tmp_path):
    lines, status = summary(run_suite(tmp_path, last, *options))
    assert lines[-4:] == [
        "failed",
        f"  some: {THIRD}",
        f"  some: {FOURTH}",
        "1 passed, 2 failed, 1 skipped",
    ]
    assert status == 1


def test_a_suite_that_cannot_be_collected(tmp_path):
    (tmp_path / "test_other.py").write_text("import no_such_module")
    lines, status = summary(run_suite(tmp_path, "pass"))
    assert lines[-2].startswith("  some: test_other.py: ImportError while importing test module")
    assert (lines[-1], status) == ("0 passed, 1 failed, 0 skipped", 1)


def test_a_suite_that_never_began(tmp_path):
    record = run_suite(tmp_path, "pass", "--no-such-option")
    lines, status = summary(record)
    assert lines[-2:] == [
        f"  some: {record}: no result: No such file or directory",
        "0 passed, 1 failed, 0 skipped",
    ]
    assert status == 1


@pytest.mark.parametrize(
    ("text", "passed", "trouble"),
    [
        ("", 0, "ended early: no element found: line 1, column 0"),
        ("Traceback", 0, "ended early: syntax error: line 1, column 0"),
        ("<testsuite/>", 0, "no test ran"),
        ('<testsuite><testcase name="a"/><testcase na', 1, "ended early: unclosed token"),
        ('<testsuite><testcase name="a"/>\n', 1, "ended early: no element found"),
    ],
    ids=["empty", "not XML", "no test", "cut in a line", "cut between lines"],
)
def test_a_file_that_is_not_whole(text, passed, trouble, tmp_path):
    file = tmp_path / "some.xml"
    file.write_text(text)
    lines, status = summary(file)
    assert lines[-2].startswith(f"  some: {file}: {trouble}")
    assert (lines[-1], status) == (f"{passed} passed, 1 failed, 0 skipped", 1)


def test_several_directories(tmp_path):
    """A file that is named as well as its directory counts once."""
    file = write_suite(tmp_path / "3.11" / "results" / "python.xml")
    write_suite(tmp_path / "3.13" / "results" / "python.xml")
    assert summary(tmp_path, file) == (
        [
            "suite        passed  failed skipped",
            "3.11 python       1       0       1",
            "3.13 python       1       0       1",
            "skipped, and why",
            "  3.11 python",
            "        1  no kernel",
            "  3.13 python",
            "        1  no kernel",
            "2 passed, 0 failed, 2 skipped",
        ],
        0,
    )


def test_a_suite_that_is_left_out(tmp_path):
    """Alone it is no success: nothing passed."""
    file = tmp_path / "vm.xml"
    assert summary("--left-out", "no <qemu>\1", file) == ([], 0)
    lines, status = summary(file)
    assert lines[-2:] == [
        "        1  suite left out: no <qemu>\\x01",
        "0 passed, 0 failed, 1 skipped",
    ]
    assert status == 1


def test_a_suite_that_ended_badly(tmp_path):
    """It counts a failure, but not a second one."""
    whole, missing = write_suite(tmp_path / "whole.xml"), tmp_path / "missing.xml"
    for reason in "exit status 3", "again":
        for file in whole, missing:
            assert summary("--failed", reason, file) == ([], 0)
    lines, status = summary(whole, missing)
    assert lines[-3:] == [
        "  whole: suite: exit status 3",
        "  missing: suite: exit status 3",
        "1 passed, 2 failed, 1 skipped",
    ]
    assert status == 1


def test_errors_are_failures(tmp_path):
    """Other programs write errors too, and a message as text."""
    file = tmp_path / "some.xml"
    cases = '<testcase name="a"><error>bad\nend</error></testcase><testcase name="b"><failure/></testcase>'
    file.write_text(f'<testsuites><testsuite name="tap">{cases}</testsuite></testsuites>')
    assert summary(file)[0][-3:] == [
        "  tap: a: bad",
        "  tap: b: no reason given",
        "0 passed, 2 failed, 0 skipped",
    ]


CMOCKA = """\
[ RUN      ] test_good
[       OK ] test_good
[ RUN      ] test_other
skip: no kernel
[  SKIPPED ] test_other
[ RUN      ] test_last
"""
GOOD_END = "[       OK ] test_last\n"
BAD_END = "[  FAILED  ] test_last\n"
COMPLAINT = "[  ERROR   ] --- 1 != 2\n[   LINE   ] --- a.c:9: Failure!\n"
LEAK = "==7==ERROR: LeakSanitizer: detected memory leaks\n"


@pytest.mark.parametrize(
    ("result", "status", "end", "stderr", "failures"),
    [
        ("OK", 0, GOOD_END, "", []),
        ("FAIL", 1, BAD_END, COMPLAINT, [": test_last: FAIL, exit status 1; 1 != 2; a.c:9: Failure!"]),
        ("FAIL", -11, "", "", [": test_last: FAIL, exit status -11"]),
        ("TIMEOUT", -15, "", "", [": test_last: TIMEOUT, exit status -15"]),
        ("OK", 0, "", "", [": test_last: OK, exit status 0"]),
        ("FAIL", 1, GOOD_END, LEAK, [": FAIL, exit status 1; LeakSanitizer: detected memory leaks"]),
    ],
    ids=["good", "failure", "crash", "limit", "early exit", "leak"],
)
def test_c_tests(result, status, end, stderr, failures, tmp_path):
    """Each test in a program of cmocka's counts, and one that meson calls bad has a failure."""
    log, file = tmp_path / "testlog.json", tmp_path / "c.xml"
    program = {"name": "csocket:some", "result": result, "returncode": status}
    program |= {"stdout": CMOCKA + end, "stderr": stderr}
    log.write_text(json.dumps(program) + "\n" + '{"name": "cut off')
    subprocess.run([sys.executable, TESTS / "c" / "to_junit.py", log, file], check=True)
    lines, _ = summary(file)
    assert lines[2:5] == ["skipped, and why", "  c", "        1  no kernel"]
    assert lines[5:-1] == ["failed"] * bool(failures) + [f"  c: some{failure}" for failure in failures]
    passed = 1 + (end == GOOD_END)
    assert lines[-1] == f"{passed} passed, {len(failures)} failed, 1 skipped"


def test_c_tests_that_meson_did_not_run(tmp_path):
    file = tmp_path / "c.xml"
    subprocess.run([sys.executable, TESTS / "c" / "to_junit.py", tmp_path / "none", file], check=True)
    lines, status = summary(file)
    assert lines[-2:] == [f"  c: {file}: no test ran", "0 passed, 1 failed, 0 skipped"]
    assert status == 1


@pytest.mark.parametrize("reason", ["", "-x", "a\rb\x9bc"])
def test_any_reason_can_be_printed(reason, tmp_path):
    file = tmp_path / "some.xml"
    summary(f"--left-out={reason}", file)
    lines, status = summary(file)
    text = ascii(f"suite left out: {reason}".strip())[1:-1]
    assert lines[-2:] == [f"        1  {text}", "0 passed, 0 failed, 1 skipped"]
    assert status == 1
