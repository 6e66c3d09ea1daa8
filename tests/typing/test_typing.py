"""The stubs against the running module, and the verdicts of type checkers on programs with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import csocket

pytest.importorskip("mypy", reason="mypy is not installed")
pytest.importorskip("pyright", reason="pyright is not installed")

HERE = Path(__file__).parent
STUBS = Path(csocket.__file__).parent
PROGRAMS = [HERE / "right_uses.py", HERE / "wrong_uses.py"]
SECONDS = 250


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function that runs a module of this interpreter, which must succeed."""
    folder = tmp_path_factory.mktemp("typing")
    # pyright asks the first python on the PATH where the packages are.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])

    def run(*arguments):
        result = subprocess.run(
            [sys.executable, "-m", *map(str, arguments)],
            cwd=folder,
            env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stdout

    return run


def test_stubs_are_those_of_the_module(run):
    # With a sitecustomize the allowed differences do not occur.
    allowed = ["--allowlist", HERE / "stubtest-allowlist.txt", "--ignore-unused-allowlist"]
    run("mypy.stubtest", *allowed, "csocket")


def test_stubs_by_mypy(run):
    run("mypy", "--strict", "-m", "csocket", "-m", "csocket._csocket")


def test_stubs_by_pyright(run):
    run("pyright", *STUBS.glob("*.pyi"))


def test_stubs_leave_nothing_unknown(run):
    run("pyright", "--verifytypes", "csocket", "--ignoreexternal")


def test_programs_by_mypy(run):
    run("mypy", "--strict", *PROGRAMS)


def test_programs_by_pyright(run):
    run("pyright", *PROGRAMS)
