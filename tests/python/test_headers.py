"""The public headers of libcsocket."""

import re
from pathlib import Path

import pytest

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
