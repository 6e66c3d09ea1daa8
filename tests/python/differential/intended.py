"""Where csocket differs from stock on purpose."""

import re
import sys
from typing import NamedTuple


class Intended(NamedTuple):
    """Cases that differ: their text, the two outcomes (patterns), and why.

    `heading` is the line of docs/differences.md that documents the difference.
    From the Python `until` on stock does the same, and nothing differs.
    """

    case: str
    stock: str
    here: str
    reason: str
    heading: str
    until: tuple[int, int] = (99, 0)

    def covers(self, case, stock, here):
        patterns = ((self.case, case), (self.stock, stock), (self.here, here))
        return all(re.search(pattern, text, re.DOTALL) for pattern, text in patterns)

    @property
    def applies(self):
        return sys.version_info < self.until


INTENDED = (
    Intended(
        case=r"'/nowhere/a\\0b'",
        stock=r"^(raises \w*Error( errno \d+)?|gives \d+)(; audit|$)",
        here=r"^raises ValueError",
        reason="stock cuts the path at the zero byte and uses another file than was named",
        heading="AF_UNIX paths with a zero byte inside",
    ),
    Intended(
        case=r"setsockopt\(",
        stock=r"^raises TypeError",
        here=r"^raises OverflowError",
        reason="stock takes an int that is too big for no int, and asks for bytes",
        heading="setsockopt() with an int that does not fit",
        until=(3, 15),
    ),
    Intended(
        # Calls with more than three arguments; a value may hold a comma itself.
        case=r"send_fds\((.*(, .*){4}|.*\[descriptor\], [^,]+|.*(flags|address)=.*)\)$",
        stock=r"^(gives|raises BrokenPipeError)",
        here=r"^raises ",
        reason="stock does not look at the flags and the address that it is given",
        heading="send_fds() with flags and address",
    ),
)
