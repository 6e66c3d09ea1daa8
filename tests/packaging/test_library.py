"""libcsocket is built without Python, installed, and used by the C examples."""

import os
import pathlib
import shlex
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "c").glob("*.c"))
CC = [*shlex.split(os.environ.get("CC", "cc")), "-Wall", "-Wextra", "-Werror"]

pytestmark = pytest.mark.skipif(not shutil.which("pkg-config"), reason="no pkg-config")


def output(*command, **environment):
    """What a command prints; it must succeed."""
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, stdout=-1, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    build = tmp_path_factory.mktemp("build")
    options = ("--prefix", prefix, "--libdir", "lib", "-Dpython=disabled", "-Dtests=false")
    output("meson", "setup", *options, build)
    output("meson", "install", "-C", build)
    return prefix


def flags(prefix, *options):
    text = output("pkg-config", *options, "csocket", PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    return shlex.split(text)


def test_the_library_exports_its_interface_alone(prefix):
    symbols = output("nm", "-D", "--defined-only", prefix / "lib" / "libcsocket.so").splitlines()
    names = [line.split()[-1] for line in symbols]
    assert names and [name for name in names if not name.startswith("csock_")] == []


def test_the_library_is_linked_as_it_should_be(prefix):
    """All symbols are bound at once, and any program can load it later."""
    dynamic = output("readelf", "--wide", "--dynamic", prefix / "lib" / "libcsocket.so")
    assert "BIND_NOW" in dynamic and "STATIC_TLS" not in dynamic


@pytest.mark.parametrize("linked", ["shared", "static"])
def test_the_examples_talk_to_each_other(prefix, linked, tmp_path):
    library = flags(prefix, "--libs") if linked == "shared" else [prefix / "lib" / "libcsocket.a"]
    for source in EXAMPLES:
        program = tmp_path / source.stem
        output(*CC, "-o", program, source, *flags(prefix, "--cflags"), *library, "-pthread")
        libraries = output("ldd", program, LD_LIBRARY_PATH=f"{prefix}/lib")
        assert (f"{prefix}/lib/libcsocket.so.0" in libraries) == (linked == "shared")
    path = {"LD_LIBRARY_PATH": f"{prefix}/lib"}
    command = [tmp_path / "echo_server", "0"]
    with subprocess.Popen(command, env=os.environ | path, stdout=-1, text=True) as server:
        try:
            port = server.stdout.readline().split(", ")[1]
            reply = output(tmp_path / "echo_client", "localhost", port, "Hello", **path)
        finally:
            server.terminate()
    assert (reply, server.returncode) == ("Hello\n", 0)
