"""Builds the library's tests and the extension for another processor, with Debian's cross compiler.
The compilers and the roots of the machines are unpacked into a cache, and not installed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "cross"), str(ROOT / "tests" / "vm")]
import build_config
from debian import Packages, cached

# The prefix of Debian's compiler, meson's name for the processor, and the byte order.
PROCESSORS = {
    "s390x": ("s390x-linux-gnu", "s390x", "big"),
    "ppc64el": ("powerpc64le-linux-gnu", "ppc64", "little"),
    "mips64el": ("mips64el-linux-gnuabi64", "mips64", "little"),
    "armhf": ("arm-linux-gnueabihf", "arm", "little"),
    "arm64": ("aarch64-linux-gnu", "aarch64", "little"),
    "i386": ("i686-linux-gnu", "x86", "little"),
}
CROSS_FILE = """\
[constants]
with_libraries = ['env', 'LD_LIBRARY_PATH={compiler}/lib/x86_64-linux-gnu']
[binaries]
c = with_libraries + ['{compiler}/bin/{prefix}-gcc', '--sysroot={root}']
ar = with_libraries + ['{compiler}/bin/{prefix}-gcc-ar']
strip = with_libraries + ['{compiler}/bin/{prefix}-strip']
pkg-config = 'pkg-config'
[properties]
sys_root = '{root}'
pkg_config_libdir = '{pkg_config}'
[host_machine]
system = 'linux'
cpu_family = '{cpu}'
cpu = '{cpu}'
endian = '{endian}'
"""
OPTIONS = "-Dpython=enabled -Dlibrary=false -Dbuildtype=debugoptimized".split()


def find_compiler(prefix):
    """The folder of the compiler: where it is installed, or in the cache."""

    def unpack(folder):
        with tempfile.TemporaryDirectory() as directory:
            packages = Packages(directory)
            packages.download_with_dependencies(f"gcc-{prefix}")
            packages.unpack(folder)

    if found := shutil.which(f"{prefix}-gcc"):
        return Path(found).parents[1]
    return cached(f"gcc-{prefix}", unpack)


def write_cross_file(name, root, folder):
    prefix, cpu, endian = PROCESSORS[name]
    compiler = find_compiler(prefix)
    pkg_config = next(root.glob("usr/lib/*/pkgconfig"))
    file = folder / "cross.ini"
    file.write_text(CROSS_FILE.format(**locals()))
    return file


def describe_python(root, folder):
    """Write what meson must know of the root's interpreter; return the file."""
    (sysconfig,) = root.glob("usr/lib/python3.*/_sysconfigdata__linux_*.py")
    version = sysconfig.parent.name.removeprefix("python")
    system = sysconfig.stem.partition("__linux_")[2]
    return build_config.write(
        folder / "python.json",
        version,
        platform=system,
        suffix=f".cpython-{version.replace('.', '')}-{system}.so",
        headers=root / "usr" / "include" / f"python{version}",
    )


def build(name, root, folder):
    """Build in the folder. Return the folder that the extension is installed into."""
    if not (folder / "build.ninja").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["meson", "setup", "--cross-file", write_cross_file(name, root, folder), *OPTIONS]
        command.append(f"-Dpython.build_config={describe_python(root, folder)}")
        command.append(f"-Dwerror={os.environ.get('WERROR') or 'false'}")
        subprocess.run([*command, folder], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "--quiet", "-C", folder], check=True)
    tree = folder / "tree"
    install = "meson install --no-rebuild --quiet".split()
    subprocess.run([*install, "-C", folder, "--destdir", tree], check=True)
    return next(tree.rglob("csocket/__init__.py")).parents[1]
