"""Has the Python processes that this one starts install csocket when they start."""

import os


def reach():
    """Put this folder, with its sitecustomize, first on the path of the children."""
    path = os.environ.get("PYTHONPATH")
    folders = [os.path.dirname(__file__)]
    if path:
        folders.append(path)
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)
