"""The machine that the numbers were measured on."""

import datetime
import os
import platform
import re
import sys

import csocket


def processor():
    with open("/proc/cpuinfo") as file:
        match = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return match[1] if match else platform.machine()


def description():
    """Short texts by name, for the top of the table and the file of the results."""
    free_threaded = "" if getattr(sys, "_is_gil_enabled", lambda: True)() else ", without the GIL"
    return {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "kernel": f"{platform.system()} {platform.release()}, {platform.libc_ver()[1]} libc",
        "python": f"{platform.python_version()} ({platform.python_compiler()}){free_threaded}",
        "csocket": csocket.__version__,
        "date": datetime.datetime.now().astimezone().isoformat(" ", "minutes"),
        "load before": "{:.2f} {:.2f} {:.2f}".format(*os.getloadavg()),
    }
