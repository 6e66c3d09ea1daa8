"""The two ends of a TLS connection, for programs that run in their own interpreter."""

import contextlib
import ssl
from pathlib import Path

from in_child import PATIENCE, Background, tcp_pair

CERTIFICATE = str(Path(__file__).with_name("data") / "localhost.pem")

server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(CERTIFICATE)
client_context = ssl.create_default_context(cafile=CERTIFICATE)


@contextlib.contextmanager
def tls_pair(**named):
    """The two ends of a connection. The arguments are for the client's wrap_socket()."""
    with tcp_pair() as (client, server):
        client.settimeout(PATIENCE)
        server.settimeout(PATIENCE)
        accepting = Background(server_context.wrap_socket, server, server_side=True)
        client = client_context.wrap_socket(client, server_hostname="localhost", **named)
        with client, accepting.result() as server:
            yield client, server
