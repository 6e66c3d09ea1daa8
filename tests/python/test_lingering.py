"""A close that waits for the peer (SO_LINGER): other threads run meanwhile."""

import gc
import struct
import threading
import time

import pytest
from support import PATIENCE, Background, fill, is_open

import csocket

# If the test fails, a close waits this long in vain.
LINGER_SECONDS = 10
LINGER = csocket.SOL_SOCKET, csocket.SO_LINGER, struct.pack("ii", 1, LINGER_SECONDS)


class Cycle:
    """An object that only the garbage collector frees."""

    def __init__(self, sock):
        self.sock, self.me = sock, self


def collect(socks):
    Cycle(socks.pop())
    gc.collect()


def collect_of_subclass(socks):
    class Own(csocket.socket):
        pass

    own = Own(fileno=socks.pop().detach())
    own.cycle = own
    del own
    gc.collect()


def close_last_file(socks):
    sock = socks.pop()
    with sock.makefile("rb"):
        sock.close()


def begin_anew(socks):
    with socks.pop() as sock:
        sock.__init__()


class Receiver:
    """Receives a descriptor, and then invalid ancillary data."""

    def __init__(self, fd):
        self.rights = csocket.SOL_SOCKET, csocket.SCM_RIGHTS, struct.pack("i", fd)

    def recvmsg(self, *_):
        return b"", [self.rights, None], 0, None


def receive_in_vain(socks):
    with pytest.raises(TypeError):
        csocket.recv_fds(Receiver(socks.pop().detach()), 1, 1)


# Each takes the only socket out of a list, and closes it in a different way.
WAYS = {
    "close": lambda socks: socks.pop().close(),
    "detach and close": lambda socks: csocket.close(socks.pop().detach()),
    "last file": close_last_file,
    "last reference": lambda socks: socks.clear(),
    "collection": collect,
    "collection of a subclass": collect_of_subclass,
    "second __init__": begin_anew,
    "received in vain": receive_in_vain,
}


def lingering_socket():
    """A socket with much unsent data, and its peer."""
    with csocket.create_server(("127.0.0.1", 0)) as listener:
        sock = csocket.create_connection(listener.getsockname())
        peer, _ = listener.accept()
    sock.setsockopt(*LINGER)
    fill(sock)
    return sock, peer


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("way", WAYS)
def test_other_threads_go_on(way):
    """Another thread receives all data, and so ends the close early."""
    closed = threading.Event()

    def empty(fd):
        # The system frees the number of the descriptor, and then waits.
        while is_open(fd) and not closed.is_set():
            pass
        while peer.recv(1 << 16):
            pass

    sock, peer = lingering_socket()
    socks = [sock]
    with peer:
        peer.settimeout(PATIENCE)
        thread = Background(empty, sock.fileno())
        del sock
        begin = time.monotonic()
        WAYS[way](socks)
        seconds = time.monotonic() - begin
        closed.set()
        thread.result()
    assert seconds < LINGER_SECONDS
