"""Both sides' contexts for TLS on this machine, with an authority of which nobody else knows."""

import ssl

import trustme


def contexts():
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client
