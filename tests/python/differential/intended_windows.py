"""The intended differences between csocket and stock that only Windows shows."""

from .intended import Intended

CLOSED = "Calls on a closed socket"
CONSTRUCTOR = "A handle that is given to the constructor"
NO_WAIT = "Calls with a timeout that need not wait"
PAIRS = "Arguments of socketpair()"
SENDFILE = "sendfile() on Windows"
TEXTS = "Texts of errors"

INTENDED_ON_WINDOWS = (
    Intended(
        case=r"inet_pton\(",
        stock=r"^raises OSError errno 0$",
        here=r"^raises OSError errno 10047 winerror 10047$",
        reason="stock tells no error",
        heading=TEXTS,
    ),
    Intended(
        case=r"if_(nametoindex|indextoname)\(",
        stock=r"^raises OSError( errno 0)?$",
        here=r"^raises OSError errno 22 winerror (122|123|1168)$",
        reason="stock tells no error",
        heading=TEXTS,
    ),
    Intended(
        case=r"timeout\(|create_connection\(",
        stock=r"^raises OverflowError",
        here=r"^(gives|raises (ConnectionRefusedError|OSError errno (10038|10049)))",
        reason="stock counts milliseconds in a C int",
        heading="Timeouts beyond 24 days",
    ),
    Intended(
        case=r"(socket|fromfd|dup|close)\(",
        stock=r"^raises OSError errno (10038 winerror 10038|22 winerror 10022)",
        here=r"^raises (ValueError|OSError errno 10038 winerror 10038)",
        reason="stock takes any negative number but -1, and asks for the name before the kind",
        heading=CONSTRUCTOR,
    ),
    Intended(
        case=r"socket\(.*(fileno=|descriptor)|fromfd\(|Recorder\(|_accept|accept\(\)|replac|fileno=spare",
        stock=r", 0, (None|2\.0), |proto=0|\[2, [12], 0\]|^raises OSError errno 22 winerror 10022",
        here=r", -?\d+, (None|0\.0|2\.0), |proto=(6|17)|\[2, [12], (6|17)\]|^gives|^raises OSError errno 10045",
        reason="the protocol is the socket's own or the given one, an unbound socket is one too, and a"
        " type has the bits of SOCK_NONBLOCK",
        heading=CONSTRUCTOR,
    ),
    Intended(
        case=r"fromfd\(|(^|\W)socket\.socket\(|fileno=",
        stock=r"'(socket|Recorder)', .*, None\)",
        here=r"'(socket|Recorder)', .*, (22|\('127.0.0.1', 'PORT'\))\)",
        reason="the kernel's address has a family of its own, whatever the object was told",
        heading="getsockname() of a socket made for another family",
    ),
    Intended(
        case=r"getaddrinfo\(|create_connection\(",
        stock=r"', (0|'SocketKind\.\w+'), (0|6|17), '|'self', \d+, 1, 0|\[\d+, 1, 0\]",
        here=r"', 'SocketKind\.\w+', (6|17), '|'self', \d+, 1, 6|\[\d+, 1, 6\]",
        reason="stock's results have the type and protocol that were asked for, even if none was",
        heading="getaddrinfo() of a numeric host",
    ),
    Intended(
        case=r"socketpair\(",
        stock=r"^raises ValueError",
        here=r"^(gives|raises (TypeError|OverflowError|ZeroDivisionError))",
        reason="stock compares the arguments with AF_INET and SOCK_STREAM",
        heading=PAIRS,
    ),
    Intended(
        case=r"closed\.|detached\.|close\(\)|detach\(\)",
        stock=r"^raises (OSError errno (10042|14|22)|PermissionError errno 13)|^gives False|\(True, False\)"
        r"|\(None, (False|\('PermissionError', 13\))|\(\('PermissionError', 13\), False",
        here=r"^raises OSError errno 10038 winerror 10038|\('OSError', 'PORT'\)",
        reason="stock asks the kernel about handle -1, which finds something else wrong first",
        heading=CLOSED,
    ),
    Intended(
        case=r"recvfrom(_into)?\(",
        stock=r"\(0, b'(\\x00){14}'\)",
        here=r"None\)",
        reason="stock decodes an address that Windows did not write",
        heading="recvfrom() on a stream",
    ),
    Intended(
        case=r"\b(tcp|udp)\b|\blistener\.",
        stock=r"^raises TimeoutError|\('TimeoutError', None\)",
        here=r"^raises (ConnectionResetError errno 10054|OSError errno (22|10045|10057))"
        r"|\('(ConnectionReset|OS)Error', 'PORT'\)",
        reason="stock waits for what cannot come before it asks the kernel",
        heading=NO_WAIT,
    ),
    Intended(
        case=r"sendfile",
        stock=r"^(gives|raises)",
        here=r"^(gives|raises)",
        reason="stock reads on from where the file is if the offset is 0, and checks less",
        heading=SENDFILE,
    ),
    Intended(
        case=r"getattr\(.*'(ioctl|share)'",
        stock=r"of socket object",
        here=r"of socket\.socket object",
        reason="a type of C has its module in its name",
        heading="Messages",
    ),
    Intended(
        case=r"timeout\(.*(Decimal|Fraction)\(",
        stock=r"^raises TypeError",
        here=r"^raises OSError errno 10038",
        reason="stock takes real numbers that are no float from 3.15 on",
        heading="Timeouts of any real number",
        until=(3, 15),
    ),
    Intended(
        case=r"^told\(34,",
        stock=r"^raises OSError(;|$)",
        here=r"^raises (TypeError|ValueError|OSError)",
        reason="stock before 3.12 does not know the family",
        heading="Addresses of AF_BLUETOOTH and AF_HYPERV",
        until=(3, 12),
    ),
)

MESSAGES_ON_WINDOWS = (
    Intended(
        case=r"^told\(34, [^1]",
        stock=r"unsupported AF_HYPERV protocol: \d+$",
        here=r"unsupported AF_HYPERV protocol$",
        reason="a note tells the number",
        heading="Addresses of AF_BLUETOOTH and AF_HYPERV",
    ),
)
