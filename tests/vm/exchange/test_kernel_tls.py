"""TLS in the kernel: SSLSocket.sendfile() of CPython 3.15 calls _sendfile_zerocopy()."""

import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from support import PATIENCE

pytestmark = pytest.mark.skipif(
    not hasattr(ssl, "_GiveupOnSSLSendfile"), reason="ssl sends files by the kernel from 3.15 on"
)

CERTIFICATE = Path(__file__).parents[2] / "python/data/localhost.pem"

PROGRAM = """
import socket, ssl, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

SIZE = 3_000_000
certificate = sys.argv[1]
calls = []
original = socket.socket._sendfile_zerocopy

def watched(sock, *arguments, **keywords):
    calls.append(sock)
    return original(sock, *arguments, **keywords)

socket.socket._sendfile_zerocopy = watched
server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(certificate)
client_context = ssl.create_default_context(cafile=certificate)
client_context.options |= ssl.OP_ENABLE_KTLS

def receive(sock):
    received = bytearray()
    while len(received) < SIZE and (data := sock.recv(65536)):
        received += data
    return received

with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as threads:
    raw = socket.create_connection(listener.getsockname())
    accepting = threads.submit(
        lambda: server_context.wrap_socket(listener.accept()[0], server_side=True))
    client = client_context.wrap_socket(raw, server_hostname="localhost")
    with client, accepting.result() as server, tempfile.TemporaryFile() as file:
        assert client._sslobj.uses_ktls_for_send(), "neither OpenSSL nor the kernel does it"
        file.write(bytes(range(256)) * (SIZE // 256 + 1))
        for timeout in (None, 60):
            client.settimeout(timeout)
            receiving = threads.submit(receive, server)
            assert client.sendfile(file, 7, SIZE) == SIZE
            assert file.tell() == SIZE + 7
            file.seek(7)
            assert receiving.result() == file.read(SIZE)
        assert calls == [client, client]
        client.settimeout(0)
        try:
            client.sendfile(file)
        except ValueError as error:
            assert str(error) == "non-blocking sockets are not supported"
        else:
            raise AssertionError("sent without waiting")
print("sent by", socket.__name__)
"""


@pytest.mark.parametrize("module", ["socket", "csocket"])
def test_sendfile(tmp_path, module):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    start = ["-m", "csocket"] if module == "csocket" else []
    result = subprocess.run(
        [sys.executable, *start, str(program), str(CERTIFICATE)],
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
    )
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    assert result.stdout == f"sent by {module}\n"
