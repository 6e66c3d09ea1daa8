"""The suites of CPython that csocket has to pass."""

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Suite:
    """One test module of the interpreter's own `test` package.

    `leave_out` holds patterns as regrtest's -i takes them: each is matched
    against the whole test id and against each of its dotted parts.  `parts` is
    the number of processes that the csocket run may be split over.  The limits
    are in seconds: for a single test, and for a process.
    """

    name: str
    module: str
    leave_out: tuple[str, ...] = ()
    parts: int = 1
    test_limit: float = 30.0
    process_limit: float = 120.0

    def with_patience(self, times):
        """The same suite with longer limits."""
        return replace(
            self,
            test_limit=self.test_limit * times,
            process_limit=self.process_limit * times,
        )


# A VSOCK test connects to the host where there is no loopback, and may wait for it for ever.
HAS_VSOCK_LOOPBACK = Path("/sys/module/vsock_loopback").exists()

SUITES = (
    Suite(
        name="test_socket",
        module="test.test_socket",
        leave_out=() if HAS_VSOCK_LOOPBACK else ("*VSOCK*",),
        parts=2,
    ),
)
