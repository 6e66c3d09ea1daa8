"""Makes the Python processes that this one starts install csocket at their start."""

import os


def reach():
    """Put this folder, which has a sitecustomize, first on the children's path."""
    path = os.environ.get("PYTHONPATH")
    folders = [os.path.dirname(__file__)]
    if path:
        folders.append(path)
    os.environ["PYTHONPATH"] = os.pathsep.join(folders)
