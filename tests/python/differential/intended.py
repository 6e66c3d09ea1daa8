"""The intended differences between csocket and stock."""

import re
import sys
from typing import NamedTuple


HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()


def as_outcome(part):
    """Turn a part of a result that caught() returned into the outcome of a whole case."""
    failure = re.fullmatch(r"\('(\w+)', (None|\d+)\)", part)
    if failure is None:
        return f"gives {part}"
    name, number = failure.groups()
    return f"raises {name}" + ("" if number == "None" else f" errno {number}")


def caught_on_the_way(stock, here):
    """The outcomes of a call inside a case, if the rest of the case does not differ."""
    for failure in re.finditer(r"\('\w+', (None|\d+)\)", stock):
        before, after = stock[: failure.start()], stock[failure.end() :]
        if here.startswith(before) and here.endswith(after):
            yield as_outcome(failure[0]), as_outcome(here[len(before) : len(here) - len(after)])


class Intended(NamedTuple):
    """Cases that differ: their text, the two outcomes (patterns), and why.

    `heading` is the line of docs/differences.md that documents the difference. The row covers
    nothing before the Python `since`, and from `until` on: there stock does the same. Both may name
    a patch release.
    """

    case: str
    stock: str
    here: str
    reason: str
    heading: str
    since: tuple[int, ...] = (3, 0)
    until: tuple[int, ...] = (99, 0)

    def covers(self, case, stock, here):
        return self.applies and any(
            re.search(self.case, case, re.DOTALL)
            and re.search(self.stock, expected, re.DOTALL)
            and re.search(self.here, found, re.DOTALL)
            for expected, found in ((stock, here), *caught_on_the_way(stock, here))
        )

    @property
    def applies(self):
        return self.since <= sys.version_info < self.until

    def before(self, *releases):
        """This row for the versions before these patch releases, the first in which stock
        agrees."""
        return (self._replace(since=(*release[:2], 0), until=release) for release in releases)


