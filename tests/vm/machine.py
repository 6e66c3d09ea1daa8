#!/usr/bin/env python3
"""Run a command in a virtual machine whose kernel has every address family.

The virtual machine uses this machine's root file system, and keeps all changes to it in memory. So
the command finds the same files at the same places, and changes none of them. It runs as root, in
the current folder. Only files that it writes into the folder of --writable stay.

A virtual machine of another architecture has a small root of its own: busybox, the C library and
that of cmocka. Only the folder of --writable is the same there.

The exit status is the command's. It is 75 if the machine cannot be started: then one line on
standard error tells what is missing. It is 124 if the machine was stopped because it printed
nothing for too long.
"""

import argparse
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import initramfs
import system

HERE = Path(__file__).parent
CANNOT, SILENT = 75, 124

# Emulated, because nested virtual machines are not available everywhere.
QEMU = "-accel tcg,thread=multi -m 2048".split()
DEVICES = "-nodefaults -no-reboot -display none -serial stdio".split()
# The kernel gives init what it does not know itself, the serial line, as a variable. It prints no
# messages there: they would mix with the output of the command.
KERNEL = "console=tty0 SERIAL={} quiet loglevel=0 mitigations=off random.trust_cpu=on panic=-1"


def share(path, tag, **options):
    words = {"id": tag, "path": path, "security_model": "none", **options}
    folder = "local," + ",".join(f"{key}={value}" for key, value in words.items())
    return ["-fsdev", folder, "-device", f"virtio-9p,fsdev={tag},mount_tag={tag}"]


def write_job(job, guest, options):
    """Write the files that the guest script reads."""
    writable = options.writable.resolve() if options.writable else ""
    environment = {"HOME": os.path.expanduser("~"), "MODULES": guest.modules_in_root}
    environment["WRITABLE"] = writable
    lines = [f"{key}={shlex.quote(str(value))}\n" for key, value in environment.items()]
    (job / "environment").write_text("".join(lines))
    (job / "command").write_text(
        f"cd {shlex.quote(os.getcwd())} || exit 1\nexec {shlex.join(options.command)}\n"
    )
    for name in ("guest", "modules"):
        shutil.copy(HERE / name, job / name)


def start(guest, job, options):
    """Run the machine until it ends."""
    archive = job / "initramfs"
    initramfs.build(guest, archive)
    command = [*guest.qemu, *QEMU, *DEVICES]
    command += ["-kernel", guest.image, "-initrd", archive]
    command += ["-append", KERNEL.format(guest.serial)]
    command += share(guest.root, "root", readonly="on", multidevs="remap")
    command += share(job, "job")
    if options.writable:
        options.writable.mkdir(parents=True, exist_ok=True)
        command += share(options.writable, "writable")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        try:
            return pass_on(machine.stdout.fileno(), options.silence)
        finally:
            machine.kill()


def pass_on(output, silence):
    """Print the machine's output. Return True at its end, or False if it is silent for too long."""
    while select.select([output], [], [], silence)[0]:
        data = os.read(output, 1 << 16)
        if not data:
            return True
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return False


def status_of(job):
    try:
        return int((job / "status").read_text())
    except (OSError, ValueError):
        print("machine: it ended without the command's exit status", file=sys.stderr)
        return 1


def run(guest, options):
    with tempfile.TemporaryDirectory(prefix="csocket-vm-") as directory:
        job = Path(directory)
        write_job(job, guest, options)
        if start(guest, job, options):
            return status_of(job)
    print(f"machine: it said nothing for {options.silence:g} s", file=sys.stderr)
    return SILENT


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="only see whether it could run")
    parser.add_argument(
        "--architecture", type=system.ARCHITECTURES.get, default=system.X86_64, metavar="NAME",
        help=f"one of {' '.join(system.ARCHITECTURES)} (amd64)",
    )  # fmt: skip
    parser.add_argument("--writable", type=Path, metavar="DIR", help="a folder that can be changed")
    parser.add_argument(
        "--silence", type=float, default=900, metavar="SECONDS",
        help="end it after so many seconds of silence (900)",
    )  # fmt: skip
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.check and not options.command:
        parser.error("a command, or --check")
    return options


def main():
    options = parse_arguments()
    # On SIGTERM, exit normally: that stops qemu and removes the files.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        guest = system.fetch(options.architecture)
    except system.Missing as missing:
        print(missing, file=sys.stderr)
        return CANNOT
    return 0 if options.check else run(guest, options)


if __name__ == "__main__":
    sys.exit(main())
