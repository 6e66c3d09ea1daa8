"""The initial file system of the virtual machine: it contains what mounting this machine's root
needs."""

import gzip
import lzma
from pathlib import Path

HERE = Path(__file__).parent
MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")

DIRECTORY, EXECUTABLE, PLAIN = 0o040755, 0o100755, 0o100644


def entry(number, name, mode, data=b""):
    """A member of a cpio archive, in the format that the kernel calls newc."""
    encoded = name.encode() + b"\0"
    links = 2 if mode == DIRECTORY else 1
    fields = (number, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
    return padded(header) + padded(data)


def padded(data):
    return data + b"\0" * (-len(data) % 4)


def archive(members):
    """The archive of (name, mode, data) members."""
    members = [*members, ("TRAILER!!!", 0, b"")]
    return b"".join(entry(number, *member) for number, member in enumerate(members))


def dependencies(system):
    """A dict from the name of each module to its file and those it needs, from depmod's output."""
    found = {}
    for line in (system.modules / "modules.dep").read_text().splitlines():
        path, _, needed = line.partition(":")
        found[module_name(path)] = (path, needed.split())
    return found


def module_name(path):
    return Path(path).name.partition(".ko")[0].replace("-", "_")


def in_order(system, names):
    """The files of the modules, each after those that it needs. A built-in module has no file."""
    known = dependencies(system)
    files = []
    for name in names:
        if name not in known:
            continue
        path, needed = known[name]
        # depmod lists the module that is needed first at the end.
        for file in [*reversed(needed), path]:
            if file not in files:
                files.append(file)
    return files


def module_data(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def build(system, path):
    """Write the compressed archive to path."""
    members = [(name, DIRECTORY, b"") for name in ("bin", "dev", "lower", "modules", "root")]
    members += [(name, DIRECTORY, b"") for name in ("proc", "sys", "upper")]
    members.append(("bin/busybox", EXECUTABLE, system.busybox.read_bytes()))
    members.append(("init", EXECUTABLE, (HERE / "init").read_bytes()))
    for number, file in enumerate(in_order(system, MODULES)):
        name = f"modules/{number:02}-{module_name(file)}.ko"
        members.append((name, PLAIN, module_data(system.modules / file)))
    path.write_bytes(gzip.compress(archive(members), 1))
