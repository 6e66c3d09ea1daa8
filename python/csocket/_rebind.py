"""Replaces one socket module's objects by another's, wherever modules refer to them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

Pair = tuple[ModuleType, ModuleType]

# Names of these types are in both modules, and other code may share the objects.
_PLAIN = (bool, dict, int, list, str, type(None))

# Code that says "import csocket" wants csocket.
_OWN_NAMES = ("csocket", "_csocket")


class Rebinding:
    """Replaces the objects of old modules by those of new ones, and can put them back."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._twins: dict[int, Any] = {}
        self._classes: dict[type, type] = {}
        self._done: list[tuple[Any, str, Any, Any]] = []
        for old_module, new_module in pairs:
            self._twins[id(old_module)] = new_module
            for name, old in vars(old_module).items():
                self._add(name, old, getattr(new_module, name, old))

    def _add(self, name: str, old: Any, new: Any) -> None:
        if new is old or name.startswith("__") or type(old) in _PLAIN:
            return
        self._twins.setdefault(id(old), new)
        if isinstance(old, type):
            self._classes[old] = new

    def apply(self, modules: Iterable[ModuleType]) -> None:
        """Rebind names in the globals of the modules, and in their classes and functions."""
        for module in modules:
            self._apply_to(module, _get(module, "__name__"), set())

    def undo(self) -> None:
        """Put back what apply() has replaced, unless something else replaced it later."""
        for owner, name, old, new in reversed(self._done):
            if _get(owner, name) is new:
                _set(owner, name, old)
        self._done.clear()

    def _replace(self, owner: Any, name: str, old: Any, new: Any) -> None:
        _set(owner, name, new)
        self._done.append((owner, name, old, new))

    def _apply_to(self, owner: Any, module_name: str, seen: set[int]) -> None:
        """Rebind in a module or class. Checks exact types, because a proxy may answer anything."""
        seen.add(id(owner))
        for name, value in list(_namespace(owner).items()):
            kind = type(value)
            if id(value) in self._twins:
                if name not in _OWN_NAMES:
                    self._replace(owner, name, value, self._twins[id(value)])
            elif kind is dict:
                self._add_to_registry(value)
            elif kind is FunctionType:
                self._apply_to_defaults(value)
            elif kind in (staticmethod, classmethod):
                self._apply_to_wrapped(owner, name, value)
            elif issubclass(kind, type) and _namespace(value).get("__module__") == module_name:
                if id(value) not in seen:
                    self._apply_to(value, module_name, seen)

    def _apply_to_wrapped(self, owner: Any, name: str, method: Any) -> None:
        """Rebind the function of a static or class method, or its defaults."""
        function = method.__func__
        if id(function) in self._twins:
            self._replace(owner, name, method, type(method)(self._twins[id(function)]))
        elif type(function) is FunctionType:
            self._apply_to_defaults(function)

    def _apply_to_defaults(self, function: FunctionType) -> None:
        values = function.__defaults__ or ()
        if any(id(value) in self._twins for value in values):
            new = tuple(self._twins.get(id(value), value) for value in values)
            self._replace(function, "__defaults__", values, new)
        named = function.__kwdefaults__ or {}
        if any(id(value) in self._twins for value in named.values()):
            twins = {name: self._twins.get(id(value), value) for name, value in named.items()}
            self._replace(function, "__kwdefaults__", named, twins)

    def _add_to_registry(self, registry: dict[Any, Any]) -> None:
        """Add the new class beside the old one: the pickler of multiprocessing needs that."""
        for old, new in self._classes.items():
            if old in registry:
                registry.setdefault(new, registry[old])


# These bypass the attribute access of special modules and metaclasses, which may load the module,
# or refuse.


def _namespace(owner: Any) -> Any:
    return object.__getattribute__(owner, "__dict__")


def _get(owner: Any, name: str) -> Any:
    if type(owner) is FunctionType:
        return getattr(owner, name)
    return _namespace(owner).get(name)


def _set(owner: Any, name: str, value: Any) -> None:
    if issubclass(type(owner), type):
        type.__setattr__(owner, name, value)
    else:
        object.__setattr__(owner, name, value)


def rebind(pairs: list[Pair], names: Iterable[str]) -> Rebinding:
    """In the modules of these names, replace the old module of each pair by the new one."""
    rebinding = Rebinding(pairs)
    untouched = {id(module) for pair in pairs for module in pair}
    rebinding.apply(
        module
        for module in map(sys.modules.get, sorted(names))
        if module is not None
        and issubclass(type(module), ModuleType)
        and id(module) not in untouched
        and not str(_get(module, "__name__")).startswith("csocket.")
    )
    return rebinding


def late_classes(stock: Iterable[ModuleType]) -> dict[str, set[str]]:
    """Return the classes that already derive from a stock module's socket, by their module."""
    names = {module.__name__ for module in stock}
    late: dict[str, set[str]] = {}
    for module in stock:
        for cls in _subclasses(module.socket):
            if cls.__module__ not in names:
                late.setdefault(cls.__module__, set()).add(f"{cls.__module__}.{cls.__qualname__}")
    return late


def warn_of(late: dict[str, set[str]]) -> None:
    """Warn the caller of install() of each module with late classes."""
    for module_name, classes in sorted(late.items()):
        warnings.warn(
            f"{' and '.join(sorted(classes))} derived from Python's own socket before"
            f" csocket.install(), and {module_name} will go on using it: call csocket.install()"
            f" before {module_name} is imported, or start the program with python -m csocket",
            RuntimeWarning,
            stacklevel=3,
        )


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
