"""Keeps the stock run of a suite, which changes only with the interpreter."""

import hashlib
import importlib.util
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from process import Run, Test


def default_directory():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "csocket" / "conformance"


def key(suite):
    """A name that changes with everything that may change the stock outcome."""
    spec = importlib.util.find_spec(suite.module)
    here = Path(__file__).parent
    # Windows has no user ids.
    user = getattr(os, "getuid", int)()
    facts = [sys.version, repr(suite), platform.release(), str(user)]
    for path in (os.path.realpath(sys.executable), spec.origin):
        facts += [path, str(os.stat(path).st_mtime_ns)]
    facts += [(here / name).read_text() for name in ("child.py", "process.py")]
    digest = hashlib.sha256("\0".join(facts).encode()).hexdigest()[:20]
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{suite.name}-{version}-{digest}.json"


def load(directory, suite):
    """The Run kept for the suite, or None."""
    try:
        stored = json.loads((Path(directory) / key(suite)).read_text())
        tests = {name: Test(**test) for name, test in stored.pop("tests").items()}
        return Run(tests=tests, **stored)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def store(directory, suite, run):
    """Keep a clean Run. One with failures or trouble is made again next time."""
    if run.failed or run.trouble:
        return
    path = Path(directory) / key(suite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(asdict(run)))
        temporary.replace(path)
    except OSError as error:
        print(f"conformance: the stock run is not kept: {error}", file=sys.stderr)
