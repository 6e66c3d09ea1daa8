#!/usr/bin/env python3
"""Test csocket for Windows on this machine, with CPython's own releases for Windows under Wine.

    run.py --wheels            build the wheels into dist/
    run.py [PART]... [OPTION]  run the library's tests by a compiler (mingw, zig), or by a release
                               (3.13) csocket's own and CPython's tests; by default what is quick
    run.py --long              all parts, and all of CPython's tests that have to do with sockets

Other options, such as --suite test_ssl, are those of tests/conformance/run.py.

What cannot run on this machine is recorded as skipped. Exit status: 1 if a test failed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import build
import fetch
import wine

sys.path += [str(build.ROOT / "tests"), str(build.ROOT / "tests" / "c")]
import junit
import to_junit

CONFORMANCE = "tests/conformance/run.py"
QUICK_PARTS = "mingw", "3.13"
QUICK_SUITES = "test_socket", "test_select", "test_selectors", "test_socketserver", "test_timeout"
# Tests that run on csocket in socket's place.
INSTALLED = "tests/windows/installed", "tests/programs/test_requests.py"


def library(compiler):
    """The library's tests, built by a compiler."""
    folder = build.library_tests(compiler)
    log = folder / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "--quiet", "-C", folder, "--print-errorlogs"]
    subprocess.run(list(map(str, command)), env=wine.environment(), check=False)
    return [test for program in to_junit.records(log) for test in to_junit.tests_of(program)]


def install(version):
    """Build the wheel, and let the interpreter's own pip install it."""
    python = fetch.interpreter(version) / "python.exe"
    options = "--no-index --no-deps --force-reinstall --disable-pip-version-check --quiet"
    if wine.run(python, "-m", "pip", "install", *options.split(), build.wheel(version)):
        raise subprocess.CalledProcessError(1, "pip install")


def with_pytest(version, name, *arguments, launch=()):
    """Run tests with the interpreter, and record them in a file of this name."""
    fetch.packages(version)
    record = wine.BUILD / f"{name}-{version}.xml"
    record.unlink(missing_ok=True)
    python = fetch.interpreter(version) / "python.exe"
    wine.run(python, *launch, "-m", "pytest", "-q", "--record", record, *arguments)
    return junit.read(record)[1]


def own_tests(version):
    """The tests of csocket for Windows: many compare it with stock, others run on it."""
    beside_stock = with_pytest(version, "suite", "tests/windows/suite")
    return beside_stock + with_pytest(version, "installed", *INSTALLED, launch=("-m", "csocket"))


def conformance(version, options):
    """CPython's own tests on the interpreter, with stock and with csocket."""
    try:
        fetch.tests_of(version)
    except wine.Missing as missing:
        return [("CPython's own tests", "skipped", str(missing))]
    record = wine.BUILD / f"conformance-{version}.xml"
    record.unlink(missing_ok=True)
    python = fetch.interpreter(version) / "python.exe"
    own = "--junit", record, "--cache", wine.BUILD / "results" / "stock"
    wine.run(python, CONFORMANCE, *own, *options)
    return junit.read(record)[1]


def tests_by(version, options, rest):
    """All tests on the interpreter."""
    install(version)
    tests = own_tests(version)
    quick = [f"--suite={suite}" for suite in QUICK_SUITES]
    runs = [rest] if rest else [[], ["--long"]] if options.long else [quick]
    return tests + [test for run in runs for test in conformance(version, run)]


def tests_of(part, options, rest):
    """The tests of a part as (name, outcome, message)."""
    try:
        if options.wheels:
            tests = [(build.wheel(part).name, "passed", "")]
        elif part in build.COMPILERS:
            tests = library(part)
        else:
            tests = tests_by(part, options, rest)
    except wine.Missing as missing:
        tests = [("all", "skipped", str(missing))]
    except subprocess.CalledProcessError as error:
        tests = []
        print(f"windows: {error}", flush=True)
    # A build that fails leaves no tests.
    tests = tests or [("all", "failed", "no test ran")]
    return [(f"{part}: {name}", *outcome) for name, *outcome in tests]


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parts = [*build.COMPILERS, *fetch.RELEASES]
    parser.add_argument("--long", action="store_true", help="run all there is")
    parser.add_argument("--wheels", action="store_true", help="build the wheels, and run nothing")
    parser.add_argument("--junit", type=Path, default="/dev/null", help="record each outcome")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}")
    options, rest = parser.parse_known_args()
    default = fetch.RELEASES if options.wheels else parts if options.long else QUICK_PARTS
    options.parts = options.parts or list(default)
    if unknown := set(options.parts).difference(parts):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    return options, rest


def main():
    options, rest = parse_arguments()
    record = junit.Writer(options.junit, "windows")
    failed = 0
    try:
        wine.make_prefix()
        for part in options.parts:
            print(f"\n-- {part} --", flush=True)
            for test in tests_of(part, options, rest):
                record.test(*test)
                failed += test[1] == "failed"
    except wine.Missing as missing:
        record.test("all", "skipped", f"suite left out: {missing}")
        print(f"windows: left out: {missing}")
    finally:
        record.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
