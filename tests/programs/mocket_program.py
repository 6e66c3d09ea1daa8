"""Clients of servers that mocket imitates in the module: python mocket_program.py CASE"""

import asyncio
import json
import socket
import sys
import urllib.request

import aiohttp
import requests
from mocket import Mocket, MocketEntry, Mocketizer
from mocket.mockhttp import Entry
from mocket.plugins.aiohttp_connector import MocketTCPConnector
from under_test import assert_under_test


def register_square(n):
    url = f"https://api.example.invalid/square?n={n}"
    Entry.single_register(
        Entry.GET, url, body=json.dumps({"square": n * n}), match_querystring=True
    )
    return url


def sockets_are_of_the_module_under_test():
    with socket.socket() as before:
        assert_under_test(before)
    with Mocketizer():
        assert type(socket.socket()).__name__ == "MocketSocket"
        for sock in socket.socketpair():
            assert_under_test(sock)
            sock.close()
    with socket.socket() as after:
        assert_under_test(after)


def http_over_tls():
    with Mocketizer():
        urls = [register_square(n) for n in range(50)]
        for n, url in enumerate(urls):
            assert requests.get(url, timeout=10).json() == {"square": n * n}
        assert len(Mocket.request_list()) == 50
        assert Mocket.last_request().headers["host"] == "api.example.invalid"
        with urllib.request.urlopen(urls[7], timeout=10) as answer:
            assert json.load(answer) == {"square": 49}


def event_loop():
    """asyncio's loop makes a socket pair for itself. It must be a real one."""

    async def fetch(url):
        async with (
            aiohttp.ClientSession(connector=MocketTCPConnector()) as session,
            session.get(url) as response,
        ):
            return await response.json(content_type=None)

    async def main():
        urls = [register_square(n) for n in range(20)]
        for n, url in enumerate(urls):
            assert await fetch(url) == {"square": n * n}

    with Mocketizer():
        asyncio.run(asyncio.wait_for(main(), 60))


def plain_bytes():
    """A home-made protocol, over a connection of the module and its makefile()."""
    with Mocketizer():
        Mocket.register(MocketEntry(("db.example.invalid", 1234), [b"first\n", b"second\n"]))
        with socket.create_connection(("db.example.invalid", 1234), timeout=10) as sock:
            for expected in b"first\n", b"second\n":
                sock.sendall(b"next\n")
                assert sock.recv(100) == expected


def names_are_answered():
    with Mocketizer():
        assert socket.gethostbyname("api.example.invalid") == "127.0.0.1"
        found = socket.getaddrinfo("api.example.invalid", 80)
        assert found[0][4] == ("api.example.invalid", 80)
    try:
        socket.getaddrinfo("api.example.invalid", 80, flags=socket.AI_NUMERICHOST)
        raise AssertionError("mocket still answers")
    except socket.gaierror as error:
        assert error.errno == socket.EAI_NONAME


if __name__ == "__main__":
    globals()[sys.argv[1]]()
