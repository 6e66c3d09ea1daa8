"""The systems that the virtual machine can run: an architecture, its kernel and its root."""

import platform
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from debian import Missing, Packages, cached, tool

# What the root of another architecture has: enough to run C programs and Python there, and to link
# programs and extensions here.
PACKAGES = "libc6-dev libcmocka-dev netbase busybox-static libpython3-dev python3-pytest openssl".split()
FOLDERS = "dev", "lib/modules", "proc", "root", "run", "sys", "tmp"
HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"

PT_INTERP = 3


@dataclass(frozen=True)
class Architecture:
    name: str  # Debian's
    kernel: str  # the package that names the newest kernel
    qemu: str  # the program, and what to emulate
    qemu_package: str
    serial: str  # the first serial line, in /dev

    @property
    def is_foreign(self):
        return self is not X86_64

    @property
    def folder(self):
        """The name of its folder in the cache, which changes with PACKAGES."""
        return f"{self.name}-with-python" if self.is_foreign else self.name


# fmt: off
X86_64 = Architecture(
    "amd64", "linux-image-amd64",
    "qemu-system-x86_64 -cpu max -smp 2", "qemu-system-x86", "ttyS0",
)
ARCHITECTURES = {architecture.name: architecture for architecture in (
    X86_64,
    Architecture(
        "arm64", "linux-image-arm64",
        "qemu-system-aarch64 -M virt -cpu cortex-a72", "qemu-system-arm", "ttyAMA0",
    ),
    Architecture(
        "armhf", "linux-image-armmp",
        "qemu-system-arm -M virt,highmem=off -cpu cortex-a15", "qemu-system-arm", "ttyAMA0",
    ),
    Architecture(
        "i386", "linux-image-686-pae",
        "qemu-system-i386 -cpu max", "qemu-system-x86", "ttyS0",
    ),
    Architecture(
        "ppc64el", "linux-image-powerpc64le",
        "qemu-system-ppc64 -M pseries -cpu power9", "qemu-system-ppc", "hvc0",
    ),
    Architecture(
        "s390x", "linux-image-s390x",
        "qemu-system-s390x -cpu max", "qemu-system-misc", "ttysclp0",
    ),
)}
# fmt: on


# Its programs run here, and qemu translates their system calls. In a machine of mips, 9p would tell
# errors in the numbers of this machine.
MIPS64EL = Architecture("mips64el", None, "qemu-mips64el-static", "qemu-user-static", None)


@dataclass(frozen=True)
class System:
    qemu: list  # the program, and what to emulate
    serial: str
    root: Path
    image: Path
    modules: Path  # lib/modules/<release>
    busybox: Path

    @property
    def modules_in_root(self):
        return "/" / self.modules.relative_to(self.root)


def own_busybox():
    path = Path(tool("busybox", "busybox-static"))
    if not is_static(path.read_bytes()):
        raise Missing("busybox is not a static program (Debian: busybox-static)")
    return path


def is_static(program):
    """Whether a 64-bit ELF program has no interpreter (PT_INTERP) to load its libraries."""
    (offset,) = struct.unpack_from("<Q", program, 32)
    size, count = struct.unpack_from("<HH", program, 54)
    kinds = (struct.unpack_from("<I", program, offset + i * size)[0] for i in range(count))
    return PT_INTERP not in kinds


def unpack(architecture, folder):
    """Unpack the kernel there, if it has one, and for another architecture a root around it."""
    depmod = tool("depmod", "kmod")
    with tempfile.TemporaryDirectory() as directory:
        packages = Packages(directory, architecture.name if architecture.is_foreign else None)
        if architecture.is_foreign:
            packages.download_with_dependencies(*PACKAGES)
        if architecture.kernel:
            packages.download(packages.kernel(architecture.kernel))
        packages.unpack(folder)
    if architecture.is_foreign:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "etc" / "hosts").write_text(HOSTS)
        for link in folder.glob("lib64/*"):
            keep_in_root(link)
    if architecture.kernel:
        _, modules = kernel_in(folder)
        subprocess.run([depmod, "-b", folder, modules.name], check=True)


def keep_in_root(link):
    """Make an absolute link relative: the linker follows it out of the root."""
    target = link.readlink()
    if target.is_absolute():
        link.unlink()
        link.symlink_to(Path("..") / target.relative_to("/"))


def kernel_in(folder):
    """The image and the modules of the kernel that was unpacked there."""
    images = list(folder.glob("boot/vmlinu[xz]-*"))
    modules = list(folder.glob("usr/lib/modules/*"))
    if not images or not modules:
        raise Missing("the kernel is not made of boot/vmlinuz-* (or vmlinux-*) and lib/modules/*")
    return images[0], modules[0]


def fetch_root(architecture):
    """The emulator with its options, and the root, from the cache, or unpacked into it. Missing
    tells why there is none."""
    if platform.machine() != "x86_64":
        raise Missing(f"the virtual machine runs on x86_64, not {platform.machine()}")
    program, *options = architecture.qemu.split()
    qemu = [tool(program, architecture.qemu_package), *options]
    return qemu, cached(architecture.folder, lambda new: unpack(architecture, new))


def fetch(architecture):
    """The system of a machine of that architecture. Missing tells why there is none."""
    qemu, folder = fetch_root(architecture)
    if architecture.is_foreign:
        root, busybox = folder, folder / "bin" / "busybox"
    else:
        root, busybox = Path("/"), own_busybox()
    return System(qemu, architecture.serial, root, *kernel_in(folder), busybox)
