"""The suites of CPython that csocket has to pass."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Suite:
    """One module of tests, of the interpreter's own `test` package or of another project.

    A suite that `is_program` is a single test, which succeeds or fails. `quick` suites run by
    default. `resources` are those of regrtest's -u. `take` and `leave_out` have patterns as for its
    -m and -i: each is matched against the whole test id and against each of its dotted parts.
    `environment` is added to that of the processes. `parts` is the number of processes for a run. The limits are in
    seconds: one for a single test, and one for the silence of a process, which is longer because
    setting up a class may take long.
    """

    name: str
    module: str
    is_program: bool = False
    quick: bool = True
    resources: tuple[str, ...] = ("cpu", "walltime")
    take: tuple[str, ...] = ("*",)
    leave_out: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    parts: int = 1
    test_limit: float = 200.0
    silence_limit: float = 300.0

    def with_patience(self, times):
        """The same suite with longer limits."""
        return replace(
            self,
            test_limit=self.test_limit * times,
            silence_limit=self.silence_limit * times,
        )


def suite(name, **options):
    return Suite(name=name, module=f"test.{name}", **options)


# Without a loopback transport a VSOCK test connects to the host, and may wait for ever.
HAS_VSOCK_LOOPBACK = Path("/sys/module/vsock_loopback").exists()
VSOCK = () if HAS_VSOCK_LOOPBACK else ("*VSOCK*",)

# This test of 3.13.5 wants L2CAP addresses with a cid refused. 3.14 documents them, and csocket
# accepts them on every release (docs/differences.md, "Forms of newer releases"). What else the test
# checks is in tests/python/test_family_addresses.py too. 3.14's test of this name runs.
REFUSES_CID = ("*.testBadL2capAddr",) if sys.version_info < (3, 14) else ()

# On Windows this test fails on stock 3.12.9, if its tests are those of 3.12.1. Then its handler makes
# all later tests fail, those of handlers that use sockets among them.
IS_WINDOWS_312 = sys.platform == "win32" and sys.version_info[:2] == (3, 12)
LEAVES_A_HANDLER = ("*.test_should_rollover",) if IS_WINDOWS_312 else ()

# The resource "network" also covers tests that stay on this machine. The others are left out.
ON_LOOPBACK = ("cpu", "walltime", "network")

# The parts of multiprocessing that have to do with sockets. The rest has not on Windows, where it
# takes pipes, and all of it takes most of an hour under Wine.
CONNECTIONS = (
    "*Connection", "*Connections", "*Listener", "*ListenerClient", "*Poll", "*RemoteManager", "*ManagerRestart",
    "TestWait", "TestInvalidFamily", "TestInvalidHandle", "OtherTest", "ChallengeResponseTest", "*TestQueue",
)  # fmt: skip

# On stock too the end of a thread pool hangs once in some sixty times. No socket is involved:
# ThreadPool waits for a task that was put between two steps of its termination.
MULTIPROCESSING = {
    "quick": False,
    "take": CONNECTIONS if sys.platform == "win32" else ("*",),
    "leave_out": ("*.WithThreadsTestPool.test_terminate",),
    "parts": 2,
    "test_limit": 400.0,
    "silence_limit": 500.0,
}

SUITES = (
    suite("test_socket", leave_out=VSOCK + REFUSES_CID, parts=2),
    suite("test_ssl", parts=2),
    suite("test_asyncio", quick=False, parts=2),
    suite("test_socketserver", resources=ON_LOOPBACK),
    suite("test_httplib"),
    suite("test_httpservers"),
    suite("test_ftplib", quick=False),
    suite("test_smtplib"),
    suite("test_poplib"),
    suite("test_imaplib", quick=False),
    suite("test_urllib2_localnet"),
    suite("test_xmlrpc"),
    suite("test_select"),
    suite("test_selectors", quick=False),
    # The omitted tests look up hosts on the Internet.
    suite("test_timeout", resources=ON_LOOPBACK, leave_out=("TCPTimeoutTestCase",)),
    # test_eintr itself runs these tests in an interpreter that ignores the environment.
    Suite("test_eintr", "test._test_eintr"),
    suite("test_logging", quick=False, leave_out=LEAVES_A_HANDLER),
    suite("test_signal", quick=False),
    suite("test_wsgiref"),
    suite("test_multiprocessing_spawn", **MULTIPROCESSING),
    suite("test_multiprocessing_fork", **MULTIPROCESSING),
    suite("test_multiprocessing_forkserver", **MULTIPROCESSING),
    suite("test_support"),
    suite("test_interpreters"),
    suite("test__xxsubinterpreters"),
    suite("test_asyncore"),
    suite("test_asynchat"),
    suite("test_telnetlib"),
    suite("test_nntplib"),
)
