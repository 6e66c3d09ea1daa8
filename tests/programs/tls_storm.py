"""A TLS server and 50 client threads in one process, which reports everything that they lose.

    python -m csocket tls_storm.py CONNECTIONS

After a warm-up, CONNECTIONS connections are made in all. Each one sends data and gets it back, in
one of several ways, and ends with or without close_notify. Then every byte must have arrived, and
there must be as many descriptors, sockets and references as before.
"""

import gc
import random
import select
import socket
import ssl
import sys
import threading
from collections import Counter
from pathlib import Path

from tls_contexts import contexts

sys.path.append(str(Path(__file__).parent.parent))
from descriptors import open_descriptors

THREADS = 50
PATIENCE = 60
SIZE_MAX = 40_000
LENGTH_SIZE = 4
# The interpreter's own caches are not quite the same afterwards.
BLOCKS_MAX = 200


class Totals:
    """The common counts of all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = Counter()

    def add(self, **counts):
        with self.lock:
            self.counts.update(counts)


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise ConnectionError(f"{len(data)} of {size} bytes, then the end")
        data += piece
    return bytes(data)


def answer(sock, context, totals):
    """The server's side of one connection."""
    sock.settimeout(PATIENCE)
    with context.wrap_socket(sock, server_side=True) as tls:
        size = int.from_bytes(receive(tls, LENGTH_SIZE))
        data = receive(tls, size)
        tls.sendall(data)
        totals.add(received=size, served=1)
        # The client chooses the end: by close_notify, or by closing the connection.
        try:
            tls.unwrap().close()
        except OSError:
            totals.add(abrupt=1)


def serve(listener, context, totals, threads):
    while True:
        sock, _ = listener.accept()
        # The last connection ends the server.
        if sock.recv(1, socket.MSG_PEEK) == b"":
            sock.close()
            return
        thread = threading.Thread(target=answer, args=(sock, context, totals))
        thread.start()
        threads.append(thread)


def wait_and_retry(sock, call, *arguments):
    """Make a call on a non-blocking socket as often as it wants to wait."""
    while True:
        try:
            return call(*arguments)
        except ssl.SSLWantReadError:
            select.select([sock], [], [], PATIENCE)
        except ssl.SSLWantWriteError:
            select.select([], [sock], [], PATIENCE)


class NonBlocking:
    """A TLS socket in non-blocking mode, with select() to wait."""

    def __init__(self, tls):
        tls.setblocking(False)
        self.tls = tls

    def do_handshake(self):
        wait_and_retry(self.tls, self.tls.do_handshake)

    def sendall(self, data):
        view = memoryview(data)
        while view:
            view = view[wait_and_retry(self.tls, self.tls.send, view) :]

    def recv(self, size):
        return wait_and_retry(self.tls, self.tls.recv, size)


def exchange(tls, data):
    tls.do_handshake()
    tls.sendall(len(data).to_bytes(LENGTH_SIZE) + data)
    assert receive(tls, len(data)) == data, "bytes were changed"


def connect_once(address, context, choice, totals):
    """The client's side of one connection, in a way that choice decides."""
    data = choice.randbytes(choice.randrange(1, SIZE_MAX))
    timeout = choice.choice([None, PATIENCE])
    with (
        socket.create_connection(address, timeout) as sock,
        context.wrap_socket(
            sock, server_hostname="localhost", do_handshake_on_connect=False
        ) as tls,
    ):
        exchange(NonBlocking(tls) if choice.random() < 0.3 else tls, data)
        totals.add(sent=len(data), made=1)
        tls.settimeout(PATIENCE)
        if choice.random() < 0.5:
            tls.unwrap().close()


def connect_often(address, context, times, seed, totals):
    choice = random.Random(seed)
    for _ in range(times):
        connect_once(address, context, choice, totals)


def run_all(connections):
    """Make so many connections, wait for the end of all threads, and return their counts."""
    server_context, client_context = contexts()
    totals = Totals()
    answering = []
    with socket.create_server(("localhost", 0), backlog=2 * THREADS) as listener:
        address = listener.getsockname()
        server = threading.Thread(target=serve, args=(listener, server_context, totals, answering))
        clients = [
            threading.Thread(
                target=connect_often,
                args=(address, client_context, connections // THREADS, seed, totals),
            )
            for seed in range(THREADS)
        ]
        for thread in (server, *clients):
            thread.start()
        for thread in clients:
            thread.join()
        socket.create_connection(address).close()
        for thread in (server, *answering):
            thread.join()
    return totals.counts


def state():
    """The numbers that must be the same before and after."""
    gc.collect()
    types = [socket.SocketType, socket.socket, ssl.SSLSocket, socket.gaierror, socket.herror]
    kept = [*types, socket.AF_INET, socket.SOCK_STREAM]
    return {
        "descriptors": open_descriptors(),
        "sockets": sum(isinstance(thing, socket.SocketType) for thing in gc.get_objects()),
        "references": [sys.getrefcount(thing) for thing in kept],
    }


def main():
    connections = int(sys.argv[1])
    for _ in range(2):
        run_all(2 * THREADS)
    before, blocks = state(), sys.getallocatedblocks()
    counts = run_all(connections)
    after, more_blocks = state(), sys.getallocatedblocks() - blocks
    print(dict(counts), before, after, more_blocks)
    assert counts["made"] == counts["served"] == connections
    assert counts["sent"] == counts["received"] > connections
    assert 0 < counts["abrupt"] < connections
    assert after == before
    assert more_blocks < BLOCKS_MAX


if __name__ == "__main__":
    main()
