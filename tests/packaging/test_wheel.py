"""pip installs the project from its source into a fresh environment."""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
# Uses the installed package, and lists its files.
LOOK = """\
import importlib.metadata, csocket
left, right = csocket.socketpair()
with left, right:
    left.sendall(b"hello")
    assert right.recv(5) == b"hello"
print(*importlib.metadata.files("csocket"), sep="\\n")
"""


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, stdout=-1, stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An interpreter with pip's csocket."""
    folder = tmp_path_factory.mktemp("wheel")
    python = folder / "bin" / "python"
    made = run(sys.executable, "-m", "venv", folder, cwd=ROOT)
    assert made.returncode == 0, made.stdout
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--timeout", "5", "--retries", "2"]
    if run(*pip, "download", "--no-deps", "--dest", folder, "meson-python", cwd=folder).returncode:
        pytest.skip("no PyPI, where pip gets what builds the package")
    installed = run(*pip, "install", ROOT, cwd=ROOT)
    assert installed.returncode == 0, installed.stdout
    return python


def test_the_package_has_its_files_and_works(python, tmp_path):
    done = run(python, "-c", LOOK, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    files = set(done.stdout.split())
    stubs = {"csocket/__init__.pyi", "csocket/_csocket.pyi", "csocket/py.typed"}
    assert files >= stubs | {"csocket/__init__.py"}
    assert [name for name in files if name.startswith("csocket/_csocket.c")]
    of_the_library = (".h", ".pc", ".a")
    assert [name for name in files if "libcsocket" in name or name.endswith(of_the_library)] == []
