"""The command line: ``python -m csocket``."""

import argparse
import platform
import sys

from csocket import __version__, _csocket

HEADINGS = ("family", "protocol", "build", "kernel", "address", "what it takes")


def kernel_says(present):
    return {True: "yes", False: "no"}.get(present, present)


def rows():
    for family, name, form, present, needs in _csocket._protocols():
        build = "no" if form is None else "yes"
        yield family, name, build, kernel_says(present), form or "-", needs or "-"


def print_table(table):
    widths = [max(map(len, column)) for column in zip(*table)]
    for row in table:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


def print_info():
    print(
        f"csocket {__version__}, {platform.python_implementation()} {platform.python_version()},"
        f" {platform.system()} {platform.release()}\n"
    )
    print_table([HEADINGS, *rows()])


def main():
    parser = argparse.ArgumentParser(prog="python -m csocket", description="Sockets, in C.")
    parser.add_argument("--version", action="version", version=f"csocket {__version__}")
    parser.add_argument(
        "--info",
        action="store_true",
        help="show each protocol: whether this build and this kernel have it, the form of"
        " its addresses, and what it takes to get it",
    )
    if not parser.parse_args().info:
        parser.print_usage(sys.stderr)
        return 2
    print_info()
    return 0


if __name__ == "__main__":
    sys.exit(main())
