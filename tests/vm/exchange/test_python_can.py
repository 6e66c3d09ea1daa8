"""python-can on csocket: each scenario is a separate program, in which csocket is socket."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("can_buses.py")
SECONDS = 120

SCENARIOS = (
    "frames",
    "both_ways",
    "filters",
    "notifier",
    "cyclic",
    "in_a_loop",
    "no_such_interface",
)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, vcans):
    if importlib.util.find_spec("can") is None:
        pytest.skip("no python-can from PyPI")
    result = subprocess.run(
        [sys.executable, "-m", "csocket", PROGRAM, scenario, vcans[0]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stdout
