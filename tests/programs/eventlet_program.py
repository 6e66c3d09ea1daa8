"""What eventlet does with the module under test once it has patched it: python eventlet_program.py CASE"""

# First of all, as eventlet asks for it.
import eventlet

eventlet.monkey_patch()

import hashlib
import http.server
import random
import select
import socket
import sys
import threading
import time
import urllib.request

import eventlet.greenio
import eventlet.wsgi
from tls_contexts import contexts
from under_test import assert_under_test

PATIENCE = 60
CLIENTS = 100
MESSAGES = 20
LOOPBACK = ("127.0.0.1", 0)


def listen():
    return eventlet.listen(LOOPBACK, backlog=CLIENTS)


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


def messages(n):
    generator = random.Random(n)
    return [generator.randbytes(generator.randrange(1, 20_000)) for _ in range(MESSAGES)]


def converse(n, address, context):
    """One client's talk with the echo server; gives how many bytes were echoed."""
    with socket.create_connection(address, PATIENCE) as plain:
        sock = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        for data in messages(n):
            sock.sendall(data)
            assert receive(sock, len(data)) == data
        sock.close()
    return sum(map(len, messages(n)))


def converse_all(listener, context=None):
    server = eventlet.spawn(eventlet.serve, listener, echo)
    address = listener.getsockname()
    totals = eventlet.GreenPool(CLIENTS).imap(
        lambda n: converse(n, address, context), range(CLIENTS)
    )
    assert list(totals) == [sum(map(len, messages(n))) for n in range(CLIENTS)]
    server.kill()


def assert_green(sock):
    """That it is eventlet's, around one of the module under test; socketpair()'s are wrapped twice."""
    assert isinstance(sock, eventlet.greenio.GreenSocket)
    while isinstance(sock, eventlet.greenio.GreenSocket):
        sock = sock.fd
    assert_under_test(sock)


def sockets_are_of_the_module_under_test():
    assert socket.socket is eventlet.greenio.GreenSocket
    with socket.create_server(LOOPBACK) as listener, socket.socket() as client:
        client.connect(listener.getsockname())
        accepted, _ = listener.accept()
        with accepted:
            for sock in (listener, client, accepted):
                assert_green(sock)
        for sock in socket.socketpair():
            assert_green(sock)
            sock.close()


def pool_of_clients():
    with listen() as listener:
        converse_all(listener)


def pool_of_clients_over_tls():
    server_context, client_context = contexts()
    with listen() as listener:
        converse_all(server_context.wrap_socket(listener, server_side=True), client_context)


def names_are_resolved():
    """By eventlet's own resolver, which reads the file of hosts."""
    assert socket.gethostbyname("localhost") == "127.0.0.1"
    found = socket.getaddrinfo("localhost", 80, socket.AF_INET, socket.SOCK_STREAM)
    assert {(info[0], info[1], info[4]) for info in found} == {
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 80))
    }
    assert socket.getaddrinfo("::1", 443, type=socket.SOCK_DGRAM)[0][4] == ("::1", 443, 0, 0)
    assert socket.getnameinfo(("127.0.0.1", 22), socket.NI_NUMERICHOST)[0] == "127.0.0.1"
    try:
        socket.getaddrinfo("nobody.invalid", 80, flags=socket.AI_NUMERICHOST)
        raise AssertionError("a name that is none was found")
    except socket.gaierror as error:
        assert error.errno == socket.EAI_NONAME


def timeouts():
    """One that waits for nothing: by its socket's timeout, by eventlet's, and others run meanwhile."""
    turns = []

    def count():
        while True:
            turns.append(None)
            eventlet.sleep(0.01)

    counter = eventlet.spawn(count)
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
    with eventlet.Timeout(0.3, False):
        left.recv(1)
        raise AssertionError("a byte that nobody sent")
    right.sendall(b"x")
    assert left.recv(1) == b"x"
    counter.kill()


def standard_library():
    """A server of http.server with its threads, urllib's clients, and select, all of them greenlets."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            eventlet.sleep(0.05)
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
        bodies = list(eventlet.GreenPool(CLIENTS).imap(fetch, paths))
        assert bodies == [hashlib.sha256(path.encode()).hexdigest() for path in paths]
        server.shutdown()
        thread.join(PATIENCE)
    left, right = socket.socketpair()
    eventlet.spawn_after(0.1, right.send, b"x")
    assert select.select([left], [], [], PATIENCE) == ([left], [], [])


def wsgi_server():
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        for n in range(10):
            eventlet.sleep(0)
            yield b"%s %d\n" % (environ["QUERY_STRING"].encode(), n)

    with listen() as listener:
        port = listener.getsockname()[1]
        server = eventlet.spawn(eventlet.wsgi.server, listener, application, log_output=False)

        def fetch(n):
            url = f"http://127.0.0.1:{port}/?{n}"
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return answer.read().decode().splitlines()

        answers = list(eventlet.GreenPool(20).imap(fetch, range(CLIENTS)))
        assert answers == [[f"{n} {line}" for line in range(10)] for n in range(CLIENTS)]
        server.kill()


if __name__ == "__main__":
    with eventlet.Timeout(2 * PATIENCE):
        globals()[sys.argv[1]]()
