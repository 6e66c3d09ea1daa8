#!/usr/bin/env python3
"""Run the C tests on other processors: in virtual machines (tests/vm), which qemu emulates whole.

A cross compiler of Debian builds the tests. The compilers and the root file systems of the machines
are unpacked into a cache, and not installed. If this machine lacks something, the record says that
the suite was left out.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
sys.path += [str(TESTS), str(TESTS / "c"), str(TESTS / "vm")]
import junit
import system
import to_junit
from debian import Missing, Packages, cached

BUILD = TESTS.parent / "build"

# The prefix of Debian's compiler, meson's name of the processor, and the order of the bytes.
PROCESSORS = {
    "s390x": ("s390x-linux-gnu", "s390x", "big"),
    "armhf": ("arm-linux-gnueabihf", "arm", "little"),
    "arm64": ("aarch64-linux-gnu", "aarch64", "little"),
    "i386": ("i686-linux-gnu", "x86", "little"),
}
DEFAULT = "s390x", "i386", "arm64"
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
OPTIONS = "-Dpython=disabled -Dlibrary=false -Dbuildtype=debugoptimized".split()

# Runs a test in the machine: run NAME SECONDS VARIABLE=VALUE.. COMMAND
RUN = """\
run() {
	name=$1 seconds=$2
	shift 2
	timeout -k 5 "$seconds" env "$@" >"results/$name.out" 2>"results/$name.err" </dev/null
	echo $? >"results/$name.status"
	echo "$name: exit status $(cat "results/$name.status")"
}
"""
# The exit status of busybox's timeout.
TIME_WAS_UP = 143


def compiler(prefix):
    """The folder of the compiler: where it is installed, or in the cache."""

    def unpack(folder):
        with tempfile.TemporaryDirectory() as directory:
            packages = Packages(directory)
            packages.download_with_dependencies(f"gcc-{prefix}")
            packages.unpack(folder)

    if found := shutil.which(f"{prefix}-gcc"):
        return Path(found).parents[1]
    return cached(f"gcc-{prefix}", unpack)


class Machine:
    """A machine of the architecture of this name. Missing tells why there is none."""

    def __init__(self, name):
        self.name = name
        self.folder = BUILD / f"machine-{name}"
        self.system = system.fetch(system.ARCHITECTURES[name])
        self.compiler = compiler(PROCESSORS[name][0])

    def build(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "build.ninja").exists():
            self.configure()
        subprocess.run(["ninja", "--quiet", "-C", self.folder], check=True)

    def configure(self):
        root, cross_file = self.system.root, self.folder / "cross.ini"
        prefix, cpu, endian = PROCESSORS[self.name]
        pkg_config = next(root.glob("usr/lib/*/pkgconfig"))
        text = CROSS_FILE.format(**locals(), compiler=self.compiler)
        cross_file.write_text(text)
        werror = f"-Dwerror={os.environ.get('WERROR') or 'false'}"
        command = ["meson", "setup", "--cross-file", cross_file, *OPTIONS, werror, self.folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def run(self, names):
        """Run all tests or those of these names, and return records as in meson's testlog.json."""
        command = ["meson", "introspect", "--tests", self.folder]
        listing = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        tests = [test for test in json.loads(listing) if not names or test["name"] in names]
        script = [RUN, "rm -rf results; mkdir results"]
        for test in tests:
            settings = [f"{key}={value}" for key, value in test["env"].items()]
            words = ["run", test["name"], str(test["timeout"]), *settings, *test["cmd"]]
            script.append(shlex.join(words))
        (self.folder / "script").write_text("\n".join(script))
        machine = [sys.executable, TESTS / "vm" / "machine.py", "--architecture", self.name]
        machine += ["--writable", self.folder, "sh", "script"]
        # There is no other folder of this machine in that one.
        subprocess.run(machine, cwd=self.folder, check=True)
        return [self.record(test["name"]) for test in tests]

    def record(self, name):
        def read(kind):
            path = self.folder / "results" / f"{name}.{kind}"
            return path.read_text(errors="replace") if path.exists() else ""

        status = int(read("status") or 1)
        result = {0: "OK", TIME_WAS_UP: "TIMEOUT"}.get(status, "FAIL")
        return {
            "name": f"{self.name} {name}", "result": result, "returncode": status,
            "stdout": read("out"), "stderr": read("err"),
        }  # fmt: skip


def run(machines, names, file):
    """Run the tests on each machine. Return whether all passed."""
    records = []
    for machine in machines:
        print(f"\n{machine.name}", flush=True)
        machine.build()
        records += machine.run(names)
        # What follows may fail.
        junit.write(file, [test for record in records for test in to_junit.tests_of(record)])
    for record in records:
        if record["result"] != "OK":
            print(f"\n{record['name']}\n{record['stdout']}\n{record['stderr']}")
    return all(record["result"] == "OK" for record in records)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--junit", metavar="FILE", default=os.devnull, help="record each outcome")
    parser.add_argument(
        "names", nargs="*", metavar="NAME",
        help=f"architectures, of {' '.join(PROCESSORS)} (by default {' '.join(DEFAULT)}), and tests",
    )  # fmt: skip
    options = parser.parse_args()
    chosen = [name for name in PROCESSORS if name in options.names] or DEFAULT
    try:
        machines = [Machine(name) for name in chosen]
    except Missing as missing:
        reason = f"suite left out: no virtual machine: {missing}"
        return junit.write(options.junit, [("suite", "skipped", reason)])
    tests = [name for name in options.names if name not in PROCESSORS]
    return 0 if run(machines, tests, options.junit) else 1


if __name__ == "__main__":
    sys.exit(main())
