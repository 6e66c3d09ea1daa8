"""The test suites on one interpreter or on many, and everything else that checks csocket.

    nox -s suites -- python -k recv    in the environment that `make` made, with options for pytest
    nox -s test-3.13 -- typing         in an environment of its own, with the python3.13 that is on PATH

A suite leaves build/ENVIRONMENT/results/SUITE.xml, and tests/summary.py adds these files up.
"""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.options.sessions = ["suites"]
nox.options.reuse_existing_virtualenvs = True
nox.options.default_venv_backend = "venv"

# meson and ninja are installed beside nox.
os.environ["PATH"] = f"{sys.prefix}/bin:{os.environ['PATH']}"
CC = os.environ.get("CC") or "cc"
WERROR = os.environ.get("WERROR") or "false"
SANITIZED = "-Dbuildtype=debugoptimized", "-Db_lundef=false"


class LeftOut(Exception):
    """Why a suite cannot run on this machine."""


class Environment:
    """The virtual environment of a session, and its folder in build/."""

    def __init__(self, session):
        self.session = session
        prefix = sys.prefix if session.python is False else session.virtualenv.location
        self.python = Path(prefix, "bin", "python")
        self.build = Path("build", Path(prefix).name.strip("."))
        self.results = self.build / "results"
        self.results.mkdir(parents=True, exist_ok=True)
        self.settings = {}

    def run(self, *command, **options):
        self.session.run(*map(str, command), external=True, **options)

    def run_python(self, *arguments):
        self.run(self.python, *arguments, env=self.settings)

    def configured(self, name, *options, compiler=CC):
        """Configure a build with these options, unless there is one; return its folder."""
        folder = self.build / (name if compiler == "cc" else f"{name}-{compiler}")
        if not (folder / "build.ninja").exists():
            # Two sessions may configure it at the same time: for the second one this does nothing.
            options = ("setup", "-Dlibrary=false", f"-Dwerror={WERROR}", *options, folder)
            self.run("flock", self.build, "meson", *options, silent=True, env={"CC": compiler})
        return folder

    def configured_with_python(self, name, *options, **more):
        python = f"-Dpython_interpreter={self.python}", "-Dpython.install_env=venv"
        return self.configured(name, "-Dpython=enabled", *python, *options, **more)

    def install_csocket(self, *options):
        folder = self.configured_with_python("extension", "-Dtests=false", *options)
        # Other sessions may use the folder at the same time.
        self.run("flock", folder, "ninja", "--quiet", "-C", folder)
        self.run("flock", folder, *"meson install --no-rebuild --only-changed --quiet -C".split(), folder)

    def install_packages(self, folder):
        """Install what the folder wants from PyPI. An environment made without PyPI has no pip."""
        pip = "-m pip install --quiet --no-input --timeout 5 --retries 2 --disable-pip-version-check -r"
        if (wanted := Path(folder, "requirements.txt")).exists():
            done = subprocess.run([self.python, *pip.split(), wanted], stdout=-1, stderr=-2, text=True)
            if done.returncode:
                raise LeftOut("no packages from PyPI: " + done.stdout.strip().rpartition("\n")[2])

    def run_suite(self, name, record, arguments):
        """Run it. Even if it fails, its record has the tests that ran."""
        record.unlink(missing_ok=True)
        print(f"\n== {name} ==", flush=True)
        try:
            SUITES[name](self, record, *arguments)
        except LeftOut as reason:
            self.run(self.python, "tests/summary.py", "--left-out", reason, record)
        except CommandFailed as error:
            self.run(self.python, "tests/summary.py", "--failed", error, record)

    def run_suites(self):
        """Run the suites named first in the session's arguments, with the other arguments as options."""
        arguments, names = list(self.session.posargs), []
        while arguments and arguments[0] in SUITES:
            names.append(arguments.pop(0))
        if not names and arguments and not arguments[0].startswith("-"):
            self.session.error(f"no suite {arguments[0]}; there are: {' '.join(SUITES)}")
        with_compiler = "" if CC == "cc" else f"-{CC}"
        files = {name: self.results / f"{name}{with_compiler}.xml" for name in names or ["python"]}
        for name, record in files.items():
            self.run_suite(name, record, arguments)
        self.run(self.python, "tests/summary.py", *files.values())


def c_library(env, record, *arguments, name="c", sanitize="address,undefined"):
    if subprocess.run("pkg-config --exists cmocka", shell=True).returncode:
        raise LeftOut("no cmocka (Debian: pkg-config libcmocka-dev)")
    folder = env.configured(name, "-Dpython=disabled", *SANITIZED, f"-Db_sanitize={sanitize}")
    # Without this, a build that fails would leave the results of an earlier run.
    log = folder / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    try:
        env.run("meson", "test", "-C", folder, "--print-errorlogs", *arguments)
    finally:
        env.run_python("tests/c/to_junit.py", log, record)


def with_pytest(env, record, *arguments, folder, launch=(), options=()):
    env.install_packages(folder)
    env.run_python(*launch, "-m", "pytest", f"--record={record}", *options, folder, *arguments)


def with_script(env, record, *arguments, script):
    env.install_packages(Path(script).parent)
    env.run_python(script, "--junit", record, *arguments)


conformance = partial(with_script, script="tests/conformance/run.py")


def projects(env, record, *arguments):
    env.install_packages("tests/programs")
    # gevent's examples use fixed ports, so they run one at a time.
    options = "--project gevent --project twisted --jobs 1 --title".split()
    conformance(env, record, *options, "Other projects' own tests", *arguments)


