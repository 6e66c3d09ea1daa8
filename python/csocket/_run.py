"""Runs a program in this process, as ``python`` does: a file, a module, or code."""

import io
import os
import pkgutil
import runpy
import sys
from importlib.machinery import BuiltinImporter, SourceFileLoader, SourcelessFileLoader

_PACKAGE = os.path.dirname(__file__)


def run_module(name, arguments):
    """Run a module from sys.path, which already begins with the current folder."""
    sys.argv[:] = ["-m", *arguments]
    _empty_main(None)
    _run(runpy._run_module_as_main, name)


def run_code(text, arguments):
    """Run the code that follows -c."""
    sys.argv[:] = ["-c", *arguments]
    _set_first_folder("")
    namespace = _empty_main(BuiltinImporter)
    namespace.pop("__cached__", None)
    _run(_run_text, text, namespace)


def run_program(path, arguments):
    """Run a file, a folder or archive with a ``__main__``, or standard input (-)."""
    sys.argv[:] = [path, *arguments]
    if path == "-":
        _set_first_folder("")
        namespace = _empty_main(BuiltinImporter)
        _run(_run_standard_input, namespace)
    elif pkgutil.get_importer(_absolute(path)):
        # It replaces the current folder. With -P there is none, so it goes before all others.
        sys.path[: not sys.flags.safe_path] = [_absolute(path)]
        _empty_main(None)
        _run(runpy._run_module_as_main, "__main__", False)
    else:
        _set_first_folder(os.path.dirname(os.path.realpath(path)))
        _run(_run_file, _absolute(path))


def _absolute(path):
    """Make a path absolute as the interpreter does: dots inside the path stay."""
    return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)


def _set_first_folder(path):
    if not sys.flags.safe_path:
        sys.path[0] = path


def _empty_main(loader, **attributes):
    """Return the namespace of ``__main__``, as a program finds it at its start."""
    namespace = vars(sys.modules["__main__"])
    for name in list(namespace):
        if not name.startswith("__") or name == "__file__":
            del namespace[name]
    as_started = {"__doc__": None, "__package__": None, "__spec__": None, "__loader__": loader}
    # CPython 3.15 has no __cached__.
    if "__cached__" in namespace:
        as_started["__cached__"] = None
    namespace.update(as_started, **attributes)
    return namespace


def _run_file(path):
    is_compiled = path.endswith(".pyc")
    loader = (SourcelessFileLoader if is_compiled else SourceFileLoader)("__main__", path)
    try:
        if is_compiled:
            code = loader.get_code("__main__")
        else:
            with io.open_code(path) as file:
                code = compile(file.read(), path, "exec", dont_inherit=True)
    except OSError as error:
        reason = f"[Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: can't open file {path!r}: {reason}", file=sys.stderr)
        raise SystemExit(2) from None
    exec(code, _empty_main(loader, __file__=path))


def _run_text(text, namespace):
    if sys.version_info >= (3, 14):
        import textwrap

        text = textwrap.dedent(text)
    text += "\n"
    code = compile(text, "<string>", "exec", dont_inherit=True)
    if sys.version_info >= (3, 13):
        _keep_lines(code, text)
    exec(code, namespace)


def _keep_lines(code, text):
    """Register the lines for tracebacks. Early releases of 3.13 find them by the file name."""
    import linecache

    by_code = hasattr(linecache, "_interactive_cache")
    linecache._register_code(code if by_code else code.co_filename, text, code.co_filename)


def _run_standard_input(namespace):
    if sys.stdin.isatty():
        import code

        code.interact(local=namespace)
        return
    namespace["__file__"] = "<stdin>"
    exec(compile(sys.stdin.buffer.read(), "<stdin>", "exec", dont_inherit=True), namespace)


def _run(function, *arguments):
    """Call the function. The traceback of an uncaught exception shows only the program's frames."""
    try:
        function(*arguments)
    except SystemExit:
        raise
    except BaseException:
        _hide_own_frames()
        raise


def _hide_own_frames():
    program_hook = getattr(sys, "excepthook", sys.__excepthook__)

    def hook(kind, error, traceback):
        sys.excepthook = program_hook
        traceback = _without_own_frames(traceback)
        error.__traceback__ = sys.last_traceback = traceback
        program_hook(kind, error, traceback)

    sys.excepthook = hook


def _without_own_frames(traceback):
    """Return the traceback after this package's frames, which come after those of runpy."""
    is_own = False
    while traceback:
        was_own = is_own
        is_own = os.path.dirname(traceback.tb_frame.f_code.co_filename) == _PACKAGE
        if was_own and not is_own:
            break
        traceback = traceback.tb_next
    return traceback
