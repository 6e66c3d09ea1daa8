"""A WSGI program that answers with a computation, its process, and its socket module."""

import json
import os
import socket
from urllib.parse import parse_qs


def application(environ, start_response):
    numbers = parse_qs(environ["QUERY_STRING"]).get("n", ["0"])
    sock = environ["gunicorn.socket"]
    # gevent's socket wraps one of the module under it.
    sock = getattr(sock, "_sock", sock)
    body = json.dumps(
        {
            "sum": sum(int(number) ** 2 for number in numbers),
            "worker": os.getpid(),
            "module": socket.__name__,
            "type": type(sock).__mro__[-2].__module__,
        }
    ).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]
