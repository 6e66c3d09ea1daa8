"""Other projects' own tests: gevent's, and twisted's tests of its network code.

Each test module is a suite with its own process, as in gevent's runner.
"""

import importlib.util
import re
from pathlib import Path

from suites import Suite

# gevent's runner imports the modules that have one of these lines, unless they ask for their own
# process. It starts the others as programs.
GEVENT_TESTS = re.compile(
    r"^    (greentest|unittest)\.main\(\)|^from gevent.testing import main", re.MULTILINE
)

# twisted's tests of sockets, and of the code that waits for sockets.
TWISTED = (
    *("test_amp", "test_ftp", "test_ident", "test_internet", "test_iutils", "test_loopback"),
    *("test_sni", "test_socks", "test_ssl", "test_sslverify", "test_strports", "test_tcp"),
    *("test_tcp_internals", "test_udp", "test_unix"),
)


def modules_of(package):
    """The test modules of a package, by name and path; none if it is not installed."""
    if importlib.util.find_spec(package.partition(".")[0]) is None:
        return []
    [folder] = importlib.util.find_spec(package).submodule_search_locations
    return [(f"{package}.{path.stem}", path) for path in sorted(Path(folder).glob("test_*.py"))]


def gevent_suite(name, path):
    text = path.read_text()
    return Suite(
        name,
        name,
        # This test hangs every second time, on stock too.
        leave_out=("*.test__issue1686",),
        is_program="testrunner-no" in text or not GEVENT_TESTS.search(text),
        # gevent's runner sets these too, but no test here may use the network. GITHUB_ACTIONS gives
        # a test 15 s instead of 2, for busy machines, and skips a few racy tests.
        environment=(
            ("GITHUB_ACTIONS", "true"),
            ("GEVENTTEST_USE_RESOURCES", "-network"),
            ("PYTHONDEVMODE", "1"),
            ("PYTHONPATH", str(path.parent)),
        ),
    )


def gevent():
    return [gevent_suite(name, path) for name, path in modules_of("gevent.tests")]


def twisted():
    modules = modules_of("twisted.internet.test") + modules_of("twisted.names.test")
    modules += [(name, path) for name, path in modules_of("twisted.test") if path.stem in TWISTED]
    return [Suite(name, name) for name, _ in modules]


PROJECTS = {"gevent": gevent, "twisted": twisted}
