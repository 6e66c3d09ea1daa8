"""The manual of libcsocket by Sphinx: `make docs` builds it as HTML and as man pages.

The comments of include/csocket are its text. docs/c has a page for each header, docs/c-api.md the overview.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
INCLUDE = HERE.parent / "include"
sys.path.insert(0, str(HERE / "extensions"))

project = "libcsocket"
author = "The csocket authors"
version = release = re.search(
    'CSOCK_VERSION_TEXT "(.*)"', (INCLUDE / "csocket" / "version.h").read_text()
)[1]

extensions = ["myst_parser", "hawkmoth", "hawkmoth.ext.javadoc", "prose", "manpages"]
root_doc = "c/index"
include_patterns = ["c/**", "c-api.md", "abi.md"]
html_theme = "alabaster"
highlight_language = "c"
primary_domain = "c"
smartquotes = False
today_fmt = "%Y-%m-%d"

hawkmoth_root = str(INCLUDE)
hawkmoth_compiler = "cc"  # its standard headers
hawkmoth_clang = [f"-I{INCLUDE}", "-D_GNU_SOURCE"]
hawkmoth_transform_default = "javadoc"

# Names that the C library or the build defines.
OF_OTHERS = {
    "c:identifier": "bool int64_t size_t ssize_t uint8_t uint32_t uint64_t uintptr_t",
    "c:data": "CSOCK_BUILD CSOCK_SHARED",
}
nitpick_ignore = [(role, name) for role, names in OF_OTHERS.items() for name in names.split()]

# The overview is csocket(7), and the page of a header csock_SUBJECT(3).
subjects = sorted({page.stem for page in HERE.glob("c/*.rst")} - {"index"})
man_make_section_directory = True
man_pages = [
    ("c-api", "csocket", "sockets of all families, with deadlines", [], 7),
    *((f"c/{subject}", f"csock_{subject}", "", [], 3) for subject in subjects),
]
