"""The Debian packages: built in a clean copy, passed by lintian, and used."""

import gzip
import re
import shutil

import pytest
from building import CONSUMER, ROOT, output, run

# That of a build machine: without the virtual environment, and what make exports.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
NAMES = "libcsocket0", "libcsocket-dev", "python3-csocket"
# A source archive has such files. `make docs` tests that it has all of them.
MAN_PAGES = {
    "man3/csock_open.3": ".so man3/csock_socket.3\n",
    "man3/csock_socket.3": ".TH csock_socket 3\n.SH NAME\ncsock_socket, csock_open \\- sockets\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the packages."""
    if not shutil.which("dpkg-checkbuilddeps"):
        pytest.skip("no dpkg-dev")
    if (missing := run("dpkg-checkbuilddeps")).returncode:
        pytest.skip(missing.stdout.strip().rpartition(": ")[2] + " are not installed")
    copy = tmp_path_factory.mktemp("debian") / "csocket"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("build", ".git", ".nox", ".venv*"))
    for name, text in MAN_PAGES.items():
        (copy / "docs" / "man" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "docs" / "man" / name).write_text(text)
    output("env", "-i", *settings(), "dpkg-buildpackage", "-us", "-uc", "-b", cwd=copy)
    return copy.parent


def settings(**more):
    return [f"{name}={value}" for name, value in (ENVIRONMENT | more).items()]


@pytest.fixture(scope="module")
def unpacked(built):
    """A folder with the files of all packages."""
    for name in NAMES:
        (package,) = built.glob(f"{name}_*.deb")
        output("dpkg-deb", "--extract", package, built / "root")
    return built / "root"


def test_lintian_finds_nothing(built):
    if not shutil.which("lintian"):
        pytest.skip("no lintian")
    (changes,) = built.glob("*.changes")
    found = output("lintian", "--allow-root", "--fail-on=error,warning", changes)
    assert not re.search("^[EW]: ", found, re.MULTILINE), found


def test_the_version_is_that_of_the_project(built):
    header = (ROOT / "include" / "csocket" / "version.h").read_text()
    version = re.search('CSOCK_VERSION_TEXT "(.*)"', header)[1]
    for name in NAMES:
        assert [path.name for path in built.glob(f"{name}_*.deb")][0].split("_")[1] == version


def test_a_program_depends_on_the_version_that_it_needs(built):
    """debian/libcsocket0.symbols has each version of symbols that the library has."""
    (package,) = built.glob("libcsocket0_*.deb")
    output("dpkg-deb", "--control", package, built / "control")
    listed = set(re.findall(r"@(\S+) \S+$", (built / "control" / "symbols").read_text(), re.MULTILINE))
    script = (ROOT / "src" / "csocket.map").read_text()
    assert listed == set(re.findall(r"^(\w\S*) \{", script, re.MULTILINE))


def test_man_pages_of_a_source_archive_are_in_the_package(unpacked):
    folder = unpacked / "usr" / "share" / "man" / "man3"
    assert b"csock_open" in gzip.decompress((folder / "csock_socket.3.gz").read_bytes())
    assert (folder / "csock_open.3.gz").resolve() == (folder / "csock_socket.3.gz").resolve()


def test_a_c_program(unpacked, tmp_path):
    (pkgconfig,) = unpacked.glob("usr/lib/*/pkgconfig")
    where = {"PKG_CONFIG_SYSROOT_DIR": str(unpacked), "PKG_CONFIG_PATH": str(pkgconfig)}
    flags = output("pkg-config", "--cflags", "--libs", "csocket", **where).split()
    path = f"-I{unpacked}/usr/include", f"-L{pkgconfig.parent}"
    output("cc", CONSUMER, "-o", tmp_path / "consumer", *path, *flags)
    output(tmp_path / "consumer", LD_LIBRARY_PATH=str(pkgconfig.parent))


def test_a_python_program(unpacked, tmp_path):
    program = "import csocket as s; a, b = s.socketpair(); a.send(b'hello'); print(s, b.recv(5))"
    path = settings(PYTHONPATH=unpacked / "usr/lib/python3/dist-packages")
    done = output("env", "-i", *path, "/usr/bin/python3", "-B", "-c", program, cwd=tmp_path)
    assert f"{unpacked}" in done and "b'hello'" in done
