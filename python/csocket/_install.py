"""Puts csocket in the place of ``socket`` and ``_socket``."""

import sys


def install() -> None:
    """Make ``import socket`` and ``import _socket`` import csocket, in the whole program.

    Call it before anything imports them. What was imported before keeps using Python's own
    sockets: a RuntimeWarning then names it. To call it again does nothing.
    """
    import csocket
    from csocket import _csocket

    replacements = {"socket": csocket, "_socket": _csocket}
    late = [
        name
        for name, module in replacements.items()
        if sys.modules.get(name) not in (None, module)
    ]
    sys.modules.update(replacements)
    if late:
        # Only here: importing csocket stays cheap.
        import warnings

        warnings.warn(
            f"csocket.install() came after the import of {' and '.join(late)}: "
            "the modules that imported them keep Python's own sockets",
            RuntimeWarning,
            stacklevel=2,
        )
