"""The standard library's HTTPS server, with pages that it computes."""

import hashlib
import http.server
import json
import random
import socket
import sys
import threading
from urllib.parse import parse_qs, urlsplit

PATIENCE = 30
BLOCK = 1 << 16


def random_blocks(seed, size):
    """Random bytes, the same for the same seed."""
    generator = random.Random(seed)
    for start in range(0, size, BLOCK):
        yield generator.randbytes(min(BLOCK, size - start))


def digest(parts):
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part)
    return sha.hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Each path calls a method, get_NAME, with the numbers in the query as arguments."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        # The handshake is here, not in accept(): a client that aborts it ends only this thread.
        self.request.settimeout(PATIENCE)
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.server.connections.append(self.client_address)
        super().setup()

    def finish(self):
        super().finish()
        self.request.close()
        self.server.closed.release()

    def do_GET(self):
        url = urlsplit(self.path)
        arguments = {name: int(value) for name, [value] in parse_qs(url.query).items()}
        getattr(self, "get_" + url.path.strip("/"))(**arguments)

    def get_square(self, n):
        self.answer({"square": n * n})

    def get_drop(self):
        """Close the connection without "Connection: close" in the answer."""
        self.answer({})
        self.close_connection = True

    def get_busy(self, times):
        """So many times there is no answer, or every other time one that says to come back."""
        self.server.refused += 1
        if self.server.refused > times:
            self.answer({"refused": times})
        elif self.server.refused % 2:
            self.close_connection = True
        else:
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def get_silence(self):
        self.server.is_over.wait(PATIENCE)
        self.close_connection = True

    def get_big(self, seed, size):
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        for block in random_blocks(seed, size):
            self.wfile.write(block)

    def get_redirect(self, times):
        self.send_response(302)
        target = f"/redirect?times={times - 1}" if times else "/square?n=3"
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        chunks = list(self.read_chunks())
        self.answer({"chunks": len(chunks), "digest": digest(chunks)})

    def read_chunks(self):
        assert self.headers["Transfer-Encoding"] == "chunked"
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            assert self.rfile.readline() == b"\r\n"
        assert self.rfile.readline() == b"\r\n"

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    # server_close() waits for the threads.
    daemon_threads = False

    def __init__(self, host, tls):
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, 0), Handler)
        self.url = f"https://{f'[{host}]' if ':' in host else host}:{self.server_port}"
        self.tls = tls
        self.connections = []
        self.refused = 0
        self.closed = threading.Semaphore(0)
        self.errors = []
        self.is_over = threading.Event()

    def handle_error(self, request, client_address):
        self.errors.append(sys.exception())

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self.thread.start()
        return self

    def __exit__(self, *arguments):
        self.is_over.set()
        self.shutdown()
        self.thread.join(PATIENCE)
        self.server_close()
