"""``site`` imports this in each process that a program under ``python -m csocket`` starts."""

import os
import sys

HERE = os.path.dirname(__file__)
SITE_PACKAGES = os.path.dirname(os.path.dirname(HERE))


def install():
    path = list(sys.path)
    # At the end, because the process may have a csocket of its own.
    sys.path.append(SITE_PACKAGES)
    try:
        import csocket
    except ImportError:
        # csocket was not built for this interpreter, which keeps its own sockets.
        return
    finally:
        sys.path[:] = path
    csocket.install()


sys.path[:] = [folder for folder in sys.path if folder != HERE]
try:
    install()
finally:
    # Import the sitecustomize that this one hides. If there is none, site expects the error.
    del sys.modules["sitecustomize"]
    import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
