"""eventlet on the module under test, after it has patched it: python eventlet_program.py CASE"""

# Imported first, as eventlet's documentation asks.
import eventlet

eventlet.monkey_patch()

import random
import socket
import sys
import urllib.request

import eventlet.greenio
import eventlet.wsgi
import green_cases
from green_cases import CLIENTS, LOOPBACK, PATIENCE, receive
from tls_contexts import contexts
from under_test import assert_under_test

MESSAGES = 20


def listen():
    return eventlet.listen(LOOPBACK, backlog=CLIENTS)


def echo(sock, address):
    while data := sock.recv(4096):
        sock.sendall(data)


def messages(n):
    generator = random.Random(n)
    return [generator.randbytes(generator.randrange(1, 20_000)) for _ in range(MESSAGES)]


def converse(n, address, context):
    """Talk to the echo server as one client; return the number of bytes echoed."""
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
    """Assert that eventlet wraps a socket of the module under test, and socketpair()'s twice."""
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


def unpatched_module():
    """eventlet itself uses the unpatched module where it must not be green, as in its thread
    pool."""
    unpatched = eventlet.patcher.original("socket")
    assert unpatched.socket is not socket.socket
    with unpatched.create_server(LOOPBACK) as listener:
        with unpatched.create_connection(listener.getsockname()) as client:
            accepted, _ = listener.accept()
            for sock in (listener, client, accepted):
                assert type(sock) is unpatched.socket
                assert_under_test(sock)
            accepted.close()


def pool_of_clients():
    with listen() as listener:
        converse_all(listener)


def pool_of_clients_over_tls():
    server_context, client_context = contexts()
    with listen() as listener:
        converse_all(server_context.wrap_socket(listener, server_side=True), client_context)


def names_are_resolved():
    """eventlet's own resolver reads /etc/hosts."""
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
    green_cases.timeouts(eventlet)


def standard_library():
    pool = eventlet.GreenPool(CLIENTS)
    green_cases.standard_library(eventlet, lambda fetch, paths: list(pool.imap(fetch, paths)))


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
