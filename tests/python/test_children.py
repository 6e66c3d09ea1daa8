"""python -m csocket installs csocket in the Python processes that a program starts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import PATIENCE

import csocket

CHILDREN = str(Path(csocket.__file__).with_name("_children"))

# A child's report on itself.
TELL = "import socket, sys; print(socket.__name__, sys.path)"


def run(program, *arguments, way=("-m", "csocket"), **environment):
    """Run a program, which must succeed and print nothing to stderr. Return the lines it prints."""
    done = subprocess.run(
        [sys.executable, "-X", "dev", *way, program, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def starter(tmp_path):
    """A program that runs the command in its arguments, and exits with its status."""
    program = tmp_path / "starter.py"
    program.write_text(
        "import subprocess, sys\nsys.exit(subprocess.run(sys.argv[1:], stdin=0).returncode)\n"
    )
    return program


def test_subprocess(starter):
    command = [starter, sys.executable, "-c", TELL]
    assert run(*command)[0].startswith("csocket ")
    assert run(*command, way=["-m", "csocket", "--children"])[0].startswith("csocket ")
    assert run(*command, way=["-m", "csocket", "--no-children"])[0].startswith("socket ")


def test_path_of_the_child_is_as_without(starter):
    ours = run(starter, sys.executable, "-c", TELL)[0]
    stock = run(starter, sys.executable, "-c", TELL, way=[])[0]
    assert ours == stock.replace("socket", "csocket", 1)


def test_modules_of_the_child(starter):
    """Beside the child's own modules there are only csocket and its modules."""
    text = "import sys; print(*sorted(sys.modules))"
    ours = set(run(starter, sys.executable, "-c", text)[0].split())
    stock = set(run(starter, sys.executable, "-c", text, way=[])[0].split())
    own = {"_socket", "csocket", "csocket._csocket", "csocket._install", "socket"}
    # Before 3.14 io is imported from the start.
    assert ours - stock - {"io"} == own
    assert ours >= stock


def test_children_of_children(starter):
    command = [sys.executable, str(starter)] * 3
    assert run(starter, *command, sys.executable, "-c", TELL)[0].startswith("csocket ")


def test_way_in_within_the_way_in(starter):
    command = [sys.executable, "-m", "csocket", str(starter)]
    ours = run(starter, *command, sys.executable, "-c", TELL)[0]
    assert ours.startswith("csocket ") and CHILDREN not in ours


def test_pythonpath_keeps_its_order(starter, tmp_path):
    folders = [str(tmp_path / name) for name in ("b", "a")]
    path = os.pathsep.join(folders)
    ours = run(starter, sys.executable, "-c", TELL, PYTHONPATH=path)[0]
    stock = run(starter, sys.executable, "-c", TELL, way=[], PYTHONPATH=path)[0]
    assert ours == stock.replace("socket", "csocket", 1)
    assert str(folders)[1:-1] in ours


def test_path_of_the_child_that_ends_with_something_else(starter, tmp_path):
    """A virtual environment with the system's packages has such a path: these come last."""
    site_packages = os.path.dirname(os.path.dirname(csocket.__file__))
    path = os.pathsep.join([site_packages, str(tmp_path)])
    ours = run(starter, sys.executable, "-c", TELL, PYTHONPATH=path)[0]
    stock = run(starter, sys.executable, "-c", TELL, way=[], PYTHONPATH=path)[0]
    assert ours == stock.replace("socket", "csocket", 1)


def test_environment_of_the_child(starter, tmp_path):
    text = "import os; print(os.environ['PYTHONPATH'])"
    assert run(starter, sys.executable, "-c", text, PYTHONPATH="") == [CHILDREN]
    ours = run(starter, sys.executable, "-c", text, PYTHONPATH=str(tmp_path))
    assert ours == [CHILDREN + os.pathsep + str(tmp_path)]


MULTIPROCESSING = """
import concurrent.futures, multiprocessing, os, socket, sys
import multiprocessing.connection

def tell(_=None):
    import socket
    return socket.__name__, os.getpid()

def use(connection):
    with socket.create_connection(connection.recv()) as sock:
        connection.send(sock.recv(10))
    connection.send(tell())

if __name__ == "__main__":
    for method in sys.argv[1:]:
        context = multiprocessing.get_context(method)
        here, there = context.Pipe()
        process = context.Process(target=use, args=(there,))
        process.start()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            here.send(listener.getsockname())
            sock, _ = listener.accept()
            with sock:
                sock.sendall(b"hello")
        assert here.recv() == b"hello"
        name, pid = here.recv()
        process.join()
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            pooled, pool_pid = executor.submit(tell).result()
        print(method, name, pooled, len({os.getpid(), pid, pool_pid}))
"""


@pytest.mark.parametrize(
    "way, name", [(["-m", "csocket"], "csocket"), (["-m", "csocket", "--no-children"], "socket")]
)
def test_multiprocessing(tmp_path, way, name):
    """With --no-children, forked children still have csocket; others have stock."""
    program = tmp_path / "program.py"
    program.write_text(MULTIPROCESSING)
    # Forked first, while there are no threads.
    methods = ["fork", "spawn", "forkserver"]
    lines = run(program, *methods, way=way)
    assert lines[0] == "fork csocket csocket 3"
    assert lines[1:] == [f"{method} {name} {name} 3" for method in methods[1:]]


