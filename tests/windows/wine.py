"""Wine without a display. All that it keeps is in a folder of the build."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "vm"))
from debian import Missing

BUILD = Path("build/windows").absolute()
PREFIX = BUILD / "prefix"
# Debian's own command is a script that asks for packages of 32 bits.
LOADERS = Path("/usr/lib/wine"), Path("/usr/lib/x86_64-linux-gnu/wine")
# No browser, no .NET, no entries in menus, no debugger that waits for somebody.
WITHOUT = "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe="
SECONDS = 300


def environment():
    """The environment of programs that run Wine: they find it as wine64."""
    folder = next((folder for folder in LOADERS if (folder / "wine64").exists()), None)
    if folder is None:
        raise Missing("no Wine (Debian: wine wine64)")
    settings = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return settings | {
        "PATH": f"{Path(sys.executable).parent}:{settings['PATH']}:{folder}",
        "PYTHONUNBUFFERED": "1",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": WITHOUT,
        "WINEPREFIX": str(PREFIX),
    }


def call(*command):
    """Run one of Wine's own programs, which say nothing worth reading."""
    subprocess.run(
        ["wine64", *command],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
    )


def make_prefix():
    """Make Wine's folder, once."""
    ready = PREFIX / "ready"
    if ready.exists():
        return
    PREFIX.mkdir(parents=True, exist_ok=True)
    try:
        call("wineboot", "-i")
        # On an older Windows CPython leaves out names.
        call("winecfg", "-v", "win10")
    except (OSError, subprocess.SubprocessError) as error:
        raise Missing(f"Wine cannot make its folder: {error}") from error
    ready.touch()


def run(*command, seconds=None):
    """Run a program for Windows and pass on its output; return its status.

    Its output goes to a pipe: for CPython, a file or a terminal of Linux would not be a console.
    """
    process = subprocess.Popen(
        ["wine64", *map(str, command)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    for line in process.stdout:
        sys.stdout.buffer.write(line.replace(b"\r\n", b"\n"))
        sys.stdout.buffer.flush()
    return process.wait(seconds)
