"""The protocols that this build and the running kernel have: ``python -m csocket --info``."""

import platform

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
