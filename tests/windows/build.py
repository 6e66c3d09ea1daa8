"""Compiles for Windows with the cross files in cross/: the library's tests, and wheels."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "cross"))
import build_config
import fetch
import wine

COMPILERS = ("mingw", "zig")
# cmocka's own build needs CMake. Its one source file needs only these definitions.
CMOCKA = "-O2 -DHAVE_INTTYPES_H -DHAVE_MALLOC_H -DHAVE_SIGNAL_H -DHAVE_STRUCT_TIMESPEC".split()


def run(*command, **options):
    subprocess.run(list(map(str, command)), env=wine.environment(), check=True, **options)


def compile_cmocka(compiler):
    """Compile cmocka where pkg-config finds it; return the folder of its description."""
    folder = wine.BUILD / f"cmocka-{compiler}"
    description = folder / "cmocka.pc"
    if description.exists():
        return folder
    cc, ar = COMMANDS[compiler]
    if not shutil.which(cc[0]):
        raise wine.Missing(f"no {cc[0]} (Debian: gcc-mingw-w64-x86-64)")
    source = fetch.cmocka()
    folder.mkdir(exist_ok=True)
    run(*cc, *CMOCKA, f"-I{source}/include", "-c", source / "src/cmocka.c", "-o", folder / "cmocka.o")
    run(*ar, "rcs", folder / "libcmocka.a", folder / "cmocka.o")
    description.write_text(
        "Name: cmocka\nDescription: unit tests\nVersion: 1\n"
        f"Cflags: -I{source}/include\nLibs: -L{folder} -lcmocka\n"
    )
    return folder


COMMANDS = {
    "mingw": (["x86_64-w64-mingw32-gcc"], ["x86_64-w64-mingw32-gcc-ar"]),
    "zig": (
        [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu"],
        [sys.executable, "-m", "ziglang", "ar"],
    ),
}


def configured(name, compiler, *options):
    """The folder of a build with the cross files, configured once."""
    folder = wine.BUILD / f"{name}-{compiler}"
    if not (folder / "build.ninja").exists():
        cross = [f"--cross-file=cross/{file}.ini" for file in ("windows", compiler)]
        run("meson", "setup", *cross, "-Dlibrary=false", *options, folder, cwd=ROOT)
    return folder


def library_tests(compiler):
    """The folder where the library's tests are configured."""
    return configured(
        "c",
        compiler,
        f"-Dpkg_config_path={compile_cmocka(compiler)}",
        "-Dpython=disabled",
        # A debug build has checks of its own, which zig leaves out when it optimises.
        "-Dbuildtype=debugoptimized",
        "-Dc_args=-UNDEBUG",
        "-Dwerror=true",
    )


def describe(version):
    """Write what meson cannot ask the interpreter; return the file."""
    folder = fetch.interpreter(version)
    abi = version.replace(".", "")
    return build_config.write(
        wine.BUILD / f"python-{version}.json",
        version,
        platform="win-amd64",
        suffix=f".cp{abi}-win_amd64.pyd",
        headers=folder / "include",
        libpython=folder / f"libs/python{abi}.lib",
    )


def metadata(version):
    """The name of the wheel's files, and the text of its METADATA."""
    # make installs it with the tests' requirements.
    import pyproject_metadata
    from packaging.version import Version

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    described = pyproject_metadata.StandardMetadata.from_pyproject(project, ROOT)
    described.dynamic.remove("version")
    described.version = Version(version)
    return f"{described.name}-{version}", bytes(described.as_rfc822())


def pack(tree, tag, project_version):
    """Make a wheel of the tree, which holds the package; return its path."""
    name, text = metadata(project_version)
    info = tree / f"{name}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_bytes(text)
    head = "Wheel-Version: 1.0\nGenerator: csocket\nRoot-Is-Purelib: false\n"
    (info / "WHEEL").write_text(f"{head}Tag: {tag}\n")
    wheels = ROOT / "dist"
    wheels.mkdir(exist_ok=True)
    # It compresses in the order of the names, and with one date for all: the same files, the same wheel.
    packed = {**wine.environment(), "SOURCE_DATE_EPOCH": "1577836800"}
    command = [sys.executable, "-m", "wheel", "pack", "--dest-dir", wheels, tree]
    subprocess.run(list(map(str, command)), env=packed, check=True)
    return wheels / f"{name}-{tag}.whl"


def wheel(version):
    """Build the wheel for the interpreter; return its path."""
    # The options that pyproject.toml has for other systems.
    options = "-Dpython=enabled -Dtests=false -Db_ndebug=true".split()
    config = f"-Dpython.build_config={describe(version)}"
    folder = configured(f"wheel-{version}", "zig", config, *options)
    run("ninja", "--quiet", "-C", folder)
    tree = folder / "tree"
    run(*"meson install --no-rebuild --quiet --tags runtime,python-runtime --destdir".split(), tree, "-C", folder)
    packages = next(tree.rglob("csocket/__init__.py")).parents[1]
    facts = json.loads((folder / "meson-info/intro-projectinfo.json").read_text())
    abi = f"cp3{version.partition('.')[2]}"
    return pack(packages, f"{abi}-{abi}-win_amd64", facts["version"])
