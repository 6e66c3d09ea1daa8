"""python -m csocket runs a program as python does, except for the sockets."""

import py_compile
import re
import signal
import subprocess
import sys
import zipfile

import pytest
from support import PATIENCE

# Shows all that a program can see of the way it was started.
SHOW = '''"""Text."""
import sys
print(sys.argv)
print(sys.path)
print(sorted(globals()))
for name in sorted(globals()):
    if name.startswith("__") and name not in ("__loader__", "__spec__"):
        print(name, globals()[name])
print(type(__loader__), getattr(__loader__, "name", None), getattr(__loader__, "path", None))
print(__spec__ and (__spec__.name, __spec__.origin, __spec__.parent))
print(sys.modules["__main__"].__dict__ is globals(), sys._getframe().f_code.co_filename)
print(sys.excepthook is sys.__excepthook__, sys.flags, sys.warnoptions, sys._xoptions)
'''

# A program, a folder, an archive, a package and its module that show the same.
FILES = {
    "show.py": SHOW,
    "folder/__main__.py": SHOW,
    "package/__init__.py": "",
    "package/__main__.py": SHOW,
    "package/module.py": SHOW + "from . import sibling\nprint(sibling.__name__)\n",
    "package/sibling.py": "",
    "empty/nothing.py": "",
}

# The address of an object in memory.
ADDRESS = re.compile("0x[0-9a-f]+")

WAYS_TO_NAME = [
    "show.py",
    "./show.py",
    "folder",
    "./folder",
    "folder/../show.py",
    "link.py",
    "archive.zip",
    "-m package",
    "-m package.module",
    "-mshow",
    "compiled.pyc",
    "-",
]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    for name, text in FILES.items():
        write(folder, name, text)
    write(folder, "elsewhere/linked.py", SHOW)
    (folder / "link.py").symlink_to("elsewhere/linked.py")
    with zipfile.ZipFile(folder / "archive.zip", "w") as archive:
        archive.write(folder / "show.py", "__main__.py")
    py_compile.compile(str(folder / "show.py"), str(folder / "compiled.pyc"), "show.py")
    return folder


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def run(folder, *arguments, options=(), way=(), given=None):
    """Run an interpreter in the folder. Return its exit status, standard output and standard
    error."""
    done = subprocess.run(
        [sys.executable, *options, *way, *arguments],
        cwd=folder,
        input=given or "",
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
        # Processes in the background of a shell ignore SIGINT, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return done.returncode, done.stdout, ADDRESS.sub("0x", done.stderr)


def run_on_both(folder, *arguments, options=(), given=None):
    """Run without and with csocket. Return the outcome, which must be the same."""
    stock = run(folder, *arguments, options=options, given=given)
    ours = run(folder, *arguments, options=options, given=given, way=["-m", "csocket"])
    assert ours == stock
    return stock


def run_text(folder, text, *arguments, options=()):
    """Write a program with this text, and run it on both."""
    return run_on_both(folder, write(folder, "program.py", text).name, *arguments, options=options)


# The environment of a program


@pytest.mark.parametrize("name", WAYS_TO_NAME)
def test_what_a_program_finds(here, name):
    arguments = ["-m", "--info", "--children", "-h", "", "a b"]
    status, output, errors = run_on_both(here, *name.split(), *arguments, given=SHOW)
    assert (status, errors) == (0, "")
    assert output.splitlines()[0].endswith("'-m', '--info', '--children', '-h', '', 'a b']")


@pytest.mark.parametrize("way", [["-c", SHOW], ["-c" + SHOW]], ids=["-c code", "-ccode"])
@pytest.mark.parametrize("options", ["", "-P", "-I", "-X dev -W error -O"])
def test_what_code_finds(here, way, options):
    arguments = ["-m", "--info", "--children", "-c", "pass", "-h", "", "a b"]
    status, output, errors = run_on_both(here, *way, *arguments, options=options.split())
    assert (status, errors) == (0, "")
    assert output.startswith("['-c', '-m', '--info'")


@pytest.mark.parametrize("text", ["", "\n", "# no more", "print(1);", "print('\u20ac\\n')", " 1", "\n  print(1)\n  x"])
def test_code_of_any_form(here, text):
    run_on_both(here, "-c", text)


@pytest.mark.parametrize(
    "command",
    ["show.py -- x", "show.py --", "-m show -- x", "-mshow a b", "-m show -m show", "-- show.py a"],
)
def test_arguments_are_those_of_the_program(here, command):
    assert run_on_both(here, *command.split())[0] == 0


@pytest.mark.parametrize("options", ["-P", "-I", "-X dev -W error -O", "-s -B -q"])
@pytest.mark.parametrize("name", ["show.py", "folder", "archive.zip", "-"])
def test_what_a_program_finds_with_options(here, options, name):
    status, _, errors = run_on_both(here, *name.split(), options=options.split(), given=SHOW)
    assert (status, errors) == (0, "")


def test_module_with_the_current_folder_left_out(here):
    """Then a module of the current folder is not found."""
    status, _, errors = run_on_both(here, "-m", "package", options=["-P"])
    assert status == 1
    assert "No module named package" in errors


def test_absolute_path_from_elsewhere(here, tmp_path):
    assert run_on_both(tmp_path, here / "show.py")[0] == 0


def test_sockets_are_those_of_csocket(here):
    program = write(
        here,
        "sockets.py",
        "import socket, _socket, ssl, sys\n"
        "print(socket.__name__, _socket.__name__, ssl.SSLSocket.__mro__[1] is socket.socket)\n"
        "print(sys.modules['socket'] is socket)\n",
    )
    status, output, errors = run(here, program.name, way=["-X", "dev", "-m", "csocket"])
    assert (status, errors) == (0, "")
    assert output == "csocket csocket._csocket True\nTrue\n"


def test_standard_input_is_read_before_the_program_runs(here):
    given = "try:\n    input()\nexcept EOFError:\n    print('end')\nrest\n"
    status, output, _ = run_on_both(here, "-", given=given)
    assert (status, output) == (1, "end\n")


def test_stays_interactive(here):
    write(here, "program.py", "import socket\ntext = 'left'\n")
    given = "print(text, socket.__name__)\n"
    way = ["-i", "-q", "-m", "csocket"]
    status, output, _ = run(here, "program.py", way=way, given=given)
    assert (status, output) == (0, "left csocket\n")


def test_pickle_of_a_class_of_main(tmp_path):
    program = """
import copy, pickle
class Point:
    def __eq__(self, other):
        return vars(self) == vars(other)
point = Point()
point.x = 1
data = pickle.dumps(point)
print(data, pickle.loads(data) == point, copy.deepcopy(point) == point)
import __main__
print(__main__.Point is Point)
"""
    assert "True True\nTrue\n" in run_text(tmp_path, program)[1]


def test_source_text_of_any_form(tmp_path):
    (tmp_path / "mark.py").write_bytes(b"\xef\xbb\xbfprint(ascii('\xc3\xa9'))\n")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\r\nprint(ascii('\xe9'))\r\n")
    (tmp_path / "empty.py").write_bytes(b"")
    (tmp_path / "no_suffix").write_bytes(b"print(__file__)")
    for name in ("mark.py", "latin.py"):
        assert run_on_both(tmp_path, name)[1] == "'\\xe9'\n"
    for name in ("empty.py", "no_suffix"):
        assert run_on_both(tmp_path, name)[0] == 0


def test_inherits_no_future_statement(tmp_path):
    """The future statements of the package do not affect the program."""
    run_text(tmp_path, "def f(x: 1): pass\nprint(f.__annotations__)\n")


# How a program ends


@pytest.mark.parametrize(
    "argument", ["", "0", "None", "3", "256", "-1", "True", "'text'", "(1, 2)", "2**70", "1.5"]
)
def test_sys_exit(tmp_path, argument):
    run_text(tmp_path, f"import sys\ntry:\n    sys.exit({argument})\nfinally:\n    print(1)\n")


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit",
        "raise SystemExit(7, 8)",
        "import os\nprint('lost')\nos._exit(9)",
        "exit(4)",
        "import sys\nsys.stdout.close()\nsys.exit(5)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
        "import os\nos.abort()",
    ],
)
def test_other_ends(tmp_path, text):
    run_text(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    raise KeyboardInterrupt\nf()\n",
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(30)\n",
        "import socket, _thread\na, b = socket.socketpair()\n_thread.interrupt_main()\na.recv(1)\n",
    ],
)
def test_keyboard_interrupt(tmp_path, text):
    status, _, errors = run_text(tmp_path, text)
    assert status == -signal.SIGINT
    assert errors.splitlines()[-1] == "KeyboardInterrupt"


