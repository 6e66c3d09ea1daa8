#!/usr/bin/env python3
"""Write the constants of the lists beside this file into the stub of the Python package."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from generate import Constant, ListError, read_lists

HERE = Path(__file__).parent
STUB = HERE.parent.parent / "python" / "csocket" / "__init__.pyi"

# Everything in the stub after this line is made from the lists.
MARK = "# Written by src/constants/stub.py from the lists there, to the end of the file.\n"

# name, base, prefix of the members
ENUMS = [
    ("AddressFamily", "IntEnum", "AF_"),
    ("SocketKind", "IntEnum", "SOCK_"),
    ("MsgFlag", "IntFlag", "MSG_"),
    ("AddressInfo", "IntFlag", "AI_"),
]


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
    """The other constants: a paragraph for each prefix, at the end those that stand alone."""
    plain = [constant for constant in constants if enum_of(constant.name) is None]
    plain.sort(key=lambda constant: (prefix_of(constant), constant.name))
    lines = []
    alone = []
    for _, group in groupby(plain, key=prefix_of):
        annotated = [f"{name}: {type(value).__name__}" for name, value, _ in group]
        if len(annotated) == 1:
            alone += annotated
        else:
            lines += ["", *annotated]
    return lines + ["", *alone]


def stub_text(text: str, constants: list[Constant]) -> str:
    """The stub, with the constants as they are now."""
    written_by_hand, mark, _ = text.partition(MARK)
    if not mark:
        raise ListError(f"the stub lacks the line: {MARK.rstrip()}")
    lines = []
    for enum, base, _ in ENUMS:
        lines += enum_lines(enum, base, constants)
    lines += plain_lines(constants)
    return written_by_hand + mark + "\n".join(lines) + "\n"


def main() -> int:
    text = STUB.read_text(encoding="utf-8")
    try:
        new = stub_text(text, read_lists(sorted(map(str, HERE.glob("*.list")))))
    except (ListError, OSError) as error:
        print(f"stub.py: {error}", file=sys.stderr)
        return 1
    if new != text:
        STUB.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
