"""The names of the module on Linux: all of stock's, with their values and types."""

import _socket
import contextlib
import inspect
import pickle
import sys
from pathlib import Path

import pytest

import csocket

SURFACE = Path(__file__).parent / "data" / "surface-linux.tsv"

# Names without a value to compare. The tests of each subject check the rest.
IS_KIND = {
    "class": lambda found: isinstance(found, type),
    "exception": lambda found: isinstance(found, type) and issubclass(found, OSError),
    "function": lambda found: callable(found) and not isinstance(found, type),
    "PyCapsule": lambda found: type(found).__name__ == "PyCapsule",
}

PLAIN_TYPES = {"bool": bool, "int": int, "str": str}
ENUMS = ("AddressFamily", "SocketKind", "MsgFlag", "AddressInfo")

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
    if kind in IS_KIND:
        assert IS_KIND[kind](found)
        return
    expected_type = getattr(csocket, kind) if kind in ENUMS else PLAIN_TYPES[kind]
    assert type(found) is expected_type
    assert found == PARSE_VALUE.get(kind, parse_integer)(value)


@pytest.mark.parametrize("name, kind, value", [row for row in surface() if row[1] in ENUMS])
def test_member_bears_stock_name(name, kind, value):
    """If stock has a name for a value, the member has this name, and not one that stock lacks."""
    of_that_value = [row[0] for row in surface() if row[1] == kind and row[2] == value]
    assert getattr(csocket, name).name == min(of_that_value)


def test_names_are_public():
    names = {name for name, _, _ in surface()}
    assert names <= set(dir(csocket))
    # Stock does not list these either.
    assert names - set(csocket.__all__) == {"AddressInfo", "MsgFlag", "SocketIO"}


def test_no_name_twice():
    names = [name for name, _, _ in surface()]
    assert len(names) == len(set(names))


def test_numbers_of_the_base_module_are_plain_ints():
    """As in _socket, which csocket._csocket replaces."""
    for module in (csocket._csocket, _socket):
        found = module.getaddrinfo("127.0.0.1", 80)
        assert {type(number) for entry in found for number in entry[:3]} == {int}
        assert found == csocket.getaddrinfo("127.0.0.1", 80)
        with contextlib.closing(module.socket()) as sock:
            assert type(sock.family) is type(sock.type) is type(sock.proto) is int


@pytest.mark.parametrize("module", [csocket, csocket._csocket], ids=["csocket", "_csocket"])
def test_functions_pickle_by_name(module):
    functions = {name: value for name, value in vars(module).items() if inspect.isbuiltin(value)}
    assert {"getaddrinfo", "socketpair", "create_connection"} < functions.keys()
    for name, function in functions.items():
        if name not in ("__getattr__", "__dir__"):
            assert pickle.loads(pickle.dumps(function)) is function
