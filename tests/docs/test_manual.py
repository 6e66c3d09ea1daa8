"""The C manual has every public name of the headers, and a man page for every function."""

import re
import shutil
import zlib

import pytest
from building import ROOT, output, run

HEADERS = "\n".join(path.read_text() for path in (ROOT / "include" / "csocket").glob("*.h"))
FUNCTION = re.compile(r"^(?:CSOCK_API|static inline|CSOCK_NONNULL)\b[^;{#]*?\b(csock_\w+)\(", re.MULTILINE)
OTHER = re.compile(
    r"^(?:#define (CSOCK_\w+)|(?:struct|enum) (\w+) \{|typedef .*\b(\w+);|\t(CSOCK_\w+)(?: = \d+)?,)", re.MULTILINE
)
STRUCT = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\nstruct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\t[^\t/*}].*?(\w+)(?:\[\w+\])?(?: __attribute__.*)?;", re.MULTILINE)


def functions():
    names = set(FUNCTION.findall(HEADERS))
    assert len(names) > 100
    return names


def others():
    return {"".join(names) for names in OTHER.findall(HEADERS)}


def fields():
    """The fields of all structs, as struct.field. A comment says which ones are the library's own."""
    for comment, struct, body in STRUCT.findall(HEADERS):
        if "library's own" not in comment:
            public = re.split("^.*library's own", body, flags=re.MULTILINE)[0]
            yield from {f"{struct}.{field}" for field in FIELD.findall(public) if field != "reserved"}


@pytest.fixture(scope="session")
def documented(manual):
    """The names in the manual, with their kinds."""
    names = (manual / "html" / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return dict(re.findall(r"^(\S+) c:(\w+) ", zlib.decompress(names).decode(), re.MULTILINE))


@pytest.fixture(scope="session")
def pages(manual):
    """The man pages, without those that only name another one."""
    files = sorted((manual / "man").glob("man?/*"))
    return [path for path in files if not path.read_text().startswith(".so ")]


def test_every_public_name_is_documented(documented):
    assert functions() - {name for name, kind in documented.items() if kind == "function"} == set()
    assert {*others(), *fields()} - documented.keys() == set()


def test_no_header_is_described_by_its_guard(documented):
    """Its first comment would belong to the guard, if no other comment came between them."""
    assert [name for name in documented if name.startswith("CSOCKET_")] == []


def test_every_function_has_a_man_page(manual):
    for name in functions():
        text = (manual / "man" / "man3" / f"{name}.3").read_text()
        if text.startswith(".so "):
            text = (manual / "man" / text.split()[1]).read_text()
        head, _, description = text.partition(".SH DESCRIPTION\n")
        assert re.search(rf"^\.SH NAME\n[^\\]*\b{name}\b", head, re.MULTILINE), name
        assert re.search(rf"^\\fB[^\n]*\b{name}\(", head, re.MULTILINE), name
        assert f"\\fB{name}\\fP(" in description, name


def test_every_type_has_a_man_page(manual):
    names = {name for name in others() if name.startswith("csock_")}
    assert {"csock_addr", "csock_domain", "csock_handle"} <= names
    assert [name for name in names if not (manual / "man" / "man3" / f"{name}.3").exists()] == []


def test_every_page_leads_to_the_others(pages):
    overview, *others = sorted(pages, key=lambda page: page.suffix, reverse=True)
    assert overview.name == "csocket.7" and len(others) > 20
    listed = overview.read_text().partition(".SH SEE ALSO")[2]
    for page in others:
        assert f"\\fB{page.stem}\\fP(3)" in listed
        assert "\\fBcsocket\\fP(7)" in page.read_text().partition(".SH SEE ALSO")[2]


@pytest.mark.parametrize(
    "command", ["lexgrog", "man --warnings --local-file", "mandoc -W error -T utf8"], ids=lambda text: text.split()[0]
)
def test_the_pages_are_well_formed(pages, command):
    """lexgrog reads what apropos and whatis find."""
    if not shutil.which(command.split()[0]):
        pytest.skip("no such program (Debian: man-db mandoc)")
    for page in pages:
        done = run(*command.split(), page, LC_ALL="C.UTF-8", MANWIDTH="80")
        assert done.returncode == 0 and "warning" not in done.stdout.lower(), done.stdout