def in_machine(env, record, *command):
    """Run the command in the virtual machine. There only the folder of the record is writable."""
    machine = ["tests/vm/machine.py", "--writable", record.parent]
    check = subprocess.run([env.python, *machine, "--check"], stderr=subprocess.PIPE, text=True)
    if check.returncode:
        raise LeftOut("no virtual machine: " + check.stderr.strip())
    env.run_python(*machine, env.python, *command)


def vm_exchange(env, record, *arguments):
    try:
        env.install_packages("tests/vm")
    except LeftOut as reason:
        print(f"some tests are left out: {reason}")
    in_machine(env, record, "-m", "pytest", f"--record={record}", "tests/vm/exchange", *arguments)


def vm_conformance(env, record, *arguments):
    options = ["--title", "CPython's own tests in the virtual machine", "--junit", record]
    options += ["--suite", "test_socket", "--patience", "3", "--cache", env.results / "stock"]
    in_machine(env, record, "tests/conformance/run.py", *options, *arguments)


def fuzz(env, record, *arguments):
    """Feed random bytes to the decoders of addresses, for a minute."""
    try:
        folder = env.configured("fuzz", "-Dfuzz=true", "-Dtests=false", *SANITIZED, compiler="clang")
    except CommandFailed:
        raise LeftOut("no clang with libFuzzer (Debian: clang libclang-rt-dev)") from None
    env.run("ninja", "--quiet", "-C", folder, "fuzz/decode")
    env.run_python("fuzz/decode.py", "--junit", record, folder, *arguments)


SUITES = {
    "c": c_library,
    "c-threads": partial(c_library, name="c-threads", sanitize="thread"),
    "python": partial(with_pytest, folder="tests/python", launch=("-W", "error")),
    "python-dev": partial(with_pytest, folder="tests/python", launch=("-X", "dev", "-W", "error")),
    "typing": partial(with_pytest, folder="tests/typing"),
    "conformance": conformance,
    "conformance-long": lambda *arguments: conformance(*arguments, "--long"),
    "c-examples": partial(with_pytest, folder="tests/examples/test_c_programs.py"),
    "examples": partial(with_pytest, folder="tests/examples/test_documentation.py", options=("-s",)),
    "programs": partial(with_pytest, folder="tests/programs", launch=("-m", "csocket")),
    "projects": projects,
    "packaging": partial(with_pytest, folder="tests/packaging"),
    "machines": partial(with_script, script="tests/machines/run.py"),
    "vm-exchange": vm_exchange,
    "vm-conformance": vm_conformance,
    "windows": partial(with_script, script="tests/windows/run.py"),
    "windows-long": lambda *arguments: SUITES["windows"](*arguments, "--long"),
    "fuzz": fuzz,
    "fuzz-calls": partial(with_script, script="fuzz/calls"),
}


@nox.session(python=False)
def build(session):
    """Build csocket and install it into this environment."""
    Environment(session).install_csocket()


@nox.session(python=False)
def suites(session):
    """Run the suites that the arguments name in this environment."""
    env = Environment(session)
    env.install_csocket()
    env.run_suites()


@nox.session(python=["3.11", "3.12", "3.13", "3.13t", "3.14", "3.15"])
def test(session):
    """Run suites on another interpreter."""
    session.install("pytest")
    suites(session)


@nox.session
def sanitized(session):
    """Run suites on an extension with ASan and UBSan."""
    session.install("pytest")
    env = Environment(session)
    env.install_csocket("-Db_sanitize=address,undefined", *SANITIZED)
    runtime = subprocess.run([CC, "-print-file-name=libasan.so"], stdout=subprocess.PIPE, text=True)
    env.settings = {
        # The interpreter is built without sanitizers, so their runtime must be loaded first.
        "LD_PRELOAD": runtime.stdout.strip(),
        # The interpreter's own allocator would hide errors in small objects.
        "PYTHONMALLOC": "malloc",
        # The interpreter does not free everything at its end. An allocation that is too large
        # fails, as it does without ASan. Some tests measure the process: hold back little memory.
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=1",
        "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
        # A report comes just before the process ends: pytest must not capture it.
        "PYTEST_ADDOPTS": "--capture=sys",
    }
    env.run_suites()


@nox.session
def lint(session):
    """Compile everything with gcc and clang without a warning, and run the hooks of pre-commit."""
    env = Environment(session)
    for compiler in ("gcc", "clang"):
        folder = env.configured_with_python("all", "-Dwerror=true", "-Dlibrary=true", compiler=compiler)
        env.run("ninja", "--quiet", "-C", folder)
    session.install("pre-commit")
    session.run("pre-commit", "run", "--all-files", *session.posargs)


@nox.session
def docs(session):
    """Build the C manual in build/docs without a warning, and test it."""
    session.install("pytest", "-r", "docs/requirements.txt")
    env = Environment(session)
    with_pytest(env, env.results / "docs.xml", *session.posargs, folder="tests/docs")


@nox.session(python=False)
def bench(session):
    """Run a benchmark: run, plot, instructions or reuse, with its options (bench/README.md)."""
    name, *options = session.posargs or ["run"]
    env = Environment(session)
    env.install_csocket()
    modules = env.configured_with_python("bench", "-Dbench=true", "-Dtests=false")
    env.run("ninja", "--quiet", "-C", modules, "bench-modules")
    if name in ("run", "plot"):
        env.install_packages("bench")
    env.settings = {"PYTHONPATH": str(modules / "bench")}  # for floor
    env.run_python(f"bench/{name}.py", *options)
