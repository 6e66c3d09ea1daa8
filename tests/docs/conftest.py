"""The C manual, built without a warning."""

import shutil
import sys

import pytest
from building import ROOT, output


@pytest.fixture(scope="session")
def manual():
    """The folder that has it as html and as man. A name that does not exist is a warning too (-n)."""
    folder = ROOT / "build" / "docs"
    shutil.rmtree(folder / "man", ignore_errors=True)  # there may be aliases of functions that have gone
    for builder in ("html", "man"):
        options = "-nqW", "--keep-going", "-d", folder / "doctrees", "-b", builder
        output(sys.executable, "-m", "sphinx", *options, ROOT / "docs", folder / builder)
    return folder
