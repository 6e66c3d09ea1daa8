"""Debian's kernel, unpacked into a cache and never installed."""

import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

META_PACKAGE = "linux-image-amd64"


class Missing(Exception):
    """This machine lacks something to run the virtual machine."""


@dataclass(frozen=True)
class Kernel:
    image: Path
    modules: Path  # lib/modules/<release>

    @property
    def release(self):
        return self.modules.name


def cache_directory():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "csocket" / "vm"


def tool(name, package):
    """The path of a program, also from sbin, which may not be on the PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise Missing(f"no {name} (Debian: {package})")
    return found


def package_name():
    """The package with the newest kernel in this machine's package lists."""
    try:
        listing = subprocess.run(
            [tool("apt-cache", "apt"), "depends", META_PACKAGE],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    except subprocess.CalledProcessError as error:
        raise Missing(f"no {META_PACKAGE} in the package lists") from error
    for line in listing.splitlines():
        word, _, name = line.strip().partition(": ")
        if word == "Depends" and name.startswith("linux-image-"):
            return name
    raise Missing(f"{META_PACKAGE} names no kernel")


def download(name, directory):
    try:
        subprocess.run(
            [tool("apt-get", "apt"), "download", "-q", name],
            cwd=directory,
            check=True,
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines() or ["apt-get failed"]
        raise Missing(f"{name} cannot be downloaded: {reason[-1]}") from error
    return next(Path(directory).glob(f"{name}_*.deb"))


def unpack(package, directory):
    subprocess.run([tool("dpkg-deb", "dpkg"), "-x", package, directory], check=True)
    # From Debian 13 on the modules are below /usr.
    if not (directory / "lib").exists():
        (directory / "lib").symlink_to("usr/lib")
    if (found := kernel_in(directory)) is None:
        raise Missing(f"{package.name} is not made of boot/vmlinuz-* and lib/modules/*")
    subprocess.run([tool("depmod", "kmod"), "-b", directory, found.release], check=True)


def kernel_in(directory):
    """The kernel that was unpacked there, or None."""
    images = list(directory.glob("boot/vmlinuz-*"))
    modules = list(directory.glob("lib/modules/*"))
    return Kernel(images[0], modules[0]) if images and modules else None


def cached():
    """The kernel that was unpacked last, or None."""
    directories = sorted(cache_directory().glob("linux-image-*"), key=os.path.getmtime)
    return kernel_in(directories[-1]) if directories else None


def fetch():
    """The kernel, from the cache, or unpacked into it. Missing tells why there is none."""
    if platform.machine() != "x86_64":
        raise Missing(f"the virtual machine is for x86_64, not {platform.machine()}")
    if kernel := cached():
        return kernel
    tool("depmod", "kmod")
    name = package_name()
    cache = cache_directory()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as directory:
        unpacked = Path(directory) / "unpacked"
        unpack(download(name, directory), unpacked)
        try:
            unpacked.rename(cache / name)
        except OSError:
            # Another process was first.
            if not (cache / name).exists():
                raise
    return kernel_in(cache / name)
