"""The socket module in C: the names, results and errors of CPython's own, and more.

Use it as ``import csocket as socket``, or call ``csocket.install()`` before anything else
imports ``socket``.
"""

from csocket import _csocket
from csocket._install import install as install
from csocket._install import uninstall as uninstall

__version__ = "0.1.0"

_csocket.publish(globals())
