"""What the cases need from Windows: its handles, and connected sockets without AF_UNIX."""

import _socket
import msvcrt
import os

# Cases with this in their text are left out: what only POSIX systems have, an option whose value
# Wine leaves as it was in the memory, and calls without a limit that Wine lets wait for ever.
LACKING = (
    r"getsockopt\(41, 23, 8\)|settimeout\(None\), (listener|tcp)\.(recv|send|_send|makefile)|"
    r"\b(unix|unix_listener|closed_unix|packets|passing|AF_UNIX|CMSG_LEN|CMSG_SPACE|SCM_RIGHTS"
    r"|SOCK_CLOEXEC|SOCK_NONBLOCK|recv_fds|recvmsg|recvmsg_into|send_fds|sendmsg|sethostname)\b"
)

# Where WSAPROTOCOL_INFOW, which share() returns, has the address family and the protocol.
FAMILY = slice(76, 80)
PROTOCOL = slice(92, 96)
# All handles of a case are below.
MANY_HANDLES = 4096

close = _socket.close
duplicate = _socket.dup
is_inheritable = must_be_open = os.get_handle_inheritable


def is_socket(handle):
    try:
        real = _socket.socket(fileno=handle, family=2, type=1, proto=0)
    except OSError:
        return False
    real.detach()
    return True


def descriptors():
    """The handles of sockets; the interpreter opens and closes others."""
    return {handle for handle in range(4, MANY_HANDLES, 4) if is_socket(handle)}


class Sockets:
    """A mixin of Scene, as Actors."""

    def told(self):
        """A function that makes a UDP socket whose object has another family."""

        def tell(family, protocol=0):
            socket = self._of.socket
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as real:
                info = bytearray(real.share(os.getpid()))
                info[FAMILY] = family.to_bytes(4, "little")
                info[PROTOCOL] = protocol.to_bytes(4, "little")
                return self._keep(socket.fromshare(bytes(info)))

        return tell

    def _two(self, kind):
        """Two connected sockets."""
        socket = self._of.socket
        if kind == socket.SOCK_STREAM:
            return socket.socketpair()
        pair = [self._keep(socket.socket(socket.AF_INET, kind)) for _ in range(2)]
        for new in pair:
            new.bind(("127.0.0.1", 0))
        for new, other in zip(pair, reversed(pair)):
            new.connect(other.getsockname())
        return pair

    def descriptor(self):
        """The number of a handle that is no socket."""
        return msvcrt.get_osfhandle(self._keep(open(os.devnull, "rb")).fileno())
