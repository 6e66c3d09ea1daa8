"""Builds libcsocket without Python and installs it, and runs what uses it."""

import os
import pathlib
import shlex
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[1]
CONSUMER = ROOT / "tests" / "packaging" / "projects" / "consumer.c"
CC = [*shlex.split(os.environ.get("CC", "cc")), "-Wall", "-Wextra", "-Werror"]


def run(*command, cwd=ROOT, **environment):
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, stdout=-1, stderr=subprocess.STDOUT, text=True
    )


def output(*command, **options):
    """What a command prints; it must succeed."""
    done = run(*command, **options)
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}"
    return done.stdout


def install(source, build, prefix, *more):
    options = ("--prefix", prefix, "--libdir", "lib", "-Dpython=disabled", "-Dtests=false")
    output("meson", "setup", *options, *more, build, source)
    output("meson", "install", "-C", build)


def flags(prefix, *options):
    text = output("pkg-config", *options, "csocket", PKG_CONFIG_PATH=f"{prefix}/lib/pkgconfig")
    return shlex.split(text)


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """The installed library: a folder's conftest.py imports this."""
    prefix = tmp_path_factory.mktemp("prefix")
    install(ROOT, tmp_path_factory.mktemp("build"), prefix)
    return prefix
