"""Stock and csocket do the same with the same arguments.

Each case runs on both modules, in fresh and equal environments. The results must be equal, or the
exceptions must have the same class, errno and text. The audit events must be equal too.
DIFFERENTIAL_MODULE names another module than csocket. With `socket`, stock is compared with itself,
which shows the cases that vary without a reason.
"""

import os
import pathlib
import re
import sys

import pytest

from . import (
    borrowed,
    borrowed_files,
    constructors,
    files,
    functions,
    generated,
    methods,
    names,
    refused,
    resolver,
    subclasses,
    system,
    transfers,
    truncated,
)
from .intended import INTENDED
from .intended_messages import INTENDED_MESSAGES
from .sequences import SEQUENCES

if sys.platform == "win32":
    from .intended_windows import INTENDED_ON_WINDOWS, MESSAGES_ON_WINDOWS
    from .runner_windows import running

    REAL = INTENDED_ON_WINDOWS + MESSAGES_ON_WINDOWS
    INTENDED, INTENDED_MESSAGES = INTENDED_ON_WINDOWS + INTENDED, MESSAGES_ON_WINDOWS + INTENDED_MESSAGES
else:
    from .runner import running

    REAL = INTENDED + INTENDED_MESSAGES

NAME = os.environ.get("DIFFERENTIAL_MODULE", "csocket")
DIFFERENCES = pathlib.Path(__file__).parents[3] / "docs" / "differences.md"
SHOWN = 25


def title(signature):
    """The name of the called function, without the receiver or the lambda around it."""
    call = re.sub(r"\(lambda [^:]*: ([\w.]+)\(.*", r"\1", signature.call)
    call = re.sub(r"socket\.(SocketIO)\(.*?\)", r"\1", call)
    return call.removeprefix("socket.") if "SocketIO" in call else re.sub(r"^\w+\.", "", call)


def can_run(text):
    """Whether the system has what the case needs."""
    return not (system.LACKING and re.search(system.LACKING, text))


def tables():
    """The cases by the function they call: lists of texts by name, each case once."""
    found = {}
    for module in (functions, resolver, constructors, methods, transfers, files):
        for subject, signatures in module.SUBJECTS.items():
            for signature in signatures:
                found.setdefault(f"{subject}: {title(signature)}", []).extend(signature.cases())
    for module in (generated, refused, subclasses, borrowed, borrowed_files, truncated, names):
        for subject, make in module.SUBJECTS.items():
            found[f"{module.__name__.rpartition('.')[2]}: {subject}"] = list(make())
    found["sequences"] = list(SEQUENCES)
    return {name: list(dict.fromkeys(filter(can_run, texts))) for name, texts in found.items()}


TABLES = tables()
USED = set()
COUNTED = {}


@pytest.fixture(scope="module")
def pairs_of_outcomes():
    with running("socket", NAME) as pairs:
        yield pairs


def intended(rows, text, expected, found):
    """Whether a row of the table allows this difference."""
    for row in rows:
        if row.covers(text, expected, found):
            USED.add(row)
            return True
    return False


@pytest.mark.parametrize("name", TABLES)
def test_same(name, pairs_of_outcomes):
    different = []
    outcomes = pairs_of_outcomes(TABLES[name])
    for text, (stock, here) in zip(TABLES[name], outcomes, strict=True):
        # If the outcomes differ, the texts may differ too.
        part, rows = (0, INTENDED) if stock[0] != here[0] else (1, INTENDED_MESSAGES)
        expected, found = stock[part], here[part]
        if expected != found and not intended(rows, text, expected, found):
            different.append(f"{text}\n    stock: {expected[:300]}\n    here:  {found[:300]}")
    COUNTED[name] = len(TABLES[name])
    print(f"{len(TABLES[name])} calls compared")
    if different:
        shown = "\n".join(different[:SHOWN])
        pytest.fail(
            f"{len(different)} of {len(TABLES[name])} calls differ:\n{shown}", pytrace=False
        )


def test_count():
    """There are several thousand different calls."""
    total = sum(map(len, TABLES.values()))
    print(f"{total} calls in {len(TABLES)} groups")
    assert total > 5000


@pytest.mark.skipif(NAME == "socket", reason="stock is compared with itself")
@pytest.mark.parametrize("row", REAL, ids=lambda row: row.heading)
def test_intended_difference_is_documented_and_real(row):
    headings = [
        line.lstrip("# ").strip()
        for line in DIFFERENCES.read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    assert row.heading in headings
    if row.applies and set(COUNTED) == set(TABLES):
        assert row in USED, "no case differs as this row says"
