"""The public headers of libcsocket."""

import re
from pathlib import Path

import pytest

import csocket

HEADERS = sorted((Path(__file__).parents[2] / "include" / "csocket").glob("*.h"))
# A declaration or an inline function.
FUNCTION = re.compile(r"^(?:CSOCK_API|static inline)\b[^;{]*?\b(csock_\w+)\(", re.MULTILINE)


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.name)
def test_every_function_has_a_comment(header):
    text = header.read_text()
    without = [
        match[1]
        for match in FUNCTION.finditer(text)
        if not text[: match.start()].rstrip(" ").endswith("*/\n")
    ]
    assert without == []


# The build compares that of the project, and tests/c/version_test.c the parts.
def test_the_package_has_the_version_of_the_headers():
    text = (HEADERS[0].parent / "version.h").read_text()
    assert f'#define CSOCK_VERSION_TEXT "{csocket.__version__}"\n' in text
