"""What the cases need from the system: system_posix and system_windows have the same names."""

import sys

if sys.platform == "win32":
    from .system_windows import *
else:
    from .system_posix import *
