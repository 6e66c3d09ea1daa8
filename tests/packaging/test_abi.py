"""The library's binary interface against that of the last release (docs/abi.md)."""

import re
import shutil
import subprocess

import pytest
from building import ROOT, install, output, run

SUPPRESSIONS = ROOT / "tests" / "packaging" / "abi.suppr"
SOURCES = "include src install docs examples meson.build meson_options.txt python/meson.build"
SOURCES += " README.md CHANGELOG.md LICENSE"

pytestmark = pytest.mark.skipif(
    not shutil.which("abidiff"), reason="no abidiff (Debian: abigail-tools)"
)


def incompatibilities(old, new):
    """What abidiff finds that would break a program which was linked with the old library."""
    headers = "--headers-dir1", old / "include", "--headers-dir2", new / "include"
    options = "--drop-private-types", "--no-added-syms", "--suppressions", SUPPRESSIONS
    libraries = old / "lib" / "libcsocket.so", new / "lib" / "libcsocket.so"
    done = run("abidiff", *options, *headers, *libraries)
    assert not done.returncode & 3, done.stdout  # abidiff itself failed
    return done.stdout if done.returncode else ""


def soname(prefix):
    dynamic = output("readelf", "--wide", "--dynamic", prefix / "lib" / "libcsocket.so")
    return re.search(r"soname: \[(.*)\]", dynamic)[1]


def versions(prefix):
    """The functions of each symbol version."""
    symbols = output("nm", "-D", "--defined-only", prefix / "lib" / "libcsocket.so")
    functions = {}
    for name, version in re.findall(r"(\w+)@@(\S+)", symbols):
        functions.setdefault(version, set()).add(name)
    return functions


@pytest.fixture
def changed(tmp_path):
    """A function that installs a copy of the library with changes to its files."""

    def install_changed(*changes):
        for name in SOURCES.split():
            copy = tmp_path / "source" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, copy)
        for name, old, new in changes:
            path = tmp_path / "source" / name
            text = path.read_text()
            assert text.count(old) == 1
            path.write_text(text.replace(old, new))
        install(tmp_path / "source", tmp_path / "build", tmp_path / "prefix")
        return tmp_path / "prefix"

    return install_changed


def test_additions_are_compatible(prefix, changed):
    new = changed(
        ("include/csocket/address.h", "uint32_t minimum_length;", "uint32_t minimum_length; int added;"),
        ("include/csocket/deadline.h", "CSOCK_API int64_t csock_clock", "CSOCK_API int csock_added(void);\nCSOCK_API int64_t csock_clock"),
        ("src/deadline.c", "int64_t csock_clock", "int csock_added(void) { return 0; }\nint64_t csock_clock"),
    )
    assert incompatibilities(prefix, new) == ""


def test_other_changes_are_found(prefix, changed):
    new = changed(
        ("include/csocket/resolver.h", "struct csock_hints {\n", "struct csock_hints {\n\tint added;\n"),
        ("include/csocket/socket.h", "void *reserved;", "void *reserved[2];"),
        ("src/csocket.map", "csock_*;\n", "csock_[!l]*;\n"),
    )
    found = incompatibilities(prefix, new)
    for name in ("csock_hints", "struct csock_socket", "csock_listen"):
        assert re.search(rf"\b{name}\b", found), found


def test_the_last_release_is_compatible(prefix, tmp_path):
    """Programs that were linked with it run with this library, unless its soname is another."""
    tags = run("git", "tag", "--list", "--sort=-version:refname", "v*")
    if tags.returncode or not tags.stdout:
        pytest.skip("no tag of a release")
    archive = subprocess.run(
        ["git", "archive", tags.stdout.split()[0]], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    (tmp_path / "source").mkdir()
    subprocess.run(["tar", "x"], cwd=tmp_path / "source", input=archive.stdout, check=True)
    install(tmp_path / "source", tmp_path / "build", tmp_path / "prefix")
    if soname(tmp_path / "prefix") == soname(prefix):
        assert incompatibilities(tmp_path / "prefix", prefix) == ""
        old, new = versions(tmp_path / "prefix"), versions(prefix)
        assert {version: new.get(version) for version in old} == old


def test_each_struct_has_its_kind():
    """docs/abi.md names every public struct, so nobody forgets to decide whether it may grow."""
    kinds = re.split(r"^\*\*", (ROOT / "docs" / "abi.md").read_text().partition("## Structs")[2], flags=re.M)
    named = [set(re.findall(r"`(csock_\w+)`", kind)) - {"csock_protocol_probe"} for kind in kinds[1:]]
    text = "".join(path.read_text() for path in (ROOT / "include" / "csocket").glob("*.h"))
    defined = set(re.findall(r"^struct (\w+) \{", text, re.MULTILINE))
    assert sorted(name for names in named for name in names & defined) == sorted(defined)
    (grown,) = re.findall(r"name_regexp = \^csock_\((.*)\)\$", SUPPRESSIONS.read_text())
    assert {f"csock_{name}" for name in grown.split("|")} == named[0] & defined
