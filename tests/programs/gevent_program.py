"""What gevent does with the module under test once it has patched it: python gevent_program.py CASE"""

# First of all, as gevent asks for it.
from gevent import monkey

monkey.patch_all()

from gevent import hub

HUB_AFTER_PATCHING = hub._get_hub()

import errno
import hashlib
import http.server
import random
import select
import socket
import sys
import threading
import time
import urllib.request

import gevent
import gevent.pool
import gevent.pywsgi
import gevent.server
import gevent.socket
from gevent.resolver import ares, dnspython, thread
from tls_contexts import contexts
from under_test import assert_under_test

PATIENCE = 60
CLIENTS = 100
MESSAGES = 20
LOOPBACK = ("127.0.0.1", 0)


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(size - len(data))
        assert piece, f"{len(data)} of {size} bytes, then the end"
        data += piece
    return bytes(data)


def echo(sock, address):
    while data := sock.recv(4096):
        sock.sendall(data)


def serving(kind, *arguments, **options):
    """A server of gevent's that has begun, and ends with the block."""
    server = kind(LOOPBACK, *arguments, **options)
    server.start()
    return server


def converse(n, address, context=None):
    """One client's talk with the echo server; gives how many bytes were echoed."""
    generator = random.Random(n)
    total = 0
    with socket.create_connection(address, PATIENCE) as plain:
        sock = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        for _ in range(MESSAGES):
            data = generator.randbytes(generator.randrange(1, 20_000))
            sock.sendall(data)
            assert receive(sock, len(data)) == data
            total += len(data)
        sock.close()
    return total


def expected_total(n):
    generator = random.Random(n)
    return sum(len(generator.randbytes(generator.randrange(1, 20_000))) for _ in range(MESSAGES))


def converse_all(address, context=None):
    pool = gevent.pool.Pool(CLIENTS)
    totals = pool.map(lambda n: converse(n, address, context), range(CLIENTS))
    assert totals == [expected_total(n) for n in range(CLIENTS)]


def sockets_are_of_the_module_under_test():
    assert socket.socket is gevent.socket.socket
    with socket.create_server(LOOPBACK) as listener, socket.socket() as client:
        client.connect(listener.getsockname())
        accepted, _ = listener.accept()
        with accepted:
            for sock in (listener, client, accepted):
                assert_under_test(sock)
        for sock in socket.socketpair():
            assert_under_test(sock)
            sock.close()


def patching_starts_nothing():
    """No event loop: the program may fork before it uses any."""
    assert HUB_AFTER_PATCHING is None


def pool_of_clients():
    server = serving(gevent.server.StreamServer, echo, spawn=gevent.pool.Pool(CLIENTS))
    converse_all(server.address)
    server.stop()


def pool_of_clients_over_tls():
    server_context, client_context = contexts()
    server = serving(gevent.server.StreamServer, echo, ssl_context=server_context)
    converse_all(server.address, client_context)
    server.stop()


def datagrams():
    class Squares(gevent.server.DatagramServer):
        def handle(self, data, address):
            self.sendto(b"%d" % int(data) ** 2, address)

    server = serving(Squares)

    def ask(n):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(PATIENCE)
            sock.connect(server.address)
            sock.send(b"%d" % n)
            return int(sock.recv(100))

    assert gevent.pool.Pool(20).map(ask, range(200)) == [n * n for n in range(200)]
    server.stop()


def names_are_resolved():
    """By each of gevent's resolvers, which find what the unpatched module finds."""
    questions = [
        ("getaddrinfo", "localhost", 80, 0, socket.SOCK_STREAM),
        ("getaddrinfo", "127.0.0.1", "http"),
        ("getaddrinfo", "::1", 443, socket.AF_INET6, socket.SOCK_DGRAM),
        ("gethostbyname", "localhost"),
        ("gethostbyname_ex", "localhost"),
        ("gethostbyaddr", "127.0.0.1"),
        ("getnameinfo", ("127.0.0.1", 22), socket.NI_NUMERICHOST),
    ]
    own = gevent.get_hub()
    for resolver in thread.Resolver(own), ares.Resolver(own), dnspython.Resolver(own):
        for name, *arguments in questions:
            found = monkey.get_original("socket", name)(*arguments)
            assert getattr(resolver, name)(*arguments) == found, (resolver, name)
    assert socket.getaddrinfo is gevent.socket.getaddrinfo
    try:
        socket.getaddrinfo("nobody.invalid", 80, flags=socket.AI_NUMERICHOST)
        raise AssertionError("a name that is none was found")
    except socket.gaierror as error:
        assert error.errno == socket.EAI_NONAME


def timeouts():
    """One that waits for nothing: by its socket's timeout, by gevent's, and others run meanwhile."""
    turns = []

    def count():
        while True:
            turns.append(None)
            gevent.sleep(0.01)

    counter = gevent.spawn(count)
    left, right = socket.socketpair()
    left.settimeout(0.3)
    start = time.monotonic()
    try:
        left.recv(1)
        raise AssertionError("a byte that nobody sent")
    except socket.timeout:
        assert 0.3 <= time.monotonic() - start < 20
    assert len(turns) > 5
    left.settimeout(None)
    with gevent.Timeout(0.3, False):
        left.recv(1)
        raise AssertionError("a byte that nobody sent")
    right.sendall(b"x")
    assert left.recv(1) == b"x"
    counter.kill()


def closing_wakes_a_reader():
    left, right = socket.socketpair()

    def read():
        try:
            return left.recv(1)
        except OSError as error:
            return error.errno

    reader = gevent.spawn(read)
    gevent.sleep(0.05)
    left.close()
    assert reader.get(timeout=PATIENCE) == errno.EBADF
    assert right.recv(1) == b""
    right.close()


def standard_library():
    """A server of http.server with its threads, urllib's clients, and select, all of them greenlets."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            gevent.sleep(0.05)
            body = hashlib.sha256(self.path.encode()).hexdigest().encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = CLIENTS

    with Server(LOOPBACK, Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def fetch(path):
            url = f"http://127.0.0.1:{server.server_port}{path}"
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return answer.read().decode()

        paths = [f"/page/{n}" for n in range(CLIENTS)]
        bodies = gevent.pool.Pool(CLIENTS).map(fetch, paths)
        assert bodies == [hashlib.sha256(path.encode()).hexdigest() for path in paths]
        server.shutdown()
        thread.join(PATIENCE)
    left, right = socket.socketpair()
    gevent.spawn_later(0.1, right.send, b"x")
    assert select.select([left], [], [], PATIENCE) == ([left], [], [])


def wsgi_server():
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        for n in range(10):
            gevent.sleep(0)
            yield b"%s %d\n" % (environ["QUERY_STRING"].encode(), n)

    server = serving(gevent.pywsgi.WSGIServer, application, log=None)

    def fetch(n):
        url = f"http://127.0.0.1:{server.server_port}/?{n}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read().decode().splitlines()

    answers = gevent.pool.Pool(20).map(fetch, range(CLIENTS))
    assert answers == [[f"{n} {line}" for line in range(10)] for n in range(CLIENTS)]
    server.stop()


if __name__ == "__main__":
    with gevent.Timeout(2 * PATIENCE):
        globals()[sys.argv[1]]()
