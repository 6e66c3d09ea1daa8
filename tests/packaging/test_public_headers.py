"""Each public header alone, and a program, in the standards of C and C++, without a warning."""

import shutil

import pytest
from building import CONSUMER, ROOT, output

HEADERS = sorted(path.name for path in (ROOT / "include" / "csocket").glob("*.h"))
WARNINGS = "-Werror -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wundef".split()
OF_C = ["-Wstrict-prototypes", "-Wmissing-prototypes", "-Wold-style-definition", "-Wc++-compat"]
OF_CXX = ["-Wold-style-cast", "-Wzero-as-null-pointer-constant"]
COMPILERS = [
    *((compiler, standard, OF_C) for compiler in ("gcc", "clang") for standard in ("c11", "c17", "c2x")),
    *((compiler, standard, OF_CXX) for compiler in ("g++", "clang++") for standard in ("c++17", "c++20")),
]


@pytest.fixture(params=COMPILERS, ids=lambda param: f"{param[0]}-{param[1]}")
def compiler(request):
    """The command of a compiler that knows this standard alone."""
    name, standard, warnings = request.param
    if not shutil.which(name):
        pytest.skip(f"no {name}")
    language = "c++" if standard.startswith("c++") else "c"
    include = f"-I{ROOT}/include"
    return [name, f"-std={standard}", f"-x{language}", *WARNINGS, *warnings, include]


def test_each_header_alone(compiler, tmp_path):
    assert "csocket.h" in HEADERS
    for name in HEADERS:
        source = tmp_path / f"includes_{name}.c"
        # The second time shows that the header may be included twice.
        source.write_text(f"#include <csocket/{name}>\n" * 2 + "extern int not_empty;\n")
        output(*compiler, "-fsyntax-only", source)


def test_a_program(compiler, prefix, tmp_path):
    program = tmp_path / "consumer"
    archive = prefix / "lib" / "libcsocket.a"
    output(*compiler, CONSUMER, "-o", program, "-xnone", archive, "-pthread")
    output(program)


def test_csocket_h_has_all_headers():
    text = (ROOT / "include" / "csocket" / "csocket.h").read_text()
    missing = {name for name in HEADERS if f'"csocket/{name}"' not in text}
    # Only the library for Windows has what windows.h declares, and only that installs it.
    assert missing == {"api.h", "csocket.h", "windows.h"}
