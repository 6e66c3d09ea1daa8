#!/usr/bin/env python3
"""Run the tests on other processors, in virtual machines (tests/vm) that qemu emulates. Of mips64el qemu
runs only some C programs, and translates their system calls.

Without --c or --python it runs both: the library's tests, and the extension's. If this machine lacks
something, the record says that the suite was left out.

    run.py armhf --c cancel connect
    run.py s390x --python -k timeout
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS), str(TESTS / "c"), str(TESTS / "vm")]
import building
import junit
import system
import to_junit
from debian import Missing

BUILD = TESTS.parent / "build"
# In this order --today takes them, one a day.
PROCESSORS = list(building.PROCESSORS)
# All of the extension's tests take an hour in an emulated machine. In these byte order and sizes matter.
SAMPLE = [f"tests/python/test_{name}.py" for name in "addresses ancillary options messages".split()]

# The programs for which it does not matter that system calls are translated.
CODECS = ("address", "constants", "famil")
NOT_TRANSLATED = ("family_interface",)

# Runs a test: run NAME SECONDS VARIABLE=VALUE.. COMMAND
RUN = """\
run() {
	name=$1 seconds=$2
	shift 2
	timeout -k 5 "$seconds" env "$@" >"$results/$name.out" 2>"$results/$name.err" </dev/null
	echo $? >"$results/$name.status"
	echo "$name: exit status $(cat "$results/$name.status")"
}
"""
# The exit status of timeout: of coreutils, and of busybox.
TIME_WAS_UP = 124, 143


class Machine:
    """A machine of the architecture of this name. Missing tells why there is none."""

    launch = ()  # what begins the command of a C test

    def __init__(self, name):
        self.name = name
        self.folder = BUILD / f"machine-{name}"
        self.results = self.folder / "results"
        self.root = self.fetch()

    def fetch(self):
        """Get all that the machine needs; return its root."""
        return system.fetch(system.ARCHITECTURES[self.name]).root

    def build(self):
        self.packages = building.build(self.name, self.root, self.folder)
        self.results.mkdir(exist_ok=True)
        for path in self.results.iterdir():
            path.unlink()

    def run(self, *command):
        """Run the command there, in the folder of the project, which can be changed."""
        machine = [sys.executable, TESTS / "vm" / "machine.py", "--architecture", self.name]
        machine += ["--writable", TESTS.parent, *command]
        return subprocess.run(machine, cwd=TESTS.parent).returncode

    def chosen(self, name, names):
        """Whether to run the C test of this name, if these names were asked for."""
        return not names or name in names

    def run_c(self, names):
        """Run all C tests or those of these names; return their outcomes."""
        command = ["meson", "introspect", "--tests", self.folder]
        listing = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        tests = [test for test in json.loads(listing) if self.chosen(test["name"], names)]
        script = [f"results={shlex.quote(str(self.results))}", RUN]
        for test in tests:
            settings = [f"{key}={value}" for key, value in test["env"].items()]
            words = ["run", test["name"], str(test["timeout"]), *settings, *self.launch, *test["cmd"]]
            script.append(shlex.join(words))
        file = self.folder / "script"
        file.write_text("\n".join(script))
        self.run("sh", file)
        records = [self.record(test["name"]) for test in tests]
        for record in records:
            if record["result"] != "OK":
                print(f"\n{record['name']}\n{record['stdout']}\n{record['stderr']}")
        return [test for record in records for test in to_junit.tests_of(record)]

    def record(self, name):
        """A record as in meson's testlog.json."""

        def read(kind):
            path = self.results / f"{name}.{kind}"
            return path.read_text(errors="replace") if path.exists() else ""

        status = int(read("status") or 1)
        result = "OK" if status == 0 else "TIMEOUT" if status in TIME_WAS_UP else "FAIL"
        return {
            "name": f"{self.name} {name}", "result": result, "returncode": status,
            "stdout": read("out"), "stderr": read("err"),
        }  # fmt: skip

    def run_python(self, *arguments):
        """Run the extension's tests with these arguments of pytest; return their outcomes."""
        record = self.results / "python.xml"
        pytest = ["env", f"PYTHONPATH={self.packages}", "PYTHONDONTWRITEBYTECODE=1", "python3"]
        pytest += ["-W", "error", "-m", "pytest", "-p", "no:cacheprovider", "--limit=3000"]
        self.run(*pytest, f"--record={record}", *arguments)
        return [(f"{self.name} {name}", *rest) for name, *rest in junit.read(record)[1]]


class Translated(Machine):
    """Programs that run on this machine, while qemu translates their system calls."""

    def fetch(self):
        (qemu,), root = system.fetch_root(system.MIPS64EL)
        self.launch = qemu, "-L", str(root)
        return root

    def run(self, *command):
        return subprocess.run(command, cwd=TESTS.parent).returncode

    def chosen(self, name, names):
        if names:
            return name in names
        return name.startswith(CODECS) and name not in NOT_TRANSLATED

    def run_python(self, *arguments):
        return []


KINDS = {"mips64el": Translated}


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--junit", metavar="FILE", default=os.devnull, help="record each outcome")
    parser.add_argument(
        "--today",
        action="store_true",
        help="one processor, which the date chooses, and a sample of the extension's tests",
    )
    parser.add_argument(
        "processors", nargs="*", metavar="PROCESSOR", help=f"of {' '.join(PROCESSORS)} (all)"
    )
    parser.add_argument(
        "--c", nargs="*", metavar="PROGRAM", help="only the library's tests, or these programs"
    )
    parser.add_argument(
        "--python", nargs=argparse.REMAINDER, metavar="OPTION",
        help="only the extension's tests; all that follows is for pytest",
    )  # fmt: skip
    options = parser.parse_args()
    if unknown := set(options.processors).difference(PROCESSORS):
        parser.error(f"no processor {', '.join(sorted(unknown))}")
    return options


def choose(options):
    """The names of the processors."""
    if options.today:
        return [PROCESSORS[int(time.time()) // 86400 % len(PROCESSORS)]]
    return options.processors or PROCESSORS


def main():
    options = parse_arguments()
    try:
        machines = [KINDS.get(name, Machine)(name) for name in choose(options)]
    except Missing as missing:
        reason = f"suite left out: no virtual machine: {missing}"
        junit.write(options.junit, [("suite", "skipped", reason)])
        return 0
    tests = []
    for machine in machines:
        print(f"\n{machine.name}", flush=True)
        machine.build()
        if options.python is None:
            tests += machine.run_c(options.c)
        if options.c is None:
            own = ["tests/python", *(options.python or [])]
            tests += machine.run_python(*(SAMPLE if options.today else own))
        # Keep these outcomes: what follows may fail.
        junit.write(options.junit, tests)
    return 1 if any(outcome == "failed" for _, outcome, _ in tests) else 0


if __name__ == "__main__":
    sys.exit(main())
