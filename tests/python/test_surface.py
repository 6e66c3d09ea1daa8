"""The names of the module on Linux: all of them, with their values and types."""

import sys
from pathlib import Path

import pytest

import csocket

SURFACE = Path(__file__).parent / "data" / "surface-linux.tsv"

# The kinds that say only that the name is there; the tests of each subject say the rest.
EXISTENCE_ONLY = {"class", "exception", "function"}

PARSE_VALUE = {
    "bool": lambda text: {"True": True, "False": False}[text],
    "str": str,
}


def parse_integer(text):
    return int(text, 0)


def surface():
    with open(SURFACE, encoding="utf-8") as lines:
        header, *rows = (line.rstrip("\n").split("\t") for line in lines)
    assert header == ["name", "kind", "value"]
    return rows


pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the list has Linux's names and values"
)


@pytest.mark.parametrize("name, kind, value", surface())
def test_name(name, kind, value):
    assert hasattr(csocket, name), "missing"
    found = getattr(csocket, name)
    if kind in EXISTENCE_ONLY:
        return
    assert type(found).__name__ == kind
    if kind != "PyCapsule":
        assert found == PARSE_VALUE.get(kind, parse_integer)(value)


def test_no_name_twice():
    names = [name for name, _, _ in surface()]
    assert len(names) == len(set(names))