UNCAUGHT = {
    "plain": "def f():\n    1 / 0\n\nf()\n",
    "cause": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError(1) from e\n",
    "context": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    undefined_name\n",
    "context without traceback": "e = ValueError()\ne.__context__ = KeyError(1)\nraise e\n",
    "group": "def f(n):\n    return 1 / n\n"
    "errors = []\nfor n in (0, 'a'):\n    try:\n        f(n)\n    except Exception as e:\n"
    "        errors.append(e)\nraise ExceptionGroup('both', errors)\n",
    "notes": "e = OSError(2, 'text', 'file')\ne.add_note('note')\nraise e\n",
    "suggestion": "import sys\nsys.exti\n",
    "of a library": "import json\njson.loads('{')\n",
    "of the base": "class Own(BaseException):\n    pass\n\nraise Own('text')\n",
    "syntax": "print(1)\ndef f(:\n    pass\n",
    "indentation": "if 1:\n  x\n    y\n",
    "syntax in exec": "exec('a b')\n",
    "in __del__": "class A:\n    def __del__(self):\n        1 / 0\n\na = A()\nraise ValueError\n",
    "in a thread": "import threading\n"
    "t = threading.Thread(target=lambda: 1 / 0, name='T')\nt.start()\nt.join()\n",
    "at exit": "import atexit\natexit.register(lambda: 1 / 0)\nraise ValueError\n",
    "hook": "import sys\nsys.excepthook = lambda k, e, t: print(k, e, t.tb_lineno, t.tb_next)\n1 / 0\n",
    "hook and last": "import atexit, sys, traceback\n"
    "atexit.register(lambda: traceback.print_last())\n"
    "atexit.register(lambda: print(sys.excepthook is sys.__excepthook__))\n1 / 0\n",
    "hook that exits": "import sys\nsys.excepthook = lambda *_: sys.exit(6)\n1 / 0\n",
    "after a hook": "import sys\ndef hook(k, e, t):\n    print(k)\n    sys.__excepthook__(k, e, t)\n"
    "sys.excepthook = hook\nraise KeyError('x')\n",
}


