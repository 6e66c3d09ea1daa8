"""What the cases need from the system. Each has the same names."""

import sys

if sys.platform == "win32":
    from .system_windows import (
        LACKING,
        Sockets,
        close,
        descriptors,
        duplicate,
        is_inheritable,
        must_be_open,
    )
else:
    from .system_posix import (
        LACKING,
        Sockets,
        close,
        descriptors,
        duplicate,
        is_inheritable,
        must_be_open,
    )

__all__ = [
    "LACKING",
    "Sockets",
    "close",
    "descriptors",
    "duplicate",
    "is_inheritable",
    "must_be_open",
]
