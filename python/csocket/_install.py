"""Puts csocket in the place of ``socket`` and ``_socket``, and puts those back."""

import sys

import csocket
from csocket import _csocket

_OURS = {"socket": csocket, "_socket": _csocket}


class _Installation:
    """The modules from before, and the replaced names."""

    def __init__(self):
        self.stock = {name: sys.modules[name] for name in _OURS if name in sys.modules}
        self.modules = set(sys.modules)
        self.rebinding = None


_installation = None


def _refuse_to_undo_patches():
    """Raise RuntimeError if a library has replaced ``socket.socket``: its patch would be lost."""
    stock = sys.modules.get("socket")
    name = getattr(getattr(stock, "socket", None), "__module__", "socket")
    if stock and name != "socket":
        patcher = str(name).partition(".")[0]
        raise RuntimeError(
            f"{patcher} has patched Python's own socket (socket.socket is that of {name}), which"
            f" csocket.install() would undo: call csocket.install() first and then patch, or start"
            f" the program with python -m csocket"
        )


def install() -> None:
    """Make ``import socket`` and ``import _socket`` import csocket, in the whole interpreter.

    Modules that already imported from them get csocket's objects in place of theirs. A module with
    a class that already derives from CPython's socket, such as ``ssl``, is left alone, and a
    RuntimeWarning names it. Calling it again does nothing.

    Call it before a library such as gevent or eventlet patches ``socket``; after that it raises
    RuntimeError.
    """
    global _installation
    if _installation:
        return
    _refuse_to_undo_patches()
    _installation = _Installation()
    sys.modules.update(_OURS)
    _csocket.set_public_name("socket")
    if _installation.stock:
        from csocket import _rebind

        pairs = [(stock, _OURS[name]) for name, stock in _installation.stock.items()]
        late = _rebind.late_classes(_installation.stock.values())
        _installation.rebinding = _rebind.rebind(pairs, _installation.modules - late.keys())
        _rebind.warn_of(late)


def uninstall() -> None:
    """Undo install(): ``import socket`` and ``import _socket`` import CPython's own again.

    The modules that had them before install(), and those imported since, get them back. This
    includes a module imported since that said ``import csocket as socket``: it cannot be told from
    the others. Classes that derive from csocket's socket, their modules, and open sockets stay and
    work on. Without install() it does nothing.
    """
    global _installation
    if not _installation:
        return
    undone, _installation = _installation, None
    for name in _OURS:
        sys.modules.pop(name, None)
    sys.modules.update(undone.stock)
    _csocket.set_public_name("csocket")
    if undone.rebinding:
        undone.rebinding.undo()
    imported_since = sys.modules.keys() - undone.modules
    if imported_since:
        from csocket import _rebind

        pairs = [(ours, __import__(name)) for name, ours in _OURS.items()]
        late = _rebind.late_classes(_OURS.values())
        _rebind.rebind(pairs, imported_since - late.keys())
