"""Packages of Debian, for this machine or another architecture: unpacked, and never installed."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# With these settings apt works in a folder of its own, as if nothing were installed,
OWN = """\
Dir::State "{folder}";
Dir::State::status "{folder}/status";
"""
# for another architecture,
FOREIGN = """\
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
"""
# or with other archives than this machine has.
SOURCES = """\
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
"""
# It needs no privileges, because it only writes into its folder.
SETTINGS = """\
APT::Sandbox::User "";
APT::Install-Recommends "false";
Debug::NoLocking "true";
Dir::Cache "{folder}";
"""


class Missing(Exception):
    """This machine lacks something to run the virtual machine, or programs for Windows."""


def tool(name, package):
    """The path of a program, also from sbin, which may not be on the PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise Missing(f"no {name} (Debian: {package})")
    return found


def cached(name, make, kind="vm"):
    """The folder of this name in the cache of that kind. If there is none, make(folder) fills it."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "csocket" / kind / name
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as directory:
        new = Path(directory) / "new"
        new.mkdir()
        make(new)
        try:
            new.rename(folder)
        except OSError:
            # Another process was first.
            if not folder.exists():
                raise
    return folder


class Packages:
    """Downloads packages into a folder. Without an architecture and lines of a sources.list they
    are this machine's, of the package lists that it has."""

    def __init__(self, folder, architecture=None, sources=()):
        self.archives = Path(folder) / "archives"
        (self.archives / "partial").mkdir(parents=True)
        settings = SETTINGS + (FOREIGN if architecture else "") + (SOURCES if sources else "")
        if architecture or sources:
            settings += OWN
        config = Path(folder) / "apt.conf"
        config.write_text(settings.format(architecture=architecture, folder=folder))
        (Path(folder) / "sources.list").write_text("".join(f"{line}\n" for line in sources))
        self.environment = {**os.environ, "APT_CONFIG": str(config)}
        if architecture or sources:
            (Path(folder) / "lists" / "partial").mkdir(parents=True)
            (Path(folder) / "status").touch()
            # If a list cannot be had, the others may do.
            with contextlib.suppress(Missing):
                self.run("apt-get", "update")

    def run(self, name, *arguments):
        done = subprocess.run(
            [tool(name, "apt"), "-qq", *arguments],
            cwd=self.archives, env=self.environment, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            reason = done.stderr.strip().splitlines() or ["it failed"]
            raise Missing(f"{name} {' '.join(arguments)}: {reason[-1]}")
        return done.stdout

    def download(self, *names):
        self.run("apt-get", "download", *names)

    def download_with_dependencies(self, *names):
        """Also what they need, unless it is installed."""
        self.run("apt-get", "install", "--yes", "--download-only", *names)

    def kernel(self, name):
        """The package of the kernel that an empty package of this name needs."""
        for line in self.run("apt-cache", "depends", name).splitlines():
            word, _, needed = line.strip().partition(": ")
            if word == "Depends" and needed.startswith("linux-image-"):
                return needed
        raise Missing(f"{name} names no kernel")

    def unpack(self, root):
        """Unpack all that was downloaded. As on every Debian of today, /lib is a link to /usr/lib."""
        for name in ("bin", "lib", "sbin"):
            (root / "usr" / name).mkdir(parents=True)
            (root / name).symlink_to(f"usr/{name}")
        for package in self.archives.glob("*.deb"):
            command = [tool("dpkg-deb", "dpkg"), "--fsys-tarfile", package]
            extract = ["tar", "-x", "--keep-directory-symlink", "-C", root]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as files:
                subprocess.run(extract, stdin=files.stdout, check=True)
            if files.returncode:
                raise Missing(f"{package.name} cannot be unpacked")
