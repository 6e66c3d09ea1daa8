"""What a layer's sources may not know: docs/architecture.md says where it belongs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("include", "src", "python/src")
    for path in (ROOT / folder).rglob("*.[ch]")
)
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
# POSIX has these four. All others are known to their file and their row alone.
SPECIAL_FAMILY = re.compile(r"\bAF_(?!INET\b|INET6\b|UNIX\b|UNSPEC\b)\w+")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def code_of(path):
    return COMMENT_OR_STRING.sub("", path.read_text())


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_families_are_known_to_their_rows_alone(path):
    if not name_of(path).startswith(("src/family/", "src/platform/")):
        assert SPECIAL_FAMILY.findall(code_of(path)) == []


CONDITION = re.compile(r"^\s*#\s*(?:if|ifdef|ifndef|elif|else)\b.*", re.MULTILINE)
GUARD = re.compile(r"\A\s*#ifndef (\w+)\n#define \1\n")
# api.h has the linkage of the public functions, system.h the types that differ by system.
HAVE_CONDITIONS = (
    "src/platform/",
    "python/src/compat.h",
    "include/csocket/api.h",
    "include/csocket/system.h",
)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_conditions_stand_where_systems_and_compilers_differ(path):
    if not name_of(path).startswith(HAVE_CONDITIONS):
        code = GUARD.sub("", code_of(path).lstrip())
        assert CONDITION.findall(code) == []


CONTRACT = re.compile(r"\b(csi_platform_\w+)\(")
# posix.c is a part of both.
IMPLEMENTATIONS = {
    "linux": ("linux*.c", "posix*.c"),
    "unsupported": ("unsupported.c", "posix.c"),
    "windows": ("windows*.c",),
}


@pytest.mark.parametrize("system", IMPLEMENTATIONS)
def test_each_system_has_the_whole_contract(system):
    platform = ROOT / "src" / "platform"
    sources = [path for pattern in IMPLEMENTATIONS[system] for path in platform.glob(pattern)]
    defined = re.compile(r"^\w[\w \*]*\b(csi_platform_\w+)\([^;{]*\)\n\{", re.MULTILINE)
    there = {name for path in sources for name in defined.findall(path.read_text())}
    wanted = set(CONTRACT.findall(code_of(platform / "platform.h")))
    assert len(wanted) > 30
    assert wanted - there == set()
