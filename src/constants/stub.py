#!/usr/bin/env python3
"""Write the constants of the lists beside this file into the stubs of the Python package."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from generate import Constant, ListError, read_lists

HERE = Path(__file__).parent
STUBS = HERE.parent.parent / "python" / "csocket"

# Everything in a stub after this line is made from the lists.
MARK = "# Written by src/constants/stub.py from the lists there, to the end of the file.\n"

# name, base, prefix of the members
ENUMS = [
    ("AddressFamily", "IntEnum", "AF_"),
    ("SocketKind", "IntEnum", "SOCK_"),
    ("MsgFlag", "IntFlag", "MSG_"),
    ("AddressInfo", "IntFlag", "AI_"),
]

# Public, but "from socket import *" does not import them.
NOT_IN_ALL = {"AddressInfo", "MsgFlag", "SocketIO", "gil_policy"}


def enum_of(name: str) -> str | None:
    """The enum that has the constant as a member: those with small letters are plain numbers."""
    for enum, _, prefix in ENUMS:
        if name.startswith(prefix) and name.isupper():
            return enum
    return None


def enum_lines(enum: str, base: str, constants: list[Constant]) -> list[str]:
    members = [constant for constant in constants if enum_of(constant.name) == enum]
    members.sort(key=lambda member: member.value)
    lines = ["", f"class {enum}({base}):"]
    for member in members:
        decimal = base == "IntEnum" and member.value < 0x100
        lines.append(f"    {member.name} = {member.value if decimal else hex(member.value)}")
    lines.append("")
    lines.extend(f"{member.name} = {enum}.{member.name}" for member in members)
    return lines


def prefix_of(constant: Constant) -> str:
    prefix, underscore, _ = constant.name.partition("_")
    return prefix + underscore


def plain_lines(constants: list[Constant]) -> list[str]:
    """Plain numbers and texts: a paragraph for each prefix, at the end those that stand alone."""
    lines = []
    alone = []
    ordered = sorted(constants, key=lambda constant: (prefix_of(constant), constant.name))
    for _, group in groupby(ordered, key=prefix_of):
        annotated = [f"{name}: {type(value).__name__}" for name, value, _ in group]
        if len(annotated) == 1:
            alone += annotated
        else:
            lines += ["", *annotated]
    return lines + ["", *alone]


def public_names(written_by_hand: str) -> set[str]:
    """What a stub declares: not what it imports, nor what is private."""
    names = set()
    for node in ast.parse(written_by_hand).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.add(ast.unparse(node.targets[0]))
        elif isinstance(node, ast.AnnAssign):
            names.add(ast.unparse(node.target))
    return {name for name in names if not name.startswith("_")}


def package_lines(written_by_hand: str, constants: list[Constant]) -> list[str]:
    """The end of the package's stub: enums, the other constants, and __all__."""
    lines = []
    for enum, base, _ in ENUMS:
        lines += enum_lines(enum, base, constants)
    lines += plain_lines([constant for constant in constants if enum_of(constant.name) is None])
    names = public_names(written_by_hand)
    names.update(enum for enum, _, _ in ENUMS)
    names.update(constant.name for constant in constants)
    names -= NOT_IN_ALL
    return [*lines, "", "__all__ = [", *(f'    "{name}",' for name in sorted(names)), "]"]


def rewrite(stub: Path, lines_after: Callable[[str], list[str]]) -> None:
    """Give the stub new lines after the mark, made from what stands before it."""
    text = stub.read_text(encoding="utf-8")
    written_by_hand, mark, _ = text.partition(MARK)
    if not mark:
        raise ListError(f"{stub.name} lacks the line: {MARK.rstrip()}")
    new = written_by_hand + mark + "\n".join(lines_after(written_by_hand)) + "\n"
    if new != text:
        stub.write_text(new, encoding="utf-8")


def main() -> int:
    try:
        constants = read_lists(sorted(map(str, HERE.glob("*.list"))))
        rewrite(STUBS / "__init__.pyi", lambda text: package_lines(text, constants))
        # No constant is a member of an enum there.
        rewrite(STUBS / "_csocket.pyi", lambda _: plain_lines(constants))
    except (ListError, OSError) as error:
        print(f"stub.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
