"""gevent on the module under test, after it has patched it: python gevent_program.py CASE"""

# Imported first, as gevent's documentation asks.
from gevent import monkey

monkey.patch_all()

from gevent import hub

HUB_AFTER_PATCHING = hub._get_hub()

import errno
import random
import socket
import sys
import urllib.request

import gevent
import gevent.pool
import gevent.pywsgi
import gevent.server
import gevent.socket
import green_cases
from gevent.resolver import ares, dnspython, thread
from green_cases import CLIENTS, LOOPBACK, PATIENCE, receive
from tls_contexts import contexts
from under_test import assert_under_test

MESSAGES = 20


def echo(sock, address):
    while data := sock.recv(4096):
        sock.sendall(data)


def serving(kind, *arguments, **options):
    """Run a server of gevent during the block."""
    server = kind(LOOPBACK, *arguments, **options)
    server.start()
    return server


def converse(n, address, context=None):
    """Talk to the echo server as one client; return the number of bytes echoed."""
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
    """Patching starts no event loop: a program may fork before it uses one."""
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
    """Each of gevent's resolvers finds what the unpatched module finds."""
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


def timeouts():
    green_cases.timeouts(gevent)


def standard_library():
    green_cases.standard_library(gevent, gevent.pool.Pool(CLIENTS).map)


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
