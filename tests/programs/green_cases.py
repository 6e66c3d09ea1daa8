"""Cases that gevent_program.py and eventlet_program.py share. green is the library that has
patched."""

import hashlib
import http.server
import select
import socket
import threading
import time
import urllib.request

PATIENCE = 60
CLIENTS = 100
LOOPBACK = ("127.0.0.1", 0)


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(size - len(data))
        assert piece, f"{len(data)} of {size} bytes, then the end"
        data += piece
    return bytes(data)


def timeouts(green):
    """A greenlet waits in vain until its socket's or the library's timeout. Others run
    meanwhile."""
    turns = []

    def count():
        while True:
            turns.append(None)
            green.sleep(0.01)

    counter = green.spawn(count)
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
    with green.Timeout(0.3, False):
        left.recv(1)
        raise AssertionError("a byte that nobody sent")
    right.sendall(b"x")
    assert left.recv(1) == b"x"
    counter.kill()


def standard_library(green, map_in_greenlets):
    """http.server with its threads, clients of urllib, and select, all in greenlets."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            green.sleep(0.05)
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
        bodies = map_in_greenlets(fetch, paths)
        assert bodies == [hashlib.sha256(path.encode()).hexdigest() for path in paths]
        server.shutdown()
        thread.join(PATIENCE)
    left, right = socket.socketpair()
    green.spawn(lambda: (green.sleep(0.1), right.send(b"x")))
    assert select.select([left], [], [], PATIENCE) == ([left], [], [])