@pytest.mark.parametrize("text", UNCAUGHT.values(), ids=UNCAUGHT.keys())
def test_uncaught_exception(tmp_path, text):
    _, output, errors = run_text(tmp_path, text)
    assert "csocket" not in output + errors


def test_uncaught_exception_wherever_the_program_is(here, tmp_path):
    text = "def f():\n    1 / 0\n\nf()\n"
    write(tmp_path, "package/__init__.py", "")
    write(tmp_path, "package/__main__.py", text)
    for arguments in (["-m", "package"], ["package"], ["-"]):
        status, _, errors = run_on_both(tmp_path, *arguments, given=text)
        assert status == 1
        assert errors.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("text", UNCAUGHT.values(), ids=UNCAUGHT.keys())
def test_uncaught_exception_of_code(here, text):
    status, output, errors = run_on_both(here, "-c", text)
    assert "csocket" not in output + errors


def test_code_runs_on_csocket(here):
    text = "import socket, _socket; print(socket.__name__, _socket.__name__)"
    assert run(here, "-c", text, way=["-m", "csocket"])[1] == "csocket csocket._csocket\n"
    given = "print(text, socket.__name__)\n"
    way = ["-i", "-q", "-m", "csocket", "--no-children"]
    text = "import socket; text = 'left'"
    assert run(here, "-c", text, way=way, given=given)[:2] == (0, "left csocket\n")


def test_removed_excepthook(tmp_path):
    write(tmp_path, "program.py", "import sys\ndel sys.excepthook\n1 / 0\n")
    status, _, errors = run(tmp_path, "program.py", way=["-m", "csocket"])
    assert status == 1
    assert "csocket" not in errors
    assert errors.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    "arguments",
    [
        "missing.py",
        "empty",
        "-m missing",
        "-m package.missing",
        "-m package.sibling.missing",
        "-m empty",
    ],
)
def test_nothing_to_run(here, arguments):
    status, output, errors = run_on_both(here, *arguments.split())
    assert status in (1, 2)
    assert output == ""
    assert len(errors.splitlines()) == 1


def test_package_that_cannot_be_imported(tmp_path):
    write(tmp_path, "package/__init__.py", "1 / 0\n")
    write(tmp_path, "package/__main__.py", "")
    status, _, _ = run(tmp_path, "-m", "package", way=["-m", "csocket"])
    assert status == 1


def test_exit_handlers_and_threads_that_still_run(tmp_path):
    program = """
import atexit, socket, threading
a, b = socket.socketpair()
def echo():
    print("thread", a.recv(10))
threading.Thread(target=echo).start()
atexit.register(lambda: print("last", a.fileno() >= 0))
atexit.register(lambda: print("first", __name__))
threading._register_atexit(b.send, b"before the wait")
print("end of the program")
"""
    status, output, errors = run_text(tmp_path, program)
    assert (status, errors) == (0, "")
    assert output.splitlines() == [
        "end of the program",
        "thread b'before the'",
        "first __main__",
        "last True",
    ]


def test_leaves_no_warning(tmp_path):
    program = "import socket, ssl, asyncio, multiprocessing.connection\nprint(socket.AF_INET)\n"
    options = ["-X", "dev", "-W", "error"]
    status, _, errors = run_text(tmp_path, program, options=options)
    assert (status, errors) == (0, "")


# Programs that cannot be run


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-m"],
        ["-c"],
        ["--children"],
        ["--no-children", "-m"],
        ["--children", "-c"],
        ["--unknown"],
        ["--unknown", "show.py"],
    ],
    ids=" ".join,
)
def test_usage_errors(here, arguments):
    status, output, errors = run(here, *arguments, way=["-m", "csocket"])
    assert (status, output) == (2, "")
    usage = "usage: python -m csocket [--no-children] (program | -m module | -c code)"
    assert errors.startswith(usage)
    assert "\npython -m csocket: error: " in errors


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_children_without_environment(here, option):
    """Python ignores the environment: the children keep stock, and --children is an error."""
    text = "import os, socket; print(socket.__name__, 'csocket' in os.environ.get('PYTHONPATH', ''))"
    way = ["-m", "csocket"]
    assert run(here, "-c", text, options=[option], way=way) == (0, "csocket False\n", "")
    status, output, errors = run(
        here, "--children", "show.py", options=[option], way=["-m", "csocket"]
    )
    assert (status, output) == (2, "")
    assert "--children needs the environment" in errors
