"""The cases that do the same on both modules, with different texts of exceptions."""

import socket

from .intended import Intended

HEADING = "Messages"
FAMILIES = "Messages about addresses of other families"

INTENDED_MESSAGES = (
    Intended(
        case="",
        stock=r"\b(takes|expected) .*\barguments?\b"
        r"|\bmissing (\d )?required (positional )?argument"
        r"|got an unexpected keyword argument|got multiple values for argument"
        r"|is an invalid keyword argument",
        here=r"\btakes .*\barguments?\b|\bexpected \d argument"
        r"|\bmissing required argument"
        r"|got an unexpected keyword argument|got multiple values for argument"
        r"|is an invalid keyword argument",
        reason="the interpreter counts arguments in other words by the kind of function",
        heading=HEADING,
    ),
    Intended(
        case="",
        stock=r"^Python int too large to convert to C (int|long)$",
        here=r"^signed integer is (greater than maximum|less than minimum)$"
        r"|to convert to C long$|^int too big to convert$",
        reason="the interpreter has several ways to take an int",
        heading=HEADING,
    ),
    Intended(
        case=r"\.(ntohs|htons|ntohl|htonl|if_indextoname)\(",
        stock=r"too large|larger than|signed integer is|can't convert negative"
        r"|^expected int, |^an integer is required$",
        here=r"^Python int too large for C u|^Cannot convert negative int$"
        r"|cannot be interpreted as an integer$|^__index__ ",
        reason="the words are those of 3.14",
        heading=HEADING,
        until=(3, 14),
    ),
    Intended(
        case=r"timeout|create_connection",
        stock=r"^timestamp ",
        here=r"^timestamp out of range for C PyTime_t$",
        reason="the words are those of 3.14",
        heading=HEADING,
        until=(3, 14),
    ),
    Intended(
        case=r"timeout|create_connection",
        stock=r"cannot be interpreted as an integer( or float)?$|^__index__ ",
        here=r"^must be real number, not |^__index__ ",
        reason="the words are those of 3.15",
        heading=HEADING,
        until=(3, 15),
    ),
    Intended(
        case=r"setsockopt\(",
        stock=r"^a bytes-like object is required|takes exactly 3 arguments",
        here=r"^setsockopt\(\) |^socket option should be |cannot be interpreted as an integer$"
        r"|^__index__ ",
        reason="the words are those of 3.15",
        heading=HEADING,
        until=(3, 15),
    ),
    Intended(
        case=r"setsockopt\(",
        stock=r"cannot be interpreted as an integer$|__index__\(\) must return an int",
        here=r"^setsockopt\(\) only takes 4 arguments when the third argument is None",
        reason="four arguments without None are refused before they are looked at",
        heading="Exceptions raised by arguments",
        since=(3, 15),
    ),
    Intended(
        case="inet_aton",
        stock=r"^inet_aton\(\) argument 1 must be str",
        here=r"^inet_aton\(\) argument must be str",
        reason="the words are those of 3.13",
        heading=HEADING,
        until=(3, 13),
    ),
    Intended(
        case="create_connection|_accept",
        stock=r"^too many values to unpack \(expected 2, got \d\)$",
        here=r"^too many values to unpack \(expected 2\)$",
        reason="the interpreter looks at the length of some containers",
        heading=HEADING,
        since=(3, 14),
    ),
    Intended(
        case="",
        stock=r"'(socket|SocketIO)' object|of type \(SocketIO\)",
        here=r"'socket\.(socket|SocketIO)' object|of type \(socket\.SocketIO\)",
        reason="a type of C has its module in its name",
        heading=HEADING,
    ),
    Intended(
        case=r"borrowing\(.*lacking=",
        stock=r"^'Borrower' object has no attribute",
        here=r"^'differential\.file_actors\.Borrower' object has no attribute",
        reason="the interpreter names the module where the attribute is a member of a C object",
        heading=HEADING,
        since=(3, 13),
    ),
    Intended(
        case="create_server",
        stock=r"^\[Errno None\] None \(while attempting",
        here=r"^AF_UNIX path too long \(while attempting",
        reason="stock loses the text of an error without errno",
        heading=HEADING,
    ),
    Intended(
        case="sendmsg",
        stock=r"^\[sendmsg\(\) ancillary data items\]\(\) argument must be",
        here=r"^sendmsg\(\) argument 2 must have items \(level, type, data\)|is not iterable$"
        r"|cannot be interpreted as an integer$",
        reason="what was given is told too",
        heading=HEADING,
    ),
    Intended(
        case="(send|recv)_fds",
        stock=r"^unsupported operand |^cannot use a str to initialize|to C ssize_t$",
        here=r"cannot be interpreted as an integer$|^CMSG_LEN\(\) argument out of range$"
        r"|^__index__ |__index__\(\) must return an int",
        reason="stock multiplies, and fills an array",
        heading=HEADING,
    ),
    Intended(
        # AF_PACKET, AF_RDS, AF_CAN, AF_VSOCK and AF_QIPCRTR.
        case=r"^told\((17|21|29, [67]|40|42)\)",
        stock=r"AF_INET address must be|two to five elements"
        r"|^(getsockaddrarg|function)\b|^argument \d must be",
        here=r"AF_(PACKET|RDS|CAN|VSOCK|QIPCRTR) address must be"
        r"|cannot be interpreted as an integer$",
        reason="the family and the whole of its form are named",
        heading=FAMILIES,
    ),
)

if not hasattr(socket, "BDADDR_ANY"):
    INTENDED_MESSAGES += (
        Intended(
            case=r"^told\(31,",
            stock=r"bad family$",
            here=r"wrong format$|unknown Bluetooth protocol$|^bad bluetooth address$",
            reason="stock was built without Bluetooth",
            heading="Bluetooth addresses",
        ),
    )
