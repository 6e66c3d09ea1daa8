"""What the cases need from a POSIX system: its descriptors, and sockets that Windows lacks."""

import array
import os

# Cases with this in their text are left out.
LACKING = None

close = os.close
duplicate = os.dup
must_be_open = os.fstat
is_inheritable = os.get_inheritable


def descriptors():
    with os.scandir("/proc/self/fd") as entries:
        return {entry.name for entry in entries}


class Sockets:
    """A mixin of Scene, as Actors."""

    def unix(self):
        return self._new(self._of.socket.AF_UNIX, self._of.socket.SOCK_DGRAM)

    def told(self):
        """A function that makes a UDP socket whose object has another family."""

        def tell(family, protocol=0):
            socket = self._of.socket
            real = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            return self._keep(socket.socket(family, real.type, protocol, real.detach()))

        return tell

    def closed_unix(self):
        new = self.unix()
        new.close()
        return new

    def _two(self, kind):
        """Two connected sockets."""
        return self._of.socket.socketpair(self._of.socket.AF_UNIX, kind)

    def packets(self):
        """One end of a SOCK_SEQPACKET pair, with two packets to read."""
        left, right = self._pair(self._of.socket.SOCK_SEQPACKET)
        right.send(b"hello")
        right.send(b"world")
        return left

    def passing(self):
        """One end of a stream, to which two descriptors were sent."""
        left, right = self._pair(self._of.socket.SOCK_STREAM)
        with open(os.devnull, "rb") as file:
            sent = array.array("i", [file.fileno()] * 2)
            rights = (self._of.socket.SOL_SOCKET, self._of.socket.SCM_RIGHTS, sent)
            right.sendmsg([b"hello"], [rights])
        return left

    def unix_listener(self):
        server = self._new(self._of.socket.AF_UNIX, self._of.socket.SOCK_STREAM)
        server.bind("")
        server.listen()
        return server

    def descriptor(self):
        """The number of a descriptor that is no socket."""
        return self._keep(open(os.devnull, "rb")).fileno()
