"""Clients of a server that httpretty imitates by patching the module under test; then real ones."""

import http.server
import json
import socket
import threading
import urllib.request

import httpretty
from under_test import assert_under_test


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"real")

    def log_message(self, *arguments):
        pass


def answer(request, url, headers):
    number = int(request.querystring["n"][0])
    return 200, headers, json.dumps({"square": number * number})


def reversed_body(request, url, headers):
    return 201, headers, request.body[::-1]


def ask_the_mocked_server():
    for scheme in "http", "https":
        httpretty.register_uri(httpretty.GET, f"{scheme}://example.invalid/square", answer)
    httpretty.register_uri(httpretty.POST, "http://example.invalid/upload", reversed_body)
    for n in range(20):
        for scheme in "http", "https":
            url = f"{scheme}://example.invalid/square?n={n}"
            with urllib.request.urlopen(url, timeout=10) as response:
                assert json.load(response) == {"square": n * n}
    body = bytes(range(256)) * 4
    with urllib.request.urlopen("http://example.invalid/upload", body, timeout=10) as response:
        assert (response.status, response.read()) == (201, body[::-1])
    assert httpretty.last_request().body == body


def ask_the_real_server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                assert response.read() == b"real"
            with socket.create_connection(server.server_address) as sock:
                assert_under_test(sock)
        finally:
            server.shutdown()
            thread.join()


ask_the_real_server()
with httpretty.enabled(allow_net_connect=False):
    ask_the_mocked_server()
ask_the_real_server()
