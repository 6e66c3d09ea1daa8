"""The differential test of tests/python, whose cases are the same on every system."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "python"))
from differential.test_differential import *  # noqa: F403