INTENDED = (
    Intended(
        case=r"^unharmed\(",
        stock=r"^gives \('ZeroDivisionError', 1, True\)",
        here=r"^gives \('ZeroDivisionError', 0, True\)",
        reason="stock leaves a descriptor open whose object could not be made",
        heading="Failures while a socket is made",
    ),
    Intended(
        case=r"(fileno|gettimeout|type)[=',].*\.sendfile\(",
        stock=r"^gives \('\w+Error', None\)",
        here=r"^gives \d+(;|$)",
        reason="the socket's own descriptor and timeout are used without calling methods",
        heading="sendfile() of a class with a fileno() of its own",
    ),
    Intended(
        case=r"replacing\(socket, 'dup', refusing",
        stock=r"^gives \('ZeroDivisionError', None\)",
        here=r"^gives \('socket', ",
        reason="the descriptor is duplicated by the library",
        heading="socket.dup() replaced",
    ),
    Intended(
        case=r"recv_fds\(.*, (0x22|2)\)\)",
        stock=r"^gives \(\(b'.*\), (?!b'hello')\S+(, None\))?\)",
        here=r"^gives \(\(b'.*\), b'hello'\)",
        reason="stock does not look at the flags that it is given",
        heading="The address of send_fds() and the flags of recv_fds()",
    ),
    Intended(
        case=r"'/nowhere/a\\0b'",
        stock=r"^(raises \w*Error( errno \d+)?|gives \d+)(; audit|$)",
        here=r"^raises ValueError",
        reason="stock cuts the path at the zero byte and uses another file than was named",
        heading="AF_UNIX paths with a zero byte inside",
    ),
    Intended(
        case=r"^told\(29, [67]\)",
        stock=r"^raises SystemError;",
        here=r"^raises TypeError;",
        reason="stock takes the address apart before it looks whether it is a tuple",
        heading="CAN addresses that are not a tuple",
    ),
    Intended(
        case=r"setsockopt\(.*2\*\*",
        stock=r"^raises TypeError",
        here=r"^raises OverflowError",
        reason="stock takes an int that is too big for no int, and asks for bytes",
        heading="setsockopt() with an int that does not fit",
        until=(3, 15),
    ),
    Intended(
        # Four or five arguments, of which some are not defaults.
        case=r"send_fds\((?!.*((, |flags=)0(, None)?|address=None|descriptor\])\)$)"
        r".*, .*, .*, .*\)$",
        stock=r"^(gives \d|raises (TypeError|BrokenPipeError errno 32|OSError errno 9)); "
        r"audit \('socket.sendmsg', \('self', None\)\)$",
        here=r"^raises (TypeError|OverflowError|ZeroDivisionError)(;|$)"
        r"|^raises OSError errno 22; audit"
        r"|^raises .* errno (9|32|106); audit \('socket.sendmsg', \('self', ['(]",
        reason="stock does not look at the flags and the address that it is given",
        heading="The address of send_fds() and the flags of recv_fds()",
    ),
    Intended(
        case=r"recv_fds\([^,]+, [^,]+, [^,]+, (flags=)?(?!0\))[^,]+\)$",
        stock=r"^(gives \(b'hel|raises (OSError errno (9|107)|TypeError|ValueError)$)",
        here=r"^raises (TypeError|OverflowError|OSError errno 22)$",
        reason="stock does not look at the flags that it is given",
        heading="The address of send_fds() and the flags of recv_fds()",
    ),
    Intended(
        case=r"(ntohl|htonl|if_indextoname)\((Raising)?Index\("
        r"|getaddrinfo\(.*((Raising|Wrong)?Index\(|True|False)"
        r"|recv_fds\(.*(Raising)?Index\(",
        stock=r"^raises (TypeError|OSError)(;|$)",
        here=r"^(gives|raises (OverflowError|ValueError|ZeroDivisionError|TypeError|gaierror))",
        reason="stock wants an exact int in some places where it takes __index__ in others",
        heading="Numbers with `__index__`",
    ),
    Intended(
        case=r"getaddrinfo\(.*2\*\*",
        stock=r"^raises OverflowError",
        here=r"^(gives|raises gaierror)",
        reason="stock before 3.12 does not hand a port beyond a C long to the resolver",
        heading="Ports of getaddrinfo() beyond a C long",
        until=(3, 12),
    ),
    *Intended(
        case=r"if_nametoindex\(",
        stock=r"^raises OSError(;|$)",
        here=r"^raises OSError errno 19",
        reason="stock before 3.13.10 loses the errno",
        heading="if_nametoindex() of an unknown name",
    ).before((3, 11, 99), (3, 12, 99), (3, 13, 10)),
    *Intended(
        case=r"if_indextoname\(2\*\*",
        stock=r"^raises OSError errno 6$",
        here=r"^raises OverflowError$",
        reason="stock takes an index modulo 2**32",
        heading="Numbers that do not fit",
    ).before((3, 11, 8), (3, 12, 2)),
    Intended(
        case=r"(socket|fromfd|dup|close)\(.*2\*\*",
        stock=r"^raises (ValueError|OSError errno 9)(;|$)",
        here=r"^raises OverflowError",
        reason="stock takes a descriptor modulo 2**32",
        heading="Numbers that do not fit",
    ),
    Intended(
        case=r"setsockopt\(.*None, (-1|-?2\*\*)",
        stock=r"^raises OSError errno (9|14|22)",
        here=r"^raises OverflowError",
        reason="stock takes optlen modulo 2**32",
        heading="Numbers that do not fit",
    ),
    Intended(
        case=r"6\.(connect|connect_ex|bind|sendto|sendmsg)\(.*\('::1', \d+, .*(2\*\*|-)",
        stock=r"^gives",
        here=r"^raises OverflowError",
        reason="stock takes flowinfo and scope_id modulo 2**32",
        heading="Numbers that do not fit",
    ),
    Intended(
        case=r"(setsockopt|recv_fds|setblocking)\(.*Raising(Index|Truth)\(\)"
        r"|all_errors=RaisingTruth\(\)|(sendmsg|recvmsg_into)\(.*1/0 for",
        stock=r"^(raises|gives)",
        here=r"^raises ZeroDivisionError",
        reason="stock replaces the exception that an argument raised, or looks at it later",
        heading="Exceptions raised by arguments",
    ),
    Intended(
        case=r"setblocking\(",
        stock=r"^(raises (TypeError|OverflowError)|gives \(None, 0.0, False\))",
        here=r"^(gives|raises OSError errno 9)",
        reason="stock took an int alone until 3.11",
        heading="setblocking() with any truth value",
        until=(3, 12),
    ),
    Intended(
        case=r"(timeout|create_connection)\(.*(Decimal|Fraction)\(",
        stock=r"^raises TypeError",
        here=r"^(gives|raises (ConnectionRefusedError|OSError errno 9))",
        reason="stock takes real numbers that are no float from 3.15 on",
        heading="Timeouts of any real number",
        until=(3, 15),
    ),
    Intended(
        case=r"send_fds\(.*, b'a'(, 0, None)?\)",
        stock=r"^raises ValueError",
        here=r"^raises OSError errno 9",
        reason="bytes are a sequence of ints, here as elsewhere",
        heading="The address of send_fds() and the flags of recv_fds()",
    ),
    Intended(
        case=r"\._?accept\(",
        stock=r"TimeoutError",
        here=r"^(raises OSError errno 95|gives .*'OSError', 22)",
        reason="stock waits for what cannot come before it asks the kernel",
        heading="Calls with a timeout that need not wait",
        # Without a GIL another thread may change the mode at any time, and so accept() waits first.
        until=(99, 0) if HAS_GIL else (3, 0),
    ),
    Intended(
        case=r"^(unix_)?listener\.(recv|send|_sendfile|makefile)",
        stock=r"^raises TimeoutError",
        here=r"^raises (BrokenPipeError errno 32|OSError errno (22|95|107))",
        reason="stock waits for what cannot come before it asks the kernel",
        heading="Calls with a timeout that need not wait",
    ),
    Intended(
        case=r"^\w+\.recv\(1, socket\.MSG_OOB\)",
        stock=r"^raises TimeoutError",
        here=r"^(gives b'!'|raises OSError errno (22|95))",
        reason="poll() does not tell what stock asks it about urgent data",
        heading="Calls with a timeout that need not wait",
    ),
    Intended(
        case=r"SO_RCVLOWAT|^\[left\.send\(bytes|^after\(left\.sendall\(bytes\(1 << 17",
        stock=r"^raises TimeoutError",
        here=r"^gives",
        reason="stock waits until the kernel calls the socket ready, which is later",
        heading="Calls with a timeout that need not wait",
    ),
    Intended(
        case=r"^closed\.(recvmsg|recvmsg_into|sendmsg)\(.*-1\)",
        stock=r"^raises OSError errno 22",
        here=r"^raises OSError errno 9",
        reason="stock asks the kernel about descriptor -1, which may find something else wrong first",
        heading="Calls on a closed socket",
    ),
    Intended(
        case=r"(socket\.socket|fromfd)\(",
        stock=r"^gives \('socket', .*, None\)",
        here=r"^gives \('socket', .*, ''\)",
        reason="the kernel's address has a family of its own, whatever the object was told",
        heading="getsockname() of a socket made for another family",
    ),
    Intended(
        case=r"^setattr\(tcp, '_closed', 1\)",
        stock=r"^gives None",
        here=r"^raises TypeError",
        reason="a private member, which is a bool",
        heading="Private attributes",
    ),
    Intended(
        case=r"f\.close\(\).*borrowing\(None, None, socket\.SocketIO\)",
        stock=r"^raises AttributeError",
        here=r"^gives \(None, True\)",
        reason="there is nothing to let go of",
        heading="Subclasses that do not initialise their base",
    ),
    Intended(
        case=r"SocketIO\(left, \('r', 'b'\)\)",
        stock=r"^raises TypeError",
        here=r"^raises ValueError",
        reason="whatever is no mode is refused in the same way",
        heading="SocketIO",
    ),
    Intended(
        case=r"setsockopt\(1, 2, RaisingIndex\(\), RaisingIndex\(\)\)",
        stock=r"^raises ZeroDivisionError",
        here=r"^raises TypeError",
        reason="four arguments without None are refused before they are looked at",
        heading="Exceptions raised by arguments",
        since=(3, 15),
    ),
    Intended(
        case=r"message\.recv\(2, 0x20\)",
        stock=r"^raises ValueError",
        here=r"^gives \(5, b'world'\)",
        reason="stock raises when the datagram is gone, and before 3.15 shows memory instead",
        heading="recv() with MSG_TRUNC",
        since=(3, 15),
    ),
    Intended(
        case=r"measured\(\w+\.recv(from|msg)?\(\d+, ",
        stock=r"^raises ValueError$",
        here=r"^gives \(",
        reason="stock raises when the datagram is gone",
        heading="recv() with MSG_TRUNC",
        since=(3, 15),
    ),
    Intended(
        case=r"sendfile\(file, None",
        stock=r"^raises (TypeError|BrokenPipeError errno 32|OverflowError)",
        here=r"^raises TypeError; file at 3",
        reason="stock sends before it finds that the offset is no number",
        heading="sendfile() with a bad offset",
    ),
    *Intended(
        case=r"sendfile\(.*2\*\*70",
        stock=r"^raises OverflowError",
        here=r"^(gives|raises (BrokenPipeError|TypeError))",
        reason="a count that no file has is no limit, as with later stock",
        heading="sendfile() with a huge count",
    ).before((3, 11, 8), (3, 12, 2)),
)
