"""What is installed for Windows: a DLL and an archive, and programs that Wine runs with them."""

import re
import shutil
import subprocess
import sys

import pytest
from building import CONSUMER, ROOT, flags, output

sys.path.append(str(ROOT / "tests" / "windows"))
import build as windows
import wine


@pytest.fixture(scope="module", params=windows.COMPILERS)
def compiler(request):
    """The command of a compiler, and its cross file."""
    command = windows.COMMANDS[request.param][0]
    if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"no {request.param}")
    return command, f"--cross-file=cross/{request.param}.ini"


@pytest.fixture(scope="module")
def build_folder(compiler, tmp_path_factory):
    """A build for a prefix, not compiled yet: the folders of both."""
    try:
        wine.make_prefix()
    except wine.Missing as missing:
        pytest.skip(str(missing))
    prefix, folder = tmp_path_factory.mktemp("prefix"), tmp_path_factory.mktemp("build")
    cross = "--cross-file=cross/windows.ini", compiler[1]
    options = "--libdir=lib", "-Dpython=disabled", "-Dtests=false", "-Dmanual=disabled", "-Dwerror=true"
    output("meson", "setup", "--prefix", prefix, *cross, *options, folder, ROOT, **wine.environment())
    return prefix, folder


@pytest.fixture(scope="module")
def installed(compiler, build_folder):
    """The installed library, and how to compile a program for it."""
    prefix, folder = build_folder
    output("meson", "install", "-C", folder, **wine.environment())
    return prefix, [*compiler[0], "-Wall", "-Wextra", "-Werror"]


def test_it_is_configured(build_folder):
    """By itself, because that alone takes long on a busy machine."""
    assert (build_folder[1] / "build.ninja").exists()


def run(program):
    output("wine64", program, **wine.environment())


@pytest.fixture(scope="module")
def exported(installed):
    table = output("objdump", "-p", installed[0] / "bin" / "libcsocket-0.dll")
    return re.findall(r"\b(cs\w+)$", table.partition("[Ordinal/Name Pointer] Table")[2], re.MULTILINE)


def test_the_dll_exports_the_interface_alone(exported):
    assert len(exported) > 50
    assert [name for name in exported if not name.startswith("csock_")] == []
    assert {"csock_open", "csock_io_control"} <= {*exported}


def test_the_archive_has_the_same_interface(installed, exported):
    listed = output("nm", "--extern-only", "--defined-only", installed[0] / "lib" / "libcsocket.a")
    assert set(re.findall(r" T (csock_\w+)$", listed, re.MULTILINE)) == {*exported}


def test_a_program_with_the_dll(installed):
    prefix, command = installed
    # Beside the DLL, where Windows finds it.
    program = prefix / "bin" / "consumer.exe"
    libraries = flags(prefix, "--libs")
    if "ziglang" in command:  # for -lcsocket it takes the archive
        libraries = [prefix / "lib" / "libcsocket.dll.a"]
    output(*command, "-o", program, CONSUMER, *flags(prefix, "--cflags"), *libraries)
    assert "libcsocket-0.dll" in output("objdump", "-p", program)
    run(program)


def test_a_program_with_the_archive(installed, tmp_path):
    prefix, command = installed
    archive, program = prefix / "lib" / "libcsocket.a", tmp_path / "consumer.exe"
    needed = [flag for flag in flags(prefix, "--static", "--libs") if flag != "-lcsocket"]
    # Without gcc's own DLL for the stack protector.
    output(*command, "-static", "-o", program, CONSUMER, *flags(prefix, "--cflags"), archive, *needed)
    assert "libcsocket" not in output("objdump", "-p", program)
    run(program)


@pytest.mark.skipif(not shutil.which("cmake"), reason="no cmake")
def test_the_cmake_package(installed, tmp_path):
    prefix, command = installed
    shutil.copytree(CONSUMER.parent / "cmake", tmp_path / "project")
    shutil.copy(CONSUMER, tmp_path / "project")
    system = f"-DCMAKE_SYSTEM_NAME=Windows -DCMAKE_PREFIX_PATH={prefix} -DCMAKE_BUILD_TYPE=Release"
    compiler = ";".join(map(str, command[:-3]))
    options = [*system.split(), f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_EXE_LINKER_FLAGS=-static"]
    output("cmake", "-S", tmp_path / "project", "-B", tmp_path / "build", *options)
    output("cmake", "--build", tmp_path / "build")
    for library in ("csocket", "static"):
        program = tmp_path / "build" / f"{library}_consumer.exe"
        uses_dll = "libcsocket-0.dll" in output("objdump", "-p", program)
        assert uses_dll == (library == "csocket")
        shutil.copy(prefix / "bin" / "libcsocket-0.dll", program.parent)
        run(program)