@pytest.fixture
def customized(tmp_path):
    """Write a sitecustomize, and return its folder for PYTHONPATH."""
    folder = tmp_path / "own"
    folder.mkdir()

    def write(text):
        (folder / "sitecustomize.py").write_text(text)
        return str(folder)

    return write


def test_sitecustomize_of_the_environment(starter, customized):
    path = customized(
        "import socket\nprint('customized', socket.__name__, __name__, __file__, flush=True)\n"
    )
    text = "import sitecustomize; print(sitecustomize.__file__)"
    lines = run(starter, sys.executable, "-c", text, PYTHONPATH=path)
    file = f"{path}/sitecustomize.py"
    # The program's own interpreter runs it too, and does not have csocket yet.
    assert lines == [
        f"customized socket sitecustomize {file}",
        f"customized csocket sitecustomize {file}",
        file,
    ]


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "import no_such_module", "from sitecustomize import nothing"],
)
def test_sitecustomize_that_fails(starter, customized, text):
    """It fails as it would without csocket."""
    # Not in the program's own interpreter.
    path = customized(f"import os\nif os.environ.get('CUSTOMIZE'):\n    {text}\n")
    outcomes = []
    for way in ([], ["-m", "csocket"]):
        done = subprocess.run(
            [
                sys.executable,
                *way,
                starter,
                "env",
                "CUSTOMIZE=yes",
                sys.executable,
                "-c",
                "print(1)",
            ],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        outcomes.append((done.returncode, done.stdout, done.stderr))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][:2] == (0, "1\n")


def test_without_sitecustomize(starter):
    """If the environment has none, the child has none. A system's Python may have one."""
    text = "import importlib.util, sys; print('sitecustomize' in sys.modules)"
    text += "; print(importlib.util.find_spec('sitecustomize') is not None)"
    ours = run(starter, sys.executable, "-c", text)
    assert ours == run(starter, sys.executable, "-c", text, way=[])
    assert ours[0] == ours[1]


def test_usercustomize(starter, make_environment, tmp_path):
    python = make_environment("--system-site-packages")
    (tmp_path / "usercustomize.py").write_text("import socket\nprint('user', socket.__name__)\n")
    lines = run(starter, "env", f"PYTHONPATH={CHILDREN}:{tmp_path}", python, "-c", "pass")
    assert lines == ["user csocket"]


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_child_that_ignores_the_environment(starter, option):
    assert run(starter, sys.executable, option, "-c", TELL)[0].startswith("socket ")


def test_child_without_site(starter):
    """No code of csocket runs there, so its folder stays on the path, as the docs say."""
    text = f"import socket, sys; print(socket.__name__, {CHILDREN!r} in sys.path)"
    assert run(starter, sys.executable, "-S", "-c", text) == ["socket True"]


def test_child_without_environment(starter):
    assert run(starter, "env", "-i", sys.executable, "-c", TELL)[0].startswith("socket ")


def other_pythons():
    """Interpreters of other versions on this machine, in environments without csocket."""
    found = []
    for version in [f"3.{minor}" for minor in range(6, 16)]:
        beside = Path(sys.base_prefix).parent.glob(f"{version}.*/bin/python{version}")
        places = [*map(str, beside), shutil.which(f"python{version}")]
        if version != f"3.{sys.version_info.minor}":
            found += [place for place in places if place and has_no_csocket(place)][:1]
    # The oldest and the newest.
    return sorted({*found[:1], *found[-1:]})


def has_no_csocket(python):
    """Whether it runs, as not every launcher of pyenv does, and has no csocket of its own."""
    text = "import importlib.util, sys; sys.exit(importlib.util.find_spec('csocket') is not None)"
    done = subprocess.run([python, "-c", text], capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode == 0


def test_child_of_another_version(starter):
    """It keeps its own sockets, silently."""
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no interpreter of another version is installed")
    text = "import socket, sys; print(socket.__name__); print(sys.path)"
    text += "; print([name for name in sys.modules if 'csocket' in name])"
    for python in pythons:
        name, path, modules = run(starter, python, "-c", text)
        assert (name, modules) == ("socket", "[]")
        assert path == run(starter, python, "-c", text, way=[])[1]


@pytest.fixture
def make_environment(tmp_path):
    """Make a virtual environment without csocket, and return its interpreter."""

    def make(*options):
        environment = tmp_path / "environment"
        command = [sys.executable, "-m", "venv", "--without-pip", *options, environment]
        subprocess.run(command, check=True, timeout=PATIENCE)
        return environment / "bin" / "python"

    return make


def test_child_of_another_environment(starter, make_environment):
    """An environment of the same version without csocket gets it too."""
    text = TELL + "; import csocket; print(csocket.__file__)"
    shown, file = run(starter, make_environment(), "-c", text)
    assert shown.startswith("csocket ")
    assert os.path.dirname(os.path.dirname(csocket.__file__)) not in shown
    assert file == csocket.__file__
