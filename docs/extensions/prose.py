"""The comments of the headers as Hawkmoth takes them.

They are plain prose: names become links here, and symbols are just text. A comment says "csock_open", "AF_UNIX"
or "getaddrinfo(3)" without markup. A csock_ name that does not exist is a warning of Sphinx (-n).

What the other pages write as code becomes a link too, if it is the name of a header or of something in one.
Doxygen's comments after fields ("int family; /**< AF_* */") come before them in a copy of the headers.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

AFTER = re.compile(r"^(\s+)(\S.*[;,]) +/\*\*<(.*\*/)$", re.MULTILINE)
TOKEN = re.compile(
    r"""
    (?P<header> csocket/(?!csocket)(?P<subject>\w+)\.h )
  | (?P<manpage> \b[a-z]\w*\([1-8]\) )
  | (?P<name> \b(?:csock|CSOCK)_\w+(?:\.\w+)? )
  | (?P<constant> \b(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9*]|E[A-Z0-9]{3,}|NULL|POLL[A-Z]+|SIG[A-Z]+)(?!\w) )
  | (?P<symbol> [\\*`|] | _(?!\w) )
    """,
    re.VERBOSE,
)
IN_ROLES = {
    "header": r"\\ :doc:`csocket/\g<subject>.h </c/\g<subject>>`\\ ",
    "manpage": r"\\ :manpage:`\g<manpage>`\\ ",
    "name": r"\\ :c:data:`\g<name>`\\ ",
    "constant": r"\\ ``\g<constant>``\\ ",
    "symbol": r"\\\g<symbol>",
}


def mark_up(app, lines, transform, options):
    in_code = False
    for number, line in enumerate(lines):
        in_code = in_code != bool(re.match(r"\s*@(end)?code", line))
        if not in_code:
            lines[number] = TOKEN.sub(lambda found: found.expand(IN_ROLES[found.lastgroup]), line)


def copy_headers(app, config):
    """Lines keep their numbers, for warnings."""
    copies = Path(app.doctreedir, "include")
    for header in Path(config.hawkmoth_root).rglob("*.h"):
        copy = copies / header.relative_to(config.hawkmoth_root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(AFTER.sub(r"\1/**\3 \2", header.read_text()))
    config.hawkmoth_root = str(copies)


def link_code(app, document):
    """In Markdown, link `socket.h`, `csock_open` and `csock_open()`."""
    for code in list(document.findall(nodes.literal)):
        name = re.fullmatch(r"(?:csocket/)?(\w+)\.h|((?:csock|CSOCK)_\w+)(?:\(\))?", code.astext())
        if not name or isinstance(code.parent, (addnodes.pending_xref, nodes.reference)):
            continue
        options = {"refdoc": app.env.docname, "refexplicit": True}
        if name[2]:
            options |= {"refdomain": "c", "reftype": "data", "reftarget": name[2], "refwarn": False}
        elif f"c/{name[1]}" in app.env.found_docs:
            options |= {"refdomain": "std", "reftype": "doc", "reftarget": f"/c/{name[1]}", "refwarn": True}
        else:
            continue
        code.replace_self(addnodes.pending_xref("", code.deepcopy(), **options))


def setup(app):
    app.connect("doctree-read", link_code)
    app.connect("config-inited", copy_headers)
    app.connect("hawkmoth-process-docstring", mark_up, priority=400)  # before javadoc's
    return {"parallel_read_safe": True}
