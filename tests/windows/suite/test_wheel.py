"""The wheel as the interpreter's pip has installed it."""

import base64
import hashlib
import importlib.metadata
import sys
import zipfile
from pathlib import Path

import pefile
import pytest

import csocket

PACKAGE = Path(__file__).parents[3] / "python" / "csocket"
TAG = "cp{}{}".format(*sys.version_info)
# What Windows 10 has, beside the UCRT (api-ms-win-crt-...) and the interpreter.
SYSTEM = {"iphlpapi.dll", "kernel32.dll", "ws2_32.dll"}


@pytest.fixture
def wheel():
    return importlib.metadata.distribution("csocket")


def test_files(wheel):
    names = {file.as_posix() for file in wheel.files}
    sources = (path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("*.py"))
    assert names >= {path.as_posix() for path in sources}
    stubs = {"csocket/__init__.pyi", "csocket/_csocket.pyi", "csocket/py.typed"}
    assert names >= stubs | {f"csocket/_csocket.{TAG}-win_amd64.pyd"}
    assert not [name for name in names if name.endswith((".h", ".pc", ".a", ".dll", ".lib", ".pdb"))]


def test_the_file_is_compressed():
    with zipfile.ZipFile(next(Path("dist").glob(f"csocket-*-{TAG}-{TAG}-win_amd64.whl"))) as file:
        extension = file.getinfo(f"csocket/_csocket.{TAG}-win_amd64.pyd")
        assert extension.compress_size < extension.file_size * 2 / 3


def test_hashes(wheel):
    for file in wheel.files:
        if file.hash:
            digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value
            assert file.size == len(file.read_binary())


def test_description(wheel):
    described = wheel.read_text("WHEEL").splitlines()
    assert f"Tag: {TAG}-{TAG}-win_amd64" in described
    assert "Root-Is-Purelib: false" in described
    assert wheel.metadata["Requires-Python"] == ">=3.11"
    assert "csocket" in wheel.metadata.get_payload()


def test_only_libraries_of_the_system_are_needed():
    """And the interpreter's own C library, as another one would have another errno."""
    needed = {entry.dll.decode().lower() for entry in pefile.PE(csocket._csocket.__file__).DIRECTORY_ENTRY_IMPORT}
    runtime = {name for name in needed if name.startswith("api-ms-win-crt-")}
    assert runtime
    assert needed - runtime <= SYSTEM | {"python{}{}.dll".format(*sys.version_info)}


def test_hardening():
    """Addresses are random, and data cannot run."""
    flags = pefile.PE(csocket._csocket.__file__).OPTIONAL_HEADER
    assert flags.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE
    assert flags.IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA
    assert flags.IMAGE_DLLCHARACTERISTICS_NX_COMPAT
